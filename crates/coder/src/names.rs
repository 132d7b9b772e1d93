//! Sentences parsed with the names in them as what they are: one proper noun each.
//!
//! "The Islamic State of Iraq and the Levant claimed it" is for a parser a state, a country and a region that claimed
//! it; "IS terrorists" has a verb in it. What the registry knows for a name is shown to the parser as one noun.

use std::ops::Range;

use syntax::{Model, Node, Relation, Tag};

/// What the parser reads in the place of a name: a name of a body that its treebank knows (UD English EWT).
const STAND_IN: &str = "Hamas";

/// Parses words with names (ranges of words, in order, none overlapping another).
pub(crate) fn parse(model: &Model, words: &[&str], names: &[Range<usize>]) -> Vec<Node> {
    let mut shown: Vec<&str> = Vec::with_capacity(words.len());
    // The word that each shown one stands for: of a name its last, which is the head.
    let mut stands_for: Vec<usize> = Vec::with_capacity(words.len());
    let mut names = names.iter().filter(|name| name.start < name.end && name.end <= words.len()).peekable();
    let mut at = 0;
    while at < words.len() {
        while names.next_if(|name| name.start < at).is_some() {}
        if let Some(name) = names.next_if(|name| name.start == at) {
            shown.push(STAND_IN);
            at = name.end;
        } else {
            shown.push(words[at]);
            at += 1;
        }
        stands_for.push(at - 1);
    }
    let mut nodes = Vec::with_capacity(words.len());
    for ((node, &word), &shown) in model.parse(&shown).iter().zip(&stands_for).zip(&shown) {
        while nodes.len() < word {
            nodes.push(Node { tag: Tag::Nnp, head: Some(word), relation: Relation::Compound });
        }
        let tag = if shown == STAND_IN { Tag::Nnp } else { node.tag };
        nodes.push(Node { tag, head: node.head.map(|head| stands_for[head]), relation: node.relation });
    }
    nodes
}
