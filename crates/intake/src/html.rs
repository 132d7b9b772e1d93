/*! Web pages: main text, headline, day, publisher.

Two libraries were compared on pages of ten kinds (article with cookie banner, related links and comments; a
three-line story; a table layout with `br` for paragraphs; JSON-LD metadata; a bulletin that is one list; a long
story beside a side bar; broken pages):
`dom_smoothie` 0.19 kept paragraphs apart, read JSON-LD and Open Graph, and took 2 to 6 ms a page; `trafilatura`
0.6 joined all paragraphs into one line, dropped a list, took navigation for text on short pages, took 20 to 100 ms,
and where a page gave no day it made up 1 January of the year in the footer, which would turn every "on Monday"
wrong. So `dom_smoothie`. Its own weakness is the page without long paragraphs, where it may choose the
footer or a banner; these are taken out before, and where what it finds is a small part of what is left, all that
is left is taken.
*/

use std::sync::LazyLock;

use dom_query::{Document, Matcher};
use dom_smoothie::{CandidateSelectMode, Config, Readability, TextMode};
use encoding_rs::Encoding;
use record::Report;

use crate::{Decoded, Problem, date, encoding, guard, jsonl};

/// A page, read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// Main text: paragraphs with an empty line between them.
    pub text: String,
    /// Headline.
    pub title: Option<String>,
    /// Name of the site.
    pub publisher: Option<String>,
    /// Its own address.
    pub url: Option<String>,
    /// BCP 47.
    pub language: Option<String>,
    /// Day of publication as the page writes it.
    pub published: Option<String>,
}

/// What is never part of a report, by element, by ARIA role, and by the names that publishing systems use.
static FURNITURE: LazyLock<Option<Matcher>> = LazyLock::new(|| {
    Matcher::new(
        "script, style, template, nav, footer, aside, form, dialog, noscript, svg, button, select, iframe, \
         [role=navigation], [role=banner], [role=contentinfo], [role=complementary], [role=dialog], [role=search], \
         [hidden], [aria-hidden=true], [class*=cookie], [id*=cookie], [class*=consent], [id*=consent], [id*=gdpr], \
         [class*=newsletter], [class*=related-], [class=related], [id=related], [id=comments], [class=comments], \
         [class*=breadcrumb], [class*=share-], [class*=social-], [class*=advert], [id=footer], [class=footer], \
         [id=sidebar], [class=sidebar], [class*=paywall]",
    )
    .ok()
});

/// Meta elements that give the day of publication, beside those that `dom_smoothie` reads (JSON-LD and
/// `article:published_time`): names of Dublin Core, Parse.ly, Sailthru, and those of older newspaper systems.
const DAY_NAMES: &[&str] = &[
    "date",
    "pubdate",
    "publish-date",
    "publish_date",
    "publishdate",
    "publication_date",
    "dc.date",
    "dc.date.issued",
    "dcterms.date",
    "dcterms.created",
    "dcterms.issued",
    "citation_publication_date",
    "parsely-pub-date",
    "sailthru.date",
    "article.published",
    "article:published",
    "og:published_time",
    "datepublished",
    "article_date_original",
    "originalpublicationdate",
    "cxenseparse:recs:publishtime",
    "displaydate",
    "ptime",
];

/// The least share of the page's text, furniture taken out, that an article found by its paragraphs must have
/// for it to be believed; below, the page is a list or a bulletin and is taken whole.
const LEAST_SHARE: f64 = 0.25;

/// Decodes a page: `declared` (the HTTP header) stands above the page's own `meta` element.
pub(crate) fn decode(
    bytes: &[u8],
    declared: Option<&'static Encoding>,
    notes: &mut Vec<String>,
) -> Result<String, Problem> {
    encoding::refuse_binary(bytes)?;
    let decoded = encoding::decode(bytes, declared.or_else(|| meta_charset(bytes)));
    // A page in another encoding says so itself; only what was guessed is news.
    if decoded.guessed || decoded.damaged {
        encoding::tell(&decoded, notes);
    }
    let Decoded { text, .. } = decoded;
    Ok(text)
}

/// The encoding that the first kilobyte declares (HTML Standard, 13.2.3.2, prescan, without its corner cases).
fn meta_charset(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(2048))?).to_ascii_lowercase();
    let (_, after) =
        head.split_once("charset=").or_else(|| head.split_once("<?xml ")?.1.split_once("encoding="))?;
    let label: String = after
        .trim_start_matches(['"', '\'', ' '])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_:.".contains(*c))
        .collect();
    // A page whose bytes could be read so far is not UTF-16, whatever it says.
    Encoding::for_label(label.as_bytes()).map(Encoding::output_encoding)
}

