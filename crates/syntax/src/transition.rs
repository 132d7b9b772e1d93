/*! The parser's transitions and what it sees.

Arc-hybrid (Kuhlmann, Gómez-Rodríguez and Satta 2011): a stack and a buffer;
*shift* moves the next word to the stack, *left* makes the top of the stack a
dependent of the next word, *right* makes it a dependent of the word below it.
The root stands behind the last word (Ballesteros and Nivre 2013), and only one
word may become its dependent. A sentence of n words takes 2n steps.

The features follow Zhang and Nivre (2011): words and tags around the top of the
stack and the front of the buffer, in ones, twos and threes, with distances,
numbers of dependents and the relations already made.
*/

use crate::form::Form;
use crate::linear::feature;
use crate::relation::Relation;

/// A step of the parser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// The next word goes to the stack.
    Shift,
    /// The top of the stack depends on the next word.
    Left(Relation),
    /// The top of the stack depends on the word below it.
    Right(Relation),
}

/// No word.
pub const NONE: u32 = u32::MAX;

/// What the parser knows of one word so far.
#[derive(Debug, Clone, Copy)]
struct Word {
    head: u32,
    /// The outermost and second outermost dependent on the left and on the right.
    ends: [[u32; 2]; 2],
    /// How many dependents on each side, up to 255.
    count: [u8; 2],
    relation: u8,
    /// The relations of its dependents, one bit each of 64.
    relations: u64,
}

const FRESH: Word =
    Word { head: NONE, ends: [[NONE; 2]; 2], count: [0; 2], relation: NO_RELATION, relations: 0 };

/// The relation code of a word that has none yet.
const NO_RELATION: u8 = u8::MAX;

/// The parser in the middle of a sentence.
#[derive(Debug, Clone)]
pub struct State {
    stack: Vec<u32>,
    next: u32,
    /// One for each word and one for the root behind them.
    words: Vec<Word>,
}

impl State {
    /// The state before the first step.
    #[must_use]
    pub fn new(length: usize) -> Self {
        Self { stack: Vec::with_capacity(64), next: 0, words: vec![FRESH; length + 1] }
    }

    /// The index of the root: one past the last word.
    #[must_use]
    pub fn root(&self) -> u32 {
        (self.words.len() - 1) as u32
    }

    /// The next word, or the root.
    #[must_use]
    pub const fn next(&self) -> u32 {
        self.next
    }

    /// The stack, bottom first.
    #[must_use]
    pub fn stack(&self) -> &[u32] {
        &self.stack
    }

    /// Whether every word has its head.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.next == self.root() && self.stack.is_empty()
    }

    /// Whether shifting is possible.
    #[must_use]
    pub fn can_shift(&self) -> bool {
        self.next < self.root()
    }

    /// Whether the top of the stack may depend on the next word. Of the root only the last word
    /// on the stack may, so that a sentence has one head.
    #[must_use]
    pub fn can_left(&self) -> bool {
        match self.stack.len() {
            0 => false,
            1 => true,
            _ => self.next < self.root(),
        }
    }

    /// Whether the top of the stack may depend on the word below it.
    #[must_use]
    pub fn can_right(&self) -> bool {
        self.stack.len() >= 2
    }

    /// Whether an action is possible. The relation `root` belongs to the root and to nothing else.
    #[must_use]
    pub fn allows(&self, action: Action) -> bool {
        match action {
            Action::Shift => self.can_shift(),
            Action::Left(relation) => {
                self.can_left() && (relation == Relation::Root) == (self.next == self.root())
            }
            Action::Right(relation) => self.can_right() && relation != Relation::Root,
        }
    }

    /// Takes a step. An impossible one changes nothing.
    pub fn apply(&mut self, action: Action) {
        match action {
            Action::Shift => {
                if self.can_shift() {
                    self.stack.push(self.next);
                    self.next += 1;
                }
            }
            Action::Left(relation) => {
                if self.can_left()
                    && let Some(top) = self.stack.pop()
                {
                    self.attach(top, self.next, relation);
                }
            }
            Action::Right(relation) => {
                if self.can_right()
                    && let Some(top) = self.stack.pop()
                    && let Some(&below) = self.stack.last()
                {
                    self.attach(top, below, relation);
                }
            }
        }
    }

    fn attach(&mut self, word: u32, head: u32, relation: Relation) {
        let dependent = &mut self.words[word as usize];
        dependent.head = head;
        dependent.relation = relation.code();
        let side = usize::from(word > head);
        let head = &mut self.words[head as usize];
        head.relations |= 1 << (relation.code() % 64);
        // On either side dependents come from the nearest to the farthest.
        let ends = &mut head.ends[side];
        *ends = [word, ends[0]];
        head.count[side] = head.count[side].saturating_add(1);
    }

    /// The head and relation of a word: `None` for the head of the sentence.
    #[must_use]
    pub fn arc(&self, word: usize) -> (Option<usize>, Relation) {
        let Some(found) = self.words.get(word) else { return (None, Relation::Dep) };
        let relation = Relation::from_code(found.relation).unwrap_or(Relation::Dep);
        if found.head < self.root() { (Some(found.head as usize), relation) } else { (None, Relation::Root) }
    }
}

