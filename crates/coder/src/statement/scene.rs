//! One sentence as the finders of statements see it: its cues, its clauses, what its words are about.

use std::ops::Range;

use record::vocabulary::{EventType, InterCode};
use record::{About, Period, StatementKind};
use rustc_hash::FxHashSet;
use syntax::Tag;

use super::lexicon::{Asking, Charge, Cue, Found, Outlook, Sense, Subject};
use super::{Speech, StatementLexicon, hanging_gerund};
use crate::kind::Kind;
use crate::lexicon::Class;
use crate::people::Who;
use crate::reading::{Parsed, Reading};
use crate::speaker::Attribution;
use crate::trigger;
use crate::unit::{Time, Unit};

/// Words that may stand between a verb of speaking and "that": those spoken to.
const ADDRESSEE: usize = 6;

/// One sentence with its cues.
pub(crate) struct Scene<'r, 'a> {
    pub reading: &'r Reading<'a>,
    pub attribution: &'r Attribution,
    pub parsed: &'r Parsed,
    pub unit: &'r Unit,
    pub lexicon: &'r StatementLexicon,
    pub cues: Vec<Found>,
    triggers: Vec<trigger::Trigger>,
    segments: Vec<Range<usize>>,
}

impl<'r, 'a> Scene<'r, 'a> {
    pub(crate) fn new(reading: &'r Reading<'a>, attribution: &'r Attribution, parsed: &'r Parsed) -> Self {
        let unit = &parsed.unit;
        let lexicon = &reading.knowledge.statements;
        let cues = lexicon.find(unit);
        let triggers = trigger::find(&reading.knowledge.lexicon, unit);
        let mut scene =
            Self { reading, attribution, parsed, unit, lexicon, cues, triggers, segments: Vec::new() };
        scene.segments = scene.split();
        scene
    }

    /// Whether the sentence has any cue of a statement.
    pub(crate) fn has_cue(&self) -> bool {
        self.cues.iter().any(|cue| {
            matches!(
                cue.sense,
                Sense::Trend(_)
                    | Sense::Cause(_)
                    | Sense::Forecast(_)
                    | Sense::Estimate(_)
                    | Sense::Demand(_)
                    | Sense::Allegation(_)
            )
        })
    }

    pub(crate) fn cue(&self, found: &Found) -> &Cue {
        self.lexicon.cue(found.cue)
    }

    /// The clauses that are propositions of their own: between semicolons, before and after somebody begins to
    /// speak. Coordinated clauses stay together, because causes and conditions reach across "and".
    fn split(&self) -> Vec<Range<usize>> {
        let unit = self.unit;
        let mut cuts: Vec<usize> = vec![0, unit.words.len()];
        for at in 1..unit.words.len() {
            let lower = unit.lower(at);
            let after_comma = matches!(unit.before(at, 1), "," | "\"" | "”" | "''");
            let gerund_of_speech = after_comma
                && (unit.verb_at[at].is_some_and(|verb| unit.verbs[verb].gerund) || hanging_gerund(unit, at))
                && self
                    .cues
                    .iter()
                    .any(|cue| cue.words.start == at && matches!(cue.sense, Sense::Speech(Speech::Say)));
            if lower == ";" || gerund_of_speech || after_comma && matches!(lower, "while" | "whereas") {
                cuts.push(at);
            }
        }
        // Another speaks from here on; but a verb that warns, demands or accuses stays with what it governs.
        let verb_of = |start: usize| {
            self.cues.iter().any(|cue| {
                let near =
                    cue.words.end <= start && start <= cue.words.end + ADDRESSEE || cue.words.start == start;
                near && (cue.words.end..start).all(|word| {
                    unit.verb_at[word].is_none_or(|verb| unit.verbs[verb].words.contains(&cue.words.start))
                }) && matches!(
                    cue.sense,
                    Sense::Forecast(Outlook::Warn | Outlook::Predict)
                        | Sense::Demand(Asking::Call)
                        | Sense::Allegation(Charge::Accuse | Charge::Blame)
                        | Sense::Cause(_)
                )
            })
        };
        // A dateline is no part of what is said.
        if let Some(dateline) = self.reading.dateline.as_ref()
            && let Some(words) = unit.words_of(dateline.span)
            && words.start == 0
        {
            cuts.push(words.end.min(unit.words.len()));
        }
        cuts.extend(
            self.attribution
                .starts(unit.sentence)
                .filter(|&start| start < unit.words.len() && !verb_of(start)),
        );
        cuts.sort_unstable();
        cuts.dedup();
        cuts.windows(2).map(|pair| pair[0]..pair[1]).collect()
    }

    /// The clause of a word, without the marks around it.
    pub(crate) fn segment(&self, word: usize) -> Range<usize> {
        let found = self
            .segments
            .iter()
            .find(|segment| segment.contains(&word))
            .cloned()
            .unwrap_or(0..self.unit.words.len());
        self.trim(found)
    }

