//! The table in memory answers as the database does, whatever was decided.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use jiff::{Span, ToSpan as _};
use record::vocabulary::{EventType, SubEventType};
use record::{Change, Correction, FigureCorrection, Harm, IncidentDates, IncidentPlace, Party, Status};
use store::find::{Area, Filter, Order, Page, Total};
use store::survey::{Cell, Named};
use store::table::{Dimension, RowSet, TimePart, Value};
use store::words::Query;
use store::{Act, Outcome, Store, Table};

use crate::random::Draw;
use crate::story::open;
use crate::{Fresh, Tale, decide, machine, person};

/// Places: spelled in several ways, at the edges of the world, without coordinates' neighbours.
const PLACES: [(&str, &str, &str, f64, f64); 8] = [
    ("Gao", "MLI", "Gao", 16.27, -0.04),
    ("Ménaka", "MLI", "Ménaka", 15.92, 2.4),
    ("Ḥalab", "SYR", "Aleppo", 36.2, 37.16),
    ("Alep", "SYR", "ALEPPO", 36.25, 37.2),
    ("Suva", "FJI", "Rewa", -18.14, 178.44),
    ("Taveuni", "FJI", "Cakaudrove", -16.85, -179.97),
    ("Null Island", "GHA", "", 0.0, 0.0),
    ("The pole", "ATA", "—", -90.0, 180.0),
];

const ACTORS: [&str; 6] =
    ["Gunmen of Example", "gunmen of example", "Ansar of Example", "JNIM", "jnim", "the army"];
const OUTLETS: [&str; 4] = ["The Daily Example", "Agence d’Exemple", "AGENCE D'EXEMPLE", "Radio Exemple"];
const WORDS: [&str; 7] = ["example", "jnim", "gao -ansar", "\"killing 3\"", "attack*", "halab", "never told"];
const KINDS: [SubEventType; 4] = [
    SubEventType::Attack,
    SubEventType::AirDroneStrike,
    SubEventType::ArmedClash,
    SubEventType::PeacefulProtest,
];

fn tale(draw: &mut Draw, number: usize) -> Tale {
    let first = date(2023, 11, 20).saturating_add((draw.below(120) as i64).days());
    let lasts: [i64; 6] = [0, 0, 0, 3, 20, 70];
    let (name, country, admin1, latitude, longitude) = PLACES[draw.below(8)];
    let day = (draw.below(8) > 0).then_some(first);
    Tale {
        day,
        last: day.map(|day| day.saturating_add(Span::new().days(lasts[draw.below(6)]))),
        place: (draw.below(7) > 0).then(|| {
            let near = |draw: &mut Draw| draw.below(100) as f64 / 1000.0;
            let latitude = if latitude < -89.0 { latitude } else { latitude + near(draw) };
            let longitude = if longitude > 179.0 { longitude } else { (longitude - near(draw)).max(-180.0) };
            (name.to_owned(), country.to_owned(), admin1.to_owned(), latitude, longitude)
        }),
        actor: ACTORS[draw.below(6)].to_owned(),
        publisher: (draw.below(6) > 0).then(|| OUTLETS[draw.below(4)].to_owned()),
        killed: draw.below(12) as u64,
        kind: KINDS[draw.below(4)],
        confidence: draw.below(11) as f64 / 10.0,
        events: 1 + draw.below(2),
        ..Tale::of(&format!("{number}"))
    }
}

fn some<T: Copy>(draw: &mut Draw, all: &[T]) -> Vec<T> {
    (0..=draw.below(2)).map(|_| all[draw.below(all.len())]).collect()
}

