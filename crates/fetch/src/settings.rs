//! What the operator can set, each key defined once: its type, its default, its words in the documentation.

use std::time::Duration;

use serde::Deserialize;

use crate::guard::{Block, Guard};

/// A key, for the documentation.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// Its name in `[fetch]`.
    pub name: &'static str,
    /// Its default, as it is written in TOML.
    pub default: &'static str,
    /// What it means.
    pub help: &'static str,
}

macro_rules! settings {
    ($($(#[doc = $help:literal])+ $name:ident: $kind:ty = $default:expr, $written:literal;)+) => {
        /// The section `[fetch]` of a project's configuration.
        #[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct Settings {
            $($(#[doc = $help])+ pub $name: $kind,)+
        }

        impl Default for Settings {
            fn default() -> Self {
                Self { $($name: $default,)+ }
            }
        }

        /// Every key, in the order of the documentation.
        pub const KEYS: &[Key] = &[
            $(Key { name: stringify!($name), default: $written, help: concat!($($help),+) },)+
        ];
    };
}

settings! {
    /// An address or a mail address at which a site's owner reaches you; it stands in the user agent.
    contact: Option<String> = None, "none";
    /// Minutes between two fetches of a source, unless it has its own or its feed asks for more (`ttl`).
    every: u32 = 30, "30";
    /// Seconds between the end of a request to a server and the next one to it; a longer `Crawl-delay` of its robots.txt stands above it.
    pause: u32 = 2, "2";
    /// Servers that are spoken to at a time. To each there is one request at a time.
    hosts: u16 = 4, "4";
    /// Seconds that connecting may take, and looking up the name.
    connect_timeout: u16 = 10, "10";
    /// Seconds that a request may take, from its beginning to the last byte of the answer.
    timeout: u16 = 60, "60";
    /// Longest feed or page in bytes, both as it is sent and unpacked.
    max_bytes: u64 = 16 << 20, "16777216";
    /// Longest sitemap in bytes; the protocol allows 50 MiB unpacked.
    max_sitemap_bytes: u64 = 50 << 20, "52428800";
    /// Redirects that are followed in a row.
    max_redirects: u8 = 5, "5";
    /// Items of one source that are read in one round; the others wait for the next.
    max_items: u16 = 50, "50";
    /// How often a page that cannot be had for now is asked for before the feed's own text is taken.
    page_tries: u8 = 3, "3";
    /// Addresses that may be connected to although they are not public: an address, a block (`192.168.7.0/24`), or an address with a port (`127.0.0.1:8080`).
    allow: Vec<String> = Vec::new(), "[]";
}

/// The least and the most that a number may be.
const BOUNDS: &[(&str, u64, u64)] = &[
    ("every", 1, 7 * 24 * 60),
    ("pause", 0, 3600),
    ("hosts", 1, 64),
    ("connect_timeout", 1, 300),
    ("timeout", 1, 3600),
    ("max_bytes", 1 << 10, 1 << 30),
    ("max_sitemap_bytes", 1 << 10, 1 << 30),
    ("max_redirects", 0, 20),
    ("max_items", 1, 10_000),
    ("page_tries", 1, 20),
];

impl Settings {
    /// What is wrong with it, key by key, each with what was expected.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let of = |name: &str| match name {
            "every" => u64::from(self.every),
            "pause" => u64::from(self.pause),
            "hosts" => u64::from(self.hosts),
            "connect_timeout" => u64::from(self.connect_timeout),
            "timeout" => u64::from(self.timeout),
            "max_bytes" => self.max_bytes,
            "max_sitemap_bytes" => self.max_sitemap_bytes,
            "max_redirects" => u64::from(self.max_redirects),
            "max_items" => u64::from(self.max_items),
            _ => u64::from(self.page_tries),
        };
        let mut faults: Vec<String> = BOUNDS
            .iter()
            .filter(|(name, least, most)| !(*least..=*most).contains(&of(name)))
            .map(|(name, least, most)| format!("`fetch.{name}` is {}; expected {least} to {most}", of(name)))
            .collect();
        faults.extend(
            self.allow
                .iter()
                .filter_map(|block| block.parse::<Block>().err())
                .map(|error| format!("`fetch.allow`: {error}")),
        );
        // It goes into a header, and must be one line of plain characters there.
        if self.contact.as_deref().is_some_and(|contact| {
            !contact.bytes().all(|byte| (b' '..=b'~').contains(&byte)) || contact.contains(['(', ')'])
        }) {
            faults.push(
                "`fetch.contact` has characters that no header may have; expected an address as https://example.org/about or \
                 a mail address"
                    .to_owned(),
            );
        }
        faults
    }

    /// What the program calls itself to servers. Its first word is the name that robots.txt files know it by.
    #[must_use]
    pub fn user_agent(&self) -> String {
        let version = env!("CARGO_PKG_VERSION");
        match self.contact.as_deref().map(str::trim).filter(|contact| !contact.is_empty()) {
            Some(contact) => format!("{ROBOT}/{version} (+{contact})"),
            None => format!("{ROBOT}/{version}"),
        }
    }

    /// Which addresses may be connected to.
    #[must_use]
    pub fn guard(&self) -> Guard {
        Guard::new(self.allow.iter().filter_map(|block| block.parse().ok()).collect())
    }

    pub(crate) fn pause(&self) -> Duration {
        Duration::from_secs(u64::from(self.pause))
    }
}

/// The name that robots.txt files know the program by (RFC 9309, 2.2.1).
pub const ROBOT: &str = "watchpost";

/// The table of the keys, as the documentation has it.
#[must_use]
pub fn documentation() -> String {
    let mut out = String::from("| key | default | meaning |\n|---|---|---|\n");
    for key in KEYS {
        let default = if key.default == "none" { "none".to_owned() } else { format!("`{}`", key.default) };
        out.push_str(&format!("| `{}` | {default} | {} |\n", key.name, key.help.trim()));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_values_are_told() {
        let settings = Settings {
            every: 0,
            allow: vec!["10.0.0.0/99".to_owned()],
            contact: Some("a\r\nHost: b".to_owned()),
            ..Settings::default()
        };
        let faults = settings.faults();
        assert_eq!(faults.len(), 3, "{faults:?}");
        assert!(faults[0].contains("`fetch.every` is 0; expected 1 to"), "{}", faults[0]);
        assert_eq!(Settings::default().faults(), [""; 0]);
    }

    #[test]
    fn the_documentation_tells_every_default() {
        for key in KEYS {
            let bound = BOUNDS.iter().find(|(name, ..)| *name == key.name);
            assert!(bound.is_some() || matches!(key.name, "contact" | "allow"), "{} has no bounds", key.name);
        }
        let settings = Settings::default();
        assert_eq!(documentation().lines().count(), KEYS.len() + 2);
        let written = |name: &str| KEYS.iter().find(|key| key.name == name).map(|key| key.default);
        assert_eq!(written("every"), Some(settings.every.to_string().as_str()));
        assert_eq!(written("max_bytes"), Some(settings.max_bytes.to_string().as_str()));
        assert_eq!(written("max_sitemap_bytes"), Some(settings.max_sitemap_bytes.to_string().as_str()));
    }

    #[test]
    fn the_user_agent_names_the_operator() {
        let settings =
            Settings { contact: Some("https://example.org/desk".to_owned()), ..Settings::default() };
        assert!(
            settings.user_agent().starts_with("watchpost/")
                && settings.user_agent().ends_with(" (+https://example.org/desk)")
        );
        assert!(!Settings::default().user_agent().contains('('));
    }
}
