//! Sitemaps and their indexes, those of news among them (sitemaps.org, and Google's extension for news), read as they come: what is
//! cut off or broken later on costs nothing of what came before.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use url::Url;

use crate::failure::{Failure, Why};
use crate::item::{Item, Listing, MOST};
use crate::link;

/// Bytes of one value that are read: an address has 2048 characters at most.
const LONGEST_VALUE: usize = 4096;

/// Reads a sitemap or an index, already decoded. `base` is its address.
///
/// # Errors
/// Where it is neither.
pub fn parse(text: &str, base: &Url) -> Result<Listing, Failure> {
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_dangling_amp = true;
    config.allow_unmatched_ends = true;
    let mut listing = Listing::default();
    let mut kind = None;
    let mut at: Option<&'static str> = None;
    let mut value = String::new();
    let mut entry = Entry::default();
    let mut inside = false;
    loop {
        let event = match reader.read_event() {
            Ok(Event::Eof) => {
                if inside {
                    listing.broken += 1;
                    listing.notes.push("the sitemap breaks off before its end".to_owned());
                }
                break;
            }
            Ok(event) => event,
            Err(_) => {
                if kind.is_some() {
                    listing
                        .notes
                        .push("the sitemap is broken; what stands after the break was not read".to_owned());
                }
                break;
            }
        };
        match event {
            Event::Start(start) => {
                let name = local(&start);
                match name.as_str() {
                    "urlset" => kind = kind.or(Some(Kind::Pages)),
                    "sitemapindex" => kind = kind.or(Some(Kind::Index)),
                    _ if kind.is_none() => return Err(none()),
                    "url" | "sitemap" => {
                        entry = Entry::default();
                        inside = true;
                    }
                    _ => {}
                }
                at = field(&name);
                value.clear();
            }
            Event::Text(text) if at.is_some() && value.len() < LONGEST_VALUE => value.push_str(&text),
            Event::CData(text) if at.is_some() && value.len() < LONGEST_VALUE => value.push_str(&text),
            Event::GeneralRef(name) if at.is_some() => value.push_str(&character(&name)),
            Event::End(end) => {
                let name = end.local_name().as_ref().to_owned();
                if let Some(field) = at.take() {
                    entry.set(field, value.trim());
                    value.clear();
                }
                inside &= !matches!(name.as_str(), "url" | "sitemap");
                match (name.as_str(), kind) {
                    ("url", Some(Kind::Pages)) => {
                        take_page(&mut listing, std::mem::take(&mut entry), base);
                    }
                    ("sitemap", Some(Kind::Index)) => {
                        let entry = std::mem::take(&mut entry);
                        match entry.url.as_deref().and_then(|url| link::join(base, url)) {
                            Some(url) => listing.more.push((url, entry.changed)),
                            None => listing.broken += 1,
                        }
                    }
                    _ => {}
                }
            }
            _ => {}
        }
        if listing.items.len() >= MOST || listing.more.len() >= MOST {
            listing.notes.push(format!("the sitemap has more than {MOST} entries; the rest was not read"));
            break;
        }
    }
    if kind.is_none() { Err(none()) } else { Ok(listing) }
}

fn none() -> Failure {
    Failure::new(
        Why::NoReport,
        "what came is no sitemap; expected `urlset` or `sitemapindex`",
        "see what the address shows in a browser",
    )
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Pages,
    Index,
}

#[derive(Default)]
struct Entry {
    url: Option<String>,
    changed: Option<String>,
    published: Option<String>,
    title: Option<String>,
    publisher: Option<String>,
    language: Option<String>,
}

impl Entry {
    fn set(&mut self, field: &str, value: &str) {
        let place = match field {
            "loc" => &mut self.url,
            "lastmod" => &mut self.changed,
            "publication_date" => &mut self.published,
            "title" => &mut self.title,
            "name" => &mut self.publisher,
            _ => &mut self.language,
        };
        // The first stands: pictures further on in an entry have titles and addresses of their own.
        if place.is_none() && !value.is_empty() {
            *place = Some(value.chars().take(LONGEST_VALUE).collect());
        }
    }
}

