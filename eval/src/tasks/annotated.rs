/*! Every field of the project's own annotated reports (`models/reports`).

One report in five, by a hash of its name, measures and never teaches ([`held_out`]; the trainer keeps to the same). The text is
the same on both sides, so what is compared is words: an event read is the gold's where its words for the deed touch the
gold's, and pairs are made by best assignment (deed 0.5, sub-event 0.2, places 0.15, participants 0.15). In a pair:

| field | right if |
|---|---|
| sub_event_type, event_type, realis, completion | equal |
| event_date | the first day is the gold's |
| country | of the most exact place |
| place | an answer shares a word with the gold's; each place is one answer |
| actor, recipient, object, weapon, reported_by | a mention shares a character with one of the gold's; each participant is one answer |
| killed, injured, abducted, arrested | the figure is one of those that the report gives and does not take back; parts of a figure are not asked for |

What is read of an event that is not paired is wrong in every field, and what the gold has of one is missed. Tallies and statements are
right where they share half of their words with the gold's (statements: and are of its kind).
*/

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use record::vocabulary::Realis;
use record::{CodedDocument, Count, DateProvenance, Event as Given, Mention, Participant};
use text::Span;

use crate::annotated::{self, Event, Report, Role};
use crate::{Figure, Hits, Kind, Options, Outcome, Reader, assign, data};

/// Whether a report measures.
#[must_use]
pub fn held_out(name: &str) -> bool {
    data::fnv1a(name).is_multiple_of(5)
}

/// Whether a report that is held out sets the weights of confidence, and measures how well that is set no more.
#[must_use]
pub fn calibrates(name: &str) -> bool {
    held_out(name) && (data::fnv1a(name) / 5).is_multiple_of(2)
}

/// The reports that are held out.
pub(crate) fn measured_reports() -> Result<Vec<Report>> {
    let mut reports = Vec::new();
    for file in annotated::files(&data::workspace().join("models/reports"))? {
        let (read, _) = annotated::read(&std::fs::read_to_string(&file)?);
        reports.extend(read.into_iter().filter(|report| held_out(&report.id)));
    }
    Ok(reports)
}

/// A report as the reader is given it.
pub(crate) fn as_report(report: &Report) -> record::Report {
    record::Report {
        text: report.text.raw().to_owned(),
        title: report.title.clone(),
        published: report.published,
        published_from: if report.published.is_some() {
            DateProvenance::Metadata
        } else {
            DateProvenance::None
        },
        ..record::Report::default()
    }
}

/// Which of the events that were read are right: annotated too, and told as having happened or as not, alike.
pub(crate) fn right_events(report: &Report, given: &[Given]) -> BTreeSet<usize> {
    let point = |span: &Span| (report.text.point(span.start), report.text.point(span.end));
    let pairs =
        assign::best(report.events.len(), given.len(), |g, p| likeness(&report.events[g], &given[p], &point));
    let right = |&(g, p): &(usize, usize)| {
        (report.events[g].realis == Realis::Asserted) == (given[p].realis == Realis::Asserted)
    };
    pairs.into_iter().filter(right).map(|(_, p)| p).collect()
}

const FIELDS: [&str; 19] = [
    "event",
    "event_type",
    "sub_event_type",
    "realis",
    "completion",
    "event_date",
    "country",
    "place",
    "actor",
    "recipient",
    "object",
    "weapon",
    "reported_by",
    "killed",
    "injured",
    "abducted",
    "arrested",
    "tally",
    "statement",
];

/// Runs the task.
pub fn run(options: &Options, reader: &Reader) -> Result<Outcome> {
    let mut outcome = Outcome::new(
        "annotated",
        "The project's own annotated reports (models/reports), the fifth that is held out",
        "Events are paired by the words that tell them; fields are compared in pairs, what is unpaired is wrong or missing. \
         All events count, also those told as background, announced or denied.",
    );
    let mut reports = measured_reports()?;
    options.cut(&mut reports);
    let mut tally: BTreeMap<&str, Vec<Hits>> = BTreeMap::new();
    let mut sure: Vec<(f64, bool)> = Vec::new();
    for report in &reports {
        let document = reader.read_report(&as_report(report));
        if !calibrates(&report.id) {
            let right = right_events(report, &document.events);
            sure.extend(
                document.events.iter().enumerate().map(|(at, event)| (event.confidence, right.contains(&at))),
            );
        }
        for (field, hits) in compare(report, &document, &mut outcome) {
            tally.entry(field).or_default().push(hits);
        }
    }
    for field in FIELDS {
        if let Some(documents) = tally.get(field) {
            outcome.figures.extend(Figure::trio(field, documents));
        }
    }
    outcome.figures.extend(reliability(&sure));
    Ok(outcome)
}

