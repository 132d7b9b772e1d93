//! Phrases to values, matched over tokens.

use std::cell::OnceCell;
use std::ops::Range;

use rustc_hash::FxHashMap;
use text::{Span, Text, TokenKind};

use crate::fold;

/// How strictly case is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// As written, everywhere: "IS" is a group, "is" is a verb.
    Strict,
    /// As written, but any case in a text that has only one.
    Exact,
    /// With a capital, as names are, or in any case where the name is long enough to be no other word.
    Name,
    /// In any case.
    Any,
}

#[derive(Debug, Clone)]
struct Entry {
    value: u32,
    /// As written, for the cases that ask for it.
    written: String,
    case: Case,
}

/// A match: the tokens, and the values in the order they were added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// Tokens of the text.
    pub tokens: Range<usize>,
    /// What the phrase can mean.
    pub values: Vec<u32>,
    /// Where the phrase is only the first part of a hyphenated token ("ISIS-linked"): the last part.
    pub tail: Option<String>,
    /// Found only because vowels and doubled letters counted for nothing.
    pub loose: bool,
}

/// Phrases to values.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    entries: FxHashMap<String, Vec<Entry>>,
    loose: FxHashMap<String, Vec<u32>>,
    /// First word → most words of a phrase that begins with it.
    longest: FxHashMap<String, usize>,
    loose_longest: FxHashMap<String, usize>,
}

/// Whether a stretch of text says anything by its case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Casing {
    Mixed,
    Lower,
    Upper,
}

/// The folded parts of the tokens of a range, with the token each belongs to.
pub struct Folded {
    /// The parts with a space between two: any run of them is the key of a phrase as it stands.
    written: String,
    /// Where each part lies in it.
    parts: Vec<Range<usize>>,
    token: Vec<usize>,
}

impl Folded {
    /// Folds the tokens of a range.
    #[must_use]
    pub fn new(text: &Text, tokens: Range<usize>) -> Self {
        let end = tokens.end.min(text.tokens.len());
        let tokens = tokens.start.min(end)..end;
        let mut folded = Self {
            written: String::with_capacity(8 * tokens.len()),
            parts: Vec::with_capacity(tokens.len()),
            token: Vec::with_capacity(tokens.len()),
        };
        let first = tokens.start;
        for index in tokens {
            let token = &text.tokens[index];
            match token.kind {
                TokenKind::Word | TokenKind::Number if fold::is_plain(text.word(token)) => {
                    let part = folded.push(text.word(token), index);
                    folded.written[part].make_ascii_lowercase();
                }
                TokenKind::Word | TokenKind::Number => {
                    for part in fold::parts(text.word(token)) {
                        folded.push(&part, index);
                    }
                }
                // Marks are parts too, so that no phrase runs across one; dashes, slashes and full stops join.
                TokenKind::Punctuation | TokenKind::Symbol => {
                    // "Kurdistan Workers' Party": the mark of the possessive is part of the name.
                    let possessive = matches!(text.word(token), "'" | "’")
                        && index > first
                        && text.tokens[index - 1].span.end == token.span.start
                        && text.word(&text.tokens[index - 1]).ends_with('s');
                    if !possessive && !matches!(text.word(token), "-" | "–" | "/" | "‐") {
                        folded.push(text.word(token), index);
                    }
                }
            }
        }
        folded
    }

    fn push(&mut self, part: &str, token: usize) -> Range<usize> {
        if !self.parts.is_empty() {
            self.written.push(' ');
        }
        let start = self.written.len();
        self.written.push_str(part);
        self.parts.push(start..self.written.len());
        self.token.push(token);
        start..self.written.len()
    }

    /// Parts from one on, joined by spaces.
    fn run(&self, at: usize, length: usize) -> &str {
        &self.written[self.parts[at].start..self.parts[at + length - 1].end]
    }
}

/// A phrase folded as a text is.
fn fold_phrase(phrase: &str) -> Vec<String> {
    phrase.split_whitespace().flat_map(fold::parts).collect()
}

/// A phrase folded in each way in which a text may have it: "Lord's Resistance Army" is written in one with "Lords
/// Resistance Army", while the text's own possessive is a word by itself.
fn foldings(phrase: &str) -> Vec<Vec<String>> {
    let whole = fold_phrase(phrase);
    if !phrase.contains("'s ") && !phrase.contains("’s ") {
        return vec![whole];
    }
    let apart = fold_phrase(&phrase.replace("'s ", " s ").replace("’s ", " s "));
    if apart == whole { vec![whole] } else { vec![whole, apart] }
}

