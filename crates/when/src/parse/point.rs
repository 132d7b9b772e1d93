//! Named days, months, seasons, quarters, years, decades: what stands on the calendar by its own name.

use super::Parser;
use crate::calendar::Grain;
use crate::lex::Case;
use crate::shape::{Base, Near, Point, Year};
use crate::words::{Unit, Word};

/// Years that a bare figure may stand for.
const BARE_YEARS: std::ops::RangeInclusive<u32> = 1500..=2099;
/// Years that a figure beside a month may stand for.
const DATED_YEARS: std::ops::RangeInclusive<u32> = 1000..=2199;

/// "The quarter": the one spoken of.
const SPOKEN_QUARTER: Point = Point::Shift { grain: Grain::Quarter, by: 0, base: Base::Text };

impl Parser<'_> {
    /// A point by name, without modifiers.
    pub(super) fn point(&self, at: usize) -> Option<(usize, Point)> {
        if self.number(at).is_some() {
            return self
                .numeric_date(at)
                .or_else(|| self.day_month(at))
                .or_else(|| self.hijri_day(at))
                .or_else(|| self.decade(at))
                .or_else(|| self.century(at))
                .or_else(|| self.bare_year(at));
        }
        match self.word(at) {
            Word::Month(..) => self.month_day(at).or_else(|| self.bare_month(at)),
            Word::Weekday(..) => self.weekday(at),
            Word::The => self.after_the(at),
            Word::Ord(_) => self.day_month(at).or_else(|| self.quarter(at)).or_else(|| self.century(at)),
            Word::Card(_) => {
                self.day_month(at).or_else(|| self.century(at)).or_else(|| self.spelled_year(at))
            }
            Word::Season(_) => self.season(at, at),
            Word::Hijri(_) | Word::Muslim => self.hijri_month(at),
            Word::Feast(_) | Word::Eid | Word::New | Word::Good => self.feast(at),
            Word::Fiscal => self.fiscal(at),
            Word::Unit(Unit::Year) => self.year_named(at),
            Word::Other => self.quarter_code(at),
            _ if self.mark(at, '\'') => self.decade(at),
            _ => None,
        }
    }

    /// What "the" may begin.
    fn after_the(&self, at: usize) -> Option<(usize, Point)> {
        let next = at + 1;
        match self.word(next) {
            Word::Ord(_) => {
                self.day_month(next).or_else(|| self.quarter(next)).or_else(|| self.century(next))
            }
            Word::Card(_) => self.day_month(next).or_else(|| self.century(next)),
            Word::Season(_) => self.season(at, next),
            Word::Decade(_) => self.decade(next),
            Word::Hijri(_) | Word::Muslim => self.hijri_month(next),
            Word::Unit(Unit::Month) => self.hijri_month(next),
            Word::Unit(Unit::Year) => self.year_named(next),
            Word::Unit(Unit::Weekend) => Some((next + 1, Point::Weekend)),
            Word::Unit(Unit::Quarter) => Some((next + 1, SPOKEN_QUARTER)),
            Word::Recent if self.word(next + 1) == Word::Unit(Unit::Quarter) => {
                Some((next + 2, SPOKEN_QUARTER))
            }
            Word::Feast(_) | Word::Eid | Word::New | Word::Good => self.feast(next),
            Word::Fiscal => self.fiscal(next).or_else(|| self.quarter(next)),
            Word::Month(..) => self.month_day(next),
            _ if self.number(next).is_some() => self
                .day_month(next)
                .or_else(|| self.decade(next))
                .or_else(|| self.century(next))
                .or_else(|| self.bare_year(next)),
            _ if self.mark(next, '\'') => self.decade(next),
            _ => None,
        }
    }

    /// A month's name and the full stop of its abbreviation.
    pub(super) fn month(&self, at: usize) -> Option<(usize, i8, bool)> {
        let Word::Month(month, short) = self.word(at) else { return None };
        let next = if short && self.glued_mark(at + 1, '.') { at + 2 } else { at + 1 };
        Some((next, month, short))
    }

    /// A day of the month: "3", "3rd", "third", "twenty-first".
    pub(super) fn day_number(&self, at: usize) -> Option<(usize, i8)> {
        let (next, day) = match self.word(at) {
            Word::Ord(day) => (at + 1, day),
            Word::Card(tens @ (20 | 30)) => {
                let ones = self.past_dash(at + 1);
                let Word::Ord(day @ 1..=9) = self.word(ones) else { return None };
                (ones + 1, tens + day)
            }
            _ => {
                let (day, digits) = self.number(at)?;
                if !(1..=2).contains(&digits)
                    || self.tied(at + 1, ':')
                    || self.tied(at + 1, '.')
                    || self.mark(at + 1, '%')
                {
                    return None;
                }
                let suffixed = self.word(at + 1) == Word::Suffix && self.glued(at + 1);
                (if suffixed { at + 2 } else { at + 1 }, day)
            }
        };
        Some((next, i8::try_from(day).ok().filter(|day| (1..=31).contains(day))?))
    }

    /// A year in four digits.
    pub(super) fn year_number(&self, at: usize) -> Option<(usize, i16)> {
        let (value, digits) = self.number(at)?;
        let letters = self.is_word(at + 1) && self.glued(at + 1);
        if digits != 4
            || !DATED_YEARS.contains(&value)
            || letters
            || self.tied(at + 1, '.')
            || self.tied(at + 1, ':')
        {
            return None;
        }
        Some((at + 1, i16::try_from(value).ok()?))
    }

    /// The year after a month or day: ", 2019", "of 2019", "this year", "'89".
    pub(super) fn year_tail(&self, at: usize, compact: bool) -> (usize, Year) {
        let start = self.past_comma(at);
        let dashed = if compact { self.past_dash(start) } else { start };
        if let Some((next, year)) = self.year_number(dashed) {
            return (next, Year::Given(year));
        }
        if (self.word(at) == Word::Of || (self.word(at) == Word::In && self.number(at + 1).is_some()))
            && let Some((next, year)) = self.year_number(at + 1)
        {
            return (next, Year::Given(year));
        }
        if self.mark(start, '\'')
            && self.glued(start + 1)
            && let Some((year, 2)) = self.number(start + 1)
        {
            return (start + 2, Year::Short(u8::try_from(year).unwrap_or(0)));
        }
        if compact
            && !self.tied(dashed + 1, ':')
            && !self.tied(dashed + 1, '.')
            && !self.mark(dashed + 1, '%')
            && let Some((year, 2)) = self.number(dashed)
        {
            return (dashed + 1, Year::Short(u8::try_from(year).unwrap_or(0)));
        }
        if let Some((next, year)) = self.spelled_year(start) {
            return (next, year.year().unwrap_or(Year::Missing));
        }
        let deictic = if self.word(at) == Word::Of { at + 1 } else { start };
        if let Some((next, year)) = self.year_phrase(deictic) {
            return (next, year);
        }
        (at, Year::Missing)
    }

    /// "this year", "last year", "the same year", "the following year".
    fn year_phrase(&self, at: usize) -> Option<(usize, Year)> {
        let the = self.word(at) == Word::The;
        let start = if the { at + 1 } else { at };
        if self.word(start + 1) != Word::Unit(Unit::Year) {
            return None;
        }
        let year = match self.word(start) {
            Word::This | Word::Current => Year::FromNow(0),
            Word::Last if !the => Year::FromNow(-1),
            Word::Next if !the => Year::FromNow(1),
            Word::Coming => Year::FromNow(1),
            Word::That | Word::Same => Year::FromText(0),
            Word::Following | Word::Next => Year::FromText(1),
            Word::Previous => Year::FromText(-1),
            _ => return None,
        };
        Some((start + 2, year))
    }

    /// "May" and "March" in small letters are verbs unless the words around say otherwise.
    fn doubtful(&self, at: usize) -> bool {
        self.case(at) == Case::Lower && matches!(self.word(at), Word::Month(3 | 5, false))
    }

    /// Whether a preposition that goes with dates stands before.
    pub(super) fn after_preposition(&self, at: usize) -> bool {
        matches!(
            self.word_before(at),
            Word::In
                | Word::On
                | Word::Since
                | Word::Until
                | Word::By
                | Word::From
                | Word::To
                | Word::Through
                | Word::Between
                | Word::Of
                | Word::During
                | Word::Before
                | Word::After
                | Word::Early
                | Word::Late
                | Word::Mid
                | Word::Last
                | Word::This
                | Word::Next
        ) || (at > 1 && self.mark(at - 1, '-') && self.word(at - 2) == Word::Mid)
    }

    /// "30 April 2020", "30th of April", "12 NOV 89", "9 Feb".
    pub(super) fn day_month(&self, at: usize) -> Option<(usize, Point)> {
        let (next, day) = self.day_number(at)?;
        let plain = next == at + 1 && self.number(at).is_some();
        let of = self.word(next) == Word::Of;
        let dashed = self.glued_mark(next, '-') && self.glued(next + 1);
        let name = if of || dashed { next + 1 } else { next };
        let (after, month, short) = self.month(name)?;
        let compact = short || dashed || self.case(name) == Case::Upper;
        let (to, year) = self.year_tail(after, compact);
        let sure =
            !plain || of || year != Year::Missing || self.after_preposition(at) || self.at_break(after);
        if (self.doubtful(name) || (short && self.case(name) == Case::Lower)) && !sure {
            return None;
        }
        Some((to, Point::Day { month, day, year, weekday: None }))
    }

    /// "April 30, 2020", "Apr. 30", "March the 3rd".
    fn month_day(&self, at: usize) -> Option<(usize, Point)> {
        let (next, month, short) = self.month(at)?;
        let start = self.past(next, Word::The);
        let (after, day) = self.day_number(start)?;
        if self.number(start).is_none()
            && start == next
            && self.word(start) == Word::Ord(2)
            && self.at_break(after)
        {
            return None;
        }
        // "May 10%" was refused by day_number; "May 3-year" is a length.
        if self.mark(after, '-') && matches!(self.word(after + 1), Word::Unit(_)) {
            return None;
        }
        let (to, year) = self.year_tail(after, false);
        let sure = year != Year::Missing || self.after_preposition(at);
        if (self.doubtful(at) || (short && self.case(at) == Case::Lower)) && !sure {
            return None;
        }
        Some((to, Point::Day { month, day, year, weekday: None }))
    }

    /// "April 2020", "May this year", "in March".
    fn bare_month(&self, at: usize) -> Option<(usize, Point)> {
        let (next, month, short) = self.month(at)?;
        let (to, year) = self.year_tail(next, self.case(at) == Case::Upper || short);
        let point = Point::Month { month, year, near: Near::Bare };
        if year != Year::Missing {
            return Some((to, point));
        }
        let placed = self.after_preposition(at);
        if short {
            return (placed && next == at + 2).then_some((to, point));
        }
        if self.case(at) == Case::Lower || matches!(month, 3 | 5) {
            // "march" and "may" are verbs, and in capitals a name: only a preposition makes them months.
            let verb_like = matches!(month, 3 | 5);
            return (placed || !verb_like).then_some((to, point));
        }
        // "April Smith", "June Jones": a month is not followed by a name unless a preposition says so.
        let name = matches!(month, 4 | 6 | 8)
            && self.is_word(next)
            && self.word(next) == Word::Other
            && self.case(next) == Case::Capital;
        (placed || !name).then_some((to, point))
    }

    /// "2020-04-30", "30/04/2020", "30.04.2020", "9/11".
    fn numeric_date(&self, at: usize) -> Option<(usize, Point)> {
        let (first, first_digits) = self.number(at)?;
        let separator = ['-', '/', '.'].into_iter().find(|&mark| self.tied(at + 1, mark))?;
        let before = at.checked_sub(1);
        if before.is_some_and(|before| {
            self.glued(at) && (self.mark(before, '-') || self.mark(before, '/') || self.mark(before, '.'))
        }) {
            return None;
        }
        let (second, second_digits) = self.number(at + 2)?;
        if separator == '/' && (first, second) == (9, 11) && !self.tied(at + 3, '/') {
            // The attacks of 11 September 2001 go by this name.
            return Some((at + 3, Point::Day { month: 9, day: 11, year: Year::Given(2001), weekday: None }));
        }
        if !self.tied(at + 3, separator) || !(1..=2).contains(&second_digits) {
            return None;
        }
        let (third, third_digits) = self.number(at + 4)?;
        let to = at + 5;
        if self.tied(to, separator) || (self.is_word(to) && self.glued(to)) && self.text(to) != "T" {
            return None;
        }
        let small = |value: u32| i8::try_from(value).ok();
        if first_digits == 4 && (1..=2).contains(&third_digits) {
            let year = Year::Given(i16::try_from(first).ok()?);
            return civil(small(second)?, small(third)?, year).map(|point| (to, point));
        }
        if !(1..=2).contains(&first_digits) {
            return None;
        }
        let year = match third_digits {
            4 if DATED_YEARS.contains(&third) => Year::Given(i16::try_from(third).ok()?),
            2 if separator == '/' => Year::Short(u8::try_from(third).ok()?),
            _ => return None,
        };
        let (one, other) = (small(first)?, small(second)?);
        let point = match (civil(one, other, year), civil(other, one, year)) {
            (Some(point), None) | (None, Some(point)) => point,
            (Some(point), Some(_)) if one == other => point,
            // Full stops are the European order, day first.
            (Some(_), Some(point)) if separator == '.' => point,
            (Some(_), Some(_)) => Point::Either { one, other, year },
            (None, None) => return None,
        };
        Some((to, point))
    }

    /// A weekday alone or before its date: "Friday", "Friday, 3 May", "Friday last week".
    fn weekday(&self, at: usize) -> Option<(usize, Point)> {
        let Word::Weekday(weekday, short) = self.word(at) else { return None };
        let next = if self.glued_mark(at + 1, '.') && short { at + 2 } else { at + 1 };
        let mut date = self.past_comma(next);
        date = self.past(date, Word::The);
        let dated = match self.word(date) {
            Word::Month(..) => self.month_day(date),
            _ => self.numeric_date(date).or_else(|| self.day_month(date)),
        };
        if let Some((to, Point::Day { month, day, year, .. })) = dated {
            return Some((to, Point::Day { month, day, year, weekday: Some(weekday) }));
        }
        if short && (next == at + 1 || self.case(at) == Case::Lower) {
            return None;
        }
        let of = self.past(next, Word::Of);
        if self.word(of + 1) == Word::Unit(Unit::Week) {
            let weeks = match self.word(of) {
                Word::Last => Some(-1),
                Word::This => Some(0),
                Word::Next => Some(1),
                _ => None,
            };
            if let Some(weeks) = weeks {
                return Some((of + 2, Point::WeekdayOf { weekday, weeks }));
            }
        }
        Some((next, Point::Weekday { weekday, near: Near::Bare }))
    }

    /// "the summer of 2014", "spring 2019", "the winter"; a bare "fall" or "spring" is no season.
    fn season(&self, from: usize, at: usize) -> Option<(usize, Point)> {
        let Word::Season(season) = self.word(at) else { return None };
        let (to, year) = self.year_tail(at + 1, false);
        let point = Point::Season { season, year, near: Near::Bare };
        if year != Year::Missing {
            return Some((to, point));
        }
        let placed = matches!(
            self.word_before(from),
            Word::In
                | Word::During
                | Word::Since
                | Word::By
                | Word::Until
                | Word::Early
                | Word::Late
                | Word::Mid
                | Word::Of
        );
        (placed && !matches!(self.word(at + 1), Word::Of)).then_some((at + 1, point))
    }

    /// "third quarter of 1998", "second-quarter", "first half of 2019" is a portion and read elsewhere.
    pub(super) fn quarter(&self, at: usize) -> Option<(usize, Point)> {
        let start = self.past(at, Word::Fiscal);
        let quarter = match (self.word(start), self.number(start)) {
            (Word::Ord(quarter @ 1..=4), _) => (start + 1, quarter),
            (_, Some((quarter @ 1..=4, 1))) if self.word(start + 1) == Word::Suffix => (start + 2, quarter),
            _ => return None,
        };
        let unit = self.past(self.past_dash(quarter.0), Word::Fiscal);
        if self.word(unit) != Word::Unit(Unit::Quarter) {
            return None;
        }
        let (to, year) = self.year_tail(unit + 1, false);
        Some((to, Point::Quarter { quarter: i8::try_from(quarter.1).ok()?, year, near: Near::Bare }))
    }

    /// "the 1988 third quarter", "next year's first quarter".
    pub(super) fn quarter_of_year(&self, at: usize) -> Option<(usize, Point)> {
        let (next, year) = self.year_phrase(at).or_else(|| {
            self.year_number(self.past(at, Word::The)).map(|(next, year)| (next, Year::Given(year)))
        })?;
        let owner = self.past_apostrophe(next);
        let start = if owner > next { self.past(owner, Word::S) } else { next };
        let (to, Point::Quarter { quarter, year: Year::Missing, near }) = self.quarter(start)? else {
            return None;
        };
        Some((to, Point::Quarter { quarter, year, near }))
    }

    /// "Q3 2019".
    fn quarter_code(&self, at: usize) -> Option<(usize, Point)> {
        if self.text(at) != "Q" || !self.glued(at + 1) {
            return None;
        }
        let (quarter @ 1..=4, 1) = self.number(at + 1)? else { return None };
        let (to, year) = self.year_tail(at + 2, false);
        Some((to, Point::Quarter { quarter: i8::try_from(quarter).ok()?, year, near: Near::Bare }))
    }

    /// "1990s", "the '90s", "the nineties".
    fn decade(&self, at: usize) -> Option<(usize, Point)> {
        if let Word::Decade(decade) = self.word(at) {
            return Some((at + 1, Point::Decade(1900 + decade)));
        }
        let quoted = self.mark(at, '\'');
        let figure = if quoted { at + 1 } else { at };
        let (value, digits) = self.number(figure)?;
        let plural = self.past_apostrophe(figure + 1);
        if self.word(plural) != Word::S || !self.glued(plural) || !value.is_multiple_of(10) {
            return None;
        }
        match digits {
            4 if BARE_YEARS.contains(&value) => Some((plural + 1, Point::Decade(i16::try_from(value).ok()?))),
            // A two-figure decade is of the twentieth century from the thirties on.
            2 if quoted && value < 100 => {
                let value = i16::try_from(value).ok()?;
                Some((plural + 1, Point::Decade(if value >= 30 { 1900 } else { 2000 } + value)))
            }
            _ => None,
        }
    }

    /// Past an apostrophe, if there is one.
    pub(super) fn past_apostrophe(&self, at: usize) -> usize {
        if self.glued_mark(at, '\'') { at + 1 } else { at }
    }

    /// "20th century", "the twenty-first century".
    fn century(&self, at: usize) -> Option<(usize, Point)> {
        let (next, number) = self.day_number(at)?;
        let unit = self.past_dash(next);
        if self.word(unit) != Word::Unit(Unit::Century) || (next == at + 1 && self.number(at).is_some()) {
            return None;
        }
        Some((unit + 1, Point::Century(number.into())))
    }

    /// "nineteen ninety-six", "two thousand and five" (broadcast transcripts).
    fn spelled_year(&self, at: usize) -> Option<(usize, Point)> {
        match (self.word(at), self.word(at + 1)) {
            (Word::Card(century @ (19 | 20)), Word::Card(tens @ 10..)) => {
                let (next, value) = self.spelled(at + 1, tens);
                (value < 100).then_some(())?;
                Some((next, Point::Year(Year::Given(i16::try_from(century * 100 + value).ok()?))))
            }
            (Word::Card(2), Word::Thousand) => {
                let year_word = self.word_before(at) == Word::Unit(Unit::Year);
                let ones = self.past(at + 2, Word::And);
                if let Word::Card(value) = self.word(ones)
                    && matches!(self.word(ones + 1), Word::Other | Word::Month(..))
                    && (year_word || self.after_preposition(at))
                {
                    return Some((ones + 1, Point::Year(Year::Given(2000 + i16::try_from(value).ok()?))));
                }
                year_word.then_some((at + 2, Point::Year(Year::Given(2000))))
            }
            _ => None,
        }
    }

    /// "year 2020".
    fn year_named(&self, at: usize) -> Option<(usize, Point)> {
        if let Some((to, year)) = self.year_number(at + 1) {
            return Some((to, Point::Year(Year::Given(year))));
        }
        self.spelled_year(at + 1)
    }

    /// "fiscal 1990", "fiscal year 1990".
    fn fiscal(&self, at: usize) -> Option<(usize, Point)> {
        let next = self.past(at + 1, Word::Unit(Unit::Year));
        let (to, year) = self.year_number(next)?;
        Some((to, Point::Year(Year::Given(year))))
    }

    /// Four digits that the words around them make a year.
    pub(super) fn bare_year(&self, at: usize) -> Option<(usize, Point)> {
        let (to, year) = self.year_number(at)?;
        let figure = u32::try_from(year).ok()?;
        if !BARE_YEARS.contains(&figure)
            || self.mark(to, '%')
            || (self.tied(to, '-') && !self.year_range(at))
            || self.tied(to, '/')
        {
            return None;
        }
        let point = Some((to, Point::Year(Year::Given(year))));
        let before = at.checked_sub(1)?;
        if self.mark(before, '-') && self.glued(at) {
            let prefixed = before > 0 && self.is_word(before - 1) && self.case(before - 1) != Case::Upper;
            return if prefixed { point } else { None };
        }
        if self.mark(before, '(') || self.mark(before, '[') {
            let closed = self.mark(to, ')') || self.mark(to, ']') || self.mark(to, '-') || self.mark(to, ',');
            return if closed { point } else { None };
        }
        match self.word(before) {
            Word::In
            | Word::Since
            | Word::Until
            | Word::During
            | Word::Early
            | Word::Late
            | Word::Mid
            | Word::Unit(Unit::Year)
            | Word::Season(_)
            | Word::Feast(_)
            | Word::Through
            | Word::Before
            | Word::After => {
                let counted =
                    matches!(self.word(before), Word::Before | Word::After) && self.counts_people(to);
                if counted { None } else { point }
            }
            Word::The | Word::This | Word::That if !self.counts_people(to) => point,
            Word::Of
            | Word::By
            | Word::From
            | Word::To
            | Word::Between
            | Word::And
            | Word::Or
            | Word::On
            | Word::For
            | Word::Recent
                if !self.counts_people(to) && self.figures_near(at) =>
            {
                point
            }
            // "its 1990 invasion", "a 1971 convention", "Iraq's 1990 invasion": one thing, named by its year.
            Word::A | Word::S if self.is_word(to) && !self.counts_people(to) && self.figures_near(at) => {
                point
            }
            Word::Other
                if matches!(
                    self.text(before),
                    "its"
                        | "his"
                        | "her"
                        | "their"
                        | "our"
                        | "into"
                        | "both"
                        | "bloody"
                        | "disputed"
                        | "failed"
                ) && !self.counts_people(to)
                    && self.figures_near(at) =>
            {
                point
            }
            // "in 1994, 1995 and 1997".
            _ if self.mark(before, ',')
                && before > 0
                && self.year_number(before - 1).is_some()
                && !self.counts_people(to) =>
            {
                point
            }
            _ if matches!(self.text(to), "will" | "saw" | "began" | "ended") => point,
            _ => None,
        }
    }

    /// Whether a range of years such as "2014-2017" starts here.
    fn year_range(&self, at: usize) -> bool {
        self.number(at + 2).is_some_and(|(value, digits)| {
            (digits == 4 && BARE_YEARS.contains(&value)) || (digits == 2 && value < 100)
        })
    }

    /// Whether the figure before a position counts things: a plural follows.
    fn counts_people(&self, at: usize) -> bool {
        // An adjective may stand between: "2000 Syrian refugees".
        for noun in at..at + 2 {
            if !self.is_word(noun) || self.word(noun) != Word::Other {
                return false;
            }
            match self.text(noun) {
                "people" | "men" | "women" | "children" | "personnel" | "police" | "troops" | "percent"
                | "others" => {
                    return true;
                }
                "was" | "has" | "is" | "does" | "as" | "his" | "its" | "this" | "had" | "when" | "and"
                | "were" => {
                    return false;
                }
                _ => {}
            }
        }
        false
    }

    /// Prepositions that also go before amounts make a year only of figures that are likely years.
    fn figures_near(&self, at: usize) -> bool {
        self.number(at).is_some_and(|(value, _)| (1800..=2060).contains(&value)) && {
            let after = at + 1;
            let noun =
                self.is_word(after) && self.word(after) == Word::Other && self.case(after) == Case::Lower;
            !(noun && self.text(after).ends_with('s') && self.text(after).len() > 3)
        }
    }
}

/// A day of the civil calendar, if month and day can be one.
fn civil(month: i8, day: i8, year: Year) -> Option<Point> {
    // A leap year, so that 29 February is kept until the year is known.
    let leap = jiff::civil::Date::new(2000, month, 1).ok()?;
    (1..=leap.days_in_month()).contains(&day).then_some(Point::Day { month, day, year, weekday: None })
}
