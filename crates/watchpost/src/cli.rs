//! The one definition of the command line: parser, help, manual page and completions all come from here.

pub(crate) mod exchange;
pub(crate) mod project;
pub(crate) mod sources;
pub(crate) mod watching;

use std::io::IsTerminal as _;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::parser::ValueSource;
use clap::{ArgMatches, Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;
use watchpost_pack::import::{Columns, Kind};

use crate::claims::TestCommand;
use crate::forecasting::ForecastArgs;
use crate::scanning::ScanArgs;

use crate::surges::WatchArgs;

/// Reads public news reports of political violence and records every attack once, with the sentence that says so.
///
/// Watchpost follows places and organised actors, never private persons. It runs offline: only sources that you name are fetched
/// (`watchpost sources`), and no report is sent anywhere, unless you name a server of your own to read with (`--reader remote`).
#[derive(Debug, Parser)]
#[command(name = "watchpost", max_term_width = 100, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// Folder with gazetteer packs (*.wpk), before the usual ones
    #[arg(long, global = true, value_name = "DIR", env = "WATCHPOST_PACKS")]
    pub(crate) packs: Option<PathBuf>,

    /// Table of actors of your own (TSV), stacked on the one that the program carries and on actors.tsv in the data folder
    #[arg(long, global = true, value_name = "FILE", env = "WATCHPOST_ACTORS")]
    pub(crate) actors: Option<PathBuf>,

    /// Colours: auto is only on a terminal, and not where NO_COLOR is set
    #[arg(long, global = true, value_enum, default_value_t = Choice::Auto, value_name = "WHEN")]
    pub(crate) color: Choice,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Read reports and write what they say, coded.
    ///
    /// Input is plain text, a web page, JSON lines or a WARC archive, also packed with gzip or Zstandard; the format is told
    /// from the first bytes. JSON lines hold one object a line: "text" or "html", and if known "id", "title", "published",
    /// "publisher", "url", "language" ("event_text", "headline", "pub_date" and "story_id" are taken too).
    ///
    /// On a terminal a table for people is written, into a file or pipe JSON lines: one coded document for every report, in
    /// order. A report that cannot be read leaves an error line on standard error and a document with "error" in its place.
    ///
    /// With --reader remote each report is sent whole to the server that you name, which must speak the OpenAI-compatible chat
    /// interface (llama.cpp, vLLM, Ollama); what its model says is held against the text. See docs/remote.md.
    ///
    /// Exit status: 0 all was read, 1 something could not be read, 2 the command line was wrong.
    Code(Box<CodeArgs>),
    /// Find the places that texts name, or resolve names that are given.
    ///
    /// Input is JSON lines, one object a line: "text", and if known "id", "mentions" and "country". With "mentions", a list of
    /// objects with "start" and "end" in code points, exactly those are resolved, in their order; without, names are found.
    /// "country" is the one that the text is about, by ISO 3166-1 code or name: it weighs in the choice, and decides nothing
    /// alone. Plain text, web pages and archives are taken as `watchpost code` takes them.
    ///
    /// Output is one JSON object for every text, in order: "id" and "mentions", each a place as in a coded document, with the
    /// reason for the record chosen and the next best ones; no name and no coordinates where no record fits.
    ///
    /// Exit status: 0 all was read, 1 something could not be read, 2 the command line was wrong.
    Geoparse(GeoparseArgs),
    /// Find which reports are of one incident, and which are copies of one text.
    ///
    /// Input is what `watchpost code` takes, or what it writes: reports are read as it reads them, coded documents are taken as
    /// they are (with less to go by, since of their texts only the quotes are left). Both may be mixed.
    ///
    /// Output is one JSON object for every report, in order, once all are read: "given_id"; "primary", the incident that it is
    /// chiefly about; "events", each with its incident; "copy_of", the report whose text it has. An incident is nothing but
    /// its id, the same in all reports of it: it stays the same when other reports are linked along, unless an earlier one of that very
    /// incident is. The order of the input changes nothing. See docs/linking.md.
    ///
    /// Exit status: 0 all was read, 1 something could not be read, 2 the command line was wrong.
    Link(Box<LinkArgs>),
    /// Find surges: periods with more than the past of a series lets one expect.
    ///
    /// Input is a table with a header between commas, semicolons or tabs, also packed with gzip or Zstandard: counts, as
    /// `series,date,count[,offset]` with one row a day, week or month, or events, one a row, with the columns of ACLED or UCDP GED.
    /// An empty count, or a period without a row, is missing and not zero; between the first and the last event a period without one
    /// has none.
    ///
    /// Without FILE the incidents of the project are counted in its place; and without any option on what to count, the project is
    /// watched as its settings say: its situations are brought up to date and listed (`watchpost situations`).
    ///
    /// Output is CSV, one row for each of the input, in its order (for events, one for each period of each series):
    /// series,date,count,expected,upper,p_value,alarm. The last four are empty where too little is known. See docs/watch.md.
    ///
    /// Exit status: 0 all was read, 1 some rows could not be used, 2 the command line was wrong.
    Watch(Box<WatchArgs>),
    /// Say what the watch over the project has found: places, actors and types that turned worse, each as one thing that is updated in place
    #[command(subcommand, arg_required_else_help = true)]
    Situations(watching::SituationsCommand),
    /// List what is said of violence in the project's reports: trends, causes, forecasts, estimates; and what the record shows when it is due.
    ///
    /// A forecast is due when the last day that it names is over. Where it says which way and the record covers its days, the claim is tested as
    /// `watchpost test` does; open and conditional ones are marked so. Speakers stand by the body or office that they speak for. See docs/statements.md.
    Statements(Box<watching::StatementsArgs>),
    /// Test what is said about a series: that it changed at a date, moves with a calendar, has a trend.
    ///
    /// Input is a table of counts (series,date,count[,offset]) or of events, as ACLED or UCDP GED have them. The answer is a
    /// sentence with an effect and its interval, what does not hold of the assumptions, and one of three verdicts: supported, not supported, cannot
    /// tell. --to json has all figures. See docs/claims.md.
    #[command(subcommand, arg_required_else_help = true)]
    Test(TestCommand),
    /// Find where and when events stand closer together than chance puts them.
    ///
    /// The space-time permutation scan of Kulldorff et al. (2005) over a table of events with places and days. Output is one JSON object: clusters
    /// with centre, radius, days, observed, expected, chance and the events in them. See docs/claims.md.
    ///
    /// Exit status: 0 all was read, 1 some rows could not be read, 2 the command line was wrong.
    Scan(ScanArgs),
    /// Foresee counts as draws, and score such forecasts.
    ///
    /// Output is CSV: series,date,draw,value; with --summary mean, median and quantiles. Draws of different dates are not paths. See docs/forecasts.md
    /// for the models and what they were worth.
    ///
    /// Exit status: 0 all was read, 1 some rows could not be read, 2 the command line was wrong.
    Forecast(Box<ForecastArgs>),
    /// Make a project: one folder with a settings file and a store.
    Init(project::InitArgs),
    /// Read reports and keep them in the project's store, each attack once.
    ///
    /// Takes what `watchpost code` takes, and whole folders. Each report is kept with its text and what was read in it, found to be a
    /// copy or not, and linked to the incidents that it tells of. To give a report again changes nothing, so a run that was broken
    /// off is given again: what is kept is passed over. What persons have decided is never changed.
    ///
    /// Exit status: 0 all was read, 1 something could not be read or kept, 2 the command line was wrong.
    Ingest(Box<project::IngestArgs>),
    /// Say where reports are fetched from: feeds, sitemaps, pages that list articles
    #[command(subcommand, arg_required_else_help = true)]
    Sources(sources::SourcesCommand),
    /// Fetch the project's sources for as long as it runs: what is due is fetched, read, linked and kept.
    ///
    /// It ends on SIGTERM or Ctrl-C when what is in hand is done, and at once on a second. A source that fails is asked for again
    /// later and later, at least once a day; while the store is busy, full or away, it waits. See docs/intake.md.
    ///
    /// Exit status: 0 it was told to end, 1 it could not go on (with --once also: something could not be fetched or read), 2 the
    /// command line was wrong.
    Run(Box<sources::RunArgs>),
    /// List the incidents of the project
    Incidents(Box<project::IncidentsArgs>),
    /// Show an incident with its figures by source, the words that it rests on and its reports; or a report
    Show(project::ShowArgs),
    /// Say who has decided what, when and why
    Log(project::LogArgs),
    /// Find reports by their words
    Search(project::SearchArgs),
    /// Decide about incidents: accept, reject, merge, split, correct, undo.
    ///
    /// What a person decides outranks what the program does from then on. Every decision stands in the log with who, when and why, and can be
    /// undone by its number.
    ///
    /// Exit status: 0 it is decided, 1 it was refused, 2 the command line was wrong.
    Decide(project::DecideArgs),
    /// Write incidents in the shape of other programs: spreadsheets, maps, ACLED, GED, HAPI, PLOVER, Parquet.
    ///
    /// All incidents that are asked for are written, as they stand at one moment, and their number is said. A file appears when it is whole; an
    /// output that was cut off says so in its last line. docs/exports.md lists every column.
    ///
    /// Exit status: 0 all was written, 1 not all, 2 the command line was wrong.
    Export(Box<exchange::ExportArgs>),
    /// Take rows of ACLED's or UCDP GED's columns into the store, found again by their ids.
    ///
    /// A row with a new id makes an incident, whose one report is the row; a row that has changed since changes its incident, and the log says with
    /// which line of which file; one that has not changes nothing. A row of our own export (WP-…) sets right the incident that it names. What a
    /// person has decided is not overturned, and incidents that the file does not have are left alone. A row that cannot be used is said
    /// with line and column, and the others go in.
    ///
    /// Exit status: 0 all rows were taken, 1 some were refused, 2 the command line was wrong.
    Import(exchange::ImportArgs),
    /// Write the incidents that were created, updated, merged or withdrawn since a place of the log, as JSON lines.
    ///
    /// The last line has the cursor to go on from: {"next": CURSOR}.
    Changes(project::ChangesArgs),
    /// Check that nothing in the store was changed, lost or moved.
    ///
    /// Exit status: 0 all is as it was written, 1 faults, each told, 2 the command line was wrong.
    Verify(project::VerifyArgs),
    /// Copy the store while it is in use
    Backup(project::BackupArgs),
    /// Fill the project's empty store from a backup
    Restore(project::RestoreArgs),
    /// Serve the project's page and its API to browsers and programs.
    ///
    /// The page is at the address that is said on standard error; the API is under /api/v1, with its description at /api/v1/openapi.json.
    /// The first time a link is said, good once, by which the first account is made. Nothing is fetched from elsewhere. See docs/desk.md.
    Serve(project::ServeArgs),
    /// Show the desk over a project of sample reports, which is gone when it ends.
    Demo(project::DemoArgs),
    /// Look up organised actors, list those that the registry lacks, check a table of your own.
    ///
    /// A table of your own is tab-separated, with the columns of knowledge/actors.tsv; a row needs only what it has to say. A row
    /// whose "id" is in the registry changes what its cells say and adds its aliases, any other is a new actor. It is
    /// given with --actors, or lies as actors.tsv in the program's data folder.
    #[command(subcommand)]
    Actors(ActorsCommand),
    /// Bring gazetteers of your own, and ask all of them for a name
    #[command(subcommand, arg_required_else_help = true)]
    Gazetteer(GazetteerCommand),
    /// Print the JSON Schema of what is written, or the codebook
    Schema(SchemaArgs),
    /// Check that everything needed is there and works
    Doctor(DoctorArgs),
    /// Print the completions for a shell
    Completions {
        /// Which shell
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

/// Options of every command that reads a batch of documents.
#[derive(Debug, Args)]
pub(crate) struct BatchArgs {
    /// What the input is
    #[arg(long, value_enum, default_value_t = InputFormat::Auto, value_name = "FORMAT")]
    pub(crate) format: InputFormat,

    /// How many documents to read at a time [default: one for each processor]; the order stays
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) jobs: Option<u16>,

    /// Longest document in bytes: a line, a page, a file
    #[arg(long, value_name = "N", default_value_t = intake::DEFAULT_MAX_BYTES)]
    pub(crate) max_bytes: usize,

    /// Progress bar on standard error: auto is only on a terminal and for long input
    #[arg(long, value_enum, default_value_t = Choice::Auto, default_missing_value = "always", num_args = 0..=1,
        require_equals = true, value_name = "WHEN")]
    pub(crate) progress: Choice,
}

