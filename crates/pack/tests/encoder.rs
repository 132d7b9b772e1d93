//! The encoder's base and the published model from its package: the same bytes as `models/train/pack.py` writes, the vectors that
//! PyTorch gives, the word pieces that the published tokenizer gives. `models/train/reference.py` wrote what is compared with.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::Path;
use std::sync::Arc;

use encoder::{Encoder, File, Scratch};
use serde_json::Value;
use watchpost_pack::encoder::{self as packs, Published};

const VECTORS: &str = include_str!("encoder/vectors.txt");
const PIECES: &str = include_str!("encoder/pieces.jsonl");
/// The SHA-256 of what `pack.write_own` writes of the published model, without heads and with `{}` as what is said.
const UNTRAINED: &str = "2298870dc157f4116e81dbc874eae1e1b950924cdea631fa95ccfa51e42c07f2";

#[test]
fn the_published_model_is_what_it_was() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/packages");
    let Ok(published) = Published::read(&folder) else {
        println!("skipped: the package is not there (scripts/setup-packs fetches it)");
        return;
    };
    let base = published.base().unwrap();
    let own = published.untrained().unwrap();
    assert_eq!(File::open(Arc::new(own.clone())).unwrap().hash(), UNTRAINED);

    let beside = tempfile::tempdir().unwrap();
    let path = beside.path().join(packs::FILE);
    packs::write(&path, &base).unwrap();
    let encoder = Encoder::from_bytes(packs::open(&path).unwrap(), Arc::new(own)).unwrap();
    encoder.verify().unwrap();
    assert_eq!((encoder.width(), encoder.longest()), (384, 256));

    let tokenizer = encoder.tokenizer().unwrap();
    for line in PIECES.lines() {
        let pair: Value = serde_json::from_str(line).unwrap();
        let expected: Vec<u32> =
            pair[1].as_array().unwrap().iter().map(|id| id.as_u64().unwrap() as u32).collect();
        let mut found = Vec::new();
        tokenizer.pieces(pair[0].as_str().unwrap(), &mut found);
        assert_eq!(found, expected, "{}", pair[0]);
    }

    let mut cosines = Vec::new();
    let mut hidden = None;
    for line in VECTORS.lines() {
        let (first, rest) = line.split_once(' ').unwrap();
        if first == "ids" {
            let ids: Vec<u32> = rest.split(' ').map(|id| id.parse().unwrap()).collect();
            hidden = Some(encoder.encode(&mut Scratch::default(), &[&ids]).unwrap());
            continue;
        }
        let expected = rest.split(' ').map(|value| value.parse::<f64>().unwrap());
        let found = hidden.as_ref().unwrap().row(0, first.parse().unwrap()).unwrap();
        let (mut dot, mut ours, mut theirs) = (0.0, 0.0, 0.0);
        for (expected, found) in expected.zip(found) {
            let found = f64::from(*found);
            dot += expected * found;
            ours += found * found;
            theirs += expected * expected;
        }
        cosines.push(dot / (ours * theirs).sqrt());
    }
    let mean = cosines.iter().sum::<f64>() / cosines.len() as f64;
    let least = cosines.iter().copied().fold(1.0, f64::min);
    println!("{} vectors: cosine {mean:.4}, least {least:.4}", cosines.len());
    assert!(cosines.len() > 15 && mean >= 0.995 && least >= 0.99, "mean {mean}, least {least}");
}

#[test]
fn another_base_is_refused_and_the_hint_says_what_to_do() {
    let beside = tempfile::tempdir().unwrap();
    let path = beside.path().join(packs::FILE);
    let missing = format!("{:#}", packs::open(&path).err().unwrap());
    assert!(missing.contains("hint: run scripts/setup-packs") && missing.contains(packs::FILE), "{missing}");
    std::fs::write(&path, include_bytes!("../../encoder/tests/tiny/base.wpe")).unwrap();
    let other = format!("{:#}", packs::open(&path).err().unwrap());
    assert!(other.contains(packs::SHA256), "{other}");
}
