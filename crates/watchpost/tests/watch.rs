//! Drives `watchpost watch`: what it takes, what it writes, and what it says of bad input.

#[allow(dead_code)]
mod support;

use serde_json::Value;
use support::{Run, gzip, watchpost};

const HEADER: &str = "series,date,count,expected,upper,p_value,alarm";

/// The rows without the header, as cells.
fn rows(run: &Run) -> Vec<Vec<String>> {
    let mut lines = run.stdout.lines();
    assert_eq!(lines.next(), Some(HEADER), "{}", run.stderr);
    lines.map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

/// The Monday so many weeks after 5 January 2015.
fn monday(week: i64) -> String {
    let first = jiff::civil::date(2015, 1, 5);
    first.checked_add(jiff::Span::new().weeks(week)).expect("a date").to_string()
}

/// Weekly counts that go up and down, with one week of many at the end.
fn weekly(series: &str, weeks: i64) -> String {
    (0..weeks)
        .map(|week| {
            let count = if week == weeks - 1 { 40 } else { 2 + (week * 7) % 5 };
            format!("{series},{},{count}\n", monday(week))
        })
        .collect()
}

#[test]
fn a_surge_is_an_alarm_and_the_order_stays() {
    let input = format!("series,date,count\n{}{}", weekly("b", 300), weekly("a", 280));
    let run = watchpost(&["watch", "-", "--detector", "farrington-flexible"]).stdin(&input).run();
    assert_eq!(run.status, 0, "{}", run.stderr);
    let rows = rows(&run);
    assert_eq!(rows.len(), 580);
    assert_eq!(rows[299][..3], ["b", &monday(299), "40"]);
    assert_eq!(rows[300][..3], ["a", &monday(0), "2"]);
    let alarms: Vec<&Vec<String>> = rows.iter().filter(|row| row[6] == "1").collect();
    assert_eq!(alarms, [&rows[299], &rows[579]]);
    assert_eq!(rows[10][3..], ["", "", "", ""], "nothing can be said of the eleventh week");
    assert!(rows[299][5].parse::<f64>().expect("a p-value") < 1e-6);
    assert!(run.stderr.contains("526 of 580 rows have no judgement"), "{}", run.stderr);
}

#[test]
fn rows_in_any_order_are_answered_in_theirs() {
    let mut lines: Vec<String> = weekly("a", 280).lines().map(str::to_owned).collect();
    lines.reverse();
    let input = format!(
        "count;date;series\n{}\n",
        lines
            .iter()
            .map(|line| {
                let cells: Vec<&str> = line.split(',').collect();
                format!("{};{};{}", cells[2], cells[1], cells[0])
            })
            .collect::<Vec<_>>()
            .join("\n")
    );
    let run = watchpost(&["watch", "-", "--detector", "ears-c1", "--from", "2020-01-01"]).stdin(&input).run();
    assert_eq!(run.status, 0, "{}", run.stderr);
    let rows = rows(&run);
    assert_eq!(rows[0][1], monday(279));
    assert_eq!(rows[0][6], "1");
    // The week that holds 1 January 2020 is the last one.
    assert_eq!(rows.last().expect("rows")[1], "2019-12-30");
}

#[test]
fn bad_rows_are_said_and_cost_themselves_only() {
    let mut input = "series,date,count\n".to_owned() + &weekly("a", 20);
    input +=
        "a,yesterday,3\na,2016-01-04,-1\na,2016-01-11,2.5\na,2016-01-18,99999999999\na,2016-01-25,three\n";
    input += "a,2015-01-05,2\na,2015-01-12,77\na,2016-02-01,\nshort\n";
    let run = watchpost(&["watch", "-", "--detector", "ears-c1"]).stdin(&input).run();
    assert_eq!(run.status, 1);
    let errors = run.errors();
    let said: Vec<(u64, &str)> = errors
        .iter()
        .map(|error| (error["line"].as_u64().expect("a line"), error["error"].as_str().expect("words")))
        .collect();
    let expected = [
        (22, "`yesterday` is no date"),
        (23, "the count -1 is none that can be"),
        (24, "2.5 is no whole number"),
        (25, "larger than"),
        (26, "`three` is no number"),
        (30, "the row has 1 cells, the first line 3"),
    ];
    assert_eq!(said.len(), expected.len(), "{said:?}");
    for ((line, words), (at, what)) in said.iter().zip(expected) {
        assert!(*line == at && words.contains(what), "{line}: {words}");
    }
    assert!(errors.iter().all(|error| !error["hint"].as_str().unwrap_or("").is_empty()));
    // 5 January is given twice alike, 12 January with two counts.
    assert!(run.stderr.contains("say the same twice"), "{}", run.stderr);
    assert!(run.stderr.contains("different counts for the same week (2015-01-12)"), "{}", run.stderr);
    assert!(run.stderr.contains("missing, not zero"), "{}", run.stderr);
    assert!(!run.stdout.contains("NaN") && !run.stdout.contains("inf"), "{}", run.stdout);
}

#[test]
fn events_are_counted_by_what_is_asked() {
    let mut input = "event_date,country,admin1,actor1,actor2,event_type,fatalities\n".to_owned();
    for week in 0..12 {
        let date = monday(week);
        input += &format!("{date},Iraq,Diyala,Reds,Blues,Battles,2\n");
        if week % 2 == 0 {
            input += &format!("{date},Iraq,Nineveh,Blues,Reds,Riots,\n");
        }
    }
    input += "\"12 May 2015\",Syria,Homs,Reds,Reds,Riots,1\n";
    let by = |by: &str, more: &[&str]| {
        let mut arguments = vec!["watch", "-", "--detector", "ears-c1", "--by", by];
        // What the file covers; a later one of the same stands.
        if !more.contains(&"--since") {
            arguments.extend(["--since", "2015-01-01", "--until", "2015-05-17"]);
        }
        arguments.extend(more);
        let run = watchpost(&arguments).stdin(&input).run();
        assert_eq!(run.status, 0, "{}", run.stderr);
        rows(&run)
    };
    let names = |rows: &[Vec<String>]| {
        let mut names: Vec<String> = rows.iter().map(|row| row[0].clone()).collect();
        names.dedup();
        names
    };
    let countries = by("country", &[]);
    assert_eq!(names(&countries), ["Iraq", "Syria"]);
    assert_eq!(countries[0][1..3], ["2015-01-05", "2"]);
    // Every series covers what the file covers: 19 weeks to that of 12 May.
    assert_eq!(countries.len(), 38);
    assert_eq!(countries[19][1..3], ["2015-01-05", "0"]);
    assert_eq!(names(&by("actor", &[])), ["Reds", "Blues"]);
    assert_eq!(names(&by("dyad", &[])), ["Blues – Reds", "Reds – Reds"]);
    assert_eq!(names(&by("country,event_type", &[])), ["Iraq; Battles", "Iraq; Riots", "Syria; Riots"]);
    let dead = by("all", &["--count", "deaths", "--every", "month"]);
    assert_eq!(dead[0][..3], ["all", "2015-01-01", "8"]);
    let days = by("all", &["--every", "day", "--since", "2015-01-01", "--until", "2015-01-31"]);
    assert_eq!(days.len(), 31);
}

#[test]
fn a_packed_file_of_days_is_summed_into_weeks() {
    let mut input = "series,date,count\n".to_owned();
    for day in 0..70i64 {
        let date = jiff::civil::date(2020, 12, 21).checked_add(jiff::Span::new().days(day)).expect("a date");
        input += &format!("a,{date}T23:00:00+05:00,1.0\n");
    }
    let run = watchpost(&["watch", "-", "--every", "week", "--detector", "ears-c1"])
        .stdin_bytes(gzip(input.as_bytes()))
        .run();
    assert_eq!(run.status, 0, "{}", run.stderr);
    let rows = rows(&run);
    // With the week 53 of 2020.
    assert_eq!(rows[1][1..3], ["2020-12-28", "7"]);
    assert_eq!(rows.len(), 10);
    let run =
        watchpost(&["watch", "-", "--every", "day"]).stdin("date,count\n2020-01-06,1\n2020-01-13,1\n").run();
    assert_eq!(run.status, 1);
    assert!(run.stderr.contains("cannot be split into days"), "{}", run.stderr);
}

#[test]
fn alarms_are_told_in_words_and_json() {
    let mut input = format!("series,date,count\n{}", weekly("Diyala", 299));
    input += &format!("Diyala,{},60\n", monday(299));
    let run = watchpost(&[
        "watch",
        "-",
        "--detector",
        "farrington-flexible",
        "--from",
        &monday(299),
        "--to",
        "json",
        "--explain",
    ])
    .stdin(&input)
    .run();
    assert_eq!(run.status, 0, "{}", run.stderr);
    let alarms: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let [alarm] = alarms.as_array().expect("an array").as_slice() else { panic!("{alarms}") };
    assert_eq!(
        (&alarm["series"], &alarm["count"], &alarm["period"]),
        (&"Diyala".into(), &60.into(), &"week".into())
    );
    assert_eq!(alarm["rise"]["since"], monday(298));
    assert_eq!((&alarm["rise"]["periods"], &alarm["rise"]["count"]), (&2.into(), &100.into()));
    assert!(run.stderr.contains(&format!("Diyala, week of {}: 60 where", monday(299))), "{}", run.stderr);
    assert!(run.stderr.contains(&format!("high since {}: 100 in 2 weeks", monday(298))), "{}", run.stderr);
}

#[test]
fn a_budget_and_a_rate_of_false_alarms_raise_fewer() {
    let mut input = "series,date,count\n".to_owned();
    for series in 0..30 {
        for week in 0..40i64 {
            let count = if week == 39 { series / 4 } else { (week * 7 + series) % 4 };
            input += &format!("s{series},{},{count}\n", monday(week));
        }
    }
    let alarms = |more: &[&str]| {
        let mut arguments =
            vec!["watch", "-", "--detector", "ears-c1", "--alpha", "0.05", "--from", "2015-09-01"];
        arguments.extend(more);
        let run = watchpost(&arguments).stdin(&input).run();
        assert_eq!(run.status, 0, "{}", run.stderr);
        rows(&run).into_iter().filter(|row| row[6] == "1").map(|row| row[0].clone()).collect::<Vec<_>>()
    };
    let (all, fewer, two) = (alarms(&[]), alarms(&["--fdr", "0.01"]), alarms(&["--budget", "2/week"]));
    assert!(!fewer.is_empty() && fewer.len() < all.len(), "{} of {}", fewer.len(), all.len());
    assert_eq!(two, ["s28", "s29"], "the least likely two of {}", all.len());
}

#[test]
fn misuse_is_said() {
    for (arguments, words) in [
        (&["watch", "-", "--alpha", "0"][..], "between 0 and 1"),
        (&["watch", "-", "--budget", "2/year"], "2/day"),
        (&["watch", "-", "--detector", "cusum"], "farrington-flexible"),
    ] {
        let run = watchpost(arguments).stdin("").run();
        assert_eq!(run.status, 2, "{arguments:?}");
        assert!(run.stderr.contains(words), "{}", run.stderr);
    }
    for (input, words) in [
        ("", "no column of dates"),
        ("a,b\n1,2\n", "no column of dates among `a,b`"),
        ("event_date,type\n2020-01-01,x\n", "--by country: no such column"),
    ] {
        let run = watchpost(&["watch", "-", "--by", "country"]).stdin(input).run();
        assert_eq!(run.status, 1);
        assert!(run.stderr.contains(words), "{}", run.stderr);
    }
    let run = watchpost(&["watch", "no-such-file.csv"]).run();
    assert!(
        run.status == 1 && run.stderr.contains("no-such-file.csv: the file cannot be opened"),
        "{}",
        run.stderr
    );
    let run = watchpost(&["watch", "-", "--detector", "ears-c1"]).stdin("series,date,count\n").run();
    assert_eq!((run.status, run.stdout.trim_end()), (0, HEADER), "{}", run.stderr);
    let run = watchpost(&["watch", "-", "--detector", "ears-c1"]).stdin("date,count\n2020-01-06,3\n").run();
    assert_eq!((run.status, run.stdout.lines().nth(1)), (0, Some("all,2020-01-06,3,,,,")), "{}", run.stderr);
}

#[test]
fn our_own_detector_judges_days_weeks_and_months_from_the_start() {
    for (every, step) in [("day", 1), ("week", 7), ("month", 0)] {
        let mut input = "series,date,count,offset\n".to_owned();
        let periods = 60i64;
        for n in 0..periods {
            let first = jiff::civil::date(2015, 1, 5);
            let date = if step == 0 {
                jiff::civil::date(2015, 1, 1).checked_add(jiff::Span::new().months(n)).expect("a date")
            } else {
                first.checked_add(jiff::Span::new().days(n * step)).expect("a date")
            };
            // Twice the reports bring twice the counts: no surge.
            let (count, offset) = if n >= 50 { (6 + n % 3, 20) } else { (3 + n % 3, 10) };
            let count = if n == periods - 1 { 30 } else { count };
            input += &format!("a,{date},{count},{offset}\n");
        }
        let run = watchpost(&["watch", "-"]).stdin(&input).run();
        assert_eq!(run.status, 0, "{every}: {}", run.stderr);
        let rows = rows(&run);
        assert_eq!(rows.len(), 60);
        let alarms: Vec<usize> = (0..60).filter(|at| rows[*at][6] == "1").collect();
        assert_eq!(alarms, [59], "{every}: {rows:?}");
        assert!(
            rows[30][3].parse::<f64>().is_ok_and(|expected| (2.0..6.0).contains(&expected)),
            "{every}: {:?}",
            rows[30]
        );
    }
}

#[test]
fn a_run_that_begins_later_judges_alike() {
    let mut input = "series,date,count\n".to_owned();
    for series in 0..3 {
        input += &weekly(&format!("s{series}"), 200 + series);
    }
    let from = monday(150);
    let all = rows(&watchpost(&["watch", "-"]).stdin(&input).run());
    let later = rows(&watchpost(&["watch", "-", "--from", &from]).stdin(&input).run());
    let expected: Vec<&Vec<String>> = all.iter().filter(|row| row[1] >= from).collect();
    assert_eq!(later.iter().collect::<Vec<_>>(), expected);
}

#[test]
fn a_chart_shows_the_alarms() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("out.svg");
    let input = format!(
        "series,date,count\n{}{}",
        weekly("a <b> & c", 120),
        weekly("quiet", 119).replace(",40\n", ",3\n")
    );
    let run = watchpost(&["watch", "-", "--from", &monday(60), "--plot"]).file(&path).stdin(&input).run();
    assert_eq!(run.status, 0, "{}", run.stderr);
    let drawn = std::fs::read_to_string(&path).expect("a chart");
    let tree = roxmltree::Document::parse(&drawn).expect("well-formed");
    let texts: Vec<&str> = tree.descendants().filter_map(|node| node.text()).map(str::trim).collect();
    assert!(texts.iter().any(|text| text.contains("a <b> & c (by the week)")), "{texts:?}");
    assert_eq!(tree.descendants().filter(|node| node.has_tag_name("circle")).count(), 1, "one alarm");
    let run = watchpost(&["watch", "-", "--plot", "/nonexistent/out.svg"]).stdin(&input).run();
    assert!(run.status == 1 && run.stderr.contains("the chart cannot be written"), "{}", run.stderr);
}

