//! Causes: why violence comes, rises or falls.

use std::ops::Range;

use record::StatementKind;

use super::lexicon::{Found, Sense, Side};
use super::scene::inside;
use super::{Draft, Scene};
use crate::unit::Unit;

/// Longest cause, in words: beyond it the rest of the clause tells something else.
const LONGEST: usize = 40;

pub(crate) fn find(scene: &Scene<'_, '_>, drafts: &mut Vec<Draft>) {
    for found in &scene.cues {
        let Sense::Cause(side) = found.sense else { continue };
        let segment = scene.segment(found.words.start);
        if !segment.contains(&found.words.start) {
            continue;
        }
        let Some((effect, mut causes)) = parts(scene, found, side, &segment) else { continue };
        for cause in &mut causes {
            *cause = without_tail(scene.unit, cause.clone());
        }
        causes.retain(|cause| names_something(scene, cause));
        if causes.is_empty() || !concerns(scene, found, side, &effect, &causes, &segment) {
            continue;
        }
        // Two cues of one clause ("because of", "led to") add to one statement.
        if let Some(known) =
            drafts.iter_mut().find(|draft| draft.kind == StatementKind::Cause && draft.words == segment)
        {
            for cause in causes {
                if !known.causes.iter().any(|other| other.start < cause.end && cause.start < other.end) {
                    known.causes.push(cause);
                }
            }
            known.causes.sort_by_key(|cause| cause.start);
            continue;
        }
        let mut draft = Draft::new(StatementKind::Cause, segment.clone(), scene.said_at(found, &segment));
        draft.causes = causes;
        draft.condition = scene.condition(&segment);
        draft.theme = Some(effect);
        drafts.push(draft);
    }
}

/// "Two main reasons", "a number of circumstances" name no cause.
fn names_something(scene: &Scene<'_, '_>, cause: &Range<usize>) -> bool {
    let unit = scene.unit;
    let is_place = |word: usize| scene.parsed.places.iter().any(|place| place.words.contains(&word));
    let empty = |lemma: &str| {
        matches!(
            lemma,
            "reason"
                | "factor"
                | "cause"
                | "circumstance"
                | "number"
                | "this"
                | "that"
                | "it"
                | "several"
                | "main"
                | "many"
        )
    };
    cause.clone().any(|word| {
        let tag = unit.words[word].tag;
        (tag.is_noun() || tag.is_verb()) && !empty(unit.lemma(word)) && !is_place(word)
    })
}

/// A cause without adverbs and conjunctions that lead on from it.
fn without_tail(unit: &Unit, mut cause: Range<usize>) -> Range<usize> {
    while cause.end > cause.start
        && (unit.words[cause.end - 1].tag.is_adverb()
            || matches!(
                unit.lower(cause.end - 1),
                "as" | "and" | "which" | "that" | "also" | "has" | "have" | ","
            ))
    {
        cause.end -= 1;
    }
    cause
}

/// The words for the effect and those for each cause.
fn parts(
    scene: &Scene<'_, '_>,
    found: &Found,
    side: Side,
    segment: &Range<usize>,
) -> Option<(Range<usize>, Vec<Range<usize>>)> {
    let unit = scene.unit;
    let cue = scene.cue(found);
    let left = segment.start..found.words.start;
    let right = found.words.end..segment.end;
    match side {
        Side::Right => {
            if cue.has("actor") {
                let verb = scene.verb(found)?;
                if unit.verbs[verb].passive || unit.verbs[verb].bare_participle {
                    // "The conditions exploited by the group are …" is told by `Reason`.
                    return None;
                }
                return Some((left, listed(scene, right)));
            }
            if cue.has("speech") {
                // "Attributes the rise to …", "blames the rise on …".
                let link = if cue.has("on") { "on" } else { "to" };
                let object = scene.verb(found).and_then(|verb| unit.object(verb));
                if cue.has("on")
                    && !right.clone().any(|word| unit.lower(word) == "on")
                    && object.is_some_and(|object| scene.reading.describe(scene.parsed, object).is_none())
                    && scene.follows_a_trend()
                {
                    // "She blamed the withdrawal": for what the sentence before tells.
                    return Some((segment.clone(), listed(scene, right)));
                }
                let to = right.clone().find(|&word| unit.lower(word) == link)?;
                return Some((found.words.end..to, listed(scene, to + 1..segment.end)));
            }
            if left.len() < 2 {
                // "Because of the drought, attacks rose": the effect follows the comma.
                let comma = right.clone().find(|&word| unit.lower(word) == ",")?;
                return Some((comma + 1..segment.end, listed(scene, right.start..comma)));
            }
            Some((left, listed(scene, right)))
        }
        Side::Clause => {
            let stop = right.clone().find(|&word| matches!(unit.lower(word), ";")).unwrap_or(right.end);
            let (effect, cause) = if left.len() < 2 {
                let comma = right.clone().find(|&word| {
                    unit.lower(word) == "," && scene.unit.verbs.iter().any(|group| group.words.start > word)
                })?;
                (comma + 1..segment.end, right.start..comma)
            } else {
                (left, right.start..stop)
            };
            Some((effect, vec![scene.trim(shorten(unit, cause))]))
        }
        Side::Left => {
            let verb = scene.verb(found);
            if let Some(verb) = verb {
                let group = &unit.verbs[verb];
                if group.passive
                    || group.bare_participle
                    || group.infinitive
                    || group.modal.as_deref().is_some_and(|modal| modal != "can")
                {
                    return None;
                }
                if cue.has("enable")
                    && !(right.start..right.end.min(right.start + 8)).any(|word| unit.lower(word) == "to")
                {
                    return None;
                }
            }
            let cause = subject_words(scene, verb, found, segment)?;
            Some((right, listed(scene, cause)))
        }
        Side::Reason => reason(scene, found, segment),
    }
}

