/*! How fast reports are kept and linked as a store grows: figures for `docs/speed.md`.

The reports are those of [`super::speed`], with the coded event of one of our own, so that what is kept is as large as a real report. They go in as `watchpost ingest` puts them
in, two hundred at a time. Beside it, in the same run, what reading a report takes: bulletins of MUC-4 where they are there, which are as long, else our own examples, which are short.
Times are those of one thread on the processor, so that other work on the machine counts as little as it can; a store besides waits for its disk,
so of keeping the time that passes is told too.
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
use crate::Options;
use crate::reader::{With, coder};
use crate::speed::{Clock, texts, timed};

/// Reports of a transaction, as `watchpost ingest` has them.
const BATCH: usize = 200;

/// What was measured.
#[derive(Debug, Clone, Serialize)]
pub struct IngestSpeed {
    /// Incidents in the end.
    pub incidents: usize,
    /// Reports in the end.
    pub reports: usize,
    /// Which reports were read.
    pub texts: String,
    /// Milliseconds that reading a report takes, of one thread.
    pub read_ms: f64,
    /// Characters of a report that was read, and of one that was kept.
    pub characters: (usize, usize),
    /// Milliseconds that making a report ready to be linked takes, which is done on as many threads.
    pub ready_ms: f64,
    /// Milliseconds that looking up, linking and keeping a report takes, over the first tenth …
    pub first_ms: f64,
    /// … and over the last.
    pub last_ms: f64,
    /// The time that passes, over the last tenth.
    pub last_passed_ms: f64,
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
pub fn measure(
    at: &Path,
    incidents: usize,
    with: &With,
    options: &Options,
    seed: u64,
) -> Result<IngestSpeed> {
    let (frequencies, weights) = carried()?;
    let tables = Tables { weights, frequencies: Arc::new(frequencies) };
    let (texts, read_ms, read_length) = reading(with, options)?;
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
    let (mut last_passed, mut length) = (Duration::ZERO, 0);
    let mut begun = 0;
    let mut number = 0;
    while number < reports {
        let mut batch = Vec::with_capacity(BATCH);
        for number in number..(number + BATCH).min(reports) {
            let (told, text) = made.report(number);
            length += text.chars().count();
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
            let start = Clock::start();
            batch.push(Incoming::new(report, &tables.frequencies));
            ready += start.elapsed();
        }
        let (start, passing) = (Clock::start(), Instant::now());
        let added = collection.add(&stamp, &batch)?;
        let (took, passed) = (start.elapsed(), passing.elapsed());
        if let Some(refused) = added.iter().find_map(|one| one.refused.first()) {
            bail!("a made-up report was refused: {refused}");
        }
        begun += added.iter().flat_map(|one| &one.incidents).filter(|(_, new)| *new).count();
        if number < reports / 10 {
            first = (first.0 + took, first.1 + batch.len());
        }
        if number >= reports - reports / 10 {
            last = (last.0 + took, last.1 + batch.len());
            last_passed += passed;
        }
        number += batch.len();
    }
    let megabytes = resident();
    drop(collection);
    let size =
        |suffix: &str| std::fs::metadata(format!("{}{suffix}", at.display())).map_or(0, |file| file.len());
    let kilobytes = (size("") + size("-wal")) as f64 / 1000.0 / reports.max(1) as f64;
    let start = Clock::start();
    let again = Collection::open(Box::new(store_sqlite::open(at)?), tables, &mut |_| ())?;
    let open_s = start.elapsed().as_secs_f64();
    drop(again);
    let per = |(took, count): (Duration, usize)| took.as_secs_f64() * 1000.0 / count.max(1) as f64;
    Ok(IngestSpeed {
        incidents: begun,
        reports,
        texts,
        read_ms,
        characters: (read_length, length / reports.max(1)),
        ready_ms: per((ready, reports)),
        first_ms: per(first),
        last_ms: per(last),
        last_passed_ms: per((last_passed, last.1)),
        kilobytes,
        megabytes,
        open_s,
    })
}

/// Which reports are read, how many milliseconds one of them takes, and how long they are.
fn reading(with: &With, options: &Options) -> Result<(String, f64, usize)> {
    let coder = coder(with)?;
    let (texts, from) = texts(options)?;
    let read = || {
        for text in &texts {
            std::hint::black_box(coder.read_report(&Report { text: text.clone(), ..Report::default() }));
        }
    };
    // What is found in the first of them is in memory for the others.
    for text in texts.iter().take(10) {
        std::hint::black_box(coder.read_report(&Report { text: text.clone(), ..Report::default() }));
    }
    let took = timed(read);
    let count = texts.len().max(1);
    let length = texts.iter().map(|text| text.chars().count()).sum::<usize>() / count;
    Ok((from, took.as_secs_f64() * 1000.0 / count as f64, length))
}

/// For people.
#[must_use]
pub fn table(measured: &IngestSpeed) -> String {
    let IngestSpeed {
        incidents,
        reports,
        texts,
        read_ms,
        characters,
        ready_ms,
        first_ms,
        last_ms,
        last_passed_ms,
        kilobytes,
        megabytes,
        open_s,
    } = measured;
    let share = (ready_ms + last_ms) / (read_ms + ready_ms + last_ms);
    format!(
        "{reports} reports of {incidents} incidents, {} characters each\nread: {read_ms:.2} ms a report ({texts}; {} characters each)\nmade ready: \
         {ready_ms:.2} ms\nlinked and kept: {first_ms:.2} ms over the first tenth, {last_ms:.2} ms over the last ({last_passed_ms:.2} ms that pass)\nof the \
         work of one thread: {:.0} % linking and keeping\n{kilobytes:.1} kB on disk a report, {megabytes} MB in memory, opened in {open_s:.1} s\n",
        characters.1,
        characters.0,
        100.0 * share
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_up_reports_are_kept_and_linked() {
        let folder = tempfile::tempdir().unwrap();
        let options = Options { data: crate::data::default_folder(), limit: Some(10), seed: 1 };
        let measured = measure(&folder.path().join("a.db"), 300, &With::default(), &options, 1).unwrap();
        assert_eq!(measured.reports, 400);
        assert!((280..400).contains(&measured.incidents), "{measured:?}");
    }
}
