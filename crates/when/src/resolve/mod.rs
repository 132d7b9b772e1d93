//! From shapes to days: what an expression means on the calendar, given the day of writing and the day last
//! spoken of.

mod point;

use jiff::civil::Date;
use record::vocabulary::{DateFrom, DateType, TimePrecision};
use text::Span;

use self::point::Reading;
use crate::calendar::{Grain, Period, Pick, days_between, plus_days, plus_months, shift_year, weekday_near};
use crate::shape::{Amount, Base, Origin, Piece, Point, Shape, Stamp, Trim, Year};
use crate::tense::Tense;
use crate::words::{Part, Unit, Word};
use crate::{Kind, TimeExpression};

/// "Around 20 March": days to either side, so that the precision is a week.
const AROUND_DAYS: i64 = 3;
/// "Recently": days back. Our reading; ACLED gives "recently" no rule, GED codes it to the month.
const RECENT_DAYS: i64 = 30;
/// "Recent weeks", "a few months": how many of the unit at most. Our reading of "several".
const SEVERAL: i64 = 6;
/// What relative words are read against.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Ground {
    /// The day of writing.
    pub now: Option<Date>,
    /// Whether that day is the dateline's.
    pub dateline: bool,
    /// The period last spoken of.
    pub text: Option<Period>,
}

/// What surrounds an expression.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Around {
    /// The word before it.
    pub before: Word,
    /// Whether a mark or the end follows.
    pub breaks: bool,
    pub tense: Tense,
}

/// A resolved expression, with the period that later expressions can be counted from.
pub(crate) struct Resolved {
    pub expression: TimeExpression,
    pub period: Option<Period>,
    /// The values of the two ends of a range.
    pub ends: Option<[String; 2]>,
}

/// Resolves a shape; none for what is no time expression.
pub(crate) fn resolve(shape: &Shape, span: Span, ground: &Ground, around: Around) -> Option<Resolved> {
    let solver = Solver { ground, tense: around.tense };
    let mut out = TimeExpression {
        span,
        kind: Kind::Date,
        value: None,
        ends: None,
        interval: None,
        precision: None,
        date_type: DateType::Unresolved,
        date_from: DateFrom::None,
        relative: false,
        reason: String::new(),
    };
    let mut period = None;
    let mut ends = None;
    match shape {
        Shape::Nothing => return None,
        Shape::At(stamp) => {
            let mut reading = solver.point(stamp.point);
            if let Some(week) = reading.period.and_then(|day| week_of(day, stamp.trim)) {
                reading.period = Some(week);
                reading.value = Some(week.value());
            }
            period = reading.period.filter(|_| stamp.trim == Trim::Whole);
            solver.place(&mut out, stamp, reading, around);
        }
        Shape::Range(left, right, _) => ends = solver.range(&mut out, left, right),
        Shape::Portion { from_end, skip, count, piece, of } => {
            solver.portion(&mut out, *from_end, *skip, *count, *piece, of);
        }
        Shape::Stretch { amount, ahead, base } => solver.stretch(&mut out, *amount, *ahead, *base),
        Shape::Away { amount, ahead, from } => period = solver.away(&mut out, *amount, *ahead, from),
        Shape::Anniversary { years, of } => {
            let reading = solver.point(of.point);
            out.reason = format!("{years} years after it; {}", reading.reason);
            let day = reading.period.and_then(|p| {
                let year = shift_year(p.first.year(), *years)?;
                Date::new(year, p.first.month(), p.first.day()).ok()
            });
            if let Some(day) = day {
                period = Some(Period::day(day));
                out.value = Some(day.to_string());
                set(&mut out, day, day, DateType::Exact);
            }
        }
        Shape::Duration(amount) => {
            out.kind = Kind::Duration;
            out.value = Some(amount.value());
            "a length of time, no date".clone_into(&mut out.reason);
        }
        Shape::Set(value) => {
            out.kind = Kind::Set;
            out.value = Some(value.clone());
            "a repetition, no single date".clone_into(&mut out.reason);
        }
        Shape::Vague(value, unit) => solver.vague(&mut out, value, *unit),
        Shape::Clock(hour, minute) => {
            out.kind = Kind::Time;
            out.value = Some(format!("T{hour:02}:{minute:02}"));
            "a time of day; the day is given elsewhere".clone_into(&mut out.reason);
        }
        Shape::Part(part) => {
            out.kind = Kind::Time;
            out.value = Some(part.suffix().to_owned());
            "a part of the day; the day is given elsewhere".clone_into(&mut out.reason);
        }
    }
    out.precision = out.interval.map(|(first, last)| TimePrecision::of_days(days_between(first, last) + 1));
    out.date_from = if out.interval.is_some() { DateFrom::Text } else { DateFrom::None };
    Some(Resolved { expression: out, period, ends })
}

