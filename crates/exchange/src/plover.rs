//! PLOVER's world: JSON lines as NGEC writes them after its formatter, and POLECAT's table of 40 columns.

use std::io::{self, Write};

use record::crosswalk::quad_class;
use record::vocabulary::{PloverCode, Sector};
use record::{Basis, IncidentPlace, Mention, Participant, ParticipantKind, Place};
use serde_json::{Value as Json, json};

use crate::cell::{Kind, Value, joined};
use crate::row::{Article, Row, name_of, source_of};
use crate::{Column, Shape, Sink};

/// PLOVER type and modes: the coder's, from the acts of the chief report, else from the type that a person has set.
#[must_use]
pub fn code(row: &Row<'_>) -> Option<PloverCode> {
    let set = row
        .incident
        .is_some_and(|incident| matches!(incident.basis.get("sub_event_type"), Some(Basis::Decision(_))));
    match row.chief() {
        Some(article) if !set => Some(article.event.plover.clone()),
        _ => row.codes().map(|codes| codes.plover),
    }
}

/// POLECAT's table.
pub static POLECAT: Shape = Shape {
    name: "plover --shape polecat",
    about: "POLECAT's 40 columns in POLECAT's order, between tabs. Lists are joined with `; `.",
    columns: COLUMNS,
    takes: |row| row.happened() && row.sub_event_type.is_some(),
    leaves_out: "did not happen (negated, planned, threatened, past) or have no type",
};

