//! Allegations: what somebody is accused of beyond a single attack, and whom they are said to support.

use std::ops::Range;

use record::{ParticipantKind, StatementKind};
use syntax::Tag;

use super::lexicon::{Charge, Class, Found, Sense, Subject};
use super::{Draft, Scene};

pub(crate) fn find(scene: &Scene<'_, '_>, drafts: &mut Vec<Draft>) {
    for found in &scene.cues {
        let Sense::Allegation(charge) = found.sense else { continue };
        let segment = scene.segment(found.words.start);
        if !segment.contains(&found.words.start) || !alleges(scene, found, charge, &segment) {
            continue;
        }
        if Scene::taken(drafts, StatementKind::Allegation, &segment) {
            continue;
        }
        let said_at = scene.said_at(found, &segment);
        drafts.push(Draft::new(StatementKind::Allegation, segment, said_at));
    }
}

fn alleges(scene: &Scene<'_, '_>, found: &Found, charge: Charge, segment: &Range<usize>) -> bool {
    let unit = scene.unit;
    let right = found.words.end..segment.end;
    let verb = scene.verb(found);
    let noun = scene.cue(found).class == Class::Noun;
    if verb.is_none() && !noun && charge != Charge::Support
        || verb.is_some_and(|verb| unit.verbs[verb].infinitive && charge != Charge::Support)
    {
        return false;
    }
    match charge {
        Charge::Accuse | Charge::Blame => {
            // "He is accused of": the charge of one suspect before a court is none of a side against another.
            let reduced = verb.is_some_and(|verb| unit.verbs[verb].bare_participle)
                && matches!(unit.lower(found.words.end), "of" | "by" | "for")
                || verb.is_some_and(|verb| unit.verbs[verb].bare_participle)
                    && unit.lower(found.words.end - 1) == "of";
            let on_trial = verb.is_some_and(|verb| {
                unit.verbs[verb].passive
                    && !scene.subject(verb).is_some_and(|subject| is_side(scene, subject))
            });
            if reduced || on_trial {
                return false;
            }
            let wrong = scene.is_about(&right, Subject::Wrong) || scene.violent(&right);
            // "Blamed the group" alone is the claim of an event; blame for what goes on has its object behind "for".
            let object =
                right.clone().find(|&word| unit.lower(word) == "for").map(|word| word + 1..right.end);
            let blamed = charge != Charge::Blame
                || object.is_some_and(|object| {
                    scene.is_about(&object, Subject::Wrong) || scene.violence_itself(&object)
                });
            wrong
                && blamed
                && !is_one_attack(scene, &right)
                && !verb.is_some_and(|verb| unit.verbs[verb].negated)
        }
        Charge::Support => {
            let subject = verb.and_then(|verb| scene.subject(verb));
            if noun {
                // "Its support for the rebels", "links to al-Qaeda", said by somebody.
                // But not of people who were arrested for it.
                let arrested = scene.has(segment, |sense| sense == Sense::Act);
                return !arrested && is_said(scene, found) && scene.armed(&near(scene, &right));
            }
            if verb.is_none() {
                // A verb that the tagger took for a noun: "…, and supports the rebels".
                return is_said(scene, found) && supports_armed(scene, &near(scene, &right), segment);
            }
            let Some(verb) = verb else { return false };
            let group = &unit.verbs[verb];
            let told = is_said(scene, found)
                || scene.has(segment, |sense| matches!(sense, Sense::Allegation(Charge::Accuse)));
            let passive = group.passive || group.bare_participle;
            // A state's help for its own forces, or the armed who support each other, is no allegation.
            let by_armed = subject.is_some_and(|subject| scene.phrase_is_armed(subject));
            let habitual = matches!(unit.words[group.words.start].tag, Tag::Vbz | Tag::Vbp | Tag::Vbg)
                || group.perfect
                || group.modal.is_some()
                || group.infinitive
                || group.words.len() > 1;
            let own =
                subject.is_some_and(|subject| matches!(unit.lower(unit.phrases[subject].head), "we" | "i"));
            told && !own
                && !passive
                && !by_armed
                && !group.negated
                && habitual
                && supports_armed(scene, &near(scene, &right), segment)
        }
    }
}

/// Whether a phrase means a state, a body or an armed group, and no suspect before a court.
fn is_side(scene: &Scene<'_, '_>, phrase: usize) -> bool {
    let kind = scene.reading.describe(scene.parsed, phrase).map(|who| who.kind);
    matches!(kind, Some(ParticipantKind::State | ParticipantKind::Organization))
        || scene.phrase_is_armed(phrase)
}

/// Whether somebody says it; a heading in quotation marks is somebody's words too.
fn is_said(scene: &Scene<'_, '_>, found: &Found) -> bool {
    scene.attribution.voice(scene.unit.sentence, found.words.start).is_some()
        || scene.unit.quoted.get(found.words.start).copied().unwrap_or(false)
}

/// Whether an object is armed, or points back to somebody armed ("supports these organisations").
fn supports_armed(scene: &Scene<'_, '_>, object: &Range<usize>, segment: &Range<usize>) -> bool {
    let unit = scene.unit;
    let points_back = object.clone().any(|word| {
        matches!(unit.lower(word), "these" | "those" | "such" | "them" | "their")
            && (unit.lower(word) == "them"
                || matches!(
                    unit.lemma(word + 1),
                    "organization"
                        | "organisation"
                        | "group"
                        | "militia"
                        | "faction"
                        | "movement"
                        | "force"
                        | "element"
                        | "gang"
                ))
    });
    let anywhere = 0..unit.words.len();
    scene.armed(object) || points_back && (scene.armed(segment) || scene.armed(&anywhere))
}

/// What a verb's object can be: the words up to the next clause.
fn near(scene: &Scene<'_, '_>, right: &Range<usize>) -> Range<usize> {
    const OBJECT: usize = 10;
    let unit = scene.unit;
    let stop = (right.start..right.end.min(right.start + OBJECT))
        .find(|&at| {
            matches!(unit.lower(at), "," | ";" | "against" | "because" | "fight" | "fighting" | "in")
                || unit.verb_at[at].is_some_and(|verb| !unit.verbs[verb].gerund)
        })
        .unwrap_or(right.end.min(right.start + OBJECT));
    right.start..stop
}

/// "Accused the group of carrying out the attack": blame for one event belongs to the event's claims.
fn is_one_attack(scene: &Scene<'_, '_>, right: &Range<usize>) -> bool {
    let unit = scene.unit;
    let wrong = scene.is_about(right, Subject::Wrong);
    let single = unit.phrases.iter().any(|phrase| {
        right.contains(&phrase.head)
            && unit.words[phrase.head].tag == Tag::Nn
            && scene.is_event_noun(phrase.head)
            && matches!(
                unit.lower(phrase.words.start),
                "the"
                    | "an"
                    | "a"
                    | "this"
                    | "that"
                    | "saturday"
                    | "sunday"
                    | "monday"
                    | "tuesday"
                    | "wednesday"
                    | "thursday"
                    | "friday"
            )
    });
    let dated = unit.times.iter().any(|time| {
        right.contains(&time.words.start)
            && time.expression.interval.is_some_and(|(first, last)| first == last)
    });
    !wrong && (single || dated)
}