/// The week that "the week of", "the week ending" and "the week beginning" a day mean.
fn week_of(day: Period, trim: Trim) -> Option<Period> {
    let (first, last) = match trim {
        Trim::WeekOf => return Period::week(day.first),
        Trim::WeekTo => (plus_days(day.last, -6)?, day.last),
        Trim::WeekFrom => (day.first, plus_days(day.first, 6)?),
        _ => return None,
    };
    Some(Period { first, last, grain: Grain::Week })
}

/// Sets the interval, the right way round.
fn set(out: &mut TimeExpression, first: Date, last: Date, date_type: DateType) {
    out.interval = Some((first, last.max(first)));
    out.date_type = if first >= last && date_type == DateType::Range { DateType::Exact } else { date_type };
}

/// The reader of shapes against one ground.
struct Solver<'a> {
    ground: &'a Ground,
    tense: Tense,
}

impl Solver<'_> {
    /// The anchor in words.
    fn anchor(&self) -> String {
        let name = if self.ground.dateline { "the dateline" } else { "the day of publication" };
        self.ground.now.map_or_else(|| name.to_owned(), |day| format!("{name} ({day})"))
    }

    /// Why a relative expression has no date.
    const fn no_anchor() -> &'static str {
        "relative, and neither day of publication nor dateline is known"
    }

    /// Writes a resolved point out: value, interval by modifier and by the preposition before it.
    fn place(&self, out: &mut TimeExpression, stamp: &Stamp, reading: Reading, around: Around) {
        out.relative = reading.relative;
        out.reason = reading.reason;
        out.value = reading.value.map(|value| match (stamp.clock, stamp.part) {
            (Some((hour, minute)), _) => format!("{value}T{hour:02}:{minute:02}"),
            (None, Some(part)) => format!("{value}{}", part.suffix()),
            (None, None) => value,
        });
        if stamp.clock.is_some() || stamp.part.is_some() {
            out.kind = Kind::Time;
        }
        let Some(period) = reading.period else { return };
        let (mut first, mut last) = (period.first, period.last);
        let mut date_type = if first == last { DateType::Exact } else { DateType::Range };
        if let Some((from, to)) = self.trim(period, stamp.trim) {
            (first, last) = (from, to);
            if period.first != period.last {
                date_type = if matches!(stamp.trim, Trim::SoFar | Trim::Rest) {
                    DateType::Range
                } else {
                    DateType::Approximate
                };
            }
        }
        if reading.approximate {
            date_type = DateType::Approximate;
        }
        // "Friday night" is Friday's; "overnight" leaves open on which side of midnight it happened.
        if stamp.part == Some(Part::Overnight) {
            last = plus_days(last, 1).unwrap_or(last);
            date_type = DateType::Range;
        }
        match around.before {
            Word::Approx if period.grain == Grain::Day => {
                first = plus_days(first, -AROUND_DAYS).unwrap_or(first);
                last = plus_days(last, AROUND_DAYS).unwrap_or(last);
                date_type = DateType::Approximate;
                out.reason.push_str("; \"around\": three days to either side");
            }
            Word::Approx => date_type = DateType::Approximate,
            Word::Since => {
                if let Some(now) = self.ground.now.filter(|&now| now >= first) {
                    last = now;
                    date_type = DateType::Range;
                    out.reason.push_str("; \"since\": up to the day of writing");
                }
            }
            Word::After if around.breaks && stamp.clock.is_none() && stamp.part.is_none() => {
                if let Some(now) = self.ground.now.filter(|&now| now >= first) {
                    last = now;
                    date_type = DateType::Range;
                    out.reason.push_str("; \"after\": up to the day of writing");
                }
            }
            Word::By | Word::Until => {
                if let Some(now) = self.ground.now.filter(|&now| now < last) {
                    first = now;
                    date_type = DateType::Range;
                    out.reason.push_str("; from the day of writing up to it");
                }
            }
            Word::Before if around.breaks && stamp.clock.is_none() && stamp.part.is_none() => {
                out.reason.push_str("; \"before\": a bound without a beginning");
                return;
            }
            _ => {}
        }
        set(out, first, last, date_type);
    }

    /// The part of a period that a modifier leaves.
    fn trim(&self, period: Period, trim: Trim) -> Option<(Date, Date)> {
        if period.grain == Grain::Day {
            return None;
        }
        match trim {
            Trim::Whole | Trim::WeekOf | Trim::WeekTo | Trim::WeekFrom => None,
            // The beginning and the end of a year are its first and last quarter.
            Trim::Start if period.grain == Grain::Year => {
                Period::quarter(period.first.year(), 1).map(Period::bounds)
            }
            Trim::End if period.grain == Grain::Year => {
                Period::quarter(period.first.year(), 4).map(Period::bounds)
            }
            Trim::Start | Trim::Early => period.thirds(0, 1),
            Trim::Mid => period.thirds(1, 2),
            Trim::End | Trim::Late => period.thirds(2, 3),
            Trim::SoFar => {
                let now = self.ground.now.filter(|&now| now >= period.first)?;
                Some((period.first, period.last.min(now)))
            }
            Trim::Rest => {
                let now = self.ground.now.filter(|&now| now <= period.last)?;
                Some((period.first.max(now), period.last))
            }
        }
    }

    /// From one point to another.
    fn range(&self, out: &mut TimeExpression, left: &Stamp, right: &Stamp) -> Option<[String; 2]> {
        let end = self.point(right.point);
        let mut begin = self.point(left.point);
        if let (Point::Weekday { weekday, .. }, Some(last)) = (left.point, end.period) {
            // The first weekday is the one before the second, whatever the tense.
            let day = weekday_near(last.first, weekday, Pick::Before).map(Period::day);
            begin = Reading::of(day, true, end.reason.clone());
        }
        out.relative = begin.relative || end.relative;
        let (Some(first), Some(last)) = (begin.period, end.period) else {
            let value = |reading: Reading| reading.value.unwrap_or_default();
            out.reason = if begin.period.is_none() { begin.reason.clone() } else { end.reason.clone() };
            let ends = [value(begin), value(end)];
            out.value = Some(ends.join("/"));
            return Some(ends);
        };
        let (from, _) = self.trim(first, left.trim).unwrap_or((first.first, first.last));
        let (_, mut to) = self.trim(last, right.trim).unwrap_or((last.first, last.last));
        if to < from {
            // The second of two dates without a year lies after the first: "from 28 December to 3 January".
            let later = shift_year(to.year(), 1).and_then(|year| Date::new(year, to.month(), to.day()).ok());
            to = match right.point.year() {
                Some(Year::Missing) => later.unwrap_or(to),
                _ => to,
            };
        }
        out.reason = format!("from one date to the other; {}", end.reason);
        out.value = Some(format!("{from}/{}", to.max(from)));
        let trimmed = left.trim != Trim::Whole || right.trim != Trim::Whole;
        set(out, from, to, if trimmed { DateType::Approximate } else { DateType::Range });
        Some([first.value(), last.value()])
    }

    /// "the first four months of this year".
    fn portion(
        &self,
        out: &mut TimeExpression,
        from_end: bool,
        skip: u32,
        count: u32,
        piece: Piece,
        of: &Stamp,
    ) {
        let reading = self.point(of.point);
        out.relative = reading.relative;
        out.reason = format!("part of it; {}", reading.reason);
        let Some(whole) = reading.period else {
            out.value = reading.value;
            return;
        };
        let (skip, count) = (i64::from(skip), i64::from(count.max(1)));
        let Some((first, last, value)) = piece_of(whole, from_end, skip, count, piece) else {
            "the period has no such part".clone_into(&mut out.reason);
            return;
        };
        out.value =
            Some(value.unwrap_or_else(|| {
                if first == last { first.to_string() } else { format!("{first}/{last}") }
            }));
        let date_type = if reading.approximate { DateType::Approximate } else { DateType::Range };
        set(out, first, last, date_type);
    }

    /// "the past two months": a length that ends now, or begins now.
    fn stretch(&self, out: &mut TimeExpression, amount: Amount, ahead: bool, base: Base) {
        out.kind = Kind::Duration;
        out.value = Some(amount.value());
        out.relative = true;
        let anchor = match base {
            Base::Now => self.ground.now,
            Base::Text => self.ground.text.map(|p| if ahead { p.last } else { p.first }),
        };
        let Some(anchor) = anchor else {
            Self::no_anchor().clone_into(&mut out.reason);
            return;
        };
        let vague = amount.count.is_none() || amount.vague;
        let count = amount.count.map_or(SEVERAL, i64::from);
        let count = if ahead { count } else { -count };
        let Some(other) = moved(anchor, amount.unit, count, amount.half) else {
            "reaches beyond the calendar".clone_into(&mut out.reason);
            return;
        };
        let side = if ahead { "from" } else { "up to" };
        out.reason =
            format!("so long {side} {}", if base == Base::Now { self.anchor() } else { anchor.to_string() });
        set(
            out,
            anchor.min(other),
            anchor.max(other),
            if vague { DateType::Approximate } else { DateType::Range },
        );
    }

    /// "two days ago", "three weeks later".
    fn away(&self, out: &mut TimeExpression, amount: Amount, ahead: bool, from: &Origin) -> Option<Period> {
        out.relative = true;
        out.value = Some(amount.value());
        let (origin, name) = match from {
            // "Third-quarter earnings rose from a year ago": what is compared with is a quarter too.
            Origin::Base(Base::Now) if amount.unit == Unit::Year && self.spoken_quarter().is_some() => {
                (self.spoken_quarter(), "the quarter spoken of before".to_owned())
            }
            Origin::Base(Base::Now) => (self.ground.now.map(Period::day), self.anchor()),
            Origin::Base(Base::Text) => (self.ground.text, "the date spoken of before".to_owned()),
            Origin::Stamp(stamp) => {
                let reading = self.point(stamp.point);
                (reading.period, format!("that date ({})", reading.reason))
            }
        };
        let Some(origin) = origin else {
            match from {
                Origin::Base(Base::Text) => "counts from a date spoken of before, and none was found",
                _ => Self::no_anchor(),
            }
            .clone_into(&mut out.reason);
            return None;
        };
        let start = if ahead { origin.last } else { origin.first };
        let sign = if ahead { 1 } else { -1 };
        let Some(count) = amount.count else {
            let (Some(far), Some(near)) =
                (moved(start, amount.unit, sign * SEVERAL, false), moved(start, amount.unit, sign, false))
            else {
                return None;
            };
            // "Days ago", "several weeks ago": from one to six of them.
            out.value = Some(if ahead { "FUTURE_REF" } else { "PAST_REF" }.to_owned());
            out.reason = format!("one to {SEVERAL} of the unit from {name}");
            set(out, far.min(near), far.max(near), DateType::Approximate);
            return None;
        };
        let count = sign * i64::from(count);
        let Some(day) = moved(start, amount.unit, count, amount.half) else {
            "reaches beyond the calendar".clone_into(&mut out.reason);
            return None;
        };
        // What is counted in weeks is known to the week, what is counted in months to the month.
        let grain = match amount.unit {
            Unit::Decade | Unit::Century => Grain::Year,
            unit if amount.half => {
                if unit == Unit::Year {
                    Grain::Month
                } else {
                    Grain::Day
                }
            }
            // A year before a quarter is that quarter of the year before.
            Unit::Year if matches!(origin.grain, Grain::Month | Grain::Quarter | Grain::Season) => {
                origin.grain
            }
            unit => {
                Grain::of(unit).max(if origin.grain > Grain::Weekend { origin.grain } else { Grain::Day })
            }
        };
        let period = Period::around(day, grain, 0)?;
        let direction = if ahead { "after" } else { "before" };
        out.reason = format!("counted {direction} {name}");
        out.value = Some(period.value());
        if amount.unit.is_clock() {
            out.kind = Kind::Time;
        }
        match grain {
            Grain::Day => {
                let date_type = if amount.vague { DateType::Approximate } else { DateType::Exact };
                set(out, day, day, date_type);
                return Some(period);
            }
            // A week ago is seven days ago, give or take, whatever the weekday of the Monday between.
            Grain::Week => {
                let (first, last) = (plus_days(day, -AROUND_DAYS)?, plus_days(day, AROUND_DAYS)?);
                set(out, first, last, DateType::Approximate);
            }
            _ => set(out, period.first, period.last, DateType::Approximate),
        }
        // What is only compared with ("from a year earlier") is not what is spoken of from here on.
        None
    }

    /// The quarter last spoken of.
    fn spoken_quarter(&self) -> Option<Period> {
        self.ground.text.filter(|period| period.grain == Grain::Quarter)
    }

    /// "recently", "in recent days", "the coming weeks".
    fn vague(&self, out: &mut TimeExpression, value: &str, unit: Option<Unit>) {
        out.value = Some(value.to_owned());
        out.relative = true;
        let ahead = match value {
            "PAST_REF" => false,
            "FUTURE_REF" => true,
            _ => {
                "the time of writing, no day of its own".clone_into(&mut out.reason);
                return;
            }
        };
        let Some(now) = self.ground.now else {
            Self::no_anchor().clone_into(&mut out.reason);
            return;
        };
        let far = match (unit, ahead) {
            (Some(Unit::Year | Unit::Decade | Unit::Century), _) | (None, true) => None,
            (Some(unit), _) => moved(now, unit, if ahead { SEVERAL } else { -SEVERAL }, false),
            (None, false) => plus_days(now, -RECENT_DAYS),
        };
        match far {
            Some(far) => {
                out.reason = if ahead {
                    format!("soon after {}, no day given", self.anchor())
                } else {
                    format!("shortly before {}, no day given", self.anchor())
                };
                set(out, far.min(now), far.max(now), DateType::Approximate);
            }
            None => "open: no day can be given".clone_into(&mut out.reason),
        }
    }
}

