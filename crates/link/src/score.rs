/*! How likely two stories tell of one incident, and why.

A logistic regression over what both have in common and what parts them ([`FEATURES`]). The weights are learned
(`watchpost-eval fit-link`); a pair's points are its log-odds, so that 0 is as likely as not. Both stories are looked at alike:
the points of (a, b) are those of (b, a).
*/

use std::fmt;
use std::sync::LazyLock;

use record::table::{Table, TableError};
use record::vocabulary::EventType;

use crate::story::{Fact, Story, Word, distance, elsewhere, gap, kind};

/// What a feature is about, for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aspect {
    /// What holds for any pair.
    Any,
    /// Words in common.
    Words,
    /// Names, and names and numbers that stand side by side.
    Names,
    /// Numbers and ages.
    Numbers,
    /// Headlines and first words.
    Lead,
    /// Days of publication and of the event.
    Days,
    /// Places.
    Places,
    /// Dead and wounded.
    Figures,
    /// Sides and types.
    Sides,
    /// How much is said at all.
    Length,
    /// That no event was read in one of both.
    NoEvent,
    /// That both say on which day it was, and not on the same.
    OtherDay,
}

impl fmt::Display for Aspect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Any => "any pair",
            Self::Words => "words",
            Self::Names => "names",
            Self::Numbers => "numbers",
            Self::Lead => "headline and lead",
            Self::Days => "days",
            Self::Places => "places",
            Self::Figures => "figures",
            Self::Sides => "sides",
            Self::Length => "length",
            Self::NoEvent => "no event read",
            Self::OtherDay => "stated days that differ",
        })
    }
}

/// Which way a feature can bear on a pair. What is learned is held to it: of two features that say nearly the same, a regression
/// may else make one speak against the other, which fits its corpus and no other. Likeness may bear either way: beside rare words in
/// common, that of all the rest is a template's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bears {
    /// It makes one incident likelier, or says nothing.
    For,
    /// It makes two incidents likelier, or says nothing.
    Against,
    /// Either.
    Either,
}

/// Every feature: its name in the table of weights, what it is about, and which way it bears.
pub const FEATURES: &[(&str, Aspect, Bears)] = &[
    ("any", Aspect::Any, Bears::Either),
    // Cosine of the words' weights, a repeated word counted by its logarithm.
    ("words alike", Aspect::Words, Bears::For),
    // Logarithm of what the rare words in common tell beyond `RARE`, summed.
    ("rare words", Aspect::Words, Bears::For),
    ("names alike", Aspect::Names, Bears::Either),
    ("rare names", Aspect::Names, Bears::For),
    ("name pairs alike", Aspect::Names, Bears::Either),
    ("name pairs", Aspect::Names, Bears::For),
    ("numbers alike", Aspect::Numbers, Bears::Either),
    ("numbers", Aspect::Numbers, Bears::Either),
    ("ages in common", Aspect::Numbers, Bears::For),
    ("ages differ", Aspect::Numbers, Bears::Against),
    ("rare lead words", Aspect::Lead, Bears::For),
    ("leads alike", Aspect::Lead, Bears::Either),
    // The share of a headline (a lead) that the other text has, by weight: of the pair's two shares the greater, the lesser.
    ("headline in text, more", Aspect::Lead, Bears::For),
    ("headline in text, less", Aspect::Lead, Bears::Either),
    ("lead in text, more", Aspect::Lead, Bears::Either),
    ("lead in text, less", Aspect::Lead, Bears::Either),
    // Days between the publications, by their logarithm and in steps.
    ("publication apart", Aspect::Days, Bears::Against),
    ("published within 3 days", Aspect::Days, Bears::For),
    ("published within 14 days", Aspect::Days, Bears::For),
    ("published over 60 days apart", Aspect::Days, Bears::Against),
    ("published over a year apart", Aspect::Days, Bears::Against),
    ("publication unknown", Aspect::Days, Bears::Either),
    // Days between the two events that the stories are about, then between the nearest events that either tells.
    ("event days unknown", Aspect::Days, Bears::Either),
    ("same event day", Aspect::Days, Bears::For),
    ("event a day apart", Aspect::Days, Bears::For),
    ("event days apart", Aspect::Days, Bears::Against),
    ("any event day unknown", Aspect::Days, Bears::Either),
    ("any same event day", Aspect::Days, Bears::For),
    ("any event days apart", Aspect::Days, Bears::Against),
    ("spots unknown", Aspect::Places, Bears::Either),
    ("spots within 5 km", Aspect::Places, Bears::For),
    ("spots within 30 km", Aspect::Places, Bears::For),
    ("spots over 100 km apart", Aspect::Places, Bears::Against),
    ("same division", Aspect::Places, Bears::For),
    ("other division", Aspect::Places, Bears::Against),
    ("other country", Aspect::Places, Bears::Against),
    ("same dead", Aspect::Figures, Bears::For),
    ("other dead", Aspect::Figures, Bears::Against),
    ("same wounded", Aspect::Figures, Bears::For),
    ("other wounded", Aspect::Figures, Bears::Against),
    ("same actor", Aspect::Sides, Bears::For),
    ("other actors", Aspect::Sides, Bears::Against),
    ("same type", Aspect::Sides, Bears::For),
    ("same sub-type", Aspect::Sides, Bears::For),
    ("shorter text", Aspect::Length, Bears::Either),
    ("longer text", Aspect::Length, Bears::Either),
];

