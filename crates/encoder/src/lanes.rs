/*! Sixteen numbers at a time, in three ways that give the same bits.

This is the one module with unsafe code: the processor's vector instructions. Everything above it is written once, over
[`Lanes`], and runs with AVX-512 (VNNI), with AVX2, or with neither. That the three agree to the last bit rests on this:

- products of whole numbers are summed in 32 bits without saturation, which is exact in any order;
- what has fractions is added, multiplied and compared lane by lane by IEEE 754, rounding each step (no fused
  multiply-add, which not every machine has), in an order that does not depend on how wide a register is;
- sums over lanes are taken by [`sum`], one fixed tree.

Safety: a value of `Wide` or `Middle` exists only where [`Path::is_there`] has found the instructions, so every intrinsic
stands behind a check that the processor has it; and they touch memory only through references to arrays of the size
that they read or write, or inside [`Multiply`], whose lengths are checked before.
*/
#![allow(unsafe_code)]

/// How the arithmetic is done. All ways give the same numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Path {
    /// No special instructions: any machine.
    Plain,
    /// AVX2.
    Avx2,
    /// AVX-512 with VNNI, which multiplies whole numbers of eight bits.
    Avx512,
}

impl Path {
    /// All, the slowest first.
    pub const ALL: [Self; 3] = [Self::Plain, Self::Avx2, Self::Avx512];

    /// What this machine does fastest.
    #[must_use]
    pub fn best() -> Self {
        Self::ALL.into_iter().rev().find(|path| path.is_there()).unwrap_or(Self::Plain)
    }

    /// Whether this machine has the instructions.
    #[must_use]
    pub fn is_there(self) -> bool {
        match self {
            Self::Plain => true,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => std::is_x86_feature_detected!("avx2"),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => {
                std::is_x86_feature_detected!("avx512f")
                    && std::is_x86_feature_detected!("avx512bw")
                    && std::is_x86_feature_detected!("avx512vnni")
            }
            #[cfg(not(target_arch = "x86_64"))]
            Self::Avx2 | Self::Avx512 => false,
        }
    }

    /// Does a piece of work in this way, or plainly where the machine lacks it.
    pub(crate) fn run<W: Work>(self, work: W) {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 if self.is_there() => {
                // SAFETY: the processor has the instructions, as just found.
                unsafe { x86::run_wide(work) }
            }
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 if self.is_there() => {
                // SAFETY: as above.
                unsafe { x86::run_middle(work) }
            }
            _ => work.run(Plain),
        }
    }
}

/// Something to be done with lanes.
pub(crate) trait Work {
    /// Does it. Implementations are `#[inline(always)]`: only inside a function that has the instructions switched on
    /// do they become instructions.
    fn run<L: Lanes>(self, lanes: L);
}

/// Numbers in a register.
pub(crate) const LANES: usize = 16;
/// Added to a number of at most 22 bits it leaves the nearest whole number (ties to even) in the lowest bits.
pub(crate) const MAGIC: f32 = 12_582_912.0;

/// Arithmetic on sixteen numbers.
pub(crate) trait Lanes: Copy {
    /// Sixteen numbers.
    type F: Copy;

