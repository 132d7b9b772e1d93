"""Trains the learned reader: `make train-reader`. Seeded; two cores, under two hours."""

import argparse
import collections
import json
import pathlib
import random
import time

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch.nn import functional as F

import data
import pack
from data import FILLERS, KINDS, RELATIONS, SENTENCES
from model import Reader

LIMIT, BATCH = 128, 16
CLS, SEP, PAD = 101, 102, 0


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True, help="watchpost-eval, which splits texts as the reader does")
    parser.add_argument("--data", type=pathlib.Path, required=True, help="folder of the corpora")
    parser.add_argument("--reports", type=pathlib.Path, default=pathlib.Path(__file__).parent.parent / "reports")
    parser.add_argument("--base", type=pathlib.Path, required=True, help="folder with model.safetensors, tokenizer.json")
    parser.add_argument("--packed", type=pathlib.Path, required=True, help="packs/encoder-base.wpe, as set-up builds it")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--checkpoints", type=pathlib.Path, help="keeps the weights of every epoch in this folder")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--bf16", action="store_true", help="multiplies in 16 bits: faster where the processor has AMX")
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--all", action="store_true", help="learns from the held-out reports too, for the model that is shipped")
    parser.add_argument("--limit", type=int, help="so many windows an epoch, to try the code")
    return parser.parse_args()


def held_out(name):
    """One report in five measures and never teaches: the same as eval/src/tasks/annotated.rs."""
    return data.fnv(name) % 5 == 0


class Pieces:
    """Words to WordPieces; one word always has at least one."""

    def __init__(self, path):
        self.tokenizer = Tokenizer.from_file(str(path))
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        self.known = {}

    def of(self, word):
        if word not in self.known:
            self.known[word] = self.tokenizer.encode(word, add_special_tokens=False).ids or [100]
        return self.known[word]


def prepare(documents, pieces):
    made = []
    for document in documents:
        document.pieces = [pieces.of(word)[:12] for word in document.words]
        made.extend(data.windows(document, [len(piece) for piece in document.pieces], LIMIT - 2))
    return made


def batches(windows, shuffle):
    order = sorted(windows, key=lambda window: sum(map(len, window.document.pieces[window.first : window.end])))
    made = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
    if shuffle:
        shuffle.shuffle(made)
    return made


def tensors(batch):
    rows, firsts = [], []
    for window in batch:
        row, first = [CLS], []
        for piece in window.document.pieces[window.first : window.end]:
            first.append(len(row))
            row.extend(piece)
        rows.append((row + [SEP])[:LIMIT])
        firsts.append([min(at, LIMIT - 1) for at in first])
    longest, most = max(map(len, rows)), max(map(len, firsts))
    pieces = torch.tensor([row + [PAD] * (longest - len(row)) for row in rows])
    first = torch.tensor([one + [0] * (most - len(one)) for one in firsts])
    mask = torch.tensor([[True] * len(row) + [False] * (longest - len(row)) for row in rows])
    there = torch.tensor([[True] * len(one) + [False] * (most - len(one)) for one in firsts])
    return pieces, mask, first, there


def triggers_of(batch):
    found = []
    for row, window in enumerate(batch):
        for trigger in window.document.triggers:
            if window.first <= trigger.word < window.end:
                found.append((row, trigger.word - window.first, trigger))
    return found


