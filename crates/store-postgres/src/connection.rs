//! The connection: making it and making it again, bringing the layout up, and what the server's errors mean.

use std::collections::HashMap;

use postgres::error::SqlState;
use postgres::types::ToSql;
use postgres::{Client, Row, Statement};
use store::{Error, Packer};

use crate::address::Address;

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

/// How long another's writing is waited for, unless the server or the address says otherwise.
const PATIENCE: &str = "10s";

/// Statements that are kept prepared.
const STATEMENTS: usize = 256;

/// A connection to a database.
pub struct Postgres {
    address: Address,
    client: Client,
    statements: HashMap<String, Statement>,
    writing: bool,
    pub(crate) packer: Packer,
}

impl std::fmt::Debug for Postgres {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Postgres").field("name", &self.address.name).finish_non_exhaustive()
    }
}

impl Postgres {
    /// Connects, and makes the database a store or brings its layout up.
    pub fn open(url: &str) -> Result<Self, Error> {
        let address = Address::parse(url)?;
        let client = connect(&address)?;
        let mut open =
            Self { address, client, statements: HashMap::new(), writing: false, packer: Packer::new()? };
        open.migrate()?;
        Ok(open)
    }

    fn migrate(&mut self) -> Result<(), Error> {
        let name = self.address.name.clone();
        let told = |error| told(&name, &error);
        let layout = |client: &mut Client| -> Result<Option<u32>, Error> {
            let there: Option<String> = client
                .query_one("SELECT to_regclass('watchpost_layout')::text", &[])
                .and_then(|row| row.try_get(0))
                .map_err(told)?;
            if there.is_none() {
                return Ok(None);
            }
            let found: i64 = client
                .query_one("SELECT coalesce(max(layout), 0) FROM watchpost_layout", &[])
                .and_then(|row| row.try_get(0))
                .map_err(told)?;
            Ok(Some(u32::try_from(found).unwrap_or(u32::MAX)))
        };
        match layout(&mut self.client)? {
            Some(LAYOUT) => return Ok(()),
            Some(found) if found > LAYOUT => {
                return Err(Error::Newer { store: name.clone(), found, known: LAYOUT });
            }
            Some(_) => {}
            None => {
                let sql = "SELECT count(*) FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'";
                let tables: i64 =
                    self.client.query_one(sql, &[]).and_then(|row| row.try_get(0)).map_err(told)?;
                if tables > 0 {
                    let what = format!("its schema has {tables} tables of another program");
                    return Err(Error::NotOurs { store: name.clone(), what });
                }
            }
        }
        let mut change = self.client.transaction().map_err(told)?;
        // Two programs may come to a new database at once: the second waits here.
        change
            .batch_execute(
                "SELECT pg_advisory_xact_lock(1464882004);
                 CREATE TABLE IF NOT EXISTS watchpost_layout (layout BIGINT PRIMARY KEY)",
            )
            .map_err(told)?;
        let found: i64 = change
            .query_one("SELECT coalesce(max(layout), 0) FROM watchpost_layout", &[])
            .and_then(|row| row.try_get(0))
            .map_err(told)?;
        for (number, migration) in (1_i64..).zip(MIGRATIONS).filter(|(number, _)| *number > found) {
            change.batch_execute(migration).map_err(told)?;
            change.execute("INSERT INTO watchpost_layout VALUES ($1)", &[&number]).map_err(told)?;
        }
        change.commit().map_err(told)
    }

    pub(crate) fn name(&self) -> &str {
        &self.address.name
    }

    /// The client; where the connection broke since the last transaction, a new one.
    fn client(&mut self) -> Result<&mut Client, Error> {
        if self.client.is_closed() && !self.writing {
            self.client = connect(&self.address)?;
            self.statements.clear();
        }
        Ok(&mut self.client)
    }

