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

/// At most so many states are kept for each horizon, evenly taken: more say the same, and take longer. Far horizons have fewer, so that all
/// of them together take no more than a hundred megabytes.
const MOST: usize = 20_000;
const MOST_OF_ALL: usize = 2_000_000;

/// Observed periods before a state is told: half a year in months.
const BEFORE: usize = 6;

/// A state: logarithms of one plus the mean of the counts, the newer the heavier.
type State = [f64; 2];

/// The states of all series at all times, as far as they are asked: one pool for each horizon, of bounded size, and the state of each series now.
pub(super) struct Analogs {
    pools: Vec<Pool>,
    now: Vec<Option<State>>,
}

/// The state that is asked about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Query {
    state: State,
}

/// States, and what came after them at one horizon.
pub(super) struct Pool {
    /// By their first number, so that the near ones stand together; each with its place in the order of series and time.
    pairs: Vec<Pair>,
    /// What came after nothing had been for long, the least first.
    after_nothing: Vec<f64>,
}

#[derive(Debug, Clone, Copy)]
struct Pair {
    state: State,
    came: f64,
    place: u32,
}

/// Values taken evenly from a row whose length is not known: when there are too many, every second one goes.
struct Evenly {
    most: usize,
    kept: Vec<f64>,
    every: usize,
    seen: usize,
}

impl Evenly {
    fn new(most: usize) -> Self {
        Self { most, kept: Vec::new(), every: 1, seen: 0 }
    }

    fn add(&mut self, value: f64) {
        if self.seen.is_multiple_of(self.every) {
            if self.kept.len() == 2 * self.most {
                let mut at = 0usize;
                self.kept.retain(|_| {
                    at += 1;
                    at % 2 == 1
                });
                self.every *= 2;
            }
            if self.seen.is_multiple_of(self.every) {
                self.kept.push(value);
            }
        }
        self.seen += 1;
    }
}

impl Analogs {
    /// One pass over all series: of a series, its states are held while it is looked at, and no longer.
    pub(super) fn new(all: &[Series], origin: i32, horizon: u32) -> Self {
        let mut now = Vec::with_capacity(all.len());
        // So many states have something after them at each horizon, and every so-manieth is kept.
        let known = |ahead: usize| -> usize {
            all.iter().map(|one| one.counts().len().saturating_sub(ahead + BEFORE)).sum()
        };
        let most = MOST.min(MOST_OF_ALL / (horizon as usize).max(1)).max(1);
        let mut making: Vec<(usize, usize, Vec<Pair>, Evenly)> = (1..=horizon as usize)
            .map(|ahead| (known(ahead).div_ceil(most).max(1), 0, Vec::new(), Evenly::new(most)))
            .collect();
        let mut row: Vec<(State, Option<f64>)> = Vec::new();
        for series in all {
            row.clear();
            let observed = states(series, &mut row);
            let silent = i64::from(origin) - i64::from(series.last());
            now.push(row.last().filter(|_| observed && silent >= 0).map(|(state, _)| *state));
            for (ahead, (every, seen, pairs, after_nothing)) in (1..).zip(&mut making) {
                for at in BEFORE..row.len().saturating_sub(ahead) {
                    *seen += 1;
                    let Some(came) = row[at + ahead].1 else { continue };
                    let state = row[at].0;
                    if nothing(&state) {
                        after_nothing.add(came);
                    } else if seen.is_multiple_of(*every) {
                        pairs.push(Pair {
                            state,
                            came,
                            place: u32::try_from(pairs.len()).unwrap_or(u32::MAX),
                        });
                    }
                }
            }
        }
        let pools = making
            .into_iter()
            .map(|(_, _, mut pairs, after_nothing)| {
                pairs.sort_by(|one, other| {
                    one.state[0].total_cmp(&other.state[0]).then(one.place.cmp(&other.place))
                });
                let mut after_nothing = after_nothing.kept;
                after_nothing.sort_by(f64::total_cmp);
                Pool { pairs, after_nothing }
            })
            .collect();
        Self { pools, now }
    }

    pub(super) fn now(&self, series: usize) -> Option<Query> {
        self.now.get(series).copied().flatten().map(|state| Query { state })
    }

    /// What came so many periods after each state.
    pub(super) fn pool(&self, ahead: u32) -> Option<&Pool> {
        self.pools.get((ahead as usize).checked_sub(1)?)
    }
}

/// The state and the count of each period of a series; whether any is known.
fn states(series: &Series, row: &mut Vec<(State, Option<f64>)>) -> bool {
    let month = series.every().a_year() / 12.0;
    let fade = HALF_LIVES.map(|half_life| 0.5f64.powf(1.0 / (half_life * month)));
    let (mut sums, mut weights) = ([0.0; 2], [0.0; 2]);
    let mut observed = false;
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
        observed |= count.is_some();
        row.push((mean(sums, weights), count));
    }
    observed
}

fn mean(sums: [f64; 2], weights: [f64; 2]) -> State {
    [0, 1].map(|at| if weights[at] > 0.0 { (sums[at] / weights[at]).ln_1p() } else { 0.0 })
}

fn nothing(state: &State) -> bool {
    state.iter().all(|value| *value < 1e-9)
}

impl Pool {
    /// The nearest states with the squares of their distances, the nearest first, of equals the earlier: looked for on both sides of the query's first
    /// number, up to where that alone is farther than all that were found.
    fn nearest(&self, query: &Query) -> Vec<(f64, usize)> {
        let order = |one: &(f64, usize), other: &(f64, usize)| {
            one.0.total_cmp(&other.0).then(self.pairs[one.1].place.cmp(&self.pairs[other.1].place))
        };
        let most = NEAREST.min(self.pairs.len());
        let mut near: Vec<(f64, usize)> = Vec::with_capacity(2 * most);
        let mut worst = f64::INFINITY;
        let mut right = self.pairs.partition_point(|pair| pair.state[0] < query.state[0]);
        let mut left = right;
        loop {
            let apart = |at: usize| (self.pairs[at].state[0] - query.state[0]).powi(2);
            let (before, after) =
                (left.checked_sub(1).map(apart), (right < self.pairs.len()).then(|| apart(right)));
            let at = match (before, after) {
                (None, None) => break,
                (Some(before), after) if after.is_none_or(|after| before <= after) => {
                    left -= 1;
                    left
                }
                _ => {
                    right += 1;
                    right - 1
                }
            };
            let along = apart(at);
            if along > worst {
                break;
            }
            let distance = along + (self.pairs[at].state[1] - query.state[1]).powi(2);
            if distance <= worst {
                near.push((distance, at));
            }
            if near.len() == 2 * most {
                near.select_nth_unstable_by(most - 1, order);
                near.truncate(most);
                worst = near.iter().map(|(distance, _)| *distance).fold(0.0, f64::max);
            }
        }
        near.sort_by(order);
        near.truncate(most);
        near
    }

    /// What came after the states nearest to one, moved by the difference in level, with weights; nothing where they are too few.
    pub(super) fn near(&self, query: &Query) -> Vec<(f64, f64)> {
        if nothing(&query.state) && self.after_nothing.len() >= FEWEST {
            return self.after_nothing.iter().map(|came| (*came, 1.0)).collect();
        }
        if self.pairs.len() < FEWEST {
            return Vec::new();
        }
        let near = self.nearest(query);
        let farthest = near.last().map_or(0.0, |(distance, _)| *distance).max(WIDTH * WIDTH);
        let mut found: Vec<(f64, f64)> = near
            .into_iter()
            .map(|(distance, at)| {
                let Pair { state, came, .. } = self.pairs[at];
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
