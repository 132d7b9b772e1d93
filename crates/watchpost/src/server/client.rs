//! The one place from which anything is sent: requests to the address that the operator gave, and to no other.
//!
//! No proxy of the environment is used and no redirect followed; an answer has a longest length and a longest time.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::sync::atomic::{AtomicU8, AtomicU32, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use remote::api::{self, Answer, Form};
use ureq::Agent;
use ureq::http::{HeaderMap, Uri};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

use super::ledger::Ledger;

/// Longest answer that is read.
const LONGEST_ANSWER: u64 = 8 << 20;
/// How long is waited before the first retry; each next wait is twice as long, up to the longest.
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// A server that asks for a longer wait than this is given up.
const LONGEST_ASKED: Duration = Duration::from_secs(300);
/// After so many requests in a row that nothing answered, nothing is retried until something does: the server is gone. One that
/// answers that it is busy is not.
const GONE: u32 = 8;

/// The server's key. It is neither printed nor put into any message.
pub(crate) struct Key(String);

impl Key {
    /// A key, if it can be one.
    pub(crate) fn new(text: &str) -> Option<Self> {
        (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())).then(|| Self(text.to_owned()))
    }
}

/// What became of a request, and what to do.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What went wrong.
    pub(crate) error: String,
    /// What to do.
    pub(crate) hint: String,
}

/// Why an attempt came to nothing.
enum Missed {
    /// The server does not know the form that was asked for.
    Refused(Failure),
    /// Worth another attempt, maybe after the time that the server asks for.
    Again(Failure, Option<Duration>),
    /// Another attempt would come to the same.
    Failed(Failure),
}

impl Missed {
    fn failure(self) -> Failure {
        match self {
            Self::Refused(failure) | Self::Again(failure, _) | Self::Failed(failure) => failure,
        }
    }
}

/// Speaks to one server.
pub(crate) struct Client {
    agent: Agent,
    base: String,
    host: String,
    encrypted: bool,
    key: Option<Key>,
    retries: u8,
    permits: Permits,
    /// The strictest form that the server is known not to refuse, as an index of [`Form::ALL`].
    form: AtomicU8,
    unanswered: AtomicU32,
}

/// The base of an address, without the slash at its end.
pub(crate) fn base(url: &str) -> Result<(String, Uri), String> {
    let wrong = |what: &str| {
        format!(
            "--remote-url {what}; expected the base of an OpenAI-compatible interface, as http://localhost:8080/v1"
        )
    };
    let trimmed = url.trim().trim_end_matches('/');
    let trimmed = trimmed.strip_suffix("/chat/completions").unwrap_or(trimmed);
    let uri: Uri = trimmed.parse().map_err(|_| wrong("is no address"))?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return Err(wrong("begins with neither http:// nor https://"));
    }
    if uri.host().is_none_or(str::is_empty) {
        return Err(wrong("names no host"));
    }
    // A key in an address would stand in every list of processes and every log.
    if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
        return Err(wrong("holds a name or a key before the host; give the key with --remote-key-file"));
    }
    if uri.query().is_some() {
        return Err(wrong("holds a question mark"));
    }
    Ok((trimmed.to_owned(), uri))
}

impl Client {
    /// A client of a server.
    pub(crate) fn new(
        url: &str,
        key: Option<Key>,
        authority: Option<&[u8]>,
        seconds: u16,
        retries: u8,
        at_a_time: usize,
    ) -> anyhow::Result<Self> {
        let (base, uri) = base(url).map_err(anyhow::Error::msg)?;
        let roots = match authority {
            None => RootCerts::WebPki,
            Some(pem) => authorities(pem)?,
        };
        let config = Agent::config_builder()
            .tls_config(TlsConfig::builder().root_certs(roots).build())
            .timeout_global(Some(Duration::from_secs(u64::from(seconds))))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .proxy(None)
            .user_agent(concat!("watchpost/", env!("CARGO_PKG_VERSION")))
            .max_idle_connections_per_host(at_a_time)
            .build();
        Ok(Self {
            agent: config.new_agent(),
            base,
            host: uri.host().unwrap_or_default().to_owned(),
            encrypted: uri.scheme_str() == Some("https"),
            key,
            retries,
            permits: Permits::new(at_a_time),
            form: AtomicU8::new(0),
            unanswered: AtomicU32::new(0),
        })
    }