/// The words for what acts: the verb's subject with what hangs on it, or what "which" and "this" point back to.
fn subject_words(
    scene: &Scene<'_, '_>,
    verb: Option<usize>,
    found: &Found,
    segment: &Range<usize>,
) -> Option<Range<usize>> {
    let unit = scene.unit;
    let start = verb.map_or(found.words.start, |verb| unit.verbs[verb].words.start);
    if let Some(verb) = verb
        && let Some(subject) = scene.subject(verb)
    {
        let phrase = &unit.phrases[subject];
        if phrase.pronoun
            && matches!(unit.lower(phrase.head), "it" | "they" | "this")
            && unit.before(phrase.words.start, 1) != "as"
        {
            // The pronoun stands for what was told before; only a clause of the same sentence can be quoted.
            let from = (segment.start..phrase.words.start)
                .rev()
                .find(|&at| matches!(unit.lower(at), "but" | ";" | ","));
            let clause = from.map_or(segment.start, |at| at + 1)..phrase.words.start;
            return (clause.len() > 3).then(|| scene.trim(shorten_left(unit, clause)));
        }
        if phrase.pronoun || matches!(unit.lower(phrase.head), "this" | "that" | "which") {
            let clause = segment.start..phrase.words.start;
            return (clause.len() > 2).then(|| shorten_left(unit, clause));
        }
        let end = start.min(segment.end).max(phrase.words.end);
        // Relative clauses and prepositions up to the verb belong to it.
        let to = (phrase.words.end..end).find(|&word| matches!(unit.lower(word), ";" | ":")).unwrap_or(end);
        let from = coordinated_start(unit, subject, segment);
        return Some(scene.trim(from..to));
    }
    // "…, which led to": all of the clause before.
    (start > segment.start + 2).then(|| shorten_left(unit, segment.start..start))
}

fn coordinated_start(unit: &Unit, subject: usize, segment: &Range<usize>) -> usize {
    let mut first = unit.coordinated(subject).first().copied().unwrap_or(subject);
    while first > 0
        && unit.lower(unit.phrases[first - 1].words.end) == "and"
        && unit.phrases[first - 1].words.end + 1 == unit.phrases[first].words.start
    {
        first -= 1;
    }
    unit.phrases[first].words.start.max(segment.start)
}

