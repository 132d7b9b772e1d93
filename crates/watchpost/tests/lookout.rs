//! The watch over a project, as a person uses it: incidents counted, situations, forecasts that are kept, statements.

#![allow(clippy::unwrap_used, clippy::panic)]

#[allow(dead_code)]
mod support;

use std::path::Path;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use serde_json::Value;
use support::{Run, watchpost};
use tempfile::TempDir;

/// Rows of ACLED's columns, invented.
const HEADER: &str = "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,assoc_actor_1,inter1,\
    actor2,assoc_actor_2,inter2,interaction,civilian_targeting,iso,region,country,admin1,admin2,admin3,location,latitude,longitude,\
    geo_precision,source,source_scale,notes,fatalities,tags,timestamp";

/// A Monday.
const FIRST: Date = date(2023, 1, 2);

fn day(week: i32, day: i32) -> Date {
    FIRST.checked_add((week * 7 + day).days()).unwrap()
}

/// A row, told on the day after.
fn row(number: usize, on: Date, admin1: &str, precision: u8) -> String {
    let told =
        on.checked_add(1.day()).unwrap().to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp().as_second();
    let (latitude, longitude) = if admin1 == "Gao" { (16.27, -0.04) } else { (14.49, -4.18) };
    format!(
        "MLI{number},{on},{},{precision},Political violence,Battles,Armed clash,Jund Rifles,,Rebel group,Military Forces of Mali (2021-),,State \
         forces,State forces-Rebel group,,466,Western Africa,Mali,{admin1},,,{admin1},{latitude},{longitude},1,Radio Example {number},National,\
         \"On {on}, Jund Rifles clashed with soldiers near {admin1} ({number}).\",2,,{told}",
        on.year()
    )
}

/// A project with seventy quiet weeks and, at their end, a week that is not.
fn project() -> TempDir {
    let folder = TempDir::new().unwrap();
    let run = watchpost(&["init", folder.path().to_str().unwrap()]).run();
    assert_eq!(run.status, 0, "{}", run.stderr);
    let mut rows = Vec::new();
    for week in 0..70 {
        for one in 0..[1, 0, 2, 1][week as usize % 4] {
            rows.push(row(rows.len(), day(week, 1 + one), "Gao", 1));
        }
        if week % 3 == 0 {
            rows.push(row(rows.len(), day(week, 3), "Mopti", 1));
        }
    }
    for one in 0..8 {
        rows.push(row(rows.len(), day(69, one % 6), "Gao", 1));
    }
    // Known to the month only.
    rows.push(row(rows.len(), day(60, 0), "Gao", 3));
    // So that the record covers the last week.
    rows.push(row(rows.len(), day(70, 1), "Mopti", 1));
    let file = folder.path().join("rows.csv");
    std::fs::write(&file, format!("{HEADER}\n{}\n", rows.join("\n"))).unwrap();
    let run = at(folder.path(), &["import", file.to_str().unwrap(), "--from", "acled"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    folder
}

fn at(folder: &Path, args: &[&str]) -> Run {
    watchpost(args).env("WATCHPOST_PROJECT", folder).env("USER", Path::new("ada")).run()
}

fn lines(run: &Run) -> Vec<Value> {
    assert_eq!(run.status, 0, "{}", run.stderr);
    run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_project_is_counted_as_a_file_is() {
    let project = project();
    let judged = at(project.path(), &["watch", "--by", "admin1"]);
    assert_eq!(judged.status, 0, "{}", judged.stderr);
    let rows: Vec<Vec<&str>> = judged.stdout.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(rows[0], ["series", "date", "count", "expected", "upper", "p_value", "alarm"]);
    let last = day(69, 0).to_string();
    let gao = rows.iter().find(|row| row[0] == "MLI; Gao" && row[1] == last).unwrap();
    assert_eq!((gao[2], gao[6]), ("8", "1"), "{gao:?}");
    assert!(judged.stderr.contains("1 incidents are dated less precisely than a week"), "{}", judged.stderr);
    assert!(judged.stderr.contains("the record is taken to cover"), "{}", judged.stderr);

    // Weeks before those are the same as of an earlier day.
    let before = at(project.path(), &["watch", "--by", "admin1", "--as-of", &day(60, 0).to_string()]);
    let earlier: Vec<&str> = before.stdout.lines().filter(|line| line.starts_with("MLI; Gao")).collect();
    assert!(earlier.last().unwrap().contains(&day(59, 0).to_string()), "{earlier:?}");
    let filtered = at(
        project.path(),
        &["watch", "--by", "all", "--country", "MLI", "--type", "Battles", "--offset", "reports"],
    );
    assert!(filtered.stdout.contains("\nall,"), "{}", filtered.stderr);
    let none = at(project.path(), &["watch", "--by", "all", "--country", "NGA"]);
    assert_eq!((none.status, none.stdout.lines().count()), (0, 1), "{}", none.stderr);

    let trend = at(project.path(), &["test", "trend", "--by", "country", "--series", "MLI", "--to", "json"]);
    let finding: Value = serde_json::from_str(&trend.stdout).unwrap();
    assert_eq!(finding["series"], "MLI");
    let scanned = at(project.path(), &["scan", "--days", "14", "--replicates", "99"]);
    let scanned: Value = serde_json::from_str(&scanned.stdout).unwrap();
    assert_eq!(scanned["places"], 2);
}

#[test]
fn drawn_areas_are_series() {
    let project = project();
    let file = project.path().join("areas.geojson");
    std::fs::write(
        &file,
        r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"The bend"},"geometry":
        {"type":"Polygon","coordinates":[[[-1,15],[1,15],[1,17],[-1,17],[-1,15]]]}}]}"#,
    )
    .unwrap();
    let areas = file.to_str().unwrap();
    let counted = at(project.path(), &["watch", "--by", "area", "--areas", areas]);
    assert!(counted.stdout.lines().skip(1).all(|line| line.starts_with("The bend,")), "{}", counted.stderr);
    assert!(counted.stderr.contains("are not known to lie in one of the areas"), "{}", counted.stderr);
    let missing = at(project.path(), &["watch", "--by", "area"]);
    assert!(missing.status == 1 && missing.stderr.contains("--areas FILE"), "{}", missing.stderr);
    std::fs::write(&file, "{}").unwrap();
    let wrong = at(project.path(), &["watch", "--by", "area", "--areas", areas]);
    assert!(wrong.status == 1 && wrong.stderr.contains("expected FeatureCollection"), "{}", wrong.stderr);
}

