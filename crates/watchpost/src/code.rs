//! `watchpost code`: reports in, coded documents out.

use std::io::{self, BufWriter, IsTerminal as _};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use exchange::{Context, Inter};
use intake::{Options, Raw};
use record::{CodedDocument, CoderInfo, DocumentInfo, ErrorLine, Report};

use crate::cli::{CodeArgs, Names, OutputFormat};
use crate::output::{Output, unwritable};
use crate::reading::{Read, Reading};
use crate::{batch, jobs, say, setup, table};

/// One document, coded, on its way out.
struct Coded {
    document: CodedDocument,
    explanation: Option<String>,
    file: Arc<str>,
    problem: Option<ErrorLine>,
    notes: Vec<String>,
    line: u64,
}

/// How the whole went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Everything was read.
    Fine,
    /// Something could not be read, and it was said what.
    SomeUnread,
}

/// Runs the command.
pub(crate) fn run(args: &CodeArgs, packs: Option<&Path>, actors: Option<&Path>) -> anyhow::Result<Outcome> {
    let reading = Reading::new(&args.reading, packs, actors)?;
    let (countries, crosswalk) = (setup::countries()?, setup::crosswalk()?);
    let context = Context { countries: &countries, crosswalk: &crosswalk, inter: Inter::Text };

    let on_terminal = io::stdout().is_terminal();
    let format = args.to.unwrap_or(if on_terminal { OutputFormat::Table } else { OutputFormat::Jsonl });
    let people = format == OutputFormat::Table && io::stderr().is_terminal();
    let stdout = anstream::AutoStream::new(io::stdout(), anstream::stdout().current_choice());
    let mut output = Output::new(format, &context, table::width(), BufWriter::with_capacity(1 << 16, stdout))
        .map_err(unwritable)?;

    let options = args.hints.options(&args.batch);
    let bar = batch::progress(&args.files, args.batch.progress, on_terminal);
    let (explain, keep_names) = (args.explain, args.names == Names::Keep);
    let many = args.files.len() > 1;
    let source = batch::documents(&args.files, &options, &bar);
    let workers = reading.workers(args.batch.jobs);
    let reader = reading.clone();
    let work = move |(file, raw): (Arc<str>, Raw)| code(&reader, file, raw, &options, explain, keep_names);
    let mut outcome = Outcome::Fine;
    let mut broken = None;
    jobs::in_order(
        workers,
        source,
        |(_, raw)| raw.size(),
        work,
        |mut coded: Coded| {
            let written = bar.suspend(|| {
                for note in &coded.notes {
                    say::note(&format!("{}:{}: {note}", coded.file, coded.line), None);
                }
                if let Some(problem) = &mut coded.problem {
                    outcome = Outcome::SomeUnread;
                    if many && !people {
                        problem.error = format!("{}: {}", coded.file, problem.error);
                    }
                    say::unreadable(&coded.file, problem, people);
                }
                let explanation = coded.explanation.as_deref();
                if format != OutputFormat::Table
                    && let Some(text) = explanation
                {
                    say::line(text);
                }
                // Each document goes out as soon as it is read: whoever waits for it has it, and a run that is broken off
                // between two has no half a line.
                output.document(&coded.document, explanation).and_then(|()| output.flush())
            });
            match written {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    broken = Some(error);
                    ControlFlow::Break(())
                }
            }
        },
    );
    bar.finish_and_clear();
    reading.summary();
    if let Some(error) = broken {
        return Err(unwritable(error));
    }
    let left_out = output.finish().map_err(unwritable)?;
    if left_out > 0 {
        say::note(
            &format!(
                "{left_out} events are not in this table: they did not happen (negated, planned, past) or are not of its kind"
            ),
            Some("--to jsonl has them all"),
        );
    }
    Ok(outcome)
}

/// Reads one document. Whatever happens, something comes out.
fn code(
    reading: &Reading,
    file: Arc<str>,
    raw: Raw,
    options: &Options,
    explain: bool,
    keep_names: bool,
) -> Coded {
    let line = raw.line;
    let mut parsed = raw.report(options);
    let result = parsed.report.and_then(|report| reading.read(&report, explain));
    let mut read = result.unwrap_or_else(|problem| Read {
        document: unread(parsed.given_id.clone(), &problem.error, reading.knowledge()),
        explanation: None,
        note: None,
        problem: Some(problem),
    });
    if !keep_names {
        record::privacy::unname_document(&mut read.document);
    }
    let problem = read.problem.map(|problem| ErrorLine {
        schema: record::ERROR_SCHEMA.to_owned(),
        line,
        given_id: parsed.given_id,
        error: problem.error,
        hint: problem.hint,
    });
    parsed.notes.extend(read.note);
    Coded { document: read.document, explanation: read.explanation, file, problem, notes: parsed.notes, line }
}

/// What keeps the place of a report that could not be read.
fn unread(given_id: Option<String>, error: &str, knowledge: &str) -> CodedDocument {
    let nothing = Report::default();
    CodedDocument {
        schema: record::CODED_SCHEMA.to_owned(),
        document: DocumentInfo {
            id: format!("sha256:{}", setup::sha256(nothing.text.as_bytes())),
            given_id,
            url: None,
            title: None,
            publisher: None,
            language: None,
            published: None,
            published_from: nothing.published_from,
            chars: 0,
            text_from: None,
        },
        events: Vec::new(),
        tallies: Vec::new(),
        statements: Vec::new(),
        coder: CoderInfo {
            name: "watchpost".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            knowledge: knowledge.to_owned(),
            ..CoderInfo::default()
        },
        error: Some(error.to_owned()),
    }
}
