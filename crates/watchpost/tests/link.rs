//! Drives `watchpost link`.

#[allow(dead_code)]
mod support;

use serde_json::{Value, json};
use support::{Run, gzip, watchpost};

const RAID: &str = "MARSA, March 6, 2021 - Gunmen on motorcycles raided the village of Tavore on Friday night and killed at least 21 people, a local \
    official said. Huts and granaries were burnt. Survivors walked to Marsa, where the Red Crescent gave them blankets in the Alkasi school.";
const LATER: &str = "At least 21 villagers were killed when gunmen attacked Tavore on Friday, officials in Marsa said on Sunday. The raiders came on \
    motorcycles and burnt granaries. Survivors are sheltered in the Alkasi school.";
const BLAST: &str = "A bomb killed four people at the Orenda market in Pelos on Saturday, police said. A dozen others were wounded.";

fn report(id: &str, published: &str, title: &str, text: &str) -> Value {
    json!({"id": id, "published": published, "title": title, "text": text})
}

fn reports() -> Vec<Value> {
    vec![
        report("later", "2021-03-07", "Tavore raid kills 21", LATER),
        report("raid", "2021-03-06", "Gunmen kill 21 in village", RAID),
        report("blast", "2021-03-06", "Bomb kills four", BLAST),
        report(
            "reprint",
            "2021-03-08",
            "Gunmen kill 21",
            &format!("By our correspondent. {RAID} Copyright The Daily Courier 2021."),
        ),
        report("quiet", "2021-03-06", "Season opens", "The football season opens on Saturday."),
        report(
            "denial",
            "2021-03-06",
            "Army denies",
            "The army denied that it had attacked the village of Boni on Monday.",
        ),
    ]
}

fn input(lines: &[Value]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

fn of<'v>(lines: &'v [Value], id: &str) -> &'v Value {
    lines.iter().find(|line| line["given_id"] == id).unwrap_or(&Value::Null)
}

fn linked(arguments: &[&str], input: &str) -> Run {
    let mut all = vec!["link"];
    all.extend(arguments);
    watchpost(&all).stdin(input).run()
}

#[test]
fn reports_of_one_incident_have_one_id_and_keep_their_order() {
    let run = linked(&[], &input(&reports()));
    assert_eq!(run.status, 0, "{}", run.stderr);
    let lines = run.documents();
    let ids: Vec<&str> = lines.iter().filter_map(|line| line["given_id"].as_str()).collect();
    assert_eq!(ids, ["later", "raid", "blast", "reprint", "quiet", "denial"]);
    let primary = |id: &str| of(&lines, id)["primary"].clone();
    assert!(primary("raid").as_str().is_some_and(|id| id.starts_with("incident:")), "{}", run.stdout);
    assert_eq!(primary("raid"), primary("later"));
    assert_eq!(primary("raid"), primary("reprint"));
    assert!(primary("blast").is_string());
    assert_ne!(primary("raid"), primary("blast"));
    assert_eq!(of(&lines, "reprint")["copy_of"], "raid");
    for id in ["raid", "later", "blast"] {
        assert_eq!(of(&lines, id)["copy_of"], Value::Null, "{id}");
    }
    assert_eq!(primary("quiet"), Value::Null);
    assert_eq!(of(&lines, "quiet")["events"], json!([]));
    assert_eq!(primary("denial"), Value::Null, "what is denied is no incident");
    for event in of(&lines, "denial")["events"].as_array().expect("a list") {
        assert_eq!(event["incident"], Value::Null);
    }
    let event = &of(&lines, "raid")["events"][0];
    assert!(event["id"].is_string() && event["incident"] == primary("raid"), "{event}");
}

#[test]
fn the_order_of_the_input_changes_nothing_and_other_reports_change_no_id() {
    let all = reports();
    let straight = linked(&[], &input(&all)).documents();
    let turned: Vec<Value> = all.iter().rev().cloned().collect();
    let mut backwards = linked(&["--jobs", "3"], &input(&turned)).documents();
    backwards.reverse();
    assert_eq!(straight, backwards);
    let fewer: Vec<Value> =
        all.iter().filter(|line| line["id"] != "blast" && line["id"] != "quiet").cloned().collect();
    for line in linked(&[], &input(&fewer)).documents() {
        let id = line["given_id"].as_str().expect("an id").to_owned();
        assert_eq!(&line, of(&straight, &id));
    }
}

