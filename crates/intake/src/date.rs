//! Days of publication as machines and people write them.

use jiff::civil::Date;
use jiff::fmt::strtime::BrokenDownTime;
use record::{DateProvenance, Report};

/// Newspapers are older, but no report of today can be older than the first daily news agency
/// or come from the next century; `9999-12-31` and `0001-01-01` stand for "unknown" in databases.
const YEARS: std::ops::RangeInclusive<i16> = 1830..=2100;

/// Forms met in feeds, page metadata and collections, after the ISO forms: RFC 2822, then written-out months.
const FORMS: &[&str] = &[
    "%Y/%m/%d",
    "%Y%m%d",
    "%a, %d %b %Y",
    "%A, %d %B %Y",
    "%A, %B %d, %Y",
    "%d %B %Y",
    "%d %b %Y",
    "%B %d, %Y",
    "%b %d, %Y",
    "%b. %d, %Y",
    "%d-%b-%Y",
];

/// What a field that should hold a day holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublishedDay {
    /// A day.
    Day(Date),
    /// Nothing.
    Missing,
    /// Something that is no day, or one that no report can have.
    Absurd,
}

/// Reads a day of publication. Numeric forms in which day and month can be taken for each other
/// ("03/04/2021") are not read: a wrong day is worse than none.
#[must_use]
pub fn published_day(text: &str) -> PublishedDay {
    let text = text.trim();
    if text.is_empty() {
        return PublishedDay::Missing;
    }
    let iso = text.get(..10).filter(|_| {
        let rest = text.as_bytes().get(10);
        matches!(rest, None | Some(b'T' | b't' | b' ' | b'Z' | b'+'))
    });
    let day = iso.and_then(|day| day.parse::<Date>().ok()).or_else(|| {
        FORMS.iter().find_map(|form| {
            // A time of day may follow the date; what follows is not read.
            let (time, _) = BrokenDownTime::parse_prefix(form, text).ok()?;
            time.to_date().ok()
        })
    });
    match day {
        Some(day) if YEARS.contains(&day.year()) => PublishedDay::Day(day),
        _ => PublishedDay::Absurd,
    }
}

/// Puts the day that a document's own data gives into the report, or says why not.
pub(crate) fn set(report: &mut Report, given: &str, notes: &mut Vec<String>) {
    match published_day(given) {
        PublishedDay::Day(day) => {
            report.published = Some(day);
            report.published_from = DateProvenance::Metadata;
        }
        PublishedDay::Missing => {}
        PublishedDay::Absurd => notes.push(format!(
            "the day of publication {:?} is no day that a report can have; left open",
            given.chars().take(40).collect::<String>()
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn reads_the_forms_of_feeds_and_pages() {
        for text in [
            "2021-03-04",
            "2021-03-04T18:22:00+01:00",
            "2021-03-04 18:22",
            "20210304",
            "2021/03/04",
            "Thu, 04 Mar 2021 17:22:00 GMT",
            "4 March 2021",
            "March 4, 2021",
            "Mar 4, 2021 6:22 PM",
            "04-Mar-2021",
        ] {
            assert_eq!(published_day(text), PublishedDay::Day(date(2021, 3, 4)), "{text}");
        }
    }

    #[test]
    fn leaves_absurd_and_ambiguous_days_open() {
        for text in [
            "9999-99-99",
            "9999-12-31",
            "0001-01-01",
            "03/04/2021",
            "yesterday",
            "2021-02-30",
            "١٢",
            "2021-03-0é",
        ] {
            assert_eq!(published_day(text), PublishedDay::Absurd, "{text}");
        }
        assert_eq!(published_day("  "), PublishedDay::Missing);
    }
}