/// Reads a page.
///
/// # Errors
/// Where the page is a bomb or has no text.
pub fn page(html: &str) -> Result<Page, Problem> {
    guard::check(html)?;
    let document = Document::from(html);
    let published = meta_day(&document);
    let language = document.select("html").attr("lang").map(|tag| tag.trim().to_owned());
    let config = Config {
        text_mode: TextMode::Formatted,
        candidate_select_mode: CandidateSelectMode::Readability,
        ..Config::default()
    };
    let nothing = || {
        Problem::new(
            "the page has no text",
            "it may be drawn by a script; save it from a browser, or give the report's text",
        )
    };
    let mut reader = Readability::with_document(document, None, Some(config)).map_err(|_| nothing())?;
    let metadata = reader.get_article_metadata(reader.parse_json_ld());
    if let Some(furniture) = &*FURNITURE {
        reader.doc.select_matcher(furniture).remove();
    }
    let whole = paragraphs(&reader.doc.select("body").formatted_text());
    let title = Some(metadata.title.trim().to_owned()).filter(|title| !title.is_empty());
    let article = reader.parse().map(|article| paragraphs(&article.text_content)).unwrap_or_default();
    let enough = article.len() as f64 >= whole.len() as f64 * LEAST_SHARE;
    let text = if enough && !article.is_empty() { article } else { without_title(&whole, title.as_deref()) };
    if text.is_empty() {
        return Err(nothing());
    }
    Ok(Page {
        text,
        title,
        publisher: metadata.site_name.filter(|name| !name.trim().is_empty()),
        url: metadata.url.filter(|url| url.starts_with("http")),
        language: metadata.lang.or(language).filter(|tag| jsonl::is_language_tag(tag)),
        published: metadata.published_time.filter(|day| !day.trim().is_empty()).or(published),
    })
}

/// Decodes a page: what the server declares (`declared`, a label such as `utf-8`) stands above what the page says of itself, unless the
/// bytes mean nothing in it and something in the other.
///
/// # Errors
/// Where the bytes are no page but something else that is known (an image, a PDF document).
pub fn decode_page(bytes: &[u8], declared: Option<&str>, notes: &mut Vec<String>) -> Result<String, Problem> {
    encoding::refuse_binary(bytes)?;
    let declared = declared.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    let first = encoding::decode(bytes, declared.or_else(|| meta_charset(bytes)));
    let decoded = if first.damaged && declared.is_some() {
        let own = encoding::decode(bytes, meta_charset(bytes));
        if own.damaged { first } else { own }
    } else {
        first
    };
    if decoded.guessed || decoded.damaged {
        encoding::tell(&decoded, notes);
    }
    Ok(decoded.text)
}

/// Plain text of a piece of a page, or of what may be one: all of it is content, nothing is taken for furniture.
///
/// # Errors
/// Where its mark-up is made to do harm.
pub fn fragment(html: &str) -> Result<String, Problem> {
    let tagged = html.match_indices('<').any(|(at, _)| {
        html.as_bytes()
            .get(at + 1)
            .is_some_and(|next| next.is_ascii_alphabetic() || matches!(next, b'/' | b'!'))
    });
    // Without mark-up a line's end is one; with it, it is a blank like any other.
    let lines;
    let html = if tagged {
        html
    } else {
        lines = html.replace('\n', "<br>");
        &lines
    };
    guard::check(html)?;
    let document = Document::fragment(html);
    document.select("script, style, template, noscript, svg, iframe, object, form, button").remove();
    Ok(paragraphs(&document.formatted_text()))
}

/// A link of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageLink {
    /// Where it leads, as it is written.
    pub href: String,
    /// Its words.
    pub text: String,
}

/// What a page that lists others says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageLinks {
    /// What it calls itself.
    pub title: Option<String>,
    /// BCP 47.
    pub language: Option<String>,
    /// The address that its links are read against, where it names one.
    pub base: Option<String>,
    /// The feeds that it names.
    pub feeds: Vec<String>,
    /// Its links outside of what is furniture, in order.
    pub links: Vec<PageLink>,
}

