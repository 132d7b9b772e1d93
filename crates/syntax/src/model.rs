//! The tagger and the parser together, as one value.

use crate::Node;
use crate::form::{Form, forms};
use crate::format::{ModelError, Reader, Writer};
use crate::linear::{Linear, MAX_CLASSES, Row, Scores, best};
use crate::relation::Relation;
use crate::tag::Tag;
use crate::tagger;
use crate::transition::{Action, State};

/// A trained tagger and parser.
#[derive(Debug, Clone)]
pub struct Model {
    tags: Vec<Tag>,
    tagger: Linear,
    actions: Vec<Action>,
    parser: Linear,
}

/// What a trainer has learned, to be written.
#[derive(Debug, Clone, Default)]
pub struct Learned {
    /// The tagger's classes.
    pub tags: Vec<Tag>,
    /// The tagger's weights.
    pub tagger: Vec<Row>,
    /// The parser's classes.
    pub actions: Vec<Action>,
    /// The parser's weights.
    pub parser: Vec<Row>,
}

impl Learned {
    /// The file of weights.
    #[must_use]
    pub fn to_bytes(mut self) -> Vec<u8> {
        let mut out = Writer::default();
        out.names(self.tags.iter().map(|tag| tag.as_str()));
        Linear::write(&mut self.tagger, &mut out);
        let names: Vec<String> = self.actions.iter().map(|&action| action_name(action)).collect();
        out.names(names.iter().map(String::as_str));
        Linear::write(&mut self.parser, &mut out);
        out.finish_file()
    }
}

impl Model {
    /// Reads a file of weights.
    ///
    /// # Errors
    /// Where the bytes are not a whole, undamaged model of this version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelError> {
        let mut input = Reader::open(bytes)?;
        let unknown = |name: &str| ModelError::Label { name: name.to_owned() };
        let tags = input.names()?.into_iter().map(|name| Tag::from_name(name).ok_or_else(|| unknown(name)));
        let tags: Vec<Tag> = classes(tags.collect::<Result<_, _>>()?)?;
        let tagger = Linear::read(&mut input, tags.len())?;
        let actions = input.names()?.into_iter().map(|name| action(name).ok_or_else(|| unknown(name)));
        let actions: Vec<Action> = classes(actions.collect::<Result<_, _>>()?)?;
        let parser = Linear::read(&mut input, actions.len())?;
        input.end()?;
        Ok(Self { tags, tagger, actions, parser })
    }

    /// The tag of every word.
    #[must_use]
    pub fn tag(&self, words: &[&str]) -> Vec<Tag> {
        self.tag_forms(&forms(words))
    }

    fn tag_forms(&self, forms: &[Form]) -> Vec<Tag> {
        let (mut previous, mut before) = (tagger::START, tagger::START);
        (0..forms.len())
            .map(|index| {
                let mut scores = [0; MAX_CLASSES];
                self.tagger.add(&tagger::features(forms, index, previous, before), &mut scores);
                let class = best(&scores, self.tags.len(), |_| true);
                let tag = class.and_then(|class| self.tags.get(class)).copied().unwrap_or(Tag::Xx);
                // "An IED exploded": letters that happen to end like a verb.
                let tag = if tag.is_verb() && forms[index].is_acronym() { Tag::Nnp } else { tag };
                before = previous;
                previous = tag.code();
                tag
            })
            .collect()
    }

    /// The tag, head and relation of every word. One word of a sentence has no head.
    #[must_use]
    pub fn parse(&self, words: &[&str]) -> Vec<Node> {
        let forms = forms(words);
        let tags = self.tag_forms(&forms);
        let codes: Vec<u8> = tags.iter().map(|tag| tag.code()).collect();
        let mut state = State::new(words.len());
        while !state.is_done() {
            let mut scores = [0; MAX_CLASSES];
            self.parser.add(&state.features(&forms, &codes), &mut scores);
            let action = self.best(&scores, &state);
            state.apply(action.unwrap_or_else(|| fallback(&state)));
        }
        tags.into_iter()
            .enumerate()
            .map(|(index, tag)| {
                let (head, relation) = state.arc(index);
                Node { tag, head, relation }
            })
            .collect()
    }

    /// The possible action with the highest score.
    fn best(&self, scores: &Scores, state: &State) -> Option<Action> {
        let at_root = state.next() == state.root();
        let (shift, left, right) = (state.can_shift(), state.can_left(), state.can_right());
        let mut best: Option<(i16, Action)> = None;
        for (&action, &score) in self.actions.iter().zip(scores) {
            if best.is_none_or(|(highest, _)| score > highest) {
                let possible = match action {
                    Action::Shift => shift,
                    Action::Left(relation) => left && (relation == Relation::Root) == at_root,
                    Action::Right(relation) => right && relation != Relation::Root,
                };
                if possible {
                    best = Some((score, action));
                }
            }
        }
        best.map(|(_, action)| action)
    }

    /// How many features the tagger and the parser know.
    #[must_use]
    pub fn features(&self) -> (usize, usize) {
        (self.tagger.features(), self.parser.features())
    }
}

