/*! The `watchpost` program: command line, files and terminal around the coder. */

mod actors;
mod batch;
mod claims;
mod cli;
mod code;
mod counts;
mod desk;
mod doctor;
mod forecasting;
mod gazetteer;
mod geoparse;
mod jobs;
mod link;
mod output;
mod own;
mod packs;
mod reading;
mod say;
mod scanning;
mod schema;
mod server;
mod setup;
mod sources;
mod surges;
mod table;
mod unknown;

use std::io;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory as _, FromArgMatches as _};

use crate::cli::{Choice, Cli, Command};
use crate::code::Outcome;

/// Something could not be read, or is missing.
const PROBLEM: u8 = 1;
/// The command line was wrong.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let mut command = Cli::command().version(setup::version());
    let parsed = command.try_get_matches_from_mut(std::env::args_os()).and_then(|matches| {
        let cli = Cli::from_arg_matches(&matches)?;
        match cli::misuse(&cli, &matches) {
            Some(misuse) => Err(command.error(ErrorKind::ArgumentConflict, misuse)),
            None => Ok(cli),
        }
    });
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(USAGE) } else { ExitCode::SUCCESS };
        }
    };
    match cli.color {
        Choice::Auto => {}
        Choice::Always => anstream::ColorChoice::Always.write_global(),
        Choice::Never => anstream::ColorChoice::Never.write_global(),
    }
    match run(&cli, &mut command) {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::SomeUnread) => ExitCode::from(PROBLEM),
        // Whoever reads has had enough ("| head"): that is success.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            say::fatal(&error);
            ExitCode::from(PROBLEM)
        }
    }
}

fn run(cli: &Cli, command: &mut clap::Command) -> anyhow::Result<Outcome> {
    let (packs, actors) = (cli.packs.as_deref(), cli.actors.as_deref());
    match &cli.command {
        Command::Code(args) => return code::run(args, packs, actors),
        Command::Link(args) => return link::run(args, packs, actors),
        Command::Init(args) => return desk::init(args),
        Command::Ingest(args) if args.sources => return sources::ingest(args, packs, actors),
        Command::Ingest(args) => return desk::ingest(args, packs, actors),
        Command::Sources(command) => return sources::sources(command),
        Command::Run(args) => return sources::run(args, packs, actors),
        Command::Incidents(args) => return desk::incidents(args),
        Command::Show(args) => return desk::show(args),
        Command::Log(args) => return desk::log(args),
        Command::Search(args) => return desk::search(args),
        Command::Decide(args) => return desk::decide(args),
        Command::Export(args) => return desk::export(args),
        Command::Import(args) => return desk::import(args, actors),
        Command::Changes(args) => return desk::changes(args),
        Command::Verify(args) => return desk::verify(args),
        Command::Backup(args) => return desk::backup(args),
        Command::Restore(args) => return desk::restore(args),
        Command::Serve(args) => return desk::serve(args, packs),
        Command::Demo(args) => return desk::demo(args, packs, actors),
        Command::Geoparse(args) => return geoparse::run(args, packs, actors),
        Command::Doctor(args) => return doctor::run(args, packs, actors),
        Command::Test(command) => return claims::run(command),
        Command::Scan(args) => return scanning::run(args),
        Command::Forecast(args) => return forecasting::run(args),
        Command::Gazetteer(command) => return gazetteer::run(command, packs),
        Command::Watch(args) => return surges::run(args),
        Command::Situations(command) => return desk::situations(command),
        Command::Statements(args) => return desk::statements(args),
        Command::Actors(command) => return actors::run(command, packs, actors),
        Command::Schema(args) => schema::run(args)?,
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, command, "watchpost", &mut script);
            output::print(&script)?;
        }
        Command::Man => {
            let mut pages = Vec::new();
            manual(command, &mut pages)?;
            output::print(&pages)?;
        }
    }
    Ok(Outcome::Fine)
}

/// The manual: the page of the program, then one of each command.
fn manual(command: &mut clap::Command, pages: &mut Vec<u8>) -> io::Result<()> {
    command.build();
    clap_mangen::Man::new(command.clone()).render(pages)?;
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        page(sub, &format!("watchpost-{}", sub.get_name()), pages)?;
    }
    Ok(())
}

/// The page of a command, then those of its own commands.
fn page(command: &clap::Command, name: &str, pages: &mut Vec<u8>) -> io::Result<()> {
    clap_mangen::Man::new(command.clone().name(name.to_owned())).render(pages)?;
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        page(sub, &format!("{name}-{}", sub.get_name()), pages)?;
    }
    Ok(())
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
            || cause
                .downcast_ref::<serde_json::Error>()
                .is_some_and(|error| error.io_error_kind() == Some(io::ErrorKind::BrokenPipe))
    })
}
