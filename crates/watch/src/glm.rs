//! Regression for counts with a log link: Poisson, quasi-Poisson and negative binomial (NB2), with an offset, and Newey–West
//! standard errors.
//!
//! The fits equal R's `glm` and `MASS::glm.nb` (Venables & Ripley 2002, *Modern Applied Statistics with S*, 7.4): iteratively
//! reweighted least squares for the coefficients (McCullagh & Nelder 1989, *Generalized Linear Models*, 2.5), maximum likelihood
//! for theta, one after the other until neither moves. Newey–West as in `sandwich::NeweyWest` without prewhitening (Newey & West
//! 1987, *Econometrica* 55:703–708; Zeileis 2004, *Journal of Statistical Software* 11(10)).
//!
//! What has no estimate is an error that says why, never a number: [`Trouble`].

use nalgebra::{DMatrix, DVector};
use statrs::function::gamma::{digamma, ln_gamma};

/// A column whose part that is not in the columns before it is shorter than this, of its own length, is taken for dependent: R's
/// tolerance in `lm` and `glm`.
const DEPENDENT: f64 = 1e-7;

/// Coefficients have converged where the log-likelihood moves by less, relative to its size.
const CONVERGED: f64 = 1e-11;

/// Rounds of reweighting before a fit is given up; where an estimate exists ten are enough.
const ROUNDS: usize = 100;

/// Above this size parameter, in units of the largest count or mean, a negative binomial is a Poisson to seven digits.
const POISSON_FROM: f64 = 1e7;

/// The explanatory columns, named.
#[derive(Debug, Clone)]
pub struct Design {
    names: Vec<String>,
    columns: Vec<Vec<f64>>,
}

impl Design {
    /// Columns of one length; the intercept is a column like any other.
    ///
    /// # Errors
    ///
    /// Where lengths differ, a value is no number, or a column depends on the ones before it.
    pub fn new(columns: Vec<(String, Vec<f64>)>) -> Result<Self, Trouble> {
        let rows = columns.first().map_or(0, |(_, values)| values.len());
        for (name, values) in &columns {
            if values.len() != rows {
                return Err(Trouble::Shape { column: name.clone(), found: values.len(), expected: rows });
            }
            if values.iter().any(|value| !value.is_finite()) {
                return Err(Trouble::NotANumber { column: name.clone() });
            }
        }
        let (names, columns): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
        if let Some(at) = dependent(&columns, |_| true) {
            return Err(Trouble::Dependent { column: names[at].clone() });
        }
        Ok(Self { names, columns })
    }

    /// Observations.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, Vec::len)
    }

    /// What the columns are called, in order.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The place of a column.
    #[must_use]
    pub fn place(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known == name)
    }
}

/// The first column that depends on the ones before it, over the rows that are kept: Gram–Schmidt, each column taken out twice so
/// that rounding does not hide what is left.
fn dependent(columns: &[Vec<f64>], keep: impl Fn(usize) -> bool) -> Option<usize> {
    let mut basis: Vec<Vec<f64>> = Vec::with_capacity(columns.len());
    for (at, column) in columns.iter().enumerate() {
        let mut left: Vec<f64> =
            column.iter().enumerate().filter(|(row, _)| keep(*row)).map(|(_, value)| *value).collect();
        let length = left.iter().map(|value| value * value).sum::<f64>().sqrt();
        for _ in 0..2 {
            for known in &basis {
                let along: f64 = known.iter().zip(&left).map(|(a, b)| a * b).sum();
                left.iter_mut().zip(known).for_each(|(value, known)| *value -= along * known);
            }
        }
        let rest = left.iter().map(|value| value * value).sum::<f64>().sqrt();
        if length == 0.0 || rest <= DEPENDENT * length {
            return Some(at);
        }
        left.iter_mut().for_each(|value| *value /= rest);
        basis.push(left);
    }
    None
}

/// How the counts vary about their mean mu.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Family {
    /// Variance mu.
    Poisson,
    /// Variance phi · mu, phi by Pearson's statistic.
    QuasiPoisson,
    /// Variance mu + mu²/theta, theta by maximum likelihood.
    NegativeBinomial,
}

