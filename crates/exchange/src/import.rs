/*! A row of ACLED's or GED's columns as what it tells: a report of its own kind, whose text is the row, or what it changes of an
incident.

The text of such a report has one line a cell, `column: value`, the notes first, so that every field of its one event points at the words of the row that it
came from, and the row can be compared with the next version of it.
*/

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use record::country::{Countries, Country};
use record::crosswalk::{Crosswalk, Facts};
use record::vocabulary::{
    Completion, DateFrom, DateType, EventType, InterCode, Realis, Sector, SubEventType, TimePrecision,
};
use record::{
    Certainty, CodedDocument, CoderInfo, Count, CountOf, Counts, DateProvenance, Deaths, DocumentInfo, Event,
    Evidence, IncidentDates, IncidentPlace, Mention, Participant, ParticipantKind, Party, Place, Quantity,
    Relation,
};

use crate::read::{Fault, ISO3, Layout, Line};
use crate::said::{day, inter_code, party, whole};

mod correct;

pub use crate::said::address;
pub use correct::CellChange;

/// The tables that a row is read with.
#[derive(Clone, Copy)]
pub struct Tables<'a> {
    /// Countries.
    pub countries: &'a Countries,
    /// Vocabularies derived from the event's type.
    pub crosswalk: &'a Crosswalk,
    /// Who is who, where that is known.
    pub actors: Option<&'a dyn Actors>,
}

/// A registry of actors.
pub trait Actors {
    /// Whom a name means there and then; nobody where it is not known or several bear it.
    fn bearer(&self, asked: &Asked<'_>) -> Option<Known>;
}

/// A name as a row has it.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The name.
    pub name: &'a str,
    /// UCDP's number of the actor, where the row has it.
    pub ucdp: Option<u32>,
    /// ISO 3166-1 alpha-3 of the row.
    pub country: Option<&'a str>,
    /// The day of the row.
    pub day: Option<Date>,
}

/// Somebody of the registry.
#[derive(Debug, Clone)]
pub struct Known {
    /// The registry's id.
    pub id: String,
    /// Wikidata's.
    pub wikidata: Option<String>,
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
    /// PLOVER.
    pub sector: Option<Sector>,
    /// ACLED.
    pub inter_code: Option<InterCode>,
}

/// What a row tells.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    /// In whose columns.
    pub layout: Layout,
    /// The row.
    pub line: Line,
    /// Its id.
    pub id: String,
    /// When it was last changed, where it says.
    pub changed: Option<Timestamp>,
    /// Which version of the row it is, where an earlier one was the same to the letter; else 0.
    pub version: usize,
    sub_event_type: SubEventType,
    violence: Option<u8>,
    dates: IncidentDates,
    place: Option<IncidentPlace>,
    sides: [Vec<Named>; 2],
    deaths: Deaths,
    reasons: BTreeMap<String, String>,
}

/// A name in a cell of a side.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Named {
    pub(crate) name: String,
    column: &'static str,
    pub(crate) inter: Option<InterCode>,
    /// UCDP's number of whom it names.
    ucdp: Option<u32>,
}

/// The words that tell the event, best first: what a reader is shown.
const NOTES: &[&str] = &["notes", "source_headline", "source_article"];

/// What begins the last line of a version of a row that was the same before, and otherwise in between.
const VERSION: &str = "row_version: ";

/// The name under which the quote that tells the event is marked in its evidence.
pub(crate) const TELLS: &str = "notes";

