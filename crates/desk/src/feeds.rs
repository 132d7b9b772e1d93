//! Feeds of any filter: Atom (RFC 4287) and JSON Feed 1.1. What was touched last comes first, so a reader sees corrections too.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::http::{HeaderMap, header};
use axum::response::Response;
use jiff::Timestamp;
use record::Incident;
use serde_json::{Value, json};
use store::Store;
use store::find::{Filter, Order, Page};

use crate::asked::{FEED, FILTERS};
use crate::docs::escaped;
use crate::endpoint::{Ask, Endpoint};
use crate::exporting::Moments;
use crate::problem::Problem;
use crate::words::{days, range, title};
use crate::{Desk, Setup};

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get(
            "/feeds/incidents.atom",
            "feed-atom",
            "The incidents of a filter as an Atom feed, the last touched first.",
        )
        .asks(FEED)
        .asks(FILTERS)
        .tagged()
        .gives(200, "The feed.", "application/atom+xml")
        .by(atom),
        Endpoint::get(
            "/feeds/incidents.json",
            "feed-json",
            "The incidents of a filter as a JSON Feed, the last touched first.",
        )
        .asks(FEED)
        .asks(FILTERS)
        .tagged()
        .gives(200, "The feed.", "application/feed+json")
        .by(json_feed),
    ]
}

/// Where this desk is, as its reader called it.
pub(crate) fn base(headers: &HeaderMap) -> String {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let scheme =
        header("x-forwarded-proto").filter(|scheme| matches!(*scheme, "http" | "https")).unwrap_or("http");
    let host = header(header::HOST.as_str()).unwrap_or("localhost");
    // A host has only these: what is no host is not written into the feed.
    let plain =
        host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']' | '_'));
    format!("{scheme}://{}", if plain { host } else { "localhost" })
}

/// One line of a feed.
struct Line {
    incident: Incident,
    title: String,
    summary: String,
    changed: Timestamp,
}

fn lines(
    store: &mut dyn Store,
    filter: &Filter,
    limit: usize,
    setup: &Setup,
) -> Result<Vec<Line>, store::Error> {
    let mut moments = Moments::default();
    let found = store.find(filter, &Page { order: Order::Touched, after: None, limit })?;
    found
        .rows
        .into_iter()
        .map(|mut incident| {
            let changed = moments.of(store, incident.updated)?.unwrap_or(Timestamp::UNIX_EPOCH);
            setup.unname(&mut incident);
            let title = format!("{}: {}", days(&incident), title(&incident, &setup.countries));
            Ok(Line { summary: summary(&incident), title, changed, incident })
        })
        .collect()
}

/// What is held of an incident, in a few sentences.
fn summary(incident: &Incident) -> String {
    let mut told = String::new();
    let parties = |parties: &[record::Party]| {
        parties.iter().filter_map(|party| party.label.clone()).collect::<Vec<_>>().join(", ")
    };
    // Writing to a string does not fail.
    for (what, who) in [("By", parties(&incident.actors)), ("Against", parties(&incident.recipients))] {
        if !who.is_empty() {
            let _ = write!(told, "{what} {who}. ");
        }
    }
    for (harm, figures) in &incident.figures {
        let word = harm.as_str().replace('_', " ");
        let _ = write!(told, "{} {word}. ", range(figures.low, figures.best, figures.high));
    }
    let outlets: Vec<&str> =
        incident.sources.iter().filter_map(|outlet| outlet.publisher.as_deref()).collect();
    let _ = write!(
        told,
        "{} independent {}{}. Status: {}; surest report {:.0} %.",
        incident.independent_reports,
        if incident.independent_reports == 1 { "report" } else { "reports" },
        if outlets.is_empty() { String::new() } else { format!(" ({})", outlets.join(", ")) },
        incident.status.as_str(),
        incident.confidence * 100.0
    );
    told
}

async fn feed(
    desk: Arc<Desk>,
    ask: Ask,
    kind: &'static str,
    write: impl FnOnce(&[Line], &Setup, &str, &str) -> String + Send + 'static,
) -> Result<Response, Problem> {
    let filter = ask.asked.filter(&desk.setup.countries)?;
    let limit: usize = ask.asked.number("limit", 1, 500, 50)?;
    let (setup, base) = (Arc::clone(&desk.setup), base(&ask.headers));
    let own = format!("{base}{}", ask.uri.path_and_query().map_or("", |path| path.as_str()));
    desk.derived_as(kind, &ask, move |store| {
        Ok(write(&lines(store, &filter, limit, &setup)?, &setup, &base, &own).into_bytes())
    })
    .await
}

async fn atom(desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    feed(desk, ask, "application/atom+xml; charset=utf-8", |lines, setup, base, own| {
        // XML has no characters below the space but these, however they are escaped.
        let text = |text: &str| -> String {
            escaped(&text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect::<String>())
        };
        let updated = lines.iter().map(|line| line.changed).max().unwrap_or(Timestamp::UNIX_EPOCH);
        let mut out = format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n<title>Watchpost: {}</title>\n\
             <id>{}</id>\n<link rel=\"self\" href=\"{}\"/>\n<link href=\"{}/\"/>\n<updated>{updated}</updated>\n\
             <author><name>Watchpost</name></author>\n",
            text(&setup.project),
            text(own),
            text(own),
            text(base),
        );
        for line in lines {
            let id = text(&line.incident.id);
            let _ = write!(
                out,
                "<entry>\n<title>{}</title>\n<id>urn:watchpost:{}:{id}</id>\n<link href=\"{}/incidents/{id}\"/>\n\
                 <updated>{}</updated>\n<summary>{}</summary>\n",
                text(&line.title),
                text(&plain(&setup.project)),
                text(base),
                line.changed,
                text(&line.summary),
            );
            if let Some(kind) = line.incident.sub_event_type {
                let _ = writeln!(out, "<category term=\"{}\"/>", text(kind.as_str()));
            }
            out.push_str("</entry>\n");
        }
        out + "</feed>\n"
    })
    .await
}

/// Letters and digits that can stand in an id.
fn plain(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

async fn json_feed(desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    feed(desk, ask, "application/feed+json", |lines, setup, base, own| {
        let items: Vec<Value> = lines
            .iter()
            .map(|line| {
                json!({
                    "id": format!("urn:watchpost:{}:{}", plain(&setup.project), line.incident.id),
                    "url": format!("{base}/incidents/{}", line.incident.id),
                    "title": line.title,
                    "content_text": line.summary,
                    "date_modified": line.changed,
                    "tags": line.incident.sub_event_type.map(|kind| vec![kind.as_str()]).unwrap_or_default(),
                })
            })
            .collect();
        let feed = json!({
            "version": "https://jsonfeed.org/version/1.1",
            "title": format!("Watchpost: {}", setup.project),
            "home_page_url": format!("{base}/"),
            "feed_url": own,
            "language": "en",
            "items": items,
        });
        feed.to_string()
    })
    .await
}
