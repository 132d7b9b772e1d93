/*! Whether it happened, and whether it was carried through.

PLOVER defines `historical`, `future`, `hypothetical` and negation as auxiliary modes (manual, "Auxiliary
modes"). They are read here from the verb group of the trigger, from the verbs that govern it in the tree,
from cue words before it, and from the distance of its date to the day of publication.
*/

use record::vocabulary::{Completion, Realis};
use syntax::{Relation, Tag};

use crate::frame::{Frame, Sentence};
use crate::kind::Kind;
use crate::reading::{Parsed, Reading};
use crate::sense::Cue;
use crate::trigger::Trigger;
use crate::unit::Unit;

/// Events more than this many days before publication are background, not news: a report that sums up may
/// still tell as news what happened some months before.
pub const NEWS_DAYS: i64 = 183;

/// A time of more years is an age, not when something happened.
const AGE: i16 = 50;

/// Verbs that assert what their infinitive says.
const FACTIVE: &[&str] = &[
    "manage", "continue", "begin", "start", "go", "proceed", "use", "help", "come", "resume", "have", "be",
    "appear", "seem", "force", "dare", "rush", "report", "say", "know", "believe", "see",
];

/// Verbs after which a protest that is the purpose takes place.
const GATHERING: &[&str] = &[
    "gather", "march", "assemble", "rally", "meet", "walk", "take", "block", "turn", "join", "travel", "pour",
];

/// Verbs and nouns under which an event noun is planned or feared, not done.
const UNREAL: &[&str] = &[
    "aim",
    "plan",
    "planning",
    "plot",
    "plotting",
    "prevent",
    "avert",
    "threaten",
    "threat",
    "fear",
    "warn",
    "risk",
    "warning",
    "possibility",
    "prospect",
    "danger",
    "call",
    "prepare",
    "preparation",
    "intend",
    "capable",
    "capability",
    "ability",
    "likelihood",
    "urge",
    "discuss",
    "propose",
    "consider",
    "anticipate",
    "expect",
    "deter",
    "stop",
    "avoid",
    "eliminate",
    "minimise",
    "minimize",
    "facilitate",
    "finance",
    "fund",
    "coordinate",
    "conduct",
    "facilitation",
    "practise",
    "practice",
    "rehearse",
    "simulate",
];

/// How far above a word the noun may stand that its clause describes.
const CLAUSES_UP: usize = 4;
/// Within how many words before what is told a rumour of it is named.
const RUMOUR: usize = 8;

/// Who is answerable for past deeds: "responsible for", "involved in", "wanted for".
const RECORD: &[&str] = &[
    "responsible",
    "involve",
    "involved",
    "involvement",
    "want",
    "wanted",
    "accuse",
    "accused",
    "charge",
    "charged",
    "convict",
    "convicted",
    "sentence",
    "sentenced",
    "link",
    "linked",
    "know",
    "known",
    "notorious",
    "blame",
    "specialize",
    "experience",
    "participate",
    "history",
    "trial",
    "try",
    "suspect",
    "jail",
    "imprison",
    "indict",
    "connection",
];

/// Judges a frame.
pub fn judge(
    reading: &Reading<'_>,
    parsed: &Parsed,
    sentence: &Sentence,
    trigger: &Trigger,
    frame: &mut Frame,
) {
    completion(reading, parsed, trigger, frame);
    // "There were no casualties" asserts a count of none.
    if frame.kind.is_result()
        && sentence
            .casualties
            .iter()
            .any(|count| count.trigger == frame.trigger && count.quantity == record::Quantity::exact(0))
    {
        return;
    }
    let mut held_for = false;
    let verdict = realis(reading, parsed, sentence, trigger, frame, &mut held_for);
    frame.held_for = held_for;
    if let Some((realis, because)) = verdict {
        frame.realis = realis;
        frame.because = Some(because);
    }
}

