//! Whether a source is as it should be, and when it has gone quiet. Pure: days in, a judgement out.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use record::{Source, SourceDay, SourceState};

/// How many days back a source is known by.
pub const WINDOW: i64 = 120;

/// Days on which a source must have been looked at, and reports that it must have brought on them, before its silence says anything.
const LEAST_DAYS: u32 = 14;
const LEAST_REPORTS: u32 = 5;

/// The chance below which silence is told: with a hundred sources, one false alarm in ten days at most.
const UNLIKELY: f64 = 0.001;

/// A source that used to bring something and has brought nothing for longer than chance explains.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quiet {
    /// The last day on which it brought something.
    pub last: Date,
    /// Days since then on which it was looked at and brought nothing.
    pub days: u32,
    /// What it brought in a week before.
    pub per_week: f64,
    /// How likely so many days without anything are for it.
    pub chance: f64,
}

/// Whether a source has gone quiet, told from its days, oldest first.
///
/// The reports of a day are taken as Poisson with an unknown rate. After `k` reports on `n` days and with Jeffreys' prior, Gamma(1/2,
/// 0), the chance of none on the next `t` days is (n / (n + t))^(k + 1/2): the negative binomial predictive distribution at zero
/// (Gelman et al., *Bayesian Data Analysis*, 3rd ed., 2.6 and 2.8). Outlets rest on Sundays and holidays, which no Poisson
/// process does; so the silence must also be longer than each that there was before. Only days on which the source answered count:
/// what was not looked at is not quiet. The day that is not over does not count, nor the first, on which all that was there already
/// came at once.
#[must_use]
pub fn quiet(days: &[SourceDay], today: Date) -> Option<Quiet> {
    let looked: Vec<&SourceDay> =
        days.iter().filter(|day| day.successes > 0 && day.day <= today).skip(1).collect();
    let at = looked.iter().rposition(|day| day.new > 0)?;
    let last = looked.get(at)?.day;
    let silent = looked.iter().skip(at + 1).filter(|day| day.day < today).count();
    let known = looked.get(..=at)?;
    let (mut longest, mut run) = (0, 0);
    for day in known {
        run = if day.new > 0 { 0 } else { run + 1 };
        longest = longest.max(run);
    }
    let n = u32::try_from(known.len()).unwrap_or(u32::MAX);
    let t = u32::try_from(silent).unwrap_or(u32::MAX);
    let k = known.iter().fold(0_u32, |sum, day| sum.saturating_add(day.new));
    if n < LEAST_DAYS || k < LEAST_REPORTS || t <= longest {
        return None;
    }
    let (days_known, days_silent) = (f64::from(n), f64::from(t));
    let chance = (days_known / (days_known + days_silent)).powf(f64::from(k) + 0.5);
    (chance < UNLIKELY).then(|| Quiet { last, days: t, per_week: f64::from(k) * 7.0 / days_known, chance })
}

/// How a source is.
#[derive(Debug, Clone, PartialEq)]
pub enum Health {
    /// It is not fetched.
    Paused(String),
    /// It was never asked for.
    New,
    /// It failed the last time.
    Failing(String),
    /// It answers and brings nothing any more.
    Quiet(Quiet),
    /// It is as it should be.
    Fine,
}

impl Health {
    /// In a word.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Paused(_) => "paused",
            Self::New => "new",
            Self::Failing(_) => "failing",
            Self::Quiet(_) => "quiet",
            Self::Fine => "fine",
        }
    }

    /// What is to be said of it, in words.
    #[must_use]
    pub fn words(&self) -> Option<String> {
        match self {
            Self::Paused(why) | Self::Failing(why) => Some(why.clone()),
            Self::Quiet(quiet) => Some(format!(
                "went quiet: nothing new on {} days since {}, before that {:.1} a week (chance {:.1e})",
                quiet.days, quiet.last, quiet.per_week, quiet.chance
            )),
            Self::New | Self::Fine => None,
        }
    }
}

/// How a source is.
#[must_use]
pub fn health(source: &Source, state: &SourceState, days: &[SourceDay], now: Timestamp) -> Health {
    if let Some(paused) = &source.paused {
        return Health::Paused(paused.why.clone());
    }
    if let Some(error) = &state.error {
        return Health::Failing(error.clone());
    }
    if state.last_try.is_none() {
        return Health::New;
    }
    match quiet(days, now.to_zoned(TimeZone::UTC).date()) {
        Some(quiet) => Health::Quiet(quiet),
        None => Health::Fine,
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use jiff::civil::date;

    use super::*;

    /// Days from 1 March 2026 on, with what each brought.
    fn days(new: &[u32]) -> Vec<SourceDay> {
        new.iter()
            .zip(0..)
            .map(|(new, at)| SourceDay {
                tries: 48,
                successes: 48,
                new: *new,
                ..SourceDay::empty(date(2026, 3, 1) + at.days())
            })
            .collect()
    }

    fn judged(new: &[u32]) -> Option<Quiet> {
        quiet(&days(new), date(2026, 3, 1) + i64::try_from(new.len()).expect("few").days())
    }

    #[test]
    fn silence_that_chance_does_not_explain() {
        // Two a day for three weeks after the first, then nothing.
        let busy: Vec<u32> = std::iter::once(40).chain([2; 20]).collect();
        let with = |silent: usize| [busy.clone(), vec![0; silent]].concat();
        assert_eq!(judged(&with(0)), None);
        assert_eq!(judged(&with(3)), None, "(20/23)^40.5 is .003");
        let told = judged(&with(4)).expect("(20/24)^40.5 is .0006");
        assert!((told.chance - (20.0_f64 / 24.0).powf(40.5)).abs() < 1e-12);
        assert_eq!((told.days, told.last), (4, date(2026, 3, 21)));
        assert!((told.per_week - 14.0).abs() < 1e-9);
        // One a week: two weeks of silence say nothing.
        let slow: Vec<u32> = (0..57).map(|day| u32::from(day % 7 == 1)).collect();
        assert_eq!(judged(&[slow.clone(), vec![0; 14]].concat()), None);
        assert!(judged(&[slow, vec![0; 200]].concat()).is_some());
    }

    #[test]
    fn weekends_are_no_silence() {
        let week = [9, 9, 9, 9, 9, 0, 0];
        let weeks = |count: usize| week.repeat(count);
        assert_eq!(judged(&weeks(5)), None);
        assert!(judged(&[weeks(5), vec![0]].concat()).is_some(), "the third day is one");
    }

    #[test]
    fn what_was_not_looked_at_is_not_quiet() {
        let mut all = days(&[vec![5; 30], vec![0; 30]].concat());
        for day in all.iter_mut().skip(30) {
            day.successes = 0;
        }
        assert_eq!(quiet(&all, date(2026, 5, 1)), None);
        // The clock jumps a year ahead: the same days, the same judgement.
        assert_eq!(quiet(&days(&[5; 30]), date(2027, 5, 1)), None);
        // And back: what is to come does not count.
        assert_eq!(quiet(&days(&[5; 30]), date(2026, 3, 5)), None);
        assert_eq!(quiet(&[], date(2026, 3, 5)), None);
        // A source that brought all on its first day and nothing since is as it is.
        assert_eq!(judged(&[vec![300], vec![0; 60]].concat()), None);
    }
}
