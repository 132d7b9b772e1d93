//! Which day of publication is believed. Feeds and pages lie about it: templates with the first day of all computers' time, days of
//! next year, day and month changed for each other. A wrong day turns every "on Monday" wrong, so where there is doubt none is taken.
//! When something was fetched is never taken for the day on which it was published.

use intake::PublishedDay;
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp, ToSpan, tz::TimeZone};

/// Nothing on the web is older: the day on which the first page was announced to the public. What says so has the zero of some
/// clock in it (1970-01-01, 1980-01-01, 1900-01-01).
const FIRST: Date = date(1991, 8, 6);

/// How many days before a source was last looked at an item may say that it appeared, where it is met only now: outlets
/// publish some things late, and no more.
const LATE: i32 = 30;

/// What is known when a day is judged.
#[derive(Debug, Clone, Copy)]
pub struct Seen {
    /// When the item was met.
    pub now: Timestamp,
    /// When its source was looked at last before, without it.
    pub before: Option<Timestamp>,
}

/// What became of a day that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judged {
    /// It is believed.
    Believed(Date),
    /// It is not, and why.
    Doubted(String),
    /// None was given.
    Missing,
}

/// Judges a day as a feed or a page writes it.
#[must_use]
pub fn judge(given: Option<&str>, seen: Seen) -> Judged {
    let Some(given) = given.map(str::trim).filter(|given| !given.is_empty()) else { return Judged::Missing };
    let shown: String = given.chars().take(40).collect();
    let day = match intake::published_day(given) {
        PublishedDay::Day(day) => day,
        PublishedDay::Missing => return Judged::Missing,
        PublishedDay::Absurd => {
            return Judged::Doubted(format!("`{shown}` is no day that a report can have"));
        }
    };
    let utc = |at: Timestamp| at.to_zoned(TimeZone::UTC).date();
    // Where the day begins first it is 14 hours ahead of UTC.
    let latest = seen.now.checked_add(SignedDuration::from_hours(14)).map_or_else(|_| utc(seen.now), utc);
    let today = utc(seen.now);
    if day < FIRST {
        return Judged::Doubted(format!("{day} is before there were pages"));
    }
    if day > latest {
        let swapped = swapped(day).filter(|swapped| *swapped <= latest && near(*swapped, today));
        return Judged::Doubted(match swapped {
            Some(swapped) => {
                format!("{day} is still to come; day and month may be changed for each other ({swapped})")
            }
            None => format!("{day} is still to come"),
        });
    }
    // It was not there when the source was last looked at, and says that it is months old; the other way round it is of these days.
    if let Some(before) = seen.before
        && let earliest = utc(before).checked_sub(1.days()).unwrap_or(day)
        && day < earliest.checked_sub(LATE.days()).unwrap_or(day)
        && let Some(swapped) = swapped(day)
        && (earliest..=latest).contains(&swapped)
    {
        return Judged::Doubted(format!(
            "{day} is long before the item appeared; day and month may be changed for each other ({swapped})"
        ));
    }
    Judged::Believed(day)
}

/// The day with day and month changed for each other, where that is another.
fn swapped(day: Date) -> Option<Date> {
    let (month, of_month) = (day.day(), day.month());
    Date::new(day.year(), month, of_month).ok().filter(|other| *other != day)
}

fn near(day: Date, today: Date) -> bool {
    day.until(today).is_ok_and(|span| span.get_days().abs() <= LATE)
}

/// The day of a report: what its page says, else what the feed says, each only where it is believed; and what was not.
#[must_use]
pub fn choose(page: Option<&str>, feed: Option<&str>, seen: Seen) -> (Option<Date>, Vec<String>) {
    let mut notes = Vec::new();
    let mut take = |given: Option<&str>, whose: &str| match judge(given, seen) {
        Judged::Believed(day) => Some(day),
        Judged::Doubted(why) => {
            notes.push(format!("the day of publication that {whose} gives is not believed: {why}"));
            None
        }
        Judged::Missing => None,
    };
    let (page, feed) = (take(page, "the page"), take(feed, "the feed"));
    let day = match (page, feed) {
        // One is the other with day and month changed: which is right cannot be told.
        (Some(page), Some(feed)) if page != feed && swapped(page) == Some(feed) => {
            notes.push(format!(
                "the page says {page} and the feed {feed}: day and month may be changed for each other; the day is left open"
            ));
            None
        }
        (page, feed) => page.or(feed),
    };
    (day, notes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen() -> Seen {
        Seen {
            now: "2026-11-05T10:00:00Z".parse().expect("a time"),
            before: Some("2026-11-05T09:30:00Z".parse().expect("a time")),
        }
    }

    #[test]
    fn lying_days_are_not_believed() {
        let believed = |given: &str| matches!(judge(Some(given), seen()), Judged::Believed(_));
        for (given, believable) in [
            ("2026-11-05", true),
            ("Thu, 05 Nov 2026 09:00:00 GMT", true),
            ("2026-11-04T23:00:00-05:00", true),
            ("2026-11-06", true), // already tomorrow in Kiribati
            ("2026-11-07", false),
            ("2099-01-01T00:00:00Z", false),
            ("1970-01-01T00:00:00Z", false),
            ("Thu, 01 Jan 1970 00:00:00 +0000", false),
            ("1899-12-31", false),
            ("2019-03-20", true),  // an archive that is put into the feed
            ("2026-05-11", false), // 5 November, the American way round
            ("2026-02-11", true),  // its other reading is of before the source was last looked at
            ("05/11/2026", false),
            ("yesterday", false),
        ] {
            assert_eq!(believed(given), believable, "{given}: {:?}", judge(Some(given), seen()));
        }
        let Judged::Doubted(why) = judge(
            Some("2026-12-04"),
            Seen { now: "2026-04-12T08:00:00Z".parse().expect("a time"), before: None },
        ) else {
            panic!("a day to come")
        };
        assert!(why.contains("changed for each other (2026-04-12)"), "{why}");
        // The first time that a source is looked at, its items are of all ages.
        assert_eq!(
            judge(Some("2026-05-11"), Seen { before: None, ..seen() }),
            Judged::Believed(date(2026, 5, 11))
        );
    }

    #[test]
    fn the_page_stands_above_the_feed() {
        let day = |page, feed| choose(page, feed, seen()).0.map(|day| day.to_string());
        assert_eq!(day(Some("2026-11-04"), Some("2026-11-05")).as_deref(), Some("2026-11-04"));
        assert_eq!(day(Some("2099-11-04"), Some("2026-11-05")).as_deref(), Some("2026-11-05"));
        assert_eq!(day(None, Some("2026-11-05")).as_deref(), Some("2026-11-05"));
        assert_eq!(day(Some("2026-03-04"), Some("2026-04-03")), None, "one or the other");
        assert_eq!(day(None, None), None, "never the day on which it was fetched");
        assert_eq!(choose(Some("1970-01-01"), Some("2099-01-01"), seen()).1.len(), 2);
    }
}
