/*! Which stories are worth comparing.

Comparing every report with every other takes too long from some thousands on. Two stories are compared where they share enough
of what is rare: words, names and numbers that stand side by side, and the places and days of their events, each weighed by what it
tells. Near in time less is enough; far apart in time (a trial, a verdict, an anniversary) only names bring reports together, so more
is asked.

What a word tells is fixed ([`crate::words::Frequencies`]), so whether two stories are compared depends on these two alone, with
one exception, so that time stays bounded: a key that more than [`CROWD`] stories of the same weeks, or [`FAR_CROWD`] of other times, share is left out, since it
tells none of them apart; and of more than [`MOST`] stories those with the most in common are compared.
*/

use rustc_hash::FxHashMap;

use crate::hash::mix;
use crate::postings::Postings;
use crate::story::{Spot, Story};

/// Words that tell less are no keys.
const KEY: f32 = 4.0;
/// Keys of one story at most, the rarest.
const KEYS: usize = 64;
/// What two neighbouring names tell besides what each tells alone.
const PAIR: f32 = 3.0;
/// What the same half degree tells, the same first-order division, the same day.
const CELL: f32 = 3.0;
/// See [`CELL`].
const DIVISION: f32 = 1.5;
/// See [`CELL`].
const DAY: f32 = 1.5;
/// Days between two stories that are near in time.
pub const NEAR_DAYS: i32 = 30;
/// What stories near in time must have in common …
pub const NEAR: f32 = 6.0;
/// … where one of them is short …
pub const NEAR_SHORT: f32 = 4.5;
/// … and those that are not.
pub const FAR: f32 = 12.0;
/// A key with more stories within those days is left out …
pub const CROWD: usize = 2048;
/// … and for stories further apart one with more stories at any time: it names nobody.
pub const FAR_CROWD: usize = 256;
/// Stories that are compared with one at most, those with the most in common.
pub const MOST: usize = 256;

/// Stories by their keys. Of a story only its keys and its day are kept.
#[derive(Debug, Clone, Default)]
pub struct Index {
    /// Numbers of stories, by their days.
    postings: Postings,
    /// The day of each story by its number.
    days: Vec<i32>,
    stories: usize,
}

/// The day of a story that has none.
const UNDATED: i32 = i32::MIN;

/// What kind of key, so that a word and a cell of one number do not meet.
#[derive(Clone, Copy)]
enum Of {
    Word = 1,
    Pair,
    Cell,
    Division,
    Day,
}

fn key_of(of: Of, value: u64) -> u32 {
    (mix(value ^ (of as u64) << 56) >> 32) as u32
}

/// Half-degree cells that a story's event may lie in: its own, and when asking those around.
fn cells(spots: &[Spot], around: bool, mut each: impl FnMut(u32)) {
    for spot in spots {
        let (row, column) = ((spot.latitude * 2.0).floor() as i32, (spot.longitude * 2.0).floor() as i32);
        let reach = i32::from(around);
        for north in -reach..=reach {
            for east in -reach..=reach {
                let column = (column + east).rem_euclid(720);
                each(key_of(Of::Cell, (row + north + 1_000) as u64 * 1_000 + column as u64));
            }
        }
    }
}

/// The keys of a story with what each tells, each once, ascending.
fn keys(story: &Story, asking: bool) -> Vec<(u32, f32)> {
    let mut rare: Vec<(u32, f32)> = story
        .words
        .iter()
        .filter(|word| word.weight >= KEY)
        .map(|word| (key_of(Of::Word, u64::from(word.key)), word.weight))
        .chain(story.pairs.iter().map(|(key, _)| (key_of(Of::Pair, u64::from(*key)), PAIR)))
        .collect();
    rare.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    // Pairs tell least by their number alone and are found by most: they come first.
    let (pairs, words): (Vec<_>, Vec<_>) = rare.into_iter().partition(|(_, weight)| *weight <= PAIR);
    let mut keys: Vec<(u32, f32)> =
        pairs.into_iter().take(KEYS).chain(words.into_iter().take(KEYS)).collect();
    for fact in story.own_facts() {
        cells(&fact.spots, asking, |key| keys.push((key, CELL)));
        keys.extend(fact.divisions.iter().map(|key| (key_of(Of::Division, u64::from(*key)), DIVISION)));
        if let Some((first, last)) = fact.days.filter(|(first, last)| last - first <= 3) {
            let reach = i32::from(asking);
            let days = (first - reach)..=(last + reach);
            keys.extend(days.map(|day| (key_of(Of::Day, day as u64), DAY)));
        }
    }
    keys.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
    keys.dedup_by_key(|(key, _)| *key);
    keys
}

