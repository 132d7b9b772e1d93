/*! How fast the desk answers many readers while reports are taken in: figures for `docs/speed.md`.

The desk runs in this process on a loopback port, over a SQLite file of made-up incidents (`store_speed`), and is asked over HTTP as browsers
ask it: each reader on a connection of its own, with filters drawn anew each time and a pause between two questions. Beside them one writer
keeps new reports and their incidents, a batch each second, on a connection of its own as `watchpost ingest` has it. Writer, readers and desk
share the machine, so the figures are those of a desk that has less than all of it. Times are those that pass, from the request to the last byte.
*/

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use desk::{Login, Open, Setup};
use serde::Serialize;
use store::Store;
use store::find::{Filter, Total};

use crate::bootstrap::Random;
use crate::reader::With;
use crate::store_speed::{self, Maker};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Load {
    /// The store: filled where it is not there yet.
    pub file: PathBuf,
    /// Incidents that a new store is filled with.
    pub incidents: u64,
    /// Readers at once.
    pub readers: usize,
    /// For how long.
    pub seconds: u64,
    /// A reader waits half to one and a half times so long between two questions, in milliseconds.
    pub pause: u64,
    /// Reports that are kept in a second meanwhile.
    pub ingest: u64,
    /// Whether the desk counts in memory.
    pub in_memory: bool,
    /// The same seed gives the same questions.
    pub seed: u64,
}

/// What the questions of one kind took, in milliseconds.
#[derive(Debug, Clone, Serialize)]
pub struct Took {
    /// How many.
    pub asked: usize,
    /// Half of them take no longer.
    pub p50_ms: f64,
    /// Nor do 99 of 100.
    pub p99_ms: f64,
    /// Nor does any.
    pub max_ms: f64,
}

/// What was measured.
#[derive(Debug, Clone, Serialize)]
pub struct DeskLoad {
    /// Incidents at the beginning.
    pub incidents: u64,
    /// Readers.
    pub readers: usize,
    /// The mean pause of a reader, in milliseconds.
    pub pause_ms: u64,
    /// Reports that were to be kept in a second.
    pub ingest: u64,
    /// Whether the desk counted in memory.
    pub in_memory: bool,
    /// From opening the desk to its first answer.
    pub first_answer_ms: f64,
    /// From opening the desk until the table in memory is there.
    pub ready_ms: Option<f64>,
    /// All that the overview asks, side by side, just after opening.
    pub overview_cold_ms: f64,
    /// The same later, each time after something was written.
    pub overview: Took,
    /// By endpoint, under load.
    pub endpoints: BTreeMap<String, Took>,
    /// Answers of all endpoints in a second.
    pub answers_per_second: f64,
    /// Answers that were none.
    pub failed: usize,
    /// Reports that were kept meanwhile.
    pub kept: u64,
    /// Resident memory before the desk was opened, when its table was there, and at the end, in megabytes.
    pub resident_mb: [f64; 3],
}

/// Rows of the overview's list.
const PAGE: usize = 60;

/// Overviews that are measured after the first.
const OVERVIEWS: usize = 10;

