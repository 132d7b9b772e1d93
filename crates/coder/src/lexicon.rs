/*! The words that tell of an event, from `knowledge/frames.tsv`, and the gate that finds them in raw text. */

use record::table::{Table, TableError};
use rustc_hash::FxHashMap;

use crate::gate::{Gate, Irregular};
use crate::kind::Kind;

/// Word class of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// Verb.
    Verb,
    /// Noun.
    Noun,
    /// Adjective or participle after a number.
    Adjective,
}

/// Who stands where around a verb.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pattern {
    /// The subject does it to the object.
    #[default]
    SubjectObject,
    /// The subjects do it to each other, or with whom "with" and "against" name.
    Reciprocal,
    /// It happens to the subject.
    SubjectSuffers,
    /// The subject suffers it by somebody.
    ObjectSide,
    /// The subject is the weapon, or with an object its bearer.
    Weapon,
    /// The subject does it; the target, if any, follows a preposition.
    SubjectOnly,
    /// The object is a place.
    Territory,
    /// The subject is a place, and who takes it follows.
    Falls,
}

/// Which list of counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// Dead.
    Killed,
    /// Wounded.
    Injured,
    /// Both together.
    KilledOrInjured,
    /// Taken.
    Abducted,
    /// Detained.
    Arrested,
    /// Unaccounted for.
    Missing,
    /// Got out.
    Escaped,
    /// Driven from home.
    Displaced,
}

impl Outcome {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "killed" => Self::Killed,
            "injured" => Self::Injured,
            "killed_or_injured" => Self::KilledOrInjured,
            "abducted" => Self::Abducted,
            "arrested" => Self::Arrested,
            "missing" => Self::Missing,
            "escaped" => Self::Escaped,
            "displaced" => Self::Displaced,
            _ => return None,
        })
    }

    /// Name of the list.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Killed => "killed",
            Self::Injured => "injured",
            Self::KilledOrInjured => "killed_or_injured",
            Self::Abducted => "abducted",
            Self::Arrested => "arrested",
            Self::Missing => "missing",
            Self::Escaped => "escaped",
            Self::Displaced => "displaced",
        }
    }
}

/// One row of the table.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Lemmas.
    pub lemmas: Vec<String>,
    /// Word class.
    pub class: Class,
    /// What it tells.
    pub kind: Kind,
    /// Who stands where.
    pub pattern: Pattern,
    /// Where people counted with it belong.
    pub outcome: Option<Outcome>,
    /// The count holds only where other words say so too.
    pub outcome_if_said: bool,
    /// No event by itself.
    pub weak: bool,
    /// Other flags, as written.
    pub flags: String,
}

impl Entry {
    /// Whether the table gives a flag.
    #[must_use]
    pub fn has(&self, flag: &str) -> bool {
        self.flags.split(' ').any(|one| one == flag)
    }
}

/// The table, indexed.
#[derive(Debug)]
pub struct Lexicon {
    entries: Vec<Entry>,
    by_first: FxHashMap<String, Vec<usize>>,
    gate: Gate,
}

/// Past and participle forms that do not begin like their lemma, for the gate.
const IRREGULAR: &Irregular = &[
    ("shoot", &["shot"]),
    ("slay", &["slew", "slain"]),
    ("fight", &["fought"]),
    ("take", &["took", "taken", "taking"]),
    ("hold", &["held"]),
    ("blow", &["blew"]),
    ("beat", &["beat"]),
    ("throw", &["threw"]),
    ("drive", &["drove", "driving"]),
    ("run", &["ran", "running"]),
    ("set", &["set"]),
    ("go", &["went", "goes", "gone", "going"]),
    ("come", &["came", "coming"]),
    ("lose", &["lost", "losing"]),
    ("die", &["dying", "died", "dies"]),
    ("find", &["found"]),
    ("break", &["broke"]),
    ("overrun", &["overran"]),
    ("withdraw", &["withdrew"]),
    ("tear", &["tore"]),
    ("lay", &["laid"]),
    ("trade", &["trading"]),
    ("do", &["did", "doing"]),
    ("sweep", &["swept"]),
    ("body", &["bodies"]),
    ("overtake", &["overtook"]),
    ("retake", &["retook"]),
    ("fall", &["fell"]),
    ("hang", &["hung"]),
    ("flee", &["fled"]),
    ("swear", &["swore", "sworn"]),
    ("split", &["split"]),
    ("build", &["built"]),
    ("bring", &["brought"]),
];

