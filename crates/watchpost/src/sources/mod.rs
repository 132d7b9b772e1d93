//! The commands that fetch: `watchpost sources`, `ingest --sources`, `run`.

mod manage;
mod opml;
mod pipeline;
mod run;
mod table;
mod trial;

use fetch::Settings;
use record::Source;

use crate::cli::sources::SourcesCommand;
use crate::code::Outcome;

pub(crate) use run::{ingest, run};

/// Runs `watchpost sources`.
pub(crate) fn sources(command: &SourcesCommand) -> anyhow::Result<Outcome> {
    match command {
        SourcesCommand::Add(args) => manage::add(args),
        SourcesCommand::List(args) => table::list(args),
        SourcesCommand::Remove(args) => manage::remove(args),
        SourcesCommand::Pause(args) => manage::pause(args),
        SourcesCommand::Resume(args) => manage::resume(args),
        SourcesCommand::Try(args) => trial::run(args),
        SourcesCommand::Import(args) => opml::import(args),
        SourcesCommand::Export(args) => opml::export(args),
    }
}

/// What stands before a section of settings in a message.
pub(crate) fn faults(settings: &Settings) -> Option<String> {
    let faults = settings.faults();
    (!faults.is_empty()).then(|| faults.join("\n"))
}

/// What a source is called to people: its own name, else what it calls itself.
fn called(source: &Source, title: Option<&str>) -> String {
    match title {
        Some(title) if source.name == ::desk::sources::name_of(&source.url) => title.to_owned(),
        _ => source.name.clone(),
    }
}
