//! Names to places with the supplement and the countries alone, and with the pack where it was built.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail as tests do")]

use std::path::PathBuf;
use std::sync::Arc;

use proptest::prelude::*;
use record::country::Countries;
use record::{Place, Relation};
use text::{Span, Text};
use watchpost_where::builder::{NewPlace, build};
use watchpost_where::{Gazetteer, Hints, Level, PackBytes};

const COUNTRIES: &str = include_str!("../../../knowledge/countries.tsv");
const PLACES: &str = include_str!("../../../knowledge/places.tsv");
const LOCAL: &str = include_str!("../../../knowledge/local-places.tsv");
const FOUGHT_OVER: &str = include_str!("../../../knowledge/fought-over.tsv");

fn countries() -> Countries {
    Countries::from_table(COUNTRIES).unwrap()
}

/// A small pack of towns that share names.
fn towns() -> PackBytes {
    let town = |name: &str, country: &str, admin1: &str, population: u64, lat: f64, lon: f64| NewPlace {
        name: name.to_owned(),
        country: country.to_owned(),
        admin1: admin1.to_owned(),
        population,
        position: Some((lat, lon)),
        feature: "PPL".to_owned(),
        ..NewPlace::default()
    };
    let places = [
        town("Paris", "FR", "Île-de-France", 2_100_000, 48.85, 2.35),
        town("Paris", "US", "Texas", 25_000, 33.66, -95.55),
        town("Baghdad", "IQ", "Baghdad", 6_000_000, 33.34, 44.4),
        town("Cairo", "EG", "Cairo", 9_000_000, 30.06, 31.25),
        town("Mosul", "IQ", "Nineveh", 1_700_000, 36.34, 43.13),
        town("Kabul", "AF", "Kabul", 4_000_000, 34.53, 69.17),
        town("Washington", "US", "District of Columbia", 600_000, 38.9, -77.0),
        town("Tripoli", "LY", "Tripoli", 1_100_000, 32.89, 13.19),
        town("Tripoli", "LB", "North", 230_000, 34.43, 35.84),
    ];
    Arc::new(build(&[], &places).unwrap())
}

fn gazetteer() -> Gazetteer {
    Gazetteer::new(vec![towns()], PLACES, &[LOCAL, FOUGHT_OVER], &countries()).unwrap()
}

fn read(raw: &str) -> Vec<Place> {
    let gazetteer = gazetteer();
    let text = Text::new(raw);
    let toponyms = gazetteer.find_all(&text, &[]);
    gazetteer.resolve(&text, &toponyms, &Hints::default())
}

fn names(raw: &str) -> Vec<String> {
    read(raw).into_iter().map(|place| place.text).collect()
}

fn place(raw: &str, name: &str) -> Place {
    let places = read(raw);
    places
        .iter()
        .find(|place| place.text == name)
        .cloned()
        .unwrap_or_else(|| panic!("{name} not in {places:?}"))
}

#[test]
fn a_district_in_a_province() {
    let raw = "KABUL, Afghanistan (Jan. 25) - Troops searched a compound in Sangin district, Helmand province, on Friday.";
    let sangin = place(raw, "Sangin");
    assert_eq!(
        (sangin.country.as_deref(), sangin.admin1.as_deref(), sangin.where_precision),
        (Some("AFG"), Some("Helmand"), Some(3))
    );
    let helmand = place(raw, "Helmand");
    assert_eq!((helmand.feature_code.as_deref(), helmand.where_precision), (Some("ADM1"), Some(4)));
    assert_eq!(place(raw, "KABUL").country.as_deref(), Some("AFG"));
}

#[test]
fn the_rest_of_the_report_decides() {
    assert_eq!(
        place("A bomb went off in Tripoli. Libyan police sealed the area.", "Tripoli").country.as_deref(),
        Some("LBY")
    );
    let lebanese =
        "A bomb went off in Tripoli. Lebanon sent troops to the city, and the Lebanese army closed roads.";
    assert_eq!(place(lebanese, "Tripoli").country.as_deref(), Some("LBN"));
    assert_eq!(place("He was shot in Paris, Texas, on Monday.", "Paris").country.as_deref(), Some("USA"));
    assert!(!place("Shots were heard in Paris overnight.", "Paris").alternatives.is_empty());
}

