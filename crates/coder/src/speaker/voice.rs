//! The speakers of a report, each once, by whatever name or description they go.

use std::ops::Range;

use record::{Certainty, Participant, ParticipantKind};
use syntax::Tag;

use super::source::Source;
use crate::reading::{Parsed, Reading};
use crate::statement::{Sense, StatementLexicon, VoiceNoun};
use crate::unit::Unit;

/// Longest description of a speaker that is kept as an affiliation, in bytes.
const LONGEST_AFFILIATION: usize = 160;

/// One speaker.
#[derive(Debug, Clone)]
struct Voice {
    participant: Participant,
    /// Last name, folded.
    surname: Option<String>,
    /// Nouns that describe the speaker: "researcher", "spokesman".
    nouns: Vec<String>,
    plural: bool,
}

/// Somebody named with a description before they speak.
#[derive(Debug, Clone)]
struct Heard {
    surname: String,
    name: String,
    affiliation: Option<String>,
    nouns: Vec<String>,
}

/// The speakers so far.
#[derive(Debug, Default)]
pub(crate) struct Voices {
    all: Vec<Voice>,
    /// Speakers by recency, the last one last.
    recent: Vec<usize>,
    heard: Vec<Heard>,
}

impl Voices {
    /// The speakers in the order in which they first spoke.
    pub(crate) fn into_participants(self) -> Vec<Participant> {
        self.all.into_iter().map(|voice| voice.participant).collect()
    }

    /// Remembers the names of a sentence, so that "Doe said" further down is known to be the Jane Doe of before.
    pub(crate) fn hear_of(&mut self, reading: &Reading<'_>, parsed: &Parsed) {
        let unit = &parsed.unit;
        for person in &parsed.persons {
            let Some(surname) = surname(unit, &person.words) else { continue };
            if person.words.len() < 2 || self.heard.iter().any(|heard| heard.surname == surname) {
                continue;
            }
            let name = reading.text.slice(unit.span(&person.words)).to_owned();
            let description = description(reading, unit, &person.words, &(0..unit.words.len()));
            let affiliation = description.as_ref().and_then(|words| affiliation(reading, unit, words));
            let nouns = description.map(|words| voice_nouns(reading, unit, &words)).unwrap_or_default();
            self.heard.push(Heard { surname, name, affiliation, nouns });
        }
    }

    /// The speaker that a source names; none where it names nobody who can speak.
    pub(crate) fn of(
        &mut self,
        reading: &Reading<'_>,
        parsed: &Parsed,
        source: &Source,
        headline: bool,
    ) -> Option<usize> {
        let unit = &parsed.unit;
        let voice = match source.phrase {
            None => self.recent.last().copied().filter(|_| !headline)?,
            Some(phrase) => {
                let words = &unit.phrases[phrase].words;
                let overlaps = |other: &Range<usize>| other.start < words.end && words.start < other.end;
                let person = parsed.persons.iter().find(|person| overlaps(&person.words));
                let person = person.or_else(|| {
                    let inside = |other: &Range<usize>| {
                        source.region.start <= other.start && other.end <= source.region.end
                    };
                    parsed
                        .persons
                        .iter()
                        .rev()
                        .find(|person| inside(&person.words) && !is_possessor(unit, person.words.end))
                });
                match person {
                    Some(person) => self.person(reading, parsed, &person.words, &source.region)?,
                    None if unit.phrases[phrase].pronoun => self.pronoun(unit.lower(words.start))?,
                    None => self.nominal(reading, parsed, phrase, &source.region)?,
                }
            }
        };
        if !source.nested {
            self.recent.retain(|&other| other != voice);
            self.recent.push(voice);
        }
        Some(voice)
    }

