//! Codes every text in `examples/` and compares with what a careful reader takes from it. (The page and the JSON lines
//! there are the program's to read; `crates/watchpost/tests/examples.rs` does.)
//!
//! `examples/README.md` says how `expected.tsv` is read. The floors below only ever rise: each is what was measured when it
//! was last set, rounded down to five. `cargo test -p watchpost-coder --test examples -- --nocapture` prints the table of differences.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;
use record::table::Table;
use record::vocabulary::Realis;
use record::{CodedDocument, Count, DateProvenance, Event, Participant, Report};
use watchpost_coder::{Coder, Knowledge, PackBytes, Tables};

/// Share of the checked cells of each column that must be right, in per cent.
const FLOORS: &[(&str, u32)] = &[
    ("found", 95),
    ("none", 60),
    ("sub_event_type", 90),
    ("date", 95),
    ("country", 95),
    ("place", 95),
    ("actor", 90),
    ("recipient", 90),
    ("killed", 90),
    ("injured", 85),
    ("abducted", 100),
    ("realis", 95),
    ("tally", 100),
    ("statement", 100),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[derive(Debug)]
struct Expected {
    file: String,
    published: Option<Date>,
    event: usize,
    cells: BTreeMap<&'static str, String>,
}

const COLUMNS: &[&str] = &[
    "sub_event_type",
    "date",
    "country",
    "place",
    "actor",
    "recipient",
    "killed",
    "injured",
    "abducted",
    "realis",
];

fn expected() -> Vec<Expected> {
    let text = read(&root().join("examples/expected.tsv"));
    let table =
        Table::parse("expected.tsv", &text, &["file", "published", "event", "sub_event_type", "date"])
            .unwrap();
    table
        .rows()
        .filter(|row| row.get("file").ends_with(".txt"))
        .map(|row| Expected {
            file: row.get("file").to_owned(),
            published: row.parsed("published").unwrap(),
            event: row.parsed("event").unwrap().unwrap(),
            cells: COLUMNS
                .iter()
                .filter(|column| !row.get(column).is_empty())
                .map(|column| (*column, row.get(column).to_owned()))
                .collect(),
        })
        .collect()
}

/// The pack, where it has been built: `$WATCHPOST_PACKS` or `packs/` in the workspace.
fn pack() -> Option<Vec<u8>> {
    let folder = std::env::var_os("WATCHPOST_PACKS").map_or_else(|| root().join("packs"), PathBuf::from);
    std::fs::read(folder.join("gazetteer.wpk")).ok()
}

fn reader(pack: Option<Vec<u8>>) -> Coder {
    let packs = pack.into_iter().map(|bytes| Arc::new(bytes) as PackBytes).collect();
    let tables = Tables { packs, ..knowledge::carried!(Tables) };
    Coder::new(Knowledge::load(&tables).expect("the committed tables"))
}

fn report(name: &str, published: Option<Date>) -> Report {
    let published_from = if published.is_some() { DateProvenance::Metadata } else { DateProvenance::None };
    Report { text: read(&root().join("examples").join(name)), published, published_from, ..Report::default() }
}

fn place_matches(event: &Event, name: &str) -> bool {
    let fold = |text: &str| text.to_lowercase().replace(['-', '\'', '’'], " ");
    let name = fold(name);
    event.places.iter().any(|place| {
        [Some(&place.text), place.name.as_ref(), place.admin1.as_ref()]
            .into_iter()
            .flatten()
            .any(|known| fold(known).contains(&name))
    })
}

fn side_matches(side: &[Participant], wanted: &str) -> bool {
    side.iter().any(|participant| match wanted.strip_prefix("sector:") {
        Some(sector) => participant.sector.is_some_and(|known| known.as_str() == sector),
        None => participant.actor_id.as_deref() == Some(wanted),
    })
}

/// Bounds over the counts that stand: none that is part of another, none that a later figure replaces.
fn total(counts: &[Count]) -> Option<(u64, u64)> {
    let mut standing = counts.iter().filter(|count| count.part_of.is_none() && !count.superseded).peekable();
    standing.peek()?;
    Some(standing.fold((0, 0), |(low, high), count| {
        let number = count.number;
        let least = number.low.or(number.best).unwrap_or(0);
        (low + least, high + number.high.or(number.best).unwrap_or(least))
    }))
}

fn number_matches(found: Option<(u64, u64)>, wanted: &str) -> bool {
    if wanted == "0" {
        return found.is_none_or(|(low, high)| (low, high) == (0, 0));
    }
    let Some((low, high)) = found else { return wanted == "-" };
    if let Some(least) = wanted.strip_suffix('+').or_else(|| wanted.strip_prefix('~')) {
        return least.parse() == Ok(low);
    }
    if let Some((least, most)) = wanted.split_once('-') {
        return least.parse() == Ok(low) && most.parse() == Ok(high);
    }
    wanted.parse() == Ok(low) && low == high
}

fn dates(event: &Event) -> String {
    match (event.event_date, event.event_date_end) {
        (Some(first), Some(last)) if first != last => format!("{first}/{last}"),
        (Some(day), _) => day.to_string(),
        _ => "-".to_owned(),
    }
}

/// Whether a cell is right, and what was found in its place.
fn check(event: &Event, column: &str, wanted: &str) -> (bool, String) {
    let any = |holds: &dyn Fn(&str) -> bool| wanted.split('|').any(holds);
    let list = |side: &[Participant]| {
        let names = side.iter().map(|participant| {
            let sector = participant.sector.map_or("?", |sector| sector.as_str());
            participant.actor_id.clone().unwrap_or_else(|| format!("sector:{sector}"))
        });
        names.collect::<Vec<_>>().join(", ")
    };
    let counted = |counts: &[Count]| {
        let found = total(counts);
        let text = found.map_or("-".to_owned(), |(low, high)| format!("{low}-{high}"));
        (any(&|wanted| number_matches(found, wanted)), text)
    };
    match column {
        "sub_event_type" => {
            (any(&|wanted| event.sub_event_type.as_str() == wanted), event.sub_event_type.as_str().to_owned())
        }
        "date" => (any(&|wanted| dates(event) == wanted), dates(event)),
        "country" => {
            let found = event.places.iter().find_map(|place| place.country.as_deref()).unwrap_or("-");
            (any(&|wanted| found == wanted), found.to_owned())
        }
        "place" => {
            let found = event.places.iter().map(|place| place.text.as_str()).collect::<Vec<_>>().join(", ");
            (any(&|wanted| place_matches(event, wanted)), found)
        }
        "actor" => (any(&|wanted| side_matches(&event.actors, wanted)), list(&event.actors)),
        "recipient" => (any(&|wanted| side_matches(&event.recipients, wanted)), list(&event.recipients)),
        "killed" => counted(&event.counts.killed),
        "injured" => counted(&event.counts.injured),
        "abducted" => counted(&event.counts.abducted),
        "realis" => (any(&|wanted| event.realis.as_str() == wanted), event.realis.as_str().to_owned()),
        _ => (false, String::new()),
    }
}

/// The coded event that agrees best with an expected one, each used once.
fn pair<'a>(events: &'a [Event], wanted: &[&Expected]) -> Vec<Option<&'a Event>> {
    let score = |event: &Event, row: &Expected| -> u32 {
        let weight = |column: &str| if column == "sub_event_type" { 3 } else { 1 };
        row.cells.iter().map(|(column, cell)| u32::from(check(event, column, cell).0) * weight(column)).sum()
    };
    let mut pairs: Vec<(u32, usize, usize)> = Vec::new();
    for (w, row) in wanted.iter().enumerate() {
        for (e, event) in events.iter().enumerate() {
            pairs.push((score(event, row), w, e));
        }
    }
    pairs.sort_by_key(|&(score, w, e)| (std::cmp::Reverse(score), w, e));
    let mut found: Vec<Option<usize>> = vec![None; wanted.len()];
    for (score, w, e) in pairs {
        if score > 1 && found[w].is_none() && !found.contains(&Some(e)) {
            found[w] = Some(e);
        }
    }
    found.into_iter().map(|e| e.map(|e| &events[e])).collect()
}

