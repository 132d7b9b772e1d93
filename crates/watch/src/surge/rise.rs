//! Since when counts have been high.

use super::Judgement;
use crate::series::Series;

/// How far back the start of a rise is looked for, in periods.
pub const REACH: usize = 52;

/// The stretch of high counts that an alarm ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rise {
    /// The place of its first period in the series.
    pub since: usize,
    /// What was counted in it.
    pub count: u64,
    /// What was expected.
    pub expected: f64,
}

/// The rise that ends at a place of a series. What lies above the middle between the expected and the upper count is added up (Page 1954, *Biometrika*
/// 41:100–115); the rise began when that sum was last nothing.
pub fn rise(series: &Series, index: usize, judged: impl Fn(usize) -> Option<Judgement>) -> Rise {
    let count = |at: usize| series.counts().get(at).copied().flatten();
    let start = index.saturating_sub(REACH);
    let (mut sum, mut since) = (0.0, start);
    for at in start..=index {
        let step = judged(at).zip(count(at)).map_or(f64::NEG_INFINITY, |(judged, count)| {
            f64::from(count) - f64::midpoint(judged.expected, judged.upper)
        });
        sum = f64::max(0.0, sum + step);
        if sum == 0.0 {
            since = (at + 1).min(index);
        }
    }
    Rise {
        since,
        count: (since..=index).filter_map(count).map(u64::from).sum(),
        expected: (since..=index).filter_map(&judged).map(|judged| judged.expected).sum(),
    }
}
