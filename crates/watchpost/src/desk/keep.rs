//! `watchpost verify`, `backup`, `restore`, `changes`: what keeps a store safe, and others up to date with it.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use serde_json::json;
use store::find::ChangeCursor;

use super::list;
use super::project::Project;
use crate::cli::project::{BackupArgs, ChangesArgs, RestoreArgs, VerifyArgs};
use crate::code::Outcome;
use crate::output::unwritable;
use crate::say;

/// Changes that are asked for at a time.
const PIECE: usize = 500;

/// Runs `watchpost verify`.
pub(crate) fn verify(args: &VerifyArgs) -> anyhow::Result<Outcome> {
    let mut store = Project::find(&args.project)?.store()?;
    if args.rebuild {
        store.rebuild()?;
        say::line("made anew from the log and the reports");
    }
    let mut faults = 0;
    let looked = store.verify(&mut |fault| {
        faults += 1;
        say::line(&format!("fault: {fault}"));
    })?;
    let head = store.head()?;
    say::line(&format!(
        "{looked} decisions looked at, {}; the log ends with {} {}",
        if faults == 0 { "all as they were written".to_owned() } else { format!("{faults} faults") },
        head.seq,
        head.hash
    ));
    if faults > 0 {
        say::note(
            "the store is not as it was written",
            Some(
                "`watchpost verify --rebuild` makes anew what is derived; for the rest restore a backup into a new project",
            ),
        );
    }
    Ok(if faults == 0 { Outcome::Fine } else { Outcome::SomeUnread })
}

/// Runs `watchpost changes`.
pub(crate) fn changes(args: &ChangesArgs) -> anyhow::Result<Outcome> {
    let mut since: ChangeCursor = args.since.parse()?;
    let mut store = Project::find(&args.project)?.store()?;
    let mut out = list::output();
    loop {
        let changes = store.changes(since, PIECE)?;
        for row in &changes.rows {
            list::json(&mut out, row)?;
        }
        since = changes.next;
        if !changes.more {
            break;
        }
    }
    list::json(&mut out, &json!({"next": since.to_string()}))?;
    out.flush().map_err(unwritable)?;
    Ok(Outcome::Fine)
}

/// What a backup is, by the name of its file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Copy,
    Dump { packed: bool },
}

fn kind(file: &Path) -> anyhow::Result<Kind> {
    let ending = |path: &Path| path.extension().and_then(OsStr::to_str).map(str::to_ascii_lowercase);
    match ending(file).as_deref() {
        Some("db" | "sqlite" | "sqlite3") => Ok(Kind::Copy),
        Some("jsonl") => Ok(Kind::Dump { packed: false }),
        Some("zst")
            if ending(Path::new(file.file_stem().unwrap_or_default())).as_deref() == Some("jsonl") =>
        {
            Ok(Kind::Dump { packed: true })
        }
        _ => bail!(
            "{} does not say what it is to be\nhint: NAME.db is a copy of a SQLite store, NAME.jsonl or NAME.jsonl.zst a dump",
            file.display()
        ),
    }
}

/// Runs `watchpost backup`.
pub(crate) fn backup(args: &BackupArgs) -> anyhow::Result<Outcome> {
    let project = Project::find(&args.project)?;
    let packed = match kind(&args.file)? {
        Kind::Copy => {
            let Some(file) = project.file() else {
                bail!(
                    "the store is a PostgreSQL database, which has no file to copy\nhint: dump it to NAME.jsonl.zst, or use the server's own tools"
                );
            };
            store_sqlite::open(&file)?.rows().backup(&args.file)?;
            say::line(&format!("{} is a copy of the store", args.file.display()));
            return Ok(Outcome::Fine);
        }
        Kind::Dump { packed } => packed,
    };
    let mut store = project.store()?;
    if args.file.exists() {
        bail!("{} is there already: a backup overwrites nothing", args.file.display());
    }
    let mut part = args.file.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let unwritten = || format!("{} cannot be written", part.display());
    let file = File::create_new(&part).with_context(unwritten)?;
    let written = (|| -> anyhow::Result<()> {
        let mut out = BufWriter::with_capacity(1 << 20, file);
        if packed {
            let mut pack = zstd::Encoder::new(&mut out, 3).with_context(unwritten)?;
            store.dump(&mut pack)?;
            pack.finish().with_context(unwritten)?;
        } else {
            store.dump(&mut out)?;
        }
        let file = out.into_inner().map_err(std::io::IntoInnerError::into_error).with_context(unwritten)?;
        file.sync_all().with_context(unwritten)?;
        std::fs::rename(&part, &args.file).with_context(unwritten)
    })();
    if written.is_err() {
        // What is left of the attempt is of no use; that it cannot be removed either changes nothing.
        let _ = std::fs::remove_file(&part);
    }
    written?;
    say::line(&format!("{} holds the whole store", args.file.display()));
    Ok(Outcome::Fine)
}

/// Runs `watchpost restore`.
pub(crate) fn restore(args: &RestoreArgs) -> anyhow::Result<Outcome> {
    let project = Project::find(&args.project)?;
    let unread = || format!("{} cannot be read", args.file.display());
    let kind = kind(&args.file)?;
    let mut store = project.store()?;
    if store.head()?.seq > 0 {
        bail!(
            "the project's store is not empty, and a backup is restored into an empty one only\nhint: make a new project with `watchpost init DIR` and restore into that"
        );
    }
    match kind {
        Kind::Copy => {
            // Of a copy, since to open a store is to write to it; by way of a dump, which is checked line by line and goes into any store.
            let copy = tempfile(&project, "db")?;
            std::fs::copy(&args.file, &copy.1).with_context(unread)?;
            let mut from = store_sqlite::open(&copy.1)?;
            let mut lines = tempfile(&project, "jsonl")?;
            store::Store::dump(&mut from, &mut BufWriter::new(&mut lines.0))?;
            let mut file = BufReader::new(File::open(&lines.1).with_context(unread)?);
            told(store.restore(&mut file)?);
        }
        Kind::Dump { packed } => {
            let file = File::open(&args.file).with_context(unread)?;
            let mut lines: Box<dyn BufRead> = if packed {
                Box::new(BufReader::new(zstd::Decoder::new(file).with_context(unread)?.take(u64::MAX)))
            } else {
                Box::new(BufReader::new(file))
            };
            told(store.restore(&mut lines)?);
        }
    }
    Ok(Outcome::Fine)
}

fn told(restored: store::Restored) {
    say::line(&format!("restored: {} reports, {} decisions", restored.reports, restored.decisions));
}

/// A file that is gone when it is dropped.
struct Gone(File, PathBuf);

impl Drop for Gone {
    fn drop(&mut self) {
        // A file that stays behind is named as what it is.
        let _ = std::fs::remove_file(&self.1);
        // What SQLite puts beside a file that it has open.
        for beside in ["-wal", "-shm"] {
            let mut name = self.1.clone().into_os_string();
            name.push(beside);
            let _ = std::fs::remove_file(name);
        }
    }
}

fn tempfile(project: &Project, kind: &str) -> anyhow::Result<Gone> {
    let path = project.folder.join(format!("restoring-{}.{kind}.part", std::process::id()));
    let file = File::create_new(&path).with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(Gone(file, path))
}
