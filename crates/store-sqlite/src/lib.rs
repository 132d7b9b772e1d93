/*! The store in one SQLite file: what a project is kept in unless it says otherwise.

SQLite is compiled in. The file is in write-ahead mode, so that others read while one program writes, and every batch is on
the disk before it counts as kept. Numbered files in `migrations/` give the layout; a file of an older layout is brought
up when it is opened, one of a newer layout is refused.
*/

mod accounts;
mod connection;
mod find;
mod rows;
mod sources;
mod survey;
mod watching;
mod words;

use std::path::Path;
use std::time::Duration;

use store::{Error, Keeper};

pub use connection::{LAYOUT, Sqlite};

/// A store in a SQLite file.
pub type SqliteStore = Keeper<Sqlite>;

/// How long another program's writing is waited for.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// Makes a new store; there may be no file at that path yet.
pub fn create(path: &Path) -> Result<SqliteStore, Error> {
    Ok(Keeper::new(Sqlite::create(path)?))
}

/// Opens the store in a file.
pub fn open(path: &Path) -> Result<SqliteStore, Error> {
    Ok(Keeper::new(Sqlite::open(path, PATIENCE)?))
}
