/*! Local news of shootings in the United States (SemEval-2018 task 5, Postma and others; the tolls are the
Gun Violence Archive's).

One report is about one incident; its gold toll is the final one. What is asked of a document:

- **killed**, **injured**: the sum over the events of the main incident. The **main incident** is the first
  event in the text that happened and harmed somebody, with those of the same day and place that harmed others.

A document is left out of a figure where it does not state the gold's number: 0 is stated nowhere;
1 is stated by "one", "1" or by one person ("a 19-year-old man"); more by digits or words. Nor does a document state how
many died that has no word for death (the toll is the final one: of many reports the wounded died later), nor how many
were wounded without a word for that.
An early report may state the number and say fewer: that stays in.
*/

use std::collections::BTreeMap;

use anyhow::Result;
use jiff::civil::Date;
use record::{CodedDocument, Count, DateProvenance, Event, Report};
use serde::Deserialize;
use serde_json::json;

use super::common::{number_reason, position, standing, sum, violent};
use crate::stated::{states_in, states_one_person, tokens};
use crate::{Figure, Kind, Options, Outcome, Reader};

/// A report as the corpus has it.
#[derive(Deserialize)]
pub(crate) struct Document {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) dct: String,
    pub(crate) content: String,
    pub(crate) incident: String,
    pub(crate) split: String,
}

#[derive(Deserialize)]
struct Incident {
    incident_uri: String,
    num_killed: u64,
    num_injured: u64,
}

/// How words for death begin.
const DEATH: &[&str] = &[
    "dead",
    "deadly",
    "death",
    "deceased",
    "die",
    "dying",
    "fatal",
    "homicid",
    "kill",
    "manslaughter",
    "murder",
    "passed",
    "perish",
    "slain",
    "slay",
    "succumb",
    "suicid",
];
/// How words for wounds begin.
const INJURY: &[&str] = &[
    "condition",
    "graze",
    "hit",
    "hospital",
    "hurt",
    "injur",
    "shoot",
    "shot",
    "stab",
    "struck",
    "surviv",
    "treated",
    "wound",
];

/// Runs the task on the development part.
pub fn run(options: &Options, reader: &Reader) -> Result<Outcome> {
    part(options, reader, "gun-violence", "dev")
}

/// Runs the task on the training part.
pub fn run_train(options: &Options, reader: &Reader) -> Result<Outcome> {
    part(options, reader, "gun-violence-train", "train")
}

fn part(options: &Options, reader: &Reader, task: &str, split: &str) -> Result<Outcome> {
    let incidents: Vec<Incident> = options.records("gun_violence/incidents_train_dev.jsonl")?;
    let incidents: BTreeMap<&str, &Incident> =
        incidents.iter().map(|incident| (incident.incident_uri.as_str(), incident)).collect();
    let mut documents: Vec<Document> = options.records("gun_violence/docs_train_dev.jsonl")?;
    documents
        .retain(|document| document.split == split && incidents.contains_key(document.incident.as_str()));
    options.cut(&mut documents);
    let mut outcome = Outcome::new(
        task,
        &format!("SemEval-2018 task 5, {split} part; tolls of the Gun Violence Archive"),
        "Documents that state the gold's number: killed and injured of the main incident (the first that harmed \
         somebody, with what is told of the same day and place), exact; the gold is the final toll.",
    );
    let mut killed = Figure::new("killed", Kind::Exact).goal(0.90);
    let mut injured = Figure::new("injured", Kind::Exact).goal(0.90);
    for document in &documents {
        let Some(incident) = incidents.get(document.incident.as_str()) else { continue };
        let words = tokens(&document.content);
        let one = states_one_person(&document.content);
        let stated = |n: u64, stems: &[&str]| {
            let told = words.iter().any(|word| stems.iter().any(|stem| word.starts_with(stem)));
            n > 0 && told && (states_in(&words, n) || n == 1 && one)
        };
        if !stated(incident.num_killed, DEATH) && !stated(incident.num_injured, INJURY) {
            continue;
        }
        let published = document.dct.parse::<Date>().ok();
        let coded = reader.read_report(&Report {
            text: document.content.clone(),
            title: Some(document.title.clone()),
            published,
            published_from: if published.is_some() { DateProvenance::Metadata } else { DateProvenance::None },
            ..Report::default()
        });
        let main = main_incident(&coded);
        for (figure, field, gold, stems, list) in [
            (
                &mut killed,
                "killed",
                incident.num_killed,
                DEATH,
                (|event| &event.counts.killed) as fn(&Event) -> &Vec<Count>,
            ),
            (&mut injured, "injured", incident.num_injured, INJURY, |event| &event.counts.injured),
        ] {
            if !stated(gold, stems) {
                continue;
            }
            let got = main
                .iter()
                .filter_map(|event| sum(standing(list(event)), |_| true))
                .reduce(u64::saturating_add);
            figure.answer(got == Some(gold));
            if got != Some(gold) {
                let text = format!("{} | {}", document.title, document.content);
                outcome.lose(&document.id, field, gold, json!(got), number_reason(&coded, gold, got), &text);
            }
        }
    }
    outcome.figures = vec![killed, injured];
    Ok(outcome)
}

fn main_incident(document: &CodedDocument) -> Vec<&Event> {
    let harmed = |event: &&Event| {
        violent(event) && (!event.counts.killed.is_empty() || !event.counts.injured.is_empty())
    };
    let Some(first) = document.events.iter().filter(harmed).min_by_key(|event| position(event)) else {
        return Vec::new();
    };
    let place = |event: &Event| event.places.first().and_then(|place| place.name.clone());
    document
        .events
        .iter()
        .filter(harmed)
        .filter(|event| {
            event.id == first.id || (event.event_date == first.event_date && place(event) == place(first))
        })
        .collect()
}