/// Four events in each week from Monday 5 January 2015 on, on Tuesday to Friday.
fn four_a_week(weeks: i64, header: &str, more: &str) -> String {
    let mut input = format!("{header}\n");
    for week in 0..weeks {
        for day in 1..5 {
            let first = jiff::civil::date(2015, 1, 5);
            let date = first.checked_add(jiff::Span::new().days(7 * week + day)).expect("a date");
            input += &format!("{date},Iraq{more}\n");
        }
    }
    input
}

#[test]
fn a_period_that_is_covered_in_part_is_left_out_and_said() {
    let input = four_a_week(12, "event_date,country", "");
    let ask = |more: &[&str]| {
        watchpost(&[&["watch", "-", "--detector", "ears-c1"], more].concat()).stdin(&input).run()
    };
    // From Tuesday to Friday: nobody knows whether Monday and the weekend are in the file.
    let run = ask(&[]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let found = rows(&run);
    assert_eq!((found.len(), found[0][1].as_str(), found[9][1].as_str()), (10, &*monday(1), &*monday(10)));
    for words in
        ["two weeks are covered in part", "begins on 2015-01-06", "ends on 2015-03-27", "--since and --until"]
    {
        assert!(run.stderr.contains(words), "{words}: {}", run.stderr);
    }
    let run = ask(&["--since", "2015-01-05", "--until", "2015-03-29"]);
    let found = rows(&run);
    assert_eq!((found.len(), &found[11][..3]), (12, &["Iraq".to_owned(), monday(11), "4".to_owned()][..]));
    assert!(!run.stderr.contains("covered in part"), "{}", run.stderr);
    // Told that it ends on a Wednesday, the week is not whole either.
    let run = ask(&["--since", "2015-01-05", "--until", "2015-03-25"]);
    assert_eq!(rows(&run).len(), 11);
    assert!(run.stderr.contains("one week is covered in part"), "{}", run.stderr);
    // Days are whole.
    assert_eq!(rows(&ask(&["--every", "day"])).len(), 81);
    // All in one week: no series, and no fault.
    let run = watchpost(&["watch", "-"]).stdin(&four_a_week(1, "event_date,country", "")).run();
    assert_eq!((run.status, rows(&run).len()), (0, 0), "{}", run.stderr);
}

#[test]
fn dates_that_are_known_to_the_month_are_said_and_may_be_left_out() {
    let mut input = four_a_week(12, "event_date,country,time_precision", ",1");
    input += "2015-02-15,Iraq,3\n2015-02-17,Iraq,2\n";
    let ask = |more: &[&str]| {
        let covered =
            ["watch", "-", "--detector", "ears-c1", "--since", "2015-01-05", "--until", "2015-03-29"];
        let run = watchpost(&[&covered[..], more].concat()).stdin(&input).run();
        assert_eq!(run.status, 0, "{}", run.stderr);
        run
    };
    let run = ask(&[]);
    assert!(run.stderr.contains("1 events are dated less precisely than a week"), "{}", run.stderr);
    assert_eq!(rows(&run)[5][2], "5", "the week of 9 February has the one of the month");
    let run = ask(&["--imprecise", "leave-out"]);
    assert!(run.stderr.contains("they are left out"), "{}", run.stderr);
    assert_eq!((&*rows(&run)[5][2], &*rows(&run)[6][2]), ("4", "5"));
    let run = ask(&["--every", "month", "--imprecise", "leave-out"]);
    assert!(!run.stderr.contains("less precisely"), "{}", run.stderr);
}

#[test]
fn a_row_of_hashtags_is_no_row() {
    let tagged = format!("series,date,count\n#meta+series,#date+start,#inneed\n{}", weekly("a", 40));
    let run = watchpost(&["watch", "-", "--detector", "ears-c1"]).stdin(&tagged).run();
    assert_eq!((run.status, rows(&run).len()), (0, 40), "{}", run.stderr);
    // Further down it is a row that cannot be read.
    let run = watchpost(&["watch", "-", "--detector", "ears-c1"])
        .stdin("date,count\n2015-01-05,3\n#date,#inneed\n")
        .run();
    assert!(run.status == 1 && run.stderr.contains("`#date` is no date"), "{}", run.stderr);
}

#[test]
fn an_offset_that_a_detector_does_not_take_is_said() {
    let input = "date,count,offset\n2015-01-05,3,10\n2015-01-12,4,20\n";
    for (detector, said) in [("ears-c1", true), ("farrington-flexible", true), ("watchpost", false)] {
        let run = watchpost(&["watch", "-", "--detector", detector]).stdin(input).run();
        assert_eq!((run.status, run.stderr.contains("takes no offset")), (0, said), "{}", run.stderr);
    }
}
