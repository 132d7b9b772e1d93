//! The best one-to-one assignment between what was read and what the gold has
//! (Kuhn 1955, Munkres 1957; the `pathfinding` crate's implementation).

use pathfinding::kuhn_munkres::kuhn_munkres;
use pathfinding::matrix::Matrix;

/// Weights are real and the algorithm's are whole: they are scaled by this.
const SCALE: f64 = 1_000_000.0;

/// Pairs (row, column) that maximise the summed weight. A pair of weight 0 or less is left out:
/// it says that two things have nothing in common.
#[must_use]
pub fn best(rows: usize, columns: usize, weight: impl Fn(usize, usize) -> f64) -> Vec<(usize, usize)> {
    if rows == 0 || columns == 0 {
        return Vec::new();
    }
    // The algorithm wants at least as many columns as rows.
    let swap = rows > columns;
    let (short, long) = if swap { (columns, rows) } else { (rows, columns) };
    let at = |i: usize, j: usize| if swap { weight(j, i) } else { weight(i, j) };
    let cells =
        (0..short).flat_map(|i| (0..long).map(move |j| (i, j))).map(|(i, j)| (at(i, j) * SCALE) as i64);
    let Ok(matrix) = Matrix::from_vec(short, long, cells.collect()) else {
        return Vec::new();
    };
    let (_, columns_of) = kuhn_munkres(&matrix);
    let mut pairs: Vec<(usize, usize)> = columns_of
        .into_iter()
        .enumerate()
        .filter(|&(i, j)| at(i, j) > 0.0)
        .map(|(i, j)| if swap { (j, i) } else { (i, j) })
        .collect();
    pairs.sort_unstable();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn greed_would_lose_here() {
        let weights = [[0.9, 0.8], [0.8, 0.0]];
        assert_eq!(best(2, 2, |i, j| weights[i][j]), vec![(0, 1), (1, 0)]);
    }

    #[test]
    fn more_rows_than_columns() {
        let weights = [[0.1], [0.7], [0.3]];
        assert_eq!(best(3, 1, |i, j| weights[i][j]), vec![(1, 0)]);
    }

    #[test]
    fn nothing_in_common_is_no_pair() {
        assert_eq!(best(2, 2, |_, _| 0.0), vec![]);
        assert_eq!(best(0, 2, |_, _| 1.0), vec![]);
    }

    proptest! {
        #[test]
        fn no_permutation_does_better(weights in prop::collection::vec(prop::collection::vec(0u32..50, 4), 3)) {
            let at = |i: usize, j: usize| f64::from(weights[i][j]);
            let found: f64 = best(3, 4, at).iter().map(|&(i, j)| at(i, j)).sum();
            let mut most = 0.0f64;
            for a in 0..4 { for b in 0..4 { for c in 0..4 {
                if a != b && b != c && a != c {
                    most = most.max(at(0, a) + at(1, b) + at(2, c));
                }
            } } }
            prop_assert!((found - most).abs() < 1e-6);
        }
    }
}
