//! Incidents out and in again, as a person does it: exports in every shape, imports that find their rows again.

#![allow(clippy::unwrap_used, clippy::panic)]

#[allow(dead_code)]
mod support;

use std::path::Path;

use serde_json::Value;
use support::{Run, watchpost};
use tempfile::TempDir;

/// A row of ACLED's columns, invented.
const HEADER: &str = "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,assoc_actor_1,inter1,\
    actor2,assoc_actor_2,inter2,interaction,civilian_targeting,iso,region,country,admin1,admin2,admin3,location,latitude,longitude,\
    geo_precision,source,source_scale,notes,fatalities,tags,timestamp";

fn acled(id: &str, day: &str, location: &str, killed: &str, timestamp: u32) -> String {
    format!(
        "{id},{day},2024,1,Political violence,Battles,Armed clash,Jund Rifles,River Guard,Rebel group,Military Forces of Mali (2021-),,\
         State forces,State forces-Rebel group,,466,Western Africa,Mali,Gao,Ansongo,,{location},15.6667,-0.5,1,Radio Example; Example \
         Daily,National,\"On {day}, Jund Rifles clashed with soldiers at {location}: {killed} killed.\",{killed},,{timestamp}"
    )
}

/// A new project.
fn project() -> TempDir {
    let folder = TempDir::new().unwrap();
    let run = watchpost(&["init", folder.path().to_str().unwrap()]).run();
    assert_eq!(run.status, 0, "{}", run.stderr);
    folder
}

fn at(folder: &Path, args: &[&str]) -> Run {
    watchpost(args).env("WATCHPOST_PROJECT", folder).run()
}

fn import(folder: &Path, text: &str, from: &str, more: &[&str]) -> Run {
    let file = folder.join("rows.csv");
    std::fs::write(&file, text).unwrap();
    at(folder, &[&["import", file.to_str().unwrap(), "--from", from], more].concat())
}

