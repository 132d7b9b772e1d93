//! UCDP GED's table: 49 columns in UCDP's order (GED codebook 25.1).

use record::vocabulary::Sector;
use record::{Participant, ParticipantKind, Status, priogrid};

use crate::cell::{Kind, Value, joined};
use crate::row::{Article, Row, source_of};
use crate::{Column, Shape};

/// Events as UCDP lists them: organised violence of one of UCDP's three types with at least one death in the best,
/// low or high estimate (UCDP's definition of an event).
pub static GED: Shape = Shape {
    name: "ged",
    about: "UCDP GED's 49 columns in UCDP's order (GED codebook 25.1): organised violence of one of UCDP's three types with at least \
            one death in the best, low or high estimate. The layout is UCDP's; the events, their ids and their coding are not.",
    columns: COLUMNS,
    takes: |row| {
        let deaths = &row.deaths;
        let some = [deaths.best, deaths.low, deaths.high].into_iter().flatten().any(|deaths| deaths > 0);
        row.happened() && row.type_of_violence.is_some() && some
    },
    leaves_out: "did not happen, are none of UCDP's three types of violence, or have no deaths",
};

/// A column that UCDP fills from its own registers of conflicts, dyads and actors.
const fn of_ucdp(name: &'static str, kind: Kind) -> Column {
    Column::never(name, kind, "always: of UCDP's own registers")
}

