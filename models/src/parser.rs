//! Trains the parser with the dynamic oracle of Goldberg and Nivre (2013), "Training deterministic
//! parsers with non-deterministic oracles".

use std::collections::BTreeMap;

use fastrand::Rng;
use rustc_hash::FxHashMap;
use syntax::Relation;
use syntax::form::{Form, forms};
use syntax::linear::{Row, best};
use syntax::transition::{Action, State};

use crate::conllu::Sentence;
use crate::learner::{Budget, Learner, Scores};

/// How often training follows the parser's own choice into states that the gold tree would not reach.
const EXPLORE: f64 = 0.9;

/// The `a` of [`forgetful`].
const FORGET: f64 = 0.25;

/// How often a pass takes the sentence itself rather than one of its copies.
const ITSELF: f64 = 0.5;

/// An arc seen fewer times than this has no action of its own.
const LEAST_ARCS: usize = 3;

/// A parser that was trained.
pub struct Parser {
    learner: Learner,
    actions: Vec<Action>,
}

impl Parser {
    pub fn actions(&self) -> &[Action] {
        &self.actions
    }

    /// A fresh perceptron with the best features of this parser.
    pub fn select(&self, features: usize) -> Learner {
        self.learner.select(features)
    }

    pub fn export(&self, budget: Budget) -> Vec<Row> {
        self.learner.export(budget)
    }
}

/// A gold tree in the parser's numbering: the head of the sentence hangs on the root behind it.
struct Gold {
    head: Vec<u32>,
    relation: Vec<Relation>,
    children: Vec<Vec<u32>>,
}

impl Gold {
    fn new(sentence: &Sentence) -> Self {
        let n = sentence.words.len();
        let head: Vec<u32> =
            sentence.words.iter().map(|word| word.head.map_or(n as u32, |head| head as u32)).collect();
        let mut children = vec![Vec::new(); n + 1];
        for (word, &head) in head.iter().enumerate() {
            children[head as usize].push(word as u32);
        }
        let relation = sentence.words.iter().map(|word| word.relation).collect();
        Self { head, relation, children }
    }

    /// How many gold arcs each kind of step puts out of reach: shift, left, right.
    fn costs(&self, state: &State) -> [u32; 3] {
        let next = state.next();
        let stack = state.stack();
        let Some((&top, below)) = stack.split_last() else { return [0, u32::MAX, u32::MAX] };
        let ahead = |word: u32| word >= next;
        // Dependents of the top of the stack that are still to come are lost once it is gone.
        let lost = self.children[top as usize].iter().filter(|&&child| ahead(child)).count() as u32;
        let head = self.head[top as usize];
        let left = lost + u32::from(head != next && (ahead(head) || below.last() == Some(&head)));
        let right = lost + u32::from(ahead(head));
        let shift = if next < state.root() {
            let head = self.head[next as usize];
            let above = below.contains(&head);
            let under = self.children[next as usize].iter().filter(|child| stack.contains(child)).count();
            u32::from(above) + under as u32
        } else {
            u32::MAX
        };
        [shift, left, right]
    }

    fn cost(&self, costs: [u32; 3], state: &State, action: Action) -> u32 {
        let arc = |relation: Relation, head: u32| {
            let Some(&top) = state.stack().last() else { return 0 };
            u32::from(self.head[top as usize] == head && self.relation[top as usize] != relation)
        };
        match action {
            Action::Shift => costs[0],
            Action::Left(relation) => costs[1].saturating_add(arc(relation, state.next())),
            Action::Right(relation) => {
                let below = state.stack().len().checked_sub(2).map_or(u32::MAX, |at| state.stack()[at]);
                costs[2].saturating_add(arc(relation, below))
            }
        }
    }
}

/// A sentence as the parser learns from it.
pub struct Example {
    gold: Gold,
    forms: Vec<Form>,
    tags: Vec<u8>,
    /// How often each word stands in the training data.
    counts: Vec<u32>,
}

/// The copies of each sentence, with predicted tags.
///
/// To the parser the copies of a sentence differ only in their tags: it learns from one of them
/// in each pass, not from all.
pub fn examples(copies: &[(usize, Sentence)], tags: &[Vec<u8>]) -> Vec<Vec<Example>> {
    let mut counts: FxHashMap<u32, u32> = FxHashMap::default();
    let mut groups: BTreeMap<usize, Vec<Example>> = BTreeMap::new();
    for ((number, sentence), tags) in copies.iter().zip(tags) {
        let forms = forms(&sentence.forms());
        let group = groups.entry(*number).or_default();
        if group.is_empty() {
            for form in &forms {
                *counts.entry(form.word).or_default() += 1;
            }
        }
        group.push(Example { gold: Gold::new(sentence), forms, tags: tags.clone(), counts: Vec::new() });
    }
    let mut examples: Vec<Vec<Example>> = groups.into_values().collect();
    for example in examples.iter_mut().flatten() {
        example.counts =
            example.forms.iter().map(|form| counts.get(&form.word).copied().unwrap_or(0)).collect();
    }
    examples
}

