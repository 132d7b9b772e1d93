//! What the store is asked, and what it gives away and takes back.

use std::io::BufReader;

use jiff::civil::date;
use record::vocabulary::{EventType, SubEventType};
use record::{Change, Status};
use store::find::{Area, ChangeCursor, ChangeRow, Filter, Order, Page, ReportFilter, Total, What};
use store::survey::Named;
use store::words::Query;
use store::{Act, Error, Store};

use crate::story::open;
use crate::{Fresh, Tale, add, decide, everything, faults, get, ids, incident, machine, person};

fn at(
    name: &str,
    country: &str,
    admin1: &str,
    latitude: f64,
    longitude: f64,
) -> Option<(String, String, String, f64, f64)> {
    Some((name.to_owned(), country.to_owned(), admin1.to_owned(), latitude, longitude))
}

/// Five incidents that differ in all that is asked for.
fn five(store: &mut dyn Store) -> [Tale; 5] {
    let day = |month, day| Some(date(2024, month, day));
    let tales = [
        Tale { day: day(1, 10), ..Tale::of("a") },
        Tale {
            day: day(2, 10),
            place: at("Ḥalab", "SYR", "Aleppo", 36.2, 37.16),
            killed: 40,
            kind: SubEventType::AirDroneStrike,
            publisher: Some("Agence d’Exemple".to_owned()),
            ..Tale::of("b")
        },
        Tale {
            day: day(2, 20),
            place: at("Kayes", "MLI", "Kayes", 14.45, -11.44),
            actor: "Ansar of Example".to_owned(),
            confidence: 0.3,
            ..Tale::of("c")
        },
        Tale {
            day: day(3, 30),
            place: at("Suva", "FJI", "Rewa", -18.14, 178.44),
            killed: 0,
            ..Tale::of("d")
        },
        Tale { day: None, place: None, ..Tale::of("e") },
    ];
    for (number, tale) in (1..).zip(&tales) {
        incident(store, &format!("WP-{number}"), &[tale]);
    }
    decide(store, &person(), Change::Accepted { incident: "WP-3".to_owned() });
    tales
}

