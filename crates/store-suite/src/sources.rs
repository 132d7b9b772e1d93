//! What a store remembers of the sources that reports come from.

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use record::{HostState, Paused, Source, SourceDay, SourceItem, SourceState, SourceType, TextFrom};
use store::Settled;

use crate::story::open;
use crate::{Fresh, Tale, add};

const DAY: Date = date(2026, 11, 5);

fn at(hour: i64) -> Timestamp {
    "2026-11-05T00:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_hours(hour)
}

fn source(id: &str) -> Source {
    Source {
        id: id.to_owned(),
        url: format!("https://example.org/{id}?a=1&b=é"),
        name: format!("Outlet \u{0} \"{id}\""),
        page: Some("https://example.org/".to_owned()),
        folder: vec!["Sahel".to_owned(), "Mali".to_owned()],
        kind: SourceType::Feed,
        text: TextFrom::Feed,
        publisher: Some("The Daily Example".to_owned()),
        language: Some("fr".to_owned()),
        every: Some(15),
        added: at(0),
        paused: None,
    }
}

fn item(key: &str, met: Date) -> SourceItem {
    SourceItem { key: key.to_owned(), met, waiting: None, changed: None, reads: 0 }
}

fn settled(id: &str) -> Settled {
    Settled {
        source: id.to_owned(),
        state: SourceState {
            last_try: Some(at(1)),
            failures: 3,
            error: Some("no \u{0} way".to_owned()),
            ..SourceState::default()
        },
        moved: None,
        paused: None,
        day: SourceDay { tries: 1, successes: 1, new: 2, seen: 3, refused: 4, day: DAY },
        items: Vec::new(),
        listed: true,
    }
}

pub fn sources_are_kept_changed_and_forgotten(fresh: Fresh<'_>) {
    let mut store = open!(fresh);
    store.put_sources(&[source("S-b"), source("S-a")]).unwrap();
    assert!(store.settle_source(&settled("S-a")).unwrap());
    let all = store.sources().unwrap();
    assert_eq!(
        all.iter().map(|(source, _)| source.clone()).collect::<Vec<_>>(),
        [source("S-a"), source("S-b")]
    );
    assert_eq!((all[0].1.failures, all[1].1.clone()), (3, SourceState::default()));
    // A definition that is written anew leaves what is remembered.
    let paused = Paused { at: at(2), why: "by hand".to_owned() };
    store.put_sources(&[Source { paused: Some(paused), ..source("S-a") }]).unwrap();
    let all = store.sources().unwrap();
    assert!(all[0].0.paused.is_some() && all[0].1.failures == 3);
    assert!(store.wake_source("S-a").unwrap() && !store.wake_source("S-x").unwrap());
    let (woken, state) = store.sources().unwrap().remove(0);
    assert_eq!((woken, state.failures, state.error, state.last_try), (source("S-a"), 0, None, Some(at(1))));
    assert!(store.remove_source("S-a").unwrap() && !store.remove_source("S-a").unwrap());
    assert_eq!(store.sources().unwrap().len(), 1);
    assert_eq!(store.source_days("S-a", Date::MIN).unwrap(), []);
    assert!(!store.settle_source(&settled("S-a")).unwrap(), "it was removed meanwhile");
    assert_eq!(store.sources().unwrap().len(), 1);
    // None of it is in the log.
    assert_eq!(store.head().unwrap().seq, 0);
}

