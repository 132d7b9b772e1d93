//! The weights that the program carries, on sentences of our own.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail a test")]

use std::path::Path;

use watchpost_syntax::{Model, ModelError, Node, Relation, Tag, Tree};

fn bytes() -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models/syntax.bin")).unwrap()
}

fn model() -> Model {
    Model::from_bytes(&bytes()).unwrap()
}

/// Words as the tokenizer gives them: here they are set apart by hand.
fn parse(model: &Model, sentence: &str) -> (Vec<String>, Vec<Node>) {
    let words: Vec<&str> = sentence.split(' ').collect();
    (words.iter().map(|word| (*word).to_owned()).collect(), model.parse(&words))
}

/// The relation of the first word that is spelled so, and the word it depends on.
fn arc<'w>(words: &'w [String], nodes: &[Node], word: &str) -> (Relation, &'w str) {
    let at = words.iter().position(|found| found.eq_ignore_ascii_case(word)).unwrap();
    (nodes[at].relation, nodes[at].head.map_or("", |head| words[head].as_str()))
}

#[test]
fn who_did_what_to_whom() {
    let model = model();
    let active = "Gunmen killed two soldiers near the northern town on Monday .";
    let passive = "Two soldiers were killed by unidentified gunmen near the northern town .";
    for dress in [str::to_owned, str::to_lowercase, str::to_uppercase] as [fn(&str) -> String; 3] {
        let (words, nodes) = parse(&model, &dress(active));
        let verb = words[1].as_str();
        assert_eq!(arc(&words, &nodes, "gunmen"), (Relation::Nsubj, verb));
        assert_eq!(arc(&words, &nodes, "soldiers"), (Relation::Obj, verb));
        assert_eq!(arc(&words, &nodes, "two").0, Relation::Nummod);
        assert_eq!(nodes[1].tag, Tag::Vbd);

        let (words, nodes) = parse(&model, &dress(passive));
        let verb = words[3].as_str();
        assert_eq!(arc(&words, &nodes, "soldiers"), (Relation::NsubjPass, verb));
        assert_eq!(arc(&words, &nodes, "were"), (Relation::AuxPass, verb));
        assert_eq!(arc(&words, &nodes, "gunmen"), (Relation::OblAgent, verb));
    }
}

#[test]
fn headlines() {
    let model = model();
    let (words, nodes) = parse(&model, "Car Bomb Kills Ten in Market");
    assert_eq!(arc(&words, &nodes, "bomb"), (Relation::Nsubj, "Kills"));
    assert_eq!(arc(&words, &nodes, "ten"), (Relation::Obj, "Kills"));
}

#[test]
fn every_input_gives_one_tree() {
    let model = model();
    assert!(model.parse(&[]).is_empty());
    let odd = ["", "\u{0}", "😀", "İ", "-", "“", "…", "ﬁ", "\u{202E}", "a\u{301}"];
    let long: Vec<&str> = ["soldiers", "and", ",", "(", "killed"].into_iter().cycle().take(5_000).collect();
    for words in [&odd[..], &odd[..1], &long] {
        let nodes = model.parse(words);
        assert_eq!(nodes.len(), words.len());
        assert_eq!(nodes.iter().filter(|node| node.head.is_none()).count(), 1);
        assert_eq!(nodes.iter().filter(|node| node.relation == Relation::Root).count(), 1);
        let tree = Tree::new(&nodes);
        assert_eq!(tree.root().map(|root| tree.span(root)), Some(0..words.len()));
    }
}

#[test]
fn damaged_weights_are_refused() {
    let good = bytes();
    assert_eq!(Model::from_bytes(&[]).unwrap_err(), ModelError::Magic);
    assert_eq!(Model::from_bytes(b"PK\x03\x04 something").unwrap_err(), ModelError::Magic);
    assert!(matches!(Model::from_bytes(&good[..good.len() - 1]).unwrap_err(), ModelError::Truncated { .. }));
    let mut longer = good.clone();
    longer.push(0);
    assert_eq!(Model::from_bytes(&longer).unwrap_err(), ModelError::Trailing { extra: 1 });
    let mut version = good.clone();
    version[8] = 99;
    assert!(matches!(Model::from_bytes(&version).unwrap_err(), ModelError::Version { found: 99, .. }));
    let mut flipped = good;
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    assert!(matches!(Model::from_bytes(&flipped).unwrap_err(), ModelError::Checksum { .. }));
}
