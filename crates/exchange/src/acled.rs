//! ACLED's table: 31 columns in ACLED's order (codebook and export tool, 2024), and the longer form of it with a row for each
//! actor.

use record::vocabulary::{Completion, InterCode, TimePrecision};
use record::{Participant, Status};

use crate::cell::{Kind, Value, joined};
use crate::row::{Inter, Row, is_unnamed_civilian};
use crate::{Column, Shape};

/// Events as ACLED lists them. The layout is ACLED's; the events, their ids and their coding are Watchpost's.
pub static ACLED: Shape = Shape {
    name: "acled",
    about: "ACLED's 31 columns in ACLED's order (codebook and export tool, 2024). The layout is ACLED's; the events, their ids \
            and their coding are not.",
    columns: COLUMNS,
    takes: |row| row.happened() && row.sub_event_type.is_some(),
    leaves_out: "did not happen (negated, planned, threatened, past) or have no type",
};

/// The columns up to the sides, the sides, and the rest: the form with a row for each actor differs in the sides alone.
const SIDES: std::ops::Range<usize> = 7..13;

const COLUMNS: &[Column] = &[
    Column::text("event_id_cnty", "Watchpost's id, `WP-…`", |row| row.id().into())
        .from("id")
        .hxl("#event+code"),
    Column::day("event_date", "first day, ISO", |row| row.dates.event_date.into())
        .from("event_date")
        .empty("where the day is not known: none is made up")
        .hxl("#date+occurred"),
    Column::whole("year", "its year", |row| row.year().into())
        .from("event_date")
        .empty("where the day is not known")
        .hxl("#date+year"),
    Column::whole("time_precision", "1 day, 2 week, 3 month", |row| {
        let precision = row.dates.time_precision.filter(|precision| *precision < TimePrecision::Year);
        precision.map(TimePrecision::number).into()
    })
    .from("time_precision")
    .empty("where only the year is known, or less, which ACLED does not code"),
    Column::text("disorder_type", "from the sub-event type", |row| {
        row.codes().map(|codes| codes.disorder_type).into()
    })
    .from("sub_event_type"),
    Column::text("event_type", "one of ACLED's 6", |row| row.event_type.map(|kind| kind.as_str()).into())
        .from("event_type")
        .hxl("#event+type"),
    Column::text("sub_event_type", "one of ACLED's 25", |row| {
        row.sub_event_type.map(|kind| kind.as_str()).into()
    })
    .from("sub_event_type"),
    Column::text("actor1", "first side; as in ACLED, not to be read as the perpetrator", |row| {
        first(row, &row.sides().0).into()
    })
    .from("actors")
    .empty("where nobody is told")
    .hxl("#group+name+first"),
    Column::text("assoc_actor_1", "others on the first side", |row| others(row, &row.sides().0).into())
        .from("actors")
        .empty("where there are no others")
        .hxl("#group+name+first+assoc"),
    Column::text("inter1", "sort of the first side, in words or digits (`--inter`)", |row| {
        code(row, &row.sides().0)
    })
    .from("actors.inter_code")
    .empty("where it is not known what they are"),
    Column::text("actor2", "second side", |row| first(row, &row.sides().1).into())
        .from("recipients, actors")
        .empty("where one side is told")
        .hxl("#group+name+second"),
    Column::text("assoc_actor_2", "others on the second side", |row| others(row, &row.sides().1).into())
        .from("recipients, actors")
        .empty("where there are no others")
        .hxl("#group+name+second+assoc"),
    Column::text("inter2", "sort of the second side", |row| code(row, &row.sides().1))
        .from("recipients.inter_code, actors.inter_code")
        .empty("where it is not known what they are"),
    Column::text(
        "interaction",
        "the two sorts, the lower code first: `State forces-Rebel group`, or `12`; one side alone: `Sole Protesters`, or `60`",
        interaction,
    )
    .from("actors.inter_code, recipients.inter_code")
    .empty("where neither sort is known"),
    Column::text("civilian_targeting", "`Civilian targeting`", |row| {
        row.codes().filter(|codes| codes.civilian_targeting).map(|_| "Civilian targeting").into()
    })
    .from("sub_event_type, recipients")
    .empty("where civilians were not the main target"),
    Column::whole("iso", "ISO 3166-1 numeric", |row| row.country().and_then(|country| country.numeric).into())
        .from("place.country")
        .empty("where the country is not known"),
    Column::text("region", "ACLED's region", |row| row.country().map(|country| &country.region).into())
        .from("place.country")
        .empty("where the country is not known")
        .hxl("#region+name"),
    Column::text("country", "English short name", |row| row.country().map(|country| &country.name).into())
        .from("place.country")
        .empty("where the country is not known")
        .hxl("#country+name"),
    Column::text("admin1", "first-order division", |row| {
        row.place().and_then(|place| place.admin1.as_ref()).into()
    })
    .from("place.admin1")
    .empty("where the place is not known so well")
    .hxl("#adm1+name"),
    Column::text("admin2", "second-order division", |row| {
        row.place().and_then(|place| place.admin2.as_ref()).into()
    })
    .from("place.admin2")
    .empty("where the place is not known so well")
    .hxl("#adm2+name"),
    Column::never("admin3", Kind::Text, "always: the gazetteer ends with the second order").hxl("#adm3+name"),
    Column::text("location", "gazetteer name, else the report's words", |row| {
        row.place().map(|place| &place.name).into()
    })
    .from("place.name")
    .empty("where no place is told")
    .hxl("#loc+name"),
    Column::number("latitude", "WGS 84", |row| row.point().map(|point| point.0).into())
        .unit("degrees north")
        .from("place.latitude")
        .empty("where the place is not in the gazetteer or known only to the country: never a country's middle")
        .hxl("#geo+lat"),
    Column::number("longitude", "WGS 84", |row| row.point().map(|point| point.1).into())
        .unit("degrees east")
        .from("place.longitude")
        .empty("as latitude")
        .hxl("#geo+lon"),
    Column::whole(
        "geo_precision",
        "1 the place itself; 2 near it, or its district; 3 a larger region (from UCDP's 1; 2 and 3; 4 to 7)",
        |row| {
            let precision = row.place().and_then(|place| place.where_precision);
            precision.map(geo_precision).into()
        },
    )
    .from("place.where_precision")
    .empty("where no place is told")
    .hxl("#geo+precision"),
    Column::text("source", "outlets, else addresses; several joined with `; `", |row| {
        joined(&row.sources()).into()
    })
    .from("sources")
    .empty("where the reports name none")
    .hxl("#meta+source"),
    Column::never("source_scale", Kind::Text, "always: not judged"),
    Column::text(
        "notes",
        "the sentences of the chief report that say so, who says it and when, and the figures of all reports",
        |row| row.notes().into(),
    )
    .from("events.evidence, figures")
    .empty("where a person made the incident without a report that quotes")
    .hxl("#description"),
    Column::whole("fatalities", "best estimate, else the least; 0 where no report gives one, as in ACLED", |row| {
        row.deaths.best.or(row.deaths.low).unwrap_or(0).into()
    })
    .unit("deaths")
    .from("deaths")
    .hxl("#affected+killed"),
    Column::text(
        "tags",
        "`completion=…` where the act was not carried through; `fatalities=disputed` where reports give different numbers; `review=…` \
         where a person has looked at it",
        |row| joined(&tags(row)).into(),
    )
    .from("events.completion, figures.disagree, status")
    .empty("where there is nothing to say"),
    Column::whole("timestamp", "last change in the store, Unix time", |row| row.changed.into())
        .unit("seconds")
        .from("updated")
        .empty("for one report's reading, which has no history of changes"),
];