    fn person(
        &mut self,
        reading: &Reading<'_>,
        parsed: &Parsed,
        words: &Range<usize>,
        region: &Range<usize>,
    ) -> Option<usize> {
        let unit = &parsed.unit;
        let surname = surname(unit, words)?;
        let mention = reading.text.mention(unit.span(words));
        let reach = region.start.min(words.start)..region.end.max(words.end);
        let description = description(reading, unit, words, &reach);
        let found_affiliation = description.as_ref().and_then(|words| affiliation(reading, unit, words));
        let nouns = description.map(|words| voice_nouns(reading, unit, &words)).unwrap_or_default();
        let known =
            self.recent.iter().rev().copied().find(|&voice| {
                self.all[voice].surname.as_ref().is_some_and(|other| same_name(other, &surname))
            });
        if let Some(known) = known {
            let voice = &mut self.all[known];
            voice.nouns.extend(nouns);
            if voice.participant.affiliation.is_none() {
                voice.participant.affiliation = found_affiliation;
            }
            voice.participant.mentions.push(mention);
            return Some(known);
        }
        let base = unit.phrase_of(words.end - 1).and_then(|phrase| reading.participant(parsed, phrase));
        let heard = self.heard.iter().find(|heard| same_name(&heard.surname, &surname));
        let name = heard.map_or_else(|| mention.text.clone(), |heard| heard.name.clone());
        let mut all_nouns = nouns;
        all_nouns.extend(heard.into_iter().flat_map(|heard| heard.nouns.iter().cloned()));
        let known_affiliation = heard.and_then(|heard| heard.affiliation.clone());
        let from_base = base.as_ref().and_then(|base| base.affiliation.clone());
        let participant = Participant {
            mentions: vec![mention],
            kind: ParticipantKind::Individual,
            name: Some(name),
            affiliation: found_affiliation.or(known_affiliation).or(from_base),
            number: None,
            ..base.unwrap_or_else(|| nobody(ParticipantKind::Individual))
        };
        Some(self.add(Voice { participant, surname: Some(surname), nouns: all_nouns, plural: false }))
    }

    fn pronoun(&self, word: &str) -> Option<usize> {
        let find = |fits: &dyn Fn(&Voice) -> bool| {
            self.recent.iter().rev().copied().find(|&voice| fits(&self.all[voice]))
        };
        let individual =
            |voice: &Voice| !voice.plural && (voice.surname.is_some() || !voice.nouns.is_empty());
        match word {
            "he" | "she" => find(&individual),
            "it" => find(&|voice| !individual(voice)),
            "they" => find(&|voice| voice.plural || !individual(voice)),
            _ => None,
        }
    }

    fn nominal(
        &mut self,
        reading: &Reading<'_>,
        parsed: &Parsed,
        phrase: usize,
        region: &Range<usize>,
    ) -> Option<usize> {
        let unit = &parsed.unit;
        let lexicon = &reading.knowledge.statements;
        let noun = &unit.phrases[phrase];
        let head = unit.lemma(noun.head);
        let kind = lexicon.voice_noun(head);
        let named = unit.words[noun.head].tag.is_proper() && unit.words[noun.head].capital;
        let participant = reading.participant(parsed, phrase);
        if kind.is_none() && !named && participant.is_none() {
            return None;
        }
        // "The attack", "the map": things that show something are no voice.
        if kind.is_none() && participant.is_none() && reading.is_thing(parsed, phrase) {
            return None;
        }
        // A last name alone, of somebody who spoke before or was introduced.
        if named && let Some(known) = self.by_last_name(unit, &noun.words) {
            self.all[known].participant.mentions.push(reading.text.mention(unit.span(&noun.words)));
            return Some(known);
        }
        let plural = matches!(unit.words[noun.head].tag, Tag::Nns | Tag::Nnps);
        let definite = matches!(unit.lower(noun.words.start), "the" | "this" | "our");
        if definite && !plural && kind == Some(VoiceNoun::Individual) {
            let lemma = head.to_owned();
            if let Some(known) =
                self.recent.iter().rev().copied().find(|&voice| self.all[voice].nouns.contains(&lemma))
            {
                self.all[known].participant.mentions.push(reading.text.mention(unit.span(&noun.words)));
                return Some(known);
            }
        }
        let key = bare(reading.text.slice(unit.span(&unit.extended(phrase))));
        let same = |voice: &Voice| {
            let id = participant.as_ref().and_then(|participant| participant.actor_id.as_ref());
            id.is_some() && voice.participant.actor_id.as_ref() == id && voice.surname.is_none()
                || voice.participant.mentions.iter().any(|mention| bare(&mention.text) == key)
        };
        if let Some(known) = self.recent.iter().rev().copied().find(|&voice| same(&self.all[voice])) {
            return Some(known);
        }
        // "The General Command of the armed forces": the body that what follows "of" names.
        let participant = participant.map(|outer| {
            let inner = (outer.name.is_none() && kind != Some(VoiceNoun::Individual))
                .then(|| unit.of(phrase))
                .flatten();
            match inner.and_then(|of| reading.participant(parsed, of)).filter(|inner| inner.name.is_some()) {
                Some(inner) => Participant { mentions: outer.mentions, ..inner },
                None => outer,
            }
        });
        let whole = unit.extended(phrase).end.max(noun.words.end).min(region.end.max(noun.words.end));
        let words = noun.words.start..whole;
        let mention = reading.text.mention(unit.span(&words));
        let base = participant.unwrap_or_else(|| {
            nobody(match kind {
                Some(VoiceNoun::Body) | None => ParticipantKind::Organization,
                Some(VoiceNoun::Individual) if plural => ParticipantKind::Group,
                Some(VoiceNoun::Individual) => ParticipantKind::Individual,
            })
        });
        let own = (kind == Some(VoiceNoun::Individual)).then(|| affiliation(reading, unit, &words)).flatten();
        let affiliation = base.affiliation.clone().or(own);
        let participant = Participant { mentions: vec![mention], number: None, affiliation, ..base };
        let nouns = if kind == Some(VoiceNoun::Individual) { vec![head.to_owned()] } else { Vec::new() };
        Some(self.add(Voice { participant, surname: None, nouns, plural }))
    }

