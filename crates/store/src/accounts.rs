//! Who may do what at the desk, how they show that it is they, and which requests were done already. None of it is in the log, but
//! for the names that decisions have in it; and none of it is in a dump, which is given to others.

use jiff::{Timestamp, ToSpan};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Act, Error, Keeper, Outcome, Plan, Rows, Stamp};

/// What somebody may do. Each may do what the one before may.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// See everything.
    #[default]
    Viewer,
    /// Decide about one incident at a time.
    Coder,
    /// Decide about many at once, and say which sources are fetched.
    Reviewer,
    /// Say who may do what.
    Admin,
}

impl Role {
    /// Every role.
    pub const ALL: &'static [Self] = &[Self::Viewer, Self::Coder, Self::Reviewer, Self::Admin];

    /// As it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Coder => "coder",
            Self::Reviewer => "reviewer",
            Self::Admin => "admin",
        }
    }
}

/// Somebody who works at the desk. Accounts are closed and never removed: the log names them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The name that they log in with, and that the log names them by.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The hash of their password, as a PHC string; `None` until they have chosen one.
    pub password: Option<String>,
    /// When the account was made.
    pub created: Timestamp,
    /// Since when it may not be used any more.
    pub closed: Option<Timestamp>,
}

/// What a secret is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Purpose {
    /// A browser that is logged in.
    Session,
    /// A program.
    Token,
    /// Choosing a password, once.
    Link,
}

/// Something that only its holder knows, kept by its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    /// SHA-256 of the secret, in hexadecimal digits. The secret is random and long, so that no slow hash is needed.
    pub hash: String,
    /// Whose it is; empty for the link by which the first account is made.
    pub account: String,
    /// What it is good for.
    pub purpose: Purpose,
    /// What its holder calls it.
    #[serde(default)]
    pub label: String,
    /// What may be done with it, of what the account may; empty for all.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// Sent along with what changes something, by a page of ours.
    #[serde(default)]
    pub csrf: String,
    /// When it was made.
    pub created: Timestamp,
    /// When it ends.
    pub expires: Timestamp,
}

/// A request that was done, by the name that its sender gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Once {
    /// The name, with its sender's.
    pub key: String,
    /// SHA-256 of what was asked.
    pub asked: String,
    /// The first decision that it came to.
    pub first: u64,
    /// The last.
    pub last: u64,
    /// When.
    pub at: Timestamp,
}

/// What came of a request that is to be done once.
#[derive(Debug, Clone, PartialEq)]
pub enum Recorded {
    /// It was done now.
    Now(Vec<Outcome>),
    /// It was done before.
    Before(Once),
}

/// Something that was done at the desk and is no decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Deed {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: String,
    /// What.
    pub what: String,
    /// With what: a source, an account, a token.
    pub of: String,
}

/// Days for which the name of a request is remembered.
const REMEMBERED: i64 = 2;

/// The rows of accounts in one database. A method outside of a transaction is one of its own.
pub trait AccountRows {
    /// All accounts, in the order of their names.
    fn accounts(&mut self) -> Result<Vec<Account>, Error>;
    /// Keeps an account, in place of the one of that name.
    fn put_account(&mut self, account: &Account) -> Result<(), Error>;
    /// What has this hash.
    fn credential(&mut self, hash: &str) -> Result<Option<Credential>, Error>;
    /// What somebody holds.
    fn credentials(&mut self, account: &str) -> Result<Vec<Credential>, Error>;
    /// Keeps a credential, in place of the one of that hash.
    fn put_credential(&mut self, credential: &Credential) -> Result<(), Error>;
    /// Forgets a credential; whether it was there.
    fn remove_credential(&mut self, hash: &str) -> Result<bool, Error>;
    /// Forgets what has ended before a moment.
    fn forget_credentials(&mut self, before: Timestamp) -> Result<(), Error>;
    /// The request of that name.
    fn once(&mut self, key: &str) -> Result<Option<Once>, Error>;
    /// Keeps a request.
    fn put_once(&mut self, once: &Once) -> Result<(), Error>;
    /// Forgets requests that were done before a moment.
    fn forget_once(&mut self, before: Timestamp) -> Result<(), Error>;
    /// Adds to what was done.
    fn add_deed(&mut self, deed: &Deed) -> Result<(), Error>;
    /// What was done, the last first, at most so many.
    fn deeds(&mut self, limit: usize) -> Result<Vec<Deed>, Error>;
}

