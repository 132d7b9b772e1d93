//! What the watch has found, through the API: situations with their history, in the queue and in feeds; forecasts, statements; sources added.

#![allow(clippy::unwrap_used, clippy::panic)]

#[allow(dead_code)]
mod support;

use record::{Became, Situation};
use serde_json::json;
use store::Store;
use store_suite::{Tale, incident, situation, stands};
use support::served;

/// Three incidents, the least doubtful of which a situation rests on.
fn watched(store: &mut dyn Store) {
    for (id, confidence, killed) in [("WP-1", 0.9, 1), ("WP-2", 0.5, 4), ("WP-3", 0.6, 4)] {
        incident(store, id, &[&Tale { confidence, killed, ..Tale::of(id) }]);
    }
    let gao = |state, count| Situation {
        chief: record::SituationAlarm {
            series: "MLI; Gao".to_owned(),
            ..situation("WS-a", state, count).chief
        },
        reason: "three more incidents".to_owned(),
        ..situation("WS-a", state, count)
    };
    stands(store, 24, gao(Became::Opened, 6));
    stands(store, 48, gao(Became::Grew, 9));
}

#[test]
fn what_an_alarm_rests_on_is_looked_at_first() {
    let desk = served(watched);
    let mut path = "/api/v1/queue?limit=1".to_owned();
    let mut seen = Vec::new();
    loop {
        let page = desk.json(&path);
        assert_eq!(page["total"]["count"], 3);
        for waiting in page["items"].as_array().unwrap() {
            seen.push(waiting["incident"]["id"].as_str().unwrap().to_owned());
        }
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/v1/queue?limit=1&cursor={next}");
    }
    assert_eq!(seen, ["WP-1", "WP-2", "WP-3"]);
    let whole = desk.json("/api/v1/queue");
    let first = &whole["items"][0];
    assert_eq!(
        (first["situation"].as_str(), first["why"][0]["code"].as_str()),
        (Some("WS-a"), Some("surge"))
    );
    assert_eq!(first["why"][0]["text"], "Gao, Mali: 9 incidents in the week of 2024-03-04, 1.2 expected");
    assert!(whole["items"][1]["situation"].is_null() && whole["next"].is_null());
    assert_eq!(desk.get("/api/v1/queue?cursor=n_2024-01-01_1").status, 400, "a cursor of another list");
    // What was looked at waits no more; that it did is no other situation.
    desk.decide(&json!({"kind": "accept", "incident": "WP-1"}));
    assert_eq!(desk.json("/api/v1/queue")["items"][0]["incident"]["id"], "WP-2");
}

#[test]
fn a_situation_tells_how_it_came_to_be() {
    let desk = served(watched);
    let seen = json!({"why": "known to us"});
    assert_eq!(desk.post("/api/v1/watch/situations/WS-a/acknowledge", &seen, &[]).status, 200);
    let told = desk.json("/api/v1/watch/situations/WS-a");
    let what: Vec<&str> =
        told["history"].as_array().unwrap().iter().filter_map(|step| step["what"].as_str()).collect();
    assert_eq!((told["state"].as_str(), what), (Some("grew"), vec!["opened", "grew", "acknowledged"]));
    assert_eq!(
        (&told["history"][2]["by"], &told["history"][2]["why"]),
        (&json!("ada"), &json!("known to us"))
    );
}

#[test]
fn alarms_are_a_feed() {
    let desk = served(watched);
    let feed = desk.json("/feeds/situations.json");
    let item = &feed["items"][0];
    assert_eq!(
        feed["items"].as_array().unwrap().len(),
        1,
        "one situation is one item, however often it grows"
    );
    assert_eq!(item["title"], "Gao, Mali: 9 incidents in the week of 2024-03-04, 1.2 expected");
    assert_eq!((&item["url"], &item["tags"]), (&json!(format!("{}/watch/WS-a", desk.at)), &json!(["grew"])));
    assert_eq!(item["date_modified"], "1970-01-03T00:00:00Z");
    assert_eq!(desk.json("/feeds/situations.json?country=NER")["items"], json!([]));
    let atom = desk.get("/feeds/situations.atom");
    assert!(
        roxmltree::Document::parse(&atom.text).is_ok() && atom.text.contains(":WS-a</id>"),
        "{}",
        atom.text
    );
    // What a person says of a situation is news of it.
    let tag = atom.header("etag").to_owned();
    assert_eq!(desk.get_with("/feeds/situations.atom", &[("if-none-match", &tag)]).status, 304);
    desk.post("/api/v1/watch/situations/WS-a/acknowledge", &json!({"why": "known"}), &[]);
    assert_eq!(desk.get_with("/feeds/situations.atom", &[("if-none-match", &tag)]).status, 200);
}

#[test]
fn a_source_is_added_and_forgotten() {
    let desk = served(|_| {});
    let asked = json!({"url": "https://example.org/feed.xml", "folder": "Sahel/Mali", "every": 60});
    let added = desk.post("/api/v1/sources", &asked, &[]);
    assert_eq!(added.status, 201, "{}", added.text);
    let source = added.json();
    assert_eq!(
        (&source["name"], &source["folder"]),
        (&json!("example.org/feed.xml"), &json!(["Sahel", "Mali"]))
    );
    assert_eq!(desk.post("/api/v1/sources", &asked, &[]).status, 409, "it is there");
    for (wrong, place) in [
        (json!({"url": "ftp://example.org/"}), "url"),
        (json!({"url": "https://example.org/b", "every": 0}), "every"),
        (json!({"url": "https://example.org/b", "name": "A\u{0}B"}), "name"),
        (json!({"url": "https://example.org/b", "language": "English, mostly"}), "language"),
    ] {
        let refused = desk.post("/api/v1/sources", &wrong, &[]);
        assert_eq!(
            (refused.status, refused.json()["where"].as_str()),
            (422, Some(place)),
            "{}",
            refused.text
        );
    }
    let path = format!("/api/v1/sources/{}", source["id"].as_str().unwrap());
    assert_eq!(desk.delete(&path, &[]).status, 204);
    assert_eq!(desk.delete(&path, &[]).status, 404);
    assert_eq!(desk.json("/api/v1/sources")["items"], json!([]));
    let audit = desk.json("/api/v1/audit");
    assert_eq!(audit["items"][0]["what"], "removed a source");
}

#[test]
fn nothing_foretold_is_an_empty_page() {
    let desk = served(watched);
    let forecasts = desk.json("/api/v1/forecasts?limit=5");
    assert_eq!(forecasts, json!({"items": [], "models": [], "next": null}));
    assert_eq!(desk.json("/api/v1/statements/speakers")["items"], json!([]));
}
