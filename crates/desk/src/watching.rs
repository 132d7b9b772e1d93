//! What the watch has found and foreseen, and what others say: situations and what persons say of them, series with the band that was
//! expected, forecasts with their record, statements held against the record.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use lookout::due::{self, Said, SpeakerRecord, State, StatementFilter};
use lookout::issue::{self, Issued, Scored, Worth};
use lookout::{By, Kept, Measure, Question};
use record::{AuthorKind, ForecastOf, Situation, WatchEntry, WatchNote};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::find::{Filter, ReportFilter};
use store::{Noting, Stamp};
use watch::surge::{Detector, Prior};
use watch::{Every, Series};

use crate::Desk;
use crate::account::Need;
use crate::answer::json as answer;
use crate::asked::{FORECASTS, SERIES, SITUATIONS, SPEAKERS, STATEMENTS, STATEMENTS_PAGED, SURGES};
use crate::endpoint::{Ask, Endpoint};
use crate::problem::Problem;

/// Situations.
#[derive(Debug, Serialize, JsonSchema)]
struct Situations {
    /// Those updated last first.
    items: Vec<Situation>,
}

/// Why a situation is acknowledged.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Acknowledging {
    /// Why, for whoever reads it later.
    why: String,
}

/// For how long nothing is to be said of a situation, and why.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Snoozing {
    /// The last day of silence.
    #[schemars(with = "String", extend("format" = "date"))]
    until: Date,
    /// Why, for whoever reads it later.
    why: String,
}

/// A series with what the past let one expect.
#[derive(Debug, Serialize, JsonSchema)]
struct SeriesShown {
    /// Its name.
    name: String,
    /// What makes it a series.
    by: String,
    /// day, week or month.
    every: &'static str,
    /// incidents, deaths or reports.
    count_of: String,
    /// Its periods, the oldest first.
    items: Vec<Point>,
}

/// A period of a series.
#[derive(Debug, Serialize, JsonSchema)]
struct Point {
    /// Its first day.
    date: String,
    /// What was seen; null where nothing was read.
    count: Option<u32>,
    /// What was expected; null where too little is known.
    expected: Option<f64>,
    /// The largest count that is no alarm.
    upper: Option<f64>,
    /// How likely so high a count is where nothing has changed.
    p_value: Option<f64>,
    /// Whether it is more than is let pass.
    alarm: bool,
}

/// The last whole periods of many series.
#[derive(Debug, Serialize, JsonSchema)]
struct Surges {
    /// The least likely first.
    items: Vec<Surge>,
    /// Series with too little past to be judged.
    unjudged: usize,
}

/// The last whole period of a series.
#[derive(Debug, Serialize, JsonSchema)]
struct Surge {
    /// What makes it a series.
    by: String,
    /// The series.
    series: String,
    /// The period.
    #[serde(flatten)]
    point: Point,
    /// The incidents of the period.
    incidents: Vec<String>,
}

/// A situation, and how it came to be what it is.
#[derive(Debug, Serialize, JsonSchema)]
struct SituationShown {
    #[serde(flatten)]
    situation: Situation,
    /// What was noted of it, the oldest first.
    history: Vec<Step>,
}

/// Something that was noted of a situation.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Step {
    /// Its place in the watch's log.
    pub seq: u64,
    /// When.
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// By whom: a person, or a part of the program.
    pub by: String,
    /// What: opened, grew, eased, closed, joined, acknowledged, snoozed until a day, …
    pub what: String,
    /// Why, in words.
    pub why: String,
    /// What the situation said from then on.
    pub says: Option<String>,
}

impl From<WatchEntry> for Step {
    fn from(entry: WatchEntry) -> Self {
        let (what, says) = match entry.note {
            WatchNote::Situation { situation } => (situation.state.as_str().to_owned(), Some(situation.says)),
            WatchNote::Acknowledged { .. } => ("acknowledged".to_owned(), None),
            WatchNote::Snoozed { until, .. } => (format!("snoozed until {until}"), None),
            WatchNote::Forecast { .. } | WatchNote::Came { .. } => (entry.note.kind().to_owned(), None),
        };
        let by = match entry.by.kind {
            AuthorKind::Person => entry.by.name,
            AuthorKind::Machine => format!("{} (program)", entry.by.name),
        };
        Self { seq: entry.seq, at: entry.at, by, what, why: entry.why, says }
    }
}

