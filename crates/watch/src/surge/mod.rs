/*! Surges: periods with more than the past of a series lets one expect.

[`Detector::Watchpost`] is our own; [`farrington`] and [`ears`] are the methods that the field knows, as their papers have them. */

pub mod alarms;
mod detector;
pub mod ears;
pub mod farrington;
mod model;
mod prior;
mod rise;
pub mod tail;
mod tuning;
mod watchpost;

pub use detector::{Detector, DetectorError};
pub use prior::Prior;
pub use rise::{REACH, Rise, rise};
pub use tuning::{Pace, Tuning};

/// What a detector has to say of one period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judgement {
    /// The count that the past lets one expect.
    pub expected: f64,
    /// The largest count that is no alarm.
    pub upper: f64,
    /// How likely so high a count is where nothing has changed.
    pub p_value: f64,
    /// Whether the count is above what is let pass.
    pub alarm: bool,
}
