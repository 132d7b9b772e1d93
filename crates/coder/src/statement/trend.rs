//! Trends: attacks rise, fall, or go on as before.

use std::ops::Range;

use record::{Direction, StatementKind};

use super::lexicon::{Class, Found, Sense, Side, Subject};
use super::{Draft, Scene};
use crate::unit::Unit;

pub(crate) fn find(scene: &Scene<'_, '_>, drafts: &mut Vec<Draft>) {
    for found in &scene.cues {
        let Sense::Trend(direction) = found.sense else { continue };
        let words = scene.segment(found.words.start);
        if !words.contains(&found.words.start) || is_presupposed(scene, found, &words) {
            continue;
        }
        let Some(theme) = theme(scene, found, &words) else { continue };
        if Scene::taken(drafts, StatementKind::Trend, &words) {
            continue;
        }
        let mut draft = Draft::new(StatementKind::Trend, words, found.words.start);
        draft.direction = Some(turned(scene.unit, found, direction));
        draft.theme = Some(theme);
        drafts.push(draft);
    }
}

/// "Have not decreased" is no fall.
fn turned(unit: &Unit, found: &Found, direction: Direction) -> Direction {
    let negated = unit.verb_at[found.words.start].is_some_and(|verb| unit.verbs[verb].negated);
    if negated { Direction::Steady } else { direction }
}

/// The words for what rises or falls, where it is violence or, for cues that allow it, an armed actor.
fn theme(scene: &Scene<'_, '_>, found: &Found, segment: &Range<usize>) -> Option<Range<usize>> {
    let unit = scene.unit;
    let cue = scene.cue(found);
    let (actor, also) = (cue.has("actor"), cue.has("also-actor"));
    let mut parts: Vec<Range<usize>> = Vec::new();
    match cue.class {
        Class::Verb | Class::Participle => {
            let verb = scene.verb(found)?;
            let group = &unit.verbs[verb];
            // "Mounted an attack", "dropped bombs": with an object these verbs tell what somebody does.
            if cue.has("alone") && unit.object(verb).is_some() {
                return None;
            }
            // What may or ought to rise has not risen; what a plan raises is no trend.
            if group.infinitive && !after_aspect(unit, group.words.start)
                || group.modal.as_deref().is_some_and(|modal| !matches!(modal, "can" | "could"))
            {
                return None;
            }
            if let Some(subject) = scene.subject(verb) {
                // "Attacks by armed groups": the noun that the preposition hangs from.
                let first = governing(unit, subject);
                parts.push(unit.phrases[first].words.start..unit.extended(subject).end);
            }
            if let Some(object) = unit.object(verb) {
                let whole = unit.extended(object);
                let end = after_preposition(unit, whole.end, segment.end)
                    .first()
                    .map_or(whole.end, |next| next.end);
                parts.push(whole.start..end);
            }
            // "Increased in attacks", "surged with attacks": what follows the preposition.
            parts.extend(after_preposition(unit, group.words.end.max(found.words.end), segment.end));
            // "As have increased attacks in Egypt": the subject stands behind.
            if parts.is_empty() || unit.before(group.words.start, 1) == "as" {
                let next = unit.phrases.iter().find(|phrase| {
                    phrase.words.start >= group.words.end && phrase.words.start <= group.words.end + 1
                });
                parts.extend(next.map(|phrase| phrase.words.clone()));
            }
        }
        Class::Noun => {
            let phrase = unit.phrase_of(found.words.end - 1).or_else(|| unit.phrase_of(found.words.start))?;
            // "The increase in attacks", "a surge of violence", "a crime wave".
            parts.push(unit.phrases[phrase].words.start..found.words.start);
            parts.extend(after_preposition(
                unit,
                unit.phrases[phrase].words.end.max(found.words.end),
                segment.end,
            ));
        }
        Class::Modifier => {
            // "The growing threat from armed groups": with what hangs on the noun.
            let phrase = unit.phrase_of(found.words.start)?;
            let whole = unit.extended(phrase);
            let end =
                after_preposition(unit, whole.end, segment.end).first().map_or(whole.end, |next| next.end);
            parts.push(whole.start..end);
        }
        Class::Predicate | Class::Any => {
            // "More frequent attacks", "attacks became more frequent", "fewer attacks".
            let next = unit.phrase_of(found.words.end).or_else(|| unit.phrase_of(found.words.start));
            parts.extend(next.map(|phrase| unit.extended(phrase)));
            let verb = unit.verbs.iter().rposition(|group| {
                group.words.end <= found.words.start && group.words.start >= segment.start
            });
            if let Some(subject) = verb.and_then(|verb| scene.subject(verb)) {
                parts.push(unit.extended(subject));
            }
        }
    }
    parts.retain(|part| part.start < part.end);
    // A running toll is the event's own figure, and a rise to a number of them is no trend.
    let other = parts.iter().any(|part| scene.is_about(part, Subject::Other));
    let fits = |part: &Range<usize>| {
        if actor {
            scene.armed(part)
        } else if also {
            scene.violent(part)
        } else {
            scene.violence_itself(part)
        }
    };
    if other || counts_victims(scene, found, segment) {
        return None;
    }
    parts.into_iter().find(fits)
}

