/*! How fast a store is: figures for `docs/speed.md`.

The reports are one of ours, coded as `watchpost code` would, with the day, the place, the sides, the outlet, the figures and some
of the words drawn anew for each: as large as a real report, and no two alike. What is drawn is uneven as the world is: a few countries,
groups and outlets have most of it. Every second incident has a second report. Times are those that pass, since a store waits for its disk.
*/

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use jiff::civil::date;
use jiff::{Timestamp, ToSpan};
use record::vocabulary::{EventType, SubEventType};
use record::{Author, AuthorKind, Change, CodedDocument, EventKey, Place, Quantity, Relation, Status};
use serde::Serialize;
use store::find::{Area, ChangeCursor, Filter, Order, Page, ReportFilter};
use store::survey::Columns;
use store::words::Query;
use store::{Act, NewReport, Outcome, Stamp, Store};

use crate::bootstrap::Random;
use crate::reader::{With, coder};

/// Reports in a transaction: what a collector keeps at a time.
const BATCH: u64 = 200;

/// Questions of each kind.
const QUESTIONS: usize = 100;

/// Rows of a page, as a list on a screen has them.
const PAGE: usize = 50;

/// What one kind of question takes, in milliseconds.
#[derive(Debug, Clone, Serialize)]
pub struct Asked {
    /// Which kind.
    pub what: String,
    /// Half of them take no longer.
    pub p50_ms: f64,
    /// Nor do 99 of 100.
    pub p99_ms: f64,
}

/// What was measured.
#[derive(Debug, Clone, Serialize)]
pub struct StoreSpeed {
    /// Which store.
    pub store: String,
    /// Incidents in it.
    pub incidents: u64,
    /// Reports in it.
    pub reports: u64,
    /// Milliseconds for a report with its decision and those about its incident, batches written out included.
    pub insert_ms: f64,
    /// The same over the last tenth.
    pub insert_last_ms: f64,
    /// Kilobytes on disk for a report, its incident and all indexes; none where the store does not say.
    pub kilobytes_per_report: Option<f64>,
    /// Kilobytes of a report's text and its coded document as JSON.
    pub kilobytes_raw: f64,
    /// The questions.
    pub asked: Vec<Asked>,
}

/// Opens an empty store: a new file, or a database.
fn open(at: &str) -> Result<Box<dyn Store>> {
    if at.starts_with("postgresql://") || at.starts_with("postgres://") {
        return Ok(Box::new(store_postgres::open(at)?));
    }
    Ok(Box::new(store_sqlite::create(Path::new(at))?))
}

/// Fills a store with so many incidents and asks it.
///
/// # Errors
/// Where the store cannot be made or written, or is not empty.
pub fn measure(at: &str, incidents: u64, with: &With, seed: u64) -> Result<StoreSpeed> {
    let mut store = open(at).with_context(|| format!("{at} cannot be filled"))?;
    if store.head()?.seq > 0 {
        bail!("{at} holds something already: the store that is measured must be new");
    }
    let mut maker = Maker::new(with, seed)?;
    let Filled { reports, raw, kept, last } = maker.fill(store.as_mut(), incidents)?;
    let size = size(at);
    let asked = ask(store.as_mut(), &mut maker.random, incidents)?;
    let per = |took: Duration, count: u64| took.as_secs_f64() * 1000.0 / count.max(1) as f64;
    Ok(StoreSpeed {
        store: if at.contains("://") { "PostgreSQL" } else { "SQLite" }.to_owned(),
        incidents,
        reports,
        insert_ms: per(kept, reports),
        insert_last_ms: per(last.0, last.1),
        kilobytes_per_report: size.map(|bytes| bytes as f64 / 1000.0 / reports.max(1) as f64),
        kilobytes_raw: raw as f64 / 1000.0 / reports.max(1) as f64,
        asked,
    })
}

/// What came of filling a store.
pub(crate) struct Filled {
    reports: u64,
    raw: usize,
    kept: Duration,
    /// Over the last tenth: time and reports.
    last: (Duration, u64),
}

