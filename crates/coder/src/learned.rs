/*! What the learned reader sees: which words tell an event, who and what stands to it how, and how sure it is.

The encoder looks at windows of whole sentences, each beginning with the last sentence of the one before. Of every word it
gives a vector; what is asked of the vectors are linear heads, trained together with it (`models/train`, `models/reader.md`).
Nothing here decides: the stages ask, and a chance is a reason among others.
*/

use std::ops::Range;

use encoder::{Bytes, Encoder, Head, Scratch, Tokenizer};
use record::vocabulary::{Completion, Realis, SubEventType};
use text::Text;

/// What a word can be to an event; the order is that of the heads' outputs (`models/train/data.py`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Link {
    /// Who does it.
    Actor,
    /// To whom it is done.
    Recipient,
    /// A physical target.
    Object,
    /// What with.
    Weapon,
    /// Where.
    Place,
    /// When.
    Time,
    /// A count of dead.
    Killed,
    /// A count of wounded.
    Injured,
    /// A count of others: abducted, arrested, missing.
    Others,
    /// Whom the report rests on.
    Said,
    /// Another word that tells the same event.
    Same,
}

const LINKS: usize = 11;
/// Roles in an incident that a word can have by itself: who did it, which body, what was struck, who was, with what (MUC-4).
const FILLERS: usize = 5;
/// What the learned reader weighs beside the rules' weights in the choice of a place: the best of 0, 0.3, 0.5 and 0.7 lay between
/// the second and the third, on one sentence in seven of the event location corpus' seen half, kept from training for this.
const PLACE_SHARE: f64 = 0.4;
/// Most pieces of a window, with the two marks around it.
const LIMIT: usize = 128;
/// Most pieces of a word that are looked at.
const LONGEST: usize = 12;

/// Chance of a word to tell an event from which a report is looked at in full.
const WORTH: f32 = 0.3;

/// Name of the model in coded documents.
pub const NAME: &str = "reader/1";

/// The learned reader.
pub struct Learned {
    encoder: Encoder,
    tokenizer: Tokenizer,
    kind: Head,
    realis: Head,
    completion: Head,
    ask: Head,
    answer: Head,
    alone: Head,
    fillers: Head,
}

fn row(head: &Head, row: usize) -> &[f32] {
    &head.weight[row * head.cols..(row + 1) * head.cols]
}

/// A head of a known shape.
fn head(encoder: &Encoder, name: &str, rows: usize) -> Result<Head, encoder::Error> {
    let head = encoder.head(name)?;
    let fits = (head.rows, head.cols) == (rows, encoder.width());
    fits.then_some(head).ok_or_else(|| encoder::Error::Missing(name.to_owned()))
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    // Eight sums side by side: the compiler may use wide registers, and the order is the same on every machine.
    let mut sums = [0.0_f32; 8];
    let (a8, b8) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f32 = a8.remainder().iter().zip(b8.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in a8.zip(b8) {
        for at in 0..8 {
            sums[at] += a[at] * b[at];
        }
    }
    sums.iter().sum::<f32>() + rest
}

fn chance(logit: f32) -> f32 {
    1.0 / (1.0 + (-logit).exp())
}

/// Chances that sum to one.
fn chances(logits: &[f32]) -> Vec<f32> {
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let raised: Vec<f32> = logits.iter().map(|logit| (logit - most).exp()).collect();
    let sum: f32 = raised.iter().sum();
    raised.iter().map(|value| value / sum).collect()
}

/// What was seen of a text.
pub struct Seen<'a> {
    learned: &'a Learned,
    windows: Vec<Window>,
    /// By sentence, the windows that hold it.
    of: Vec<Vec<usize>>,
}

/// A token and its word pieces.
type Pieces = (usize, Vec<u32>);

struct Window {
    /// Tokens of the text, not always without gaps.
    tokens: Vec<usize>,
    /// A vector for each.
    vectors: Vec<f32>,
}

impl Learned {
    /// Takes the weights: the base that set-up builds, and our own.
    ///
    /// # Errors
    /// Where a file is damaged, is of another version, or they do not belong together.
    pub fn from_bytes(base: Bytes, own: Bytes) -> Result<Self, encoder::Error> {
        let encoder = Encoder::from_bytes(base, own)?;
        let links = |name: &str| {
            let rows = encoder.head(name)?.rows;
            head(&encoder, name, rows / LINKS * LINKS)
        };
        let (ask, answer) = (links("ask")?, links("answer")?);
        if ask.rows != answer.rows || encoder.longest() < LIMIT {
            return Err(encoder::Error::Missing("answer".to_owned()));
        }
        Ok(Self {
            kind: head(&encoder, "kind", 1 + SubEventType::ALL.len())?,
            realis: head(&encoder, "realis", REALIS.len())?,
            completion: head(&encoder, "completion", COMPLETION.len())?,
            alone: head(&encoder, "alone", LINKS)?,
            fillers: head(&encoder, "fillers", FILLERS)?,
            ask,
            answer,
            tokenizer: encoder.tokenizer()?,
            encoder,
        })
    }

