//! UCDP GED's table: 49 columns in UCDP's order (GED codebook 25.1).

use record::vocabulary::Sector;
use record::{Participant, ParticipantKind, Relation, priogrid};

use crate::row::{Row, cell, happened, joined, name_of, sides};
use crate::{Column, Shape};

/// Events as UCDP lists them: organised violence of one of UCDP's three types with at least one death in the best,
/// low or high estimate (UCDP's definition of an event).
pub static GED: Shape = Shape {
    columns: COLUMNS,
    takes: |row| {
        let deaths = &row.event.deaths;
        let some = [deaths.best, deaths.low, deaths.high].into_iter().flatten().any(|deaths| deaths > 0);
        happened(row.event) && row.event.type_of_violence.is_some() && some
    },
};

/// A column that UCDP fills from its own registers of conflicts, dyads and actors.
const fn of_ucdp(name: &'static str) -> Column {
    Column { name, meaning: "always empty: a number of UCDP's own registers", value: |_| String::new() }
}

const COLUMNS: &[Column] = &[
    Column { name: "id", meaning: "Watchpost's id, `WP-…`", value: |row| row.id() },
    Column { name: "relid", meaning: "the same", value: |row| row.id() },
    Column {
        name: "year",
        meaning: "of the first day",
        value: |row| cell(row.event.event_date.map(|day| day.year())),
    },
    of_ucdp("active_year"),
    Column {
        name: "code_status",
        meaning: "`Machine`: read by a program, checked by nobody yet",
        value: |_| "Machine".to_owned(),
    },
    Column {
        name: "type_of_violence",
        meaning: "1 state-based, 2 non-state, 3 one-sided",
        value: |row| cell(row.event.type_of_violence),
    },
    of_ucdp("conflict_dset_id"),
    of_ucdp("conflict_new_id"),
    of_ucdp("conflict_name"),
    of_ucdp("dyad_dset_id"),
    of_ucdp("dyad_new_id"),
    Column {
        name: "dyad_name",
        meaning: "the two sides",
        value: |row| match (side(row, 0), side(row, 1)) {
            (a, b) if a.is_empty() || b.is_empty() => String::new(),
            (a, b) => format!("{a} - {b}"),
        },
    },
    of_ucdp("side_a_dset_id"),
    of_ucdp("side_a_new_id"),
    Column {
        name: "side_a",
        meaning: "the state where one takes part (UCDP's rule), else the doers",
        value: |row| side(row, 0),
    },
    of_ucdp("side_b_dset_id"),
    of_ucdp("side_b_new_id"),
    Column {
        name: "side_b",
        meaning: "the other side; `Civilians` in one-sided violence",
        value: |row| side(row, 1),
    },
    Column { name: "number_of_sources", meaning: "always 1: one report", value: |_| "1".to_owned() },
    Column {
        name: "source_article",
        meaning: "publisher, day, headline",
        value: |row| {
            let document = row.document;
            let parts =
                [Some(row.source()), document.published.map(|day| day.to_string()), document.title.clone()];
            parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
        },
    },
    Column { name: "source_office", meaning: "publisher, else address", value: |row| row.source() },
    Column { name: "source_date", meaning: "day of publication", value: |row| cell(row.document.published) },
    Column { name: "source_headline", meaning: "headline", value: |row| cell(row.document.title.as_ref()) },
    Column {
        name: "source_original",
        meaning: "who the report rests on",
        value: |row| joined(row.event.reported_by.iter().map(|source| name_of(source).to_owned())),
    },
    Column {
        name: "where_prec",
        meaning: "UCDP's 1 to 7",
        value: |row| cell(row.place().and_then(|place| place.where_precision)),
    },
    Column {
        name: "where_coordinates",
        meaning: "the place that the coordinates are of",
        value: |row| cell(row.place().map(|place| place.name.as_ref().unwrap_or(&place.text))),
    },
    Column { name: "where_description", meaning: "the report's words for where", value: where_description },
    Column {
        name: "adm_1",
        meaning: "first-order division",
        value: |row| cell(row.place().and_then(|place| place.admin1.as_ref())),
    },
    Column {
        name: "adm_2",
        meaning: "second-order division",
        value: |row| cell(row.place().and_then(|place| place.admin2.as_ref())),
    },
    Column {
        name: "latitude",
        meaning: "WGS 84; empty where unresolved or known only to the country",
        value: |row| cell(point(row).map(|point| point.0)),
    },
    Column { name: "longitude", meaning: "WGS 84", value: |row| cell(point(row).map(|point| point.1)) },
    Column {
        name: "geom_wkt",
        meaning: "`POINT (longitude latitude)`",
        value: |row| cell(point(row).map(|(lat, lon)| format!("POINT ({lon} {lat})"))),
    },
    Column {
        name: "priogrid_gid",
        meaning: "cell of PRIO-GRID, half a degree wide",
        value: |row| cell(point(row).and_then(|(lat, lon)| priogrid(lat, lon))),
    },
    Column {
        name: "country",
        meaning: "English short name",
        value: |row| cell(row.country().map(|country| &country.name)),
    },
    Column {
        name: "country_id",
        meaning: "Gleditsch and Ward's number",
        value: |row| cell(row.country().and_then(|country| country.gwno)),
    },
    Column {
        name: "region",
        meaning: "UCDP's region",
        value: |row| cell(row.country().and_then(|country| region(&country.region))),
    },
    Column {
        name: "event_clarity",
        meaning: "1 where the report allows the event to be told apart, 2 where it is known only to the month or the province",
        value: |row| {
            let vague = row.event.time_precision.is_none_or(|precision| precision.number() > 2)
                || row.place().and_then(|place| place.where_precision).is_none_or(|precision| precision > 3);
            if vague { "2" } else { "1" }.to_owned()
        },
    },
    Column {
        name: "date_prec",
        meaning: "1 day, 2 two to six days, 3 week, 4 month, 5 more than a month (from the days between `date_start` and `date_end`)",
        value: |row| cell(date_precision(row)),
    },
    Column { name: "date_start", meaning: "first day", value: |row| cell(row.event.event_date) },
    Column {
        name: "date_end",
        meaning: "last day",
        value: |row| cell(row.event.event_date_end.or(row.event.event_date)),
    },
    Column {
        name: "deaths_a",
        meaning: "of side A",
        value: |row| if swapped(row) { row.event.deaths.b } else { row.event.deaths.a }.to_string(),
    },
    Column {
        name: "deaths_b",
        meaning: "of side B",
        value: |row| if swapped(row) { row.event.deaths.a } else { row.event.deaths.b }.to_string(),
    },
    Column {
        name: "deaths_civilians",
        meaning: "civilians",
        value: |row| row.event.deaths.civilians.to_string(),
    },
    Column {
        name: "deaths_unknown",
        meaning: "not said whose",
        value: |row| row.event.deaths.unknown.to_string(),
    },
    Column {
        name: "best",
        meaning: "most likely number of deaths; 0 where the report gives only a bound",
        value: |row| row.event.deaths.best.unwrap_or(0).to_string(),
    },
    Column {
        name: "high",
        meaning: "most; the best where the report gives no upper bound",
        value: |row| {
            let deaths = &row.event.deaths;
            deaths.high.or(deaths.best).or(deaths.low).unwrap_or(0).to_string()
        },
    },
    Column { name: "low", meaning: "least", value: |row| row.event.deaths.low.unwrap_or(0).to_string() },
    Column {
        name: "gwnoa",
        meaning: "Gleditsch and Ward's number of side A, where it is a state",
        value: |row| gwno(row, 0),
    },
    Column { name: "gwnob", meaning: "of side B", value: |row| gwno(row, 1) },
];

