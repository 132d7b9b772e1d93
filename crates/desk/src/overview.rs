//! What a filter's incidents come to: facets, a time line, a map.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::response::Response;
use jiff::ToSpan as _;
use jiff::civil::Date;
use record::country::Countries;
use record::vocabulary::{EventType, SubEventType};
use record::{Harm, Incident, IncidentPlace, Status};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::to_raw_value;
use serde_json::{Value, json};
use store::Store;
use store::find::{Area, Filter, Order, Page, Total as Counted};
use store::survey::{Cell, DayCount, Group, NameCount, Named};
use store::table::{self, Dimension};
use store::words::key;

use crate::Desk;
use crate::asked::{EVERY, FACETS, FILTERS, MAP};
use crate::endpoint::{Ask, Endpoint};
use crate::memory::{Memory, Point};
use crate::problem::Problem;
use crate::words::titled;

/// A value of a facet.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct FacetValue {
    /// As the filter takes it.
    value: String,
    /// As people read it.
    label: String,
    /// How many incidents.
    count: u64,
    /// Their deaths by the best figures; null where that is not counted.
    deaths: Option<u64>,
}

/// The values that the incidents have, the most frequent first.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub(crate) struct Facet {
    /// The values.
    items: Vec<FacetValue>,
    /// There are more than were asked for.
    more: bool,
}

/// What the incidents of a filter are. Each facet leaves its own filter out, so that a second value can be chosen beside the first.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub(crate) struct Facets {
    /// Countries, by ISO 3166-1 alpha-3.
    country: Facet,
    /// ACLED event types.
    r#type: Facet,
    /// ACLED sub-event types.
    sub_type: Facet,
    /// What reviewers have said.
    status: Facet,
    /// Participants.
    actor: Facet,
    /// Outlets.
    source: Facet,
}

/// A part of a time line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct TimePart {
    /// Its first day.
    date: String,
    /// Incidents whose first day lies in it.
    count: u64,
    /// Their deaths by the best figures.
    deaths: u64,
    /// How many of them go on after it, or are known no better than that.
    spans: u64,
    /// How many of each ACLED event type, where `by` asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    types: Option<BTreeMap<String, u64>>,
}

/// A time line; parts without incidents are left out.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct TimeLine {
    /// How long each part is.
    every: String,
    /// The parts, the first first.
    items: Vec<TimePart>,
    /// Incidents without a day.
    undated: u64,
}

/// Points and groups of points (RFC 7946).
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Map {
    r#type: &'static str,
    /// Incidents (`kind` incident), or groups of them (`kind` cluster), each a point with properties.
    #[schemars(with = "Vec<Value>")]
    features: Vec<Feature>,
    /// How many incidents the filter finds.
    total: u64,
    /// How many of them have coordinates.
    placed: u64,
    /// Whether the features are groups.
    clustered: bool,
}

/// A feature as it is sent: written once, however often it is asked for.
#[derive(Debug)]
struct Feature(Point);

impl Feature {
    fn new(value: &Value) -> Result<Self, Problem> {
        to_raw_value(value)
            .map(|written| Self(Arc::from(written)))
            .map_err(|error| Problem::new("broken", format!("a feature cannot be written: {error}")))
    }
}

impl Serialize for Feature {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get("/facets", "facets", "What the incidents of a filter are, and how many of each.")
            .asks(FILTERS)
            .asks(FACETS)
            .tagged()
            .answers::<Facets>(200, "The facets.")
            .by(facets),
        Endpoint::get("/timeline", "timeline", "When the incidents of a filter were.")
            .asks(FILTERS)
            .asks(EVERY)
            .tagged()
            .answers::<TimeLine>(200, "The time line.")
            .by(timeline),
        Endpoint::get("/map", "map", "Where the incidents of a filter were, as GeoJSON.")
            .asks(FILTERS)
            .asks(MAP)
            .tagged()
            .answers::<Map>(200, "Points, or groups of points where there are too many.")
            .by(map),
    ]
}

async fn facets(desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    let filter = ask.asked.filter(&desk.setup.countries)?;
    let limit: usize = ask.asked.number("limit", 1, 200, 20)?;
    let (setup, memory) = (Arc::clone(&desk.setup), Arc::clone(&desk.memory));
    desk.derived(&ask, move |store| {
        let name = |code: &str| {
            setup.countries.by_iso3(code).map_or(code, |country| country.name.as_str()).to_owned()
        };
        let same = |word: &str| word.to_owned();
        let without = Without::new(&filter);
        let [country, kind, sub_kind, status, actors, sources] = match in_memory(store, &memory, &without)? {
            Some(values) => values,
            None => in_store(store, &without, limit)?,
        };
        let mut named = |of, values| named(store, &memory, of, values, limit, &setup);
        Ok(Facets {
            country: counted(country, limit, name),
            r#type: counted(kind, limit, same),
            sub_type: counted(sub_kind, limit, same),
            status: counted(status, limit, same),
            actor: named(Named::Actor, actors)?,
            source: named(Named::Source, sources)?,
        })
    })
    .await
}

