//! Where events are placed. Needs no gazetteer pack: the places are of the supplement, or unknown on purpose.

#![allow(clippy::unwrap_used)]

use record::{Event, Report};
use watchpost_coder::{Coder, Knowledge, Tables};

fn coder() -> Coder {
    Coder::new(Knowledge::load(&knowledge::carried!(Tables)).unwrap())
}

fn events(coder: &Coder, text: &str) -> Vec<Event> {
    coder.code(&Report { text: text.to_owned(), ..Report::default() }).events
}

#[test]
fn events_are_where_the_text_puts_them() {
    let coder = coder();
    // Text, the first place of the first event, its country.
    for (text, place, country) in [
        ("Gunmen killed two officers during a siege in Andar District of Ghazni Province.", "Andar", "AFG"),
        ("Militants blew up a police car near Sheikh Zuweid, killing six soldiers.", "Sheikh Zuweid", "EGY"),
        ("Four officers were killed and nine injured in Raqqa No group claimed the attack.", "Raqqa", "SYR"),
        ("A car bomb killed three people outside the US consulate in Hasakah.", "Hasakah", "SYR"),
        ("Iraq attacks: two bombs kill nine people, wound 20.", "Iraq", "IRQ"),
        ("A suicide bomber killed five people in Nigeria's northeast.", "Nigeria", "NGA"),
        ("A bomb went off in the republic of Dagestan, killing a police officer.", "Dagestan", "RUS"),
        ("In Helmand, an attack that was claimed by the Taliban killed nine people.", "Helmand", "AFG"),
        ("Two Afghan National Army soldiers were killed by a bomb on Friday.", "Afghan", "AFG"),
    ] {
        let events = events(&coder, text);
        let found = events
            .iter()
            .find_map(|event| event.places.first())
            .map(|found| (found.text.as_str(), found.country.as_deref().unwrap_or("-")));
        assert_eq!(found, Some((place, country)), "{text}");
    }
}

#[test]
fn the_verb_decides_which_place_is_its_own() {
    let coder = coder();
    let text = "In Raqqa, a witness said that rebels had killed two guards in Hasakah and fled to Manbij.";
    let start = text.find("killed").unwrap();
    let found = coder.locate(text, start, start + "killed".len());
    let names: Vec<&str> = found.iter().map(|&(from, to)| &text[from..to]).collect();
    assert_eq!(names, ["Hasakah"]);
    let text = "A shell hit the Hasakah Military Airport on Sunday.";
    let start = text.find("hit").unwrap();
    let found = coder.locate(text, start, start + "hit".len());
    let names: Vec<&str> = found.iter().map(|&(from, to)| &text[from..to]).collect();
    assert_eq!(names, ["Hasakah Military Airport"]);
}

#[test]
fn a_place_that_bears_a_peoples_name_is_a_place() {
    let coder = coder();
    for (text, verb, place) in [
        ("Two men were killed on Monday in clashes close to Tal Afar, he said.", "killed", "Tal Afar"),
        ("Raiders attacked a convoy in the Afar district on Monday.", "attacked", "Afar"),
    ] {
        let start = text.find(verb).unwrap();
        let found = coder.locate(text, start, start + verb.len());
        let names: Vec<&str> = found.iter().map(|&(from, to)| &text[from..to]).collect();
        assert_eq!(names, [place], "{text}");
    }
}

#[test]
fn a_namesake_abroad_is_not_taken_for_a_place_at_home() {
    // The gazetteer has a Hajin in Syria alone.
    let coder = coder();
    // What no gazetteer has is at home itself.
    let text = "Gunmen killed two men in Hajin tehsil of Andar, Ghazni province, on Monday.";
    let event = events(&coder, text).remove(0);
    assert_eq!((event.places[0].text.as_str(), event.places[0].country.as_deref()), ("Hajin", Some("AFG")));
    let text = "Militants in Helmand carried out four bombings at the Hajin mosque during prayers in the city of Ghazni.";
    let event = events(&coder, text).remove(0);
    assert!(event.places.iter().all(|place| place.country.as_deref() == Some("AFG")), "{:?}", event.places);
    // Where another place of that country stands beside it, it is meant.
    let text = "In Ghazni and Helmand people mourned two men who were killed in Hajin, Syria, on Monday.";
    let event = events(&coder, text).remove(0);
    assert_eq!((event.places[0].text.as_str(), event.places[0].country.as_deref()), ("Hajin", Some("SYR")));
}

