//! Participles that follow those whom they are said of.

use crate::chunk::NEEDS_OBJECT;
use crate::unit::Unit;

impl Unit {
    /// "Police named a boy *shot and killed* on Monday": whom a participle of harm follows at once, it is said of,
    /// whatever the tree says.
    pub(crate) fn reduced_relative(&self, verb: usize, depth: usize) -> Option<usize> {
        let group = &self.verbs[verb];
        if !group.bare_participle || NEEDS_OBJECT.binary_search(&self.lower(group.head)).is_err() {
            return None;
        }
        let joined = |left: usize, right: usize| {
            self.verbs[left].words.end + 1 == self.verbs[right].words.start
                && matches!(self.lower(self.verbs[left].words.end), "and" | "or")
        };
        // "Shot and wounded three guards": active, and the object stands after the second.
        if self.verbs.get(verb + 1).is_some() && joined(verb, verb + 1) && self.object(verb + 1).is_some() {
            return None;
        }
        let before = verb.checked_sub(1).filter(|&before| joined(before, verb));
        if let Some(before) = before {
            return self.reduced_relative(before, depth);
        }
        // "Four others were *left injured*".
        let left = verb.checked_sub(1).filter(|&before| {
            let other = &self.verbs[before];
            let close = (other.words.end..group.words.start).all(|at| self.words[at].tag.is_adverb());
            close
                && other.passive
                && matches!(self.lemma(other.head), "leave" | "find" | "report" | "presume" | "confirm")
        });
        if let Some(left) = left {
            return self.subject_within(left, depth + 1);
        }
        let near = self.phrases.iter().rposition(|phrase| phrase.words.end <= group.words.start)?;
        let close =
            (self.phrases[near].words.end..group.words.start).all(|at| self.words[at].tag.is_adverb());
        // Only after another verb: "two men shot at a bar" is a headline's clause, and the tree's matter.
        let clause = self.clause_start(self.phrases[near].words.start);
        let added = self.verbs[..verb].iter().any(|other| other.words.start >= clause && !other.infinitive)
            || self.phrases[near].preposition.is_some();
        if !close || !added {
            return None;
        }
        let mut phrase = near;
        while let Some(preposition) = self.phrases[phrase].preposition
            && let Some(before) = phrase.checked_sub(1)
            && self.phrases[before].words.end == preposition
        {
            let whole = &self.phrases[before];
            // "Two of them killed", "a group of boys shot": but "relatives of a boy shot".
            let climbs = match self.lower(preposition) {
                "in" | "at" | "on" | "from" | "near" | "outside" | "inside" => true,
                "of" => whole.number.is_some() && self.phrases[phrase].number.is_none(),
                _ => false,
            };
            if !climbs {
                break;
            }
            phrase = before;
        }
        Some(phrase)
    }
}
