//! Incidents into series: what is counted, and how many could not be.

use std::collections::BTreeMap;

use jiff::civil::Date;
use record::vocabulary::TimePrecision;
use serde::{Deserialize, Serialize};
use watch::series::Unsaid;
use watch::{Every, Observation, Series, SeriesError};

use crate::{Areas, By, Happening, Kept};

/// What is counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Measure {
    /// Each incident once.
    #[default]
    Incidents,
    /// The dead, by the best figure.
    Deaths,
    /// Independent reports of the incidents: copies of one text and versions of one page once.
    Reports,
}

/// What is asked.
#[derive(Debug, Clone)]
pub struct Question<'a> {
    /// What makes a series.
    pub by: &'a [By],
    /// What is counted.
    pub count: Measure,
    /// The length of a period.
    pub every: Every,
    /// First day that the record covers; where it is not said, [`Kept::covered`].
    pub since: Option<Date>,
    /// Last day.
    pub until: Option<Date>,
    /// Only what was told by then.
    pub known_by: Option<Date>,
    /// With the volume of reporting as the offset.
    pub volume: bool,
    /// Areas that were drawn: for [`By::Area`] each is a series, else only what lies in one of them counts.
    pub areas: Option<&'a Areas>,
}

impl Question<'_> {
    /// Counts of incidents.
    #[must_use]
    pub const fn new(by: &[By], every: Every) -> Question<'_> {
        Question {
            by,
            count: Measure::Incidents,
            every,
            since: None,
            until: None,
            known_by: None,
            volume: false,
            areas: None,
        }
    }
}

/// What was not counted, and why.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Incidents without a day.
    pub dayless: u64,
    /// Incidents whose day is not known well enough to say in which period they were.
    pub imprecise: u64,
    /// Incidents before the first whole period that the record covers.
    pub before: u64,
    /// Incidents after the last whole period, which may get more.
    pub after: u64,
    /// Incidents that were told later than asked for.
    pub later: u64,
    /// Incidents of which it is not known what makes a series, or not exactly enough.
    pub unnamed: u64,
    /// Incidents outside of all areas, or not known to be in one.
    pub outside: u64,
    /// Incidents without a number of dead; they count as none.
    pub no_number: u64,
    /// Periods in which nothing was read; their counts are missing.
    pub unread: u64,
}

/// A count in a period: which incident it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// The period.
    pub period: i32,
    /// The incident, by its place in [`Kept::happenings`].
    pub happening: usize,
    /// What it counts for.
    pub weight: u32,
}

/// Series, with the incidents that they count.
#[derive(Debug, Clone, Default)]
pub struct Gathered {
    /// In the order of their names.
    pub series: Vec<Series>,
    /// Of each, what it counts, in the order of the periods; also what lies after the last whole period.
    pub members: Vec<Vec<Member>>,
    /// What was not counted.
    pub left: LeftOut,
    /// The first and last day that the record covers.
    pub covered: Option<(Date, Date)>,
    /// The last whole period; what is counted after it is not all yet.
    pub last: Option<i32>,
}

/// Whether the days of an incident tell its period: it is known as exactly as a period is long, or all the days that it may have been on lie in
/// one. A table that knows the month alone names one day for it all the same: that day says nothing.
fn fits(of: &Happening, every: Every) -> bool {
    let enough = match every {
        Every::Day => TimePrecision::Day,
        Every::Week => TimePrecision::Week,
        Every::Month => TimePrecision::Month,
    };
    of.precision <= enough || of.first != of.last && every.of(of.first) == every.of(of.last)
}

/// The whole periods between two days; the second is before the first where there is none.
fn whole(every: Every, (first, last): (Date, Date)) -> (i32, i32) {
    let begin = every.of(first);
    let begin = if every.start(begin) < first { begin.saturating_add(1) } else { begin };
    let end = every.of(last);
    let ends = |period: i32| every.start(period.saturating_add(1)).yesterday().is_ok_and(|end| end <= last);
    (begin, if ends(end) { end } else { end.saturating_sub(1) })
}

