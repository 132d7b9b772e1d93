/*! Trains the tagger and parser of the `syntax` crate on a Universal Dependencies treebank.

Seeded and single-threaded: the same data gives the same bytes.
*/

mod augment;
mod conllu;
mod evaluate;
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
use crate::learner::Export;

const USAGE: &str = "train-syntax --data DIR --out FILE [--tagger-epochs N] [--parser-epochs N] [--seed N]
train-syntax --data DIR --model FILE --evaluate dev|test";

/// Over how many parts the training data is split to give the parser tags that were predicted, not read.
const FOLDS: usize = 4;

/// Passes over the data of a tagger that only tags its held-out part.
const FOLD_EPOCHS: usize = 3;

struct Options {
    data: PathBuf,
    out: Option<PathBuf>,
    model: Option<PathBuf>,
    evaluate: String,
    tagger_epochs: usize,
    parser_epochs: usize,
    seed: u64,
    tagger: Export,
    parser: Export,
}

fn options() -> Result<Options> {
    use lexopt::prelude::{Long, ValueExt};
    let mut options = Options {
        data: PathBuf::new(),
        out: None,
        model: None,
        evaluate: "dev".to_owned(),
        tagger_epochs: 6,
        parser_epochs: 10,
        seed: 7,
        tagger: Export { quantum: 0.5, threshold: 1.0, least_updates: 2 },
        parser: Export { quantum: 0.5, threshold: 1.0, least_updates: 3 },
    };
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("data") => options.data = arguments.value()?.into(),
            Long("out") => options.out = Some(arguments.value()?.into()),
            Long("model") => options.model = Some(arguments.value()?.into()),
            Long("evaluate") => options.evaluate = arguments.value()?.parse()?,
            Long("tagger-epochs") => options.tagger_epochs = arguments.value()?.parse()?,
            Long("parser-epochs") => options.parser_epochs = arguments.value()?.parse()?,
            Long("seed") => options.seed = arguments.value()?.parse()?,
            Long("tagger-threshold") => options.tagger.threshold = arguments.value()?.parse()?,
            Long("tagger-quantum") => options.tagger.quantum = arguments.value()?.parse()?,
            Long("tagger-updates") => options.tagger.least_updates = arguments.value()?.parse()?,
            Long("parser-threshold") => options.parser.threshold = arguments.value()?.parse()?,
            Long("parser-quantum") => options.parser.quantum = arguments.value()?.parse()?,
            Long("parser-updates") => options.parser.least_updates = arguments.value()?.parse()?,
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
    let gold = conllu::read(&options.data, "train")?;
    let mut random = fastrand::Rng::with_seed(options.seed);
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
        let tagger = tagger::train(&rest, options.tagger_epochs.min(FOLD_EPOCHS), &mut random, None);
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
    let tagger = tagger::train(&all, options.tagger_epochs, &mut random, Some(&dev));
    eprintln!("tagger, {:.0?}", begun.elapsed());

    let dev_tags: Vec<Vec<u8>> = dev.iter().map(|sentence| tagger.tag(sentence)).collect();
    let examples = parser::examples(&copies, &predicted);
    let parser = parser::train(&examples, options.parser_epochs, &mut random, (&dev, &dev_tags));
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

impl Sentence {
    /// The sentence in another dress, for evaluation.
    fn dressed(&self, style: Style) -> Self {
        augment::dress(self, style)
    }
}
