/*! Who did what to whom, as one trigger of one sentence tells it. */

use std::ops::Range;

use record::WeaponClass;
use record::vocabulary::{Completion, Realis};
use syntax::Tag;

use crate::casualty::{self, Casualty};
use crate::kind::Kind;
use crate::lexicon::{Class, Entry, Pattern};
use crate::people::division_noun;
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
    /// Told as what somebody is charged with or blamed for: background, unless the report tells of it in its own right.
    pub held_for: bool,
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
    /// "It was the third attack this year": says what that was which is told elsewhere.
    pub retold: bool,
}

impl Frame {
    /// What a trigger tells before anything is known of it.
    #[must_use]
    pub(crate) const fn of(trigger: usize, kind: Kind) -> Self {
        Self {
            trigger,
            kind,
            actors: Vec::new(),
            recipients: Vec::new(),
            objects: Vec::new(),
            actor_words: Vec::new(),
            recipient_words: Vec::new(),
            realis: Realis::Asserted,
            completion: Completion::Accomplished,
            because: None,
            held_for: false,
            definite: false,
            other: false,
            regained: None,
            weak: false,
            generic: false,
            retold: false,
        }
    }
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
    let mut triggers = trigger::find(&reading.knowledge.lexicon, unit);
    // "Garo National Liberation Army": a word of a name tells of nothing.
    triggers.retain(|trigger| {
        !parsed.actors.iter().any(|name| name.words.len() > 1 && name.words.contains(&trigger.head))
    });
    let mut sentence = Sentence {
        index,
        casualties: casualty::find(reading, parsed, &triggers),
        triggers,
        frames: Vec::new(),
        weapons: weapons(reading, unit),
        dropped: Vec::new(),
    };
    if let Some(words) = fiction(reading, parsed) {
        sentence.dropped.push((words, "told in a work of fiction"));
        sentence.casualties.clear();
        return sentence;
    }
    let natural = natural_cause(reading, parsed, &sentence);
    if let Some(words) = natural {
        sentence.dropped.push((words, "the cause named is no violence"));
        sentence.casualties.clear();
        return sentence;
    }
    for index in 0..sentence.triggers.len() {
        let told = if otherwise_dead(reading, parsed, &sentence.triggers, index) {
            discount(&mut sentence.casualties, index);
            Err("the cause of death named is no violence")
        } else {
            frame(reading, parsed, &sentence, index)
        };
        match told {
            Ok(frame) => {
                if frame.completion == Completion::Attempted && only_tried(unit, &sentence.triggers[index]) {
                    discount(&mut sentence.casualties, index);
                }
                sentence.frames.push(frame);
            }
            Err(reason) => {
                let words = sentence.triggers[index].words.clone();
                sentence.dropped.push((words, reason));
            }
        }
    }
    if let Some(seen) = &reading.seen {
        crate::sight::look_over(reading, seen, index, parsed, &mut sentence);
    }
    sentence
}

/// Makes the counts of a trigger those of nobody.
fn discount(casualties: &mut [Casualty], trigger: usize) {
    for casualty in casualties.iter_mut().filter(|casualty| casualty.trigger == trigger) {
        casualty.negated = true;
    }
}

/// "Tried to kill three people", "the attempted murder of two guards": whom it was meant for was not thereby harmed.
fn only_tried(unit: &Unit, trigger: &Trigger) -> bool {
    let start = trigger.words.start;
    let mut at = start;
    while at > 0 && unit.words[at - 1].tag.is_adverb() {
        at -= 1;
    }
    let verb = unit.verb_at[trigger.head].is_some()
        && unit.before(at, 1) == "to"
        && (2..=3).any(|back| {
            at.checked_sub(back).is_some_and(|at| matches!(unit.lemma(at), "attempt" | "fail" | "try"))
        });
    let noun = unit.verb_at[trigger.head].is_none()
        && (start.saturating_sub(2)..start)
            .any(|at| matches!(unit.lower(at), "attempted" | "botched" | "failed" | "unsuccessful"));
    verb || noun
}

/// Within how many words after "died" its cause is named.
const CAUSE: usize = 6;

