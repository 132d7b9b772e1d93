//! What can happen to a file: it is damaged, full, busy, of another program or of another layout; the program is killed.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use record::Change;
use rusqlite::Connection;
use store::{Act, Error, Fault, Keeper, Outcome, Store, Watching};
use store_suite::{Tale, add, decide, everything, faults, incident, machine, person, watched, whole};
use tempfile::TempDir;
use watchpost_store_sqlite::{LAYOUT, Sqlite, create, open};

struct Here {
    folder: TempDir,
}

impl Here {
    fn new() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// A store with some incidents in that file.
fn filled(path: &Path) {
    let mut store = create(path).unwrap();
    for name in ["a", "b", "c", "d"] {
        incident(&mut store, &format!("WP-{name}"), &[&Tale::of(name)]);
    }
    decide(&mut store, &person(), Change::Accepted { incident: "WP-b".to_owned() });
}

/// What `verify` finds after somebody has changed the file by hand.
fn after(sql: &str) -> Vec<Fault> {
    let here = Here::new();
    let path = here.path("a.db");
    filled(&path);
    Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    faults(&mut open(&path).unwrap())
}

#[test]
fn what_was_tampered_with_is_named() {
    assert_eq!(after("SELECT 1"), []);
    let changed = after("UPDATE decision SET body = replace(body, 'a reviewer', 'another') WHERE seq = 9");
    assert_eq!(changed, [Fault::Changed { seq: 9 }]);
    let gone = after("DELETE FROM decision WHERE seq IN (3, 4)");
    assert!(gone.contains(&Fault::Missing { first: 3, last: 4 }), "{gone:?}");
    let end = after("DELETE FROM decision WHERE seq = 9");
    assert!(end.contains(&Fault::End { found: 8, head: 9 }), "{end:?}");
    let moved = after(
        "UPDATE decision SET seq = 100 WHERE seq = 7; UPDATE decision SET seq = 7 WHERE seq = 8;
         UPDATE decision SET seq = 8 WHERE seq = 100",
    );
    assert!(moved.contains(&Fault::Moved { seq: 7, says: 8 }), "{moved:?}");
    assert!(moved.contains(&Fault::Moved { seq: 8, says: 7 }), "{moved:?}");
    // Whoever changes a decision with its hash is found at the next one.
    let hash = after("UPDATE decision SET hash = replace(hash, substr(hash, 1, 1), 'x') WHERE seq = 5");
    assert_eq!(hash, [Fault::Changed { seq: 5 }, Fault::Changed { seq: 6 }]);

    let id = Tale::of("a").id();
    let text = after(&format!(
        "UPDATE report SET text = (SELECT text FROM report WHERE id <> '{id}' LIMIT 1) WHERE id = '{id}'"
    ));
    assert_eq!(text, [Fault::ReportChanged { report: id.clone(), what: "text", seq: 1 }]);
    let broken = after(&format!("UPDATE report SET text = x'00' WHERE id = '{id}'"));
    assert_eq!(broken, [Fault::ReportChanged { report: id.clone(), what: "text", seq: 1 }]);
    let missing = after(&format!("DELETE FROM report WHERE id = '{id}'"));
    assert!(missing.contains(&Fault::ReportMissing(id.clone(), 1)), "{missing:?}");
    let foreign = after("UPDATE report SET id = 'R-other' WHERE rowid = 2");
    assert!(foreign.contains(&Fault::ReportUnknown("R-other".to_owned())), "{foreign:?}");
}

#[test]
fn what_is_derived_is_made_anew() {
    for (sql, fault) in [
        (
            "UPDATE incident_document SET document = replace(document, '\"unreviewed\"', '\"accepted\"') WHERE n = 1",
            Fault::Incident("WP-a".to_owned()),
        ),
        (
            "UPDATE event SET home = 'WP-b' WHERE home = 'WP-a'",
            Fault::Event(Tale::of("a").id(), "ev-a-0".to_owned()),
        ),
        (
            "UPDATE event SET telling = replace(telling, '\"best\":3', '\"best\":30') WHERE home = 'WP-a'",
            Fault::Telling(Tale::of("a").id(), "ev-a-0".to_owned()),
        ),
        ("DELETE FROM incident_document WHERE n = 3", Fault::Incident("WP-c".to_owned())),
        ("DELETE FROM subject WHERE subject = 'i:WP-d'", Fault::Index { found: 8, expected: 9 }),
    ] {
        let here = Here::new();
        let path = here.path("a.db");
        filled(&path);
        let before = everything(&mut open(&path).unwrap());
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        let mut store = open(&path).unwrap();
        let found = faults(&mut store);
        assert!(found.contains(&fault), "{sql}: {found:?}");
        store.rebuild().unwrap();
        assert_eq!(everything(&mut store), before);
        whole(&mut store);
    }
}

#[test]
fn other_files_are_refused_and_left_alone() {
    let here = Here::new();
    let text = here.path("notes.txt");
    std::fs::write(
        &text,
        "some notes of mine, long enough to be taken for the head of a database file by nobody at all",
    )
    .unwrap();
    let before = std::fs::read(&text).unwrap();
    let error = open(&text).unwrap_err();
    assert!(matches!(error, Error::NotOurs { .. }), "{error}");
    assert!(matches!(create(&text), Err(Error::Closed { .. })));
    assert_eq!(std::fs::read(&text).unwrap(), before);

    let other = here.path("other.db");
    Connection::open(&other).unwrap().execute_batch("CREATE TABLE mine (a)").unwrap();
    let error = open(&other).unwrap_err();
    assert!(matches!(&error, Error::NotOurs { what, .. } if what.contains("another program")), "{error}");
    let missing = open(&here.path("none.db")).unwrap_err();
    assert!(matches!(&missing, Error::Closed { .. }), "{missing}");
    assert!(!here.path("none.db").exists(), "nothing is made where something was to be opened");
    assert!(matches!(create(&here.path("no/such/folder/a.db")), Err(Error::Closed { .. })));
}

#[test]
fn a_newer_layout_is_refused() {
    let here = Here::new();
    let path = here.path("a.db");
    filled(&path);
    Connection::open(&path).unwrap().pragma_update(None, "user_version", LAYOUT + 1).unwrap();
    let error = open(&path).unwrap_err();
    assert!(matches!(error, Error::Newer { found, known, .. } if (found, known) == (LAYOUT + 1, LAYOUT)));
    assert!(error.to_string().contains("use a newer watchpost"), "{error}");
}

#[test]
fn a_damaged_file_is_told() {
    let here = Here::new();
    let path = here.path("a.db");
    filled(&path);
    let mut bytes = std::fs::read(&path).unwrap();
    let length = bytes.len();
    // Every page but the first.
    bytes[4096..].iter_mut().for_each(|byte| *byte = 0xa5);
    std::fs::write(&path, &bytes).unwrap();
    let said = open(&path).and_then(|mut store| {
        let mut found = Vec::new();
        store.verify(&mut |fault| found.push(fault)).map(|_| found)
    });
    match said {
        Ok(found) => assert!(found.iter().any(|fault| matches!(fault, Fault::Database(_))), "{found:?}"),
        Err(error) => assert!(matches!(error, Error::Damaged { .. }), "{error:?}"),
    }
    // Cut off in the middle.
    std::fs::write(&path, &bytes[..length / 2]).unwrap();
    let error = open(&path).and_then(|mut store| store.find(&Default::default(), &page())).unwrap_err();
    assert!(matches!(error, Error::Damaged { .. }), "{error:?}");
}

fn page() -> store::find::Page {
    store::find::Page { limit: 10, ..Default::default() }
}

#[test]
fn a_busy_file_is_waited_for_and_then_told() {
    let here = Here::new();
    let path = here.path("a.db");
    filled(&path);
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut store = Keeper::new(Sqlite::open(&path, Duration::from_millis(50)).unwrap());
    let acts = [Act::Report(Box::new(Tale::of("e").report()))];
    let error = store.record(&machine(), &acts).unwrap_err();
    assert!(matches!(error, Error::Busy { .. }), "{error}");
    assert_eq!(everything(&mut store).len(), 4, "reading goes on meanwhile");
    other.execute_batch("ROLLBACK").unwrap();
    assert!(matches!(store.record(&machine(), &acts).unwrap()[0], Outcome::Added { .. }));

    // Two programs that write by turns lose nothing.
    let mut second = open(&path).unwrap();
    for number in 0..10 {
        let tale = Tale::of(&format!("turn {number}"));
        if number % 2 == 0 {
            add(&mut store, &tale)
        } else {
            add(&mut second, &tale)
        };
    }
    assert_eq!(store.head().unwrap(), second.head().unwrap());
    whole(&mut store);
}

#[test]
fn a_full_disk_loses_nothing_committed() {
    let here = Here::new();
    let path = here.path("a.db");
    filled(&path);
    let mut store = open(&path).unwrap();
    let before = (everything(&mut store), store.head().unwrap());
    store.rows().set_most_pages(Some(1)).unwrap();
    let long = Tale { actor: "many different words ".repeat(30_000), ..Tale::of("long") };
    let acts: Vec<Act> = (0..50)
        .map(|number| Act::Report(Box::new(Tale { name: format!("{number}"), ..long.clone() }.report())))
        .collect();
    let error = store.record(&machine(), &acts).unwrap_err();
    assert!(matches!(error, Error::Full { .. }), "{error:?}");
    assert_eq!((everything(&mut store), store.head().unwrap()), before);
    store.rows().set_most_pages(None).unwrap();
    store.record(&machine(), &acts[..3]).unwrap();
    whole(&mut store);
}

#[test]
fn a_backup_is_made_while_others_write() {
    let here = Here::new();
    let (path, copy) = (here.path("a.db"), here.path("copy.db"));
    filled(&path);
    let mut store = open(&path).unwrap();
    let other = Connection::open(&path).unwrap();
    // Something that is not committed yet is no part of the copy.
    other.execute_batch("BEGIN IMMEDIATE; DELETE FROM incident_document").unwrap();
    store.rows().backup(&copy).unwrap();
    other.execute_batch("ROLLBACK").unwrap();
    let before = everything(&mut store);
    add(&mut store, &Tale::of("later"));
    let mut copied = open(&copy).unwrap();
    assert_eq!(everything(&mut copied), before);
    whole(&mut copied);
    let error = store.rows().backup(&copy).unwrap_err();
    assert!(error.to_string().contains("overwrites nothing"), "{error}");
    let left: Vec<_> =
        std::fs::read_dir(here.folder.path()).unwrap().map(|f| f.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().ends_with(".part")), "{left:?}");
    // A file of that name that is not ours stays as it is.
    let (second, part) = (here.path("second.db"), here.path("second.db.part"));
    std::fs::write(&part, "of somebody else").unwrap();
    let error = store.rows().backup(&second).unwrap_err();
    assert!(error.to_string().contains("second.db.part"), "{error}");
    assert_eq!(std::fs::read_to_string(&part).unwrap(), "of somebody else");
    assert!(!second.exists());
}

