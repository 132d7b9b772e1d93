//! One source, once: what it lists, what of that is new, and the reports that come of it.

use std::collections::{BTreeMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use record::{
    DateProvenance, Paused, Report, Source, SourceDay, SourceItem, SourceState, SourceType, TextFrom,
    TextOrigin,
};
use url::Url;

use crate::client::{Answer, Validators};
use crate::clock::Clock;
use crate::day::{self, Seen};
use crate::failure::{Failure, Why};
use crate::item::{Item, Listing, ids_differ, list_key};
use crate::kind::{self, Kind};
use crate::polite::{self, Got, Polite};
use crate::settings::Settings;
use crate::{feed, hash, link, listing, schedule, sitemap};

/// Sitemaps of an index that are read in one round, those that changed last first.
const MOST_SITEMAPS: usize = 8;

/// How old an entry of a sitemap may be to be read: a sitemap is often all that an outlet ever published.
const SITEMAP_AGE: i32 = 30;

/// Without a day, what a sitemap lists the first time is taken for old unless it changed in so many days; sitemaps for news hold two
/// (Google, "Create a news sitemap").
const SITEMAP_FRESH: i32 = 3;

/// How often an item is read again because its source says that it was changed, and how long after the last such change at
/// least: there are feeds that say so each time.
const MOST_READS: u8 = 5;

/// How often a report that cannot be read is had again: a reader on another machine may be away for a day.
const MOST_AGAIN: u8 = 100;

const CHANGED_LATER: SignedDuration = SignedDuration::from_hours(1);

/// A source that is due.
#[derive(Debug, Clone)]
pub struct Due {
    /// The source.
    pub source: Source,
    /// What is remembered of it.
    pub state: SourceState,
}

/// A report that a source brought.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// The source's id.
    pub source: String,
    /// The report.
    pub report: Report,
    /// When it was fetched.
    pub fetched: Timestamp,
    /// The headers that it was sent with.
    pub headers: BTreeMap<String, String>,
    /// What was guessed or left out on the way.
    pub notes: Vec<String>,
    /// What it is known by among the items of its source from now on.
    pub keys: Vec<String>,
    /// What is to be kept in their place where the report cannot be read, so that it is had again; none where that was tried often
    /// enough.
    pub again: Option<SourceItem>,
}

/// What came of asking for a source.
#[derive(Debug, Clone)]
pub struct Done {
    /// The source's id.
    pub source: String,
    /// What is to be remembered of it.
    pub state: SourceState,
    /// Its new address, where it moved for good.
    pub moved: Option<String>,
    /// Why it is not to be asked for any more.
    pub paused: Option<Paused>,
    /// What is to be added to its day.
    pub day: SourceDay,
    /// The items that were met.
    pub items: Vec<SourceItem>,
    /// Whether all that it lists was looked at: what was not met then is listed no more.
    pub listed: bool,
    /// Why it could not be had.
    pub failure: Option<Failure>,
    /// What a person should know.
    pub notes: Vec<String>,
}

/// What is asked and told while a source is collected.
pub trait Link {
    /// What is known of items by these keys, in their order.
    fn known(&self, source: &str, keys: Vec<String>) -> Option<Vec<Option<SourceItem>>>;
    /// Items that were met before and are still to be read.
    fn waiting(&self, source: &str, limit: usize) -> Option<Vec<SourceItem>>;
    /// A report came.
    fn take(&self, fetched: Fetched) -> Option<()>;
}

