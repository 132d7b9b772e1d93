//! An incident in few words, wherever a line is made of one.

use std::fmt::Write as _;

use record::country::Countries;
use record::vocabulary::{SubEventType, TimePrecision};
use record::{Incident, IncidentPlace, Situation};

/// Days of an incident: "2024-03-05", "2024-03-05…07", "2024-03", "no day".
#[must_use]
pub fn days(incident: &Incident) -> String {
    let Some(first) = incident.dates.event_date else { return "no day".to_owned() };
    match (incident.dates.time_precision, incident.dates.event_date_end) {
        (Some(TimePrecision::Month), _) => first.strftime("%Y-%m").to_string(),
        (_, Some(last)) if last > first => {
            if (last.year(), last.month()) == (first.year(), first.month()) {
                format!("{first}…{:02}", last.day())
            } else {
                format!("{first}…{last}")
            }
        }
        _ => first.to_string(),
    }
}

/// A place in few words; a country by its code.
#[must_use]
pub fn place(incident: &Incident) -> String {
    let Some(place) = &incident.place else { return "no place".to_owned() };
    let mut told = place.name.clone();
    for wider in [&place.admin1, &place.country] {
        if let Some(wider) = wider.as_deref().filter(|wider| *wider != place.name) {
            // Writing to a string does not fail.
            let _ = write!(told, ", {wider}");
        }
    }
    told
}

/// A number with its range: "3", "3 (2–5)".
#[must_use]
pub fn range(low: Option<u64>, best: Option<u64>, high: Option<u64>) -> String {
    let shown = |n: Option<u64>| n.map_or_else(|| "?".to_owned(), |n| n.to_string());
    if (low, high) == (best, best) || (low, high) == (None, None) {
        shown(best)
    } else {
        format!("{} ({}–{})", shown(best), shown(low), shown(high))
    }
}

/// A series as people call it: "Gao, Mali" for `MLI; Gao`.
#[must_use]
pub fn series(by: &str, name: &str, countries: &Countries) -> String {
    let mut parts: Vec<&str> = name.split("; ").collect();
    // Divisions stand after their country in a name, and before it in what is said.
    if by.split(',').any(|by| by.trim().starts_with("admin")) {
        parts.reverse();
    }
    let named =
        |part: &str| countries.by_iso3(part).map_or_else(|| part.to_owned(), |known| known.name.clone());
    parts.into_iter().map(named).collect::<Vec<_>>().join(", ")
}

/// What a situation is, in one line: "Gao, Mali: 12 incidents in the week of 2024-03-04, 2.1 expected".
#[must_use]
pub fn headline(situation: &Situation, countries: &Countries) -> String {
    let chief = &situation.chief;
    let what = match (situation.count_of.as_str(), chief.count) {
        ("incidents", 1) => "incident",
        ("deaths", 1) => "death",
        ("reports", 1) => "report",
        (many, _) => many,
    };
    let when = match situation.every.as_str() {
        "day" => format!("on {}", chief.date),
        every => format!("in the {every} of {}", chief.date),
    };
    let so_far = if chief.so_far { " so far" } else { "" };
    format!(
        "{}: {} {what} {when}{so_far}, {:.1} expected",
        series(&chief.by, &chief.series, countries),
        chief.count,
        chief.expected
    )
}

/// What an incident is, in one line: "Armed clash in Gao, Gao, Mali, 4 killed".
#[must_use]
pub fn title(incident: &Incident, countries: &Countries) -> String {
    let killed = incident.figures.get(&record::Harm::Killed).and_then(|killed| killed.best);
    titled(incident.sub_event_type, incident.place.as_ref(), killed, countries)
}

/// The same of what it is made of.
pub(crate) fn titled(
    kind: Option<SubEventType>,
    place: Option<&IncidentPlace>,
    killed: Option<u64>,
    countries: &Countries,
) -> String {
    let mut told = kind.map_or("Incident", |kind| kind.as_str()).to_owned();
    if let Some(place) = place {
        let country = place.country.as_deref();
        let country =
            country.map(|code| countries.by_iso3(code).map_or(code, |country| country.name.as_str()));
        let mut parts = vec![place.name.as_str()];
        for wider in [place.admin1.as_deref(), country].into_iter().flatten() {
            if !parts.contains(&wider) {
                parts.push(wider);
            }
        }
        if !place.name.is_empty() {
            let _ = write!(told, " in {}", parts.join(", "));
        }
    }
    if let Some(best) = killed.filter(|best| *best > 0) {
        // Writing to a string does not fail.
        let _ = write!(told, ", {best} killed");
    }
    told
}
