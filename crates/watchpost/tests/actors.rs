//! Drives `watchpost actors` and a user's own table of actors.

#[allow(dead_code)]
mod support;

use std::path::PathBuf;

use serde_json::Value;
use support::{Run, watchpost};

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).expect("JSON")
}

fn found(arguments: &[&str]) -> Value {
    let run = watchpost(&[&["actors", "find", "--to", "json"], arguments].concat()).run();
    assert_eq!(run.status, 0, "{arguments:?}: {} {}", run.stdout, run.stderr);
    json(&run)["candidates"][0].clone()
}

/// A file of the test's own.
fn file(name: &str, text: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("watchpost-{}-{name}", std::process::id()));
    std::fs::write(&path, text).expect("a file in the folder for such files");
    path
}

#[test]
fn a_name_is_found_with_all_that_is_known() {
    let daesh = found(&["Daesh"]);
    assert_eq!((&daesh["id"], &daesh["meant"]), (&"islamic-state".into(), &true.into()));
    assert_eq!((&daesh["ucdp"], &daesh["how"]), (&234.into(), &"alias Daesh".into()));
    assert_eq!(found(&["SLA", "--country", "Lebanon", "--date", "1999-06-01"])["id"], "south-lebanon-army");
    assert_eq!(
        found(&["SLA", "--country", "SDN", "--date", "2005-06-01"])["id"],
        "sudan-liberation-movement-army"
    );
    let hts = found(&["HTS"]);
    assert_eq!((&hts["splinter_of"], &hts["sector"]), (&"al-nusra-front".into(), &"REB".into()));
    assert_eq!(found(&["قوات", "سوريا", "الديمقراطية"])["id"], "syrian-democratic-forces");
}

#[test]
fn what_no_table_lists_is_made_from_country_and_role() {
    let army = found(&["Egyptian army"]);
    assert_eq!((&army["id"], &army["name"]), (&Value::Null, &"Military Forces of Egypt".into()));
    assert_eq!(
        (&army["country"], &army["sector"], &army["meant"]),
        (&"EGY".into(), &"MIL".into(), &true.into())
    );
    let backed = found(&["Turkish-backed", "fighters", "--country", "SYR", "--date", "2020-05-12"]);
    assert_eq!(backed["id"], "syrian-national-army");
    let coalition = |country: &str, day: &str| {
        found(&["US-led coalition", "--country", country, "--date", day])["id"].clone()
    };
    assert_eq!(coalition("AFG", "2009-05-01"), "international-security-assistance-force");
    assert_eq!(coalition("IRQ", "2006-05-01"), "multi-national-force-iraq");
    assert_eq!(coalition("IRQ", "2016-05-01"), "international-coalition-against-the-islamic-state");
    assert_eq!(coalition("SYR", "2016-05-01"), "international-coalition-against-the-islamic-state");
}

#[test]
fn people_get_a_table_and_nobody_is_a_status() {
    let run = watchpost(&["actors", "find", "Hezbollah", "--to", "table"]).run();
    assert_eq!(run.status, 0);
    for said in [
        "Hezbollah  hezbollah  ← meant here",
        "LBN (also SYR, ISR)",
        "backed by IRN in LBN 1982–",
        "UCDP 366",
    ] {
        assert!(run.stdout.contains(said), "{said}: {}", run.stdout);
    }
    let run = watchpost(&["actors", "find", "Nobody's Brigade of Sahmin", "--to", "table"]).run();
    assert_eq!((run.status, run.stdout.as_str()), (1, "No actor is called Nobody's Brigade of Sahmin.\n"));
}

const REPORTS: &str = concat!(
    r#"{"id": "a", "text": "SAHMIN, Syria, 3 May 2024 - Fighters of the Sahmin Liberation Brigade attacked an army checkpoint on Thursday, killing three soldiers.", "published": "2024-05-03"}"#,
    "\n",
    r#"{"id": "b", "text": "The Sahmin Liberation Brigade killed two soldiers in an ambush on Friday. Gunmen shot dead Samir Haddad, a baker.", "published": "2024-05-04"}"#,
    "\n",
);