/// ACLED's three for UCDP's seven. ACLED: 1 the town itself; 2 near a town, or a small part of a region that a town of it stands
/// for; 3 a larger region that its capital stands for.
fn geo_precision(precision: u8) -> u8 {
    match precision {
        1 => 1,
        2 | 3 => 2,
        _ => 3,
    }
}

fn tags(row: &Row<'_>) -> Vec<String> {
    let mut tags = Vec::new();
    match row.completion() {
        Completion::Accomplished => {}
        other => tags.push(format!("completion={other}")),
    }
    if let Some(incident) = row.incident {
        if incident.figures.get(&record::Harm::Killed).is_some_and(|figures| figures.disagree) {
            tags.push("fatalities=disputed".to_owned());
        }
        if incident.status != Status::Unreviewed {
            tags.push(format!("review={}", incident.status.as_str()));
        }
    }
    tags
}

fn first(row: &Row<'_>, side: &[&Participant]) -> String {
    row.names(side).into_iter().next().unwrap_or_default()
}

fn others(row: &Row<'_>, side: &[&Participant]) -> String {
    joined(&row.names(side).into_iter().skip(1).collect::<Vec<_>>())
}

/// The sort of a side; one that is written as `Civilians` because nobody says more is of their sort.
fn inter(side: &[&Participant]) -> Option<InterCode> {
    side.iter().find_map(|participant| {
        participant.inter_code.or_else(|| is_unnamed_civilian(participant).then_some(InterCode::Civilians))
    })
}

