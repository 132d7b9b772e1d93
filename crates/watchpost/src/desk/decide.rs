//! `watchpost decide`: what a person decides about incidents.

use anyhow::{anyhow, bail};
use jiff::civil::Date;
use record::vocabulary::TimePrecision;
use record::{AuthorKind, Change, Correction, EventKey, FigureCorrection, Harm, IncidentDates};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use store::{Act, Outcome as Came, Store};

use super::project::{Project, stamp};
use crate::cli::project::{Decide, DecideArgs, sub_event_type};
use crate::code::Outcome;
use crate::say;

/// Runs the command.
pub(crate) fn run(args: &DecideArgs) -> anyhow::Result<Outcome> {
    let by = args.by.clone().or_else(|| std::env::var("USER").ok()).filter(|by| !by.trim().is_empty());
    let Some(by) = by else {
        bail!("nobody is named who decides\nhint: --by NAME, or the variable WATCHPOST_PERSON");
    };
    let mut store = Project::find(&args.project)?.store()?;
    let changes = changes(store.as_mut(), &args.decision)?;
    let acts: Vec<Act> =
        changes.into_iter().map(|change| Act::Decide { change, why: args.why.clone() }).collect();
    let outcomes = store.record(&stamp(AuthorKind::Person, &by), &acts)?;
    let mut outcome = Outcome::Fine;
    for (act, came) in acts.iter().zip(&outcomes) {
        let Act::Decide { change, .. } = act else { continue };
        match came {
            Came::Decided { seq } => {
                let new = match change {
                    Change::Split { into, .. } => format!("; the new incident is {into}"),
                    _ => String::new(),
                };
                say::line(&format!(
                    "decided: {} (decision {seq}; `watchpost decide undo {seq}` takes it back){new}",
                    change.what()
                ));
            }
            Came::Refused(why) => {
                outcome = Outcome::SomeUnread;
                say::line(&format!("refused: {why}"));
            }
            Came::Added { .. } | Came::Known { .. } => {}
        }
    }
    Ok(outcome)
}

fn changes(store: &mut dyn Store, decision: &Decide) -> anyhow::Result<Vec<Change>> {
    let each = |ids: &[String], change: fn(String) -> Change| ids.iter().cloned().map(change).collect();
    Ok(match decision {
        Decide::Accept { incidents } => each(incidents, |incident| Change::Accepted { incident }),
        Decide::Reject { incidents } => each(incidents, |incident| Change::Rejected { incident }),
        Decide::NotAnEvent { incidents } => each(incidents, |incident| Change::NotAnEvent { incident }),
        Decide::Merge { into, from } => vec![Change::Merged { from: from.clone(), into: into.clone() }],
        Decide::Split { from, events } => {
            let events = keys(store, events, Some(from))?;
            let into = new_id(store, from, &events)?;
            vec![Change::Split { from: from.clone(), events, into }]
        }
        Decide::Link { incident, events } => keys(store, events, None)?
            .into_iter()
            .map(|event| Change::Linked { event, incident: incident.clone() })
            .collect(),
        Decide::Correct { incident, field, value } => {
            vec![Change::Corrected { incident: incident.clone(), correction: correction(field, value)? }]
        }
        Decide::Copy { report, of } => vec![Change::CopyOf { report: report.clone(), of: of.clone() }],
        Decide::Rule { rule } => {
            let rule = serde_json::from_str(rule)
                .map_err(|error| anyhow!("that is no rule: {error}\nhint: docs/store.md has an example"))?;
            vec![Change::RuleSet { rule }]
        }
        Decide::Undo { decision } => vec![Change::Undone { decision: *decision }],
    })
}

/// The events that are meant: each by itself, or all of a report; of one incident where that is said.
fn keys(store: &mut dyn Store, named: &[String], of: Option<&str>) -> anyhow::Result<Vec<EventKey>> {
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
            bail!(
                "there is no report {report}\nhint: `watchpost show INCIDENT` names the reports and events of an incident"
            );
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
            bail!(
                "report {report} has no such event\nhint: `watchpost show {report}` lists its events and their incidents"
            );
        }
        keys.extend(found);
    }
    Ok(keys)
}

/// The id of the incident that a split makes: of the one that it comes from and its events, and new.
fn new_id(store: &mut dyn Store, from: &str, events: &[EventKey]) -> anyhow::Result<String> {
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
fn correction(field: &str, value: &str) -> anyhow::Result<Correction> {
    let wrong = |expected: &str| anyhow!("`{value}` is no value of {field}; expected {expected}");
    if value.trim_start().starts_with(['{', '[', '"']) || value.trim() == "null" {
        let value: Value = serde_json::from_str(value).map_err(|error| {
            anyhow!("the value is no JSON: {error}\nhint: words need no quotes and no braces")
        })?;
        let (field, value) = match Harm::ALL.iter().find(|harm| harm.as_str() == field) {
            Some(harm) => {
                let mut value = value;
                if let Some(object) = value.as_object_mut() {
                    object.insert("harm".to_owned(), json!(harm));
                }
                ("figure", value)
            }
            None => (field, value),
        };
        return serde_json::from_value(json!({"field": field, "value": value})).map_err(|error| {
            anyhow!("that is no value of {field}: {error}\nhint: `watchpost schema decision` has the shape of every field")
        });
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
        "sub_event_type" => Ok(Correction::SubEventType(sub_event_type(value).map_err(|e| wrong(&e))?)),
        "dates" => {
            let day = |text: &str| -> anyhow::Result<Date> {
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
            Err(wrong("JSON, as `watchpost show INCIDENT --to json` writes the field"))
        }
        _ => {
            let figures: Vec<&str> = Harm::ALL.iter().map(|harm| harm.as_str()).collect();
            bail!(
                "there is no field `{field}` that could be corrected\nhint: sub_event_type, dates, place, actors, recipients, {}",
                figures.join(", ")
            )
        }
    }
}
