/*! Which participants are one, and on whose side those counted stand. */

use record::vocabulary::Sector;
use record::{CountOf, Participant};

use crate::casualty::Casualty;
use crate::claim;
use crate::draft::{Cluster, Draft, Telling};
use crate::frame::Frame;
use crate::kind::Kind;
use crate::reading::Parsed;

/// Words for those who attacked.
const ATTACKERS: &[&str] = &["assailant", "attacker", "bomber", "perpetrator", "hijacker", "hostage-taker"];

impl Telling<'_> {
    /// Whose dead or wounded a count gives.
    ///
    /// Grammar comes first: those whom somebody of one side killed are not of that side. Else who they are
    /// decides, and where that is not said either, that somebody suffered it.
    pub(crate) fn whose(
        &self,
        cluster: &Cluster,
        casualty: &Casualty,
        draft: &Draft,
        actors: &[Participant],
        recipients: &[Participant],
    ) -> CountOf {
        let reading = self.reading;
        let parsed = self.parsed(cluster.sentence);
        let Some(phrase) = casualty.phrase else { return CountOf::Unknown };
        let actor_phrase = draft
            .clusters
            .iter()
            .filter(|other| other.sentence == cluster.sentence)
            .flat_map(|other| other.frames.iter().map(|&frame| self.frame(other, frame)))
            .find_map(|frame| frame.actors.first().copied());
        let counted = reading.counted_among(parsed, phrase, actor_phrase).unwrap_or(phrase);
        // "Before an officer shot him dead": who he is was told before, and is not the officer.
        let own = |frame: &&Frame| frame.trigger == casualty.trigger;
        let doer = cluster.frames.iter().map(|&frame| self.frame(cluster, frame)).find(own);
        let counted = match parsed.unit.lower(parsed.unit.phrases[counted].head) {
            "him" | "her" => {
                let doer = doer.and_then(|frame| frame.actors.first().copied());
                reading.resolve_pronoun(parsed, counted, doer).unwrap_or(counted)
            }
            _ => counted,
        };
        // "The death of X, a local rebel leader": who he is stands after the name.
        let counted = apposition(&parsed.unit, counted).unwrap_or(counted);
        let person = reading.participant(parsed, counted);
        let by_modifier = || {
            // "A mercenary vehicle": the role stands before the head.
            let words = parsed.unit.phrases[counted].words.clone();
            let inner = words.start..parsed.unit.phrases[counted].head;
            reading.describe_words(parsed, &inner)
        };
        // "He shot himself": who attacks, and who is attacked.
        if matches!(parsed.unit.lower(parsed.unit.phrases[phrase].head), "himself" | "herself" | "themselves")
        {
            return CountOf::Actor;
        }
        // "The group said that *eight of its men* died".
        let own = parsed.unit.lower(casualty.words.end) == "of"
            && matches!(parsed.unit.lower(casualty.words.end + 1), "its" | "their" | "our");
        let told = &self.sentences[cluster.sentence];
        let speaker = || self.attribution.reported_by(told.index, told.triggers[casualty.trigger].head);
        let of_theirs = |speaker: &Participant| {
            claim::speaks_for(speaker, actors) || actors.iter().any(|actor| same_side(actor, speaker))
        };
        if own && speaker().is_some_and(of_theirs) {
            // In a fight the first actor is "actor", every other side "recipient".
            let second = draft.kind == Kind::Clash
                && speaker().zip(actors.first()).is_some_and(|(speaker, first)| {
                    !same_side(first, speaker) && actors.iter().any(|actor| same_side(actor, speaker))
                });
            return if second { CountOf::Recipient } else { CountOf::Actor };
        }
        // "Four attackers were killed": those who attacked, by the word for them.
        if attackers(&parsed.unit, counted)
            && !actors.first().is_some_and(|first| first.sector.is_some_and(Sector::is_state_force))
        {
            return CountOf::Actor;
        }
        if let Some(whose) = self.by_doer(cluster, casualty, counted, person.as_ref(), actors, recipients) {
            return whose;
        }
        let Some(mut person) = person else {
            return match by_modifier() {
                Some(description) if description.sector.is_some() => {
                    side_by_sector(description.sector, actors, recipients)
                }
                _ if recipients.len() == 1 && actors.is_empty() => CountOf::Recipient,
                _ => CountOf::Unknown,
            };
        };
        if person.sector == Some(Sector::Civilian) && person.actor_id.is_none() && is_bare(parsed, counted) {
            person.sector = None;
            person.inter_code = None;
        }
        if person.sector.is_some()
            && actors.iter().any(|actor| same_side(actor, &person))
            && !recipients.iter().any(|side| same_side(side, &person))
        {
            // In a fight the first actor is "actor", every other side "recipient".
            let first = actors.first().is_some_and(|actor| same_side(actor, &person));
            let fight = matches!(draft.kind, Kind::Clash) || recipients.is_empty();
            return if first || !fight { CountOf::Actor } else { CountOf::Recipient };
        }
        match person.sector {
            // Peacekeepers are armed, though their sector is the United Nations.
            Some(sector) if crate::classify::is_armed(&person) => {
                if recipients.iter().any(|side| same_side(side, &person)) {
                    CountOf::Recipient
                } else {
                    side_by_sector(Some(sector), actors, recipients)
                }
            }
            Some(Sector::Prisoner) | None => {
                if recipients.is_empty() && actors.is_empty()
                    || person.sector.is_none() && recipients.is_empty()
                {
                    CountOf::Unknown
                } else {
                    CountOf::Recipient
                }
            }
            Some(_) => CountOf::Civilian,
        }
    }

    /// "Gunmen killed two of them", "…, killing three": the words say who did it, so that those counted are of
    /// the other side.
    fn by_doer(
        &self,
        cluster: &Cluster,
        casualty: &Casualty,
        counted: usize,
        person: Option<&Participant>,
        actors: &[Participant],
        recipients: &[Participant],
    ) -> Option<CountOf> {
        let reading = self.reading;
        let parsed = self.parsed(cluster.sentence);
        let told = &self.sentences[cluster.sentence];
        let head = told.triggers[casualty.trigger].head;
        let does = |frame: &Frame| {
            !matches!(frame.kind, Kind::Clash)
                && !(frame.actors.is_empty() && frame.actor_words.is_empty())
                && !frame.actors.contains(&counted)
        };
        let frames = || cluster.frames.iter().map(|&frame| self.frame(cluster, frame));
        let own = frames().find(|frame| frame.trigger == casualty.trigger && does(frame));
        let gerund = parsed.unit.verb_at[head].is_some_and(|verb| parsed.unit.verbs[verb].gerund);
        let frame = own.or_else(|| {
            let before = |frame: &&Frame| told.triggers[frame.trigger].head < head && does(frame);
            frames().filter(before).filter(|_| gerund).max_by_key(|frame| told.triggers[frame.trigger].head)
        })?;
        let doer =
            frame.actors.iter().find_map(|&phrase| reading.participant(parsed, phrase)).or_else(|| {
                frame.actor_words.iter().find_map(|words| reading.participant_of_words(parsed, words))
            })?;
        if person.is_some_and(|person| {
            person.sector.is_some_and(|sector| sector != Sector::Prisoner)
                && !crate::classify::is_armed(person)
        }) && !is_bare(parsed, counted)
        {
            return Some(CountOf::Civilian);
        }
        let acts = actors.iter().any(|actor| same_side(actor, &doer));
        let suffers = recipients.iter().any(|side| same_side(side, &doer));
        let first = actors.first().is_some_and(|actor| same_side(actor, &doer));
        match (acts, suffers) {
            (true, false) => Some(CountOf::Recipient),
            (true, true) if first => Some(CountOf::Recipient),
            (_, true) => Some(CountOf::Actor),
            (false, false) => None,
        }
    }
}

