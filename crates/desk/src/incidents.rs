//! Incidents: lists, one with all that it rests on, its log.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use record::{CodedDocument, Decision, Event, EventKey, Incident, Standing};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use store::{Store, StoredReport};

use crate::Desk;
use crate::answer::{has, json, tag_of, tagged, unchanged};
use crate::asked::{FIELDS, FILTERS, ORDER, PAGING};
use crate::endpoint::{Ask, Endpoint};
use crate::problem::Problem;

/// How far matches are counted.
const COUNTED: u64 = 1_000_000;

/// How many there are.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Total {
    /// So many.
    pub(crate) count: u64,
    /// There are more than were counted.
    pub(crate) more: bool,
}

impl From<store::find::Total> for Total {
    fn from(total: store::find::Total) -> Self {
        match total {
            store::find::Total::Exactly(count) => Self { count, more: false },
            store::find::Total::MoreThan(count) => Self { count, more: true },
        }
    }
}

/// A page of incidents.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct IncidentPage {
    /// The incidents, or the fields of them that were asked for.
    #[schemars(with = "Vec<serde_json::Map<String, Value>>")]
    items: Vec<Value>,
    /// How many there are in all.
    total: Total,
    /// The cursor of the next page; null on the last.
    next: Option<String>,
}

/// A report of an incident, with its events there and their evidence.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReportOf {
    /// The report's id.
    pub report: String,
    /// Where it was published.
    pub url: Option<String>,
    /// Headline.
    pub title: Option<String>,
    /// The outlet.
    pub publisher: Option<String>,
    /// The day of publication.
    #[schemars(with = "Option<String>")]
    pub published: Option<jiff::civil::Date>,
    /// When it was fetched.
    #[schemars(with = "Option<String>")]
    pub fetched: Option<jiff::Timestamp>,
    /// Which feed, folder or collection it came from.
    pub source: Option<String>,
    /// The report that it repeats.
    pub copy_of: Option<String>,
    /// The events of the coded document that are the incident.
    pub events: Vec<Event>,
}

/// An incident with all that it rests on.
#[derive(Debug, Serialize, JsonSchema)]
pub struct IncidentShown {
    /// The incident.
    pub incident: Incident,
    /// Its reports, in the order in which they were linked.
    pub reports: Vec<ReportOf>,
}

/// A report of an incident as it is kept.
pub struct Told {
    /// The report.
    pub report: StoredReport,
    /// What the coder made of it.
    pub coded: CodedDocument,
    /// Its events in the incident.
    pub events: Vec<String>,
}

/// The reports of an incident, each once, in the order in which they were linked.
pub fn told(store: &mut dyn Store, incident: &Incident) -> Result<Vec<Told>, store::Error> {
    let name = store.name();
    let mut reports: Vec<Told> = Vec::new();
    for EventKey { report, event } in &incident.events {
        if let Some(told) = reports.iter_mut().find(|told| told.report.id == *report) {
            told.events.push(event.clone());
        } else if let Some(kept) = store.report(report)? {
            let coded = kept.document(&name)?;
            reports.push(Told { report: kept, coded, events: vec![event.clone()] });
        }
    }
    Ok(reports)
}

/// An incident with what its reports say of it, for programs.
#[must_use]
pub fn shown(incident: Incident, reports: Vec<Told>) -> IncidentShown {
    let of = |told: Told| ReportOf {
        report: told.report.id,
        url: told.report.url,
        title: told.report.title,
        publisher: told.report.publisher,
        published: told.report.published,
        fetched: told.report.fetched,
        source: told.report.source,
        copy_of: told.report.copy_of,
        events: told.coded.events.into_iter().filter(|event| told.events.contains(&event.id)).collect(),
    };
    IncidentShown { incident, reports: reports.into_iter().map(of).collect() }
}

