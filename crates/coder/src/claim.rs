//! Who claimed, denied or was blamed for an event.

use record::{Certainty, Claim, ClaimKind, Participant, ParticipantKind};

use crate::doer::says_it_did;
use crate::draft::{Cluster, Draft, Telling};
use crate::reading::{Parsed, Reading};
use crate::unit::Unit;

/// A claim and the words that make it.
#[derive(Debug, Clone)]
pub struct ClaimMention {
    /// What is claimed, by whom.
    pub claim: Claim,
    /// Words of the unit.
    pub words: std::ops::Range<usize>,
}

/// Up to how many words after "said" belong to the claim that is quoted.
const CLAIM_WORDS: usize = 12;

/// How a report speaks of an armed group that it named before.
const THE_GROUP: &[&str] = &[
    "the group",
    "the militants",
    "the rebels",
    "the insurgents",
    "the movement",
    "the militia",
    "the organisation",
    "the organization",
    "the jihadists",
    "the rebel group",
    "the militant group",
    "the armed group",
    "the jihadist group",
];

/// Who gives a figure, by the name of the body or the words for who it is; a person by what they speak for.
pub(crate) fn source(speaker: &Participant) -> Option<String> {
    let words = speaker.mentions.first().map(|mention| mention.text.clone());
    if speaker.kind == ParticipantKind::Individual {
        // "A local official", but of "Colonel X, a spokesman" only the office: no private person goes out by name here.
        let article = |words: &String| {
            let first = words.split_whitespace().next().unwrap_or_default().to_lowercase();
            matches!(first.as_str(), "a" | "an" | "one" | "another" | "the")
        };
        let plain = |words: &String| {
            words.split_whitespace().skip(1).all(|word| !word.starts_with(char::is_uppercase))
        };
        return words.filter(|words| article(words) && plain(words)).or_else(|| speaker.affiliation.clone());
    }
    speaker.name.clone().or(words)
}

/// Whether somebody speaks for an armed group that is among those who did it.
pub(crate) fn speaks_for(speaker: &Participant, doers: &[Participant]) -> bool {
    let group = |who: &Participant| {
        who.actor_id.is_some()
            && who.sector.is_some_and(|sector| sector.is_armed() && !sector.is_state_force())
    };
    let anaphor = speaker.actor_id.is_none()
        && speaker.mentions.first().is_some_and(|mention| {
            let said = mention.text.to_lowercase();
            THE_GROUP.contains(&said.as_str())
        });
    doers.iter().filter(|doer| group(doer)).any(|doer| anaphor || doer.actor_id == speaker.actor_id)
}

impl Telling<'_> {
    /// "The group said that it had killed 17 soldiers": of what it was told to have done, where nothing says otherwise.
    pub(crate) fn claims_own(&self, draft: &Draft, cluster: &Cluster) -> bool {
        let told = &self.sentences[cluster.sentence];
        let word = told.triggers[self.main(cluster).trigger].head;
        let Some(speaker) = self.attribution.reported_by(told.index, word) else {
            // "X claimed the attack, saying it killed 40": the claim says who speaks, and "the attack" which one it is.
            let claims = find(self.reading, self.parsed(cluster.sentence));
            return claims
                .iter()
                .any(|found| found.claim.kind == ClaimKind::Claimed && found.words.end <= word);
        };
        let doers: Vec<Participant> = draft
            .clusters
            .iter()
            .flat_map(|c| c.frames.iter().map(move |&frame| (c, frame)))
            .flat_map(|(c, frame)| {
                let parsed = self.parsed(c.sentence);
                let actors = &self.frame(c, frame).actors;
                actors.iter().filter_map(|&phrase| self.reading.participant(parsed, phrase))
            })
            .collect();
        speaks_for(speaker, &doers) || self.owns_up(cluster, speaker, &doers)
    }

    /// "X said that its fighters had killed 20", of what nameless gunmen were told to have done.
    fn owns_up(&self, cluster: &Cluster, speaker: &Participant, doers: &[Participant]) -> bool {
        let rebels = |who: &Participant| {
            who.sector.is_some_and(|sector| sector.is_armed() && !sector.is_state_force())
        };
        let unit = self.unit(cluster.sentence);
        let own = self.main(cluster).actors.iter().any(|&phrase| {
            matches!(unit.lower(unit.phrases[phrase].words.start), "its" | "their" | "our" | "it" | "they")
        });
        let nameless = |who: &Participant| who.actor_id.is_none() && rebels(who);
        (own || says_it_did_in(unit))
            && rebels(speaker)
            && speaker.actor_id.is_some()
            && !doers.is_empty()
            && doers.iter().all(nameless)
    }
}

