//! Drives `watchpost forecast` and `watchpost forecast score`.

#[allow(dead_code)]
mod support;

use std::path::Path;

use serde_json::Value;
use support::watchpost;

/// Monthly counts of two series, four years of them.
fn table(from: i32, years: i32) -> String {
    let mut table = String::new();
    for (series, level) in [("loud", 40), ("quiet", 0)] {
        for month in 0..years * 12 {
            let (year, of_year) = (from + month / 12, month % 12 + 1);
            table += &format!(
                "{series},{year}-{of_year:02},{}\n",
                level + if level > 0 { month * 7 % 5 } else { 0 }
            );
        }
    }
    format!("series,date,count\n{table}")
}

#[test]
fn draws_come_for_each_series_and_month_and_can_be_scored() {
    let run = watchpost(&["forecast", "-", "--horizon", "3", "--draws", "200"]).stdin(&table(2016, 4)).run();
    assert_eq!(run.status, 0, "{}", run.stderr);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines[0], "series,date,draw,value");
    assert_eq!(lines.len(), 1 + 2 * 3 * 200);
    assert!(lines[1].starts_with("loud,2020-01-01,0,"), "{}", lines[1]);
    assert!(lines[1200].starts_with("quiet,2020-03-01,199,"), "{}", lines[1200]);
    let again =
        watchpost(&["forecast", "-", "--horizon", "3", "--draws", "200"]).stdin(&table(2016, 4)).run();
    assert_eq!(run.stdout, again.stdout);

    let folder = tempfile::tempdir().expect("a folder");
    let (actuals, forecasts) = (folder.path().join("actuals.csv"), folder.path().join("forecasts.csv"));
    std::fs::write(&actuals, table(2016, 5)).expect("written");
    std::fs::write(&forecasts, &run.stdout).expect("written");
    let scored = watchpost(&["forecast", "score", "--actuals"])
        .file(&actuals)
        .file(Path::new("--forecasts"))
        .file(&forecasts)
        .run();
    assert_eq!(scored.status, 0, "{}", scored.stderr);
    let told: Value = serde_json::from_str(&scored.stdout).expect("JSON");
    assert_eq!(told["all"]["forecasts"], 6);
    assert_eq!(told["series"]["quiet"]["crps"], 0.0);
    assert!(told["series"]["loud"]["crps"].as_f64().is_some_and(|crps| crps > 0.0 && crps < 15.0), "{told}");
    for field in ["log_crps", "ign", "ign_views", "mis", "coverage"] {
        assert!(told["all"][field].is_number(), "{field}");
    }
}

#[test]
fn a_summary_is_one_row_a_month() {
    for model in ["last", "mean", "conflictology", "watchpost"] {
        let run = watchpost(&["forecast", "-", "--horizon", "2", "--summary", "--model", model])
            .stdin(&table(2016, 4))
            .run();
        assert_eq!(run.status, 0, "{}", run.stderr);
        let lines: Vec<&str> = run.stdout.lines().collect();
        assert_eq!(lines[0], "series,date,mean,median,q05,q10,q25,q75,q90,q95");
        assert_eq!(lines.len(), 5);
        let cells: Vec<f64> =
            lines[1].split(',').skip(2).map(|cell| cell.parse().expect("a number")).collect();
        assert!((30.0..55.0).contains(&cells[0]), "{model}: {}", lines[1]);
        assert!(cells[2..].windows(2).all(|pair| pair[0] <= pair[1]), "{}", lines[1]);
    }
}

#[test]
fn bad_input_is_said() {
    let run = watchpost(&["forecast", "-"]).stdin(&table(2016, 1)).run();
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("--horizon"), "{}", run.stderr);
    let run = watchpost(&["forecast", "-", "--horizon", "1", "--summary"])
        .stdin("series,date,count\na,2020-01,\nb,2020-01,3\n")
        .run();
    assert_eq!(run.stdout.lines().count(), 2, "{}", run.stdout);
    assert!(run.stderr.contains("no forecast of a"), "{}", run.stderr);
    let folder = tempfile::tempdir().expect("a folder");
    let (actuals, forecasts) = (folder.path().join("actuals.csv"), folder.path().join("forecasts.csv"));
    std::fs::write(&actuals, table(2016, 1)).expect("written");
    let score = || {
        watchpost(&["forecast", "score", "--actuals"])
            .file(&actuals)
            .file(Path::new("--forecasts"))
            .file(&forecasts)
            .run()
    };
    std::fs::write(&forecasts, "series,date,draw,value\nloud,2031-01,0,3\n").expect("written");
    let run = score();
    assert_eq!(run.status, 1);
    assert!(run.stderr.contains("none of its 1 forecasts"), "{}", run.stderr);
    std::fs::write(&forecasts, "series,date,draw,value\nloud,2016-01,0,3\nloud,2016-01,1,many\n")
        .expect("written");
    let run = score();
    assert_eq!(run.status, 1);
    assert!(
        run.stderr.contains("`many` is no count") && run.stdout.contains("\"forecasts\": 1"),
        "{}",
        run.stderr
    );
    std::fs::write(&forecasts, "series,date\n").expect("written");
    assert!(score().stderr.contains("no column `value`"));
}

