//! `watchpost actors`: the registry, looked up; what reports name that it lacks; the user's tables, checked.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use anstyle::{AnsiColor, Style};
use intake::{Options, Raw};
use serde_json::{Value, json};
use who::{Context, Lookup, Registry};

use crate::cli::{ActorsCommand, ActorsFormat, FindArgs, UnknownArgs};
use crate::code::Outcome;
use crate::table::plain;
use crate::unknown::{Unknown, phrases};
use crate::{batch, jobs, output, own, say, setup};

const HEAD: Style = Style::new().bold();
const ID: Style = AnsiColor::Cyan.on_default();
const DIM: Style = Style::new().dimmed();

/// Runs the command.
pub(crate) fn run(
    command: &ActorsCommand,
    packs: Option<&Path>,
    named: Option<&Path>,
) -> anyhow::Result<Outcome> {
    match command {
        ActorsCommand::Find(args) => find(args, named),
        ActorsCommand::Unknown(args) => unknown(args, packs, named),
        ActorsCommand::Check { file } => check(file.as_deref().or(named)),
    }
}

/// The registry with the user's tables on it.
pub(crate) fn registry(named: Option<&Path>) -> anyhow::Result<Registry> {
    let tables = own::find(named)?;
    own::check(&tables)?;
    let mut registry = setup::registry()?;
    own::faults(&mut registry, &tables);
    Ok(registry)
}

fn find(args: &FindArgs, named: Option<&Path>) -> anyhow::Result<Outcome> {
    let registry = registry(named)?;
    let context = Context { country: args.country.clone(), date: args.date, ..Context::default() };
    let name = args.name.join(" ");
    let found = registry.look_up(&name, &context);
    let shown = match ActorsFormat::meant(args.to) {
        ActorsFormat::Table => table(&registry, &name, &found),
        ActorsFormat::Json => {
            let candidates: Vec<Value> = found.iter().map(|lookup| candidate(&registry, lookup)).collect();
            let found =
                json!({"name": name, "country": args.country, "date": args.date, "candidates": candidates});
            format!("{found:#}\n")
        }
        ActorsFormat::Tsv => {
            let rows: Vec<Vec<String>> = found.iter().filter_map(|lookup| row(&registry, lookup)).collect();
            tsv(&rows)
        }
    };
    anstream::stdout().lock().write_all(shown.as_bytes()).map_err(output::unwritable)?;
    Ok(if found.is_empty() { Outcome::SomeUnread } else { Outcome::Fine })
}

/// One candidate for programs.
fn candidate(registry: &Registry, lookup: &Lookup) -> Value {
    let mut value = json!({
        "id": Value::Null, "name": lookup.name, "how": lookup.how, "meant": lookup.meant, "country": lookup.country,
        "sector": lookup.sector, "inter_code": lookup.inter_code, "kind": lookup.kind,
    });
    if let Some(actor) = lookup.actor.map(|key| registry.actor(key)) {
        let ties: Vec<Value> = registry
            .ties_of(&actor.id)
            .map(
                |tie| json!({"tie": tie.tie, "of": tie.of, "at": tie.at, "start": tie.start, "end": tie.end}),
            )
            .collect();
        let more = json!({
            "id": actor.id, "aliases": actor.aliases, "parent": actor.parent, "splinter_of": actor.splinter_of,
            "active_in": actor.active_in, "start": actor.start, "end": actor.end, "wikidata": actor.wikidata,
            "ucdp": actor.ucdp, "source": actor.source, "ties": ties,
        });
        if let (Value::Object(value), Value::Object(more)) = (&mut value, more) {
            value.extend(more);
        }
    }
    value
}

