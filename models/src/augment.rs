//! Copies of a sentence as other kinds of text would print it.

use fastrand::Rng;
use syntax::form::Casing;
use syntax::{Relation, Tag};

use crate::conllu::Sentence;

/// How a copy is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    Lower,
    Upper,
    /// Every Word Except the Small Ones.
    Title,
}

/// Out of how many sentences one becomes a headline.
const HEADLINE_ONE_IN: usize = 2;

/// The sentence itself, the sentence without case, and for some a headline made of it.
///
/// Lower and upper case give the same features, so that one copy stands for both.
pub fn copies(sentence: &Sentence, random: &mut Rng) -> Vec<Sentence> {
    let mut copies = vec![sentence.clone()];
    if Casing::of(&sentence.forms()) != Casing::Uniform {
        copies.push(dress(sentence, Style::Lower));
    }
    // Headlines are short, but not a word or two.
    if (4..=25).contains(&sentence.words.len()) && random.usize(..HEADLINE_ONE_IN) == 0 {
        let headline = headline(sentence);
        copies.push(if random.bool() { dress(&headline, Style::Title) } else { headline });
    }
    copies
}

/// The sentence in another style.
pub fn dress(sentence: &Sentence, style: Style) -> Sentence {
    let mut copy = sentence.clone();
    for (index, word) in copy.words.iter_mut().enumerate() {
        word.form = match style {
            Style::Lower => word.form.to_lowercase(),
            Style::Upper => word.form.to_uppercase(),
            Style::Title => {
                let small = matches!(
                    word.tag,
                    Tag::In | Tag::Dt | Tag::Cc | Tag::To | Tag::Pos | Tag::Rp | Tag::PrpPossessive
                );
                if index > 0 && small && word.form.chars().count() <= 4
                    || word.form.starts_with(['\'', 'n']) && word.tag == Tag::Rb && word.form.contains('\'')
                {
                    word.form.clone()
                } else {
                    capitalised(&word.form)
                }
            }
        };
    }
    copy
}

pub fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// What a headline leaves out: articles, forms of "to be" as auxiliaries, the full stop.
fn headline(sentence: &Sentence) -> Sentence {
    let mut bare = vec![true; sentence.words.len()];
    for head in sentence.words.iter().filter_map(|word| word.head) {
        bare[head] = false;
    }
    let keep: Vec<bool> = sentence
        .words
        .iter()
        .enumerate()
        .map(|(index, word)| {
            let article = word.relation == Relation::Det && matches!(word.lemma.as_str(), "a" | "an" | "the");
            let be = matches!(word.relation, Relation::Aux | Relation::AuxPass) && word.lemma == "be";
            let stop =
                word.relation == Relation::Punct && word.form == "." && index + 1 == sentence.words.len();
            !(bare[index] && (article || be || stop))
        })
        .collect();
    let mut copy = sentence.clone();
    copy.retain(&keep);
    copy
}