/// What stands at one position: everything outside the sentence looks alike.
#[derive(Clone, Copy)]
struct Seen {
    word: u32,
    tag: u32,
    both: u32,
    suffix: u32,
    relation: u32,
    index: u32,
}

const NOTHING: Seen =
    Seen { word: 1, tag: 255, both: 255, suffix: 1, relation: NO_RELATION as u32, index: NONE };

impl State {
    #[inline]
    fn see(&self, index: u32, forms: &[Form], tags: &[u8]) -> Seen {
        let at = index as usize;
        let (Some(form), Some(&tag), Some(word)) = (forms.get(at), tags.get(at), self.words.get(at)) else {
            // The root is nothing with a tag of its own.
            return if index == self.root() {
                Seen { tag: 254, both: 254, index, ..NOTHING }
            } else {
                NOTHING
            };
        };
        let tag = u32::from(tag);
        Seen {
            word: form.word,
            tag,
            both: form.word ^ (tag + 1).wrapping_mul(0x9E37_79B1),
            suffix: form.suffix[2],
            relation: u32::from(word.relation),
            index,
        }
    }

    #[inline]
    fn known(&self, index: u32) -> Word {
        self.words.get(index as usize).copied().unwrap_or(FRESH)
    }

    /// The features of the state.
    #[must_use]
    pub fn features(&self, forms: &[Form], tags: &[u8]) -> [u32; FEATURES] {
        let n = self.stack.len();
        let stacked = |depth: usize| n.checked_sub(depth + 1).map_or(NONE, |at| self.stack[at]);
        let (i0, i1) = (stacked(0), stacked(1));
        let see = |index: u32| self.see(index, forms, tags);
        let ahead = |by: u32| see(self.next.saturating_add(by).min(self.root().saturating_add(1)));
        let (s0, s1, s2) = (see(i0), see(i1), see(stacked(2)));
        let (b0, b1, b2) = (see(self.next), ahead(1), ahead(2));
        let (k0, k1, kb) = (self.known(i0), self.known(i1), self.known(self.next));
        let (s0l, s0l2) = (see(k0.ends[0][0]), see(k0.ends[0][1]));
        let (s0r, s0r2) = (see(k0.ends[1][0]), see(k0.ends[1][1]));
        let (s1l, s1r) = (see(k1.ends[0][0]), see(k1.ends[1][0]));
        let (b0l, b0l2) = (see(kb.ends[0][0]), see(kb.ends[0][1]));
        let s1r2 = see(k1.ends[1][1]);
        let near = distance(s0.index, b0.index);
        let apart = distance(s1.index, s0.index);
        let join2 = |a: u32, b: u32| a << 8 | b;
        let join3 = |a: u32, b: u32, c: u32| a << 16 | b << 8 | c;
        let set = |word: &Word| (word.relations ^ (word.relations >> 32)) as u32;
        let counts = |word: &Word| join2(u32::from(word.count[0].min(5)), u32::from(word.count[1].min(7)));
        let mut number = 0;
        let mut f = |a: u32, b: u32| {
            number += 1;
            feature(0x100 + number, a, b)
        };
        [
            f(0, 0),
            // One position.
            f(s0.word, 0),
            f(s0.tag, 0),
            f(s0.both, 0),
            f(s1.word, 0),
            f(s1.tag, 0),
            f(s1.both, 0),
            f(s2.tag, 0),
            f(s2.both, 0),
            f(b0.word, 0),
            f(b0.tag, 0),
            f(b0.both, 0),
            f(b1.word, 0),
            f(b1.tag, 0),
            f(b1.both, 0),
            f(b2.tag, 0),
            f(b2.word, 0),
            // Two positions.
            f(s0.both, b0.both),
            f(s0.both, b0.tag),
            f(s0.tag, b0.both),
            f(s0.word, b0.word),
            f(s0.tag, b0.tag),
            f(s1.both, s0.tag),
            f(s1.tag, s0.both),
            f(s1.word, s0.word),
            f(s1.tag, s0.tag),
            f(b0.tag, b1.tag),
            f(b0.both, b1.tag),
            f(s0.both, b1.tag),
            f(s1.tag, b0.both),
            f(s1.word, b0.word),
            f(s1.both, b0.tag),
            // Three positions.
            f(join3(s0.tag, b0.tag, b1.tag), 0),
            f(join3(b0.tag, b1.tag, b2.tag), 0),
            f(join3(s1.tag, s0.tag, b0.tag), 0),
            f(join3(s2.tag, s1.tag, s0.tag), 0),
            f(s0.both, join2(s1.tag, b0.tag)),
            f(b0.both, join2(s1.tag, s0.tag)),
            f(s1.both, join2(s0.tag, b0.tag)),
            f(join3(s2.tag, s1.tag, s0.tag), b0.tag),
            f(join3(s1.tag, s0.tag, b0.tag), b1.tag),
            // Dependents.
            f(join3(s0.tag, s0l.tag, b0.tag), s0l.relation),
            f(join3(s0.tag, s0r.tag, b0.tag), s0r.relation),
            f(join3(s0.tag, b0.tag, b0l.tag), b0l.relation),
            f(join3(s1.tag, s0.tag, s0l.tag), s0l.relation),
            f(join3(s1.tag, s0.tag, s0r.tag), s0r.relation),
            f(join3(s1.tag, s1r.tag, s0.tag), s1r.relation),
            f(join3(s1.tag, s1l.tag, s0.tag), s1l.relation),
            f(s0l.word, s0.tag),
            f(s0r.word, s0.tag),
            f(b0l.word, b0.tag),
            f(s1r.word, s1.tag),
            f(s0l.word, s1.word),
            f(s0l.word, s1.tag),
            f(s0l.word, s0.word),
            f(b0l.word, s0.word),
            f(b0l.word, s1.word),
            f(b0l.word, join2(s0.tag, s1.tag)),
            f(b0l2.word, join2(s0.tag, b0.tag)),
            f(s0l2.word, join2(s0.tag, s1.tag)),
            f(s0r2.both, s0.tag),
            f(s1r2.both, join2(s1.tag, s0.tag)),
            f(s0.tag, join2(s0l.relation, s0l2.relation)),
            f(s0.tag, join2(s0r.relation, s0r2.relation)),
            f(b0.tag, join2(b0l.relation, b0l2.relation)),
            f(s0.tag, set(&k0)),
            f(s0.word, set(&k0)),
            f(s1.tag, set(&k1)),
            f(s1.word, set(&k1)),
            f(b0.tag, set(&kb)),
            // Numbers of dependents and distances.
            f(s0.tag, counts(&k0)),
            f(s1.tag, counts(&k1)),
            f(b0.tag, counts(&kb)),
            f(s0.both, near),
            f(b0.both, near),
            f(join2(s0.tag, b0.tag), near),
            f(join2(s1.tag, s0.tag), apart),
            f(s1.both, join2(s0.tag, apart)),
            // Endings stand in for words never seen.
            f(s0.suffix, s0.tag),
            f(b0.suffix, b0.tag),
            f(s0.suffix, join2(s1.tag, b0.tag)),
        ]
    }
}

