//! Watchpost's own table: one row an incident, one column a value, with names that Stata takes too (32 characters, no dots).

use record::{Figures, Harm, Incident, Participant};

use crate::cell::{Kind, Value};
use crate::row::{Row, source_of};
use crate::{Column, Shape};

/// An incident's own columns: what CSV, XLSX, Parquet and the properties of GeoJSON have.
pub static FLAT: Shape = Shape {
    name: "csv",
    about: "Watchpost's own columns: one row an incident, one column a value. CSV, XLSX and Parquet have them all; in GeoJSON they \
            are the properties of a feature, except `id`, `latitude` and `longitude`, which are the feature's own id and geometry.",
    columns: COLUMNS,
    takes: |row| row.happened(),
    leaves_out: "did not happen (negated, planned, threatened, past)",
};

/// The three figures of a harm; those of the dead are `deaths_…`.
macro_rules! figures {
    ($harm:ident, $best:literal, $low:literal, $high:literal, $who:literal, $from:literal) => {
        [
            Column::whole($best, concat!($who, ": the best figure by the written rule"), |row| {
                figure(row, Harm::$harm, |figures| figures.best)
            })
            .unit("people")
            .from(concat!($from, ".best"))
            .empty("where no report gives one: never 0 for not known"),
            Column::whole($low, concat!($who, ": the least that an independent report gives"), |row| {
                figure(row, Harm::$harm, |figures| figures.low)
            })
            .unit("people")
            .from(concat!($from, ".low"))
            .empty("where no report gives one"),
            Column::whole($high, concat!($who, ": the most that an independent report gives"), |row| {
                figure(row, Harm::$harm, |figures| figures.high)
            })
            .unit("people")
            .from(concat!($from, ".high"))
            .empty("where no report gives one"),
        ]
    };
}

const INJURED: [Column; 3] =
    figures!(Injured, "injured_best", "injured_low", "injured_high", "wounded", "figures.injured");
const EITHER: [Column; 3] = figures!(
    KilledOrInjured,
    "killed_or_injured_best",
    "killed_or_injured_low",
    "killed_or_injured_high",
    "dead and wounded together, where no report splits them",
    "figures.killed_or_injured"
);
const ABDUCTED: [Column; 3] =
    figures!(Abducted, "abducted_best", "abducted_low", "abducted_high", "abducted", "figures.abducted");
const ARRESTED: [Column; 3] =
    figures!(Arrested, "arrested_best", "arrested_low", "arrested_high", "arrested", "figures.arrested");
const MISSING: [Column; 3] =
    figures!(Missing, "missing_best", "missing_low", "missing_high", "missing", "figures.missing");
const ESCAPED: [Column; 3] =
    figures!(Escaped, "escaped_best", "escaped_low", "escaped_high", "escaped or freed", "figures.escaped");
const DISPLACED: [Column; 3] = figures!(
    Displaced,
    "displaced_best",
    "displaced_low",
    "displaced_high",
    "driven from home",
    "figures.displaced"
);

