//! Reports to fill a store with, written here.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::{Date, date};
use record::vocabulary::{
    Completion, DateFrom, DateType, PloverCode, PloverType, Realis, Sector, SubEventType, TimePrecision,
};
use record::{
    Author, AuthorKind, Certainty, CodedDocument, CoderInfo, Count, CountOf, Counts, DateProvenance, Deaths,
    DocumentInfo, Event, Evidence, Mention, Participant, ParticipantKind, Place, Quantity, Relation,
};
use store::{NewReport, Stamp};

/// What a report tells, in few words.
#[derive(Debug, Clone)]
pub struct Tale {
    /// Told apart from other reports by it.
    pub name: String,
    /// The page.
    pub url: Option<String>,
    /// The outlet.
    pub publisher: Option<String>,
    /// The day of publication.
    pub published: Date,
    /// The day of the event.
    pub day: Option<Date>,
    /// Its last day.
    pub last: Option<Date>,
    /// Where: name, country, first-order division, latitude, longitude.
    pub place: Option<(String, String, String, f64, f64)>,
    /// Who did it.
    pub actor: String,
    /// How many died.
    pub killed: u64,
    /// Who says so.
    pub by: Option<Sector>,
    /// The sub-event type.
    pub kind: SubEventType,
    /// How sure the coder is.
    pub confidence: f64,
    /// How many events the report tells.
    pub events: usize,
}

impl Default for Tale {
    fn default() -> Self {
        Self {
            name: "one".to_owned(),
            url: None,
            publisher: Some("The Daily Example".to_owned()),
            published: date(2024, 3, 6),
            day: Some(date(2024, 3, 5)),
            last: None,
            place: Some(("Gao".to_owned(), "MLI".to_owned(), "Gao".to_owned(), 16.27, -0.04)),
            actor: "Gunmen of Example".to_owned(),
            killed: 3,
            by: None,
            kind: SubEventType::Attack,
            confidence: 0.8,
            events: 1,
        }
    }
}

