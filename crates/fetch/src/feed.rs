//! RSS, Atom and JSON Feed to items, through the library `feed-rs`.
//!
//! A feed is to be read as a whole or not at all by the library, and one stray `&` is enough for "not at all". So a feed that cannot be
//! read is mended as far as that is beyond doubt, and if it still cannot, read item by item: what is broken costs its item.

use std::panic::{AssertUnwindSafe, catch_unwind};

use chrono::{DateTime, Utc};
use feed_rs::model::{Entry, Feed, Link, Text};
use feed_rs::parser::{Builder, Parser};
use url::Url;

use crate::failure::{Failure, Why};
use crate::item::{Item, LONGEST_TEXT, Listing, MOST};
use crate::link;

/// Items that a broken feed is read for one by one; each is parsed with the head of the feed before it.
const MOST_SINGLE: usize = 2_000;
const LONGEST_HEAD: usize = 64 << 10;

/// Reads a feed, already decoded. `base` is its address.
///
/// # Errors
/// Where it is none.
pub fn parse(text: &str, base: &Url) -> Result<Listing, Failure> {
    let text = undeclared(text);
    let text = text.as_str();
    let (feed, broken, mended) = match whole(text, base) {
        Ok(feed) => (feed, 0, false),
        Err(first) => match whole(&mended(text), base) {
            Ok(feed) => (feed, 0, true),
            Err(_) => match one_by_one(&mended(text), base) {
                Some((feed, broken)) => (feed, broken, true),
                None => return Err(first),
            },
        },
    };
    let mut listing = Listing {
        title: feed.title.as_ref().and_then(plain),
        language: feed.language.as_deref().and_then(tag),
        ttl: feed.ttl.filter(|ttl| *ttl > 0),
        broken,
        ..Listing::default()
    };
    if mended {
        listing.notes.push(match broken {
            0 => "the feed is broken and was read all the same".to_owned(),
            1 => "the feed is broken; one of its items could not be read".to_owned(),
            _ => format!("the feed is broken; {broken} of its items could not be read"),
        });
    }
    let publisher = listing.title.clone();
    listing.items =
        feed.entries.into_iter().take(MOST).map(|entry| item(entry, base, publisher.as_deref())).collect();
    // An item that says nothing at all is none.
    listing.items.retain(|item| item.url.is_some() || item.text.is_some());
    Ok(listing)
}

/// Without the encoding that it declares: it is text by now, and what reads it would decode it again.
fn undeclared(text: &str) -> String {
    let text = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    match text.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")) {
        Some((_, rest)) => rest.to_owned(),
        None => text.to_owned(),
    }
}

fn whole(text: &str, base: &Url) -> Result<Feed, Failure> {
    let broken = |why: &str| {
        let why: String = why.chars().take(200).collect();
        Failure::new(
            Why::NoReport,
            format!("what came is no feed that can be read: {why}"),
            "see what the address shows in a browser; `watchpost sources try` tells what is found there",
        )
    };
    // The library reads what strangers write; a fault in it costs this feed.
    let parsed = catch_unwind(AssertUnwindSafe(|| parser(base).parse(text.as_bytes())));
    match parsed {
        Ok(Ok(feed)) => Ok(feed),
        Ok(Err(error)) => Err(broken(&error.to_string())),
        Err(_) => {
            Err(broken("reading it failed; this is a fault of Watchpost, please report it with the address"))
        }
    }
}

fn parser(base: &Url) -> Parser {
    // Ids and times are wanted as the feed gives them: an id of the library's own making would change with the link, and a time in
    // UTC is often another day than the outlet's.
    Builder::new()
        .base_uri(Some(base.as_str()))
        .id_generator(|_, _, _| String::new())
        .timestamp_parser(local)
        .build()
}

