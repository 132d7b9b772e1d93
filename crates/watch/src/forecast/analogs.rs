//! What followed where counts had been like these.

use crate::series::Series;

/// Half-lives, in months, of the two means that a state is told by.
const HALF_LIVES: [f64; 2] = [4.0, 12.0];

/// Analogs that are asked.
const NEAREST: usize = 200;

/// Analogs count the less the farther their state is, down to nothing at this distance (in logarithms), or at that of the farthest.
const WIDTH: f64 = 0.3;

/// Fewer analogs than this say nothing.
const FEWEST: usize = 50;

/// At most so many states are kept for each horizon, evenly taken: more say the same, and take longer.
const MOST: usize = 20_000;

/// Observed periods before a state is told: half a year in months.
const BEFORE: usize = 6;

/// A state: logarithms of one plus the mean of the counts, the newer the heavier.
type State = [f64; 2];

/// The states of all series at all times.
pub(super) struct Analogs {
    /// For each series its first period's place and, by period, its state and count.
    rows: Vec<Vec<(State, Option<f64>)>>,
    now: Vec<Option<State>>,
}

/// The state that is asked about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Query {
    state: State,
}

/// States, and what came after them at one horizon.
pub(super) struct Pool {
    pairs: Vec<(State, f64)>,
    /// What came after nothing had been for long.
    after_nothing: Vec<f64>,
}

impl Analogs {
    pub(super) fn new(all: &[Series], origin: i32) -> Self {
        let mut analogs = Self { rows: Vec::new(), now: Vec::new() };
        for series in all {
            let month = series.every().a_year() / 12.0;
            let fade = HALF_LIVES.map(|half_life| 0.5f64.powf(1.0 / (half_life * month)));
            let (mut sums, mut weights) = ([0.0; 2], [0.0; 2]);
            let mut row = Vec::with_capacity(series.counts().len());
            let mut observed = 0;
            for count in series.counts() {
                let count = count.map(f64::from);
                for at in 0..2 {
                    sums[at] *= fade[at];
                    weights[at] *= fade[at];
                    if let Some(count) = count {
                        sums[at] += count;
                        weights[at] += 1.0;
                    }
                }
                observed += usize::from(count.is_some());
                row.push((mean(sums, weights), count));
            }
            let silent = i64::from(origin) - i64::from(series.last());
            analogs.now.push((observed > 0 && silent >= 0).then(|| mean(sums, weights)));
            analogs.rows.push(row);
        }
        analogs
    }

    pub(super) fn now(&self, series: usize) -> Option<Query> {
        self.now.get(series).copied().flatten().map(|state| Query { state })
    }

    /// What came so many periods after each state.
    pub(super) fn pool(&self, ahead: u32) -> Pool {
        let ahead = ahead as usize;
        let all: usize = self.rows.iter().map(|row| row.len().saturating_sub(ahead + BEFORE)).sum();
        let every = all.div_ceil(MOST).max(1);
        let mut pool = Pool { pairs: Vec::new(), after_nothing: Vec::new() };
        let mut seen = 0usize;
        for row in &self.rows {
            for at in BEFORE..row.len().saturating_sub(ahead) {
                seen += 1;
                let Some(came) = row[at + ahead].1 else { continue };
                let state = row[at].0;
                if nothing(&state) {
                    pool.after_nothing.push(came);
                } else if seen.is_multiple_of(every) {
                    pool.pairs.push((state, came));
                }
            }
        }
        pool
    }
}

fn mean(sums: [f64; 2], weights: [f64; 2]) -> State {
    [0, 1].map(|at| if weights[at] > 0.0 { (sums[at] / weights[at]).ln_1p() } else { 0.0 })
}

fn nothing(state: &State) -> bool {
    state.iter().all(|value| *value < 1e-9)
}

impl Pool {
    /// What came after the states nearest to one, moved by the difference in level, with weights; nothing where they are too few.
    pub(super) fn near(&self, query: &Query) -> Vec<(f64, f64)> {
        if nothing(&query.state) && self.after_nothing.len() >= FEWEST {
            let mut came = self.after_nothing.clone();
            came.sort_by(f64::total_cmp);
            return came.into_iter().map(|came| (came, 1.0)).collect();
        }
        if self.pairs.len() < FEWEST {
            return Vec::new();
        }
        let mut near: Vec<(f64, usize)> = self
            .pairs
            .iter()
            .enumerate()
            .map(|(at, (state, _))| {
                ((state[0] - query.state[0]).powi(2) + (state[1] - query.state[1]).powi(2), at)
            })
            .collect();
        let most = NEAREST.min(near.len());
        let order =
            |one: &(f64, usize), other: &(f64, usize)| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1));
        near.select_nth_unstable_by(most - 1, order);
        near.truncate(most);
        near.sort_by(order);
        let farthest = near.last().map_or(0.0, |(distance, _)| *distance).max(WIDTH * WIDTH);
        let mut found: Vec<(f64, f64)> = near
            .into_iter()
            .map(|(distance, at)| {
                let (state, came) = self.pairs[at];
                // A count of nothing stays one, whatever the level.
                let moved = if came > 0.0 {
                    (came.ln_1p() + query.state[0] - state[0]).exp_m1().max(0.0)
                } else {
                    0.0
                };
                (moved, (1.0 - distance / farthest).max(1e-3))
            })
            .collect();
        found.sort_by(|one, other| one.0.total_cmp(&other.0));
        found
    }
}
