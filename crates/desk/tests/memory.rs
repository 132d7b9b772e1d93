//! What the desk counts in memory is what the database counts, as it is sent.

#![allow(clippy::unwrap_used, clippy::panic)]

#[allow(dead_code)]
mod support;

use std::net::TcpListener;
use std::time::{Duration, Instant};

use jiff::civil::date;
use record::vocabulary::SubEventType;
use serde_json::{Value, json};
use store::Store;
use store_suite::{Tale, incident};
use support::{Served, served_as};

fn forty(store: &mut dyn Store) {
    let places = [("Gao", "MLI", "Gao", 16.27, -0.04), ("Ḥalab", "SYR", "Aleppo", 36.2, 37.16)];
    let actors = ["Gunmen of Example", "gunmen of example", "Ansar of Example"];
    for number in 0..40_u8 {
        let at = usize::from(number);
        let (name, country, admin1, latitude, longitude) = places[at % 2];
        let nearby = f64::from(number) / 100.0;
        let tale = Tale {
            day: (at % 9 > 0).then(|| date(2024, 1, 1).saturating_add(jiff::Span::new().days(at as i64))),
            last: (at % 5 == 1).then(|| date(2024, 3, 20)),
            place: (at % 7 > 0).then(|| {
                (
                    name.to_owned(),
                    country.to_owned(),
                    admin1.to_owned(),
                    latitude + nearby,
                    longitude - nearby,
                )
            }),
            actor: actors[at % 3].to_owned(),
            publisher: (at % 4 > 0).then(|| format!("Outlet {}", at % 4)),
            killed: u64::from(number % 6),
            kind: [SubEventType::Attack, SubEventType::AirDroneStrike, SubEventType::ArmedClash][at % 3],
            confidence: f64::from(number % 10) / 10.0,
            ..Tale::of(&number.to_string())
        };
        incident(store, &format!("WP-{number}"), &[&tale]);
    }
}

/// A desk that counts in memory, when it does.
fn in_memory() -> Served {
    let metrics = TcpListener::bind("127.0.0.1:0").unwrap();
    let told = format!("http://{}/metrics", metrics.local_addr().unwrap());
    let desk = served_as(|setup| setup.metrics = Some(metrics), forty);
    let start = Instant::now();
    loop {
        let text = ureq::get(&told).call().unwrap().body_mut().read_to_string().unwrap();
        let count = text.lines().find_map(|line| line.strip_prefix("watchpost_incidents_in_memory "));
        if count == Some("40") {
            return desk;
        }
        assert!(start.elapsed() < Duration::from_secs(20), "{text}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn alike(ours: &Served, theirs: &Served) {
    let filters = [
        "",
        "country=MLI",
        "country=SYR&type=Battles",
        "from=2024-01-20&to=2024-02-05",
        "actor=Gunmen%20of%20Example&status=unreviewed",
        "source=outlet%202",
        "text=ansar",
        "text=gao%20-ansar&deaths_min=2",
        "bbox=-10,0,20,50&confidence_min=0.3",
        "polygon=-5,14;1,14;1,18",
        "admin1=aleppo&sub_type=air-drone-strike",
        "actor=nobody",
        "country=MLI&status=accepted&actor=ansar%20of%20example&source=outlet%203",
    ];
    for filter in filters {
        for path in [
            "/api/v1/facets?limit=2",
            "/api/v1/facets?limit=20",
            "/api/v1/timeline?every=day",
            "/api/v1/timeline?every=week&by=type",
            "/api/v1/timeline?every=month",
            "/api/v1/map?limit=100",
            "/api/v1/map?limit=1&zoom=2",
            "/api/v1/map?limit=1&zoom=9.5",
            "/api/v1/incidents?limit=7",
            "/api/v1/incidents?limit=7&order=deadliest",
            "/api/v1/incidents?limit=7&order=touched",
            "/api/v1/incidents?limit=7&order=worth",
            "/api/v1/queue?limit=3",
        ] {
            let path = format!("{path}&{filter}");
            let (a, b) = (ours.json(&path), theirs.json(&path));
            assert_eq!(a, b, "{path}");
            if let Some(next) = a["next"].as_str() {
                let more = format!("{path}&cursor={next}");
                assert_eq!(ours.json(&more), theirs.json(&more), "{more}");
            }
        }
    }
}

#[test]
fn what_is_counted_in_memory_is_what_the_database_counts() {
    let ours = in_memory();
    let theirs = served_as(|setup| setup.in_memory = false, forty);
    alike(&ours, &theirs);
    let changes: [Value; 4] = [
        json!({"kind": "accept", "incident": "WP-9"}),
        json!({"kind": "merge", "incident": "WP-4", "from": ["WP-3", "WP-5"]}),
        json!({"kind": "correct", "incident": "WP-4", "field": "killed", "value": "50", "reason": "the list of names"}),
        json!({"kind": "undo", "decision": 82}),
    ];
    for change in &changes {
        let (a, b) = (ours.decide(change), theirs.decide(change));
        assert_eq!(a.status, b.status);
        assert!(a.status < 300, "{}", a.text);
        // Seen at once, also by who asks the very next question.
        alike(&ours, &theirs);
    }
}

#[test]
fn what_another_program_writes_is_seen_by_the_next_question() {
    let desk = in_memory();
    let count = |desk: &Served| desk.json("/api/v1/incidents?country=FJI")["total"]["count"].clone();
    assert_eq!(count(&desk), 0);
    let mut store = store_sqlite::open(&desk.folder.path().join("watchpost.db")).unwrap();
    for number in 0..3 {
        let place = ("Suva".to_owned(), "FJI".to_owned(), "Rewa".to_owned(), -18.14, 178.44);
        let tale = Tale { place: Some(place), ..Tale::of(&format!("fiji {number}")) };
        incident(&mut store, &format!("WP-F{number}"), &[&tale]);
        assert_eq!(count(&desk), number + 1);
    }
    // Rows of tables that were made anew have other numbers.
    store.rebuild().unwrap();
    std::thread::sleep(Duration::from_millis(2500));
    let found = desk.json("/api/v1/incidents?country=FJI&limit=9");
    assert_eq!(found["items"].as_array().unwrap().len(), 3);
    assert_eq!(found["items"][0]["place"]["country"], "FJI");
}