#[test]
fn the_text_knows_better_what_lies_in_what() {
    let raw = "A convoy was hit in Sangin district, Kandahar province, on Friday.";
    let sangin = place(raw, "Sangin");
    assert_eq!((sangin.country.as_deref(), sangin.admin1.as_deref()), (Some("AFG"), Some("Kandahar")));
}

#[test]
fn a_quarter_lies_in_its_city() {
    // The supplement knows an Ain Shams of Cairo only.
    let quarter = place("A bomb went off in the Baghdad neighbourhood of Ain Shams.", "Ain Shams");
    assert_eq!((quarter.name.as_deref(), quarter.country.as_deref()), (None, Some("IRQ")));
    let quarter = place("A bomb went off in the Baghdad neighbourhood of Amiriya.", "Amiriya");
    assert_eq!((quarter.name.as_deref(), quarter.country.as_deref()), (Some("Amiriya"), Some("IRQ")));
    // A comma alone makes no city part of another.
    assert_eq!(place("He spoke in Cairo, Paris and Mosul.", "Cairo").country.as_deref(), Some("EGY"));
}

#[test]
fn a_name_can_say_itself_that_it_is_a_place() {
    assert_eq!(names("Troops shelled the Okandra Hills overnight."), ["Okandra Hills"]);
    assert_eq!(names("Two rockets landed near the Belushi Power Plant."), ["Belushi Power Plant"]);
    assert_eq!(names("Rebels took Kafr Zubin from government troops last week."), ["Kafr Zubin"]);
    assert_eq!(names("Five people died in Mutarelli, a doctor said."), ["Mutarelli"]);
    assert_eq!(names("The army entered Zabdoun on Friday."), ["Zabdoun"]);
    assert_eq!(names("A bomb went off in the Hurriyan district of Baghdad."), ["Hurriyan", "Baghdad"]);
    assert_eq!(names("Fighters fled the village of Qaza Ali."), ["Qaza Ali"]);
    assert_eq!(names("Mr Okandra praised Mutarelli and thanked Congress."), [""; 0]);
}

#[test]
fn english_words_are_no_part_of_a_name() {
    assert_eq!(names("A bomb went off in Mosul at the Jalaq hospital."), ["Mosul", "Jalaq"]);
    assert_eq!(names("At Mosul in the north some thousands marched."), ["Mosul"]);
    assert_eq!(names("Gunmen struck Andar Local Government Area on Friday, police said."), ["Andar"]);
}

#[test]
fn two_names_joined_by_of() {
    assert_eq!(names("A siege went on in Andar District of Ghazni Province."), ["Andar", "Ghazni"]);
    assert_eq!(names("Two bombs went off in the Old City of Mosul."), ["Mosul"]);
    assert_eq!(names("Gunmen fled Baghdad The police gave no reason."), ["Baghdad"]);
    assert_eq!(names("Most of the dead were Western tourists."), [""; 0]);
}

#[test]
fn relations_and_distances() {
    let place_of = |raw: &str| place(raw, "Baghdad");
    let town = place_of("The convoy was hit about 40 km west of Baghdad on Sunday.");
    assert_eq!(
        (town.relation, town.distance_km, town.where_precision),
        (Relation::WestOf, Some(40.0), Some(5))
    );
    assert!((town.longitude.unwrap() - 43.97).abs() < 0.02, "moved west: {:?}", town.longitude);
    let near = place_of("A checkpoint 10 miles (16 kilometers) north of Baghdad was attacked.");
    assert_eq!((near.relation, near.where_precision), (Relation::NorthOf, Some(2)));
    assert_eq!(place_of("They fought near Baghdad.").relation, Relation::Near);
    assert_eq!(place_of("A mine exploded on the road from Baghdad to Mosul.").relation, Relation::Along);
    assert_eq!(place_of("Police patrol the outskirts of Baghdad.").relation, Relation::Near);
    let desert = place("Fighters hid in the desert of Palmyra.", "Palmyra");
    assert_eq!((desert.relation, desert.where_precision), (Relation::Near, Some(2)));
    assert_eq!(place_of("A car burned south of the city of Baghdad.").relation, Relation::SouthOf);
    assert_eq!(place_of("Gunmen stopped a bus between Baghdad and Mosul.").relation, Relation::Between);
}

