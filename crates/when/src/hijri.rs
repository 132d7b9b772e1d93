//! The Hijri calendar, converted by `icu_calendar`'s Umm al-Qura tables.
//!
//! Months begin with the sighting of the moon, so a country's own day may lie one day to either side: what is
//! read here is approximate, and the reasons say so.

use icu_calendar::Date as IcuDate;
use icu_calendar::cal::{Hijri, Iso};
use icu_calendar::types::Month;
use jiff::civil::Date;

use crate::calendar::plus_days;

/// Years for which Umm al-Qura publishes month lengths (1300–1600 AH, 1882–2174 CE); outside the library
/// falls back on arithmetic, which no news report needs.
const YEARS: std::ops::RangeInclusive<i32> = 1300..=1600;

/// The civil day of a Hijri one.
pub(crate) fn day(year: i32, month: u8, day: u8) -> Option<Date> {
    if !YEARS.contains(&year) {
        return None;
    }
    let iso = IcuDate::try_new(year.into(), Month::new(month), day, Hijri::new_umm_al_qura())
        .ok()?
        .to_calendar(Iso);
    Date::new(
        i16::try_from(iso.year().extended_year()).ok()?,
        i8::try_from(iso.month().ordinal).ok()?,
        i8::try_from(iso.day_of_month().0).ok()?,
    )
    .ok()
}

/// First and last day of a Hijri month.
pub(crate) fn month(year: i32, month: u8) -> Option<(Date, Date)> {
    let first = day(year, month, 1)?;
    let next = if month == 12 { day(year.checked_add(1)?, 1, 1)? } else { day(year, month + 1, 1)? };
    Some((first, plus_days(next, -1)?))
}

/// The Hijri year that holds a civil day.
pub(crate) fn year_of(civil: Date) -> Option<i32> {
    let iso = IcuDate::try_new_iso(
        civil.year().into(),
        u8::try_from(civil.month()).ok()?,
        u8::try_from(civil.day()).ok()?,
    );
    Some(iso.ok()?.to_calendar(Hijri::new_umm_al_qura()).year().extended_year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ramadan_begins_and_ends_as_published() {
        let root = std::env::var_os("WATCHPOST_SHARED").map_or_else(
            || std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
            std::path::PathBuf::from,
        );
        let file = root.join("data/series/ramadan_umm_al_qura_1989_2030.csv");
        let Ok(table) = std::fs::read_to_string(&file) else {
            println!("skipped: {} is not there", file.display());
            return;
        };
        let mut rows = 0;
        for line in table.lines().skip(1).filter(|line| !line.is_empty()) {
            let cells: Vec<_> = line.split(',').collect();
            let year: i32 = cells[0].parse().unwrap();
            let days: Vec<Date> = cells[1..4].iter().map(|cell| cell.parse().unwrap()).collect();
            let (first, last) = month(year, 9).unwrap();
            let eid = day(year, 10, 1).unwrap();
            for (ours, theirs) in [(first, days[0]), (last, days[1]), (eid, days[2])] {
                let apart = crate::calendar::days_between(ours, theirs);
                // The rule for the new moon was changed for 1420 (van Gent, The Umm al-Qura Calendar of Saudi Arabia);
                // for the years before it the published tables differ among themselves by a day.
                let allowed = if year < 1420 { 1 } else { 0 };
                assert!(apart.abs() <= allowed, "{year}: {ours} and {theirs}");
            }
            assert_eq!(year_of(days[0]), Some(year));
            rows += 1;
        }
        assert!(rows > 30);
    }
}
