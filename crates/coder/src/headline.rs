/*! What a headline counts, and who is counted by words for people told of before.

A headline squeezes into one line what the text tells as several events: "Nine killed, one held in raid". Its figures
belong where the text tells of the same.
*/

use record::Quantity;
use record::vocabulary::Realis;
use text::Span;

use crate::casualty::Casualty;
use crate::draft::{Cluster, Draft, Telling};
use crate::lexicon::Outcome;

/// Among how many events the one that a headline means is looked for.
const TOLD_AMONG: usize = 8;
/// How many sentences back "the rebels" were counted.
const COUNTED_WITHIN: usize = 6;

impl Telling<'_> {
    /// Moves each count of the headline to the event of the text that has such a count.
    pub(crate) fn headlines(&self, drafts: &mut Vec<Draft>) {
        let mut moved: Vec<(usize, Cluster)> = Vec::new();
        for from in 0..drafts.len().min(TOLD_AMONG) {
            let Some(at) = drafts[from].clusters.iter().position(|cluster| self.in_title(cluster)) else {
                continue;
            };
            let cluster = drafts[from].clusters[at].clone();
            if self.sums_up(&cluster) {
                continue;
            }
            let told = &self.sentences[cluster.sentence];
            for &index in &cluster.casualties {
                let casualty = &told.casualties[index];
                let Some(figure) = casualty.quantity.figure().filter(|&n| n > 0 && !casualty.negated) else {
                    continue;
                };
                let below = |draft: &Draft| self.told_below(draft, casualty.outcome);
                // The dead and wounded of one attack stand together anyway; who is taken is an event by itself.
                let taken = matches!(casualty.outcome, Outcome::Arrested | Outcome::Abducted);
                if !taken || below(&drafts[from]).is_some() {
                    continue;
                }
                let fits = |draft: &Draft| {
                    below(draft).is_some_and(|(sum, vague)| vague || casualty.quantity.vague || sum >= figure)
                };
                let to = (0..drafts.len().min(TOLD_AMONG)).find(|&to| to != from && fits(&drafts[to]));
                if let Some(to) = to {
                    let own = |&frame: &usize| told.frames[frame].trigger == casualty.trigger;
                    let frames: Vec<usize> = cluster.frames.iter().copied().filter(own).collect();
                    let kept = &mut drafts[from].clusters[at];
                    kept.casualties.retain(|&other| other != index);
                    kept.frames.retain(|frame| !frames.contains(frame));
                    let one = Cluster { frames, casualties: vec![index], time: None, ..cluster.clone() };
                    moved.push((to, one));
                }
            }
        }
        if moved.is_empty() {
            return;
        }
        for (to, cluster) in moved {
            // Without a frame of its own it tells of nothing that the text does not.
            if !cluster.frames.is_empty() {
                drafts[to].clusters.insert(0, cluster);
            }
        }
        for draft in drafts.iter_mut() {
            draft.clusters.retain(|cluster| !cluster.frames.is_empty());
        }
        drafts.retain(|draft| !draft.clusters.is_empty());
    }

    /// How many an event counts for an outcome below the headline, and whether vaguely.
    fn told_below(&self, draft: &Draft, outcome: Outcome) -> Option<(u64, bool)> {
        let mut told = None;
        for cluster in draft.clusters.iter().filter(|cluster| !self.in_title(cluster)) {
            if self.main(cluster).realis != Realis::Asserted {
                continue;
            }
            let casualties = &self.sentences[cluster.sentence].casualties;
            for casualty in cluster.casualties.iter().map(|&index| &casualties[index]) {
                let figure = casualty.quantity.figure().filter(|&n| n > 0 && !casualty.negated);
                if let Some(figure) = figure.filter(|_| casualty.outcome == outcome) {
                    let (sum, vague) = told.unwrap_or((0_u64, false));
                    told = Some((sum.saturating_add(figure), vague || casualty.quantity.vague));
                }
            }
        }
        told
    }

    /// "Several rebels fired. *The rebels* were killed": how many they are, where that was told, and the words for it.
    pub(crate) fn counted_before(&self, sentence: usize, casualty: &Casualty) -> Option<(Quantity, Span)> {
        let unit = self.unit(sentence);
        let phrase = casualty.phrase.filter(|_| casualty.quantity.vague)?;
        let noun = &unit.phrases[phrase];
        let known = matches!(unit.lower(noun.words.start), "the" | "these" | "those");
        // "One of the victims", "the victims who died": some of them.
        let some = unit.before(noun.words.start, 1) == "of"
            || matches!(unit.lower(noun.words.end), "who" | "that" | "which" | "whose" | "of");
        if noun.number.is_some() || !known || some || !unit.words[noun.head].tag.is_plural() {
            return None;
        }
        let lemma = unit.lemma(noun.head);
        let first = self.sentences[sentence].index.saturating_sub(COUNTED_WITHIN);
        let earlier = (0..=sentence).rev().take_while(|&at| self.sentences[at].index >= first);
        for at in earlier {
            let told = self.unit(at);
            let end = if at == sentence { phrase } else { told.phrases.len() };
            let same =
                |other: &&crate::unit::Phrase| other.number.is_some() && told.lemma(other.head) == lemma;
            if let Some(other) = told.phrases[..end].iter().rev().find(same)
                && let Some(number) = other.number
            {
                let quantity = told.numbers[number].phrase.quantity;
                return quantity.figure().filter(|&n| n > 2).map(|_| (quantity, told.span(&other.words)));
            }
        }
        None
    }
}