const COLUMNS: &[Column] = &[
    Column::text("Event ID", "Watchpost's id, `WP-…`", |row| row.id().into()).from("id"),
    Column::day("Event Date", "first day, ISO", |row| row.dates.event_date.into())
        .from("event_date")
        .empty("where the day is not known: the day of publication never stands in for it unsaid"),
    Column::text("Event Type", "PLOVER type", |row| code(row).map(|code| code.event_type.as_str()).into())
        .from("events.plover.event_type"),
    Column::text("Event Mode", "PLOVER modes", |row| code(row).map(|code| joined(&code.mode)).into())
        .from("events.plover.mode")
        .empty("where the reports tell none"),
    Column::number("Intensity", "Goldstein's value of the CAMEO code, −10 to +10", |row| {
        row.codes().and_then(|codes| codes.goldstein).into()
    })
    .from("sub_event_type, weapons")
    .empty("where the act has no CAMEO code"),
    Column::whole(
        "Quad Code",
        "1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict",
        |row| code(row).map(|code| quad_class(code.event_type)).into(),
    )
    .from("events.plover.event_type"),
    Column::never("Contexts", Kind::Text, "always: contexts are not coded"),
    Column::text("Actor Name", "names of the first side", |row| joined(&named(&row.sides().0)).into())
        .from("actors.label")
        .empty("where nobody is named"),
    Column::text("Actor Country", "ISO 3166-1 alpha-3", |row| countries(&row.sides().0))
        .from("actors.country")
        .empty("where it is not known"),
    Column::text(
        "Actor COW",
        "Gleditsch and Ward's number of that country, which follows the Correlates of War's",
        |row| cow(row, &row.sides().0),
    )
    .from("actors.country")
    .empty("where it is not known"),
    Column::text("Primary Actor Sector", "PLOVER sector of the first", |row| sector(&row.sides().0))
        .from("actors.sector")
        .empty("where it is not known"),
    Column::text("Actor Sectors", "PLOVER sectors of all", |row| sectors(&row.sides().0))
        .from("actors.sector")
        .empty("where none is known"),
    Column::text("Actor Title", "office or body that a person speaks for", |row| titles(&row.sides().0))
        .from("actors.affiliation")
        .empty("where no person acts"),
    Column::text("Actor Name Raw", "the reports' words", |row| raw(row, |article| &article.event.actors))
        .from("events.actors.mentions")
        .empty("where nobody is told; of one person the words stay with the report"),
    Column::text("Wikipedia Actor ID", "Wikidata's Q-ids, which stay where titles change", |row| {
        wikidata(&row.sides().0)
    })
    .from("events.actors.wikidata_id")
    .empty("where it is not known"),
    Column::text("Recipient Name", "names of the second side", |row| joined(&named(&row.sides().1)).into())
        .from("recipients.label")
        .empty("where nobody is named"),
    Column::text("Recipient Country", "ISO 3166-1 alpha-3", |row| countries(&row.sides().1))
        .from("recipients.country")
        .empty("where it is not known"),
    Column::text("Recipient COW", "as Actor COW", |row| cow(row, &row.sides().1))
        .from("recipients.country")
        .empty("where it is not known"),
    Column::text("Primary Recipient Sector", "PLOVER sector of the first", |row| sector(&row.sides().1))
        .from("recipients.sector")
        .empty("where it is not known"),
    Column::text("Recipient Sectors", "PLOVER sectors of all", |row| sectors(&row.sides().1))
        .from("recipients.sector")
        .empty("where none is known"),
    Column::text("Recipient Title", "office or body that a person speaks for", |row| titles(&row.sides().1))
        .from("recipients.affiliation")
        .empty("where no person suffers it"),
    Column::text("Recipient Name Raw", "the reports' words", |row| {
        raw(row, |article| &article.event.recipients)
    })
    .from("events.recipients.mentions")
    .empty("as Actor Name Raw"),
    Column::text("Wikipedia Recipient ID", "Wikidata's Q-ids", |row| wikidata(&row.sides().1))
        .from("events.recipients.wikidata_id")
        .empty("where it is not known"),
    Column::text("Placename", "gazetteer name, else the report's words", |row| {
        row.place().map(|place| &place.name).into()
    })
    .from("place.name")
    .empty("where no place is told"),
    Column::text("City", "the place, where it is a populated place", |row| {
        let place = row
            .place()
            .filter(|place| place.feature_code.as_deref().is_some_and(|code| code.starts_with("PPL")));
        place.map(|place| &place.name).into()
    })
    .from("place.name, place.feature_code")
    .empty("where the place is something else"),
    Column::text("District", "second-order division", |row| {
        row.place().and_then(|place| place.admin2.as_ref()).into()
    })
    .from("place.admin2")
    .empty("where the place is not known so well"),
    Column::text("Province", "first-order division", |row| {
        row.place().and_then(|place| place.admin1.as_ref()).into()
    })
    .from("place.admin1")
    .empty("where the place is not known so well"),
    Column::text("Country", "ISO 3166-1 alpha-3", |row| row.country().map(|country| &country.iso3).into())
        .from("place.country")
        .empty("where the country is not known"),
    Column::number("Latitude", "WGS 84", |row| row.point().map(|point| point.0).into())
        .unit("degrees north")
        .from("place.latitude")
        .empty("where the place is not in the gazetteer or known only to the country"),
    Column::number("Longitude", "WGS 84", |row| row.point().map(|point| point.1).into())
        .unit("degrees east")
        .from("place.longitude")
        .empty("as Latitude"),
    Column::whole("GeoNames ID", "GeoNames id", |row| row.place().and_then(|place| place.geonameid).into())
        .from("place.geonameid")
        .empty("where the gazetteer's record has none"),
    Column::text("Raw Placename", "the reports' words for where", |row| row.where_words().into())
        .from("events.places.text")
        .empty("where no report words it"),
    Column::text("Feature Type", "GeoNames feature code", |row| {
        row.place().and_then(|place| place.feature_code.as_ref()).into()
    })
    .from("place.feature_code")
    .empty("where the place is not in the gazetteer"),
    Column::text("Source", "outlets, else addresses", |row| joined(&row.sources()).into())
        .from("sources")
        .empty("where the reports name none"),
    Column::day("Publication Date", "of the chief report", |row| {
        row.chief().and_then(|article| article.document.published).into()
    })
    .from("reports.published")
    .empty("where it is not known"),
    Column::never("Story People", Kind::Text, "always: persons outside events are not kept"),
    Column::text("Story Organizations", "organisations of the events", |row| {
        joined(&organisations(row)).into()
    })
    .from("events.actors, events.recipients, events.reported_by")
    .empty("where none is named"),
    Column::text("Story Locations", "every place that the events name", |row| {
        let mut places: Vec<String> = Vec::new();
        for place in row.articles.iter().flat_map(|article| &article.event.places) {
            if !places.contains(&place.text) {
                places.push(place.text.clone());
            }
        }
        joined(&places).into()
    })
    .from("events.places.text")
    .empty("where none is named"),
    Column::text("Language", "of the chief report, BCP 47", |row| {
        row.chief().and_then(|article| article.document.language.as_ref()).into()
    })
    .from("reports.language")
    .empty("where it is not known"),
    Column::text("Version", "the program", |_| concat!("watchpost-", env!("CARGO_PKG_VERSION")).into()),
];