/// Reads what a row tells.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read(layout: Layout, line: Line, tables: Tables<'_>) -> Result<Imported, Vec<Fault>> {
    let mut reading = Reading { line: &line, faults: Vec::new() };
    let mut reasons = BTreeMap::new();
    let id = line.get(layout.id()).to_owned();
    if id.is_empty() || id.len() > 200 {
        reading.wrong(layout.id(), "an id of 1 to 200 bytes");
    }
    let (sub_event_type, violence, dates, sides, deaths);
    match layout {
        Layout::Acled => {
            sub_event_type = reading.sub_event_type();
            violence = None;
            let precision = match reading.whole("time_precision", 1..=3) {
                Some(2) => Some(TimePrecision::Week),
                Some(3) => Some(TimePrecision::Month),
                Some(_) => Some(TimePrecision::Day),
                None => None,
            };
            let day = reading.day("event_date");
            let has = line.cells.contains_key("time_precision");
            // ACLED's own files always say; one that does not have the column gives days.
            let precision = if has { precision } else { Some(TimePrecision::Day) };
            dates = IncidentDates {
                event_date: day,
                event_date_end: day,
                time_precision: precision.filter(|_| day.is_some()),
            };
            sides = [
                reading.names(["actor1", "assoc_actor_1"], "inter1"),
                reading.names(["actor2", "assoc_actor_2"], "inter2"),
            ];
            let killed = reading.whole("fatalities", 0..=u64::MAX);
            deaths = Deaths {
                best: killed,
                low: killed,
                high: killed,
                unknown: killed.unwrap_or(0),
                ..Deaths::default()
            };
        }
        Layout::Ged => {
            violence = reading.whole("type_of_violence", 1..=3).and_then(|n| u8::try_from(n).ok());
            sub_event_type = Some(ged_reading(violence));
            reasons.insert(
                "sub_event_type".to_owned(),
                "GED says no means: fighting is read as an armed clash, one-sided violence as an attack"
                    .to_owned(),
            );
            let (first, last) = (reading.day("date_start"), reading.day("date_end"));
            if let (Some(first), Some(last)) = (first, last)
                && last < first
            {
                reading.wrong("date_end", &format!("a day not before date_start, {first}"));
            }
            let precision = reading.whole("date_prec", 1..=5).map(|precision| match precision {
                1 => TimePrecision::Day,
                2 | 3 => TimePrecision::Week,
                4 => TimePrecision::Month,
                _ => TimePrecision::Year,
            });
            let by_days =
                || Some(TimePrecision::of_days(i64::from(first?.until(last?).ok()?.get_days()) + 1));
            dates = IncidentDates {
                event_date: first,
                event_date_end: last.or(first),
                time_precision: precision.or_else(by_days).filter(|_| first.is_some()),
            };
            let mut named = [reading.names(["side_a"], ""), reading.names(["side_b"], "")];
            for (side, column) in named.iter_mut().zip(["side_a_new_id", "side_b_new_id"]) {
                // Its own number, which no reader of ours has a use for where it is none.
                let number = whole(reading.line.get(column)).and_then(|n| u32::try_from(n).ok());
                if let [only] = side.as_mut_slice() {
                    only.ucdp = number;
                }
            }
            sides = named;
            let number = |reading: &mut Reading<'_>, column| reading.whole(column, 0..=u64::MAX);
            let (low, best, high) =
                (number(&mut reading, "low"), number(&mut reading, "best"), number(&mut reading, "high"));
            if ![low, best, high].into_iter().flatten().collect::<Vec<_>>().is_sorted() {
                reading.wrong("best", "low ≤ best ≤ high");
            }
            let part = |reading: &mut Reading<'_>, column| number(reading, column).unwrap_or(0);
            deaths = Deaths {
                best,
                low,
                high,
                a: part(&mut reading, "deaths_a"),
                b: part(&mut reading, "deaths_b"),
                civilians: part(&mut reading, "deaths_civilians"),
                unknown: part(&mut reading, "deaths_unknown"),
            };
        }
    }
    let place = reading.place(layout, tables.countries, &mut reasons);
    // GED has no column for it; ours say it in one that UCDP fills with a number of its own.
    let (column, said) = match layout {
        Layout::Acled => ("timestamp", line.get("timestamp")),
        Layout::Ged => {
            let own = line.get("relid").split_once('@').filter(|(own, _)| own.starts_with("WP-"));
            ("relid", own.map_or("", |(_, seconds)| seconds))
        }
    };
    let changed = match whole(said).and_then(|n| i64::try_from(n).ok()).map(Timestamp::from_second) {
        Some(Ok(moment)) => Some(moment),
        _ => {
            if !said.is_empty() {
                reading.wrong(column, "seconds since 1970");
            }
            None
        }
    };
    let faults = reading.faults;
    match sub_event_type {
        Some(sub_event_type) if faults.is_empty() => Ok(Imported {
            layout,
            line,
            id,
            changed,
            version: 0,
            sub_event_type,
            violence,
            dates,
            place,
            sides,
            deaths,
            reasons,
        }),
        _ => Err(faults),
    }
}