/// A step that is always possible, for weights that offer none.
fn fallback(state: &State) -> Action {
    if state.can_shift() {
        Action::Shift
    } else if state.can_right() {
        Action::Right(Relation::Dep)
    } else {
        Action::Left(Relation::Root)
    }
}

fn classes<T>(labels: Vec<T>) -> Result<Vec<T>, ModelError> {
    if labels.is_empty() || labels.len() > MAX_CLASSES {
        return Err(ModelError::Invalid { what: "no labels, or more than a model may have" });
    }
    Ok(labels)
}

fn action_name(action: Action) -> String {
    match action {
        Action::Shift => "shift".to_owned(),
        Action::Left(relation) => format!("left {relation}"),
        Action::Right(relation) => format!("right {relation}"),
    }
}

fn action(name: &str) -> Option<Action> {
    if name == "shift" {
        return Some(Action::Shift);
    }
    let (side, relation) = name.split_once(' ')?;
    let relation = Relation::from_name(relation)?;
    match side {
        "left" => Some(Action::Left(relation)),
        "right" => Some(Action::Right(relation)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::format::{MAGIC, VERSION};

    fn small() -> Vec<u8> {
        let learned = Learned {
            tags: vec![Tag::Nn, Tag::Vbd],
            tagger: vec![(1, vec![(0, 3)]), (70_000, vec![(0, -1), (1, 9)])],
            actions: vec![Action::Shift, Action::Left(Relation::Root), Action::Right(Relation::Obj)],
            parser: vec![(5, vec![(2, 3)]), (9, vec![(0, 1), (1, 2)])],
        };
        learned.to_bytes()
    }

    /// A file around any body, with a head that fits it.
    fn file(body: &[u8]) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        for number in [VERSION, body.len() as u32, crc32fast::hash(body)] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        bytes.extend_from_slice(body);
        bytes
    }

    #[test]
    fn a_small_model_is_read_and_parses() {
        let model = Model::from_bytes(&small()).unwrap();
        assert_eq!(model.features(), (2, 2));
        assert_eq!(model.parse(&["a", "b", "c"]).iter().filter(|node| node.head.is_none()).count(), 1);
    }

    proptest! {
        /// Bytes that a checksum vouches for and that are wrong all the same: refused, or a model that parses.
        #[test]
        fn a_changed_body_never_panics(at in 0usize..200, to in any::<u8>(), cut in 0usize..8) {
            let whole = small();
            let mut body = whole[20..].to_vec();
            let length = body.len();
            body[at % length] = to;
            body.truncate(length - cut.saturating_sub(4));
            if let Ok(model) = Model::from_bytes(&file(&body)) {
                prop_assert_eq!(model.parse(&["a", "b", "c"]).len(), 3);
            }
        }
    }
}
