//! Whether a series moves with Ramadan, which wanders through the seasons by eleven days a year: season and year are controlled for.

use crate::glm::{self, Design, Family, Fit, Trouble};
use crate::series::Series;

use super::before_after::same_elsewhere;
use super::diagnostics::Diagnostics;
use super::placebo::Profile;
use super::ramadan::{self, Shift};
use super::{
    Claim, Effect, Estimate, Failing, Finding, Frame, Model, Shifted, WORTH, on_side, reason, scarce, words,
};

/// What is asked.
#[derive(Debug, Clone)]
pub struct Calendar {
    /// What is claimed of Ramadan.
    pub claim: Claim,
    /// First period taken.
    pub from: Option<i32>,
    /// Last period taken.
    pub to: Option<i32>,
    /// Days by which the month is moved: it begins when the moon was seen, which countries see a day apart.
    pub shift: Shift,
    /// Waves of the year: 2 is what months alone would show, in four terms.
    pub harmonics: u8,
    /// Periods that the Newey–West errors reach; none is two months.
    pub lag: Option<usize>,
    /// The smallest ratio that is worth the name of an effect.
    pub worth: f64,
}

impl Calendar {
    /// With what is usual.
    #[must_use]
    pub fn new(claim: Claim) -> Self {
        Self { claim, from: None, to: None, shift: 0, harmonics: 2, lag: None, worth: WORTH }
    }

    /// A level for each year, the waves of the year, and the share of Ramadan.
    fn design(&self, frame: &Frame, shift: Shift) -> Result<Design, Trouble> {
        let mut columns = vec![frame.intercept()];
        let years = frame.years();
        let mut known: Vec<i16> = years.clone();
        known.sort_unstable();
        known.dedup();
        for year in known.into_iter().skip(1) {
            let within = years.iter().map(|of| f64::from(u8::from(*of == year))).collect();
            columns.push((format!("yr{year}"), within));
        }
        columns.extend(frame.seasons(self.harmonics));
        columns.push(frame.ramadan(shift));
        Design::new(columns)
    }
}

/// Weeks by which the month is moved for placebos: once around the year of the moon (354 days).
const AROUND: std::ops::RangeInclusive<i32> = -25..=24;

struct At {
    fit: Fit,
    design: Design,
    robust: nalgebra::DMatrix<f64>,
    effect: Estimate,
}

fn regress(
    ask: &Calendar,
    frame: &Frame,
    shift: Shift,
    lag: usize,
    near: Option<&Fit>,
) -> Result<At, Trouble> {
    let design = ask.design(frame, shift)?;
    let fit = glm::fit_from(&design, &frame.counts, &frame.offset, Family::NegativeBinomial, near)?;
    let robust = fit.newey_west(&design, lag, &frame.places);
    let effect = Estimate::of(&fit, &robust, &[(design.names().len() - 1, 1.0)]);
    Ok(At { fit, design, robust, effect })
}

