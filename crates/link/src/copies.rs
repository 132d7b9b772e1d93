/*! Copies: one text in several outlets.

A report's text is cut into shingles of [`SHINGLE`] words; the share of shingles that two reports have in common (Jaccard)
is estimated from the least of [`HASHES`] hashes (MinHash: Broder 1997). Reports that agree in a band of [`ROWS`] hashes are looked at
(locality-sensitive hashing: Leskovec, Rajaraman and Ullman 2014, ch. 3), and are copies where enough of their shingles agree **and**
the names and numbers of the shorter one stand in the longer one: reports made from one template share their wording and
differ in just these.

Signatures are stored for years: neither the way to cut nor the hashes may change without a new [`Signature::VERSION`].
*/

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use crate::hash::{fnv1a, mix, short};
use crate::postings::Postings;
use crate::words::Token;

/// Words of a shingle: enough that a chance sentence is not shared, few enough that an edited word spoils little.
pub const SHINGLE: usize = 4;
/// Hashes of a signature.
pub const HASHES: usize = BANDS * ROWS;
/// Bands of the locality-sensitive hashing: at half the shingles in common a pair is missed in 0.4 % of cases, at a third in 21 %.
pub const BANDS: usize = 42;
/// Hashes of a band.
pub const ROWS: usize = 3;
/// The least share of shingles in common (Jaccard) of copies.
pub const ALIKE: f64 = 0.5;
/// … or the least share of the shorter one's shingles that the longer one has, where the outlet has added its own.
pub const HELD: f64 = 0.8;
/// The least share in common for that: below, the bands would find it by luck only.
pub const HELD_ALIKE: f64 = 0.3;
/// The least share of the shorter one's names and numbers that the longer one has.
pub const MARKS: f64 = 0.75;
/// Names and numbers that are kept, those with the least hashes: all of a short report, a sample of a long one.
pub const KEPT_MARKS: usize = 64;
/// A text of fewer shingles is not compared: two headlines agree by chance.
pub const SHORTEST: u32 = 12;

/// What is kept of a text to know its copies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// The least hash of each kind, [`HASHES`] of them.
    pub least: Box<[u32]>,
    /// How many different shingles the text has.
    pub shingles: u32,
    /// The least hashes of its names (even) and numbers (odd), ascending.
    pub marks: Vec<u32>,
}

impl Signature {
    /// The way of computing signatures; signatures of different versions are not compared.
    pub const VERSION: u32 = 1;

    /// The signature of a text, from its words.
    #[must_use]
    pub fn new(tokens: &[Token]) -> Self {
        let mut shingles = FxHashSet::default();
        for window in tokens.windows(SHINGLE) {
            let hash = window.iter().fold(0_u64, |hash, token| {
                mix(hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ fnv1a(token.word.as_bytes()))
            });
            shingles.insert(hash);
        }
        let mut least: Box<[u32]> = vec![u32::MAX; HASHES].into();
        for &shingle in &shingles {
            for (row, least) in least.iter_mut().enumerate() {
                *least = (*least).min(short(shingle ^ seed(row)));
            }
        }
        // In a text all in capitals these say nothing of names.
        let cased = tokens.iter().filter(|token| token.capital).count() * 2 < tokens.len();
        let mut marks: Vec<u32> = tokens
            .iter()
            .filter(|token| token.digits || cased && token.capital && token.joined)
            .map(|token| short(fnv1a(token.word.as_bytes())) & !1 | u32::from(token.digits))
            .collect();
        marks.sort_unstable();
        marks.dedup();
        marks.truncate(KEPT_MARKS);
        Self { least, shingles: u32::try_from(shingles.len()).unwrap_or(u32::MAX), marks }
    }

    /// The share of shingles in common, estimated.
    #[must_use]
    pub fn alike(&self, other: &Self) -> f64 {
        if self.shingles == 0 || other.shingles == 0 {
            return 0.0;
        }
        let same = self.least.iter().zip(other.least.iter()).filter(|(a, b)| a == b).count();
        same as f64 / HASHES as f64
    }

    /// The share of the shorter one's shingles that the longer one has, estimated.
    #[must_use]
    pub fn held(&self, other: &Self) -> f64 {
        let alike = self.alike(other);
        let (a, b) = (f64::from(self.shingles), f64::from(other.shingles));
        // |A ∩ B| = J (|A| + |B|) / (1 + J)
        let both = alike * (a + b) / (1.0 + alike);
        if a.min(b) > 0.0 { (both / a.min(b)).min(1.0) } else { 0.0 }
    }

    /// The share of names and numbers of the shorter one that the longer one has. Of long lists only the least hashes are
    /// kept; those above the last kept of either list cannot be judged and are left out. Where one text has no names, for example because it is
    /// all in capitals, numbers are compared alone.
    #[must_use]
    pub fn marks_in_common(&self, other: &Self) -> f64 {
        let (short, long) = if self.shingles <= other.shingles { (self, other) } else { (other, self) };
        let reach = |marks: &[u32]| {
            if marks.len() < KEPT_MARKS { u32::MAX } else { marks.last().copied().unwrap_or(u32::MAX) }
        };
        let reach = reach(&short.marks).min(reach(&long.marks));
        let names = |signature: &Self| signature.marks.iter().any(|mark| mark % 2 == 0);
        let cased = names(self) && names(other);
        let judged: Vec<u32> =
            short.marks.iter().copied().filter(|mark| *mark <= reach && (cased || mark % 2 == 1)).collect();
        if judged.is_empty() {
            return 1.0;
        }
        let there = judged.iter().filter(|mark| long.marks.binary_search(mark).is_ok()).count();
        there as f64 / judged.len() as f64
    }

    /// Whether two texts are copies of one.
    #[must_use]
    pub fn is_copy(&self, other: &Self) -> bool {
        if self.shingles.min(other.shingles) < SHORTEST {
            return false;
        }
        let alike = self.alike(other);
        (alike >= ALIKE || alike >= HELD_ALIKE && self.held(other) >= HELD)
            && self.marks_in_common(other) >= MARKS
    }

    /// The keys of its bands. Among a million signatures one in two meets another's key by chance, and is looked at for nothing.
    fn bands(&self) -> impl Iterator<Item = u32> + '_ {
        self.least.chunks(ROWS).enumerate().map(|(band, rows)| {
            let hash = rows.iter().fold(band as u64 + 1, |hash, row| {
                mix(hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ u64::from(*row))
            });
            (hash >> 32) as u32
        })
    }
}

/// What the hash of each kind is turned by.
const fn seed(row: usize) -> u64 {
    mix((row as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

/// Signatures by their bands.
#[derive(Debug, Clone, Default)]
pub struct Copies {
    bands: Postings,
}

impl Copies {
    /// Keeps a signature under a number.
    pub fn insert(&mut self, number: u32, signature: &Signature) {
        if signature.shingles >= SHORTEST {
            for band in signature.bands() {
                self.bands.insert(band, number, &|_| 0);
            }
        }
    }

    /// The numbers whose signatures agree with this one in a band, ascending.
    #[must_use]
    pub fn near(&self, signature: &Signature) -> Vec<u32> {
        if signature.shingles < SHORTEST {
            return Vec::new();
        }
        let mut found: Vec<u32> = Vec::new();
        for band in signature.bands() {
            let under = self.bands.under(band);
            found.extend(under.sorted.iter().map(|(_, number)| *number));
            found.extend(under.newest());
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}
