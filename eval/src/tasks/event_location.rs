/*! Where the thing happened that a verb says (Halterman 2019, "Geolocating Political Events in Text").

An item is a sentence and one verb in it; the gold marks the place names at which that took place, or none.
Scored by tokens, as in the paper: precision = right tokens by given, recall = right by gold. Items without a place
count for precision: whatever is given there is wrong.

Tokens are words: the file counts white space as a token where a text has several spaces together, and that is left
out on both sides.

Kept are items with exactly one verb that were not rejected: those marked `accept`, and those that one annotator
exported without a mark. Spans are taken by their token indices: in a tenth of the file the character offsets
of the place are token indices too.

The author's gold standard are the items of the source `RELABEL` (README of the corpus), most of them items of the other
annotators labelled again; figures on those alone are given beside the figures on all.

The corpus has no official parts that are kept here, so it is split by a hash of the sentence (FNV-1a of
its text: half of the sentences are looked at during development (`seen`), half are only scored (`held out`).
*/

use std::collections::BTreeSet;

use anyhow::Result;
use serde::Deserialize;
use serde_json::json;

use crate::score::snippet;
use crate::{Figure, Hits, Kind, Options, Outcome, Reader, data};

#[derive(Deserialize)]
pub(crate) struct Item {
    pub(crate) text: String,
    #[serde(default)]
    spans: Option<Vec<Span>>,
    tokens: Vec<Token>,
    #[serde(default)]
    answer: Option<String>,
    #[serde(default)]
    source: Option<String>,
}

#[derive(Deserialize)]
struct Span {
    label: String,
    token_start: usize,
    token_end: usize,
}

#[derive(Deserialize)]
struct Token {
    start: usize,
    end: usize,
}

/// The source of the items that are the author's gold standard.
const GOLD_STANDARD: &str = "RELABEL";
/// A source that left places out: of its items without a place that the gold standard labels again, four in ten have
/// one there (of the half that is looked at, 30 of 66; of the other sources' such items, 14 of 61).
const LEFT_OUT: &str = "Masdar_RA";

impl Item {
    fn is_gold_standard(&self) -> bool {
        self.source.as_deref() == Some(GOLD_STANDARD)
    }

    fn marked(&self, label: &str) -> Vec<&Span> {
        self.spans.iter().flatten().filter(|span| span.label == label).collect()
    }

    /// The code points of the verb.
    pub(crate) fn verb(&self) -> Option<(usize, usize)> {
        characters(self, self.marked("VERB").first()?)
    }

    /// The tokens of the gold's places.
    pub(crate) fn gold(&self) -> BTreeSet<usize> {
        self.marked("LOCATION")
            .iter()
            .flat_map(|span| span.token_start..=span.token_end)
            .filter(|&token| token < self.tokens.len() && !self.is_blank(token))
            .collect()
    }

    /// Whether a token is white space alone, which the file counts as a token where a text has more than one space.
    fn is_blank(&self, token: usize) -> bool {
        let Some(token) = self.tokens.get(token) else { return true };
        self.text
            .chars()
            .skip(token.start)
            .take(token.end.saturating_sub(token.start))
            .all(char::is_whitespace)
    }
}

/// The items that are kept.
pub(crate) fn items(options: &Options) -> Result<Vec<Item>> {
    let mut items: Vec<Item> = options.records("event_location/labeled_text.jsonl")?;
    items.retain(|item| {
        item.answer.as_deref().is_none_or(|answer| answer == "accept") && item.marked("VERB").len() == 1
    });
    options.cut(&mut items);
    Ok(items)
}

/// The items to learn from: of those labelled twice the gold standard, and none of the source that left places out.
pub(crate) fn to_learn_from(items: Vec<Item>) -> Vec<Item> {
    let key = |item: &Item| (item.text.trim().to_owned(), item.verb());
    let standard: BTreeSet<_> = items.iter().filter(|item| item.is_gold_standard()).map(key).collect();
    let keep = |item: &Item| {
        item.is_gold_standard() || item.source.as_deref() != Some(LEFT_OUT) && !standard.contains(&key(item))
    };
    items.into_iter().filter(keep).collect()
}

