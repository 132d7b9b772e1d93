//! `watchpost ingest`: files, folders and archives into the project's store.

use std::collections::VecDeque;
use std::io::{self, Write as _};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use collection::Added;
use intake::{Options, Problem, Raw};
use record::{ErrorLine, Ingested, IngestedIncident};

use super::intake::{Intake, Origin, Readier, Ready};
use super::project::{Project, tables};
use crate::cli::project::IngestArgs;
use crate::code::Outcome;
use crate::output::unwritable;
use crate::reading::Reading;
use crate::{batch, jobs, say};

/// One document, looked at.
struct Looked {
    file: Arc<str>,
    line: u64,
    given_id: Option<String>,
    notes: Vec<String>,
    ready: Result<Ready, Problem>,
}

/// Runs the command.
pub(crate) fn run(args: &IngestArgs, packs: Option<&Path>, actors: Option<&Path>) -> anyhow::Result<Outcome> {
    let project = Project::find(&args.project)?;
    let reading = Reading::new(&project.reading(&args.reading)?, packs, actors)?;
    let tables = tables()?;
    let collection = project.collection(&mut |_| ())?;
    let (mut intake, readier) =
        Intake::new(collection, usize::from(args.at_a_time), reading.clone(), tables, project.privacy());
    let mut outcome = Outcome::Fine;
    let files = files(&args.paths, &mut outcome);
    if files.is_empty() && !args.paths.is_empty() {
        say::note("there is no file to read in what was named", None);
        return Ok(outcome);
    }
    let options = args.hints.options(&args.batch);
    let bar = batch::progress(&files, args.batch.progress, false);
    let source = batch::documents(&files, &options, &bar);
    let named = args.source.clone();
    let work = move |(file, raw): (Arc<str>, Raw)| look(&readier, file, raw, named.as_deref(), &options);
    let mut out = args.to.map(|_| io::BufWriter::new(io::stdout()));
    // Those that wait to be kept, by what their input called them.
    let mut waiting: VecDeque<Option<String>> = VecDeque::new();
    let mut unread = 0;
    let mut failed = None;
    jobs::in_order(
        reading.workers(args.batch.jobs),
        source,
        |(_, raw)| raw.size(),
        work,
        |looked: Looked| {
            bar.suspend(|| {
                for note in &looked.notes {
                    say::note(&format!("{}:{}: {note}", looked.file, looked.line), None);
                }
            });
            let step = match looked.ready {
                Ok(ready) => {
                    waiting.push_back(looked.given_id);
                    intake.take(ready).and_then(|added| write(out.as_mut(), added, &mut waiting))
                }
                Err(problem) => {
                    outcome = Outcome::SomeUnread;
                    unread += 1;
                    let line = ErrorLine {
                        schema: record::ERROR_SCHEMA.to_owned(),
                        line: looked.line,
                        given_id: looked.given_id.clone(),
                        error: format!("{}: {}", looked.file, problem.error),
                        hint: problem.hint,
                    };
                    bar.suspend(|| say::unreadable(&looked.file, &line, false));
                    intake.keep().and_then(|added| write(out.as_mut(), added, &mut waiting)).and_then(|()| {
                        let unread = Ingested {
                            given_id: looked.given_id,
                            error: Some(problem.error),
                            ..Ingested::default()
                        };
                        line_out(out.as_mut(), &unread)
                    })
                }
            };
            match step {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    failed = Some(error);
                    ControlFlow::Break(())
                }
            }
        },
    );
    bar.finish_and_clear();
    if let Some(error) = failed {
        return Err(error);
    }
    let added = intake.keep()?;
    write(out.as_mut(), added, &mut waiting)?;
    reading.summary();
    say::line(&intake.sum.told(unread));
    Ok(outcome)
}

/// The files that are meant: of folders all that is in them, but for what is hidden, by name.
fn files(paths: &[PathBuf], outcome: &mut Outcome) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let hidden = |entry: &walkdir::DirEntry| {
            entry.depth() > 0 && entry.file_name().to_string_lossy().starts_with('.')
        };
        for entry in walkdir::WalkDir::new(path).sort_by_file_name().into_iter().filter_entry(|e| !hidden(e))
        {
            match entry {
                Ok(entry) if entry.file_type().is_file() => files.push(entry.into_path()),
                Ok(_) => {}
                Err(error) => {
                    *outcome = Outcome::SomeUnread;
                    say::note(&format!("{error}"), Some("check who may read the folder"));
                }
            }
        }
    }
    files
}

/// Looks at one document.
fn look(readier: &Readier, file: Arc<str>, raw: Raw, named: Option<&str>, options: &Options) -> Looked {
    let parsed = raw.report(options);
    let mut notes = parsed.notes;
    let origin = Origin {
        source: Some(named.map_or_else(|| file.to_string(), str::to_owned)),
        fetched: parsed.fetched,
        headers: parsed.headers,
    };
    let ready = parsed.report.and_then(|report| readier.ready(report, origin, &mut notes));
    Looked { file, line: parsed.line, given_id: parsed.given_id, notes, ready }
}

/// Writes what became of reports.
pub(crate) fn write(
    mut out: Option<&mut io::BufWriter<io::Stdout>>,
    added: Vec<Added>,
    waiting: &mut VecDeque<Option<String>>,
) -> anyhow::Result<()> {
    for one in added {
        for refused in &one.refused {
            say::note(&format!("report {}: {refused}", one.report), None);
        }
        let ingested = Ingested {
            given_id: waiting.pop_front().flatten(),
            report: Some(one.report),
            known: one.known,
            copy_of: one.copy_of,
            incidents: one
                .incidents
                .into_iter()
                .map(|(incident, new)| IngestedIncident { incident, new })
                .collect(),
            error: None,
        };
        line_out(out.as_deref_mut(), &ingested)?;
    }
    if let Some(out) = out {
        out.flush().map_err(unwritable)?;
    }
    Ok(())
}

fn line_out(out: Option<&mut io::BufWriter<io::Stdout>>, ingested: &Ingested) -> anyhow::Result<()> {
    let Some(out) = out else { return Ok(()) };
    serde_json::to_writer(&mut *out, ingested).map_err(io::Error::from).map_err(unwritable)?;
    out.write_all(b"\n").map_err(unwritable)
}
