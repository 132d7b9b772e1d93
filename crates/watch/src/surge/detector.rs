//! The detectors by name, and what each makes of a whole series.

use super::ears::Ears;
use super::{Judgement, Prior, Tuning, farrington, watchpost};
use crate::period::Every;
use crate::series::Series;

/// A way to find surges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detector {
    /// Our own.
    Watchpost,
    /// Noufaily et al. (2013).
    FarringtonFlexible,
    /// Hutwagner et al. (2003).
    Ears(Ears),
}

/// Why a detector cannot judge a series.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DetectorError {
    /// It is made for weeks.
    #[error("farrington-flexible is made for weeks; the series `{name}` is by the {every}")]
    NotWeekly {
        /// The series.
        name: String,
        /// What it is counted by.
        every: &'static str,
    },
}

impl Detector {
    /// All of them, with the names that people give.
    pub const NAMES: &[(&str, Self)] = &[
        ("watchpost", Self::Watchpost),
        ("farrington-flexible", Self::FarringtonFlexible),
        ("ears-c1", Self::Ears(Ears::C1)),
        ("ears-c2", Self::Ears(Ears::C2)),
        ("ears-c3", Self::Ears(Ears::C3)),
    ];

    /// The one of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, detector)| *detector)
    }

    /// The chance of a false alarm that it is used with by default.
    pub fn usual_alpha(self) -> f64 {
        match self {
            Self::Watchpost | Self::FarringtonFlexible => 0.01,
            Self::Ears(ears) => ears.usual_alpha(),
        }
    }

    /// How many periods before one it needs at least.
    pub fn history(self) -> usize {
        match self {
            Self::Watchpost => Tuning::USUAL.fewest,
            Self::FarringtonFlexible => farrington::HISTORY,
            Self::Ears(Ears::C1) => 7,
            Self::Ears(Ears::C2) => 9,
            Self::Ears(Ears::C3) => 11,
        }
    }

    /// Judges each count from the place `from` on; `None` where it is missing or too little is known before it. Our own detector begins
    /// with `prior`; the others know nothing of other series.
    ///
    /// # Errors
    /// Where the detector is not made for the periods of the series.
    pub fn judge(
        self,
        series: &Series,
        from: usize,
        alpha: f64,
        prior: &Prior,
    ) -> Result<Vec<Option<Judgement>>, DetectorError> {
        let counts = series.counts();
        let places = from..counts.len().max(from);
        Ok(match self {
            Self::Watchpost => watchpost::judge(series, from, alpha, &Tuning::USUAL, prior),
            Self::FarringtonFlexible => {
                if series.every() != Every::Week {
                    return Err(DetectorError::NotWeekly {
                        name: series.name().to_owned(),
                        every: series.every().name(),
                    });
                }
                places.map(|at| farrington::judge(counts, at, alpha).map(|(_, judged)| judged)).collect()
            }
            Self::Ears(ears) => places.map(|at| ears.judge(counts, at, alpha)).collect(),
        })
    }
}
