//! A server's robots.txt: what it lets be fetched (RFC 9309, 2.2), what it means that it is there, missing or cannot be had (2.3.1),
//! and how long it counts. Read here and by no library: those that there are give up on the whole file where one line is odd, and
//! then everything would seem to be allowed.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use record::HostState;
use url::{Position, Url};

use crate::settings::ROBOT;

/// How much of it is read, whatever comes after that: RFC 9309, 2.5, asks for at least 500 kibibytes.
pub const LONGEST: u64 = 500 << 10;

/// What was read of it without a line that is not whole: `Disallow: /` may have been the beginning of `Disallow: /private`.
#[must_use]
pub fn whole_lines(bytes: &[u8]) -> &[u8] {
    if (bytes.len() as u64) < LONGEST {
        return bytes;
    }
    let end = bytes.iter().rposition(|byte| matches!(byte, b'\n' | b'\r'));
    end.and_then(|end| bytes.get(..end)).unwrap_or_default()
}

/// How long it counts without being asked for again (RFC 9309, 2.4: no more than a day).
const FRESH: SignedDuration = SignedDuration::from_hours(24);

/// How soon it is asked for again where it could not be had.
const AGAIN: SignedDuration = SignedDuration::from_mins(15);

/// After how long a server that always fails on it counts as one that has none (RFC 9309, 2.3.1.4: 30 days).
const GIVEN_UP: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A pause between requests that is longer than this is no pause but a refusal.
const LONGEST_DELAY: f64 = 24.0 * 3600.0;

/// What came of asking for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// Its text.
    Found(String),
    /// A status of 400 to 499, or too many redirects: there is none.
    Missing,
    /// A status of 500 to 599, or no answer.
    Failing,
}

/// Whether it has to be asked for.
#[must_use]
pub fn is_due(host: &HostState, now: Timestamp) -> bool {
    let Some(at) = host.robots_at else { return true };
    let age = now.duration_since(at);
    // Asked for in the future: the clock was set back since.
    age < SignedDuration::ZERO || age >= if host.robots_failing.is_some() { AGAIN } else { FRESH }
}

/// Writes down what came of asking for it.
pub fn note(host: &mut HostState, asked: Asked, now: Timestamp) {
    host.robots_at = Some(now);
    match asked {
        Asked::Found(text) => {
            host.robots = Some(text);
            host.robots_failing = None;
        }
        Asked::Missing => {
            host.robots = Some(String::new());
            host.robots_failing = None;
        }
        // What it said before goes on to count.
        Asked::Failing => {
            host.robots_failing = host.robots_failing.filter(|since| *since <= now).or(Some(now))
        }
    }
}

/// What a server lets be fetched.
#[derive(Debug)]
pub struct Rules {
    said: Said,
    sitemaps: Vec<String>,
}

#[derive(Debug)]
enum Said {
    Everything,
    Nothing(String),
    Group(Group),
}

impl Rules {
    /// The rules of a server as they stand.
    #[must_use]
    pub fn of(host: &HostState, now: Timestamp) -> Self {
        let said = match (&host.robots, host.robots_failing) {
            (Some(text), _) => return Self::read(text),
            (None, Some(since)) if now.duration_since(since) >= GIVEN_UP => Said::Everything,
            (None, Some(_)) => Said::Nothing(
                "the server's robots.txt cannot be had, and until it can nothing may be fetched (RFC 9309)"
                    .to_owned(),
            ),
            (None, None) => Said::Everything,
        };
        Self { said, sitemaps: Vec::new() }
    }