/// The id of the one event of a row whose text has this SHA-256.
#[must_use]
pub fn event_id(text_sha256: &str) -> String {
    format!("row-{}", text_sha256.get(..12).unwrap_or(text_sha256))
}

/// GED says no means: fighting is read as an armed clash, one-sided violence as an attack.
const fn ged_reading(violence: Option<u8>) -> SubEventType {
    match violence {
        Some(3) => SubEventType::Attack,
        _ => SubEventType::ArmedClash,
    }
}

/// A row that is being read, and what is wrong with it.
struct Reading<'a> {
    line: &'a Line,
    faults: Vec<Fault>,
}

impl Reading<'_> {
    fn wrong(&mut self, column: &str, expected: &str) {
        let found = match self.line.get(column) {
            "" => "nothing".to_owned(),
            cell => format!("`{}`", cell.chars().take(80).collect::<String>()),
        };
        let (column, expected) = (Some(column.to_owned()), expected.to_owned());
        self.faults.push(Fault { line: self.line.number, column, found, expected });
    }

    fn sub_event_type(&mut self) -> Option<SubEventType> {
        let plain = |text: &str| {
            text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>()
        };
        let cell = plain(self.line.get("sub_event_type"));
        let found = SubEventType::ALL.iter().copied().find(|kind| plain(kind.as_str()) == cell);
        let Some(kind) = found else {
            let all: Vec<&str> = SubEventType::ALL.iter().map(|kind| kind.as_str()).collect();
            self.wrong("sub_event_type", &format!("one of {}", all.join(", ")));
            return None;
        };
        let event_type = self.line.get("event_type");
        if !event_type.is_empty() && plain(event_type) != plain(kind.event_type().as_str()) {
            self.wrong("event_type", &format!("{}, which `{kind}` is of", kind.event_type()));
        }
        Some(kind)
    }

    fn whole(&mut self, column: &'static str, range: std::ops::RangeInclusive<u64>) -> Option<u64> {
        match self.line.get(column) {
            "" => None,
            cell => match whole(cell).filter(|number| range.contains(number)) {
                Some(number) => Some(number),
                None => {
                    let (low, high) = (range.start(), range.end());
                    let expected = if *high == u64::MAX {
                        "a whole number".to_owned()
                    } else {
                        format!("a whole number from {low} to {high}")
                    };
                    self.wrong(column, &expected);
                    None
                }
            },
        }
    }

    fn day(&mut self, column: &'static str) -> Option<Date> {
        match self.line.get(column) {
            "" => None,
            cell => {
                let day = day(cell);
                if day.is_none() {
                    self.wrong(column, "a day as 2024-03-05 or 05 March 2024");
                }
                day
            }
        }
    }

    fn names<const N: usize>(&mut self, columns: [&'static str; N], inter: &'static str) -> Vec<Named> {
        let code = match self.line.get(inter) {
            "" | "0" => None,
            cell => {
                let code = inter_code(cell);
                if code.is_none() {
                    let all: Vec<String> = InterCode::ALL
                        .iter()
                        .map(|code| format!("{} {}", code.number(), code.label()))
                        .collect();
                    self.wrong(inter, &format!("one of {}", all.join(", ")));
                }
                code
            }
        };
        let mut names: Vec<Named> = Vec::new();
        for (at, column) in columns.into_iter().enumerate() {
            for name in self.line.get(column).split(';').map(str::trim).filter(|name| !name.is_empty()) {
                // ACLED's code is that of the first; of the others it says nothing.
                let inter = code.filter(|_| at == 0);
                if !names.iter().any(|known| known.name == name) {
                    names.push(Named { name: name.to_owned(), column, inter, ucdp: None });
                }
            }
        }
        names
    }

    fn degrees(&mut self, column: &'static str, most: f64) -> Option<f64> {
        match self.line.get(column) {
            "" => None,
            cell => {
                let number: Option<f64> = cell.parse().ok().filter(|number: &f64| number.abs() <= most);
                if number.is_none() {
                    self.wrong(column, &format!("degrees from -{most} to {most}, with a point"));
                }
                number
            }
        }
    }

    fn place(
        &mut self,
        layout: Layout,
        countries: &Countries,
        reasons: &mut BTreeMap<String, String>,
    ) -> Option<IncidentPlace> {
        let country = self.country(layout, countries);
        let (latitude, longitude) = (self.degrees("latitude", 90.0), self.degrees("longitude", 180.0));
        if latitude.is_some() != longitude.is_some() && self.faults.is_empty() {
            self.wrong(if latitude.is_some() { "longitude" } else { "latitude" }, "both coordinates or none");
        }
        let (name, admin1, admin2) = match layout {
            Layout::Acled => ("location", "admin1", "admin2"),
            Layout::Ged => ("where_coordinates", "adm_1", "adm_2"),
        };
        let where_precision = match layout {
            Layout::Ged => self.whole("where_prec", 1..=7).and_then(|n| u8::try_from(n).ok()),
            Layout::Acled => self.whole("geo_precision", 1..=3).map(|precision| {
                let ucdps = match precision {
                    1 => 1,
                    2 => 3,
                    _ => 4,
                };
                reasons.insert(
                    "place".to_owned(),
                    format!("ACLED's geo_precision {precision} is read as UCDP's {ucdps}"),
                );
                ucdps
            }),
        };
        let cell = |column: &str| Some(self.line.get(column).to_owned()).filter(|cell| !cell.is_empty());
        let named = cell(name).or_else(|| cell(admin2)).or_else(|| cell(admin1));
        if named.is_none() && country.is_none() && latitude.is_none() {
            return None;
        }
        Some(IncidentPlace {
            name: named.or_else(|| country.map(|country| country.name.clone())).unwrap_or_default(),
            country: country.map(|country| country.iso3.clone()),
            admin1: cell(admin1),
            admin2: cell(admin2),
            latitude,
            longitude,
            where_precision,
            ..IncidentPlace::default()
        })
    }

    fn country<'c>(&mut self, layout: Layout, countries: &'c Countries) -> Option<&'c Country> {
        let (number, name) = match layout {
            Layout::Acled => ("iso", self.line.get("country")),
            Layout::Ged => ("country_id", self.line.get("country")),
        };
        let by_number =
            whole(self.line.get(number)).and_then(|n| u16::try_from(n).ok()).and_then(|n| match layout {
                Layout::Acled => countries.all().iter().find(|country| country.numeric == Some(n)),
                Layout::Ged => countries.by_gwno(n),
            });
        // "Yemen (North Yemen)", as GED writes it, is Yemen; "DR Congo (Zaire)" likewise.
        let short = name.split(" (").next().unwrap_or(name);
        let by_name =
            countries.by_name(name).or_else(|| countries.by_name(short)).filter(|_| !name.is_empty());
        let code = self.line.get(ISO3);
        let found = by_name.or_else(|| countries.by_iso3(code).filter(|_| !code.is_empty())).or(by_number);
        if found.is_none() && !name.is_empty() {
            self.wrong("country", "a country's English name, or its number beside it");
        }
        found
    }
}