fn realis(
    reading: &Reading<'_>,
    parsed: &Parsed,
    sentence: &Sentence,
    trigger: &Trigger,
    frame: &Frame,
    held_for: &mut bool,
) -> Option<(Realis, String)> {
    let unit = &parsed.unit;
    let senses = &reading.knowledge.senses;
    let head = trigger.head;
    if let Some(cue) = senses.find_cue(unit, 0..unit.words.len(), Cue::Exercise)
        && (cue.start..cue.end)
            .all(|word| unit.words[word].tag.is_noun() || unit.words[word].tag.is_adjective())
        && (near(unit, head, cue.start)
            || in_the(unit, cue.start)
            || matches!(unit.lemma(cue.start), "drill" | "simulation" | "mock" | "simulated"))
    {
        return Some((Realis::Hypothetical, format!("`{}`: an exercise", words(unit, &cue))));
    }
    if let Some(verb) = unit.verb_at[head] {
        let group = &unit.verbs[verb];
        if group.negated {
            return Some((Realis::Negated, "the verb is negated".to_owned()));
        }
        if let Some(modal) = &group.modal {
            let result = match modal.as_str() {
                "will" | "shall" | "wo" | "'ll" => Realis::Future,
                "can" | "could" if group.perfect => Realis::Hypothetical,
                _ => Realis::Hypothetical,
            };
            return Some((result, format!("`{modal}` before the verb")));
        }
        if group.infinitive {
            let governor =
                unit.words[head].head.map(|governor| unit.lemma(governor).to_owned()).unwrap_or_default();
            let before = group.words.start.checked_sub(2).map_or("", |at| unit.lemma(at)).to_owned();
            if frame.completion == Completion::Attempted {
                return None;
            }
            let verbal = group.words.start.checked_sub(2).is_some_and(|at| unit.verb_at[at].is_some());
            let factive =
                FACTIVE.contains(&governor.as_str()) || verbal && FACTIVE.contains(&before.as_str());
            let counted = sentence.casualties.iter().any(|c| {
                sentence.triggers[c.trigger].head == head && c.quantity.figure().is_some_and(|n| n > 0)
            });
            // "Fired tear gas to disperse the crowd": what is done to drive it apart is told as done.
            let done = frame.kind == Kind::Dispersal
                && sentence.triggers.iter().any(|other| other.head < head && other.kind == Kind::Dispersal);
            // "Gathered to protest": they did.
            let gathered = frame.kind == Kind::Protest
                && (GATHERING.contains(&governor.as_str()) || verbal && GATHERING.contains(&before.as_str()));
            if !factive && !done && !gathered && !(counted && before == "have") {
                return Some((
                    Realis::Hypothetical,
                    format!(
                        "`to {}` after `{}`",
                        unit.lemma(head),
                        if before.is_empty() { governor } else { before }
                    ),
                ));
            }
        }
    } else {
        // A noun: "no attack", "without casualties".
        if let Some(phrase) = unit.phrase_of(head) {
            let start = unit.phrases[phrase].words.start;
            if matches!(unit.lower(start), "no" | "neither")
                || matches!(unit.before(start, 1), "without" | "no")
            {
                return Some((
                    Realis::Negated,
                    format!(
                        "`{}` before the noun",
                        if unit.lower(start) == "no" { "no" } else { unit.before(start, 1) }
                    ),
                ));
            }
            // "A possible wave of attacks": what is said of the wave is said of them.
            let wave = phrase.checked_sub(1).filter(|&wave| unit.of(wave) == Some(phrase));
            let described = wave.map_or(start, |wave| unit.phrases[wave].words.start);
            if (described..unit.phrases[phrase].words.end).any(|word| {
                matches!(
                    unit.lower(word),
                    "possible"
                        | "potential"
                        | "future"
                        | "planned"
                        | "imminent"
                        | "threatened"
                        | "would-be"
                        | "further"
                        | "alleged"
                )
            }) && frame.recipients.is_empty()
                && !counted(unit, sentence, head)
            {
                return Some((Realis::Hypothetical, "described as possible or planned".to_owned()));
            }
        }
    }
    // "A gunman who killed ten was sentenced on Monday": what he is tried for is no news.
    // "Last year" may end lately, and is no news for that.
    let long = unit.times.iter().any(|time| {
        time.words.start >= trigger.words.end
            && time.expression.interval.is_some_and(|(first, last)| (last - first).get_days() > MONTH)
    });
    if let Some(lemma) = tried_for(unit, head)
        && (long || !dated_lately(reading, unit, trigger))
    {
        *held_for = true;
        return Some((Realis::Historical, format!("a past deed that somebody is `{lemma}` for")));
    }
    // "After rumours that children were being kidnapped", wherever the tree hangs it.
    let rumour = (head.saturating_sub(RUMOUR)..head)
        .find(|&at| matches!(unit.lemma(at), "rumour" | "rumor") && unit.lower(at + 1) == "that")
        // What follows the comma is told in its own right.
        .filter(|&at| (at..head).all(|word| !matches!(unit.lower(word), "," | ";")));
    if let Some(at) = rumour {
        return Some((Realis::Hypothetical, format!("a `{}`", unit.lemma(at))));
    }
    // What governs the trigger, up the tree.
    let mut at = head;
    let mut steps = 0;
    while let Some(governor) = unit.words[at].head {
        steps += 1;
        if steps > 6 {
            break;
        }
        let relation = unit.words[at].relation;
        let lemma = unit.lemma(governor);
        let own = trigger.words.contains(&governor);
        if !own
            && matches!(
                relation,
                Relation::Ccomp
                    | Relation::Xcomp
                    | Relation::Obj
                    | Relation::Obl
                    | Relation::Nmod
                    | Relation::NsubjPass
                    | Relation::Acl
                    | Relation::Advcl
                    | Relation::AclRelcl
            )
        {
            if lemma == "deny"
                && relation == Relation::Ccomp
                && unit.verb_at[governor].is_some_and(|verb| {
                    unit.subject(verb).is_none_or(|subject| unit.phrases[subject].words.end <= head)
                })
            {
                return Some((Realis::Negated, "governed by `deny`".to_owned()));
            }
            let complement = matches!(
                relation,
                Relation::Xcomp | Relation::Obj | Relation::Obl | Relation::Nmod | Relation::Ccomp
            );
            let stopping = matches!(relation, Relation::Obj | Relation::NsubjPass);
            if complement
                && !(relation == Relation::Ccomp
                    && matches!(lemma, "warn" | "fear" | "expect" | "blame" | "know" | "call")
                    && past(unit, head))
            {
                if UNREAL.contains(&lemma)
                    && !counted(unit, sentence, governor)
                    && !(lemma == "conduct"
                        && unit.verb_at[governor]
                            .is_some_and(|verb| !unit.verbs[verb].gerund && !unit.verbs[verb].infinitive))
                    && !(lemma == "stop" && !stopping)
                {
                    return Some((Realis::Hypothetical, format!("governed by `{lemma}`")));
                }
                if RECORD.contains(&lemma)
                    && matches!(
                        relation,
                        Relation::Obl | Relation::Nmod | Relation::Advcl | Relation::Acl | Relation::Obj
                    )
                {
                    // "Charged in the shooting on Sunday that killed two": told with what is news of it.
                    if counted(unit, sentence, governor) || dated_lately(reading, unit, trigger) {
                        break;
                    }
                    *held_for = true;
                    return Some((Realis::Historical, format!("a past deed that somebody is `{lemma}` for")));
                }
            }
            // A governing verb that is itself only possible takes its complement along.
            if let Some(verb) = unit.verb_at[governor] {
                let group = &unit.verbs[verb];
                let modal = group.modal.as_deref().filter(|modal| !matches!(*modal, "can" | "do"));
                // "Will be charged after the shooting": what is told to come is what follows it.
                let after =
                    unit.phrase_of(head).and_then(|phrase| unit.phrases[phrase].preposition).is_some_and(
                        |before| matches!(unit.lower(before), "after" | "following" | "since" | "over"),
                    );
                if let Some(modal) = modal
                    && complement
                    && !after
                {
                    let result = if matches!(modal, "will" | "shall" | "'ll") {
                        Realis::Future
                    } else {
                        Realis::Hypothetical
                    };
                    return Some((result, format!("`{modal}` before the governing verb")));
                }
                if group.negated && complement && relation != Relation::Obl {
                    return Some((Realis::Negated, format!("`{lemma}` is negated")));
                }
            }
        }
        if unit.children(governor).iter().any(|&child| {
            unit.words[child].relation == Relation::Mark
                && matches!(unit.lower(child), "if" | "unless" | "whether")
                && child < head
                && unit.words[at].head == Some(governor)
                && at != governor
        }) && matches!(
            relation,
            Relation::Nsubj | Relation::Obj | Relation::Obl | Relation::NsubjPass | Relation::Xcomp
        ) {
            return Some((Realis::Hypothetical, "in an `if` clause".to_owned()));
        }
        at = governor;
    }
    if unit.children(head).iter().any(|&child| {
        unit.words[child].relation == Relation::Mark
            && matches!(unit.lower(child), "if" | "unless" | "whether")
    }) {
        return Some((Realis::Hypothetical, "in an `if` clause".to_owned()));
    }
    historical(reading, parsed, trigger, frame)
}