#[test]
fn coded_documents_are_taken_as_they_are() {
    let coded = watchpost(&["code"]).stdin(&input(&reports())).run();
    assert_eq!(coded.status, 0, "{}", coded.stderr);
    let run = linked(&[], &coded.stdout);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let lines = run.documents();
    for (document, line) in coded.documents().iter().zip(&lines) {
        assert_eq!(line["given_id"], document["document"]["given_id"]);
        let ids = |list: &Value| -> Vec<Value> {
            list.as_array().into_iter().flatten().map(|event| event["id"].clone()).collect()
        };
        assert_eq!(ids(&line["events"]), ids(&document["events"]));
    }
    assert_eq!(of(&lines, "raid")["primary"], of(&lines, "later")["primary"]);
    assert_ne!(of(&lines, "raid")["primary"], of(&lines, "blast")["primary"]);
    // Reports and coded documents of the same batch are linked with each other.
    let first = coded.stdout.lines().nth(1).expect("a second line");
    let mixed = linked(&[], &format!("{}{first}\n", input(&reports()[..1])));
    let lines = mixed.documents();
    assert!(lines[0]["primary"].is_string());
    assert_eq!(lines[0]["primary"], lines[1]["primary"]);
}

#[test]
fn a_bad_line_costs_that_line_and_is_said() {
    let coded = watchpost(&["code"]).stdin(&input(&reports()[..1])).run();
    let mut broken: Value = serde_json::from_str(coded.stdout.trim()).expect("a coded document");
    broken["events"] = json!("none");
    let mut newer: Value = serde_json::from_str(coded.stdout.trim()).expect("a coded document");
    newer["schema"] = json!("watchpost.coded/9");
    let mut unread: Value = serde_json::from_str(coded.stdout.trim()).expect("a coded document");
    unread["error"] = json!("the document is empty");
    let cases = [
        (broken.to_string(), "coded document and is none"),
        (newer.to_string(), "`watchpost.coded/9`"),
        (unread.to_string(), "the document is empty"),
        (r#"{"schema": "watchpost.coded/1"}"#.to_owned(), "coded document and is none"),
        (r#"{"id":"x","text":"#.to_owned(), "not valid JSON"),
        (r#"{"id":"x","words":"y"}"#.to_owned(), "`text`"),
        (r#"{"id":"x","text":" "}"#.to_owned(), "empty"),
    ];
    let good = report("good", "2021-03-06", "Gunmen kill 21", RAID);
    for (bad, said) in cases {
        let run = linked(&[], &format!("{good}\n{bad}\n{}", input(&reports()[..1])));
        assert_eq!(run.status, 1, "{bad}: {}", run.stderr);
        let lines = run.documents();
        assert_eq!(lines.len(), 3, "{bad}");
        assert!(lines[1]["error"].as_str().is_some_and(|error| error.contains(said)), "{bad}: {}", lines[1]);
        assert_eq!((&lines[1]["primary"], &lines[1]["events"]), (&Value::Null, &json!([])));
        assert!(lines[0]["primary"].is_string() && lines[0]["primary"] == lines[2]["primary"], "{bad}");
        let [problem] = run.errors().try_into().expect("one error line");
        assert_eq!(problem["line"], 2, "{bad}");
        assert!(problem["hint"].as_str().is_some_and(|hint| !hint.is_empty()), "{bad}");
    }
}

#[test]
fn an_id_that_comes_twice_is_said_and_both_are_linked() {
    let twice = [
        report("a", "2021-03-06", "", RAID),
        report("a", "2021-03-06", "", BLAST),
        report("b", "2021-03-07", "", LATER),
    ];
    let run = linked(&[], &input(&twice));
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stderr.contains("`a` was given before, in line 1"), "{}", run.stderr);
    let lines = run.documents();
    assert_eq!(lines[0]["primary"], lines[2]["primary"]);
    assert_ne!(lines[0]["primary"], lines[1]["primary"]);
}

#[test]
fn it_says_why_without_a_word_of_the_texts() {
    let run = linked(&["--explain"], &input(&reports()));
    assert_eq!(run.status, 0, "{}", run.stderr);
    let line =
        |id: &str| run.stderr.lines().find(|line| line.starts_with(&format!("{id}: "))).unwrap_or_default();
    assert!(line("raid").contains("with later: +") && line("raid").contains("points: "), "{}", run.stderr);
    assert!(line("reprint").contains("copy of raid"), "{}", run.stderr);
    assert!(line("quiet").contains("no incident"), "{}", run.stderr);
    assert!(!run.stderr.contains("Alkasi") && !run.stderr.contains("Tavore"), "{}", run.stderr);
    let silent = linked(&[], &input(&reports()));
    assert_eq!(silent.stdout, run.stdout, "explaining changes no result");
}

#[test]
fn packed_and_empty_input_and_wrong_options() {
    let packed = watchpost(&["link"]).stdin_bytes(gzip(input(&reports()).as_bytes())).run();
    assert_eq!(packed.documents().len(), 6);
    let empty = linked(&["--format", "jsonl"], "");
    assert_eq!((empty.status, empty.stdout.as_str()), (0, ""));
    let run = linked(&["--remote-model", "m"], "");
    assert_eq!(run.status, 2, "an option without the reader that it is for");
}

#[test]
fn output_holds_to_the_schema() {
    let schema: Value =
        serde_json::from_str(&watchpost(&["schema", "linked"]).run().stdout).expect("JSON Schema");
    let run = linked(&[], &input(&reports()));
    for line in run.documents() {
        for field in line.as_object().expect("an object").keys() {
            assert!(schema["properties"].get(field).is_some(), "{field}");
        }
        for event in line["events"].as_array().expect("a list") {
            for field in event.as_object().expect("an object").keys() {
                assert!(schema["$defs"]["LinkedEvent"]["properties"].get(field).is_some(), "{field}");
            }
        }
    }
}

#[test]
fn an_explanation_that_nobody_hears_costs_no_output() {
    let all = input(&reports());
    let heard = linked(&["--explain"], &all);
    let unheard = watchpost(&["link", "--explain"]).stdin(&all).unheard().run();
    assert_eq!((unheard.status, unheard.stdout), (0, heard.stdout));
    let run = watchpost(&["code", "--explain", "--to", "jsonl"]).stdin(&all).unheard().run();
    assert_eq!((run.status, run.documents().len()), (0, reports().len()));
}

#[test]
fn what_is_wrong_with_a_coded_document_is_said_without_its_words() {
    let line = json!({"schema": "watchpost.coded/1", "document": {"given_id": "x"}, "events": "Mira Tolan, 24, was shot"});
    let run = linked(&[], &input(&[line]));
    assert_eq!(run.status, 1);
    assert!(!run.stdout.contains("Tolan") && !run.stderr.contains("Tolan"), "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("another kind than expected"), "{}", run.stdout);
}

#[test]
fn without_a_gazetteer_places_are_told_apart_by_their_names() {
    let none = tempfile::TempDir::new().expect("a folder");
    let raid = "GAO, Mali, March 6, 2024 - Gunmen on motorcycles attacked the village of Tassiga near Gao on Tuesday, killing 21 villagers and wounding \
        nine, a local official said. The attackers arrived at dusk, opened fire on the weekly market and set dozens of houses ablaze.";
    let bomb = "MOGADISHU, March 6, 2024 - A car bomb exploded outside a hotel in Mogadishu on Wednesday, wounding five people, police said. \
        Ambulances took the wounded to two hospitals in the city.";
    let again = "At least 23 people died when gunmen attacked the village of Tassiga near Gao on Tuesday, the governor said. Armed men on motorcycles \
        opened fire at the weekly market of Tassiga and burned houses, he said.";
    let lines: String = [("raid", raid), ("bomb", bomb), ("again", again)]
        .into_iter()
        .map(|(id, text)| {
            // A headline that says nothing, as where a page's title is its section's.
            let line =
                serde_json::json!({"id": id, "title": "News", "published": "2024-03-06", "text": text});
            format!("{line}\n")
        })
        .collect();
    let run = watchpost(&["--packs", none.path().to_str().expect("a path"), "link"]).stdin(&lines).run();
    assert_eq!(run.status, 0, "{}", run.stderr);
    let primary: Vec<String> = run.documents().iter().map(|linked| linked["primary"].to_string()).collect();
    assert_eq!(primary[0], primary[2], "one raid");
    assert_ne!(primary[0], primary[1], "Gao is not Mogadishu");
}
