/*! Scoring against users' own gold: two files of coded documents, compared event by event.

**Which document belongs to which.** By `document.given_id` where both files carry one, else by
`document.id`, the hash of the text. A document that is only in one file counts with all its events.

**Which event belongs to which.** The one-to-one assignment within a document that maximises the summed
likeness of events (Kuhn–Munkres). Likeness is 0–1: sub-event type 0.3 (0.2 where only the event type
agrees), date 0.2, places 0.25, participants 0.25. A pair below [`ENOUGH`] is no pair: it agrees in less than
its type and one more thing. A field that is empty on both sides neither helps nor harms: the weights of
the others are scaled up.

**Which field is right.** In a matched pair, each field is compared as below; an unmatched event's fields count
as given and wrong, or as missing. So a field's precision and recall say how much of that field in the *file*
is right, not only within the events that were found.

| field | one answer is | right if |
|---|---|---|
| event | the event | it is matched |
| event_type, sub_event_type, realis, completion | the term | equal |
| event_date | the first day | equal |
| country, admin1, place | each one named in `places[]` | the same country; division; gazetteer key, or folded name |
| actor, recipient | each participant | the same `actor_id`, or a mention in common |
| killed, injured, abducted, arrested | the list's total | equal |

Only events told as news (`asserted`) and carried through or attempted are compared, unless all are asked for.
*/

use std::collections::{BTreeMap, BTreeSet};

use record::vocabulary::Realis;
use record::{CodedDocument, Count, Event, Participant, Place};

use crate::{Figure, Hits, Outcome, assign};

/// The least likeness of a pair.
pub const ENOUGH: f64 = 0.35;

/// Which events are compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Which {
    /// Those told as news.
    #[default]
    Asserted,
    /// All.
    All,
}

/// The fields in the order of the report.
pub const FIELDS: [&str; 15] = [
    "event",
    "event_type",
    "sub_event_type",
    "realis",
    "completion",
    "event_date",
    "country",
    "admin1",
    "place",
    "actor",
    "recipient",
    "killed",
    "injured",
    "abducted",
    "arrested",
];

/// Compares two files of coded documents.
#[must_use]
pub fn score(gold: &[CodedDocument], predicted: &[CodedDocument], which: Which) -> Outcome {
    let mut outcome = Outcome::new(
        "own",
        "your own",
        "Events of one document are paired by best assignment on type, date, place and participants; \
         fields are compared in pairs, and unpaired events count as wrong or missing.",
    );
    let by_id: BTreeMap<String, &CodedDocument> =
        predicted.iter().map(|document| (key(document), document)).collect();
    let in_gold: BTreeSet<String> = gold.iter().map(key).collect();
    let mut tally: BTreeMap<&'static str, Vec<Hits>> = BTreeMap::new();
    let mut compare = |id: String, gold: &[Event], given: &[Event]| {
        for (field, hits) in document(&id, gold, given, which, &mut outcome) {
            tally.entry(field).or_default().push(hits);
        }
    };
    for document in gold {
        let given = by_id.get(&key(document)).map_or(&[][..], |document| &document.events);
        compare(key(document), &document.events, given);
    }
    for document in predicted.iter().filter(|document| !in_gold.contains(&key(document))) {
        compare(key(document), &[], &document.events);
    }
    for field in FIELDS {
        if let Some(documents) = tally.get(field) {
            outcome.figures.extend(Figure::trio(field, documents));
        }
    }
    outcome
}

fn key(document: &CodedDocument) -> String {
    document.document.given_id.clone().unwrap_or_else(|| document.document.id.clone())
}

/// The counts of one document, by field.
fn document(
    id: &str,
    gold: &[Event],
    given: &[Event],
    which: Which,
    outcome: &mut Outcome,
) -> BTreeMap<&'static str, Hits> {
    let wanted = |event: &&Event| which == Which::All || event.realis == Realis::Asserted;
    let gold: Vec<&Event> = gold.iter().filter(wanted).collect();
    let given: Vec<&Event> = given.iter().filter(wanted).collect();
    let pairs = assign::best(gold.len(), given.len(), |g, p| {
        let likeness = likeness(gold[g], given[p]);
        if likeness < ENOUGH { 0.0 } else { likeness }
    });
    let mut hits = BTreeMap::from([("event", Hits::sets(pairs.len(), given.len(), gold.len()))]);
    for &field in &FIELDS[1..] {
        let mut sum = Hits::default();
        for event in &gold {
            sum.gold += answers(event, field).len() as f64;
        }
        for event in &given {
            sum.given += answers(event, field).len() as f64;
        }
        for &(g, p) in &pairs {
            let right = agreeing(gold[g], given[p], field);
            sum.right += right as f64;
            sum.found += right as f64;
            let (of_gold, of_given) = (answers(gold[g], field), answers(given[p], field));
            if right < of_gold.len().max(of_given.len()) {
                outcome.lose(id, field, of_gold, of_given, "differs in a paired event", &quote(given[p]));
            }
        }
        hits.insert(field, sum);
    }
    for (g, event) in gold.iter().enumerate().filter(|(g, _)| !pairs.iter().any(|(pair, _)| pair == g)) {
        outcome.lose(id, "event", g, serde_json::Value::Null, "event not found", &quote(event));
    }
    for (p, event) in given.iter().enumerate().filter(|(p, _)| !pairs.iter().any(|(_, pair)| pair == p)) {
        outcome.lose(id, "event", serde_json::Value::Null, p, "event not in the gold", &quote(event));
    }
    hits
}

