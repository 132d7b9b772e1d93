//! ACLED's table: 31 columns in ACLED's order (codebook and export tool, 2024).

use record::Participant;
use record::vocabulary::{InterCode, TimePrecision};

use crate::row::{Row, cell, happened, joined, sides};
use crate::{Column, Shape};

/// Events as ACLED lists them. The layout is ACLED's; the events, their ids and their coding are Watchpost's.
pub static ACLED: Shape = Shape { columns: COLUMNS, takes: |row| happened(row.event) };

const COLUMNS: &[Column] = &[
    Column { name: "event_id_cnty", meaning: "Watchpost's id, `WP-…`", value: |row| row.id() },
    Column {
        name: "event_date",
        meaning: "first day, ISO; empty where unresolved",
        value: |row| cell(row.event.event_date),
    },
    Column {
        name: "year",
        meaning: "its year",
        value: |row| cell(row.event.event_date.map(|day| day.year())),
    },
    Column {
        name: "time_precision",
        meaning: "1 day, 2 week, 3 month; empty where worse, which ACLED does not code",
        value: |row| {
            let precision = row.event.time_precision.filter(|precision| *precision < TimePrecision::Year);
            cell(precision.map(TimePrecision::number))
        },
    },
    Column {
        name: "disorder_type",
        meaning: "from the sub-event type",
        value: |row| row.codes().disorder_type.to_owned(),
    },
    Column { name: "event_type", meaning: "one of ACLED's 6", value: |row| row.event.event_type.to_string() },
    Column {
        name: "sub_event_type",
        meaning: "one of ACLED's 25",
        value: |row| row.event.sub_event_type.to_string(),
    },
    Column {
        name: "actor1",
        meaning: "first side; as in ACLED, not to be read as the perpetrator",
        value: |row| first(row, &sides(row.event).0),
    },
    Column {
        name: "assoc_actor_1",
        meaning: "others on the first side",
        value: |row| others(row, &sides(row.event).0),
    },
    Column {
        name: "inter1",
        meaning: "sort of the first side, in words",
        value: |row| cell(inter(&sides(row.event).0).map(InterCode::label)),
    },
    Column { name: "actor2", meaning: "second side", value: |row| first(row, &sides(row.event).1) },
    Column {
        name: "assoc_actor_2",
        meaning: "others on the second side",
        value: |row| others(row, &sides(row.event).1),
    },
    Column {
        name: "inter2",
        meaning: "sort of the second side, in words",
        value: |row| cell(inter(&sides(row.event).1).map(InterCode::label)),
    },
    Column {
        name: "interaction",
        meaning: "the two sorts, the lower code first; `Sole …` where there is one side",
        value: interaction,
    },
    Column {
        name: "civilian_targeting",
        meaning: "`Civilian targeting`, or empty",
        value: |row| {
            if row.codes().civilian_targeting { "Civilian targeting".to_owned() } else { String::new() }
        },
    },
    Column {
        name: "iso",
        meaning: "ISO 3166-1 numeric",
        value: |row| cell(row.country().and_then(|country| country.numeric)),
    },
    Column {
        name: "region",
        meaning: "ACLED's region",
        value: |row| cell(row.country().map(|country| &country.region)),
    },
    Column {
        name: "country",
        meaning: "English short name",
        value: |row| cell(row.country().map(|country| &country.name)),
    },
    Column {
        name: "admin1",
        meaning: "first-order division",
        value: |row| cell(row.place().and_then(|place| place.admin1.as_ref())),
    },
    Column {
        name: "admin2",
        meaning: "second-order division",
        value: |row| cell(row.place().and_then(|place| place.admin2.as_ref())),
    },
    Column { name: "admin3", meaning: "always empty", value: |_| String::new() },
    Column {
        name: "location",
        meaning: "gazetteer name, else the report's words",
        value: |row| cell(row.place().map(|place| place.name.as_ref().unwrap_or(&place.text))),
    },
    Column {
        name: "latitude",
        meaning: "WGS 84; empty where unresolved or known only to the country",
        value: |row| cell(row.place().and_then(|place| place.latitude)),
    },
    Column {
        name: "longitude",
        meaning: "WGS 84",
        value: |row| cell(row.place().and_then(|place| place.longitude)),
    },
    Column {
        name: "geo_precision",
        meaning: "1 the place itself; 2 near it, or its district; 3 a larger region (from UCDP's 1; 2 and 3; 4 to 7)",
        value: |row| {
            cell(row.place().and_then(|place| place.where_precision).map(|precision| match precision {
                1 => 1,
                2 | 3 => 2,
                _ => 3,
            }))
        },
    },
    Column { name: "source", meaning: "publisher, else address", value: |row| row.source() },
    Column { name: "source_scale", meaning: "always empty: not judged", value: |_| String::new() },
    Column { name: "notes", meaning: "the sentences of the report that say so", value: |row| row.quotes() },
    Column {
        name: "fatalities",
        meaning: "best estimate, else the least; 0 where the report gives none, as in ACLED",
        value: |row| row.event.deaths.best.or(row.event.deaths.low).unwrap_or(0).to_string(),
    },
    Column {
        name: "tags",
        meaning: "`completion=…` where the act was not carried through",
        value: |row| {
            use record::vocabulary::Completion as C;
            match row.event.completion {
                C::Accomplished => String::new(),
                other => format!("completion={other}"),
            }
        },
    },
    Column {
        name: "timestamp",
        meaning: "always empty: one reading has no history of changes",
        value: |_| String::new(),
    },
];

fn first(row: &Row<'_>, side: &[&Participant]) -> String {
    cell(side.first().map(|participant| row.acled_name(participant)))
}

fn others(row: &Row<'_>, side: &[&Participant]) -> String {
    joined(side.iter().skip(1).map(|participant| row.acled_name(participant)))
}

fn inter(side: &[&Participant]) -> Option<InterCode> {
    side.iter().find_map(|participant| participant.inter_code)
}

fn interaction(row: &Row<'_>) -> String {
    let (a, b) = sides(row.event);
    match (inter(&a), inter(&b)) {
        (Some(a), Some(b)) => format!("{}-{}", a.min(b).label(), a.max(b).label()),
        (Some(one), None) | (None, Some(one)) => format!("Sole {}", one.label()),
        (None, None) => String::new(),
    }
}
