//! What is known of one thing that a report tells, ready to be compared.

use jiff::civil::Date;
use record::vocabulary::{Completion, DateFrom, DateType, EventType, Realis, SubEventType, TimePrecision};
use record::{CodedDocument, Count, Event, Place};
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use crate::hash::{self, key};
use crate::words::{Frequencies, Token, tokens};

/// Characters of a report that are read for its words: what one report tells of one incident stands in them, and what
/// follows is mostly the page's own.
pub const READ: usize = 20_000;
/// Words after the headline that lead.
pub const LEAD: usize = 80;
/// A word that tells less stands in every third passage, and is not kept.
const TELLS: f32 = 1.0;
/// The least that the two words of a pair tell together.
const PAIR_TELLS: f32 = 4.0;
/// How exactly a place must be known to be a spot on the map (UCDP's `where_prec`: a place, near it, a second-order division).
const SPOT: u8 = 3;
/// A report that tells so many things apart is a round-up: its words are of no single one.
const ROUND_UP: usize = 4;
/// A text of fewer words that tell something is short: what it does not say tells nothing.
const FULL: usize = 40;
/// The least that the two words of a name tell together, where it is to say who or what it was.
const NAMED: f32 = 8.0;
/// What stands beside a name or a number as a name does, and is none.
const CALENDAR: [&str; 19] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// In which capacities a word stands in a text; bits.
pub mod kind {
    /// In the headline.
    pub const TITLE: u8 = 1;
    /// In the headline or the first words after it.
    pub const LEAD: u8 = 2;
    /// With a capital, somewhere.
    pub const NAME: u8 = 4;
    /// In digits, and no year.
    pub const NUMBER: u8 = 8;
}

/// A word of a story.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Word {
    /// Its key.
    pub key: u32,
    /// What it tells ([`Frequencies::weight`]).
    #[serde(skip)]
    pub weight: f32,
    /// How often it stands there, at most 255 times.
    pub count: u8,
    /// In which capacities ([`kind`]).
    pub kinds: u8,
}

/// A point, and how exactly it is known.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Spot {
    /// Degrees north.
    pub latitude: f32,
    /// Degrees east.
    pub longitude: f32,
}

/// What a coded event says of when, where, who and how many.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// The event's id in its report.
    pub event: String,
    /// First and last day, in days since the epoch.
    pub days: Option<(i32, i32)>,
    /// Whether the days are known to a week or better.
    pub exact: bool,
    /// Whether the text says the very day: it is not taken from the dateline or the day of publication.
    pub stated: bool,
    /// Points on the map.
    pub spots: Vec<Spot>,
    /// Keys of country and first-order division.
    pub divisions: Vec<u32>,
    /// Keys of countries.
    pub countries: Vec<u32>,
    /// Keys of the words for where it is, where the gazetteer knows no country of it.
    pub names: Vec<u32>,
    /// Dead, standing counts summed.
    pub killed: Option<u64>,
    /// Wounded, the same.
    pub injured: Option<u64>,
    /// Keys of the organised actors on any side.
    pub actors: Vec<u32>,
    /// ACLED's event type.
    pub event_type: EventType,
    /// ACLED's sub-event type.
    pub sub_event_type: SubEventType,
    /// Whether the text has it happen, as news or as background.
    pub happened: bool,
    /// Whether it is told as news.
    pub news: bool,
}

/// One thing that a report tells: its chief one with all its words, or one of the others with the words of its quotes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Story {
    /// The day of publication, in days since the epoch.
    pub published: Option<i32>,
    /// Whether the words are those of a whole report, and not of its quotes only or of little more than a headline.
    pub full: bool,
    /// The words that tell something, by key.
    pub words: Vec<Word>,
    /// Neighbouring names and numbers ("Letchworth Drive", "1300 block"), by key, with what both tell.
    pub pairs: Vec<(u32, f32)>,
    /// Of these, ascending, names of the text that are of no place and no organised actor of its events: who died, which street, whose shop.
    pub named: Vec<u32>,
    /// Ages of persons, one bit a year.
    pub ages: u128,
    /// The event itself first; for the chief story of a report, all that the report tells.
    pub facts: Vec<Fact>,
    /// How many of `facts` are the story's own.
    pub own: usize,
}

/// A report as the linker sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// What it is chiefly about. Without an event of its own where none was read that happened.
    pub chief: Story,
    /// What it tells besides.
    pub others: Vec<Story>,
    /// The words of the whole, to know copies by.
    pub signature: crate::copies::Signature,
}

