/*! How late things are told, learned from when they were told; and what the counts of the last periods will be when all is told.

The delays that are known now are cut off on the right: of yesterday only what was told within a day is known. Backwards in time they are not: given that something
is told within d days, the chance that it took exactly d does not depend on what is not known yet. So the shares are estimated by these reverse hazards
(Lagakos, Barraj & De Gruttola 1988, *Biometrika* 75:515–523; Kalbfleisch & Lawless 1989, JASA 84:360–372; Lawless 1994, *Canadian Journal of Statistics* 22:15–31):
g(d) = n(d) / N(d), where n(d) took d days and N(d) at most d, both among what happened at least d days ago; F(d) = Π (1 − g(j)) over j > d. All of
it is about what is told within [`LONGEST`] days.

What is not told yet of a count n whose share told is p is negative binomial with n + ½ successes (the posterior of a Poisson mean under Jeffreys' prior; Höhle &
an der Heiden 2014, *Biometrics* 70:993–1002, section 2, have the same with other priors), and the error of p widens it. */

use crate::period::Every;
use crate::surge::tail;

/// Days after which what is told counts for no share any more: it is mostly told in passing.
pub const LONGEST: usize = 60;

/// Days that the delays are learned from.
pub const WINDOW: i32 = 365;

/// Fewest things that must have been told in time, and fewest days that they must be spread over.
pub const FEWEST: usize = 100;

/// Fewest at risk behind every factor: below it one more changes a share too much.
const AT_RISK: u32 = 10;

/// Shares below this are not corrected for: what is known says next to nothing.
pub const LEAST: f64 = 0.2;

/// How late things are told.
#[derive(Debug, Clone, PartialEq)]
pub struct Delay {
    /// The share that is told within so many days, of all that is told within [`LONGEST`].
    shares: Vec<f64>,
    /// The variance of its logarithm.
    variances: Vec<f64>,
    /// Things that it was learned from.
    events: usize,
}

/// Why nothing can be said of the delay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TooLittle {
    /// Too few.
    #[error(
        "how late reports come cannot be learned: {0} incidents of the last {WINDOW} days have a day of their own and of their first report; {FEWEST} are needed"
    )]
    Events(usize),
    /// Not over enough time.
    #[error("how late reports come cannot be learned: the incidents span {0} days; 120 are needed")]
    Days(i32),
    /// Too few of the old ones.
    #[error("how late reports come cannot be learned: too few incidents are older than {LONGEST} days")]
    Old,
}

impl Delay {
    /// Learns from pairs of the day on which something happened (days since 1970) and the days until it was told; `now` is the last day of which
    /// all that was told is known.
    ///
    /// # Errors
    /// Where there is too little to learn from.
    pub fn learn(told: &[(i32, u32)], now: i32) -> Result<Self, TooLittle> {
        let longest = u32::try_from(LONGEST).unwrap_or(u32::MAX);
        let reach = |delay: u32| i32::try_from(delay).unwrap_or(i32::MAX);
        let within: Vec<(i32, u32)> = told
            .iter()
            .copied()
            .filter(|(day, delay)| {
                *delay <= longest
                    && i64::from(now) - i64::from(*day) < i64::from(WINDOW)
                    && i64::from(*day) + i64::from(*delay) <= i64::from(now)
            })
            .collect();
        if within.len() < FEWEST {
            return Err(TooLittle::Events(within.len()));
        }
        let first = within.iter().map(|(day, _)| *day).min().unwrap_or(now);
        if usize::try_from(now - first).unwrap_or(0) < 2 * LONGEST {
            return Err(TooLittle::Days(now - first));
        }
        let (mut shares, mut variances) = (vec![1.0; LONGEST + 1], vec![0.0; LONGEST + 1]);
        let (mut share, mut variance) = (1.0, 0.0);
        for delay in (1..=longest).rev() {
            let (mut exactly, mut at_most) = (0_u32, 0_u32);
            for (_, took) in within.iter().filter(|(day, took)| *took <= delay && *day <= now - reach(delay))
            {
                at_most += 1;
                exactly += u32::from(*took == delay);
            }
            if at_most < AT_RISK || exactly >= at_most {
                return Err(TooLittle::Old);
            }
            let hazard = f64::from(exactly) / f64::from(at_most);
            share *= 1.0 - hazard;
            // Greenwood's formula, backwards (Lawless 1994, section 2).
            variance += hazard / (f64::from(at_most) * (1.0 - hazard));
            let at = (delay - 1) as usize;
            (shares[at], variances[at]) = (share, variance);
        }
        Ok(Self { shares, variances, events: within.len() })
    }

