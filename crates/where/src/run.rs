//! Runs of capitalised words: which words of a sentence can be a name together, and whether capitals tell anything.

use std::ops::Range;

use text::{Sentence, Text, TokenKind};

/// Words from the head of a text that show whether it uses capitals.
const SAMPLE: usize = 200;

/// How a sentence uses capitals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    /// Names and first words.
    Mixed,
    /// Every word of weight: a headline.
    Title,
    /// All or none: capitals tell nothing.
    None,
}

/// Whether a word begins with a capital, or its part after a hyphen does ("al-Hawl").
fn is_name_word(word: &str) -> bool {
    let capital = |part: &str| part.chars().next().is_some_and(char::is_uppercase);
    // "Israeli-occupied", "Houthi-held": who holds it is no part of its name.
    if let Some((_, tail)) = word.rsplit_once('-')
        && matches!(
            tail,
            "occupied"
                | "held"
                | "controlled"
                | "ruled"
                | "run"
                | "annexed"
                | "administered"
                | "governed"
                | "dominated"
                | "majority"
                | "populated"
                | "backed"
                | "led"
                | "based"
                | "born"
                | "speaking"
                | "owned"
                | "linked"
        )
    {
        return false;
    }
    capital(word)
        || word
            .split_once(['-', '\'', '’'])
            .is_some_and(|(head, tail)| head.chars().count() <= 3 && capital(tail))
}

/// The Arabic article, as names of places are written with it.
pub(crate) fn is_article(word: &str) -> bool {
    let head = word.split_once(['-', '’', '\'']).map_or(word, |(head, _)| head);
    matches!(
        head,
        "al" | "Al" | "el" | "El" | "ash" | "Ash" | "as" | "As" | "ad" | "Ad" | "an" | "An" | "at" | "At"
    ) && head.len() < word.len()
        || matches!(word, "al" | "Al" | "el" | "El")
}

/// Small words that stand inside names.
fn is_particle(word: &str) -> bool {
    matches!(
        word,
        "al" | "el"
            | "as"
            | "ash"
            | "az"
            | "ez"
            | "ad"
            | "ed"
            | "ar"
            | "er"
            | "an"
            | "at"
            | "et"
            | "of"
            | "the"
            | "de"
            | "del"
            | "la"
            | "las"
            | "los"
            | "le"
            | "les"
            | "du"
            | "da"
            | "do"
            | "dos"
            | "das"
            | "di"
            | "e"
            | "i"
            | "sur"
            | "upon"
            | "ul"
            | "bin"
            | "wa"
            | "y"
    )
}

/// The run of capitalised words that begins at a token, empty where none does. Particles and hyphens
/// inside it belong to it.
pub(crate) fn run_from(text: &Text, start: usize, end: usize) -> Range<usize> {
    let is_name = |token: usize| {
        text.tokens
            .get(token)
            .is_some_and(|token| token.kind == TokenKind::Word && is_name_word(text.word(token)))
    };
    let word = |token: usize| text.tokens.get(token).map_or("", |token| text.word(token));
    if !is_name(start) {
        return start..start;
    }
    let mut last = start + 1;
    while last < end {
        if is_name(last) {
            last += 1;
            continue;
        }
        // One or two particles, a hyphen or an abbreviation's full stop may stand before the next name word.
        let mut next = last;
        // "at" and "as" are articles in "at-Tanf", and English words in "Benghazi at the hospital".
        // "Pakistan - The toll": a dash between spaces parts, a hyphen joins.
        let tight = |token: usize| {
            let span = |token: usize| text.tokens.get(token).map(|token| token.span);
            let meet =
                |a: usize, b: usize| matches!((span(a), span(b)), (Some(a), Some(b)) if a.end == b.start);
            meet(token.wrapping_sub(1), token) || meet(token, token + 1)
        };
        let joins = |token: usize| {
            let hyphen = matches!(word(token + 1), "-" | "–");
            match word(token) {
                "at" | "as" | "an" | "do" | "i" | "e" | "ad" | "ar" | "er" | "ed" => hyphen,
                "the" => hyphen || word(token - 1) == "of",
                "-" | "–" => tight(token),
                other => is_particle(other) || other == "‘",
            }
        };
        while next < end && next < last + 2 && joins(next) {
            next += 1;
        }
        let stop = word(last) == "." && matches!(word(last - 1), "St" | "Ft" | "Mt");
        if stop {
            next = last + 1;
        }
        if next > last && next < end && is_name(next) {
            last = next + 1;
        } else {
            break;
        }
    }
    start..last
}

/// Whether a text tells names by capitals at all: some words have one and most have none.
pub(crate) fn has_case(text: &Text) -> bool {
    let words = text.tokens.iter().filter(|token| token.kind == TokenKind::Word).take(SAMPLE);
    let (mut lower, mut mixed) = (0usize, 0usize);
    for token in words {
        let mut characters = text.word(token).chars();
        let first = characters.next().is_some_and(char::is_uppercase);
        let rest = characters.next().is_some_and(char::is_lowercase);
        lower += usize::from(!first);
        mixed += usize::from(first && rest);
    }
    lower > 0 && mixed > 0
}

/// How a sentence uses capitals: of the words longer than three letters.
pub(crate) fn case_of(text: &Text, sentence: &Sentence, has_case: bool) -> Case {
    let (mut upper, mut capital, mut all) = (0usize, 0usize, 0usize);
    for token in text.tokens_of(sentence) {
        let word = text.word(token);
        if token.kind != TokenKind::Word || word.chars().count() <= 3 {
            continue;
        }
        all += 1;
        if word.chars().all(|c| !c.is_lowercase()) {
            upper += 1;
        } else if is_name_word(word) {
            capital += 1;
        }
    }
    match all {
        0 => Case::Mixed,
        _ if upper * 10 >= all * 8 && all >= 4 => Case::None,
        _ if upper + capital == 0 && !has_case => Case::None,
        _ if (upper + capital) * 10 >= all * 8 && all >= 4 => Case::Title,
        _ => Case::Mixed,
    }
}
