/*! A batch of reports to incidents. The result does not depend on the order in which the reports come. */

use rustc_hash::FxHashMap;

use crate::cluster;
use crate::copies::{Copies, Signature};
use crate::hash::{fnv1a, mix};
use crate::index::Index;
use crate::score::{Score, Weights, days_stated_apart};
use crate::story::{Story, Told, distance, gap, kind};

/// The points of two stories of one report: the reader told them apart, which is some evidence and no more. What other reports
/// tell can outweigh it: an arrest and the attack that it is for are one incident to them.
pub(crate) const TOLD_APART: f32 = -3.0;
/// Texts that are copies of one may not tell of days or places further apart: then one template was filled twice.
const COPY_DAYS: i32 = 7;
/// See [`COPY_DAYS`].
const COPY_KM: f32 = 100.0;

/// Where they state different days, all names and numbers of the shorter must be the other's, the names of the days among them: then a
/// "yesterday" was printed again a day later.
const SAME_MARKS: f64 = 1.0;

/// A report of a batch.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The hash of its text.
    pub document: String,
    /// What its sender calls it, for two of the same text on the same day.
    pub given: Option<String>,
    /// What it tells.
    pub told: Told,
}

/// What became of a report.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Linked {
    /// The incident that it is chiefly about.
    pub primary: Option<String>,
    /// Its events that happened, each with its incident.
    pub events: Vec<(String, String)>,
    /// The report, by its place in the batch, that it is a copy of.
    pub copy_of: Option<usize>,
}

/// Why a report was put where it is: the report that it has most points with in its incident, and outside of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Why {
    /// In the same incident.
    pub joined: Option<(usize, Score)>,
    /// In another one.
    pub apart: Option<(usize, Score)>,
}

/// A batch, linked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Links {
    /// For each report, in the order of the batch.
    pub reports: Vec<Linked>,
    /// The same; empty unless asked for.
    pub why: Vec<Why>,
    /// Pairs that were compared.
    pub compared: usize,
}

/// A story of the batch: the report by its place in the batch, and which of its stories, 0 the chief one.
#[derive(Clone, Copy)]
struct Place {
    report: usize,
    story: usize,
}

