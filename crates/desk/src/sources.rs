//! Sources: how they are, and what a person does with them.

use std::convert::Infallible;
use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use fetch::health::{self, Health};
use fetch::{Done, Due, Fetched, Stop, SystemClock, link};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use record::{HostState, Paused, Source, SourceDay, SourceItem, SourceState, SourceType, TextFrom};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::Store;

use crate::Desk;
use crate::account::Need;
use crate::answer::json;
use crate::endpoint::{Ask, Endpoint};
use crate::problem::Problem;
use crate::users::deed;

/// Days that programs are given.
const SHOWN: i64 = 30;

/// A source, and how it is.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SourceShown {
    /// What it is, as it was defined.
    #[serde(flatten)]
    pub source: Source,
    /// What it calls itself.
    pub title: Option<String>,
    /// What it turned out to be.
    pub found: Option<SourceType>,
    /// new, fine, quiet, failing or paused.
    pub health: &'static str,
    /// What is wrong, in words.
    pub why: Option<String>,
    /// How often in a row it failed.
    pub failures: u32,
    /// The last time that it was asked for.
    #[schemars(with = "Option<String>")]
    pub last_try: Option<Timestamp>,
    /// The last time that it answered and could be read.
    #[schemars(with = "Option<String>")]
    pub last_success: Option<Timestamp>,
    /// The last time that it brought a report that was not there before.
    #[schemars(with = "Option<String>")]
    pub last_new: Option<Timestamp>,
    /// When it is asked for next.
    #[schemars(with = "Option<String>")]
    pub next_try: Option<Timestamp>,
    /// Day by day, oldest first, those on which it was asked for.
    pub days: Vec<SourceDay>,
}

/// A source with what is remembered of it.
pub struct Looked {
    /// Its definition.
    pub source: Source,
    /// What is remembered.
    pub state: SourceState,
    /// How it is.
    pub health: Health,
    /// Its days, as far back as health is judged by.
    pub days: Vec<SourceDay>,
}

impl Looked {
    /// For programs.
    #[must_use]
    pub fn shown(self, now: Timestamp) -> SourceShown {
        let today = now.to_zoned(TimeZone::UTC).date();
        let first = today.checked_sub(SHOWN.days()).unwrap_or(Date::MIN);
        let Self { source, state, health, mut days } = self;
        days.retain(|day| day.day >= first);
        SourceShown {
            title: state.title,
            found: state.kind,
            health: health.as_str(),
            why: health.words(),
            failures: state.failures,
            last_try: state.last_try,
            last_success: state.last_success,
            last_new: state.last_new,
            next_try: state.next_try,
            days,
            source,
        }
    }
}

/// Every source and how it is, by folder and name.
pub fn looked(store: &mut dyn Store, now: Timestamp) -> Result<Vec<Looked>, store::Error> {
    let today = now.to_zoned(TimeZone::UTC).date();
    let window = health::WINDOW.max(SHOWN);
    let from = today.checked_sub(window.days()).unwrap_or(Date::MIN);
    let mut all = store.sources()?;
    all.sort_by(|(one, _), (other, _)| (&one.folder, &one.name).cmp(&(&other.folder, &other.name)));
    all.into_iter()
        .map(|(source, state)| {
            let days = store.source_days(&source.id, from)?;
            let health = health::health(&source, &state, &days, now);
            Ok(Looked { source, state, health, days })
        })
        .collect()
}

/// The sources.
#[derive(Debug, Serialize, JsonSchema)]
struct SourcesPage {
    /// By folder and name.
    items: Vec<SourceShown>,
}

/// What asking a source would bring.
#[derive(Debug, Serialize, JsonSchema)]
struct Tried {
    /// What it is.
    kind: Option<SourceType>,
    /// What it calls itself.
    title: Option<String>,
    /// Items that brought a report.
    read: u32,
    /// Items that brought none.
    refused: u32,
    /// What went wrong, in words.
    error: Option<String>,
    /// What to do about it.
    hint: Option<String>,
    /// What else is to be said.
    notes: Vec<String>,
    /// The reports: their headlines, addresses and days.
    reports: Vec<TriedReport>,
}

/// A report that a source would bring.
#[derive(Debug, Serialize, JsonSchema)]
struct TriedReport {
    /// Headline.
    title: Option<String>,
    /// Where it is published.
    url: Option<String>,
    /// The day of publication.
    #[schemars(with = "Option<String>")]
    published: Option<Date>,
    /// Characters of its text.
    chars: usize,
}

