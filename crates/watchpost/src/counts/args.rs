//! How a file of counts or events, or a project, is read: the options that every command over series has.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::civil::Date;
use lookout::Measure;
use watch::Every;

use crate::cli::project::{ProjectArgs, TraitArgs};

/// Where series are from: a file, or the incidents of a project.
#[derive(Debug, Args)]
pub(crate) struct InputArgs {
    /// Table of counts (series,date,count[,offset]) or of events, as ACLED or UCDP GED have them; `-` is standard input [default:
    /// the incidents of the project]
    #[arg(value_name = "FILE", conflicts_with = "traits")]
    pub(crate) file: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) project: ProjectArgs,

    #[command(flatten)]
    pub(crate) series: SeriesArgs,

    /// How much could have been counted: more reporting is not more attacks
    #[arg(
        long,
        value_enum,
        value_name = "WHAT",
        conflicts_with = "file",
        help_heading = "Options of a project's incidents"
    )]
    pub(crate) offset: Option<OffsetChoice>,

    #[command(flatten)]
    pub(crate) of_project: OfProjectArgs,

    #[command(flatten)]
    pub(crate) traits: TraitArgs,
}

/// Options of the incidents of a project.
#[derive(Debug, Args)]
#[command(next_help_heading = "Options of a project's incidents")]
pub(crate) struct OfProjectArgs {
    /// Areas that were drawn: polygons of a GeoJSON file. Only what lies in one of them counts; with --by area each is a series
    #[arg(long, value_name = "FILE", conflicts_with = "file")]
    pub(crate) areas: Option<PathBuf>,

    /// As on the morning of that day: only what was published before it counts [default: all]
    #[arg(long, value_name = "DATE", conflicts_with = "file")]
    pub(crate) as_of: Option<Date>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OffsetChoice {
    /// The reports that were read of each period, copies of one text and versions of one page once
    Reports,
}

/// Options of every command that reads series.
#[derive(Debug, Args)]
#[command(next_help_heading = "Options of the input")]
pub(crate) struct SeriesArgs {
    /// What makes a series of events: all, country, admin1, admin2, actor, dyad, type, sub-type, or of a file the name of a column, of a
    /// project prio-grid, h3:RESOLUTION, area; several with commas between them [default: country]
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

impl SeriesArgs {
    /// Whether nothing is said.
    pub(crate) fn is_empty(&self) -> bool {
        let Self { by, count, every, imprecise, since, until } = self;
        let usual = *imprecise == Imprecise::Count;
        by.is_empty() && count.is_none() && every.is_none() && since.is_none() && until.is_none() && usual
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Counted {
    /// Each event once
    Events,
    /// The dead, by the best estimate
    Deaths,
    /// Of a project: independent reports of its incidents, copies of one text and versions of one page once
    Reports,
}

impl From<Counted> for Measure {
    fn from(counted: Counted) -> Self {
        match counted {
            Counted::Events => Self::Incidents,
            Counted::Deaths => Self::Deaths,
            Counted::Reports => Self::Reports,
        }
    }
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
