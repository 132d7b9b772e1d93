//! The watch over a store of incidents that we made.

#![allow(clippy::unwrap_used, clippy::panic)]

use jiff::ToSpan;
use jiff::civil::{Date, date};
use record::vocabulary::TimePrecision;
use record::{Became, Change, EventKey, Situation};
use store::find::Filter;
use store::{Act, Stamp, Store};
use store_suite::{Tale, machine, person};
use tempfile::TempDir;
use watch::Every;
use watch::forecast::{Model, Settings};
use watchpost_lookout::{By, Kept, Measure, Question, WatchSettings, issue, load, round, series};

/// A Monday.
const FIRST: Date = date(2023, 1, 2);
const GAO: (&str, &str, &str, f64, f64) = ("Gao", "MLI", "Gao", 16.27, -0.04);
const MOPTI: (&str, &str, &str, f64, f64) = ("Mopti", "MLI", "Mopti", 14.49, -4.18);
const MAIDUGURI: (&str, &str, &str, f64, f64) = ("Maiduguri", "NGA", "Borno", 11.85, 13.16);

struct Desk {
    _folder: TempDir,
    store: store_sqlite::SqliteStore,
    told: usize,
}

impl Desk {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let store = store_sqlite::create(&folder.path().join("a.db")).unwrap();
        Self { _folder: folder, store, told: 0 }
    }

    /// An incident of that day and place, told by one report so many days later.
    fn tell(&mut self, day: Date, place: (&str, &str, &str, f64, f64), later: i32) -> String {
        self.told += 1;
        let (name, country, admin1, latitude, longitude) = place;
        let tale = Tale {
            day: Some(day),
            published: day.checked_add(later.days()).unwrap(),
            place: Some((name.to_owned(), country.to_owned(), admin1.to_owned(), latitude, longitude)),
            killed: 2,
            ..Tale::of(&format!("n{}", self.told))
        };
        self.keep(&tale)
    }

    fn keep(&mut self, tale: &Tale) -> String {
        self.keep_as(tale, TimePrecision::Day)
    }

    fn keep_as(&mut self, tale: &Tale, precision: TimePrecision) -> String {
        let mut report = tale.report();
        for event in &mut report.coded.events {
            event.time_precision = event.time_precision.map(|_| precision);
        }
        let id = format!("WP-{:05}", self.told);
        let events: Vec<EventKey> = vec![tale.key(0)];
        let acts = [
            Act::Report(Box::new(report)),
            Act::Decide { change: Change::Created { incident: id.clone(), events }, why: "new".to_owned() },
        ];
        self.store.record(&machine(), &acts).unwrap();
        id
    }

    /// A quiet past: about one a week in Gao, fewer in Mopti and Maiduguri.
    fn past(weeks: i32) -> Self {
        let mut desk = Self::new();
        for week in 0..weeks {
            let monday = FIRST.checked_add((week * 7).days()).unwrap();
            let on = |day: i32| monday.checked_add(day.days()).unwrap();
            for one in 0..[1, 0, 2, 1][week as usize % 4] {
                desk.tell(on(1 + one), GAO, 1);
            }
            if week % 3 == 0 {
                desk.tell(on(2), MOPTI, 1);
            }
            if week % 4 == 1 {
                desk.tell(on(4), MAIDUGURI, 1);
            }
        }
        desk
    }

    fn kept(&mut self) -> Kept {
        load(&mut self.store, &Filter::default()).unwrap()
    }

    fn round(&mut self, as_of: Date) -> Vec<Situation> {
        let hours = i64::from(Every::Day.of(as_of)) * 24;
        let at = jiff::Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_hours(hours);
        round(&mut self.store, &settings(), as_of, &Stamp { at, ..machine() }).unwrap().touched
    }
}

fn settings() -> WatchSettings {
    WatchSettings { by: vec!["admin1".to_owned(), "country,type".to_owned()], ..WatchSettings::default() }
}

fn monday(week: i32) -> Date {
    FIRST.checked_add((week * 7).days()).unwrap()
}

fn counted(kept: &Kept, by: &[By], measure: Measure) -> Vec<(String, Vec<Option<u32>>)> {
    let question = Question { count: measure, ..Question::new(by, Every::Week) };
    let gathered = series(kept, &question).unwrap();
    gathered.series.iter().map(|series| (series.name().to_owned(), series.counts().to_vec())).collect()
}