pub(crate) fn endpoints() -> Vec<Endpoint> {
    let one = |path, name, about, need| Endpoint::post(path, name, about, need);
    vec![
        one("/sources", "source-add", "Add a source; it is fetched in the next round.", Need::Sources)
            .takes::<Adding>()
            .answers::<SourceShown>(201, "The source.")
            .by(add),
        Endpoint::delete(
            "/sources/{id}",
            "source-remove",
            "Forget a source and what is remembered of fetching it; its reports stay.",
            Need::Sources,
        )
        .gives(204, "It is forgotten.", "")
        .by(remove),
        Endpoint::get("/sources", "sources", "The sources, and how they are.")
            .answers::<SourcesPage>(200, "The sources.")
            .by(list),
        one("/sources/{id}/pause", "source-pause", "Fetch a source no more.", Need::Sources)
            .answers::<SourceShown>(200, "The source.")
            .by(|desk, ask| change(desk, ask, Wish::Pause)),
        one(
            "/sources/{id}/resume",
            "source-resume",
            "Fetch a source in the next round, whatever came of it before.",
            Need::Sources,
        )
        .answers::<SourceShown>(200, "The source.")
        .by(|desk, ask| change(desk, ask, Wish::Resume)),
        one("/sources/{id}/try", "source-try", "Ask a source now, and keep nothing.", Need::Sources)
            .answers::<Tried>(200, "What it would bring.")
            .by(attempt),
    ]
}

async fn list(desk: Arc<Desk>, _ask: Ask) -> Result<Response, Problem> {
    desk.pool
        .read(|store| {
            let now = Timestamp::now();
            let items = looked(store, now)?.into_iter().map(|looked| looked.shown(now)).collect();
            json(StatusCode::OK, &SourcesPage { items })
        })
        .await
}

/// Characters of a name that is given at most.
const LONGEST: usize = 200;

/// A source to be added.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Adding {
    /// Address of a feed, a sitemap, a robots.txt that names sitemaps, or a page that lists articles.
    url: String,
    /// What to call it; as it calls itself where it is not said.
    #[serde(default)]
    name: Option<String>,
    /// Folder to put it in, with slashes between folders in folders.
    #[serde(default)]
    folder: Option<String>,
    /// What it is; auto looks.
    #[serde(default)]
    kind: SourceType,
    /// Where the text of a report is taken from.
    #[serde(default)]
    text: TextFrom,
    /// Who publishes it; stands above what its pages say.
    #[serde(default)]
    publisher: Option<String>,
    /// Language, a BCP 47 tag such as en, where its pages do not say.
    #[serde(default)]
    language: Option<String>,
    /// Minutes between two fetches, from 1 to 10,080; as for all where it is not said.
    #[serde(default)]
    #[schemars(range(min = 1, max = 10_080))]
    every: Option<u32>,
}

/// What a source is called as long as nobody says and it was not asked.
#[must_use]
pub fn name_of(url: &str) -> String {
    link::parse(url).map_or_else(
        |_| url.to_owned(),
        |url| link::named(&url).trim_start_matches("https://").trim_start_matches("http://").to_owned(),
    )
}

