//! What the words of a time expression say, before any calendar is consulted.

use crate::calendar::Grain;
use crate::words::{Feast, Part, Season, Unit};

/// How the year is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Year {
    /// Not at all.
    Missing,
    /// In full.
    Given(i16),
    /// By its last two digits.
    Short(u8),
    /// "this year" 0, "last year" −1.
    FromNow(i64),
    /// "the same year" 0, "the following year" 1.
    FromText(i64),
}

/// Which of several is meant by "last", "this", "next".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Near {
    Bare,
    Last,
    This,
    Next,
}

/// What a shift is counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Base {
    /// The day of writing.
    Now,
    /// The day last spoken of.
    Text,
}

/// A named or counted period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Point {
    Day {
        month: i8,
        day: i8,
        year: Year,
        weekday: Option<i8>,
    },
    /// Day and month could be either way round.
    Either {
        one: i8,
        other: i8,
        year: Year,
    },
    Month {
        month: i8,
        year: Year,
        near: Near,
    },
    Season {
        season: Season,
        year: Year,
        near: Near,
    },
    Quarter {
        quarter: i8,
        year: Year,
        near: Near,
    },
    Year(Year),
    Decade(i16),
    Century(i16),
    Weekday {
        weekday: i8,
        near: Near,
    },
    /// "Friday of last week".
    WeekdayOf {
        weekday: i8,
        weeks: i64,
    },
    Weekend,
    Shift {
        grain: Grain,
        by: i64,
        base: Base,
    },
    Feast {
        feast: Feast,
        year: Year,
        near: Near,
    },
    HijriMonth {
        month: u8,
        hijri: Option<i32>,
        year: Year,
        near: Near,
    },
    HijriDay {
        month: u8,
        day: u8,
        hijri: Option<i32>,
        year: Year,
    },
}

impl Point {
    /// The year as written.
    pub(crate) const fn year(self) -> Option<Year> {
        match self {
            Self::Day { year, .. }
            | Self::Either { year, .. }
            | Self::Month { year, .. }
            | Self::Season { year, .. }
            | Self::Quarter { year, .. }
            | Self::Year(year)
            | Self::Feast { year, .. }
            | Self::HijriMonth { year, .. }
            | Self::HijriDay { year, .. } => Some(year),
            _ => None,
        }
    }

    /// The same with another year.
    pub(crate) const fn with_year(mut self, to: Year) -> Self {
        match &mut self {
            Self::Day { year, .. }
            | Self::Either { year, .. }
            | Self::Month { year, .. }
            | Self::Season { year, .. }
            | Self::Quarter { year, .. }
            | Self::Year(year)
            | Self::Feast { year, .. }
            | Self::HijriMonth { year, .. }
            | Self::HijriDay { year, .. } => *year = to,
            _ => {}
        }
        self
    }
}

/// Which part of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trim {
    Whole,
    Early,
    Mid,
    Late,
    /// "the beginning of 2021".
    Start,
    /// "the end of 2020".
    End,
    /// "the week of 3 March": the calendar week that holds the day.
    WeekOf,
    /// "the week ending 3 March".
    WeekTo,
    /// "the week beginning 3 March".
    WeekFrom,
    /// "earlier this week".
    SoFar,
    /// "later this week".
    Rest,
}

/// A period with the part of it that is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub point: Point,
    pub trim: Trim,
    pub part: Option<Part>,
    /// Hour and minute.
    pub clock: Option<(u8, u8)>,
}

impl Stamp {
    /// All of a period.
    pub(crate) const fn whole(point: Point) -> Self {
        Self { point, trim: Trim::Whole, part: None, clock: None }
    }
}

/// How many units: none where the words do not say ("days", "several weeks").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Amount {
    pub count: Option<u32>,
    /// Half a unit more.
    pub half: bool,
    pub unit: Unit,
    /// "about", "nearly", "a few".
    pub vague: bool,
}

impl Amount {
    /// As an ISO 8601 duration.
    pub(crate) fn value(self) -> String {
        let count = match (self.count, self.half) {
            (Some(count), false) => count.to_string(),
            (Some(count), true) => format!("{count}.5"),
            (None, _) => "X".to_owned(),
        };
        self.unit.duration(&count)
    }
}

/// What a portion is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece {
    Unit(Unit),
    Half,
}

/// What "three days after" counts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    Base(Base),
    /// A date that follows.
    Stamp(Stamp),
}

/// A whole time expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shape {
    At(Stamp),
    /// With the lexemes between the two ends, where each end is written out.
    Range(Stamp, Stamp, Option<(usize, usize)>),
    /// "the first four months of this year".
    Portion {
        from_end: bool,
        skip: u32,
        count: u32,
        piece: Piece,
        of: Stamp,
    },
    /// "the past two months".
    Stretch {
        amount: Amount,
        ahead: bool,
        base: Base,
    },
    /// "two days ago".
    Away {
        amount: Amount,
        ahead: bool,
        from: Origin,
    },
    /// "the third anniversary of 5 March 2014".
    Anniversary {
        years: i64,
        of: Stamp,
    },
    Duration(Amount),
    /// A repetition with its value.
    Set(String),
    /// A TIMEX3 reference value, with the unit that it is counted in.
    Vague(&'static str, Option<Unit>),
    /// A time of day alone.
    Clock(u8, u8),
    /// A part of a day alone.
    Part(Part),
    /// Read, and no time expression: an age.
    Nothing,
}

impl Shape {
    /// Whether a part of it counts from a date spoken of before.
    pub(crate) fn counts_from_text(&self) -> bool {
        let stamp = |stamp: &Stamp| {
            matches!(stamp.point, Point::Shift { base: Base::Text, .. })
                || matches!(stamp.point.year(), Some(Year::FromText(_)))
        };
        match self {
            Self::At(at) | Self::Portion { of: at, .. } | Self::Anniversary { of: at, .. } => stamp(at),
            Self::Range(left, right, _) => stamp(left) || stamp(right),
            Self::Stretch { base, .. } => *base == Base::Text,
            Self::Away { from: Origin::Base(base), amount, .. } => {
                *base == Base::Text || amount.unit == Unit::Year
            }
            Self::Away { from: Origin::Stamp(at), .. } => stamp(at),
            _ => false,
        }
    }
}