#[test]
fn a_part_of_a_country_is_no_division_and_has_no_position() {
    for raw in ["Fighting resumed in northern Syria.", "Fighting resumed in the north of Syria."] {
        let syria = place(raw, "Syria");
        assert_eq!(
            (syria.relation, syria.where_precision, syria.latitude),
            (Relation::PartOf, Some(5), None),
            "{raw}"
        );
    }
    let syria = place("Fighting resumed in Syria.", "Syria");
    assert_eq!((syria.where_precision, syria.latitude), (Some(6), None));
}

#[test]
fn unknown_names_are_found_where_the_words_say_so() {
    let raw = "Armed men burned the village of Zorbadeh in Helmand province. They killed four farmers in Tolkhana, Helmand.";
    let found = names(raw);
    assert!(found.contains(&"Zorbadeh".to_owned()) && found.contains(&"Tolkhana".to_owned()), "{found:?}");
    let village = place(raw, "Zorbadeh");
    assert_eq!(
        (village.name, village.admin1.as_deref(), village.country.as_deref()),
        (None, Some("Helmand"), Some("AFG"))
    );
}

#[test]
fn words_further_off_call_a_name_a_place() {
    for (raw, name) in [
        ("Troops took up positions along Highway 80 at noon.", "Highway 80"),
        ("Shells fell on both the Qumreh and Bardun suburbs.", "Qumreh"),
        ("Gunmen burned down Tolgaru, a small farming village, and left.", "Tolgaru"),
        ("They met at a place called Dorbanti before dawn.", "Dorbanti"),
        ("The siege of Velmark went on.", "Velmark"),
        ("The rebels launched an assault on Kerdosh.", "Kerdosh"),
        ("The army was targeting the strategic Hadiya Power Plant.", "Hadiya Power Plant"),
    ] {
        assert!(names(raw).iter().any(|found| found == name), "{raw}: {:?}", names(raw));
    }
    for raw in [
        "A village elder named Torvan spoke.",
        "They praised Torvan, a tall man.",
        "Route planners met 40 people.",
    ] {
        assert!(names(raw).is_empty(), "{raw}: {:?}", names(raw));
    }
}

#[test]
fn a_name_says_what_it_is_behind_a_word_for_it_too() {
    for (raw, name) in [
        ("Fighting spread through the Dorvash Valley area on Monday.", "Dorvash Valley"),
        ("Guards walked the banks of Tolgar River at night.", "Tolgar River"),
        ("Rebels fled into the Turkmen Mountains after dawn.", "Turkmen Mountains"),
        ("Soldiers shot him on the Tolgar bridge by mistake.", "Tolgar"),
        ("Shells fell east of Khan Dorvash on Monday.", "Khan Dorvash"),
        ("They died in Khan al-Dorvash, he said.", "Khan al-Dorvash"),
        ("Shells fell in central Dorvash after noon.", "Dorvash"),
        ("Militiamen patrolled the hills surrounding Dorvash, he said.", "Dorvash"),
        ("Fighters attacked the key town of ‘Dorvash on Monday.", "‘Dorvash"),
        ("The troops were patrolling Dorvash Monday night.", "Dorvash"),
    ] {
        assert!(names(raw).iter().any(|found| found == name), "{raw}: {:?}", names(raw));
    }
    // A quotation mark is no letter of a name.
    assert_eq!(names("He called it ''Mosul, the city of spring''."), ["Mosul"]);
}

#[test]
fn the_places_of_a_list_are_all_found() {
    for (raw, found) in [
        (
            "Herdsmen raided four villages: Demsat, Wunak, Dikar and Tabun in what they called revenge.",
            vec!["Demsat", "Wunak", "Dikar", "Tabun"],
        ),
        (
            "They shelled the settlements of Demsat (five times), Wunak (twice) and Dikar.",
            vec!["Demsat", "Wunak", "Dikar"],
        ),
        ("The rebels hold key towns in the east, including Demsat and Wunak.", vec!["Demsat", "Wunak"]),
    ] {
        assert_eq!(names(raw), found, "{raw}");
    }
    assert!(names("Four men were held: Demsat, Wunak and Dikar.").is_empty());
    assert!(names("Towns were quiet, officials including Demsat said.").is_empty());
}

