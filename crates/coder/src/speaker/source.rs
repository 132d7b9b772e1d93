//! The reporting verbs and phrases of one sentence: whose they are, and which words they cover.

use std::ops::Range;

use syntax::{Relation, Tag};

use crate::reading::{Parsed, Reading};
use crate::statement::{Found, Sense, Speech, StatementLexicon, VoiceNoun, hanging_gerund};
use crate::unit::Unit;

/// Words that tie some of a sentence to a speaker.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// The phrase that names the speaker; none where the sentence leaves it to what came before.
    pub phrase: Option<usize>,
    /// Where the words for the speaker may stand, appositions included.
    pub region: Range<usize>,
    /// What is said.
    pub contents: Vec<Range<usize>>,
    /// Somebody speaks inside what another says: "when the group announced its return".
    pub nested: bool,
}

/// A list of one stretch.
fn one(words: Range<usize>) -> Vec<Range<usize>> {
    std::iter::once(words).collect()
}

/// Everything in a sentence that ties words to a speaker, in order.
pub(crate) fn sources(reading: &Reading<'_>, parsed: &Parsed) -> Vec<Source> {
    let unit = &parsed.unit;
    let lexicon = &reading.knowledge.statements;
    let mut found: Vec<Source> = Vec::new();
    let cues: Vec<Found> =
        lexicon.find(unit).into_iter().filter(|cue| matches!(cue.sense, Sense::Speech(_))).collect();
    for cue in &cues {
        let row = lexicon.cue(cue.cue);
        let source = match cue.sense {
            Sense::Speech(Speech::Source) => according_to(lexicon, unit, cue),
            Sense::Speech(Speech::Say) if unit.verb_at[cue.words.start].is_none() => estimates(unit, cue),
            Sense::Speech(Speech::Say) => {
                let Some(verb) =
                    unit.verb_at[cue.words.start].filter(|&verb| unit.verbs[verb].head == cue.words.start)
                else {
                    continue;
                };
                says(lexicon, parsed, cue, verb, row.has("strong"), row.has("act"))
            }
            _ => None,
        };
        found.extend(source.map(|source| nest(unit, source)));
    }
    limit(unit, &mut found);
    found
}

/// Verbs that the tagger took for nouns: "the agency estimates that", "…, noting that".
fn estimates(unit: &Unit, cue: &Found) -> Option<Source> {
    if hanging_gerund(unit, cue.words.start) {
        let contents = one(cue.words.end + 1..unit.words.len());
        return Some(Source {
            phrase: None,
            region: cue.words.start..cue.words.start,
            contents,
            nested: false,
        });
    }
    let phrase = unit.phrase_of(cue.words.start).filter(|_| unit.lower(cue.words.end) == "that")?;
    let start = unit.phrases[phrase].words.start;
    (start < cue.words.start).then(|| Source {
        phrase: Some(phrase),
        region: start..cue.words.start,
        contents: one(cue.words.end + 1..unit.words.len()),
        nested: false,
    })
}

/// "According to X": the clause beside it, which is the rest of the sentence.
fn according_to(lexicon: &StatementLexicon, unit: &Unit, cue: &Found) -> Option<Source> {
    let phrase = unit.phrases.iter().position(|phrase| phrase.words.start >= cue.words.end)?;
    if unit.phrases[phrase].words.start > cue.words.end + 1 {
        return None;
    }
    let end = region_end(lexicon, unit, unit.extended(phrase).end);
    let region = cue.words.end..end;
    // In front it covers what follows; behind, what stands before.
    let start = clause_before(unit, cue.words.start);
    let contents = if cue.words.start <= 2 { end..unit.words.len() } else { start..cue.words.start };
    Some(Source { phrase: Some(phrase), region, contents: vec![contents], nested: false })
}

