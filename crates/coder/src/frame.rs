/*! Who did what to whom, as one trigger of one sentence tells it. */

use std::ops::Range;

use record::WeaponClass;
use record::vocabulary::{Completion, Realis};
use syntax::{Relation, Tag};

use crate::casualty::{self, Casualty};
use crate::kind::Kind;
use crate::lexicon::{Class, Entry, Outcome, Pattern};
use crate::reading::{Parsed, Reading};
use crate::realis;
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

/// Verbs that put an event noun into the hands of their subject.
const DOING: &[&str] = &[
    "launch",
    "carry",
    "stage",
    "mount",
    "conduct",
    "commit",
    "perpetrate",
    "unleash",
    "execute",
    "make",
    "wage",
    "undertake",
    "initiate",
    "lead",
    "resume",
    "order",
    "direct",
    "perform",
    "organize",
    "organise",
    "hold",
    "begin",
    "start",
    "continue",
    "step",
    "intensify",
    "do",
];

/// Prepositions that a target follows.
const AT_TARGET: &[&str] = &["on", "against", "at", "targeting", "upon", "into", "toward", "towards", "onto"];

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

struct Roles<'a, 'f> {
    reading: &'a Reading<'a>,
    parsed: &'a Parsed,
    unit: &'a Unit,
    sentence: &'a Sentence,
    frame: &'f mut Frame,
    entry: &'a Entry,
    trigger: &'a Trigger,
}

impl Roles<'_, '_> {
    fn of_verb(&mut self) {
        let unit = self.unit;
        let Some(verb) = unit.verb_at[self.trigger.head] else { return };
        let group = &unit.verbs[verb];
        let subject = unit.subject(verb);
        let object = unit.object(verb);
        let agent = unit.agent(group.head);
        let passive = group.passive || group.bare_participle;
        match self.entry.pattern {
            Pattern::SubjectObject | Pattern::Territory => {
                if passive {
                    self.add_targets(subject);
                    self.add_actors(agent);
                } else {
                    // "…, killing ten": who did it is told before, with the event itself.
                    let told = group.gerund
                        && (self.frame.kind == Kind::Killing || self.frame.kind.is_result())
                        && self.sentence.triggers.iter().any(|other| {
                            other.head < self.trigger.head
                                && !other.kind.is_result()
                                && other.kind != Kind::Killing
                        });
                    if !told {
                        self.add_actors(subject);
                    }
                    self.add_targets(object);
                    if object.is_none() || self.entry.lemmas.len() > 1 {
                        let target = self.after(AT_TARGET, group.words.end.max(self.trigger.words.end));
                        self.add_targets(target);
                    }
                }
                let from = self.after(&["from"], group.words.end);
                if self.entry.pattern == Pattern::Territory {
                    self.add_targets(from);
                }
            }
            Pattern::Reciprocal => {
                self.add_actors(if passive { agent } else { subject });
                let other = self.after(&["with", "against"], self.trigger.words.end);
                self.add_actors(other);
                if other.is_none() {
                    self.add_actors(object);
                }
            }
            Pattern::SubjectSuffers => {
                self.add_targets(subject);
                self.add_actors(agent);
            }
            Pattern::ObjectSide => {
                self.add_targets(subject);
                self.add_actors(agent.or_else(|| self.after(&["from"], self.trigger.words.end)));
            }
            Pattern::Weapon => {
                let target = self.after(AT_TARGET, self.trigger.words.end);
                if passive {
                    self.add_targets(subject);
                    self.add_actors(agent);
                } else {
                    self.add_actors(subject);
                    self.add_targets(object);
                }
                self.add_targets(target);
            }
            Pattern::SubjectOnly => {
                self.add_actors(if passive { agent } else { subject });
                let target = self.after(AT_TARGET, self.trigger.words.end);
                // What a demonstration is against suffers nothing.
                if self.frame.kind != Kind::Protest {
                    self.add_targets(target);
                }
            }
        }
        if let Some(subject) = subject
            && !passive
        {
            self.by_weapon(subject);
        }
        // "X, suspected of …" and relative clauses leave the subject to the tree; "by" may follow late.
        if self.frame.actors.is_empty() {
            self.add_actors(agent);
        }
    }

