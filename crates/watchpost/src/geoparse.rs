//! `watchpost geoparse`: texts in, their places out.

use std::io::{self, BufWriter, Write as _};
use std::ops::{ControlFlow, Range};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use coder::{Asked, Coder};
use intake::{Options, Parsed, Problem, Raw};
use record::country::Countries;
use record::{ErrorLine, Geoparsed};
use serde_json::{Map, Value};

use crate::cli::GeoparseArgs;
use crate::code::Outcome;
use crate::output::unwritable;
use crate::{batch, jobs, say, setup};

/// One text, on its way out.
struct Done {
    file: Arc<str>,
    line: u64,
    notes: Vec<String>,
    places: Geoparsed,
    problem: Option<Problem>,
}

/// Runs the command.
pub(crate) fn run(
    args: &GeoparseArgs,
    packs: Option<&Path>,
    actors: Option<&Path>,
) -> anyhow::Result<Outcome> {
    let coder = setup::coder(packs, actors, false)?;
    let countries = setup::countries()?;
    let country = args.country.clone();
    let options =
        Options { format: args.batch.format.into(), max_bytes: args.batch.max_bytes, ..Options::default() };
    let bar = batch::progress(&args.files, args.batch.progress, false);
    let many = args.files.len() > 1;
    let mut output = BufWriter::with_capacity(1 << 16, io::stdout());
    let mut outcome = Outcome::Fine;
    let mut broken = None;
    let source = batch::documents(&args.files, &options, &bar);
    let work =
        move |(file, raw): (Arc<str>, Raw)| read(&coder, &countries, country.as_deref(), file, raw, &options);
    jobs::in_order(
        batch::workers(args.batch.jobs),
        source,
        |(_, raw)| raw.size(),
        work,
        |done: Done| {
            let written = bar.suspend(|| {
                for note in &done.notes {
                    say::note(&format!("{}:{}: {note}", done.file, done.line), None);
                }
                if let Some(problem) = done.problem {
                    outcome = Outcome::SomeUnread;
                    let error =
                        if many { format!("{}: {}", done.file, problem.error) } else { problem.error };
                    let line = ErrorLine {
                        schema: record::ERROR_SCHEMA.to_owned(),
                        line: done.line,
                        given_id: done.places.id.clone(),
                        error,
                        hint: problem.hint,
                    };
                    say::unreadable(&done.file, &line, false);
                }
                serde_json::to_writer(&mut output, &done.places).map_err(io::Error::from)?;
                output.write_all(b"\n")?;
                // As with reports: whoever waits for a line has it.
                output.flush()
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
    broken.map_or(Ok(outcome), |error| Err(unwritable(error)))
}

/// Reads one text. Whatever happens, something comes out.
fn read(
    coder: &Coder,
    countries: &Countries,
    country: Option<&str>,
    file: Arc<str>,
    raw: Raw,
    options: &Options,
) -> Done {
    let Parsed { line, given_id, report, notes, fields, .. } = raw.report(options);
    let places = report.and_then(|report| {
        let mut asked = asked(&fields, &report.text, countries)?;
        asked.country = asked.country.or_else(|| country.map(str::to_owned));
        // A fault in the reader costs the text that shows it, and is said.
        catch_unwind(AssertUnwindSafe(|| coder.geoparse(&report.text, &asked))).map_err(|_| {
            Problem::new(
                "reading this text failed; this is a fault of Watchpost",
                "please report it, with the text if you may",
            )
        })
    });
    let (mentions, problem) = match places {
        Ok(places) => (places, None),
        Err(problem) => (Vec::new(), Some(problem)),
    };
    let error = problem.as_ref().map(|problem| problem.error.clone());
    Done { file, line, notes, places: Geoparsed { id: given_id, mentions, error }, problem }
}

/// What a line asks besides its text.
fn asked(fields: &Map<String, Value>, text: &str, countries: &Countries) -> Result<Asked, Problem> {
    let mentions = match fields.get("mentions") {
        None | Some(Value::Null) => None,
        Some(Value::Array(list)) => {
            let chars = text.chars().count();
            Some(
                list.iter()
                    .enumerate()
                    .map(|(at, mention)| range(at, mention, chars))
                    .collect::<Result<_, _>>()?,
            )
        }
        Some(_) => {
            return Err(Problem::new(
                "`mentions` is no list; expected objects with `start` and `end`",
                "leave the field out to have the names found",
            ));
        }
    };
    let country = match fields.get("country") {
        None | Some(Value::Null) => None,
        Some(Value::String(said)) if said.trim().is_empty() => None,
        Some(Value::String(said)) => Some(self::country(countries, said)?),
        Some(_) => return Err(unknown_country("no string")),
    };
    Ok(Asked { mentions, country })
}

fn range(at: usize, mention: &Value, chars: usize) -> Result<Range<usize>, Problem> {
    let point = |name: &str| mention.get(name).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
    match (point("start"), point("end")) {
        (Some(start), Some(end)) if start < end && end <= chars => Ok(start..end),
        (Some(start), Some(end)) => Err(Problem::new(
            format!("mention {} goes from {start} to {end}, and the text has {chars} characters", at + 1),
            "count code points from 0, the end being one past the last, as Python does",
        )),
        _ => Err(Problem::new(
            format!("mention {} has no `start` and `end` that are whole numbers", at + 1),
            "write each mention as {\"start\": 10, \"end\": 16}, in code points",
        )),
    }
}

/// ISO 3166-1 alpha-3 of what somebody calls a country.
pub(crate) fn country(countries: &Countries, said: &str) -> Result<String, Problem> {
    let said = said.trim();
    [countries.by_iso3(said), countries.by_iso2(said), countries.by_name(said)]
        .into_iter()
        .flatten()
        .next()
        .map(|country| country.iso3.clone())
        .ok_or_else(|| unknown_country(&format!("`{}`", said.chars().take(40).collect::<String>())))
}

fn unknown_country(said: &str) -> Problem {
    Problem::new(
        format!("the country is {said}; expected an ISO 3166-1 code or a country's name"),
        "write for example \"IRQ\", \"IQ\" or \"Iraq\", or leave it out",
    )
}
