/*! Reports to incidents: the corpora, and how a partition is judged. */

pub mod baseline;
pub mod fit;
pub mod ingest;
pub mod speed;
pub mod words;

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::{Context, Result};
use jiff::civil::Date;
use link::{Frequencies, Item, Told, Weights};
use record::{CodedDocument, DateProvenance, Report};
use serde::Deserialize;

use crate::tasks::gun_violence::Document;
use crate::{Hits, Options, Reader, data};

/// Reports of one country that are looked at, at most: those of one run of days, so that what else happened there then is among them.
const OF_A_COUNTRY: usize = 1_200;

/// A report with the incident that it is about.
pub struct Gold {
    /// Its id.
    pub id: String,
    /// The incident, or event.
    pub incident: String,
    /// Headline.
    pub title: Option<String>,
    /// Text.
    pub text: String,
    /// Day of publication.
    pub published: Option<Date>,
    /// Where it is held apart by country, the country.
    pub country: String,
}

/// The reports of a part of the gun violence corpus.
pub fn gun_violence(options: &Options, split: &str) -> Result<Vec<Gold>> {
    let documents: Vec<Document> = options.records("gun_violence/docs_train_dev.jsonl")?;
    let mut reports: Vec<Gold> = documents
        .into_iter()
        .filter(|document| document.split == split)
        .map(|document| Gold {
            id: document.id,
            incident: document.incident,
            title: Some(document.title),
            text: document.content,
            published: document.dct.parse().ok(),
            country: String::new(),
        })
        .collect();
    options.cut(&mut reports);
    Ok(reports)
}

#[derive(Deserialize)]
struct Cluster {
    id: String,
    country: String,
    sources: Vec<Source>,
}

#[derive(Deserialize)]
struct Source {
    date: String,
    headline: String,
}

/// The headlines behind UCDP's events, of the countries that are held out or of the others. A headline that backs several events is
/// left out: it is of no single one. So is one of fewer than four words ("Crisis Watch"), and of equal ones of one day all but the first.
pub fn headlines(options: &Options, held_out: bool) -> Result<Vec<Gold>> {
    let clusters: Vec<Cluster> = options.records("ucdp_ged/headline_clusters.jsonl")?;
    let mut backs: BTreeMap<(String, &str), BTreeSet<&str>> = BTreeMap::new();
    for cluster in &clusters {
        for source in &cluster.sources {
            backs.entry((source.headline.to_lowercase(), &source.date)).or_default().insert(&cluster.id);
        }
    }
    let mut by_country: BTreeMap<&str, Vec<Gold>> = BTreeMap::new();
    for cluster in clusters.iter().filter(|cluster| is_held_out(&cluster.country) == held_out) {
        let mut seen = BTreeSet::new();
        for source in &cluster.sources {
            let key = (source.headline.to_lowercase(), source.date.as_str());
            let single = backs.get(&key).is_some_and(|events| events.len() == 1);
            if !single || source.headline.split_whitespace().count() < 4 || !seen.insert(key) {
                continue;
            }
            by_country.entry(&cluster.country).or_default().push(Gold {
                id: format!("{}-{}", cluster.id, seen.len()),
                incident: cluster.id.clone(),
                title: None,
                text: source.headline.clone(),
                published: source.date.parse().ok(),
                country: cluster.country.clone(),
            });
        }
    }
    let mut reports = Vec::new();
    for (country, mut of_country) in by_country {
        of_country.sort_by(|a, b| (a.published, &a.id).cmp(&(b.published, &b.id)));
        let most = options.limit.unwrap_or(OF_A_COUNTRY);
        if of_country.len() > most {
            let start = data::fnv1a(country) as usize % (of_country.len() - most);
            of_country.drain(..start);
            of_country.truncate(most);
        }
        reports.extend(of_country);
    }
    Ok(reports)
}

#[derive(Deserialize)]
struct Row {
    id: String,
    date: String,
    location: String,
    details: String,
}