/// A filter without the part that a facet is of: by country, type, sub-type, status, participant and outlet.
struct Without([Filter; 6]);

/// What the facets are of, in the order of [`Without`].
const DIMENSIONS: [Dimension; 6] = [
    Dimension::Country,
    Dimension::Type,
    Dimension::SubType,
    Dimension::Status,
    Dimension::Actor,
    Dimension::Source,
];

impl Without {
    fn new(filter: &Filter) -> Self {
        Self([
            Filter { countries: Vec::new(), ..filter.clone() },
            Filter { event_types: Vec::new(), ..filter.clone() },
            Filter { sub_event_types: Vec::new(), ..filter.clone() },
            Filter { statuses: Vec::new(), ..filter.clone() },
            Filter { actor: None, ..filter.clone() },
            Filter { source: None, ..filter.clone() },
        ])
    }

    /// The different questions among them, each with the facets that it answers: most often several are the same.
    fn different(&self) -> Vec<(&Filter, Vec<usize>)> {
        let mut different: Vec<(&Filter, Vec<usize>)> = Vec::new();
        for (at, filter) in self.0.iter().enumerate() {
            match different.iter_mut().find(|(known, _)| *known == filter) {
                Some((_, facets)) => facets.push(at),
                None => different.push((filter, vec![at])),
            }
        }
        different
    }
}

/// How often each value stands, for each facet.
type Values = [Vec<table::Value>; 6];

fn in_memory(
    store: &mut dyn Store,
    memory: &Memory,
    without: &Without,
) -> Result<Option<Values>, store::Error> {
    memory.ask(store, &without.0[0], |table, words| {
        let mut values = Values::default();
        for (filter, facets) in without.different() {
            let of: Vec<Dimension> = facets.iter().map(|at| DIMENSIONS[*at]).collect();
            let counted = table.values(filter, words, &of)?;
            facets.into_iter().zip(counted).for_each(|(at, counted)| values[at] = counted);
        }
        Some(values)
    })
}

fn in_store(store: &mut dyn Store, without: &Without, limit: usize) -> Result<Values, store::Error> {
    let mut values = Values::default();
    for (filter, facets) in without.different() {
        if facets.iter().any(|at| *at < 4) {
            let groups = store.groups(filter)?;
            for at in facets.iter().copied().filter(|at| *at < 4) {
                values[at] = summed(&groups, |group| match at {
                    0 => group.country.as_deref(),
                    1 => group.event_type.as_deref(),
                    2 => group.sub_event_type.as_deref(),
                    _ => Some(&group.status),
                });
            }
        }
        for (at, named) in [(4, Named::Actor), (5, Named::Source)] {
            if facets.contains(&at) {
                let counted = store.names(filter, named, asked_for(limit))?;
                values[at] = counted
                    .into_iter()
                    .map(|NameCount { key, count, row, updated }| table::Value {
                        value: key,
                        count,
                        deaths: 0,
                        row,
                        updated,
                    })
                    .collect();
            }
        }
    }
    Ok(values)
}

fn summed(groups: &[Group], of: impl Fn(&Group) -> Option<&str>) -> Vec<table::Value> {
    let mut sums: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for group in groups {
        if let Some(value) = of(group) {
            let sum = sums.entry(value).or_default();
            sum.0 += group.count;
            sum.1 += group.deaths;
        }
    }
    let value = |(value, (count, deaths)): (&str, (u64, u64))| table::Value {
        value: value.to_owned(),
        count,
        deaths,
        row: 0,
        updated: 0,
    };
    sums.into_iter().map(value).collect()
}

/// The values that are in the most incidents first.
fn most(values: &mut [table::Value]) {
    values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
}

fn counted(mut values: Vec<table::Value>, limit: usize, label: impl Fn(&str) -> String) -> Facet {
    most(&mut values);
    let more = values.len() > limit;
    values.truncate(limit);
    let item = |of: table::Value| FacetValue {
        label: label(&of.value),
        value: of.value,
        count: of.count,
        deaths: Some(of.deaths),
    };
    Facet { items: values.into_iter().map(item).collect(), more }
}