/// Collects one source. `seed` is that of the waits.
pub fn collect(
    due: &Due,
    polite: &Polite<'_>,
    to: &dyn Link,
    settings: &Settings,
    clock: &dyn Clock,
    seed: u64,
) -> Done {
    let now = clock.now();
    let mut collecting = Collecting {
        source: &due.source,
        polite,
        to,
        settings,
        clock,
        now,
        before: due.state.last_success.filter(|before| *before <= now),
        done: Done {
            source: due.source.id.clone(),
            state: SourceState { last_try: Some(now), ..due.state.clone() },
            moved: None,
            paused: None,
            day: SourceDay { tries: 1, ..SourceDay::empty(now.to_zoned(TimeZone::UTC).date()) },
            items: Vec::new(),
            listed: false,
            failure: None,
            notes: Vec::new(),
        },
        left: usize::from(settings.max_items),
        met: HashSet::new(),
        halt: false,
        gone: false,
        passed_over: 0,
    };
    // What strangers send may find a fault in us or in a library: it costs this source this round.
    let ended = catch_unwind(AssertUnwindSafe(|| collecting.run(&due.state))).unwrap_or_else(|_| {
        Err(Failure::new(
            Why::Broken,
            "reading what came failed; this is a fault of Watchpost",
            "please report it, with the address of the source",
        ))
    });
    let Collecting { mut done, gone, .. } = collecting;
    let now = clock.now();
    match ended {
        Ok(ttl) => {
            done.day.successes = 1;
            done.state.last_success = Some(now);
            done.state.error = None;
            done.state.failures = 0;
            done.state.begun = true;
            done.state.next_try = Some(schedule::after_success(&due.source, settings.every, ttl, seed, now));
            if done.day.new > 0 {
                done.state.last_new = Some(now);
            }
        }
        // It was not asked for: nothing is held against it.
        Err(failure) if failure.why == Why::Stopped => {
            done.listed = false;
            done.state = due.state.clone();
            done.day.tries = 0;
            done.failure = Some(failure);
        }
        Err(failure) => {
            let asked = match failure.why {
                Why::Wait(until) => Some(until),
                _ => None,
            };
            // A server that asks to be left alone is no source that fails.
            if asked.is_none() {
                done.state.failures = due.state.failures.saturating_add(1);
                done.state.error = Some(failure.error.clone());
            }
            done.state.next_try = Some(schedule::after_failure(
                &due.source,
                settings.every,
                done.state.failures.max(1),
                asked,
                seed,
                now,
            ));
            if gone {
                done.paused = Some(Paused { at: now, why: failure.error.clone() });
            }
            done.failure = Some(failure);
        }
    }
    done
}

struct Collecting<'a, 'p> {
    source: &'a Source,
    polite: &'a Polite<'p>,
    to: &'a dyn Link,
    settings: &'a Settings,
    clock: &'a dyn Clock,
    now: Timestamp,
    before: Option<Timestamp>,
    done: Done,
    /// Pages that may still be asked for in this round.
    left: usize,
    met: HashSet<String>,
    /// The server is to be left alone, or the program is to end: what is left waits.
    halt: bool,
    /// The source's own address is gone (410), and not only something that it names.
    gone: bool,
    /// Entries of sitemaps that were passed over because their list was looked at for the first time.
    passed_over: usize,
}

fn gone() -> Failure {
    Failure::new(Why::Stopped, "the program was asked to end", "run it again")
}

impl Collecting<'_, '_> {
    /// Collects it; the minutes for which it asks not to be asked again.
    fn run(&mut self, state: &SourceState) -> Result<Option<u32>, Failure> {
        // Where a server lets be had one thing a round, its list and what waits from it take turns.
        let had = state.last_success >= state.last_try && state.last_success.is_some();
        if had {
            self.take_waiting()?;
        }
        let listing = self.list(state)?;
        if !had {
            self.take_waiting()?;
        }
        let Some(listing) = listing else { return Ok(None) };
        self.done.notes.extend(listing.notes);
        self.done.day.refused += listing.broken;
        if listing.title.is_some() {
            self.done.state.title.clone_from(&listing.title);
        }
        let items: Vec<Item> = listing
            .items
            .into_iter()
            .map(|item| Item { language: item.language.or_else(|| listing.language.clone()), ..item })
            .collect();
        if self.passed_over > 0 {
            self.done.notes.push(format!(
                "{} entries of the sitemap are old or give no day and were passed over; what comes from now on is read",
                self.passed_over
            ));
        }
        self.fresh(items)?;
        Ok(listing.ttl)
    }