impl Imported {
    /// The row as the text of a report.
    #[must_use]
    pub fn text(&self) -> String {
        self.written().0
    }

    /// The text, and where in it each cell stands, in code points.
    fn written(&self) -> (String, BTreeMap<&'static str, (usize, usize)>) {
        let mut text = String::new();
        let mut at = BTreeMap::new();
        let mut length = 0;
        let notes = NOTES.iter().copied().filter(|column| self.line.cells.contains_key(column));
        let header: Vec<&'static str> = self.layout.shape().header().chain([ISO3]).collect();
        let others = header.iter().copied().filter(|column| !NOTES.contains(column));
        for column in notes.chain(others) {
            let cell = self.line.get(column);
            // When it was last changed is no word of the event: a row that changed nothing else is the same row.
            if cell.is_empty() || column == "timestamp" {
                continue;
            }
            let start = length + column.chars().count() + 2;
            let end = start + cell.chars().count();
            at.insert(column, (start, end));
            text.push_str(&format!("{column}: {cell}\n"));
            length = end + 1;
        }
        if self.version > 0 {
            text.push_str(&format!("{VERSION}{}\n", self.version));
        }
        (text, at)
    }

    /// Whether a version of the row that was kept says the same.
    #[must_use]
    pub fn is_as_in(&self, text: &str) -> bool {
        let cells = |text: &str| {
            let last = text.trim_end_matches('\n').rfind('\n').map_or(0, |at| at + 1);
            let versioned = text.get(last..).is_some_and(|line| line.starts_with(VERSION));
            if versioned { text.get(..last).unwrap_or_default().to_owned() } else { text.to_owned() }
        };
        cells(&self.text()) == cells(text)
    }

