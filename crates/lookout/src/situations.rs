//! Alarms that belong together as situations, each updated in place.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use record::{Became, Revisions, SITUATION_SCHEMA, Situation, SituationAlarm, Status, WatchNote};
use sha2::{Digest, Sha256};
use store::find::Filter;
use store::{Error, Noting, Stamp, Store, to_be_said};
use watch::Every;

use crate::by::NEAR;
use crate::{Alarm, Judged, Kept, WatchSettings, judge};

/// Areas whose incidents lie nearer to each other than this, in kilometres, are neighbours.
const NEIGHBOURS: f64 = 100.0;

/// Alarms that a situation keeps.
const MOST_ALARMS: usize = 100;

/// How often a round is judged again because somebody else noted something meanwhile.
const TURNS: usize = 5;

/// Kilometres of a degree of latitude (mean radius of the Earth 6,371.0088 km).
const DEGREE: f64 = 111.195;

/// What a round of the watch has come to.
#[derive(Debug, Clone, Default)]
pub struct Round {
    /// What was judged.
    pub judged: Judged,
    /// Situations that became something else in this round, as they stand.
    pub touched: Vec<Situation>,
}

impl Round {
    /// What is worth saying of it: what is new or has grown, and nobody has asked for silence about.
    pub fn news(&self, today: Date) -> impl Iterator<Item = &Situation> {
        self.touched
            .iter()
            .filter(|one| matches!(one.state, Became::Opened | Became::Grew))
            .filter(move |one| to_be_said(one, today))
    }
}

/// Judges what the store holds as of a day, and keeps what became of its situations.
///
/// # Errors
/// What the store says, or that a series cannot be.
pub fn round(
    store: &mut dyn Store,
    settings: &WatchSettings,
    as_of: Date,
    stamp: &Stamp,
) -> Result<Round, Error> {
    let mut round = Round::default();
    // Judged without holding others from writing; what somebody else noted meanwhile is taken in by judging again.
    for _ in 0..TURNS {
        let (mut kept, mut open, mut head) = (Kept::default(), Vec::new(), None);
        store.at_one_moment(&mut |store| {
            kept = crate::kept::read(store, &crate::kept::counted(&Filter::default()))?;
            open = store.situations(true, usize::MAX)?;
            head = Some(store.watch_head()?);
            Ok(())
        })?;
        let judged = judge(&kept, settings, as_of).map_err(|error| Error::Asked(error.to_string()))?;
        let touched = updated(&kept, &judged, &open, settings, stamp.at);
        let mut stale = false;
        store.note_with(stamp, &mut |store| {
            stale = head.as_ref() != Some(&store.watch_head()?);
            let noted = touched.iter().filter(|_| !stale);
            Ok(noted
                .map(|situation| Noting {
                    why: situation.reason.clone(),
                    note: WatchNote::Situation { situation: Box::new(situation.clone()) },
                })
                .collect())
        })?;
        if !stale {
            (round.judged, round.touched) = (judged, touched);
            break;
        }
    }
    // As they stand with what persons have said.
    for situation in &mut round.touched {
        if let Some(kept) = store.situation(&situation.id)? {
            *situation = kept;
        }
    }
    Ok(round)
}

/// What is known of an alarm, or of a situation, to tell what it belongs to.
struct Profile {
    series: BTreeSet<(String, String)>,
    incidents: BTreeSet<String>,
    actors: BTreeSet<String>,
    countries: BTreeSet<String>,
    types: BTreeSet<String>,
    points: Vec<(f64, f64)>,
    /// Whether it is of an area: only such have neighbours.
    area: bool,
    /// The periods of its alarms: first and last.
    span: (i32, i32),
}

/// What most of some incidents have in common.
fn chiefly<'a, T: Ord + ToString + 'a>(of: impl Iterator<Item = Vec<&'a T>>, all: usize) -> BTreeSet<String> {
    let mut counts: BTreeMap<&T, usize> = BTreeMap::new();
    for values in of {
        for value in values {
            *counts.entry(value).or_default() += 1;
        }
    }
    counts.into_iter().filter(|(_, count)| *count * 2 >= all).map(|(value, _)| value.to_string()).collect()
}

