//! What is to be looked at first.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::response::Response;
use record::{Incident, Situation, Status};
use schemars::JsonSchema;
use serde::Serialize;
use store::Store;
use store::find::{Cursor, Filter, Order, Page};

use crate::answer::tag_of;
use crate::asked::{FILTERS, PAGING};
use crate::endpoint::{Ask, Endpoint};
use crate::incidents::{ReportOf, Total, shown, told};
use crate::near::{Near, near};
use crate::problem::Problem;
use crate::words::headline;
use crate::{Desk, Setup};

/// How far what waits is counted.
const COUNTED: u64 = 1_000_000;
/// Incidents nearby that are named.
const NEAR: usize = 3;

/// A reason for a look.
#[derive(Debug, Serialize, JsonSchema)]
struct Reason {
    /// surge, uncertain, deadly, disagree.
    code: &'static str,
    /// In words.
    text: String,
}

/// An incident that waits, with all that a decision needs.
#[derive(Debug, Serialize, JsonSchema)]
struct Waiting {
    /// The incident.
    incident: Incident,
    /// Its reports, with the events and their evidence.
    reports: Vec<ReportOf>,
    /// What a look at it is worth: the chance that it is wrong, times one and its deaths. The queue is in the order of it, after
    /// those that an open situation rests on, which are in the same order.
    worth: f64,
    /// The open situation that rests on it.
    situation: Option<String>,
    /// Why it stands where it does.
    why: Vec<Reason>,
    /// Incidents that may be one with it.
    near: Vec<Near>,
    /// Its version, for If-Match.
    etag: String,
}

/// A page of the queue.
#[derive(Debug, Serialize, JsonSchema)]
struct Queue {
    /// What waits, that which a look is worth most first.
    items: Vec<Waiting>,
    /// How many wait in all.
    total: Total,
    /// The cursor of the next page; null on the last.
    next: Option<String>,
}

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get(
            "/queue",
            "queue",
            "Incidents that wait for a person: those that an open situation rests on, then the others, each time that which a look is worth most first; \
             unreviewed ones, unless `status` says otherwise.",
        )
        .asks(FILTERS)
        .asks(PAGING)
        .tagged()
        .answers::<Queue>(200, "A page.")
        .by(queue),
    ]
}

async fn queue(desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    let mut filter = ask.asked.filter(&desk.setup.countries)?;
    if filter.statuses.is_empty() {
        filter.statuses.push(Status::Unreviewed);
    }
    let after =
        ask.asked.value("cursor", "the `next` of the page before", |text| text.parse::<After>().ok())?;
    let limit: usize = ask.asked.number("limit", 1, 500, 50)?;
    let (setup, memory) = (Arc::clone(&desk.setup), Arc::clone(&desk.memory));
    desk.derived(&ask, move |store| {
        let total = memory.count(store, &filter, COUNTED)?.into();
        let situations = resting(store)?;
        let (rows, next) = part(store, &filter, after, limit, &situations)?;
        let items = rows.into_iter().map(|incident| waiting(store, incident, &situations, &setup));
        let items = items.collect::<Result<Vec<_>, store::Error>>()?;
        Ok(Queue { items, total, next: next.map(|next| next.to_string()) })
    })
    .await
}

/// Where a page of the queue ends.
enum After {
    /// Among those that a situation rests on.
    Urgent(Cursor),
    /// After all of them, or among the others.
    Rest(Option<Cursor>),
}

impl std::fmt::Display for After {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Urgent(cursor) => write!(f, "s.{cursor}"),
            Self::Rest(None) => f.write_str("rest"),
            Self::Rest(Some(cursor)) => cursor.fmt(f),
        }
    }
}

impl std::str::FromStr for After {
    type Err = store::Error;

