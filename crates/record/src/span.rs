//! A slice of the report, by position and by content.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A slice of the report's text, as the W3C Web Annotation `TextPositionSelector`
/// and `TextQuoteSelector` would give it together.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Mention {
    /// Exactly the characters from `start` to `end`.
    pub text: String,
    /// First Unicode code point, counted from 0 in the text as it was given.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
}