impl Profile {
    fn of(
        kept: &Kept,
        carried_by: &[usize],
        series: BTreeSet<(String, String)>,
        area: bool,
        span: (i32, i32),
    ) -> Self {
        let incidents: Vec<_> = carried_by.iter().filter_map(|at| kept.happenings.get(*at)).collect();
        let all = incidents.len().max(1);
        Self {
            series,
            incidents: incidents.iter().map(|one| one.id.clone()).collect(),
            actors: chiefly(
                incidents
                    .iter()
                    .map(|one| one.actors.iter().filter(|side| !side.suffers).map(|side| &side.id).collect()),
                all,
            ),
            countries: chiefly(incidents.iter().map(|one| one.country.iter().collect()), all),
            types: chiefly(incidents.iter().map(|one| one.kind.iter().collect()), all),
            points: incidents.iter().filter_map(|one| one.point_within(NEAR)).collect(),
            area,
            span,
        }
    }

    /// Why two belong together, if they do.
    fn belongs(&self, other: &Self, adjoining: i32) -> Option<String> {
        let apart = (self.span.0 - other.span.1).max(other.span.0 - self.span.1);
        if apart > adjoining {
            return None;
        }
        if self.series.intersection(&other.series).next().is_some() {
            return Some("the same series".to_owned());
        }
        let shared = self.incidents.intersection(&other.incidents).count();
        if shared > 0 {
            return Some(format!("the same incidents ({shared})"));
        }
        let country = self.countries.intersection(&other.countries).next();
        if let (Some(actor), Some(country)) = (self.actors.intersection(&other.actors).next(), country) {
            return Some(format!("the same actor in the same country ({actor}, {country})"));
        }
        if let (Some(kind), Some(country)) = (self.types.intersection(&other.types).next(), country) {
            return Some(format!("the same type in the same country ({kind}, {country})"));
        }
        let nearest = (self.area && other.area).then(|| nearest(&self.points, &other.points)).flatten();
        nearest.filter(|km| *km <= NEIGHBOURS).map(|km| format!("neighbouring areas ({km:.0} km apart)"))
    }
}

/// The least distance between two sets of points, where one is at most [`NEIGHBOURS`].
fn nearest(some: &[(f64, f64)], others: &[(f64, f64)]) -> Option<f64> {
    let mut least: Option<f64> = None;
    for a in some {
        for b in others {
            let north = (a.0 - b.0).abs() * DEGREE;
            if north > NEIGHBOURS {
                continue;
            }
            let turn = (a.1 - b.1).abs();
            let east = turn.min(360.0 - turn) * DEGREE * f64::midpoint(a.0, b.0).to_radians().cos();
            // Flat: over 100 km the Earth bends by less than the places are known.
            let km = north.hypot(east);
            least = Some(least.map_or(km, |least| least.min(km)));
        }
    }
    least
}

/// What became of the situations: those that changed, as they stand from now on.
#[must_use]
pub fn updated(
    kept: &Kept,
    judged: &Judged,
    open: &[Situation],
    settings: &WatchSettings,
    at: Timestamp,
) -> Vec<Situation> {
    let Some(last) = judged.last else { return Vec::new() };
    let every = Every::from(settings.every);
    let quiet = settings.quiet();
    let place = |id: &str| kept.happenings.binary_search_by(|one| one.id.as_str().cmp(id)).ok();
    let is_area =
        |by: &str| by.split(',').all(|word| word.parse::<crate::By>().is_ok_and(|by| by.is_place()));
    // Situations first, the oldest first: whatever belongs to several joins the oldest.
    let mut open: Vec<&Situation> = open.iter().filter(|one| one.every == every.name()).collect();
    open.sort_by(|a, b| (a.opened, &a.id).cmp(&(b.opened, &b.id)));
    let mut profiles: Vec<Profile> = Vec::new();
    for situation in &open {
        let carried: Vec<usize> = situation.incidents.iter().filter_map(|id| place(id)).collect();
        let series = situation.alarms.iter().map(|alarm| (alarm.by.clone(), alarm.series.clone())).collect();
        let area = situation.alarms.iter().any(|alarm| is_area(&alarm.by));
        let span = (every.of(situation.first_alarm), every.of(situation.last_alarm));
        profiles.push(Profile::of(kept, &carried, series, area, span));
    }
    for alarm in &judged.alarms {
        let series = BTreeSet::from([(alarm.told.by.clone(), alarm.told.series.clone())]);
        let area = is_area(&alarm.told.by);
        profiles.push(Profile::of(kept, &alarm.carried_by, series, area, (alarm.period, alarm.period)));
    }
    let (groups, whys) = grouped(&profiles, quiet);
    let mut touched = Vec::new();
    for group in groups {
        let before: Vec<&Situation> = group.iter().filter_map(|at| open.get(*at).copied()).collect();
        let alarms: Vec<(&Alarm, &str)> = group
            .iter()
            .filter_map(|at| Some((judged.alarms.get(at.checked_sub(open.len())?)?, whys[*at].as_str())))
            .collect();
        let known = before.first().copied();
        let mut now = match standing(kept, &before, &alarms, settings, last, judged, at) {
            Some(now) => now,
            None => continue,
        };
        if let Some(known) = known {
            now.state = match became(known, &now, last, quiet, every) {
                Some(state) if state == known.state && state == Became::Eased && same(known, &now) => {
                    continue;
                }
                Some(state) => state,
                None if same(known, &now) => continue,
                None => Became::Changed,
            };
        }
        now.reason = reason(known, &now);
        for other in before.iter().skip(1) {
            let mut joined = (*other).clone();
            joined.state = Became::Joined;
            joined.joined_to = Some(now.id.clone());
            joined.reason = format!("its alarms belong to {}", now.id);
            joined.updated = at;
            joined.cursor = kept.cursor;
            (joined.acknowledged, joined.snoozed) = (None, None);
            touched.push(joined);
        }
        touched.push(now);
    }
    touched
}

