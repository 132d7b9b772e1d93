//! What can happen to a database: the connection breaks, another writes, it is another program's or of another layout, a row was
//! changed by hand.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use record::Change;
use store::rows::Rows;
use store::{Act, Error, Fault, Outcome, Store};
use store_suite::{Tale, add, decide, everything, faults, incident, machine, person, whole};
use support::{beside, schema, server};
use watchpost_store_postgres::{LAYOUT, open};

macro_rules! or_skip {
    ($url:expr) => {
        match $url {
            Some(url) => url,
            None => return,
        }
    };
}

/// Ends every connection to that schema but the one that asks.
fn cut(url: &str) {
    let ended = beside(url)
        .query(
            "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity
             WHERE pid <> pg_backend_pid() AND pid IN (SELECT pid FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
                 WHERE c.relnamespace = current_schema()::regnamespace)",
            &[],
        )
        .unwrap();
    assert!(!ended.is_empty(), "nobody was connected");
}

#[test]
fn a_lost_connection_loses_nothing_committed() {
    let url = or_skip!(schema());
    let mut store = open(&url).unwrap();
    incident(&mut store, "WP-1", &[&Tale::of("a")]);
    let before = (everything(&mut store), store.head().unwrap());
    // In the middle of a batch.
    store.rows().begin().unwrap();
    store.rows().set_home(&Tale::of("a").key(0), None).unwrap();
    cut(&url);
    let error = store.rows().set_home(&Tale::of("a").key(0), None).unwrap_err();
    assert!(matches!(error, Error::Unavailable { .. }), "{error:?}");
    assert!(error.to_string().contains("nothing of this batch was kept"), "{error}");
    store.rows().rollback();
    // The next question finds its way back.
    assert_eq!((everything(&mut store), store.head().unwrap()), before);
    decide(&mut store, &person(), Change::Accepted { incident: "WP-1".to_owned() });
    whole(&mut store);
}

#[test]
fn a_server_that_is_not_there_is_told() {
    let error = open("postgresql://somebody@127.0.0.1:1/nothing").unwrap_err();
    assert!(matches!(error, Error::Unavailable { .. }), "{error:?}");
    assert!(error.to_string().contains("the database nothing on 127.0.0.1"), "{error}");
    let url = or_skip!(server());
    let missing = url.rsplit_once('/').map(|(base, _)| format!("{base}/no_such_database")).unwrap();
    assert!(matches!(open(&missing), Err(Error::Closed { .. })));
}

#[test]
fn who_writes_is_waited_for_and_then_told() {
    let url = or_skip!(schema());
    open(&url).unwrap();
    let mut store = open(&url.replace("options=", "options=-clock_timeout%3D100ms%20")).unwrap();
    let mut other = beside(&url);
    let mut writing = other.transaction().unwrap();
    writing.batch_execute("SELECT 1 FROM head FOR UPDATE").unwrap();
    let acts = [Act::Report(Box::new(Tale::of("a").report()))];
    let error = store.record(&machine(), &acts).unwrap_err();
    assert!(matches!(error, Error::Busy { .. }), "{error:?}");
    assert_eq!(everything(&mut store).len(), 0, "reading goes on meanwhile");
    writing.rollback().unwrap();
    assert!(matches!(store.record(&machine(), &acts).unwrap()[0], Outcome::Added { .. }));
    whole(&mut store);
}

#[test]
fn many_write_at_once_into_one_log() {
    let url = or_skip!(schema());
    // All come to an empty database at once, too.
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let url = &url;
            scope.spawn(move || {
                let mut store = open(url).unwrap();
                for number in 0..10 {
                    add(&mut store, &Tale::of(&format!("{writer} {number}")));
                }
            });
        }
    });
    let mut store = open(&url).unwrap();
    assert_eq!(store.head().unwrap().seq, 40);
    whole(&mut store);
}

#[test]
fn other_schemas_are_refused_and_left_alone() {
    let url = or_skip!(schema());
    beside(&url).batch_execute("CREATE TABLE mine (a int)").unwrap();
    let error = open(&url).unwrap_err();
    assert!(matches!(error, Error::NotOurs { .. }), "{error:?}");
    let tables =
        "SELECT count(*) FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'";
    assert_eq!(beside(&url).query_one(tables, &[]).unwrap().get::<_, i64>(0), 1);
}

#[test]
fn a_newer_layout_is_refused() {
    let url = or_skip!(schema());
    open(&url).unwrap();
    beside(&url).execute("INSERT INTO watchpost_layout VALUES ($1)", &[&i64::from(LAYOUT + 1)]).unwrap();
    let error = open(&url).unwrap_err();
    assert!(
        matches!(error, Error::Newer { found, known, .. } if (found, known) == (LAYOUT + 1, LAYOUT)),
        "{error:?}"
    );
}