/// A filter of a few conditions.
fn filter(draw: &mut Draw) -> Filter {
    let mut filter = Filter::default();
    for _ in 0..draw.below(4) {
        let day = |draw: &mut Draw| date(2023, 11, 1).saturating_add((draw.below(180) as i64).days());
        match draw.below(14) {
            0 => filter.from = Some(day(draw)),
            1 => filter.to = Some(day(draw)),
            2 => {
                filter.countries = some(draw, &["MLI", "mli", "SYR", "FJI", "ATA", "XYZ"])
                    .into_iter()
                    .map(str::to_owned)
                    .collect();
            }
            3 => filter.admin1 = Some(["Aleppo", "gao", "MENAKA", "—", "nowhere"][draw.below(5)].to_owned()),
            4 => filter.event_types = some(draw, EventType::ALL),
            5 => filter.sub_event_types = some(draw, &KINDS),
            6 => {
                filter.actor = Some(
                    ["JNIM", "jnim", "Gunmen Of Example", "ML-1", "ml 1", "nobody"][draw.below(6)].to_owned(),
                )
            }
            7 => filter.source = Some([OUTLETS[draw.below(4)], "nobody"][draw.below(2)].to_owned()),
            8 => filter.statuses = some(draw, Status::ALL),
            9 => filter.min_deaths = Some(draw.below(10) as u64),
            10 => filter.min_confidence = Some(draw.below(11) as f64 / 10.0),
            11 => filter.text = Query::parse(WORDS[draw.below(WORDS.len())]),
            12 => {
                let (west, east) =
                    [(-20.0, 20.0), (170.0, -170.0), (-0.14, 40.0), (-180.0, 180.0)][draw.below(4)];
                filter.area = Some(Area { south: -90.0 + draw.below(110) as f64, west, north: 60.0, east });
            }
            _ => {
                filter.ring = [
                    vec![[10.0, -5.0], [10.0, 5.0], [20.0, 5.0], [20.0, -5.0]],
                    vec![[36.2, 30.0], [40.0, 37.16], [36.2, 40.0], [30.0, 37.15]],
                    vec![[-20.0, 170.0], [-10.0, 179.0], [-20.0, 179.5]],
                    vec![[5.0, 1.0], [5.0, 2.0], [5.0, 3.0]],
                ][draw.below(4)]
                .clone();
                filter.placed = draw.below(2) == 0;
            }
        }
    }
    filter
}

fn party(draw: &mut Draw) -> Party {
    let id = [Some("JNIM"), Some("ML-1"), None][draw.below(3)];
    serde_json::from_value(serde_json::json!({
        "kind": "group", "label": ACTORS[draw.below(6)], "actor_id": id, "certainty": "stated", "voices": 1,
    }))
    .unwrap()
}

fn correction(draw: &mut Draw) -> Correction {
    match draw.below(5) {
        0 => Correction::SubEventType(KINDS[draw.below(4)]),
        1 => {
            let best = (draw.below(3) > 0).then(|| draw.below(50) as u64);
            Correction::Figure(FigureCorrection { harm: Harm::Killed, low: None, best, high: None })
        }
        2 => {
            let first = date(2024, 1, 1).saturating_add((draw.below(60) as i64).days());
            let last = first.saturating_add((draw.below(50) as i64).days());
            Correction::Dates(if draw.below(4) == 0 {
                IncidentDates::default()
            } else {
                IncidentDates {
                    event_date: Some(first),
                    event_date_end: Some(last),
                    ..IncidentDates::default()
                }
            })
        }
        3 => {
            let (name, country, admin1, latitude, longitude) = PLACES[draw.below(8)];
            let point = draw.below(3) > 0;
            Correction::Place((draw.below(5) > 0).then(|| IncidentPlace {
                name: name.to_owned(),
                country: Some(country.to_owned()),
                admin1: Some(admin1.to_owned()),
                latitude: point.then_some(latitude),
                longitude: point.then_some(longitude),
                ..IncidentPlace::default()
            }))
        }
        _ => Correction::Actors((0..draw.below(3)).map(|_| party(draw)).collect()),
    }
}

/// Decides at random: new incidents, links, merges, splits, corrections, reviews, undoing.
fn decide_some(store: &mut dyn Store, draw: &mut Draw, tales: &[Tale], made: &mut usize) -> usize {
    let mut acts = Vec::new();
    for _ in 0..=draw.below(12) {
        let id = |draw: &mut Draw, made: usize| format!("WP-{}", draw.below(made.max(1)));
        let event = |draw: &mut Draw| {
            let tale = &tales[draw.below(tales.len())];
            tale.key(draw.below(tale.events))
        };
        let change = match draw.below(16) {
            0..5 => {
                *made += 1;
                Change::Created { incident: format!("WP-{}", *made - 1), events: vec![event(draw)] }
            }
            5..7 => Change::Linked { event: event(draw), incident: id(draw, *made) },
            7 => Change::Merged { from: vec![id(draw, *made)], into: id(draw, *made) },
            8 => {
                *made += 1;
                let into = format!("WP-{}", *made - 1);
                Change::Split { from: id(draw, *made - 1), events: vec![event(draw)], into }
            }
            9 => Change::Accepted { incident: id(draw, *made) },
            10 => Change::NotAnEvent { incident: id(draw, *made) },
            11..14 => Change::Corrected { incident: id(draw, *made), correction: correction(draw) },
            14 => Change::CopyOf {
                report: tales[draw.below(tales.len())].id(),
                of: Some(tales[draw.below(tales.len())].id()),
            },
            _ => {
                let head = usize::try_from(store.head().unwrap().seq).unwrap();
                Change::Undone { decision: 1 + draw.below(head) as u64 }
            }
        };
        acts.push(Act::Decide { change, why: "drawn".to_owned() });
    }
    let stamp = if draw.below(3) > 0 { person() } else { machine() };
    let outcomes = store.record(&stamp, &acts).unwrap();
    outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Decided { .. })).count()
}

