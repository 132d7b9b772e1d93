//! `watchpost situations`, and `watchpost watch` on a project: what the watch has found, and what persons say of it.

use std::fmt::Write as _;
use std::io::{self, IsTerminal as _, Write as _};

use ::desk::Step;
use anyhow::{anyhow, bail};
use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};
use lookout::{Judged, Round};
use record::{AuthorKind, Became, Situation, SituationAlarm, WatchNote};
use serde::Serialize;
use store::{Noting, Store};

use super::list::{json, output, who};
use super::project::{Project, machine, stamp};
use crate::cli::TableOrJson;
use crate::cli::project::ListFormat;
use crate::cli::watching::{SayingArgs, SituationListArgs, SituationShowArgs, SituationsCommand};
use crate::code::Outcome;
use crate::output::unwritable;
use crate::say;
use crate::table::{plain, width, wrap};

/// The program's part that judges.
const PART: &str = "watch";

/// Runs `watchpost situations`.
pub(crate) fn run(command: &SituationsCommand) -> anyhow::Result<Outcome> {
    match command {
        SituationsCommand::List(args) => list(args),
        SituationsCommand::Show(args) => show(args),
        SituationsCommand::Acknowledge(args) => {
            note(&args.saying, |id| WatchNote::Acknowledged { situation: id })
        }
        SituationsCommand::Snooze(args) => {
            let until = args.until;
            note(&args.saying, move |id| WatchNote::Snoozed { situation: id, until })
        }
    }
}

/// Judges what the project holds, and keeps what became of its situations. The day that is looked from is `as_of`, else the one after the newest report,
/// and never later than tomorrow.
pub(crate) fn judge(
    store: &mut dyn Store,
    settings: &lookout::WatchSettings,
    as_of: Option<Date>,
) -> anyhow::Result<Option<(Date, Round)>> {
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    let as_of = match as_of {
        Some(day) => day,
        None => match lookout::newest(store)? {
            // The evening of the newest report: what was published on that day counts.
            Some(day) => day.min(today).tomorrow().unwrap_or(day),
            None => return Ok(None),
        },
    };
    Ok(Some((as_of, lookout::round(store, settings, as_of, &machine(PART))?)))
}

/// Runs `watchpost watch` on a project: its situations as they stand now.
pub(crate) fn current(project: &Project, as_of: Option<Date>) -> anyhow::Result<Outcome> {
    let mut store = project.store()?;
    let Some((as_of, round)) = judge(store.as_mut(), project.watch(), as_of)? else {
        say::note(
            "nothing is watched yet: there is no incident with a day",
            Some("`watchpost ingest` reads reports, `watchpost import` takes tables"),
        );
        return Ok(Outcome::Fine);
    };
    say_judged(&round.judged, project.watch(), as_of);
    let open = store.situations(true, usize::MAX)?;
    write(&open, None)?;
    say::line(&match open.len() {
        0 => "no situation".to_owned(),
        1 => "1 situation".to_owned(),
        many => format!("{many} situations"),
    });
    Ok(Outcome::Fine)
}

/// What was judged, and what could not be.
pub(crate) fn say_judged(judged: &Judged, settings: &lookout::WatchSettings, as_of: Date) {
    let every = watch::Every::from(settings.every).name();
    let covered =
        judged.covered.map_or_else(|| "no day".to_owned(), |(first, last)| format!("{first} to {last}"));
    say::line(&format!(
        "as of {as_of}: {} series by the {every} ({}), the record covers {covered}",
        judged.series,
        settings.by.join("; ")
    ));
    if judged.unjudged > 0 {
        say::note(&format!("{} of them have too little past to be judged", judged.unjudged), None);
    }
    for (by, left) in &judged.left {
        let not = left.dayless + left.imprecise;
        if not > 0 {
            say::note(
                &format!(
                    "{by}: {not} incidents are dated less precisely than a {every}, or not at all; they are not counted"
                ),
                None,
            );
        }
        if left.unnamed > 0 {
            say::note(
                &format!(
                    "{by}: {} incidents are not known well enough for it; they are in no series",
                    left.unnamed
                ),
                None,
            );
        }
    }
    match &judged.delay {
        Some(Ok(delay)) => say::line(&format!(
            "late reports: half are told within {} days, nine of ten within {} ({} incidents); the last periods are held against what is likely told",
            delay.within(0.5),
            delay.within(0.9),
            delay.events()
        )),
        Some(Err(why)) => say::note(&format!("{why}; the last periods are judged as they stand"), None),
        None => {}
    }
}

/// The list, for people or for programs.
fn write(situations: &[Situation], to: Option<ListFormat>) -> anyhow::Result<()> {
    let to = to.unwrap_or(if io::stdout().is_terminal() { ListFormat::Table } else { ListFormat::Jsonl });
    let mut out = output();
    for situation in situations {
        match to {
            ListFormat::Jsonl => json(&mut out, situation)?,
            ListFormat::Table => out.write_all(row(situation).as_bytes()).map_err(unwritable)?,
        }
    }
    out.flush().map_err(unwritable)
}

/// A situation in a few lines.
fn row(situation: &Situation) -> String {
    let mut text = format!(
        "{}  {}  {} {}, since {}\n",
        situation.id,
        marks(situation),
        state(situation.state),
        situation.updated.strftime("%Y-%m-%d"),
        situation.since
    );
    for line in wrap(&situation.says, width().saturating_sub(4)) {
        let _ = writeln!(text, "    {line}");
    }
    text
}

