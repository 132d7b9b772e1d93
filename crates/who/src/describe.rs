//! A noun phrase to who is meant.
//!
//! The order of trust: a name of the registry, then nationality and role, then a role alone (the country of "the
//! army" being the one where the report plays), then a person's name, then a country, then nothing.

use std::ops::Range;

use record::vocabulary::{InterCode, Sector};
use record::{Certainty, Mention, Participant, ParticipantKind};
use text::Text;

use crate::registry::{Context, CountryMention, Named, Registry, RoleMention};

/// What a description rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reading {
    /// A name of the registry.
    Name,
    /// A role word, with or without a nationality.
    Role,
    /// The name of a person.
    Person,
    /// The name of a country, or the word for its people, alone.
    Country,
    /// Nothing that is known.
    Unknown,
}

/// Who a noun phrase means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// What it rests on.
    pub reading: Reading,
    /// What sort of participant.
    pub kind: ParticipantKind,
    /// Name in the registry, or of a state force ("Military Forces of Egypt"), or of the holder of a public office.
    pub name: Option<String>,
    /// Key in the registry.
    pub actor_id: Option<String>,
    /// Wikidata Q-id.
    pub wikidata_id: Option<String>,
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
    /// Whether the country comes from where the report plays and not from the phrase.
    pub country_inferred: bool,
    /// PLOVER.
    pub sector: Sector,
    /// ACLED.
    pub inter_code: Option<InterCode>,
    /// "Suspected", "alleged".
    pub certainty: Certainty,
    /// "Unknown", "unidentified", "masked".
    pub unidentified: bool,
    /// Whether the phrase is one person's name.
    pub is_person_name: bool,
    /// Whether it is a private person, whose name does not go out.
    pub is_private: bool,
    /// The role word, in its singular.
    pub role: Option<String>,
    /// Whether the role's form means more than one.
    pub plural: bool,
    /// Whom it is linked to, backed by or opposed to without being it: a name of the registry or a country.
    pub affiliation: Option<String>,
    /// Why, in words.
    pub reason: String,
}

/// Words that say that it is not certain who did it.
#[rustfmt::skip]
const SUSPECTED: &[&str] = &[
    "accused", "alleged", "allegedly", "apparent", "apparently", "believed", "likely", "possible",
    "possibly", "presumed", "probable", "probably", "purported", "suspected", "thought",
];
/// Words that say that nobody knows who it was.
const UNIDENTIFIED: &[&str] = &["hooded", "masked", "mysterious", "unidentified", "unknown", "unnamed"];
/// Words between a role and a name that make the role the name's own: "members of the PKK".
const OWN: &[&str] = &["belonging", "for", "from", "in", "of", "the", "to", "with", "within"];
/// Words that tie without making one the other: "allied with", "loyal to", "fighting".
#[rustfmt::skip]
const TIED: &[&str] = &[
    "affiliated", "against", "aligned", "allied", "anti", "attacking", "backed", "backing", "battling",
    "by", "claimed", "close", "controlled", "fighting", "inspired", "led", "linked", "loyal", "opposed",
    "opposing", "pledged", "rival", "supported", "supporting", "sympathetic", "targeting", "ties",
    "trained",
];
/// Roles whose holder stands against the name before it: "Hamas hostages".
#[rustfmt::skip]
const APART: &[&str] = &[
    "abductee", "ally", "backer", "captive", "casualty", "collaborator", "deserter", "hostage", "opponent",
    "partner", "prey", "proxy", "rival", "survivor", "target", "victim",
];
/// Words between the name of a body and that of another that belongs to it or left it.
#[rustfmt::skip]
const KIN: &[&str] = &[
    "affiliate", "affiliated", "arm", "branch", "breakaway", "cell", "chapter", "faction", "front", "group", "militant", "militia",
    "offshoot", "outfit", "province", "splinter", "terror", "terrorist", "unit", "wing",
];
/// Units of an army that irregular forces call themselves too.
const UNITS: &[&str] = &["army", "battalion", "battalions", "brigade", "brigades", "division", "regiment"];
/// What no state names a unit of its army for.
#[rustfmt::skip]
const CAUSES: &[&str] = &[
    "ansar", "caliphate", "free", "jihad", "liberation", "martyr", "martyrs", "mujahideen", "redemption", "resistance", "revolution",
    "revolutionaries", "revolutionary",
];
/// Words that take an office away.
const FORMER: &[&str] = &["ex", "former", "onetime", "retired"];