    /// Reads what waits since earlier rounds.
    fn take_waiting(&mut self) -> Result<(), Failure> {
        for row in self.to.waiting(&self.source.id, self.left).ok_or_else(gone)? {
            let item = row.waiting.as_deref().and_then(|json| serde_json::from_str::<Item>(json).ok());
            match item {
                Some(item) => {
                    self.met.insert(row.key.clone());
                    self.take(item, row)?;
                }
                // Written by another version: it is met anew when it is listed.
                None => self.done.items.push(SourceItem { waiting: None, ..row }),
            }
        }
        Ok(())
    }

    /// What the source lists; `None` where nothing changed since it was last asked.
    fn list(&mut self, state: &SourceState) -> Result<Option<Listing>, Failure> {
        let url = link::parse(&self.source.url)?;
        let kind = self.expected(state);
        if url.path() == "/robots.txt" {
            let named = self.polite.sitemaps(&url)?;
            let more: Vec<(Url, Option<String>)> =
                named.iter().filter_map(|sitemap| Some((link::join(&url, sitemap)?, None))).collect();
            if more.is_empty() {
                return Err(Failure::new(
                    Why::NoReport,
                    "the robots.txt names no sitemap",
                    "look for a feed of the outlet",
                ));
            }
            self.done.state.kind = Some(SourceType::Sitemap);
            return self.sitemaps(Listing { more, ..Listing::default() }, true, state).map(Some);
        }
        // A version that was seen counts only for what was understood.
        let known = state.kind.is_some() && state.error.is_none();
        let validators = Validators {
            etag: state.etag.as_deref().filter(|_| known),
            last_modified: state.last_modified.as_deref().filter(|_| known),
        };
        let longest = match kind {
            SourceType::Sitemap => self.settings.max_sitemap_bytes,
            _ => self.settings.max_bytes,
        };
        let got = self.polite.get(&url, polite::FEED, validators, longest);
        self.gone = got.as_ref().is_err_and(|failure| failure.why == Why::Status(410));
        let Got { answer, moved } = got?;
        if answer.status == 304 {
            return Ok(None);
        }
        let (found, mut listing) = self.read_list(&answer, kind, longest)?;
        self.done.state.kind = Some(found);
        let whole = listing.more.is_empty();
        let keep =
            |name: &str| answer.header(name).filter(|value| whole && value.len() <= 1024).map(str::to_owned);
        self.done.state.etag = keep("etag");
        self.done.state.last_modified = keep("last-modified");
        // Only what was found to be of the same kind there is believed to have moved.
        if let Some(to) = moved.filter(|_| kind == SourceType::Auto || kind == found) {
            self.done
                .notes
                .push(format!("it has moved for good to {}, and is fetched from there", link::shown(&to)));
            self.done.moved = Some(to.to_string());
        }
        if !whole {
            return self.sitemaps(listing, false, state).map(Some);
        }
        if found == SourceType::Sitemap {
            self.sift(state.begun, &mut listing.items);
        }
        self.done.listed = true;
        Ok(Some(listing))
    }

    fn expected(&self, state: &SourceState) -> SourceType {
        match self.source.kind {
            SourceType::Auto => state.kind.unwrap_or_default(),
            kind => kind,
        }
    }

