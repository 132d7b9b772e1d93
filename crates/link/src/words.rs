//! The words of a report, and how much each tells.

use record::table::{Table, TableError};
use rustc_hash::FxHashMap;

use crate::hash;

/// A word as it stands in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// In small letters, in ASCII, without an English genitive: outlets differ in accents.
    pub word: String,
    /// Begins with a capital.
    pub capital: bool,
    /// Is written in digits.
    pub digits: bool,
    /// Follows the word before it with nothing but blanks or a comma between.
    pub joined: bool,
}

/// The words of a text, in order.
#[must_use]
pub fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut last_end = None;
    let mut rest = text.char_indices().peekable();
    while let Some((start, first)) = rest.next() {
        if !first.is_alphanumeric() {
            continue;
        }
        let mut end = start + first.len_utf8();
        while let Some(&(at, c)) = rest.peek() {
            let inner = matches!(c, '\'' | '’')
                && text[at + c.len_utf8()..].chars().next().is_some_and(char::is_alphabetic);
            if !c.is_alphanumeric() && !inner {
                break;
            }
            end = at + c.len_utf8();
            rest.next();
        }
        let written = &text[start..end];
        let bare = ["'s", "’s", "'S", "’S"].iter().find_map(|ending| written.strip_suffix(ending));
        let bare = bare.unwrap_or(written);
        let joined = last_end.is_some_and(|before: usize| {
            text[before..start].chars().all(|c| c == ',' || c == ' ' || c == '\u{a0}')
        });
        found.push(Token {
            word: fold(bare),
            capital: first.is_uppercase(),
            digits: bare.bytes().all(|byte| byte.is_ascii_digit()),
            joined,
        });
        last_end = Some(end);
    }
    found
}

/// A word in small letters and ASCII.
fn fold(word: &str) -> String {
    if word.is_ascii() { word.to_ascii_lowercase() } else { any_ascii::any_ascii(word).to_lowercase() }
}

/// In how many passages of news each word stands: what a word tells, without counting the collection at hand, so that a
/// report that comes in changes nothing between two others.
#[derive(Debug, Clone)]
pub struct Frequencies {
    weights: FxHashMap<u32, f32>,
    unseen: f32,
    mark: u32,
}

/// The row of the table that says how many passages were counted.
pub const ALL: &str = "*";

impl Frequencies {
    /// Reads the table: `word` and `passages`, the row `*` first saying how many passages there were.
    ///
    /// # Errors
    /// Where a column or the row of the whole is missing, or a count is no number.
    pub fn from_table(text: &str) -> Result<Self, TableError> {
        const NAME: &str = "word-frequency.tsv";
        let table = Table::parse(NAME, text, &["word", "passages"])?;
        let mut all = None;
        let mut least = u32::MAX;
        let mut counts = Vec::new();
        for row in table.rows() {
            let count: u32 =
                row.parsed("passages")?.ok_or_else(|| row.error("`passages` is empty".to_owned()))?;
            if row.get("word") == ALL {
                all = Some(count);
            } else {
                least = least.min(count);
                counts.push((hash::key(row.get("word")), count));
            }
        }
        let Some(all) = all else {
            return Err(TableError::Row {
                table: NAME,
                line: table.header_line(),
                problem: format!("no row `{ALL}` with the number of all passages"),
            });
        };
        // Robertson and Spärck Jones' inverse document frequency, one added to both counts.
        let weight = |count: u32| ((f64::from(all) + 1.0) / (f64::from(count) + 1.0)).ln().max(0.0) as f32;
        let unseen = weight(if counts.is_empty() { 0 } else { least.saturating_sub(1) });
        Ok(Self {
            weights: counts.into_iter().map(|(key, count)| (key, weight(count))).collect(),
            unseen,
            mark: hash::key(text),
        })
    }

    /// What one table is told from another by.
    #[must_use]
    pub const fn mark(&self) -> u32 {
        self.mark
    }

    /// What a word tells: the logarithm of the inverse of its share of passages. A word that is not in the table is as rare
    /// as one that just did not come into it.
    #[must_use]
    pub fn weight(&self, key: u32) -> f32 {
        self.weights.get(&key).copied().unwrap_or(self.unseen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_and_joined() {
        let words = tokens("José Pérez's 24-year-old son, Ali, of 1200 Elm St. Police said ’twas O’Neil.");
        let folded: Vec<&str> = words.iter().map(|token| token.word.as_str()).collect();
        assert_eq!(
            folded,
            [
                "jose", "perez", "24", "year", "old", "son", "ali", "of", "1200", "elm", "st", "police",
                "said", "twas", "o'neil"
            ]
        );
        assert!(words[0].capital && words[1].joined && !words[1].digits);
        assert!(words[2].digits && words[2].joined && !words[3].joined, "a hyphen parts");
        assert!(words[6].joined && !words[11].joined, "a comma does not part, a full stop does");
    }

    #[test]
    fn any_string_is_safe() {
        for text in ["", "'", "a'", "’s", "'s 's", "東京 駅", "e\u{301}", "\u{1F600}x'y", "İstanbul'da"]
        {
            assert!(tokens(text).iter().all(|token| !token.word.contains(char::is_whitespace)));
        }
    }

    #[test]
    fn rare_words_tell_more_and_unknown_ones_most() {
        let table = Frequencies::from_table("word\tpassages\n*\t999\nsaid\t999\nmosul\t9\n").unwrap();
        assert!(table.weight(hash::key("said")) < 1e-6);
        assert!((table.weight(hash::key("mosul")) - 100_f32.ln()).abs() < 1e-5);
        assert!(table.weight(hash::key("qwerty")) > table.weight(hash::key("mosul")));
        let error = Frequencies::from_table("word\tpassages\nsaid\t999\n").unwrap_err().to_string();
        assert!(error.contains("no row `*`"), "{error}");
        assert!(Frequencies::from_table("word\tpassages\n*\tmany\n").is_err());
    }
}
