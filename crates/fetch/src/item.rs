//! What a source lists: items, each to become a report.

use serde::{Deserialize, Serialize};
use url::Url;

/// One item as its source tells of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Item {
    /// Its page.
    pub url: Option<Url>,
    /// Its id, as the source gives it.
    pub given_id: Option<String>,
    /// Headline.
    pub title: Option<String>,
    /// Day and time of publication, as the source writes it.
    pub published: Option<String>,
    /// When it was changed last, as the source writes it.
    pub changed: Option<String>,
    /// Who published it.
    pub publisher: Option<String>,
    /// BCP 47.
    pub language: Option<String>,
    /// What the source says of it, plain text.
    pub text: Option<String>,
    /// How often its page was asked for in vain.
    pub tries: u8,
}

/// Everything that a source listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// What it calls itself.
    pub title: Option<String>,
    /// BCP 47.
    pub language: Option<String>,
    /// Minutes for which it asks not to be asked for again.
    pub ttl: Option<u32>,
    /// Its items, in its order.
    pub items: Vec<Item>,
    /// More of it, to be fetched too: the sitemaps of an index, with the day of their last change.
    pub more: Vec<(Url, Option<String>)>,
    /// Items that could not be read.
    pub broken: u32,
    /// What a person should know.
    pub notes: Vec<String>,
}

/// Most items of one listing. Feeds have tens, sitemaps at most 50,000 by their protocol.
pub(crate) const MOST: usize = 50_000;

/// Longest text of an item that is carried along: a long report. Longer ones are read from their page.
pub(crate) const LONGEST_TEXT: usize = 200_000;

impl Item {
    /// What it is known by within its source: its page, else its id, else its words. `ids` says whether the source's ids tell its
    /// items apart.
    #[must_use]
    pub fn key(&self, ids: bool) -> String {
        let hash = |text: &str| crate::hash(text.as_bytes());
        match (&self.url, &self.given_id) {
            (Some(url), _) => format!("u:{}", hash(crate::link::canonical(url).as_str())),
            (None, Some(id)) if ids => format!("i:{}", hash(id)),
            _ => {
                let title = self.title.as_deref().unwrap_or_default();
                format!("w:{}", hash(&format!("{title}\n{}", self.text.as_deref().unwrap_or_default())))
            }
        }
    }

    /// What it is known by besides, where it has both a headline and a time: feeds whose addresses and ids are others each time keep
    /// these.
    #[must_use]
    pub fn words(&self) -> Option<String> {
        let (title, published) = (self.title.as_deref()?, self.published.as_deref()?);
        // A day without a time is that of many items.
        let timed = published.contains(':') && !published.contains("00:00:00");
        timed.then(|| format!("p:{}", crate::hash(format!("{title}\n{published}").as_bytes())))
    }
}

/// What a sitemap of an index is known by among the items of its source, once it was looked at.
pub(crate) fn list_key(url: &Url) -> String {
    format!("{LIST}{}", crate::hash(url.as_str().as_bytes()))
}

/// Whether an item is a list that was looked at, and no report.
#[must_use]
pub fn is_list(key: &str) -> bool {
    key.starts_with(LIST)
}

const LIST: &str = "l:";

/// Whether the ids of a listing tell its items apart: none is given twice.
#[must_use]
pub fn ids_differ(items: &[Item]) -> bool {
    let mut seen = std::collections::HashSet::new();
    items.iter().filter_map(|item| item.given_id.as_deref()).all(|id| seen.insert(id))
}
