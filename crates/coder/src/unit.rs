/*! One sentence with everything that was found in it: words, phrases, verbs, numbers, times.

The parser's tree says who depends on whom; the phrases and verb groups here are read from tags, left to
right. Later stages ask for a verb's subject, object and agent, which come from the tree where it has
them and from the order of phrases where it does not.
*/

use std::ops::Range;

use syntax::{Model, Node, Relation, Tag};
use text::number::NumberPhrase;
use text::{Span, Text};
use when::TimeExpression;

/// A word with its analysis.
#[derive(Debug, Clone)]
pub struct Word {
    /// In small letters.
    pub lower: String,
    /// Dictionary form.
    pub lemma: String,
    /// Part of speech.
    pub tag: Tag,
    /// Head in the same sentence.
    pub head: Option<usize>,
    /// Relation to it.
    pub relation: Relation,
    /// Where in the text.
    pub span: Span,
    /// Begins with a capital.
    pub capital: bool,
}

/// A noun phrase without what follows its head.
#[derive(Debug, Clone)]
pub struct Phrase {
    /// Its words.
    pub words: Range<usize>,
    /// Its head word.
    pub head: usize,
    /// Index into [`Unit::numbers`].
    pub number: Option<usize>,
    /// The preposition right before it.
    pub preposition: Option<usize>,
    /// A personal pronoun.
    pub pronoun: bool,
    /// The words before a possessive mark, where it has one.
    pub possessor: Option<Range<usize>>,
}

/// A verb with its auxiliaries.
#[derive(Debug, Clone)]
pub struct VerbGroup {
    /// Its words.
    pub words: Range<usize>,
    /// The verb that carries the meaning.
    pub head: usize,
    /// Done to its subject.
    pub passive: bool,
    /// A participle without an auxiliary ("people killed in …").
    pub bare_participle: bool,
    /// "-ing" without an auxiliary.
    pub gerund: bool,
    /// After "to".
    pub infinitive: bool,
    /// "not", "never", "no longer".
    pub negated: bool,
    /// "will", "would", "could", "may", "might", "should", "can", "must".
    pub modal: Option<String>,
    /// "has", "have", "had".
    pub perfect: bool,
}

/// A number phrase by words of the sentence.
#[derive(Debug, Clone)]
pub struct Number {
    /// With its bounds.
    pub words: Range<usize>,
    /// What it says.
    pub phrase: NumberPhrase,
}

/// A time expression by words of the sentence.
#[derive(Debug, Clone)]
pub struct Time {
    /// Its words.
    pub words: Range<usize>,
    /// What it says.
    pub expression: TimeExpression,
}

/// One sentence, analysed.
#[derive(Debug, Clone)]
pub struct Unit {
    /// Index of the sentence in the text.
    pub sentence: usize,
    /// Index of its first token in the text.
    pub first: usize,
    /// Its words.
    pub words: Vec<Word>,
    /// Its noun phrases, in order.
    pub phrases: Vec<Phrase>,
    /// Which phrase each word belongs to.
    pub phrase_at: Vec<Option<usize>>,
    /// Its verb groups, in order.
    pub verbs: Vec<VerbGroup>,
    /// Which verb group each word belongs to.
    pub verb_at: Vec<Option<usize>>,
    /// Its numbers.
    pub numbers: Vec<Number>,
    /// Its time expressions.
    pub times: Vec<Time>,
    /// Words inside quotation marks.
    pub quoted: Vec<bool>,
    children: Vec<Vec<usize>>,
}

/// Sentences longer than this are read in windows: the parser is linear, but nothing sensible is that long.
pub const MAX_WORDS: usize = 400;

/// Past forms of verbs of violence that are never nouns and seldom adjectives.
const PAST_FORMS: &[&str] = &[
    "abducted",
    "ambushed",
    "arrested",
    "assassinated",
    "attacked",
    "beheaded",
    "bombed",
    "clashed",
    "detonated",
    "exploded",
    "fired",
    "hurled",
    "kidnapped",
    "killed",
    "looted",
    "murdered",
    "overran",
    "raided",
    "ransacked",
    "retook",
    "seized",
    "shelled",
    "stabbed",
    "stormed",
    "struck",
    "targeted",
    "threw",
    "torched",
];

