//! Flags of the commands that work on a project.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;
use record::Status;
use record::vocabulary::{EventType, SubEventType};
use store::find::{Area, Filter, Order};
use store::words::Query;

use super::{BatchArgs, HintArgs, ReadingArgs, TableOrJson, country, published};

/// Which project.
#[derive(Debug, Args)]
pub(crate) struct ProjectArgs {
    /// Folder of the project [default: this one or the nearest above it that has a watchpost.toml]
    #[arg(long, value_name = "DIR", env = "WATCHPOST_PROJECT")]
    pub(crate) project: Option<PathBuf>,
}

/// Options of `watchpost init`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  watchpost init sahel && cd sahel\n  \
    watchpost init desk --store postgresql://watchpost@db.example.org/watchpost")]
pub(crate) struct InitArgs {
    /// Folder that becomes the project; it is made where it is missing
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) folder: PathBuf,

    /// Where its store is: a file in that folder, or the address of a PostgreSQL database
    #[arg(long, value_name = "FILE|URL", default_value = "watchpost.db")]
    pub(crate) store: String,
}

/// Options of `watchpost ingest`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  watchpost ingest reports/\n  watchpost ingest CC-NEWS-20240305.warc.gz\n  \
    watchpost ingest archive.jsonl --to jsonl > what-became-of-each.jsonl\n  \
    watchpost ingest --sources"
)]
pub(crate) struct IngestArgs {
    #[command(flatten)]
    pub(crate) project: ProjectArgs,

    /// Files and folders to read; folders with all that is in them; `-` or none is standard input
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// Fetch what is due of the project's sources, once, in place of reading files; see `watchpost sources`
    #[arg(long, conflicts_with_all = ["paths", "source", "format", "published", "publisher", "title", "language", "jobs",
        "max_bytes", "progress"])]
    pub(crate) sources: bool,

    /// With --sources: all that are not paused, due or not
    #[arg(long, requires = "sources")]
    pub(crate) all: bool,

    /// What the reports are from, as a collection or a feed is called [default: the path]
    #[arg(long, value_name = "NAME")]
    pub(crate) source: Option<String>,

    /// Reports of a transaction at most: what a run that is broken off may have read in vain
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u16).range(1..=10_000))]
    pub(crate) at_a_time: u16,

    /// Write one line a report: its id in the store, and what became of it
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) to: Option<IngestFormat>,

    #[command(flatten)]
    pub(crate) hints: HintArgs,

    #[command(flatten)]
    pub(crate) batch: BatchArgs,

    #[command(flatten)]
    pub(crate) reading: ReadingArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum IngestFormat {
    /// One JSON object a line
    Jsonl,
}

/// Which incidents, and of which days.
#[derive(Debug, Args)]
#[command(next_help_heading = "Which incidents")]
pub(crate) struct FilterArgs {
    /// On that day (YYYY-MM-DD) or later
    #[arg(long, value_name = "DATE", value_parser = published)]
    pub(crate) from: Option<Date>,

    /// On that day or earlier
    #[arg(long, value_name = "DATE", value_parser = published)]
    pub(crate) until: Option<Date>,

    #[command(flatten)]
    pub(crate) traits: TraitArgs,
}

impl FilterArgs {
    /// As the store takes it.
    pub(crate) fn filter(&self) -> Filter {
        Filter { from: self.from, to: self.until, ..self.traits.filter() }
    }
}

/// Which incidents, whenever they were.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Which incidents")]
#[group(id = "traits", multiple = true)]
pub(crate) struct TraitArgs {
    /// With coordinates in this box of degrees; west may be greater than east
    #[arg(long, value_name = "SOUTH,WEST,NORTH,EAST", value_parser = area, allow_hyphen_values = true)]
    pub(crate) area: Option<Area>,

    /// In one of these countries: ISO 3166-1 codes or names
    #[arg(long, value_delimiter = ',', value_name = "COUNTRY,…", value_parser = country)]
    pub(crate) country: Vec<String>,

    /// In this first-order division, however it is spelled
    #[arg(long, value_name = "NAME")]
    pub(crate) admin1: Option<String>,

    /// Of one of these ACLED event types, as "Battles" or battles
    #[arg(long = "type", value_delimiter = ',', value_name = "TYPE,…", value_parser = event_type)]
    pub(crate) event_type: Vec<EventType>,

