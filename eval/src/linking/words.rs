/*! Counts in how many passages of news each word stands (`knowledge/word-frequency.tsv`).

A passage is what several texts of one incident say together, or some [`PASSAGE`] words of short texts in a row, so that neither an incident
that many report nor the length of a text makes a word frequent. Counted are training and development parts only, and of
UCDP's headlines those of the countries that are not held out. A word of fewer than [`LEAST`] passages is not in the table: no name
of a person who was in the news once can be.
*/

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use anyhow::Result;
use link::words::{ALL, tokens};
use serde_json::Value;

use super::{gun_violence, headlines};
use crate::Options;

/// Words of a passage that is made of short texts.
const PASSAGE: usize = 220;
/// The fewest passages of a word in the table.
const LEAST: usize = 8;
/// Headlines of one country are many; so many of each are enough to know its words.
const HEADLINES: usize = 6_000;

/// The table.
pub fn run(options: &Options) -> Result<(String, String)> {
    let mut passages: Vec<BTreeSet<String>> = Vec::new();
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    let mut note = |name: &'static str, passages: &[BTreeSet<String>]| {
        let before: usize = sizes.values().sum();
        sizes.insert(name, passages.len() - before);
    };
    let mut by_incident: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for report in gun_violence(options, "train")? {
        let words = by_incident.entry(report.incident).or_default();
        words.extend(tokens(report.title.as_deref().unwrap_or("")).into_iter().map(|token| token.word));
        words.extend(tokens(&report.text).into_iter().map(|token| token.word));
    }
    passages.extend(by_incident.into_values());
    note("gun violence, train", &passages);
    let texts = |file: &str, fields: &[&str]| -> Result<Vec<String>> {
        let rows: Vec<Value> = options.records(file)?;
        Ok(rows
            .iter()
            .map(|row| fields.iter().filter_map(|field| row[*field].as_str()).collect::<Vec<_>>().join(" "))
            .collect())
    };
    passages.extend(cut(&texts("muc4/train.jsonl", &["doctext"])?));
    note("MUC-4, train", &passages);
    passages.extend(cut(&texts("isaf/dev.jsonl", &["text"])?));
    note("coalition press releases", &passages);
    passages.extend(cut(&texts("wikipedia_incidents/until_2017.jsonl", &["location", "details"])?));
    note("Wikipedia's lists of incidents", &passages);
    let many = Options { limit: Some(HEADLINES), ..options.clone() };
    let lines: Vec<String> = headlines(&many, false)?.into_iter().map(|report| report.text).collect();
    passages.extend(cut(&lines));
    note("UCDP's headlines, countries not held out", &passages);

    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for word in passages.iter().flatten() {
        *counts.entry(word).or_default() += 1;
    }
    let mut rows: Vec<(&str, usize)> =
        counts.into_iter().filter(|(word, count)| *count >= LEAST && word.chars().count() <= 30).collect();
    rows.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let parts: Vec<String> = sizes.iter().map(|(name, count)| format!("{name} {count}")).collect();
    let mut table = format!(
        "# In how many passages of news a word stands: what it tells, when two reports share it.\n\
         # Counted by `watchpost-eval derive-words` ({}); eval/src/linking/words.rs says how.\n\
         word\tpassages\n{ALL}\t{}\n",
        parts.join(", "),
        passages.len()
    );
    for (word, count) in &rows {
        let _ = writeln!(table, "{word}\t{count}");
    }
    Ok((table, format!("{} words of {} passages", rows.len(), passages.len())))
}

/// Texts in a row as passages.
fn cut(texts: &[String]) -> Vec<BTreeSet<String>> {
    let mut passages = Vec::new();
    let (mut words, mut length) = (BTreeSet::new(), 0);
    for token in texts.iter().flat_map(|text| tokens(text)) {
        words.insert(token.word);
        length += 1;
        if length == PASSAGE {
            passages.push(std::mem::take(&mut words));
            length = 0;
        }
    }
    if length > PASSAGE / 2 {
        passages.push(words);
    }
    passages
}
