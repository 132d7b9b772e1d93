//! Requests as a guest makes them: one at a time to a server, with a pause between two, what its robots.txt wants left alone left
//! alone, and no sooner again than it asks.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use record::HostState;
use url::Url;

use crate::client::{Answer, Client, Limit, Validators};
use crate::clock::{Clock, Stop};
use crate::failure::{Failure, Why};
use crate::link;
use crate::robots::{self, Asked, Rules};
use crate::schedule;
use crate::settings::Settings;

/// A pause that is longer than this is not waited out: what was to be fetched is fetched in a later round.
const LONGEST_WAIT: Duration = Duration::from_secs(120);

/// What is taken as an answer to what was asked for.
pub(crate) const FEED: &str = "application/atom+xml, application/rss+xml, application/feed+json, application/json;q=0.9, application/xml;q=0.9, \
     text/xml;q=0.9, text/html;q=0.8, */*;q=0.1";
pub(crate) const PAGE: &str = "text/html, application/xhtml+xml, text/plain;q=0.8, */*;q=0.1";

/// Where what is known of servers is kept between runs.
pub trait Hosts: Send {
    /// What is known of a server.
    fn host(&mut self, server: &str) -> HostState;
    /// Keeps it.
    fn keep(&mut self, server: &str, state: &HostState);
}

/// A server, as far as it was spoken to in this run.
#[derive(Default)]
struct Host {
    /// Held while its robots.txt is asked for, so that it is asked for once.
    known: Mutex<Known>,
    /// Held for the length of a request: one at a time. Who holds it waits for no other server, so that two that lead to each
    /// other stop nobody.
    gate: Mutex<Gate>,
}

/// What its robots.txt says.
#[derive(Default)]
struct Known {
    rules: Option<Arc<Rules>>,
    /// Why it could not be had.
    trouble: Option<String>,
}

/// When it may be asked again.
#[derive(Default)]
struct Gate {
    state: Option<HostState>,
    /// The pause that its robots.txt asks for.
    delay: Option<Duration>,
    /// When the last request to it ended.
    last: Option<Duration>,
}

/// Makes requests, and remembers of every server when it may be asked again.
pub struct Polite<'a> {
    client: Client,
    settings: &'a Settings,
    clock: &'a dyn Clock,
    stop: &'a Stop,
    hosts: Mutex<HashMap<String, Arc<Host>>>,
    kept: Mutex<Box<dyn Hosts + 'a>>,
}

/// An answer and the way to it.
#[derive(Debug)]
pub struct Got {
    /// The answer; of status 200 to 299, or 304 where a version was named.
    pub answer: Answer,
    /// Where the address has moved for good (301 or 308, every step of the way).
    pub moved: Option<Url>,
}

