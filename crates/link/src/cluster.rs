/*! Pairs to groups.

Agglomerative with average link: the two groups whose pairs have the most points on average are joined, as long as that is
above the threshold. It does not chain as single link does (one wrong pair joins two incidents only if the others do not
object), and is not as easily kept apart as complete link (one report that says little does not split an incident). The average over all pairs is
the criterion of correlation clustering (Bansal, Blum and Chawla 2004) that a greedy step improves most.

Beside their points pairs may have votes. Two groups whose pairs vote against on balance are not joined, however many points the others
have: a report that leaves the day open is like those of two days, and would draw them together.

A pair that was not looked at, because it had too little in common, counts with a fixed number of points below the threshold.
What is joined first is decided by points, then by the order of the items: who wants a result that does not depend on the
order of arrival sorts the items by something of their own.
*/

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use rustc_hash::FxHashMap;

/// Two groups that could be joined.
struct Step {
    points: f64,
    a: usize,
    b: usize,
}

impl Ord for Step {
    fn cmp(&self, other: &Self) -> Ordering {
        // The greatest points first, then the earliest groups.
        self.points.total_cmp(&other.points).then_with(|| (other.a, other.b).cmp(&(self.a, self.b)))
    }
}

impl PartialOrd for Step {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Step {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Step {}

/// What the pairs of two groups have together.
#[derive(Clone, Copy, Default)]
struct Common {
    points: f64,
    /// How many were looked at.
    pairs: usize,
    votes: i32,
}

/// The groups of `0..items`, each ascending, by their first item. Pairs are given once, as `(a, b, points)`.
#[must_use]
pub fn groups(items: usize, pairs: &[(usize, usize, f32)], threshold: f32, unlooked: f32) -> Vec<Vec<usize>> {
    grow(items, &[], pairs, &[], threshold, unlooked)
}

/// The same, beginning with groups that stand: items are added to them and to each other, but no two of them are joined. Items
/// that are in none of them begin alone. `votes` are for (above 0) or against (below) that the two of a pair are one, each pair once.
#[must_use]
pub fn grow(
    items: usize,
    standing: &[Vec<usize>],
    pairs: &[(usize, usize, f32)],
    votes: &[(usize, usize, i32)],
    threshold: f32,
    unlooked: f32,
) -> Vec<Vec<usize>> {
    let (threshold, unlooked) = (f64::from(threshold), f64::from(unlooked));
    // Joined groups get a number of their own; a group that was joined into another is empty.
    let mut members: Vec<Vec<usize>> = standing.to_vec();
    let mut stands = vec![true; members.len()];
    let mut group_of = vec![usize::MAX; items];
    for (number, group) in standing.iter().enumerate() {
        group.iter().filter(|item| **item < items).for_each(|item| group_of[*item] = number);
    }
    for (item, group) in group_of.iter_mut().enumerate().filter(|(_, group)| **group == usize::MAX) {
        *group = members.len();
        members.push(vec![item]);
        stands.push(false);
    }
    let mut beside: Vec<FxHashMap<usize, Common>> = vec![FxHashMap::default(); members.len()];
    for &(a, b, points) in pairs.iter().filter(|(a, b, _)| *a < items && *b < items) {
        let (a, b) = (group_of[a], group_of[b]);
        if a == b || stands[a] && stands[b] {
            continue;
        }
        for (one, other) in [(a, b), (b, a)] {
            let entry = beside[one].entry(other).or_default();
            entry.points += f64::from(points);
            entry.pairs += 1;
        }
    }
    for &(a, b, vote) in votes.iter().filter(|(a, b, _)| *a < items && *b < items) {
        let (a, b) = (group_of[a], group_of[b]);
        for (one, other) in [(a, b), (b, a)] {
            if let Some(entry) = beside[one].get_mut(&other) {
                entry.votes = entry.votes.saturating_add(vote);
            }
        }
    }
    // The points of two groups, where they may be joined.
    let worth = |common: &Common, possible: usize| {
        let unlooked = (possible - common.pairs.min(possible)) as f64 * unlooked;
        let average = (common.points + unlooked) / possible as f64;
        (average > threshold && common.votes >= 0).then_some(average)
    };
    let mut steps = BinaryHeap::new();
    for (a, others) in beside.iter().enumerate() {
        for (&b, common) in others.iter().filter(|(b, _)| **b > a) {
            if let Some(points) = worth(common, members[a].len() * members[b].len()) {
                steps.push(Step { points, a, b });
            }
        }
    }
    while let Some(Step { a, b, .. }) = steps.pop() {
        if members[a].is_empty() || members[b].is_empty() {
            continue;
        }
        let joined = members.len();
        let mut of_joined: FxHashMap<usize, Common> = FxHashMap::default();
        for part in [a, b] {
            for (other, common) in std::mem::take(&mut beside[part]) {
                if other != a && other != b {
                    beside[other].remove(&part);
                    if stands[other] && (stands[a] || stands[b]) {
                        continue;
                    }
                    let entry = of_joined.entry(other).or_default();
                    entry.points += common.points;
                    entry.pairs += common.pairs;
                    entry.votes = entry.votes.saturating_add(common.votes);
                }
            }
        }
        let mut all = std::mem::take(&mut members[a]);
        all.append(&mut members[b]);
        for (&other, common) in &of_joined {
            beside[other].insert(joined, *common);
            if let Some(points) = worth(common, all.len() * members[other].len()) {
                steps.push(Step { points, a: other, b: joined });
            }
        }
        stands.push(stands[a] || stands[b]);
        members.push(all);
        beside.push(of_joined);
    }
    let mut groups: Vec<Vec<usize>> = members.into_iter().filter(|group| !group.is_empty()).collect();
    for group in &mut groups {
        group.sort_unstable();
    }
    groups.sort_unstable();
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bridge_does_not_join_two_incidents() {
        // 0-1-2 and 3-4-5 agree among themselves; 2 and 3 agree, and nothing else between the two.
        let mut pairs = vec![(2, 3, 3.0)];
        for trio in [[0, 1, 2], [3, 4, 5]] {
            pairs.extend([(trio[0], trio[1], 4.0), (trio[0], trio[2], 4.0), (trio[1], trio[2], 4.0)]);
        }
        assert_eq!(groups(6, &pairs, 0.0, -5.0), [vec![0, 1, 2], vec![3, 4, 5]]);
    }

    #[test]
    fn one_weak_pair_does_not_split_an_incident() {
        let pairs = [(0, 1, 5.0), (1, 2, 5.0), (0, 2, -1.0)];
        assert_eq!(groups(3, &pairs, 0.0, -5.0), [vec![0, 1, 2]]);
        assert_eq!(groups(3, &pairs[..2], 0.0, -12.0), [vec![0, 1], vec![2]]);
    }

    #[test]
    fn one_that_leaves_the_day_open_does_not_join_two_days() {
        // 0 and 2 are of different days; 1 says no day and is like both.
        let pairs = [(0, 1, 6.0), (1, 2, 5.0), (0, 2, -2.0)];
        assert_eq!(groups(3, &pairs, 0.0, -5.0), [vec![0, 1, 2]]);
        assert_eq!(grow(3, &[], &pairs, &[(0, 2, -1)], 0.0, -5.0), [vec![0, 1], vec![2]]);
        // A misread day among many that agree is outvoted.
        let pairs = [(0, 1, 5.0), (0, 2, 5.0), (1, 2, 5.0), (0, 3, -1.0), (1, 3, 4.0), (2, 3, 4.0)];
        let votes = [(0, 3, -1), (1, 3, 1), (2, 3, 1)];
        assert_eq!(grow(4, &[], &pairs, &votes, 0.0, -5.0), [vec![0, 1, 2, 3]]);
    }

    #[test]
    fn groups_that_stand_grow_and_are_not_joined() {
        let pairs = [(0, 2, 4.0), (1, 2, 3.0), (0, 1, 5.0), (3, 4, 2.0)];
        assert_eq!(
            grow(5, &[vec![0], vec![1]], &pairs, &[], 0.0, -5.0),
            [vec![0, 2], vec![1], vec![3, 4]],
            "0 and 1 stay apart, whatever they have in common"
        );
    }

    #[test]
    fn nothing_is_joined_without_points() {
        assert_eq!(groups(2, &[(0, 1, 0.0)], 0.0, -5.0), [vec![0], vec![1]]);
        assert_eq!(groups(0, &[], 0.0, -5.0), Vec::<Vec<usize>>::new());
        assert_eq!(groups(1, &[(0, 0, 9.0), (0, 7, 9.0)], 0.0, -5.0), [vec![0]]);
    }
}
