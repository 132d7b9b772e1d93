//! Trains the tagger.

use fastrand::Rng;
use syntax::Tag;
use syntax::form::{Form, forms};
use syntax::linear::{Row, best};
use syntax::tagger::{START, features};

use crate::conllu::Sentence;
use crate::learner::{Budget, Learner};

/// A tagger that was trained, and its averages.
pub struct Tagger {
    learner: Learner,
    averaged: Learner,
}

impl Tagger {
    /// The tag codes of a sentence by the averaged weights.
    pub fn tag(&self, sentence: &Sentence) -> Vec<u8> {
        run(&self.averaged, &forms(&sentence.forms()))
    }

    /// A fresh perceptron with the best features of this tagger.
    pub fn select(&self, features: usize) -> Learner {
        self.learner.select(features)
    }

    pub fn export(&self, budget: Budget) -> Vec<Row> {
        self.learner.export(budget)
    }
}

fn run(learner: &Learner, forms: &[Form]) -> Vec<u8> {
    let (mut previous, mut before) = (START, START);
    (0..forms.len())
        .map(|index| {
            let scores = learner.score(&features(forms, index, previous, before));
            let tag = best(&scores, Tag::ALL.len(), |_| true).unwrap_or(0) as u8;
            before = previous;
            previous = tag;
            tag
        })
        .collect()
}

/// Trains on sentences; each decision sees the tags that the tagger itself gave before it.
pub fn train(
    mut learner: Learner,
    sentences: &[&Sentence],
    epochs: usize,
    random: &mut Rng,
    dev: Option<&[Sentence]>,
) -> Tagger {
    let examples: Vec<(Vec<Form>, Vec<u8>)> =
        sentences.iter().map(|sentence| (forms(&sentence.forms()), sentence.tags())).collect();
    let mut order: Vec<usize> = (0..examples.len()).collect();
    for epoch in 0..epochs {
        random.shuffle(&mut order);
        let (mut wrong, mut all) = (0, 0);
        for &example in &order {
            let (forms, tags) = &examples[example];
            let (mut previous, mut before) = (START, START);
            for (index, &tag) in tags.iter().enumerate() {
                learner.tick();
                let features = features(forms, index, previous, before);
                let scores = learner.score(&features);
                let guess = best(&scores, Tag::ALL.len(), |_| true).unwrap_or(0);
                if guess != usize::from(tag) {
                    learner.correct(&features, usize::from(tag), guess);
                    wrong += 1;
                }
                all += 1;
                before = previous;
                previous = guess as u8;
            }
        }
        if let Some(dev) = dev {
            let averaged = learner.averaged();
            let (mut right, mut total) = (0, 0);
            for sentence in dev {
                let tags = run(&averaged, &forms(&sentence.forms()));
                right += tags.iter().zip(sentence.tags()).filter(|(a, b)| **a == *b).count();
                total += tags.len();
            }
            eprintln!(
                "tagger epoch {epoch}: {:.2} % corrected, {:.2} % right on dev",
                100.0 * f64::from(wrong) / f64::from(all.max(1)),
                100.0 * right as f64 / total.max(1) as f64
            );
        }
    }
    let averaged = learner.averaged();
    Tagger { learner, averaged }
}