    /// Some words without marks and conjunctions at their ends.
    pub(crate) fn trim(&self, mut words: Range<usize>) -> Range<usize> {
        let unit = self.unit;
        let mark = |at: usize| {
            unit.words.get(at).is_some_and(|word| {
                matches!(
                    word.tag,
                    Tag::Comma | Tag::Colon | Tag::FullStop | Tag::OpenQuote | Tag::CloseQuote | Tag::Nfp
                ) || matches!(
                    word.lower.as_str(),
                    "," | "."
                        | ";"
                        | ":"
                        | "\""
                        | "“"
                        | "”"
                        | "«"
                        | "»"
                        | "''"
                        | "``"
                        | "!"
                        | "?"
                        | "-"
                        | "–"
                        | "—"
                )
            })
        };
        while words.start < words.end
            && (mark(words.start)
                || matches!(unit.lower(words.start), "and" | "but" | "that" | "while" | "whereas"))
        {
            words.start += 1;
        }
        while words.end > words.start
            && (mark(words.end - 1) || matches!(unit.lower(words.end - 1), "and" | "but" | "while"))
        {
            words.end -= 1;
        }
        words
    }

    /// Whether some words are about violence or those who do it.
    pub(crate) fn violent(&self, words: &Range<usize>) -> bool {
        self.is_about(words, Subject::Violence) || self.armed(words) || self.triggered(words)
    }

    /// Whether some words are about violence itself, not only about somebody who does it.
    pub(crate) fn violence_itself(&self, words: &Range<usize>) -> bool {
        self.triggered(words)
            || self.cues.iter().any(|cue| {
                cue.sense == Sense::About(Subject::Violence)
                    && inside(&cue.words, words)
                    && !self.names_people(cue.words.end - 1)
            })
    }

    /// Whether some words are about violence or protection from it.
    pub(crate) fn secure(&self, words: &Range<usize>) -> bool {
        self.violent(words) || self.is_about(words, Subject::Security)
    }

    /// Whether a cue of a subject lies in some words.
    pub(crate) fn is_about(&self, words: &Range<usize>, subject: Subject) -> bool {
        self.cues.iter().any(|cue| cue.sense == Sense::About(subject) && inside(&cue.words, words))
    }

    /// Whether a cue with a sense begins in some words.
    pub(crate) fn has(&self, words: &Range<usize>, fits: impl Fn(Sense) -> bool) -> bool {
        self.cues.iter().any(|cue| words.contains(&cue.words.start) && fits(cue.sense))
    }

    /// Whether a word of the lexicon of events, more than a weak one or a result, lies in some words.
    fn triggered(&self, words: &Range<usize>) -> bool {
        self.triggers_in(words).next().is_some()
    }

    fn triggers_in<'s>(&'s self, words: &'s Range<usize>) -> impl Iterator<Item = Kind> + 's {
        let lexicon = &self.reading.knowledge.lexicon;
        self.triggers.iter().filter(move |trigger| words.contains(&trigger.head)).filter_map(move |trigger| {
            let entry = lexicon.entry(trigger.entry);
            let kind = trigger.kind;
            let telling = kind.is_violent() && !kind.is_result()
                || matches!(kind, Kind::Riot | Kind::Abduction | Kind::SexualViolence | Kind::Hijacking);
            (telling && !entry.weak).then_some(kind)
        })
    }

    /// Whether a named armed actor that is no state's force, or a word for such people, lies in some words.
    pub(crate) fn armed(&self, words: &Range<usize>) -> bool {
        let registry = &self.reading.knowledge.who;
        self.parsed
            .actors
            .iter()
            .any(|actor| inside(&actor.words, words) && is_rebel(registry.actor(actor.actor)))
            || self.has_people(words, |found| {
                found.sector.is_some_and(|sector| sector.is_armed() && !sector.is_state_force())
            })
    }

    /// Whether a phrase in some words means people of a kind.
    fn has_people(&self, words: &Range<usize>, fits: impl Fn(&Who) -> bool) -> bool {
        let unit = self.unit;
        unit.phrases.iter().enumerate().any(|(index, phrase)| {
            inside(&phrase.words, words)
                && !phrase.pronoun
                && self.reading.describe(self.parsed, index).is_some_and(|description| fits(&description))
        })
    }

    /// Whether a phrase means armed people who are no state's force.
    pub(crate) fn phrase_is_armed(&self, phrase: usize) -> bool {
        self.armed(&self.unit.phrases[phrase].words)
    }

    /// Whether a word is the head of a phrase for people.
    fn names_people(&self, word: usize) -> bool {
        self.unit.phrase_of(word).is_some_and(|phrase| {
            self.unit.phrases[phrase].head == word
                && self.reading.describe(self.parsed, phrase).is_some_and(|found| found.sector.is_some())
        })
    }

