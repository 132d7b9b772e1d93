//! What a page would cost to parse, told from its tags alone, before it is parsed.
//!
//! Parsing HTML as browsers do is quadratic in places that ordinary pages never touch: every start tag
//! may walk the stack of open elements, and every block may reopen all unclosed formatting elements
//! (HTML Standard, 13.2.4.3). A page of 300 kB can so take minutes or fill the memory. Counting tags is linear.

use crate::Problem;

/// Blink and WebKit stop nesting at 512 elements; a page made by people stays under 100.
const MAX_DEPTH: usize = 512;

/// Nodes that the parser may come to create, reopened formatting elements counted. A news page has some thousands; a
/// page of 150,000 paragraphs (300,000 nodes) took 26 seconds and 1.7 GB to extract.
const MAX_NODES: usize = 200_000;

const VOID: &[&[u8]] = &[
    b"area", b"base", b"br", b"col", b"embed", b"hr", b"img", b"input", b"link", b"meta", b"param",
    b"source", b"track", b"wbr", b"frame", b"keygen", b"image",
];

/// Elements that the next of their kind, or their parent's end, closes.
const SELF_CLOSING: &[&[u8]] = &[
    b"p",
    b"li",
    b"dd",
    b"dt",
    b"option",
    b"optgroup",
    b"tr",
    b"td",
    b"th",
    b"tbody",
    b"thead",
    b"tfoot",
    b"colgroup",
    b"caption",
    b"rp",
    b"rt",
    b"html",
    b"head",
    b"body",
];

/// Elements that are reopened in every block until they are closed.
const FORMATTING: &[&[u8]] = &[
    b"a", b"b", b"big", b"code", b"em", b"font", b"i", b"nobr", b"s", b"small", b"strike", b"strong", b"tt",
    b"u",
];

/// Elements whose content is no mark-up.
const RAW: &[&[u8]] =
    &[b"script", b"style", b"textarea", b"title", b"noscript", b"iframe", b"xmp", b"noembed", b"noframes"];

/// Refuses a page whose tags would make parsing quadratic.
pub(crate) fn check(html: &str) -> Result<(), Problem> {
    let bytes = html.as_bytes();
    let (mut at, mut depth, mut formatting, mut nodes) = (0usize, 0usize, 0usize, 0usize);
    while let Some(found) = memchr::memchr(b'<', bytes.get(at..).unwrap_or_default()) {
        at += found + 1;
        let rest = bytes.get(at..).unwrap_or_default();
        if rest.starts_with(b"!--") {
            at += memchr::memmem::find(rest, b"-->").unwrap_or(rest.len());
            continue;
        }
        let (closing, name) = match rest.first() {
            Some(b'/') => (true, tag_name(rest.get(1..).unwrap_or_default())),
            _ => (false, tag_name(rest)),
        };
        let Some(name) = name else { continue };
        let known = |names: &[&[u8]]| names.iter().any(|other| other.eq_ignore_ascii_case(name));
        if closing {
            if known(FORMATTING) {
                formatting = formatting.saturating_sub(1);
            }
            if !known(VOID) && !known(SELF_CLOSING) {
                depth = depth.saturating_sub(1);
            }
            continue;
        }
        nodes += 2 + formatting;
        if known(RAW) {
            at += end_of_raw(rest, name).unwrap_or(0);
        } else if known(FORMATTING) {
            formatting += 1;
            depth += 1;
        } else if !known(VOID) && !known(SELF_CLOSING) {
            depth += 1;
        }
        if depth > MAX_DEPTH || nodes > MAX_NODES {
            return Err(Problem::new(
                if depth > MAX_DEPTH {
                    format!("the page nests its elements more than {MAX_DEPTH} deep")
                } else {
                    format!("the page would have more than {MAX_NODES} elements")
                },
                "it is broken or made to do harm; give the report's text instead",
            ));
        }
    }
    Ok(())
}

fn tag_name(bytes: &[u8]) -> Option<&[u8]> {
    let end =
        bytes.iter().take(32).position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(bytes.len().min(32));
    bytes.get(..end).filter(|name| name.first().is_some_and(u8::is_ascii_alphabetic))
}

/// Where the content of a raw-text element ends; nothing where no end tag follows.
fn end_of_raw(rest: &[u8], name: &[u8]) -> Option<usize> {
    memchr::memmem::find_iter(rest, b"</").find(|&end| {
        rest.get(end + 2..end + 2 + name.len()).is_some_and(|other| other.eq_ignore_ascii_case(name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_and_careless_pages_pass() {
        let careless =
            format!("<html><body>{}", "<p>One paragraph.<br><li>An item<img src=x>".repeat(20_000));
        assert!(check(&careless).is_ok());
        assert!(check(&"<div><p>x</div>".repeat(10_000)).is_ok());
        assert!(check("<script>for(i=0;i<a;i++){'<b><b>'}</script><!-- <b><b> -->").is_ok());
        assert!(check(&"<".repeat(100_000)).is_ok());
    }

    #[test]
    fn bombs_are_refused() {
        assert!(check(&"<div>".repeat(20_000)).is_err());
        assert!(check(&"<table><tr><td>".repeat(3_000)).is_err());
        let reopened: String =
            (0..400).map(|i| format!("<b id={i}>")).collect::<String>() + &"<p>x".repeat(100_000);
        assert!(check(&reopened).is_err());
    }
}