fn is_in(list: &[&str], word: &str) -> bool {
    list.binary_search(&word).is_ok()
}

/// What was found in a phrase.
struct Phrase<'r> {
    words: Vec<String>,
    start: usize,
    head: usize,
    named: Vec<Named>,
    roles: Vec<RoleMention<'r>>,
    nations: Vec<CountryMention<'r>>,
}

impl Phrase<'_> {
    fn any(&self, list: &[&str]) -> bool {
        self.words.iter().any(|word| is_in(list, word))
    }

    fn between(&self, from: usize, to: usize) -> &[String] {
        let index = |token: usize| token.saturating_sub(self.start).min(self.words.len());
        self.words.get(index(from)..index(to)).unwrap_or(&[])
    }

    fn begins(&self, prefix: &str) -> Option<&str> {
        self.words.iter().find_map(|word| word.strip_prefix(prefix))
    }
}

impl Registry {
    /// Who the noun phrase means whose head is the token `head`.
    #[must_use]
    pub fn describe(&self, text: &Text, phrase: Range<usize>, head: usize, context: &Context) -> Description {
        let end = phrase.end.min(text.tokens.len());
        let tokens = phrase.start.min(end)..end;
        let words = text.tokens[tokens.clone()].iter().map(|token| text.word(token).to_lowercase()).collect();
        let mut roles = self.roles(text, tokens.clone());
        let mut named = self.find_in(text, tokens.clone(), context);
        // "The Kurdish organisation PKK": the body is meant, and the people only say more of it.
        named.sort_by_key(|named| self.actor(named.actor).kind == ParticipantKind::Population);
        // "Lebanese Forces" is a name, and "forces" in it no role.
        roles.retain(|role| {
            !named.iter().any(|name| {
                // But "Shia militia" says more than the "Shia" that it begins with.
                let longer = role.tokens.start == name.tokens.start && role.tokens.end > name.tokens.end;
                name.tail.is_none() && name.tokens.contains(&role.tokens.start) && !longer
            })
        });
        let nations = self.nations(text, tokens.clone());
        let found = Phrase { words, start: tokens.start, head, named, roles, nations };
        let found = Self::without_parts_of_names(text, found);
        let role = found.role();
        let mut description = self.read(text, &tokens, &found, role, context);
        let of_a_cause = |role: &RoleMention<'_>| {
            let cause = |at: usize| is_in(CAUSES, &text.word(&text.tokens[at]).to_lowercase());
            found.name_before(text, role).is_some_and(|mut name| name.any(cause))
        };
        if description.reading == Reading::Role && role.is_some_and(of_a_cause) {
            // "The Sahmin Liberation Brigade": no army has such units, so that no state can be told from the word.
            description.name = None;
            description.actor_id = None;
            description.wikidata_id = None;
            description.country = None;
            description.country_inferred = false;
            description.sector = Sector::UnalignedArmed;
            description.inter_code = Some(InterCode::PoliticalMilitias);
            "a body that the registry lacks, by its name no state's".clone_into(&mut description.reason);
        }
        if found.any(SUSPECTED) {
            description.certainty = Certainty::Suspected;
        }
        description.unidentified = found.any(UNIDENTIFIED);
        if description.unidentified
            && description.reading != Reading::Name
            && description.sector == Sector::Civilian
        {
            description.sector = Sector::UnalignedArmed;
            description.inter_code = Some(InterCode::PoliticalMilitias);
        }
        description
    }

    /// Leaves out the word for a unit that ends a name, where the people are irregulars: "fighters of the Sahmin Brigade"
    /// are no brigade of the army of the country where the report plays.
    fn without_parts_of_names<'r>(text: &Text, mut found: Phrase<'r>) -> Phrase<'r> {
        let head = found.roles.iter().find(|role| role.tokens.contains(&found.head));
        let irregular = head.is_some_and(|role| {
            role.role.sector.is_armed() && !role.role.sector.is_state_force() && role.role.label.is_empty()
        });
        if irregular {
            let ends_name: Vec<bool> =
                found.roles.iter().map(|role| found.name_before(text, role).is_some()).collect();
            let head = found.head;
            let mut ends_name = ends_name.into_iter();
            found.roles.retain(|role| !(ends_name.next().unwrap_or(false) && role.tokens.start > head));
        }
        found
    }

    fn read(
        &self,
        text: &Text,
        tokens: &Range<usize>,
        found: &Phrase<'_>,
        role: Option<&RoleMention<'_>>,
        context: &Context,
    ) -> Description {
        let tied = self.tied(found, context);
        if let Some(description) = self.in_usage(text, tokens, found, role, context) {
            return description;
        }
        if let Some(named) = found.own_name(role) {
            let key = self.resolve(named, context);
            let community = self.actor(key).kind == ParticipantKind::Population;
            let body = |role: &RoleMention<'_>| {
                role.role.weak && role.role.sector == Sector::Unknown && role.tokens.contains(&found.head)
            };
            let other = |role: &RoleMention<'_>| {
                !role.role.weak && role.role.sector != Sector::Civilian || body(role)
            };
            if !(community && role.is_some_and(other)) {
                let mut description = self.of_name(named, role, context);
                // "Murle militia" are named by their people, and are armed.
                let last = named.tokens.end.checked_sub(1).and_then(|at| text.tokens.get(at));
                if community
                    && let Some(armed) = last.and_then(|token| self.role(&text.word(token).to_lowercase()))
                    && armed.sector.is_armed()
                {
                    description.sector = armed.sector;
                    description.inter_code = Some(InterCode::IdentityMilitias);
                    description.kind = ParticipantKind::Group;
                }
                return description;
            }
            if let Some(role) = role {
                let mut description = self.of_role(found, role, context);
                description.affiliation = Some(self.actor(key).name.clone());
                return description;
            }
        }
        let people = self.persons(text, tokens.clone());
        let person = people.iter().find(|person| person.tokens.contains(&found.head)).or(people.first());
        // "army Captain X and his men" is about a role; "Captain X" and "X, our researcher" about a person.
        let about = |person: &&crate::PersonMention| {
            let within = |role: &RoleMention<'_>| {
                person.office.is_some_and(|office| office.contains(text.span_of(role.tokens.clone())))
            };
            person.tokens.contains(&found.head)
                || role.is_none_or(|role| {
                    !role.plural && role.tokens.end <= person.tokens.start || role.role.weak || within(role)
                })
        };
        if let Some(person) = person.filter(about) {
            return self.of_person(text, found, person, role, context);
        }
        if let Some(role) = role {
            let mut description = self.of_role(found, role, context);
            description.affiliation = tied.or(description.affiliation);
            return description;
        }
        if let Some(nation) = found.nations.iter().rfind(|nation| nation.tail.is_none()) {
            return of_nation(nation, context);
        }
        let mut description = Description::unknown();
        description.affiliation = tied;
        description
    }

    /// Whom the outlet means that published it, where the phrase turns on a word of its own: "terrorists" in a state's
    /// agency. A name in the phrase says more, but for one that is a part of the word ("PKK/YPG terrorists").
    fn in_usage(
        &self,
        text: &Text,
        tokens: &Range<usize>,
        found: &Phrase<'_>,
        role: Option<&RoleMention<'_>>,
        context: &Context,
    ) -> Option<Description> {
        context.outlet?;
        let (word, usage) = self.used(text, tokens.clone(), context)?;
        let within = |named: &Named| word.start <= named.tokens.start && named.tokens.end <= word.end;
        if !word.contains(&found.head) || found.own_name(role).is_some_and(|named| !within(named)) {
            return None;
        }
        let said = text.slice(text.span_of(word)).to_owned();
        let reason = format!("“{said}” as {} uses it", usage.outlet);
        let mut description = if let Some(key) = usage.actor {
            let actor = self.actor(key);
            Description {
                reading: Reading::Name,
                kind: actor.kind,
                name: Some(actor.name.clone()),
                actor_id: Some(actor.id.clone()),
                wikidata_id: actor.wikidata.clone(),
                country: actor.country.clone(),
                sector: actor.sector,
                inter_code: abroad(actor.inter_code, actor.country.as_deref(), context),
                ..Description::unknown()
            }
        } else {
            let name = usage.country.as_deref().and_then(|iso3| self.countries().by_iso3(iso3));
            Description {
                reading: Reading::Role,
                name: name.map(|country| format!("Military Forces of {}", country.after_of())),
                country: usage.country.clone(),
                sector: usage.sector,
                inter_code: abroad(usage.inter_code, usage.country.as_deref(), context),
                ..Description::unknown()
            }
        };
        description.certainty = Certainty::Inferred;
        description.role = role.map(|role| role.role.word.clone());
        description.plural = role.is_some_and(|role| role.plural);
        description.reason = reason;
        Some(description)
    }

    /// A name that the phrase only mentions.
    fn tied(&self, found: &Phrase<'_>, context: &Context) -> Option<String> {
        let name = found.named.first().map(|named| self.actor(self.resolve(named, context)).name.clone());
        let nation = found
            .nations
            .iter()
            .find(|nation| nation.tail.is_some())
            .map(|nation| nation.country.name.clone());
        name.or(nation)
    }

    fn of_name(&self, named: &Named, role: Option<&RoleMention<'_>>, context: &Context) -> Description {
        let actor = self.actor(self.resolve(named, context));
        let mut description = Description {
            reading: Reading::Name,
            kind: actor.kind,
            name: Some(actor.name.clone()),
            actor_id: Some(actor.id.clone()),
            wikidata_id: actor.wikidata.clone(),
            country: actor.country.clone(),
            sector: actor.sector,
            inter_code: actor.inter_code,
            reason: "named in the phrase".to_owned(),
            ..Description::unknown()
        };
        description.inter_code = abroad(description.inter_code, description.country.as_deref(), context);
        if let Some(role) = role {
            description.role = Some(role.role.word.clone());
            description.plural = role.plural;
            // "ISIS prisoners" are held; "a Hamas spokesman" speaks for it.
            if matches!(role.role.sector, Sector::Prisoner | Sector::Refugee) {
                description.sector = role.role.sector;
                description.inter_code = role.role.inter_code;
                description.kind = ParticipantKind::Group;
            }
        }
        description
    }

    fn of_role(&self, found: &Phrase<'_>, mention: &RoleMention<'_>, context: &Context) -> Description {
        let role = mention.role;
        let mut description = Description {
            reading: Reading::Role,
            kind: match role.kind {
                ParticipantKind::Individual if mention.plural => ParticipantKind::Group,
                ParticipantKind::Group | ParticipantKind::Population if is_one(found, mention) => {
                    ParticipantKind::Individual
                }
                kind => kind,
            },
            sector: role.sector,
            inter_code: role.inter_code,
            role: Some(role.word.clone()),
            plural: mention.plural,
            reason: "role word".to_owned(),
            ..Description::unknown()
        };
        let members =
            found.roles.iter().any(|head| head.tokens.contains(&found.head) && head.role.weak && head.plural);
        if members && description.kind == ParticipantKind::Organization {
            description.kind = ParticipantKind::Group;
        }
        let stated = found.nations.iter().filter(|nation| nation.tail.is_none());
        let before = stated.clone().rfind(|nation| nation.tokens.start < mention.tokens.end);
        // "the army of Chad", "soldiers from Chad".
        let after = || {
            stated.clone().find(|nation| {
                nation.tokens.start >= mention.tokens.end
                    && found
                        .between(mention.tokens.end, nation.tokens.start)
                        .iter()
                        .all(|word| is_in(OWN, word))
            })
        };
        let apart = APART.contains(&role.word.as_str());
        let nation =
            before.or_else(after).filter(|_| !apart).map(|nation| self.one_of_sharing(nation, context));
        let nation = nation.or_else(|| self.seat(found, mention));
        if apart {
            // "America's partners" are not America.
            description.affiliation = found.nations.first().map(|nation| nation.country.name.clone());
        } else if let Some(iso3) = nation {
            description.country = Some(iso3);
            "nationality and role word".clone_into(&mut description.reason);
        } else if !role.label.is_empty() && !role.foreign {
            description.country.clone_from(&context.country);
            description.country_inferred = description.country.is_some();
            if description.country_inferred {
                "role word; its country is the one where the report plays"
                    .clone_into(&mut description.reason);
            }
        }
        if role.weak && !role.label.is_empty() && description.country.is_none() {
            // "Iraqi forces" are Iraq's army; "their forces" may be anybody's.
            description.sector = Sector::Unknown;
            description.inter_code = None;
        }
        if found.any(FORMER) || found.begins("ex-").is_some() {
            // PLOVER: former officials are elites; a former soldier is a civilian.
            description.sector = if role.office { Sector::Elite } else { Sector::Civilian };
            description.inter_code = Some(InterCode::Civilians);
            return description;
        }
        if let Some(what) = found.begins("anti-").filter(|_| takes_sides(role.sector)) {
            description.sector = Sector::Rebels;
            description.inter_code = Some(InterCode::RebelGroups);
            description.reason = format!("armed and against: anti-{what}");
            return description;
        }
        if found.begins("pro-").is_some() && takes_sides(role.sector) {
            description.sector = Sector::Paramilitary;
            description.inter_code = Some(InterCode::PoliticalMilitias);
            return description;
        }
        if let Some(iso3) = description.country.as_deref().filter(|_| !role.label.is_empty()) {
            let country = self.countries().by_iso3(iso3);
            // "Military Forces of the United States", but "Ministry of Interior (United States)".
            let of = role.label.contains(" of {}");
            let country = country
                .map_or(iso3.to_owned(), |known| if of { known.after_of() } else { known.name.clone() });
            let name = role.label.replace("{}", &country);
            if let Some(actor) = self.by_name(&name).map(|key| self.actor(key)) {
                description.actor_id = Some(actor.id.clone());
                description.wikidata_id.clone_from(&actor.wikidata);
            }
            description.name = Some(name);
            let own = role.inter_code.filter(|_| !role.foreign).or(Some(InterCode::StateForces));
            description.inter_code =
                abroad(if role.foreign { own } else { role.inter_code }, Some(iso3), context);
        } else if found.nations.iter().any(|nation| nation.tail.is_some()) && takes_sides(role.sector) {
            // "Iran-backed fighters" are not Iran's army, whatever the role word says.
            if role.sector == Sector::Military && !role.foreign || role.sector == Sector::Unknown {
                description.sector = Sector::Paramilitary;
                description.inter_code = Some(InterCode::PoliticalMilitias);
            }
        }
        self.unstate_backed(found, mention, context, &mut description);
        self.name_backed(found, mention, context, &mut description);
        description
    }

    /// "Turkish-backed fighters" in Syria: those whom the table of ties has for that backer, there and then.
    fn name_backed(
        &self,
        found: &Phrase<'_>,
        mention: &RoleMention<'_>,
        context: &Context,
        description: &mut Description,
    ) {
        let armed = takes_sides(mention.role.sector) || mention.role.weak;
        if !armed || description.actor_id.is_some() || description.name.is_some() {
            return;
        }
        let backed = found.nations.iter().find_map(|nation| {
            let qualifier = nation.tail.as_deref()?;
            let key = self.backed(&nation.country.iso3, qualifier, context)?;
            Some((key, format!("{qualifier} by {} there and then", nation.country.name)))
        });
        let meant = backed.or_else(|| {
            let coalition = mention.role.word.starts_with("coalition") && found.nations.is_empty();
            let key = coalition.then(|| self.coalition(context)).flatten()?;
            Some((key, "the coalition that fights there and then".to_owned()))
        });
        let Some((key, reason)) = meant else { return };
        let actor = self.actor(key);
        description.name = Some(actor.name.clone());
        description.actor_id = Some(actor.id.clone());
        description.wikidata_id.clone_from(&actor.wikidata);
        description.country.clone_from(&actor.country);
        description.country_inferred = false;
        description.sector = actor.sector;
        description.inter_code = abroad(actor.inter_code, actor.country.as_deref(), context);
        description.certainty = Certainty::Inferred;
        description.reason = reason;
    }

    /// "Officials in Baghdad": the country of a capital right after the role.
    fn seat(&self, found: &Phrase<'_>, mention: &RoleMention<'_>) -> Option<String> {
        let after = found.between(mention.tokens.end, found.start + found.words.len());
        let (preposition, rest) = after.split_first()?;
        if mention.role.label.is_empty() || !matches!(preposition.as_str(), "in" | "from") {
            return None;
        }
        (1..=rest.len().min(3))
            .rev()
            .find_map(|length| self.country_of_capital(&rest[..length].join(" ")))
            .map(str::to_owned)
    }

    /// "Turkish backed forces" in Syria are neither Turkey's nor Syria's army.
    fn unstate_backed(
        &self,
        found: &Phrase<'_>,
        mention: &RoleMention<'_>,
        context: &Context,
        description: &mut Description,
    ) {
        // Where the report plays in that country itself, "an Afghan-led force" is one of its own.
        let here = context.country.as_deref();
        let backed = |nation: &CountryMention<'_>| {
            let own = nation.tail.as_deref() == Some("led") && here == Some(nation.country.iso3.as_str());
            !own && nation.tail.as_deref().is_some_and(|tail| {
                matches!(
                    tail,
                    "aligned"
                        | "allied"
                        | "backed"
                        | "led"
                        | "linked"
                        | "sponsored"
                        | "supported"
                        | "trained"
                )
            })
        };
        let armed = mention.role.sector == Sector::Military || mention.role.weak;
        if armed
            && (!mention.role.foreign || mention.role.weak)
            && description.country_inferred | description.country.is_none()
            && found.nations.iter().any(backed)
        {
            description.name = None;
            description.actor_id = None;
            description.country = None;
            description.country_inferred = false;
            description.sector = Sector::Paramilitary;
            description.inter_code = Some(InterCode::PoliticalMilitias);
            "backed from abroad, not the backer itself".clone_into(&mut description.reason);
        }
    }

    /// The country of a demonym; where several share it, the one where the report plays.
    fn one_of_sharing(&self, nation: &CountryMention<'_>, context: &Context) -> String {
        let shared = nation.country.demonyms.iter().flat_map(|word| self.countries().sharing_demonym(word));
        let here = shared
            .map(|country| &country.iso3)
            .find(|iso3| nation.demonym && context.country.as_ref() == Some(*iso3));
        here.unwrap_or(&nation.country.iso3).clone()
    }

    fn of_person(
        &self,
        text: &Text,
        found: &Phrase<'_>,
        person: &crate::PersonMention,
        role: Option<&RoleMention<'_>>,
        context: &Context,
    ) -> Description {
        let mut description = match role {
            Some(role) => self.of_role(found, role, context),
            None => Description::unknown(),
        };
        description.reading = Reading::Person;
        description.kind = ParticipantKind::Individual;
        description.affiliation = description.name.take();
        description.actor_id = None;
        description.wikidata_id = None;
        description.is_person_name = true;
        description.is_private = person.private;
        description.name = (!person.private).then(|| text.slice(person.span).to_owned());
        if let Some(sector) = person.sector.filter(|_| role.is_none()) {
            description.sector = sector;
        } else if role.is_none() {
            description.sector = Sector::Civilian;
            description.inter_code = Some(InterCode::Civilians);
        }
        "a person's name".clone_into(&mut description.reason);
        description
    }

    /// A participant from its description.
    #[must_use]
    pub fn participant(&self, description: &Description, mentions: Vec<Mention>) -> Participant {
        Participant {
            mentions,
            kind: description.kind,
            name: description.name.clone().filter(|_| !description.is_private),
            actor_id: description.actor_id.clone(),
            wikidata_id: description.wikidata_id.clone(),
            country: description.country.clone(),
            sector: Some(description.sector).filter(|sector| *sector != Sector::Unknown),
            inter_code: description.inter_code,
            number: None,
            affiliation: description.affiliation.clone(),
            certainty: description.certainty,
        }
    }
}