    /// The address.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// Whether others on the network could read what is sent.
    pub(crate) fn is_open(&self) -> bool {
        let host = self.host.trim_matches(['[', ']']);
        let address: Option<std::net::IpAddr> = host.parse().ok();
        !self.encrypted && host != "localhost" && !address.is_some_and(|address| address.is_loopback())
    }

    /// Asks the model, in the strictest form that the server knows.
    pub(super) fn ask(&self, body: impl Fn(Form) -> String, ledger: &Ledger) -> Result<Answer, Failure> {
        let _permit = self.permits.take();
        let mut form = Form::ALL[usize::from(self.form.load(Ordering::Relaxed)).min(2)];
        loop {
            match self.ask_in(form, &body(form), ledger) {
                Ok(answer) => {
                    self.form.fetch_max(form as u8, Ordering::Relaxed);
                    return Ok(answer);
                }
                // Refused for another reason, a looser form is refused too: the last refusal is told.
                Err(Missed::Refused(failure)) => match form.looser() {
                    Some(looser) => form = looser,
                    None => return Err(failure),
                },
                Err(missed) => return Err(missed.failure()),
            }
        }
    }

    fn ask_in(&self, form: Form, body: &str, ledger: &Ledger) -> Result<Answer, Missed> {
        let mut tried = 0;
        loop {
            ledger.request(tried > 0);
            let started = Instant::now();
            match self.attempt(form, body) {
                Ok(bytes) => {
                    let answer = api::answer(&bytes)
                        .map_err(|fault| Missed::Failed(self.failure(fault.to_string(), fault.hint())))?;
                    ledger.answer(&answer, form, started.elapsed());
                    return Ok(answer);
                }
                Err(Missed::Again(failure, asked)) => {
                    let gone = self.unanswered.load(Ordering::Relaxed) > GONE;
                    if tried >= self.retries || gone {
                        let error = match tried {
                            0 => failure.error,
                            1 => format!("{} (tried twice)", failure.error),
                            _ => format!("{} (tried {} times)", failure.error, tried + 1),
                        };
                        return Err(Missed::Failed(Failure { error, ..failure }));
                    }
                    let wait = asked.unwrap_or_else(|| pause(tried));
                    if wait > LONGEST_ASKED {
                        let error = format!("{}; it asks to wait {} s", failure.error, wait.as_secs());
                        return Err(Missed::Failed(Failure { error, ..failure }));
                    }
                    std::thread::sleep(wait);
                    tried += 1;
                }
                Err(missed) => return Err(missed),
            }
        }
    }

    /// A failure in whose words the key does not stand, whoever wrote them.
    fn failure(&self, error: String, hint: impl Into<String>) -> Failure {
        let error = match &self.key {
            Some(key) => error.replace(&key.0, "[key]"),
            None => error,
        };
        Failure { error, hint: hint.into() }
    }

