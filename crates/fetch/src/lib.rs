/*! Public sources of reports, fetched politely: feeds, the pages that they link to, pages that list articles, sitemaps for news.

What comes is read by pure modules ([`feed`], [`sitemap`], [`listing`], [`opml`], [`day`]); when something is asked for again is
decided by pure modules too ([`schedule`]). Only [`client`] opens connections, each to an address that [`guard`] has let
through, and only [`polite`] uses it: one request at a time to a server, with a pause, as its robots.txt says. Time is
passed in ([`clock`]).

Nothing that comes is trusted: not its length, its type, its encoding, its dates, nor that it ends.
*/

pub mod client;
pub mod clock;
pub mod collect;
pub mod day;
pub mod failure;
pub mod feed;
pub mod guard;
pub mod health;
pub mod item;
pub mod kind;
pub mod link;
pub mod listing;
pub mod opml;
pub mod polite;
pub mod robots;
pub mod round;
pub mod schedule;
pub mod settings;
pub mod sitemap;

pub use clock::{Clock, Stop, SystemClock};
pub use collect::{Done, Due, Fetched};
pub use failure::{Failure, Why};
pub use intake::is_language_tag;
pub use round::{Desk, round};
pub use settings::Settings;

use sha2::{Digest, Sha256};

/// What something is known by: half of its SHA-256, in hexadecimal digits.
pub(crate) fn hash(bytes: &[u8]) -> String {
    use std::fmt::Write;
    Sha256::digest(bytes).iter().take(16).fold(String::with_capacity(32), |mut out, byte| {
        // Writing to a string does not fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// The id of a source, made of the address that it is added with.
#[must_use]
pub fn source_id(url: &str) -> String {
    format!("S-{}", hash(url.as_bytes()).get(..12).unwrap_or_default())
}
