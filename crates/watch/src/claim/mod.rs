//! Tests of what is said about a series: that it changed at a date, that it moves with a calendar, that it has a trend.
//!
//! Each is a regression for counts ([`crate::glm`]) whose errors hold where neighbouring periods hang together, and where it can be,
//! a comparison with *placebos*: the same question asked of dates at which nothing is claimed. Real series of violence change level
//! all the time, so a change at a date says little where most other dates show one as large (Bertrand, Duflo & Mullainathan 2004,
//! *Quarterly Journal of Economics* 119:249–275). A claim is supported only where both hold.

use schemars::JsonSchema;
use serde::Serialize;

use crate::glm::{Fit, Trouble};

pub mod before_after;
pub mod calendar;
pub mod critical;
pub mod diagnostics;
pub mod frame;
pub mod placebo;
pub mod ramadan;
pub mod self_excitation;
pub mod trend;
mod words;

pub use before_after::{BeforeAfter, before_after};
pub use calendar::{Calendar, calendar};
pub use frame::Frame;
pub use self_excitation::{SelfExcitation, self_excitation};
pub use trend::{Trend, trend};

use critical::NORMAL;
use diagnostics::Diagnostics;
use placebo::Placebos;

/// What is claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Claim {
    /// More than before.
    Rose,
    /// Fewer than before.
    Fell,
    /// More or fewer.
    Changed,
}

/// What the record says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub enum Verdict {
    /// The whole interval lies on the side that is claimed, and placebos do not show the same.
    #[serde(rename = "supported")]
    Supported,
    /// The interval leaves no room for a change worth the name on that side.
    #[serde(rename = "not supported")]
    NotSupported,
    /// The data leave room for both, or cannot be asked.
    #[serde(rename = "cannot tell")]
    CannotTell,
}

impl Verdict {
    /// As it is written.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Supported => "supported",
            Self::NotSupported => "not supported",
            Self::CannotTell => "cannot tell",
        }
    }
}

/// A ratio below which a rise, and above whose inverse a fall, is not worth the name: half as much again.
pub const WORTH: f64 = 1.5;

/// Fewer events for each term than this, and nothing can be told (Vittinghoff & McCulloch 2007, *American Journal of Epidemiology*
/// 165:710–718: from five to nine on, estimates behave).
const FEWEST_EVENTS: f64 = 5.0;

/// Fewer events for each term than this are told as a weakness (Peduzzi et al. 1996, *Journal of Clinical Epidemiology* 49:1373–1379).
const FEW_EVENTS: f64 = 10.0;

/// One estimated effect, as a rate ratio with its intervals.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Effect {
    /// What it is called: `level`, `slope`, `average`, `ramadan`, `trend`.
    pub name: &'static str,
    /// What it means, in words.
    pub meaning: String,
    /// The coefficient, a logarithm of a ratio.
    pub estimate: f64,
    /// Its standard error by the model.
    pub error_model: f64,
    /// Its standard error by Newey and West.
    pub error_newey_west: f64,
    /// The ratio of rates.
    pub ratio: f64,
    /// 95 % interval of the ratio by the model.
    pub interval_model: [f64; 2],
    /// 95 % interval of the ratio by Newey and West, with the normal's 1.96.
    pub interval_newey_west: [f64; 2],
    /// 95 % interval of the ratio by Newey and West, with the fixed-b law's critical value: the one that sentences tell.
    pub interval: [f64; 2],
    /// That critical value.
    pub critical: f64,
    /// The same with the value that the placebos leave, where that is larger: what the effect must clear to be more than what the series
    /// does anyway; none where placebos are too few to say.
    pub interval_placebo: Option<[f64; 2]>,
    /// Two-sided chance by the model.
    pub p_model: f64,
    /// Two-sided chance by Newey and West, with the normal.
    pub p_newey_west: f64,
    /// How rare among the placebos an effect so far from none is; none where they are too few to say.
    pub p_placebo: Option<f64>,
    /// The chance that the verdict rests on: the larger of the fixed-b law's and the placebos'.
    pub p: f64,
}

/// What an effect is made of.
pub(crate) struct Estimate {
    pub(crate) value: f64,
    pub(crate) model: f64,
    pub(crate) newey_west: f64,
}

impl Estimate {
    /// A weighted sum of coefficients.
    pub(crate) fn of(fit: &Fit, robust: &nalgebra::DMatrix<f64>, weights: &[(usize, f64)]) -> Self {
        let model = fit.covariance();
        let along = |covariance: &nalgebra::DMatrix<f64>| {
            let mut sum = 0.0;
            for (one, first) in weights {
                for (other, second) in weights {
                    sum += first * second * covariance[(*one, *other)];
                }
            }
            sum.max(0.0).sqrt()
        };
        Self {
            value: weights.iter().map(|(at, weight)| weight * fit.coefficients[*at]).sum(),
            model: along(&model),
            newey_west: along(robust),
        }
    }

