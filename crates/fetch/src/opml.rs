//! Lists of sources as OPML 2.0 (http://opml.org/spec2.opml), which every reader of feeds writes and reads: folders are outlines around
//! outlines. What OPML has no attribute for stands in attributes of our own, which other programs pass over.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, Writer};
use record::{Source, SourceType, TextFrom};

use crate::link;

/// The namespace of our own attributes.
const OURS: &str = "https://watchpost.invalid/ns/opml/1";

/// Deepest folder that is kept; deeper ones are put into it.
const DEEPEST: usize = 16;
/// Minutes between two visits at most, as `sources add` has it: a week.
const LONGEST_EVERY: u32 = 7 * 24 * 60;

/// Longest name of a folder or a source.
const LONGEST_NAME: usize = 300;

/// A source as an outline tells of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outline {
    /// Where it is fetched from.
    pub url: String,
    /// What it is called.
    pub name: Option<String>,
    /// Its page for people.
    pub page: Option<String>,
    /// The folder that it lies in, outermost first.
    pub folder: Vec<String>,
    /// BCP 47.
    pub language: Option<String>,
    /// What it is.
    pub kind: SourceType,
    /// Where a report's text is taken from.
    pub text: TextFrom,
    /// Who publishes it.
    pub publisher: Option<String>,
    /// Minutes between two fetches.
    pub every: Option<u32>,
    /// Why it is not fetched.
    pub paused: Option<String>,
}

/// An outline that could not be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Its line, from 1.
    pub line: usize,
    /// What it calls itself.
    pub name: Option<String>,
    /// What is wrong, and what was expected.
    pub error: String,
}

/// What a list held.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct List {
    /// The sources, in order.
    pub outlines: Vec<Outline>,
    /// Outlines that could not be taken.
    pub broken: Vec<Broken>,
}

/// Reads a list. What is broken costs its outline.
#[must_use]
pub fn parse(text: &str) -> List {
    let mut list = List::default();
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_dangling_amp = true;
    config.allow_unmatched_ends = true;
    // The names of the outlines around; those of sources, which may hold outlines too, have none.
    let mut around: Vec<Option<String>> = Vec::new();
    let (mut line, mut counted) = (1, 0);
    let mut any = false;
    loop {
        let start = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let text = text.trim_start_matches('\u{feff}');
        line += text
            .as_bytes()
            .get(counted..start)
            .map_or(0, |passed| passed.iter().filter(|byte| **byte == b'\n').count());
        counted = counted.max(start.min(text.len()));
        match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(Event::Start(tag)) => {
                any |= tag.local_name().as_ref() == "opml";
                if tag.local_name().as_ref() == "outline" {
                    let name = take(&tag, &around, line, &mut list);
                    around.push(name);
                }
            }
            Ok(Event::Empty(tag)) if tag.local_name().as_ref() == "outline" => {
                // A folder that is empty holds nothing to take.
                take(&tag, &around, line, &mut list);
            }
            Ok(Event::End(tag)) if tag.local_name().as_ref() == "outline" => {
                around.pop();
            }
            Ok(_) => {}
            Err(error) => {
                list.broken.push(Broken {
                    line,
                    name: None,
                    error: format!(
                        "the list cannot be read on from here: {error}; what came before was taken"
                    ),
                });
                return list;
            }
        }
    }
    if !any && list.outlines.is_empty() && list.broken.is_empty() {
        list.broken.push(Broken {
            line: 1,
            name: None,
            error: "this is no OPML; expected `<opml>` with outlines".to_owned(),
        });
    }
    list
}

