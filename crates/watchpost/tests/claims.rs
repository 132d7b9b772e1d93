//! Drives `watchpost test`: claims about series, and what is answered where nothing can be told.

#[allow(dead_code)]
mod support;

use serde_json::Value;
use support::watchpost;

/// The Monday so many weeks after 2 January 2017.
fn monday(week: i64) -> String {
    let first = jiff::civil::date(2017, 1, 2);
    first.checked_add(jiff::Span::new().weeks(week)).expect("a date").to_string()
}

/// Weekly counts that go up and down around a level.
fn weekly(series: &str, weeks: i64, level: impl Fn(i64) -> i64) -> String {
    (0..weeks)
        .map(|week| format!("{series},{},{}\n", monday(week), level(week) + (week * 37) % 11 % 4))
        .collect()
}

fn table() -> String {
    let doubled = |week| if week < 90 { 4 } else { 13 };
    format!("series,date,count\n{}{}", weekly("north", 160, doubled), weekly("south", 160, |_| 6))
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

#[test]
fn a_rise_is_supported_and_quoted() {
    let at = monday(90);
    let base = ["test", "before-after", "-", "--series", "north", "--at", &at];
    let run = watchpost(&[&base[..], &["--claim", "rose"]].concat()).stdin(&table()).run();
    assert_eq!(run.status, 0, "{}", run.stderr);
    let first = run.stdout.lines().next().unwrap_or_default();
    assert!(first.starts_with("The record supports that the weekly count of north rose"), "{first}");
    assert!(first.contains("95 % interval"), "{first}");
    let run = watchpost(&[&base[..], &["--claim", "fell", "--to", "json"]].concat()).stdin(&table()).run();
    let found = json(&run.stdout);
    assert_eq!(found["verdict"], "not supported");
    assert_eq!(found["effects"][0]["name"], "level");
    assert_eq!(found["placebo_series"][0]["series"], "south");
    assert_eq!(found["model"]["observations"], 160);
    for field in
        ["estimate", "error_model", "error_newey_west", "ratio", "p_model", "p_newey_west", "p_placebo", "p"]
    {
        assert!(found["effects"][0][field].is_number(), "{field}: {}", found["effects"][0]);
    }
}

#[test]
fn a_day_within_a_week_is_that_week() {
    let within =
        jiff::civil::date(2017, 1, 2).checked_add(jiff::Span::new().days(90 * 7 + 3)).expect("a date");
    let run = |at: &str| {
        watchpost(&["test", "before-after", "-", "--series", "north", "--at", at, "--to", "json"])
            .stdin(&table())
            .run()
            .stdout
    };
    assert_eq!(run(&within.to_string()), run(&monday(90)));
}

#[test]
fn what_cannot_be_told_is_said_in_words() {
    let none: String = (0..160).map(|week| format!("{},0\n", monday(week))).collect();
    let input = format!("date,count\n{none}");
    for command in [
        &["test", "before-after", "-", "--at", "2018-06-01"][..],
        &["test", "calendar", "ramadan", "-"],
        &["test", "trend", "-"],
    ] {
        let run = watchpost(command).stdin(&input).run();
        assert_eq!(run.status, 0, "{}", run.stderr);
        assert!(run.stdout.starts_with("Cannot tell whether"), "{}", run.stdout);
        assert!(run.stdout.contains("no event"), "{}", run.stdout);
        let run = watchpost(&[command, &["--to", "json"]].concat()).stdin(&input).run();
        let found = json(&run.stdout);
        assert_eq!(found["verdict"], "cannot tell");
        assert!(found["reason"].is_string() && found["model"].is_null(), "{found}");
    }
    let run = watchpost(&["test", "before-after", "-", "--at", "1999-01-01", "--series", "north"])
        .stdin(&table())
        .run();
    assert!(run.stdout.contains("0 weeks before"), "{}", run.stdout);
}

#[test]
fn a_trend_and_a_calendar_answer() {
    let input = format!("series,date,count\n{}", weekly("north", 200, |week| 3 + week / 10));
    let run = watchpost(&["test", "trend", "-", "--claim", "rose"]).stdin(&input).run();
    assert!(
        run.stdout.starts_with("The record supports that the weekly count of north rose"),
        "{}",
        run.stdout
    );
    let run = watchpost(&["test", "calendar", "ramadan", "-", "--to", "json"]).stdin(&table()).run();
    assert_eq!(run.status, 1);
    assert!(run.stderr.contains("2 series") && run.stderr.contains("north, south"), "{}", run.stderr);
    let calendar = ["test", "calendar", "ramadan", "-", "--series", "south", "--to", "json"];
    let shifted = watchpost(&[&calendar[..], &["--shift", "-1"]].concat()).stdin(&table()).run();
    let found = json(&watchpost(&calendar).stdin(&table()).run().stdout);
    assert_eq!(found["effects"][0]["name"], "ramadan");
    assert_eq!(found["placebo_dates"]["asked"], 49);
    assert_ne!(json(&shifted.stdout)["effects"][0]["estimate"], found["effects"][0]["estimate"]);
}

#[test]
fn a_wrong_series_or_row_is_said() {
    let run = watchpost(&["test", "trend", "-", "--series", "east"]).stdin(&table()).run();
    assert_eq!(run.status, 1);
    assert!(run.stderr.contains("no series `east`") && run.stderr.contains("north, south"), "{}", run.stderr);
    let run = watchpost(&["test", "trend", "-", "--series", "south"])
        .stdin(&format!("{}south,soon,3\n", table()))
        .run();
    assert_eq!(run.status, 1, "one row is lost");
    assert!(run.stdout.contains("the weekly count of south"), "{}", run.stdout);
    assert!(run.stderr.contains("`soon` is no date"), "{}", run.stderr);
    assert_eq!(watchpost(&["test", "before-after", "-"]).stdin(&table()).run().status, 2);
    assert_eq!(watchpost(&["test", "trend", "-", "--worth", "0.5"]).stdin(&table()).run().status, 2);
}

/// Events that come by themselves on one day in eight, by chance, half of them with two more in the days after.
fn followed() -> String {
    let mut input = "event_date,country\n".to_owned();
    let mut state = 1u64;
    // A linear congruence: no day knows of another.
    let mut one_in = |many: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33).is_multiple_of(many)
    };
    for day in 0..1500i64 {
        if !one_in(8) {
            continue;
        }
        let after = if one_in(2) { &[0i64, 1, 3][..] } else { &[0][..] };
        for later in after {
            let first = jiff::civil::date(2015, 1, 1);
            let date = first.checked_add(jiff::Span::new().days(day + later)).expect("a date");
            input += &format!("{date},north\n");
        }
    }
    input
}

