//! `watchpost doctor`: is everything there, and does it work?

use std::io::{self, Write as _};
use std::path::Path;
use std::time::Instant;

use anstyle::{AnsiColor, Style};
use coder::{Coder, Knowledge};
use jiff::civil::date;
use record::vocabulary::Realis;
use record::{DateProvenance, Report};
use serde_json::{Value, json};

use crate::cli::{DoctorArgs, ServerArgs};
use crate::code::Outcome;
use crate::{own, packs, server, setup};

/// A report that any set-up must find exactly one event in.
const SMOKE: &str = "BAGHDAD - A car bomb exploded at a market in central Baghdad on Monday, killing seven people and wounding \
12 others, police said. No group claimed responsibility for the attack.";

/// One thing looked at.
struct Check {
    name: &'static str,
    found: Value,
    /// In words.
    text: String,
    /// What is wrong and what to do, where something is.
    problem: Option<String>,
}

/// Runs the command.
pub(crate) fn run(args: &DoctorArgs, named: Option<&Path>, actors: Option<&Path>) -> anyhow::Result<Outcome> {
    let mut checks = vec![version()];
    checks.extend(tables());
    checks.extend(own_actors(actors));
    checks.extend(packs(named));
    checks.push(learned(named));
    checks.extend(smoke(named, actors));
    checks.extend(remote_server(&args.server));
    let bad = checks.iter().any(|check| check.problem.is_some());
    let mut out = anstream::stdout().lock();
    if args.json {
        let list: Vec<Value> = checks
            .iter()
            .map(|check| json!({"check": check.name, "ok": check.problem.is_none(), "found": check.found, "problem": check.problem}))
            .collect();
        writeln!(out, "{}", serde_json::to_string_pretty(&json!({"ok": !bad, "checks": list}))?)?;
    } else {
        const GOOD: Style = AnsiColor::Green.on_default();
        const BAD: Style = AnsiColor::Red.on_default().bold();
        const DIM: Style = Style::new().dimmed();
        for check in &checks {
            let (style, mark) = if check.problem.is_none() { (GOOD, "ok  ") } else { (BAD, "FAIL") };
            writeln!(out, "{style}{mark}{style:#}  {:<10} {}", check.name, check.text)?;
            if let Some(problem) = &check.problem {
                writeln!(out, "      {DIM}hint:{DIM:#} {problem}")?;
            }
        }
    }
    io::stdout().flush()?;
    Ok(if bad { Outcome::SomeUnread } else { Outcome::Fine })
}

/// How long the server has to list its models.
const SERVER_SECONDS: u16 = 10;

/// The server of `--reader remote`, only where one is named: nothing is asked of anybody otherwise.
fn remote_server(args: &ServerArgs) -> Option<Check> {
    args.remote_url.as_deref().filter(|url| !url.trim().is_empty())?;
    let asked = server::client(args, SERVER_SECONDS, 0, 1)
        .map_err(|error| (format!("{error:#}"), "see `watchpost code --help`".to_owned()))
        .and_then(|client| {
            let models = client.models().map_err(|failure| (failure.error, failure.hint))?;
            Ok((client.base().to_owned(), models))
        });
    let model = args.remote_model.as_deref().map(str::trim).filter(|model| !model.is_empty());
    let (url, models) = match asked {
        Ok(answered) => answered,
        Err((error, hint)) => {
            return Some(Check {
                name: "remote",
                // The address may hold what nobody should read, where it is a wrong one.
                found: Value::Null,
                text: "the server of --reader remote".to_owned(),
                problem: Some(format!("{error}; {hint}")),
            });
        }
    };
    let listed = models.as_ref().map_or_else(|| "lists no models".to_owned(), |models| models.join(", "));
    let missing =
        models.as_ref().zip(model).filter(|(models, model)| !models.iter().any(|known| known == model));
    Some(Check {
        name: "remote",
        found: json!({"url": url, "models": models, "model": model}),
        text: format!("{url} answers; {listed}"),
        problem: missing.map(|(_, model)| {
            format!("the server does not list the model {model}; give one that it has with --remote-model")
        }),
    })
}