#[test]
fn misuse_is_said() {
    let project = project();
    for (args, words) in [
        (&["watch", "x.csv", "--country", "MLI"][..], "cannot be used with"),
        (&["watch", "x.csv", "--project", "."], "leave one out"),
        (&["test", "trend", "x.csv", "--project", "."], "leave one out"),
        (&["forecast", "x.csv", "--horizon", "1", "--issue"], "cannot be used with"),
    ] {
        let run = at(project.path(), args);
        assert_eq!(run.status, 2, "{args:?}: {}", run.stderr);
        assert!(run.stderr.contains(words), "{args:?}: {}", run.stderr);
    }
    let run = at(project.path(), &["watch", "--by", "province"]);
    assert!(run.status == 1 && run.stderr.contains("expected all, country, admin1"), "{}", run.stderr);
    std::fs::write(
        project.path().join("watchpost.toml"),
        "[store]\nat = \"watchpost.db\"\n[watch]\nby = [\"province\"]\n",
    )
    .unwrap();
    let run = at(project.path(), &["situations", "list"]);
    assert!(run.status == 1 && run.stderr.contains("watch.by"), "{}", run.stderr);
}

#[test]
fn what_turned_worse_is_a_situation() {
    let project = project();
    let as_of = day(70, 0).to_string();
    let first = at(project.path(), &["watch", "--as-of", &as_of]);
    let found = lines(&first);
    assert_eq!(found.len(), 1, "{}{}", first.stdout, first.stderr);
    assert_eq!(
        (found[0]["state"].as_str(), found[0]["schema"].as_str()),
        (Some("opened"), Some("watchpost.situation/1"))
    );
    assert!(found[0]["says"].as_str().unwrap().contains("where nothing has changed"), "{}", found[0]["says"]);
    assert!(found[0]["incidents"].as_array().unwrap().len() >= 8);
    let id = found[0]["id"].as_str().unwrap();
    // Again, and nothing new.
    assert_eq!(lines(&at(project.path(), &["watch", "--as-of", &as_of])), found);
    let refused = at(project.path(), &["situations", "acknowledge", "WS-x", "--why", "known"]);
    assert!(refused.status == 1 && refused.stderr.contains("no situation WS-x"), "{}", refused.stderr);
    let seen = at(project.path(), &["situations", "acknowledge", id, "--why", "known to the team"]);
    assert_eq!(seen.status, 0, "{}", seen.stderr);
    let listed = lines(&at(project.path(), &["situations", "list"]));
    assert_eq!(listed[0]["acknowledged"]["why"], "known to the team");
    let snoozed =
        at(project.path(), &["situations", "snooze", id, "--until", "2024-06-30", "--why", "elsewhere"]);
    assert_eq!(snoozed.status, 0, "{}", snoozed.stderr);
    let shown = at(project.path(), &["situations", "show", id, "--to", "table"]);
    for words in [
        "vanishes if",
        "two independent reports",
        "acknowledged: known to the team",
        "snoozed until 2024-06-30",
    ] {
        assert!(shown.stdout.contains(words), "{words}: {}", shown.stdout);
    }
    let shown: Value =
        serde_json::from_str(&at(project.path(), &["situations", "show", id, "--to", "json"]).stdout)
            .unwrap();
    assert_eq!(shown["history"].as_array().unwrap().len(), 3);
    assert_eq!(at(project.path(), &["verify"]).status, 0);
    // It goes along in a backup.
    let dump = project.path().join("all.jsonl");
    assert_eq!(at(project.path(), &["backup", dump.to_str().unwrap()]).status, 0);
    let other = TempDir::new().unwrap();
    assert_eq!(watchpost(&["init", other.path().to_str().unwrap()]).run().status, 0);
    assert_eq!(at(other.path(), &["restore", dump.to_str().unwrap()]).status, 0);
    assert_eq!(lines(&at(other.path(), &["situations", "list"]))[0]["id"], id);
    // Weeks later it is closed.
    let later = at(project.path(), &["watch", "--as-of", &day(72, 0).to_string()]);
    assert_eq!(lines(&later).len(), 0, "{}", later.stdout);
    assert_eq!(lines(&at(project.path(), &["situations", "list", "--all"]))[0]["state"], "closed");
}