/// A day so many units on; a half unit is half of the next smaller measure.
fn moved(day: Date, unit: Unit, count: i64, half: bool) -> Option<Date> {
    let sign = if count < 0 { -1 } else { 1 };
    let extra = |of: i64| if half { sign * of } else { 0 };
    match unit {
        // Within the day; longer counts of hours reach other days.
        Unit::Second | Unit::Minute => Some(day),
        Unit::Hour => plus_days(day, count / 24),
        Unit::Day | Unit::Night => plus_days(day, count),
        Unit::Week | Unit::Weekend => plus_days(day, count.checked_mul(7)?.checked_add(extra(3))?),
        Unit::Month => plus_days(plus_months(day, count)?, extra(15)),
        Unit::Quarter => plus_months(day, count.checked_mul(3)?),
        Unit::Year => plus_months(day, count.checked_mul(12)?.checked_add(extra(6))?),
        Unit::Decade => plus_months(day, count.checked_mul(120)?.checked_add(extra(60))?),
        Unit::Century => plus_months(day, count.checked_mul(1200)?),
    }
}

/// A counted part of a period, with its value where it is a named period.
fn piece_of(
    whole: Period,
    from_end: bool,
    skip: i64,
    count: i64,
    piece: Piece,
) -> Option<(Date, Date, Option<String>)> {
    let unit = match piece {
        Piece::Half => {
            if whole.grain == Grain::Year && skip < 2 {
                let half = Period::half(
                    whole.first.year(),
                    if from_end { 2 } else { i8::try_from(skip).ok()? + 1 },
                )?;
                return Some((half.first, half.last, Some(half.value())));
            }
            let middle = plus_days(whole.first, whole.days() / 2)?;
            return Some(match (skip, from_end) {
                (0, false) => (whole.first, plus_days(middle, -1)?.max(whole.first), None),
                _ => (middle, whole.last, None),
            });
        }
        Piece::Unit(unit) => unit,
    };
    let (first, last) = if from_end {
        let first = moved(plus_days(whole.last, 1)?, unit, -count, false)?;
        (first, whole.last)
    } else {
        let first = moved(whole.first, unit, skip, false)?;
        (first, plus_days(moved(first, unit, count, false)?, -1)?)
    };
    if first > whole.last || first < whole.first || last < whole.first {
        return None;
    }
    let last = last.min(whole.last);
    let named = Period::around(first, Grain::of(unit), 0).filter(|p| p.first == first && p.last == last);
    Some((first, last.max(first), named.map(Period::value)))
}
