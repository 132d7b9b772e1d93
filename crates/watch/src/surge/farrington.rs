/*! Farrington Flexible: Noufaily, Enki, Farrington, Garthwaite, Andrews, Charlett (2013), Stat Med 32:1206–1222.

The count of a week is held against five years of weeks before it. A quasi-Poisson regression with a trend that always stays and a
factor of ten levels for the season (section 3.3) is fitted to them, leaving out the last 26 weeks, which an outbreak now under way may
have raised (section 3.4). Weeks with a large scaled Anscombe residual count less in a second fit (section 3.5). The week is an alarm
above a quantile of the negative binomial with the fitted mean and dispersion (section 3.2).

The fit stops as the generalised linear models of R do, when the deviance changes by less than one part in 10^8, and takes the weights
of its last step for the dispersion: the reference figures were made that way, and differ from the limit in the sixth digit. */

use nalgebra::{DMatrix, DVector};

use super::{Judgement, tail};

/// Years that are looked back.
const YEARS: usize = 5;
/// Weeks on either side of the same week in another year.
const HALF_WINDOW: usize = 3;
/// Weeks of a year, for the same week in another year.
const YEAR: usize = 52;
/// Levels of the season: the weeks around the one judged, and nine blocks of five.
const LEVELS: usize = 10;
/// Weeks before the one judged that are left out.
const LEFT_OUT: usize = 26;
/// Anscombe residuals above this are weighed down.
const ANSCOMBE: f64 = 2.58;
/// Weeks before a week can be judged.
pub const HISTORY: usize = YEARS * YEAR + HALF_WINDOW;
/// The fewest weeks that are fitted: of the 237 weeks of the reference period, half.
const FEWEST: usize = 118;
/// Intercept, trend and the other levels.
const TERMS: usize = LEVELS + 1;

/// The fitted model at the week judged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    /// Expected count.
    pub mean: f64,
    /// Variance over mean, at least 1.
    pub dispersion: f64,
    /// Change of the log of the mean a week; `None` where the trend was taken out, since it would have led above all that was seen.
    pub trend: Option<f64>,
}

/// Judges the week at `index`; `None` where it is missing, has less than [`HISTORY`] before it, or too few of those weeks are known.
pub fn judge(counts: &[Option<u32>], index: usize, alpha: f64) -> Option<(Fit, Judgement)> {
    let count = (*counts.get(index)?)?;
    let fit = fit(counts, index)?;
    #[allow(clippy::cast_precision_loss)]
    let upper = tail::quantile(1.0 - alpha, fit.mean, fit.dispersion) as f64;
    let judgement = Judgement {
        expected: fit.mean,
        upper,
        p_value: tail::at_least(u64::from(count), fit.mean, fit.dispersion),
        alarm: f64::from(count) > upper,
    };
    Some((fit, judgement))
}

/// The level of the season that a week so long before the one judged has: 0 around the same week of the year, then nine blocks of five
/// weeks from the oldest on.
fn level(before: usize) -> usize {
    let into = (HISTORY - before) % YEAR;
    if into <= 2 * HALF_WINDOW { 0 } else { 1 + (into - 2 * HALF_WINDOW - 1) / 5 }
}

/// Fits the model to the weeks before one.
pub fn fit(counts: &[Option<u32>], index: usize) -> Option<Fit> {
    index.checked_sub(HISTORY)?;
    let mut weeks: Vec<(f64, usize, f64)> = Vec::with_capacity(HISTORY - LEFT_OUT);
    for before in (LEFT_OUT + 1..=HISTORY).rev() {
        if let Some(count) = counts.get(index - before).copied().flatten() {
            #[allow(clippy::cast_precision_loss)]
            weeks.push((-(before as f64), level(before), f64::from(count)));
        }
    }
    if weeks.len() < FEWEST {
        return None;
    }
    let largest = weeks.iter().map(|week| week.2).fold(0.0, f64::max);
    if largest == 0.0 {
        return Some(Fit { mean: 0.0, dispersion: 1.0, trend: None });
    }
    let with = twice(&weeks, true);
    // A trend that leads above every count seen is none to go by (section 3.1 keeps it otherwise, significant or not).
    match with {
        Some(fit) if fit.mean <= largest => Some(fit),
        _ => twice(&weeks, false).or(with),
    }
    .filter(|fit| fit.mean.is_finite() && fit.dispersion.is_finite())
}

