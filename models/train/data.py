"""Examples for the learned reader: words as the reader has them, with what is known of them.

Every corpus knows some things and is silent about others. An example therefore carries for each thing a mask or
nothing at all, and the loss counts what is known only.
"""

import gzip
import json
import re
import subprocess
from dataclasses import dataclass, field

# What a span can be to an event. The order is the order of the outputs.
RELATIONS = [
    "actor", "recipient", "object", "weapon", "place", "time", "killed", "injured", "others", "said",
]
# ACLED's sub-events, in the order of crates/record.
KINDS = [
    "Government regains territory", "Non-state actor overtakes territory", "Armed clash", "Chemical weapon",
    "Air/drone strike", "Suicide bomb", "Shelling/artillery/missile attack", "Remote explosive/landmine/IED",
    "Grenade", "Sexual violence", "Attack", "Abduction/forced disappearance", "Peaceful protest",
    "Protest with intervention", "Excessive force against protesters", "Violent demonstration", "Mob violence",
    "Agreement", "Arrests", "Change to group/activity", "Disrupted weapons use",
    "Headquarters or base established", "Looting/property destruction", "Non-violent transfer of territory", "Other",
]
REALIS = ["asserted", "negated", "hypothetical", "future", "historical"]
COMPLETION = ["accomplished", "attempted", "foiled", "threatened"]
WHOSE = ["recipient", "actor", "civilian", "third", "unknown"]
# MUC-4's roles, over a whole document.
FILLERS = ["PerpInd", "PerpOrg", "Target", "Victim", "Weapon"]
SENTENCES = ["tally", "trend", "cause", "forecast", "estimate", "demand", "allegation"]


@dataclass
class Trigger:
    word: int
    event: int
    kind: int = -1
    realis: int = -1
    completion: int = -1
    # relation -> words inside a mention; a relation that is not there is not known
    words: dict = field(default_factory=dict)


@dataclass
class Document:
    id: str
    corpus: str
    words: list
    sentences: list  # (first, end) words
    triggers: list = field(default_factory=list)
    all_triggers: bool = False  # whether every trigger is marked
    same: bool = False  # whether triggers of one event are known to be of one event
    fillers: dict | None = None  # role -> set of words
    whose: dict = field(default_factory=dict)  # word -> WHOSE
    told: dict | None = None  # sentence -> set of SENTENCES


