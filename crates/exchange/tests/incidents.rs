//! Incidents as rows: one written by hand, so that what stands in each column can be read and judged.

#[allow(dead_code)]
mod support;

use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use support::{context, dossier, fill, tables};
use watchpost_exchange::{
    ACLED, ActorCsv, Csv, Dossier, GED, GeoJson, Hapi, Inter, JsonLines, Ngec, POLECAT, Row, Shape, Sink,
    Style,
};

fn dossiers() -> Vec<Dossier> {
    serde_json::from_str(include_str!("../fixtures/dossiers.json")).expect("incidents")
}

fn rows(shape: &'static Shape, style: Style, inter: Inter) -> String {
    let tables = tables();
    let mut bytes = Vec::new();
    fill(
        Box::new(Csv::new(shape, style, &mut bytes).expect("a header")),
        &dossiers(),
        &context(&tables, inter),
    );
    String::from_utf8(bytes).expect("UTF-8")
}

/// One line a cell that has something, since rows of 49 columns cannot be read.
fn upright(table: &str, tabs: bool) -> String {
    let delimiter = if tabs { b'\t' } else { b',' };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .from_reader(table.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().expect("a header").clone();
    let mut out = String::new();
    for row in reader.records() {
        for (name, cell) in header.iter().zip(&row.expect("a row")).filter(|(_, cell)| !cell.is_empty()) {
            out.push_str(&format!("{name}: {cell}\n"));
        }
        out.push('\n');
    }
    out
}

#[test]
fn acled() {
    insta::assert_snapshot!(upright(&rows(&ACLED, Style::default(), Inter::Text), false));
}

#[test]
fn acled_in_digits_with_tags() {
    let table = rows(&ACLED, Style { hxl: true, bom: true, tabs: false }, Inter::Numeric);
    assert!(table.starts_with("\u{feff}event_id_cnty,"), "{table}");
    let mut lines = csv::ReaderBuilder::new().from_reader(table.trim_start_matches('\u{feff}').as_bytes());
    let header = lines.headers().expect("a header").clone();
    let at = |name: &str| header.iter().position(|column| column == name).expect("a column");
    let lines: Vec<csv::StringRecord> = lines.records().map(|line| line.expect("a line")).collect();
    assert_eq!(&lines[0][at("fatalities")], "#affected+killed");
    assert_eq!(
        (&lines[1][at("inter1")], &lines[1][at("inter2")], &lines[1][at("interaction")]),
        ("2", "1", "12")
    );
    assert_eq!((&lines[2][at("inter2")], &lines[2][at("interaction")]), ("7", "37"));
}

#[test]
fn ged() {
    insta::assert_snapshot!(upright(&rows(&GED, Style::default(), Inter::Text), false));
}

#[test]
fn polecat() {
    let table = rows(&POLECAT, Style { tabs: true, ..Style::default() }, Inter::Text);
    let header = "Event ID, Event Date, Event Type, Event Mode, Intensity, Quad Code, Contexts, Actor Name, Actor Country, Actor COW, \
        Primary Actor Sector, Actor Sectors, Actor Title, Actor Name Raw, Wikipedia Actor ID, Recipient Name, Recipient Country, \
        Recipient COW, Primary Recipient Sector, Recipient Sectors, Recipient Title, Recipient Name Raw, Wikipedia Recipient ID, \
        Placename, City, District, Province, Country, Latitude, Longitude, GeoNames ID, Raw Placename, Feature Type, Source, \
        Publication Date, Story People, Story Organizations, Story Locations, Language, Version";
    assert_eq!(table.lines().next().expect("a header"), header.split(", ").collect::<Vec<_>>().join("\t"));
    assert_eq!(POLECAT.columns.len(), 40);
    insta::assert_snapshot!(upright(&table, true));
}

#[test]
fn a_row_for_each_actor() {
    let tables = tables();
    let mut bytes = Vec::new();
    let sink = Box::new(ActorCsv::new(Style::default(), &mut bytes).expect("a header"));
    assert_eq!(fill(sink, &dossiers(), &context(&tables, Inter::Text)), 2, "incidents, not rows");
    let table = String::from_utf8(bytes).expect("UTF-8");
    assert_eq!(
        table.lines().next().expect("a header"),
        "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,type_of_actor,actor,inter_type,inter,\
         interaction,civilian_targeting,iso,region,country,admin1,admin2,admin3,location,latitude,longitude,geo_precision,source,\
         source_scale,notes,fatalities,tags,timestamp"
    );
    insta::assert_snapshot!(upright(&table, false));
}

#[test]
fn hapi() {
    let tables = tables();
    let mut bytes = Vec::new();
    fill(Box::new(Hapi::new(true, &mut bytes)), &dossiers(), &context(&tables, Inter::Text));
    let table = String::from_utf8(bytes).expect("UTF-8");
    assert!(table.starts_with(
        "\u{feff}location_code,has_hrp,in_gho,provider_admin1_name,provider_admin2_name,admin1_code,admin1_name,admin2_code,\
         admin2_name,admin_level,event_type,events,fatalities,reference_period_start,reference_period_end,dataset_hdx_id,\
         resource_hdx_id,warning,error\r\n#country+code,#meta+has_hrp,"
    ));
    insta::assert_snapshot!(upright(&table, false));
}

#[test]
fn geojson() {
    let tables = tables();
    let mut bytes = Vec::new();
    fill(
        Box::new(GeoJson::new(&mut bytes).expect("a beginning")),
        &dossiers(),
        &context(&tables, Inter::Text),
    );
    let value: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
    // The province's middle is no place of an attack, and says so.
    assert_eq!(value["features"][1]["properties"]["is_centroid"], true);
    insta::assert_snapshot!(serde_json::to_string_pretty(&value).expect("JSON"));
}

#[test]
fn ngec() {
    let tables = tables();
    let mut bytes = Vec::new();
    fill(Box::new(Ngec::new(&mut bytes)), &dossiers(), &context(&tables, Inter::Text));
    let lines: Vec<serde_json::Value> = std::str::from_utf8(&bytes)
        .expect("UTF-8")
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    insta::assert_snapshot!(serde_json::to_string_pretty(&lines).expect("JSON"));
}

#[test]
fn the_words_for_one_unnamed_person_do_not_go_out() {
    let tables = tables();
    let context = context(&tables, Inter::Text);
    let dossiers = dossiers();
    let mut all = String::new();
    for shape in [&ACLED, &GED, &POLECAT, &watchpost_exchange::FLAT] {
        for dossier in &dossiers {
            let row = Row::of_incident(dossier, &context);
            all.extend(shape.columns.iter().map(|column| (column.value)(&row).text() + "\n"));
        }
    }
    let mut bytes = Vec::new();
    fill(Box::new(Ngec::new(&mut bytes)), &dossiers, &context);
    all.push_str(&String::from_utf8(bytes).expect("UTF-8"));
    assert!(all.contains("Ministry of Defence"), "a ministry is no private person");
    assert!(!all.contains("a shopkeeper from Derna Street"), "{all}");
}

#[test]
fn an_output_that_is_cut_off_says_so_in_its_last_line() {
    let tables = tables();
    let context = context(&tables, Inter::Text);
    type Begin = fn(&mut Vec<u8>) -> Box<dyn Sink + '_>;
    let formats: [Begin; 5] = [
        |out| Box::new(Csv::new(&ACLED, Style::default(), out).expect("a header")),
        |out| Box::new(ActorCsv::new(Style::default(), out).expect("a header")),
        |out| Box::new(GeoJson::new(out).expect("a beginning")),
        |out| Box::new(JsonLines::new(out)),
        |out| Box::new(Hapi::new(false, out)),
    ];
    for begin in formats {
        let mut bytes = Vec::new();
        let mut sink = begin(&mut bytes);
        sink.row(&Row::of_incident(&dossiers()[0], &context)).expect("a row");
        sink.cut("1 of 2 incidents; the disk is gone").expect("a last line");
        let text = String::from_utf8(bytes).expect("UTF-8");
        assert!(text.lines().last().expect("a line").contains("cut off here: 1 of 2 incidents"), "{text}");
    }
}

#[test]
fn a_workbook_holds_long_words_as_excel_does_and_says_so() {
    let tables = tables();
    let mut dossiers = dossiers();
    let long = "戦".repeat(40_000);
    for evidence in &mut dossiers[0].told[0].event.evidence {
        evidence.quote.clone_from(&long);
    }
    let mut bytes = Vec::new();
    let about = watchpost_exchange::About::default();
    fill(
        Box::new(watchpost_exchange::Xlsx::new(about, &mut bytes).expect("a beginning")),
        &dossiers,
        &context(&tables, Inter::Text),
    );
    let longest = support::sheet(&bytes, 1)[1].values().map(|cell| cell.chars().count()).max();
    assert!(longest.is_some_and(|longest| (32_000..=32_767).contains(&longest)), "{longest:?}");
    assert!(
        support::sheet(&bytes, 2)
            .iter()
            .any(|row| row.values().any(|cell| cell.starts_with("1 cells had more")))
    );
}

#[test]
fn ids_are_never_anybody_elses() {
    let tables = tables();
    let context = context(&tables, Inter::Text);
    let mut runner = TestRunner::deterministic();
    let dossier = dossier().new_tree(&mut runner).expect("an incident").current();
    assert!(Row::of_incident(&dossier, &context).id().starts_with("WP-"));
}
