/*! Who says what: every sentence of a report is said by the report itself, or by somebody whom it names.

A reporting verb, "according to", or a quotation ties words to a speaker; a quotation goes on over
sentences and paragraphs until it is closed or another speaks. Speakers that corefer are one voice: "the
director of the centre, Jane Doe", "Doe", "the director", "she".
*/

mod quotes;
mod source;
mod voice;

use std::ops::Range;

use record::Participant;
use rustc_hash::FxHashMap;
use syntax::Tag;
use text::SentenceRole;

use crate::reading::Reading;
use crate::statement::{Sense, Speech};

use quotes::Quotation;
use voice::Voices;

/// Longest quotation, in words, that is only a word put in marks ("the so-called \"caliphate\"").
const SCARE_QUOTE_WORDS: usize = 3;

/// Some words of a sentence and the voice that says them.
#[derive(Debug, Clone)]
struct Content {
    words: Range<usize>,
    voice: usize,
    /// Said inside what another says.
    nested: bool,
}

/// Who says what in a report.
#[derive(Debug, Default)]
pub struct Attribution {
    voices: Vec<Participant>,
    /// By sentence, in words of its unit.
    contents: FxHashMap<usize, Vec<Content>>,
    /// By sentence: words at which a speaker is introduced.
    intros: FxHashMap<usize, Vec<usize>>,
    /// By sentence: the voice of the quotation or paragraph that it belongs to.
    whole: FxHashMap<usize, usize>,
}

impl Attribution {
    /// Reads who says what.
    #[must_use]
    pub fn new(reading: &Reading<'_>) -> Self {
        let mut reader = Reader {
            reading,
            voices: Voices::default(),
            contents: FxHashMap::default(),
            intros: FxHashMap::default(),
            said: Vec::new(),
        };
        for sentence in 0..reading.text.sentences.len() {
            reader.read(sentence);
        }
        let whole = reader.quotations();
        Self {
            voices: reader.voices.into_participants(),
            contents: reader.contents,
            intros: reader.intros,
            whole,
        }
    }

    /// Who says a word of a sentence; `None` where the report itself does.
    #[must_use]
    pub fn reported_by(&self, sentence: usize, word: usize) -> Option<&Participant> {
        self.voice(sentence, word).and_then(|voice| self.voices.get(voice))
    }

    /// The key of who says a word; equal keys are one speaker.
    #[must_use]
    pub fn voice(&self, sentence: usize, word: usize) -> Option<usize> {
        let innermost = |contents: &Vec<Content>| {
            let holding = contents.iter().filter(|content| content.words.contains(&word));
            holding.min_by_key(|content| content.words.len()).map(|content| content.voice)
        };
        self.contents.get(&sentence).and_then(innermost).or_else(|| self.whole.get(&sentence).copied())
    }

    /// Where the words that one speaker says begin and end around a word.
    #[must_use]
    pub fn content(&self, sentence: usize, word: usize) -> Option<Range<usize>> {
        let contents = self.contents.get(&sentence)?;
        let holding = contents.iter().filter(|content| content.words.contains(&word));
        holding.min_by_key(|content| content.words.len()).map(|content| content.words.clone())
    }

    /// Words of a sentence at which another begins to speak than the word before.
    pub fn starts(&self, sentence: usize) -> impl Iterator<Item = usize> + '_ {
        let contents = self.contents.get(&sentence).into_iter().flatten().filter(|content| !content.nested);
        let bounds = contents.flat_map(|content| [content.words.start, content.words.end]);
        let changes = bounds
            .filter(move |&word| word > 0 && self.voice(sentence, word) != self.voice(sentence, word - 1));
        changes.chain(self.intros.get(&sentence).into_iter().flatten().copied())
    }

    /// Everybody who says something, in the order of the report.
    #[must_use]
    pub fn voices(&self) -> &[Participant] {
        &self.voices
    }
}

/// Reads the sentences in order.
struct Reader<'r, 'a> {
    reading: &'r Reading<'a>,
    voices: Voices,
    contents: FxHashMap<usize, Vec<Content>>,
    intros: FxHashMap<usize, Vec<usize>>,
    /// By sentence in order: voices that a sentence names as speaking.
    said: Vec<(usize, usize)>,
}

impl Reader<'_, '_> {
    fn read(&mut self, sentence: usize) {
        let reading = self.reading;
        let Some(parsed) = reading.parsed.get(sentence).and_then(Option::as_ref) else { return };
        self.voices.hear_of(reading, parsed);
        let headline = reading.text.sentences[sentence].role != SentenceRole::Body;
        let mut main: Option<usize> = None;
        for source in source::sources(reading, parsed) {
            // "…, demanding that": whoever speaks in the main clause, not who is quoted inside it.
            let inherited = main.filter(|_| source.phrase.is_none());
            let Some(voice) = inherited.or_else(|| self.voices.of(reading, parsed, &source, headline)) else {
                continue;
            };
            if !source.nested {
                main = Some(voice);
            }
            for words in &source.contents {
                self.contents.entry(sentence).or_default().push(Content {
                    words: words.clone(),
                    voice,
                    nested: source.nested,
                });
                if !source.nested && words.start >= source.region.end && source.region.start > 0 {
                    self.intros.entry(sentence).or_default().push(source.region.start);
                }
            }
            self.said.push((sentence, voice));
        }
    }