/// Whether any verb of a sentence is one by which somebody owns up to a deed.
fn says_it_did_in(unit: &Unit) -> bool {
    unit.verbs.iter().any(|group| says_it_did(unit, group.words.end, unit.lemma(group.head)))
}

/// The claims of a sentence.
#[must_use]
pub fn find(reading: &Reading<'_>, parsed: &Parsed) -> Vec<ClaimMention> {
    let unit = &parsed.unit;
    let mut found = claimed_in_passing(reading, parsed);
    let in_passing: Vec<std::ops::Range<usize>> = found.iter().map(|claim| claim.words.clone()).collect();
    for (verb, group) in unit.verbs.iter().enumerate() {
        if in_passing.iter().any(|words| words.contains(&group.head)) {
            continue;
        }
        let lemma = unit.lemma(group.head);
        let object = unit.object(verb);
        let object_head = object.map_or("", |phrase| unit.lemma(unit.phrases[phrase].head));
        // Agency copy is typed in haste: "responsibilty", "responsabilities".
        let misspelt = object_head.starts_with("responsib") || object_head.starts_with("responsab");
        let object_head = if misspelt { "responsibility" } else { object_head };
        let responsibility = |word: &str| {
            matches!(
                word,
                "responsibility"
                    | "involvement"
                    | "role"
                    | "attack"
                    | "bombing"
                    | "credit"
                    | "incident"
                    | "shooting"
                    | "killing"
                    | "assassination"
                    | "explosion"
                    | "blast"
                    | "raid"
                    | "ambush"
                    | "assault"
                    | "kidnapping"
                    | "abduction"
                    | "strike"
                    | "operation"
                    | "murder"
                    | "beheading"
                    | "destruction"
            )
        };
        let by = |phrase: Option<usize>, certainty: Certainty| -> Option<Participant> {
            let mut participant = reading.participant(
                parsed,
                named_beside(reading, parsed, reading.resolve_pronoun(parsed, phrase?, None)?),
            )?;
            participant.certainty = certainty;
            Some(participant)
        };
        let end = object.map_or(group.words.end, |phrase| unit.extended(phrase).end);
        match lemma {
            "claim" | "assume" | "accept" | "take" | "announce"
                if (responsibility(object_head) || lemma == "claim" && object_head == "it")
                    && (lemma == "claim" || matches!(object_head, "responsibility" | "credit")) =>
            {
                let subject = unit.subject(verb);
                let nobody = subject.is_some_and(|phrase| {
                    matches!(
                        unit.lower(unit.phrases[phrase].words.start),
                        "no" | "nobody" | "neither" | "none"
                    )
                }) || group.negated;
                let start = subject.map_or(group.words.start, |phrase| unit.phrases[phrase].words.start);
                if nobody {
                    found.push(ClaimMention {
                        claim: Claim { by: None, kind: ClaimKind::Unclaimed },
                        words: start.min(end)..end.max(start),
                    });
                } else {
                    // "X and Y both claimed it".
                    for side in subject.map_or_else(Vec::new, |subject| unit.coordinated(subject)) {
                        let Some(by) = by(Some(side), Certainty::Claimed) else { continue };
                        if found.iter().any(|known: &ClaimMention| {
                            known.claim.by.as_ref().is_some_and(|other| other.actor_id == by.actor_id)
                        }) {
                            continue;
                        }
                        found.push(ClaimMention {
                            claim: Claim { by: Some(by), kind: ClaimKind::Claimed },
                            words: start.min(end)..end.max(start),
                        });
                    }
                }
            }
            "claim" if group.passive || group.bare_participle => {
                // "The attack was claimed by X".
                if let Some(agent) = unit.agent(group.head)
                    && let Some(by) = by(Some(agent), Certainty::Claimed)
                {
                    let end = unit.phrases[agent].words.end;
                    found.push(ClaimMention {
                        claim: Claim { by: Some(by), kind: ClaimKind::Claimed },
                        words: group.words.start..end,
                    });
                }
            }
            "claim" if said_to_have_done_it(unit, verb) => {
                // "X released a statement claiming that it had killed 30 soldiers".
                let issued = verb.checked_sub(1).filter(|&issued| {
                    let what = unit.object(issued).map_or("", |phrase| unit.lemma(unit.phrases[phrase].head));
                    let issues = matches!(
                        unit.lemma(unit.verbs[issued].head),
                        "release" | "issue" | "publish" | "post"
                    );
                    issues && matches!(what, "statement" | "video" | "message" | "communique")
                });
                let subject = unit.subject(issued.unwrap_or(verb));
                let armed = |who: &Participant| {
                    who.actor_id.is_some()
                        && who.sector.is_some_and(|sector| sector.is_armed() && !sector.is_state_force())
                };
                if let Some(phrase) = subject
                    && let Some(by) = by(Some(phrase), Certainty::Claimed).filter(armed)
                {
                    found.push(ClaimMention {
                        claim: Claim { by: Some(by), kind: ClaimKind::Claimed },
                        words: unit.phrases[phrase].words.start..group.words.end,
                    });
                }
            }
            "deny"
                if responsibility(object_head)
                    || next_verb(
                        unit,
                        group.words.end,
                        &["carry", "attack", "kill", "be", "have", "target", "bomb", "shell"],
                    ) =>
            {
                let subject = unit.subject(verb);
                if let Some(by) = by(subject, Certainty::Stated) {
                    let start = subject.map_or(group.words.start, |phrase| unit.phrases[phrase].words.start);
                    found.push(ClaimMention {
                        claim: Claim { by: Some(by), kind: ClaimKind::Denied },
                        words: start.min(end)..end.max(start),
                    });
                }
            }
            // "X said that its fighters had killed 20".
            "say" | "announce" | "state" if says_it_did(unit, group.words.end, lemma) && !group.negated => {
                let rebels = |who: &Participant| {
                    who.actor_id.is_some()
                        && who.sector.is_some_and(|sector| sector.is_armed() && !sector.is_state_force())
                };
                let subject = unit.subject(verb);
                if let Some(by) = by(subject, Certainty::Claimed).filter(rebels) {
                    let start = subject.map_or(group.words.start, |phrase| unit.phrases[phrase].words.start);
                    let end = unit.words.len().min(group.words.end + CLAIM_WORDS).max(end);
                    found.push(ClaimMention {
                        claim: Claim { by: Some(by), kind: ClaimKind::Claimed },
                        words: start.min(end)..end,
                    });
                }
            }
            "blame" | "accuse" | "suspect" | "attribute" => {
                // "X blamed Y for", "blamed on Y", "attributed to Y", "Y was blamed".
                let on = (group.words.end..unit.words.len().min(group.words.end + 10))
                    .find(|&at| matches!(unit.lower(at), "on" | "to") && lemma != "accuse");
                let blamed = on
                    .and_then(|at| unit.phrases.iter().position(|phrase| phrase.words.start == at + 1))
                    .filter(|&phrase| reading.is_people(parsed, phrase))
                    .or_else(|| {
                        if group.passive || group.bare_participle {
                            unit.subject(verb).filter(|_| lemma != "attribute")
                        } else {
                            object
                        }
                    });
                if let Some(phrase) = blamed
                    && reading.is_people(parsed, phrase)
                    && reading.describe(parsed, phrase).is_some_and(|who| {
                        who.sector.is_some_and(|sector| sector.is_armed()) || who.actor_id.is_some()
                    })
                    && let Some(by) = by(Some(phrase), Certainty::Suspected)
                {
                    let words = &unit.phrases[phrase].words;
                    found.push(ClaimMention {
                        claim: Claim { by: Some(by), kind: ClaimKind::Blamed },
                        words: group.words.start.min(words.start)..words.end.max(group.words.end),
                    });
                }
            }
            _ => {}
        }
    }
    // "X said that it was behind the attack", "X was responsible", "the work of X".
    for (verb, group) in unit.verbs.iter().enumerate() {
        if unit.lemma(group.head) != "be" || group.negated {
            continue;
        }
        let next = unit.lower(group.words.end);
        let armed = |phrase: usize| {
            reading
                .describe(parsed, phrase)
                .is_some_and(|who| who.sector.is_some_and(record::vocabulary::Sector::is_armed))
        };
        // "The Taliban are suspected."
        if next == "suspected"
            && let Some(phrase) = unit.subject(verb).filter(|&phrase| armed(phrase))
            && let Some(mut by) = reading.participant(parsed, phrase)
        {
            by.certainty = Certainty::Suspected;
            found.push(ClaimMention {
                claim: Claim { by: Some(by), kind: ClaimKind::Blamed },
                words: unit.phrases[phrase].words.start..group.words.end + 1,
            });
            continue;
        }
        let of_attack = (group.words.end..unit.words.len().min(group.words.end + 6)).any(|at| {
            matches!(
                unit.lemma(at),
                "attack"
                    | "bombing"
                    | "blast"
                    | "killing"
                    | "explosion"
                    | "ambush"
                    | "assault"
                    | "shooting"
                    | "raid"
                    | "abduction"
            )
        });
        if next != "behind" && next != "responsible" || next == "behind" && !of_attack {
            continue;
        }
        let Some(subject) = unit.subject(verb) else { continue };
        let noun = &unit.phrases[subject];
        let itself = matches!(unit.lower(noun.words.start), "it" | "they");
        let who = if itself {
            (0..subject).rev().find(|&before| {
                reading
                    .describe(parsed, before)
                    .is_some_and(|who| who.sector.is_some_and(record::vocabulary::Sector::is_armed))
            })
        } else {
            Some(subject)
        };
        if let Some(phrase) = who
            && reading
                .describe(parsed, phrase)
                .is_some_and(|who| who.sector.is_some_and(record::vocabulary::Sector::is_armed))
            && let Some(mut by) = reading.participant(parsed, phrase)
        {
            let (kind, certainty) = if itself {
                (ClaimKind::Claimed, Certainty::Claimed)
            } else {
                (ClaimKind::Blamed, Certainty::Suspected)
            };
            by.certainty = certainty;
            found.push(ClaimMention {
                claim: Claim { by: Some(by), kind },
                words: unit.phrases[phrase].words.start..group.words.end + 1,
            });
        }
    }
    believed_to_be(reading, parsed, &mut found);
    // "No group has claimed …" may come without a verb group of its own; "claim of responsibility" as a noun.
    for at in 0..unit.words.len().saturating_sub(2) {
        if unit.lemma(at) == "claim"
            && unit.lower(at + 1) == "of"
            && unit.lower(at + 2) == "responsibility"
            && found.is_empty()
        {
            let nobody =
                (at.saturating_sub(4)..at).any(|word| matches!(unit.lower(word), "no" | "any" | "without"));
            if nobody {
                found.push(ClaimMention {
                    claim: Claim { by: None, kind: ClaimKind::Unclaimed },
                    words: at.saturating_sub(2)..at + 3,
                });
            }
        }
    }
    found
}

