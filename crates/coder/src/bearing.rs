/*! Who and what else bears on an event, as the learned reader sees it.

The rules find those whom the grammar of the event's own words names. Others stand elsewhere: in the sentence before, in an
apposition, behind a noun that no list holds. Of these the ones of which the learned reader is sure are taken, with its chance as
the reason. It takes none away: those whom the grammar names it doubted too often.
*/

use record::{Certainty, Mention, ObjectClass, Participant, PhysicalObject, Weapon};
use text::Span;

use crate::draft::{Draft, Telling};
use crate::learned::{Asking, Link};
use crate::reading::Parsed;
use crate::side::{merge, same_side};

/// How sure one must be of a participant where the rules have none, and where they have one already.
const FIRST: f32 = 0.55;
const ANOTHER: f32 = 0.75;
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
    chances: [f32; 4],
}

impl Telling<'_> {
    /// What every phrase near an event's words is to it; nothing where no learned reader looked.
    pub(crate) fn bearings(&self, draft: &Draft) -> Vec<Bearing> {
        let Some(seen) = &self.reading.seen else { return Vec::new() };
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
                if noun.pronoun || own.contains(&token) {
                    continue;
                }
                let chance = |askings: &[Vec<Asking>]| {
                    askings.iter().filter_map(|asking| seen.answer(asking, token)).fold(0.0, f32::max)
                };
                let chances = askings.each_ref().map(|askings| chance(askings));
                found.push(Bearing { sentence, phrase, chances });
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
        let mut sure: Vec<&Bearing> = bearings
            .iter()
            .filter(|bearing| {
                let own = bearing.chances[column];
                own >= FIRST && bearing.chances[..3].iter().all(|other| *other <= own)
            })
            .collect();
        sure.sort_by(|a, b| b.chances[column].total_cmp(&a.chances[column]));
        let mut taken = Vec::new();
        for bearing in sure {
            let chance = bearing.chances[column];
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
        let mut taken = Vec::new();
        for bearing in bearings {
            let [actor, recipient, chance, _] = bearing.chances;
            if chance < THING || actor > chance || recipient > chance {
                continue;
            }
            let Some((parsed, span)) = self.phrase_of(bearing) else { continue };
            let unit = &parsed.unit;
            let senses = &self.reading.knowledge.senses;
            let class = senses.object_of(unit, bearing.phrase).unwrap_or(ObjectClass::Other);
            let mention = self.reading.text.mention(span);
            let near = |known: &Mention| known.start < mention.end && mention.start < known.end;
            if list.iter().any(|known| known.mentions.iter().any(near)) {
                continue;
            }
            taken.push((span, chance));
            let number =
                unit.phrases[bearing.phrase].number.map(|number| unit.numbers[number].phrase.quantity);
            match list.iter_mut().find(|known| known.class == class && class != ObjectClass::Other) {
                Some(known) => known.mentions.push(mention),
                None => list.push(PhysicalObject {
                    mentions: vec![mention],
                    class,
                    number,
                    effect: record::Effect::Unknown,
                }),
            }
        }
        taken
    }

    /// Takes the weapons that it is sure were used.
    pub(crate) fn take_weapons(&self, bearings: &[Bearing], list: &mut Vec<Weapon>) -> Vec<(Span, f32)> {
        let mut taken = Vec::new();
        for bearing in bearings.iter().filter(|bearing| bearing.chances[3] >= THING) {
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
            taken.push((span, bearing.chances[3]));
        }
        taken
    }
}

/// The reason of what was taken.
pub(crate) fn reason(taken: &[(Span, f32)]) -> String {
    let least = taken.iter().map(|(_, chance)| *chance).fold(1.0, f32::min);
    format!("some only by the learned reader, at least {least:.2} sure")
}
