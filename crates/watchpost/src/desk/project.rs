//! A project: one folder with a watchpost.toml, and the store that it names.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, anyhow, bail};
use collection::{Collection, Tables};
use link::{Frequencies, Weights};
use record::{Author, AuthorKind};
use serde::Deserialize;
use store::{Stamp, Store};

use crate::cli::project::{InitArgs, ProjectArgs};
use crate::cli::{ReaderChoice, ReadingArgs};
use crate::code::Outcome;
use crate::say;

/// The file that makes a folder a project.
pub(crate) const FILE: &str = "watchpost.toml";

/// What the file says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    store: StoreSettings,
    #[serde(default)]
    privacy: Privacy,
    #[serde(default)]
    fetch: fetch::Settings,
    #[serde(default)]
    watch: lookout::WatchSettings,
    /// Who reads.
    #[serde(default)]
    reading: ReadingSettings,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoreSettings {
    /// A file beside this one, or the address of a PostgreSQL database.
    at: String,
}

/// What is kept of persons.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Privacy {
    /// Whether names of private persons stay in coded documents.
    #[serde(default)]
    pub(crate) keep_names: bool,
}

/// Who reads the reports, unless the command line says.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReadingSettings {
    /// Who.
    reader: Option<ReaderChoice>,
    /// The server of a model, and how it calls the model.
    remote_url: Option<String>,
    remote_model: Option<String>,
}

/// A store that was opened, or why not.
type Opened = Result<Box<dyn Store>, store::Error>;

/// A project that was found.
pub(crate) struct Project {
    /// Its folder.
    pub(crate) folder: PathBuf,
    settings: Settings,
}

/// The new file. What is not set is left out: a default may get better.
fn template(store: &str) -> String {
    format!(
        "# A project of Watchpost. `watchpost help init` and docs/projects.md say what can be set.\n\n\
         [store]\n# A file in this folder, or postgresql://user@host/database (with its password in the variable WATCHPOST_STORE, which stands above this).\n\
         at = {}\n\n[privacy]\n# Names of private persons: kept in what is coded, or not. Exports never have them unless this is true.\nkeep_names = false\n\n\
         [fetch]\n# An address or a mail address at which the sites that are fetched from can reach you.\n# contact = \"https://example.org/about\"\n\n\
         [reading]\n# Who reads: \"fast\" by rules, \"deep\" with the learned reader beside them, \"remote\" a model on a server of yours.\n# reader = \"fast\"\n\n\
         [watch]\n# What is counted, by what and how often: each entry is a table of series of its own.\n\
         # by = [\"admin1\", \"country,type\", \"actor\"]\n# every = \"week\"\n",
        toml::Value::String(store.to_owned())
    )
}

/// Whether a store is a database on a server.
fn is_address(at: &str) -> bool {
    at.starts_with("postgresql://") || at.starts_with("postgres://")
}

/// Runs `watchpost init`.
pub(crate) fn init(args: &InitArgs) -> anyhow::Result<Outcome> {
    let file = args.folder.join(FILE);
    if file.exists() {
        bail!(
            "{} is a project already\nhint: use it with --project {}, or name another folder",
            args.folder.display(),
            args.folder.display()
        );
    }
    std::fs::create_dir_all(&args.folder)
        .with_context(|| format!("the folder {} cannot be made", args.folder.display()))?;
    if !is_address(&args.store) {
        drop(store_sqlite::create(&args.folder.join(&args.store))?);
    } else {
        drop(store_postgres::open(&args.store)?);
    }
    let kept = without_password(&args.store);
    // Last, and at once: a folder with the file has its store.
    let part = tempname(&file);
    std::fs::write(&part, template(&kept))
        .and_then(|()| std::fs::rename(&part, &file))
        .with_context(|| format!("{} cannot be written", file.display()))?;
    if kept != args.store {
        say::note(
            "the password was not written down",
            Some("give the whole address in the variable WATCHPOST_STORE when you use the project"),
        );
    }
    say::line(&format!(
        "{} is a project now: {} and {}\nnext: watchpost ingest REPORTS…",
        args.folder.display(),
        FILE,
        if is_address(&args.store) { "a PostgreSQL store" } else { &args.store }
    ));
    Ok(Outcome::Fine)
}

