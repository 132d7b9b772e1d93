/*! Reports that sum up before they tell: "17 people were killed in attacks across Iraq on Monday", then each attack.

The sum is no attack of its own. What the next sentences tell with a count and a place of their own is one of
those summed up; where two or more follow, or the deadliest alone, the sum becomes a total over them.
*/

use std::ops::Range;

use record::vocabulary::Realis;
use record::{Evidence, Period, Tally};
use text::SentenceRole;

use crate::day::LEAD_SENTENCES;
use crate::draft::{Cluster, Draft, Telling};
use crate::lexicon::{Class, Outcome};
use crate::location;
use crate::setting::is_country;
use crate::tally::TallyDraft;
use crate::unit::Unit;

/// How many sentences after the sum its parts are told.
const TOLD_WITHIN: usize = 16;
/// How many of an event's sentences are asked whether they sum up: the headline and the lead.
const SUMMING: usize = 3;
/// Within how many words after "attacks" their spread is told.
const SPREAD: usize = 4;

impl Telling<'_> {
    /// Whether a cluster of the headline or the first sentences tells of several attacks at once.
    pub(crate) fn sums_up(&self, cluster: &Cluster) -> bool {
        let told = &self.sentences[cluster.sentence];
        let unit = self.unit(cluster.sentence);
        let title = self.reading.text.sentences[told.index].role == SentenceRole::Title;
        let counted = cluster.casualties.iter().any(|&index| harmed(told, index).is_some_and(|(_, n)| n > 1));
        if !counted || !self.begins() || !title && told.index > LEAD_SENTENCES {
            return false;
        }
        cluster.frames.iter().map(|&frame| &told.frames[frame]).any(|frame| {
            let trigger = &told.triggers[frame.trigger];
            let entry = self.reading.knowledge.lexicon.entry(trigger.entry);
            frame.realis == Realis::Asserted
                && frame.kind.is_violent()
                && !frame.kind.is_result()
                && entry.class == Class::Noun
                && unit.words[trigger.head].tag.is_plural()
                // Two bombs may hit one market: how many devices there were says nothing.
                && is_spread(unit, trigger.head, !entry.has("device"))
        })
    }

    fn is_sum(&self, draft: &Draft) -> bool {
        draft.clusters.iter().take(SUMMING).any(|cluster| self.sums_up(cluster))
    }

    /// Whether a cluster tells one of the attacks that an event sums up: with a smaller count, not as known, and
    /// somewhere within.
    pub(crate) fn is_part_of(&self, draft: &Draft, cluster: &Cluster) -> bool {
        let main = self.main(cluster);
        let told = &self.sentences[cluster.sentence];
        let smaller = cluster
            .casualties
            .iter()
            .filter_map(|&index| harmed(told, index))
            .any(|(outcome, n)| self.summed(draft, outcome).is_some_and(|total| n < total));
        let deadliest = superlative(self.unit(cluster.sentence));
        smaller && (!main.definite || deadliest) && self.is_sum(draft) && {
            let (mine, theirs): (Vec<_>, Vec<_>) = (
                self.places(cluster).filter(|place| !is_country(place)).collect(),
                draft.clusters.iter().take(SUMMING).flat_map(|c| self.places(c)).collect(),
            );
            let elsewhere =
                !mine.is_empty() && !mine.iter().any(|a| theirs.iter().any(|b| location::same(a, b)));
            elsewhere || main.other || deadliest
        }
    }

    /// The largest figure that an event's first sentences give for an outcome.
    fn summed(&self, draft: &Draft, outcome: Outcome) -> Option<u64> {
        let counts = draft.clusters.iter().take(SUMMING).flat_map(|cluster| {
            let told = &self.sentences[cluster.sentence];
            cluster.casualties.iter().filter_map(|&index| harmed(told, index))
        });
        counts.filter(|count| count.0 == outcome).map(|count| count.1).max()
    }

    /// Takes what the report begins with away, as totals, where that only sums up what it tells then.
    #[must_use]
    pub fn totals(&mut self, drafts: &mut Vec<Draft>) -> Vec<TallyDraft> {
        if !drafts.split_first().is_some_and(|(first, others)| self.only_sums_up(first, others)) {
            return Vec::new();
        }
        let draft = drafts.remove(0);
        for cluster in &draft.clusters {
            let told = &mut self.sentences[cluster.sentence];
            for &frame in &cluster.frames {
                let words = told.triggers[told.frames[frame].trigger].words.clone();
                told.dropped.push((words, "sums up the events told after it"));
            }
        }
        self.total(&draft)
    }

    /// Whether an event only sums up others: two of those that follow are parts of it, or one that holds most of it.
    fn only_sums_up(&self, sum: &Draft, others: &[Draft]) -> bool {
        if !self.is_sum(sum) {
            return false;
        }
        let first = sum.clusters.first().map_or(0, |cluster| self.sentences[cluster.sentence].index);
        let parts: Vec<&Cluster> = others
            .iter()
            .filter_map(|other| other.clusters.first())
            .filter(|cluster| {
                let at = self.sentences[cluster.sentence].index;
                (first..=first + TOLD_WITHIN).contains(&at) && self.is_part_of(sum, cluster)
            })
            .collect();
        let most = |part: &&Cluster| {
            let told = &self.sentences[part.sentence];
            part.casualties
                .iter()
                .filter_map(|&index| harmed(told, index))
                .any(|(outcome, n)| self.summed(sum, outcome).is_some_and(|total| n > total / 2))
        };
        parts.len() >= 2 || parts.iter().any(most)
    }

    fn total(&self, draft: &Draft) -> Vec<TallyDraft> {
        let text = &self.reading.text;
        let cluster = draft.clusters.iter().find(|cluster| self.days(cluster).is_some());
        let dated = cluster.and_then(|cluster| Some((self.days(cluster)?, cluster.sentence)));
        let period = dated.map(|((start, end), _)| Period { start: Some(start), end: Some(end) });
        let mut totals: Vec<TallyDraft> = Vec::new();
        for cluster in draft.clusters.iter().filter(|cluster| self.sums_up(cluster)) {
            let told = &self.sentences[cluster.sentence];
            let unit = self.unit(cluster.sentence);
            for casualty in cluster.casualties.iter().map(|&index| &told.casualties[index]) {
                let Some(what) = name(casualty.outcome) else { continue };
                // The headline's figure is told again below it, and parts of a figure are no totals.
                let known = totals.iter().any(|known| {
                    known.tally.what == what && known.tally.number.figure() == casualty.quantity.figure()
                });
                if casualty.negated || casualty.part_of.is_some() || casualty.superseded || known {
                    continue;
                }
                let words = casualty.phrase.map_or(casualty.words.clone(), |phrase| {
                    let number = unit.phrases[phrase]
                        .number
                        .map_or(casualty.words.start, |number| unit.numbers[number].words.end);
                    number.min(unit.phrases[phrase].words.end)..unit.phrases[phrase].words.end
                });
                let of = if words.is_empty() || words == casualty.words {
                    String::new()
                } else {
                    text.slice(unit.span(&words)).to_owned()
                };
                let places: Vec<_> = self.places(cluster).cloned().collect();
                let here = dated.filter(|(_, sentence)| *sentence == cluster.sentence);
                let supports = [
                    ("what", true),
                    ("of", !of.is_empty()),
                    ("number", true),
                    ("period", here.is_some()),
                    ("places", !places.is_empty()),
                ];
                let quoted = |sentence: usize, supports: Vec<String>| {
                    let quote = text.mention(text.sentences[self.sentences[sentence].index].span);
                    Evidence { start: quote.start, end: quote.end, quote: quote.text, supports }
                };
                let own = supports.iter().filter(|(_, told)| *told).map(|(field, _)| (*field).to_owned());
                let mut evidence = vec![quoted(cluster.sentence, own.collect())];
                if let Some((_, sentence)) = dated.filter(|_| here.is_none()) {
                    evidence.push(quoted(sentence, vec!["period".to_owned()]));
                }
                totals.push(TallyDraft {
                    tally: Tally {
                        what: what.to_owned(),
                        of,
                        number: casualty.quantity,
                        period,
                        places,
                        by: None,
                        reported_by: self
                            .attribution
                            .reported_by(told.index, casualty.words.start)
                            .cloned()
                            .into_iter()
                            .collect(),
                        evidence,
                    },
                    unit: told.index,
                    words: casualty.words.clone(),
                });
            }
        }
        totals
    }
}

