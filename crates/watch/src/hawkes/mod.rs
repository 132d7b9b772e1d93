//! Events that draw others after them: the self-exciting point process of Hawkes (1971, *Biometrika* 58:83–90, eq. 8), by maximum likelihood.
//!
//! The rate of events at time t is λ(t) = μ(t) + Σ n β exp(−β (t − tᵢ)) over the events before t: a background μ that comes by itself, and
//! after each event n others on average (the *branching ratio*: Hawkes & Oakes 1974, *Journal of Applied Probability* 11:493–503), with a mean
//! delay of 1/β. The background is a step function, for one that stands still takes every slow swing of a conflict for contagion: on the
//! series of this field the branching ratio then comes out up to twice as large (Lewis et al. 2012, *Security Journal* 25:244–264; Mohler
//! 2013, *Annals of Applied Statistics* 7:1525–1539).
//!
//! The log-likelihood is Σ ln λ(tᵢ) − ∫ λ (Ogata 1978, *Annals of the Institute of Statistical Mathematics* 30:243–261, eq. 1.3), whose sums over
//! earlier events are had by recursion (Ogata 1981, *IEEE Transactions on Information Theory* 27:23–31, eq. 21). For a given β it is concave in
//! the levels of the background and n, so that each β has one best fit, and the search is over β alone.
//!
//! [`Daily`] is the same process seen by days, where an event is followed by others on *later* days only: Kirchner (2016, *Stochastic Processes
//! and their Applications* 126:2494–2525, section 2) shows that it goes over into the process as the days get short.

mod concave;
mod residual;
mod simulate;

use concave::{Best, Linear};
use rand_pcg::Pcg64;

use crate::chance::below;

pub use residual::{Residuals, kolmogorov};
pub use simulate::{clusters, scatter, spread};

/// Longest mean delay in days that is looked for: contagion between attacks was found to last two to six weeks (Lewis et al. 2012), and
/// what lasts longer cannot be told from a background that moves.
pub const LONGEST_LAG: f64 = 60.0;

/// Shortest mean delay in days: where days are known and hours are not, nothing shorter can be seen.
pub const SHORTEST_LAG: f64 = 0.25;

/// Half of what a log-likelihood may fall inside a 95 % interval: half the 95 % point of χ² with one degree of freedom.
const FALL: f64 = 1.920_729_410_347_062;

/// The steps of a background: where each ends, in days from the beginning; the last one's end is that of the time looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Steps {
    ends: Vec<f64>,
}

impl Steps {
    /// One level for the whole time.
    #[must_use]
    pub fn one(span: f64) -> Self {
        Self { ends: vec![span] }
    }

    /// Levels that end where it is said, ascending, the last at the end of the time; ends that are not after the one before are left out.
    #[must_use]
    pub fn new(ends: impl IntoIterator<Item = f64>) -> Self {
        let mut kept: Vec<f64> = Vec::new();
        for end in ends {
            if end > kept.last().copied().unwrap_or(0.0) {
                kept.push(end);
            }
        }
        Self { ends: kept }
    }

    /// How long the whole time is.
    #[must_use]
    pub fn span(&self) -> f64 {
        self.ends.last().copied().unwrap_or(0.0)
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.ends.len()
    }

    /// Where each ends, in days from the beginning.
    #[must_use]
    pub fn ends(&self) -> &[f64] {
        &self.ends
    }

    /// The step that a time lies in.
    fn at(&self, time: f64) -> usize {
        self.ends.partition_point(|end| *end <= time).min(self.ends.len().saturating_sub(1))
    }

    /// How long each is.
    fn lengths(&self) -> Vec<f64> {
        let mut before = 0.0;
        self.ends.iter().map(|end| end - std::mem::replace(&mut before, *end)).collect()
    }

    /// The background's integral from the beginning to a time.
    fn until(&self, levels: &[f64], time: f64) -> f64 {
        let (mut sum, mut before) = (0.0, 0.0);
        for (end, level) in self.ends.iter().zip(levels) {
            if time <= *end {
                return sum + level * (time - before);
            }
            sum += level * (end - before);
            before = *end;
        }
        sum
    }
}

/// What makes a likelihood of this process: for each β, how strongly each event is excited.
trait Process {
    /// The rate that each row has from the rows before it for n = 1, and what all rows excite within the time for n = 1.
    fn excited(&self, beta: f64, into: &mut Vec<f64>) -> f64;
    /// The step that each row lies in, ascending.
    fn steps(&self) -> &[u32];
    /// Events of each row; nothing where each has one.
    fn weights(&self) -> Option<&[f64]>;
    /// How long each step is.
    fn lengths(&self) -> &[f64];
}