fn says(
    lexicon: &StatementLexicon,
    parsed: &Parsed,
    cue: &Found,
    verb: usize,
    strong: bool,
    act: bool,
) -> Option<Source> {
    let unit = &parsed.unit;
    let group = &unit.verbs[verb];
    let head = group.head;
    let next = cue.words.end.max(group.words.end);
    let content_mark = content_mark(unit, next);
    let clause =
        content_mark.is_some() || unit.child(head, Relation::Ccomp).is_some_and(|child| child > head);
    // Said of a plan or a wish, or by nobody: "to say the least", "it is said", "said to be".
    let introduces = content_mark.is_some_and(|mark| mark <= next + 1);
    let reduced = group.bare_participle && unit.before(group.words.start, 1) != "," && !introduces;
    // Parsers take "the ministry said in a statement" for a participle; "said to be" and "said by" are ones.
    let participle = reduced && (!strong || matches!(unit.lower(next), "to" | "by"));
    if group.passive && unit.lemma(head) != "quote" || participle {
        return None;
    }
    if group.infinitive && unit.before(group.words.start, 2) != "on" {
        return None;
    }
    let before = unit.before(group.words.start, 1);
    let closed = matches!(before, "," | "\"" | "”" | "''" | "»" | "—" | "–" | "-");
    let right_phrase =
        unit.phrases.iter().position(|phrase| phrase.words.start >= next && phrase.words.start <= next + 1);
    // `…," said`: what stands before the marks is said, and no subject, whatever the parser takes for one.
    let quoted = matches!(before, "\"" | "”" | "''" | "»")
        && matches!(unit.before(group.words.start, 2), "," | "!" | "?");
    // "…," said X: the verb stands behind what was said, its speaker behind the verb.
    let inverted = closed
        && !group.gerund
        && content_mark.is_none_or(|mark| mark > next + 1)
        && right_phrase.is_some()
        && !act
        && (quoted || subject_before(parsed, verb).is_none());
    if inverted {
        let phrase = right_phrase?;
        let end = region_end(lexicon, unit, unit.extended(phrase).end);
        let contents = one(clause_before(unit, group.words.start)..group.words.start);
        return Some(Source { phrase: Some(phrase), region: next..end, contents, nested: false });
    }
    // An addressee before "that" is not said.
    let from = content_mark
        .map_or(next, |mark| if matches!(unit.lower(mark), "that" | ":") { mark + 1 } else { mark });
    let right = from.min(unit.words.len())..unit.words.len();
    if group.gerund {
        // "…, adding that": whoever speaks in the main clause; but a gerund after a preposition is no speech.
        let hangs = closed
            || matches!(before, "and" | "by" | "speech" | "statement" | "interview" | "remarks")
            || group.words.start == 0;
        let says_something = clause || act || strong;
        return (hangs && says_something && unit.before(group.words.start, 1) != "of").then(|| Source {
            phrase: None,
            region: head..head,
            contents: vec![right],
            nested: false,
        });
    }
    // "… warned of attacks and told its citizens": one speaker, two verbs.
    let joined = unit.before(group.words.start, 1) == "and"
        && unit.verbs[..verb].iter().any(|other| !other.infinitive);
    if joined {
        return (clause || act || strong).then(|| Source {
            phrase: None,
            region: head..head,
            contents: vec![right],
            nested: false,
        });
    }
    let subject = subject_before(parsed, verb);
    let Some(phrase) = subject else {
        // "And added": whoever spoke last.
        let opens =
            unit.words[..group.words.start].iter().all(|word| !word.tag.is_noun() && !word.tag.is_verb());
        return (opens && (clause || strong) && group.words.start <= 3 && content_mark.is_some())
            .then(|| Source { phrase: None, region: head..head, contents: vec![right], nested: false });
    };
    let start = unit.phrases[phrase].words.start;
    // "… , X said.": nothing that could be said stands behind the verb.
    let addressed = matches!(unit.lemma(head), "tell" | "inform" | "assure" | "notify" | "remind");
    let object = !addressed && unit.object(verb).is_some();
    let ends_here = !clause
        && !object
        && trailing(unit, next)
        && (strong || before_is_comma(unit, region_start(lexicon, unit, start)));
    let left_start = clause_before(unit, region_start(lexicon, unit, start));
    let middle =
        before_is_comma(unit, region_start(lexicon, unit, start)) && left_has_verb(unit, left_start..start);
    let contents = if ends_here {
        one(left_start..region_start(lexicon, unit, start))
    } else if middle && matches!(unit.lower(next), "," | "\"") {
        vec![left_start..region_start(lexicon, unit, start), right]
    } else if clause || act || strong && (object || unit.lower(next) == "," || has_verb(unit, next)) {
        vec![right]
    } else if strong && middle {
        one(left_start..region_start(lexicon, unit, start))
    } else {
        return None;
    };
    Some(Source {
        phrase: Some(phrase),
        region: region_start(lexicon, unit, start)..group.words.start,
        contents,
        nested: false,
    })
}

