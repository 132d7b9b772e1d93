//! `watchpost test`: claims about series in, what the record says of them out.

mod args;

use anyhow::anyhow;
use serde::Serialize;
use watch::claim::{self, BeforeAfter, Calendar, Failing, Finding, SelfExcitation, Trend};
use watch::{Every, Series};

pub(crate) use self::args::TestCommand;
use self::args::{AskedArgs, To};
use crate::code::Outcome;
use crate::counts::{self, Counts};
use crate::{output, say};

/// At most so many other series are asked the same.
const MOST_OTHERS: usize = 200;

/// Names that an error lists.
const NAMES_TOLD: usize = 10;

/// Runs the command.
pub(crate) fn run(command: &TestCommand) -> anyhow::Result<Outcome> {
    match command {
        TestCommand::BeforeAfter(args) => {
            let counts = counts::of(&args.claim.of.input)?;
            let series = chosen(&counts, &args.claim.of)?;
            let others: Vec<&Series> =
                counts.series.iter().filter(|other| other.name() != series.name()).collect();
            if others.len() > MOST_OTHERS {
                say::note(
                    &format!("the first {MOST_OTHERS} of {} other series are asked the same", others.len()),
                    None,
                );
            }
            let ask = BeforeAfter {
                which: args.effect.into(),
                harmonics: args.harmonics,
                ramadan: args.control.map(|_| 0),
                lag: args.claim.lag.map(usize::from),
                worth: args.claim.worth,
                ..BeforeAfter::new(period(series, args.at), args.claim.claim.into())
            };
            let others = &others[..others.len().min(MOST_OTHERS)];
            finding(&claim::before_after(series, others, &ask), &args.claim.of)?;
            Ok(counts.outcome)
        }
        TestCommand::Calendar(args) => {
            let counts = counts::of(&args.claim.of.input)?;
            let series = chosen(&counts, &args.claim.of)?;
            let ask = Calendar {
                shift: args.shift,
                harmonics: args.harmonics,
                lag: args.claim.lag.map(usize::from),
                worth: args.claim.worth,
                ..Calendar::new(args.claim.claim.into())
            };
            finding(&claim::calendar(series, &ask), &args.claim.of)?;
            Ok(counts.outcome)
        }
        TestCommand::Trend(args) => {
            let counts = counts::of(&args.claim.of.input)?;
            let series = chosen(&counts, &args.claim.of)?;
            let ask = Trend {
                harmonics: args.harmonics,
                lag: args.claim.lag.map(usize::from),
                worth: args.claim.worth,
                ..Trend::new(args.claim.claim.into())
            };
            finding(&claim::trend(series, &ask), &args.claim.of)?;
            Ok(counts.outcome)
        }
        TestCommand::SelfExcitation(args) => {
            // What follows within days cannot be seen by weeks: events are taken by days.
            let counts = counts::of_by(&args.of.input, Every::Day)?;
            let series = chosen(&counts, &args.of)?;
            let ask = SelfExcitation {
                background: args.background.map(Into::into),
                worth: args.worth,
                replicates: args.replicates,
                seed: args.seed,
            };
            let answer = claim::self_excitation(series, &ask);
            write(&answer, &answer.sentence, &answer.failing, args.of.to)?;
            Ok(counts.outcome)
        }
    }
}

fn period(series: &Series, day: jiff::civil::Date) -> i32 {
    let every: Every = series.every();
    every.of(day)
}

/// The series that is meant.
fn chosen<'a>(counts: &'a Counts, args: &AskedArgs) -> anyhow::Result<&'a Series> {
    let file = &counts.said;
    let mut names: Vec<&str> = counts.series.iter().map(Series::name).take(NAMES_TOLD).collect();
    if counts.series.len() > NAMES_TOLD {
        names.push("…");
    }
    let names = names.join(", ");
    let wrong = |what: String, hint: String| anyhow!("hint: {hint}").context(format!("{file}: {what}"));
    match (&args.series, &counts.series[..]) {
        (_, []) => Err(wrong(
            "no series in it".to_owned(),
            "expected rows of series,date,count or of events".to_owned(),
        )),
        (None, [one]) => Ok(one),
        (None, many) => Err(wrong(
            format!("{} series in it, and none is named", many.len()),
            format!("name one with --series: {names}"),
        )),
        (Some(name), many) => many
            .iter()
            .find(|series| series.name() == name)
            .ok_or_else(|| wrong(format!("no series `{name}` in it"), format!("there are {names}"))),
    }
}

fn finding(finding: &Finding, args: &AskedArgs) -> anyhow::Result<()> {
    write(finding, &finding.sentence, &finding.failing, args.to)
}

/// Writes an answer: all of it, or its sentence and what does not hold.
fn write(answer: &impl Serialize, sentence: &str, failing: &[Failing], to: To) -> anyhow::Result<()> {
    let mut out = Vec::new();
    match to {
        To::Json => {
            serde_json::to_writer_pretty(&mut out, answer)?;
            out.push(b'\n');
        }
        To::Text => {
            let mut text = crate::table::plain(sentence);
            text.push('\n');
            for failing in failing {
                text += &format!("{}: {}\n", failing.assumption, crate::table::plain(&failing.says));
            }
            out = text.into_bytes();
        }
    }
    output::print(&out)
}
