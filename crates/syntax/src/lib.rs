/*! Part-of-speech tags, lemmas and dependency relations of one tokenised sentence.

A greedy transition-based parser over an averaged perceptron: no network, no
threads, the same answer on every machine. The weights are a value that the
caller loads and passes in; `models/` trains them.

```no_run
# use watchpost_syntax as syntax;
# fn main() -> Result<(), syntax::ModelError> {
# let bytes: &[u8] = &[];
let model = syntax::Model::from_bytes(bytes)?;
let words = ["Gunmen", "killed", "two", "soldiers", "near", "Mosul", "."];
let nodes = model.parse(&words);
let tree = syntax::Tree::new(&nodes);
if let Some(verb) = tree.root() {
    let subject = tree.child(verb, syntax::Relation::Nsubj);
    let lemma = syntax::lemma(words[verb], nodes[verb].tag);
    # let _ = (subject, lemma);
}
# Ok(())
# }
```
*/

pub mod form;
pub mod format;
mod irregular;
mod labels;
mod lemma;
pub mod linear;
mod model;
mod relation;
mod tag;
pub mod tagger;
pub mod transition;
mod tree;

pub use format::ModelError;
pub use lemma::lemma;
pub use model::{Learned, Model};
pub use relation::Relation;
pub use tag::Tag;
pub use tree::Tree;

/// One word of a parsed sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Node {
    /// Its part of speech.
    pub tag: Tag,
    /// The index of the word that it depends on; `None` for the head of the sentence.
    pub head: Option<usize>,
    /// How it depends on that word.
    pub relation: Relation,
}
