//! Forecasts: what will or may come, by when, and on what condition.

use std::ops::Range;

use jiff::civil::Date;
use record::vocabulary::Sector;
use record::{Horizon, StatementKind};

use super::lexicon::{Class, Found, Outlook, Sense};
use super::scene::inside;
use super::{Draft, Scene};
use crate::unit::Unit;
use syntax::Relation;

/// How far apart, in words, two times may stand to give one horizon ("at the end of 2020 or the beginning of 2021").
const JOINED_TIMES: usize = 5;

pub(crate) fn find(scene: &Scene<'_, '_>, drafts: &mut Vec<Draft>) {
    for found in &scene.cues {
        let Sense::Forecast(outlook) = found.sense else { continue };
        let segment = scene.segment(found.words.start);
        if !segment.contains(&found.words.start) || !foretells(scene, found, outlook, &segment) {
            continue;
        }
        if Scene::taken(drafts, StatementKind::Forecast, &segment) {
            continue;
        }
        let mut draft = Draft::new(StatementKind::Forecast, segment.clone(), scene.said_at(found, &segment));
        draft.condition = scene.condition(&segment);
        draft.horizon = Some(horizon(scene, &segment, draft.condition.as_ref()));
        drafts.push(draft);
    }
}

fn foretells(scene: &Scene<'_, '_>, found: &Found, outlook: Outlook, segment: &Range<usize>) -> bool {
    let unit = scene.unit;
    let right = found.words.end..segment.end;
    match outlook {
        Outlook::Modal => predicts(scene, found, &right, segment),
        Outlook::Maybe => hedged(scene, found) && predicts(scene, found, &right, segment),
        Outlook::Predict if scene.cue(found).class == Class::Predicate => {
            // "An imminent attack", "attacks are imminent".
            let phrase = unit.phrase_of(found.words.start).map(|phrase| unit.extended(phrase));
            phrase.is_some_and(|words| scene.violence_itself(&words))
                || scene.violence_itself(&(segment.start..found.words.start))
        }
        Outlook::Predict | Outlook::Warn => {
            let verb = scene.verb(found);
            let is_verb = scene.cue(found).class == Class::Verb;
            if is_verb && verb.is_none() {
                return false;
            }
            let negated = verb.is_some_and(|verb| unit.verbs[verb].negated || unit.verbs[verb].infinitive);
            // "Feared dead", "feared to have been killed": about what has happened.
            let past = verb.is_some_and(|verb| unit.verbs[verb].passive || unit.verbs[verb].bare_participle)
                || matches!(unit.lower(found.words.end), "dead" | "to")
                    && unit.lower(found.words.end + 1) == "have";
            if negated || past && outlook == Outlook::Warn {
                return false;
            }
            if !is_verb {
                // "Fears of an attack", "the risk of war".
                let of = unit.lower(found.words.end);
                return matches!(of, "of" | "that" | "about" | "over")
                    && scene.violence_itself(&right)
                    && !unit
                        .times
                        .iter()
                        .any(|time| is_past(scene, time.whole) && inside(&time.words, &right));
            }
            // "Warned against", "warned of": what follows must be violence to come, not an event of the day.
            let told =
                unit.verbs.iter().any(|group| right.contains(&group.words.start) && group.modal.is_some());
            let of = matches!(unit.lower(found.words.end), "of" | "about" | "against")
                || outlook == Outlook::Predict;
            let feared = unit.lemma(found.words.start) == "fear" && scene.violence_itself(&right);
            (told
                || of
                || feared
                || unit.verbs.iter().any(|group| right.contains(&group.words.start) && group.infinitive))
                && (scene.violence_itself(&right) || armed_acts(scene, &right))
        }
    }
}

/// Whether somebody armed is to do something: "that the militants could strike", "the rebels to return".
fn armed_acts(scene: &Scene<'_, '_>, words: &Range<usize>) -> bool {
    let unit = scene.unit;
    let to_come = |verb: &usize| {
        let group = &unit.verbs[*verb];
        words.contains(&group.words.start) && (group.modal.is_some() || group.infinitive)
    };
    (0..unit.verbs.len())
        .filter(to_come)
        .filter_map(|verb| scene.subject(verb))
        .any(|subject| scene.phrase_is_armed(subject))
}

