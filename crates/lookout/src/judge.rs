//! The series of a store judged: which of their last periods have more than the past lets one expect.

use std::collections::BTreeMap;

use jiff::civil::Date;
use record::{Nowcast, SituationAlarm};
use serde::{Deserialize, Serialize};
use watch::nowcast::{self, Delay, TooLittle};
use watch::surge::alarms::benjamini_hochberg;
use watch::surge::{self, Detector, Judgement, Prior, REACH};
use watch::{Every, Series, SeriesError};

use crate::{By, Gathered, Kept, LeftOut, Measure, Question};

/// What is watched, as an operator sets it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WatchSettings {
    /// What makes the series: each entry is a table of its own, in which `--by` is said with commas.
    pub by: Vec<String>,
    /// The length of a period: `day`, `week` or `month`.
    pub every: Period,
    /// What is counted.
    pub count: Measure,
    /// How likely a count is to be an alarm where nothing has changed.
    pub alpha: f64,
    /// Of the alarms of one period and table, the share that may be false (Benjamini and Hochberg).
    pub fdr: f64,
    /// Whether counts are held against the volume of reporting.
    pub volume: bool,
    /// Whether counts of the last periods are held against what is likely to be told of them by now.
    pub nowcast: bool,
}

/// The length of a period, as settings write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Period {
    /// A day.
    Day,
    /// A week of ISO 8601.
    Week,
    /// A month.
    Month,
}

impl From<Period> for Every {
    fn from(period: Period) -> Self {
        match period {
            Period::Day => Self::Day,
            Period::Week => Self::Week,
            Period::Month => Self::Month,
        }
    }
}

impl Default for WatchSettings {
    fn default() -> Self {
        Self {
            by: ["admin1", "country,type", "actor"].map(str::to_owned).to_vec(),
            every: Period::Week,
            count: Measure::Incidents,
            alpha: 0.01,
            fdr: 0.1,
            volume: false,
            nowcast: true,
        }
    }
}

impl WatchSettings {
    /// What is wrong with them, one line each.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for (name, share) in [("alpha", self.alpha), ("fdr", self.fdr)] {
            if !(share > 0.0 && share < 1.0) {
                faults.push(format!("watch.{name} is {share}; expected a number between 0 and 1"));
            }
        }
        for words in &self.by {
            match tables(words) {
                Err(error) => faults.push(format!("watch.by: {error}")),
                Ok(by) if by.contains(&By::Area) => {
                    faults
                        .push("watch.by: area needs drawn areas, which the settings do not have".to_owned());
                }
                Ok(_) => {}
            }
        }
        if self.by.is_empty() {
            faults.push("watch.by is empty; expected at least one, such as \"admin1\"".to_owned());
        }
        faults
    }

    /// How many whole periods without an alarm close a situation.
    #[must_use]
    pub fn quiet(&self) -> i32 {
        match self.every {
            Period::Day => 7,
            Period::Week | Period::Month => 2,
        }
    }
}

fn tables(words: &str) -> Result<Vec<By>, String> {
    words.split(',').map(str::parse).collect()
}

/// An alarm, with what carries it.
#[derive(Debug, Clone, PartialEq)]
pub struct Alarm {
    /// What is said of it.
    pub told: SituationAlarm,
    /// Its period.
    pub period: i32,
    /// Incidents of its period, by their place in [`Kept::happenings`], and what each counts for.
    pub members: Vec<(usize, u32)>,
    /// Incidents of the rise that it ends, of the last periods.
    pub carried_by: Vec<usize>,
    /// The first day of the rise.
    pub since: Date,
    /// Counted in the rise.
    pub seen: u64,
    /// Expected in it.
    pub expected: f64,
}