/// The rows of Wikipedia's lists of incidents from 2012 on, each an incident of its own: those from 2016 on are held out. A row stands for a
/// short report: its place, then what it says.
pub fn lists(options: &Options, held_out: bool) -> Result<Vec<Gold>> {
    let rows: Vec<Row> = options.records("wikipedia_incidents/until_2017.jsonl")?;
    let mut reports: Vec<Gold> = rows
        .into_iter()
        .filter(|row| row.date.as_str() >= "2012" && (row.date.as_str() >= "2016") == held_out)
        .map(|row| Gold {
            incident: row.id.clone(),
            id: row.id,
            title: None,
            text: format!("{}: {}", row.location, row.details),
            published: row.date.parse().ok(),
            country: String::new(),
        })
        .collect();
    options.cut(&mut reports);
    Ok(reports)
}

#[derive(Deserialize)]
struct MadeUp {
    id: String,
    incident: String,
    published: String,
    title: String,
    text: String,
}

/// Reports that we made up: runs of like attacks in one place, each to be recorded once, and attacks whose reports differ in day or toll.
pub fn series() -> Result<Vec<Gold>> {
    let lines = include_str!("../../data/link-series.jsonl").lines();
    lines
        .map(|line| {
            let told: MadeUp = serde_json::from_str(line).context("eval/data/link-series.jsonl")?;
            Ok(Gold {
                id: told.id,
                incident: told.incident,
                title: Some(told.title),
                text: told.text,
                published: told.published.parse().ok(),
                country: String::new(),
            })
        })
        .collect()
}

#[derive(Deserialize)]
struct Release {
    id: String,
    text: String,
    gold: ReleaseGold,
}

#[derive(Deserialize)]
struct ReleaseGold {
    start_date: String,
    #[serde(default)]
    province: Vec<String>,
}

/// Coalition press releases, those of one day and province as one incident, since some tell of one.
pub fn releases(options: &Options) -> Result<Vec<Gold>> {
    let releases: Vec<Release> = options.records("isaf/dev.jsonl")?;
    Ok(releases
        .into_iter()
        .map(|release| Gold {
            id: release.id,
            incident: format!("{} {}", release.gold.start_date, release.gold.province.join(" ")),
            title: None,
            text: release.text,
            published: None,
            country: String::new(),
        })
        .collect())
}

/// Whether a country is held out: by the first bit of a hash of its name, as UCDP writes it.
#[must_use]
pub fn is_held_out(country: &str) -> bool {
    data::fnv1a(country) >> 63 == 1
}

/// Reads reports.
#[must_use]
pub fn code(reader: &Reader, reports: &[Gold]) -> Vec<CodedDocument> {
    reports
        .iter()
        .map(|report| {
            reader.read_report(&Report {
                text: report.text.clone(),
                title: report.title.clone(),
                given_id: Some(report.id.clone()),
                published: report.published,
                published_from: if report.published.is_some() {
                    DateProvenance::Metadata
                } else {
                    DateProvenance::None
                },
                ..Report::default()
            })
        })
        .collect()
}

/// What the linker is given: with the text of the reports, or with what was coded of them alone.
#[must_use]
pub fn items(
    reports: &[Gold],
    coded: &[CodedDocument],
    frequencies: &Frequencies,
    with_text: bool,
) -> Vec<Item> {
    reports
        .iter()
        .zip(coded)
        .map(|(report, document)| Item {
            document: document.document.id.clone(),
            given: Some(report.id.clone()),
            told: Told::new(document, with_text.then_some(report.text.as_str()), frequencies),
        })
        .collect()
}

/// The incident of each report where one is linked after the other, in the order of publication, as a store links them; a report in
/// which nothing happened is alone.
#[must_use]
pub fn grown(items: &[Item], weights: &Weights) -> Vec<String> {
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by_key(|&at| (items[at].told.chief.published, items[at].given.clone()));
    let mut growing = link::Growing::new(weights.clone());
    let mut of_report: Vec<Option<u32>> = vec![None; items.len()];
    let mut before: Vec<Arc<Told>> = Vec::with_capacity(items.len());
    for at in order {
        let told = Arc::new(items[at].told.clone());
        let Ok(placed) = growing.place(&told, &mut before);
        let stories = told.stories();
        let incidents: Vec<Option<u32>> = placed
            .incidents
            .iter()
            .zip(stories)
            .map(|(place, story)| match place {
                Some(place) => Some(place.incident),
                None => (!story.own_facts().is_empty()).then(|| growing.begin()),
            })
            .collect();
        growing.put(&told, placed.copy_of, &incidents);
        before.push(told);
        for (into, from) in placed.joined {
            growing.lead(from, Some(into));
        }
        of_report[at] = incidents.first().copied().flatten();
    }
    let label = |(at, incident): (usize, &Option<u32>)| match incident {
        Some(incident) => format!("incident {}", growing.resolve(*incident)),
        None => format!("alone {at}"),
    };
    of_report.iter().enumerate().map(label).collect()
}

