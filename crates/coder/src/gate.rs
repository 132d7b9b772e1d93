/*! The automaton that throws out what cannot matter, before anything is split or parsed.

It looks for the stems of words in the raw text. It rather lets too much through than too little; irregular forms must be listed.
*/

use aho_corasick::automaton::{Automaton, StateID};
use aho_corasick::dfa::DFA;
use aho_corasick::{Anchored, MatchKind};
use record::table::TableError;

/// Stems, each with a meaning, and what may follow them.
#[derive(Debug)]
pub(crate) struct Gate {
    automaton: DFA,
    start: StateID,
    /// What each stem stands for, as bits that its owner gives.
    meaning: Vec<u8>,
    endings: &'static [&'static [u8]],
}

/// A word that could be a form of a stem.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hit {
    /// Byte where it begins.
    pub(crate) start: usize,
    /// What its stem stands for.
    pub(crate) meaning: u8,
}

/// Irregular forms of lemmas, which do not begin as the lemma does.
pub(crate) type Irregular = [(&'static str, &'static [&'static str])];

impl Gate {
    /// A gate for lemmas with their meanings, from a table of that name. After a short stem only these endings follow.
    ///
    /// # Errors
    /// Where the stems are too many for an automaton.
    pub(crate) fn new<'a>(
        table: &'static str,
        lemmas: impl Iterator<Item = (&'a str, u8)>,
        irregular: &Irregular,
        endings: &'static [&'static [u8]],
    ) -> Result<Self, TableError> {
        let mut stems: Vec<(&str, u8)> = Vec::new();
        for (lemma, bits) in lemmas {
            stems.push((stem(lemma), bits));
            let forms = irregular.iter().filter(|(of, _)| *of == lemma).flat_map(|(_, forms)| *forms);
            stems.extend(forms.map(|form| (*form, bits)));
        }
        stems.sort_unstable();
        let mut patterns: Vec<&str> = Vec::new();
        let mut meaning: Vec<u8> = Vec::new();
        for (stem, bits) in stems {
            match meaning.last_mut().filter(|_| patterns.last() == Some(&stem)) {
                Some(last) => *last |= bits,
                None => {
                    patterns.push(stem);
                    meaning.push(bits);
                }
            }
        }
        let unbuilt = |problem: String| TableError::Row {
            table,
            line: 0,
            problem: format!("the automaton could not be built: {problem}"),
        };
        let automaton = DFA::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .build(&patterns)
            .map_err(|error| unbuilt(error.to_string()))?;
        let start = automaton.start_state(Anchored::No).map_err(|error| unbuilt(error.to_string()))?;
        Ok(Self { automaton, start, meaning, endings })
    }

    /// Every word of a text that could be a form of a stem, in order of the ends of the stems.
    pub(crate) fn hits<'a>(&'a self, raw: &'a str) -> impl Iterator<Item = Hit> + 'a {
        let mut state = self.start;
        let ends = raw.bytes().zip(1..).filter_map(move |(byte, end)| {
            state = self.automaton.next_state(Anchored::No, state, byte);
            self.automaton.is_match(state).then_some((state, end))
        });
        ends.flat_map(move |(state, end)| {
            (0..self.automaton.match_len(state)).filter_map(move |index| {
                let pattern = self.automaton.match_pattern(state, index);
                let start = end - self.automaton.pattern_len(pattern);
                let meaning = self.meaning[pattern.as_usize()];
                self.is_form(raw.as_bytes(), start, end).then_some(Hit { start, meaning })
            })
        })
    }

    /// Whether a stem begins a word, or a part of a hyphenated one, that could be a form of it. Stems of five letters
    /// and more are telling enough; after a shorter one only regular endings may follow.
    fn is_form(&self, raw: &[u8], start: usize, end: usize) -> bool {
        if start > 0 && raw[start - 1].is_ascii_alphanumeric() {
            return false;
        }
        if end - start >= 5 {
            return true;
        }
        let tail = &raw[end..(end + 6).min(raw.len())];
        let length = tail.iter().position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(tail.len());
        let tail = &tail[..length];
        let fits = |tail: &[u8]| self.endings.iter().any(|ending| tail.eq_ignore_ascii_case(ending));
        // "gunned", "stabbing": the last consonant may double.
        fits(tail)
            || tail.first().is_some_and(|first| first.eq_ignore_ascii_case(&raw[end - 1])) && fits(&tail[1..])
    }
}

/// Where the stem of a lemma ends: what every regular form shares.
fn stem(lemma: &str) -> &str {
    let cut = lemma.strip_suffix('e').or_else(|| lemma.strip_suffix('y')).unwrap_or(lemma);
    // Short words need all their letters, or the automaton finds them everywhere.
    if cut.len() >= 3 { cut } else { lemma }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_pass_and_other_words_do_not() {
        let lemmas = [("stab", 1), ("set", 2), ("ambush", 1), ("rise", 4), ("set", 4)];
        let gate =
            Gate::new("a table", lemmas.into_iter(), &[("rise", &["rose"])], &[b"", b"s", b"ed", b"ing"]);
        let gate = gate.expect("a gate");
        let hits = |raw: &str| gate.hits(raw).map(|hit| (hit.start, hit.meaning)).collect::<Vec<_>>();
        assert_eq!(hits("He was STABBED."), [(7, 1)]);
        assert_eq!(hits("a knife-stabbing"), [(8, 1)]);
        assert_eq!(hits("it sets; it settles"), [(3, 6)]);
        assert_eq!(hits("ambushers rose"), [(0, 1), (10, 4)]);
        assert!(hits("stable, reset, arising").is_empty());
    }
}