const HEAD: [Column; 20] = [
    Column::text("id", "the incident's id, `WP-…`; it is never used for another", |row| row.id().into())
        .from("id")
        .hxl("#event+id"),
    Column::text("status", "what a reviewer has said: unreviewed, accepted, rejected, not an event", |row| {
        row.incident.map(|incident| incident.status.as_str()).into()
    })
    .from("status")
    .empty("for one report's reading"),
    Column::day("event_date", "first day", |row| row.dates.event_date.into())
        .from("event_date")
        .empty("where the day is not known: none is made up"),
    Column::day("event_date_end", "last day", |row| row.last_day().into())
        .from("event_date_end")
        .empty("where the day is not known"),
    Column::whole("time_precision", "1 day, 2 week, 3 month, 4 year or worse", |row| {
        row.dates.time_precision.map(|precision| precision.number()).into()
    })
    .from("time_precision")
    .empty("where the day is not known"),
    Column::text("event_type", "one of ACLED's 6", |row| row.event_type.map(|kind| kind.as_str()).into())
        .from("event_type"),
    Column::text("sub_event_type", "one of ACLED's 25", |row| {
        row.sub_event_type.map(|kind| kind.as_str()).into()
    })
    .from("sub_event_type"),
    Column::text("disorder_type", "ACLED's disorder type", |row| {
        row.codes().map(|codes| codes.disorder_type).into()
    })
    .from("sub_event_type"),
    Column::whole("type_of_violence", "UCDP's: 1 state-based, 2 non-state, 3 one-sided", |row| {
        row.type_of_violence.into()
    })
    .from("type_of_violence")
    .empty("where it is none of them, or the sides are not told"),
    Column::text("plover_type", "PLOVER type", |row| {
        crate::plover::code(row).map(|code| code.event_type.as_str()).into()
    })
    .from("events.plover"),
    Column::list("plover_modes", "PLOVER modes", |row| crate::plover::code(row).map(|code| code.mode).into())
        .from("events.plover")
        .empty("where the reports tell none"),
    Column::text("completion", "accomplished, attempted, foiled", |row| row.completion().as_str().into())
        .from("events.completion"),
    Column::list("actors", "who did it; in two-sided fighting the first side", |row| {
        row.names(&row.sides().0).into()
    })
    .from("actors")
    .empty("where nobody is told"),
    Column::list("actor_ids", "their keys in the actor registry", |row| ids(&row.sides().0))
        .from("actors.actor_id")
        .empty("where none is in the registry"),
    Column::list("recipients", "who suffered it; in two-sided fighting the second side", |row| {
        row.names(&row.sides().1).into()
    })
    .from("recipients, actors")
    .empty("where nobody is told"),
    Column::list("recipient_ids", "their keys in the actor registry", |row| ids(&row.sides().1))
        .from("recipients.actor_id, actors.actor_id")
        .empty("where none is in the registry"),
    Column::new("civilian_targeting", Kind::Flag, "civilians were the main or only target (ACLED)", |row| {
        row.codes().map(|codes| codes.civilian_targeting).into()
    })
    .from("sub_event_type, recipients"),
    Column::whole("deaths_best", "deaths: the best figure by the written rule", |row| row.deaths.best.into())
        .unit("deaths")
        .from("deaths.best")
        .empty("where no report gives one: never 0 for not known"),
    Column::whole("deaths_low", "deaths: the least that an independent report gives", |row| {
        row.deaths.low.into()
    })
    .unit("deaths")
    .from("deaths.low")
    .empty("where no report gives one"),
    Column::whole("deaths_high", "deaths: the most that an independent report gives", |row| {
        row.deaths.high.into()
    })
    .unit("deaths")
    .from("deaths.high")
    .empty("where no report gives one"),
];

const SIDES: [Column; 4] = [
    Column::whole("deaths_a", "of the side in `actors`", |row| part(row, row.deaths.a))
        .unit("deaths")
        .from("deaths.a")
        .empty("where no report gives deaths"),
    Column::whole("deaths_b", "of the side in `recipients`, where it fights", |row| part(row, row.deaths.b))
        .unit("deaths")
        .from("deaths.b")
        .empty("where no report gives deaths"),
    Column::whole("deaths_civilians", "civilians", |row| part(row, row.deaths.civilians))
        .unit("deaths")
        .from("deaths.civilians")
        .empty("where no report gives deaths"),
    Column::whole("deaths_unknown", "not said whose", |row| part(row, row.deaths.unknown))
        .unit("deaths")
        .from("deaths.unknown")
        .empty("where no report gives deaths"),
];