/// The values that are read.
fn field(name: &str) -> Option<&'static str> {
    ["loc", "lastmod", "publication_date", "title", "name", "language"]
        .into_iter()
        .find(|field| *field == name)
}

fn local(start: &BytesStart<'_>) -> String {
    start.local_name().as_ref().to_owned()
}

/// What a reference stands for; one that stands for nothing stays as it is written.
pub(crate) fn character(name: &str) -> String {
    let written = format!("&{name};");
    quick_xml::escape::unescape(&written).map_or_else(|_| written.clone(), std::borrow::Cow::into_owned)
}

fn take_page(listing: &mut Listing, entry: Entry, base: &Url) {
    let Some(url) = entry.url.as_deref().and_then(|url| link::join(base, url)) else {
        listing.broken += 1;
        return;
    };
    listing.items.push(Item {
        url: Some(url),
        title: entry.title,
        published: entry.published,
        changed: entry.changed,
        publisher: entry.publisher,
        language: entry.language.filter(|tag| intake::is_language_tag(tag)),
        ..Item::default()
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> Url {
        Url::parse("https://example.org/sitemap.xml").expect("an address")
    }

    const NEWS: &str = "<?xml version='1.0' encoding='UTF-8'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' \
        xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'>\
        <url><loc>https://example.org/a?x=1&amp;y=2</loc><lastmod>2026-11-04</lastmod><news:news><news:publication><news:name>The Daily Example</news:name>\
        <news:language>en</news:language></news:publication><news:publication_date>2026-11-03T09:00:00Z</news:publication_date>\
        <news:title><![CDATA[Five die & more]]></news:title></news:news><image:image><image:loc>https://example.org/a.jpg</image:loc></image:image></url>\
        <url><loc>https://example.org/b</loc></url></urlset>";

    #[test]
    fn a_sitemap_for_news() {
        let listing = parse(NEWS, &base()).expect("a sitemap");
        assert_eq!(listing.items.len(), 2);
        let item = &listing.items[0];
        assert_eq!(item.url.as_ref().map(Url::as_str), Some("https://example.org/a?x=1&y=2"));
        assert_eq!(item.title.as_deref(), Some("Five die & more"));
        assert_eq!(item.published.as_deref(), Some("2026-11-03T09:00:00Z"));
        assert_eq!(item.publisher.as_deref(), Some("The Daily Example"));
        assert_eq!(listing.items[1].published, None, "the day of a change is no day of publication");
    }

    #[test]
    fn an_index() {
        let index = "<sitemapindex><sitemap><loc>/news.xml</loc><lastmod>2026-11-04</lastmod></sitemap><sitemap><loc>ftp://x/</loc></sitemap></sitemapindex>";
        let listing = parse(index, &base()).expect("an index");
        assert_eq!(listing.more.len(), 1);
        assert_eq!(listing.broken, 1);
        assert_eq!(listing.more[0].0.as_str(), "https://example.org/news.xml");
    }

    #[test]
    fn what_is_cut_off_keeps_what_came_before() {
        let cut = parse(&NEWS[..NEWS.len() - 30], &base()).expect("a sitemap");
        assert_eq!((cut.items.len(), cut.broken), (1, 1));
        for none in ["", "<html></html>", "<rss version='2.0'></rss>", "not XML", "\u{0}", "<"] {
            assert!(parse(none, &base()).is_err(), "{none}");
        }
        let stray = NEWS.replace("&amp;", "&");
        let listing = parse(&stray, &base()).expect("a sitemap");
        assert_eq!(listing.items[0].url.as_ref().map(Url::as_str), Some("https://example.org/a?x=1&y=2"));
    }
}