    fn attempt(&self, form: Form, body: &str) -> Result<Vec<u8>, Missed> {
        let mut request =
            self.agent.post(format!("{}/chat/completions", self.base)).content_type("application/json");
        if let Some(key) = &self.key {
            request = request.header("Authorization", format!("Bearer {}", key.0));
        }
        let (status, headers, bytes) = match request.send(body).and_then(read) {
            Ok(answer) => {
                self.unanswered.store(0, Ordering::Relaxed);
                answer
            }
            Err(error) => {
                self.unanswered.fetch_add(1, Ordering::Relaxed);
                return Err(self.broken(&error));
            }
        };
        let complaint =
            || self.failure(format!("the server answers {status}: {}", api::complaint(&bytes)), "");
        let hinted = |hint: &str| Failure { hint: hint.to_owned(), ..complaint() };
        let missed = match status {
            200..=299 => return Ok(bytes),
            300..=399 => {
                let to = headers.get("location").and_then(|to| to.to_str().ok()).unwrap_or("elsewhere");
                let to: String = to.chars().take(200).collect();
                let error = format!(
                    "the server answers {status} and points to {to}; reports are sent nowhere but where you say"
                );
                Missed::Failed(
                    self.failure(
                        error,
                        "give the address that it points to as --remote-url, if you trust it",
                    ),
                )
            }
            400 | 422 if form.looser().is_some() => Missed::Refused(complaint()),
            400 | 413 | 422 => Missed::Failed(hinted(
                "if the report is too long for the model, lower --remote-part or give the server a longer context",
            )),
            401 | 403 => Missed::Failed(hinted(
                "give the server's key in the variable WATCHPOST_REMOTE_KEY or with --remote-key-file",
            )),
            404 => Missed::Failed(hinted(
                "check --remote-url, whose path is most often /v1, and --remote-model; `watchpost doctor` lists the server's models",
            )),
            429 => {
                Missed::Again(hinted("lower --remote-jobs, or raise --remote-retries"), asked_for(&headers))
            }
            503 => Missed::Again(
                hinted("wait until the server has loaded its model, or raise --remote-retries"),
                asked_for(&headers),
            ),
            408 | 500..=599 => Missed::Again(hinted("see the server's own log"), asked_for(&headers)),
            _ => Missed::Failed(hinted("see the server's own log")),
        };
        Err(missed)
    }

    /// What it means that no answer came, or not all of one.
    fn broken(&self, error: &ureq::Error) -> Missed {
        let base = &self.base;
        let reachable = "check that the server runs and that --remote-url is its address";
        match error {
            ureq::Error::BodyExceedsLimit(_) => Missed::Failed(self.failure(
                format!("the server's answer is longer than {} MB", LONGEST_ANSWER >> 20),
                "check that --remote-url is the base of an OpenAI-compatible interface",
            )),
            ureq::Error::Timeout(_) => Missed::Again(
                self.failure(
                    format!("{base} did not answer in time"),
                    "raise --remote-timeout, lower --remote-jobs, or lower --remote-part",
                ),
                None,
            ),
            ureq::Error::BadUri(_) | ureq::Error::Http(_) | ureq::Error::Tls(_) | ureq::Error::Rustls(_) => {
                Missed::Failed(self.failure(format!("{base} cannot be spoken to: {error}"), reachable))
            }
            // The parts of the client below hand on what they say of a certificate in words alone.
            _ if error.to_string().contains("certificate") => Missed::Failed(self.failure(
                format!("{base} is not trusted: {error}"),
                "give the certificate of its authority with --remote-authority",
            )),
            _ => Missed::Again(self.failure(format!("{base} cannot be reached: {error}"), reachable), None),
        }
    }

    /// The models that the server lists; `None` where it answers and lists none.
    pub(crate) fn models(&self) -> Result<Option<Vec<String>>, Failure> {
        let mut request = self.agent.get(format!("{}/models", self.base));
        if let Some(key) = &self.key {
            request = request.header("Authorization", format!("Bearer {}", key.0));
        }
        let (status, _, bytes) = match request.call().and_then(read) {
            Ok(answer) => answer,
            Err(error) => return Err(self.broken(&error).failure()),
        };
        match status {
            200..=299 => Ok(api::models(&bytes)),
            // Not every server has a list.
            404 | 405 | 501 => Ok(None),
            401 | 403 => Err(self.failure(
                format!("the server answers {status}: {}", api::complaint(&bytes)),
                "give the server's key in the variable WATCHPOST_REMOTE_KEY or with --remote-key-file",
            )),
            _ => Err(self.failure(
                format!("the server answers {status}: {}", api::complaint(&bytes)),
                "see the server's own log",
            )),
        }
    }
}

/// The certificates of a PEM file, and no others.
fn authorities(pem: &[u8]) -> anyhow::Result<RootCerts> {
    let certificates: Vec<Certificate<'static>> = parse_pem(pem)
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        })
        .collect();
    if certificates.is_empty() {
        return Err(anyhow::anyhow!("--remote-authority: the file holds no certificate")
            .context("hint: give a PEM file, which has a line -----BEGIN CERTIFICATE-----"));
    }
    Ok(RootCerts::new_with_certs(&certificates))
}