/// Options of `watchpost code`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  watchpost code report.txt --published 2020-05-12\n  \
    watchpost code archive.warc.gz --to csv-acled > events.csv\n  \
    cat reports.jsonl | watchpost code --jobs 4 > coded.jsonl\n  \
    watchpost code reports.jsonl --reader remote --remote-url http://localhost:8080/v1 --remote-model qwen3-8b")]
pub(crate) struct CodeArgs {
    /// Files to read; `-` or none is standard input
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) hints: HintArgs,

    /// What to write [default: table on a terminal, else jsonl]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) to: Option<OutputFormat>,

    /// Say sentence by sentence what was seen, what was thrown out, and why
    #[arg(long)]
    pub(crate) explain: bool,

    /// Names of private persons
    #[arg(long, value_enum, default_value_t = Names::Drop, value_name = "WHAT")]
    pub(crate) names: Names,

    #[command(flatten)]
    pub(crate) batch: BatchArgs,

    #[command(flatten)]
    pub(crate) reading: ReadingArgs,
}

/// What is known of the reports from outside.
#[derive(Debug, Args)]
pub(crate) struct HintArgs {
    /// Day of publication (YYYY-MM-DD), which "on Monday" is read against; stands above what a report says itself
    #[arg(long, value_name = "DATE", value_parser = published)]
    pub(crate) published: Option<Date>,

