//! Who asks, and what they may do.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::ConnectInfo;
use axum::http::request::Parts;
use axum::http::{Method, header};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use jiff::{Timestamp, ToSpan as _};
use record::{Author, AuthorKind};
use store::Store;
use store::accounts::{Account, Credential, Purpose, Role};
use store::log::sha256;

use crate::Desk;
use crate::problem::Problem;

/// What may be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Need {
    /// By anyone who can reach the desk.
    Nothing,
    /// To see what the store holds.
    Read,
    /// To decide about incidents one at a time.
    Decide,
    /// To decide about many at once.
    Bulk,
    /// To say which sources are fetched.
    Sources,
    /// To say who may do what.
    Accounts,
}

impl Need {
    /// Every one of them that a role may have.
    pub(crate) const ALL: &'static [Self] =
        &[Self::Read, Self::Decide, Self::Bulk, Self::Sources, Self::Accounts];

    /// As it is written.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Read => "read",
            Self::Decide => "decide",
            Self::Bulk => "bulk",
            Self::Sources => "sources",
            Self::Accounts => "accounts",
        }
    }

    /// What a role may do.
    pub(crate) const fn of(role: Role) -> &'static [Self] {
        match role {
            Role::Viewer => &[Self::Read],
            Role::Coder => &[Self::Read, Self::Decide],
            Role::Reviewer => &[Self::Read, Self::Decide, Self::Bulk, Self::Sources],
            Role::Admin => Self::ALL,
        }
    }
}

/// How the desk knows who asks.
#[derive(Debug, Clone)]
pub enum Login {
    /// By the accounts that the store has.
    Accounts,
    /// It does not ask: whoever reaches it from this machine is that person.
    No {
        /// The name under which the log has what they decide.
        by: String,
    },
}

/// How somebody has shown who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Proof {
    /// Not at all.
    None,
    /// By being at the machine.
    Here,
    /// By a cookie; the hash of its secret, and what a page of ours sends along.
    Session { hash: String, csrf: String },
    /// By a token.
    Token,
}

/// Who asks.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// The name under which the log has what they decide; empty where nobody is logged in.
    pub(crate) name: String,
    /// Their role, where they have an account.
    pub(crate) role: Option<Role>,
    /// What they may do.
    pub(crate) may: Vec<Need>,
    /// How they have shown who they are.
    pub(crate) proof: Proof,
}

impl Caller {
    /// As the log names them.
    pub(crate) fn author(&self) -> Author {
        Author { kind: AuthorKind::Person, name: self.name.clone() }
    }
}

/// The cookie of a browser that is logged in.
pub(crate) const COOKIE: &str = "watchpost";

/// What a token begins with, so that one that was published by mistake is found.
pub(crate) const TOKEN: &str = "wp_";

/// How long somebody stays logged in.
pub(crate) const SESSION_DAYS: i64 = 7;

/// A new secret: 256 random bits in hexadecimal digits.
pub(crate) fn secret() -> Result<String, Problem> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes)
        .map_err(|error| Problem::new("broken", format!("the system gives no random numbers: {error}")))?;
    Ok(store::log::hex(&bytes))
}

/// How long the link is good by which the first account is made, or a password is chosen.
const LINK_DAYS: i64 = 3;

/// A link by which somebody chooses a password: the first of all, where `account` is empty.
pub(crate) fn link(account: &str, now: Timestamp) -> Result<(String, Credential), Problem> {
    let secret = secret()?;
    let made = credential(&secret, account, Purpose::Link, now, LINK_DAYS);
    Ok((secret, made))
}

/// A secret as it is kept.
pub(crate) fn credential(
    secret: &str,
    account: &str,
    purpose: Purpose,
    now: Timestamp,
    days: i64,
) -> Credential {
    Credential {
        hash: sha256(secret.as_bytes()),
        account: account.to_owned(),
        purpose,
        label: String::new(),
        scopes: Vec::new(),
        csrf: String::new(),
        created: now,
        expires: now.checked_add((days * 24).hours()).unwrap_or(Timestamp::MAX),
    }
}

/// The secret by which the first account is made, where there is none that could make others; `None` where there is.
///
/// # Errors
/// Where the store cannot be asked, or the system gives no random numbers.
pub fn first_link(store: &mut dyn Store, now: Timestamp) -> Result<Option<String>, Problem> {
    if store.accounts()?.iter().any(is_admin) {
        return Ok(None);
    }
    let (secret, made) = link("", now)?;
    store.put_credential(&made, None)?;
    Ok(Some(secret))
}

/// Whether somebody can make accounts, now.
pub(crate) fn is_admin(account: &Account) -> bool {
    account.role == Role::Admin && account.closed.is_none() && account.password.is_some()
}

