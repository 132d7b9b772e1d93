//! Why something could not be had, in words that say what to do.

use jiff::Timestamp;

/// The kind of a failure, as far as what follows depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The site's robots.txt does not want it fetched.
    Robots,
    /// The address is not of the public internet.
    Forbidden,
    /// The address is none that is fetched.
    Address,
    /// The server answered with this status.
    Status(u16),
    /// It did not answer in time.
    Timeout,
    /// It did not answer, or not to the end.
    Unreachable,
    /// The answer is too long.
    TooLong,
    /// The answer is none.
    Broken,
    /// One redirect after another.
    Redirects,
    /// The server asked to be left alone until then, or its turn comes only then.
    Wait(Timestamp),
    /// What came holds no report.
    NoReport,
    /// The program is to end.
    Stopped,
}

/// Why something could not be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{error}")]
pub struct Failure {
    /// Its kind.
    pub why: Why,
    /// What went wrong, in words, without the query of an address: secrets stand there.
    pub error: String,
    /// What to do.
    pub hint: String,
}

impl Failure {
    pub(crate) fn new(why: Why, error: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { why, error: error.into(), hint: hint.into() }
    }

    /// What a status means.
    pub(crate) fn status(status: u16) -> Self {
        let (what, hint) = match status {
            401 | 403 | 407 => {
                ("does not let this be fetched", "see whether it opens in a browser without logging in")
            }
            404 => ("has nothing at this address", "check the address; the outlet may have moved it"),
            410 => ("says that this is gone for good", "remove the source, or find its new address"),
            429 => ("says that it is asked too often", "raise `fetch.pause`, or the source's `every`"),
            451 => ("may not give this for legal reasons", "nothing can be done here"),
            400..=499 => ("does not take the request", "see whether the address opens in a browser"),
            500..=599 => ("has a fault of its own", "it is asked again later"),
            _ => ("gives an answer that is not expected here", "see whether the address opens in a browser"),
        };
        Self::new(Why::Status(status), format!("the server answers {status}: it {what}"), hint)
    }

    /// Whether it may be otherwise the next time.
    #[must_use]
    pub const fn passing(&self) -> bool {
        match self.why {
            Why::Timeout | Why::Unreachable | Why::Wait(_) | Why::Stopped => true,
            Why::Status(status) => matches!(status, 408 | 421 | 425 | 429 | 500..=599),
            _ => false,
        }
    }
}
