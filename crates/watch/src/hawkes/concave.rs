//! The best levels of a background and the best branching ratio for one β: the rate of each row is linear in them, so that the log-likelihood
//! is concave, and Newton's method finds its one top.

use super::Process;

/// Rows, and how strongly each is excited.
pub(super) struct Linear<'a, P> {
    process: &'a P,
    excited: &'a [f64],
    /// What all rows excite.
    all: f64,
}

/// The best values.
#[derive(Debug, Clone)]
pub(super) struct Best {
    pub(super) levels: Vec<f64>,
    pub(super) branching: f64,
    pub(super) value: f64,
}

/// Most steps of Newton's.
const ROUNDS: usize = 60;

/// The gain of a step below which it is the last.
const ENOUGH: f64 = 1e-10;

/// Gradient and curvature: of each level, of the branching ratio, and of both together.
struct Slopes {
    level: Vec<f64>,
    curve: Vec<f64>,
    both: Vec<f64>,
    branching: f64,
    branching_curve: f64,
}

impl<'a, P: Process> Linear<'a, P> {
    pub(super) fn new(process: &'a P, excited: &'a [f64], all: f64) -> Self {
        Self { process, excited, all }
    }

    /// Σ weight × ln(level + branching × excited) − Σ length × level − branching × all; minus infinity where a row with events has no rate.
    pub(super) fn value(&self, levels: &[f64], branching: f64) -> f64 {
        let expected: f64 =
            self.process.lengths().iter().zip(levels).map(|(length, level)| length * level).sum();
        let rates =
            self.process.steps().iter().zip(self.excited).map(|(step, excited)| {
                levels.get(*step as usize).copied().unwrap_or(0.0) + branching * excited
            });
        let sum: f64 = match self.process.weights() {
            Some(weights) => rates
                .zip(weights)
                .filter(|(_, weight)| **weight > 0.0)
                .map(|(rate, weight)| weight * rate.ln())
                .sum(),
            None => {
                // The logarithm of a product is taken where it would leave the range of numbers.
                let (mut sum, mut product) = (0.0, 1.0f64);
                for rate in rates {
                    product *= rate;
                    if !(1e-200..1e200).contains(&product) {
                        sum += product.ln();
                        product = 1.0;
                    }
                }
                sum + product.ln()
            }
        };
        sum - expected - branching * self.all
    }

    fn slopes(&self, levels: &[f64], branching: f64) -> Slopes {
        let mut slopes = Slopes {
            level: self.process.lengths().iter().map(|length| -length).collect(),
            curve: vec![0.0; levels.len()],
            both: vec![0.0; levels.len()],
            branching: -self.all,
            branching_curve: 0.0,
        };
        let weights = self.process.weights();
        for (row, (step, excited)) in self.process.steps().iter().zip(self.excited).enumerate() {
            let weight = weights.map_or(1.0, |weights| weights[row]);
            if weight == 0.0 {
                continue;
            }
            let step = *step as usize;
            let inverse = 1.0 / (levels[step] + branching * excited);
            let (first, second) = (weight * inverse, weight * inverse * inverse);
            slopes.level[step] += first;
            slopes.curve[step] += second;
            slopes.both[step] += second * excited;
            slopes.branching += first * excited;
            slopes.branching_curve += second * excited * excited;
        }
        slopes
    }

    /// The best levels, and the best branching ratio unless it is given.
    pub(super) fn maximise(&self, given: Option<f64>, near: Option<&Best>) -> Best {
        let steps = self.process.lengths().len();
        let mut events = vec![0.0; steps];
        let weights = self.process.weights();
        for (row, step) in self.process.steps().iter().enumerate() {
            events[*step as usize] += weights.map_or(1.0, |weights| weights[row]);
        }
        let plain: Vec<f64> = events
            .iter()
            .zip(self.process.lengths())
            .map(|(events, length)| if *length > 0.0 { events / length } else { 0.0 })
            .collect();
        if given == Some(0.0) {
            // Without excitation it is what is counted.
            let value = self.value(&plain, 0.0);
            return Best { levels: plain, branching: 0.0, value };
        }
        let mut levels: Vec<f64> = match near {
            Some(near) if near.levels.len() == steps => near.levels.clone(),
            _ => plain.iter().map(|level| 0.5 * level).collect(),
        };
        // A step without events has none by itself; any other begins with a little.
        for (level, plain) in levels.iter_mut().zip(&plain) {
            *level = if *plain > 0.0 { level.max(1e-3 * plain) } else { 0.0 };
        }
        let mut branching = given.unwrap_or_else(|| near.map_or(0.5, |near| near.branching).max(1e-3));
        let mut value = self.value(&levels, branching);
        for _ in 0..ROUNDS {
            let slopes = self.slopes(&levels, branching);
            let (mut rest, mut slope) = (slopes.branching_curve, slopes.branching);
            for step in (0..steps).filter(|step| slopes.curve[*step] > 0.0) {
                rest -= slopes.both[step].powi(2) / slopes.curve[step];
                slope -= slopes.both[step] * slopes.level[step] / slopes.curve[step];
            }
            // Where excitation is the same all over a step, it cannot be told from its level.
            let free = given.is_none() && rest > 1e-12 * slopes.branching_curve;
            // Towards nothing a value goes in tenths: what has events keeps a rate. The levels go along with what the branching ratio does.
            let by = if free { (slope / rest).max(-0.9 * branching) } else { 0.0 };
            let mut gain = slopes.branching * by;
            let mut direction = vec![0.0; steps];
            for (step, along) in
                direction.iter_mut().enumerate().filter(|(step, _)| slopes.curve[*step] > 0.0)
            {
                *along = (slopes.level[step] - slopes.both[step] * by) / slopes.curve[step];
                gain += *along * slopes.level[step];
            }
            let mut length = 1.0;
            let mut moved = false;
            let along = |value: f64, by: f64| (value + by).max(0.1 * value);
            for _ in 0..40 {
                let next: Vec<f64> =
                    levels.iter().zip(&direction).map(|(level, by)| along(*level, length * by)).collect();
                let next_branching = along(branching, length * by);
                let reached = self.value(&next, next_branching);
                if reached.is_finite() && reached >= value {
                    moved = reached > value;
                    (levels, branching, value) = (next, next_branching, reached);
                    break;
                }
                length *= 0.5;
            }
            if !moved || gain * length < ENOUGH {
                break;
            }
        }
        Best { levels, branching, value }
    }
}
