//! What a layer does besides multiplying: rounding rows to eight bits, GELU, norms, attention. Written once, over lanes.

use crate::lanes::{LANES, Lanes, MAGIC, Work, sum};

/// Numbers of one head of attention.
pub(crate) const HEAD: usize = 32;
/// Rows whose scores are taken together.
const TOGETHER: usize = 4;
/// What is smaller counts as nothing: a row of it has the scale 0.
const TINY: f32 = 1e-30;

/// Sixteens of a row; lengths are multiples of sixteen.
#[inline(always)]
fn sixteens(row: &[f32]) -> &[[f32; LANES]] {
    row.as_chunks().0
}

#[inline(always)]
fn sixteens_mut(row: &mut [f32]) -> &mut [[f32; LANES]] {
    row.as_chunks_mut().0
}

/// Rows rounded to -127…127 by their greatest number, 128 added, with the scale of each; before that through GELU, if asked.
pub(crate) struct Round<'a> {
    pub(crate) width: usize,
    pub(crate) gelu: bool,
    pub(crate) values: &'a mut [f32],
    pub(crate) rounded: &'a mut [u8],
    pub(crate) scales: &'a mut [f32],
}

impl Work for Round<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let rows = self.values.chunks_exact_mut(self.width).zip(self.rounded.chunks_exact_mut(self.width));
        for ((row, rounded), scale) in rows.zip(self.scales) {
            let mut greatest = l.splat(0.0);
            for part in sixteens_mut(row) {
                let mut value = l.load(part);
                if self.gelu {
                    value = gelu(l, value);
                    l.store(value, part);
                }
                greatest = l.max(l.abs(value), greatest);
            }
            let mut lanes = [0.0; LANES];
            l.store(greatest, &mut lanes);
            let greatest = lanes.into_iter().fold(0.0, |a, b| if a > b { a } else { b });
            let steps = if greatest > TINY { 127.0 / greatest } else { 0.0 };
            *scale = if greatest > TINY { greatest / 127.0 } else { 0.0 };
            let (steps, shift) = (l.splat(steps), l.splat(MAGIC + 128.0));
            let (low, high) = (l.splat(-127.0), l.splat(127.0));
            for (part, rounded) in sixteens(row).iter().zip(rounded.as_chunks_mut().0) {
                let value = l.min(l.max(l.mul(l.load(part), steps), low), high);
                l.low_bytes(l.add(value, shift), rounded);
            }
        }
    }
}

/// Where the curve under GELU is taken for flat.
const FLAT: f32 = 4.25;
/// Of the polynomial in y² that times y is Φ(y) - ½ for |y| up to `FLAT`, least weighted error (Lawson's algorithm); GELU
/// made of it is less than 1e-4 off, a hundredth of the step that its result is then rounded to.
const BELL: [f32; 9] = [
    0.398_819_2,
    -0.066_190_28,
    0.009_718_78,
    -0.001_079_078_3,
    8.848_919e-5,
    -5.147_519e-6,
    1.986_161_8e-7,
    -4.515_312_6e-9,
    4.547_084e-11,
];

/// x · Φ(x), Φ the normal distribution (Hendrycks and Gimpel 2016).
#[inline(always)]
fn gelu<L: Lanes>(l: L, x: L::F) -> L::F {
    let y = l.min(l.max(x, l.splat(-FLAT)), l.splat(FLAT));
    let square = l.mul(y, y);
    let mut bell = l.splat(BELL[8]);
    for factor in BELL[..8].iter().rev() {
        bell = l.add(l.mul(bell, square), l.splat(*factor));
    }
    l.mul(x, l.add(l.mul(y, bell), l.splat(0.5)))
}

/// The exponential of numbers that are not above zero; the polynomial is that of Cephes' `expf`.
#[inline(always)]
fn exp<L: Lanes>(l: L, x: L::F) -> L::F {
    let x = l.max(x, l.splat(-87.0));
    let shifted = l.add(l.mul(x, l.splat(std::f32::consts::LOG2_E)), l.splat(MAGIC));
    let power = l.sub(shifted, l.splat(MAGIC));
    // ln 2 in two parts, the first with so few bits that its product with the power is exact.
    let rest = l.sub(x, l.mul(power, l.splat(0.693_359_4)));
    let rest = l.sub(rest, l.mul(power, l.splat(-2.121_944_4e-4)));
    let mut value = l.splat(1.987_569_1e-4);
    for factor in [1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 0.166_666_66, 0.5] {
        value = l.add(l.mul(value, rest), l.splat(factor));
    }
    let value = l.add(l.add(l.mul(l.mul(value, rest), rest), rest), l.splat(1.0));
    l.times_power(value, shifted)
}

