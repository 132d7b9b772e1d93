/*! Where a quote stands in a text.

Models copy well and count badly, so they are asked for words and never for positions. A quote is looked for letter by
letter first, then without regard to white space, capitals, kinds of quotation marks, dashes and apostrophes, then
without the marks at its ends. What is found is a slice of the text, as the text has it.
*/

use text::Span;

/// Longest quote in bytes: what is longer is no quote but the report.
const LONGEST: usize = 4000;

/// Looks up quotes in one text.
#[derive(Debug)]
pub struct Aligner<'t> {
    raw: &'t str,
    folded: String,
    /// For each byte of `folded`, from where to where its character stands in `raw`.
    origin: Vec<(u32, u32)>,
}

impl<'t> Aligner<'t> {
    /// Prepares a text. Linear in its length.
    #[must_use]
    pub fn new(raw: &'t str) -> Self {
        let mut folded = String::with_capacity(raw.len());
        let mut origin = Vec::with_capacity(raw.len());
        fold(raw, &mut folded, |from, to| origin.push((from as u32, to as u32)));
        Self { raw, folded, origin }
    }

    /// Where the quote stands; of several places the one nearest to a byte offset, else the first.
    #[must_use]
    pub fn find(&self, quote: &str, near: Option<usize>) -> Option<Span> {
        let quote = quote.trim();
        if quote.is_empty() || quote.len() > LONGEST || !quote.contains(char::is_alphanumeric) {
            return None;
        }
        let exact = nearest(self.raw, quote, near, |start, end| Some(Span::new(start, end)));
        if exact.is_some() {
            return exact;
        }
        let mut plain = String::with_capacity(quote.len());
        fold(quote, &mut plain, |_, _| {});
        let place = |start: usize, end: usize| {
            let (from, to) = (self.origin.get(start)?, self.origin.get(end.checked_sub(1)?)?);
            Some(Span::new(from.0 as usize, to.1 as usize))
        };
        nearest(&self.folded, plain.trim(), near, place).or_else(|| {
            let bare = plain.trim_matches(|c: char| !c.is_alphanumeric());
            nearest(&self.folded, bare, near, place)
        })
    }
}

/// The occurrence of a phrase, of whole words, that stands nearest to a position of the text.
fn nearest(
    text: &str,
    phrase: &str,
    near: Option<usize>,
    place: impl Fn(usize, usize) -> Option<Span>,
) -> Option<Span> {
    if phrase.is_empty() {
        return None;
    }
    let mut best: Option<(usize, Span)> = None;
    for (start, _) in text.match_indices(phrase) {
        let end = start + phrase.len();
        let Some(span) = place(start, end).filter(|_| whole(text, start, end)) else { continue };
        let Some(near) = near else { return Some(span) };
        let distance = if span.start >= near { span.start - near } else { near.saturating_sub(span.end) };
        if best.is_none_or(|(known, _)| distance < known) {
            best = Some((distance, span));
        }
    }
    best.map(|(_, span)| span)
}

/// Whether a stretch begins and ends where words do: "4 people" does not stand in "14 people", nor "Tom" in "Tomorrow".
fn whole(text: &str, start: usize, end: usize) -> bool {
    let (before, inside, after) = (&text[..start], &text[start..end], &text[end..]);
    let mut ahead = after.chars();
    let cut = |a: Option<char>, b: Option<char>| a.zip(b).is_some_and(|(a, b)| joined(a, b));
    let first = inside.chars().next();
    let last = inside.chars().next_back();
    let mut behind = before.chars().rev();
    let next = ahead.next();
    let previous = behind.next();
    // "12" stands neither in "12,500" nor in "3.12".
    let mark = |c: Option<char>| matches!(c, Some('.' | ','));
    let digit = |c: Option<char>| c.is_some_and(char::is_numeric);
    let number_goes_on = digit(last) && mark(next) && digit(ahead.next());
    let number_began = digit(first) && mark(previous) && digit(behind.next());
    !cut(previous, first) && !cut(last, next) && !number_goes_on && !number_began
}

/// Whether no word ends between two characters. Scripts that write words together, or little words onto others, say
/// nothing of that.
fn joined(a: char, b: char) -> bool {
    let spaced = |c: char| c.is_alphanumeric() && (c < '\u{590}' || ('\u{1e00}'..'\u{2000}').contains(&c));
    spaced(a) && spaced(b) || a.is_numeric() && b.is_numeric()
}

/// Writes a text without what a copy may change; `origin` is told of each byte written which bytes it came from.
fn fold(raw: &str, out: &mut String, mut origin: impl FnMut(usize, usize)) {
    let mut blank = true;
    for (from, c) in raw.char_indices() {
        let to = from + c.len_utf8();
        let before = out.len();
        if c.is_whitespace() {
            if !blank {
                out.push(' ');
            }
            blank = true;
        } else {
            match c {
                // Soft hyphens, joiners, marks of direction and of byte order: nobody sees them.
                '\u{ad}'
                | '\u{200b}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{2069}'
                | '\u{feff}' => {
                    continue;
                }
                '“' | '”' | '„' | '‟' | '«' | '»' | '″' => out.push('"'),
                '‘' | '’' | '‚' | '‛' | '`' | '´' | '′' | 'ʼ' => out.push('\''),
                '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => out.push('-'),
                '…' => out.push_str("..."),
                _ => out.extend(c.to_lowercase()),
            }
            blank = false;
        }
        for _ in before..out.len() {
            origin(from, to);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'t>(text: &'t str, quote: &str) -> Option<&'t str> {
        Aligner::new(text).find(quote, None).map(|span| &text[span.range()])
    }

    #[test]
    fn a_copy_that_differs_in_marks_is_found_as_the_text_has_it() {
        let text = "The  army’s “Sector\n4” — near Koré — was\u{ad} shelled…";
        assert_eq!(found(text, "the army's \"sector 4\""), Some("The  army’s “Sector\n4”"));
        assert_eq!(found(text, "- near Koré -"), Some("— near Koré —"));
        assert_eq!(found(text, "was shelled;"), Some("was\u{ad} shelled"));
        assert_eq!(found(text, "...near KORÉ..."), Some("near Koré"));
        assert_eq!(found(text, "near Kore"), None);
    }

    #[test]
    fn only_whole_words_and_numbers() {
        assert_eq!(found("On Tomorrow Street 14 died.", "Tom"), None);
        assert_eq!(found("On Tomorrow Street 14 died.", "4 died"), None);
        assert_eq!(found("Some 12,500 fled.", "12"), None);
        assert_eq!(found("Some 3.12 fled.", "12"), None);
        assert_eq!(found("He counted 12, then left.", "12"), Some("12"));
        assert_eq!(found("وبغداد آمنة", "بغداد"), Some("بغداد"));
        assert_eq!(found("在北京发生爆炸", "北京"), Some("北京"));
    }

    #[test]
    fn of_several_places_the_nearest() {
        let text = "Two soldiers died. In Mora, two soldiers died too. Then two soldiers fled.";
        let aligner = Aligner::new(text);
        let first = aligner.find("two soldiers", None).map(|span| span.start);
        assert_eq!(first, Some(28), "letter by letter before any other likeness");
        let last = aligner.find("two soldiers", Some(70)).map(|span| span.start);
        assert_eq!(last, Some(56));
    }

    #[test]
    fn nothing_is_found_of_nothing() {
        for quote in ["", "  ", "...", "\"\"", "—"] {
            assert_eq!(found("He said: “...” — and left", quote), None);
        }
        assert_eq!(found("", "a"), None);
    }
}
