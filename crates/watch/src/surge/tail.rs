/*! The two count distributions of surveillance, told by mean and dispersion: variance = dispersion × mean.

Dispersion 1 is Poisson's; above it, the negative binomial with size mean / (dispersion − 1) and probability 1 / dispersion, which is
what Noufaily et al. (2013, section 3.2) take for the quasi-Poisson model. Tails come from the incomplete gamma and beta functions, so
they are exact where a sum of terms would not end. */

use statrs::function::{beta::beta_reg, gamma::gamma_lr};

/// Dispersions nearer to 1 than this are Poisson's: the size of the negative binomial would no longer be a number.
const POISSON: f64 = 1.0 + 1e-7;

/// How likely a count of at least `count` is.
pub fn at_least(count: u64, mean: f64, dispersion: f64) -> f64 {
    if count == 0 {
        return 1.0;
    }
    if mean.is_nan() || mean <= 0.0 {
        return 0.0;
    }
    #[allow(clippy::cast_precision_loss)] // Counts are far below 2^52.
    let count = count as f64;
    let tail = if dispersion < POISSON {
        gamma_lr(count, mean)
    } else {
        beta_reg(count, mean / (dispersion - 1.0), 1.0 - 1.0 / dispersion)
    };
    tail.clamp(0.0, 1.0)
}

/// The smallest count that has at least the probability `level` at or below it, a quantile as R's `qnbinom` has it.
pub fn quantile(level: f64, mean: f64, dispersion: f64) -> u64 {
    if mean.is_nan() || mean <= 0.0 || level.is_nan() || level <= 0.0 {
        return 0;
    }
    // R takes its quantiles with this much slack, against the error of the tail itself.
    let enough =
        |count: u64| 1.0 - at_least(count + 1, mean, dispersion) >= level * (1.0 - 64.0 * f64::EPSILON);
    let (mut low, mut high) = (0u64, 1u64);
    while !enough(high) && high < 1 << 50 {
        low = high;
        high *= 2;
    }
    if enough(low) {
        return low;
    }
    // Not enough at `low`, enough at `high`.
    while high - low > 1 {
        let middle = low.midpoint(high);
        if enough(middle) { high = middle } else { low = middle }
    }
    high
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tails_equal_the_sums_of_their_terms() {
        // R: ppois(3, 2.5, lower.tail = FALSE); pnbinom(3, size = 2.5, prob = 1/2, lower.tail = FALSE)
        assert!((at_least(4, 2.5, 1.0) - 0.242_423_866_9).abs() < 1e-9);
        let (size, p): (f64, f64) = (2.5, 0.5);
        let mut term = p.powf(size);
        let mut below = term;
        for k in 1..4 {
            let k = f64::from(k);
            term *= (size + k - 1.0) / k * (1.0 - p);
            below += term;
        }
        assert!((at_least(4, 2.5, 2.0) - (1.0 - below)).abs() < 1e-12);
    }

    #[test]
    fn a_mean_of_nothing_has_no_tail() {
        assert_eq!(at_least(0, 0.0, 1.0).to_bits(), 1f64.to_bits());
        assert_eq!(at_least(1, 0.0, 2.0).to_bits(), 0f64.to_bits());
        assert_eq!(quantile(0.99, 0.0, 2.0), 0);
        assert_eq!(at_least(1, f64::NAN, 2.0).to_bits(), 0f64.to_bits());
    }

    proptest! {
        #[test]
        fn a_quantile_is_the_smallest_that_is_enough(mean in 1e-6f64..1e5, dispersion in 1f64..50.0, level in 0.01f64..0.9999) {
            let q = quantile(level, mean, dispersion);
            prop_assert!(1.0 - at_least(q + 1, mean, dispersion) >= level * (1.0 - 1e-12));
            prop_assert!(q == 0 || 1.0 - at_least(q, mean, dispersion) < level);
        }
    }
}
