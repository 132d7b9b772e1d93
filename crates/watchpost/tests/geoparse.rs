//! Drives `watchpost geoparse`. What it finds is judged on names that every set-up knows: countries and our own places.

#[allow(dead_code)]
mod support;

use serde_json::{Value, json};
use support::{Run, gzip, watchpost};

fn lines(run: &Run) -> Vec<Value> {
    run.documents()
}

fn slice(text: &str, place: &Value) -> String {
    let point = |name: &str| usize::try_from(place[name].as_u64().expect("a number")).expect("small");
    text.chars().skip(point("start")).take(point("end") - point("start")).collect()
}

#[test]
fn names_are_found_and_point_at_their_words() {
    let text =
        "« Été » — Shells fell near al-Baghouz in Syria in March, Jordan Smith of the United Nations said.";
    let run = watchpost(&["geoparse"]).stdin(&json!({"id": 7, "text": text}).to_string()).run();
    assert_eq!(run.status, 0, "{}", run.stderr);
    let [line] = lines(&run).try_into().expect("one line");
    assert_eq!(line["id"], "7");
    assert!(line.get("error").is_none());
    let mentions = line["mentions"].as_array().expect("a list");
    let names: Vec<&str> = mentions.iter().filter_map(|place| place["text"].as_str()).collect();
    assert_eq!(names, ["al-Baghouz", "Syria"], "no month, person or organisation is a place");
    for place in mentions {
        assert_eq!(place["text"], slice(text, place));
        assert!(place["reason"].as_str().is_some_and(|reason| !reason.is_empty()));
    }
    assert_eq!(mentions[0]["relation"], "near");
    assert_eq!(mentions[1]["country"], "SYR");
    assert_eq!(mentions[1]["latitude"], Value::Null, "a country has no point");
}

#[test]
fn exactly_the_given_mentions_are_resolved_in_their_order() {
    let text = "In Syria, not in Iraq; Qwxyzland said nothing.";
    let at = |name: &str| {
        let start = text.find(name).expect("in the text");
        json!({"start": start, "end": start + name.len(), "mine": "kept out"})
    };
    let input =
        json!({"id": "a", "text": text, "mentions": [at("Iraq"), at("Qwxyzland"), at("Syria"), at("said")]});
    let run = watchpost(&["geoparse"]).stdin(&input.to_string()).run();
    assert_eq!(run.status, 0, "{}", run.stderr);
    let line = &lines(&run)[0];
    let got: Vec<(&str, Option<&str>)> = line["mentions"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|place| (place["text"].as_str().unwrap_or(""), place["country"].as_str()))
        .collect();
    assert_eq!(got, [("Iraq", Some("IRQ")), ("Qwxyzland", None), ("Syria", Some("SYR")), ("said", None)]);
    assert_eq!(line["mentions"][1]["latitude"], Value::Null);
    let none = watchpost(&["geoparse"]).stdin(&json!({"text": text, "mentions": []}).to_string()).run();
    assert_eq!(lines(&none)[0]["mentions"], json!([]), "an empty list asks for nothing");
    assert_eq!(lines(&none)[0]["id"], Value::Null);
}

#[test]
fn a_bad_line_costs_that_line_and_is_said() {
    let good = json!({"id": "good", "text": "A convoy left Iraq."}).to_string();
    let cases = [
        (r#"{"id":"m","text":"Iraq","mentions":[{"start":0,"end":9}]}"#, "mention 1 goes from 0 to 9"),
        (r#"{"id":"m","text":"Iraq","mentions":[{"start":2,"end":2}]}"#, "mention 1 goes from 2 to 2"),
        (r#"{"id":"m","text":"Iraq","mentions":[{"start":-1,"end":"x"}]}"#, "whole numbers"),
        (r#"{"id":"m","text":"Iraq","mentions":{"start":0}}"#, "no list"),
        (r#"{"id":"m","text":"Iraq","country":"Atlantis"}"#, "`Atlantis`"),
        (r#"{"id":"m","text":"Iraq","country":4}"#, "no string"),
        (r#"{"id":"m","words":"Iraq"}"#, "`text`"),
        (r#"{"id":"m","text":"#, "not valid JSON"),
    ];
    for (bad, said) in cases {
        let run = watchpost(&["geoparse", "--jobs", "3"]).stdin(&format!("{good}\n{bad}\n{good}\n")).run();
        assert_eq!(run.status, 1, "{bad}");
        let lines = lines(&run);
        let ids: Vec<&str> = lines.iter().filter_map(|line| line["id"].as_str()).collect();
        assert_eq!(ids, ["good", "m", "good"], "{bad}");
        let error = lines[1]["error"].as_str().unwrap_or_default();
        assert!(error.contains(said), "{bad}: {error}");
        assert_eq!(lines[1]["mentions"], json!([]));
        assert_eq!(lines[2]["mentions"][0]["country"], "IRQ");
        let [problem] = run.errors().try_into().expect("one error line");
        assert_eq!(problem["line"], 2, "{bad}");
        assert!(problem["hint"].as_str().is_some_and(|hint| !hint.is_empty()), "{bad}");
    }
}

#[test]
fn a_country_may_be_told_for_all_lines() {
    let text = json!({"text": "Shells hit the town of Balad."}).to_string();
    for (said, country) in
        [("IRQ", "IRQ"), ("iq", "IRQ"), ("Iraq", "IRQ"), ("SOM", "SOM"), ("Somalia", "SOM")]
    {
        let run = watchpost(&["geoparse", "--country", said]).stdin(&text).run();
        assert_eq!(run.status, 0, "{}", run.stderr);
        let place = &lines(&run)[0]["mentions"][0];
        assert_eq!(place["country"], country, "{said}");
        let reason = place["reason"].as_str().unwrap_or_default();
        assert!(reason.contains("told with the text"), "{reason}");
    }
    // What a line says of itself stands above it.
    let own = json!({"text": "Shells hit the town of Balad.", "country": "SO"}).to_string();
    let run = watchpost(&["geoparse", "--country", "IRQ"]).stdin(&own).run();
    assert_eq!(lines(&run)[0]["mentions"][0]["country"], "SOM");
    let run = watchpost(&["geoparse", "--country", "Atlantis"]).stdin(&text).run();
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("ISO 3166-1") && run.stdout.is_empty(), "{}", run.stderr);
}

#[test]
fn packed_and_plain_input_is_taken() {
    let line = json!({"id": "z", "text": "A convoy left Iraq."}).to_string();
    let packed = watchpost(&["geoparse"]).stdin_bytes(gzip(line.as_bytes())).run();
    assert_eq!(lines(&packed)[0]["mentions"][0]["country"], "IRQ");
    let plain = watchpost(&["geoparse"]).stdin("A convoy left Iraq for Syria.").run();
    assert_eq!(lines(&plain)[0]["mentions"].as_array().map(Vec::len), Some(2));
}

#[test]
fn output_holds_to_the_schema() {
    let schema: Value =
        serde_json::from_str(&watchpost(&["schema", "geoparsed"]).run().stdout).expect("JSON Schema");
    let fields = schema["$defs"]["Place"]["properties"].as_object().expect("fields");
    let run = watchpost(&["geoparse"]).stdin("Shells fell 10 km north of al-Baghouz.").run();
    let line = &lines(&run)[0];
    for field in line.as_object().expect("an object").keys() {
        assert!(schema["properties"].get(field).is_some(), "{field}");
    }
    for field in line["mentions"][0].as_object().expect("an object").keys() {
        assert!(fields.contains_key(field), "{field}");
    }
    assert_eq!(line["mentions"][0]["distance_km"], 10.0);
}