    /// Of one of these ACLED sub-event types, as "Armed clash" or armed-clash; one a flag
    #[arg(long, value_name = "TYPE", value_parser = sub_event_type)]
    pub(crate) sub_type: Vec<SubEventType>,

    /// With this participant: its id in the registry or its name, however it is spelled
    #[arg(long, value_name = "ACTOR")]
    pub(crate) actor: Option<String>,

    /// Told by this outlet
    #[arg(long, value_name = "NAME")]
    pub(crate) publisher: Option<String>,

    /// With one of these statuses
    #[arg(long, value_delimiter = ',', value_name = "STATUS,…", value_enum)]
    pub(crate) status: Vec<StatusChoice>,

    /// With at least so many deaths by the best figure
    #[arg(long, value_name = "N")]
    pub(crate) min_deaths: Option<u64>,

    /// At least so sure, from 0 to 1
    #[arg(long, value_name = "P")]
    pub(crate) min_confidence: Option<f64>,

    /// With these words in places, sides or quotes: words, "several side by side", begin*, -without
    #[arg(long, value_name = "WORDS", value_parser = query, allow_hyphen_values = true)]
    pub(crate) text: Option<Query>,
}

impl TraitArgs {
    /// As the store takes it.
    pub(crate) fn filter(&self) -> Filter {
        Filter {
            from: None,
            to: None,
            area: self.area,
            ring: Vec::new(),
            placed: false,
            countries: self.country.clone(),
            admin1: self.admin1.clone(),
            event_types: self.event_type.clone(),
            sub_event_types: self.sub_type.clone(),
            actor: self.actor.clone(),
            source: self.publisher.clone(),
            statuses: self.status.iter().map(|status| (*status).into()).collect(),
            min_deaths: self.min_deaths,
            min_confidence: self.min_confidence,
            text: self.text.clone(),
            only: Vec::new(),
            except: Vec::new(),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StatusChoice {
    /// Nobody has looked
    Unreviewed,
    /// A person says that it is right
    Accepted,
    /// A person says that it is wrong, or not for this collection
    Rejected,
    /// A person says that nothing happened
    NotAnEvent,
}

impl From<StatusChoice> for Status {
    fn from(choice: StatusChoice) -> Self {
        match choice {
            StatusChoice::Unreviewed => Self::Unreviewed,
            StatusChoice::Accepted => Self::Accepted,
            StatusChoice::Rejected => Self::Rejected,
            StatusChoice::NotAnEvent => Self::NotAnEvent,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OrderChoice {
    /// The newest day first
    Newest,
    /// The last touched first
    Touched,
    /// The most deaths first
    Deadliest,
}

impl From<OrderChoice> for Order {
    fn from(choice: OrderChoice) -> Self {
        match choice {
            OrderChoice::Newest => Self::Newest,
            OrderChoice::Touched => Self::Touched,
            OrderChoice::Deadliest => Self::Deadliest,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    /// For people
    Table,
    /// One JSON object a line
    Jsonl,
}

/// How much of a list.
#[derive(Debug, Args)]
pub(crate) struct PageArgs {
    /// At most so many rows; 0 is all
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub(crate) limit: usize,

    /// What to write [default: table on a terminal, else jsonl]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) to: Option<ListFormat>,
}

/// Options of `watchpost incidents`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  watchpost incidents --country MLI --from 2024-03-01\n  \
    watchpost incidents --actor boko-haram --min-deaths 10 --order deadliest\n  \
    watchpost incidents --status unreviewed --limit 0 --to jsonl > queue.jsonl")]
pub(crate) struct IncidentsArgs {
    #[command(flatten)]
    pub(crate) project: ProjectArgs,

    #[command(flatten)]
    pub(crate) filter: FilterArgs,

    /// Which come first
    #[arg(long, value_enum, default_value_t = OrderChoice::Newest, value_name = "ORDER")]
    pub(crate) order: OrderChoice,

    #[command(flatten)]
    pub(crate) page: PageArgs,
}

/// Options of `watchpost show`.
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    #[command(flatten)]
    pub(crate) project: ProjectArgs,

    /// Id of an incident, or of a report (R-…)
    #[arg(value_name = "ID")]
    pub(crate) id: String,

    /// What to write [default: table on a terminal, else json]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) to: Option<TableOrJson>,
}

/// Options of `watchpost log`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  watchpost log WP-7K3QX0V9B2DM\n  watchpost log --after 1200 --to jsonl")]
pub(crate) struct LogArgs {
    #[command(flatten)]
    pub(crate) project: ProjectArgs,

    /// Id of an incident [default: the whole log]
    #[arg(value_name = "INCIDENT")]
    pub(crate) incident: Option<String>,

    /// Decisions after this one
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) after: u64,

    #[command(flatten)]
    pub(crate) page: PageArgs,
}

/// Options of `watchpost search`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  watchpost search market bomb\n  watchpost search '\"roadside bomb\" patrol -exercise'"
)]
pub(crate) struct SearchArgs {
    #[command(flatten)]
    pub(crate) project: ProjectArgs,

    /// Words in headline or text: words, "several side by side", begin*, -without (in quotes or after --)
    #[arg(value_name = "WORDS", required = true)]
    pub(crate) words: Vec<String>,

    /// Published on that day (YYYY-MM-DD) or later
    #[arg(long, value_name = "DATE", value_parser = published)]
    pub(crate) from: Option<Date>,

    /// Published on that day or earlier
    #[arg(long, value_name = "DATE", value_parser = published)]
    pub(crate) until: Option<Date>,

    /// By this outlet
    #[arg(long, value_name = "NAME")]
    pub(crate) publisher: Option<String>,

    /// From this feed, file or collection
    #[arg(long, value_name = "NAME")]
    pub(crate) source: Option<String>,

    #[command(flatten)]
    pub(crate) page: PageArgs,
}

/// Options of `watchpost changes`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  watchpost changes > all.jsonl\n  watchpost changes --since 1200")]
pub(crate) struct ChangesArgs {
    #[command(flatten)]
    pub(crate) project: ProjectArgs,

    /// The cursor that the last answer ended with; 0 is everything
    #[arg(long, value_name = "CURSOR", default_value = "0")]
    pub(crate) since: String,
}

/// Options of `watchpost verify`.
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    #[command(flatten)]
    pub(crate) project: ProjectArgs,

    /// Make anew first what is derived from the log and the reports
    #[arg(long)]
    pub(crate) rebuild: bool,
}

/// Options of `watchpost backup`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  watchpost backup 2024-03-05.db\n  watchpost backup 2024-03-05.jsonl.zst"
)]
pub(crate) struct BackupArgs {
    #[command(flatten)]
    pub(crate) project: ProjectArgs,