/// One candidate as a row of a table of actors.
fn row(registry: &Registry, lookup: &Lookup) -> Option<Vec<String>> {
    let actor = registry.actor(lookup.actor?);
    let year = |year: Option<i16>| year.map_or_else(String::new, |year| year.to_string());
    let word = |word: &Option<String>| word.clone().unwrap_or_default();
    Some(vec![
        actor.id.clone(),
        actor.name.clone(),
        actor.aliases.join("|"),
        word(&actor.parent),
        word(&actor.splinter_of),
        word(&actor.country),
        actor.active_in.join("|"),
        actor.sector.to_string(),
        actor.inter_code.map_or_else(String::new, |code| code.number().to_string()),
        kind(&actor.kind),
        year(actor.start),
        year(actor.end),
        word(&actor.wikidata),
        actor.ucdp.map_or_else(String::new, |id| id.to_string()),
        String::new(),
        word(&actor.source),
    ])
}

fn kind(kind: &record::ParticipantKind) -> String {
    serde_json::to_value(kind).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// A table of actors; whoever fills it in hands it back with --actors.
fn tsv(rows: &[Vec<String>]) -> String {
    let mut out = who::COLUMNS.join("\t") + "\n";
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| cell.replace(['\t', '\n', '\r'], " ")).collect();
        out.push_str(&cells.join("\t"));
        out.push('\n');
    }
    out
}

/// Years of existence: "2013–", "1998–2004", nothing where neither is known.
fn years(start: Option<i16>, end: Option<i16>) -> Option<String> {
    (start.is_some() || end.is_some()).then(|| {
        let year = |year: Option<i16>| year.map_or_else(String::new, |year| year.to_string());
        format!("{}–{}", year(start), year(end))
    })
}

fn table(registry: &Registry, name: &str, found: &[Lookup]) -> String {
    let mut out = String::new();
    if found.is_empty() {
        let _ = writeln!(out, "No actor is called {}.", plain(name));
        return out;
    }
    for lookup in found {
        let meant = if lookup.meant { "  ← meant here" } else { "" };
        let actor = lookup.actor.map(|key| registry.actor(key));
        let id = actor.map_or("(made from country and role)", |actor| actor.id.as_str());
        let _ = writeln!(out, "{HEAD}{}{HEAD:#}  {ID}{}{ID:#}{meant}", plain(&lookup.name), plain(id));
        let mut line = |label: &str, text: String| {
            if !text.is_empty() {
                let _ = writeln!(out, "    {DIM}{label:<9}{DIM:#} {}", plain(&text));
            }
        };
        line("matched", lookup.how.clone());
        let code = lookup.inter_code.map(|code| format!("ACLED interaction code {}", code.number()));
        let span = actor.and_then(|actor| years(actor.start, actor.end));
        let is = [Some(kind(&lookup.kind)), Some(format!("PLOVER {}", lookup.sector)), code, span];
        line("is", is.into_iter().flatten().collect::<Vec<_>>().join(" · "));
        let country = lookup.country.clone().unwrap_or_default();
        let Some(actor) = actor else {
            line("country", country);
            continue;
        };
        let at = if actor.active_in.is_empty() {
            country
        } else {
            format!("{country} (also {})", actor.active_in.join(", ")).trim_start().to_owned()
        };
        line("country", at);
        let called = |id: &Option<String>| id.clone().unwrap_or_default();
        line("part of", called(&actor.parent));
        line("from", called(&actor.splinter_of));
        for tie in registry.ties_of(&actor.id) {
            let span = years(tie.start, tie.end).map_or_else(String::new, |years| format!(" {years}"));
            let at = if tie.at.is_empty() { String::new() } else { format!(" in {}", tie.at.join(", ")) };
            line("tie", format!("{} {}{at}{span}", tie.tie, tie.of));
        }
        let ids = [
            actor.ucdp.map(|id| format!("UCDP {id}")),
            actor.wikidata.as_ref().map(|id| format!("Wikidata {id}")),
        ];
        line("ids", ids.into_iter().flatten().collect::<Vec<_>>().join(" · "));
        line("source", actor.source.clone().unwrap_or_default());
    }
    out
}