/// A time by the outlet's own clock, carried as if it were UTC: what counts is the day there.
fn local(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let time = jiff::fmt::rfc2822::parse(text)
        .map(|time| time.datetime())
        .ok()
        .or_else(|| text.parse::<jiff::civil::DateTime>().ok())
        // "Z" says that the time is UTC and not what the clock there shows: the time itself is all there is then.
        .or_else(|| Some(text.parse::<jiff::Timestamp>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).datetime()))
        .or_else(|| match intake::published_day(text) {
            intake::PublishedDay::Day(day) => Some(day.at(0, 0, 0, 0)),
            // What cannot be read is carried on as a day that nobody believes, so that it is said.
            intake::PublishedDay::Absurd => Some(UNREADABLE.at(0, 0, 0, 0)),
            intake::PublishedDay::Missing => None,
        })?;
    let seconds = time.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_second();
    DateTime::from_timestamp(seconds, 0)
}

/// Stands for a time that is written so that it cannot be read, or can be read in two ways.
const UNREADABLE: jiff::civil::Date = jiff::civil::date(1, 1, 1);

fn item(entry: Entry, base: &Url, publisher: Option<&str>) -> Item {
    let page = |links: &[Link]| {
        links
            .iter()
            .find(|link| matches!(link.rel.as_deref(), None | Some("alternate")) && !is_media(link))
            .and_then(|found| link::join(base, &found.href))
    };
    let content = entry
        .content
        .as_ref()
        .and_then(|content| content.body.as_deref())
        .filter(|body| body.len() <= intake::DEFAULT_MAX_BYTES)
        .map(text_of);
    let summary = entry.summary.as_ref().map(|text| text_of(&text.content));
    // Some put the whole into the summary, some a line into the content: the longer says more.
    let text = [content, summary]
        .into_iter()
        .flatten()
        .filter(|text| !text.is_empty() && text.len() <= LONGEST_TEXT)
        .max_by_key(String::len);
    let time = |time: Option<DateTime<Utc>>| time.map(|time| time.format("%Y-%m-%dT%H:%M:%S").to_string());
    let id = Some(entry.id.trim().to_owned()).filter(|id| !id.is_empty() && id.len() <= 2048);
    Item {
        url: page(&entry.links),
        given_id: id,
        title: entry.title.as_ref().and_then(plain),
        // Atom asks for `updated` alone (RFC 4287, 4.1.2): what was never changed since was published then. What was is not told apart,
        // but a day too late by a correction is nearer than none.
        published: time(entry.published.or(entry.updated)),
        changed: time(entry.updated),
        publisher: publisher.map(str::to_owned),
        language: entry.language.as_deref().and_then(tag),
        text,
        tries: 0,
    }
}

fn is_media(link: &Link) -> bool {
    link.media_type.as_deref().is_some_and(|kind| {
        ["audio/", "video/", "image/"]
            .iter()
            .any(|media| kind.trim_start().to_ascii_lowercase().starts_with(media))
    })
}

fn plain(text: &Text) -> Option<String> {
    let text = text_of(&text.content).split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then(|| text.chars().take(1000).collect())
}

/// Plain text of what may be mark-up; feeds do not say reliably.
fn text_of(content: &str) -> String {
    intake::fragment(content).unwrap_or_default()
}

fn tag(language: &str) -> Option<String> {
    let language = language.trim();
    intake::is_language_tag(language).then(|| language.to_owned())
}

/// A feed without what no XML may have: control characters, and `&` that begins no reference.
fn mended(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c == '&' || is_forbidden(c)) {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        let mut characters = after.chars();
        if characters.next() == Some('&') {
            out.push_str(if is_reference(after) { "&" } else { "&amp;" });
        }
        rest = characters.as_str();
    }
    out.push_str(rest);
    out
}