impl Lexicon {
    /// Adds a phrase.
    pub fn add(&mut self, phrase: &str, value: u32, case: Case) {
        for parts in foldings(phrase) {
            let Some(first) = parts.first() else { return };
            let longest = self.longest.entry(first.clone()).or_default();
            *longest = (*longest).max(parts.len());
            let entries = self.entries.entry(parts.join(" ")).or_default();
            let written = bare(phrase);
            let same = |entry: &Entry| entry.value == value && entry.case == case && entry.written == written;
            if !entries.iter().any(same) {
                entries.push(Entry { value, written, case });
            }
        }
    }

    /// Adds a phrase whose vowels may be written differently.
    pub fn add_loose(&mut self, phrase: &str, value: u32) {
        let parts: Vec<String> = fold_phrase(phrase).iter().map(|part| fold::loose(part)).collect();
        let Some(first) = parts.first() else { return };
        let longest = self.loose_longest.entry(first.clone()).or_default();
        *longest = (*longest).max(parts.len());
        let values = self.loose.entry(parts.join(" ")).or_default();
        if !values.contains(&value) {
            values.push(value);
        }
    }

    /// Every match in a range of tokens, leftmost longest, none overlapping another.
    #[must_use]
    pub fn find(&self, text: &Text, tokens: Range<usize>) -> Vec<Match> {
        let folded = Folded::new(text, tokens.clone());
        // Most ranges hold nothing whose case is asked for.
        let known = OnceCell::new();
        let casing = || *known.get_or_init(|| casing(text, tokens.clone()));
        let mut found = Vec::new();
        let mut at = 0;
        while at < folded.parts.len() {
            // A match begins with a token.
            let begins = at == 0 || folded.token[at - 1] != folded.token[at];
            match if begins { self.longest_at(text, &folded, at, &casing) } else { None } {
                Some((length, hit)) => {
                    found.push(hit);
                    at += length;
                }
                None => at += 1,
            }
        }
        found
    }

    fn longest_at(
        &self,
        text: &Text,
        folded: &Folded,
        at: usize,
        casing: &impl Fn() -> Casing,
    ) -> Option<(usize, Match)> {
        let first = folded.run(at, 1);
        let strict = self.longest.get(first).copied().unwrap_or(0);
        let ends = |length: usize| -> Option<(Range<usize>, Option<String>)> {
            let last = at + length - 1;
            let token = *folded.token.get(last)?;
            let range = folded.token[at]..token + 1;
            match folded.token.get(last + 1) {
                Some(&next) if next == token => Some((range, Some(rest_of(folded, last + 1)))),
                _ => Some((range, None)),
            }
        };
        for length in (1..=strict.min(folded.parts.len() - at)).rev() {
            let Some(entries) = self.entries.get(folded.run(at, length)) else { continue };
            let Some((tokens, tail)) = ends(length) else { continue };
            let written = bare(text.slice(text.span_of(tokens.clone())));
            let fits = |entry: &&Entry| match entry.case {
                Case::Any => true,
                Case::Strict => {
                    begins_with(&written, &entry.written)
                        && (casing() != Casing::Lower || !entry.written.is_ascii())
                }
                Case::Exact => {
                    folded.parts[at..at + length].iter().map(Range::len).sum::<usize>() > 2
                        && casing() != Casing::Mixed
                        || begins_with(&written, &entry.written)
                }
                Case::Name => {
                    written.starts_with(char::is_uppercase)
                        || casing() != Casing::Mixed
                        || length > 1 && written.contains(char::is_uppercase)
                        || length == 1 && first.len() >= 6
                        // "anti-balaka", "al-shabaab": one token, and too long to be anything else.
                        || tokens.len() == 1 && written.len() >= 8
                }
            };
            let mut values: Vec<u32> = entries.iter().filter(fits).map(|entry| entry.value).collect();
            values.dedup();
            if !values.is_empty() {
                return Some((length, Match { tokens, values, tail, loose: false }));
            }
        }
        if self.loose.is_empty()
            || !text.word(&text.tokens[folded.token[at]]).contains(char::is_uppercase)
                && casing() == Casing::Mixed
        {
            return None;
        }
        let mut key = fold::loose(first);
        let most = self.loose_longest.get(&key).copied().unwrap_or(0).min(folded.parts.len() - at);
        // Where the key of so many parts ends.
        let mut key_ends = vec![key.len(); most.min(1)];
        for part in at + 1..at + most {
            key.push(' ');
            fold::add_loose(folded.run(part, 1), &mut key);
            key_ends.push(key.len());
        }
        for (index, &end) in key_ends.iter().enumerate().rev() {
            let length = index + 1;
            if let (Some(values), Some((tokens, tail))) = (self.loose.get(&key[..end]), ends(length)) {
                return Some((length, Match { tokens, values: values.clone(), tail, loose: true }));
            }
        }
        None
    }
}

