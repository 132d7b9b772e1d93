/*! Counts of incidents over time, and what can honestly be said about them.

Series in, findings out: this crate reads no file, no clock and no database, and what it draws by chance it draws from a seed that is
passed in. Every formula names the paper and the equation that it is from.
*/

pub mod chance;
pub mod claim;
pub mod forecast;
pub mod glm;
pub mod hawkes;
pub mod nowcast;
pub mod period;
pub mod scan;
pub mod score;
pub mod series;
pub mod surge;

pub use period::Every;
pub use series::{Observation, Series, SeriesError, Unsaid};