/// "That it had killed", "that its fighters attacked", "to have killed", after a verb.
fn said_to_have_done_it(unit: &Unit, verb: usize) -> bool {
    let at = unit.verbs[verb].words.end;
    let itself = matches!(
        (unit.lower(at), unit.lower(at + 1)),
        ("that", "it" | "its" | "they" | "their") | ("it" | "they" | "its" | "their", _) | ("to", "have")
    );
    let done = ["kill", "attack", "carry", "target", "detonate", "bomb", "ambush", "shoot", "destroy"];
    itself
        && unit.verbs.get(verb + 1).is_some_and(|next| {
            next.words.start <= at + 6 && !next.negated && done.contains(&unit.lemma(next.head))
        })
}

/// "IS-claimed suicide bombings", "in a Taliban claimed attack": said in passing, as a part of the attack's own phrase.
fn claimed_in_passing(reading: &Reading<'_>, parsed: &Parsed) -> Vec<ClaimMention> {
    let unit = &parsed.unit;
    let mut found = Vec::new();
    let registry = &reading.knowledge.who;
    if !(0..unit.words.len()).any(|at| unit.lower(at).ends_with("claimed")) {
        return found;
    }
    let span = unit.span(&(0..unit.words.len()));
    let first = reading.text.tokens.partition_point(|token| token.span.end <= span.start);
    let end = reading.text.tokens.partition_point(|token| token.span.start < span.end);
    let context = reading.context();
    for named in registry.find_in(&reading.text, first..end, &context) {
        let Some(words) = unit.words_of(named.span) else { continue };
        let hyphen = named.tail.as_deref() == Some("claimed");
        let apart = named.tail.is_none()
            && unit.lower(words.end) == "claimed"
            && matches!(unit.before(words.start, 1), "a" | "an" | "another" | "the");
        let from = if hyphen { words.end } else { words.end + 1 };
        let attack = (from..unit.words.len().min(from + 3)).any(|at| {
            matches!(
                unit.lemma(at),
                "ambush"
                    | "assault"
                    | "attack"
                    | "blast"
                    | "bombing"
                    | "explosion"
                    | "killing"
                    | "raid"
                    | "shooting"
            )
        });
        if !(hyphen || apart) || !attack {
            continue;
        }
        let actor = registry.actor(registry.resolve(&named, &context));
        let by = Participant {
            mentions: vec![reading.text.mention(unit.span(&words))],
            kind: actor.kind,
            name: Some(actor.name.clone()),
            actor_id: Some(actor.id.clone()),
            wikidata_id: actor.wikidata.clone(),
            country: actor.country.clone(),
            sector: Some(actor.sector),
            inter_code: actor.inter_code,
            number: None,
            affiliation: None,
            certainty: Certainty::Claimed,
        };
        found.push(ClaimMention {
            claim: Claim { by: Some(by), kind: ClaimKind::Claimed },
            words: words.start..from + 1,
        });
    }
    found
}

