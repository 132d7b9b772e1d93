/*! The store in a PostgreSQL database, for many who write at once.

It is given by an address: `postgresql://user:password@host/database`. A database on another machine is spoken to through TLS, and its
certificate is checked: against the public authorities, or against those in the file that `sslrootcert` names. Who
writes holds one row of the database, so that the log has one order. Numbered files in `migrations/` give the layout.
*/

mod accounts;
mod address;
mod connection;
mod find;
mod rows;
mod sources;
mod survey;
mod watching;

use store::{Error, Keeper};

pub use connection::{LAYOUT, Postgres};

/// A store in a PostgreSQL database.
pub type PostgresStore = Keeper<Postgres>;

/// Opens the store in a database. An empty database becomes a store.
pub fn open(url: &str) -> Result<PostgresStore, Error> {
    Ok(Keeper::new(Postgres::open(url)?))
}
