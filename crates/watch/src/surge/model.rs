/*! The count model of our own detector: how many events a period lets one expect, and how sure that is.

The slow mean of a period is log-linear in a trend and a season (with days, also in the day of the week), fitted by penalised quasi-Poisson
scoring; what the last counts were above or below it is carried on by a part (self-excitation). The variance is dispersion × mean (the
negative binomial of the first kind), with the dispersion's likelihood kept as a small grid, so that not knowing it counts. Periods that
are likelier to belong to an outbreak than to the model weigh little. */

// Matrices are written with their indexes, as the formulas are.
#![allow(clippy::needless_range_loop)]

use super::prior::Prior;
use super::tail::score;
use super::{Tuning, tail};
use crate::period::Every;
use crate::series::Series;

/// The most terms: intercept, trend, two harmonics, six days of the week.
pub(super) const TERMS: usize = 12;

/// The terms without the days of the week.
const FEW: usize = 6;

/// Most values of the dispersion that are kept.
pub(super) const GRID: usize = 9;

/// Values of the grid between those that are worked out: which, the first of the four that it follows from, and their weights in sixteenths
/// (Lagrange's cubic in the middle of two of them).
const CUBIC: [(usize, usize, [f64; 4]); 4] = [
    (1, 0, [5.0, 15.0, -5.0, 1.0]),
    (3, 0, [-1.0, 9.0, 9.0, -1.0]),
    (5, 2, [-1.0, 9.0, 9.0, -1.0]),
    (7, 2, [1.0, -5.0, 15.0, 5.0]),
];

/// Periods that the first steps take together.
const COARSE: usize = 4;

/// Sums over the past.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    information: [[f64; TERMS]; TERMS],
    score: [f64; TERMS],
    at: [f64; TERMS],
}

/// What is known before of one period, besides its count.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terms {
    x: [f64; TERMS],
    log_offset: f64,
}

/// A fitted model.
#[derive(Debug, Clone)]
pub(super) struct Model {
    terms: usize,
    pub(super) beta: [f64; TERMS],
    /// The covariance of the coefficients in units of the dispersion, row by row.
    pub(super) covariance: [[f64; TERMS]; TERMS],
    /// Where the trend is zero.
    origin: f64,
    /// Values of the dispersion less 1, with their weights, which add up to 1.
    pub(super) grid: [(f64, f64); GRID],
    /// The share of the last period's surprise that stays, and of that of the weeks before it.
    pub(super) carried: [f64; 2],
}

/// How many terms a series of that period has.
fn terms(every: Every) -> usize {
    match every {
        Every::Day => TERMS,
        Every::Week | Every::Month => FEW,
    }
}

/// The terms of a period, with the trend in years from 1970.
fn of(every: Every, period: i32, log_offset: f64) -> Terms {
    let mut x = [0.0; TERMS];
    let time = f64::from(period) / every.a_year();
    x[0] = 1.0;
    x[1] = time;
    let (sin, cos) = (std::f64::consts::TAU * time.rem_euclid(1.0)).sin_cos();
    x[2] = cos;
    x[3] = sin;
    x[4] = 2.0 * cos * cos - 1.0;
    x[5] = 2.0 * sin * cos;
    if every == Every::Day {
        // 1970-01-01 was a Thursday. Days of the week as differences from their mean, the last one being the rest.
        let day = usize::try_from((i64::from(period) + 3).rem_euclid(7)).unwrap_or(0);
        for (at, place) in x[6..].iter_mut().enumerate() {
            *place = if day == 6 { -1.0 } else { f64::from(u8::from(day == at)) };
        }
    }
    Terms { x, log_offset }
}

/// The terms of the periods of a series from one place on up to another.
pub(super) fn all(series: &Series, begin: usize, end: usize) -> Vec<Terms> {
    (begin..end).map(|at| of(series.every(), series.period(at), series.offset(at).ln())).collect()
}

/// One period of the past, as the fit sees it.
struct Past {
    terms: Terms,
    count: f64,
    /// Old periods weigh less.
    decay: f64,
    mean: f64,
    /// How likely it is that the period is none of an outbreak.
    clean: f64,
}

