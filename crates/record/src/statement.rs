//! What somebody says about violence, apart from the events themselves.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::tally::Period;
use crate::{Mention, Participant, Place, Quantity};

/// What sort of statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum StatementKind {
    /// Something rises, falls or holds.
    Trend,
    /// Why.
    Cause,
    /// What will come.
    Forecast,
    /// How many there are.
    Estimate,
    /// What ought to be done.
    Demand,
    /// What somebody is accused of.
    Allegation,
}

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Up.
    Rise,
    /// Down.
    Fall,
    /// No change.
    Steady,
}

/// What a statement is about.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct About {
    /// Actors.
    pub actors: Vec<Participant>,
    /// Places.
    pub places: Vec<Place>,
    /// ACLED event types.
    pub event_types: Vec<crate::vocabulary::EventType>,
    /// Which way, for a trend.
    pub direction: Option<Direction>,
    /// Over which days.
    pub period: Option<Period>,
}

/// When a forecast falls due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Horizon {
    /// From; null where open.
    pub start: Option<Date>,
    /// Until; null where open.
    pub end: Option<Date>,
    /// The words that give it; null where the forecast has none.
    pub text: Option<String>,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Statement {
    /// What sort.
    pub kind: StatementKind,
    /// Who says so; null where the report itself does.
    pub speaker: Option<Participant>,
    /// First code point of the words.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// Exactly those characters.
    pub quote: String,
    /// What it is about.
    pub about: About,
    /// The number, for an estimate.
    pub number: Option<Quantity>,
    /// The causes named.
    pub causes: Vec<Mention>,
    /// When it falls due, for a forecast.
    pub horizon: Option<Horizon>,
    /// "If …", "unless …".
    pub condition: Option<Mention>,
}