    /// The estimate over its Newey–West error; none where there is no error to speak of.
    pub(crate) fn statistic(&self) -> Option<f64> {
        let statistic = self.value / self.newey_west;
        (self.newey_west > 0.0 && statistic.is_finite()).then_some(statistic)
    }

    pub(crate) fn effect(
        &self,
        name: &'static str,
        meaning: String,
        (lag, rows): (usize, usize),
        placebos: Option<(Option<f64>, Option<f64>)>,
    ) -> Effect {
        let (p_placebo, critical_placebo) = placebos.unwrap_or((None, None));
        let interval = |error: f64, critical: f64| {
            // Beyond e^±700 a ratio is no number any more, and says nothing more either.
            [self.value - critical * error, self.value + critical * error]
                .map(|end| end.clamp(-700.0, 700.0).exp())
        };
        let critical = critical::fixed_b(lag, rows);
        let statistic = self.statistic().unwrap_or(0.0);
        let fixed_b = critical::two_sided_fixed_b(statistic, lag, rows);
        Effect {
            name,
            meaning,
            estimate: self.value,
            error_model: self.model,
            error_newey_west: self.newey_west,
            ratio: self.value.clamp(-700.0, 700.0).exp(),
            interval_model: interval(self.model, NORMAL),
            interval_newey_west: interval(self.newey_west, NORMAL),
            interval: interval(self.newey_west, critical),
            critical,
            interval_placebo: critical_placebo
                .map(|placebo| interval(self.newey_west, critical.max(placebo))),
            p_model: if self.model > 0.0 { critical::two_sided(self.value / self.model) } else { 1.0 },
            p_newey_west: critical::two_sided(statistic),
            p_placebo,
            p: fixed_b.max(p_placebo.unwrap_or(0.0)),
        }
    }
}

/// Whether an interval of a ratio lies on the side that is claimed.
fn on_side([low, high]: [f64; 2], claim: Claim) -> bool {
    match claim {
        Claim::Rose => low > 1.0,
        Claim::Fell => high < 1.0,
        Claim::Changed => low > 1.0 || high < 1.0,
    }
}

impl Effect {
    /// Whether the interval alone lies on the side that is claimed.
    fn on_side(&self, claim: Claim) -> bool {
        on_side(self.interval, claim)
    }

    /// What the interval and the placebos say of a claim. To support it, both must; that an interval leaves no room for it is enough
    /// not to.
    fn verdict(&self, claim: Claim, worth: f64) -> Verdict {
        let [low, high] = self.interval;
        let rare = self.p_placebo.is_none_or(|share| share <= 0.05);
        let (no_rise, no_fall) = (high < worth, low > 1.0 / worth);
        let refuted = match claim {
            Claim::Rose => no_rise,
            Claim::Fell => no_fall,
            Claim::Changed => no_rise && no_fall,
        };
        if self.on_side(claim) && rare {
            Verdict::Supported
        } else if refuted {
            Verdict::NotSupported
        } else {
            Verdict::CannotTell
        }
    }
}

/// A term of the regression, as R would print it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Term {
    /// Its name.
    pub name: String,
    /// Its coefficient.
    pub estimate: f64,
    /// Standard error by the model.
    pub error_model: f64,
    /// Standard error by Newey and West.
    pub error_newey_west: f64,
}

/// The regression behind a finding.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Model {
    /// Its family and link.
    pub family: &'static str,
    /// Observations.
    pub observations: usize,
    /// Periods between the first and the last that are missing.
    pub missing: usize,
    /// Sum of the counts.
    pub events: f64,
    /// Size of the negative binomial; none where the counts vary no more than a Poisson's.
    pub theta: Option<f64>,
    /// Log-likelihood.
    pub log_likelihood: f64,
    /// Periods that the Newey–West errors reach.
    pub lag: usize,
    /// Terms, in order.
    pub terms: Vec<Term>,
}

impl Model {
    pub(crate) fn new(
        fit: &Fit,
        names: &[String],
        robust: &nalgebra::DMatrix<f64>,
        frame: &Frame,
        lag: usize,
    ) -> Self {
        let errors = crate::glm::errors(robust);
        let terms = names
            .iter()
            .zip(&fit.coefficients)
            .zip(fit.errors.iter().zip(&errors))
            .map(|((name, estimate), (model, robust))| Term {
                name: name.clone(),
                estimate: *estimate,
                error_model: *model,
                error_newey_west: *robust,
            })
            .collect();
        Self {
            family: "negative binomial, log link",
            observations: frame.rows(),
            missing: frame.missing,
            events: frame.events(),
            theta: fit.theta.is_finite().then_some(fit.theta),
            log_likelihood: fit.log_likelihood,
            lag,
            terms,
        }
    }
}