/// "May", "could" foretell only what somebody warns of, fears or says; and never "could have".
fn hedged(scene: &Scene<'_, '_>, found: &Found) -> bool {
    let unit = scene.unit;
    let perfect = scene.verb(found).is_some_and(|verb| unit.verbs[verb].perfect || unit.verbs[verb].negated);
    // "Can" tells an ability, "would" a habit or a wish, unless a condition or a warning stands beside it.
    let conditional = matches!(unit.lower(found.words.start), "would" | "can");
    let spoken = scene.attribution.voice(unit.sentence, found.words.start).is_some();
    let warned =
        scene.cues.iter().any(|cue| matches!(cue.sense, Sense::Forecast(Outlook::Warn | Outlook::Predict)))
            || scene.condition(&scene.segment(found.words.start)).is_some();
    !perfect && (warned || spoken && !conditional)
}

/// Whether what a modal governs is violence to come, and neither procedure nor somebody's own plan.
fn predicts(scene: &Scene<'_, '_>, found: &Found, right: &Range<usize>, segment: &Range<usize>) -> bool {
    let unit = scene.unit;
    let verb = scene
        .verb(found)
        .or_else(|| unit.verbs.iter().position(|group| group.words.start >= found.words.start));
    let Some(verb) = verb else { return false };
    let group = &unit.verbs[verb];
    if group.perfect || group.infinitive && found.words.contains(&group.head) {
        return false;
    }
    // After "likely to" the verb that carries the meaning is the next one.
    let head = if right.contains(&group.head)
        || found.words.contains(&group.head) && group.head + 1 >= found.words.end
    {
        group.head
    } else {
        unit.verbs
            .iter()
            .find(|group| group.words.start >= found.words.end)
            .map_or(group.head, |group| group.head)
    };
    let procedure = scene.cues.iter().any(|cue| cue.sense == Sense::Procedure && cue.words.start == head);
    let subject = scene.subject(verb);
    let speaks_of_itself = subject.is_some_and(|subject| {
        let word = unit.lower(unit.phrases[subject].words.start);
        unit.phrases[subject].pronoun && matches!(word, "i" | "we")
    });
    // "Information that will help": a relative clause describes.
    let relative = matches!(unit.words[group.head].relation, Relation::AclRelcl | Relation::Acl)
        || matches!(unit.before(group.words.start, 1), "which" | "who" | "that")
            && !is_content(scene, group.words.start);
    // A clause that starts with "if" or "when" sets the scene; it does not foretell.
    let conditional =
        scene.condition(segment).is_some_and(|condition| condition.contains(&found.words.start));
    if relative || procedure || speaks_of_itself || conditional {
        return false;
    }
    // Purposes are no forecasts: "so that it would", "to try to".
    let armed = subject.is_some_and(|subject| scene.phrase_is_armed(subject));
    let predicate = clause_end(unit, right);
    let state = subject.is_some_and(|subject| {
        scene.reading.describe(scene.parsed, subject).is_some_and(|found| {
            found.sector.is_some_and(|sector| sector.is_state_force() || sector == Sector::Government)
        })
    });
    let trend = scene.has(&predicate, |sense| matches!(sense, Sense::Trend(_)));
    if state {
        // What a state says it will do is a plan; what will befall it is a forecast.
        return scene.violence_itself(&predicate) && (trend || befalls(unit, head));
    }
    let violent = subject.is_some_and(|subject| scene.violence_itself(&unit.extended(subject)));
    armed || violent || scene.violence_itself(&predicate) || trend && scene.violent(segment)
}

/// Whether somebody's words begin at a word, so that a "that" before it introduces them.
fn is_content(scene: &Scene<'_, '_>, word: usize) -> bool {
    scene.attribution.content(scene.unit.sentence, word).is_some_and(|words| words.start + 1 >= word)
}