    /// Things that it was learned from.
    #[must_use]
    pub const fn events(&self) -> usize {
        self.events
    }

    /// The share that is told within so many days after.
    #[must_use]
    pub fn share(&self, days: i32) -> f64 {
        match usize::try_from(days) {
            Err(_) => 0.0,
            Ok(days) => self.shares.get(days).copied().unwrap_or(1.0),
        }
    }

    /// The day by which so much is told.
    #[must_use]
    pub fn within(&self, share: f64) -> usize {
        self.shares.iter().position(|told| *told >= share).unwrap_or(LONGEST)
    }

    /// The share of a period that is told on the day `now`, each of its days as heavy, and the standard error of the logarithm of that share.
    #[must_use]
    pub fn of_period(&self, every: Every, period: i32, now: i32) -> (f64, f64) {
        let first = Every::Day.of(every.start(period));
        let end = Every::Day.of(every.start(period.saturating_add(1)));
        let (mut share, mut error) = (0.0, 0.0);
        for day in first..end {
            let told = self.share(now.saturating_sub(day));
            share += told;
            let age = usize::try_from(now.saturating_sub(day)).ok();
            let variance = age.and_then(|age| self.variances.get(age)).copied().unwrap_or(0.0);
            // The errors of the days go together: they are of one estimate.
            error += told * variance.sqrt();
        }
        let days = f64::from((end - first).max(1));
        if share > 0.0 { (share / days, error / share) } else { (0.0, 0.0) }
    }
}

/// A count that late reports make higher.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Expected {
    /// The mean.
    pub count: f64,
    /// The 90 % interval: from.
    pub low: u64,
    /// To.
    pub high: u64,
}

/// What a count of which a share is told will be in the end; nothing where the share is below [`LEAST`]. `error` is the standard error of the logarithm of
/// the share.
#[must_use]
pub fn in_the_end(count: u32, share: f64, error: f64) -> Option<Expected> {
    if !(LEAST..=1.0).contains(&share) || !error.is_finite() {
        return None;
    }
    let told = f64::from(count);
    let size = told + 0.5;
    // The error of the share by the three points of Gauss and Hermite.
    let step = 3f64.sqrt() * error.min(1.0);
    let parts: Vec<(f64, f64)> = [(-step, 1.0 / 6.0), (0.0, 2.0 / 3.0), (step, 1.0 / 6.0)]
        .into_iter()
        .map(|(by, weight)| ((share * f64::exp(by)).clamp(0.02, 1.0 - 1e-9), weight))
        .collect();
    let more = |share: f64| size * (1.0 - share) / share;
    let at_least = |count: u64| -> f64 {
        parts.iter().map(|(share, weight)| weight * tail::at_least(count, more(*share), 1.0 / share)).sum()
    };
    let quantile = |level: f64| {
        let enough = |count: u64| 1.0 - at_least(count + 1) >= level;
        let mut high = 1_u64;
        while !enough(high) && high < 1 << 40 {
            high *= 2;
        }
        let mut low = 0;
        while low < high {
            let middle = low.midpoint(high);
            if enough(middle) { high = middle } else { low = middle + 1 }
        }
        low
    };
    let told_so_far = u64::from(count);
    Some(Expected {
        count: told + parts.iter().map(|(share, weight)| weight * more(*share)).sum::<f64>(),
        low: told_so_far + quantile(0.05),
        high: told_so_far + quantile(0.95),
    })
}

#[cfg(test)]
mod tests {
    use rand_distr::{Distribution as _, Poisson};

    use super::*;
    use crate::chance;

    /// Days at which things are told: half on the day after, the rest later and later, some a month.
    fn delay(generator: &mut rand_pcg::Pcg64) -> u32 {
        match chance::below(generator, 100) {
            ..10 => 0,
            10..50 => 1,
            50..70 => 2,
            70..90 => 3 + chance::below(generator, 6),
            _ => 9 + chance::below(generator, 30),
        }
    }

    /// Everything that happens in 300 days.
    fn drawn(seed: u64, mean: f64) -> Vec<(i32, u32)> {
        let mut generator = chance::stream(seed, 7);
        let law = Poisson::new(mean).unwrap();
        let mut all = Vec::new();
        for day in 0..300 {
            let many: f64 = law.sample(&mut generator);
            for _ in 0..(many as u32) {
                all.push((day, delay(&mut generator)));
            }
        }
        all
    }

