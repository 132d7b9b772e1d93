//! Finding the words of a sentence that tell of an event.

use std::ops::Range;

use syntax::Tag;

use crate::kind::Kind;
use crate::lexicon::{Class, Entry, Lexicon};
use crate::unit::Unit;

/// A word or phrase of the lexicon in a sentence.
#[derive(Debug, Clone)]
pub struct Trigger {
    /// Its words, from first to last.
    pub words: Range<usize>,
    /// The word that others depend on: the verb of a verb phrase, the head of a noun phrase.
    pub head: usize,
    /// The entry.
    pub entry: usize,
    /// What it tells, once its object is known.
    pub kind: Kind,
}

/// How many words may stand between two parts of a verb phrase ("launched *three new* attacks").
const MAX_GAP: usize = 3;

/// How many words an object between a verb and "dead" or "to death" may have.
const MAX_OBJECT: usize = 6;

/// The triggers of a sentence, in order; the longest wins where two overlap.
#[must_use]
pub fn find(lexicon: &Lexicon, unit: &Unit) -> Vec<Trigger> {
    let mut found: Vec<Trigger> = Vec::new();
    let mut at = 0;
    while at < unit.words.len() {
        if unit.time_at(at).is_some() {
            at += 1;
            continue;
        }
        match longest(lexicon, unit, at) {
            Some(trigger) => {
                // Words inside a verb phrase may be triggers of their own ("launched an *attack*").
                let next = if lexicon.entry(trigger.entry).class == Class::Verb {
                    at + 1
                } else {
                    trigger.words.end
                };
                let inside = found.last().is_some_and(|last| {
                    last.words.contains(&trigger.head) && last.words.end >= trigger.words.end
                });
                if !inside {
                    found.push(trigger);
                }
                at = next;
            }
            None => at += 1,
        }
    }
    found
}

fn longest(lexicon: &Lexicon, unit: &Unit, at: usize) -> Option<Trigger> {
    let word = &unit.words[at];
    let keys = [word.lemma.as_str(), word.lower.as_str()];
    let mut best: Option<Trigger> = None;
    for key in keys {
        for &index in lexicon.starting(key) {
            let entry = lexicon.entry(index);
            if !class_fits(unit, at, entry) {
                continue;
            }
            let Some(words) = matches(unit, at, entry) else { continue };
            let head = if entry.class == Class::Noun { words.end - 1 } else { words.start };
            let better = best.as_ref().is_none_or(|best| {
                words.len() > best.words.len()
                    || words.len() == best.words.len()
                        && rank(unit, at, entry) > rank(unit, at, lexicon.entry(best.entry))
            });
            if better {
                best = Some(Trigger { words, head, entry: index, kind: entry.kind });
            }
        }
        if keys[0] == keys[1] {
            break;
        }
    }
    best
}

/// Of entries of several classes the one that the tag speaks for.
fn rank(unit: &Unit, at: usize, entry: &Entry) -> u8 {
    let tag = unit.words[at].tag;
    match entry.class {
        Class::Verb if unit.verb_at[at].is_some() => 3,
        Class::Adjective if tag.is_adjective() || tag.is_past_participle() => 2,
        Class::Noun if tag.is_noun() => 2,
        _ => 1,
    }
}

fn class_fits(unit: &Unit, at: usize, entry: &Entry) -> bool {
    let tag = unit.words[at].tag;
    match entry.class {
        Class::Verb => {
            unit.verb_at[at]
                .is_some_and(|verb| unit.verbs[verb].head == at || unit.verbs[verb].words.end == at + 1)
                || entry.lemmas.len() > 1 && tag.is_verb()
        }
        // Nouns after a number may be tagged as anything in headlines ("10 wounded").
        Class::Noun => {
            tag.is_noun()
                || tag.is_adjective()
                || unit.phrase_of(at).is_some() && !matches!(tag, Tag::Dt | Tag::Cd)
                || tag.is_gerund()
                    && unit.verb_at[at]
                        .is_none_or(|verb| unit.object(verb).is_none() && unit.before(at, 1) != "to")
        }
        Class::Adjective => {
            tag.is_adjective()
                || tag.is_past_participle()
                || tag == Tag::Vbd
                || tag.is_adverb()
                || tag.is_noun()
        }
    }
}

fn is_clinic(lemma: &str) -> bool {
    matches!(lemma, "hospital" | "center" | "centre" | "clinic")
}

/// Whether the rest of an entry follows, and up to where.
fn matches(unit: &Unit, at: usize, entry: &Entry) -> Option<Range<usize>> {
    let mut next = at + 1;
    for want in &entry.lemmas[1..] {
        // Particles and prepositions follow their verb at once, but for "blow *himself* up".
        // "Burned *20 people* to death", "shot *four villagers* dead", "sent *42* to hospital", "took *two men* into
        // custody".
        // "Set *15 vehicles and machines* on fire".
        let ends_life = matches!(want.as_str(), "dead" | "alive" | "ablaze" | "alight")
            || want == "on" && entry.lemmas.last().is_some_and(|last| last == "fire")
            || want == "to" && entry.lemmas.last().is_some_and(|last| last == "death" || is_clinic(last))
            || want == "into" && entry.lemmas.last().is_some_and(|last| last == "custody");
        let gap = match want.as_str() {
            _ if entry.class != Class::Verb => 0,
            _ if ends_life => MAX_OBJECT,
            // "Taken to *St. Anthony's Memorial* Hospital".
            name if is_clinic(name) || name == "medical" => MAX_OBJECT,
            // "drove the last fighters out of".
            "from" if entry.kind == Kind::Capture => MAX_GAP + 1,
            "out" => MAX_GAP + 1,
            "up" | "off" | "down" | "over" => 2,
            "at" | "on" | "upon" | "into" | "through" | "to" | "of" | "from" => 0,
            _ => MAX_GAP,
        };
        let mut skipped = 0;
        loop {
            let word = unit.words.get(next)?;
            next += 1;
            if word.lemma == *want || word.lower == *want {
                break;
            }
            let light = matches!(
                word.tag,
                Tag::Dt
                    | Tag::Jj
                    | Tag::Jjr
                    | Tag::Jjs
                    | Tag::Cd
                    | Tag::PrpPossessive
                    | Tag::Nn
                    | Tag::Nns
                    | Tag::Nnp
                    | Tag::Nnps
                    | Tag::Prp
                    | Tag::Rb
                    | Tag::Vbn
                    | Tag::Pos
            ) || ends_life && matches!(word.tag, Tag::In | Tag::Cc)
                // "Threw *bottles and* stones".
                || entry.kind == Kind::Riot && word.tag == Tag::Cc;
            if skipped == gap || !light {
                return None;
            }
            skipped += 1;
        }
    }
    Some(at..next)
}
