/*! What became of people: counts of dead, wounded, taken, missing, with whom they count.

For each word of the lexicon that has a list of counts the phrase of those counted is looked for where
English puts it: before a passive, after an active verb, after "death of", before "dead". A figure that
"including" introduces is part of the one before it; one that "the toll" introduces replaces it.
*/

mod quantity;
mod sums;

use std::ops::Range;

use record::Quantity;
use syntax::Tag;

use crate::kind::Kind;
use crate::lexicon::{Class, Outcome, Pattern};
use crate::reading::{Parsed, Reading};
use crate::trigger::Trigger;
use crate::unit::Unit;

/// One count that a sentence gives.
#[derive(Debug, Clone)]
pub struct Casualty {
    /// Which list.
    pub outcome: Outcome,
    /// Those counted, where a phrase names them.
    pub phrase: Option<usize>,
    /// The words that give the count.
    pub words: Range<usize>,
    /// How many.
    pub quantity: Quantity,
    /// Index of the trigger that says what became of them.
    pub trigger: usize,
    /// Index, in the sentence's list, of the count that this is part of.
    pub part_of: Option<usize>,
    /// A running total that replaces earlier figures.
    pub toll: bool,
    /// An earlier figure of the same sentence that a later one replaces ("from 10 to 14").
    pub superseded: bool,
    /// The verb is negated, so that the count did not happen.
    pub negated: bool,
    /// Shot, stabbed, taken to hospital: hurt at least, and maybe dead, as other words may say.
    pub at_least_hurt: bool,
    /// "Among the dead were two guards": some of those told of before.
    pub among: bool,
}

/// Verbs by which a toll becomes another.
pub(crate) const RISING: &[&str] =
    &["rise", "climb", "reach", "increase", "jump", "grow", "soar", "stand", "mount", "hit", "pass", "top"];
/// Within how many words of "toll", or of the verb that tells of it, its figure stands.
const TOLL_TO_FIGURE: usize = 14;
/// Within how many words of "toll" its verb stands.
const TOLL_TO_VERB: usize = 40;

/// What is done to the bodies of the dead.
const FINDING: &[&str] = &[
    "find", "recover", "discover", "unearth", "pull", "bring", "retrieve", "count", "dump", "exhume",
    "collect", "bury",
];

/// What is shot, and what flies from what explodes.
const BULLETS: &[&str] = &[
    "buckshot", "bullet", "fragment", "gunfire", "gunshot", "pellet", "ricochet", "round", "shot", "shrapnel",
];
/// Where a body is hit.
const BODY: &[&str] = &[
    "abdomen", "ankle", "arm", "back", "body", "buttock", "buttocks", "calf", "cheek", "chest", "chin",
    "elbow", "eye", "face", "finger", "foot", "forearm", "groin", "hand", "head", "hip", "jaw", "knee",
    "leg", "lung", "neck", "shoulder", "side", "spine", "stomach", "temple", "thigh", "throat", "torso",
    "wrist",
];

/// The counts of a sentence.
#[must_use]
pub fn find(reading: &Reading<'_>, parsed: &Parsed, triggers: &[Trigger]) -> Vec<Casualty> {
    let unit = &parsed.unit;
    let mut finder = Finder { reading, parsed, unit, triggers, found: Vec::new() };
    // What may only have hurt people says nothing of those of whom it is said what became of them.
    let open = |index: &usize| reading.knowledge.lexicon.entry(triggers[*index].entry).outcome_if_said;
    let (open, told): (Vec<usize>, Vec<usize>) = (0..triggers.len()).partition(open);
    for index in told.into_iter().chain(open) {
        finder.of_trigger(index);
    }
    finder.some_fatally();
    finder.join_shared();
    finder.parts();
    finder.bodies_among();
    finder.shared_figure();
    finder.apposed();
    finder.spelled_out();
    finder.settle();
    finder.found
}

struct Finder<'a> {
    reading: &'a Reading<'a>,
    parsed: &'a Parsed,
    unit: &'a Unit,
    triggers: &'a [Trigger],
    found: Vec<Casualty>,
}