fn is_state(participant: &Participant) -> bool {
    participant.kind == ParticipantKind::State
        || participant.sector.is_some_and(|sector| sector.is_state_force() || sector == Sector::Government)
}

/// UCDP puts the state on side A; in the event the doers come first.
fn swapped(row: &Row<'_>) -> bool {
    let (a, b) = sides(row.event);
    row.event.type_of_violence == Some(1)
        && b.iter().any(|one| is_state(one))
        && !a.iter().any(|one| is_state(one))
}

fn participants<'a>(row: &'a Row<'_>, side: usize) -> Vec<&'a Participant> {
    let (a, b) = sides(row.event);
    if (side == 0) == swapped(row) { b } else { a }
}

fn side(row: &Row<'_>, side: usize) -> String {
    if side == 1 && row.event.type_of_violence == Some(3) {
        return "Civilians".to_owned();
    }
    joined(participants(row, side).into_iter().map(|participant| row.acled_name(participant)))
}

fn gwno(row: &Row<'_>, side: usize) -> String {
    let state = participants(row, side).into_iter().find(|participant| is_state(participant));
    cell(state.and_then(|state| row.context.countries.by_iso3(state.country.as_deref()?)?.gwno))
}

fn point(row: &Row<'_>) -> Option<(f64, f64)> {
    let place = row.place()?;
    place.latitude.zip(place.longitude)
}

fn where_description(row: &Row<'_>) -> String {
    joined(row.event.places.iter().map(|place| {
        let relation = match place.relation {
            Relation::At => return place.text.clone(),
            other => serde_json::to_value(other).ok().and_then(|name| name.as_str().map(str::to_owned)),
        };
        let distance = place.distance_km.map_or_else(String::new, |km| format!("{km} km "));
        format!("{distance}{} {}", relation.unwrap_or_default(), place.text)
    }))
}

/// UCDP's `date_prec` (codebook): 1 exact day, 2 a range of 2–6 days, 3 a week, 4 a month, 5 more than a month.
fn date_precision(row: &Row<'_>) -> Option<u8> {
    let first = row.event.event_date?;
    let last = row.event.event_date_end.unwrap_or(first);
    let days = first.until(last).ok()?.get_days() + 1;
    Some(match days {
        ..=1 => 1,
        2..=6 => 2,
        7..=8 => 3,
        9..=31 => 4,
        _ => 5,
    })
}

/// UCDP divides the world into five (GED codebook, `region`).
fn region(acled: &str) -> Option<&'static str> {
    let has = |part: &str| acled.contains(part);
    Some(match acled {
        _ if has("Africa") => "Africa",
        _ if has("Middle East") => "Middle East",
        _ if has("Europe") => "Europe",
        _ if has("America") || has("Caribbean") => "Americas",
        _ if has("Asia") || has("Caucasus") || has("Oceania") => "Asia",
        _ => return None,
    })
}
