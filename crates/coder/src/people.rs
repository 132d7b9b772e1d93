/*! Who a phrase means: people and bodies, pronouns, sides. */

use std::ops::Range;

use record::vocabulary::{InterCode, Sector};
use record::{Certainty, Participant, ParticipantKind, Quantity};
use syntax::Tag;

use crate::reading::{Parsed, Reading};
use crate::unit::Unit;

/// Pronouns that stand for people told of before.
const PLURAL_PRONOUNS: &[&str] = &["they", "them", "those", "whom", "who", "some", "all", "both", "others"];
const SINGULAR_PRONOUNS: &[&str] = &["he", "him", "she", "her"];

/// What the actor registry makes of a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// What sort of participant.
    pub kind: ParticipantKind,
    /// Name in the registry, of a state's force, or of the holder of a public office.
    pub name: Option<String>,
    /// Key in the registry.
    pub actor_id: Option<String>,
    /// Wikidata Q-id.
    pub wikidata_id: Option<String>,
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
    /// PLOVER; `None` where nothing says.
    pub sector: Option<Sector>,
    /// ACLED.
    pub inter_code: Option<InterCode>,
    /// "Suspected", "alleged".
    pub certainty: Certainty,
    /// The role word, in its singular.
    pub role: Option<String>,
    /// Whose backing it has, without being it.
    pub affiliation: Option<String>,
    /// A person by name.
    pub is_person_name: bool,
    /// A country by name, and nothing more.
    pub is_country: bool,
}

impl From<who::Description> for Who {
    fn from(description: who::Description) -> Self {
        Self {
            kind: description.kind,
            name: description.name,
            actor_id: description.actor_id,
            wikidata_id: description.wikidata_id,
            country: description.country,
            sector: Some(description.sector).filter(|sector| *sector != Sector::Unknown),
            inter_code: description.inter_code,
            certainty: description.certainty,
            role: description.role,
            affiliation: description.affiliation,
            is_person_name: description.is_person_name,
            is_country: description.reading == who::Reading::Country,
        }
    }
}

