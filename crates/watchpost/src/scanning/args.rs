//! The command line of `watchpost scan`.

use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;

use crate::cli::project::{ProjectArgs, TraitArgs};
use crate::counts::OfProjectArgs;

/// Options of `watchpost scan`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  watchpost scan events.csv > clusters.json\n  \
    watchpost scan events.csv --radius 50 --days 14 --until 2020-05-12\n  \
    watchpost scan events.csv --retrospective --step 7 --days 28\n  \
    watchpost scan --country MLI --type Battles")]
pub(crate) struct ScanArgs {
    /// Table: id,date,latitude,longitude[,cases], or events as ACLED or UCDP GED have them; `-` is standard input [default: the
    /// incidents of the project]
    #[arg(value_name = "FILE", conflicts_with = "traits")]
    pub(crate) file: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) project: ProjectArgs,

    #[command(flatten)]
    pub(crate) of_project: OfProjectArgs,

    #[command(flatten)]
    pub(crate) traits: TraitArgs,

    /// Look for clusters of all times, not only for those that last to the last day
    #[arg(long)]
    pub(crate) retrospective: bool,

    /// First day of the events that are taken [default: that of the first event]
    #[arg(long, value_name = "DATE")]
    pub(crate) since: Option<Date>,

    /// Last day of the data, to which a cluster of now must last [default: that of the last event]
    #[arg(long, value_name = "DATE")]
    pub(crate) until: Option<Date>,

    /// Longest cluster in days
    #[arg(long, value_name = "N", default_value_t = 28, value_parser = clap::value_parser!(u16).range(1..=3660))]
    pub(crate) days: u16,

    /// Days that are taken together [default: 1, with --retrospective 7]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=366))]
    pub(crate) step: Option<u16>,

    /// Largest radius in kilometres
    #[arg(long, value_name = "KM", default_value_t = 100.0, value_parser = kilometres)]
    pub(crate) radius: f64,

    /// Largest share of all events that a circle may hold over all time
    #[arg(long, value_name = "SHARE", default_value_t = 0.5, value_parser = share)]
    pub(crate) share: f64,

    /// Fewest events of a cluster
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u32).range(2..))]
    pub(crate) fewest: u32,

    /// How often the days are shuffled over the events; fewer where it is soon clear that there is no cluster
    #[arg(long, value_name = "N", default_value_t = 999, value_parser = clap::value_parser!(u32).range(19..=999_999))]
    pub(crate) replicates: u32,

    /// Most clusters that are told, the strongest first
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) most: usize,

    /// The same seed gives the same chances
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,

    /// How many processors to use [default: all]; the result is the same
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) jobs: Option<u16>,
}

fn kilometres(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|radius: &f64| (0.0..=20_100.0).contains(radius))
        .ok_or_else(|| "expected kilometres from 0 to 20100".to_owned())
}

fn share(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|share: &f64| *share > 0.0 && *share <= 1.0)
        .ok_or_else(|| "expected a share above 0 and at most 1, for example 0.5".to_owned())
}
