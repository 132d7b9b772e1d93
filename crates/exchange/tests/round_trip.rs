//! What is written is read again as it was, in every format and with any words.

#[allow(dead_code)]
mod support;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Date32Type, Float64Type, Int64Type};
use arrow_array::{Array as _, RecordBatch};
use jiff::civil::date;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::reader::FileReader as _;
use proptest::collection::vec;
use proptest::prelude::*;
use record::Incident;
use support::{context, dossier, fill, letters, sheet, tables};
use watchpost_exchange::{
    ACLED, About, ActorCsv, Csv, Dossier, FLAT, GED, GeoJson, Hapi, Inter, JsonLines, Kind, Ngec, POLECAT,
    Parquet, Row, Shape, Style, Value, Xlsx, unguard,
};

/// The cells as they should come back.
fn expected(shape: &Shape, dossiers: &[Dossier], inter: Inter) -> Vec<Vec<Value>> {
    let tables = tables();
    let context = context(&tables, inter);
    let rows = dossiers.iter().map(|dossier| Row::of_incident(dossier, &context));
    rows.filter(|row| (shape.takes)(row))
        .map(|row| shape.columns.iter().map(|column| (column.value)(&row)).collect())
        .collect()
}

fn table(shape: &'static Shape, style: Style, dossiers: &[Dossier], inter: Inter) -> (Vec<u8>, u64) {
    let tables = tables();
    let mut bytes = Vec::new();
    let sink = Box::new(Csv::new(shape, style, &mut bytes).expect("a header"));
    let written = fill(sink, dossiers, &context(&tables, inter));
    (bytes, written)
}