    /// Reads what came, as what it is; where it is not what the source is said to be, that is told.
    fn read_list(
        &self,
        answer: &Answer,
        expected: SourceType,
        longest: u64,
    ) -> Result<(SourceType, Listing), Failure> {
        let unpacked = unpacked(&answer.body, longest)?;
        let bytes = unpacked.as_deref().unwrap_or(&answer.body);
        let text = kind::decode(bytes, kind::charset(answer).as_deref())?;
        let found = match kind::of(&text) {
            Kind::Feed => SourceType::Feed,
            Kind::Sitemap => SourceType::Sitemap,
            Kind::Page => SourceType::Page,
            Kind::Text | Kind::Other => {
                return Err(Failure::new(
                    Why::NoReport,
                    "what came is neither a feed, a sitemap nor a page",
                    "see what the address shows in a browser",
                ));
            }
        };
        if expected != SourceType::Auto && expected != found {
            let names_feed = (found == SourceType::Page).then(|| intake::links(&text).ok()).flatten();
            let feed = names_feed
                .and_then(|page| link::join(&answer.url, page.feeds.first()?))
                .map(|url| link::shown(&url));
            return Err(Failure::new(
                Why::NoReport,
                format!("what came is a {}; expected a {}", found.as_str(), expected.as_str()),
                match feed {
                    Some(feed) => format!("the page names a feed: {feed}"),
                    None => {
                        "the outlet may have moved it; see what the address shows in a browser".to_owned()
                    }
                },
            ));
        }
        let listing = match found {
            SourceType::Feed => feed::parse(&text, &answer.url)?,
            SourceType::Sitemap => sitemap::parse(&text, &answer.url)?,
            SourceType::Page | SourceType::Auto => {
                // A page says its encoding otherwise than XML does.
                let html = intake::decode_page(bytes, kind::charset(answer).as_deref(), &mut Vec::new())
                    .map_err(|problem| Failure::new(Why::NoReport, problem.error, problem.hint))?;
                listing::parse(&html, &answer.url)?
            }
        };
        Ok((found, listing))
    }

    /// The sitemaps of an index: those that changed in the last days or do not say, those for news first. What a robots.txt names may
    /// be indexes; what an index names may not (sitemaps.org).
    fn sitemaps(&mut self, index: Listing, indexes: bool, state: &SourceState) -> Result<Listing, Failure> {
        let mut all = Listing { notes: index.notes, broken: index.broken, ..Listing::default() };
        let mut named = index.more.len();
        let mut more = self.fresh_first(index.more);
        // What is left unread may list what was met long ago.
        let mut whole = named == more.len();
        let mut left = MOST_SITEMAPS;
        let mut failure = None;
        let mut any = false;
        for level in 0..=usize::from(indexes) {
            let mut below = Vec::new();
            for (url, _) in std::mem::take(&mut more) {
                if left == 0 {
                    whole = false;
                    break;
                }
                left -= 1;
                let longest = self.settings.max_sitemap_bytes;
                let read = self
                    .polite
                    .get(&url, polite::FEED, Validators::default(), longest)
                    .and_then(|got| self.read_list(&got.answer, SourceType::Sitemap, longest));
                match read {
                    Ok((_, mut listing)) => {
                        any = true;
                        if !listing.items.is_empty() {
                            let begun = self.begun(&url, state)?;
                            self.sift(begun, &mut listing.items);
                        }
                        all.items.extend(listing.items);
                        all.broken += listing.broken;
                        all.notes.extend(listing.notes);
                        if level < usize::from(indexes) {
                            below.extend(listing.more);
                        } else if !listing.more.is_empty() {
                            whole = false;
                            all.notes.push(format!(
                                "{} is an index within an index and was not read",
                                link::shown(&url)
                            ));
                        }
                    }
                    Err(error) if error.why == Why::Stopped => return Err(error),
                    Err(error) => {
                        whole = false;
                        all.notes.push(format!("the sitemap {}: {error}", link::shown(&url)));
                        failure.get_or_insert(error);
                    }
                }
            }
            named = below.len();
            more = self.fresh_first(below);
            whole &= named == more.len();
        }
        match failure {
            Some(failure) if !any => Err(failure),
            _ => {
                self.done.listed = whole;
                Ok(all)
            }
        }
    }

