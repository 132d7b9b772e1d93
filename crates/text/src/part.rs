/*! A text far longer than any report is read in parts, so that what is known of its sentences need not be held for all
of it at once.

A part ends where a paragraph does, else where a sentence does, else between two words, else between two characters.
All parts together are the text, and each says how much of it comes before.
*/

use crate::segment;

/// A stretch of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part<'a> {
    /// Its characters.
    pub raw: &'a str,
    /// Code points of the text before it.
    pub before: usize,
}

/// Among how many bytes before the longest end of a part a sentence is looked for: some hundred sentences.
const LOOK_BACK: usize = 16 << 10;

/// Cuts a text into parts of at most `longest` bytes (a single character may be longer). At least one, in order.
pub fn parts(raw: &str, longest: usize) -> impl Iterator<Item = Part<'_>> {
    let mut rest = Some(raw);
    let mut before = 0;
    std::iter::from_fn(move || {
        let left = rest?;
        let (raw, after) = left.split_at(end_of_part(left, longest));
        let part = Part { raw, before };
        rest = (!after.is_empty()).then_some(after);
        if rest.is_some() {
            before += raw.chars().count();
        }
        Some(part)
    })
}

/// Where the first part of a text ends.
fn end_of_part(raw: &str, longest: usize) -> usize {
    if raw.len() <= longest {
        return raw.len();
    }
    let first = raw.chars().next().map_or(0, char::len_utf8);
    let end = raw.floor_char_boundary(longest).max(first);
    let half = raw.floor_char_boundary(end / 2);
    if let Some(blank) = last_blank_line(&raw[half..end]) {
        return half + blank;
    }
    let from = raw.floor_char_boundary(end.saturating_sub(LOOK_BACK));
    let tail = &raw[from..end];
    let (_, sentences, _) = segment::split(tail, Some(""));
    let sentence = sentences.last().map(|sentence| sentence.span.start);
    let word = || tail.rfind(char::is_whitespace).map(|at| at + 1).filter(|&at| tail.is_char_boundary(at));
    sentence.filter(|&at| at > 0).or_else(word).filter(|&at| from + at > 0).map_or(end, |at| from + at)
}

/// Where the text after the last blank line begins.
fn last_blank_line(raw: &str) -> Option<usize> {
    let mut below = raw.rfind('\n')?;
    loop {
        let above = raw[..below].rfind('\n')?;
        if raw[above..below].trim().is_empty() {
            return Some(below + 1);
        }
        below = above;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(raw: &str, longest: usize) -> Vec<&str> {
        let parts: Vec<Part<'_>> = parts(raw, longest).collect();
        let whole: String = parts.iter().map(|part| part.raw).collect();
        assert_eq!(whole, raw, "nothing is lost");
        let mut before = 0;
        for part in &parts {
            assert_eq!(part.before, before);
            before += part.raw.chars().count();
        }
        parts.into_iter().map(|part| part.raw).collect()
    }

    #[test]
    fn a_report_is_one_part() {
        assert_eq!(cut("", 10), [""]);
        assert_eq!(cut("Two died.", 10), ["Two died."]);
    }

    #[test]
    fn cuts_at_paragraphs_then_sentences_then_words_then_characters() {
        assert_eq!(
            cut("One line.\nAnother.\n\nThe next. And on.", 30),
            ["One line.\nAnother.\n\n", "The next. And on."]
        );
        assert_eq!(
            cut("Rebels took the town. The army of the north left it.", 45),
            ["Rebels took the town. ", "The army of the north left it."]
        );
        assert_eq!(
            cut("seven words without any stop at all", 20),
            ["seven words without ", "any stop at all"]
        );
        assert_eq!(cut("ééééé", 5), ["éé", "éé", "é"]);
        assert_eq!(cut("ééé", 1), ["é", "é", "é"]);
    }

    #[test]
    fn every_length_goes() {
        let raw = "A bomb went off.\r\n\r\nدو نفر کشته شدند. \u{2028}No more\u{a0}is known — “yet”.\n\n\n";
        for longest in 0..raw.len() + 2 {
            let _ = cut(raw, longest);
        }
    }
}
