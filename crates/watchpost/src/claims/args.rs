//! The command line of `watchpost test`.

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;
use watch::claim::Claim;
use watch::claim::before_after::Which;
use watch::claim::self_excitation::Background;

use crate::counts::InputArgs;

/// Which claim is tested.
#[derive(Debug, Subcommand)]
pub(crate) enum TestCommand {
    /// Test whether a series changed at a date.
    ///
    /// An interrupted time series: a negative binomial regression with the trend before, a change of level at the date, a change of
    /// trend from then on, and the season. Errors hold where neighbouring periods hang together (Newey–West), and the same question is asked
    /// of every other date of the series (placebo dates), and of the other series of the file at this one: a change that other
    /// dates show as well supports no claim.
    ///
    /// Exit status: 0 answered, which "cannot tell" is too, 1 some rows could not be read or there is no such series, 2 the command line was wrong.
    BeforeAfter(BeforeAfterArgs),
    /// Test whether a series moves with a calendar.
    ///
    /// A negative binomial regression with a level for each year, the season, and the share of each period's days that lies in Ramadan by the
    /// calendar of Umm al-Qura. The same is asked with Ramadan moved through the year, week by week (placebos).
    ///
    /// Exit status: 0 answered, which "cannot tell" is too, 1 some rows could not be read or there is no such series, 2 the command line was wrong.
    Calendar(CalendarArgs),
    /// Test whether a series rises or falls over its whole time.
    ///
    /// Exit status: 0 answered, which "cannot tell" is too, 1 some rows could not be read or there is no such series, 2 the command line was wrong.
    Trend(TrendArgs),
    /// Test whether events draw others after them, how many and how long.
    ///
    /// A self-exciting point process (Hawkes) by maximum likelihood: a background that moves by the calendar, and after each event others with a
    /// mean delay. Intervals are by the profile of the likelihood, the chance by shuffling the days, the fit is checked by time rescaling, and
    /// nothing is called contagion that happens within one day alone or that a background by the quarter explains.
    ///
    /// Exit status: 0 answered, which "cannot tell" is too, 1 some rows could not be read or there is no such series, 2 the command line was wrong.
    SelfExcitation(SelfExcitationArgs),
}

/// What is asked of a claim that a rate changes.
#[derive(Debug, Args)]
pub(crate) struct ClaimArgs {
    /// What is claimed
    #[arg(long, value_enum, default_value_t = ClaimChoice::Changed, value_name = "WHAT")]
    pub(crate) claim: ClaimChoice,

    /// The smallest ratio that is worth the name of a change: where the interval leaves no room for one as large, the claim is not
    /// supported, and where it does, nothing can be told
    #[arg(long, value_name = "RATIO", default_value_t = watch::claim::WORTH, value_parser = worth)]
    pub(crate) worth: f64,

    /// How many periods the Newey–West errors reach [default: two months; for a trend 1.3 √n where that is more]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(0..=3660))]
    pub(crate) lag: Option<u16>,

    #[command(flatten)]
    pub(crate) of: AskedArgs,
}

/// What every test is told: of which series, and how to answer.
#[derive(Debug, Args)]
pub(crate) struct AskedArgs {
    /// The series, by its name [default: the only one]
    #[arg(long, value_name = "NAME")]
    pub(crate) series: Option<String>,

    /// What to write
    #[arg(long, value_enum, default_value_t = To::Text, value_name = "FORMAT")]
    pub(crate) to: To,

    #[command(flatten)]
    pub(crate) input: InputArgs,
}

/// Options of `watchpost test before-after`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  watchpost test before-after weekly.csv --series Iraq --at 2019-10-07 --claim rose\n  \
    watchpost test before-after events.csv --by country --series Syria --at 2019-10-07 --control ramadan --to json"
)]
pub(crate) struct BeforeAfterArgs {
    /// The day from which on the series is claimed to have changed; the period that holds it is the first after
    #[arg(long, value_name = "DATE")]
    pub(crate) at: Date,

    /// Which change is meant
    #[arg(long, value_enum, default_value_t = EffectChoice::Level, value_name = "EFFECT")]
    pub(crate) effect: EffectChoice,

    /// Waves of the season: 1 is one high and one low a year, 0 no season
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(0..=6))]
    pub(crate) harmonics: u8,

    /// What else is controlled for
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) control: Option<CalendarChoice>,

    #[command(flatten)]
    pub(crate) claim: ClaimArgs,
}

