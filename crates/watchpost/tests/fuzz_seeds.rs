//! Every seed of the fuzzers through the functions that the fuzzers run, whole, cut short and with bytes changed: what a
//! fuzzer once found stays found, on every machine and without a nightly compiler.
//!
//! `WATCHPOST_FUZZ_ROUNDS=20000 cargo test -p watchpost --test fuzz_seeds` looks for more, with other changes each round.

#![allow(clippy::panic)]

use std::path::Path;

#[path = "../../../fuzz/src/lib.rs"]
mod targets;

/// How often each seed is cut short, and how often changed where nothing else is asked for.
const CUTS: usize = 12;
const CHANGES: u64 = 24;

/// What is put between the bytes of a seed: marks that open or close something, numbers past every type, characters
/// that are many bytes or none to see, days that are none.
const PIECES: &[&str] = &[
    "\"",
    "“",
    "’",
    "«",
    "(",
    "[",
    "\n\n",
    "\r",
    "\t",
    ".",
    "...",
    " - ",
    "–",
    "\u{0}",
    "\u{301}",
    "\u{200d}",
    "\u{feff}",
    "İ",
    "ß",
    "٣",
    "بغداد",
    "北京",
    "🚀",
    "99999999999999999999",
    "1,000,000,000,000",
    "0",
    "-1",
    "½",
    "31 February",
    "Feb. 29, 2023",
    "12/13/14",
    "1445 Ramadan",
    "between 5 and",
    "dozens of",
    "two or three",
    "killed",
    "and",
    "of",
    "who",
    "said",
    "in",
    "the",
    "United Nations",
    "U.S.",
    "<p>",
    "</",
    "&#x110000;",
    "{",
    "}",
    "\\u",
    "Content-Length: -1\r\n\r\n",
];

fn rounds() -> u64 {
    std::env::var("WATCHPOST_FUZZ_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(CHANGES)
}

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
        for change in 0..rounds() {
            let bytes = changed(&seed, change);
            if std::panic::catch_unwind(|| target(&bytes)).is_err() {
                panic!("{}, change {change}: {:?}", path.display(), String::from_utf8_lossy(&bytes));
            }
        }
    }
}

/// The same changes on every run: a few bytes set, left out, said again or put in, by a linear congruential generator
/// (Knuth's MMIX constants).
fn changed(seed: &[u8], change: u64) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    let mut state = change.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut draw = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below.max(1)
    };
    for _ in 0..=change % 5 {
        let at = draw(bytes.len());
        let to = (at + 1 + draw(24)).min(bytes.len());
        match draw(4) {
            0 if at < to => bytes[at] = draw(256) as u8,
            1 => drop(bytes.drain(at.min(to)..to)),
            2 => {
                let again = bytes[at.min(to)..to].to_vec();
                let place = draw(bytes.len() + 1);
                bytes.splice(place..place, again);
            }
            _ => {
                let piece = PIECES[draw(PIECES.len())];
                bytes.splice(at..at, piece.bytes());
            }
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
fn reply() {
    run("reply", targets::reply);
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

#[test]
fn tables() {
    run("tables", targets::tables);
}

#[test]
fn encoder() {
    run("encoder", targets::encoder);
}

#[test]
fn sources() {
    run("sources", targets::sources);
}