    fn statement(&mut self, sql: &str) -> Result<Statement, Error> {
        self.client()?;
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        // Questions are put together of many conditions: what is kept of them on the server is bounded.
        if self.statements.len() >= STATEMENTS {
            self.statements.clear();
        }
        let statement = self.client.prepare(sql).map_err(|error| told(&self.address.name, &error))?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), Error> {
        self.client()?.batch_execute(sql).map_err(|error| told(&self.address.name, &error))
    }

    pub(crate) fn put(&mut self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<u64, Error> {
        let statement = self.statement(sql)?;
        self.client.execute(&statement, values).map_err(|error| told(&self.address.name, &error))
    }

    pub(crate) fn all<T>(
        &mut self,
        sql: &str,
        values: &[&(dyn ToSql + Sync)],
        read: impl Fn(&Row) -> Result<T, postgres::Error>,
    ) -> Result<Vec<T>, Error> {
        let statement = self.statement(sql)?;
        let rows = self.client.query(&statement, values).map_err(|error| told(&self.address.name, &error))?;
        rows.iter().map(read).collect::<Result<_, _>>().map_err(|error| told(&self.address.name, &error))
    }

    pub(crate) fn one<T>(
        &mut self,
        sql: &str,
        values: &[&(dyn ToSql + Sync)],
        read: impl Fn(&Row) -> Result<T, postgres::Error>,
    ) -> Result<Option<T>, Error> {
        Ok(self.all(sql, values, read)?.into_iter().next())
    }

    pub(crate) fn begin_with(&mut self, sql: &str) -> Result<(), Error> {
        self.batch(sql)?;
        self.writing = true;
        Ok(())
    }

    pub(crate) fn end_with(&mut self, sql: &str) -> Result<(), Error> {
        let done = self.batch(sql);
        self.writing = false;
        done
    }
}

fn connect(address: &Address) -> Result<Client, Error> {
    let mut client = address.config.connect(address.tls()?).map_err(|error| told(&address.name, &error))?;
    // Generic plans of questions with many conditions go through whole tables.
    client
        .batch_execute(&format!(
            "SELECT set_config('lock_timeout', '{PATIENCE}', false) WHERE current_setting('lock_timeout') = '0';
             SET plan_cache_mode = force_custom_plan"
        ))
        .map_err(|error| told(&address.name, &error))?;
    Ok(client)
}

/// An error with what stands behind it.
fn words(error: &postgres::Error) -> String {
    let mut words = error.to_string();
    let mut behind = std::error::Error::source(error);
    while let Some(error) = behind {
        let more = error.to_string();
        if !words.contains(&more) {
            words = format!("{words}: {more}");
        }
        behind = error.source();
    }
    words
}

pub(crate) fn told(name: &str, error: &postgres::Error) -> Error {
    let store = name.to_owned();
    let what = words(error);
    let Some(code) = error.code() else {
        // What does not come from the server comes of the way to it.
        return Error::Unavailable { store, what };
    };
    match code {
        &SqlState::LOCK_NOT_AVAILABLE
        | &SqlState::T_R_DEADLOCK_DETECTED
        | &SqlState::T_R_SERIALIZATION_FAILURE => Error::Busy { store },
        &SqlState::DISK_FULL => Error::Full { store },
        &SqlState::DATA_CORRUPTED | &SqlState::INDEX_CORRUPTED => Error::Damaged { store, what },
        &SqlState::ADMIN_SHUTDOWN
        | &SqlState::CRASH_SHUTDOWN
        | &SqlState::CANNOT_CONNECT_NOW
        | &SqlState::TOO_MANY_CONNECTIONS
        | &SqlState::CONNECTION_EXCEPTION
        | &SqlState::CONNECTION_FAILURE => Error::Unavailable { store, what },
        &SqlState::INVALID_PASSWORD
        | &SqlState::INVALID_AUTHORIZATION_SPECIFICATION
        | &SqlState::INVALID_CATALOG_NAME
        | &SqlState::INSUFFICIENT_PRIVILEGE
        | &SqlState::READ_ONLY_SQL_TRANSACTION => Error::Closed { store, what },
        _ => Error::Other { store, what },
    }
}