impl Lexicon {
    /// Reads the table.
    ///
    /// # Errors
    /// Where a column is missing or a value is none of those that the table's head explains.
    pub fn from_table(text: &str) -> Result<Self, TableError> {
        let table = Table::parse("frames.tsv", text, &["entry", "pos", "kind", "pattern", "count", "flags"])?;
        let mut entries = Vec::new();
        for row in table.rows() {
            let bad = |problem: String| TableError::Row { table: "frames.tsv", line: row.line, problem };
            let lemmas: Vec<String> =
                row.get("entry").split(' ').filter(|w| !w.is_empty()).map(str::to_owned).collect();
            if lemmas.is_empty() {
                return Err(bad("no entry".to_owned()));
            }
            let class = match row.get("pos") {
                "v" => Class::Verb,
                "n" => Class::Noun,
                "a" => Class::Adjective,
                other => return Err(bad(format!("`{other}` is no word class; expected v, n or a"))),
            };
            let kind = Kind::parse(row.get("kind")).ok_or_else(|| {
                bad(format!("`{}` is no kind; crates/coder/src/kind.rs lists them", row.get("kind")))
            })?;
            let pattern = match row.get("pattern") {
                "" => Pattern::SubjectObject,
                "SO" => Pattern::SubjectObject,
                "SS" => Pattern::Reciprocal,
                "SV" => Pattern::SubjectSuffers,
                "OS" => Pattern::ObjectSide,
                "W" | "W/SO" => Pattern::Weapon,
                "St" | "on" | "at" => Pattern::SubjectOnly,
                "territory" => Pattern::Territory,
                "falls" => Pattern::Falls,
                other => return Err(bad(format!("`{other}` is no pattern; the table's head lists them"))),
            };
            let count = row.get("count");
            let outcome = match count.trim_end_matches('?') {
                "" => None,
                name => {
                    Some(Outcome::parse(name).ok_or_else(|| bad(format!("`{name}` is no list of counts")))?)
                }
            };
            let flags = row.get("flags").to_owned();
            let weak = flags.split(' ').any(|flag| flag == "weak");
            entries.push(Entry {
                lemmas,
                class,
                kind,
                pattern,
                outcome,
                outcome_if_said: count.ends_with('?'),
                weak,
                flags,
            });
        }
        let mut by_first: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for (index, entry) in entries.iter().enumerate() {
            by_first.entry(entry.lemmas[0].clone()).or_default().push(index);
        }
        for list in by_first.values_mut() {
            // The longest entry that fits wins.
            list.sort_by_key(|&index| std::cmp::Reverse(entries[index].lemmas.len()));
        }
        let loud = entries.iter().filter(|entry: &&Entry| !entry.has("quiet"));
        let keys = loud.map(|entry: &Entry| {
            // Of a phrase the rarest word gates: its last content word.
            let rare = |lemma: &&String| lemma.len() > 3 && !LIGHT.contains(&lemma.as_str());
            (entry.lemmas.iter().rev().find(rare).unwrap_or(&entry.lemmas[0]).as_str(), 0)
        });
        let gate = Gate::new("frames.tsv", keys, IRREGULAR, ENDINGS)?;
        // Beyond the table, and found by no word: what a word tells that only the learned reader knows.
        let unnamed = |class: Class| Entry {
            lemmas: vec!["unnamed".to_owned()],
            class,
            kind: Kind::Attack,
            pattern: Pattern::SubjectObject,
            outcome: None,
            outcome_if_said: false,
            weak: false,
            flags: String::new(),
        };
        entries.extend([unnamed(Class::Verb), unnamed(Class::Noun)]);
        Ok(Self { entries, by_first, gate })
    }

    /// Entries whose first lemma is this, longest first.
    #[must_use]
    pub fn starting(&self, lemma: &str) -> &[usize] {
        self.by_first.get(lemma).map_or(&[], Vec::as_slice)
    }

    /// An entry.
    #[must_use]
    pub fn entry(&self, index: usize) -> &Entry {
        &self.entries[index]
    }

    /// The entry of a verb or a noun that the table lacks.
    #[must_use]
    pub(crate) fn unnamed(&self, class: Class) -> usize {
        self.entries.len() - if class == Class::Verb { 2 } else { 1 }
    }

    /// Whether an entry stands for a word that the table lacks.
    #[must_use]
    pub(crate) fn is_unnamed(&self, entry: usize) -> bool {
        entry + 2 >= self.entries.len()
    }

    /// Whether anything in a text could be a trigger.
    #[must_use]
    pub fn may_matter(&self, raw: &str) -> bool {
        self.hits(raw).next().is_some()
    }

    /// Byte offsets of everything that could be a trigger, in order of their ends.
    pub fn hits<'a>(&'a self, raw: &'a str) -> impl Iterator<Item = usize> + 'a {
        self.gate.hits(raw).map(|hit| hit.start)
    }
}

/// Words too common to let a sentence through by themselves.
const LIGHT: &[&str] = &[
    "himself",
    "herself",
    "themselves",
    "itself",
    "their",
    "from",
    "over",
    "upon",
    "into",
    "with",
    "out",
    "through",
    "control",
    "take",
    "hold",
    "attempt",
    "custody",
    "life",
    "street",
    "road",
    "round",
    "fire",
    "dead",
    "death",
    "home",
    "away",
    "side",
    "village",
    "town",
    "city",
    "area",
    "down",
    "talk",
    "hand",
    "highway",
    "agreement",
    "base",
];

/// Endings that a form may add to a short stem.
const ENDINGS: &[&[u8]] =
    &[b"", b"e", b"s", b"es", b"ed", b"ing", b"y", b"ies", b"ied", b"er", b"ers", b"or", b"ion", b"ions"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_words_of_a_phrase_open_no_gate() {
        let lexicon = Lexicon::from_table(knowledge::FRAMES).expect("the committed table");
        assert!(!lexicon.may_matter("Traffic on the ring road was slow because of work on the bridge."));
        assert!(
            !lexicon.may_matter("Farmers based in the village walked down to the other side of the city.")
        );
        assert!(lexicon.may_matter("Residents blocked the road to the mine."));
    }
}
