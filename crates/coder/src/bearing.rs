/*! Who and what else bears on an event, as the learned reader sees it.

The rules find those whom the grammar of the event's own words names. Others stand elsewhere: in the sentence before, in an
apposition, behind a noun that no list holds. Of these the ones of which the learned reader is sure are taken, with its chance as
the reason. It takes none away: those whom the grammar names it doubted too often.
*/

use record::{Certainty, Mention, ObjectClass, Participant, PhysicalObject, Weapon};
use rustc_hash::FxHashMap;
use text::Span;

use crate::draft::{Draft, Telling};
use crate::kind::Kind;
use crate::learned::{Asking, Link};
use crate::reading::Parsed;
use crate::side::{merge, same_side};

/// How sure one must be of a participant where the rules have none, and where they have one already.
const FIRST: f32 = 0.55;
const ANOTHER: f32 = 0.75;
/// How sure that a phrase is somebody or something of an incident of the report, whichever: it is then that of the likeliest event.
const FILLS: f32 = 0.6;
/// How sure of a thing or a weapon.
const THING: f32 = 0.6;
/// In how many sentences before and after an event's words one looks.
const AROUND: usize = 4;
/// Words of an event that are asked.
const MOST: usize = 6;

const PARTS: [Link; 4] = [Link::Actor, Link::Recipient, Link::Object, Link::Weapon];

/// A phrase with its chances, in the order of [`PARTS`].
pub(crate) struct Bearing {
    sentence: usize,
    phrase: usize,
    /// What it is to the event.
    chances: [f32; 4],
    /// What it is to some event of the report: one who did it, somebody or something struck, a weapon.
    fills: [f32; 4],
    /// Whether of the report's events this is the one that it is likeliest of, by part.
    home: [bool; 4],
}

