/*! Who did it, where the verb's own subject and agent do not say: a group named around the event in the place of one
who acts.

"Two soldiers were killed in PKK attacks", "by a mine planted by Boko Haram terrorists", "in an operation against the
NDF", "the attackers were believed to be members of Al-Shabaab": the name stands elsewhere in the sentence or in the
next, and the words between say what it has to do with the event. Only armed groups of the registry are looked for:
a state's forces, victims and bystanders are named around attacks as often as those who made them.
*/

use std::ops::Range;

use record::vocabulary::Sector;
use record::{Certainty, Participant, ParticipantKind};
use text::Span;

use crate::draft::{Draft, Telling};
use crate::kind::Kind;
use crate::reading::{ActorMention, Parsed};
use crate::side::same_side;
use crate::unit::Unit;

/// In how many sentences after the event its maker is still looked for.
const AFTERWARDS: usize = 2;
/// How many words before a name may say that it is only suspected, fled from or fought with.
const REACH: usize = 6;

/// How far a claim may stand from its verb of saying: "said yesterday in a statement that it had …".
const CLAUSE: usize = 12;

/// Who did it, and the words that say so.
pub(crate) struct Doer {
    pub who: Participant,
    pub span: Span,
    pub reason: &'static str,
}

/// What a named group has to do with an event.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Agent,
    OwnAttack,
    Subject,
    Claimant,
    Opponent,
    Suspect,
    Ground,
}

impl Part {
    const fn reason(self) -> &'static str {
        match self {
            Self::Agent => "named after \"by\" in what is told of the event",
            Self::OwnAttack => "the attack is called theirs",
            Self::Subject => "the sentence tells it as their doing",
            Self::Claimant => "they claim to have done it",
            Self::Opponent => "named as those who were fought",
            Self::Suspect => "believed or suspected to have done it",
            Self::Ground => "the fire came from ground that they hold",
        }
    }

    const fn certainty(self) -> Certainty {
        match self {
            Self::Agent | Self::OwnAttack | Self::Subject => Certainty::Stated,
            Self::Claimant => Certainty::Claimed,
            Self::Opponent | Self::Ground => Certainty::Inferred,
            Self::Suspect => Certainty::Suspected,
        }
    }
}