#[derive(Default)]
struct Tallied {
    right: BTreeMap<&'static str, (u32, u32)>,
    differences: String,
}

impl Tallied {
    fn count(
        &mut self,
        column: &'static str,
        right: bool,
        file: &str,
        event: usize,
        wanted: &str,
        found: &str,
    ) {
        let cell = self.right.entry(column).or_default();
        cell.0 += u32::from(right);
        cell.1 += 1;
        if !right {
            let _ = writeln!(self.differences, "{file:44} {event}  {column:15} {wanted:34} {found}");
        }
    }
}

fn new_events(coded: &CodedDocument) -> impl Iterator<Item = &Event> {
    coded.events.iter().filter(|event| event.realis == Realis::Asserted)
}

#[test]
fn examples_are_read_as_a_careful_reader_would() {
    let rows = expected();
    let pack = pack();
    let has_pack = pack.is_some();
    let coder = reader(pack);
    let mut result = Tallied::default();
    let mut coded: BTreeMap<&str, CodedDocument> = BTreeMap::new();
    for row in &rows {
        coded.entry(&row.file).or_insert_with(|| coder.code(&report(&row.file, row.published)));
    }
    for (file, document) in &coded {
        let wanted: Vec<&Expected> = rows.iter().filter(|row| row.file == **file).collect();
        if wanted.iter().any(|row| row.event == 0) {
            let found: Vec<&str> = new_events(document).map(|event| event.sub_event_type.as_str()).collect();
            result.count("none", found.is_empty(), file, 0, "no event", &found.join(", "));
            continue;
        }
        for (row, event) in wanted.iter().zip(pair(&document.events, &wanted)) {
            let kind = row.cells.get("sub_event_type").map_or("", String::as_str);
            result.count("found", event.is_some(), file, row.event, kind, "-");
            let Some(event) = event else {
                // An event that was missed has none of its cells right.
                for column in row.cells.keys() {
                    result.right.entry(column).or_default().1 += 1;
                }
                continue;
            };
            for (column, cell) in &row.cells {
                let (right, found) = check(event, column, cell);
                result.count(column, right, file, row.event, cell, &found);
            }
        }
    }
    others(&coded, &mut result);

    println!("{}", result.differences);
    println!("{:16} right  of   %   floor", "");
    let mut below = Vec::new();
    for (column, floor) in FLOORS {
        let (right, of) = result.right.get(column).copied().unwrap_or_default();
        let share = (right * 100).checked_div(of).unwrap_or(100);
        println!("{column:16} {right:5} {of:3} {share:3} {floor:7}");
        if share < *floor {
            below.push(format!("{column}: {share} % < {floor} %"));
        }
    }
    if !has_pack {
        // Without the gazetteer no country is known, and with it goes whose army "the army" is.
        println!("floors not asserted: no gazetteer pack (`make setup` builds it)");
        return;
    }
    assert!(below.is_empty(), "worse than before: {}", below.join("; "));
}

