//! Words as they are searched: the same for every store, whatever its database makes of text.

use any_ascii::any_ascii_char;
use serde::{Deserialize, Serialize};

/// A text as its words: plain lower-case letters and digits with one space between, so that "Ḥalab", "HALAB" and "halab"
/// are found by each other.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    for char in text.chars() {
        // Apostrophes stand inside a word ("Al-Shabaab's", "Sana'a").
        if matches!(char, '\'' | '’' | 'ʻ' | 'ʿ' | 'ʼ') {
            continue;
        }
        if !char.is_alphanumeric() {
            // A mark over the letter before ends no word.
            gap |= !any_ascii_char(char).is_empty() || char.is_whitespace();
            continue;
        }
        for plain in any_ascii_char(char).chars() {
            if !plain.is_ascii_alphanumeric() {
                continue;
            }
            if gap && !folded.is_empty() {
                folded.push(' ');
            }
            gap = false;
            folded.push(plain.to_ascii_lowercase());
        }
    }
    folded
}

/// A name as it is looked for: folded, and no longer than an index takes it.
#[must_use]
pub fn key(name: &str) -> String {
    let mut key = fold(name);
    // Plain letters: any byte is a place to cut.
    key.truncate(KEY);
    key
}

/// Bytes of a name that tell it from others.
const KEY: usize = 200;

/// One thing that is looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// Its words, folded; several stand side by side in this order.
    pub words: Vec<String>,
    /// The last word may go on (`mosq*`).
    pub prefix: bool,
    /// It must not stand there (`-drill`).
    pub not: bool,
}

/// What is looked for in the text of reports or incidents: every term.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Query {
    /// The terms; at least one of them is looked for.
    pub terms: Vec<Term>,
}

impl Query {
    /// Reads what a person types: words, `"several side by side"`, `begin*`, `-without`. Any string is a query or none:
    /// `None` where it has no word to look for.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let mut terms = Vec::new();
        let mut rest = typed.trim_start();
        while !rest.is_empty() {
            let not = rest.starts_with('-');
            let start = rest.trim_start_matches('-');
            let (piece, after) = match start.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
                None => start.split_at(start.find(char::is_whitespace).unwrap_or(start.len())),
            };
            let prefix = piece.ends_with('*');
            let words: Vec<String> =
                fold(piece).split(' ').filter(|w| !w.is_empty()).map(str::to_owned).collect();
            if !words.is_empty() {
                terms.push(Term { words, prefix, not });
            }
            rest = after.trim_start();
        }
        terms.iter().any(|term| !term.not).then_some(Self { terms })
    }

    /// As FTS5 asks for it.
    #[must_use]
    pub fn fts5(&self) -> String {
        let shown =
            |term: &Term| format!("\"{}\"{}", term.words.join(" "), if term.prefix { "*" } else { "" });
        let side = |not: bool| self.terms.iter().filter(move |term| term.not == not).map(shown);
        let asked = side(false).collect::<Vec<_>>().join(" AND ");
        let never = side(true).collect::<Vec<_>>();
        // One pair of brackets, however many words: the parser of FTS5 takes about a hundred, one inside the other.
        if never.is_empty() { asked } else { format!("({asked}) NOT ({})", never.join(" OR ")) }
    }

    /// As `to_tsquery` of PostgreSQL asks for it.
    #[must_use]
    pub fn tsquery(&self) -> String {
        let shown = |term: &Term| {
            let last = term.words.len() - 1;
            let word = |(index, word): (usize, &String)| {
                format!("'{word}'{}", if term.prefix && index == last { ":*" } else { "" })
            };
            let words: Vec<String> = term.words.iter().enumerate().map(word).collect();
            format!("{}({})", if term.not { "!" } else { "" }, words.join(" <-> "))
        };
        self.terms.iter().map(shown).collect::<Vec<_>>().join(" & ")
    }
}

/// The words around the first place where a query is found, as the text has them; its beginning where none is.
#[must_use]
pub fn snippet(text: &str, query: &Query, width: usize) -> String {
    let looked: Vec<&str> = query
        .terms
        .iter()
        .filter(|term| !term.not)
        .filter_map(|t| t.words.first())
        .map(String::as_str)
        .collect();
    // A stem is as good as a word here: the databases look for stems.
    let stem = |word: &str| word.get(..word.len().min(5)).unwrap_or(word).to_owned();
    let mut at = 0;
    for (start, word) in
        text.split_whitespace().map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
    {
        if fold(word).split(' ').any(|word| looked.iter().any(|looked| word.starts_with(&stem(looked)))) {
            at = start;
            break;
        }
    }
    let before: usize = text[..at].chars().rev().take(width / 3).map(char::len_utf8).sum();
    let mut cut: String = text[at - before..].chars().take(width).collect();
    if let Some(space) = cut.find(char::is_whitespace).filter(|_| at > before) {
        cut = format!("… {}", cut[space..].trim_start());
    }
    cut.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spellings_meet() {
        assert_eq!(fold("Sana'a, Ḥalab – DEIR EZ-ZOR"), "sanaa halab deir ez zor");
        assert_eq!(fold("café cafe\u{301}"), "cafe cafe");
        assert_eq!(fold("  ,; "), "");
    }

    #[test]
    fn a_query_is_read() {
        let query = Query::parse("\"car bomb\" mosq* -drill O'Neil").expect("a query");
        assert_eq!(query.fts5(), "(\"car bomb\" AND \"mosq\"* AND \"oneil\") NOT (\"drill\")");
        assert_eq!(query.tsquery(), "('car' <-> 'bomb') & ('mosq':*) & !('drill') & ('oneil')");
        assert_eq!(Query::parse(" -only \"\" * - "), None);
        assert_eq!(Query::parse("\"open").map(|query| query.terms.len()), Some(1));
    }

    #[test]
    fn a_snippet_is_around_the_word() {
        let query = Query::parse("attack").expect("a query");
        let text = format!("{}Gunmen attacked a market.{}", "a word ".repeat(30), " more".repeat(60));
        let cut = snippet(&text, &query, 60);
        assert!(cut.starts_with('…') && cut.contains("Gunmen attacked a market."), "{cut}");
    }

    proptest! {
        #[test]
        fn any_string_is_safe(typed in ".{0,40}", text in ".{0,80}") {
            if let Some(query) = Query::parse(&typed) {
                prop_assert!(!query.fts5().is_empty() && !query.tsquery().is_empty());
                prop_assert!(snippet(&text, &query, 20).len() <= 200);
            }
        }
    }
}
