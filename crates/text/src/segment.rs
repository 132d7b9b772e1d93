//! Paragraphs, sentences and tokens.

use std::ops::Range;

use crate::Span;

/// What a token is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Letters, with inner apostrophes, hyphens and full stops ("al-Abd", "U.S.", "don't" is "do" + "n't").
    Word,
    /// Digits, with inner commas, full stops and colons ("1,200", "7.62", "10:30", "2-3" is three tokens).
    Number,
    /// One mark of punctuation (three dots are one token).
    Punctuation,
    /// Anything else.
    Symbol,
}

/// A token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Where.
    pub span: Span,
    /// What it is made of.
    pub kind: TokenKind,
}

/// What part of a report a sentence belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SentenceRole {
    /// The headline.
    Title,
    /// A line of its own that is no sentence: a cross-heading, a list head, a by-line.
    Heading,
    /// Running text.
    Body,
}

/// A paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paragraph {
    /// Where.
    pub span: Span,
    /// Which sentences.
    pub sentences: Range<usize>,
}

/// A sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// Where, without surrounding white space.
    pub span: Span,
    /// Which tokens of the text.
    pub tokens: Range<usize>,
    /// Which paragraph.
    pub paragraph: usize,
    /// What part of the report.
    pub role: SentenceRole,
}

/// Abbreviations that stand before a name, so that a full stop after them ends no sentence.
const TITLES: &[&str] = &[
    "adm", "brig", "capt", "cmdr", "col", "cpl", "cpt", "dr", "fr", "gen", "gov", "hon", "insp", "lieut",
    "lt", "maj", "messrs", "mr", "mrs", "ms", "mt", "mx", "pfc", "pres", "prof", "pvt", "rep", "rev", "sen",
    "sgt", "spc", "sr", "st", "supt", "vs",
];

/// Other abbreviations that keep their full stop; they may end a sentence.
const ABBREVIATIONS: &[&str] = &[
    "approx", "apr", "aug", "ave", "bros", "co", "corp", "dec", "dept", "dist", "est", "etc", "feb", "fig",
    "fri", "ft", "gov't", "govt", "inc", "jan", "jr", "jul", "jun", "km", "ltd", "mar", "mon", "natl", "no",
    "nov", "oct", "prov", "sat", "sep", "sept", "sun", "thu", "thur", "thurs", "tue", "tues", "univ", "wed",
];

/// Words that begin sentences often enough to end one after an abbreviation.
const STARTERS: &[&str] = &[
    "a",
    "after",
    "all",
    "an",
    "and",
    "another",
    "as",
    "at",
    "but",
    "during",
    "five",
    "for",
    "four",
    "he",
    "his",
    "however",
    "if",
    "in",
    "it",
    "its",
    "local",
    "many",
    "meanwhile",
    "no",
    "on",
    "one",
    "other",
    "police",
    "security",
    "several",
    "she",
    "since",
    "some",
    "ten",
    "that",
    "the",
    "their",
    "there",
    "these",
    "they",
    "this",
    "those",
    "three",
    "two",
    "under",
    "we",
    "when",
    "while",
    "witnesses",
];

/// Longest heading, in words; a longer line without a full stop is a sentence that lost it.
const HEADING_WORDS: usize = 14;
/// Longest headline, in words.
const TITLE_WORDS: usize = 30;
/// Lines up to this many bytes may be a hard-wrapped paragraph.
const WRAPPED_LINE: usize = 100;