pub fn incidents_are_found_by_what_they_are(fresh: Fresh<'_>) {
    let mut store = open!(fresh);
    five(&mut *store);
    let all = Filter::default;
    let words = |typed: &str| Query::parse(typed);
    let asked = [
        (all(), "4 3 2 1 5"),
        (Filter { from: Some(date(2024, 2, 10)), ..all() }, "4 3 2"),
        (Filter { to: Some(date(2024, 2, 10)), ..all() }, "2 1"),
        (Filter { from: Some(date(2024, 2, 11)), to: Some(date(2024, 2, 20)), ..all() }, "3"),
        (Filter { countries: vec!["mli".to_owned()], ..all() }, "3 1"),
        (Filter { countries: vec!["SYR".to_owned(), "FJI".to_owned()], ..all() }, "4 2"),
        (Filter { admin1: Some("ALEPPO".to_owned()), ..all() }, "2"),
        (Filter { event_types: vec![EventType::ExplosionsRemoteViolence], ..all() }, "2"),
        (Filter { sub_event_types: vec![SubEventType::Attack], ..all() }, "4 3 1 5"),
        (
            Filter { sub_event_types: vec![SubEventType::Attack, SubEventType::AirDroneStrike], ..all() },
            "4 3 2 1 5",
        ),
        (Filter { actor: Some("ansar of EXAMPLE".to_owned()), ..all() }, "3"),
        (Filter { actor: Some("nobody".to_owned()), ..all() }, ""),
        (Filter { source: Some("agence d'exemple".to_owned()), ..all() }, "2"),
        (Filter { statuses: vec![Status::Accepted], ..all() }, "3"),
        (Filter { statuses: vec![Status::Unreviewed, Status::Rejected], ..all() }, "4 2 1 5"),
        (Filter { min_deaths: Some(1), ..all() }, "3 2 1 5"),
        (Filter { min_confidence: Some(0.5), ..all() }, "4 2 1 5"),
        (Filter { text: words("halab"), ..all() }, "2"),
        (Filter { text: words("attacking -halab -kayes"), ..all() }, "4 1 5"),
        (
            Filter { text: words(&format!("attacking -halab -kayes{}", " -nowhere".repeat(150))), ..all() },
            "4 1 5",
        ),
        (Filter { area: Some(Area { south: 10.0, west: -20.0, north: 20.0, east: 0.0 }), ..all() }, "3 1"),
        // A triangle around Kayes whose box has Gao in it as well, and a line, which has nothing in it.
        (Filter { ring: vec![[10.0, -20.0], [20.0, -20.0], [13.0, 1.0]], ..all() }, "3"),
        (Filter { ring: vec![[10.0, -20.0], [10.0, 20.0], [10.0, 1.0]], ..all() }, ""),
        (Filter { placed: true, ..all() }, "4 3 2 1"),
        (
            Filter {
                area: Some(Area { south: 10.0, west: -20.0, north: 20.0, east: 0.0 }),
                source: Some("the daily example".to_owned()),
                text: words("gao"),
                to: Some(date(2024, 12, 31)),
                ..all()
            },
            "1",
        ),
    ];
    for (filter, expected) in asked {
        let expected: Vec<String> =
            expected.split_whitespace().map(|number| format!("WP-{number}")).collect();
        assert_eq!(ids(&mut *store, &filter), expected, "{filter:?}");
    }
    let order = |order, store: &mut dyn Store| -> Vec<String> {
        let found = store.find(&all(), &Page { order, after: None, limit: 3 }).unwrap();
        found.rows.into_iter().map(|incident| incident.id).collect()
    };
    assert_eq!(order(Order::Deadliest, &mut *store)[0], "WP-2");
    assert_eq!(order(Order::Touched, &mut *store)[0], "WP-3");
    assert_eq!(store.count(&all(), 3).unwrap(), Total::MoreThan(3));
    // What was merged away is found no more.
    decide(&mut *store, &person(), Change::Merged { from: vec!["WP-1".to_owned()], into: "WP-2".to_owned() });
    assert_eq!(ids(&mut *store, &all()), ["WP-4", "WP-3", "WP-2", "WP-5"].map(str::to_owned));
    assert_eq!(
        ids(&mut *store, &Filter { text: words("gao"), ..all() }),
        ["WP-2"],
        "but by the words that came along"
    );
}

/// What the store counts is what a list of the same filter has.
pub fn counts_agree_with_lists(fresh: Fresh<'_>) {
    let mut store = open!(fresh);
    five(&mut *store);
    let long =
        Tale { day: Some(date(2023, 1, 1)), last: Some(date(2024, 12, 31)), killed: 7, ..Tale::of("f") };
    incident(&mut *store, "WP-6", &[&long]);
    let filters = [
        Filter::default(),
        Filter { from: Some(date(2024, 2, 10)), ..Filter::default() },
        Filter { countries: vec!["MLI".to_owned()], ..Filter::default() },
        Filter { actor: Some("ansar of EXAMPLE".to_owned()), ..Filter::default() },
        Filter {
            area: Some(Area { south: -90.0, west: 170.0, north: 90.0, east: 20.0 }),
            ..Filter::default()
        },
        Filter { min_deaths: Some(1000), ..Filter::default() },
    ];
    for filter in filters {
        let page = Page { order: Order::Newest, after: None, limit: 100 };
        let rows = store.find(&filter, &page).unwrap().rows;
        let count = rows.len() as u64;
        let deaths: u64 = rows.iter().filter_map(|incident| incident.deaths.best).sum();
        let groups = store.groups(&filter).unwrap();
        assert_eq!(groups.iter().map(|group| group.count).sum::<u64>(), count, "{filter:?}");
        assert_eq!(groups.iter().map(|group| group.deaths).sum::<u64>(), deaths, "{filter:?}");
        let days = store.days(&filter).unwrap();
        assert_eq!(days.iter().map(|day| day.count).sum::<u64>(), count, "{filter:?}");
        let placed = rows.iter().filter(|incident| incident.place.is_some()).count() as u64;
        for degrees in [0.5, 5.0, 90.0] {
            let cells = store.cells(&filter, degrees).unwrap();
            assert_eq!(cells.iter().map(|cell| cell.count).sum::<u64>(), placed, "{filter:?}");
        }
        for named in [Named::Actor, Named::Source] {
            for counted in store.names(&filter, named, 100).unwrap() {
                let found = match named {
                    Named::Actor => Filter { actor: Some(counted.key.clone()), ..filter.clone() },
                    Named::Source => Filter { source: Some(counted.key.clone()), ..filter.clone() },
                };
                if filter.actor.is_none() || named == Named::Source {
                    assert_eq!(
                        store.count(&found, 1000).unwrap(),
                        Total::Exactly(counted.count),
                        "{found:?}"
                    );
                }
            }
        }
    }
    let first = &store.names(&Filter::default(), Named::Actor, 1).unwrap()[0];
    assert_eq!((first.key.as_str(), first.count), ("villagers", 6));
    // What was merged away is counted no more.
    decide(&mut *store, &person(), Change::Merged { from: vec!["WP-1".to_owned()], into: "WP-6".to_owned() });
    assert_eq!(store.groups(&Filter::default()).unwrap().iter().map(|group| group.count).sum::<u64>(), 5);
    assert_eq!(store.names(&Filter::default(), Named::Actor, 1).unwrap()[0].count, 5);
}