/// What a name's apposition says of its bearer: "X, *a rebel leader*".
fn apposition(unit: &crate::unit::Unit, phrase: usize) -> Option<usize> {
    let (name, next) = (&unit.phrases[phrase], unit.phrases.get(phrase + 1)?);
    let apposed = unit.words[name.head].tag == syntax::Tag::Nnp
        && name.number.is_none()
        && name.words.end + 1 == next.words.start
        && unit.lower(name.words.end) == ","
        && next.number.is_none()
        && matches!(unit.lower(next.words.start), "a" | "an" | "the")
        && matches!(unit.lower(next.words.end), "," | "." | "who" | "");
    apposed.then_some(phrase + 1)
}

/// "Three attackers", "two of the bombers": those who attacked, by the word for them.
pub(crate) fn attackers(unit: &crate::unit::Unit, phrase: usize) -> bool {
    let named = |phrase: usize| ATTACKERS.contains(&unit.lemma(unit.phrases[phrase].head));
    let bare = unit.phrases[phrase]
        .number
        .is_some_and(|number| unit.numbers[number].words.end == unit.phrases[phrase].words.end);
    named(phrase) || bare && unit.of(phrase).is_some_and(named)
}

/// "Ten", "two others": the phrase does not say who they are.
pub(crate) fn is_bare(parsed: &Parsed, phrase: usize) -> bool {
    let unit = &parsed.unit;
    let noun = &unit.phrases[phrase];
    noun.number.is_some_and(|number| unit.numbers[number].words.end == noun.words.end)
        || matches!(
            unit.lemma(noun.head),
            "other"
                | "people"
                | "person"
                | "more"
                | "victim"
                | "man"
                | "male"
                | "individual"
                | "dead"
                | "wounded"
                | "member"
                | "another"
        )
}