fn incidents(folder: &Path) -> Vec<Value> {
    let run = at(folder, &["export", "--to", "jsonl"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn cells(table: &str) -> Vec<std::collections::BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(table.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().unwrap().clone();
    let rows = reader.records();
    rows.map(|row| header.iter().map(str::to_owned).zip(row.unwrap().iter().map(str::to_owned)).collect())
        .collect()
}

/// Writes a table again, with a cell changed.
fn with(table: &str, row: usize, column: &str, value: &str) -> String {
    let mut reader = csv::Reader::from_reader(table.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().unwrap().clone();
    let at = header.iter().position(|name| name == column).unwrap();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&header).unwrap();
    for (number, record) in reader.records().enumerate() {
        let record = record.unwrap();
        let cells = record
            .iter()
            .enumerate()
            .map(|(cell, text)| if (number, cell) == (row, at) { value } else { text });
        writer.write_record(cells).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

#[test]
fn a_dataset_goes_in_once_and_is_updated_by_its_ids() {
    let folder = project();
    let folder = folder.path();
    let first = acled("MLI1", "2024-03-05", "Labbezanga", "3", 1_709_800_000);
    let second = acled("MLI2", "06 March 2024", "Tassiga", "1", 1_709_800_000);
    let file = format!("\u{feff}{HEADER}\n{first}\n{second}\n");
    let dry = import(folder, &file, "acled", &["--dry-run"]);
    assert_eq!(dry.status, 0, "{}", dry.stderr);
    assert_eq!(dry.stdout.lines().count(), 2);
    assert!(dry.stderr.contains("created 2, updated 0, unchanged 0, refused 0"), "{}", dry.stderr);
    assert!(incidents(folder).is_empty(), "a trial changes nothing");

    let run = import(folder, &file, "acled", &[]);
    assert!(run.stderr.contains("created 2, updated 0, unchanged 0, refused 0"), "{}", run.stderr);
    let made = incidents(folder);
    assert_eq!(made.len(), 2);
    let one = made.iter().find(|incident| incident["place"]["name"] == "Labbezanga").unwrap();
    assert_eq!((&one["deaths"]["best"], &one["sub_event_type"]), (&3.into(), &"Armed clash".into()));
    assert_eq!(
        one["figures"]["killed"]["told"][0]["publisher"], "ACLED",
        "the figure says where it comes from"
    );
    assert_eq!(one["figures"]["killed"]["told"][0]["kind"], "monitor");
    let id = one["id"].as_str().unwrap().to_owned();

    // The words of the row stand under every field.
    let shown = at(folder, &["show", &id, "--to", "json"]);
    let shown: Value = serde_json::from_str(&shown.stdout).unwrap();
    let report = shown["reports"][0]["report"].as_str().unwrap().to_owned();
    let kept: Value = serde_json::from_str(&at(folder, &["show", &report, "--to", "json"]).stdout).unwrap();
    let text: Vec<char> = kept["text"].as_str().unwrap().chars().collect();
    let slice = |from: &Value| -> String {
        text[from["start"].as_u64().unwrap() as usize..from["end"].as_u64().unwrap() as usize]
            .iter()
            .collect()
    };
    let event = &kept["coded"]["events"][0];
    for evidence in event["evidence"].as_array().unwrap() {
        assert_eq!(slice(evidence), evidence["quote"].as_str().unwrap());
    }
    for people in ["actors", "recipients", "reported_by"] {
        for mention in
            event[people].as_array().unwrap().iter().flat_map(|one| one["mentions"].as_array().unwrap())
        {
            assert_eq!(slice(mention), mention["text"].as_str().unwrap(), "{people}");
        }
    }
    assert_eq!(slice(&event["killed"][0]), "3");
    assert_eq!(slice(&event["places"][0]), "Labbezanga");

    let again = import(folder, &file, "acled", &[]);
    assert!(again.stderr.contains("created 0, updated 0, unchanged 2, refused 0"), "{}", again.stderr);

    // A later version: more dead, another place. The place is corrected, the figure told by the row's later version.
    let later =
        format!("{HEADER}\n{}\n{second}\n", acled("MLI1", "2024-03-05", "Ouatagouna", "5", 1_709_900_000));
    let run = import(folder, &later, "acled", &[]);
    assert!(run.stderr.contains("created 0, updated 1, unchanged 1, refused 0"), "{}", run.stderr);
    let now = incidents(folder);
    let one = now.iter().find(|incident| incident["id"] == id.as_str()).unwrap();
    assert_eq!((&one["deaths"]["best"], &one["place"]["name"]), (&5.into(), &"Ouatagouna".into()));
    assert_eq!(one["independent_reports"], 1, "versions of one row are one voice");
    let log = at(folder, &["log", &id, "--to", "jsonl"]).stdout;
    assert!(
        log.contains("rows.csv, line 2: ") && log.contains("location `Labbezanga` → `Ouatagouna`"),
        "{log}"
    );
    assert!(import(folder, &later, "acled", &[]).stderr.contains("unchanged 2"));
    assert_eq!(at(folder, &["verify", "--rebuild"]).status, 0);

    // What a person says stands above the dataset.
    let run = at(
        folder,
        &["decide", "correct", &id, "dates", "2024-03-04", "--by", "A. Reviewer", "--why", "two witnesses"],
    );
    assert_eq!(run.status, 0, "{}", run.stderr);
    let other_day = format!("{HEADER}\n{}\n", acled("MLI1", "2024-03-07", "Ouatagouna", "5", 1_709_990_000));
    let run = import(folder, &other_day, "acled", &[]);
    assert_eq!(run.status, 1);
    assert!(run.stderr.contains("a person has decided"), "{}", run.stderr);
    let now = incidents(folder);
    assert_eq!(
        now.iter().find(|incident| incident["id"] == id.as_str()).unwrap()["event_date"],
        "2024-03-04"
    );

    // A dump takes it all along.
    let dump = folder.join("all.jsonl");
    assert_eq!(at(folder, &["backup", dump.to_str().unwrap()]).status, 0);
    let other = project();
    assert_eq!(at(other.path(), &["restore", dump.to_str().unwrap()]).status, 0);
    assert_eq!(incidents(other.path()), now);
    assert_eq!(at(other.path(), &["verify"]).status, 0);
}

#[test]
fn a_row_that_cannot_be_used_is_said_and_the_others_go_in() {
    let folder = project();
    let folder = folder.path();
    let good = acled("MLI1", "2024-03-05", "Labbezanga", "3", 1_709_800_000);
    let file = format!(
        "{HEADER}\n{}\n{}\n{good}\n{good}\nshort,row\n",
        acled("MLI7", "05/03/2024", "Tassiga", "many", 1_709_800_000),
        acled("MLI8", "2024-03-05", "Tassiga", "1", 1_709_800_000).replace("Armed clash", "Skirmish"),
    );
    let run = import(folder, &file, "acled", &[]);
    assert_eq!(run.status, 1);
    assert!(run.stderr.contains("created 1, updated 0, unchanged 0, refused 4"), "{}", run.stderr);
    for said in [
        "column event_date: found `05/03/2024`, expected a day",
        "column fatalities: found `many`, expected a whole number",
        "column sub_event_type: found `Skirmish`, expected one of",
        "the id stands in line 4 too",
        "found 2 cells, expected 31",
    ] {
        assert!(run.stderr.contains(said), "{said}: {}", run.stderr);
    }
    assert_eq!(incidents(folder).len(), 1);
}

#[test]
fn our_own_export_is_corrected_in_a_spreadsheet_and_taken_back() {
    let folder = project();
    let folder = folder.path();
    let rows = [
        acled("MLI1", "2024-03-05", "Labbezanga", "3", 1_709_800_000),
        acled("MLI2", "2024-03-06", "Tassiga", "1", 1_709_800_000),
    ];
    import(folder, &format!("{HEADER}\n{}\n", rows.join("\n")), "acled", &[]);
    for format in ["acled", "ged"] {
        let export = at(folder, &["export", "--to", format]);
        assert_eq!(export.status, 0, "{}", export.stderr);
        assert!(export.stderr.contains("wrote 2 incidents"), "{}", export.stderr);
        let run = import(folder, &export.stdout, format, &["--by", "A. Reviewer"]);
        assert!(
            run.stderr.contains("created 0, updated 0, unchanged 2, refused 0"),
            "{format}: {}",
            run.stderr
        );
    }
    let export = at(folder, &["export", "--to", "acled", "--inter", "numeric"]).stdout;
    let row = cells(&export).iter().position(|row| row["location"] == "Tassiga").unwrap();
    let id = cells(&export)[row]["event_id_cnty"].clone();
    assert!(id.starts_with("WP-"), "{id}");
    let run = import(folder, &with(&export, row, "fatalities", "4"), "acled", &["--by", "A. Reviewer"]);
    assert!(run.stderr.contains("created 0, updated 1, unchanged 1, refused 0"), "{}", run.stderr);
    let now = incidents(folder);
    let one = now.iter().find(|incident| incident["id"] == id.as_str()).unwrap();
    assert_eq!(one["deaths"]["best"], 4);
    let log = at(folder, &["log", &id, "--to", "jsonl"]).stdout;
    assert!(log.contains("A. Reviewer") && log.contains("fatalities `1` → `4`"), "{log}");

    // The same file again changes nothing; an old one with another change would undo what was done since.
    let again = import(folder, &with(&export, row, "fatalities", "4"), "acled", &["--by", "A. Reviewer"]);
    assert!(again.stderr.contains("unchanged 2"), "{}", again.stderr);
    let old = with(&with(&export, row, "admin2", "Gao"), row, "timestamp", "1000000000");
    let run = import(folder, &old, "acled", &["--by", "A. Reviewer"]);
    assert_eq!(run.status, 1);
    assert!(run.stderr.contains("was changed after this file was written"), "{}", run.stderr);
}

#[test]
fn ged_files_come_with_other_orders_and_without_a_header() {
    let folder = project();
    let folder = folder.path();
    let hdx = "iso3,country,id,date_start,date_end,date_prec,type_of_violence,side_a,side_b,best,low,high,deaths_civilians,latitude,longitude,\
        where_prec,where_coordinates,adm_1,source_headline\n#country+code,#country+name,,#date+start,#date+end,,,,,,,,,,,,,,\n\
        MLI,Mali,5012,2024-03-05 00:00:00.000,2024-03-05 00:00:00.000,1,3,Jund Rifles,Civilians,7,5,9,7,15.66,-0.5,1,Labbezanga village,Gao,\
        Villagers killed\n";
    let run = import(folder, hdx, "ged", &["--as", "UCDP Candidate"]);
    assert!(run.stderr.contains("created 1, updated 0, unchanged 0, refused 0"), "{}", run.stderr);
    let export = at(folder, &["export", "--to", "ged"]);
    let row = &cells(&export.stdout)[0];
    assert_eq!((row["low"].as_str(), row["best"].as_str(), row["high"].as_str()), ("5", "7", "9"));
    assert_eq!(
        (row["side_b"].as_str(), row["deaths_civilians"].as_str(), row["country_id"].as_str()),
        ("Civilians", "7", "432")
    );
    assert_eq!(row["source_office"], "UCDP Candidate");

    // The same columns without their first line.
    let without = export.stdout.split_once("\r\n").unwrap().1.replace("WP-", "X-");
    let run = import(folder, &without, "ged", &["--as", "another"]);
    assert!(run.stderr.contains("created 1"), "{}", run.stderr);
}

#[test]
fn every_format_writes_all_and_says_how_many() {
    let folder = project();
    let folder = folder.path();
    let rows: Vec<String> = (0..30)
        .map(|n| acled(&format!("MLI{n}"), "2024-03-05", &format!("Place {n}"), "2", 1_709_800_000))
        .collect();
    import(folder, &format!("{HEADER}\n{}\n", rows.join("\n")), "acled", &[]);
    for format in ["acled", "ged", "csv", "jsonl", "geojson", "plover", "xlsx", "parquet"] {
        let out = folder.join(format!("out.{format}"));
        let run = at(folder, &["export", "--to", format, "--out", out.to_str().unwrap()]);
        assert_eq!(run.status, 0, "{format}: {}", run.stderr);
        assert!(run.stderr.contains("wrote 30 incidents to "), "{format}: {}", run.stderr);
        let bytes = std::fs::read(&out).unwrap();
        let begins: &[u8] = match format {
            "xlsx" => b"PK",
            "parquet" => b"PAR1",
            _ => b"",
        };
        assert!(bytes.len() > 1000 && bytes.starts_with(begins), "{format}");
        assert!(!folder.join(format!("out.{format}.part")).exists());
    }
    let hapi = at(folder, &["export", "--to", "hapi"]);
    assert!(hapi.stderr.contains("wrote 30 incidents as 1 row"), "{}", hapi.stderr);
    assert_eq!(cells(&hapi.stdout)[0]["events"], "30");
    let actors = at(folder, &["export", "--to", "acled", "--shape", "actor"]);
    assert_eq!(cells(&actors.stdout).len(), 90);
    let polecat = at(folder, &["export", "--to", "plover", "--shape", "polecat"]);
    assert_eq!(polecat.stdout.lines().next().unwrap().split('\t').count(), 40);
    let some = at(folder, &["export", "--to", "csv", "--country", "NGA"]);
    assert!(some.stderr.contains("wrote 0 incidents"), "{}", some.stderr);
    for wrong in [
        &["export", "--to", "csv", "--hxl"][..],
        &["export", "--to", "ged", "--shape", "actor"],
        &["export", "--to", "ged", "--inter", "numeric"],
        &["export", "--to", "jsonl", "--bom"],
    ] {
        assert_eq!(at(folder, wrong).status, 2, "{wrong:?}");
    }
}

#[test]
fn our_own_ged_rows_are_held_against_what_came_since() {
    let folder = project();
    let folder = folder.path();
    let row = acled("MLI1", "2024-03-05", "Labbezanga", "3", 1_709_800_000);
    import(folder, &format!("{HEADER}\n{row}\n"), "acled", &[]);
    let by = ["--by", "A. Reviewer"];
    let export = at(folder, &["export", "--to", "ged"]).stdout;
    let (id, release) = (cells(&export)[0]["id"].clone(), cells(&export)[0]["relid"].clone());
    let seconds = release.strip_prefix(&format!("{id}@")).expect("its id and when it was changed");
    let old = release.replace(seconds, "1000000000");
    let more = with(&with(&export, 0, "best", "4"), 0, "high", "4");
    let run = import(folder, &with(&more, 0, "relid", &old), "ged", &by);
    assert_eq!(run.status, 1);
    assert!(run.stderr.contains("was changed after this file was written"), "{}", run.stderr);
    assert!(run.stderr.contains("empty the cell `relid`"), "{}", run.stderr);
    let run = import(folder, &with(&more, 0, "relid", ""), "ged", &by);
    assert!(run.stderr.contains("updated 1"), "{}", run.stderr);
    assert_eq!(incidents(folder)[0]["deaths"]["best"], 4);
}

#[test]
fn what_an_import_does_not_take_over_is_said() {
    let folder = project();
    let folder = folder.path();
    let row = acled("MLI1", "2024-03-05", "Labbezanga", "3", 1_709_800_000);
    import(folder, &format!("{HEADER}\n{row}\n"), "acled", &[]);
    let export = at(folder, &["export", "--to", "acled"]).stdout;
    let by = ["--by", "A. Reviewer"];
    assert!(!import(folder, &export, "acled", &by).stderr.contains("not taken over"));
    let edited =
        with(&with(&export, 0, "notes", "Another story."), 0, "civilian_targeting", "Civilian targeting");
    let run = import(folder, &edited, "acled", &by);
    assert!(run.stderr.contains("unchanged 1"), "{}", run.stderr);
    assert!(
        run.stderr.contains("what the row says otherwise in civilian_targeting, notes is not taken over"),
        "{}",
        run.stderr
    );
    let dry = import(folder, &edited, "acled", &["--dry-run"]);
    let said: Value = serde_json::from_str(dry.stdout.lines().next().unwrap()).unwrap();
    assert_eq!(
        (&said["what"], &said["ignored"]["notes"]["after"]),
        (&"unchanged".into(), &"Another story.".into())
    );
    // What follows from a cell that was changed is no edit of its own.
    let run = import(folder, &with(&export, 0, "event_date", "2023-03-05"), "acled", &by);
    assert!(run.stderr.contains("updated 1") && !run.stderr.contains("not taken over"), "{}", run.stderr);
}

#[test]
fn a_row_may_go_back_and_forth() {
    let folder = project();
    let folder = folder.path();
    let file = |place: &str, killed: &str, day: u32| {
        format!("{HEADER}\n{}\n", acled("MLI1", "2024-03-05", place, killed, 1_709_800_000 + day * 86_400))
    };
    let (a, b) = (("Labbezanga", "3"), ("Ouatagouna", "5"));
    for (turn, (place, killed)) in [a, b, a, b, a].into_iter().enumerate() {
        // The last time its file says that it is older than what is kept.
        let day = if turn == 4 { 0 } else { turn as u32 };
        let run = import(folder, &file(place, killed, day), "acled", &[]);
        let what = if turn == 0 { "created 1" } else { "updated 1" };
        assert!(run.stderr.contains(what), "{turn}: {}", run.stderr);
        let again = import(folder, &file(place, killed, day + 1), "acled", &[]);
        assert!(again.stderr.contains("unchanged 1"), "{turn}: {}", again.stderr);
        let now = &incidents(folder)[0];
        assert_eq!(
            (&now["place"]["name"], now["deaths"]["best"].to_string().as_str()),
            (&place.into(), killed),
            "{turn}"
        );
        assert_eq!(now["independent_reports"], 1);
    }
    assert_eq!(at(folder, &["verify", "--rebuild"]).status, 0);
}

#[test]
fn the_type_of_a_ged_row_and_whom_it_names() {
    let folder = project();
    let folder = folder.path();
    let row = |kind: u8, side_b: &str| {
        format!(
            "id,date_start,date_end,date_prec,type_of_violence,side_a,side_a_new_id,side_b,best,low,high,country\n\
             77,2015-03-05,2015-03-05,1,{kind},IS,234,{side_b},7,7,7,Iraq\n"
        )
    };
    let run = import(folder, &row(1, "Government of Iraq"), "ged", &[]);
    assert!(run.stderr.contains("created 1"), "{}", run.stderr);
    let now = &incidents(folder)[0];
    assert_eq!((&now["type_of_violence"], &now["sub_event_type"]), (&1.into(), &"Armed clash".into()));
    assert_eq!(now["actors"][0]["actor_id"], "islamic-state", "by UCDP's number: {}", now["actors"]);
    let run = import(folder, &row(3, "Civilians"), "ged", &[]);
    assert!(run.stderr.contains("updated 1"), "{}", run.stderr);
    let now = &incidents(folder)[0];
    assert_eq!((&now["type_of_violence"], &now["sub_event_type"]), (&3.into(), &"Attack".into()));
    let names = |side: &str| -> Vec<String> {
        now[side].as_array().unwrap().iter().map(|one| one["label"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!((names("actors"), names("recipients")), (vec!["IS".to_owned()], vec!["Civilians".to_owned()]));
    // In our own export it is the person's to say.
    let export = at(folder, &["export", "--to", "ged"]).stdout;
    let run = import(folder, &with(&export, 0, "type_of_violence", "2"), "ged", &["--by", "A. Reviewer"]);
    assert!(run.stderr.contains("updated 1"), "{}", run.stderr);
    assert_eq!(incidents(folder)[0]["type_of_violence"], 2);
    let id = incidents(folder)[0]["id"].as_str().unwrap().to_owned();
    let correct = |value: &str| {
        at(
            folder,
            &["decide", "correct", &id, "type_of_violence", value, "--by", "A. Reviewer", "--why", "seen"],
        )
    };
    assert_eq!(correct("3").status, 0);
    assert_eq!(incidents(folder)[0]["type_of_violence"], 3);
    assert!(correct("4").status != 0 && correct("null").status == 0);
    assert_eq!(incidents(folder)[0]["type_of_violence"], Value::Null);
}
