/*! Which single person a phrase means, as far as it says: enough to tell two of them apart.

Nothing of this leaves the reader: the names of private persons are compared and thrown away.
*/

use syntax::Tag;

use crate::reading::{Parsed, Reading};

/// What a phrase says of one person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    names: Vec<String>,
    age: Option<u64>,
    female: Option<bool>,
    young: Option<bool>,
    noun: Option<String>,
    /// "The man", "her brother", "he", a name: somebody who is known.
    pub known: bool,
    /// "He", "her".
    pub pronoun: bool,
    /// "A second victim", "another": none of those told of before; as many there are at least.
    pub besides: Option<u64>,
    /// "A boy was held for shooting *another boy*": other than one who did it.
    pub aside: bool,
}

const FEMALE: &[&str] = &[
    "aunt",
    "bride",
    "daughter",
    "ex-girlfriend",
    "ex-wife",
    "female",
    "girl",
    "girlfriend",
    "granddaughter",
    "grandmother",
    "her",
    "herself",
    "lady",
    "mom",
    "mother",
    "niece",
    "policewoman",
    "schoolgirl",
    "she",
    "sister",
    "stepdaughter",
    "stepmother",
    "widow",
    "wife",
    "woman",
];
const MALE: &[&str] = &[
    "boy",
    "boyfriend",
    "brother",
    "dad",
    "ex-boyfriend",
    "ex-husband",
    "father",
    "grandfather",
    "grandson",
    "groom",
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
    "serviceman",
    "son",
    "stepfather",
    "stepson",
    "uncle",
];
const CHILDREN: &[&str] =
    &["baby", "boy", "child", "girl", "infant", "kid", "newborn", "schoolboy", "schoolgirl", "toddler"];
/// Nouns for anybody of an age or sex, beside those above.
const GENERAL: &[&str] =
    &["adult", "juvenile", "minor", "resident", "teen", "teenager", "youngster", "youth"];
/// Nouns for those of ten to nineteen.
const TEENS: &[&str] = &["juvenile", "minor", "teen", "teenager", "youth"];
const ADULTS: &[&str] = &["adult", "man", "woman"];
/// Bodies of people, whom no "he" means.
const BODIES: &[&str] = &[
    "army",
    "authority",
    "court",
    "crew",
    "department",
    "family",
    "force",
    "gang",
    "government",
    "group",
    "military",
    "militia",
    "office",
    "party",
    "patrol",
    "police",
    "squad",
    "team",
    "unit",
];
/// From and to which age "boy" and "man" may both be said of one.
const BETWEEN: std::ops::RangeInclusive<u64> = 14..=21;
/// Nobody who is told of by age is older.
const OLDEST: u64 = 115;

