//! Ranges, repetitions, times of day and vague references.

use super::Parser;
use crate::calendar::Grain;
use crate::shape::{Point, Shape, Stamp, Year};
use crate::words::{Part, Unit, Word};

impl Parser<'_> {
    /// "3-5 March", "from Monday to Wednesday", "2014-2017", "between 3 and 5 March".
    pub(super) fn range(&self, at: usize) -> Option<(usize, Shape)> {
        self.days_of_month(at)
            .or_else(|| self.month_days(at))
            .or_else(|| self.years(at))
            .or_else(|| self.two_stamps(at))
    }

    /// What joins the two ends of a range; "and" only after "between".
    fn joint(&self, start: usize, at: usize) -> Option<usize> {
        match self.word(at) {
            Word::To | Word::Through | Word::Until => Some(at + 1),
            Word::And if matches!(self.word_before(start), Word::Between) => Some(at + 1),
            _ if self.mark(at, '-') => Some(at + 1),
            _ => None,
        }
    }

    /// "3-5 March 2019", "between 3 and 5 March", "3 and 5 March", "night of 3 to 4 March".
    fn days_of_month(&self, at: usize) -> Option<(usize, Shape)> {
        let start = self.past(at, Word::The);
        let (next, first) = self.day_number(start)?;
        let second = match self.word(next) {
            Word::And | Word::Or => next + 1,
            _ if self.mark(next, '/') => next + 1,
            _ => self.joint(start, next)?,
        };
        let second = self.past(second, Word::The);
        self.day_number(second)?;
        let (to, point) = self.day_month(second)?;
        let Point::Day { month, day, year, .. } = point else { return None };
        if first >= day {
            return None;
        }
        let left = Point::Day { month, day: first, year, weekday: None };
        Some((to, Shape::Range(Stamp::whole(left), Stamp::whole(point), None)))
    }

    /// "March 3-5, 2019", "between March 3 and 5".
    fn month_days(&self, at: usize) -> Option<(usize, Shape)> {
        let (next, month, _) = self.month(at)?;
        let (after, first) = self.day_number(next)?;
        let dash = self.mark(after, '-') || self.mark(after, '/');
        let second = match self.word(after) {
            Word::And => after + 1,
            _ if dash => after + 1,
            _ => self.joint(at, after)?,
        };
        let (end, day) = self.day_number(second)?;
        if first >= day || (self.mark(end, '-') && matches!(self.word(end + 1), Word::Unit(_))) {
            return None;
        }
        let (to, year) = self.year_tail(end, false);
        // "on May 3 and 5 people": without "between" or a dash the second figure must not count what follows.
        let counts = self.is_word(to)
            && !matches!(self.word(to), Word::In | Word::At | Word::On | Word::And | Word::Of | Word::By);
        if !dash
            && !matches!(self.word_before(at), Word::Between | Word::From)
            && year == Year::Missing
            && counts
        {
            return None;
        }
        let point = |day| Stamp::whole(Point::Day { month, day, year, weekday: None });
        Some((to, Shape::Range(point(first), point(day), None)))
    }

    /// "2014-2017", "2019-20", "2014 to 2017" after "from".
    fn years(&self, at: usize) -> Option<(usize, Shape)> {
        let (next, first) = self.year_number(at)?;
        if !self.mark(next, '-') || (at > 0 && self.mark(at - 1, '-') && self.glued(at)) {
            return None;
        }
        let last = match self.number(next + 1)? {
            (last, 4) => i16::try_from(last).ok()?,
            (last, 2) => first.checked_div(100)?.checked_mul(100)?.checked_add(i16::try_from(last).ok()?)?,
            _ => return None,
        };
        let plausible = (1800..=2099).contains(&first) && last > first && last <= 2099;
        let to = next + 2;
        if !plausible || self.glued_mark(to, '-') || (self.is_word(to) && self.glued(to)) {
            return None;
        }
        let year = |year| Stamp::whole(Point::Year(Year::Given(year)));
        Some((to, Shape::Range(year(first), year(last), None)))
    }

    /// Two points of like grain with a joint between them.
    fn two_stamps(&self, at: usize) -> Option<(usize, Shape)> {
        let (next, left) = self.stamp(at)?;
        let either = self.word(next) == Word::Or;
        let second = if either { next + 1 } else { self.joint(at, next)? };
        let (to, mut right) = match self.stamp(second) {
            Some(found) => found,
            // "between 2014 and 2017", "from 2014 to 2017": the first year makes the second figure one.
            None => match (left.point, self.year_number(second)) {
                (Point::Year(_), Some((to, year))) => (to, Stamp::whole(Point::Year(Year::Given(year)))),
                _ => return None,
            },
        };
        let mut left = left;
        if !joinable(left.point, right.point) {
            return None;
        }
        // The year stands once, with the second date: "28 February to 3 March 2019".
        if let (Some(Year::Missing), Some(year)) = (left.point.year(), right.point.year())
            && year != Year::Missing
        {
            let turns = matches!((month_of(left.point), month_of(right.point)), (Some(a), Some(b)) if a > b);
            let year = match year {
                Year::Given(year) if turns => Year::Given(year.checked_sub(1)?),
                other => other,
            };
            left.point = left.point.with_year(year);
        }
        if let (Some(year @ Year::Given(first)), Some(Year::Missing)) =
            (left.point.year(), right.point.year())
        {
            let turns = matches!((month_of(left.point), month_of(right.point)), (Some(a), Some(b)) if a > b);
            let year = if turns { Year::Given(first.checked_add(1)?) } else { year };
            right.point = right.point.with_year(year);
        }
        Some((to, Shape::Range(left, right, Some((next, second)))))
    }

    /// "every Friday", "each year", "Fridays", "daily", "every two weeks".
    pub(super) fn repeated(&self, at: usize) -> Option<(usize, Shape)> {
        match self.word(at) {
            Word::Weekdays(day) => return Some((at + 1, Shape::Set(format!("XXXX-WXX-{day}")))),
            Word::Repeated(unit) => return Some((at + 1, Shape::Set(unit.duration("1")))),
            Word::Per => {
                let Word::Unit(unit) = self.word(at + 1) else { return None };
                return Some((at + 2, Shape::Set(unit.duration("1"))));
            }
            Word::Every | Word::Each => {}
            _ => return None,
        }
        let head = if matches!(self.text(at + 1), "other" | "single") { at + 2 } else { at + 1 };
        let other = self.text(at + 1) == "other";
        let value = match self.word(head) {
            Word::Unit(unit) => unit.duration(if other { "2" } else { "1" }),
            Word::Weekday(day, _) => format!("XXXX-WXX-{day}"),
            Word::Month(month, _) => format!("XXXX-{month:02}"),
            Word::Season(season) => format!("XXXX-{}", season_code(season)),
            Word::Part(part) => format!("XXXX-XX-XX{}", part.suffix()),
            _ => {
                let (to, amount) = self.amount(head)?;
                return Some((to, Shape::Set(amount.value())));
            }
        };
        Some((head + 1, Shape::Set(value)))
    }

    /// A time of day with its marker: "9 a.m.", "10:30", "noon".
    fn clock(&self, at: usize) -> Option<(usize, (u8, u8))> {
        match self.word(at) {
            Word::Noon => return Some((at + 1, (12, 0))),
            Word::Midnight => return Some((at + 1, (0, 0))),
            _ => {}
        }
        let (hour, digits) = self.number(at)?;
        if at > 0
            && self.glued(at)
            && (self.mark(at - 1, ':') || self.mark(at - 1, '.') || self.mark(at - 1, '-'))
        {
            return None;
        }
        let mut next = at + 1;
        let mut minute = 0;
        let mut written = false;
        if digits <= 2 && (self.tied(next, ':') || self.tied(next, '.')) {
            let (value, 2) = self.number(next + 1)? else { return None };
            minute = value;
            written = self.mark(next, ':');
            next += 2;
            // Seconds.
            if self.tied(next, ':') {
                next += 2;
            }
        }
        let mut hour = hour;
        let mut marked = written;
        if let Some((to, afternoon)) = self.meridiem(next) {
            if hour == 0 || hour > 12 {
                return None;
            }
            hour = hour % 12 + if afternoon { 12 } else { 0 };
            next = to;
            marked = true;
        } else if self.text(next) == "o" && self.mark(next + 1, '\'') && self.text(next + 2) == "clock" {
            next += 3;
            marked = true;
        } else if digits == 4 && self.word(next) == Word::Zone {
            // "1030 GMT".
            minute = hour % 100;
            hour /= 100;
            marked = true;
        }
        if self.word(next) == Word::Zone {
            next += 1;
        }
        if !marked || hour > 24 || minute > 59 {
            return None;
        }
        Some((next, (u8::try_from(hour % 24).ok()?, u8::try_from(minute).ok()?)))
    }

    /// "a.m.", "pm".
    fn meridiem(&self, at: usize) -> Option<(usize, bool)> {
        match self.word(at) {
            Word::Am => return Some((at + 1, false)),
            Word::Pm => return Some((at + 1, true)),
            _ => {}
        }
        let afternoon = match self.text(at) {
            "a" | "A" => false,
            "p" | "P" => true,
            _ => return None,
        };
        if !self.glued_mark(at + 1, '.') || !matches!(self.text(at + 2), "m" | "M") {
            return None;
        }
        // The last full stop may also end the sentence; it belongs to the abbreviation.
        let to = if self.glued_mark(at + 3, '.') { at + 4 } else { at + 3 };
        Some((to, afternoon))
    }

    /// A time of day, with the day where one follows: "9 a.m. Tuesday", "noon on 3 March".
    pub(super) fn clock_expression(&self, at: usize) -> Option<(usize, Shape)> {
        let (next, clock) = self.clock(at)?;
        let day = self.past(self.past_comma(next), Word::On);
        if let Some((to, stamp)) = self.core(day) {
            let daily = matches!(
                stamp.point,
                Point::Day { .. }
                    | Point::Weekday { .. }
                    | Point::WeekdayOf { .. }
                    | Point::Shift { grain: Grain::Day, .. }
            );
            if daily {
                return Some((to, Shape::At(Stamp { clock: Some(clock), ..stamp })));
            }
        }
        Some((next, Shape::Clock(clock.0, clock.1)))
    }

    /// "recently", "now", "recent days", "the coming period", "in the future".
    pub(super) fn vague(&self, at: usize) -> Option<(usize, Shape)> {
        let start = self.past(at, Word::The);
        let the = start > at;
        let unit_after = |head: usize| match self.word(head) {
            Word::Units(unit) => Some((head + 1, Some(unit))),
            Word::Period => Some((head + 1, None)),
            _ if matches!(self.text(head), "times" | "past") => Some((head + 1, None)),
            _ => None,
        };
        match self.word(start) {
            Word::Recently => Some((start + 1, Shape::Vague("PAST_REF", None))),
            Word::Recent => {
                // Without "recent", "latest" is only a superlative.
                let (to, unit) = unit_after(start + 1)?;
                Some((to, Shape::Vague("PAST_REF", unit)))
            }
            Word::Now | Word::Currently => Some((start + 1, Shape::Vague("PRESENT_REF", None))),
            Word::Coming | Word::Next => {
                let (to, unit) = unit_after(start + 1)?;
                Some((to, Shape::Vague("FUTURE_REF", unit)))
            }
            Word::Past if the && !self.is_word(start + 1) => {
                Some((start + 1, Shape::Vague("PAST_REF", None)))
            }
            Word::Past if the && self.word_before(at) == Word::In => {
                Some((start + 1, Shape::Vague("PAST_REF", None)))
            }
            Word::Future if the => Some((start + 1, Shape::Vague("FUTURE_REF", None))),
            Word::Moment if the && self.word_before(at) == Word::At => {
                Some((start + 1, Shape::Vague("PRESENT_REF", None)))
            }
            _ if self.text(start) == "these" && self.word(start + 1) == Word::Units(Unit::Day) => {
                Some((start + 2, Shape::Vague("PRESENT_REF", None)))
            }
            _ if the
                && matches!(self.text(start), "near" | "foreseeable" | "distant")
                && self.word(start + 1) == Word::Future =>
            {
                Some((start + 2, Shape::Vague("FUTURE_REF", None)))
            }
            _ => None,
        }
    }

    /// "in the morning", "at dawn", "at night": a part of a day that the text places elsewhere.
    pub(super) fn part_alone(&self, at: usize) -> Option<(usize, Shape)> {
        let start = self.past(at, Word::The);
        let placed = match self.word_before(at) {
            Word::In | Word::During => start > at,
            Word::At | Word::Before | Word::After | Word::Until | Word::By => true,
            _ => false,
        };
        let Word::Part(part) = self.word(start) else { return None };
        (placed && part != Part::Daytime).then_some((start + 1, Shape::Part(part)))
    }
}