/// How many came to what harm, by one count of a sentence.
fn harmed(told: &crate::frame::Sentence, index: usize) -> Option<(Outcome, u64)> {
    let casualty = &told.casualties[index];
    name(casualty.outcome)?;
    let whole = !casualty.negated && casualty.part_of.is_none() && !casualty.superseded;
    casualty.quantity.figure().filter(|&n| n > 0 && whole).map(|n| (casualty.outcome, n))
}

/// What a total calls an outcome.
const fn name(outcome: Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::Killed => Some("killed"),
        Outcome::Injured => Some("injured"),
        Outcome::KilledOrInjured => Some("killed or injured"),
        Outcome::Abducted => Some("abducted"),
        _ => None,
    }
}

/// "Separate attacks", "a series of bombings", "attacks across the country", "three attacks": in more than one place.
fn is_spread(unit: &Unit, head: usize, counted: bool) -> bool {
    let Some(phrase) = unit.phrase_of(head) else { return false };
    let words = &unit.phrases[phrase].words;
    let number = unit.phrases[phrase].number.map(|number| &unit.numbers[number].phrase.quantity);
    // "Two coordinated bombings": told as one.
    let joint = |words: Range<usize>| {
        words.clone().any(|at| {
            matches!(unit.lower(at), "twin" | "double" | "coordinated" | "simultaneous" | "back-to-back")
        })
    };
    if joint(words.clone()) {
        return false;
    }
    let several = counted && number.and_then(|number| number.figure()).is_some_and(|n| n > 1)
        || words.clone().any(|at| {
            matches!(
                unit.lower(at),
                "separate" | "several" | "multiple" | "various" | "different" | "numerous" | "scattered"
            )
        });
    let row = words.start > 1
        && unit.lower(words.start - 1) == "of"
        && matches!(
            unit.lemma(words.start - 2),
            "series" | "string" | "spate" | "wave" | "rash" | "number" | "flurry" | "spree" | "day" | "night"
        );
    let after = words.end..unit.words.len().min(words.end + SPREAD);
    let across = after.clone().any(|at| {
        matches!(unit.lower(at), "across" | "throughout" | "nationwide" | "elsewhere")
            || unit.lower(at) == "around" && unit.lower(at + 1) == "the"
            || matches!(unit.lower(at), "different" | "several" | "various")
    });
    several || row || across
}

/// "In the deadliest attack", "the worst of them".
fn superlative(unit: &Unit) -> bool {
    (0..unit.words.len().min(6)).any(|at| {
        matches!(unit.lower(at), "deadliest" | "bloodiest" | "worst")
            || unit.lower(at) == "most" && matches!(unit.lower(at + 1), "deadly" | "serious" | "violent")
    })
}
