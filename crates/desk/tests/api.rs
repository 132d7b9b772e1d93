//! The desk over a small store, asked over the network as a program asks it.

#![allow(clippy::unwrap_used, clippy::panic)]

#[allow(dead_code)]
mod support;

use jiff::civil::date;
use record::Change;
use record::vocabulary::SubEventType;
use serde_json::{Value, json};
use store::Store;
use store_suite::{Tale, decide, incident, person};
use support::{served, served_as};

/// Three incidents: two near each other, one elsewhere that is surer and deadlier.
fn three(store: &mut dyn Store) {
    let gao = || Some(("Gao".to_owned(), "MLI".to_owned(), "Gao".to_owned(), 16.27, -0.04));
    let first =
        Tale { day: Some(date(2024, 3, 5)), place: gao(), killed: 4, confidence: 0.5, ..Tale::of("a") };
    let second =
        Tale { day: Some(date(2024, 3, 6)), place: gao(), killed: 4, confidence: 0.9, ..Tale::of("b") };
    let third = Tale {
        day: Some(date(2024, 4, 1)),
        place: Some(("Ḥalab".to_owned(), "SYR".to_owned(), "Aleppo".to_owned(), 36.2, 37.16)),
        killed: 40,
        kind: SubEventType::AirDroneStrike,
        publisher: Some("Agence d’Exemple".to_owned()),
        confidence: 0.95,
        ..Tale::of("c")
    };
    incident(store, "WP-1", &[&first]);
    incident(store, "WP-2", &[&second]);
    incident(store, "WP-3", &[&third]);
}

