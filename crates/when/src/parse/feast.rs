//! Feasts, and the months and days of the Hijri calendar.

use super::Parser;
use crate::lex::Case;
use crate::shape::{Near, Point, Year};
use crate::words::{Feast, Unit, Word};

/// Years of the Hijri calendar that reports of the last hundred years can name.
const HIJRI_YEARS: std::ops::RangeInclusive<u32> = 1340..=1600;

impl Parser<'_> {
    /// "Ramadan", "the holy month of Ramadan", "Muharram 1442".
    pub(super) fn hijri_month(&self, at: usize) -> Option<(usize, Point)> {
        let mut next = at;
        while next < at + 3 && self.word(next) == Word::Muslim {
            next += 1;
        }
        if self.word(next) == Word::Unit(Unit::Month) {
            next = self.past(next + 1, Word::Of);
        }
        let Word::Hijri(month) = self.word(next) else { return None };
        let introduced = next > at;
        let (to, hijri, year) = self.hijri_year(next + 1);
        let dated = hijri.is_some() || year != Year::Missing;
        // Ramadan, Rajab, Safar and Shaban are also names of people: a neighbour in capitals that is no part
        // of a date makes them one.
        let named = |neighbour: usize| {
            self.is_word(neighbour)
                && self.case(neighbour) != Case::Lower
                && self.word(neighbour) == Word::Other
        };
        let person = (next > 0 && named(next - 1) && next > 1)
            || named(next + 1)
            || self.mark(next.wrapping_sub(1), '-');
        if !introduced && !dated && (person || !matches!(month, 1 | 9)) {
            return None;
        }
        Some((to, Point::HijriMonth { month, hijri, year, near: Near::Bare }))
    }

    /// A year of either calendar after a Hijri month.
    fn hijri_year(&self, at: usize) -> (usize, Option<i32>, Year) {
        let start = self.past_comma(at);
        if let Some((value, 4)) = self.number(start)
            && HIJRI_YEARS.contains(&value)
        {
            let to = if matches!(self.text(start + 1), "AH" | "H") { start + 2 } else { start + 1 };
            return (to, i32::try_from(value).ok(), Year::Missing);
        }
        let (to, year) = self.year_tail(at, false);
        (to, None, year)
    }

    /// "15 Ramadan 1441", "the 10th of Muharram".
    pub(super) fn hijri_day(&self, at: usize) -> Option<(usize, Point)> {
        let (next, day) = self.day_number(at)?;
        let name = self.past(next, Word::Of);
        let Word::Hijri(month) = self.word(name) else { return None };
        let (to, hijri, year) = self.hijri_year(name + 1);
        Some((to, Point::HijriDay { month, day: u8::try_from(day).ok()?, hijri, year }))
    }

    /// "Christmas Eve", "Eid al-Fitr", "New Year's Day".
    pub(super) fn feast(&self, at: usize) -> Option<(usize, Point)> {
        let (mut next, feast) = match self.word(at) {
            Word::Feast(Feast::Christmas) if self.word(at + 1) == Word::Eve => (at + 2, Feast::ChristmasEve),
            Word::Feast(feast) if self.case(at) != Case::Lower => (at + 1, feast),
            Word::Good if self.word(at + 1) == Word::Weekday(5, false) && self.case(at) != Case::Lower => {
                (at + 2, Feast::GoodFriday)
            }
            Word::New if self.word(at + 1) == Word::Unit(Unit::Year) && self.case(at) != Case::Lower => {
                let after = self.past_apostrophe(at + 2);
                let after = if after > at + 2 { self.past(after, Word::S) } else { after };
                match self.word(after) {
                    Word::Eve => (after + 1, Feast::NewYearsEve),
                    Word::Unit(Unit::Day) => (after + 1, Feast::NewYear),
                    _ => return None,
                }
            }
            Word::Eid if self.case(at) != Case::Lower => {
                let mut next = self.past_dash(at + 1);
                next = self.past_dash(self.past(next, Word::Al));
                match self.word(next) {
                    Word::Fitr => (next + 1, Feast::EidAlFitr),
                    Word::Adha => (next + 1, Feast::EidAlAdha),
                    _ => return None,
                }
            }
            _ => return None,
        };
        next = self.past(next, Word::Unit(Unit::Day));
        let (to, year) = self.year_tail(next, false);
        Some((to, Point::Feast { feast, year, near: Near::Bare }))
    }
}