    fn load(self, from: &[f32; LANES]) -> Self::F;
    fn store(self, value: Self::F, to: &mut [f32; LANES]);
    fn splat(self, value: f32) -> Self::F;
    fn add(self, a: Self::F, b: Self::F) -> Self::F;
    fn sub(self, a: Self::F, b: Self::F) -> Self::F;
    fn mul(self, a: Self::F, b: Self::F) -> Self::F;
    /// `a` where it is greater, else `b`.
    fn max(self, a: Self::F, b: Self::F) -> Self::F;
    /// `a` where it is less, else `b`.
    fn min(self, a: Self::F, b: Self::F) -> Self::F;
    fn abs(self, value: Self::F) -> Self::F;
    /// `value` times two to the power that stands in the lowest bits of `shifted`.
    fn times_power(self, value: Self::F, shifted: Self::F) -> Self::F;
    /// The lowest byte of each number's bits.
    fn low_bytes(self, value: Self::F, to: &mut [u8; LANES]);
    /// A product of matrices whose lengths are those that its shape asks for.
    fn multiply(self, job: &Multiply<'_>, out: &mut [f32]);
}

/// The sum of sixteen numbers, in one order.
pub(crate) fn sum(mut lanes: [f32; LANES]) -> f32 {
    let mut half = LANES / 2;
    while half > 0 {
        for at in 0..half {
            lanes[at] += lanes[at + half];
        }
        half /= 2;
    }
    lanes[0]
}

/// Rows of eight-bit numbers times a linear layer: `row · weights` as whole numbers, made numbers with fractions, and the bias.
///
/// The rows are numbers of -127 to 127 with 128 added, since the instructions want one side without a sign;
/// `corrections` takes it off again.
pub(crate) struct Multiply<'a> {
    pub(crate) inputs: usize,
    pub(crate) outputs: usize,
    pub(crate) rows: &'a [u8],
    pub(crate) row_scales: &'a [f32],
    /// In panels.
    pub(crate) weights: &'a [u8],
    pub(crate) scales: &'a [f32],
    /// 128 times the sum of each output's weights.
    pub(crate) corrections: &'a [i32],
    pub(crate) bias: &'a [f32],
}

/// Outputs that are done together: four panels.
pub(crate) const STRIP: usize = 4 * LANES;
/// More inputs could overflow a sum of 32 bits.
pub(crate) const MOST_INPUTS: usize = 65_536;

impl Multiply<'_> {
    /// Whether every length is as the shape says: what the unsafe code relies on.
    fn is_sound(&self, out: &[f32]) -> bool {
        let rows = self.row_scales.len();
        self.inputs.is_multiple_of(4)
            && self.inputs <= MOST_INPUTS
            && self.outputs.is_multiple_of(STRIP)
            && self.rows.len() == rows * self.inputs
            && self.weights.len() == self.outputs * self.inputs
            && [self.scales.len(), self.corrections.len(), self.bias.len()] == [self.outputs; 3]
            && out.len() == rows * self.outputs
    }
}

/// A product and where it goes.
pub(crate) struct Product<'a> {
    pub(crate) job: Multiply<'a>,
    pub(crate) out: &'a mut [f32],
}

impl Work for Product<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        debug_assert!(self.job.is_sound(self.out));
        if self.job.is_sound(self.out) {
            lanes.multiply(&self.job, self.out);
        }
    }
}

/// Without special instructions.
#[derive(Clone, Copy)]
struct Plain;

#[inline(always)]
fn each(mut a: [f32; LANES], b: [f32; LANES], done: impl Fn(f32, f32) -> f32) -> [f32; LANES] {
    for (a, b) in a.iter_mut().zip(b) {
        *a = done(*a, b);
    }
    a
}

impl Lanes for Plain {
    type F = [f32; LANES];