    fn by_last_name(&self, unit: &Unit, words: &Range<usize>) -> Option<usize> {
        let surname = surname(unit, words).filter(|_| words.len() <= 2)?;
        self.recent
            .iter()
            .rev()
            .copied()
            .find(|&voice| self.all[voice].surname.as_ref().is_some_and(|other| same_name(other, &surname)))
    }

    fn add(&mut self, voice: Voice) -> usize {
        self.all.push(voice);
        self.all.len() - 1
    }
}

fn nobody(kind: ParticipantKind) -> Participant {
    Participant {
        mentions: Vec::new(),
        kind,
        name: None,
        actor_id: None,
        wikidata_id: None,
        country: None,
        sector: None,
        inter_code: None,
        number: None,
        affiliation: None,
        certainty: Certainty::Stated,
    }
}

/// A phrase without its article, in small letters.
fn bare(text: &str) -> String {
    let lower = text.to_lowercase();
    ["the ", "a ", "an "].iter().find_map(|article| lower.strip_prefix(article)).unwrap_or(&lower).to_owned()
}

fn is_possessor(unit: &Unit, end: usize) -> bool {
    unit.words.get(end).is_some_and(|word| word.tag == Tag::Pos)
}

/// The last name of a person, folded.
fn surname(unit: &Unit, words: &Range<usize>) -> Option<String> {
    let last = words
        .clone()
        .rev()
        .find(|&word| unit.words[word].capital && !matches!(unit.lower(word), "jr" | "jr." | "sr" | "sr."))?;
    let folded = fold(unit.lower(last));
    (!folded.is_empty()).then_some(folded)
}

/// A name as it sounds: plain letters, long vowels and double consonants single, so that transliterations of
/// one name meet ("Adib", "Adeeb"; "Hassan", "Hasan").
fn fold(name: &str) -> String {
    let plain = any_ascii::any_ascii(name).to_lowercase();
    let plain: String = plain
        .strip_prefix("al-")
        .or_else(|| plain.strip_prefix("el-"))
        .unwrap_or(&plain)
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    let sound = plain
        .replace("ee", "i")
        .replace("oo", "u")
        .replace("ou", "u")
        .replace("ph", "f")
        .replace('y', "i")
        .replace('q', "k");
    let mut out = String::with_capacity(sound.len());
    for letter in sound.chars() {
        if !out.ends_with(letter) {
            out.push(letter);
        }
    }
    out
}

/// Whether two folded last names are one: equal, or one letter apart where they are long enough to tell.
fn same_name(a: &str, b: &str) -> bool {
    const TELLING: usize = 6;
    a == b
        || a.len() >= TELLING
            && b.len() >= TELLING
            && a.as_bytes().first() == b.as_bytes().first()
            && strsim::levenshtein(a, b) <= 1
}

