//! Sources added, forgotten, paused and resumed.

use ::desk::sources::{folder, free_id, name_of};
use anyhow::{anyhow, bail};
use fetch::link;
use jiff::Timestamp;
use record::{Paused, Source, SourceState};
use store::Store;

use crate::cli::sources::{AddArgs, WhichArgs};
use crate::code::Outcome;
use crate::desk::project::Project;
use crate::say;

/// An address that is typed.
pub(super) fn address(typed: &str) -> anyhow::Result<String> {
    match link::parse(typed) {
        Ok(url) => Ok(url.to_string()),
        Err(failure) => bail!("{failure}\nhint: {}", failure.hint),
    }
}

/// Runs `watchpost sources add`.
pub(super) fn add(args: &AddArgs) -> anyhow::Result<Outcome> {
    let project = Project::find(&args.project)?;
    let mut store = project.store()?;
    let url = address(&args.url)?;
    let all = store.sources()?;
    if let Some((there, state)) = all.iter().find(|(source, _)| source.url == url) {
        bail!(
            "it is there already: {} ({})\nhint: `watchpost sources remove {}` first, to add it otherwise",
            super::called(there, state.title.as_deref()),
            there.id,
            there.id
        );
    }
    let source = Source {
        id: free_id(&url, &all),
        name: args.name.clone().unwrap_or_else(|| name_of(&url)),
        page: None,
        folder: args.folder.as_deref().map(folder).unwrap_or_default(),
        kind: args.kind.into(),
        text: args.text.into(),
        publisher: args.publisher.clone(),
        language: args.language.clone(),
        every: args.every,
        added: Timestamp::now(),
        paused: None,
        url,
    };
    store.put_sources(std::slice::from_ref(&source))?;
    say::line(&format!("{} added: {}", source.id, crate::table::plain(&source.name)));
    if project.fetch().contact.is_none() {
        say::note(
            "the sites that are fetched from cannot reach you",
            Some("set `contact` under [fetch] in watchpost.toml to an address; it stands in the user agent"),
        );
    }
    Ok(Outcome::Fine)
}

/// The source that is meant: by id, address or name.
pub(super) fn find(all: &[(Source, SourceState)], said: &str) -> anyhow::Result<(Source, SourceState)> {
    let said = said.trim();
    let url = link::parse(said).map(|url| url.to_string()).ok();
    if let Some(found) =
        all.iter().find(|(source, _)| source.id == said || url.as_deref() == Some(source.url.as_str()))
    {
        return Ok(found.clone());
    }
    let name = said.to_lowercase();
    let named: Vec<_> = all
        .iter()
        .filter(|(source, state)| {
            source.name.to_lowercase() == name
                || super::called(source, state.title.as_deref()).to_lowercase() == name
        })
        .collect();
    match named.as_slice() {
        [one] => Ok((*one).clone()),
        [] => Err(anyhow!("there is no source `{said}`\nhint: `watchpost sources list` gives ids and names")),
        many => Err(anyhow!(
            "{} sources are called `{said}`: {}\nhint: give the id of one",
            many.len(),
            many.iter().map(|(source, _)| source.id.as_str()).collect::<Vec<_>>().join(", ")
        )),
    }
}

/// Does something with each of the sources that are named; all are found before anything is done.
fn each(
    args: &WhichArgs,
    done: &str,
    mut work: impl FnMut(&mut dyn Store, Source) -> anyhow::Result<()>,
) -> anyhow::Result<Outcome> {
    let mut store = Project::find(&args.project)?.store()?;
    let all = store.sources()?;
    let found = args.sources.iter().map(|said| find(&all, said)).collect::<anyhow::Result<Vec<_>>>()?;
    for (source, state) in found {
        let told = format!("{} {done}: {}", source.id, super::called(&source, state.title.as_deref()));
        work(store.as_mut(), source)?;
        say::line(&crate::table::plain(&told));
    }
    Ok(Outcome::Fine)
}

/// Runs `watchpost sources remove`.
pub(super) fn remove(args: &WhichArgs) -> anyhow::Result<Outcome> {
    each(args, "removed", |store, source| Ok(store.remove_source(&source.id).map(|_| ())?))
}

/// Runs `watchpost sources pause`.
pub(super) fn pause(args: &WhichArgs) -> anyhow::Result<Outcome> {
    each(args, "paused", |store, source| {
        let paused = Some(Paused { at: Timestamp::now(), why: "paused by hand".to_owned() });
        Ok(store.put_sources(&[Source { paused, ..source }])?)
    })
}

/// Runs `watchpost sources resume`.
pub(super) fn resume(args: &WhichArgs) -> anyhow::Result<Outcome> {
    each(args, "is due", |store, source| Ok(store.wake_source(&source.id).map(|_| ())?))
}