/// What an event answers in a field, in a form that can be compared and read.
fn answers(event: &Event, field: &str) -> Vec<String> {
    let one = |value: &str| vec![value.to_owned()];
    let distinct = |values: Vec<String>| values.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
    let places = |of: fn(&Place) -> Option<String>| distinct(event.places.iter().filter_map(of).collect());
    let who = |all: &[Participant]| all.iter().map(label).collect();
    match field {
        "event_type" => one(event.event_type.as_str()),
        "sub_event_type" => one(event.sub_event_type.as_str()),
        "realis" => one(event.realis.as_str()),
        "completion" => one(event.completion.as_str()),
        "event_date" => event.event_date.iter().map(ToString::to_string).collect(),
        "country" => places(|place| place.country.clone()),
        "admin1" => places(|place| place.admin1.as_deref().map(fold)),
        "place" => places(|place| {
            place.source_id.clone().or_else(|| Some(fold(place.name.as_deref().unwrap_or(&place.text))))
        }),
        "actor" => who(&event.actors),
        "recipient" => who(&event.recipients),
        "killed" => total(&event.counts.killed),
        "injured" => total(&event.counts.injured),
        "abducted" => total(&event.counts.abducted),
        "arrested" => total(&event.counts.arrested),
        _ => Vec::new(),
    }
}

/// How many answers of a field agree.
fn agreeing(gold: &Event, given: &Event, field: &str) -> usize {
    let people = |g: &[Participant], p: &[Participant]| {
        assign::best(g.len(), p.len(), |i, j| if same(&g[i], &p[j]) { 1.0 } else { 0.0 }).len()
    };
    match field {
        "actor" => people(&gold.actors, &given.actors),
        "recipient" => people(&gold.recipients, &given.recipients),
        _ => {
            let given = answers(given, field);
            answers(gold, field).iter().filter(|answer| given.contains(answer)).count()
        }
    }
}