/// Actuals and forecasts as files, scored.
fn scored(actuals: &str, forecasts: &str) -> support::Run {
    let folder = tempfile::tempdir().expect("a folder");
    let (left, right) = (folder.path().join("actuals.csv"), folder.path().join("forecasts.csv"));
    std::fs::write(&left, actuals).expect("written");
    std::fs::write(&right, forecasts).expect("written");
    watchpost(&["forecast", "score", "--actuals"])
        .file(&left)
        .file(Path::new("--forecasts"))
        .file(&right)
        .run()
}

#[test]
fn forecasts_of_other_periods_than_the_actuals_are_refused() {
    let weeks = "series,date,count\na,2024-01-01,3\na,2024-01-08,4\na,2024-04-01,5\na,2024-07-01,5\n";
    // The first of April and of July 2024 are Mondays: no row by itself shows that the draws are of months.
    let months = "series,date,draw,value\na,2024-04-01,0,20\na,2024-07-01,0,20\n";
    let run = scored(weeks, months);
    assert_eq!((run.status, run.stdout.as_str()), (1, ""), "{}", run.stderr);
    assert!(run.stderr.contains("its forecasts are by the month, the actuals by the week"), "{}", run.stderr);
    assert!(run.stderr.contains("--every month"), "{}", run.stderr);
    let run = scored(weeks, "series,date,draw,value\na,2024-03-01,0,20\n");
    assert!(run.stderr.contains("is no first day of a week"), "{}", run.stderr);
    let run = scored(
        &table(2016, 1),
        "series,date,draw,value\nloud,2016-01-04,0,9\nloud,2016-01-11,0,9\nloud,2016-02-01,0,40\n",
    );
    assert_eq!(run.status, 1);
    assert!(run.stderr.contains("2 dates of one month (2016-01-04, 2016-01-11)"), "{}", run.stderr);
    let told: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(told["all"]["forecasts"], 1, "the other month is scored");
}

#[test]
fn tags_of_hxl_beneath_the_header_are_no_row() {
    let tagged = table(2016, 4).replacen('\n', "\n#meta+series,#date+start,#inneed+count\n", 1);
    let ask = ["forecast", "-", "--horizon", "2", "--draws", "20"];
    let (plain, run) = (watchpost(&ask).stdin(&table(2016, 4)).run(), watchpost(&ask).stdin(&tagged).run());
    assert_eq!((run.status, &run.stdout), (0, &plain.stdout), "{}", run.stderr);
    let drawn = run.stdout.replacen('\n', "\n#meta+series,#date+start,#meta+draw,#indicator+value\n", 1);
    let run = scored(&table(2016, 5), &drawn);
    assert_eq!(run.status, 0, "{}", run.stderr);
}

#[test]
fn an_offset_that_plays_no_part_is_said() {
    let run = watchpost(&["forecast", "-", "--horizon", "1", "--draws", "5"])
        .stdin("series,date,count,offset\na,2020-01,1,5\na,2020-02,3,9\n")
        .run();
    assert!(run.status == 0 && run.stderr.contains("takes no offset"), "{}", run.stderr);
}

#[test]
fn draws_as_parquet_are_scored_as_those_of_text() {
    let folder = tempfile::tempdir().expect("a folder");
    let (actuals, out) = (folder.path().join("actuals.csv"), folder.path().join("draws.parquet"));
    std::fs::write(&actuals, table(2016, 5)).expect("written");
    let ask = ["forecast", "-", "--horizon", "3", "--draws", "50"];
    let text = watchpost(&ask).stdin(&table(2016, 4)).run();
    let run = watchpost(&[&ask[..], &["--out"]].concat()).file(&out).stdin(&table(2016, 4)).run();
    assert_eq!((run.status, run.stdout.as_str()), (0, ""), "{}", run.stderr);
    assert!(std::fs::read(&out).expect("written").starts_with(b"PAR1"));
    let score = |forecasts: &Path| {
        watchpost(&["forecast", "score", "--actuals"])
            .file(&actuals)
            .file(Path::new("--forecasts"))
            .file(forecasts)
            .run()
    };
    let csv = folder.path().join("draws.csv");
    std::fs::write(&csv, &text.stdout).expect("written");
    let (of_text, of_parquet) = (score(&csv), score(&out));
    assert_eq!((of_parquet.status, &of_parquet.stdout), (0, &of_text.stdout), "{}", of_parquet.stderr);
    let run = watchpost(&[&ask[..], &["--summary", "--to", "parquet"]].concat()).stdin(&table(2016, 4)).run();
    assert!(run.status == 1 && run.stderr.contains("a summary is written as CSV"), "{}", run.stderr);
    std::fs::write(&out, b"PAR1 and no more").expect("written");
    assert!(score(&out).stderr.contains("the draws cannot be read"));
}