def loss_of(model, batch, bf16):
    pieces, mask, first, there = tensors(batch)
    with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
        words = model.words(pieces, mask, first)
    words = words.float()
    rows, length = there.shape
    losses = {}

    known = torch.tensor([window.document.all_triggers for window in batch])
    found = triggers_of(batch)
    if known.any():
        kinds = torch.zeros(rows, length, dtype=torch.long)
        for row, word, trigger in found:
            if known[row]:
                kinds[row, word] = 1 + trigger.kind
        at = there & known[:, None]
        # One word in fifty tells an event: those weigh more, or none would be found.
        weight = torch.tensor([1.0] + [4.0] * len(KINDS))
        losses["kind"] = F.cross_entropy(model.kind(words[at]), kinds[at], weight=weight) * 8
    full = [(row, word, trigger) for row, word, trigger in found if trigger.realis >= 0]
    if full:
        vectors = words[[row for row, _, _ in full], [word for _, word, _ in full]]
        losses["realis"] = F.cross_entropy(model.realis(vectors), torch.tensor([t.realis for _, _, t in full]))
        losses["completion"] = F.cross_entropy(model.completion(vectors), torch.tensor([t.completion for _, _, t in full]))
    if found:
        row = torch.tensor([row for row, _, _ in found])
        word = torch.tensor([word for _, word, _ in found])
        linked = model.link(words, row, word)
        gold = torch.zeros_like(linked)
        counts = torch.zeros_like(linked)
        for at, (of, _, trigger) in enumerate(found):
            window = batch[of]
            size = window.end - window.first
            for relation, marked in trigger.words.items():
                which = RELATIONS.index(relation)
                counts[at, which, :size] = 1
                here = [word - window.first for word in marked if window.first <= word < window.end]
                gold[at, which, here] = 1
            if window.document.same:
                for other, place, one in found:
                    if other == of and one is not trigger:
                        counts[at, -1, place] = 3
                        gold[at, -1, place] = float(one.event == trigger.event)
        raw = F.binary_cross_entropy_with_logits(linked, gold, reduction="none", pos_weight=torch.tensor(2.0))
        losses["link"] = (raw * counts).sum() / counts.sum().clamp(min=1) * 20
    filled = [at for at, window in enumerate(batch) if window.document.fillers is not None]
    if filled:
        gold = torch.zeros(len(filled), length, len(FILLERS))
        for at, of in enumerate(filled):
            window = batch[of]
            for which, role in enumerate(FILLERS):
                here = [word - window.first for word in window.document.fillers[role] if window.first <= word < window.end]
                gold[at, here, which] = 1
        raw = F.binary_cross_entropy_with_logits(model.fillers(words[filled]), gold, reduction="none", pos_weight=torch.tensor(2.0))
        at = there[filled]
        losses["fillers"] = raw[at].mean() * 20
    counted = [
        (row, word - window.first, whose) for row, window in enumerate(batch)
        for word, whose in window.document.whose.items() if window.first <= word < window.end
    ]
    if counted:
        vectors = words[[row for row, _, _ in counted], [word for _, word, _ in counted]]
        losses["whose"] = F.cross_entropy(model.whose(vectors), torch.tensor([whose for *_, whose in counted]))
    pooled, gold = [], []
    for row, window in enumerate(batch):
        if window.document.told is None:
            continue
        for at, (start, end) in enumerate(window.document.sentences):
            if window.first <= start and end <= window.end and start < end:
                pooled.append(words[row, start - window.first : end - window.first].mean(0))
                gold.append([float(what in window.document.told.get(at, ())) for what in SENTENCES])
    if pooled:
        losses["told"] = F.binary_cross_entropy_with_logits(model.told(torch.stack(pooled)), torch.tensor(gold)) * 3
    return sum(losses.values()), {name: value.item() for name, value in losses.items()}


def f1(right, given, gold):
    p, r = right / max(given, 1), right / max(gold, 1)
    return f"P {p:.3f} R {r:.3f} F {2 * p * r / max(p + r, 1e-9):.3f} (n {gold})"


@torch.no_grad()
def measure(model, windows):
    """Words right, with the gold's triggers: to see that it learns. What counts is measured with the whole reader."""
    model.eval()
    tally = collections.defaultdict(lambda: [0, 0, 0])

    def add(name, given, gold):
        tally[name][0] += int((given & gold).sum())
        tally[name][1] += int(given.sum())
        tally[name][2] += int(gold.sum())

    for batch in batches(windows, None):
        pieces, mask, first, there = tensors(batch)
        words = model.words(pieces, mask, first)
        found = triggers_of(batch)
        for row, window in enumerate(batch):
            size = window.end - window.first
            if window.document.all_triggers:
                said = model.kind(words[row, :size]).argmax(-1)
                gold = torch.zeros(size, dtype=torch.long)
                for of, word, trigger in found:
                    if of == row:
                        gold[word] = 1 + trigger.kind
                add("trigger", said > 0, gold > 0)
                tally["kind"][0] += int(((said == gold) & (gold > 0)).sum())
                tally["kind"][1] += int((said > 0).sum())
                tally["kind"][2] += int((gold > 0).sum())
            if window.document.fillers is not None:
                said = model.fillers(words[row, :size]) > 0
                for which, role in enumerate(FILLERS):
                    gold = torch.zeros(size, dtype=torch.bool)
                    gold[[w - window.first for w in window.document.fillers[role] if window.first <= w < window.end]] = True
                    add(f"muc {role}", said[:, which], gold)
        if found:
            linked = model.link(words, torch.tensor([f[0] for f in found]), torch.tensor([f[1] for f in found])) > 0
            for at, (of, word, trigger) in enumerate(found):
                window = batch[of]
                size = window.end - window.first
                for relation, marked in trigger.words.items():
                    gold = torch.zeros(size, dtype=torch.bool)
                    gold[[w - window.first for w in marked if window.first <= w < window.end]] = True
                    add(f"{window.document.corpus} {relation}", linked[at, RELATIONS.index(relation), :size], gold)
                if window.document.same:
                    others = [(place, one) for other, place, one in found if other == of and one is not trigger]
                    said = torch.tensor([bool(linked[at, -1, place]) for place, _ in others], dtype=torch.bool)
                    add("same event", said, torch.tensor([one.event == trigger.event for _, one in others], dtype=torch.bool))
            for name, head, truth in [("realis", model.realis, "realis"), ("completion", model.completion, "completion")]:
                full = [f for f in found if getattr(f[2], truth) >= 0]
                if full:
                    said = head(words[[f[0] for f in full], [f[1] for f in full]]).argmax(-1)
                    right = sum(int(a) == getattr(f[2], truth) for a, f in zip(said, full))
                    tally[name][0] += right
                    tally[name][1] += len(full)
                    tally[name][2] += len(full)
    model.train()
    return {name: f1(*counts) for name, counts in sorted(tally.items())}


