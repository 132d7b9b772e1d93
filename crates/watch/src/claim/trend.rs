//! Whether a series rises or falls over its whole time.

use crate::glm::{self, Design, Family, Trouble};
use crate::series::Series;

use super::diagnostics::Diagnostics;
use super::{Claim, Effect, Estimate, Failing, Finding, Frame, Model, WORTH, reason, scarce, words};

/// What is asked.
#[derive(Debug, Clone)]
pub struct Trend {
    /// What is claimed.
    pub claim: Claim,
    /// First period taken.
    pub from: Option<i32>,
    /// Last period taken.
    pub to: Option<i32>,
    /// Waves of the year.
    pub harmonics: u8,
    /// Periods that the Newey–West errors reach; none is two months, or 1.3 times the square root of the periods where that is
    /// more (Lazarus, Lewis, Stock & Watson 2018, *Journal of Business & Economic Statistics* 36:541–559, eq. 4): a slow swing looks
    /// like a trend, and there is no placebo for the whole time.
    pub lag: Option<usize>,
    /// The smallest ratio over the whole time that is worth the name of a trend.
    pub worth: f64,
}

impl Trend {
    /// With what is usual.
    #[must_use]
    pub fn new(claim: Claim) -> Self {
        Self { claim, from: None, to: None, harmonics: 1, lag: None, worth: WORTH }
    }
}

/// Fewer periods show no trend.
const FEWEST_PERIODS: usize = 16;

/// Asks whether a series has a trend.
#[must_use]
pub fn trend(series: &Series, ask: &Trend) -> Finding {
    const TEST: &str = "trend";
    let frame = Frame::new(series, ask.from, ask.to);
    let name = series.name();
    let stem = words::stem(frame.every);
    let what = match (words::day(&frame, frame.periods.first()), words::day(&frame, frame.periods.last())) {
        (Some(from), Some(to)) => {
            format!("the {stem}ly count of {name} {} from {from} to {to}", words::verb(ask.claim))
        }
        _ => format!("the {stem}ly count of {name} {}", words::verb(ask.claim)),
    };
    let untold = |reason: String| Finding::untold(TEST, name, ask.claim, &frame, reason, &what);
    if frame.rows() < FEWEST_PERIODS {
        return untold(format!(
            "the series has {} {}s; at least {FEWEST_PERIODS} are needed",
            frame.rows(),
            frame.every.name()
        ));
    }
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a number of periods"
    )]
    let wide = (1.3 * (frame.rows() as f64).sqrt()).ceil() as usize;
    let lag = ask.lag.unwrap_or_else(|| frame.lag().max(wide)).min(frame.rows() - 1);
    let fitted = || -> Result<_, Trouble> {
        let mut columns = vec![frame.intercept(), frame.time()];
        columns.extend(frame.seasons(ask.harmonics));
        let design = Design::new(columns)?;
        let fit = glm::fit(&design, &frame.counts, &frame.offset, Family::NegativeBinomial)?;
        Ok((design, fit))
    };
    let (design, fit) = match fitted() {
        Ok(found) => found,
        Err(trouble) => return untold(reason(&trouble, "one period")),
    };
    let few = match scarce(&frame, design.names().len()) {
        Ok(few) => few,
        Err(reason) => return untold(reason),
    };
    let robust = fit.newey_west(&design, lag, &frame.places);
    let span = (lag, frame.rows());
    #[expect(clippy::cast_precision_loss, reason = "a number of periods")]
    let whole = frame.places.last().copied().unwrap_or(0) as f64;
    let effect = |name, weight: f64, meaning: &str| -> Effect {
        Estimate::of(&fit, &robust, &[(1, weight)]).effect(name, meaning.to_owned(), span, None)
    };
    let over = effect("whole", whole, "the rate at the end, against that at the beginning");
    let yearly = effect("trend", frame.every.a_year(), "what the rate is multiplied by each year");
    let verdict = over.verdict(ask.claim, ask.worth);
    let diagnostics = Diagnostics::new(&fit, &design, &frame, lag);
    let failing: Vec<Failing> = few.into_iter().chain(diagnostics.failing()).collect();
    let effects = vec![over, yearly];
    let sentence = words::trend(&what, verdict, &effects, ask.claim, ask.worth);
    Finding {
        verdict,
        sentence,
        effects,
        model: Some(Model::new(&fit, design.names(), &robust, &frame, lag)),
        diagnostics: Some(diagnostics),
        failing,
        ..Finding::of(TEST, name, ask.claim, &frame)
    }
}
