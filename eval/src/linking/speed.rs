/*! How long linking one report takes among many, and how much memory they take.

The reports are made up: words of `knowledge/word-frequency.tsv` drawn as often as they stand in news, names of their own, names that many share,
one of some thousand places and a day of ten years, and every fourth tells of an incident that another one told of.
*/

use std::sync::Arc;
use std::time::Instant;

use anyhow::Result;
use jiff::ToSpan as _;
use jiff::civil::Date;
use link::{Growing, Told};
use record::CodedDocument;
use serde::Serialize;
use serde_json::json;

use super::carried;
use crate::bootstrap::Random;

/// Words of a made-up report.
const WORDS: usize = 160;
/// Places that reports are from.
const PLACES: usize = 4_000;
/// Days that they are spread over.
const DAYS: usize = 3_650;
/// Reports that are linked for the measurement, after the others.
const ASKED: usize = 2_000;

/// What was measured.
#[derive(Debug, Serialize)]
pub struct Measured {
    /// Reports that are kept.
    pub reports: usize,
    /// Incidents that they are of.
    pub incidents: usize,
    /// Resident memory in megabytes: what the reports tell, the index and signatures' bands.
    pub megabytes: u64,
    /// Microseconds that making one report ready takes: its words and its signature.
    pub ready: f64,
    /// Microseconds that linking one report takes, looking for its copies included, the median.
    pub median: f64,
    /// … and what 99 of 100 stay below.
    pub most: f64,
    /// Stories that one is compared with, the mean.
    pub compared: f64,
    /// Of the reports asked that have one of the same incident before, the share that is put with it.
    pub found: f64,
}

/// Measures.
pub fn measure(reports: usize, seed: u64) -> Result<Measured> {
    let (frequencies, weights) = carried()?;
    let mut made = Maker::new(seed, reports + ASKED)?;
    let before = resident();
    let mut growing = Growing::new(weights);
    let mut incident_of: Vec<u32> = Vec::with_capacity(reports);
    let mut tellings: Vec<Arc<Told>> = Vec::with_capacity(reports);
    let mut ready = 0.0;
    for number in 0..reports {
        let (document, text) = made.report(number);
        let started = Instant::now();
        let told = Told::new(&document, Some(&text), &frequencies);
        ready += started.elapsed().as_secs_f64();
        // As a store loads what it has: the incidents are known.
        let incident = match made.told_before(number) {
            Some(earlier) => incident_of[earlier],
            None => growing.begin(),
        };
        growing.put(&told, None, &[Some(incident)]);
        tellings.push(Arc::new(told));
        incident_of.push(incident);
    }
    let megabytes = resident().saturating_sub(before);
    let (mut times, mut compared) = (Vec::with_capacity(ASKED), 0);
    let (mut found, mut of) = (0_usize, 0_usize);
    for number in reports..reports + ASKED {
        let (document, text) = made.report(number);
        let told = Told::new(&document, Some(&text), &frequencies);
        let started = Instant::now();
        let Ok(placed) = growing.place(&told, &mut tellings);
        times.push(started.elapsed().as_secs_f64() * 1e6);
        let place = placed.incidents.first().copied().flatten();
        compared += growing.compared(&told.chief);
        if let Some(earlier) = made.told_before(number).filter(|earlier| *earlier < reports) {
            of += 1;
            found += usize::from(place.is_some_and(|place| place.incident == incident_of[earlier]));
        }
    }
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    Ok(Measured {
        reports,
        incidents: growing.size().2,
        megabytes,
        ready: ready * 1e6 / reports.max(1) as f64,
        median: at(0.5),
        most: at(0.99),
        compared: compared as f64 / ASKED as f64,
        found: found as f64 / of.max(1) as f64,
    })
}

/// For people.
#[must_use]
pub fn table(measured: &Measured) -> String {
    format!(
        "{} reports of {} incidents: {} MB\nready: {:.0} µs a report (words and signature)\nlinked: {:.0} µs (median), {:.0} µs (99 of \
         100), {:.0} stories compared\nput with the report of its incident: {:.3}\n",
        measured.reports,
        measured.incidents,
        measured.megabytes,
        measured.ready,
        measured.median,
        measured.most,
        measured.compared,
        measured.found
    )
}

/// Makes reports up, the same for the same seed.
pub(super) struct Maker {
    seed: u64,
    reports: usize,
    words: Vec<(&'static str, u64)>,
    total: u64,
    document: CodedDocument,
}

impl Maker {
    pub(super) fn new(seed: u64, reports: usize) -> Result<Self> {
        let mut total = 0;
        let words = knowledge::WORD_FREQUENCY
            .lines()
            .filter_map(|line| line.split_once('\t'))
            .filter_map(|(word, count)| Some((word, count.parse::<u64>().ok()?)))
            .filter(|(word, _)| *word != link::words::ALL)
            .map(|(word, count)| {
                total += count;
                (word, total)
            })
            .collect();
        Ok(Self { seed, reports, words, total, document: document()? })
    }