/// How far confidence means something: of events given so much, how many are right (the reliability curve, by bins of equal width), and
/// the expected calibration error: the mean over events of how far their bin's confidence lies from its share of right events
/// (Naeini, Cooper and Hauskrecht 2015).
fn reliability(sure: &[(f64, bool)]) -> Vec<Figure> {
    let mut figures = Vec::new();
    let mut apart = 0.0;
    for bin in 0..BINS {
        let (low, high) = (bin as f64 / BINS as f64, (bin + 1) as f64 / BINS as f64);
        let inside: Vec<&(f64, bool)> =
            sure.iter().filter(|(chance, _)| *chance >= low && (*chance < high || bin + 1 == BINS)).collect();
        if inside.is_empty() {
            continue;
        }
        let n = inside.len() as f64;
        let given = inside.iter().map(|(chance, _)| chance).sum::<f64>() / n;
        let right = inside.iter().filter(|(_, right)| *right).count() as f64 / n;
        apart += (given - right).abs() * n;
        let mut figure =
            Figure::new(format!("confidence {low:.1}–{high:.1}, mean {given:.2}: right"), Kind::Exact);
        inside.iter().for_each(|(_, right)| figure.answer(*right));
        figures.push(figure);
    }
    let mut error = Figure::new("expected calibration error of confidence", Kind::Mean);
    error.add(Hits { right: apart, given: 0.0, found: 0.0, gold: sure.len() as f64 });
    figures.push(error);
    figures
}

/// Bins of the reliability curve.
const BINS: usize = 5;

/// A range of code points.
type Points = (usize, usize);

fn touch(a: Points, b: Points) -> bool {
    a.0 < b.1 && b.0 < a.1
}

/// What the gold and what we say of one field: each answer as the gold's spans or words.
fn compare(report: &Report, document: &CodedDocument, outcome: &mut Outcome) -> BTreeMap<&'static str, Hits> {
    let point = |span: &Span| (report.text.point(span.start), report.text.point(span.end));
    let pairs = assign::best(report.events.len(), document.events.len(), |g, p| {
        likeness(&report.events[g], &document.events[p], &point)
    });
    let mut hits: BTreeMap<&'static str, Hits> =
        BTreeMap::from([("event", Hits::sets(pairs.len(), document.events.len(), report.events.len()))]);
    for &field in &FIELDS[1..17] {
        let gold: usize = report.events.iter().map(|event| asked(event, field)).sum();
        let given: usize = document.events.iter().map(|event| answered(event, field)).sum();
        let mut right = 0;
        for &(g, p) in &pairs {
            let (gold, given) = (&report.events[g], &document.events[p]);
            let agreed = agreeing(gold, given, field, &point);
            right += agreed;
            if agreed < asked(gold, field).max(answered(given, field)) {
                let words = gold.triggers.first().map_or("", |span| report.text.slice(*span));
                let (gold, given) = (asked(gold, field), answered(given, field));
                outcome.lose(&report.id, field, gold, given, "differs in a paired event", words);
            }
        }
        hits.insert(field, Hits::sets(right, given, gold));
    }
    for (g, event) in
        report.events.iter().enumerate().filter(|(g, _)| pairs.iter().all(|(pair, _)| pair != g))
    {
        let words = event.triggers.first().map_or("", |span| report.text.slice(*span));
        outcome.lose(&report.id, "event", g, serde_json::Value::Null, "event not found", words);
    }
    for (p, event) in
        document.events.iter().enumerate().filter(|(p, _)| pairs.iter().all(|(_, pair)| pair != p))
    {
        let quote = event.evidence.first().map_or("", |evidence| &evidence.quote);
        outcome.lose(&report.id, "event", serde_json::Value::Null, p, "event not in the gold", quote);
    }
    let half = |a: Points, b: Points| {
        let shared = a.1.min(b.1).saturating_sub(a.0.max(b.0));
        shared * 2 > (a.1 - a.0).min(b.1 - b.0)
    };
    let tallies = assign::best(report.tallies.len(), document.tallies.len(), |g, p| {
        let gold = point(&report.tallies[g].span);
        let said = document.tallies[p].evidence.iter().any(|quote| half(gold, (quote.start, quote.end)));
        let number = report.tallies[g].number.and_then(|number| number.figure());
        if said && number == document.tallies[p].number.figure() { 1.0 } else { 0.0 }
    });
    hits.insert("tally", Hits::sets(tallies.len(), document.tallies.len(), report.tallies.len()));
    let statements = assign::best(report.statements.len(), document.statements.len(), |g, p| {
        let (gold, given) = (&report.statements[g], &document.statements[p]);
        let kind = serde_json::to_value(given.kind).is_ok_and(|kind| kind == gold.kind);
        if kind && half(point(&gold.span), (given.start, given.end)) { 1.0 } else { 0.0 }
    });
    hits.insert(
        "statement",
        Hits::sets(statements.len(), document.statements.len(), report.statements.len()),
    );
    hits
}

