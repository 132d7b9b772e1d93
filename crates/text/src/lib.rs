/*! A report's text with offsets that survive every later step.

Inside the program a position is a byte offset ([`Span`]), because that is what
slicing needs; outside it is a Unicode code point, because that is what the
contract says. [`Text`] converts between the two. Nothing here changes the text:
a quote is always a slice of what came in.
*/

pub mod language;
pub mod number;
mod part;
mod segment;
mod span;

pub use part::{Part, parts};
pub use segment::{Paragraph, Sentence, SentenceRole, Token, TokenKind};
pub use span::Span;

use record::Mention;

/// Every how many bytes a code-point count is kept.
const STRIDE: usize = 256;

/// A report's text, split into paragraphs, sentences and tokens.
#[derive(Debug, Clone)]
pub struct Text {
    raw: String,
    /// Code points of the report before this text, where it is a later part of one.
    before: usize,
    /// Code points before byte `i * STRIDE`; empty for pure ASCII, where bytes are code points.
    points: Vec<u32>,
    /// Paragraphs in order.
    pub paragraphs: Vec<Paragraph>,
    /// Sentences in order.
    pub sentences: Vec<Sentence>,
    /// Tokens in order.
    pub tokens: Vec<Token>,
}

impl Text {
    /// Splits a text. Linear in its length.
    #[must_use]
    pub fn new(raw: &str) -> Self {
        Self::with_title(raw, None)
    }

    /// Splits a text whose headline is known from outside: a first paragraph that equals it is
    /// the title; otherwise a short first line without a full stop is.
    #[must_use]
    pub fn with_title(raw: &str, title: Option<&str>) -> Self {
        Self::split(raw, 0, title)
    }

    /// Splits a part of a report, whose headline may be known from outside. Positions that go outside are those of the
    /// report; a later part has no headline.
    #[must_use]
    pub fn of_part(part: &Part<'_>, title: Option<&str>) -> Self {
        Self::split(part.raw, part.before, if part.before == 0 { title } else { Some("") })
    }

    fn split(raw: &str, before: usize, title: Option<&str>) -> Self {
        let points = if raw.is_ascii() {
            Vec::new()
        } else {
            let mut points = Vec::with_capacity(raw.len() / STRIDE + 1);
            let mut count = 0u32;
            for chunk in raw.as_bytes().chunks(STRIDE) {
                points.push(count);
                // A code point is counted at its first byte.
                count += chunk.iter().filter(|&&byte| (byte & 0xC0) != 0x80).count() as u32;
            }
            points
        };
        let (paragraphs, sentences, tokens) = segment::split(raw, title);
        Self { raw: raw.to_owned(), before, points, paragraphs, sentences, tokens }
    }

    /// The whole text as it came in.
    #[must_use]
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// Whether this is how the report begins, not a later part of it.
    #[must_use]
    pub const fn is_beginning(&self) -> bool {
        self.before == 0
    }

    /// The characters of a span.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.raw.get(span.range()).unwrap_or("")
    }

    /// The code point that starts at a byte offset.
    #[must_use]
    pub fn point(&self, byte: usize) -> usize {
        if self.points.is_empty() {
            return self.before + byte;
        }
        let byte = byte.min(self.raw.len());
        let block = (byte / STRIDE).min(self.points.len() - 1);
        let tail = &self.raw.as_bytes()[block * STRIDE..byte];
        self.before + self.points[block] as usize + tail.iter().filter(|&&b| (b & 0xC0) != 0x80).count()
    }

    /// The byte offset at which a code point starts; the length of the text for one past the last.
    #[must_use]
    pub fn byte(&self, point: usize) -> usize {
        let point = point.saturating_sub(self.before);
        if self.points.is_empty() {
            return point.min(self.raw.len());
        }
        let block = self.points.partition_point(|&count| count as usize <= point).saturating_sub(1);
        let mut count = self.points[block] as usize;
        for (offset, &b) in self.raw.as_bytes()[block * STRIDE..].iter().enumerate() {
            if (b & 0xC0) != 0x80 {
                if count == point {
                    return block * STRIDE + offset;
                }
                count += 1;
            }
        }
        self.raw.len()
    }

    /// A span as the contract gives it.
    #[must_use]
    pub fn mention(&self, span: Span) -> Mention {
        Mention {
            text: self.slice(span).to_owned(),
            start: self.point(span.start),
            end: self.point(span.end),
        }
    }

    /// The tokens of a sentence.
    #[must_use]
    pub fn tokens_of(&self, sentence: &Sentence) -> &[Token] {
        self.tokens.get(sentence.tokens.clone()).unwrap_or(&[])
    }

    /// The characters of a token.
    #[must_use]
    pub fn word(&self, token: &Token) -> &str {
        self.slice(token.span)
    }

    /// Index of the sentence that holds a byte offset, or the last that begins before it.
    #[must_use]
    pub fn sentence_at(&self, byte: usize) -> Option<usize> {
        self.sentences.partition_point(|sentence| sentence.span.start <= byte).checked_sub(1)
    }

    /// The span from the first to the last token of a range of token indices.
    #[must_use]
    pub fn span_of(&self, tokens: std::ops::Range<usize>) -> Span {
        match (
            self.tokens.get(tokens.start),
            tokens.end.checked_sub(1).and_then(|last| self.tokens.get(last)),
        ) {
            (Some(first), Some(last)) if last.span.end >= first.span.start => {
                Span::new(first.span.start, last.span.end)
            }
            _ => Span::new(0, 0),
        }
    }
}