impl Telling<'_> {
    /// The armed group that an event is told as the doing of, where its frames name none.
    pub(crate) fn doer(
        &self,
        draft: &Draft,
        actors: &[Participant],
        recipients: &[Participant],
    ) -> Option<Doer> {
        let named = |who: &Participant| {
            (who.actor_id.is_some() || who.sector.is_some_and(Sector::is_state_force))
                && !recipients.iter().any(|other| same_side(other, who))
        };
        let violent =
            draft.kind.is_violent() || matches!(draft.kind, Kind::Abduction | Kind::Arson | Kind::Death);
        let victims = |who: &Participant| recipients.iter().any(|other| other.actor_id == who.actor_id);
        let group =
            |who: &Participant| who.actor_id.is_some() && !who.sector.is_some_and(Sector::is_state_force);
        if !violent || actors.iter().any(group) {
            return None;
        }
        let answered = actors.iter().any(named);
        let told: Vec<usize> =
            draft.clusters.iter().map(|cluster| self.sentences[cluster.sentence].index).collect();
        let last = *told.last()?;
        let after = (last + 1..=last + AFTERWARDS).filter(|index| !told.contains(index));
        told.iter().copied().chain(after).find_map(|index| {
            let parsed = self.reading.parsed.get(index)?.as_ref()?;
            parsed.actors.iter().find_map(|mention| {
                let actor = self.reading.knowledge.who.actor(mention.actor);
                let group = actor.sector.is_armed()
                    && !actor.sector.is_state_force()
                    && actor.kind != ParticipantKind::Population;
                let part = group.then(|| self.part(index, parsed, mention))??;
                // An army that is told to have killed some of them did not make the attack that they claim.
                if answered && part != Part::Claimant {
                    return None;
                }
                // Further down only what looks back: "the attackers are believed to be …".
                if !told.contains(&index) && !matches!(part, Part::Suspect | Part::Agent | Part::Claimant) {
                    return None;
                }
                let phrase = parsed.unit.phrase_of(mention.words.start)?;
                let mut who = if matches!(part, Part::OwnAttack | Part::Claimant) {
                    self.reading.participant_of_words(parsed, &mention.words)?
                } else {
                    self.reading.participant(parsed, phrase)?
                };
                who.certainty = part.certainty();
                (who.actor_id.is_some() && !victims(&who)).then(|| Doer {
                    who,
                    span: parsed.unit.span(&mention.words),
                    reason: part.reason(),
                })
            })
        })
    }

    /// The sides of a clash that is called after them: "Berom, Fulani clashes", "Hausa, Yoruba labourers clash". Nobody where it is
    /// called after one only.
    pub(crate) fn clash_named_for(&self, draft: &Draft) -> Vec<Doer> {
        if !matches!(draft.kind, Kind::Clash | Kind::Riot) {
            return Vec::new();
        }
        for cluster in &draft.clusters {
            let told = &self.sentences[cluster.sentence];
            let Some(parsed) = self.reading.parsed.get(told.index).and_then(Option::as_ref) else { continue };
            let unit = &parsed.unit;
            let clash = told.triggers.iter().filter(|trigger| {
                matches!(
                    unit.lemma(trigger.head),
                    "battle" | "clash" | "confrontation" | "fight" | "fighting" | "skirmish"
                )
            });
            for trigger in clash {
                let named = |mention: &&ActorMention| {
                    let gap = mention.words.end..trigger.head;
                    gap.start <= gap.end
                        && gap.len() <= REACH
                        && gap
                            .into_iter()
                            .all(|at| unit.words[at].tag.is_noun() || unit.words[at].tag.is_adjective())
                };
                let Some(last) = parsed.actors.iter().rposition(|mention| named(&mention)) else { continue };
                let mut first = last;
                while let Some(before) = first.checked_sub(1) {
                    let gap = parsed.actors[before].words.end..parsed.actors[first].words.start;
                    let joins = matches!(unit.lower(gap.start), "," | "/" | "-" | "–" | "and" | "&" | "vs");
                    if gap.len() != 1 || !joins {
                        break;
                    }
                    first = before;
                }
                if first == last {
                    continue;
                }
                let sides = parsed.actors[first..=last].iter().filter_map(|mention| {
                    let who = self.reading.participant_of_words(parsed, &mention.words)?;
                    let span = unit.span(&mention.words);
                    who.actor_id.is_some().then_some(Doer { who, span, reason: "the clash is called theirs" })
                });
                return sides.collect();
            }
        }
        Vec::new()
    }

    /// What a name has to do with the event of its sentence.
    fn part(&self, sentence: usize, parsed: &Parsed, mention: &ActorMention) -> Option<Part> {
        let unit = &parsed.unit;
        let phrase = unit.phrase_of(mention.words.start)?;
        let words = unit.phrases[phrase].words.clone();
        let start = first_of(unit, phrase);
        if fires_from_ground_of(unit, start, mention.words.end) {
            return Some(Part::Ground);
        }
        let window = start.saturating_sub(REACH)..start;
        if window.clone().any(|at| stands_apart(unit.lemma(at))) {
            return None;
        }
        let next = unit.lower(mention.words.end);
        if stands_apart(next) || matches!(next, "-" | "–") && stands_apart(unit.lower(mention.words.end + 1))
        {
            return None;
        }
        // "By his captors, the Abu Sayyaf group"; "the attackers were the Abu Sayyaf group".
        let behind = unit.before(start, 1) == ","
            && unit.phrases[..phrase].iter().rev().find(|other| other.words.end + 1 == start).is_some_and(
                |other| unit.before(other.words.start, 1) == "by" && is_member(unit.lemma(other.head)),
            );
        // "A sniper attack from X", "an ambush of X".
        let made =
            matches!(unit.before(start, 1), "from" | "of") && start > 1 && is_attack(unit.lemma(start - 2));
        let equated = start > 1 && unit.lemma(start - 1) == "be" && is_member(unit.lemma(start - 2));
        if unit.before(start, 1) == "by" || behind || equated || made {
            return Some(if window.clone().any(|at| is_doubt(unit.lower(at))) {
                Part::Suspect
            } else {
                Part::Agent
            });
        }
        if self.heads_event(sentence, mention, &words) {
            return Some(Part::OwnAttack);
        }
        let described = unit.before(start, 1) == "as"
            && matches!(unit.before(start, 2), "described" | "identified" | "known" | "named");
        let doubted = described
            || unit.lower(words.end) == "suspected"
            || window.clone().any(|at| is_doubt(unit.lower(at)))
            || words.clone().any(|at| is_doubt(unit.lower(at)))
            || matches!(
                (unit.lower(words.end), unit.lower(words.end + 1)),
                ("is" | "are" | "was" | "were", "suspected" | "blamed")
            );
        let verb = unit.verbs.iter().position(|group| {
            let gap = words.end..group.words.start;
            let apposed = unit.before(start, 1) == ",";
            group.words.start >= words.end
                && gap.len() <= REACH
                && (unit.lower(gap.start) == "from"
                    || gap.clone().all(|at| {
                        let tag = unit.words[at].tag;
                        tag.is_adverb()
                            || tag.is_noun()
                            || tag.is_adjective()
                            || is_bracket(unit, at)
                            || apposed && unit.lower(at) == ","
                    }))
        });
        if let Some(verb) = verb {
            let group = &unit.verbs[verb];
            let acts = !group.passive && !group.bare_participle && !group.negated && group.modal.is_none();
            let free = unit.phrases[phrase].preposition.is_none() || start < words.start;
            let claims = unit.lemma(group.head) == "claim"
                && matches!(unit.lower(group.words.end), "that" | "it" | "its" | "they" | "to" | "killing");
            if acts && free && (claims || says_it_did(unit, group.words.end, unit.lemma(group.head))) {
                return Some(Part::Claimant);
            }
            if acts && free && !is_idle(unit.lemma(group.head)) {
                return Some(if doubted { Part::Suspect } else { Part::Subject });
            }
        }
        if doubted {
            return Some(Part::Suspect);
        }
        let fought = matches!(unit.before(start, 1), "against" | "with" | "and" | "between" | "of")
            && window.clone().any(|at| is_fight(unit.lemma(at)));
        fought.then_some(Part::Opponent)
    }

    /// "PKK attacks", "an outlawed Kurdistan Workers' Party (PKK) attack": an event's noun right after the name.
    fn heads_event(&self, sentence: usize, mention: &ActorMention, words: &Range<usize>) -> bool {
        let Some(parsed) = self.reading.parsed[sentence].as_ref() else { return false };
        let unit = &parsed.unit;
        let Ok(at) = self.sentences.binary_search_by_key(&sentence, |told| told.index) else { return false };
        let told = &self.sentences[at];
        let after_preposition =
            matches!(unit.before(words.start, 1), "in" | "by" | "during" | "after" | "from" | "amid");
        told.triggers.iter().any(|trigger| {
            let gap = mention.words.end..trigger.head;
            trigger.kind.is_violent()
                && gap.start <= gap.end
                && (words.contains(&trigger.head) || gap.len() <= REACH)
                // "Killed in PKK attacks": behind a preposition no verb follows.
                && (unit.words[trigger.head].tag.is_noun() || after_preposition && gap.is_empty())
                && gap.into_iter().all(|at| {
                    let word = &unit.words[at];
                    word.tag.is_noun()
                        || word.tag.is_adjective()
                        || is_bracket(unit, at)
                        || word.lower == "claimed"
                })
        })
    }
}

