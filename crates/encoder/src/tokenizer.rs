/*! Words to word pieces, as uncased BERT has them (Devlin et al. 2019; WordPiece: Schuster and Nakajima 2012).

A word is cleaned of control characters, lower-cased and stripped of its accents; punctuation and CJK ideographs stand
alone; what is left is cut into the longest pieces that the vocabulary has. The algorithm is frozen with the vocabulary, so
it is written out here.
*/

use rustc_hash::FxHashMap;
use unicode_general_category::{GeneralCategory as Category, get_general_category};
use unicode_normalization::UnicodeNormalization as _;

use crate::Error;
use crate::file::File;

/// A word with more letters is unknown: no piece is looked for.
const LONGEST: usize = 100;

/// Cuts words into the pieces of a vocabulary.
#[derive(Debug, Clone)]
pub struct Tokenizer {
    first: FxHashMap<String, u32>,
    /// Without the leading `##`.
    further: FxHashMap<String, u32>,
    count: usize,
    longest: usize,
    unknown: u32,
    start: u32,
    end: u32,
}

impl Tokenizer {
    /// The tokenizer of a base file.
    ///
    /// # Errors
    /// Where it has no vocabulary, or one without `[UNK]`, `[CLS]` and `[SEP]`.
    pub fn read(base: &File) -> Result<Self, Error> {
        base.text("vocabulary")
            .and_then(Self::from_vocabulary)
            .ok_or_else(|| Error::Missing("vocabulary".to_owned()))
    }

    /// The tokenizer of a vocabulary, one word piece a line; none without `[UNK]`, `[CLS]` and `[SEP]`.
    #[must_use]
    pub fn from_vocabulary(vocabulary: &str) -> Option<Self> {
        let (mut first, mut further) = (FxHashMap::default(), FxHashMap::default());
        let (mut count, mut longest) = (0, 0);
        for (line, id) in vocabulary.split_terminator('\n').zip(0_u32..) {
            match line.strip_prefix("##").filter(|rest| !rest.is_empty()) {
                Some(rest) => further.insert(rest.to_owned(), id),
                None => first.insert(line.to_owned(), id),
            };
            longest = longest.max(line.len());
            count += 1;
        }
        let special = |name: &str| first.get(name).copied();
        let (unknown, start, end) = (special("[UNK]")?, special("[CLS]")?, special("[SEP]")?);
        Some(Self { first, further, count, longest, unknown, start, end })
    }

    /// How many word pieces there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none: never.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// What a sequence begins with: `[CLS]`.
    #[must_use]
    pub fn start(&self) -> u32 {
        self.start
    }

    /// What a sequence ends with: `[SEP]`.
    #[must_use]
    pub fn end(&self) -> u32 {
        self.end
    }

    /// What stands for a word that cannot be cut into pieces: `[UNK]`.
    #[must_use]
    pub fn unknown(&self) -> u32 {
        self.unknown
    }

    /// Appends the pieces of a word, or of any text. A word of nothing that counts (control characters) has none.
    pub fn pieces(&self, word: &str, into: &mut Vec<u32>) {
        if word.len() <= self.longest
            && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        {
            // Nearly every word: nothing to clean. It may still have to be cut.
            if !word.is_empty() {
                self.cut(word, into);
            }
            return;
        }
        let mut run = String::new();
        for c in plain(word) {
            if c.is_whitespace() {
                self.close(&mut run, into);
            } else if is_punctuation(c) {
                self.close(&mut run, into);
                self.cut(c.encode_utf8(&mut [0; 4]), into);
            } else {
                run.push(c);
            }
        }
        self.close(&mut run, into);
    }

    fn close(&self, run: &mut String, into: &mut Vec<u32>) {
        if !run.is_empty() {
            self.cut(run, into);
            run.clear();
        }
    }

    /// The longest pieces, one after the other; if there is no way on, the whole is unknown.
    fn cut(&self, run: &str, into: &mut Vec<u32>) {
        let before = into.len();
        if run.chars().nth(LONGEST).is_some() {
            into.push(self.unknown);
            return;
        }
        let mut rest = run;
        let mut pieces = &self.first;
        while !rest.is_empty() {
            let mut end = rest.floor_char_boundary(self.longest);
            let found = loop {
                match pieces.get(&rest[..end]) {
                    Some(&id) => break Some(id),
                    None if end == 0 => break None,
                    None => end = rest.floor_char_boundary(end - 1),
                }
            };
            let Some(id) = found.filter(|_| end > 0) else {
                into.truncate(before);
                into.push(self.unknown);
                return;
            };
            into.push(id);
            rest = &rest[end..];
            pieces = &self.further;
        }
    }
}