/// Fits the model to the known counts of a stretch of periods, with their terms; `None` where they are too few.
pub(super) fn fit(
    every: Every,
    counts: &[Option<u32>],
    known: &[Terms],
    tuning: &Tuning,
    prior: &Prior,
) -> Option<Model> {
    let origin = known.last()?.x[1];
    let mut past: Vec<Past> = Vec::with_capacity(counts.len());
    let forget = (-std::f64::consts::LN_2 / (tuning.half_life * every.a_year())).exp();
    let mut decay = 1.0;
    for (count, terms) in counts.iter().zip(known).rev() {
        if let Some(count) = count {
            let mut terms = *terms;
            terms.x[1] -= origin;
            past.push(Past { terms, count: f64::from(*count), decay, mean: 0.0, clean: 1.0 });
        }
        decay *= forget;
    }
    past.reverse();
    if past.len() < tuning.fewest {
        return None;
    }
    let mut fitting = Fitting {
        terms: terms(every),
        past,
        last: Sums::default(),
        tuning,
        prior,
        beta: prior.mean,
        covariance: [[0.0; TERMS]; TERMS],
    };
    fitting.begin();
    fitting.coarsely()?;
    let mut dispersion = 1.0;
    for round in 0..3 {
        fitting.step(dispersion)?;
        dispersion = fitting.pearson();
        fitting.clean(dispersion, round == 2);
    }
    fitting.step(dispersion)?;
    dispersion = fitting.pearson();
    let carried = fitting.carried(counts, dispersion);
    let grid = fitting.grid(counts, carried, dispersion);
    let known: f64 = grid.iter().map(|(b, weight)| weight * (1.0 + b)).sum();
    fitting.again(known)?;
    let Fitting { terms, beta, covariance, .. } = fitting;
    let finite = beta.iter().all(|beta| beta.is_finite());
    finite.then_some(Model { terms, beta, covariance, origin, grid, carried })
}

struct Fitting<'a> {
    terms: usize,
    past: Vec<Past>,
    /// The information and the score of the last step, and where it was taken, before the penalties.
    last: Sums,
    tuning: &'a Tuning,
    prior: &'a Prior,
    beta: [f64; TERMS],
    covariance: [[f64; TERMS]; TERMS],
}