/// Why there is no estimate.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Trouble {
    /// A column is of another length.
    #[error("the column `{column}` has {found} values, expected {expected}")]
    Shape {
        /// Its name.
        column: String,
        /// Its length.
        found: usize,
        /// That of the first column.
        expected: usize,
    },
    /// A value is infinite or no number.
    #[error("the column `{column}` holds a value that is no number")]
    NotANumber {
        /// Its name.
        column: String,
    },
    /// A count is below zero or no number.
    #[error("observation {at} is {value}: a count is a number from zero up")]
    NotACount {
        /// Its place, from zero.
        at: usize,
        /// What it is.
        value: f64,
    },
    /// A column says nothing that the ones before it do not say.
    #[error("`{column}` cannot be told from the terms before it in this series")]
    Dependent {
        /// Its name.
        column: String,
    },
    /// Not one event.
    #[error("the series has no event: all counts are zero")]
    NoEvents,
    /// No more observations than terms.
    #[error("{rows} observations are too few for {terms} terms")]
    TooFew {
        /// Observations.
        rows: usize,
        /// Terms.
        terms: usize,
    },
    /// An estimate is infinite: some term, or several together, are met only by counts of zero.
    #[error("`{column}` has no finite estimate: there is no event at all on one side of it")]
    Separated {
        /// The term that runs off fastest.
        column: String,
    },
    /// The rounds were used up.
    #[error("the fit did not converge")]
    NoConvergence,
}

/// A fitted regression.
#[derive(Debug, Clone)]
pub struct Fit {
    /// One for each column.
    pub coefficients: Vec<f64>,
    /// Their standard errors by the model (with theta held at its estimate, as R reports them).
    pub errors: Vec<f64>,
    /// Fitted means.
    pub means: Vec<f64>,
    /// Size of the negative binomial; infinite where the counts do not vary more than a Poisson's.
    pub theta: f64,
    /// Pearson's statistic over the degrees of freedom left: 1 where the family's variance holds.
    pub dispersion: f64,
    /// Log-likelihood; for quasi-Poisson that of the Poisson with the same means.
    pub log_likelihood: f64,
    family: Family,
    /// Inverse information, not multiplied by the dispersion.
    unscaled: DMatrix<f64>,
    counts: Vec<f64>,
}

/// Fits a family to counts.
///
/// `offset` is added to the linear predictor (the logarithm of the exposure); empty is none.
///
/// # Errors
///
/// Where there is no estimate: see [`Trouble`].
pub fn fit(design: &Design, counts: &[f64], offset: &[f64], family: Family) -> Result<Fit, Trouble> {
    fit_from(design, counts, offset, family, None)
}

/// As [`fit`], from the coefficients and the theta of a fit to a like design: the same estimate, sooner.
///
/// # Errors
///
/// As [`fit`].
pub fn fit_from(
    design: &Design,
    counts: &[f64],
    offset: &[f64],
    family: Family,
    near: Option<&Fit>,
) -> Result<Fit, Trouble> {
    let (rows, terms) = (design.rows(), design.columns.len());
    for (name, values) in [("counts", counts), ("offset", offset)] {
        if values.len() != rows && !(name == "offset" && values.is_empty()) {
            return Err(Trouble::Shape { column: name.to_owned(), found: values.len(), expected: rows });
        }
    }
    if let Some((at, value)) =
        counts.iter().enumerate().find(|(_, value)| !value.is_finite() || **value < 0.0)
    {
        return Err(Trouble::NotACount { at, value: *value });
    }
    if offset.iter().any(|value| !value.is_finite()) {
        return Err(Trouble::NotANumber { column: "offset".to_owned() });
    }
    if counts.iter().all(|count| *count == 0.0) {
        return Err(Trouble::NoEvents);
    }
    if rows <= terms {
        return Err(Trouble::TooFew { rows, terms });
    }
    let near = near.filter(|near| near.coefficients.len() == terms && near.means.len() == rows);
    let mut theta = match family {
        Family::NegativeBinomial => near.map_or(f64::INFINITY, |near| near.theta),
        Family::Poisson | Family::QuasiPoisson => f64::INFINITY,
    };
    let mut work = Work::new(design, counts, offset);
    let mut fitted = work.reweight(theta, near.map(|near| near.coefficients.as_slice()))?;
    if family == Family::NegativeBinomial {
        let mut before = f64::NEG_INFINITY;
        let mut settled = false;
        for _ in 0..ROUNDS {
            theta = size(counts, &fitted.means);
            fitted = work.reweight(theta, Some(&fitted.coefficients))?;
            let now = log_likelihood(counts, &fitted.means, theta);
            if (now - before).abs() <= CONVERGED * (now.abs() + 1.0) {
                settled = true;
                break;
            }
            before = now;
        }
        if !settled {
            return Err(Trouble::NoConvergence);
        }
    }
    let pearson: f64 = counts
        .iter()
        .zip(&fitted.means)
        .map(|(count, mean)| (count - mean).powi(2) / variance(*mean, theta))
        .sum();
    #[expect(clippy::cast_precision_loss, reason = "numbers of observations")]
    let dispersion = pearson / (rows - terms) as f64;
    let scale = if family == Family::QuasiPoisson { dispersion } else { 1.0 };
    let errors = (0..terms).map(|term| (fitted.unscaled[(term, term)] * scale).sqrt()).collect();
    Ok(Fit {
        errors,
        theta,
        dispersion,
        log_likelihood: log_likelihood(counts, &fitted.means, theta),
        family,
        counts: counts.to_vec(),
        coefficients: fitted.coefficients,
        means: fitted.means,
        unscaled: fitted.unscaled,
    })
}