    /// "Killed the game", "attacked the plan": an object that is neither people, nor a thing, nor a place.
    fn done_to_nothing(&self) -> bool {
        let unit = self.unit;
        let frame = &self.frame;
        let Some(verb) = unit.verb_at[self.trigger.head] else { return false };
        if !matches!(self.entry.pattern, Pattern::SubjectObject)
            || self.entry.lemmas.len() > 1
            || !frame.recipients.is_empty()
            || !frame.objects.is_empty()
        {
            return false;
        }
        let group = &unit.verbs[verb];
        let phrase =
            if group.passive || group.bare_participle { unit.subject(verb) } else { unit.object(verb) };
        let Some(phrase) = phrase else { return false };
        let noun = &unit.phrases[phrase];
        let proper = unit.words[noun.head].tag.is_proper();
        let place = self
            .parsed
            .places
            .iter()
            .any(|place| place.words.start < noun.words.end && noun.words.start < place.words.end);
        !noun.pronoun
            && !proper
            && !place
            && noun.number.is_none()
            && !self.reading.is_people(self.parsed, phrase)
            && !self.reading.is_thing(self.parsed, phrase)
            && !self.is_event(phrase)
            && !matches!(
                unit.lemma(noun.head),
                "area"
                    | "position"
                    | "target"
                    | "town"
                    | "village"
                    | "city"
                    | "neighborhood"
                    | "neighbourhood"
                    | "district"
                    | "site"
                    | "place"
                    | "facility"
                    | "stronghold"
                    | "region"
                    | "suburb"
                    | "quarter"
                    | "line"
                    | "sector"
                    | "location"
                    | "community"
                    | "territory"
                    | "street"
                    | "square"
                    | "ceremony"
                    | "procession"
                    | "funeral"
                    | "wedding"
                    | "gathering"
                    | "crowd"
                    | "family"
                    | "another"
                    | "body"
                    | "number"
                    | "life"
            )
            && !frame.actors.iter().any(|&actor| {
                self.reading
                    .describe(self.parsed, actor)
                    .is_some_and(|who| who.sector.is_some_and(|sector| sector.is_armed()))
            })
    }

    /// "A missile fired by X hit Y": the weapon says what kind of attack, and who fired it did it.
    fn by_weapon(&mut self, subject: usize) {
        let unit = self.unit;
        let noun = &unit.phrases[subject];
        let weapon = noun.words.clone().find_map(|word| self.reading.knowledge.senses.weapon(unit, word));
        let Some((_, class, subclass)) = weapon else { return };
        if matches!(self.frame.kind, Kind::Attack | Kind::Killing | Kind::Injury | Kind::Destruction)
            && let Some(kind) = kind_of_weapon(class, subclass.as_deref())
        {
            self.frame.kind = kind;
            self.frame.weak = false;
        }
        for verb in 0..unit.verbs.len() {
            let group = &unit.verbs[verb];
            let hangs = group.bare_participle
                && group.words.start >= noun.words.end
                && group.words.start <= noun.words.end + 2
                && matches!(
                    unit.lemma(group.head),
                    "fire"
                        | "launch"
                        | "plant"
                        | "carry"
                        | "detonate"
                        | "lay"
                        | "throw"
                        | "drop"
                        | "place"
                        | "belong"
                        | "operate"
                        | "drive"
                );
            if hangs {
                self.add_actors(unit.agent(group.head));
            }
        }
        // "Russian drones", "Israeli warplanes".
        if self.frame.actors.is_empty() && noun.words.start < noun.head {
            let before = noun.words.start..noun.head;
            if self
                .reading
                .describe_words(self.parsed, &before)
                .is_some_and(|who| who.sector.is_some() || who.is_country)
            {
                self.frame.actor_words.push(before);
            }
        }
    }

