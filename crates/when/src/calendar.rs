//! Periods of the civil calendar: a first day, a last day, and the name that TIMEX3 gives them.

use jiff::civil::{Date, Weekday};

use crate::words::{Feast, Season, Unit};

/// The sizes of period that have a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Grain {
    Day,
    Weekend,
    Week,
    Month,
    Quarter,
    Half,
    Season,
    Year,
    Decade,
    Century,
}

impl Grain {
    /// The period of which a unit is one.
    pub(crate) const fn of(unit: Unit) -> Self {
        match unit {
            Unit::Second | Unit::Minute | Unit::Hour | Unit::Day | Unit::Night => Self::Day,
            Unit::Weekend => Self::Weekend,
            Unit::Week => Self::Week,
            Unit::Month => Self::Month,
            Unit::Quarter => Self::Quarter,
            Unit::Year => Self::Year,
            Unit::Decade => Self::Decade,
            Unit::Century => Self::Century,
        }
    }
}

/// A stretch of whole days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Period {
    pub first: Date,
    pub last: Date,
    pub grain: Grain,
}

impl Period {
    /// One day.
    pub(crate) const fn day(day: Date) -> Self {
        Self { first: day, last: day, grain: Grain::Day }
    }

    /// A month.
    pub(crate) fn month(year: i16, month: i8) -> Option<Self> {
        let first = Date::new(year, month, 1).ok()?;
        Some(Self { first, last: first.last_of_month(), grain: Grain::Month })
    }

    /// A year.
    pub(crate) fn year(year: i16) -> Option<Self> {
        Some(Self {
            first: Date::new(year, 1, 1).ok()?,
            last: Date::new(year, 12, 31).ok()?,
            grain: Grain::Year,
        })
    }

    /// Several months in one year, from the first on.
    fn months(year: i16, month: i8, count: i8, grain: Grain) -> Option<Self> {
        let first = Date::new(year, month, 1).ok()?;
        let last = plus_months(first, i64::from(count) - 1)?.last_of_month();
        Some(Self { first, last, grain })
    }

    /// A quarter, 1–4.
    pub(crate) fn quarter(year: i16, quarter: i8) -> Option<Self> {
        Self::months(year, (quarter - 1) * 3 + 1, 3, Grain::Quarter)
    }

    /// A half-year, 1–2.
    pub(crate) fn half(year: i16, half: i8) -> Option<Self> {
        Self::months(year, (half - 1) * 6 + 1, 6, Grain::Half)
    }

    /// A season by the months of meteorology (WMO Guide to Climatological Practices: March, June, September
    /// and December begin one); winter belongs to the year in which it begins.
    pub(crate) fn season(year: i16, season: Season) -> Option<Self> {
        let month = match season {
            Season::Spring => 3,
            Season::Summer => 6,
            Season::Autumn => 9,
            Season::Winter => 12,
        };
        Self::months(year, month, 3, Grain::Season)
    }

    /// Ten years.
    pub(crate) fn decade(first_year: i16) -> Option<Self> {
        let first = Self::year(first_year.div_euclid(10) * 10)?.first;
        let last = Self::year(first.year().checked_add(9)?)?.last;
        Some(Self { first, last, grain: Grain::Decade })
    }

    /// A hundred years; the twentieth century as news means it, 1900–1999.
    pub(crate) fn century(number: i16) -> Option<Self> {
        let first_year = number.checked_sub(1)?.checked_mul(100)?;
        Some(Self {
            first: Date::new(first_year, 1, 1).ok()?,
            last: Date::new(first_year.checked_add(99)?, 12, 31).ok()?,
            grain: Grain::Century,
        })
    }

    /// The ISO week that holds a day.
    pub(crate) fn week(day: Date) -> Option<Self> {
        let first = plus_days(day, -i64::from(day.weekday().to_monday_zero_offset()))?;
        Some(Self { first, last: plus_days(first, 6)?, grain: Grain::Week })
    }

    /// Saturday and Sunday of the ISO week that holds a day.
    pub(crate) fn weekend(day: Date) -> Option<Self> {
        let week = Self::week(day)?;
        Some(Self { first: plus_days(week.first, 5)?, last: week.last, grain: Grain::Weekend })
    }

