/*! Who stands where around a trigger: the phrases of those who do it and suffer it, and of things. */

use std::ops::Range;

use record::WeaponClass;
use syntax::{Relation, Tag};

use crate::frame::{Frame, Sentence};
use crate::kind::Kind;
use crate::lexicon::{Class, Entry, Outcome, Pattern};
use crate::reading::{Parsed, Reading};
use crate::trigger::Trigger;
use crate::unit::{Phrase, Unit};

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

/// Verbs whose subject finds or takes a cache.
const FINDING: &[&str] =
    &["discover", "find", "seize", "recover", "uncover", "destroy", "confiscate", "locate", "unearth"];

/// Prepositions that a target follows.
const AT_TARGET: &[&str] = &["on", "against", "at", "targeting", "upon", "into", "toward", "towards", "onto"];

/// Within how many words after a blast "outside the bank" says what it was meant for.
const BESIDE: usize = 10;

/// Finds who stands where around one trigger.
pub(crate) struct Roles<'a, 'f> {
    pub(crate) reading: &'a Reading<'a>,
    pub(crate) parsed: &'a Parsed,
    pub(crate) unit: &'a Unit,
    pub(crate) sentence: &'a Sentence,
    pub(crate) frame: &'f mut Frame,
    pub(crate) entry: &'a Entry,
    pub(crate) trigger: &'a Trigger,
}