fn named(side: &[&Participant]) -> Vec<String> {
    unique(side.iter().filter_map(|one| one.name.clone()))
}

fn countries(side: &[&Participant]) -> Value {
    joined(&unique(side.iter().filter_map(|one| one.country.clone()))).into()
}

fn cow(row: &Row<'_>, side: &[&Participant]) -> Value {
    let numbers = side
        .iter()
        .filter_map(|one| row.context.countries.by_iso3(one.country.as_deref()?)?.gwno)
        .map(|number| number.to_string());
    joined(&unique(numbers)).into()
}

fn sector(side: &[&Participant]) -> Value {
    side.iter().find_map(|one| one.sector).map(Sector::as_str).into()
}

fn sectors(side: &[&Participant]) -> Value {
    joined(&unique(side.iter().filter_map(|one| one.sector).map(|sector| sector.as_str().to_owned()))).into()
}

fn titles(side: &[&Participant]) -> Value {
    joined(&unique(side.iter().filter_map(|one| one.affiliation.clone()))).into()
}

fn wikidata(side: &[&Participant]) -> Value {
    joined(&unique(side.iter().filter_map(|one| one.wikidata_id.clone()))).into()
}

/// The reports' own words for participants; those for one person may be a private name, and stay with the report.
fn raw<'a>(row: &Row<'a>, of: impl Fn(&Article<'a>) -> &'a Vec<Participant>) -> Value {
    let words = row
        .articles
        .iter()
        .flat_map(|article| of(article).iter())
        .filter(|one| one.kind != ParticipantKind::Individual || one.name.is_some())
        .filter_map(|one| one.mentions.first().map(|mention| mention.text.clone()));
    joined(&unique(words)).into()
}

fn organisations(row: &Row<'_>) -> Vec<String> {
    let everyone = row.articles.iter().flat_map(|article| {
        let event = article.event;
        event.actors.iter().chain(&event.recipients).chain(&event.reported_by)
    });
    let bodies =
        everyone.filter(|one| matches!(one.kind, ParticipantKind::Organization | ParticipantKind::State));
    unique(bodies.filter_map(|one| one.name.clone()))
}

fn unique(all: impl Iterator<Item = String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for one in all {
        if !one.is_empty() && !kept.contains(&one) {
            kept.push(one);
        }
    }
    kept
}

/// JSON lines in the shape that NGEC's formatter writes.
pub struct Ngec<W: Write> {
    output: W,
}

impl<W: Write> Ngec<W> {
    /// Lines to that output.
    pub const fn new(output: W) -> Self {
        Self { output }
    }
}

impl<W: Write> Sink for Ngec<W> {
    fn row(&mut self, row: &Row<'_>) -> io::Result<bool> {
        if !(POLECAT.takes)(row) {
            return Ok(false);
        }
        let Some(event) = ngec(row) else { return Ok(false) };
        serde_json::to_writer(&mut self.output, &event)?;
        self.output.write_all(b"\n")?;
        Ok(true)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }

    fn finish(mut self: Box<Self>) -> io::Result<Option<u64>> {
        self.output.flush().map(|()| None)
    }

    fn cut(mut self: Box<Self>, why: &str) -> io::Result<()> {
        crate::sink::cut_json(&mut self.output, why)
    }
}