/// A folder as it is typed.
#[must_use]
pub fn folder(typed: &str) -> Vec<String> {
    typed.split('/').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// An id for a new source: that of its address, unless another had the address once and moved.
#[must_use]
pub fn free_id(url: &str, all: &[(Source, SourceState)]) -> String {
    let mut id = fetch::source_id(url);
    let mut number = 1;
    while all.iter().any(|(source, _)| source.id == id) {
        number += 1;
        id = fetch::source_id(&format!("{url} {number}"));
    }
    id
}

async fn add(desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    let asked: Adding = ask.json()?;
    let url = link::parse(&asked.url)
        .map_err(|failure| Problem::field("url", failure.to_string(), "an address").hint(failure.hint))?
        .to_string();
    let said = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    for (field, text) in [("name", &asked.name), ("folder", &asked.folder), ("publisher", &asked.publisher)] {
        if text
            .as_ref()
            .is_some_and(|text| text.chars().count() > LONGEST || text.chars().any(char::is_control))
        {
            return Err(Problem::field(
                field,
                format!("`{field}` cannot be that"),
                format!("one line of at most {LONGEST} characters"),
            ));
        }
    }
    if asked.every.is_some_and(|every| !(1..=10_080).contains(&every)) {
        return Err(Problem::field("every", "no such number of minutes", "a whole number from 1 to 10080"));
    }
    if let Some(language) = said(asked.language.clone())
        && !fetch::is_language_tag(&language)
    {
        return Err(Problem::field(
            "language",
            format!("`{language}` is no language tag"),
            "a BCP 47 tag such as en",
        ));
    }
    desk.pool
        .write(move |store| {
            let all = store.sources()?;
            if let Some((there, _)) = all.iter().find(|(source, _)| source.url == url) {
                let problem = Problem {
                    place: Some("url".to_owned()),
                    ..Problem::new("refused", format!("it is there already: {} ({})", there.name, there.id))
                };
                return Err(problem.hint("remove it first, to add it otherwise"));
            }
            let now = Timestamp::now();
            let source = Source {
                id: free_id(&url, &all),
                name: said(asked.name).unwrap_or_else(|| name_of(&url)),
                page: None,
                folder: asked.folder.as_deref().map(folder).unwrap_or_default(),
                kind: asked.kind,
                text: asked.text,
                publisher: said(asked.publisher),
                language: said(asked.language),
                every: asked.every,
                added: now,
                paused: None,
                url,
            };
            store.put_sources(std::slice::from_ref(&source))?;
            store.add_deed(&deed(&ask.caller, "added a source", &source.id))?;
            let added = looked(store, now)?.into_iter().find(|looked| looked.source.id == source.id);
            json(StatusCode::CREATED, &added.ok_or_else(|| no_source(&source.id))?.shown(now))
        })
        .await
}

async fn remove(desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    desk.pool
        .write(move |store| {
            let id = ask.id();
            if !store.remove_source(id)? {
                return Err(no_source(id));
            }
            store.add_deed(&deed(&ask.caller, "removed a source", id))?;
            Ok(StatusCode::NO_CONTENT.into_response())
        })
        .await
}

#[derive(Clone, Copy)]
enum Wish {
    Pause,
    Resume,
}

fn no_source(id: &str) -> Problem {
    Problem::new("not-found", format!("there is no source {id}"))
        .hint("GET /api/v1/sources lists them; ids begin with S-")
}

async fn change(desk: Arc<Desk>, ask: Ask, wish: Wish) -> Result<Response, Problem> {
    desk.pool
        .write(move |store| {
            let now = Timestamp::now();
            let id = ask.id();
            let found = store.sources()?.into_iter().find(|(source, _)| source.id == id);
            let Some((source, _)) = found else { return Err(no_source(id)) };
            let what = match wish {
                Wish::Pause => {
                    let paused = Some(Paused { at: now, why: format!("paused by {}", ask.caller.name) });
                    store.put_sources(&[Source { paused, ..source }])?;
                    "paused a source"
                }
                Wish::Resume => {
                    store.wake_source(id)?;
                    "resumed a source"
                }
            };
            store.add_deed(&deed(&ask.caller, what, id))?;
            let now_it_is = looked(store, now)?.into_iter().find(|looked| looked.source.id == id);
            json(StatusCode::OK, &now_it_is.ok_or_else(|| no_source(id))?.shown(now))
        })
        .await
}

/// Remembers nothing.
#[derive(Default)]
struct Blank {
    reports: Vec<Fetched>,
    done: Vec<Done>,
}

impl fetch::Desk for Blank {
    type Error = Infallible;

    fn known(&mut self, _: &str, keys: &[String]) -> Result<Vec<Option<SourceItem>>, Infallible> {
        Ok(vec![None; keys.len()])
    }

    fn waiting(&mut self, _: &str, _: usize) -> Result<Vec<SourceItem>, Infallible> {
        Ok(Vec::new())
    }

    fn host(&mut self, _: &str) -> Result<HostState, Infallible> {
        Ok(HostState::default())
    }

    fn keep_host(&mut self, _: &str, _: &HostState) -> Result<(), Infallible> {
        Ok(())
    }

    fn take(&mut self, fetched: Fetched) -> Result<(), Infallible> {
        self.reports.push(fetched);
        Ok(())
    }

    fn done(&mut self, done: Done) -> Result<(), Infallible> {
        self.done.push(done);
        Ok(())
    }
}

/// Items that are read to try a source.
const TRIED: u16 = 5;

async fn attempt(desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    let id = ask.id().to_owned();
    let source = desk.pool.read(move |store| {
        let found = store.sources()?.into_iter().find(|(source, _)| source.id == id);
        found.map(|(source, _)| source).ok_or_else(|| no_source(&id))
    });
    let source = source.await?;
    let settings = fetch::Settings { max_items: TRIED, ..desk.setup.fetch.clone() };
    let tried = tokio::task::spawn_blocking(move || {
        let mut blank = Blank::default();
        // As if it had been asked for before: so that what gives no day is read too.
        let state = SourceState { begun: true, ..SourceState::default() };
        let Ok(()) = fetch::round(
            vec![Due { source, state }],
            &settings,
            &SystemClock::default(),
            &Stop::default(),
            0,
            &mut blank,
        );
        blank
    });
    let mut blank = tried.await.map_err(|_| Problem::new("broken", "the source could not be tried"))?;
    let Some(done) = blank.done.pop() else {
        return Err(Problem::new("broken", "nothing came of trying the source"));
    };
    let (error, hint) = done.failure.map(|failure| (failure.error, failure.hint)).unzip();
    let reports = blank.reports.into_iter().map(|fetched| TriedReport {
        chars: fetched.report.text.chars().count(),
        title: fetched.report.title,
        url: fetched.report.url,
        published: fetched.report.published,
    });
    let tried = Tried {
        kind: done.state.kind,
        title: done.state.title,
        read: done.day.new,
        refused: done.day.refused,
        error,
        hint,
        notes: done.notes,
        reports: reports.collect(),
    };
    json(StatusCode::OK, &tried)
}