impl Index {
    /// Keeps a story under a number. A story that is kept can not be kept again.
    pub fn insert(&mut self, number: u32, story: &Story) {
        let at = number as usize;
        if self.days.len() <= at {
            self.days.resize(at + 1, UNDATED);
        }
        self.days[at] = story.day().unwrap_or(UNDATED);
        let days = &self.days;
        let order = |number: u32| days.get(number as usize).copied().unwrap_or(UNDATED);
        for (key, _) in keys(story, false) {
            self.postings.insert(key, number, &order);
        }
        self.stories += 1;
    }

    /// How many stories it keeps.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.stories
    }

    /// Whether it keeps none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.stories == 0
    }

    /// Places in the lists of all keys together.
    #[must_use]
    pub const fn postings(&self) -> usize {
        self.postings.len()
    }

    /// The stories that have enough in common with this one, ascending.
    #[must_use]
    pub fn candidates(&self, story: &Story) -> Vec<u32> {
        let day = story.day();
        let enough = if story.full { NEAR } else { NEAR_SHORT };
        // What near and far stories have in common with it.
        let mut common: FxHashMap<u32, (f32, bool)> = FxHashMap::default();
        let day_of = |number: u32| self.days.get(number as usize).copied().unwrap_or(UNDATED);
        let near_days = day.map_or((UNDATED, i32::MAX), |day| {
            (day.saturating_sub(NEAR_DAYS).max(UNDATED + 1), day.saturating_add(NEAR_DAYS))
        });
        // The newest stories of a key, which are in no order, by where they belong.
        let (mut new_near, mut new_undated, mut new_far) = (Vec::new(), Vec::new(), Vec::new());
        for (key, weight) in keys(story, true) {
            let under = self.postings.under(key);
            [&mut new_near, &mut new_undated, &mut new_far].into_iter().for_each(Vec::clear);
            for number in under.newest() {
                match day_of(number) {
                    its if (near_days.0..=near_days.1).contains(&its) => new_near.push(number),
                    UNDATED => new_undated.push(number),
                    _ => new_far.push(number),
                }
            }
            let list = under.sorted;
            let upto = |last: i32| list.partition_point(|(_, number)| day_of(*number) <= last);
            let (undated, start, end) = match day {
                Some(_) => (upto(UNDATED), upto(near_days.0 - 1), upto(near_days.1)),
                None => (0, 0, list.len()),
            };
            let mut add = |old: &[(u32, u32)], new: &[u32], near: bool| {
                let numbers = old.iter().map(|(_, number)| number).chain(new);
                numbers.for_each(|number| common.entry(*number).or_insert((0.0, near)).0 += weight);
            };
            if end - start + new_near.len() <= CROWD {
                add(&list[start..end], &new_near, true);
            }
            if undated + new_undated.len() <= CROWD {
                add(&list[..undated], &new_undated, true);
            }
            if (start - undated) + (list.len() - end) + new_far.len() <= FAR_CROWD {
                add(&list[undated..start], &new_far, false);
                add(&list[end..], &[], false);
            }
        }
        let mut found: Vec<(f32, u32)> = common
            .into_iter()
            .filter(|(_, (weight, near))| *weight >= if *near { enough } else { FAR })
            .map(|(number, (weight, _))| (weight, number))
            .collect();
        if found.len() > MOST {
            found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            found.truncate(MOST);
        }
        let mut numbers: Vec<u32> = found.into_iter().map(|(_, number)| number).collect();
        numbers.sort_unstable();
        numbers
    }
}
