//! Incidents that may be one with another: what a person is offered to merge. The linker has left them apart, so this casts wider
//! than it does, and says of each what it has in common.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use jiff::ToSpan as _;
use record::country::Countries;
use record::{Harm, Incident, Party, Status};
use schemars::JsonSchema;
use serde::Serialize;
use store::Store;
use store::find::{Area, Filter, Order, Page};

use crate::Desk;
use crate::answer::json;
use crate::endpoint::{Ask, Endpoint};
use crate::incidents::live;
use crate::problem::Problem;
use crate::words::title;

/// Days apart at most: reports give the day of the attack, of the news of it, or of the week.
const DAYS: i32 = 3;
/// Kilometres apart at most: the district and its town.
const KM: f64 = 50.0;
/// Incidents nearby that are looked at.
const LOOKED: usize = 100;
/// Kilometres of a degree of latitude.
const DEGREE: f64 = 111.2;

/// An incident near another.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Near {
    /// The incident.
    incident: NearIncident,
    /// Days between the two.
    days: i32,
    /// Kilometres between the two; null where one has no coordinates.
    km: Option<f64>,
    /// What the two have in common: day, place, sub_type, killed, actor.
    why: Vec<&'static str>,
}

/// What is said of an incident near another.
#[derive(Debug, Serialize, JsonSchema)]
struct NearIncident {
    /// Its id.
    id: String,
    /// What it is, in a line.
    title: String,
    /// Its first day.
    #[schemars(with = "Option<String>")]
    event_date: Option<jiff::civil::Date>,
    /// What a reviewer has said of it.
    status: Status,
    /// How many independent reports tell of it.
    independent_reports: usize,
}

/// Incidents near another, that with most in common first.
#[derive(Debug, Serialize, JsonSchema)]
struct NearPage {
    /// The incidents.
    items: Vec<Near>,
}

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get(
            "/incidents/{id}/near",
            "incident-near",
            "Incidents that may be one with it: within three days, and 50 km or the same division.",
        )
        .answers::<NearPage>(200, "At most ten.")
        .by(of),
    ]
}

async fn of(desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    let setup = Arc::clone(&desk.setup);
    desk.pool
        .read(move |store| {
            let incident = live(store, ask.id(), |into| format!("/api/v1/incidents/{into}/near"))?;
            json(StatusCode::OK, &NearPage { items: near(store, &incident, &setup.countries, 10)? })
        })
        .await
}

/// The incidents near one, that with most in common first.
pub(crate) fn near(
    store: &mut dyn Store,
    incident: &Incident,
    countries: &Countries,
    most: usize,
) -> Result<Vec<Near>, store::Error> {
    let (Some(first), Some(place)) = (incident.dates.event_date, &incident.place) else {
        return Ok(Vec::new());
    };
    let last = incident.dates.event_date_end.unwrap_or(first);
    let mut filter = Filter {
        from: first.checked_sub(DAYS.days()).ok(),
        to: last.checked_add(DAYS.days()).ok(),
        statuses: vec![Status::Unreviewed, Status::Accepted],
        ..Filter::default()
    };
    match point(incident) {
        Some((latitude, longitude)) => filter.area = Some(around(latitude, longitude)),
        None => {
            filter.countries = place.country.iter().cloned().collect();
            filter.admin1.clone_from(&place.admin1);
        }
    }
    let found = store.find(&filter, &Page { order: Order::Newest, after: None, limit: LOOKED })?;
    let mut near: Vec<Near> = found
        .rows
        .into_iter()
        .filter(|other| other.id != incident.id)
        .filter_map(|other| {
            let km = point(incident).zip(point(&other)).map(|(a, b)| distance_km(a, b));
            if km.is_some_and(|km| km > KM) {
                return None;
            }
            let away = other
                .dates
                .event_date
                .and_then(|day| first.until(day).ok())
                .map_or(0, |span| span.get_days().abs());
            let mut why = Vec::new();
            let mut same = |alike: bool, what: &'static str| {
                if alike {
                    why.push(what);
                }
            };
            let killed = |of: &Incident| of.figures.get(&Harm::Killed).and_then(|figures| figures.best);
            same(away == 0, "day");
            same(other.place.as_ref().is_some_and(|of| of.name == place.name), "place");
            same(
                other.sub_event_type.is_some() && other.sub_event_type == incident.sub_event_type,
                "sub_type",
            );
            same(killed(incident).is_some() && killed(incident) == killed(&other), "killed");
            same(shares(&other, incident), "actor");
            let incident = NearIncident {
                title: title(&other, countries),
                event_date: other.dates.event_date,
                status: other.status,
                independent_reports: other.independent_reports,
                id: other.id,
            };
            Some(Near { incident, days: away, km: km.map(|km| (km * 10.0).round() / 10.0), why })
        })
        .collect();
    near.sort_by(|a, b| {
        let km = |near: &Near| near.km.unwrap_or(KM);
        b.why.len().cmp(&a.why.len()).then(a.days.cmp(&b.days)).then(km(a).total_cmp(&km(b)))
    });
    near.truncate(most);
    Ok(near)
}

fn point(incident: &Incident) -> Option<(f64, f64)> {
    let place = incident.place.as_ref()?;
    place.latitude.zip(place.longitude)
}

/// A box that holds all within [`KM`] of a point.
fn around(latitude: f64, longitude: f64) -> Area {
    let up = KM / DEGREE;
    // Near the poles every longitude is near.
    let aside = (up / latitude.to_radians().cos().max(0.01)).min(179.0);
    let wrapped = |degrees: f64| match degrees {
        west if west < -180.0 => west + 360.0,
        east if east > 180.0 => east - 360.0,
        inside => inside,
    };
    Area {
        south: (latitude - up).max(-90.0),
        west: wrapped(longitude - aside),
        north: (latitude + up).min(90.0),
        east: wrapped(longitude + aside),
    }
}

/// Kilometres between two points on a sphere of the Earth's mean radius (haversine).
fn distance_km(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (dlat, dlon) = ((b.0 - a.0).to_radians(), (b.1 - a.1).to_radians());
    let h = (dlat / 2.0).sin().powi(2)
        + a.0.to_radians().cos() * b.0.to_radians().cos() * (dlon / 2.0).sin().powi(2);
    2.0 * 6371.0 * h.sqrt().min(1.0).asin()
}

fn shares(one: &Incident, other: &Incident) -> bool {
    let parties = |of: &Incident| -> Vec<Party> { of.actors.iter().chain(&of.recipients).cloned().collect() };
    let (ones, others) = (parties(one), parties(other));
    ones.iter().any(|a| a.actor_id.is_some() && others.iter().any(|b| a.actor_id == b.actor_id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_holds_the_circle_and_may_cross_the_antimeridian() {
        let fiji = around(-18.0, 179.9);
        assert!(fiji.west > 0.0 && fiji.east < 0.0, "{fiji:?}");
        assert!((distance_km((-18.0, 179.9), (-18.0, fiji.east)) - KM).abs() < 1.0);
        assert!((distance_km((0.0, 0.0), (1.0, 0.0)) - 111.2).abs() < 0.1);
        assert!(around(89.9, 10.0).north <= 90.0);
    }
}