    fn known(all: &[(i32, u32)], now: i32) -> Vec<(i32, u32)> {
        all.iter().copied().filter(|(day, delay)| day + *delay as i32 <= now).collect()
    }

    #[test]
    fn the_shares_are_found_again() {
        let mut of = [0.0; 4];
        for seed in 0..40 {
            let delay = Delay::learn(&known(&drawn(seed, 3.0), 280), 280).unwrap();
            for (sum, days) in of.iter_mut().zip([0, 1, 2, 8]) {
                *sum += delay.share(days) / 40.0;
            }
        }
        for (found, true_share) in of.iter().zip([0.1, 0.5, 0.7, 0.9]) {
            assert!((found - true_share).abs() < 0.01, "{found} for {true_share}");
        }
    }

    #[test]
    fn what_is_known_alone_would_be_too_low_and_the_correction_is_not() {
        // The last whole week, seen one day after its end: the truth is known.
        let (mut covered, mut all, mut told, mut truth, mut corrected) = (0, 0, 0.0, 0.0, 0.0);
        for seed in 0..300 {
            let everything = drawn(1000 + seed, 1.5);
            // Weeks begin on day 4 (a Monday) and every seven days.
            let period = Every::Week.of(Every::Day.start(270));
            let end = Every::Day.of(Every::Week.start(period + 1));
            let now = end;
            let known = known(&everything, now);
            let Ok(delay) = Delay::learn(&known, now) else { panic!("enough is known") };
            let within =
                |of: &[(i32, u32)]| of.iter().filter(|(day, _)| (end - 7..end).contains(day)).count();
            let (share, error) = delay.of_period(Every::Week, period, now);
            let seen = within(&known);
            let expected = in_the_end(seen as u32, share, error).unwrap();
            let came = within(&everything);
            covered += usize::from((expected.low..=expected.high).contains(&(came as u64)));
            all += 1;
            told += seen as f64;
            truth += came as f64;
            corrected += expected.count;
        }
        assert!(told / truth < 0.82, "{}", told / truth);
        // Half a success more than was seen is worth some percent of so small counts.
        assert!((0.97..1.06).contains(&(corrected / truth)), "{}", corrected / truth);
        let coverage = f64::from(covered as u32) / f64::from(all);
        assert!((0.86..=0.98).contains(&coverage), "{coverage}");
    }

    #[test]
    fn too_little_is_said() {
        assert_eq!(Delay::learn(&[], 100), Err(TooLittle::Events(0)));
        let young: Vec<(i32, u32)> = (0..200).map(|n| (250 + n % 30, 1)).collect();
        assert!(matches!(Delay::learn(&young, 290), Err(TooLittle::Days(_))));
        let once: Vec<(i32, u32)> = (0..200).map(|n| if n == 0 { (0, 1) } else { (280, 1) }).collect();
        assert_eq!(Delay::learn(&once, 290), Err(TooLittle::Old));
        assert!(in_the_end(3, 0.1, 0.0).is_none() && in_the_end(3, f64::NAN, 0.0).is_none());
    }

    #[test]
    fn all_that_is_told_needs_no_correction() {
        let at_once: Vec<(i32, u32)> = (0..300).map(|day| (day, 0)).collect();
        let delay = Delay::learn(&at_once, 299).unwrap();
        assert_eq!((delay.share(0), delay.share(-1), delay.share(99), delay.within(0.9)), (1.0, 0.0, 1.0, 0));
        let expected = in_the_end(7, 1.0, 0.0).unwrap();
        assert!((expected.count - 7.0).abs() < 1e-6 && expected.low == 7 && expected.high == 7);
    }

    proptest::proptest! {
        #[test]
        fn nothing_but_numbers_comes_out(
            told in proptest::collection::vec((-400i32..400, 0u32..100), 0..300),
            now in -500i32..500,
            count in 0u32..100_000,
            share in 0.0f64..1.2,
        ) {
            if let Ok(delay) = Delay::learn(&told, now) {
                for days in -2..70 {
                    proptest::prop_assert!((0.0..=1.0).contains(&delay.share(days)));
                }
            }
            if let Some(expected) = in_the_end(count, share, 0.1) {
                proptest::prop_assert!(expected.count.is_finite() && expected.low <= expected.high);
            }
        }
    }
}