/// Options of `watchpost test calendar`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  watchpost test calendar ramadan weekly.csv --series Iraq --claim rose\n  \
    watchpost test calendar ramadan weekly.csv --series Iraq --shift 1"
)]
pub(crate) struct CalendarArgs {
    /// Which calendar
    #[arg(value_enum, value_name = "CALENDAR")]
    pub(crate) calendar: CalendarChoice,

    /// Days by which the month begins later than the calendar says, or below zero earlier: countries see the moon a day apart
    #[arg(long, value_name = "DAYS", default_value_t = 0, allow_hyphen_values = true, value_parser = clap::value_parser!(i32).range(-2..=2))]
    pub(crate) shift: i32,

    /// Waves of the season: 2 is what months would show, 0 no season
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u8).range(0..=6))]
    pub(crate) harmonics: u8,

    #[command(flatten)]
    pub(crate) claim: ClaimArgs,
}

/// Options of `watchpost test trend`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  watchpost test trend weekly.csv --series Iraq --since 2018-01-01 --claim fell"
)]
pub(crate) struct TrendArgs {
    /// Waves of the season: 1 is one high and one low a year, 0 no season
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(0..=6))]
    pub(crate) harmonics: u8,

    #[command(flatten)]
    pub(crate) claim: ClaimArgs,
}

/// Options of `watchpost test self-excitation`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  watchpost test self-excitation events.csv --by country --series Iraq\n  \
    watchpost test self-excitation daily.csv --series Iraq --background year --to json"
)]
pub(crate) struct SelfExcitationArgs {
    /// How the background may move [default: by the least Akaike criterion, constant, year or quarter]
    #[arg(long, value_enum, value_name = "STEPS")]
    pub(crate) background: Option<BackgroundChoice>,

    /// The smallest number of events drawn by each that is worth the name: where the interval lies below it, nothing is supported
    #[arg(long, value_name = "N", default_value_t = watch::claim::self_excitation::WORTH, value_parser = above_zero)]
    pub(crate) worth: f64,

    /// How often the days are shuffled; fewer times where it is soon clear that it is chance
    #[arg(long, value_name = "N", default_value_t = 199, value_parser = clap::value_parser!(u32).range(19..=99_999))]
    pub(crate) replicates: u32,

    /// The same seed gives the same chances
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,

    #[command(flatten)]
    pub(crate) of: AskedArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum BackgroundChoice {
    /// It stands still
    Constant,
    /// A level for each calendar year
    Year,
    /// A level for each quarter of a year
    Quarter,
    /// A level for each month: what lasts for weeks is taken for background
    Month,
}

impl From<BackgroundChoice> for Background {
    fn from(choice: BackgroundChoice) -> Self {
        match choice {
            BackgroundChoice::Constant => Self::Constant,
            BackgroundChoice::Year => Self::Year,
            BackgroundChoice::Quarter => Self::Quarter,
            BackgroundChoice::Month => Self::Month,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ClaimChoice {
    /// More
    Rose,
    /// Fewer
    Fell,
    /// More or fewer
    Changed,
}

impl From<ClaimChoice> for Claim {
    fn from(choice: ClaimChoice) -> Self {
        match choice {
            ClaimChoice::Rose => Self::Rose,
            ClaimChoice::Fell => Self::Fell,
            ClaimChoice::Changed => Self::Changed,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum EffectChoice {
    /// The level, at once
    Level,
    /// The trend from then on
    Slope,
    /// The mean over all periods since, against the trend before carried on
    Average,
}

impl From<EffectChoice> for Which {
    fn from(choice: EffectChoice) -> Self {
        match choice {
            EffectChoice::Level => Self::Level,
            EffectChoice::Slope => Self::Slope,
            EffectChoice::Average => Self::Average,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CalendarChoice {
    /// The month of fasting, by the calendar of Umm al-Qura
    Ramadan,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum To {
    /// A sentence, and what does not hold
    Text,
    /// One JSON object
    Json,
}

fn worth(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|ratio: &f64| ratio.is_finite() && *ratio > 1.0)
        .ok_or_else(|| "expected a ratio above 1, for example 1.5".to_owned())
}

fn above_zero(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|number: &f64| number.is_finite() && *number > 0.0)
        .ok_or_else(|| "expected a number above 0, for example 0.1".to_owned())
}