/// The names of an incident's fields, by its schema.
pub(crate) fn fields() -> Vec<String> {
    let schema = record::schema("incident").unwrap_or_default();
    schema["properties"].as_object().map(|fields| fields.keys().cloned().collect()).unwrap_or_default()
}

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get("/incidents", "incidents", "Incidents, page by page.")
            .asks(FILTERS)
            .asks(ORDER)
            .asks(PAGING)
            .asks(FIELDS)
            .tagged()
            .answers::<IncidentPage>(200, "A page.")
            .by(list),
        Endpoint::get(
            "/incidents/{id}",
            "incident",
            "An incident with the reports and sentences that it rests on.",
        )
        .tagged()
        .answers::<IncidentShown>(
            200,
            "The incident; its ETag is the version that If-Match is compared with.",
        )
        .answers::<Problem>(308, "It was merged: `location` leads to the incident that it is part of.")
        .by(one),
        Endpoint::get(
            "/incidents/{id}/log",
            "incident-log",
            "The decisions that an incident has come of, oldest first.",
        )
        .answers::<Decisions>(200, "The decisions.")
        .by(log),
    ]
}

async fn list(desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    let filter = ask.asked.filter(&desk.setup.countries)?;
    let page = ask.asked.page(ask.asked.order()?)?;
    let fields: Option<Vec<String>> = ask
        .asked
        .get("fields")
        .map(|fields| fields.split(',').map(|field| field.trim().to_owned()).collect());
    if let Some(unknown) = fields.iter().flatten().find(|field| !desk.fields.contains(*field)) {
        return Err(Problem::parameter("fields", unknown, format!("some of: {}", desk.fields.join(", "))));
    }
    let (setup, memory) = (Arc::clone(&desk.setup), Arc::clone(&desk.memory));
    desk.derived(&ask, move |store| {
        let (found, total) = memory.find(store, &filter, &page, COUNTED)?;
        let total = total.into();
        let items = found.rows.into_iter().map(|mut incident| {
            setup.unname(&mut incident);
            let mut value = serde_json::to_value(incident).unwrap_or_default();
            if let (Some(fields), Some(object)) = (&fields, value.as_object_mut()) {
                object.retain(|name, _| name == "id" || fields.contains(name));
            }
            value
        });
        Ok(IncidentPage { items: items.collect(), total, next: found.next.map(|next| next.to_string()) })
    })
    .await
}

/// The incident of an id that leads nowhere else; where it was merged, the way there.
pub(crate) fn live(
    store: &mut dyn Store,
    id: &str,
    path: impl Fn(&str) -> String,
) -> Result<Incident, Problem> {
    let found = store.incident(id)?.ok_or_else(|| Problem::no_incident(id))?;
    match (&found.merged_into, found.standing) {
        (Some(into), Standing::Merged) => Err(Problem {
            location: Some(path(into)),
            ..Problem::new("moved", format!("{id} was merged into {into}"))
        }),
        _ => Ok(found),
    }
}

async fn one(desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    let setup = Arc::clone(&desk.setup);
    desk.pool
        .read(move |store| {
            let mut incident = live(store, ask.id(), |into| format!("/api/v1/incidents/{into}"))?;
            let tag = tag_of(&incident);
            if has(&ask.headers, &tag) {
                return Ok(unchanged(&tag));
            }
            let mut reports = told(store, &incident)?;
            setup.unname(&mut incident);
            reports.iter_mut().for_each(|told| setup.unname_coded(&mut told.coded));
            Ok(tagged(json(StatusCode::OK, &shown(incident, reports))?, &tag))
        })
        .await
}

/// Decisions.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Decisions {
    /// The decisions.
    pub(crate) items: Vec<Decision>,
}

async fn log(desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    let setup = Arc::clone(&desk.setup);
    desk.pool
        .read(move |store| {
            if store.incident(ask.id())?.is_none() {
                return Err(Problem::no_incident(ask.id()));
            }
            let mut items = store.log(ask.id())?;
            items.iter_mut().for_each(|decision| setup.unname_decision(decision));
            json(StatusCode::OK, &Decisions { items })
        })
        .await
}
