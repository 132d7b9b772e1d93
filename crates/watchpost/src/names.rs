//! Private persons stay unnamed in what is written, unless the operator keeps their names.

use record::vocabulary::Sector;
use record::{CodedDocument, Event, Participant, ParticipantKind};

/// Takes the names of private persons out of a coded document, and the mentions that are their names. The quotes stay as
/// the report has them: they are the evidence.
pub(crate) fn drop_private(document: &mut CodedDocument) {
    for event in &mut document.events {
        everyone(event).for_each(unname);
    }
    for tally in &mut document.tallies {
        tally.by.iter_mut().chain(&mut tally.reported_by).for_each(unname);
    }
    for statement in &mut document.statements {
        statement.speaker.iter_mut().chain(&mut statement.about.actors).for_each(unname);
    }
}

fn everyone(event: &mut Event) -> impl Iterator<Item = &mut Participant> {
    let claimants = event.claims.iter_mut().filter_map(|claim| claim.by.as_mut());
    event.actors.iter_mut().chain(&mut event.recipients).chain(&mut event.reported_by).chain(claimants)
}

/// A person is public by holding office, by commanding, or by speaking for a body; or by standing in the actor registry.
fn is_private(participant: &Participant) -> bool {
    let office = participant.sector.is_some_and(|sector| {
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
    participant.kind == ParticipantKind::Individual
        && participant.actor_id.is_none()
        && participant.affiliation.is_none()
        && !office
}

fn unname(participant: &mut Participant) {
    if !is_private(participant) {
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
    use record::{Certainty, Mention};

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
}