pub fn what_came_of_a_source_is_kept(fresh: Fresh<'_>) {
    let mut store = open!(fresh);
    store.put_sources(&[source("S-a"), source("S-b")]).unwrap();
    let waiting = |key: &str, met| SourceItem {
        waiting: Some("{\"title\":\"\\u0000\"}".to_owned()),
        changed: Some("2026-11-05T08:00:00Z".to_owned()),
        reads: 2,
        ..item(key, met)
    };
    let items = vec![
        item("old", date(2026, 1, 1)),
        item("a", DAY),
        waiting("c", DAY),
        waiting("b", date(2026, 11, 1)),
    ];
    for _ in 0..2 {
        store.settle_source(&Settled { items: items.clone(), ..settled("S-a") }).unwrap();
    }
    let tomorrow =
        Settled { day: SourceDay { day: date(2026, 11, 6), ..settled("S-a").day }, ..settled("S-a") };
    store.settle_source(&tomorrow).unwrap();
    let day = SourceDay { tries: 2, successes: 2, new: 4, seen: 6, refused: 8, day: DAY };
    assert_eq!(store.source_days("S-a", Date::MIN).unwrap(), [day, tomorrow.day]);
    assert_eq!(store.source_days("S-a", date(2026, 11, 6)).unwrap(), [tomorrow.day]);
    assert_eq!(store.source_days("S-b", Date::MIN).unwrap(), []);
    let asked = ["b", "x", "a", "b", "old"].map(str::to_owned);
    let found = store.source_items("S-a", &asked).unwrap();
    let b = Some(waiting("b", date(2026, 11, 1)));
    assert_eq!(found, [b.clone(), None, Some(item("a", DAY)), b, None], "what was met long ago is forgotten");
    assert_eq!(store.source_items("S-b", &asked).unwrap(), vec![None; 5]);
    let keys = |items: Vec<SourceItem>| items.into_iter().map(|item| item.key).collect::<Vec<_>>();
    // A source that was not looked at, or answers "nothing new", for a year: what it lists still, and what waits, is not forgotten.
    let year = Settled {
        day: SourceDay { day: date(2027, 11, 6), ..settled("S-a").day },
        listed: false,
        ..settled("S-a")
    };
    store.settle_source(&year).unwrap();
    assert_eq!(store.source_items("S-a", &["a".to_owned()]).unwrap(), [Some(item("a", DAY))]);
    store.settle_source(&Settled { listed: true, ..year }).unwrap();
    assert_eq!(store.source_items("S-a", &["a".to_owned()]).unwrap(), [None]);
    assert_eq!(keys(store.waiting_items("S-a", 9).unwrap()), ["b", "c"]);
    assert_eq!(keys(store.waiting_items("S-a", 1).unwrap()), ["b"]);
    store.settle_source(&Settled { items: vec![item("b", DAY)], ..settled("S-a") }).unwrap();
    assert_eq!(keys(store.waiting_items("S-a", 9).unwrap()), ["c"]);
    let many: Vec<SourceItem> = (0..2500).map(|n| item(&format!("k{n}"), DAY)).collect();
    store.settle_source(&Settled { items: many.clone(), ..settled("S-b") }).unwrap();
    let all: Vec<String> = many.iter().map(|item| item.key.clone()).collect();
    assert!(store.source_items("S-b", &all).unwrap().iter().all(Option::is_some));
    // What a person changes meanwhile stays.
    store.put_sources(&[Source { name: "New name".to_owned(), ..source("S-b") }]).unwrap();
    let paused = Paused { at: at(3), why: "gone".to_owned() };
    store
        .settle_source(&Settled {
            paused: Some(paused.clone()),
            moved: Some("https://example.org/to".to_owned()),
            ..settled("S-b")
        })
        .unwrap();
    let (moved, _) = store.sources().unwrap().remove(1);
    assert_eq!(
        (moved.name.as_str(), moved.url.as_str(), moved.paused),
        ("New name", "https://example.org/to", Some(paused))
    );
    // Two sources have never one address.
    store
        .settle_source(&Settled { moved: Some("https://example.org/to".to_owned()), ..settled("S-a") })
        .unwrap();
    let (stayed, _) = store.sources().unwrap().remove(0);
    assert_eq!(stayed.url, source("S-a").url);
    assert!(stayed.paused.is_some_and(|paused| paused.why.contains("New name")));
    let state = HostState {
        robots: Some("User-agent: *".to_owned()),
        robots_at: Some(at(0)),
        ..HostState::default()
    };
    assert_eq!(store.host("http://a:80").unwrap(), HostState::default());
    store.put_host("http://a:80", &HostState::default()).unwrap();
    store.put_host("http://a:80", &state).unwrap();
    assert_eq!(store.host("http://a:80").unwrap(), state);
}

pub fn sources_go_along_in_a_dump(fresh: Fresh<'_>) {
    let mut store = open!(fresh);
    add(&mut *store, &Tale::of("a"));
    store.put_sources(&[source("S-a"), source("S-b")]).unwrap();
    let items: Vec<SourceItem> = (0..1500).map(|n| item(&format!("k{n:04}"), DAY)).collect();
    store.settle_source(&Settled { items, ..settled("S-a") }).unwrap();
    let mut dumped = Vec::new();
    store.dump(&mut dumped).unwrap();
    let mut other = fresh().expect("there was one before");
    other.restore(&mut dumped.as_slice()).unwrap();
    assert_eq!(other.sources().unwrap(), store.sources().unwrap());
    assert_eq!(other.source_days("S-a", Date::MIN).unwrap(), store.source_days("S-a", Date::MIN).unwrap());
    assert!(
        other
            .source_items("S-a", &["k0000".to_owned(), "k1499".to_owned()])
            .unwrap()
            .iter()
            .all(Option::is_some)
    );
    let mut again = Vec::new();
    other.dump(&mut again).unwrap();
    assert!(again == dumped, "letter by letter");
}