/// "The reason for X is C", "the first reason is C", "among the conditions that X exploits are C".
fn reason(
    scene: &Scene<'_, '_>,
    found: &Found,
    segment: &Range<usize>,
) -> Option<(Range<usize>, Vec<Range<usize>>)> {
    let unit = scene.unit;
    let cue = scene.cue(found);
    let phrase = unit.phrase_of(found.words.start)?;
    // "The root cause"; of "the root of" the first word is the noun.
    if !found.words.contains(&unit.phrases[phrase].head) {
        return None;
    }
    // The verb that names the reasons: a form of "be", "include", "lie in".
    let is_copula = |at: usize| {
        // "The driver *was* shot" equates nothing.
        unit.verb_at[at].is_some_and(|verb| unit.verbs[verb].head == at)
            && matches!(unit.lemma(at), "be" | "include" | "lie" | "stem")
            || unit.lower(at) == "due" && unit.lower(at + 1) == "to"
    };
    let copula = (found.words.end..segment.end).find(|&at| is_copula(at))?;
    if cue.has("exploit") {
        let exploited = (found.words.end..copula).any(|word| {
            matches!(
                unit.lemma(word),
                "exploit"
                    | "use"
                    | "favor"
                    | "favour"
                    | "allow"
                    | "contribute"
                    | "enable"
                    | "help"
                    | "lead"
                    | "fuel"
                    | "drive"
            )
        });
        if !exploited {
            return None;
        }
    }
    let mut start = copula + 1;
    while start < segment.end
        && (unit.words[start].tag.is_adverb()
            || matches!(
                unit.lower(start),
                "that" | "to" | "due" | "because" | "of" | "\"" | "“" | "``" | "," | "been" | "in" | "from"
            ))
    {
        start += 1;
    }
    let causes = listed(scene, start..segment.end);
    Some((segment.start..copula, causes))
}

/// The members of a list of causes: "the withdrawal …, along with the division …, and the outbreak …". A clause, or
/// phrases without a list between them, is one cause.
fn listed(scene: &Scene<'_, '_>, words: Range<usize>) -> Vec<Range<usize>> {
    let unit = scene.unit;
    let words = stop_at_clause(unit, words);
    let mut cuts = vec![words.start];
    for at in words.clone() {
        let lower = unit.lower(at);
        let opens = |next: usize| {
            unit.phrase_of(next).is_some_and(|phrase| {
                unit.phrases[phrase].words.start == next && unit.words[next].tag != syntax::Tag::Prp
            })
        };
        if lower == ","
            && (matches!(unit.lower(at + 1), "and" | "or") && opens(at + 2)
                || matches!(
                    (unit.lower(at + 1), unit.lower(at + 2)),
                    ("along", "with") | ("together", "with")
                )
                || unit.lower(at + 1) == "as" && unit.lower(at + 2) == "well")
        {
            cuts.push(at);
        }
    }
    cuts.push(words.end);
    let skip_joint = |mut part: Range<usize>| {
        while part.start < part.end
            && matches!(
                unit.lower(part.start),
                "," | "and" | "or" | "along" | "with" | "as" | "well" | "together" | "both"
            )
        {
            part.start += 1;
        }
        scene.trim(shorten(unit, part))
    };
    cuts.windows(2).map(|pair| skip_joint(pair[0]..pair[1])).filter(|part| !part.is_empty()).collect()
}

/// Whether a clause and no further member of a list follows a comma.
fn ends_list(unit: &Unit, at: usize) -> bool {
    match unit.lower(at) {
        "as" => unit.lower(at + 1) != "well",
        "and" => {
            let verb_next = unit.verb_at.get(at + 1).copied().flatten().is_some();
            let pronoun_next = unit
                .words
                .get(at + 1)
                .is_some_and(|word| word.tag == syntax::Tag::Prp || word.lower == "this");
            let own_verb = unit.phrase_of(at + 1).is_some_and(|phrase| {
                let end = unit.extended(phrase).end;
                unit.verb_at
                    .get(end)
                    .copied()
                    .flatten()
                    .is_some_and(|verb| !unit.verbs[verb].bare_participle && !unit.verbs[verb].gerund)
            });
            verb_next || pronoun_next || own_verb
        }
        _ => true,
    }
}

/// Where a cause stops: before another clause that tells something else.
fn stop_at_clause(unit: &Unit, words: Range<usize>) -> Range<usize> {
    let stops = |at: usize| {
        let lower = unit.lower(at);
        matches!(lower, ";" | ":")
            || lower == ","
                && matches!(unit.lower(at + 1), "as" | "because" | "since" | "so" | "and")
                && ends_list(unit, at + 1)
            || lower == ","
                && matches!(
                    unit.lower(at + 1),
                    "which"
                        | "while"
                        | "but"
                        | "where"
                        | "when"
                        | "said"
                        | "says"
                        | "according"
                        | "especially"
                )
            || lower == "to"
                && at > words.start + 2
                && unit.verb_at.get(at + 1).copied().flatten().is_some()
                && matches!(
                    unit.lemma(at + 1),
                    "carry"
                        | "launch"
                        | "rearrange"
                        | "attack"
                        | "regroup"
                        | "expand"
                        | "stage"
                        | "step"
                        | "conduct"
                        | "increase"
                        | "strike"
                )
    };
    let end = words.clone().find(|&at| stops(at)).unwrap_or(words.end);
    words.start..end
}

