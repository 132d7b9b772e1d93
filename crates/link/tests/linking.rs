//! What holds for linking whatever the reports are, and for small reports whose answer a reader knows.

use std::sync::Arc;

use proptest::prelude::*;
use record::CodedDocument;
use serde_json::{Value, json};
use watchpost_link::{Frequencies, Growing, Item, Links, Told, Weights, link};

fn tables() -> (Frequencies, Weights) {
    (
        Frequencies::from_table(knowledge::WORD_FREQUENCY).expect("the project's own table"),
        Weights::from_table(knowledge::LINKING).expect("the project's own table"),
    )
}

/// An event as the coder gives it, as far as it bears on linking.
fn event(
    id: &str,
    day: Option<&str>,
    place: Option<(&str, f64, f64)>,
    killed: Option<u64>,
    quote: &str,
) -> Value {
    let places: Vec<Value> = place
        .into_iter()
        .map(|(name, latitude, longitude)| {
            json!({
                "text": name, "start": 0, "end": 0, "relation": "at", "name": name, "geonameid": null, "source_id": null,
                "feature_code": "PPL", "country": "XXA", "admin1": null, "admin2": null, "latitude": latitude,
                "longitude": longitude, "where_precision": 1, "reason": "test", "alternatives": []
            })
        })
        .collect();
    let killed: Vec<Value> = killed
        .into_iter()
        .map(|n| {
            json!({"number": {"low": n, "best": n, "high": n}, "who": "unknown", "text": "", "start": 0, "end": 0, "part_of": null})
        })
        .collect();
    json!({
        "id": id, "realis": "asserted", "completion": "accomplished", "event_type": "Violence against civilians",
        "sub_event_type": "Attack", "plover": {"event_type": "ASSAULT", "mode": []}, "cameo": null, "type_of_violence": null,
        "gtd_attack_type": null, "event_date": day, "event_date_end": day, "time_precision": day.map(|_| 1),
        "date_type": if day.is_some() { "exact" } else { "unresolved" }, "date_from": if day.is_some() { "text" } else { "none" },
        "places": places, "actors": [], "recipients": [], "objects": [], "weapons": [], "killed": killed, "injured": [],
        "killed_or_injured": [], "abducted": [], "arrested": [], "missing": [], "escaped": [], "displaced": [],
        "deaths": {"best": null, "low": null, "high": null, "a": 0, "b": 0, "civilians": 0, "unknown": 0}, "claims": [],
        "reported_by": [], "evidence": [{"start": 0, "end": quote.chars().count(), "quote": quote, "supports": []}],
        "confidence": 0.8, "reasons": {}
    })
}

fn document(id: &str, published: Option<&str>, title: &str, events: Vec<Value>) -> CodedDocument {
    let value = json!({
        "schema": "watchpost.coded/1",
        "document": {
            "id": format!("sha256:{id}"), "given_id": id, "url": null, "title": title, "publisher": null, "language": "en",
            "published": published, "published_from": "metadata", "chars": 0
        },
        "events": events, "tallies": [], "statements": [],
        "coder": {"name": "watchpost", "version": "", "reader": "", "model": "", "knowledge": ""}
    });
    serde_json::from_value(value).expect("a coded document")
}

fn item(document: &CodedDocument, text: Option<&str>, frequencies: &Frequencies) -> Item {
    Item {
        document: document.document.id.clone(),
        given: document.document.given_id.clone(),
        told: Told::new(document, text, frequencies),
    }
}

const RAID: [&str; 3] = [
    "Gunmen on motorcycles raided the village of Tavore on Friday night and killed 21 people, a local official said. Huts and granaries \
     were burnt. Survivors walked to Marsa, where the Red Crescent gave them blankets and water in the yard of the Alkasi school.",
    "At least 21 villagers died when armed men attacked Tavore on Friday, officials in Marsa said on Sunday. The raiders came on \
     motorcycles and set granaries on fire. Survivors are sheltered in the Alkasi school, the Red Crescent said.",
    "Marsa's governor Idane Kolto visited the survivors of the Tavore raid at the Alkasi school on Monday. Twenty-one people had been killed \
     in the village on Friday night by gunmen who burnt its granaries.",
];
const BLAST: [&str; 2] = [
    "A bomb under a bus killed 4 people at the Orenda market in Pelos on Saturday morning, police said. The bus had come from Quivo. A \
     dozen passengers were wounded, said Mirea Santovan, a doctor at the Pelos hospital.",
    "Four people were killed and 12 wounded on Saturday when a bomb went off under a bus from Quivo at the Orenda market of Pelos. The wounded \
     were taken to the Pelos hospital, doctor Mirea Santovan said.",
];

