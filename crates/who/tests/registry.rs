//! The registry as a whole: what every row owes, and a user's table stacked on it.

#![allow(clippy::unwrap_used)]

use record::country::Countries;
use text::Text;
use watchpost_who as who;
use who::{Context, Registry};

fn registry() -> Registry {
    let countries = Countries::from_table(knowledge::COUNTRIES).unwrap();
    Registry::new(knowledge::ACTORS, knowledge::ROLES, &countries).unwrap()
}

fn ids(registry: &Registry, raw: &str, context: &Context) -> Vec<String> {
    let text = Text::new(raw);
    let named = registry.find_in(&text, 0..text.tokens.len(), context);
    named.iter().map(|named| registry.actor(registry.resolve(named, context)).id.clone()).collect()
}

fn at(country: &str, year: i16) -> Context {
    Context {
        country: Some(country.to_owned()),
        date: Some(jiff::civil::date(year, 6, 1)),
        ..Context::default()
    }
}

#[test]
fn links_lead_somewhere_and_names_mean_one_at_a_time() {
    let faults = registry().faults();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn every_row_has_a_source_that_the_head_of_the_table_explains() {
    let registry = registry();
    assert!(registry.len().0 >= 1_600);
    let bare: Vec<&str> = registry
        .actors()
        .filter(|actor| !matches!(actor.source.as_deref(), Some("reference" | "reference; UCDP GED")))
        .map(|actor| actor.id.as_str())
        .collect();
    assert!(bare.is_empty(), "{bare:?}");
    assert!(registry.actors().filter(|actor| actor.ucdp.is_some()).count() >= 140);
    assert!(registry.actors().filter(|actor| actor.splinter_of.is_some()).count() >= 100);
}

#[test]
fn names_in_other_scripts_are_found_and_take_no_english_word() {
    let registry = registry();
    let anywhere = Context::default();
    for (raw, id) in [
        ("The group, known as داعش, fled.", "islamic-state"),
        ("قوات سوريا الديمقراطية said so.", "syrian-democratic-forces"),
        ("Partiya Karkerên Kurdistan (PKK) said so.", "kurdistan-workers-party"),
        ("Suriye Millî Ordusu shelled it.", "syrian-national-army"),
        ("ЧВК Вагнер took the town.", "wagner-group"),
    ] {
        assert_eq!(ids(&registry, raw, &anywhere).first().map(String::as_str), Some(id), "{raw}");
    }
    // "Dash" and "Hams" are how the Arabic names fold.
    assert!(ids(&registry, "Dash, a driver, and Hams were hurt.", &anywhere).is_empty());
}

#[test]
fn where_a_body_acts_chooses_too() {
    let registry = registry();
    assert_eq!(ids(&registry, "SNA fighters shelled it.", &at("SYR", 2019)), ["syrian-national-army"]);
    assert_eq!(ids(&registry, "SNA fighters shelled it.", &at("SOM", 2019)), ["military-forces-of-somalia"]);
    assert_eq!(ids(&registry, "SNA fighters shelled it.", &at("SOM", 1994)), ["somali-national-alliance"]);
    assert_eq!(ids(&registry, "RSF shelled it.", &at("SDN", 2023)), ["rapid-support-forces"]);
}

#[test]
fn a_users_table_adds_and_changes() {
    let mut registry = registry();
    let faults = registry.stack(
        "id\tname\taliases\tcountry\tsector\tstart\tsource\n\
         river-brigade\tRiver Brigade\tLiwa al-Nahr|=RB\tSYR\tREB\t2024\town field work\n\
         islamic-state\t\tCaliphate Gang\t\t\t\t\n\
         hawar-news-agency\tHawar\t\t\t\t\t\n",
    );
    assert!(faults.is_empty(), "{faults:?}");
    let anywhere = Context::default();
    assert_eq!(ids(&registry, "The River Brigade fled.", &anywhere), ["river-brigade"]);
    assert_eq!(ids(&registry, "Liwa al-Nahr said so.", &anywhere), ["river-brigade"]);
    assert_eq!(ids(&registry, "Fighters of the Caliphate Gang fled.", &anywhere), ["islamic-state"]);
    let hawar = registry.actor(registry.by_id("hawar-news-agency").unwrap());
    assert_eq!((hawar.name.as_str(), hawar.start), ("Hawar", Some(2013)));
    assert_eq!(
        ids(&registry, "ANHA and the Hawar News Agency said so.", &anywhere),
        ["hawar-news-agency", "hawar-news-agency"]
    );
    assert!(registry.faults().is_empty());
}

#[test]
fn every_fault_of_a_users_table_is_told_with_its_line() {
    let mut registry = registry();
    let faults = registry.stack(
        "# mine\nid\tname\tcountry\tparent\tsector\tstart\tend\tcolour\n\
         River Brigade\tRiver Brigade\tSYR\t\tREB\t\t\tred\n\
         b\tB Group\tSyria\t\tREB\t\t\t\n\
         c\tC Group\tSYR\tno-such\tREB\t\t\t\n\
         d\tD Group\tSYR\t\tREBEL\t\t\t\n\
         e\tE Group\tSYR\t\tREB\t2020\t2010\t\n\
         f\t\tSYR\t\tREB\t\t\t\n\
         g\tG Group\tSYR\t\tREB\t\t\t\n\
         g\tG Group\tSYR\t\tREB\t\t\t\n",
    );
    let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
    for said in ["line 2", "line 3", "line 4", "line 5", "line 6", "line 7", "line 8", "line 10"] {
        assert!(told.iter().any(|fault| fault.contains(&format!("{said}:"))), "{said}: {told:#?}");
    }
    assert!(told.iter().any(|fault| fault.contains("`colour`")), "{told:#?}");
    assert!(registry.by_id("g").is_some() && registry.by_id("b").is_none());
    // What is right row by row can still be wrong as a whole.
    assert!(registry.stack("id\tname\taliases\tcountry\nh\tH Group\tG Group\tSYR\n").is_empty());
    assert!(registry.faults().iter().any(|fault| fault.contains("`g group`")), "{:?}", registry.faults());
}

#[test]
fn words_for_a_backer_mean_one_actor_at_a_place_and_time() {
    let registry = registry().with_ties(knowledge::ACTOR_TIES).unwrap();
    let main: Vec<_> = registry.ties().filter(|tie| tie.main).collect();
    assert!(main.len() >= 25);
    for (at, one) in main.iter().enumerate() {
        for other in &main[at + 1..] {
            let meet = one.at.iter().any(|country| other.at.contains(country));
            let before = |one: &who::Tie, other: &who::Tie| {
                one.end.zip(other.start).is_some_and(|(end, start)| end < start)
            };
            let same = (&one.of, &one.tie) == (&other.of, &other.tie) && one.actor != other.actor;
            assert!(!(same && meet && !before(one, other) && !before(other, one)), "{one:?} {other:?}");
        }
    }
    for row in knowledge::ACTOR_TIES
        .lines()
        .chain(knowledge::ACTOR_USAGE.lines())
        .filter(|line| !line.starts_with('#'))
    {
        assert!(row.ends_with("reference") || row.ends_with("source"), "no source: {row}");
    }
}

#[test]
fn a_table_of_ties_or_usage_that_names_nobody_is_refused() {
    let head = "actor\ttie\tof\tat\tstart\tend\tmain\n";
    for row in [
        "no-such\tbacked by\tTUR\tSYR\t\t\t",
        "hamas\tloved by\tTUR\t\t\t\t",
        "hamas\tbacked by\tTURKEY\t\t\t\t",
    ] {
        assert!(registry().with_ties(&format!("{head}{row}\n")).is_err(), "{row}");
    }
    let head = "outlet\tphrase\tactor\tcountry\tsector\tinter_code\tat\tstart\tend\n";
    for row in [
        "X\tthugs\tno-such\t\t\t\t\t\t",
        "X\tthugs\t\t\t\t\t\t\t",
        "X\t\thamas\t\t\t\t\t\t",
        "X\tthugs\thamas\t\t\t\tSyria\t\t",
    ] {
        assert!(registry().with_usage(&format!("{head}{row}\n")).is_err(), "{row}");
    }
}
