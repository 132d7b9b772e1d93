//! The encoder against PyTorch, against itself in its three ways, and against damaged files. The model is a small one with
//! drawn weights; `models/train/reference.py` makes it and its vectors. That of full size is compared in `crates/pack`.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::sync::Arc;

use encoder::{Bytes, Encoder, Error, File, Hidden, Path, Scratch};
use proptest::prelude::*;
use sha2::{Digest, Sha256};
use watchpost_encoder as encoder;

const BASE: &[u8] = include_bytes!("tiny/base.wpe");
const OWN: &[u8] = include_bytes!("tiny/own.wpe");
const VECTORS: &str = include_str!("tiny/vectors.txt");

fn bytes(of: &[u8]) -> Bytes {
    Arc::new(of.to_vec())
}

fn tiny() -> Encoder {
    Encoder::from_bytes(bytes(BASE), bytes(OWN)).unwrap()
}

fn ways() -> Vec<Path> {
    Path::ALL.into_iter().filter(|path| path.is_there()).collect()
}

fn encode(encoder: &Encoder, sequences: &[Vec<u32>]) -> Hidden {
    let sequences: Vec<&[u32]> = sequences.iter().map(Vec::as_slice).collect();
    encoder.encode(&mut Scratch::default(), &sequences).unwrap()
}

/// Sequences of all sorts of lengths, more of them than go through the layers together.
fn many() -> Vec<Vec<u32>> {
    let lengths = [1, 2, 3, 4, 5, 7, 15, 16, 17, 31, 33, 48, 64, 0, 100, 127, 255, 256, 1, 40, 40];
    let word = |sequence: usize, at: usize| ((sequence * 31 + at * 7 + at * at) % 44 + 4) as u32;
    lengths.iter().enumerate().map(|(n, &len)| (0..len).map(|at| word(n, at)).collect()).collect()
}