    fn of_noun(&mut self) {
        let unit = self.unit;
        let Some(phrase) = unit.phrase_of(self.trigger.head) else { return };
        let noun = unit.phrases[phrase].clone();
        let suffered = matches!(
            self.frame.kind,
            Kind::Killing
                | Kind::Assassination
                | Kind::Abduction
                | Kind::Arrest
                | Kind::Death
                | Kind::Injury
                | Kind::SexualViolence
                | Kind::Torture
                | Kind::Release
                | Kind::Beating
        );
        // What stands before the noun in its own phrase: "Taliban attack", "embassy bombing".
        if noun.words.start < self.trigger.words.start {
            let before = noun.words.start..self.trigger.words.start;
            if self.reading.names_actor(self.parsed, before.clone()) {
                let actor = noun.possessor.is_some() || !suffered;
                if actor {
                    self.frame.actor_words.push(before);
                } else {
                    self.frame.recipient_words.push(before);
                }
            } else if let Some((_, class)) =
                before.clone().find_map(|word| self.reading.knowledge.senses.object(unit, word))
                && class != record::ObjectClass::Weapons
                && class != record::ObjectClass::Vehicle
            {
                self.push_object(phrase);
            }
        }
        let end = self.trigger.words.end;
        let agent = self.after(&["by"], end);
        self.add_actors(agent);
        let target = self.after(AT_TARGET, end);
        self.add_targets(target);
        if self.frame.kind == Kind::Clash || self.frame.kind == Kind::Agreement {
            if let Some(first) = self.after(&["between", "among"], end) {
                for side in unit.and_following(first) {
                    self.add_actors(Some(side));
                }
            }
            let with = self.after(&["with", "against"], end);
            self.add_actors(with);
        }
        if suffered && let Some(of) = unit.of(phrase) {
            for side in unit.and_following(of) {
                self.add_targets(Some(side));
            }
        } else if let Some(of) = unit.of(phrase)
            && matches!(
                self.frame.kind,
                Kind::Shelling
                    | Kind::Bombing
                    | Kind::AirStrike
                    | Kind::Arson
                    | Kind::Destruction
                    | Kind::Capture
                    | Kind::Looting
            )
        {
            self.add_targets(Some(of));
        }
        // "X launched an attack", "an attack carried out by X", "the attack killed Y".
        let head = self.trigger.head;
        if let Some(verb) = self.governing_verb(head, phrase) {
            let group = &unit.verbs[verb];
            let lemma = unit.lemma(group.head);
            let object_of = unit.object(verb) == Some(phrase);
            let subject_of = unit.subject(verb) == Some(phrase);
            if object_of && DOING.contains(&lemma) {
                let subject = unit.subject(verb);
                self.add_actors(subject);
            } else if subject_of && (group.passive || group.bare_participle) && DOING.contains(&lemma) {
                self.add_actors(unit.agent(group.head));
            } else if subject_of
                && matches!(
                    lemma,
                    "target"
                        | "hit"
                        | "strike"
                        | "kill"
                        | "wound"
                        | "injure"
                        | "destroy"
                        | "damage"
                        | "rock"
                        | "shake"
                        | "rip"
                        | "leave"
                        | "claim"
                )
            {
                self.add_targets(unit.object(verb));
            } else if self.frame.kind == Kind::Clash && matches!(lemma, "erupt" | "break" | "occur" | "take")
            {
                // "clashes erupted between X and Y": the sides hang from the verb.
                if let Some(first) = self.after(&["between"], group.words.end) {
                    for side in unit.and_following(first) {
                        self.add_actors(Some(side));
                    }
                }
            }
        }
        // "the exchange of fire … between X and Y" with words between.
        if self.frame.kind == Kind::Clash && self.frame.actors.is_empty() {
            let between = (end..unit.words.len()).find(|&at| unit.lower(at) == "between");
            if let Some(at) = between
                && let Some(first) = unit.phrases.iter().position(|phrase| phrase.words.start == at + 1)
            {
                for side in unit.and_following(first) {
                    self.add_actors(Some(side));
                }
            }
        }
    }

    fn of_adjective(&mut self) {}

    /// Those counted as killed, wounded, taken by this trigger suffer it.
    fn of_counts(&mut self, index: usize) {
        for casualty in &self.sentence.casualties {
            if casualty.trigger == index
                && let Some(phrase) = casualty.phrase
                && casualty.quantity.figure() != Some(0)
                && casualty.outcome != Outcome::Escaped
            {
                let named = self.reading.is_people(self.parsed, phrase);
                if named {
                    self.push_recipient(phrase);
                }
            }
        }
    }

    /// The verb that an event noun is the subject or object of.
    fn governing_verb(&self, head: usize, phrase: usize) -> Option<usize> {
        let unit = self.unit;
        if let Some(governor) = unit.words[head].head
            && let Some(verb) = unit.verb_at[governor]
            && matches!(
                unit.words[head].relation,
                Relation::Obj | Relation::Nsubj | Relation::NsubjPass | Relation::Root
            )
        {
            return Some(verb);
        }
        (0..unit.verbs.len()).find(|&verb| {
            unit.object(verb) == Some(phrase)
                || unit.subject(verb) == Some(phrase) && unit.verbs[verb].words.start > head
        })
    }

