//! `watchpost serve`: the desk over a project.

use std::net::TcpListener;
use std::path::{Path, PathBuf};

use ::desk::{Login, Setup};
use anyhow::{Context as _, bail};

use super::project::Project;
use crate::cli::project::ServeArgs;
use crate::code::Outcome;
use crate::{packs, say, setup};

/// Runs the command.
pub(crate) fn run(args: &ServeArgs, packs: Option<&Path>) -> anyhow::Result<Outcome> {
    let project = Project::find(&args.project)?;
    if !args.no_login {
        bail!(
            "there are no accounts yet\nhint: --no-login serves this machine alone, and asks nobody who they are"
        );
    }
    if !args.listen.ip().is_loopback() {
        bail!(
            "--no-login would let everybody who reaches {} do everything\nhint: listen on 127.0.0.1 or [::1], and reach it from elsewhere through a tunnel",
            args.listen
        );
    }
    let by = args.by.clone().or_else(|| std::env::var("USER").ok()).filter(|by| !by.trim().is_empty());
    let login = Login::No { by: by.unwrap_or_else(|| "local".to_owned()) };
    // What cannot be opened is said now, and not to the first who asks.
    drop(project.store()?);
    let listener = TcpListener::bind(args.listen).with_context(|| {
        format!(
            "{} cannot be listened on\nhint: another program may have it; choose one with --listen",
            args.listen
        )
    })?;
    let at = listener.local_addr().context("the address cannot be told")?;
    let vendor = vendor(packs);
    if vendor.is_none() {
        say::note(
            "the map and the charts are not set up: the page shows tables",
            Some("scripts/setup-packs builds packs/web"),
        );
    }
    let served = Setup {
        open: project.opener(),
        countries: setup::countries()?,
        crosswalk: setup::crosswalk()?,
        project: project.name(),
        tool: format!("watchpost {}", setup::version()),
        tag: setup::sha256(setup::version().as_bytes()).chars().take(8).collect(),
        keep_names: project.privacy().keep_names,
        vendor,
        login,
    };
    say::line(&format!("listening on http://{at}"));
    ::desk::serve(served, listener, until_told).context("the desk could not go on")?;
    Ok(Outcome::Fine)
}

/// Waits until whoever runs the program, or the system, wants it to end.
fn until_told() {
    use signal_hook::consts::{SIGINT, SIGTERM};
    if let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGINT, SIGTERM]) {
        signals.forever().next();
    }
}

/// The folder of the page's libraries and shapes: `web` beside the first packs that have one.
fn vendor(packs: Option<&Path>) -> Option<PathBuf> {
    packs::folders(packs).into_iter().map(|folder| folder.join("web")).find(|folder| folder.is_dir())
}