/// "X said that it had shot a soldier", "that its fighters carried out the attack": a claim in other words.
pub(crate) fn says_it_did(unit: &Unit, from: usize, lemma: &str) -> bool {
    let clause = from..unit.words.len().min(from + CLAUSE);
    if !matches!(lemma, "say" | "announce" | "state" | "confirm") {
        return false;
    }
    // "Said on *its* channel that *its* fighters had killed 20": any of the words that mean it.
    clause.clone().filter(|&at| matches!(unit.lower(at), "it" | "its" | "they" | "their")).any(|itself| {
        // "One of its fighters, *an Iraqi*, had carried out the attack": who stands between two commas counts for nothing.
        let after = itself + 2;
        let aside = (unit.lower(after) == ",")
            .then(|| (after + 1..unit.words.len().min(after + REACH)).find(|&at| unit.lower(at) == ","))
            .flatten()
            .map_or(0, |end| end + 1 - after);
        let limit = unit.words.len().min((clause.end + 1).max(itself + 1) + aside);
        let rest = itself + 1..limit.min(itself + 1 + REACH + aside);
        let denied = rest.clone().any(|at| matches!(unit.lower(at), "not" | "n't" | "never" | "no"));
        !denied && rest.into_iter().any(|at| is_deed(unit.lemma(at)))
    })
}

/// "Rockets fired from an area in Syria controlled by X", "shells that came from an X controlled district".
fn fires_from_ground_of(unit: &Unit, start: usize, end: usize) -> bool {
    let holds = |word: &str| matches!(word, "controlled" | "held" | "occupied" | "ruled");
    let by = unit.before(start, 1) == "by" && holds(unit.before(start, 2));
    if !by && !holds(unit.lower(end)) {
        return false;
    }
    let from = (start.saturating_sub(REACH + 4)..start).rev().find(|&at| unit.lower(at) == "from");
    from.is_some_and(|from| {
        (from.saturating_sub(3)..from).any(|at| {
            matches!(unit.lemma(at), "fire" | "launch" | "come" | "shell" | "rocket" | "mortar" | "missile")
        })
    })
}