/// Names that are looked at: participants are found by their key and by their name, so most stand there twice.
const fn asked_for(limit: usize) -> usize {
    limit * 3 + 20
}

fn named(
    store: &mut dyn Store,
    memory: &Memory,
    of: Named,
    mut values: Vec<table::Value>,
    limit: usize,
    setup: &crate::Setup,
) -> Result<Facet, Problem> {
    most(&mut values);
    values.truncate(asked_for(limit));
    let mut items: Vec<FacetValue> = Vec::new();
    for table::Value { value: key, count, row, updated, .. } in values {
        let told =
            memory.label(store, (of == Named::Actor, key.clone()), (row, updated), |mut example| {
                setup.unname(&mut example);
                match of {
                    Named::Actor => actor(&example, &key),
                    Named::Source => outlet(&example, &key),
                }
            })?;
        if let Some((value, label)) = told
            && !items.iter().any(|item| item.value == value)
        {
            items.push(FacetValue { value, label, count, deaths: None });
        }
    }
    let more = items.len() > limit;
    items.truncate(limit);
    Ok(Facet { items, more })
}

/// Who of an incident's participants is found by a key: what to filter by, and the name.
fn actor(incident: &Incident, found: &str) -> Option<(String, String)> {
    let parties = || incident.actors.iter().chain(&incident.recipients);
    if let Some(party) = parties().find(|party| party.actor_id.as_deref() == Some(found)) {
        return Some((found.to_owned(), party.label.clone().unwrap_or_else(|| found.to_owned())));
    }
    let party = parties().find(|party| party.label.as_deref().is_some_and(|label| key(label) == found))?;
    let label = party.label.clone()?;
    Some((party.actor_id.clone().unwrap_or_else(|| label.clone()), label))
}

fn outlet(incident: &Incident, found: &str) -> Option<(String, String)> {
    let mut outlets = incident.sources.iter().filter_map(|outlet| outlet.publisher.clone());
    outlets.find(|name| key(name) == found).map(|name| (name.clone(), name))
}

/// How time is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Every {
    Day,
    Week,
    Month,
}

impl Every {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// The first day of the part that a day lies in.
    fn start(self, day: Date) -> Date {
        match self {
            Self::Day => day,
            Self::Week => {
                let back = i64::from(day.weekday().to_monday_zero_offset());
                day.checked_sub(back.days()).unwrap_or(day)
            }
            Self::Month => day.first_of_month(),
        }
    }
}

async fn timeline(desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    let filter = ask.asked.filter(&desk.setup.countries)?;
    let every = ask.asked.value("every", "day, week or month", |text| match text {
        "day" => Some(Every::Day),
        "week" => Some(Every::Week),
        "month" => Some(Every::Month),
        _ => None,
    })?;
    let every = every.unwrap_or(Every::Day);
    let types = ask.asked.value("by", "type", |text| (text == "type").then_some(()))?.is_some();
    let memory = Arc::clone(&desk.memory);
    desk.derived(&ask, move |store| {
        let counted =
            memory.ask(store, &filter, |table, words| table.line(&filter, words, |day| every.start(day)))?;
        Ok(match counted {
            Some((parts, undated)) => drawn(every, types, parts, undated),
            None => line(every, types, &store.days(&filter)?),
        })
    })
    .await
}

/// A time line of what was counted in memory.
fn drawn(every: Every, types: bool, parts: BTreeMap<Date, table::TimePart>, undated: u64) -> TimeLine {
    let part = |(date, part): (Date, table::TimePart)| TimePart {
        date: date.to_string(),
        count: part.count,
        deaths: part.deaths,
        spans: part.spans,
        types: (types && !part.types.is_empty()).then_some(part.types),
    };
    TimeLine { every: every.as_str().to_owned(), items: parts.into_iter().map(part).collect(), undated }
}

fn line(every: Every, types: bool, days: &[DayCount]) -> TimeLine {
    let mut parts: BTreeMap<Date, TimePart> = BTreeMap::new();
    let mut undated = 0;
    for day in days {
        let Ok(first) = day.first.parse::<Date>() else {
            undated += day.count;
            continue;
        };
        let start = every.start(first);
        let last = day.last.parse::<Date>().unwrap_or(first);
        let part = parts.entry(start).or_default();
        part.count += day.count;
        part.deaths += day.deaths;
        if let (true, Some(kind)) = (types, &day.event_type) {
            *part.types.get_or_insert_default().entry(kind.clone()).or_default() += day.count;
        }
        if every.start(last) > start {
            part.spans += day.count;
        }
    }
    let items = parts.into_iter().map(|(date, part)| TimePart { date: date.to_string(), ..part }).collect();
    TimeLine { every: every.as_str().to_owned(), items, undated }
}

