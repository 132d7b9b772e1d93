/*! What a report or somebody in it says about violence apart from the events: trends, causes, forecasts,
estimates, demands, allegations.

Cue words come from `knowledge/statements.tsv`. A cue alone makes no statement: what it governs must be about
violence, those who do it, or protection from it, and every proposition counts once in a report.
*/

mod allegation;
mod cause;
mod demand;
mod estimate;
mod forecast;
mod lexicon;
mod scene;
mod trend;

use record::{Direction, Horizon, Mention, Quantity, Statement, StatementKind};
use rustc_hash::FxHashSet;
use text::SentenceRole;

use crate::reading::Reading;
use crate::speaker::Attribution;

pub use lexicon::{Cue, Sense, Speech, StatementLexicon, Total, VoiceNoun};
pub(crate) use lexicon::{Found, hanging_gerund};
pub(crate) use scene::Scene;

/// Share of content words that two statements of one kind must have in common to be one proposition.
const SAME_PROPOSITION: f64 = 0.6;
/// The same for a headline, which shortens what the text says.
const SAME_AS_HEADLINE: f64 = 0.4;

/// A statement in the making.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    /// What sort.
    pub kind: StatementKind,
    /// Words of the quote.
    pub words: std::ops::Range<usize>,
    /// The word whose speaker is asked for.
    pub cue: usize,
    /// For a trend.
    pub direction: Option<Direction>,
    /// For an estimate.
    pub number: Option<Quantity>,
    /// For a cause: words of each.
    pub causes: Vec<std::ops::Range<usize>>,
    /// For a forecast.
    pub horizon: Option<Horizon>,
    /// "If …".
    pub condition: Option<std::ops::Range<usize>>,
    /// Words that the statement is about, where they are not all of the quote.
    pub theme: Option<std::ops::Range<usize>>,
}

impl Draft {
    pub(crate) fn new(kind: StatementKind, words: std::ops::Range<usize>, cue: usize) -> Self {
        Self {
            kind,
            words,
            cue,
            direction: None,
            number: None,
            causes: Vec::new(),
            horizon: None,
            condition: None,
            theme: None,
        }
    }
}

/// A finished statement with what tells it from others.
struct Candidate {
    statement: Statement,
    voice: Option<usize>,
    headline: bool,
    content: FxHashSet<String>,
}

/// The statements of a report, in order.
#[must_use]
pub fn find(reading: &Reading<'_>) -> Vec<Statement> {
    find_said(reading, &Attribution::new(reading))
}

/// The statements of a report, in order, where it is known already who says what.
#[must_use]
pub fn find_said(reading: &Reading<'_>, attribution: &Attribution) -> Vec<Statement> {
    let mut candidates: Vec<Candidate> = Vec::new();
    for (sentence, parsed) in reading.units() {
        let scene = Scene::new(reading, attribution, parsed);
        if !scene.has_cue() {
            continue;
        }
        let mut drafts = Vec::new();
        allegation::find(&scene, &mut drafts);
        cause::find(&scene, &mut drafts);
        trend::find(&scene, &mut drafts);
        forecast::find(&scene, &mut drafts);
        estimate::find(&scene, &mut drafts);
        demand::find(&scene, &mut drafts);
        let headline = reading.text.sentences[sentence].role != SentenceRole::Body;
        // A cross-heading only announces what the text says, unless it is somebody's words.
        if reading.text.sentences[sentence].role == SentenceRole::Heading {
            drafts.retain(|draft| parsed.unit.quoted[draft.cue.min(parsed.unit.words.len() - 1)]);
        }
        for draft in drafts {
            let statement = finish(&scene, &draft);
            let content = scene.content_words(&draft.words);
            let voice = attribution.voice(sentence, draft.cue);
            candidates.push(Candidate { statement, voice, headline, content });
        }
    }
    once_each(candidates)
}

fn finish(scene: &Scene<'_, '_>, draft: &Draft) -> Statement {
    let text = &scene.reading.text;
    let unit = &scene.parsed.unit;
    let mention = |words: &std::ops::Range<usize>| -> Mention { text.mention(unit.span(words)) };
    let quote = mention(&draft.words);
    let mut about = scene.about(draft.theme.as_ref().unwrap_or(&draft.words), &draft.words);
    about.direction = draft.direction;
    if matches!(draft.kind, StatementKind::Trend | StatementKind::Estimate) {
        about.period = scene.period(&draft.words);
    }
    Statement {
        kind: draft.kind,
        speaker: scene.attribution.reported_by(unit.sentence, draft.cue).cloned(),
        start: quote.start,
        end: quote.end,
        quote: quote.text,
        about,
        number: draft.number,
        causes: draft.causes.iter().map(&mention).collect(),
        horizon: draft.horizon.clone(),
        condition: draft.condition.as_ref().map(mention),
    }
}

/// Drops what says again what another statement says: headlines give way to the text, later ones to earlier.
fn once_each(candidates: Vec<Candidate>) -> Vec<Statement> {
    let mut kept: Vec<Candidate> = Vec::new();
    let (body, headlines): (Vec<_>, Vec<_>) =
        candidates.into_iter().partition(|candidate| !candidate.headline);
    for candidate in body.into_iter().chain(headlines) {
        let again = kept.iter().any(|other| {
            let same_kind = other.statement.kind == candidate.statement.kind
                && other.statement.number == candidate.statement.number;
            let overlaps = other.statement.start < candidate.statement.end
                && candidate.statement.start < other.statement.end;
            let voices = other.voice == candidate.voice || other.voice.is_none() || candidate.voice.is_none();
            let enough = if candidate.headline { SAME_AS_HEADLINE } else { SAME_PROPOSITION };
            same_kind
                && (overlaps && candidate.statement.causes == other.statement.causes
                    || voices && shared(&candidate.content, &other.content, candidate.headline) >= enough)
        });
        if !again {
            kept.push(candidate);
        }
    }
    kept.sort_by_key(|candidate| {
        (candidate.statement.start, candidate.statement.end, candidate.statement.kind)
    });
    kept.into_iter().map(|candidate| candidate.statement).collect()
}

/// Jaccard's index of two sets of words; for a headline the share of its own words, since it is short.
fn shared(a: &FxHashSet<String>, b: &FxHashSet<String>, headline: bool) -> f64 {
    let common = a.intersection(b).count();
    let all = if headline { a.len() } else { a.union(b).count() };
    if all == 0 { 0.0 } else { common as f64 / all as f64 }
}

#[cfg(test)]
pub(crate) mod tests;