#[test]
fn what_is_captured_is_a_place_where_the_gazetteer_knows_it() {
    let pack = |name: &str| {
        let town = NewPlace {
            name: name.to_owned(),
            country: "BA".to_owned(),
            feature: "PPL".to_owned(),
            ..NewPlace::default()
        };
        Gazetteer::new(vec![Arc::new(build(&[], &[town]).unwrap())], PLACES, &[], &countries()).unwrap()
    };
    let found = |raw: &str| -> Vec<String> {
        let text = Text::new(raw);
        pack("Grahvo").find_all(&text, &[]).iter().map(|name| text.slice(name.span).to_owned()).collect()
    };
    assert_eq!(found("Croat troops captured Grahvo on Monday."), ["Grahvo"]);
    assert_eq!(found("Shots were heard in Serb-held Grahvo, he said."), ["Grahvo"]);
    assert_eq!(found("Shots rang out in the Grahvo neighborhood of the port city."), ["Grahvo"]);
    // A person of that name, or one that no gazetteer has.
    assert!(found("Police captured Grahvo in 1998.").is_empty());
    assert!(found("Police captured Dorvash on Monday.").is_empty());
}

#[test]
fn persons_peoples_and_papers_are_no_places() {
    for raw in [
        "Paris Hilton left early.",
        "The Washington Post reported it first.",
        "Mr. Washington declined to comment.",
        "Syrian and Turkish officials met.",
        "Michael Jordan retired. Jordan said he was tired.",
        "It happened in May, officials said.",
    ] {
        assert_eq!(names(raw), Vec::<String>::new(), "{raw}");
    }
    assert_eq!(names("Refugees crossed into Jordan."), ["Jordan"]);
}

#[test]
fn blocked_spans_are_left_alone() {
    let gazetteer = gazetteer();
    let raw = "The Islamic State in Iraq attacked Mosul.";
    let text = Text::new(raw);
    let found = gazetteer.find_all(&text, &[Span::new(4, 25)]);
    assert_eq!(found.iter().map(|toponym| text.slice(toponym.span)).collect::<Vec<_>>(), ["Mosul"]);
}

#[test]
fn text_without_case() {
    let raw = "guerrillas attacked a patrol in mosul, iraq. the police are reading the reports.";
    assert_eq!(names(raw), ["mosul", "iraq"]);
    assert_eq!(names("GUERRILLAS ATTACKED AN ARMY PATROL NEAR MOSUL YESTERDAY"), ["MOSUL"]);
}

#[test]
fn a_list_nests_nothing() {
    let places = read("The law holds in Arizona, Georgia and Ohio.");
    let georgia = places.iter().find(|place| place.text == "Georgia").unwrap();
    assert_eq!(georgia.country.as_deref(), Some("USA"), "{places:?}");
}

#[test]
fn spellings_meet() {
    let gazetteer = gazetteer();
    for (name, country) in [
        ("al-Baghouz", "SYR"),
        ("Qamishlo", "SYR"),
        ("Kamishly", "SYR"),
        ("Deir Ezzor", "SYR"),
        ("Jurf al-Nasr", "IRQ"),
        ("Makhmoor", "IRQ"),
        ("Cheikh Zouweid", "EGY"),
        ("Bir el-Abed", "EGY"),
        ("Mukalla", "YEM"),
    ] {
        let found = gazetteer.lookup(name);
        assert!(
            found.iter().any(|candidate| candidate.country.as_deref() == Some(country)),
            "{name}: {found:?}"
        );
    }
}