fn check(file: Option<&Path>) -> anyhow::Result<Outcome> {
    let tables = own::find(file)?;
    let mut registry = setup::registry()?;
    let ours = registry.len().0;
    let mut told = own::faults(&mut registry, &tables);
    if told.is_empty() {
        told = registry.faults();
    }
    let mut out = anstream::stdout().lock();
    for fault in &told {
        writeln!(out, "{}", plain(fault)).map_err(output::unwritable)?;
    }
    let changed = registry.actors().filter(|actor| actor.own_line.is_some()).count();
    let new = registry.len().0 - ours;
    let names: Vec<String> = tables.iter().map(|own| own.path.display().to_string()).collect();
    let of = if names.is_empty() {
        String::new()
    } else {
        format!(" ({}: {new} new, {} changed)", names.join(", "), changed - new)
    };
    let faults = match told.len() {
        0 => "no fault".to_owned(),
        1 => "1 fault".to_owned(),
        many => format!("{many} faults"),
    };
    writeln!(out, "{} actors{of}: {faults}", registry.len().0).map_err(output::unwritable)?;
    Ok(if told.is_empty() { Outcome::Fine } else { Outcome::SomeUnread })
}

fn unknown(args: &UnknownArgs, packs: Option<&Path>, named: Option<&Path>) -> anyhow::Result<Outcome> {
    let coder = setup::coder(packs, named, false)?;
    let options =
        Options { format: args.batch.format.into(), max_bytes: args.batch.max_bytes, ..Options::default() };
    let bar = batch::progress(&args.files, args.batch.progress, false);
    let source = batch::documents(&args.files, &options, &bar);
    let mut outcome = Outcome::Fine;
    let mut found: BTreeMap<String, Unknown> = BTreeMap::new();
    let reader = coder.clone();
    let work = move |(file, raw): (Arc<str>, Raw)| {
        let line = raw.line;
        let parsed = raw.report(&options);
        let id = parsed.given_id.clone().unwrap_or_else(|| format!("{file}:{line}"));
        let phrases = parsed.report.map_err(|problem| problem.error).and_then(|report| {
            catch_unwind(AssertUnwindSafe(|| phrases(&reader, &report, &id)))
                .map_err(|_| "reading this text failed; this is a fault of Watchpost".to_owned())
        });
        (file, line, phrases)
    };
    jobs::in_order(
        batch::workers(args.batch.jobs),
        source,
        |(_, raw)| raw.size(),
        work,
        |(file, line, phrases)| {
            match phrases {
                Ok(phrases) => {
                    for phrase in phrases {
                        let key = phrase.key();
                        match found.get_mut(&key) {
                            Some(known) => known.join(phrase),
                            None => {
                                found.insert(key, phrase);
                            }
                        }
                    }
                }
                Err(error) => {
                    outcome = Outcome::SomeUnread;
                    bar.suspend(|| say::note(&format!("{file}:{line}: left out: {error}"), None));
                }
            }
            ControlFlow::Continue(())
        },
    );
    bar.finish_and_clear();
    let mut found: Vec<Unknown> =
        found.into_values().filter(|phrase| phrase.count >= args.at_least).collect();
    found.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.phrase.cmp(&b.phrase)));
    let shown = match ActorsFormat::meant(args.to) {
        ActorsFormat::Table => unknown_table(&found),
        ActorsFormat::Json => found.iter().map(|phrase| format!("{}\n", phrase.json())).collect(),
        ActorsFormat::Tsv => tsv(&found.iter().map(Unknown::row).collect::<Vec<_>>()),
    };
    anstream::stdout().lock().write_all(shown.as_bytes()).map_err(output::unwritable)?;
    Ok(outcome)
}

fn unknown_table(found: &[Unknown]) -> String {
    let mut out = String::new();
    if found.is_empty() {
        out.push_str("Every name in an actor's place is in the registry.\n");
    }
    for phrase in found {
        let country = phrase.country().unwrap_or_default();
        let _ = writeln!(
            out,
            "{:>5}  {HEAD}{}{HEAD:#}  {ID}{country}{ID:#}",
            phrase.count,
            plain(&phrase.phrase)
        );
        let _ =
            writeln!(out, "       {DIM}{}{DIM:#}", plain(&format!("“{}” {}", phrase.quote, phrase.document)));
    }
    out
}