/// Splits a text into paragraphs, sentences and tokens.
pub(crate) fn split(raw: &str, title: Option<&str>) -> (Vec<Paragraph>, Vec<Sentence>, Vec<Token>) {
    let caseless = is_caseless(raw);
    let mut paragraphs = Vec::new();
    let mut sentences: Vec<Sentence> = Vec::new();
    let mut tokens: Vec<Token> = Vec::with_capacity(raw.len() / 5);
    let blocks = paragraph_spans(raw);
    let many = blocks.len() > 1;
    for span in blocks {
        let first_token = tokens.len();
        let first_sentence = sentences.len();
        tokenize(raw, span, &mut tokens);
        if tokens.len() == first_token {
            continue;
        }
        let index = paragraphs.len();
        split_sentences(raw, &tokens, first_token, caseless, index, &mut sentences);
        let words = tokens[first_token..].iter().filter(|t| t.kind == TokenKind::Word).count();
        let body = &raw[span.range()];
        let stopped = ends_sentence(body);
        let role = if let Some(title) = title
            && index == 0
            && title.trim() == body
        {
            SentenceRole::Title
        } else if title.is_none() && index == 0 && many && !stopped && words <= TITLE_WORDS {
            SentenceRole::Title
        } else if many && !stopped && words <= HEADING_WORDS {
            SentenceRole::Heading
        } else {
            SentenceRole::Body
        };
        for sentence in &mut sentences[first_sentence..] {
            sentence.role = role;
        }
        paragraphs.push(Paragraph { span, sentences: first_sentence..sentences.len() });
    }
    (paragraphs, sentences, tokens)
}

/// Whether a text has (almost) no capitals, as some archives store agency bulletins; then a
/// sentence may begin with a small letter.
fn is_caseless(raw: &str) -> bool {
    let (mut upper, mut lower) = (0usize, 0usize);
    for byte in raw.bytes().take(20_000) {
        upper += usize::from(byte.is_ascii_uppercase());
        lower += usize::from(byte.is_ascii_lowercase());
    }
    lower > 40 && upper * 300 < lower
}

fn ends_sentence(body: &str) -> bool {
    body.trim_end_matches(|c: char| is_closing(c) || c.is_whitespace())
        .ends_with(['.', '!', '?', '…', '。', '؟', '۔', '।'])
}

const fn is_closing(c: char) -> bool {
    matches!(c, '"' | '\'' | '”' | '’' | '»' | ')' | ']' | '“')
}

/// Paragraphs: blank lines divide; so does a single line break, unless the lines look hard-wrapped;
/// so do an indent at the start of a line and a gap of three spaces after a full stop.
fn paragraph_spans(raw: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut block: Vec<Span> = Vec::new();
    let mut start = 0;
    for line in lines(raw) {
        let end = start + line.len();
        let trimmed = trim(raw, Span::new(start, end));
        if trimmed.is_empty() {
            flush(raw, &mut block, &mut spans);
        } else {
            let indent = trimmed.start - start >= 3;
            if indent && !block.is_empty() {
                flush(raw, &mut block, &mut spans);
            }
            block.push(trimmed);
        }
        start = end;
    }
    flush(raw, &mut block, &mut spans);
    spans
}

/// The lines of a text with their ends. Unicode's line separator, which word processors leave in releases, ends one where
/// a sentence or a heading ends, or the next is empty; else it only wraps a line.
fn lines(raw: &str) -> impl Iterator<Item = &str> {
    raw.split_inclusive('\n').flat_map(|line| {
        let mut start = 0;
        line.match_indices(SEPARATORS)
            .map(|(at, mark)| at + mark.len())
            .chain(std::iter::once(line.len()))
            .filter_map(move |end| {
                let part = &line[start..end];
                let next = line[end..].chars().find(|c| *c != ' ').unwrap_or('\n');
                let body = part.trim();
                let whole = next.is_control()
                    || SEPARATORS.contains(&next)
                    || ends_sentence(body)
                    || body.split_whitespace().nth(SHORT_LINE_WORDS).is_none() && !next.is_lowercase();
                (whole && !part.is_empty()).then(|| {
                    start = end;
                    part
                })
            })
    })
}

/// Unicode's line separator, paragraph separator and next line (UAX #14, classes BK and NL).
const SEPARATORS: [char; 3] = ['\u{2028}', '\u{2029}', '\u{85}'];

