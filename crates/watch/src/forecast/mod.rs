//! Forecasts of counts as draws: baselines, and ours.
//!
//! A forecast is a row of draws for each series and period to come. Draws of different periods are not paths: each period has its own.

use rand_distr::{Distribution as _, Gamma, Poisson, StandardNormal};
use rand_pcg::Pcg64;

use crate::chance;
use crate::period::Every;
use crate::series::{LARGEST, Series};

mod analogs;

use analogs::{Analogs, Query};

/// How the counts to come are foreseen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Model {
    /// Poisson around the last count (VIEWS' "last historical").
    Last,
    /// Negative binomial with the mean and the variance of the last year.
    Mean,
    /// The counts of the last year, each as likely (VIEWS' "conflictology").
    Conflictology,
    /// Ours: [`SHORT`], [`LONG`] and [`ANALOGS`] together.
    Watchpost,
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// How.
    pub model: Model,
    /// Periods ahead.
    pub horizon: u32,
    /// Draws for each.
    pub draws: u32,
    /// The same seed gives the same draws.
    pub seed: u64,
}

/// The draws of one series and period.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// The series, by its place.
    pub series: usize,
    /// The period.
    pub period: i32,
    /// Whole numbers from zero up.
    pub draws: Vec<f64>,
}

/// A part of our model: counts of the series' own past, the newer the likelier, each moved up or down by chance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Own {
    /// Share of the draws.
    pub share: f64,
    /// After so many months a count is half as likely.
    pub half_life: f64,
    /// Standard deviation of the logarithm by which counts are moved: this …
    pub drift: f64,
    /// … and this times the square root of the months ahead.
    pub drift_by_month: f64,
}

/// The near past.
pub const SHORT: Own = Own { share: 0.65, half_life: 4.0, drift: 0.3, drift_by_month: 0.1 };

/// The far past: what a series has been like for years comes back.
pub const LONG: Own = Own { share: 0.25, half_life: 24.0, drift: 0.3, drift_by_month: 0.1 };

/// Share of the draws that come from what followed, in any of the series at hand, where counts had been like this one's now: a quiet series learns
/// from the others how often quiet ends.
pub const ANALOGS: f64 = 0.10;

/// Forecasts each series from the last period that any of them has: of a series that ended before, the periods since are not known.
/// A series without a count has none.
#[must_use]
pub fn forecast(all: &[Series], settings: &Settings) -> Vec<Forecast> {
    let mut found = Vec::new();
    each(all, settings, |one| found.push(one));
    found
}

/// As [`forecast`], one after another, so that many need no memory.
pub fn each(all: &[Series], settings: &Settings, mut take: impl FnMut(Forecast)) {
    let Some(origin) = all.iter().filter(|one| !one.counts().is_empty()).map(Series::last).max() else {
        return;
    };
    let analogs = (settings.model == Model::Watchpost).then(|| Analogs::new(all, origin, settings.horizon));
    for (place, series) in all.iter().enumerate() {
        let past = Past::new(series, origin);
        if past.counts.is_empty() {
            continue;
        }
        for ahead in 1..=settings.horizon {
            let Some(period) = i32::try_from(ahead).ok().and_then(|ahead| origin.checked_add(ahead)) else {
                break;
            };
            // A stream by the name and the period: other series and horizons beside it change nothing.
            let task = named(series.name()) ^ u64::from(period.unsigned_abs());
            let mut chance = chance::stream(settings.seed, task);
            let mut draws = Vec::with_capacity(settings.draws as usize);
            match settings.model {
                Model::Last => past.last(settings.draws, &mut chance, &mut draws),
                Model::Mean => past.mean(settings.draws, &mut chance, &mut draws),
                Model::Conflictology => past.year(settings.draws, &mut chance, &mut draws),
                Model::Watchpost => {
                    let alike = analogs.as_ref().and_then(|all| all.now(place).zip(all.pool(ahead)));
                    ours(&past, alike, ahead, settings.draws, &mut chance, &mut draws);
                }
            }
            shuffle(&mut draws, &mut chance);
            take(Forecast { series: place, period, draws });
        }
    }
}