/// Makes up incidents and their reports, the same for the same seed.
pub(crate) struct Maker {
    template: (String, CodedDocument),
    random: Random,
    incidents: u64,
    reports: u64,
}

impl Maker {
    pub(crate) fn new(with: &With, seed: u64) -> Result<Self> {
        Ok(Self { template: template(with)?, random: Random::new(seed), incidents: 0, reports: 0 })
    }

    /// Goes on in a store that holds something: with numbers that nothing in it has.
    pub(crate) fn go_on(&mut self, head: u64) {
        // Every report and every incident has a decision of its own.
        (self.incidents, self.reports) = (head, head);
        self.random = Random::new(head);
    }

    /// The next incident: each of its reports with the decision that it is of it. Every second has two.
    fn next(&mut self, acts: &mut Vec<Act>) -> Result<usize> {
        let told = Told::draw(&mut self.random);
        let incident = format!("WP-{}", self.incidents);
        let mut raw = 0;
        for copy in 0..1 + self.incidents % 2 {
            let report = told.report(&self.template, &mut self.random, self.reports);
            raw += report.text.len() + serde_json::to_string(&report.coded)?.len();
            let text = store::log::sha256(report.text.as_bytes());
            let key = EventKey {
                report: store::report_id(report.coded.document.url.as_deref(), &text),
                event: report.coded.events[0].id.clone(),
            };
            let change = if copy == 0 {
                Change::Created { incident: incident.clone(), events: vec![key] }
            } else {
                Change::Linked { event: key, incident: incident.clone() }
            };
            acts.push(Act::Report(Box::new(report)));
            acts.push(Act::Decide { change, why: "the same day, place and sides".to_owned() });
            self.reports += 1;
        }
        self.incidents += 1;
        Ok(raw)
    }

    /// Keeps at least so many more reports, in one transaction.
    pub(crate) fn keep(&mut self, store: &mut dyn Store, reports: u64) -> Result<()> {
        let (mut acts, end) = (Vec::new(), self.reports + reports);
        while self.reports < end {
            self.next(&mut acts)?;
        }
        kept(store, &acts)
    }

    /// Fills a store with so many incidents.
    pub(crate) fn fill(&mut self, store: &mut dyn Store, incidents: u64) -> Result<Filled> {
        let mut filled = Filled { reports: 0, raw: 0, kept: Duration::ZERO, last: (Duration::ZERO, 0) };
        let mut acts = Vec::new();
        for number in 0..incidents {
            filled.raw += self.next(&mut acts)?;
            if acts.len() as u64 >= 2 * BATCH || number + 1 == incidents {
                let start = Instant::now();
                kept(store, &acts)?;
                let took = start.elapsed();
                filled.kept += took;
                if number >= incidents - incidents / 10 {
                    filled.last = (filled.last.0 + took, filled.last.1 + acts.len() as u64 / 2);
                }
                acts.clear();
            }
        }
        filled.reports = self.reports;
        Ok(filled)
    }
}

fn kept(store: &mut dyn Store, acts: &[Act]) -> Result<()> {
    let outcomes = store.record(&stamp(), acts)?;
    match outcomes.iter().find(|outcome| matches!(outcome, Outcome::Refused(_))) {
        Some(Outcome::Refused(why)) => bail!("a made-up decision was refused: {why}"),
        _ => Ok(()),
    }
}