/// What persons have said of it.
fn marks(situation: &Situation) -> String {
    match (&situation.snoozed, &situation.acknowledged) {
        (Some(snoozed), _) => {
            format!("[snoozed until {} by {}]", snoozed.until, plain(&who(&snoozed.seen.by)))
        }
        (None, Some(seen)) => format!("[acknowledged by {}]", plain(&who(&seen.by))),
        (None, None) => String::new(),
    }
}

const fn state(state: Became) -> &'static str {
    state.as_str()
}

/// Runs `watchpost situations list`.
fn list(args: &SituationListArgs) -> anyhow::Result<Outcome> {
    let mut store = Project::find(&args.project)?.store()?;
    let limit = if args.limit == 0 { usize::MAX } else { args.limit };
    let found = store.situations(!args.all, limit)?;
    write(&found, args.to)?;
    let all = store.situations(!args.all, usize::MAX)?.len();
    let what = if all == 1 { "situation" } else { "situations" };
    if found.len() == all {
        say::line(&format!("{all} {what}"));
    } else {
        say::note(&format!("{} of {all} {what}", found.len()), Some("--limit 0 gives all of them"));
    }
    Ok(Outcome::Fine)
}

/// A situation with what became of it, as it is written.
#[derive(Serialize)]
struct Shown {
    situation: Situation,
    history: Vec<Step>,
}

/// Runs `watchpost situations show`.
fn show(args: &SituationShowArgs) -> anyhow::Result<Outcome> {
    let mut store = Project::find(&args.project)?.store()?;
    let Some(situation) = store.situation(&args.situation)? else {
        return Err(no_situation(&args.situation));
    };
    let history: Vec<Step> =
        store.watch_entries(None, Some(&situation.id), 0, usize::MAX)?.into_iter().map(Step::from).collect();
    let table = match args.to {
        Some(to) => to == TableOrJson::Table,
        None => io::stdout().is_terminal(),
    };
    let mut out = output();
    if table {
        out.write_all(told(&situation, &history).as_bytes()).map_err(unwritable)?;
    } else {
        serde_json::to_writer_pretty(&mut out, &Shown { situation, history })
            .map_err(io::Error::from)
            .map_err(unwritable)?;
        out.write_all(b"\n").map_err(unwritable)?;
    }
    out.flush().map_err(unwritable)?;
    Ok(Outcome::Fine)
}

fn no_situation(id: &str) -> anyhow::Error {
    anyhow!("hint: `watchpost situations list --all` lists them")
        .context(format!("there is no situation {id}"))
}

/// A situation at length.
fn told(situation: &Situation, history: &[Step]) -> String {
    let mut text = row(situation);
    if let Some(into) = &situation.joined_to {
        let _ = writeln!(text, "\npart of {into} now");
    }
    let _ = writeln!(text, "\nalarms");
    for alarm in &situation.alarms {
        let SituationAlarm { by, series, date, so_far, count, expected, upper, why, .. } = alarm;
        let so_far = if *so_far { " so far" } else { "" };
        let _ = writeln!(
            text,
            "  {date}{so_far}  {} ({by}): {count}, expected {expected:.1}, alarm above {upper:.0}; {}",
            plain(series),
            plain(why)
        );
    }
    let revisions = &situation.revisions;
    let _ = writeln!(text, "\nthe chief alarm");
    let _ = writeln!(
        text,
        "  vanishes if {} of its incidents {} rejected{}",
        revisions.rejections,
        if revisions.rejections == 1 { "is" } else { "are" },
        if revisions.decisive.is_empty() {
            String::new()
        } else {
            format!(": {}", revisions.decisive.join(" or "))
        }
    );
    for (holds, count, of) in [
        (
            revisions.holds_corroborated,
            revisions.corroborated,
            "incidents that two independent reports tell of",
        ),
        (revisions.holds_accepted, revisions.accepted, "incidents that a person has accepted"),
    ] {
        let verb = if holds { "holds" } else { "does not hold" };
        let _ = writeln!(text, "  {verb} with the {count} of {of} alone");
    }
    let _ = writeln!(text, "\nincidents: {}", situation.incidents.join(" "));
    let _ = writeln!(text, "\nwhat became of it");
    for step in history {
        let _ = writeln!(
            text,
            "  {} {} {}{}",
            step.at.strftime("%Y-%m-%d %H:%M"),
            plain(&step.by),
            step.what,
            if step.why.is_empty() { String::new() } else { format!(": {}", plain(&step.why)) }
        );
    }
    text
}

/// A person says something of situations.
fn note(args: &SayingArgs, note: impl Fn(String) -> WatchNote) -> anyhow::Result<Outcome> {
    let by = args.by.clone().or_else(|| std::env::var("USER").ok()).filter(|by| !by.trim().is_empty());
    let Some(by) = by else {
        bail!("nobody is named who says it\nhint: --by NAME, or the variable WATCHPOST_PERSON");
    };
    let mut store = Project::find(&args.project)?.store()?;
    let came = store.note_with(&stamp(AuthorKind::Person, &by), &mut |_| {
        let noting = |id: &String| Noting { note: note(id.clone()), why: args.why.clone() };
        Ok(args.situations.iter().map(noting).collect())
    })?;
    let mut outcome = Outcome::Fine;
    for (id, came) in args.situations.iter().zip(came) {
        match came {
            Ok(seq) => say::line(&format!("noted of {id} (entry {seq} of the watch's log)")),
            Err(why) => {
                outcome = Outcome::SomeUnread;
                say::line(&format!("refused: {why}"));
            }
        }
    }
    Ok(outcome)
}
