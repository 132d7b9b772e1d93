//! Who asks, and what they may do.

use axum::http::Method;
use axum::http::request::Parts;
use record::{Author, AuthorKind};

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
}

/// How the desk knows who asks.
#[derive(Debug, Clone)]
pub enum Login {
    /// It does not ask: whoever reaches it from this machine is that person.
    No {
        /// The name under which the log has what they decide.
        by: String,
    },
}

/// Who asks.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// The name under which the log has what they decide; empty where nobody is logged in.
    pub(crate) name: String,
    /// What they may do.
    pub(crate) may: Vec<Need>,
}

impl Caller {
    /// As the log names them.
    pub(crate) fn author(&self) -> Author {
        Author { kind: AuthorKind::Person, name: self.name.clone() }
    }
}

impl Desk {
    /// Who asks, where they may do it.
    pub(crate) async fn caller(&self, parts: &Parts, need: Need) -> Result<Caller, Problem> {
        self.same_site(parts)?;
        let caller = match &self.setup.login {
            Login::No { by } => Caller { name: by.clone(), may: Need::ALL.to_vec() },
        };
        if need == Need::Nothing || caller.may.contains(&need) {
            return Ok(caller);
        }
        Err(Problem::new(
            "not-allowed",
            format!("{} may not do this: it needs the right to {}", caller.name, need.as_str()),
        ))
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

/// Whether a `Host` names the machine itself.
fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    let name = name.trim_end_matches('.');
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

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
}
