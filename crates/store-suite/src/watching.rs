//! What a store remembers of the watch: its own log, and the situations that it folds to.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use record::{
    Became, Came, Draws, ForecastOf, ForecastSeries, IssuedForecast, Revisions, SITUATION_SCHEMA, Situation,
    SituationAlarm, WatchNote,
};
use store::{Noting, Refusal, Stamp, Store, to_be_said};

use crate::story::open;
use crate::{Fresh, Tale, add, faults, machine, person, whole};

const DAY: Date = date(2024, 3, 4);

fn at(hours: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours)
}

fn stamped(stamp: Stamp, hours: i64) -> Stamp {
    Stamp { at: at(hours), ..stamp }
}

/// A situation that rests on WP-1.
#[must_use]
pub fn situation(id: &str, state: Became, count: u32) -> Situation {
    let chief = SituationAlarm {
        by: "admin1".to_owned(),
        series: "MLI; Gao \u{0}".to_owned(),
        date: DAY,
        so_far: false,
        count,
        expected: 1.25,
        upper: 4.0,
        p_value: 1.0e-7,
        nowcast: None,
        why: "the first of it".to_owned(),
    };
    Situation {
        schema: SITUATION_SCHEMA.to_owned(),
        id: id.to_owned(),
        state,
        joined_to: None,
        says: "Gao: more than was expected".to_owned(),
        reason: String::new(),
        every: "week".to_owned(),
        count_of: "incidents".to_owned(),
        since: DAY,
        first_alarm: DAY,
        last_alarm: DAY,
        judged_to: DAY,
        alarms: vec![chief.clone()],
        chief,
        seen_since: u64::from(count),
        expected_since: 1.25,
        countries: vec!["MLI".to_owned()],
        divisions: vec!["Gao".to_owned()],
        actors: Vec::new(),
        incidents: vec!["WP-1".to_owned()],
        independent_reports: 2,
        revisions: Revisions::default(),
        cursor: 7,
        opened: at(1),
        updated: at(1),
        acknowledged: None,
        snoozed: None,
    }
}

fn note(store: &mut dyn Store, stamp: &Stamp, note: WatchNote, why: &str) -> Result<u64, Refusal> {
    let noting = Noting { note, why: why.to_owned() };
    store.note_with(stamp, &mut |_| Ok(vec![noting.clone()])).unwrap().remove(0)
}

/// Notes how a situation stands, so many hours after the epoch.
pub fn stands(store: &mut dyn Store, hours: i64, situation: Situation) -> u64 {
    let noted = WatchNote::Situation { situation: Box::new(situation) };
    note(store, &stamped(machine(), hours), noted, "judged").unwrap()
}

pub fn situations_are_updated_in_place(fresh: Fresh<'_>) {
    let mut store = open!(fresh);
    assert_eq!(stands(&mut *store, 1, situation("WS-a", Became::Opened, 6)), 1);
    assert_eq!(stands(&mut *store, 2, situation("WS-b", Became::Opened, 5)), 2);
    let seen = |id: &str| WatchNote::Acknowledged { situation: id.to_owned() };
    assert!(note(&mut *store, &machine(), seen("WS-a"), "x").is_err(), "a program sees nothing");
    assert!(note(&mut *store, &person(), seen("WS-a"), " ").is_err(), "without a reason");
    assert!(note(&mut *store, &person(), seen("WS-x"), "x").is_err(), "no such situation");
    assert_eq!(note(&mut *store, &stamped(person(), 3), seen("WS-a"), "known to us"), Ok(3));
    let known = store.situation("WS-a").unwrap().unwrap();
    assert_eq!(known.acknowledged.as_ref().map(|seen| seen.why.as_str()), Some("known to us"));
    assert!(!to_be_said(&known, DAY));
    // It grows: what was said of it stays, and it is to be said again.
    stands(&mut *store, 4, situation("WS-a", Became::Grew, 9));
    let grown = store.situation("WS-a").unwrap().unwrap();
    assert_eq!(
        (grown.state, grown.chief.count, grown.opened, grown.updated),
        (Became::Grew, 9, at(1), at(4))
    );
    assert!(grown.acknowledged.is_some() && to_be_said(&grown, DAY));
    let snooze = WatchNote::Snoozed { situation: "WS-a".to_owned(), until: DAY };
    note(&mut *store, &stamped(person(), 5), snooze, "covered elsewhere").unwrap();
    let quiet = store.situation("WS-a").unwrap().unwrap();
    assert!(!to_be_said(&quiet, DAY) && to_be_said(&quiet, DAY.tomorrow().unwrap()));

    stands(&mut *store, 6, situation("WS-b", Became::Closed, 5));
    let ids = |open, store: &mut dyn Store| -> Vec<String> {
        store.situations(open, 10).unwrap().into_iter().map(|one| one.id).collect()
    };
    assert_eq!(ids(true, &mut *store), ["WS-a"]);
    assert_eq!(ids(false, &mut *store), ["WS-b", "WS-a"]);
    let kinds: Vec<String> = store
        .watch_entries(None, Some("WS-a"), 0, 10)
        .unwrap()
        .into_iter()
        .map(|entry| format!("{} {}", entry.seq, entry.note.kind()))
        .collect();
    assert_eq!(kinds, ["1 situation", "3 acknowledged", "4 situation", "5 snoozed"]);
    assert_eq!(store.watch_entries(Some("situation"), None, 2, 1).unwrap()[0].seq, 4);
    assert_eq!(store.watch_head().unwrap().seq, 6);
    // None of it is in the log of decisions.
    assert_eq!(store.head().unwrap().seq, 0);
    let before = store.situations(false, 10).unwrap();
    whole(&mut *store);
    assert_eq!(store.situations(false, 10).unwrap(), before, "rebuilt");
    // A plan that fails keeps nothing.
    let failed = store.note_with(&machine(), &mut |_| Err(store::Error::Asked("no plan".to_owned())));
    assert!(failed.is_err() && store.watch_head().unwrap().seq == 6);
}

