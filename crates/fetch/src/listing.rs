//! A page that lists articles: which of its links lead to one.

use std::collections::BTreeSet;

use url::Url;

use crate::failure::{Failure, Why};
use crate::item::{Item, Listing};
use crate::link;

/// Most links of a page that are taken; a front page has a hundred articles.
const MOST_LINKS: usize = 300;

/// Words that the text of a link to an article has at least: a headline. What leads to a section has one to three.
const HEADLINE: usize = 4;
/// The same for scripts that write no blanks between words, in characters.
const HEADLINE_CHARACTERS: usize = 12;

/// Ends of addresses that lead to no page.
const FILES: &[&str] = &[
    ".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".pdf", ".mp3", ".mp4", ".m3u8", ".zip", ".css", ".js",
    ".xml", ".rss", ".doc", ".docx", ".xls", ".xlsx", ".ics", ".apk",
];

/// The first parts of a path that lead to lists and services, not to reports, in the publishing systems that are met most.
const SECTIONS: &[&str] = &[
    "tag",
    "tags",
    "author",
    "authors",
    "category",
    "categories",
    "topic",
    "topics",
    "search",
    "login",
    "signin",
    "register",
    "subscribe",
    "newsletter",
    "newsletters",
    "account",
    "about",
    "about-us",
    "contact",
    "contact-us",
    "privacy",
    "privacy-policy",
    "terms",
    "cookies",
    "jobs",
    "careers",
    "advertise",
    "shop",
    "podcasts",
    "video",
    "videos",
    "gallery",
    "live",
    "weather",
    "feed",
    "rss",
    "amp",
    "wp-admin",
    "wp-login.php",
    "user",
    "users",
    "page",
];

/// Reads a page that lists articles, already decoded. `base` is its address.
///
/// # Errors
/// Where it has no links that lead to articles.
pub fn parse(html: &str, base: &Url) -> Result<Listing, Failure> {
    let found =
        intake::links(html).map_err(|problem| Failure::new(Why::NoReport, problem.error, problem.hint))?;
    let origin =
        found.base.as_deref().and_then(|href| link::join(base, href)).unwrap_or_else(|| base.clone());
    let mut listing = Listing { title: found.title, language: found.language, ..Listing::default() };
    let mut seen = BTreeSet::new();
    for page_link in found.links {
        let Some(url) = link::join(&origin, &page_link.href) else { continue };
        let url = link::canonical(&url);
        if !same_site(&url, base) || !leads_to_article(&url, &page_link.text) || url == link::canonical(base)
        {
            continue;
        }
        if !seen.insert(url.as_str().to_owned()) {
            continue;
        }
        let title = page_link.text.chars().take(1000).collect();
        listing.items.push(Item { url: Some(url), title: Some(title), ..Item::default() });
        if listing.items.len() >= MOST_LINKS {
            listing.notes.push(format!(
                "the page has more than {MOST_LINKS} links to articles; the rest was not read"
            ));
            break;
        }
    }
    let feeds: Vec<String> = found
        .feeds
        .iter()
        .filter_map(|href| link::join(&origin, href))
        .map(|url| link::shown(&url))
        .take(3)
        .collect();
    if !feeds.is_empty() {
        listing.notes.push(format!(
            "the page names a feed, which tells days and headlines better: {}",
            feeds.join(", ")
        ));
    }
    if listing.items.is_empty() {
        return Err(Failure::new(
            Why::NoReport,
            "the page has no links that look like those of articles (a headline of four words or more, on the same site)",
            match feeds.first() {
                Some(feed) => format!("add the feed that it names instead: {feed}"),
                None => "it may be drawn by a script; look for a feed or a sitemap of the outlet".to_owned(),
            },
        ));
    }
    Ok(listing)
}

/// Whether two addresses are of one site: one server's name is the other's, or lies below it.
fn same_site(one: &Url, other: &Url) -> bool {
    let name = |url: &Url| url.host_str().unwrap_or_default().trim_start_matches("www.").to_ascii_lowercase();
    let (one, other) = (name(one), name(other));
    one == other || one.ends_with(&format!(".{other}")) || other.ends_with(&format!(".{one}"))
}

fn leads_to_article(url: &Url, text: &str) -> bool {
    let path = url.path().to_ascii_lowercase();
    if path.len() < 2 && url.query().is_none() || FILES.iter().any(|end| path.ends_with(end)) {
        return false;
    }
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    if SECTIONS.contains(&first) {
        return false;
    }
    let words = text.split_whitespace().count();
    let characters = text.chars().filter(|c| !c.is_whitespace()).count();
    // Thai, Lao, Khmer, Burmese, Chinese and Japanese write no blanks.
    let without_blanks = text.chars().any(|c| {
        matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}')
    });
    words >= HEADLINE || without_blanks && characters >= HEADLINE_CHARACTERS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> Url {
        Url::parse("https://www.example.org/news/").expect("an address")
    }

    #[test]
    fn headlines_are_told_from_the_rest() {
        let html = "<html lang=en><head><title>News</title><link rel=alternate type='application/rss+xml' href='/feed?key=x'></head><body>\
            <nav><a href='/politics'>All of our politics and more</a></nav>\
            <a href='/2026/11/ambush?utm_source=front#top'>Five soldiers die in ambush near Gao</a>\
            <a href='/2026/11/ambush'>Five soldiers die in ambush near Gao</a>\
            <a href='https://news.example.org/b'>Gunmen kill two in the market</a>\
            <a href='https://elsewhere.example.com/c'>Another outlet's report on the attack</a>\
            <a href='/tag/gao'>Everything that we have on Gao</a><a href='/world'>World</a>\
            <a href='/x.pdf'>The whole report of the commission</a><a href='javascript:x()'>Click here for more of it</a>\
            <a href='/th'>\u{0e17}\u{0e2b}\u{0e32}\u{0e23}\u{0e40}\u{0e2a}\u{0e35}\u{0e22}\u{0e0a}\u{0e35}\u{0e27}\u{0e34}\u{0e15}\u{0e2b}\u{0e49}\u{0e32}\u{0e19}\u{0e32}\u{0e22}</a>\
            </body></html>";
        let listing = parse(html, &base()).expect("a list");
        let urls: Vec<&str> =
            listing.items.iter().filter_map(|item| item.url.as_ref().map(Url::as_str)).collect();
        assert_eq!(
            urls,
            [
                "https://www.example.org/2026/11/ambush",
                "https://news.example.org/b",
                "https://www.example.org/th"
            ]
        );
        assert!(listing.notes[0].contains("https://www.example.org/feed?…"), "{:?}", listing.notes);
        assert!(listing.items.iter().all(|item| item.published.is_none()));
    }

    #[test]
    fn a_page_without_articles_is_told() {
        for html in ["", "<p>Nothing</p>", "<a href='/a'>One</a>"] {
            assert!(parse(html, &base()).is_err(), "{html}");
        }
    }
}