/// The fields of [`ngec`], for the documentation: name, what stands in it, where it comes from.
pub const NGEC_FIELDS: &[(&str, &str, &str)] = &[
    ("id", "Watchpost's id, `WP-…`", "id"),
    ("date", "day of publication of the chief report", "reports.published"),
    ("event_type", "list of one PLOVER type", "events.plover.event_type"),
    (
        "event_mode",
        "list of PLOVER modes, each with its type (`ASSAULT-explosives`), as NGEC takes them",
        "events.plover.mode",
    ),
    (
        "event_text",
        "the quotes that the event rests on: the text itself stays in the store",
        "events.evidence",
    ),
    ("story_id", "hash of the chief report's text", "reports.document.id"),
    ("publisher, headline, pub_date", "of the chief report; null where not known", "reports"),
    ("contexts", "always empty: not coded", ""),
    ("version", "the program", ""),
    (
        "attributes.ACTOR, attributes.RECIP",
        "list; each with `text` (the report's words), `wiki` (name in the registry, else null), `country` (ISO 3166-1 alpha-3), `country_name`, `code_1` and `code_2` (PLOVER sectors), `qa_start_char` and `qa_end_char` (code points of the chief report; null where it does not name it), `score` and `qa_score` (the event's confidence)",
        "actors, recipients",
    ),
    (
        "attributes.LOC, attributes.DATE",
        "list of the words with their places in the report",
        "events.places, events.evidence",
    ),
    (
        "event_geolocation",
        "`reason` in words, and `geo` (null where the place is not resolved): geonameid, lat, lon, admin1_name, admin1_code and admin2_name, admin2_code (P-codes, empty where not known), country_code3, feature_class and feature_code, resolved_placename, search_placename, start_char, end_char, score, event_location_overlap_score",
        "place",
    ),
    (
        "geolocated_ents",
        "every resolved place of the chief report's event, in the same shape",
        "events.places",
    ),
    (
        "date_resolved",
        "first day, ISO; null where it is not known, never the day of publication unsaid",
        "event_date",
    ),
    (
        "date_raw",
        "the report's words for it, else why the day is what it is",
        "events.evidence, events.reasons",
    ),
];

