/*! What a word looks like, as numbers.

Every form is lower-cased; capitals count only as a *shape*, and only where the
sentence uses them to tell words apart. An agency bulletin in capitals and a
message in small letters therefore look the same to the model, and a headline
with a capital on every word does not turn into a row of names.
*/

/// How a sentence uses capitals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Casing {
    /// As in running text: capitals say something.
    Mixed,
    /// All capitals or none: they say nothing.
    Uniform,
    /// A headline with a capital on (almost) every word: they say little.
    Title,
}

impl Casing {
    /// Judges a sentence by its letters.
    ///
    /// The thresholds leave room for what slips into such lines: a unit in small letters in a
    /// bulletin of capitals (a tenth of the letters), small connecting words in a headline (only
    /// words of four letters and more count, and one in five may be small).
    #[must_use]
    pub fn of(words: &[&str]) -> Self {
        let (mut upper, mut lower, mut long, mut long_upper) = (0usize, 0usize, 0usize, 0usize);
        for word in words {
            let (mut letters, mut first) = (0usize, None);
            for c in word.chars() {
                let up = c.is_uppercase();
                if up {
                    upper += 1;
                } else if c.is_lowercase() {
                    lower += 1;
                } else {
                    continue;
                }
                first.get_or_insert(up);
                letters += 1;
            }
            if letters >= 4 {
                long += 1;
                long_upper += usize::from(first == Some(true));
            }
        }
        if upper == 0 || lower * 9 < upper {
            Self::Uniform
        } else if long >= 3 && long_upper * 5 >= long * 4 {
            Self::Title
        } else {
            Self::Mixed
        }
    }
}

/// Bits of [`Form::shape`].
mod shape {
    pub(super) const INITIAL: u32 = 1;
    pub(super) const ALL_CAPS: u32 = 1 << 1;
    pub(super) const INNER_CAPS: u32 = 1 << 2;
    pub(super) const DIGIT: u32 = 1 << 3;
    pub(super) const HYPHEN: u32 = 1 << 4;
    pub(super) const DOT: u32 = 1 << 5;
    pub(super) const LETTER: u32 = 1 << 6;
    pub(super) const FIRST: u32 = 1 << 7;
    pub(super) const UNIFORM: u32 = 1 << 8;
    pub(super) const TITLE: u32 = 1 << 9;
}

/// One word as numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Form {
    /// Hash of the normalised word.
    pub word: u32,
    /// Hashes of its last one to four characters.
    pub suffix: [u32; 4],
    /// Hashes of its first one to three characters.
    pub prefix: [u32; 3],
    /// Hash of what stands after the last inner hyphen ("year-old": "old"); 0 without one.
    pub tail: u32,
    /// What it is made of.
    pub shape: u32,
}

impl Form {
    /// Whether it is all capitals where capitals tell words apart.
    #[must_use]
    pub const fn is_acronym(&self) -> bool {
        self.shape & shape::ALL_CAPS != 0 && self.shape & shape::TITLE == 0
    }
}

/// The forms of a sentence.
#[must_use]
pub fn forms(words: &[&str]) -> Vec<Form> {
    let casing = Casing::of(words);
    let mut buffer = Vec::new();
    words.iter().enumerate().map(|(index, word)| form(word, casing, index == 0, &mut buffer)).collect()
}

fn form(word: &str, casing: Casing, first: bool, buffer: &mut Vec<char>) -> Form {
    buffer.clear();
    let mut shape = 0;
    let mut all_caps = true;
    for (index, c) in word.chars().enumerate() {
        if c.is_uppercase() {
            shape |= if index == 0 { shape::INITIAL } else { shape::INNER_CAPS };
            shape |= shape::LETTER;
        } else if c.is_alphabetic() {
            all_caps = false;
            shape |= shape::LETTER;
        } else if c.is_numeric() {
            shape |= shape::DIGIT;
        }
        match normal(c) {
            '-' => shape |= shape::HYPHEN,
            '.' => shape |= shape::DOT,
            _ => {}
        }
        if c.is_ascii() {
            buffer.push(normal(c));
        } else {
            buffer.extend(c.to_lowercase().map(normal));
        }
    }
    // Quotation marks of two characters and dashes of two are one mark.
    if matches!(buffer.as_slice(), ['\'', '\''] | ['`', '`']) {
        buffer.clear();
        buffer.push('"');
    } else if buffer.len() > 1 && buffer.iter().all(|&c| c == '-') {
        buffer.truncate(2);
    }
    if all_caps && shape & shape::INNER_CAPS != 0 {
        shape = (shape & !shape::INNER_CAPS) | shape::ALL_CAPS;
    }
    let capitals = shape::INITIAL | shape::INNER_CAPS | shape::ALL_CAPS;
    match casing {
        Casing::Uniform => shape = (shape & !capitals) | shape::UNIFORM,
        Casing::Title => shape |= shape::TITLE,
        Casing::Mixed => {}
    }
    if first {
        shape |= shape::FIRST;
    }
    let n = buffer.len();
    let suffix = std::array::from_fn(|k| hash(&buffer[n.saturating_sub(k + 1)..]));
    let prefix = std::array::from_fn(|k| hash(&buffer[..n.min(k + 1)]));
    let tail = match buffer.iter().rposition(|&c| c == '-') {
        Some(at) if at > 0 && at + 1 < n => hash(&buffer[at + 1..]),
        _ => 0,
    };
    Form { word: hash(buffer), suffix, prefix, tail, shape }
}

/// One spelling for the characters that agencies write in several ways; digits count by their number only.
fn normal(c: char) -> char {
    match c {
        '0'..='9' => '0',
        '\u{2018}' | '\u{2019}' | '\u{201B}' | '\u{02BC}' | '\u{00B4}' => '\'',
        '\u{201C}' | '\u{201D}' | '\u{201E}' | '\u{00AB}' | '\u{00BB}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        _ => c.to_ascii_lowercase(),
    }
}

/// FNV-1a (Fowler, Noll, Vo) over code points: the same on every machine.
fn hash(chars: &[char]) -> u32 {
    chars.iter().fold(0x811C_9DC5, |hash, &c| (hash ^ u32::from(c)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_count_only_where_they_tell_words_apart() {
        assert_eq!(Casing::of(&["The", "army", "left", "Mosul", "."]), Casing::Mixed);
        assert_eq!(Casing::of(&["THE", "ARMY", "LEFT", "MOSUL", "."]), Casing::Uniform);
        assert_eq!(Casing::of(&["the", "army", "left", "mosul", "."]), Casing::Uniform);
        assert_eq!(Casing::of(&["Army", "Shells", "Village", "in", "North"]), Casing::Title);
        assert_eq!(forms(&["THE", "ARMY", "LEFT"]), forms(&["the", "army", "left"]));
    }

    #[test]
    fn spellings_of_one_mark_are_one_form() {
        assert_eq!(forms(&["\u{201C}"])[0].word, forms(&["\""])[0].word);
        assert_eq!(forms(&["''"])[0].word, forms(&["\""])[0].word);
        assert_eq!(forms(&["\u{2014}"])[0].word, forms(&["-"])[0].word);
        assert_eq!(forms(&["n\u{2019}t"])[0].word, forms(&["n't"])[0].word);
    }

    #[test]
    fn odd_words_are_safe() {
        let long = "ß".repeat(10_000);
        for word in ["", "-", "--", "İ", "ﬁ", "\u{0}", "😀", "-a", "a-", long.as_str()] {
            assert_eq!(forms(&[word]).len(), 1);
        }
    }
}
