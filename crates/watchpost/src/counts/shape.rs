//! What the columns of a file are, told from its header.

use anyhow::bail;
use watch::Every;

use super::args::Counted;

/// The columns of counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CountColumns {
    pub(super) series: Option<usize>,
    pub(super) date: usize,
    pub(super) count: usize,
    pub(super) offset: Option<usize>,
}

/// One part of the name of an event's series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// What a column says.
    Column(usize),
    /// Each of the sides, in a series of its own.
    Sides(usize, usize),
    /// Both sides together.
    Dyad(usize, usize),
}

/// A column that says how precise the date of an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DatePrecision {
    /// ACLED's `time_precision`: 1 is the day, 2 the week, 3 the month (ACLED Codebook, "Time precision").
    Acled(usize),
    /// GED's `date_prec`: 1 is the day, 2 from two to six days, 3 the week, 4 the month, 5 more (UCDP GED Codebook 25.1, table 1).
    Ged(usize),
}

impl DatePrecision {
    pub(super) fn column(self) -> usize {
        match self {
            Self::Acled(column) | Self::Ged(column) => column,
        }
    }

    /// Whether a code says that the day may lie outside of the period that it is counted in.
    pub(super) fn wider(self, code: &str, than: Every) -> bool {
        let Ok(code) = code.parse::<u8>() else { return false };
        let narrowest = match (self, than) {
            (_, Every::Day) => 2,
            (Self::Acled(_), Every::Week) => 3,
            (Self::Acled(_), Every::Month) => return false,
            (Self::Ged(_), Every::Week) => 4,
            (Self::Ged(_), Every::Month) => 5,
        };
        code >= narrowest
    }
}

/// The columns of events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct EventColumns {
    pub(super) date: usize,
    /// How precise the date is, where a column says so.
    pub(super) precision: Option<DatePrecision>,
    pub(super) deaths: Option<usize>,
    /// Empty: all events are one series.
    pub(super) by: Vec<Part>,
}

/// What the rows of a file are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    /// A count each.
    Counts(CountColumns),
    /// An event each.
    Events(EventColumns),
}

/// The columns that a word of `--by` can mean, in ACLED's, GED's and our own tables, the first that is there.
const BY: &[(&str, &[&str])] = &[
    ("country", &["country"]),
    ("admin1", &["admin1", "adm_1"]),
    ("admin2", &["admin2", "adm_2"]),
    ("type", &["event_type", "type_of_violence"]),
    ("sub-type", &["sub_event_type"]),
];

/// Columns of the two sides of an event.
const SIDES: &[(&str, &str)] = &[("actor1", "actor2"), ("side_a", "side_b")];

const DATES: &[&str] = &["event_date", "date_start", "date"];
const DEATHS: &[&str] = &["fatalities", "best", "best_death", "deaths"];