    /// Looks at the wanted sentences of a text.
    #[must_use]
    pub fn look(&self, text: &Text, wanted: impl Fn(usize) -> bool) -> Seen<'_> {
        let mut scratch = Scratch::default();
        let (plan, of) = self.plan(text, wanted);
        let windows = plan.iter().map(|pieces| self.window(pieces, &mut scratch)).collect();
        Seen { learned: self, windows, of }
    }

    /// Whether a word of a sentence, each looked at by itself, could tell an event.
    #[must_use]
    pub fn may_tell(&self, text: &Text, sentences: impl IntoIterator<Item = usize>) -> bool {
        let mut scratch = Scratch::default();
        sentences.into_iter().any(|sentence| {
            let (plan, _) = self.plan(text, |at| at == sentence);
            plan.iter().map(|pieces| self.window(pieces, &mut scratch)).any(|window| {
                window.vectors.chunks_exact(self.encoder.width()).any(|vector| {
                    chances(&self.kind.apply(vector)).first().is_some_and(|nothing| 1.0 - nothing >= WORTH)
                })
            })
        })
    }

    /// The windows over the wanted sentences, each the tokens with their pieces, and by sentence those that hold it.
    fn plan(&self, text: &Text, wanted: impl Fn(usize) -> bool) -> (Vec<Vec<Pieces>>, Vec<Vec<usize>>) {
        let mut of = vec![Vec::new(); text.sentences.len()];
        let mut pieces: Vec<Pieces> = Vec::new();
        let mut sentences: Vec<(usize, Range<usize>)> = Vec::new();
        for (at, sentence) in text.sentences.iter().enumerate().filter(|(at, _)| wanted(*at)) {
            let from = pieces.len();
            for token in sentence.tokens.clone() {
                let mut ids = Vec::new();
                self.tokenizer.pieces(text.word(&text.tokens[token]), &mut ids);
                ids.truncate(LONGEST);
                pieces.push((token, ids));
            }
            if from < pieces.len() {
                sentences.push((at, from..pieces.len()));
            }
        }
        let size = |from: usize, to: usize| pieces[from..to].iter().map(|(_, ids)| ids.len()).sum::<usize>();
        let mut plan = Vec::new();
        let mut at = 0;
        while at < sentences.len() {
            let from = sentences[at].1.start;
            let mut stop = at + 1;
            while stop < sentences.len() && size(from, sentences[stop].1.end) <= LIMIT - 2 {
                stop += 1;
            }
            let mut to = sentences[stop - 1].1.end;
            while size(from, to) > LIMIT - 2 && to > from + 1 {
                to -= 1;
            }
            for (sentence, _) in &sentences[at..stop] {
                of[*sentence].push(plan.len());
            }
            plan.push(pieces[from..to].to_vec());
            if stop >= sentences.len() {
                break;
            }
            // One sentence is seen twice, so that none stands without what came before it.
            let last = &sentences[stop - 1].1;
            at = if stop - at > 1 && size(last.start, last.end) < (LIMIT - 2) / 3 { stop - 1 } else { stop };
        }
        (plan, of)
    }

    fn window(&self, pieces: &[Pieces], scratch: &mut Scratch) -> Window {
        let mut ids = vec![self.tokenizer.start()];
        let mut first = Vec::with_capacity(pieces.len());
        for (_, piece) in pieces {
            first.push(ids.len());
            ids.extend(piece);
        }
        ids.truncate(LIMIT - 1);
        ids.push(self.tokenizer.end());
        let mut vectors = Vec::with_capacity(first.len() * self.encoder.width());
        // Every id is the tokenizer's and the length is kept to: nothing to fail at, and a window without vectors says nothing.
        if let Ok(hidden) = self.encoder.encode(scratch, &[&ids]) {
            for at in first {
                vectors.extend_from_slice(hidden.row(0, at.min(ids.len() - 1)).unwrap_or(&[]));
            }
        }
        Window { tokens: pieces.iter().map(|(token, _)| *token).collect(), vectors }
    }
}