def main():
    options = arguments()
    random.seed(options.seed)
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    pieces = Pieces(options.base / "tokenizer.json")
    splitter = data.Splitter(options.program)

    reports = list(data.own(splitter, sorted(options.reports.glob("*.txt"))))
    corpora = {
        "own": [report for report in reports if options.all or not held_out(report.id)],
        "muc": list(data.muc(splitter, options.data / "muc4/train.jsonl.gz")),
        "location": list(data.locations(splitter, options.data / "event_location/labeled_text.jsonl.gz", False)),
        "rams": list(data.rams(splitter, options.data / "rams/dev.jsonl.gz")),
        "wikievents": list(data.wikievents(splitter, options.data / "wikievents/train.jsonl.gz")),
    }
    windows = {name: prepare(documents, pieces) for name, documents in corpora.items()}
    for name in ("location", "rams", "wikievents"):  # of these only what is near a marked trigger is known
        windows[name] = [w for w in windows[name] if any(w.first <= t.word < w.end for t in w.document.triggers)]
    test = {
        "own": prepare([report for report in reports if held_out(report.id)], pieces),
        "muc": prepare(list(data.muc(splitter, options.data / "muc4/dev.jsonl.gz")), pieces),
    }
    for name, made in windows.items():
        size = sum(sum(map(len, w.document.pieces[w.first : w.end])) for w in made)
        print(f"{name}: {len(corpora[name])} documents, {len(made)} windows, {size} pieces", flush=True)

    model = Reader()
    model.encoder.from_hugging_face(load_file(options.base / "model.safetensors"))
    model.encoder.words.weight.requires_grad_(False)
    heads = [parameter for name, parameter in model.named_parameters() if not name.startswith("encoder.")]
    body = [p for n, p in model.named_parameters() if n.startswith("encoder.") and p.requires_grad]
    optimizer = torch.optim.AdamW(
        [{"params": body, "lr": options.rate}, {"params": heads, "lr": options.rate * 10}], weight_decay=0.01
    )
    shuffle = random.Random(options.seed)

    def epoch():
        """The batches of an epoch. Our own reports are few and know most: each is seen twice. Most windows of MUC-4 hold
        nothing that a template wants: of those, one in four is seen."""
        full = lambda window: any(
            window.first <= word < window.end for words in window.document.fillers.values() for word in words
        )
        chosen = dict(windows, muc=[window for window in windows["muc"] if full(window) or shuffle.random() < 0.25])
        return sum((batches(made, shuffle) * (2 if name == "own" else 1) for name, made in chosen.items()), [])

    total = len(epoch()) * options.epochs
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / (0.06 * total)) * max(0.02, 1 - step / total)
    )
    started = time.time()
    model.train()
    for number in range(options.epochs):
        order = epoch()
        shuffle.shuffle(order)
        shown = collections.defaultdict(list)
        for step, batch in enumerate(order[: options.limit]):
            loss, parts = loss_of(model, batch, options.bf16)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            for name, value in parts.items():
                shown[name].append(value)
            if (step + 1) % 100 == 0:
                said = " ".join(f"{name} {sum(values) / len(values):.3f}" for name, values in shown.items())
                print(f"epoch {number + 1} step {step + 1}/{len(order)} {time.time() - started:.0f} s {said}", flush=True)
                shown.clear()
        options.out.mkdir(parents=True, exist_ok=True)
        if options.checkpoints:
            options.checkpoints.mkdir(parents=True, exist_ok=True)
            torch.save(model.state_dict(), options.checkpoints / f"epoch-{number + 1}.pt")
        for name, made in test.items():
            for what, figure in measure(model, made).items():
                print(f"  {name}: {what}: {figure}", flush=True)
    write(model, options)


def write(model, options):
    """The file that the program reads."""
    heads = {
        f"{name}.{part}": getattr(getattr(model, name), part) for name in Reader.HEADS for part in ("weight", "bias")
    }
    meta = {
        "name": "reader/1", "epochs": options.epochs, "seed": options.seed, "relations": RELATIONS, "kinds": KINDS,
    }
    pack.write_own(options.out / "reader.wpe", model.encoder.hugging_face(), heads, meta, options.packed)


if __name__ == "__main__":
    main()