/// Takes an outline; its name where it is a folder.
fn take(tag: &BytesStart<'_>, around: &[Option<String>], line: usize, list: &mut List) -> Option<String> {
    let mut outline = Outline::default();
    let (mut text, mut title, mut kind, mut link, mut category) = (None, None, None, None, None);
    let mut feed = None;
    let mut faulty = None;
    for attribute in tag.html_attributes().with_checks(false) {
        let attribute = match attribute {
            Ok(attribute) => attribute,
            Err(error) => {
                faulty = Some(error.to_string());
                continue;
            }
        };
        // A stray `&` in an address is the fault met most: then what stands there is meant.
        let value = quick_xml::escape::unescape(&attribute.value)
            .map_or_else(|_| attribute.value.to_string(), std::borrow::Cow::into_owned);
        let value = value.trim().to_owned();
        if value.is_empty() {
            continue;
        }
        let name = attribute.key.as_ref();
        match name.to_ascii_lowercase().as_str() {
            "text" => text = Some(value),
            "title" => title = Some(value),
            "type" => kind = Some(value.to_ascii_lowercase()),
            "xmlurl" => feed = Some(value),
            "htmlurl" => outline.page = Some(value),
            "url" => link = Some(value),
            "category" => category = Some(value),
            "language" => outline.language = Some(value).filter(|tag| intake::is_language_tag(tag)),
            "wp:kind" => {
                outline.kind = match value.as_str() {
                    "feed" => SourceType::Feed,
                    "page" => SourceType::Page,
                    "sitemap" => SourceType::Sitemap,
                    _ => SourceType::Auto,
                }
            }
            "wp:text" if value == "feed" => outline.text = TextFrom::Feed,
            "wp:publisher" => outline.publisher = Some(value),
            "wp:every" => {
                outline.every = value.parse().ok().filter(|minutes| (1..=LONGEST_EVERY).contains(minutes))
            }
            "wp:paused" => outline.paused = Some(value),
            _ => {}
        }
    }
    let name = title.or(text).map(|name| name.chars().take(LONGEST_NAME).collect::<String>());
    let mut broken = |error: String| {
        list.broken.push(Broken { line, name: name.clone(), error });
    };
    let url = match (feed, link) {
        (Some(feed), _) => feed,
        // A link to a page is a source only where it says so.
        (None, Some(link)) if outline.kind != SourceType::Auto => link,
        (None, _) if faulty.is_some() => {
            broken(format!("its attributes cannot be read: {}", faulty.unwrap_or_default()));
            return None;
        }
        (None, _) if matches!(kind.as_deref(), Some("rss" | "atom" | "feed")) => {
            broken("it has no `xmlUrl`; expected the address of its feed there".to_owned());
            return None;
        }
        (None, Some(_)) => {
            broken("it is a link and no feed; expected an `xmlUrl`".to_owned());
            return None;
        }
        (None, None) => return name,
    };
    match link::parse(&url) {
        Ok(parsed) => outline.url = parsed.to_string(),
        Err(failure) => {
            broken(format!("{failure}; {}", failure.hint));
            return None;
        }
    }
    outline.page = outline.page.filter(|page| link::parse(page).is_ok());
    outline.folder = around.iter().flatten().take(DEEPEST).cloned().collect();
    if outline.folder.is_empty()
        && let Some(category) = category
    {
        // The first of a list, each a path (OPML 2.0, "category").
        let first = category.split(',').next().unwrap_or_default();
        outline.folder = first
            .split('/')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .take(DEEPEST)
            .map(str::to_owned)
            .collect();
    }
    outline.name = name;
    list.outlines.push(outline);
    None
}

/// Writes a list of these sources, those of a folder together, in their order otherwise.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn write(sources: &[Source], out: &mut dyn std::io::Write) -> std::io::Result<()> {
    let mut writer = Writer::new_with_indent(out, b' ', 2);
    let mut sorted: Vec<&Source> = sources.iter().collect();
    sorted.sort_by(|one, other| one.folder.cmp(&other.folder));
    writer.write_event(Event::Decl(quick_xml::events::BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let mut root = BytesStart::new("opml");
    root.push_attribute(("version", "2.0"));
    root.push_attribute(("xmlns:wp", OURS));
    let end = root.to_end().into_owned();
    writer.write_event(Event::Start(root.clone()))?;
    writer.create_element("head").write_inner_content(|head| {
        head.create_element("title")
            .write_text_content(quick_xml::events::BytesText::new("Watchpost sources"))?;
        Ok(())
    })?;
    writer.write_event(Event::Start(BytesStart::new("body")))?;
    let mut open: Vec<&str> = Vec::new();
    for source in sorted {
        let shared =
            open.iter().zip(&source.folder).take_while(|(one, other)| **one == other.as_str()).count();
        for _ in shared..open.len() {
            writer.write_event(Event::End(BytesStart::new("outline").to_end()))?;
        }
        open.truncate(shared);
        for folder in source.folder.iter().skip(shared) {
            let mut outline = BytesStart::new("outline");
            put(&mut outline, "text", folder);
            writer.write_event(Event::Start(outline))?;
            open.push(folder);
        }
        writer.write_event(Event::Empty(outline_of(source)))?;
    }
    for _ in open {
        writer.write_event(Event::End(BytesStart::new("outline").to_end()))?;
    }
    writer.write_event(Event::End(BytesStart::new("body").to_end()))?;
    writer.write_event(Event::End(end))?;
    writer.get_mut().write_all(b"\n")
}

fn outline_of(source: &Source) -> BytesStart<'static> {
    let mut outline = BytesStart::new("outline");
    put(&mut outline, "text", &source.name);
    put(&mut outline, "title", &source.name);
    if matches!(source.kind, SourceType::Page | SourceType::Sitemap) {
        put(&mut outline, "type", "link");
        put(&mut outline, "url", &source.url);
    } else {
        put(&mut outline, "type", "rss");
        put(&mut outline, "xmlUrl", &source.url);
    }
    let mut some = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            put(&mut outline, name, value);
        }
    };
    some("htmlUrl", source.page.as_deref());
    some("language", source.language.as_deref());
    some("wp:kind", (source.kind != SourceType::Auto).then(|| source.kind.as_str()));
    some("wp:text", (source.text == TextFrom::Feed).then_some("feed"));
    some("wp:publisher", source.publisher.as_deref());
    some("wp:every", source.every.map(|minutes| minutes.to_string()).as_deref());
    some("wp:paused", source.paused.as_ref().map(|paused| paused.why.as_str()));
    outline
}

