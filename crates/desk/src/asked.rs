//! What is asked after the `?` of an address. Each parameter is declared once, with its meaning and schema: requests are checked
//! by the declarations, and the OpenAPI document is made of them.

use std::collections::BTreeMap;
use std::str::FromStr;

use jiff::civil::Date;
use record::Status;
use record::country::Countries;
use record::vocabulary::{EventType, SubEventType};
use serde_json::{Value, json};
use store::find::{Area, Filter, Order};
use store::words::Query;

use crate::problem::Problem;

/// One parameter.
pub(crate) struct Parameter {
    /// Its name.
    pub(crate) name: &'static str,
    /// What it means.
    pub(crate) about: &'static str,
    /// Its JSON Schema.
    pub(crate) schema: fn() -> Value,
}

const fn parameter(name: &'static str, about: &'static str, schema: fn() -> Value) -> Parameter {
    Parameter { name, about, schema }
}

fn text() -> Value {
    json!({"type": "string", "minLength": 1, "maxLength": 500})
}

fn day() -> Value {
    json!({"type": "string", "format": "date", "examples": ["2024-03-01"]})
}

fn list(of: impl IntoIterator<Item = &'static str>) -> Value {
    let values: Vec<&str> = of.into_iter().collect();
    json!({"type": "array", "items": {"type": "string", "enum": values}, "minItems": 1})
}

fn limit(most: u64, default: u64) -> Value {
    json!({"type": "integer", "minimum": 1, "maximum": most, "default": default})
}

/// Which incidents: the same wherever incidents are asked for.
pub(crate) const FILTERS: &[Parameter] = &[
    parameter("from", "On that day or later: the incident's last day counts.", day),
    parameter("to", "On that day or earlier: the incident's first day counts.", day),
    parameter(
        "country",
        "In one of these countries: ISO 3166-1 codes or names, with commas between.",
        || json!({"type": "array", "items": {"type": "string", "pattern": "^[A-Z]{3}$", "examples": ["MLI"]}, "minItems": 1}),
    ),
    parameter("admin1", "In this first-order division, however it is spelled.", text),
    parameter("type", "Of one of these ACLED event types.", || {
        list(EventType::ALL.iter().map(|kind| kind.as_str()))
    }),
    parameter("sub_type", "Of one of these ACLED sub-event types.", || {
        list(SubEventType::ALL.iter().map(|kind| kind.as_str()))
    }),
    parameter(
        "actor",
        "With this participant: its id in the registry, or its name however it is spelled.",
        text,
    ),
    parameter("source", "Told by this outlet.", text),
    parameter("status", "With one of these statuses.", || {
        list(["unreviewed", "accepted", "rejected", "not-an-event"])
    }),
    parameter(
        "deaths_min",
        "With at least so many deaths by the best figure.",
        || json!({"type": "integer", "minimum": 0}),
    ),
    parameter(
        "confidence_min",
        "At least so sure.",
        || json!({"type": "number", "minimum": 0, "maximum": 1}),
    ),
    parameter(
        "text",
        "With these words in places, sides or quotes: words, \"several side by side\", begin*, -without.",
        text,
    ),
    parameter(
        "bbox",
        "With coordinates in this box of degrees: west,south,east,north as in GeoJSON; west may be greater than east.",
        || {
            json!({"type": "array", "items": {"type": "number", "minimum": -180, "maximum": 180}, "minItems": 4, "maxItems": 4,
                "examples": [[-12.3, 10.1, 4.3, 25.0]]})
        },
    ),
    parameter(
        "polygon",
        "With coordinates inside of this ring: longitude,latitude of each corner, with ; between; it does not cross the antimeridian.",
        || json!({"type": "string", "pattern": "^-?[0-9.]+,-?[0-9.]+(;-?[0-9.]+,-?[0-9.]+){2,}$", "examples": ["-5,14;1,14;1,18"]}),
    ),
];

/// Corners that an area may have.
const CORNERS: usize = 200;

/// How much of a list.
pub(crate) const PAGING: &[Parameter] = &[
    parameter("cursor", "Go on after the page that ended with this `next`.", || json!({"type": "string"})),
    parameter("limit", "Rows of a page at most.", || limit(500, 50)),
];

/// In which order.
pub(crate) const ORDER: &[Parameter] = &[parameter(
    "order",
    "Which come first.",
    || json!({"type": "string", "enum": ["newest", "touched", "deadliest", "worth"], "default": "newest"}),
)];

/// Which fields of each row.
pub(crate) const FIELDS: &[Parameter] = &[parameter(
    "fields",
    "Only these fields of each incident, with commas between; the id is always there.",
    || json!({"type": "array", "items": {"type": "string"}, "minItems": 1}),
)];