/// The forms with some words made unknown: rare ones often, frequent ones hardly ever.
///
/// Without it the parser leans on rare words that it has learned by heart and has nothing to say about
/// new ones. The chance a / (a + count) is that of Iyyer et al. (2015) and Kiperwasser and Goldberg (2016).
fn forgetful(example: &Example, random: &mut Rng) -> Vec<Form> {
    let mut forms = example.forms.clone();
    for (form, &count) in forms.iter_mut().zip(&example.counts) {
        if random.f64() < FORGET / (FORGET + f64::from(count)) {
            // A hash that no word has is what an unknown word looks like.
            form.word = random.u32(..);
        }
    }
    forms
}

fn actions(examples: &[Vec<Example>]) -> Vec<Action> {
    let mut counts: BTreeMap<Action, usize> = BTreeMap::new();
    for gold in examples.iter().filter_map(|copies| copies.first()).map(|example| &example.gold) {
        for (word, (&head, &relation)) in gold.head.iter().zip(&gold.relation).enumerate() {
            let action = if (word as u32) < head { Action::Left(relation) } else { Action::Right(relation) };
            *counts.entry(action).or_default() += 1;
        }
    }
    let arcs = counts.into_iter().filter(|&(_, count)| count >= LEAST_ARCS).map(|(action, _)| action);
    std::iter::once(Action::Shift).chain(arcs).collect()
}

/// Trains on sentences with predicted tags.
pub fn train(
    mut learner: Learner,
    examples: &[Vec<Example>],
    epochs: usize,
    random: &mut Rng,
    dev: Option<(&[Sentence], &[Vec<u8>])>,
) -> Parser {
    let actions = actions(examples);
    let mut order: Vec<usize> = (0..examples.len()).collect();
    for epoch in 0..epochs {
        random.shuffle(&mut order);
        let (mut wrong, mut all) = (0u32, 0u32);
        for &number in &order {
            let copies = &examples[number];
            let itself = copies.len() == 1 || random.f64() < ITSELF;
            let example = &copies[if itself { 0 } else { random.usize(1..copies.len()) }];
            let forms = forgetful(example, random);
            let mut state = State::new(forms.len());
            while !state.is_done() {
                learner.tick();
                let features = state.features(&forms, &example.tags);
                let scores = learner.score(&features);
                let costs = example.gold.costs(&state);
                let cost = |action| example.gold.cost(costs, &state, action);
                let (guess, right) = choose(&scores, &actions, &state, cost);
                all += 1;
                let mut taken = right;
                if guess != right {
                    learner.correct(&features, right, guess);
                    wrong += 1;
                    if epoch > 0 && random.f64() < EXPLORE {
                        taken = guess;
                    }
                }
                state.apply(actions[taken]);
            }
        }
        if let Some(dev) = dev {
            let (uas, las) = test(&learner.averaged(), &actions, dev);
            eprintln!(
                "parser epoch {epoch}: {:.2} % corrected, dev UAS {uas:.2}, LAS {las:.2}, {} features",
                100.0 * f64::from(wrong) / f64::from(all.max(1)),
                learner.features()
            );
        }
    }
    Parser { learner, actions }
}

/// The step with the highest score, and that among the cheapest; the same where the former is one of the latter.
fn choose(
    scores: &Scores,
    actions: &[Action],
    state: &State,
    cost: impl Fn(Action) -> u32,
) -> (usize, usize) {
    let allowed = |class: usize| state.allows(actions[class]);
    let costs: Vec<u32> =
        actions.iter().map(|&action| if state.allows(action) { cost(action) } else { u32::MAX }).collect();
    let least = costs.iter().copied().min().unwrap_or(0);
    let guess = best(scores, actions.len(), allowed).unwrap_or(0);
    let right = best(scores, actions.len(), |class| allowed(class) && costs[class] == least).unwrap_or(guess);
    (if costs[guess] == least { right } else { guess }, right)
}

fn test(learner: &Learner, actions: &[Action], (sentences, tags): (&[Sentence], &[Vec<u8>])) -> (f64, f64) {
    let (mut heads, mut both, mut all) = (0, 0, 0);
    for (sentence, tags) in sentences.iter().zip(tags) {
        let forms = forms(&sentence.forms());
        let mut state = State::new(forms.len());
        while !state.is_done() {
            let scores = learner.score(&state.features(&forms, tags));
            let class = best(&scores, actions.len(), |class| state.allows(actions[class])).unwrap_or(0);
            state.apply(actions[class]);
        }
        for (index, word) in sentence.words.iter().enumerate() {
            let (head, relation) = state.arc(index);
            all += 1;
            heads += usize::from(head == word.head);
            both += usize::from(head == word.head && relation == word.relation);
        }
    }
    (100.0 * heads as f64 / all.max(1) as f64, 100.0 * both as f64 / all.max(1) as f64)
}
