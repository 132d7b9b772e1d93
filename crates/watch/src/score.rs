//! How good forecasts were that are given as draws: the scores that the VIEWS forecasting challenge takes (Hegre et al. 2024,
//! arXiv:2407.11045), and coverage.

use schemars::JsonSchema;
use serde::Serialize;

/// Upper ends of the bins of the ignorance score, the last open: VIEWS' own.
pub const BINS: [f64; 10] = [0.5, 2.5, 5.5, 10.5, 25.5, 50.5, 100.5, 250.5, 500.5, 1000.5];

/// Draws to which VIEWS brings a forecast before it takes the ignorance score.
const VIEWS_DRAWS: usize = 1000;

/// The scores of one forecast; the smaller the better.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Scores {
    /// Continuous ranked probability score of the draws as they are (Gneiting & Raftery 2007, eq. 21; not the fair version).
    pub crps: f64,
    /// The same of log(1 + x).
    pub log_crps: f64,
    /// Ignorance score: minus the binary logarithm of the share of draws in the bin of what came, each bin with one draw more
    /// (VIEWS' bins).
    pub ign: f64,
    /// The same as VIEWS takes it where a forecast has other than 1,000 draws: these are first brought to 1,000 by Fourier
    /// interpolation, as if they were a signal, and what falls below zero is set to zero.
    pub ign_views: f64,
    /// Mean interval score of the 90 % interval (Gneiting & Raftery 2007, eq. 43).
    pub mis: f64,
    /// 1 where what came lies in the 90 % interval, its ends with it.
    pub coverage: f64,
    /// The probability integral transform, its middle where what came ties with draws (Czado, Gneiting & Held 2009, *Biometrics*
    /// 65:1254–1261).
    pub pit: f64,
    /// Whether half of the draws are above zero: of quiet series intervals cover by themselves.
    #[serde(skip)]
    pub alive: bool,
}

/// The scores of draws, in the order in which they were given, against what came. Nothing where there are no draws or a number is none.
#[must_use]
pub fn scores(draws: &[f64], came: f64) -> Option<Scores> {
    if draws.is_empty() || !came.is_finite() || draws.iter().any(|draw| !draw.is_finite()) {
        return None;
    }
    let mut sorted = draws.to_vec();
    sorted.sort_by(f64::total_cmp);
    let logs: Vec<f64> = sorted.iter().map(|draw| draw.max(0.0).ln_1p()).collect();
    let (low, high) = (quantile(&sorted, 0.05), quantile(&sorted, 0.95));
    let below = sorted.iter().filter(|draw| **draw < came).count();
    let equal = sorted.iter().filter(|draw| **draw == came).count();
    let count = number(sorted.len());
    Some(Scores {
        crps: crps(&sorted, came),
        log_crps: crps(&logs, came.max(0.0).ln_1p()),
        ign: ignorance(draws, came),
        ign_views: if draws.len() == VIEWS_DRAWS {
            ignorance(draws, came)
        } else {
            ignorance(&resampled(draws, VIEWS_DRAWS), came)
        },
        // 2/α with α = .1.
        mis: (high - low) + 20.0 * (low - came).max(0.0) + 20.0 * (came - high).max(0.0),
        coverage: f64::from(u8::from((low..=high).contains(&came))),
        pit: (number(below) + number(equal) / 2.0) / count,
        alive: quantile(&sorted, 0.5) > 0.0,
    })
}

#[expect(clippy::cast_precision_loss, reason = "numbers of draws")]
fn number(count: usize) -> f64 {
    count as f64
}

/// Of sorted draws.
fn crps(sorted: &[f64], came: f64) -> f64 {
    let count = number(sorted.len());
    let away: f64 = sorted.iter().map(|draw| (draw - came).abs()).sum();
    let apart: f64 =
        sorted.iter().enumerate().map(|(at, draw)| (2.0 * number(at + 1) - count - 1.0) * draw).sum();
    away / count - apart / (count * count)
}

/// A quantile of sorted numbers, straight between two of them (Hyndman & Fan 1996, type 7).
#[must_use]
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return 0.0 };
    let place = share.clamp(0.0, 1.0) * number(last);
    let before = place.floor();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in a row")]
    let at = (before as usize).min(last);
    let (one, next) = (sorted[at], sorted[(at + 1).min(last)]);
    one + (next - one) * (place - before)
}

fn bin(value: f64) -> usize {
    BINS.iter().take_while(|end| value >= **end).count()
}

fn ignorance(draws: &[f64], came: f64) -> f64 {
    let wanted = bin(came);
    let hits = draws.iter().filter(|draw| bin(**draw) == wanted).count();
    -((number(hits) + 1.0) / (number(draws.len()) + number(BINS.len() + 1))).log2()
}

/// A row brought to another length by its Fourier series, values below zero set to zero (what `scipy.signal.resample` does to a real row).
#[must_use]
pub fn resampled(row: &[f64], length: usize) -> Vec<f64> {
    use std::f64::consts::TAU;
    let count = row.len();
    let kept = count.min(length);
    let angle = |wave: usize, at: usize, of: usize| TAU * number((wave * at) % of) / number(of);
    let waves: Vec<(f64, f64)> = (0..=kept / 2)
        .map(|wave| {
            row.iter().enumerate().fold((0.0, 0.0), |(real, imaginary), (at, value)| {
                let turn = angle(wave, at, count);
                (real + value * turn.cos(), imaginary - value * turn.sin())
            })
        })
        .collect();
    (0..length)
        .map(|at| {
            let mut sum = 0.0;
            for (wave, (real, imaginary)) in waves.iter().enumerate() {
                let turn = angle(wave, at, length);
                // Each wave stands for itself and its mirror; the first has none, and of an even row the last is its own.
                let weight =
                    if wave == 0 || (kept.is_multiple_of(2) && wave == kept / 2) { 1.0 } else { 2.0 };
                sum += weight * (real * turn.cos() - imaginary * turn.sin());
            }
            (sum / number(count)).max(0.0)
        })
        .collect()
}