/// How many features there are.
pub const COUNT: usize = FEATURES.len();

/// What a word must tell before its being shared is worth something.
const RARE: f32 = 3.0;
/// … the two words of a pair.
const RARE_PAIR: f32 = 6.0;
/// … a word of the lead.
const RARE_LEAD: f32 = 4.0;

/// A headline of fewer words that tell something is none ("News", an outlet's name): that two have it in common says nothing.
const HEADLINE: u32 = 2;

/// The features of a pair, in the order of [`FEATURES`].
#[must_use]
pub fn features(a: &Story, b: &Story) -> [f32; COUNT] {
    let mut out = Row { values: [0.0; COUNT], next: 0 };
    out.put(1.0);
    words(a, b, &mut out);
    days(a, b, &mut out);
    places(a, b, &mut out);
    figures(a, b, &mut out);
    sides(a, b, &mut out);
    let (short, long) = (a.words.len().min(b.words.len()), a.words.len().max(b.words.len()));
    out.put((short as f32).ln_1p());
    out.put((long as f32).ln_1p());
    debug_assert_eq!(out.next, COUNT, "every feature is given once");
    out.values
}

struct Row {
    values: [f32; COUNT],
    next: usize,
}

impl Row {
    fn put(&mut self, value: f32) {
        if let Some(place) = self.values.get_mut(self.next) {
            *place = value;
        }
        self.next += 1;
    }

    fn flag(&mut self, value: bool) {
        self.put(f32::from(u8::from(value)));
    }
}

/// Squares of one side, of the other, and products of what both have.
#[derive(Default)]
struct Cosine {
    a: f32,
    b: f32,
    both: f32,
}

impl Cosine {
    fn of(&self) -> f32 {
        let norm = (self.a * self.b).sqrt();
        if norm > 0.0 { self.both / norm } else { 0.0 }
    }

    fn add(&mut self, a: Option<f32>, b: Option<f32>) {
        self.a += a.map_or(0.0, |a| a * a);
        self.b += b.map_or(0.0, |b| b * b);
        if let (Some(a), Some(b)) = (a, b) {
            self.both += a * b;
        }
    }
}

/// The weight of one side that is also on the other.
#[derive(Default)]
struct Share {
    all: f32,
    there: f32,
    words: u32,
}

impl Share {
    fn add(&mut self, weight: f32, there: bool) {
        self.all += weight;
        self.words += 1;
        if there {
            self.there += weight;
        }
    }

    fn of(&self) -> f32 {
        if self.all > 0.0 { self.there / self.all } else { 0.0 }
    }
}

/// What a word counts by how often it stands in a text.
static BY_COUNT: LazyLock<[f32; 256]> =
    LazyLock::new(|| std::array::from_fn(|count| 1.0 + (count as f32).ln()));