/// How many values of each facet.
pub(crate) const FACETS: &[Parameter] =
    &[parameter("limit", "Values of each facet at most.", || limit(200, 20))];

/// How time is cut.
pub(crate) const EVERY: &[Parameter] = &[
    parameter(
        "every",
        "How long each part is; weeks begin on Monday.",
        || json!({"type": "string", "enum": ["day", "week", "month"], "default": "day"}),
    ),
    parameter("by", "What each part is told apart by.", || json!({"type": "string", "enum": ["type"]})),
];

/// How much of a map.
pub(crate) const MAP: &[Parameter] = &[
    parameter("limit", "Up to so many incidents are points; more are put together.", || limit(20_000, 5000)),
    parameter(
        "zoom",
        "Zoom of the map (Web Mercator, 256 pixels a tile), by which incidents are put together.",
        || json!({"type": "number", "minimum": 0, "maximum": 22, "default": 2}),
    ),
];

/// Which reports.
pub(crate) const REPORTS: &[Parameter] = &[
    parameter(
        "text",
        "With these words in headline or text: words, \"several side by side\", begin*, -without.",
        text,
    ),
    parameter("from", "Published on that day or later.", day),
    parameter("to", "Published on that day or earlier.", day),
    parameter("publisher", "By this outlet.", text),
    parameter("source", "From this feed, folder or collection.", text),
];

/// Which part of the log.
pub(crate) const LOG: &[Parameter] = &[
    parameter(
        "after",
        "Decisions after this one, the oldest first.",
        || json!({"type": "integer", "minimum": 0}),
    ),
    parameter(
        "before",
        "Decisions before this one, the newest first; without it and `after` the newest.",
        || json!({"type": "integer", "minimum": 1}),
    ),
    parameter("limit", "Decisions at most.", || limit(500, 100)),
];

/// Which situations.
pub(crate) const SITUATIONS: &[Parameter] =
    &[parameter("closed", "Those that are closed as well.", || json!({"type": "boolean", "default": false}))];

fn every() -> Value {
    json!({"type": "string", "enum": ["day", "week", "month"], "default": "week"})
}

fn measure() -> Value {
    json!({"type": "string", "enum": ["incidents", "deaths", "reports"], "default": "incidents"})
}

const BY: &str = "What makes a series: all, country, admin1, admin2, prio-grid, h3, actor, dyad, type, sub-type, or several with commas.";

/// Which series.
pub(crate) const SERIES: &[Parameter] = &[
    parameter(
        "situation",
        "The series of the chief alarm of this situation, in the place of all that follows.",
        text,
    ),
    parameter("series", "The name of the series.", text),
    parameter("by", BY, text),
    parameter("every", "The length of a period.", every),
    parameter("count", "What is counted.", measure),
];

/// Which series.
pub(crate) const SURGES: &[Parameter] = &[
    parameter("by", BY, text),
    parameter("every", "The length of a period.", every),
    parameter("count", "What is counted.", measure),
    parameter("limit", "Series at most.", || limit(1000, 100)),
];

/// Which statements.
pub(crate) const STATEMENTS: &[Parameter] = &[
    parameter(
        "kind",
        "What sort.",
        || json!({"type": "string", "enum": ["forecast", "trend", "cause", "estimate", "demand", "allegation"]}),
    ),
    parameter(
        "state",
        "Whether its day has come.",
        || json!({"type": "string", "enum": ["told", "due", "waiting", "open"]}),
    ),
    parameter(
        "country",
        "About a place in one of these countries.",
        || json!({"type": "array", "items": {"type": "string", "pattern": "^[A-Z]{3}$", "examples": ["MLI"]}, "minItems": 1}),
    ),
    parameter("actor", "About this actor, by its id in the registry.", text),
    parameter("speaker", "Words of the speaker's name or affiliation.", text),
    parameter("from", "In a report published on that day or later.", day),
    parameter("to", "In a report published on that day or earlier.", day),
    parameter("publisher", "In a report of this outlet.", text),
];

fn skip() -> Value {
    json!({"type": "integer", "minimum": 0})
}

const CURSOR: &str = "Go on after the page that ended with this `next`.";

/// Which part of the statements.
pub(crate) const STATEMENTS_PAGED: &[Parameter] = &[
    parameter("cursor", CURSOR, skip),
    parameter("limit", "Statements of a page at most.", || limit(500, 50)),
];

/// How many speakers.
pub(crate) const SPEAKERS: &[Parameter] = &[parameter("limit", "Speakers at most.", || limit(1000, 100))];