/// Something that the test rests on and that does not hold here.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Failing {
    /// Which: `autocorrelation`, `overdispersion`, `few-events`, `pre-trend`, `placebo-dates`, `placebo-series`, `few-placebos`,
    /// `uncompared-calendar`, `moon-sighting`; of self-excitation also `background`, `same-period`, `times-in-periods`, `waiting-times`, `delay-at-edge`,
    /// `delay-within-period`, `missing-periods`, `offset`.
    pub assumption: &'static str,
    /// What was seen, and what it means for the answer.
    pub says: String,
}

/// What the other series of a file show at the same date.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Other {
    /// The series.
    pub series: String,
    /// Its ratio.
    pub ratio: Option<f64>,
    /// Its 95 % interval by Newey and West, with the fixed-b law.
    pub interval: Option<[f64; 2]>,
    /// Its two-sided chance by the same.
    pub p: Option<f64>,
    /// Why it has none.
    pub trouble: Option<String>,
}

/// The effect of a month that begins on another day.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Shifted {
    /// Days by which it is moved from the calendar's.
    pub days: i32,
    /// Its ratio.
    pub ratio: f64,
    /// Its 95 % interval by Newey and West, with the fixed-b law.
    pub interval: [f64; 2],
    /// Its two-sided chance by the same.
    pub p: f64,
}

/// What a finding is, and in which version.
pub const SCHEMA: &str = "watchpost.finding/1";

/// The answer to a claim.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// What was asked: `before-after`, `calendar ramadan`, `trend`.
    pub test: &'static str,
    /// Of which series.
    pub series: String,
    /// What was claimed.
    pub claim: Claim,
    /// What the record says.
    pub verdict: Verdict,
    /// The answer for people.
    pub sentence: String,
    /// Why nothing can be told, where that is so.
    pub reason: Option<String>,
    /// First day of the first period.
    pub from: Option<String>,
    /// First day of the last period.
    pub to: Option<String>,
    /// The effect that the verdict is about, first, then the others.
    pub effects: Vec<Effect>,
    /// The regression.
    pub model: Option<Model>,
    /// How well it fits.
    pub diagnostics: Option<Diagnostics>,
    /// The same question, asked of dates at which nothing is claimed.
    pub placebo_dates: Option<Placebos>,
    /// The same question, asked of the other series.
    pub placebo_series: Vec<Other>,
    /// The same with the month of the calendar a day earlier and later, as countries see the moon.
    pub shifts: Vec<Shifted>,
    /// What does not hold.
    pub failing: Vec<Failing>,
}

impl Finding {
    /// What every finding says, before anything was found.
    fn of(test: &'static str, series: &str, claim: Claim, frame: &Frame) -> Self {
        Self {
            schema: SCHEMA,
            test,
            series: series.to_owned(),
            claim,
            verdict: Verdict::CannotTell,
            sentence: String::new(),
            reason: None,
            from: words::day(frame, frame.periods.first()),
            to: words::day(frame, frame.periods.last()),
            effects: Vec::new(),
            model: None,
            diagnostics: None,
            placebo_dates: None,
            placebo_series: Vec::new(),
            shifts: Vec::new(),
            failing: Vec::new(),
        }
    }

    /// A finding that says why there is none.
    fn untold(
        test: &'static str,
        series: &str,
        claim: Claim,
        frame: &Frame,
        reason: String,
        what: &str,
    ) -> Self {
        let sentence = format!("Cannot tell whether {what}: {reason}.");
        Self { sentence, reason: Some(reason), ..Self::of(test, series, claim, frame) }
    }
}

/// Why a series cannot be asked, in words that go on from "cannot tell …:".
fn reason(trouble: &Trouble, of: &str) -> String {
    match trouble {
        Trouble::NoEvents => "the series has no event in these periods".to_owned(),
        Trouble::Separated { .. } => format!("all events lie on one side of {of}, so no ratio can be formed"),
        other => other.to_string(),
    }
}

/// How few events there are for the terms: nothing can be told, or it is a weakness.
fn scarce(frame: &Frame, terms: usize) -> Result<Option<Failing>, String> {
    #[expect(clippy::cast_precision_loss, reason = "a dozen terms")]
    let each = frame.events() / terms as f64;
    let events = frame.events();
    if each < FEWEST_EVENTS {
        return Err(format!(
            "{events} events are too few for a model of {terms} terms (at least {FEWEST_EVENTS} for each are needed)"
        ));
    }
    Ok((each < FEW_EVENTS).then(|| Failing {
        assumption: "few-events",
        says: format!(
            "{events} events for {terms} terms are few: estimates from fewer than {FEW_EVENTS} events a term are unsure \
             beyond their intervals"
        ),
    }))
}

#[cfg(test)]
mod tests;