fn same_cells(ours: &[Cell], theirs: &[Cell], what: &str) {
    let mut theirs = theirs.to_vec();
    let corner = |cell: &Cell| (cell.extent.south, cell.extent.west);
    theirs.sort_by(|a, b| corner(a).partial_cmp(&corner(b)).unwrap());
    let mut ours = ours.to_vec();
    ours.sort_by(|a, b| corner(a).partial_cmp(&corner(b)).unwrap());
    assert_eq!(ours.len(), theirs.len(), "{what}: {ours:?} {theirs:?}");
    for (a, b) in ours.iter().zip(&theirs) {
        assert_eq!((a.extent, a.count, a.deaths), (b.extent, b.count, b.deaths), "{what}");
        // The order in which a database sums is its own.
        assert!((a.latitude - b.latitude).abs() < 1e-9 && (a.longitude - b.longitude).abs() < 1e-9, "{what}");
    }
}

/// Days into parts of a month, as [`Table::line`] has them.
fn months(store: &mut dyn Store, filter: &Filter) -> (BTreeMap<Date, TimePart>, u64) {
    let (mut parts, mut undated) = (BTreeMap::<Date, TimePart>::new(), 0);
    for day in store.days(filter).unwrap() {
        let Ok(first) = day.first.parse::<Date>() else {
            undated += day.count;
            continue;
        };
        let last = day.last.parse::<Date>().unwrap_or(first);
        let part = parts.entry(first.first_of_month()).or_default();
        part.count += day.count;
        part.deaths += day.deaths;
        part.spans += if last.first_of_month() > first.first_of_month() { day.count } else { 0 };
        if let Some(kind) = day.event_type {
            *part.types.entry(kind).or_default() += day.count;
        }
    }
    (parts, undated)
}