    /// Reads a robots.txt. A line that means nothing costs that line.
    fn read(text: &str) -> Self {
        let (mut ours, mut all, mut sitemaps) = (None::<Group>, Group::default(), Vec::new());
        // Whom the lines that follow are for. Before anybody is named they are for all.
        let (mut for_us, mut for_all, mut naming) = (false, true, false);
        for line in text.trim_start_matches('\u{feff}').split(['\n', '\r', '\0']) {
            let line = line.split('#').next().unwrap_or_default().trim();
            let pair = line.split_once(':').or_else(|| line.split_once(char::is_whitespace));
            let Some((key, value)) = pair else { continue };
            let value = value.trim();
            match key.trim().to_ascii_lowercase().as_str() {
                "user-agent" | "useragent" => {
                    if !naming {
                        (for_us, for_all) = (false, false);
                    }
                    naming = true;
                    // The product token ends where a version or anything else begins (2.2.1).
                    let token = |c: char| c.is_ascii_alphabetic() || matches!(c, '-' | '_');
                    let name = value.split(|c| !token(c)).next().unwrap_or_default();
                    if name.eq_ignore_ascii_case(ROBOT) {
                        for_us = true;
                        ours.get_or_insert_default();
                    }
                    for_all |= value.split_whitespace().next() == Some("*");
                }
                // These stand outside of the groups, and part none (2.2.4).
                "sitemap" | "site-map" => sitemaps.push(value.to_owned()),
                key => {
                    naming &= !matches!(key, "allow" | "disallow" | "crawl-delay");
                    if let Some(group) = ours.as_mut().filter(|_| for_us) {
                        group.take(key, value);
                    }
                    if for_all {
                        all.take(key, value);
                    }
                }
            }
        }
        let group = ours.unwrap_or(all);
        let empty = group.rules.is_empty() && group.delay.is_none();
        Self { said: if empty { Said::Everything } else { Said::Group(group) }, sitemaps }
    }

    /// Why an address may not be fetched; `None` where it may.
    #[must_use]
    pub fn forbids(&self, url: &Url) -> Option<String> {
        match &self.said {
            Said::Everything => None,
            Said::Nothing(why) => Some(why.clone()),
            Said::Group(group) => (!group.allows(url))
                .then(|| "the site's robots.txt does not want it fetched by programs".to_owned()),
        }
    }

    /// Whether it cannot be known now and may be otherwise soon.
    #[must_use]
    pub const fn is_failing(&self) -> bool {
        matches!(self.said, Said::Nothing(_))
    }

    /// The pause between requests that it asks for.
    #[must_use]
    pub fn delay(&self) -> Option<Duration> {
        let Said::Group(group) = &self.said else { return None };
        group.delay.map(|seconds| Duration::from_secs_f64(seconds.min(LONGEST_DELAY)))
    }

    /// The sitemaps that it names.
    #[must_use]
    pub fn sitemaps(&self) -> &[String] {
        &self.sitemaps
    }
}

/// What is said to one robot, from all the groups that are its own (RFC 9309, 2.2.1).
#[derive(Debug, Default)]
struct Group {
    rules: Vec<Rule>,
    delay: Option<f64>,
}

impl Group {
    fn take(&mut self, key: &str, value: &str) {
        match key {
            // A rule without a path says nothing.
            "allow" | "disallow" if !value.is_empty() => self.rules.push(Rule::of(key == "allow", value)),
            "crawl-delay" if self.delay.is_none() => {
                self.delay = value.parse().ok().filter(|seconds: &f64| seconds.is_finite() && *seconds > 0.0);
            }
            _ => {}
        }
    }

    /// The longest rule that matches decides; of two as long, the one that allows (2.2.2). The robots.txt itself may always be had.
    fn allows(&self, url: &Url) -> bool {
        let target = written(&url[Position::BeforePath..Position::AfterQuery], false);
        target == b"/robots.txt"
            || self
                .rules
                .iter()
                .filter(|rule| rule.matches(&target))
                .max_by_key(|rule| (rule.length, rule.allows))
                .is_none_or(|rule| rule.allows)
    }
}

/// One line that allows or disallows: the pieces between its stars, in the one way of writing them.
#[derive(Debug)]
struct Rule {
    allows: bool,
    pieces: Vec<Vec<u8>>,
    /// Whether it means the end of an address: it ends with `$` (2.2.3).
    ends: bool,
    length: usize,
}

impl Rule {
    fn of(allows: bool, pattern: &str) -> Self {
        let (path, ends) = pattern.strip_suffix('$').map_or((pattern, false), |path| (path, true));
        let whole = written(path, true);
        let pieces = whole.split(|byte| *byte == b'*').map(<[u8]>::to_vec).collect();
        Self { allows, pieces, ends, length: whole.len() + usize::from(ends) }
    }

    /// Each piece is looked for as early as it can stand, so that what follows has the most room.
    fn matches(&self, target: &[u8]) -> bool {
        let Some((first, others)) = self.pieces.split_first() else { return false };
        let Some(mut left) = target.strip_prefix(first.as_slice()) else { return false };
        let Some((last, between)) = others.split_last() else { return !self.ends || left.is_empty() };
        for piece in between {
            match find(left, piece) {
                Some(at) => left = left.get(at + piece.len()..).unwrap_or_default(),
                None => return false,
            }
        }
        if self.ends { left.ends_with(last) } else { find(left, last).is_some() }
    }
}

