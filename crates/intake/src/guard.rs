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

/// Attributes of one element: each new one is looked for among those before it. A page made by people stays under 50; one
/// element with 200,000 took 12 seconds.
const MAX_ATTRIBUTES: usize = 1_000;

/// Tags closed in themselves ("<path/>"). A drawing has hundreds, and where HTML does not know the element, it stays open all
/// the same: 5,000 elements so nested take a second, 10,000 four.
const MAX_SLASHED: usize = 5_000;

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

/// Elements whose content is no mark-up. There are more, but in others little looks like it, and less is hidden in them.
const RAW: &[&[u8]] = &[b"script", b"style"];

/// Elements inside which those are ordinary ones (HTML Standard, 13.2.6.4.16 and 13.2.6.5).
const OTHER_RULES: &[&[u8]] = &[b"svg", b"math", b"select"];

/// Refuses a page whose tags would make parsing quadratic. One pass over the bytes.
pub(crate) fn check(html: &str) -> Result<(), Problem> {
    let bytes = html.as_bytes();
    let (mut at, mut depth, mut formatting, mut nodes) = (0usize, 0usize, 0usize, 0usize);
    let (mut other_rules, mut slashed) = (0usize, 0usize);
    while let Some(found) = memchr::memchr(b'<', bytes.get(at..).unwrap_or_default()) {
        at += found + 1;
        let rest = bytes.get(at..).unwrap_or_default();
        if rest.starts_with(b"!--") {
            at += end_of_comment(rest);
            continue;
        }
        let closing = rest.first() == Some(&b'/');
        let Some(name) = tag_name(rest.get(usize::from(closing)..).unwrap_or_default()) else { continue };
        at += usize::from(closing) + name.len();
        let tag = Tag::read(bytes.get(at..).unwrap_or_default());
        at += tag.length;
        let known = |names: &[&[u8]]| names.iter().any(|other| other.eq_ignore_ascii_case(name));
        if closing {
            if known(FORMATTING) {
                formatting = formatting.saturating_sub(1);
            }
            if known(OTHER_RULES) {
                other_rules = other_rules.saturating_sub(1);
            }
            if !known(VOID) && !known(SELF_CLOSING) {
                depth = depth.saturating_sub(1);
            }
            continue;
        }
        nodes += 2 + formatting;
        if known(RAW) && other_rules == 0 {
            at += end_of_raw(bytes.get(at..).unwrap_or_default(), name);
        } else if known(FORMATTING) {
            formatting += 1;
            depth += 1;
        } else if !known(VOID) && !known(SELF_CLOSING) {
            if tag.slashed {
                slashed += 1;
            } else {
                depth += 1;
                other_rules += usize::from(known(OTHER_RULES));
            }
        }
        if tag.attributes > MAX_ATTRIBUTES {
            return Err(harmful(format!(
                "the page has an element with more than {MAX_ATTRIBUTES} attributes"
            )));
        }
        if depth > MAX_DEPTH {
            return Err(harmful(format!("the page nests its elements more than {MAX_DEPTH} deep")));
        }
        if slashed > MAX_SLASHED {
            return Err(harmful(format!(
                "the page has more than {MAX_SLASHED} elements that end in \"/>\", which may nest"
            )));
        }
        if nodes > MAX_NODES {
            return Err(harmful(format!("the page would have more than {MAX_NODES} elements")));
        }
    }
    Ok(())
}

fn harmful(error: String) -> Problem {
    Problem::new(error, "it is broken or made to do harm; give the report's text instead")
}

/// What follows a tag's name.
struct Tag {
    attributes: usize,
    /// Bytes up to and with the end of the tag.
    length: usize,
    /// It ends in "/>".
    slashed: bool,
}

/// Where in a tag a byte stands (HTML Standard, 13.2.5.32 to 13.2.5.40).
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    Between,
    Name,
    AfterName,
    BeforeValue,
    Value,
    Quoted(u8),
}

