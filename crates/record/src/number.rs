//! Numbers that a report gives, with the bounds it gives them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A count as the text gives it. A bound that the text does not give is null:
/// "at least 12" is low 12 and no high; "dozens" is low 12, vague.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Quantity {
    /// The least that the text allows.
    pub low: Option<u64>,
    /// The figure that the text states; for a vague word its low bound is the only figure.
    pub best: Option<u64>,
    /// The most that the text allows.
    pub high: Option<u64>,
    /// True where the text has a rounded word and no number ("dozens", "several").
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub vague: bool,
}

impl Quantity {
    /// A number that the text states outright.
    #[must_use]
    pub const fn exact(n: u64) -> Self {
        Self { low: Some(n), best: Some(n), high: Some(n), vague: false }
    }

    /// "At least n", "more than n − 1".
    #[must_use]
    pub const fn at_least(n: u64) -> Self {
        Self { low: Some(n), best: Some(n), high: None, vague: false }
    }

    /// "Up to n", "as many as n".
    #[must_use]
    pub const fn at_most(n: u64) -> Self {
        Self { low: None, best: Some(n), high: Some(n), vague: false }
    }

    /// "Between low and high".
    #[must_use]
    pub const fn between(low: u64, high: u64) -> Self {
        Self { low: Some(low), best: None, high: Some(high), vague: false }
    }

    /// "Dozens": only a minimum is known.
    #[must_use]
    pub const fn vague(low: u64) -> Self {
        Self { low: Some(low), best: None, high: None, vague: true }
    }

    /// One figure to count with: best, else low, else high.
    #[must_use]
    pub fn figure(&self) -> Option<u64> {
        self.best.or(self.low).or(self.high)
    }
}
