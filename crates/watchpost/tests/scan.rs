//! Drives `watchpost scan`: clusters of events in space and time.

#[allow(dead_code)]
mod support;

use serde_json::Value;
use support::watchpost;

/// Events all over, and nine at one place in the last week.
fn events() -> String {
    let mut table = "id,date,latitude,longitude\n".to_owned();
    let first = jiff::civil::date(2020, 1, 1);
    for event in 0..200i64 {
        let day = first.checked_add(jiff::Span::new().days(event * 29 % 90)).expect("a date");
        table += &format!("e{event},{day},{}.{},{}.5\n", 33 + event % 4, event * 7 % 10, 38 + event * 13 % 5);
    }
    for event in 0..9 {
        table += &format!("c{event},2020-03-2{event},35.3,40.1\n");
    }
    table
}

fn found(arguments: &[&str], input: &str) -> Value {
    let run = watchpost(&[&["scan", "-"], arguments].concat()).stdin(input).run();
    assert_eq!(run.status, 0, "{}", run.stderr);
    serde_json::from_str(&run.stdout).expect("JSON")
}

#[test]
fn a_cluster_of_now_is_found_with_its_events() {
    let told = found(&["--until", "2020-03-30"], &events());
    let first = &told["clusters"][0];
    assert_eq!((told["events"].as_u64(), told["until"].as_str()), (Some(209), Some("2020-03-30")));
    assert!(first["p_value"].as_f64().is_some_and(|p| p <= 0.01), "{first}");
    assert!(first["recurrence_interval_days"].as_f64().is_some_and(|days| days >= 100.0), "{first}");
    assert_eq!(first["until"], "2020-03-30");
    let cases: Vec<&str> =
        first["cases"].as_array().expect("cases").iter().filter_map(Value::as_str).collect();
    assert!((0..9).all(|event| cases.contains(&format!("c{event}").as_str())), "{cases:?}");
    assert!(first["observed"].as_f64() > first["expected"].as_f64());
}

#[test]
fn threads_change_nothing() {
    let one = found(&["--jobs", "1", "--replicates", "199"], &events());
    assert_eq!(one, found(&["--jobs", "3", "--replicates", "199"], &events()));
    assert_ne!(
        one["clusters"],
        found(&["--jobs", "3", "--replicates", "199", "--days", "7"], &events())["clusters"]
    );
}

#[test]
fn without_a_cluster_the_shuffling_stops_early() {
    let mut table = "id,date,lat,lon\n".to_owned();
    for event in 0..120i64 {
        let day = jiff::civil::date(2020, 1, 1)
            .checked_add(jiff::Span::new().days(event * 31 % 60))
            .expect("a date");
        table += &format!("e{event},{day},{}.0,{}.0\n", 33 + event % 3, 38 + event * 7 % 5);
    }
    let told = found(&["--replicates", "9999"], &table);
    assert_eq!(told["stopped"], true, "{told}");
    assert!(told["replicates"].as_u64().is_some_and(|looked_at| looked_at < 2000), "{told}");
}

#[test]
fn retrospective_finds_what_is_over() {
    let mut table = events();
    table += "late,2020-08-30,36.0,42.0\n";
    let now = found(&["--replicates", "99"], &table);
    let then = found(&["--replicates", "99", "--retrospective", "--step", "1", "--days", "10"], &table);
    assert!(now["clusters"].as_array().is_some_and(Vec::is_empty), "{now}");
    let first = &then["clusters"][0];
    assert!(first["until"].as_str().is_some_and(|until| until.starts_with("2020-03-2")), "{first}");
    assert!(first["recurrence_interval_days"].is_null());
}

#[test]
fn bad_rows_cost_themselves_and_bad_tables_say_what_is_missing() {
    let input = format!("{}x,2020-01-05,91,40\ny,when,35,40\nz,2020-01-05,35,40,\n", events());
    let run = watchpost(&["scan", "-", "--replicates", "19"]).stdin(&input).run();
    assert_eq!(run.status, 1);
    assert!(
        run.stderr.contains("`91` is no place") && run.stderr.contains("`when` is no date"),
        "{}",
        run.stderr
    );
    let told: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(told["events"], 210);
    let run = watchpost(&["scan", "-"]).stdin("id,date\na,2020-01-01\n").run();
    assert_eq!(run.status, 1);
    assert!(run.stderr.contains("latitude"), "{}", run.stderr);
    let none = found(&[], "id,date,latitude,longitude\n");
    assert_eq!((none["events"].as_u64(), none["clusters"].as_array().map(Vec::len)), (Some(0), Some(0)));
}