impl Reading<'_> {
    fn look_up(&self, tokens: Range<usize>, head: usize) -> Option<Who> {
        let context = self.context_at(tokens.start);
        let describe =
            |context: &who::Context| self.knowledge.who.describe(&self.text, tokens.clone(), head, context);
        let mut description = describe(&context);
        // Palestine has no army: "the military" in a report from there is the one that occupies it.
        if description.sector == Sector::Military
            && description.country.as_deref() == Some("PSE")
            && description.actor_id.is_none()
        {
            description = describe(&who::Context { country: Some("ISR".to_owned()), ..context });
        }
        (description.reading != who::Reading::Unknown).then(|| description.into())
    }

    /// Who some words of a sentence mean.
    #[must_use]
    pub fn describe_words(&self, parsed: &Parsed, words: &Range<usize>) -> Option<Who> {
        if words.is_empty() {
            return None;
        }
        let tokens = parsed.unit.tokens(words);
        let head = tokens.end - 1;
        self.look_up(tokens, head)
    }

    /// What the actor registry makes of a phrase; `None` where it names neither people nor a body.
    #[must_use]
    pub fn describe(&self, parsed: &Parsed, phrase: usize) -> Option<Who> {
        let key = (parsed.unit.sentence, phrase);
        if let Some(known) = self.described.borrow().get(&key) {
            return known.clone();
        }
        // "Members of its army": the two ask for each other; the one asked first gets no answer from itself.
        self.described.borrow_mut().insert(key, None);
        let description = self.describe_afresh(parsed, phrase);
        self.described.borrow_mut().insert(key, description.clone());
        description
    }

    fn describe_afresh(&self, parsed: &Parsed, phrase: usize) -> Option<Who> {
        let unit = &parsed.unit;
        let noun = &unit.phrases[phrase];
        if noun.pronoun {
            return None;
        }
        // "A group calling itself X": X is that group.
        let named_by = (phrase.saturating_sub(2)..phrase).find(|&group| {
            is_body(unit.lemma(unit.phrases[group].head)) && called(unit, group) == Some(phrase)
        });
        if let Some(group) = named_by {
            return self.describe(parsed, group);
        }
        let description = self.look_up(unit.tokens(&noun.words), noun.head + unit.first);
        // "22 of the attackers": a bare number is who "of" says.
        let bare = noun.number.is_some_and(|number| unit.numbers[number].words.end == noun.words.end);
        if bare && let Some(of) = unit.of(phrase) {
            return self.describe(parsed, of);
        }
        // "Members of the army", "a spokesman for X": what follows says whose.
        if description.as_ref().is_none_or(|who| who.actor_id.is_none())
            && let Some(of) = unit.belonging(phrase)
            && let Some(whole) = self.describe(parsed, of)
            // "Thousands of supporters of President X" are not the president.
            && !(matches!(unit.lemma(noun.head), "supporter" | "follower") && whole.actor_id.is_none())
            && (member_noun(unit.lemma(noun.head)) && (whole.sector.is_some() || whole.actor_id.is_some())
                // "Militants of the Islamic State": a role and the name of the body it is played in.
                || whole.actor_id.is_some()
                    && whole.sector.is_some_and(Sector::is_armed)
                    && description.as_ref().is_some_and(|who| who.sector.is_some_and(Sector::is_armed)))
        {
            let kind = match &description {
                Some(who) if who.kind == ParticipantKind::Individual => ParticipantKind::Individual,
                _ => whole.kind,
            };
            return Some(Who { kind, ..whole });
        }
        // "A group calling itself X": X is its name, whatever the words in it mean elsewhere.
        if is_body(unit.lemma(noun.head))
            && let Some(named) = called(unit, phrase)
        {
            let known =
                self.look_up(unit.tokens(&unit.phrases[named].words), unit.phrases[named].head + unit.first);
            // Only by a name of the registry: "the Revenge Brigade" is no state's brigade.
            let in_registry = parsed.actors.iter().any(|mention| {
                let words = &unit.phrases[named].words;
                words.start <= mention.words.start && mention.words.end <= words.end
            });
            if let Some(known) = known.filter(|who| in_registry && who.actor_id.is_some()) {
                return Some(known);
            }
            let words = unit.phrases[named].words.clone();
            let article = matches!(unit.lower(words.start), "the");
            let name =
                self.text.slice(unit.span(&(words.start + usize::from(article)..words.end))).to_owned();
            let who = description.unwrap_or_else(|| who::Description::unknown().into());
            return Some(Who { kind: ParticipantKind::Organization, name: Some(name), ..who });
        }
        // "Bombers belonging to X", "gunmen associated with X".
        if description.as_ref().is_none_or(|who| who.actor_id.is_none())
            && matches!(unit.lower(noun.words.end), "belonging" | "associated" | "affiliated")
            // "A group associated with X" is another than X.
            && (unit.lower(noun.words.end) == "belonging" || !is_body(unit.lemma(noun.head)))
            && matches!(unit.lower(noun.words.end + 1), "to" | "with")
            && let Some(next) =
                unit.phrases.get(phrase + 1).filter(|next| next.words.start == noun.words.end + 2)
            && let Some(whole) = self.look_up(unit.tokens(&next.words), next.head + unit.first)
            && whole.actor_id.is_some()
        {
            return Some(whole);
        }
        // "X said that its fighters …": whose they are, the name before says.
        if matches!(unit.lower(noun.words.start), "its" | "their" | "his")
            && let Some(who) = &description
            && who.actor_id.is_none()
            && who.sector.is_some_and(Sector::is_armed)
        {
            // A channel that they write on has no fighters.
            let platform = |sector: Sector| matches!(sector, Sector::Social | Sector::Journalist);
            let owner = (0..phrase).rev().filter_map(|before| self.describe(parsed, before)).find(|owner| {
                owner.sector.is_some_and(Sector::is_armed)
                    || owner.actor_id.is_some() && !owner.sector.is_some_and(platform)
            });
            if let Some(owner) = owner {
                return Some(Who { kind: who.kind, ..owner });
            }
        }
        description
    }

    /// Whether a phrase names people or a body.
    #[must_use]
    pub fn is_people(&self, parsed: &Parsed, phrase: usize) -> bool {
        let unit = &parsed.unit;
        let noun = &unit.phrases[phrase];
        let head = unit.lemma(noun.head);
        if unit.time_at(noun.head).is_some() {
            return false;
        }
        // "A 4-year-old died".
        if matches!(head.rsplit_once("-year-"), Some((_, "old" | "olds"))) {
            return true;
        }
        if matches!(
            head,
            "people"
                | "person"
                | "male"
                | "female"
                | "juvenile"
                | "adult"
                | "other"
                | "man"
                | "woman"
                | "child"
                | "member"
                | "individual"
                | "victim"
                | "dead"
                | "wounded"
                | "someone"
                | "somebody"
                | "another"
        ) {
            return true;
        }
        // "Salah al-Din Governorate": a place, whatever the registry makes of the noun.
        if parsed.places.iter().any(|place| {
            !crate::setting::is_country(&place.place)
                && (place.words.contains(&noun.head) || place.words.end == noun.head)
                && place.words.start >= noun.words.start
                && (place.words.contains(&noun.head) || division_noun(head))
        }) {
            return false;
        }
        // The head decides: "police station" is a thing, "station police" are people.
        if self.is_thing(parsed, phrase) {
            return false;
        }
        if parsed
            .persons
            .iter()
            .any(|person| person.words.start < noun.words.end && noun.words.start < person.words.end)
        {
            return true;
        }
        self.describe(parsed, phrase).is_some()
    }

    /// Whether a phrase names a thing of the tables of objects and weapons.
    #[must_use]
    pub fn is_thing(&self, parsed: &Parsed, phrase: usize) -> bool {
        let unit = &parsed.unit;
        let noun = &unit.phrases[phrase];
        let senses = &self.knowledge.senses;
        let head = noun.head;
        senses.object_of(unit, phrase).is_some()
            || (noun.words.start..=head).any(|word| {
                senses.weapon(unit, word).is_some_and(|(words, ..)| words.end == head + 1)
                    && unit.lemma(head) != "bomber"
            })
            || matches!(
                unit.lemma(head),
                "kilometer"
                    | "kilometre"
                    | "km"
                    | "mile"
                    | "meter"
                    | "metre"
                    | "hour"
                    | "day"
                    | "week"
                    | "month"
                    | "year"
                    | "minute"
                    | "ton"
                    | "tonne"
                    | "kilogram"
                    | "kg"
                    | "pound"
                    | "dollar"
                    | "percent"
                    | "time"
                    | "round"
                    | "raid"
                    | "operation"
                    | "attack"
                    | "explosion"
                    | "blast"
                    | "case"
                    | "incident"
            )
    }

    /// Whether any of some words name an actor or a role.
    #[must_use]
    pub fn names_actor(&self, parsed: &Parsed, words: Range<usize>) -> bool {
        if words.is_empty() {
            return false;
        }
        if parsed.actors.iter().any(|actor| actor.words.start < words.end && words.start < actor.words.end) {
            return true;
        }
        self.describe_words(parsed, &words).is_some_and(|who| {
            who.actor_id.is_some() || who.role.is_some() && who.sector.is_some_and(|sector| sector.is_armed())
        })
    }

    /// The phrase that a pronoun stands for: the nearest people before it in the sentence that are not those
    /// who act on it. A phrase that is no pronoun stands for itself.
    #[must_use]
    pub fn resolve_pronoun(&self, parsed: &Parsed, phrase: usize, actor: Option<usize>) -> Option<usize> {
        let unit = &parsed.unit;
        let noun = &unit.phrases[phrase];
        let first = unit.lower(noun.words.start);
        let alone = noun.words.len() == 1
            && (noun.pronoun || PLURAL_PRONOUNS.contains(&first) && unit.words[noun.head].tag != Tag::Nns);
        if !alone {
            return Some(phrase);
        }
        let subject = |before: usize| unit.words[unit.phrases[before].head].relation.is_subject();
        // "The army said it had killed them": a body that speaks of itself.
        if first == "it" && actor.is_none() && subject(phrase) {
            return (0..phrase).rev().filter(|&before| subject(before)).find(|&before| {
                self.describe(parsed, before).is_some_and(|who| {
                    who.kind != ParticipantKind::Individual
                        && who.sector.is_some_and(|sector| sector.is_armed() || sector.is_state_force())
                })
            });
        }
        if !PLURAL_PRONOUNS.contains(&first) && !SINGULAR_PRONOUNS.contains(&first) {
            return None;
        }
        // "He" is one.
        let one = |before: usize| {
            let noun = &unit.phrases[before];
            // Neither is a country, a body or a force, but "the Taliban leader" is.
            let named = unit.words[noun.head].tag.is_proper()
                && self.describe(parsed, before).is_some_and(|who| {
                    who.is_country
                        || matches!(who.kind, ParticipantKind::State | ParticipantKind::Organization)
                });
            let body = named
                || matches!(
                    unit.lemma(noun.head),
                    "force"
                        | "guard"
                        | "troop"
                        | "police"
                        | "military"
                        | "unit"
                        | "patrol"
                        | "team"
                        | "government"
                        | "coalition"
                        | "authority"
                        | "ministry"
                        | "council"
                        | "court"
                        | "family"
                        | "crowd"
                );
            !unit.words[noun.head].tag.is_plural()
                && !body
                && !is_body(unit.lemma(noun.head))
                && noun.number.is_none_or(|number| unit.numbers[number].phrase.quantity == Quantity::exact(1))
        };
        let single = SINGULAR_PRONOUNS.contains(&first);
        // "The ombudsman said most of *those* detained": one who speaks is not many.
        let several = first == "those";
        let many = |before: usize| {
            let noun = &unit.phrases[before];
            unit.words[noun.head].tag.is_plural()
                || noun.number.is_some()
                || is_body(unit.lemma(noun.head))
                || matches!(unit.lemma(noun.head), "people" | "police" | "force" | "family" | "crowd")
        };
        let people = |&before: &usize| {
            Some(before) != actor
                && !unit.phrases[before].pronoun
                && (!single || one(before))
                && (!several || many(before))
                // "Ran over two men in Germany, killing them": a country is no "them".
                && !self.describe(parsed, before).is_some_and(|who| who.is_country)
                && self.is_people(parsed, before)
        };
        // "Militants killed 235 people when they detonated a bomb": who acts goes on acting.
        let acts = actor.is_none() && first == "they" && subject(phrase);
        let acting = || (0..phrase).rev().filter(people).find(|&before| subject(before));
        acts.then(acting).flatten().or_else(|| (0..phrase).rev().find(people))
    }

    /// Those that "them" in "10 of them" means.
    #[must_use]
    pub fn counted_among(&self, parsed: &Parsed, phrase: usize, actor: Option<usize>) -> Option<usize> {
        let of = parsed.unit.of(phrase).filter(|&of| parsed.unit.phrases[of].pronoun)?;
        self.resolve_pronoun(parsed, of, actor).or_else(|| {
            // "A mercenary vehicle was destroyed and 10 of them were killed": whose vehicle.
            let unit = &parsed.unit;
            (0..phrase).rev().find(|&before| self.names_actor(parsed, unit.phrases[before].words.clone()))
        })
    }

    /// A participant from words inside a phrase ("*Taliban* attack").
    #[must_use]
    pub fn participant_of_words(&self, parsed: &Parsed, words: &Range<usize>) -> Option<Participant> {
        let unit = &parsed.unit;
        // Articles and adjectives that say nothing of who it is stay outside.
        let start = words
            .clone()
            .find(|&word| !matches!(unit.words[word].tag, Tag::Dt | Tag::PrpPossessive | Tag::Cd))?;
        let end = if unit.words[words.end - 1].tag == Tag::Pos { words.end - 1 } else { words.end };
        let words = start..end;
        let who = self.describe_words(parsed, &words)?;
        Some(Participant {
            mentions: vec![self.text.mention(unit.span(&words))],
            kind: who.kind,
            name: who.name,
            actor_id: who.actor_id,
            wikidata_id: who.wikidata_id,
            country: who.country,
            sector: who.sector,
            inter_code: who.inter_code,
            number: None,
            affiliation: who.affiliation,
            certainty: who.certainty,
        })
    }

    /// A participant from a phrase.
    #[must_use]
    pub fn participant(&self, parsed: &Parsed, phrase: usize) -> Option<Participant> {
        let unit = &parsed.unit;
        let description = self.describe(parsed, phrase);
        let words = unit.extended(phrase);
        let mut mention = self.text.mention(unit.span(&words));
        if mention.text.len() > 200 {
            mention = self.text.mention(unit.span(&unit.phrases[phrase].words));
        }
        let number = unit.phrases[phrase].number.map(|number| unit.numbers[number].phrase.quantity);
        match description {
            Some(description) => Some(Participant {
                mentions: vec![mention],
                kind: description.kind,
                name: description.name,
                actor_id: description.actor_id,
                wikidata_id: description.wikidata_id,
                country: description.country,
                sector: description.sector,
                inter_code: description.inter_code,
                number,
                affiliation: description.affiliation,
                certainty: description.certainty,
            }),
            None => self.is_people(parsed, phrase).then(|| Participant {
                kind: if number.is_some_and(|n: Quantity| n.figure() == Some(1))
                    || self.name_in(parsed, phrase).is_some()
                {
                    ParticipantKind::Individual
                } else {
                    ParticipantKind::Population
                },
                // A private person's name, which the program takes out again unless it is told to keep it.
                name: self.name_in(parsed, phrase).map(|_| mention.text.clone()),
                mentions: vec![mention],
                actor_id: None,
                wikidata_id: None,
                country: None,
                sector: Some(Sector::Civilian),
                inter_code: Some(InterCode::Civilians),
                number,
                affiliation: None,
                // Nothing says that they are civilians: nothing says that they are armed.
                certainty: Certainty::Inferred,
            }),
        }
    }
}