/// Three reports of a raid, two of a blast, one of neither.
fn reports(frequencies: &Frequencies, with_text: bool) -> Vec<Item> {
    let mut items = Vec::new();
    for (at, text) in RAID.iter().enumerate() {
        let published = format!("2021-03-{:02}", 6 + at);
        let event = event("e1", Some("2021-03-05"), Some(("Tavore", 10.0, 10.0)), Some(21), text);
        let document = document(&format!("raid{at}"), Some(&published), "Raid on Tavore", vec![event]);
        items.push(item(&document, with_text.then_some(text), frequencies));
    }
    for (at, text) in BLAST.iter().enumerate() {
        let event = event("e1", Some("2021-03-06"), Some(("Pelos", 12.5, 11.0)), Some(4), text);
        let document = document(&format!("blast{at}"), Some("2021-03-06"), "Bus bomb in Pelos", vec![event]);
        items.push(item(&document, with_text.then_some(text), frequencies));
    }
    let quiet = document("quiet", Some("2021-03-06"), "Football season opens", vec![]);
    items.push(item(&quiet, Some("The football season opens in Pelos on Saturday."), frequencies));
    items
}

fn primaries(links: &Links) -> Vec<Option<&str>> {
    links.reports.iter().map(|linked| linked.primary.as_deref()).collect()
}

#[test]
fn reports_of_one_incident_have_one_id() {
    let (frequencies, weights) = tables();
    for with_text in [true, false] {
        let links = link(&reports(&frequencies, with_text), &weights, true);
        let found = primaries(&links);
        assert!(found[0].is_some() && found[0] == found[1] && found[1] == found[2], "{with_text}: {found:?}");
        assert!(found[3].is_some() && found[3] == found[4] && found[3] != found[0], "{with_text}: {found:?}");
        assert_eq!(found[5], None, "nothing happened there");
        assert_eq!(links.reports[1].events, [("e1".to_owned(), found[1].unwrap_or_default().to_owned())]);
        let (partner, score) = links.why[0].joined.as_ref().expect("a partner");
        assert!((1..=2).contains(partner) && score.points > weights.threshold && !score.reasons.is_empty());
    }
}

#[test]
fn one_after_the_other_gives_the_same_incidents() {
    let (frequencies, weights) = tables();
    let items = reports(&frequencies, true);
    let (mut growing, mut before) = (Growing::new(weights), Vec::new());
    let numbers: Vec<Option<u32>> =
        items.iter().map(|item| add(&mut growing, &mut before, &item.told)).collect();
    assert_eq!(numbers, [Some(0), Some(0), Some(0), Some(1), Some(1), None], "nothing happened in the last");
    assert_eq!(growing.size(), (6, 5, 2));
    let mut find = |taken: &[u32]| {
        let Ok(place) = growing.find(&items[1].told.chief, taken, &mut before);
        place
    };
    let place = find(&[]).expect("its own incident");
    assert!(place.incident == 0 && place.points > 0.0, "{place:?}");
    let told_apart = find(&[0]).expect("its own incident");
    assert!(told_apart.points < place.points, "another story of the report is there");
}

/// Takes a report in and gives the incident of its chief story.
fn add(growing: &mut Growing, before: &mut Vec<Arc<Told>>, told: &Told) -> Option<u32> {
    let Ok(placed) = growing.place(told, before);
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
    growing.put(told, placed.copy_of, &incidents);
    before.push(Arc::new(told.clone()));
    incidents.first().copied().flatten()
}

#[test]
fn what_is_decided_elsewhere_holds() {
    let (frequencies, weights) = tables();
    let items = reports(&frequencies, true);
    let (mut growing, mut before) = (Growing::new(weights), Vec::new());
    for item in &items {
        add(&mut growing, &mut before, &item.told);
    }
    let mut raid = |growing: &Growing| {
        let Ok(place) = growing.find(&items[1].told.chief, &[], &mut before);
        place.map(|place| place.incident)
    };
    growing.lead(0, Some(1));
    assert_eq!((raid(&growing), growing.resolve(0)), (Some(1), 1), "merged");
    growing.lead(1, Some(0));
    assert_eq!(growing.resolve(1), 1, "in no circle");
    growing.lead(0, None);
    assert_eq!(raid(&growing), Some(0), "taken back");
    let other = growing.begin();
    for report in 0..3 {
        growing.set_incident(report, 0, Some(other));
    }
    assert_eq!(raid(&growing), Some(other));
    for report in 0..3 {
        growing.set_incident(report, 0, None);
    }
    assert_ne!(raid(&growing), Some(other), "nothing of it is left");
}

