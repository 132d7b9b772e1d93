/*! What the counts of one sentence have to do with each other: parts, sums, one figure for two fates. */

use syntax::Tag;

use super::{Casualty, Finder};
use crate::lexicon::{Class, Outcome};

/// What begins the clause on how the dead were found: "22 were killed, police said, as the bodies of 17 were found".
const FOUND_AS: &[&str] = &["as", "after", "when", "while", "with", "once"];

impl Finder<'_> {
    /// "Twenty-two policemen were killed, …, as the bodies of 17 missing men were found": the 17 are among the 22.
    pub(super) fn bodies_among(&mut self) {
        let unit = self.unit;
        let found = |casualty: &Casualty| {
            let trigger = &self.triggers[casualty.trigger];
            casualty.outcome == Outcome::Killed
                && casualty.part_of.is_none()
                && self.reading.knowledge.lexicon.entry(trigger.entry).has("found")
        };
        let armed = |casualty: &Casualty| {
            casualty
                .phrase
                .and_then(|phrase| self.reading.describe(self.parsed, phrase))
                .is_some_and(|who| who.sector.is_some_and(|sector| sector.is_armed()))
        };
        let mut parts = Vec::new();
        for (index, bodies) in self.found.iter().enumerate().filter(|(_, casualty)| found(casualty)) {
            let start = self.triggers[bodies.trigger].words.start;
            let whole = self.found.iter().position(|whole| {
                whole.outcome == Outcome::Killed
                    && whole.part_of.is_none()
                    && !found(whole)
                    && !whole.negated
                    && whole.words.end <= start
                    && whole.quantity.figure() >= bodies.quantity.figure()
                    && (whole.words.end..start).any(|at| FOUND_AS.contains(&unit.lower(at)))
            });
            if let Some(whole) = whole.filter(|_| !armed(bodies)) {
                parts.push((index, whole));
            }
        }
        for (index, whole) in parts {
            self.found[index].part_of = Some(whole);
        }
    }

    /// "7 dead and wounded", "the loss and injury of 8": one figure for both.
    pub(super) fn join_shared(&mut self) {
        let mut index = 0;
        while index < self.found.len() {
            let twin = (0..self.found.len()).find(|&other| {
                let (a, b) = (&self.found[index], &self.found[other]);
                other != index
                    && a.phrase.is_some()
                    && a.phrase == b.phrase
                    && a.words == b.words
                    && matches!((a.outcome, b.outcome), (Outcome::Killed, Outcome::Injured))
            });
            if let Some(other) = twin {
                // "Two wounded soldiers died": what describes them is not what became of them now.
                let describes = |found: &Casualty| {
                    let trigger = &self.triggers[found.trigger];
                    self.reading.knowledge.lexicon.entry(trigger.entry).class == Class::Adjective
                        && found.phrase.is_some_and(|phrase| {
                            self.unit.phrases[phrase].words.contains(&trigger.head)
                                && self.unit.phrases[phrase].head > trigger.head
                        })
                };
                let (a, b) = (describes(&self.found[index]), describes(&self.found[other]));
                if a != b {
                    self.found.remove(if a { index } else { other });
                    index = 0;
                    continue;
                }
                // "Three soldiers who were wounded have died", "ten were killed and more injured": two verbs apart from
                // each other are no one figure for both, and the worse holds.
                if !self.side_by_side(self.found[index].trigger, self.found[other].trigger) {
                    self.found.remove(other);
                    index = 0;
                    continue;
                }
                self.found[index].outcome = Outcome::KilledOrInjured;
                let (from, to) = {
                    let (a, b) = (
                        &self.triggers[self.found[index].trigger],
                        &self.triggers[self.found[other].trigger],
                    );
                    (a.words.start.min(b.words.start), a.words.end.max(b.words.end))
                };
                let words = &mut self.found[index].words;
                *words = words.start.min(from)..words.end.max(to);
                self.found.remove(other);
                index = 0;
                continue;
            }
            index += 1;
        }
    }

    /// "Killed and wounded", "dead or injured", "the loss and injury".
    fn side_by_side(&self, a: usize, b: usize) -> bool {
        let (a, b) = (&self.triggers[a].words, &self.triggers[b].words);
        let (first, second) = if a.start <= b.start { (a, b) } else { (b, a) };
        (first.end..second.start).all(|at| {
            matches!(self.unit.lower(at), "and" | "or" | "," | "/" | "&" | "both" | "either" | "others")
                || self.unit.words[at].tag.is_adverb()
        })
    }

    /// Figures after "including", "among them", "of whom".
    pub(super) fn parts(&mut self) {
        let unit = self.unit;
        for at in 0..unit.words.len() {
            let lower = unit.lower(at);
            let opens =
                matches!(lower, "including" | "includes" | "included" | "include" | "namely" | "comprising")
                    || lower == "among" && matches!(unit.lower(at + 1), "them" | "whom" | "those" | "the")
                    || lower == "of" && unit.lower(at + 1) == "whom"
                    || lower == "of" && unit.lower(at + 1) == "them" && unit.before(at, 1) == ",";
            if !opens {
                continue;
            }
            let whole = self
                .found
                .iter()
                .enumerate()
                .filter(|(_, found)| found.words.start < at && found.part_of.is_none() && !found.superseded)
                .max_by_key(|(_, found)| found.words.end)
                .map(|(index, _)| index);
            let Some(whole) = whole else { continue };
            // "Among the dead four policemen": the phrase begins with the article.
            let article = lower == "among" && unit.lower(at + 1) == "the";
            let from = if matches!(lower, "of" | "among") && !article { at + 2 } else { at + 1 };
            let Some(first) = unit
                .phrases
                .iter()
                .position(|phrase| phrase.words.start >= from && phrase.words.start <= from + 2)
            else {
                continue;
            };
            // "Were among *the dead*": who they are stands before.
            if article && unit.phrases[first].number.is_none() && unit.phrases[first].words.start == at + 1 {
                continue;
            }
            let (outcome, trigger) = (self.found[whole].outcome, self.found[whole].trigger);
            // "One of whom identified *himself*".
            let reflexive = |part: &usize| unit.lower(unit.phrases[*part].head).ends_with("self");
            for part in unit.and_following(first).into_iter().filter(|part| !reflexive(part)) {
                // "…, among them ten civilians, and 400 wounded": what another word counts.
                let start = unit.phrases[part].words.start;
                let apart = unit.before(start, 1) == "and" && unit.before(start, 2) == ",";
                let other = |found: &Casualty| {
                    found.phrase == Some(part) && found.trigger != trigger && found.outcome != outcome
                };
                if apart && self.found.iter().any(other) {
                    break;
                }
                // What the rest of the sentence already counts by itself is counted as part from now on.
                if let Some(known) =
                    self.found.iter_mut().find(|found| found.phrase == Some(part) && found.words.start > at)
                {
                    known.part_of = Some(whole);
                    continue;
                }
                if let Some((quantity, words)) = self.quantity(part) {
                    let limit = self.found[whole].quantity.figure();
                    if limit.is_some_and(|limit| quantity.figure().is_some_and(|part| part > limit)) {
                        continue;
                    }
                    self.found.push(Casualty {
                        outcome,
                        phrase: Some(part),
                        words,
                        quantity,
                        trigger,
                        part_of: Some(whole),
                        toll: false,
                        superseded: false,
                        negated: self.found[whole].negated,
                        at_least_hurt: self.found[whole].at_least_hurt,
                        among: false,
                    });
                }
            }
        }
    }

    /// "55 soldiers and tribal fighters were killed": the figure is of both.
    pub(super) fn shared_figure(&mut self) {
        let unit = self.unit;
        for index in 0..self.found.len() {
            let found = &self.found[index];
            let Some(phrase) = found.phrase else { continue };
            let noun = &unit.phrases[phrase];
            let bare = noun.number.is_none()
                && found.part_of.is_none()
                && found.quantity.vague
                && !matches!(unit.words[noun.words.start].tag, Tag::Dt | Tag::PrpPossessive)
                && !matches!(unit.words[noun.words.start].tag, Tag::Prp | Tag::Pdt);
            let Some(before) = phrase.checked_sub(1).filter(|_| bare) else { continue };
            let joined = unit.and_following(before).contains(&phrase);
            let whole = self.found.iter().position(|other| {
                other.phrase == Some(before)
                    && other.trigger == found.trigger
                    && other.outcome == found.outcome
                    && other.part_of.is_none()
                    && other.quantity.figure().is_some_and(|figure| figure > 2)
            });
            if let Some(whole) = whole.filter(|_| joined && unit.phrases[before].number.is_some()) {
                self.found[index].part_of = Some(whole);
            }
        }
    }

    /// "Held the man, *a bomb maker*, and three others": who he is, and nobody else.
    pub(super) fn apposed(&mut self) {
        let unit = self.unit;
        for index in 0..self.found.len() {
            let found = &self.found[index];
            let Some(phrase) = found.phrase else { continue };
            let words = &unit.phrases[phrase].words;
            let Some(before) = phrase.checked_sub(1) else { continue };
            let general = matches!(
                unit.lower(unit.phrases[before].head),
                "one" | "man" | "woman" | "individual" | "person" | "other" | "another"
            );
            let close =
                unit.phrases[before].words.end + 1 == words.start && unit.before(words.start, 1) == ",";
            if !close || unit.lower(words.end) != "," {
                continue;
            }
            let described = general && matches!(unit.lower(words.start), "a" | "an");
            // "A rebel commander, *Kamlon*, and two others".
            let named = self.reading.names_one(self.parsed, phrase)
                && !unit.words[unit.phrases[before].head].tag.is_proper()
                && self.reading.is_people(self.parsed, before);
            if !(described || named) {
                continue;
            }
            let whole = self.found.iter().position(|other| {
                other.phrase == Some(before)
                    && other.trigger == found.trigger
                    && other.outcome == found.outcome
                    && other.quantity.figure() == Some(1)
            });
            if whole.is_some() && found.quantity.figure() == Some(1) && found.part_of.is_none() {
                self.found[index].part_of = whole;
            }
        }
    }

    /// "Three people, a soldier and two civilians, were killed": what follows the first spells it out.
    pub(super) fn spelled_out(&mut self) {
        for index in 0..self.found.len() {
            let (trigger, outcome) = (self.found[index].trigger, self.found[index].outcome);
            if self.found[index].part_of.is_some() {
                continue;
            }
            let rest: Vec<usize> = (index + 1..self.found.len())
                .filter(|&other| {
                    let found = &self.found[other];
                    found.trigger == trigger && found.outcome == outcome && found.part_of.is_none()
                })
                .collect();
            let figures = rest.iter().filter_map(|&other| self.found[other].quantity.figure());
            let sum: u64 = figures.fold(0, u64::saturating_add);
            let mark = self.unit.lower(self.found[index].words.end);
            if rest.len() >= 2
                && self.found[index].quantity.figure() == Some(sum)
                && matches!(mark, "," | ":" | "-" | "–" | "—" | "(")
            {
                for other in rest {
                    self.found[other].part_of = Some(index);
                }
            }
        }
    }

    /// A toll replaces the smaller figures of the same list in the same sentence.
    pub(super) fn settle(&mut self) {
        let tolls: Vec<(Outcome, u64)> = self
            .found
            .iter()
            .filter(|found| found.toll)
            .filter_map(|found| Some((found.outcome, found.quantity.figure()?)))
            .collect();
        for (outcome, total) in tolls {
            for found in &mut self.found {
                if found.outcome == outcome
                    && !found.toll
                    && found.part_of.is_none()
                    && found.quantity.figure().is_some_and(|n| n < total)
                {
                    found.superseded = true;
                }
            }
        }
    }
}