#[test]
fn every_division_of_four_countries_resolves_under_its_spellings() {
    let gazetteer = gazetteer();
    let (mut provinces, mut spellings) = (0, 0);
    for line in PLACES.lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [name, aliases, country @ ("AFG" | "IRQ" | "SYR" | "EGY"), _, _, "ADM1", ..] = cells.as_slice()
        else {
            continue;
        };
        provinces += 1;
        for spelling in std::iter::once(name)
            .chain(aliases.split('|').filter(|alias| !alias.is_empty()).collect::<Vec<_>>().iter())
        {
            let raw = format!("Two men were killed in {spelling} province.");
            let text = Text::new(&raw);
            let start = raw.find(spelling).unwrap();
            let toponym = gazetteer.mention(&text, Span::new(start, start + spelling.len()));
            let hints = Hints { countries: vec![(*country).to_owned()], ..Hints::default() };
            let place = gazetteer.resolve(&text, &[toponym], &hints).remove(0);
            assert_eq!(
                (place.country.as_deref(), place.feature_code.as_deref()),
                (Some(*country), Some("ADM1")),
                "{spelling}: {}",
                place.reason
            );
            spellings += 1;
        }
    }
    assert!(provinces >= 34 + 18 + 13 + 27, "{provinces} divisions, {spellings} spellings");
}