async fn map(desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    let filter = ask.asked.filter(&desk.setup.countries)?;
    let limit: usize = ask.asked.number("limit", 1, 20_000, 5000)?;
    let zoom: f64 = ask.asked.number("zoom", 0.0, 22.0, 2.0)?;
    let (setup, memory) = (Arc::clone(&desk.setup), Arc::clone(&desk.memory));
    desk.derived(&ask, move |store| {
        let placed = Filter { placed: true, ..filter.clone() };
        let known = memory.ask(store, &filter, |table, words| table.placed(&filter, words))?;
        let (total, here) = match known {
            Some(counted) => counted,
            None => {
                let all = |total: Counted| match total {
                    Counted::Exactly(all) | Counted::MoreThan(all) => all,
                };
                (all(store.count(&filter, u64::MAX)?), all(store.count(&placed, u64::MAX)?))
            }
        };
        let clustered = here > limit as u64;
        let features = if clustered {
            // 64 pixels of a map whose world is 256 pixels wide at zoom 0.
            let degrees = 90.0 / zoom.floor().exp2();
            let cells =
                match memory.ask(store, &filter, |table, words| table.cells(&filter, words, degrees))? {
                    Some(cells) => cells,
                    None => joined(store.cells(&filter, degrees)?, degrees),
                };
            cells.iter().map(|cell| Feature::new(&cluster(cell))).collect::<Result<_, _>>()?
        } else {
            points(store, &memory, &placed, limit, &setup)?
        };
        Ok(Map { r#type: "FeatureCollection", features, total, placed: here, clustered })
    })
    .await
}

/// The incidents of a filter as points, the newest first.
fn points(
    store: &mut dyn Store,
    memory: &Memory,
    placed: &Filter,
    limit: usize,
    setup: &crate::Setup,
) -> Result<Vec<Feature>, Problem> {
    let made = |incident: &Incident| Feature::new(&feature(incident, &setup.countries));
    let sketched = |document: &str| {
        let sketch: Sketch = serde_json::from_str(document)
            .map_err(|error| Problem::new("broken", format!("an incident cannot be read: {error}")))?;
        Ok(Feature::new(&sketch.feature(&setup.countries))?.0)
    };
    if let Some(listed) = memory.listed(store, placed, &Page { order: Order::Newest, after: None, limit })?
        && let Some(points) = memory.points(store, &listed.rows, sketched)?
    {
        return Ok(points.into_iter().map(Feature).collect());
    }
    let page = Page { order: Order::Newest, after: None, limit: limit.min(store::LONGEST_PAGE) };
    let mut features = Vec::new();
    each(store, placed, page, &mut |incident| features.push(made(&incident)))?;
    features.into_iter().collect()
}

/// Every incident of a filter, page by page.
pub(crate) fn each(
    store: &mut dyn Store,
    filter: &Filter,
    mut page: Page,
    take: &mut dyn FnMut(Incident),
) -> Result<(), Problem> {
    loop {
        let found = store.find(filter, &page)?;
        found.rows.into_iter().for_each(&mut *take);
        match found.next {
            Some(next) => page.after = Some(next),
            None => return Ok(()),
        }
    }
}

/// Cells that several questions have found parts of.
fn joined(cells: Vec<Cell>, degrees: f64) -> Vec<Cell> {
    let mut all: BTreeMap<(i64, i64), Cell> = BTreeMap::new();
    for cell in cells {
        #[expect(clippy::cast_possible_truncation, reason = "degrees over a part of one are small")]
        let at = (((cell.latitude + 90.0) / degrees) as i64, ((cell.longitude + 180.0) / degrees) as i64);
        match all.get_mut(&at) {
            Some(known) => {
                let (a, b) = (known.count as f64, cell.count as f64);
                let mean = |one: f64, other: f64| (one * a + other * b) / (a + b);
                known.latitude = mean(known.latitude, cell.latitude);
                known.longitude = mean(known.longitude, cell.longitude);
                known.extent = Area {
                    south: known.extent.south.min(cell.extent.south),
                    west: known.extent.west.min(cell.extent.west),
                    north: known.extent.north.max(cell.extent.north),
                    east: known.extent.east.max(cell.extent.east),
                };
                known.count += cell.count;
                known.deaths += cell.deaths;
            }
            None => {
                all.insert(at, cell);
            }
        }
    }
    all.into_values().collect()
}

fn cluster(cell: &Cell) -> Value {
    let Area { south, west, north, east } = cell.extent;
    // A centimetre: what is beyond depends on the order in which the points were summed.
    let rounded = |degrees: f64| (degrees * 1e7).round() / 1e7;
    json!({
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [rounded(cell.longitude), rounded(cell.latitude)]},
        "properties": {"kind": "cluster", "count": cell.count, "deaths": cell.deaths, "bbox": [west, south, east, north]},
    })
}

/// How large to draw what is not known to the place, in kilometres around its point, by UCDP's precision: 2 is UCDP's own "within about
/// 25 km". For divisions it is a size to draw and no bound. A country has an outline, and the place itself is a point.
#[must_use]
pub const fn radius_km(precision: Option<u8>) -> Option<u32> {
    match precision {
        Some(2) => Some(25),
        Some(3) => Some(20),
        Some(4 | 5) => Some(80),
        _ => None,
    }
}

/// An incident as a feature (RFC 7946); without geometry where its place has no coordinates.
pub(crate) fn feature(incident: &Incident, countries: &Countries) -> Value {
    let killed = incident.figures.get(&Harm::Killed).and_then(|killed| killed.best);
    Sketch {
        id: incident.id.clone(),
        event_type: incident.event_type,
        sub_event_type: incident.sub_event_type,
        event_date: incident.dates.event_date,
        event_date_end: incident.dates.event_date_end,
        place: incident.place.clone(),
        deaths: Best { best: incident.deaths.best },
        figures: Killed { killed: Some(Best { best: killed }) },
        confidence: incident.confidence,
        status: incident.status,
    }
    .feature(countries)
}

/// Of an incident what a feature says. A map has thousands: of their documents only this is read.
#[derive(Debug, Deserialize)]
struct Sketch {
    id: String,
    event_type: Option<EventType>,
    sub_event_type: Option<SubEventType>,
    event_date: Option<Date>,
    event_date_end: Option<Date>,
    place: Option<IncidentPlace>,
    deaths: Best,
    figures: Killed,
    confidence: f64,
    status: Status,
}

#[derive(Debug, Default, Deserialize)]
struct Best {
    best: Option<u64>,
}

#[derive(Debug, Deserialize)]
struct Killed {
    killed: Option<Best>,
}

impl Sketch {
    fn feature(self, countries: &Countries) -> Value {
        let killed = self.figures.killed.and_then(|killed| killed.best);
        let title = titled(self.sub_event_type, self.place.as_ref(), killed, countries);
        let place = self.place.unwrap_or_default();
        let point = place.latitude.zip(place.longitude);
        json!({
            "type": "Feature",
            "id": self.id,
            "geometry": point.map(|(latitude, longitude)| json!({"type": "Point", "coordinates": [longitude, latitude]})),
            "properties": {
                "kind": "incident",
                "id": self.id,
                "title": title,
                "type": self.event_type.map(EventType::as_str),
                "sub_type": self.sub_event_type.map(SubEventType::as_str),
                "deaths": self.deaths.best,
                "from": self.event_date,
                "to": self.event_date_end,
                "status": Status::as_str(self.status),
                "confidence": self.confidence,
                "precision": place.where_precision,
                "radius_km": radius_km(place.where_precision),
                "country": place.country,
                "admin1": place.admin1,
                "place": Some(place.name).filter(|name| !name.is_empty()),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_cut_where_weeks_and_months_begin() {
        let day = |first: &str, last: &str| DayCount {
            first: first.to_owned(),
            last: last.to_owned(),
            event_type: Some("Battles".to_owned()),
            count: 2,
            deaths: 3,
        };
        let days = [
            day("2024-03-03", "2024-03-03"),
            day("2024-03-04", "2024-03-11"),
            day("2024-03-10", "2024-03-10"),
            day("", ""),
        ];
        let weeks = line(Every::Week, false, &days);
        let part = |date: &str, count, deaths, spans| TimePart {
            date: date.to_owned(),
            count,
            deaths,
            spans,
            types: None,
        };
        assert_eq!(weeks.items, [part("2024-02-26", 2, 3, 0), part("2024-03-04", 4, 6, 2)]);
        assert_eq!(weeks.undated, 2);
        assert_eq!(line(Every::Month, false, &days).items, [part("2024-03-01", 6, 9, 0)]);
        let by_day = line(Every::Day, true, &days).items;
        assert_eq!(by_day.len(), 3);
        assert_eq!(by_day[0].types, Some(BTreeMap::from([("Battles".to_owned(), 2)])));
    }
}
