/*! One report to a coded document.

The stages, each a module with typed input and output that can be looked at by itself:

1. [`reading`]: which sentences can matter (scan), their words, phrases, verbs, times (tag), and what their
   names mean (resolve).
2. [`frame`]: for each trigger who did what to whom ([`trigger`], [`casualty`], [`realis`]).
3. [`draft`]: which frames tell of one event, inside a sentence and across the report ([`location`]).
4. [`assemble`]: the events, with types ([`classify`]), tolls ([`toll`]), dates, places, claims ([`claim`]).
5. [`statement`]: what somebody says about violence; totals that are no events.
6. [`explain`]: the same, told to a person.
*/

pub mod assemble;
mod background;
mod bearing;
pub mod casualty;
mod chunk;
pub mod claim;
pub mod classify;
pub mod confidence;
mod day;
mod doer;
pub mod draft;
pub mod explain;
mod figures;
pub mod frame;
mod gate;
pub mod geoparse;
mod headline;
mod hurt;
mod incident;
pub mod kind;
pub mod knowledge;
pub mod learned;
pub mod lexicon;
pub mod locate;
pub mod location;
mod named;
mod names;
mod participle;
mod parties;
pub mod people;
pub mod person;
mod pointer;
pub mod reading;
pub mod realis;
mod roles;
mod roster;
mod roundup;
mod scene;
pub mod sense;
pub mod setting;
pub mod side;
mod sight;
pub mod speaker;
pub mod statement;
mod support;
pub mod tally;
pub mod toll;
pub mod trigger;
pub mod unit;

pub use explain::Explanation;
pub use geoparse::Asked;
pub use knowledge::{Knowledge, KnowledgeError, PackBytes, Tables};

use record::{CodedDocument, CoderInfo, DateProvenance, DocumentInfo, Report};
use sha2::{Digest, Sha256};
use text::Text;

use crate::draft::Telling;
use crate::reading::Reading;
use crate::speaker::Attribution;

/// Bytes as hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// A longer report is read in parts of at most so many bytes, each forgotten before the next is read: an analysed sentence
/// takes some eighty times its text. A book has as many bytes; what is longer is many reports in one file, if it is text.
const LONGEST_PART: usize = 1 << 20;

/// Reads reports.
pub struct Coder {
    knowledge: Knowledge,
    longest_part: usize,
}

impl Coder {
    /// A coder with this knowledge.
    #[must_use]
    pub const fn new(knowledge: Knowledge) -> Self {
        // What the learned reader sees takes twenty times the room of what the rules do.
        let longest_part = if knowledge.learned.is_some() { LONGEST_PART / 8 } else { LONGEST_PART };
        Self { knowledge, longest_part }
    }

    /// The same, reading reports in parts of at most so many bytes: for less memory, or to test how parts meet.
    #[must_use]
    pub const fn with_longest_part(mut self, longest_part: usize) -> Self {
        self.longest_part = longest_part;
        self
    }

    /// What it knows.
    #[must_use]
    pub const fn knowledge(&self) -> &Knowledge {
        &self.knowledge
    }