/// Whether two points can be the ends of one range.
fn joinable(left: Point, right: Point) -> bool {
    use Point as P;
    matches!(
        (left, right),
        (
            P::Day { .. } | P::Weekday { .. } | P::WeekdayOf { .. },
            P::Day { .. } | P::Weekday { .. } | P::WeekdayOf { .. }
        ) | (P::Day { .. } | P::Weekday { .. }, P::Shift { grain: Grain::Day, .. })
            | (
                P::Shift { grain: Grain::Day, .. },
                P::Day { .. } | P::Weekday { .. } | P::Shift { grain: Grain::Day, .. }
            )
            | (P::Month { .. }, P::Month { .. })
            | (P::Year(_), P::Year(_))
            | (P::Season { .. }, P::Season { .. })
            | (P::Quarter { .. }, P::Quarter { .. })
    )
}

/// The month of a point that names one.
const fn month_of(point: Point) -> Option<i8> {
    match point {
        Point::Day { month, .. } | Point::Month { month, .. } => Some(month),
        _ => None,
    }
}

/// TIMEX3's two letters for a season.
const fn season_code(season: crate::words::Season) -> &'static str {
    match season {
        crate::words::Season::Spring => "SP",
        crate::words::Season::Summer => "SU",
        crate::words::Season::Autumn => "FA",
        crate::words::Season::Winter => "WI",
    }
}