    fn from_str(text: &str) -> Result<Self, store::Error> {
        let cursor = |text: &str| {
            let cursor: Cursor = text.parse()?;
            if cursor.order == Order::Worth {
                Ok(cursor)
            } else {
                Err(store::Error::Asked("that is a cursor of another list".to_owned()))
            }
        };
        match text.strip_prefix("s.") {
            Some(rest) => cursor(rest).map(Self::Urgent),
            None if text == "rest" => Ok(Self::Rest(None)),
            None => cursor(text).map(|cursor| Self::Rest(Some(cursor))),
        }
    }
}

/// Incidents that are put first at most: a database takes no condition of any length.
const URGENT: usize = 2000;

/// Incidents that an open situation rests on, each with the situation that was updated last.
fn resting(store: &mut dyn Store) -> Result<BTreeMap<String, Arc<Situation>>, store::Error> {
    let mut found = BTreeMap::new();
    for situation in store.situations(true, URGENT)? {
        let situation = Arc::new(situation);
        for incident in &situation.incidents {
            if found.len() < URGENT {
                found.entry(incident.clone()).or_insert_with(|| Arc::clone(&situation));
            }
        }
    }
    Ok(found)
}

/// A page of the queue: those that a situation rests on, then the others.
fn part(
    store: &mut dyn Store,
    filter: &Filter,
    after: Option<After>,
    limit: usize,
    situations: &BTreeMap<String, Arc<Situation>>,
) -> Result<(Vec<Incident>, Option<After>), store::Error> {
    let ids: Vec<String> = situations.keys().cloned().collect();
    let mut rows = Vec::new();
    let rest = match after {
        Some(After::Rest(cursor)) => cursor,
        _ if ids.is_empty() => None,
        urgent => {
            let after = match urgent {
                Some(After::Urgent(cursor)) => Some(cursor),
                _ => None,
            };
            let only = Filter { only: ids.clone(), ..filter.clone() };
            let found = store.find(&only, &Page { order: Order::Worth, after, limit })?;
            if let Some(next) = found.next {
                return Ok((found.rows, Some(After::Urgent(next))));
            }
            rows = found.rows;
            None
        }
    };
    let except = Filter { except: ids, ..filter.clone() };
    // Where the page is full already, one row says whether there are others.
    let left = limit - rows.len();
    let found = store.find(&except, &Page { order: Order::Worth, after: rest, limit: left.max(1) })?;
    if left == 0 {
        return Ok((rows, (!found.rows.is_empty()).then_some(After::Rest(None))));
    }
    rows.extend(found.rows);
    Ok((rows, found.next.map(|next| After::Rest(Some(next)))))
}

fn waiting(
    store: &mut dyn Store,
    mut incident: Incident,
    situations: &BTreeMap<String, Arc<Situation>>,
    setup: &Setup,
) -> Result<Waiting, store::Error> {
    let situation = situations.get(&incident.id);
    let etag = tag_of(&incident);
    let near = near(store, &incident, &setup.countries, NEAR)?;
    let mut reports = told(store, &incident)?;
    setup.unname(&mut incident);
    reports.iter_mut().for_each(|told| setup.unname_coded(&mut told.coded));
    let doubt = 1.0 - incident.confidence;
    let deaths = incident.deaths.best.unwrap_or(0);
    let mut why: Vec<Reason> = situation
        .map(|situation| Reason { code: "surge", text: headline(situation, &setup.countries) })
        .into_iter()
        .collect();
    why.push(Reason { code: "uncertain", text: format!("{:.0} % likely to be wrong", doubt * 100.0) });
    if deaths > 0 {
        let many = if deaths == 1 { "death" } else { "deaths" };
        why.push(Reason { code: "deadly", text: format!("{deaths} {many}") });
    }
    if incident.figures.values().any(|figures| figures.disagree) {
        why.push(Reason { code: "disagree", text: "reports give different figures".to_owned() });
    }
    let worth = doubt * (1.0 + deaths as f64);
    let shown = shown(incident, reports);
    let situation = situation.map(|situation| situation.id.clone());
    Ok(Waiting { incident: shown.incident, reports: shown.reports, worth, situation, why, near, etag })
}