fn code(row: &Row<'_>, side: &[&Participant]) -> Value {
    let Some(code) = inter(side) else { return Value::Empty };
    match row.context.inter {
        Inter::Text => code.label().into(),
        Inter::Numeric => Value::Whole(i64::from(code.number())),
    }
}

fn interaction(row: &Row<'_>) -> Value {
    let (a, b) = row.sides();
    let codes = match (inter(&a), inter(&b)) {
        (Some(a), Some(b)) => (a.min(b), Some(a.max(b))),
        (Some(one), None) | (None, Some(one)) => (one, None),
        (None, None) => return Value::Empty,
    };
    match (row.context.inter, codes) {
        (Inter::Text, (a, Some(b))) => format!("{}-{}", a.label(), b.label()).into(),
        (Inter::Text, (one, None)) => format!("Sole {}", one.label()).into(),
        (Inter::Numeric, (a, b)) => {
            Value::Whole(i64::from(a.number()) * 10 + b.map_or(0, |b| i64::from(b.number())))
        }
    }
}

/// The columns of the form with a row for each actor: those of `acled_transform_longer` (acledR, `full_actors`) in the place of
/// the six of the sides.
const ACTOR_COLUMNS: &[(&str, &str)] = &[
    (
        "type_of_actor",
        "which column the actor stands in otherwise: `actor1`, `assoc_actor_1`, `actor2`, `assoc_actor_2`",
    ),
    ("actor", "the actor; empty in the one row of an event that names nobody"),
    ("inter_type", "`inter1` or `inter2`: the side"),
    ("inter", "sort of the side; empty for associated actors, as in acledR"),
];

/// The form with a row for each actor.
pub struct ByActor;

impl ByActor {
    /// The names of its columns.
    #[must_use]
    pub fn header() -> Vec<&'static str> {
        let mut names: Vec<&str> =
            COLUMNS.get(..SIDES.start).unwrap_or_default().iter().map(|c| c.name).collect();
        names.extend(ACTOR_COLUMNS.iter().map(|(name, _)| *name));
        names.extend(COLUMNS.get(SIDES.end..).unwrap_or_default().iter().map(|column| column.name));
        names
    }

    /// What the columns that ACLED's table does not have mean.
    #[must_use]
    pub const fn own_columns() -> &'static [(&'static str, &'static str)] {
        ACTOR_COLUMNS
    }

    /// The HXL tags, in the order of the header.
    #[must_use]
    pub fn tags() -> Vec<&'static str> {
        let mut tags: Vec<&str> =
            COLUMNS.get(..SIDES.start).unwrap_or_default().iter().map(|c| c.hxl).collect();
        tags.extend(["", "#group+name", "", ""]);
        tags.extend(COLUMNS.get(SIDES.end..).unwrap_or_default().iter().map(|column| column.hxl));
        tags
    }

    /// The rows of an event: one for each actor; one without, where it names nobody, so that no event is lost.
    #[must_use]
    pub fn rows(row: &Row<'_>) -> Vec<Vec<Value>> {
        let values = |columns: Option<&[Column]>| -> Vec<Value> {
            columns.unwrap_or_default().iter().map(|column| (column.value)(row)).collect()
        };
        let (before, after) = (values(COLUMNS.get(..SIDES.start)), values(COLUMNS.get(SIDES.end..)));
        let (a, b) = row.sides();
        let mut rows = Vec::new();
        for (number, side) in [("1", &a), ("2", &b)] {
            for (at, name) in row.names(side).into_iter().enumerate() {
                let (kind, inter) = if at == 0 {
                    (format!("actor{number}"), code(row, side))
                } else {
                    (format!("assoc_actor_{number}"), Value::Empty)
                };
                rows.push(vec![kind.into(), name.into(), format!("inter{number}").into(), inter]);
            }
        }
        if rows.is_empty() {
            rows.push(vec!["actor1".into(), Value::Empty, "inter1".into(), Value::Empty]);
        }
        rows.into_iter()
            .map(|own| before.iter().cloned().chain(own).chain(after.iter().cloned()).collect())
            .collect()
    }
}