impl Fitting<'_> {
    /// The constant rate, to begin with.
    fn begin(&mut self) {
        let (mut counts, mut volume) = (0.5, 0.0);
        for past in &self.past {
            counts += past.decay * past.count;
            volume +=
                past.decay * if past.terms.log_offset == 0.0 { 1.0 } else { past.terms.log_offset.exp() };
        }
        self.beta[0] = (counts / volume).ln();
    }

    /// One step of scoring: maximises Σ decay × clean × (y ln μ − μ) / dispersion less the penalties, with half an event at the middle of
    /// the past beside what was counted (the prior of Jeffreys for a rate), so that a past without events has a rate.
    fn step(&mut self, dispersion: f64) -> Option<()> {
        // With their number known, the sums stay in registers.
        if self.terms == FEW { self.step_of::<FEW>(dispersion) } else { self.step_of::<TERMS>(dispersion) }
    }

    fn step_of<const P: usize>(&mut self, dispersion: f64) -> Option<()> {
        let mut information = [[0.0; TERMS]; TERMS];
        let mut score = [0.0; P];
        let beta: &[f64; P] = self.beta.first_chunk()?;
        let mut sums = [[0.0; P]; P];
        let (mut middle, mut weight) = ([0.0; TERMS], 0.0);
        for past in &mut self.past {
            let x: &[f64; P] = past.terms.x.first_chunk()?;
            let mut linear = past.terms.log_offset;
            for (beta, x) in beta.iter().zip(x) {
                linear += beta * x;
            }
            past.mean = linear.clamp(-30.0, 25.0).exp();
            let w = past.decay * past.clean;
            let residual = w * (past.count - past.mean);
            let w_mean = w * past.mean;
            for a in 0..P {
                score[a] += residual * x[a];
                let row = w_mean * x[a];
                // The lower half: the upper one is the same.
                for b in 0..=a {
                    sums[a][b] += row * x[b];
                }
            }
            weight += past.decay;
            middle[1] += past.decay * x[1];
        }
        for a in 0..P {
            for b in 0..=a {
                information[a][b] = sums[a][b];
                information[b][a] = sums[a][b];
            }
        }
        middle[0] = 1.0;
        middle[1] /= weight;
        self.last.score[..P].copy_from_slice(&score);
        for (score, middle) in self.last.score.iter_mut().zip(&middle).take(P) {
            // Half an event more.
            *score += 0.5 * middle;
        }
        self.last.information = information;
        self.last.at = self.beta;
        self.solve(dispersion)
    }

    /// The last step once more, with penalties for another dispersion.
    fn again(&mut self, dispersion: f64) -> Option<()> {
        self.beta = self.last.at;
        self.solve(dispersion)
    }

    /// Adds the penalties to the last sums, and goes where they say.
    fn solve(&mut self, dispersion: f64) -> Option<()> {
        let p = self.terms;
        let Sums { mut information, mut score, .. } = self.last;
        for a in 0..p {
            // In units of the dispersion, since the likelihood is.
            let penalty = dispersion / self.prior.spread[a].powi(2);
            score[a] -= penalty * (self.beta[a] - self.prior.mean[a]);
            information[a][a] += penalty;
        }
        let factor = cholesky(&mut information, p)?;
        self.covariance = inverse(factor, p);
        for a in 0..p {
            let mut step = 0.0;
            for (b, score) in score[..p].iter().enumerate() {
                step += self.covariance[a][b] * score;
            }
            // The log of a mean that is off by more than this is brought nearer in several steps.
            self.beta[a] += step.clamp(-3.0, 3.0);
        }
        Some(())
    }

    /// The first steps, on sums of four periods in a row: as near as a start needs, for a fourth of the work.
    fn coarsely(&mut self) -> Option<()> {
        let whole = std::mem::take(&mut self.past);
        self.past = whole
            .chunks(COARSE)
            .map(|some| {
                #[allow(clippy::cast_precision_loss)]
                let share = 1.0 / some.len() as f64;
                let mut one = Past {
                    terms: Terms { x: [0.0; TERMS], log_offset: 0.0 },
                    count: 0.0,
                    decay: 0.0,
                    mean: 0.0,
                    clean: 1.0,
                };
                for past in some {
                    for (sum, x) in one.terms.x.iter_mut().zip(&past.terms.x) {
                        *sum += share * x;
                    }
                    one.terms.log_offset += share * past.terms.log_offset;
                    one.count += share * past.count;
                    one.decay += past.decay;
                }
                one
            })
            .collect();
        let done = (0..4).try_for_each(|_| self.step(1.0));
        self.past = whole;
        done
    }

    fn pearson(&self) -> f64 {
        let (mut sum, mut weight) = (0.0, 0.0);
        for past in &self.past {
            let w = past.decay * past.clean;
            sum += w * (past.count - past.mean).powi(2) / past.mean.max(1e-9);
            weight += w;
        }
        // One period of dispersion 1 beside what was seen.
        ((sum + 1.0) / (weight + 1.0)).clamp(1.0, 1e4)
    }

    /// How likely each period is none of an outbreak: a mixture of a standard normal distribution of its score and a flat one from 0 to 8
    /// for outbreaks, whose share is estimated with it (EM). The score is the Anscombe residual, at the end the normal score of the
    /// negative binomial: a skewed count is high more often than a normal one, and is no outbreak for that.
    fn clean(&mut self, dispersion: f64, exact: bool) {
        let mut share = self.tuning.outbreaks;
        let mut high: Vec<(usize, f64)> = Vec::new();
        for (at, past) in self.past.iter_mut().enumerate() {
            past.clean = 1.0;
            let sd = (dispersion * past.mean).sqrt();
            if past.count > past.mean + 1.5 * sd {
                // Farrington et al. (1996), section 3.4.
                let anscombe = 1.5
                    * (past.count.powf(2.0 / 3.0) * past.mean.powf(-1.0 / 6.0) - past.mean.sqrt())
                    / dispersion.sqrt();
                let score = if exact && anscombe > 1.8 {
                    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // A count.
                    score(tail::mid_p(past.count as u64, past.mean, dispersion))
                } else {
                    anscombe
                };
                high.push((at, score));
            }
        }
        #[allow(clippy::cast_precision_loss)]
        let n = self.past.len() as f64;
        for _ in 0..3 {
            let mut outbreak = 0.0;
            for (at, score) in &high {
                let normal = (-0.5 * score.min(20.0).powi(2)).exp() * 0.398_942_28;
                let p = share / 8.0 / (share / 8.0 + (1.0 - share) * normal);
                outbreak += p;
                self.past[*at].clean = 1.0 - p;
            }
            // As if fifty periods with the usual share had been seen before.
            share = (outbreak + 50.0 * self.tuning.outbreaks) / (n + 50.0);
        }
    }

    /// The surprises (count less slow mean) in order, with nothing where a count is missing.
    fn surprises(&self, counts: &[Option<u32>]) -> Vec<f64> {
        let mut past = self.past.iter();
        counts
            .iter()
            .map(|count| match count {
                Some(_) => past.next().map_or(0.0, |past| (past.count - past.mean) * past.clean),
                None => 0.0,
            })
            .collect()
    }

    /// The shares of the last surprise, and of the mean surprise of the periods before it, that a period carries on: weighted least squares
    /// with penalties.
    fn carried(&self, counts: &[Option<u32>], dispersion: f64) -> [f64; 2] {
        let surprises = self.surprises(counts);
        let mut recent = 0.0;
        let (mut aa, mut ab, mut bb, mut ay, mut by) = (0.0, 0.0, 0.0, 0.0, 0.0);
        let mut past = self.past.iter();
        for (at, count) in counts.iter().enumerate() {
            let before = if at > 0 { surprises[at - 1] } else { 0.0 };
            if count.is_some()
                && let Some(past) = past.next()
            {
                let w = past.decay * past.clean / (dispersion * past.mean.max(1e-3));
                let y = past.count - past.mean;
                aa += w * before * before;
                ab += w * before * recent;
                bb += w * recent * recent;
                ay += w * before * y;
                by += w * recent * y;
            }
            recent = self.tuning.memory * recent + (1.0 - self.tuning.memory) * before;
        }
        let penalty = |spread: f64| 1.0 / (spread * spread);
        aa += penalty(self.tuning.carried[0]);
        bb += penalty(self.tuning.carried[1]);
        let determinant = aa * bb - ab * ab;
        let (mut a, mut b) = if determinant > 1e-12 {
            ((ay * bb - by * ab) / determinant, (by * aa - ay * ab) / determinant)
        } else {
            (0.0, 0.0)
        };
        if b < 0.0 {
            (a, b) = (ay / aa, 0.0);
        }
        if a < 0.0 {
            (a, b) = (0.0, (by / bb).max(0.0));
        }
        // Less than all is carried on: else a rise never ended.
        let whole = (a + b).max(1e-9);
        let scale = (0.95 / whole).min(1.0);
        [a * scale, b * scale]
    }

    /// The likelihood of the dispersion, around where its moments say that it is.
    fn grid(&self, counts: &[Option<u32>], carried: [f64; 2], dispersion: f64) -> [(f64, f64); GRID] {
        let surprises = self.surprises(counts);
        let mut recent = 0.0;
        let mut rows: Vec<(f64, f64, f64)> = Vec::with_capacity(self.past.len());
        let mut past = self.past.iter();
        for (at, count) in counts.iter().enumerate() {
            let before = if at > 0 { surprises[at - 1] } else { 0.0 };
            if count.is_some()
                && let Some(past) = past.next()
            {
                let mean = (past.mean + carried[0] * before + carried[1] * recent).max(0.1 * past.mean);
                rows.push((past.count, mean, past.decay * past.clean));
            }
            recent = self.tuning.memory * recent + (1.0 - self.tuning.memory) * before;
        }
        // From the moments, drawn towards the prior's middle; the grid is wide enough for either to be wrong.
        let middle = (dispersion - 1.0).max(0.08);
        let mut grid = [(0.0, 0.0); GRID];
        for (at, place) in grid.iter_mut().enumerate() {
            #[allow(clippy::cast_precision_loss)]
            let b = middle * (0.45 * (at as f64 - 4.0)).exp();
            *place = (b, 0.0);
        }
        // The log-likelihood is smooth in the log of b: every second value is worked out, the others lie on the cubic through four of them.
        for (b, likelihood) in grid.iter_mut().step_by(2) {
            let (log_phi, log_share) = ((1.0 + *b).ln(), (*b / (1.0 + *b)).ln());
            let inverse = 1.0 / *b;
            for (count, mean, weight) in &rows {
                *likelihood += weight * log_mass(*count, mean * inverse, log_phi, log_share);
            }
        }
        for (at, from, weights) in CUBIC {
            grid[at].1 = (0..4).map(|step| weights[step] * grid[from + 2 * step].1 / 16.0).sum();
        }
        for (b, likelihood) in &mut grid {
            let prior = (b.ln() - self.prior.dispersion.0) / self.prior.dispersion.1;
            *likelihood -= 0.5 * prior * prior;
        }
        let best = grid.iter().map(|(_, likelihood)| *likelihood).fold(f64::NEG_INFINITY, f64::max);
        let mut whole = 0.0;
        for (_, likelihood) in &mut grid {
            *likelihood = (*likelihood - best).exp();
            whole += *likelihood;
        }
        for (_, weight) in &mut grid {
            *weight /= whole;
        }
        grid
    }
}