/// Forecasts.
#[derive(Debug, Serialize, JsonSchema)]
struct Forecasts {
    /// The last issued first.
    items: Vec<ForecastShown>,
    /// What forecasts of each model and unit were worth so far.
    models: Vec<Worth>,
    /// The cursor of the next page; null on the last.
    next: Option<String>,
}

/// A forecast as it was issued, with what came.
#[derive(Debug, Serialize, JsonSchema)]
struct ForecastShown {
    /// Its id.
    id: String,
    /// When it was issued.
    #[schemars(with = "String")]
    issued: Timestamp,
    /// The model.
    model: String,
    /// What it was asked of.
    of: ForecastOf,
    /// Periods ahead.
    horizon: u32,
    /// Draws of each.
    draws: u32,
    /// The place of the log of decisions that it knew.
    cursor: u64,
    /// Series and periods whose day has not come.
    waiting: Option<usize>,
    /// Series by series, period by period.
    periods: Vec<ForecastPeriod>,
    /// What forecasts of this model and unit were worth so far.
    record: Option<Worth>,
}

/// What was foreseen of one period of a series.
#[derive(Debug, Serialize, JsonSchema)]
struct ForecastPeriod {
    /// The series.
    series: String,
    /// The first day of the period.
    date: Option<Date>,
    /// The median of the draws.
    median: Option<f64>,
    /// Their 5 % quantile.
    low: Option<f64>,
    /// Their 95 % quantile.
    high: Option<f64>,
    /// What came, as the record stands; null where its day has not come.
    came: Option<u32>,
}

/// Statements.
#[derive(Debug, Serialize, JsonSchema)]
struct Statements {
    /// In the newest reports first.
    items: Vec<Said>,
    /// The cursor of the next page; null on the last.
    next: Option<String>,
}

/// What speakers were worth.
#[derive(Debug, Serialize, JsonSchema)]
struct Speakers {
    /// Those with the most statements first.
    items: Vec<SpeakerRecord>,
}

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get("/watch/situations", "situations", "What turned worse: alarms that belong together, each thread once.")
            .asks(SITUATIONS)
            .answers::<Situations>(200, "The situations.")
            .by(situations),
        Endpoint::get("/watch/situations/{id}", "situation", "A situation, and how it came to be what it is.")
            .answers::<SituationShown>(200, "The situation.")
            .by(situation),
        Endpoint::post("/watch/situations/{id}/acknowledge", "situation-acknowledge", "Say that a situation was seen; it is not said again until it grows.", Need::Decide)
            .takes::<Acknowledging>()
            .answers::<Situation>(200, "The situation.")
            .by(acknowledge),
        Endpoint::post("/watch/situations/{id}/snooze", "situation-snooze", "Hear nothing of a situation for a while.", Need::Decide)
            .takes::<Snoozing>()
            .answers::<Situation>(200, "The situation.")
            .by(snooze),
        Endpoint::get("/watch/series", "series", "A series with the band that its past lets one expect: that of a situation's chief alarm, or one that is named.")
            .asks(SERIES)
            .tagged()
            .also(&["not-found", "refused"])
            .answers::<SeriesShown>(200, "The series.")
            .by(series),
        Endpoint::get("/watch/surges", "surges", "The last whole period of each series, the least likely first.")
            .asks(SURGES)
            .tagged()
            .also(&["refused"])
            .answers::<Surges>(200, "The series.")
            .by(surges),
        Endpoint::get("/forecasts", "forecasts", "Forecasts as they were issued, the last first, what came, and what forecasts of each model were worth so far.")
            .asks(FORECASTS)
            .tagged()
            .answers::<Forecasts>(200, "A page.")
            .by(forecasts),
        Endpoint::get("/statements", "statements", "What is said of violence, and what the record shows when it is due; the newest first.")
            .asks(STATEMENTS)
            .asks(STATEMENTS_PAGED)
            .tagged()
            .answers::<Statements>(200, "A page.")
            .by(statements),
        Endpoint::get("/statements/speakers", "speakers", "What the statements of bodies, and of persons by whom they speak for, were worth.")
            .asks(STATEMENTS)
            .asks(SPEAKERS)
            .tagged()
            .answers::<Speakers>(200, "Those with the most statements first.")
            .by(speakers),
    ]
}

/// Situations that are given at most.
const MOST: usize = 1000;

async fn situations(desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    let closed =
        ask.asked.value("closed", "true or false", |text| text.parse::<bool>().ok())?.unwrap_or_default();
    let items = desk.pool.read(move |store| Ok(store.situations(!closed, MOST)?)).await?;
    answer(StatusCode::OK, &Situations { items })
}

