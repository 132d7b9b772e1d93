//! Phrases written for these tests.

use super::*;
use proptest::prelude::*;
use record::country::Countries;
use std::sync::OnceLock;

fn registry() -> &'static Registry {
    static REGISTRY: OnceLock<Registry> = OnceLock::new();
    REGISTRY.get_or_init(|| {
        let countries = Countries::from_table(knowledge::COUNTRIES).unwrap();
        Registry::new(knowledge::ACTORS, knowledge::ROLES, &countries)
            .and_then(|registry| registry.with_ties(knowledge::ACTOR_TIES))
            .and_then(|registry| registry.with_usage(knowledge::ACTOR_USAGE))
            .unwrap()
    })
}

fn at(country: &str) -> Context {
    Context { country: Some(country.to_owned()), ..Context::default() }
}

/// Describes a whole phrase; its head is the word after the bar, or the last word.
fn describe(raw: &str, context: &Context) -> Description {
    let plain = raw.replace('|', "");
    let text = Text::new(&plain);
    let head = match raw.find('|') {
        Some(byte) => text.tokens.iter().position(|token| token.span.start >= byte).unwrap(),
        None => text.tokens.len() - 1,
    };
    registry().describe(&text, 0..text.tokens.len(), head, context)
}

#[track_caller]
fn check(raw: &str, context: &Context, name: Option<&str>, country: Option<&str>, sector: Sector, inter: u8) {
    let got = describe(raw, context);
    assert_eq!(got.name.as_deref(), name, "{raw}: {got:?}");
    assert_eq!(got.country.as_deref(), country, "{raw}: {got:?}");
    assert_eq!(got.sector, sector, "{raw}: {got:?}");
    assert_eq!(got.inter_code.map(InterCode::number), Some(inter), "{raw}: {got:?}");
}

#[test]
fn names_come_first() {
    check("suspected Boko Haram gunmen", &at("NGA"), Some("Boko Haram"), Some("NGA"), Sector::Rebels, 2);
    check(
        "|members of the Kurdistan Workers' Party (PKK)",
        &at("TUR"),
        Some("Kurdistan Workers' Party"),
        Some("TUR"),
        Sector::Rebels,
        2,
    );
    check("ISIS sleeper cells", &at("IRQ"), Some("Islamic State"), None, Sector::Rebels, 2);
    check("ISIS prisoners", &at("SYR"), Some("Islamic State"), None, Sector::Prisoner, 7);
    assert_eq!(describe("suspected Boko Haram gunmen", &at("NGA")).certainty, Certainty::Suspected);
}

#[test]
fn nationality_and_role() {
    check(
        "two Egyptian army officers",
        &at("EGY"),
        Some("Military Forces of Egypt"),
        Some("EGY"),
        Sector::Military,
        1,
    );
    check(
        "US troops",
        &at("IRQ"),
        Some("Military Forces of the United States"),
        Some("USA"),
        Sector::Military,
        8,
    );
    check(
        "Iraqi security forces",
        &at("IRQ"),
        Some("Security Forces of Iraq"),
        Some("IRQ"),
        Sector::Military,
        1,
    );
    check(
        "Turkish soldiers",
        &at("SYR"),
        Some("Military Forces of Turkey"),
        Some("TUR"),
        Sector::Military,
        8,
    );
    check(
        "the Turkish occupation",
        &at("SYR"),
        Some("Military Forces of Turkey"),
        Some("TUR"),
        Sector::Military,
        8,
    );
    check(
        "the |army of Chad",
        &Context::default(),
        Some("Military Forces of Chad"),
        Some("TCD"),
        Sector::Military,
        1,
    );
    check(
        "the Egyptian Ministry of Interior",
        &at("EGY"),
        Some("Ministry of Interior (Egypt)"),
        Some("EGY"),
        Sector::Government,
        1,
    );
    check(
        "Congolese soldiers",
        &at("COG"),
        Some("Military Forces of the Republic of the Congo"),
        Some("COG"),
        Sector::Military,
        1,
    );
}

#[test]
fn the_country_of_the_army_is_where_the_report_plays() {
    check("the army", &at("COL"), Some("Military Forces of Colombia"), Some("COL"), Sector::Military, 1);
    assert!(describe("the army", &at("COL")).country_inferred);
    check("regime forces", &at("SYR"), Some("Military Forces of Syria"), Some("SYR"), Sector::Military, 1);
    check("policemen", &at("KEN"), Some("Police Forces of Kenya"), Some("KEN"), Sector::Police, 1);
    check(
        "intelligence |officials in Baghdad",
        &at("SYR"),
        Some("Intelligence Services of Iraq"),
        Some("IRQ"),
        Sector::Intelligence,
        8,
    );
    check("foreign troops", &at("AFG"), None, None, Sector::Military, 8);
}