/// Forms of verbs of harm that are never without an object in the active.
const NEEDS_OBJECT: &[&str] = &[
    "abducted",
    "arrested",
    "assassinated",
    "beheaded",
    "captured",
    "detained",
    "displaced",
    "executed",
    "hurt",
    "injured",
    "kidnapped",
    "killed",
    "murdered",
    "shot",
    "slain",
    "stabbed",
    "wounded",
];

/// Words that say what became of those counted, when they end their phrase ("10 dead", "another 4 wounded").
const OUTCOMES: &[&str] =
    &["dead", "displaced", "hurt", "injured", "killed", "missing", "unaccounted", "wounded"];

fn is_past_form(word: &str) -> bool {
    word.len() <= 12 && PAST_FORMS.binary_search(&word.to_ascii_lowercase().as_str()).is_ok()
}

const BE: &[&str] = &["be", "get", "become"];

impl Unit {
    /// Analyses a sentence from a byte of the text on.
    #[must_use]
    pub fn new(
        text: &Text,
        sentence: usize,
        model: &Model,
        times: Vec<TimeExpression>,
        skip_to: usize,
    ) -> Self {
        let range = text.sentences[sentence].tokens.clone();
        // A dateline is no part of the sentence that it stands before.
        let skipped =
            text.tokens[range.clone()].iter().take_while(|token| token.span.start < skip_to).count();
        let start = if skipped < range.len() { range.start + skipped } else { range.start };
        let range = start..range.end.min(start + MAX_WORDS);
        let first = range.start;
        let tokens = &text.tokens[range.clone()];
        let surface: Vec<&str> = tokens.iter().map(|token| text.word(token)).collect();
        let mut nodes: Vec<Node> = model.parse(&surface);
        for at in 0..nodes.len() {
            // A past form that is never a noun, taken for one in a headline's capitals.
            let after_determiner = at > 0 && matches!(nodes[at - 1].tag, Tag::Dt | Tag::PrpPossessive);
            if (nodes[at].tag.is_noun() || nodes[at].tag.is_adjective())
                && !after_determiner
                && is_past_form(surface[at])
            {
                nodes[at].tag = Tag::Vbd;
            }
        }
        let words: Vec<Word> = tokens
            .iter()
            .zip(&surface)
            .zip(&nodes)
            .map(|((token, surface), node)| {
                let lower = surface.to_lowercase();
                let lemma = syntax::lemma(&lower, node.tag).into_owned();
                Word {
                    lemma,
                    lower,
                    tag: node.tag,
                    head: node.head,
                    relation: node.relation,
                    span: token.span,
                    capital: surface.starts_with(char::is_uppercase),
                }
            })
            .collect();
        let mut children = vec![Vec::new(); words.len()];
        for (index, word) in words.iter().enumerate() {
            if let Some(head) = word.head {
                children[head].push(index);
            }
        }
        let times: Vec<Time> = times
            .into_iter()
            .filter_map(|expression| {
                let words = words_of(&words, expression.span)?;
                Some(Time { words, expression })
            })
            .collect();
        let numbers: Vec<Number> = text::number::find(text, range)
            .into_iter()
            .map(|phrase| Number { words: phrase.tokens.start - first..phrase.tokens.end - first, phrase })
            .filter(|number| !times.iter().any(|time| overlap(&time.words, &number.words)))
            .collect();
        let quoted = quoted(&words);
        let mut unit = Self {
            sentence,
            first,
            phrase_at: vec![None; words.len()],
            verb_at: vec![None; words.len()],
            words,
            phrases: Vec::new(),
            verbs: Vec::new(),
            numbers,
            times,
            quoted,
            children,
        };
        unit.find_verbs();
        unit.find_phrases();
        unit
    }