/// "Sunday's shooting", "the shooting on May 3": a deed with its own day, not long ago.
fn dated_lately(reading: &Reading<'_>, unit: &Unit, trigger: &Trigger) -> bool {
    let own = |&time: &usize| {
        let words = &unit.times[time].words;
        dates_noun(unit, time) == Some(trigger.head)
            || words.start >= trigger.words.end
                && (trigger.words.end..words.start)
                    .all(|at| unit.verb_at[at].is_none() && unit.lower(at) != ",")
    };
    let day = (0..unit.times.len()).find(own).and_then(|time| unit.times[time].expression.interval);
    matches!((reading.anchors.published, day), (Some(published), Some((_, end)))
        if i64::from((published - end).get_days()) <= NEWS_DAYS)
}

/// Told as background: long before the day of publication, or in words that look back.
fn historical(
    reading: &Reading<'_>,
    parsed: &Parsed,
    trigger: &Trigger,
    _frame: &Frame,
) -> Option<(Realis, String)> {
    let unit = &parsed.unit;
    // "Gunmen on Monday killed five people where an attack last year left 20 dead": what has a day of its own.
    let nearest = nearest_time(unit, trigger);
    let days_ago = nearest.and_then(|time| {
        let (_, end) = unit.times[time].expression.interval?;
        Some(i64::from((reading.anchors.published? - end).get_days()))
    });
    let words_before = 0..unit.words.len();
    for cue in words_before.filter_map(|word| reading.knowledge.senses.cue(unit, word, Cue::Historical)) {
        let text = words(unit, &cue);
        // "Memorial Hospital" remembers nobody.
        if text == "memorial" && unit.words[cue.start].capital {
            continue;
        }
        let looks_back = matches!(
            text.as_str(),
            "anniversary"
                | "commemorate"
                | "commemorated"
                | "commemoration"
                | "commemorating"
                | "memorial"
                | "years ago"
                | "decades ago"
                | "years earlier"
                | "a year earlier"
                | "last year"
                | "years before"
                | "in the past"
                | "remembrance"
                | "remembered"
                | "remembers"
                | "remember"
                | "earlier this year"
        );
        let occasion = matches!(text.as_str(), "anniversary" | "commemoration" | "memorial" | "remembrance");
        if looks_back
            && days_ago.is_none_or(|days| days > NEWS_DAYS)
            && !(occasion && took_place_at(unit, &cue, trigger))
        {
            return Some((Realis::Historical, format!("`{text}`")));
        }
    }
    if let Some(because) = long_before(unit, trigger) {
        return Some((Realis::Historical, because));
    }
    let (nearest, days) = (nearest?, days_ago?);
    (days > NEWS_DAYS).then(|| {
        (
            Realis::Historical,
            format!("`{}` is {days} days before publication", words(unit, &unit.times[nearest].words)),
        )
    })
}