    /// Who published the reports
    #[arg(long, value_name = "NAME")]
    pub(crate) publisher: Option<String>,

    /// Headline
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,

    /// Language of the reports, a BCP 47 tag such as en
    #[arg(long, value_name = "TAG", value_parser = language)]
    pub(crate) language: Option<String>,
}

impl HintArgs {
    /// As the intake takes them.
    pub(crate) fn options(&self, batch: &BatchArgs) -> intake::Options {
        intake::Options {
            format: batch.format.into(),
            published: self.published,
            publisher: self.publisher.clone(),
            title: self.title.clone(),
            language: self.language.clone(),
            max_bytes: batch.max_bytes,
        }
    }
}

/// Who reads the reports.
#[derive(Debug, Clone, Args)]
pub(crate) struct ReadingArgs {
    /// Who reads [default: what a project's watchpost.toml says under [reading], else fast]
    #[arg(long, value_enum, value_name = "READER")]
    pub(crate) reader: Option<ReaderChoice>,

    #[command(flatten)]
    pub(crate) server: ServerArgs,

    #[command(flatten)]
    pub(crate) remote: RemoteArgs,
}

/// Options of `watchpost link`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  watchpost link reports.jsonl > linked.jsonl\n  \
    watchpost code reports.jsonl | watchpost link > linked.jsonl\n  \
    watchpost link reports.jsonl --explain 2> why.txt > linked.jsonl")]
