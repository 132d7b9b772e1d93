//! What was written is taken for what it is when it comes back, and every field of an imported row points at its words.

#![allow(clippy::unwrap_used, clippy::panic)]

#[allow(dead_code)]
mod support;

use proptest::prelude::*;
use record::CodedDocument;
use support::{context, dossier, fill, tables};
use watchpost_exchange::import::{Imported, Tables, read};
use watchpost_exchange::read::{Layout, Lines};
use watchpost_exchange::{Csv, Dossier, Inter, Row, Style};

/// A table of incidents in those columns, read again.
fn there_and_back(layout: Layout, dossiers: &[Dossier], style: Style, inter: Inter) -> Vec<Imported> {
    let tables = tables();
    let mut bytes = Vec::new();
    fill(Box::new(Csv::new(layout.shape(), style, &mut bytes).unwrap()), dossiers, &context(&tables, inter));
    let with = Tables { countries: &tables.0, crosswalk: &tables.1, actors: None };
    let lines = Lines::new(layout, bytes.as_slice()).expect("a table");
    lines.map(|line| read(layout, line.expect("a row"), with).expect("a row that can be read")).collect()
}

fn document(row: &Imported) -> (String, CodedDocument) {
    let tables = tables();
    let with = Tables { countries: &tables.0, crosswalk: &tables.1, actors: None };
    (row.text(), row.document(with, "a dataset", &"0".repeat(64), "test"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn an_export_that_nobody_changed_changes_nothing(
        dossiers in proptest::collection::vec(dossier(), 1..4), bom in any::<bool>(), hxl in any::<bool>(), numeric in any::<bool>(),
    ) {
        let tables = tables();
        let context = context(&tables, Inter::Text);
        let inter = if numeric { Inter::Numeric } else { Inter::Text };
        for layout in [Layout::Acled, Layout::Ged] {
            let style = Style { bom, hxl, tabs: false };
            let rows = there_and_back(layout, &dossiers, style, inter);
            let shown = dossiers.iter().map(|dossier| Row::of_incident(dossier, &context));
            let shown: Vec<Row<'_>> = shown.filter(|row| (layout.shape().takes)(row)).collect();
            prop_assert_eq!(rows.len(), shown.len());
            for (row, shown) in rows.iter().zip(&shown) {
                prop_assert_eq!(&row.id, &shown.id());
                prop_assert_eq!(row.changed_from(shown), vec![]);
            }
        }
    }

    #[test]
    fn every_field_of_an_imported_row_points_at_its_words(dossier in dossier()) {
        for layout in [Layout::Acled, Layout::Ged] {
            for row in there_and_back(layout, std::slice::from_ref(&dossier), Style::default(), Inter::Text) {
                let (text, document) = document(&row);
                let letters: Vec<char> = text.chars().collect();
                let slice = |start: usize, end: usize| letters[start..end].iter().collect::<String>();
                let event = &document.events[0];
                for evidence in &event.evidence {
                    prop_assert_eq!(slice(evidence.start, evidence.end), evidence.quote.as_str());
                    prop_assert!(!evidence.quote.is_empty());
                }
                let people = event.actors.iter().chain(&event.recipients).chain(&event.reported_by);
                for mention in people.flat_map(|one| &one.mentions) {
                    prop_assert_eq!(slice(mention.start, mention.end), mention.text.as_str());
                }
                for place in &event.places {
                    prop_assert_eq!(slice(place.start, place.end), place.text.as_str());
                }
                for count in &event.counts.killed {
                    prop_assert_eq!(slice(count.start, count.end), count.text.as_str());
                }
                prop_assert_eq!(document.document.chars, letters.len());
                prop_assert_eq!(row.changed_since(&text), vec![], "a row is what it was");
            }
        }
    }

    #[test]
    fn any_bytes_are_safe(bytes in proptest::collection::vec(any::<u8>(), 0..400), words in "[a-z,;\"\n#=]{0,80}") {
        let tables = tables();
        let with = Tables { countries: &tables.0, crosswalk: &tables.1, actors: None };
        let header = "event_id_cnty,event_date,sub_event_type,iso,latitude,longitude,timestamp\n";
        let table = [header.as_bytes(), words.as_bytes(), b"\n", &bytes].concat();
        for input in [bytes.as_slice(), table.as_slice()] {
            for layout in [Layout::Acled, Layout::Ged] {
                if let Ok(lines) = Lines::new(layout, input) {
                    for line in lines.flatten() {
                        let _ = read(layout, line, with);
                    }
                }
            }
        }
    }
}

#[test]
fn a_changed_cell_is_a_correction_of_its_field_and_no_other() {
    use record::{Correction, FieldName, Harm};
    let tables = tables();
    let context = context(&tables, Inter::Text);
    let dossiers: Vec<Dossier> =
        serde_json::from_str(include_str!("../fixtures/dossiers.json")).expect("incidents");
    let with = Tables { countries: &tables.0, crosswalk: &tables.1, actors: None };
    let rows = there_and_back(Layout::Acled, &dossiers, Style::default(), Inter::Text);
    let shown = Row::of_incident(&dossiers[0], &context);
    let corrected = |column: &'static str, value: &str| {
        let mut line = rows[0].line.clone();
        line.cells.insert(column, value.to_owned());
        let row = read(Layout::Acled, line, with).expect("a row");
        row.corrections(&row.changed_from(&shown), &dossiers[0], &shown, with)
    };
    let fields = |column, value| corrected(column, value).iter().map(Correction::field).collect::<Vec<_>>();
    assert_eq!(fields("fatalities", "9"), [FieldName::Figure(Harm::Killed)]);
    assert_eq!(fields("fatalities", "8.0"), []);
    assert_eq!(fields("event_date", "4 March 2020"), []);
    assert_eq!(fields("event_date", "2020-03-05"), [FieldName::Dates]);
    assert_eq!(fields("sub_event_type", "Armed clash"), []);
    // ACLED's precision was not changed, so what is known better stays.
    let [Correction::Place(Some(place))] = &corrected("admin2", "Konduga")[..] else { panic!("a place") };
    assert_eq!(
        (place.where_precision, place.geonameid, place.admin2.as_deref()),
        (Some(2), Some(2_339_937), Some("Konduga"))
    );
    let [Correction::Actors(actors)] = &corrected("assoc_actor_1", "River Guard")[..] else {
        panic!("actors")
    };
    // Who was there already stays who they are, and the new one is only a name.
    assert_eq!(actors[0].actor_id.as_deref(), Some("jund-rifles"));
    assert_eq!((actors[1].label.as_deref(), actors.len()), (Some("River Guard"), 3));
}
