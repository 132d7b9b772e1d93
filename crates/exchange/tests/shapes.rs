//! The tables that other programs read, from a document written by hand: these do not move with the coder.

use record::CodedDocument;
use record::country::Countries;
use record::crosswalk::Crosswalk;
use watchpost_exchange::{ACLED, Context, Csv, GED, GeoJson, Inter, Row, Shape, Sink, Style, priogrid};

/// The project's own tables, read from the source tree: the shapes need codes of countries and of disorder types.
fn tables() -> (Countries, Crosswalk) {
    let read = |file: &str| {
        let path = format!("{}/../../knowledge/{file}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(&path).expect("a table")
    };
    (
        Countries::from_table(&read("countries.tsv")).expect("countries"),
        Crosswalk::from_table(&read("crosswalk.tsv")).expect("crosswalk"),
    )
}

fn document() -> CodedDocument {
    serde_json::from_str(include_str!("../fixtures/coded.json")).expect("a coded document")
}

/// One line a cell, since rows of 49 columns cannot be read.
fn upright(csv: &[u8]) -> String {
    let mut reader = csv::Reader::from_reader(csv);
    let header = reader.headers().expect("a header").clone();
    let mut out = String::new();
    for row in reader.records() {
        for (name, cell) in header.iter().zip(&row.expect("a row")) {
            out.push_str(format!("{name}: {cell}").trim_end());
            out.push('\n');
        }
        out.push('\n');
    }
    out
}

/// Writes the document's events; how many of them do not belong there.
fn fill(mut sink: Box<dyn Sink + '_>, context: &Context<'_>) -> u64 {
    let document = document();
    let mut left_out = 0;
    for event in &document.events {
        left_out += u64::from(!sink.row(&Row::of_event(&document.document, event, context)).expect("a row"));
    }
    sink.finish().expect("an end");
    left_out
}

fn csv(shape: &'static Shape) -> (Vec<u8>, u64) {
    let (countries, crosswalk) = tables();
    let context = Context { countries: &countries, crosswalk: &crosswalk, inter: Inter::Text };
    let mut bytes = Vec::new();
    let left_out = fill(Box::new(Csv::new(shape, Style::default(), &mut bytes).expect("a header")), &context);
    (bytes, left_out)
}

#[test]
fn acled() {
    assert_eq!(ACLED.columns.len(), 31);
    let (bytes, left_out) = csv(&ACLED);
    assert_eq!(left_out, 2, "the historical and the denied event are no rows");
    insta::assert_snapshot!(upright(&bytes));
}

#[test]
fn ged() {
    assert_eq!(GED.columns.len(), 49);
    let (bytes, left_out) = csv(&GED);
    assert_eq!(left_out, 2);
    insta::assert_snapshot!(upright(&bytes));
}

#[test]
fn headers_are_their_owners() {
    let names = |shape: &Shape| shape.columns.iter().map(|column| column.name).collect::<Vec<_>>().join(",");
    assert_eq!(
        names(&ACLED),
        "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,assoc_actor_1,inter1,\
         actor2,assoc_actor_2,inter2,interaction,civilian_targeting,iso,region,country,admin1,admin2,admin3,location,latitude,\
         longitude,geo_precision,source,source_scale,notes,fatalities,tags,timestamp"
    );
    assert_eq!(
        names(&GED),
        "id,relid,year,active_year,code_status,type_of_violence,conflict_dset_id,conflict_new_id,conflict_name,dyad_dset_id,\
         dyad_new_id,dyad_name,side_a_dset_id,side_a_new_id,side_a,side_b_dset_id,side_b_new_id,side_b,number_of_sources,\
         source_article,source_office,source_date,source_headline,source_original,where_prec,where_coordinates,\
         where_description,adm_1,adm_2,latitude,longitude,geom_wkt,priogrid_gid,country,country_id,region,event_clarity,\
         date_prec,date_start,date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,high,low,gwnoa,gwnob"
    );
}

#[test]
fn geojson() {
    let (countries, crosswalk) = tables();
    let context = Context { countries: &countries, crosswalk: &crosswalk, inter: Inter::Text };
    let mut bytes = Vec::new();
    assert_eq!(fill(Box::new(GeoJson::new(&mut bytes).expect("a beginning")), &context), 2);
    let value: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
    insta::assert_snapshot!(serde_json::to_string_pretty(&value).expect("JSON"));
}

#[test]
fn a_collection_without_events_is_valid() {
    let mut bytes = Vec::new();
    Box::new(GeoJson::new(&mut bytes).expect("a beginning")).finish().expect("an end");
    let value: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
    assert_eq!(value["features"], serde_json::json!([]));
}

#[test]
fn prio_grid_agrees_with_a_published_row() {
    // UCDP GED's own row at this point has this cell.
    assert_eq!(priogrid(22.488_976, 90.062_732), Some(161_821));
    assert_eq!(priogrid(-90.0, -180.0), Some(1));
    assert_eq!(priogrid(90.0, 180.0), Some(259_200));
    assert_eq!(priogrid(f64::NAN, 0.0), None);
    assert_eq!(priogrid(91.0, 0.0), None);
}

#[test]
fn a_cell_that_would_run_in_a_spreadsheet_is_made_harmless() {
    let (bytes, _) = csv(&GED);
    let text = String::from_utf8(bytes).expect("UTF-8");
    assert!(text.contains(",'=Five soldiers killed near Garuma,"), "{text}");
}
