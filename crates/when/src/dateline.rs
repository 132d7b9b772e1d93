//! Datelines and header lines: where and when a report says of itself that it was written.

use jiff::civil::Date;
use text::{Span, Text};

use crate::lex::{self, Case, Lex, Lexeme};
use crate::parse::Parser;
use crate::resolve::{self, Around, Ground};
use crate::shape::{Point, Shape, Stamp, Year};
use crate::tense::Tense;
use crate::words::Word;
use crate::{Anchors, Dateline};

/// How far into a text a dateline may stand, in bytes: after a headline, a by-line and the lines of a release's head.
const HEAD: usize = 1500;
/// How many lexemes a dateline may have.
const LONGEST: usize = 36;
/// How far a header line's word ("Posted:", "For Immediate Release") may stand before its date, in lexemes.
const REACH: usize = 14;

/// The day of publication as the text itself gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// The day.
    pub day: Date,
    /// The words that give it.
    pub span: Span,
    /// Why they are taken for it.
    pub reason: String,
}

/// A date in the head of a text.
struct Dated {
    from: usize,
    to: usize,
    stamp: Stamp,
}

/// The head of a text: its lexemes and the full dates (a day of a month) in it.
struct Head<'a> {
    raw: &'a str,
    lexemes: Vec<Lexeme>,
    /// The text is written in capitals, so that capitals are no sign of anything.
    capitals: bool,
}

impl<'a> Head<'a> {
    fn new(text: &'a Text) -> Self {
        let raw = text.raw();
        let mut end = HEAD.min(raw.len());
        while !raw.is_char_boundary(end) {
            end -= 1;
        }
        let lexemes = lex::lex_all(raw, Span::new(0, end));
        let words = lexemes.iter().filter(|lexeme| matches!(lexeme.lex, Lex::Word(_))).count();
        let upper = lexemes.iter().filter(|lexeme| lexeme.case == Case::Upper).count();
        Self { raw, capitals: upper * 2 > words && words > 20, lexemes }
    }

    fn parser(&self) -> Parser<'_> {
        Parser::new(self.raw, &self.lexemes)
    }

    /// The days of a month named in the head.
    fn dates(&self) -> Vec<Dated> {
        let parser = self.parser();
        let dated = parser.all().into_iter().filter_map(|found| match found.shape {
            Shape::At(stamp) if matches!(stamp.point, Point::Day { .. } | Point::Either { .. }) => {
                Some(Dated { from: found.from, to: found.to, stamp })
            }
            _ => None,
        });
        dated.collect()
    }

    fn span(&self, from: usize, to: usize) -> Option<Span> {
        let first = self.lexemes.get(from)?;
        let last = self.lexemes.get(to.checked_sub(1)?)?;
        (first.start < last.end).then(|| Span::new(first.start, last.end))
    }

    /// The day that a date means, by the day of publication where it has no year.
    fn day(&self, dated: &Dated, published: Option<Date>) -> Option<Date> {
        let ground = Ground { now: published, dateline: false, text: None };
        let around = Around { before: Word::Other, breaks: true, tense: Tense::Past };
        let shape = Shape::At(Stamp::whole(dated.stamp.point));
        let resolved = resolve::resolve(&shape, self.span(dated.from, dated.to)?, &ground, around)?;
        resolved.expression.interval.map(|(day, _)| day)
    }

    /// The dateline, given the days named in the head.
    fn dateline(&self, dates: &[Dated], published: Option<Date>) -> Option<Dateline> {
        let mut lines = (0..self.lexemes.len()).filter_map(|at| read(self, dates, at, published));
        // A line of the head that only ends ("Joint Command Update May 3, 2013") is one where nothing better follows.
        let (first, marked) = lines.next()?;
        Some(if marked { first } else { lines.find(|(_, marked)| *marked).map_or(first, |(later, _)| later) })
    }

    /// Whether a line of the text begins at a lexeme (or the text does).
    fn begins_line(&self, at: usize) -> bool {
        let Some(lexeme) = self.lexemes.get(at) else { return false };
        self.raw[..lexeme.start]
            .trim_end_matches([' ', '\t', '\u{a0}', '"', '(', '[', '*'])
            .ends_with(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'])
            || self.raw[..lexeme.start].trim().is_empty()
    }
}