impl Told {
    /// What a coded document tells; with the report's text, its words are known, else those of its quotes.
    #[must_use]
    pub fn new(document: &CodedDocument, text: Option<&str>, frequencies: &Frequencies) -> Self {
        let title = document.document.title.as_deref().unwrap_or("");
        let quotes;
        let whole = text.is_some();
        let body = match text {
            Some(text) => text,
            None => {
                quotes = quoted(&document.events);
                &quotes
            }
        };
        // A text that begins with its headline does not say it twice.
        let body = body.trim_start();
        let rest = body.strip_prefix(title.trim()).filter(|_| !title.trim().is_empty()).unwrap_or(body);
        let (title_tokens, body_tokens) = (tokens(title), tokens(head(rest, READ)));
        let mut all = title_tokens.clone();
        all.extend(body_tokens.iter().cloned());
        let signature = crate::copies::Signature::new(&body_tokens);

        let published = document.document.published.map(day);
        let mut groups = groups(&document.events);
        let total = groups.len();
        let own: Vec<&Event> = if groups.is_empty() { Vec::new() } else { groups.remove(0) };
        let general = general(&document.events);
        let round_up = total >= ROUND_UP && own.len() < document.events.len().div_ceil(2);
        let mut chief = if round_up {
            Story::of(&title_tokens, &tokens(&quoted(own.iter().copied())), frequencies, &general, false)
        } else {
            Story::of(&title_tokens, &body_tokens, frequencies, &general, whole)
        };
        chief.own = own.len();
        chief.facts = own.iter().map(|event| fact(event)).collect();
        if !round_up {
            chief.facts.extend(groups.iter().flatten().map(|event| fact(event)));
        }
        chief.published = published;
        let others = groups
            .iter()
            .map(|group| {
                let told = tokens(&quoted(group.iter().copied()));
                let mut story = Story::of(&[], &told, frequencies, &general, false);
                story.facts = group.iter().map(|event| fact(event)).collect();
                story.own = group.len();
                story.published = published;
                story
            })
            .collect();
        Self { chief, others, signature }
    }
}

impl Told {
    /// Its stories, the chief one first.
    pub fn stories(&self) -> impl Iterator<Item = &Story> {
        std::iter::once(&self.chief).chain(&self.others)
    }

    /// One of them: 0 is the chief one.
    #[must_use]
    pub fn story(&self, at: usize) -> Option<&Story> {
        self.stories().nth(at)
    }
}

impl Story {
    fn of(
        title: &[Token],
        body: &[Token],
        frequencies: &Frequencies,
        general: &FxHashSet<u32>,
        whole: bool,
    ) -> Self {
        let mut words: Vec<Word> = Vec::with_capacity(title.len() + body.len());
        let (mut pairs, mut named) = (Vec::new(), Vec::new());
        let mut ages = 0_u128;
        for (tokens, in_title) in [(title, true), (body, false)] {
            let mut before: Option<(&Token, f32)> = None;
            for (at, token) in tokens.iter().enumerate() {
                let key = key(&token.word);
                let weight = frequencies.weight(key);
                if weight >= TELLS {
                    let mut kinds = 0;
                    if in_title {
                        kinds |= kind::TITLE | kind::LEAD;
                    } else if at < LEAD {
                        kinds |= kind::LEAD;
                    }
                    if token.capital {
                        kinds |= kind::NAME;
                    }
                    if token.digits && !is_year(&token.word) {
                        kinds |= kind::NUMBER;
                    }
                    words.push(Word { key, weight, count: 1, kinds });
                }
                if token.joined
                    && let Some((earlier, its_weight)) = before
                    && (earlier.capital || earlier.digits)
                    && (token.capital || token.digits)
                    && its_weight + weight >= PAIR_TELLS
                {
                    let both = hash::fnv1a(format!("{} {}", earlier.word, token.word).as_bytes());
                    pairs.push((hash::short(both), its_weight + weight));
                    let particular = |token: &Token| {
                        token.capital
                            && !general.contains(&hash::key(&token.word))
                            && !CALENDAR.contains(&token.word.as_str())
                    };
                    if !in_title
                        && its_weight + weight >= NAMED
                        && its_weight.min(weight) >= TELLS
                        && particular(earlier)
                        && particular(token)
                    {
                        named.push(hash::short(both));
                    }
                }
                if let Some(age) = age(tokens, at) {
                    ages |= 1 << age;
                }
                before = Some((token, weight));
            }
        }
        words.sort_by_key(|word| word.key);
        words.dedup_by(|next, kept| {
            let same = next.key == kept.key;
            if same {
                kept.count = kept.count.saturating_add(1);
                kept.kinds |= next.kinds;
            }
            same
        });
        pairs.sort_by_key(|(key, _)| *key);
        pairs.dedup_by_key(|(key, _)| *key);
        named.sort_unstable();
        named.dedup();
        let full = whole && words.len() >= FULL;
        Self { published: None, full, words, pairs, named, ages, facts: Vec::new(), own: 0 }
    }