/// The number of an ordinal that counts persons.
fn ordinal(word: &str) -> Option<u64> {
    let ordinals = ["second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];
    (2..).zip(ordinals).find_map(|(n, ordinal)| (word == ordinal).then_some(n))
}

fn within(word: &str, list: &[&str]) -> bool {
    list.binary_search(&word).is_ok()
}

impl Person {
    /// The person of a phrase that is no plural.
    #[must_use]
    pub fn of(reading: &Reading<'_>, parsed: &Parsed, phrase: usize) -> Self {
        let unit = &parsed.unit;
        let mut person = Self::alone(reading, parsed, phrase);
        if person.pronoun {
            if let Some(before) = person.stands_for(reading, parsed, phrase) {
                let before = Self::alone(reading, parsed, before);
                person.learn(&before);
                person.besides = before.besides;
            }
            return person;
        }
        // "A second victim, *a woman*, was hit", "Smith, *a clerk*, was hit": two phrases for one person.
        let apposed = |left: usize, right: usize| {
            let (Some(a), Some(b)) = (unit.phrases.get(left), unit.phrases.get(right)) else { return false };
            a.words.end + 1 == b.words.start
                && unit.lower(a.words.end) == ","
                && b.number.is_none()
                && matches!(unit.lower(b.words.start), "a" | "an" | "the")
                && a.preposition.is_none_or(|before| matches!(unit.lower(before), "of" | "as"))
                && (unit.lower(b.words.end) == ","
                    || unit.verb_at.get(b.words.end).copied().flatten().is_some())
                && a.number.is_none_or(|number| unit.numbers[number].phrase.quantity.figure() == Some(1))
                && !unit.words[b.head].tag.is_plural()
                && reading.is_people(parsed, right)
        };
        let beside = phrase
            .checked_sub(1)
            .filter(|&left| apposed(left, phrase) && reading.is_people(parsed, left))
            .or_else(|| Some(phrase + 1).filter(|&right| apposed(phrase, right)));
        if let Some(beside) = beside {
            let other = Self::alone(reading, parsed, beside);
            if !person.differs(&other) {
                person.learn(&other);
                person.besides = person.besides.or(other.besides);
            }
        }
        person
    }

    /// "A boy was held for shooting *another boy*": other than one of the sentence to whom nothing was done, so that nothing says
    /// that more were harmed than those told of before.
    #[must_use]
    pub fn than_unharmed(
        &self,
        reading: &Reading<'_>,
        parsed: &Parsed,
        phrase: usize,
        harmed: impl Fn(usize) -> bool,
    ) -> bool {
        let unit = &parsed.unit;
        unit.lower(unit.phrases[phrase].words.start) == "another"
            && (0..phrase).any(|before| {
                let noun = &unit.phrases[before];
                let other = || Self::alone(reading, parsed, before);
                let alike = |other: Self| {
                    let general =
                        |noun: &Option<String>| noun.as_deref().is_some_and(|noun| GENERAL.contains(&noun));
                    !self.differs(&other)
                        && (self.likeness(&other) > 0
                            || general(&self.noun) && other.age.is_some()
                            || general(&other.noun) && self.age.is_some())
                };
                !noun.pronoun
                    && !unit.words[noun.head].tag.is_plural()
                    && !harmed(before)
                    && reading.is_people(parsed, before)
                    && alike(other())
            })
    }

    /// What the words of a phrase alone say.
    fn alone(reading: &Reading<'_>, parsed: &Parsed, phrase: usize) -> Self {
        let unit = &parsed.unit;
        let noun = &unit.phrases[phrase];
        let head = unit.lower(noun.head);
        let mut person = Self { pronoun: is_pronoun(head), ..Self::default() };
        let role = reading.describe(parsed, phrase).and_then(|who| who.role);
        // "Officer Anna Berg": what somebody is stands before the name.
        let titled = |role: &str| role.split(' ').any(|word| word == unit.lemma(noun.head) || word == head);
        let known_name = parsed.persons.iter().any(|name| name.words.contains(&noun.head));
        // In a headline's capitals a "Teen" looks like a name.
        let named = unit.words[noun.head].tag.is_proper()
            && !GENERAL.contains(&head)
            // "A 22-year-old Kurd".
            && !matches!(unit.lower(noun.words.start), "a" | "an" | "another")
            && role.as_deref().is_none_or(|role| known_name && !titled(role));
        for at in noun.words.clone() {
            let word = &unit.words[at];
            let aged = word.lower.split_once("-year-old").map(|(age, _)| age);
            if let Some(age) = aged {
                person.age = age.parse().ok();
            } else if named
                && word.tag.is_proper()
                && word.capital
                && word.lower.chars().count() > 2
                && role.as_deref().is_none_or(|role| role.split(' ').all(|part| part != word.lower))
                && noun.possessor.as_ref().is_none_or(|of| !of.contains(&at))
                && !parsed.places.iter().any(|place| place.words.contains(&at))
            {
                person.names.push(word.lower.clone());
            }
        }
        // "Smith, 24, was shot", "a man, 30, was shot".
        if unit.lower(noun.words.end) == ","
            && let Ok(age) = unit.lower(noun.words.end + 1).parse()
            && age <= OLDEST
        {
            person.age = Some(age);
        }
        person.female = if within(head, FEMALE) {
            Some(true)
        } else if within(head, MALE) {
            Some(false)
        } else {
            None
        };
        person.young = match person.age {
            Some(age) if BETWEEN.contains(&age) => None,
            Some(age) => Some(age < *BETWEEN.start()),
            None if within(head, CHILDREN) => Some(true),
            None if within(head, ADULTS) => Some(false),
            None => None,
        };
        let blank = head.contains("-year-old")
            || matches!(
                head,
                "one" | "another" | "other" | "person" | "individual" | "somebody" | "someone" | "victim"
            );
        if !person.pronoun && !named && !blank && !known_name && reading.is_people(parsed, phrase) {
            person.noun = Some(unit.lemma(noun.head).to_owned());
        } else if named && noun.words.len() > 1 {
            person.noun = role.filter(|role| !role.contains(' '));
        }
        let first = unit.lower(noun.words.start);
        person.known = person.pronoun
            || !person.names.is_empty()
            || matches!(first, "the" | "that" | "this" | "his" | "her" | "their" | "its" | "my" | "our")
            || noun.possessor.is_some();
        let counts = |at: usize| ordinal(unit.lower(at)).or((unit.lower(at) == "another").then_some(2));
        person.besides = noun.words.clone().find_map(counts).or_else(|| {
            // "The other": of two, or of all but one.
            (noun.words.clone().any(|at| unit.lower(at) == "other")).then_some(2)
        });
        person
    }

    /// Whom of its own sentence a pronoun means: "himself" the subject, "he" the nearest person before it that it can be.
    fn stands_for(&self, reading: &Reading<'_>, parsed: &Parsed, phrase: usize) -> Option<usize> {
        let unit = &parsed.unit;
        let noun = &unit.phrases[phrase];
        let one = |before: usize| {
            let other = &unit.phrases[before];
            !unit.words[other.head].tag.is_plural()
                && other.number.is_none_or(|number| unit.numbers[number].phrase.quantity.figure() == Some(1))
                && (reading.is_people(parsed, before) || unit.words[other.head].tag == Tag::Nnp)
                && !other.pronoun
                && !BODIES.contains(&unit.lemma(other.head))
                && !self.differs(&Self::alone(reading, parsed, before))
        };
        let verb = (0..unit.verbs.len()).rev().find(|&verb| unit.verbs[verb].words.end <= noun.words.start);
        let subject = verb.and_then(|verb| unit.subject(verb));
        if unit.lower(noun.head).ends_with("self") {
            return subject.filter(|&subject| one(subject));
        }
        let object = matches!(unit.lower(noun.head), "him" | "her");
        let person = |before: usize| {
            let words = &unit.phrases[before].words;
            reading.is_people(parsed, before)
                || words.clone().any(|at| unit.lower(at).contains("-year-old"))
                || parsed.persons.iter().any(|name| words.contains(&name.words.start))
        };
        (0..phrase)
            .rev()
            .find(|&before| {
                person(before)
                    && !(object && Some(before) == subject)
                    && !BODIES.contains(&unit.lemma(unit.phrases[before].head))
            })
            .filter(|&before| one(before))
    }

    /// Whether two phrases cannot mean the same person: other names, another age, another sex, child and grown-up.
    #[must_use]
    pub fn differs(&self, other: &Self) -> bool {
        let names = !self.names.is_empty() && !other.names.is_empty() && !self.shares_name(other);
        let differ = |a: Option<u64>, b: Option<u64>| matches!((a, b), (Some(a), Some(b)) if a != b);
        let sides = |a: Option<bool>, b: Option<bool>| matches!((a, b), (Some(a), Some(b)) if a != b);
        // Reports disagree on an age; on a name they hardly do.
        let same_name = self.shares_name(other);
        names
            || differ(self.age, other.age) && !same_name
            || sides(self.female, other.female)
            || sides(self.young, other.young) && !same_name
    }

    /// Whether one name may be the other, or a part of it: "Berg" and "Anna Berg", "Rob" and "Robert", but not two of
    /// one family.
    pub(crate) fn shares_name(&self, other: &Self) -> bool {
        let (few, many) = if self.names.len() <= other.names.len() { (self, other) } else { (other, self) };
        let short = |a: &str, b: &str| a.len() > 1 && b.starts_with(a) || b.len() > 1 && a.starts_with(b);
        few.names.iter().any(|name| many.names.contains(name))
            && few.names.iter().all(|name| many.names.iter().any(|whole| short(name, whole)))
    }

    /// Whether two phrases surely mean the same person: a name or an age in common.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        !self.differs(other) && (self.shares_name(other) || self.age.is_some() && self.age == other.age)
    }

    /// Whether two phrases have one noun and say no more than that.
    pub(crate) fn named_alike(&self, other: &Self) -> bool {
        self.noun.is_some() && self.noun == other.noun && self.names.is_empty() && other.names.is_empty()
    }

    /// How much two phrases that may mean the same person have in common.
    #[must_use]
    pub fn likeness(&self, other: &Self) -> u32 {
        8 * u32::from(self.is(other))
            + 2 * u32::from(self.noun.is_some() && self.noun == other.noun)
            + u32::from(self.female.is_some() && self.female == other.female)
            + u32::from(self.young.is_some() && self.young == other.young)
            + 2 * u32::from(self.in_teens(other) || other.in_teens(self))
    }

    /// "A teenager", and one of 16.
    fn in_teens(&self, other: &Self) -> bool {
        self.noun.as_deref().is_some_and(|noun| TEENS.contains(&noun))
            && other.age.is_some_and(|age| (10..20).contains(&age))
    }

    /// Whether two phrases call a person what hardly anybody is at once: a clerk and a customer.
    #[must_use]
    pub fn otherwise_called(&self, other: &Self) -> bool {
        let special = |person: &Self| {
            person.noun.clone().filter(|noun| {
                let noun = noun.as_str();
                !(within(noun, FEMALE)
                    || within(noun, MALE)
                    || within(noun, CHILDREN)
                    || within(noun, ADULTS)
                    || GENERAL.contains(&noun))
            })
        };
        !self.is(other) && matches!((special(self), special(other)), (Some(a), Some(b)) if a != b)
    }

    /// Whether a phrase says nothing by which one person is told from another.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.names.is_empty()
            && self.age.is_none()
            && self.female.is_none()
            && self.young.is_none()
            && self.noun.is_none()
    }

    /// What another phrase says of the same person, added.
    pub fn learn(&mut self, other: &Self) {
        for name in &other.names {
            if !self.names.contains(name) && self.names.len() < NAMES {
                self.names.push(name.clone());
            }
        }
        self.age = self.age.or(other.age);
        self.female = self.female.or(other.female);
        self.young = self.young.or(other.young);
        self.aside |= other.aside;
        if self.noun.is_none() {
            self.noun.clone_from(&other.noun);
        }
    }
}

/// Of how many words a name is, at most.
const NAMES: usize = 8;

fn is_pronoun(word: &str) -> bool {
    matches!(word, "he" | "she" | "him" | "her" | "himself" | "herself")
}