/// Links a batch.
#[must_use]
pub fn link(items: &[Item], weights: &Weights, explain: bool) -> Links {
    // The order of everything that follows: by publication, those without a day last, then by the text's hash.
    let mut order: Vec<usize> = (0..items.len()).collect();
    let rank = |at: usize| {
        let item = &items[at];
        (item.told.chief.published.is_none(), item.told.chief.published, &item.document, &item.given)
    };
    order.sort_by(|&a, &b| rank(a).cmp(&rank(b)));
    let copy_of = copies(items, &order);

    let mut places: Vec<Place> = Vec::new();
    for &report in &order {
        // What a copy tells is its original's, unless no event was read there.
        let original = copy_of[report].map(|original| &items[original].told.chief);
        if original.is_none_or(|chief| {
            chief.own_facts().is_empty() && !items[report].told.chief.own_facts().is_empty()
        }) {
            places.push(Place { report, story: 0 });
        }
        places.extend((1..=items[report].told.others.len()).map(|story| Place { report, story }));
    }
    let story = |place: Place| story(&items[place.report].told, place.story);
    let mut index = Index::default();
    for (number, place) in places.iter().enumerate() {
        index.insert(u32::try_from(number).unwrap_or(u32::MAX), story(*place));
    }
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (a, place) in places.iter().enumerate() {
        found.extend(
            index.candidates(story(*place)).into_iter().map(|b| (a.min(b as usize), a.max(b as usize))),
        );
    }
    found.sort_unstable();
    found.dedup();
    found.retain(|(a, b)| places[*a].report != places[*b].report);
    let mut pairs: Vec<(usize, usize, f32)> =
        found.into_iter().map(|(a, b)| (a, b, weights.points(story(places[a]), story(places[b])))).collect();
    let compared = pairs.len();
    let votes: Vec<(usize, usize, i32)> = pairs
        .iter()
        .map(|&(a, b, points)| (a, b, weights.vote(story(places[a]), story(places[b]), points)))
        .filter(|(.., vote)| *vote != 0)
        .collect();
    let mut of_report: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
    for (number, place) in places.iter().enumerate() {
        let earlier = of_report.entry(place.report).or_default();
        pairs.extend(earlier.iter().map(|other| (*other, number, TOLD_APART)));
        earlier.push(number);
    }
    // What reports are chiefly about is settled first: a word in passing draws no two of them together, and none away from its like.
    let chiefs: Vec<usize> = (0..places.len()).filter(|number| places[*number].story == 0).collect();
    let mut among_chiefs = vec![usize::MAX; places.len()];
    chiefs.iter().enumerate().for_each(|(new, old)| among_chiefs[*old] = new);
    let (threshold, unlooked) = (weights.threshold, weights.unlooked);
    let of_chiefs = among(&among_chiefs, &pairs);
    let votes_of_chiefs = among(&among_chiefs, &votes);
    let standing: Vec<Vec<usize>> =
        cluster::grow(chiefs.len(), &[], &of_chiefs, &votes_of_chiefs, threshold, unlooked)
            .into_iter()
            .map(|group| group.into_iter().map(|member| chiefs[member]).collect())
            .collect();
    let groups = cluster::grow(places.len(), &standing, &pairs, &votes, threshold, unlooked);

    let mut reports: Vec<Linked> =
        copy_of.iter().map(|copy_of| Linked { copy_of: *copy_of, ..Linked::default() }).collect();
    for group in &groups {
        let Some(incident) = incident(items, group.iter().map(|number| places[*number])) else { continue };
        for number in group {
            let place = places[*number];
            let linked = &mut reports[place.report];
            if place.story == 0 {
                linked.primary = Some(incident.clone());
            }
            let own = story(place).own_facts();
            linked.events.extend(own.iter().map(|fact| (fact.event.clone(), incident.clone())));
        }
    }
    for (report, original) in copy_of.iter().enumerate() {
        let Some(original) = original else { continue };
        if reports[report].primary.is_some() {
            continue;
        }
        let primary = reports[*original].primary.clone();
        if let Some(incident) = &primary {
            let own = items[report].told.chief.own_facts();
            reports[report].events.extend(own.iter().map(|fact| (fact.event.clone(), incident.clone())));
        }
        reports[report].primary = primary;
    }
    let why = if explain { why(items, &places, &pairs, &groups, weights) } else { Vec::new() };
    Links { reports, why, compared }
}

/// The pairs of which both have a new number, under these.
fn among<T: Copy>(numbers: &[usize], pairs: &[(usize, usize, T)]) -> Vec<(usize, usize, T)> {
    let renumbered = pairs.iter().map(|&(a, b, of)| (numbers[a], numbers[b], of));
    renumbered.filter(|(a, b, _)| *a != usize::MAX && *b != usize::MAX).collect()
}

fn story(told: &Told, number: usize) -> &Story {
    number.checked_sub(1).and_then(|other| told.others.get(other)).unwrap_or(&told.chief)
}

/// The id of an incident: of the earliest of its reports and the event there, so that neither a later report nor one of
/// something else changes it. `None` where no report of the group has an event: then nothing is known to have happened.
fn incident(items: &[Item], group: impl Iterator<Item = Place>) -> Option<String> {
    let mut first = group.filter_map(|place| {
        let item = &items[place.report];
        let told = story(&item.told, place.story);
        // The same text may tell of two things, under two headlines or on two days.
        let title = told.words.iter().filter(|word| word.kinds & kind::TITLE != 0).map(|word| word.key);
        let title = title.fold(0_u64, |hash, key| mix(hash ^ u64::from(key)));
        Some((item.document.as_str(), &told.own_facts().first()?.event, told.published, title))
    });
    let (document, event, published, title) = first.next()?;
    let day = published.map(|day| day.to_string()).unwrap_or_default();
    let hash = mix(fnv1a(format!("{document} {event} {day} {title:x}").as_bytes()));
    Some(format!("incident:{hash:016x}"))
}