/// "Died in a car crash", "the death of a guard from cancer": of that, whatever violence the sentence tells of besides.
fn otherwise_dead(reading: &Reading<'_>, parsed: &Parsed, triggers: &[Trigger], index: usize) -> bool {
    let unit = &parsed.unit;
    let trigger = &triggers[index];
    if trigger.kind != Kind::Death {
        return false;
    }
    let end = trigger.words.end;
    let until = triggers.get(index + 1).map_or(unit.words.len(), |next| next.words.end).min(end + CAUSE);
    let by = (end..until.min(end + 3)).find(|&at| {
        matches!(unit.lower(at), "after" | "during" | "from" | "in" | "of" | "to" | "when" | "while")
    });
    let Some(by) = by else { return false };
    let cue = reading.knowledge.senses.find_cue(unit, by + 1..until, Cue::NotViolence);
    cue.is_some_and(|cue| {
        unit.words[cue.end - 1].tag.is_noun()
            // "Died in an accident" with a gun.
            && (cue.len() > 1 || unit.lemma(cue.start) != "accident")
            // "An outbreak of fighting", "a stroke of a machete".
            && unit.lower(cue.end) != "of"
            && !triggers[index + 1..].iter().any(|next| next.head < cue.start)
    })
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

/// Verbs by which a work of fiction tells.
const TELLING: &[&str] = &[
    "tell",
    "depict",
    "portray",
    "follow",
    "recount",
    "star",
    "chronicle",
    "explore",
    "feature",
    "show",
    "dramatise",
    "dramatize",
    "narrate",
];

/// "The film tells of a sniper who killed 160": the words that name the work.
fn fiction(reading: &Reading<'_>, parsed: &Parsed) -> Option<Range<usize>> {
    let unit = &parsed.unit;
    let work = reading.knowledge.senses.find_cue(unit, 0..unit.words.len(), Cue::Fiction)?;
    let tells = (0..unit.verbs.len()).any(|verb| {
        let group = &unit.verbs[verb];
        group.words.start >= work.end
            && TELLING.contains(&unit.lemma(group.head))
            && unit.subject(verb).is_some_and(|subject| unit.phrases[subject].words.contains(&(work.end - 1)))
    });
    tells.then_some(work)
}

/// "Ten people died in a car accident": death without violence, unless violence is told besides.
fn natural_cause(reading: &Reading<'_>, parsed: &Parsed, sentence: &Sentence) -> Option<Range<usize>> {
    let unit = &parsed.unit;
    let senses = &reading.knowledge.senses;
    let whole = 0..unit.words.len();
    let accident = senses.find_cue(unit, whole.clone(), Cue::Accident);
    let cue = accident.clone().or_else(|| senses.find_cue(unit, whole, Cue::NotViolence))?;
    let violent = sentence.triggers.iter().any(|trigger| {
        let entry = reading.knowledge.lexicon.entry(trigger.entry);
        // "A heart *attack*", but "troops *stormed* it".
        let of_cue = cue.contains(&trigger.head) && cue.len() > trigger.words.len();
        // "A gas leak caused an explosion."
        let blast = accident.is_some()
            && trigger.kind == Kind::Bombing
            && matches!(entry.lemmas[0].as_str(), "explosion" | "explode" | "blast" | "burst");
        !of_cue
            && !blast
            && !trigger.kind.is_result()
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
    if sporting(reading, unit, sentence, trigger) {
        return Err("told of a game");
    }
    let mut frame = Frame {
        regained: if entry.has("regain") {
            Some(true)
        } else if entry.has("overtake") {
            Some(false)
        } else {
            None
        },
        weak: entry.weak,
        ..Frame::of(index, trigger.kind)
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
    if entry.has("arson-of-things") && roles.frame.recipients.is_empty() && !roles.frame.objects.is_empty() {
        roles.frame.kind = Kind::Arson;
    }
    if roles.on_nothing() {
        return Err("on nothing that can be attacked");
    }
    // "Arrested 12", "arrested a bomb maker": who is counted is somebody, whatever the word for them.
    let somebody = |count: &Casualty| {
        count.phrase.is_some_and(|phrase| {
            let noun = &unit.phrases[phrase];
            noun.number.is_some() || matches!(unit.lower(noun.words.start), "a" | "an")
        })
    };
    let counted = sentence.casualties.iter().any(|count| {
        count.trigger == index && count.quantity.figure().is_some_and(|n| n > 0) && somebody(count)
    });
    decide_by_object(reading, parsed, trigger, &mut frame, entry, counted)?;
    mention_form(reading, parsed, trigger, entry, &mut frame);
    realis::judge(reading, parsed, sentence, trigger, &mut frame);
    Ok(frame)
}

/// "Heart attack", "labour strike", "attack on the proposal", "fight against corruption".
fn figurative(unit: &Unit, trigger: &Trigger) -> bool {
    let before = unit.before(trigger.words.start, 1);
    let noun = unit.verb_at[trigger.head].is_none();
    if noun
        && matches!(
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
        )
    {
        return true;
    }
    // "Came under fire for his remarks."
    if !noun
        && unit.lemma(trigger.words.start) == "come"
        && matches!(unit.lower(trigger.words.end), "for" | "over")
        && unit.time_at(trigger.words.end + 1).is_none()
    {
        return true;
    }
    // "Fought alongside the army in the war": told of a war, and of allies.
    if !noun
        && unit.lemma(trigger.head) == "fight"
        && (unit.lower(trigger.words.end) == "alongside"
            || unit.lower(trigger.words.end) == "in" && unit.lower(trigger.words.end + 2) == "war")
    {
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

/// "The defender shot wide", "were beaten 3-1": the words of a game, where nobody is harmed or armed.
fn sporting(reading: &Reading<'_>, unit: &Unit, sentence: &Sentence, trigger: &Trigger) -> bool {
    let vague = matches!(
        trigger.kind,
        Kind::Attack
            | Kind::Shooting
            | Kind::Clash
            | Kind::Beating
            | Kind::Killing
            | Kind::Threat
            | Kind::Capture
    );
    let harmed = sentence.casualties.iter().any(|casualty| casualty.quantity.figure().is_some_and(|n| n > 0));
    // "Opened fire at half-time": weapons and whole phrases are no game's.
    let entry = reading.knowledge.lexicon.entry(trigger.entry);
    if !vague || harmed || !sentence.weapons.is_empty() || entry.lemmas.len() > 1 {
        return false;
    }
    let score = |at: usize| {
        unit.time_at(at).is_none()
            && !unit.words.get(at + 1).is_some_and(|next| next.tag.is_noun())
            && unit.words.get(at).is_some_and(|word| {
                word.lower.split_once(['-', '–']).is_some_and(|(a, b)| {
                    let digits = |side: &str| {
                        (1..=3).contains(&side.len()) && side.bytes().all(|c| c.is_ascii_digit())
                    };
                    digits(a) && digits(b)
                })
            })
    };
    score(trigger.words.end)
        || score(trigger.words.end + 1)
        || reading.knowledge.senses.find_cue(unit, 0..unit.words.len(), Cue::Sport).is_some()
}

/// Verbs whose meaning hangs on what they are done to.
fn decide_by_object(
    reading: &Reading<'_>,
    parsed: &Parsed,
    trigger: &Trigger,
    frame: &mut Frame,
    entry: &Entry,
    counted: bool,
) -> Result<(), &'static str> {
    let unit = &parsed.unit;
    let verb = unit.verb_at[trigger.head].unwrap_or(usize::MAX);
    if entry.has("takes-place")
        && frame.recipients.is_empty()
        && territory_of(parsed, trigger, entry).is_some()
    {
        let base = frame.objects.iter().any(|&phrase| is_base(reading, unit, phrase));
        if !base {
            frame.kind = Kind::Capture;
        }
        return Ok(());
    }
    if entry.has("needs-people") && frame.recipients.is_empty() {
        return Err("done to nobody");
    }
    let territorial = matches!(entry.pattern, Pattern::Territory | Pattern::Falls);
    if territorial || entry.has("object-decides") {
        // "Military posts", "the Congolese city of X": whose they are is not who is taken.
        let place = |phrase: usize| {
            let head = unit.phrases[phrase].head;
            division_noun(unit.lemma(head)) && !unit.words[head].capital
        };
        frame.recipients.retain(|&phrase| !place(phrase));
        let people = frame.recipients.iter().any(|phrase| !frame.objects.contains(phrase));
        let weapons = frame.objects.iter().any(|&phrase| {
            reading.knowledge.senses.object_of(unit, phrase) == Some(record::ObjectClass::Weapons)
                || weapon_in(reading, unit, phrase)
        });
        let hideout = frame.objects.iter().any(|&phrase| {
            reading.knowledge.senses.object_of(unit, phrase) == Some(record::ObjectClass::Hideout)
        });
        let territory = territory_of(parsed, trigger, entry).is_some();
        let base = frame.objects.iter().any(|&phrase| is_base(reading, unit, phrase))
            || taken(unit, verb).is_some_and(|phrase| is_base(reading, unit, phrase));
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
        if territorial {
            return if territory || base || entry.class == Class::Noun {
                Ok(())
            } else {
                Err("no place is taken")
            };
        }
        if entry.has("downing") && people && !weapons {
            // "Gunmen shot down two policemen."
            frame.kind = Kind::Shooting;
            return Ok(());
        }
        if entry.has("downing") && !weapons {
            return match taken(unit, verb) {
                // "Nine of the 12 drones".
                Some(phrase)
                    if unit
                        .extended(phrase)
                        .any(|word| reading.knowledge.senses.weapon(unit, word).is_some()) =>
                {
                    frame.kind = Kind::WeaponsFound;
                    Ok(())
                }
                Some(_) if !frame.objects.is_empty() && frame.recipients.is_empty() => {
                    frame.kind = Kind::Attack;
                    Ok(())
                }
                _ => Err("no aircraft is brought down"),
            };
        }
        if weapons || hideout && !taking {
            // "Rifles were taken from the dead": by those who killed them.
            let robbed = unit.lower(trigger.words.end) == "from"
                && (trigger.words.end + 1..trigger.words.end + 4)
                    .any(|at| matches!(unit.lower(at), "dead" | "bodies" | "corpses" | "victims" | "fallen"));
            // "Gunmen killed two guards, taking their rifles": only forces of a state disarm.
            let sector = |phrase: &usize| reading.describe(parsed, *phrase).and_then(|who| who.sector);
            let bandits = !frame.actors.is_empty()
                && frame.actors.iter().all(|phrase| {
                    sector(phrase).is_some_and(|sector| sector.is_armed() && !sector.is_state_force())
                });
            let taken_away =
                bandits && matches!(entry.lemmas[0].as_str(), "take" | "seize" | "capture" | "confiscate");
            frame.kind = if robbed || taken_away { Kind::Looting } else { Kind::WeaponsFound };
            return Ok(());
        }
        if frame.kind == Kind::Arrest {
            if (territory || base) && !people {
                frame.kind = Kind::Capture;
            }
            return if people || counted || territory || base { Ok(()) } else { Err("nobody is detained") };
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
    if frame.kind == Kind::Arrest && frame.recipients.is_empty() && entry.class == Class::Verb && !counted {
        return Err("nobody is detained");
    }
    // "The rebels will disarm": nothing is found or made safe.
    let nothing = frame.recipients.is_empty() && frame.objects.is_empty() && taken(unit, verb).is_none();
    if frame.kind == Kind::WeaponsFound && nothing && entry.class == Class::Verb && entry.lemmas.len() == 1 {
        return Err("nothing is made safe");
    }
    if frame.kind == Kind::Release && entry.class == Class::Verb && frame.recipients.is_empty() {
        return Err("nobody is freed");
    }
    Ok(())
}

/// Whether a phrase is a base or a station of forces.
fn is_base(reading: &Reading<'_>, unit: &Unit, phrase: usize) -> bool {
    matches!(
        reading.knowledge.senses.object_of(unit, phrase),
        Some(record::ObjectClass::MilitaryBase | record::ObjectClass::PoliceStation)
    )
}

/// What a verb is done to: its object, or the subject of its passive.
fn taken(unit: &Unit, verb: usize) -> Option<usize> {
    let group = unit.verbs.get(verb)?;
    if group.passive || group.bare_participle { unit.subject(verb) } else { unit.object(verb) }
}

/// The place that a trigger's verb takes: its object, what follows its preposition, or the subject that falls.
fn territory_of(parsed: &Parsed, trigger: &Trigger, entry: &Entry) -> Option<usize> {
    let unit = &parsed.unit;
    let verb = unit.verb_at[trigger.head]?;
    let last = entry.lemmas.last().map_or("", String::as_str);
    let phrase = if entry.pattern == Pattern::Falls {
        unit.subject(verb)?
    } else if entry.lemmas.len() > 1 && matches!(last, "of" | "from" | "over") {
        unit.phrases.iter().position(|phrase| phrase.words.start == trigger.words.end)?
    } else {
        taken(unit, verb)?
    };
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
fn mention_form(reading: &Reading<'_>, parsed: &Parsed, trigger: &Trigger, entry: &Entry, frame: &mut Frame) {
    let unit = &parsed.unit;
    let senses = &reading.knowledge.senses;
    // "Another person was treated": another of the same event.
    let people = |cue: &Range<usize>| {
        matches!(unit.lower(cue.start), "another" | "a")
            && cue.len() <= 2
            && unit.phrase_of(cue.start).is_some_and(|phrase| reading.is_people(parsed, phrase))
    };
    frame.other =
        senses.find_cue(unit, 0..trigger.words.end.min(4), Cue::NewEvent).is_some_and(|cue| !people(&cue));
    if entry.class != Class::Noun {
        // "Launched new attacks": the noun inside the verb phrase tells.
        frame.other |= trigger.words.clone().any(|word| {
            matches!(unit.lower(word), "new" | "another" | "second" | "separate" | "fresh" | "other")
        });
        // "Carried out *the* attack".
        frame.definite =
            trigger.words.clone().any(|word| matches!(unit.lower(word), "the" | "this" | "that" | "these"));
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
                    | "smaller"
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
    // "Clashes have increased", and not "killed in clashes as talks resumed".
    let trend = (0..unit.verbs.len()).filter(|&verb| governs(unit, verb, trigger.head, phrase)).any(|verb| {
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
    frame.retold = retold(unit, words.clone());
    if frame.retold {
        frame.definite = true;
        frame.other = false;
    }
    frame.generic = plural && !counted && (trend || measured) || noun_is_modifier(unit, trigger, phrase);
}

/// Whether a verb says something of a noun's phrase, as its subject, its object or behind a preposition of its own.
fn governs(unit: &Unit, verb: usize, head: usize, phrase: usize) -> bool {
    unit.subject(verb) == Some(phrase)
        || unit.object(verb) == Some(phrase)
        || unit.words[head].head.is_some_and(|governor| unit.verb_at[governor] == Some(verb))
        || unit.words[head]
            .head
            .and_then(|governor| unit.words[governor].head)
            .is_some_and(|governor| unit.verb_at[governor] == Some(verb))
}

/// "It was at least *the 199th shooting* of the year", "this was *the deadliest attack* since May".
fn retold(unit: &Unit, words: Range<usize>) -> bool {
    let ranked = words.clone().any(|at| {
        let lower = unit.lower(at);
        unit.words[at].tag == Tag::Jjs
            || matches!(
                lower,
                "first" | "second" | "third" | "fourth" | "fifth" | "sixth" | "seventh" | "latest" | "worst"
            )
            || lower.len() > 2
                && lower.as_bytes()[0].is_ascii_digit()
                && ["st", "nd", "rd", "th"].iter().any(|end| lower.ends_with(end))
    });
    let mut at = words.start;
    while at > 0
        && matches!(
            unit.lower(at - 1),
            "at" | "least" | "only" | "just" | "also" | "one" | "of" | "among" | "by" | "far"
        )
    {
        at -= 1;
    }
    ranked
        && at >= 2
        && matches!(unit.lemma(at - 1), "be" | "mark" | "become")
        && matches!(unit.lower(at - 2), "it" | "this" | "that")
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