    /// New file: NAME.db is a copy of a SQLite store, NAME.jsonl or NAME.jsonl.zst a dump that any store can be restored from
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
}

/// Options of `watchpost restore`.
#[derive(Debug, Args)]
pub(crate) struct RestoreArgs {
    #[command(flatten)]
    pub(crate) project: ProjectArgs,

    /// What `watchpost backup` wrote
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
}

/// Who decides, and why.
#[derive(Debug, Args)]
pub(crate) struct DecideArgs {
    #[command(flatten)]
    pub(crate) project: ProjectArgs,

    /// Who decides, as the log will name the person
    #[arg(long, value_name = "NAME", env = "WATCHPOST_PERSON", global = true)]
    pub(crate) by: Option<String>,

    /// Why, for whoever reads the log
    #[arg(long, value_name = "WORDS", default_value = "", global = true)]
    pub(crate) why: String,

    #[command(subcommand)]
    pub(crate) decision: Decide,
}

/// What a person decides.
#[derive(Debug, Subcommand)]
pub(crate) enum Decide {
    /// The incidents are right
    Accept {
        /// Ids of incidents
        #[arg(value_name = "INCIDENT", required = true)]
        incidents: Vec<String>,
    },
    /// The incidents are wrong, or not for this collection
    Reject {
        /// Ids of incidents
        #[arg(value_name = "INCIDENT", required = true)]
        incidents: Vec<String>,
    },
    /// The reports tell of nothing that happened
    NotAnEvent {
        /// Ids of incidents
        #[arg(value_name = "INCIDENT", required = true)]
        incidents: Vec<String>,
    },
    /// Incidents are one: the ids of the others lead to the first from now on
    Merge {
        /// The incident that stays
        #[arg(value_name = "INCIDENT")]
        into: String,
        /// Those that become part of it
        #[arg(value_name = "OTHER", required = true)]
        from: Vec<String>,
    },
    /// Some events of an incident are an incident of their own
    Split {
        /// The incident that they are taken out of
        #[arg(value_name = "INCIDENT")]
        from: String,
        /// Events, as `watchpost show` writes them (R-…#…), or reports (R-…), all of whose events in the incident are meant
        #[arg(value_name = "EVENT", required = true)]
        events: Vec<String>,
    },
    /// An event of a report belongs to that incident
    Link {
        /// The incident
        #[arg(value_name = "INCIDENT")]
        incident: String,
        /// Events (R-…#…), or reports
        #[arg(value_name = "EVENT", required = true)]
        events: Vec<String>,
    },
    /// A field is this, whatever the reports say; needs --why
    Correct {
        /// The incident
        #[arg(value_name = "INCIDENT")]
        incident: String,
        /// sub_event_type, dates, place, actors, recipients, or a figure: killed, injured, …
        #[arg(value_name = "FIELD")]
        field: String,
        /// Its value: words, a day or FROM..UNTIL, a number or LOW..HIGH or LOW..BEST..HIGH; or JSON as `watchpost schema decision` has it
        #[arg(value_name = "VALUE", allow_hyphen_values = true)]
        value: String,
    },
    /// A report repeats another, or none
    Copy {
        /// The report
        #[arg(value_name = "REPORT")]
        report: String,
        /// The report that it repeats [default: none]
        #[arg(value_name = "OF")]
        of: Option<String>,
    },
    /// Figures are chosen by another rule from now on, as docs/store.md says
    Rule {
        /// The rule as JSON
        #[arg(value_name = "JSON")]
        rule: String,
    },
    /// A decision is taken back
    Undo {
        /// Its number in the log
        #[arg(value_name = "N")]
        decision: u64,
    },
}

fn area(text: &str) -> Result<Area, String> {
    let wrong = || {
        "expected four numbers of degrees, south,west,north,east, for example 14.0,-5.5,17.5,1.0".to_owned()
    };
    let numbers: Vec<f64> =
        text.split(',').map(|part| part.trim().parse().map_err(|_| wrong())).collect::<Result<_, _>>()?;
    let [south, west, north, east] = numbers[..] else { return Err(wrong()) };
    ::desk::asked::area(south, west, north, east).ok_or_else(wrong)
}

fn event_type(text: &str) -> Result<EventType, String> {
    ::desk::asked::event_type(text).ok_or_else(|| {
        let known: Vec<&str> = EventType::ALL.iter().map(|kind| kind.as_str()).collect();
        format!("expected one of: {}", known.join(", "))
    })
}

fn sub_event_type(text: &str) -> Result<SubEventType, String> {
    ::desk::asked::sub_event_type(text).ok_or_else(|| {
        let known: Vec<&str> = SubEventType::ALL.iter().map(|kind| kind.as_str()).collect();
        format!("expected one of: {}", known.join(", "))
    })
}

fn query(text: &str) -> Result<Query, String> {
    Query::parse(text).ok_or_else(|| "expected a word to look for".to_owned())
}

/// Options of `watchpost serve`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  watchpost serve\n  watchpost serve --no-login --listen 127.0.0.1:9000\n  \
    watchpost serve --listen 0.0.0.0:8080 --metrics 127.0.0.1:9090"
)]
pub(crate) struct ServeArgs {
    #[command(flatten)]
    pub(crate) project: ProjectArgs,

    /// Address and port to listen on; port 0 is any that is free
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub(crate) listen: std::net::SocketAddr,

    /// Ask nobody who they are: whoever is at this machine may do everything. Only on an address of the machine itself
    #[arg(long)]
    pub(crate) no_login: bool,

    /// With --no-login: who decides, as the log will name the person
    #[arg(long, value_name = "NAME", env = "WATCHPOST_PERSON", requires = "no_login")]
    pub(crate) by: Option<String>,

    /// A proxy stands before the desk (for TLS, say): believe the last address of X-Forwarded-For, which the proxy must set
    #[arg(long, conflicts_with = "no_login")]
    pub(crate) behind_proxy: bool,

    /// Serve what is counted, for Prometheus, at /metrics of this address
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) metrics: Option<std::net::SocketAddr>,
}

/// Options of `watchpost demo`.
#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// Address and port to listen on, of this machine; port 0 is any that is free
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub(crate) listen: std::net::SocketAddr,
}