impl Fit {
    /// The covariance of the coefficients by the model.
    #[must_use]
    pub fn covariance(&self) -> DMatrix<f64> {
        if self.family == Family::QuasiPoisson {
            &self.unscaled * self.dispersion
        } else {
            self.unscaled.clone()
        }
    }

    /// The covariance of the coefficients by Newey and West: it holds where the counts vary otherwise than the family says and
    /// where neighbouring ones hang together, up to `lag` periods apart (weights 1 − j/(lag + 1), Newey & West 1987, eq. 5).
    ///
    /// `places` are the periods of the observations, ascending, where some between them are missing; empty is one after another.
    #[must_use]
    pub fn newey_west(&self, design: &Design, lag: usize, places: &[usize]) -> DMatrix<f64> {
        let (observed, terms) = (design.rows(), design.columns.len());
        let first = places.first().copied().unwrap_or(0);
        let place = |row: usize| places.get(row).map_or(row, |place| place.saturating_sub(first));
        let rows = place(observed.saturating_sub(1)) + 1;
        // Scores of the log link: (y − mu) · x / (1 + mu/theta).
        let weight: Vec<f64> = self
            .counts
            .iter()
            .zip(&self.means)
            .map(|(count, mean)| (count - mean) / (1.0 + mean / self.theta))
            .collect();
        // A period that is missing has no score: what stands on both sides of it is two apart.
        let mut scores = DMatrix::zeros(rows, terms);
        for (row, weight) in weight.iter().enumerate() {
            for (term, column) in design.columns.iter().enumerate() {
                scores[(place(row), term)] = column[row] * weight;
            }
        }
        let mut meat = scores.tr_mul(&scores);
        for distance in 1..=lag.min(rows.saturating_sub(1)) {
            #[expect(clippy::cast_precision_loss, reason = "numbers of observations")]
            let share = 1.0 - distance as f64 / (lag + 1) as f64;
            let later = scores.rows(distance, rows - distance);
            let earlier = scores.rows(0, rows - distance);
            let cross = later.tr_mul(&earlier);
            meat += (&cross + cross.transpose()) * share;
        }
        &self.unscaled * meat * &self.unscaled
    }

    /// Pearson residuals.
    #[must_use]
    pub fn residuals(&self) -> Vec<f64> {
        self.counts
            .iter()
            .zip(&self.means)
            .map(|(count, mean)| (count - mean) / variance(*mean, self.theta).sqrt())
            .collect()
    }

    /// The counts that were fitted.
    #[must_use]
    pub fn counts(&self) -> &[f64] {
        &self.counts
    }
}

/// The square roots of a covariance's diagonal.
#[must_use]
pub fn errors(covariance: &DMatrix<f64>) -> Vec<f64> {
    (0..covariance.nrows()).map(|at| covariance[(at, at)].max(0.0).sqrt()).collect()
}

fn variance(mean: f64, theta: f64) -> f64 {
    mean + mean * mean / theta
}

/// Coefficients for one theta.
struct Reweighted {
    coefficients: Vec<f64>,
    means: Vec<f64>,
    unscaled: DMatrix<f64>,
}

/// What reweighting works with: the columns by rows, scaled to one length, so that the sums of products keep their digits.
struct Work<'a> {
    design: &'a Design,
    scaled: Vec<f64>,
    lengths: Vec<f64>,
    counts: &'a [f64],
    offset: &'a [f64],
}

impl<'a> Work<'a> {
    fn new(design: &'a Design, counts: &'a [f64], offset: &'a [f64]) -> Self {
        let lengths: Vec<f64> = design
            .columns
            .iter()
            .map(|column| column.iter().map(|value| value * value).sum::<f64>().sqrt())
            .collect();
        let mut scaled = Vec::with_capacity(design.rows() * lengths.len());
        for row in 0..design.rows() {
            scaled.extend(design.columns.iter().zip(&lengths).map(|(column, length)| column[row] / length));
        }
        Self { design, scaled, lengths, counts, offset }
    }