/// How alike two events are; nothing where their words do not touch.
fn likeness(gold: &Event, given: &Given, point: &dyn Fn(&Span) -> Points) -> f64 {
    let triggers: Vec<Points> = gold.triggers.iter().map(point).collect();
    let deeds = given.evidence.iter().filter(|quote| quote.supports.iter().any(|field| field == "trigger"));
    let touching =
        deeds.filter(|quote| triggers.iter().any(|gold| touch(*gold, (quote.start, quote.end)))).count();
    if touching == 0 {
        return 0.0;
    }
    let kind = if gold.kind == given.sub_event_type {
        0.2
    } else if gold.kind.event_type() == given.event_type {
        0.1
    } else {
        0.0
    };
    let share = |fields: &[&str]| {
        let right: usize = fields.iter().map(|field| agreeing(gold, given, field, point)).sum();
        let most: usize = fields.iter().map(|field| asked(gold, field).max(answered(given, field))).sum();
        if most == 0 { 0.5 } else { right as f64 / most as f64 }
    };
    0.45 + 0.01 * touching.min(5) as f64
        + kind
        + 0.15 * share(&["place"])
        + 0.15 * share(&["actor", "recipient"])
}

fn role(field: &str) -> Option<Role> {
    Some(match field {
        "actor" => Role::Actor,
        "recipient" => Role::Recipient,
        "object" => Role::Object,
        "weapon" => Role::Weapon,
        "reported_by" => Role::Said,
        _ => return None,
    })
}

/// The figures of a fate that the gold asks for: neither part of another nor taken back.
fn figures(gold: &Event, fate: &str) -> BTreeSet<u64> {
    let whole = gold.counts.iter().filter(|count| count.fate == fate && !count.part && !count.old);
    whole.filter_map(|count| count.number?.figure()).collect()
}

fn given_figures(given: &Given, fate: &str) -> BTreeSet<u64> {
    let list = match fate {
        "killed" => &given.counts.killed,
        "injured" => &given.counts.injured,
        "abducted" => &given.counts.abducted,
        _ => &given.counts.arrested,
    };
    let whole = |count: &&Count| count.part_of.is_none() && !count.superseded;
    list.iter().filter(whole).filter_map(|count| count.number.figure()).collect()
}

/// How many answers the gold has in a field.
fn asked(gold: &Event, field: &str) -> usize {
    if let Some(role) = role(field) {
        return gold.parts.iter().filter(|(known, _)| *known == role).count();
    }
    match field {
        "event_date" => usize::from(gold.date.is_some()),
        "country" => usize::from(gold.places.first().is_some_and(|place| place.country.is_some())),
        "place" => gold.places.len(),
        "killed" | "injured" | "abducted" | "arrested" => figures(gold, field).len(),
        _ => 1,
    }
}

/// How many answers are given in a field.
fn answered(given: &Given, field: &str) -> usize {
    match field {
        "event_date" => usize::from(given.event_date.is_some()),
        "country" => usize::from(given.places.first().is_some_and(|place| place.country.is_some())),
        "killed" | "injured" | "abducted" | "arrested" => given_figures(given, field).len(),
        _ => given_spans(given, field).map_or(1, |spans| spans.len()),
    }
}

/// The spans of what is given in a field of spans.
fn given_spans(given: &Given, field: &str) -> Option<Vec<Vec<Points>>> {
    let points = |mentions: &[Mention]| mentions.iter().map(|mention| (mention.start, mention.end)).collect();
    let people = |list: &[Participant]| list.iter().map(|who| points(&who.mentions)).collect();
    Some(match field {
        "actor" => people(&given.actors),
        "recipient" => people(&given.recipients),
        "reported_by" => people(&given.reported_by),
        "object" => given.objects.iter().map(|object| points(&object.mentions)).collect(),
        "weapon" => given.weapons.iter().map(|weapon| points(&weapon.mentions)).collect(),
        "place" => given.places.iter().map(|place| vec![(place.start, place.end)]).collect(),
        _ => return None,
    })
}

