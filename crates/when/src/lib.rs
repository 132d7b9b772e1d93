/*! Time expressions to intervals of days, with precision and reason.

A sentence is split into words, numbers and marks ([`lex`](self)), the rules of `parse` read them into shapes
("Friday", "the first four months of this year", "two days ago"), and `resolve` puts the shapes on the calendar,
against the day of writing and the day last spoken of. Values are TIMEX3's (TimeML 1.2.1); a range has an ISO 8601
interval ("2020-03-03/2020-03-05").

An expression that is not on the calendar keeps its reason: [`TimeExpression::interval`] is then none, and the date
type is unresolved.
*/

mod calendar;
mod dateline;
mod hijri;
mod lex;
mod parse;
mod resolve;
mod shape;
mod tense;
mod words;

use jiff::civil::Date;
use record::vocabulary::{DateFrom, DateType, TimePrecision};
use text::{Span, Text};

use crate::calendar::{Grain, Period};
use crate::parse::Parser;
use crate::resolve::{Around, Ground, Resolved};
use crate::shape::Shape;

pub use crate::dateline::{Publication, dateline, publication, publication_day};

/// How many sentences back "the next day" and "the same year" look for the date that they count from.
const LOOK_BACK: usize = 6;

/// The days that relative expressions are read against.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Anchors {
    /// Day of publication.
    pub published: Option<Date>,
    /// Day in the dateline.
    pub dateline: Option<Date>,
}

impl Anchors {
    /// The day of writing: the dateline's, unless it lies after publication by more than the one day that time zones
    /// make; else the day of publication; and whether it is the dateline's.
    #[must_use]
    pub fn writing(&self) -> Option<(Date, bool)> {
        match (self.dateline, self.published) {
            (Some(dateline), Some(published)) => {
                // Archived later, a report keeps the day it was written on; a dateline after publication is a slip.
                let lag = calendar::days_between(dateline, published);
                Some(if lag >= -1 { (dateline, true) } else { (published, false) })
            }
            (Some(dateline), None) => Some((dateline, true)),
            (None, published) => published.map(|day| (day, false)),
        }
    }
}

/// TimeML's kinds of time expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A day, week, month, year, season.
    Date,
    /// A time of day.
    Time,
    /// A length ("for three days"); one that ends or begins now ("the past two months") has an interval too.
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
    /// The two ends of a range that are written out ("from Monday to Wednesday") with the value of each: TimeML takes
    /// them for two expressions.
    pub ends: Option<[(Span, String); 2]>,
    /// First and last day, where it can be placed on the calendar.
    pub interval: Option<(Date, Date)>,
    /// How exact.
    pub precision: Option<TimePrecision>,
    /// How it is given.
    pub date_type: DateType,
    /// What it rests on: the words, wherever they place it; [`TimeExpression::relative`] and the reason name the anchor.
    pub date_from: DateFrom,
    /// True where it was read against an anchor.
    pub relative: bool,
    /// Why this value, in words.
    pub reason: String,
}

impl TimeExpression {
    /// The interval up to a day: what happened "this month" happened before the report of it.
    #[must_use]
    pub fn up_to(&self, day: Date) -> Option<(Date, Date)> {
        let (first, last) = self.interval?;
        Some(if first <= day { (first, last.min(day)) } else { (first, last) })
    }
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
///
/// Expressions that count from a date spoken of before ("the next day", "of the same year") look for it in this
/// sentence and the few before it. Linear in the length of those sentences.
#[must_use]
pub fn find(text: &Text, sentence: usize, anchors: &Anchors) -> Vec<TimeExpression> {
    let Some(here) = text.sentences.get(sentence) else { return Vec::new() };
    let earlier = || {
        let from = sentence.saturating_sub(LOOK_BACK);
        text.sentences[from..sentence]
            .iter()
            .fold(None, |spoken, before| scan(text.raw(), before.span, anchors, || spoken).1.or(spoken))
    };
    scan(text.raw(), here.span, anchors, earlier).0
}

/// Reads one stretch of text; `earlier` gives the period last spoken of before it, and is asked only if an expression
/// counts from one.
fn scan(
    raw: &str,
    span: Span,
    anchors: &Anchors,
    earlier: impl Fn() -> Option<Period>,
) -> (Vec<TimeExpression>, Option<Period>) {
    let lexemes = lex::lex(raw, span);
    if lexemes.is_empty() {
        return (Vec::new(), None);
    }
    let parser = Parser::new(raw, &lexemes);
    let (now, dateline) = anchors.writing().unzip();
    let mut ground = Ground { now, dateline: dateline.unwrap_or(false), text: None };
    let mut asked = false;
    let mut spoken = None;
    let mut out = Vec::new();
    for found in parser.all() {
        let (Some(first), Some(last)) =
            (lexemes.get(found.from), found.to.checked_sub(1).and_then(|at| lexemes.get(at)))
        else {
            continue;
        };
        if ground.text.is_none() && !asked && found.shape.counts_from_text() {
            ground.text = earlier();
            asked = true;
        }
        let around = Around {
            before: parser.word_before(found.from),
            breaks: parser.at_break(found.to),
            tense: tense::tense(&parser, &lexemes, found.from, found.to),
        };
        let Some(Resolved { mut expression, period, ends }) =
            resolve::resolve(&found.shape, Span::new(first.start, last.end), &ground, around)
        else {
            continue;
        };
        if let Some(period) = period.filter(|period| period.grain <= Grain::Year) {
            ground.text = Some(period);
            spoken = Some(period);
        }
        if let (Shape::Range(.., Some((left_to, right_from))), Some([left, right])) = (&found.shape, ends) {
            let end =
                left_to.checked_sub(1).and_then(|at| lexemes.get(at)).map_or(first.end, |lexeme| lexeme.end);
            let start = lexemes.get(*right_from).map_or(last.start, |lexeme| lexeme.start);
            expression.ends =
                Some([(Span::new(first.start, end), left), (Span::new(start, last.end), right)]);
        }
        out.push(expression);
    }
    (out, spoken)
}
