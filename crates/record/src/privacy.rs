//! Private persons stay unnamed in what is written, unless the operator keeps their names: the one rule of who is private, and
//! what is taken out.

use serde_json::Value;

use crate::vocabulary::Sector;
use crate::{
    Change, CodedDocument, Correction, Decision, Event, FieldName, Incident, Participant, ParticipantKind,
    Party,
};

/// Takes the names of private persons out of a coded document, and the mentions that are their names. The quotes stay as
/// the report has them: they are the evidence.
pub fn unname_document(document: &mut CodedDocument) {
    document.events.iter_mut().for_each(unname_event);
    for tally in &mut document.tallies {
        tally.by.iter_mut().chain(&mut tally.reported_by).for_each(unname);
    }
    for statement in &mut document.statements {
        statement.speaker.iter_mut().chain(&mut statement.about.actors).for_each(unname);
    }
}

/// Takes the names of private persons out of an incident.
pub fn unname_incident(incident: &mut Incident) {
    incident.actors.iter_mut().chain(&mut incident.recipients).for_each(unname_party);
}

/// Takes the names of private persons out of a decision: out of what it sets, and out of what stood there before and after.
pub fn unname_decision(decision: &mut Decision) {
    if let Change::Corrected {
        correction: Correction::Actors(parties) | Correction::Recipients(parties),
        ..
    } = &mut decision.change
    {
        parties.iter_mut().for_each(unname_party);
    }
    let sides = [FieldName::Actors.as_str(), FieldName::Recipients.as_str()];
    for effect in decision.effects.iter_mut().filter(|effect| sides.contains(&effect.what.as_str())) {
        for value in [&mut effect.before, &mut effect.after] {
            if let Ok(mut parties) = serde_json::from_value::<Vec<Party>>(value.clone()) {
                parties.iter_mut().for_each(unname_party);
                *value = serde_json::to_value(parties).unwrap_or(Value::Null);
            }
        }
    }
}

/// Takes the names of private persons out of an event.
pub fn unname_event(event: &mut Event) {
    let claimants = event.claims.iter_mut().filter_map(|claim| claim.by.as_mut());
    event
        .actors
        .iter_mut()
        .chain(&mut event.recipients)
        .chain(&mut event.reported_by)
        .chain(claimants)
        .for_each(unname);
}

/// A person is public by holding office, by commanding, or by standing in the actor registry.
fn is_private(kind: ParticipantKind, actor_id: Option<&str>, sector: Option<Sector>) -> bool {
    let office = sector.is_some_and(|sector| {
        !matches!(
            sector,
            Sector::Civilian
                | Sector::Unknown
                | Sector::Agriculture
                | Sector::Business
                | Sector::Education
                | Sector::Journalist
                | Sector::Labor
                | Sector::Medical
                | Sector::Prisoner
                | Sector::Refugee
                | Sector::Social
                | Sector::Criminal
                | Sector::UnalignedArmed
        )
    });
    kind == ParticipantKind::Individual && actor_id.is_none() && !office
}

/// A side of an incident does not say for whom a person speaks: there, whoever is public by that alone stays unnamed too.
fn unname_party(party: &mut Party) {
    if is_private(party.kind, party.actor_id.as_deref(), party.sector) {
        party.label = None;
    }
}

fn unname(participant: &mut Participant) {
    // Who speaks for a body is public, too.
    if participant.affiliation.is_some()
        || !is_private(participant.kind, participant.actor_id.as_deref(), participant.sector)
    {
        return;
    }
    participant.wikidata_id = None;
    if let Some(name) = participant.name.take() {
        // "Ahmed Saleh", then "Mr Saleh": every phrase that holds a part of the name is the name.
        let parts: Vec<&str> = name.split_whitespace().filter(|part| part.chars().count() > 2).collect();
        participant.mentions.retain(|mention| !parts.iter().any(|part| mention.text.contains(part)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Certainty, Mention};

    fn person(sector: Option<Sector>) -> Participant {
        let mention = |text: &str| Mention { text: text.to_owned(), start: 0, end: text.chars().count() };
        Participant {
            mentions: vec![mention("Ahmed Saleh"), mention("a shopkeeper"), mention("Mr Saleh")],
            kind: ParticipantKind::Individual,
            name: Some("Ahmed Saleh".to_owned()),
            actor_id: None,
            wikidata_id: None,
            country: None,
            sector,
            inter_code: None,
            number: None,
            affiliation: None,
            certainty: Certainty::Stated,
        }
    }

    #[test]
    fn a_shopkeeper_is_unnamed_and_a_minister_is_not() {
        let mut shopkeeper = person(Some(Sector::Civilian));
        unname(&mut shopkeeper);
        assert_eq!(shopkeeper.name, None);
        assert_eq!(shopkeeper.mentions.iter().map(|m| m.text.as_str()).collect::<Vec<_>>(), ["a shopkeeper"]);
        // A trade is no office.
        for sector in [Sector::Business, Sector::Education, Sector::Medical, Sector::Journalist] {
            let mut trader = person(Some(sector));
            unname(&mut trader);
            assert_eq!(trader.name, None, "{sector}");
        }
        let mut minister = person(Some(Sector::Government));
        unname(&mut minister);
        assert_eq!(minister.name.as_deref(), Some("Ahmed Saleh"));
    }

    #[test]
    fn a_side_of_an_incident_is_unnamed_by_the_same_rule() {
        let party = |kind, sector| Party {
            kind,
            label: Some("Ahmed Saleh".to_owned()),
            actor_id: None,
            country: None,
            sector,
            inter_code: None,
            certainty: Certainty::Stated,
            voices: 1,
        };
        for (kind, sector, stays) in [
            (ParticipantKind::Individual, None, false),
            (ParticipantKind::Individual, Some(Sector::Medical), false),
            (ParticipantKind::Individual, Some(Sector::Military), true),
            (ParticipantKind::Organization, None, true),
        ] {
            let mut one = party(kind, sector);
            unname_party(&mut one);
            assert_eq!(one.label.is_some(), stays, "{kind:?} {sector:?}");
        }
        // In the log, too: what was set, and what stood there before.
        let private = party(ParticipantKind::Individual, None);
        let before = serde_json::to_value([&private]).unwrap();
        let mut decision: Decision = serde_json::from_value(serde_json::json!({
            "seq": 1, "at": "2024-03-06T00:00:00Z", "by": {"kind": "person", "name": "ada"}, "why": "", "tool": "",
            "change": {"what": "corrected", "incident": "WP-1", "field": "actors", "value": [private]},
            "incidents": ["WP-1"],
            "effects": [{"of": "WP-1", "what": "actors", "before": before, "after": before}],
        }))
        .unwrap();
        unname_decision(&mut decision);
        assert!(!serde_json::to_string(&decision).unwrap().contains("Saleh"));
    }
}