def lines(path):
    opened = gzip.open if str(path).endswith(".gz") else open
    with opened(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


class Splitter:
    """Runs `watchpost-eval`, which splits texts as the reader does."""

    def __init__(self, program):
        self.program = program

    def split(self, texts):
        wanted = "".join(json.dumps({"id": i, "text": text}) + "\n" for i, text in enumerate(texts))
        done = subprocess.run([self.program, "split"], input=wanted, capture_output=True, text=True, check=True)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def annotated(self, folder):
        done = subprocess.run(
            [self.program, "reports", "--spans", *[str(path) for path in folder]], capture_output=True, text=True
        )
        return [json.loads(line) for line in done.stdout.splitlines()]


def words_of(split):
    return [split["text"][start:end] for start, end in split["tokens"]]


def inside(tokens, span):
    """The words that a span of characters covers."""
    start, end = span
    return [at for at, (first, last) in enumerate(tokens) if first < end and start < last]


def head(tokens, span):
    """The word of a trigger that stands for it: its last but for short words after a verb ("opened fire": fire)."""
    found = inside(tokens, span)
    return found[-1] if found else None


# --- Our own reports ---------------------------------------------------------------------------

def own(splitter, folder):
    for report in splitter.annotated(folder):
        tokens = report["tokens"]
        document = Document(report["id"], "own", words_of(report), report["sentences"], all_triggers=True, same=True)
        for number, event in enumerate(report["events"]):
            marked = {relation: set() for relation in RELATIONS}
            for part in event["parts"]:
                role = {"claimed": None, "denied": None, "blamed": None}.get(part["role"], part["role"])
                if role:
                    for mention in part["mentions"]:
                        marked[role].update(inside(tokens, mention))
            for place in event["places"]:
                marked["place"].update(inside(tokens, place["span"]))
            if event["date"] and event["date"]["span"]:
                marked["time"].update(inside(tokens, event["date"]["span"]))
            for count in event["counts"]:
                relation = count["fate"] if count["fate"] in ("killed", "injured") else "others"
                covered = inside(tokens, count["span"])
                marked[relation].update(covered)
                for word in covered:
                    document.whose[word] = WHOSE.index(count["whose"])
            for span in event["triggers"]:
                word = head(tokens, span)
                if word is None:
                    continue
                document.triggers.append(Trigger(
                    word, number, KINDS.index(event["type"]), REALIS.index(event["realis"]),
                    COMPLETION.index(event["completion"]), marked,
                ))
        document.told = {}
        for what, spans in [("tally", report["tallies"])] + [(said["kind"], [said]) for said in report["statements"]]:
            for item in spans:
                covered = set(inside(tokens, item["span"]))
                for at, (first, end) in enumerate(report["sentences"]):
                    if len(covered.intersection(range(first, end))) * 2 > min(len(covered), end - first):
                        document.told.setdefault(at, set()).add(what)
        yield document


# --- MUC-4 -------------------------------------------------------------------------------------

def muc(splitter, path):
    records = list(lines(path))
    for record, split in zip(records, splitter.split([record["doctext"] for record in records])):
        text, tokens = record["doctext"], split["tokens"]
        fillers = {role: set() for role in FILLERS}
        for template in record["templates"]:
            for role in FILLERS:
                for entity in template[role]:
                    for mention, _ in entity:
                        for found in re.finditer(r"(?<!\w)" + re.escape(mention) + r"(?!\w)", text):
                            fillers[role].update(inside(tokens, found.span()))
        yield Document(record["docid"], "muc", words_of(split), split["sentences"], fillers=fillers)


# --- WikiEvents, RAMS --------------------------------------------------------------------------

ROLES = {
    "attacker": "actor", "killer": "actor", "injurer": "actor", "jailer": "actor", "destroyer": "actor",
    "damagerdestroyer": "actor", "damager": "actor", "demonstrator": "actor", "detonator": "actor",
    "target": "recipient", "victim": "recipient", "detainee": "recipient",
    "artifact": "object",
    "instrument": "weapon", "explosivedevice": "weapon", "weapon": "weapon",
    "place": "place",
}
OURS = ("conflict.attack", "conflict.demonstrate", "life.die", "life.injure", "justice.arrest", "artifactexistence.damage")
KNOWN = ["actor", "recipient", "weapon", "place"]


def ours(event_type):
    return event_type.lower().startswith(OURS)


def relabelled(splitter, words, sentences, triggers, name, corpus):
    """A document whose own tokens are put in place of the corpus's: joined by blanks and split again."""
    starts, at = [], 0
    for word in words:
        starts.append(at)
        at += len(word) + 1
    split = splitter(" ".join(words))
    covered = lambda first, end: inside(split["tokens"], (starts[first], starts[end - 1] + len(words[end - 1])))
    document = Document(name, corpus, words_of(split), split["sentences"])
    for number, (first, end, arguments) in enumerate(triggers):
        here = covered(first, end)
        if not here:
            continue
        marked = {relation: set() for relation in KNOWN}
        for role, (start, stop) in arguments:
            if role in marked:
                marked[role].update(covered(start, stop))
            elif role == "object":
                marked["recipient"].update(covered(start, stop))
        document.triggers.append(Trigger(here[-1], number, words=marked))
    return document


def rams(splitter, path):
    records = [record for record in lines(path) if ours(record["evt_triggers"][0][2][0][0])]
    texts = [" ".join(word for sentence in record["sentences"] for word in sentence) for record in records]
    splits = dict(zip(texts, splitter.split(texts)))
    for record in records:
        words = [word for sentence in record["sentences"] for word in sentence]
        first, last, _ = record["evt_triggers"][0]
        arguments = []
        for _, (start, end), label in record["gold_evt_links"]:
            role = ROLES.get(re.sub(r"^evt\d+arg\d+", "", label))
            if role:
                arguments.append((role, (start, end + 1)))
        yield relabelled(splits.get, words, None, [(first, last + 1, arguments)], record["doc_key"], "rams")


def wikievents(splitter, path):
    records = list(lines(path))
    texts = [" ".join(record["tokens"]) for record in records]
    splits = dict(zip(texts, splitter.split(texts)))
    for record in records:
        words, triggers = record["tokens"], []
        for event in record["event_mentions"]:
            if not ours(event["event_type"]):
                continue
            first, end = event["trigger"]["start_idx"], event["trigger"]["end_idx"]
            if [word for word in words[first:end]] != event["trigger"]["text"].split() and end - first > 4:
                continue
            arguments = []
            for argument in event["arguments"]:
                role = ROLES.get(argument["role"].lower())
                # Positions are not given: the nearest occurrence is meant, if it is near.
                said = argument["text"].split()
                found = [at for at in range(max(0, first - 60), min(len(words), end + 60)) if words[at : at + len(said)] == said]
                if role and said and found:
                    at = min(found, key=lambda at: abs(at - first))
                    arguments.append((role, (at, at + len(said))))
            triggers.append((first, end, arguments))
        yield relabelled(splits.get, words, None, triggers, record["docid"], "wikievents")


# --- Event location ----------------------------------------------------------------------------

def fnv(text):
    value = 0xCBF29CE484222325
    for byte in text.encode("utf-8"):
        value = ((value ^ byte) * 0x100000001B3) % (1 << 64)
    return value


def listed(value):
    """The file writes lists as JSON or as Python does."""
    if isinstance(value, str):
        import ast
        return ast.literal_eval(value)
    return value or []


def locations(splitter, path, held_out):
    """One half by the hash of the sentence, as the task of `watchpost-eval` splits it."""
    items = []
    for item in lines(path):
        spans, tokens = listed(item.get("spans")), listed(item["tokens"])
        verbs = [span for span in spans if span["label"] == "VERB"]
        if item.get("answer") not in (None, "accept") or len(verbs) != 1:
            continue
        key = fnv(item["text"].strip())
        # Of the seen half, one sentence in seven is kept for setting the weight of what is learned here.
        if (key.bit_count() % 2 == 1) != held_out or not held_out and key % 7 == 0:
            continue
        items.append((item, verbs[0], [span for span in spans if span["label"] == "LOCATION"], tokens))
    place = lambda tokens, span: (tokens[span["token_start"]]["start"], tokens[min(span["token_end"], len(tokens) - 1)]["end"])
    key = lambda item, verb, tokens: (item["text"].strip(), place(tokens, verb))
    standard = {key(item, verb, tokens) for item, verb, _, tokens in items if item.get("source") == "RELABEL"}
    kept = [
        (item, verb, found, tokens) for item, verb, found, tokens in items
        if item.get("source") == "RELABEL"
        or item.get("source") != "Masdar_RA" and key(item, verb, tokens) not in standard
    ]
    splits = splitter.split([item["text"] for item, *_ in kept])
    for number, ((item, verb, found, tokens), split) in enumerate(zip(kept, splits)):
        where = inside(split["tokens"], place(tokens, verb))
        if not where:
            continue
        marked = set()
        for span in found:
            if span["token_start"] < len(tokens):
                marked.update(inside(split["tokens"], place(tokens, span)))
        document = Document(f"location-{number}", "location", words_of(split), split["sentences"])
        document.triggers.append(Trigger(where[-1], 0, words={"place": marked}))
        yield document


# --- Windows -----------------------------------------------------------------------------------

@dataclass
class Window:
    document: Document
    first: int  # word
    end: int


def windows(document, lengths, limit):
    """Whole sentences up to `limit` pieces, each window beginning with the last sentence of the one before."""
    made, at = [], 0
    sentences = [(first, end) for first, end in document.sentences if end > first]
    size = lambda first, end: sum(lengths[first:end])
    while at < len(sentences):
        stop = at + 1
        while stop < len(sentences) and size(sentences[at][0], sentences[stop][1]) <= limit:
            stop += 1
        first, end = sentences[at][0], sentences[stop - 1][1]
        while size(first, end) > limit and end - first > 1:
            end -= 1
        made.append(Window(document, first, end))
        if stop >= len(sentences):
            break
        # One sentence is seen twice, so that none stands without what came before it.
        at = stop - 1 if stop - at > 1 and size(*sentences[stop - 1]) < limit // 3 else stop
    return made
