//! The rows of accounts in SQLite.

use jiff::Timestamp;
use rusqlite::{Row, params};
use store::Error;
use store::accounts::{Account, AccountRows, Credential, Deed, Once};

use crate::Sqlite;
use crate::rows::{json, place};

/// A moment as it is compared: in whole seconds.
fn second(at: Timestamp) -> i64 {
    at.as_second()
}

impl Sqlite {
    fn documents<T: serde::de::DeserializeOwned>(
        &self,
        what: &str,
        sql: &str,
        values: impl rusqlite::Params,
    ) -> Result<Vec<T>, Error> {
        let documents: Vec<String> = self.all(sql, values, |row: &Row<'_>| row.get(0))?;
        documents.iter().map(|document| self.read(what, document)).collect()
    }
}

impl AccountRows for Sqlite {
    fn accounts(&mut self) -> Result<Vec<Account>, Error> {
        self.documents("an account", "SELECT document FROM account ORDER BY name", [])
    }

    fn put_account(&mut self, account: &Account) -> Result<(), Error> {
        let sql =
            "INSERT INTO account VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET document = excluded.document";
        self.put(sql, params![account.name, json(account)?]).map(|_| ())
    }

    fn credential(&mut self, hash: &str) -> Result<Option<Credential>, Error> {
        let sql = "SELECT document FROM credential WHERE hash = ?";
        Ok(self.documents("a credential", sql, [hash])?.into_iter().next())
    }

    fn credentials(&mut self, account: &str) -> Result<Vec<Credential>, Error> {
        let sql = "SELECT document FROM credential WHERE account = ? ORDER BY hash";
        self.documents("a credential", sql, [account])
    }

    fn put_credential(&mut self, credential: &Credential) -> Result<(), Error> {
        let sql = "INSERT INTO credential VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (hash) DO UPDATE SET account = ?2, expires = ?3, document = ?4";
        let expires = second(credential.expires);
        self.put(sql, params![credential.hash, credential.account, expires, json(credential)?]).map(|_| ())
    }

    fn remove_credential(&mut self, hash: &str) -> Result<bool, Error> {
        Ok(self.put("DELETE FROM credential WHERE hash = ?", [hash])? > 0)
    }

    fn forget_credentials(&mut self, before: Timestamp) -> Result<(), Error> {
        self.put("DELETE FROM credential WHERE expires < ?", [second(before)]).map(|_| ())
    }

    fn once(&mut self, key: &str) -> Result<Option<Once>, Error> {
        let sql = "SELECT document FROM request WHERE key = ?";
        Ok(self.documents("a request", sql, [key])?.into_iter().next())
    }

    fn put_once(&mut self, once: &Once) -> Result<(), Error> {
        let sql = "INSERT INTO request VALUES (?, ?, ?)";
        self.put(sql, params![once.key, second(once.at), json(once)?]).map(|_| ())
    }

    fn forget_once(&mut self, before: Timestamp) -> Result<(), Error> {
        self.put("DELETE FROM request WHERE at < ?", [second(before)]).map(|_| ())
    }

    fn add_deed(&mut self, deed: &Deed) -> Result<(), Error> {
        self.put("INSERT INTO deed (document) VALUES (?)", [json(deed)?]).map(|_| ())
    }

    fn deeds(&mut self, limit: usize) -> Result<Vec<Deed>, Error> {
        let sql = "SELECT document FROM deed ORDER BY n DESC LIMIT ?";
        self.documents("a deed", sql, [place(limit as u64)])
    }
}