fn hash(hidden: &Hidden) -> String {
    let bytes: Vec<u8> = hidden.values().iter().flat_map(|value| value.to_bits().to_le_bytes()).collect();
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn vectors_are_those_of_the_model_in_full_precision() {
    let encoder = tiny();
    let mut cosines = Vec::new();
    let mut hidden = None;
    for line in VECTORS.lines() {
        let (first, rest) = line.split_once(' ').unwrap();
        if first == "ids" {
            let ids = rest.split(' ').map(|id| id.parse().unwrap()).collect();
            hidden = Some(encode(&encoder, &[ids]));
            continue;
        }
        let expected: Vec<f64> = rest.split(' ').map(|value| value.parse().unwrap()).collect();
        let found = hidden.as_ref().unwrap().row(0, first.parse().unwrap()).unwrap();
        let found: Vec<f64> = found.iter().copied().map(f64::from).collect();
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        cosines.push(dot(&expected, &found) / (dot(&expected, &expected) * dot(&found, &found)).sqrt());
    }
    assert_eq!(cosines.len(), 59);
    let mean = cosines.iter().sum::<f64>() / cosines.len() as f64;
    let least = cosines.iter().copied().fold(1.0, f64::min);
    assert!(mean > 0.999 && least > 0.998, "mean {mean}, least {least}");
}

#[test]
fn every_way_gives_the_same_bits_and_always_did() {
    let sequences = many();
    for path in ways() {
        let hidden = encode(&tiny().with_path(path), &sequences);
        assert_eq!(
            hash(&hidden),
            "eba0bf33315d61aab10db30bd83d11320dbe6ef032350bc5b3f6487f40e22056",
            "{path:?}: another result on this machine, or the arithmetic was changed"
        );
    }
}

#[test]
fn a_sequence_does_not_depend_on_what_stands_beside_it() {
    let sequences = many();
    let encoder = tiny();
    let together = encode(&encoder, &sequences);
    assert_eq!(together.len(), sequences.len());
    let mut scratch = Scratch::default();
    for (at, sequence) in sequences.iter().enumerate().rev() {
        let alone = encoder.encode(&mut scratch, &[sequence]).unwrap();
        assert_eq!(alone.sequence(0), together.sequence(at), "sequence {at}");
        assert_eq!(alone.sequence(0).len(), sequence.len() * encoder.width());
    }
    assert_eq!(together.row(0, 0).unwrap().len(), 64);
    assert_eq!(together.row(0, 1), None);
    assert_eq!(together.row(99, 0), None);
}

#[test]
fn nothing_in_gives_nothing_out() {
    let none = encode(&tiny(), &[]);
    assert!(none.is_empty() && none.values().is_empty());
    let empty = encode(&tiny(), &[vec![], vec![]]);
    assert_eq!((empty.len(), empty.sequence(1).len()), (2, 0));
}

#[test]
fn what_cannot_be_encoded_is_refused() {
    let encoder = tiny();
    let long = vec![4; encoder.longest() + 1];
    let refused = |sequence: &[u32]| encoder.encode(&mut Scratch::default(), &[&[2, 3], sequence]);
    assert_eq!(refused(&long), Err(Error::TooLong { found: 257, most: 256 }));
    assert_eq!(refused(&[2, 48, 3]), Err(Error::NoPiece(48)));
    assert_eq!(refused(&[u32::MAX]), Err(Error::NoPiece(u32::MAX)));
}

#[test]
fn heads_and_what_the_trainer_said_stand_beside_the_encoder() {
    let encoder = tiny();
    assert_eq!(encoder.meta(), r#"{"labels": ["a", "b", "c"]}"#);
    let head = encoder.head("head.kind").unwrap();
    assert_eq!((head.rows, head.cols, head.bias.as_slice()), (3, 64, [1.0, 2.0, 3.0].as_slice()));
    let mut unit = vec![0.0; 64];
    unit[1] = 64.0;
    assert_eq!(head.apply(&unit), [2.0, 67.0, 132.0]);
    assert_eq!(encoder.tensor("head.kind.weight").unwrap().values[64], 1.0);
    assert_eq!(encoder.tensor("head.other.weight"), None);
    assert_eq!(encoder.head("head.other"), Err(Error::Missing("head.other.weight".to_owned())));
    assert!(encoder.own().tensors().any(|name| name == "head.kind.bias"));
    assert_eq!(encoder.base().about().find(|(key, _)| *key == "title"), Some(("title", "Drawn by chance")));
    let mut pieces = Vec::new();
    encoder.tokenizer().unwrap().pieces("abz", &mut pieces);
    assert_eq!(pieces, [1]);
}

/// A file with one stretch of bytes replaced, and its hash made good where asked.
fn changed(file: &[u8], at: usize, with: &[u8]) -> Vec<u8> {
    let mut file = file.to_vec();
    file[at..at + with.len()].copy_from_slice(with);
    file
}

#[test]
fn files_that_do_not_belong_together_are_refused() {
    let other = changed(BASE, 20, &[0, 1, 2, 3]);
    let refused = Encoder::from_bytes(bytes(&other), bytes(OWN)).unwrap_err();
    assert!(matches!(refused, Error::OtherBase { .. }), "{refused}");
    assert!(Encoder::from_bytes(bytes(OWN), bytes(BASE)).is_err());
    assert_eq!(File::open(bytes(b"WATCHPKG")).unwrap_err(), Error::NotOurs);
    assert_eq!(File::open(bytes(b"")).unwrap_err(), Error::NotOurs);
    let newer = changed(OWN, 8, &[9, 0, 0, 0]);
    assert_eq!(File::open(bytes(&newer)).unwrap_err(), Error::Version { found: 9 });
    let many = changed(OWN, 12, &[0xff; 4]);
    assert_eq!(File::open(bytes(&many)).unwrap_err(), Error::Table);
}

#[test]
fn what_was_changed_is_found() {
    assert_eq!(tiny().verify(), Ok(()));
    let last = OWN.len() - 1;
    let own = changed(OWN, last, &[OWN[last] ^ 1]);
    let opened = Encoder::from_bytes(bytes(BASE), bytes(&own));
    assert!(opened.is_err() || opened.unwrap().verify() == Err(Error::Hash));
}

#[test]
fn what_is_cut_short_is_refused() {
    for len in (0..OWN.len()).step_by(97).chain([OWN.len() - 1]) {
        assert!(Encoder::from_bytes(bytes(BASE), bytes(&OWN[..len])).is_err(), "of {len} bytes");
    }
    for len in (0..BASE.len()).step_by(97).chain([BASE.len() - 1]) {
        assert!(Encoder::from_bytes(bytes(&BASE[..len]), bytes(OWN)).is_err(), "of {len} bytes");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn damage_anywhere_is_an_error_or_an_encoder_that_runs(
        at in 0..6000_usize, with in proptest::collection::vec(any::<u8>(), 1..12), in_base: bool
    ) {
        let (base, own) = if in_base {
            (changed(BASE, at.min(BASE.len() - 12), &with), OWN.to_vec())
        } else {
            (BASE.to_vec(), changed(OWN, at.min(OWN.len() - 12), &with))
        };
        if let Ok(encoder) = Encoder::from_bytes(bytes(&base), bytes(&own)) {
            let _ = encoder.tokenizer();
            let _ = encoder.head("head.kind").map(|head| head.apply(&[1.0; 64]));
            let hidden = encoder.encode(&mut Scratch::default(), &[&[2, 7, 3], &[0; 20]]);
            prop_assert!(hidden.is_ok_and(|hidden| hidden.len() == 2));
        }
    }
}