fn no_situation(id: &str) -> Problem {
    Problem::new("not-found", format!("there is no situation {id}"))
        .hint("GET /api/v1/watch/situations lists them")
}

async fn situation(desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    let id = ask.id().to_owned();
    let found = desk.pool.read(move |store| {
        let situation = store.situation(&id)?.ok_or_else(|| no_situation(&id))?;
        let history = store.watch_entries(None, Some(&situation.id), 0, usize::MAX)?;
        Ok(SituationShown { situation, history: history.into_iter().map(Step::from).collect() })
    });
    answer(StatusCode::OK, &found.await?)
}

async fn acknowledge(desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    let Acknowledging { why } = ask.json()?;
    said(desk, ask, why, |situation| WatchNote::Acknowledged { situation }).await
}

async fn snooze(desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    let Snoozing { until, why } = ask.json()?;
    said(desk, ask, why, move |situation| WatchNote::Snoozed { situation, until }).await
}

/// Puts what a person says of a situation into the watch's log.
async fn said(
    desk: Arc<Desk>,
    ask: Ask,
    why: String,
    note: impl Fn(String) -> WatchNote + Send + 'static,
) -> Result<Response, Problem> {
    if why.trim().is_empty() {
        return Err(Problem::field("why", "nothing is said of the situation", "why, in words"));
    }
    let stamp = Stamp { by: ask.caller.author(), at: Timestamp::now(), tool: desk.setup.tool.clone() };
    let id = ask.id().to_owned();
    let found = desk
        .pool
        .write(move |store| {
            if store.situation(&id)?.is_none() {
                return Err(no_situation(&id));
            }
            let came = store
                .note_with(&stamp, &mut |_| Ok(vec![Noting { note: note(id.clone()), why: why.clone() }]))?;
            if let Some(Err(refusal)) = came.into_iter().next() {
                return Err(Problem::new("refused", refusal.to_string()));
            }
            store.situation(&id)?.ok_or_else(|| no_situation(&id))
        })
        .await?;
    answer(StatusCode::OK, &found)
}

/// Which series.
struct Which {
    by: Vec<By>,
    every: Every,
    count: Measure,
    /// The last day that is looked at.
    until: Option<Date>,
}

fn every(text: &str) -> Option<Every> {
    match text {
        "day" => Some(Every::Day),
        "week" => Some(Every::Week),
        "month" => Some(Every::Month),
        _ => None,
    }
}

fn measure(text: &str) -> Option<Measure> {
    match text {
        "incidents" => Some(Measure::Incidents),
        "deaths" => Some(Measure::Deaths),
        "reports" => Some(Measure::Reports),
        _ => None,
    }
}

fn by(text: &str) -> Option<Vec<By>> {
    let by: Vec<By> = text.split(',').map(|word| word.trim().parse().ok()).collect::<Option<_>>()?;
    // Areas are drawn in a file.
    (!by.iter().any(|by| matches!(by, By::Area))).then_some(by)
}

const BY: &str =
    "all, country, admin1, admin2, prio-grid, h3, actor, dyad, type or sub-type, or several with commas";

impl Which {
    fn asked(ask: &Ask) -> Result<Self, Problem> {
        Ok(Self {
            by: ask.asked.value("by", BY, by)?.unwrap_or_else(|| vec![By::Admin1]),
            every: ask.asked.value("every", "day, week or month", every)?.unwrap_or(Every::Week),
            count: ask.asked.value("count", "incidents, deaths or reports", measure)?.unwrap_or_default(),
            until: None,
        })
    }

    fn words(&self) -> String {
        self.by.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
    }

    fn count_of(&self) -> String {
        serde_json::to_value(self.count)
            .ok()
            .and_then(|word| word.as_str().map(str::to_owned))
            .unwrap_or_default()
    }

    fn gathered(&self, kept: &Kept) -> Result<lookout::Gathered, Problem> {
        let question =
            Question { count: self.count, until: self.until, ..Question::new(&self.by, self.every) };
        lookout::series(kept, &question)
            .map_err(|error| Problem::new("refused", format!("the record makes no such series: {error}")))
    }
}

/// Periods that a series is shown by.
const SHOWN: usize = 104;

