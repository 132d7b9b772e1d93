/*! A sparse linear classifier with whole-number weights.

A feature is a 32-bit hash. What it says about each class is a row of weights, found through an
open-addressed table. Most features know a few classes and are kept as (class, weight) pairs; the few
that know many are met at almost every step, and are kept with a weight for every class, so that they
are added many classes at a time. Scores are sums of whole numbers, so that every machine chooses the
same class.
*/

use crate::format::{ModelError, Reader, Writer};

/// The most classes a classifier may have: scores live in an array of this length.
pub const MAX_CLASSES: usize = 128;

/// Scores of all classes. A weight is a signed byte, so the sum of 258 features fits; that of a damaged file wraps.
pub type Scores = [i16; MAX_CLASSES];

/// One row as the trainer hands it over: a feature and its (class, weight) pairs.
pub type Row = (u32, Vec<(u8, i8)>);

/// An empty slot of the table. No row is there: a model of that many pairs would not fit the length field.
const EMPTY: u32 = u32::MAX;

/// How many look-ups run side by side.
const SWEEP: usize = 32;

/// Rows are kept in units of this many bytes: four pairs, or the weights of eight classes.
const UNIT: usize = 8;

/// Rows of this many pairs and more get a weight for every class: from about here on adding all of them
/// is less work than adding the pairs.
const DENSE: usize = 16;

/// The lowest bits of [`Slot::row`]: of how many units of pairs the row is; none for a weight for every class.
const PAIRS: u32 = 0b111;

/// Some (class, weight) pairs, filled up with weights of nought so that most rows go round once; or some weights.
type Unit = [u8; UNIT];

#[derive(Debug, Clone, Copy)]
struct Slot {
    key: u32,
    /// Where the row begins, and in the lowest bits what sort it is.
    row: u32,
}

/// The classifier.
#[derive(Debug, Clone)]
pub struct Linear {
    slots: Vec<Slot>,
    /// How far a mixed key is shifted to give a slot.
    shift: u32,
    /// Rows one after the other.
    units: Vec<Unit>,
    /// Units of a row with a weight for every class.
    dense: usize,
}

impl Linear {
    /// Adds what the features say to the scores.
    ///
    /// In sweeps rather than one by one: the tables are larger than a processor's nearest caches, and
    /// look-ups that do not wait for each other run side by side.
    #[inline]
    pub fn add(&self, features: &[u32], scores: &mut Scores) {
        let mask = self.slots.len().wrapping_sub(1);
        for features in features.chunks(SWEEP) {
            let mut first = [Slot { key: 0, row: EMPTY }; SWEEP];
            for (slot, &feature) in first.iter_mut().zip(features) {
                if let Some(&found) = self.slots.get(spread(feature, self.shift) & mask) {
                    *slot = found;
                }
            }
            let mut rows = [0; SWEEP];
            let mut hits = 0;
            for (&slot, &feature) in first.iter().zip(features) {
                let mut slot = slot;
                let mut at = spread(feature, self.shift);
                while slot.key != feature && slot.row != EMPTY {
                    at += 1;
                    slot = self.slots[at & mask];
                }
                rows[hits] = slot.row;
                hits += usize::from(slot.row != EMPTY);
            }
            let mut heads = [Unit::default(); SWEEP];
            for (head, &row) in heads.iter_mut().zip(&rows[..hits]) {
                if let Some(&unit) = self.units.get(start(row)) {
                    *head = unit;
                }
            }
            for (head, &row) in heads.iter().zip(&rows[..hits]) {
                self.add_row(head, row, scores);
            }
        }
    }

