/*! Trains the tagger and parser of the `syntax` crate on a Universal Dependencies treebank.

Seeded and single-threaded: the same data gives the same bytes.
*/

mod augment;
mod conllu;
mod evaluate;
mod grammar;
mod learner;
mod parser;
mod tagger;

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use syntax::{Learned, Model};

use crate::augment::Style;
use crate::conllu::Sentence;
use crate::grammar::Grammar;
use crate::learner::{Budget, Learner};

const USAGE: &str = "train-syntax --data DIR --out FILE [--grammar FILE --drawn N] [--tagger-epochs N] [--parser-epochs N] [--seed N]
train-syntax --data DIR --model FILE --evaluate dev|test";

/// Over how many parts the training data is split to give the parser tags that were predicted, not read.
const FOLDS: usize = 4;

/// Passes over the data of a tagger that only tags its held-out part.
const FOLD_EPOCHS: usize = 3;

/// Passes over the data that only find out which features matter.
const SELECT_EPOCHS: usize = 2;

struct Options {
    data: PathBuf,
    out: Option<PathBuf>,
    model: Option<PathBuf>,
    evaluate: String,
    grammar: Option<PathBuf>,
    drawn: usize,
    tagger_epochs: usize,
    parser_epochs: usize,
    seed: u64,
    tagger: Budget,
    parser: Budget,
}

fn options() -> Result<Options> {
    use lexopt::prelude::{Long, ValueExt};
    let mut options = Options {
        data: PathBuf::new(),
        out: None,
        model: None,
        evaluate: "dev".to_owned(),
        grammar: None,
        drawn: 5_000,
        tagger_epochs: 5,
        parser_epochs: 12,
        seed: 7,
        tagger: Budget { features: 70_000, weights: 190_000, quantum: 0.5 },
        parser: Budget { features: 270_000, weights: 790_000, quantum: 0.5 },
    };
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("data") => options.data = arguments.value()?.into(),
            Long("out") => options.out = Some(arguments.value()?.into()),
            Long("model") => options.model = Some(arguments.value()?.into()),
            Long("evaluate") => options.evaluate = arguments.value()?.parse()?,
            Long("grammar") => options.grammar = Some(arguments.value()?.into()),
            Long("drawn") => options.drawn = arguments.value()?.parse()?,
            Long("tagger-epochs") => options.tagger_epochs = arguments.value()?.parse()?,
            Long("parser-epochs") => options.parser_epochs = arguments.value()?.parse()?,
            Long("seed") => options.seed = arguments.value()?.parse()?,
            Long("tagger-features") => options.tagger.features = arguments.value()?.parse()?,
            Long("tagger-weights") => options.tagger.weights = arguments.value()?.parse()?,
            Long("tagger-quantum") => options.tagger.quantum = arguments.value()?.parse()?,
            Long("parser-features") => options.parser.features = arguments.value()?.parse()?,
            Long("parser-weights") => options.parser.weights = arguments.value()?.parse()?,
            Long("parser-quantum") => options.parser.quantum = arguments.value()?.parse()?,
            Long("help") => bail!("{USAGE}"),
            other => return Err(other.unexpected().into()),
        }
    }
    if options.data.as_os_str().is_empty() || options.out.is_none() == options.model.is_none() {
        bail!("{USAGE}");
    }
    Ok(options)
}

