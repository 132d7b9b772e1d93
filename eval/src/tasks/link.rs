/*! Reports to incidents.

- `link`: the development part of the gun violence corpus (SemEval-2018 task 5). All its documents are linked; a document's incident is
  the one that the linker says it is chiefly about, or itself where there is none. **Pairs**: of the pairs of documents of one
  incident, those that are together. **B³** (Bagga and Baldwin 1998): of each document, the share of its group that is of its
  incident, and of its incident that is in its group. Beside it, on the same documents: every document alone, and TF-IDF ([`crate::linking::baseline`]).
- `link-headlines`: headlines behind UCDP's events, of countries that are held out from learning.
- `link-series`: runs of like attacks in one place, made up ([`linking::series`]).
- `link-apart`: rows of Wikipedia's lists of incidents, of years that are held out, none of which belongs with another.

Intervals are drawn over incidents: the documents of one incident hang together.
*/

use std::collections::BTreeMap;

use anyhow::Result;
use link::{Item, Links};
use serde_json::json;

use crate::linking::{self, Gold, Judged, baseline, judge, labels};
use crate::score::snippet;
use crate::{Figure, Hits, Kind, Options, Outcome, Reader};

/// How many wrong pairs are written out at most.
const WRONG: usize = 2_000;

/// Runs the task on the development part.
pub fn run(options: &Options, reader: &Reader) -> Result<Outcome> {
    part(options, reader, "link", "dev")
}

/// Runs the task on the training part, which the weights are learned from.
pub fn run_train(options: &Options, reader: &Reader) -> Result<Outcome> {
    part(options, reader, "link-train", "train")
}

fn part(options: &Options, reader: &Reader, task: &str, split: &str) -> Result<Outcome> {
    let reports = linking::gun_violence(options, split)?;
    let mut outcome = Outcome::new(
        task,
        &format!("SemEval-2018 task 5, {split} part; incidents of the Gun Violence Archive"),
        "Documents to incidents: a document's incident is the one that `watchpost link` says it is chiefly about, itself where \
         there is none. Pairs of documents of one incident, and B³. With the texts, and from the coded documents alone. \
         TF-IDF: cosine, single link, within 14 days, at the threshold that is best on these very documents. \
         Intervals are drawn over incidents.",
    );
    measure(&reports, reader, &mut outcome, true)?;
    for figure in &mut outcome.figures {
        if figure.kind == Kind::F1 {
            match figure.name.as_str() {
                "pairs" => figure.goal = Some(0.80),
                "B³" => figure.goal = Some(0.93),
                _ => {}
            }
        }
    }
    Ok(outcome)
}

/// Runs the task on headlines of countries that are held out.
pub fn run_headlines(options: &Options, reader: &Reader) -> Result<Outcome> {
    let reports = linking::headlines(options, true)?;
    let mut outcome = Outcome::new(
        "link-headlines",
        "UCDP GED, headlines of its sources (CC BY 4.0), of the countries that are held out from learning: a run of days of each with at most 1,200",
        "Headlines to events: each headline is a report. Left out are those that back several events, those of fewer than four words and those that come \
         again on one day. Many say too little to be told apart (\"Clashes in Mosul\"): what a reader with the headline alone can do is not known. \
         TF-IDF: cosine, single link, within 14 days and one country, at the threshold that is best on these very headlines.",
    );
    measure(&reports, reader, &mut outcome, false)?;
    Ok(outcome)
}

/// Runs the task on runs of like attacks.
pub fn run_series(_: &Options, reader: &Reader) -> Result<Outcome> {
    let mut outcome = Outcome::new(
        "link-series",
        "55 reports of 36 made-up attacks, written for this project (eval/data/link-series.jsonl)",
        "Runs of like attacks in one place: a town shelled day by day, abductions on one road, bombs of one kind, raids on neighbouring villages of one day, told in like words; and \
         attacks of which reports differ in the day, by a night, or in the toll. Each is to be recorded once. Figures as of `link`. Nothing was learned from them; the points for days that differ were \
         set with them in sight.",
    );
    measure(&linking::series()?, reader, &mut outcome, true)?;
    Ok(outcome)
}

