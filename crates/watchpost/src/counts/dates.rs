//! Days as tables write them.

use jiff::civil::{Date, DateTime};

/// The day that a cell names: `2020-05-12`, the same with a time (whose own day counts, in whatever time zone it was written),
/// `2020-05` (its first day), `2020-W20` (its Monday), `12 May 2020`, `12-May-2020`. Forms like 05/12/2020 are not taken: nobody can
/// say which number is the month.
pub(crate) fn day(cell: &str) -> Option<Date> {
    let cell = cell.trim();
    if let Ok(date) = cell.parse::<Date>() {
        return Some(date);
    }
    if let Some((year, week)) = cell.split_once("-W").or_else(|| cell.split_once('W'))
        && year.len() == 4
    {
        let week = jiff::civil::ISOWeekDate::new(
            year.parse().ok()?,
            week.parse().ok()?,
            jiff::civil::Weekday::Monday,
        );
        return week.ok().map(|week| week.date());
    }
    if let [year, month] = cell.split('-').collect::<Vec<_>>()[..]
        && year.len() == 4
        && month.len() <= 2
    {
        return Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok();
    }
    // With a time: the day that was written, wherever that was.
    if let Some(at) = cell.find(['T', ' ', 't'])
        && at == 10
        && let (Ok(date), true) = (cell[..10].parse::<Date>(), time(&cell[11..]))
    {
        return Some(date);
    }
    in_words(cell)
}

/// Whether a cell goes on with a time of day.
fn time(rest: &str) -> bool {
    let clock = rest.trim_end_matches(['Z', 'z']);
    let zone = clock.rfind(['+', '-']).unwrap_or(clock.len());
    format!("2000-01-01T{}", clock[..zone].trim()).parse::<DateTime>().is_ok()
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

fn in_words(cell: &str) -> Option<Date> {
    let parts: Vec<&str> = cell.split([' ', '-', '/', ',']).filter(|part| !part.is_empty()).take(4).collect();
    let [day, month, year] = parts[..] else { return None };
    if year.len() != 4 {
        return None;
    }
    let month = month.to_ascii_lowercase();
    let name = month.get(..3)?;
    let at = MONTHS.iter().position(|known| *known == name)?;
    Date::new(year.parse().ok()?, i8::try_from(at + 1).ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn days_as_tables_write_them() {
        for (cell, expected) in [
            ("2020-05-12", date(2020, 5, 12)),
            (" 2020-05-12 ", date(2020, 5, 12)),
            ("2020-05-12T23:30:00+03:00", date(2020, 5, 12)),
            ("2020-05-12T23:30:00Z", date(2020, 5, 12)),
            ("2020-05-12 00:00:00.000", date(2020, 5, 12)),
            ("2020-05", date(2020, 5, 1)),
            ("2020-W53", date(2020, 12, 28)),
            ("12 May 2020", date(2020, 5, 12)),
            ("12-September-2020", date(2020, 9, 12)),
        ] {
            assert_eq!(day(cell), Some(expected), "{cell}");
        }
        for cell in [
            "",
            "12/05/2020",
            "2020-13-01",
            "2021-W53",
            "yesterday",
            "2020-05-12 noon",
            "5 May 20",
            "\u{301}2 Mäy 2020",
        ] {
            assert_eq!(day(cell), None, "{cell}");
        }
    }
}