#[test]
fn names_that_the_registry_lacks_are_listed_and_can_be_given_back() {
    let run = watchpost(&["actors", "unknown"]).stdin(REPORTS).run();
    assert_eq!(run.status, 0, "{}", run.stderr);
    let lines: Vec<Value> =
        run.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 1, "{}", run.stdout);
    assert_eq!((&lines[0]["phrase"], &lines[0]["count"]), (&"Sahmin Liberation Brigade".into(), &2.into()));
    assert_eq!(lines[0]["documents"], serde_json::json!(["a", "b"]));
    assert!(lines[0]["quote"].as_str().is_some_and(|quote| quote.contains("attacked an army checkpoint")));
    assert!(!run.stdout.contains("Haddad"), "a private person: {}", run.stdout);

    // The rows go back as they came: now the brigade is known.
    let rows = watchpost(&["actors", "unknown", "--to", "tsv"]).stdin(REPORTS).run();
    let table = file("given-back.tsv", &rows.stdout);
    let named = table.display().to_string();
    let check = watchpost(&["actors", "check", &named]).run();
    assert_eq!(check.status, 0, "{}", check.stdout);
    assert!(check.stdout.contains("1 new, 0 changed): no fault"), "{}", check.stdout);
    let again = watchpost(&["actors", "unknown", "--to", "table", "--actors", &named]).stdin(REPORTS).run();
    assert_eq!(again.stdout, "Every name in an actor's place is in the registry.\n");

    let coded = watchpost(&["code", "--actors", &named]).stdin(REPORTS).run().documents();
    let actor = &coded[0]["events"][0]["actors"][0];
    assert_eq!(actor["actor_id"], "sahmin-liberation-brigade", "{actor}");
    // Another registry is other knowledge.
    let plain = watchpost(&["code"]).stdin(REPORTS).run().documents();
    assert_ne!(coded[0]["coder"]["knowledge"], plain[0]["coder"]["knowledge"]);
    let by_variable = watchpost(&["code"]).env("WATCHPOST_ACTORS", &table).stdin(REPORTS).run().documents();
    assert_eq!(coded, by_variable);
    let doctor = watchpost(&["doctor", "--actors", &named]).run();
    assert!(
        doctor.stdout.contains("given-back.tsv") && doctor.stdout.contains("1 new actors"),
        "{}",
        doctor.stdout
    );
    let _ = std::fs::remove_file(table);
}

#[test]
fn a_bad_table_stops_with_file_and_line() {
    let table = file("bad.tsv", "id\tname\tcountry\nx\tX Group\tSyria\ny\tY Group\tSYR\nz\t\tSYR\n");
    let named = table.display().to_string();
    let run = watchpost(&["code", "--actors", &named]).stdin(REPORTS).run();
    assert_eq!((run.status, run.stdout.as_str()), (1, ""));
    for said in [
        format!("{named}:2: `Syria` is no country"),
        format!("{named}:4: `z` has no name"),
        "hint: mend".to_owned(),
    ] {
        assert!(run.stderr.contains(&said), "{said}: {}", run.stderr);
    }
    let check = watchpost(&["actors", "check", &named]).run();
    assert_eq!(check.status, 1);
    assert!(check.stdout.ends_with("1 new, 0 changed): 2 faults\n"), "{}", check.stdout);
    let doctor = watchpost(&["doctor", "--json", "--actors", &named]).run();
    assert_eq!(doctor.status, 1);
    assert!(doctor.stdout.contains("has no name"), "{}", doctor.stdout);
    let _ = std::fs::remove_file(table);
}

#[test]
fn a_partisan_report_and_its_opposite_meet_in_one_record() {
    let report = |publisher: &str, text: &str| {
        let line =
            serde_json::json!({"text": text, "publisher": publisher, "published": "2020-05-12"}).to_string();
        watchpost(&["code"]).stdin(&format!("{line}\n")).run().documents()[0].clone()
    };
    let ids = |document: &Value| -> Vec<String> {
        let sides = document["events"].as_array().into_iter().flatten();
        let actors = sides.flat_map(|event| event["actors"].as_array().cloned().unwrap_or_default());
        actors.filter_map(|actor| actor["actor_id"].as_str().map(str::to_owned)).collect()
    };
    let kurdish = report(
        "ANHA",
        "Turkish occupation mercenaries shelled a village near Afrin, Syria, on Monday, killing two civilians.",
    );
    let turkish = report(
        "Enab Baladi",
        "The Syrian National Army shelled a village near Afrin, Syria, on Monday, killing two civilians.",
    );
    assert_eq!(ids(&kurdish), ["syrian-national-army"], "{kurdish}");
    assert_eq!(ids(&kurdish), ids(&turkish));
    let actor = &kurdish["events"][0]["actors"][0];
    assert_eq!(actor["certainty"], "inferred");
    // In another outlet the same words mean nobody in particular.
    let other = report(
        "Valley Courier",
        "Occupation mercenaries shelled a village near Afrin, Syria, on Monday, killing two civilians.",
    );
    assert!(ids(&other).is_empty(), "{other}");
    let agency = report(
        "Anadolu Agency",
        "PKK/YPG terrorists shelled a village near Afrin, Syria, on Monday, killing two civilians.",
    );
    assert_eq!(ids(&agency), ["people-s-protection-units"], "{agency}");
}