/// A line of at most so many words may be a heading.
const SHORT_LINE_WORDS: usize = 8;

fn flush(raw: &str, block: &mut Vec<Span>, spans: &mut Vec<Span>) {
    let longest = block.iter().map(|line| line.len()).max().unwrap_or(0);
    let wrapped = block.len() > 1 && longest <= WRAPPED_LINE;
    let mut current: Option<Span> = None;
    for &line in block.iter() {
        current = Some(match current {
            // In wrapped text a line that is much shorter than the others ends its paragraph.
            Some(open) if wrapped => open.join(line),
            Some(open) => {
                push_gapped(raw, open, spans);
                line
            }
            None => line,
        });
        if wrapped
            && line.len() * 10 < longest * 6
            && ends_line(&raw[line.range()])
            && let Some(open) = current.take()
        {
            push_gapped(raw, open, spans);
        }
    }
    if let Some(open) = current {
        push_gapped(raw, open, spans);
    }
    block.clear();
}

/// Whether a short line may end a paragraph: it stops, or closes a bracket as datelines do.
fn ends_line(line: &str) -> bool {
    line.ends_with(['.', '!', '?', ')', ':', '"', '”', '-', '–', '—'])
        || line.split_whitespace().nth(SHORT_LINE_WORDS).is_none()
}

fn push_gapped(raw: &str, span: Span, spans: &mut Vec<Span>) {
    let mut start = span.start;
    let body = &raw[span.range()];
    let mut gap = 0usize;
    for (offset, c) in body.char_indices() {
        if c == ' ' {
            gap += 1;
            continue;
        }
        let here = span.start + offset;
        if gap >= 3 && here - gap > start && ends_sentence(&raw[start..here - gap]) {
            spans.push(trim(raw, Span::new(start, here - gap)));
            start = here;
        }
        gap = 0;
    }
    if start < span.end {
        spans.push(trim(raw, Span::new(start, span.end)));
    }
}

fn trim(raw: &str, span: Span) -> Span {
    let body = &raw[span.range()];
    let left = body.len() - body.trim_start().len();
    let kept = body.trim();
    Span::new(span.start + left, span.start + left + kept.len())
}