fn words(a: &Story, b: &Story, out: &mut Row) {
    let counted: &[f32; 256] = &BY_COUNT;
    let (mut all, mut names, mut numbers, mut leads) =
        (Cosine::default(), Cosine::default(), Cosine::default(), Cosine::default());
    let (mut rare, mut rare_names, mut number_mass, mut rare_leads) = (0.0_f32, 0.0_f32, 0.0_f32, 0.0_f32);
    let (mut titles, mut lead_shares) =
        ([Share::default(), Share::default()], [Share::default(), Share::default()]);
    merge(&a.words, &b.words, |x, y| {
        let by_count = |word: &Word| word.weight * counted[usize::from(word.count)];
        all.add(x.map(by_count), y.map(by_count));
        let of = |word: Option<&Word>, kinds: u8| {
            word.filter(|word| word.kinds & kinds != 0).map(|word| word.weight)
        };
        names.add(of(x, kind::NAME), of(y, kind::NAME));
        numbers.add(of(x, kind::NUMBER), of(y, kind::NUMBER));
        leads.add(of(x, kind::LEAD), of(y, kind::LEAD));
        for (side, (own, other)) in [(x, y), (y, x)].into_iter().enumerate() {
            if let Some(weight) = of(own, kind::TITLE) {
                titles[side].add(weight, other.is_some());
            }
            if let Some(weight) = of(own, kind::LEAD) {
                lead_shares[side].add(weight, other.is_some());
            }
        }
        if let (Some(x), Some(y)) = (x, y) {
            let both = x.kinds & y.kinds;
            let beyond = (x.weight - RARE).max(0.0);
            if both & kind::NAME != 0 {
                rare_names += beyond;
            } else {
                rare += beyond;
            }
            if both & kind::NUMBER != 0 {
                number_mass += x.weight;
            }
            if both & kind::LEAD != 0 && x.weight > RARE_LEAD {
                rare_leads += x.weight;
            }
        }
    });
    let mut pairs = Cosine::default();
    let mut pair_mass = 0.0_f32;
    merge(&a.pairs, &b.pairs, |x, y| {
        pairs.add(x.map(|x| x.1), y.map(|y| y.1));
        if let (Some(x), Some(_)) = (x, y) {
            pair_mass += (x.1 - RARE_PAIR).max(0.0);
        }
    });
    out.put(all.of());
    out.put(rare.ln_1p());
    out.put(names.of());
    out.put(rare_names.ln_1p());
    out.put(pairs.of());
    out.put(pair_mass.ln_1p());
    out.put(numbers.of());
    out.put(number_mass.ln_1p());
    let ages = (a.ages & b.ages).count_ones();
    out.put((ages as f32).ln_1p());
    out.flag(a.ages != 0 && b.ages != 0 && ages == 0);
    out.put(rare_leads.ln_1p());
    out.put(leads.of());
    let titles = titles.map(|share| if share.words < HEADLINE { 0.0 } else { share.of() });
    for [one, other] in [titles, lead_shares.map(|share| share.of())] {
        out.put(one.max(other));
        out.put(one.min(other));
    }
}

/// What can be walked through side by side.
trait Keyed {
    fn key(&self) -> u32;
}

impl Keyed for Word {
    fn key(&self) -> u32 {
        self.key
    }
}

impl Keyed for (u32, f32) {
    fn key(&self) -> u32 {
        self.0
    }
}

/// Walks two ascending lists, each key once.
fn merge<T: Keyed>(a: &[T], b: &[T], mut each: impl FnMut(Option<&T>, Option<&T>)) {
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    loop {
        match (a.peek(), b.peek()) {
            (None, None) => break,
            (Some(x), Some(y)) if x.key() == y.key() => each(a.next(), b.next()),
            (Some(x), Some(y)) if x.key() < y.key() => each(a.next(), None),
            (Some(_), Some(_)) | (None, Some(_)) => each(None, b.next()),
            (Some(_), None) => each(a.next(), None),
        }
    }
}