/// What is found of a series from a period on.
fn points(series: &Series, from: usize, alpha: f64, prior: &Prior) -> Vec<Point> {
    let found = Detector::Watchpost.judge(series, from, alpha, prior).unwrap_or_default();
    let mut found = found.into_iter();
    (from..series.counts().len())
        .map(|at| {
            let judged = found.next().flatten();
            Point {
                date: series.every().start(series.period(at)).to_string(),
                count: series.counts().get(at).copied().flatten(),
                expected: judged.as_ref().map(|judged| judged.expected),
                upper: judged.as_ref().map(|judged| judged.upper),
                p_value: judged.as_ref().map(|judged| judged.p_value),
                alarm: judged.is_some_and(|judged| judged.alarm),
            }
        })
        .collect()
}

async fn series(desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    let mut which = Which::asked(&ask)?;
    let mut name = ask.asked.get("series").map(str::to_owned);
    if let Some(id) = ask.asked.get("situation").map(str::to_owned) {
        let found =
            desk.pool.read(move |store| store.situation(&id)?.ok_or_else(|| no_situation(&id))).await?;
        which = Which {
            by: by(&found.chief.by).unwrap_or(which.by),
            every: every(&found.every).unwrap_or(which.every),
            count: measure(&found.count_of).unwrap_or(which.count),
            until: Some(found.judged_to),
        };
        name = Some(found.chief.series);
    }
    let Some(name) = name else {
        return Err(Problem::parameter(
            "series",
            "",
            "the name of a series, as /watch/surges has it, or a `situation`",
        ));
    };
    let alpha = desk.setup.watch.alpha;
    desk.derived(&ask, move |store| {
        let kept = lookout::load(store, &Filter::default())?;
        let gathered = which.gathered(&kept)?;
        let Some(at) = gathered.series.iter().position(|series| series.name() == name) else {
            return Err(Problem::new("not-found", format!("there is no series {name} by {}", which.words()))
                .hint("GET /api/v1/watch/surges lists them"));
        };
        let series = &gathered.series[at];
        let from = series.counts().len().saturating_sub(SHOWN);
        let prior = Prior::pooled(&gathered.series, Some(series.period(from)));
        Ok(SeriesShown {
            items: points(series, from, alpha, &prior),
            by: which.words(),
            every: which.every.name(),
            count_of: which.count_of(),
            name,
        })
    })
    .await
}

async fn surges(desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    let which = Which::asked(&ask)?;
    let limit: usize = ask.asked.number("limit", 1, 1000, 100)?;
    let alpha = desk.setup.watch.alpha;
    desk.derived(&ask, move |store| {
        let kept = lookout::load(store, &Filter::default())?;
        let gathered = which.gathered(&kept)?;
        let (mut items, mut unjudged) = (Vec::new(), 0);
        if let Some(last) = gathered.last {
            let prior = Prior::pooled(&gathered.series, Some(last));
            for (series, members) in gathered.series.iter().zip(&gathered.members) {
                let from = series.counts().len().saturating_sub(1);
                let Some(point) =
                    points(series, from, alpha, &prior).pop().filter(|point| point.expected.is_some())
                else {
                    unjudged += 1;
                    continue;
                };
                let incidents = members
                    .iter()
                    .filter(|member| member.period == last)
                    .filter_map(|member| kept.happenings.get(member.happening))
                    .map(|happening| happening.id.clone());
                items.push(Surge {
                    by: which.words(),
                    series: series.name().to_owned(),
                    incidents: incidents.collect(),
                    point,
                });
            }
        }
        let chance = |surge: &Surge| surge.point.p_value.unwrap_or(1.0);
        items.sort_by(|a, b| chance(a).total_cmp(&chance(b)).then_with(|| a.series.cmp(&b.series)));
        items.truncate(limit);
        Ok(Surges { items, unjudged })
    })
    .await
}

/// The value below which a share of sorted draws lies.
fn quantile(draws: &[f64], share: f64) -> Option<f64> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a length")]
    let at = ((draws.len() as f64 * share).ceil() as usize).clamp(1, draws.len().max(1)) - 1;
    draws.get(at).copied()
}

async fn forecasts(desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    let skip: usize = ask.asked.number("cursor", 0, usize::MAX, 0)?;
    let limit: usize = ask.asked.number("limit", 1, 200, 20)?;
    let model = ask.asked.get("model").map(str::to_owned);
    let wanted = ask.asked.get("series").map(str::to_owned);
    desk.derived(&ask, move |store| {
        let (issued, scored) = issue::scores(store)?;
        let of_model = |one: &&Issued| {
            model.as_ref().is_none_or(|model| one.forecast.model == *model)
                && wanted
                    .as_ref()
                    .is_none_or(|wanted| one.forecast.series.iter().any(|series| series.name == *wanted))
        };
        let mut found = issued.iter().rev().filter(of_model).skip(skip);
        let items: Vec<ForecastShown> =
            found.by_ref().take(limit).map(|one| forecast_shown(one, &scored, wanted.as_deref())).collect();
        let next = found.next().is_some().then(|| (skip + limit).to_string());
        Ok(Forecasts { items, models: scored.models, next })
    })
    .await
}