    /// Lemmas that carry content, to tell whether two quotes say the same.
    pub(crate) fn content_words(&self, words: &Range<usize>) -> FxHashSet<String> {
        self.unit.words[words.clone()]
            .iter()
            .filter(|word| {
                word.tag.is_noun() || word.tag.is_verb() || word.tag.is_adjective() || word.tag == Tag::Cd
            })
            .filter(|word| !matches!(word.lemma.as_str(), "be" | "have" | "do" | "say"))
            .map(|word| word.lemma.clone())
            .collect()
    }

    /// Who, where and what kinds of event some words are about; places may stand anywhere in the quote.
    pub(crate) fn about(&self, theme: &Range<usize>, quote: &Range<usize>) -> About {
        let mut about = About::default();
        for phrase in 0..self.unit.phrases.len() {
            let words = &self.unit.phrases[phrase].words;
            if !inside(words, quote) {
                continue;
            }
            let Some(participant) = self.reading.participant(self.parsed, phrase) else { continue };
            if self.reading.is_thing(self.parsed, phrase)
                || self.is_event_noun(self.unit.phrases[phrase].head)
            {
                continue;
            }
            let acts = participant.sector.is_some_and(|sector| sector.is_armed() || sector.is_state_force())
                || participant.actor_id.is_some();
            let known = |other: &record::Participant| {
                other.actor_id.is_some() && other.actor_id == participant.actor_id
                    || other.actor_id.is_none()
                        && participant.actor_id.is_none()
                        && other.name.is_some()
                        && other.name == participant.name
                    || other.mentions.first().map(|mention| mention.text.to_lowercase())
                        == participant.mentions.first().map(|mention| mention.text.to_lowercase())
            };
            if acts && !about.actors.iter().any(known) {
                about.actors.push(participant);
            }
        }
        for mention in self.parsed.places.iter().filter(|mention| inside(&mention.words, quote)) {
            if !about.places.iter().any(|known| {
                known.name.is_some()
                    && known.name == mention.place.name
                    && known.country == mention.place.country
            }) {
                about.places.push(mention.place.clone());
            }
        }
        for kind in self.triggers_in(theme) {
            if let Some(event_type) = self.event_type(kind, theme)
                && !about.event_types.contains(&event_type)
            {
                about.event_types.push(event_type);
            }
        }
        about
    }

    /// ACLED's event type of a kind, where the kind alone or the side attacked decides it.
    fn event_type(&self, kind: Kind, words: &Range<usize>) -> Option<EventType> {
        Some(match kind {
            kind if kind.is_explosive() => EventType::ExplosionsRemoteViolence,
            Kind::Clash | Kind::Capture => EventType::Battles,
            Kind::Riot => EventType::Riots,
            Kind::Protest => EventType::Protests,
            Kind::Abduction
            | Kind::SexualViolence
            | Kind::Hijacking
            | Kind::Assassination
            | Kind::Torture => EventType::ViolenceAgainstCivilians,
            Kind::Attack | Kind::Ambush | Kind::Raid => {
                let target =
                    |code: &InterCode| matches!(code, InterCode::StateForces | InterCode::ExternalForces);
                if self.has_people(words, |found| found.inter_code.as_ref().is_some_and(target)) {
                    EventType::Battles
                } else if self.has_people(words, |found| found.inter_code == Some(InterCode::Civilians)) {
                    EventType::ViolenceAgainstCivilians
                } else {
                    return None;
                }
            }
            _ => return None,
        })
    }

    /// The days that a trend is told of: all that the quote's time expressions span.
    pub(crate) fn period(&self, words: &Range<usize>) -> Option<Period> {
        let mut period: Option<Period> = None;
        for time in self.unit.times.iter().filter(|time| inside(&time.words, words)) {
            let Some((first, last)) = time.expression.interval else { continue };
            let since = self.unit.before(time.words.start, 1) == "since"
                || self.unit.lower(time.words.start) == "since";
            // What began then goes on until the day of writing.
            let last = if since { self.reading.anchors.published } else { Some(last) };
            period = Some(match period {
                None => Period { start: Some(first), end: last },
                Some(before) => Period {
                    start: before.start.min(Some(first)),
                    end: before.end.zip(last).map(|(a, b)| a.max(b)),
                },
            });
        }
        period
    }

    /// Whether a time expression is a week or more.
    pub(crate) fn is_period(&self, time: &Time) -> bool {
        const WEEK: i32 = 6;
        time.expression
            .interval
            .is_some_and(|(first, last)| first.until(last).is_ok_and(|span| span.get_days() >= WEEK))
    }