/// An address of a database without the password in it; a file as it is.
fn without_password(at: &str) -> String {
    let Some((scheme, rest)) = at.split_once("://").filter(|_| is_address(at)) else { return at.to_owned() };
    // Who logs in stands before the first `@`, whatever else is in the password.
    let (who, rest) = match rest.split_once('@') {
        Some((who, rest)) => {
            let user = who.split_once(':').map_or(who, |(user, _)| user);
            // An `@` that was not written as %40.
            let end = rest.find(['/', '?']).unwrap_or(rest.len());
            let host = rest[..end].rfind('@').map_or(0, |at| at + 1);
            (format!("{user}@"), &rest[host..])
        }
        None => (String::new(), rest),
    };
    let shown = match rest.split_once('?') {
        Some((place, settings)) => {
            let kept: Vec<&str> =
                settings.split('&').filter(|setting| !setting.starts_with("password=")).collect();
            if kept.is_empty() { place.to_owned() } else { format!("{place}?{}", kept.join("&")) }
        }
        None => rest.to_owned(),
    };
    format!("{scheme}://{who}{shown}")
}

fn tempname(file: &Path) -> std::ffi::OsString {
    let mut name = file.as_os_str().to_owned();
    name.push(".part");
    name
}

impl Project {
    /// The project that is meant: the one that is named, else this folder's or that of the nearest above it.
    pub(crate) fn find(args: &ProjectArgs) -> anyhow::Result<Self> {
        let folder = match &args.project {
            Some(folder) => folder.clone(),
            None => {
                let here = std::env::current_dir().context("the current folder cannot be told")?;
                here.ancestors().find(|folder| folder.join(FILE).is_file()).map(Path::to_path_buf).ok_or_else(
                    || {
                        anyhow!(
                            "there is no project here: no {FILE} in {} or above it\nhint: make one with `watchpost init`, or name one with --project DIR",
                            here.display()
                        )
                    },
                )?
            }
        };
        let file = folder.join(FILE);
        let text = std::fs::read_to_string(&file).map_err(|error| {
            anyhow!(
                "{} cannot be read: {error}\nhint: name the folder of a project, or make one with `watchpost init {}`",
                file.display(),
                folder.display()
            )
        })?;
        let settings: Settings = toml::from_str(&text).map_err(|error| {
            anyhow!(
                "{}: {}\nhint: docs/projects.md says what can stand there",
                file.display(),
                error.to_string().trim_end()
            )
        })?;
        if let Some(faults) = crate::sources::faults(&settings.fetch) {
            bail!("{}: {faults}\nhint: docs/intake.md says what can stand under [fetch]", file.display());
        }
        let faults = settings.watch.faults();
        if !faults.is_empty() {
            bail!(
                "{}: {}\nhint: docs/watch.md says what can stand under [watch]",
                file.display(),
                faults.join("; ")
            );
        }
        Ok(Self { folder, settings })
    }

    /// How sources are fetched.
    pub(crate) const fn fetch(&self) -> &fetch::Settings {
        &self.settings.fetch
    }

    /// What is watched.
    pub(crate) const fn watch(&self) -> &lookout::WatchSettings {
        &self.settings.watch
    }

