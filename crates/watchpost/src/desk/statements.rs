//! `watchpost statements`: what is said of violence, and what the record shows when it is due.

use std::fmt::Write as _;
use std::io::{self, IsTerminal as _, Write as _};

use jiff::{Timestamp, tz::TimeZone};
use lookout::due::{self, Counted, Said, Speaker, SpeakerRecord, StatementFilter};
use store::find::{Filter, ReportFilter};

use super::list::{json, output};
use super::project::Project;
use crate::cli::project::ListFormat;
use crate::cli::watching::StatementsArgs;
use crate::code::Outcome;
use crate::output::unwritable;
use crate::say;
use crate::table::{plain, width, wrap};

/// Runs the command.
pub(crate) fn run(args: &StatementsArgs) -> anyhow::Result<Outcome> {
    let project = Project::find(&args.project)?;
    let mut store = project.store()?;
    let today = args.as_of.unwrap_or_else(|| Timestamp::now().to_zoned(TimeZone::UTC).date());
    let filter = StatementFilter {
        reports: ReportFilter {
            from: args.from,
            to: args.until,
            publisher: args.publisher.clone(),
            ..ReportFilter::default()
        },
        kinds: args.kind.iter().map(|kind| (*kind).into()).collect(),
        states: args.state.iter().map(|state| (*state).into()).collect(),
        countries: args.country.clone(),
        actor: args.actor.clone(),
        speaker: args.speaker.clone(),
    };
    let kept = lookout::load(store.as_mut(), &Filter::default())?;
    let table = match args.to {
        Some(to) => to == ListFormat::Table,
        None => io::stdout().is_terminal(),
    };
    let most = if args.limit == 0 || args.speakers { usize::MAX } else { args.limit };
    let names = project.privacy().keep_names;
    let mut out = output();
    let mut all: Vec<Said> = Vec::new();
    let (mut given, mut more) = (0_usize, false);
    due::statements::<anyhow::Error>(store.as_mut(), &kept, &filter, (today, names), |said| {
        if given == most {
            more = true;
            return Ok(false);
        }
        given += 1;
        if args.speakers {
            all.push(said);
        } else if table {
            out.write_all(row(&said).as_bytes()).map_err(unwritable)?;
        } else {
            json(&mut out, &said)?;
        }
        Ok(true)
    })?;
    if args.speakers {
        for record in due::speakers(&all) {
            if table {
                out.write_all(of_speaker(&record).as_bytes()).map_err(unwritable)?;
            } else {
                json(&mut out, &record)?;
            }
        }
    }
    out.flush().map_err(unwritable)?;
    if more {
        say::note(
            &format!("the newest {given} statements; there are more"),
            Some("--limit 0 gives all of them"),
        );
    } else {
        say::line(&format!("{given} {}", if given == 1 { "statement" } else { "statements" }));
    }
    Ok(Outcome::Fine)
}

/// A statement in a few lines.
fn row(said: &Said) -> String {
    let kind = serde_json::to_value(said.kind).ok().and_then(|kind| kind.as_str().map(str::to_owned));
    let day = said.published.map_or_else(|| "no day".to_owned(), |day| day.to_string());
    let due = match said.due {
        Some(due) => format!("{} {due}", said.state.as_str()),
        None => said.state.as_str().to_owned(),
    };
    let by = said.speaker.as_ref().map_or_else(|| "the report".to_owned(), who);
    let mut text = format!(
        "{day}  {} ({due}{})  {}  {}\n",
        kind.unwrap_or_default(),
        if said.condition.is_some() { ", conditional" } else { "" },
        plain(&by),
        said.id
    );
    for line in wrap(&format!("\"{}\"", said.quote), width().saturating_sub(4)) {
        let _ = writeln!(text, "    {line}");
    }
    if let Some(shown) = &said.record {
        for line in wrap(&record(shown), width().saturating_sub(6)) {
            let _ = writeln!(text, "      {line}");
        }
    }
    text
}

/// What the record shows, in words.
fn record(shown: &due::Shown) -> String {
    let count = |counted: &Counted| {
        format!(
            "{} incidents, {} dead from {} to {}",
            counted.incidents, counted.deaths, counted.from, counted.until
        )
    };
    let mut parts = Vec::new();
    match (&shown.before, &shown.after) {
        (Some(before), Some(after)) => parts.push(format!("{}; before, {}", count(after), count(before))),
        (None, Some(after)) => parts.push(count(after)),
        _ => {}
    }
    if let Some(verdict) = shown.verdict {
        parts.push(verdict.name().to_owned());
    }
    parts.push(shown.says.clone());
    parts.join(". ")
}

fn who(speaker: &Speaker) -> String {
    let named =
        [&speaker.name, &speaker.affiliation, &speaker.actor_id].into_iter().flatten().next().cloned();
    named.unwrap_or_else(|| {
        let sector = speaker.sector.as_deref().unwrap_or("unnamed");
        if speaker.person { format!("a person ({sector})") } else { sector.to_owned() }
    })
}

fn of_speaker(record: &SpeakerRecord) -> String {
    let SpeakerRecord { speaker, statements, tested, supported, not_supported, cannot_tell, score } = record;
    let score = score.map_or_else(
        || format!("no score of fewer than {}", due::FEWEST),
        |score| format!("{:.0} % supported", score * 100.0),
    );
    format!(
        "{}: {statements} statements, {tested} tested: {supported} supported, {not_supported} not, {cannot_tell} cannot be told; {score}\n",
        plain(speaker)
    )
}