/// The time expression that stands nearest to a trigger in its own clause, else in the sentence.
#[must_use]
pub fn nearest_time(unit: &Unit, trigger: &Trigger) -> Option<usize> {
    nearest_of(unit, trigger, |time| unit.times[time].expression.interval.is_some())
}

/// The nearest of those time expressions that will do.
pub(crate) fn nearest_of(unit: &Unit, trigger: &Trigger, will_do: impl Fn(usize) -> bool) -> Option<usize> {
    let distance = |index: &usize| {
        let time = &unit.times[*index].words;
        let gap = if time.end <= trigger.words.start {
            trigger.words.start - time.end
        } else {
            time.start.saturating_sub(trigger.words.end)
        };
        // A clause boundary between the two counts as many words.
        let range = time.end.min(trigger.words.end)..time.start.max(trigger.words.start);
        let boundaries = range
            .filter(|&at| {
                matches!(
                    unit.lower(at),
                    ";" | "when"
                        | "while"
                        | "after"
                        | "since"
                        | "who"
                        | "which"
                        | "that"
                        | "where"
                        | "but"
                        | ":"
                )
            })
            .count();
        // "Struck a man linked to the July 2 attack today": the day of another noun is the last to think of.
        let of_another = dates_noun(unit, *index)
            .is_some_and(|noun| noun != trigger.head && !tells_of(unit, noun, trigger.head));
        gap + (boundaries + 4 * usize::from(of_another)) * 12
    };
    // "The city's 14th century mosque": nothing that happened, happened in that.
    let age = |time: usize| {
        unit.times[time].expression.interval.is_some_and(|(first, last)| last.year() - first.year() > AGE)
    };
    (0..unit.times.len())
        .filter(|&time| {
            will_do(time)
                && !age(time)
                && !of_relative_clause(unit, time, trigger)
                && !of_the_hunt(unit, time, trigger)
        })
        .min_by_key(distance)
}