fn forecast(id: &str) -> IssuedForecast {
    let series = ForecastSeries {
        name: "MLI".to_owned(),
        periods: vec![Draws { date: Some(DAY), values: vec![0, 3], times: vec![600, 400] }],
    };
    IssuedForecast {
        id: id.to_owned(),
        model: "watchpost".to_owned(),
        of: ForecastOf {
            by: vec!["country".to_owned()],
            count: "incidents".to_owned(),
            every: "week".to_owned(),
            filter: serde_json::json!({}),
            since: date(2023, 1, 2),
            until: DAY,
            areas: None,
        },
        horizon: 1,
        draws: 1000,
        seed: 1,
        cursor: 0,
        log_hash: store::log::GENESIS.to_owned(),
        series: vec![series.clone()],
        baseline: vec![series],
    }
}

pub fn forecasts_are_frozen(fresh: Fresh<'_>) {
    let mut store = open!(fresh);
    let issue = |id: &str| WatchNote::Forecast { forecast: Box::new(forecast(id)) };
    assert_eq!(note(&mut *store, &machine(), issue("FC-a"), ""), Ok(1));
    assert!(note(&mut *store, &machine(), issue("FC-a"), "").is_err(), "never anew");
    let came = |counts: Vec<u32>| WatchNote::Came {
        came: Came { forecast: "FC-a".to_owned(), date: DAY, covered_to: DAY, cursor: 0, counts },
    };
    assert_eq!(note(&mut *store, &machine(), came(vec![2]), ""), Ok(2));
    assert_eq!(note(&mut *store, &machine(), came(vec![5]), ""), Err(Refusal::NoChange), "known once");
    let kept = store.watch_entries(Some("forecast"), Some("FC-a"), 0, 9).unwrap();
    assert_eq!(kept[0].note, issue("FC-a"));
    whole(&mut *store);
}

/// A situation `WS-a` that somebody has seen, and a forecast `FC-a`: three entries of the watch's log.
pub fn watched(store: &mut dyn Store) {
    stands(store, 1, situation("WS-a", Became::Opened, 6));
    let seen = WatchNote::Acknowledged { situation: "WS-a".to_owned() };
    note(store, &stamped(person(), 2), seen, "known").unwrap();
    note(store, &machine(), WatchNote::Forecast { forecast: Box::new(forecast("FC-a")) }, "").unwrap();
}

pub fn the_watch_goes_along_in_a_dump(fresh: Fresh<'_>) {
    let mut store = open!(fresh);
    add(&mut *store, &Tale::of("a"));
    watched(&mut *store);
    let mut dumped = Vec::new();
    store.dump(&mut dumped).unwrap();
    let mut other = fresh().expect("there was one before");
    other.restore(&mut dumped.as_slice()).unwrap();
    assert_eq!(other.watch_head().unwrap(), store.watch_head().unwrap());
    assert_eq!(other.situations(false, 9).unwrap(), store.situations(false, 9).unwrap());
    assert_eq!(faults(&mut *other), []);
    let mut again = Vec::new();
    other.dump(&mut again).unwrap();
    assert!(again == dumped, "letter by letter");
    let text =
        String::from_utf8(dumped).unwrap().replace("known to", "x").replacen("\"known\"", "\"other\"", 1);
    let mut third = fresh().expect("there was one before");
    let error = third.restore(&mut text.as_bytes()).unwrap_err();
    assert!(error.to_string().contains("the watch's log"), "{error}");
    assert_eq!(third.watch_head().unwrap().seq, 0, "nothing was restored");
}

pub fn days_and_voices_of_reports_are_told(fresh: Fresh<'_>) {
    let mut store = open!(fresh);
    let page = |name: &str, url: &str| Tale { url: Some(url.to_owned()), ..Tale::of(name) };
    let (a, b) = (page("a", "https://example.org/a"), Tale { published: date(2024, 3, 9), ..Tale::of("b") });
    add(&mut *store, &a);
    add(&mut *store, &b);
    let days = store.report_days(i64::MIN, 10).unwrap();
    let told: BTreeMap<&str, (Option<&str>, Option<Date>)> =
        days.iter().map(|day| (day.id.as_str(), (day.url.as_deref(), day.published))).collect();
    let (a, b) = (a.id(), b.id());
    assert_eq!(told[a.as_str()], (Some("https://example.org/a"), Some(date(2024, 3, 6))));
    assert_eq!(told[b.as_str()], (None, Some(date(2024, 3, 9))));
    assert_eq!(store.report_days(days[0].row, 10).unwrap(), days[1..]);
    assert_eq!(store.report_days(i64::MIN, 1).unwrap(), days[..1]);
}