    /// Whether a sitemap of an index was looked at before. One that turns up later, or that was not among those read, may hold all that
    /// an outlet ever published, as the first one did.
    fn begun(&mut self, url: &Url, state: &SourceState) -> Result<bool, Failure> {
        let key = list_key(url);
        let known = self.to.known(&self.source.id, vec![key.clone()]).ok_or_else(gone)?;
        let met = self.done.day.day;
        self.done.items.push(SourceItem { key, met, waiting: None, changed: None, reads: 0 });
        Ok(state.begun && known.into_iter().any(|row| row.is_some()))
    }

    /// Sitemaps that changed in the last days or do not say, those for news first, then those that changed last.
    fn fresh_first(&self, mut more: Vec<(Url, Option<String>)>) -> Vec<(Url, Option<String>)> {
        more.retain(|(_, changed)| match changed.as_deref().map(intake::published_day) {
            Some(intake::PublishedDay::Day(day)) => self.age(day) <= SITEMAP_FRESH,
            _ => true,
        });
        // Newest last in the indexes that are numbered: the sort is stable, so the order is turned first.
        more.reverse();
        more.sort_by_key(|(url, changed)| {
            (!url.path().to_ascii_lowercase().contains("news"), std::cmp::Reverse(changed.clone()))
        });
        more
    }

    /// Days from then to now.
    fn age(&self, day: jiff::civil::Date) -> i32 {
        let today = self.now.to_zoned(TimeZone::UTC).date();
        day.until(today).map_or(i32::MAX, |span| span.get_days())
    }

    /// Passes over what a sitemap holds of old. What has no day is told by when it is met: not the first time that its list is looked at.
    fn sift(&mut self, begun: bool, items: &mut Vec<Item>) {
        let day = |text: &Option<String>| match text.as_deref().map(intake::published_day) {
            Some(intake::PublishedDay::Day(day)) => Some(day),
            _ => None,
        };
        let mut old = Vec::new();
        items.retain(|item| {
            let (published, changed) = (day(&item.published), day(&item.changed));
            let keep = match published.or(changed) {
                Some(day) if published.is_some() || begun => self.age(day) <= SITEMAP_AGE,
                Some(day) => self.age(day) <= SITEMAP_FRESH,
                None => begun,
            };
            if !keep {
                old.push(item.key(false));
            }
            keep
        });
        if !begun {
            self.passed_over += old.len();
            let met = self.done.day.day;
            self.done.items.extend(old.into_iter().map(|key| SourceItem {
                key,
                met,
                waiting: None,
                changed: None,
                reads: 0,
            }));
        }
    }

    /// Reads what is new among the items that are listed.
    fn fresh(&mut self, items: Vec<Item>) -> Result<(), Failure> {
        let ids = ids_differ(&items);
        let mut asked = Vec::new();
        let mut pairs: Vec<(Item, String, Option<String>)> = Vec::new();
        for item in items {
            let key = item.key(ids);
            // Listed twice, or waiting: once is enough.
            if !self.met.insert(key.clone()) {
                self.done.day.seen += 1;
                continue;
            }
            let other = item.words();
            asked.push(key.clone());
            asked.extend(other.clone());
            pairs.push((item, key, other));
        }
        if pairs.is_empty() {
            return Ok(());
        }
        let known = self.to.known(&self.source.id, asked).ok_or_else(gone)?;
        let mut known = known.into_iter();
        for (item, key, other) in pairs {
            let row = known.next().flatten();
            let by_words = other.as_ref().and_then(|_| known.next().flatten());
            let met = self.done.day.day;
            let new = SourceItem { key, met, waiting: None, changed: item.changed.clone(), reads: 0 };
            match (row, by_words) {
                (Some(row), _) if self.changed_since(&item, &row) => {
                    let reads = row.reads.saturating_add(1);
                    self.take(item, SourceItem { reads, ..new })?;
                }
                (Some(row), _) => {
                    self.done.day.seen += 1;
                    if row.met != met && row.waiting.is_none() {
                        self.done.items.push(SourceItem { met, ..row });
                    }
                }
                // Its address is another each time, its headline and time are not.
                (None, Some(row)) => {
                    self.done.day.seen += 1;
                    if row.met != met {
                        self.done.items.push(SourceItem { met, ..row });
                    }
                }
                (None, None) => {
                    if let Some(key) = other {
                        self.done.items.push(SourceItem { key, met, waiting: None, changed: None, reads: 0 });
                    }
                    self.take(item, new)?;
                }
            }
        }
        Ok(())
    }