/// The log of the probability of a count, without what no parameter changes: the negative binomial of size `r` and log dispersion
/// `log_phi`.
fn log_mass(count: f64, r: f64, log_phi: f64, log_share: f64) -> f64 {
    let rising = if count == 0.0 {
        0.0
    } else if count <= 10.0 {
        let mut product = 1.0;
        let mut k = 0.0;
        while k < count {
            product *= r + k;
            k += 1.0;
        }
        product.ln()
    } else {
        log_gamma(r + count) - log_gamma(r)
    };
    rising - r * log_phi + count * log_share
}

/// The log of the gamma function: Stirling's series from 8 on (Abramowitz & Stegun 6.1.41), and its recurrence below.
fn log_gamma(x: f64) -> f64 {
    let (mut x, mut product) = (x, 1.0);
    while x < 8.0 {
        product *= x;
        x += 1.0;
    }
    let (inverse, square) = (1.0 / x, 1.0 / (x * x));
    (x - 0.5) * x.ln() - x
        + 0.918_938_533_204_672_7
        + inverse * (1.0 / 12.0 - square * (1.0 / 360.0 - square / 1260.0))
        - product.ln()
}

impl Model {
    /// How many terms it has.
    pub(super) fn terms(&self) -> usize {
        self.terms
    }