/// Asks whether a series is higher or lower in Ramadan.
#[must_use]
pub fn calendar(series: &Series, ask: &Calendar) -> Finding {
    const TEST: &str = "calendar ramadan";
    let frame = Frame::new(series, ask.from, ask.to);
    let name = series.name();
    let what = match ask.claim {
        Claim::Rose => format!("the {}ly count of {name} is higher in Ramadan", words::stem(frame.every)),
        Claim::Fell => format!("the {}ly count of {name} is lower in Ramadan", words::stem(frame.every)),
        Claim::Changed => format!("the {}ly count of {name} differs in Ramadan", words::stem(frame.every)),
    };
    let untold = |reason: String| Finding::untold(TEST, name, ask.claim, &frame, reason, &what);
    let months = ramadans(&frame, ask.shift);
    if months < 2 {
        return untold(format!(
            "the series holds {months} whole Ramadans; with fewer than two the month cannot be told from the season"
        ));
    }
    let lag = ask.lag.unwrap_or_else(|| frame.lag()).min(frame.rows().saturating_sub(1));
    let found = match regress(ask, &frame, ask.shift, lag, None) {
        Ok(found) => found,
        Err(trouble) => return untold(reason(&trouble, "the month or of a year")),
    };
    let few = match scarce(&frame, found.design.names().len()) {
        Ok(few) => few,
        Err(reason) => return untold(reason),
    };
    let mut profile = Profile { at: Vec::new(), statistics: Vec::new() };
    for weeks in AROUND {
        let moved = regress(ask, &frame, ask.shift.saturating_add(7 * weeks), lag, Some(&found.fit)).ok();
        profile.at.push(weeks);
        profile
            .statistics
            .push(moved.and_then(|moved| moved.effect.statistic()).map(|statistic| vec![statistic]));
    }
    let span = (lag, frame.rows());
    let meaning = format!(
        "the {}ly rate in Ramadan, against the same season and year outside of it",
        words::stem(frame.every)
    );
    let effect = found.effect.effect("ramadan", meaning, span, Some(profile.rank(0, 0)));
    let placebos = profile.told(0, 0, |weeks| format!("Ramadan moved by {weeks} weeks"));
    let diagnostics = Diagnostics::new(&found.fit, &found.design, &frame, lag);
    let mut failing: Vec<Failing> = few.into_iter().chain(diagnostics.failing()).collect();
    failing.extend(same_elsewhere(&effect, &placebos, span, "places of the month in the year"));
    failing.extend(uncompared(&frame));
    let shifts = shifted(ask, &frame, lag, &found.fit);
    failing.extend(hangs_on_the_day(&effect, &shifts, ask.claim));
    let verdict = effect.verdict(ask.claim, ask.worth);
    let sentence = words::calendar(&what, verdict, &effect, ask.claim, ask.worth, &placebos, months);
    Finding {
        verdict,
        sentence,
        effects: vec![effect],
        model: Some(Model::new(&found.fit, found.design.names(), &found.robust, &frame, lag)),
        diagnostics: Some(diagnostics),
        placebo_dates: Some(placebos),
        shifts,
        failing,
        ..Finding::of(TEST, name, ask.claim, &frame)
    }
}

/// The effect with the month a day earlier and a day later than asked.
fn shifted(ask: &Calendar, frame: &Frame, lag: usize, near: &Fit) -> Vec<Shifted> {
    [-1, 1]
        .into_iter()
        .filter_map(|by| {
            let days = ask.shift.saturating_add(by);
            let moved = regress(ask, frame, days, lag, Some(near)).ok()?;
            let effect = moved.effect.effect("ramadan", String::new(), (lag, frame.rows()), None);
            Some(Shifted { days, ratio: effect.ratio, interval: effect.interval, p: effect.p })
        })
        .collect()
}

/// Whether a day more or less would turn the answer: the month begins when the moon is seen, and countries see it a day apart.
fn hangs_on_the_day(effect: &Effect, shifts: &[Shifted], claim: Claim) -> Option<Failing> {
    let turned: Vec<String> = shifts
        .iter()
        .filter(|moved| on_side(moved.interval, claim) != effect.on_side(claim))
        .map(|moved| {
            let [low, high] = moved.interval;
            format!("moved by {} days it is ×{:.2} ({low:.2} to {high:.2})", moved.days, moved.ratio)
        })
        .collect();
    (!turned.is_empty()).then(|| Failing {
        assumption: "moon-sighting",
        says: format!("the answer hangs on the day that the month begins: {}", turned.join(", ")),
    })
}

/// The Ramadans that lie wholly in a series.
fn ramadans(frame: &Frame, shift: Shift) -> usize {
    let (Some(first), Some(last)) = (frame.periods.first(), frame.periods.last()) else { return 0 };
    let (first, last) = (*first, *last);
    let years = |period: i32| i32::from(frame.every.start(period).year()) - 622;
    let around = years(first) * 33 / 32 - 2..=years(last) * 33 / 32 + 3;
    let moved = |day: jiff::civil::Date| {
        jiff::Span::new().try_days(shift).ok().and_then(|days| day.checked_add(days).ok())
    };
    around
        .filter_map(ramadan::days)
        .filter_map(|(begin, end)| moved(begin).zip(moved(end)))
        .filter(|(begin, end)| frame.every.of(*begin) >= first && frame.every.of(*end) <= last)
        .count()
}

/// Years whose calendar was not compared with the published one.
fn uncompared(frame: &Frame) -> Option<Failing> {
    let begin = ramadan::days(*ramadan::COMPARED.start())?.0;
    let end = ramadan::days(*ramadan::COMPARED.end())?.1;
    let outside = |period: &i32| {
        let year = frame.every.start(*period).year();
        year < begin.year() || year > end.year()
    };
    frame.periods.iter().any(outside).then(|| Failing {
        assumption: "uncompared-calendar",
        says: format!(
            "the series reaches beyond {} to {}: Ramadans there may be a day off the published calendar",
            begin.year(),
            end.year()
        ),
    })
}
