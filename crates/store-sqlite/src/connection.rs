//! The file: opening it, bringing its layout up, copying it while it is written, and what its errors mean.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use store::{Error, Packer};

use crate::words::Words;

/// The layouts, in their order: number 1 is the first.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001.sql"),
    include_str!("../migrations/0002.sql"),
    include_str!("../migrations/0003.sql"),
    include_str!("../migrations/0004.sql"),
    include_str!("../migrations/0005.sql"),
];

/// The newest layout.
pub const LAYOUT: u32 = MIGRATIONS.len() as u32;

/// `WPST`: what a store's file says it is, in the header that SQLite keeps for that.
const APPLICATION: i32 = 0x5750_5354;

/// Memory for pages, in KiB: the indexes of some hundred thousand incidents.
const CACHE_KIB: i32 = 65_536;

/// Pages (of 4 KiB) that the log written ahead may have before they go into the file. A batch of reports touches a thousand pages, many of
/// them those of the batch before: the more of them wait, the fewer are written twice.
const AHEAD: i32 = 16_384;

/// An open file.
#[derive(Debug)]
pub struct Sqlite {
    pub(crate) connection: Connection,
    pub(crate) name: String,
    pub(crate) packer: Packer,
    pub(crate) words: Words,
}

impl Sqlite {
    /// Makes a new file.
    pub fn create(path: &Path) -> Result<Self, Error> {
        let name = path.display().to_string();
        // Made here and now, so that of two programs one is told that the other was first.
        if let Err(error) = std::fs::File::options().write(true).create_new(true).open(path) {
            let what = match error.kind() {
                std::io::ErrorKind::AlreadyExists => "there is a file of that name already".to_owned(),
                _ => error.to_string(),
            };
            return Err(Error::Closed { store: name, what });
        }
        Self::opened(path, super::PATIENCE)
    }

    /// Opens a file; another program's writing is waited for so long.
    pub fn open(path: &Path, patience: Duration) -> Result<Self, Error> {
        if let Err(error) = std::fs::metadata(path) {
            return Err(Error::Closed { store: path.display().to_string(), what: error.to_string() });
        }
        Self::opened(path, patience)
    }

    fn opened(path: &Path, patience: Duration) -> Result<Self, Error> {
        let name = path.display().to_string();
        let told = |error| told(&name, error);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(path, flags).map_err(told)?;
        connection.busy_timeout(patience).map_err(told)?;
        connection.set_prepared_statement_cache_capacity(128);
        let application: i32 =
            connection.query_row("PRAGMA application_id", [], |row| row.get(0)).map_err(told)?;
        let tables: i64 =
            connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(told)?;
        if application != APPLICATION && tables > 0 {
            let what = format!("it is a SQLite file of another program, with {tables} tables and indexes");
            return Err(Error::NotOurs { store: name, what });
        }
        // Set before anything is written; both stay with the file or the connection.
        connection.pragma_update(None, "journal_mode", "WAL").map_err(told)?;
        // FULL: a batch is on the disk when it counts as kept, also where the power fails.
        connection.pragma_update(None, "synchronous", "FULL").map_err(told)?;
        connection.pragma_update(None, "cache_size", -CACHE_KIB).map_err(told)?;
        connection.pragma_update(None, "wal_autocheckpoint", AHEAD).map_err(told)?;
        connection.pragma_update(None, "trusted_schema", false).map_err(told)?;
        // Else a statement is read anew where a value that is bound to it could make another plan better.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(told)?;
        migrate(&mut connection, &name)?;
        Ok(Self { connection, name, packer: Packer::new()?, words: Words::default() })
    }

    /// Copies the store into a new file while others go on reading and writing: the copy has what was committed when it
    /// began.
    pub fn backup(&self, to: &Path) -> Result<(), Error> {
        let name = to.display().to_string();
        if to.exists() {
            let what = "there is a file of that name already: a backup overwrites nothing".to_owned();
            return Err(Error::Closed { store: name, what });
        }
        let mut part = to.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        // Made here, so that what is removed if the copy fails is ours, and two backups to one name are not one file.
        std::fs::File::create_new(&part).map_err(|error| Error::Closed {
            store: part.display().to_string(),
            what: format!("this file cannot be made ({error}); if an earlier backup left it, remove it"),
        })?;
        let copied = self.copy(&part).and_then(|()| Ok(std::fs::rename(&part, to)?));
        if copied.is_err() {
            // What is left of the attempt is of no use; that it cannot be removed either changes nothing.
            let _ = std::fs::remove_file(&part);
        }
        copied
    }

    fn copy(&self, part: &Path) -> Result<(), Error> {
        let told = |error| told(&part.display().to_string(), error);
        let mut copy = Connection::open(part).map_err(told)?;
        let backup = rusqlite::backup::Backup::new(&self.connection, &mut copy).map_err(told)?;
        // All in one step: readers of a file in write-ahead mode stand in nobody's way.
        use rusqlite::backup::StepResult;
        if backup.step(-1).map_err(told)? != StepResult::Done {
            return Err(Error::Closed {
                store: part.display().to_string(),
                what: "the store or the copy was in use by others, and nothing was copied; try again"
                    .to_owned(),
            });
        }
        drop(backup);
        // A copy that lies alone needs no log beside it.
        copy.pragma_update(None, "journal_mode", "DELETE").map_err(told)?;
        copy.close().map_err(|(_, error)| told(error))
    }

    /// Bounds the pages of the file, for disks on which it must leave room; one that is larger already grows no more. `None`
    /// lets it grow again.
    pub fn set_most_pages(&self, pages: Option<u32>) -> Result<(), Error> {
        // The largest number that SQLite takes.
        let pages = pages.unwrap_or(u32::MAX - 1);
        self.connection
            .query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))
            .map_err(|error| self.told(error))
    }

    /// What an error of the database means.
    pub(crate) fn told(&self, error: rusqlite::Error) -> Error {
        told(&self.name, error)
    }
}

fn migrate(connection: &mut Connection, name: &str) -> Result<(), Error> {
    let told = |error| told(name, error);
    let layout = |connection: &Connection| {
        connection.query_row("PRAGMA user_version", [], |row| row.get::<_, u32>(0)).map_err(told)
    };
    let newer = |found| Err(Error::Newer { store: name.to_owned(), found, known: LAYOUT });
    match layout(connection)? {
        LAYOUT => return Ok(()),
        found if found > LAYOUT => return newer(found),
        _ => {}
    }
    let change =
        connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(told)?;
    // Asked again: another program may have done it meanwhile.
    let found = layout(&change)?;
    if found > LAYOUT {
        return newer(found);
    }
    for (number, migration) in (1..).zip(MIGRATIONS).skip(found as usize) {
        change.execute_batch(migration).map_err(told)?;
        change.pragma_update(None, "user_version", number).map_err(told)?;
    }
    change.pragma_update(None, "application_id", APPLICATION).map_err(told)?;
    change.commit().map_err(told)
}

pub(crate) fn told(name: &str, error: rusqlite::Error) -> Error {
    let store = name.to_owned();
    let what = error.to_string();
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Error::Busy { store },
        Some(ErrorCode::DiskFull) => Error::Full { store },
        Some(ErrorCode::NotADatabase) => Error::NotOurs { store, what: "it is no SQLite file".to_owned() },
        Some(ErrorCode::DatabaseCorrupt) => Error::Damaged { store, what },
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            Error::Closed { store, what }
        }
        _ => Error::Other { store, what },
    }
}