fn shorten(unit: &Unit, words: Range<usize>) -> Range<usize> {
    if words.len() <= LONGEST {
        return words;
    }
    let limit = words.start + LONGEST;
    let end = (words.start + LONGEST / 2..limit)
        .rev()
        .find(|&at| matches!(unit.lower(at), "," | "and"))
        .unwrap_or(limit);
    words.start..end
}

fn shorten_left(unit: &Unit, words: Range<usize>) -> Range<usize> {
    if words.len() <= LONGEST {
        return words;
    }
    let limit = words.end - LONGEST;
    let start = (limit..words.end - LONGEST / 2).find(|&at| unit.lower(at) == ",").map_or(limit, |at| at + 1);
    start..words.end
}

/// Whether effect and causes make a statement about violence: the effect concerns it, or somebody armed exploits the
/// cause; and it is not the telling of one event ("the blast caused the death of 3").
fn concerns(
    scene: &Scene<'_, '_>,
    found: &Found,
    side: Side,
    effect: &Range<usize>,
    causes: &[Range<usize>],
    segment: &Range<usize>,
) -> bool {
    let unit = scene.unit;
    let cue = scene.cue(found);
    if tells_a_toll(scene, effect) || side == Side::Left && tells_a_toll(scene, segment) {
        return false;
    }
    if cue.has("actor") {
        let subject = scene.verb(found).and_then(|verb| scene.subject(verb));
        return subject.is_some_and(|subject| scene.phrase_is_armed(subject)) || scene.violent(effect);
    }
    // One event's own course: "the attack sparked panic", "he died because of the blast".
    // Told by the report itself; somebody who is asked why gives a cause.
    let told = scene.attribution.voice(unit.sentence, found.words.start).is_none();
    let single = told && causes.iter().any(|cause| is_single_event(scene, cause));
    let general = scene.has(segment, |sense| matches!(sense, Sense::Trend(_)));
    let concerned = match side {
        Side::Right if cue.has("on") && effect == segment => true,
        // What led to what: the effect must be ours; a cause that is violence itself will do where it changes violence.
        Side::Left => {
            scene.violence_itself(effect)
                || general && scene.violent(segment)
                || !told && scene.violent(effect)
        }
        Side::Reason => scene.violent(segment),
        Side::Right | Side::Clause => scene.violent(effect),
    };
    concerned && (!single || general)
}

/// Whether the effect is people killed or hurt, counted: then it is an event that is told.
fn tells_a_toll(scene: &Scene<'_, '_>, words: &Range<usize>) -> bool {
    let unit = scene.unit;
    scene.has(words, |sense| sense == Sense::Act)
        && unit.phrases.iter().any(|phrase| phrase.number.is_some() && inside(&phrase.words, words))
        && !scene.has(words, |sense| matches!(sense, Sense::Trend(_)))
        || words.clone().any(|word| {
            matches!(
                unit.lemma(word),
                "death" | "injury" | "damage" | "casualty" | "fire" | "loss" | "panic" | "wound"
            ) && unit.phrase_of(word).is_some_and(|phrase| unit.phrases[phrase].head == word)
                && word <= words.start + 4
                && !scene.has(words, |sense| matches!(sense, Sense::Trend(_)))
        })
}

/// "The explosion", "an attack on a bus": a noun for one event at the head of the cause.
fn is_single_event(scene: &Scene<'_, '_>, cause: &Range<usize>) -> bool {
    let unit = scene.unit;
    let Some(phrase) = unit
        .phrases
        .iter()
        .position(|phrase| phrase.words.start >= cause.start && phrase.words.end <= cause.end)
    else {
        return false;
    };
    let noun = &unit.phrases[phrase];
    let singular = unit.words[noun.head].tag == syntax::Tag::Nn;
    singular
        && scene.is_violent_noun(noun.head)
        && matches!(unit.lower(noun.words.start), "the" | "a" | "an" | "this" | "that")
        && !matches!(
            unit.lemma(noun.head),
            "war"
                | "conflict"
                | "insurgency"
                | "violence"
                | "occupation"
                | "offensive"
                | "campaign"
                | "invasion"
                | "incursion"
                | "siege"
        )
}
