/*! What a report, an event, a tally, a statement, a place, a participant, an incident and a decision *are*.

This crate holds the shapes that every other crate passes around and that
`watchpost code` writes, the vocabularies of the field that those shapes use,
and the crosswalks between the vocabularies. It does no reading and no I/O.

The JSON Schema of the contract ([`schema`]) is generated from these types, so
the doc comment of a field is also its entry in the codebook.
*/

mod decision;
mod document;
mod event;
mod incident;
mod link;
mod number;
mod participant;
mod place;
mod schema;
mod situation;
mod source;
mod span;
mod statement;
mod tally;
pub mod vocabulary;

pub mod country;
pub mod crosswalk;
pub mod privacy;
pub mod table;

pub use decision::{
    Author, AuthorKind, Change, Correction, Decision, DecisionEffect, FieldName, FigureCorrection,
};
pub use document::{CodedDocument, CoderInfo, DateProvenance, DocumentInfo, ErrorLine, Report, TextOrigin};
pub use event::{
    Claim, ClaimKind, Count, CountOf, Counts, Deaths, Effect, Event, Evidence, ObjectClass, PhysicalObject,
    Weapon, WeaponClass,
};
pub use incident::{
    Among, Basis, EventKey, Figure, FigureRule, Figures, Harm, Incident, IncidentDates, IncidentPlace,
    Outlet, Party, SourceKind, Standing, Status,
};
pub use link::{Ingested, IngestedIncident, LinkedEvent, LinkedReport};
pub use number::Quantity;
pub use participant::{Certainty, Participant, ParticipantKind};
pub use place::{Alternative, Geoparsed, Place, Relation, priogrid};
pub use schema::{codebook, schema, shape_of};
pub use situation::{
    Became, Came, Draws, ForecastOf, ForecastSeries, IssuedForecast, Nowcast, Revisions, Seen, Situation,
    SituationAlarm, Snoozed, WatchEntry, WatchNote,
};
pub use source::{HostState, Paused, Source, SourceDay, SourceItem, SourceState, SourceType, TextFrom};
pub use span::Mention;
pub use statement::{About, Direction, Horizon, Statement, StatementKind};
pub use tally::{Period, Tally};

/// The name of the shape that `watchpost code` writes.
pub const CODED_SCHEMA: &str = "watchpost.coded/1";
/// The name of the shape of an error line.
pub const ERROR_SCHEMA: &str = "watchpost.error/1";
/// The name of the shape of a situation.
pub const SITUATION_SCHEMA: &str = "watchpost.situation/1";
/// The name of the shape of an incident.
pub const INCIDENT_SCHEMA: &str = "watchpost.incident/1";