/// Rows plus what is added to them, brought to mean 0 and deviation 1, scaled and shifted.
pub(crate) struct Norm<'a> {
    pub(crate) rows: &'a mut [f32],
    /// Nothing, or as long as the rows.
    pub(crate) added: &'a [f32],
    pub(crate) weight: &'a [f32],
    pub(crate) bias: &'a [f32],
    pub(crate) epsilon: f32,
}

impl Work for Norm<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let width = self.weight.len();
        let share = 1.0 / width as f32;
        let mut added = self.added.chunks_exact(width);
        for row in self.rows.chunks_exact_mut(width) {
            let row = sixteens_mut(row);
            if let Some(added) = added.next() {
                for (part, added) in row.iter_mut().zip(sixteens(added)) {
                    l.store(l.add(l.load(part), l.load(added)), part);
                }
            }
            let mut lanes = [0.0; LANES];
            let mut total = l.splat(0.0);
            for part in row.iter() {
                total = l.add(total, l.load(part));
            }
            l.store(total, &mut lanes);
            let mean = l.splat(sum(lanes) * share);
            let mut total = l.splat(0.0);
            for part in row.iter() {
                let apart = l.sub(l.load(part), mean);
                total = l.add(total, l.mul(apart, apart));
            }
            l.store(total, &mut lanes);
            let variance = sum(lanes) * share;
            let factor = l.splat(1.0 / (variance + self.epsilon).sqrt());
            let affine = sixteens(self.weight).iter().zip(sixteens(self.bias));
            for (part, (weight, bias)) in row.iter_mut().zip(affine) {
                let value = l.mul(l.sub(l.load(part), mean), factor);
                l.store(l.add(l.mul(value, l.load(weight)), l.load(bias)), part);
            }
        }
    }
}

/// One sequence's attention: each word's mixture of the values of all.
pub(crate) struct Attend<'a> {
    pub(crate) hidden: usize,
    /// Rows of query, key and value.
    pub(crate) qkv: &'a [f32],
    pub(crate) mixed: &'a mut [f32],
    /// Room for one head's keys, turned: [`HEAD`] rows of `padded`.
    pub(crate) keys: &'a mut [f32],
    /// Room for the scores of rows taken together, each `padded` long.
    pub(crate) scores: &'a mut [f32],
}

/// The length of a row of scores: whole sixteens.
pub(crate) fn padded(len: usize) -> usize {
    len.next_multiple_of(LANES)
}

/// Room that [`Attend`] needs for sequences of that length: for keys and for scores.
pub(crate) fn room(len: usize) -> (usize, usize) {
    (HEAD * padded(len), TOGETHER * padded(len))
}

impl Work for Attend<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let (hidden, stride) = (self.hidden, 3 * self.hidden);
        let len = self.mixed.len() / hidden;
        if len == 0 {
            return;
        }
        let padded = padded(len);
        let root = 1.0 / (HEAD as f32).sqrt();
        for head in (0..hidden).step_by(HEAD) {
            for (at, row) in self.qkv.chunks_exact(stride).enumerate() {
                for (dim, key) in row[hidden + head..][..HEAD].iter().enumerate() {
                    self.keys[dim * padded + at] = key * root;
                }
            }
            for dim in 0..HEAD {
                self.keys[dim * padded + len..(dim + 1) * padded].fill(0.0);
            }
            let (keys, scores) = (&*self.keys, &mut *self.scores);
            let values = &self.qkv[2 * hidden + head..];
            let mut row = 0;
            while row < len {
                // The last rows of a sequence are taken one by one.
                let taken = if len - row >= TOGETHER { TOGETHER } else { 1 };
                let queries = &self.qkv[row * stride + head..];
                let mixed = &mut self.mixed[row * hidden + head..];
                if taken == TOGETHER {
                    rows_of_head::<TOGETHER, L>(l, len, stride, hidden, queries, keys, values, scores, mixed);
                } else {
                    rows_of_head::<1, L>(l, len, stride, hidden, queries, keys, values, scores, mixed);
                }
                row += taken;
            }
        }
    }
}