    /// The days that it can be found by: of publication, else of its own event.
    #[must_use]
    pub fn day(&self) -> Option<i32> {
        self.published.or_else(|| self.own_facts().iter().find_map(|fact| fact.days).map(|(first, _)| first))
    }

    /// What is known of the event itself.
    #[must_use]
    pub fn own_facts(&self) -> &[Fact] {
        self.facts.get(..self.own).unwrap_or_default()
    }
}

/// Keys of the words for the places and the organised actors of events: what many incidents have in common.
fn general(events: &[Event]) -> FxHashSet<u32> {
    let mut keys = FxHashSet::default();
    let mut add = |words: &str| keys.extend(tokens(words).iter().map(|token| key(&token.word)));
    for event in events {
        for place in &event.places {
            add(&place.text);
            [&place.name, &place.admin1, &place.admin2].into_iter().flatten().for_each(|name| add(name));
        }
        let participants = event.actors.iter().chain(&event.recipients).chain(&event.reported_by);
        for participant in participants.filter(|participant| participant.actor_id.is_some()) {
            participant.name.iter().for_each(|name| add(name));
            participant.mentions.iter().for_each(|mention| add(&mention.text));
        }
    }
    keys
}

/// The age that a number gives: "24-year-old", "24 years old", "…, 24, …".
fn age(tokens: &[Token], at: usize) -> Option<u32> {
    let token = tokens.get(at)?;
    let age: u32 = token.word.parse().ok().filter(|age| token.digits && *age < 120)?;
    let word = |ahead: usize| tokens.get(at + ahead).map(|token| token.word.as_str());
    let years = matches!(word(1), Some("year" | "years")) && matches!(word(2), Some("old" | "olds"));
    // "February 7" is no name with an age.
    let named = |before: &Token| before.capital && !CALENDAR.contains(&before.word.as_str());
    let after_name = at > 0 && token.joined && tokens.get(at - 1).is_some_and(named);
    (years || after_name && age >= 1).then_some(age)
}

fn is_year(digits: &str) -> bool {
    digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20"))
}

/// The quotes that events rest on, each once, in the order of the text.
fn quoted<'e>(events: impl IntoIterator<Item = &'e Event>) -> String {
    let mut quotes: Vec<(usize, &str)> = events
        .into_iter()
        .flat_map(|event| &event.evidence)
        .map(|evidence| (evidence.start, evidence.quote.as_str()))
        .collect();
    quotes.sort_unstable();
    quotes.dedup();
    let mut text = String::new();
    for (_, quote) in quotes {
        text.push_str(quote);
        text.push('\n');
    }
    text
}

/// The first characters of a text.
fn head(text: &str, chars: usize) -> &str {
    text.char_indices().nth(chars).map_or(text, |(at, _)| &text[..at])
}

/// Days since 1970.
pub(crate) fn day(date: Date) -> i32 {
    date.since(Date::constant(1970, 1, 1)).map_or(0, |span| span.get_days())
}

fn fact(event: &Event) -> Fact {
    let days = event.event_date.map(|first| (day(first), day(event.event_date_end.unwrap_or(first))));
    let total = |counts: &[Count]| {
        counts
            .iter()
            .filter(|count| count.part_of.is_none() && !count.superseded)
            .filter_map(|count| count.number.figure())
            .reduce(u64::saturating_add)
    };
    let exact_place = |place: &&Place| place.where_precision.is_some_and(|precision| precision <= SPOT);
    let mut divisions: Vec<u32> = event
        .places
        .iter()
        .filter_map(|place| {
            let (country, division) = (place.country.as_deref()?, place.admin1.as_deref()?);
            Some(key(&format!("{country} {division}")))
        })
        .collect();
    let mut countries: Vec<u32> =
        event.places.iter().filter_map(|place| place.country.as_deref()).map(key).collect();
    let mut actors: Vec<u32> = event
        .actors
        .iter()
        .chain(&event.recipients)
        .filter_map(|participant| participant.actor_id.as_deref())
        .map(key)
        .collect();
    let mut names: Vec<u32> = if countries.is_empty() {
        let words =
            event.places.iter().flat_map(|place| tokens(place.name.as_deref().unwrap_or(&place.text)));
        words.map(|token| key(&token.word)).collect()
    } else {
        Vec::new()
    };
    for list in [&mut divisions, &mut countries, &mut names, &mut actors] {
        list.sort_unstable();
        list.dedup();
    }
    Fact {
        event: event.id.clone(),
        days,
        exact: event
            .time_precision
            .is_some_and(|precision| matches!(precision, TimePrecision::Day | TimePrecision::Week)),
        stated: event.date_from == DateFrom::Text
            && event.date_type == DateType::Exact
            && event.time_precision == Some(TimePrecision::Day),
        spots: event
            .places
            .iter()
            .filter(exact_place)
            .filter_map(|place| {
                let (latitude, longitude) = (place.latitude?, place.longitude?);
                let on_earth = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
                on_earth.then_some(Spot { latitude: latitude as f32, longitude: longitude as f32 })
            })
            .collect(),
        divisions,
        countries,
        names,
        killed: total(&event.counts.killed),
        injured: total(&event.counts.injured),
        actors,
        event_type: event.event_type,
        sub_event_type: event.sub_event_type,
        happened: happened(event),
        news: event.realis == Realis::Asserted,
    }
}