/// Events in continuous time.
#[derive(Debug, Clone)]
pub struct Events {
    times: Vec<f64>,
    span: f64,
    steps: Vec<u32>,
    lengths: Vec<f64>,
    background: Steps,
}

impl Events {
    /// Events at these times (in days from the beginning) over a background of steps. Times outside of it, and those that are no numbers, are left out.
    #[must_use]
    pub fn new(mut times: Vec<f64>, background: Steps) -> Self {
        let span = background.span();
        times.retain(|time| (0.0..=span).contains(time));
        times.sort_by(f64::total_cmp);
        let steps = times.iter().map(|time| u32::try_from(background.at(*time)).unwrap_or(0)).collect();
        Self { lengths: background.lengths(), times, span, steps, background }
    }

    /// The same events over another background.
    #[must_use]
    pub fn over(&self, background: Steps) -> Self {
        Self::new(self.times.clone(), background)
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.times.len()
    }

    /// The log-likelihood at given values: levels of the background by step, branching ratio, β.
    #[must_use]
    pub fn log_likelihood(&self, levels: &[f64], branching: f64, beta: f64) -> f64 {
        let mut excited = Vec::new();
        let all = self.excited(beta, &mut excited);
        Linear::new(self, &excited, all).value(levels, branching)
    }
}

impl Process for Events {
    fn excited(&self, beta: f64, into: &mut Vec<f64>) -> f64 {
        into.clear();
        let (mut sum, mut all) = (0.0, 0.0);
        let mut before = f64::NEG_INFINITY;
        for time in &self.times {
            sum = if before.is_finite() { (-beta * (time - before)).exp() * (1.0 + sum) } else { 0.0 };
            into.push(beta * sum);
            all -= (-beta * (self.span - time)).exp_m1();
            before = *time;
        }
        all
    }

    fn steps(&self) -> &[u32] {
        &self.steps
    }

    fn weights(&self) -> Option<&[f64]> {
        None
    }

    fn lengths(&self) -> &[f64] {
        &self.lengths
    }
}

/// Events by days (or other periods of one length), each of which follows only those of earlier days.
#[derive(Debug, Clone)]
pub struct Daily {
    counts: Vec<f64>,
    /// Days in a period.
    length: f64,
    steps: Vec<u32>,
    lengths: Vec<f64>,
}

impl Daily {
    /// Counts of periods in a row, each `length` days long, over a background of steps.
    #[must_use]
    pub fn new(counts: &[u32], length: f64, background: &Steps) -> Self {
        let mut lengths = vec![0.0; background.count()];
        let mut steps = Vec::with_capacity(counts.len());
        let mut middle = length / 2.0;
        for _ in counts {
            let step = background.at(middle);
            steps.push(u32::try_from(step).unwrap_or(0));
            if let Some(sum) = lengths.get_mut(step) {
                *sum += length;
            }
            middle += length;
        }
        Self { counts: counts.iter().map(|count| f64::from(*count)).collect(), length, steps, lengths }
    }

    /// The same with the counts shuffled within each step: what comes together in one period stays together, and nothing follows anything.
    #[must_use]
    pub fn shuffled(&self, draw: &mut Pcg64) -> Self {
        let mut shuffled = self.clone();
        let mut begin = 0;
        for step in self.steps.chunk_by(|one, other| one == other) {
            let counts = &mut shuffled.counts[begin..begin + step.len()];
            for at in (1..counts.len()).rev() {
                counts.swap(at, below(draw, u32::try_from(at + 1).unwrap_or(u32::MAX)) as usize);
            }
            begin += step.len();
        }
        shuffled
    }
}

impl Process for Daily {
    fn excited(&self, beta: f64, into: &mut Vec<f64>) -> f64 {
        // An event sends exp(−β length × k) (1 − exp(−β length)) of its n into the period k + 1 after its own.
        into.clear();
        let fade = (-beta * self.length).exp();
        let (mut sum, mut all) = (0.0, 0.0);
        for count in &self.counts {
            let share = sum * (1.0 - fade);
            all += share;
            into.push(share / self.length);
            sum = sum * fade + count;
        }
        all
    }

    fn steps(&self) -> &[u32] {
        &self.steps
    }

    fn weights(&self) -> Option<&[f64]> {
        Some(&self.counts)
    }

