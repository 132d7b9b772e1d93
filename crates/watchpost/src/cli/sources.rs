//! Flags of the commands that fetch.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use record::{SourceType, TextFrom};

use super::project::{ListFormat, ProjectArgs};
use super::{ReadingArgs, language};

#[derive(Debug, Subcommand)]
pub(crate) enum SourcesCommand {
    /// Add a source; it is fetched from the next round on
    Add(AddArgs),
    /// List the sources: how each is, what it brought in the last seven days, what went wrong.
    ///
    /// A source is fine, new, failing, paused, or quiet: it answers and brings nothing for longer than chance explains. See docs/intake.md.
    #[command(alias = "ls")]
    List(SourceListArgs),
    /// Forget sources and what is remembered of fetching them; their reports stay
    Remove(WhichArgs),
    /// Fetch sources no more until they are resumed
    Pause(WhichArgs),
    /// Fetch paused or failing sources again, in the next round
    Resume(WhichArgs),
    /// Fetch an address or a source once, show what is found there and keep nothing.
    ///
    /// Exit status: 0 it can be read, 1 it cannot, 2 the command line was wrong.
    Try(TryArgs),
    /// Add the sources of an OPML list, with their folders, names and pages; those that are there already stay as they are.
    ///
    /// Exit status: 0 all were taken, 1 some outlines could not be, each told, 2 the command line was wrong.
    Import(ImportArgs),
    /// Write the sources as an OPML list, which every reader of feeds takes
    Export(ExportArgs),
}

/// Options of `watchpost sources add`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  watchpost sources add https://example.org/feed.xml --folder Sahel/Mali\n  \
    watchpost sources add https://example.org/news-sitemap.xml --name \"The Daily Example\"\n  \
    watchpost sources add https://example.org/latest/ --kind page --every 120"
)]
pub(crate) struct AddArgs {
    #[command(flatten)]
    pub(crate) project: ProjectArgs,

    /// Address of a feed, a sitemap, a robots.txt that names sitemaps, or a page that lists articles
    #[arg(value_name = "URL")]
    pub(crate) url: String,

    /// What to call it [default: as it calls itself]
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,

    /// Folder to put it in, with slashes between folders in folders
    #[arg(long, value_name = "FOLDER")]
    pub(crate) folder: Option<String>,

    /// What it is; auto looks
    #[arg(long, value_enum, default_value_t = KindChoice::Auto, value_name = "KIND")]
    pub(crate) kind: KindChoice,

    /// Where the text of a report is taken from
    #[arg(long, value_enum, default_value_t = TextChoice::Page, value_name = "FROM")]
    pub(crate) text: TextChoice,

    /// Who publishes it; stands above what its pages say
    #[arg(long, value_name = "NAME")]
    pub(crate) publisher: Option<String>,

    /// Language, a BCP 47 tag such as en, where its pages do not say
    #[arg(long, value_name = "TAG", value_parser = language)]
    pub(crate) language: Option<String>,

    /// Minutes between two fetches [default: fetch.every of watchpost.toml, or longer if the feed asks for it]
    #[arg(long, value_name = "MINUTES", value_parser = clap::value_parser!(u32).range(1..=10_080))]
    pub(crate) every: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum KindChoice {
    /// Found out by looking
    Auto,
    /// RSS, Atom or JSON Feed
    Feed,
    /// A page that lists articles
    Page,
    /// A sitemap or an index of sitemaps
    Sitemap,
}

impl From<KindChoice> for SourceType {
    fn from(choice: KindChoice) -> Self {
        match choice {
            KindChoice::Auto => Self::Auto,
            KindChoice::Feed => Self::Feed,
            KindChoice::Page => Self::Page,
            KindChoice::Sitemap => Self::Sitemap,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TextChoice {
    /// The page that an item links to; the feed's own text where that cannot be had
    Page,
    /// The feed's own text; pages are not fetched
    Feed,
}

impl From<TextChoice> for TextFrom {
    fn from(choice: TextChoice) -> Self {
        match choice {
            TextChoice::Page => Self::Page,
            TextChoice::Feed => Self::Feed,
        }
    }
}

/// Options of `watchpost sources list`.
#[derive(Debug, Args)]
pub(crate) struct SourceListArgs {
    #[command(flatten)]
    pub(crate) project: ProjectArgs,

    /// Only those in this folder and the folders in it
    #[arg(long, value_name = "FOLDER")]
    pub(crate) folder: Option<String>,

    /// Only those that something is wrong with: failing, quiet or paused
    #[arg(long)]
    pub(crate) ailing: bool,

    /// What to write [default: table on a terminal, else jsonl]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) to: Option<ListFormat>,

    /// The same as --to jsonl
    #[arg(long, conflicts_with = "to")]
    pub(crate) json: bool,
}

/// Some sources.
#[derive(Debug, Args)]
pub(crate) struct WhichArgs {
    #[command(flatten)]
    pub(crate) project: ProjectArgs,

    /// Id, name or address of a source
    #[arg(value_name = "SOURCE", required = true)]
    pub(crate) sources: Vec<String>,
}

/// Options of `watchpost sources try`.
#[derive(Debug, Args)]
pub(crate) struct TryArgs {
    #[command(flatten)]
    pub(crate) project: ProjectArgs,

    /// An address, or the id or name of a source
    #[arg(value_name = "URL|SOURCE")]
    pub(crate) source: String,

    /// How many of its reports to read
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) items: u16,
}

/// Options of `watchpost sources import`.
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    #[command(flatten)]
    pub(crate) project: ProjectArgs,

    /// OPML file; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
}

/// Options of `watchpost sources export`.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    #[command(flatten)]
    pub(crate) project: ProjectArgs,

    /// File to write, which must not be there yet [default: standard output]
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
}

/// Options of `watchpost run`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  watchpost run\n  watchpost run --once --project /srv/sahel\n  watchpost run --every 10"
)]
pub(crate) struct RunArgs {
    #[command(flatten)]
    pub(crate) project: ProjectArgs,

    /// End after one round over what is due
    #[arg(long)]
    pub(crate) once: bool,

    /// Minutes between two fetches of a source; stands above fetch.every of watchpost.toml
    #[arg(long, value_name = "MINUTES", value_parser = clap::value_parser!(u32).range(1..=10_080))]
    pub(crate) every: Option<u32>,

    /// Write each situation that opens or grows as one JSON object a line, besides saying it
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) to: Option<super::project::IngestFormat>,

    #[command(flatten)]
    pub(crate) reading: ReadingArgs,
}