#[test]
fn a_place_taken_from_elsewhere_says_so() {
    let coder = coder();
    let text = "Soldiers raided a compound in Sangin district, Helmand province, on Friday to detain a bomb maker. \
                He leads dozens of fighters. Two suspects were arrested during the raid.";
    let all = events(&coder, text);
    assert!(!all.is_empty());
    for event in &all {
        assert!(event.places.iter().any(|place| place.text == "Sangin"), "{event:?}");
    }
    let text = "Three Iraqi soldiers were killed when gunmen opened fire on a checkpoint.";
    let event = events(&coder, text).remove(0);
    assert_eq!((event.places[0].country.as_deref(), event.places[0].where_precision), (Some("IRQ"), Some(6)));
    assert!(event.reasons["places"].contains("country of the people"));
}

#[test]
fn what_lies_beyond_a_border_is_elsewhere() {
    let coder = coder();
    let text = "Gunmen killed three officers at a market in Dolbari near the border with Burkina Faso.";
    for event in events(&coder, text) {
        assert!(event.places.iter().all(|place| place.country.as_deref() != Some("BFA")), "{event:?}");
    }
}

#[test]
fn what_is_no_place_of_the_event_lends_it_no_country() {
    let coder = coder();
    for (text, country) in [
        // Where the fire came from, where people far from home are from, where another country begins.
        (
            "Eight people were wounded when rockets fired from Syria hit the town of Kobelik, Turkey.",
            Some("TUR"),
        ),
        ("Gunmen ambushed two Togolese peacekeepers near Tinbarou and killed one of them.", None),
        ("Two Iraqi soldiers were killed in an attack near the border with Syria.", Some("IRQ")),
        // Nothing else says where.
        ("Members of Boko Haram killed 22 people and burned their houses.", Some("NGA")),
        ("Boko Haram raided an army post near Lake Chad. Four Chadian soldiers were killed.", Some("TCD")),
        ("Nine people drowned and two were shot dead near Lake Chad, Nigerian police said.", Some("NGA")),
    ] {
        let event = events(&coder, text).remove(0);
        let found = event.places.iter().find_map(|place| place.country.as_deref());
        assert_eq!(found, country, "{text}: {:?}", event.places);
        assert!(event.places.iter().all(|place| !place.reason.is_empty()));
    }
}

#[test]
fn the_sentence_before_lends_the_place_where_it_happens_itself() {
    let coder = coder();
    let text = "In Sangin district, Helmand province, troops searched a compound. The leader brought weapons from \
                Pakistan. Two suspects were arrested.";
    let all = events(&coder, text);
    let places: Vec<&str> =
        all.iter().flat_map(|event| &event.places).map(|place| place.text.as_str()).collect();
    assert!(places.contains(&"Sangin") && !places.contains(&"Pakistan"), "{places:?}");
}

#[test]
fn what_somebody_does_by_habit_is_no_scene() {
    let coder = coder();
    let text = "Troops conducted an operation in search of a bomb maker in Sangin district, Helmand province. The man \
                helps to supply fighters between Lashkar Gah and the Herat area. Several suspects were arrested.";
    let all = events(&coder, text);
    let places: Vec<&str> =
        all.iter().flat_map(|event| &event.places).map(|place| place.text.as_str()).collect();
    assert!(places.contains(&"Sangin") && !places.contains(&"Herat"), "{places:?}");
}

#[test]
fn an_unknown_village_lies_in_the_country_of_the_report() {
    let coder = coder();
    let text = "Boko Haram fighters killed seven people in the village of Kurumbarwa, Nigerian police said.";
    let event = events(&coder, text).remove(0);
    let place = &event.places[0];
    assert_eq!((place.text.as_str(), place.country.as_deref()), ("Kurumbarwa", Some("NGA")));
    assert!(place.name.is_none() && place.latitude.is_none());
}

#[test]
fn attackers_come_from_elsewhere() {
    let coder = coder();
    for (text, place) in [
        ("A man from Jenin stabbed two people in Sderot before he was shot dead.", "Sderot"),
        ("Gunmen from Raqqa attacked an army post in Fallujah, killing four soldiers.", "Fallujah"),
        ("Militants in the Gaza Strip fired a rocket that landed in Sderot, wounding two people.", "Sderot"),
        (
            "Five militants and two soldiers were killed in clashes at a checkpoint in Sinai province.",
            "Sinai",
        ),
        ("Rebels set fire to the biggest solar farm in Southeast Asia, located in Marawi.", "Marawi"),
    ] {
        let events = events(&coder, text);
        let places: Vec<&str> = events
            .iter()
            .filter(|event| event.realis == record::vocabulary::Realis::Asserted)
            .filter_map(|event| event.places.first())
            .map(|place| place.text.as_str())
            .collect();
        assert_eq!(places.first(), Some(&place), "{text}");
        assert!(!places.contains(&"Gaza Strip") && !places.contains(&"Jenin") && !places.contains(&"Raqqa"));
    }
    // Those who are taken away were taken there.
    let taken = events(&coder, "Armed men kidnapped three teachers from Sangin on Monday.");
    assert_eq!(taken[0].places[0].text, "Sangin");
}