#[test]
fn a_forecast_is_kept_and_scored() {
    let project = project();
    let issue = ["forecast", "--by", "country", "--horizon", "3", "--draws", "200", "--issue"];
    let as_of = ["--as-of", &*day(60, 0).to_string()].map(str::to_owned);
    let with: Vec<&str> = issue.iter().copied().chain(as_of.iter().map(String::as_str)).collect();
    let issued = at(project.path(), &with);
    assert_eq!(issued.status, 0, "{}", issued.stderr);
    assert_eq!(issued.stdout.lines().count(), 1 + 3 * 200);
    assert!(
        issued.stderr.contains("issued FC-") && issued.stderr.contains("3 series and periods scored"),
        "{}",
        issued.stderr
    );
    let scored: Value = serde_json::from_str(&at(project.path(), &["forecast", "score"]).stdout).unwrap();
    assert_eq!(scored["models"][0]["now"]["forecasts"], 3, "{scored:#}");
    assert!(scored["models"][0]["baseline"]["crps"].is_number());
    let due = &scored["forecasts"][0]["due"][0];
    assert_eq!((due["series"].as_str(), due["date"].as_str()), (Some("MLI"), Some(&*day(60, 0).to_string())));
    assert_eq!(due["came"], due["first"]);
    let listed = lines(&at(project.path(), &["forecast", "list"]));
    let id = listed[0]["id"].as_str().unwrap();
    let shown = at(project.path(), &["forecast", "show", id, "--summary"]);
    assert_eq!(shown.stdout.lines().count(), 4, "{}", shown.stderr);
    let never = at(project.path(), &["forecast", "--horizon", "1", "--summary", "--model", "last"]);
    assert!(never.stderr.contains("last has no record in this project"), "{}", never.stderr);
    assert_eq!(at(project.path(), &["verify"]).status, 0);
}

#[test]
fn statements_are_held_against_the_record_when_they_are_due() {
    let project = project();
    let report = "GAO, Mali, 1 March 2024 - Attacks in Gao will rise by the end of April 2024, the United Nations mission said. \
        \"We expect more attacks in Gao in April 2024,\" said Amina Example, a spokeswoman of the mission. \
        If the truce fails, violence in Mopti could spread, an analyst at Example Institute said.";
    let line = serde_json::json!({"id": "said", "title": "More attacks expected in Gao", "published": "2024-03-01", "text": report,
        "url": "https://example.org/said", "publisher": "The Daily Example"});
    let run =
        watchpost(&["ingest"]).env("WATCHPOST_PROJECT", project.path()).stdin(&format!("{line}\n")).run();
    assert_eq!(run.status, 0, "{}", run.stderr);
    let all = at(project.path(), &["statements", "--as-of", "2024-06-01"]);
    let said = lines(&all);
    let forecasts: Vec<&Value> = said.iter().filter(|one| one["kind"] == "forecast").collect();
    assert!(!forecasts.is_empty(), "{}", all.stdout);
    for one in &said {
        let quote = one["quote"].as_str().unwrap();
        let (start, end) = (one["start"].as_u64().unwrap() as usize, one["end"].as_u64().unwrap() as usize);
        assert_eq!(report.chars().skip(start).take(end - start).collect::<String>(), quote);
        assert!(one["speaker"]["name"].is_null() || one["speaker"]["person"] == false, "{one:#}");
    }
    let due = lines(&at(
        project.path(),
        &["statements", "--kind", "forecast", "--state", "due", "--as-of", "2024-06-01"],
    ));
    let waiting = lines(&at(
        project.path(),
        &["statements", "--kind", "forecast", "--state", "waiting", "--as-of", "2024-02-28"],
    ));
    assert_eq!(due.len(), waiting.len());
    // A trend that is told in the words of a conditional forecast is conditional too, and each has an id of its own.
    let spread: Vec<&Value> =
        said.iter().filter(|one| one["quote"].as_str().unwrap().contains("Mopti")).collect();
    assert!(spread.iter().all(|one| one["condition"] == "If the truce fails"), "{spread:#?}");
    let ids: std::collections::BTreeSet<&str> = said.iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), said.len());
    assert!(due.iter().all(|one| one["due"].as_str().unwrap() < "2024-06-01"), "{due:#?}");
    let speakers = lines(&at(project.path(), &["statements", "--speakers"]));
    assert!(speakers.iter().all(|one| one["score"].is_null()), "{speakers:#?}");
    let table = at(project.path(), &["statements", "--to", "table"]);
    assert!(
        table.stdout.contains("2024-03-01") && !table.stdout.contains("Amina Example,"),
        "{}",
        table.stdout
    );
}
