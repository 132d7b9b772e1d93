//! What the places that come with the program are worth: spellings of the news to the right spot, and names that are borne twice.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests fail as tests do, and say what they skip"
)]

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use record::country::Countries;
use record::{Place, Relation};
use text::Text;
use watchpost_where::builder::{NewPlace, build};
use watchpost_where::geo::distance_km;
use watchpost_where::{Gazetteer, Hints, PackBytes};

const COUNTRIES: &str = include_str!("../../../knowledge/countries.tsv");
const PLACES: &str = include_str!("../../../knowledge/places.tsv");
const LOCAL: &str = include_str!("../../../knowledge/local-places.tsv");
const FOUGHT_OVER: &str = include_str!("../../../knowledge/fought-over.tsv");

fn gazetteer(packs: Vec<PackBytes>) -> Gazetteer {
    let countries = Countries::from_table(COUNTRIES).unwrap();
    Gazetteer::new(packs, PLACES, &[LOCAL, FOUGHT_OVER], &countries).unwrap()
}

fn default_pack() -> Option<PackBytes> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../packs/gazetteer.wpk");
    let bytes = std::fs::read(path).ok();
    if bytes.is_none() {
        println!("skipped: no packs/gazetteer.wpk; scripts/setup-packs builds it");
    }
    bytes.map(|bytes| Arc::new(bytes) as PackBytes)
}

/// Towns that share names with others.
fn towns() -> PackBytes {
    let town = |name: &str, aliases: &[&str], country: &str, feature: &str, population: u64, at| NewPlace {
        name: name.to_owned(),
        aliases: aliases.iter().map(|&alias| alias.to_owned()).collect(),
        country: country.to_owned(),
        population,
        position: Some(at),
        feature: feature.to_owned(),
        ..NewPlace::default()
    };
    let places = [
        town("Jalalabad", &[], "AF", "PPLA", 200_000, (34.43, 70.45)),
        town("Sylhet", &["Jalalabad City"], "BD", "PPLA", 530_000, (24.9, 91.87)),
        town("Damascus", &[], "SY", "PPLC", 1_500_000, (33.51, 36.29)),
        town("Jerusalem", &[], "IL", "PPLA", 800_000, (31.78, 35.22)),
        town("Swat", &[], "PK", "PPLA", 700_000, (34.8, 72.35)),
        town("Kabul", &[], "AF", "PPLC", 4_000_000, (34.53, 69.17)),
        town("Kandahar", &[], "AF", "PPLA", 500_000, (31.61, 65.71)),
        town("Region", &[], "BO", "PPL", 300_000, (-17.0, -65.0)),
        town("Mansoura", &["Al Mansoura"], "EG", "PPLA", 420_000, (31.04, 31.38)),
        town("Aden", &[], "YE", "PPLA", 550_000, (12.78, 45.04)),
        town("Mirona", &[], "AF", "PPL", 300_000, (33.0, 66.0)),
        town("Mirona", &[], "BR", "PPL", 420_000, (-10.0, -50.0)),
    ];
    Arc::new(build(&[], &places).unwrap())
}

fn read(raw: &str) -> Vec<Place> {
    let gazetteer = gazetteer(vec![towns()]);
    let text = Text::new(raw);
    let toponyms = gazetteer.find_all(&text, &[]);
    gazetteer.resolve(&text, &toponyms, &Hints::default())
}

fn place(raw: &str, name: &str) -> Place {
    let places = read(raw);
    places
        .iter()
        .find(|place| place.text == name)
        .cloned()
        .unwrap_or_else(|| panic!("{name} not in {places:?}"))
}

/// A spelling of the news, where it is, and how far off a point for it may lie: large for a province.
const SPELLINGS: &[(&str, &str, f64, f64, f64)] = &[
    ("al-Baghouz", "Syria", 34.45, 40.95, 15.0),
    ("Deir ez-Zor", "Syria", 35.34, 40.14, 70.0),
    ("Palmyra", "Syria", 34.56, 38.27, 15.0),
    ("Ain Issa", "Syria", 36.38, 38.86, 15.0),
    ("Derik", "Syria", 37.18, 42.14, 15.0),
    ("al-Malikiyah", "Syria", 37.18, 42.14, 15.0),
    ("Qamishlo", "Syria", 37.05, 41.23, 15.0),
    ("Qamishli", "Syria", 37.05, 41.23, 15.0),
    ("Jurf al-Sakhar", "Iraq", 32.87, 44.22, 15.0),
    ("Jurf al-Nasr", "Iraq", 32.87, 44.22, 15.0),
    ("Jarf", "Iraq", 32.87, 44.22, 15.0),
    ("Salah al-Din", "Iraq", 34.5, 43.6, 110.0),
    ("Kirkuk", "Iraq", 35.47, 44.39, 50.0),
    ("Diyala", "Iraq", 33.9, 45.0, 90.0),
    ("North Sinai", "Egypt", 30.6, 33.8, 110.0),
    ("Bir al-Abd", "Egypt", 31.02, 33.01, 20.0),
    ("Al-Amiriya", "Egypt", 30.11, 31.3, 15.0),
    ("Sheikh Zuweid", "Egypt", 31.22, 34.11, 15.0),
    ("Rafah", "Egypt", 31.28, 34.24, 15.0),
    ("Hasakah", "Syria", 36.5, 40.75, 70.0),
    ("al-Hawl", "Syria", 36.39, 41.15, 15.0),
    ("Raqqa", "Syria", 35.95, 39.01, 60.0),
    ("Makhmour", "Iraq", 35.78, 43.58, 15.0),
    ("Hawija", "Iraq", 35.32, 43.77, 15.0),
    ("Khanaqin", "Iraq", 34.35, 45.39, 15.0),
    ("Jalawla", "Iraq", 34.27, 45.17, 15.0),
    ("al-Sukhnah", "Syria", 34.89, 38.87, 15.0),
];