    fn offset(&self, row: usize) -> f64 {
        self.offset.get(row).copied().unwrap_or(0.0)
    }

    /// Means of coefficients of the scaled columns.
    fn means(&self, coefficients: &[f64]) -> Vec<f64> {
        let terms = self.lengths.len();
        self.scaled
            .chunks_exact(terms)
            .enumerate()
            .map(|(row, values)| {
                let along: f64 = values.iter().zip(coefficients).map(|(x, b)| x * b).sum();
                (along + self.offset(row)).clamp(-700.0, 700.0).exp()
            })
            .collect()
    }

    /// Iteratively reweighted least squares for a fixed theta, with steps halved where the likelihood falls.
    fn reweight(&mut self, theta: f64, near: Option<&[f64]>) -> Result<Reweighted, Trouble> {
        let (rows, terms) = (self.design.rows(), self.lengths.len());
        let start = near.map(|near| near.iter().zip(&self.lengths).map(|(b, length)| b * length).collect());
        let mut coefficients: Option<Vec<f64>> = start;
        // As R begins: each mean at its count, a little above zero.
        let mut means = match &coefficients {
            Some(known) => self.means(known),
            None => {
                self.counts.iter().map(|count| count + if *count == 0.0 { 1.0 / 6.0 } else { 0.0 }).collect()
            }
        };
        let mut before = if coefficients.is_some() {
            log_likelihood(self.counts, &means, theta)
        } else {
            f64::NEG_INFINITY
        };
        let mut information = DMatrix::zeros(terms, terms);
        let mut gradient = DVector::zeros(terms);
        for _ in 0..ROUNDS {
            information.fill(0.0);
            gradient.fill(0.0);
            for (row, values) in self.scaled.chunks_exact(terms).enumerate() {
                let mean = means[row];
                let weight = mean / (1.0 + mean / theta);
                let working = mean.ln() - self.offset(row) + (self.counts[row] - mean) / mean;
                for one in 0..terms {
                    let along = weight * values[one];
                    gradient[one] += along * working;
                    for other in 0..=one {
                        information[(one, other)] += along * values[other];
                    }
                }
            }
            let Some(factor) = information.clone().cholesky() else {
                return Err(self.runaway(&means).unwrap_or(Trouble::NoConvergence));
            };
            let mut next: Vec<f64> = factor.solve(&gradient).iter().copied().collect();
            let mut reached = self.means(&next);
            let mut now = log_likelihood(self.counts, &reached, theta);
            if let Some(known) = &coefficients {
                let mut halved = 0;
                while (!now.is_finite() || now < before - 1e-9 * (before.abs() + 1.0)) && halved < 30 {
                    next.iter_mut().zip(known).for_each(|(value, known)| *value = (*value + known) / 2.0);
                    reached = self.means(&next);
                    now = log_likelihood(self.counts, &reached, theta);
                    halved += 1;
                }
            }
            if !now.is_finite() {
                return Err(Trouble::NoConvergence);
            }
            // The likelihood is flat at its top: it stands still before the coefficients do.
            let largest = next.iter().fold(1.0, |most: f64, value| most.max(value.abs()));
            let moved = coefficients.as_ref().map_or(f64::INFINITY, |known| {
                known.iter().zip(&next).fold(0.0, |most: f64, (one, other)| most.max((one - other).abs()))
            });
            means = reached;
            coefficients = Some(next);
            let flat = (now - before).abs() <= CONVERGED * (now.abs() + 1.0);
            if flat && (moved <= 1e-8 * largest || self.runaway(&means).is_some()) {
                if let Some(runaway) = self.runaway(&means) {
                    return Err(runaway);
                }
                // The last information is that of the means before this step: made anew, so that errors are at the estimate.
                information.fill(0.0);
                for (row, values) in self.scaled.chunks_exact(terms).enumerate() {
                    let weight = means[row] / (1.0 + means[row] / theta);
                    for one in 0..terms {
                        for other in 0..terms {
                            information[(one, other)] += weight * values[one] * values[other];
                        }
                    }
                }
                let inverse = information.cholesky().ok_or(Trouble::NoConvergence)?.inverse();
                let unscaled = DMatrix::from_fn(terms, terms, |one, other| {
                    inverse[(one, other)] / (self.lengths[one] * self.lengths[other])
                });
                let coefficients = coefficients.unwrap_or_default();
                return Ok(Reweighted {
                    coefficients: coefficients
                        .iter()
                        .zip(&self.lengths)
                        .map(|(b, length)| b / length)
                        .collect(),
                    means,
                    unscaled,
                });
            }
            before = now;
        }
        debug_assert_eq!(means.len(), rows);
        Err(self.runaway(&means).unwrap_or(Trouble::NoConvergence))
    }

