/*! How fast reports are kept and linked as a store grows: figures for `docs/speed.md`.

The reports are those of [`super::speed`], with the coded event of one of our own, so that what is kept is as large as a real report. They go in as `watchpost ingest` puts them
in, two hundred at a time. Beside it, in the same run, what reading a report takes: our own examples, which are short.
*/

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use collection::{Collection, Incoming, Tables};
use jiff::Timestamp;
use record::{Author, AuthorKind, Report};
use serde::Serialize;
use store::{NewReport, Stamp};

use super::carried;
use super::speed::{Maker, resident};
use crate::reader::{With, coder};

/// Reports of a transaction, as `watchpost ingest` has them.
const BATCH: usize = 200;

/// What was measured.
#[derive(Debug, Clone, Serialize)]
pub struct IngestSpeed {
    /// Incidents in the end.
    pub incidents: usize,
    /// Reports in the end.
    pub reports: usize,
    /// Milliseconds that reading a report takes, of one thread.
    pub read_ms: f64,
    /// Milliseconds that making a report ready to be linked takes, which is done on as many threads.
    pub ready_ms: f64,
    /// Milliseconds that looking up, linking and keeping a report takes, over the first tenth …
    pub first_ms: f64,
    /// … and over the last.
    pub last_ms: f64,
    /// Kilobytes on disk for a report with all that comes of it.
    pub kilobytes: f64,
    /// Megabytes of resident memory in the end.
    pub megabytes: u64,
    /// Seconds until a program that opens the collection can link.
    pub open_s: f64,
}

/// Fills a new store with so many incidents.
///
/// # Errors
/// Where the store cannot be made or written.
pub fn measure(at: &Path, incidents: usize, with: &With, seed: u64) -> Result<IngestSpeed> {
    let (frequencies, weights) = carried()?;
    let tables = Tables { weights, frequencies: Arc::new(frequencies) };
    let read_ms = reading(with)?;
    let (_, coded) = crate::store_speed::template(with)?;
    let store = store_sqlite::create(at).with_context(|| at.display().to_string())?;
    let mut collection = Collection::open(Box::new(store), tables.clone(), &mut |_| ())?;
    // Every fourth tells of an incident that another told of.
    let reports = incidents * 4 / 3;
    let mut made = Maker::new(seed, reports)?;
    let stamp = Stamp {
        by: Author { kind: AuthorKind::Machine, name: "linker".to_owned() },
        at: Timestamp::UNIX_EPOCH,
        tool: format!("watchpost {}", env!("CARGO_PKG_VERSION")),
    };
    let mut ready = Duration::ZERO;
    let (mut first, mut last) = ((Duration::ZERO, 0), (Duration::ZERO, 0));
    let mut begun = 0;
    let mut number = 0;
    while number < reports {
        let mut batch = Vec::with_capacity(BATCH);
        for number in number..(number + BATCH).min(reports) {
            let (told, text) = made.report(number);
            let mut coded = coded.clone();
            coded.document.id = format!("sha256:{}", store::log::sha256(text.as_bytes()));
            coded.document.url = Some(format!("https://example.org/{number}"));
            coded.document.published = told.document.published;
            coded.document.title = None;
            if let (Some(event), Some(told)) = (coded.events.first_mut(), told.events.first()) {
                event.id = format!("ev-{number}");
                (event.event_date, event.event_date_end) = (told.event_date, told.event_date_end);
                event.counts.killed.clone_from(&told.counts.killed);
                if let (Some(place), Some(told)) = (event.places.first_mut(), told.places.first()) {
                    (place.latitude, place.longitude) = (told.latitude, told.longitude);
                    place.admin1 = None;
                }
            }
            let report = NewReport {
                text,
                coded,
                fetched: Some(Timestamp::UNIX_EPOCH),
                source: Some("made up".to_owned()),
                headers: [("content-type".to_owned(), "text/html".to_owned())].into(),
                linking: Vec::new(),
            };
            let start = Instant::now();
            batch.push(Incoming::new(report, &tables.frequencies));
            ready += start.elapsed();
        }
        let start = Instant::now();
        let added = collection.add(&stamp, &batch)?;
        let took = start.elapsed();
        if let Some(refused) = added.iter().find_map(|one| one.refused.first()) {
            bail!("a made-up report was refused: {refused}");
        }
        begun += added.iter().flat_map(|one| &one.incidents).filter(|(_, new)| *new).count();
        if number < reports / 10 {
            first = (first.0 + took, first.1 + batch.len());
        }
        if number >= reports - reports / 10 {
            last = (last.0 + took, last.1 + batch.len());
        }
        number += batch.len();
    }
    let megabytes = resident();
    drop(collection);
    let size =
        |suffix: &str| std::fs::metadata(format!("{}{suffix}", at.display())).map_or(0, |file| file.len());
    let kilobytes = (size("") + size("-wal")) as f64 / 1000.0 / reports.max(1) as f64;
    let start = Instant::now();
    let again = Collection::open(Box::new(store_sqlite::open(at)?), tables, &mut |_| ())?;
    let open_s = start.elapsed().as_secs_f64();
    drop(again);
    let per = |(took, count): (Duration, usize)| took.as_secs_f64() * 1000.0 / count.max(1) as f64;
    Ok(IngestSpeed {
        incidents: begun,
        reports,
        read_ms,
        ready_ms: per((ready, reports)),
        first_ms: per(first),
        last_ms: per(last),
        kilobytes,
        megabytes,
        open_s,
    })
}

/// Milliseconds that reading one of our own examples takes.
fn reading(with: &With) -> Result<f64> {
    let coder = coder(with)?;
    let folder = crate::data::workspace().join("examples");
    let mut texts = Vec::new();
    for entry in std::fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "txt") {
            texts.push(std::fs::read_to_string(&path)?);
        }
    }
    let read = || {
        for text in &texts {
            std::hint::black_box(coder.read_report(&Report { text: text.clone(), ..Report::default() }));
        }
    };
    read();
    let start = Instant::now();
    read();
    read();
    Ok(start.elapsed().as_secs_f64() * 1000.0 / (2 * texts.len().max(1)) as f64)
}

/// For people.
#[must_use]
pub fn table(measured: &IngestSpeed) -> String {
    let IngestSpeed {
        incidents,
        reports,
        read_ms,
        ready_ms,
        first_ms,
        last_ms,
        kilobytes,
        megabytes,
        open_s,
    } = measured;
    let share = (ready_ms + last_ms) / (read_ms + ready_ms + last_ms);
    format!(
        "{reports} reports of {incidents} incidents\nread: {read_ms:.2} ms a report (one thread)\nmade ready: {ready_ms:.2} ms\nlinked and kept: \
         {first_ms:.2} ms over the first tenth, {last_ms:.2} ms over the last\nof the work of one thread: {:.0} % linking and keeping\n{kilobytes:.1} kB on disk a report, \
         {megabytes} MB in memory, opened in {open_s:.1} s\n",
        100.0 * share
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_up_reports_are_kept_and_linked() {
        let folder = tempfile::tempdir().unwrap();
        let measured = measure(&folder.path().join("a.db"), 300, &With::default(), 1).unwrap();
        assert_eq!(measured.reports, 400);
        assert!((280..400).contains(&measured.incidents), "{measured:?}");
    }
}