/// Days of a month.
const MONTH: i32 = 31;

/// What courts do to those of whom a relative clause tells what they did.
const TRYING: &[&str] = &["sentence", "jail", "convict", "imprison", "indict", "acquit", "plead"];

/// "*A gunman who killed ten* was sentenced": the verb that tells of a court, where it has the subject of this one.
fn tried_for(unit: &Unit, head: usize) -> Option<&str> {
    let verb = unit.verb_at[head]?;
    let group = &unit.verbs[verb];
    if unit.before(group.words.start, 1) != "who" || group.passive {
        return None;
    }
    let doer = unit.subject(verb)?;
    let next = (verb + 1..unit.verbs.len())
        .find(|&other| TRYING.contains(&unit.lemma(unit.verbs[other].head)) && !unit.verbs[other].gerund)?;
    (unit.subject(next) == Some(doer)).then(|| unit.lemma(unit.verbs[next].head))
}

/// What is done to those who are told of for what they did before.
const SEEKING: &[&str] = &[
    "hunt",
    "search",
    "look",
    "seek",
    "identify",
    "name",
    "mourn",
    "bury",
    "arrest",
    "detain",
    "charge",
    "sentence",
    "remember",
    "commemorate",
    "extradite",
    "question",
];

/// "Police were hunting *on Monday* for a gunman who killed 39": the day of the hunt.
fn of_the_hunt(unit: &Unit, time: usize, trigger: &Trigger) -> bool {
    let end = unit.times[time].words.end;
    let Some(who) = (end..trigger.words.start).rev().find(|&at| unit.lower(at) == "who") else {
        return false;
    };
    let main =
        unit.verbs.iter().rfind(|verb| verb.words.end <= who && !verb.infinitive && !verb.bare_participle);
    main.is_some_and(|main| SEEKING.contains(&unit.lemma(main.head)))
}

/// "They struck at a memorial for a general who was killed in 2020": the day of a relative clause is no day of what
/// stands outside of it, but for the noun that it describes.
fn of_relative_clause(unit: &Unit, time: usize, trigger: &Trigger) -> bool {
    let words = &unit.times[time].words;
    let Some(from) = words.clone().find(|&at| unit.words[at].head.is_none_or(|head| !words.contains(&head)))
    else {
        return false;
    };
    for at in unit.upwards(from) {
        if trigger.words.contains(&at) {
            return false;
        }
        // The parser hangs some of them elsewhere: "…, who was killed in 2020".
        let pronoun = unit.children(at).iter().copied().find(|&child| {
            unit.words[child].relation.is_subject() && matches!(unit.words[child].tag, Tag::Wp | Tag::Wdt)
        });
        if unit.words[at].relation == Relation::AclRelcl || pronoun.is_some() {
            // "Hit a bus that was carrying pilgrims on Monday" tells of the hit.
            let told = unit.verb_at[at].is_some_and(|verb| {
                let group = &unit.verbs[verb];
                !group.gerund && unit.words[group.head].tag != Tag::Vbg
            });
            let before = pronoun.and_then(|pronoun| {
                let phrase = unit.phrases.iter().rposition(|phrase| phrase.words.end <= pronoun)?;
                Some(unit.phrases[phrase].head)
            });
            let noun = match unit.words[at].relation {
                Relation::AclRelcl => unit.words[at].head,
                _ => before,
            };
            let describes = noun.is_some_and(|noun| trigger.words.contains(&noun));
            return told && !describes && unit.upwards(trigger.head).all(|above| above != at);
        }
    }
    false
}