impl Desk {
    /// Who asks, where they may do it.
    pub(crate) async fn caller(&self, parts: &Parts, need: Need) -> Result<Caller, Problem> {
        self.same_site(parts)?;
        let caller = match &self.setup.login {
            Login::No { by } => {
                Caller { name: by.clone(), role: None, may: Need::ALL.to_vec(), proof: Proof::Here }
            }
            Login::Accounts => self.shown(parts).await?,
        };
        if need == Need::Nothing || caller.may.contains(&need) {
            return Ok(caller);
        }
        if caller.proof == Proof::None {
            // A browser that is told Basic asks for a password over the page, which has its own way to do that.
            let challenge = if for_programs(parts.uri.path()) {
                "Basic realm=\"Watchpost: any name, a token as the password\""
            } else {
                "Bearer realm=\"Watchpost\""
            };
            return Err(Problem {
                challenge: Some(challenge.to_owned()),
                ..Problem::new("login", "nobody is logged in, or no longer")
            }
            .hint("log in at /login, or send a token as `Authorization: Bearer wp_…`"));
        }
        Err(Problem::new(
            "not-allowed",
            format!("{} may not do this: it needs the right to {}", caller.name, need.as_str()),
        )
        .hint("an admin can give another role; a token has only the scopes that it was made with"))
    }

    /// Who asks, by what they hold.
    async fn shown(&self, parts: &Parts) -> Result<Caller, Problem> {
        let nobody = Caller { name: String::new(), role: None, may: Vec::new(), proof: Proof::None };
        let Some((secret, purpose)) = held(parts) else { return Ok(nobody) };
        let hash = sha256(secret.as_bytes());
        let now = Timestamp::now();
        let found = self
            .pool
            .read(move |store| {
                let held = store.credential(&hash, now)?.filter(|held| held.purpose == purpose);
                let Some(held) = held else { return Ok(None) };
                let account = store.account(&held.account)?;
                Ok(account.filter(|account| account.closed.is_none()).map(|account| (held, account)))
            })
            .await?;
        let Some((held, account)) = found else { return Ok(nobody) };
        let mut may = Need::of(account.role).to_vec();
        let proof = match held.purpose {
            Purpose::Token => {
                may.retain(|need| held.scopes.iter().any(|scope| scope == need.as_str()));
                Proof::Token
            }
            _ => {
                let safe = matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
                let sent = parts.headers.get("x-watchpost-csrf").and_then(|value| value.to_str().ok());
                if !safe && sent != Some(held.csrf.as_str()) {
                    return Err(Problem {
                        place: Some("X-Watchpost-CSRF".to_owned()),
                        expected: Some("the `csrf` that GET /api/v1/session gives".to_owned()),
                        ..Problem::new(
                            "not-allowed",
                            "what changes something must come from a page of this desk",
                        )
                    });
                }
                Proof::Session { hash: held.hash, csrf: held.csrf }
            }
        };
        Ok(Caller { name: account.name, role: Some(account.role), may, proof })
    }

    /// That a browser was not sent here by somebody else's page.
    fn same_site(&self, parts: &Parts) -> Result<(), Problem> {
        let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let host = header("host").or_else(|| parts.uri.authority().map(|authority| authority.as_str()));
        let refused = |what: String| Err(Problem::new("not-allowed", what));
        if matches!(self.setup.login, Login::No { .. }) && !host.is_some_and(is_loopback) {
            // A name of another site that was made to lead to this machine ("DNS rebinding") would be in `Host`.
            return Err(Problem {
                place: Some("Host".to_owned()),
                expected: Some("localhost, 127.0.0.1 or [::1]".to_owned()),
                ..Problem::new("not-allowed", "a desk without login answers only to names of its own machine")
            });
        }
        if matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS) {
            return Ok(());
        }
        if let Some(origin) = header("origin") {
            let from = origin.split_once("://").map(|(_, authority)| authority);
            if from.is_none() || from != host {
                return refused(format!("the request comes from the page of another site, {origin}"));
            }
        }
        if header("sec-fetch-site").is_some_and(|site| !matches!(site, "same-origin" | "none")) {
            return refused("the request comes from the page of another site".to_owned());
        }
        Ok(())
    }
}

/// The secret that a request holds, and what it must be good for. A token counts before a cookie.
fn held(parts: &Parts) -> Option<(String, Purpose)> {
    let header = |name| parts.headers.get(name).and_then(|value: &header::HeaderValue| value.to_str().ok());
    if let Some(said) = header(header::AUTHORIZATION) {
        let (scheme, secret) = said.split_once(' ')?;
        let token = if scheme.eq_ignore_ascii_case("bearer") {
            secret.trim().to_owned()
        } else if scheme.eq_ignore_ascii_case("basic") {
            password(secret.trim())?
        } else {
            return None;
        };
        return Some((token, Purpose::Token));
    }
    let cookies = parts.headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs =
        cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, secret)| (secret.to_owned(), Purpose::Session))
}