/// The two fits: with all weeks alike, then with those weighed down that stand out.
fn twice(weeks: &[(f64, usize, f64)], trend: bool) -> Option<Fit> {
    let present: Vec<usize> = (1..LEVELS).filter(|level| weeks.iter().any(|week| week.1 == *level)).collect();
    let terms = 1 + usize::from(trend) + present.len();
    let mut design = DMatrix::<f64>::zeros(weeks.len(), terms);
    for (row, week) in weeks.iter().enumerate() {
        design[(row, 0)] = 1.0;
        if trend {
            design[(row, 1)] = week.0;
        }
        if let Some(place) = present.iter().position(|level| *level == week.1) {
            design[(row, 1 + usize::from(trend) + place)] = 1.0;
        }
    }
    let counts = DVector::from_iterator(weeks.len(), weeks.iter().map(|week| week.2));
    let mut weights = DVector::from_element(weeks.len(), 1.0);
    let first = quasi_poisson(&design, &counts, &weights)?;
    let mut total = 0.0;
    for (row, weight) in weights.iter_mut().enumerate() {
        let (count, mean) = (counts[row], first.means[row]);
        // Farrington et al. (1996), section 3.4; the leverage standardises it.
        let anscombe = 1.5 * (count.powf(2.0 / 3.0) * mean.powf(-1.0 / 6.0) - mean.sqrt())
            / (first.dispersion * (1.0 - first.leverages[row]).max(f64::EPSILON)).sqrt();
        if anscombe > ANSCOMBE {
            *weight = anscombe.powi(-2);
        }
        total += *weight;
    }
    #[allow(clippy::cast_precision_loss)]
    let scale = weeks.len() as f64 / total;
    weights *= scale;
    let second = quasi_poisson(&design, &counts, &weights)?;
    // The week judged is at time zero and in the first level: only the intercept is left.
    Some(Fit {
        mean: second.coefficients[0].exp(),
        dispersion: second.dispersion,
        trend: trend.then(|| second.coefficients[1]),
    })
}

struct QuasiPoisson {
    coefficients: DVector<f64>,
    means: DVector<f64>,
    dispersion: f64,
    leverages: DVector<f64>,
}

/// A weighted quasi-Poisson regression with log link by iterated least squares (McCullagh & Nelder 1989, section 2.5).
fn quasi_poisson(
    design: &DMatrix<f64>,
    counts: &DVector<f64>,
    weights: &DVector<f64>,
) -> Option<QuasiPoisson> {
    let n = counts.len();
    let mut means = counts.map(|count| count + 0.1);
    let mut linear = means.map(f64::ln);
    let mut last = f64::INFINITY;
    let mut kept: Option<(DVector<f64>, DVector<f64>, DMatrix<f64>)> = None;
    for _ in 0..25 {
        let working = weights.component_mul(&means);
        let roots = working.map(f64::sqrt);
        let mut scaled = design.clone();
        let mut response = DVector::zeros(n);
        for row in 0..n {
            scaled.row_mut(row).scale_mut(roots[row]);
            response[row] = roots[row] * (linear[row] + (counts[row] - means[row]) / means[row]);
        }
        let qr = scaled.qr();
        let (q, r) = (qr.q(), qr.r());
        let coefficients = r.solve_upper_triangular(&(q.transpose() * response))?;
        linear = design * &coefficients;
        means = linear.map(f64::exp);
        let deviance: f64 = (0..n)
            .map(|row| {
                let (count, mean) = (counts[row], means[row]);
                let ratio = if count > 0.0 { count * (count / mean).ln() } else { 0.0 };
                2.0 * weights[row] * (ratio - (count - mean))
            })
            .sum();
        if !deviance.is_finite() {
            return None;
        }
        let done = (deviance - last).abs() / (deviance.abs() + 0.1) < 1e-8;
        last = deviance;
        kept = Some((coefficients, working, q));
        if done {
            break;
        }
    }
    let (coefficients, working, q) = kept?;
    let freedom = n.checked_sub(design.ncols()).filter(|freedom| *freedom > 0)?;
    let pearson: f64 =
        (0..n).map(|row| working[row] * ((counts[row] - means[row]) / means[row]).powi(2)).sum();
    #[allow(clippy::cast_precision_loss)]
    let dispersion = (pearson / freedom as f64).max(1.0);
    let leverages = DVector::from_iterator(n, (0..n).map(|row| q.row(row).norm_squared()));
    Some(QuasiPoisson { coefficients, means, dispersion, leverages })
}

const _: () = assert!(TERMS < FEWEST);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_season_has_ten_levels_and_the_week_itself_the_first() {
        let of: Vec<usize> = (1..=HISTORY).rev().map(level).collect();
        assert_eq!(of.iter().filter(|level| **level == 0).count(), 7 * YEARS + HALF_WINDOW);
        for other in 1..LEVELS {
            assert_eq!(of.iter().filter(|level| **level == other).count(), 5 * YEARS, "{other}");
        }
        assert_eq!((level(52), level(49), level(48), level(4), level(3)), (0, 0, 1, 9, 0));
    }

    #[test]
    fn quiet_and_short_and_holed_series_have_answers() {
        let zero = vec![Some(0); 300];
        let (fit, judged) = judge(&zero, 299, 0.01).unwrap();
        assert_eq!((fit.mean, judged.upper, judged.alarm), (0.0, 0.0, false));
        assert_eq!(judge(&zero, HISTORY - 1, 0.01), None);
        let mut one = zero.clone();
        one[299] = Some(1);
        assert!(judge(&one, 299, 0.01).unwrap().1.alarm);
        one[299] = None;
        assert_eq!(judge(&one, 299, 0.01), None);
        let mut holed: Vec<Option<u32>> = (0..300).map(|week| Some(week % 5)).collect();
        for week in (0..200).step_by(3) {
            holed[week] = None;
        }
        let (fit, judged) = judge(&holed, 299, 0.01).unwrap();
        assert!(fit.mean > 1.0 && fit.mean < 3.0 && judged.upper >= 4.0, "{fit:?}");
        holed[..200].fill(None);
        assert_eq!(judge(&holed, 299, 0.01), None);
    }
}
