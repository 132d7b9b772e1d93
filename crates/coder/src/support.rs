/*! What a frame needs beside it to count as an event: a weapon that is used, an agreement that is made, a weak word with
people harmed.
*/

use record::vocabulary::Realis;

use crate::day::event_time;
use crate::draft::{Telling, has_place};
use crate::frame::{Frame, Sentence};
use crate::kind::Kind;
use crate::lexicon::Class;

/// Several events over more days than these are told of in general.
const GENERAL_DAYS: i32 = 10;

impl Telling<'_> {
    /// Why a frame is no event by itself, if it is none.
    pub(crate) fn unsupported(&self, sentence: usize, frame: &Frame) -> Option<&'static str> {
        let told = &self.sentences[sentence];
        let parsed = self.parsed(sentence);
        let unit = &parsed.unit;
        let trigger = &told.triggers[frame.trigger];
        let counted = told.casualties.iter().any(|casualty| casualty.trigger == frame.trigger);
        let any_count =
            told.casualties.iter().any(|casualty| casualty.quantity.figure().is_some_and(|n| n > 0));
        if frame.kind.is_result() && !counted && !matches!(frame.kind, Kind::Escape) {
            return Some("what became of people, without a count");
        }
        if frame.generic && !counted {
            return Some("told of in general, not as one event");
        }
        let armed = |phrase: &usize| {
            self.reading
                .describe(parsed, *phrase)
                .is_some_and(|who| who.sector.is_some_and(|sector| sector.is_armed()))
        };
        let entry = self.reading.knowledge.lexicon.entry(trigger.entry);
        if entry.has("device") {
            let found = told.frames.iter().any(|other| {
                matches!(other.kind, Kind::WeaponsFound | Kind::Arrest | Kind::Seizure | Kind::Foiled)
            });
            let goes_off = told.frames.iter().any(|other| {
                other.kind.is_explosive()
                    && !std::ptr::eq(other, frame)
                    && !reading_entry(self, told, other).has("device")
            });
            let governed = unit.words[trigger.head].head.is_some_and(|governor| {
                matches!(
                    unit.lemma(governor),
                    "hit"
                        | "strike"
                        | "land"
                        | "fall"
                        | "fire"
                        | "launch"
                        | "kill"
                        | "wound"
                        | "injure"
                        | "target"
                        | "throw"
                        | "hurl"
                        | "rip"
                        | "destroy"
                        | "explode"
                        | "detonate"
                        | "slam"
                        | "crash"
                        | "tear"
                        | "rain"
                        | "lob"
                        | "drop"
                )
            });
            if !counted && (found || !any_count && !goes_off && !governed) {
                return Some("a weapon named, not used");
            }
        }
        // "In a separate *incident*, marines arrested three men": names what the sentence tells.
        let names_other = told.frames.iter().any(|other| {
            !std::ptr::eq(other, frame)
                && matches!(other.kind, Kind::Arrest | Kind::WeaponsFound | Kind::Abduction)
        });
        if entry.lemmas[0] == "incident" && names_other {
            return Some("names what the sentence tells");
        }
        // "Explosions hit a rally": the rally is where it happened.
        let struck = || {
            let phrase = unit.phrase_of(trigger.head);
            told.frames.iter().any(|other| {
                other.kind.is_violent()
                    && !other.kind.is_result()
                    && phrase.is_some_and(|phrase| {
                        other.objects.contains(&phrase) || other.recipients.contains(&phrase)
                    })
            })
        };
        if frame.kind == Kind::Protest && entry.class == Class::Noun && struck() {
            return Some("where it happened, not what was done");
        }
        if frame.kind == Kind::Agreement
            && entry.class == Class::Noun
            && unit.words[trigger.head].head.is_none_or(|governor| {
                unit.verb_at[governor]
                    .is_none_or(|verb| !AGREEING.contains(&unit.lemma(unit.verbs[verb].head)))
            })
        {
            return Some("an agreement spoken of, not made");
        }
        // "A demonstration turned violent": a stronger word in the sentence tells of the same.
        let backed = told
            .frames
            .iter()
            .any(|other| !other.weak && other.kind.agrees(frame.kind) && !std::ptr::eq(other, frame));
        if frame.weak {
            let crowd = matches!(frame.kind, Kind::Protest | Kind::Riot | Kind::Dispersal);
            let rioting = |phrase: &usize| {
                self.reading
                    .describe(parsed, *phrase)
                    .is_some_and(|who| who.inter_code == Some(record::vocabulary::InterCode::Rioters))
            };
            let supported = counted
                || frame.kind == Kind::Looting && frame.actors.iter().any(rioting)
                || frame.kind == Kind::Regroup && !frame.recipients.is_empty()
                || any_count && !crowd
                || !told.weapons.is_empty() && frame.kind.is_violent()
                || frame.actors.iter().any(armed)
                    && !crowd
                    && !matches!(frame.kind, Kind::Withdrawal | Kind::Release | Kind::Escape)
                || !frame.actor_words.is_empty() && frame.kind.is_violent()
                || frame.recipients.iter().any(armed) && frame.kind.is_violent()
                || frame.kind.is_violent()
                    && !frame.objects.is_empty()
                    && matches!(unit.lemma(trigger.head), "hit" | "strike" | "target" | "pound" | "bomb")
                || crowd
                    && (!frame.actors.is_empty()
                        || !frame.recipients.is_empty()
                        || entry.class == Class::Verb
                        || has_place(parsed)
                        || backed)
                || matches!(frame.kind, Kind::Withdrawal | Kind::Release)
                    && entry.class == Class::Verb
                    && !frame.actors.is_empty()
                    && (!frame.recipients.is_empty() || has_place(parsed));
            if !supported {
                return Some("a weak word without people harmed, a weapon or an armed side");
            }
        }
        let roles = frame.actors.len()
            + frame.recipients.len()
            + frame.objects.len()
            + frame.actor_words.len()
            + frame.recipient_words.len();
        let plural_noun = entry.class == Class::Noun && unit.words[trigger.head].tag.is_plural();
        let light = unit
            .words
            .get(trigger.head)
            .and_then(|word| word.head)
            .and_then(|governor| unit.verb_at[governor])
            .is_some_and(|verb| {
                matches!(
                    unit.lemma(unit.verbs[verb].head),
                    "launch"
                        | "carry"
                        | "stage"
                        | "mount"
                        | "erupt"
                        | "break"
                        | "occur"
                        | "coincide"
                        | "witness"
                        | "see"
                        | "be"
                        | "happen"
                        | "report"
                )
            });
        let numbered =
            unit.phrase_of(trigger.head).is_some_and(|phrase| unit.phrases[phrase].number.is_some());
        let long = event_time(unit, trigger)
            .and_then(|time| unit.times[time].expression.interval)
            .is_none_or(|(start, end)| (end - start).get_days() > GENERAL_DAYS);
        // "Smaller protests took place in Batumi".
        let held = frame.other
            && has_place(parsed)
            && unit.words[trigger.head].head.and_then(|governor| unit.verb_at[governor]).is_some_and(
                |verb| {
                    matches!(unit.lemma(unit.verbs[verb].head), "take" | "hold") && !unit.verbs[verb].perfect
                },
            );
        if plural_noun && !any_count && !light && !held && !numbered && long {
            return Some("several told of in general, not as one event");
        }
        if entry.class == Class::Noun
            && roles == 0
            && !any_count
            && event_time(unit, trigger).is_none()
            && !has_place(parsed)
            && !frame.definite
            && !backed
        {
            return Some("nobody, nothing, nowhere, at no time");
        }
        if matches!(frame.realis, Realis::Hypothetical | Realis::Future) && frame.weak {
            return Some("possible only, in a weak word");
        }
        if frame.realis != Realis::Asserted && roles == 0 && !counted && !has_place(parsed) {
            return Some("not asserted, and without anybody or anything");
        }
        if matches!(frame.realis, Realis::Hypothetical | Realis::Future)
            && !has_place(parsed)
            && event_time(unit, trigger).is_none()
        {
            return Some("not asserted, and without place or day");
        }
        if frame.realis == Realis::Hypothetical && entry.class == Class::Noun && (plural_noun || roles == 0) {
            return Some("possible only, and told of in general");
        }
        None
    }
}

fn reading_entry<'t>(telling: &'t Telling<'_>, told: &Sentence, frame: &Frame) -> &'t crate::lexicon::Entry {
    telling.reading.knowledge.lexicon.entry(told.triggers[frame.trigger].entry)
}

/// Verbs under which a truce is made, begins, or is kept.
const AGREEING: &[&str] = &[
    "sign",
    "reach",
    "agree",
    "announce",
    "declare",
    "broker",
    "seal",
    "strike",
    "conclude",
    "take",
    "enter",
    "come",
    "begin",
    "hold",
    "start",
    "accept",
    "extend",
    "secure",
    "ink",
    "mediate",
    "negotiate",
    "clinch",
    "exchange",
    "carry",
    "complete",
    "go",
    "make",
    "be",
    "implement",
    "approve",
    "ratify",
    "finalise",
    "finalize",
    "renew",
    "call",
    "offer",
    "propose",
    "reject",
    "observe",
    "order",
];