pub fn long_incidents_are_found_by_every_day(fresh: Fresh<'_>) {
    let mut store = open!(fresh);
    for (id, first, last) in [
        ("WP-1", date(2023, 1, 1), date(2023, 12, 31)),
        ("WP-2", date(2023, 6, 1), date(2023, 6, 20)),
        ("WP-3", date(2023, 6, 15), date(2023, 6, 15)),
    ] {
        let tale = Tale { day: Some(first), last: Some(last), ..Tale::of(id) };
        incident(&mut *store, id, &[&tale]);
    }
    let between = |from, to| Filter { from: Some(from), to: Some(to), ..Filter::default() };
    let june = between(date(2023, 6, 10), date(2023, 6, 30));
    assert_eq!(ids(&mut *store, &june), ["WP-3", "WP-2", "WP-1"]);
    assert_eq!(ids(&mut *store, &between(date(2023, 12, 1), date(2024, 6, 30))), ["WP-1"]);
    assert_eq!(ids(&mut *store, &Filter { from: Some(date(2023, 6, 21)), ..Filter::default() }), ["WP-1"]);
    // Page by page they are the same.
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let found = store.find(&june, &Page { order: Order::Newest, after, limit: 1 }).unwrap();
        seen.extend(found.rows.into_iter().map(|incident| incident.id));
        after = found.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, ["WP-3", "WP-2", "WP-1"]);
}

pub fn some_are_asked_for_by_name(fresh: Fresh<'_>) {
    let mut store = open!(fresh);
    for id in ["WP-1", "WP-2", "WP-3"] {
        incident(&mut *store, id, &[&Tale::of(id)]);
    }
    let named = |only: &[&str], except: &[&str]| Filter {
        only: only.iter().map(|id| (*id).to_owned()).collect(),
        except: except.iter().map(|id| (*id).to_owned()).collect(),
        statuses: vec![record::Status::Unreviewed],
        ..Filter::default()
    };
    for (filter, expected) in [
        (named(&["WP-1", "WP-3", "WP-none"], &[]), vec!["WP-3", "WP-1"]),
        (named(&[], &["WP-3"]), vec!["WP-2", "WP-1"]),
        (named(&["WP-1", "WP-2"], &["WP-2"]), vec!["WP-1"]),
    ] {
        let mut found =
            store.find(&filter, &Page { order: Order::Worth, after: None, limit: 9 }).unwrap().rows;
        found.sort_by(|a, b| b.id.cmp(&a.id));
        assert_eq!(found.iter().map(|incident| incident.id.as_str()).collect::<Vec<_>>(), expected);
        assert_eq!(ids(&mut *store, &filter), expected);
        assert_eq!(store.count(&filter, 10).unwrap(), store::find::Total::Exactly(expected.len() as u64));
    }
}