    /// Whether a source says that an item was changed since it was read, and may be believed.
    fn changed_since(&self, item: &Item, row: &SourceItem) -> bool {
        let time = |text: &str| {
            let time = text.parse::<Timestamp>().ok();
            time.or_else(|| {
                text.parse::<jiff::civil::DateTime>()
                    .ok()?
                    .to_zoned(TimeZone::UTC)
                    .ok()
                    .map(|time| time.timestamp())
            })
        };
        let (Some(now), Some(before)) =
            (item.changed.as_deref().and_then(time), row.changed.as_deref().and_then(time))
        else {
            return false;
        };
        row.waiting.is_none()
            && row.reads < MOST_READS
            && now.duration_since(before) >= CHANGED_LATER
            && now.duration_since(self.now) <= SignedDuration::from_hours(14)
    }

    /// Makes a report of an item, or lets it wait.
    fn take(&mut self, item: Item, row: SourceItem) -> Result<(), Failure> {
        if self.halt || self.left == 0 {
            self.wait(item, row);
            return Ok(());
        }
        self.left -= 1;
        let mut read = self.read(&item);
        let mut had = false;
        if let Ok((report, ..)) = &read {
            had = self.had(report)?;
            // Another item's page had the very same text, and it has nothing of this one's headline: no report, but what stands before
            // it (a login, a question about cookies, a script that was not run).
            if had && row.reads == 0 && is_wall(&item, report) {
                let why = "the page shows what another of this source shows, and nothing of its headline: a login or a notice";
                let own = self.own_text(&item, vec![format!("{why}; this is the feed's own text")]);
                read = own.ok_or_else(|| no_text(why));
                had = match &read {
                    Ok((report, ..)) => self.had(report)?,
                    Err(_) => false,
                };
            }
        }
        match read {
            Ok((report, headers, notes)) => {
                let text_key = text_key(&report);
                let met = self.done.day.day;
                let text = SourceItem { key: text_key.clone(), met, waiting: None, changed: None, reads: 0 };
                self.met.insert(text_key.clone());
                self.done.items.push(SourceItem { waiting: None, ..row.clone() });
                self.done.items.push(text);
                if had {
                    self.done.day.seen += 1;
                    return Ok(());
                }
                self.done.day.new += 1;
                let tries = item.tries.saturating_add(1);
                let waiting = serde_json::to_string(&Item { tries, ..item }).ok();
                let again = (tries < MOST_AGAIN).then(|| SourceItem { waiting, ..row.clone() });
                let fetched = Fetched {
                    source: self.source.id.clone(),
                    report,
                    fetched: self.clock.now(),
                    headers,
                    notes,
                    keys: vec![row.key, text_key],
                    again,
                };
                self.to.take(fetched).ok_or_else(gone)
            }
            Err(failure) if failure.passing() => {
                // Who asks to be asked less is asked no more in this round.
                self.halt |= matches!(failure.why, Why::Stopped | Why::Wait(_) | Why::Status(429 | 503));
                let tries = match failure.why {
                    Why::Stopped | Why::Wait(_) => item.tries,
                    _ => item.tries.saturating_add(1),
                };
                self.wait(Item { tries, ..item }, row);
                Ok(())
            }
            Err(failure) => {
                self.done.day.refused += 1;
                let name =
                    item.url.as_ref().map_or_else(|| item.title.clone().unwrap_or_default(), link::shown);
                self.done.notes.push(format!("{name}: {failure}"));
                self.done.items.push(SourceItem { waiting: None, ..row });
                Ok(())
            }
        }
    }