/// The rest of a hyphenated token: "linked" of "al-Qaeda-linked".
fn rest_of(folded: &Folded, from: usize) -> String {
    let token = folded.token[from];
    let parts = (from..folded.parts.len()).take_while(|&at| folded.token[at] == token);
    parts.map(|at| folded.run(at, 1)).collect::<Vec<_>>().join("-")
}

/// A phrase as written, letters and digits only.
fn bare(phrase: &str) -> String {
    phrase.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// "ISIS" in "ISISlinked", which is what is left of "ISIS-linked".
fn begins_with(written: &str, entry: &str) -> bool {
    written.starts_with(entry)
}

/// How much of a sentence is looked at to see whether it has both cases; more would cost and tell nothing.
const LOOK: usize = 600;

/// Whether the sentences that a range of tokens stands in have both cases; a few words say nothing.
fn casing(text: &Text, tokens: Range<usize>) -> Casing {
    let span = text.span_of(tokens);
    let sentence = text.sentence_at(span.start).and_then(|index| text.sentences.get(index));
    let span = sentence.map_or(span, |sentence| sentence.span.join(span));
    let (mut upper, mut lower) = cases(text.slice(span));
    if upper == 0 && lower < 20 || lower == 0 && upper < 20 {
        // A few words tell nothing: what stands around them does.
        let wide = Span::new(span.start.saturating_sub(LOOK), (span.end + LOOK).min(text.raw().len()));
        (upper, lower) = cases(text.slice(whole(text.raw(), wide)));
    }
    match (upper, lower) {
        (0, 20..) => Casing::Lower,
        (20.., _) if lower * 20 < upper => Casing::Upper,
        _ => Casing::Mixed,
    }
}

fn cases(words: &str) -> (usize, usize) {
    if words.is_ascii() {
        let words = &words.as_bytes()[..words.len().min(2 * LOOK)];
        let count = |is: fn(&u8) -> bool| words.iter().filter(|byte| is(byte)).count();
        return (count(u8::is_ascii_uppercase), count(u8::is_ascii_lowercase));
    }
    words.chars().take(2 * LOOK).fold((0, 0), |(upper, lower), c| {
        (upper + usize::from(c.is_uppercase()), lower + usize::from(c.is_lowercase()))
    })
}

/// The span without the characters that it cuts through.
fn whole(raw: &str, span: Span) -> Span {
    let start = (span.start..=span.end).find(|&byte| raw.is_char_boundary(byte)).unwrap_or(span.end);
    let end = (start..=span.end).rev().find(|&byte| raw.is_char_boundary(byte)).unwrap_or(start);
    Span::new(start, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(lexicon: &Lexicon, raw: &str) -> Vec<(String, Vec<u32>, Option<String>)> {
        let text = Text::new(raw);
        let hits = lexicon.find(&text, 0..text.tokens.len());
        hits.into_iter()
            .map(|hit| (text.slice(text.span_of(hit.tokens)).to_owned(), hit.values, hit.tail))
            .collect()
    }

    #[test]
    fn longest_match_and_case() {
        let mut lexicon = Lexicon::default();
        lexicon.add("IS", 1, Case::Strict);
        lexicon.add("al-Qaeda", 2, Case::Name);
        lexicon.add("al-Qaeda in Iraq", 3, Case::Name);
        lexicon.add("PKK", 4, Case::Exact);
        assert!(found(&lexicon, "This is what he said about it.").is_empty());
        assert_eq!(found(&lexicon, "IS fled.")[0].1, [1]);
        assert_eq!(found(&lexicon, "Fighters of Al Qaeda in Iraq fled.")[0].1, [3]);
        assert_eq!(
            found(&lexicon, "An al-Qaeda-linked group.")[0],
            ("al-Qaeda-linked".to_owned(), vec![2], Some("linked".to_owned()))
        );
        assert_eq!(found(&lexicon, "six members of the pkk were captured near the border").len(), 1);
        assert!(found(&lexicon, "Al Qaeda, in Iraq").iter().all(|hit| hit.1 == [2]));
    }

    #[test]
    fn other_spellings() {
        let mut lexicon = Lexicon::default();
        lexicon.add_loose("al-Shabaab", 1);
        for raw in ["al-Shebab fired", "Al Shabab fired", "El-Shabaab fired", "AL-SHABAB"] {
            assert_eq!(found(&lexicon, raw).len(), 1, "{raw}");
        }
    }
}