/// Which forecasts.
pub(crate) const FORECASTS: &[Parameter] = &[
    parameter("model", "Of this model.", text),
    parameter("series", "Of each only this series.", text),
    parameter("cursor", CURSOR, skip),
    parameter("limit", "Forecasts of a page at most.", || limit(200, 20)),
];

/// How long a feed is.
pub(crate) const FEED: &[Parameter] = &[parameter("limit", "Incidents at most.", || limit(500, 50))];

/// Which situations a feed has.
pub(crate) const ALARMS: &[Parameter] = &[
    parameter("limit", "Situations at most.", || limit(500, 50)),
    parameter(
        "country",
        "With incidents in one of these countries.",
        || json!({"type": "array", "items": {"type": "string", "pattern": "^[A-Z]{3}$", "examples": ["MLI"]}, "minItems": 1}),
    ),
];

/// What OGC API – Features asks for beside the filters; it takes precedence over `from` and `to`.
pub(crate) const OGC: &[Parameter] = &[
    parameter(
        "datetime",
        "A day, a moment, or two with / between them (RFC 3339); .. is open.",
        || json!({"type": "string", "examples": ["2024-03-01/2024-03-31"]}),
    ),
    parameter("limit", "Features of a page at most.", || limit(10_000, 10)),
    parameter("cursor", "That of the `next` link.", || json!({"type": "string"})),
    parameter("f", "The format.", || json!({"type": "string", "enum": ["json"]})),
];

/// In which shape, and how it is written.
pub(crate) const EXPORT: &[Parameter] = &[
    parameter(
        "format",
        "In which shape; docs/exports.md lists the columns of each. Must be given.",
        || json!({"type": "string", "enum": crate::export::FORMATS.iter().map(|format| format.0).collect::<Vec<_>>()}),
    ),
    parameter(
        "bom",
        "Begin a CSV file with a byte order mark, which Excel wants.",
        || json!({"type": "boolean", "default": false}),
    ),
    parameter(
        "hxl",
        "A second line with HXL tags, in acled, ged and hapi.",
        || json!({"type": "boolean", "default": false}),
    ),
    parameter(
        "inter",
        "ACLED's interaction codes: in words or in digits.",
        || json!({"type": "string", "enum": ["text", "numeric"], "default": "text"}),
    ),
];

/// Which changes.
pub(crate) const CHANGES: &[Parameter] = &[
    parameter(
        "since",
        "The `next` that the last answer ended with; 0 is everything.",
        || json!({"type": "string", "pattern": "^[0-9]{1,15}(\\.[0-9]{1,15})?$", "default": "0"}),
    ),
    parameter("limit", "Changes at most.", || limit(1000, 200)),
];

/// What was asked.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked(BTreeMap<String, String>);

impl Asked {
    /// Reads what stands after the `?`: only declared parameters, and only lists more than once.
    pub(crate) fn read(query: &str, declared: &[&'static [Parameter]]) -> Result<Self, Problem> {
        let lists = |name: &str| {
            let mut found = declared.iter().copied().flatten().filter(|parameter| parameter.name == name);
            found.next().is_some_and(|parameter| (parameter.schema)()["type"] == "array")
        };
        let mut asked: BTreeMap<String, String> = BTreeMap::new();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            match asked.get_mut(name.as_ref()) {
                None => {
                    asked.insert(name.into_owned(), value.into_owned());
                }
                Some(before) if lists(&name) => {
                    before.push(',');
                    before.push_str(&value);
                }
                Some(_) => {
                    return Err(Problem {
                        place: Some(name.to_string()),
                        expected: Some("one value".to_owned()),
                        ..Problem::new("wrong-parameter", format!("the parameter `{name}` is there twice"))
                    });
                }
            }
        }
        Self(asked).checked(declared)
    }

