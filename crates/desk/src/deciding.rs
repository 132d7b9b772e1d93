//! Decisions as a person words them: events by their reports, fields in words or as JSON. The command line and the API read them
//! alike.

use jiff::civil::Date;
use record::vocabulary::TimePrecision;
use record::{Correction, EventKey, FigureCorrection, Harm, IncidentDates};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use store::Store;

use crate::asked::sub_event_type;

/// Why what a person wrote is no decision.
#[derive(Debug)]
pub enum Wrong {
    /// There is no such report.
    NoReport(String),
    /// The report has no such event, or none in that incident.
    NoEvent(String),
    /// There is no such field.
    NoField {
        /// What was written.
        field: String,
        /// Those that there are.
        known: String,
    },
    /// What was written is no value of the field.
    Value {
        /// The field.
        field: String,
        /// What was written.
        value: String,
        /// What would be one.
        expected: String,
    },
    /// The value looks like JSON and is none.
    NotJson(String),
    /// The value is JSON of another shape.
    Shape {
        /// The field.
        field: String,
        /// What is wrong with it.
        why: String,
    },
    /// The store could not be asked.
    Store(store::Error),
}

impl From<store::Error> for Wrong {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}

impl std::fmt::Display for Wrong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoReport(report) => write!(f, "there is no report {report}"),
            Self::NoEvent(report) => write!(f, "report {report} has no such event"),
            Self::NoField { field, .. } => write!(f, "there is no field `{field}` that could be corrected"),
            Self::Value { field, value, expected } => {
                write!(f, "`{value}` is no value of {field}; expected {expected}")
            }
            Self::NotJson(why) => write!(f, "the value is no JSON: {why}"),
            Self::Shape { field, why } => write!(f, "that is no value of {field}: {why}"),
            Self::Store(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for Wrong {}

/// The events that are meant: each by itself (`R-…#e1`), or all of a report (`R-…`); of one incident where that is said.
pub fn keys(store: &mut dyn Store, named: &[String], of: Option<&str>) -> Result<Vec<EventKey>, Wrong> {
    let of = match of {
        Some(of) => store.resolved(of)?.map(|incident| incident.id),
        None => None,
    };
    let mut keys = Vec::new();
    for name in named {
        let (report, event) = match name.split_once('#') {
            Some((report, event)) => (report, Some(event)),
            None => (name.as_str(), None),
        };
        if store.report(report)?.is_none() {
            return Err(Wrong::NoReport(report.to_owned()));
        }
        let found: Vec<EventKey> = store
            .events(report)?
            .into_iter()
            .filter(|(key, home)| match event {
                Some(event) => key.event == event,
                None => of.is_none() && home.is_some() || of.is_some() && *home == of,
            })
            .map(|(key, _)| key)
            .collect();
        if found.is_empty() {
            return Err(Wrong::NoEvent(report.to_owned()));
        }
        keys.extend(found);
    }
    Ok(keys)
}

/// The id of the incident that a split makes: of the one that it comes from and its events, and new.
pub fn new_id(store: &mut dyn Store, from: &str, events: &[EventKey]) -> Result<String, store::Error> {
    let mut turn = 0_u32;
    loop {
        let named: Vec<String> = events.iter().map(|key| format!("{}#{}", key.report, key.event)).collect();
        let digest = Sha256::digest(format!("{from} {turn} {}", named.join(" ")).as_bytes());
        let id = collection::incident_id(&digest);
        if store.incident(&id)?.is_none() {
            return Ok(id);
        }
        turn += 1;
    }
}

/// A field and its value, in words or as JSON.
pub fn correction(field: &str, value: &str) -> Result<Correction, Wrong> {
    let wrong = |expected: &str| Wrong::Value {
        field: field.to_owned(),
        value: value.to_owned(),
        expected: expected.to_owned(),
    };
    if value.trim_start().starts_with(['{', '[', '"']) || value.trim() == "null" {
        let value: Value = serde_json::from_str(value).map_err(|error| Wrong::NotJson(error.to_string()))?;
        let (name, value) = match Harm::ALL.iter().find(|harm| harm.as_str() == field) {
            Some(harm) => {
                let mut value = value;
                if let Some(object) = value.as_object_mut() {
                    object.insert("harm".to_owned(), json!(harm));
                }
                ("figure", value)
            }
            None => (field, value),
        };
        return serde_json::from_value(json!({"field": name, "value": value}))
            .map_err(|error| Wrong::Shape { field: field.to_owned(), why: error.to_string() });
    }
    if let Some(harm) = Harm::ALL.iter().find(|harm| harm.as_str() == field) {
        let numbers: Option<Vec<u64>> = value.split("..").map(|part| part.trim().parse().ok()).collect();
        let (low, best, high) = match numbers.as_deref() {
            Some([n]) => (Some(*n), Some(*n), Some(*n)),
            Some([low, high]) => (Some(*low), None, Some(*high)),
            Some([low, best, high]) => (Some(*low), Some(*best), Some(*high)),
            _ => return Err(wrong("a number, LOW..HIGH or LOW..BEST..HIGH, for example 3 or 2..3..5")),
        };
        return Ok(Correction::Figure(FigureCorrection { harm: *harm, low, best, high }));
    }
    match field {
        "sub_event_type" => sub_event_type(value).map(Correction::SubEventType).ok_or_else(|| {
            let known: Vec<&str> =
                record::vocabulary::SubEventType::ALL.iter().map(|kind| kind.as_str()).collect();
            wrong(&format!("one of: {}", known.join(", ")))
        }),
        "type_of_violence" => match value.trim().parse() {
            Ok(kind @ 1..=3) => Ok(Correction::TypeOfViolence(Some(kind))),
            _ => {
                Err(wrong("UCDP's 1 (state-based), 2 (non-state) or 3 (one-sided), or null for none of them"))
            }
        },
        "dates" => {
            let day = |text: &str| -> Result<Date, Wrong> {
                text.trim().parse().map_err(|_| wrong("YYYY-MM-DD, or two days with .. between them"))
            };
            let (first, last) = match value.split_once("..") {
                Some((first, last)) => (day(first)?, day(last)?),
                None => (day(value)?, day(value)?),
            };
            let precision = match first.until(last).map_or(0, |span| span.get_days()) {
                0 => TimePrecision::Day,
                days if days < 7 => TimePrecision::Week,
                days if days < 31 => TimePrecision::Month,
                _ => TimePrecision::Year,
            };
            Ok(Correction::Dates(IncidentDates {
                event_date: Some(first),
                event_date_end: Some(last),
                time_precision: Some(precision),
            }))
        }
        "place" | "actors" | "recipients" => {
            Err(wrong("JSON, of the shape that the incident has the field in"))
        }
        _ => {
            let figures: Vec<&str> = Harm::ALL.iter().map(|harm| harm.as_str()).collect();
            Err(Wrong::NoField {
                field: field.to_owned(),
                known: format!(
                    "sub_event_type, type_of_violence, dates, place, actors, recipients, {}",
                    figures.join(", ")
                ),
            })
        }
    }
}
