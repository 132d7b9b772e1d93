//! Series from the incidents of a project.

use std::path::Path;

use anyhow::{Context as _, anyhow};
use lookout::{Areas, By, Gathered, Kept, LeftOut, Measure, Question};
use watch::Every;

use super::args::InputArgs;
use super::{Counts, every_place};
use crate::code::Outcome;
use crate::desk::project::Project;
use crate::say;

/// Series of the project that is meant.
pub(super) fn read(args: &InputArgs, usual: Every) -> anyhow::Result<Counts> {
    let project = Project::find(&args.project)?;
    let said = project.folder.display().to_string();
    let mut store = project.store()?;
    let kept = lookout::load(store.as_mut(), &args.traits.filter())?;
    let series = answer(args, &kept, &said, usual)?.series;
    Ok(Counts { said, places: every_place(&series), series, outcome: Outcome::Fine })
}

/// Counts what was read; what could not be counted is said.
pub(crate) fn answer(args: &InputArgs, kept: &Kept, said: &str, usual: Every) -> anyhow::Result<Gathered> {
    let by = by(&args.series.by)?;
    let areas = areas(args.of_project.areas.as_deref())?;
    if by.contains(&By::Area) && areas.is_none() {
        return Err(anyhow!("hint: draw them, and name their GeoJSON file with --areas FILE")
            .context("--by area: no areas are given"));
    }
    let every = args.series.every.map_or(usual, Every::from);
    let yesterday = args.of_project.as_of.and_then(|day| day.yesterday().ok());
    let question = Question {
        count: args.series.count.map_or(Measure::Incidents, Measure::from),
        since: args.series.since,
        until: args.series.until.or(yesterday),
        known_by: yesterday,
        volume: args.offset.is_some(),
        areas: areas.as_ref(),
        ..Question::new(&by, every)
    };
    let gathered = lookout::series(kept, &question).with_context(|| said.to_owned())?;
    if let Some((first, last)) = gathered.covered {
        let from = |said: bool, else_: &'static str| if said { "as was said" } else { else_ };
        say::note(
            &format!(
                "{said}: the record is taken to cover {first} ({}) to {last} ({}), in whole {}s",
                from(
                    args.series.since.is_some(),
                    "the oldest report, or the first incident of an imported table"
                ),
                from(
                    question.until.is_some(),
                    "the day before the newest report, or the last incident of an imported table"
                ),
                every.name()
            ),
            None,
        );
    }
    left_out(&gathered.left, &question, said);
    if kept.undated > 0 && question.volume {
        say::note(
            &format!(
                "{said}: {} reports do not say when they were published; they are in no volume",
                kept.undated
            ),
            None,
        );
    }
    Ok(gathered)
}

/// What makes a series, as `--by` says.
pub(crate) fn by(words: &[String]) -> anyhow::Result<Vec<By>> {
    if words.is_empty() {
        return Ok(vec![By::Country]);
    }
    let read = |word: &String| word.parse::<By>().map_err(|error| anyhow!("--by {error}"));
    let by: Vec<By> = words.iter().map(read).collect::<anyhow::Result<_>>()?;
    for (at, one) in by.iter().enumerate() {
        if by[..at].contains(one) {
            return Err(anyhow!("hint: leave one out").context(format!("--by names {one} twice")));
        }
    }
    Ok(by)
}

/// The areas of a GeoJSON file.
pub(crate) fn areas(file: Option<&Path>) -> anyhow::Result<Option<Areas>> {
    let Some(file) = file else { return Ok(None) };
    let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let areas = Areas::parse(&text).map_err(|error| {
        anyhow!("{}: {error}\nhint: expected GeoJSON (RFC 7946) with polygons", file.display())
    })?;
    Ok(Some(areas))
}

/// Says what could not be counted.
fn left_out(left: &LeftOut, question: &Question<'_>, said: &str) {
    let every = question.every.name();
    for (many, what) in [
        (left.dayless, "have no day; they are not counted".to_owned()),
        (left.imprecise, format!("are dated less precisely than a {every}; they are not counted")),
        (
            left.before,
            format!("were before the first whole {every} that the record covers; they are not counted"),
        ),
        (left.after, format!("were after the last whole {every}; they are not counted")),
        (left.later, "were published later; they are not counted".to_owned()),
        (left.outside, "are not known to lie in one of the areas; they are not counted".to_owned()),
        (left.unnamed, "are not known well enough for --by; they are in no series".to_owned()),
        (left.no_number, "have no number of dead; they count as none".to_owned()),
    ] {
        if many > 0 {
            say::note(&format!("{said}: {many} incidents {what}"), None);
        }
    }
    if left.unread > 0 {
        say::note(
            &format!("{said}: of {} {every}s no report was read; their counts are missing", left.unread),
            None,
        );
    }
}