/// An attribute. Line ends and tabs in it would come back as blanks (XML 1.0, 3.3.3), and control characters not at all.
fn put(outline: &mut BytesStart<'_>, name: &str, value: &str) {
    let value: String = value
        .chars()
        .map(|c| if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') { ' ' } else { c })
        .collect();
    outline.push_attribute((name, value.as_str()));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(name: &str, url: &str, folder: &[&str]) -> Source {
        Source {
            id: crate::source_id(url),
            url: url.to_owned(),
            name: name.to_owned(),
            page: None,
            folder: folder.iter().map(|name| (*name).to_owned()).collect(),
            kind: SourceType::Auto,
            text: TextFrom::Page,
            publisher: None,
            language: None,
            every: None,
            added: jiff::Timestamp::UNIX_EPOCH,
            paused: None,
        }
    }

    #[test]
    fn folders_names_and_addresses_come_back() {
        let sources = [
            Source {
                page: Some("https://example.org/".to_owned()),
                language: Some("fr".to_owned()),
                publisher: Some("Le \"Fleuve\" & Cie <x>".to_owned()),
                text: TextFrom::Feed,
                every: Some(15),
                ..source("Fleuve & Co", "https://example.org/feed?a=1&b=2", &["Sahel", "Mali"])
            },
            source("Second", "https://example.org/2", &["Sahel"]),
            Source { kind: SourceType::Sitemap, ..source("Third", "https://example.org/sitemap.xml", &[]) },
            Source {
                paused: Some(record::Paused { at: jiff::Timestamp::UNIX_EPOCH, why: "by hand".to_owned() }),
                ..source("Fourth", "https://example.org/4", &["Sahel", "Mali"])
            },
        ];
        let mut out = Vec::new();
        write(&sources, &mut out).expect("written");
        let list = parse(std::str::from_utf8(&out).expect("text"));
        assert_eq!(list.broken, []);
        assert_eq!(list.outlines.len(), 4);
        for source in &sources {
            let found = list.outlines.iter().find(|outline| outline.url == source.url).expect(&source.name);
            assert_eq!(found.name.as_ref(), Some(&source.name));
            assert_eq!(
                (
                    &found.folder,
                    &found.page,
                    &found.language,
                    found.kind,
                    found.text,
                    &found.publisher,
                    found.every
                ),
                (
                    &source.folder,
                    &source.page,
                    &source.language,
                    source.kind,
                    source.text,
                    &source.publisher,
                    source.every
                )
            );
            assert_eq!(found.paused.as_deref(), source.paused.as_ref().map(|paused| paused.why.as_str()));
        }
    }

    #[test]
    fn what_is_broken_costs_its_outline() {
        let list = parse(
            "<?xml version='1.0'?>\n<opml version='1.0'><body>\n<outline text='News' title='News'>\n\
             <outline text='Stray' type='rss' xmlUrl='https://example.org/f?a=1&b=2'/>\n\
             <outline text='No feed' type='rss'/>\n\
             <outline text='Wrong' type='rss' xmlUrl='file:///etc/passwd'/>\n\
             <outline text=Bare type=rss xmlUrl=https://example.org/bare />\n\
             <outline text='Last' type='rss' xmlUrl='https://example.org/last' htmlUrl='javascript:x()'></outline>\n\
             </outline>\n<outline text='Filed' type='rss' xmlUrl='https://example.org/filed' category='/Asia/Iraq,/x'/></body></opml>",
        );
        let urls: Vec<&str> = list.outlines.iter().map(|outline| outline.url.as_str()).collect();
        assert_eq!(
            urls,
            [
                "https://example.org/f?a=1&b=2",
                "https://example.org/bare",
                "https://example.org/last",
                "https://example.org/filed"
            ]
        );
        assert!(
            list.outlines.iter().take(3).all(|outline| outline.folder == ["News"]),
            "{:?}",
            list.outlines
        );
        assert_eq!(list.outlines[2].page, None);
        assert_eq!(list.outlines[3].folder, ["Asia", "Iraq"]);
        let lines: Vec<(usize, Option<&str>)> =
            list.broken.iter().map(|broken| (broken.line, broken.name.as_deref())).collect();
        assert_eq!(lines, [(5, Some("No feed")), (6, Some("Wrong"))], "{:?}", list.broken);
    }

    #[test]
    fn what_is_no_list_is_told() {
        for text in ["", "hello", "{}", "<html></html>"] {
            let list = parse(text);
            assert_eq!((list.outlines.len(), list.broken.len()), (0, 1), "{text}");
        }
        let cut = parse("<opml><body><outline text='a' xmlUrl='https://example.org/a'/><outline text='b");
        assert_eq!((cut.outlines.len(), cut.broken.len()), (1, 1));
        assert_eq!(parse("<opml><body></body></opml>"), List::default());
    }
}