/// Who belongs together: groups of places, each in order, and why each place is in its group.
fn grouped(profiles: &[Profile], adjoining: i32) -> (Vec<Vec<usize>>, Vec<String>) {
    let mut whys = vec!["the first of it".to_owned(); profiles.len()];
    let mut group: Vec<usize> = (0..profiles.len()).collect();
    for at in 1..profiles.len() {
        for before in 0..at {
            if group[at] == group[before] {
                continue;
            }
            if let Some(why) = profiles[at].belongs(&profiles[before], adjoining) {
                if group[at] == at {
                    whys[at] = why;
                }
                let (from, into) = (group[at].max(group[before]), group[at].min(group[before]));
                group.iter_mut().filter(|of| **of == from).for_each(|of| *of = into);
            }
        }
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, of) in group.into_iter().enumerate() {
        groups.entry(of).or_default().push(at);
    }
    (groups.into_values().collect(), whys)
}

/// A situation as its alarms give it; nothing where there are none and there was none.
fn standing(
    kept: &Kept,
    before: &[&Situation],
    alarms: &[(&Alarm, &str)],
    settings: &WatchSettings,
    last: i32,
    judged: &Judged,
    at: Timestamp,
) -> Option<Situation> {
    let every = Every::from(settings.every);
    let looked = last.saturating_sub(settings.quiet());
    let known = before.first().copied();
    // Alarms of periods that were judged again stand as they were judged now, older ones as they were.
    let mut told: Vec<SituationAlarm> = before
        .iter()
        .flat_map(|situation| &situation.alarms)
        .filter(|alarm| every.of(alarm.date) < looked)
        .cloned()
        .collect();
    for (alarm, why) in alarms {
        let key = |one: &SituationAlarm| (one.date, one.by.clone(), one.series.clone());
        let earlier =
            before.iter().flat_map(|situation| &situation.alarms).find(|one| key(one) == key(&alarm.told));
        let why = earlier.map_or_else(|| (*why).to_owned(), |earlier| earlier.why.clone());
        told.push(SituationAlarm { why, ..alarm.told.clone() });
    }
    told.sort_by(|a, b| (a.date, &a.by, &a.series).cmp(&(b.date, &b.by, &b.series)));
    told.dedup_by(|a, b| (a.date, &a.by, &a.series) == (b.date, &b.by, &b.series));
    if told.len() > MOST_ALARMS {
        told.drain(..told.len() - MOST_ALARMS);
    }
    let chief = alarms.iter().map(|(alarm, _)| *alarm).max_by(|a, b| {
        (a.period, std::cmp::Reverse(Total(a.told.p_value)), &a.told.series).cmp(&(
            b.period,
            std::cmp::Reverse(Total(b.told.p_value)),
            &b.told.series,
        ))
    });
    let Some(chief) = chief else {
        // Nothing of the periods that were looked at: what it was stays, with the alarms that still hold.
        let known = known?;
        let mut now = known.clone();
        now.alarms = told;
        now.judged_to = judged.covered.map_or(known.judged_to, |(_, last)| last);
        now.cursor = kept.cursor;
        now.updated = at;
        (now.acknowledged, now.snoozed) = (None, None);
        return Some(now);
    };
    let first = told.first().map_or(chief.told.date, |alarm| alarm.date);
    let mut carried: BTreeSet<usize> =
        alarms.iter().flat_map(|(alarm, _)| alarm.carried_by.clone()).collect();
    // What carried it in periods that are not looked at any more carries it still.
    for id in before.iter().flat_map(|situation| &situation.incidents) {
        if let Ok(at) = kept.happenings.binary_search_by(|one| one.id.as_str().cmp(id))
            && kept.happenings.get(at).is_some_and(|one| every.of(one.first) < looked)
        {
            carried.insert(at);
        }
    }
    let incidents: Vec<_> = carried.iter().filter_map(|at| kept.happenings.get(*at)).collect();
    let voices: BTreeSet<u32> = incidents.iter().flat_map(|one| one.voices.iter().copied()).collect();
    let all = incidents.len().max(1);
    let distinct = |values: BTreeSet<Option<String>>| values.into_iter().flatten().collect::<Vec<String>>();
    let mut now = Situation {
        schema: SITUATION_SCHEMA.to_owned(),
        id: known.map_or_else(|| new_id(chief), |known| known.id.clone()),
        state: Became::Opened,
        joined_to: None,
        says: String::new(),
        reason: String::new(),
        every: every.name().to_owned(),
        count_of: serde_json::to_value(settings.count)
            .ok()
            .and_then(|count| count.as_str().map(str::to_owned))
            .unwrap_or_default(),
        since: alarms.iter().map(|(alarm, _)| alarm.since).chain(known.map(|known| known.since)).min()?,
        first_alarm: known.map_or(first, |known| known.first_alarm.min(first)),
        last_alarm: chief.told.date,
        judged_to: judged.covered.map_or(chief.told.date, |(_, last)| last),
        chief: told
            .iter()
            .find(|alarm| {
                (alarm.date, &alarm.by, &alarm.series)
                    == (chief.told.date, &chief.told.by, &chief.told.series)
            })
            .cloned()?,
        seen_since: chief.seen,
        expected_since: chief.expected,
        alarms: told,
        countries: distinct(incidents.iter().map(|one| one.country.clone()).collect()),
        divisions: distinct(incidents.iter().map(|one| one.admin1.clone()).collect()),
        actors: chiefly(incidents.iter().map(|one| one.actors.iter().map(|side| &side.id).collect()), all)
            .into_iter()
            .collect(),
        incidents: incidents.iter().map(|one| one.id.clone()).collect(),
        independent_reports: voices.len(),
        revisions: revisions(kept, chief),
        cursor: kept.cursor,
        opened: known.map_or(at, |known| known.opened),
        updated: at,
        acknowledged: None,
        snoozed: None,
    };
    now.says = sentence(&now, chief.since);
    Some(now)
}

