/*! How many people a phrase means. */

use std::ops::Range;

use record::Quantity;
use syntax::Tag;

use super::Finder;
use crate::named::OLDEST;
use crate::people::division_noun;

/// Who mostly tells of what became of others.
const SPEAKERS: &[&str] = &[
    "authorities",
    "deputies",
    "detectives",
    "friends",
    "investigators",
    "officials",
    "police",
    "prosecutors",
    "relatives",
    "witnesses",
];
/// How names of streets end.
const STREETS: &[&str] = &[
    "ave",
    "avenue",
    "block",
    "blvd",
    "boulevard",
    "circle",
    "court",
    "drive",
    "highway",
    "lane",
    "parkway",
    "place",
    "rd",
    "road",
    "square",
    "st",
    "street",
    "terrace",
    "way",
];

/// Those killed that are no people.
const ANIMALS: &[&str] = &[
    "animal", "bear", "bird", "buffalo", "bull", "camel", "cat", "chicken", "cow", "deer", "dog", "donkey",
    "elephant", "goat", "horse", "k-9", "k9", "lion", "monkey", "mule", "pet", "pig", "puppy", "sheep",
    "snake", "tiger", "wolf",
];

/// What, with a capital, has a number for its name: "Club 21", "Highway 62", "Channel 5".
const NUMBERED: &[&str] = &[
    "apartment",
    "battalion",
    "camp",
    "channel",
    "chapter",
    "club",
    "engine",
    "exit",
    "flight",
    "gate",
    "highway",
    "interstate",
    "parkway",
    "phase",
    "pier",
    "precinct",
    "road",
    "room",
    "route",
    "terminal",
    "tower",
];

/// "The two men, *both 19*": what may stand before an age.
const BEFORE_AGE: &[&str] = &["aged", "all", "also", "both", "just", "now", "only"];
/// Hardly anybody lists more ages.
const AGES: usize = 12;
/// "In all, 12, *mostly* women, were hurt": what shows that a number between commas is a count.
const AFTER_COUNT: &[&str] = &[
    "all",
    "among",
    "both",
    "four",
    "including",
    "largely",
    "mainly",
    "many",
    "most",
    "mostly",
    "one",
    "some",
    "three",
    "two",
];

/// Nouns for many at once, nobody says how many.
const BODIES: &[&str] = &[
    "audience",
    "band",
    "battalion",
    "bunch",
    "community",
    "congregation",
    "convoy",
    "crew",
    "crowd",
    "family",
    "gang",
    "gathering",
    "group",
    "household",
    "mob",
    "number",
    "patrol",
    "platoon",
    "procession",
    "queue",
    "squad",
    "team",
    "unit",
    "village",
];

