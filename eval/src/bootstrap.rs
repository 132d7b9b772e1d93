//! Percentile bootstrap over documents (Efron & Tibshirani 1993, ch. 13).
//!
//! Documents are drawn, not answers: the answers of one document are not independent.

use crate::Hits;

/// How many resamples an interval is taken from.
pub const RESAMPLES: usize = 2_000;

/// Marsaglia's xorshift64* (Vigna 2016): a few lines, the same numbers on every machine, and more
/// than good enough to draw documents.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// A generator; the seed is scrambled by splitmix64, so that small seeds differ.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        let mut z = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 31;
        Self(if z == 0 { 1 } else { z })
    }

    /// The next 64 bits.
    pub const fn bits(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A number below `n`; 0 where `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        // Lemire's multiply-and-shift; the bias is below 2⁻³² for any corpus.
        ((u128::from(self.bits()) * n as u128) >> 64) as usize
    }

    /// `k` of `0..n` without repetition, ascending.
    pub fn sample(&mut self, n: usize, k: usize) -> Vec<usize> {
        let mut all: Vec<usize> = (0..n).collect();
        let k = k.min(n);
        for i in 0..k {
            let j = i + self.below(n - i);
            all.swap(i, j);
        }
        all.truncate(k);
        all.sort_unstable();
        all
    }
}

/// The 2.5th and 97.5th percentile of a statistic over resampled documents.
#[must_use]
pub fn interval(documents: &[Hits], seed: u64, statistic: impl Fn(Hits) -> f64) -> (f64, f64) {
    if documents.is_empty() {
        return (0.0, 0.0);
    }
    let mut random = Random::new(seed);
    let mut values: Vec<f64> = (0..RESAMPLES)
        .map(|_| {
            let total = (0..documents.len())
                .map(|_| documents[random.below(documents.len())])
                .fold(Hits::default(), Hits::plus);
            statistic(total)
        })
        .collect();
    values.sort_by(f64::total_cmp);
    let at = |share: f64| values[((RESAMPLES - 1) as f64 * share).round() as usize];
    (at(0.025), at(0.975))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

    #[test]
    fn the_interval_of_a_share_is_near_the_binomial_one() {
        let documents: Vec<Hits> = (0..400).map(|i| Hits::answer(i % 5 != 0)).collect();
        let (low, high) = interval(&documents, 7, |hits| Kind::Exact.of(hits));
        // 0.8 ± 1.96 · sqrt(0.8 · 0.2 / 400) = 0.8 ± 0.0392
        assert!((low - 0.7608).abs() < 0.01, "{low}");
        assert!((high - 0.8392).abs() < 0.01, "{high}");
    }

    #[test]
    fn the_same_seed_gives_the_same_interval() {
        let documents: Vec<Hits> = (0..50).map(|i| Hits::answer(i % 3 == 0)).collect();
        let of = |seed| interval(&documents, seed, |hits| Kind::Exact.of(hits));
        assert_eq!(of(1), of(1));
    }

    #[test]
    fn a_sample_has_no_repetition() {
        let sample = Random::new(3).sample(100, 40);
        assert_eq!(sample.len(), 40);
        assert!(sample.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(Random::new(3).sample(5, 40), vec![0, 1, 2, 3, 4]);
    }
}
