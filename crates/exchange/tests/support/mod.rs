//! Incidents to write, with words as nasty as the open web's, and a reader of each format that is not ours.

use std::collections::BTreeMap;
use std::io::Read as _;

use jiff::Timestamp;
use jiff::civil::{Date, date};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use record::country::Countries;
use record::crosswalk::Crosswalk;
use record::vocabulary::{
    Completion, DateFrom, DateType, InterCode, PloverCode, PloverType, Realis, Sector, SubEventType,
    TimePrecision,
};
use record::{
    Basis, Certainty, Counts, DateProvenance, Deaths, DocumentInfo, Event, EventKey, Evidence, Figures, Harm,
    Incident, IncidentDates, IncidentPlace, Mention, Outlet, Participant, ParticipantKind, Party, Place,
    Relation, Standing, Status,
};
use watchpost_exchange::{Context, Dossier, Inter, Row, Sink, Told};

/// The project's own tables, read from the source tree: the shapes need codes of countries and of disorder types.
pub fn tables() -> (Countries, Crosswalk) {
    let read = |file: &str| {
        let path = format!("{}/../../knowledge/{file}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(&path).expect("a table")
    };
    (
        Countries::from_table(&read("countries.tsv")).expect("countries"),
        Crosswalk::from_table(&read("crosswalk.tsv")).expect("crosswalk"),
    )
}

/// Writes incidents; how many belong there.
pub fn fill(mut sink: Box<dyn Sink + '_>, dossiers: &[Dossier], context: &Context<'_>) -> u64 {
    let mut written = 0;
    for dossier in dossiers {
        written += u64::from(sink.row(&Row::of_incident(dossier, context)).expect("a row"));
    }
    sink.finish().expect("an end");
    written
}

pub fn context<'a>((countries, crosswalk): &'a (Countries, Crosswalk), inter: Inter) -> Context<'a> {
    Context { countries, crosswalk, inter }
}

/// Words that break tables: quotes, separators, line ends, formulas, other scripts, marks that cannot be seen.
fn nasty() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-zA-Z ]{1,12}",
        1 => prop::sample::select(vec![
            "=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1:A9)", "\tx", "\rx", "'=x", "''-5", "-73.5", "a,b;c\t\"d\"", "line\nline",
            "line\r\nline", "مقتل خمسة", "戦闘", "\u{feff}x", "\u{202e}x", "_x0041_", "<b>&amp;</b>", "NA", "NULL", "nan", " x ", "\"",
            "1e5", "0012", "2020-01-01", "# x", "\u{1F4A3}",
        ]).prop_map(str::to_owned),
        1 => any::<String>().prop_map(|text| text.chars().filter(|c| *c != '\0').take(40).collect()),
    ]
}

fn a_day() -> impl Strategy<Value = Date> {
    (1950_i16..2060, 1_i8..=12, 1_i8..=28).prop_map(|(year, month, day)| date(year, month, day))
}

fn precision() -> impl Strategy<Value = TimePrecision> {
    prop::sample::select(vec![
        TimePrecision::Day,
        TimePrecision::Week,
        TimePrecision::Month,
        TimePrecision::Year,
    ])
}

fn party() -> impl Strategy<Value = Party> {
    let kind = prop::sample::select(vec![
        ParticipantKind::Individual,
        ParticipantKind::Group,
        ParticipantKind::Organization,
        ParticipantKind::State,
        ParticipantKind::Population,
    ]);
    let country =
        option::of(prop::sample::select(vec!["MLI".to_owned(), "NGA".to_owned(), "SYR".to_owned()]));
    let sector = option::of(prop::sample::select(Sector::ALL.to_vec()));
    let inter = option::of(prop::sample::select(InterCode::ALL.to_vec()));
    (kind, option::of(nasty()), option::of("[a-z]{3}-[0-9]{2}"), country, sector, inter).prop_map(
        |(kind, label, actor_id, country, sector, inter_code)| Party {
            kind,
            label,
            actor_id,
            country,
            sector,
            inter_code,
            certainty: Certainty::Stated,
            voices: 1,
        },
    )
}

fn place() -> impl Strategy<Value = IncidentPlace> {
    let point = option::of((-90.0_f64..=90.0, -180.0_f64..=180.0));
    let country =
        option::of(prop::sample::select(vec!["MLI".to_owned(), "COL".to_owned(), "XKX".to_owned()]));
    (
        nasty(),
        point,
        country,
        option::of(nasty()),
        option::of(nasty()),
        option::of(1_u8..=7),
        option::of("[A-Z]{2}[0-9]{2}"),
    )
        .prop_map(|(name, point, country, admin1, admin2, where_precision, pcode)| IncidentPlace {
            name,
            country,
            admin1,
            admin2,
            admin1_pcode: pcode,
            feature_code: Some("PPL".to_owned()),
            latitude: point.map(|point| point.0),
            longitude: point.map(|point| point.1),
            where_precision,
            ..IncidentPlace::default()
        })
}