#[test]
fn a_packed_report_is_the_same_again() {
    let (frequencies, weights) = tables();
    let items = reports(&frequencies, true);
    for item in &items {
        let bytes = item.told.pack(&frequencies);
        assert_eq!(Told::unpack(&bytes, &frequencies).as_ref(), Some(&item.told));
        for cut in 0..bytes.len().min(64) {
            let _ = Told::unpack(&bytes[..cut], &frequencies);
        }
        let mut other = bytes.clone();
        other[0] ^= 1;
        assert_eq!(Told::unpack(&other, &frequencies), None, "another version");
    }
    let score = weights.points(&items[0].told.chief, &items[1].told.chief);
    let again = Told::unpack(&items[0].told.pack(&frequencies), &frequencies).expect("packed just now");
    assert!((weights.points(&again.chief, &items[1].told.chief) - score).abs() < 1e-6);
}

#[test]
fn a_copy_has_the_incident_of_its_original_and_the_earliest_is_none() {
    let (frequencies, weights) = tables();
    let mut items = reports(&frequencies, true);
    let reprint = format!("By our own correspondent. {}", RAID[0]);
    let late = document(
        "reprint",
        Some("2021-03-09"),
        "Village raided at Tavore",
        vec![event("x1", Some("2021-03-05"), Some(("Tavore", 10.0, 10.0)), Some(21), RAID[0])],
    );
    items.insert(0, item(&late, Some(&reprint), &frequencies));
    let links = link(&items, &weights, false);
    assert_eq!(links.reports[0].copy_of, Some(1));
    assert!(links.reports[1..].iter().all(|linked| linked.copy_of.is_none()));
    assert_eq!(links.reports[0].primary, links.reports[1].primary);
    assert_eq!(links.reports[0].events.len(), 1);
    // The same text of another week and of a place far away is a template that was filled twice.
    let other = document(
        "other",
        Some("2021-06-09"),
        "Village raided at Tavore",
        vec![event("x1", Some("2021-06-05"), Some(("Tavore", 40.0, 40.0)), Some(21), RAID[0])],
    );
    items[0] = item(&other, Some(&reprint), &frequencies);
    assert_eq!(link(&items, &weights, false).reports[0].copy_of, None);
}

#[test]
fn an_empty_text_or_one_that_a_page_says_to_all_is_nobodys_copy() {
    let (frequencies, weights) = tables();
    let page = "You have read all of your free articles of this month. Please log in or subscribe to go on reading, or come back next \
        month, when you can read five more. Subscribers read all articles without limit on all their devices.";
    for text in ["", page] {
        let items: Vec<Item> = ["Two killed at Tavore", "Bus bomb at Pelos market"]
            .iter()
            .map(|title| {
                let mut coded = document(title, Some("2021-03-06"), title, vec![]);
                coded.document.id = "sha256:same".to_owned();
                item(&coded, Some(text), &frequencies)
            })
            .collect();
        let links = link(&items, &weights, false);
        assert!(links.reports.iter().all(|linked| linked.copy_of.is_none()), "{text:?}");
    }
}

#[test]
fn what_did_not_happen_is_no_incident() {
    let (frequencies, weights) = tables();
    let mut denied =
        event("e1", Some("2021-03-05"), None, None, "The army denied that it had attacked Tavore.");
    denied["realis"] = json!("negated");
    let document = document("denial", Some("2021-03-06"), "Army denies attack", vec![denied]);
    let links = link(&[item(&document, None, &frequencies)], &weights, false);
    assert_eq!(links.reports[0].primary, None);
    assert!(links.reports[0].events.is_empty());
}