impl Tag {
    fn read(rest: &[u8]) -> Self {
        let (mut state, mut attributes) = (At::Between, 0);
        for (at, &byte) in rest.iter().enumerate() {
            let blank = byte.is_ascii_whitespace();
            state = match (state, byte) {
                (At::Quoted(quote), _) if byte == quote => At::Between,
                (At::Quoted(_), _) => state,
                (_, b'>') => {
                    let slashed = state == At::Between && rest[..at].ends_with(b"/");
                    return Self { attributes, length: at + 1, slashed };
                }
                (At::Between | At::Name | At::AfterName, b'/') => At::Between,
                (At::Name | At::AfterName, b'=') => At::BeforeValue,
                (At::BeforeValue, b'"' | b'\'') => At::Quoted(byte),
                (At::Between | At::AfterName | At::BeforeValue, _) if blank => state,
                (At::Name, _) if blank => At::AfterName,
                (At::Value, _) if blank => At::Between,
                (At::BeforeValue | At::Value, _) => At::Value,
                (At::Name, _) => At::Name,
                (At::Between | At::AfterName, _) => {
                    attributes += 1;
                    At::Name
                }
            };
        }
        Self { attributes, length: rest.len(), slashed: false }
    }
}

fn tag_name(bytes: &[u8]) -> Option<&[u8]> {
    bytes.first().filter(|first| first.is_ascii_alphabetic())?;
    let end = bytes.iter().position(|&byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>'));
    bytes.get(..end.unwrap_or(bytes.len()))
}

/// Where the content of a raw-text element ends: nothing ends it but its own end tag, or the page.
fn end_of_raw(rest: &[u8], name: &[u8]) -> usize {
    let own = |end: &usize| {
        rest.get(end + 2..end + 2 + name.len()).is_some_and(|other| other.eq_ignore_ascii_case(name))
    };
    memchr::memmem::find_iter(rest, b"</").find(own).unwrap_or(rest.len())
}

/// Where a comment that begins with "!--" ends (HTML Standard, 13.2.5.43 to 13.2.5.51): at "-->" or "--!>", or at once.
fn end_of_comment(rest: &[u8]) -> usize {
    let body = rest.get(3..).unwrap_or_default();
    let ends = |&at: &usize| {
        let before = &body[..at];
        matches!(before, [] | b"-") || before.ends_with(b"--") || before.ends_with(b"--!")
    };
    memchr::memchr_iter(b'>', body).find(ends).map_or(rest.len(), |at| 3 + at + 1)
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
        assert!(check(&format!("<p title=\"{}\">x", "many words ".repeat(5_000))).is_ok());
        let drawing = "<path d='M0 0'/>".repeat(3_000);
        assert!(check(&format!("<svg viewBox=\"0 0 9 9\">{drawing}</svg><p>x")).is_ok());
        assert!(check(&format!("<p data-a='{}'>x", "<div>".repeat(5_000))).is_ok());
    }

    #[test]
    fn finds_where_comments_and_tags_end() {
        for (comment, end) in
            [("!-->x", 4), ("!--->x", 5), ("!---->x", 6), ("!--a--!>x", 8), ("!--a>b-->", 9)]
        {
            assert_eq!(end_of_comment(comment.as_bytes()), end, "{comment}");
        }
        for (rest, attributes, slashed) in [
            (" a b=c d='e f' g>x", 4, false),
            ("/>", 0, true),
            (" href=a/>", 1, false),
            (" a = b / c>", 2, false),
        ] {
            let tag = Tag::read(rest.as_bytes());
            assert_eq!((tag.attributes, tag.slashed), (attributes, slashed), "{rest}");
        }
    }

    #[test]
    fn bombs_are_refused() {
        assert!(check(&"<div>".repeat(20_000)).is_err());
        assert!(check(&"<table><tr><td>".repeat(3_000)).is_err());
        let reopened: String =
            (0..400).map(|i| format!("<b id={i}>")).collect::<String>() + &"<p>x".repeat(100_000);
        assert!(check(&reopened).is_err());
        let attributes: String = (0..2_000).map(|n| format!(" a{n}={n}")).collect();
        assert!(check(&format!("<p{attributes}>x</p>")).is_err());
    }

    #[test]
    fn bombs_in_hiding_are_refused() {
        let bomb = "<div>".repeat(20_000);
        for (before, after) in [
            ("<!--x--!>", "<!-- -->"),
            ("<!-->", "-->"),
            ("<svg><style>", "</style></svg>"),
            ("<svg><title>", "</title></svg>"),
            ("<noscript>", "</noscript>"),
            ("<p \">", "\">"),
        ] {
            assert!(check(&format!("<body>{before}{bomb}{after}")).is_err(), "{before}");
        }
        assert!(check(&"<section/>".repeat(20_000)).is_err());
    }
}
