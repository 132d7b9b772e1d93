//! `watchpost incidents`, `search`, `log`: lists, for people and for programs.

use std::fmt::Write as _;
use std::io::{self, IsTerminal as _, Write as _};

use anstyle::{AnsiColor, Style};
use record::{Author, AuthorKind, Decision, Harm, Incident, Status};
use serde::Serialize;
use store::Store;
use store::find::{Filter, Page, ReportFilter, Total};
use store::words::Query;

use ::desk::words::{days, place, range};

use super::project::Project;
use crate::cli::project::{IncidentsArgs, ListFormat, LogArgs, PageArgs, SearchArgs};
use crate::code::Outcome;
use crate::output::unwritable;
use crate::say;
use crate::table::{plain, width};

const ID: Style = AnsiColor::Cyan.on_default();
const DIM: Style = Style::new().dimmed();
const HEAD: Style = Style::new().bold();

/// Rows that are asked for at a time.
const PIECE: usize = 500;
/// How far matches are counted for a person.
const COUNTED: u64 = 1_000_000;

impl PageArgs {
    fn format(&self) -> ListFormat {
        self.to.unwrap_or(if io::stdout().is_terminal() { ListFormat::Table } else { ListFormat::Jsonl })
    }

    /// How many rows are still wanted after so many.
    const fn next(&self, given: usize) -> usize {
        let left = if self.limit == 0 { PIECE } else { self.limit.saturating_sub(given) };
        if left < PIECE { left } else { PIECE }
    }
}

/// Incidents one after the other, in an order, up to a limit (0 is all); says how many there were.
pub(crate) fn each(
    store: &mut dyn Store,
    filter: &Filter,
    mut page: Page,
    limit: usize,
    mut take: impl FnMut(Incident) -> anyhow::Result<()>,
) -> anyhow::Result<usize> {
    let mut given = 0;
    loop {
        page.limit = if limit == 0 { PIECE } else { PIECE.min(limit - given) };
        if page.limit == 0 {
            return Ok(given);
        }
        let found = store.find(filter, &page)?;
        given += found.rows.len();
        found.rows.into_iter().try_for_each(&mut take)?;
        match found.next {
            Some(next) => page.after = Some(next),
            None => return Ok(given),
        }
    }
}

/// Runs `watchpost incidents`.
pub(crate) fn incidents(args: &IncidentsArgs) -> anyhow::Result<Outcome> {
    let mut store = Project::find(&args.project)?.store()?;
    let filter = args.filter.filter();
    let page = Page { order: args.order.into(), ..Page::default() };
    let mut out = output();
    let table = args.page.format() == ListFormat::Table;
    let width = width();
    let given = each(store.as_mut(), &filter, page, args.page.limit, |incident| {
        if table {
            out.write_all(row(&incident, width).as_bytes()).map_err(unwritable)
        } else {
            json(&mut out, &incident)
        }
    })?;
    out.flush().map_err(unwritable)?;
    let all = match store.count(&filter, COUNTED)? {
        Total::Exactly(all) => all.to_string(),
        Total::MoreThan(some) => format!("more than {some}"),
    };
    said(given, &all, "incident", "incidents");
    Ok(Outcome::Fine)
}

fn said(given: usize, all: &str, one: &str, many: &str) {
    let what = if all == "1" { one } else { many };
    if all == given.to_string() {
        say::line(&format!("{all} {what}"));
    } else {
        say::note(&format!("{given} of {all} {what}"), Some("--limit 0 gives all of them"));
    }
}

pub(crate) fn output() -> io::BufWriter<anstream::AutoStream<io::Stdout>> {
    let stdout = anstream::AutoStream::new(io::stdout(), anstream::stdout().current_choice());
    io::BufWriter::with_capacity(1 << 16, stdout)
}

pub(crate) fn json(out: &mut impl io::Write, value: &impl Serialize) -> anyhow::Result<()> {
    serde_json::to_writer(&mut *out, value).map_err(io::Error::from).map_err(unwritable)?;
    out.write_all(b"\n").map_err(unwritable)
}

/// Text of so many columns, cut off where it is longer.
fn cell(text: &str, columns: usize) -> String {
    let text = plain(text);
    let mut cut = String::new();
    let mut used = 0;
    let whole = textwrap::core::display_width(&text) <= columns;
    for c in text.chars() {
        let wide = textwrap::core::display_width(c.encode_utf8(&mut [0; 4]));
        if used + wide > columns.saturating_sub(usize::from(!whole)) {
            break;
        }
        cut.push(c);
        used += wide;
    }
    if !whole && columns > 0 {
        cut.push('…');
        used += 1;
    }
    cut + &" ".repeat(columns.saturating_sub(used))
}

/// One incident on one line.
fn row(incident: &Incident, width: usize) -> String {
    let killed = incident.figures.get(&Harm::Killed);
    let killed = killed.map_or_else(String::new, |f| format!("{} killed", range(f.low, f.best, f.high)));
    let reports = if incident.reports == incident.independent_reports {
        format!("{} rep.", incident.reports)
    } else {
        format!("{}/{} rep.", incident.independent_reports, incident.reports)
    };
    let mark = match incident.status {
        Status::Unreviewed => ' ',
        Status::Accepted => '✓',
        Status::Rejected => '✗',
        Status::NotAnEvent => '∅',
    };
    let kind = incident.sub_event_type.map_or("", |kind| kind.as_str());
    let fixed = 15 + 1 + 2 + 16 + 10 + incident.id.len() + 5;
    let free = width.saturating_sub(fixed).max(30);
    format!(
        "{} {mark} {} {} {} {DIM}{}{DIM:#} {ID}{}{ID:#}\n",
        cell(&days(incident), 15),
        cell(&place(incident), free * 3 / 5),
        cell(kind, free * 2 / 5),
        cell(&killed, 16),
        cell(&reports, 10),
        incident.id,
    )
}