    #[inline(always)]
    fn load(self, from: &[f32; LANES]) -> Self::F {
        *from
    }
    #[inline(always)]
    fn store(self, value: Self::F, to: &mut [f32; LANES]) {
        *to = value;
    }
    #[inline(always)]
    fn splat(self, value: f32) -> Self::F {
        [value; LANES]
    }
    #[inline(always)]
    fn add(self, a: Self::F, b: Self::F) -> Self::F {
        each(a, b, |a, b| a + b)
    }
    #[inline(always)]
    fn sub(self, a: Self::F, b: Self::F) -> Self::F {
        each(a, b, |a, b| a - b)
    }
    #[inline(always)]
    fn mul(self, a: Self::F, b: Self::F) -> Self::F {
        each(a, b, |a, b| a * b)
    }
    #[inline(always)]
    fn max(self, a: Self::F, b: Self::F) -> Self::F {
        each(a, b, |a, b| if a > b { a } else { b })
    }
    #[inline(always)]
    fn min(self, a: Self::F, b: Self::F) -> Self::F {
        each(a, b, |a, b| if a < b { a } else { b })
    }
    #[inline(always)]
    fn abs(self, value: Self::F) -> Self::F {
        value.map(f32::abs)
    }
    #[inline(always)]
    fn times_power(self, value: Self::F, shifted: Self::F) -> Self::F {
        each(value, shifted, |value, shifted| {
            f32::from_bits(value.to_bits().wrapping_add(shifted.to_bits() << 23))
        })
    }
    #[inline(always)]
    fn low_bytes(self, value: Self::F, to: &mut [u8; LANES]) {
        for (to, value) in to.iter_mut().zip(value) {
            *to = value.to_bits() as u8;
        }
    }

    /// Whole numbers as 32-bit floats, which every machine multiplies four at a time: exact, since no sum of a [`RUN`]
    /// reaches 2²⁴.
    #[inline(always)]
    fn multiply(self, job: &Multiply<'_>, out: &mut [f32]) {
        let rows: Vec<f32> = job.rows.iter().map(|&value| f32::from(value) - 128.0).collect();
        let mut turned = vec![[0.0; LANES]; job.inputs];
        for (panel, weights) in job.weights.chunks_exact(LANES * job.inputs).enumerate() {
            for (four, turned) in
                weights.as_chunks::<{ 4 * LANES }>().0.iter().zip(turned.chunks_exact_mut(4))
            {
                for (output, four) in four.as_chunks::<4>().0.iter().enumerate() {
                    for (turned, value) in turned.iter_mut().zip(four) {
                        turned[output] = f32::from(value.cast_signed());
                    }
                }
            }
            for (pair, row_scales) in job.row_scales.chunks(2).enumerate() {
                let first = &rows[2 * pair * job.inputs..][..job.inputs];
                // An odd last row is multiplied twice.
                let second = &rows[(2 * pair + row_scales.len() - 1) * job.inputs..][..job.inputs];
                let mut whole = [[0_i32; LANES]; 2];
                let runs = first.chunks(RUN).zip(second.chunks(RUN)).zip(turned.chunks(RUN));
                for ((first, second), weights) in runs {
                    let mut sums = [[0.0_f32; LANES]; 2];
                    for ((first, second), weights) in first.iter().zip(second).zip(weights) {
                        for at in 0..LANES {
                            sums[0][at] += first * weights[at];
                        }
                        for at in 0..LANES {
                            sums[1][at] += second * weights[at];
                        }
                    }
                    for (whole, sum) in whole.as_flattened_mut().iter_mut().zip(sums.as_flattened()) {
                        *whole += *sum as i32;
                    }
                }
                for ((r, row_scale), whole) in row_scales.iter().enumerate().zip(whole) {
                    let out = &mut out[(2 * pair + r) * job.outputs + panel * LANES..][..LANES];
                    for (at, (out, whole)) in out.iter_mut().zip(whole).enumerate() {
                        let column = panel * LANES + at;
                        *out = whole as f32 * (row_scale * job.scales[column]) + job.bias[column];
                    }
                }
            }
        }
    }
}

