//! Findings in sentences that can be quoted.

use crate::period::Every;

use super::before_after::{BeforeAfter, Which};
use super::{Claim, Effect, Frame, Placebos, Verdict};

/// The first day of a period, as data.
pub(super) fn day(frame: &Frame, period: Option<&i32>) -> Option<String> {
    period.map(|period| frame.every.start(*period).to_string())
}

/// A period, for people.
pub(super) fn date(frame: &Frame, period: i32) -> String {
    let start = frame.every.start(period);
    match frame.every {
        Every::Day => start.to_string(),
        Every::Week => format!("the week of {start}"),
        Every::Month => format!("{}-{:02}", start.year(), start.month()),
    }
}

/// What is claimed of a date.
pub(super) fn changed(frame: &Frame, series: &str, claim: Claim, date: &str) -> String {
    format!("the {}ly count of {series} {} from {date} on", stem(frame.every), verb(claim))
}

/// "dai-ly", "week-ly", "month-ly".
pub(super) fn stem(every: Every) -> &'static str {
    match every {
        Every::Day => "dai",
        Every::Week => "week",
        Every::Month => "month",
    }
}

pub(super) fn verb(claim: Claim) -> &'static str {
    match claim {
        Claim::Rose => "rose",
        Claim::Fell => "fell",
        Claim::Changed => "changed",
    }
}

/// How a sentence begins.
pub(super) fn opening(verdict: Verdict, what: &str) -> String {
    match verdict {
        Verdict::Supported => format!("The record supports that {what}"),
        Verdict::NotSupported => format!("The record does not support that {what}"),
        Verdict::CannotTell => format!("Cannot tell whether {what}"),
    }
}

/// A ratio with its interval.
pub(super) fn ratio(effect: &Effect) -> String {
    let [low, high] = effect.interval;
    // Slopes are close to one: two digits after the point would say nothing of them.
    let digits = if high < 1.2 && low > 1.0 / 1.2 { 3 } else { 2 };
    let number = |value| number(value, digits);
    format!("×{} (95 % interval {} to {})", number(effect.ratio), number(low), number(high))
}

pub(super) fn number(value: f64, digits: usize) -> String {
    if value >= 1000.0 {
        "over 1000".to_owned()
    } else if value < 0.005 {
        "under 0.01".to_owned()
    } else if value >= 100.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.digits$}")
    }
}

/// A chance.
pub(super) fn chance(p: f64) -> String {
    if p < 0.001 { "p < 0.001".to_owned() } else { format!("p {p:.3}") }
}

pub(super) fn before_after(
    what: &str,
    verdict: Verdict,
    effects: &[Effect],
    ask: &BeforeAfter,
    frame: &Frame,
    placebos: &Placebos,
) -> String {
    let every = frame.every.name();
    let part = |effect: &Effect| {
        let found = ratio(effect);
        match effect.name {
            "level" => format!("the level moved at once by {found} against the trend before"),
            "slope" => format!("the trend since is {found} a {every} against the trend before"),
            _ => format!("the mean of the {every}s since is {found} against the trend before carried on"),
        }
    };
    let mut said: Vec<String> = effects.iter().take(1).map(part).collect();
    // The level alone does not tell how it went on, and the others not how it began.
    let second = if ask.which == Which::Level { "slope" } else { "level" };
    said.extend(effects.iter().skip(1).filter(|effect| effect.name == second).map(part));
    let mut sentence = format!("{}: {}", opening(verdict, what), said.join("; "));
    if placebos.asked > 0 {
        sentence += &format!(
            "; {} of {} other dates of the series show a change as strong",
            placebos.as_far, placebos.asked
        );
    }
    if verdict == Verdict::CannotTell {
        sentence += &format!("; {}", room(effects, ask.claim, ask.worth));
    }
    sentence + "."
}

/// What an interval leaves open.
pub(super) fn room(effects: &[Effect], claim: Claim, worth: f64) -> String {
    if effects.first().is_some_and(|effect| effect.on_side(claim)) {
        return "that is no more than the series does anyway".to_owned();
    }
    let [low, high] = effects.first().map_or([0.0, f64::INFINITY], |effect| effect.interval);
    let (rise, fall) = (high >= worth, low <= 1.0 / worth);
    let open = match (rise, fall) {
        (true, true) => "both a rise and a fall",
        (true, false) => "a rise",
        (false, true) => "a fall",
        (false, false) => "no change at all",
    };
    let by = if rise || fall { format!(" by a factor of {worth}") } else { String::new() };
    format!("the interval leaves room for {open}{by}, and for none")
}

pub(super) fn calendar(
    what: &str,
    verdict: Verdict,
    effect: &Effect,
    claim: Claim,
    worth: f64,
    placebos: &Placebos,
    times: usize,
) -> String {
    let mut sentence = format!(
        "{}: over {times} Ramadans the rate is {} that of the same season and year outside of it; {} of {} other places of the \
         month in the year show an effect as strong",
        opening(verdict, what),
        ratio(effect),
        placebos.as_far,
        placebos.asked
    );
    if verdict == Verdict::CannotTell {
        sentence += &format!("; {}", room(std::slice::from_ref(effect), claim, worth));
    }
    sentence + "."
}

pub(super) fn trend(what: &str, verdict: Verdict, effects: &[Effect], claim: Claim, worth: f64) -> String {
    let mut sentence = opening(verdict, what);
    if let Some(whole) = effects.first() {
        sentence += &format!(
            ": the rate is multiplied by {} over the whole time",
            ratio(whole).trim_start_matches('×')
        );
    }
    if let Some(yearly) = effects.get(1) {
        sentence += &format!(", {} each year", ratio(yearly));
    }
    if verdict == Verdict::CannotTell {
        sentence += &format!("; {}", room(effects, claim, worth));
    }
    sentence + "."
}