fn main() -> Result<()> {
    let options = options()?;
    if let Some(path) = &options.model {
        let bytes = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
        let model = Model::from_bytes(&bytes)?;
        let sentences = conllu::read(&options.data, &options.evaluate)?;
        evaluate::report(&model, &sentences);
        return Ok(());
    }

    let begun = Instant::now();
    let mut gold = conllu::read(&options.data, "train")?;
    let mut random = fastrand::Rng::with_seed(options.seed);
    if let Some(path) = &options.grammar {
        let text = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
        gold = spread(gold, &Grammar::parse(&text)?, options.drawn, &mut random)?;
    }
    // A copy keeps the number of its sentence, so that no copy of a held-out sentence is trained on.
    let copies: Vec<(usize, Sentence)> = gold
        .iter()
        .enumerate()
        .flat_map(|(number, sentence)| {
            augment::copies(sentence, &mut random).into_iter().map(move |copy| (number, copy))
        })
        .collect();
    eprintln!("{} sentences, {} with their copies", gold.len(), copies.len());

    let mut predicted: Vec<Vec<u8>> = vec![Vec::new(); copies.len()];
    // Blocks, not every fifth sentence: sentences of one text stand together, and share its words.
    let fold_of = |number: usize| number * FOLDS / gold.len().max(1);
    for fold in 0..FOLDS {
        let rest: Vec<&Sentence> =
            copies.iter().filter(|(number, _)| fold_of(*number) != fold).map(|(_, copy)| copy).collect();
        let tagger = tagger::train(
            Learner::default(),
            &rest,
            options.tagger_epochs.min(FOLD_EPOCHS),
            &mut random,
            None,
        );
        let (mut right, mut all) = (0, 0);
        for (index, (_, copy)) in copies.iter().enumerate().filter(|(_, (n, _))| fold_of(*n) == fold) {
            predicted[index] = tagger.tag(copy);
            right += copy.tags().iter().zip(&predicted[index]).filter(|(a, b)| a == b).count();
            all += copy.words.len();
        }
        eprintln!("fold {fold}: {right} of {all} held-out tags right, {:.0?}", begun.elapsed());
    }

    let dev = conllu::read(&options.data, "dev")?;
    let all: Vec<&Sentence> = copies.iter().map(|(_, copy)| copy).collect();
    let tagger = tagger::train(Learner::default(), &all, SELECT_EPOCHS, &mut random, None);
    let selected = tagger.select(options.tagger.features);
    let tagger = tagger::train(selected, &all, options.tagger_epochs, &mut random, Some(&dev));
    eprintln!("tagger, {:.0?}", begun.elapsed());

    let dev_tags: Vec<Vec<u8>> = dev.iter().map(|sentence| tagger.tag(sentence)).collect();
    let examples = parser::examples(&copies, &predicted);
    let parser = parser::train(Learner::default(), &examples, SELECT_EPOCHS, &mut random, None);
    let selected = parser.select(options.parser.features);
    eprintln!("parser's features, {:.0?}", begun.elapsed());
    let held_out = Some((dev.as_slice(), dev_tags.as_slice()));
    let parser = parser::train(selected, &examples, options.parser_epochs, &mut random, held_out);
    eprintln!("parser, {:.0?}", begun.elapsed());

    let learned = Learned {
        tags: syntax::Tag::ALL.to_vec(),
        tagger: tagger.export(options.tagger),
        actions: parser.actions().to_vec(),
        parser: parser.export(options.parser),
    };
    let bytes = learned.to_bytes();
    let model = Model::from_bytes(&bytes)?;
    eprintln!("{} bytes, {:?} features", bytes.len(), model.features());
    evaluate::report(&model, &dev);
    if let Some(out) = &options.out {
        fs::write(out, &bytes).with_context(|| format!("writing {}", out.display()))?;
    }
    Ok(())
}

/// Puts drawn sentences between those of the treebank, so that every part of it has its share.
fn spread(
    treebank: Vec<Sentence>,
    grammar: &Grammar,
    drawn: usize,
    random: &mut fastrand::Rng,
) -> Result<Vec<Sentence>> {
    let total = treebank.len().max(1);
    let mut mixed = Vec::with_capacity(total + drawn);
    let mut done = 0;
    for (index, sentence) in treebank.into_iter().enumerate() {
        mixed.push(sentence);
        while done * total < drawn * (index + 1) {
            mixed.push(grammar.draw(random)?);
            done += 1;
        }
    }
    Ok(mixed)
}

impl Sentence {
    /// The sentence in another dress, for evaluation.
    fn dressed(&self, style: Style) -> Self {
        augment::dress(self, style)
    }
}
