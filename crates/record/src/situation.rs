//! What the watch over a store has found and foreseen: the entries of its own log, and what they make together.

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Author;

/// What became of a situation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Became {
    /// It is new.
    Opened,
    /// More of it: a later period, another series, a higher count.
    Grew,
    /// The same alarms with other figures: a revision, later reports.
    Changed,
    /// The last whole period is no alarm any more.
    Eased,
    /// Nothing for so long that what comes next is another situation; or its alarms do not hold any more.
    Closed,
    /// It is part of another one.
    Joined,
}

impl Became {
    /// As it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Grew => "grew",
            Self::Changed => "changed",
            Self::Eased => "eased",
            Self::Closed => "closed",
            Self::Joined => "joined",
        }
    }
}

/// A count that late reports make higher than is known yet.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Nowcast {
    /// The share of the period's incidents that is likely to be told by now.
    pub told: f64,
    /// How many there are likely to be in the end.
    pub count: f64,
    /// The 90 % interval of that: from.
    pub low: u64,
    /// To.
    pub high: u64,
}

/// A period of a series in which there was more than the past lets one expect.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SituationAlarm {
    /// What makes the series: `admin1`; several with commas.
    pub by: String,
    /// The series: `MLI; Gao`.
    pub series: String,
    /// The first day of the period.
    pub date: Date,
    /// Whether the period is not over yet: the count so far is more than a whole one lets one expect.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub so_far: bool,
    /// What was seen.
    pub count: u32,
    /// What was expected to be known by now.
    pub expected: f64,
    /// The largest count that would be no alarm.
    pub upper: f64,
    /// How likely so high a count is where nothing has changed.
    pub p_value: f64,
    /// Late reports, where the period is not fully told yet and the delay is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nowcast: Option<Nowcast>,
    /// Why it is part of this situation.
    pub why: String,
}

/// What would become of the chief alarm if something of its incidents were revised.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Revisions {
    /// So many of its incidents would have to be rejected for it to vanish, those that count most first.
    pub rejections: u32,
    /// Incidents each of which alone carries it: rejected, it vanishes.
    pub decisive: Vec<String>,
    /// The count without incidents that rest on one independent report.
    pub corroborated: u32,
    /// Whether it would be an alarm with that count.
    pub holds_corroborated: bool,
    /// The count without incidents that nobody has accepted.
    pub accepted: u32,
    /// Whether it would be an alarm with that count.
    pub holds_accepted: bool,
}

/// Who has seen a situation, when, and what is to be known of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Seen {
    /// Who.
    pub by: Author,
    /// When.
    pub at: Timestamp,
    /// Why, in words.
    pub why: String,
}

/// Until when nothing is said of a situation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Snoozed {
    /// The last day of silence.
    pub until: Date,
    /// Who, when, why.
    #[serde(flatten)]
    pub seen: Seen,
}

/// A place, an actor or a type that turned worse: alarms that belong together, as one thing that is updated in place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Situation {
    /// `watchpost.situation/1`.
    pub schema: String,
    /// Stable for ever.
    pub id: String,
    /// What became of it last.
    pub state: Became,
    /// The situation that it is part of now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joined_to: Option<String>,
    /// In a sentence: what, how many, how unusual, since when.
    pub says: String,
    /// Why it became what it is.
    pub reason: String,
    /// `day`, `week` or `month`.
    pub every: String,
    /// What is counted.
    pub count_of: String,
    /// The first day of the rise.
    pub since: Date,
    /// The first day of the first period with an alarm.
    pub first_alarm: Date,
    /// The first day of the last period with an alarm.
    pub last_alarm: Date,
    /// The last day that was judged.
    pub judged_to: Date,
    /// What its chief alarm saw, expected and how likely that is by chance: the least likely of those of the last period.
    pub chief: SituationAlarm,
    /// Seen since the rise of the chief alarm's series began.
    pub seen_since: u64,
    /// Expected since then.
    pub expected_since: f64,
    /// Its alarms, by period and series; the oldest are left out where there are more than a hundred.
    pub alarms: Vec<SituationAlarm>,
    /// ISO 3166-1 alpha-3 of the countries that its incidents are in.
    pub countries: Vec<String>,
    /// First-order divisions.
    pub divisions: Vec<String>,
    /// Registry keys of the organised actors that most of its incidents name.
    pub actors: Vec<String>,
    /// The incidents that carry it.
    pub incidents: Vec<String>,
    /// How many voices tell of them: copies of one text and versions of one page once.
    pub independent_reports: usize,
    /// What revisions would do to the chief alarm.
    pub revisions: Revisions,
    /// The place of the log of decisions that this was judged at.
    pub cursor: u64,
    /// When it was opened.
    pub opened: Timestamp,
    /// When it was updated last.
    pub updated: Timestamp,
    /// Who has acknowledged it; it is not said again until it grows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledged: Option<Seen>,
    /// Until when nothing is said of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snoozed: Option<Snoozed>,
}