impl Finder<'_> {
    /// How many a phrase of people names; `None` where it names no people.
    pub(super) fn quantity(&self, phrase: usize) -> Option<(Quantity, Range<usize>)> {
        let unit = self.unit;
        let noun = &unit.phrases[phrase];
        let head = &unit.words[noun.head];
        let people = self.reading.is_people(self.parsed, phrase);
        let first = unit.lower(noun.words.start);
        // "Once in the head": a part of the body, for all that a head can be of a body of people.
        if super::BODY.binary_search(&head.lemma.as_str()).is_ok()
            && noun.preposition.is_some_and(|before| matches!(unit.lower(before), "in" | "to" | "on"))
        {
            return None;
        }
        // "The family dog".
        if ANIMALS.binary_search(&head.lemma.as_str()).is_ok() {
            return None;
        }
        if noun.words.len() == 1
            && matches!(first, "dead" | "wounded" | "injured" | "hurt" | "missing" | "killed")
        {
            return None;
        }
        if let Some(number) = noun.number {
            let number = &unit.numbers[number];
            // "15 year old Malik".
            let after = unit.lower(number.words.end);
            let aged = matches!(after, "year" | "years" | "yr" | "y" | "y/o")
                || after.strip_suffix("-old").is_some_and(|span| {
                    matches!(
                        span,
                        "year" | "years" | "yr" | "month" | "months" | "week" | "weeks" | "day" | "days"
                    )
                })
                || matches!(after, "month" | "months" | "week" | "weeks" | "day" | "days")
                    && unit.lower(number.words.end + 1) == "old";
            if aged && unit.phrases[phrase].words.contains(&number.words.end) {
                return Some((Quantity::exact(1), noun.words.clone()));
            }
            if number.phrase.year_like && !people || self.is_age(phrase) {
                return None;
            }
            let bare = noun.words.end == number.words.end;
            // "Sent to 2203 Lake Road": the number of a house.
            if STREETS.binary_search(&head.lower.as_str()).is_ok() {
                return None;
            }
            let thing = !bare && !people && self.reading.is_thing(self.parsed, phrase);
            if thing {
                return None;
            }
            return Some((number.phrase.quantity, noun.words.clone()));
        }
        if matches!(first, "no" | "nobody" | "none") {
            return Some((Quantity::exact(0), noun.words.clone()));
        }
        if matches!(first, "another" | "one" | "someone" | "somebody") && (people || noun.words.len() == 1) {
            return Some((Quantity::exact(1), noun.words.clone()));
        }
        // "a family of five", "a group of 12 migrants".
        if matches!(
            head.lemma.as_str(),
            "family"
                | "group"
                | "crew"
                | "team"
                | "party"
                | "pair"
                | "total"
                | "squad"
                | "number"
                | "convoy"
                | "gang"
        ) {
            let of = unit.of(phrase)?;
            // "A number of bombers": several.
            if head.lemma == "number" && first == "a" && unit.phrases[of].number.is_none() {
                return Some((Quantity::vague(3), noun.words.start..unit.phrases[of].words.end));
            }
            let number = unit.phrases[of].number?;
            return Some((
                unit.numbers[number].phrase.quantity,
                noun.words.start..unit.phrases[of].words.end,
            ));
        }
        if noun.pronoun {
            return match first {
                "he" | "she" | "him" | "her" | "himself" | "herself" => {
                    Some((Quantity::exact(1), noun.words.clone()))
                }
                _ => None,
            };
        }
        if !people {
            return self
                .reading
                .names_one(self.parsed, phrase)
                .then(|| (Quantity::exact(1), noun.words.clone()));
        }
        // "Both men".
        if noun.words.start < noun.head && first == "both" {
            return Some((Quantity::exact(2), noun.words.clone()));
        }
        if head.tag.is_plural()
            || matches!(head.lower.as_str(), "people" | "police" | "troops" | "children" | "women" | "men")
        {
            // A bare plural says no more than that there were two at least.
            return Some((Quantity::vague(2), noun.words.clone()));
        }
        if BODIES.binary_search(&head.lemma.as_str()).is_ok() {
            return None;
        }
        if matches!(
            head.lemma.as_str(),
            "force"
                | "army"
                | "militia"
                | "personnel"
                | "government"
                | "military"
                | "side"
                | "population"
                | "enemy"
                | "leadership"
        ) {
            return None;
        }
        Some((Quantity::exact(1), noun.words.clone()))
    }

    /// "A burglar", "a motorist": whoever is said to have been killed or wounded is a living being.
    pub(super) fn someone(&self, phrase: usize) -> bool {
        let unit = self.unit;
        let noun = &unit.phrases[phrase];
        let head = &unit.words[noun.head];
        matches!(unit.lower(noun.words.start), "a" | "an")
            && head.tag == Tag::Nn
            && unit.of(phrase).is_none()
            && ANIMALS.binary_search(&head.lemma.as_str()).is_err()
            && BODIES.binary_search(&head.lemma.as_str()).is_err()
            && !self.reading.is_thing(self.parsed, phrase)
            && !self.parsed.places.iter().any(|place| place.words.contains(&noun.head))
            && !self.triggers.iter().any(|trigger| trigger.words.contains(&noun.head))
    }

    /// "Two men, aged 25 and *26*": a figure that gives years.
    fn is_age(&self, phrase: usize) -> bool {
        let unit = self.unit;
        let noun = &unit.phrases[phrase];
        let ages = |word: &str| matches!(word, "aged" | "age" | "ages" | "aging");
        let Some(number) = noun.number else { return false };
        let words = &unit.numbers[number].words;
        words.end == noun.words.end
            && (ages(unit.before(words.start, 1))
                || noun.words.clone().any(|at| ages(unit.lower(at)))
                || phrase.checked_sub(1).is_some_and(|before| {
                    words.start == noun.words.start
                        && (unit.phrases[before].words.end..words.start).len() <= 2
                        && (unit.phrases[before].words.end..words.start)
                            .all(|at| matches!(unit.lower(at), "and" | "to" | "," | "-"))
                        && self.is_age(before)
                }))
    }

    /// "Shot two men, killing *them*": the counted people told before in the sentence whom an object means.
    pub(super) fn meant(&self, phrase: usize, trigger: usize) -> Option<usize> {
        let unit = self.unit;
        let noun = &unit.phrases[phrase];
        let verb = unit.verb_at[self.triggers[trigger].head]?;
        let group = &unit.verbs[verb];
        if unit.lower(noun.words.start) != "them"
            || noun.words.len() > 1
            || noun.words.start < group.words.end
        {
            return None;
        }
        let subject = unit.subject(verb);
        let before = self.reading.resolve_pronoun(self.parsed, phrase, subject)?;
        let several = |number: usize| unit.numbers[number].phrase.quantity.figure().is_some_and(|n| n > 1);
        unit.phrases[before].number.filter(|&number| several(number)).map(|_| before)
    }

    /// "Two girls, *7* and *5*, were shot": the ages of those counted before, and "image *3* of 40": figures of nobody.
    pub(super) fn no_count(&self, phrase: usize) -> bool {
        let unit = self.unit;
        let bare = |phrase: usize| {
            let noun = &unit.phrases[phrase];
            noun.number.map(|number| &unit.numbers[number]).filter(|number| number.words == noun.words)
        };
        let noun = &unit.phrases[phrase];
        // "We are killing one another".
        if unit.lower(noun.words.start) == "one" && unit.lower(noun.words.start + 1) == "another" {
            return true;
        }
        if self.years(phrase) || division_noun(unit.lemma(noun.head)) && !unit.words[noun.head].capital {
            return true;
        }
        if bare(phrase).is_none() {
            return false;
        }
        let start = unit.phrases[phrase].words.start;
        // "Called 911".
        let calls = |at: usize| matches!(unit.lemma(at), "call" | "dial" | "phone" | "ring");
        let named = |at: usize| unit.words[at].capital && NUMBERED.binary_search(&unit.lower(at)).is_ok();
        if start.checked_sub(1).is_some_and(named) && self.is_digits(start)
            || (start.saturating_sub(2)..start).any(calls) && self.is_digits(start)
        {
            return true;
        }
        if matches!(unit.before(start, 1), "image" | "photo" | "picture" | "slide" | "page" | "figure") {
            return true;
        }
        let joined = |left: usize, right: usize| {
            let mut between = unit.phrases[left].words.end..unit.phrases[right].words.start;
            between.len() <= 2 && between.all(|at| matches!(unit.lower(at), "," | "and"))
        };
        let mut first = phrase;
        while first > 0 && bare(first).is_some() && joined(first - 1, first) {
            first -= 1;
        }
        let mut last = phrase;
        while last + 1 < unit.phrases.len() && bare(last + 1).is_some() && joined(last, last + 1) {
            last += 1;
        }
        let several =
            unit.phrases[first].number.and_then(|number| unit.numbers[number].phrase.quantity.figure());
        bare(first).is_none()
            && unit.lower(unit.phrases[first].words.end) == ","
            && several.is_some_and(|n| n > 1 && n == (last - first) as u64)
            && self.reading.is_people(self.parsed, first)
    }

    /// "Executed numerous *small-arms* and bomb attacks": what stands beside deeds, and is no people, is one.
    pub(super) fn of_deeds(&self, phrase: usize) -> bool {
        let unit = self.unit;
        !self.reading.is_people(self.parsed, phrase)
            && unit.words[unit.phrases[phrase].head].tag.is_noun()
            && unit.and_following(phrase)[1..].iter().any(|&other| {
                matches!(unit.lemma(unit.phrases[other].head), "attack" | "bombing" | "operation" | "raid")
            })
    }

    /// "Police say …": who speaks is hurt only where the verb stands beside them.
    pub(super) fn speaks(&self, phrase: usize, trigger: usize) -> bool {
        let unit = self.unit;
        let noun = &unit.phrases[phrase];
        let head = self.triggers[trigger].head;
        let verb = unit.verb_at[head].map_or(head, |verb| unit.verbs[verb].words.start);
        noun.number.is_none()
            && SPEAKERS.binary_search(&unit.lower(noun.head)).is_ok()
            && noun.words.end <= verb
            && (noun.words.end..verb).any(|at| unit.verb_at[at].is_some())
    }

    /// "A boy, *also 15*, was shot", "two men, between *20 and 30 years of age*, were shot": the phrase
    /// that an age belongs to.
    pub(super) fn age_of(&self, phrase: usize) -> Option<usize> {
        let unit = self.unit;
        let noun = unit.phrases.get(phrase)?;
        let number = &unit.numbers[noun.number?];
        let whose = phrase.checked_sub(1)?;
        let named = &unit.phrases[whose];
        let years = self.counts_years(phrase);
        let before = |at: usize| {
            BEFORE_AGE.contains(&unit.lower(at))
                || years && matches!(unit.lower(at), "between" | "from" | "about")
        };
        let mut start = number.words.start;
        while start > 0 && before(start - 1) {
            start -= 1;
        }
        let bare = number.words.end == noun.words.end
            && start <= noun.words.start
            && number.phrase.quantity.figure().is_some_and(|n| n <= OLDEST);
        let person = unit.words[named.head].tag.is_proper()
            || unit.words[named.head].tag == Tag::Nn && self.reading.is_people(self.parsed, whose);
        ((bare && named.number.is_none() && person || years && self.reading.is_people(self.parsed, whose))
            && named.words.end + 1 == start
            && unit.lower(named.words.end) == ","
            && matches!(unit.lower(self.past_age(noun.words.end)), "," | "."))
        .then_some(whose)
        .or_else(|| self.ages_of(phrase))
    }

    /// Behind "of age", where that stands there.
    fn past_age(&self, at: usize) -> usize {
        let of_age = self.unit.lower(at) == "of" && self.unit.lower(at + 1) == "age";
        if of_age { at + 2 } else { at }
    }

    /// "Two of *the boys*, 14 and 15, were hurt": the phrase that says how many.
    pub(super) fn counted_of(&self, phrase: usize) -> Option<usize> {
        let unit = self.unit;
        let listed = phrase + 1 < unit.phrases.len() && self.ages_of(phrase + 1) == phrase.checked_sub(1);
        phrase.checked_sub(1).filter(|&whole| listed && unit.of(whole) == Some(phrase))
    }

    /// "Her sons, *7* and *8*, were hurt", "two of the boys, *14* and *15*": those whose ages are listed.
    fn ages_of(&self, phrase: usize) -> Option<usize> {
        let unit = self.unit;
        let mut last = phrase;
        while last + 1 < unit.phrases.len() && last < phrase + AGES && self.is_age_after(last, last + 1) {
            last += 1;
        }
        let mut first = phrase;
        while first > 0 && first + AGES > phrase && self.is_age_after(first - 1, first) {
            first -= 1;
        }
        let whose = first.checked_sub(1)?;
        let end = unit.phrases[last].words.end;
        let listed = last > first
            && self.is_figure(first)
            && unit.phrases[whose].words.end + 1 == unit.phrases[first].words.start
            && unit.lower(unit.phrases[whose].words.end) == ","
            && matches!(unit.lower(end), "," | "." | ")")
            && unit.words[unit.phrases[whose].head].tag.is_plural()
            && self.reading.is_people(self.parsed, whose);
        // "Two of the boys".
        let of = whose.checked_sub(1).filter(|&before| unit.of(before) == Some(whose));
        listed.then(|| of.filter(|&before| unit.phrases[before].number.is_some()).unwrap_or(whose))
    }

    /// Whether a phrase is one figure in digits that may be an age.
    fn is_figure(&self, phrase: usize) -> bool {
        let unit = self.unit;
        let noun = &unit.phrases[phrase];
        let old = |at: usize| unit.lower(at).parse::<u64>().is_ok_and(|n| n <= OLDEST);
        noun.words.len() == 1 && noun.number.is_some() && old(noun.words.start)
    }

    /// "14 and *15*", "14, *15*".
    fn is_age_after(&self, left: usize, right: usize) -> bool {
        let unit = self.unit;
        let mut between = unit.phrases[left].words.end..unit.phrases[right].words.start;
        self.is_figure(left)
            && (self.is_figure(right) || self.counts_years(right))
            && (1..=2).contains(&between.len())
            && between.all(|at| matches!(unit.lower(at), "," | "and"))
    }

    /// "17 years old", "20 to 30 years".
    fn counts_years(&self, phrase: usize) -> bool {
        let unit = self.unit;
        let noun = &unit.phrases[phrase];
        let Some(number) = noun.number else { return false };
        let end = unit.numbers[number].words.end;
        unit.numbers[number].words.start == noun.words.start
            && noun.words.contains(&end)
            && matches!(unit.lower(end), "year" | "years" | "month" | "months")
            && (end + 1..noun.words.end).all(|at| matches!(unit.lower(at), "old" | "of" | "age"))
    }

    fn is_digits(&self, at: usize) -> bool {
        self.unit.lower(at).bytes().all(|byte| byte.is_ascii_digit())
    }

    /// "Smith, *46*, remained in hospital", "another boy, *also 15*, was shot", "two boys, *16 and 17 years old*": a
    /// number in digits between commas gives years, but where what follows shows that it counts.
    fn years(&self, phrase: usize) -> bool {
        let unit = self.unit;
        let noun = &unit.phrases[phrase];
        let Some(number) = noun.number else { return false };
        let words = &unit.numbers[number].words;
        let figure = words.end == noun.words.end
            && words.len() == 1
            && self.is_digits(words.start)
            && unit.numbers[number].phrase.quantity.figure().is_some_and(|n| n <= OLDEST)
            && (noun.words.start..words.start).all(|at| BEFORE_AGE.contains(&unit.lower(at)));
        let years = self.counts_years(phrase);
        if !figure && !years {
            return false;
        }
        let mut start = noun.words.start;
        while start > 0 && BEFORE_AGE.contains(&unit.before(start, 1)) {
            start -= 1;
        }
        let end = noun.words.end;
        let listed = phrase.checked_sub(1).is_some_and(|before| {
            self.is_age_after(before, phrase)
                && matches!(unit.before(unit.phrases[before].words.start, 1), "," | "(")
        });
        let opens = matches!(unit.before(start, 1), "," | "(") || listed;
        let next = phrase + 1 < unit.phrases.len() && self.is_age_after(phrase, phrase + 1);
        let closes =
            matches!(unit.lower(end), "," | ")") && !AFTER_COUNT.contains(&unit.lower(end + 1)) || next;
        opens && (closes || years)
            || years && matches!(unit.before(start, 1), "between" | "from" | "about" | "around")
    }
}
