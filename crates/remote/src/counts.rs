//! Counts: the words are read by our own reader of numbers, and put together as the other reader's are.

use std::collections::BTreeMap;

use coder::lexicon::Outcome;
use coder::person::Person;
use coder::reading::Parsed;
use coder::toll::Piece;
use record::{Count, Quantity};
use text::number::NumberPhrase;
use text::{SentenceRole, Span};

use crate::reply::{Fate, Figure};
use crate::scribe::{Proof, Scribe, phrase_in};

/// What a plural without a number says at least.
const BARE_PLURAL: u64 = 2;

/// Words by which nobody is counted.
const NOBODY: &[&str] = &["no", "nobody", "none", "not", "neither", "without", "zero"];

/// Words that say that these come besides those told of before.
const MORE: &[&str] = &["additional", "another", "further", "more", "also", "other"];

/// A count with where it was found.
struct Found<'f> {
    figure: &'f Figure,
    quantity: Quantity,
    span: Span,
    sentence: usize,
    phrase: Option<usize>,
}

impl Scribe<'_, '_> {
    /// The counts by sentence, as [`coder::toll::together`] takes them.
    pub(crate) fn pieces(
        &mut self,
        figures: &[Figure],
        near: usize,
        proof: &mut Proof,
        reasons: &mut BTreeMap<String, String>,
    ) -> Vec<Vec<Piece>> {
        let mut found: Vec<Found<'_>> = Vec::new();
        for figure in figures {
            let Some(span) = self.find(&figure.quote, Some(near)) else { continue };
            let field = outcome(figure.outcome).as_str();
            let Some((quantity, span, note)) = self.quantity(figure, span) else {
                self.unusable(&format!("no number of people in {:?}", short(&figure.quote)));
                continue;
            };
            let reason = match note {
                Some(note) => note,
                None => format!("quoted by the remote model {}, and whose; read by the rules", self.model),
            };
            reasons
                .entry(field.to_owned())
                .and_modify(|known| {
                    if !known.contains(&reason) {
                        known.push_str("; ");
                        known.push_str(&reason);
                    }
                })
                .or_insert(reason);
            proof.add(span, field);
            if matches!(figure.outcome, Fate::Killed | Fate::KilledOrInjured) {
                proof.add(span, "deaths");
            }
            let sentence = self.reading.text.sentence_at(span.start).unwrap_or(0);
            let phrase = self.parsed(span).and_then(|parsed| phrase_in(parsed, span));
            if !found.iter().any(|known| known.span == span && known.figure.outcome == figure.outcome) {
                found.push(Found { figure, quantity, span, sentence, phrase });
            }
        }
        found.sort_by_key(|count| (count.sentence, count.span.start));
        let mut sentences: Vec<Vec<Piece>> = Vec::new();
        let mut at = 0;
        while at < found.len() {
            let end =
                at + found[at..].iter().take_while(|count| count.sentence == found[at].sentence).count();
            let here = &found[at..end];
            sentences.push(here.iter().map(|count| self.piece(count, here)).collect());
            at = end;
        }
        // The headline repeats what the text says, and more roughly: the text comes first.
        sentences.sort_by_key(|pieces| pieces.iter().any(|piece| piece.title));
        sentences
    }

