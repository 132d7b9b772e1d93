//! `watchpost show`: an incident with all that it rests on, or a report.

use std::fmt::Write as _;
use std::io::{IsTerminal as _, Write as _};

use ::desk::incidents::{Told, shown, told};
use ::desk::reports;
use ::desk::words::{days, place, range};
use anstyle::{AnsiColor, Style};
use anyhow::bail;
use record::{Basis, Incident, Party, Standing, Status};
use store::Store;

use super::list::output;
use super::project::Project;
use crate::cli::TableOrJson;
use crate::cli::project::ShowArgs;
use crate::code::Outcome;
use crate::output::unwritable;
use crate::say;
use crate::table::{plain, width};

const ID: Style = AnsiColor::Cyan.on_default();
const DIM: Style = Style::new().dimmed();
const HEAD: Style = Style::new().bold();
const QUOTE: Style = AnsiColor::Green.on_default();

/// Runs the command.
pub(crate) fn run(args: &ShowArgs) -> anyhow::Result<Outcome> {
    let mut store = Project::find(&args.project)?.store()?;
    let table = match args.to {
        Some(format) => format == TableOrJson::Table,
        None => std::io::stdout().is_terminal(),
    };
    let shown = if args.id.starts_with("R-") {
        report(store.as_mut(), &args.id, table)?
    } else {
        incident(store.as_mut(), &args.id, table)?
    };
    let mut out = output();
    out.write_all(shown.as_bytes()).and_then(|()| out.flush()).map_err(unwritable)?;
    Ok(Outcome::Fine)
}

fn incident(store: &mut dyn Store, id: &str, table: bool) -> anyhow::Result<String> {
    let Some(first) = store.incident(id)? else {
        bail!(
            "there is no incident {id}\nhint: `watchpost incidents` lists them; ids of reports begin with R-"
        );
    };
    let incident = match (&first.merged_into, first.standing) {
        (Some(into), Standing::Merged) => {
            say::note(&format!("{id} was merged into {into}"), None);
            store.resolved(id)?.unwrap_or(first)
        }
        _ => first,
    };
    let reports = told(store, &incident)?;
    if table {
        return Ok(page(&incident, &reports));
    }
    Ok(format!("{:#}\n", serde_json::to_value(shown(incident, reports))?))
}

fn parties(parties: &[Party]) -> String {
    let name = |party: &Party| {
        let label = party.label.clone().unwrap_or_else(|| "a person who is not named".to_owned());
        match &party.actor_id {
            Some(id) => format!("{label} [{id}]"),
            None => label,
        }
    };
    if parties.is_empty() {
        "not known".to_owned()
    } else {
        parties.iter().map(name).collect::<Vec<_>>().join("; ")
    }
}