/// Runs the task on rows of lists, each of an incident of its own.
pub fn run_apart(options: &Options, reader: &Reader) -> Result<Outcome> {
    let reports = linking::lists(options, true)?;
    let mut outcome = Outcome::new(
        "link-apart",
        "Wikipedia's lists of terrorist incidents, 2016 and 2017 (CC BY-SA 3.0)",
        "Whether what is different is kept apart: each row, some sentences on one incident, is a report, and no two are of one. Recall is one by construction. \
         A few rows do tell of one incident and count as wrong all the same.",
    );
    let (frequencies, weights) = linking::carried()?;
    let gold: Vec<&str> = reports.iter().map(|report| report.incident.as_str()).collect();
    let items = linking::items(&reports, &linking::code(reader, &reports), &frequencies, true);
    let links = link::link(&items, &weights, false);
    let mut precision = Figure::new("B³", Kind::Precision);
    precision.documents = judge(&gold, &labels(&links)).b3;
    outcome.figures.push(precision);
    lose(&reports, &items, &links, &mut outcome);
    Ok(outcome)
}

fn measure(reports: &[Gold], reader: &Reader, outcome: &mut Outcome, coded_alone: bool) -> Result<()> {
    let (frequencies, weights) = linking::carried()?;
    let gold: Vec<&str> = reports.iter().map(|report| report.incident.as_str()).collect();
    let coded = linking::code(reader, reports);
    let items = linking::items(reports, &coded, &frequencies, true);
    let links = link::link(&items, &weights, true);
    add(outcome, "", judge(&gold, &labels(&links)));
    add(outcome, ", one by one", judge(&gold, &linking::grown(&items, &weights)));
    if coded_alone {
        let items = linking::items(reports, &coded, &frequencies, false);
        let links = link::link(&items, &weights, false);
        add(outcome, ", coded alone", judge(&gold, &labels(&links)));
    }
    let (group, _) = baseline::best(reports);
    add(outcome, ", TF-IDF", judge(&gold, &group));
    add(outcome, ", each alone", judge(&gold, &(0..gold.len()).collect::<Vec<_>>()));
    lose(reports, &items, &links, outcome);
    Ok(())
}

fn add(outcome: &mut Outcome, name: &str, judged: Judged) {
    let trio = |name: &str, hits: &[Hits]| Figure::trio(name, hits);
    outcome.figures.extend(trio(&format!("pairs{name}"), &judged.pairs));
    outcome.figures.extend(trio(&format!("B³{name}"), &judged.b3));
}

/// Writes out the documents that stand wrong, each with the pair that shows it.
fn lose(reports: &[Gold], items: &[Item], links: &Links, outcome: &mut Outcome) {
    let labels = labels(links);
    let mut of_incident: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut of_label: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for at in 0..reports.len() {
        of_incident.entry(&reports[at].incident).or_default().push(at);
        of_label.entry(&labels[at]).or_default().push(at);
    }
    let weights = linking::carried().map(|(_, weights)| weights);
    let Ok(weights) = weights else { return };
    for (groups, field) in [(&of_incident, "kept apart"), (&of_label, "joined")] {
        for group in groups.values() {
            for (n, &a) in group.iter().enumerate() {
                for &b in &group[n + 1..] {
                    let together = labels[a] == labels[b];
                    if together == (reports[a].incident == reports[b].incident)
                        || outcome.losses.len() >= WRONG
                    {
                        continue;
                    }
                    let score = weights.score(&items[a].told.chief, &items[b].told.chief);
                    let none = links.reports[a].primary.is_none() || links.reports[b].primary.is_none();
                    let reason = if none {
                        "a report without an incident".to_owned()
                    } else {
                        let against = |points: f32| if together { points > 0.0 } else { points < 0.0 };
                        let aspect = score.reasons.iter().find(|(_, points)| against(*points));
                        aspect.map_or_else(
                            || "the others of the group".to_owned(),
                            |(aspect, _)| aspect.to_string(),
                        )
                    };
                    let text = |at: usize| {
                        let title = reports[at].title.as_deref().unwrap_or("");
                        let day = reports[at].published.map(|day| day.to_string()).unwrap_or_default();
                        snippet(&format!("{day} {title} | {}", reports[at].text), 280)
                    };
                    outcome.lose(
                        &format!("{} {}", reports[a].id, reports[b].id),
                        field,
                        json!([reports[a].incident, reports[b].incident]),
                        json!(score.to_string()),
                        &reason,
                        &format!("{} ||| {}", text(a), text(b)),
                    );
                }
            }
        }
    }
}
