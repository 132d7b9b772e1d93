"""Writes the weights that crates/encoder reads: the layout is written down in crates/encoder/src/file.rs.

Two files make an encoder:

- the *base*: the word-embedding table of the published model and its vocabulary. It stays as it is in training, is
  built at set-up (`cargo xtask encoder-base`, byte for byte what `write_base` here writes) and is not in the repository.
- *our own*: everything that training changes, and whatever heads stand on it. It says which base it was trained on.

    import pack
    words, vocabulary = pack.base_words("packs/encoder-base.wpe")   # as the engine sees them; load them before training
    pack.write_own("models/reader.wpe", model.state_dict(), heads, meta, base="packs/encoder-base.wpe")

Needs numpy alone. Tensors may be torch's (they are taken with `.detach().cpu().float().numpy()`) or numpy's.
"""

import hashlib
import json
import struct

import numpy as np

MAGIC = b"WATCHENC"
VERSION = 1
HEADER = 48
ENTRY = 80
NAME = 48
ALIGN = 64
PANEL = 16

TEXT, F32, I8_ROWS, I8_PANELS = 0, 1, 2, 3

#: Positions that are kept of the model's 512: the longest sequence.
POSITIONS = 256


def array(tensor):
    """A tensor of either library as float32."""
    if hasattr(tensor, "detach"):
        tensor = tensor.detach().cpu().float().numpy()
    return np.ascontiguousarray(tensor, dtype=np.float32)


def quantise(matrix):
    """Symmetric int8 per row (a row is an output channel, or a word): values in -127..127, and a scale for each row."""
    matrix = array(matrix)
    scale = np.abs(matrix).max(axis=1) / np.float32(127.0)
    safe = np.where(scale > 0, scale, np.float32(1.0))
    values = np.rint(matrix / safe[:, None]).clip(-127, 127).astype(np.int8)
    return values, scale.astype(np.float32)


def as_quantised(matrix):
    """The float matrix that the engine sees in place of this one; for simulating it in training."""
    values, scale = quantise(matrix)
    return values.astype(np.float32) * scale[:, None]


