//! Counts of units: "two and a half days", "24-hour", "several weeks", and what is built on them.

use super::Parser;
use crate::shape::{Amount, Base, Origin, Shape};
use crate::words::{Unit, Word};

/// A count: none where the words give no figure.
#[derive(Debug, Clone, Copy)]
struct Count {
    value: Option<u32>,
    half: bool,
    vague: bool,
}

impl Count {
    const fn exact(value: u32) -> Self {
        Self { value: Some(value), half: false, vague: false }
    }
}

impl Parser<'_> {
    /// Past "about", "at least", "more than", "up to"; and whether there were any.
    fn past_hedge(&self, at: usize) -> (usize, bool) {
        match (self.word(at), self.word(at + 1)) {
            (Word::Approx | Word::Over | Word::Some, _) => (at + 1, true),
            (Word::More | Word::Less, Word::Than)
            | (Word::At, Word::Least | Word::Most)
            | (Word::Up, Word::To) => (at + 2, true),
            _ => (at, false),
        }
    }

    /// A number in digits or words.
    fn count(&self, at: usize) -> Option<(usize, Count)> {
        if let Some((value, _)) = self.number(at) {
            if self.tied(at + 1, ':') {
                return None;
            }
            // A decimal counts as its whole part and a half; finer fractions of a unit make no other day.
            if self.tied(at + 1, '.') {
                return Some((at + 3, Count { value: Some(value), half: true, vague: false }));
            }
            let half = self.number(at + 1) == Some((1, 1))
                && self.mark(at + 2, '/')
                && self.number(at + 3).is_some();
            let next = if half { at + 4 } else { at + 1 };
            return Some((next, Count { value: Some(value), half, vague: false }));
        }
        match self.word(at) {
            Word::Card(value) => {
                let (next, value) = self.spelled(at, value);
                let half = self.word(next) == Word::And
                    && self.word(next + 1) == Word::A
                    && self.word(next + 2) == Word::Half;
                Some((if half { next + 3 } else { next }, Count { value: Some(value), half, vague: false }))
            }
            Word::Half => {
                let next = self.past(at + 1, Word::A);
                Some((next, Count { value: Some(0), half: true, vague: false }))
            }
            Word::A => match self.word(at + 1) {
                Word::Couple => {
                    Some((self.past(at + 2, Word::Of), Count { value: Some(2), half: false, vague: true }))
                }
                Word::Few => Some((at + 2, Count { value: None, half: false, vague: true })),
                Word::Hundred => Some((at + 2, Count::exact(100))),
                Word::Thousand => Some((at + 2, Count::exact(1000))),
                Word::Dozen => Some((at + 2, Count::exact(12))),
                Word::Half => Some((at + 2, Count { value: Some(0), half: true, vague: false })),
                _ => Some((at + 1, Count::exact(1))),
            },
            Word::Few | Word::Several | Word::Many | Word::Some => {
                Some((at + 1, Count { value: None, half: false, vague: true }))
            }
            Word::Couple => {
                Some((self.past(at + 1, Word::Of), Count { value: Some(2), half: false, vague: true }))
            }
            _ => None,
        }
    }

    /// "twenty-four", "two hundred", "three thousand".
    pub(super) fn spelled(&self, at: usize, first: u32) -> (usize, u32) {
        let mut next = at + 1;
        let mut value = first;
        if first >= 20 {
            let ones = if self.glued_mark(next, '-') { next + 1 } else { next };
            if let Word::Card(unit @ 1..=9) = self.word(ones) {
                value += unit;
                next = ones + 1;
            }
        }
        match self.word(next) {
            Word::Hundred => (next + 1, value * 100),
            Word::Thousand => (next + 1, value * 1000),
            _ => (next, value),
        }
    }

    /// A count with its unit: "two days", "24-hour", "a week", "some 20 minutes".
    pub(super) fn amount(&self, at: usize) -> Option<(usize, Amount)> {
        let (start, hedged) = self.past_hedge(at);
        let (mut next, count) = self.count(start)?;
        // "two more weeks", "two full days", "two straight nights".
        if self.word(next) == Word::More
            || matches!(self.text(next), "full" | "straight" | "consecutive" | "whole")
        {
            next += 1;
        }
        next = self.past_dash(next);
        next = self.past(next, Word::Fiscal);
        let unit = match self.word(next) {
            Word::Unit(unit) | Word::Units(unit) => unit,
            Word::Ord(2) if count.value == Some(1) && self.word(start) != Word::A => Unit::Second,
            Word::Part(crate::words::Part::Night) if count.value.is_some() => Unit::Night,
            _ => return None,
        };
        next += 1;
        // "a year and a half"; "a week or so", "a year or two".
        let mut half = count.half;
        let mut vague = count.vague || hedged;
        if self.word(next) == Word::And && self.word(next + 1) == Word::A && self.word(next + 2) == Word::Half
        {
            half = true;
            next += 3;
        } else if self.word(next) == Word::Or
            && (self.text(next + 1) == "so" || self.word(next + 1) == Word::Card(2))
        {
            vague = true;
            next += 2;
        }
        Some((next, Amount { count: count.value, half, unit, vague }))
    }

    /// Units without a count: "days", "weeks".
    pub(super) fn bare_units(&self, at: usize) -> Option<(usize, Amount)> {
        match self.word(at) {
            Word::Units(unit) => Some((at + 1, Amount { count: None, half: false, unit, vague: true })),
            _ => None,
        }
    }

    /// "the past two months", "the last 24 hours", "the next few days", "the past year".
    pub(super) fn stretch(&self, at: usize) -> Option<(usize, Shape)> {
        let determined = matches!(self.word(at), Word::The | Word::This) || self.text(at) == "these";
        let start = if determined { at + 1 } else { at };
        let (ahead, base) = match self.word(start) {
            Word::Last | Word::Past => (false, Base::Now),
            Word::Previous => (false, Base::Text),
            Word::Next | Word::Coming => (true, Base::Now),
            Word::Following => (true, Base::Text),
            _ => return None,
        };
        let head = start + 1;
        let (next, amount) =
            if let Some((next, amount)) = self.amount(head).filter(|_| self.word(head) != Word::A) {
                (next, amount)
            } else if let Word::Unit(unit) = self.word(head) {
                // "the past month" is the month up to now, "last month" the one before this one.
                let trailing = self.word(start) == Word::Past
                    || (self.word(start) == Word::Last && determined && self.word(at) == Word::The);
                if !trailing || unit == Unit::Weekend || self.word(head + 1) == Word::Of {
                    return None;
                }
                (head + 1, Amount { count: Some(1), half: false, unit, vague: false })
            } else if let Some((next, amount)) = self.bare_units(head) {
                let value = if ahead { "FUTURE_REF" } else { "PAST_REF" };
                return Some((next, Shape::Vague(value, Some(amount.unit))));
            } else if self.word(head) == Word::Period || self.text(head) == "phase" {
                let value = if ahead { "FUTURE_REF" } else { "PAST_REF" };
                return Some((head + 1, Shape::Vague(value, None)));
            } else {
                return None;
            };
        Some((next, Shape::Stretch { amount, ahead, base }))
    }

    /// "two days ago", "three weeks later", "two days before Christmas", "a week from now".
    pub(super) fn away(&self, at: usize) -> Option<(usize, Shape)> {
        if self.word(at) == Word::The && self.word(at + 1) == Word::Unit(Unit::Day) {
            return self.day_beside(at);
        }
        let start = self.past(at, Word::The);
        if let Some(found) = self.year_ago(start) {
            return Some(found);
        }
        let (next, amount) = self.amount(start).or_else(|| self.bare_units(start))?;
        let back = |from| Shape::Away { amount, ahead: false, from };
        let ahead = |from| Shape::Away { amount, ahead: true, from };
        match self.word(next) {
            Word::Ago => Some((next + 1, back(Origin::Base(Base::Now)))),
            Word::Earlier => Some((next + 1, back(Origin::Base(Base::Text)))),
            Word::Later => Some((next + 1, ahead(Origin::Base(Base::Text)))),
            Word::Before | Word::After if start == at => {
                let from_now = self.word(next) == Word::After;
                if let Some((to, stamp)) = self.stamp(next + 1) {
                    return Some((to, Shape::Away { amount, ahead: from_now, from: Origin::Stamp(stamp) }));
                }
                // After an event that is no date ("two days after the attack") it is a length, read as one.
                let told = Origin::Base(Base::Text);
                self.at_break(next + 1)
                    .then_some((next + 1, Shape::Away { amount, ahead: from_now, from: told }))
            }
            Word::From if matches!(self.word(next + 1), Word::Now | Word::Today) => {
                Some((next + 2, ahead(Origin::Base(Base::Now))))
            }
            _ if self.mark(next, '\'') && self.word(next + 1) == Word::Time => {
                Some((next + 2, ahead(Origin::Base(Base::Now))))
            }
            _ => None,
        }
    }

    /// "year-earlier", "the year-ago quarter".
    fn year_ago(&self, at: usize) -> Option<(usize, Shape)> {
        if self.word(at) != Word::Unit(Unit::Year) || !self.mark(at + 1, '-') {
            return None;
        }
        let base = match self.word(at + 2) {
            Word::Ago => Base::Now,
            Word::Earlier => Base::Text,
            _ => return None,
        };
        let amount = Amount { count: Some(1), half: false, unit: Unit::Year, vague: false };
        let noun = matches!(self.word(at + 3), Word::Unit(Unit::Quarter) | Word::Period);
        let to = if noun { at + 4 } else { at + 3 };
        Some((to, Shape::Away { amount, ahead: false, from: Origin::Base(base) }))
    }

    /// "the day before yesterday", "the day after the 3 March attack", "the day before".
    fn day_beside(&self, at: usize) -> Option<(usize, Shape)> {
        let ahead = match self.word(at + 2) {
            Word::After => true,
            Word::Before => false,
            _ => return None,
        };
        let amount = Amount { count: Some(1), half: false, unit: Unit::Day, vague: false };
        if let Some((to, stamp)) = self.stamp(at + 3) {
            return Some((to, Shape::Away { amount, ahead, from: Origin::Stamp(stamp) }));
        }
        let from = Origin::Base(Base::Text);
        self.at_break(at + 3).then_some((at + 3, Shape::Away { amount, ahead, from }))
    }

    /// A length of time, or an age, which is none of our business.
    pub(super) fn counted(&self, at: usize) -> Option<(usize, Shape)> {
        let start = self.past(at, Word::The);
        let (next, amount) = self.amount(start).or_else(|| self.bare_units(at))?;
        let after = self.past_dash(next);
        let age = self.word(after) == Word::Old
            || (self.word(next) == Word::Of && self.word(next + 1) == Word::Age)
            || (self.mark(next, '\'') && self.text(next + 1) == "imprisonment");
        if age {
            return Some((after + 1, Shape::Nothing));
        }
        // "a day", "a second" alone are articles more often than lengths.
        if self.word(start) == Word::A && matches!(amount.unit, Unit::Second | Unit::Quarter) {
            return None;
        }
        // "three times a day".
        if self.word(start) == Word::A
            && matches!(self.text(start.wrapping_sub(1)), "times" | "once" | "twice")
        {
            return Some((next, Shape::Set(amount.value())));
        }
        Some((next, Shape::Duration(amount)))
    }
}
