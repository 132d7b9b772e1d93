//! How a file of counts or events is read: the options that every command over series has.

use clap::{Args, ValueEnum};
use jiff::civil::Date;
use watch::Every;

/// Options of every command that reads series.
#[derive(Debug, Args)]
#[command(next_help_heading = "Options of the input")]
pub(crate) struct SeriesArgs {
    /// What makes a series of events: all, country, admin1, admin2, actor, dyad, type, sub-type, or the name of a column; several
    /// with commas between them [default: country]
    #[arg(long, value_name = "WHAT,…", value_delimiter = ',')]
    pub(crate) by: Vec<String>,

    /// What is counted of events [default: events]
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) count: Option<Counted>,

    /// Length of a period; counts of shorter ones are summed up [default: that of the counts, a week for events]
    #[arg(long, value_enum, value_name = "PERIOD")]
    pub(crate) every: Option<EveryChoice>,

    /// What becomes of events whose date is known less precisely than the period (ACLED's time_precision, GED's date_prec)
    #[arg(long, value_enum, default_value_t = Imprecise::Count, value_name = "WHAT")]
    pub(crate) imprecise: Imprecise,

    /// First day that the events cover [default: that of the first event]; a first period that is not whole is left out. With counts, those before are left out
    #[arg(long, value_name = "DATE")]
    pub(crate) since: Option<Date>,

    /// Last day that the events cover [default: that of the last event]; a last period that is not whole is left out. With counts, those after are left out
    #[arg(long, value_name = "DATE")]
    pub(crate) until: Option<Date>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Counted {
    /// Each event once
    Events,
    /// The dead, by the best estimate
    Deaths,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Imprecise {
    /// They count where the day lies that stands for them
    Count,
    /// They are left out
    LeaveOut,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum EveryChoice {
    /// A day
    Day,
    /// A week of ISO 8601, from Monday
    Week,
    /// A month of the calendar
    Month,
}

impl From<EveryChoice> for Every {
    fn from(choice: EveryChoice) -> Self {
        match choice {
            EveryChoice::Day => Self::Day,
            EveryChoice::Week => Self::Week,
            EveryChoice::Month => Self::Month,
        }
    }
}
