//! Interrupted time series: whether a series changed at a date (Wagner et al. 2002, *Journal of Clinical Pharmacy and Therapeutics*
//! 27:299–309; Bernal, Cummins & Gasparrini 2017, *International Journal of Epidemiology* 46:348–355).

use crate::glm::{self, Design, Family, Fit, Trouble};
use crate::series::Series;

use super::critical;
use super::diagnostics::Diagnostics;
use super::placebo::Profile;
use super::ramadan::Shift;
use super::{Claim, Estimate, Failing, Finding, Frame, Model, Other, WORTH, reason, scarce, words};

/// Which change a verdict is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The change of level at the date.
    Level,
    /// The change of the trend from then on.
    Slope,
    /// The mean over all periods since, against the trend before carried on.
    Average,
}

impl Which {
    /// Its place among the effects.
    #[must_use]
    pub fn place(self) -> usize {
        match self {
            Self::Level => 0,
            Self::Slope => 1,
            Self::Average => 2,
        }
    }
}

/// What is asked.
#[derive(Debug, Clone)]
pub struct BeforeAfter {
    /// The first period of the time after.
    pub at: i32,
    /// What is claimed of it.
    pub claim: Claim,
    /// Which change is meant.
    pub which: Which,
    /// First period taken.
    pub from: Option<i32>,
    /// Last period taken.
    pub to: Option<i32>,
    /// Waves of the year: 1 is one high and one low.
    pub harmonics: u8,
    /// Whether Ramadan is controlled for, and by how many days it is moved.
    pub ramadan: Option<Shift>,
    /// Periods that the Newey–West errors reach; none is two months.
    pub lag: Option<usize>,
    /// The smallest ratio that is worth the name of a change.
    pub worth: f64,
}

impl BeforeAfter {
    /// With what is usual: one wave a year, level, all periods.
    #[must_use]
    pub fn new(at: i32, claim: Claim) -> Self {
        Self {
            at,
            claim,
            which: Which::Level,
            from: None,
            to: None,
            harmonics: 1,
            ramadan: None,
            lag: None,
            worth: WORTH,
        }
    }

    fn design(&self, frame: &Frame, at: i32) -> Result<Design, Trouble> {
        let after = |period: &i32| f64::from(u8::from(*period >= at));
        let mut columns = vec![
            frame.intercept(),
            frame.time(),
            ("post".to_owned(), frame.periods.iter().map(after).collect()),
            (
                "tpost".to_owned(),
                frame.periods.iter().map(|period| f64::from(period - at) * after(period)).collect(),
            ),
        ];
        columns.extend(frame.seasons(self.harmonics));
        if let Some(shift) = self.ramadan {
            let column = frame.ramadan(shift);
            if column.1.iter().any(|share| *share > 0.0) {
                columns.push(column);
            }
        }
        Design::new(columns)
    }

    fn lag(&self, frame: &Frame) -> usize {
        self.lag.unwrap_or_else(|| frame.lag()).min(frame.rows().saturating_sub(1))
    }
}

/// Periods that must lie on each side of a date for a trend and a year's wave to be seen there.
const FEWEST_PERIODS: usize = 8;

/// Placebo dates keep this share of the periods on each side, or as much as the claimed one has.
const EDGE: usize = 10;

/// The regression at a date.
struct At {
    fit: Fit,
    design: Design,
    robust: nalgebra::DMatrix<f64>,
    /// Level, slope and average.
    effects: [Estimate; 3],
}

fn regress(ask: &BeforeAfter, frame: &Frame, at: i32, near: Option<&Fit>) -> Result<At, Trouble> {
    let design = ask.design(frame, at)?;
    let fit = glm::fit_from(&design, &frame.counts, &frame.offset, Family::NegativeBinomial, near)?;
    let robust = fit.newey_west(&design, ask.lag(frame), &frame.places);
    let since: Vec<f64> =
        frame.periods.iter().filter(|period| **period >= at).map(|period| f64::from(period - at)).collect();
    #[expect(clippy::cast_precision_loss, reason = "numbers of observations")]
    let mean = since.iter().sum::<f64>() / since.len().max(1) as f64;
    let (level, slope) = (2, 3);
    let effects = [
        Estimate::of(&fit, &robust, &[(level, 1.0)]),
        Estimate::of(&fit, &robust, &[(slope, 1.0)]),
        Estimate::of(&fit, &robust, &[(level, 1.0), (slope, mean)]),
    ];
    Ok(At { fit, design, robust, effects })
}