/// "The gunmen, believed to be members of X, …": nobody says so by name, and the attackers are not known to be.
fn believed_to_be(reading: &Reading<'_>, parsed: &Parsed, found: &mut Vec<ClaimMention>) {
    let unit = &parsed.unit;
    for at in 0..unit.words.len().saturating_sub(3) {
        let thought = matches!(unit.lower(at), "believed" | "presumed" | "suspected" | "thought");
        if !thought || unit.lower(at + 1) != "to" || unit.lower(at + 2) != "be" {
            continue;
        }
        let attacker = (0..unit.phrases.len()).rev().find(|&phrase| unit.phrases[phrase].words.end <= at);
        let attacks = attacker.is_some_and(|phrase| {
            matches!(
                unit.lemma(unit.phrases[phrase].head),
                "abductor"
                    | "assailant"
                    | "attacker"
                    | "bomber"
                    | "gunman"
                    | "kidnapper"
                    | "killer"
                    | "perpetrator"
                    | "raider"
                    | "shooter"
            )
        });
        let meant = (0..unit.phrases.len()).filter(|&phrase| {
            let start = unit.phrases[phrase].words.start;
            start >= at + 3 && start <= at + 8
        });
        let mut armed =
            meant.filter_map(|phrase| reading.participant(parsed, phrase).map(|who| (phrase, who)));
        let armed = armed
            .find(|(_, who)| who.actor_id.is_some() && who.sector.is_some_and(|sector| sector.is_armed()));
        if let Some((phrase, mut by)) = armed.filter(|_| attacks) {
            by.certainty = Certainty::Suspected;
            found.push(ClaimMention {
                claim: Claim { by: Some(by), kind: ClaimKind::Blamed },
                words: at..unit.phrases[phrase].words.end,
            });
        }
    }
}

