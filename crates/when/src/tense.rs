//! Whether the words around a time expression speak of what is to come.
//!
//! Local cues only: the nearest finite cue before the expression in its clause decides, then the nearest after
//! it. News is told in the past tense, so nothing but a clear cue makes a date a future one.

use crate::lex::{Lex, Lexeme};
use crate::parse::Parser;
use crate::words::Word;

/// How many lexemes to each side are looked at: about a clause (the median English news clause is shorter).
const REACH: usize = 14;

/// How near a verb of saying stands to the date that is its own ("told reporters in Paris on Monday").
const SAID_REACH: usize = 5;

/// The time that the words speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tense {
    Past,
    Future,
    Unknown,
}

/// Reads the cues around the lexemes `from..to`.
pub(crate) fn tense(parser: &Parser<'_>, lexemes: &[Lexeme], from: usize, to: usize) -> Tense {
    if parser.word_before(from) == Word::Since {
        return Tense::Past;
    }
    if from >= 3
        && parser.text(from - 1) == "as"
        && matches!(parser.text(from - 2), "early" | "soon" | "late")
    {
        // "as early as Tuesday".
        return Tense::Future;
    }
    if matches!(parser.word_before(from), Word::By | Word::Until | Word::Through) {
        // "by Friday", "until March": what a deadline or a term looks forward to, unless it is told as past.
        return match (before(parser, lexemes, from), after(parser, lexemes, to)) {
            (Tense::Unknown, Tense::Past) => Tense::Past,
            (Tense::Unknown, _) => Tense::Future,
            // "Extended the loans through January": what was done in the past may still last.
            (Tense::Past, _) => Tense::Unknown,
            (tense, _) => tense,
        };
    }
    if from >= 2 && parser.word_before(from) == Word::And && parser.word(from - 2) == Word::Now {
        // "between now and 10 February".
        return Tense::Future;
    }
    match before(parser, lexemes, from) {
        Tense::Unknown => after(parser, lexemes, to),
        tense => tense,
    }
}

/// What one word says of the time.
fn cue(parser: &Parser<'_>, lexemes: &[Lexeme], at: usize) -> Tense {
    if !matches!(lexemes.get(at), Some(Lexeme { lex: Lex::Word(_), .. })) {
        return Tense::Unknown;
    }
    let text = parser.text(at);
    match text {
        // "A record high set on Aug. 6".
        "set" if !matches!(parser.text(at + 1), "to" | "for") => Tense::Unknown,
        "will" | "shall" | "ll" | "WILL" | "scheduled" | "slated" | "due" | "plans" | "planned"
        | "planning" | "expected" | "expects" | "set" | "going" | "intends" | "upcoming" | "deadline"
        | "hopes" | "effective" | "supposed" => Tense::Future,
        "was" | "were" | "had" | "did" | "came" | "took" | "went" | "left" | "made" | "fell" | "shot"
        | "began" | "broke" | "held" | "hit" | "met" | "won" | "lost" | "saw" | "became" | "has" | "have"
        | "WAS" | "WERE" | "HAD" | "rose" | "struck" | "fled" | "blew" | "gave" | "found" | "kept"
        | "died" => Tense::Past,
        // What was announced says nothing of the time of what is announced.
        "authorized" | "authorised" => Tense::Unknown,
        _ if is_report(text) => Tense::Unknown,
        // "Succeed", "need", "indeed", "united", "unspecified" are no past forms.
        _ if text.starts_with("un") || text.starts_with("Un") => Tense::Unknown,
        _ if text.len() > 4 && !text.ends_with("eed") && (text.ends_with("ed") || text.ends_with("ED")) => {
            Tense::Past
        }
        _ => Tense::Unknown,
    }
}

/// The nearest cue before a position, up to the beginning of its clause.
fn before(parser: &Parser<'_>, lexemes: &[Lexeme], from: usize) -> Tense {
    for at in (from.saturating_sub(REACH)..from).rev() {
        if parser.mark(at, ';') || parser.mark(at, '"') {
            break;
        }
        if from - at <= SAID_REACH && is_report(parser.text(at)) {
            // "said on Monday that it will": the day is that of the saying.
            return Tense::Past;
        }
        if parser.text(at) == "be" && at > 0 {
            // "Will be named", "is to be published", "would be paid": the participle is no past.
            if is_ahead(parser.text(at - 1)) {
                return Tense::Future;
            }
            continue;
        }
        if parser.text(at) == "to" && at > 0 && matches!(parser.text(at - 1), "is" | "are") {
            return Tense::Future;
        }
        if at > 0 && parser.text(at - 1) == "be" {
            continue;
        }
        match cue(parser, lexemes, at) {
            Tense::Unknown => {}
            tense => return tense,
        }
    }
    Tense::Unknown
}

/// Words before "be" that put what follows ahead.
fn is_ahead(text: &str) -> bool {
    matches!(text, "will" | "shall" | "to" | "would" | "ll" | "must")
}

/// A verb of saying in the past.
fn is_report(text: &str) -> bool {
    matches!(
        text,
        "said"
            | "told"
            | "announced"
            | "reported"
            | "declared"
            | "added"
            | "warned"
            | "agreed"
            | "SAID"
            | "TOLD"
            | "ANNOUNCED"
            | "REPORTED"
    )
}

/// The nearest cue after a position, up to the end of its clause.
fn after(parser: &Parser<'_>, lexemes: &[Lexeme], to: usize) -> Tense {
    for at in to..lexemes.len().min(to + REACH) {
        if parser.mark(at, ';') {
            break;
        }
        match cue(parser, lexemes, at) {
            Tense::Unknown => {}
            tense => return tense,
        }
    }
    Tense::Unknown
}