/// Products of numbers of -127 to 127 and of -128 to 127 that 32-bit floats sum without rounding: 1024 · 127 · 128 < 2²⁴.
const RUN: usize = 1024;

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::*;

    use super::{LANES, Lanes, Multiply, STRIP, Work};

    /// AVX-512 with VNNI.
    #[derive(Clone, Copy)]
    pub(super) struct Wide(());

    /// AVX2.
    #[derive(Clone, Copy)]
    pub(super) struct Middle(());

    #[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
    pub(super) fn run_wide<W: Work>(work: W) {
        work.run(Wide(()));
    }

    #[target_feature(enable = "avx2")]
    pub(super) fn run_middle<W: Work>(work: W) {
        work.run(Middle(()));
    }

    // SAFETY of all that follows: `Wide(())` and `Middle(())` are made in the two functions above alone, which are called
    // only where the processor has the instructions; the references that are read or written are as long as what is.

    impl Lanes for Wide {
        type F = __m512;

        #[inline(always)]
        fn load(self, from: &[f32; LANES]) -> Self::F {
            unsafe { _mm512_loadu_ps(from.as_ptr()) }
        }
        #[inline(always)]
        fn store(self, value: Self::F, to: &mut [f32; LANES]) {
            unsafe { _mm512_storeu_ps(to.as_mut_ptr(), value) }
        }
        #[inline(always)]
        fn splat(self, value: f32) -> Self::F {
            unsafe { _mm512_set1_ps(value) }
        }
        #[inline(always)]
        fn add(self, a: Self::F, b: Self::F) -> Self::F {
            unsafe { _mm512_add_ps(a, b) }
        }
        #[inline(always)]
        fn sub(self, a: Self::F, b: Self::F) -> Self::F {
            unsafe { _mm512_sub_ps(a, b) }
        }
        #[inline(always)]
        fn mul(self, a: Self::F, b: Self::F) -> Self::F {
            unsafe { _mm512_mul_ps(a, b) }
        }
        #[inline(always)]
        fn max(self, a: Self::F, b: Self::F) -> Self::F {
            unsafe { _mm512_max_ps(a, b) }
        }
        #[inline(always)]
        fn min(self, a: Self::F, b: Self::F) -> Self::F {
            unsafe { _mm512_min_ps(a, b) }
        }
        #[inline(always)]
        fn abs(self, value: Self::F) -> Self::F {
            unsafe { _mm512_abs_ps(value) }
        }
        #[inline(always)]
        fn times_power(self, value: Self::F, shifted: Self::F) -> Self::F {
            unsafe {
                let power = _mm512_slli_epi32::<23>(_mm512_castps_si512(shifted));
                _mm512_castsi512_ps(_mm512_add_epi32(_mm512_castps_si512(value), power))
            }
        }
        #[inline(always)]
        fn low_bytes(self, value: Self::F, to: &mut [u8; LANES]) {
            unsafe {
                let bytes = _mm512_cvtepi32_epi8(_mm512_castps_si512(value));
                _mm_storeu_si128(to.as_mut_ptr().cast(), bytes);
            }
        }

        #[inline(always)]
        fn multiply(self, job: &Multiply<'_>, out: &mut [f32]) {
            let rows = job.row_scales.len();
            for strip in (0..job.outputs).step_by(STRIP) {
                let mut row = 0;
                while row < rows {
                    // SAFETY: as many rows as are said, and a strip, lie within `Multiply::is_sound`'s lengths.
                    row += unsafe {
                        match rows - row {
                            6.. => wide_tile::<6>(job, row, strip, out),
                            5 => wide_tile::<5>(job, row, strip, out),
                            4 => wide_tile::<4>(job, row, strip, out),
                            3 => wide_tile::<3>(job, row, strip, out),
                            2 => wide_tile::<2>(job, row, strip, out),
                            _ => wide_tile::<1>(job, row, strip, out),
                        }
                    };
                }
            }
        }
    }

    /// `R` rows times four panels, in `4 R` registers of sums.
    ///
    /// # Safety
    /// The job is sound and has rows `row..row + R` and outputs `strip..strip + STRIP`.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
    unsafe fn wide_tile<const R: usize>(
        job: &Multiply<'_>,
        row: usize,
        strip: usize,
        out: &mut [f32],
    ) -> usize {
        unsafe {
            let values = job.rows.as_ptr().add(row * job.inputs);
            let weights = job.weights.as_ptr().add(strip * job.inputs);
            let panel = LANES * job.inputs;
            let mut sums = [[_mm512_setzero_si512(); 4]; R];
            for four in 0..job.inputs / 4 {
                let at = weights.add(four * 4 * LANES);
                let w = [
                    _mm512_loadu_si512(at.cast()),
                    _mm512_loadu_si512(at.add(panel).cast()),
                    _mm512_loadu_si512(at.add(2 * panel).cast()),
                    _mm512_loadu_si512(at.add(3 * panel).cast()),
                ];
                for (r, sums) in sums.iter_mut().enumerate() {
                    let four = values.add(r * job.inputs + four * 4).cast::<i32>().read_unaligned();
                    let four = _mm512_set1_epi32(four);
                    for (sum, w) in sums.iter_mut().zip(w) {
                        *sum = _mm512_dpbusd_epi32(*sum, four, w);
                    }
                }
            }
            for part in 0..4 {
                let column = strip + part * LANES;
                let correction = _mm512_loadu_si512(job.corrections.as_ptr().add(column).cast());
                let scale = _mm512_loadu_ps(job.scales.as_ptr().add(column));
                let bias = _mm512_loadu_ps(job.bias.as_ptr().add(column));
                for (r, sums) in sums.iter().enumerate() {
                    let whole = _mm512_cvtepi32_ps(_mm512_sub_epi32(sums[part], correction));
                    let scale = _mm512_mul_ps(_mm512_set1_ps(job.row_scales[row + r]), scale);
                    let value = _mm512_add_ps(_mm512_mul_ps(whole, scale), bias);
                    _mm512_storeu_ps(out.as_mut_ptr().add((row + r) * job.outputs + column), value);
                }
            }
        }
        R
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn times_power(value: __m256, shifted: __m256) -> __m256 {
        let power = _mm256_slli_epi32::<23>(_mm256_castps_si256(shifted));
        _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(value), power))
    }

    impl Lanes for Middle {
        type F = (__m256, __m256);

        #[inline(always)]
        fn load(self, from: &[f32; LANES]) -> Self::F {
            unsafe { (_mm256_loadu_ps(from.as_ptr()), _mm256_loadu_ps(from.as_ptr().add(8))) }
        }
        #[inline(always)]
        fn store(self, value: Self::F, to: &mut [f32; LANES]) {
            unsafe {
                _mm256_storeu_ps(to.as_mut_ptr(), value.0);
                _mm256_storeu_ps(to.as_mut_ptr().add(8), value.1);
            }
        }
        #[inline(always)]
        fn splat(self, value: f32) -> Self::F {
            let value = unsafe { _mm256_set1_ps(value) };
            (value, value)
        }
        #[inline(always)]
        fn add(self, a: Self::F, b: Self::F) -> Self::F {
            unsafe { (_mm256_add_ps(a.0, b.0), _mm256_add_ps(a.1, b.1)) }
        }
        #[inline(always)]
        fn sub(self, a: Self::F, b: Self::F) -> Self::F {
            unsafe { (_mm256_sub_ps(a.0, b.0), _mm256_sub_ps(a.1, b.1)) }
        }
        #[inline(always)]
        fn mul(self, a: Self::F, b: Self::F) -> Self::F {
            unsafe { (_mm256_mul_ps(a.0, b.0), _mm256_mul_ps(a.1, b.1)) }
        }
        #[inline(always)]
        fn max(self, a: Self::F, b: Self::F) -> Self::F {
            unsafe { (_mm256_max_ps(a.0, b.0), _mm256_max_ps(a.1, b.1)) }
        }
        #[inline(always)]
        fn min(self, a: Self::F, b: Self::F) -> Self::F {
            unsafe { (_mm256_min_ps(a.0, b.0), _mm256_min_ps(a.1, b.1)) }
        }
        #[inline(always)]
        fn abs(self, value: Self::F) -> Self::F {
            unsafe {
                let sign = _mm256_set1_ps(-0.0);
                (_mm256_andnot_ps(sign, value.0), _mm256_andnot_ps(sign, value.1))
            }
        }
        #[inline(always)]
        fn times_power(self, value: Self::F, shifted: Self::F) -> Self::F {
            unsafe { (times_power(value.0, shifted.0), times_power(value.1, shifted.1)) }
        }
        #[inline(always)]
        fn low_bytes(self, value: Self::F, to: &mut [u8; LANES]) {
            unsafe {
                let low = _mm256_set1_epi32(0xff);
                let first = _mm256_and_si256(_mm256_castps_si256(value.0), low);
                let second = _mm256_and_si256(_mm256_castps_si256(value.1), low);
                // Packing works within halves of a register: [0–3, 8–11, 4–7, 12–15] is put in order.
                let words = _mm256_permute4x64_epi64::<0b11_01_10_00>(_mm256_packus_epi32(first, second));
                let bytes =
                    _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256::<1>(words));
                _mm_storeu_si128(to.as_mut_ptr().cast(), bytes);
            }
        }

        #[inline(always)]
        fn multiply(self, job: &Multiply<'_>, out: &mut [f32]) {
            let rows = job.row_scales.len();
            for panel in (0..job.outputs).step_by(LANES) {
                let mut row = 0;
                while row < rows {
                    // SAFETY: as many rows as are said, and a panel, lie within `Multiply::is_sound`'s lengths.
                    row += unsafe {
                        match rows - row {
                            3.. => middle_tile::<3>(job, row, panel, out),
                            2 => middle_tile::<2>(job, row, panel, out),
                            _ => middle_tile::<1>(job, row, panel, out),
                        }
                    };
                }
            }
        }
    }

    /// `R` rows times one panel. The instruction that multiplies bytes saturates, so they are made 16 bits wide first.
    ///
    /// # Safety
    /// The job is sound and has rows `row..row + R` and outputs `panel..panel + LANES`.
    #[inline]
    #[target_feature(enable = "avx2")]
    unsafe fn middle_tile<const R: usize>(
        job: &Multiply<'_>,
        row: usize,
        panel: usize,
        out: &mut [f32],
    ) -> usize {
        unsafe {
            let values = job.rows.as_ptr().add(row * job.inputs);
            let weights = job.weights.as_ptr().add(panel * job.inputs);
            // Each register: four outputs, for each the sums of two and two inputs.
            let mut sums = [[_mm256_setzero_si256(); 4]; R];
            for four in 0..job.inputs / 4 {
                let mut fours = [_mm256_setzero_si256(); R];
                for (r, wide) in fours.iter_mut().enumerate() {
                    let four = values.add(r * job.inputs + four * 4).cast::<i32>().read_unaligned();
                    *wide = _mm256_cvtepu8_epi16(_mm_set1_epi32(four));
                }
                let at = weights.add(four * 4 * LANES);
                for part in 0..4 {
                    let w = _mm256_cvtepi8_epi16(_mm_loadu_si128(at.add(part * LANES).cast()));
                    for (sums, four) in sums.iter_mut().zip(fours) {
                        sums[part] = _mm256_add_epi32(sums[part], _mm256_madd_epi16(four, w));
                    }
                }
            }
            for half in 0..2 {
                let column = panel + half * 8;
                let correction = _mm256_loadu_si256(job.corrections.as_ptr().add(column).cast());
                let scale = _mm256_loadu_ps(job.scales.as_ptr().add(column));
                let bias = _mm256_loadu_ps(job.bias.as_ptr().add(column));
                for (r, sums) in sums.iter().enumerate() {
                    let pairs = _mm256_hadd_epi32(sums[2 * half], sums[2 * half + 1]);
                    let whole = _mm256_permute4x64_epi64::<0b11_01_10_00>(pairs);
                    let whole = _mm256_cvtepi32_ps(_mm256_sub_epi32(whole, correction));
                    let scale = _mm256_mul_ps(_mm256_set1_ps(job.row_scales[row + r]), scale);
                    let value = _mm256_add_ps(_mm256_mul_ps(whole, scale), bias);
                    _mm256_storeu_ps(out.as_mut_ptr().add((row + r) * job.outputs + column), value);
                }
            }
        }
        R
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that look like chance.
    fn drawn(count: usize, seed: u32) -> Vec<u8> {
        let mut state = seed;
        (0..count)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 24) as u8
            })
            .collect()
    }

    fn product(path: Path, inputs: usize, rows: &[u8], weights: &[u8]) -> Vec<f32> {
        let (count, outputs) = (rows.len() / inputs, weights.len() / inputs);
        let corrections: Vec<i32> = (0..outputs)
            .map(|output| (0..inputs).map(|input| 128 * weight(weights, inputs, output, input)).sum())
            .collect();
        let scales: Vec<f32> = (0..outputs).map(|output| 0.001 + output as f32 * 1e-5).collect();
        let bias: Vec<f32> = (0..outputs).map(|output| output as f32 / 3.0).collect();
        let row_scales: Vec<f32> = (0..count).map(|row| 0.01 + row as f32 / 7.0).collect();
        let job = Multiply {
            inputs,
            outputs,
            rows,
            row_scales: &row_scales,
            weights,
            scales: &scales,
            corrections: &corrections,
            bias: &bias,
        };
        let mut out = vec![0.0; count * outputs];
        path.run(Product { job, out: &mut out });
        for (row, out) in out.chunks(outputs).enumerate() {
            for (output, value) in out.iter().enumerate() {
                let whole: i64 = (0..inputs)
                    .map(|input| {
                        let value = i64::from(rows[row * inputs + input]) - 128;
                        value * i64::from(weight(weights, inputs, output, input))
                    })
                    .sum();
                let expected = whole as f32 * (row_scales[row] * scales[output]) + bias[output];
                assert_eq!(value.to_bits(), expected.to_bits(), "{path:?}, row {row}, output {output}");
            }
        }
        out
    }

    /// One weight, out of its panel.
    fn weight(weights: &[u8], inputs: usize, output: usize, input: usize) -> i32 {
        let panel = output / LANES * LANES * inputs;
        i32::from(weights[panel + input / 4 * 4 * LANES + output % LANES * 4 + input % 4].cast_signed())
    }

    #[test]
    fn products_are_exact_on_every_path() {
        for path in Path::ALL.into_iter().filter(|path| path.is_there()) {
            for (count, inputs) in [(1, 4), (2, 64), (3, 384), (5, 64), (6, 64), (7, 1536), (13, 384)] {
                let rows: Vec<u8> = drawn(count * inputs, 7).iter().map(|value| *value.max(&1)).collect();
                product(path, inputs, &rows, &drawn(STRIP * inputs, 11));
            }
            // The greatest that there can be, of both signs: no sum may saturate or round.
            for (row, weight) in [(255, 127), (255, 0x80), (1, 127), (1, 0x80)] {
                let inputs = 16_384;
                product(path, inputs, &vec![row; 2 * inputs], &vec![weight; STRIP * inputs]);
            }
        }
    }

    #[test]
    fn lengths_that_do_not_fit_are_never_read() {
        let job = Multiply {
            inputs: 64,
            outputs: 64,
            rows: &[0; 64],
            row_scales: &[1.0],
            weights: &[0; 64 * 63],
            scales: &[1.0; 64],
            corrections: &[0; 64],
            bias: &[0.0; 64],
        };
        assert!(!job.is_sound(&[0.0; 64]));
    }

    #[test]
    fn sums_of_lanes_are_a_tree() {
        let mut lanes = [0.0; LANES];
        // Where the order is another, one of these is lost.
        (lanes[0], lanes[8], lanes[1]) = (1e8, -1e8, 1.0);
        assert_eq!(sum(lanes), 1.0);
    }
}