    /// The term without a finite estimate, if there is one. A maximum exists where the columns are independent over the rows with
    /// events (Correia, Guimarães & Zylkin 2019, arXiv:1903.01633, proposition 1); where they are not, the fit shows by means
    /// that go to nothing whether the likelihood has its maximum at infinity.
    fn runaway(&self, means: &[f64]) -> Option<Trouble> {
        let at = dependent(&self.design.columns, |row| self.counts[row] > 0.0)?;
        let usual = self.counts.iter().sum::<f64>();
        let vanishing =
            self.counts.iter().zip(means).any(|(count, mean)| *count == 0.0 && *mean < 1e-8 * usual.max(1.0));
        vanishing.then(|| Trouble::Separated { column: self.design.names[at].clone() })
    }
}

/// Log-likelihood of counts under negative binomials of these means; under Poissons where theta is infinite.
#[must_use]
pub fn log_likelihood(counts: &[f64], means: &[f64], theta: f64) -> f64 {
    counts
        .iter()
        .zip(means)
        .map(|(count, mean)| {
            let mean = mean.max(f64::MIN_POSITIVE);
            if theta.is_infinite() {
                return count * mean.ln() - mean - ln_gamma(count + 1.0);
            }
            ln_gamma(count + theta) - ln_gamma(theta) - ln_gamma(count + 1.0) - theta * (mean / theta).ln_1p()
                + count * (mean.ln() - (theta + mean).ln())
        })
        .sum()
}

/// The maximum-likelihood size of a negative binomial for given means (Lawless 1987, *Canadian Journal of Statistics* 15:209–225,
/// eq. 2.6); infinite where the counts vary no more than a Poisson's.
#[must_use]
pub fn size(counts: &[f64], means: &[f64]) -> f64 {
    // The score in 1/theta at zero: where it is not above zero the likelihood falls from there on.
    let at_poisson: f64 = counts.iter().zip(means).map(|(count, mean)| (count - mean).powi(2) - count).sum();
    if at_poisson <= 0.0 {
        return f64::INFINITY;
    }
    let largest = counts.iter().chain(means).copied().fold(1.0, f64::max);
    // The score in theta falls through zero once: from plus at small to minus at large sizes.
    let (mut low, mut high) = ((1e-10f64).ln(), (POISSON_FROM * largest).ln());
    if score(counts, means, high.exp()) >= 0.0 {
        return f64::INFINITY;
    }
    let moments: f64 = {
        let squares: f64 = means.iter().map(|mean| mean * mean).sum();
        squares / at_poisson
    };
    let mut at = moments.ln().clamp(low + 1.0, high - 1.0);
    for _ in 0..200 {
        let here = score(counts, means, at.exp());
        if here > 0.0 {
            low = at
        } else {
            high = at
        }
        // A secant step from a small move beside it, kept inside the bracket; else the middle.
        let beside = score(counts, means, (at + 1e-4).exp());
        let slope = (beside - here) / 1e-4;
        let step = at - here / slope;
        let next = if slope < 0.0 && step > low && step < high { step } else { f64::midpoint(low, high) };
        if (next - at).abs() < 1e-12 * (1.0 + at.abs()) || here == 0.0 {
            at = next;
            break;
        }
        at = next;
    }
    at.exp()
}

/// The derivative of the log-likelihood in theta.
fn score(counts: &[f64], means: &[f64], theta: f64) -> f64 {
    counts
        .iter()
        .zip(means)
        .map(|(count, mean)| rising(*count, theta) - (mean / theta).ln_1p() + (mean - count) / (mean + theta))
        .sum()
}

/// psi(count + theta) − psi(theta). A sum over the count where it is small and whole: the difference of two digammas loses its
/// digits where theta is large.
fn rising(count: f64, theta: f64) -> f64 {
    if count.fract() == 0.0 && count <= 64.0 {
        let mut sum = 0.0;
        let mut below = 0.0;
        while below < count {
            sum += 1.0 / (theta + below);
            below += 1.0;
        }
        return sum;
    }
    if theta > 1e6 * count {
        // The first two terms of Stirling's series.
        return (count / theta).ln_1p() + count / (2.0 * theta * (theta + count));
    }
    digamma(count + theta) - digamma(theta)
}

#[cfg(test)]
#[path = "glm_tests.rs"]
mod tests;
