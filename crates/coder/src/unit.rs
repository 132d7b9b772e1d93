/*! One sentence with everything that was found in it: words, phrases, verbs, numbers, times.

The parser's tree says who depends on whom; the phrases and verb groups here are read from tags, left to
right. Later stages ask for a verb's subject, object and agent, which come from the tree where it has
them and from the order of phrases where it does not.
*/

mod subject;

use std::ops::Range;

use jiff::civil::Date;
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
    /// What it says; its days end with that of publication, since what happened "this month" happened before the report of it.
    pub expression: TimeExpression,
    /// All its days: what is foretold for "this month" may come after the report.
    pub whole: Option<(Date, Date)>,
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

/// Of a sentence no more words than these are read: nothing sensible is that long.
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

/// Verbs that a whole clause may follow without "that".
const SAYING: &[&str] =
    &["say", "report", "announce", "confirm", "claim", "add", "state", "believe", "tell", "note", "allege"];

fn is_past_form(word: &str) -> bool {
    word.len() <= 12 && PAST_FORMS.binary_search(&word.to_ascii_lowercase().as_str()).is_ok()
}

/// Takes a word for a verb: it then belongs to no noun.
fn make_verb(node: &mut Node, tag: Tag) {
    node.tag = tag;
    if matches!(node.relation, Relation::Compound | Relation::Amod) {
        node.relation = Relation::Dep;
    }
}

/// Verbs of violence that look like nouns without an ending, as headlines have them.
fn is_headline_verb(word: &str) -> bool {
    matches!(
        word.to_ascii_lowercase().as_str(),
        "abduct"
            | "ambush"
            | "attack"
            | "behead"
            | "bomb"
            | "burn"
            | "execute"
            | "gun"
            | "kidnap"
            | "kill"
            | "murder"
            | "raid"
            | "shell"
            | "shoot"
            | "stab"
            | "storm"
            | "torch"
            | "wound"
    )
}

/// Whether a number begins at a word, or right after "at least", "more than" and the like.
fn figure_follows(nodes: &[Node], surface: &[&str], at: usize) -> bool {
    let number = |at: usize| nodes.get(at).is_some_and(|node| node.tag == Tag::Cd);
    let bound = matches!(
        (surface.get(at).copied(), surface.get(at + 1).copied()),
        (Some("at"), Some("least" | "most"))
            | (Some("more" | "fewer" | "less"), Some("than"))
            | (Some("up"), Some("to"))
    );
    number(at)
        || bound && number(at + 2)
        || matches!(surface.get(at), Some(&("about" | "around" | "over" | "nearly" | "some")))
            && number(at + 1)
}