fn agree(store: &mut dyn Store, table: &Table, filter: &Filter) -> u64 {
    let what = format!("{filter:?}");
    let words = filter.text.as_ref().map(|query| RowSet::of(&store.matching(query).unwrap()));
    let words = words.as_ref();
    let count = table.count(filter, words).unwrap();
    assert_eq!(store.count(filter, u64::MAX).unwrap(), Total::Exactly(count), "{what}");

    let of = [Dimension::Country, Dimension::Type, Dimension::SubType, Dimension::Status];
    let groups = store.groups(filter).unwrap();
    for (dimension, mut ours) in of.into_iter().zip(table.values(filter, words, &of).unwrap()) {
        let mut theirs: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
        for group in &groups {
            let value = match dimension {
                Dimension::Country => group.country.as_deref(),
                Dimension::Type => group.event_type.as_deref(),
                Dimension::SubType => group.sub_event_type.as_deref(),
                _ => Some(group.status.as_str()),
            };
            if let Some(value) = value {
                let sum = theirs.entry(value).or_default();
                *sum = (sum.0 + group.count, sum.1 + group.deaths);
            }
        }
        ours.sort();
        let ours: Vec<_> = ours.iter().map(|v| (v.value.as_str(), (v.count, v.deaths))).collect();
        assert_eq!(ours, theirs.into_iter().collect::<Vec<_>>(), "{dimension:?} of {what}");
    }
    for (dimension, named) in [(Dimension::Actor, Named::Actor), (Dimension::Source, Named::Source)] {
        let mut ours = table.values(filter, words, &[dimension]).unwrap().remove(0);
        ours.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
        let ours: Vec<_> =
            ours.iter().map(|v: &Value| (v.value.clone(), v.count, v.row, v.updated)).collect();
        let theirs = store.names(filter, named, 1000).unwrap();
        let theirs: Vec<_> = theirs.into_iter().map(|n| (n.key, n.count, n.row, n.updated)).collect();
        assert_eq!(ours, theirs, "{dimension:?} of {what}");
    }

    assert_eq!(table.line(filter, words, Date::first_of_month).unwrap(), months(store, filter), "{what}");
    let placed = Filter { placed: true, ..filter.clone() };
    let here = table.count(&placed, words).unwrap();
    assert_eq!(store.count(&placed, u64::MAX).unwrap(), Total::Exactly(here), "{what}");
    assert_eq!(table.placed(filter, words).unwrap(), (count, here), "{what}");
    for degrees in [22.5, 0.703_125, 90.0 / f64::from(1 << 14)] {
        // A filter across the antimeridian is two questions to a database, which may both have a part of a cell.
        if filter.area.is_none_or(|area| area.west <= area.east) && filter.from.is_none() {
            let cells = store.cells(filter, degrees).unwrap();
            same_cells(&table.cells(filter, words, degrees).unwrap(), &cells, &what);
        }
    }

    for order in [Order::Newest, Order::Touched, Order::Deadliest] {
        let mut page = Page { order, after: None, limit: 7 };
        loop {
            let ours = table.page(filter, words, &page).unwrap();
            let theirs = store.find(filter, &page).unwrap();
            assert_eq!((ours.total, &ours.next), (count, &theirs.next), "{order:?} of {what}");
            let rows: Vec<i64> = ours.rows.iter().map(|(row, _)| *row).collect();
            let found: Vec<_> =
                store.at_rows(&rows).unwrap().into_iter().map(|(_, incident)| incident).collect();
            let touched: Vec<i64> = found.iter().map(|i| i64::try_from(i.updated).unwrap()).collect();
            assert_eq!(found, theirs.rows, "{order:?} of {what}");
            assert_eq!(ours.rows.iter().map(|(_, updated)| *updated).collect::<Vec<_>>(), touched);
            if ours.next.is_none() {
                break;
            }
            page.after = ours.next;
        }
    }
    count
}

pub fn the_table_answers_as_the_database(fresh: Fresh<'_>) {
    let (mut found, mut decided) = (0, 0);
    for seed in 0..3 {
        let mut store = open!(fresh);
        let store = &mut *store;
        let mut draw = Draw(1000 + seed);
        let mut table = Table::load(store).unwrap();
        assert!(table.is_empty());
        let tales: Vec<Tale> = (0..120).map(|number| tale(&mut draw, number)).collect();
        let acts: Vec<Act> = tales.iter().map(|tale| Act::Report(Box::new(tale.report()))).collect();
        store.record(&machine(), &acts).unwrap();
        let mut made = 0;
        for round in 0..25 {
            decided += decide_some(store, &mut draw, &tales, &mut made);
            if round == 12 {
                // A new rule touches every incident.
                let rule =
                    record::FigureRule { among: record::Among::Highest, ..record::FigureRule::default() };
                decide(store, &person(), Change::RuleSet { rule });
            }
            let news = table.news(store).unwrap();
            table.take(&news).unwrap();
            assert_eq!(table.seq(), store.head().unwrap().seq);
            assert!(table.is_of(store).unwrap(), "seed {seed}");
            for _ in 0..4 {
                let filter = filter(&mut draw);
                found += agree(store, &table, &filter);
            }
        }
        agree(store, &table, &Filter::default());
        // One that is filled at once is the same.
        let anew = Table::load(store).unwrap();
        assert_eq!(anew.len(), table.len());
        for _ in 0..60 {
            let filter = filter(&mut draw);
            found += agree(store, &anew, &filter);
            agree(store, &table, &filter);
        }
        // Rows have other numbers after that, where their order was another: then the table knows that it is not of the store.
        store.rebuild().unwrap();
        let table = if table.is_of(store).unwrap() { table } else { Table::load(store).unwrap() };
        for _ in 0..10 {
            let filter = filter(&mut draw);
            agree(store, &table, &filter);
        }
        let other = Filter { only: vec!["WP-1".to_owned()], ..Filter::default() };
        assert_eq!(table.count(&other, None), None, "ids are the database's");
        let words = Filter { text: Query::parse("example"), ..Filter::default() };
        assert_eq!(table.count(&words, None), None, "words are the database's");
    }
    assert!(found > 2000 && decided > 200, "{found} found, {decided} decided");
}