const COLUMNS: &[Column] = &[
    Column::text("id", "Watchpost's id, `WP-…`", |row| row.id().into()).from("id"),
    Column::text(
        "relid",
        "the same; of an incident with `@` and when it was last changed, in seconds since 1970, by which an import of the row knows \
         what came since",
        |row| match row.changed {
            Some(moment) => format!("{}@{}", row.id(), moment.as_second()).into(),
            None => row.id().into(),
        },
    )
    .from("id, the log"),
    Column::whole("year", "of the first day", |row| row.year().into())
        .from("event_date")
        .empty("where the day is not known")
        .hxl("#date+year"),
    of_ucdp("active_year", Kind::Whole),
    Column::text("code_status", "`Machine`: read by a program, checked by nobody yet; `Checked`: accepted by a person", |row| {
        match row.incident.map(|incident| incident.status) {
            Some(Status::Accepted) => "Checked".into(),
            _ => "Machine".into(),
        }
    })
    .from("status"),
    Column::whole("type_of_violence", "1 state-based, 2 non-state, 3 one-sided", |row| {
        row.type_of_violence.into()
    })
    .from("type_of_violence"),
    of_ucdp("conflict_dset_id", Kind::Text),
    of_ucdp("conflict_new_id", Kind::Whole),
    of_ucdp("conflict_name", Kind::Text),
    of_ucdp("dyad_dset_id", Kind::Text),
    of_ucdp("dyad_new_id", Kind::Whole),
    Column::text("dyad_name", "the two sides", |row| match (side(row, 0), side(row, 1)) {
        (a, b) if a.is_empty() || b.is_empty() => Value::Empty,
        (a, b) => format!("{a} - {b}").into(),
    })
    .from("actors, recipients")
    .empty("where one side is not told"),
    of_ucdp("side_a_dset_id", Kind::Text),
    of_ucdp("side_a_new_id", Kind::Whole),
    Column::text("side_a", "the state where one takes part (UCDP's rule), else the doers", |row| {
        side(row, 0).into()
    })
    .from("actors")
    .empty("where nobody is told")
    .hxl("#group+name+first"),
    of_ucdp("side_b_dset_id", Kind::Text),
    of_ucdp("side_b_new_id", Kind::Whole),
    Column::text("side_b", "the other side; `Civilians` in one-sided violence", |row| side(row, 1).into())
        .from("actors, recipients")
        .empty("where nobody is told")
        .hxl("#group+name+second"),
    Column::whole(
        "number_of_sources",
        "independent voices: copies of one text, and versions of one page, are one",
        |row| row.voices().into(),
    )
    .unit("reports")
    .from("independent_reports"),
    Column::text("source_article", "publisher, day and headline of each report that is no copy", |row| {
        joined(&each(row, article)).into()
    })
    .from("reports")
    .empty("where no report is left")
    .hxl("#meta+source"),
    Column::text("source_office", "publishers, else addresses", |row| {
        joined(&each(row, |article| source_of(article.document))).into()
    })
    .from("reports.publisher, reports.url")
    .empty("where the reports name none"),
    Column::text("source_date", "days of publication", |row| {
        joined(&each(row, |article| article.document.published.map(|day| day.to_string()).unwrap_or_default()))
            .into()
    })
    .from("reports.published")
    .empty("where no day of publication is known"),
    Column::text("source_headline", "headlines", |row| {
        joined(&each(row, |article| article.document.title.clone().unwrap_or_default())).into()
    })
    .from("reports.title")
    .empty("where the reports have none")
    .hxl("#description"),
    Column::text("source_original", "who the reports rest on", |row| joined(&row.reported_by()).into())
        .from("events.reported_by")
        .empty("where the reports do not say"),
    Column::whole("where_prec", "UCDP's 1 to 7", |row| {
        row.place().and_then(|place| place.where_precision).into()
    })
    .from("place.where_precision")
    .empty("where no place is told"),
    Column::text("where_coordinates", "the place that the coordinates are of", |row| {
        row.place().map(|place| &place.name).into()
    })
    .from("place.name")
    .empty("where no place is told")
    .hxl("#loc+name"),
    Column::text("where_description", "the reports' words for where", |row| row.where_words().into())
        .from("events.places.text")
        .empty("where no report words it"),
    Column::text("adm_1", "first-order division", |row| {
        row.place().and_then(|place| place.admin1.as_ref()).into()
    })
    .from("place.admin1")
    .empty("where the place is not known so well")
    .hxl("#adm1+name"),
    Column::text("adm_2", "second-order division", |row| {
        row.place().and_then(|place| place.admin2.as_ref()).into()
    })
    .from("place.admin2")
    .empty("where the place is not known so well")
    .hxl("#adm2+name"),
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
    Column::text("geom_wkt", "`POINT (longitude latitude)`", |row| {
        row.point().map(|(lat, lon)| format!("POINT ({lon} {lat})")).into()
    })
    .from("place")
    .empty("as latitude"),
    Column::whole("priogrid_gid", "cell of PRIO-GRID, half a degree wide", |row| {
        row.point().and_then(|(lat, lon)| priogrid(lat, lon)).into()
    })
    .from("place")
    .empty("as latitude"),
    Column::text("country", "English short name", |row| row.country().map(|country| &country.name).into())
        .from("place.country")
        .empty("where the country is not known")
        .hxl("#country+name"),
    Column::whole("country_id", "Gleditsch and Ward's number", |row| {
        row.country().and_then(|country| country.gwno).into()
    })
    .from("place.country")
    .empty("where the country is not known, or is no state of Gleditsch and Ward's"),
    Column::text("region", "UCDP's region", |row| {
        row.country().and_then(|country| region(country.gwno.map(u32::from), &country.region)).into()
    })
    .from("place.country")
    .empty("where the country is not known")
    .hxl("#region+name"),
    Column::whole(
        "event_clarity",
        "1 where the reports allow the event to be told apart, 2 where it is known only to the month or the province",
        |row| {
            let vague = row.dates.time_precision.is_none_or(|precision| precision.number() > 2)
                || row.place().and_then(|place| place.where_precision).is_none_or(|precision| precision > 3);
            Value::Whole(if vague { 2 } else { 1 })
        },
    )
    .from("time_precision, place.where_precision"),
    Column::whole(
        "date_prec",
        "1 day, 2 two to six days, 3 week, 4 month, 5 more than a month (from the days between `date_start` and `date_end`, and \
         never better than the precision of the day)",
        |row| date_precision(row).into(),
    )
    .from("event_date, event_date_end, time_precision")
    .empty("where the day is not known"),
    Column::day("date_start", "first day", |row| row.dates.event_date.into())
        .from("event_date")
        .empty("where the day is not known")
        .hxl("#date+start"),
    Column::day("date_end", "last day", |row| row.last_day().into())
        .from("event_date_end")
        .empty("where the day is not known")
        .hxl("#date+end"),
    Column::whole("deaths_a", "of side A", |row| deaths(row).a.into())
        .unit("deaths")
        .from("deaths.a, deaths.b"),
    Column::whole("deaths_b", "of side B", |row| deaths(row).b.into())
        .unit("deaths")
        .from("deaths.a, deaths.b"),
    Column::whole("deaths_civilians", "civilians", |row| deaths(row).civilians.into())
        .unit("deaths")
        .from("deaths.civilians"),
    Column::whole(
        "deaths_unknown",
        "not said whose; the four columns of sides add up to `best`, and what a best figure has more than its parts is in this one. \
         Where the parts are more than the best figure, all of it is",
        |row| deaths(row).unknown.into(),
    )
    .unit("deaths")
    .from("deaths.unknown, deaths.best"),
    Column::whole("best", "most likely number of deaths, else the least; 0 where reports give only an upper bound", |row| {
        deaths(row).best.into()
    })
    .unit("deaths")
    .from("deaths.best")
    .hxl("#affected+killed"),
    Column::whole("high", "most; the best where no report gives an upper bound", |row| deaths(row).high.into())
        .unit("deaths")
        .from("deaths.high")
        .hxl("#affected+killed+max"),
    Column::whole("low", "least; never more than `best`", |row| deaths(row).low.into())
        .unit("deaths")
        .from("deaths.low")
        .hxl("#affected+killed+min"),
    Column::whole("gwnoa", "Gleditsch and Ward's number of side A, where it is a state", |row| gwno(row, 0))
        .from("actors.country")
        .empty("where side A is no state"),
    Column::whole("gwnob", "of side B", |row| gwno(row, 1))
        .from("actors.country, recipients.country")
        .empty("where side B is no state"),
];

