//! Which tokens of a report stand in quotation marks, over sentences and paragraphs.
//!
//! Reports, translated ones above all, forget to close what they open, put a space on the wrong side of a
//! mark, or close at the end of the last of several paragraphs. A quotation that a paragraph leaves open
//! goes on in the next one unless that one opens its own, is a heading, or is too far away.

use text::{SentenceRole, Text};

/// How many paragraphs without any mark still belong to a quotation that nobody closed. A guard, not a
/// rule of style: a lost mark must not put the rest of a report into somebody's mouth.
const SOFT_PARAGRAPHS: usize = 4;

/// A stretch of quoted text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Quotation {
    /// First token after the opening mark.
    pub start: usize,
    /// One past its last token: the closing mark, or the end of the last paragraph that it reaches.
    pub end: usize,
    /// Whether a paragraph begins with it.
    pub opens_paragraph: bool,
    /// Whether it goes on from the quotation before it (each paragraph of a long one opens anew).
    pub continues: bool,
    /// Whether a mark closes it.
    pub closed: bool,
    /// Whether it goes on over a paragraph without any mark.
    pub soft_from: Option<usize>,
}

/// What a mark does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Opens,
    Closes,
    Either,
}

fn mark(word: &str) -> Option<Mark> {
    Some(match word {
        "“" | "«" | "``" | "„" => Mark::Opens,
        "”" | "»" | "''" => Mark::Closes,
        "\"" | "＂" => Mark::Either,
        _ => return None,
    })
}

/// The quotations of a report, in order, none overlapping another. `says` tells whether a word can introduce
/// what somebody says.
pub(crate) fn quotations(text: &Text, says: impl Fn(&str) -> bool) -> Vec<Quotation> {
    let mut found: Vec<Quotation> = Vec::new();
    let mut open: Option<Quotation> = None;
    let mut soft = 0usize;
    for paragraph in &text.paragraphs {
        let Some((first, last)) = tokens_of(text, paragraph.sentences.clone()) else { continue };
        let body =
            paragraph.sentences.clone().all(|sentence| text.sentences[sentence].role == SentenceRole::Body);
        let first_mark = (first..last).find(|&token| mark(word(text, token)).is_some());
        if let Some(mut quotation) = open.take() {
            let goes_on = body
                && match first_mark {
                    // Its first mark closes what the paragraph before opened, or, behind a reporting verb, opens anew.
                    Some(token) => {
                        let speaks = (first..token).any(|before| says(&word(text, before).to_lowercase()));
                        !speaks && direction(text, token, true, &says) == Mark::Closes
                    }
                    None => soft < SOFT_PARAGRAPHS,
                };
            if goes_on {
                if first_mark.is_none() {
                    soft += 1;
                    quotation.soft_from.get_or_insert(first);
                    quotation.end = last;
                }
                open = Some(quotation);
            } else {
                found.push(quotation);
            }
        }
        for token in first..last {
            if mark(word(text, token)).is_none() {
                continue;
            }
            match (direction(text, token, open.is_some(), &says), open.take()) {
                (Mark::Closes, Some(mut quotation)) => {
                    quotation.end = token;
                    quotation.closed = true;
                    found.push(quotation);
                }
                (Mark::Closes, None) => {}
                (_, before) => {
                    let continues = token == first
                        && found.last().is_some_and(|last| !last.closed && last.end + 1 >= first);
                    if let Some(mut quotation) = before {
                        quotation.end = token;
                        found.push(quotation);
                    }
                    soft = 0;
                    open = Some(Quotation {
                        start: token + 1,
                        end: last,
                        opens_paragraph: token == first,
                        continues,
                        closed: false,
                        soft_from: None,
                    });
                }
            }
        }
        if let Some(quotation) = &mut open {
            quotation.end = last;
            if !body {
                // What a heading opens ends with it.
                found.extend(open.take());
            }
        }
    }
    found.extend(open);
    found.retain(|quotation| quotation.start < quotation.end);
    found
}

/// What a mark does where it stands: round marks say so themselves, straight ones by the space around them.
fn direction(text: &Text, token: usize, inside: bool, says: &impl Fn(&str) -> bool) -> Mark {
    let span = text.tokens[token].span;
    match mark(text.slice(span)) {
        Some(Mark::Either) => {}
        Some(known) => return known,
        None => return Mark::Either,
    }
    let space_before = span.start == 0
        || text.raw()[..span.start].ends_with(|c: char| c.is_whitespace() || c == '(' || c == '[');
    let space_after =
        text.raw()[span.end..].chars().next().is_none_or(|c| c.is_whitespace() || c.is_ascii_punctuation());
    let introduced = token > 0 && {
        let before = word(text, token - 1);
        before == ":" || says(&before.to_lowercase())
    };
    match (space_before, space_after) {
        _ if introduced => Mark::Opens,
        (true, false) => Mark::Opens,
        (false, true) => Mark::Closes,
        _ if inside => Mark::Closes,
        _ => Mark::Opens,
    }
}

fn word(text: &Text, token: usize) -> &str {
    text.tokens.get(token).map_or("", |token| text.word(token))
}

fn tokens_of(text: &Text, sentences: std::ops::Range<usize>) -> Option<(usize, usize)> {
    let first = text.sentences.get(sentences.start)?.tokens.start;
    let last = text.sentences.get(sentences.end.checked_sub(1)?)?.tokens.end;
    (first < last).then_some((first, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(raw: &str) -> Vec<String> {
        let text = Text::new(raw);
        let says = |word: &str| matches!(word, "said" | "added" | "that");
        quotations(&text, says)
            .iter()
            .map(|quotation| text.slice(text.span_of(quotation.start..quotation.end)).to_owned())
            .collect()
    }

    #[test]
    fn closed_quotations_are_what_stands_between_marks() {
        assert_eq!(quoted("\"We will return,\" he said. \"Soon.\""), ["We will return,", "Soon."]);
        assert_eq!(quoted("He said “we will return” and left."), ["we will return"]);
    }

    #[test]
    fn a_mark_on_the_wrong_side_of_a_space_still_opens() {
        assert_eq!(
            quoted("She added\" The camp was shelled. Many fled.\""),
            ["The camp was shelled. Many fled."]
        );
        assert_eq!(quoted("He said that \" The camp was shelled.\""), ["The camp was shelled."]);
    }

    #[test]
    fn a_quotation_that_nobody_closes_goes_on_until_a_heading() {
        let raw = "The minister said: \"The border is quiet now.\n\nMore posts are needed there.\n\nA new phase begins\n\nThe army moved on.";
        assert_eq!(quoted(raw), ["The border is quiet now.\n\nMore posts are needed there."]);
    }

    #[test]
    fn each_paragraph_of_a_long_quotation_opens_anew() {
        let raw = "The minister said: \"The border is quiet.\n\n\"More posts are needed.\" He left.";
        let text = Text::new(raw);
        let found = quotations(&text, |word| word == "said");
        assert_eq!(found.len(), 2);
        assert!(found[1].continues && found[1].closed && !found[0].closed);
    }

    #[test]
    fn any_text_is_safe() {
        for raw in ["", "\"", "\"\"\"\"", "“”“«»", "a\"\n\n\"b\n\n“c", "é\"é\" \" é\""] {
            let _ = quoted(raw);
        }
    }
}
