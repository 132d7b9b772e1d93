//! The same question, asked where nothing is claimed.

use serde::Serialize;

/// At least so many placebos, and a twentieth of them is one: with fewer none can be as rare as 5 %.
const FEWEST: usize = 20;

/// The statistics of all dates that could have been claimed.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// The dates (periods, or days by which a calendar is moved).
    pub at: Vec<i32>,
    /// For each the effects over their errors; none where there is no estimate.
    pub statistics: Vec<Option<Vec<f64>>>,
}

/// Dates within this many times 5 % of all, on each side of the claimed one, are left out: a change at one date shows at its neighbours too.
const NEAR: f64 = 2.0;

/// And of the dates farther away, this many times 5 % of all may show as much.
const FAR: f64 = 0.4;

impl Profile {
    /// How rare the statistic of one effect at one date is among all dates, and the value that it must pass to be as rare as 5 %.
    ///
    /// It is as rare as a share α where of the dates farther away than 2 α of all at most 0.4 α of all show one as far from none. Were
    /// no date left out, a date chosen like any other would be that rare with the chance α exactly, but a true change would hide behind
    /// its own neighbours; were none allowed farther away, only the strongest change of a series would ever count. The two shares are
    /// those that hold 5 % over real series of conflict (docs/claims.md says of which, and how it was measured on others).
    ///
    /// Neither where there are fewer than twenty dates.
    #[must_use]
    pub fn rank(&self, at: i32, effect: usize) -> (Option<f64>, Option<f64>) {
        let all: Vec<(i32, f64)> = self.of(effect).collect();
        let Some(own) = all.iter().position(|(date, _)| *date == at) else { return (None, None) };
        if all.len() < FEWEST {
            return (None, None);
        }
        #[expect(clippy::cast_precision_loss, reason = "numbers of dates")]
        let count = all.len() as f64;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "numbers of dates")]
        let part = |share: f64| (share * count + 1e-9).floor() as usize;
        let statistic = all[own].1.abs();
        // How far away the others are that show as much, the farthest first.
        let mut as_far: Vec<usize> = all
            .iter()
            .enumerate()
            .filter(|(place, (_, other))| *place != own && other.abs() >= statistic)
            .map(|(place, _)| place.abs_diff(own))
            .collect();
        as_far.sort_unstable_by(|one, other| other.cmp(one));
        let share = (1..=all.len())
            .map(|numerator| {
                #[expect(clippy::cast_precision_loss, reason = "numbers of dates")]
                let share = numerator as f64 / count;
                share
            })
            .find(|share| {
                let (near, far) = (part(NEAR * share), part(FAR * share));
                as_far.get(far).is_none_or(|distance| *distance <= near)
            })
            .unwrap_or(1.0);
        let (near, far) = (part(NEAR * 0.05), part(FAR * 0.05));
        let mut others: Vec<f64> = all
            .iter()
            .enumerate()
            .filter(|(place, _)| place.abs_diff(own) > near)
            .map(|(_, (_, other))| other.abs())
            .collect();
        others.sort_unstable_by(|one, other| other.total_cmp(one));
        (Some(share), others.get(far).copied())
    }

    fn of(&self, effect: usize) -> impl Iterator<Item = (i32, f64)> {
        self.at
            .iter()
            .zip(&self.statistics)
            .filter_map(move |(at, statistics)| Some((*at, *statistics.as_ref()?.get(effect)?)))
    }

    /// What is told of it.
    pub(crate) fn told(&self, at: i32, effect: usize, name: impl Fn(i32) -> String) -> Placebos {
        let mut others: Vec<(i32, f64)> = self.of(effect).filter(|(date, _)| *date != at).collect();
        let own = self.of(effect).find(|(date, _)| *date == at).map(|(_, statistic)| statistic);
        let as_far = own.map_or(0, |own| others.iter().filter(|(_, other)| other.abs() >= own.abs()).count());
        others.sort_by(|(_, one), (_, other)| other.abs().total_cmp(&one.abs()));
        Placebos {
            asked: others.len(),
            as_far,
            strongest: others
                .iter()
                .take(3)
                .map(|(date, statistic)| Placebo { at: name(*date), statistic: *statistic })
                .collect(),
        }
    }
}

/// What the placebos show.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Placebos {
    /// How many could be asked.
    pub asked: usize,
    /// How many of them show an effect as far from none as the claimed one, in units of its error.
    pub as_far: usize,
    /// The strongest.
    pub strongest: Vec<Placebo>,
}

/// One placebo.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Placebo {
    /// The date, or by how much the calendar was moved.
    pub at: String,
    /// The effect over its Newey–West error.
    pub statistic: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(statistics: Vec<f64>) -> Profile {
        Profile {
            at: (0..).take(statistics.len()).collect(),
            statistics: statistics.into_iter().map(|statistic| Some(vec![statistic])).collect(),
        }
    }

    /// Dates that are as rare as 5 %, and that the interval agrees.
    fn rare(profile: &Profile) -> Vec<i32> {
        let mut rare = Vec::new();
        for at in &profile.at {
            let (share, critical) = profile.rank(*at, 0);
            let own = profile.statistics[usize::try_from(*at).unwrap()].as_ref().unwrap()[0];
            // The shares go in steps: the one below 5 % and 5 % itself ask the same where the parts are whole.
            if share.unwrap() <= 0.05 {
                assert!(own.abs() > critical.unwrap(), "{at}");
                rare.push(*at);
            }
        }
        rare
    }

    #[test]
    fn few_dates_of_a_mixed_series_are_rare() {
        let mixed = profile((0..100).map(|at| f64::from(at * 37 % 100) - 50.25).collect());
        assert!((1..=7).contains(&rare(&mixed).len()), "{:?}", rare(&mixed));
    }

    #[test]
    fn a_change_does_not_hide_behind_its_own_neighbours() {
        let peak = profile((0..100).map(|at| 10.0 - f64::from((at - 60i32).abs()) / 4.0).collect());
        let found = rare(&peak);
        assert!(found.contains(&60) && found.len() <= 13, "{found:?}");
        // A second change as strong, far away, and neither is rare by itself.
        let two = profile((0..100).map(|at| if (at / 10) % 4 == 1 { 9.0 } else { 1.0 }).collect());
        assert!(rare(&two).is_empty());
    }

    #[test]
    fn nineteen_dates_say_nothing() {
        assert_eq!(profile(vec![1.0; 19]).rank(3, 0), (None, None));
        assert_eq!(profile(vec![1.0; 30]).rank(99, 0), (None, None));
    }
}