impl<'r> Phrase<'r> {
    /// The words of the name that a word for a unit of an army ends ("Sahmin Liberation" of "… Brigade").
    fn name_before(&self, text: &Text, role: &RoleMention<'_>) -> Option<Range<usize>> {
        let word = |at: usize| text.tokens.get(at).map_or("", |token| text.word(token));
        let capital = |at: usize| {
            let mut letters = word(at).chars();
            letters.next().is_some_and(char::is_uppercase) && letters.any(char::is_lowercase)
        };
        let last = role.tokens.end.checked_sub(1)?;
        if !role.role.sector.is_state_force() || !capital(last) || !is_in(UNITS, &word(last).to_lowercase()) {
            return None;
        }
        let nation = |at: usize| self.nations.iter().any(|nation| nation.tokens.contains(&at));
        let length =
            (self.start..role.tokens.start).rev().take_while(|at| capital(*at) && !nation(*at)).count();
        (length > 0).then(|| role.tokens.start - length..role.tokens.start)
    }

    /// The role that the phrase turns on: the one at its head, else the last strong one before what qualifies it.
    fn role(&self) -> Option<&RoleMention<'r>> {
        let at_head = self.roles.iter().find(|role| role.tokens.contains(&self.head));
        if let Some(role) = at_head.filter(|role| !role.role.weak) {
            return Some(role);
        }
        let upto_head = self
            .roles
            .iter()
            .rfind(|role| !role.role.weak && role.tokens.start <= self.head && !role.role.title);
        // "members of the security forces", "a group of gunmen": the head says little, what it is of says it.
        let own = |role: &&RoleMention<'_>| {
            role.tokens.start > self.head
                && !role.role.weak
                && !self
                    .between(self.head + 1, role.tokens.start)
                    .iter()
                    .any(|word| is_in(TIED, word) || word == "who" || word == "that")
        };
        upto_head.or_else(|| self.roles.iter().find(own)).or(at_head).or_else(|| self.roles.last())
    }

    /// The name that the phrase is about, not one that it only mentions.
    fn own_name(&self, role: Option<&RoleMention<'_>>) -> Option<&Named> {
        let first = self.first_own_name(role)?;
        // "The TTP splinter group Jamaat-ul-Ahrar", "Islamic State's Abu Sayyaf": the later name says who.
        let later = self.named.iter().filter(|named| {
            named.tail.is_none() && named.tokens.start > first.tokens.end && named.tokens.end <= self.head + 1
        });
        let mut kin = later.filter(|named| {
            let link = self.between(first.tokens.end, named.tokens.start);
            let only =
                |word: &String| is_in(KIN, word) || matches!(word.as_str(), "'s" | "’s" | "\"" | "“" | "-");
            !link.is_empty() && link.iter().all(only)
        });
        Some(kin.next().unwrap_or(first))
    }

    fn first_own_name(&self, role: Option<&RoleMention<'_>>) -> Option<&Named> {
        let apart = role.is_some_and(|role| APART.contains(&role.role.word.as_str()));
        self.named.iter().find(|named| {
            if named.tail.is_some() || apart && !named.tokens.contains(&self.head) {
                return false;
            }
            let tied = |words: &[String]| {
                words.iter().any(|word| is_in(TIED, word.as_str()) || crate::registry::is_qualifier(word))
            };
            if named.tokens.start > self.head {
                // After the head: "fighters of the PKK", "the group (PKK)", but not "troops fighting the PKK".
                let link = self.between(self.head + 1, named.tokens.start);
                return !tied(link)
                    && !link.iter().any(|word| matches!(word.as_str(), "who" | "that" | "and" | "or"));
            }
            let before = self.between(self.start, named.tokens.start);
            !before.last().is_some_and(|word| matches!(word.as_str(), "anti" | "against" | "ex"))
        })
    }
}

