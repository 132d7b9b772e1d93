//! What can go wrong with a store, in words that say what to do.

/// Why the store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another program writes, and went on doing so for longer than we wait.
    #[error(
        "{store} is busy: another program is writing to it; wait for it to end, or stop it, and run this again"
    )]
    Busy {
        /// Which store.
        store: String,
    },
    /// There is no room left.
    #[error(
        "there is no room left to write to {store}: nothing of this batch was kept, all that was committed before is; free some space and run this again"
    )]
    Full {
        /// Which store.
        store: String,
    },
    /// The file or a row of it is not what was written.
    #[error("{store} is damaged: {what}; restore it from a backup, or verify it to see what is left")]
    Damaged {
        /// Which store.
        store: String,
        /// What is wrong.
        what: String,
    },
    /// A later version of the program has written it.
    #[error(
        "{store} has the layout {found}, and this program knows layouts up to {known}: use a newer watchpost"
    )]
    Newer {
        /// Which store.
        store: String,
        /// Its layout.
        found: u32,
        /// The newest that this program knows.
        known: u32,
    },
    /// It is something else.
    #[error("{store} is no store of watchpost: {what}; give the path of a new file or of a store")]
    NotOurs {
        /// Which store.
        store: String,
        /// What it is instead.
        what: String,
    },
    /// The connection broke, or could not be made.
    #[error(
        "no connection to {store}: {what}; nothing of this batch was kept, all that was committed before is; run this again when it can be reached"
    )]
    Unavailable {
        /// Which store.
        store: String,
        /// What the connection says.
        what: String,
    },
    /// The store may not be written or read.
    #[error("{store} cannot be opened: {what}; see that its folder exists and may be written to")]
    Closed {
        /// Which store.
        store: String,
        /// Why.
        what: String,
    },
    /// A question that makes no sense.
    #[error("{0}")]
    Asked(String),
    /// A dump that cannot be restored.
    #[error("line {line} of the dump: {what}; nothing was restored")]
    Dump {
        /// From 1.
        line: u64,
        /// What is wrong.
        what: String,
    },
    /// What is read or written beside the store.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// Anything else that the database says.
    #[error("{store}: {what}")]
    Other {
        /// Which store.
        store: String,
        /// What it says.
        what: String,
    },
}

impl Error {
    /// A row that cannot be read.
    pub fn damaged(store: &str, what: impl std::fmt::Display) -> Self {
        Self::Damaged { store: store.to_owned(), what: what.to_string() }
    }
}

/// Why a decision was not taken into the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A program wanted what a person has decided otherwise.
    #[error("a person has decided this (decision {by}): a program does not overturn it")]
    Overruled {
        /// The person's decision.
        by: u64,
    },
    /// It stands so already.
    #[error("it stands so already")]
    NoChange,
    /// It cannot be.
    #[error("{0}")]
    Invalid(String),
}