    fn lengths(&self) -> &[f64] {
        &self.lengths
    }
}

/// The most likely values.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// Events a day that come by themselves, by step.
    pub levels: Vec<f64>,
    /// Events that follow one, on average.
    pub branching: f64,
    /// One over the mean delay in days.
    pub beta: f64,
    /// Log-likelihood; by days without the terms that no value changes.
    pub log_likelihood: f64,
    /// That of the same background without excitation.
    pub poisson: f64,
    /// Levels without excitation.
    pub poisson_levels: Vec<f64>,
}

impl Fit {
    /// What the likelihood gains by excitation, twice: the statistic of the likelihood-ratio test. Its law under none is not χ²: n lies on
    /// the edge of what can be and β means nothing there (Davies 1987, *Biometrika* 74:33–43), so that its law is had by shuffling days.
    #[must_use]
    pub fn gain(&self) -> f64 {
        (2.0 * (self.log_likelihood - self.poisson)).max(0.0)
    }

    /// Akaike's criterion: twice the values estimated, less twice the log-likelihood.
    #[must_use]
    pub fn aic(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a few hundred steps")]
        let estimated = (self.levels.len() + 2) as f64;
        2.0 * (estimated - self.log_likelihood)
    }

    /// The time in days within which this share of those that follow have come.
    #[must_use]
    pub fn within(&self, share: f64) -> f64 {
        -(1.0 - share).ln() / self.beta
    }
}

/// An interval; an end that the data leave open is none.
pub type Interval = [Option<f64>; 2];

/// The fit of a process: values, and intervals by the profile of the likelihood (Venzon & Moolgavkar 1988, *Applied Statistics* 37:87–94).
#[derive(Debug)]
pub struct Profile<'a, P> {
    process: &'a P,
    excited: Vec<f64>,
    fit: Fit,
}

/// Values of ln β that are tried first, from the longest delay to the shortest.
const TRIED: usize = 12;

/// So near to the best ln β, for the values that are told.
const NEAR: f64 = 1e-6;

/// And for the likelihood alone, which is flat at its top.
const ROUGH: f64 = 2e-3;

fn edges() -> (f64, f64) {
    (-LONGEST_LAG.ln(), -SHORTEST_LAG.ln())
}

impl<'a> Profile<'a, Events> {
    /// Fits events.
    #[must_use]
    pub fn of_events(events: &'a Events) -> Self {
        Self::new(events, NEAR)
    }

    /// The same in half the time, to three digits of β: for many placements of the same events.
    #[must_use]
    pub fn roughly(events: &'a Events) -> Self {
        Self::new(events, ROUGH)
    }

    /// How far the fit explains the times.
    #[must_use]
    pub fn residuals(&self) -> Residuals {
        Residuals::new(&self.process.times, &self.process.background, &self.fit)
    }
}

impl<'a> Profile<'a, Daily> {
    /// Fits days, to three digits of β.
    #[must_use]
    pub fn of_days(days: &'a Daily) -> Self {
        Self::new(days, ROUGH)
    }
}

#[expect(private_bounds, reason = "there are two processes, and no third is to be made elsewhere")]
impl<'a, P: Process> Profile<'a, P> {
    fn new(process: &'a P, until: f64) -> Self {
        let mut profile = Self {
            process,
            excited: Vec::new(),
            fit: Fit {
                levels: Vec::new(),
                branching: 0.0,
                beta: 1.0,
                log_likelihood: f64::NEG_INFINITY,
                poisson: f64::NEG_INFINITY,
                poisson_levels: Vec::new(),
            },
        };
        let poisson = profile.at(0.0, Some(0.0), None);
        let (beta, mut best) = profile.search(None, &poisson, until);
        if best.value <= poisson.value {
            best = poisson.clone();
        }
        profile.fit = Fit {
            branching: best.branching,
            beta: beta.exp(),
            log_likelihood: best.value,
            levels: best.levels,
            poisson: poisson.value,
            poisson_levels: poisson.levels,
        };
        profile
    }

    /// The values.
    #[must_use]
    pub fn fit(&self) -> &Fit {
        &self.fit
    }

    /// The best for one β, and for one n where it is given.
    fn at(&mut self, log_beta: f64, branching: Option<f64>, near: Option<&Best>) -> Best {
        let mut excited = std::mem::take(&mut self.excited);
        let all = self.process.excited(log_beta.exp(), &mut excited);
        let best = Linear::new(self.process, &excited, all).maximise(branching, near);
        self.excited = excited;
        best
    }