/// The statistics of every date of a series that could have been claimed as well, the claimed one among them.
#[must_use]
pub fn profile(ask: &BeforeAfter, frame: &Frame) -> Profile {
    let before = frame.periods.iter().filter(|period| **period < ask.at).count();
    let own = before.min(frame.rows() - before);
    let edge = (frame.rows() / EDGE).max(FEWEST_PERIODS).min(own.max(FEWEST_PERIODS));
    let mut profile = Profile { at: Vec::new(), statistics: Vec::new() };
    let mut near: Option<Fit> = None;
    for row in edge..(frame.rows() + 1).saturating_sub(edge) {
        let Some(at) = frame.periods.get(row).copied() else { break };
        let found = regress(ask, frame, at, near.as_ref()).ok();
        let statistics =
            found.as_ref().and_then(|found| found.effects.iter().map(Estimate::statistic).collect());
        profile.at.push(at);
        profile.statistics.push(statistics);
        near = found.map(|found| found.fit);
    }
    profile
}

/// Asks whether a series changed at a date. `others` are the other series at hand, in which nothing is claimed.
#[must_use]
pub fn before_after(series: &Series, others: &[&Series], ask: &BeforeAfter) -> Finding {
    const TEST: &str = "before-after";
    let frame = Frame::new(series, ask.from, ask.to);
    let name = series.name();
    let date = words::date(&frame, ask.at);
    let what = words::changed(&frame, name, ask.claim, &date);
    let untold = |reason: String| Finding::untold(TEST, name, ask.claim, &frame, reason, &what);
    let before = frame.periods.iter().filter(|period| **period < ask.at).count();
    let after = frame.rows() - before;
    // A date between two observed periods is the next observed one.
    if before < FEWEST_PERIODS || after < FEWEST_PERIODS {
        let every = frame.every.name();
        return untold(format!(
            "there are {before} {every}s before and {after} from {date} on; at least {FEWEST_PERIODS} on each side are needed"
        ));
    }
    let ask = &BeforeAfter { at: frame.periods[before], ..ask.clone() };
    let found = match regress(ask, &frame, ask.at, None) {
        Ok(found) => found,
        Err(trouble) => return untold(reason(&trouble, &date)),
    };
    let few = match scarce(&frame, found.design.names().len()) {
        Ok(few) => few,
        Err(reason) => return untold(reason),
    };
    let lag = ask.lag(&frame);
    let span = (lag, frame.rows());
    let profile = profile(ask, &frame);
    let every = frame.every.name();
    let meanings = [
        (
            "level",
            format!(
                "the {}ly rate from {date} on, against what the trend before led to",
                words::stem(frame.every)
            ),
        ),
        ("slope", format!("what the rate grew by each {every} since, against its trend before")),
        ("average", format!("the mean rate of all {every}s since, against the trend before carried on")),
    ];
    let mut effects: Vec<super::Effect> = meanings
        .into_iter()
        .enumerate()
        .map(|(place, (name, meaning))| {
            found.effects[place].effect(name, meaning, span, Some(profile.rank(ask.at, place)))
        })
        .collect();
    let own = ask.which.place();
    let placebos = profile.told(ask.at, own, |period| words::date(&frame, period));
    let primary = effects.remove(own);
    effects.insert(0, primary);
    let diagnostics = Diagnostics::new(&found.fit, &found.design, &frame, lag);
    let mut failing: Vec<Failing> = few.into_iter().chain(diagnostics.failing()).collect();
    failing.extend(bent(ask, &frame));
    failing.extend(same_elsewhere(&effects[0], &placebos, span, "dates of the series"));
    let placebo_series: Vec<Other> = others.iter().map(|other| ask_other(ask, other, own)).collect();
    failing.extend(same_in_others(&effects[0], &placebo_series));
    let verdict = effects[0].verdict(ask.claim, ask.worth);
    let sentence = words::before_after(&what, verdict, &effects, ask, &frame, &placebos);
    Finding {
        verdict,
        sentence,
        model: Some(Model::new(&found.fit, found.design.names(), &found.robust, &frame, lag)),
        effects,
        diagnostics: Some(diagnostics),
        placebo_dates: Some(placebos),
        placebo_series,
        failing,
        ..Finding::of(TEST, name, ask.claim, &frame)
    }
}