    /// The voices of sentences that stand wholly or partly in quotation marks that open or close in another.
    fn quotations(&mut self) -> FxHashMap<usize, usize> {
        let text = &self.reading.text;
        let lexicon = &self.reading.knowledge.statements;
        let says = |word: &str| {
            word == "that"
                || [Tag::Vbd, Tag::Vbg].into_iter().any(|tag| {
                    lexicon.is_single(&syntax::lemma(word, tag), |sense| sense == Sense::Speech(Speech::Say))
                })
        };
        let quotations = quotes::quotations(text, says);
        let mut whole: FxHashMap<usize, usize> = FxHashMap::default();
        let mut before: Option<usize> = None;
        for quotation in &quotations {
            let Some(sentences) = self.sentences(quotation) else { continue };
            let voice = if quotation.continues { before } else { None };
            let voice = voice.or_else(|| self.speaker_of(quotation, &sentences));
            before = voice;
            let Some(voice) = voice else { continue };
            for sentence in sentences.clone() {
                self.assign(quotation, sentence, voice, &mut whole);
            }
        }
        whole
    }

    /// The sentences that a quotation touches.
    fn sentences(&self, quotation: &Quotation) -> Option<Range<usize>> {
        let all = &self.reading.text.sentences;
        let first = all.partition_point(|sentence| sentence.tokens.end <= quotation.start);
        let last = all.partition_point(|sentence| sentence.tokens.start < quotation.end);
        (first < last).then_some(first..last)
    }

    /// Who is named beside a quotation: in the sentence that it begins in or just before, where it ends or just
    /// after, or who spoke last.
    fn speaker_of(&self, quotation: &Quotation, sentences: &Range<usize>) -> Option<usize> {
        let text = &self.reading.text;
        let named_in = |sentence: usize| {
            self.said.iter().filter(move |(at, _)| *at == sentence).map(|(_, voice)| *voice)
        };
        let words = quotation.end.saturating_sub(quotation.start);
        let own_verb = words > SCARE_QUOTE_WORDS;
        if !own_verb {
            return None;
        }
        let introduced = quotation.start >= 2
            && matches!(text.tokens.get(quotation.start - 2).map(|token| text.word(token)), Some(":" | ","));
        let first = sentences.start;
        // "…," he said. "…": the next quotation of the paragraph is his too.
        let same_paragraph =
            first > 0 && text.sentences[first - 1].paragraph == text.sentences[first].paragraph;
        let last = sentences.end - 1;
        // The one whose content it is, where the sentence was parsed.
        if let Some(parsed) = &self.reading.parsed[first]
            && let Some(at) = quotation.start.checked_sub(parsed.unit.first)
            && let Some(contents) = self.contents.get(&first)
            && let Some(content) = contents
                .iter()
                .filter(|content| content.words.contains(&at))
                .min_by_key(|content| content.words.len())
        {
            return Some(content.voice);
        }
        let ends = named_in(last).next_back().filter(|_| quotation.closed && last > first);
        ends.or_else(|| named_in(first).next_back())
            .or_else(|| {
                named_in(first.checked_sub(1)?)
                    .next_back()
                    .filter(|_| introduced || quotation.opens_paragraph || same_paragraph)
            })
            .or_else(|| {
                let after = quotation.closed
                    && text.sentences.get(last + 1)?.paragraph == text.sentences[last].paragraph;
                named_in(last + 1).next().filter(|_| after)
            })
            .or_else(|| {
                // A paragraph in marks goes on with the words of whoever spoke last, not far above.
                let opens = quotation.opens_paragraph || self.is_heading(first);
                let near = |at: usize| {
                    text.sentences[first].paragraph.saturating_sub(text.sentences[at].paragraph) <= 3
                };
                let last_before =
                    self.said.iter().rev().find(|(at, _)| *at < first && near(*at)).map(|(_, voice)| *voice);
                let next = self.said.iter().find(|(at, _)| *at > last).map(|(_, voice)| *voice);
                if self.is_heading(first) { next.or(last_before) } else { last_before.filter(|_| opens) }
            })
    }

    fn is_heading(&self, sentence: usize) -> bool {
        self.reading.text.sentences[sentence].role != SentenceRole::Body
    }

    /// Puts the quoted part of a sentence into somebody's mouth.
    fn assign(
        &mut self,
        quotation: &Quotation,
        sentence: usize,
        voice: usize,
        whole: &mut FxHashMap<usize, usize>,
    ) {
        let tokens = self.reading.text.sentences[sentence].tokens.clone();
        // Over paragraphs without a mark a sentence that names a speaker of its own is not part of it.
        let soft = quotation.soft_from.is_some_and(|from| tokens.start >= from);
        if soft && self.said.iter().any(|(at, _)| *at == sentence) {
            return;
        }
        let marks = 2;
        if quotation.start <= tokens.start + marks && tokens.end <= quotation.end + marks {
            whole.insert(sentence, voice);
            return;
        }
        let (start, end) =
            (quotation.start.max(tokens.start) - tokens.start, quotation.end.min(tokens.end) - tokens.start);
        if end.saturating_sub(start) > SCARE_QUOTE_WORDS {
            self.contents.entry(sentence).or_default().push(Content {
                words: start..end,
                voice,
                nested: false,
            });
        }
    }
}