fn find(text: &[u8], piece: &[u8]) -> Option<usize> {
    if piece.is_empty() { Some(0) } else { text.windows(piece.len()).position(|window| window == piece) }
}

/// A path as it is compared (2.2.2): what ASCII lacks is written as `%` and two digits, and what needs no such writing (RFC 3986,
/// 2.3) is written plainly. What RFC 3986 reserves stays as it came: sites write both sides alike, and `/` is no `%2F`. In a pattern a star is one; in an address it is a character (2.2.3).
fn written(path: &str, pattern: bool) -> Vec<u8> {
    let bytes = path.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let escaped = (byte == b'%')
            .then(|| std::str::from_utf8(bytes.get(at + 1..at + 3)?).ok())
            .flatten()
            .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        at += if escaped.is_some() { 3 } else { 1 };
        let byte = escaped.unwrap_or(byte);
        let plain = if escaped.is_some() {
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
        } else {
            byte.is_ascii_graphic()
                && !matches!(byte, b'"' | b'<' | b'>' | b'`' | b'$')
                && (pattern || byte != b'*')
        };
        if plain {
            out.push(byte);
        } else {
            out.extend(format!("%{byte:02X}").bytes());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + hour * 3600).expect("a time")
    }

    fn after(asked: Asked) -> HostState {
        let mut host = HostState::default();
        note(&mut host, asked, at(0));
        host
    }

    fn url(address: &str) -> Url {
        Url::parse(address).expect(address)
    }

    #[test]
    fn found_missing_and_failing() {
        let page = url("https://example.org/news/a");
        let text = "User-agent: *\nDisallow: /news/\nAllow: /news/a$\nCrawl-delay: 7\nSitemap: https://example.org/s.xml\n";
        let rules = Rules::of(&after(Asked::Found(text.to_owned())), at(1));
        assert_eq!(rules.forbids(&page), None);
        assert!(rules.forbids(&url("https://example.org/news/b")).is_some());
        assert_eq!(rules.delay(), Some(Duration::from_secs(7)));
        assert_eq!(rules.sitemaps(), ["https://example.org/s.xml"]);

        let named = "User-agent: watchpost\nDisallow: /\n\nUser-agent: *\nAllow: /\n";
        assert!(Rules::of(&after(Asked::Found(named.to_owned())), at(1)).forbids(&page).is_some());
        let other = "User-agent: badbot\nDisallow: /\n";
        assert_eq!(Rules::of(&after(Asked::Found(other.to_owned())), at(1)).forbids(&page), None);

        assert_eq!(Rules::of(&after(Asked::Missing), at(1)).forbids(&page), None);
        let failing = Rules::of(&after(Asked::Failing), at(1));
        assert!(failing.forbids(&page).is_some() && failing.is_failing());
        assert_eq!(Rules::of(&after(Asked::Failing), at(30 * 24)).forbids(&page), None);

        // A server that begins to fail is still known by what it said.
        let mut host = after(Asked::Found(named.to_owned()));
        note(&mut host, Asked::Failing, at(24));
        assert!(Rules::of(&host, at(25)).forbids(&page).is_some_and(|why| why.contains("does not want")));
        note(&mut host, Asked::Failing, at(26));
        assert_eq!(host.robots_failing, Some(at(24)), "since the first time");
    }

    /// The paths of these that may be fetched by what a robots.txt says.
    fn allowed<'a>(text: &str, paths: &[&'a str]) -> Vec<&'a str> {
        let rules = Rules::of(&after(Asked::Found(text.to_owned())), at(1));
        let may = |path: &&&str| rules.forbids(&url(&format!("https://example.org{path}"))).is_none();
        paths.iter().filter(may).copied().collect()
    }

    /// RFC 9309, 2.2.2 and 2.2.3, and its examples in 5.1 and 5.2.
    #[test]
    fn as_the_standard_reads_it() {
        let rule =
            |rule: &str, path: &str| allowed(&format!("User-agent: *\nDisallow: {rule}"), &[path]).is_empty();
        for (pattern, path) in [
            ("/foo/bar?baz=quz", "/foo/bar?baz=quz"),
            ("/foo/bar/\u{30c4}", "/foo/bar/%E3%83%84"),
            ("/foo/bar/%E3%83%84", "/foo/bar/\u{30c4}"),
            ("/foo/bar/%62%61%7A", "/foo/bar/baz"),
            ("/path/file-with-a-%2A.html", "/path/file-with-a-*.html"),
            ("/path/foo-%24", "/path/foo-$"),
            ("/*/edit", "/a/b/edit/c"),
            ("*.gif$", "/x/y.gif"),
            ("/a**b", "/a/x/b"),
            ("/price$list", "/price$list/1"),
            ("/$", "/"),
            ("/*?*utm=", "/a?b=1&utm=2"),
        ] {
            assert!(rule(pattern, path), "{pattern} forbids {path}");
        }
        for (pattern, path) in [
            ("/a$", "/ab"),
            ("*.gif$", "/x/y.gif?z"),
            ("/edit", "/a/edit"),
            ("", "/"),
            ("/$", "/a"),
            ("/price$list", "/price"),
            ("/A", "/a"),
            ("/path/file-with-a-%2A.html", "/path/file-with-a-b.html"),
            ("/a*b*c$", "/a-c-b"),
        ] {
            assert!(!rule(pattern, path), "{pattern} does not forbid {path}");
        }
        let example = "User-Agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n\nUser-Agent: foobot\n\
            Disallow:/\nAllow:/example/page.html\nAllow:/example/allowed.gif\n\nUser-Agent: barbot\nUser-Agent: Watchpost/1.0\n\
            Disallow: /example/page.html\n\nUser-Agent: bazbot\nDisallow: /\n";
        let paths = ["/example/page.html", "/example/a.gif", "/publications/"];
        assert_eq!(
            allowed(example, &paths),
            paths[1..],
            "our own group alone, by its name without the version"
        );
        assert_eq!(allowed(&example.replace("Watchpost", "quuxbot"), &paths), ["/publications/"]);
        let longest = "User-agent: *\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\nDisallow: /x\nAllow: /x\n";
        let paths = ["/example/page/", "/example/page/disallowed.gif", "/x"];
        assert_eq!(allowed(longest, &paths), ["/example/page/", "/x"]);
        let split = "User-agent: watchpost\nDisallow: /a\nUser-agent: x\nDisallow: /\nUser-agent: WATCHPOST\nDisallow: /b\n";
        assert_eq!(allowed(split, &["/a", "/b", "/c"]), ["/c"], "groups of one name are one group");
    }

    #[test]
    fn an_odd_line_costs_that_line() {
        let odd = format!(
            "\u{feff}<!-- x -->\r\nUser-agent: *\rDisallow: /a$b$*$$\nDisallow: /{}$\nDisallow: /[(\\\nNoindex: /\n\
             Sitemap: /s.xml\nDisallow: /private # not this\nDisallow /blank\ndisallow:/low\nCrawl-delay: 7\0Allow:\n",
            "(a*".repeat(50_000)
        );
        let paths = ["/private/x", "/blank", "/low", "/else", "/robots.txt"];
        assert_eq!(allowed(&odd, &paths), ["/else", "/robots.txt"]);
        let rules = Rules::of(&after(Asked::Found(odd)), at(1));
        assert_eq!(
            (rules.delay(), rules.sitemaps()),
            (Some(Duration::from_secs(7)), &["/s.xml".to_owned()][..])
        );
        assert_eq!(allowed("Disallow: /a\n", &["/a", "/b"]), ["/b"], "nobody is named: it is for all");
        assert_eq!(allowed("User-agent: watchpost\nUser-agent: *\nDisallow:\n", &["/a"]), ["/a"]);
    }

    #[test]
    fn it_counts_for_a_day() {
        let found = after(Asked::Found("User-agent: *".to_owned()));
        assert!(!is_due(&found, at(23)) && is_due(&found, at(24)));
        assert!(is_due(&found, at(-5)), "the clock was set back");
        let failing = after(Asked::Failing);
        assert!(!is_due(&failing, at(0)) && is_due(&failing, at(1)));
        assert!(is_due(&HostState::default(), at(0)));
    }

    #[test]
    fn delays_that_are_none() {
        for delay in ["-1", "0", "nan", "inf", "x", "1e300"] {
            let text = format!("User-agent: *\nCrawl-delay: {delay}\n");
            let delay = Rules::of(&after(Asked::Found(text)), at(1)).delay();
            assert!(delay.is_none_or(|delay| delay <= Duration::from_secs_f64(LONGEST_DELAY)));
        }
    }
}
