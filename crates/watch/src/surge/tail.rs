/*! The two count distributions of surveillance, told by mean and dispersion: variance = dispersion × mean.

Dispersion 1 is Poisson's; above it, the negative binomial with size mean / (dispersion − 1) and probability 1 / dispersion, which is
what Noufaily et al. (2013, section 3.2) take for the quasi-Poisson model. Tails come from the incomplete gamma and beta functions, so
they are exact where a sum of terms would not end. */

use statrs::function::beta::beta_reg;
use statrs::function::erf::{erfc, erfc_inv};
use statrs::function::gamma::{gamma_lr, ln_gamma};

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

/// P(more than `count`) + P(`count`) / 2: Lancaster (1961), JASA 56:223–234.
pub fn mid_p(count: u64, mean: f64, dispersion: f64) -> f64 {
    if count <= SUMMED
        && let Some(mid_p) = summed(count, mean, dispersion)
    {
        return mid_p;
    }
    let above = at_least(count, mean, dispersion);
    match mass(count, mean, dispersion) {
        // The half of one term less: one incomplete beta function in place of two.
        Some(mass) => (above - 0.5 * mass).clamp(0.0, 1.0),
        None => f64::midpoint(above, at_least(count + 1, mean, dispersion)),
    }
}

/// How likely a count is; nothing where logarithms of gamma functions leave too few digits.
fn mass(count: u64, mean: f64, dispersion: f64) -> Option<f64> {
    let size = mean / (dispersion - 1.0);
    if dispersion < POISSON || !(size > 0.0 && size < 1e6) || count > 1_000_000 {
        return None;
    }
    #[allow(clippy::cast_precision_loss)]
    let count = count as f64;
    let log = ln_gamma(size + count) - ln_gamma(size) - ln_gamma(count + 1.0) - size * dispersion.ln()
        + count * (1.0 - 1.0 / dispersion).ln();
    Some(log.exp())
}

/// Counts up to this are summed up term by term, which is faster.
const SUMMED: u64 = 60;

/// The same by the terms below the count; nothing where too few digits would be left.
fn summed(count: u64, mean: f64, dispersion: f64) -> Option<f64> {
    if dispersion < POISSON || mean.is_nan() || mean <= 0.0 {
        return None;
    }
    let size = mean / (dispersion - 1.0);
    let share = 1.0 - 1.0 / dispersion;
    let mut term = (-size * dispersion.ln()).exp();
    let mut rest = 1.0;
    let mut k = 0.0;
    for _ in 0..count {
        rest -= term;
        term *= (size + k) / (k + 1.0) * share;
        k += 1.0;
    }
    let mid_p = rest - 0.5 * term;
    (mid_p > 1e-6).then_some(mid_p)
}

/// Φ(−z), what the standard normal distribution has above z.
pub fn normal_tail(z: f64) -> f64 {
    0.5 * erfc(z * std::f64::consts::FRAC_1_SQRT_2)
}

/// The z that has `p` above it.
pub fn score(p: f64) -> f64 {
    erfc_inv(2.0 * p.clamp(1e-300, 1.0 - 1e-16)) * std::f64::consts::SQRT_2
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
        fn terms_summed_up_are_the_tail(mean in 1e-6f64..300.0, dispersion in 1.0001f64..40.0, count in 0u64..60) {
            let exact = f64::midpoint(at_least(count, mean, dispersion), at_least(count + 1, mean, dispersion));
            let fast = mid_p(count, mean, dispersion);
            prop_assert!((fast - exact).abs() <= 1e-6 * exact + 1e-12, "{fast} {exact}");
        }

        #[test]
        fn a_term_less_is_the_next_tail(mean in 1e-3f64..5e3, dispersion in 1.0001f64..40.0, count in 61u64..9_000) {
            let exact = f64::midpoint(at_least(count, mean, dispersion), at_least(count + 1, mean, dispersion));
            let fast = mid_p(count, mean, dispersion);
            prop_assert!((fast - exact).abs() <= 1e-6 * exact + 1e-12, "{fast} {exact}");
        }

        #[test]
        fn a_quantile_is_the_smallest_that_is_enough(mean in 1e-6f64..1e5, dispersion in 1f64..50.0, level in 0.01f64..0.9999) {
            let q = quantile(level, mean, dispersion);
            prop_assert!(1.0 - at_least(q + 1, mean, dispersion) >= level * (1.0 - 1e-12));
            prop_assert!(q == 0 || 1.0 - at_least(q, mean, dispersion) < level);
        }
    }
}
