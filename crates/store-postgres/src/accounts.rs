//! The rows of accounts in PostgreSQL.

use jiff::Timestamp;
use postgres::types::ToSql;
use store::Error;
use store::accounts::{Account, AccountRows, Credential, Deed, Once};

use crate::Postgres;
use crate::rows::{json, limited, plain};

/// A moment as it is compared: in whole seconds.
fn second(at: Timestamp) -> i64 {
    at.as_second()
}

impl Postgres {
    fn documents<T: serde::de::DeserializeOwned>(
        &mut self,
        what: &str,
        sql: &str,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<T>, Error> {
        let documents: Vec<String> = self.all(sql, values, |row| row.try_get(0))?;
        documents.iter().map(|document| self.read(what, document)).collect()
    }
}

impl AccountRows for Postgres {
    fn accounts(&mut self) -> Result<Vec<Account>, Error> {
        self.documents("an account", "SELECT document FROM account ORDER BY name", &[])
    }

    fn put_account(&mut self, account: &Account) -> Result<(), Error> {
        let sql = "INSERT INTO account VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET document = excluded.document";
        self.put(sql, &[&plain(&account.name), &json(account)?]).map(|_| ())
    }

    fn credential(&mut self, hash: &str) -> Result<Option<Credential>, Error> {
        let sql = "SELECT document FROM credential WHERE hash = $1";
        Ok(self.documents("a credential", sql, &[&plain(hash)])?.into_iter().next())
    }

    fn credentials(&mut self, account: &str) -> Result<Vec<Credential>, Error> {
        let sql = "SELECT document FROM credential WHERE account = $1 ORDER BY hash";
        self.documents("a credential", sql, &[&plain(account)])
    }

    fn put_credential(&mut self, credential: &Credential) -> Result<(), Error> {
        let sql = "INSERT INTO credential VALUES ($1, $2, $3, $4)
            ON CONFLICT (hash) DO UPDATE SET account = excluded.account, expires = excluded.expires, document = excluded.document";
        let (account, expires) = (plain(&credential.account), second(credential.expires));
        self.put(sql, &[&plain(&credential.hash), &account, &expires, &json(credential)?]).map(|_| ())
    }

    fn remove_credential(&mut self, hash: &str) -> Result<bool, Error> {
        Ok(self.put("DELETE FROM credential WHERE hash = $1", &[&plain(hash)])? > 0)
    }

    fn forget_credentials(&mut self, before: Timestamp) -> Result<(), Error> {
        self.put("DELETE FROM credential WHERE expires < $1", &[&second(before)]).map(|_| ())
    }

    fn once(&mut self, key: &str) -> Result<Option<Once>, Error> {
        let sql = "SELECT document FROM request WHERE key = $1";
        Ok(self.documents("a request", sql, &[&plain(key)])?.into_iter().next())
    }

    fn put_once(&mut self, once: &Once) -> Result<(), Error> {
        let sql = "INSERT INTO request VALUES ($1, $2, $3)";
        self.put(sql, &[&plain(&once.key), &second(once.at), &json(once)?]).map(|_| ())
    }

    fn forget_once(&mut self, before: Timestamp) -> Result<(), Error> {
        self.put("DELETE FROM request WHERE at < $1", &[&second(before)]).map(|_| ())
    }

    fn add_deed(&mut self, deed: &Deed) -> Result<(), Error> {
        self.put("INSERT INTO deed (document) VALUES ($1)", &[&json(deed)?]).map(|_| ())
    }

    fn deeds(&mut self, limit: usize) -> Result<Vec<Deed>, Error> {
        let sql = "SELECT document FROM deed ORDER BY n DESC LIMIT $1";
        self.documents("a deed", sql, &[&limited(limit)])
    }
}
