//! The day of an event: the quoted words on our own calendar; the model's day only where that has none for them.

use coder::reading::Reading;
use jiff::civil::{Date, date};
use record::vocabulary::{DateFrom, DateType, Realis, TimePrecision};
use text::Span;
use when::TimeExpression;

use crate::reply::Told;
use crate::scribe::Scribe;

/// Days before and after which no report is dated.
const DAYS: (Date, Date) = (date(1830, 1, 1), date(2100, 12, 31));

/// When an event was, and why that is thought.
pub(crate) struct Day {
    pub(crate) dates: Option<(Date, Date)>,
    pub(crate) date_type: DateType,
    pub(crate) date_from: DateFrom,
    pub(crate) precision: Option<TimePrecision>,
    pub(crate) reason: String,
    /// The words that it rests on.
    pub(crate) words: Option<Span>,
}

impl Day {
    fn guess(
        day: Date,
        from: DateFrom,
        precision: TimePrecision,
        words: Option<Span>,
        reason: String,
    ) -> Self {
        Self {
            dates: Some((day, day)),
            date_type: DateType::Approximate,
            date_from: from,
            precision: Some(precision),
            reason,
            words,
        }
    }

    fn unresolved(reason: String) -> Self {
        Self {
            dates: None,
            date_type: DateType::Unresolved,
            date_from: DateFrom::None,
            precision: None,
            reason,
            words: None,
        }
    }
}

impl Scribe<'_, '_> {
    /// The day of an event.
    pub(crate) fn day(&mut self, told: &Told, near: usize) -> Day {
        let said: Option<Date> = told.date.as_deref().and_then(|day| day.trim().parse().ok());
        let said = said.filter(|day| (DAYS.0..=DAYS.1).contains(day));
        let words = told.date_quote.as_deref().filter(|quote| !quote.trim().is_empty());
        let span = words.and_then(|quote| self.find(quote, Some(near)));
        let model = self.model;
        let Some(span) = span else { return self.of_report(told, said) };
        if let Some(line) = self.reading.dateline.as_ref().filter(|line| line.span.overlaps(span))
            && let Some(day) = line.day
        {
            let reason =
                format!("the remote model {model} points to the dateline; on that day or shortly before");
            return Day::guess(day, DateFrom::Dateline, TimePrecision::Week, Some(span), reason);
        }
        if let Some(expression) = self.expression(span)
            && let Some((first, last)) = expression.interval
        {
            let days = i64::from((last - first).get_days()) + 1;
            let mut reason = format!("words quoted by the remote model {model}: {}", expression.reason);
            if let Some(said) = said.filter(|day| !(first..=last).contains(day)) {
                reason.push_str(&format!("; the model made it {said}"));
            }
            return Day {
                dates: expression.interval,
                date_type: expression.date_type,
                date_from: expression.date_from,
                precision: Some(expression.precision.unwrap_or_else(|| TimePrecision::of_days(days))),
                reason,
                words: Some(span.join(expression.span)),
            };
        }
        // "The day the bridge fell": words that are on no calendar, and a reader who knew what they mean.
        let plausible = said.filter(|&day| {
            told.realis == Realis::Future
                || self.reading.anchors.published.is_none_or(|published| (day - published).get_days() <= 1)
        });
        match plausible {
            Some(day) => {
                let reason =
                    format!("the remote model {model}'s reading of words that our calendar places on no day");
                Day::guess(day, DateFrom::Text, TimePrecision::Day, Some(span), reason)
            }
            None => self.of_report(told, None),
        }
    }

    /// The days that some words say.
    pub(crate) fn expression(&self, span: Span) -> Option<&TimeExpression> {
        let reading: &Reading<'_> = self.reading;
        let sentence = reading.text.sentence_at(span.start)?;
        let parsed = reading.parsed.get(sentence)?.as_ref()?;
        let shared = |time: &&coder::unit::Time| {
            let other = time.expression.span;
            other.end.min(span.end).saturating_sub(other.start.max(span.start))
        };
        let overlapping = parsed.unit.times.iter().filter(|time| time.expression.span.overlaps(span));
        let placed = overlapping.filter(|time| time.expression.interval.is_some());
        placed.max_by_key(shared).map(|time| &time.expression)
    }

    /// An event told as news without a day: that of the report, or shortly before.
    fn of_report(&self, told: &Told, said: Option<Date>) -> Day {
        let anchors = &self.reading.anchors;
        let unquoted = said.map_or_else(String::new, |day| {
            format!("; the remote model {} made it {day}, without words that say so", self.model)
        });
        if told.realis == Realis::Asserted {
            if let Some(day) = anchors.dateline {
                let line = self.reading.dateline.as_ref().map(|line| line.date.unwrap_or(line.span));
                let reason = format!(
                    "no day in the text; told as news under this dateline, so on that day or shortly before{unquoted}"
                );
                return Day::guess(day, DateFrom::Dateline, TimePrecision::Week, line, reason);
            }
            if let Some(day) = anchors.published {
                let reason = format!(
                    "no day in the text; told as news, so on the day of publication or shortly before{unquoted}"
                );
                return Day::guess(day, DateFrom::Published, TimePrecision::Week, None, reason);
            }
        }
        Day::unresolved(format!(
            "the text gives no day, and the day of publication is not known or does not apply{unquoted}"
        ))
    }
}