const PLACE: [Column; 15] = [
    Column::list("figures_disagree", "the harms for which independent reports give different figures", |row| {
        row.incident.map(disagreeing).into()
    })
    .from("figures.disagree")
    .empty("where they do not"),
    Column::text("location", "gazetteer name, else the report's words", |row| {
        row.place().map(|place| &place.name).into()
    })
    .from("place.name")
    .empty("where no place is told"),
    Column::text("relation", "how the event lies to the place: at, near, south of, …", |row| {
        row.relation().and_then(|relation| serde_json::to_value(relation).ok()).and_then(|name| name.as_str().map(str::to_owned)).into()
    })
    .from("events.places.relation")
    .empty("where no place is told"),
    Column::whole("geonameid", "GeoNames id", |row| row.place().and_then(|place| place.geonameid).into())
        .from("place.geonameid")
        .empty("where the gazetteer's record has none"),
    Column::text("feature_code", "GeoNames feature code", |row| {
        row.place().and_then(|place| place.feature_code.as_ref()).into()
    })
    .from("place.feature_code")
    .empty("where the place is not in the gazetteer"),
    Column::text("country", "ISO 3166-1 alpha-3", |row| row.country().map(|country| &country.iso3).into())
        .from("place.country")
        .empty("where the country is not known"),
    Column::text("country_name", "English short name", |row| row.country().map(|country| &country.name).into())
        .from("place.country")
        .empty("where the country is not known"),
    Column::text("admin1", "first-order division", |row| {
        row.place().and_then(|place| place.admin1.as_ref()).into()
    })
    .from("place.admin1")
    .empty("where the place is not known so well"),
    Column::text("admin2", "second-order division", |row| {
        row.place().and_then(|place| place.admin2.as_ref()).into()
    })
    .from("place.admin2")
    .empty("where the place is not known so well"),
    Column::text("admin1_pcode", "its P-code (Common Operational Datasets of OCHA)", |row| {
        row.place().and_then(|place| place.admin1_pcode.as_ref()).into()
    })
    .from("place.admin1_pcode")
    .empty("where no gazetteer with P-codes is in use, or it lacks the division"),
    Column::text("admin2_pcode", "its P-code", |row| {
        row.place().and_then(|place| place.admin2_pcode.as_ref()).into()
    })
    .from("place.admin2_pcode")
    .empty("as admin1_pcode"),
    Column::number("latitude", "WGS 84", |row| row.point().map(|point| point.0).into())
        .unit("degrees north")
        .from("place.latitude")
        .empty("where the place is not in the gazetteer or known only to the country: never a country's middle"),
    Column::number("longitude", "WGS 84", |row| row.point().map(|point| point.1).into())
        .unit("degrees east")
        .from("place.longitude")
        .empty("as latitude"),
    Column::whole(
        "where_precision",
        "UCDP's: 1 exact place, 2 near it, 3 second-order division, 4 first-order division, 5 line or region, 6 country, 7 sea or air",
        |row| row.place().and_then(|place| place.where_precision).into(),
    )
    .from("place.where_precision")
    .empty("where no place is told"),
    Column::new("is_centroid", Kind::Flag, "the point is the middle of a division or region, not the place of the event", |row| {
        row.is_centroid().into()
    })
    .from("place.where_precision")
    .empty("where there is no point"),
];

const TAIL: [Column; 13] = [
    Column::whole("prio_grid", "cell of PRIO-GRID, half a degree wide", |row| row.prio_grid().into())
        .from("place")
        .empty("where the place is known less well than its second-order division"),
    Column::number(
        "confidence",
        "of the surest report: of events given 0.8, about eight in ten are right",
        |row| row.confidence.into(),
    )
    .unit("0 to 1")
    .from("confidence"),
    Column::whole("reports", "how many reports tell of it", |row| {
        row.incident.map_or(1, |incident| incident.reports).into()
    })
    .unit("reports")
    .from("reports"),
    Column::whole("independent_reports", "how many of them are voices of their own", |row| {
        row.voices().into()
    })
    .unit("reports")
    .from("independent_reports"),
    Column::list("publishers", "the outlets", |row| row.sources().into())
        .from("sources")
        .empty("where the reports name none"),
    Column::list("urls", "the addresses of the reports", |row| {
        let mut urls: Vec<String> = Vec::new();
        for url in row.articles.iter().filter_map(|article| article.document.url.as_ref()) {
            if !urls.contains(url) {
                urls.push(url.clone());
            }
        }
        urls.into()
    })
    .from("reports.url")
    .empty("where the reports have none"),
    Column::text("quote", "the sentences of the chief report that say so", |row| row.quotes().into())
        .from("events.evidence")
        .empty("where no report quotes"),
    Column::text("document", "hash of the chief report's text", |row| {
        row.chief().map(|article| &article.document.id).into()
    })
    .from("reports.document.id")
    .empty("where no report is left"),
    Column::text("given_id", "the id that the chief report came with", |row| {
        row.chief().and_then(|article| article.document.given_id.as_ref()).into()
    })
    .from("reports.given_id")
    .empty("where it came with none"),
    Column::text("url", "the chief report's address", |row| {
        row.chief().and_then(|article| article.document.url.as_ref()).into()
    })
    .from("reports.url")
    .empty("where it has none"),
    Column::text("publisher", "the chief report's outlet", |row| {
        row.chief().map(|article| source_of(article.document)).into()
    })
    .from("reports.publisher")
    .empty("where it names none"),
    Column::day("published", "the chief report's day of publication", |row| {
        row.chief().and_then(|article| article.document.published).into()
    })
    .from("reports.published")
    .empty("where it is not known"),
    Column::whole("changed", "last change in the store, Unix time", |row| row.changed.into())
        .unit("seconds")
        .from("updated")
        .empty("for one report's reading"),
];