impl Finder<'_> {
    fn of_trigger(&mut self, index: usize) {
        let trigger = &self.triggers[index];
        let entry = self.reading.knowledge.lexicon.entry(trigger.entry);
        let Some(outcome) = entry.outcome else { return };
        let unit = self.unit;
        match entry.class {
            Class::Verb => {
                let Some(verb) = unit.verb_at[trigger.head] else { return };
                let group = &unit.verbs[verb];
                let passive = group.passive || group.bare_participle;
                if entry.has("passive-only") && !passive || self.some_of_the(outcome, trigger.head, index) {
                    return;
                }
                // "Was shot at a market" against "was shot at by the guards".
                if entry.lemmas.last().is_some_and(|last| last == "at")
                    && unit.phrases.iter().all(|phrase| phrase.words.start != trigger.words.end)
                {
                    return;
                }
                if entry.has("by-bullet") && !self.by_bullet(trigger) {
                    return;
                }
                let victims = match entry.pattern {
                    Pattern::SubjectSuffers => {
                        unit.subject(verb).map(|subject| self.before(subject, group.words.start))
                    }
                    // "Claimed *20 lives*".
                    Pattern::Weapon
                        if entry.lemmas.last().is_some_and(|last| last == "life")
                            && unit
                                .phrase_of(trigger.words.end - 1)
                                .is_some_and(|lives| unit.phrases[lives].number.is_some()) =>
                    {
                        unit.phrase_of(trigger.words.end - 1).map(|lives| vec![lives])
                    }
                    Pattern::Weapon => unit
                        .phrases
                        .iter()
                        .position(|phrase| {
                            phrase.words.start > trigger.words.start
                                && phrase.words.start >= trigger.words.end
                        })
                        .filter(|&phrase| unit.phrases[phrase].words.start <= trigger.words.end + 2)
                        .map(|phrase| unit.and_following(phrase)),
                    _ if passive => unit.subject(verb).map(|subject| self.before(subject, group.words.start)),
                    // "Slit the throats of *five civilians*", "shot dead *two people*".
                    _ if entry.lemmas.last().is_some_and(|last| last == "of")
                        || entry.lemmas.last().is_some_and(|last| last == "dead")
                            && unit.object(verb).is_none() =>
                    {
                        unit.phrases
                            .iter()
                            .position(|phrase| phrase.words.start == trigger.words.end)
                            .map(|phrase| unit.and_following(phrase))
                    }
                    // "Injuring *160*, police and medical sources said": the bare figure right behind the verb, whatever the
                    // tree says.
                    _ if self
                        .bare_behind(trigger)
                        .is_some_and(|figure| unit.object(verb) != Some(figure)) =>
                    {
                        self.bare_behind(trigger).map(|figure| vec![figure])
                    }
                    _ => unit.object(verb).map(|object| self.until_other(unit.and_following(object), index)),
                };
                let victims = if passive { self.told_after(verb).or(victims) } else { victims };
                let victims = self.burned_to_death(index, verb).or(victims);
                // "Detained two men and seized their rifles": what is seized stands behind it.
                let victims = match entry.kind {
                    Kind::Seizure => victims,
                    _ => victims.or_else(|| self.shared_object(verb)),
                };
                let negated = group.negated;
                let fatal = outcome == Outcome::Injured && (self.fatally(verb) || self.fatal_wound(trigger));
                let outcome = if fatal { Outcome::Killed } else { outcome };
                for phrase in victims.unwrap_or_default() {
                    // "The number of soldiers killed has risen to 14".
                    let start = unit.phrases[phrase].words.start;
                    if matches!(unit.before(start, 2), "number" | "toll" | "count")
                        && unit.before(start, 1) == "of"
                        && unit.phrases[phrase].number.is_none()
                    {
                        self.toll(outcome, index, false);
                        continue;
                    }
                    // "Protesters were shot": how many, and whether they were hurt, the verb leaves open.
                    if entry.outcome_if_said
                        && !fatal
                        && self.quantity(phrase).is_none_or(|(quantity, _)| quantity.vague)
                    {
                        continue;
                    }
                    self.count(outcome, phrase, index, negated);
                }
            }
            Class::Adjective => self.adjective(outcome, index),
            Class::Noun => self.noun(outcome, index),
        }
    }

    /// A phrase of a figure alone, right behind a verb and before a comma.
    fn bare_behind(&self, trigger: &Trigger) -> Option<usize> {
        let unit = self.unit;
        let end = trigger.words.end;
        unit.phrases.iter().position(|phrase| {
            phrase.words.start == end
                && unit.lower(phrase.words.end) == ","
                && phrase.number.is_some_and(|number| unit.numbers[number].words == phrase.words)
        })
    }

    /// "Was struck by a bullet", "was hit in the leg": by what is shot, or where it hurts a body.
    fn by_bullet(&self, trigger: &Trigger) -> bool {
        let unit = self.unit;
        let shot = (0..unit.words.len()).any(|at| BULLETS.binary_search(&unit.lemma(at)).is_ok())
            || self.triggers.iter().any(|other| other.kind == Kind::Shooting && other.head != trigger.head);
        let body = || {
            (trigger.words.end..unit.words.len().min(trigger.words.end + 6)).any(|at| {
                matches!(unit.lower(at), "in" | "on")
                    && matches!(unit.lower(at + 1), "the" | "his" | "her" | "their" | "both")
                    && (at + 2..at + 5).any(|at| BODY.binary_search(&unit.lemma(at)).is_ok())
            })
        };
        shot || body()
    }

    /// "Fatally shot", "was mortally wounded".
    fn fatally(&self, verb: usize) -> bool {
        let words = &self.unit.verbs[verb].words;
        (words.start.saturating_sub(1)..words.end + 1)
            .any(|at| matches!(self.unit.lower(at), "fatally" | "mortally"))
    }

    /// "Sustained a fatal wound".
    fn fatal_wound(&self, trigger: &Trigger) -> bool {
        trigger.words.clone().any(|at| matches!(self.unit.lower(at), "fatal" | "mortal"))
    }

    /// "Two men were shot, *one* fatally".
    fn some_fatally(&mut self) {
        let unit = self.unit;
        for at in 1..unit.words.len() {
            if !matches!(unit.lower(at), "fatally" | "mortally") {
                continue;
            }
            let Some(mut phrase) = unit.phrases.iter().position(|phrase| phrase.words.end == at) else {
                continue;
            };
            // "*Two* of them fatally".
            if phrase > 0 && unit.phrases[phrase].pronoun && unit.of(phrase - 1) == Some(phrase) {
                phrase -= 1;
            }
            let hurt = |found: &&Casualty| {
                found.outcome == Outcome::Injured
                    && !found.negated
                    && found.words.end <= unit.phrases[phrase].words.start
            };
            let ends = unit.verb_at.get(at + 1).copied().flatten().is_none();
            if let Some(trigger) =
                self.found.iter().rev().find(hurt).map(|found| found.trigger).filter(|_| ends)
            {
                self.count(Outcome::Killed, phrase, trigger, false);
            }
        }
    }

    /// Of coordinated objects those that no later word of outcome claims ("killed one and another 4 *wounded*").
    fn until_other(&self, phrases: Vec<usize>, index: usize) -> Vec<usize> {
        let unit = self.unit;
        phrases
            .into_iter()
            .take_while(|&phrase| {
                let mut at = unit.phrases[phrase].words.end;
                while at < unit.words.len() && unit.words[at].tag.is_adverb() {
                    at += 1;
                }
                !self.triggers.iter().enumerate().any(|(other, trigger)| {
                    other != index
                        && trigger.head == at
                        // "Killed two tourists kidnapped last month": whom they killed.
                        && matches!(
                            self.reading.knowledge.lexicon.entry(trigger.entry).outcome,
                            Some(Outcome::Killed | Outcome::Injured | Outcome::KilledOrInjured)
                        )
                        && unit.verb_at[at].is_none_or(|verb| unit.verbs[verb].bare_participle)
                })
            })
            .collect()
    }

    /// "Also killed in the raid were *two guards*".
    fn told_after(&self, verb: usize) -> Option<Vec<usize>> {
        let unit = self.unit;
        let head = unit.verbs[verb].words.start;
        let opens = head == 0 || head == 1 && unit.lower(0) == "also";
        let next = unit.verbs.get(verb + 1).filter(|_| opens)?;
        let copula =
            next.words.len() == 1 && matches!(unit.lower(next.words.start), "was" | "were" | "is" | "are");
        let phrase = unit.phrases.iter().position(|phrase| phrase.words.start == next.words.end)?;
        copula.then(|| unit.and_following(phrase))
    }

    /// "Militants burned to death *15 civilians*": what follows the phrase is its object, and the verb no passive.
    fn burned_to_death(&self, index: usize, verb: usize) -> Option<Vec<usize>> {
        let unit = self.unit;
        let words = &self.triggers[index].words;
        if !unit.verbs[verb].bare_participle || words.len() < 2 || unit.before(words.end, 1) != "death" {
            return None;
        }
        let phrase = unit.phrases.iter().position(|phrase| phrase.words.start == words.end)?;
        Some(unit.and_following(phrase))
    }

    /// "Killing or wounding 29": the object of the second verb is the first one's too.
    fn shared_object(&self, verb: usize) -> Option<Vec<usize>> {
        let unit = self.unit;
        let end = unit.verbs[verb].words.end;
        let next = verb + 1;
        let joined = matches!(unit.lower(end), "and" | "or")
            && unit.verbs.get(next).is_some_and(|other| other.words.start == end + 1);
        joined.then(|| unit.object(next)).flatten().map(|object| unit.and_following(object))
    }

    /// The phrases coordinated to the left of a verb's subject; where the subject stands far from the
    /// verb because of what "of" adds to it, those before the "of".
    fn before(&self, subject: usize, verb: usize) -> Vec<usize> {
        let unit = self.unit;
        let mut last = subject;
        // "two officers and 5 members of the army were …": the coordination may continue to the verb.
        while last + 1 < unit.phrases.len() && unit.phrases[last + 1].words.end <= verb {
            let next = last + 1;
            let chain = unit.coordinated(subject);
            if chain.contains(&next) || unit.of(last) == Some(next) {
                last = next;
            } else {
                break;
            }
        }
        let mut list = unit.coordinated(subject);
        // "In which twelve civilians and one soldier were killed": two that are counted, side by side, whatever the tree says.
        if list.len() == 1
            && let Some(other) = subject.checked_sub(1)
            && unit.phrases[other].words.end + 1 == unit.phrases[subject].words.start
            && unit.lower(unit.phrases[other].words.end) == "and"
            && unit.phrases[other].number.is_some()
            && unit.phrases[subject].number.is_some()
            && self.reading.is_people(self.parsed, other)
            && matches!(unit.before(unit.phrases[other].words.start, 1), "" | "," | "which" | "when" | "that")
        {
            list.insert(0, other);
        }
        // "A of B and C of D": the second head hangs from the first across the "of".
        for phrase in 0..=last {
            if unit.of(phrase).is_some() && list.contains(&phrase) {
                let beyond = unit.of(phrase).map_or(phrase, |of| of);
                for joined in unit.and_following(beyond).into_iter().skip(1) {
                    if unit.phrases[joined].words.end <= verb
                        && !list.contains(&joined)
                        && unit.phrases[joined].number.is_some()
                    {
                        list.push(joined);
                    }
                }
            }
        }
        list.retain(|&phrase| unit.phrases[phrase].words.end <= verb);
        list.sort_unstable();
        if let Some(&own) = list.last().filter(|_| self.after_aside(&list)) {
            return vec![own];
        }
        list
    }

    /// "80 dead, including six women and six children, and 240 wounded": what "including" brings in ends at the comma,
    /// and the last of the list stands outside.
    fn after_aside(&self, list: &[usize]) -> bool {
        let unit = self.unit;
        let start = |phrase: usize| unit.phrases[phrase].words.start;
        let aside = list.iter().any(|&one| {
            unit.before(start(one), 1) == "including"
                || unit.before(start(one), 2) == "among"
                    && matches!(unit.before(start(one), 1), "them" | "whom" | "those")
        });
        aside
            && list.last().is_some_and(|&own| {
                unit.before(start(own), 2) == ","
                    && unit.before(start(own), 1) == "and"
                    && unit.phrases[own].number.is_some()
            })
    }

    /// "10 dead", "10 people dead", "20 others wounded", "were wounded".
    fn adjective(&mut self, outcome: Outcome, index: usize) {
        let unit = self.unit;
        let at = self.triggers[index].head;
        let entry = self.reading.knowledge.lexicon.entry(self.triggers[index].entry);
        // "He is in critical condition".
        if entry.has("state-of") {
            let verb = unit.verbs.iter().rposition(|verb| verb.words.end <= at);
            if let Some(subject) =
                verb.filter(|_| unit.before(at, 1) == "in").and_then(|verb| unit.subject(verb))
            {
                self.count(outcome, subject, index, false);
            }
            return;
        }
        if self.some_of_the(outcome, at, index) {
            return;
        }
        if unit.verb_at[at].is_some_and(|verb| {
            unit.verbs[verb].head == at && !unit.verbs[verb].bare_participle && unit.words[at].tag != Tag::Vbn
        }) && !unit.words[at].tag.is_adjective()
        {
            return;
        }
        if let Some(phrase) = unit.phrase_of(at) {
            // Inside a phrase: "10 dead", "10 wounded soldiers"; without a number it only describes.
            // "Two wounded soldiers died": what describes them is not what became of them now.
            let described = unit.phrases[phrase].head > at
                && self.triggers.iter().any(|other| {
                    other.head != at
                        && self.reading.knowledge.lexicon.entry(other.entry).outcome.is_some()
                        && unit.verb_at[other.head].is_some_and(|verb| {
                            unit.subject(verb) == Some(phrase) || unit.object(verb) == Some(phrase)
                        })
                });
            if described {
                return;
            }
            let start = unit.phrases[phrase].words.start;
            if unit.phrases[phrase].number.is_some() {
                self.count(outcome, phrase, index, false);
            } else if unit.before(start, 1) == "of" && matches!(unit.before(start, 2), "number" | "count") {
                // "Put the number of dead insurgents at 40".
                self.toll(outcome, index, false);
            } else if unit.phrases[phrase].words.len() == 1 {
                self.adjacent(outcome, at, index);
            }
            return;
        }
        self.adjacent(outcome, at, index);
    }

    /// Counts those who are said to be among the dead or wounded.
    fn some_of_the(&mut self, outcome: Outcome, at: usize, index: usize) -> bool {
        let Some(some) = self.among_the(at) else { return false };
        let first = self.found.len();
        for phrase in some {
            self.count(outcome, phrase, index, false);
        }
        // Of those whom the sentence itself counts, or of those told of before.
        let (told, new) = self.found.split_at_mut(first);
        let whole = told.iter().rposition(|found| found.outcome == outcome && found.part_of.is_none());
        for found in new {
            found.part_of = whole;
            found.among = whole.is_none();
        }
        true
    }

    /// "Among *the dead* were two guards", "two guards were among *the dead*", "*the dead* include two guards": who is said
    /// to be some of them.
    fn among_the(&self, at: usize) -> Option<Vec<usize>> {
        let unit = self.unit;
        // "A guard was among *those killed*".
        let those = at > 0 && unit.lower(at - 1) == "those";
        let words = if those { at - 1..at + 1 } else { unit.phrases[unit.phrase_of(at)?].words.clone() };
        if !matches!(unit.lower(words.start), "the" | "those") || words.end != at + 1 || words.len() > 2 {
            return None;
        }
        let be = |at: usize| matches!(unit.lower(at), "was" | "were" | "is" | "are");
        let behind = |start: usize| {
            let phrase = unit.phrases.iter().position(|phrase| phrase.words.start == start)?;
            Some(unit.and_following(phrase))
        };
        let among = unit.before(words.start, 1) == "among";
        if among && be(words.end) {
            return behind(words.end + 1);
        }
        if among && words.start >= 2 && be(words.start - 2) {
            let verb = unit.verb_at[words.start - 2]?;
            return unit.subject(verb).map(|subject| self.before(subject, words.start - 2));
        }
        // A headline may end with the word.
        let verb = unit.verb_at.get(words.end).copied().flatten();
        (!among && verb.is_some() && unit.lemma(words.end) == "include").then(|| behind(words.end + 1))?
    }

    fn adjacent(&mut self, outcome: Outcome, at: usize, index: usize) {
        let unit = self.unit;
        let Some(phrase) = unit.phrases.iter().rposition(|phrase| phrase.words.end <= at) else { return };
        // "Miller, 26, was pronounced dead".
        let aged = usize::from(self.reading.aged(self.parsed, phrase).is_some());
        let between: Vec<&str> =
            (unit.phrases[phrase].words.end + aged..at).map(|word| unit.lower(word)).collect();
        let adverbs = unit.phrases[phrase].words.end + aged..at;
        let close = between.iter().zip(adverbs).all(|(word, index)| {
            unit.words[index].tag.is_adverb()
                || matches!(
                    *word,
                    "were"
                        | "was"
                        | "are"
                        | "is"
                        | "been"
                        | "be"
                        | "confirmed"
                        | "critically"
                        | "seriously"
                        | "badly"
                        | "severely"
                        | "slightly"
                        | "reported"
                        | "left"
                        | "lost"
                        | "found"
                        | "pronounced"
                        | "declared"
                        | "presumed"
                        | "clinically"
                        | "feared"
                        | "have"
                        | "had"
                        | "has"
                        | "still"
                        | "or"
                        | "and"
                        | "wounded"
                        | "injured"
                        | "dead"
                        | "both"
                        | "also"
                )
        });
        if close {
            // "Four troops including the gunman dead": the whole stands before.
            let mut phrase = phrase;
            while phrase > 0
                // "30 casualties, including 12 dead": the twelve are.
                && unit.phrases[phrase].number.is_none()
                && unit.phrases[phrase]
                    .preposition
                    .is_some_and(|before| matches!(unit.lower(before), "including" | "of"))
            {
                phrase -= 1;
            }
            let negated =
                between.contains(&"not") || self.unit.lower(unit.phrases[phrase].words.start) == "no";
            // "Killed one and another 4 wounded": what stands left of the "and" is another verb's.
            let shared = unit.and_preceding(phrase);
            let first = shared.first().map_or(0, |&first| unit.phrases[first].words.start);
            let taken = self.triggers.iter().any(|other| {
                other.head < at
                    && self.reading.knowledge.lexicon.entry(other.entry).outcome.is_some()
                    && (other.head >= first
                        || unit.verb_at[other.head].is_some_and(|verb| {
                            unit.object(verb).is_some_and(|object| shared.contains(&object))
                        }))
            });
            // "Three were killed, including one soldier, and four wounded".
            let named = shared.iter().any(|&other| {
                other != phrase
                    && unit.phrases[other].preposition.is_some_and(|at| unit.lower(at) == "including")
            });
            let victims = if taken || named || self.after_aside(&shared) { vec![phrase] } else { shared };
            for victim in victims {
                self.count(outcome, victim, index, negated);
            }
        }
    }

    /// "The death of X", "7 deaths", "the toll rose to 14", "12 hostages".
    fn noun(&mut self, outcome: Outcome, index: usize) {
        let unit = self.unit;
        let trigger = &self.triggers[index];
        let entry = self.reading.knowledge.lexicon.entry(trigger.entry);
        let Some(phrase) = unit.phrase_of(trigger.head) else { return };
        if entry.has("toll") || entry.has("toll-weak") {
            self.toll(outcome, index, entry.has("toll-weak"));
            return;
        }
        let is_head =
            unit.phrases[phrase].head == trigger.head || unit.phrases[phrase].words.end == trigger.words.end;
        if !is_head {
            return;
        }
        let negated = unit.lower(unit.phrases[phrase].words.start) == "no";
        // "Found a man with a gunshot wound".
        if entry.has("borne") {
            if let Some(bearer) = phrase.checked_sub(1).filter(|&bearer| {
                unit.phrases[bearer].words.end + 1 == unit.phrases[phrase].words.start
                    && unit.before(unit.phrases[phrase].words.start, 1) == "with"
            }) {
                for bearer in unit.and_preceding(bearer) {
                    self.count(outcome, bearer, index, false);
                }
            }
            return;
        }
        // "A warrant for the arrest of two officers": nobody is arrested yet.
        let start = unit.phrases[phrase].words.start;
        let wanted = matches!(unit.before(start, 1), "for" | "against")
            || start > 0
                && matches!(unit.lemma(start - 1), "demand" | "seek" | "order" | "urge" | "request" | "want");
        if outcome == Outcome::Arrested && wanted {
            return;
        }
        let fatal = self.triggers[index].kind.is_violent()
            && unit.phrases[phrase].words.clone().any(|at| matches!(unit.lower(at), "fatal" | "deadly"));
        let outcome = if fatal && outcome == Outcome::Injured { Outcome::Killed } else { outcome };
        if let Some(of) = unit.of(phrase)
            && (!entry.has("found") || unit.phrases[phrase].number.is_none() && self.near(FINDING))
            && outcome != Outcome::Abducted
        {
            let victims = unit.and_following(of);
            // "the killing of 3 and wounding of 5": what follows "and" may be the next trigger's own phrase.
            for victim in victims {
                if self.triggers.iter().any(|other| {
                    other.head != trigger.head
                        && unit.phrase_of(other.head) == Some(victim)
                        && unit.of(victim).is_some()
                }) {
                    break;
                }
                self.count(outcome, victim, index, negated);
            }
            return;
        }
        // "Causing deaths and injuries to *15 others*".
        if outcome == Outcome::Injured
            && let Some(next) = unit.phrases.get(phrase + 1)
            && next.words.start == unit.phrases[phrase].words.end + 1
            && matches!(unit.lower(unit.phrases[phrase].words.end), "to" | "among")
            && unit.phrases[phrase].number.is_none()
            && next.number.is_some()
        {
            for victim in unit.and_following(phrase + 1) {
                self.count(outcome, victim, index, negated);
            }
            return;
        }
        // "The loss and injury of 8": what follows "of" belongs to both.
        if let Some(next) = unit.phrases.get(phrase + 1)
            && unit.phrases[phrase].words.end + 1 == next.words.start
            && matches!(unit.lower(unit.phrases[phrase].words.end), "and" | "or")
            && let Some(of) = unit.of(phrase + 1)
            && self.triggers.iter().any(|other| {
                next.head == other.head && self.reading.knowledge.lexicon.entry(other.entry).outcome.is_some()
            })
        {
            for victim in unit.and_following(of) {
                self.count(outcome, victim, index, negated);
            }
            return;
        }
        if entry.outcome_if_said {
            return;
        }
        if let Some(number) = unit.phrases[phrase].number {
            let counted = &unit.numbers[number];
            // "The 2015 Baga massacre".
            if entry.weak && !entry.has("found")
                || counted.phrase.year_like && counted.words.end < trigger.head
            {
                return;
            }
            if entry.has("found") && !self.near(FINDING) {
                return;
            }
            self.push(Casualty {
                outcome,
                phrase: Some(phrase),
                words: unit.phrases[phrase].words.start.min(counted.words.start)
                    ..unit.phrases[phrase].words.end,
                quantity: counted.phrase.quantity,
                trigger: index,
                part_of: None,
                toll: false,
                superseded: false,
                negated,
                at_least_hurt: false,
                among: false,
            });
        } else if negated && matches!(outcome, Outcome::Killed | Outcome::Injured | Outcome::KilledOrInjured)
        {
            self.push(Casualty {
                outcome,
                phrase: Some(phrase),
                words: unit.phrases[phrase].words.clone(),
                quantity: Quantity::exact(0),
                trigger: index,
                part_of: None,
                toll: false,
                superseded: false,
                negated: false,
                at_least_hurt: false,
                among: false,
            });
        }
    }

    fn near(&self, lemmas: &[&str]) -> bool {
        self.unit.words.iter().any(|word| lemmas.contains(&word.lemma.as_str()))
    }

    /// A running total: the figure after "to", "at", "of" or "reached"; one after "from" is the old one.
    fn toll(&mut self, outcome: Outcome, index: usize, weak: bool) {
        let unit = self.unit;
        let at = self.triggers[index].words.end;
        if weak
            && !self.near(&[
                "rise", "death", "stand", "reach", "climb", "raise", "bring", "put", "increase", "kill",
                "dead", "wound",
            ])
        {
            return;
        }
        // "The death toll from the bombing of a station in X rose to 26": what rises may stand far from its verb.
        let verb = unit.verbs.iter().find(|verb| {
            (at..at + TOLL_TO_VERB).contains(&verb.words.start) && RISING.contains(&unit.lemma(verb.head))
        });
        let reach = |number: &crate::unit::Number| {
            let start = number.words.start;
            (at..at + TOLL_TO_FIGURE).contains(&start)
                || verb.is_some_and(|verb| (verb.words.end..verb.words.end + TOLL_TO_FIGURE).contains(&start))
        };
        let mut old = None;
        let mut new = None;
        for number in unit.numbers.iter().filter(|number| reach(number) && !number.phrase.year_like) {
            // "From 12 to 14" is no range here, but the old figure and the new one.
            if unit.lower(number.words.start) == "from"
                && let (Some(low), Some(high)) = (number.phrase.quantity.low, number.phrase.quantity.high)
                && low < high
            {
                let figure = |n: u64| {
                    let mut figure = number.clone();
                    figure.phrase.quantity = Quantity::exact(n);
                    figure
                };
                let split = (number.words.start..number.words.end)
                    .find(|&at| unit.lower(at) == "to")
                    .unwrap_or(number.words.start);
                let (mut first, mut second) = (figure(low), figure(high));
                first.words.end = split.max(first.words.start + 1);
                second.words.start = (split + 1).min(second.words.end - 1);
                old = Some(first);
                new = Some(second);
                continue;
            }
            let before = unit.before(number.words.start, 1);
            if before == "from" {
                old = Some(number.clone());
            } else if new.is_none()
                && matches!(
                    before,
                    "to" | "at"
                        | "of"
                        | "reached"
                        | "is"
                        | "was"
                        | "hit"
                        | "stands"
                        | "stood"
                        | "past"
                        | ":"
                        | "reaching"
                        | "exceeds"
                        | "exceeded"
                        | "be"
                        | "topped"
                )
            {
                new = Some(number.clone());
            }
        }
        // "Revising an earlier toll of 60".
        let earlier = unit.phrase_of(self.triggers[index].head).is_some_and(|phrase| {
            unit.phrases[phrase].words.clone().any(|at| {
                matches!(unit.lower(at), "earlier" | "previous" | "initial" | "preliminary" | "first")
            })
        });
        if earlier {
            old = old.or(new.take());
        }
        for (number, superseded) in
            old.into_iter().map(|n| (n, true)).chain(new.into_iter().map(|n| (n, false)))
        {
            // "the toll rose to 14 dead and 30 wounded": the noun after the number may say more exactly what.
            let outcome = self.outcome_after(&number).unwrap_or(outcome);
            if !self
                .found
                .iter()
                .any(|found| found.words.start <= number.words.start && number.words.end <= found.words.end)
            {
                self.push(Casualty {
                    outcome,
                    phrase: unit.phrase_of(number.words.start),
                    words: number.words.clone(),
                    quantity: number.phrase.quantity,
                    trigger: index,
                    part_of: None,
                    toll: !superseded,
                    superseded,
                    negated: false,
                    at_least_hurt: false,
                    among: false,
                });
            }
        }
    }

    fn outcome_after(&self, number: &crate::unit::Number) -> Option<Outcome> {
        self.triggers
            .iter()
            .find(|trigger| trigger.words.start == number.words.end)
            .and_then(|trigger| self.reading.knowledge.lexicon.entry(trigger.entry).outcome)
    }

    fn count(&mut self, outcome: Outcome, phrase: usize, trigger: usize, negated: bool) {
        let unit = self.unit;
        let aged = self.reading.aged(self.parsed, phrase).or_else(|| self.age_of(phrase));
        let phrase = aged.or_else(|| self.counted_of(phrase)).unwrap_or(phrase);
        let phrase = self.meant(phrase, trigger).unwrap_or(phrase);
        if self.no_count(phrase) || self.speaks(phrase, trigger) || self.of_deeds(phrase) {
            return;
        }
        let noun = &unit.phrases[phrase];
        let first = unit.lower(noun.words.start);
        let harmed = matches!(outcome, Outcome::Killed | Outcome::Injured | Outcome::Arrested)
            && self.someone(phrase)
            // What is captured may be a thing or a hill.
            && !(outcome == Outcome::Arrested
                && matches!(unit.lemma(self.triggers[trigger].head), "capture" | "seize" | "take"));
        let one = || harmed.then(|| (Quantity::exact(1), noun.words.clone()));
        let Some((quantity, words)) = self.quantity(phrase).or_else(one) else { return };
        // "Shot *dead three gunmen*": the verb's own words are none of the count's.
        let own = self.triggers[trigger].words.end;
        let words = if words.start < own && own < words.end { own..words.end } else { words };
        // "No women or children were injured": of neither.
        let of_neither = noun.number.is_none()
            && unit.and_preceding(phrase).first().is_some_and(|&before| {
                unit.lower(unit.phrases[before].words.start) == "no" && before != phrase
            });
        let none = matches!(first, "no" | "nobody" | "none") || of_neither;
        let entry = self.reading.knowledge.lexicon.entry(self.triggers[trigger].entry);
        if entry.outcome_if_said && self.found.iter().any(|found| found.phrase == Some(phrase)) {
            return;
        }
        let (quantity, negated) = if none { (Quantity::exact(0), false) } else { (quantity, negated) };
        self.push(Casualty {
            outcome,
            phrase: Some(phrase),
            words,
            quantity,
            trigger,
            part_of: None,
            toll: false,
            superseded: false,
            negated,
            at_least_hurt: false,
            among: false,
        });
    }

    fn push(&mut self, mut casualty: Casualty) {
        let entry = self.reading.knowledge.lexicon.entry(self.triggers[casualty.trigger].entry);
        casualty.at_least_hurt = entry.outcome_if_said && casualty.outcome == Outcome::Injured;
        let known = self
            .found
            .iter_mut()
            .find(|found| found.outcome == casualty.outcome && found.words == casualty.words);
        match known {
            Some(found) => {
                found.toll |= casualty.toll;
                found.at_least_hurt &= casualty.at_least_hurt;
            }
            None => self.found.push(casualty),
        }
    }
}