impl Situation {
    /// Whether it goes on: neither closed nor part of another.
    #[must_use]
    pub const fn open(&self) -> bool {
        !matches!(self.state, Became::Closed | Became::Joined)
    }
}

/// Draws of one period, as many of each value: all that scores need to know.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Draws {
    /// The first day of the period.
    pub date: Option<Date>,
    /// Values, from the least up.
    pub values: Vec<u32>,
    /// How many draws have each.
    pub times: Vec<u32>,
}

/// What was foreseen of one series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ForecastSeries {
    /// Its name.
    pub name: String,
    /// The periods ahead.
    pub periods: Vec<Draws>,
}

/// What a forecast was asked of: enough to ask the same of the record when its day has come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ForecastOf {
    /// What makes a series.
    pub by: Vec<String>,
    /// `incidents`, `deaths` or `reports`.
    pub count: String,
    /// `day`, `week` or `month`.
    pub every: String,
    /// Which incidents, as the store is asked.
    pub filter: Value,
    /// The first day that the record was taken to cover.
    pub since: Date,
    /// The last.
    pub until: Date,
    /// Areas that were drawn, as GeoJSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub areas: Option<Value>,
}

/// A forecast as it was issued: frozen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct IssuedForecast {
    /// Stable for ever.
    pub id: String,
    /// The model by its name.
    pub model: String,
    /// What was asked.
    pub of: ForecastOf,
    /// Periods ahead.
    pub horizon: u32,
    /// Draws of each.
    pub draws: u32,
    /// The seed that gives these draws again.
    pub seed: u64,
    /// The place of the log of decisions that the record was read at, and its hash.
    pub cursor: u64,
    /// The hash of the log at that place.
    pub log_hash: String,
    /// What was foreseen.
    pub series: Vec<ForecastSeries>,
    /// What conflictology foresees of the same: the counts of the last year, each as likely.
    pub baseline: Vec<ForecastSeries>,
}

/// What was known of a period when it was first looked at after its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Came {
    /// The forecast.
    pub forecast: String,
    /// The first day of the period.
    pub date: Date,
    /// The last day that the record was taken to cover.
    pub covered_to: Date,
    /// The place of the log of decisions that the record was read at.
    pub cursor: u64,
    /// Counts of the series of the forecast, in its order.
    pub counts: Vec<u32>,
}

/// What is put into the watch's log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum WatchNote {
    /// A situation as it stands from now on.
    Situation {
        /// The situation, without what persons have said of it.
        situation: Box<Situation>,
    },
    /// A person has seen a situation.
    Acknowledged {
        /// Its id.
        situation: String,
    },
    /// A person wants to hear nothing of a situation for a while.
    Snoozed {
        /// Its id.
        situation: String,
        /// The last day of silence.
        until: Date,
    },
    /// A forecast.
    Forecast {
        /// As it was issued.
        forecast: Box<IssuedForecast>,
    },
    /// What came.
    Came {
        /// What was known first.
        came: Came,
    },
}

impl WatchNote {
    /// What it is about: the id of a situation or of a forecast.
    #[must_use]
    pub fn about(&self) -> &str {
        match self {
            Self::Situation { situation } => &situation.id,
            Self::Acknowledged { situation } | Self::Snoozed { situation, .. } => situation,
            Self::Forecast { forecast } => &forecast.id,
            Self::Came { came } => &came.forecast,
        }
    }

    /// What sort of note, as it is written.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Situation { .. } => "situation",
            Self::Acknowledged { .. } => "acknowledged",
            Self::Snoozed { .. } => "snoozed",
            Self::Forecast { .. } => "forecast",
            Self::Came { .. } => "came",
        }
    }
}

/// An entry of the watch's log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WatchEntry {
    /// Its place, from 1.
    pub seq: u64,
    /// When, by the clock of whoever wrote it.
    pub at: Timestamp,
    /// Who.
    pub by: Author,
    /// Why, in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// The program and its version.
    pub tool: String,
    /// What.
    #[serde(flatten)]
    pub note: WatchNote,
}