/// Puts parts of a table together.
macro_rules! together {
    ($($part:ident),*) => {{
        const ALL: &[&[Column]] = &[$(&$part),*];
        ALL
    }};
}

const PARTS: &[&[Column]] =
    together!(HEAD, SIDES, INJURED, EITHER, ABDUCTED, ARRESTED, MISSING, ESCAPED, DISPLACED, PLACE, TAIL);

const fn total() -> usize {
    let (mut at, mut sum) = (0, 0);
    while at < PARTS.len() {
        sum += PARTS[at].len();
        at += 1;
    }
    sum
}

const fn all() -> [Column; total()] {
    let mut columns = [const { Column::never("", Kind::Text, "") }; total()];
    let (mut part, mut to) = (0, 0);
    while part < PARTS.len() {
        let mut at = 0;
        while at < PARTS[part].len() {
            let Column { name, kind, meaning, unit, from, empty, hxl, value } = PARTS[part][at];
            columns[to] = Column { name, kind, meaning, unit, from, empty, hxl, value };
            at += 1;
            to += 1;
        }
        part += 1;
    }
    columns
}

const COLUMNS: &[Column] = &all();

fn ids(side: &[&Participant]) -> Value {
    side.iter().filter_map(|one| one.actor_id.clone()).collect::<Vec<_>>().into()
}

/// Of whom the dead are says something only where there are any told.
fn part(row: &Row<'_>, deaths: u64) -> Value {
    let told = row.deaths.best.or(row.deaths.low).or(row.deaths.high).is_some();
    told.then_some(deaths).into()
}

fn disagreeing(incident: &Incident) -> Vec<String> {
    let differ = incident.figures.iter().filter(|(_, figures)| figures.disagree);
    differ.map(|(harm, _)| harm.as_str().to_owned()).collect()
}

/// A harm's figure: an incident's by the rule, of one report the sum of its counts.
fn figure(row: &Row<'_>, harm: Harm, of: fn(&Figures) -> Option<u64>) -> Value {
    match row.incident {
        Some(incident) => incident.figures.get(&harm).and_then(of).into(),
        None => {
            let Some(article) = row.chief() else { return Value::Empty };
            let counts = match harm {
                Harm::Killed => &article.event.counts.killed,
                Harm::Injured => &article.event.counts.injured,
                Harm::KilledOrInjured => &article.event.counts.killed_or_injured,
                Harm::Abducted => &article.event.counts.abducted,
                Harm::Arrested => &article.event.counts.arrested,
                Harm::Missing => &article.event.counts.missing,
                Harm::Escaped => &article.event.counts.escaped,
                Harm::Displaced => &article.event.counts.displaced,
            };
            // A count that is part of another, or that the report itself replaces, is none of its own.
            let own: Vec<_> = counts.iter().filter(|c| c.part_of.is_none() && !c.superseded).collect();
            let sum = |one: fn(&record::Quantity) -> Option<u64>| {
                let mut all = own.iter().map(|count| one(&count.number));
                all.try_fold(0_u64, |sum, figure| Some(sum.saturating_add(figure?)))
                    .filter(|_| !own.is_empty())
            };
            let figures = Figures {
                best: sum(record::Quantity::figure),
                low: sum(|number| number.low.or(number.best)),
                high: sum(|number| number.high),
                ..Figures::default()
            };
            of(&figures).into()
        }
    }
}
