/*! Numbers under keys, in little memory: eight bytes for a pair of both, and an eighth more at most.

A map of lists takes ten times as much, since most keys of reports are of one or two. Pairs lie sorted instead, in shards by the upper bits of their keys,
so that there is little to move where one comes in; the newest of a shard lie behind its sorted ones until there are enough of them to be sorted in.
*/

/// A key and a number under it.
type Pair = (u32, u32);

/// Pairs of a shard, on average, before all shards are halved.
const SHARD: usize = 2048;
/// Newest pairs of a shard that are looked through one by one …
const TAIL: usize = 48;
/// … and one more for so many sorted ones: crowded keys make large shards, of which there is much to move.
const SORTED_TO_TAIL: usize = 128;

/// Numbers under keys. Keys are hashes: their upper bits are spread evenly. Numbers under a key are in an order that the caller gives, always the same
/// for a number, and then their own.
#[derive(Debug, Clone, Default)]
pub(crate) struct Postings {
    shards: Vec<Shard>,
    /// The shards are two to the power of this.
    bits: u32,
    len: usize,
}

#[derive(Debug, Clone, Default)]
struct Shard {
    pairs: Vec<Pair>,
    sorted: usize,
}

/// What is under a key.
pub(crate) struct Under<'p> {
    /// In order.
    pub(crate) sorted: &'p [Pair],
    tail: &'p [Pair],
    key: u32,
}

impl Under<'_> {
    /// What came last, in no order.
    pub(crate) fn newest(&self) -> impl Iterator<Item = u32> + '_ {
        self.tail.iter().filter(|(key, _)| *key == self.key).map(|(_, number)| *number)
    }
}

impl Postings {
    /// Puts a number under a key, once for each call.
    pub(crate) fn insert(&mut self, key: u32, number: u32, order: &impl Fn(u32) -> i32) {
        if self.len >= self.shards.len() * SHARD {
            self.grow(order);
        }
        let at = self.shard(key);
        if let Some(shard) = self.shards.get_mut(at) {
            shard.push((key, number), order);
            self.len += 1;
        }
    }

    /// What is under a key.
    pub(crate) fn under(&self, key: u32) -> Under<'_> {
        let (sorted, tail) = match self.shards.get(self.shard(key)) {
            Some(shard) => shard.pairs.split_at(shard.sorted),
            None => Default::default(),
        };
        let start = sorted.partition_point(|(other, _)| *other < key);
        let sorted = &sorted[start..];
        let end = run(sorted, key);
        Under { sorted: &sorted[..end], tail, key }
    }

    /// All pairs.
    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    fn shard(&self, key: u32) -> usize {
        (u64::from(key) << self.bits >> u32::BITS) as usize
    }

    /// Twice as many shards, each half as large.
    fn grow(&mut self, order: &impl Fn(u32) -> i32) {
        if self.shards.is_empty() {
            self.shards.push(Shard::default());
            return;
        }
        self.bits += 1;
        let bits = self.bits;
        self.shards = std::mem::take(&mut self.shards)
            .into_iter()
            .flat_map(|mut shard| {
                shard.sort_in(order);
                let odd = |key: u32| u64::from(key) << bits >> u32::BITS & 1 == 1;
                let middle = shard.pairs.partition_point(|(key, _)| !odd(*key));
                let above = shard.pairs.split_off(middle);
                shard.pairs.shrink_to_fit();
                [shard.pairs, above].map(|pairs| Shard { sorted: pairs.len(), pairs })
            })
            .collect();
    }
}

/// How many of the first pairs have this key; most often few have.
fn run(pairs: &[Pair], key: u32) -> usize {
    let mut reach = 1;
    while pairs.get(reach).is_some_and(|(other, _)| *other == key) {
        reach *= 2;
    }
    pairs[..reach.min(pairs.len())].partition_point(|(other, _)| *other == key)
}

impl Shard {
    fn push(&mut self, pair: Pair, order: &impl Fn(u32) -> i32) {
        if self.pairs.len() == self.pairs.capacity() {
            // A vector would double: of pairs by the million, half would lie empty.
            self.pairs.reserve_exact((self.pairs.len() / 8).max(8));
        }
        self.pairs.push(pair);
        if self.pairs.len() - self.sorted > TAIL + self.sorted / SORTED_TO_TAIL {
            self.sort_in(order);
        }
    }

    /// Sorts the newest pairs in among the others, from the end, so that each moves once and those before the first of the new stay where they are.
    fn sort_in(&mut self, order: &impl Fn(u32) -> i32) {
        let rank = |pair: &Pair| (pair.0, order(pair.1), pair.1);
        let mut new = self.pairs[self.sorted..].to_vec();
        new.sort_unstable_by_key(rank);
        let (mut end, mut free) = (self.sorted, self.pairs.len());
        for pair in new.into_iter().rev() {
            // The order of a number is looked up elsewhere: only where keys are the same.
            let before = |other: &Pair| other.0 < pair.0 || other.0 == pair.0 && rank(other) < rank(&pair);
            let at = self.pairs[..end].partition_point(before);
            self.pairs.copy_within(at..end, free - (end - at));
            free -= end - at + 1;
            self.pairs[free] = pair;
            end = at;
        }
        self.sorted = self.pairs.len();
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn day(number: u32) -> i32 {
        (number % 7) as i32 - 3
    }

    proptest! {
        #[test]
        fn what_was_put_under_a_key_is_there_in_order(
            // Few keys, so that some are crowded, spread over all shards.
            keys in proptest::collection::vec(0_u32..40, 0..9_000),
            far in any::<bool>(),
        ) {
            let spread = |key: u32| if far { key.wrapping_mul(0x9e37_79b9) } else { key };
            let mut postings = Postings::default();
            let mut expected: BTreeMap<u32, Vec<(i32, u32)>> = BTreeMap::new();
            for (number, key) in (0..).zip(keys) {
                postings.insert(spread(key), number, &day);
                expected.entry(key).or_default().push((day(number), number));
            }
            prop_assert_eq!(postings.len(), expected.values().map(Vec::len).sum::<usize>());
            for key in 0..40 {
                let mut of_key = expected.remove(&key).unwrap_or_default();
                let under = postings.under(spread(key));
                let sorted: Vec<(i32, u32)> = under.sorted.iter().map(|(_, n)| (day(*n), *n)).collect();
                prop_assert!(sorted.is_sorted());
                let mut found = sorted;
                found.extend(under.newest().map(|number| (day(number), number)));
                found.sort_unstable();
                of_key.sort_unstable();
                prop_assert_eq!(found, of_key);
            }
        }
    }
}
