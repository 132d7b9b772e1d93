//! `watchpost link`: reports or coded documents in, their incidents out.

use std::collections::HashMap;
use std::io::{self, BufWriter, Write as _};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use intake::{Options, Parsed, Problem, Raw};
use link::{Frequencies, Item, Links, Told, Weights};
use record::{CodedDocument, ErrorLine, LinkedEvent, LinkedReport};
use serde_json::{Map, Value};

use crate::cli::LinkArgs;
use crate::code::Outcome;
use crate::output::unwritable;
use crate::reading::Reading;
use crate::{batch, jobs, say};

/// How every version of the coded document's schema begins.
const CODED: &str = "watchpost.coded/";

/// One report, read and ready to be linked.
struct Done {
    file: Arc<str>,
    line: u64,
    notes: Vec<String>,
    given_id: Option<String>,
    /// The ids of its events, in order.
    events: Vec<String>,
    item: Result<Item, Problem>,
}

/// A place in the output.
struct Kept {
    given_id: Option<String>,
    events: Vec<String>,
    /// Its place among the reports that are linked, or why it is not.
    item: Result<usize, String>,
}

/// Runs the command.
pub(crate) fn run(args: &LinkArgs, packs: Option<&Path>, actors: Option<&Path>) -> anyhow::Result<Outcome> {
    let reading = Reading::new(&args.reading, packs, actors)?;
    let frequencies = Frequencies::from_table(knowledge::WORD_FREQUENCY)
        .context("knowledge/word-frequency.tsv cannot be read")?;
    let weights = Weights::from_table(knowledge::LINKING).context("knowledge/linking.tsv cannot be read")?;
    let options = args.hints.options(&args.batch);
    let bar = batch::progress(&args.files, args.batch.progress, false);
    let many = args.files.len() > 1;
    let source = batch::documents(&args.files, &options, &bar);
    let reader = reading.clone();
    let work = move |(file, raw): (Arc<str>, Raw)| read(&reader, &frequencies, file, raw, &options);
    let mut outcome = Outcome::Fine;
    let mut kept: Vec<Kept> = Vec::new();
    let mut items: Vec<Item> = Vec::new();
    let mut seen: HashMap<String, (Arc<str>, u64)> = HashMap::new();
    jobs::in_order(
        reading.workers(args.batch.jobs),
        source,
        |(_, raw)| raw.size(),
        work,
        |done: Done| {
            bar.suspend(|| {
                for note in &done.notes {
                    say::note(&format!("{}:{}: {note}", done.file, done.line), None);
                }
                if let Some(id) = &done.given_id {
                    let here = (done.file.clone(), done.line);
                    if let Some((file, line)) = seen.get(id) {
                        let before = if *file == done.file {
                            format!("line {line}")
                        } else {
                            format!("{file}:{line}")
                        };
                        let note = format!(
                            "{}:{}: the id `{id}` was given before, in {before}; `copy_of` names both alike",
                            done.file, done.line
                        );
                        say::note(&note, None);
                    } else {
                        seen.insert(id.clone(), here);
                    }
                }
            });
            let item = match done.item {
                Ok(item) => {
                    items.push(item);
                    Ok(items.len() - 1)
                }
                Err(problem) => {
                    outcome = Outcome::SomeUnread;
                    let said = if many {
                        format!("{}: {}", done.file, problem.error)
                    } else {
                        problem.error.clone()
                    };
                    let line = ErrorLine {
                        schema: record::ERROR_SCHEMA.to_owned(),
                        line: done.line,
                        given_id: done.given_id.clone(),
                        error: said,
                        hint: problem.hint,
                    };
                    bar.suspend(|| say::unreadable(&done.file, &line, false));
                    Err(problem.error)
                }
            };
            kept.push(Kept { given_id: done.given_id, events: done.events, item });
            ControlFlow::Continue(())
        },
    );
    bar.finish_and_clear();
    reading.summary();
    let links = link::link(&items, &weights, args.explain);
    if args.explain {
        explain(&items, &links);
    }
    write(&kept, &items, &links).map_err(unwritable)?;
    Ok(outcome)
}

