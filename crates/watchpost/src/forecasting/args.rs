//! The command line of `watchpost forecast`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use watch::forecast::Model;

use crate::cli::project::ProjectArgs;
use crate::counts::{InputArgs, SeriesArgs};

/// Options of `watchpost forecast`.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "Examples:\n  watchpost forecast monthly.csv --horizon 14 > draws.csv\n  \
    watchpost forecast events.csv --by country --every month --count deaths --horizon 6 --summary\n  \
    watchpost forecast monthly.csv --horizon 14 --out draws.parquet\n  \
    watchpost forecast score --actuals monthly.csv --forecasts draws.csv\n  \
    watchpost forecast --by country --every month --horizon 6 --issue --summary\n  \
    watchpost forecast score"
)]
pub(crate) struct ForecastArgs {
    #[command(subcommand)]
    pub(crate) command: Option<ForecastCommand>,

    /// How many periods ahead
    #[arg(long, value_name = "N", required = true, value_parser = clap::value_parser!(u32).range(1..=366))]
    pub(crate) horizon: Option<u32>,

    /// How the counts to come are foreseen
    #[arg(long, value_enum, default_value_t = ModelChoice::Watchpost, value_name = "NAME")]
    pub(crate) model: ModelChoice,

    /// Draws for each series and period
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) draws: u32,

    /// The same seed gives the same draws
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,

    /// Write mean, median and quantiles in place of the draws
    #[arg(long)]
    pub(crate) summary: bool,

    /// What to write [default: parquet where the name of --out ends so, else csv]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) to: Option<DrawsFormat>,

    /// File that is written, at once and whole, in place of one that is there [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,

    /// Of a project: keep the forecast, frozen, to be scored when its day has come
    #[arg(long, conflicts_with = "file")]
    pub(crate) issue: bool,

    #[command(flatten)]
    pub(crate) input: InputArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DrawsFormat {
    /// One row a draw: series,date,draw,value
    Csv,
    /// The same with types, for Python, R and DuckDB
    Parquet,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ForecastCommand {
    /// Score forecasts against what came: those of a file, or without files all that the project has issued and whose day has come.
    ///
    /// Output is one JSON object: CRPS, CRPS of log(1 + x), the ignorance score (of the draws as they are, and as VIEWS takes it), the mean interval score
    /// and the coverage of the 90 % interval, and the tenths that the probability integral transform falls into; over all and for each series.
    ///
    /// Exit status: 0 all was scored, 1 some rows could not be read or nothing could be scored, 2 the command line was wrong.
    Score(ScoreArgs),
    /// List the forecasts that the project has issued, with what those of each model were worth so far
    #[command(alias = "ls")]
    List(IssuedArgs),
    /// Write a forecast again as it was issued
    Show(ShowIssuedArgs),
}

/// Options of `watchpost forecast list`.
#[derive(Debug, Args)]
pub(crate) struct IssuedArgs {
    #[command(flatten)]
    pub(crate) project: ProjectArgs,
}

/// Options of `watchpost forecast show`.
#[derive(Debug, Args)]
pub(crate) struct ShowIssuedArgs {
    #[command(flatten)]
    pub(crate) project: ProjectArgs,

    /// Id of a forecast (FC-…)
    #[arg(value_name = "FORECAST")]
    pub(crate) forecast: String,

    /// Write mean, median and quantiles in place of the draws
    #[arg(long)]
    pub(crate) summary: bool,
}

/// Options of `watchpost forecast score`.
#[derive(Debug, Args)]
pub(crate) struct ScoreArgs {
    /// What came: a table as `watchpost forecast` takes [default: the project's incidents]
    #[arg(long, value_name = "FILE", requires = "forecasts")]
    pub(crate) actuals: Option<PathBuf>,

    /// What was foreseen: series,date,draw,value, as CSV or Parquet [default: what the project has issued]
    #[arg(long, value_name = "FILE", requires = "actuals")]
    pub(crate) forecasts: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) project: ProjectArgs,

    #[command(flatten)]
    pub(crate) input: SeriesArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ModelChoice {
    /// Poisson around the last count
    Last,
    /// Negative binomial with mean and variance of the last year
    Mean,
    /// The counts of the last year, each as likely
    Conflictology,
    /// Near past, far past, and what followed elsewhere where counts were alike
    Watchpost,
}

impl From<ModelChoice> for Model {
    fn from(choice: ModelChoice) -> Self {
        match choice {
            ModelChoice::Last => Self::Last,
            ModelChoice::Mean => Self::Mean,
            ModelChoice::Conflictology => Self::Conflictology,
            ModelChoice::Watchpost => Self::Watchpost,
        }
    }
}