/// Whether a character can be inside a word.
fn is_word_char(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(c, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{200c}' | '\u{200d}' | '_')
        // Vowel signs and the like of the Indic scripts are marks, and belong to their word.
        || matches!(c, '\u{900}'..='\u{dff}' | '\u{e31}'..='\u{e4e}' | '\u{1000}'..='\u{109f}')
}

const fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ' | 'ʿ' | '‘' | '`')
}

const fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑')
}

/// Endings that stand as tokens of their own after an apostrophe.
const CLITICS: &[&str] = &["s", "re", "ve", "ll", "d", "m"];

fn tokenize(raw: &str, span: Span, tokens: &mut Vec<Token>) {
    let body = &raw[span.range()];
    let mut chars = body.char_indices().peekable();
    while let Some((offset, c)) = chars.next() {
        if c.is_whitespace() || c.is_control() {
            continue;
        }
        let start = span.start + offset;
        if !is_word_char(c) {
            let mut end = start + c.len_utf8();
            if matches!(c, '.' | '-' | '—' | '–' | '!' | '?' | '`' | '\'') {
                while let Some(&(next, d)) = chars.peek() {
                    if d != c {
                        break;
                    }
                    end = span.start + next + d.len_utf8();
                    chars.next();
                }
            }
            let kind = if c.is_ascii_punctuation()
                && !matches!(c, '$' | '+' | '<' | '=' | '>' | '^' | '|' | '~')
                || is_closing(c)
                || matches!(c, '‘' | '«' | '–' | '—' | '…' | '،' | '؛' | '؟' | '。' | '、' | '，')
            {
                TokenKind::Punctuation
            } else {
                TokenKind::Symbol
            };
            tokens.push(Token { span: Span::new(start, end), kind });
            continue;
        }
        let digits = c.is_numeric();
        let mut end = start + c.len_utf8();
        let mut only_digits = digits;
        let mut last = c;
        let mut apostrophe: Option<usize> = None;
        let mut acronym = c.is_alphabetic();
        let mut letters_since_stop = 1usize;
        while let Some(&(next, d)) = chars.peek() {
            let here = span.start + next;
            let after = raw[here + d.len_utf8()..span.end].chars().next();
            let joins = if is_word_char(d) {
                letters_since_stop += 1;
                true
            } else if d == '.' {
                let single = acronym && letters_since_stop == 1;
                let inner = only_digits && after.is_some_and(|a| a.is_ascii_digit());
                // "U.S.", "p.m.": letters alternate with stops.
                if single
                    && (after.is_some_and(char::is_alphabetic)
                        || raw[start..here].contains('.')
                        || last.is_uppercase())
                {
                    letters_since_stop = 0;
                    true
                } else {
                    inner || is_abbreviation(&raw[start..here])
                }
            } else if (d == ',' || d == ':') && only_digits {
                // "1,200" and "10:30", but not "5,12" lists without a space.
                after.is_some_and(|a| a.is_ascii_digit())
                    && (d == ':' && end - start <= 2 || d == ',' && three_digits(&raw[here + 1..span.end]))
            } else if is_hyphen(d) {
                after.is_some_and(|a| is_word_char(a) && !(only_digits && a.is_ascii_digit()))
                    && !(only_digits && is_numbered_slug(&body[..offset]))
            } else if is_apostrophe(d) {
                apostrophe.is_none() && !only_digits && after.is_some_and(char::is_alphabetic) && {
                    apostrophe = Some(here);
                    true
                }
            } else {
                false
            };
            if !joins {
                break;
            }
            if d != '.' && d != ',' && d != ':' && !d.is_numeric() {
                only_digits = false;
            }
            if d.is_alphabetic() && letters_since_stop > 1 {
                acronym = false;
            }
            if is_hyphen(d) {
                acronym = false;
            }
            last = d;
            end = here + d.len_utf8();
            chars.next();
        }
        push_word(raw, Span::new(start, end), apostrophe, only_digits, tokens);
    }
}

/// "UPDATE 2-Army says": what stands before the number is an agency's word in capitals at the head of the line, and the
/// hyphen parts.
fn is_numbered_slug(before: &str) -> bool {
    let word = before.trim_end();
    word.len() < before.len() && word.len() > 2 && word.chars().all(|c| c.is_ascii_uppercase() || c == ' ')
}

/// Exactly three digits, as after the comma in "1,200".
fn three_digits(rest: &str) -> bool {
    let bytes = rest.as_bytes();
    bytes.len() >= 3
        && bytes[..3].iter().all(u8::is_ascii_digit)
        && bytes.get(3).is_none_or(|b| !b.is_ascii_digit())
}

fn push_word(raw: &str, span: Span, apostrophe: Option<usize>, only_digits: bool, tokens: &mut Vec<Token>) {
    let kind = if only_digits { TokenKind::Number } else { TokenKind::Word };
    let mut push = |start: usize, end: usize| {
        if start < end {
            tokens.push(Token { span: Span::new(start, end), kind });
        }
    };
    if let Some(at) = apostrophe {
        let mark = raw[at..].chars().next().map_or(1, char::len_utf8);
        let tail = &raw[at + mark..span.end];
        if tail.eq_ignore_ascii_case("t") && raw[..at].ends_with(['n', 'N']) && at - 1 > span.start {
            push(span.start, at - 1);
            push(at - 1, span.end);
            return;
        }
        if CLITICS.iter().any(|clitic| tail.eq_ignore_ascii_case(clitic)) {
            push(span.start, at);
            push(at, span.end);
            return;
        }
    }
    push(span.start, span.end);
}

