//! What is to be looked at first.

use std::sync::Arc;

use axum::response::Response;
use record::{Incident, Status};
use schemars::JsonSchema;
use serde::Serialize;
use store::Store;
use store::find::Order;

use crate::answer::tag_of;
use crate::asked::{FILTERS, PAGING};
use crate::endpoint::{Ask, Endpoint};
use crate::incidents::{ReportOf, Total, shown, told};
use crate::near::{Near, near};
use crate::problem::Problem;
use crate::{Desk, Setup};

/// How far what waits is counted.
const COUNTED: u64 = 1_000_000;
/// Incidents nearby that are named.
const NEAR: usize = 3;

/// A reason for a look.
#[derive(Debug, Serialize, JsonSchema)]
struct Reason {
    /// uncertain, deadly, disagree.
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
    /// What a look at it is worth: the chance that it is wrong, times one and its deaths. The queue is in the order of it.
    worth: f64,
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
            "Incidents that wait for a person, that which a look is worth most first; unreviewed ones, unless `status` says otherwise.",
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
    let page = ask.asked.page(Order::Worth)?;
    let setup = Arc::clone(&desk.setup);
    desk.derived(&ask, move |store| {
        let found = store.find(&filter, &page)?;
        let total = store.count(&filter, COUNTED)?.into();
        let items = found.rows.into_iter().map(|incident| waiting(store, incident, &setup));
        let items = items.collect::<Result<Vec<_>, store::Error>>()?;
        Ok(Queue { items, total, next: found.next.map(|next| next.to_string()) })
    })
    .await
}

fn waiting(store: &mut dyn Store, mut incident: Incident, setup: &Setup) -> Result<Waiting, store::Error> {
    let etag = tag_of(&incident);
    let near = near(store, &incident, &setup.countries, NEAR)?;
    let mut reports = told(store, &incident)?;
    setup.unname(&mut incident);
    reports.iter_mut().for_each(|told| setup.unname_coded(&mut told.coded));
    let doubt = 1.0 - incident.confidence;
    let deaths = incident.deaths.best.unwrap_or(0);
    let mut why =
        vec![Reason { code: "uncertain", text: format!("{:.0} % likely to be wrong", doubt * 100.0) }];
    if deaths > 0 {
        let many = if deaths == 1 { "death" } else { "deaths" };
        why.push(Reason { code: "deadly", text: format!("{deaths} {many}") });
    }
    if incident.figures.values().any(|figures| figures.disagree) {
        why.push(Reason { code: "disagree", text: "reports give different figures".to_owned() });
    }
    let worth = doubt * (1.0 + deaths as f64);
    let shown = shown(incident, reports);
    Ok(Waiting { incident: shown.incident, reports: shown.reports, worth, why, near, etag })
}
