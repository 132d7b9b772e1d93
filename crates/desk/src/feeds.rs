//! Feeds of any filter: Atom (RFC 4287) and JSON Feed 1.1. What was touched last comes first, so a reader sees corrections too.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::http::{HeaderMap, header};
use axum::response::Response;
use jiff::Timestamp;
use record::{Became, Incident, Situation};
use serde_json::{Value, json};
use store::Store;
use store::find::{self, Filter, Order};

use crate::asked::{ALARMS, FEED, FILTERS};
use crate::docs::escaped;
use crate::endpoint::{Ask, Endpoint};
use crate::exporting::Moments;
use crate::problem::Problem;
use crate::words::{days, headline, range, title};
use crate::{Desk, Setup};

pub(crate) fn endpoints() -> Vec<Endpoint> {
    let incidents_feed =
        |path, name, about| Endpoint::get(path, name, about).asks(FEED).asks(FILTERS).tagged();
    let situations_feed = |path, name, about| Endpoint::get(path, name, about).asks(ALARMS).tagged();
    vec![
        incidents_feed(
            "/feeds/incidents.atom",
            "feed-atom",
            "The incidents of a filter as an Atom feed, the last touched first.",
        )
        .gives(200, "The feed.", "application/atom+xml")
        .by(|desk, ask| incidents(desk, ask, Format::Atom)),
        incidents_feed(
            "/feeds/incidents.json",
            "feed-json",
            "The incidents of a filter as a JSON Feed, the last touched first.",
        )
        .gives(200, "The feed.", "application/feed+json")
        .by(|desk, ask| incidents(desk, ask, Format::Json)),
        situations_feed(
            "/feeds/situations.atom",
            "alarms-atom",
            "What turned worse as an Atom feed, the last updated first; a situation is one entry, which is updated.",
        )
        .gives(200, "The feed.", "application/atom+xml")
        .by(|desk, ask| situations(desk, ask, Format::Atom)),
        situations_feed(
            "/feeds/situations.json",
            "alarms-json",
            "What turned worse as a JSON Feed, the last updated first; a situation is one item, which is updated.",
        )
        .gives(200, "The feed.", "application/feed+json")
        .by(|desk, ask| situations(desk, ask, Format::Json)),
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

fn of_incidents(
    store: &mut dyn Store,
    filter: &Filter,
    limit: usize,
    setup: &Setup,
) -> Result<Vec<Entry>, store::Error> {
    let mut moments = Moments::default();
    let found = store.find(filter, &find::Page { order: Order::Touched, after: None, limit })?;
    found
        .rows
        .into_iter()
        .map(|mut incident| {
            let changed = moments.of(store, incident.updated)?.unwrap_or(Timestamp::UNIX_EPOCH);
            setup.unname(&mut incident);
            Ok(Entry {
                path: format!("/incidents/{}", incident.id),
                title: format!("{}: {}", days(&incident), title(&incident, &setup.countries)),
                text: summary(&incident),
                tags: incident.sub_event_type.iter().map(|kind| kind.as_str().to_owned()).collect(),
                id: incident.id,
                changed,
            })
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

/// A feed, as both formats have it.
struct Page<'a> {
    title: String,
    base: &'a str,
    own: &'a str,
    project: &'a str,
    entries: Vec<Entry>,
}

/// An entry of a feed.
struct Entry {
    id: String,
    /// Below the desk's address.
    path: String,
    title: String,
    text: String,
    changed: Timestamp,
    tags: Vec<String>,
}

/// Who the entries of one project are told apart from those of others by.
fn urn(page: &Page<'_>, entry: &Entry) -> String {
    format!("urn:watchpost:{}:{}", plain(page.project), entry.id)
}

fn atom(page: &Page<'_>) -> String {
    // XML has no characters below the space but these, however they are escaped.
    let text = |text: &str| -> String {
        escaped(&text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect::<String>())
    };
    let updated = page.entries.iter().map(|entry| entry.changed).max().unwrap_or(Timestamp::UNIX_EPOCH);
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n<title>{}</title>\n\
         <id>{own}</id>\n<link rel=\"self\" href=\"{own}\"/>\n<link href=\"{}/\"/>\n<updated>{updated}</updated>\n\
         <author><name>Watchpost</name></author>\n",
        text(&page.title),
        text(page.base),
        own = text(page.own),
    );
    for entry in &page.entries {
        // Writing to a string does not fail.
        let _ = write!(
            out,
            "<entry>\n<title>{}</title>\n<id>{}</id>\n<link href=\"{}{}\"/>\n<updated>{}</updated>\n<summary>{}</summary>\n",
            text(&entry.title),
            text(&urn(page, entry)),
            text(page.base),
            text(&entry.path),
            entry.changed,
            text(&entry.text),
        );
        for tag in &entry.tags {
            let _ = writeln!(out, "<category term=\"{}\"/>", text(tag));
        }
        out.push_str("</entry>\n");
    }
    out + "</feed>\n"
}

fn json_feed(page: &Page<'_>) -> String {
    let items: Vec<Value> = page
        .entries
        .iter()
        .map(|entry| {
            json!({
                "id": urn(page, entry),
                "url": format!("{}{}", page.base, entry.path),
                "title": entry.title,
                "content_text": entry.text,
                "date_modified": entry.changed,
                "tags": entry.tags,
            })
        })
        .collect();
    let feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": page.title,
        "home_page_url": format!("{}/", page.base),
        "feed_url": page.own,
        "language": "en",
        "items": items,
    });
    feed.to_string()
}

/// How a feed is written.
#[derive(Clone, Copy)]
enum Format {
    Atom,
    Json,
}

impl Format {
    const fn media_type(self) -> &'static str {
        match self {
            Self::Atom => "application/atom+xml; charset=utf-8",
            Self::Json => "application/feed+json",
        }
    }
}