    /// The row as a report with one event.
    #[must_use]
    pub fn document(
        &self,
        tables: Tables<'_>,
        dataset: &str,
        text_sha256: &str,
        program: &str,
    ) -> CodedDocument {
        let (text, at) = self.written();
        let participants = |side: &[Named]| -> Vec<Participant> {
            side.iter()
                .map(|named| {
                    let (party, is_name, known) = self.who(named, tables);
                    let (start, end) = self.place_of(&at, named.column, &named.name);
                    Participant {
                        mentions: vec![Mention { text: named.name.clone(), start, end }],
                        kind: party.kind,
                        name: party.label.filter(|_| is_name),
                        actor_id: party.actor_id,
                        wikidata_id: known.and_then(|known| known.wikidata),
                        country: party.country,
                        sector: party.sector,
                        inter_code: party.inter_code,
                        number: None,
                        affiliation: None,
                        certainty: Certainty::Stated,
                    }
                })
                .collect()
        };
        let (first, second) = (participants(&self.sides[0]), participants(&self.sides[1]));
        let (actors, recipients) = self.of_sides(first, second);
        let mut reasons = self.reasons.clone();
        if self.both_fight() {
            reasons.insert(
                "recipients".to_owned(),
                format!("the second side; {} does not say who attacked", self.layout.dataset()),
            );
        }
        reasons.insert("confidence".to_owned(), format!("coded by {dataset}: 1, which is not measured"));
        let codes = tables.crosswalk.codes(
            self.sub_event_type,
            &Facts {
                acts: &[],
                completion: Some(Completion::Accomplished),
                weapons: &[],
                actors: &actors,
                recipients: &recipients,
            },
        );
        let violence = self.violence.or(codes.type_of_violence);
        let span = |column: &str| at.get(column).copied();
        let killed = ["best", "fatalities", "low", "high"].into_iter().find_map(|column| {
            let (start, end) = span(column)?;
            Some(Count {
                number: Quantity {
                    low: self.deaths.low,
                    best: self.deaths.best,
                    high: self.deaths.high,
                    vague: false,
                },
                who: CountOf::Unknown,
                text: self.line.get(column).to_owned(),
                start,
                end,
                part_of: None,
                superseded: false,
                according_to: None,
            })
        });
        let place = self.place.as_ref().map(|place| self.coded_place(place, &at));
        let evidence = at.iter().filter_map(|(column, (start, end))| {
            let supports = self.supports(column);
            let quote = self.line.get(column).to_owned();
            (!supports.is_empty()).then_some(Evidence { start: *start, end: *end, quote, supports })
        });
        let mut evidence: Vec<Evidence> = evidence.collect();
        evidence.sort_by_key(|evidence| evidence.start);
        let event = Event {
            id: event_id(text_sha256),
            realis: Realis::Asserted,
            completion: Completion::Accomplished,
            event_type: self.sub_event_type.event_type(),
            sub_event_type: self.sub_event_type,
            plover: codes.plover,
            cameo: codes.cameo.map(str::to_owned),
            type_of_violence: violence,
            gtd_attack_type: codes.gtd.map(|kind| kind.as_str().to_owned()),
            event_date: self.dates.event_date,
            event_date_end: self.dates.event_date_end,
            time_precision: self.dates.time_precision,
            date_type: match (self.dates.event_date, self.dates.time_precision) {
                (None, _) => DateType::Unresolved,
                (_, Some(TimePrecision::Day)) => DateType::Exact,
                _ if self.dates.event_date != self.dates.event_date_end => DateType::Range,
                _ => DateType::Approximate,
            },
            date_from: if self.dates.event_date.is_some() { DateFrom::Text } else { DateFrom::None },
            places: place.into_iter().collect(),
            actors,
            recipients,
            objects: Vec::new(),
            weapons: Vec::new(),
            counts: Counts { killed: killed.into_iter().collect(), ..Counts::default() },
            deaths: self.deaths.clone(),
            claims: Vec::new(),
            reported_by: self.reported_by(dataset, &at),
            evidence,
            confidence: 1.0,
            reasons,
        };
        CodedDocument {
            schema: record::CODED_SCHEMA.to_owned(),
            document: DocumentInfo {
                id: format!("sha256:{text_sha256}"),
                given_id: Some(self.id.clone()),
                url: Some(address(dataset, &self.id)),
                title: None,
                publisher: Some(dataset.to_owned()),
                language: None,
                published: self.changed.map(|moment| moment.to_zoned(jiff::tz::TimeZone::UTC).date()),
                published_from: if self.changed.is_some() {
                    DateProvenance::Metadata
                } else {
                    DateProvenance::None
                },
                chars: text.chars().count(),
                text_from: None,
            },
            events: vec![event],
            tallies: Vec::new(),
            statements: Vec::new(),
            coder: CoderInfo {
                name: "watchpost".to_owned(),
                version: program.to_owned(),
                reader: format!("import of {}", self.layout.shape().name),
                model: String::new(),
                knowledge: String::new(),
            },
            error: None,
        }
    }

