//! Reports: the archived text with what was coded of it, and searches.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use record::CodedDocument;
use schemars::JsonSchema;
use serde::Serialize;
use store::find::{Order, ReportRow};
use store::{Store, StoredReport};

use crate::Desk;
use crate::answer::{has, json, tagged, unchanged};
use crate::asked::{PAGING, REPORTS};
use crate::endpoint::{Ask, Endpoint};
use crate::incidents::Total;
use crate::problem::Problem;

/// How far matches are counted.
const COUNTED: u64 = 1_000_000;

/// An event of a report, and where it belongs.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Home {
    /// The event's id in the coded document.
    pub event: String,
    /// The incident as it stands now; null where the event belongs to none.
    pub incident: Option<String>,
}

/// A report as it is archived.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReportShown {
    /// Its id.
    pub report: String,
    /// SHA-256 of the text, in hexadecimal digits.
    pub text_sha256: String,
    /// When it was fetched.
    #[schemars(with = "Option<String>")]
    pub fetched: Option<jiff::Timestamp>,
    /// Which feed, folder or collection it came from.
    pub source: Option<String>,
    /// The headers that it was sent with.
    pub headers: BTreeMap<String, String>,
    /// The report that it repeats.
    pub copy_of: Option<String>,
    /// Its events, and the incident of each.
    pub incidents: Vec<Home>,
    /// What the coder made of it; offsets are code points of `text`.
    pub coded: CodedDocument,
    /// The text that the coder read.
    pub text: String,
}

/// A report with all that is kept of it; `None` where there is no such report.
pub fn shown(store: &mut dyn Store, id: &str) -> Result<Option<(ReportShown, StoredReport)>, store::Error> {
    let Some(kept) = store.report(id)? else { return Ok(None) };
    let homes = store.events(id)?.into_iter().map(|(key, incident)| Home { event: key.event, incident });
    let shown = ReportShown {
        report: kept.id.clone(),
        text_sha256: kept.text_sha256.clone(),
        fetched: kept.fetched,
        source: kept.source.clone(),
        headers: kept.headers.clone(),
        copy_of: kept.copy_of.clone(),
        incidents: homes.collect(),
        coded: kept.document(&store.name())?,
        text: kept.text.clone(),
    };
    Ok(Some((shown, kept)))
}

/// A page of reports.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ReportPage {
    /// The reports, the one published last first, without their texts.
    items: Vec<ReportRow>,
    /// How many there are in all.
    total: Total,
    /// The cursor of the next page; null on the last.
    next: Option<String>,
}

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get("/reports", "reports", "Reports, the one published last first.")
            .asks(REPORTS)
            .asks(PAGING)
            .tagged()
            .answers::<ReportPage>(200, "A page.")
            .by(list),
        Endpoint::get(
            "/reports/{id}",
            "report",
            "An archived report, with its text and what was coded of it.",
        )
        .tagged()
        .answers::<ReportShown>(200, "The report.")
        .by(one),
    ]
}

async fn list(desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    let filter = ask.asked.reports()?;
    let page = ask.asked.page(Order::Newest)?;
    desk.derived(&ask, move |store| {
        let found = store.find_reports(&filter, &page)?;
        let total = store.count_reports(&filter, COUNTED)?.into();
        Ok(ReportPage { items: found.rows, total, next: found.next.map(|next| next.to_string()) })
    })
    .await
}

async fn one(desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    let setup = Arc::clone(&desk.setup);
    desk.pool
        .read(move |store| {
            let (mut shown, kept) = shown(store, ask.id())?.ok_or_else(|| Problem::no_report(ask.id()))?;
            setup.unname_coded(&mut shown.coded);
            let homes = serde_json::to_string(&shown.incidents).unwrap_or_default();
            let state = format!("{} {} {homes} {:?}", kept.text_sha256, kept.coded_sha256, kept.copy_of);
            let hash = store::log::sha256(state.as_bytes());
            let tag = format!("\"{}-{}\"", hash.get(..16).unwrap_or(&hash), setup.tag);
            if has(&ask.headers, &tag) {
                return Ok(unchanged(&tag));
            }
            Ok(tagged(json(StatusCode::OK, &shown)?, &tag))
        })
        .await
}