/// A filter as it stands in the desk's addresses: none, or of one of the kinds that people choose.
pub(crate) fn question(random: &mut Random) -> String {
    let day = |random: &mut Random| {
        let first = date(2015, 1, 1);
        first.checked_add((random.below(3900) as i64).days()).unwrap_or(first)
    };
    let until = |from: jiff::civil::Date, days: i64| from.checked_add(days.days()).unwrap_or(from);
    let mut out = url::form_urlencoded::Serializer::new(String::new());
    match random.below(12) {
        0 => {}
        1 => {
            let from = day(random);
            out.append_pair("from", &from.to_string()).append_pair("to", &until(from, 30).to_string());
        }
        2 => {
            let from = day(random);
            out.append_pair("country", COUNTRIES[uneven(random, COUNTRIES.len())]);
            out.append_pair("from", &from.to_string()).append_pair("to", &until(from, 365).to_string());
        }
        3 => {
            out.append_pair("admin1", &format!("{} province", word(uneven(random, 24 * 12))));
        }
        kind @ (4 | 5) => {
            let (at, width) = (random.below(24) as f64, if kind == 4 { 1.0 } else { 60.0 });
            let (south, west) = (at * 3.0 - 30.0 - width / 2.0, at * 11.0 - 130.0 - width / 2.0);
            let (north, east) = ((south + width).min(90.0), (west + width).min(180.0));
            out.append_pair("bbox", &format!("{},{},{east},{north}", west.max(-180.0), south.max(-90.0)));
        }
        6 => {
            out.append_pair("actor", &format!("{} front", word(uneven(random, 800))));
        }
        7 => {
            out.append_pair("source", &format!("The {} Post", word(uneven(random, 400))));
            out.append_pair("type", EventType::ALL[random.below(6)].as_str());
        }
        8 => {
            out.append_pair("text", &word(uneven(random, 30_000)));
        }
        9 => {
            // A word that most incidents have.
            out.append_pair("text", "villages");
        }
        10 => {
            out.append_pair("country", COUNTRIES[uneven(random, COUNTRIES.len())]);
        }
        _ => {
            out.append_pair("status", "unreviewed").append_pair("deaths_min", "10");
        }
    }
    out.finish()
}

fn stamp() -> Stamp {
    Stamp {
        by: Author { kind: AuthorKind::Machine, name: "linker".to_owned() },
        at: Timestamp::UNIX_EPOCH,
        tool: format!("watchpost {}", env!("CARGO_PKG_VERSION")),
    }
}

fn size(at: &str) -> Option<u64> {
    let of = |suffix: &str| std::fs::metadata(format!("{at}{suffix}")).map(|file| file.len()).ok();
    Some(of("")? + of("-wal").unwrap_or(0))
}

/// One event of one of our own reports.
pub(crate) fn template(with: &With) -> Result<(String, CodedDocument)> {
    let path = crate::data::workspace().join("examples/mali-two-attacks.txt");
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let mut coded = coder(with)?.read(&text, Some(date(2020, 2, 16)));
    coded.events.truncate(1);
    if coded.events.is_empty() {
        bail!("{} is read as telling no event", path.display());
    }
    Ok((text, coded))
}

/// Which of `n`, the first of them most often.
fn uneven(random: &mut Random, n: usize) -> usize {
    let limit = random.below(n) + 1;
    random.below(limit)
}

/// What the reports of one incident have in common.
struct Told {
    day: jiff::civil::Date,
    place: (usize, usize, f64, f64),
    actor: usize,
    kind: SubEventType,
    killed: u64,
}

impl Told {
    fn draw(random: &mut Random) -> Self {
        let day = date(2015, 1, 1);
        let country = uneven(random, COUNTRIES.len());
        let spread = |random: &mut Random, width: f64| (random.below(10_000) as f64 / 10_000.0 - 0.5) * width;
        let (latitude, longitude) = (country as f64 * 3.0 - 30.0, country as f64 * 11.0 - 130.0);
        Self {
            day: day.checked_add((random.below(4000) as i64).days()).unwrap_or(day),
            place: (
                country,
                random.below(12),
                latitude + spread(random, 6.0),
                longitude + spread(random, 8.0),
            ),
            actor: uneven(random, 800),
            kind: SubEventType::ALL[uneven(random, SubEventType::ALL.len())],
            killed: uneven(random, 60) as u64,
        }
    }

