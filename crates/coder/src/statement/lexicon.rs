//! The words that make statements and totals, from `knowledge/statements.tsv`, and the gate that finds them in raw text.

use std::ops::Range;

use record::Direction;
use record::table::{Table, TableError};
use rustc_hash::FxHashMap;
use syntax::{Relation, Tag};

use crate::gate::{Gate, Irregular};
use crate::unit::Unit;

/// Declares a closed set of names that the table uses in a column.
macro_rules! names {
    ($(#[$meta:meta])* $name:ident { $($(#[$note:meta])* $variant:ident => $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$note])* $variant,)+ }

        impl $name {
            /// The value of that name.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

names! {
    /// Word class that a cue must have.
    Class {
        /// Verb.
        Verb => "v",
        /// Noun.
        Noun => "n",
        /// Predicate.
        Predicate => "a",
        /// Right before its noun.
        Modifier => "m",
        /// Participle or passive.
        Participle => "p",
        /// Any.
        Any => "x",
    }
}

names! {
    /// Where a cause stands.
    Side {
        /// After the cue.
        Right => "right",
        /// Before it.
        Left => "left",
        /// A clause after it.
        Clause => "clause",
        /// "The reason for … is …".
        Reason => "reason",
    }
}

names! {
    /// How a forecast is made.
    Outlook {
        /// "will", "be likely to".
        Modal => "modal",
        /// "may", "could".
        Maybe => "maybe",
        /// "predict".
        Predict => "predict",
        /// "warn", "fear".
        Warn => "warn",
    }
}

names! {
    /// How a demand is made.
    Asking {
        /// "must".
        Modal => "modal",
        /// "call for".
        Call => "call",
        /// "need".
        Need => "need",
    }
}

names! {
    /// How an allegation is made.
    Charge {
        /// "accuse of".
        Accuse => "accuse",
        /// "blame for".
        Blame => "blame",
        /// "supports terrorists".
        Support => "support",
    }
}

names! {
    /// How an estimate is made.
    Count {
        /// "estimate".
        Says => "says",
        /// "remain", "operate".
        State => "state",
    }
}

names! {
    /// What a proposition is about.
    Subject {
        /// Violence and those who do it.
        Violence => "violence",
        /// Security and protection.
        Security => "security",
        /// What rises without violence: prices, infections.
        Other => "other-theme",
        /// What captors demand.
        Ransom => "ransom",
        /// What one can be accused of.
        Wrong => "wrong",
        /// What makes a number of people one of ours.
        Plight => "plight",
    }
}

names! {
    /// Who speaks.
    VoiceNoun {
        /// A person.
        Individual => "individual",
        /// A body or what it publishes.
        Body => "body",
    }
}

names! {
    /// What makes a sentence say who says so.
    Speech {
        /// A verb.
        Say => "say",
        /// "according to".
        Source => "source",
        /// "in a statement".
        Noun => "noun",
    }
}

names! {
    /// What makes a sentence a total.
    Total {
        /// A frame of time.
        Frame => "frame",
        /// "recorded".
        Recorded => "recorded",
        /// "resulted in".
        Summary => "summary",
        /// "raids", "attacks".
        Operations => "operations",
        /// "the war".
        Conflict => "conflict",
        /// "across the country".
        Many => "many",
        /// "in addition".
        More => "more",
        /// "the blast": one event.
        Single => "single",
    }
}

/// What a cue is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sense {
    /// Something rises, falls or holds.
    Trend(Direction),
    /// Why.
    Cause(Side),
    /// What will come.
    Forecast(Outlook),
    /// A time to come without a date.
    Horizon,
    /// How many there are.
    Estimate(Count),
    /// Those who are numbered.
    Strength,
    /// What ought to be done.
    Demand(Asking),
    /// What somebody is accused of.
    Allegation(Charge),
    /// What it is about.
    About(Subject),
    /// Verbs of plans and procedure.
    Procedure,
    /// What is asked of the armed: to stop.
    Yield,
    /// Who says so.
    Speech(Speech),
    /// Nouns for those who speak.
    Voice(VoiceNoun),
    /// Totals.
    Tally(Total),
    /// What was counted.
    Act,
}

fn sense(kind: &str, value: &str) -> Option<Sense> {
    Some(match kind {
        "trend" => Sense::Trend(match value {
            "rise" => Direction::Rise,
            "fall" => Direction::Fall,
            "steady" => Direction::Steady,
            _ => return None,
        }),
        "cause" => Sense::Cause(Side::parse(value)?),
        "forecast" => Sense::Forecast(Outlook::parse(value)?),
        "horizon" => Sense::Horizon,
        "estimate" => Sense::Estimate(Count::parse(value)?),
        "strength" => Sense::Strength,
        "demand" => Sense::Demand(Asking::parse(value)?),
        "allegation" => Sense::Allegation(Charge::parse(value)?),
        "concern" => Sense::About(Subject::parse(value)?),
        "other-theme" | "ransom" | "wrong" | "plight" => Sense::About(Subject::parse(kind)?),
        "procedure" => Sense::Procedure,
        "yield" => Sense::Yield,
        "speech" => Sense::Speech(Speech::parse(value)?),
        "voice" => Sense::Voice(VoiceNoun::parse(value)?),
        "tally" => Sense::Tally(Total::parse(value)?),
        "act" => Sense::Act,
        _ => return None,
    })
}

/// One row of the table.
#[derive(Debug, Clone)]
pub struct Cue {
    /// Lemmas, or words in small letters.
    pub words: Vec<String>,
    /// Word class.
    pub class: Class,
    /// What it is.
    pub sense: Sense,
    /// The value as written: for an act, what was counted.
    pub value: String,
    flags: String,
}

impl Cue {
    /// Whether the table gives a flag.
    #[must_use]
    pub fn has(&self, flag: &str) -> bool {
        self.flags.split(' ').any(|one| one == flag)
    }
}

/// A cue in a sentence.
#[derive(Debug, Clone)]
pub struct Found {
    /// Its words.
    pub words: Range<usize>,
    /// Which cue.
    pub cue: usize,
    /// What it is.
    pub sense: Sense,
}

/// The table, indexed.
#[derive(Debug)]
pub struct StatementLexicon {
    cues: Vec<Cue>,
    by_first: FxHashMap<String, Vec<usize>>,
    /// Stems that stand for bits of [`CUE`], [`ABOUT`], [`SPEECH`].
    gate: Gate,
}

const TABLE: &str = "statements.tsv";
const CUE: u8 = 1;
const ABOUT: u8 = 2;
const SPEECH: u8 = 4;

/// Forms that do not begin like their lemma, for the gate.
const IRREGULAR: &Irregular = &[
    ("rise", &["rose"]),
    ("grow", &["grew"]),
    ("fall", &["fell"]),
    ("drive", &["drove", "driving"]),
    ("feed", &["fed"]),
    ("hold", &["held"]),
    ("breed", &["bred"]),
    ("lose", &["lost", "losing"]),
    ("give", &["gave", "giving"]),
    ("leave", &["left"]),
    ("think", &["thought"]),
    ("say", &["said"]),
    ("tell", &["told"]),
    ("write", &["wrote"]),
    ("find", &["found"]),
    ("see", &["saw"]),
    ("shrink", &["shrank", "shrunk"]),
    ("lead", &["led"]),
    ("arise", &["arose"]),
    ("foresee", &["foresaw"]),
    ("become", &["became"]),
    ("have", &["has", "had", "having"]),
    ("make", &["made"]),
    ("bring", &["brought"]),
    ("strike", &["struck"]),
    ("send", &["sent"]),
    ("go", &["going"]),
    ("begin", &["began"]),
    ("die", &["dying"]),
    ("hit", &["hit"]),
    ("foretell", &["foretold"]),
];

impl StatementLexicon {
    /// Reads the table.
    ///
    /// # Errors
    /// Where a column is missing or a value is none of those that the table's head explains.
    pub fn from_table(text: &str) -> Result<Self, TableError> {
        let table = Table::parse(TABLE, text, &["cue", "pos", "kind", "value"])?;
        let mut cues = Vec::new();
        for row in table.rows() {
            let words: Vec<String> =
                row.get("cue").split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
            if words.is_empty() {
                return Err(row.error("no cue".to_owned()));
            }
            let (kind, value) = (row.get("kind"), row.get("value"));
            let sense = sense(kind, value).ok_or_else(|| {
                row.error(format!("`{kind}` with `{value}` is no sense; the table's head lists them"))
            })?;
            let class = Class::parse(row.get("pos")).ok_or_else(|| {
                row.error(format!("`{}` is no word class; expected v, n, a, m, p or x", row.get("pos")))
            })?;
            cues.push(Cue {
                words,
                class,
                sense,
                value: value.to_owned(),
                flags: row.get("flags").to_owned(),
            });
        }
        let mut by_first: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for (index, cue) in cues.iter().enumerate() {
            by_first.entry(cue.words[0].clone()).or_default().push(index);
        }
        let keys = cues.iter().filter_map(|cue: &Cue| {
            let meaning = match cue.sense {
                Sense::Trend(_)
                | Sense::Cause(_)
                | Sense::Forecast(_)
                | Sense::Estimate(_)
                | Sense::Demand(_) => CUE,
                Sense::Allegation(_) | Sense::Tally(Total::Recorded | Total::Conflict) => CUE,
                Sense::About(Subject::Violence | Subject::Security) => ABOUT,
                Sense::Speech(_) => SPEECH,
                _ => return None,
            };
            // Of a phrase the longest word gates: it is the rarest.
            Some((cue.words.iter().max_by_key(|word| word.len())?.as_str(), meaning))
        });
        let gate = Gate::new(TABLE, keys, IRREGULAR, ENDINGS)?;
        Ok(Self { cues, by_first, gate })
    }

    /// A cue.
    #[must_use]
    pub fn cue(&self, index: usize) -> &Cue {
        &self.cues[index]
    }

    /// Whether a sentence could hold a statement: a cue together with a word about violence or security, or
    /// with an acronym, which may name an armed actor; or whether it introduces somebody's words.
    #[must_use]
    pub fn may_state(&self, raw: &str) -> bool {
        let mut seen = 0;
        for hit in self.gate.hits(raw) {
            seen |= hit.meaning;
            if seen & (CUE | ABOUT) == CUE | ABOUT {
                return true;
            }
        }
        let quotes = || raw.contains('"') || !raw.is_ascii() && raw.contains(['“', '”', '«']);
        let introduces = || quotes() || raw.trim_end().ends_with(':');
        seen & CUE != 0 && has_acronym(raw.as_bytes()) || seen & SPEECH != 0 && introduces()
    }

    /// Whether a word alone is a cue of some sense.
    #[must_use]
    pub fn is_single(&self, lemma: &str, fits: impl Fn(Sense) -> bool) -> bool {
        let list = self.by_first.get(lemma).map_or(&[][..], Vec::as_slice);
        list.iter().any(|&index| self.cues[index].words.len() == 1 && fits(self.cues[index].sense))
    }

    /// The cues of a sentence, in order; at one word the longest of each sense.
    #[must_use]
    pub fn find(&self, unit: &Unit) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        for at in 0..unit.words.len() {
            let first = found.len();
            let word = &unit.words[at];
            // A word with the wrong tag has the wrong lemma: a verb's noun may lack its "e".
            let other_tag = match word.tag {
                Tag::Nns => Some(Tag::Vbz),
                // A plural at the head of a sentence is often taken for a singular.
                Tag::Nn | Tag::Nnp if word.lower.ends_with('s') && !word.lower.ends_with("ss") => {
                    Some(Tag::Nns)
                }
                _ if hanging_gerund(unit, at) => Some(Tag::Vbg),
                _ => None,
            };
            let other = other_tag
                .map(|tag| syntax::lemma(&word.lower, tag).into_owned())
                .filter(|lemma| *lemma != word.lemma);
            let lists =
                [Some(&word.lemma), (word.lower != word.lemma).then_some(&word.lower), other.as_ref()];
            for list in lists.into_iter().flatten().filter_map(|key| self.by_first.get(key)) {
                for &index in list {
                    let cue = &self.cues[index];
                    let Some(words) = fits(unit, at, cue) else { continue };
                    match found[first..].iter_mut().find(|other| same_family(other.sense, cue.sense)) {
                        Some(other) if other.words.end >= words.end => {}
                        Some(other) => *other = Found { words, cue: index, sense: cue.sense },
                        None => found.push(Found { words, cue: index, sense: cue.sense }),
                    }
                }
            }
        }
        found
    }
}

/// Whether only the longer of two cues at one word counts.
fn same_family(a: Sense, b: Sense) -> bool {
    match (a, b) {
        (Sense::About(a), Sense::About(b)) => a == b,
        (Sense::Tally(a), Sense::Tally(b)) => a == b,
        _ => std::mem::discriminant(&a) == std::mem::discriminant(&b),
    }
}

/// The words of a cue that begins at a word. One adverb, article or "more" may stand between two of its words.
fn fits(unit: &Unit, at: usize, cue: &Cue) -> Option<Range<usize>> {
    if !has_class(unit, at, cue) {
        return None;
    }
    let mut next = at + 1;
    for word in &cue.words[1..] {
        let is = |index: usize| unit.lemma(index) == word || unit.lower(index) == word;
        let skippable = |index: usize| {
            unit.words.get(index).is_some_and(|word| {
                word.tag.is_adverb()
                    || matches!(word.tag, Tag::Dt | Tag::PrpPossessive)
                    || matches!(word.lower.as_str(), "more" | "even")
            })
        };
        if is(next) {
            next += 1;
        } else if skippable(next) && is(next + 1) {
            next += 2;
        } else {
            return None;
        }
    }
    Some(at..next)
}

/// Whether the first word of a cue has the word class that the table asks for. Taggers err, most of all on
/// headlines and capitals, so the classes overlap.
fn has_class(unit: &Unit, at: usize, cue: &Cue) -> bool {
    let tag = unit.words[at].tag;
    let next_is_noun =
        || unit.words.get(at + 1).is_some_and(|next| next.tag.is_noun() || next.tag.is_adjective());
    match cue.class {
        Class::Any | Class::Predicate => true,
        // "… and supports the rebels": a form in -s that has an object, or is joined to a verb, is no noun.
        Class::Verb => {
            let object = || unit.child(at, Relation::Obj).is_some_and(|child| child > at);
            let joined = || {
                unit.words[at].relation == Relation::Conj
                    && unit.words[at].head.is_some_and(|head| unit.verb_at[head].is_some())
            };
            tag.is_verb()
                || tag == Tag::Md
                || unit.verb_at[at].is_some()
                || tag == Tag::Nns && (object() || joined())
                || hanging_gerund(unit, at)
        }
        Class::Noun => {
            tag.is_noun() || tag.is_adjective() && unit.phrases.iter().any(|phrase| phrase.head == at)
        }
        Class::Modifier => {
            (tag.is_verb() || tag.is_adjective()) && unit.verb_at[at].is_none() && next_is_noun()
        }
        Class::Participle => tag.is_past_participle() || tag == Tag::Vbd || tag.is_adjective(),
    }
}

/// "…, noting that": a gerund behind a comma or mark that the tagger took for a noun.
pub(crate) fn hanging_gerund(unit: &Unit, at: usize) -> bool {
    unit.verb_at[at].is_none()
        && unit.lower(at).ends_with("ing")
        && unit.lower(at + 1) == "that"
        && matches!(unit.before(at, 1), "," | "\"" | "”" | "''" | "»")
}

/// Three capitals in a row that are a word of their own: an acronym.
fn has_acronym(bytes: &[u8]) -> bool {
    let mut run = 0usize;
    for (index, byte) in bytes.iter().enumerate() {
        if byte.is_ascii_uppercase() {
            run += 1;
            if run >= 3 && !bytes.get(index + 1).is_some_and(u8::is_ascii_alphanumeric) {
                return true;
            }
        } else {
            run = 0;
        }
    }
    false
}

/// Endings that a form may add to a short stem.
const ENDINGS: &[&[u8]] = &[b"", b"e", b"s", b"es", b"ed", b"ing", b"y", b"ies", b"ied", b"n", b"en"];