#[test]
fn a_store_of_every_release_opens() {
    let all: [(u32, &[u8]); 4] = [
        (1, include_bytes!("data/layout-1.db.zst")),
        (2, include_bytes!("data/layout-2.db.zst")),
        (3, include_bytes!("data/layout-3.db.zst")),
        (4, include_bytes!("data/layout-4.db.zst")),
    ];
    // A new layout comes with a file of the one before it.
    assert!(all.len() as u32 + 1 >= LAYOUT, "there is no file of layout {}", LAYOUT - 1);
    for (layout, packed) in all {
        opens(layout, packed);
    }
}

fn opens(layout: u32, packed: &[u8]) {
    let here = Here::new();
    let path = here.path("first.db");
    std::fs::write(&path, zstd::decode_all(packed).unwrap()).unwrap();
    let found: u32 =
        Connection::open(&path).unwrap().query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
    assert_eq!(found, layout);
    let mut store = open(&path).unwrap();
    whole(&mut store);
    let log = store.log("WP-a").unwrap();
    assert_eq!(log.len(), 4);
    let b = store.incident("WP-b").unwrap().unwrap();
    assert_eq!((b.merged_into.as_deref(), b.deaths.best), (Some("WP-a"), None));
    assert_eq!(store.incident("WP-a").unwrap().unwrap().deaths.best, Some(7));
    let found = store.find(
        &store::find::Filter { text: store::words::Query::parse("gao"), ..Default::default() },
        &page(),
    );
    assert_eq!(found.unwrap().rows.len(), 2);
    add(&mut store, &Tale::of("new"));
    whole(&mut store);
    // What it had no room for then, it has now.
    let sources = store::Sources::sources(&mut store).unwrap();
    if layout < 3 {
        assert_eq!(sources, []);
    } else {
        assert_eq!(sources.iter().map(|(source, _)| source.id.as_str()).collect::<Vec<_>>(), ["S-a"]);
        assert_eq!(sources[0].1.kind, Some(record::SourceType::Feed));
        assert_eq!(store::Sources::waiting_items(&mut store, "S-a", 9).unwrap().len(), 1);
        assert_eq!(store::Sources::source_days(&mut store, "S-a", jiff::civil::Date::MIN).unwrap().len(), 1);
    }
    assert_eq!(store::Sources::host(&mut store, "https://example.org:443").unwrap(), Default::default());
    let situations = store.situations(false, 9).unwrap();
    if layout < 4 {
        assert_eq!((situations.len(), store.watch_head().unwrap().seq), (0, 0));
    } else {
        assert_eq!(situations.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ["WS-a"]);
        assert_eq!(situations[0].acknowledged.as_ref().map(|seen| seen.why.as_str()), Some("known"));
        assert_eq!(store.watch_entries(Some("forecast"), Some("FC-a"), 0, 9).unwrap().len(), 1);
    }
    assert_eq!(store::Accounts::accounts(&mut store).unwrap(), []);
}