fn page(incident: &Incident, reports: &[Told]) -> String {
    let width = width();
    let mut text = String::new();
    let kind = incident.sub_event_type.map_or("no type", |kind| kind.as_str());
    let status = match incident.status {
        Status::Unreviewed => "nobody has looked at it",
        Status::Accepted => "accepted",
        Status::Rejected => "rejected",
        Status::NotAnEvent => "not an event",
    };
    let _ = writeln!(
        text,
        "{HEAD}{kind}, {}, {}{HEAD:#}  {ID}{}{ID:#}",
        plain(&place(incident)),
        days(incident),
        incident.id
    );
    let voices = if incident.reports == incident.independent_reports {
        format!("{} independent", incident.reports)
    } else {
        format!("{}, {} independent", incident.reports, incident.independent_reports)
    };
    let _ = writeln!(
        text,
        "{DIM}reports: {voices}; {status}; surest report {:.0} %{DIM:#}",
        incident.confidence * 100.0
    );
    let mut field = |name: &str, value: String, of: &str| {
        let _ = writeln!(text, "  {name:<11} {}", plain(&value));
        let basis = match incident.basis.get(of) {
            Some(Basis::Event(key)) => format!("; {}", key.report),
            Some(Basis::Decision(seq)) => format!(", decision {seq}"),
            None => String::new(),
        };
        let corrected = matches!(incident.basis.get(of), Some(Basis::Decision(_)));
        // Of one report there is nothing to choose.
        if let Some(why) = incident.reasons.get(of).filter(|_| corrected || reports.len() > 1) {
            for line in textwrap::wrap(&plain(&format!("{why}{basis}")), width.saturating_sub(16).max(30)) {
                let _ = writeln!(text, "  {:<11} {DIM}{line}{DIM:#}", "");
            }
        }
    };
    field("by", parties(&incident.actors), "actors");
    field("against", parties(&incident.recipients), "recipients");
    if let Some(place) = &incident.place {
        let exact = place.where_precision.map_or_else(String::new, |p| format!(", precision {p} of 7"));
        let point = match (place.latitude, place.longitude) {
            (Some(lat), Some(lon)) => format!("{lat:.3}, {lon:.3}"),
            _ => "no coordinates".to_owned(),
        };
        field("place", format!("{point}{exact}"), "place");
    }
    for (harm, figures) in &incident.figures {
        let disagree = if figures.disagree { ", reports disagree" } else { "" };
        field(
            harm.as_str(),
            format!("{}{disagree}", range(figures.low, figures.best, figures.high)),
            harm.as_str(),
        );
    }
    for (harm, figures) in incident.figures.iter().filter(|(_, figures)| figures.told.len() > 1) {
        let _ = writeln!(text, "\n{HEAD}{harm}, by report{HEAD:#}", harm = harm.as_str());
        for told in &figures.told {
            let about = if told.vague { " in round words" } else { "" };
            let same = if told.same_voice { "  (same voice)" } else { "" };
            let _ = writeln!(
                text,
                "  {:<12} {} {} {DIM}{}{same}{DIM:#}",
                range(told.low, told.best, told.high) + about,
                told.published.map_or_else(String::new, |day| day.to_string()),
                plain(told.publisher.as_deref().unwrap_or("no outlet")),
                told.from.report
            );
        }
    }
    for told in reports {
        report_block(&mut text, told, width);
    }
    text
}

fn report_block(text: &mut String, told: &Told, width: usize) {
    let report = &told.report;
    let copy = report.copy_of.as_ref().map_or_else(String::new, |of| format!("  copy of {of}"));
    let _ = writeln!(
        text,
        "\n{HEAD}{}{HEAD:#}  {ID}{}{ID:#}{DIM}{copy}{DIM:#}",
        plain(report.title.as_deref().unwrap_or("(no headline)")),
        report.id
    );
    let facts = [
        report.publisher.clone(),
        report.published.map(|day| day.to_string()),
        report.url.clone(),
        report.source.as_ref().map(|source| format!("from {source}")),
    ];
    let facts: Vec<String> = facts.into_iter().flatten().map(|fact| plain(&fact)).collect();
    let _ = writeln!(text, "{DIM}{}{DIM:#}", facts.join(" · "));
    let events = told.coded.events.iter().filter(|event| told.events.contains(&event.id));
    let mut quotes: Vec<(usize, &str)> = events
        .flat_map(|event| &event.evidence)
        .map(|evidence| (evidence.start, evidence.quote.trim()))
        .collect();
    quotes.sort_unstable();
    quotes.dedup();
    // The sentences, and not again what stands in them.
    let inside = |start: usize, quote: &str| {
        quotes
            .iter()
            .any(|(from, longer)| longer.len() > quote.len() && *from <= start && longer.contains(quote))
    };
    for (_, quote) in quotes.iter().filter(|(start, quote)| !inside(*start, quote)) {
        for line in textwrap::wrap(quote, width.saturating_sub(6).max(30)) {
            let _ = writeln!(text, "  {QUOTE}│{QUOTE:#} {}", plain(&line));
        }
    }
}

fn report(store: &mut dyn Store, id: &str, table: bool) -> anyhow::Result<String> {
    let Some((shown, kept)) = reports::shown(store, id)? else {
        bail!("there is no report {id}\nhint: `watchpost search WORDS` finds them");
    };
    if !table {
        return Ok(format!("{:#}\n", serde_json::to_value(shown)?));
    }
    let mut text = String::new();
    let body = kept.text.clone();
    let events = shown.incidents.iter().map(|home| home.event.clone()).collect();
    report_block(&mut text, &Told { report: kept, coded: shown.coded, events }, width());
    for home in &shown.incidents {
        let incident = home.incident.as_deref().unwrap_or("no incident");
        let _ = writeln!(text, "  {DIM}{}{DIM:#} → {ID}{incident}{ID:#}", home.event);
    }
    let _ = writeln!(text, "\n{}", body.lines().map(plain).collect::<Vec<_>>().join("\n"));
    Ok(text)
}