/// Means over forecasts.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Summary {
    /// Forecasts that were scored.
    pub forecasts: usize,
    /// Mean CRPS.
    pub crps: f64,
    /// Mean CRPS of log(1 + x).
    pub log_crps: f64,
    /// Mean ignorance score, of the draws as they are.
    pub ign: f64,
    /// Mean ignorance score as VIEWS takes it.
    pub ign_views: f64,
    /// Mean interval score of the 90 % interval.
    pub mis: f64,
    /// Share of what came in the 90 % interval.
    pub coverage: f64,
    /// The same of forecasts with half of their draws above zero; none where there are none.
    pub coverage_alive: Option<f64>,
    /// How many of the probability integral transforms lie in each tenth: even where forecasts are as sure as they should be.
    pub pit: [usize; 10],
}

/// The means over forecasts; nothing of none.
#[must_use]
pub fn summary(all: &[Scores]) -> Option<Summary> {
    if all.is_empty() {
        return None;
    }
    let mean = |of: fn(&Scores) -> f64| all.iter().map(of).sum::<f64>() / number(all.len());
    let alive: Vec<f64> = all.iter().filter(|one| one.alive).map(|one| one.coverage).collect();
    let mut pit = [0; 10];
    for one in all {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a tenth")]
        let tenth = (one.pit * 10.0) as usize;
        pit[tenth.min(9)] += 1;
    }
    Some(Summary {
        forecasts: all.len(),
        crps: mean(|one| one.crps),
        log_crps: mean(|one| one.log_crps),
        ign: mean(|one| one.ign),
        ign_views: mean(|one| one.ign_views),
        mis: mean(|one| one.mis),
        coverage: mean(|one| one.coverage),
        coverage_alive: (!alive.is_empty()).then(|| alive.iter().sum::<f64>() / number(alive.len())),
        pit,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_those_of_the_formulas() {
        let draws = [3.0, 0.0, 1.0, 10.0];
        let came = 2.0;
        let found = scores(&draws, came).unwrap();
        // Plainly, over all pairs.
        let away: f64 = draws.iter().map(|draw| (draw - came).abs()).sum::<f64>() / 4.0;
        let apart: f64 =
            draws.iter().flat_map(|one| draws.iter().map(move |other| (one - other).abs())).sum::<f64>()
                / 32.0;
        assert!((found.crps - (away - apart)).abs() < 1e-12);
        // One draw in the bin of 0.5 to 2.5, 4 draws, 11 bins.
        assert!((found.ign + (2.0f64 / 15.0).log2()).abs() < 1e-12);
        // Quantiles .15 and 8.95.
        assert!((found.mis - 8.8).abs() < 1e-12, "{}", found.mis);
        assert_eq!((found.coverage, found.pit), (1.0, 0.5));
        let outside = scores(&draws, 20.0).unwrap();
        assert!((outside.mis - (8.8 + 20.0 * 11.05)).abs() < 1e-9);
        assert_eq!((outside.coverage, outside.pit), (0.0, 1.0));
    }

    #[test]
    fn a_thousand_draws_are_not_resampled_and_a_wave_is_itself() {
        let draws: Vec<f64> = (0..1000).map(|at| f64::from(at % 37)).collect();
        let found = scores(&draws, 5.0).unwrap();
        assert_eq!(found.ign, found.ign_views);
        let same = resampled(&[4.0; 12], 1000);
        assert!(same.iter().all(|value| (value - 4.0).abs() < 1e-9));
        // Every twelfth of a row of 24 is a value of the row of two that it was made of.
        let wide = resampled(&[1.0, 3.0, 2.0], 24);
        assert!(
            (wide[0] - 1.0).abs() < 1e-9 && (wide[8] - 3.0).abs() < 1e-9 && (wide[16] - 2.0).abs() < 1e-9
        );
    }

    #[test]
    fn no_draws_and_no_numbers_have_no_score() {
        assert_eq!(scores(&[], 1.0), None);
        assert_eq!(scores(&[f64::NAN], 1.0), None);
        assert_eq!(scores(&[1.0], f64::INFINITY), None);
        assert_eq!(summary(&[]), None);
        let sure = scores(&[0.0], 0.0).unwrap();
        assert_eq!((sure.crps, sure.mis), (0.0, 0.0));
        let told = summary(&[sure, sure]).unwrap();
        assert_eq!((told.forecasts, told.coverage_alive), (2, None));
    }

    proptest::proptest! {
        #[test]
        fn scores_are_numbers(draws in proptest::collection::vec(0.0f64..1e9, 1..60), came in 0.0f64..1e9) {
            let found = scores(&draws, came).unwrap();
            let all = [found.crps, found.log_crps, found.ign, found.ign_views, found.mis, found.pit];
            proptest::prop_assert!(all.iter().all(|score| score.is_finite() && *score >= -1e-3));
        }
    }
}