/// Writes the file of the test above; run by hand once for each layout that was released, never again for an old one.
#[test]
#[ignore = "makes test data"]
fn make_the_store_of_this_release() {
    let here = Here::new();
    let (path, copy) = (here.path("a.db"), here.path("copy.db"));
    let mut store = create(&path).unwrap();
    incident(&mut store, "WP-a", &[&Tale::of("a")]);
    incident(
        &mut store,
        "WP-b",
        &[&Tale { killed: 7, url: Some("https://example.org/b".to_owned()), ..Tale::of("b") }],
    );
    incident(&mut store, "WP-c", &[&Tale::of("c")]);
    let copy_of = Change::CopyOf { report: Tale::of("c").id(), of: Some(Tale::of("a").id()) };
    decide(&mut store, &machine(), copy_of);
    let figure =
        record::FigureCorrection { harm: record::Harm::Killed, low: None, best: Some(7), high: None };
    let correction = record::Correction::Figure(figure);
    decide(&mut store, &person(), Change::Corrected { incident: "WP-a".to_owned(), correction });
    let merged = Change::Merged { from: vec!["WP-b".to_owned()], into: "WP-a".to_owned() };
    decide(&mut store, &person(), merged);
    sources_of_this_release(&mut store);
    watched(&mut store);
    store.rows().backup(&copy).unwrap();
    let packed = zstd::encode_all(std::fs::read(&copy).unwrap().as_slice(), 19).unwrap();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/data/layout-{LAYOUT}.db.zst"));
    let made = std::fs::metadata(&data).is_ok_and(|data| data.len() > 0);
    assert!(!made, "{} is there already, and stays as it was released", data.display());
    std::fs::create_dir_all(data.parent().unwrap()).unwrap();
    std::fs::write(data, packed).unwrap();
}

