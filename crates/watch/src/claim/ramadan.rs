//! The days of Ramadan by the calendar of Umm al-Qura, the official one of Saudi Arabia.
//!
//! The table is `icu_calendar`'s. In nine years before 1420 AH its Ramadan begins a day later than in the calendar that was
//! published (R. H. van Gent, *The Umm al-Qura Calendar of Saudi Arabia*, Utrecht; equal in the Python library `hijridate` 2.6.0),
//! and in nine it ends a day later: these are set right here. Years before 1409 AH (1989) were not compared and may be a day off.

use icu_calendar::Date as IcuDate;
use icu_calendar::cal::{Hijri, Iso};
use icu_calendar::types::Month;
use jiff::Span;
use jiff::civil::Date;

use crate::period::Every;

/// Days by which a Ramadan is taken to begin after (or, below zero, before) the calendar's: the month begins when the moon was seen,
/// and countries differ by a day.
pub type Shift = i32;

/// Years whose Ramadan begins a day before that of the library's table.
const EARLIER: [i32; 9] = [1410, 1411, 1412, 1413, 1414, 1415, 1416, 1418, 1419];

/// Years for which the calendar was compared with the published one.
pub const COMPARED: std::ops::RangeInclusive<i32> = 1409..=1452;

/// Years whose Shawwal, and with it the end of Ramadan, is a day before that of the library's table.
const ENDS_EARLIER: [i32; 9] = [1409, 1411, 1412, 1413, 1414, 1415, 1416, 1417, 1419];

/// Years that the table covers.
const YEARS: std::ops::RangeInclusive<i32> = 1300..=1600;

/// The first day of a month of the Hijri calendar.
fn first(year: i32, month: u8) -> Option<Date> {
    if !YEARS.contains(&year) {
        return None;
    }
    let iso =
        IcuDate::try_new(year.into(), Month::new(month), 1, Hijri::new_umm_al_qura()).ok()?.to_calendar(Iso);
    Date::new(
        i16::try_from(iso.year().extended_year()).ok()?,
        i8::try_from(iso.month().ordinal).ok()?,
        i8::try_from(iso.day_of_month().0).ok()?,
    )
    .ok()
}

/// The first and the last day of a year's Ramadan.
#[must_use]
pub fn days(year: i32) -> Option<(Date, Date)> {
    let (begin, feast) = (first(year, 9)?, first(year, 10)?);
    let back =
        |day: Date, days: i32| Span::new().try_days(days).ok().and_then(|days| day.checked_sub(days).ok());
    let (begins, ends) = (i32::from(EARLIER.contains(&year)), i32::from(ENDS_EARLIER.contains(&year)));
    Some((back(begin, begins)?, back(feast, 1 + ends)?))
}

/// The Hijri year of a civil day, or the one beside it: enough to look around.
fn near(day: Date) -> i32 {
    // 33 Hijri years are 32 of the sun, near enough for a search of three years.
    (i32::from(day.year()) - 622) * 33 / 32
}

/// The share of a period's days that lies in Ramadan, moved by some days.
#[must_use]
pub fn share(every: Every, period: i32, shift: Shift) -> f64 {
    let (start, next) = (every.start(period), every.start(period.saturating_add(1)));
    let length = whole(start, next);
    if length <= 0 {
        return 0.0;
    }
    let around = near(start);
    let within: i32 = (around - 2..=around + 3)
        .filter_map(days)
        .map(|(begin, end)| {
            let from = whole(start, begin).saturating_add(shift).max(0);
            let to = whole(start, end).saturating_add(shift).saturating_add(1).min(length);
            (to - from).max(0)
        })
        .sum();
    f64::from(within) / f64::from(length)
}

/// Days from one to another.
fn whole(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn every_ramadan_since_1989_is_that_of_the_published_calendar() {
        let root = std::env::var_os("WATCHPOST_SHARED").map_or_else(
            || std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
            std::path::PathBuf::from,
        );
        let file = root.join("data/series/ramadan_umm_al_qura_1989_2030.csv");
        let Ok(table) = std::fs::read_to_string(&file) else {
            println!("skipped: {} is absent", file.display());
            return;
        };
        let mut compared = 0;
        for line in table.lines().skip(1) {
            let cells: Vec<&str> = line.split(',').collect();
            let year = cells[0].parse().unwrap();
            let expected = (cells[1].parse().unwrap(), cells[2].parse().unwrap());
            assert_eq!(days(year), Some(expected), "{year}");
            assert!(COMPARED.contains(&year), "{year}");
            compared += 1;
        }
        assert_eq!(compared, COMPARED.count());
    }

    #[test]
    fn shares_of_days_weeks_and_months() {
        // Ramadan 1441: 24 April to 23 May 2020.
        assert_eq!(days(1441), Some((date(2020, 4, 24), date(2020, 5, 23))));
        let day = |day| share(Every::Day, Every::Day.of(day), 0);
        assert_eq!((day(date(2020, 4, 23)), day(date(2020, 4, 24))), (0.0, 1.0));
        assert_eq!((day(date(2020, 5, 23)), day(date(2020, 5, 24))), (1.0, 0.0));
        let week = Every::Week.of(date(2020, 4, 24));
        assert_eq!(share(Every::Week, week, 0), 3.0 / 7.0);
        assert_eq!(share(Every::Week, week, 1), 2.0 / 7.0);
        assert_eq!(share(Every::Week, week, -1), 4.0 / 7.0);
        assert_eq!(share(Every::Month, Every::Month.of(date(2020, 4, 1)), 0), 7.0 / 30.0);
        // 1997 and 2030 have two beginnings: January and December.
        assert!(share(Every::Month, Every::Month.of(date(2030, 1, 1)), 0) > 0.5);
        assert!(share(Every::Month, Every::Month.of(date(2030, 12, 1)), 0) > 0.0);
    }

    #[test]
    fn days_outside_of_the_table_are_no_panic() {
        for period in [i32::MIN, -4_000_000, 0, 4_000_000, i32::MAX] {
            for every in [Every::Day, Every::Week, Every::Month] {
                assert!((0.0..=1.0).contains(&share(every, period, i32::MAX)));
                assert!((0.0..=1.0).contains(&share(every, period, i32::MIN)));
            }
        }
    }
}