    fn report(&self, (text, coded): &(String, CodedDocument), random: &mut Random, number: u64) -> NewReport {
        let mut text = text.clone();
        // The length of a short agency report, some words of which are rare.
        for _ in 0..120 {
            let _ = write!(text, " {}", word(uneven(random, 30_000)));
        }
        let _ = write!(text, " Report {number}.");
        let mut coded = coded.clone();
        let document = &mut coded.document;
        document.id = format!("sha256:{}", store::log::sha256(text.as_bytes()));
        document.publisher = Some(format!("The {} Post", word(uneven(random, 400))));
        document.url = Some(format!("https://example.org/{number}"));
        document.published = self.day.checked_add(1.day()).ok();
        let (country, division, latitude, longitude) = self.place;
        for event in &mut coded.events {
            event.id = format!("ev-{number}");
            (event.event_date, event.event_date_end) = (Some(self.day), Some(self.day));
            event.sub_event_type = self.kind;
            event.event_type = self.kind.event_type();
            event.deaths.best = Some(self.killed);
            for count in &mut event.counts.killed {
                count.number = Quantity::exact(self.killed);
            }
            for actor in &mut event.actors {
                actor.name = Some(format!("{} front", word(self.actor)));
            }
            for evidence in &mut event.evidence {
                let _ = write!(evidence.quote, " {}", word(uneven(random, 30_000)));
            }
            let named = |place: &mut Place| {
                place.relation = Relation::At;
                place.name = Some(word(country * 500 + random.below(500)));
                place.country = Some(COUNTRIES[country].to_owned());
                place.admin1 = Some(format!("{} province", word(country * 12 + division)));
                (place.latitude, place.longitude) = (Some(latitude), Some(longitude));
                place.where_precision = Some(1);
            };
            event.places.iter_mut().take(1).for_each(named);
        }
        NewReport {
            text,
            coded,
            fetched: Some(Timestamp::UNIX_EPOCH),
            source: Some("made up".to_owned()),
            headers: [("content-type".to_owned(), "text/html; charset=utf-8".to_owned())].into(),
            linking: random.bits().to_le_bytes().repeat(256),
        }
    }
}

/// ISO 3166-1 alpha-3, to be drawn from.
const COUNTRIES: [&str; 24] = [
    "NGA", "SYR", "MLI", "AFG", "IRQ", "SOM", "UKR", "YEM", "COD", "BFA", "SDN", "MMR", "PAK", "ETH", "NER",
    "COL", "MEX", "IND", "MOZ", "CMR", "LBY", "TCD", "PHL", "EGY",
];

/// A made-up word for a number: the same each time.
fn word(number: usize) -> String {
    const SYLLABLES: [&str; 32] = [
        "ka", "mo", "ri", "sho", "bel", "tan", "qa", "gul", "zar", "kho", "da", "ne", "su", "ba", "yar",
        "mir", "do", "wa", "li", "han", "ter", "san", "pe", "chi", "la", "fa", "ro", "ta", "bu", "ju", "go",
        "tu",
    ];
    let mut rest = number + 32;
    let mut word = String::new();
    while rest > 0 {
        word.push_str(SYLLABLES[rest % 32]);
        rest /= 32;
    }
    word
}

/// Draws a filter of some kind.
pub(crate) type Draw = Box<dyn Fn(&mut Random) -> Filter>;