pub fn areas_may_cross_the_antimeridian(fresh: Fresh<'_>) {
    let mut store = open!(fresh);
    for (id, longitude) in [("WP-1", 179.5), ("WP-2", -179.5), ("WP-3", 0.0)] {
        let tale = Tale { place: at(id, "FJI", "Rewa", -18.0, longitude), ..Tale::of(id) };
        incident(&mut *store, id, &[&tale]);
    }
    let area = |west, east| Filter {
        area: Some(Area { south: -20.0, west, north: 0.0, east }),
        ..Filter::default()
    };
    assert_eq!(ids(&mut *store, &area(170.0, -170.0)), ["WP-2", "WP-1"]);
    assert_eq!(ids(&mut *store, &area(-170.0, 170.0)), ["WP-3"]);
    // An edge belongs to the box, and what lies beyond it by less than a rounding does not.
    assert_eq!(ids(&mut *store, &area(179.5, 180.0)), ["WP-1"]);
    assert_eq!(ids(&mut *store, &area(179.500_000_1, 180.0)), [""; 0]);
}

pub fn pages_are_stable(fresh: Fresh<'_>) {
    let mut store = open!(fresh);
    let tale =
        |number: i8| Tale { day: Some(date(2024, 1, 1 + number / 3)), ..Tale::of(&format!("{number}")) };
    for number in 0..20 {
        incident(&mut *store, &format!("WP-{number:02}"), &[&tale(number)]);
    }
    for order in [Order::Newest, Order::Touched, Order::Deadliest, Order::Worth] {
        let whole = store.find(&Filter::default(), &Page { order, after: None, limit: 20 }).unwrap();
        assert_eq!((whole.rows.len(), whole.next), (20, None));
        let first = store.find(&Filter::default(), &Page { order, after: None, limit: 7 }).unwrap();
        let after = first.next.unwrap();
        assert_eq!(after.to_string().parse::<store::find::Cursor>().unwrap(), after);
        // Something new on the first page moves nothing on the second.
        let new = format!("WP-new-{order:?}");
        let newest = Tale { day: Some(date(2024, 12, 1)), killed: 99, ..Tale::of(&new) };
        incident(&mut *store, &new, &[&newest]);
        let second = store.find(&Filter::default(), &Page { order, after: Some(after), limit: 7 }).unwrap();
        assert_eq!(second.rows, whole.rows[7..14]);
        let undo = Change::Undone { decision: store.head().unwrap().seq };
        decide(&mut *store, &person(), undo);
    }
    let wrong = store.find(&Filter::default(), &Page { limit: 0, ..Page::default() });
    assert!(matches!(wrong, Err(Error::Asked(_))), "{wrong:?}");
    for wrong in ["", "n", "n_2024-99-99_1", "t_x_1", "n_2024-01-01_x", "q_1_1"] {
        assert!(wrong.parse::<store::find::Cursor>().is_err(), "{wrong}");
    }
}

pub fn words_are_found_in_all_spellings(fresh: Fresh<'_>) {
    let mut store = open!(fresh);
    let tale = Tale {
        place: at("Sana'a", "YEM", "Amanat Al Asimah", 15.35, 44.2),
        actor: "Houthis".to_owned(),
        ..Tale::of("x")
    };
    incident(&mut *store, "WP-1", &[&tale]);
    for (typed, found) in [
        ("sanaa", true),
        ("SANA’A houthi", true),
        ("attack", true),
        ("hout*", true),
        ("\"killing 3 people\"", true),
        ("\"people killing\"", false),
        ("sanaa -houthis", false),
        ("sanaa aden", false),
        ("is", false),
        ("says", true),
    ] {
        let filter = Filter { text: Query::parse(typed), ..Filter::default() };
        assert_eq!(ids(&mut *store, &filter).len(), usize::from(found), "{typed}");
    }
    for typed in
        ["\"", "'; --", "NOT NEAR(a b)", "a:b", "* ^ + ( ) { } [ ]", "\\ & | ! <->", "a\0b", "OR", "-"]
    {
        if let Some(text) = Query::parse(typed) {
            ids(&mut *store, &Filter { text: Some(text.clone()), ..Filter::default() });
            let page = Page { limit: 10, ..Page::default() };
            store.find_reports(&ReportFilter { text: Some(text), ..ReportFilter::default() }, &page).unwrap();
        }
    }
}