    /// Words that depend on a word.
    #[must_use]
    pub fn children(&self, word: usize) -> &[usize] {
        self.children.get(word).map_or(&[], Vec::as_slice)
    }

    /// The first dependent with a relation.
    #[must_use]
    pub fn child(&self, word: usize, relation: Relation) -> Option<usize> {
        self.children(word).iter().copied().find(|&child| self.words[child].relation == relation)
    }

    /// A word in small letters, empty beyond the ends.
    #[must_use]
    pub fn lower(&self, word: usize) -> &str {
        self.words.get(word).map_or("", |word| word.lower.as_str())
    }

    /// A lemma, empty beyond the ends.
    #[must_use]
    pub fn lemma(&self, word: usize) -> &str {
        self.words.get(word).map_or("", |word| word.lemma.as_str())
    }

    /// The word before, in small letters.
    #[must_use]
    pub fn before(&self, word: usize, back: usize) -> &str {
        word.checked_sub(back).map_or("", |index| self.lower(index))
    }

    /// From the first to the last of some words, in the text.
    #[must_use]
    pub fn span(&self, words: &Range<usize>) -> Span {
        match (self.words.get(words.start), words.end.checked_sub(1).and_then(|last| self.words.get(last))) {
            (Some(first), Some(last)) => Span::new(first.span.start, last.span.end.max(first.span.start)),
            _ => Span::default(),
        }
    }

    /// Some words as token indices of the whole text.
    #[must_use]
    pub fn tokens(&self, words: &Range<usize>) -> Range<usize> {
        words.start + self.first..words.end + self.first
    }

    /// The words that a span of the text covers.
    #[must_use]
    pub fn words_of(&self, span: Span) -> Option<Range<usize>> {
        words_of(&self.words, span)
    }

    /// The time expression that holds a word.
    #[must_use]
    pub fn time_at(&self, word: usize) -> Option<usize> {
        self.times.iter().position(|time| time.words.contains(&word))
    }

    /// The phrase that holds a word.
    #[must_use]
    pub fn phrase_of(&self, word: usize) -> Option<usize> {
        self.phrase_at.get(word).copied().flatten()
    }

    fn find_verbs(&mut self) {
        let mut at = 0;
        while at < self.words.len() {
            let tag = self.words[at].tag;
            let starts =
                (tag.is_verb() || tag == Tag::Md) && !self.is_modifier(at) && self.time_at(at).is_none();
            if !starts {
                at += 1;
                continue;
            }
            let start = at;
            let mut head = at;
            let mut end = at + 1;
            let mut negated = at > 0 && matches!(self.before(at, 1), "not" | "never" | "n't");
            let mut modal = None;
            let mut passive_aux = false;
            let mut perfect = false;
            let mut auxiliary = self.is_auxiliary(at);
            if tag == Tag::Md {
                modal = Some(self.words[at].lemma.clone());
            }
            let mut be = BE.contains(&self.lemma(at));
            let mut have = self.lemma(at) == "have";
            let mut next = end;
            while auxiliary && next < self.words.len() {
                let word = &self.words[next];
                if matches!(word.lower.as_str(), "not" | "n't" | "never") {
                    negated = true;
                    next += 1;
                } else if word.tag.is_adverb() || word.lower == "also" || word.lower == "both" {
                    next += 1;
                } else if word.tag.is_verb() && self.time_at(next).is_none() {
                    // A participle after "be" that only describes a noun is none of the group's.
                    perfect |= have;
                    passive_aux = be && (word.tag.is_past_participle() || word.tag == Tag::Vbd);
                    head = next;
                    be = BE.contains(&word.lemma.as_str());
                    have = word.lemma == "have";
                    auxiliary = be || have;
                    next += 1;
                    end = next;
                } else {
                    break;
                }
            }
            let tag = self.words[head].tag;
            let alone = head == start;
            let infinitive = start > 0 && self.before(start, 1) == "to" && matches!(tag, Tag::Vb | Tag::Vbp);
            let group = VerbGroup {
                words: start..end,
                head,
                passive: passive_aux,
                bare_participle: alone && self.is_reduced(head),
                gerund: alone && tag.is_gerund(),
                infinitive,
                negated: negated || matches!(self.before(start, 1), "without"),
                modal,
                perfect,
            };
            for word in start..end {
                self.verb_at[word] = Some(self.verbs.len());
            }
            self.verbs.push(group);
            at = end;
        }
    }