/// The kinds of filters, by what they are called.
pub(crate) fn kinds() -> Vec<(&'static str, Draw)> {
    let all = Filter::default;
    let draw_day = |random: &mut Random| {
        let first = date(2015, 1, 1);
        first.checked_add((random.below(3900) as i64).days()).unwrap_or(first)
    };
    let country = |random: &mut Random| COUNTRIES[uneven(random, COUNTRIES.len())].to_owned();
    let area = |random: &mut Random, width: f64| {
        let at = random.below(24) as f64;
        let (south, west) = (at * 3.0 - 30.0 - width / 2.0, at * 11.0 - 130.0 - width / 2.0);
        Area { south, west, north: south + width, east: west + width }
    };
    vec![
        ("the newest", Box::new(move |_| all())),
        (
            "a month",
            Box::new(move |r| {
                let from = draw_day(r);
                Filter { from: Some(from), to: from.checked_add(30.days()).ok(), ..all() }
            }),
        ),
        (
            "a country and a year",
            Box::new(move |r| {
                let from = draw_day(r);
                Filter {
                    countries: vec![country(r)],
                    from: Some(from),
                    to: from.checked_add(365.days()).ok(),
                    ..all()
                }
            }),
        ),
        (
            "a first-order division",
            Box::new(move |r| {
                let name = format!("{} province", word(uneven(r, 24 * 12)));
                Filter { admin1: Some(name), ..all() }
            }),
        ),
        ("a box of one degree", Box::new(move |r| Filter { area: Some(area(r, 1.0)), ..all() })),
        ("a box of sixty degrees", Box::new(move |r| Filter { area: Some(area(r, 60.0)), ..all() })),
        (
            "a participant",
            Box::new(move |r| Filter { actor: Some(format!("{} front", word(uneven(r, 800)))), ..all() }),
        ),
        (
            "an outlet and a type",
            Box::new(move |r| Filter {
                source: Some(format!("The {} Post", word(uneven(r, 400)))),
                event_types: vec![EventType::ALL[r.below(6)]],
                ..all()
            }),
        ),
        ("a word", Box::new(move |r| Filter { text: Query::parse(&word(uneven(r, 30_000))), ..all() })),
        ("a word that most have", Box::new(move |_| Filter { text: Query::parse("villages"), ..all() })),
        (
            "two words and a country",
            Box::new(move |r| Filter {
                text: Query::parse(&format!("{} {}", word(uneven(r, 800)), "front")),
                countries: vec![country(r)],
                ..all()
            }),
        ),
        (
            "unreviewed, ten dead or more",
            Box::new(move |_| Filter { statuses: vec![Status::Unreviewed], min_deaths: Some(10), ..all() }),
        ),
    ]
}

/// An incident as a row, without a store.
pub(crate) fn row(random: &mut Random, row: i64) -> Columns {
    let told = Told::draw(random);
    let (country, division, latitude, longitude) = told.place;
    let day = told.day.to_string();
    let sources = (0..1 + row % 2).map(|_| format!("the {} post", word(uneven(random, 400)))).collect();
    Columns {
        row,
        live: true,
        status: Status::Unreviewed.as_str().to_owned(),
        event_type: Some(told.kind.event_type().as_str().to_owned()),
        sub_event_type: Some(told.kind.as_str().to_owned()),
        first: day.clone(),
        last: day,
        country: Some(COUNTRIES[country].to_owned()),
        admin1: Some(format!("{} province", word(country * 12 + division))),
        latitude: Some(latitude),
        longitude: Some(longitude),
        deaths: told.killed as i64,
        confidence: random.below(1000) as f64 / 1000.0,
        updated: row,
        actors: vec![format!("{} front", word(told.actor)), format!("XX-{}", told.actor)],
        sources,
    }
}