pub fn reports_are_found(fresh: Fresh<'_>) {
    let mut store = open!(fresh);
    for number in 1..=9_i8 {
        let publisher = if number % 2 == 0 { "Even Post" } else { "Odd Times" };
        add(
            &mut *store,
            &Tale {
                published: date(2024, 5, number),
                publisher: Some(publisher.to_owned()),
                actor: format!("Group number{number}"),
                ..Tale::of(&format!("r{number}"))
            },
        );
    }
    let page = |limit| Page { limit, ..Page::default() };
    let all = ReportFilter::default;
    let even = ReportFilter { publisher: Some("EVEN POST".to_owned()), ..all() };
    let first = store.find_reports(&even, &page(3)).unwrap();
    assert_eq!(first.rows.iter().map(|row| row.published.unwrap().day()).collect::<Vec<_>>(), [8, 6, 4]);
    let second = store.find_reports(&even, &Page { after: first.next, ..page(3) }).unwrap();
    assert_eq!(second.rows.len(), 1);
    assert_eq!(store.count_reports(&even, 100).unwrap(), Total::Exactly(4));
    let words = ReportFilter { text: Query::parse("number7 attacked"), ..all() };
    let found = store.find_reports(&words, &page(5)).unwrap();
    assert_eq!(found.rows.len(), 1);
    assert!(found.rows[0].snippet.contains("number7"), "{:?}", found.rows[0]);
    let days = ReportFilter { from: Some(date(2024, 5, 3)), to: Some(date(2024, 5, 4)), ..all() };
    assert_eq!(store.count_reports(&days, 100).unwrap(), Total::Exactly(2));
    assert_eq!(
        store.count_reports(&ReportFilter { source: Some("suite".to_owned()), ..all() }, 5).unwrap(),
        Total::MoreThan(5)
    );
}

pub fn changes_are_told_once_each(fresh: Fresh<'_>) {
    let mut store = open!(fresh);
    let tales = five(&mut *store);
    let since = ChangeCursor { seq: store.head().unwrap().seq, row: i64::MAX };
    assert_eq!(store.changes(since, 10).unwrap().rows, []);
    incident(&mut *store, "WP-6", &[&Tale::of("f")]);
    decide(&mut *store, &person(), Change::Rejected { incident: "WP-1".to_owned() });
    decide(&mut *store, &person(), Change::Rejected { incident: "WP-6".to_owned() });
    decide(&mut *store, &person(), Change::Merged { from: vec!["WP-2".to_owned()], into: "WP-3".to_owned() });
    decide(&mut *store, &machine(), Change::Linked { event: tales[4].key(0), incident: "WP-4".to_owned() });
    let told = |row: &ChangeRow| (row.incident.id.clone(), row.what);
    let all = store.changes(since, 100).unwrap();
    let expected = [
        ("WP-1", What::Updated),
        ("WP-6", What::Created),
        ("WP-2", What::MergedInto),
        ("WP-3", What::Updated),
        ("WP-4", What::Updated),
        ("WP-5", What::Deleted),
    ];
    let mut seen: Vec<_> = all.rows.iter().map(told).collect();
    let order: Vec<u64> = all.rows.iter().map(|row| row.seq).collect();
    assert!(order.is_sorted(), "{order:?}");
    let mut expected: Vec<_> = expected.iter().map(|(id, what)| ((*id).to_owned(), *what)).collect();
    seen.sort_by(|a, b| a.0.cmp(&b.0));
    expected.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(seen, expected);
    assert!(!all.more);
    // One at a time they are the same, also where one decision touched two.
    let mut cursor = since;
    let mut one_by_one = Vec::new();
    loop {
        let some = store.changes(cursor, 1).unwrap();
        one_by_one.extend(some.rows.iter().map(|row| row.incident.id.clone()));
        assert_eq!(some.next.to_string().parse::<ChangeCursor>().unwrap(), some.next);
        cursor = some.next;
        if !some.more {
            break;
        }
    }
    assert_eq!(one_by_one, all.rows.iter().map(|row| row.incident.id.clone()).collect::<Vec<_>>());
    assert_eq!(store.changes(cursor, 10).unwrap().rows, []);
    assert!("x".parse::<ChangeCursor>().is_err());
}