/// Whether the trend before the date is bent: a square of time there that differs from zero.
fn bent(ask: &BeforeAfter, frame: &Frame) -> Option<Failing> {
    let early = |row: &usize| frame.periods[*row] < ask.at;
    let rows: Vec<usize> = (0..frame.rows()).filter(early).collect();
    let keep = |values: &[f64]| rows.iter().map(|row| values[*row]).collect::<Vec<f64>>();
    let (_, time) = frame.time();
    let time = keep(&time);
    let middle = f64::midpoint(*time.first()?, *time.last()?);
    let square = time.iter().map(|at| ((at - middle) / middle.max(1.0)).powi(2)).collect();
    let mut columns = vec![
        ("(Intercept)".to_owned(), vec![1.0; rows.len()]),
        ("t".to_owned(), time),
        ("t2".to_owned(), square),
    ];
    columns.extend(frame.seasons(ask.harmonics).into_iter().map(|(name, values)| (name, keep(&values))));
    let design = Design::new(columns).ok()?;
    let offset = if frame.offset.is_empty() { Vec::new() } else { keep(&frame.offset) };
    let fit = glm::fit(&design, &keep(&frame.counts), &offset, Family::NegativeBinomial).ok()?;
    let lag = ask.lag(frame).min(rows.len() / 4);
    let places: Vec<usize> = rows.iter().map(|row| frame.places[*row]).collect();
    let robust = fit.newey_west(&design, lag, &places);
    let statistic = Estimate::of(&fit, &robust, &[(2, 1.0)]).statistic()?;
    let p = critical::two_sided_fixed_b(statistic, lag, rows.len());
    (p < 0.05).then(|| Failing {
        assumption: "pre-trend",
        says: format!(
            "the trend before is bent ({}), so a straight one carried on past the date may mislead; a shorter time before \
             may be straighter",
            words::chance(p)
        ),
    })
}

/// Placebo dates that do the same, or too few to say.
pub(super) fn same_elsewhere(
    effect: &super::Effect,
    placebos: &super::Placebos,
    (lag, rows): (usize, usize),
    of: &str,
) -> Option<Failing> {
    match effect.p_placebo {
        None => Some(Failing {
            assumption: "few-placebos",
            says: format!(
                "only {} other {of} can be asked, too few to hold the claimed one against: the interval may be \
                 too narrow",
                placebos.asked
            ),
        }),
        // The regression alone would have called it a change.
        Some(share) if share > 0.05 && critical::two_sided_fixed_b_of(effect, lag, rows) < 0.05 => {
            Some(Failing {
                assumption: "placebo-dates",
                says: format!(
                    "{} of {} other {of}, of which nothing is claimed, show an effect as strong",
                    placebos.as_far, placebos.asked
                ),
            })
        }
        Some(_) => None,
    }
}

fn ask_other(ask: &BeforeAfter, other: &Series, which: usize) -> Other {
    let frame = Frame::new(other, ask.from, ask.to);
    let name = other.name().to_owned();
    let untold = |trouble: String| Other {
        series: name.clone(),
        ratio: None,
        interval: None,
        p: None,
        trouble: Some(trouble),
    };
    let date = words::date(&frame, ask.at);
    if frame.rows() < 2 * FEWEST_PERIODS {
        return untold(format!("only {} periods", frame.rows()));
    }
    match regress(ask, &frame, ask.at, None) {
        Ok(found) => match scarce(&frame, found.design.names().len()) {
            Ok(_) => {
                let span = (ask.lag(&frame), frame.rows());
                let effect = found.effects[which].effect("", String::new(), span, None);
                Other {
                    series: name,
                    ratio: Some(effect.ratio),
                    interval: Some(effect.interval),
                    p: Some(effect.p),
                    trouble: None,
                }
            }
            Err(reason) => untold(reason),
        },
        Err(trouble) => untold(reason(&trouble, &date)),
    }
}

/// Other series that changed the same way at the same date: what changed may be the reporting.
fn same_in_others(effect: &super::Effect, others: &[Other]) -> Option<Failing> {
    let asked: Vec<f64> = others
        .iter()
        .filter_map(|other| Some((other.ratio?, other.p?)))
        .map(|(ratio, p)| if p < 0.05 { ratio } else { 1.0 })
        .collect();
    let same = asked.iter().filter(|ratio| **ratio != 1.0 && (**ratio > 1.0) == (effect.ratio > 1.0)).count();
    // One in five alike is far more than the one in forty that chance makes.
    (same > 0 && same * 5 >= asked.len()).then(|| Failing {
        assumption: "placebo-series",
        says: format!(
            "{same} of {} other series changed the same way at that date: what changed may be the reporting, or something wider",
            asked.len()
        ),
    })
}