/// Asks all kinds of questions.
fn ask(store: &mut dyn Store, random: &mut Random, incidents: u64) -> Result<Vec<Asked>> {
    let all = Filter::default;
    let country = |random: &mut Random| COUNTRIES[uneven(random, COUNTRIES.len())].to_owned();
    let kinds = kinds();
    let page = |order, after| Page { order, after, limit: PAGE };
    let mut asked = Vec::new();
    for (what, draw) in &kinds {
        let filters: Vec<Filter> = (0..QUESTIONS).map(|_| draw(random)).collect();
        asked.push(timed(
            what,
            filters.iter().map(|filter| store.find(filter, &page(Order::Newest, None)).map(|_| ())),
        )?);
        asked.push(timed(
            &format!("{what}: how many"),
            filters.iter().take(20).map(|filter| store.count(filter, u64::MAX).map(|_| ())),
        )?);
    }
    asked.push(timed(
        "the deadliest of a country",
        (0..QUESTIONS).map(|_| {
            let filter = Filter { countries: vec![country(random)], ..all() };
            store.find(&filter, &page(Order::Deadliest, None)).map(|_| ())
        }),
    )?);
    asked.push(timed(
        "a word in the reports",
        (0..QUESTIONS).map(|_| {
            let text = Query::parse(&word(uneven(random, 30_000)));
            store
                .find_reports(&ReportFilter { text, ..ReportFilter::default() }, &page(Order::Newest, None))
                .map(|_| ())
        }),
    )?);
    let head = store.head()?.seq;
    asked.push(timed(
        "changes since a place of the log",
        (0..QUESTIONS).map(|_| {
            let seq = random.below(usize::try_from(head).unwrap_or(usize::MAX)) as u64;
            store.changes(ChangeCursor { seq, row: i64::MAX }, PAGE).map(|_| ())
        }),
    )?);
    asked.push(timed(
        "one incident with its log",
        (0..QUESTIONS).map(|_| {
            let id = format!("WP-{}", random.below(usize::try_from(incidents).unwrap_or(usize::MAX)));
            store.incident(&id).and_then(|_| store.log(&id)).map(|_| ())
        }),
    )?);
    asked.push(timed(
        "a person's decision",
        (0..QUESTIONS).map(|_| {
            let incident = format!("WP-{}", random.below(usize::try_from(incidents).unwrap_or(usize::MAX)));
            let by = Author { kind: AuthorKind::Person, name: "a reviewer".to_owned() };
            let acts = [Act::Decide { change: Change::Accepted { incident }, why: String::new() }];
            store.record(&Stamp { by, ..stamp() }, &acts).map(|_| ())
        }),
    )?);
    Ok(asked)
}

pub(crate) fn timed(what: &str, mut work: impl Iterator<Item = Result<(), store::Error>>) -> Result<Asked> {
    let mut took = Vec::new();
    loop {
        let start = Instant::now();
        let Some(done) = work.next() else { break };
        done?;
        took.push(start.elapsed().as_secs_f64() * 1000.0);
    }
    took.sort_by(f64::total_cmp);
    // The nearest rank: of a hundred the ninety-ninth.
    let at = |share: f64| {
        took.get(((took.len() as f64 * share).ceil() as usize).max(1) - 1).copied().unwrap_or(0.0)
    };
    Ok(Asked { what: what.to_owned(), p50_ms: at(0.5), p99_ms: at(0.99) })
}

/// The figures as lines for people.
#[must_use]
pub fn table(speed: &StoreSpeed) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}: {} incidents of {} reports", speed.store, speed.incidents, speed.reports);
    let _ = writeln!(
        out,
        "a report with its decisions    {:.2} ms, {:.2} ms over the last tenth",
        speed.insert_ms, speed.insert_last_ms
    );
    if let Some(kilobytes) = speed.kilobytes_per_report {
        let _ = writeln!(
            out,
            "on disk for a report           {kilobytes:.1} kB (its text and coded document: {:.1} kB)",
            speed.kilobytes_raw
        );
    }
    let _ = writeln!(out, "{:<48} {:>9} {:>9}", "ms for a page of 50", "p50", "p99");
    for Asked { what, p50_ms, p99_ms } in &speed.asked {
        let _ = writeln!(out, "{what:<48} {p50_ms:>9.2} {p99_ms:>9.2}");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_is_kept_and_found() {
        if !crate::reader::pack_folder().is_dir() {
            println!("skipped: no gazetteer pack here (make setup)");
            return;
        }
        let folder = tempfile::TempDir::new().expect("a folder");
        let at = folder.path().join("speed.db").display().to_string();
        let measured = measure(&at, 30, &With::default(), 1).expect("a measurement");
        assert_eq!((measured.incidents, measured.reports), (30, 45));
        assert!(measured.asked.iter().all(|asked| asked.p50_ms <= asked.p99_ms));
        let mut store = store_sqlite::open(Path::new(&at)).expect("the store");
        assert_eq!(store.count(&Filter::default(), 100).expect("a count"), store::find::Total::Exactly(30));
        let again = measure(&at, 30, &With::default(), 1).expect_err("a store that is there").to_string();
        assert!(again.contains("cannot be filled"), "{again}");
    }
}
