//! Points on the calendar: named days, months, weekdays, feasts, and shifts from now or from what was told before.

use jiff::civil::Date;

use super::Solver;
use crate::calendar::{self, Grain, Period, Pick, days_between, plus_days, shift_year, weekday_near};
use crate::hijri;
use crate::shape::{Base, Near, Point, Year};
use crate::tense::Tense;
use crate::words::Feast;

/// A date without a year may lie so many days ahead of the day of writing and still be the one meant, rather than
/// the one a year before: told as past ("was extended to 16 November"), and told without a tense. Writers name the
/// year, or say "last November", long before a date is eleven months old.
const AHEAD_PAST_DAYS: i64 = 31;
const AHEAD_DAYS: i64 = 92;
/// The same for a month, season or quarter told without a tense; told as past it has begun.
const AHEAD_MONTH_DAYS: i64 = 62;
/// Words that sound of the future ("expects to report its third-quarter loss") do not make a date that has just
/// passed one that is most of a year away.
const FAR_DAYS: i64 = 240;
const CLOSE_DAYS: i64 = 60;
/// Two-figure years without an anchor: 69–99 are of the twentieth century (POSIX `strptime`, `%y`).
const PIVOT: u8 = 69;

/// A resolved point.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    pub period: Option<Period>,
    pub value: Option<String>,
    pub relative: bool,
    pub approximate: bool,
    pub reason: String,
}

impl Reading {
    fn missing(value: impl Into<String>, relative: bool, reason: impl Into<String>) -> Self {
        Self { period: None, value: Some(value.into()), relative, approximate: false, reason: reason.into() }
    }

    fn given(period: Option<Period>, reason: impl Into<String>) -> Self {
        Self::of(period, false, reason)
    }

    pub fn of(period: Option<Period>, relative: bool, reason: impl Into<String>) -> Self {
        let reason = if period.is_some() { reason.into() } else { "no such day on the calendar".to_owned() };
        Self { period, value: period.map(Period::value), relative, approximate: false, reason }
    }
}