/// Verbs whose subject undergoes what comes.
fn befalls(unit: &Unit, head: usize) -> bool {
    matches!(
        unit.lemma(head),
        "face"
            | "suffer"
            | "see"
            | "witness"
            | "experience"
            | "fall"
            | "lose"
            | "collapse"
            | "be"
            | "become"
            | "wake"
            | "come"
            | "remain"
    )
}

/// The predicate: up to the next clause that is none of its own.
fn clause_end(unit: &Unit, right: &Range<usize>) -> Range<usize> {
    let end = right
        .clone()
        .find(|&at| matches!(unit.lower(at), ";" | "because" | "while" | "although"))
        .unwrap_or(right.end);
    right.start..end
}

fn is_past(scene: &Scene<'_, '_>, interval: Option<(Date, Date)>) -> bool {
    match (interval, scene.reading.anchors.published) {
        (Some((_, last)), Some(published)) => last < published,
        _ => false,
    }
}

/// When a forecast falls due: the times of its words that lie ahead, outside the condition.
fn horizon(scene: &Scene<'_, '_>, segment: &Range<usize>, condition: Option<&Range<usize>>) -> Horizon {
    let unit = scene.unit;
    let ahead = |words: &Range<usize>| {
        inside(words, segment)
            && condition.is_none_or(|condition| !inside(words, condition))
            && !in_if_clause(unit, words.start, segment.start)
    };
    let mut chosen: Option<(Range<usize>, Option<Date>, Option<Date>)> = None;
    for time in unit.times.iter().filter(|time| ahead(&time.words)) {
        let Some((first, last)) = time.whole else { continue };
        if is_past(scene, time.whole) {
            continue;
        }
        chosen = match chosen {
            None => Some((time.words.clone(), Some(first), Some(last))),
            Some((words, start, end)) if time.words.start <= words.end + JOINED_TIMES => {
                Some((words.start..time.words.end, start.min(Some(first)), end.max(Some(last))))
            }
            kept => kept,
        };
    }
    let text = |words: &Range<usize>| Some(scene.reading.text.slice(unit.span(words)).to_owned());
    if let Some((words, start, end)) = chosen {
        // What is told of the present day on has no beginning but now.
        return Horizon { start, end, text: text(&words) };
    }
    if let Some(horizon) = within(scene, &ahead) {
        return horizon;
    }
    let vague = scene.cues.iter().find(|cue| cue.sense == Sense::Horizon && inside(&cue.words, segment));
    let open = unit
        .times
        .iter()
        .find(|time| ahead(&time.words) && time.expression.value.as_deref() == Some("FUTURE_REF"));
    let words = vague.map(|cue| cue.words.clone()).or_else(|| open.map(|time| time.words.clone()));
    Horizon { start: None, end: None, text: words.as_ref().and_then(text) }
}

/// "Within two years": from the day of writing on, for as long as the duration says.
fn within(scene: &Scene<'_, '_>, ahead: &impl Fn(&Range<usize>) -> bool) -> Option<Horizon> {
    let unit = scene.unit;
    let now = scene.reading.anchors.published?;
    let time = unit.times.iter().find(|time| {
        let opens = |word: &str| matches!(word, "within" | "in" | "over" | "inside");
        let opened = opens(unit.before(time.words.start, 1)) || opens(unit.lower(time.words.start));
        ahead(&time.words) && opened && time.expression.interval.is_none()
    })?;
    let span: jiff::Span = time.expression.value.as_deref()?.parse().ok()?;
    let end = now.checked_add(span).ok().filter(|end| *end > now)?;
    let words = time.words.start.saturating_sub(1)..time.words.end;
    Some(Horizon {
        start: Some(now),
        end: Some(end),
        text: Some(scene.reading.text.slice(unit.span(&words)).to_owned()),
    })
}

/// Whether a word stands in a clause that "if" opened and no comma has closed.
fn in_if_clause(unit: &Unit, word: usize, from: usize) -> bool {
    let back = (from..word).rev().take_while(|&at| !matches!(unit.lower(at), ";" | "," | "then"));
    back.into_iter().any(|at| matches!(unit.lower(at), "if" | "unless"))
}