fn others(coded: &BTreeMap<&str, CodedDocument>, result: &mut Tallied) {
    let text = read(&root().join("examples/expected-other.tsv"));
    let table = Table::parse("expected-other.tsv", &text, &["file", "list", "kind", "number"]).unwrap();
    for row in table.rows() {
        let (file, kind, number) = (row.get("file"), row.get("kind"), row.get("number"));
        let document = &coded[file];
        if row.get("list") == "tally" {
            let right = document.tallies.iter().any(|tally| {
                tally.what == kind && tally.number.figure().is_some_and(|figure| figure.to_string() == number)
            });
            let found =
                document.tallies.iter().map(|tally| format!("{} {:?}", tally.what, tally.number.figure()));
            result.count(
                "tally",
                right,
                file,
                0,
                &format!("{kind} {number}"),
                &found.collect::<Vec<_>>().join(", "),
            );
        } else {
            let name = |statement: &record::Statement| format!("{:?}", statement.kind).to_lowercase();
            let right = document.statements.iter().any(|statement| {
                let bounds =
                    statement.number.map(|number| (number.low.unwrap_or(0), number.high.unwrap_or(0)));
                name(statement) == kind && (number.is_empty() || number_matches(bounds, number))
            });
            let found = document.statements.iter().map(name).collect::<Vec<_>>().join(", ");
            result.count("statement", right, file, 0, kind, &found);
        }
    }
}