    fn piece(&self, count: &Found<'_>, here: &[Found<'_>]) -> Piece {
        let text = &self.reading.text;
        let parsed = self.reading.parsed.get(count.sentence).and_then(Option::as_ref);
        let lower = text.slice(count.span).to_lowercase();
        let says = |words: &[&str]| lower.split_whitespace().any(|word| words.contains(&word));
        let part_of = count.figure.part_of.as_ref().and_then(|whole| {
            here.iter().position(|other| {
                other.figure.quote == *whole
                    && other.figure.outcome == count.figure.outcome
                    && other.span != count.span
            })
        });
        // A whole that is itself a part of this one is no whole.
        let part_of =
            part_of.filter(|&whole| here[whole].figure.part_of.as_ref() != Some(&count.figure.quote));
        let person = parsed
            .zip(count.phrase)
            .filter(|_| count.quantity == Quantity::exact(1))
            .map(|(parsed, phrase)| Person::of(self.reading, parsed, phrase));
        let mention = text.mention(self.without_name(parsed, count.span));
        Piece {
            outcome: outcome(count.figure.outcome),
            count: Count {
                number: count.quantity,
                who: count.figure.who,
                text: mention.text,
                start: mention.start,
                end: mention.end,
                part_of: None,
                superseded: false,
                according_to: None,
            },
            part_of,
            toll: false,
            adds: says(MORE),
            title: text
                .sentences
                .get(count.sentence)
                .is_some_and(|sentence| sentence.role == SentenceRole::Title),
            known: matches!(
                lower.split_whitespace().next(),
                Some("the" | "these" | "those" | "they" | "them" | "both")
            ),
            at_least_hurt: false,
            cared: false,
            among: lower.starts_with("among"),
            person,
            again: false,
            outlived: false,
            was_hurt: false,
            claimed: false,
        }
    }

    /// What the words of a count say: the number in them, with the words around it that bound it; else what their noun says.
    /// Also a note, where that is not what the model says.
    fn quantity(&mut self, figure: &Figure, span: Span) -> Option<(Quantity, Span, Option<String>)> {
        if let Some(number) = self.number_in(span, figure.number) {
            let read = number.quantity.figure()?;
            let note = figure.number.filter(|&model| model != read).map(|model| {
                format!("the words say {read}; the remote model {} made it {model}", self.model)
            });
            let span = span.join(self.reading.text.span_of(number.tokens));
            return (read > 0).then_some((number.quantity, span, note));
        }
        let parsed = self.parsed(span)?;
        let words = parsed.unit.words_of(span)?;
        if figure.number == Some(0) || words.clone().any(|word| NOBODY.contains(&parsed.unit.lower(word))) {
            return None;
        }
        let head = &parsed.unit.words[parsed.unit.phrases[phrase_in(parsed, span)?].head];
        let plural = head.tag.is_plural()
            || matches!(head.lower.as_str(), "people" | "police" | "troops" | "children" | "women" | "men")
            || matches!(head.lower.as_str(), "they" | "them" | "those");
        let quantity = if plural { Quantity::vague(BARE_PLURAL) } else { Quantity::exact(1) };
        // A noun for a body says nothing of how many: only where both say one, it is one.
        if !plural && figure.number != Some(1) {
            return None;
        }
        let note = figure.number.filter(|&model| Some(model) != quantity.figure()).map(|model| {
            format!(
                "the words give no number, so two at least; the remote model {} made it {model}",
                self.model
            )
        });
        Some((quantity, span, note))
    }

    /// The number in some words, with the words around it that bound it: of several the one that the model says, else the first
    /// that is no year.
    pub(crate) fn number_in(&mut self, span: Span, said: Option<u64>) -> Option<NumberPhrase> {
        let text = &self.reading.text;
        let sentence = text.sentence_at(span.start)?;
        let tokens = text.sentences.get(sentence)?.tokens.clone();
        let numbers = self.numbers.entry(sentence).or_insert_with(|| text::number::find(text, tokens));
        let mut inside = numbers.iter().filter(|number| span.contains(text.span_of(number.core.clone())));
        let same = inside.clone().find(|number| said.is_some() && number.quantity.figure() == said);
        same.or_else(|| inside.find(|number| !number.year_like)).cloned()
    }

    /// A person's name is no figure, and does not go out: the words that say what was done stand for it.
    fn without_name(&self, parsed: Option<&Parsed>, span: Span) -> Span {
        let Some(parsed) = parsed else { return span };
        let unit = &parsed.unit;
        let Some(words) = unit.words_of(span) else { return span };
        let named = |word: usize| {
            parsed.persons.iter().any(|person| person.words.contains(&word))
                || unit.words[word].tag.is_proper()
                    && !parsed.places.iter().any(|place| place.words.contains(&word))
                    && !parsed.actors.iter().any(|actor| actor.words.contains(&word))
        };
        let names: Vec<usize> = words.clone().filter(|&word| named(word)).collect();
        let (Some(&first), Some(&last)) = (names.first(), names.last()) else { return span };
        // "A guard, Ahmed Saleh": the words before the name, or behind it.
        let counts = |range: &std::ops::Range<usize>| {
            range.clone().any(|word| {
                unit.phrase_of(word).is_some() && unit.words[word].lower.chars().any(char::is_alphanumeric)
            })
        };
        let (before, after) = (words.start..first, last + 1..words.end);
        for range in [before, after] {
            if counts(&range) && !range.clone().any(named) {
                return unit.span(&range);
            }
        }
        let distance = |verb: &coder::unit::VerbGroup| verb.head.abs_diff(first);
        unit.verbs.iter().min_by_key(|verb| distance(verb)).map_or(span, |verb| unit.span(&verb.words))
    }
}

const fn outcome(fate: Fate) -> Outcome {
    match fate {
        Fate::Killed => Outcome::Killed,
        Fate::Injured => Outcome::Injured,
        Fate::KilledOrInjured => Outcome::KilledOrInjured,
        Fate::Abducted => Outcome::Abducted,
        Fate::Arrested => Outcome::Arrested,
        Fate::Missing => Outcome::Missing,
        Fate::Escaped => Outcome::Escaped,
        Fate::Displaced => Outcome::Displaced,
    }
}

fn short(quote: &str) -> String {
    quote.chars().take(60).collect()
}