#[test]
fn incidents_are_counted_where_and_when_they_are_known_to_be() {
    let mut desk = Desk::past(8);
    // Known to the month only, and without a day.
    desk.told += 1;
    let month = Tale {
        day: Some(date(2023, 2, 1)),
        last: Some(date(2023, 2, 28)),
        published: date(2023, 2, 20),
        ..Tale::of("month")
    };
    desk.keep_as(&month, TimePrecision::Month);
    desk.told += 1;
    desk.keep(&Tale { day: None, published: date(2023, 2, 20), ..Tale::of("never") });
    let wrong = desk.tell(monday(1), GAO, 1);
    let acts = [Act::Decide { change: Change::Rejected { incident: wrong }, why: "twice".to_owned() }];
    desk.store.record(&person(), &acts).unwrap();

    let kept = desk.kept();
    assert_eq!(kept.dayless, 1);
    let question = Question::new(&[By::Admin1], Every::Week);
    let gathered = series(&kept, &question).unwrap();
    // The record covers from the first report, a Wednesday: its week is not whole.
    assert_eq!(gathered.covered, Some((date(2023, 1, 4), date(2023, 2, 21))));
    assert_eq!((gathered.left.imprecise, gathered.left.dayless), (1, 1));
    let by_division = counted(&kept, &[By::Admin1], Measure::Incidents);
    assert_eq!(
        by_division[0],
        ("MLI; Gao".to_owned(), vec![Some(0), Some(2), Some(1), Some(1), Some(0), Some(2)])
    );
    // In months the month is precise enough.
    let months = series(
        &kept,
        &Question {
            since: Some(date(2023, 2, 1)),
            until: Some(date(2023, 2, 28)),
            ..Question::new(&[By::Country], Every::Month)
        },
    )
    .unwrap();
    assert_eq!(months.left.imprecise, 0);
    let dead = counted(&kept, &[By::Country], Measure::Deaths);
    assert_eq!(dead.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["MLI", "NGA"]);
    assert_eq!(dead[1].1[0], Some(4 / 2), "{dead:?}");
    let cells = counted(&kept, &[By::PrioGrid], Measure::Incidents);
    let cell = record::priogrid(16.27, -0.04).unwrap().to_string();
    assert!(cells.iter().any(|(name, counts)| *name == cell && counts[1] == Some(2)), "{cells:?}");
    assert_eq!(counted(&kept, &[By::H3(5)], Measure::Reports).len(), 3);
    // As it was known before: the later half was not told yet.
    let early = Question { known_by: Some(date(2023, 1, 20)), until: Some(date(2023, 1, 22)), ..question };
    let early = series(&kept, &early).unwrap();
    assert_eq!(early.series.iter().map(|one| one.counts().len()).max(), Some(2));
    assert!(early.left.later > 5, "{:?}", early.left);
}

#[test]
fn the_volume_of_reporting_is_an_offset() {
    let mut desk = Desk::past(6);
    let kept = desk.kept();
    let question = Question { volume: true, ..Question::new(&[By::All], Every::Week) };
    let gathered = series(&kept, &question).unwrap();
    let all = &gathered.series[0];
    assert!(all.has_offsets());
    // Each incident has one report, the day after it: as many reports as incidents.
    for (at, count) in all.counts().iter().enumerate() {
        assert_eq!(count.map(f64::from), Some(all.offset(at)), "week {at}");
    }
}

#[test]
fn a_surge_is_one_situation_that_is_updated_in_place() {
    let mut desk = Desk::past(80);
    assert_eq!(desk.round(monday(80)), [], "nothing is unusual");
    // On Tuesday and Wednesday of the next week six attacks in Gao and three in Mopti: more than a whole week lets one expect.
    let mut attacks = Vec::new();
    for _ in 0..6 {
        attacks.push(desk.tell(monday(80).tomorrow().unwrap(), GAO, 1));
    }
    let opened = desk.round(monday(80).checked_add(4.days()).unwrap());
    assert_eq!(opened.len(), 1, "{opened:#?}");
    let situation = &opened[0];
    assert_eq!(situation.state, Became::Opened);
    assert!(situation.chief.so_far && situation.says.contains("so far"), "{}", situation.says);
    assert!(attacks.iter().all(|id| situation.incidents.contains(id)), "{situation:#?}");
    assert_eq!(situation.countries, ["MLI"]);
    assert!(situation.revisions.rejections >= 1 && !situation.revisions.holds_accepted);
    // The next days nothing is new.
    assert_eq!(desk.round(monday(80).checked_add(5.days()).unwrap()), []);
    assert_eq!(desk.round(monday(80).checked_add(6.days()).unwrap()), []);
    // More of it.
    for _ in 0..4 {
        desk.tell(monday(80).checked_add(5.days()).unwrap(), GAO, 1);
    }
    let grown = desk.round(monday(81));
    assert_eq!((grown.len(), grown[0].state, &grown[0].id), (1, Became::Grew, &situation.id), "{grown:#?}");
    assert_eq!(grown[0].opened, situation.opened);
    // Two weeks later it is over.
    let eased = desk.round(monday(82));
    assert_eq!((eased.len(), eased[0].state), (1, Became::Eased), "{eased:#?}");
    let closed = desk.round(monday(83));
    assert_eq!((closed.len(), closed[0].state), (1, Became::Closed));
    assert_eq!(store::Watching::situations(&mut desk.store, true, 9).unwrap(), []);
    assert_eq!(desk.round(monday(84)), []);
}

