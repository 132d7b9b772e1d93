//! An incident: what really happened once, as all its reports together tell it.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::vocabulary::{EventType, InterCode, Sector, SubEventType, TimePrecision};
use crate::{Certainty, Deaths, ParticipantKind};

/// One event of one report.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct EventKey {
    /// The report's id in the store.
    pub report: String,
    /// The event's id in the coded document.
    pub event: String,
}

/// Whether an incident's id still stands for an incident of its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It stands for itself.
    #[default]
    Live,
    /// It was merged: `merged_into` says into which.
    Merged,
    /// No report tells of it any more: its events were moved elsewhere, or its creation was undone.
    Withdrawn,
}

/// What a reviewer has said of an incident.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Status {
    /// Nobody has said anything yet.
    #[default]
    #[serde(rename = "unreviewed")]
    Unreviewed,
    /// It is right.
    #[serde(rename = "accepted")]
    Accepted,
    /// It happened, if at all, otherwise than it stands here, or it is not for this collection.
    #[serde(rename = "rejected")]
    Rejected,
    /// The reports tell of nothing that happened.
    #[serde(rename = "not an event")]
    NotAnEvent,
}

impl Status {
    /// Every value.
    pub const ALL: &'static [Self] = &[Self::Unreviewed, Self::Accepted, Self::Rejected, Self::NotAnEvent];

    /// As it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unreviewed => "unreviewed",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::NotAnEvent => "not an event",
        }
    }
}

/// What became of the people counted: the eight lists of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Harm {
    /// Dead.
    Killed,
    /// Wounded.
    Injured,
    /// Dead and wounded together, where no report splits them.
    KilledOrInjured,
    /// Taken by force by those who are not the law of the place.
    Abducted,
    /// Detained by state forces.
    Arrested,
    /// Unaccounted for.
    Missing,
    /// Escaped or freed.
    Escaped,
    /// Driven from home.
    Displaced,
}

impl Harm {
    /// Every value, in the order of the coded document.
    pub const ALL: &'static [Self] = &[
        Self::Killed,
        Self::Injured,
        Self::KilledOrInjured,
        Self::Abducted,
        Self::Arrested,
        Self::Missing,
        Self::Escaped,
        Self::Displaced,
    ];

    /// The name of the list in the coded document.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Killed => "killed",
            Self::Injured => "injured",
            Self::KilledOrInjured => "killed_or_injured",
            Self::Abducted => "abducted",
            Self::Arrested => "arrested",
            Self::Missing => "missing",
            Self::Escaped => "escaped",
            Self::Displaced => "displaced",
        }
    }
}

/// What sort of source gives a figure, by whom the report rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// A government, police, army, court or parliament that is no side of the event.
    Official,
    /// Hospitals, doctors, rescuers.
    Medical,
    /// The United Nations, other intergovernmental bodies, non-governmental monitors.
    Monitor,
    /// Witnesses, residents, victims.
    Witness,
    /// Nobody but the outlet, or another outlet.
    Media,
    /// A side of the event speaks, of itself or of the other side.
    Side,
}

/// Which of the figures of the preferred kind of source is the best one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Among {
    /// The one published last: tolls are corrected as time goes on.
    #[default]
    Latest,
    /// The one that most independent reports give; the latest where several do.
    MostTold,
    /// The greatest.
    Highest,
    /// The least: the cautious count.
    Lowest,
}

/// The written rule by which the figures of several reports become the incident's; an operator can change it, and the
/// change stands in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FigureRule {
    /// Groups of kinds of source, the most trusted first: the first group with a figure gives `best`. Kinds that are not
    /// listed come last, together.
    pub prefer: Vec<Vec<SourceKind>>,
    /// Which figure of that group.
    pub among: Among,
    /// Whether a figure that is only a rounded word ("dozens") may be `best` where a number is told as well. It may
    /// always be where nothing else is.
    pub vague: bool,
}

impl Default for FigureRule {
    fn default() -> Self {
        use SourceKind::{Media, Medical, Monitor, Official, Side, Witness};
        Self {
            prefer: vec![vec![Official, Medical], vec![Monitor], vec![Media, Witness], vec![Side]],
            among: Among::Latest,
            vague: false,
        }
    }
}

/// One report's figure for one harm of an incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Figure {
    /// The event of the report that gives it: its counts hold the words.
    pub from: EventKey,
    /// The outlet.
    pub publisher: Option<String>,
    /// What sort of source it rests on.
    pub kind: SourceKind,
    /// The day of publication.
    pub published: Option<Date>,
    /// Least.
    pub low: Option<u64>,
    /// Most likely number.
    pub best: Option<u64>,
    /// Most.
    pub high: Option<u64>,
    /// True where the report has a rounded word and no number.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub vague: bool,
    /// True where the report is a copy or a later version of another, whose voice this is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub same_voice: bool,
}

/// The incident's figure for one harm, and every report's beside it. Where they disagree, it shows: nothing is averaged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Figures {
    /// The figure by the rule, or as a person corrected it.
    pub best: Option<u64>,
    /// The least that an independent report gives last.
    pub low: Option<u64>,
    /// The most that an independent report gives last.
    pub high: Option<u64>,
    /// Whether independent reports give different best figures.
    pub disagree: bool,
    /// Every report's figure, in the order in which the reports were linked.
    pub told: Vec<Figure>,
}