impl Description {
    /// Nobody who is known.
    #[must_use]
    pub const fn unknown() -> Self {
        Self {
            reading: Reading::Unknown,
            kind: ParticipantKind::Group,
            name: None,
            actor_id: None,
            wikidata_id: None,
            country: None,
            country_inferred: false,
            sector: Sector::Unknown,
            inter_code: None,
            certainty: Certainty::Stated,
            unidentified: false,
            is_person_name: false,
            is_private: false,
            role: None,
            plural: false,
            affiliation: None,
            reason: String::new(),
        }
    }
}

/// "Turkey" is a state; "Turks" are people.
fn of_nation(nation: &CountryMention<'_>, context: &Context) -> Description {
    let country = nation.country;
    let state = !nation.demonym;
    Description {
        reading: Reading::Country,
        kind: if state { ParticipantKind::State } else { ParticipantKind::Population },
        name: state.then(|| format!("Government of {}", country.after_of())),
        country: Some(country.iso3.clone()),
        sector: if state { Sector::Government } else { Sector::Civilian },
        inter_code: if state {
            abroad(Some(InterCode::StateForces), Some(&country.iso3), context)
        } else {
            Some(InterCode::Civilians)
        },
        reason: if state { "a country by name" } else { "people of a country" }.to_owned(),
        ..Description::unknown()
    }
}