/// How many answers of a field agree.
fn agreeing(gold: &Event, given: &Given, field: &str, point: &dyn Fn(&Span) -> Points) -> usize {
    if let Some(spans) = given_spans(given, field) {
        let wanted: Vec<Vec<Points>> = match role(field) {
            Some(role) => gold
                .parts
                .iter()
                .filter(|(known, _)| *known == role)
                .map(|(_, mentions)| mentions.iter().map(point).collect())
                .collect(),
            None => gold.places.iter().map(|place| vec![point(&place.span)]).collect(),
        };
        return assign::best(wanted.len(), spans.len(), |g, p| {
            let met = wanted[g].iter().any(|a| spans[p].iter().any(|b| touch(*a, *b)));
            if met { 1.0 } else { 0.0 }
        })
        .len();
    }
    usize::from(match field {
        "event_type" => gold.kind.event_type() == given.event_type,
        "sub_event_type" => gold.kind == given.sub_event_type,
        "realis" => gold.realis == given.realis,
        "completion" => gold.completion == given.completion,
        "event_date" => gold.date.as_ref().is_some_and(|(first, ..)| given.event_date == Some(*first)),
        "country" => {
            let wanted = gold.places.first().and_then(|place| place.country.as_deref());
            wanted.is_some() && wanted == given.places.first().and_then(|place| place.country.as_deref())
        }
        _ => return figures(gold, field).intersection(&given_figures(given, field)).count(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = "\
report: a-1
published: 2024-03-12
text:
Gunmen killed at least 11 villagers on Sunday near Dogofry.
end.
event: \"killed\"
  type: Attack
  date: 2024-03-10 \"on Sunday\"
  place: MLI near \"Dogofry\"
  actor: \"Gunmen\"
  recipient: \"villagers\"
  killed: 11+ recipient \"at least 11 villagers\"
";

    fn coded(change: impl Fn(&mut serde_json::Value)) -> CodedDocument {
        let mention = |text: &str, start: usize| serde_json::json!({"text": text, "start": start, "end": start + text.len()});
        let who = |text: &str, start: usize| {
            serde_json::json!({"mentions": [mention(text, start)], "kind": "group", "name": null, "actor_id": null,
                "wikidata_id": null, "country": null, "sector": null, "inter_code": null, "number": null, "certainty": "stated"})
        };
        let mut event = serde_json::json!({
            "id": "e", "realis": "asserted", "completion": "accomplished", "event_type": "Violence against civilians",
            "sub_event_type": "Attack", "plover": {"event_type": "ASSAULT", "mode": []}, "cameo": null,
            "type_of_violence": null, "gtd_attack_type": null, "event_date": "2024-03-10", "event_date_end": "2024-03-10",
            "time_precision": 1, "date_type": "exact", "date_from": "text", "places": [],
            "actors": [who("Gunmen", 0)], "recipients": [who("villagers", 26)], "objects": [], "weapons": [],
            "killed": [{"number": {"low": 11, "best": 11, "high": null}, "who": "recipient", "text": "11", "start": 23, "end": 25,
                "part_of": null}],
            "injured": [], "killed_or_injured": [], "abducted": [], "arrested": [], "missing": [], "escaped": [],
            "displaced": [], "deaths": {"best": null, "low": null, "high": null, "a": 0, "b": 0, "civilians": 0, "unknown": 0},
            "claims": [], "reported_by": [], "confidence": 0.5, "reasons": {},
            "evidence": [{"start": 7, "end": 13, "quote": "killed", "supports": ["trigger"]}]
        });
        change(&mut event);
        serde_json::from_value(serde_json::json!({
            "schema": "watchpost.coded/1",
            "document": {"id": "sha256:0", "given_id": null, "url": null, "title": null, "publisher": null, "language": "en",
                "published": null, "published_from": "none", "chars": 0},
            "events": [event], "tallies": [], "statements": [],
            "coder": {"name": "watchpost", "version": "0", "reader": "", "model": "", "knowledge": ""}
        }))
        .unwrap()
    }

    fn hits(document: &CodedDocument) -> BTreeMap<&'static str, Hits> {
        let (reports, complaints) = annotated::read(REPORT);
        assert_eq!(complaints, []);
        compare(&reports[0], document, &mut Outcome::new("a", "", ""))
    }

    #[test]
    fn what_is_read_is_held_against_the_words() {
        let all = hits(&coded(|_| ()));
        for field in ["event", "sub_event_type", "event_date", "actor", "recipient", "killed"] {
            assert_eq!(all[field], Hits::sets(1, 1, 1), "{field}");
        }
        assert_eq!(all["place"], Hits::sets(0, 0, 1));
        let other = hits(&coded(|event| event["killed"][0]["number"]["best"] = 12.into()));
        assert_eq!(other["killed"], Hits::sets(0, 1, 1));
    }

    #[test]
    fn other_words_are_another_event() {
        let all = hits(&coded(|event| {
            event["evidence"][0]["start"] = 36.into();
            event["evidence"][0]["end"] = 45.into();
        }));
        assert_eq!(all["event"], Hits::sets(0, 1, 1));
        assert_eq!(all["actor"], Hits::sets(0, 1, 1));
    }
}