/// The phrase that a chain of prepositions ending in a phrase begins with.
fn governing(unit: &Unit, mut phrase: usize) -> usize {
    while let Some(preposition) = unit.phrases[phrase].preposition
        && phrase > 0
        && unit.phrases[phrase - 1].words.end == preposition
    {
        phrase -= 1;
    }
    phrase
}

/// "Rose to 14": a figure of one event, not a movement, unless it is in per cent or over a period.
fn counts_victims(scene: &Scene<'_, '_>, found: &Found, segment: &Range<usize>) -> bool {
    let unit = scene.unit;
    let at = found.words.end;
    let to_number = matches!(unit.lower(at), "to" | "by")
        && unit.numbers.iter().any(|number| number.words.start == at + 1);
    let measured = (at..segment.end)
        .any(|word| matches!(unit.lower(word), "%" | "percent" | "per" | "percentage" | "fold" | "from"))
        || unit.times.iter().any(|time| segment.contains(&time.words.start) && scene.is_period(time));
    to_number && !measured
}

/// "Has begun to increase", "continued to rise".
fn after_aspect(unit: &Unit, start: usize) -> bool {
    let before = start.checked_sub(2).map_or("", |word| unit.lemma(word));
    matches!(before, "begin" | "continue" | "start" | "seem" | "appear" | "tend" | "see")
}

/// The phrases that "in", "of", "among", "with", "on" and "against" tie to a word.
fn after_preposition(unit: &Unit, at: usize, end: usize) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    for phrase in &unit.phrases {
        let Some(preposition) =
            phrase.preposition.filter(|&preposition| preposition >= at && preposition < end)
        else {
            continue;
        };
        // Only those that follow one another from the word on.
        let clear = (at..preposition).all(|word| {
            unit.verb_at[word].is_none() && !matches!(unit.lower(word), ";" | ":" | "that" | "which")
        });
        if !clear {
            break;
        }
        if matches!(
            unit.lower(preposition),
            "in" | "of" | "among" | "with" | "on" | "against" | "from" | "by"
        ) {
            parts.push(phrase.words.clone());
        }
    }
    parts
}

/// "The reason for the increase in attacks is …" asks why and takes the increase as known.
fn is_presupposed(scene: &Scene<'_, '_>, found: &Found, segment: &Range<usize>) -> bool {
    let unit = scene.unit;
    let definite = unit
        .phrase_of(found.words.start)
        .is_some_and(|phrase| unit.lower(unit.phrases[phrase].words.start) == "the");
    let reasoned = scene.cues.iter().any(|cue| {
        matches!(cue.sense, Sense::Cause(Side::Reason))
            && cue.words.start < found.words.start
            && segment.contains(&cue.words.start)
    });
    // "A reason for increasing the number of attacks".
    let asked_for = unit.before(found.words.start, 1) == "for"
        && found.words.start >= 2
        && scene
            .cues
            .iter()
            .any(|cue| matches!(cue.sense, Sense::Cause(_)) && cue.words.end + 1 == found.words.start);
    asked_for || definite && reasoned && scene.cue(found).class == Class::Noun
}