/// A name without case, marks and spaces.
#[must_use]
pub fn fold(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn label(participant: &Participant) -> String {
    participant
        .actor_id
        .clone()
        .or_else(|| participant.mentions.first().map(|mention| mention.text.clone()))
        .or_else(|| participant.name.clone())
        .unwrap_or_default()
}

fn same(a: &Participant, b: &Participant) -> bool {
    match (&a.actor_id, &b.actor_id) {
        (Some(a), Some(b)) => a == b,
        _ => a.mentions.iter().any(|m| b.mentions.iter().any(|n| fold(&m.text) == fold(&n.text))),
    }
}

/// The list's total: counts that are part of another or replaced by a later one are left out.
fn total(counts: &[Count]) -> Vec<String> {
    let figures: Vec<u64> = counts
        .iter()
        .filter(|count| count.part_of.is_none() && !count.superseded)
        .filter_map(|count| count.number.figure())
        .collect();
    if figures.is_empty() {
        Vec::new()
    } else {
        vec![figures.iter().fold(0, |a: u64, &b| a.saturating_add(b)).to_string()]
    }
}

fn quote(event: &Event) -> String {
    event.evidence.first().map(|evidence| evidence.quote.clone()).unwrap_or_default()
}

/// How alike two events are, 0–1.
fn likeness(gold: &Event, given: &Event) -> f64 {
    let kind = if gold.sub_event_type == given.sub_event_type {
        1.0
    } else if gold.event_type == given.event_type {
        2.0 / 3.0
    } else {
        0.0
    };
    let date = match (gold.event_date, given.event_date) {
        (None, None) => None,
        (Some(a), Some(b)) => {
            // A day off is often a report's day for the event's; a week off is another event.
            let days = a.until(b).map_or(i64::MAX, |span| i64::from(span.get_days()).abs());
            Some(if days == 0 {
                1.0
            } else if days <= 1 {
                0.5
            } else {
                0.0
            })
        }
        _ => Some(0.0),
    };
    let share = |field: &[&str]| {
        let (mut right, mut most) = (0usize, 0usize);
        for field in field {
            right += agreeing(gold, given, field);
            most += answers(gold, field).len().max(answers(given, field).len());
        }
        (most > 0).then(|| right as f64 / most as f64)
    };
    let parts = [
        (0.3, Some(kind)),
        (0.2, date),
        (0.25, share(&["country", "admin1", "place"])),
        (0.25, share(&["actor", "recipient"])),
    ];
    let (sum, weight) = parts
        .iter()
        .filter_map(|&(weight, part)| part.map(|part| (weight * part, weight)))
        .fold((0.0, 0.0), |(sum, all), (part, weight)| (sum + part, all + weight));
    sum / weight
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn coded(id: &str, events: Value) -> CodedDocument {
        serde_json::from_value(json!({
            "schema": "watchpost.coded/1",
            "document": {"id": "sha256:0", "given_id": id, "url": null, "title": null, "publisher": null,
                         "language": "en", "published": null, "published_from": "none", "chars": 0},
            "events": events, "tallies": [], "statements": [],
            "coder": {"name": "watchpost", "version": "0", "reader": "", "model": "", "knowledge": ""}
        }))
        .unwrap()
    }

    fn event(sub: &str, kind: &str, day: Option<&str>, actor: &str, killed: Option<u64>) -> Value {
        let counts = |n: Option<u64>| {
            n.map_or_else(|| json!([]), |n| {
                json!([{"number": {"low": n, "best": n, "high": n}, "who": "recipient", "text": "", "start": 0,
                        "end": 0, "part_of": null}])
            })
        };
        json!({
            "id": "e", "realis": "asserted", "completion": "accomplished", "event_type": kind,
            "sub_event_type": sub, "plover": {"event_type": "ASSAULT", "mode": []}, "cameo": null,
            "type_of_violence": null, "gtd_attack_type": null, "event_date": day, "event_date_end": day,
            "time_precision": 1, "date_type": "exact", "date_from": "text", "places": [],
            "actors": [{"mentions": [{"text": actor, "start": 0, "end": 1}], "kind": "group", "name": null,
                        "actor_id": null, "wikidata_id": null, "country": null, "sector": null,
                        "inter_code": null, "number": null, "certainty": "stated"}],
            "recipients": [], "objects": [], "weapons": [], "killed": counts(killed), "injured": [],
            "killed_or_injured": [], "abducted": [], "arrested": [], "missing": [], "escaped": [],
            "displaced": [], "deaths": {"best": null, "low": null, "high": null, "a": 0, "b": 0,
            "civilians": 0, "unknown": 0}, "claims": [], "reported_by": [], "evidence": [],
            "confidence": 0.5, "reasons": {}
        })
    }

    fn figure<'a>(outcome: &'a Outcome, name: &str, kind: crate::Kind) -> &'a Figure {
        outcome.figures.iter().find(|figure| figure.name == name && figure.kind == kind).unwrap()
    }

    #[test]
    fn the_same_file_scores_one_in_everything() {
        let gold = [coded(
            "a",
            json!([event("Attack", "Violence against civilians", Some("2020-01-02"), "gunmen", Some(3))]),
        )];
        let outcome = score(&gold, &gold, Which::Asserted);
        for figure in outcome.figures.iter().filter(|figure| figure.n() > 0) {
            assert!((figure.value() - 1.0).abs() < 1e-12, "{}", figure.name);
        }
        assert!(outcome.losses.is_empty());
    }

    #[test]
    fn a_missed_event_and_a_wrong_toll_are_counted_apart() {
        let attack = |killed| {
            event("Attack", "Violence against civilians", Some("2020-01-02"), "gunmen", Some(killed))
        };
        let riot = event("Mob violence", "Riots", Some("2020-03-09"), "mob", None);
        let gold = [coded("a", json!([attack(3), riot]))];
        let given = [coded("a", json!([attack(4)]))];
        let outcome = score(&gold, &given, Which::Asserted);
        use crate::Kind::{Precision, Recall};
        assert!((figure(&outcome, "event", Recall).value() - 0.5).abs() < 1e-12);
        assert!((figure(&outcome, "event", Precision).value() - 1.0).abs() < 1e-12);
        assert!(figure(&outcome, "killed", Recall).value().abs() < 1e-12);
        assert!((figure(&outcome, "actor", Precision).value() - 1.0).abs() < 1e-12);
        let lost: Vec<_> = outcome.losses.iter().map(|loss| loss.field.as_str()).collect();
        assert_eq!(lost, ["killed", "event"]);
    }

    #[test]
    fn another_kind_on_another_day_is_another_event() {
        let gold = [coded(
            "a",
            json!([event("Attack", "Violence against civilians", Some("2020-01-02"), "gunmen", None)]),
        )];
        let given = [coded("a", json!([event("Mob violence", "Riots", Some("2020-03-09"), "mob", None)]))];
        assert!(
            figure(&score(&gold, &given, Which::Asserted), "event", crate::Kind::F1).value().abs() < 1e-12
        );
    }
}