/// The dateline, if the report has one.
///
/// Three signs are known, of which a dateline needs two: it begins a line with a place in capitals (or a line at
/// all), it gives a day or an agency in brackets, and a dash (or a line's end) closes it.
#[must_use]
pub fn dateline(text: &Text, published: Option<Date>) -> Option<Dateline> {
    let head = Head::new(text);
    head.dateline(&head.dates(), published)
}

/// Reads a dateline that starts at a lexeme, and whether a mark closes it and not just a line's end.
fn read(head: &Head<'_>, dates: &[Dated], at: usize, published: Option<Date>) -> Option<(Dateline, bool)> {
    let parser = head.parser();
    let first = head.lexemes.get(at)?;
    if !matches!(first.lex, Lex::Word(_)) || first.case == Case::Lower {
        return None;
    }
    let begins = head.begins_line(at);
    // In the middle of a line only a place in capitals begins one ("For Immediate Release KABUL, Afghanistan (…").
    if !begins && (first.case != Case::Upper || first.end - first.start < 4) {
        return None;
    }
    let mut next = at;
    let mut place_to = at;
    let mut date: Option<&Dated> = None;
    let mut agency: Option<Span> = None;
    let mut bracket = false;
    let mut upper = 0usize;
    let mut words = 0usize;
    let limit = at + LONGEST;
    let mut closed = false;
    let mut marked = true;
    while next < limit.min(head.lexemes.len()) {
        let lexeme = &head.lexemes[next];
        let new_line = next > at && head.begins_line(next);
        if new_line && (date.is_some() || agency.is_some()) && !bracket {
            closed = true;
            marked = parser.mark(next - 1, ')') || parser.mark(next - 1, ']');
            break;
        }
        if new_line {
            return None;
        }
        if let Some(found) = dates.iter().find(|dated| dated.from == next) {
            if date.is_some() {
                return None;
            }
            date = Some(found);
            next = found.to;
            continue;
        }
        match lexeme.lex {
            Lex::Mark('(' | '[') if !bracket => bracket = true,
            Lex::Mark(')' | ']') if bracket => {
                bracket = false;
                // "PERTH (Australia), May 3": what a comma follows was the country.
                if date.is_none() && parser.mark(next + 1, ',') {
                    agency = None;
                    place_to = next + 1;
                }
            }
            Lex::Mark('-') if !bracket => {
                let wide = !lexeme.glued || head.lexemes.get(next + 1).is_none_or(|after| !after.glued);
                let doubled = parser.mark(next + 1, '-') || parser.mark(next.wrapping_sub(1), '-');
                if wide || doubled {
                    closed = true;
                    next += usize::from(parser.mark(next + 1, '-')) + 1;
                    break;
                }
            }
            Lex::Mark('_') if !bracket => {
                closed = true;
                next += 1;
                break;
            }
            Lex::Mark(':') if !bracket && (agency.is_some() || date.is_some()) => {
                closed = true;
                next += 1;
                break;
            }
            Lex::Mark(',' | '.' | '\'' | '/' | ';' | '&') => {}
            Lex::Mark('-') => {}
            Lex::Word(_) if bracket => {
                // What stands in brackets and is no date is the agency.
                let to = (next..limit).find(|&end| {
                    parser.mark(end, ')') || parser.mark(end, ']') || dates.iter().any(|d| d.from == end)
                })?;
                let to = if parser.mark(to - 1, ',') { to - 1 } else { to };
                if agency.is_none() {
                    agency = head.span(next, to);
                }
                next = to;
                continue;
            }
            // "KABUL, Afghanistan (May 24, 2011) In Kajaki district …": the bracket was the end.
            Lex::Word(_)
                if (date.is_some() || agency.is_some())
                    && first.case == Case::Upper
                    && (parser.mark(next.wrapping_sub(1), ')') || parser.mark(next.wrapping_sub(1), ']')) =>
            {
                closed = true;
                break;
            }
            Lex::Word(_) => {
                let small = lexeme.case == Case::Lower;
                // "al-", "and", "of" stand between the capitals of a place.
                if small
                    && !matches!(
                        parser.text(next),
                        "al" | "el"
                            | "de"
                            | "of"
                            | "and"
                            | "near"
                            | "bin"
                            | "the"
                            | "la"
                            | "ez"
                            | "az"
                            | "ad"
                            | "as"
                            | "on"
                            | "in"
                    )
                {
                    break;
                }
                if date.is_some()
                    && agency.is_none()
                    && date.is_some_and(|dated| dated.to <= next)
                    && words > 0
                {
                    // "DAMASCUS, 5 May, SANA -".
                    let to = (next..limit).find(|&end| {
                        !matches!(head.lexemes.get(end), Some(Lexeme { lex: Lex::Word(_), .. }))
                    })?;
                    agency = head.span(next, to);
                    next = to;
                    continue;
                }
                words += 1;
                upper += usize::from(lexeme.case == Case::Upper && lexeme.end - lexeme.start > 2);
                place_to = next + 1;
            }
            Lex::Number(..) | Lex::Mark(_) => break,
        }
        next += 1;
    }
    // A closing bracket with a date or agency in it closes a dateline in capitals even without a dash.
    if !closed
        && !bracket
        && upper > 0
        && parser.mark(next.wrapping_sub(1), ')')
        && (date.is_some() || agency.is_some())
    {
        closed = true;
    }
    let signs = usize::from(upper > 0 && words <= 8)
        + usize::from(date.is_some() || agency.is_some())
        + usize::from(closed);
    if words == 0 || words > 8 || signs < 2 || !closed || bracket {
        return None;
    }
    let dated = date.is_some() || agency.is_some();
    // Words of a head line may stand before the place ("Download PDF KABUL, …"): the place in capitals begins it.
    let later = first.case != Case::Upper
        && (at + 1..place_to.saturating_sub(usize::from(!dated))).any(|word| {
            let lexeme = head.lexemes[word];
            lexeme.case == Case::Upper && lexeme.end - lexeme.start >= 4
        });
    if later || (!begins && !dated) {
        return None;
    }
    // In a text all in capitals a bracket and a dash are found in many lines.
    if head.capitals && at > 0 && (!begins || date.is_none()) {
        return None;
    }
    if date.is_none() && agency.is_none() {
        // "Damascus, SANA -": the last name after a comma, all in capitals, is the agency.
        let last = place_to - 1;
        let is_agency = last > at
            && parser.mark(last - 1, ',')
            && parser.case(last) == Case::Upper
            && parser.case(at) != Case::Upper;
        if is_agency {
            agency = head.span(last, last + 1);
            place_to = last - 1;
        } else if upper != words || words > 3 {
            return None;
        }
    }
    let place = (place_to > at).then(|| head.span(at, place_to)).flatten();
    let line = Dateline {
        span: head.span(at, next)?,
        place,
        date: date.and_then(|dated| head.span(dated.from, dated.to)),
        day: date.and_then(|dated| head.day(dated, published)),
        agency,
    };
    Some((line, marked))
}

