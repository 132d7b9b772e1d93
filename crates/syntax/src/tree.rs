//! A parsed sentence as a tree that can be walked both ways.

use std::ops::Range;

use crate::{Node, Relation};

/// A parsed sentence with its children and spans worked out once.
///
/// Any nodes are accepted: a head outside the sentence is no head, and walking up a circle ends.
#[derive(Debug, Clone)]
pub struct Tree<'a> {
    nodes: &'a [Node],
    /// The children of word `i` are `children[starts[i]..starts[i + 1]]`, in order of the text.
    children: Vec<usize>,
    starts: Vec<usize>,
    /// The words from the first to the last of each subtree.
    spans: Vec<Range<usize>>,
}

impl<'a> Tree<'a> {
    /// Works out children and spans. Linear in the number of words.
    #[must_use]
    pub fn new(nodes: &'a [Node]) -> Self {
        let n = nodes.len();
        let head = |index: usize| nodes[index].head.filter(|&head| head < n && head != index);
        let mut starts = vec![0; n + 1];
        for index in 0..n {
            if let Some(head) = head(index) {
                starts[head + 1] += 1;
            }
        }
        for index in 0..n {
            starts[index + 1] += starts[index];
        }
        let mut next = starts.clone();
        let mut children = vec![0; starts[n]];
        for index in 0..n {
            if let Some(head) = head(index) {
                children[next[head]] = index;
                next[head] += 1;
            }
        }
        // Leaves first: a word's span is handed up once all its children have handed theirs.
        let mut spans: Vec<Range<usize>> = (0..n).map(|index| index..index + 1).collect();
        let mut waiting: Vec<usize> = (0..n).map(|index| starts[index + 1] - starts[index]).collect();
        let mut ready: Vec<usize> = (0..n).filter(|&index| waiting[index] == 0).collect();
        while let Some(index) = ready.pop() {
            if let Some(head) = head(index) {
                spans[head] =
                    spans[head].start.min(spans[index].start)..spans[head].end.max(spans[index].end);
                waiting[head] -= 1;
                if waiting[head] == 0 {
                    ready.push(head);
                }
            }
        }
        Self { nodes, children, starts, spans }
    }