def panels(values):
    """int8 [outputs, inputs] in the order in which the engine reads it: panels of 16 outputs, in each the inputs by
    fours, of each four the 16 outputs one after the other."""
    outputs, inputs = values.shape
    if outputs % PANEL or inputs % 4:
        raise ValueError(f"{outputs} × {inputs}: expected multiples of {PANEL} and 4")
    return np.ascontiguousarray(values.reshape(outputs // PANEL, PANEL, inputs // 4, 4).transpose(0, 2, 1, 3))


def from_panels(content, outputs, inputs):
    """The other way round."""
    cut = np.frombuffer(content, np.int8).reshape(outputs // PANEL, inputs // 4, PANEL, 4)
    return np.ascontiguousarray(cut.transpose(0, 2, 1, 3)).reshape(outputs, inputs)


class _Writer:
    def __init__(self):
        self.sections = []

    def text(self, name, text):
        content = text.encode("utf-8")
        self.sections.append((name, TEXT, 0, 0, content))

    def about(self, lines):
        self.text("about", "".join(f"{key}\t{value}\n" for key, value in lines))

    def f32(self, name, tensor):
        tensor = array(tensor)
        if not np.isfinite(tensor).all():
            raise ValueError(f"{name} holds values that are no numbers")
        rows, cols = (1, tensor.shape[0]) if tensor.ndim == 1 else (1, 1) if tensor.ndim == 0 else tensor.shape
        self.sections.append((name, F32, rows, cols, tensor.astype("<f4").tobytes()))

    def i8_rows(self, name, matrix):
        values, scale = quantise(matrix)
        self.sections.append((name, I8_ROWS, *values.shape, values.tobytes()))
        self.f32(f"{name}.scale", scale)

    def linear(self, name, weight, bias):
        values, scale = quantise(weight)
        self.sections.append((f"{name}.weight", I8_PANELS, *values.shape, panels(values).tobytes()))
        self.f32(f"{name}.scale", scale)
        self.f32(f"{name}.bias", bias)

    def bytes(self):
        table, contents = b"", b""
        at = HEADER + ENTRY * len(self.sections)
        names = [name for name, *_ in self.sections]
        if len(set(names)) != len(names):
            raise ValueError("two sections of one name")
        for name, kind, rows, cols, content in self.sections:
            named = name.encode("ascii")
            if not 0 < len(named) <= NAME:
                raise ValueError(f"{name}: names have 1 to {NAME} letters")
            pad = -at % ALIGN
            contents += b"\0" * pad + content
            at += pad
            table += named.ljust(NAME, b"\0") + struct.pack("<IIIIQQ", kind, rows, cols, 0, at, len(content))
            at += len(content)
        body = table + contents
        head = MAGIC + struct.pack("<II", VERSION, len(self.sections)) + hashlib.sha256(body).digest()
        return head + body


def read(path):
    """All sections of a file: text as `str`, floats as they are, int8 made floats again. Checks the hash."""
    with open(path, "rb") as file:
        data = file.read()
    if data[:8] != MAGIC:
        raise ValueError(f"{path}: not a file of the encoder")
    version, count = struct.unpack_from("<II", data, 8)
    if version != VERSION:
        raise ValueError(f"{path}: version {version}, expected {VERSION}")
    if hashlib.sha256(data[HEADER:]).digest() != data[16:HEADER]:
        raise ValueError(f"{path}: damaged")
    raw = {}
    for index in range(count):
        at = HEADER + ENTRY * index
        name = data[at : at + NAME].rstrip(b"\0").decode("ascii")
        raw[name] = struct.unpack_from("<IIIIQQ", data, at + NAME)
    content = {name: data[entry[4] : entry[4] + entry[5]] for name, entry in raw.items()}
    out = {}
    for name, (kind, rows, cols, _, _, _) in raw.items():
        if kind == TEXT:
            out[name] = content[name].decode("utf-8")
        elif kind == F32:
            out[name] = np.frombuffer(content[name], "<f4").reshape(rows, cols)
        elif kind == I8_ROWS:
            scale = np.frombuffer(content[f"{name}.scale"], "<f4")
            out[name] = np.frombuffer(content[name], np.int8).reshape(rows, cols).astype(np.float32) * scale[:, None]
        elif kind == I8_PANELS:
            scale = np.frombuffer(content[name.removesuffix(".weight") + ".scale"], "<f4")
            out[name] = from_panels(content[name], rows, cols).astype(np.float32) * scale[:, None]
    return out


def hash_of(path):
    """The SHA-256 that a file's header gives of its content, in hexadecimal."""
    with open(path, "rb") as file:
        return file.read(HEADER)[16:HEADER].hex()


def base_words(path):
    """The word embeddings as the engine sees them (float32, words × width), and the vocabulary as a list."""
    sections = read(path)
    return sections["words"], sections["vocabulary"].split("\n")[:-1]


def write_base(path, words, vocabulary, said=()):
    """The base: word embeddings and vocabulary. `said` are pairs of key and value: title, source, licence."""
    words = array(words)
    if len(vocabulary) != words.shape[0]:
        raise ValueError(f"{len(vocabulary)} words and {words.shape[0]} vectors")
    out = _Writer()
    out.about([("kind", "base"), ("hidden", words.shape[1]), *said])
    out.text("vocabulary", "".join(f"{word}\n" for word in vocabulary))
    out.i8_rows("words", words)
    with open(path, "wb") as file:
        file.write(out.bytes())


def write_own(path, tensors, heads, meta, base, attention_heads=12, epsilon=1e-12, positions=POSITIONS):
    """Our own part.

    `tensors`: the encoder, by the names that Hugging Face's BertModel gives them (`embeddings.position_embeddings.weight`,
    `encoder.layer.0.attention.self.query.weight`, …), with or without a leading `bert.`. The word embeddings need not
    be among them; where they are, they must be the base's (training leaves them alone). A pooler is left out.
    `heads`: any float tensors of at most two dimensions, by names of your own (`head.realis.weight` [classes, width] and
    `head.realis.bias`), kept as float32: `Encoder::head("head.realis")` and `Encoder::tensor(name)` find them.
    `meta`: anything that JSON can say: labels, thresholds, how it was trained. `Encoder::meta()` gives it back as text.
    `base`: path of the base file that it was trained on.
    """
    tensors = {name.removeprefix("bert."): tensor for name, tensor in tensors.items()}
    get = lambda name: array(tensors[name])
    words, _ = base_words(base)
    if "embeddings.word_embeddings.weight" in tensors:
        # As published or as the engine sees them: half a step of the coarsest row is the most that they may differ by.
        apart = np.abs(get("embeddings.word_embeddings.weight") - words).max(axis=1)
        if (apart > np.abs(words).max(axis=1) / 127.0 * 0.51 + 1e-6).any():
            raise ValueError("the word embeddings are not the base's: leave them out of training")
    layers = 0
    while f"encoder.layer.{layers}.output.dense.weight" in tensors:
        layers += 1
    hidden = words.shape[1]
    inner = get("encoder.layer.0.intermediate.dense.weight").shape[0]
    out = _Writer()
    out.about(
        [
            ("kind", "own"),
            ("base", hash_of(base)),
            ("hidden", hidden),
            ("inner", inner),
            ("layers", layers),
            ("heads", attention_heads),
            ("positions", positions),
            ("epsilon", repr(epsilon)),
        ]
    )
    out.text("meta", json.dumps(meta, ensure_ascii=False, sort_keys=True))
    # Every word is of the first segment: its vector is the same everywhere and goes into that of the position.
    segment = get("embeddings.token_type_embeddings.weight")[0]
    out.f32("positions", get("embeddings.position_embeddings.weight")[:positions] + segment)
    out.f32("norm.weight", get("embeddings.LayerNorm.weight"))
    out.f32("norm.bias", get("embeddings.LayerNorm.bias"))
    for layer in range(layers):
        theirs, ours = f"encoder.layer.{layer}.", f"layer.{layer}."
        of = lambda kind: [get(f"{theirs}attention.self.{part}.{kind}") for part in ("query", "key", "value")]
        out.linear(ours + "qkv", np.concatenate(of("weight")), np.concatenate(of("bias")))
        linears = [("mix", "attention.output.dense"), ("up", "intermediate.dense"), ("down", "output.dense")]
        for name, theirs_of in linears:
            out.linear(ours + name, get(f"{theirs}{theirs_of}.weight"), get(f"{theirs}{theirs_of}.bias"))
        for name, theirs_of in [("norm1", "attention.output.LayerNorm"), ("norm2", "output.LayerNorm")]:
            out.f32(f"{ours}{name}.weight", get(f"{theirs}{theirs_of}.weight"))
            out.f32(f"{ours}{name}.bias", get(f"{theirs}{theirs_of}.bias"))
    for name, tensor in heads.items():
        out.f32(name, tensor)
    with open(path, "wb") as file:
        file.write(out.bytes())