/// What was found on a day.
#[derive(Debug, Clone, Default)]
pub struct Judged {
    /// Alarms of the periods that were looked at.
    pub alarms: Vec<Alarm>,
    /// The last whole period that was looked at.
    pub last: Option<i32>,
    /// The days that the record covers.
    pub covered: Option<(Date, Date)>,
    /// Series that were looked at, and of those how many had too little past to be judged.
    pub series: usize,
    /// Without enough past.
    pub unjudged: usize,
    /// What was not counted, by table.
    pub left: Vec<(String, LeftOut)>,
    /// How late reports come, or why that is not known.
    pub delay: Option<Result<Delay, TooLittle>>,
}

/// Periods of a rise whose incidents are taken to carry an alarm.
const CARRIED: usize = 4;

/// Judges the last periods before a day: what was published before it counts.
///
/// # Errors
/// Where a series would be longer than can be, or a count larger.
pub fn judge(kept: &Kept, settings: &WatchSettings, as_of: Date) -> Result<Judged, SeriesError> {
    let every = Every::from(settings.every);
    let now = as_of.yesterday().unwrap_or(as_of);
    // A table tells of nothing after its last incident; of reports, the running day counts.
    let until = match kept.covered().filter(|_| kept.is_table()) {
        Some((_, last)) => last.min(now),
        None => now,
    };
    let mut judged = Judged::default();
    if settings.nowcast {
        judged.delay = Some(learned(kept, now));
    }
    for words in &settings.by {
        let Ok(by) = tables(words) else { continue };
        let question = Question {
            count: settings.count,
            until: Some(until),
            known_by: Some(now),
            volume: settings.volume,
            ..Question::new(&by, every)
        };
        let gathered = crate::series(kept, &question)?;
        judged.left.push((words.clone(), gathered.left));
        judged.covered = judged.covered.or(gathered.covered);
        judged.last = judged.last.or(gathered.last);
        judged.series += gathered.series.len();
        table(&mut judged, words, &gathered, settings, until)?;
    }
    Ok(judged)
}

/// How late reports come, as it is known on the evening of a day.
///
/// # Errors
/// Where there is too little to learn from.
pub fn learned(kept: &Kept, now: Date) -> Result<Delay, TooLittle> {
    let told: Vec<(i32, u32)> = kept
        .happenings
        .iter()
        .filter_map(|one| Some((Every::Day.of(one.first), u32::try_from(one.delay()?).ok()?)))
        .collect();
    Delay::learn(&told, Every::Day.of(now))
}

/// A series with what has come so far of the running period, and with what is told of each as its offset.
fn so_far(
    series: &Series,
    members: &[crate::series::Member],
    told: &[f64],
    running: bool,
) -> Result<Series, SeriesError> {
    let last = series.last();
    let mut counts = series.counts().to_vec();
    if running {
        let sum: u64 =
            members.iter().filter(|one| one.period == last + 1).map(|one| u64::from(one.weight)).sum();
        let sum = u32::try_from(sum).ok().filter(|sum| *sum <= watch::series::LARGEST);
        counts.push(Some(sum.ok_or_else(|| SeriesError::TooMuch {
            name: series.name().to_owned(),
            every: series.every().name(),
        })?));
    }
    let offsets =
        (0..counts.len()).map(|at| series.offset(at) * told.get(at).copied().unwrap_or(1.0)).collect();
    Ok(Series::new(series.name(), series.every(), series.first(), counts).with_offsets(offsets))
}