pub(crate) struct LinkArgs {
    /// Files to read; `-` or none is standard input
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) hints: HintArgs,

    /// Say of each report, on standard error, with which other it was put together or which came nearest, and what spoke for and
    /// against
    #[arg(long)]
    pub(crate) explain: bool,

    #[command(flatten)]
    pub(crate) batch: BatchArgs,

    #[command(flatten)]
    pub(crate) reading: ReadingArgs,
}

impl ReadingArgs {
    /// The reader, where nothing else decides.
    pub(crate) fn reader(&self) -> ReaderChoice {
        self.reader.unwrap_or(ReaderChoice::Fast)
    }

    /// What the reader lacks.
    pub(crate) fn lacks(&self) -> Option<String> {
        let missing = |value: &Option<String>| value.as_ref().is_none_or(|value| value.trim().is_empty());
        let server = &self.server;
        if self.reader() != ReaderChoice::Remote {
            None
        } else if missing(&server.remote_url) {
            Some("--reader remote needs --remote-url URL, or the variable WATCHPOST_REMOTE_URL".to_owned())
        } else if missing(&server.remote_model) {
            Some(
                "--reader remote needs --remote-model NAME, or the variable WATCHPOST_REMOTE_MODEL"
                    .to_owned(),
            )
        } else {
            server.remote_url.as_deref().and_then(|url| crate::server::base(url).err())
        }
    }
}

/// The server of `--reader remote`.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Options of --reader remote")]
pub(crate) struct ServerArgs {
    /// Base of the server's interface, as http://localhost:8080/v1; reports go there and nowhere else
    #[arg(long, value_name = "URL", env = "WATCHPOST_REMOTE_URL", hide_env_values = true)]
    pub(crate) remote_url: Option<String>,