/// The day of publication as the text itself gives it (dateline, header line), with the reason.
///
/// A line that names itself ("Posted:", "Published", "For Immediate Release") counts most, then a dateline, then a date
/// that opens the headline ("May 9: Two held in raid"), then one that stands on a line of its own, or closes the
/// headline, above the running text. A year that the dateline or the headline lacks is taken from a number in the head
/// that begins with year and month; without one the day stays open.
#[must_use]
pub fn publication(text: &Text) -> Option<Publication> {
    let head = Head::new(text);
    let dates = head.dates();
    let dateline = head.dateline(&dates, None);
    let with_year =
        |dated: &&Dated| matches!(dated.stamp.point.year(), Some(Year::Given(_) | Year::Short(_)));
    let publication = |dated: &Dated, reason: &str| {
        Some(Publication {
            day: head.day(dated, None)?,
            span: head.span(dated.from, dated.to)?,
            reason: reason.to_owned(),
        })
    };
    let labelled = dates.iter().filter(with_year).find_map(|dated| {
        let label = label_before(&head, dated.from)?;
        publication(dated, &format!("the line says \"{label}\""))
    });
    if labelled.is_some() {
        return labelled;
    }
    if let Some(Dateline { date: Some(date), .. }) = dateline {
        let dated = dates.iter().find(|d| head.span(d.from, d.to) == Some(date));
        if let Some(found) =
            dated.filter(with_year).and_then(|dated| publication(dated, "the dateline's date"))
        {
            return Some(found);
        }
        if let Some((day, serial)) = dated.and_then(|dated| year_of_serial(&head, dated.stamp.point)) {
            let reason = format!("the dateline's date; its year from the number \"{serial}\" in the head");
            return Some(Publication { day, span: date, reason });
        }
    }
    if let Some(dated) = dates.iter().find(|dated| opens_headline(&head, dated)) {
        const OPENS: &str = "the date that opens the headline";
        if let Some(found) = Some(dated).filter(with_year).and_then(|dated| publication(dated, OPENS)) {
            return Some(found);
        }
        if let Some((day, serial)) = year_of_serial(&head, dated.stamp.point) {
            let reason = format!("{OPENS}; its year from the number \"{serial}\" in the head");
            return Some(Publication { day, span: head.span(dated.from, dated.to)?, reason });
        }
    }
    let alone = dates.iter().filter(with_year).find(|dated| {
        let parser = head.parser();
        let ends = head.begins_line(dated.to) || dated.to >= head.lexemes.len();
        let opens = head.begins_line(dated.from) || parser.mark(dated.from.wrapping_sub(1), '|');
        ends && (opens || parser.mark(dated.from.wrapping_sub(1), ','))
    });
    let found = publication(alone?, "a date on a line of its own above the text")?;
    // Where the dateline has a day without a year, the line's year must bring it near; otherwise the line is about
    // something else.
    let anchors = Anchors {
        published: Some(found.day),
        dateline: head.dateline(&dates, Some(found.day)).and_then(|d| d.day),
    };
    anchors.writing().map(|_| found)
}

