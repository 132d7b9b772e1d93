//! `watchpost demo`: the desk over a project of sample reports, which is gone when it ends.

use anyhow::Context as _;
use clap::Parser as _;

use super::project::init;
use crate::cli::project::{DemoArgs, InitArgs, ProjectArgs, ServeArgs};
use crate::cli::{Cli, Command};
use crate::code::Outcome;
use crate::say;

use std::path::Path;

/// Sample reports of ours; everything in them is invented.
const REPORTS: &str = include_str!("../../../../examples/demo/reports.jsonl");

/// Runs the command.
pub(crate) fn run(args: &DemoArgs, packs: Option<&Path>, actors: Option<&Path>) -> anyhow::Result<Outcome> {
    let folder = tempfile::Builder::new()
        .prefix("watchpost-demo-")
        .tempdir()
        .context("no folder can be made for the demonstration\nhint: TMPDIR names another place")?;
    let project = folder.path().join("demo");
    init(&InitArgs { folder: project.clone(), store: "watchpost.db".to_owned() })?;
    let reports = folder.path().join("demo.jsonl");
    std::fs::write(&reports, REPORTS).with_context(|| format!("{} cannot be written", reports.display()))?;
    say::line("reading sample reports: their places exist, everything else in them is invented");
    // As somebody would type it, so that there is one way in.
    let typed =
        ["watchpost".as_ref(), "ingest".as_ref(), "--source".as_ref(), "demo".as_ref(), "--project".as_ref()];
    let typed = typed.into_iter().chain([project.as_os_str(), reports.as_os_str()]);
    let Command::Ingest(ingest) = Cli::try_parse_from(typed)?.command else { return Ok(Outcome::SomeUnread) };
    super::ingest(&ingest, packs, actors)?;
    say::line("everything of this demonstration is gone when it ends");
    let serve = ServeArgs {
        project: ProjectArgs { project: Some(project) },
        listen: args.listen,
        no_login: true,
        by: Some("you".to_owned()),
        metrics: None,
        behind_proxy: false,
    };
    super::serve(&serve, packs)
}