/// Reads one report, or takes one coded document. Whatever happens, something comes out.
fn read(reading: &Reading, frequencies: &Frequencies, file: Arc<str>, raw: Raw, options: &Options) -> Done {
    let Parsed { line, mut given_id, report, mut notes, fields, .. } = raw.report(options);
    let coded = fields.get("schema").and_then(Value::as_str).is_some_and(|schema| schema.starts_with(CODED));
    let result = if coded {
        notes.clear();
        taken(fields).map(|document| (document, None))
    } else {
        report.and_then(|report| {
            let read = reading.read(&report, false)?;
            notes.extend(read.note);
            match read.problem {
                Some(problem) => Err(problem),
                None => Ok((read.document, Some(report.text))),
            }
        })
    };
    let mut events = Vec::new();
    let item = result.and_then(|(document, text)| {
        given_id = document.document.given_id.clone().or_else(|| given_id.clone());
        if let Some(error) = &document.error {
            return Err(Problem::new(
                format!("the coded document says that its report could not be read: {error}"),
                "read that report again, or leave it out",
            ));
        }
        // As with reading: a fault costs the report that shows it.
        let told = catch_unwind(AssertUnwindSafe(|| Told::new(&document, text.as_deref(), frequencies)))
            .map_err(|_| {
                Problem::new(
                    "linking failed on this report; this is a fault of Watchpost",
                    "please report it, with the text if you may",
                )
            })?;
        events = document.events.into_iter().map(|event| event.id).collect();
        Ok(Item { document: document.document.id, given: given_id.clone(), told })
    });
    Done { file, line, notes, given_id, events, item }
}

/// The coded document of a line.
fn taken(fields: Map<String, Value>) -> Result<CodedDocument, Problem> {
    let schema = fields.get("schema").and_then(Value::as_str).unwrap_or_default().to_owned();
    if schema != record::CODED_SCHEMA {
        return Err(Problem::new(
            format!("the line is a coded document of `{schema}`; expected `{}`", record::CODED_SCHEMA),
            "code the report again with this version",
        ));
    }
    serde_json::from_value(Value::Object(fields)).map_err(|error| {
        Problem::new(
            // The words of the error would quote the line, and with it who is named there.
            format!(
                "the line says that it is a coded document and is none: {} at column {}",
                match error.classify() {
                    serde_json::error::Category::Data =>
                        "a field is missing or of another kind than expected",
                    _ => "it is no JSON",
                },
                error.column()
            ),
            "`watchpost schema coded` prints what a coded document has; write it with `watchpost code`",
        )
    })
}

/// What a report is called to others: by its sender, else by its text.
fn name(item: &Item) -> &str {
    item.given.as_deref().unwrap_or(&item.document)
}

fn explain(items: &[Item], links: &Links) {
    for (at, (linked, why)) in links.reports.iter().zip(&links.why).enumerate() {
        let incident = linked.primary.as_deref().unwrap_or("no incident");
        let mut told = format!("{}: {incident}", name(&items[at]));
        if let Some(original) = linked.copy_of {
            told += &format!("; copy of {}", name(&items[original]));
        }
        for (what, partner) in [("with", &why.joined), ("apart from", &why.apart)] {
            if let Some((other, score)) = partner {
                told += &format!("; {what} {}: {score}", name(&items[*other]));
            }
        }
        say::line(&crate::table::plain(&told));
    }
}

fn write(kept: &[Kept], items: &[Item], links: &Links) -> io::Result<()> {
    let mut output = BufWriter::with_capacity(1 << 16, io::stdout());
    for place in kept {
        let mut out = LinkedReport { given_id: place.given_id.clone(), ..LinkedReport::default() };
        let linked = match &place.item {
            Ok(at) => links.reports.get(*at),
            Err(error) => {
                out.error = Some(error.clone());
                None
            }
        };
        if let Some(linked) = linked {
            out.primary.clone_from(&linked.primary);
            out.copy_of = linked.copy_of.and_then(|at| items.get(at)).map(|item| name(item).to_owned());
            let of: HashMap<&str, &String> =
                linked.events.iter().map(|(event, incident)| (event.as_str(), incident)).collect();
            out.events = place
                .events
                .iter()
                .map(|id| LinkedEvent {
                    id: id.clone(),
                    incident: of.get(id.as_str()).map(|at| (*at).clone()),
                })
                .collect();
        }
        serde_json::to_writer(&mut output, &out).map_err(io::Error::from)?;
        output.write_all(b"\n")?;
    }
    output.flush()
}
