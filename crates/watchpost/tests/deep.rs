//! `watchpost code --reader deep`: what the learned reader finds that no list of words holds.

#[allow(dead_code)]
mod support;

use std::path::{Path, PathBuf};

use support::watchpost;

/// The packs of this checkout, where set-up has built the learned reader's base.
#[expect(clippy::print_stdout, reason = "a test that is left out says so")]
fn packs() -> Option<PathBuf> {
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let there = packs.join("encoder-base.wpe").is_file();
    if !there {
        println!("skipped: no packs/encoder-base.wpe; scripts/setup-packs builds it");
    }
    there.then_some(packs)
}

const REPORT: &str = r#"{"id": "a", "published": "2003-05-14", "text": "MONTERIA, Colombia, 14 May 2003 - Two reporters of a local newspaper were riddled with bullets on Tuesday as they left a restaurant in Monteria. Both died at once, police said."}
{"id": "b", "published": "2003-05-14", "text": "The museum, which opened on Saturday, shows two hundred photographs of weddings."}
"#;

#[test]
fn a_deed_that_no_list_holds_is_found_with_its_words() {
    let Some(packs) = packs() else { return };
    let packs = packs.display().to_string();
    let read = |reader: &str| {
        let run = watchpost(&["code", "--reader", reader, "--packs", &packs]).stdin(REPORT).run();
        assert_eq!(run.status, 0, "{}", run.stderr);
        run.documents()
    };
    let deep = read("deep");
    assert_eq!(deep[0]["coder"]["reader"], "deep/1");
    let text = "riddled";
    let told = |document: &serde_json::Value| {
        let events = document["events"].as_array().expect("events").clone();
        events.into_iter().any(|event| {
            let evidence = event["evidence"].as_array().expect("evidence").clone();
            evidence.iter().any(|quote| {
                quote["quote"] == text
                    && quote["supports"].as_array().is_some_and(|fields| fields.contains(&"trigger".into()))
            })
        })
    };
    assert!(told(&deep[0]), "{}", deep[0]["events"]);
    // "Of a local newspaper" says whose reporters they are, and is nobody else.
    assert_eq!(deep[0]["events"][0]["recipients"].as_array().map(Vec::len), Some(1), "{}", deep[0]["events"]);
    assert!(!told(&read("fast")[0]), "the rules alone know no such word");
    assert_eq!(deep[1]["events"], serde_json::json!([]));
    // The same again, and with more threads: nothing of it hangs on the run.
    assert_eq!(read("deep"), deep);
}

#[test]
fn every_field_that_it_fills_has_its_quote() {
    let Some(packs) = packs() else { return };
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let batch = examples.join("batch.jsonl").display().to_string();
    let run = watchpost(&["code", &batch, "--reader", "deep", "--packs", &packs.display().to_string()]).run();
    assert_eq!(run.status, 0, "{}", run.stderr);
    for event in
        run.documents().iter().flat_map(|document| document["events"].as_array().expect("events").clone())
    {
        for field in ["actors", "recipients", "objects", "weapons"] {
            if event[field].as_array().is_some_and(|list| !list.is_empty()) {
                let told = event["evidence"].as_array().expect("evidence").iter().any(|quote| {
                    quote["supports"].as_array().is_some_and(|fields| fields.contains(&field.into()))
                });
                let inferred = event["reasons"][field].is_string();
                assert!(told || inferred, "{field}: {event}");
            }
        }
    }
}

#[test]
fn without_its_base_it_says_what_to_do() {
    let empty = tempfile::tempdir().expect("a folder");
    let run = watchpost(&["code", "--reader", "deep", "--packs", &empty.path().display().to_string()])
        .stdin(REPORT)
        .run();
    assert_ne!(run.status, 0);
    assert!(
        run.stderr.contains("encoder-base.wpe") && run.stderr.contains("scripts/setup-packs"),
        "{}",
        run.stderr
    );
}

const ROUND: &str = r#"{"id": "two", "published": "2021-03-11", "text": "BENI, 11 March 2021 - Gunmen on motorcycles shot dead the headmaster of a primary school in Oicha on Tuesday evening. In a separate attack on Wednesday, a roadside bomb destroyed a bus of a mining company near Kamango and wounded its driver. A total of 41 houses and 16 shops were burned down in the territory in February, the governor said."}
"#;

#[test]
fn a_phrase_is_the_part_of_one_event_and_what_a_total_counts_of_none() {
    let Some(packs) = packs() else { return };
    let run =
        watchpost(&["code", "--reader", "deep", "--packs", &packs.display().to_string()]).stdin(ROUND).run();
    assert_eq!(run.status, 0, "{}", run.stderr);
    let document = run.documents().remove(0);
    let events = document["events"].as_array().expect("events").clone();
    let who = |event: &serde_json::Value, field: &str| -> String {
        let all = event[field].as_array().expect("a list").clone();
        let texts = all.iter().flat_map(|one| one["mentions"].as_array().expect("mentions").clone());
        texts.filter_map(|mention| mention["text"].as_str().map(str::to_owned)).collect::<Vec<_>>().join("; ")
    };
    let with =
        |field: &str, word: &str| events.iter().filter(|event| who(event, field).contains(word)).count();
    assert_eq!(with("recipients", "headmaster"), 1, "{events:#?}");
    assert_eq!(with("objects", "bus"), 1, "{events:#?}");
    assert_eq!(with("objects", "houses") + with("objects", "shops"), 0, "{events:#?}");
}

#[test]
fn a_project_says_who_reads() {
    let project = tempfile::TempDir::new().expect("a folder");
    let file = project.path().join("watchpost.toml");
    assert_eq!(watchpost(&["init"]).file(project.path()).run().status, 0);
    let new = std::fs::read_to_string(&file).expect("its settings");
    let said = |reading: &str| {
        std::fs::write(&file, new.replace("# reader = \"fast\"", reading)).expect("its settings are kept");
    };
    let desk = |arguments: &[&str]| {
        watchpost(arguments).env("WATCHPOST_PROJECT", project.path()).stdin(REPORT).run()
    };
    said("reader = \"slow\"");
    let refused = desk(&["ingest"]);
    assert!(refused.status != 0 && refused.stderr.contains("`fast`, `deep`"), "{}", refused.stderr);
    said("reader = \"remote\"");
    let refused = desk(&["ingest"]);
    assert!(refused.status != 0 && refused.stderr.contains("remote_url"), "{}", refused.stderr);
    let Some(packs) = packs() else { return };
    let packs = packs.display().to_string();
    said("reader = \"deep\"");
    let run = desk(&["ingest", "--packs", &packs, "--to", "jsonl"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    for line in run.documents() {
        let id = line["report"].as_str().expect("the id of a report").to_owned();
        let shown = desk(&["show", &id, "--to", "json"]).stdout;
        assert!(shown.contains("\"deep/1\""), "{shown}");
    }
}