    #[inline]
    fn add_row(&self, head: &Unit, row: u32, scores: &mut Scores) {
        let pairs = (row & PAIRS) as usize;
        if pairs > 0 {
            add_pairs(head, scores);
            for unit in self.units.get(start(row) + 1..start(row) + pairs).unwrap_or_default() {
                add_pairs(unit, scores);
            }
        } else {
            let rest = self.units.get(start(row) + 1..start(row) + self.dense).unwrap_or_default();
            if let Some((first, scores)) = scores.as_chunks_mut().0.split_first_mut() {
                add_weights(head, first);
                for (scores, weights) in scores.iter_mut().zip(rest) {
                    add_weights(weights, scores);
                }
            }
        }
    }

    /// Number of features.
    #[must_use]
    pub fn features(&self) -> usize {
        self.slots.iter().filter(|slot| slot.row != EMPTY).count()
    }

    /// Writes rows as columns: key differences, lengths, classes, weights. Rows are sorted here.
    pub fn write(rows: &mut Vec<Row>, out: &mut Writer) {
        rows.retain(|(_, row)| !row.is_empty());
        rows.sort_unstable_by_key(|&(key, _)| key);
        rows.dedup_by_key(|&mut (key, _)| key);
        out.u32(rows.len() as u32);
        out.u32(rows.iter().map(|(_, row)| row.len() as u32).sum());
        let mut last = 0;
        for (key, _) in rows.iter() {
            out.varint(key.wrapping_sub(last));
            last = *key;
        }
        for (_, row) in rows.iter() {
            out.u8(row.len() as u8);
        }
        for (class, _) in rows.iter().flat_map(|(_, row)| row) {
            out.u8(*class);
        }
        for (_, weight) in rows.iter().flat_map(|(_, row)| row) {
            out.u8(weight.cast_unsigned());
        }
    }

    /// Reads what [`write`](Self::write) wrote.
    ///
    /// # Errors
    /// Where the bytes end early, a row is longer than the number of classes, a class is not one
    /// of them, or the lengths do not add up.
    pub fn read(input: &mut Reader<'_>, classes: usize) -> Result<Self, ModelError> {
        let features = input.u32()? as usize;
        let total = input.u32()? as usize;
        // A feature takes at least a byte of key and a byte of length, an entry takes two bytes:
        // what does not fit the rest of the bytes is refused before anything is allocated.
        let least = features.saturating_add(total).saturating_mul(2);
        if least > input.remaining() {
            return Err(ModelError::Truncated { needed: least, found: input.remaining() });
        }
        let mut keys = Vec::with_capacity(features);
        let mut last = 0u32;
        for index in 0..features {
            let step = input.varint()?;
            let key = last.checked_add(step).filter(|_| index == 0 || step > 0);
            last = key.ok_or(ModelError::Invalid { what: "feature keys are not in rising order" })?;
            keys.push(last);
        }
        let lengths = input.bytes(features)?;
        if lengths.iter().map(|&length| usize::from(length)).sum::<usize>() != total
            || lengths.iter().any(|&length| usize::from(length) > classes.min(MAX_CLASSES))
        {
            return Err(ModelError::Invalid { what: "row lengths do not add up" });
        }
        let row_classes = input.bytes(total)?;
        if row_classes.iter().any(|&class| usize::from(class) >= classes.min(MAX_CLASSES)) {
            return Err(ModelError::Invalid { what: "a weight for a class that does not exist" });
        }
        let weights = input.bytes(total)?;

        // At most three quarters full: short probes, and always an empty slot to stop at.
        let capacity = (features + features / 3 + 2).next_power_of_two();
        let shift = 32 - capacity.trailing_zeros().min(32);
        let mut slots = vec![Slot { key: 0, row: EMPTY }; capacity];
        let dense = classes.min(MAX_CLASSES).div_ceil(UNIT);
        let mut units: Vec<Unit> = Vec::with_capacity(features + total / 4);
        let mut from = 0;
        for (&key, &length) in keys.iter().zip(lengths) {
            let mut at = spread(key, shift);
            while slots[at & (capacity - 1)].row != EMPTY {
                at += 1;
            }
            let to = from + usize::from(length);
            let pairs = row_classes[from..to].iter().zip(&weights[from..to]);
            let first = units.len();
            let sort = if usize::from(length) < DENSE {
                // A row without pairs says nothing: one unit of noughts.
                units.resize(first + (2 * usize::from(length)).div_ceil(UNIT).max(1), Unit::default());
                for (place, (&class, &weight)) in
                    units[first..].as_flattened_mut().as_chunks_mut().0.iter_mut().zip(pairs)
                {
                    *place = [class, weight];
                }
                units.len() - first
            } else {
                units.resize(first + dense, Unit::default());
                let row = units[first..].as_flattened_mut();
                for (&class, &weight) in pairs {
                    row[usize::from(class)] = row[usize::from(class)].wrapping_add(weight);
                }
                0
            };
            slots[at & (capacity - 1)] =
                Slot { key, row: (first as u32) << PAIRS.count_ones() | sort as u32 };
            from = to;
        }
        Ok(Self { slots, shift, units, dense })
    }
}