    fn is_auxiliary(&self, at: usize) -> bool {
        self.words[at].tag == Tag::Md || matches!(self.lemma(at), "be" | "have" | "get" | "do")
    }

    /// Whether a participle describes the noun after it ("suspected militants", "wounded soldiers").
    fn is_modifier(&self, at: usize) -> bool {
        let word = &self.words[at];
        if !(word.tag.is_past_participle() || word.tag.is_gerund() || word.tag == Tag::Vbd) {
            return false;
        }
        let next = self.words.get(at + 1);
        let noun_next = next.is_some_and(|next| next.tag.is_noun() || next.tag.is_adjective());
        if !noun_next {
            return false;
        }
        if matches!(word.relation, Relation::Amod | Relation::Compound)
            && word.head.is_some_and(|head| head > at)
        {
            return true;
        }
        // "a wounded soldier", "the suspected militants", "two armed men".
        at > 0
            && !word.tag.is_gerund()
            && matches!(self.words[at - 1].tag, Tag::Dt | Tag::PrpPossessive | Tag::Cd | Tag::Jj | Tag::Pos)
    }

    /// Whether a verb form alone is a passive participle: no auxiliary before, no object after.
    fn is_reduced(&self, head: usize) -> bool {
        let word = &self.words[head];
        if !(word.tag.is_past_participle() || word.tag == Tag::Vbd) {
            return false;
        }
        let has = |relation: Relation| {
            self.children(head).iter().any(|&child| self.words[child].relation == relation)
        };
        // "Four men shot on Erb Street": a verb that must have an object and has none is a passive.
        let needs_object = NEEDS_OBJECT.binary_search(&word.lower.as_str()).is_ok();
        if word.tag == Tag::Vbd
            && matches!(
                word.relation,
                Relation::Root | Relation::Conj | Relation::Ccomp | Relation::Advcl | Relation::AclRelcl
            )
            && (has(Relation::Obj) || has(Relation::Nsubj) && !needs_object)
        {
            return false;
        }
        // What follows decides: a preposition, an adverb, a comma or the end speak for the passive.
        let Some(next) = self.words.get(head + 1) else { return true };
        !(next.tag.is_noun()
            || next.tag.is_adjective()
            || matches!(next.tag, Tag::Dt | Tag::PrpPossessive | Tag::Cd | Tag::Prp | Tag::Pdt)
            || self.numbers.iter().any(|number| number.words.start == head + 1))
            || self.time_at(head + 1).is_some()
    }