#[test]
fn the_backed_are_not_the_backer() {
    check("Turkish backed forces", &at("SYR"), None, None, Sector::Paramilitary, 3);
    let led = ("an Afghan-led security force", Some("Security Forces of Afghanistan"));
    check(led.0, &at("AFG"), led.1, Some("AFG"), Sector::Military, 1);
    check("Iran-backed militia", &at("IRQ"), None, None, Sector::Paramilitary, 3);
    check("Turkish backed rebels", &at("SYR"), None, None, Sector::Rebels, 2);
    assert_eq!(describe("Turkish backed forces", &at("SYR")).affiliation.as_deref(), Some("Turkey"));
    let linked = describe("an al-Qaeda-linked group", &at("YEM"));
    assert_eq!((linked.name, linked.affiliation.as_deref()), (None, Some("Al-Qaeda")));
    let fighting = describe("government |troops fighting the PKK", &at("TUR"));
    assert_eq!(fighting.name.as_deref(), Some("Military Forces of Turkey"));
    check("anti-government fighters", &at("LBY"), None, None, Sector::Rebels, 2);
    check("anti-balaka fighters", &at("CAF"), Some("Anti-balaka"), Some("CAF"), Sector::Paramilitary, 4);
    let partners = describe("America's partners", &at("SYR"));
    assert_eq!((partners.country, partners.affiliation.as_deref()), (None, Some("United States")));
    check("Hamas hostages", &at("PSE"), None, None, Sector::Civilian, 7);
}

#[test]
fn unnamed_attackers_stay_unnamed() {
    check("unidentified gunmen", &at("IRQ"), None, None, Sector::UnalignedArmed, 3);
    check("mercenaries", &at("EGY"), None, None, Sector::UnalignedArmed, 2);
    check("a terrorist cell", &at("EGY"), None, None, Sector::Rebels, 2);
    check("five villagers", &at("NGA"), None, None, Sector::Civilian, 7);
    assert_eq!(describe("a gunman", &Context::default()).kind, ParticipantKind::Individual);
    assert_eq!(describe("a group of |gunmen", &Context::default()).kind, ParticipantKind::Group);
}

#[test]
fn people_and_states() {
    let officer = describe("Lieutenant Colonel Karim |al-Hadi", &at("EGY"));
    assert!(officer.is_person_name && !officer.is_private, "{officer:?}");
    assert_eq!((officer.sector, officer.name.as_deref()), (Sector::Military, Some("Karim al-Hadi")));
    let farmer = describe("farmer Peter |Okello", &at("KEN"));
    assert!(farmer.is_private && farmer.name.is_none(), "{farmer:?}");
    let researcher = describe("Samir |Haddad, our Syrian researcher who writes", &at("EGY"));
    assert!(
        researcher.is_person_name && researcher.is_private && researcher.name.is_none(),
        "{researcher:?}"
    );
    assert_eq!((researcher.sector, researcher.country.as_deref()), (Sector::Education, Some("SYR")));
    check("Turkey", &at("SYR"), Some("Government of Turkey"), Some("TUR"), Sector::Government, 8);
    assert_eq!(describe("Palestinians", &at("PSE")).kind, ParticipantKind::Population);
    check("a former police officer", &at("MEX"), None, Some("MEX"), Sector::Civilian, 7);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_text_is_safe(raw in "\\PC{0,80}|([A-Z][a-z]{1,5}|ISIS|army|-|led|of|the|,|\\(|é|ب| ){0,30}", head in 0usize..40, from in 0usize..20, len in 0usize..40) {
        let text = Text::new(&raw);
        let description = registry().describe(&text, from..from + len, head, &Context::default());
        let participant = registry().participant(&description, Vec::new());
        prop_assert!(!(description.is_private && participant.name.is_some()));
        for named in registry().find(&text, 0..text.tokens.len()) {
            prop_assert!(named.tokens.end <= text.tokens.len() && named.tokens.start < named.tokens.end);
        }
        let people = registry().persons(&text, 0..text.tokens.len());
        prop_assert!(people.iter().all(|person| person.span.end <= raw.len()));
    }
}

