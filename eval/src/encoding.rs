/*! How many word pieces the encoder reads in a second on one core, in each of its ways: figures for `docs/speed.md`.

Its time does not depend on what the pieces say, so they are drawn by chance; nor on what was trained, so that the published
model does. Times are those on the processor, the best of several runs: other work on the machine only ever takes time away.
*/

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;
use encoder::{Encoder, Path as Way, Scratch};
use serde::Serialize;

use crate::speed::timed;

/// Sequences and the length of each: a batch of sentences, one long window, one sentence.
const SHAPES: [(usize, usize); 4] = [(32, 40), (1, 128), (1, 256), (1, 40)];
/// Word pieces of a run, and in the way that is ten times slower.
const PIECES: usize = 12_800;
const FEW: usize = 2_560;
/// Runs of each kind; the best counts.
const RUNS: usize = 5;

/// What was measured of one way and one shape.
#[derive(Debug, Clone, Serialize)]
pub struct Rate {
    /// How the arithmetic is done.
    pub way: String,
    /// Sequences that are encoded together.
    pub sequences: usize,
    /// Word pieces of each.
    pub length: usize,
    /// Word pieces in a second.
    pub pieces_per_second: f64,
}

/// An encoder of the published model's base and these weights; the published model itself, where none are named.
///
/// # Errors
/// Where a file is missing or damaged.
pub fn load(packs: &Path, own: Option<&Path>) -> Result<Encoder> {
    use std::sync::Arc;
    use watchpost_pack::encoder::{FILE, Published, open};
    let (base, own): (encoder::Bytes, Vec<u8>) = match own {
        Some(own) => (open(&packs.join(FILE))?, std::fs::read(own)?),
        None => {
            let published = Published::read(&packs.join("packages"))?;
            (Arc::new(published.base()?), published.untrained()?)
        }
    };
    Ok(Encoder::from_bytes(base, Arc::new(own))?)
}

/// Sequences drawn by chance.
fn drawn(sequences: usize, length: usize) -> Vec<Vec<u32>> {
    let mut state = 1_u32;
    let mut draw = || {
        // The linear congruential generator of Numerical Recipes; above 1,000 are words.
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        1_000 + (state >> 8) % 29_000
    };
    (0..sequences).map(|_| (0..length).map(|_| draw()).collect()).collect()
}

/// Measures the ways that are asked for, or all that this machine has.
///
/// # Errors
/// Where the encoder knows fewer word pieces or positions than the published one.
pub fn measure(encoder: &Encoder, only: Option<Way>) -> Result<Vec<Rate>> {
    let mut rates = Vec::new();
    let asked = |way: &Way| only.map_or(way.is_there(), |only| only == *way);
    for way in Way::ALL.into_iter().filter(asked) {
        let encoder = encoder.clone().with_path(way);
        let mut scratch = Scratch::default();
        for (sequences, length) in SHAPES {
            let ids = drawn(sequences, length);
            let ids: Vec<&[u32]> = ids.iter().map(Vec::as_slice).collect();
            let pieces = if way == Way::Plain { FEW } else { PIECES };
            let times = pieces.div_ceil(sequences * length);
            encoder.encode(&mut scratch, &ids)?;
            let best = (0..RUNS)
                .map(|_| {
                    timed(|| {
                        for _ in 0..times {
                            let _ = std::hint::black_box(encoder.encode(&mut scratch, &ids));
                        }
                    })
                })
                .min()
                .unwrap_or_default();
            let pieces_per_second = (times * sequences * length) as f64 / best.as_secs_f64().max(1e-9);
            rates.push(Rate { way: format!("{way:?}"), sequences, length, pieces_per_second });
        }
    }
    Ok(rates)
}

/// The figures as lines for people.
#[must_use]
pub fn table(rates: &[Rate]) -> String {
    let mut out = String::new();
    for rate in rates {
        let Rate { way, sequences, length, pieces_per_second } = rate;
        let _ = writeln!(
            out,
            "{way:<7} {sequences:>2} × {length:>3}  {pieces_per_second:>7.0} word pieces a second"
        );
    }
    out
}