/// FNV-1a of a name.
fn named(name: &str) -> u64 {
    name.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// What is known of a series, and how long ago it was.
struct Past {
    every: Every,
    /// Periods before the last of all, with their counts, the newest first.
    counts: Vec<(f64, f64)>,
}

impl Past {
    fn new(series: &Series, origin: i32) -> Self {
        let known = series.counts().iter().enumerate().rev().filter_map(|(index, count)| {
            let age = f64::from(origin) - f64::from(series.period(index));
            Some((age, f64::from((*count)?)))
        });
        Self { every: series.every(), counts: known.collect() }
    }

    /// The counts of the last year, or the newest where there is none in it.
    fn of_year(&self) -> Vec<f64> {
        let year = self.every.a_year().round();
        let within: Vec<f64> =
            self.counts.iter().take_while(|(age, _)| *age < year).map(|(_, count)| *count).collect();
        if within.is_empty() {
            self.counts.first().map(|(_, count)| *count).into_iter().collect()
        } else {
            within
        }
    }

    fn last(&self, draws: u32, chance: &mut Pcg64, into: &mut Vec<f64>) {
        let last = self.counts.first().map_or(0.0, |(_, count)| *count);
        into.extend((0..draws).map(|_| poisson(last, chance)));
    }

    fn mean(&self, draws: u32, chance: &mut Pcg64, into: &mut Vec<f64>) {
        let year = self.of_year();
        #[expect(clippy::cast_precision_loss, reason = "counts of a year")]
        let count = year.len() as f64;
        let mean = year.iter().sum::<f64>() / count;
        let variance = year.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0).max(1.0);
        // Variance mean + mean²/size, by moments.
        let size = mean * mean / (variance - mean);
        let spread = (size.is_finite() && size > 0.0).then(|| Gamma::new(size, mean / size).ok()).flatten();
        into.extend((0..draws).map(|_| {
            let rate = spread.map_or(mean, |spread| spread.sample(chance));
            poisson(rate, chance)
        }));
    }

    fn year(&self, draws: u32, chance: &mut Pcg64, into: &mut Vec<f64>) {
        let year = self.of_year();
        let weights: Vec<f64> = vec![1.0; year.len()];
        picks(&weights, draws, chance, |at| into.push(year[at]));
    }

    /// Counts of the past, the newer the likelier, each moved.
    fn own(&self, part: &Own, ahead: u32, draws: u32, chance: &mut Pcg64, into: &mut Vec<f64>) {
        let month = self.every.a_year() / 12.0;
        let weights: Vec<f64> =
            self.counts.iter().map(|(age, _)| 0.5f64.powf(age / (part.half_life * month))).collect();
        let spread = part.drift + part.drift_by_month * (f64::from(ahead) / month).sqrt();
        let mut picked = Vec::with_capacity(draws as usize);
        picks(&weights, draws, chance, |at| picked.push(self.counts[at].1));
        into.extend(picked.into_iter().map(|count| {
            let by: f64 = StandardNormal.sample(chance);
            whole(count * (spread * by).exp())
        }));
    }
}

/// A count that can be.
fn whole(value: f64) -> f64 {
    if value.is_finite() { value.round().clamp(0.0, f64::from(LARGEST)) } else { f64::from(LARGEST) }
}

fn poisson(mean: f64, chance: &mut Pcg64) -> f64 {
    if mean <= 0.0 {
        return 0.0;
    }
    Poisson::new(mean.min(f64::from(LARGEST))).map_or(0.0, |law| whole(law.sample(chance)))
}

/// Picks places by weight, evenly spread over the weights (systematic sampling: as random as single draws, and with less noise).
fn picks(weights: &[f64], draws: u32, chance: &mut Pcg64, mut take: impl FnMut(usize)) {
    let all: f64 = weights.iter().sum();
    if weights.is_empty() || all <= 0.0 {
        return;
    }
    let start = chance::unit(chance);
    let (mut at, mut passed) = (0, weights[0]);
    for draw in 0..draws {
        let aim = (f64::from(draw) + start) / f64::from(draws) * all;
        while passed <= aim && at + 1 < weights.len() {
            at += 1;
            passed += weights[at];
        }
        take(at);
    }
}

fn shuffle(draws: &mut [f64], chance: &mut Pcg64) {
    for at in (1..draws.len()).rev() {
        let other = chance::below(chance, u32::try_from(at + 1).unwrap_or(u32::MAX)) as usize;
        draws.swap(at, other);
    }
}

/// Our model: the near past, the far past and analogs, in their shares; without analogs the past has theirs.
fn ours(
    past: &Past,
    analogs: Option<(Query, &analogs::Pool)>,
    ahead: u32,
    draws: u32,
    chance: &mut Pcg64,
    into: &mut Vec<f64>,
) {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of a number of draws"
    )]
    let part = |share: f64| (share * f64::from(draws)).round() as u32;
    if let Some((query, pool)) = analogs {
        let near = pool.near(&query);
        let weights: Vec<f64> = near.iter().map(|(_, weight)| *weight).collect();
        picks(&weights, part(ANALOGS), chance, |at| into.push(whole(near[at].0)));
    }
    let left = draws.saturating_sub(u32::try_from(into.len()).unwrap_or(u32::MAX));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of a number of draws"
    )]
    let long = (f64::from(left) * LONG.share / (LONG.share + SHORT.share)).round() as u32;
    past.own(&LONG, ahead, long.min(left), chance, into);
    past.own(&SHORT, ahead, left - long.min(left), chance, into);
}

#[cfg(test)]
mod tests;
