//! Words around place names, and what they tell.

use std::borrow::Cow;

use record::table::{Table, TableError};
use rustc_hash::FxHashMap;

/// What a word tells about the capitalised words beside it. One bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Class {
    /// "in", "near": a place follows.
    Locative = 1,
    /// "of", "between": a place may follow.
    WeakLocative = 1 << 1,
    /// "province".
    Admin1 = 1 << 2,
    /// "district".
    Admin2 = 1 << 3,
    /// "city", "village".
    Settlement = 1 << 4,
    /// "river", "desert".
    Natural = 1 << 5,
    /// "airport", "prison".
    Facility = 1 << 6,
    /// "Post", "Bank".
    Organisation = 1 << 7,
    /// "northern", "downtown".
    Modifier = 1 << 8,
    /// "President", "Col.".
    Title = 1 << 9,
    /// "said".
    Saying = 1 << 10,
    /// "the", "when".
    Function = 1 << 11,
    /// "May", "Friday".
    Calendar = 1 << 12,
    /// A common word that is also the name of a place.
    Common = 1 << 13,
    /// A person's name that is also the name of a place.
    Person = 1 << 14,
    /// "area", "outskirts": part of a place, or around one.
    Part = 1 << 15,
    /// "in", "entered": what follows is a place if it is a name at all.
    OnlyPlace = 1 << 16,
    /// "Kafr", "Tell", "Fort": names that begin with it are places'.
    NameHead = 1 << 17,
    /// "siege", "residents": what "of" joins to them is a place.
    PlaceOf = 1 << 18,
    /// "assault", "air strikes": what "on" joins to them is a place more often than a person.
    PlaceOn = 1 << 19,
    /// "captured", "attacked": done to places, and to persons too.
    Taken = 1 << 20,
    /// "strategic", "nearby": describes a place that a name follows.
    Describing = 1 << 21,
    /// "held" in "rebel-held": who has a place.
    HeldBy = 1 << 22,
}

const CLASSES: &[(&str, Class)] = &[
    ("locative", Class::Locative),
    ("weak-locative", Class::WeakLocative),
    ("kind-admin1", Class::Admin1),
    ("kind-admin2", Class::Admin2),
    ("kind-settlement", Class::Settlement),
    ("kind-natural", Class::Natural),
    ("facility", Class::Facility),
    ("organisation", Class::Organisation),
    ("modifier", Class::Modifier),
    ("title", Class::Title),
    ("saying", Class::Saying),
    ("function", Class::Function),
    ("calendar", Class::Calendar),
    ("common", Class::Common),
    ("person", Class::Person),
    ("part", Class::Part),
    ("only-place", Class::OnlyPlace),
    ("name-head", Class::NameHead),
    ("place-of", Class::PlaceOf),
    ("place-on", Class::PlaceOn),
    ("taken", Class::Taken),
    ("describing", Class::Describing),
    ("held-by", Class::HeldBy),
];

/// The table of words, by lower-case word.
#[derive(Debug, Clone, Default)]
pub struct Words {
    bits: FxHashMap<String, u32>,
}

impl Words {
    /// Reads `knowledge/place-words.tsv`.
    ///
    /// # Errors
    /// Where the table lacks a column, or a row names an unknown class.
    pub fn from_table(text: &str) -> Result<Self, TableError> {
        let table = Table::parse("place-words", text, &["class", "words"])?;
        let mut words = Self::default();
        for row in table.rows() {
            let name = row.get("class");
            let Some((_, class)) = CLASSES.iter().find(|(known, _)| *known == name) else {
                return Err(row.error(format!("`{name}` is no class of words")));
            };
            for word in row.get("words").split(' ').filter(|word| !word.is_empty()) {
                *words.bits.entry(word.to_owned()).or_default() |= *class as u32;
            }
        }
        Ok(words)
    }

    /// Whether a word, in any case and with or without a full stop, is of a class.
    #[must_use]
    pub fn is(&self, word: &str, class: Class) -> bool {
        self.any(word, &[class])
    }

    /// Whether a word is of one of several classes.
    #[must_use]
    pub fn any(&self, word: &str, classes: &[Class]) -> bool {
        let mask = classes.iter().fold(0, |mask, class| mask | *class as u32);
        let word = word.trim_end_matches('.');
        // Asked of most words of a text, so without a string of its own where it can be.
        let mut room = [0; 32];
        let lower = match room.get_mut(..word.len()) {
            Some(room) if word.is_ascii() => {
                room.copy_from_slice(word.as_bytes());
                room.make_ascii_lowercase();
                std::str::from_utf8(room).map_or(Cow::Borrowed(word), Cow::Borrowed)
            }
            _ => Cow::Owned(word.to_lowercase()),
        };
        self.bits.get(lower.as_ref()).is_some_and(|bits| bits & mask != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_classes() {
        let words =
            Words::from_table("language\tclass\twords\nen\ttitle\tgen mr\nen\tlocative\tin\n").unwrap();
        assert!(words.is("Gen.", Class::Title));
        assert!(!words.is("Gen.", Class::Locative));
        assert!(Words::from_table("class\twords\nnonsense\tx\n").is_err());
    }
}