    fn find_phrases(&mut self) {
        let mut at = 0;
        while at < self.words.len() {
            if !self.in_phrase(at, false) {
                at += 1;
                continue;
            }
            let start = at;
            let mut end = at;
            let mut head = None;
            let mut possessor = None;
            let pronoun = self.words[start].tag == Tag::Prp;
            let mut number: Option<usize> = None;
            while end < self.words.len() && self.in_phrase(end, end > start) {
                let word = &self.words[end];
                if end > start {
                    if pronoun {
                        break;
                    }
                    let opens = matches!(word.tag, Tag::Dt | Tag::PrpPossessive | Tag::Pdt | Tag::Prp)
                        || self.numbers.iter().any(|n| n.words.start == end);
                    // A determiner or number after a noun opens the next phrase, unless the noun was a
                    // possessor ("the army's three bases") or the number belongs to a name.
                    let after_noun = head.is_some() && self.words[end - 1].tag != Tag::Pos;
                    if opens && after_noun {
                        break;
                    }
                }
                if let Some(found) = self.numbers.iter().position(|n| n.words.start == end) {
                    number = Some(found);
                    let stop = self.numbers[found].words.end;
                    if head.is_none() {
                        head = Some(stop - 1).filter(|_| false);
                    }
                    end = stop.max(end + 1);
                    continue;
                }
                if word.tag.is_noun() || word.tag == Tag::Prp || word.tag == Tag::Fw || word.tag == Tag::Wp {
                    head = Some(end);
                } else if word.tag == Tag::Pos {
                    possessor = Some(start..end);
                }
                end += 1;
            }
            // "An Afghan and coalition force": two descriptions of one noun.
            if end == start + 2
                && self.words[start].tag == Tag::Dt
                && self.words[start + 1].capital
                && (self.words[start + 1].tag.is_adjective() || self.words[start + 1].tag.is_proper())
                && matches!(self.lower(end), "and" | "-")
                && self.words.get(end + 1).is_some_and(|next| {
                    (next.tag.is_adjective() || next.tag.is_noun()) && !next.tag.is_plural()
                })
                && self.in_phrase(end + 1, true)
                && self.words.get(end + 2).is_some_and(|next| next.tag.is_noun())
            {
                end += 1;
                while end < self.words.len()
                    && self.in_phrase(end, true)
                    && !matches!(self.words[end].tag, Tag::Dt | Tag::PrpPossessive | Tag::Cd)
                {
                    if self.words[end].tag.is_noun() {
                        head = Some(end);
                    }
                    end += 1;
                }
            }
            // "Another 4 wounded": what became of them is no part of who they are.
            if end > start + 1
                && OUTCOMES.binary_search(&self.lower(end - 1)).is_ok()
                && head.is_none_or(|head| {
                    head < end - 1 || self.words[head].tag.is_adjective() || number.is_some()
                })
                && (number.is_some() || head.is_some_and(|head| head < end - 1))
            {
                end -= 1;
            }
            // A possessive mark at the very end belongs to nothing.
            if end > start && self.words[end - 1].tag == Tag::Pos {
                end -= 1;
                possessor = None;
            }
            if end == start {
                at += 1;
                continue;
            }
            let head = head.filter(|&head| head < end).unwrap_or(end - 1);
            let preposition = start.checked_sub(1).filter(|&before| {
                matches!(self.words[before].tag, Tag::In | Tag::To)
                    || matches!(
                        self.words[before].lower.as_str(),
                        "including" | "against" | "targeting" | "following"
                    )
            });
            for word in start..end {
                self.phrase_at[word] = Some(self.phrases.len());
            }
            self.phrases.push(Phrase { words: start..end, head, number, preposition, pronoun, possessor });
            at = end;
        }
    }

    fn in_phrase(&self, at: usize, inside: bool) -> bool {
        if self.time_at(at).is_some() {
            return false;
        }
        if self.numbers.iter().any(|number| number.words.contains(&at)) {
            return true;
        }
        if self.verb_at[at].is_some() {
            return false;
        }
        let word = &self.words[at];
        match word.tag {
            Tag::Dt | Tag::Pdt => {
                !matches!(word.lower.as_str(), "both" | "that") || word.relation == Relation::Det
            }
            Tag::PrpPossessive | Tag::Cd | Tag::Jj | Tag::Jjr | Tag::Jjs | Tag::Currency | Tag::Fw => true,
            Tag::Prp => !inside,
            Tag::Pos | Tag::Hyph => inside,
            Tag::Vbn | Tag::Vbg | Tag::Vbd => self.is_modifier(at),
            tag => tag.is_noun(),
        }
    }

    /// The phrase of a verb's subject, as written: what the sentence says does or suffers it.
    #[must_use]
    pub fn subject(&self, verb: usize) -> Option<usize> {
        self.subject_within(verb, 0)
    }

