//! Splits a sentence into words, numbers and marks for the rules.
//!
//! Finer than the tokens of a text: "mid-March", "3-5", "30th" and "1990s" come apart, because the rules read
//! their parts. Positions are bytes of the whole text.

use crate::words::{LONGEST, Word, classify};
use text::Span;

/// What a lexeme is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lex {
    /// Letters.
    Word(Word),
    /// Digits: the value (capped), how many digits, zero where it was written with thousands separators.
    Number(u32, u8),
    /// A mark; every dash is `-` and every single quote `'`.
    Mark(char),
}

/// A lexeme with its place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lexeme {
    /// Byte where it starts.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// What it is.
    pub lex: Lex,
    /// No white space before it.
    pub glued: bool,
    /// How the letters are cased.
    pub case: Case,
}

/// How letters are cased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    Lower,
    Capital,
    Upper,
}

/// The lexemes of a stretch of the text; empty where no word or digit can start a time expression.
pub(crate) fn lex(raw: &str, span: Span) -> Vec<Lexeme> {
    let (lexemes, trigger) = split(raw, span);
    if trigger { lexemes } else { Vec::new() }
}

/// The lexemes of a stretch of the text, whatever they are.
pub(crate) fn lex_all(raw: &str, span: Span) -> Vec<Lexeme> {
    split(raw, span).0
}

fn split(raw: &str, span: Span) -> (Vec<Lexeme>, bool) {
    let Some(slice) = raw.get(span.range()) else { return (Vec::new(), false) };
    let mut out = Vec::with_capacity(slice.len() / 5 + 4);
    let mut trigger = false;
    let mut glued = false;
    let mut rest = slice.char_indices().peekable();
    while let Some((start, first)) = rest.next() {
        if first.is_whitespace() {
            glued = false;
            continue;
        }
        let mut end = start + first.len_utf8();
        let mut case = Case::Lower;
        let lex = if first.is_ascii_digit() {
            trigger = true;
            number(slice, start, &mut end)
        } else if first.is_alphabetic() {
            let mut upper = usize::from(first.is_uppercase());
            let mut length = 1usize;
            while let Some(&(at, next)) = rest.peek() {
                // Combining marks (general category M) are part of the word that they mark.
                if !(next.is_alphabetic() || ('\u{300}'..='\u{36f}').contains(&next)) {
                    break;
                }
                upper += usize::from(next.is_uppercase());
                length += 1;
                end = at + next.len_utf8();
                rest.next();
            }
            if first.is_uppercase() {
                case = if upper == length && length > 1 { Case::Upper } else { Case::Capital };
            }
            let word = look_up(&slice[start..end]);
            trigger |= word.is_trigger();
            Lex::Word(word)
        } else {
            Lex::Mark(match first {
                '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
                '\u{2018}' | '\u{2019}' | '\u{02bc}' | '`' => '\'',
                other => other,
            })
        };
        while rest.peek().is_some_and(|&(at, _)| at < end) {
            rest.next();
        }
        out.push(Lexeme { start: span.start + start, end: span.start + end, lex, glued, case });
        glued = true;
    }
    (out, trigger)
}

/// Reads digits from `start`, and groups of three after commas ("1,200").
fn number(slice: &str, start: usize, end: &mut usize) -> Lex {
    let bytes = slice.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let count = digits(start);
    *end = start + count;
    let mut value = digits_value(&bytes[start..*end]);
    let mut grouped = false;
    while count <= 3 && bytes.get(*end) == Some(&b',') && digits(*end + 1) == 3 {
        let group = &bytes[*end + 1..*end + 4];
        value = value.saturating_mul(1000).saturating_add(digits_value(group));
        *end += 4;
        grouped = true;
    }
    Lex::Number(value, if grouped { 0 } else { u8::try_from(count).unwrap_or(u8::MAX) })
}

/// The value of ASCII digits, capped at the type's greatest.
fn digits_value(digits: &[u8]) -> u32 {
    digits.iter().fold(0u32, |value, &d| value.saturating_mul(10).saturating_add(u32::from(d - b'0')))
}

/// Looks a word up without regard to case.
fn look_up(word: &str) -> Word {
    if word.len() > LONGEST || !word.is_ascii() {
        return Word::Other;
    }
    let mut buffer = [0u8; LONGEST];
    for (to, from) in buffer.iter_mut().zip(word.bytes()) {
        *to = from.to_ascii_lowercase();
    }
    std::str::from_utf8(&buffer[..word.len()]).map_or(Word::Other, classify)
}
