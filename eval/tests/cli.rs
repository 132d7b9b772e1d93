//! The built program on small files: users' own gold, the list of tasks, and what it says when something is amiss.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_watchpost-eval"))
        .args(arguments)
        .env_remove("WATCHPOST_SHARED")
        .output()
        .expect("the program runs")
}

/// A coded document with one attack by gunmen and so many dead.
fn line(id: &str, killed: u64) -> String {
    let count = json!({"number": {"low": killed, "best": killed, "high": killed}, "who": "recipient",
                       "text": "", "start": 0, "end": 0, "part_of": null});
    json!({
        "schema": "watchpost.coded/1",
        "document": {"id": "sha256:0", "given_id": id, "url": null, "title": null, "publisher": null, "language": "en",
                     "published": null, "published_from": "none", "chars": 0},
        "events": [{
            "id": "e", "realis": "asserted", "completion": "accomplished",
            "event_type": "Violence against civilians", "sub_event_type": "Attack",
            "plover": {"event_type": "ASSAULT", "mode": []}, "cameo": null, "type_of_violence": null,
            "gtd_attack_type": null, "event_date": "2021-03-04", "event_date_end": "2021-03-04", "time_precision": 1,
            "date_type": "exact", "date_from": "text", "places": [], "actors": [], "recipients": [], "objects": [],
            "weapons": [], "killed": [count], "injured": [], "killed_or_injured": [], "abducted": [], "arrested": [],
            "missing": [], "escaped": [], "displaced": [],
            "deaths": {"best": killed, "low": killed, "high": killed, "a": 0, "b": 0, "civilians": killed, "unknown": 0},
            "claims": [], "reported_by": [], "evidence": [], "confidence": 0.9, "reasons": {}
        }],
        "tallies": [], "statements": [],
        "coder": {"name": "watchpost", "version": "0", "reader": "", "model": "", "knowledge": ""}
    })
    .to_string()
}

fn write(folder: &Path, name: &str, lines: &[String]) -> String {
    let path = folder.join(name);
    std::fs::write(&path, lines.join("\n")).expect("a file can be written");
    path.display().to_string()
}

#[test]
fn own_gold_is_scored_field_by_field() {
    let folder = tempfile::tempdir().expect("a folder");
    let gold = write(folder.path(), "gold.jsonl", &[line("a", 3), line("b", 5)]);
    let pred = write(folder.path(), "pred.jsonl", &[line("a", 3), line("b", 6)]);
    let wrong = folder.path().join("wrong.jsonl").display().to_string();
    let output = run(&["own", "--gold", &gold, "--pred", &pred, "--json", "--wrong", &wrong]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let sections: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let value = |figure: &str, kind: &str| {
        let lines = sections[0]["lines"].as_array().expect("lines");
        let line = lines.iter().find(|line| line["figure"] == figure && line["kind"] == kind);
        line.and_then(|line| line["value"].as_f64()).expect("a figure")
    };
    assert!((value("event", "F1") - 1.0).abs() < 1e-12);
    assert!((value("killed", "F1") - 0.5).abs() < 1e-12);
    assert!((value("event_date", "recall") - 1.0).abs() < 1e-12);
    let losses = std::fs::read_to_string(wrong).expect("the losses were written");
    assert_eq!(losses.lines().count(), 1);
    let loss: Value = serde_json::from_str(&losses).expect("JSON");
    assert_eq!((&loss["document"], &loss["field"]), (&json!("b"), &json!("killed")));
    assert_eq!((&loss["gold"], &loss["got"]), (&json!(["5"]), &json!(["6"])));
}

#[test]
fn a_broken_line_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let gold = write(folder.path(), "gold.jsonl", &[line("a", 3), "{\"schema\":".to_owned()]);
    let output = run(&["own", "--gold", &gold, "--pred", &gold]);
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains("gold.jsonl, line 2"), "{error}");
}

#[test]
fn every_task_is_listed_and_missing_data_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().display().to_string();
    let output = run(&["list", "--data", &data]);
    assert!(output.status.success());
    let listed = String::from_utf8_lossy(&output.stdout);
    for task in eval::tasks::TASKS {
        // The project's own annotated reports are always there.
        let missing = !task.needs.is_empty();
        let told = |line: &str| line.starts_with(task.name) && line.ends_with("(no data)") == missing;
        assert!(listed.lines().any(told), "{listed}");
    }
}

#[test]
fn an_unknown_task_is_an_error_with_a_hint() {
    let output = run(&["isafe"]);
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(
        error.contains("no task `isafe`") && error.contains("hint:") && error.contains("isaf"),
        "{error}"
    );
}
