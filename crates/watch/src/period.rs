/*! Days, weeks and months as whole numbers, so that a series is a row without holes in its arithmetic.

A week is ISO 8601's, from Monday to Sunday: it has no year, so one with a week 53 is as long as any other. */

use jiff::civil::Date;

/// How long one period of a series is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Every {
    /// A day.
    Day,
    /// A week of ISO 8601, from Monday.
    Week,
    /// A month of the calendar.
    Month,
}

/// Mean length of the tropical year in days, which seasons follow.
const YEAR: f64 = 365.2422;

impl Every {
    /// What a person calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// How many of them make a year.
    pub fn a_year(self) -> f64 {
        match self {
            Self::Day => YEAR,
            Self::Week => YEAR / 7.0,
            Self::Month => 12.0,
        }
    }

    /// The period that a day lies in: days from 1970-01-01, weeks from the one that holds it, months from January 1970.
    pub fn of(self, day: Date) -> i32 {
        match self {
            Self::Day => days(day),
            // 1970-01-01 was a Thursday, the fourth day of its week.
            Self::Week => (days(day) + 3).div_euclid(7),
            Self::Month => (i32::from(day.year()) - 1970) * 12 + i32::from(day.month()) - 1,
        }
    }

    /// The first day of a period; the calendar's own first or last day where it lies outside of the years that a date can have.
    pub fn start(self, period: i32) -> Date {
        match self {
            Self::Day => day(i64::from(period)),
            Self::Week => day(i64::from(period) * 7 - 3),
            Self::Month => {
                let (year, month) = (1970 + period.div_euclid(12), period.rem_euclid(12) + 1);
                let outside = if period < 0 { Date::MIN } else { Date::MAX };
                i16::try_from(year)
                    .ok()
                    .zip(i8::try_from(month).ok())
                    .and_then(|(year, month)| Date::new(year, month, 1).ok())
                    .unwrap_or(outside)
            }
        }
    }
}

/// Days since 1970-01-01.
fn days(day: Date) -> i32 {
    // A date's years have four digits: the difference fits twice over.
    Date::constant(1970, 1, 1).until(day).map_or(0, |span| span.get_days())
}

fn day(since: i64) -> Date {
    let outside = if since < 0 { Date::MIN } else { Date::MAX };
    jiff::Span::new()
        .try_days(since)
        .ok()
        .and_then(|span| Date::constant(1970, 1, 1).checked_add(span).ok())
        .unwrap_or(outside)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_week_53_is_a_week() {
        // 2020 has 53 weeks: the last one from Monday 28 December to Sunday 3 January.
        let last = Every::Week.of(date(2020, 12, 28));
        assert_eq!(Every::Week.of(date(2021, 1, 3)), last);
        assert_eq!(Every::Week.of(date(2021, 1, 4)), last + 1);
        assert_eq!(Every::Week.start(last), date(2020, 12, 28));
        assert_eq!(Every::Week.of(date(1970, 1, 1)), 0);
        assert_eq!(Every::Week.of(date(1969, 12, 28)), -1);
    }

    #[test]
    fn months_before_the_epoch_count_down() {
        assert_eq!(Every::Month.of(date(1969, 12, 31)), -1);
        assert_eq!(Every::Month.start(-1), date(1969, 12, 1));
        assert_eq!(Every::Month.start(-12), date(1969, 1, 1));
    }

    #[test]
    fn a_period_outside_of_the_calendar_is_no_panic() {
        for every in [Every::Day, Every::Week, Every::Month] {
            for period in [i32::MIN, -9_000_000, 9_000_000, i32::MAX] {
                let start = every.start(period);
                assert!(start == Date::MIN || start == Date::MAX, "{start}");
            }
        }
    }

    proptest! {
        #[test]
        fn a_day_lies_in_the_period_that_starts_before_it(since in -100_000i32..100_000) {
            let at = Every::Day.start(since);
            for every in [Every::Day, Every::Week, Every::Month] {
                let period = every.of(at);
                prop_assert!(every.start(period) <= at);
                prop_assert!(every.start(period + 1) > at);
                prop_assert_eq!(every.of(every.start(period)), period);
            }
        }
    }
}
