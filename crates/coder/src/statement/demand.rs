//! Demands: what ought to be done about violence or for protection from it.

use std::ops::Range;

use record::StatementKind;

use super::lexicon::{Asking, Class, Found, Sense, Subject};
use super::{Draft, Scene};

pub(crate) fn find(scene: &Scene<'_, '_>, drafts: &mut Vec<Draft>) {
    for found in &scene.cues {
        let Sense::Demand(asking) = found.sense else { continue };
        let segment = scene.segment(found.words.start);
        if !segment.contains(&found.words.start) || !demands(scene, found, asking, &segment) {
            continue;
        }
        if Scene::taken(drafts, StatementKind::Demand, &segment) {
            continue;
        }
        let mut draft = Draft::new(StatementKind::Demand, segment.clone(), scene.said_at(found, &segment));
        draft.condition = scene.condition(&segment);
        drafts.push(draft);
    }
}

fn demands(scene: &Scene<'_, '_>, found: &Found, asking: Asking, segment: &Range<usize>) -> bool {
    let unit = scene.unit;
    let right = found.words.end..segment.end;
    if right.is_empty() || scene.is_about(&right, Subject::Ransom) {
        return false;
    }
    let verb = scene.verb(found);
    let subject = verb.and_then(|verb| scene.subject(verb));
    match asking {
        Asking::Modal => {
            let Some(verb) = verb else { return false };
            let group = &unit.verbs[verb];
            // "Must have been" infers; "had to" and "have to" of the past tell; "need not" asks nothing.
            if group.perfect
                || matches!(unit.lower(found.words.start), "had" | "having" | "needed")
                || group.infinitive
                || group.gerund
            {
                return false;
            }
            // Questions and asides: "it should be noted", "needless".
            let aside = right
                .clone()
                .take(3)
                .any(|word| matches!(unit.lemma(word), "note" | "remember" | "recall" | "mention" | "point"));
            // What the armed must do is what they do, not what anybody asks of them.
            let rebels = subject
                .is_some_and(|subject| scene.phrase_is_armed(subject) || refers_to_armed(scene, subject));
            let conditional =
                scene.condition(segment).is_some_and(|condition| condition.contains(&found.words.start));
            // What is asked of the armed is to stop.
            let yields = scene.has(&right, |sense| sense == Sense::Yield);
            !aside && (!rebels || yields) && !conditional && scene.secure(segment)
        }
        Asking::Call => {
            if scene.cue(found).class == Class::Noun {
                return scene.secure(&right);
            }
            let Some(verb) = verb else { return false };
            let group = &unit.verbs[verb];
            let own = group.infinitive && unit.before(group.words.start, 2) != "continue";
            // A demand that captors or crowds make with an attack is the event's.
            let suffered = group.passive || group.bare_participle && unit.lower(found.words.end) == "by";
            !group.negated && !suffered && !own && scene.secure(&right)
        }
        Asking::Need => {
            let Some(verb) = verb else { return false };
            let group = &unit.verbs[verb];
            let asked = unit.object(verb).is_some() || unit.lower(found.words.end) == "to";
            let rebels = subject.is_some_and(|subject| scene.phrase_is_armed(subject));
            asked && !group.negated && !group.passive && !rebels && !group.infinitive && scene.secure(segment)
        }
    }
}

/// Whether a pronoun's nearest plural before it means the armed: "terrorist organisations seek chaos, and they must use it".
fn refers_to_armed(scene: &Scene<'_, '_>, phrase: usize) -> bool {
    let unit = scene.unit;
    let noun = &unit.phrases[phrase];
    if !noun.pronoun || !matches!(unit.lower(noun.head), "they" | "it") {
        return false;
    }
    (0..phrase)
        .rev()
        .find(|&before| !unit.phrases[before].pronoun && scene.reading.is_people(scene.parsed, before))
        .is_some_and(|before| scene.phrase_is_armed(before))
}