/// A source with what is remembered of it, as it was written when there were sources first.
fn sources_of_this_release(store: &mut dyn Store) {
    let source = serde_json::json!({"id": "S-a", "url": "https://example.org/feed.xml", "name": "The Daily Example",
        "folder": ["Sahel"], "kind": "auto", "text": "page", "added": "2026-11-05T12:00:00Z"});
    store.put_sources(&[serde_json::from_value(source).unwrap()]).unwrap();
    let state = serde_json::json!({"last_try": "2026-11-05T12:30:00Z", "last_success": "2026-11-05T12:30:00Z", "kind": "feed", "begun": true});
    let day = jiff::civil::date(2026, 11, 5);
    let item = |key: &str, waiting: Option<&str>| record::SourceItem {
        key: key.to_owned(),
        met: day,
        waiting: waiting.map(str::to_owned),
        changed: None,
        reads: 0,
    };
    let settled = store::Settled {
        source: "S-a".to_owned(),
        state: serde_json::from_value(state).unwrap(),
        moved: None,
        paused: None,
        day: record::SourceDay { tries: 1, successes: 1, new: 1, ..record::SourceDay::empty(day) },
        items: vec![item("u:1", None), item("u:2", Some("{\"title\":\"T\"}"))],
        listed: true,
    };
    assert!(store.settle_source(&settled).unwrap());
    store.put_host("https://example.org:443", &record::HostState::default()).unwrap();
}

/// The other end of the test below: keeps reports and says after each batch what is committed, until it is killed.
#[test]
#[ignore = "run by another test"]
fn writes_until_it_is_killed() {
    let Some(path) = std::env::var_os("WATCHPOST_WRITE_TO") else { return };
    let mut store = open(Path::new(&path)).unwrap();
    for number in 0_u64.. {
        let tale = Tale::of(&format!("{}-{number}", std::process::id()));
        let id = format!("WP-{}-{number}", std::process::id());
        incident(&mut store, &id, &[&tale]);
        let mut out = std::io::stdout().lock();
        writeln!(out, "committed {}", store.head().unwrap().seq).unwrap();
        out.flush().unwrap();
    }
}

#[test]
fn a_killed_program_loses_nothing_committed() {
    use std::io::{BufRead, BufReader};
    let here = Here::new();
    let path = here.path("a.db");
    filled(&path);
    for round in 0..4_usize {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["writes_until_it_is_killed", "--exact", "--ignored", "--nocapture"])
            .env("WATCHPOST_WRITE_TO", &path)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let committed =
            |line: &String| line.split("committed ").nth(1).and_then(|n| n.trim().parse::<u64>().ok());
        let mut last = 0;
        for line in
            lines.by_ref().map_while(Result::ok).filter_map(|line| committed(&line)).take(7 + 5 * round)
        {
            last = line;
        }
        child.kill().unwrap();
        // What was still in the pipe was committed too.
        last = lines.map_while(Result::ok).filter_map(|line| committed(&line)).last().unwrap_or(last);
        child.wait().unwrap();
        let mut store = open(&path).unwrap();
        assert!(last > 0 && store.head().unwrap().seq >= last);
        whole(&mut store);
    }
}