    /// The period of a grain that holds a day, moved by so many of its kind.
    pub(crate) fn around(day: Date, grain: Grain, by: i64) -> Option<Self> {
        match grain {
            Grain::Day => plus_days(day, by).map(Self::day),
            Grain::Weekend => Self::weekend(plus_days(day, by.checked_mul(7)?)?),
            Grain::Week => Self::week(plus_days(day, by.checked_mul(7)?)?),
            Grain::Month => {
                let moved = plus_months(day.first_of_month(), by)?;
                Self::month(moved.year(), moved.month())
            }
            Grain::Quarter => {
                let moved = plus_months(day.first_of_month(), by.checked_mul(3)?)?;
                Self::quarter(moved.year(), (moved.month() - 1) / 3 + 1)
            }
            Grain::Half => {
                let moved = plus_months(day.first_of_month(), by.checked_mul(6)?)?;
                Self::half(moved.year(), (moved.month() - 1) / 6 + 1)
            }
            Grain::Season => {
                let moved = plus_months(day.first_of_month(), by.checked_mul(3)?)?;
                let season = match moved.month() {
                    3..=5 => Season::Spring,
                    6..=8 => Season::Summer,
                    9..=11 => Season::Autumn,
                    _ => Season::Winter,
                };
                Self::season(moved.year() - i16::from(moved.month() <= 2), season)
            }
            Grain::Year => Self::year(shift_year(day.year(), by)?),
            Grain::Decade => Self::decade(shift_year(day.year(), by.checked_mul(10)?)?),
            Grain::Century => {
                Self::century(shift_year(day.year(), by.checked_mul(100)?)?.div_euclid(100).checked_add(1)?)
            }
        }
    }

    /// How TIMEX3 writes the period.
    pub(crate) fn value(self) -> String {
        let (year, month) = (self.first.year(), self.first.month());
        match self.grain {
            Grain::Day => self.first.to_string(),
            Grain::Week => {
                let week = self.first.iso_week_date();
                format!("{:04}-W{:02}", week.year(), week.week())
            }
            Grain::Weekend => {
                let week = self.first.iso_week_date();
                format!("{:04}-W{:02}-WE", week.year(), week.week())
            }
            Grain::Month => format!("{year:04}-{month:02}"),
            Grain::Quarter => format!("{year:04}-Q{}", (month - 1) / 3 + 1),
            Grain::Half => format!("{year:04}-H{}", (month - 1) / 6 + 1),
            Grain::Season => {
                let name = match month {
                    3 => "SP",
                    6 => "SU",
                    9 => "FA",
                    _ => "WI",
                };
                format!("{year:04}-{name}")
            }
            Grain::Year => format!("{year:04}"),
            Grain::Decade => format!("{:03}", year.div_euclid(10)),
            Grain::Century => format!("{:02}", year.div_euclid(100)),
        }
    }

    /// First and last day.
    pub(crate) const fn bounds(self) -> (Date, Date) {
        (self.first, self.last)
    }

    /// Days from the first to the last.
    pub(crate) fn days(self) -> i64 {
        days_between(self.first, self.last) + 1
    }

    /// The days from `from` to `to`, each a share in thirds of the period.
    pub(crate) fn thirds(self, from: i64, to: i64) -> Option<(Date, Date)> {
        let days = self.days();
        Some((plus_days(self.first, days * from / 3)?, plus_days(self.first, (days * to / 3 - 1).max(0))?))
    }
}

/// A day so many days on.
pub(crate) fn plus_days(day: Date, days: i64) -> Option<Date> {
    day.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

/// A day so many months on, the last of the month where that one is shorter.
pub(crate) fn plus_months(day: Date, months: i64) -> Option<Date> {
    day.checked_add(jiff::Span::new().try_months(months).ok()?).ok()
}

/// Days from one day to another.
pub(crate) fn days_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

/// A year so many years on.
pub(crate) fn shift_year(year: i16, by: i64) -> Option<i16> {
    i16::try_from(i64::from(year).checked_add(by)?).ok()
}

/// The weekday with that number, 1 Monday.
fn weekday(number: i8) -> Option<Weekday> {
    Weekday::from_monday_one_offset(number).ok()
}

/// Which of the days of that name is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pick {
    /// On the day or before it.
    Latest,
    /// Before it.
    Before,
    /// On the day or after it.
    Coming,
    /// After it.
    After,
    /// In the same ISO week.
    SameWeek,
}