/// Whether a date is the first thing in the text and a colon or a dash parts it from the headline: "May 9: Two held".
fn opens_headline(head: &Head<'_>, dated: &Dated) -> bool {
    let parser = head.parser();
    let parted = parser.mark(dated.to, ':')
        || parser.mark(dated.to, '-') && head.lexemes.get(dated.to).is_some_and(|dash| !dash.glued);
    let first = (0..dated.from).all(|at| matches!(head.lexemes[at].lex, Lex::Mark(_)));
    first && parted && !head.begins_line(dated.to + 1)
}

/// The day of a dateline without a year, where the head has a number that begins with year and month ("2010-09-CA-005")
/// and the month is the dateline's or the one before or after it.
fn year_of_serial(head: &Head<'_>, point: Point) -> Option<(Date, String)> {
    let Point::Day { month, day, year: Year::Missing, .. } = point else { return None };
    head.lexemes.windows(4).find_map(|serial| {
        let [
            Lexeme { lex: Lex::Number(year @ 1900..=2099, 4), start, .. },
            Lexeme { lex: Lex::Mark('-'), glued: true, .. },
            Lexeme { lex: Lex::Number(number @ 1..=12, 2), glued: true, end, .. },
            Lexeme { lex: Lex::Mark('-'), glued: true, .. },
        ] = serial
        else {
            return None;
        };
        let apart = (i8::try_from(*number).ok()? - month).rem_euclid(12);
        let turn = match (apart, *number, month) {
            // The number of January on a day of December, and the other way round.
            (1, 1, 12) => -1,
            (11, 12, 1) => 1,
            (0 | 1 | 11, ..) => 0,
            _ => return None,
        };
        let day = Date::new(i16::try_from(*year).ok()? + turn, month, day).ok()?;
        Some((day, head.raw.get(*start..*end)?.to_owned()))
    })
}

/// The word that makes a line a header line, if one stands before its date on the same line.
fn label_before(head: &Head<'_>, at: usize) -> Option<&'static str> {
    const LABELS: [(&str, &str); 12] = [
        ("posted", "posted"),
        ("published", "published"),
        ("updated", "updated"),
        ("date", "date"),
        ("dated", "dated"),
        ("release", "release"),
        ("released", "released"),
        ("modified", "modified"),
        ("issued", "issued"),
        ("created", "created"),
        ("filed", "filed"),
        ("uploaded", "uploaded"),
    ];
    let parser = head.parser();
    for back in (at.saturating_sub(REACH)..at).rev() {
        let word = parser.text(back);
        let label = LABELS.iter().find(|(label, _)| word.eq_ignore_ascii_case(label));
        // In running text these words are verbs: a label begins its line, is followed by a colon or "on", or ends "For
        // Immediate Release".
        if let Some((_, name)) = label {
            let release =
                *name == "release" && parser.text(back.wrapping_sub(1)).eq_ignore_ascii_case("immediate");
            let marked = parser.mark(back + 1, ':') || head.begins_line(back);
            if release || (marked && parser.case(back) != Case::Lower) {
                return Some(name);
            }
        }
        if head.begins_line(back) {
            return None;
        }
    }
    None
}

/// The day of publication as the text itself gives it (dateline, header line), where nothing else does.
#[must_use]
pub fn publication_day(text: &Text) -> Option<(Date, Span)> {
    publication(text).map(|publication| (publication.day, publication.span))
}