#[test]
fn events_that_draw_others_are_told_with_their_delay() {
    let ask = ["test", "self-excitation", "-", "--replicates", "39"];
    let run = watchpost(&ask).stdin(&followed()).run();
    assert_eq!(run.status, 0, "{}", run.stderr);
    let first = run.stdout.lines().next().unwrap_or_default();
    assert!(
        first.starts_with("The record supports that events of north drew others after them from 2015-01-"),
        "{first}"
    );
    for words in ["each drew 0.", "95 % interval", "half of them within", "so much by chance: p 0.025"] {
        assert!(first.contains(words), "{words}: {first}");
    }
    let json_ask = [&ask[..], &["--to", "json", "--background", "year"]].concat();
    let found = json(&watchpost(&json_ask).stdin(&followed()).run().stdout);
    assert_eq!(
        (&found["schema"], &found["verdict"]),
        (&"watchpost.self-excitation/1".into(), &"supported".into())
    );
    assert_eq!((&found["every"], &found["background"]), (&"day".into(), &"year".into()));
    assert_eq!(found["backgrounds"].as_array().map(Vec::len), Some(3));
    for field in
        ["branching", "mean_lag_days", "half_within_days", "share_following", "log_likelihood", "gain"]
    {
        assert!(found["estimate"][field].is_number(), "{field}: {}", found["estimate"]);
    }
    for field in ["distance", "p_distance", "correlation", "p_correlation"] {
        assert!(found["residuals"][field].is_number(), "{field}: {}", found["residuals"]);
    }
    assert_eq!(found["chance"]["replicates"], 39);
    let again = json(&watchpost(&json_ask).stdin(&followed()).run().stdout);
    assert_eq!(found, again, "the same seed, the same answer");
}

#[test]
fn what_follows_cannot_be_told_of_months_or_few() {
    let monthly: String =
        (0..60).map(|month| format!("{}-{:02},9\n", 2015 + month / 12, month % 12 + 1)).collect();
    for (input, words) in [
        (format!("date,count\n{monthly}"), "counts by the month do not say"),
        ("event_date,country\n2015-01-05,north\n".to_owned(), "1 events are too few"),
    ] {
        let run = watchpost(&["test", "self-excitation", "-"]).stdin(&input).run();
        assert!(
            run.status == 0 && run.stdout.starts_with("Cannot tell whether"),
            "{} {}",
            run.stdout,
            run.stderr
        );
        assert!(run.stdout.contains(words), "{}", run.stdout);
    }
    for wrong in [["--worth", "0"], ["--replicates", "3"], ["--background", "week"], ["--claim", "rose"]] {
        let run = watchpost(&[&["test", "self-excitation", "-"], &wrong[..]].concat()).stdin("").run();
        assert_eq!(run.status, 2, "{wrong:?}");
    }
}
