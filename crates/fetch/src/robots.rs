//! A server's robots.txt: what it means that it is there, missing or cannot be had (RFC 9309, 2.3.1), and how long it counts.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use record::HostState;
use texting_robots::Robot;
use url::Url;

use crate::settings::ROBOT;

/// How much of it is read; RFC 9309, 2.5, asks for at least 500 kibibytes.
pub const LONGEST: u64 = 500 << 10;

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
pub struct Rules(Said);

enum Said {
    Everything,
    Nothing(String),
    Rules(Box<Robot>),
}

impl std::fmt::Debug for Rules {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.0 {
            Said::Everything => "everything",
            Said::Nothing(_) => "nothing",
            Said::Rules(_) => "rules",
        })
    }
}

impl Rules {
    /// The rules of a server as they stand.
    #[must_use]
    pub fn of(host: &HostState, now: Timestamp) -> Self {
        Self(match (&host.robots, host.robots_failing) {
            (Some(text), _) if text.trim().is_empty() => Said::Everything,
            // The library is old: a fault of its own is a robots.txt that cannot be read, which forbids nothing (2.2).
            (Some(text), _) => match catch_unwind(AssertUnwindSafe(|| Robot::new(ROBOT, text.as_bytes()))) {
                Ok(Ok(robot)) => Said::Rules(Box::new(robot)),
                _ => Said::Everything,
            },
            (None, Some(since)) if now.duration_since(since) >= GIVEN_UP => Said::Everything,
            (None, Some(_)) => Said::Nothing(
                "the server's robots.txt cannot be had, and until it can nothing may be fetched (RFC 9309)"
                    .to_owned(),
            ),
            (None, None) => Said::Everything,
        })
    }

    /// Why an address may not be fetched; `None` where it may.
    #[must_use]
    pub fn forbids(&self, url: &Url) -> Option<String> {
        match &self.0 {
            Said::Everything => None,
            Said::Nothing(why) => Some(why.clone()),
            Said::Rules(robot) => {
                let allowed = catch_unwind(AssertUnwindSafe(|| robot.allowed(url.as_str()))).unwrap_or(true);
                (!allowed).then(|| "the site's robots.txt does not want it fetched by programs".to_owned())
            }
        }
    }

    /// Whether it cannot be known now and may be otherwise soon.
    #[must_use]
    pub const fn is_failing(&self) -> bool {
        matches!(self.0, Said::Nothing(_))
    }

    /// The pause between requests that it asks for.
    #[must_use]
    pub fn delay(&self) -> Option<Duration> {
        let Said::Rules(robot) = &self.0 else { return None };
        let seconds = f64::from(robot.delay?);
        (seconds.is_finite() && seconds > 0.0).then(|| Duration::from_secs_f64(seconds.min(LONGEST_DELAY)))
    }

    /// The sitemaps that it names.
    #[must_use]
    pub fn sitemaps(&self) -> Vec<String> {
        match &self.0 {
            Said::Rules(robot) => robot.sitemaps.clone(),
            _ => Vec::new(),
        }
    }
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