    /// Name of the model, as the server calls it
    #[arg(long, value_name = "NAME", env = "WATCHPOST_REMOTE_MODEL")]
    pub(crate) remote_model: Option<String>,

    /// File that holds the server's key, where it asks for one [default: the variable WATCHPOST_REMOTE_KEY]
    #[arg(long, value_name = "FILE")]
    pub(crate) remote_key_file: Option<PathBuf>,

    /// Certificate of the authority that vouches for an https server, as PEM, where it is none of the public ones
    #[arg(long, value_name = "FILE")]
    pub(crate) remote_authority: Option<PathBuf>,
}

/// Options of `--reader remote`, besides its server.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Options of --reader remote")]
pub(crate) struct RemoteArgs {
    /// How long one request may take
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u16).range(1..=3600))]
    pub(crate) remote_timeout: u16,

    /// How often a request is sent again where the server cannot be reached, is busy or fails
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u8).range(0..=10))]
    pub(crate) remote_retries: u8,

    /// How many requests at a time
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) remote_jobs: u16,

    /// What a million tokens cost, read and written, as 0.15,0.60: the sum is told at the end
    #[arg(long, value_name = "IN,OUT", value_parser = price)]
    pub(crate) remote_price: Option<(f64, f64)>,

    /// Longest text of one request in bytes; a longer report is sent in parts
    #[arg(long, value_name = "BYTES", default_value_t = 24_000, value_parser = clap::value_parser!(u32).range(500..=1_000_000))]
    pub(crate) remote_part: u32,

    /// Longest reply in tokens
    #[arg(long, value_name = "N", default_value_t = 4096, value_parser = clap::value_parser!(u32).range(64..=1_000_000))]
    pub(crate) remote_max_tokens: u32,

    /// Read a report by the rules where the server fails, and say so in its events
    #[arg(long)]
    pub(crate) remote_fallback: bool,
}

/// Options of `watchpost geoparse`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    echo '{\"id\": 1, \"text\": \"Shells fell on Derik, in Hasakah.\"}' | watchpost geoparse\n  \
    watchpost geoparse texts.jsonl --country IRQ > places.jsonl")]
pub(crate) struct GeoparseArgs {
    /// Files to read; `-` or none is standard input
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// Country that the texts are about, ISO 3166-1 code or name; what a line says of itself stands above it
    #[arg(long, value_name = "COUNTRY", value_parser = country)]
    pub(crate) country: Option<String>,

    #[command(flatten)]
    pub(crate) batch: BatchArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ActorsCommand {
    /// Find who a name can mean, there and then.
    ///
    /// Names, aliases, acronyms and descriptions are taken ("Daesh", "HTS", "Egyptian army", "Turkish-backed fighters"). Told are the
    /// candidates with their ids, how each was matched, and which a report of that country and day means.
    ///
    /// Exit status: 0 somebody was found, 1 nobody, 2 the command line was wrong.
    Find(FindArgs),
    /// List the names in an actor's place that the registry lacks.
    ///
    /// Reports are read as `watchpost code` reads them. A name is told where an event has it as a side, and where it can be a body's:
    /// an acronym, a name with a word for a body in it, or one beside a word for armed people. Persons never are.
    /// --to tsv writes rows to be filled in and given back with --actors.
    ///
    /// Exit status: 0 all was read, 1 something could not be read, 2 the command line was wrong.
    Unknown(UnknownArgs),
    /// Check a table of your own as ours is checked: rows, links, names that mean two actors at once.
    ///
    /// Exit status: 0 no fault, 1 faults, each told with file and line, 2 the command line was wrong.
    Check {
        /// Table to check, besides the one in the data folder [default: the one given with --actors]
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
    },
}

/// Options of `watchpost actors find`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  watchpost actors find Daesh\n  \
    watchpost actors find SLA --country LBN --date 1999-06-01\n  \
    watchpost actors find Turkish-backed fighters --country SYR --date 2020-05-12 --to json")]
pub(crate) struct FindArgs {
    /// Name or description, in one or several words
    #[arg(value_name = "NAME", required = true)]
    pub(crate) name: Vec<String>,

    /// Country that the report plays in, ISO 3166-1 code or name
    #[arg(long, value_name = "COUNTRY", value_parser = country)]
    pub(crate) country: Option<String>,