/// "The June shooting that *killed* three": whether a verb tells more of a noun.
pub(crate) fn tells_of(unit: &Unit, noun: usize, head: usize) -> bool {
    let beside = || {
        let verb = unit.verb_at[head]?;
        let pronoun = unit.verbs[verb].words.start.checked_sub(1)?;
        let phrase = unit.phrase_of(noun)?;
        let near = (unit.phrases[phrase].words.end..=pronoun).contains(&pronoun);
        Some(near && matches!(unit.lower(pronoun), "that" | "which"))
    };
    unit.upwards(head).any(|above| above == noun) || beside().unwrap_or(false)
}

/// The noun whose own day a time is: "the July 2 attack", "Tuesday's raid".
pub(crate) fn dates_noun(unit: &Unit, time: usize) -> Option<usize> {
    let words = &unit.times[time].words;
    if unit.lower(words.end) == "'s" || unit.lower(words.end) == "’s" {
        return unit.phrases.iter().find(|noun| noun.head > words.end).map(|noun| noun.head);
    }
    let Some(phrase) = unit.phrase_of(words.start) else {
        // "*The July 2* attack": a time stands in no phrase.
        let article = [unit.lower(words.start), unit.before(words.start, 1)];
        let article = article.iter().any(|word| matches!(*word, "the" | "a" | "an" | "that" | "this"));
        let noun = unit.phrase_of(words.end).filter(|_| article)?;
        let phrase = &unit.phrases[noun];
        return (phrase.words.start == words.end && phrase.number.is_none()).then_some(phrase.head);
    };
    let phrase = &unit.phrases[phrase];
    (phrase.head >= words.end).then_some(phrase.head)
}

/// "Three years after the beheading of X", "the worst since the bombing that killed nine": what is counted from or
/// compared with, and what a clause on it tells.
fn long_before(unit: &Unit, trigger: &Trigger) -> Option<String> {
    let above = unit.upwards(trigger.head).take(CLAUSES_UP).find_map(|at| measured_from(unit, at));
    // "After the bombing in X that killed nine", wherever the tree hangs the clause.
    let pronoun = unit.verb_at[trigger.head].and_then(|verb| unit.verbs[verb].words.start.checked_sub(1));
    let described = || {
        let pronoun = pronoun.filter(|&at| matches!(unit.lower(at), "that" | "which"))?;
        let near = |phrase: &&crate::unit::Phrase| {
            phrase.words.end <= pronoun && pronoun - phrase.words.end <= RUMOUR
        };
        unit.phrases.iter().filter(near).find_map(|phrase| measured_from(unit, phrase.head))
    };
    above.or_else(described)
}

fn measured_from(unit: &Unit, noun: usize) -> Option<String> {
    let phrase = unit.phrase_of(noun).filter(|_| unit.verb_at[noun].is_none())?;
    let before = unit.phrases[phrase].preposition?;
    let unit_of_time =
        before.checked_sub(1).is_some_and(|at| matches!(unit.lemma(at), "year" | "month" | "decade"));
    let compared = (before.saturating_sub(12)..before)
        .any(|at| matches!(unit.words[at].tag, Tag::Jjs | Tag::Rbs) || unit.lower(at) == "worst");
    (unit.lower(before) == "after" && unit_of_time || unit.lower(before) == "since" && compared)
        .then(|| format!("only what the news is told `{}`", unit.lower(before)))
}

/// "Struck during a memorial for the dead": an occasion at which it happened, not one that recalls it.
fn took_place_at(unit: &Unit, occasion: &std::ops::Range<usize>, trigger: &Trigger) -> bool {
    let Some(phrase) = unit.phrase_of(occasion.start) else { return false };
    let setting = unit.phrases[phrase].preposition.is_some_and(|at| {
        matches!(unit.lower(at), "during" | "at" | "outside" | "near" | "after" | "before")
    });
    setting && unit.upwards(trigger.head).all(|above| !unit.phrases[phrase].words.contains(&above))
}