    /// The document as it is before anything was found in it.
    #[must_use]
    pub fn document(&self, report: &Report) -> CodedDocument {
        CodedDocument {
            schema: record::CODED_SCHEMA.to_owned(),
            document: DocumentInfo {
                id: format!("sha256:{}", hex(&Sha256::digest(report.text.as_bytes()))),
                given_id: report.given_id.clone(),
                url: report.url.clone(),
                title: report.title.clone(),
                publisher: report.publisher.clone(),
                language: report
                    .language
                    .clone()
                    .or_else(|| text::language::detect(&report.text).map(str::to_owned)),
                published: report.published,
                published_from: if report.published.is_some() {
                    report.published_from
                } else {
                    DateProvenance::None
                },
                chars: report.text.chars().count(),
                text_from: report.text_from,
            },
            events: Vec::new(),
            tallies: Vec::new(),
            statements: Vec::new(),
            coder: CoderInfo {
                name: "watchpost".to_owned(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
                reader: if self.knowledge.learned.is_some() { "deep/1" } else { "rules/1" }.to_owned(),
                model: match self.knowledge.learned {
                    Some(_) => format!("syntax/1 {}", learned::NAME),
                    None => "syntax/1".to_owned(),
                },
                knowledge: self.knowledge.hash.clone(),
            },
            error: None,
        }
    }

    /// Reads one report.
    #[must_use]
    pub fn code(&self, report: &Report) -> CodedDocument {
        let mut document = self.document(report);
        let in_title = |title| self.knowledge.lexicon.may_matter(title);
        if !self.may_matter(&report.text) && !report.title.as_deref().is_some_and(in_title) {
            return document;
        }
        // The beginning says what all is read with; of the rest, what cannot matter is not looked at.
        let parts = text::parts(&report.text, self.longest_part)
            .filter(|part| part.before == 0 || self.may_matter(part.raw));
        self.read(report, parts, |reading| {
            if document.document.published.is_none()
                && let Some(day) = reading.published_in_text
            {
                document.document.published = Some(day);
                document.document.published_from = DateProvenance::Text;
            }
            if document.document.title.is_none() {
                document.document.title = reading.title();
            }
            let attribution = Attribution::new(reading);
            let tallies = tally::find_said(reading, &attribution);
            let mut telling = read_frames(reading, &attribution, &tallies);
            let mut drafts = telling.drafts();
            let totals = telling.totals(&mut drafts);
            document.events.extend(telling.events(&drafts).into_iter().map(|(event, _)| event));
            document.statements.extend(statement::find_said(reading, &attribution));
            let mut tallies: Vec<_> = tallies.into_iter().chain(totals).collect();
            tallies.sort_by_key(|draft| draft.unit);
            document.tallies.extend(tallies.into_iter().map(|draft| draft.tally));
        });
        document
    }

    /// Reads parts of a report one after the other, all against the day on which the report says it was published.
    fn read<'r>(
        &self,
        report: &Report,
        parts: impl Iterator<Item = text::Part<'r>>,
        mut take: impl FnMut(&Reading<'_>),
    ) {
        let mut published = report.published;
        for part in parts {
            let text = Text::of_part(&part, report.title.as_deref());
            let reading =
                Reading::of(&self.knowledge, text, published).by_publisher(report.publisher.as_deref());
            published = published.or(reading.published_in_text);
            take(&reading);
        }
    }

    /// Whether anything in a text could be an event or a statement.
    fn may_matter(&self, text: &str) -> bool {
        self.knowledge.lexicon.may_matter(text) || self.knowledge.statements.may_state(text)
    }

    /// What [`confidence::Weights`] are learned from: each event with what speaks for it and against it.
    #[must_use]
    pub fn sureness(&self, report: &Report) -> Vec<(record::Event, Vec<(&'static str, f64)>)> {
        let mut all = Vec::new();
        self.read(report, text::parts(&report.text, self.longest_part), |reading| {
            let attribution = Attribution::new(reading);
            let tallies = tally::find_said(reading, &attribution);
            let mut telling = read_frames(reading, &attribution, &tallies);
            let mut drafts = telling.drafts();
            let _ = telling.totals(&mut drafts);
            all.extend(telling.events(&drafts).into_iter().map(|(event, inner)| {
                let features = confidence::features(&event, &inner);
                (event, features)
            }));
        });
        all
    }

    /// Says what was seen in a report, what was thrown out, and why.
    #[must_use]
    pub fn explain(&self, report: &Report) -> Explanation {
        let mut explanation = Explanation::default();
        self.read(report, text::parts(&report.text, self.longest_part), |reading| {
            let attribution = Attribution::new(reading);
            let tallies = tally::find_said(reading, &attribution);
            let mut telling = read_frames(reading, &attribution, &tallies);
            let mut drafts = telling.drafts();
            let _ = telling.totals(&mut drafts);
            explanation.sentences.extend(Explanation::of(reading, &telling).sentences);
        });
        explanation
    }

    /// The place names that belong to the event verb at these code points of a sentence.
    #[must_use]
    pub fn locate(&self, sentence: &str, start: usize, end: usize) -> Vec<(usize, usize)> {
        let report = Report { text: sentence.to_owned(), ..Report::default() };
        let reading = Reading::whole(&self.knowledge, &report);
        let verb = text::Span::new(reading.text.byte(start), reading.text.byte(end));
        location::of_span(&reading, verb)
            .into_iter()
            .map(|span| (reading.text.point(span.start), reading.text.point(span.end)))
            .collect()
    }

    /// What [`locate::Weights`] are learned from: each place that the sentence of an event verb names, with its
    /// features as the place of that verb's event.
    #[must_use]
    pub fn place_features(
        &self,
        sentence: &str,
        start: usize,
        end: usize,
    ) -> Vec<((usize, usize), Vec<String>)> {
        let report = Report { text: sentence.to_owned(), ..Report::default() };
        let reading = Reading::whole(&self.knowledge, &report);
        let verb = text::Span::new(reading.text.byte(start), reading.text.byte(end));
        let Some((parsed, words)) = location::find_words(&reading, verb) else { return Vec::new() };
        (0..parsed.places.len())
            .map(|place| {
                let span = location::name_span(parsed, place);
                let mut seen = Vec::new();
                locate::features(parsed, &words, place, &mut |feature| seen.push(feature.to_owned()));
                ((reading.text.point(span.start), reading.text.point(span.end)), seen)
            })
            .collect()
    }
}

/// "Nineveh was worst hit, with 332 killed": a sentence right after a total that only counts people, on no day
/// and in no attack, is a part of it.
fn breaks_down(told: &mut frame::Sentence, unit: &unit::Unit) -> bool {
    let counts_only = !told.casualties.is_empty()
        && unit.times.iter().all(|time| time.expression.interval.is_none())
        && told.frames.iter().all(|frame| frame.kind == kind::Kind::Killing || frame.kind.is_result());
    if counts_only {
        for frame in told.frames.drain(..) {
            told.dropped.push((told.triggers[frame.trigger].words.clone(), "part of the total told before"));
        }
        for casualty in &mut told.casualties {
            casualty.negated = true;
        }
    }
    counts_only
}

/// "UN: 2,885 killed in November": a headline's number that the report tells as a total is one.
fn summed_up(told: &mut frame::Sentence, tallies: &[tally::TallyDraft]) {
    let total = |number: Option<u64>| {
        number.is_some_and(|number| number > 1)
            && tallies.iter().any(|draft| draft.tally.number.figure() == number)
    };
    for index in (0..told.frames.len()).rev() {
        let trigger = told.frames[index].trigger;
        let mut counts = told.casualties.iter().filter(|casualty| casualty.trigger == trigger);
        if counts.any(|casualty| total(casualty.quantity.figure())) {
            told.dropped.push((told.triggers[trigger].words.clone(), "a total that the report tells of"));
            told.frames.remove(index);
            for casualty in told.casualties.iter_mut().filter(|casualty| casualty.trigger == trigger) {
                casualty.negated = true;
            }
        }
    }
}

/// The frames of every parsed sentence, without those that a tally covers.
fn read_frames<'a>(
    reading: &'a Reading<'a>,
    attribution: &'a Attribution,
    tallies: &[tally::TallyDraft],
) -> Telling<'a> {
    // The sentence up to which a total is broken down.
    let mut summed: Option<usize> = None;
    let sentences = reading
        .units()
        .map(|(index, parsed)| {
            let mut told = frame::read(reading, index, parsed);
            if tallies.iter().any(|tally| tally.unit == index)
                || summed.is_some_and(|before| before + 1 == index) && breaks_down(&mut told, &parsed.unit)
            {
                summed = Some(index);
            }
            if reading.text.sentences[index].role == text::SentenceRole::Title {
                summed_up(&mut told, tallies);
            }
            let covered = |words: &std::ops::Range<usize>| {
                tallies.iter().any(|tally| {
                    tally.unit == index && tally.words.start < words.end && words.start < tally.words.end
                })
            };
            if tallies.iter().any(|tally| tally.unit == index) {
                for frame in &told.frames {
                    let words = &told.triggers[frame.trigger].words;
                    if covered(words) {
                        told.dropped.push((words.clone(), "part of a total over a period or many places"));
                    }
                }
                let triggers = &told.triggers;
                told.frames.retain(|frame| !covered(&triggers[frame.trigger].words));
                for casualty in &mut told.casualties {
                    // A count inside a tally is none of an event's.
                    casualty.negated |= covered(&casualty.words);
                }
            }
            told
        })
        .collect();
    let totals = tallies.iter().map(|tally| (tally.unit, tally.words.clone())).collect();
    Telling { reading, attribution, sentences, totals }
}