/// For each report the one that it is a copy of: the earliest of those that have its text.
fn copies(items: &[Item], order: &[usize]) -> Vec<Option<usize>> {
    let mut known = Copies::default();
    let mut same_text: FxHashMap<&str, usize> = FxHashMap::default();
    let mut copy_of: Vec<Option<usize>> = vec![None; items.len()];
    for (number, &report) in order.iter().enumerate() {
        let item = &items[report];
        // An original is looked for among originals only: a copy of a copy that is none of the first text is none.
        let near = known.near(&item.told.signature);
        let alike = near
            .into_iter()
            .map(|number| order[number as usize])
            .find(|other| is_copy(&items[*other].told.signature, &items[*other].told.chief, &item.told));
        // A text too short for a signature is a copy where its headline is the same too.
        let same = same_text.get(item.document.as_str()).copied().filter(|other| {
            !item.told.chief.words.is_empty()
                && items[*other].told.chief.words == item.told.chief.words
                && !contradicts(&items[*other].told.chief, &item.told.chief)
        });
        copy_of[report] = same.or(alike);
        if copy_of[report].is_none() {
            same_text.insert(&item.document, report);
            known.insert(u32::try_from(number).unwrap_or(u32::MAX), &item.told.signature);
        }
    }
    copy_of
}

/// Whether two reports have one text, and nothing that was read in them says that they tell of two things.
pub(crate) fn is_copy(signature: &Signature, chief: &Story, of: &Told) -> bool {
    signature.is_copy(&of.signature)
        && !contradicts(chief, &of.chief)
        && headlines_meet(chief, &of.chief)
        && (days_stated_apart(chief, &of.chief).is_none_or(|days| days == 0)
            || signature.marks_in_common(&of.signature) >= SAME_MARKS)
}

/// Whether two chief events cannot be one: told exactly, and of days or places far apart.
fn contradicts(a: &Story, b: &Story) -> bool {
    let (own_a, own_b) = (a.own_facts().first(), b.own_facts().first());
    own_a.zip(own_b).is_some_and(|(a, b)| {
        a.exact && b.exact && a.days.zip(b.days).is_some_and(|(a, b)| gap(a, b) > COPY_DAYS)
            || distance(&a.spots, &b.spots).is_some_and(|km| km > COPY_KM)
    })
}

/// Whether a headline, where both have one, has a word in common with the other report: what a page says in place of many
/// articles ("subscribe to read on") is one text under headlines of all kinds.
fn headlines_meet(a: &Story, b: &Story) -> bool {
    let title = |story: &Story| -> Vec<u32> {
        story.words.iter().filter(|word| word.kinds & kind::TITLE != 0).map(|word| word.key).collect()
    };
    let has = |story: &Story, key: &u32| story.words.binary_search_by_key(key, |word| word.key).is_ok();
    let (of_a, of_b) = (title(a), title(b));
    of_a.is_empty()
        || of_b.is_empty()
        || of_a.iter().any(|key| has(b, key))
        || of_b.iter().any(|key| has(a, key))
}

fn why(
    items: &[Item],
    places: &[Place],
    pairs: &[(usize, usize, f32)],
    groups: &[Vec<usize>],
    weights: &Weights,
) -> Vec<Why> {
    let mut group_of = vec![0; places.len()];
    for (number, group) in groups.iter().enumerate() {
        for member in group {
            group_of[*member] = number;
        }
    }
    // Of each chief story: the partner with most points in its group, and outside.
    let mut best: Vec<[Option<(usize, f32)>; 2]> = vec![[None, None]; places.len()];
    for &(a, b, points) in pairs.iter().filter(|(a, b, _)| places[*a].report != places[*b].report) {
        for (one, other) in [(a, b), (b, a)] {
            let place = &mut best[one][usize::from(group_of[a] != group_of[b])];
            if place.is_none_or(|(_, most)| points > most) {
                *place = Some((other, points));
            }
        }
    }
    let mut why = vec![Why::default(); items.len()];
    for (number, place) in places.iter().enumerate().filter(|(_, place)| place.story == 0) {
        let told = |place: Place| story(&items[place.report].told, place.story);
        let [joined, apart] = best[number].map(|partner| {
            partner.map(|(other, _)| (places[other].report, weights.score(told(*place), told(places[other]))))
        });
        why[place.report] = Why { joined, apart };
    }
    why
}