    /// Who reads: as the command line says, else as the project does.
    pub(crate) fn reading(&self, args: &ReadingArgs) -> anyhow::Result<ReadingArgs> {
        let said = &self.settings.reading;
        let mut args = args.clone();
        args.reader = args.reader.or(said.reader);
        args.server.remote_url = args.server.remote_url.or_else(|| said.remote_url.clone());
        args.server.remote_model = args.server.remote_model.or_else(|| said.remote_model.clone());
        match args.lacks() {
            None => Ok(args),
            Some(lack) => bail!(
                "{lack}\nhint: or set `remote_url` and `remote_model` under [reading] in {}; docs/projects.md says what can stand there",
                self.folder.join(FILE).display()
            ),
        }
    }

    /// What is kept of persons.
    pub(crate) const fn privacy(&self) -> &Privacy {
        &self.settings.privacy
    }

    /// The store's address: that of the variable before that of the file.
    fn at(&self) -> String {
        let said = std::env::var("WATCHPOST_STORE").ok().filter(|at| !at.trim().is_empty());
        said.unwrap_or_else(|| self.settings.store.at.clone())
    }

    /// The store's file, where it is one.
    pub(crate) fn file(&self) -> Option<PathBuf> {
        let at = self.at();
        (!is_address(&at)).then(|| self.folder.join(at))
    }

    /// Opens the store.
    pub(crate) fn store(&self) -> anyhow::Result<Box<dyn Store>> {
        Ok((self.opener())()?)
    }

    /// What opens the store, for threads that each want one of their own.
    pub(crate) fn opener(&self) -> ::desk::Open {
        match self.file() {
            Some(file) => Arc::new(move || -> Opened { Ok(Box::new(store_sqlite::open(&file)?)) }),
            None => {
                let at = self.at();
                Arc::new(move || -> Opened { Ok(Box::new(store_postgres::open(&at)?)) })
            }
        }
    }

    /// What it is called: its folder's name.
    pub(crate) fn name(&self) -> String {
        let whole = self.folder.canonicalize().unwrap_or_else(|_| self.folder.clone());
        whole.file_name().map_or_else(|| "project".to_owned(), |name| name.to_string_lossy().into_owned())
    }

    /// Opens the store with its linker.
    pub(crate) fn collection(&self, loaded: &mut dyn FnMut(usize)) -> anyhow::Result<Collection> {
        Ok(Collection::open(self.store()?, tables()?, loaded)?)
    }
}

/// The linker's tables.
pub(crate) fn tables() -> anyhow::Result<Tables> {
    let frequencies = Frequencies::from_table(knowledge::WORD_FREQUENCY)
        .context("knowledge/word-frequency.tsv cannot be read")?;
    let weights = Weights::from_table(knowledge::LINKING).context("knowledge/linking.tsv cannot be read")?;
    Ok(Tables { weights, frequencies: Arc::new(frequencies) })
}

/// A program's part decides, now.
pub(crate) fn machine(part: &str) -> Stamp {
    stamp(AuthorKind::Machine, part)
}

/// Somebody decides, now.
pub(crate) fn stamp(kind: AuthorKind, name: &str) -> Stamp {
    Stamp {
        by: Author { kind, name: name.to_owned() },
        at: jiff::Timestamp::now(),
        tool: format!("watchpost {}", crate::setup::version()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_not_written_down() {
        for (said, kept) in [
            (
                "postgresql://ada:s3:cr@t@db.example.org:5432/desk?x=y@z",
                "postgresql://ada@db.example.org:5432/desk?x=y@z",
            ),
            ("postgresql://ada:a/b?c@db.example.org/desk", "postgresql://ada@db.example.org/desk"),
            ("postgresql://ada@db/desk?password=s3cret", "postgresql://ada@db/desk"),
            ("postgresql:///desk?host=/run&password=s3cret&port=1", "postgresql:///desk?host=/run&port=1"),
            ("postgres://ada@db/desk", "postgres://ada@db/desk"),
            ("postgresql:///desk?host=/run/postgresql", "postgresql:///desk?host=/run/postgresql"),
            ("a:b@c.db", "a:b@c.db"),
        ] {
            assert_eq!(without_password(said), kept);
        }
    }
}