/// The first unit of a row.
#[inline]
fn start(row: u32) -> usize {
    (row >> PAIRS.count_ones()) as usize
}

/// Adds (class, weight) pairs.
#[inline]
fn add_pairs(unit: &Unit, scores: &mut Scores) {
    for &[class, weight] in unit.as_chunks().0 {
        add(&mut scores[usize::from(class) % MAX_CLASSES], weight);
    }
}

/// Adds the weights of eight classes.
#[inline]
fn add_weights(unit: &Unit, scores: &mut [i16; UNIT]) {
    for (score, &weight) in scores.iter_mut().zip(unit) {
        add(score, weight);
    }
}

/// Adds a weight, kept as a byte.
#[inline]
fn add(score: &mut i16, weight: u8) {
    *score = score.wrapping_add(i16::from(weight.cast_signed()));
}

/// Where the search for a key begins: the top bits of a multiplicative hash (Knuth).
#[inline]
fn spread(key: u32, shift: u32) -> usize {
    key.wrapping_mul(0x9E37_79B9).checked_shr(shift).unwrap_or(0) as usize
}

/// The hash of a feature: the template's number and up to two things that it joins.
#[inline]
#[must_use]
pub fn feature(template: u32, a: u32, b: u32) -> u32 {
    // Two rounds of multiply and fold; the constants are those of splitmix64 (Steele, Lea, Flood).
    let mut h = (u64::from(template) << 32 | u64::from(a)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    h = (h ^ (h >> 29) ^ u64::from(b)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (h >> 32) as u32
}

/// The class with the highest score among those allowed; the lowest number among equals.
#[inline]
pub fn best<S: PartialOrd>(
    scores: &[S; MAX_CLASSES],
    classes: usize,
    allowed: impl Fn(usize) -> bool,
) -> Option<usize> {
    let mut best: Option<usize> = None;
    for class in 0..classes.min(MAX_CLASSES) {
        if allowed(class) && best.is_none_or(|b| scores[class] > scores[b]) {
            best = Some(class);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(rows in proptest::collection::btree_map(any::<u32>(), proptest::collection::vec((0u8..5, any::<i8>()), 1..5), 0..60)) {
            let mut list: Vec<Row> = rows.clone().into_iter().collect();
            let mut out = Writer::default();
            Linear::write(&mut list, &mut out);
            let bytes = out.finish();
            let mut input = Reader::new(&bytes);
            let model = Linear::read(&mut input, 5).unwrap();
            prop_assert_eq!(input.remaining(), 0);
            prop_assert_eq!(model.features(), rows.len());
            for (key, row) in &rows {
                let mut scores = [0; MAX_CLASSES];
                model.add(&[*key], &mut scores);
                for class in 0..5 {
                    let sum: i32 = row.iter().filter(|(c, _)| *c == class).map(|(_, w)| i32::from(*w)).sum();
                    prop_assert_eq!(i32::from(scores[usize::from(class)]), sum);
                }
            }
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Linear::read(&mut Reader::new(&bytes), 5);
        }
    }
}