/// A forecast as it was issued, with what came.
fn forecast_shown(one: &Issued, scored: &Scored, wanted: Option<&str>) -> ForecastShown {
    let forecast = &one.forecast;
    let outcome = scored.forecasts.iter().find(|outcome| outcome.id == forecast.id);
    let series = forecast.series.iter().filter(|series| wanted.is_none_or(|wanted| series.name == wanted));
    let periods = series.flat_map(|series| series.periods.iter().map(move |draws| (series, draws)));
    let periods = periods.map(|(series, draws)| {
        let values = issue::unpacked(draws);
        let due = outcome.iter().flat_map(|outcome| &outcome.due);
        let mut due = due.filter(|due| due.series == series.name && Some(due.date) == draws.date);
        ForecastPeriod {
            series: series.name.clone(),
            date: draws.date,
            median: quantile(&values, 0.5),
            low: quantile(&values, 0.05),
            high: quantile(&values, 0.95),
            came: due.next().map(|due| due.came),
        }
    });
    let unit = issue::unit(&forecast.of);
    ForecastShown {
        periods: periods.collect(),
        // A model has one record for each unit.
        record: scored.models.iter().find(|worth| worth.model == forecast.model && worth.of == unit).cloned(),
        id: forecast.id.clone(),
        issued: one.at,
        model: forecast.model.clone(),
        of: forecast.of.clone(),
        horizon: forecast.horizon,
        draws: forecast.draws,
        cursor: forecast.cursor,
        waiting: outcome.map(|outcome| outcome.waiting),
    }
}

/// Which statements.
fn statement_filter(desk: &Desk, ask: &Ask) -> Result<StatementFilter, Problem> {
    let kind = ask.asked.value("kind", "forecast, trend, cause, estimate, demand or allegation", |text| {
        serde_json::from_value(Value::String(text.to_owned())).ok()
    })?;
    let state = ask.asked.value("state", "told, due, waiting or open", |text| match text {
        "told" => Some(State::Told),
        "due" => Some(State::Due),
        "waiting" => Some(State::Waiting),
        "open" => Some(State::Open),
        _ => None,
    })?;
    let reports: ReportFilter = ask.asked.reports()?;
    Ok(StatementFilter {
        reports: ReportFilter { text: None, source: None, ..reports },
        kinds: kind.into_iter().collect(),
        states: state.into_iter().collect(),
        countries: ask.asked.filter(&desk.setup.countries)?.countries,
        actor: ask.asked.get("actor").map(str::to_owned),
        speaker: ask.asked.get("speaker").map(str::to_owned),
    })
}

fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
}

async fn statements(desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    let filter = statement_filter(&desk, &ask)?;
    let skip: usize = ask.asked.number("cursor", 0, usize::MAX, 0)?;
    let limit: usize = ask.asked.number("limit", 1, 500, 50)?;
    let names = desk.setup.keep_names;
    desk.derived(&ask, move |store| {
        let kept = lookout::load(store, &Filter::default())?;
        let (mut items, mut at, mut more) = (Vec::new(), 0_usize, false);
        due::statements::<Problem>(store, &kept, &filter, (today(), names), |said| {
            at += 1;
            if at <= skip {
                return Ok(true);
            }
            more = items.len() == limit;
            if !more {
                items.push(said);
            }
            Ok(!more)
        })?;
        Ok(Statements { items, next: more.then(|| (skip + limit).to_string()) })
    })
    .await
}

async fn speakers(desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    let filter = statement_filter(&desk, &ask)?;
    let limit: usize = ask.asked.number("limit", 1, 1000, 100)?;
    let names = desk.setup.keep_names;
    desk.derived(&ask, move |store| {
        let kept = lookout::load(store, &Filter::default())?;
        let mut all: Vec<Said> = Vec::new();
        due::statements::<Problem>(store, &kept, &filter, (today(), names), |said| {
            all.push(said);
            Ok(true)
        })?;
        let mut items = due::speakers(&all);
        items.truncate(limit);
        Ok(Speakers { items })
    })
    .await
}