fn is_abbreviation(word: &str) -> bool {
    word.len() <= 8 && word.is_ascii() && {
        let lower = word.to_ascii_lowercase();
        let lower = lower.as_str();
        // "No." and "Co." only as written; "no." ends sentences.
        let capital = word.starts_with(|c: char| c.is_ascii_uppercase());
        TITLES.binary_search(&lower).is_ok()
            && (capital || lower.len() > 2 || lower == "lt" || lower == "mr" || lower == "dr")
            || ABBREVIATIONS.binary_search(&lower).is_ok()
                && (capital || matches!(lower, "approx" | "dept" | "etc" | "est" | "km"))
                && !(matches!(lower, "sun" | "mar" | "no" | "sat" | "mon") && !capital)
    }
}

fn split_sentences(
    raw: &str,
    tokens: &[Token],
    first: usize,
    caseless: bool,
    paragraph: usize,
    sentences: &mut Vec<Sentence>,
) {
    let mut start = first;
    let mut at = first;
    let mut push = |range: Range<usize>| {
        if !range.is_empty() {
            let span = Span::new(tokens[range.start].span.start, tokens[range.end - 1].span.end);
            sentences.push(Sentence { span, tokens: range, paragraph, role: SentenceRole::Body });
        }
    };
    while at < tokens.len() {
        let word = &raw[tokens[at].span.range()];
        let mut next = at + 1;
        let stop = match word.as_bytes()[0] {
            b'.' | b'!' | b'?' => true,
            _ if matches!(word, "…" | "。" | "؟" | "۔" | "।") => true,
            _ => false,
        };
        let abbreviation = !stop && word.len() > 1 && word.ends_with('.');
        if stop || abbreviation {
            // Closing quotes and brackets belong to the sentence that they close.
            while next < tokens.len() {
                let closing = &raw[tokens[next].span.range()];
                let spaced = tokens[next].span.start > tokens[next - 1].span.end;
                if closing.chars().all(is_closing) && !(spaced && opens(raw, tokens, next)) {
                    next += 1;
                } else {
                    break;
                }
            }
            let begins = tokens.get(next).is_none_or(|token| {
                let follower = &raw[token.span.range()];
                let c = follower.chars().next().unwrap_or(' ');
                let starts = c.is_uppercase()
                    || c.is_numeric()
                    || caseless && c.is_lowercase()
                    || !c.is_lowercase() && !c.is_ascii_punctuation()
                    || matches!(c, '"' | '“' | '«' | '‘' | '\'' | '(' | '[' | '-' | '–' | '—' | '`');
                let gap = token.span.start > tokens[next - 1].span.end;
                if abbreviation {
                    let bare = word.trim_end_matches('.').to_ascii_lowercase();
                    let lower = follower.to_ascii_lowercase();
                    starts
                        && gap
                        && TITLES.binary_search(&bare.as_str()).is_err()
                        && STARTERS.binary_search(&lower.as_str()).is_ok()
                        && !(caseless && bare.len() == 1)
                } else if word.starts_with("..") || word == "…" {
                    starts && gap && c.is_uppercase()
                } else {
                    starts && (gap || c.is_uppercase())
                }
            });
            if begins {
                push(start..next);
                start = next;
            }
        }
        at = next;
    }
    push(start..tokens.len());
}

/// Whether a quote mark after a gap opens the next sentence rather than closing this one.
fn opens(raw: &str, tokens: &[Token], at: usize) -> bool {
    let end = tokens[at].span.end;
    tokens.get(at + 1).is_some_and(|next| next.span.start == end)
        && !raw[tokens[at].span.range()].starts_with([')', ']', '”', '’', '»'])
}

#[cfg(test)]
mod tests {
    use crate::{SentenceRole, Text};

    fn words(raw: &str) -> Vec<String> {
        let text = Text::new(raw);
        text.tokens.iter().map(|t| text.word(t).to_owned()).collect()
    }