#[test]
fn spellings_of_one_report_lie_where_they_lie() {
    let Some(pack) = default_pack() else { return };
    let gazetteer = gazetteer(vec![pack]);
    for &(spelling, country, lat, lon, km) in SPELLINGS {
        let raw = format!("Three people were killed in {spelling} in {country} on Monday.");
        let text = Text::new(&raw);
        let toponyms = gazetteer.find_all(&text, &[]);
        let places = gazetteer.resolve(&text, &toponyms, &Hints::default());
        let found =
            places.iter().find(|place| place.text.contains(spelling) || spelling.contains(&place.text));
        let at = found.and_then(|place| place.latitude.zip(place.longitude));
        assert!(at.is_some_and(|at| distance_km(at, (lat, lon)) <= km), "{spelling}: {found:?}");
    }
}

#[test]
fn the_tables_know_what_is_fought_over() {
    let rows = |table: &'static str| {
        table.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).skip(1).map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            (cells[0], cells[2], cells[5], cells[6].parse::<f64>(), cells[7].parse::<f64>(), cells[8])
        })
    };
    let all: Vec<_> = rows(LOCAL).chain(rows(FOUGHT_OVER)).collect();
    let countries: BTreeSet<&str> = all.iter().map(|row| row.1).filter(|code| !code.is_empty()).collect();
    assert!(
        all.len() >= 1_500 && countries.len() >= 30,
        "{} places in {} countries",
        all.len(),
        countries.len()
    );
    for (name, _, feature, lat, lon, source) in &all {
        let there = lat.as_ref().is_ok_and(|lat| lat.abs() < 75.0)
            && lon.as_ref().is_ok_and(|lon| lon.abs() <= 180.0);
        assert!(there && !feature.is_empty() && matches!(*source, "ours" | "UCDP" | "WOF"), "{name}");
    }
}

#[test]
fn a_local_place_needs_a_sign_of_place() {
    assert_eq!(
        place("Gunmen attacked an outpost in Nassoumbou.", "Nassoumbou").country.as_deref(),
        Some("BFA")
    );
    assert_eq!(read("Nassoumbou said that he was tired.").len(), 0);
    // Nobody else bears the name: a neighbour that is named changes nothing.
    let border = "Gunmen shot three policemen in Inates, near the border with Mali.";
    assert_eq!(place(border, "Inates").country.as_deref(), Some("NER"));
}

#[test]
fn a_word_of_kind_or_an_acronym_names_nothing() {
    assert!(read("Two people died in an eastern region (Region) of the country.").is_empty());
    assert!(read("He was shot dead by local SWAT units.").is_empty());
    assert_eq!(place("Two men died in Swat.", "Swat").country.as_deref(), Some("PAK"));
}

#[test]
fn a_city_is_itself_and_not_what_another_was_called() {
    let city = place("The explosions occurred in Jalalabad City.", "Jalalabad City");
    assert_eq!(city.country.as_deref(), Some("AFG"), "{city:?}");
}

#[test]
fn gates_and_streets_are_called_after_other_places() {
    let gate = place("Two people were stabbed at Damascus Gate in the north of Jerusalem.", "Damascus Gate");
    assert_eq!(gate.country.as_deref(), Some("ISR"));
    let gate = place("Two people were stabbed at Kabul Gate.", "Kabul Gate");
    assert_eq!((gate.name, gate.country), (None, None), "{}", gate.reason);
    let gate = place("Two people were stabbed at the Kabul gate in Jerusalem.", "Kabul");
    assert_eq!((gate.name, gate.country.as_deref()), (None, Some("ISR")), "{}", gate.reason);
    let street = place("A car bomb went off in Kandahar Street.", "Kandahar");
    assert_eq!(street.name, None, "{}", street.reason);
    let street = place("A car bomb went off in Kandahar Street, Afghan police said.", "Kandahar");
    assert_eq!(street.country.as_deref(), Some("AFG"));
    assert_eq!(place("A bomb went off in a Kabul hotel.", "Kabul").country.as_deref(), Some("AFG"));
}

#[test]
fn a_road_is_called_after_both_its_ends() {
    for raw in [
        "Gunmen stopped a bus on the Kabul-Kandahar highway on Monday.",
        "Gunmen stopped a bus on the Kabul – Kandahar highway on Monday.",
    ] {
        let ends = read(raw);
        let names: Vec<&str> = ends.iter().map(|place| place.text.as_str()).collect();
        assert_eq!(names, ["Kabul", "Kandahar"], "{raw}");
        assert!(
            ends.iter().all(|place| place.relation == Relation::Along && place.where_precision == Some(5))
        );
        let slice =
            |place: &Place| raw.chars().skip(place.start).take(place.end - place.start).collect::<String>();
        assert!(ends.iter().all(|place| slice(place) == place.text));
    }
    assert!(read("The Anderson-Miller line of products was sold.").is_empty());
}

#[test]
fn a_district_of_a_city_is_no_city_abroad() {
    let quarter = place("Gunmen shot an officer in Mansoura district of Aden.", "Mansoura");
    assert_eq!(quarter.country.as_deref(), Some("YEM"), "{quarter:?}");
}

#[test]
fn a_name_is_no_witness_in_its_own_case() {
    // The larger namesake would win by what it said of itself; one adjective tells of the other.
    let town = place("A bomb went off in Mirona. The Afghan army closed the road.", "Mirona");
    assert_eq!(town.country.as_deref(), Some("AFG"), "{town:?}");
    let alone = place("A bomb went off in Mirona.", "Mirona");
    assert!(!alone.reason.contains("that the report names"), "{}", alone.reason);
}
