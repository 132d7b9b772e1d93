//! A decision: one entry of the log that everything the store knows of incidents is folded from.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::incident::{EventKey, FigureRule, Harm, IncidentDates, IncidentPlace, Party};
use crate::vocabulary::SubEventType;

/// Whether a person decided or a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuthorKind {
    /// A program. It never overturns what a person has decided.
    Machine,
    /// A person.
    Person,
}

/// Who decided.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Author {
    /// Person or program.
    pub kind: AuthorKind,
    /// The person's name in this desk, or the program's part ("linker").
    pub name: String,
}

/// A field of an incident that can be corrected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldName {
    /// `sub_event_type`, and with it `event_type`.
    SubEventType,
    /// `type_of_violence`.
    TypeOfViolence,
    /// `event_date`, `event_date_end`, `time_precision`.
    Dates,
    /// `place`.
    Place,
    /// `actors`.
    Actors,
    /// `recipients`.
    Recipients,
    /// One of `figures`.
    Figure(Harm),
}

impl FieldName {
    /// As it is written in `basis`, `reasons` and the log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SubEventType => "sub_event_type",
            Self::TypeOfViolence => "type_of_violence",
            Self::Dates => "dates",
            Self::Place => "place",
            Self::Actors => "actors",
            Self::Recipients => "recipients",
            Self::Figure(harm) => harm.as_str(),
        }
    }
}

/// A figure as a person sets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FigureCorrection {
    /// Which figure.
    pub harm: Harm,
    /// Least.
    pub low: Option<u64>,
    /// Most likely number; null where it is not known.
    pub best: Option<u64>,
    /// Most.
    pub high: Option<u64>,
}

/// A field and what stands in it from now on, whatever the reports say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "field", content = "value", rename_all = "snake_case")]
pub enum Correction {
    /// ACLED sub-event type; the event type follows.
    SubEventType(SubEventType),
    /// UCDP's type of violence, 1 to 3; null for none of them.
    TypeOfViolence(#[schemars(range(min = 1, max = 3))] Option<u8>),
    /// When.
    Dates(IncidentDates),
    /// Where; null for a place that is not known.
    Place(Option<IncidentPlace>),
    /// Who did it.
    Actors(Vec<Party>),
    /// Who suffered it.
    Recipients(Vec<Party>),
    /// A figure.
    Figure(FigureCorrection),
}

impl Correction {
    /// Which field it corrects.
    #[must_use]
    pub const fn field(&self) -> FieldName {
        match self {
            Self::SubEventType(_) => FieldName::SubEventType,
            Self::TypeOfViolence(_) => FieldName::TypeOfViolence,
            Self::Dates(_) => FieldName::Dates,
            Self::Place(_) => FieldName::Place,
            Self::Actors(_) => FieldName::Actors,
            Self::Recipients(_) => FieldName::Recipients,
            Self::Figure(figure) => FieldName::Figure(figure.harm),
        }
    }
}

/// What a decision changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Change {
    /// A report was added. The hashes tie its text and its coded document into the chain of the log.
    ReportAdded {
        /// The report's id in the store.
        report: String,
        /// SHA-256 of the text, in hexadecimal digits.
        text_sha256: String,
        /// SHA-256 of the coded document as it is kept.
        coded_sha256: String,
    },
    /// A report is, or is not, a copy of another.
    CopyOf {
        /// The report.
        report: String,
        /// The report that it repeats; null where it is a voice of its own.
        of: Option<String>,
    },
    /// An incident was created from events of reports.
    Created {
        /// Its id.
        incident: String,
        /// The events, at least one.
        events: Vec<EventKey>,
    },
    /// An event of a report belongs to an incident.
    Linked {
        /// The event.
        event: EventKey,
        /// The incident.
        incident: String,
    },
    /// Incidents are one.
    Merged {
        /// Those whose ids lead to the other from now on.
        from: Vec<String>,
        /// The one that stays.
        into: String,
    },
    /// Some events of an incident are an incident of their own.
    Split {
        /// The incident that they are taken out of.
        from: String,
        /// The events.
        events: Vec<EventKey>,
        /// The id of the new incident.
        into: String,
    },
    /// A field was corrected.
    Corrected {
        /// The incident.
        incident: String,
        /// The field and its value.
        #[serde(flatten)]
        correction: Correction,
    },
    /// The incident is right.
    Accepted {
        /// The incident.
        incident: String,
    },
    /// The incident is wrong, or not for this collection.
    Rejected {
        /// The incident.
        incident: String,
    },
    /// The reports tell of nothing that happened.
    NotAnEvent {
        /// The incident.
        incident: String,
    },
    /// An earlier decision is taken back. To take back an `undone` is to decide again what it took back.
    Undone {
        /// Its place in the log.
        decision: u64,
    },
    /// Figures are chosen by another rule from now on.
    RuleSet {
        /// The rule.
        rule: FigureRule,
    },
}

impl Change {
    /// The word of `what`.
    #[must_use]
    pub const fn what(&self) -> &'static str {
        match self {
            Self::ReportAdded { .. } => "report_added",
            Self::CopyOf { .. } => "copy_of",
            Self::Created { .. } => "created",
            Self::Linked { .. } => "linked",
            Self::Merged { .. } => "merged",
            Self::Split { .. } => "split",
            Self::Corrected { .. } => "corrected",
            Self::Accepted { .. } => "accepted",
            Self::Rejected { .. } => "rejected",
            Self::NotAnEvent { .. } => "not_an_event",
            Self::Undone { .. } => "undone",
            Self::RuleSet { .. } => "rule_set",
        }
    }
}

/// One thing that a decision changed: what stood there before and what stands there after it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DecisionEffect {
    /// The incident, event or report.
    pub of: String,
    /// What of it: `incident` (of an event: which it belongs to), `merged_into`, `status`, `copy_of`, or a field's name.
    pub what: String,
    /// Before.
    pub before: Value,
    /// After.
    pub after: Value,
}

/// One entry of the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Decision {
    /// Its place in the log, from 1 and without gaps. The order of the log is this one and never the clock's.
    pub seq: u64,
    /// When, by the clock of the machine that wrote it.
    pub at: Timestamp,
    /// Who.
    pub by: Author,
    /// Why, in words.
    pub why: String,
    /// The program and its version.
    pub tool: String,
    /// What it changes.
    pub change: Change,
    /// The incidents that it touches, those among them that it takes something from included.
    pub incidents: Vec<String>,
    /// What stood before and what stands after.
    pub effects: Vec<DecisionEffect>,
}
