//! `watchpost serve`: the desk over a project.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};

use ::desk::{Login, Setup};
use anyhow::{Context as _, anyhow, bail};

use super::project::Project;
use crate::cli::project::ServeArgs;
use crate::code::Outcome;
use crate::{packs, say, setup};

/// Runs the command.
pub(crate) fn run(args: &ServeArgs, packs: Option<&Path>) -> anyhow::Result<Outcome> {
    let project = Project::find(&args.project)?;
    if args.no_login && !args.listen.ip().is_loopback() {
        bail!(
            "--no-login would let everybody who reaches {} do everything\nhint: listen on 127.0.0.1 or [::1], and reach it from elsewhere through a tunnel; or leave --no-login out",
            args.listen
        );
    }
    let login = if args.no_login {
        let by = args.by.clone().or_else(|| std::env::var("USER").ok()).filter(|by| !by.trim().is_empty());
        Login::No { by: by.unwrap_or_else(|| "local".to_owned()) }
    } else {
        Login::Accounts
    };
    // What cannot be opened is said now, and not to the first who asks.
    let mut store = project.store()?;
    let listener = listen(args.listen, "--listen")?;
    let at = listener.local_addr().context("the address cannot be told")?;
    let metrics = args.metrics.map(|metrics| listen(metrics, "--metrics")).transpose()?;
    let first = match login {
        Login::Accounts => ::desk::first_link(store.as_mut(), jiff::Timestamp::now())
            .map_err(|problem| anyhow!("{}", problem.detail))?,
        Login::No { .. } => None,
    };
    drop(store);
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
        behind_proxy: args.behind_proxy,
        in_memory: true,
        watch: project.watch().clone(),
        fetch: project.fetch().clone(),
        metrics,
    };
    say::line(&format!("listening on http://{at}"));
    if let Some(secret) = first {
        say::line(&format!(
            "nobody has an account yet: make the first at http://{at}/login#link={secret} (good once, for three days)"
        ));
    }
    ::desk::serve(served, listener, until_told).context("the desk could not go on")?;
    Ok(Outcome::Fine)
}

fn listen(on: SocketAddr, flag: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(on).with_context(|| {
        format!("{on} cannot be listened on\nhint: another program may have it; choose one with {flag}")
    })
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