/// The lines of a table; a byte order mark is no part of the first name.
fn lines(bytes: &[u8], tabs: bool) -> Vec<Vec<String>> {
    let bytes = bytes.strip_prefix(watchpost_exchange::BOM).unwrap_or(bytes);
    let delimiter = if tabs { b'\t' } else { b',' };
    let mut reader = csv::ReaderBuilder::new().has_headers(false).delimiter(delimiter).from_reader(bytes);
    reader.records().map(|line| line.expect("a line").iter().map(str::to_owned).collect()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn delimited(dossiers in vec(dossier(), 0..4), bom in any::<bool>(), hxl in any::<bool>(), numeric in any::<bool>()) {
        let inter = if numeric { Inter::Numeric } else { Inter::Text };
        for (shape, tabs) in [(&ACLED, false), (&GED, false), (&FLAT, false), (&POLECAT, true)] {
            let (bytes, written) = table(shape, Style { tabs, bom, hxl }, &dossiers, inter);
            prop_assert_eq!(bytes.starts_with(watchpost_exchange::BOM), bom);
            let mut lines = lines(&bytes, tabs);
            let header = lines.remove(0);
            prop_assert_eq!(header, shape.header().collect::<Vec<_>>());
            if hxl {
                let tags = lines.remove(0);
                prop_assert!(tags.iter().all(|tag| tag.is_empty() || tag.starts_with('#')));
            }
            let expected = expected(shape, &dossiers, inter);
            prop_assert_eq!(written, expected.len() as u64, "all rows, and the number said");
            prop_assert_eq!(lines.len(), expected.len());
            for (line, values) in lines.iter().zip(&expected) {
                for ((cell, value), column) in line.iter().zip(values).zip(shape.columns) {
                    let plain = match value {
                        Value::Text(_) | Value::List(_) => unguard(cell),
                        _ => cell,
                    };
                    prop_assert_eq!(plain, value.text(), "{}", column.name);
                    let runs = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
                    prop_assert!(!runs, "{} would run: {cell}", column.name);
                    prop_assert!(value.kind().is_none_or(|kind| kind == column.kind
                        || (column.kind == Kind::Text && kind == Kind::Whole)), "{} is not {:?}", column.name, column.kind);
                }
            }
        }
    }

    #[test]
    fn ged_keeps_ucdps_rules(dossiers in vec(dossier(), 1..6)) {
        let (bytes, _) = table(&GED, Style::default(), &dossiers, Inter::Text);
        let lines = lines(&bytes, false);
        let number = |line: &[String], name: &str| {
            let at = GED.header().position(|column| column == name).expect("a column");
            line[at].parse::<u64>().expect("a number")
        };
        for line in &lines[1..] {
            let (low, best, high) = (number(line, "low"), number(line, "best"), number(line, "high"));
            prop_assert!(low <= best && best <= high, "{low} {best} {high}");
            let parts = ["deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown"].map(|name| number(line, name));
            prop_assert_eq!(parts.iter().sum::<u64>(), best);
            prop_assert!(high > 0);
        }
    }

    #[test]
    fn a_row_for_each_actor(dossiers in vec(dossier(), 0..4)) {
        let tables = tables();
        let context = context(&tables, Inter::Text);
        let mut bytes = Vec::new();
        fill(Box::new(ActorCsv::new(Style::default(), &mut bytes).expect("a header")), &dossiers, &context);
        let lines = lines(&bytes, false);
        let expected: usize = dossiers.iter().map(|dossier| {
            let row = Row::of_incident(dossier, &context);
            let (a, b) = row.sides();
            (row.names(&a).len() + row.names(&b).len()).max(1)
        }).sum();
        prop_assert_eq!(lines.len() - 1, expected);
        prop_assert_eq!(&lines[0][6..12], ["sub_event_type", "type_of_actor", "actor", "inter_type", "inter", "interaction"]);
        for line in &lines[1..] {
            prop_assert!(["actor1", "assoc_actor_1", "actor2", "assoc_actor_2"].contains(&line[7].as_str()));
            prop_assert_eq!(line[7].ends_with('1'), line[9] == "inter1");
        }
    }

    #[test]
    fn json_lines(dossiers in vec(dossier(), 0..4)) {
        let tables = tables();
        let mut bytes = Vec::new();
        fill(Box::new(JsonLines::new(&mut bytes)), &dossiers, &context(&tables, Inter::Text));
        let read: Vec<Incident> = std::str::from_utf8(&bytes).expect("UTF-8").lines()
            .map(|line| serde_json::from_str(line).expect("an incident")).collect();
        prop_assert_eq!(read, dossiers.iter().map(|dossier| dossier.incident.clone()).collect::<Vec<_>>());
    }

    #[test]
    fn geojson(dossiers in vec(dossier(), 0..4)) {
        let tables = tables();
        let mut bytes = Vec::new();
        let written = fill(Box::new(GeoJson::new(&mut bytes).expect("a beginning")), &dossiers, &context(&tables, Inter::Text));
        let read: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
        let features = read["features"].as_array().expect("features");
        let expected = expected(&FLAT, &dossiers, Inter::Text);
        prop_assert_eq!((features.len() as u64, features.len()), (written, expected.len()));
        for (feature, values) in features.iter().zip(&expected) {
            for (column, value) in FLAT.columns.iter().zip(values) {
                let found = match column.name {
                    "id" => &feature["id"],
                    "latitude" => &feature["geometry"]["coordinates"][1],
                    "longitude" => &feature["geometry"]["coordinates"][0],
                    name => &feature["properties"][name],
                };
                let value = if *value == Value::Empty && column.kind == Kind::List { serde_json::json!([]) } else { value.json() };
                prop_assert_eq!(found, &value, "{}", column.name);
            }
            if let (Some(point), Some(bounds)) = (feature["geometry"]["coordinates"].as_array(), read["bbox"].as_array()) {
                let (lon, lat) = (point[0].as_f64().unwrap(), point[1].as_f64().unwrap());
                let bounds: Vec<f64> = bounds.iter().map(|edge| edge.as_f64().unwrap()).collect();
                prop_assert!(bounds[0] <= lon && lon <= bounds[2] && bounds[1] <= lat && lat <= bounds[3]);
            }
        }
    }

    #[test]
    fn ngec_lines_are_objects_with_their_fields(dossiers in vec(dossier(), 0..4)) {
        let tables = tables();
        let mut bytes = Vec::new();
        let written = fill(Box::new(Ngec::new(&mut bytes)), &dossiers, &context(&tables, Inter::Text));
        let text = String::from_utf8(bytes).expect("UTF-8");
        prop_assert_eq!(text.lines().count() as u64, written);
        for line in text.lines() {
            let event: serde_json::Value = serde_json::from_str(line).expect("JSON");
            for field in ["id", "date", "event_type", "event_mode", "event_text", "story_id", "publisher", "headline", "pub_date",
                "contexts", "version", "attributes", "event_geolocation", "geolocated_ents", "date_resolved", "date_raw"] {
                prop_assert!(event.get(field).is_some(), "{field}");
            }
            for role in ["ACTOR", "RECIP", "LOC", "DATE"] {
                prop_assert!(event["attributes"][role].is_array(), "{role}");
            }
            prop_assert!(event["event_type"].as_array().is_some_and(|types| types.len() == 1));
        }
    }

    #[test]
    fn parquet_files(dossiers in vec(dossier(), 0..4)) {
        let tables = tables();
        let mut bytes = Vec::new();
        fill(Box::new(Parquet::new(&mut bytes).expect("a beginning")), &dossiers, &context(&tables, Inter::Text));
        let file = BytesOf(bytes);
        let reader = parquet::file::reader::SerializedFileReader::new(file.bytes()).expect("a file");
        let metadata = reader.metadata().file_metadata().key_value_metadata().cloned().unwrap_or_default();
        let geo = metadata.iter().find(|pair| pair.key == "geo").and_then(|pair| pair.value.clone()).expect("`geo`");
        let geo: serde_json::Value = serde_json::from_str(&geo).expect("JSON");
        prop_assert_eq!(&geo["primary_column"], "geometry");
        prop_assert_eq!(&geo["columns"]["geometry"]["encoding"], "WKB");
        let batches: Vec<RecordBatch> = ParquetRecordBatchReaderBuilder::try_new(file.bytes()).expect("a file")
            .build().expect("a reader").map(|batch| batch.expect("a batch")).collect();
        let read: Vec<Vec<Value>> = batches.iter().flat_map(|batch| {
            (0..batch.num_rows()).map(|row| (0..FLAT.columns.len()).map(|column| of_arrow(batch, column, row)).collect())
        }).collect();
        prop_assert_eq!(read, expected(&FLAT, &dossiers, Inter::Text));
    }

    #[test]
    fn workbooks(dossiers in vec(dossier(), 0..3)) {
        let tables = tables();
        let mut bytes = Vec::new();
        let about = About { filter: "country MLI".to_owned(), ..About::default() };
        let written = fill(Box::new(Xlsx::new(about, &mut bytes).expect("a beginning")), &dossiers, &context(&tables, Inter::Text));
        let rows = sheet(&bytes, 1);
        let expected = expected(&FLAT, &dossiers, Inter::Text);
        prop_assert_eq!((rows.len() - 1, written), (expected.len(), expected.len() as u64));
        for (row, values) in rows[1..].iter().zip(&expected) {
            for (at, (value, column)) in values.iter().zip(FLAT.columns).enumerate() {
                let cell = row.get(&letters(at)).cloned().unwrap_or_default();
                match value {
                    Value::Number(_) | Value::Whole(_) => {
                        prop_assert_eq!(cell.parse::<f64>().ok(), value.text().parse::<f64>().ok(), "{}", column.name);
                    }
                    // Excel counts days from 1900, with a 29 February that year never had.
                    Value::Day(day) if day.year() >= 1901 => {
                        let days = date(1899, 12, 30).until(*day).unwrap().get_days();
                        prop_assert_eq!(cell, days.to_string(), "{}", column.name);
                    }
                    Value::Flag(flag) => prop_assert_eq!(cell, if *flag { "1" } else { "0" }),
                    _ => prop_assert_eq!(lines_of(&cell), lines_of(&value.text()), "{}", column.name),
                }
            }
        }
        let about = sheet(&bytes, 2);
        prop_assert!(about[0].values().any(|cell| *cell == written.to_string()), "the number is said in the file");
        prop_assert!(about[1].values().any(|cell| cell == "country MLI"), "the filter is said in the file");
    }

    #[test]
    fn hapi_counts_every_event_once_a_type(dossiers in vec(dossier(), 0..6)) {
        let tables = tables();
        let context = context(&tables, Inter::Text);
        let mut bytes = Vec::new();
        let written = fill(Box::new(Hapi::new(false, &mut bytes)), &dossiers, &context);
        let lines = lines(&bytes, false);
        prop_assert_eq!(lines[0].len(), 19);
        let column = |name: &str| lines[0].iter().position(|column| column == name).expect("a column");
        let sum: u64 = lines[1..].iter()
            .filter(|line| line[column("event_type")] != "civilian_targeting")
            .map(|line| line[column("events")].parse::<u64>().expect("a number")).sum();
        prop_assert!(sum >= written, "{sum} of {written}");
        prop_assert!(lines[1..].iter().all(|line| line[column("events")] != "0"), "no row is made up");
    }
}

/// XML has one line end; what a cell has of others becomes it.
fn lines_of(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// Bytes that a Parquet reader takes.
struct BytesOf(Vec<u8>);

impl BytesOf {
    fn bytes(&self) -> bytes::Bytes {
        bytes::Bytes::copy_from_slice(&self.0)
    }
}

fn of_arrow(batch: &RecordBatch, column: usize, row: usize) -> Value {
    let array = batch.column(column);
    if array.is_null(row) {
        return Value::Empty;
    }
    match FLAT.columns[column].kind {
        Kind::Text => Value::Text(array.as_string::<i32>().value(row).to_owned()),
        Kind::Whole => Value::Whole(array.as_primitive::<Int64Type>().value(row)),
        Kind::Number => Value::Number(array.as_primitive::<Float64Type>().value(row)),
        Kind::Flag => Value::Flag(array.as_boolean().value(row)),
        Kind::Day => {
            let days = array.as_primitive::<Date32Type>().value(row);
            Value::Day(date(1970, 1, 1).saturating_add(jiff::Span::new().days(days)))
        }
        Kind::List => {
            let list = array.as_list::<i32>().value(row);
            let texts: Vec<String> = list.as_string::<i32>().iter().flatten().map(str::to_owned).collect();
            if texts.is_empty() { Value::Empty } else { Value::List(texts) }
        }
    }
}