fn past(unit: &Unit, head: usize) -> bool {
    unit.verb_at[head].is_some_and(|verb| {
        let group = &unit.verbs[verb];
        group.modal.is_none()
            && !group.infinitive
            && (unit.words[group.words.start].tag.is_past() || group.perfect)
    })
}

/// Whether what depends on a word counts people harmed: then it happened, whatever the word.
fn counted(unit: &Unit, sentence: &Sentence, governor: usize) -> bool {
    sentence.casualties.iter().any(|casualty| {
        casualty.quantity.figure().is_some_and(|n| n > 0)
            && unit.upwards(sentence.triggers[casualty.trigger].head).any(|above| above == governor)
    })
}

/// "In the exercise, …": what the sentence tells is part of it.
fn in_the(unit: &Unit, cue: usize) -> bool {
    cue >= 2
        && matches!(unit.lower(cue - 1), "the" | "this")
        && matches!(unit.lower(cue - 2), "in" | "during" | "of" | "for")
}

fn near(unit: &Unit, head: usize, cue: usize) -> bool {
    let (from, to) = (head.min(cue), head.max(cue));
    to - from <= 6 && (from..to).all(|at| !matches!(unit.lower(at), ";" | "," | "but"))
}

fn words(unit: &Unit, range: &std::ops::Range<usize>) -> String {
    range.clone().map(|word| unit.lower(word)).collect::<Vec<_>>().join(" ")
}

/// Tried, stopped, threatened.
fn completion(reading: &Reading<'_>, parsed: &Parsed, trigger: &Trigger, frame: &mut Frame) {
    let unit = &parsed.unit;
    let senses = &reading.knowledge.senses;
    if frame.kind == Kind::Foiled {
        frame.completion = Completion::Foiled;
        return;
    }
    if frame.kind == Kind::Threat {
        frame.completion = Completion::Threatened;
        return;
    }
    let around = |cue: Cue| -> Option<usize> {
        // The verb that governs the trigger, a word before it in its phrase or in its verb chain.
        let mut at = trigger.head;
        for _ in 0..3 {
            let governor = unit.words[at].head?;
            if !trigger.words.contains(&governor) && senses.cue(unit, governor, cue).is_some() {
                return Some(governor);
            }
            if matches!(
                unit.words[at].relation,
                Relation::Conj | Relation::Parataxis | Relation::Advcl | Relation::AclRelcl
            ) {
                return None;
            }
            at = governor;
        }
        None
    };
    let inside = |cue: Cue| -> Option<usize> {
        let phrase = unit.phrase_of(trigger.head)?;
        let range = unit.phrases[phrase].words.clone();
        range.into_iter().find(|&word| senses.cue(unit, word, cue).is_some())
    };
    let before = |lemmas: &[&str]| {
        (1..=3).any(|back| {
            trigger.words.start.checked_sub(back).is_some_and(|at| {
                lemmas.contains(&unit.lemma(at)) && !matches!(unit.words[at].tag, Tag::In | Tag::Vb)
            })
        })
    };
    if let Some(word) = around(Cue::Foiled).or_else(|| inside(Cue::Foiled))
        && frame.kind.is_violent()
    {
        frame.completion = Completion::Foiled;
        frame.because = Some(format!("`{}`", unit.lower(word)));
    } else if let Some(word) =
        around(Cue::Threatened).filter(|&word| unit.lemma(word) == "threaten" || unit.lemma(word) == "vow")
    {
        frame.completion = Completion::Threatened;
        frame.because = Some(format!("`{}`", unit.lower(word)));
    } else if before(&["try", "attempt", "fail"]) || inside(Cue::Attempted).is_some() {
        frame.completion = Completion::Attempted;
        frame.because = Some("tried".to_owned());
    } else if frame.kind == Kind::Assassination
        && let Some(word) = (0..unit.words.len()).find(|&word| {
            matches!(unit.lemma(word), "attempt" | "survive" | "bid") && word.abs_diff(trigger.head) <= 12
        })
    {
        frame.completion = Completion::Attempted;
        frame.because = Some(format!("`{}`", unit.lower(word)));
    }
}