    /// Whom a name of a side means: what the row says of it, and what the registry knows besides.
    fn who(&self, named: &Named, tables: Tables<'_>) -> (Party, bool, Option<Known>) {
        let (mut party, is_name) = party(named, tables.countries);
        let country = self.place.as_ref().and_then(|place| place.country.as_deref());
        let asked = Asked { name: &named.name, ucdp: named.ucdp, country, day: self.dates.event_date };
        let known = tables.actors.filter(|_| is_name).and_then(|actors| actors.bearer(&asked));
        if let Some(known) = &known {
            party.actor_id = Some(known.id.clone());
            party.country = party.country.or_else(|| known.country.clone());
            party.sector = party.sector.or(known.sector);
            party.inter_code = party.inter_code.or(known.inter_code);
        }
        (party, is_name, known)
    }

    /// Where a name stands within its cell.
    fn place_of(
        &self,
        at: &BTreeMap<&'static str, (usize, usize)>,
        column: &str,
        name: &str,
    ) -> (usize, usize) {
        let (start, end) = at.get(column).copied().unwrap_or_default();
        let before = self.line.get(column).split_once(name).map_or(0, |(before, _)| before.chars().count());
        (start + before, (start + before + name.chars().count()).min(end))
    }

    fn both_fight(&self) -> bool {
        matches!(self.violence, Some(1 | 2)) || self.sub_event_type.event_type() == EventType::Battles
    }

    /// In fighting every side is among the actors, the second among the recipients too, so that who is on which side is kept.
    fn of_sides<T: Clone>(&self, first: Vec<T>, second: Vec<T>) -> (Vec<T>, Vec<T>) {
        if self.both_fight() {
            (first.into_iter().chain(second.iter().cloned()).collect(), second)
        } else {
            (first, second)
        }
    }

