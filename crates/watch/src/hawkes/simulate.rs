//! Events that are drawn: with excitation, and over a background alone; and times for events of which only the day is known.

use rand_distr::{Distribution as _, Exp, Poisson};
use rand_pcg::Pcg64;

use super::Steps;
use crate::chance::unit;

/// Most events that are drawn.
const MOST: usize = 10_000_000;

fn poisson(mean: f64, draw: &mut Pcg64) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of events")]
    Poisson::new(mean).map_or(0, |law| {
        let drawn: f64 = law.sample(draw);
        drawn.min(1e9) as usize
    })
}

/// Times of events that come by themselves, and of those that they draw after them, each `branching` on average with a mean delay of 1/β days
/// (Hawkes & Oakes 1974): ascending, in days from the beginning. A branching ratio of one or more is taken as .99.
#[must_use]
pub fn clusters(background: &Steps, levels: &[f64], branching: f64, beta: f64, draw: &mut Pcg64) -> Vec<f64> {
    let mut times = Vec::new();
    let mut begin = 0.0;
    for (end, level) in background.ends.iter().zip(levels) {
        let many = poisson(level * (end - begin), draw);
        times.extend((0..many.min(MOST)).map(|_| begin + (end - begin) * unit(draw)));
        begin = *end;
    }
    if branching > 0.0
        && let Ok(delay) = Exp::new(beta)
    {
        let span = background.span();
        let mut at = 0;
        while at < times.len() && times.len() < MOST {
            for _ in 0..poisson(branching.min(0.99), draw) {
                let time = times[at] + delay.sample(draw);
                if time < span {
                    times.push(time);
                }
            }
            at += 1;
        }
    }
    times.sort_by(f64::total_cmp);
    times
}

/// Times for events of which only the period is known, `length` days each: the i-th of m at i/(m + 1) of it. The same times for the same counts.
#[must_use]
pub fn spread(counts: &[u32], length: f64) -> Vec<f64> {
    let mut times = Vec::new();
    let mut begin = 0.0;
    for count in counts {
        times.extend((1..=*count).map(|one| begin + length * f64::from(one) / (f64::from(*count) + 1.0)));
        begin += length;
    }
    times
}

/// The same, each anywhere in its period by chance.
#[must_use]
pub fn scatter(counts: &[u32], length: f64, draw: &mut Pcg64) -> Vec<f64> {
    let mut times = Vec::new();
    let mut begin = 0.0;
    for count in counts {
        let from = times.len();
        times.extend((0..*count).map(|_| begin + length * unit(draw)));
        times[from..].sort_by(f64::total_cmp);
        begin += length;
    }
    times
}
