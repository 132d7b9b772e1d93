//! Figures for the model card.

use std::collections::BTreeMap;
use std::time::Instant;

use syntax::{Model, Relation, lemma};

use crate::augment::Style;
use crate::conllu::Sentence;

/// Writes accuracy in each style, scores of the relations that frames stand on, and speed.
pub fn report(model: &Model, sentences: &[Sentence]) {
    for (name, style) in [
        ("as is", None),
        ("lower", Some(Style::Lower)),
        ("upper", Some(Style::Upper)),
        ("title", Some(Style::Title)),
    ] {
        let dressed: Vec<Sentence> = sentences
            .iter()
            .map(|sentence| style.map_or_else(|| sentence.clone(), |style| sentence.dressed(style)))
            .collect();
        accuracy(model, name, &dressed);
    }
    relations(model, sentences);
    lemmas(sentences);
    speed(model, sentences);
}

fn percent(part: usize, whole: usize) -> f64 {
    100.0 * part as f64 / whole.max(1) as f64
}

fn accuracy(model: &Model, name: &str, sentences: &[Sentence]) {
    let (mut tags, mut heads, mut both, mut all) = (0, 0, 0, 0);
    for sentence in sentences {
        for (word, node) in sentence.words.iter().zip(model.parse(&sentence.forms())) {
            all += 1;
            tags += usize::from(node.tag == word.tag);
            heads += usize::from(node.head == word.head);
            both += usize::from(node.head == word.head && node.relation == word.relation);
        }
    }
    eprintln!(
        "{name:6} {all} words: XPOS {:.2}, UAS {:.2}, LAS {:.2}",
        percent(tags, all),
        percent(heads, all),
        percent(both, all)
    );
}

fn relations(model: &Model, sentences: &[Sentence]) {
    // gold, predicted, right
    let mut counts: BTreeMap<Relation, [usize; 3]> = BTreeMap::new();
    for sentence in sentences {
        for (word, node) in sentence.words.iter().zip(model.parse(&sentence.forms())) {
            counts.entry(word.relation).or_default()[0] += 1;
            counts.entry(node.relation).or_default()[1] += 1;
            if (node.head, node.relation) == (word.head, word.relation) {
                counts.entry(word.relation).or_default()[2] += 1;
            }
        }
    }
    for relation in [
        Relation::Nsubj,
        Relation::NsubjPass,
        Relation::Obj,
        Relation::Obl,
        Relation::OblAgent,
        Relation::OblUnmarked,
        Relation::Nmod,
        Relation::Nummod,
        Relation::Amod,
        Relation::Compound,
        Relation::Appos,
        Relation::Conj,
        Relation::Acl,
        Relation::AclRelcl,
        Relation::Advcl,
        Relation::Ccomp,
        Relation::Xcomp,
        Relation::AuxPass,
        Relation::Case,
        Relation::Parataxis,
    ] {
        let [gold, predicted, right] = counts.get(&relation).copied().unwrap_or_default();
        eprintln!(
            "{relation:14} {gold:5} precision {:5.1} recall {:5.1}",
            percent(right, predicted),
            percent(right, gold)
        );
    }
}

/// Lemmas of verbs and nouns, given the gold tag.
fn lemmas(sentences: &[Sentence]) {
    let (mut right, mut all) = (0, 0);
    let mut wrong: BTreeMap<(String, String, String), usize> = BTreeMap::new();
    for word in sentences.iter().flat_map(|sentence| &sentence.words) {
        if !(word.tag.is_verb() || word.tag.is_common_noun()) || word.form.contains('-') {
            continue;
        }
        all += 1;
        let found = lemma(&word.form, word.tag);
        if *found == word.lemma.to_lowercase() {
            right += 1;
        } else {
            *wrong.entry((word.form.to_lowercase(), found.into_owned(), word.lemma.clone())).or_default() +=
                1;
        }
    }
    eprintln!("lemmas of {all} verbs and nouns: {:.2} % right", percent(right, all));
    let mut list: Vec<_> = wrong.into_iter().collect();
    list.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    for ((form, found, gold), count) in list.into_iter().take(25) {
        eprintln!("  {count} × {form}: {found}, not {gold}");
    }
}

fn speed(model: &Model, sentences: &[Sentence]) {
    let words: Vec<Vec<&str>> = sentences.iter().map(Sentence::forms).collect();
    let total: usize = words.iter().map(Vec::len).sum();
    // The best of five: what the machine does when nothing else uses it.
    let best = (0..5)
        .map(|_| {
            let begun = Instant::now();
            let nodes: usize = words.iter().map(|words| model.parse(words).len()).sum();
            (begun.elapsed(), nodes)
        })
        .min();
    if let Some((took, _)) = best {
        eprintln!("{:.0} words a second", total as f64 / took.as_secs_f64());
    }
}