/// Runs the task.
pub fn run(options: &Options, reader: &Reader) -> Result<Outcome> {
    let items = items(options)?;
    let mut outcome = Outcome::new(
        "event-location",
        "Halterman's event location corpus (MIT), 8,620 sentences of agency text",
        "Tokens of the place names at which the verb's event happened; items without one count for precision. \
         Split by a hash of the sentence: seen during development, and held out.",
    );
    let mut parts = [Vec::new(), Vec::new()];
    let mut placed = [Vec::new(), Vec::new()];
    let mut standard = [Vec::new(), Vec::new()];
    for (index, item) in items.iter().enumerate() {
        let Some(verb) = item.marked("VERB").first().copied() else { continue };
        let Some((start, end)) = characters(item, verb) else { continue };
        let gold = item.gold();
        let given = covered(item, &reader.coder.locate(&item.text, start, end));
        let right = gold.intersection(&given).count();
        let held_out = held_out(&item.text);
        let hits = Hits::sets(right, given.len(), gold.len());
        parts[usize::from(held_out)].push(hits);
        if item.is_gold_standard() {
            standard[usize::from(held_out)].push(hits);
        }
        if !gold.is_empty() {
            placed[usize::from(held_out)].push(hits);
        }
        // Losses of the held-out half are not listed: they are not to be looked at.
        if !held_out && given != gold {
            let reason = match (gold.is_empty(), given.is_empty(), right) {
                (true, _, _) => "a place where the gold has none",
                (_, true, _) => "no place",
                (_, _, 0) => "another place",
                _ => "part of it, or more",
            };
            let verb = words(item, &(verb.token_start..=verb.token_end).collect());
            let text = format!("[{verb}] {}", snippet(&item.text, 500));
            outcome.lose(
                &index.to_string(),
                "place",
                json!(words(item, &gold)),
                json!(words(item, &given)),
                reason,
                &text,
            );
        }
    }
    let names = ["seen", "held out", "gold standard, seen", "gold standard, held out"];
    for (name, documents) in names.into_iter().zip(parts.iter().chain(&standard)) {
        for mut figure in Figure::trio(&format!("place tokens, {name}"), documents) {
            if figure.kind != Kind::F1 {
                figure = figure
                    .goal(0.85)
                    .peers("Halterman 2019 (recurrent network): above .83 (on its own test part)");
            }
            outcome.figures.push(figure);
        }
    }
    // Annotators differ on whether a place in the sentence is the verb's; this leaves that question out.
    for (name, documents) in ["seen", "held out"].into_iter().zip(&placed) {
        outcome.figures.extend(Figure::trio(&format!("items with a place, {name}"), documents));
    }
    Ok(outcome)
}

/// The code points of a span of tokens.
fn characters(item: &Item, span: &Span) -> Option<(usize, usize)> {
    Some((item.tokens.get(span.token_start)?.start, item.tokens.get(span.token_end)?.end))
}

/// The gold's tokens that are touched by what was given.
pub(crate) fn covered(item: &Item, spans: &[(usize, usize)]) -> BTreeSet<usize> {
    (0..item.tokens.len())
        .filter(|&index| {
            let token = &item.tokens[index];
            token.end > token.start
                && !item.is_blank(index)
                && spans.iter().any(|&(start, end)| token.start < end && start < token.end)
        })
        .collect()
}

pub(crate) fn words(item: &Item, tokens: &BTreeSet<usize>) -> String {
    let text: Vec<char> = item.text.chars().collect();
    let word = |&token: &usize| {
        let token = item.tokens.get(token)?;
        Some(text.get(token.start..token.end)?.iter().collect::<String>())
    };
    tokens.iter().filter_map(word).collect::<Vec<_>>().join(" ")
}

/// The parity of a hash's bits. By sentence and not by item, so that two verbs of one sentence are on the same side.
pub(crate) fn held_out(sentence: &str) -> bool {
    data::fnv1a(sentence.trim()).count_ones() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_split_is_about_even() {
        let n = (0..1_000).filter(|i| held_out(&format!("Gunmen killed {i} people in the town."))).count();
        assert!((430..570).contains(&n), "{n}");
    }

    #[test]
    fn the_gold_standard_stands_for_what_it_labels_again() {
        let item = |text: &str, source: &str| -> Item {
            let verb = json!([{"label": "VERB", "token_start": 0, "token_end": 0}]);
            let tokens = json!([{"start": 0, "end": 2}]);
            serde_json::from_value(json!({"text": text, "source": source, "spans": verb, "tokens": tokens}))
                .unwrap()
        };
        let items = vec![
            item("It hit Al-Bab.", "AP"),
            item("It hit Al-Bab.", GOLD_STANDARD),
            item("It hit Mosul.", "AP"),
            item("It hit Kirkuk.", LEFT_OUT),
        ];
        let kept = to_learn_from(items);
        let texts: Vec<&str> = kept.iter().map(|item| item.text.as_str()).collect();
        assert_eq!(texts, ["It hit Al-Bab.", "It hit Mosul."]);
        assert!(kept[0].is_gold_standard());
    }

    #[test]
    fn spans_cover_the_tokens_they_touch() {
        let item: Item = serde_json::from_value(json!({
            "text": "It hit Al-Bab.", "answer": "accept",
            "tokens": [{"start": 0, "end": 2}, {"start": 3, "end": 6}, {"start": 7, "end": 9}, {"start": 9, "end": 10},
                       {"start": 10, "end": 13}, {"start": 13, "end": 14}]
        }))
        .unwrap();
        assert_eq!(covered(&item, &[(7, 13)]), BTreeSet::from([2, 3, 4]));
        let item_with_spaces: Item = serde_json::from_value(json!({
            "text": "In Mosul  it hit.",
            "spans": [{"label": "LOCATION", "token_start": 1, "token_end": 2}],
            "tokens": [{"start": 0, "end": 2}, {"start": 3, "end": 8}, {"start": 9, "end": 10}, {"start": 10, "end": 12}]
        }))
        .unwrap();
        assert_eq!(item_with_spaces.gold(), BTreeSet::from([1]));
        assert_eq!(covered(&item_with_spaces, &[(3, 11)]), BTreeSet::from([1, 3]));
        assert_eq!(words(&item, &BTreeSet::from([1, 2])), "hit Al");
    }
}