/// XML 1.0, 2.2.
fn is_forbidden(c: char) -> bool {
    matches!(c, '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// Bytes in which a reference ends.
const LONGEST_REFERENCE: usize = 40;

fn is_reference(text: &str) -> bool {
    let body = text.get(1..).unwrap_or_default();
    // No reference is longer, and a text full of `&` must not be searched to its end for each.
    let Some(name) =
        body.bytes().take(LONGEST_REFERENCE).position(|byte| byte == b';').map(|end| &body[..end])
    else {
        return false;
    };
    let number = name.strip_prefix('#').is_some_and(|digits| {
        let hexadecimal = digits.strip_prefix(['x', 'X']);
        !digits.is_empty()
            && hexadecimal.map_or_else(
                || digits.bytes().all(|byte| byte.is_ascii_digit()),
                |digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit()),
            )
    });
    number || (name.len() <= 32 && !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// Reads each item of a broken feed by itself, with the head of the feed before it.
fn one_by_one(text: &str, base: &Url) -> Option<(Feed, u32)> {
    let (mark, close) = [("<item", "</item>"), ("<entry", "</entry>")]
        .into_iter()
        .filter_map(|(mark, close)| Some((begins(text, mark)?, mark, close)))
        .min()
        .map(|(_, mark, close)| (mark, close))?;
    let first = begins(text, mark)?;
    let head = text.get(..first).filter(|head| head.len() <= LONGEST_HEAD)?;
    // RSS 1.0 has its items beside the channel, the others within.
    let end =
        match (mark, head.contains("<rdf:RDF"), head.contains("<channel") && !head.contains("</channel>")) {
            ("<entry", ..) => "</feed>",
            (_, true, _) => "</rdf:RDF>",
            (_, false, true) => "</channel></rss>",
            _ => "</rss>",
        };
    let mut feed: Option<Feed> = None;
    let mut broken = 0;
    let mut rest = text.get(first..)?;
    for _ in 0..MOST_SINGLE {
        let next = begins(rest.get(1..)?, mark).map(|at| at + 1);
        let chunk = rest.get(..next.unwrap_or(rest.len()))?;
        let body = chunk.find(close).and_then(|at| chunk.get(..at + close.len()));
        match body.and_then(|body| whole(&format!("{head}{body}{end}"), base).ok()) {
            Some(mut one) => match &mut feed {
                Some(feed) => feed.entries.append(&mut one.entries),
                None => feed = Some(one),
            },
            None => broken += 1,
        }
        match next.and_then(|next| rest.get(next..)) {
            Some(after) => rest = after,
            None => break,
        }
    }
    feed.map(|feed| (feed, broken))
}

/// Where an element of that name begins ("<item" but not "<items").
fn begins(text: &str, mark: &str) -> Option<usize> {
    text.match_indices(mark)
        .find(|(at, _)| {
            text.as_bytes()
                .get(at + mark.len())
                .is_some_and(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'))
        })
        .map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> Url {
        Url::parse("https://example.org/feed.xml").expect("an address")
    }

    fn rss(items: &str) -> String {
        format!(
            "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><rss version=\"2.0\"><channel><title>The Daily Example</title>\
             <link>https://example.org/</link><description>d</description><language>en-gb</language><ttl>60</ttl>{items}</channel></rss>"
        )
    }

    #[test]
    fn an_rss_feed() {
        let listing = parse(
            &rss("<item><title>Five &lt;b&gt;die&lt;/b&gt; in ambush</title><link>/a?utm_source=rss</link><guid>g-1</guid>\
                  <pubDate>Tue, 03 Nov 2026 23:30:00 -0500</pubDate><description>&lt;p&gt;Gunmen killed five.&lt;/p&gt;&lt;p&gt;More soon.&lt;/p&gt;</description></item>"),
            &base(),
        )
        .expect("a feed");
        assert_eq!(
            (listing.title.as_deref(), listing.language.as_deref(), listing.ttl),
            (Some("The Daily Example"), Some("en-gb"), Some(60))
        );
        let item = &listing.items[0];
        assert_eq!(item.url.as_ref().map(Url::as_str), Some("https://example.org/a?utm_source=rss"));
        assert_eq!(item.title.as_deref(), Some("Five die in ambush"));
        assert_eq!(item.published.as_deref(), Some("2026-11-03T23:30:00"), "the outlet's own day");
        assert_eq!(item.text.as_deref(), Some("Gunmen killed five.\n\nMore soon."));
        assert_eq!(item.given_id.as_deref(), Some("g-1"));
    }

    #[test]
    fn an_atom_feed_and_a_json_feed() {
        let atom = "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='fr'><title>Le Fleuve</title><id>x</id><updated>2026-11-03T08:00:00Z</updated>\
            <entry><title>Attaque</title><id>urn:1</id><link rel='enclosure' type='audio/mpeg' href='https://example.org/a.mp3'/>\
            <link href='https://example.org/1'/><updated>2026-11-03T08:00:00+02:00</updated><content type='html'>&lt;p&gt;Quatre morts.&lt;/p&gt;</content></entry></feed>";
        let listing = parse(atom, &base()).expect("a feed");
        assert_eq!(listing.items[0].url.as_ref().map(Url::as_str), Some("https://example.org/1"));
        assert_eq!(listing.items[0].published.as_deref(), Some("2026-11-03T08:00:00"));
        let json = r#"{"version":"https://jsonfeed.org/version/1.1","title":"J","items":[{"id":"1","url":"https://example.org/j","content_text":"Two died.","date_published":"2026-11-03T08:00:00+03:00"}]}"#;
        let listing = parse(json, &base()).expect("a feed");
        assert_eq!(listing.items[0].text.as_deref(), Some("Two died."));
        assert_eq!(listing.items[0].published.as_deref(), Some("2026-11-03T08:00:00"));
    }

    #[test]
    fn what_is_broken_costs_its_item() {
        let good = "<item><title>A &amp; B</title><link>https://example.org/1</link></item>";
        let stray = "<item><title>A & B</title><link>https://example.org/2?a=1&b=2</link></item>";
        let wild = "<item><title>A</b></title><link>https://example.org/3</link></item>";
        let listing = parse(&rss(&format!("{good}{stray}")), &base()).expect("mended");
        assert_eq!((listing.items.len(), listing.broken, listing.notes.len()), (2, 0, 1));
        assert_eq!(listing.items[1].url.as_ref().map(Url::as_str), Some("https://example.org/2?a=1&b=2"));
        let listing = parse(&rss(&format!("{good}{wild}{stray}")), &base()).expect("item by item");
        assert_eq!((listing.items.len(), listing.broken), (2, 1), "{:?}", listing.items);
        // Cut off in the middle of the second item.
        let cut = rss(&format!("{good}{good}"));
        let listing = parse(&cut[..cut.len() - 40], &base()).expect("the first");
        assert_eq!((listing.items.len(), listing.broken), (1, 1));
        for none in [
            "",
            "hello",
            "<html><body>Not found</body></html>",
            "{}",
            "{\"items\": 5}",
            "<rss",
            "<rss version=\"2.0\">",
            "<feed>",
        ] {
            let found = parse(none, &base());
            assert!(
                found.as_ref().is_ok_and(|listing| listing.items.is_empty()) || found.is_err(),
                "{none}: {found:?}"
            );
        }
    }

    #[test]
    fn times_that_can_be_read_in_two_ways_are_not() {
        let listing = parse(
            &rss("<item><title>A</title><link>https://example.org/1</link><pubDate>03/04/2026</pubDate></item>\
                  <item><title>B</title><link>https://example.org/2</link><pubDate>31 April 2026</pubDate></item>\
                  <item><title>C</title><link>https://example.org/3</link></item>"),
            &base(),
        )
        .expect("a feed");
        let given: Vec<Option<&str>> = listing.items.iter().map(|item| item.published.as_deref()).collect();
        assert_eq!(given, [Some("0001-01-01T00:00:00"), Some("0001-01-01T00:00:00"), None]);
    }
}