    /// Of a JSON object with the same names: lists for lists, numbers for numbers.
    pub(crate) fn of_json(
        value: &serde_json::Map<String, Value>,
        declared: &[&'static [Parameter]],
    ) -> Result<Self, Problem> {
        let mut asked = BTreeMap::new();
        for (name, value) in value {
            let plain = |value: &Value| match value {
                Value::String(text) => Some(text.clone()),
                Value::Number(number) => Some(number.to_string()),
                _ => None,
            };
            let text = match value {
                Value::Null => continue,
                Value::Array(all) => {
                    all.iter().map(plain).collect::<Option<Vec<_>>>().map(|all| all.join(","))
                }
                one => plain(one),
            };
            let text = text.ok_or_else(|| {
                Problem::field(
                    name,
                    format!("`{name}` is neither text, a number nor a list of them"),
                    "as in the address",
                )
            })?;
            asked.insert(name.clone(), text);
        }
        Self(asked).checked(declared)
    }

    fn checked(self, declared: &[&'static [Parameter]]) -> Result<Self, Problem> {
        let known = || declared.iter().copied().flatten().map(|parameter| parameter.name);
        let longest = |parameter: &Parameter| (parameter.schema)()["maxLength"].as_u64();
        for parameter in declared.iter().copied().flatten() {
            if let (Some(value), Some(most)) = (self.get(parameter.name), longest(parameter))
                && value.chars().count() as u64 > most
            {
                return Err(Problem::parameter(parameter.name, value, format!("at most {most} characters")));
            }
        }
        match self.0.keys().find(|name| !known().any(|known| known == name.as_str())) {
            None => Ok(self),
            Some(name) => {
                let expected = match known().collect::<Vec<_>>() {
                    none if none.is_empty() => "no parameters".to_owned(),
                    some => format!("one of: {}", some.join(", ")),
                };
                Err(Problem {
                    place: Some(name.clone()),
                    expected: Some(expected),
                    ..Problem::new("wrong-parameter", format!("there is no parameter `{name}` here"))
                })
            }
        }
    }

    /// A value as it stands; an empty one is none.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    /// A value, read.
    pub(crate) fn value<T>(
        &self,
        name: &str,
        expected: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, Problem> {
        self.get(name)
            .map(|value| read(value).ok_or_else(|| Problem::parameter(name, value, expected)))
            .transpose()
    }

    /// A list with commas between.
    fn list<T>(
        &self,
        name: &str,
        expected: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Vec<T>, Problem> {
        let Some(value) = self.get(name) else { return Ok(Vec::new()) };
        value
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(|part| read(part).ok_or_else(|| Problem::parameter(name, part, expected)))
            .collect()
    }

    fn date(&self, name: &str) -> Result<Option<Date>, Problem> {
        self.value(name, "a day as YYYY-MM-DD, for example 2024-03-01", |text| {
            (text.len() == 10).then(|| text.parse().ok()).flatten()
        })
    }

    fn words(&self, name: &str) -> Result<Option<Query>, Problem> {
        self.value(name, "a word to look for, besides those that must not stand there", Query::parse)
    }

    /// A number from `least` to `most`.
    pub(crate) fn number<T: FromStr + PartialOrd + std::fmt::Display + Copy>(
        &self,
        name: &str,
        least: T,
        most: T,
        default: T,
    ) -> Result<T, Problem> {
        let expected = format!("a number from {least} to {most}");
        let found = self.value(name, &expected, |text| {
            text.parse::<T>().ok().filter(|number| (least..=most).contains(number))
        })?;
        Ok(found.unwrap_or(default))
    }

    /// Which incidents.
    pub(crate) fn filter(&self, countries: &Countries) -> Result<Filter, Problem> {
        let from = self.date("from")?;
        let to = self.date("to")?;
        let expected =
            "three to 200 corners as longitude,latitude with ; between, for example -5,14;1,14;1,18";
        let ring = self.value("polygon", expected, ring)?.unwrap_or_default();
        let area = self.value(
            "bbox",
            "four numbers of degrees, west,south,east,north, for example -5.5,14.0,1.0,17.5",
            bbox,
        )?;
        Ok(Filter {
            from,
            to,
            // The box around the ring finds what may be in it by the index of boxes.
            area: area.or_else(|| around(&ring)),
            ring,
            placed: false,
            countries: self
                .list("country", "an ISO 3166-1 code or a country's name", |said| country(countries, said))?,
            admin1: self.get("admin1").map(str::to_owned),
            event_types: self.list("type", &known(EventType::ALL, EventType::as_str), event_type)?,
            sub_event_types: self.list(
                "sub_type",
                &known(SubEventType::ALL, SubEventType::as_str),
                sub_event_type,
            )?,
            actor: self.get("actor").map(str::to_owned),
            source: self.get("source").map(str::to_owned),
            statuses: self.list("status", "unreviewed, accepted, rejected or not-an-event", status)?,
            min_deaths: self.value("deaths_min", "a whole number", |text| text.parse().ok())?,
            min_confidence: self.value("confidence_min", "a number from 0 to 1", |text| {
                text.parse().ok().filter(|number| (0.0..=1.0).contains(number))
            })?,
            text: self.words("text")?,
            only: Vec::new(),
            except: Vec::new(),
        })
    }

    /// Which reports.
    pub(crate) fn reports(&self) -> Result<store::find::ReportFilter, Problem> {
        Ok(store::find::ReportFilter {
            from: self.date("from")?,
            to: self.date("to")?,
            publisher: self.get("publisher").map(str::to_owned),
            source: self.get("source").map(str::to_owned),
            text: self.words("text")?,
        })
    }

    /// In which order.
    pub(crate) fn order(&self) -> Result<Order, Problem> {
        let order = self.value("order", "newest, touched, deadliest or worth", |text| match text {
            "newest" => Some(Order::Newest),
            "touched" => Some(Order::Touched),
            "deadliest" => Some(Order::Deadliest),
            "worth" => Some(Order::Worth),
            _ => None,
        })?;
        Ok(order.unwrap_or_default())
    }

    /// Which part of a list.
    pub(crate) fn page(&self, order: Order) -> Result<store::find::Page, Problem> {
        let after: Option<store::find::Cursor> =
            self.value("cursor", "the `next` of the page before", |text| text.parse().ok())?;
        if after.as_ref().is_some_and(|after| after.order != order) {
            return Err(Problem::parameter(
                "cursor",
                self.get("cursor").unwrap_or_default(),
                "a cursor of this order",
            )
            .hint("begin again without it, or give the order that it was had with"));
        }
        Ok(store::find::Page { order, after, limit: self.number("limit", 1, 500, 50)? })
    }
}

/// Letters and digits alone, in lower case: "Armed clash", "armed-clash" and "armed_clash" are one.
fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn known<T: Copy>(all: &[T], word: fn(T) -> &'static str) -> String {
    format!("one of: {}", all.iter().map(|one| word(*one)).collect::<Vec<_>>().join(", "))
}

/// An ACLED event type, as "Battles" or battles.
#[must_use]
pub fn event_type(text: &str) -> Option<EventType> {
    EventType::ALL.iter().copied().find(|kind| plain(kind.as_str()) == plain(text))
}

/// An ACLED sub-event type, as "Armed clash" or armed-clash.
#[must_use]
pub fn sub_event_type(text: &str) -> Option<SubEventType> {
    SubEventType::ALL.iter().copied().find(|kind| plain(kind.as_str()) == plain(text))
}

/// A status, as "not an event" or not-an-event.
fn status(text: &str) -> Option<Status> {
    Status::ALL.iter().copied().find(|status| plain(status.as_str()) == plain(text))
}

/// A country by its codes or name.
#[must_use]
pub fn country(countries: &Countries, said: &str) -> Option<String> {
    let said = said.trim();
    let found =
        countries.by_iso3(said).or_else(|| countries.by_iso2(said)).or_else(|| countries.by_name(said));
    found.map(|country| country.iso3.clone())
}

/// A box of degrees in GeoJSON's order.
fn bbox(text: &str) -> Option<Area> {
    let numbers: Vec<f64> = text.split(',').map(|part| part.trim().parse().ok()).collect::<Option<_>>()?;
    let [west, south, east, north] = numbers[..] else { return None };
    area(south, west, north, east)
}

/// A ring of corners, each latitude and longitude.
fn ring(text: &str) -> Option<Vec<[f64; 2]>> {
    let corner = |text: &str| -> Option<[f64; 2]> {
        let (longitude, latitude) = text.split_once(',')?;
        let (longitude, latitude): (f64, f64) =
            (longitude.trim().parse().ok()?, latitude.trim().parse().ok()?);
        ((-180.0..=180.0).contains(&longitude) && (-90.0..=90.0).contains(&latitude))
            .then_some([latitude, longitude])
    };
    let mut ring: Vec<[f64; 2]> = text.split(';').map(corner).collect::<Option<_>>()?;
    // GeoJSON ends a ring where it began.
    if ring.len() > 3 && ring.first() == ring.last() {
        ring.pop();
    }
    (3..=CORNERS).contains(&ring.len()).then_some(ring)
}

/// The box around a ring.
fn around(ring: &[[f64; 2]]) -> Option<Area> {
    let of = |at: usize, take: fn(f64, f64) -> f64| {
        ring.iter().filter_map(|corner| corner.get(at).copied()).reduce(take)
    };
    Some(Area {
        south: of(0, f64::min)?,
        west: of(1, f64::min)?,
        north: of(0, f64::max)?,
        east: of(1, f64::max)?,
    })
}

/// A box of degrees, where it is one.
#[must_use]
pub fn area(south: f64, west: f64, north: f64, east: f64) -> Option<Area> {
    let fits = (-90.0..=90.0).contains(&south)
        && (-90.0..=90.0).contains(&north)
        && (-180.0..=180.0).contains(&west)
        && (-180.0..=180.0).contains(&east)
        && south <= north;
    fits.then_some(Area { south, west, north, east })
}
