//! `examples/expected.tsv` uses the vocabularies of this crate, and every example has its rows.

#![allow(clippy::unwrap_used, clippy::panic, clippy::type_complexity)]

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use watchpost_record::table::Table;
use watchpost_record::vocabulary::{Realis, Sector, SubEventType};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(name: &str) -> String {
    let path = root().join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn examples() -> Vec<String> {
    std::fs::read_dir(root().join("examples"))
        .expect("examples/")
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| [".txt", ".html", ".jsonl"].iter().any(|end| name.ends_with(end)))
        .collect()
}

fn file_of(cell: &str) -> &str {
    cell.split_once('#').map_or(cell, |(file, _)| file)
}

#[test]
fn every_example_has_expectations() {
    let text = read("examples/expected.tsv");
    let table = Table::parse("expected.tsv", &text, &["file"]).unwrap();
    let named: Vec<&str> = table.rows().map(|row| file_of(row.get("file"))).collect();
    let examples = examples();
    assert!(examples.len() >= 26, "{} examples", examples.len());
    for example in &examples {
        assert!(named.contains(&example.as_str()), "{example} has no row");
    }
    for name in named {
        assert!(examples.iter().any(|example| example == name), "{name} is no example");
    }
}

#[test]
fn expectations_use_the_vocabularies() {
    let text = read("examples/expected.tsv");
    let actors = read("knowledge/actors.tsv");
    let is_actor = |id: &str| actors.lines().any(|line| line.split('\t').next() == Some(id));
    let columns: &[(&'static str, &dyn Fn(&str) -> bool)] = &[
        ("sub_event_type", &|cell| cell.parse::<SubEventType>().is_ok()),
        ("realis", &|cell| cell.parse::<Realis>().is_ok()),
        ("published", &|cell| cell.parse::<Date>().is_ok()),
        ("date", &|cell| cell.split('/').all(|day| day.parse::<Date>().is_ok())),
        ("country", &|cell| cell.len() == 3 && cell.bytes().all(|byte| byte.is_ascii_uppercase())),
        ("place", &|cell| !cell.is_empty()),
        ("actor", &|cell| side(cell, &is_actor)),
        ("recipient", &|cell| side(cell, &is_actor)),
        ("killed", &number),
        ("injured", &number),
        ("abducted", &number),
    ];
    for row in Table::parse("expected.tsv", &text, &["event", "sub_event_type"]).unwrap().rows() {
        assert!(row.parsed::<usize>("event").unwrap().is_some(), "{}", row.get("file"));
        for (column, reads) in columns {
            for value in row.list(column).filter(|value| *value != "-") {
                assert!(reads(value), "{} event {}: {column} `{value}`", row.get("file"), row.get("event"));
            }
        }
    }
}

fn side(cell: &str, is_actor: &dyn Fn(&str) -> bool) -> bool {
    cell.strip_prefix("sector:").map_or_else(|| is_actor(cell), |sector| sector.parse::<Sector>().is_ok())
}

/// `3`, `12+`, `15-20`, `~12`.
fn number(cell: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let cell = cell.strip_suffix('+').or_else(|| cell.strip_prefix('~')).unwrap_or(cell);
    cell.split_once('-').map_or_else(|| digits(cell), |(low, high)| digits(low) && digits(high))
}
