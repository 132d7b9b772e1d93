/*! Draws sentences with their trees from a grammar of our own.

The format is explained at the head of the grammar's file.
*/

use std::collections::BTreeMap;

use anyhow::{Context, Result, anyhow, bail};
use fastrand::Rng;
use syntax::{Relation, Tag, lemma};

use crate::conllu::{Sentence, Word};

/// A name that leads to itself is a mistake: no sentence is nested deeper.
const DEEPEST: usize = 40;

/// What is drawn: sentences and headlines, three to one, as reports have more of the former.
const STARTS: [&str; 4] = ["S", "S", "S", "H"];

#[derive(Debug)]
enum What {
    Name(String),
    Words(Vec<String>, Tag),
}

#[derive(Debug)]
struct Item {
    optional: bool,
    /// `None` for the head.
    relation: Option<Relation>,
    what: What,
}

/// Ways to write each name, a way as often as its weight says.
#[derive(Debug)]
pub struct Grammar {
    rules: BTreeMap<String, Vec<Vec<Item>>>,
    weighted: BTreeMap<String, Vec<usize>>,
}

impl Grammar {
    pub fn parse(text: &str) -> Result<Self> {
        let mut grammar = Self { rules: BTreeMap::new(), weighted: BTreeMap::new() };
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if !line.is_empty() && !line.starts_with('#') {
                grammar.rule(line).with_context(|| format!("grammar, line {}: {line}", number + 1))?;
            }
        }
        for item in grammar.rules.values().flatten().flatten() {
            if let What::Name(name) = &item.what
                && !grammar.rules.contains_key(name)
            {
                bail!("grammar: {name} is used and never written");
            }
        }
        for start in STARTS {
            if !grammar.rules.contains_key(start) {
                bail!("grammar: {start} is missing");
            }
        }
        Ok(grammar)
    }

    fn rule(&mut self, line: &str) -> Result<()> {
        let (left, right) = line.split_once(" = ").ok_or_else(|| anyhow!("no \" = \""))?;
        let (name, weight) = match left.split_once('*') {
            Some((name, weight)) => (name.trim(), weight.trim().parse()?),
            None => (left.trim(), 1),
        };
        let items = right.split_whitespace().map(item).collect::<Result<Vec<Item>>>()?;
        if items.iter().filter(|item| item.relation.is_none()).count() != 1 {
            bail!("one item is the head, and has no relation");
        }
        let ways = self.rules.entry(name.to_owned()).or_default();
        self.weighted.entry(name.to_owned()).or_default().extend(std::iter::repeat_n(ways.len(), weight));
        ways.push(items);
        Ok(())
    }

    /// A sentence or a headline.
    pub fn draw(&self, random: &mut Rng) -> Result<Sentence> {
        let mut words = Vec::new();
        let start = STARTS[random.usize(..STARTS.len())];
        self.expand(start, random, &mut words, 0)?;
        for index in 0..words.len() {
            let next: &str = words.get(index + 1).map_or("", |word: &Word| &word.form);
            let vowel = next.starts_with(['a', 'e', 'i', 'o', 'u', 'A', 'E', 'I', 'O', 'U']);
            if matches!(words[index].form.as_str(), "a" | "an") {
                words[index].form = if vowel { "an" } else { "a" }.to_owned();
            }
        }
        for word in &mut words {
            word.lemma = lemma(&word.form, word.tag).into_owned();
        }
        if let Some(first) = words.first_mut() {
            first.form = crate::augment::capitalised(&first.form);
        }
        Ok(Sentence { words })
    }

    /// Writes a name, and gives the index of its head.
    fn expand(&self, name: &str, random: &mut Rng, words: &mut Vec<Word>, depth: usize) -> Result<usize> {
        let (ways, weighted) = (&self.rules[name], &self.weighted[name]);
        if depth > DEEPEST {
            bail!("grammar: {name} leads to itself");
        }
        let mut head = None;
        let mut dependents = Vec::new();
        for item in &ways[weighted[random.usize(..weighted.len())]] {
            if item.optional && random.bool() {
                continue;
            }
            let at = match &item.what {
                What::Name(name) => self.expand(name, random, words, depth + 1)?,
                What::Words(choices, tag) => {
                    words.push(Word {
                        form: choices[random.usize(..choices.len())].clone(),
                        lemma: String::new(),
                        tag: *tag,
                        head: None,
                        relation: Relation::Root,
                        space: true,
                    });
                    words.len() - 1
                }
            };
            match item.relation {
                Some(relation) => dependents.push((at, relation)),
                None => head = Some(at),
            }
        }
        let head = head.ok_or_else(|| anyhow!("grammar: {name} has no head"))?;
        for (at, relation) in dependents {
            words[at].head = Some(head);
            words[at].relation = relation;
        }
        Ok(head)
    }
}

fn item(text: &str) -> Result<Item> {
    let (optional, text) = text.strip_prefix('?').map_or((false, text), |rest| (true, rest));
    let (relation, text) = match text.split_once('>') {
        Some((name, rest)) => {
            (Some(Relation::from_name(name).ok_or_else(|| anyhow!("unknown relation {name}"))?), rest)
        }
        None => (None, text),
    };
    let what = match text.rsplit_once('/') {
        Some((words, tag)) => What::Words(
            words.split('|').map(str::to_owned).collect(),
            Tag::from_name(tag).ok_or_else(|| anyhow!("unknown tag {tag}"))?,
        ),
        None => What::Name(text.to_owned()),
    };
    Ok(Item { optional, relation, what })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_grammar_gives_trees() {
        let grammar = Grammar::parse(include_str!("../news.grammar")).unwrap();
        let mut random = Rng::with_seed(1);
        for _ in 0..2_000 {
            let sentence = grammar.draw(&mut random).unwrap();
            let n = sentence.words.len();
            assert_eq!(sentence.words.iter().filter(|word| word.head.is_none()).count(), 1);
            assert!(sentence.words.iter().all(|word| word.head.is_none_or(|head| head < n)));
        }
    }

    #[test]
    fn mistakes_are_named() {
        for (text, part) in [
            ("S = a/DT", "H is missing"),
            ("S = Noun", "Noun is used"),
            ("S = det>a/DT", "one item is the head"),
            ("S = a/XYZ", "unknown tag"),
            ("S = foo>a/DT b/NN", "unknown relation"),
        ] {
            let error = format!("{:#}", Grammar::parse(text).unwrap_err());
            assert!(error.contains(part), "{error}");
        }
    }
}