    fn subject_within(&self, verb: usize, depth: usize) -> Option<usize> {
        if depth > 4 {
            return None;
        }
        let group = self.verbs.get(verb)?;
        let head = group.head;
        let chain = [head, group.words.start];
        for &word in &chain {
            if let Some(child) = self.nearest_subject(word) {
                if matches!(self.words[child].tag, Tag::Wdt | Tag::Wp) || self.lower(child) == "that" {
                    break;
                }
                // A colon or semicolon between the two is stronger than the tree.
                let apart = (child.min(word)..child.max(word)).any(|at| matches!(self.lower(at), ":" | ";"));
                if let Some(phrase) = self.phrase_of(child).filter(|_| !apart) {
                    return Some(self.adjacent_count(verb, phrase).unwrap_or(phrase));
                }
            }
        }
        let word = &self.words[head];
        match word.relation {
            Relation::AclRelcl | Relation::Acl => {
                if let Some(phrase) = word.head.and_then(|head| self.phrase_of(head)) {
                    return Some(phrase);
                }
            }
            Relation::Conj | Relation::Advcl | Relation::Xcomp | Relation::Parataxis => {
                if let Some(governor) = word.head
                    && let Some(other) = self.verb_at[governor].filter(|&other| other != verb)
                {
                    // "M others wounded" after "N killed": a nearer phrase is the better subject.
                    let near = self.left_phrase(group.words.start).filter(|&near| {
                        self.phrases[near].words.start > self.verbs[other].words.end
                            && self.phrases[near].preposition.is_none()
                            && (group.bare_participle || group.passive)
                    });
                    return near.or_else(|| self.subject_within(other, depth + 1));
                }
            }
            _ => {}
        }
        let near = self.left_phrase(group.words.start).or_else(|| {
            // "3 critically injured".
            let near = self.phrases.iter().rposition(|phrase| phrase.words.end <= group.words.start)?;
            (self.phrases[near].words.end..group.words.start)
                .all(|at| self.words[at].tag.is_adverb())
                .then_some(near)
        })?;
        // A phrase behind a preposition is no subject, except the one that the chain of "of" hangs from.
        let mut phrase = near;
        while let Some(preposition) = self.phrases[phrase].preposition {
            if matches!(self.lower(preposition), "including" | "while" | "as") {
                return None;
            }
            phrase = phrase.checked_sub(1)?;
            if self.barrier(self.phrases[phrase].words.end, preposition) {
                return None;
            }
        }
        Some(phrase)
    }

    /// "…, and another 22 were wounded": a counted phrase right before a passive is its subject, whatever
    /// the tree says, unless it stands behind a preposition.
    fn adjacent_count(&self, verb: usize, chosen: usize) -> Option<usize> {
        let group = &self.verbs[verb];
        if !(group.passive || group.bare_participle) {
            return None;
        }
        let near = self.phrases.iter().rposition(|phrase| phrase.words.end <= group.words.start)?;
        let phrase = &self.phrases[near];
        let close = (phrase.words.end..group.words.start).all(|at| self.words[at].tag.is_adverb());
        (near != chosen
            && close
            && phrase.number.is_some()
            && phrase.preposition.is_none()
            && !self.coordinated(chosen).contains(&near))
        .then_some(near)
    }

    /// Of several subjects that the parser gives a verb, the nearest before it.
    fn nearest_subject(&self, verb: usize) -> Option<usize> {
        let subjects =
            || self.children(verb).iter().copied().filter(|&child| self.words[child].relation.is_subject());
        subjects().filter(|&child| child < verb).max().or_else(|| subjects().min())
    }

    /// The nearest phrase that ends before a word with no clause boundary between.
    #[must_use]
    pub fn left_phrase(&self, word: usize) -> Option<usize> {
        let phrase = self.phrases.iter().rposition(|phrase| phrase.words.end <= word)?;
        (!self.barrier(self.phrases[phrase].words.end, word)).then_some(phrase)
    }