fn version() -> Check {
    Check {
        name: "program",
        found: json!(setup::version()),
        text: format!("watchpost {}", setup::version()),
        problem: None,
    }
}

fn tables() -> Vec<Check> {
    setup::CARRIED
        .iter()
        .map(|carried| {
            let hash: String = setup::sha256(carried.bytes).chars().take(12).collect();
            let rows = std::str::from_utf8(carried.bytes).ok().map(|text| {
                text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()).count().saturating_sub(1)
            });
            let size = rows.map_or_else(|| format!("{} bytes", carried.bytes.len()), |rows| format!("{rows} rows"));
            Check {
                name: if rows.is_some() { "table" } else { "model" },
                found: json!({"file": carried.file, "sha256": hash, "rows": rows, "bytes": carried.bytes.len()}),
                text: format!("{:<26} {hash}  {size}", carried.file),
                problem: carried.bytes.is_empty().then(|| "it is empty; build the program from a whole source tree".to_owned()),
            }
        })
        .collect()
}

/// The user's tables of actors: which are there, how many rows they have, and what is wrong with them.
fn own_actors(named: Option<&Path>) -> Vec<Check> {
    let broken = |file: String, problem: String| Check {
        name: "actors",
        found: json!({"file": file}),
        text: file,
        problem: Some(problem),
    };
    let tables = match own::find(named) {
        Ok(tables) => tables,
        Err(error) => {
            let file = named.map_or_else(String::new, |path| path.display().to_string());
            return vec![broken(file, format!("{error:#}"))];
        }
    };
    let mut registry = match setup::registry() {
        Ok(registry) => registry,
        Err(error) => return vec![broken("knowledge/actors.tsv".to_owned(), format!("{error:#}"))],
    };
    let check = |own: own::Own| {
        let before = registry.len().0;
        let told = own::faults(&mut registry, std::slice::from_ref(&own));
        let new = registry.len().0 - before;
        let hash: String = setup::sha256(own.text.as_bytes()).chars().take(12).collect();
        let file = own.path.display().to_string();
        Check {
            name: "actors",
            found: json!({"file": file, "sha256": hash, "new": new, "faults": told}),
            text: format!("{file}  {hash}  {new} new actors"),
            problem: (!told.is_empty()).then(|| told.join("; ")),
        }
    };
    tables.into_iter().map(check).collect()
}

fn packs(named: Option<&Path>) -> Vec<Check> {
    let missing = |problem: String| {
        let looked: Vec<String> =
            packs::folders(named).iter().map(|folder| folder.display().to_string()).collect();
        vec![Check {
            name: "pack",
            found: json!({"looked_in": looked}),
            text: format!("none found in {}", looked.join(", ")),
            problem: Some(problem),
        }]
    };
    match packs::find(named) {
        Err(error) => missing(format!("{error:#}")),
        Ok(found) if found.is_empty() => missing(setup::NO_PACK_HINT.to_owned()),
        Ok(found) => found.iter().map(pack).collect(),
    }
}

/// Whether `--reader deep` has what it needs, whole and of one piece.
fn learned(named: Option<&Path>) -> Check {
    let loaded = setup::learned(named).and_then(|(base, own)| {
        let encoder = encoder::Encoder::from_bytes(base, own)?;
        encoder.verify()?;
        Ok((packs::encoder_base(named), encoder))
    });
    match loaded {
        Ok((path, encoder)) => {
            let file = path.map_or_else(String::new, |path| path.display().to_string());
            let way = format!("{:?}", encoder.path()).to_lowercase();
            Check {
                name: "learned",
                text: format!("{file}, arithmetic for {way}"),
                found: json!({"base": file, "arithmetic": way, "model": coder::learned::NAME}),
                problem: None,
            }
        }
        // What is not there is missing only to those who ask for it.
        Err(error) if packs::encoder_base(named).is_none() => Check {
            name: "learned",
            found: Value::Null,
            text: format!(
                "not set up, so that --reader deep cannot be used: {}",
                error.to_string().lines().last().unwrap_or("")
            ),
            problem: None,
        },
        Err(error) => Check {
            name: "learned",
            found: Value::Null,
            text: "--reader deep cannot be used".to_owned(),
            problem: Some(format!("{error:#}")),
        },
    }
}