    /// Whether the source brought this very text before.
    fn had(&self, report: &Report) -> Result<bool, Failure> {
        let key = text_key(report);
        if self.met.contains(&key) {
            return Ok(true);
        }
        let known = self.to.known(&self.source.id, vec![key]).ok_or_else(gone)?;
        Ok(known.into_iter().any(|row| row.is_some()))
    }

    fn wait(&mut self, item: Item, row: SourceItem) {
        let waiting = serde_json::to_string(&item).ok();
        self.done.items.push(SourceItem { waiting, ..row });
    }

    /// The report of an item: its page, or what the source says of it.
    fn read(&self, item: &Item) -> Result<Read, Failure> {
        let url = match (&item.url, self.source.text) {
            (Some(url), TextFrom::Page) => url,
            _ => {
                return self
                    .own_text(item, Vec::new())
                    .ok_or_else(|| no_text("the feed gives no text of it"));
            }
        };
        match self.page(item, url) {
            Ok(read) => Ok(read),
            Err(failure) if failure.passing() && item.tries.saturating_add(1) < self.settings.page_tries => {
                Err(failure)
            }
            Err(failure) if matches!(failure.why, Why::Stopped | Why::Wait(_)) => Err(failure),
            // The page is not to be had: what the source says of it is better than nothing, and is told from the report.
            Err(failure) => {
                let notes =
                    vec![format!("the page could not be had ({failure}); this is the feed's own text")];
                self.own_text(item, notes).ok_or(Failure { why: Why::NoReport, ..failure })
            }
        }
    }

    /// What the source itself says of an item.
    fn own_text(&self, item: &Item, mut notes: Vec<String>) -> Option<Read> {
        let text = item.text.as_deref().map(str::trim).filter(|text| !text.is_empty())?.to_owned();
        let (published, doubts) = day::choose(None, item.published.as_deref(), self.seen());
        notes.extend(doubts);
        let report = self.report(item, text, None, None, None, published, Some(TextOrigin::Feed));
        Some((report, BTreeMap::new(), notes))
    }

    fn seen(&self) -> Seen {
        Seen { now: self.now, before: self.before }
    }

    fn page(&self, item: &Item, url: &Url) -> Result<Read, Failure> {
        let Got { answer, .. } =
            self.polite.get(url, polite::PAGE, Validators::default(), self.settings.max_bytes)?;
        let mut notes = Vec::new();
        let problem = |problem: intake::Problem| Failure::new(Why::NoReport, problem.error, problem.hint);
        let html = intake::decode_page(&answer.body, kind::charset(&answer).as_deref(), &mut notes)
            .map_err(problem)?;
        let page = match kind::of(&html) {
            Kind::Page => intake::page(&html).map_err(problem)?,
            Kind::Text if is_text(&html) => {
                intake::Page { text: html.trim().to_owned(), ..intake::Page::default() }
            }
            _ => return Err(no_text("what came is no page and no text")),
        };
        if page.text.trim().is_empty() {
            return Err(no_text("the page has no text"));
        }
        // Less than the feed says of it: a wall before the text, or a page that a script draws.
        if let Some(own) = item.text.as_deref()
            && own.chars().count() > page.text.chars().count()
        {
            notes.push("the page shows less than the feed; this is the feed's own text".to_owned());
            return self.own_text(item, notes).ok_or_else(|| no_text("the page has no text"));
        }
        let (published, doubts) =
            day::choose(page.published.as_deref(), item.published.as_deref(), self.seen());
        notes.extend(doubts);
        let place = link::canonical(&answer.url).to_string();
        let mut report =
            self.report(item, page.text, page.title, page.publisher, page.language, published, None);
        report.url = Some(place);
        Ok((report, kept(&answer), notes))
    }