fn days(a: &Story, b: &Story, out: &mut Row) {
    let published = a.published.zip(b.published).map(|(a, b)| a.abs_diff(b));
    out.put(published.map_or(0.0, |days| (days as f32).ln_1p()));
    out.flag(published.is_some_and(|days| days <= 3));
    out.flag(published.is_some_and(|days| days <= 14));
    out.flag(published.is_some_and(|days| days > 60));
    out.flag(published.is_some_and(|days| days > 365));
    out.flag(published.is_none());
    let between = |a: &Fact, b: &Fact| Some(gap(a.days?, b.days?));
    let own = a.own_facts().first().zip(b.own_facts().first()).and_then(|(a, b)| between(a, b));
    out.flag(own.is_none());
    out.flag(own == Some(0));
    out.flag(own == Some(1));
    out.put(own.map_or(0.0, |days| (days as f32).ln_1p()));
    fn exact(story: &Story) -> impl Iterator<Item = &Fact> {
        story.facts.iter().filter(|fact| fact.exact)
    }
    let any = exact(a).flat_map(|a| exact(b).filter_map(move |b| between(a, b))).min();
    out.flag(any.is_none());
    out.flag(any == Some(0));
    out.put(any.map_or(0.0, |days| (days as f32).ln_1p()));
}

fn places(a: &Story, b: &Story, out: &mut Row) {
    let pairs = || a.facts.iter().flat_map(|a| b.facts.iter().map(move |b| (a, b)));
    let km = pairs().filter_map(|(a, b)| distance(&a.spots, &b.spots)).min_by(f32::total_cmp);
    // Without a gazetteer, or where it knows neither place, what they are called is all that there is.
    let elsewhere = elsewhere(&a.facts, &b.facts);
    out.flag(km.is_none() && !elsewhere);
    out.flag(km.is_some_and(|km| km < 5.0));
    out.flag(km.is_some_and(|km| (5.0..30.0).contains(&km)));
    out.flag(elsewhere || km.is_some_and(|km| km > 100.0));
    let compare = |of: fn(&Fact) -> &Vec<u32>| {
        let known = a.facts.iter().any(|fact| !of(fact).is_empty())
            && b.facts.iter().any(|fact| !of(fact).is_empty());
        let same = pairs().any(|(a, b)| of(a).iter().any(|key| of(b).contains(key)));
        (same, known && !same)
    };
    let (same, other) = compare(|fact| &fact.divisions);
    out.flag(same);
    out.flag(elsewhere || other);
    out.flag(elsewhere || compare(|fact| &fact.countries).1);
}

fn figures(a: &Story, b: &Story, out: &mut Row) {
    fn given(story: &Story, of: fn(&Fact) -> Option<u64>) -> impl Iterator<Item = u64> {
        story.facts.iter().filter(|fact| fact.happened).filter_map(of)
    }
    for of in [(|fact| fact.killed) as fn(&Fact) -> Option<u64>, |fact| fact.injured] {
        let same = given(a, of).any(|figure| given(b, of).any(|other| other == figure));
        out.flag(same);
        out.flag(!same && given(a, of).next().is_some() && given(b, of).next().is_some());
    }
}

fn sides(a: &Story, b: &Story, out: &mut Row) {
    let (own_a, own_b) = (a.own_facts(), b.own_facts());
    let pairs = || own_a.iter().flat_map(|a| own_b.iter().map(move |b| (a, b)));
    let known =
        own_a.iter().any(|fact| !fact.actors.is_empty()) && own_b.iter().any(|fact| !fact.actors.is_empty());
    let same = pairs().any(|(a, b)| a.actors.iter().any(|key| b.actors.contains(key)));
    out.flag(same);
    out.flag(known && !same);
    out.flag(pairs().any(|(a, b)| a.event_type == b.event_type));
    out.flag(pairs().any(|(a, b)| a.sub_event_type == b.sub_event_type));
}