    /// Day that the report tells of (YYYY-MM-DD)
    #[arg(long, value_name = "DATE", value_parser = published)]
    pub(crate) date: Option<Date>,

    /// What to write [default: table on a terminal, else json]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) to: Option<ActorsFormat>,
}

/// Options of `watchpost actors unknown`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  watchpost actors unknown reports.jsonl\n  \
    watchpost actors unknown archive.warc.gz --at-least 3 --to tsv > mine.tsv")]
pub(crate) struct UnknownArgs {
    /// Files to read; `-` or none is standard input
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// Only names that stand in an actor's place so many times
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) at_least: usize,

    /// What to write [default: table on a terminal, else json]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) to: Option<ActorsFormat>,

    #[command(flatten)]
    pub(crate) batch: BatchArgs,
}

/// What `watchpost gazetteer` does.
#[derive(Debug, Subcommand)]
pub(crate) enum GazetteerCommand {
    /// Make a pack of tables: GeoNames, Who's On First, P-codes, or a table of your own.
    ///
    /// Taken are GeoNames' allCountries.zip or one country's file with alternateNamesV2.zip, hierarchy.zip, admin1CodesASCII.txt
    /// and admin2Codes.txt beside it; Who's On First's meta files or its `spr` table with a header; P-codes, the humanitarian
    /// exchange's list of all countries or one country's divisions side by side; and any table, between commas, semicolons or
    /// tabs, whose first line names its columns. Files may be packed with zip, gzip or Zstandard. All files become one pack;
    /// packs of one folder are asked together.
    ///
    /// An import that is broken off goes on where it was when the same command is given again. The pack appears when it is
    /// whole.
    ///
    /// Exit status: 0 all was read, 1 some rows have faults, each said, or nothing could be made, 2 the command line was wrong.
    Import(ImportArgs),
    /// Show what a name can mean, the likeliest first.
    ///
    /// Exit status: 0 something was found, 1 nothing, 2 the command line was wrong.
    Find(PlaceArgs),
    /// List the packs in use, with their licences
    Packs(PacksArgs),
}

/// Options of `watchpost gazetteer import`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  watchpost gazetteer import allCountries.zip alternateNamesV2.zip hierarchy.zip\n  \
    watchpost gazetteer import global_pcodes_adm_1_2.csv --name pcodes\n  \
    watchpost gazetteer import villages.csv --columns name=Village,lat=Y,lon=X --country SY --licence 'CC BY 4.0'"
)]
pub(crate) struct ImportArgs {
    /// Tables
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,

    /// What the tables are, where their first lines do not tell
    #[arg(long = "as", value_parser = PossibleValuesParser::new(Kind::NAMES.iter().map(|(name, _)| *name)), value_name = "KIND")]
    pub(crate) kind: Option<String>,

    /// Headers of columns by field, as name=Village,lat=Y; fields are name, aliases, lat, lon, country, admin1, admin2, feature,
    /// placetype, population, geonameid, id, pcode
    #[arg(long, value_name = "FIELD=HEADER,…", value_parser = columns)]
    pub(crate) columns: Option<Columns>,

    /// Which of GeoNames' features: those that reports of violence name, or all
    #[arg(long, value_enum, default_value_t = FeatureChoice::News, value_name = "WHICH")]
    pub(crate) features: FeatureChoice,

    /// Only places of these countries: ISO 3166-1 codes or names, with commas between them
    #[arg(long, value_delimiter = ',', value_name = "COUNTRY,…", value_parser = country)]
    pub(crate) country: Vec<String>,

    /// Name of the pack, a file's without its ending [default: the first table's]
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,

    /// Folder that the pack is put into [default: the one with the packs in use, else the user's own]
    #[arg(long, value_name = "DIR")]
    pub(crate) into: Option<PathBuf>,

    /// What the pack is, for people
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,

    /// Licence of the tables [default: that of GeoNames or Who's On First, where they are those]
    #[arg(long, value_name = "TEXT")]
    pub(crate) licence: Option<String>,

    /// Attribution that the licence asks for
    #[arg(long, value_name = "TEXT")]
    pub(crate) attribution: Option<String>,

    /// Megabytes of names that are held before they are sorted into a file; about three times as much is used in all
    #[arg(long, value_name = "MB", default_value_t = 192, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) memory: u16,