    #[expect(clippy::too_many_arguments, reason = "each is a field of the report, and there are two callers")]
    fn report(
        &self,
        item: &Item,
        text: String,
        title: Option<String>,
        publisher: Option<String>,
        language: Option<String>,
        published: Option<jiff::civil::Date>,
        text_from: Option<TextOrigin>,
    ) -> Report {
        let feed = || item.publisher.clone().or_else(|| Some(self.source.name.clone()));
        Report {
            text,
            given_id: item.given_id.clone(),
            url: item.url.as_ref().map(|url| link::canonical(url).to_string()),
            title: title.or_else(|| item.title.clone()),
            publisher: self.source.publisher.clone().or(publisher).or_else(feed),
            language: language.or_else(|| item.language.clone()).or_else(|| self.source.language.clone()),
            published,
            published_from: if published.is_some() { DateProvenance::Metadata } else { DateProvenance::None },
            text_from,
        }
    }
}

/// A report, the headers of its page, and what is to be said of it.
type Read = (Report, BTreeMap<String, String>, Vec<String>);

fn no_text(error: &str) -> Failure {
    Failure::new(Why::NoReport, error, "see what the address shows in a browser")
}

/// Whether it is text and not what a program wrote.
fn is_text(text: &str) -> bool {
    let (mut characters, mut strange) = (0_usize, 0_usize);
    for c in text.chars() {
        characters += 1;
        strange += usize::from(c.is_control() && !c.is_whitespace() || c == '\u{fffd}');
    }
    characters > 0
        && strange * 100 <= characters
        && !matches!(text.trim_start().chars().next(), Some('{' | '['))
}

/// What a text is known by.
fn text_key(report: &Report) -> String {
    format!("t:{}", hash(report.text.as_bytes()))
}

/// Whether a page's text has nothing to do with the headline that led to it: less than half of the headline's longer words, where it has
/// three or more.
fn is_wall(item: &Item, report: &Report) -> bool {
    let Some(headline) = item.title.as_deref().filter(|_| report.text_from.is_none()) else { return false };
    let words = |text: &str| -> HashSet<String> {
        let long = |word: &&str| word.chars().count() >= 4;
        text.split(|c: char| !c.is_alphanumeric()).filter(long).map(str::to_lowercase).collect()
    };
    let headline = words(headline);
    headline.len() >= 3 && headline.intersection(&words(&report.text)).count() * 2 < headline.len()
}

/// The headers of a page that are archived: what it is, when it was sent, which version.
fn kept(answer: &Answer) -> BTreeMap<String, String> {
    ["content-type", "content-language", "date", "etag", "last-modified", "server"]
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), answer.header(name)?.chars().take(1024).collect())))
        .collect()
}

/// A sitemap may be a packed file, whatever the header says of it.
fn unpacked(bytes: &[u8], longest: u64) -> Result<Option<Vec<u8>>, Failure> {
    use std::io::Read as _;
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(None);
    }
    let mut out = Vec::new();
    let read = flate2::read::MultiGzDecoder::new(bytes).take(longest.saturating_add(1)).read_to_end(&mut out);
    if out.len() as u64 > longest {
        return Err(Failure::new(
            Why::TooLong,
            format!("what came unpacks to more than {longest} bytes"),
            "raise `fetch.max_sitemap_bytes` or `fetch.max_bytes` if it is rightly so long",
        ));
    }
    match read {
        Ok(_) => Ok(Some(out)),
        Err(error) => Err(Failure::new(
            Why::Broken,
            format!("what came cannot be unpacked: {error}"),
            "it is asked for again later",
        )),
    }
}
