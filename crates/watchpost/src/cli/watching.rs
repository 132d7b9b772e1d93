//! Flags of the commands that say what the watch over a project has found.

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;
use lookout::due::State;
use record::StatementKind;

use super::TableOrJson;
use super::project::{ListFormat, ProjectArgs};

#[derive(Debug, Subcommand)]
pub(crate) enum SituationsCommand {
    /// List situations, those updated last first
    #[command(alias = "ls")]
    List(SituationListArgs),
    /// Show a situation: its alarms, what carries it, what revisions would do, what became of it since
    Show(SituationShowArgs),
    /// Say that somebody has seen situations; they are said again when they grow
    Acknowledge(AcknowledgeArgs),
    /// Hear nothing of situations until a day
    Snooze(SnoozeArgs),
}

/// Options of `watchpost situations list`.
#[derive(Debug, Args)]
pub(crate) struct SituationListArgs {
    #[command(flatten)]
    pub(crate) project: ProjectArgs,

    /// Also those that are closed or part of another
    #[arg(long)]
    pub(crate) all: bool,

    /// At most so many; 0 is all
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub(crate) limit: usize,

    /// What to write [default: table on a terminal, else jsonl]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) to: Option<ListFormat>,
}

/// Options of `watchpost situations show`.
#[derive(Debug, Args)]
pub(crate) struct SituationShowArgs {
    #[command(flatten)]
    pub(crate) project: ProjectArgs,

    /// Id of a situation (WS-…)
    #[arg(value_name = "SITUATION")]
    pub(crate) situation: String,

    /// What to write [default: table on a terminal, else json]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) to: Option<TableOrJson>,
}

/// Who says something of situations, and why.
#[derive(Debug, Args)]
pub(crate) struct SayingArgs {
    #[command(flatten)]
    pub(crate) project: ProjectArgs,

    /// Who, as the log will name the person
    #[arg(long, value_name = "NAME", env = "WATCHPOST_PERSON")]
    pub(crate) by: Option<String>,

    /// Why, for whoever reads it
    #[arg(long, value_name = "WORDS")]
    pub(crate) why: String,

    /// Ids of situations (WS-…)
    #[arg(value_name = "SITUATION", required = true)]
    pub(crate) situations: Vec<String>,
}

/// Options of `watchpost situations acknowledge`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  watchpost situations acknowledge WS-0123456789ab --why \"known to the team since Monday\""
)]
pub(crate) struct AcknowledgeArgs {
    #[command(flatten)]
    pub(crate) saying: SayingArgs,
}

/// Options of `watchpost situations snooze`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  watchpost situations snooze WS-0123456789ab --until 2024-06-30 --why \"the offensive is covered elsewhere\""
)]
pub(crate) struct SnoozeArgs {
    #[command(flatten)]
    pub(crate) saying: SayingArgs,

    /// The last day of silence
    #[arg(long, value_name = "DATE")]
    pub(crate) until: Date,
}

/// Options of `watchpost statements`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  watchpost statements --kind forecast --state due\n  \
    watchpost statements --country MLI --from 2024-01-01 --to jsonl > said.jsonl\n  \
    watchpost statements --speakers")]
pub(crate) struct StatementsArgs {
    #[command(flatten)]
    pub(crate) project: ProjectArgs,

    /// Of these kinds
    #[arg(long, value_enum, value_delimiter = ',', value_name = "KIND,…")]
    pub(crate) kind: Vec<KindOfStatement>,

    /// In these states
    #[arg(long, value_enum, value_delimiter = ',', value_name = "STATE,…")]
    pub(crate) state: Vec<StateChoice>,

    /// About a place in one of these countries: ISO 3166-1 codes or names
    #[arg(long, value_delimiter = ',', value_name = "COUNTRY,…", value_parser = super::country)]
    pub(crate) country: Vec<String>,

    /// About this actor: its id in the registry
    #[arg(long, value_name = "ACTOR")]
    pub(crate) actor: Option<String>,

    /// By a speaker with these words in its name, its office or the body that it speaks for
    #[arg(long, value_name = "WORDS")]
    pub(crate) speaker: Option<String>,

    /// Published on that day (YYYY-MM-DD) or later
    #[arg(long, value_name = "DATE", value_parser = super::published)]
    pub(crate) from: Option<Date>,

    /// Published on that day or earlier
    #[arg(long, value_name = "DATE", value_parser = super::published)]
    pub(crate) until: Option<Date>,

    /// Told by this outlet
    #[arg(long, value_name = "NAME")]
    pub(crate) publisher: Option<String>,

    /// The day from which is looked whether something is due [default: today]
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<Date>,

    /// In place of statements, what those of each body or office were worth; no score is given of fewer than ten
    #[arg(long)]
    pub(crate) speakers: bool,

    /// At most so many; 0 is all
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub(crate) limit: usize,

    /// What to write [default: table on a terminal, else jsonl]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) to: Option<ListFormat>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum KindOfStatement {
    /// Something rises, falls or holds
    Trend,
    /// Why
    Cause,
    /// What will come
    Forecast,
    /// How many there are
    Estimate,
    /// What ought to be done
    Demand,
    /// What somebody is accused of
    Allegation,
}

impl From<KindOfStatement> for StatementKind {
    fn from(choice: KindOfStatement) -> Self {
        match choice {
            KindOfStatement::Trend => Self::Trend,
            KindOfStatement::Cause => Self::Cause,
            KindOfStatement::Forecast => Self::Forecast,
            KindOfStatement::Estimate => Self::Estimate,
            KindOfStatement::Demand => Self::Demand,
            KindOfStatement::Allegation => Self::Allegation,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StateChoice {
    /// Speaks of what was or is
    Told,
    /// A forecast whose day has come
    Due,
    /// A forecast whose day has not come
    Waiting,
    /// A forecast that names no day
    Open,
}

impl From<StateChoice> for State {
    fn from(choice: StateChoice) -> Self {
        match choice {
            StateChoice::Told => Self::Told,
            StateChoice::Due => Self::Due,
            StateChoice::Waiting => Self::Waiting,
            StateChoice::Open => Self::Open,
        }
    }
}