/// A weekday near a day.
pub(crate) fn weekday_near(day: Date, number: i8, pick: Pick) -> Option<Date> {
    let target = weekday(number)?;
    let back = i64::from(day.weekday().since(target));
    let ahead = i64::from(day.weekday().until(target));
    match pick {
        Pick::Latest => plus_days(day, -back),
        Pick::Before => plus_days(day, -if back == 0 { 7 } else { back }),
        Pick::Coming => plus_days(day, ahead),
        Pick::After => plus_days(day, if ahead == 0 { 7 } else { ahead }),
        Pick::SameWeek => plus_days(Period::week(day)?.first, i64::from(number) - 1),
    }
}

/// The day of a feast of the civil calendar in a year; none for those of the Hijri calendar.
pub(crate) fn feast(feast: Feast, year: i16) -> Option<Date> {
    match feast {
        Feast::Christmas => Date::new(year, 12, 25).ok(),
        Feast::ChristmasEve => Date::new(year, 12, 24).ok(),
        Feast::NewYear => Date::new(year, 1, 1).ok(),
        Feast::NewYearsEve => Date::new(year, 12, 31).ok(),
        Feast::Halloween => Date::new(year, 10, 31).ok(),
        // The March equinox; the Iranian calendar puts it on 20 or 21 March.
        Feast::Nowruz => Date::new(year, 3, 21).ok(),
        Feast::Thanksgiving => Date::new(year, 11, 1).ok()?.nth_weekday_of_month(4, Weekday::Thursday).ok(),
        Feast::Easter => easter(year),
        Feast::GoodFriday => plus_days(easter(year)?, -2),
        Feast::EidAlFitr | Feast::EidAlAdha | Feast::Ashura | Feast::Mawlid => None,
    }
}

/// Western Easter Sunday by the anonymous Gregorian algorithm (Meeus, Astronomical Algorithms, ch. 8).
fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y.rem_euclid(19), y.div_euclid(100), y.rem_euclid(100));
    let (d, e) = (b.div_euclid(4), b.rem_euclid(4));
    let f = (b + 8).div_euclid(25);
    let g = (b - f + 1).div_euclid(3);
    let h = (19 * a + b - d - g + 15).rem_euclid(30);
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k).rem_euclid(7);
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    Date::new(year, i8::try_from(n / 31).ok()?, i8::try_from(n % 31 + 1).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use jiff::civil::date;

    use super::*;

    #[test]
    fn easter_falls_where_the_tables_put_it() {
        for (year, month, day) in [(1990, 4, 15), (2000, 4, 23), (2019, 4, 21), (2024, 3, 31), (2038, 4, 25)]
        {
            assert_eq!(easter(year), Date::new(year, month, day).ok(), "{year}");
        }
    }

    #[test]
    fn a_week_runs_from_monday_to_sunday() {
        let week = Period::week(date(2020, 5, 12)).unwrap();
        assert_eq!((week.first, week.last), (date(2020, 5, 11), date(2020, 5, 17)));
        assert_eq!(week.value(), "2020-W20");
    }

    #[test]
    fn weekdays_are_picked_on_the_right_side() {
        let tuesday = date(2020, 5, 12);
        assert_eq!(weekday_near(tuesday, 2, Pick::Latest), Some(tuesday));
        assert_eq!(weekday_near(tuesday, 2, Pick::Before), Some(date(2020, 5, 5)));
        assert_eq!(weekday_near(tuesday, 5, Pick::Latest), Some(date(2020, 5, 8)));
        assert_eq!(weekday_near(tuesday, 5, Pick::Coming), Some(date(2020, 5, 15)));
        assert_eq!(weekday_near(tuesday, 2, Pick::After), Some(tuesday.saturating_add(7.days())));
    }
}
