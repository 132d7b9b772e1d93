/*! Who did what to whom, as one trigger of one sentence tells it. */

use std::ops::Range;

use record::WeaponClass;
use record::vocabulary::{Completion, Realis};

use crate::casualty::{self, Casualty};
use crate::kind::Kind;
use crate::lexicon::{Class, Entry, Pattern};
use crate::reading::{Parsed, Reading};
use crate::realis;
use crate::roles::Roles;
use crate::sense::Cue;
use crate::trigger::{self, Trigger};
use crate::unit::Unit;

/// A weapon in a sentence.
#[derive(Debug, Clone)]
pub struct WeaponMention {
    /// Its words.
    pub words: Range<usize>,
    /// GTD's type.
    pub class: WeaponClass,
    /// Ours.
    pub subclass: Option<String>,
}

/// One trigger with what stands around it.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Index into [`Sentence::triggers`].
    pub trigger: usize,
    /// What it tells, the object considered.
    pub kind: Kind,
    /// Phrases of those who do it.
    pub actors: Vec<usize>,
    /// Phrases of those who suffer it.
    pub recipients: Vec<usize>,
    /// Phrases of the things that it is done to.
    pub objects: Vec<usize>,
    /// Words before the noun that name who does it ("*Taliban* attack").
    pub actor_words: Vec<Range<usize>>,
    /// Words before the noun that name who suffers it ("*police* killings").
    pub recipient_words: Vec<Range<usize>>,
    /// Whether it happened.
    pub realis: Realis,
    /// Whether it was carried through.
    pub completion: Completion,
    /// Why realis and completion are what they are, where they are not the default.
    pub because: Option<String>,
    /// "The attack": told as known.
    pub definite: bool,
    /// "Another attack", "a second blast", "separately".
    pub other: bool,
    /// Government regains or others overtake, where the word itself says which.
    pub regained: Option<bool>,
    /// It needs support to count as an event.
    pub weak: bool,
    /// Told of in general ("attacks have increased"), not as one event.
    pub generic: bool,
}

/// A sentence with all that its triggers tell.
#[derive(Debug, Clone)]
pub struct Sentence {
    /// Index in the text.
    pub index: usize,
    /// Its triggers.
    pub triggers: Vec<Trigger>,
    /// Its counts.
    pub casualties: Vec<Casualty>,
    /// Its frames.
    pub frames: Vec<Frame>,
    /// Its weapons.
    pub weapons: Vec<WeaponMention>,
    /// What was thrown out, and why.
    pub dropped: Vec<(Range<usize>, &'static str)>,
}

/// Reads the frames of a parsed sentence.
#[must_use]
pub fn read(reading: &Reading<'_>, index: usize, parsed: &Parsed) -> Sentence {
    let unit = &parsed.unit;
    let triggers = trigger::find(&reading.knowledge.lexicon, unit);
    let mut sentence = Sentence {
        index,
        casualties: casualty::find(reading, parsed, &triggers),
        triggers,
        frames: Vec::new(),
        weapons: weapons(reading, unit),
        dropped: Vec::new(),
    };
    let natural = natural_cause(reading, parsed, &sentence);
    if let Some(words) = natural {
        sentence.dropped.push((words, "the cause named is no violence"));
        sentence.casualties.clear();
        return sentence;
    }
    for index in 0..sentence.triggers.len() {
        match frame(reading, parsed, &sentence, index) {
            Ok(frame) => sentence.frames.push(frame),
            Err(reason) => {
                let words = sentence.triggers[index].words.clone();
                sentence.dropped.push((words, reason));
            }
        }
    }
    sentence
}

fn weapons(reading: &Reading<'_>, unit: &Unit) -> Vec<WeaponMention> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < unit.words.len() {
        match reading.knowledge.senses.weapon(unit, at) {
            Some((words, class, subclass))
                if unit.words[at].tag.is_noun() || words.len() > 1 || unit.words[at].tag.is_adjective() =>
            {
                at = words.end;
                found.push(WeaponMention { words, class, subclass });
            }
            _ => at += 1,
        }
    }
    found
}

/// "Ten people died in a car accident": death without violence, unless violence is told besides.
fn natural_cause(reading: &Reading<'_>, parsed: &Parsed, sentence: &Sentence) -> Option<Range<usize>> {
    let unit = &parsed.unit;
    let cue = reading.knowledge.senses.find_cue(unit, 0..unit.words.len(), Cue::NotViolence)?;
    let violent = sentence.triggers.iter().any(|trigger| {
        let entry = reading.knowledge.lexicon.entry(trigger.entry);
        !trigger.kind.is_result()
            && !(trigger.kind == Kind::Killing && entry.lemmas[0] == "kill")
            && !entry.weak
    });
    (!violent).then_some(cue)
}

