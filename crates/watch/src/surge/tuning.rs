//! What our own detector was given rather than what it learns of a series.

use crate::period::Every;

/// How often the model is fitted, and to what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// It is fitted anew after so many periods.
    pub anew: i32,
    /// So many periods before that are left out, since what is now going on may have begun in them.
    pub left_out: i32,
    /// So many periods are looked back at most.
    pub longest: usize,
}

/// Its settings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tuning {
    /// The fewest known counts that are fitted.
    pub fewest: usize,
    /// In so many years a count loses half its weight.
    pub half_life: f64,
    /// What of the evidence of the period before is added.
    pub before: f64,
    /// The share of periods that outbreaks usually raise.
    pub outbreaks: f64,
    /// How much of the surprises of earlier periods a period remembers.
    pub memory: f64,
    /// Standard deviations of the shares that are carried on.
    pub carried: [f64; 2],
    /// Middle and standard deviation of the log of the dispersion less 1.
    pub dispersion: (f64, f64),
    /// By so many days (standard deviation) the season of a year comes early or late.
    pub season_days: f64,
    /// Standard deviations of the trend (a year, in logs), of the two harmonics, and of the days of the week.
    pub terms: [f64; 4],
}

impl Tuning {
    /// As the detector is used.
    pub const USUAL: Self = Self {
        fewest: 10,
        half_life: 4.0,
        before: 0.5,
        outbreaks: 0.01,
        memory: 0.8,
        carried: [0.2, 0.2],
        dispersion: (-0.5, 1.5),
        season_days: 7.0,
        terms: [0.3, 0.6, 0.4, 0.3],
    };

    /// How often a series of that period is fitted: weeks every four weeks, up to eight years back.
    pub fn pace(&self, every: Every) -> Pace {
        match every {
            Every::Day => Pace { anew: 7, left_out: 7, longest: 1461 },
            Every::Week => Pace { anew: 4, left_out: 3, longest: 417 },
            Every::Month => Pace { anew: 1, left_out: 1, longest: 120 },
        }
    }
}