fn table(
    judged: &mut Judged,
    words: &str,
    gathered: &Gathered,
    settings: &WatchSettings,
    now: Date,
) -> Result<(), SeriesError> {
    let Some(last) = gathered.last else { return Ok(()) };
    let every = Every::from(settings.every);
    let today = Every::Day.of(now);
    let delay = judged.delay.as_ref().and_then(|delay| delay.as_ref().ok()).cloned();
    // What of each period is told by now; the running one is held against a whole one, told as it will be: its count can only rise.
    let first = gathered.series.first().map_or(last, Series::first);
    let told: Vec<(f64, f64)> = (first..=last)
        .map(|period| delay.as_ref().map_or((1.0, 0.0), |delay| delay.of_period(every, period, today)))
        .collect();
    let shares: Vec<f64> = told.iter().map(|(share, _)| share.max(1e-3)).collect();
    // With the volume of reporting as the offset a running period cannot be held against a whole one.
    let running = !settings.volume && every.of(now) > last;
    let series: Vec<Series> = gathered
        .series
        .iter()
        .zip(&gathered.members)
        .map(|(series, members)| so_far(series, members, &shares, running))
        .collect::<Result<_, _>>()?;
    let looked = last.saturating_sub(settings.quiet());
    let prior = Prior::pooled(&series, Some(looked));
    let mut by_period: BTreeMap<i32, Vec<(usize, Judgement)>> = BTreeMap::new();
    for (at, one) in series.iter().enumerate() {
        let from = one.index(looked).unwrap_or(0);
        // Our own detector judges every series.
        let found = Detector::Watchpost.judge(one, from, settings.alpha, &prior).unwrap_or_default();
        let mut any = false;
        for (judgement, index) in found.into_iter().zip(from..) {
            let period = one.period(index);
            let enough = usize::try_from(period - first).ok().and_then(|at| shares.get(at));
            if enough.is_some_and(|share| *share < nowcast::LEAST) {
                continue;
            }
            if let Some(judgement) = judgement {
                any = true;
                by_period.entry(period).or_default().push((at, judgement));
            }
        }
        judged.unjudged += usize::from(!any);
    }
    for (period, found) in by_period {
        let mut p_values: Vec<f64> = found.iter().map(|(_, judgement)| judgement.p_value).collect();
        let Some(largest) = benjamini_hochberg(&mut p_values, settings.fdr) else { continue };
        for (at, judgement) in found {
            if !judgement.alarm || judgement.p_value > largest {
                continue;
            }
            let index = usize::try_from(period - first).ok();
            let of_period = index.and_then(|index| told.get(index)).copied().unwrap_or((1.0, 0.0));
            let members = &gathered.members[at];
            judged.alarms.extend(alarm(
                words,
                &series[at],
                members,
                period,
                judgement,
                of_period,
                period > last,
                settings,
                &prior,
            ));
        }
    }
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "what is known of one alarm")]
fn alarm(
    words: &str,
    series: &Series,
    members: &[crate::series::Member],
    period: i32,
    judgement: Judgement,
    (share, error): (f64, f64),
    so_far: bool,
    settings: &WatchSettings,
    prior: &Prior,
) -> Option<Alarm> {
    let index = series.index(period)?;
    let count = series.counts().get(index).copied().flatten()?;
    let from = index.saturating_sub(REACH);
    let before = Detector::Watchpost.judge(series, from, settings.alpha, prior).unwrap_or_default();
    let rise = surge::rise(series, index, |at| before.get(at.checked_sub(from)?).copied().flatten());
    let carried = series.period(rise.since.max(index.saturating_sub(CARRIED - 1)));
    let every = series.every();
    // Only incidents are told late one by one: deaths and reports of them come in groups.
    let late = !so_far && share < 0.995 && settings.count == Measure::Incidents;
    let nowcast = late.then(|| nowcast::in_the_end(count, share, error)).flatten().map(|expected| Nowcast {
        told: share,
        count: expected.count,
        low: expected.low,
        high: expected.high,
    });
    let mut carried_by: Vec<usize> = members
        .iter()
        .filter(|member| (carried..=period).contains(&member.period) && member.weight > 0)
        .map(|member| member.happening)
        .collect();
    carried_by.sort_unstable();
    carried_by.dedup();
    Some(Alarm {
        told: SituationAlarm {
            by: words.to_owned(),
            series: series.name().to_owned(),
            date: every.start(period),
            so_far,
            count,
            expected: judgement.expected,
            upper: judgement.upper,
            p_value: judgement.p_value,
            nowcast,
            why: String::new(),
        },
        period,
        members: members
            .iter()
            .filter(|member| member.period == period)
            .map(|member| (member.happening, member.weight))
            .collect(),
        carried_by,
        since: every.start(series.period(rise.since)),
        seen: rise.count,
        expected: rise.expected,
    })
}