    /// Begin anew, even where an earlier import was broken off
    #[arg(long)]
    pub(crate) restart: bool,

    /// Progress bar on standard error: auto is only on a terminal
    #[arg(long, value_enum, default_value_t = Choice::Auto, default_missing_value = "always", num_args = 0..=1,
        require_equals = true, value_name = "WHEN")]
    pub(crate) progress: Choice,
}

/// Options of `watchpost gazetteer find`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  watchpost gazetteer find Qamishlo\n  \
    watchpost gazetteer find Rafah --country EGY\n  \
    watchpost gazetteer find 'al-Qasr' --near 33.5,43.2 --to json")]
pub(crate) struct PlaceArgs {
    /// The name, in any spelling
    #[arg(value_name = "NAME", required = true)]
    pub(crate) name: String,

    /// Place that it lies near: degrees north and east, as 36.5,40.7, or the name of a place
    #[arg(long, value_name = "PLACE", allow_hyphen_values = true)]
    pub(crate) near: Option<String>,

    /// Country that it lies in, ISO 3166-1 code or name: it weighs, and decides nothing alone
    #[arg(long, value_name = "COUNTRY", value_parser = country)]
    pub(crate) country: Option<String>,

    /// Most records shown
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) limit: usize,

    /// What to write [default: table on a terminal, else json]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) to: Option<TableOrJson>,
}