/// The links of a page that lists articles.
///
/// # Errors
/// Where its mark-up is made to do harm.
pub fn links(html: &str) -> Result<PageLinks, Problem> {
    guard::check(html)?;
    let document = Document::from(html);
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let title = Some(words(&document.select("head > title").text())).filter(|title| !title.is_empty());
    let language = document
        .select("html")
        .attr("lang")
        .map(|tag| tag.trim().to_owned())
        .filter(|tag| jsonl::is_language_tag(tag));
    let base = document.select("base[href]").attr("href").map(|href| href.trim().to_owned());
    let feeds = document
        .select("link[rel~=alternate][href]")
        .iter()
        .filter(|link| {
            link.attr("type").is_some_and(|kind| {
                let kind = kind.trim().to_ascii_lowercase();
                ["application/rss+xml", "application/atom+xml", "application/feed+json"]
                    .contains(&kind.as_str())
            })
        })
        .filter_map(|link| link.attr("href").map(|href| href.trim().to_owned()))
        .collect();
    if let Some(furniture) = &*FURNITURE {
        document.select_matcher(furniture).remove();
    }
    let links = document
        .select("a[href]")
        .iter()
        .filter_map(|link| {
            Some(PageLink { href: link.attr("href")?.trim().to_owned(), text: words(&link.text()) })
        })
        .collect();
    Ok(PageLinks { title, language, base, feeds, links })
}

pub(crate) fn report(html: &str, notes: &mut Vec<String>) -> Result<Report, Problem> {
    let page = page(html)?;
    let mut report = Report {
        text: page.text,
        title: page.title,
        publisher: page.publisher,
        url: page.url,
        language: page.language,
        ..Report::default()
    };
    if let Some(day) = page.published {
        date::set(&mut report, &day, notes);
    }
    Ok(report)
}

fn meta_day(document: &Document) -> Option<String> {
    let named = document.select("meta").iter().find_map(|meta| {
        let name =
            ["name", "property", "itemprop"].iter().find_map(|key| meta.attr(key))?.to_ascii_lowercase();
        DAY_NAMES.contains(&name.as_str()).then(|| meta.attr("content"))?
    });
    let marked = || {
        document
            .select("time[datetime], [itemprop=datePublished]")
            .iter()
            .find_map(|time| time.attr("datetime").or_else(|| time.attr("content")))
    };
    named.or_else(marked).map(|day| day.trim().to_owned()).filter(|day| !day.is_empty())
}

/// Lines trimmed, blanks within a line made one, empty lines between paragraphs made one.
fn paragraphs(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for line in text.lines() {
        let mut words = line.split_whitespace().peekable();
        if words.peek().is_none() {
            gap = true;
            continue;
        }
        if !out.is_empty() {
            out.push_str(if gap { "\n\n" } else { "\n" });
        }
        gap = false;
        for (index, word) in words.enumerate() {
            if index > 0 {
                out.push(' ');
            }
            out.push_str(word);
        }
    }
    out
}

