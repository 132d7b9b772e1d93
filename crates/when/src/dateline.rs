//! Datelines and header lines.

use jiff::civil::Date;
use text::{Span, Text};

use crate::Dateline;

/// The day of publication as the text itself gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// The day.
    pub day: Date,
    /// The words that give it.
    pub span: Span,
    /// Why they are taken for it.
    pub reason: String,
}

/// The dateline, if the report has one.
#[must_use]
pub fn dateline(text: &Text, published: Option<Date>) -> Option<Dateline> {
    let _ = (text, published);
    None
}

/// The day of publication as the text itself gives it (dateline, header line), with the reason.
#[must_use]
pub fn publication(text: &Text) -> Option<Publication> {
    let _ = text;
    None
}

/// The day of publication as the text itself gives it (dateline, header line), where nothing else does.
#[must_use]
pub fn publication_day(text: &Text) -> Option<(Date, Span)> {
    publication(text).map(|publication| (publication.day, publication.span))
}
