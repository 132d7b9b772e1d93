/*! Time expressions to intervals of days, with precision and reason. */

use jiff::civil::Date;
use record::vocabulary::{DateFrom, DateType, TimePrecision};
use text::{Span, Text};

/// The days that relative expressions are read against.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Anchors {
    /// Day of publication.
    pub published: Option<Date>,
    /// Day in the dateline.
    pub dateline: Option<Date>,
}

/// TimeML's kinds of time expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A day, week, month, year, season.
    Date,
    /// A time of day.
    Time,
    /// A length ("for three days").
    Duration,
    /// A repetition ("every Friday").
    Set,
}

/// A time expression and what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeExpression {
    /// Where.
    pub span: Span,
    /// What kind.
    pub kind: Kind,
    /// TIMEX3 value ("2020-05-12", "2020-W19", "2020-05", "P3D", "PAST_REF"), where there is one.
    pub value: Option<String>,
    /// First and last day, where it can be placed on the calendar.
    pub interval: Option<(Date, Date)>,
    /// How exact.
    pub precision: Option<TimePrecision>,
    /// How it is given.
    pub date_type: DateType,
    /// What it rests on.
    pub date_from: DateFrom,
    /// True where it was read against an anchor.
    pub relative: bool,
    /// Why this value, in words.
    pub reason: String,
}

/// The dateline of a report ("KABUL, Afghanistan (Jan. 25, 2013) –", "BAGHDAD, May 3 (Reuters) -").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dateline {
    /// All of it.
    pub span: Span,
    /// The place name.
    pub place: Option<Span>,
    /// The date as written.
    pub date: Option<Span>,
    /// The day, with the year taken from the day of publication where the dateline has none.
    pub day: Option<Date>,
    /// The agency.
    pub agency: Option<Span>,
}

/// The time expressions of one sentence, in order, none overlapping another.
#[must_use]
pub fn find(text: &Text, sentence: usize, anchors: &Anchors) -> Vec<TimeExpression> {
    let _ = (text, sentence, anchors);
    Vec::new()
}

/// The dateline, if the report has one.
#[must_use]
pub fn dateline(text: &Text, published: Option<Date>) -> Option<Dateline> {
    let _ = (text, published);
    None
}

/// The day of publication as the text itself gives it (dateline, header line), where nothing else does.
#[must_use]
pub fn publication_day(text: &Text) -> Option<(Date, Span)> {
    let _ = text;
    None
}