/// Tells the shape.
pub(super) fn told(header: &[String], by: &[String], counted: Option<Counted>) -> anyhow::Result<Shape> {
    let find = |name: &str| header.iter().position(|column| column.eq_ignore_ascii_case(name));
    let first = |names: &[&str]| names.iter().find_map(|name| find(name));
    let of_events = ["event_date", "date_start"].iter().any(|name| find(name).is_some())
        || SIDES.iter().any(|(a, b)| find(a).is_some() && find(b).is_some());
    if let (Some(date), Some(count), false) = (find("date"), find("count"), of_events) {
        if !by.is_empty() || counted.is_some() {
            bail!(
                "the file has counts, one a row; --by and --count are for files with one event a row\nhint: leave them out"
            );
        }
        return Ok(Shape::Counts(CountColumns {
            series: find("series"),
            date,
            count,
            offset: find("offset"),
        }));
    }
    let Some(date) = first(DATES) else {
        bail!(
            "no column of dates among `{}`; expected `series,date,count[,offset]`, or events with `event_date` (ACLED) or `date_start` (GED)\nhint: name the columns so in the file's first line",
            shortened(header)
        );
    };
    let deaths = first(DEATHS);
    if counted == Some(Counted::Deaths) && deaths.is_none() {
        bail!(
            "--count deaths: no column `fatalities`, `best` or `deaths` among `{}`\nhint: name it so in the file's first line",
            shortened(header)
        );
    }
    let sides = || SIDES.iter().find_map(|(a, b)| find(a).zip(find(b)));
    let usual = ["country".to_owned()];
    let asked = if by.is_empty() { &usual[..] } else { by };
    let mut parts = Vec::new();
    for word in asked {
        let known = BY.iter().find(|(name, _)| name == word);
        let part = match word.as_str() {
            "all" => continue,
            "actor" => sides().map(|(a, b)| Part::Sides(a, b)),
            "dyad" => sides().map(|(a, b)| Part::Dyad(a, b)),
            _ => known.and_then(|(_, names)| first(names)).or_else(|| find(word)).map(Part::Column),
        };
        let Some(part) = part else {
            bail!(
                "--by {word}: no such column among `{}`\nhint: --by takes all, country, admin1, admin2, actor, dyad, type, sub-type or a column of the file",
                shortened(header)
            );
        };
        parts.push(part);
    }
    if parts.iter().filter(|part| matches!(part, Part::Sides(..))).count() > 1 {
        bail!("--by names `actor` twice\nhint: leave one out");
    }
    let precision = find("time_precision")
        .map(DatePrecision::Acled)
        .or_else(|| find("date_prec").map(DatePrecision::Ged));
    Ok(Shape::Events(EventColumns { date, precision, deaths, by: parts }))
}

/// The header for a message, however long it is.
fn shortened(header: &[String]) -> String {
    let mut told = header.join(",");
    if let Some((cut, _)) = told.char_indices().nth(300) {
        told.truncate(cut);
        told.push('…');
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(header: &str, by: &[&str]) -> anyhow::Result<Shape> {
        let header: Vec<String> = header.split(',').map(str::to_owned).collect();
        told(&header, &by.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>(), None)
    }

    #[test]
    fn counts_and_events_are_told_apart() {
        let counts = shape("series,date,count,offset", &[]).unwrap();
        assert_eq!(
            counts,
            Shape::Counts(CountColumns { series: Some(0), date: 1, count: 2, offset: Some(3) })
        );
        let Shape::Events(acled) =
            shape("event_id_cnty,event_date,actor1,actor2,country,fatalities", &["actor"]).unwrap()
        else {
            panic!("events");
        };
        assert_eq!((acled.date, acled.deaths, acled.by), (1, Some(5), vec![Part::Sides(2, 3)]));
        let Shape::Events(ged) =
            shape("id,date_start,date_prec,side_a,side_b,adm_1,best", &["admin1", "dyad"]).unwrap()
        else {
            panic!("events");
        };
        assert_eq!(ged.by, vec![Part::Column(5), Part::Dyad(3, 4)]);
        assert_eq!(ged.precision, Some(DatePrecision::Ged(2)));
    }

    #[test]
    fn a_month_is_no_week() {
        let (acled, ged) = (DatePrecision::Acled(0), DatePrecision::Ged(0));
        for (column, code, [day, week, month]) in [
            (acled, "1", [false; 3]),
            (acled, "2", [true, false, false]),
            (acled, "3", [true, true, false]),
            (ged, "3", [true, false, false]),
            (ged, "4", [true, true, false]),
            (ged, "5", [true, true, true]),
            (ged, "", [false; 3]),
        ] {
            let wider = [Every::Day, Every::Week, Every::Month].map(|every| column.wider(code, every));
            assert_eq!(wider, [day, week, month], "{column:?} {code}");
        }
    }

    #[test]
    fn what_is_missing_is_said() {
        let said = |header, by: &[&str]| shape(header, by).unwrap_err().to_string();
        assert!(said("a,b", &[]).contains("no column of dates among `a,b`"));
        assert!(said("event_date", &["admin2"]).contains("--by admin2"));
        assert!(said("series,date,count", &["country"]).contains("has counts"));
    }
}
