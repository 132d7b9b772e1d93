//! `watchpost sources list`: how the sources are.

use std::fmt::Write as _;
use std::io::{self, IsTerminal as _, Write as _};

use ::desk::sources::{Looked, looked};
use anstyle::{AnsiColor, Style};
use fetch::health::Health;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use record::{Source, SourceDay, SourceState, SourceType};

use crate::cli::project::ListFormat;
use crate::cli::sources::SourceListArgs;
use crate::code::Outcome;
use crate::desk::list::{json, output};
use crate::desk::project::Project;
use crate::output::unwritable;
use crate::say;
use crate::table::{plain, width};
use ::desk::sources::folder;

const BAD: Style = AnsiColor::Red.on_default();
const ODD: Style = AnsiColor::Yellow.on_default();
const GOOD: Style = AnsiColor::Green.on_default();
const DIM: Style = Style::new().dimmed();

/// Days that are summed up for people.
const WEEK: i32 = 7;

/// Runs the command.
pub(super) fn list(args: &SourceListArgs) -> anyhow::Result<Outcome> {
    let mut store = Project::find(&args.project)?.store()?;
    let now = Timestamp::now();
    let today = now.to_zoned(TimeZone::UTC).date();
    let mut all = looked(store.as_mut(), now)?;
    if let Some(wanted) = args.folder.as_deref().map(folder) {
        all.retain(|looked| looked.source.folder.starts_with(&wanted));
    }
    let format = match args.to {
        Some(format) => format,
        None if args.json || !io::stdout().is_terminal() => ListFormat::Jsonl,
        None => ListFormat::Table,
    };
    let mut out = output();
    let (mut ill, mut given) = (0, 0);
    let mut at: Option<Vec<String>> = None;
    let week = today.checked_sub(i64::from(WEEK - 1).days()).unwrap_or(Date::MIN);
    let count_all = all.len();
    for looked in all {
        let ails = !matches!(looked.health, Health::Fine | Health::New);
        ill += usize::from(ails);
        if args.ailing && !ails {
            continue;
        }
        given += 1;
        if format == ListFormat::Jsonl {
            json(&mut out, &looked.shown(now))?;
            continue;
        }
        let Looked { source, state, health, days } = &looked;
        let mut text = String::new();
        if at.as_ref() != Some(&source.folder) {
            if !source.folder.is_empty() {
                let _ = writeln!(text, "{}", plain(&source.folder.join(" / ")));
            }
            at = Some(source.folder.clone());
        }
        let since = days.partition_point(|day| day.day < week);
        row(&mut text, source, state, health, days.get(since..).unwrap_or_default());
        out.write_all(text.as_bytes()).map_err(unwritable)?;
    }
    out.flush().map_err(unwritable)?;
    let count = |n: usize| format!("{n} {}", if n == 1 { "source" } else { "sources" });
    let ails = if ill == 1 { "ails" } else { "ail" };
    if given == count_all {
        say::line(&format!("{}, {ill} of them {ails}", count(count_all)));
    } else {
        say::line(&format!("{given} of {}", count(count_all)));
    }
    Ok(Outcome::Fine)
}

/// A source for people: what it is called and how it is; what it brought; what is wrong.
fn row(out: &mut String, source: &Source, state: &SourceState, health: &Health, week: &[SourceDay]) {
    let style = match health {
        Health::Fine => GOOD,
        Health::New => DIM,
        Health::Quiet(_) | Health::Paused(_) => ODD,
        Health::Failing(_) => BAD,
    };
    let sum = |of: fn(&SourceDay) -> u32| week.iter().map(|day| u64::from(of(day))).sum::<u64>();
    let time = |time: Option<Timestamp>| time.map_or_else(|| "never".to_owned(), fetch::schedule::shown);
    let name = plain(&super::called(source, state.title.as_deref()));
    // Writing to a string does not fail.
    let _ = writeln!(out, "{DIM}{}{DIM:#}  {style}{:<7}{style:#}  {name}", source.id, health.as_str());
    let kind = match source.kind {
        SourceType::Auto => state.kind.unwrap_or_default(),
        kind => kind,
    };
    let mut lines = vec![format!(
        "{} · in 7 days {} new, {} seen, {} refused · last new {}",
        kind.as_str(),
        sum(|day| day.new),
        sum(|day| day.seen),
        sum(|day| day.refused),
        time(state.last_new)
    )];
    let next = match health {
        Health::Paused(_) => "not asked for".to_owned(),
        _ if state.next_try.is_none() => "next try in the next round".to_owned(),
        _ => format!("next try {}", time(state.next_try)),
    };
    lines.push(format!(
        "last try {} · last success {} · {next}",
        time(state.last_try),
        time(state.last_success)
    ));
    if let Some(why) = health.words() {
        let times = match (health, state.failures) {
            (Health::Failing(_), n) if n > 1 => format!(" ({n} times in a row)"),
            _ => String::new(),
        };
        lines.push(format!("{why}{times}"));
    }
    for line in lines {
        for part in textwrap::wrap(&plain(&line), width().saturating_sub(4).max(20)) {
            let _ = writeln!(out, "    {part}");
        }
    }
}