/// The words that describe a person: before the name ("Interior Minister Jane Doe", "the director of the
/// centre, Jane Doe") or behind it ("Jane Doe, a researcher at the institute").
fn description(
    reading: &Reading<'_>,
    unit: &Unit,
    name: &Range<usize>,
    region: &Range<usize>,
) -> Option<Range<usize>> {
    let lexicon = &reading.knowledge.statements;
    let is_voice =
        |words: &Range<usize>| words.clone().any(|word| lexicon.voice_noun(unit.lemma(word)).is_some());
    let before_comma = || {
        if unit.before(name.start, 1) != "," {
            return None;
        }
        let stop = name.start - 1;
        let start = (region.start..stop).rev().take_while(|&word| unit.lower(word) != ",").last()?;
        let first = unit.phrases.iter().find(|phrase| {
            phrase.words.start >= start && phrase.words.end <= stop && is_voice(&phrase.words)
        })?;
        Some(first.words.start..stop)
    };
    let behind = || {
        if unit.lower(name.end) != "," {
            return None;
        }
        let start = name.end + 1;
        let stop = (start..region.end.min(unit.words.len()))
            .find(|&word| {
                matches!(unit.lower(word), "," | "who" | "which" | "." | "\"" | ";")
                    || unit.verb_at[word].is_some()
            })
            .unwrap_or(region.end.min(unit.words.len()));
        let first = unit.phrase_of(start)?;
        (start < stop && is_voice(&unit.phrases[first].words)).then_some(start..stop)
    };
    let inside = || {
        let phrase = unit.phrase_of(name.start)?;
        let words = unit.phrases[phrase].words.start..name.start;
        (!words.is_empty() && is_voice(&words)).then_some(words)
    };
    before_comma().or_else(behind).or_else(inside)
}

fn voice_nouns(reading: &Reading<'_>, unit: &Unit, words: &Range<usize>) -> Vec<String> {
    let lexicon = &reading.knowledge.statements;
    let is_voice = |word: &usize| lexicon.voice_noun(unit.lemma(*word)) == Some(VoiceNoun::Individual);
    words.clone().filter(is_voice).map(|word| unit.lemma(word).to_owned()).collect()
}

/// The office or body in a description: what follows the preposition ("spokesman for the ministry"), else what
/// stands before the noun ("ministry spokesman"), else the description itself.
fn affiliation(reading: &Reading<'_>, unit: &Unit, words: &Range<usize>) -> Option<String> {
    let lexicon: &StatementLexicon = &reading.knowledge.statements;
    let slice = |words: Range<usize>| {
        let start =
            words.clone().find(|&word| !matches!(unit.words[word].tag, Tag::Dt | Tag::PrpPossessive))?;
        let text = reading.text.slice(unit.span(&(start..words.end)));
        (!text.is_empty() && text.len() <= LONGEST_AFFILIATION).then(|| text.to_owned())
    };
    let noun =
        words.clone().find(|&word| lexicon.voice_noun(unit.lemma(word)) == Some(VoiceNoun::Individual));
    if let Some(noun) = noun {
        let preposition = (noun..words.end)
            .find(|&word| matches!(unit.lower(word), "of" | "at" | "for" | "from" | "with" | "in"));
        if let Some(preposition) = preposition
            && (preposition + 1..words.end).any(|word| {
                unit.words[word].capital || lexicon.voice_noun(unit.lemma(word)) == Some(VoiceNoun::Body)
            })
        {
            return slice(preposition + 1..words.end);
        }
        let before = words.start..noun;
        if before.clone().any(|word| lexicon.voice_noun(unit.lemma(word)) == Some(VoiceNoun::Body)) {
            return slice(before);
        }
    }
    slice(words.clone())
}

impl StatementLexicon {
    /// Whether a noun can head the name or description of somebody who speaks.
    #[must_use]
    pub fn voice_noun(&self, lemma: &str) -> Option<VoiceNoun> {
        [VoiceNoun::Individual, VoiceNoun::Body]
            .into_iter()
            .find(|&kind| self.is_single(lemma, |sense| sense == Sense::Voice(kind)))
    }
}

#[cfg(test)]
mod tests {
    use super::{fold, same_name};

    #[test]
    fn transliterations_of_a_name_meet() {
        for (a, b) in [
            ("Adib", "Adeeb"),
            ("Hassan", "Hasan"),
            ("Muñoz", "Munoz"),
            ("al-Masri", "Masry"),
            ("Mahmoud", "Mahmud"),
        ] {
            assert!(same_name(&fold(&a.to_lowercase()), &fold(&b.to_lowercase())), "{a} {b}");
        }
        for (a, b) in [("Khan", "Kahn"), ("Ali", "Alo"), ("Smith", "Jones")] {
            assert!(!same_name(&fold(&a.to_lowercase()), &fold(&b.to_lowercase())), "{a} {b}");
        }
    }
}
