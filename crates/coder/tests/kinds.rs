//! What a sentence tells of: sub-event, sides, realis. Needs no gazetteer pack.

#![allow(clippy::unwrap_used)]

use record::{Participant, Report};
use watchpost_coder::{Coder, Knowledge, Tables};

/// How many rows must come out right; it may only rise.
const FLOOR: usize = 128;

fn coder() -> Coder {
    Coder::new(Knowledge::load(&knowledge::carried!(Tables)).unwrap())
}

/// Whether any of some participants is the one that a cell names: a registry id or `sector:CODE`.
fn has(list: &[Participant], want: &str) -> bool {
    list.iter().any(|who| {
        who.actor_id.as_deref() == Some(want)
            || want
                .strip_prefix("sector:")
                .is_some_and(|code| who.sector.is_some_and(|sector| sector.as_str() == code))
    })
}

/// What is wrong with one row, if anything is.
fn problem(coder: &Coder, cells: &[&str]) -> Option<String> {
    let cell = |index: usize| cells.get(index).copied().unwrap_or("");
    let published = Some(jiff::civil::date(2021, 5, 10));
    let report = Report { text: cell(0).to_owned(), published, ..Report::default() };
    let events = coder.code(&report).events;
    let types: Vec<&str> = events.iter().map(|event| event.sub_event_type.as_str()).collect();
    if cell(1) == "none" {
        let asserted = events.iter().any(|event| event.realis.as_str() == "asserted");
        return asserted.then(|| format!("no event expected, got {types:?}"));
    }
    let Some(event) = events.first() else { return Some("no event".to_owned()) };
    if !cell(1).is_empty() && types != [cell(1)] {
        return Some(format!("{} expected, got {types:?}", cell(1)));
    }
    for (column, list) in [(2, &event.actors), (3, &event.recipients)] {
        if !cell(column).is_empty() && !has(list, cell(column)) {
            return Some(format!("{} expected among {list:?}", cell(column)));
        }
    }
    (!cell(4).is_empty() && event.realis.as_str() != cell(4))
        .then(|| format!("{} expected, got {}", cell(4), event.realis.as_str()))
}

#[test]
fn every_sub_event_is_told_from_the_others() {
    let coder = coder();
    let table = include_str!("kinds.tsv");
    let rows: Vec<&str> =
        table.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).skip(1).collect();
    let mut right = 0;
    for row in &rows {
        let cells: Vec<&str> = row.split('\t').collect();
        match problem(&coder, &cells) {
            None => right += 1,
            Some(problem) => println!("{}\n    {problem}", cells[0]),
        }
    }
    println!("{right} of {}", rows.len());
    assert!(right >= FLOOR, "{right} of {} rows right, the floor is {FLOOR}", rows.len());
}