/// How many features a state has.
pub const FEATURES: usize = 81;

/// A distance in steps that widen: 0 where there is none, 1, 2, 3, 4, then up to 6, 10 and beyond.
fn distance(from: u32, to: u32) -> u32 {
    if from == NONE || to == NONE {
        return 0;
    }
    match to.saturating_sub(from) {
        d @ 0..=4 => d,
        5..=6 => 5,
        7..=10 => 6,
        _ => 7,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whatever possible steps are taken, they end after twice as many as there are words, with
        /// one root and no cycle.
        #[test]
        fn every_way_leads_to_a_tree(length in 0usize..12, choices in proptest::collection::vec(0usize..3, 24)) {
            let mut state = State::new(length);
            let mut steps = 0;
            while !state.is_done() {
                let relation = if state.next() == state.root() { Relation::Root } else { Relation::Obj };
                let all = [Action::Shift, Action::Left(relation), Action::Right(Relation::Obj)];
                let possible: Vec<_> = all.into_iter().filter(|&action| state.allows(action)).collect();
                prop_assert!(!possible.is_empty());
                state.apply(possible[choices[steps % 24] % possible.len()]);
                steps += 1;
            }
            prop_assert_eq!(steps, 2 * length);
            let arcs: Vec<_> = (0..length).map(|word| state.arc(word)).collect();
            prop_assert_eq!(arcs.iter().filter(|arc| arc.0.is_none()).count(), length.min(1));
            for start in 0..length {
                let (mut at, mut hops) = (start, 0);
                while let (Some(head), _) = arcs[at] {
                    at = head;
                    hops += 1;
                    prop_assert!(hops <= length);
                }
            }
        }
    }
}