type Read = (u16, HeaderMap, Vec<u8>);

fn read(answer: ureq::http::Response<ureq::Body>) -> Result<Read, ureq::Error> {
    let (head, body) = answer.into_parts();
    let bytes = body.into_with_config().limit(LONGEST_ANSWER).read_to_vec()?;
    Ok((head.status.as_u16(), head.headers, bytes))
}

/// How long to wait after so many attempts: twice as long each time, and each time a little otherwise, so that many clients
/// of one server do not come back all at once.
fn pause(tried: u8) -> Duration {
    let wait = FIRST_WAIT.saturating_mul(1 << tried.min(10)).min(LONGEST_WAIT);
    // A keyed hasher of the standard library is random enough for that.
    let share = RandomState::new().build_hasher().finish() % 500;
    wait.mul_f64(0.75 + share as f64 / 1000.0)
}

/// What `Retry-After` asks for: seconds, or a date.
fn asked_for(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get("retry-after")?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = jiff::fmt::rfc2822::parse(value).ok()?.timestamp();
    let seconds = until.as_second().saturating_sub(Timestamp::now().as_second());
    Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}

/// So many at a time, and no more.
struct Permits {
    free: Mutex<usize>,
    changed: Condvar,
}

impl Permits {
    fn new(count: usize) -> Self {
        Self { free: Mutex::new(count.max(1)), changed: Condvar::new() }
    }

    fn take(&self) -> Permit<'_> {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let mut free =
            self.changed.wait_while(free, |free| *free == 0).unwrap_or_else(PoisonError::into_inner);
        *free -= 1;
        Permit(self)
    }
}

struct Permit<'p>(&'p Permits);

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.changed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_bases_without_secrets() {
        for (url, is) in [
            ("http://localhost:8080/v1/", "http://localhost:8080/v1"),
            (" https://models.example.org/v1/chat/completions ", "https://models.example.org/v1"),
            ("http://[::1]:11434/v1", "http://[::1]:11434/v1"),
        ] {
            assert_eq!(base(url).map(|(base, _)| base).as_deref(), Ok(is));
        }
        for (url, says) in [
            ("localhost:8080", "neither http"),
            ("ftp://example.org", "neither http"),
            ("http://me:secret@example.org/v1", "before the host"),
            ("http://example.org/v1?key=secret", "question mark"),
            ("not an address", "no address"),
        ] {
            let error = base(url).map(|(base, _)| base).expect_err(url);
            assert!(error.contains(says) && !error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn the_way_home_is_no_open_way() {
        let open = |url: &str| Client::new(url, None, None, 1, 0, 1).expect(url).is_open();
        assert!(
            !open("http://localhost:1/v1") && !open("http://127.0.0.1:1/v1") && !open("http://[::1]:1/v1")
        );
        assert!(!open("https://example.org/v1"));
        assert!(open("http://example.org/v1") && open("http://192.168.0.7:8000/v1"));
    }

    #[test]
    fn waits_grow_and_end() {
        assert!(pause(0) < Duration::from_secs(1));
        assert!(pause(3) > pause(0));
        assert!(pause(200) <= LONGEST_WAIT.mul_f64(1.25));
    }

    #[test]
    fn the_server_says_when_to_come_back() {
        let asked = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("retry-after", value.parse().expect("a value"));
            asked_for(&headers)
        };
        assert_eq!(asked("7"), Some(Duration::from_secs(7)));
        assert_eq!(asked("Sun, 06 Nov 1994 08:49:37 GMT"), Some(Duration::ZERO));
        assert_eq!(asked("soon"), None);
        assert!(asked("Tue, 31 Dec 2999 23:59:59 GMT") > Some(LONGEST_ASKED));
    }

    #[test]
    fn keys_are_one_word() {
        assert!(Key::new("sk-abc_123").is_some());
        assert!(Key::new("").is_none() && Key::new("a b").is_none() && Key::new("a\nb").is_none());
    }
}