/// Days between two chief events, where the text of either says the very day of its own: nearest to any exact day that the other
/// tells, so that a report that tells of the attack as background agrees with one of its day. Arrests and what else follows an attack have
/// days of their own, and say nothing of it.
#[must_use]
pub fn days_stated_apart(a: &Story, b: &Story) -> Option<i32> {
    fn stated(story: &Story) -> impl Iterator<Item = (i32, i32)> + '_ {
        let own = story.own_facts().iter().filter(|fact| fact.stated);
        own.filter(|fact| fact.event_type != EventType::StrategicDevelopments).filter_map(|fact| fact.days)
    }
    fn nearest(own: &Story, all: &Story) -> Option<i32> {
        let exact = || all.facts.iter().filter(|fact| fact.exact).filter_map(|fact| fact.days);
        stated(own).flat_map(|one| exact().map(move |other| gap(one, other))).min()
    }
    stated(a).next().and(stated(b).next())?;
    nearest(a, b).into_iter().chain(nearest(b, a)).min()
}

/// Whether both tell of one person, street or house: a name that is of no place and no side of the event, or an age.
fn particulars_in_common(a: &Story, b: &Story) -> bool {
    a.ages & b.ages != 0 || a.named.iter().any(|name| b.named.binary_search(name).is_ok())
}

/// Whether the dead and wounded of two events are the same as far as both give them; `None` where neither is given in both.
fn tolls_agree(a: &Story, b: &Story) -> Option<bool> {
    let of = |of: fn(&Fact) -> Option<u64>| {
        let given = |story: &'_ Story| story.own_facts().iter().filter_map(of).collect::<Vec<u64>>();
        let (a, b) = (given(a), given(b));
        (!a.is_empty() && !b.is_empty()).then(|| a.iter().any(|figure| b.contains(figure)))
    };
    match (of(|fact| fact.killed), of(|fact| fact.injured)) {
        (None, known) | (known, None) => known,
        (Some(killed), Some(injured)) => Some(killed && injured),
    }
}

/// How a pair came to its points.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// Log-odds that both tell of one incident.
    pub points: f32,
    /// What each aspect gave or took, the weightiest first.
    pub reasons: Vec<(Aspect, f32)>,
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:+.1} points", self.points)?;
        for (at, (aspect, points)) in self.reasons.iter().enumerate() {
            write!(f, "{}{aspect} {points:+.1}", if at == 0 { ": " } else { ", " })?;
        }
        Ok(())
    }
}

/// What was learned.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    /// Weights where both stories have the words of a whole report.
    pub full: [f32; COUNT],
    /// Weights where one has only those of its quotes, or of little more than a headline.
    pub short: [f32; COUNT],
    /// Two groups are joined while their pairs have more points than this on average.
    pub threshold: f32,
    /// The points of a pair that has too little in common to be looked at.
    pub unlooked: f32,
    /// The points that a pair has besides where no event was read in one of both.
    pub no_event: f32,
    /// … where both say the very day, these are a day apart, and they have no person, street or house in common.
    pub day_apart: f32,
    /// … where they are more days apart.
    pub days_apart: f32,
    /// What a toll in common gives back of the points for a day, and another toll takes more.
    pub toll: f32,
}

/// The row of the table with [`Weights::threshold`].
pub const THRESHOLD: &str = "(threshold)";
/// The row of the table with [`Weights::unlooked`].
pub const UNLOOKED: &str = "(not looked at)";
/// The row of the table with [`Weights::no_event`].
pub const NO_EVENT: &str = "(no event)";
/// The row of the table with [`Weights::day_apart`].
pub const DAY_APART: &str = "(a stated day apart)";
/// The row of the table with [`Weights::days_apart`].
pub const DAYS_APART: &str = "(stated days apart)";
/// The row of the table with [`Weights::toll`].
pub const TOLL: &str = "(toll, a stated day apart)";

/// The rows of the table that are no features.
const SINGLE: [&str; 6] = [THRESHOLD, UNLOOKED, NO_EVENT, DAY_APART, DAYS_APART, TOLL];