    /// Whether the sentence before tells of violence that rises or falls, so that this one can say why.
    pub(crate) fn follows_a_trend(&self) -> bool {
        let before =
            self.unit.sentence.checked_sub(1).and_then(|before| self.reading.parsed.get(before)?.as_ref());
        before.is_some_and(|before| {
            let cues = self.lexicon.find(&before.unit);
            let has = |fits: &dyn Fn(Sense) -> bool| cues.iter().any(|cue| fits(cue.sense));
            has(&|sense| matches!(sense, Sense::Trend(_)))
                && has(&|sense| sense == Sense::About(Subject::Violence))
        })
    }

    /// The clause after "if" or "unless" in some words; the last one, since what comes first is often rhetoric.
    pub(crate) fn condition(&self, words: &Range<usize>) -> Option<Range<usize>> {
        let unit = self.unit;
        let opens = |at: usize| {
            matches!(unit.lower(at), "if" | "unless" | "provided" | "until" | "without")
                && !matches!(unit.before(at, 1), "as" | "even" | "what")
                && (unit.lower(at) != "provided" || unit.lower(at + 1) == "that")
                && (unit.lower(at) != "without" || unit.lower(at + 1) != "the")
        };
        let start = words
            .clone()
            .rev()
            .find(|&at| opens(at) && (matches!(unit.lower(at), "if" | "unless" | "provided")))?;
        let stop = (start + 1..words.end)
            .find(|&at| {
                matches!(unit.lower(at), "," | ";" | "then") && self.clause_follows(at + 1, words.end)
            })
            .unwrap_or(words.end);
        Some(self.trim(start..stop))
    }

    fn clause_follows(&self, from: usize, to: usize) -> bool {
        self.unit.verbs.iter().any(|group| (from..to).contains(&group.words.start))
    }

    /// Whether a draft of a kind with this cue inside is already there.
    pub(crate) fn taken(drafts: &[super::Draft], kind: StatementKind, words: &Range<usize>) -> bool {
        drafts
            .iter()
            .any(|draft| draft.kind == kind && draft.words.start < words.end && words.start < draft.words.end)
    }

    /// A verb's subject; where the parser took a dateline for it ("BAGHDAD, May 3 - Attacks rose"), what stands
    /// between the dash and the verb.
    pub(crate) fn subject(&self, verb: usize) -> Option<usize> {
        let unit = self.unit;
        let start = unit.verbs[verb].words.start;
        let dashed = |phrase: usize| {
            (unit.phrases[phrase].words.end..start)
                .any(|word| matches!(unit.lower(word), "-" | "–" | "—" | "--"))
        };
        // Where the parser hangs two subjects on one verb, the nearer is its own.
        let group = &unit.verbs[verb];
        let own = |&child: &usize| unit.words[child].relation.is_subject() && child < start;
        let nearest = unit.children(group.head).iter().copied().filter(own).max();
        let several = unit.children(group.head).iter().filter(|child| own(child)).count() > 1;
        let nearest = nearest.filter(|_| several).and_then(|child| unit.phrase_of(child));
        match nearest.or_else(|| unit.subject(verb)) {
            Some(phrase) if dashed(phrase) => unit.left_phrase(start).filter(|&near| !dashed(near)),
            other => other,
        }
    }

    /// The verb group whose head or first word a cue has.
    pub(crate) fn verb(&self, found: &Found) -> Option<usize> {
        self.unit.verb_at.get(found.words.start).copied().flatten()
    }

    /// The word whose speaker says what a cue governs: for a verb that itself says so ("warned") what follows it.
    pub(crate) fn said_at(&self, found: &Found, segment: &Range<usize>) -> usize {
        let speech = self
            .cues
            .iter()
            .any(|cue| cue.words.start == found.words.start && matches!(cue.sense, Sense::Speech(_)));
        let said = (found.words.end..segment.end)
            .find(|&word| self.attribution.voice(self.unit.sentence, word).is_some());
        said.filter(|_| speech).unwrap_or(found.words.start)
    }

    /// Whether a word is a noun for violence that happens once: "the attack".
    pub(crate) fn is_violent_noun(&self, word: usize) -> bool {
        self.is_event_noun(word)
            && self.triggers.iter().any(|trigger| trigger.head == word && trigger.kind.is_violent())
    }

    /// Whether a word is a noun of the lexicon of events.
    pub(crate) fn is_event_noun(&self, word: usize) -> bool {
        self.triggers.iter().any(|trigger| {
            trigger.head == word && self.reading.knowledge.lexicon.entry(trigger.entry).class == Class::Noun
        })
    }
}

/// Whether some words lie in others.
pub(crate) fn inside(words: &Range<usize>, outer: &Range<usize>) -> bool {
    outer.start <= words.start && words.end <= outer.end
}

fn is_rebel(actor: &who::Actor) -> bool {
    actor.sector.is_armed() && !actor.sector.is_state_force()
}