    /// Whether a clause boundary stands between two words.
    fn barrier(&self, from: usize, to: usize) -> bool {
        (from..to).any(|at| {
            let lower = self.lower(at);
            matches!(
                lower,
                ";" | ":"
                    | "."
                    | "when"
                    | "while"
                    | "because"
                    | "although"
                    | "though"
                    | "before"
                    | "after"
                    | "if"
                    | "but"
            ) || self.verb_at[at]
                .is_some_and(|verb| !self.verbs[verb].gerund && !self.verbs[verb].bare_participle)
        })
    }

    /// The phrase of a verb's direct object.
    #[must_use]
    pub fn object(&self, verb: usize) -> Option<usize> {
        let group = self.verbs.get(verb)?;
        if group.passive || group.bare_participle {
            return None;
        }
        let head = group.head;
        if let Some(phrase) = self
            .children(head)
            .iter()
            .copied()
            .find(|&child| child > head && self.words[child].relation == Relation::Obj)
            .and_then(|child| self.phrase_of(child))
        {
            return Some(phrase);
        }
        let next = self.phrases.iter().position(|phrase| phrase.words.start > head)?;
        let phrase = &self.phrases[next];
        // Only particles, adverbs and quotes may stand between a verb and its object.
        let clear = (group.words.end..phrase.words.start).all(|at| {
            let tag = self.words[at].tag;
            tag.is_adverb()
                || tag == Tag::Rp
                || matches!(tag, Tag::OpenQuote | Tag::CloseQuote)
                || self.lower(at) == "both"
        });
        clear.then_some(next)
    }

    /// The phrase after "by" that belongs to a verb or noun.
    #[must_use]
    pub fn agent(&self, word: usize) -> Option<usize> {
        let from_tree = self.children(word).iter().copied().find(|&child| {
            child > word && self.children(child).iter().any(|&case| self.lower(case) == "by" && case > word)
        });
        if let Some(phrase) = from_tree.and_then(|child| self.phrase_of(child)) {
            return Some(phrase);
        }
        // The nearest "by" to the right in the same clause.
        for at in word + 1..self.words.len().min(word + 12) {
            let lower = self.lower(at);
            if lower == "by" {
                return self.phrases.iter().position(|phrase| phrase.words.start == at + 1);
            }
            if matches!(lower, ";" | "when" | "while" | "who" | "which")
                || self.verb_at[at]
                    .is_some_and(|verb| self.verbs[verb].head != word && self.verb_at[word] != Some(verb))
            {
                return None;
            }
        }
        None
    }

    /// The phrases coordinated with a phrase, itself included, in order: "A, B and C".
    #[must_use]
    pub fn coordinated(&self, phrase: usize) -> Vec<usize> {
        let mut first = phrase;
        while first > 0 && self.joined(first - 1, first) {
            first -= 1;
        }
        let mut last = phrase;
        while last + 1 < self.phrases.len() && self.joined(last, last + 1) {
            last += 1;
        }
        (first..=last).collect()
    }

    /// Phrases to the right of a phrase that are coordinated with it.
    #[must_use]
    pub fn and_following(&self, phrase: usize) -> Vec<usize> {
        let mut list = vec![phrase];
        let mut last = phrase;
        while last + 1 < self.phrases.len() && self.joined(last, last + 1) {
            last += 1;
            list.push(last);
        }
        list
    }

    /// Phrases to the left of a phrase that are coordinated with it.
    #[must_use]
    pub fn and_preceding(&self, phrase: usize) -> Vec<usize> {
        let mut list = vec![phrase];
        let mut first = phrase;
        while first > 0 && self.joined(first - 1, first) {
            first -= 1;
            list.push(first);
        }
        list.reverse();
        list
    }

