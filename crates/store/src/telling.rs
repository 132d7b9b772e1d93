//! What one event of one report tells of an incident: the part of the coded document that the incident is made of.

use std::collections::BTreeMap;

use jiff::civil::Date;
use record::vocabulary::{Sector, SubEventType};
use record::{
    Certainty, CodedDocument, Count, Deaths, Event, EventKey, Harm, IncidentDates, IncidentPlace,
    Participant, ParticipantKind, Party, SourceKind,
};
use serde::{Deserialize, Serialize};

/// How much of an event's quotes is kept to search incidents by: the first sentences tell what it is.
const WORDS: usize = 600;

/// A report's figure for one harm.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Least.
    pub low: Option<u64>,
    /// Most likely.
    pub best: Option<u64>,
    /// Most.
    pub high: Option<u64>,
    /// Only a rounded word.
    pub vague: bool,
}

/// What an event of a report tells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Telling {
    /// Which event.
    pub key: EventKey,
    /// The outlet.
    pub publisher: Option<String>,
    /// The day of publication.
    pub published: Option<Date>,
    /// How sure the coder is of the event.
    pub confidence: f64,
    /// ACLED sub-event type.
    pub sub_event_type: SubEventType,
    /// UCDP type of violence.
    pub type_of_violence: Option<u8>,
    /// When.
    pub dates: IncidentDates,
    /// Where: its most exact place.
    pub place: Option<IncidentPlace>,
    /// Who did it.
    pub actors: Vec<Party>,
    /// Who suffered it.
    pub recipients: Vec<Party>,
    /// Deaths by side.
    pub deaths: Deaths,
    /// The figures.
    pub figures: BTreeMap<Harm, Told>,
    /// What sort of source the report rests on.
    pub kind: SourceKind,
    /// Its quotes, to search by.
    pub words: String,
}

impl Telling {
    /// What every event of a coded document tells.
    #[must_use]
    pub fn of(report: &str, document: &CodedDocument) -> Vec<Self> {
        document.events.iter().map(|event| Self::one(report, document, event)).collect()
    }

    fn one(report: &str, document: &CodedDocument, event: &Event) -> Self {
        let mut words = String::new();
        for evidence in &event.evidence {
            if !words.contains(evidence.quote.as_str()) && words.len() + evidence.quote.len() < WORDS {
                words.push_str(&evidence.quote);
                words.push('\n');
            }
        }
        Self {
            key: EventKey { report: report.to_owned(), event: event.id.clone() },
            publisher: document.document.publisher.clone(),
            published: document.document.published,
            confidence: event.confidence,
            sub_event_type: event.sub_event_type,
            type_of_violence: event.type_of_violence,
            dates: IncidentDates {
                event_date: event.event_date,
                event_date_end: event.event_date_end.or(event.event_date),
                time_precision: event.time_precision,
            },
            place: event.places.first().map(place),
            actors: event.actors.iter().map(party).collect(),
            recipients: event.recipients.iter().map(party).collect(),
            deaths: event.deaths.clone(),
            figures: figures(event),
            kind: source_kind(event),
            words,
        }
    }
}

fn place(place: &record::Place) -> IncidentPlace {
    IncidentPlace {
        name: place.name.clone().unwrap_or_else(|| place.text.clone()),
        geonameid: place.geonameid,
        source_id: place.source_id.clone(),
        feature_code: place.feature_code.clone(),
        country: place.country.clone(),
        admin1: place.admin1.clone(),
        admin2: place.admin2.clone(),
        admin1_pcode: place.admin1_pcode.clone(),
        admin2_pcode: place.admin2_pcode.clone(),
        latitude: place.latitude,
        longitude: place.longitude,
        where_precision: place.where_precision,
    }
}

/// A participant as an incident shows it. The words that mean one person may hold a private name: they stay with the
/// report.
fn party(participant: &Participant) -> Party {
    let unnamed = || {
        let words = participant.mentions.first().map(|mention| mention.text.clone());
        words.filter(|_| participant.kind != ParticipantKind::Individual)
    };
    Party {
        kind: participant.kind,
        label: participant.name.clone().or_else(unnamed),
        actor_id: participant.actor_id.clone(),
        country: participant.country.clone(),
        sector: participant.sector,
        inter_code: participant.inter_code,
        certainty: participant.certainty,
        voices: 0,
    }
}

fn figures(event: &Event) -> BTreeMap<Harm, Told> {
    let mut figures = BTreeMap::new();
    for &harm in Harm::ALL {
        let counts = match harm {
            Harm::Killed => &event.counts.killed,
            Harm::Injured => &event.counts.injured,
            Harm::KilledOrInjured => &event.counts.killed_or_injured,
            Harm::Abducted => &event.counts.abducted,
            Harm::Arrested => &event.counts.arrested,
            Harm::Missing => &event.counts.missing,
            Harm::Escaped => &event.counts.escaped,
            Harm::Displaced => &event.counts.displaced,
        };
        let Some(mut told) = sum(counts) else { continue };
        if harm == Harm::Killed {
            // The coder has told doubled and included counts apart already.
            let Deaths { low, best, high, .. } = event.deaths;
            (told.low, told.best, told.high) = (low, best, high);
        }
        if told.best.or(told.low).or(told.high).is_some() {
            figures.insert(harm, told);
        }
    }
    figures
}

/// The counts of one list together: those that are part of another, or that the report itself replaces, are none of
/// their own.
fn sum(counts: &[Count]) -> Option<Told> {
    let own: Vec<&Count> = counts.iter().filter(|c| c.part_of.is_none() && !c.superseded).collect();
    let add = |figure: fn(&Count) -> Option<u64>| {
        own.iter().map(|count| figure(count)).try_fold(0_u64, |sum, figure| Some(sum.saturating_add(figure?)))
    };
    (!own.is_empty()).then(|| Told {
        low: add(|count| count.number.low.or(count.number.best)),
        best: add(|count| count.number.figure()),
        high: add(|count| count.number.high),
        vague: own.iter().any(|count| count.number.vague),
    })
}

/// What sort of source a report rests on: the first that it names. One that is itself a side of the event speaks as a
/// side, whatever its office: an army's count of its enemy's dead is not an official toll.
fn source_kind(event: &Event) -> SourceKind {
    let sides = || event.actors.iter().chain(&event.recipients);
    let Some(by) = event.reported_by.first() else { return SourceKind::Media };
    let same = |side: &Participant| {
        (side.actor_id.is_some() && side.actor_id == by.actor_id)
            || (side.name.is_some() && side.name == by.name)
    };
    if sides().any(|side| side.certainty != Certainty::Inferred && same(side)) {
        return SourceKind::Side;
    }
    match by.sector {
        Some(Sector::Medical) => SourceKind::Medical,
        Some(
            Sector::Government
            | Sector::Police
            | Sector::Military
            | Sector::Judiciary
            | Sector::Legislature
            | Sector::Intelligence,
        ) => SourceKind::Official,
        Some(
            Sector::Nongovernmental
            | Sector::UnitedNations
            | Sector::Intergovernmental
            | Sector::EuropeanUnion,
        ) => SourceKind::Monitor,
        Some(
            Sector::Civilian | Sector::Refugee | Sector::Education | Sector::Religious | Sector::Agriculture,
        ) => SourceKind::Witness,
        Some(Sector::Rebels | Sector::Paramilitary | Sector::UnalignedArmed | Sector::Criminal) => {
            SourceKind::Side
        }
        _ => SourceKind::Media,
    }
}