#[test]
fn what_was_tampered_with_is_named() {
    let url = or_skip!(schema());
    let mut store = open(&url).unwrap();
    incident(&mut store, "WP-1", &[&Tale::of("a"), &Tale::of("b")]);
    assert_eq!(faults(&mut store), []);
    let mut other = beside(&url);
    other
        .batch_execute("UPDATE decision SET body = replace(body, 'linker', 'nobody') WHERE seq = 2")
        .unwrap();
    assert_eq!(faults(&mut store), [Fault::Changed { seq: 2 }]);
    other.batch_execute("DELETE FROM decision WHERE seq = 2").unwrap();
    assert!(faults(&mut store).contains(&Fault::Missing { first: 2, last: 2 }));
}

#[test]
fn a_dump_goes_from_each_database_into_the_other() {
    let (url, other) = (or_skip!(schema()), or_skip!(schema()));
    let folder = tempfile::TempDir::new().unwrap();
    let mut file = store_sqlite::create(&folder.path().join("a.db")).unwrap();
    incident(&mut file, "WP-1", &[&Tale::of("a"), &Tale { killed: 9, ..Tale::of("b") }]);
    incident(&mut file, "WP-2", &[&Tale { url: Some("https://example.org/a".to_owned()), ..Tale::of("a") }]);
    decide(&mut file, &person(), Change::Merged { from: vec!["WP-2".to_owned()], into: "WP-1".to_owned() });
    let mut dumped = Vec::new();
    file.dump(&mut dumped).unwrap();
    let mut server = open(&url).unwrap();
    server.restore(&mut dumped.as_slice()).unwrap();
    assert_eq!(everything(&mut server), everything(&mut file));
    whole(&mut server);
    let mut again = Vec::new();
    server.dump(&mut again).unwrap();
    assert!(again == dumped, "letter by letter");
    let mut back = store_sqlite::create(&folder.path().join("b.db")).unwrap();
    back.restore(&mut again.as_slice()).unwrap();
    assert_eq!(everything(&mut back), everything(&mut file));
    // What was cut off is taken in by neither.
    let mut third = open(&other).unwrap();
    let error = third.restore(&mut &dumped[..dumped.len() / 2]).unwrap_err();
    assert!(matches!(error, Error::Dump { .. }), "{error:?}");
    assert_eq!(third.head().unwrap().seq, 0);
}

#[test]
fn a_very_long_report_is_kept_whole_and_searched_by_its_beginning() {
    let url = or_skip!(schema());
    let mut store = open(&url).unwrap();
    // Each word is another, as in no report: the most that an index can be asked to hold.
    let words: String = (100_000..400_000).map(|number| format!("{number} ")).collect();
    let tale = Tale { actor: words, ..Tale::of("long") };
    let id = add(&mut store, &tale);
    assert_eq!(store.report(&id).unwrap().unwrap().text, tale.text());
    let found = |store: &mut dyn Store, word: &str| {
        let text = store::words::Query::parse(word);
        store.count_reports(&store::find::ReportFilter { text, ..Default::default() }, 9).unwrap()
    };
    assert_eq!(found(&mut store, "100007"), store::find::Total::Exactly(1));
    assert_eq!(found(&mut store, "399999"), store::find::Total::Exactly(0));
}

#[test]
fn one_moment_is_one_moment_whatever_others_write() {
    let url = or_skip!(schema());
    let (mut store, mut other) = (open(&url).unwrap(), open(&url).unwrap());
    incident(&mut store, "WP-1", &[&Tale::of("a")]);
    let before = everything(&mut store);
    store
        .at_one_moment(&mut |store| {
            assert_eq!(everything(store), before);
            incident(&mut other, "WP-2", &[&Tale::of("b")]);
            decide(&mut other, &person(), Change::Rejected { incident: "WP-1".to_owned() });
            assert_eq!(everything(store), before, "not what was written since");
            assert_eq!(store.head()?.seq, 2);
            Ok(())
        })
        .unwrap();
    assert_eq!(everything(&mut store).len(), 2);
    // What goes wrong while it is looked at ends the looking and nothing else.
    let failed = store.at_one_moment(&mut |_| Err(Error::Asked("no".to_owned())));
    assert!(matches!(failed, Err(Error::Asked(_))));
    add(&mut store, &Tale::of("c"));
    whole(&mut store);
}