/// Where the incident was, in the words of the gazetteer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct IncidentPlace {
    /// Name in the gazetteer, else as the report gives it.
    pub name: String,
    /// GeoNames id.
    pub geonameid: Option<u64>,
    /// The gazetteer's own key.
    pub source_id: Option<String>,
    /// GeoNames feature code.
    pub feature_code: Option<String>,
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
    /// First-order division.
    pub admin1: Option<String>,
    /// Second-order division.
    pub admin2: Option<String>,
    /// P-code of the first-order division.
    pub admin1_pcode: Option<String>,
    /// P-code of the second-order division.
    pub admin2_pcode: Option<String>,
    /// WGS 84 degrees north.
    pub latitude: Option<f64>,
    /// WGS 84 degrees east.
    pub longitude: Option<f64>,
    /// UCDP's precision, 1 to 7.
    pub where_precision: Option<u8>,
}

/// When the incident was.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IncidentDates {
    /// First day.
    pub event_date: Option<Date>,
    /// Last day.
    pub event_date_end: Option<Date>,
    /// 1 day, 2 week, 3 month, 4 year or worse.
    pub time_precision: Option<TimePrecision>,
}

/// A side or a victim of an incident. An unnamed person has no label: only the archived text may hold the name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Party {
    /// What sort of participant.
    pub kind: ParticipantKind,
    /// Name in the registry, else as a report gives it; for the unnamed that are no single person, a report's words.
    pub label: Option<String>,
    /// Key in the actor registry.
    pub actor_id: Option<String>,
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
    /// PLOVER sector.
    pub sector: Option<Sector>,
    /// ACLED's interaction code.
    pub inter_code: Option<InterCode>,
    /// How the reports tie it to the incident: the surest of them.
    pub certainty: Certainty,
    /// How many independent reports name it.
    #[serde(default)]
    pub voices: usize,
}

/// An outlet, and how many of the incident's reports are its.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Outlet {
    /// The publisher; null where the reports do not say.
    pub publisher: Option<String>,
    /// How many reports.
    pub reports: usize,
}

/// What a field rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// An event of a report, whose evidence has the words.
    Event(EventKey),
    /// A correction in the log.
    Decision(u64),
}

/// One incident, as it stands after all decisions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Incident {
    /// `watchpost.incident/1`.
    pub schema: String,
    /// Stable for ever; the id of a merged incident leads to the one that it was merged into.
    pub id: String,
    /// Whether the id stands for an incident of its own.
    pub standing: Standing,
    /// The incident that it was merged into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<String>,
    /// What a reviewer has said.
    pub status: Status,
    /// ACLED event type.
    pub event_type: Option<EventType>,
    /// ACLED sub-event type.
    pub sub_event_type: Option<SubEventType>,
    /// UCDP type of violence.
    pub type_of_violence: Option<u8>,
    /// When.
    #[serde(flatten)]
    pub dates: IncidentDates,
    /// Where.
    pub place: Option<IncidentPlace>,
    /// Who did it; in two-sided fighting every side.
    pub actors: Vec<Party>,
    /// Who suffered it.
    pub recipients: Vec<Party>,
    /// Deaths as UCDP counts them.
    pub deaths: Deaths,
    /// The figures, by harm; only those that a report gives.
    pub figures: BTreeMap<Harm, Figures>,
    /// The confidence of the surest report.
    pub confidence: f64,
    /// How many reports tell of it.
    pub reports: usize,
    /// How many of them are voices of their own: copies of one text and versions of one page count as one.
    pub independent_reports: usize,
    /// Who published them.
    pub sources: Vec<Outlet>,
    /// The events of reports that are this incident, in the order in which they were linked.
    pub events: Vec<EventKey>,
    /// Field → the event or the correction that it rests on.
    pub basis: BTreeMap<String, Basis>,
    /// Field → why this value and not another report's.
    pub reasons: BTreeMap<String, String>,
    /// The decision that created it.
    pub created: u64,
    /// The last decision that touched it.
    pub updated: u64,
}

impl Incident {
    /// What stands in a field that can be corrected, as JSON.
    #[must_use]
    pub fn field(&self, name: &crate::FieldName) -> Value {
        use crate::FieldName;
        let value = match name {
            FieldName::SubEventType => serde_json::to_value(self.sub_event_type),
            FieldName::TypeOfViolence => serde_json::to_value(self.type_of_violence),
            FieldName::Dates => serde_json::to_value(&self.dates),
            FieldName::Place => serde_json::to_value(&self.place),
            FieldName::Actors => serde_json::to_value(&self.actors),
            FieldName::Recipients => serde_json::to_value(&self.recipients),
            FieldName::Figure(harm) => {
                let figures = self.figures.get(harm);
                serde_json::to_value(
                    figures.map(|f| serde_json::json!({"low": f.low, "best": f.best, "high": f.high})),
                )
            }
        };
        value.unwrap_or(Value::Null)
    }
}
