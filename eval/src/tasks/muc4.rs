/*! MUC-4: agency bulletins on attacks in Latin America, 1989–91.

The coder reads the lower-cased text that the published systems read. What it finds becomes templates by
[`crate::muc::map`]; these are scored by GTT's matching and by CEAF-RME. The original upper-case bulletins, with
their datelines, are what a user would have: they are read too, as a second figure.
*/

use std::collections::BTreeMap;

use anyhow::Result;
use serde::Deserialize;
use serde_json::json;

use crate::muc::map::{Mentions, templates};
use crate::muc::{ROLES, Template, ceaf, distinct, gtt};
use crate::{Figure, Hits, Kind, Options, Outcome, Reader};

#[derive(Deserialize)]
struct Document {
    docid: String,
    doctext: String,
    templates: Vec<Template>,
}

#[derive(Deserialize)]
struct Original {
    docid: String,
    #[serde(default)]
    dateline: Option<String>,
    text: String,
}

/// Runs the task on the development part.
pub fn run(options: &Options, reader: &Reader) -> Result<Outcome> {
    part(options, reader, "muc4", "muc4/dev.jsonl", "200 documents of the development part")
}

/// Runs the task on the training part.
pub fn run_train(options: &Options, reader: &Reader) -> Result<Outcome> {
    part(options, reader, "muc4-train", "muc4/train.jsonl", "1,300 documents of the training part")
}

fn part(options: &Options, reader: &Reader, task: &str, file: &str, which: &str) -> Result<Outcome> {
    let mut documents: Vec<Document> = options.records(file)?;
    options.cut(&mut documents);
    let originals: BTreeMap<String, Original> = if options.has("muc4/full_keys_train_dev.jsonl") {
        let all: Vec<Original> = options.records("muc4/full_keys_train_dev.jsonl")?;
        all.into_iter().map(|original| (original.docid.clone(), original)).collect()
    } else {
        BTreeMap::new()
    };
    let mut outcome = Outcome::new(
        task,
        &format!("MUC-4 (Sundheim 1992), {which}, released for research"),
        "Templates of six incident types with five roles. GTT: one-to-one matching of templates by type and entities \
         (Du and others 2021), the most telling mention given. CEAF-RME φ3: shared mentions under the best alignment \
         (Chen and others 2023), all mentions given.",
    );
    let registry = &reader.coder.knowledge().who;
    let mut counts = Vec::new();
    let (mut phi3, mut subset, mut upper) = (Vec::new(), Vec::new(), Vec::new());
    for document in &documents {
        let gold = distinct(document.templates.clone());
        let coded = reader.read(&document.doctext, None);
        let best = templates(&coded, Mentions::Best, registry);
        counts.push(gtt::score(&best, &gold));
        subset.push(ceaf::phi_subset(&best, &gold));
        phi3.push(ceaf::phi3(&templates(&coded, Mentions::All, registry), &gold));
        lost(&mut outcome, document, &best, &gold);
        if let Some(original) = originals.get(&document.docid) {
            let dateline = original.dateline.as_deref().unwrap_or_default();
            let coded = reader.read(&format!("{dateline} -- {}", original.text), None);
            upper.push(gtt::score(&templates(&coded, Mentions::Best, registry), &gold).all());
        }
    }
    let all: Vec<Hits> = counts.iter().map(gtt::Counts::all).collect();
    outcome.figures.extend(Figure::trio("GTT, all", &all));
    let mut role = |name: &str, of: &dyn Fn(&gtt::Counts) -> Hits| {
        let documents: Vec<Hits> = counts.iter().map(of).collect();
        outcome.figures.extend(Figure::trio(&format!("GTT, {name}"), &documents));
    };
    role("incident type", &|counts| counts.incident_type);
    for (at, name) in ROLES.iter().enumerate() {
        role(name, &|counts| counts.roles[at]);
    }
    outcome.figures.extend(Figure::trio("CEAF-RME φ3", &phi3));
    outcome.figures.extend(Figure::trio("CEAF-RME φ⊆", &subset));
    outcome.figures.extend(Figure::trio("GTT, all, original upper-case text", &upper));
    // Whether a document has any incident at all: what a person who sifts bulletins asks first.
    let mut any = Figure::new("any incident", Kind::F1);
    any.documents = counts
        .iter()
        .map(|counts| {
            let (given, gold) = (counts.incident_type.given > 0.0, counts.incident_type.gold > 0.0);
            Hits::sets(usize::from(given && gold), usize::from(given), usize::from(gold))
        })
        .collect();
    outcome.figures.push(any);
    Ok(outcome)
}

/// What a document's templates lost, by role.
fn lost(outcome: &mut Outcome, document: &Document, predicted: &[Template], gold: &[Template]) {
    let show = |templates: &[Template], of: &dyn Fn(&Template) -> serde_json::Value| {
        json!(templates.iter().map(of).collect::<Vec<_>>())
    };
    let types = |templates: &[Template]| {
        let mut types: Vec<&str> = templates.iter().map(|template| template.incident_type.as_str()).collect();
        types.sort_unstable();
        types.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let (given, wanted) = (types(predicted), types(gold));
    if given != wanted {
        let reason = match (given.len(), wanted.len()) {
            (_, 0) => "incidents where the gold has none",
            (0, _) => "no incident found",
            (n, m) if n > m => "too many incidents",
            (n, m) if n < m => "too few incidents",
            _ => "other types",
        };
        outcome.lose(&document.docid, "incident type", wanted, given, reason, &document.doctext);
    }
    let counts = gtt::score(predicted, gold);
    for (at, role) in ROLES.iter().enumerate() {
        let hits = counts.roles[at];
        if hits.right < hits.given || hits.found < hits.gold {
            let reason = match (hits.right < hits.given, hits.found < hits.gold) {
                (true, true) => "wrong and missing",
                (true, false) => "spurious",
                _ => "missing",
            };
            let of = |template: &Template| json!(template.roles[at]);
            outcome.lose(
                &document.docid,
                role,
                show(gold, &of),
                show(predicted, &of),
                reason,
                &document.doctext,
            );
        }
    }
}