#[test]
fn events_of_a_report_that_lie_apart_are_incidents_apart() {
    let (frequencies, weights) = tables();
    let text = "Gunmen killed 21 people in Tavore on Friday. In Pelos, a bomb killed 4 on Saturday.";
    let (raid, blast) = text.split_at(44);
    let events = vec![
        event("a raid", Some("2021-03-05"), Some(("Tavore", 10.0, 10.0)), Some(21), raid),
        event("blast", Some("2021-03-06"), Some(("Pelos", 12.5, 11.0)), Some(4), blast),
    ];
    let mut items = reports(&frequencies, true);
    items.push(item(&document("both", Some("2021-03-07"), "Two attacks", events), Some(text), &frequencies));
    let links = link(&items, &weights, false);
    let both = links.reports.last().expect("the last");
    let of =
        |id: &str| both.events.iter().find(|(event, _)| event == id).map(|(_, incident)| incident.clone());
    assert_eq!(of("a raid"), links.reports[0].primary, "each goes to its own");
    assert_eq!(of("blast"), links.reports[3].primary);
    assert_ne!(of("a raid"), of("blast"));
    assert_eq!(both.primary, of("a raid"), "the first is what the report is chiefly about");
}

/// A report of a raid near Tavore, as they are all told.
fn raid(day: &str, killed: u64, more: &str, stated: bool, frequencies: &Frequencies) -> Item {
    let text = format!(
        "Gunmen on motorcycles raided a village near Tavore, killing {killed} people, a local official said. The attackers burnt huts and \
         granaries and drove off cattle. No group claimed the attack. Survivors walked to Marsa. {more}"
    );
    let mut event = event("e", Some(day), Some(("Tavore", 10.0, 10.0)), Some(killed), &text);
    if !stated {
        event["date_from"] = json!("published");
    }
    let title = format!("Gunmen kill {killed} near Tavore");
    let id = format!("{day} {killed} {more}");
    item(&document(&id, Some(day), &title, vec![event]), Some(&text), frequencies)
}

#[test]
fn attacks_that_are_told_alike_on_different_days_are_kept_apart() {
    let (frequencies, weights) = tables();
    let days = [("2021-03-02", 3), ("2021-03-05", 5), ("2021-03-08", 9), ("2021-03-19", 4)];
    let mut items: Vec<Item> =
        days.iter().map(|(day, killed)| raid(day, *killed, "", true, &frequencies)).collect();
    // It leaves the day open, and is like all of them.
    items.push(raid("2021-03-04", 7, "", false, &frequencies));
    let links = link(&items, &weights, false);
    let batch: Vec<Option<&str>> = primaries(&links);
    let (mut growing, mut before) = (Growing::new(weights), Vec::new());
    let grown: Vec<Option<u32>> =
        items.iter().map(|item| add(&mut growing, &mut before, &item.told)).collect();
    for (a, b) in (0..4).flat_map(|a| (0..a).map(move |b| (a, b))) {
        assert_ne!(batch[a], batch[b], "{:?} {:?}", days[a], days[b]);
        assert_ne!(grown[a], grown[b], "{:?} {:?}", days[a], days[b]);
    }
}

#[test]
fn a_person_in_common_says_more_than_a_day_and_a_toll_more_than_a_night() {
    let (frequencies, weights) = tables();
    let besides = |a: (&str, u64, &str), b: (&str, u64, &str)| {
        let of =
            |(day, killed, more): (&str, u64, &str)| raid(day, killed, more, true, &frequencies).told.chief;
        weights.besides(&of(a), &of(b))
    };
    let close = |points: f32, expected: f32| (points - expected).abs() < 1e-6;
    let named = "The village head Bakoro Idanewe was among the dead.";
    assert!(close(besides(("2021-03-02", 3, ""), ("2021-03-02", 5, "")), 0.0), "one day");
    assert!(close(besides(("2021-03-02", 3, ""), ("2021-03-04", 3, "")), weights.days_apart));
    assert!(close(besides(("2021-03-02", 3, named), ("2021-03-04", 3, named)), 0.0), "a person");
    assert!(
        close(besides(("2021-03-02", 3, named), ("2021-03-04", 3, "")), weights.days_apart),
        "in one alone"
    );
    assert!(close(besides(("2021-03-02", 3, ""), ("2021-03-03", 3, "")), weights.day_apart + weights.toll));
    assert!(close(besides(("2021-03-02", 3, ""), ("2021-03-03", 5, "")), weights.day_apart - weights.toll));
}