impl Roles<'_, '_> {
    pub(crate) fn of_verb(&mut self) {
        let unit = self.unit;
        let Some(verb) = unit.verb_at[self.trigger.head] else { return };
        let group = &unit.verbs[verb];
        let subject = unit.subject(verb);
        let object = unit.object(verb);
        let agent = unit.agent(group.head);
        // "Soldier shot dead at checkpoint": a headline's participle has nobody after it.
        // "Shot dead *two people*", whatever the tree makes of them.
        let end = self.trigger.words.end;
        let shot = self.entry.lemmas.len() == 2 && self.entry.lemmas[1] == "dead";
        let right_behind = unit
            .phrases
            .iter()
            .position(|phrase| shot && phrase.words.start == end && phrase.number.is_some());
        let object = object.or(right_behind.filter(|_| !group.passive && subject.is_some()));
        let shot_dead = shot
            // "Shot *him* dead": who stands between the two is whom it happened to.
            && object.is_none_or(|phrase| {
                let words = &unit.phrases[phrase].words;
                words.end <= self.trigger.words.end && words.contains(&(self.trigger.words.end - 1))
            });
        let object = if shot_dead { None } else { object };
        let passive = group.passive || group.bare_participle || shot_dead;
        // "A gunship fired on survivors" is no participle: nobody is left out after "on".
        let follows = |at: usize| unit.phrases.iter().any(|phrase| phrase.words.start == at);
        let passive = passive
            && !(!group.passive
                && self.entry.lemmas.len() > 1
                && self
                    .entry
                    .lemmas
                    .last()
                    .is_some_and(|last| matches!(last.as_str(), "on" | "at" | "upon"))
                && subject.is_some()
                && follows(self.trigger.words.end));
        // "The convoy hit a mine": what hits it is what suffers.
        // "Ran over a mine", "drove onto a mine".
        let end = self.trigger.words.end;
        let onto = || unit.phrases.iter().position(|phrase| phrase.words.start == end);
        let driven = matches!(unit.lemma(group.head), "run" | "drive" | "step");
        if !passive
            && (driven || matches!(unit.lemma(group.head), "hit" | "strike" | "trigger"))
            && let Some(phrase) = if driven { onto().or(object) } else { object }
            && let Some((class, subclass)) = self.weapon_in(phrase)
            && matches!(subclass.as_deref(), Some("landmine" | "ied"))
        {
            self.frame.kind = kind_of_weapon(class, subclass.as_deref()).unwrap_or(Kind::Ied);
            self.frame.weak = false;
            self.add_targets(subject);
            return;
        }
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
                        self.add_actors(self.doer_of_result(verb).or(subject));
                    }
                    self.add_targets(object);
                    if object.is_none() || self.entry.lemmas.len() > 1 {
                        let target = self.after(AT_TARGET, group.words.end.max(self.trigger.words.end));
                        self.add_targets(target);
                    }
                    // "Set fire to *45 houses*", "fired on *survivors*".
                    if self.frame.recipients.is_empty()
                        && self.frame.objects.is_empty()
                        && self.entry.lemmas.len() > 1
                    {
                        let end = self.trigger.words.end;
                        self.add_targets(unit.phrases.iter().position(|phrase| phrase.words.start == end));
                    }
                }
                let from = self.after(&["from"], group.words.end);
                if self.entry.pattern == Pattern::Territory {
                    self.add_targets(from);
                }
            }
            Pattern::Falls => {
                let taker = self.after(&["to", "of"], self.trigger.words.end.saturating_sub(1));
                self.add_actors(taker);
            }
            Pattern::Reciprocal => {
                // "As police and students clashed": of those who fight nobody is left out, whatever the tree makes of it.
                self.add_actors(if group.passive { agent } else { agent.or(subject) });
                // "As Hindu and Muslim mobs fought": whoever stands between the first and the verb.
                if let Some(next) = subject.map(|subject| subject + 1).filter(|_| !group.passive)
                    && let Some(second) = unit.phrases.get(next)
                    && unit.lower(second.words.start.saturating_sub(1)) == "and"
                    && second.words.end == group.words.start
                {
                    self.add_actors(Some(next));
                }
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
        // "Set fire to *the offices*".
        if self.entry.lemmas.len() > 1 && self.entry.lemmas.last().is_some_and(|last| last == "to") {
            let end = self.trigger.words.end;
            self.add_targets(unit.phrases.iter().position(|phrase| phrase.words.start == end));
        }
        self.add_beside_blast(self.trigger.words.end);
        if let Some(subject) = subject
            && !passive
        {
            self.by_weapon(subject);
            self.by_craft(subject);
        }
        // "Rockets were fired at the airport": what is fired or thrown says what kind of attack.
        let fired = if passive { subject } else { object };
        if matches!(unit.lemma(group.head), "fire" | "launch" | "throw" | "hurl" | "lob")
            && matches!(self.frame.kind, Kind::Attack | Kind::Shooting)
            && let Some((class, subclass)) = fired.and_then(|phrase| self.weapon_in(phrase))
            && let Some(kind) = kind_of_weapon(class, subclass.as_deref())
        {
            self.frame.kind = kind;
            self.frame.weak = false;
            let target = self.after(AT_TARGET, group.words.end);
            self.add_targets(target);
        }
        // "X, suspected of …" and relative clauses leave the subject to the tree; "by" may follow late.
        if self.frame.actors.is_empty() {
            self.add_actors(agent);
        }
    }

    /// "Forces targeted a leader detaining six": the leader is who was targeted, and detained nobody.
    fn doer_of_result(&self, verb: usize) -> Option<usize> {
        let unit = self.unit;
        let before = verb.checked_sub(1)?;
        let (group, other) = (&unit.verbs[verb], &unit.verbs[before]);
        let object = unit.object(before)?;
        let result = group.gerund && self.entry.outcome.is_some();
        let finite = !other.passive && !other.bare_participle && !other.gerund && !other.infinitive;
        (result && finite && unit.subject(verb) == Some(object)).then(|| unit.subject(before))?
    }

    /// "Killed the game", "attacked the plan": an object that is neither people, nor a thing, nor a place.
    pub(crate) fn done_to_nothing(&self) -> bool {
        let unit = self.unit;
        let frame = &self.frame;
        let Some(verb) = unit.verb_at[self.trigger.head] else { return false };
        // "Demonstrating hostile intent": a crowd demonstrates, and nothing.
        if frame.kind == Kind::Protest && unit.lemma(self.trigger.head) == "demonstrate" {
            return unit.object(verb).is_some_and(|object| self.names_nothing(object));
        }
        // "Marched *them* up a hill": who is marched does not march.
        if frame.kind == Kind::Protest && unit.lemma(self.trigger.head) == "march" {
            return unit.object(verb).is_some_and(|object| {
                unit.phrases[object].pronoun || self.reading.is_people(self.parsed, object)
            });
        }
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
        self.names_nothing(phrase)
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

    /// "A Myanmar military jet bombed a village", "army tanks fired": a craft does what those do whose it is, and from the air
    /// an aircraft.
    fn by_craft(&mut self, subject: usize) {
        let unit = self.unit;
        let noun = &unit.phrases[subject];
        let class = self.reading.knowledge.senses.object_of(unit, subject);
        let flies = class == Some(record::ObjectClass::Aircraft);
        if !flies && class != Some(record::ObjectClass::Vehicle) {
            return;
        }
        if flies && matches!(self.frame.kind, Kind::Attack | Kind::Shooting | Kind::Bombing) {
            self.frame.kind = Kind::AirStrike;
            self.frame.weak = false;
        }
        let owner = self.owner(noun);
        if self.frame.actors.is_empty()
            && self.frame.actor_words.is_empty()
            && !owner.is_empty()
            && self.reading.names_actor(self.parsed, owner.clone())
        {
            self.frame.actor_words.push(owner);
        }
    }

    /// The words before a weapon or craft: of "a fighter jet" the weapon is both words, and no fighter flies it.
    fn owner(&self, noun: &Phrase) -> Range<usize> {
        let weapon = |word: &usize| {
            self.reading
                .knowledge
                .senses
                .weapon(self.unit, *word)
                .is_some_and(|(words, ..)| words.contains(&noun.head))
        };
        noun.words.start..noun.words.clone().find(weapon).unwrap_or(noun.head)
    }

    /// "A missile fired by X hit Y": the weapon says what kind of attack, and who fired it did it.
    fn by_weapon(&mut self, subject: usize) {
        let unit = self.unit;
        let noun = &unit.phrases[subject];
        let weapon = noun.words.clone().find_map(|word| self.reading.knowledge.senses.weapon(unit, word));
        let Some((_, class, subclass)) = weapon else { return };
        let buried =
            self.frame.kind == Kind::Bombing && matches!(subclass.as_deref(), Some("landmine" | "ied"));
        let vague =
            matches!(self.frame.kind, Kind::Attack | Kind::Killing | Kind::Injury | Kind::Destruction);
        if (vague || buried)
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
            let before = self.owner(noun);
            if self
                .reading
                .describe_words(self.parsed, &before)
                .is_some_and(|who| who.sector.is_some() || who.is_country)
            {
                self.frame.actor_words.push(before);
            }
        }
    }

    pub(crate) fn of_noun(&mut self) {
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
            // "A terrorist attack", "the criminal attack": what is thought of it, not who did it.
            let judged = before.clone().all(|at| {
                matches!(unit.lower(at), "terrorist" | "terror" | "criminal" | "the" | "a" | "an" | "this")
            });
            let before = if judged { before.end..before.end } else { before };
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
        // "A blast blamed by the police on X": who says so did not do it.
        let said = |phrase: usize| {
            let by = unit.phrases[phrase].words.start;
            matches!(
                unit.before(by, 2),
                "attributed"
                    | "blamed"
                    | "condemned"
                    | "confirmed"
                    | "described"
                    | "investigated"
                    | "reported"
            )
        };
        let agent = self.after(&["by"], end).filter(|&phrase| !said(phrase));
        self.add_actors(agent);
        let target = self.after(AT_TARGET, end);
        self.add_targets(target);
        self.add_beside_blast(end);
        // "The plant was the *target of* an attack".
        if let Some(whole) = phrase.checked_sub(1).filter(|&whole| unit.of(whole) == Some(phrase))
            && matches!(unit.lemma(unit.phrases[whole].head), "target" | "object" | "objective")
            && let Some(verb) =
                unit.verbs.iter().rposition(|verb| verb.words.end <= unit.phrases[whole].words.start)
            && unit.lemma(unit.verbs[verb].head) == "be"
        {
            self.add_targets(unit.subject(verb));
        }
        if self.frame.kind == Kind::Clash || self.frame.kind == Kind::Agreement {
            if let Some(first) = self.after(&["between", "among"], end) {
                self.add_sides(first);
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
            let found = self.frame.kind == Kind::WeaponsFound && FINDING.contains(&lemma);
            if object_of && (found || DOING.contains(&lemma)) {
                let subject = unit.subject(verb);
                self.add_actors(subject);
            } else if subject_of
                && (group.passive || group.bare_participle)
                && (found || DOING.contains(&lemma))
            {
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
                    self.add_sides(first);
                }
            }
        }
        // "The air force carried out raids": who flies says how.
        if matches!(self.frame.kind, Kind::Raid | Kind::Attack)
            && self.frame.actors.iter().any(|&phrase| self.flies(phrase))
        {
            self.frame.kind = Kind::AirStrike;
            self.frame.weak = false;
        }
        // "the exchange of fire … between X and Y" with words between.
        if self.frame.kind == Kind::Clash && self.frame.actors.is_empty() {
            let between = (end..unit.words.len()).find(|&at| unit.lower(at) == "between");
            if let Some(at) = between
                && let Some(first) = unit.phrases.iter().position(|phrase| phrase.words.start == at + 1)
            {
                self.add_sides(first);
            }
        }
    }

    pub(crate) fn of_adjective(&mut self) {}

    /// Those counted as killed, wounded, taken by this trigger suffer it.
    pub(crate) fn of_counts(&mut self, index: usize) {
        for casualty in &self.sentence.casualties {
            if casualty.trigger == index
                && let Some(phrase) = casualty.phrase
                && casualty.quantity.figure() != Some(0)
                && casualty.outcome != Outcome::Escaped
            {
                let one = casualty.quantity == record::Quantity::exact(1);
                if self.reading.is_people(self.parsed, phrase)
                    || one && self.reading.names_one(self.parsed, phrase)
                {
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
        // "Blamed the attack on criminals": they are no target.
        let blamed = unit.words[self.trigger.head]
            .head
            .is_some_and(|governor| matches!(unit.lemma(governor), "blame" | "pin"));
        if blamed && prepositions.contains(&"on") {
            return None;
        }
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

    /// "Between A and B": both, whatever the tree makes of B before a verb.
    fn add_sides(&mut self, first: usize) {
        let unit = self.unit;
        let mut sides = unit.and_following(first);
        // "Members of the police and militants of the People's Army": the first side ends where what it is of ends.
        let end = unit.extended(first).end;
        let second = unit.phrases.iter().position(|next| next.words.start == end + 1);
        if sides.len() == 1 && end < unit.words.len() && unit.lower(end) == "and" {
            sides.extend(second);
        }
        for side in sides {
            self.add_actors(Some(side));
        }
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
        // "Mines hidden side by side", "each accused the other".
        let noun = &self.unit.phrases[phrase];
        let nobody = self.unit.lower(noun.head) == "side"
            && (noun.words.len() == 1 || self.weapon_in(phrase).is_some())
            || self.unit.lower(noun.head) == "other"
                && noun.words.len() == 2
                && self.unit.lower(noun.words.start) == "the";
        if nobody {
            return;
        }
        let resolved = self.reading.resolve_pronoun(self.parsed, phrase, None);
        if let Some(phrase) = resolved
            && self.reading.is_people(self.parsed, phrase)
        {
            self.push_actor(phrase);
        }
    }

    /// "A bomb went off outside a bank", "in front of the embassy": what it was meant for, where that is a thing.
    fn add_beside_blast(&mut self, from: usize) {
        let unit = self.unit;
        if !self.frame.kind.is_explosive() {
            return;
        }
        let to = (from..unit.words.len().min(from + BESIDE))
            .find(|&at| unit.verb_at[at].is_some() || matches!(unit.lower(at), ";" | ":" | "when" | "while"))
            .unwrap_or_else(|| unit.words.len().min(from + BESIDE));
        let beside = (from..to).find_map(|at| match unit.lower(at) {
            "outside" | "inside" => Some(at + 1),
            "front" if unit.before(at, 1) == "in" && unit.lower(at + 1) == "of" => Some(at + 2),
            _ => None,
        });
        let Some(start) = beside else { return };
        let Some(first) = unit.phrases.iter().position(|phrase| phrase.words.start == start) else { return };
        for phrase in unit.and_following(first) {
            if self.reading.is_thing(self.parsed, phrase) {
                self.push_object(phrase);
            }
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
            } else if let Some(phrase) = self.thing(phrase) {
                self.push_object(phrase);
                self.add_aboard(phrase);
                // "a police station", "an army base": whose it is suffers too.
                if self.reading.names_actor(self.parsed, self.unit.phrases[phrase].words.clone()) {
                    self.push_recipient(phrase);
                }
            } else if let Some(of) = self.unit.of(phrase)
                && (self.frame.kind == Kind::Destruction || self.frame.kind.is_explosive())
                && self.reading.is_thing(self.parsed, of)
            {
                // "Damaged the windows of *a bank*".
                self.push_object(of);
            }
        }
    }

    /// "A car carrying *three guards*": who is in what is struck suffers it.
    fn add_aboard(&mut self, phrase: usize) {
        let unit = self.unit;
        let end = unit.phrases[phrase].words.end;
        let carries = matches!(unit.lower(end), "carrying" | "transporting" | "ferrying" | "escorting");
        let next = unit.phrases.iter().position(|next| carries && next.words.start == end + 1);
        for aboard in next.map(|next| unit.and_following(next)).unwrap_or_default() {
            if self.reading.is_people(self.parsed, aboard) {
                self.push_recipient(aboard);
            }
        }
    }

    /// The phrase that names a thing: this one, or what it is a part or a number of ("a stretch of *the pipeline*").
    fn thing(&self, phrase: usize) -> Option<usize> {
        let is_thing = |phrase: &usize| self.reading.is_thing(self.parsed, *phrase);
        Some(phrase).filter(is_thing).or_else(|| self.unit.of(phrase).filter(is_thing))
    }

    /// The weapon that a phrase names.
    fn weapon_in(&self, phrase: usize) -> Option<(WeaponClass, Option<String>)> {
        let words = self.unit.phrases[phrase].words.clone();
        words
            .filter_map(|word| self.reading.knowledge.senses.weapon(self.unit, word))
            .map(|(_, class, subclass)| (class, subclass))
            .next()
    }

    /// "The air force", "warplanes": those who attack from the air.
    fn flies(&self, phrase: usize) -> bool {
        let words = self.unit.phrases[phrase].words.clone();
        words.clone().any(|at| self.unit.lower(at) == "air" && self.unit.lemma(at + 1) == "force")
            || self.weapon_in(phrase).is_some_and(|(_, subclass)| subclass.as_deref() == Some("air-dropped"))
    }

    /// "Attack on inflation": a target that is neither people, nor a thing, nor a place, nor a name.
    fn at_nothing(&self, phrase: usize) -> bool {
        let noun = &self.unit.phrases[phrase];
        self.names_nothing(phrase)
            && noun.possessor.is_none()
            && noun.words.len() == 1
            && !self.unit.words[noun.head].tag.is_plural()
            && self.unit.of(phrase).is_none()
            && self.unit.time_at(noun.head).is_none()
    }

    /// Whether a phrase is neither people, nor a thing, nor a place, nor a name, number or event.
    fn names_nothing(&self, phrase: usize) -> bool {
        let noun = &self.unit.phrases[phrase];
        let overlaps = |words: &Range<usize>| words.start < noun.words.end && noun.words.start < words.end;
        !noun.pronoun
            && !self.unit.words[noun.head].tag.is_proper()
            && !self.parsed.places.iter().any(|place| overlaps(&place.words))
            && noun.number.is_none()
            && !self.reading.is_people(self.parsed, phrase)
            && !self.reading.is_thing(self.parsed, phrase)
            && !self.is_event(phrase)
    }

    /// Whether the attack that a phrase of several words tells is on nothing that can be attacked.
    pub(crate) fn on_nothing(&self) -> bool {
        matches!(self.frame.kind, Kind::Attack | Kind::Raid)
            && self.frame.recipients.is_empty()
            && self.frame.objects.is_empty()
            && self.sentence.casualties.is_empty()
            && self.unit.lower(self.trigger.words.end) == "on"
            && self.after(&["on"], self.trigger.words.end).is_some_and(|phrase| self.at_nothing(phrase))
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