fn ngec(row: &Row<'_>) -> Option<Json> {
    let code = code(row)?;
    let chief = row.chief();
    let document = chief.map(|article| article.document);
    let modes: Vec<String> = code.mode.iter().map(|mode| format!("{}-{mode}", code.event_type)).collect();
    let (a, b) = row.sides();
    let words_of = |one: &Participant| {
        let event = chief?.event;
        let all = event.actors.iter().chain(&event.recipients);
        let mut found = all.filter(|known| match (&known.actor_id, &one.actor_id) {
            (Some(a), Some(b)) => a == b,
            _ => !name_of(one).is_empty() && name_of(known) == name_of(one),
        });
        found.next().and_then(|known| known.mentions.first())
    };
    let person = |one: &&Participant| {
        let words: Option<&Mention> = words_of(one);
        let country = one.country.as_deref().and_then(|code| row.context.countries.by_iso3(code));
        let text = match one.kind {
            ParticipantKind::Individual => one.name.as_deref().unwrap_or_default(),
            _ => words.map_or_else(|| name_of(one), |words| words.text.as_str()),
        };
        json!({
            "text": text,
            "score": row.confidence,
            "qa_score": row.confidence,
            "qa_start_char": words.map(|words| words.start),
            "qa_end_char": words.map(|words| words.end),
            "wiki": one.name,
            "country": one.country.as_deref().unwrap_or_default(),
            "code_1": one.sector.map_or("", Sector::as_str),
            "code_2": "",
            "country_name": country.map_or("", |country| country.name.as_str()),
        })
    };
    let places: &[Place] = chief.map_or(&[], |article| &article.event.places);
    let found: Vec<Json> =
        places.iter().filter(|place| place.name.is_some()).map(|place| entity(row, place)).collect();
    let spoken: Vec<Json> = places
        .iter()
        .map(|place| {
            json!({"text": place.text, "score": row.confidence, "qa_score": row.confidence, "qa_start_char": place.start, "qa_end_char": place.end})
        })
        .collect();
    let dated: Vec<&record::Evidence> = chief.map_or_else(Vec::new, |article| {
        let about = |evidence: &&record::Evidence| {
            evidence.supports.iter().any(|field| field.starts_with("event_date"))
        };
        article.event.evidence.iter().filter(about).collect()
    });
    let reason = |field: &str| {
        let own = row.incident.and_then(|incident| incident.reasons.get(field));
        own.or_else(|| chief?.event.reasons.get(field)).cloned()
    };
    let geo = row
        .place()
        .filter(|place| place.source_id.is_some() || place.geonameid.is_some() || place.latitude.is_some());
    let date_raw = dated
        .first()
        .map(|evidence| evidence.quote.clone())
        .or_else(|| reason("dates"))
        .or_else(|| reason("event_date"))
        .unwrap_or_default();
    Some(json!({
        "id": row.id(),
        "date": document.and_then(|document| document.published),
        "event_type": [code.event_type.as_str()],
        "event_mode": modes,
        "event_text": row.quotes(),
        "story_id": document.map(|document| document.id.as_str()),
        "publisher": document.map(source_of),
        "headline": document.and_then(|document| document.title.as_deref()),
        "pub_date": document.and_then(|document| document.published),
        "contexts": [],
        "version": concat!("watchpost-", env!("CARGO_PKG_VERSION")),
        "attributes": {
            "ACTOR": a.iter().map(person).collect::<Vec<_>>(),
            "RECIP": b.iter().map(person).collect::<Vec<_>>(),
            "LOC": spoken,
            "DATE": dated.iter().map(|evidence| json!({
                "text": evidence.quote, "score": row.confidence, "qa_score": row.confidence,
                "qa_start_char": evidence.start, "qa_end_char": evidence.end,
            })).collect::<Vec<_>>(),
        },
        "event_geolocation": {
            "reason": match geo {
                Some(_) => reason("place").or_else(|| places.first().map(|place| place.reason.clone())).unwrap_or_default(),
                None if places.is_empty() => "the report names no place".to_owned(),
                None => "the gazetteer has no record that fits".to_owned(),
            },
            "geo": geo.map(|place| resolved(row, place, places.iter().find(|one| one.name.as_ref() == Some(&place.name)))),
        },
        "geolocated_ents": found,
        "date_resolved": row.dates.event_date,
        "date_raw": date_raw,
    }))
}

fn entity(row: &Row<'_>, place: &Place) -> Json {
    let own = IncidentPlace {
        name: place.name.clone().unwrap_or_default(),
        geonameid: place.geonameid,
        feature_code: place.feature_code.clone(),
        country: place.country.clone(),
        admin1: place.admin1.clone(),
        admin2: place.admin2.clone(),
        admin1_pcode: place.admin1_pcode.clone(),
        admin2_pcode: place.admin2_pcode.clone(),
        latitude: place.latitude,
        longitude: place.longitude,
        ..IncidentPlace::default()
    };
    resolved(row, &own, Some(place))
}

fn resolved(row: &Row<'_>, place: &IncidentPlace, words: Option<&Place>) -> Json {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let code = place.feature_code.as_deref().unwrap_or_default();
    // GeoNames' classes by the codes that begin with them; others are not said.
    let class = ["PPL", "ADM", "PCL"].iter().zip(["P", "A", "A"]).find(|(head, _)| code.starts_with(**head));
    json!({
        "geonameid": place.geonameid.map(|id| id.to_string()).unwrap_or_default(),
        "lat": place.latitude,
        "lon": place.longitude,
        "admin1_name": text(&place.admin1),
        "admin1_code": text(&place.admin1_pcode),
        "admin2_name": text(&place.admin2),
        "admin2_code": text(&place.admin2_pcode),
        "country_code3": text(&place.country),
        "feature_class": class.map_or("", |(_, class)| class),
        "feature_code": code,
        "resolved_placename": place.name,
        "search_placename": words.map(|words| words.text.as_str()),
        "start_char": words.map(|words| words.start),
        "end_char": words.map(|words| words.end),
        "score": row.confidence,
        "event_location_overlap_score": words.map(|_| 1.0),
    })
}