    /// Whether two neighbouring phrases are joined by "and", "or", a comma, or "as well as", so that they
    /// share what is said of either. The second must not be the subject of a verb of its own.
    fn joined(&self, left: usize, right: usize) -> bool {
        let (a, b) = (&self.phrases[left], &self.phrases[right]);
        let between: Vec<&str> = (a.words.end..b.words.start).map(|at| self.lower(at)).collect();
        let linked = match between.as_slice() {
            ["and" | "or" | "&"]
            | [",", "and" | "or"]
            | ["and", "also"]
            | ["as", "well", "as"]
            | [",", "as", "well", "as"]
            | ["along", "with"]
            | [",", "along", "with"]
            | ["plus"] => true,
            [","] => {
                // A comma alone joins only inside a list that has an "and" further on.
                let mut last = right;
                loop {
                    let Some(next) = self.phrases.get(last + 1) else { return false };
                    let rest: Vec<&str> =
                        (self.phrases[last].words.end..next.words.start).map(|at| self.lower(at)).collect();
                    match rest.as_slice() {
                        ["and" | "or"] | [",", "and" | "or"] => break true,
                        [","] => last += 1,
                        _ => break false,
                    }
                }
            }
            _ => false,
        };
        linked && !self.is_own_subject(right, left)
    }

    /// Whether the phrase right of an "and" begins a clause of its own ("A was killed and B fled").
    fn is_own_subject(&self, right: usize, left: usize) -> bool {
        let head = self.phrases[right].head;
        let after = self.phrases[right].words.end;
        let Some(verb) = self.verb_at.get(after).copied().flatten() else { return false };
        let group = &self.verbs[verb];
        // A verb stood already before the left phrase: then the right one has the verb that follows to itself.
        let earlier = self.verbs[..verb].iter().any(|other| {
            other.words.end <= self.phrases[right].words.start
                && other.words.start >= self.clause_start(self.phrases[left].words.start)
        });
        if group.bare_participle {
            // "ten killed and twenty wounded".
            return earlier;
        }
        earlier
            || self.words[head].relation.is_subject()
                && self.words[head].head != self.words[self.phrases[left].head].head
                && self.words[head].head != Some(self.phrases[left].head)
    }

    /// Where the clause of a word begins: after the last boundary mark before it.
    #[must_use]
    pub fn clause_start(&self, word: usize) -> usize {
        (0..word.min(self.words.len()))
            .rev()
            .find(|&at| {
                matches!(self.lower(at), ";" | ":" | "when" | "while" | "because" | "although" | "but")
            })
            .map_or(0, |at| at + 1)
    }

    /// The phrase after "of" that hangs from a phrase.
    #[must_use]
    pub fn of(&self, phrase: usize) -> Option<usize> {
        let next = phrase + 1;
        let candidate = self.phrases.get(next)?;
        let preposition = candidate.preposition?;
        (self.lower(preposition) == "of" && preposition == self.phrases[phrase].words.end).then_some(next)
    }

    /// The phrase after "of", "for" or "from" that says to whom a phrase belongs.
    #[must_use]
    pub fn belonging(&self, phrase: usize) -> Option<usize> {
        let candidate = self.phrases.get(phrase + 1)?;
        let preposition = candidate.preposition?;
        (matches!(self.lower(preposition), "of" | "for" | "from")
            && preposition == self.phrases[phrase].words.end)
            .then_some(phrase + 1)
    }

    /// A phrase with what "of" adds to it, as words.
    #[must_use]
    pub fn extended(&self, phrase: usize) -> Range<usize> {
        let mut end = phrase;
        while let Some(next) = self.of(end) {
            end = next;
        }
        self.phrases[phrase].words.start..self.phrases[end].words.end
    }
}

fn words_of(words: &[Word], span: Span) -> Option<Range<usize>> {
    let start = words.iter().position(|word| word.span.end > span.start)?;
    let end = words.iter().rposition(|word| word.span.start < span.end)? + 1;
    (start < end).then_some(start..end)
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

/// Which words stand inside quotation marks.
fn quoted(words: &[Word]) -> Vec<bool> {
    let mut inside = false;
    words
        .iter()
        .map(|word| match word.lower.as_str() {
            "“" | "«" | "``" => {
                inside = true;
                true
            }
            "”" | "»" | "''" => {
                inside = false;
                true
            }
            "\"" => {
                inside = !inside;
                true
            }
            _ => inside,
        })
        .collect()
}
