/*! What the nouns of a sentence stand for: people, things, weapons; and the cue words around a trigger.

Lists come from `knowledge/objects.tsv`, `weapons.tsv` and `cues.tsv`; people and bodies from the actor
registry.
*/

use std::ops::Range;

use record::table::{Table, TableError};
use record::{ObjectClass, WeaponClass};
use rustc_hash::FxHashMap;

use crate::unit::Unit;

/// What a cue changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cue {
    /// A cause that is no violence.
    NotViolence,
    /// A cause of an explosion that is no violence.
    Accident,
    /// A work of fiction.
    Fiction,
    /// A game's words.
    Sport,
    /// Nothing happened: a drill.
    Exercise,
    /// A verb whose complement has not happened.
    HypotheticalVerb,
    /// Words that make what they govern possible only.
    Hypothetical,
    /// Still to come.
    Future,
    /// Did not happen.
    Negation,
    /// Tried.
    Attempted,
    /// Stopped.
    Foiled,
    /// Threatened.
    Threatened,
    /// Told as background.
    Historical,
    /// A total over a period.
    Tally,
    /// The sentence begins another event.
    NewEvent,
}

impl Cue {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "not-violence" => Self::NotViolence,
            "accident" => Self::Accident,
            "fiction" => Self::Fiction,
            "sport" => Self::Sport,
            "exercise" => Self::Exercise,
            "hypothetical-verb" => Self::HypotheticalVerb,
            "hypothetical" => Self::Hypothetical,
            "future" => Self::Future,
            "negation" => Self::Negation,
            "attempted" => Self::Attempted,
            "foiled" => Self::Foiled,
            "threatened" => Self::Threatened,
            "historical" => Self::Historical,
            "tally" => Self::Tally,
            "new-event" => Self::NewEvent,
            _ => return None,
        })
    }
}

/// Phrases by their first word.
#[derive(Debug)]
struct PhraseTable<V> {
    by_first: FxHashMap<String, Vec<(Vec<String>, V)>>,
}

impl<V: Clone> PhraseTable<V> {
    fn new(rows: Vec<(&str, V)>) -> Self {
        let mut by_first: FxHashMap<String, Vec<(Vec<String>, V)>> = FxHashMap::default();
        for (phrase, value) in rows {
            let words: Vec<String> = phrase.split(' ').map(str::to_lowercase).collect();
            by_first.entry(words[0].clone()).or_default().push((words, value));
        }
        for list in by_first.values_mut() {
            list.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        }
        Self { by_first }
    }

    /// The longest phrases that begin at a word, by form or lemma.
    fn at(&self, unit: &Unit, word: usize) -> Option<(usize, &V)> {
        let fits = |words: &[String]| {
            words.iter().enumerate().all(|(offset, want)| {
                let at = word + offset;
                unit.words.get(at).is_some_and(|have| have.lower == *want || have.lemma == *want)
            })
        };
        let first = unit.words.get(word)?;
        [first.lower.as_str(), first.lemma.as_str()]
            .into_iter()
            .filter_map(|key| self.by_first.get(key))
            .flatten()
            .filter(|(words, _)| fits(words))
            .max_by_key(|(words, _)| words.len())
            .map(|(words, value)| (words.len(), value))
    }
}

/// The three tables.
#[derive(Debug)]
pub struct Senses {
    objects: PhraseTable<ObjectClass>,
    weapons: PhraseTable<(WeaponClass, Option<String>)>,
    cues: PhraseTable<Vec<Cue>>,
}

fn value<T: serde::de::DeserializeOwned>(text: &str) -> Option<T> {
    use serde::de::IntoDeserializer;
    use serde::de::value::Error;
    let deserializer: serde::de::value::StrDeserializer<'_, Error> = text.into_deserializer();
    T::deserialize(deserializer).ok()
}

impl Senses {
    /// Reads the tables.
    ///
    /// # Errors
    /// Where a column is missing or a class or category is none of the known ones.
    pub fn from_tables(objects: &str, weapons: &str, cues: &str) -> Result<Self, TableError> {
        let table = Table::parse("objects.tsv", objects, &["entry", "class"])?;
        let mut rows = Vec::new();
        for row in table.rows() {
            let class = value::<ObjectClass>(row.get("class")).ok_or_else(|| {
                row.error(format!("`{}` is no class of object; the codebook lists them", row.get("class")))
            })?;
            rows.push((row.get("entry"), class));
        }
        let objects = PhraseTable::new(rows);
        let table = Table::parse("weapons.tsv", weapons, &["entry", "class", "subclass"])?;
        let mut rows = Vec::new();
        for row in table.rows() {
            let class = value::<WeaponClass>(row.get("class")).ok_or_else(|| {
                row.error(format!("`{}` is no class of weapon; the codebook lists them", row.get("class")))
            })?;
            let subclass = Some(row.get("subclass")).filter(|text| !text.is_empty()).map(str::to_owned);
            rows.push((row.get("entry"), (class, subclass)));
        }
        let weapons = PhraseTable::new(rows);
        let table = Table::parse("cues.tsv", cues, &["cue", "category"])?;
        let mut grouped: Vec<(&str, Vec<Cue>)> = Vec::new();
        for row in table.rows() {
            let cue = Cue::parse(row.get("category")).ok_or_else(|| {
                row.error(format!(
                    "`{}` is no category of cues; the table's head lists them",
                    row.get("category")
                ))
            })?;
            match grouped.iter_mut().find(|(text, _)| *text == row.get("cue")) {
                Some((_, list)) => list.push(cue),
                None => grouped.push((row.get("cue"), vec![cue])),
            }
        }
        Ok(Self { objects, weapons, cues: PhraseTable::new(grouped) })
    }

    /// The class of thing that begins at a word, and how many words name it.
    #[must_use]
    pub fn object(&self, unit: &Unit, word: usize) -> Option<(usize, ObjectClass)> {
        self.objects.at(unit, word).map(|(length, class)| (length, *class))
    }

    /// The class of thing that a phrase's head is.
    #[must_use]
    pub fn object_of(&self, unit: &Unit, phrase: usize) -> Option<ObjectClass> {
        let phrase = &unit.phrases[phrase];
        (phrase.words.start..=phrase.head)
            .find_map(|word| self.object(unit, word).filter(|(length, _)| word + length == phrase.head + 1))
            .map(|(_, class)| class)
    }

    /// The weapon that begins at a word.
    #[must_use]
    pub fn weapon(&self, unit: &Unit, word: usize) -> Option<(Range<usize>, WeaponClass, Option<String>)> {
        self.weapons
            .at(unit, word)
            .map(|(length, (class, subclass))| (word..word + length, *class, subclass.clone()))
    }

    /// Whether a cue of a category begins at a word; the words it covers.
    #[must_use]
    pub fn cue(&self, unit: &Unit, word: usize, cue: Cue) -> Option<Range<usize>> {
        self.cues
            .at(unit, word)
            .filter(|(_, cues)| cues.contains(&cue))
            .map(|(length, _)| word..word + length)
    }

    /// The first cue of a category among some words.
    #[must_use]
    pub fn find_cue(&self, unit: &Unit, words: Range<usize>, cue: Cue) -> Option<Range<usize>> {
        words.into_iter().find_map(|word| self.cue(unit, word, cue))
    }
}