/// Where a phrase begins with those who belong to it: "members of the PKK", "gunmen loyal to X".
fn first_of(unit: &Unit, phrase: usize) -> usize {
    let mut first = phrase;
    while let Some(before) = first.checked_sub(1) {
        let gap = unit.phrases[before].words.end..unit.phrases[first].words.start;
        let ties = matches!(
            unit.lower(gap.start),
            "of" | "from" | "belonging" | "affiliated" | "associated" | "loyal" | "(" | "-"
        );
        // "Members of the Al-Qaeda-linked Al-Shabaab": whose friends they are stands between.
        let close = !gap.is_empty()
            && gap.len() <= REACH
            && gap
                .clone()
                .all(|at| !matches!(unit.lower(at), "," | ";" | ":" | "and" | "or" | "who" | "that"));
        let ties = ties && close;
        if !ties || !is_member(unit.lemma(unit.phrases[before].head)) {
            break;
        }
        first = before;
    }
    unit.phrases[first].words.start
}

fn is_bracket(unit: &Unit, at: usize) -> bool {
    matches!(unit.lower(at), "(" | ")" | "\"" | "“" | "”" | "'" | "’" | "-")
        || at > 0 && unit.lower(at - 1) == "(" && unit.lower(at + 1) == ")"
}

/// Words for those who act for a body.
fn is_member(lemma: &str) -> bool {
    matches!(
        lemma,
        "member"
            | "militant"
            | "fighter"
            | "rebel"
            | "gunman"
            | "insurgent"
            | "guerrilla"
            | "terrorist"
            | "extremist"
            | "attacker"
            | "assailant"
            | "bomber"
            | "supporter"
            | "element"
            | "follower"
            | "unit"
            | "group"
            | "militia"
            | "faction"
            | "branch"
            | "wing"
            | "front"
            | "organization"
            | "organisation"
            | "cell"
            | "man"
            | "soldier"
            | "jihadist"
            | "operative"
            | "captor"
            | "kidnapper"
            | "perpetrator"
            | "culprit"
            | "thug"
    )
}

/// Words that put a group where it does nothing: those who flee it, the land it holds, those it has lost.
fn stands_apart(lemma: &str) -> bool {
    matches!(
        lemma,
        "flee"
            | "fleeing"
            | "escape"
            | "hold"
            | "held"
            | "control"
            | "controlled"
            | "run"
            | "rule"
            | "occupy"
            | "recapture"
            | "liberate"
            | "free"
            | "refuse"
            | "join"
            | "inspire"
            | "inspired"
            | "condemn"
            | "deny"
            | "accuse"
            | "former"
            | "arrest"
            | "victim"
            | "stronghold"
            | "area"
            | "territory"
            | "flag"
            | "like"
    )
}

fn is_doubt(word: &str) -> bool {
    matches!(
        word,
        "suspected"
            | "suspects"
            | "believed"
            | "thought"
            | "alleged"
            | "allegedly"
            | "presumed"
            | "presumably"
            | "apparently"
            | "probably"
            | "likely"
            | "blamed"
            | "blame"
            | "blames"
            | "attributed"
    )
}

/// Verbs of saying, and those that no attack is made with.
fn is_idle(lemma: &str) -> bool {
    matches!(
        lemma,
        "be" | "say"
            | "claim"
            | "tell"
            | "announce"
            | "have"
            | "die"
            | "surrender"
            | "flee"
            | "retreat"
            | "withdraw"
            | "condemn"
            | "deny"
            | "release"
            | "free"
            | "call"
            | "want"
            | "pledge"
            | "vow"
            | "agree"
            | "lose"
            | "suffer"
    )
}

/// Words that tell of an attack as done by their subject.
fn is_deed(lemma: &str) -> bool {
    matches!(
        lemma,
        "behind"
            | "responsible"
            | "carry"
            | "lay"
            | "conduct"
            | "stage"
            | "launch"
            | "shoot"
            | "kill"
            | "bomb"
            | "attack"
            | "ambush"
            | "detonate"
            | "plant"
            | "fire"
            | "target"
            | "execute"
            | "behead"
            | "abduct"
            | "kidnap"
    )
}

fn is_attack(lemma: &str) -> bool {
    matches!(
        lemma,
        "attack" | "ambush" | "bombing" | "assault" | "raid" | "shelling" | "strike" | "shooting" | "fire"
    )
}

fn is_fight(lemma: &str) -> bool {
    matches!(
        lemma,
        "clash"
            | "fight"
            | "fighting"
            | "battle"
            | "encounter"
            | "shootout"
            | "shoot-out"
            | "firefight"
            | "gunfight"
            | "gunbattle"
            | "operation"
            | "offensive"
            | "skirmish"
            | "combat"
            | "confrontation"
            | "attack"
            | "ambush"
            | "raid"
            | "shooting"
    )
}
