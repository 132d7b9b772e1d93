/*! Which single person a phrase means, as far as it says: enough to tell two of them apart.

Nothing of this leaves the reader: the names of private persons are compared and thrown away.
*/

use syntax::Tag;

use crate::unit::Unit;

/// What a phrase says of one person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    names: Vec<String>,
    age: Option<u64>,
    female: Option<bool>,
}

const FEMALE: &[&str] = &[
    "aunt",
    "daughter",
    "female",
    "girl",
    "girlfriend",
    "granddaughter",
    "grandmother",
    "her",
    "herself",
    "lady",
    "mother",
    "niece",
    "policewoman",
    "schoolgirl",
    "she",
    "sister",
    "widow",
    "wife",
    "woman",
];
const MALE: &[&str] = &[
    "boy",
    "boyfriend",
    "brother",
    "father",
    "grandfather",
    "grandson",
    "gunman",
    "he",
    "him",
    "himself",
    "husband",
    "male",
    "man",
    "nephew",
    "policeman",
    "schoolboy",
    "son",
    "uncle",
];

impl Person {
    /// The person of a phrase that is no plural.
    #[must_use]
    pub fn of(unit: &Unit, phrase: usize) -> Self {
        let noun = &unit.phrases[phrase];
        let mut person = Self::default();
        for at in noun.words.clone() {
            let word = &unit.words[at];
            let aged = word.lower.split_once("-year-old").map(|(age, _)| age);
            if let Some(age) = aged {
                person.age = age.parse().ok();
            } else if word.tag == Tag::Nnp
                && word.capital
                && noun.possessor.as_ref().is_none_or(|of| !of.contains(&at))
            {
                person.names.push(word.lower.clone());
            }
        }
        // "Smith, 24, was shot".
        if unit.lower(noun.words.end) == ","
            && let Ok(age) = unit.lower(noun.words.end + 1).parse()
        {
            person.age = Some(age);
        }
        let head = unit.lower(noun.head);
        person.female = if FEMALE.binary_search(&head).is_ok() {
            Some(true)
        } else if MALE.binary_search(&head).is_ok() {
            Some(false)
        } else {
            None
        };
        person
    }

    /// Whether two phrases cannot mean the same person: other names, another age, another sex.
    #[must_use]
    pub fn differs(&self, other: &Self) -> bool {
        let names = !self.names.is_empty()
            && !other.names.is_empty()
            && !self.names.iter().any(|name| other.names.contains(name));
        let differ = |a: Option<u64>, b: Option<u64>| matches!((a, b), (Some(a), Some(b)) if a != b);
        names
            || differ(self.age, other.age)
            || matches!((self.female, other.female), (Some(a), Some(b)) if a != b)
    }

    /// What another phrase says of the same person, added.
    pub fn learn(&mut self, other: &Self) {
        for name in &other.names {
            if !self.names.contains(name) {
                self.names.push(name.clone());
            }
        }
        self.age = self.age.or(other.age);
        self.female = self.female.or(other.female);
    }
}
