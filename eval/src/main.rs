//! `watchpost-eval`: how good and how fast the reading is.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::{Args, Parser, Subcommand};
use eval::page::{self, Section};
use eval::reader::{How, With};
use eval::tasks::{TASKS, Task};
use eval::{
    Options, Outcome, annotated, data, desk_load, encoding, own, readers, speed, store_speed, table_speed,
    wrong,
};

/// Measures how good and how fast the reading of reports is.
#[derive(Parser)]
#[command(name = "watchpost-eval", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs one task; `list` names them.
    #[command(external_subcommand)]
    Task(Vec<String>),
    /// Names the tasks and whether their data is there.
    List(Common),
    /// Runs every task whose data is there.
    All(Common),
    /// Runs every task and writes docs/accuracy.md.
    Report {
        #[command(flatten)]
        common: Common,
        /// Takes the results of an earlier `all --json` instead of running.
        #[arg(long, value_name = "FILE")]
        results: Option<PathBuf>,
        /// Where to write.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Compares coded documents with your own gold.
    Own {
        /// Your gold: coded documents, one JSON object a line.
        #[arg(long)]
        gold: PathBuf,
        /// What was read: the same, as `watchpost code` writes it.
        #[arg(long)]
        pred: PathBuf,
        /// Compares all events, not only those told as news.
        #[arg(long)]
        all_realis: bool,
        #[command(flatten)]
        common: Common,
    },
    /// Learns knowledge/event-places.tsv and writes it to standard output.
    FitPlaces(Common),
    /// Learns knowledge/confidence.tsv and writes it to standard output.
    FitConfidence(Common),
    /// Learns knowledge/linking.tsv and writes it to standard output.
    FitLink(Common),
    /// Counts knowledge/word-frequency.tsv and writes it to standard output.
    DeriveWords(Common),
    /// Derives knowledge/fought-over.tsv and writes it to standard output.
    DerivePlaces(Common),
    /// Compares UCDP's actor ids with those of knowledge/actors.tsv and writes one row an id to standard output.
    UcdpIds(Common),
    /// Checks annotated reports and says, line by line, what is wrong in them.
    Reports {
        /// A folder of them, or files [default: models/reports]
        #[arg(value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// Writes them as JSON lines, with tokens, sentences and offsets in code points
        #[arg(long)]
        spans: bool,
    },
    /// Splits texts as the reader does: JSON lines with "text" in, with tokens and sentences out.
    Split {
        /// JSON lines [default: standard input]
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// Measures sentences and documents a second, memory and start-up.
    Speed(Common),
    /// Measures how long reading, linking and keeping a report takes as a store grows, on made-up reports.
    IngestSpeed {
        /// The store: a new file
        #[arg(value_name = "FILE")]
        at: PathBuf,
        /// How many incidents it is filled with
        #[arg(long, value_name = "N", default_value_t = 10_000)]
        incidents: usize,
        /// The same seed gives the same reports
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Writes the results as JSON
        #[arg(long)]
        json: bool,
    },
    /// Measures how long linking one report takes among many made-up ones, and their memory.
    LinkSpeed {
        /// How many reports there are already
        #[arg(long, value_name = "N", default_value_t = 1_000_000)]
        reports: usize,
        /// The same seed gives the same reports
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Writes the results as JSON
        #[arg(long)]
        json: bool,
    },
    /// Reads bulletins and other news by rules alone, with the learned reader and by a peer: how long each takes.
    Readers {
        #[command(flatten)]
        common: Common,
        /// A Python that has what eval/peers/requirements.txt names
        #[arg(long, value_name = "PYTHON")]
        peer: Option<PathBuf>,
    },
    /// Measures how many word pieces the encoder reads in a second on one core.
    EncoderSpeed {
        /// Folder of the packs, with the packages that they are made of
        #[arg(long, value_name = "DIR", default_value = "packs")]
        packs: PathBuf,
        /// Weights of our own [default: those of the published model]
        #[arg(long, value_name = "FILE")]
        own: Option<PathBuf>,
        /// Measures one way only: plain, avx2 or avx512 [default: all that this machine has]
        #[arg(long, value_name = "WAY", value_parser = way)]
        way: Option<encoder::Path>,
        /// Writes the results as JSON
        #[arg(long)]
        json: bool,
    },
    /// Fills a new store with made-up incidents and measures how fast it keeps and finds them.
    StoreSpeed {
        /// How many incidents; half of them have two reports
        #[arg(long, value_name = "N", default_value_t = 100_000)]
        incidents: u64,
        /// A file that is not there yet, or the address of an empty PostgreSQL database
        #[arg(long, value_name = "FILE|URL")]
        store: String,
        /// The same seed gives the same incidents
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Folder of the gazetteer packs [default: $WATCHPOST_PACKS, else packs/]
        #[arg(long, value_name = "DIR")]
        packs: Option<PathBuf>,
        /// Writes the results as JSON
        #[arg(long)]
        json: bool,
    },
    /// Counts made-up incidents in memory, as the desk does: how fast, and what they take there.
    TableSpeed {
        /// How many
        #[arg(long, value_name = "N", default_value_t = 1_000_000)]
        incidents: usize,
        /// The same seed gives the same incidents
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Writes the results as JSON
        #[arg(long)]
        json: bool,
    },
    /// Opens the desk over a store and has many readers ask it while reports are taken in.
    DeskLoad {
        /// A SQLite file; one that is not there yet is filled. It is written to
        file: PathBuf,
        /// Incidents that a new file is filled with
        #[arg(long, value_name = "N", default_value_t = 10_000)]
        incidents: u64,
        /// Readers at once
        #[arg(long, value_name = "N", default_value_t = 50)]
        readers: usize,
        /// For how long they ask
        #[arg(long, value_name = "N", default_value_t = 30)]
        seconds: u64,
        /// How long a reader waits between two questions in the mean, in milliseconds; 0 asks without end
        #[arg(long, value_name = "MS", default_value_t = 1000)]
        pause: u64,
        /// Reports that are kept in a second meanwhile
        #[arg(long, value_name = "N", default_value_t = 20)]
        ingest: u64,
        /// Has the database count, as the desk does until its table is there
        #[arg(long)]
        database: bool,
        /// The same seed gives the same questions
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Folder of the gazetteer packs [default: $WATCHPOST_PACKS, else packs/]
        #[arg(long, value_name = "DIR")]
        packs: Option<PathBuf>,
        /// Writes the results as JSON
        #[arg(long)]
        json: bool,
    },
    /// Asks dates at which nothing is claimed whether a series changed there: how often one is called a change
    PlaceboDates {
        /// How many dates
        #[arg(long, value_name = "N", default_value_t = 1000)]
        dates: u32,
        #[command(flatten)]
        common: Common,
    },
    /// Forecasts calendar years of VIEWS' and GED's country-months from the October before, and scores them
    Views(Common),
    /// Shuffles the days of events and scans them: how often chance is called a cluster
    ScanChance {
        /// How many shuffles are scanned
        #[arg(long, value_name = "N", default_value_t = 500)]
        rounds: u32,
        #[command(flatten)]
        common: Common,
    },
    /// Draws series with and without self-excitation over backgrounds that stand still and that move: how well it is recovered
    SelfExcitation {
        /// How many series of each kind
        #[arg(long, value_name = "N", default_value_t = 200)]
        series: u32,
        /// The same seed gives the same series
        #[arg(long, default_value_t = 2)]
        seed: u64,
        /// Writes the results as JSON
        #[arg(long)]
        json: bool,
    },
    /// Measures detectors of surges on the simulation of Noufaily et al. (2013): false alarms, outbreaks found, speed.
    SurgeSimulation {
        /// How many series of each of the 42 scenarios; 12 give 24,696 null weeks
        #[arg(long, value_name = "N", default_value_t = 12)]
        replicates: usize,
        /// The same seed gives the same series; the settings were chosen on 1 and 3
        #[arg(long, default_value_t = 2)]
        seed: u64,
    },
    /// Counts the alarms on UCDP GED's weekly series of countries and first divisions, 2016 to 2020.
    SurgeLoad(Common),
    /// Writes tables of made-up places, shaped as GeoNames', to measure `watchpost gazetteer import` with.
    MadeUpGazetteer {
        /// How many places; GeoNames has about thirteen million.
        #[arg(long, value_name = "N", default_value_t = 13_000_000)]
        rows: u64,
        /// Folder to write them into.
        #[arg(long, value_name = "DIR")]
        into: PathBuf,
        /// The same seed gives the same places.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
}

/// Arguments of a task when it is named as the command.
#[derive(Parser)]
#[command(no_binary_name = true)]
struct TaskArguments {
    #[command(flatten)]
    common: Common,
}

#[derive(Args, Clone)]
struct Common {
    /// Folder of the corpora [default: $WATCHPOST_SHARED/data, else ../shared/data]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Folder of the gazetteer packs [default: $WATCHPOST_PACKS, else packs/]
    #[arg(long, value_name = "DIR")]
    packs: Option<PathBuf>,
    /// How to read: by rules alone, or with the learned reader [default: fast, as the program]
    #[arg(long, value_enum, value_name = "HOW")]
    reader: Option<How>,
    /// Weights of the learned reader to try [default: those that the program carries]
    #[arg(long, value_name = "FILE")]
    weights: Option<PathBuf>,
    /// Reads at most so many documents of each task
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Writes what was lost, with reasons, as JSON lines: a file, or a folder for several tasks
    #[arg(long, value_name = "FILE")]
    wrong: Option<PathBuf>,
    /// Writes the results as JSON
    #[arg(long)]
    json: bool,
    /// Seed of samples and intervals
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Common {
    fn with(&self) -> With {
        With { packs: self.packs.clone(), how: self.reader, weights: self.weights.clone() }
    }

    fn options(&self) -> Options {
        Options {
            data: self.data.clone().unwrap_or_else(data::default_folder),
            limit: self.limit,
            seed: self.seed,
        }
    }
}

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "watchpost-eval: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<()> {
    match cli.command {
        Command::Task(arguments) => {
            let Some((name, rest)) = arguments.split_first() else { bail!("name a task") };
            let Some(task) = TASKS.iter().find(|task| task.name == name) else {
                let names: Vec<&str> = TASKS.iter().map(|task| task.name).collect();
                bail!("no task `{name}`\nhint: one of {}", names.join(", "));
            };
            let common = TaskArguments::try_parse_from(rest).unwrap_or_else(|error| error.exit()).common;
            let reader = eval::coder(&common.with())?;
            let outcome = (task.run)(&common.options(), &reader)?;
            let section = page::section(&outcome, &command(task.name, &common), common.seed);
            write_wrong(&common, &outcome, false)?;
            show(&common, &[section])
        }
        Command::List(common) => {
            let options = common.options();
            let mut out = std::io::stdout().lock();
            for task in TASKS {
                let there = if options.has(task.needs) { "" } else { "  (no data)" };
                writeln!(out, "{:20} {}{there}", task.name, task.about)?;
            }
            Ok(())
        }
        Command::FitPlaces(common) => {
            let reader = eval::coder(&common.with())?;
            let fitted = eval::fit::run(&common.options(), &reader)?;
            writeln!(std::io::stderr(), "{}", fitted.summary)?;
            Ok(std::io::stdout().lock().write_all(fitted.table.as_bytes())?)
        }
        Command::FitConfidence(common) => {
            let (table, summary) = eval::fit_confidence::run(&common.with())?;
            write!(std::io::stderr(), "{summary}")?;
            Ok(std::io::stdout().lock().write_all(table.as_bytes())?)
        }
        Command::FitLink(common) => {
            let reader = eval::coder(&common.with())?;
            let (table, summary) = eval::linking::fit::run(&common.options(), &reader)?;
            write!(std::io::stderr(), "{summary}")?;
            Ok(std::io::stdout().lock().write_all(table.as_bytes())?)
        }
        Command::DeriveWords(common) => {
            let (table, summary) = eval::linking::words::run(&common.options())?;
            writeln!(std::io::stderr(), "{summary}")?;
            Ok(std::io::stdout().lock().write_all(table.as_bytes())?)
        }
        Command::DerivePlaces(common) => {
            let derived = eval::derive::run(&common.options(), &common.with())?;
            writeln!(std::io::stderr(), "{}", derived.summary)?;
            Ok(std::io::stdout().lock().write_all(derived.table.as_bytes())?)
        }
        Command::UcdpIds(common) => {
            let reader = eval::coder(&common.with())?;
            let (table, summary) = eval::ucdp::compare(&common.options(), &reader)?;
            writeln!(std::io::stderr(), "{summary}")?;
            Ok(std::io::stdout().lock().write_all(table.as_bytes())?)
        }
        Command::All(common) => {
            let sections = every(&common, |_| true)?;
            show(&common, &sections)
        }
        Command::Report { common, results, out } => {
            let sections: Vec<Section> = match &results {
                Some(path) => {
                    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
                    serde_json::from_str(&text).with_context(|| path.display().to_string())?
                }
                None => every(&common, |_| true)?,
            };
            let path = out.unwrap_or_else(|| data::workspace().join("docs/accuracy.md"));
            let deep = match results {
                // Parts that others train on are read by rules alone: they take long and say the same.
                None if common.with().has_base() => {
                    every(&Common { reader: Some(How::Deep), ..common }, |task| {
                        !task.name.ends_with("-train")
                    })?
                }
                _ => Vec::new(),
            };
            std::fs::write(&path, page::markdown(&sections, &deep))
                .with_context(|| path.display().to_string())?;
            writeln!(std::io::stderr(), "{} tasks in {}", sections.len(), path.display())?;
            Ok(())
        }
        Command::Own { gold, pred, all_realis, common } => {
            let read = |path: &PathBuf| data::json_lines(data::open(path)?, &path.display().to_string());
            let which = if all_realis { own::Which::All } else { own::Which::Asserted };
            let outcome = own::score(&read(&gold)?, &read(&pred)?, which);
            write_wrong(&common, &outcome, false)?;
            let command = format!("watchpost-eval own --gold {} --pred {}", gold.display(), pred.display());
            show(&common, &[page::section(&outcome, &command, common.seed)])
        }
        Command::Reports { paths, spans } => check(&paths, spans),
        Command::Split { file } => split(file.as_deref()),
        Command::MadeUpGazetteer { rows, into, seed } => {
            let mut out = std::io::stdout().lock();
            for path in eval::made_up::write(&into, rows, seed)? {
                writeln!(out, "{}", path.display())?;
            }
            Ok(())
        }
        Command::IngestSpeed { at, incidents, seed, json } => {
            let options = Options { data: data::default_folder(), limit: None, seed };
            let measured = eval::linking::ingest::measure(&at, incidents, &With::default(), &options, seed)?;
            let mut out = std::io::stdout().lock();
            if json {
                serde_json::to_writer_pretty(&mut out, &measured)?;
                writeln!(out)?;
            } else {
                out.write_all(eval::linking::ingest::table(&measured).as_bytes())?;
            }
            Ok(())
        }
        Command::PlaceboDates { dates, common } => {
            let measured = eval::claims::placebo_dates(&common.options(), dates)?;
            let mut out = std::io::stdout().lock();
            if common.json {
                serde_json::to_writer_pretty(&mut out, &measured)?;
                writeln!(out)?;
            } else {
                out.write_all(eval::claims::table(&measured).as_bytes())?;
            }
            Ok(())
        }
        Command::Views(common) => {
            let measured = eval::forecasts::measure(&common.options())?;
            let mut out = std::io::stdout().lock();
            if common.json {
                serde_json::to_writer_pretty(&mut out, &measured)?;
                writeln!(out)?;
            } else {
                out.write_all(eval::forecasts::table(&measured).as_bytes())?;
            }
            Ok(())
        }
        Command::ScanChance { rounds, common } => {
            let measured = eval::claims::scan_chance(&common.options(), rounds)?;
            let mut out = std::io::stdout().lock();
            serde_json::to_writer_pretty(&mut out, &measured)?;
            writeln!(out)?;
            Ok(())
        }
        Command::SelfExcitation { series, seed, json } => {
            let rows = eval::self_excitation::measure(series, seed);
            let mut out = std::io::stdout().lock();
            if json {
                serde_json::to_writer_pretty(&mut out, &rows)?;
                writeln!(out)?;
            } else {
                out.write_all(eval::self_excitation::table(&rows, series, seed).as_bytes())?;
            }
            Ok(())
        }
        Command::SurgeSimulation { replicates, seed } => {
            let told = eval::surge_simulation::run(seed, replicates);
            Ok(std::io::stdout().lock().write_all(told.as_bytes())?)
        }
        Command::SurgeLoad(common) => {
            let told = eval::surge_load::run(&common.options())?;
            Ok(std::io::stdout().lock().write_all(told.as_bytes())?)
        }
        Command::LinkSpeed { reports, seed, json } => {
            let measured = eval::linking::speed::measure(reports, seed)?;
            let mut out = std::io::stdout().lock();
            if json {
                serde_json::to_writer_pretty(&mut out, &measured)?;
                writeln!(out)?;
            } else {
                out.write_all(eval::linking::speed::table(&measured).as_bytes())?;
            }
            Ok(())
        }
        Command::StoreSpeed { incidents, store, seed, packs, json } => {
            let with = With { packs, ..With::default() };
            let measured = store_speed::measure(&store, incidents, &with, seed)?;
            let mut out = std::io::stdout().lock();
            if json {
                serde_json::to_writer_pretty(&mut out, &measured)?;
                writeln!(out)?;
            } else {
                out.write_all(store_speed::table(&measured).as_bytes())?;
            }
            Ok(())
        }
        Command::TableSpeed { incidents, seed, json } => {
            let measured = table_speed::measure(incidents, seed)?;
            let mut out = std::io::stdout().lock();
            if json {
                serde_json::to_writer_pretty(&mut out, &measured)?;
                writeln!(out)?;
            } else {
                out.write_all(table_speed::table(&measured).as_bytes())?;
            }
            Ok(())
        }
        Command::DeskLoad {
            file,
            incidents,
            readers,
            seconds,
            pause,
            ingest,
            database,
            seed,
            packs,
            json,
        } => {
            let with = With { packs, ..With::default() };
            let load = desk_load::Load {
                file,
                incidents,
                readers,
                seconds,
                pause,
                ingest,
                in_memory: !database,
                seed,
            };
            let measured = desk_load::measure(&load, &with)?;
            let mut out = std::io::stdout().lock();
            if json {
                serde_json::to_writer_pretty(&mut out, &measured)?;
                writeln!(out)?;
            } else {
                out.write_all(desk_load::table(&measured).as_bytes())?;
            }
            Ok(())
        }
        Command::EncoderSpeed { packs, own, way, json } => {
            let rates = encoding::measure(&encoding::load(&packs, own.as_deref())?, way)?;
            let mut out = std::io::stdout().lock();
            if json {
                serde_json::to_writer_pretty(&mut out, &rates)?;
                writeln!(out)?;
            } else {
                out.write_all(encoding::table(&rates).as_bytes())?;
            }
            Ok(())
        }
        Command::Readers { common, peer } => {
            let measured = readers::measure(&common.options(), &common.with(), peer.as_deref())?;
            let mut out = std::io::stdout().lock();
            if common.json {
                serde_json::to_writer_pretty(&mut out, &measured)?;
                writeln!(out)?;
            } else {
                out.write_all(readers::table(&measured).as_bytes())?;
            }
            Ok(())
        }
        Command::Speed(common) => {
            let measured = speed::measure(&common.options(), &common.with())?;
            let mut out = std::io::stdout().lock();
            if common.json {
                serde_json::to_writer_pretty(&mut out, &measured)?;
                writeln!(out)?;
            } else {
                out.write_all(speed::table(&measured).as_bytes())?;
            }
            Ok(())
        }
    }
}

/// A way of the encoder's arithmetic that this machine has.
fn way(name: &str) -> std::result::Result<encoder::Path, String> {
    let known = |path: &&encoder::Path| format!("{path:?}").to_lowercase() == name;
    let path = encoder::Path::ALL.iter().find(known).ok_or("expected plain, avx2 or avx512")?;
    path.is_there().then_some(*path).ok_or_else(|| "this machine does not have its instructions".to_owned())
}

fn command(task: &str, common: &Common) -> String {
    let limit = common.limit.map_or_else(String::new, |limit| format!(" --limit {limit}"));
    format!("watchpost-eval {task} --seed {}{limit}", common.seed)
}

/// Runs every task whose data is there, and says which was left out.
fn every(common: &Common, wanted: impl Fn(&Task) -> bool) -> Result<Vec<Section>> {
    let options = common.options();
    let reader = eval::coder(&common.with())?;
    let mut sections = Vec::new();
    let there = |task: &&Task| {
        let there = options.has(task.needs);
        if !there {
            let _ = writeln!(std::io::stderr(), "{}: left out, no {}", task.name, task.needs);
        }
        there
    };
    for task in TASKS.iter().filter(|task| wanted(task)).filter(there) {
        let started = std::time::Instant::now();
        let outcome = (task.run)(&options, &reader).with_context(|| task.name.to_owned())?;
        writeln!(std::io::stderr(), "{}: {:.1} s", task.name, started.elapsed().as_secs_f64())?;
        write_wrong(common, &outcome, true)?;
        sections.push(page::section(&outcome, &command(task.name, common), common.seed));
    }
    Ok(sections)
}

/// Writes the losses to the file, or for several tasks to a file of the task's name in the folder.
fn write_wrong(common: &Common, outcome: &Outcome, several: bool) -> Result<()> {
    let Some(path) = &common.wrong else { return Ok(()) };
    let path = if several || path.is_dir() {
        std::fs::create_dir_all(path).with_context(|| path.display().to_string())?;
        path.join(format!("{}.jsonl", outcome.task))
    } else {
        path.clone()
    };
    let mut file = BufWriter::new(File::create(&path).with_context(|| path.display().to_string())?);
    wrong::write(&outcome.losses, &mut file)?;
    file.flush()?;
    Ok(())
}

fn show(common: &Common, sections: &[Section]) -> Result<()> {
    let mut out = std::io::stdout().lock();
    if common.json {
        serde_json::to_writer_pretty(&mut out, sections)?;
        writeln!(out)?;
    } else {
        for section in sections {
            writeln!(out, "{}", page::terminal(section))?;
        }
    }
    Ok(())
}

/// Reads annotated reports; complaints go to standard error, and one of them is a failure.
fn check(paths: &[PathBuf], spans: bool) -> Result<()> {
    let folder = [data::workspace().join("models/reports")];
    let paths = if paths.is_empty() { &folder } else { paths };
    let mut out = BufWriter::new(std::io::stdout().lock());
    let (mut reports, mut events, mut wrong) = (BTreeSet::new(), 0, 0);
    for path in paths {
        for file in annotated::files(path)? {
            let content = std::fs::read_to_string(&file)
                .with_context(|| format!("{}: cannot be read", file.display()))?;
            let (read, complaints) = annotated::read(&content);
            for complaint in &complaints {
                writeln!(std::io::stderr(), "{}:{}: {}", file.display(), complaint.line, complaint.what)?;
            }
            wrong += complaints.len();
            for report in read {
                events += report.events.len();
                if spans {
                    writeln!(out, "{}", report.spans())?;
                }
                if let Some(id) = reports.replace(report.id) {
                    writeln!(std::io::stderr(), "{}: a second report `{id}`", file.display())?;
                    wrong += 1;
                }
            }
        }
    }
    out.flush()?;
    writeln!(std::io::stderr(), "{} reports with {events} events are well formed", reports.len())?;
    if wrong > 0 {
        bail!("{wrong} complaints");
    }
    Ok(())
}

/// Splits texts into the reader's own tokens and sentences.
fn split(file: Option<&Path>) -> Result<()> {
    let input: Box<dyn BufRead> = match file {
        Some(path) => Box::new(BufReader::new(data::open(path)?)),
        None => Box::new(std::io::stdin().lock()),
    };
    let mut out = BufWriter::new(std::io::stdout().lock());
    for (at, line) in input.lines().enumerate() {
        let object: serde_json::Value = serde_json::from_str(&line?)
            .with_context(|| format!("line {}: expected a JSON object", at + 1))?;
        let text = object["text"].as_str().with_context(|| format!("line {}: has no \"text\"", at + 1))?;
        let mut split = annotated::split(&text::Text::with_title(text, object["title"].as_str()));
        split["id"] = object["id"].clone();
        writeln!(out, "{split}")?;
    }
    Ok(out.flush()?)
}
