/*! EARS C1, C2 and C3: Hutwagner, Thompson, Seeman, Treadwell (2003), J. Urban Health 80:i89–i96.

A count is held against the mean and the standard deviation of seven counts before it: C1 those just before, C2 with two left out
between, so that the begin of a surge does not hide the rest of it; C3 adds up what C2 had above 1. The threshold is a quantile of the
normal distribution (Fricker, Hegler, Dunfee 2008, Stat Med 27:3407–3429), the same for all three.

The paper's C3 adds up three periods. The implementation that the field uses (R's `surveillance`) sets C3's bound above the count itself,
not above the baseline, so that its alarm is about the two periods before; that is what figures published for C3 were made with, and it
is what [`Ears::C3`] does. Its usual threshold of two standard deviations was set with that sum in mind. */

use statrs::distribution::{ContinuousCDF as _, Normal};

use super::Judgement;

/// Which of the three.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ears {
    /// Against the seven counts before.
    C1,
    /// Against seven counts, with two between.
    C2,
    /// What C2 had above 1 in the two periods before.
    C3,
}

/// How many counts make the baseline.
const BASELINE: usize = 7;

/// How many are left out between it and the count, in C2 and C3.
const LAG: usize = 2;

impl Ears {
    /// The chance of a false alarm that the method is used with by default: three standard deviations for C1 and C2, two for C3.
    pub fn usual_alpha(self) -> f64 {
        match self {
            Self::C1 | Self::C2 => 0.001,
            Self::C3 => 0.025,
        }
    }

    /// Judges the count at `index`; `None` where it or one of those before it that the method needs is missing.
    pub fn judge(self, counts: &[Option<u32>], index: usize, alpha: f64) -> Option<Judgement> {
        let standard = Normal::standard();
        // Below that, one less alpha is one.
        let z = if alpha < 1e-12 { -standard.inverse_cdf(alpha) } else { standard.inverse_cdf(1.0 - alpha) };
        let count = f64::from((*counts.get(index)?)?);
        let lag = if self == Self::C1 { 0 } else { LAG };
        let (mean, deviation) = baseline(counts, index, lag)?;
        let (base, value) = match self {
            Self::C1 | Self::C2 => (mean, score(count, mean, deviation)),
            Self::C3 => (count, excess(counts, index, 1)? + excess(counts, index, 2)?),
        };
        let upper = match self {
            Self::C1 | Self::C2 => base + deviation * z,
            Self::C3 if value == f64::INFINITY => 0.0,
            Self::C3 => base + deviation * (z - value),
        }
        .max(0.0);
        Some(Judgement {
            expected: mean,
            upper,
            p_value: standard.sf(value).clamp(0.0, 1.0),
            alarm: count > upper,
        })
    }
}

/// Mean and standard deviation of the baseline of a period.
fn baseline(counts: &[Option<u32>], index: usize, lag: usize) -> Option<(f64, f64)> {
    let end = index.checked_sub(lag)?;
    let counts = counts.get(end.checked_sub(BASELINE)?..end)?;
    let mut values = [0.0; BASELINE];
    for (value, count) in values.iter_mut().zip(counts) {
        *value = f64::from((*count)?);
    }
    #[allow(clippy::cast_precision_loss)]
    let n = BASELINE as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0);
    Some((mean, variance.sqrt()))
}

/// How many standard deviations a count lies above the mean. Where all counts before were alike, any other is infinitely far, and the
/// same one is no way off.
fn score(count: f64, mean: f64, deviation: f64) -> f64 {
    if deviation > 0.0 {
        (count - mean) / deviation
    } else if count > mean {
        f64::INFINITY
    } else if count < mean {
        f64::NEG_INFINITY
    } else {
        0.0
    }
}

/// What C2 had above 1, so many periods ago.
fn excess(counts: &[Option<u32>], index: usize, ago: usize) -> Option<f64> {
    let index = index.checked_sub(ago)?;
    let count = f64::from((*counts.get(index)?)?);
    let (mean, deviation) = baseline(counts, index, LAG)?;
    Some((score(count, mean, deviation) - 1.0).max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(counts: &[u32]) -> Vec<Option<u32>> {
        counts.iter().map(|count| Some(*count)).collect()
    }

    #[test]
    fn a_flat_past_and_a_hole_are_no_fault() {
        for method in [Ears::C1, Ears::C2, Ears::C3] {
            let flat = known(&[0; 12]);
            let judged = method.judge(&flat, 11, 0.01).unwrap();
            assert!(!judged.alarm && judged.p_value > 0.01 && judged.upper.is_finite(), "{method:?}");
            let mut rising = known(&[0; 14]);
            rising[12] = Some(3);
            rising[13] = Some(1);
            let judged = method.judge(&rising, 13, 0.01).unwrap();
            assert!(judged.upper.is_finite() && judged.p_value.is_finite(), "{method:?} {judged:?}");
            rising[9] = None;
            assert_eq!(method.judge(&rising, 12, 0.01), None, "{method:?}");
            assert_eq!(method.judge(&rising, 3, 0.01), None);
            assert_eq!(method.judge(&rising, 99, 0.01), None);
        }
    }

    #[test]
    fn c1_is_a_mean_and_three_deviations() {
        // Mean 2, standard deviation 1: above 2 + 3.09 at one in a thousand.
        let counts = known(&[1, 3, 1, 3, 2, 1, 3, 6]);
        let judged = Ears::C1.judge(&counts, 7, 0.001).unwrap();
        assert!((judged.expected - 2.0).abs() < 1e-12 && (judged.upper - 5.0902).abs() < 1e-4);
        assert!(judged.alarm && judged.p_value < 0.001);
    }
}