fn lock<T: ?Sized>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<'a> Polite<'a> {
    /// With these settings; what is known of servers comes from `kept` and goes there.
    pub fn new(
        settings: &'a Settings,
        clock: &'a dyn Clock,
        stop: &'a Stop,
        kept: Box<dyn Hosts + 'a>,
    ) -> Self {
        Self {
            client: Client::new(settings),
            settings,
            clock,
            stop,
            hosts: Mutex::default(),
            kept: Mutex::new(kept),
        }
    }

    /// Gets what an address leads to.
    ///
    /// # Errors
    /// Where it may not be fetched, cannot be had, or is too long.
    pub fn get(
        &self,
        url: &Url,
        accept: &str,
        validators: Validators<'_>,
        longest: u64,
    ) -> Result<Got, Failure> {
        let mut at = url.clone();
        let mut moved = None;
        let mut all_moved = true;
        let mut seen = vec![at.clone()];
        loop {
            link::check(&at)?;
            // The version is that of the first address; another's would be another matter.
            let asked = if seen.len() == 1 { validators } else { Validators::default() };
            let answer = self.ask(&at, accept, asked, longest)?;
            match answer.status {
                301 | 302 | 303 | 307 | 308 => {
                    let to = answer.header("location").and_then(|to| link::join(&at, to));
                    let Some(to) = to else {
                        return Err(Failure::new(
                            Why::Redirects,
                            format!("the server answers {} and names no address to go to", answer.status),
                            "see whether the address opens in a browser",
                        ));
                    };
                    // Who goes from https to http for good would have what everybody on the way says from then on.
                    let worse = at.scheme() == "https" && to.scheme() == "http";
                    all_moved &= matches!(answer.status, 301 | 308) && !worse;
                    if all_moved {
                        moved = Some(to.clone());
                    }
                    let again = seen.contains(&to);
                    if again || seen.len() > usize::from(self.settings.max_redirects) {
                        return Err(Failure::new(
                            Why::Redirects,
                            if again {
                                "the address redirects in a circle".to_owned()
                            } else {
                                format!(
                                    "the address redirects more than {} times in a row",
                                    self.settings.max_redirects
                                )
                            },
                            "see whether the address opens in a browser",
                        ));
                    }
                    seen.push(to.clone());
                    at = to;
                }
                200..=299 => return Ok(Got { answer, moved }),
                304 if asked.etag.is_some() || asked.last_modified.is_some() => {
                    return Ok(Got { answer, moved });
                }
                status => return Err(Failure::status(status)),
            }
        }
    }

    /// The sitemaps that the robots.txt of an address's server names.
    ///
    /// # Errors
    /// Where it cannot be had, the program is to end, or the server asked to be left alone.
    pub fn sitemaps(&self, url: &Url) -> Result<Vec<String>, Failure> {
        let (rules, trouble) = self.learn(url)?;
        if rules.is_failing() {
            return Err(unknown(rules.forbids(url), trouble));
        }
        Ok(rules.sitemaps().to_vec())
    }

    fn host(&self, url: &Url) -> Arc<Host> {
        Arc::clone(lock(&self.hosts).entry(link::server(url)).or_default())
    }

    /// What is known of a server, here or from before.
    fn state<'g>(&self, url: &Url, gate: &'g mut Gate) -> &'g mut HostState {
        gate.state.get_or_insert_with(|| lock(&self.kept).host(&link::server(url)))
    }

    /// One request, when its time has come.
    fn ask(
        &self,
        url: &Url,
        accept: &str,
        validators: Validators<'_>,
        longest: u64,
    ) -> Result<Answer, Failure> {
        let (rules, trouble) = self.learn(url)?;
        if let Some(why) = rules.forbids(url) {
            return Err(if rules.is_failing() {
                unknown(Some(why), trouble)
            } else {
                Failure::new(Why::Robots, why, "ask the site's owner, or look for a feed that may be fetched")
            });
        }
        self.request(url, accept, validators, Limit::Whole(longest))
    }

    /// Learns what a server lets be fetched, where that is not known; and why that cannot be known, where it cannot.
    fn learn(&self, url: &Url) -> Result<(Arc<Rules>, Option<String>), Failure> {
        let host = self.host(url);
        let mut known = lock(&host.known);
        let due = {
            let mut gate = lock(&host.gate);
            let state = self.state(url, &mut gate);
            left_alone(state, self.clock.now())?;
            robots::is_due(state, self.clock.now())
        };
        if due {
            let (asked, trouble) = self.robots(url)?;
            known.rules = None;
            known.trouble = trouble;
            let mut gate = lock(&host.gate);
            let state = self.state(url, &mut gate);
            robots::note(state, asked, self.clock.now());
            lock(&self.kept).keep(&link::server(url), state);
        }
        let rules = match &known.rules {
            Some(rules) => Arc::clone(rules),
            None => {
                let mut gate = lock(&host.gate);
                let rules = Arc::new(Rules::of(self.state(url, &mut gate), self.clock.now()));
                gate.delay = rules.delay();
                Arc::clone(known.rules.insert(rules))
            }
        };
        Ok((rules, known.trouble.clone()))
    }

    /// Asks for a server's robots.txt, and why it could not be had. It may be redirected, also to another server (RFC 9309, 2.3.1.2),
    /// which is asked as politely as for anything else.
    fn robots(&self, url: &Url) -> Result<(Asked, Option<String>), Failure> {
        let Ok(mut at) = url.join("/robots.txt") else { return Ok((Asked::Missing, None)) };
        at.set_query(None);
        for _ in 0..=self.settings.max_redirects {
            let limit = Limit::First(robots::LONGEST);
            let answer = match self.request(&at, "text/plain, */*;q=0.1", Validators::default(), limit) {
                Ok(answer) => answer,
                Err(failure) if matches!(failure.why, Why::Stopped | Why::Wait(_) | Why::Forbidden) => {
                    return Err(failure);
                }
                Err(failure) => return Ok((Asked::Failing, Some(failure.error))),
            };
            match answer.status {
                200..=299 => {
                    let text = intake::decode(robots::whole_lines(&answer.body), None).text;
                    // A page in its place ("not found", drawn nicely) holds no rules.
                    let page = text.trim_start().starts_with('<');
                    return Ok((if page { Asked::Missing } else { Asked::Found(text) }, None));
                }
                301 | 302 | 303 | 307 | 308 => {
                    match answer.header("location").and_then(|to| link::join(&at, to)) {
                        Some(to) => at = to,
                        None => return Ok((Asked::Missing, None)),
                    }
                }
                // To be asked less often is no "everything may be fetched" (as Google reads 429 too).
                429 | 500..=599 => return Ok((Asked::Failing, Some(Failure::status(answer.status).error))),
                _ => return Ok((Asked::Missing, None)),
            }
        }
        Ok((Asked::Missing, None))
    }

    /// A request once its pause is over, and its server lets itself be asked.
    fn request(
        &self,
        url: &Url,
        accept: &str,
        validators: Validators<'_>,
        limit: Limit,
    ) -> Result<Answer, Failure> {
        let stopped = || Failure::new(Why::Stopped, "the program was asked to end", "run it again");
        let host = self.host(url);
        // Held until the answer is there.
        let mut gate = lock(&host.gate);
        left_alone(self.state(url, &mut gate), self.clock.now())?;
        let pause = self.settings.pause().max(gate.delay.unwrap_or_default());
        if let Some(last) = gate.last {
            let left = (last + pause).saturating_sub(self.clock.ticks());
            if left > LONGEST_WAIT {
                let until = self.after(left);
                self.keep_until(url, &mut gate, until);
                return Err(Failure::new(
                    Why::Wait(until),
                    format!(
                        "the site's robots.txt asks for {} seconds between two requests",
                        pause.as_secs()
                    ),
                    "it is fetched in a later round",
                ));
            }
            if !left.is_zero() && !self.clock.wait(left, self.stop) {
                return Err(stopped());
            }
        }
        if self.stop.asked() {
            return Err(stopped());
        }
        let answer = self.client.get(url, accept, validators, limit);
        gate.last = Some(self.clock.ticks());
        // A pause that outlasts the round is kept for the next.
        if pause > LONGEST_WAIT {
            let until = self.after(pause);
            self.keep_until(url, &mut gate, until);
        }
        // It wants to be left alone.
        if let Ok(answer) = &answer
            && matches!(answer.status, 429 | 503)
            && let Some(after) = answer.header("retry-after")
            && let Some(until) = schedule::retry_after(after, self.clock.now())
        {
            self.keep_until(url, &mut gate, until);
        }
        answer
    }

    fn keep_until(&self, url: &Url, gate: &mut Gate, until: Timestamp) {
        let state = self.state(url, gate);
        state.not_before = state.not_before.max(Some(until));
        lock(&self.kept).keep(&link::server(url), state);
    }

    fn after(&self, wait: Duration) -> Timestamp {
        let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX);
        self.clock.now().checked_add(wait).unwrap_or(Timestamp::MAX)
    }
}

/// Whether a server wants to be left alone still.
fn left_alone(state: &HostState, now: Timestamp) -> Result<(), Failure> {
    match schedule::still_asked_for(state.not_before, now) {
        Some(until) => Err(Failure::new(
            Why::Wait(until),
            format!("the server asked to be left alone until {}", schedule::shown(until)),
            "it is asked again then",
        )),
        None => Ok(()),
    }
}

/// What may be fetched cannot be known.
fn unknown(why: Option<String>, trouble: Option<String>) -> Failure {
    let why = match trouble {
        Some(trouble) => format!("{trouble} (asked for its robots.txt, without which nothing is fetched)"),
        None => why.unwrap_or_default(),
    };
    Failure::new(Why::Unreachable, why, "it is asked again later")
}