impl Tale {
    /// A tale of that name.
    #[must_use]
    pub fn of(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// The report's text.
    #[must_use]
    pub fn text(&self) -> String {
        let place = self.place.as_ref().map_or("a village", |(name, ..)| name);
        format!("{} attacked {place}, killing {} people, report {} says.", self.actor, self.killed, self.name)
    }

    /// The report with its coded document.
    #[must_use]
    pub fn report(&self) -> NewReport {
        let text = self.text();
        let id = format!("sha256:{}", store::log::sha256(text.as_bytes()));
        let coded = CodedDocument {
            schema: record::CODED_SCHEMA.to_owned(),
            document: DocumentInfo {
                id,
                given_id: Some(self.name.clone()),
                url: self.url.clone(),
                title: Some(format!("Attack: {}", self.name)),
                publisher: self.publisher.clone(),
                language: Some("en".to_owned()),
                published: Some(self.published),
                published_from: DateProvenance::Metadata,
                chars: text.chars().count(),
                text_from: None,
            },
            events: (0..self.events).map(|index| self.event(&text, index)).collect(),
            tallies: Vec::new(),
            statements: Vec::new(),
            coder: CoderInfo { name: "watchpost".to_owned(), ..CoderInfo::default() },
            error: None,
        };
        NewReport {
            coded,
            fetched: Some(Timestamp::UNIX_EPOCH),
            source: Some("suite".to_owned()),
            headers: BTreeMap::from([("content-type".to_owned(), "text/plain".to_owned())]),
            linking: vec![1, 2, 3],
            text,
        }
    }

    /// The id that the store gives the report.
    #[must_use]
    pub fn id(&self) -> String {
        store::report_id(self.url.as_deref(), &store::log::sha256(self.text().as_bytes()))
    }

    /// Its event of that number.
    #[must_use]
    pub fn key(&self, index: usize) -> record::EventKey {
        record::EventKey { report: self.id(), event: self.event_id(index) }
    }

    /// Short names are seen in it, so that a test can say which event it means.
    fn event_id(&self, index: usize) -> String {
        let name: String = self.name.chars().filter(|c| c.is_ascii_alphanumeric()).take(40).collect();
        format!("ev-{name}-{index}")
    }

    fn event(&self, text: &str, index: usize) -> Event {
        let killed = Count {
            number: Quantity::exact(self.killed),
            who: CountOf::Civilian,
            text: self.killed.to_string(),
            start: 0,
            end: 1,
            part_of: None,
            superseded: false,
            according_to: None,
        };
        let speaker = |sector| participant("the ministry", Some("Ministry of Example"), sector);
        Event {
            id: self.event_id(index),
            realis: Realis::Asserted,
            completion: Completion::Accomplished,
            event_type: self.kind.event_type(),
            sub_event_type: self.kind,
            plover: PloverCode { event_type: PloverType::Assault, mode: Vec::new() },
            cameo: None,
            type_of_violence: Some(3),
            gtd_attack_type: None,
            event_date: self.day,
            event_date_end: self.last.or(self.day),
            time_precision: self.day.map(|_| TimePrecision::Day),
            date_type: DateType::Exact,
            date_from: DateFrom::Text,
            places: self.place.iter().map(place).collect(),
            actors: vec![participant("gunmen", Some(&self.actor), Sector::UnalignedArmed)],
            recipients: vec![Participant {
                kind: ParticipantKind::Population,
                ..participant("villagers", None, Sector::Civilian)
            }],
            objects: Vec::new(),
            weapons: Vec::new(),
            counts: Counts { killed: vec![killed], ..Counts::default() },
            deaths: Deaths {
                best: Some(self.killed),
                low: Some(self.killed),
                high: Some(self.killed),
                civilians: self.killed,
                ..Deaths::default()
            },
            claims: Vec::new(),
            reported_by: self.by.map(speaker).into_iter().collect(),
            evidence: vec![Evidence {
                start: 0,
                end: text.chars().count(),
                quote: text.to_owned(),
                supports: vec!["event_type".to_owned()],
            }],
            confidence: self.confidence,
            reasons: BTreeMap::new(),
        }
    }
}

fn participant(words: &str, name: Option<&str>, sector: Sector) -> Participant {
    Participant {
        mentions: vec![Mention { text: words.to_owned(), start: 0, end: words.chars().count() }],
        kind: ParticipantKind::Group,
        name: name.map(str::to_owned),
        actor_id: None,
        wikidata_id: None,
        country: None,
        sector: Some(sector),
        inter_code: None,
        number: None,
        affiliation: None,
        certainty: Certainty::Stated,
    }
}

fn place((name, country, admin1, latitude, longitude): &(String, String, String, f64, f64)) -> Place {
    Place {
        text: name.clone(),
        start: 0,
        end: name.chars().count(),
        relation: Relation::At,
        distance_km: None,
        name: Some(name.clone()),
        geonameid: None,
        source_id: None,
        feature_code: Some("PPL".to_owned()),
        country: Some(country.clone()),
        admin1: Some(admin1.clone()),
        admin2: None,
        admin1_pcode: None,
        admin2_pcode: None,
        latitude: Some(*latitude),
        longitude: Some(*longitude),
        where_precision: Some(1),
        prio_grid: None,
        reason: "the only one of that name".to_owned(),
        alternatives: Vec::new(),
    }
}

/// A program decides.
#[must_use]
pub fn machine() -> Stamp {
    stamp(AuthorKind::Machine, "linker")
}

/// A person decides.
#[must_use]
pub fn person() -> Stamp {
    stamp(AuthorKind::Person, "a reviewer")
}

fn stamp(kind: AuthorKind, name: &str) -> Stamp {
    Stamp {
        by: Author { kind, name: name.to_owned() },
        at: Timestamp::UNIX_EPOCH,
        tool: "watchpost suite".to_owned(),
    }
}