#[test]
fn an_ambush_on_a_road_lies_between_its_ends() {
    let coder = coder();
    let events = events(
        &coder,
        "Gunmen ambushed a convoy on the Maiduguri-Damboa road on Monday, killing three soldiers.",
    );
    let places: Vec<&str> = events[0].places.iter().map(|place| place.text.as_str()).collect();
    assert_eq!(places, ["Maiduguri", "Damboa"]);
}

#[test]
fn a_place_is_no_other_spelling_of_an_actor() {
    let events = events(&coder(), "Two people were killed in Shimbir, Mandera County.");
    let countries: Vec<_> = events[0].places.iter().filter_map(|place| place.country.as_deref()).collect();
    assert!(!countries.is_empty() && countries.iter().all(|country| *country == "KEN"), "{countries:?}");
}

#[test]
fn where_people_talk_of_it_is_not_where_it_happened() {
    let coder = coder();
    for (text, place) in [
        ("Fighting in Donetsk killed nine soldiers on the eve of the Geneva peace talks.", "Donetsk"),
        ("Three farmers were killed in Donetsk in shelling by Kiev’s forces on Monday.", "Donetsk"),
    ] {
        for event in events(&coder, text) {
            assert_eq!(event.places.first().map(|found| found.text.as_str()), Some(place), "{text}");
            assert!(event.places.iter().all(|found| !matches!(found.text.as_str(), "Geneva" | "Kiev")));
        }
    }
    // In a city of its own name it is.
    let event = events(&coder, "Gunmen killed three people in Kiev on Monday.").remove(0);
    assert_eq!(event.places[0].text, "Kiev");
}

#[test]
fn a_country_in_another_name_is_a_guess_of_where() {
    let coder = coder();
    let event = events(&coder, "Jihadists killed 14 Iraq Kurds in a battle over a dam.").remove(0);
    assert_eq!((event.places[0].country.as_deref(), event.places[0].where_precision), (Some("IRQ"), Some(6)));
    assert!(event.places[0].reason.contains("guess"), "{}", event.places[0].reason);
}

#[test]
fn what_is_told_of_a_country_is_narrowed_by_what_the_report_names_in_it() {
    let coder = coder();
    let text = "A bomb killed nine people at a checkpoint in southern Afghanistan on Monday. \
                The checkpoint stands on a road in Sangin district, said an official in Helmand.";
    let event = events(&coder, text).remove(0);
    assert_eq!(event.places[0].admin1.as_deref(), Some("Helmand"), "{:?}", event.places);
    assert!(event.reasons["places"].contains("guess"));
    // Not where it names several divisions.
    let text = "A bomb killed nine people at a checkpoint in southern Afghanistan on Monday. \
                A day earlier officials met in Ghazni and in Helmand.";
    let event = events(&coder, text).remove(0);
    assert_eq!(event.places[0].admin1, None, "{:?}", event.places);
}

#[test]
fn an_unknown_village_lies_in_the_only_division_that_is_named() {
    let coder = coder();
    let text = "KABUL, Afghanistan (Jan. 14) - Gunmen killed two farmers in the village of Dorabi on Monday. \
                Attacks are frequent in Helmand province.";
    let event = events(&coder, text).remove(0);
    let place = &event.places[0];
    assert_eq!((place.name.as_deref(), place.admin1.as_deref()), (None, Some("Helmand")), "{place:?}");
    assert_eq!((place.where_precision, place.latitude), (Some(4), None));
}

#[test]
fn what_a_headline_parts_with_a_semicolon_is_told_of_two_places() {
    let coder = coder();
    let report = Report {
        title: Some("Militants Detained; Helmand Hospital Cares for Families".to_owned()),
        text: "Soldiers detained four militants in Ghazni province on Monday.".to_owned(),
        ..Report::default()
    };
    let events = coder.code(&report).events;
    for event in &events {
        assert!(event.places.iter().all(|place| place.admin1.as_deref() != Some("Helmand")), "{event:?}");
    }
    assert!(events.iter().any(|event| event.places[0].admin1.as_deref() == Some("Ghazni")));
}

#[test]
fn where_the_wounded_are_taken_is_not_where_they_were_hit() {
    let coder = coder();
    let text = "Gunmen attacked the village of Dorabi on Monday, killing two farmers. The wounded were taken to a hospital in Mosul.";
    let event = events(&coder, text).remove(0);
    assert_eq!(event.places[0].text, "Dorabi", "{:?}", event.places);
    assert!(event.places.iter().all(|place| place.text != "Mosul"), "{:?}", event.places);
}