#[test]
fn hostile_documents_are_linked_without_a_panic() {
    let (frequencies, weights) = tables();
    let mut strange = event("e", Some("-009999-01-02"), Some(("X", 1e300, -1e300)), Some(u64::MAX), "");
    strange["event_date_end"] = json!("9999-12-30");
    let again = strange["killed"][0].clone();
    strange["killed"] = json!([again.clone(), again]);
    let mut backwards = event("e", Some("9999-12-30"), Some(("Y", 90.0, 180.0)), None, "\u{0}\u{202e}");
    backwards["event_date_end"] = json!("-009999-01-02");
    let items: Vec<Item> = (0..3)
        .map(|at| {
            let coded = document(&at.to_string(), None, "", vec![strange.clone(), backwards.clone()]);
            item(&coded, Some("e e e"), &frequencies)
        })
        .collect();
    assert_eq!(link(&items, &weights, true).reports.len(), 3);
    assert!(link(&[], &weights, true).reports.is_empty());
}

fn words() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "Tavore", "Marsa", "Pelos", "gunmen", "killed", "police", "said", "Alkasi", "school", "bomb",
        "market", "Orenda", "24", "Idane", "Kolto", "the", "on", "Friday", "1300", "block", "of", "river",
        "Quivo", ",", ".",
    ]);
    prop::collection::vec(word, 0..60).prop_map(|words| words.join(" "))
}

fn made_up() -> impl Strategy<Value = Vec<(String, String, u8, bool)>> {
    prop::collection::vec((words(), words(), 1..28_u8, any::<bool>()), 1..14)
}

fn made(reports: &[(String, String, u8, bool)], frequencies: &Frequencies) -> Vec<Item> {
    reports
        .iter()
        .enumerate()
        .map(|(at, (title, text, day, has_event))| {
            let published = format!("2021-03-{day:02}");
            let place = ("Tavore", f64::from(*day), 10.0);
            let events = if *has_event {
                vec![event("e", Some(&published), Some(place), Some(1), text)]
            } else {
                vec![]
            };
            let published = (day % 5 != 0).then_some(published.as_str());
            item(&document(&at.to_string(), published, title, events), Some(text), frequencies)
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_pair_scores_alike_from_either_side(reports in made_up()) {
        let (frequencies, weights) = tables();
        let items = made(&reports, &frequencies);
        for a in &items {
            for b in &items {
                let (one, other) = (weights.points(&a.told.chief, &b.told.chief), weights.points(&b.told.chief, &a.told.chief));
                prop_assert!((one - other).abs() < 1e-3 && one.is_finite(), "{one} {other}");
            }
        }
    }

    #[test]
    fn the_order_of_the_input_changes_nothing(reports in made_up(), turn in 0..14_usize, back in any::<bool>()) {
        let (frequencies, weights) = tables();
        let items = made(&reports, &frequencies);
        let mut order: Vec<usize> = (0..items.len()).collect();
        order.rotate_left(turn % items.len());
        if back {
            order.reverse();
        }
        let straight = link(&items, &weights, false);
        let shuffled: Vec<Item> = order.iter().map(|at| items[*at].clone()).collect();
        let turned = link(&shuffled, &weights, false);
        for (new, &old) in order.iter().enumerate() {
            prop_assert_eq!(&turned.reports[new].primary, &straight.reports[old].primary);
            prop_assert_eq!(&turned.reports[new].events, &straight.reports[old].events);
            prop_assert_eq!(turned.reports[new].copy_of.map(|at| order[at]), straight.reports[old].copy_of);
        }
    }

    #[test]
    fn an_unrelated_report_changes_no_id(reports in made_up(), first in any::<bool>()) {
        let (frequencies, weights) = tables();
        let mut items = made(&reports, &frequencies);
        let before = link(&items, &weights, false).reports;
        let text = "Zwolsk ferry capsizes: harbour master Brunnfeld counts 300 aboard the Lady Amaranth.";
        let alone = event("e", Some("1999-01-01"), Some(("Zwolsk", -40.0, 100.0)), Some(300), text);
        let place = if first { 0 } else { items.len() };
        items.insert(place, item(&document("zz", Some("1999-01-02"), "Ferry", vec![alone]), Some(text), &frequencies));
        let mut after = link(&items, &weights, false).reports;
        after.remove(place);
        let ids = |links: &[watchpost_link::Linked]| links.iter().map(|linked| (linked.primary.clone(), linked.events.clone())).collect::<Vec<_>>();
        prop_assert_eq!(ids(&before), ids(&after));
    }
}