pub fn a_dump_goes_into_another_store(fresh: Fresh<'_>) {
    let mut store = open!(fresh);
    five(&mut *store);
    let copy = Tale { url: Some("https://example.org/copy".to_owned()), ..Tale::of("a") };
    add(&mut *store, &copy);
    decide(&mut *store, &machine(), Change::Linked { event: copy.key(0), incident: "WP-1".to_owned() });
    decide(&mut *store, &person(), Change::Merged { from: vec!["WP-1".to_owned()], into: "WP-2".to_owned() });
    let undo = Change::Undone { decision: store.head().unwrap().seq };
    decide(&mut *store, &person(), undo);
    let mut dumped = Vec::new();
    store.dump(&mut dumped).unwrap();

    let mut other = open!(fresh);
    let restored = other.restore(&mut BufReader::new(dumped.as_slice())).unwrap();
    assert_eq!((restored.reports, restored.decisions), (6, store.head().unwrap().seq));
    assert_eq!(everything(&mut *other), everything(&mut *store));
    assert_eq!(other.head().unwrap(), store.head().unwrap());
    assert_eq!(faults(&mut *other), []);
    let mut again = Vec::new();
    other.dump(&mut again).unwrap();
    assert!(again == dumped, "letter by letter");
    assert_eq!(other.report(&copy.id()).unwrap(), store.report(&copy.id()).unwrap());
    // What comes later goes on from there.
    decide(&mut *other, &person(), Change::Accepted { incident: "WP-5".to_owned() });
    let twice = other.restore(&mut BufReader::new(dumped.as_slice()));
    assert!(matches!(&twice, Err(Error::Asked(why)) if why.contains("new store")), "{twice:?}");
}

pub fn a_broken_dump_restores_nothing(fresh: Fresh<'_>) {
    let mut store = open!(fresh);
    five(&mut *store);
    let mut dumped = Vec::new();
    store.dump(&mut dumped).unwrap();
    let text = String::from_utf8(dumped).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let without = |number: usize| {
        let kept = lines.iter().enumerate().filter(|(index, _)| *index != number).map(|(_, line)| *line);
        kept.collect::<Vec<_>>().join("\n")
    };
    let mut other = open!(fresh);
    for (broken, says) in [
        (lines[..lines.len() - 1].join("\n"), "cut off"),
        (lines[..4].join("\n") + "\n{\"deci", "line 5"),
        (without(2), "hash"),
        (without(1), "line before"),
        (without(0), "first line"),
        (text.replacen("because the suite", "because nobody", 1), "hash"),
        (text.replacen("people, report a says", "people, report a said", 1), "hashes"),
        (String::new(), "cut off"),
    ] {
        let error = other.restore(&mut BufReader::new(broken.as_bytes())).unwrap_err();
        assert!(matches!(error, Error::Dump { .. }), "{error:?}");
        assert!(error.to_string().contains(says), "{says}: {error}");
        assert_eq!((other.head().unwrap().seq, everything(&mut *other).len()), (0, 0));
    }
    // Nothing of the attempts is in the way.
    other.restore(&mut BufReader::new(text.as_bytes())).unwrap();
    assert_eq!(get(&mut *other, "WP-3").status, Status::Accepted);
    let acts = [Act::Report(Box::new(Tale::of("later").report()))];
    other.record(&machine(), &acts).unwrap();
    assert_eq!(faults(&mut *other), []);
}