fn frame(
    reading: &Reading<'_>,
    parsed: &Parsed,
    sentence: &Sentence,
    index: usize,
) -> Result<Frame, &'static str> {
    let unit = &parsed.unit;
    let trigger = &sentence.triggers[index];
    let entry = reading.knowledge.lexicon.entry(trigger.entry);
    if entry.class == Class::Adjective {
        let counted = sentence.casualties.iter().any(|casualty| casualty.trigger == index);
        if !counted {
            return Err("describes, without a count");
        }
    }
    if reading.knowledge.senses.cue(unit, trigger.words.start.saturating_sub(1), Cue::NotViolence).is_some() {
        return Err("part of a phrase for something that is no violence");
    }
    if figurative(unit, trigger) {
        return Err("figurative");
    }
    let mut frame = Frame {
        trigger: index,
        kind: trigger.kind,
        actors: Vec::new(),
        recipients: Vec::new(),
        objects: Vec::new(),
        actor_words: Vec::new(),
        recipient_words: Vec::new(),
        realis: Realis::Asserted,
        completion: Completion::Accomplished,
        because: None,
        definite: false,
        other: false,
        regained: if entry.has("regain") {
            Some(true)
        } else if entry.has("overtake") {
            Some(false)
        } else {
            None
        },
        weak: entry.weak,
        generic: false,
    };
    let mut roles = Roles { reading, parsed, unit, sentence, frame: &mut frame, entry, trigger };
    match entry.class {
        Class::Verb => roles.of_verb(),
        Class::Noun => roles.of_noun(),
        Class::Adjective => roles.of_adjective(),
    }
    roles.of_counts(index);
    if entry.class == Class::Verb && roles.done_to_nothing() {
        return Err("done to nothing that violence is done to");
    }
    decide_by_object(reading, parsed, trigger, &mut frame, entry)?;
    mention_form(reading, unit, trigger, entry, &mut frame);
    realis::judge(reading, parsed, sentence, trigger, &mut frame);
    Ok(frame)
}

/// "Heart attack", "labour strike", "attack on the proposal", "fight against corruption".
fn figurative(unit: &Unit, trigger: &Trigger) -> bool {
    let before = unit.before(trigger.words.start, 1);
    if matches!(
        before,
        "heart"
            | "asthma"
            | "panic"
            | "verbal"
            | "cyber"
            | "hunger"
            | "legal"
            | "political"
            | "media"
            | "photo"
            | "labour"
            | "labor"
            | "price"
            | "election"
            | "court"
            | "bidding"
            | "diplomatic"
            | "transport"
            | "teachers"
            | "doctors"
            | "nurses"
    ) {
        return true;
    }
    // "The fight against X" goes on; it is no day's fighting.
    if matches!(unit.lemma(trigger.head), "fight" | "battle" | "combat" | "confrontation")
        && unit.verb_at[trigger.head].is_none()
        && unit.lower(trigger.words.end) == "against"
    {
        return true;
    }
    let after = unit.lower(trigger.words.end);
    let next = unit.lower(trigger.words.end + 1);
    matches!(
        (after, next),
        (
            "against" | "with",
            "corruption"
                | "poverty"
                | "covid-19"
                | "coronavirus"
                | "cancer"
                | "drugs"
                | "terrorism"
                | "hunger"
                | "inflation"
        )
    ) || matches!(after, "film" | "movie" | "game" | "song")
}

/// Verbs whose meaning hangs on what they are done to.
fn decide_by_object(
    reading: &Reading<'_>,
    parsed: &Parsed,
    trigger: &Trigger,
    frame: &mut Frame,
    entry: &Entry,
) -> Result<(), &'static str> {
    let unit = &parsed.unit;
    if entry.pattern == Pattern::Territory || entry.has("object-decides") {
        let people = !frame.recipients.is_empty();
        let weapons = frame.objects.iter().any(|&phrase| {
            reading.knowledge.senses.object_of(unit, phrase) == Some(record::ObjectClass::Weapons)
                || weapon_in(reading, unit, phrase)
        });
        let hideout = frame.objects.iter().any(|&phrase| {
            reading.knowledge.senses.object_of(unit, phrase) == Some(record::ObjectClass::Hideout)
        });
        let verb = unit.verb_at[trigger.head].unwrap_or(usize::MAX);
        let territory = territory_of(parsed, verb).is_some();
        let base = frame.objects.iter().any(|&phrase| {
            matches!(
                reading.knowledge.senses.object_of(unit, phrase),
                Some(record::ObjectClass::MilitaryBase | record::ObjectClass::PoliceStation)
            )
        });
        let taking = matches!(
            entry.lemmas[0].as_str(),
            "seize"
                | "capture"
                | "take"
                | "retake"
                | "recapture"
                | "regain"
                | "reclaim"
                | "liberate"
                | "wrest"
                | "restore"
                | "gain"
                | "overtake"
                | "fall"
        );
        if entry.pattern == Pattern::Territory {
            return if territory || base || entry.class == Class::Noun {
                Ok(())
            } else {
                Err("no place is taken")
            };
        }
        if weapons || hideout && !taking {
            frame.kind = Kind::WeaponsFound;
            return Ok(());
        }
        if frame.kind == Kind::Arrest {
            if (territory || base) && !people {
                frame.kind = Kind::Capture;
            }
            return if people || territory || base { Ok(()) } else { Err("nobody is detained") };
        }
        if taking && entry.lemmas.len() == 1 && entry.lemmas[0] == "take" {
            return Err("takes no place, people or arms");
        }
        if taking && (territory || base) && !people {
            frame.kind = Kind::Capture;
            return Ok(());
        }
        if taking && people && entry.lemmas[0] == "seize" {
            frame.kind = Kind::Abduction;
            return Ok(());
        }
        return Err("takes or finds no place, people or arms");
    }
    if frame.kind == Kind::Arrest && frame.recipients.is_empty() && entry.class == Class::Verb {
        return Err("nobody is detained");
    }
    if frame.kind == Kind::Release && entry.class == Class::Verb && frame.recipients.is_empty() {
        return Err("nobody is freed");
    }
    Ok(())
}