impl Solver<'_> {
    /// A point on the calendar.
    pub(super) fn point(&self, point: Point) -> Reading {
        match point {
            Point::Day { month, day, year, weekday } => self.day(month, day, year, weekday),
            Point::Either { one, other, year } => self.either(one, other, year),
            Point::Month { month, year, near } => {
                self.recurring(year, near, &format!("-{month:02}"), |y| Period::month(y, month))
            }
            Point::Season { season, year, near } => {
                let mut reading = self.recurring(year, near, "-season", |y| Period::season(y, season));
                if reading.period.is_some() {
                    reading.reason.push_str("; months of the northern season");
                    reading.approximate = true;
                }
                reading
            }
            Point::Quarter { quarter, year, near } => {
                self.recurring(year, near, &format!("-Q{quarter}"), |y| Period::quarter(y, quarter))
            }
            Point::Year(year) => match self.year(year) {
                Ok((year, relative, reason)) => Reading::of(Period::year(year), relative, reason),
                Err(reason) => Reading::missing("XXXX", true, reason),
            },
            Point::Decade(first) => Reading::given(Period::decade(first), "decade as written"),
            Point::Century(number) => Reading::given(Period::century(number), "century as written"),
            Point::Weekday { weekday, near } => self.weekday(weekday, near),
            Point::WeekdayOf { weekday, weeks } => match self.ground.now {
                Some(now) => {
                    let day =
                        plus_days(now, weeks * 7).and_then(|d| weekday_near(d, weekday, Pick::SameWeek));
                    let reason = format!("that weekday, {weeks} weeks from the week of {}", self.anchor());
                    Reading::of(day.map(Period::day), true, reason)
                }
                None => Reading::missing(format!("XXXX-WXX-{weekday}"), true, Self::no_anchor()),
            },
            Point::Weekend => match self.ground.now {
                Some(now) => {
                    let saturday = match self.tense {
                        Tense::Future => weekday_near(now, 6, Pick::Coming),
                        _ => weekday_near(now, 6, Pick::Latest),
                    };
                    let reason = format!("the weekend nearest to {}", self.anchor());
                    Reading::of(saturday.and_then(Period::weekend), true, reason)
                }
                None => Reading::missing("XXXX-WXX-WE", true, Self::no_anchor()),
            },
            Point::Shift { grain, by, base } => self.shift(grain, by, base),
            Point::Feast { feast, year, near } => self.feast(feast, year, near),
            Point::HijriMonth { month, hijri, year, near } => self.hijri(hijri, year, near, |y| {
                let (first, last) = hijri::month(y, month)?;
                Some(Period { first, last, grain: Grain::Month })
            }),
            Point::HijriDay { month, day, hijri, year } => {
                self.hijri(hijri, year, Near::Bare, |y| hijri::day(y, month, day).map(Period::day))
            }
        }
    }

    /// The year that words give: the number, whether it hangs on an anchor, and why.
    fn year(&self, year: Year) -> Result<(i16, bool, String), String> {
        match year {
            Year::Given(year) => Ok((year, false, "as written".to_owned())),
            Year::Short(short) => {
                let short_year = i16::from(short);
                let full = match self.ground.now {
                    // The century that brings it nearest, at most ten years ahead.
                    Some(now) => {
                        let century = now.year().div_euclid(100) * 100;
                        let year = century + short_year;
                        if year > now.year() + 10 { year - 100 } else { year }
                    }
                    None if short >= PIVOT => 1900 + short_year,
                    None => 2000 + short_year,
                };
                Ok((full, false, format!("as written, {short:02} read as {full}")))
            }
            Year::FromNow(by) => match self.ground.now.and_then(|now| shift_year(now.year(), by)) {
                Some(year) => Ok((year, true, format!("year counted from {}", self.anchor()))),
                None => Err(Self::no_anchor().to_owned()),
            },
            Year::FromText(by) => match self.ground.text.and_then(|p| shift_year(p.first.year(), by)) {
                Some(year) => Ok((year, true, "year counted from the one spoken of before".to_owned())),
                None => Err("counts from a year spoken of before, and none was found".to_owned()),
            },
            Year::Missing => Err("no year".to_owned()),
        }
    }

    /// A point that comes once in every year.
    fn recurring(
        &self,
        year: Year,
        near: Near,
        value: &str,
        make: impl Fn(i16) -> Option<Period>,
    ) -> Reading {
        if year != Year::Missing {
            return match self.year(year) {
                Ok((year, relative, reason)) => Reading::of(make(year), relative, reason),
                Err(reason) => Reading::missing(format!("XXXX{value}"), true, reason),
            };
        }
        let Some(now) = self.ground.now else {
            return Reading::missing(
                format!("XXXX{value}"),
                true,
                "the year is not given, and no day of publication is known",
            );
        };
        // Nine years hold every recurring day, 29 February across a year without a leap day included.
        let years = (-8..=8).rev().filter_map(|by| shift_year(now.year(), by));
        let (period, side) = self.pick(now, near, years.filter_map(make));
        Reading::of(period, true, format!("the year is not given: {side} {}", self.anchor()))
    }

    /// One of several periods, latest first, by tense and by "last", "this", "next".
    fn pick(
        &self,
        now: Date,
        near: Near,
        mut periods: impl Iterator<Item = Period>,
    ) -> (Option<Period>, &'static str) {
        match near {
            Near::Last => (periods.find(|p| p.last < now), "the last one before"),
            Near::Next => (periods.take_while(|p| p.first > now).last(), "the next one after"),
            Near::This => (periods.find(|p| p.first.year() == now.year()), "the one in the year of"),
            Near::Bare if self.tense == Tense::Future => {
                let mut next = None;
                let mut previous = None;
                for period in periods {
                    if period.last < now {
                        previous = Some(period);
                        break;
                    }
                    next = Some(period);
                }
                let far = next.is_none_or(|p| days_between(now, p.first) > FAR_DAYS);
                match previous.filter(|p| far && days_between(p.last, now) <= CLOSE_DAYS) {
                    Some(period) => (Some(period), "just past, and the next one far off:"),
                    None => (next, "told as future, so the next one after"),
                }
            }
            Near::Bare => {
                let past = self.tense == Tense::Past;
                let limit = |grain| match (grain, past) {
                    (Grain::Day, true) => AHEAD_PAST_DAYS,
                    (Grain::Day, false) => AHEAD_DAYS,
                    (_, true) => 0,
                    (_, false) => AHEAD_MONTH_DAYS,
                };
                (periods.find(|p| days_between(now, p.first) <= limit(p.grain)), "the nearest to")
            }
        }
    }

    /// A day of a month.
    fn day(&self, month: i8, day: i8, year: Year, weekday: Option<i8>) -> Reading {
        let make = |y: i16| Date::new(y, month, day).ok().map(Period::day);
        let value = format!("-{month:02}-{day:02}");
        let mut reading = self.recurring(year, Near::Bare, &value, make);
        let (Some(weekday), Some(period)) = (weekday, reading.period) else { return reading };
        let matches = |day: Date| day.weekday().to_monday_one_offset() == weekday;
        if matches(period.first) {
            return reading;
        }
        if year == Year::Missing {
            // The weekday tells the year: the nearest in which the date falls on it.
            let near = [-1, 1, -2, 2, -3, 3, -4, 4, -5, 5, -6, 6];
            let fitting = near
                .into_iter()
                .filter_map(|by| make(shift_year(period.first.year(), by)?))
                .find(|p| matches(p.first));
            if let Some(fitting) = fitting.filter(|p| days_between(period.first, p.first).abs() < 367) {
                return Reading::of(
                    Some(fitting),
                    true,
                    "the nearest year in which the date falls on that weekday",
                );
            }
        }
        reading.reason.push_str("; the weekday given does not fit the date");
        reading
    }

    /// A numeric date that could be read either way.
    fn either(&self, one: i8, other: i8, year: Year) -> Reading {
        let Ok((year, _, _)) = self.year(year) else {
            return Reading::missing("XXXX-XX-XX", true, "no year");
        };
        let (day_first, month_first) = (Date::new(year, other, one).ok(), Date::new(year, one, other).ok());
        if let (Some(now), Some(a), Some(b)) = (self.ground.now, day_first, month_first) {
            let limit = plus_days(now, AHEAD_PAST_DAYS).unwrap_or(now);
            match (a <= limit, b <= limit) {
                (true, false) => {
                    return Reading::given(
                        Some(Period::day(a)),
                        "day first, since month first lies ahead of publication",
                    );
                }
                (false, true) => {
                    return Reading::given(
                        Some(Period::day(b)),
                        "month first, since day first lies ahead of publication",
                    );
                }
                _ => {}
            }
        }
        Reading::missing(format!("{year:04}-XX-XX"), false, "day and month could stand either way round")
    }

    /// A weekday, by the day of publication.
    fn weekday(&self, weekday: i8, near: Near) -> Reading {
        let Some(now) = self.ground.now else {
            return Reading::missing(format!("XXXX-WXX-{weekday}"), true, Self::no_anchor());
        };
        let (pick, reason) = match (near, self.tense) {
            (Near::Last, _) => (Pick::Before, "the last such weekday before"),
            (Near::Next, _) => (Pick::After, "the next such weekday after"),
            (Near::This, Tense::Future) => (Pick::Coming, "told as future: that weekday on or after"),
            (Near::This, _) => (Pick::SameWeek, "that weekday in the week of"),
            (Near::Bare, Tense::Future) => {
                (Pick::Coming, "told as future: the first such weekday on or after")
            }
            (Near::Bare, _) => (Pick::Latest, "the latest such weekday on or before"),
        };
        Reading::of(
            weekday_near(now, weekday, pick).map(Period::day),
            true,
            format!("{reason} {}", self.anchor()),
        )
    }

    /// A period counted from now or from the one last spoken of.
    fn shift(&self, grain: Grain, by: i64, base: Base) -> Reading {
        let (from, name) = match base {
            Base::Now => (self.ground.now.map(Period::day), self.anchor()),
            Base::Text => (self.ground.text, "the date spoken of before".to_owned()),
        };
        if grain == Grain::Quarter && base == Base::Text && self.spoken_quarter().is_none() {
            // "The quarter", "the latest quarter" of a company's report: the last one that has ended.
            if let Some(now) = self.ground.now {
                let reason = format!("the last quarter that ended before {}", self.anchor());
                return Reading::of(Period::around(now, Grain::Quarter, by - 1), true, reason);
            }
        }
        let unknown = match grain {
            Grain::Day => "XXXX-XX-XX",
            Grain::Week | Grain::Weekend => "XXXX-WXX",
            Grain::Month => "XXXX-XX",
            _ => "XXXX",
        };
        let Some(from) = from else {
            let reason = match base {
                Base::Now => Self::no_anchor(),
                Base::Text => "counts from a date spoken of before, and none was found",
            };
            return Reading::missing(unknown, true, reason);
        };
        if from.grain > grain && base == Base::Text {
            return Reading::missing(
                unknown,
                true,
                "counts from a date spoken of before, which is not exact enough",
            );
        }
        let start = if by > 0 { from.last } else { from.first };
        let reason = match by {
            0 => format!("the one that holds {name}"),
            1 => format!("the next after {name}"),
            -1 => format!("the last before {name}"),
            _ => format!("{by} from {name}"),
        };
        Reading::of(Period::around(start, grain, by), true, reason)
    }

    /// A feast of either calendar.
    fn feast(&self, feast: Feast, year: Year, near: Near) -> Reading {
        let hijri_day = match feast {
            Feast::EidAlFitr => Some((10, 1)),
            Feast::EidAlAdha => Some((12, 10)),
            Feast::Ashura => Some((1, 10)),
            Feast::Mawlid => Some((3, 12)),
            _ => None,
        };
        match hijri_day {
            Some((month, day)) => {
                self.hijri(None, year, near, |y| hijri::day(y, month, day).map(Period::day))
            }
            None => self.recurring(year, near, "-XX-XX", |y| calendar::feast(feast, y).map(Period::day)),
        }
    }

    /// A point that comes once in every Hijri year.
    fn hijri(
        &self,
        hijri: Option<i32>,
        year: Year,
        near: Near,
        make: impl Fn(i32) -> Option<Period>,
    ) -> Reading {
        const NOTE: &str = "Umm al-Qura calendar, a day's difference by country";
        let mut reading = if let Some(hijri) = hijri {
            Reading::given(make(hijri), format!("Hijri year as written; {NOTE}"))
        } else if year != Year::Missing {
            match self.year(year) {
                Ok((year, relative, reason)) => {
                    // A civil year can hold two; the first is taken.
                    let first = Date::new(year, 1, 1).ok().and_then(hijri::year_of);
                    let period = first.and_then(|first| {
                        (first..=first + 1).filter_map(&make).find(|p| p.first.year() == year)
                    });
                    Reading::of(period, relative, format!("{reason}; {NOTE}"))
                }
                Err(reason) => Reading::missing("XXXX-XX-XX", true, reason),
            }
        } else if let Some(now) = self.ground.now {
            let this = hijri::year_of(now).unwrap_or(0);
            let (period, side) = self.pick(now, near, (this - 3..=this + 3).rev().filter_map(make));
            Reading::of(period, true, format!("the year is not given: {side} {}; {NOTE}", self.anchor()))
        } else {
            Reading::missing("XXXX-XX-XX", true, "the year is not given, and no day of publication is known")
        };
        if let Some(period) = reading.period {
            reading.approximate = true;
            // A Hijri month is no month of the civil calendar: its value is its days.
            if period.first != period.last {
                reading.value = Some(format!("{}/{}", period.first, period.last));
            }
        }
        reading
    }
}