    fn coded_place(&self, place: &IncidentPlace, at: &BTreeMap<&'static str, (usize, usize)>) -> Place {
        let columns = match self.layout {
            Layout::Acled => ["location", "admin2", "admin1", "country"],
            Layout::Ged => ["where_coordinates", "adm_2", "adm_1", "country"],
        };
        let named = columns.into_iter().find(|column| at.contains_key(column));
        let (start, end) = named.and_then(|column| at.get(column)).copied().unwrap_or_default();
        let mut coded = Place {
            text: named.map(|column| self.line.get(column).to_owned()).unwrap_or_default(),
            start,
            end,
            relation: Relation::At,
            distance_km: None,
            name: Some(place.name.clone()),
            geonameid: None,
            source_id: None,
            feature_code: None,
            country: place.country.clone(),
            admin1: place.admin1.clone(),
            admin2: place.admin2.clone(),
            admin1_pcode: None,
            admin2_pcode: None,
            latitude: place.latitude,
            longitude: place.longitude,
            where_precision: place.where_precision,
            prio_grid: None,
            reason: format!("as {} has it", self.layout.dataset()),
            alternatives: Vec::new(),
        };
        coded.find_cell();
        coded
    }

    /// Who says so: the dataset, and whom it names as its sources.
    fn reported_by(&self, dataset: &str, at: &BTreeMap<&'static str, (usize, usize)>) -> Vec<Participant> {
        let body = |name: &str, sector, mentions| Participant {
            mentions,
            kind: ParticipantKind::Organization,
            name: Some(name.to_owned()),
            actor_id: None,
            wikidata_id: None,
            country: None,
            sector,
            inter_code: None,
            number: None,
            affiliation: None,
            certainty: Certainty::Stated,
        };
        let column = match self.layout {
            Layout::Acled => "source",
            Layout::Ged => "source_original",
        };
        let mut all = vec![body(dataset, Some(Sector::Nongovernmental), Vec::new())];
        for name in self.line.get(column).split(';').map(str::trim).filter(|name| !name.is_empty()) {
            let (start, end) = self.place_of(at, column, name);
            let mention = Mention { text: name.to_owned(), start, end };
            // Whom GED names may be a person: the words are kept, and no name is made of them.
            let mut one = body(name, None, vec![mention]);
            if self.layout == Layout::Ged {
                one.name = None;
            }
            all.push(one);
        }
        all
    }

    /// The fields of the event that a column supports.
    fn supports(&self, column: &str) -> Vec<String> {
        let mut supports: Vec<&str> = match column {
            "event_date" | "time_precision" | "date_start" | "date_end" | "date_prec" => {
                vec!["event_date", "time_precision"]
            }
            "sub_event_type" | "event_type" | "type_of_violence" => vec!["event_type", "sub_event_type"],
            "actor1" | "assoc_actor_1" | "inter1" | "side_a" => vec!["actors"],
            "actor2" | "assoc_actor_2" | "inter2" | "side_b" if self.both_fight() => {
                vec!["actors", "recipients"]
            }
            "actor2" | "assoc_actor_2" | "inter2" | "side_b" => vec!["recipients"],
            "location" | "where_coordinates" | "where_description" | "admin1" | "admin2" | "adm_1"
            | "adm_2" | "latitude" | "longitude" | "country" | "iso" | ISO3 | "country_id"
            | "geo_precision" | "where_prec" => vec!["places"],
            "fatalities" | "best" | "low" | "high" | "deaths_a" | "deaths_b" | "deaths_civilians"
            | "deaths_unknown" => {
                vec!["killed", "deaths"]
            }
            "source" | "source_original" | "source_office" => vec!["reported_by"],
            _ => Vec::new(),
        };
        let told = NOTES.iter().find(|name| !self.line.get(name).is_empty());
        if told.is_some_and(|name| *name == column) {
            supports.push(TELLS);
        }
        supports.into_iter().map(str::to_owned).collect()
    }
}