/// What a pack says about itself, and whether it is whole.
fn pack(pack: &packs::Pack) -> Check {
    let file = pack.path.display().to_string();
    let broken = |error: whereabouts::pack::PackError| Check {
        name: "pack",
        found: json!({"file": file}),
        text: file.clone(),
        problem: Some(format!("{error}; {}", setup::NO_PACK_HINT)),
    };
    let opened = match whereabouts::Pack::open(pack.bytes.clone())
        .and_then(|opened| opened.verify().map(|()| opened))
    {
        Ok(opened) => opened,
        Err(error) => return broken(error),
    };
    let said = |key: &str| {
        opened.meta().filter(|(name, _)| *name == key).map(|(_, value)| value).collect::<Vec<_>>()
    };
    let bytes = (*pack.bytes).as_ref().len();
    let hash: String = opened.hash().chars().take(12).collect();
    let mut text = format!("{file}\n");
    for line in [
        format!("{}, {} rows, {:.1} MB, {hash}", said("title").join(", "), opened.rows(), bytes as f64 / 1e6),
        said("licence").join("; "),
        said("attribution").join(" "),
    ] {
        text.push_str(&format!("{:17}{line}\n", ""));
    }
    Check {
        name: "pack",
        found: json!({
            "file": file, "bytes": bytes, "sha256": hash, "rows": opened.rows(), "title": said("title"), "version": said("built-by"),
            "sources": said("source"), "licences": said("licence"), "attribution": said("attribution"),
        }),
        text: text.trim_end().to_owned(),
        problem: None,
    }
}

/// Loads everything and reads a report of two sentences.
fn smoke(named: Option<&Path>, actors: Option<&Path>) -> Vec<Check> {
    let started = Instant::now();
    // What is wrong with the user's tables is told above; without them the rest can still be looked at.
    let own = own::find(actors).ok().filter(|own| own::check(own).is_ok()).unwrap_or_default();
    let loaded = packs::find(named).and_then(|packs| Ok(Knowledge::load(&setup::tables(&packs, &own))?));
    let load_ms = started.elapsed().as_secs_f64() * 1e3;
    let knowledge = match loaded {
        Ok(knowledge) => knowledge,
        Err(error) => {
            return vec![Check {
                name: "load",
                found: Value::Null,
                text: "the tables cannot be loaded".to_owned(),
                problem: Some(format!("{error:#}")),
            }];
        }
    };
    let coder = Coder::new(knowledge);
    let report = Report {
        text: SMOKE.to_owned(),
        language: Some("en".to_owned()),
        published: Some(date(2020, 5, 12)),
        published_from: DateProvenance::Option,
        ..Report::default()
    };
    let started = Instant::now();
    let document = coder.code(&report);
    let code_ms = started.elapsed().as_secs_f64() * 1e3;
    let events = document.events.iter().filter(|event| event.realis == Realis::Asserted).count();
    let expected = date(2020, 5, 11);
    let problem = match document.events.first() {
        Some(event) if events == 1 && event.event_date == Some(expected) => None,
        Some(event) if events == 1 => Some(format!(
            "the event's day is {}, expected {expected}; the program is broken, install it again",
            event.event_date.map_or_else(|| "unresolved".to_owned(), |day| day.to_string())
        )),
        _ => {
            Some(format!("found {events} events where there is one; the program is broken, install it again"))
        }
    };
    vec![
        Check {
            name: "load",
            found: json!({"milliseconds": load_ms}),
            text: format!("tables and packs in {load_ms:.1} ms"),
            problem: None,
        },
        Check {
            name: "reading",
            found: json!({"events": events, "milliseconds": code_ms, "coder": document.coder}),
            text: format!("a report of two sentences: {events} event in {code_ms:.1} ms"),
            problem,
        },
    ]
}