#[test]
fn a_brigade_that_nobody_knows_is_not_the_army_of_the_country() {
    let registry = registry();
    let read = |raw: &str, head: usize| {
        let text = Text::new(raw);
        registry.describe(&text, 0..text.tokens.len(), head, &at("SYR"))
    };
    let fighters = read("Fighters of the Sahmin Brigade", 0);
    assert_eq!((fighters.name, fighters.sector), (None, Sector::UnalignedArmed));
    let brigade = read("The Sahmin Liberation Brigade", 3);
    assert_eq!((brigade.name, brigade.country, brigade.sector), (None, None, Sector::UnalignedArmed));
    let army = read("the 4th Tank Brigade", 3);
    assert_eq!(army.country.as_deref(), Some("SYR"));
    let men = read("soldiers of the Desert Brigade", 0);
    assert_eq!(men.country.as_deref(), Some("SYR"));
}

#[test]
fn the_coalition_is_that_of_the_theatre_and_the_year() {
    let registry = registry();
    let read = |raw: &str, country: &str, year: i16| {
        let text = Text::new(raw);
        let context = Context { date: Some(jiff::civil::date(year, 6, 1)), ..at(country) };
        registry.describe(&text, 0..text.tokens.len(), text.tokens.len() - 1, &context)
    };
    for (raw, country, year, id) in [
        ("the coalition", "AFG", 2009, Some("international-security-assistance-force")),
        ("coalition forces", "IRQ", 2006, Some("multi-national-force-iraq")),
        ("coalition warplanes", "IRQ", 2016, Some("international-coalition-against-the-islamic-state")),
        ("coalition warplanes", "SYR", 2016, Some("international-coalition-against-the-islamic-state")),
        ("the coalition", "YEM", 2017, Some("saudi-led-coalition")),
        ("the Saudi-led coalition", "YEM", 2017, Some("saudi-led-coalition")),
        ("the coalition", "FRA", 2017, None),
        ("Turkish-backed fighters", "SYR", 2020, Some("syrian-national-army")),
        ("Turkish-backed rebels", "SYR", 2014, Some("free-syrian-army")),
        ("Turkish-backed fighters", "IRQ", 2020, None),
        ("Iran-backed militias", "IRQ", 2020, None),
        ("Iranian-backed rebels", "YEM", 2018, Some("houthi-movement")),
        ("Rwandan-backed rebels", "COD", 2022, Some("march-23-movement")),
    ] {
        let description = read(raw, country, year);
        assert_eq!(description.actor_id.as_deref(), id, "{raw} {country} {year}: {}", description.reason);
    }
    assert_eq!(read("coalition forces", "AFG", 2009).certainty, Certainty::Inferred);
    assert_eq!(read("the Saudi-led coalition", "YEM", 2017).certainty, Certainty::Stated);
}

#[test]
fn an_outlets_own_words_mean_whom_it_means() {
    let registry = registry();
    let read = |raw: &str, publisher: &str, country: &str, year: i16| {
        let text = Text::new(raw);
        let context = Context {
            country: Some(country.to_owned()),
            date: Some(jiff::civil::date(year, 6, 1)),
            outlet: registry.outlet(publisher),
        };
        registry.describe(&text, 0..text.tokens.len(), text.tokens.len() - 1, &context)
    };
    for (raw, publisher, country, year, id) in [
        ("Turkish occupation mercenaries", "ANHA", "SYR", 2020, Some("syrian-national-army")),
        ("PKK/YPG terrorists", "Anadolu Agency", "SYR", 2020, Some("people-s-protection-units")),
        ("PKK/YPG terrorists", "Anadolu Agency", "TUR", 2020, Some("kurdistan-workers-party")),
        ("Zionist regime forces", "Press TV", "PSE", 2023, Some("israel-defense-forces")),
        ("the occupation forces", "https://www.wafa", "PSE", 2023, Some("israel-defense-forces")),
        ("junta troops", "The Irrawaddy", "MMR", 2022, Some("tatmadaw")),
        ("terrorists of Hayat Tahrir al-Sham", "SANA", "SYR", 2020, Some("hayat-tahrir-al-sham")),
        ("terrorists", "Valley Courier", "SYR", 2020, None),
        ("terrorists", "Iraqi News Agency", "IRQ", 2020, Some("islamic-state")),
        ("terrorists", "Iraqi News Agency", "LBN", 2020, None),
    ] {
        let description = read(raw, publisher, country, year);
        assert_eq!(description.actor_id.as_deref(), id, "{raw}, {publisher}: {}", description.reason);
    }
    let rebels = read("terrorists", "SANA", "SYR", 2016);
    assert_eq!((rebels.sector, rebels.certainty), (Sector::Rebels, Certainty::Inferred));
    assert!(rebels.reason.contains("SANA"), "{}", rebels.reason);
}