/// The part of a store that knows who may do what.
pub trait Accounts {
    /// All accounts, in the order of their names.
    fn accounts(&mut self) -> Result<Vec<Account>, Error>;
    /// The account of that name, however it is written; closed ones too.
    fn account(&mut self, name: &str) -> Result<Option<Account>, Error>;
    /// Keeps an account, and says who did it; all that its holder has is forgotten where `anew`: a changed password or a closed
    /// account ends every session.
    fn put_account(&mut self, account: &Account, anew: bool, deed: &Deed) -> Result<(), Error>;
    /// What has this hash, where it has not ended.
    fn credential(&mut self, hash: &str, now: Timestamp) -> Result<Option<Credential>, Error>;
    /// What somebody holds and has not ended.
    fn credentials(&mut self, account: &str, now: Timestamp) -> Result<Vec<Credential>, Error>;
    /// Keeps a credential; what has ended is forgotten.
    fn put_credential(&mut self, credential: &Credential, deed: Option<&Deed>) -> Result<(), Error>;
    /// Forgets a credential; whether it was there: of two who use it at once, one is told so.
    fn remove_credential(&mut self, hash: &str, deed: Option<&Deed>) -> Result<bool, Error>;
    /// Adds to what was done.
    fn add_deed(&mut self, deed: &Deed) -> Result<(), Error>;
    /// What was done, the last first, at most so many.
    fn deeds(&mut self, limit: usize) -> Result<Vec<Deed>, Error>;
    /// Does what `plan` gives, as [`crate::Store::record_with`] does, where no request of that name was done. It and its name are kept
    /// as one: sent again after a broken connection, a request is done once.
    fn record_once(
        &mut self,
        stamp: &Stamp,
        key: &str,
        asked: &str,
        plan: &mut Plan<'_>,
    ) -> Result<Recorded, Error>;
}

impl<R: Rows> Accounts for Keeper<R> {
    fn accounts(&mut self) -> Result<Vec<Account>, Error> {
        self.rows.accounts()
    }

    fn account(&mut self, name: &str) -> Result<Option<Account>, Error> {
        // Some tens of people work at a desk.
        let name = crate::words::fold(name);
        Ok(self.rows.accounts()?.into_iter().find(|account| crate::words::fold(&account.name) == name))
    }

    fn put_account(&mut self, account: &Account, anew: bool, deed: &Deed) -> Result<(), Error> {
        self.within(|keeper| {
            keeper.rows.put_account(account)?;
            if anew {
                for held in keeper.rows.credentials(&account.name)? {
                    keeper.rows.remove_credential(&held.hash)?;
                }
            }
            keeper.rows.add_deed(deed)
        })
    }

    fn credential(&mut self, hash: &str, now: Timestamp) -> Result<Option<Credential>, Error> {
        Ok(self.rows.credential(hash)?.filter(|found| found.expires > now))
    }

    fn credentials(&mut self, account: &str, now: Timestamp) -> Result<Vec<Credential>, Error> {
        let mut held = self.rows.credentials(account)?;
        held.retain(|held| held.expires > now);
        Ok(held)
    }

    fn put_credential(&mut self, credential: &Credential, deed: Option<&Deed>) -> Result<(), Error> {
        self.within(|keeper| {
            keeper.rows.forget_credentials(credential.created)?;
            keeper.rows.put_credential(credential)?;
            deed.map_or(Ok(()), |deed| keeper.rows.add_deed(deed))
        })
    }

    fn remove_credential(&mut self, hash: &str, deed: Option<&Deed>) -> Result<bool, Error> {
        self.within(|keeper| {
            let there = keeper.rows.remove_credential(hash)?;
            deed.filter(|_| there).map_or(Ok(()), |deed| keeper.rows.add_deed(deed))?;
            Ok(there)
        })
    }

    fn add_deed(&mut self, deed: &Deed) -> Result<(), Error> {
        self.within(|keeper| keeper.rows.add_deed(deed))
    }

    fn deeds(&mut self, limit: usize) -> Result<Vec<Deed>, Error> {
        self.rows.deeds(limit)
    }

    fn record_once(
        &mut self,
        stamp: &Stamp,
        key: &str,
        asked: &str,
        plan: &mut Plan<'_>,
    ) -> Result<Recorded, Error> {
        self.within(|keeper| {
            if let Some(before) = keeper.rows.once(key)? {
                return Ok(Recorded::Before(before));
            }
            let acts: Vec<Act> = plan(keeper)?;
            let outcomes = keeper.write(stamp, &acts)?;
            let decided = |outcome: &Outcome| match outcome {
                Outcome::Decided { seq } | Outcome::Added { seq, .. } => Some(*seq),
                Outcome::Known { .. } | Outcome::Refused(_) => None,
            };
            let seqs: Vec<u64> = outcomes.iter().filter_map(decided).collect();
            // What was refused may be asked again.
            if let (Some(first), Some(last)) = (seqs.first(), seqs.last()) {
                let once = Once {
                    key: key.to_owned(),
                    asked: asked.to_owned(),
                    first: *first,
                    last: *last,
                    at: stamp.at,
                };
                if let Ok(before) = stamp.at.checked_sub((REMEMBERED * 24).hours()) {
                    keeper.rows.forget_once(before)?;
                }
                keeper.rows.put_once(&once)?;
            }
            Ok(Recorded::Now(outcomes))
        })
    }
}
