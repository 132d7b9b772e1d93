//! From words to shapes: rules that read a bounded number of lexemes from one position.

mod amount;
mod feast;
mod point;
mod range;
mod stamp;

use crate::lex::{Case, Lex, Lexeme};
use crate::shape::Shape;
use crate::words::Word;

/// A shape and the lexemes that it was read from.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub from: usize,
    pub to: usize,
    pub shape: Shape,
}

/// Reads the lexemes of one sentence.
pub(crate) struct Parser<'a> {
    raw: &'a str,
    lexemes: &'a [Lexeme],
}

impl<'a> Parser<'a> {
    pub(crate) const fn new(raw: &'a str, lexemes: &'a [Lexeme]) -> Self {
        Self { raw, lexemes }
    }

    /// Every time expression from left to right, none overlapping another.
    pub(crate) fn all(&self) -> Vec<Found> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < self.lexemes.len() {
            match self.expression(at) {
                Some((to, shape)) if to > at => {
                    found.push(Found { from: at, to, shape });
                    at = to;
                }
                _ => at += 1,
            }
        }
        found
    }

    /// The time expression that starts at a lexeme. The rules are tried from the most to the least specific.
    fn expression(&self, at: usize) -> Option<(usize, Shape)> {
        self.repeated(at)
            .or_else(|| self.anniversary(at))
            .or_else(|| self.range(at))
            .or_else(|| self.clock_expression(at))
            .or_else(|| self.portion(at))
            .or_else(|| self.stretch(at))
            .or_else(|| self.away(at))
            .or_else(|| self.stamp(at).map(|(to, stamp)| (to, Shape::At(stamp))))
            .or_else(|| self.counted(at))
            .or_else(|| self.vague(at))
            .or_else(|| self.part_alone(at))
    }

    /// The word at a position; [`Word::Other`] for anything else.
    pub(crate) fn word(&self, at: usize) -> Word {
        match self.lexemes.get(at) {
            Some(Lexeme { lex: Lex::Word(word), .. }) => *word,
            _ => Word::Other,
        }
    }

    /// The word before a position.
    pub(crate) fn word_before(&self, at: usize) -> Word {
        at.checked_sub(1).map_or(Word::Other, |before| self.word(before))
    }

    /// Whether any word stands there.
    fn is_word(&self, at: usize) -> bool {
        matches!(self.lexemes.get(at), Some(Lexeme { lex: Lex::Word(_), .. }))
    }

    /// Whether that mark stands there.
    pub(crate) fn mark(&self, at: usize, mark: char) -> bool {
        matches!(self.lexemes.get(at), Some(Lexeme { lex: Lex::Mark(found), .. }) if *found == mark)
    }

    /// Whether that mark stands there without white space before it.
    fn glued_mark(&self, at: usize, mark: char) -> bool {
        self.mark(at, mark) && self.glued(at)
    }

    /// Whether there is no white space before a lexeme.
    fn glued(&self, at: usize) -> bool {
        self.lexemes.get(at).is_some_and(|lexeme| lexeme.glued)
    }

    /// The number at a position with its digits; none for part of a decimal.
    fn number(&self, at: usize) -> Option<(u32, u8)> {
        let Some(Lexeme { lex: Lex::Number(value, digits), .. }) = self.lexemes.get(at) else { return None };
        Some((*value, *digits))
    }

    /// Whether a glued mark ties a number to another one, as in "7.62", "10:30".
    fn tied(&self, at: usize, mark: char) -> bool {
        self.glued_mark(at, mark) && self.glued(at + 1) && self.number(at + 1).is_some()
    }

    /// How the word at a position is cased.
    pub(crate) fn case(&self, at: usize) -> Case {
        self.lexemes.get(at).map_or(Case::Lower, |lexeme| lexeme.case)
    }

    /// The characters of a lexeme.
    pub(crate) fn text(&self, at: usize) -> &'a str {
        self.lexemes.get(at).and_then(|lexeme| self.raw.get(lexeme.start..lexeme.end)).unwrap_or("")
    }

    /// Past a comma, if there is one.
    fn past_comma(&self, at: usize) -> usize {
        if self.mark(at, ',') { at + 1 } else { at }
    }

    /// Past a dash, if there is one.
    fn past_dash(&self, at: usize) -> usize {
        if self.mark(at, '-') { at + 1 } else { at }
    }

    /// Past a word, if it is there.
    fn past(&self, at: usize, word: Word) -> usize {
        if self.word(at) == word { at + 1 } else { at }
    }

    /// Whether the rest of the clause begins here: a mark, or nothing.
    pub(crate) fn at_break(&self, at: usize) -> bool {
        !matches!(self.lexemes.get(at), Some(Lexeme { lex: Lex::Word(_) | Lex::Number(..), .. }))
    }
}