/// Deaths as UCDP writes them: low, best and high do not fall, and those of the sides add up to best.
struct Deaths {
    a: u64,
    b: u64,
    civilians: u64,
    unknown: u64,
    low: u64,
    best: u64,
    high: u64,
}

fn deaths(row: &Row<'_>) -> Deaths {
    let told = &row.deaths;
    let best = told.best.or(told.low).unwrap_or(0);
    let (a, b) = if swapped(row) { (told.b, told.a) } else { (told.a, told.b) };
    let parts = [a, b, told.civilians, told.unknown].into_iter().fold(0, u64::saturating_add);
    let (low, high) = (told.low.unwrap_or(0).min(best), told.high.unwrap_or(best).max(best));
    match best.checked_sub(parts) {
        Some(rest) => Deaths {
            a,
            b,
            civilians: told.civilians,
            unknown: told.unknown.saturating_add(rest),
            low,
            best,
            high,
        },
        None => Deaths { a: 0, b: 0, civilians: 0, unknown: best, low, best, high },
    }
}

/// Something of each report that is no copy, in the order of publication.
fn each(row: &Row<'_>, of: impl Fn(&Article<'_>) -> String) -> Vec<String> {
    row.own_articles().iter().map(of).collect()
}

fn article(article: &Article<'_>) -> String {
    let document = article.document;
    let parts =
        [Some(source_of(document)), document.published.map(|day| day.to_string()), document.title.clone()];
    parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

fn is_state(participant: &Participant) -> bool {
    participant.kind == ParticipantKind::State
        || participant.sector.is_some_and(|sector| sector.is_state_force() || sector == Sector::Government)
}

/// UCDP puts the state on side A; in the event the doers come first.
fn swapped(row: &Row<'_>) -> bool {
    let (a, b) = row.sides();
    row.type_of_violence == Some(1) && b.iter().any(|one| is_state(one)) && !a.iter().any(|one| is_state(one))
}

fn participants<'a>(row: &'a Row<'_>, side: usize) -> Vec<&'a Participant> {
    let (a, b) = row.sides();
    if (side == 0) == swapped(row) { b } else { a }
}

fn side(row: &Row<'_>, side: usize) -> String {
    if side == 1 && row.type_of_violence == Some(3) {
        return "Civilians".to_owned();
    }
    joined(&row.names(&participants(row, side)))
}

fn gwno(row: &Row<'_>, side: usize) -> Value {
    let state = participants(row, side).into_iter().find(|participant| is_state(participant));
    state.and_then(|state| row.context.countries.by_iso3(state.country.as_deref()?)?.gwno).into()
}

/// UCDP's `date_prec` (codebook): 1 exact day, 2 a range of 2–6 days, 3 a week, 4 a month, 5 more than a month.
fn date_precision(row: &Row<'_>) -> Option<u8> {
    let first = row.dates.event_date?;
    let days = first.until(row.last_day()?).ok()?.get_days() + 1;
    let by_days = match days {
        ..=1 => 1,
        2..=6 => 2,
        7..=8 => 3,
        9..=31 => 4,
        _ => 5,
    };
    // A single day may stand for a week of which nothing else is known.
    let at_least = match row.dates.time_precision.map_or(1, record::vocabulary::TimePrecision::number) {
        ..=1 => 1,
        2 => 2,
        3 => 4,
        _ => 5,
    };
    Some(by_days.max(at_least))
}

/// UCDP divides the world into five (GED codebook, `region`), by the numbers of Gleditsch and Ward where a country has one.
fn region(gwno: Option<u32>, acled: &str) -> Option<&'static str> {
    let has = |part: &str| acled.contains(part);
    Some(match (gwno.unwrap_or_default(), acled) {
        (2..=199, _) => "Americas",
        (200..=399, _) => "Europe",
        (400..=626, _) => "Africa",
        (630..=699, _) => "Middle East",
        (700..=999, _) => "Asia",
        _ if has("Africa") => "Africa",
        _ if has("Middle East") => "Middle East",
        _ if has("Europe") => "Europe",
        _ if has("America") || has("Caribbean") => "Americas",
        _ if has("Asia") || has("Caucasus") || has("Oceania") => "Asia",
        _ => return None,
    })
}