/// The tables that the program carries.
pub fn carried() -> Result<(Frequencies, Weights)> {
    let frequencies =
        Frequencies::from_table(knowledge::WORD_FREQUENCY).context("knowledge/word-frequency.tsv")?;
    let weights = Weights::from_table(knowledge::LINKING).context("knowledge/linking.tsv")?;
    Ok((frequencies, weights))
}

/// How good a partition is: for each incident of the gold its pairs, and B³ (Bagga and Baldwin 1998).
pub struct Judged {
    /// Pairs of reports: right, given, in the gold; each pair half at either report.
    pub pairs: Vec<Hits>,
    /// B³: the share of a report's group that is of its incident, and of its incident that is in its group.
    pub b3: Vec<Hits>,
}

/// Judges groups given as one label a report.
#[must_use]
pub fn judge<G: Ord, P: Ord>(gold: &[G], given: &[P]) -> Judged {
    let mut of_gold: BTreeMap<&G, usize> = BTreeMap::new();
    let mut of_given: BTreeMap<&P, usize> = BTreeMap::new();
    let mut of_both: BTreeMap<(&G, &P), usize> = BTreeMap::new();
    for (gold, given) in gold.iter().zip(given) {
        *of_gold.entry(gold).or_default() += 1;
        *of_given.entry(given).or_default() += 1;
        *of_both.entry((gold, given)).or_default() += 1;
    }
    let mut pairs: BTreeMap<&G, Hits> = BTreeMap::new();
    let mut b3: BTreeMap<&G, Hits> = BTreeMap::new();
    for ((gold, given), both) in of_both {
        let (in_gold, in_given, both) = (of_gold[gold] as f64, of_given[given] as f64, both as f64);
        let half = both / 2.0;
        let right = half * (both - 1.0);
        let entry = pairs.entry(gold).or_default();
        let more = Hits { right, found: right, given: half * (in_given - 1.0), gold: half * (in_gold - 1.0) };
        *entry = entry.plus(more);
        let entry = b3.entry(gold).or_default();
        let share = both * both;
        *entry =
            entry.plus(Hits { right: share / in_given, given: both, found: share / in_gold, gold: both });
    }
    Judged { pairs: pairs.into_values().collect(), b3: b3.into_values().collect() }
}

/// One label a report: its incident, or itself where it has none.
#[must_use]
pub fn labels(links: &link::Links) -> Vec<String> {
    links
        .reports
        .iter()
        .enumerate()
        .map(|(at, linked)| linked.primary.clone().unwrap_or_else(|| format!("report {at}")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

    fn sum(hits: &[Hits]) -> Hits {
        hits.iter().copied().fold(Hits::default(), Hits::plus)
    }

    #[test]
    fn a_partition_is_judged_by_pairs_and_by_reports() {
        // Gold {1,2,3} {4,5} {6}; given {1,2} {3,4,5} {6}.
        let judged = judge(&[1, 1, 1, 2, 2, 3], &['a', 'a', 'b', 'b', 'b', 'c']);
        let pairs = sum(&judged.pairs);
        assert!((Kind::Precision.of(pairs) - 2.0 / 4.0).abs() < 1e-12);
        assert!((Kind::Recall.of(pairs) - 2.0 / 4.0).abs() < 1e-12);
        let b3 = sum(&judged.b3);
        // Precision: 1, 1, 1/3, 2/3, 2/3, 1; recall: 2/3, 2/3, 1/3, 1, 1, 1.
        assert!((Kind::Precision.of(b3) - (14.0 / 3.0) / 6.0).abs() < 1e-12);
        assert!((Kind::Recall.of(b3) - (14.0 / 3.0) / 6.0).abs() < 1e-12);
    }
}