/// `R` rows of one head: their scores, made shares of one, and the values in those shares.
#[inline(always)]
#[allow(clippy::too_many_arguments)]
fn rows_of_head<const R: usize, L: Lanes>(
    l: L,
    len: usize,
    stride: usize,
    hidden: usize,
    queries: &[f32],
    keys: &[f32],
    values: &[f32],
    scores: &mut [f32],
    mixed: &mut [f32],
) {
    let padded = padded(len);
    for part in (0..padded).step_by(LANES) {
        let mut sums = [l.splat(0.0); R];
        for (dim, keys) in keys.chunks_exact(padded).take(HEAD).enumerate() {
            let Some(keys) = keys[part..].first_chunk() else { continue };
            let keys = l.load(keys);
            for (r, sum) in sums.iter_mut().enumerate() {
                *sum = l.add(*sum, l.mul(l.splat(queries[r * stride + dim]), keys));
            }
        }
        for (r, sum) in sums.into_iter().enumerate() {
            if let Some(to) = scores[r * padded + part..].first_chunk_mut() {
                l.store(sum, to);
            }
        }
    }
    let mut shares = [0.0_f32; R];
    for (scores, share) in scores.chunks_exact_mut(padded).zip(&mut shares) {
        // What lies behind the sequence must not be the greatest.
        scores[len..].fill(f32::MIN);
        let mut lanes = [0.0; LANES];
        let mut greatest = l.splat(f32::MIN);
        for part in sixteens(scores) {
            greatest = l.max(l.load(part), greatest);
        }
        l.store(greatest, &mut lanes);
        let greatest = l.splat(lanes.into_iter().fold(f32::MIN, |a, b| if a > b { a } else { b }));
        for part in sixteens_mut(scores) {
            l.store(exp(l, l.sub(l.load(part), greatest)), part);
        }
        scores[len..].fill(0.0);
        let mut total = l.splat(0.0);
        for part in sixteens(scores) {
            total = l.add(total, l.load(part));
        }
        l.store(total, &mut lanes);
        *share = 1.0 / sum(lanes);
    }
    let mut sums = [[l.splat(0.0); HEAD / LANES]; R];
    for (at, values) in values.chunks(stride).take(len).enumerate() {
        let values = &sixteens(&values[..HEAD])[..HEAD / LANES];
        for (r, sums) in sums.iter_mut().enumerate() {
            let score = l.splat(scores[r * padded + at]);
            for (sum, value) in sums.iter_mut().zip(values) {
                *sum = l.add(*sum, l.mul(score, l.load(value)));
            }
        }
    }
    for (r, sums) in sums.into_iter().enumerate() {
        let share = l.splat(shares[r]);
        for (sum, to) in sums.into_iter().zip(sixteens_mut(&mut mixed[r * hidden..][..HEAD])) {
            l.store(l.mul(sum, share), to);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::Path;

    struct Apply<'a> {
        values: &'a mut [f32],
        exp: bool,
    }

    impl Work for Apply<'_> {
        #[inline(always)]
        fn run<L: Lanes>(self, l: L) {
            for part in sixteens_mut(self.values) {
                let value = l.load(part);
                l.store(if self.exp { exp(l, value) } else { gelu(l, value) }, part);
            }
        }
    }

    fn normal(x: f64) -> f64 {
        // Φ by the trapezoid rule from far to the left: slow and sure.
        let step = 1e-3;
        let density = |t: f64| (-t * t / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
        let from = -12.0;
        let steps = ((x - from) / step).ceil().max(1.0);
        let step = (x - from) / steps;
        (0..steps as usize)
            .map(|at| {
                let t = from + at as f64 * step;
                (density(t) + density(t + step)) / 2.0 * step
            })
            .sum()
    }

    #[test]
    fn gelu_and_exp_are_close_on_every_path() {
        let xs: Vec<f32> = (0..256).map(|at| (at as f32 - 128.0) / 16.0).collect();
        let below: Vec<f32> = (0..256).map(|at| at as f32 * -0.4).collect();
        for path in Path::ALL.into_iter().filter(|path| path.is_there()) {
            let mut values = xs.clone();
            path.run(Apply { values: &mut values, exp: false });
            for (x, value) in xs.iter().zip(&values) {
                let expected = f64::from(*x) * normal(f64::from(*x));
                assert!((f64::from(*value) - expected).abs() < 1e-4, "gelu({x}) is {expected}, not {value}");
            }
            let mut values = below.clone();
            path.run(Apply { values: &mut values, exp: true });
            for (x, value) in below.iter().zip(&values) {
                let expected = f64::from(x.max(-87.0)).exp();
                assert!(
                    (f64::from(*value) / expected - 1.0).abs() < 1e-6,
                    "exp({x}) is {expected}, not {value}"
                );
            }
        }
    }
}