#[test]
fn the_built_pack_knows_the_world() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../packs/gazetteer.wpk");
    let Ok(bytes) = std::fs::read(&path) else {
        println!("skipped: no packs/gazetteer.wpk; scripts/setup-packs builds it");
        return;
    };
    let gazetteer =
        Gazetteer::new(vec![Arc::new(bytes)], PLACES, &[LOCAL, FOUGHT_OVER], &countries()).unwrap();
    for (name, country, level) in [
        ("Lagos", "NGA", Level::Settlement),
        ("Donetsk Oblast", "UKR", Level::First),
        ("Nangarhar", "AFG", Level::First),
        ("Marseille", "FRA", Level::Settlement),
    ] {
        let found = gazetteer.lookup(name);
        let hit = found
            .iter()
            .find(|candidate| candidate.country.as_deref() == Some(country) && candidate.level == level);
        assert!(hit.is_some_and(|candidate| candidate.position.is_some()), "{name}: {found:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_is_read(raw in "(\\PC{0,12}|in |near |the town of |Paris|Mosul|, |\\n| province|40 km west of |al-|'s ){0,30}") {
        let gazetteer = gazetteer();
        let countries = countries();
        let text = Text::new(&raw);
        let toponyms = gazetteer.find_all(&text, &[]);
        for pair in toponyms.windows(2) {
            prop_assert!(!pair[0].span.overlaps(pair[1].span));
        }
        let places = gazetteer.resolve(&text, &toponyms, &Hints::default());
        prop_assert_eq!(places.len(), toponyms.len());
        for (place, toponym) in places.iter().zip(&toponyms) {
            prop_assert_eq!(place.text.as_str(), text.slice(toponym.span));
            prop_assert!(place.country.as_deref().is_none_or(|code| countries.by_iso3(code).is_some()));
            prop_assert!(place.latitude.is_some() == place.longitude.is_some());
            prop_assert!(place.where_precision.is_none_or(|precision| (1..=7).contains(&precision)));
            prop_assert!(place.where_precision != Some(6) || place.latitude.is_none());
        }
    }

    #[test]
    fn any_span_can_be_asked_for(raw in "\\PC{0,60}", start in 0usize..80, end in 0usize..80) {
        let gazetteer = gazetteer();
        let text = Text::new(&raw);
        let toponym = gazetteer.mention(&text, Span::new(start.min(end), start.max(end)));
        prop_assert_eq!(gazetteer.resolve(&text, &[toponym], &Hints::default()).len(), 1);
    }
}

#[test]
fn a_run_of_capitals_without_end_is_read_in_pieces() {
    let raw = "Xaq District of ".repeat(20_000) + "nothing. A bomb went off in Baghdad.";
    assert_eq!(names(&raw).last().map(String::as_str), Some("Baghdad"));
}

#[test]
fn directions_are_written_short_in_headlines() {
    for (raw, name, country) in [
        ("Twelve killed by blasts in NW Pakistan", "Pakistan", "PAK"),
        ("Two killed as police, rebels clash in S. Philippines", "Philippines", "PHL"),
        ("Villagers flee raid in N.E. Nigeria", "Nigeria", "NGA"),
    ] {
        let found = place(raw, name);
        assert_eq!(
            (found.country.as_deref(), found.relation, found.where_precision),
            (Some(country), Relation::PartOf, Some(5)),
            "{raw}"
        );
    }
    // Where it is part of the name, it is the name.
    let found = place("Two killed in S. Sudan raid", "S. Sudan");
    assert_eq!(found.country.as_deref(), Some("SSD"));
    let found = place("Five die in W. Virginia flood", "W. Virginia");
    assert_eq!(found.name.as_deref(), Some("West Virginia"));
    // An initial is none.
    assert!(names("Mr. S. Jordan said no.").is_empty());
}

#[test]
fn a_direction_alone_names_nothing_before_a_name() {
    assert_eq!(names("Ten people were killed in Western Lakes on Monday."), Vec::<String>::new());
    assert_eq!(names("Central Nigeria violence kills nine"), ["Nigeria"]);
    assert_eq!(names("A quarter of West Mosul, Nineveh province, was hit."), ["Mosul", "Nineveh"]);
}

#[test]
fn where_every_word_has_a_capital_those_beside_a_name_are_no_part_of_it() {
    for (raw, expected) in [
        ("Children Killed, Abducted And Raped in South Sudan Attacks, Agency Says", "South Sudan"),
        ("Fighting in Colombia Kills 27 Gunmen And Two Farmers", "Colombia"),
        ("Seven Rebels Killed In Mosul As Police Open Fire On Crowd", "Mosul"),
        ("Army Deserters Blamed As Fighting Rocks South Sudan State", "South Sudan"),
    ] {
        assert_eq!(names(raw), [expected], "{raw}");
    }
    assert_eq!(names("Car bombs killed nine people in Shi'ite Baghdad districts on Monday"), ["Baghdad"]);
    assert_eq!(names("The dead were found in Mosul By Maria Lopez"), ["Mosul"]);
    // Names with small words in them stay whole.
    assert_eq!(names("He was shot in Bosnia And Herzegovina on Friday."), ["Bosnia And Herzegovina"]);
}

#[test]
fn an_illness_is_called_after_a_place() {
    assert!(names("Doctors fear that Mosul fever and Tripoli virus will spread.").is_empty());
    assert_eq!(names("Doctors fear that fever in Mosul will spread."), ["Mosul"]);
}

#[test]
fn a_point_lies_in_a_cell_of_the_grid_and_a_province_in_none() {
    // Mosul, 36.34° N, 43.13° E: row 253 of half degrees from the south, column 447 from the antimeridian.
    let mosul = place("A bomb exploded in Mosul, Nineveh province, Iraq.", "Mosul");
    assert_eq!(mosul.prio_grid, Some((253 - 1) * 720 + 447));
    let nineveh = place("A bomb exploded in Mosul, Nineveh province, Iraq.", "Nineveh");
    assert_eq!((nineveh.where_precision, nineveh.prio_grid), (Some(4), None));
}

#[test]
fn a_country_of_states_is_no_state() {
    // The gazetteer has the old name of an Indian state, the United Provinces.
    let state = NewPlace {
        name: "United Provinces".to_owned(),
        country: "IN".to_owned(),
        feature: "ADM1".to_owned(),
        position: Some((26.7, 81.0)),
        ..NewPlace::default()
    };
    let pack: PackBytes = Arc::new(build(&[], &[state]).unwrap());
    let gazetteer = Gazetteer::new(vec![pack], PLACES, &[LOCAL, FOUGHT_OVER], &countries()).unwrap();
    let text = Text::new("It was the worst shooting in the United States since May.");
    let toponyms = gazetteer.find_all(&text, &[]);
    let places = gazetteer.resolve(&text, &toponyms, &Hints::default());
    let found: Vec<_> = places.iter().map(|place| (place.text.as_str(), place.country.as_deref())).collect();
    assert_eq!(found, [("United States", Some("USA"))]);
}

#[test]
fn two_countries_beside_each_other_lie_in_none() {
    let country = |raw: &str, name: &str| place(raw, name).country;
    assert_eq!(country("Fighting was reported in Jordan, Iraq said.", "Jordan").as_deref(), Some("JOR"));
    // A division of the second has the name too.
    assert_eq!(place("He lives in Georgia, United States.", "Georgia").country.as_deref(), Some("USA"));
}

#[test]
fn a_saints_church_is_called_after_the_saint() {
    assert_eq!(names("A bomb hit Saint Mark's Church in Cairo on Sunday."), ["Cairo"]);
}

#[test]
fn what_lies_between_two_places_lies_between_both() {
    let raw = "A family was attacked between Mosul, Nineveh province and Baghdad.";
    assert_eq!(place(raw, "Mosul").relation, Relation::Between);
    assert_eq!(place(raw, "Baghdad").relation, Relation::Between);
    assert_eq!(names("A family was attacked between Bavispe, Iraq and Baghdad.")[0], "Bavispe");
}

#[test]
fn a_quarter_that_is_not_known_lies_in_its_city_and_not_where_a_town_is_called_so() {
    let far = NewPlace {
        name: "Ashok Nagar".to_owned(),
        country: "EG".to_owned(),
        admin1: "Aswan".to_owned(),
        population: 40_000,
        position: Some((24.1, 32.9)),
        feature: "PPL".to_owned(),
        ..NewPlace::default()
    };
    let pack: PackBytes = Arc::new(build(&[], &[far]).unwrap());
    let gazetteer = Gazetteer::new(vec![towns(), pack], PLACES, &[LOCAL], &countries()).unwrap();
    let text = Text::new("Two men were found dead in Ashok Nagar, Cairo, on Friday morning.");
    let toponyms = gazetteer.find_all(&text, &[]);
    let places = gazetteer.resolve(&text, &toponyms, &Hints::default());
    assert_eq!((places[0].name.as_deref(), places[0].admin1.as_deref()), (None, Some("Cairo")), "{places:?}");
}

#[test]
fn a_local_place_stays_one_beside_a_pack_that_knows_it_too() {
    // In the tables as local; in a pack of villages once close by, once farther off, and never with people counted.
    let village = |lat: f64, lon: f64| NewPlace {
        name: "Dolbel".to_owned(),
        country: "NE".to_owned(),
        position: Some((lat, lon)),
        feature: "PPL".to_owned(),
        ..NewPlace::default()
    };
    for at in [(14.61, 0.28), (14.9, 0.6)] {
        let pack: PackBytes = Arc::new(build(&[], &[village(at.0, at.1)]).unwrap());
        let gazetteer = Gazetteer::new(vec![pack], PLACES, &[LOCAL, FOUGHT_OVER], &countries()).unwrap();
        let text = Text::new(
            "Gunmen shot dead three policemen in the town of Dolbel near the border with Burkina Faso.",
        );
        let toponyms = gazetteer.find_all(&text, &[]);
        let places = gazetteer.resolve(&text, &toponyms, &Hints::default());
        let country =
            places.iter().find(|place| place.text == "Dolbel").and_then(|place| place.country.as_deref());
        assert_eq!(country, Some("NER"), "{at:?}: {places:?}");
    }
}

#[test]
fn a_name_at_home_stands_before_another_name_abroad() {
    let place = |name: &str, aliases: &[&str], country: &str, feature: &str, population: u64| NewPlace {
        name: name.to_owned(),
        aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        country: country.to_owned(),
        admin1: name.to_owned(),
        population,
        position: Some((f64::from(u8::try_from(name.len()).unwrap()), 120.0)),
        feature: feature.to_owned(),
        ..NewPlace::default()
    };
    let places = [
        place("Samara", &["Samar"], "RU", "PPLA", 1_100_000),
        place("Samar", &[], "PH", "ADM2", 0),
        place("Quezon City", &[], "PH", "PPL", 2_900_000),
        place("Mexico City", &["Mexico"], "MX", "PPLC", 12_300_000),
        place("Quezon", &[], "PH", "ADM1", 0),
    ];
    let pack: PackBytes = Arc::new(build(&[], &places).unwrap());
    let gazetteer = Gazetteer::new(vec![pack], "", &[], &countries()).unwrap();
    let resolved = |raw: &str| {
        let text = Text::new(raw);
        let toponyms = gazetteer.find_all(&text, &[]);
        let places = gazetteer.resolve(&text, &toponyms, &Hints::default());
        places[0].name.clone().unwrap()
    };
    assert_eq!(resolved("Two rebels were killed in Samar, the Philippine army said."), "Samar");
    assert_eq!(resolved("Two workers were killed in Samar, the Russian army said."), "Samara");
    assert_eq!(resolved("Two rebels were killed in Quezon, the army said on Monday."), "Quezon");
    assert_eq!(resolved("The outbreak began in Mexico. It reached Mexico City and Mexico State."), "Mexico");
}