/// The name that a phrase stands beside: "Sinai Province, an Islamic State-affiliated organisation, claimed it", "the
/// Army of X, a group linked to the Y". What only says more of a name claims nothing.
fn named_beside(reading: &Reading<'_>, parsed: &Parsed, phrase: usize) -> usize {
    let unit = &parsed.unit;
    let named = |phrase: usize| reading.describe(parsed, phrase).is_some_and(|who| who.actor_id.is_some());
    let start = unit.phrases[phrase].words.start;
    let linked = matches!(unit.before(start, 1), "to" | "with")
        && matches!(
            unit.before(start, 2),
            "linked" | "tied" | "close" | "loyal" | "allied" | "affiliated" | "associated"
        );
    if named(phrase) && !linked {
        return phrase;
    }
    // Back over "a group linked to" to what stands before its comma.
    let described = if linked { phrase.checked_sub(1) } else { Some(phrase) };
    let beside = described.and_then(|described| {
        let first = unit.phrases[described].words.start;
        let before = described.checked_sub(1)?;
        let gap = unit.phrases[before].words.end..first;
        let comma = gap.clone().any(|at| unit.lower(at) == ",");
        (comma && gap.len() <= 5 && gap.clone().all(|at| unit.verb_at[at].is_none())).then_some(before)
    });
    // The bracket of "Lashkar (LeJ), a group …" is a phrase too.
    let candidates = beside.into_iter().flat_map(|before| [Some(before), before.checked_sub(1)]).flatten();
    candidates.into_iter().find(|&before| named(before)).unwrap_or(phrase)
}

fn next_verb(unit: &Unit, from: usize, lemmas: &[&str]) -> bool {
    (from..unit.words.len().min(from + 4))
        .any(|at| unit.verb_at[at].is_some() && lemmas.contains(&unit.lemma(at)))
}