/// Numbers in their total order.
#[derive(PartialEq)]
struct Total(f64);

impl Eq for Total {}

impl PartialOrd for Total {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Total {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

/// The id of a situation, of the alarm that it begins with.
fn new_id(chief: &Alarm) -> String {
    let SituationAlarm { by, series, date, .. } = &chief.told;
    let digest = store::log::hex(&Sha256::digest(format!("{by}\n{series}\n{date}").as_bytes()));
    format!("WS-{}", digest.get(..12).unwrap_or(&digest))
}

/// What becomes of a situation that stands so now; nothing where its alarms go on and are no more than they were.
fn became(known: &Situation, now: &Situation, last: i32, quiet: i32, every: Every) -> Option<Became> {
    let Some(newest) = now.alarms.last() else { return Some(Became::Closed) };
    match last - every.of(newest.date) {
        periods if periods >= quiet => Some(Became::Closed),
        1.. => Some(Became::Eased),
        _ => {
            let key = |alarm: &SituationAlarm| (alarm.date, alarm.by.clone(), alarm.series.clone());
            let counts: BTreeMap<_, u32> =
                known.alarms.iter().map(|alarm| (key(alarm), alarm.count)).collect();
            let more =
                |alarm: &SituationAlarm| counts.get(&key(alarm)).is_none_or(|before| alarm.count > *before);
            now.alarms.iter().any(more).then_some(Became::Grew)
        }
    }
}

/// Whether nothing has changed that is worth an entry: expected counts move a little every day.
fn same(known: &Situation, now: &Situation) -> bool {
    let told = |of: &Situation| -> Vec<(Date, String, String, u32, bool)> {
        let alarm =
            |one: &SituationAlarm| (one.date, one.by.clone(), one.series.clone(), one.count, one.so_far);
        of.alarms.iter().map(alarm).collect()
    };
    told(known) == told(now)
        && known.incidents == now.incidents
        && known.independent_reports == now.independent_reports
        && known.revisions == now.revisions
}

fn reason(known: Option<&Situation>, now: &Situation) -> String {
    let Some(known) = known else { return "more than the past lets one expect".to_owned() };
    let every = &now.every;
    match now.state {
        Became::Opened => "more than the past lets one expect".to_owned(),
        Became::Closed if now.alarms.is_empty() => {
            "its alarms do not hold any more: counts or what is expected were revised".to_owned()
        }
        Became::Closed => format!("no alarm since the {every} of {}", now.last_alarm),
        Became::Eased => format!("the last whole {every} is no alarm"),
        Became::Joined => String::new(),
        Became::Grew => {
            let known_keys: BTreeSet<_> =
                known.alarms.iter().map(|one| (one.date, &one.by, &one.series)).collect();
            let new = now
                .alarms
                .iter()
                .filter(|one| !known_keys.contains(&(one.date, &one.by, &one.series)))
                .count();
            if new > 0 {
                format!("{new} more alarm{}", if new == 1 { "" } else { "s" })
            } else {
                "a higher count".to_owned()
            }
        }
        Became::Changed => "other figures of the same alarms".to_owned(),
    }
}

/// What revisions would do to an alarm.
fn revisions(kept: &Kept, alarm: &Alarm) -> Revisions {
    let upper = alarm.told.upper;
    let of = |at: usize| kept.happenings.get(at);
    let mut weights: Vec<(u32, usize)> = alarm.members.iter().map(|(at, weight)| (*weight, *at)).collect();
    weights.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut left = alarm.told.count;
    let mut rejections = 0;
    for (weight, _) in &weights {
        if f64::from(left) <= upper {
            break;
        }
        left = left.saturating_sub(*weight);
        rejections += 1;
    }
    let sum = |counts: &dyn Fn(&crate::Happening) -> bool| -> u32 {
        let kept = weights.iter().filter(|(_, at)| of(*at).is_some_and(counts));
        kept.fold(0_u32, |sum, (weight, _)| sum.saturating_add(*weight))
    };
    let corroborated = sum(&|one| one.voices.len() > 1);
    let accepted = sum(&|one| one.status == Status::Accepted);
    let decisive = weights
        .iter()
        .filter(|(weight, _)| f64::from(alarm.told.count.saturating_sub(*weight)) <= upper)
        .filter_map(|(_, at)| of(*at).map(|one| one.id.clone()))
        .collect();
    Revisions {
        rejections,
        decisive,
        corroborated,
        holds_corroborated: f64::from(corroborated) > upper,
        accepted,
        holds_accepted: f64::from(accepted) > upper,
    }
}

/// A situation in a sentence.
fn sentence(now: &Situation, since: Date) -> String {
    let SituationAlarm { by, series, date, so_far, count, expected, p_value, nowcast, .. } = &now.chief;
    let (every, of) = (&now.every, &now.count_of);
    let of = if of == "deaths" { "dead" } else { of };
    let seen = if *so_far {
        format!(
            "{count} {of} so far in the {every} of {date}, where {} were expected in all of it",
            few(*expected)
        )
    } else {
        format!("{count} {of} in the {every} of {date}, where {} were expected", few(*expected))
    };
    let one_in = 1.0 / p_value.max(1e-12);
    let unusual = if one_in > 1e6 {
        format!("so high a count comes less than once in a million {every}s")
    } else {
        format!("so high a count comes once in {one_in:.0} {every}s")
    };
    let mut says = format!("{series} ({by}): {seen}; {unusual} where nothing has changed");
    if let Some(nowcast) = nowcast {
        says +=
            &format!("; with late reports likely {:.0} ({} to {})", nowcast.count, nowcast.low, nowcast.high);
    }
    if since < *date {
        says += &format!(
            "; high since {since}: {} where {} were expected",
            now.seen_since,
            few(now.expected_since)
        );
    }
    let series: BTreeSet<_> = now.alarms.iter().map(|alarm| (&alarm.by, &alarm.series)).collect();
    if series.len() > 1 {
        says += &format!("; {} series with it", series.len() - 1);
    }
    says + &format!("; {} incidents, {} independent reports", now.incidents.len(), now.independent_reports)
}

/// A number with as many places as say something.
fn few(value: f64) -> String {
    if value >= 9.95 { format!("{value:.0}") } else { format!("{value:.1}") }
}