/// Counts incidents.
///
/// # Errors
/// Where a series would be longer than can be, or a count larger.
pub fn series(kept: &Kept, question: &Question<'_>) -> Result<Gathered, SeriesError> {
    let every = question.every;
    let mut left = LeftOut { dayless: kept.dayless, ..LeftOut::default() };
    let covered = kept.covered();
    let since = question.since.or(covered.map(|(first, _)| first));
    let until = question.until.or(covered.map(|(_, last)| last));
    let Some(covered) = since.zip(until).filter(|(since, until)| since <= until) else {
        left.before = kept.happenings.len() as u64;
        return Ok(Gathered { left, ..Gathered::default() });
    };
    let (first, last) = whole(every, covered);
    let mut members: BTreeMap<String, Vec<Member>> = BTreeMap::new();
    for (happening, one) in kept.happenings.iter().enumerate() {
        if question.known_by.is_some_and(|by| one.known.unwrap_or(one.last) > by) {
            left.later += 1;
            continue;
        }
        if !fits(one, every) {
            left.imprecise += 1;
            continue;
        }
        let period = every.of(one.first);
        left.before += u64::from(period < first);
        left.after += u64::from(period > last);
        if period < first || one.first > covered.1 {
            continue;
        }
        if let Some(areas) = question.areas
            && one
                .point_within(crate::by::NEAR)
                .is_none_or(|(lat, lon)| areas.around(lat, lon).next().is_none())
        {
            left.outside += 1;
            continue;
        }
        let names = names(one, question);
        if names.is_empty() {
            left.unnamed += 1;
        }
        let weight = match question.count {
            Measure::Incidents => 1,
            Measure::Deaths => {
                left.no_number += u64::from(one.deaths.is_none());
                u32::try_from(one.deaths.unwrap_or(0)).unwrap_or(u32::MAX)
            }
            Measure::Reports => u32::try_from(one.voices.len()).unwrap_or(u32::MAX),
        };
        for name in names {
            members.entry(name).or_default().push(Member { period, happening, weight });
        }
    }
    let volumes = question.volume.then(|| volumes(kept, every, question.known_by));
    if let Some(volumes) = &volumes {
        left.unread = (first..=last).filter(|period| !volumes.contains_key(period)).count() as u64;
    }
    let mut gathered = Gathered { left, covered: Some(covered), last: Some(last), ..Gathered::default() };
    for (name, mut of) in members {
        of.sort_by_key(|member| (member.period, member.happening));
        let events = of.iter().map(|member| (member.period, member.weight));
        let series = Series::of_events(name, every, (first, last), events)?;
        gathered.series.push(match &volumes {
            Some(volumes) => with_volumes(&series, volumes)?,
            None => series,
        });
        gathered.members.push(of);
    }
    Ok(gathered)
}

/// The names of the series that an incident belongs to.
fn names(of: &Happening, question: &Question<'_>) -> Vec<String> {
    let mut names: Vec<Vec<String>> = vec![Vec::new()];
    for by in question.by.iter().filter(|by| **by != By::All) {
        let parts = by.names(of, question.areas);
        names = names
            .iter()
            .flat_map(|before| {
                parts.iter().map(move |part| before.iter().chain([part]).cloned().collect::<Vec<_>>())
            })
            .collect();
    }
    let mut names: Vec<String> = names
        .into_iter()
        .map(|parts| if parts.is_empty() { "all".to_owned() } else { parts.join("; ") })
        .collect();
    names.sort();
    names.dedup();
    names
}

/// Voices that were first heard in each period.
fn volumes(kept: &Kept, every: Every, known_by: Option<Date>) -> BTreeMap<i32, u64> {
    let mut volumes: BTreeMap<i32, u64> = BTreeMap::new();
    for (day, voices) in kept.volume.iter().filter(|(day, _)| known_by.is_none_or(|by| **day <= by)) {
        *volumes.entry(every.of(*day)).or_default() += voices;
    }
    volumes
}

/// The same counts with the volume of reporting; where nothing was read, nothing is known.
fn with_volumes(series: &Series, volumes: &BTreeMap<i32, u64>) -> Result<Series, SeriesError> {
    #[expect(clippy::cast_precision_loss, reason = "numbers of reports")]
    let observation = |(index, count): (usize, &Option<u32>)| {
        let period = series.period(index);
        let offset = volumes.get(&period).map(|voices| *voices as f64);
        Observation { period, count: *count, offset }
    };
    let observations = series.counts().iter().enumerate().map(observation).collect();
    Ok(Series::of_observations(series.name(), series.every(), observations, Unsaid::Missing)?.series)
}