/// The headline is carried apart; it does not also begin the text.
fn without_title(text: &str, title: Option<&str>) -> String {
    let after = title.and_then(|title| text.strip_prefix(title)).filter(|after| after.starts_with('\n'));
    after.map_or(text, |after| after.trim_start()).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAV: &str = "<nav><ul><li><a href=/>Home</a></li><li><a href=/w>World</a></li></ul></nav>";
    const FOOT: &str =
        "<footer><p>About us | Contact | All rights reserved 2021, a long line of the footer.</p></footer>";

    #[test]
    fn an_article_without_its_surroundings() {
        let html = format!(
            "<html lang=en><head><title>Five die in ambush | Valley Courier</title>\
             <meta property='og:title' content='Five die in ambush'><meta property='og:site_name' content='Valley Courier'>\
             <meta property='article:published_time' content='2021-03-04T18:22:00+01:00'></head><body>\
             <div class='cookie-banner'><p>We use cookies to make this site better, and you should accept them all.</p></div>{NAV}\
             <article><h1>Five die in ambush</h1><p>Gunmen ambushed an army patrol on the road to Kolofata on Wednesday \
             night, killing five soldiers, the defence ministry said.</p><aside class=related><a href=/x>Market reopens</a></aside>\
             <p>No group claimed responsibility, and the ministry gave no further details.</p></article>\
             <section id=comments><p>reader77: this is terrible news for everybody here.</p></section>{FOOT}</body></html>"
        );
        let page = page(&html).expect("a page");
        assert_eq!(
            page.text,
            "Gunmen ambushed an army patrol on the road to Kolofata on Wednesday night, killing five soldiers, the defence \
             ministry said.\n\nNo group claimed responsibility, and the ministry gave no further details."
        );
        assert_eq!(page.title.as_deref(), Some("Five die in ambush"));
        assert_eq!(page.publisher.as_deref(), Some("Valley Courier"));
        assert_eq!(page.published.as_deref(), Some("2021-03-04T18:22:00+01:00"));
        assert_eq!(page.language.as_deref(), Some("en"));
    }

    #[test]
    fn a_bulletin_that_is_one_list() {
        let html = format!(
            "<html><head><title>Daily bulletin</title><meta name=date content='2020-05-12'></head><body>{NAV}<h1>Daily bulletin</h1>\
             <ul><li>A sticky bomb wounded a police officer in the Karrada district on Tuesday.</li>\
             <li>Unknown gunmen killed two farmers in a village north of Khanaqin.</li></ul>{FOOT}</body></html>"
        );
        let page = page(&html).expect("a page");
        assert!(page.text.starts_with("A sticky bomb"), "{}", page.text);
        assert!(page.text.contains("Khanaqin") && !page.text.contains("rights reserved"), "{}", page.text);
        assert_eq!(page.published.as_deref(), Some("2020-05-12"));
    }

    #[test]
    fn json_ld_gives_day_and_publisher() {
        let html = "<html lang=fr><head><title>x</title><script type='application/ld+json'>{\"@context\":\"https://schema.org\",\
             \"@type\":\"NewsArticle\",\"headline\":\"Attaque\",\"datePublished\":\"2022-01-09T06:00:00Z\",\
             \"publisher\":{\"@type\":\"Organization\",\"name\":\"Le Fleuve\"}}</script></head><body><div>\
             <p>Des hommes arm\u{e9}s ont attaqu\u{e9} dimanche le village, tuant quatre civils, selon le maire de la commune.</p>\
             </div></body></html>";
        let page = page(html).expect("a page");
        assert_eq!(
            (page.published.as_deref(), page.publisher.as_deref(), page.title.as_deref()),
            (Some("2022-01-09T06:00:00Z"), Some("Le Fleuve"), Some("Attaque"))
        );
    }

    #[test]
    fn a_page_without_text_and_a_bomb_are_errors() {
        assert!(page("<html><body><script>draw()</script></body></html>").is_err());
        assert!(page(&"<div>".repeat(50_000)).is_err());
        assert!(page("").is_err());
    }

    #[test]
    fn a_declaration_that_fits_is_believed() {
        let arabic = "<p>\u{642}\u{62a}\u{644} \u{62e}\u{645}\u{633}\u{629} \u{62c}\u{646}\u{648}\u{62f}</p>";
        let (legacy, ..) = encoding_rs::WINDOWS_1256.encode(arabic);
        let own = [b"<meta charset=windows-1256>".as_slice(), &legacy].concat();
        for (bytes, declared) in [
            (arabic.as_bytes().to_vec(), Some("iso-8859-1")),
            (legacy.to_vec(), Some("windows-1256")),
            (own, Some("utf-8")),
        ] {
            let text = decode_page(&bytes, declared, &mut Vec::new()).expect("a page");
            assert!(text.ends_with(arabic), "{declared:?}: {text}");
        }
        assert!(decode_page(b"%PDF-1.7", Some("utf-8"), &mut Vec::new()).is_err());
    }

    #[test]
    fn pieces_of_pages_are_text() {
        for (html, text) in [
            ("<p>One.</p><p>Two &amp; three.</p>", "One.\n\nTwo & three."),
            ("One.\nTwo.", "One.\nTwo."),
            ("5 < 7 &amp; 8", "5 < 7 & 8"),
            ("A <script>x()</script>b", "A b"),
            ("", ""),
        ] {
            assert_eq!(fragment(html).as_deref(), Ok(text), "{html}");
        }
        assert!(fragment(&"<div>".repeat(50_000)).is_err());
    }

    #[test]
    fn a_list_of_articles_gives_its_links() {
        let html = format!(
            "<html lang=en><head><title>News | Example</title><base href='https://example.org/news/'>\
             <link rel='alternate' type='application/rss+xml' href='/feed.xml'></head><body>{NAV}<main>\
             <h2><a href='2026/ambush'>Five die in\n ambush</a></h2></main>{FOOT}</body></html>"
        );
        let found = links(&html).expect("links");
        assert_eq!(found.feeds, ["/feed.xml"]);
        assert_eq!(found.base.as_deref(), Some("https://example.org/news/"));
        assert_eq!(
            found.links,
            [PageLink { href: "2026/ambush".to_owned(), text: "Five die in ambush".to_owned() }]
        );
    }

    #[test]
    fn the_page_declares_its_encoding() {
        let html = "<meta charset=windows-1251><p>\u{411}\u{43e}\u{43c}\u{431}\u{430}</p>";
        let (bytes, ..) = encoding_rs::WINDOWS_1251.encode(html);
        assert_eq!(decode(&bytes, None, &mut Vec::new()), Ok(html.to_owned()));
    }
}