/// ACLED: a state's forces outside their own country are external forces.
fn abroad(code: Option<InterCode>, of: Option<&str>, context: &Context) -> Option<InterCode> {
    match (code, of, context.country.as_deref()) {
        (Some(InterCode::StateForces), Some(of), Some(at)) if of != at => Some(InterCode::ExternalForces),
        _ => code,
    }
}

/// Those who can be for or against a government with arms.
const fn takes_sides(sector: Sector) -> bool {
    sector.is_armed() || matches!(sector, Sector::Unknown)
}

/// "A soldier", "one gunman": a form that means one.
fn is_one(found: &Phrase<'_>, mention: &RoleMention<'_>) -> bool {
    // "Police", "troops" and other words without a plural are many unless the phrase counts one.
    let first = found.words.first().map_or("", String::as_str);
    let counted = matches!(first, "a" | "an" | "one" | "another");
    !mention.plural && counted && !is_collective(&mention.role.word)
}

/// Words whose singular is still many people.
fn is_collective(word: &str) -> bool {
    let last = word.rsplit(' ').next().unwrap_or(word);
    matches!(
        last,
        "band"
            | "battalion"
            | "branch"
            | "brigade"
            | "cartel"
            | "cell"
            | "clan"
            | "coalition"
            | "column"
            | "community"
            | "convoy"
            | "crew"
            | "crowd"
            | "faction"
            | "family"
            | "force"
            | "forces"
            | "gang"
            | "garrison"
            | "group"
            | "infantry"
            | "mafia"
            | "militia"
            | "mob"
            | "network"
            | "organisation"
            | "organization"
            | "patrol"
            | "people"
            | "personnel"
            | "platoon"
            | "police"
            | "population"
            | "regiment"
            | "squad"
            | "team"
            | "tribe"
            | "troops"
            | "union"
            | "unit"
            | "wing"
    )
}

#[cfg(test)]
mod tests;