fn told(number: usize, parts: (String, Option<String>, Option<String>, Option<Date>, f64)) -> Told {
    let (quote, publisher, title, published, confidence) = parts;
    let participant = |words: &str, name: Option<&str>| Participant {
        mentions: vec![Mention { text: words.to_owned(), start: 0, end: words.chars().count() }],
        kind: ParticipantKind::Group,
        name: name.map(str::to_owned),
        actor_id: None,
        wikidata_id: None,
        country: None,
        sector: Some(Sector::UnalignedArmed),
        inter_code: None,
        number: None,
        affiliation: None,
        certainty: Certainty::Stated,
    };
    Told {
        report: format!("R-{number}"),
        copy: number % 3 == 2,
        document: DocumentInfo {
            id: format!("sha256:{number:04}"),
            given_id: Some(format!("given-{number}")),
            url: Some(format!("https://news.example/{number}?a=1&b=2")),
            title,
            publisher,
            language: Some("en".to_owned()),
            published,
            published_from: DateProvenance::Metadata,
            chars: quote.chars().count(),
            text_from: None,
        },
        event: Event {
            id: format!("ev-{number}"),
            realis: Realis::Asserted,
            completion: Completion::Accomplished,
            event_type: SubEventType::Attack.event_type(),
            sub_event_type: SubEventType::Attack,
            plover: PloverCode { event_type: PloverType::Assault, mode: vec!["firearms".to_owned()] },
            cameo: None,
            type_of_violence: Some(3),
            gtd_attack_type: None,
            event_date: published,
            event_date_end: published,
            time_precision: Some(TimePrecision::Day),
            date_type: DateType::Exact,
            date_from: DateFrom::Text,
            places: vec![Place {
                text: "the village".to_owned(),
                start: 0,
                end: 11,
                relation: Relation::Near,
                distance_km: Some(5.0),
                name: Some("Sahmin".to_owned()),
                geonameid: Some(7),
                source_id: None,
                feature_code: Some("PPL".to_owned()),
                country: Some("MLI".to_owned()),
                admin1: None,
                admin2: None,
                admin1_pcode: None,
                admin2_pcode: None,
                latitude: Some(1.5),
                longitude: Some(-2.5),
                where_precision: Some(2),
                prio_grid: None,
                reason: "the only one of that name".to_owned(),
                alternatives: Vec::new(),
            }],
            actors: vec![participant("gunmen", None)],
            recipients: vec![participant("villagers", None)],
            objects: Vec::new(),
            weapons: Vec::new(),
            counts: Counts::default(),
            deaths: Deaths::default(),
            claims: Vec::new(),
            reported_by: vec![participant("the ministry", Some("Ministry of Example"))],
            evidence: vec![Evidence {
                start: 0,
                end: quote.chars().count(),
                quote,
                supports: vec!["event_date".to_owned()],
            }],
            confidence,
            reasons: BTreeMap::new(),
        },
    }
}

/// Three numbers that do not fall, any of which may be unknown.
fn bounds() -> impl Strategy<Value = (Option<u64>, Option<u64>, Option<u64>)> {
    (option::of(0_u64..50), option::of(0_u64..50), option::of(0_u64..50)).prop_map(|(low, best, high)| {
        let best = best.max(low.filter(|_| best.is_some()));
        (low, best, high.max(best.or(low).filter(|_| high.is_some())))
    })
}

