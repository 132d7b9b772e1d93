/*! A sparse linear classifier with whole-number weights.

A feature is a 32-bit hash. What it says about each class is a short row of
(class, weight) pairs, found through an open-addressed table; classes it says
nothing about cost nothing. Scores are sums of whole numbers, so that every
machine chooses the same class.
*/

use crate::format::{ModelError, Reader, Writer};

/// The most classes a classifier may have: scores live in an array of this length.
pub const MAX_CLASSES: usize = 128;

/// Scores of all classes.
pub type Scores = [i32; MAX_CLASSES];

/// One row as the trainer hands it over: a feature and its (class, weight) pairs.
pub type Row = (u32, Vec<(u8, i8)>);

/// An empty slot of the table. No row starts there: a model of that many entries would not fit the length field.
const EMPTY: u32 = u32::MAX;

/// How many look-ups run side by side.
const SWEEP: usize = 32;

#[derive(Debug, Clone, Copy)]
struct Slot {
    key: u32,
    start: u32,
}

/// The classifier.
#[derive(Debug, Clone)]
pub struct Linear {
    slots: Vec<Slot>,
    /// How far a mixed key is shifted to give a slot.
    shift: u32,
    /// Rows one after the other: (length, 0), then that many (class, weight).
    entries: Vec<(u8, i8)>,
}

impl Linear {
    /// Adds what the features say to the scores.
    ///
    /// In three sweeps rather than one: the table is larger than a processor's nearest caches, and
    /// look-ups that do not wait for each other run side by side.
    #[inline]
    pub fn add(&self, features: &[u32], scores: &mut Scores) {
        let mask = self.slots.len().wrapping_sub(1);
        for features in features.chunks(SWEEP) {
            let mut first = [Slot { key: 0, start: EMPTY }; SWEEP];
            for (slot, &feature) in first.iter_mut().zip(features) {
                if let Some(&found) = self.slots.get(spread(feature, self.shift) & mask) {
                    *slot = found;
                }
            }
            let mut starts = [0usize; SWEEP];
            let mut hits = 0;
            for (&slot, &feature) in first.iter().zip(features) {
                let mut slot = slot;
                let mut at = spread(feature, self.shift);
                while slot.key != feature && slot.start != EMPTY {
                    at += 1;
                    slot = self.slots[at & mask];
                }
                starts[hits] = slot.start as usize;
                hits += usize::from(slot.start != EMPTY);
            }
            for &start in &starts[..hits] {
                let Some((&(length, _), rows)) = self.entries.get(start..).and_then(<[_]>::split_first)
                else {
                    continue;
                };
                for &(class, weight) in rows.get(..usize::from(length)).unwrap_or_default() {
                    scores[usize::from(class) % MAX_CLASSES] += i32::from(weight);
                }
            }
        }
    }

    /// Number of features.
    #[must_use]
    pub fn features(&self) -> usize {
        self.slots.iter().filter(|slot| slot.start != EMPTY).count()
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
        let mut slots = vec![Slot { key: 0, start: EMPTY }; capacity];
        let mut entries = Vec::with_capacity(features + total);
        let mut from = 0;
        for (&key, &length) in keys.iter().zip(lengths) {
            let mut at = spread(key, shift);
            while slots[at & (capacity - 1)].start != EMPTY {
                at += 1;
            }
            slots[at & (capacity - 1)] = Slot { key, start: entries.len() as u32 };
            entries.push((length, 0));
            let to = from + usize::from(length);
            let pairs = row_classes[from..to].iter().zip(&weights[from..to]);
            entries.extend(pairs.map(|(&class, &weight)| (class, weight.cast_signed())));
            from = to;
        }
        Ok(Self { slots, shift, entries })
    }
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
pub fn best(scores: &Scores, classes: usize, allowed: impl Fn(usize) -> bool) -> Option<usize> {
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
                    prop_assert_eq!(scores[usize::from(class)], sum);
                }
            }
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Linear::read(&mut Reader::new(&bytes), 5);
        }
    }
}