fn side_by_sector(sector: Option<Sector>, actors: &[Participant], recipients: &[Participant]) -> CountOf {
    let Some(sector) = sector else { return CountOf::Unknown };
    let state = sector.is_state_force();
    let fits = |who: &Participant| {
        who.sector.is_some_and(|other| other.is_armed() && other.is_state_force() == state)
    };
    match (actors.iter().any(fits), recipients.iter().any(fits)) {
        (true, false) => CountOf::Actor,
        (false, true) => CountOf::Recipient,
        (false, false) if !actors.is_empty() && sector.is_armed() => CountOf::Recipient,
        _ if !sector.is_armed() => CountOf::Civilian,
        _ => CountOf::Unknown,
    }
}

/// Whether two participants are of one side, as far as is known of them.
#[must_use]
pub fn same_side(a: &Participant, b: &Participant) -> bool {
    if let (Some(x), Some(y)) = (&a.actor_id, &b.actor_id) {
        return x == y;
    }
    if let (Some(x), Some(y)) = (&a.name, &b.name)
        && x == y
    {
        return true;
    }
    match (a.sector, b.sector) {
        (Some(x), Some(y)) if x.is_armed() && y.is_armed() => {
            let countries = a.country.is_none() || b.country.is_none() || a.country == b.country;
            x.is_state_force() == y.is_state_force() && countries
        }
        (Some(x), Some(y)) => x == y && !x.is_armed() && a.country == b.country,
        _ => false,
    }
}

pub(crate) fn same_source(a: &Participant, b: &Participant) -> bool {
    a.name.is_some() && a.name == b.name
        || a.mentions.first().map(|m| &m.text) == b.mentions.first().map(|m| &m.text)
}

/// Adds a participant, or its mention to the one that it is already.
pub(crate) fn merge(list: &mut Vec<Participant>, who: Participant) {
    let known = list.iter_mut().find(|known| {
        known.actor_id.is_some() && known.actor_id == who.actor_id && known.kind == who.kind
            || known.actor_id.is_none()
                && who.actor_id.is_none()
                && known.name.is_some()
                && known.name == who.name
                && known.kind == who.kind
            || known.sector == who.sector
                && known.country == who.country
                && known.kind == who.kind
                && known.actor_id.is_none()
                && who.actor_id.is_none()
                && known.name == who.name
    });
    match known {
        Some(known) => {
            for mention in who.mentions {
                if !known.mentions.contains(&mention) {
                    known.mentions.push(mention);
                }
            }
            known.number = known.number.or(who.number);
        }
        None => list.push(who),
    }
}