    /// Mean and variance of the log of the dispersion less 1, and the mean dispersion.
    pub(super) fn dispersion(&self) -> (f64, f64, f64) {
        let (mut mean, mut square, mut whole) = (0.0, 0.0, 0.0);
        for (b, weight) in &self.grid {
            mean += weight * b.ln();
            square += weight * b.ln().powi(2);
            whole += weight * (1.0 + b);
        }
        (mean, (square - mean * mean).max(0.0), whole)
    }

    /// The slow mean of a period.
    pub(super) fn mean(&self, terms: &Terms) -> f64 {
        let mut linear = terms.log_offset - self.beta[1] * self.origin;
        for (beta, x) in self.beta.iter().zip(&terms.x).take(self.terms) {
            linear += beta * x;
        }
        linear.clamp(-30.0, 25.0).exp()
    }

    /// By how much the log of the mean changes in a day of the season: what a season that comes early or late is off by.
    pub(super) fn season_slope(&self, terms: &Terms) -> f64 {
        let [_, _, cos, sin, cos2, sin2, ..] = terms.x;
        let [_, _, of_cos, of_sin, of_cos2, of_sin2, ..] = self.beta;
        let first = of_sin * cos - of_cos * sin;
        let second = of_sin2 * cos2 - of_cos2 * sin2;
        std::f64::consts::TAU / 365.2422 * (first + 2.0 * second)
    }

    /// The variance of its log in units of the dispersion.
    pub(super) fn variance(&self, terms: &Terms) -> f64 {
        let mut x = terms.x;
        x[1] -= self.origin;
        let mut variance = 0.0;
        for a in 0..self.terms {
            for b in 0..self.terms {
                variance += x[a] * self.covariance[a][b] * x[b];
            }
        }
        variance.max(0.0)
    }
}

/// The lower factor of a matrix whose lower half is given.
fn cholesky(matrix: &mut [[f64; TERMS]; TERMS], n: usize) -> Option<&[[f64; TERMS]; TERMS]> {
    for a in 0..n {
        for b in 0..=a {
            let mut sum = matrix[a][b];
            for k in 0..b {
                sum -= matrix[a][k] * matrix[b][k];
            }
            if a == b {
                if !(sum.is_finite() && sum > 0.0) {
                    return None;
                }
                matrix[a][a] = sum.sqrt();
            } else {
                matrix[a][b] = sum / matrix[b][b];
            }
        }
    }
    Some(matrix)
}

/// The inverse of a matrix, of its lower factor.
fn inverse(factor: &[[f64; TERMS]; TERMS], n: usize) -> [[f64; TERMS]; TERMS] {
    // The inverse of the factor, column by column, then its square.
    let mut lower = [[0.0; TERMS]; TERMS];
    for column in 0..n {
        lower[column][column] = 1.0 / factor[column][column];
        for row in column + 1..n {
            let mut sum = 0.0;
            for k in column..row {
                sum -= factor[row][k] * lower[k][column];
            }
            lower[row][column] = sum / factor[row][row];
        }
    }
    let mut whole = [[0.0; TERMS]; TERMS];
    for a in 0..n {
        for b in 0..=a {
            let mut sum = 0.0;
            for row in &lower[a..n] {
                sum += row[a] * row[b];
            }
            whole[a][b] = sum;
            whole[b][a] = sum;
        }
    }
    whole
}