/// Whether the text has an event happen, now or before: what is denied, feared or planned is no incident.
pub(crate) fn happened(event: &Event) -> bool {
    matches!(event.realis, Realis::Asserted | Realis::Historical)
        && event.completion != Completion::Threatened
}

/// Whether an event is one of violence and not what follows it.
fn violent(event: &Event) -> bool {
    event.event_type != EventType::StrategicDevelopments
}

/// The events of a report that happened, put together by incident, the chief one first.
fn groups(events: &[Event]) -> Vec<Vec<&Event>> {
    let start =
        |event: &Event| event.evidence.iter().map(|evidence| evidence.start).min().unwrap_or(usize::MAX);
    let mut happened: Vec<&Event> = events.iter().filter(|event| self::happened(event)).collect();
    // What is told as news before background, violence before what follows it, then as the text has them.
    happened.sort_by_key(|event| {
        (event.realis != Realis::Asserted, !violent(event), start(event), event.id.clone())
    });
    let mut groups: Vec<Vec<&Event>> = Vec::new();
    for event in happened {
        match groups.iter_mut().find(|group| group.first().is_some_and(|first| belongs(first, event))) {
            Some(group) => group.push(event),
            None => groups.push(vec![event]),
        }
    }
    groups
}

/// Whether an event of a report is part of the incident of another one of the report: of the same days and place as far as both are
/// known, or an arrest, a find, a threat that follows it there.
fn belongs(first: &Event, event: &Event) -> bool {
    let (a, b) = (fact(first), fact(event));
    let near = match distance(&a.spots, &b.spots) {
        Some(km) => km < 30.0,
        None if a.countries.is_empty() && b.countries.is_empty() => {
            !elsewhere(std::slice::from_ref(&a), std::slice::from_ref(&b))
        }
        None => {
            a.countries.is_empty()
                || b.countries.is_empty()
                || a.countries.iter().any(|key| b.countries.contains(key))
        }
    };
    let gap = match (a.days, b.days) {
        (Some(a), Some(b)) => Some(gap(a, b)),
        _ => None,
    };
    let follows = violent(first) && !violent(event);
    let background = event.realis == Realis::Historical && first.realis == Realis::Asserted;
    match gap {
        Some(gap) => near && (gap == 0 || follows && !background && gap <= 7),
        None => near && !background,
    }
}

/// Whether what no gazetteer has found is told to be somewhere, and nowhere the same: no word of where the one is is one of
/// where the other is.
pub(crate) fn elsewhere(one: &[Fact], other: &[Fact]) -> bool {
    let unfound =
        |facts: &[Fact]| facts.iter().all(|fact| fact.countries.is_empty() && fact.spots.is_empty());
    let mut names = one.iter().flat_map(|fact| &fact.names).peekable();
    let told = |facts: &[Fact]| facts.iter().any(|fact| !fact.names.is_empty());
    unfound(one)
        && unfound(other)
        && told(other)
        && names.peek().is_some()
        && !names.any(|name| other.iter().any(|fact| fact.names.contains(name)))
}

/// Days between two periods; 0 where they meet.
#[must_use]
pub(crate) fn gap(a: (i32, i32), b: (i32, i32)) -> i32 {
    (a.0.max(b.0) - a.1.min(b.1)).max(0)
}

/// Kilometres between the nearest two points (haversine formula, mean radius of the earth).
#[must_use]
pub(crate) fn distance(a: &[Spot], b: &[Spot]) -> Option<f32> {
    const DIAMETER: f32 = 12_742.0;
    let between = |a: &Spot, b: &Spot| {
        let (north, south) = (a.latitude.to_radians(), b.latitude.to_radians());
        let half = |degrees: f32| (degrees.to_radians() / 2.0).sin().powi(2);
        let h = half(a.latitude - b.latitude) + north.cos() * south.cos() * half(a.longitude - b.longitude);
        DIAMETER * h.clamp(0.0, 1.0).sqrt().asin()
    };
    a.iter().flat_map(|a| b.iter().map(move |b| between(a, b))).min_by(f32::total_cmp)
}