/// The text as it is looked up: no control characters, ideographs between blanks, no accents, small letters.
fn plain(text: &str) -> impl Iterator<Item = char> {
    let cleaned = text.chars().filter(|&c| !is_dropped(c)).map(|c| if is_blank(c) { ' ' } else { c });
    let apart = cleaned.flat_map(|c| {
        let around = is_ideograph(c).then_some(' ');
        around.into_iter().chain([c]).chain(around)
    });
    apart.nfd().filter(|&c| get_general_category(c) != Category::NonspacingMark).flat_map(char::to_lowercase)
}

fn is_blank(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r') || c.is_whitespace()
}

/// Control, format and private characters, and what stands for bytes that were no text.
fn is_dropped(c: char) -> bool {
    let category = || get_general_category(c);
    match c {
        '\t' | '\n' | '\r' => false,
        '\0' | '\u{fffd}' => true,
        _ if c.is_ascii() => c.is_ascii_control(),
        _ => matches!(category(), Category::Control | Category::Format | Category::PrivateUse),
    }
}

/// CJK ideographs, which are taken one by one: the blocks of BERT's own list.
fn is_ideograph(c: char) -> bool {
    matches!(c,
        '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{20000}'..='\u{2a6df}' | '\u{2a700}'..='\u{2b73f}'
        | '\u{2b740}'..='\u{2b81f}' | '\u{2b920}'..='\u{2ceaf}' | '\u{f900}'..='\u{faff}' | '\u{2f800}'..='\u{2fa1f}')
}

fn is_punctuation(c: char) -> bool {
    c.is_ascii_punctuation()
        || !c.is_ascii()
            && matches!(
                get_general_category(c),
                Category::ConnectorPunctuation
                    | Category::DashPunctuation
                    | Category::OpenPunctuation
                    | Category::ClosePunctuation
                    | Category::InitialPunctuation
                    | Category::FinalPunctuation
                    | Category::OtherPunctuation
            )
}

#[cfg(test)]
mod tests {
    use super::*;

    const VOCABULARY: &str = "[PAD]\n[UNK]\n[CLS]\n[SEP]\ngun\n##men\nun\n##known\n##s\nsao\n'\ns\n-\nal\nshabaab\n中\n12\n##3\n$\ne\n#\n";

    fn pieces(word: &str) -> Vec<&'static str> {
        let tokenizer = Tokenizer::from_vocabulary(VOCABULARY).unwrap();
        let mut ids = Vec::new();
        tokenizer.pieces(word, &mut ids);
        ids.into_iter().map(|id| VOCABULARY.lines().nth(id as usize).unwrap()).collect()
    }

    #[test]
    fn words_are_cut_into_the_longest_pieces() {
        assert_eq!(pieces("Gunmen"), ["gun", "##men"]);
        assert_eq!(pieces("unknowns"), ["un", "##known", "##s"]);
        assert_eq!(pieces("123"), ["12", "##3"]);
        assert_eq!(pieces("gunner"), ["[UNK]"]);
        assert_eq!(pieces(""), [""; 0]);
    }

    #[test]
    fn letters_are_made_plain() {
        assert_eq!(pieces("São"), ["sao"]);
        assert_eq!(pieces("SA\u{303}O"), ["sao"]);
        assert_eq!(pieces("\u{301}"), [""; 0]);
        assert_eq!(pieces("g\u{ad}un\u{200b}"), ["gun"]);
        assert_eq!(pieces("\0\u{fffd}"), [""; 0]);
    }

    #[test]
    fn punctuation_and_ideographs_stand_alone() {
        assert_eq!(pieces("Al-Shabaab's"), ["al", "-", "shabaab", "'", "s"]);
        assert_eq!(pieces("中gun中"), ["中", "gun", "中"]);
        assert_eq!(pieces("$12"), ["$", "12"]);
        assert_eq!(pieces("##men"), ["#", "#", "[UNK]"]);
        assert_eq!(pieces("gun\u{a0}gun"), ["gun", "gun"]);
        assert_eq!(pieces("[CLS]"), ["[UNK]", "[UNK]", "[UNK]"], "what a text says is never a mark of ours");
    }

    #[test]
    fn a_word_beyond_measure_is_unknown() {
        assert_eq!(pieces(&format!("gun{}", "s".repeat(97))).len(), 98);
        assert_eq!(pieces(&format!("gun{}", "s".repeat(98))), ["[UNK]"]);
    }

    #[test]
    fn a_vocabulary_needs_its_marks() {
        assert!(Tokenizer::from_vocabulary("a\nb\n").is_none());
        let tokenizer = Tokenizer::from_vocabulary(VOCABULARY).unwrap();
        assert_eq!((tokenizer.len(), tokenizer.unknown(), tokenizer.start(), tokenizer.end()), (21, 1, 2, 3));
    }
}
