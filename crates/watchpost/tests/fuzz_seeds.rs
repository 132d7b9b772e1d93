//! Every seed of the fuzzers through the functions that the fuzzers run, whole, cut short and with bytes changed: what a
//! fuzzer once found stays found, on every machine and without a nightly compiler.

use std::path::Path;

#[path = "../../../fuzz/src/lib.rs"]
mod targets;

/// How often each seed is cut short, and how often changed.
const CUTS: usize = 12;
const CHANGES: u64 = 24;

fn run(name: &str, target: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds").join(name);
    let mut seeds: Vec<_> = std::fs::read_dir(&folder)
        .expect("seeds")
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .collect();
    seeds.sort();
    assert!(!seeds.is_empty(), "no seeds for {name}");
    for path in seeds {
        let seed = std::fs::read(&path).expect("a seed");
        target(&seed);
        for cut in 1..=CUTS {
            target(&seed[..seed.len() * cut / (CUTS + 1)]);
        }
        for change in 0..CHANGES {
            target(&changed(&seed, change));
        }
    }
}

/// The same changes on every run: a few bytes set by a linear congruential generator (Knuth's MMIX constants).
fn changed(seed: &[u8], change: u64) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    let mut state = change.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    for _ in 0..=change % 5 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        if !bytes.is_empty() {
            let at = (state >> 33) as usize % bytes.len();
            bytes[at] = (state >> 25) as u8;
        }
    }
    bytes
}

#[test]
fn jsonl() {
    run("jsonl", targets::jsonl);
}

#[test]
fn html() {
    run("html", targets::html);
}

#[test]
fn warc() {
    run("warc", targets::warc);
}

#[test]
fn coder() {
    run("coder", targets::coder);
}

#[test]
fn when() {
    run("when", targets::when);
}

#[test]
fn numbers() {
    run("numbers", targets::numbers);
}

#[test]
fn pack() {
    run("pack", targets::pack);
}

#[test]
fn syntax() {
    run("syntax", targets::syntax);
}