/// An incident with one to four reports.
pub fn dossier() -> impl Strategy<Value = Dossier> {
    let report = (nasty(), option::of(nasty()), option::of(nasty()), option::of(a_day()), 0.0..=1.0);
    let deaths = (bounds(), 0_u64..20, 0_u64..20, 0_u64..20, 0_u64..20);
    let what = (
        prop::sample::select(SubEventType::ALL.to_vec()),
        option::of(1_u8..=3),
        option::of(a_day()),
        0_i64..60,
        option::of(precision()),
        prop::sample::select(Status::ALL.to_vec()),
    );
    let who = (vec(party(), 0..4), vec(party(), 0..4), option::of(place()));
    (0_u32..1_000_000, what, who, deaths, bounds(), vec(report, 1..4)).prop_map(
        |(
            id,
            (sub, violence, day, lasts, precision, status),
            (actors, recipients, place),
            deaths,
            injured,
            reports,
        )| {
            let told: Vec<Told> = reports.into_iter().enumerate().map(|(n, parts)| told(n, parts)).collect();
            let key = |one: &Told| EventKey { report: one.report.clone(), event: one.event.id.clone() };
            let ((low, best, high), a, b, civilians, unknown) = deaths;
            let figures = |(low, best, high): (Option<u64>, Option<u64>, Option<u64>)| Figures {
                low,
                best,
                high,
                disagree: low != high,
                told: Vec::new(),
            };
            let incident = Incident {
                schema: record::INCIDENT_SCHEMA.to_owned(),
                id: format!("I-{id}"),
                standing: Standing::Live,
                merged_into: None,
                status,
                event_type: Some(sub.event_type()),
                sub_event_type: Some(sub),
                type_of_violence: violence,
                dates: IncidentDates {
                    event_date: day,
                    event_date_end: day.map(|day| day.saturating_add(jiff::Span::new().days(lasts))),
                    time_precision: precision.filter(|_| day.is_some()),
                },
                place,
                actors,
                recipients,
                deaths: Deaths { best, low, high, a, b, civilians, unknown },
                figures: BTreeMap::from([
                    (Harm::Killed, figures((low, best, high))),
                    (Harm::Injured, figures(injured)),
                ]),
                confidence: 0.5,
                reports: told.len(),
                independent_reports: told.iter().filter(|one| !one.copy).count(),
                sources: told
                    .iter()
                    .map(|one| Outlet { publisher: one.document.publisher.clone(), reports: 1 })
                    .collect(),
                events: told.iter().map(key).collect(),
                basis: told.iter().map(|one| ("sub_event_type".to_owned(), Basis::Event(key(one)))).collect(),
                reasons: BTreeMap::new(),
                created: 1,
                updated: 2,
            };
            Dossier { incident, changed: Some(Timestamp::UNIX_EPOCH), told }
        },
    )
}

/// A sheet of a workbook as cells, read as the standard says and not as the writer wrote it.
pub fn sheet(workbook: &[u8], number: usize) -> Vec<BTreeMap<String, String>> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(workbook)).expect("a zip archive");
    let mut part = |name: &str| {
        let mut text = String::new();
        archive.by_name(name).ok()?.read_to_string(&mut text).expect("UTF-8");
        Some(text)
    };
    let words = |node: roxmltree::Node<'_, '_>| -> String {
        let texts = node.descendants().filter(|node| node.has_tag_name((SHEET, "t")));
        unescaped(&texts.filter_map(|node| node.text()).collect::<String>())
    };
    let shared: Vec<String> = part("xl/sharedStrings.xml").map_or_else(Vec::new, |text| {
        let document = roxmltree::Document::parse(&text).expect("XML");
        document.descendants().filter(|node| node.has_tag_name((SHEET, "si"))).map(words).collect()
    });
    let text = part(&format!("xl/worksheets/sheet{number}.xml")).expect("the sheet");
    let document = roxmltree::Document::parse(&text).expect("XML");
    let rows = document.descendants().filter(|node| node.has_tag_name((SHEET, "row")));
    rows.map(|row| {
        let cells = row.children().filter(|node| node.has_tag_name((SHEET, "c")));
        cells
            .filter_map(|cell| {
                let column: String =
                    cell.attribute("r")?.chars().take_while(|c| c.is_ascii_alphabetic()).collect();
                let value = || {
                    let value = cell.children().find(|node| node.has_tag_name((SHEET, "v")))?;
                    value.text().map(str::to_owned)
                };
                let text = match cell.attribute("t") {
                    Some("inlineStr") => words(cell),
                    Some("s") => shared.get(value()?.parse::<usize>().ok()?)?.clone(),
                    _ => value()?,
                };
                Some((column, text))
            })
            .collect()
    })
    .collect()
}

const SHEET: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

/// Characters that XML does not have stand as `_xHHHH_` (ECMA-376, `ST_Xstring`).
fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        out.push_str(&rest[..at]);
        let code = rest.get(at + 2..at + 6).and_then(|hex| u32::from_str_radix(hex, 16).ok());
        match (code.and_then(char::from_u32), rest.get(at + 6..at + 7)) {
            (Some(c), Some("_")) => {
                out.push(c);
                rest = &rest[at + 7..];
            }
            _ => {
                out.push_str("_x");
                rest = &rest[at + 2..];
            }
        }
    }
    out + rest
}

/// The letters of a column of a sheet.
pub fn letters(mut column: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'A' + (column % 26) as u8));
        if column < 26 {
            return letters.into_iter().rev().collect();
        }
        column = column / 26 - 1;
    }
}