impl Unit {
    /// Analyses a sentence from a byte of the text on, in which some tokens are names.
    #[must_use]
    pub fn new(
        text: &Text,
        sentence: usize,
        model: &Model,
        (times, published): (Vec<TimeExpression>, Option<Date>),
        names: &[Range<usize>],
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
        let names: Vec<Range<usize>> = names
            .iter()
            .filter(|name| name.start >= first)
            .map(|name| name.start - first..name.end - first)
            .collect();
        let mut nodes: Vec<Node> = crate::names::parse(model, &surface, &names);
        for at in 0..nodes.len() {
            // A past form that is never a noun, taken for one in a headline's capitals.
            let after_determiner = at > 0 && matches!(nodes[at - 1].tag, Tag::Dt | Tag::PrpPossessive);
            if (nodes[at].tag.is_noun() || nodes[at].tag.is_adjective())
                && !after_determiner
                && is_past_form(surface[at])
            {
                make_verb(&mut nodes[at], Tag::Vbd);
            }
        }
        // "Al-Shabaab ambush AU troops", "NPA rebels gun down a policeman": a headline without another verb.
        if !nodes.iter().any(|node| node.tag.is_verb()) {
            let verb = names.iter().find_map(|name| {
                (name.end..nodes.len().min(name.end + 2)).find(|&at| {
                    is_headline_verb(surface[at])
                        && nodes
                            .get(at + 1)
                            .is_some_and(|next| !next.tag.is_noun() || at == name.end && next.tag != Tag::Nns)
                })
            });
            if let Some(at) = verb {
                make_verb(&mut nodes[at], Tag::Vbp);
            }
        }
        for at in 1..nodes.len().saturating_sub(2) {
            // "Were lost and wounded": what became of people, twice, is done to them and describes nobody.
            let told = |at: usize| {
                matches!(
                    surface[at],
                    "lost" | "killed" | "wounded" | "injured" | "hurt" | "slain" | "martyred"
                )
            };
            if told(at)
                && told(at + 2)
                && matches!(surface[at - 1], "was" | "were" | "been")
                && matches!(surface[at + 1], "and" | "or")
            {
                nodes[at].tag = Tag::Vbn;
                nodes[at + 2].tag = Tag::Vbn;
            }
        }
        for at in 1..nodes.len().saturating_sub(2) {
            // "A boy shot and killed on Monday": no noun before a participle of harm.
            if nodes[at].tag.is_noun()
                && surface[at] == "shot"
                && matches!(surface[at + 1], "and" | "or")
                && matches!(surface[at + 2], "killed" | "wounded" | "injured")
            {
                make_verb(&mut nodes[at], Tag::Vbn);
            }
        }
        for at in 0..nodes.len().saturating_sub(1) {
            // "A blast kills at least 5": before a figure it is the verb, not the noun.
            if nodes[at].tag.is_noun()
                && matches!(surface[at], "kill" | "kills" | "injure" | "injures" | "wounds")
                && figure_follows(&nodes, &surface, at + 1)
            {
                nodes[at].tag = Tag::Vbz;
            }
            // "Killed three and wound eight": no past of "wind" before a figure.
            if surface[at] == "wound" && figure_follows(&nodes, &surface, at + 1) {
                nodes[at].tag = Tag::Vbp;
            }
        }
        for at in 1..nodes.len().saturating_sub(1) {
            // "Held one man while chasing another": no noun before a participle.
            if surface[at] == "while" && nodes[at].tag.is_noun() && nodes[at + 1].tag.is_gerund() {
                nodes[at].tag = Tag::In;
            }
            // "Hit a hotel in the old town killing 12": between a noun and those killed it is the verb.
            let counted = figure_follows(&nodes, &surface, at + 1)
                || nodes[at + 1].tag == Tag::Dt
                || matches!(
                    surface[at + 1],
                    "several" | "many" | "numerous" | "multiple" | "dozens" | "scores"
                );
            if counted
                && nodes[at].tag.is_noun()
                && nodes[at - 1].tag.is_noun()
                && matches!(surface[at], "killing" | "wounding" | "injuring" | "detaining" | "capturing")
            {
                make_verb(&mut nodes[at], Tag::Vbg);
            }
        }
        for at in 1..nodes.len() {
            // "40 wounded in attacks across Syria": no verb right after a preposition, and not one attack.
            let after_preposition = matches!(
                surface[at - 1],
                "in" | "after" | "during" | "of" | "by" | "from" | "amid" | "between"
            );
            let several = matches!(
                surface[at],
                "attacks"
                    | "raids"
                    | "strikes"
                    | "clashes"
                    | "assaults"
                    | "ambushes"
                    | "bombings"
                    | "killings"
            );
            let verb = matches!(nodes[at].tag, Tag::Vbz | Tag::Vbp) && after_preposition;
            if several && (verb || nodes[at].tag == Tag::Nn) {
                nodes[at].tag = Tag::Nns;
            }
        }
        for at in 0..nodes.len().saturating_sub(1) {
            // "Since fighting between A and B erupted": between two sides it is what they did, not a verb.
            let auxiliary = at > 0 && matches!(surface[at - 1], "been" | "is" | "are" | "was" | "were");
            if nodes[at].tag.is_verb()
                && !auxiliary
                && matches!(surface[at], "fighting" | "Fighting" | "shooting" | "shelling" | "clashes")
                && surface[at + 1] == "between"
            {
                nodes[at].tag = Tag::Nn;
            }
        }
        for at in 0..nodes.len().saturating_sub(1) {
            // "The Taliban claim responsibility": never a noun before that one.
            if nodes[at].tag.is_noun()
                && matches!(surface[at], "claim" | "claims")
                && matches!(surface[at + 1], "responsibility" | "credit")
            {
                nodes[at].tag = Tag::Vbz;
            }
        }
        for at in 0..nodes.len().saturating_sub(1) {
            // "Shot and killed her boyfriend": before a noun it is whose he is.
            let noun = matches!(nodes[at + 1].tag, Tag::Nn | Tag::Nns)
                || nodes[at + 1].tag == Tag::Jj
                    && nodes.get(at + 2).is_some_and(|after| matches!(after.tag, Tag::Nn | Tag::Nns));
            let timed = times.iter().any(|time| time.span.overlaps(tokens[at + 1].span));
            if surface[at] == "her" && nodes[at].tag == Tag::Prp && noun && !timed {
                nodes[at].tag = Tag::PrpPossessive;
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
            .filter_map(|mut expression| {
                let words = words_of(&words, expression.span)?;
                let whole = expression.interval;
                if let Some(published) = published {
                    expression.interval = expression.up_to(published);
                }
                Some(Time { words, expression, whole })
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

    /// A word, then what it depends on, and so on to the root of its sentence.
    pub fn upwards(&self, word: usize) -> impl Iterator<Item = usize> + '_ {
        // A tree is no deeper than it has words: whatever the parser gives, this ends.
        std::iter::successors(Some(word), |&at| self.words.get(at)?.head).take(self.words.len())
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
            // "Killing *five* including three guards".
            let whole = self.phrases[phrase].preposition.is_some_and(|at| self.lower(at) == "including");
            let before = phrase.checked_sub(1).filter(|&before| {
                self.phrases[before].words.start == group.words.end && self.phrases[before].number.is_some()
            });
            return Some(before.filter(|_| whole).unwrap_or(phrase));
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
                        ["and" | "or"]
                        | [",", "and" | "or"]
                        | [",", "along", "with"]
                        | [",", "as", "well", "as"] => break true,
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
        // "… and one person of interest was detained".
        let after = self.extended(right).end;
        let Some(verb) = self.verb_at.get(after).copied().flatten() else { return false };
        let group = &self.verbs[verb];
        // A verb stood already before the left phrase: then the right one has the verb that follows to itself.
        // "Police said two officers and three civilians were killed": what says so takes neither.
        let earlier = self.verbs[..verb].iter().any(|other| {
            other.words.end <= self.phrases[right].words.start
                && other.words.start >= self.clause_start(self.phrases[left].words.start)
                && !(other.words.end <= self.phrases[left].words.start
                    && SAYING.contains(&self.lemma(other.head)))
        });
        if group.bare_participle {
            // "ten killed and twenty wounded".
            return earlier;
        }
        // With no verb before it, the left one has none of its own.
        let alone =
            !self.verbs[..verb].iter().any(|other| other.words.end <= self.phrases[right].words.start);
        // "Said 84 fighters and 47 soldiers were killed": whatever the tree makes of those right after the saying.
        let said = self.phrases[left]
            .words
            .start
            .checked_sub(1)
            .is_some_and(|at| SAYING.contains(&self.lemma(at)) && self.verb_at[at].is_some() && !earlier);
        if said {
            return false;
        }
        earlier
            || !alone
                && self.words[head].relation.is_subject()
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