    /// The words.
    #[must_use]
    pub const fn nodes(&self) -> &'a [Node] {
        self.nodes
    }

    /// How many words.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// A word.
    #[must_use]
    pub fn node(&self, index: usize) -> Option<&'a Node> {
        self.nodes.get(index)
    }

    /// The head of the sentence.
    #[must_use]
    pub fn root(&self) -> Option<usize> {
        (0..self.len()).find(|&index| self.head(index).is_none())
    }

    /// The head of a word.
    #[must_use]
    pub fn head(&self, index: usize) -> Option<usize> {
        self.nodes.get(index)?.head.filter(|&head| head < self.len() && head != index)
    }

    /// How a word depends on its head; `None` only outside the sentence.
    #[must_use]
    pub fn relation(&self, index: usize) -> Option<Relation> {
        self.nodes.get(index).map(|node| node.relation)
    }

    /// The dependents of a word, in order of the text.
    #[must_use]
    pub fn children(&self, index: usize) -> &[usize] {
        match (self.starts.get(index), self.starts.get(index + 1)) {
            (Some(&from), Some(&to)) => &self.children[from..to],
            _ => &[],
        }
    }

    /// The dependents of a word in one relation; subtypes are relations of their own.
    pub fn children_by(&self, index: usize, relation: Relation) -> impl Iterator<Item = usize> + '_ {
        self.children_where(index, move |found| found == relation)
    }

    /// The dependents of a word in relations that a test accepts.
    pub fn children_where<'t>(
        &'t self,
        index: usize,
        accept: impl Fn(Relation) -> bool + 't,
    ) -> impl Iterator<Item = usize> + 't {
        self.children(index).iter().copied().filter(move |&child| accept(self.nodes[child].relation))
    }

    /// The first dependent of a word in one relation.
    #[must_use]
    pub fn child(&self, index: usize, relation: Relation) -> Option<usize> {
        self.children_by(index, relation).next()
    }

    /// The words from the first to the last of a subtree. Trees of this parser are projective: the
    /// span holds the subtree and nothing else.
    #[must_use]
    pub fn span(&self, index: usize) -> Range<usize> {
        self.spans.get(index).cloned().unwrap_or(0..0)
    }

    /// The span of a word with those dependents whose relation a test accepts, each with its whole subtree.
    #[must_use]
    pub fn span_with(&self, index: usize, accept: impl Fn(Relation) -> bool) -> Range<usize> {
        if index >= self.len() {
            return 0..0;
        }
        let mut span = index..index + 1;
        for child in self.children_where(index, accept) {
            let inner = self.span(child);
            span = span.start.min(inner.start)..span.end.max(inner.end);
        }
        span
    }

    /// The words of a subtree, in order of the text.
    #[must_use]
    pub fn subtree(&self, index: usize) -> Vec<usize> {
        let mut seen = vec![false; self.len()];
        let mut open = Vec::new();
        let mut found = Vec::new();
        if index < self.len() {
            seen[index] = true;
            open.push(index);
        }
        while let Some(word) = open.pop() {
            found.push(word);
            for &child in self.children(word) {
                if !std::mem::replace(&mut seen[child], true) {
                    open.push(child);
                }
            }
        }
        found.sort_unstable();
        found
    }

    /// The head of a word, the head's head, and so on to the head of the sentence.
    pub fn ancestors(&self, index: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(self.head(index), |&at| self.head(at)).take(self.len())
    }

    /// Whether the first word stands above the second, however far.
    #[must_use]
    pub fn dominates(&self, above: usize, below: usize) -> bool {
        self.ancestors(below).any(|at| at == above)
    }

    /// How many heads stand above a word.
    #[must_use]
    pub fn depth(&self, index: usize) -> usize {
        self.ancestors(index).count()
    }

    /// The other members of the coordination that a word heads, and theirs.
    #[must_use]
    pub fn conjuncts(&self, index: usize) -> Vec<usize> {
        let mut found: Vec<usize> = self.children_by(index, Relation::Conj).collect();
        let mut at = 0;
        while at < found.len() && found.len() <= self.len() {
            let more: Vec<usize> =
                self.children_by(found[at], Relation::Conj).filter(|child| !found.contains(child)).collect();
            found.extend(more);
            at += 1;
        }
        found.retain(|&member| member != index);
        found.sort_unstable();
        found
    }

    /// The first member of the coordination that a word belongs to: itself where it belongs to none.
    #[must_use]
    pub fn first_conjunct(&self, index: usize) -> usize {
        let mut at = index;
        for _ in 0..self.len() {
            match (self.relation(at), self.head(at)) {
                (Some(Relation::Conj), Some(head)) => at = head,
                _ => break,
            }
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Tag;

    fn node(head: Option<usize>, relation: Relation) -> Node {
        Node { tag: Tag::Nn, head, relation }
    }

    /// "Gunmen killed two soldiers and a guard ."
    fn sentence() -> Vec<Node> {
        vec![
            node(Some(1), Relation::Nsubj),
            node(None, Relation::Root),
            node(Some(3), Relation::Nummod),
            node(Some(1), Relation::Obj),
            node(Some(6), Relation::Cc),
            node(Some(6), Relation::Det),
            node(Some(3), Relation::Conj),
            node(Some(1), Relation::Punct),
        ]
    }

    #[test]
    fn a_tree_is_walked_both_ways() {
        let nodes = sentence();
        let tree = Tree::new(&nodes);
        assert_eq!(tree.root(), Some(1));
        assert_eq!(tree.children(1), [0, 3, 7]);
        assert_eq!(tree.child(1, Relation::Obj), Some(3));
        assert_eq!(tree.span(3), 2..7);
        assert_eq!(tree.span_with(3, |relation| relation != Relation::Conj), 2..4);
        assert_eq!(tree.subtree(6), [4, 5, 6]);
        assert_eq!(tree.conjuncts(3), [6]);
        assert_eq!(tree.first_conjunct(6), 3);
        assert_eq!(tree.depth(4), 3);
        assert!(tree.dominates(1, 5));
        assert!(!tree.dominates(6, 3));
    }

    proptest! {
        /// Heads that make no tree are walked to an end, and a span holds its subtree.
        #[test]
        fn any_heads_are_safe(heads in proptest::collection::vec(proptest::option::of(0usize..12), 0..10)) {
            let nodes: Vec<Node> = heads.iter().map(|&head| node(head, Relation::Conj)).collect();
            let tree = Tree::new(&nodes);
            for index in 0..nodes.len() + 2 {
                let _ = (tree.depth(index), tree.conjuncts(index), tree.first_conjunct(index));
                let subtree = tree.subtree(index);
                let whole = tree.ancestors(index).all(|at| at != index);
                if whole && subtree.iter().all(|&word| !tree.dominates(word, word)) {
                    prop_assert!(subtree.iter().all(|word| tree.span(index).contains(word)));
                }
            }
        }
    }
}