/// Answers with a feed of what `entries` finds.
async fn feed(
    desk: Arc<Desk>,
    ask: Ask,
    format: Format,
    of: &'static str,
    entries: impl FnOnce(&mut dyn Store, &Setup) -> Result<Vec<Entry>, store::Error> + Send + 'static,
) -> Result<Response, Problem> {
    let (setup, base) = (Arc::clone(&desk.setup), base(&ask.headers));
    let own = format!("{base}{}", ask.uri.path_and_query().map_or("", |path| path.as_str()));
    desk.derived_as(format.media_type(), &ask, move |store| {
        let page = Page {
            title: format!("Watchpost: {}{of}", setup.project),
            base: &base,
            own: &own,
            project: &setup.project,
            entries: entries(store, &setup)?,
        };
        Ok(match format {
            Format::Atom => atom(&page),
            Format::Json => json_feed(&page),
        }
        .into_bytes())
    })
    .await
}

async fn incidents(desk: Arc<Desk>, ask: Ask, format: Format) -> Result<Response, Problem> {
    let filter = ask.asked.filter(&desk.setup.countries)?;
    let limit: usize = ask.asked.number("limit", 1, 500, 50)?;
    feed(desk, ask, format, "", move |store, setup| of_incidents(store, &filter, limit, setup)).await
}

async fn situations(desk: Arc<Desk>, ask: Ask, format: Format) -> Result<Response, Problem> {
    let limit: usize = ask.asked.number("limit", 1, 500, 50)?;
    let countries = ask.asked.filter(&desk.setup.countries)?.countries;
    feed(desk, ask, format, ", what turned worse", move |store, setup| {
        let mut found = store.situations(false, usize::MAX)?;
        let among =
            |situation: &Situation| situation.countries.iter().any(|country| countries.contains(country));
        // What joined another is told there.
        found.retain(|situation| {
            situation.state != Became::Joined && (countries.is_empty() || among(situation))
        });
        found.truncate(limit);
        Ok(found.iter().map(|situation| of_situation(situation, setup)).collect())
    })
    .await
}

fn of_situation(situation: &Situation, setup: &Setup) -> Entry {
    let state = situation.state.as_str();
    let mut text = format!(
        "{}. {} {}, told by {} independent {}. {}",
        capital(state),
        situation.incidents.len(),
        if situation.incidents.len() == 1 { "incident" } else { "incidents" },
        situation.independent_reports,
        if situation.independent_reports == 1 { "report" } else { "reports" },
        sentence(&situation.reason),
    );
    if situation.acknowledged.is_some() {
        text.push_str(" It was acknowledged.");
    }
    Entry {
        id: situation.id.clone(),
        path: format!("/watch/{}", situation.id),
        title: headline(situation, &setup.countries),
        text,
        changed: situation.updated,
        tags: vec![state.to_owned()],
    }
}

/// With a full stop.
fn sentence(words: &str) -> String {
    let words = words.trim();
    if words.is_empty() || words.ends_with(['.', '!', '?']) { words.to_owned() } else { format!("{words}.") }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Letters and digits that can stand in an id.
fn plain(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}