/// Nouns that follow a place's name and belong to it.
/// Words for divisions and settlements.
pub(crate) fn division_noun(lemma: &str) -> bool {
    matches!(
        lemma,
        "governorate"
            | "province"
            | "district"
            | "city"
            | "town"
            | "village"
            | "region"
            | "state"
            | "county"
            | "area"
            | "department"
            | "municipality"
    )
}

/// The name that a body is given right behind the word for it.
fn called(unit: &Unit, phrase: usize) -> Option<usize> {
    let end = unit.phrases[phrase].words.end;
    let length = match (unit.lower(end), unit.lower(end + 1)) {
        ("calling" | "naming" | "styling", "itself" | "themselves") | ("known" | "identified", "as") => 2,
        ("called" | "named" | "dubbed", _) => 1,
        _ => return None,
    };
    // "Itself" is a phrase too.
    let next = unit.phrases.iter().position(|name| name.words.start == end + length)?;
    let name = &unit.phrases[next];
    // By its capital, whatever the tagger makes of a name it has not seen.
    let first = name.words.start + usize::from(unit.lower(name.words.start) == "the");
    let proper = unit.words.get(first).is_some_and(|word| word.tag.is_proper() || word.capital);
    proper.then_some(next)
}

/// Nouns for a body of its own.
fn is_body(lemma: &str) -> bool {
    matches!(
        lemma,
        "group"
            | "organization"
            | "organisation"
            | "movement"
            | "network"
            | "party"
            | "front"
            | "army"
            | "faction"
            | "militia"
            | "outfit"
            | "cell"
            | "gang"
    )
}

/// Nouns that only say that somebody belongs to what follows "of".
fn member_noun(lemma: &str) -> bool {
    matches!(
        lemma,
        "branch"
            | "affiliate"
            | "wing"
            | "arm"
            | "faction"
            | "offshoot"
            | "member"
            | "spokesman"
            | "spokesperson"
            | "spokeswoman"
            | "statement"
            | "force"
            | "element"
            | "unit"
            | "fighter"
            | "soldier"
            | "officer"
            | "troop"
            | "personnel"
            | "leader"
            | "commander"
            | "group"
            | "militia"
            | "part"
            | "supporter"
            | "squad"
            | "gang"
            | "remnant"
            | "cell"
            | "number"
            | "mob"
            | "crowd"
            | "band"
            | "team"
            | "column"
            | "army"
            | "brigade"
            | "battalion"
            | "total"
            | "dozen"
            | "hundred"
            | "thousand"
    )
}