/// A verb's subject where it stands before the verb; for a relative clause what the clause describes.
fn subject_before(parsed: &Parsed, verb: usize) -> Option<usize> {
    let unit = &parsed.unit;
    let start = unit.verbs[verb].words.start;
    let subject = unit.subject(verb).filter(|&phrase| unit.phrases[phrase].words.end <= start);
    // A dateline is no subject: "BAGHDAD, May 3 - The army said".
    let dashed = |phrase: usize| {
        (unit.phrases[phrase].words.end..start).any(|word| matches!(unit.lower(word), "-" | "–" | "—" | "--"))
    };
    let subject = match subject {
        Some(phrase) if dashed(phrase) => unit.left_phrase(start).filter(|&near| !dashed(near)),
        other => other,
    };
    // A name in apposition stands between the noun and the verb: "the director of the centre, Jane Doe, said".
    let name = parsed.persons.iter().rev().find(|person| {
        person.words.end <= start
            && (person.words.end..start)
                .all(|word| unit.verb_at[word].is_none() || in_relative(unit, person.words.end, word))
            && start - person.words.end <= 40
            && !behind_preposition(unit, person.words.start)
            && subject.is_none_or(|subject| {
                let noun = &unit.phrases[subject];
                !noun.pronoun
                    && (noun.words.start <= person.words.start
                        && no_stop(unit, noun.words.end..person.words.start)
                        || person.words.start <= noun.words.start
                            && apposed(unit, person.words.end, noun.words.start))
            })
    });
    name.and_then(|person| unit.phrase_of(person.words.end - 1)).or(subject)
}

/// Whether a phrase follows a name as its apposition, or as part of one: "Doe, a researcher at the institute,".
fn apposed(unit: &Unit, name_end: usize, phrase_start: usize) -> bool {
    unit.lower(name_end) == "," && phrase_start > name_end
}

/// Whether nothing ends the clause between.
fn no_stop(unit: &Unit, words: Range<usize>) -> bool {
    words.clone().all(|word| !matches!(unit.lower(word), ";" | ":" | "\"" | "“" | "”")) && words.len() <= 30
}

/// Whether a verb stands in a relative clause that began after a name: "…, our researcher who specializes in …, believes".
fn in_relative(unit: &Unit, from: usize, word: usize) -> bool {
    (from..word).rev().take(20).any(|at| matches!(unit.lower(at), "who" | "which" | "whose" | "that"))
}

fn behind_preposition(unit: &Unit, word: usize) -> bool {
    let before = word.checked_sub(1).map(|at| &unit.words[at]);
    before.is_some_and(|before| matches!(before.tag, Tag::In | Tag::To)) || unit.before(word, 1) == "told"
}

/// The first mark behind a verb that introduces what is said: "that", a colon or a quotation mark, with at most
/// an addressee before it ("told reporters that").
fn content_mark(unit: &Unit, from: usize) -> Option<usize> {
    const REACH: usize = 14;
    for at in from..unit.words.len().min(from + REACH) {
        match unit.lower(at) {
            "that" if unit.words[at].tag != Tag::Dt || at == from => return Some(at),
            ":" | "\"" | "“" | "«" | "``" => return Some(at),
            ";" | "." => return None,
            _ if unit.verb_at[at]
                .is_some_and(|verb| unit.verbs[verb].words.start > from && !unit.verbs[verb].gerund) =>
            {
                return None;
            }
            _ => {}
        }
    }
    None
}

/// Whether only an addressee, a time or a place stands between a word and the end of the clause.
fn trailing(unit: &Unit, from: usize) -> bool {
    (from..unit.words.len())
        .all(|at| unit.verb_at[at].is_none_or(|verb| unit.verbs[verb].gerund || unit.verbs[verb].infinitive))
        || matches!(unit.lower(from), "." | "")
}

fn has_verb(unit: &Unit, from: usize) -> bool {
    unit.verbs.iter().any(|group| group.words.start >= from && !group.infinitive && !group.gerund)
}

fn left_has_verb(unit: &Unit, words: Range<usize>) -> bool {
    unit.verbs.iter().any(|group| words.contains(&group.words.start) && !group.gerund && !group.infinitive)
}

fn before_is_comma(unit: &Unit, word: usize) -> bool {
    matches!(unit.before(word, 1), "," | "\"" | "”" | "''" | "»")
}

/// Where the words for a speaker begin: the start of the clause, or after what introduces it.
fn region_start(lexicon: &StatementLexicon, unit: &Unit, phrase_start: usize) -> usize {
    let mut at = phrase_start;
    while at > 0 {
        let before = at - 1;
        let lower = unit.lower(before);
        let stops = unit.verb_at[before].is_some()
            || matches!(lower, ";" | ":" | "\"" | "“" | "”" | "and" | "but" | "while" | "as" | "that" | ",")
                && !opens_apposition(lexicon, unit, before, phrase_start);
        if stops {
            break;
        }
        at = before;
    }
    at
}