impl Weights {
    /// Reads the table: `feature`, `full`, `short`.
    ///
    /// # Errors
    /// Where a feature is missing or unknown, or a weight is no finite number.
    pub fn from_table(text: &str) -> Result<Self, TableError> {
        const NAME: &str = "linking.tsv";
        let table = Table::parse(NAME, text, &["feature", "full", "short"])?;
        let (mut full, mut short) = ([None; COUNT], [None; COUNT]);
        let mut single = [None; SINGLE.len()];
        for row in table.rows() {
            let number = |column: &str| -> Result<f32, TableError> {
                let value: Option<f32> = row.parsed(column)?;
                value
                    .filter(|value| value.is_finite())
                    .ok_or_else(|| row.error(format!("`{column}` is no finite number")))
            };
            let name = row.get("feature");
            if let Some(at) = SINGLE.iter().position(|known| *known == name) {
                single[at] = Some(number("full")?);
                continue;
            }
            let at = FEATURES.iter().position(|(known, ..)| *known == name);
            let at = at.ok_or_else(|| row.error(format!("there is no feature `{name}`")))?;
            full[at] = Some(number("full")?);
            short[at] = Some(number("short")?);
        }
        let features = FEATURES.iter().map(|(name, ..)| *name).zip(full);
        let missing = features.chain(SINGLE.into_iter().zip(single)).find(|(_, value)| value.is_none());
        if let Some((missing, _)) = missing {
            let problem = format!("no row `{missing}`");
            return Err(TableError::Row { table: NAME, line: table.header_line(), problem });
        }
        let given = |value: Option<f32>| value.unwrap_or_default();
        let [threshold, unlooked, no_event, day_apart, days_apart, toll] = single.map(given);
        let weights = Self {
            full: full.map(given),
            short: short.map(given),
            threshold,
            unlooked,
            no_event,
            day_apart,
            days_apart,
            toll,
        };
        Ok(weights)
    }

    /// The weights for a pair.
    fn of(&self, a: &Story, b: &Story) -> &[f32; COUNT] {
        if a.full && b.full { &self.full } else { &self.short }
    }

    /// The points of a pair.
    #[must_use]
    pub fn points(&self, a: &Story, b: &Story) -> f32 {
        let learned: f32 =
            features(a, b).iter().zip(self.of(a, b)).map(|(value, weight)| value * weight).sum();
        learned + self.besides(a, b)
    }

    /// The points of a pair that are not learned.
    #[must_use]
    pub fn besides(&self, a: &Story, b: &Story) -> f32 {
        self.without_event(a, b) + self.other_day(a, b)
    }

    /// The points against a pair of which both say the very day, and not the same. Wording says little then: what happens often in one place
    /// is told alike each time. A person, a street, a house in common says more than a day, which may be read or written wrongly.
    fn other_day(&self, a: &Story, b: &Story) -> f32 {
        match days_stated_apart(a, b) {
            None | Some(..=0) => 0.0,
            Some(_) if particulars_in_common(a, b) => 0.0,
            // What happens at night is of one day to some and of the next to others.
            Some(1) => {
                self.day_apart
                    + tolls_agree(a, b).map_or(0.0, |agree| if agree { self.toll } else { -self.toll })
            }
            Some(_) => self.days_apart,
        }
    }

    /// What the days that two stories state say of them: 1 for one incident, -1 for two, 0 nothing. Where they are a day apart, or so much else is in
    /// common that the points are for one all the same, they say nothing.
    #[must_use]
    pub fn vote(&self, a: &Story, b: &Story, points: f32) -> i32 {
        match days_stated_apart(a, b) {
            Some(0) => 1,
            Some(2..) if points <= self.threshold && !particulars_in_common(a, b) => -1,
            _ => 0,
        }
    }

    fn without_event(&self, a: &Story, b: &Story) -> f32 {
        if a.own == 0 || b.own == 0 { self.no_event } else { 0.0 }
    }

    /// The points of a pair, and what gave them.
    #[must_use]
    pub fn score(&self, a: &Story, b: &Story) -> Score {
        let mut reasons: Vec<(Aspect, f32)> =
            vec![(Aspect::NoEvent, self.without_event(a, b)), (Aspect::OtherDay, self.other_day(a, b))];
        for (((_, aspect, _), value), weight) in FEATURES.iter().zip(features(a, b)).zip(self.of(a, b)) {
            match reasons.iter_mut().find(|(known, _)| known == aspect) {
                Some((_, points)) => *points += value * weight,
                None => reasons.push((*aspect, value * weight)),
            }
        }
        reasons.retain(|(_, points)| points.abs() >= 0.05);
        reasons.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then(a.0.cmp(&b.0)));
        Score { points: self.points(a, b), reasons }
    }
}