    /// The report whose incident a report tells of again; every fourth does, mostly of days before.
    fn told_before(&self, number: usize) -> Option<usize> {
        let mut random = Random::new(self.seed ^ (number as u64).wrapping_mul(31));
        (number > 100 && number % 4 == 3).then(|| (number - 1 - random.below(100)) & !3)
    }

    pub(super) fn report(&mut self, number: usize) -> (CodedDocument, String) {
        // What both reports of an incident know.
        let incident = self.told_before(number).unwrap_or(number);
        let mut shared = Random::new(self.seed.wrapping_add(incident as u64));
        let place = shared.below(PLACES);
        // In the order of their days, as news comes.
        let day = incident * DAYS / self.reports.max(1);
        let mut facts: Vec<String> =
            vec![name(place as u64 + 1_000_000), name((place / 20) as u64 + 2_000_000)];
        facts.extend((0..6).map(|_| name(shared.bits() % 40_000)));
        facts.push((shared.below(2_000) + 10).to_string());
        let killed = shared.below(30) as u64;
        facts.push(killed.to_string());
        let mut random = Random::new(self.seed ^ (number as u64).wrapping_mul(0x9e37_79b9));
        let mut text = String::with_capacity(WORDS * 8);
        for at in 0..WORDS {
            let drawn = if at % 8 == 5 {
                facts[random.below(facts.len())].clone()
            } else {
                let share = random.bits() % self.total;
                let place = self.words.partition_point(|(_, upto)| *upto <= share);
                self.words.get(place).map_or_else(String::new, |(word, _)| (*word).to_owned())
            };
            text.push_str(&drawn);
            text.push_str(if at % 20 == 19 { ". " } else { " " });
        }
        let mut document = self.document.clone();
        let date = Date::constant(2010, 1, 1).saturating_add((day as i64).days());
        document.document.id = format!("made up {number}");
        document.document.published = Some(date.saturating_add((random.below(4) as i64).days()));
        if let Some(event) = document.events.first_mut() {
            event.event_date = Some(date);
            event.event_date_end = Some(date);
            if let Some(spot) = event.places.first_mut() {
                spot.latitude = Some((place % 100) as f64 * 0.7 - 30.0);
                spot.longitude = Some((place / 100) as f64 * 1.5 - 20.0);
            }
            if let Some(count) = event.counts.killed.first_mut() {
                count.number = record::Quantity::exact(killed);
            }
        }
        (document, text)
    }
}

/// A made-up name.
fn name(number: u64) -> String {
    let mut random = Random::new(number);
    let mut name = String::new();
    for at in 0..3 {
        let consonant = b"bcdfghklmnprstvz"[random.below(16)] as char;
        name.push(if at == 0 { consonant.to_ascii_uppercase() } else { consonant });
        name.push(b"aeiou"[random.below(5)] as char);
    }
    name
}

/// A coded document with one event.
fn document() -> Result<CodedDocument> {
    let value = json!({
        "schema": record::CODED_SCHEMA,
        "document": {"id": "", "given_id": null, "url": null, "title": null, "publisher": null, "language": "en", "published": null,
            "published_from": "metadata", "chars": 0},
        "events": [{
            "id": "e", "realis": "asserted", "completion": "accomplished", "event_type": "Violence against civilians",
            "sub_event_type": "Attack", "plover": {"event_type": "ASSAULT", "mode": []}, "cameo": null, "type_of_violence": null,
            "gtd_attack_type": null, "event_date": null, "event_date_end": null, "time_precision": 1, "date_type": "exact",
            "date_from": "text",
            "places": [{"text": "", "start": 0, "end": 0, "relation": "at", "name": null, "geonameid": null, "source_id": null,
                "feature_code": "PPL", "country": null, "admin1": null, "admin2": null, "latitude": 0.0, "longitude": 0.0,
                "where_precision": 1, "reason": "", "alternatives": []}],
            "actors": [], "recipients": [], "objects": [], "weapons": [],
            "killed": [{"number": {"low": 1, "best": 1, "high": 1}, "who": "unknown", "text": "", "start": 0, "end": 0, "part_of": null}],
            "injured": [], "killed_or_injured": [], "abducted": [], "arrested": [], "missing": [], "escaped": [], "displaced": [],
            "deaths": {"best": null, "low": null, "high": null, "a": 0, "b": 0, "civilians": 0, "unknown": 0}, "claims": [],
            "reported_by": [], "evidence": [], "confidence": 0.8, "reasons": {}
        }],
        "tallies": [], "statements": [],
        "coder": {"name": "watchpost", "version": "", "reader": "", "model": "", "knowledge": ""}
    });
    Ok(serde_json::from_value(value)?)
}

/// Resident memory in megabytes, where the system tells it.
pub(super) fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok()).unwrap_or(0) / 1024
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_up_reports_are_linked_with_their_like() {
        assert_eq!(document().unwrap().events.len(), 1);
        let measured = measure(3_000, 1).unwrap();
        assert!(measured.found > 0.8, "{measured:?}");
        assert!(measured.incidents > 1_800 && measured.incidents < 2_600, "{measured:?}");
    }
}