#[test]
fn an_alarm_that_is_revised_away_closes_its_situation() {
    let mut desk = Desk::past(80);
    let attacks: Vec<String> =
        (0..7).map(|_| desk.tell(monday(79).tomorrow().unwrap(), MAIDUGURI, 1)).collect();
    let opened = desk.round(monday(80));
    assert_eq!((opened.len(), opened[0].countries.clone()), (1, vec!["NGA".to_owned()]), "{opened:#?}");
    let enough = opened[0].revisions.rejections as usize;
    assert!((2..7).contains(&enough), "{enough}");
    let acts: Vec<Act> = attacks
        .iter()
        .take(enough)
        .map(|id| Act::Decide {
            change: Change::NotAnEvent { incident: id.clone() },
            why: "a film".to_owned(),
        })
        .collect();
    desk.store.record(&person(), &acts).unwrap();
    let closed = desk.round(monday(80));
    assert_eq!((closed.len(), closed[0].state), (1, Became::Closed), "{closed:#?}");
    assert!(closed[0].reason.contains("do not hold"), "{}", closed[0].reason);
}

#[test]
fn neighbours_and_the_same_type_are_one_situation_and_far_ones_are_not() {
    let mut desk = Desk::past(80);
    for day in 0..6 {
        desk.tell(monday(79).checked_add(day.days()).unwrap(), GAO, 1);
        desk.tell(monday(79).checked_add(day.days()).unwrap(), MAIDUGURI, 1);
    }
    let mut opened = desk.round(monday(80));
    opened.sort_by(|a, b| a.countries.cmp(&b.countries));
    let countries: Vec<_> = opened.iter().map(|one| one.countries.join("+")).collect();
    assert_eq!(countries, ["MLI", "NGA"], "{opened:#?}");
    assert!(opened[0].alarms.len() >= 2, "the division and the country's type: {:#?}", opened[0].alarms);
    let why: Vec<&str> = opened[0].alarms.iter().map(|alarm| alarm.why.as_str()).collect();
    assert!(why.iter().any(|why| why.contains("the same incidents")), "{why:?}");
}

#[test]
fn a_forecast_is_frozen_and_scored_when_its_day_has_come() {
    let mut desk = Desk::past(60);
    let kept = desk.kept();
    let by = [By::Country];
    let question = Question::new(&by, Every::Week);
    let gathered = series(&kept, &question).unwrap();
    let of = issue::asked(&question, &Filter::default(), gathered.covered.unwrap(), None).unwrap();
    let settings = Settings { model: Model::Watchpost, horizon: 4, draws: 500, seed: 1 };
    let head = desk.store.head().unwrap();
    let forecast = issue::issue(&gathered, of, &settings, &head);
    assert_eq!((forecast.series.len(), forecast.series[0].periods.len()), (2, 4));
    assert_eq!(issue::unpacked(&forecast.series[0].periods[0]).len(), 500);
    assert!(issue::keep(&mut desk.store, &machine(), &forecast).unwrap().is_ok());
    assert!(issue::keep(&mut desk.store, &machine(), &forecast).unwrap().is_err(), "not twice");
    let before = issue::score(&mut desk.store, &machine()).unwrap();
    assert_eq!((before.models[0].issued, before.models[0].waiting), (1, 8));
    assert!(before.models[0].now.is_none());

    // Two weeks go by.
    let first = gathered.last.unwrap() + 1;
    let start = Every::Week.start(first);
    // One was there before.
    for _ in 0..3 {
        desk.tell(start.tomorrow().unwrap(), GAO, 1);
    }
    desk.tell(start.checked_add(15.days()).unwrap(), GAO, 1);
    let after = issue::score(&mut desk.store, &machine()).unwrap();
    assert_eq!((after.models[0].waiting, after.forecasts[0].due.len()), (4, 4), "{after:#?}");
    let due = &after.forecasts[0].due[0];
    assert_eq!((due.series.as_str(), due.ahead, due.came, due.first), ("MLI", 1, 4, Some(4)));
    assert_eq!(after.models[0].baseline.as_ref().unwrap().forecasts, 4);
    // A late report changes what is known now, and not what was known first.
    desk.tell(start.checked_add(2.days()).unwrap(), GAO, 13);
    let later = issue::score(&mut desk.store, &machine()).unwrap();
    let due = &later.forecasts[0].due[0];
    assert_eq!((due.came, due.first), (5, Some(4)));
    let frozen = issue::issued(&mut desk.store).unwrap();
    assert_eq!(frozen[0].forecast, forecast);
}