/// Whether the comma before a name closes a description of the one named ("the director of the centre, Jane Doe").
fn opens_apposition(lexicon: &StatementLexicon, unit: &Unit, comma: usize, phrase_start: usize) -> bool {
    let describes = || {
        let clause = (0..comma).rev().take_while(|&at| {
            unit.verb_at[at].is_none() && !matches!(unit.lower(at), "," | ";" | "\"" | "”")
        });
        clause.into_iter().any(|at| lexicon.voice_noun(unit.lemma(at)) == Some(VoiceNoun::Individual))
    };
    unit.lower(comma) == ","
        && comma + 1 == phrase_start
        && unit.words[phrase_start].tag.is_proper()
        && describes()
        || unit.lower(comma) == "and"
            && comma > 0
            && comma < phrase_start
            && unit.phrase_at[comma - 1].is_some()
            && unit.phrase_at[comma + 1].is_some()
            && phrase_start > comma + 1
}

/// Where the words for a speaker end: before the quotation or the end of the sentence, with appositions.
fn region_end(lexicon: &StatementLexicon, unit: &Unit, from: usize) -> usize {
    let mut at = from;
    while at < unit.words.len() {
        let lower = unit.lower(at);
        if matches!(lower, "." | ";" | ":" | "\"" | "“" | "”")
            || unit.verb_at[at].is_some_and(|verb| !unit.verbs[verb].bare_participle)
        {
            break;
        }
        if lower == "," && !apposition_follows(lexicon, unit, at + 1) {
            break;
        }
        at += 1;
    }
    at
}

/// Whether a noun phrase without a verb of its own follows a comma: a description of the one named before.
fn apposition_follows(lexicon: &StatementLexicon, unit: &Unit, at: usize) -> bool {
    let Some(phrase) = unit.phrase_of(at) else { return false };
    let end = unit.extended(phrase).end;
    let describes = unit.phrases[phrase].number.is_none()
        && (lexicon.voice_noun(unit.lemma(unit.phrases[phrase].head)).is_some()
            || unit.words[unit.phrases[phrase].head].capital);
    describes && !unit.phrases[phrase].pronoun && unit.verb_at.get(end).copied().flatten().is_none()
}

/// Where the clause that ends at a word begins: after the last semicolon.
fn clause_before(unit: &Unit, word: usize) -> usize {
    (0..word.min(unit.words.len())).rev().find(|&at| unit.lower(at) == ";").map_or(0, |at| at + 1)
}

/// Marks a source in a subordinate clause and ends its words with that clause.
fn nest(unit: &Unit, mut source: Source) -> Source {
    let before = unit.before(source.region.start, 1);
    let opens = |word: &str| {
        matches!(
            word,
            "when"
                | "after"
                | "before"
                | "since"
                | "because"
                | "if"
                | "as"
                | "who"
                | "which"
                | "although"
                | "though"
        )
    };
    let first = source.phrase.map_or(source.region.start, |phrase| unit.phrases[phrase].words.start);
    source.nested =
        source.phrase.is_some() && source.region.start > 0 && (opens(before) || opens(unit.before(first, 1)))
            || opens(unit.lower(source.region.start));
    if source.nested {
        for content in source.contents.iter_mut().filter(|content| content.start >= source.region.end) {
            content.end =
                content.clone().find(|&at| matches!(unit.lower(at), "," | ";")).unwrap_or(content.end);
        }
        source.contents.retain(|content| content.start >= source.region.end && content.start < content.end);
    }
    source
}

/// What one speaker says ends where the next is named.
fn limit(unit: &Unit, sources: &mut Vec<Source>) {
    sources.sort_by_key(|source| {
        source.contents.first().map_or(usize::MAX, |content| content.end.min(content.start))
    });
    let starts: Vec<usize> = sources
        .iter()
        .map(|source| {
            let at = source.region.start;
            // A comma or an "and" before the next speaker belongs to neither.
            let mut start = at;
            while start > 0 && matches!(unit.lower(start - 1), "," | "and" | "but" | "while" | "\"" | "”") {
                start -= 1;
            }
            start
        })
        .collect();
    let nested: Vec<bool> = sources.iter().map(|source| source.nested).collect();
    for (index, source) in sources.iter_mut().enumerate() {
        for content in &mut source.contents {
            // Only a source whose own words are told to the right of it is cut off by the next one.
            let next = starts.iter().enumerate().filter(|&(other, &start)| {
                other != index && !nested[other] && start > content.start && start < content.end
            });
            if let Some((_, &start)) = next.min_by_key(|(_, start)| **start)
                && content.start >= source.region.end
            {
                content.end = start;
            }
        }
        source.contents.retain(|content| content.start < content.end);
    }
    sources.retain(|source| !source.contents.is_empty());
}