    /// The first phrase after one of these prepositions, near enough to belong to the trigger.
    fn after(&self, prepositions: &[&str], from: usize) -> Option<usize> {
        let unit = self.unit;
        let mut at = from;
        while at < unit.words.len().min(from + 10) {
            let lower = unit.lower(at);
            if prepositions.contains(&lower) && unit.time_at(at + 1).is_none() {
                return unit.phrases.iter().position(|phrase| {
                    phrase.words.start == at + 1
                        || phrase.words.start == at + 2 && unit.verb_at[at + 1].is_none()
                });
            }
            let other = unit.verb_at[at].is_some_and(|verb| verb_is_new(unit, verb, self.trigger));
            if matches!(lower, ";" | ":" | "." | "and" | "but" | "when" | "while" | "after" | "as")
                && lower != "and"
                || other
            {
                return None;
            }
            at += 1;
        }
        None
    }

    fn add_actors(&mut self, phrase: Option<usize>) {
        let Some(phrase) = phrase else { return };
        for phrase in self.unit.coordinated(phrase) {
            self.add_actor(phrase);
        }
    }

    fn add_actor(&mut self, phrase: usize) {
        // "An attack by X killed Y": the subject is an event, and its actor the one looked for.
        if self.is_event(phrase) {
            return;
        }
        let resolved = self.reading.resolve_pronoun(self.parsed, phrase, None);
        if let Some(phrase) = resolved
            && self.reading.is_people(self.parsed, phrase)
        {
            self.push_actor(phrase);
        }
    }

    fn add_targets(&mut self, phrase: Option<usize>) {
        let Some(phrase) = phrase else { return };
        for phrase in self.unit.coordinated(phrase) {
            let Some(phrase) =
                self.reading.resolve_pronoun(self.parsed, phrase, self.frame.actors.first().copied())
            else {
                continue;
            };
            if self.is_event(phrase) {
                continue;
            }
            if self.reading.is_people(self.parsed, phrase) {
                self.push_recipient(phrase);
            } else if self.reading.is_thing(self.parsed, phrase) {
                self.push_object(phrase);
                // "a police station", "an army base": whose it is suffers too.
                if self.reading.names_actor(self.parsed, self.unit.phrases[phrase].words.clone()) {
                    self.push_recipient(phrase);
                }
            }
        }
    }

    /// Whether a phrase's head tells of an event, so that it names nobody.
    fn is_event(&self, phrase: usize) -> bool {
        self.sentence.triggers.iter().any(|other| {
            self.unit.phrases[phrase].head == other.head
                && self.reading.knowledge.lexicon.entry(other.entry).class == Class::Noun
                && !matches!(
                    other.kind,
                    Kind::SuicideBombing | Kind::Abduction | Kind::Arrest | Kind::Injury | Kind::Death
                )
        })
    }

    fn push_actor(&mut self, phrase: usize) {
        if !self.frame.actors.contains(&phrase) {
            self.frame.actors.push(phrase);
        }
    }

    fn push_recipient(&mut self, phrase: usize) {
        if !self.frame.recipients.contains(&phrase) && !self.frame.actors.contains(&phrase) {
            self.frame.recipients.push(phrase);
        }
    }

    fn push_object(&mut self, phrase: usize) {
        if !self.frame.objects.contains(&phrase) {
            self.frame.objects.push(phrase);
        }
    }
}

/// The kind of attack that a weapon makes.
fn kind_of_weapon(class: WeaponClass, subclass: Option<&str>) -> Option<Kind> {
    match (class, subclass) {
        (_, Some("missile" | "rocket" | "mortar" | "artillery")) => Some(Kind::Shelling),
        (_, Some("drone")) => Some(Kind::DroneStrike),
        (_, Some("air-dropped")) => Some(Kind::AirStrike),
        (_, Some("grenade")) => Some(Kind::Grenade),
        (_, Some("suicide")) => Some(Kind::SuicideBombing),
        (_, Some("ied" | "landmine" | "vbied")) => Some(Kind::Ied),
        (WeaponClass::Explosives, _) => Some(Kind::Bombing),
        _ => None,
    }
}

/// Whether a verb begins another clause than the trigger's.
fn verb_is_new(unit: &Unit, verb: usize, trigger: &Trigger) -> bool {
    let group = &unit.verbs[verb];
    let own = trigger.words.start <= group.head && group.head < trigger.words.end;
    let reduced = group.bare_participle || group.gerund;
    let tag = unit.words[group.head].tag;
    !own && !reduced && tag != Tag::Vbg
}
