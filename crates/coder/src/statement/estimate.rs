//! Estimates: how many fighters there are, how many people are held, besieged or in need.

use std::ops::Range;

use record::{Quantity, StatementKind};

use super::lexicon::{Count, Found, Sense, Subject};
use super::scene::inside;
use super::{Draft, Scene};

/// Least number that is the strength of a group or the size of a plight.
const FEWEST: u64 = 10;
/// Words between a number and those it counts ("3,000 well-armed foreign fighters").
const REACH: usize = 5;

pub(crate) fn find(scene: &Scene<'_, '_>, drafts: &mut Vec<Draft>) {
    let unit = scene.unit;
    for (index, number) in unit.numbers.iter().enumerate() {
        let segment = scene.segment(number.words.start);
        if number.phrase.year_like || !inside(&number.words, &segment) {
            continue;
        }
        let Some(counted) = counted(scene, index, &segment) else { continue };
        // "Two hostages are still held" is the state of an event, no estimate.
        let few = number.phrase.quantity.figure().is_none_or(|figure| figure < FEWEST);
        if few || !states(scene, &counted, &segment) || happened(scene, &counted, &segment) {
            continue;
        }
        let quantity = number.phrase.quantity;
        if drafts.iter().any(|draft| {
            draft.kind == StatementKind::Estimate && draft.number == Some(quantity) && draft.words == segment
        }) {
            continue;
        }
        let mut draft = Draft::new(StatementKind::Estimate, segment, number.words.start);
        draft.number = Some(quantity_of(scene, index, quantity));
        drafts.push(draft);
    }
}

/// "About 3,000" is the figure with no bounds; an exact number stays exact.
fn quantity_of(scene: &Scene<'_, '_>, number: usize, quantity: Quantity) -> Quantity {
    let approximate = scene.unit.numbers[number].phrase.approximate && quantity.low == quantity.high;
    if approximate { Quantity { low: None, high: None, ..quantity } } else { quantity }
}

/// The words for those whom a number counts, where they are fighters, captives or people in need.
fn counted(scene: &Scene<'_, '_>, number: usize, segment: &Range<usize>) -> Option<Range<usize>> {
    let unit = scene.unit;
    let words = &unit.numbers[number].words;
    let near = |cue: &&Found| {
        cue.sense == Sense::Strength
            && cue.words.start >= words.end
            && cue.words.start <= words.end + REACH
            && (words.end..cue.words.start).all(|word| {
                unit.verb_at[word].is_none()
                    && !matches!(unit.lower(word), "," | ";" | "in" | "by" | "at" | "to")
            })
    };
    let cue = scene.cues.iter().find(near)?;
    let row = scene.cue(cue);
    let fits = match () {
        () if row.has("plight") => scene.is_about(segment, Subject::Plight) && scene.secure(segment),
        () if row.has("armed") => scene.armed(segment) || scene.is_about(segment, Subject::Violence),
        () => true,
    };
    fits.then_some(words.start..cue.words.end)
}

/// Whether something makes a number an estimate: one of estimating before it, or a state that those counted are in.
fn states(scene: &Scene<'_, '_>, counted: &Range<usize>, segment: &Range<usize>) -> bool {
    let unit = scene.unit;
    for cue in scene.cues.iter().filter(|cue| inside(&cue.words, segment)) {
        match cue.sense {
            Sense::Estimate(Count::Says) => return true,
            Sense::Estimate(Count::State) => {
                // An auxiliary states nothing: "have been killed".
                let Some(verb) = scene.verb(cue).filter(|&verb| {
                    cue.words.contains(&unit.verbs[verb].head) || unit.lemma(cue.words.start) == "be"
                }) else {
                    continue;
                };
                // The counted are its subject or object: nothing else stands between.
                let group = &unit.verbs[verb];
                let gap = if group.words.start >= counted.end {
                    counted.end..group.words.start
                } else {
                    group.words.end..counted.start.max(group.words.end)
                };
                let near = gap.len() <= 12
                    && gap.clone().all(|word| {
                        !matches!(unit.lower(word), ";" | ":" | "when" | "after" | "before" | "while")
                    });
                let clear = gap.clone().all(|word| {
                    unit.verb_at[word].is_none_or(|other| other == verb || unit.lower(word) == "including")
                });
                let settled = !group.infinitive && !group.gerund && !told_of_a_day(scene, segment);
                if near && clear && settled {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}

/// Whether the sentence tells of one day: then its figures are the event's.
fn told_of_a_day(scene: &Scene<'_, '_>, segment: &Range<usize>) -> bool {
    scene.unit.times.iter().any(|time| {
        inside(&time.words, segment) && time.expression.interval.is_some_and(|(first, last)| first == last)
    })
}

/// Whether the number counts people to whom something was done: the dead and the arrested are no strength.
fn happened(scene: &Scene<'_, '_>, counted: &Range<usize>, segment: &Range<usize>) -> bool {
    let unit = scene.unit;
    scene.cues.iter().filter(|cue| cue.sense == Sense::Act && inside(&cue.words, segment)).any(|cue| {
        if scene.cue(cue).value == "displaced" {
            return false;
        }
        match unit.verb_at[cue.words.start] {
            Some(verb) => {
                let group = &unit.verbs[verb];
                let phrase = unit
                    .phrases
                    .iter()
                    .position(|phrase| phrase.words.start < counted.end && counted.start < phrase.words.end);
                phrase.is_some()
                    && (unit.subject(verb) == phrase && (group.passive || group.bare_participle)
                        || unit.object(verb) == phrase)
                    || group.words.start >= counted.end && group.words.start <= counted.end + 2
                    || group.words.end <= counted.start && counted.start - group.words.end <= 1
            }
            // "The death of 126".
            None => cue.words.end <= counted.start && counted.start - cue.words.end <= 2,
        }
    })
}