/// Runs `watchpost search`.
pub(crate) fn search(args: &SearchArgs) -> anyhow::Result<Outcome> {
    let typed = args.words.join(" ");
    let Some(text) = Query::parse(&typed) else {
        anyhow::bail!(
            "`{typed}` has no word to look for\nhint: give words that must stand in the report, besides those that must not"
        );
    };
    let mut store = Project::find(&args.project)?.store()?;
    let filter = ReportFilter {
        from: args.from,
        to: args.until,
        publisher: args.publisher.clone(),
        source: args.source.clone(),
        text: Some(text),
    };
    let table = args.page.format() == ListFormat::Table;
    let (mut page, mut given, width) = (Page::default(), 0, width());
    let mut out = output();
    loop {
        page.limit = args.page.next(given);
        if page.limit == 0 {
            break;
        }
        let found = store.find_reports(&filter, &page)?;
        given += found.rows.len();
        for report in &found.rows {
            if !table {
                json(&mut out, report)?;
                continue;
            }
            let day = report.published.map_or_else(|| "no day".to_owned(), |day| day.to_string());
            let copy = report.copy_of.as_ref().map_or_else(String::new, |of| format!(" copy of {of}"));
            writeln!(
                out,
                "{} {HEAD}{}{HEAD:#} {ID}{}{ID:#}{DIM}{copy}{DIM:#}\n    {DIM}{}{DIM:#} {}",
                cell(&day, 10),
                cell(report.title.as_deref().unwrap_or("(no headline)"), width.saturating_sub(40).max(30)),
                report.id,
                plain(report.publisher.as_deref().unwrap_or("")),
                plain(report.snippet.trim())
            )
            .map_err(unwritable)?;
        }
        match found.next {
            Some(next) => page.after = Some(next),
            None => break,
        }
    }
    out.flush().map_err(unwritable)?;
    let all = match store.count_reports(&filter, COUNTED)? {
        Total::Exactly(all) => all.to_string(),
        Total::MoreThan(some) => format!("more than {some}"),
    };
    said(given, &all, "report", "reports");
    Ok(Outcome::Fine)
}

/// Runs `watchpost log`.
pub(crate) fn log(args: &LogArgs) -> anyhow::Result<Outcome> {
    let mut store = Project::find(&args.project)?.store()?;
    let table = args.page.format() == ListFormat::Table;
    let mut out = output();
    let mut given = 0;
    let mut put = |decision: &Decision| {
        if table {
            out.write_all(told(decision).as_bytes()).map_err(unwritable)
        } else {
            json(&mut out, decision)
        }
    };
    match &args.incident {
        Some(incident) => {
            if store.incident(incident)?.is_none() {
                anyhow::bail!("there is no incident {incident}\nhint: `watchpost incidents` lists them");
            }
            let decisions = store.log(incident)?;
            let most = if args.page.limit == 0 { usize::MAX } else { args.page.limit };
            let wanted = decisions.iter().filter(|decision| decision.seq > args.after);
            let all = wanted.clone().count();
            wanted.take(most).try_for_each(&mut put)?;
            given += all.min(most);
            out.flush().map_err(unwritable)?;
            said(given, &all.to_string(), "decision", "decisions");
        }
        None => {
            let mut after = args.after;
            loop {
                let wanted = args.page.next(given);
                let decisions = if wanted == 0 { Vec::new() } else { store.decisions(after, wanted)? };
                let Some(last) = decisions.last() else { break };
                after = last.seq;
                given += decisions.len();
                decisions.iter().try_for_each(&mut put)?;
            }
            out.flush().map_err(unwritable)?;
            let all = store.head()?.seq.saturating_sub(args.after);
            said(given, &all.to_string(), "decision", "decisions");
        }
    }
    Ok(Outcome::Fine)
}

/// Who, as the log names it.
pub(crate) fn who(author: &Author) -> String {
    match author.kind {
        AuthorKind::Person => author.name.clone(),
        AuthorKind::Machine => format!("{} (program)", author.name),
    }
}

/// A decision in words.
fn told(decision: &Decision) -> String {
    let mut text = format!(
        "{HEAD}{}{HEAD:#} {} {} {} {ID}{}{ID:#}\n",
        decision.seq,
        decision.at.strftime("%Y-%m-%d %H:%M"),
        plain(&who(&decision.by)),
        decision.change.what(),
        decision.incidents.join(" "),
    );
    for effect in &decision.effects {
        let _ = writeln!(
            text,
            "    {} {}: {DIM}{}{DIM:#} → {}",
            plain(&effect.of),
            effect.what,
            plain(&effect.before.to_string()),
            plain(&effect.after.to_string())
        );
    }
    if !decision.why.is_empty() {
        let _ = writeln!(text, "    {DIM}{}{DIM:#}", plain(&decision.why));
    }
    text
}