    /// The best β: the best of a few, and then by golden sections around it.
    fn search(&mut self, branching: Option<f64>, near: &Best, until: f64) -> (f64, Best) {
        let (low, high) = edges();
        #[expect(clippy::cast_precision_loss, reason = "a dozen")]
        let place = |at: usize| low + (high - low) * at as f64 / (TRIED - 1) as f64;
        let mut best = (place(0), self.at(place(0), branching, Some(near)));
        let mut found = 0;
        let mut last = best.1.clone();
        for at in 1..TRIED {
            last = self.at(place(at), branching, Some(&last));
            if last.value > best.1.value {
                best = (place(at), last.clone());
                found = at;
            }
        }
        let (mut from, mut to) = (place(found.saturating_sub(1)), place((found + 1).min(TRIED - 1)));
        let golden = 0.5 * (5f64.sqrt() - 1.0);
        let mut left = to - golden * (to - from);
        let mut right = from + golden * (to - from);
        let mut of_left = self.at(left, branching, Some(&best.1));
        let mut of_right = self.at(right, branching, Some(&best.1));
        while to - from > until {
            if of_left.value >= of_right.value {
                (to, right, of_right) = (right, left, of_left);
                left = to - golden * (to - from);
                of_left = self.at(left, branching, Some(&of_right));
            } else {
                (from, left, of_left) = (left, right, of_right);
                right = from + golden * (to - from);
                of_right = self.at(right, branching, Some(&of_left));
            }
        }
        for (at, one) in [(left, of_left), (right, of_right)] {
            if one.value > best.1.value {
                best = (at, one);
            }
        }
        best
    }

    /// Where the likelihood has fallen as far as an interval reaches, between a value inside and one outside of it.
    fn crossing(
        &mut self,
        mut inside: f64,
        mut outside: f64,
        fallen: &mut dyn FnMut(&mut Self, f64) -> bool,
    ) -> f64 {
        for _ in 0..40 {
            if (outside - inside).abs() <= 1e-4 * inside.abs().max(1e-2) {
                break;
            }
            let middle = f64::midpoint(inside, outside);
            if fallen(self, middle) { outside = middle } else { inside = middle }
        }
        f64::midpoint(inside, outside)
    }

    /// The 95 % interval of the branching ratio.
    #[must_use]
    pub fn branching_interval(&mut self) -> Interval {
        let least = self.fit.log_likelihood - FALL;
        let mut near = self.best();
        let mut fallen = |profile: &mut Self, branching: f64| {
            let (_, best) = profile.search(Some(branching), &near, ROUGH);
            let fallen = best.value < least;
            near = best;
            fallen
        };
        let found = self.fit.branching;
        let low = if self.fit.poisson >= least { 0.0 } else { self.crossing(found, 0.0, &mut fallen) };
        // Twice as much and a little more, until it is outside.
        let mut outside = found + 0.1;
        while outside < 8.0 && !fallen(self, outside) {
            outside = 2.0 * outside - found;
        }
        let high = (outside < 8.0).then(|| self.crossing(found, outside, &mut fallen));
        [Some(low), high]
    }

    /// The 95 % interval of the mean delay in days; open where the shortest or the longest delay that is looked for lies in it.
    #[must_use]
    pub fn lag_interval(&mut self) -> Interval {
        let least = self.fit.log_likelihood - FALL;
        let mut near = self.best();
        let mut fallen = |profile: &mut Self, log_beta: f64| {
            let best = profile.at(log_beta, None, Some(&near));
            let fallen = best.value < least;
            near = best;
            fallen
        };
        let (low, high) = edges();
        let found = self.fit.beta.ln();
        let mut end = |profile: &mut Self, edge: f64| {
            // The first of a few steps outwards that has fallen.
            let (mut inside, mut step) = (found, 0.05 * (edge - found).signum());
            loop {
                let next = inside + step;
                if (edge - next) * step.signum() <= 0.0 {
                    return fallen(profile, edge)
                        .then(|| (-profile.crossing(inside, edge, &mut fallen)).exp());
                }
                if fallen(profile, next) {
                    return Some((-profile.crossing(inside, next, &mut fallen)).exp());
                }
                inside = next;
                step *= 1.6;
            }
        };
        // A large β is a short delay.
        [end(self, high), end(self, low)]
    }

    fn best(&self) -> Best {
        Best {
            levels: self.fit.levels.clone(),
            branching: self.fit.branching,
            value: self.fit.log_likelihood,
        }
    }
}

#[cfg(test)]
mod tests;