/// The place that a verb takes as its object.
#[must_use]
pub fn territory_of(parsed: &Parsed, verb: usize) -> Option<usize> {
    let unit = &parsed.unit;
    let group = unit.verbs.get(verb)?;
    let phrase =
        if group.passive || group.bare_participle { unit.subject(verb)? } else { unit.object(verb)? };
    let words = unit.extended(phrase);
    let named = parsed
        .places
        .iter()
        .position(|place| place.words.start >= words.start && place.words.end <= words.end);
    let kind = matches!(
        unit.lemma(unit.phrases[phrase].head),
        "town"
            | "city"
            | "village"
            | "area"
            | "district"
            | "territory"
            | "province"
            | "region"
            | "neighborhood"
            | "neighbourhood"
            | "hill"
            | "position"
            | "control"
            | "stronghold"
            | "suburb"
            | "airport"
            | "crossing"
            | "border"
            | "locality"
            | "settlement"
    );
    named.or_else(|| kind.then_some(usize::MAX))
}

fn weapon_in(reading: &Reading<'_>, unit: &Unit, phrase: usize) -> bool {
    unit.phrases[phrase].words.clone().any(|word| reading.knowledge.senses.weapon(unit, word).is_some())
}

/// Definite, other, generic: how a noun introduces its event.
fn mention_form(reading: &Reading<'_>, unit: &Unit, trigger: &Trigger, entry: &Entry, frame: &mut Frame) {
    let senses = &reading.knowledge.senses;
    frame.other = senses.find_cue(unit, 0..trigger.words.end.min(4), Cue::NewEvent).is_some();
    if entry.class != Class::Noun {
        // "Launched new attacks": the noun inside the verb phrase tells.
        frame.other |= trigger.words.clone().any(|word| {
            matches!(unit.lower(word), "new" | "another" | "second" | "separate" | "fresh" | "other")
        });
        return;
    }
    let Some(phrase) = unit.phrase_of(trigger.head) else { return };
    let words = unit.phrases[phrase].words.clone();
    let first = unit.lower(words.start);
    frame.definite = matches!(first, "the" | "this" | "that" | "these" | "those" | "its" | "their");
    frame.other |= matches!(first, "another")
        || words.clone().any(|word| {
            matches!(
                unit.lower(word),
                "second"
                    | "third"
                    | "separate"
                    | "other"
                    | "similar"
                    | "previous"
                    | "earlier"
                    | "latest"
                    | "new"
                    | "fresh"
            )
        });
    let plural = unit.words[trigger.head].tag.is_plural();
    let counted = unit.phrases[phrase].number.is_some();
    let trend = unit.verb_at.iter().flatten().any(|&verb| {
        matches!(
            unit.lemma(unit.verbs[verb].head),
            "increase"
                | "intensify"
                | "rise"
                | "decrease"
                | "decline"
                | "escalate"
                | "surge"
                | "grow"
                | "drop"
                | "spread"
                | "continue"
                | "include"
                | "resume"
        )
    });
    // "The increase in attacks", "the number of attacks".
    let measured = (1..=4).any(|back| {
        words.start.checked_sub(back).is_some_and(|at| {
            matches!(
                unit.lemma(at),
                "increase"
                    | "rise"
                    | "surge"
                    | "spike"
                    | "decline"
                    | "decrease"
                    | "drop"
                    | "number"
                    | "frequency"
                    | "escalation"
                    | "intensity"
            )
        })
    });
    frame.generic = plural && !counted && (trend || measured) || noun_is_modifier(unit, trigger, phrase);
}

/// "Attack helicopter", "bomb squad", "rocket attack" (the head is the trigger then), "anti-riot police".
fn noun_is_modifier(unit: &Unit, trigger: &Trigger, phrase: usize) -> bool {
    let head = unit.phrases[phrase].head;
    head >= trigger.words.end
        && unit.words[head].tag.is_noun()
        && !matches!(
            unit.lemma(head),
            "victim"
                | "casualty"
                | "incident"
                | "site"
                | "scene"
                | "survivor"
                | "death"
                | "toll"
                | "operation"
                | "campaign"
                | "people"
                | "person"
                | "soldier"
                | "civilian"
                | "other"
                | "spree"
                | "wave"
                | "series"
        )
}