fn ids(value: &Value) -> Vec<&str> {
    value["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect()
}

#[test]
fn incidents_are_listed_filtered_and_paged() {
    let desk = served(three);
    let all = desk.json("/api/v1/incidents");
    assert_eq!(ids(&all), ["WP-3", "WP-2", "WP-1"]);
    assert_eq!((all["total"]["count"].as_u64(), all["total"]["more"].as_bool()), (Some(3), Some(false)));
    for (query, found) in [
        ("country=MLI", vec!["WP-2", "WP-1"]),
        ("country=Mali,SYR", vec!["WP-3", "WP-2", "WP-1"]),
        ("country=MLI&country=SY", vec!["WP-3", "WP-2", "WP-1"]),
        ("from=2024-03-06&to=2024-03-31", vec!["WP-2"]),
        ("bbox=30,30,40,40", vec!["WP-3"]),
        ("polygon=30,30;40,30;40,40;30,40;30,30", vec!["WP-3"]),
        ("polygon=-5,14;1,14;1,18", vec!["WP-2", "WP-1"]),
        ("sub_type=air-drone-strike", vec!["WP-3"]),
        ("type=Explosions%2FRemote%20violence", vec!["WP-3"]),
        ("deaths_min=5", vec!["WP-3"]),
        ("confidence_min=0.6&order=deadliest", vec!["WP-3", "WP-2"]),
        ("text=halab", vec!["WP-3"]),
        ("status=accepted,not-an-event", vec![]),
        ("source=agence%20d%27exemple", vec!["WP-3"]),
        ("order=worth", vec!["WP-1", "WP-3", "WP-2"]),
    ] {
        assert_eq!(ids(&desk.json(&format!("/api/v1/incidents?{query}"))), found, "{query}");
    }
    let first = desk.json("/api/v1/incidents?limit=2&fields=id,event_date");
    assert_eq!(first["items"][0], json!({"id": "WP-3", "event_date": "2024-04-01"}));
    let next = first["next"].as_str().unwrap();
    let second = desk.json(&format!("/api/v1/incidents?limit=2&cursor={next}"));
    assert_eq!((ids(&second), second["next"].as_str()), (vec!["WP-1"], None));
}

#[test]
fn what_cannot_be_understood_is_said_where_it_stands() {
    let desk = served(three);
    for (path, status, place) in [
        ("/api/v1/incidents?form=2024-03-01", 400, "form"),
        ("/api/v1/incidents?from=yesterday", 400, "from"),
        ("/api/v1/incidents?country=Atlantis", 400, "country"),
        ("/api/v1/incidents?limit=0", 400, "limit"),
        ("/api/v1/incidents?limit=1&limit=2", 400, "limit"),
        ("/api/v1/incidents?bbox=1,2,3", 400, "bbox"),
        ("/api/v1/incidents?polygon=1,2;3,4", 400, "polygon"),
        ("/api/v1/incidents?text=-only", 400, "text"),
        ("/api/v1/incidents?fields=id,nothing", 400, "fields"),
        ("/api/v1/incidents?cursor=t_1_1", 400, "cursor"),
        ("/api/v1/timeline?every=year", 400, "every"),
        ("/api/v1/export", 400, "format"),
    ] {
        let got = desk.get(path);
        let problem = got.json();
        assert_eq!(got.status, status, "{path}: {problem}");
        assert_eq!(got.header("content-type"), "application/problem+json");
        assert_eq!(problem["where"], place, "{path}: {problem}");
        assert!(problem["expected"].is_string(), "{path}: {problem}");
    }
    for path in ["/api/v1/incidents/WP-9", "/api/v1/reports/R-9", "/api/v1/nothing", "/static/nothing.js"] {
        assert_eq!(desk.get(path).status, 404, "{path}");
    }
    let wrong = desk.post("/api/v1/incidents", &json!({}), &[]);
    assert_eq!((wrong.status, wrong.header("allow")), (405, "GET, HEAD"));
}

#[test]
fn an_incident_comes_with_its_reports_and_words() {
    let desk = served(three);
    let shown = desk.json("/api/v1/incidents/WP-1");
    assert_eq!(shown["incident"]["id"], "WP-1");
    let report = shown["reports"][0]["report"].as_str().unwrap();
    let quote = shown["reports"][0]["events"][0]["evidence"][0].clone();
    let kept = desk.json(&format!("/api/v1/reports/{report}"));
    let (start, end) = (quote["start"].as_u64().unwrap() as usize, quote["end"].as_u64().unwrap() as usize);
    let slice: String = kept["text"].as_str().unwrap().chars().skip(start).take(end - start).collect();
    assert_eq!(slice, quote["quote"].as_str().unwrap());
    assert_eq!(kept["incidents"][0]["incident"], "WP-1");
    let near = desk.json("/api/v1/incidents/WP-1/near");
    assert_eq!(near["items"][0]["incident"]["id"], "WP-2");
    assert_eq!(near["items"][0]["days"], 1);
    let log = desk.json("/api/v1/incidents/WP-1/log");
    assert_eq!(log["items"].as_array().unwrap().len(), 1);
    let found = desk.json("/api/v1/reports?limit=2");
    assert_eq!((found["items"].as_array().unwrap().len(), found["total"]["count"].as_u64()), (2, Some(3)));
}

#[test]
fn who_has_an_answer_is_not_sent_it_again() {
    let desk = served(three);
    for path in
        ["/api/v1/incidents", "/api/v1/facets", "/api/v1/incidents/WP-1", "/api/v1/map", "/api/v1/log"]
    {
        let first = desk.get(path);
        let tag = first.header("etag").to_owned();
        assert!(!tag.is_empty(), "{path}");
        let again = desk.get_with(path, &[("if-none-match", &tag)]);
        assert_eq!((again.status, again.text.as_str()), (304, ""), "{path}");
        // What was kept of the answer is the answer.
        assert_eq!(desk.get(path).text, first.text);
    }
    let tag = desk.get("/api/v1/incidents").header("etag").to_owned();
    assert_eq!(desk.decide(&json!({"kind": "accept", "incident": "WP-1"})).status, 201);
    let got = desk.get_with("/api/v1/incidents?status=accepted", &[("if-none-match", &tag)]);
    assert_eq!(ids(&got.json()), ["WP-1"]);
}

#[test]
fn an_overview_counts_what_the_list_has() {
    let desk = served(three);
    let facets = desk.json("/api/v1/facets?country=MLI");
    let of = |facet: &str| -> Vec<(String, u64)> {
        facets[facet]["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| (item["label"].as_str().unwrap().to_owned(), item["count"].as_u64().unwrap()))
            .collect()
    };
    // Its own filter is left out, the others are not.
    assert_eq!(of("country"), [("Mali".to_owned(), 2), ("Syria".to_owned(), 1)]);
    assert_eq!(of("sub_type"), [("Attack".to_owned(), 2)]);
    assert_eq!(of("status"), [("unreviewed".to_owned(), 2)]);
    assert_eq!(of("source").len(), 1);
    assert!(!of("actor").is_empty());
    assert_eq!(facets["country"]["items"][0]["deaths"], 8);

    let line = desk.json("/api/v1/timeline?every=month&by=type");
    assert_eq!(line["items"][0]["date"], "2024-03-01");
    assert_eq!((line["items"][0]["count"].as_u64(), line["items"][0]["deaths"].as_u64()), (Some(2), Some(8)));
    assert_eq!(line["items"][0]["types"], json!({"Violence against civilians": 2}));

    let map = desk.json("/api/v1/map");
    assert_eq!(
        (map["total"].as_u64(), map["placed"].as_u64(), map["clustered"].as_bool()),
        (Some(3), Some(3), Some(false))
    );
    let point = &map["features"][0];
    assert_eq!(point["properties"]["id"], "WP-3");
    assert_eq!(point["geometry"]["coordinates"], json!([37.16, 36.2]));
    let grouped = desk.json("/api/v1/map?limit=1&zoom=3");
    assert_eq!(grouped["clustered"], true);
    let counts: u64 = grouped["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["properties"]["count"].as_u64().unwrap())
        .sum();
    assert_eq!((grouped["features"].as_array().unwrap().len(), counts), (2, 3));
}

#[test]
fn a_decision_is_taken_once_and_can_be_taken_back() {
    let desk = served(three);
    let said = desk.decide(&json!({"kind": "correct", "incident": "WP-1", "field": "killed", "value": "5..6..7", "reason": "the list of names"}));
    assert_eq!(said.status, 201, "{}", said.text);
    let decided = said.json();
    assert_eq!(decided["incident"]["figures"]["killed"]["best"], 6);
    let log = desk.json("/api/v1/log?limit=1");
    assert_eq!(
        (log["items"][0]["by"]["name"].as_str(), log["items"][0]["why"].as_str()),
        (Some("ada"), Some("the list of names"))
    );
    let undone = desk.decide(&json!({"kind": "undo", "decision": decided["decision"]}));
    assert_eq!(undone.json()["incident"]["figures"]["killed"]["best"], 4);

    let merged = desk.decide(&json!({"kind": "merge", "incident": "WP-1", "from": ["WP-2"]}));
    assert_eq!(merged.json()["incident"]["reports"], 2, "{}", merged.text);
    let moved = desk.get("/api/v1/incidents/WP-2");
    assert_eq!((moved.status, moved.header("location")), (308, "/api/v1/incidents/WP-1"));
    let report = desk.json("/api/v1/incidents/WP-1")["reports"][1]["report"].as_str().unwrap().to_owned();
    let split = desk.decide(&json!({"kind": "split", "incident": "WP-1", "events": [report]})).json();
    let new = split["created"].as_str().unwrap();
    assert_eq!(desk.json(&format!("/api/v1/incidents/{new}"))["incident"]["reports"], 1);

    let undo = json!({"kind": "undo", "decision": decided["decision"]});
    let again = desk.decide(&undo);
    assert_eq!((again.status, again.json()["type"].as_str()), (409, Some("/problems/refused")));
    for (wrong, place) in [
        (
            json!({"kind": "correct", "incident": "WP-1", "field": "mood", "value": "bad", "reason": "x"}),
            "field",
        ),
        (
            json!({"kind": "correct", "incident": "WP-1", "field": "dates", "value": "soon", "reason": "x"}),
            "value",
        ),
        (json!({"kind": "split", "incident": "WP-1", "events": ["R-none"]}), "events"),
        (json!({"kind": "merge", "incident": "WP-1", "from": []}), "from"),
    ] {
        let got = desk.decide(&wrong);
        assert_eq!((got.status, got.json()["where"].as_str()), (422, Some(place)), "{}", got.text);
    }
    for wrong in [
        json!({"kind": "accept"}),
        json!({"kind": "accept", "incident": "WP-1", "incidnet": 1}),
        json!([]),
        json!({}),
    ] {
        assert_eq!(desk.decide(&wrong).status, 422, "{wrong}");
    }
    assert_eq!(desk.decide(&json!({"kind": "accept", "incident": "WP-nowhere"})).status, 404);
}

#[test]
fn of_two_people_at_one_incident_neither_loses_an_update() {
    let desk = served(three);
    let tag = desk.get("/api/v1/incidents/WP-1").header("etag").to_owned();
    let correct = |value: &str, tag: &str| {
        let body = json!({"kind": "correct", "incident": "WP-1", "field": "killed", "value": value, "reason": "seen"});
        desk.post("/api/v1/decisions", &body, &[("if-match", tag)])
    };
    let first = correct("7", &tag);
    assert_eq!(first.status, 201);
    let second = correct("9", &tag);
    assert_eq!(second.status, 412);
    let problem = second.json();
    assert_eq!(problem["incident"]["figures"]["killed"]["best"], 7, "what the other has made of it");
    assert_eq!(correct("9", first.header("etag")).status, 201);
    assert_eq!(desk.json("/api/v1/incidents/WP-1")["incident"]["figures"]["killed"]["best"], 9);
}

#[test]
fn many_are_decided_about_at_once_where_they_are_as_many_as_was_thought() {
    let desk = served(three);
    let bulk = |count: u64| {
        let body = json!({"kind": "reject", "filters": {"country": ["MLI"], "deaths_min": 1}, "expected_count": count, "reason": "a drill"});
        desk.post("/api/v1/decisions/bulk", &body, &[])
    };
    let wrong = bulk(3);
    assert_eq!((wrong.status, wrong.json()["expected"].as_str()), (409, Some("2")), "{}", wrong.text);
    let done = bulk(2);
    assert_eq!((done.status, done.json()["count"].as_u64()), (201, Some(2)), "{}", done.text);
    assert_eq!(ids(&desk.json("/api/v1/incidents?status=rejected")).len(), 2);
    let decided = done.json();
    let undo = json!({"kind": "undo", "decision": decided["decision"], "through": decided["through"]});
    assert_eq!(desk.decide(&undo).json()["count"], 2);
    assert_eq!(ids(&desk.json("/api/v1/incidents?status=unreviewed")).len(), 3);
    let other = json!({"kind": "undo", "decision": 1, "through": decided["through"]});
    assert_eq!(desk.decide(&other).status, 422, "they were not taken at once");
}

#[test]
fn the_queue_begins_with_what_a_look_is_worth_most() {
    let desk = served(three);
    let queue = desk.json("/api/v1/queue?limit=2");
    let first = &queue["items"][0];
    // (1 - .5) (1 + 4) against (1 - .95) (1 + 40).
    assert_eq!((first["incident"]["id"].as_str(), first["worth"].as_f64()), (Some("WP-1"), Some(2.5)));
    assert_eq!(first["near"][0]["incident"]["id"], "WP-2");
    assert_eq!(first["why"][0]["code"], "uncertain");
    let tag = desk.get("/api/v1/incidents/WP-1").header("etag").to_owned();
    assert_eq!(first["etag"].as_str(), Some(tag.as_str()));
    let next = queue["next"].as_str().unwrap();
    let rest = desk.json(&format!("/api/v1/queue?limit=2&cursor={next}"));
    assert_eq!((rest["items"][0]["incident"]["id"].as_str(), rest["next"].as_str()), (Some("WP-2"), None));
    desk.decide(&json!({"kind": "accept", "incident": "WP-1"}));
    assert_eq!(desk.json("/api/v1/queue")["total"]["count"], 2);
}

#[test]
fn an_export_has_every_row_and_says_how_many() {
    let desk = served(three);
    let got = desk.get("/api/v1/export?format=jsonl&country=MLI");
    assert_eq!((got.header("x-incidents"), got.text.lines().count()), ("2", 2));
    assert!(got.header("content-disposition").contains("sahel-jsonl.jsonl"));
    for format in ["acled", "acled-actors", "ged", "hapi", "plover", "polecat", "geojson", "csv"] {
        let got = desk.get(&format!("/api/v1/export?format={format}"));
        assert_eq!(got.status, 200, "{format}: {}", got.text);
        assert!(got.text.lines().count() >= 2, "{format}: {}", got.text);
    }
    for format in ["xlsx", "parquet"] {
        assert_eq!(desk.get(&format!("/api/v1/export?format={format}")).status, 200, "{format}");
    }
}

#[test]
fn changes_are_told_from_a_cursor_on() {
    let desk = served(three);
    let all = desk.json("/api/v1/changes");
    assert_eq!(all["items"].as_array().unwrap().len(), 3);
    let next = all["next"].as_str().unwrap();
    assert_eq!(desk.json(&format!("/api/v1/changes?since={next}"))["items"], json!([]));
    desk.decide(&json!({"kind": "accept", "incident": "WP-2"}));
    let changed = desk.json(&format!("/api/v1/changes?since={next}"));
    assert_eq!(
        (changed["items"][0]["what"].as_str(), changed["items"][0]["incident"]["id"].as_str()),
        (Some("updated"), Some("WP-2"))
    );
}

#[test]
fn whoever_waits_hears_of_a_change() {
    use std::io::{BufRead as _, BufReader, Write as _};
    let desk = served(three);
    let address = desk.at.trim_start_matches("http://").to_owned();
    let mut socket = std::net::TcpStream::connect(&address).unwrap();
    write!(socket, "GET /api/v1/events HTTP/1.1\r\nHost: {address}\r\n\r\n").unwrap();
    let mut lines = BufReader::new(socket.try_clone().unwrap()).lines();
    assert!(lines.next().unwrap().unwrap().contains("200"));
    assert!(lines.by_ref().any(|line| line.unwrap().is_empty()), "the head ends");
    desk.decide(&json!({"kind": "accept", "incident": "WP-2"}));
    let data = lines.map(|line| line.unwrap()).find(|line| line.starts_with("data:")).unwrap();
    let news: Value = serde_json::from_str(data.trim_start_matches("data:").trim()).unwrap();
    assert_eq!((news["incidents"].clone(), news["by"].clone()), (json!(["WP-2"]), json!(["ada"])));
}

#[test]
fn without_login_only_this_machine_and_this_page_are_answered() {
    let desk = served(three);
    assert_eq!(desk.get_with("/api/v1/incidents", &[("host", "evil.example.org")]).status, 403);
    assert_eq!(desk.get_with("/api/v1/incidents", &[("host", "localhost:1")]).status, 200);
    let accept = json!({"kind": "accept", "incident": "WP-1"});
    for header in
        [("origin", "https://evil.example.org"), ("sec-fetch-site", "cross-site"), ("origin", "null")]
    {
        assert_eq!(desk.post("/api/v1/decisions", &accept, &[header]).status, 403, "{header:?}");
    }
    assert_eq!(desk.post("/api/v1/decisions", &accept, &[("content-type", "text/plain")]).status, 415);
    assert_eq!(desk.post("/api/v1/decisions", &accept, &[("origin", &desk.at)]).status, 201);
    let page = desk.get("/review");
    assert!(page.text.contains("<!doctype html>"), "{}", page.text);
    assert!(page.header("content-security-policy").starts_with("default-src 'none'; script-src 'self';"));
    for header in ["x-content-type-options", "referrer-policy", "x-frame-options"] {
        assert!(!page.header(header).is_empty(), "{header}");
    }
    assert_eq!(desk.json("/api/v1/session")["user"]["name"], "ada");
}

#[test]
fn libraries_are_served_from_their_folder_and_nothing_else_is() {
    let folder = tempfile::TempDir::new().unwrap();
    std::fs::create_dir(folder.path().join("web")).unwrap();
    std::fs::write(folder.path().join("web/map.mjs"), "export {}").unwrap();
    std::fs::write(folder.path().join("secret.txt"), "no").unwrap();
    let web = folder.path().join("web");
    let desk = served_as(|setup| setup.vendor = Some(web), three);
    let got = desk.get("/vendor/map.mjs");
    assert_eq!((got.status, got.header("content-type")), (200, "text/javascript; charset=utf-8"));
    for path in [
        "/vendor/../secret.txt",
        "/vendor/%2e%2e/secret.txt",
        "/vendor/..%2fsecret.txt",
        "/vendor//etc/passwd",
        "/vendor/nothing.js",
    ] {
        let got = desk.get(path);
        assert_eq!(got.status, 404, "{path}: {}", got.text);
    }
    assert_eq!(served(three).get("/vendor/map.mjs").status, 404);
}

#[test]
fn a_private_persons_name_leaves_only_where_names_are_kept() {
    let named = |store: &mut dyn Store| {
        three(store);
        let party = json!({"kind": "individual", "label": "Ahmed Saleh", "actor_id": null, "country": null, "sector": "CVL",
            "inter_code": null, "certainty": "stated"});
        let correction = serde_json::from_value(json!({"field": "recipients", "value": [party]})).unwrap();
        decide(store, &person(), Change::Corrected { incident: "WP-1".to_owned(), correction });
    };
    let paths = [
        "/api/v1/incidents",
        "/api/v1/incidents/WP-1",
        "/api/v1/incidents/WP-1/log",
        "/api/v1/log",
        "/api/v1/changes",
        "/api/v1/facets",
        "/api/v1/queue",
        "/api/v1/map",
        "/api/v1/export?format=jsonl",
        "/api/v1/export?format=csv",
        "/api/v1/export?format=acled",
    ];
    let desk = served(named);
    for path in paths {
        let got = desk.get(path);
        assert!(got.status == 200 && !got.text.contains("Saleh"), "{path}: {}", got.text);
    }
    let changed = desk.decide(&json!({"kind": "accept", "incident": "WP-1"}));
    assert!(!changed.text.contains("Saleh"), "{}", changed.text);
    let kept = served_as(|setup| setup.keep_names = true, named);
    assert!(kept.get("/api/v1/incidents/WP-1").text.contains("Ahmed Saleh"));
}

#[test]
fn the_description_is_whole_and_fresh() {
    let desk = served(|_| {});
    let described = desk.json("/api/v1/openapi.json");
    let text = serde_json::to_string(&described).unwrap();
    for path in text.split("\"$ref\":\"#/components/schemas/").skip(1) {
        let name = path.split('"').next().unwrap();
        assert!(described["components"]["schemas"][name].is_object(), "{name} leads nowhere");
    }
    for (path, operations) in described["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let statuses: Vec<&String> = operation["responses"].as_object().unwrap().keys().collect();
            assert!(statuses.iter().any(|status| status.starts_with('2')), "{method} {path}: {statuses:?}");
            assert!(statuses.iter().any(|status| *status == "500"), "{method} {path}: {statuses:?}");
        }
    }
    assert!(desk.get("/api/v1/docs").text.contains("/api/v1/incidents/{id}"));
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let generated = format!("{:#}\n", watchpost_desk::openapi());
    if std::env::var_os("WATCHPOST_BLESS").is_some() {
        std::fs::write(&path, &generated).unwrap();
    }
    assert!(
        std::fs::read_to_string(&path).unwrap_or_default() == generated,
        "docs/openapi.json is not what the declarations say; WATCHPOST_BLESS=1 cargo test rewrites it"
    );
}