impl Telling<'_> {
    /// What every phrase near an event's words is to it, event by event; nothing where no learned reader looked.
    pub(crate) fn bearings(&self, drafts: &[Draft]) -> Vec<Vec<Bearing>> {
        let mut all: Vec<Vec<Bearing>> = drafts.iter().map(|draft| self.near(draft)).collect();
        let mut best: FxHashMap<(usize, usize, usize), (f32, usize)> = FxHashMap::default();
        for (draft, near) in all.iter().enumerate() {
            for bearing in near {
                for (part, chance) in bearing.chances.iter().enumerate() {
                    let known =
                        best.entry((bearing.sentence, bearing.phrase, part)).or_insert((*chance, draft));
                    if *chance > known.0 {
                        *known = (*chance, draft);
                    }
                }
            }
        }
        for (draft, near) in all.iter_mut().enumerate() {
            for bearing in near {
                for part in 0..PARTS.len() {
                    bearing.home[part] = best
                        .get(&(bearing.sentence, bearing.phrase, part))
                        .is_some_and(|(_, home)| *home == draft);
                }
            }
        }
        all
    }

    fn near(&self, draft: &Draft) -> Vec<Bearing> {
        let Some(seen) = &self.reading.seen else { return Vec::new() };
        let sided = has_sides(draft.kind);
        let mut askings: [Vec<Vec<Asking>>; 4] = Default::default();
        let mut sentences = std::collections::BTreeSet::new();
        let mut own = Vec::new();
        for cluster in &draft.clusters {
            let told = &self.sentences[cluster.sentence];
            let unit = self.unit(cluster.sentence);
            for &frame in &cluster.frames {
                let head = unit.first + told.triggers[self.frame(cluster, frame).trigger].head;
                own.push(head);
                if own.len() > MOST {
                    continue;
                }
                for (part, askings) in PARTS.iter().zip(&mut askings) {
                    askings.push(seen.asking(told.index, head, *part));
                }
                sentences.extend(told.index.saturating_sub(AROUND)..=told.index + AROUND);
            }
        }
        let mut found = Vec::new();
        for sentence in sentences {
            let Some(parsed) = self.reading.parsed.get(sentence).and_then(Option::as_ref) else { continue };
            for (phrase, noun) in parsed.unit.phrases.iter().enumerate() {
                let token = parsed.unit.first + noun.head;
                // What is counted in a total is no part of any one event.
                let in_total =
                    self.totals.iter().any(|(total, words)| *total == sentence && words.contains(&noun.head));
                if noun.pronoun || in_total || own.contains(&token) {
                    continue;
                }
                let chance = |askings: &[Vec<Asking>]| {
                    askings.iter().filter_map(|asking| seen.answer(asking, token)).fold(0.0, f32::max)
                };
                let chances = askings.each_ref().map(|askings| chance(askings));
                let fills = seen
                    .fillers(sentence, token)
                    .filter(|_| sided)
                    .map_or([0.0; 4], |[who, body, target, victim, weapon]| {
                        [who.max(body), victim, target, weapon]
                    });
                found.push(Bearing { sentence, phrase, chances, fills, home: [false; 4] });
            }
        }
        found
    }

    fn phrase_of(&self, bearing: &Bearing) -> Option<(&Parsed, Span)> {
        let parsed = self.reading.parsed[bearing.sentence].as_ref()?;
        Some((parsed, parsed.unit.span(&parsed.unit.phrases[bearing.phrase].words)))
    }

    /// Takes those of whom it is sure.
    pub(crate) fn take_bearing(
        &self,
        bearings: &[Bearing],
        part: Link,
        list: &mut Vec<Participant>,
        others: &[Participant],
    ) -> Vec<(Span, f32)> {
        let column = usize::from(part == Link::Recipient);
        let chance_of = |bearing: &Bearing| bearing.chance(column);
        let mut sure: Vec<&Bearing> = bearings
            .iter()
            .filter(|bearing| {
                let own = bearing.chance(column);
                own >= FIRST && (0..3).all(|other| bearing.chance(other) <= own)
            })
            .collect();
        sure.sort_by(|a, b| chance_of(b).total_cmp(&chance_of(a)));
        let mut taken = Vec::new();
        for bearing in sure {
            let chance = bearing.chance(column);
            if !list.is_empty() && taken.is_empty() && chance < ANOTHER {
                continue;
            }
            let Some((parsed, span)) = self.phrase_of(bearing) else { continue };
            let Some(mut who) = self.reading.participant(parsed, bearing.phrase) else { continue };
            // No word of the text says so outright.
            who.certainty = Certainty::Inferred;
            let known = |other: &Participant| {
                same_side(other, &who)
                    || other
                        .mentions
                        .iter()
                        .any(|a| who.mentions.iter().any(|b| a.start < b.end && b.start < a.end))
            };
            if list.iter().any(known) || others.iter().any(known) {
                continue;
            }
            taken.push((span, chance));
            merge(list, who);
        }
        taken
    }

    /// Takes the things that it is sure were struck.
    pub(crate) fn take_objects(
        &self,
        bearings: &[Bearing],
        list: &mut Vec<PhysicalObject>,
    ) -> Vec<(Span, f32)> {
        let mut taken: Vec<(Span, f32)> = Vec::new();
        // What each thing is called; of those that the rules found, by their last word.
        let last = |mention: &Mention| mention.text.rsplit(' ').next().unwrap_or_default().to_lowercase();
        let mut called: Vec<Vec<String>> =
            list.iter().map(|known| known.mentions.iter().map(last).collect()).collect();
        let mut covered: Vec<(usize, std::ops::Range<usize>)> = Vec::new();
        for bearing in bearings {
            let [actor, recipient, chance, weapon] = [0, 1, 2, 3].map(|part| bearing.chance(part));
            if chance < THING || actor > chance || recipient > chance || weapon > chance {
                continue;
            }
            let Some(parsed) = self.reading.parsed[bearing.sentence].as_ref() else { continue };
            let unit = &parsed.unit;
            let noun = &unit.phrases[bearing.phrase];
            // "The offices of *a company*" are told with the offices.
            if covered
                .iter()
                .any(|(sentence, words)| *sentence == bearing.sentence && words.contains(&noun.head))
            {
                continue;
            }
            let words = unit.extended(bearing.phrase);
            covered.push((bearing.sentence, words.clone()));
            let senses = &self.reading.knowledge.senses;
            let class = senses.object_of(unit, bearing.phrase);
            // Who is armed is no thing.
            let armed = || {
                self.reading
                    .participant(parsed, bearing.phrase)
                    .is_some_and(|who| who.sector.is_some_and(record::vocabulary::Sector::is_armed))
            };
            if class.is_none() && armed() {
                continue;
            }
            let class = class.unwrap_or(ObjectClass::Other);
            let span = unit.span(&words);
            let mention = self.reading.text.mention(span);
            let near = |known: &Mention| known.start < mention.end && mention.start < known.end;
            if list.iter().any(|known| known.mentions.iter().any(near)) {
                continue;
            }
            let name = unit.lower(noun.head).to_owned();
            taken.push((span, chance));
            match called.iter().position(|names| names.contains(&name)) {
                Some(at) => list[at].mentions.push(mention),
                None => {
                    let number = noun.number.map(|number| unit.numbers[number].phrase.quantity);
                    called.push(vec![name]);
                    list.push(PhysicalObject {
                        mentions: vec![mention],
                        class,
                        number,
                        effect: record::Effect::Unknown,
                    });
                }
            }
        }
        taken
    }

    /// Takes the weapons that it is sure were used.
    pub(crate) fn take_weapons(&self, bearings: &[Bearing], list: &mut Vec<Weapon>) -> Vec<(Span, f32)> {
        let mut taken = Vec::new();
        for bearing in bearings.iter().filter(|bearing| bearing.chance(3) >= THING) {
            let Some((parsed, _)) = self.phrase_of(bearing) else { continue };
            let unit = &parsed.unit;
            let noun = &unit.phrases[bearing.phrase];
            let senses = &self.reading.knowledge.senses;
            let Some((words, class, subclass)) =
                noun.words.clone().rev().find_map(|at| senses.weapon(unit, at))
            else {
                continue;
            };
            let span = unit.span(&words);
            let mention = self.reading.text.mention(span);
            match list.iter_mut().find(|known| known.class == class && known.subclass == subclass) {
                Some(known) if known.mentions.contains(&mention) => continue,
                Some(known) => known.mentions.push(mention),
                None => list.push(Weapon { mentions: vec![mention], class, subclass }),
            }
            taken.push((span, bearing.chance(3)));
        }
        taken
    }
}

/// The reason of what was taken.
pub(crate) fn reason(taken: &[(Span, f32)]) -> String {
    let least = taken.iter().map(|(_, chance)| *chance).fold(1.0, f32::min);
    format!("some only by the learned reader, at least {least:.2} sure")
}

impl Bearing {
    /// How likely the phrase is a part of the event. A phrase is the part of one event only, the likeliest: in a report of several
    /// attacks each would else have the others' victims.
    fn chance(&self, part: usize) -> f32 {
        match self.fills[part] {
            _ if !self.home[part] => 0.0,
            fills if fills >= FILLS => self.chances[part].max(fills),
            _ => self.chances[part],
        }
    }
}

/// Whether what is told has somebody who does it and something that is struck.
fn has_sides(kind: Kind) -> bool {
    kind.is_violent() || matches!(kind, Kind::Abduction | Kind::Looting | Kind::Hijacking | Kind::Destruction)
}
