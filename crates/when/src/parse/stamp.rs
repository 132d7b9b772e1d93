//! A point with what narrows it: "early on Friday", "the end of 2020", "last night", "late yesterday".

use super::Parser;
use crate::calendar::Grain;
use crate::shape::{Base, Near, Piece, Point, Shape, Stamp, Trim, Year};
use crate::words::{Part, Unit, Word};

impl Parser<'_> {
    /// A point with its modifiers.
    pub(super) fn stamp(&self, at: usize) -> Option<(usize, Stamp)> {
        self.trimmed(at)
            .or_else(|| self.edge_of(at))
            .or_else(|| self.week_of(at))
            .or_else(|| self.part_of(at))
            .or_else(|| self.core(at))
            .map(|(next, stamp)| self.with_part(next, stamp))
    }

    /// "early May", "mid-March", "late on Thursday", "earlier this week".
    fn trimmed(&self, at: usize) -> Option<(usize, Stamp)> {
        let start = self.past(at, Word::The);
        let trim = match self.word(start) {
            Word::Early => Trim::Early,
            Word::Late => Trim::Late,
            Word::Mid => Trim::Mid,
            Word::Earlier => Trim::SoFar,
            Word::Later => Trim::Rest,
            _ => return None,
        };
        let mut next = self.past_dash(start + 1);
        if matches!(self.word(next), Word::On | Word::In) {
            next += 1;
        }
        let (to, stamp) = if let Some(found) = self.unit_at_hand(next) { found } else { self.core(next)? };
        Some((to, Stamp { trim, ..stamp }))
    }

    /// "the month", "the year" where a modifier shows that the running one is meant.
    fn unit_at_hand(&self, at: usize) -> Option<(usize, Stamp)> {
        let Word::Unit(
            unit @ (Unit::Day | Unit::Week | Unit::Month | Unit::Quarter | Unit::Year | Unit::Decade),
        ) = self.word(at + 1)
        else {
            return None;
        };
        if self.word(at) != Word::The || self.year_number(at + 2).is_some() || self.word(at + 2) == Word::Of {
            return None;
        }
        let base = if unit == Unit::Day { Base::Text } else { Base::Now };
        Some((at + 2, Stamp::whole(Point::Shift { grain: Grain::of(unit), by: 0, base })))
    }

    /// "the end of 2020", "the beginning of the month", "the middle of last week".
    fn edge_of(&self, at: usize) -> Option<(usize, Stamp)> {
        let start = self.past(at, Word::The);
        // "the very end", "the early part of".
        let edge = start + usize::from(self.text(start) == "very");
        let (of, trim) = match (self.word(edge), self.word(edge + 1)) {
            (Word::Start, _) => (edge + 1, Trim::Start),
            (Word::End, _) => (edge + 1, Trim::End),
            (Word::Mid, _) => (edge + 1, Trim::Mid),
            (Word::Early, _) if self.text(edge + 1) == "part" => (edge + 2, Trim::Early),
            (Word::Late, _) if self.text(edge + 1) == "part" => (edge + 2, Trim::Late),
            (Word::Unit(Unit::Year), _) | (Word::Unit(Unit::Month), _) if self.mark(edge + 1, '-') => {
                // "year-end".
                let Word::Unit(unit) = self.word(edge) else { return None };
                if self.word(edge + 2) != Word::End {
                    return None;
                }
                let point = Point::Shift { grain: Grain::of(unit), by: 0, base: Base::Now };
                return Some((edge + 3, Stamp { trim: Trim::End, ..Stamp::whole(point) }));
            }
            _ => return None,
        };
        if self.word(of) != Word::Of {
            return None;
        }
        let (to, stamp) = self.unit_at_hand(of + 1).or_else(|| self.core(of + 1))?;
        (stamp.trim == Trim::Whole).then_some((to, Stamp { trim, ..stamp }))
    }

    /// "the week of 3 March", "the week ending 12 May".
    fn week_of(&self, at: usize) -> Option<(usize, Stamp)> {
        let start = self.past(at, Word::The);
        if self.word(start) != Word::Unit(Unit::Week) {
            return None;
        }
        let trim = match (self.word(start + 1), self.text(start + 1)) {
            (Word::Of, _) => Trim::WeekOf,
            (_, "ending" | "ended") => Trim::WeekTo,
            (_, "beginning" | "starting" | "commencing") => Trim::WeekFrom,
            _ => return None,
        };
        let next = self.past(start + 2, Word::On);
        let (to, stamp) = self.core(next)?;
        let daily = matches!(stamp.point, Point::Day { .. } | Point::Weekday { .. });
        daily.then_some((to, Stamp { trim, ..stamp }))
    }

    /// "the night of 3 March", "the early hours of Friday", "the morning of last Tuesday".
    fn part_of(&self, at: usize) -> Option<(usize, Stamp)> {
        let start = self.past(at, Word::The);
        let (next, part) = match (self.word(start), self.word(start + 1)) {
            (Word::Part(part), _) => (start + 1, part),
            (Word::Early | Word::Late, Word::Units(Unit::Hour)) => {
                let part = if self.word(start) == Word::Early { Part::Morning } else { Part::Evening };
                (start + 2, part)
            }
            (Word::Early | Word::Late, Word::Part(part)) => (start + 2, part),
            _ => return None,
        };
        if !matches!(self.word(next), Word::Of | Word::On) {
            return None;
        }
        let (to, stamp) = self.core(next + 1)?;
        Some((to, Stamp { part: Some(part), ..stamp }))
    }

    /// A part of the day after a day: "Friday night", "yesterday in the morning", "Tuesday at noon".
    fn with_part(&self, at: usize, stamp: Stamp) -> (usize, Stamp) {
        let daily = matches!(
            stamp.point,
            Point::Day { .. }
                | Point::Weekday { .. }
                | Point::WeekdayOf { .. }
                | Point::Feast { .. }
                | Point::Shift { grain: Grain::Day, .. }
        );
        if !daily || stamp.part.is_some() || stamp.clock.is_some() {
            return (at, stamp);
        }
        let mut next = at;
        if matches!(self.word(next), Word::Early | Word::Late) {
            next += 1;
        }
        let after = match (self.word(next), self.word(next + 1)) {
            (Word::In, Word::The) => next + 2,
            (Word::At, _) => next + 1,
            _ => next,
        };
        match self.word(after) {
            Word::Part(part) => (after + 1, Stamp { part: Some(part), ..stamp }),
            Word::Noon => (after + 1, Stamp { clock: Some((12, 0)), ..stamp }),
            Word::Midnight => (after + 1, Stamp { clock: Some((0, 0)), ..stamp }),
            _ => (at, stamp),
        }
    }

    /// A point or a shift from now, without modifiers.
    pub(super) fn core(&self, at: usize) -> Option<(usize, Stamp)> {
        self.day_word(at)
            .or_else(|| self.quarter_of_year(at).map(|(next, point)| (next, Stamp::whole(point))))
            .or_else(|| self.shifted(at))
            .or_else(|| self.point(at).map(|(next, point)| (next, Stamp::whole(point))))
    }

    /// "today", "tonight", "yesterday", "overnight".
    fn day_word(&self, at: usize) -> Option<(usize, Stamp)> {
        let (by, part) = match self.word(at) {
            Word::Today => (0, None),
            Word::Tonight => (0, Some(Part::Night)),
            Word::Yesterday => (-1, None),
            Word::Tomorrow => (1, None),
            // A night's news is told the morning after; the night began the day before.
            Word::Overnight => (-1, Some(Part::Overnight)),
            _ => return None,
        };
        let point = Point::Shift { grain: Grain::Day, by, base: Base::Now };
        Some((at + 1, Stamp { part, ..Stamp::whole(point) }))
    }

    /// "last week", "this past Fall", "next Friday", "the following day", "that night".
    fn shifted(&self, at: usize) -> Option<(usize, Stamp)> {
        let the = self.word(at) == Word::The;
        let start = if the { at + 1 } else { at };
        let mut head = start + 1;
        let near = match (self.word(start), self.word(start + 1)) {
            (Word::This, Word::Past | Word::Last) => {
                head += 1;
                Near::Last
            }
            (Word::This, Word::Coming | Word::Next) => {
                head += 1;
                Near::Next
            }
            (Word::This | Word::Current, _) => Near::This,
            (Word::Last | Word::Past, _) => Near::Last,
            (Word::Next | Word::Coming, _) => Near::Next,
            (Word::Previous | Word::Following | Word::That | Word::Same, _) => {
                if self.word(start) == Word::That && the {
                    return None;
                }
                let same = self.word(start) == Word::That && self.word(head) == Word::Same;
                let head = if same { head + 1 } else { head };
                let by = match self.word(start) {
                    Word::Previous => -1,
                    Word::Following => 1,
                    _ => 0,
                };
                return self.shifted_head(head, by, Base::Text);
            }
            _ => return None,
        };
        head = self.past(head, Word::Fiscal);
        let by = match near {
            Near::Last => -1,
            Near::Next => 1,
            _ => 0,
        };
        match self.word(head) {
            Word::Unit(Unit::Day) if near == Near::Next => self.shifted_head(head, 1, Base::Text),
            Word::Unit(Unit::Second | Unit::Minute | Unit::Hour | Unit::Day | Unit::Night) => None,
            // "the next year" counts from what was told before, "next year" from now.
            Word::Unit(_) if the && near == Near::Next && self.word(start) == Word::Next => {
                self.shifted_head(head, by, Base::Text)
            }
            Word::Unit(_) => self.shifted_head(head, by, Base::Now),
            Word::Part(part) => {
                let base = if near == Near::Next { Base::Text } else { Base::Now };
                let point = Point::Shift { grain: Grain::Day, by, base };
                Some((head + 1, Stamp { part: Some(part), ..Stamp::whole(point) }))
            }
            Word::Month(..)
            | Word::Season(_)
            | Word::Weekday(..)
            | Word::Feast(_)
            | Word::Eid
            | Word::Hijri(_)
            | Word::Ord(1..=4)
            | Word::New => self.named_near(head, near),
            _ => None,
        }
    }

    /// The unit or part of day after "the following", "the same", "that".
    fn shifted_head(&self, head: usize, by: i64, base: Base) -> Option<(usize, Stamp)> {
        let (grain, part) = match self.word(head) {
            Word::Unit(Unit::Second | Unit::Minute | Unit::Hour) => return None,
            Word::Unit(unit) => (Grain::of(unit), None),
            Word::Part(part) => (Grain::Day, Some(part)),
            _ => return None,
        };
        // "that year-old", "the same month-long": the first half of a compound.
        if self.glued_mark(head + 1, '-') && self.glued(head + 2) {
            return None;
        }
        Some((head + 1, Stamp { part, ..Stamp::whole(Point::Shift { grain, by, base }) }))
    }

    /// A named period after "last", "this" or "next".
    fn named_near(&self, at: usize, to_near: Near) -> Option<(usize, Stamp)> {
        let named = match self.word(at) {
            Word::Season(season) => {
                let (to, year) = self.year_tail(at + 1, false);
                Some((to, Point::Season { season, year, near: to_near }))
            }
            Word::Ord(_) => self.quarter(at),
            _ => self.point(at),
        };
        let (to, mut point) = named?;
        match &mut point {
            Point::Month { near, .. }
            | Point::Season { near, .. }
            | Point::Quarter { near, .. }
            | Point::Weekday { near, .. }
            | Point::Feast { near, .. }
            | Point::HijriMonth { near, .. } => *near = to_near,
            Point::Day { year, .. } if *year == Year::Missing => {}
            _ => return None,
        }
        Some((to, Stamp::whole(point)))
    }

    /// "the first four months of this year", "the last week of May", "the first half of 2019".
    pub(super) fn portion(&self, at: usize) -> Option<(usize, Shape)> {
        let start = self.past(at, Word::The);
        let (mut next, from_end, skip) = match self.word(start) {
            Word::Ord(nth @ 1..) => (start + 1, false, nth - 1),
            Word::Last => (start + 1, true, 0),
            _ if matches!(self.text(start), "final" | "closing") => (start + 1, true, 0),
            _ if matches!(self.text(start), "opening") => (start + 1, false, 0),
            _ => return None,
        };
        let (count, piece) = match self.word(next) {
            Word::Half => {
                next += 1;
                (1, Piece::Half)
            }
            Word::Unit(unit) if !unit.is_clock() && unit != Unit::Quarter => {
                next += 1;
                (1, Piece::Unit(unit))
            }
            Word::Units(unit) if !unit.is_clock() => {
                // "the first days of May": as few as a plural can be taken for (ACLED's least "a few", 3).
                next += 1;
                (3, Piece::Unit(unit))
            }
            _ => {
                let (to, amount) = self.amount(next)?;
                next = to;
                if amount.unit.is_clock() {
                    return None;
                }
                (amount.count.unwrap_or(3), Piece::Unit(amount.unit))
            }
        };
        let of = if matches!(self.word(next), Word::Of | Word::In) { next + 1 } else { next };
        let (to, stamp) = self.unit_at_hand(of).or_else(|| self.core(of))?;
        let fits = match stamp.point {
            Point::Day { .. }
            | Point::Weekday { .. }
            | Point::WeekdayOf { .. }
            | Point::Weekend
            | Point::HijriDay { .. } => false,
            Point::Shift { grain, .. } => grain > Grain::Weekend,
            _ => true,
        };
        if !fits || (of == next && !matches!(self.word(of), Word::This | Word::Last)) {
            return None;
        }
        Some((to, Shape::Portion { from_end, skip, count, piece, of: stamp }))
    }

    /// "the third anniversary of 5 March 2014".
    pub(super) fn anniversary(&self, at: usize) -> Option<(usize, Shape)> {
        let start = self.past(at, Word::The);
        let (next, years) = if let Word::Ord(years) = self.word(start) {
            (start + 1, years)
        } else {
            let (years, _) = self.number(start)?;
            if self.word(start + 1) != Word::Suffix || !self.glued(start + 1) {
                return None;
            }
            (start + 2, years)
        };
        if self.word(next) != Word::Anniversary || self.word(next + 1) != Word::Of {
            return None;
        }
        let (to, stamp) = self.stamp(self.past(next + 2, Word::The)).or_else(|| self.stamp(next + 2))?;
        // Of a year alone ("the 2011 uprising") the day of the anniversary is not known; the year is read by itself.
        matches!(stamp.point, Point::Day { .. })
            .then_some((to, Shape::Anniversary { years: years.into(), of: stamp }))
    }
}
