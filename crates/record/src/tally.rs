//! Totals over a period or many places. A tally is never an event.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Evidence, Participant, Place, Quantity};

/// An interval of days, inclusive; an open side is null.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Period {
    /// First day.
    pub start: Option<Date>,
    /// Last day.
    pub end: Option<Date>,
}

/// One total.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Tally {
    /// What was counted: killed, injured, arrested, destroyed, seized, raids, attacks, …
    pub what: String,
    /// Of whom or what, in the report's words.
    pub of: String,
    /// How many.
    pub number: Quantity,
    /// Over which days.
    pub period: Option<Period>,
    /// Where.
    pub places: Vec<Place>,
    /// Whose doing.
    pub by: Option<Participant>,
    /// Who says so.
    pub reported_by: Vec<Participant>,
    /// The quotes that it rests on.
    pub evidence: Vec<Evidence>,
}
