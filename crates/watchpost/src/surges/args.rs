//! Options of `watchpost watch`.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};
use jiff::civil::Date;
use watch::surge::Detector;

use crate::counts::InputArgs;

/// Options of `watchpost watch`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  watchpost watch weekly.csv > judged.csv\n  \
    watchpost watch acled.csv --by country --every week --from 2024-01-01 --fdr 0.1\n  \
    watchpost watch ged.csv --by admin1 --since 2015-01-01 --explain --plot surges.svg > judged.csv\n  \
    watchpost watch --by admin1 --country MLI --explain > judged.csv")]
pub(crate) struct WatchArgs {
    /// How a surge is told [default: watchpost]
    #[arg(long, value_name = "NAME",
        value_parser = PossibleValuesParser::new(Detector::NAMES.iter().map(|(name, _)| *name)))]
    pub(crate) detector: Option<String>,

    /// How likely a count is to be an alarm where nothing has changed [default: 0.01; EARS 0.001, C3 0.025]
    #[arg(long, value_name = "A", value_parser = chance)]
    pub(crate) alpha: Option<f64>,

    /// First day that is judged and written [default: all that can be]
    #[arg(long, value_name = "DATE")]
    pub(crate) from: Option<Date>,

    /// Of the alarms of one period, the share that may be false (Benjamini and Hochberg), besides --alpha for each
    #[arg(long, value_name = "Q", value_parser = chance)]
    pub(crate) fdr: Option<f64>,

    /// Most alarms, as 2/day, 10/week or 5/month: the least likely counts are raised, never with a look ahead
    #[arg(long, value_name = "N/PERIOD", value_parser = budget)]
    pub(crate) budget: Option<(u32, u32)>,

    /// What to write [default: csv]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) to: Option<WatchFormat>,

    /// Say of each alarm, on standard error, what was expected, how unusual the count is, and since when it rises
    #[arg(long)]
    pub(crate) explain: bool,

    /// Draw the series with what was expected, what is let pass and the alarms, as SVG; those with the least likely alarms first,
    /// at most 24
    #[arg(long, value_name = "FILE")]
    pub(crate) plot: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) input: InputArgs,
}

impl WatchArgs {
    /// Whether it says nothing of what to count and how to judge it: then a project is watched as its settings say.
    pub(crate) fn bare(&self) -> bool {
        let Self { detector, alpha, from, fdr, budget, to, explain, plot, input } = self;
        let InputArgs { file, project: _, series, offset, of_project, traits } = input;
        file.is_none()
            && detector.is_none()
            && (alpha.is_none() && from.is_none() && fdr.is_none() && budget.is_none())
            && (to.is_none() && !explain && plot.is_none())
            && series.is_empty()
            && offset.is_none()
            && of_project.areas.is_none()
            && traits.filter() == store::find::Filter::default()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum WatchFormat {
    /// One row a period: series,date,count,expected,upper,p_value,alarm
    Csv,
    /// One JSON array of the alarms, each with its rise
    Json,
}

fn chance(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|chance| *chance > 0.0 && *chance < 1.0)
        .ok_or_else(|| "expected a number between 0 and 1, for example 0.01".to_owned())
}

/// Alarms, and in how many days.
fn budget(text: &str) -> Result<(u32, u32), String> {
    let (most, period) = text.split_once('/').unwrap_or((text, ""));
    let days = match period.trim() {
        "day" => Some(1),
        "week" => Some(7),
        "month" => Some(30),
        _ => None,
    };
    most.trim()
        .parse()
        .ok()
        .filter(|most| (1..=1_000_000).contains(most))
        .zip(days)
        .ok_or_else(|| "expected a whole number and day, week or month, for example 2/day".to_owned())
}