impl Seen<'_> {
    fn width(&self) -> usize {
        self.learned.encoder.width()
    }

    fn vector(&self, window: usize, token: usize) -> Option<&[f32]> {
        let window = &self.windows[window];
        let at = window.tokens.binary_search(&token).ok()?;
        window.vectors.get(at * self.width()..(at + 1) * self.width())
    }

    /// The vector of a token, in the first window that holds its sentence.
    fn first(&self, sentence: usize, token: usize) -> Option<&[f32]> {
        self.vector(*self.of.get(sentence)?.first()?, token)
    }

    /// The chance that a word tells an event, and the likeliest sub-event type.
    #[must_use]
    pub fn event(&self, sentence: usize, token: usize) -> Option<(f32, SubEventType)> {
        let all = self.kinds(sentence, token)?;
        let (at, _) = all[1..].iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1))?;
        Some((1.0 - all[0], SubEventType::ALL[at]))
    }

    /// The chance that a word tells no event, and of each sub-event type, in the order of ACLED's list.
    #[must_use]
    pub fn kinds(&self, sentence: usize, token: usize) -> Option<Vec<f32>> {
        Some(chances(&self.learned.kind.apply(self.first(sentence, token)?)))
    }

    /// The chances of each realis, in the order of [`REALIS`].
    #[must_use]
    pub fn realis(&self, sentence: usize, token: usize) -> Option<Vec<f32>> {
        Some(chances(&self.learned.realis.apply(self.first(sentence, token)?)))
    }

    /// The chances of each completion, in the order of [`COMPLETION`].
    #[must_use]
    pub fn completion(&self, sentence: usize, token: usize) -> Option<Vec<f32>> {
        Some(chances(&self.learned.completion.apply(self.first(sentence, token)?)))
    }

    /// The chances that a word names who did a deed of which the report tells, the body behind it, a thing or a person that was
    /// struck, or a weapon: whichever deed it is.
    #[must_use]
    pub fn fillers(&self, sentence: usize, token: usize) -> Option<[f32; FILLERS]> {
        let logits = self.learned.fillers.apply(self.first(sentence, token)?);
        let logits: [f32; FILLERS] = logits.try_into().ok()?;
        Some(logits.map(chance))
    }

    /// What an event's word asks of others, to be put to many of them; both in one window.
    #[must_use]
    pub fn asking(&self, sentence: usize, token: usize, link: Link) -> Vec<Asking> {
        let learned = self.learned;
        let size = learned.ask.rows / LINKS;
        let rows = link as usize * size..(link as usize + 1) * size;
        let root = f32::from(u16::try_from(size).unwrap_or(u16::MAX)).sqrt();
        let of = |window: usize| {
            let vector = self.vector(window, token)?;
            // (A·t)·(B·w) = (Bᵀ·A·t)·w: one vector that any word can be held against.
            let mut weights = row(&learned.alone, link as usize).to_vec();
            let mut bias = learned.alone.bias[link as usize];
            for at in rows.clone() {
                let asked = (dot(row(&learned.ask, at), vector) + learned.ask.bias[at]) / root;
                weights
                    .iter_mut()
                    .zip(row(&learned.answer, at))
                    .for_each(|(sum, weight)| *sum += asked * weight);
                bias += asked * learned.answer.bias[at];
            }
            Some(Asking { window, weights, bias })
        };
        self.of.get(sentence).into_iter().flatten().filter_map(|&window| of(window)).collect()
    }

    /// How likely a place of a sentence is an event's, where the rules' weights and the learned reader were asked apart: a weighted
    /// mean of both in logits, since neither knows what the other was not told.
    pub fn with_places(
        &self,
        sentence: usize,
        event: usize,
        places: &[std::ops::Range<usize>],
        chances: &mut [f64],
    ) {
        let asking = self.asking(sentence, event, Link::Place);
        let logit = |chance: f64| {
            let chance = chance.clamp(0.001, 0.999);
            (chance / (1.0 - chance)).ln()
        };
        for (place, chance) in places.iter().zip(chances) {
            let seen = place.clone().filter_map(|token| self.answer(&asking, token)).max_by(f32::total_cmp);
            if let Some(seen) = seen {
                let sum = (1.0 - PLACE_SHARE) * logit(*chance) + PLACE_SHARE * logit(f64::from(seen));
                *chance = 1.0 / (1.0 + (-sum).exp());
            }
        }
    }

    /// The chance that a token stands so to the event that asks; none where they are not in one window.
    #[must_use]
    pub fn answer(&self, asking: &[Asking], token: usize) -> Option<f32> {
        asking.iter().find_map(|asking| {
            let vector = self.vector(asking.window, token)?;
            Some(chance(dot(&asking.weights, vector) + asking.bias))
        })
    }
}

/// What an event's word asks for.
pub struct Asking {
    window: usize,
    weights: Vec<f32>,
    bias: f32,
}

/// The order of [`Seen::realis`].
pub const REALIS: [Realis; 5] =
    [Realis::Asserted, Realis::Negated, Realis::Hypothetical, Realis::Future, Realis::Historical];

/// The order of [`Seen::completion`].
pub const COMPLETION: [Completion; 4] =
    [Completion::Accomplished, Completion::Attempted, Completion::Foiled, Completion::Threatened];