/// Whether a path is one for programs that know names and passwords alone: feed readers, QGIS.
fn for_programs(path: &str) -> bool {
    ["/feeds", "/ogc"]
        .iter()
        .any(|room| path.strip_prefix(room).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// The password of `Basic` (RFC 7617); the name before it says nothing.
fn password(sent: &str) -> Option<String> {
    let both = String::from_utf8(BASE64_STANDARD.decode(sent).ok()?).ok()?;
    both.split_once(':').map(|(_, password)| password.to_owned())
}

/// From where a request comes: behind a proxy as the proxy says, whose word is the last; what stands before it the client has said.
pub(crate) fn peer(parts: &Parts, behind_proxy: bool) -> Option<IpAddr> {
    if behind_proxy {
        let said = parts.headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
        return said.rsplit(',').next()?.trim().parse().ok();
    }
    parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip())
}

/// Whether a `Host` names the machine itself.
fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    let name = name.trim_end_matches('.');
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// How often logging in has failed lately.
#[derive(Debug, Default)]
pub(crate) struct Gate(Mutex<HashMap<String, Vec<Instant>>>);

/// For how long failures count.
const LATELY: Duration = Duration::from_secs(15 * 60);
/// Names and addresses that are remembered at most.
const REMEMBERED: usize = 10_000;

impl Gate {
    /// Whether somebody may try: so often at one name from one address, so often from one address, so often at one name from
    /// anywhere. The last is high, so that nobody is shut out by others' guesses soon.
    pub(crate) fn may_try(&self, name: &str, peer: Option<IpAddr>) -> Result<(), Problem> {
        let failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, most) in keys(name, peer) {
            let lately = failures.get(&key).map(Vec::as_slice).unwrap_or_default();
            let counted = || lately.iter().filter(|at| at.elapsed() < LATELY);
            if counted().count() >= most {
                let oldest = counted().map(Instant::elapsed).max().unwrap_or_default();
                return Err(Problem {
                    retry: Some(LATELY.saturating_sub(oldest).as_secs() + 1),
                    ..Problem::new("too-many", "logging in has failed too often lately")
                }
                .hint("wait a quarter of an hour, or ask an admin for a link"));
            }
        }
        Ok(())
    }

    /// It has failed.
    pub(crate) fn failed(&self, name: &str, peer: Option<IpAddr>) {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() > REMEMBERED {
            failures.retain(|_, at| at.iter().any(|at| at.elapsed() < LATELY));
        }
        if failures.len() > 2 * REMEMBERED {
            failures.clear();
        }
        for (key, _) in keys(name, peer) {
            let at = failures.entry(key).or_default();
            at.retain(|at| at.elapsed() < LATELY);
            at.push(Instant::now());
        }
    }

    /// It has not: what this name has failed at from there is forgotten.
    pub(crate) fn succeeded(&self, name: &str, peer: Option<IpAddr>) {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((key, _)) = keys(name, peer).into_iter().next() {
            failures.remove(&key);
        }
    }
}

fn keys(name: &str, peer: Option<IpAddr>) -> [(String, usize); 3] {
    let name: String = store::words::fold(name).chars().take(100).collect();
    let peer = peer.map_or_else(String::new, |peer| peer.to_string());
    [(format!("{name}\n{peer}"), 5), (format!("\n{peer}"), 30), (format!("{name}\n"), 100)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn behind_a_proxy_the_last_address_counts() {
        let parts = |said: &[&str]| {
            let mut request = axum::http::Request::builder();
            for said in said {
                request = request.header("X-Forwarded-For", *said);
            }
            request.body(()).unwrap().into_parts().0
        };
        let from = |said: &[&str]| peer(&parts(said), true).map(|address| address.to_string());
        assert_eq!(from(&["10.0.0.1, 203.0.113.9"]).as_deref(), Some("203.0.113.9"));
        assert_eq!(from(&["10.0.0.1", "2001:db8::1"]).as_deref(), Some("2001:db8::1"));
        assert_eq!(from(&["nobody"]), None);
        assert_eq!(
            peer(&parts(&["203.0.113.9"]), false),
            None,
            "without a proxy it is the client's own word"
        );
    }

    #[test]
    fn only_the_machine_itself_is_loopback() {
        for host in ["localhost", "LOCALHOST:8080", "127.0.0.1", "127.9.8.7:80", "[::1]:8080", "[::1]"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "example.org",
            "localhost.example.org",
            "127.0.0.1.example.org:80",
            "192.168.1.1",
            "",
            "[::2]",
            "::1x",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }

    #[test]
    fn guesses_are_counted_by_name_and_address() {
        let gate = Gate::default();
        let (here, there) = ("10.0.0.1".parse().ok(), "10.0.0.2".parse().ok());
        for _ in 0..5 {
            assert!(gate.may_try("ada", here).is_ok());
            gate.failed("ada", here);
        }
        assert!(gate.may_try("Ada", here).is_err(), "however it is written");
        assert!(gate.may_try("bo", here).is_ok());
        assert!(gate.may_try("ada", there).is_ok());
        for guess in 0..30 {
            gate.failed(&format!("name{guess}"), there);
        }
        assert!(gate.may_try("bo", there).is_err(), "many names from one address");
        gate.succeeded("ada", here);
        assert!(gate.may_try("ada", here).is_ok());
    }

    #[test]
    fn a_role_may_do_what_the_one_before_may() {
        for roles in Role::ALL.windows(2) {
            let [lower, higher] = roles else { continue };
            assert!(Need::of(*lower).iter().all(|need| Need::of(*higher).contains(need)));
        }
    }
}