/// Options of `watchpost gazetteer packs`.
#[derive(Debug, Args)]
pub(crate) struct PacksArgs {
    /// What to write [default: table on a terminal, else json]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) to: Option<TableOrJson>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FeatureChoice {
    /// Populated places, divisions, and of the rest what reports of violence name
    News,
    /// Everything
    All,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableOrJson {
    /// For people
    Table,
    /// One JSON array
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    /// Which shape
    #[arg(value_enum, default_value_t = ShapeName::Coded)]
    pub(crate) shape: ShapeName,

    /// For people: every field with its type and meaning, in Markdown
    #[arg(long)]
    pub(crate) codebook: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    /// One JSON object, for programs
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) server: ServerArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ReaderChoice {
    /// The rules and tables that the program carries: offline, the same on every machine
    Fast,
    /// The same with the learned reader beside them: finds what no list of words holds, and is slower where much is told
    Deep,
    /// A language model on a server of your own
    Remote,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Choice {
    /// As it fits
    Auto,
    /// In any case
    Always,
    /// In no case
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum InputFormat {
    /// Told from the first bytes, then from the file's name
    Auto,
    /// One report, plain text
    Text,
    /// One report, a web page
    Html,
    /// One JSON object a line
    Jsonl,
    /// A web archive
    Warc,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ActorsFormat {
    /// For people
    Table,
    /// For programs
    Json,
    /// Rows of a table of actors
    Tsv,
}

impl ActorsFormat {
    /// What was asked for: a person at a terminal reads a table, a program JSON.
    pub(crate) fn meant(asked: Option<Self>) -> Self {
        asked.unwrap_or(if std::io::stdout().is_terminal() { Self::Table } else { Self::Json })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormat {
    /// For people
    Table,
    /// One JSON array of coded documents
    Json,
    /// One coded document a line
    Jsonl,
    /// Events in ACLED's columns
    CsvAcled,
    /// Deadly events in UCDP GED's columns
    CsvGed,
    /// Events on a map
    Geojson,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Names {
    /// Write them
    Keep,
    /// Leave them out
    Drop,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ShapeName {
    /// The coded document
    Coded,
    /// What a model of --reader remote replies
    RemoteReply,
    /// The error line
    Error,
    /// The places of one text
    Geoparsed,
    /// The incidents of one report
    Linked,
    /// What became of one report of `watchpost ingest`
    Ingested,
    /// An incident, as the store keeps it
    Incident,
    /// A decision about incidents, as the store's log has it
    Decision,
    /// A situation, as the watch keeps it
    Situation,
    /// A forecast, as it was issued
    Forecast,
    /// A statement, held against the record
    Statement,
    /// The columns of --to csv-acled
    CsvAcled,
    /// The columns of --to csv-ged
    CsvGed,
}

impl From<InputFormat> for intake::Format {
    fn from(format: InputFormat) -> Self {
        match format {
            InputFormat::Auto => Self::Auto,
            InputFormat::Text => Self::Text,
            InputFormat::Html => Self::Html,
            InputFormat::Jsonl => Self::Jsonl,
            InputFormat::Warc => Self::Warc,
        }
    }
}

fn published(text: &str) -> Result<Date, String> {
    text.parse()
        .ok()
        .filter(|_| matches!(intake::published_day(text), intake::PublishedDay::Day(_)))
        .ok_or_else(|| {
            "expected a day as YYYY-MM-DD between 1830 and 2100, for example 2020-05-12".to_owned()
        })
}

fn price(text: &str) -> Result<(f64, f64), String> {
    let price =
        |text: &str| text.trim().parse().ok().filter(|price: &f64| price.is_finite() && *price >= 0.0);
    text.split_once(',')
        .and_then(|(read, written)| price(read).zip(price(written)))
        .ok_or_else(|| "expected two numbers with a comma between them, for example 0.15,0.60".to_owned())
}

/// What is wrong with the command line that its parser does not see: options without the reader that they are for, and that
/// reader without what it needs.
pub(crate) fn misuse(cli: &Cli, matches: &ArgMatches) -> Option<String> {
    let given = |id: &str| {
        let of_command = matches.subcommand().map(|(_, of_command)| of_command);
        of_command.is_some_and(|given| given.value_source(id) == Some(ValueSource::CommandLine))
    };
    let missing = |value: &Option<String>| value.as_ref().is_none_or(|value| value.trim().is_empty());
    if let Some(both) = file_and_project(matches) {
        return Some(both);
    }
    let args = match &cli.command {
        Command::Code(args) => &args.reading,
        Command::Link(args) => &args.reading,
        // Where the command line does not say, the project does: `Project::reading` looks then.
        Command::Ingest(args) if args.reading.reader.is_none() => return None,
        Command::Run(args) if args.reading.reader.is_none() => return None,
        Command::Ingest(args) => &args.reading,
        Command::Run(args) => &args.reading,
        Command::Export(args) => return exchange::misuse(args),
        Command::Doctor(args) if missing(&args.server.remote_url) => {
            let idle =
                ["remote_model", "remote_key_file", "remote_authority"].into_iter().find(|id| given(id));
            return idle
                .map(|id| format!("--{} says nothing without --remote-url URL", id.replace('_', "-")));
        }
        _ => return None,
    };
    match args.reader() {
        ReaderChoice::Fast | ReaderChoice::Deep => REMOTE_OPTIONS
            .iter()
            .find(|id| given(id))
            .map(|id| format!("--{} is an option of --reader remote", id.replace('_', "-"))),
        ReaderChoice::Remote => args.lacks(),
    }
}

/// Commands over series read a file or a project. The variable that names a project stands for those that need one; only both on one
/// command line contradict each other.
fn file_and_project(matches: &ArgMatches) -> Option<String> {
    let (name, mut last) = matches.subcommand()?;
    while let Some((_, next)) = last.subcommand() {
        last = next;
    }
    let series = ["watch", "test", "scan", "forecast"].contains(&name);
    let given = |id: &str| {
        last.try_contains_id(id).is_ok_and(|there| there)
            && last.value_source(id) == Some(ValueSource::CommandLine)
    };
    (series && given("file") && given("project"))
        .then(|| "FILE and --project: a file is read, or a project; leave one out".to_owned())
}

/// Every option of `--reader remote`, by its id.
const REMOTE_OPTIONS: &[&str] = &[
    "remote_url",
    "remote_model",
    "remote_key_file",
    "remote_authority",
    "remote_timeout",
    "remote_retries",
    "remote_jobs",
    "remote_price",
    "remote_part",
    "remote_max_tokens",
    "remote_fallback",
];

fn columns(text: &str) -> Result<Columns, String> {
    Columns::parse(text).map_err(|error| error.to_string())
}

fn country(said: &str) -> Result<String, String> {
    let countries = crate::setup::countries().map_err(|error| error.to_string())?;
    crate::geoparse::country(&countries, said).map_err(|problem| problem.error)
}

fn language(text: &str) -> Result<String, String> {
    if intake::is_language_tag(text) {
        Ok(text.to_owned())
    } else {
        Err("expected a BCP 47 tag, for example en or ar-SY".to_owned())
    }
}