/// Measures.
///
/// # Errors
/// Where the store cannot be had or the desk does not answer.
pub fn measure(load: &Load, with: &With) -> Result<DeskLoad> {
    let mut maker = Maker::new(with, load.seed)?;
    if !load.file.exists() {
        let mut store = store_sqlite::create(&load.file)?;
        maker.fill(&mut store, load.incidents)?;
    }
    let mut store = store_sqlite::open(&load.file)?;
    let (Total::Exactly(incidents) | Total::MoreThan(incidents)) =
        store.count(&Filter::default(), u64::MAX)?;
    // What is written from now on is like nothing that is there.
    maker.go_on(store.head()?.seq);

    let before = resident();
    let served = Served::start(load)?;
    let start = Instant::now();
    let reader = Reader::new(&served.at);
    while !reader.ask("/api/v1/incidents?limit=1") {
        if start.elapsed() > Duration::from_secs(60) {
            bail!("the desk does not answer");
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    let first_answer_ms = milliseconds(start);
    let overview_cold_ms = overview(&served.at);
    let ready_ms = if load.in_memory { Some(served.ready(start)?) } else { None };
    let filled = resident();
    let mut took = Vec::new();
    for _ in 0..OVERVIEWS {
        maker.keep(&mut store, 2)?;
        took.push(overview(&served.at));
    }
    let overview = summary(&mut took);

    let (times, failed, kept) = under_load(load, &served.at, &mut maker, &mut store)?;
    let asked: usize = times.values().map(Vec::len).sum();
    let endpoints = times.into_iter().map(|(name, mut took)| (name.to_owned(), summary(&mut took))).collect();
    let at_the_end = resident();
    served.stop()?;
    Ok(DeskLoad {
        incidents,
        readers: load.readers,
        pause_ms: load.pause,
        ingest: load.ingest,
        in_memory: load.in_memory,
        first_answer_ms,
        ready_ms,
        overview_cold_ms,
        overview,
        endpoints,
        answers_per_second: asked as f64 / load.seconds.max(1) as f64,
        failed,
        kept,
        resident_mb: [before, filled, at_the_end],
    })
}

type Times = BTreeMap<&'static str, Vec<f64>>;

/// Readers and a writer side by side.
fn under_load(
    load: &Load,
    at: &str,
    maker: &mut Maker,
    store: &mut dyn Store,
) -> Result<(Times, usize, u64)> {
    let stop = AtomicBool::new(false);
    let all: Mutex<(Times, usize)> = Mutex::default();
    let mut kept = 0;
    let end = Instant::now() + Duration::from_secs(load.seconds);
    std::thread::scope(|scope| {
        for number in 0..load.readers {
            let (stop, all) = (&stop, &all);
            scope.spawn(move || {
                let (mut times, failed) = read(load, at, number, stop);
                let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
                for (name, took) in &mut times {
                    all.0.entry(name).or_default().append(took);
                }
                all.1 += failed;
            });
        }
        let mut written = Ok(());
        while Instant::now() < end && written.is_ok() {
            let next = Instant::now() + Duration::from_secs(1);
            if load.ingest > 0 {
                written = maker.keep(store, load.ingest);
                kept += load.ingest;
            }
            std::thread::sleep(next.min(end).saturating_duration_since(Instant::now()));
        }
        stop.store(true, Ordering::Relaxed);
        written
    })?;
    let (times, failed) = all.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok((times, failed, kept))
}

/// One reader, until told to stop.
fn read(load: &Load, at: &str, number: usize, stop: &AtomicBool) -> (Times, usize) {
    let mut random = Random::new(load.seed ^ ((number as u64 + 1) << 20));
    let reader = Reader::new(at);
    let (mut times, mut failed) = (Times::new(), 0);
    let pause = usize::try_from(load.pause).unwrap_or(usize::MAX);
    let mut wait = random.below(pause + 1);
    loop {
        std::thread::sleep(Duration::from_millis(wait as u64));
        if stop.load(Ordering::Relaxed) {
            return (times, failed);
        }
        let filter = store_speed::question(&mut random);
        let (name, path) = match random.below(4) {
            0 => ("facets", format!("/api/v1/facets?{filter}")),
            1 => {
                let every = ["day", "week", "month"][random.below(3)];
                ("timeline", format!("/api/v1/timeline?every={every}&{filter}"))
            }
            2 => ("map", format!("/api/v1/map?limit=5000&zoom={}&{filter}", random.below(8))),
            _ => ("incidents", format!("/api/v1/incidents?limit={PAGE}&{filter}")),
        };
        let start = Instant::now();
        if reader.ask(&path) {
            times.entry(name).or_default().push(milliseconds(start));
        } else {
            failed += 1;
        }
        wait = pause / 2 + random.below(pause + 1);
    }
}

/// All that the overview asks when it is opened, side by side; how long until the last has come.
fn overview(at: &str) -> f64 {
    let asked = [
        format!("/api/v1/incidents?limit={PAGE}"),
        "/api/v1/facets".to_owned(),
        "/api/v1/timeline?every=month".to_owned(),
        "/api/v1/map?limit=5000".to_owned(),
    ];
    let start = Instant::now();
    std::thread::scope(|scope| {
        for path in &asked {
            scope.spawn(move || Reader::new(at).ask(path));
        }
    });
    milliseconds(start)
}

/// Who asks, on a connection of its own.
struct Reader {
    at: String,
    agent: ureq::Agent,
}

impl Reader {
    fn new(at: &str) -> Self {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .build();
        Self { at: at.to_owned(), agent: agent.into() }
    }

    fn text(&self, path: &str) -> Option<Vec<u8>> {
        // As a browser has it; what was packed is not looked into.
        let answer = self.agent.get(format!("{}{path}", self.at)).header("accept-encoding", "gzip").call();
        let mut answer = answer.ok().filter(|answer| answer.status() == 200)?;
        answer.body_mut().with_config().limit(1 << 30).read_to_vec().ok()
    }

    /// Whether there was an answer, all of it.
    fn ask(&self, path: &str) -> bool {
        self.text(path).is_some()
    }
}

/// A desk that is served.
struct Served {
    at: String,
    metrics: String,
    stop: std::sync::mpsc::Sender<()>,
    thread: std::thread::JoinHandle<std::io::Result<()>>,
}

impl Served {
    fn start(load: &Load) -> Result<Self> {
        let file = load.file.clone();
        let open: Open = Arc::new(move || -> Result<Box<dyn Store>, store::Error> {
            Ok(Box::new(store_sqlite::open(Path::new(&file))?))
        });
        let (listener, metrics) = (TcpListener::bind("127.0.0.1:0")?, TcpListener::bind("127.0.0.1:0")?);
        let at = format!("http://{}", listener.local_addr()?);
        let told = format!("http://{}", metrics.local_addr()?);
        let setup = Setup {
            open,
            countries: record::country::Countries::from_table(knowledge::COUNTRIES)
                .context("the table of countries")?,
            crosswalk: record::crosswalk::Crosswalk::from_table(knowledge::CROSSWALK)
                .context("the crosswalk")?,
            project: "made up".to_owned(),
            tool: "watchpost-eval".to_owned(),
            tag: "eval".to_owned(),
            keep_names: false,
            vendor: None,
            login: Login::No { by: "reader".to_owned() },
            watch: lookout::WatchSettings::default(),
            fetch: fetch::Settings::default(),
            behind_proxy: false,
            in_memory: load.in_memory,
            metrics: Some(metrics),
        };
        let (stop, stopped) = channel::<()>();
        let thread = std::thread::spawn(move || {
            desk::serve(setup, listener, move || {
                // Where nobody can say so any more, it ends as well.
                let _ = stopped.recv();
            })
        });
        Ok(Self { at, metrics: told, stop, thread })
    }

    /// Waits until incidents are counted in memory.
    fn ready(&self, since: Instant) -> Result<f64> {
        let asked = Reader::new(&self.metrics);
        while since.elapsed() < Duration::from_secs(600) {
            let told = String::from_utf8_lossy(&asked.text("/metrics").unwrap_or_default()).into_owned();
            let count = told.lines().find_map(|line| line.strip_prefix("watchpost_incidents_in_memory "));
            if count.is_some_and(|count| count != "0") {
                return Ok(milliseconds(since));
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        bail!("the table in memory does not come")
    }

    fn stop(self) -> Result<()> {
        drop(self.stop);
        match self.thread.join() {
            Ok(ended) => Ok(ended?),
            Err(_) => bail!("the desk broke"),
        }
    }
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}

/// Resident memory in megabytes; 0 where the kernel does not tell.
pub(crate) fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.unwrap_or(0.0) * 1024.0 / 1e6
}

fn summary(took: &mut [f64]) -> Took {
    took.sort_by(f64::total_cmp);
    // The nearest rank: of a hundred the ninety-ninth.
    let at = |share: f64| {
        took.get(((took.len() as f64 * share).ceil() as usize).max(1) - 1).copied().unwrap_or(0.0)
    };
    Took { asked: took.len(), p50_ms: at(0.5), p99_ms: at(0.99), max_ms: at(1.0) }
}

/// The figures as lines for people.
#[must_use]
pub fn table(load: &DeskLoad) -> String {
    let mut out = String::new();
    let way = if load.in_memory { "counted in memory" } else { "counted by the database" };
    let _ = writeln!(out, "{} incidents, {way}", load.incidents);
    let _ = writeln!(out, "first answer after opening     {:.0} ms", load.first_answer_ms);
    if let Some(ready) = load.ready_ms {
        let _ = writeln!(out, "the table is there after       {ready:.0} ms");
    }
    let _ = writeln!(out, "overview, just after opening   {:.0} ms", load.overview_cold_ms);
    let Took { p50_ms, max_ms, .. } = load.overview;
    let _ = writeln!(out, "overview, after a write        {p50_ms:.0} ms, at most {max_ms:.0} ms");
    let [before, filled, end] = load.resident_mb;
    let _ = writeln!(
        out,
        "resident memory                {before:.0} MB, {filled:.0} MB, {end:.0} MB at the end"
    );
    let _ = writeln!(
        out,
        "{} readers, a pause of {} ms; {} reports a second ({} kept): {:.0} answers a second, {} failed",
        load.readers, load.pause_ms, load.ingest, load.kept, load.answers_per_second, load.failed
    );
    let _ = writeln!(out, "{:<12} {:>7} {:>9} {:>9} {:>9}", "ms", "asked", "p50", "p99", "max");
    for (name, took) in &load.endpoints {
        let Took { asked, p50_ms, p99_ms, max_ms } = took;
        let _ = writeln!(out, "{name:<12} {asked:>7} {p50_ms:>9.1} {p99_ms:>9.1} {max_ms:>9.1}");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_desk_is_asked_while_it_is_written_to() {
        if !crate::reader::pack_folder().is_dir() {
            println!("skipped: no gazetteer pack here (make setup)");
            return;
        }
        let folder = tempfile::TempDir::new().expect("a folder");
        let load = Load {
            file: folder.path().join("load.db"),
            incidents: 30,
            readers: 4,
            seconds: 2,
            pause: 20,
            ingest: 5,
            in_memory: true,
            seed: 1,
        };
        let measured = measure(&load, &With::default()).expect("a measurement");
        assert_eq!((measured.incidents, measured.failed), (30, 0));
        assert_eq!(measured.endpoints.len(), 4);
        assert!(measured.kept >= 5 && measured.ready_ms.is_some());
        // The store is gone on with, and by the database alone.
        let again = Load { in_memory: false, seconds: 1, ..load };
        assert!(measure(&again, &With::default()).expect("another").incidents > 30);
    }
}
