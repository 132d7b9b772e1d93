//! Lists of sources, from other programs and for them.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use anyhow::{Context as _, bail};
use fetch::{kind, opml};
use jiff::Timestamp;
use record::{Paused, Source, SourceType};

use crate::cli::sources::{ExportArgs, ImportArgs};
use crate::code::Outcome;
use crate::desk::project::Project;
use crate::output::unwritable;
use crate::say;
use ::desk::sources::{free_id, name_of};

/// Longest list: some hundred thousand outlines.
const LONGEST: u64 = 64 << 20;

/// Runs `watchpost sources import`.
pub(super) fn import(args: &ImportArgs) -> anyhow::Result<Outcome> {
    let mut store = Project::find(&args.project)?.store()?;
    let name = args.file.display();
    let mut bytes = Vec::new();
    let input: Box<dyn io::Read> = if args.file == Path::new("-") {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(&args.file).with_context(|| format!("{name} cannot be read"))?)
    };
    input.take(LONGEST + 1).read_to_end(&mut bytes).with_context(|| format!("{name} cannot be read"))?;
    if bytes.len() as u64 > LONGEST {
        bail!("{name} is longer than {LONGEST} bytes\nhint: split the list");
    }
    let text = kind::decode(&bytes, None)
        .map_err(|_| anyhow::anyhow!("{name} is no text; expected an OPML list"))?;
    let list = opml::parse(&text);
    for broken in &list.broken {
        let who = broken.name.as_ref().map_or_else(String::new, |name| format!(" `{name}`"));
        say::note(&format!("{name}:{}:{who} {}", broken.line, broken.error), None);
    }
    let mut all = store.sources()?;
    let mut urls: BTreeSet<String> = all.iter().map(|(source, _)| source.url.clone()).collect();
    let (mut new, mut there) = (Vec::new(), 0);
    for outline in list.outlines {
        if !urls.insert(outline.url.clone()) {
            there += 1;
            continue;
        }
        let at = Timestamp::now();
        let source = Source {
            id: free_id(&outline.url, &all),
            name: outline.name.unwrap_or_else(|| name_of(&outline.url)),
            page: outline.page,
            folder: outline.folder,
            kind: outline.kind,
            text: outline.text,
            publisher: outline.publisher,
            language: outline.language,
            every: outline.every,
            added: at,
            paused: outline.paused.map(|why| Paused { at, why }),
            url: outline.url,
        };
        all.push((source.clone(), record::SourceState::default()));
        new.push(source);
    }
    store.put_sources(&new)?;
    say::line(&format!("{} added, {there} there already, {} not taken", count(new.len()), list.broken.len()));
    Ok(if list.broken.is_empty() { Outcome::Fine } else { Outcome::SomeUnread })
}

fn count(sources: usize) -> String {
    format!("{sources} {}", if sources == 1 { "source" } else { "sources" })
}

/// Runs `watchpost sources export`.
pub(super) fn export(args: &ExportArgs) -> anyhow::Result<Outcome> {
    let mut store = Project::find(&args.project)?.store()?;
    let sources: Vec<Source> = store
        .sources()?
        .into_iter()
        .map(|(source, state)| {
            // A reader of feeds that is given a sitemap or a page as one finds nothing in it.
            let kind = match (source.kind, state.kind) {
                (SourceType::Auto, Some(found @ (SourceType::Page | SourceType::Sitemap))) => found,
                (said, _) => said,
            };
            Source { name: super::called(&source, state.title.as_deref()), kind, ..source }
        })
        .collect();
    let mut list = Vec::new();
    opml::write(&sources, &mut list).map_err(unwritable)?;
    match &args.file {
        Some(file) => {
            let mut out = File::create_new(file)
                .with_context(|| format!("{} cannot be written: nothing is overwritten", file.display()))?;
            out.write_all(&list).and_then(|()| out.sync_all()).map_err(unwritable)?;
            say::line(&format!("{} written to {}", count(sources.len()), file.display()));
        }
        None => {
            crate::output::print(&list)?;
            say::line(&count(sources.len()));
        }
    }
    Ok(Outcome::Fine)
}
