//! What came, told from what it is and not from what it is called: servers send feeds as pages, pages as feeds, and any encoding as any
//! other.

use encoding_rs::Encoding;

use crate::client::Answer;
use crate::failure::{Failure, Why};

/// What came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// RSS, Atom or JSON Feed.
    Feed,
    /// A sitemap or an index of sitemaps.
    Sitemap,
    /// A web page.
    Page,
    /// Text without mark-up.
    Text,
    /// Another kind of XML.
    Other,
}

/// Bytes that are looked at.
const HEAD: usize = 4096;

/// Tells what a text is by how it begins.
#[must_use]
pub fn of(text: &str) -> Kind {
    let mut rest = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    if rest.starts_with('{') {
        return Kind::Feed;
    }
    // What may stand before the first element.
    loop {
        rest = rest.trim_start();
        let end = if rest.starts_with("<?") {
            "?>"
        } else if rest.starts_with("<!--") {
            "-->"
        } else if rest.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype")) {
            let name = rest.get(9..).unwrap_or_default().trim_start().to_ascii_lowercase();
            if name.starts_with("html") {
                return Kind::Page;
            }
            ">"
        } else {
            break;
        };
        match rest.split_once(end) {
            Some((_, after)) => rest = after,
            None => return Kind::Other,
        }
    }
    let name: String = rest
        .strip_prefix('<')
        .unwrap_or_default()
        .chars()
        .take(40)
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, ':' | '-' | '_'))
        .collect();
    let local = name.rsplit(':').next().unwrap_or_default().to_ascii_lowercase();
    match local.as_str() {
        "rss" | "feed" | "entry" | "rdf" => Kind::Feed,
        "urlset" | "sitemapindex" => Kind::Sitemap,
        "html" | "head" | "body" | "meta" | "title" | "div" | "article" | "script" | "link" | "style"
        | "main" | "p" | "h1" | "section" => Kind::Page,
        "" => {
            let mut end = rest.len().min(HEAD);
            while !rest.is_char_boundary(end) {
                end -= 1;
            }
            let head = rest.get(..end).unwrap_or_default().to_ascii_lowercase();
            if ["<html", "<body", "<p>", "<div"].iter().any(|tag| head.contains(tag)) {
                Kind::Page
            } else {
                Kind::Text
            }
        }
        _ => Kind::Other,
    }
}

/// The encoding that an answer's header names.
#[must_use]
pub fn charset(answer: &Answer) -> Option<String> {
    let kind = answer.header("content-type")?;
    let label = kind.split(';').skip(1).find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches(['"', '\'']).to_owned())
    })?;
    (!label.is_empty()).then_some(label)
}

/// The text of a feed or a sitemap: a byte-order mark stands above what the bytes are, that above what the document declares, that
/// above the header; where one means nothing, the next is tried.
///
/// # Errors
/// Where the bytes are no text.
pub fn decode(bytes: &[u8], header: Option<&str>) -> Result<String, Failure> {
    let declared = declared(bytes);
    let mut damaged = None;
    for label in [declared.as_deref(), header, None] {
        let encoding =
            label.and_then(|label| Encoding::for_label(label.as_bytes())).map(Encoding::output_encoding);
        if label.is_some() && encoding.is_none() {
            continue;
        }
        let decoded = intake::decode(bytes, encoding);
        if !decoded.damaged {
            return Ok(decoded.text);
        }
        damaged.get_or_insert(decoded.text);
    }
    let text = damaged.unwrap_or_default();
    let lost = text.chars().filter(|c| *c == '\u{fffd}').count();
    // A letter lost here and there is no reason to do without the rest.
    if lost * 20 > text.chars().count() {
        return Err(Failure::new(
            Why::NoReport,
            "what came is no text; expected a feed, a sitemap or a page",
            "see what the address shows in a browser",
        ));
    }
    Ok(text)
}

/// The encoding in the XML declaration.
fn declared(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(200))?).into_owned();
    let (declaration, _) = head.strip_prefix("<?xml")?.split_once("?>")?;
    let (_, after) = declaration.split_once("encoding")?;
    let value = after.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    Some(value.get(1..)?.split(quote).next()?.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_is_and_not_what_it_is_called() {
        for (text, kind) in [
            ("<?xml version='1.0'?>\n<!-- a comment with <html> in it --><rss version='2.0'>", Kind::Feed),
            ("\u{feff}  <feed xmlns='http://www.w3.org/2005/Atom'>", Kind::Feed),
            ("<rdf:RDF xmlns:rdf='x'>", Kind::Feed),
            ("<atom:feed>", Kind::Feed),
            ("{\"version\": \"https://jsonfeed.org/version/1\"}", Kind::Feed),
            ("<?xml version='1.0'?><urlset>", Kind::Sitemap),
            ("<sitemapindex>", Kind::Sitemap),
            ("<!DOCTYPE html>", Kind::Page),
            ("<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x'><html>", Kind::Page),
            ("  <HTML>", Kind::Page),
            ("Some text before <body> begins", Kind::Page),
            ("Five soldiers were killed.", Kind::Text),
            ("", Kind::Text),
            ("<svg>", Kind::Other),
            ("<!-- never ends", Kind::Other),
            ("<", Kind::Text),
        ] {
            assert_eq!(of(text), kind, "{text}");
        }
    }

    #[test]
    fn encodings_are_believed_where_they_fit() {
        let feed = |declared: &str| {
            format!("<?xml version=\"1.0\" encoding=\"{declared}\"?><rss>Attaqu\u{e9} \u{e0} l'aube</rss>")
        };
        let latin = |declared: &str| feed(declared).chars().map(|c| c as u8).collect::<Vec<u8>>();
        for (bytes, header) in [
            (feed("utf-8").into_bytes(), None),
            (feed("iso-8859-1").into_bytes(), Some("iso-8859-1")),
            (latin("iso-8859-1"), None),
            (latin("iso-8859-1"), Some("utf-8")),
            (latin("utf-8"), Some("windows-1252")),
            (latin("no-such-thing"), Some("iso-8859-1")),
        ] {
            let text = decode(&bytes, header).expect("text");
            assert!(text.contains("Attaqu\u{e9} \u{e0}"), "{text}");
        }
        let noise: Vec<u8> = (0..3000_u32).map(|at| (at * 7919 % 251) as u8 | 0x80).collect();
        let _ = decode(&noise, Some("utf-8"));
    }
}