    fn sentences(raw: &str) -> Vec<String> {
        let text = Text::new(raw);
        text.sentences.iter().map(|s| text.slice(s.span).to_owned()).collect()
    }

    #[test]
    fn a_line_separator_parts_headings_and_wraps_sentences() {
        let text = Text::new(
            "NEWS RELEASE\u{2028}Joint Command\u{2028}\u{2028}Troops stopped a truck near a\u{2028}bridge on the road north. \u{2028}They held two men.",
        );
        let found: Vec<&str> = text.paragraphs.iter().map(|paragraph| text.slice(paragraph.span)).collect();
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[1].contains("\u{2028}bridge"), "{found:?}");
    }

    #[test]
    fn lists_are_sorted_for_binary_search() {
        for list in [super::TITLES, super::ABBREVIATIONS, super::STARTERS] {
            assert!(list.windows(2).all(|pair| pair[0] < pair[1]), "{list:?}");
        }
    }

    #[test]
    fn tokens_keep_names_numbers_and_clitics() {
        assert_eq!(
            words("Lt. Gen. al-Abd's men didn't fire 1,200 rounds at 10:30 p.m. in the U.S."),
            [
                "Lt.", "Gen.", "al-Abd", "'s", "men", "did", "n't", "fire", "1,200", "rounds", "at", "10:30",
                "p.m.", "in", "the", "U.S."
            ]
        );
        assert_eq!(
            words("2-3 dead, 2.5 million; 15th, 22-mm, 34-year-old (AK-47)"),
            [
                "2",
                "-",
                "3",
                "dead",
                ",",
                "2.5",
                "million",
                ";",
                "15th",
                ",",
                "22-mm",
                ",",
                "34-year-old",
                "(",
                "AK-47",
                ")"
            ]
        );
        assert_eq!(words("Turkey’s 7,12 C4"), ["Turkey", "’s", "7", ",", "12", "C4"]);
    }

    #[test]
    fn sentences_end_where_they_end() {
        assert_eq!(sentences("Gen. Ali died on Jan. 5. The U.S. Army left. \"We saw it.\" He fled at 5 p.m. The rest stayed.").len(), 5);
        assert_eq!(sentences("The army denied it. a second report said so.").len(), 1);
        assert_eq!(sentences("the army denied today that guerrillas attacked the farm. a second report said so. it was false and incorrect.").len(), 3);
        assert_eq!(sentences("It ended.\n\nIt began").len(), 2);
    }

    #[test]
    fn wrapped_lines_are_one_paragraph_and_headlines_are_titles() {
        let text = Text::new(
            "Ten dead in blast\n\nBAGHDAD (News) - A bomb went off in a market\nin the south of the city on Monday and killed ten people, the police said in a statement.\n",
        );
        assert_eq!(text.paragraphs.len(), 2);
        assert_eq!(text.sentences[0].role, SentenceRole::Title);
        assert_eq!(text.sentences[1].role, SentenceRole::Body);
    }

    proptest::proptest! {
        #[test]
        fn any_text_splits_into_ordered_spans_and_offsets_convert(raw in "\\PC{0,300}|[ a-zA-Z.'\"\\-\\n0-9é€ب]{0,300}") {
            let text = Text::new(&raw);
            let mut last = 0;
            for token in &text.tokens {
                assert!(token.span.start >= last && token.span.end > token.span.start);
                assert!(raw.is_char_boundary(token.span.start) && raw.is_char_boundary(token.span.end));
                last = token.span.end;
                let mention = text.mention(token.span);
                let slice: String = raw.chars().skip(mention.start).take(mention.end - mention.start).collect();
                assert_eq!(slice, mention.text);
                assert_eq!(text.byte(mention.start), token.span.start);
            }
            let covered: usize = text.sentences.iter().map(|s| s.tokens.len()).sum();
            assert_eq!(covered, text.tokens.len());
        }
    }
}
