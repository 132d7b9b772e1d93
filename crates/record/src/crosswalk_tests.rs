//! The committed table is read, and every code in it is one that its owner lists.

use super::*;
use crate::vocabulary::SubEventType as S;

const TABLE: &str = include_str!("../../../knowledge/crosswalk.tsv");

/// CAMEO 1.1b3, chapter 2: every code of the roots that the table uses.
const CAMEO: &str = "\
    040 041 042 043 044 045 046 050 051 052 053 054 055 056 057 \
    080 081 0811 0812 0813 0814 082 083 0831 0832 0833 0834 084 0841 0842 085 086 0861 0862 0863 087 0871 0872 0873 0874 \
    130 131 1311 1312 1313 132 1321 1322 1323 1324 133 134 135 136 137 138 1381 1382 1383 1384 1385 139 \
    140 141 1411 1412 1413 1414 142 1421 1422 1423 1424 143 1431 1432 1433 1434 144 1441 1442 1443 1444 145 1451 1452 1453 1454 \
    150 151 152 153 154 155 170 171 1711 1712 172 1721 1722 1723 1724 173 174 175 176 \
    180 181 182 1821 1822 1823 183 1831 1832 1833 1834 184 185 186 190 191 192 193 194 195 1951 1952 196 \
    200 201 202 203 204 2041 2042";

fn table() -> Crosswalk {
    Crosswalk::from_table(TABLE).expect("the committed table")
}

fn party(sector: Sector, inter: InterCode) -> Participant {
    Participant {
        mentions: vec![crate::Mention { text: format!("{sector} {}", inter.label()), start: 0, end: 1 }],
        kind: ParticipantKind::Group,
        name: None,
        actor_id: None,
        wikidata_id: None,
        country: None,
        sector: Some(sector),
        inter_code: Some(inter),
        number: None,
        affiliation: None,
        certainty: crate::Certainty::Stated,
    }
}

fn army() -> Participant {
    party(Sector::Military, InterCode::StateForces)
}

fn rebels() -> Participant {
    party(Sector::Rebels, InterCode::RebelGroups)
}

fn militia() -> Participant {
    party(Sector::Paramilitary, InterCode::IdentityMilitias)
}

fn villagers() -> Participant {
    party(Sector::Civilian, InterCode::Civilians)
}

fn weapon(class: WeaponClass, subclass: Option<&str>) -> Weapon {
    Weapon { mentions: Vec::new(), class, subclass: subclass.map(str::to_owned) }
}

#[test]
fn every_sub_event_has_a_row_and_a_quadrant() {
    let table = table();
    for sub_event in S::ALL {
        let codes = table.codes(*sub_event, &Facts::default());
        assert!((1..=4).contains(&quad_class(codes.plover.event_type)));
        assert!(!codes.disorder_type.is_empty(), "{sub_event}");
        for mode in &codes.plover.mode {
            assert!(is_plover_mode(codes.plover.event_type, mode), "{sub_event}: {mode}");
        }
    }
}

#[test]
fn every_cameo_code_is_in_the_codebook() {
    let known: Vec<&str> = CAMEO.split_whitespace().collect();
    for row in &table().rows {
        if let Stated::Some(code) = &row.cameo {
            assert!(known.contains(&code.as_str()), "{code}");
            let root = cameo_root(code).expect("a root");
            // CAMEO's quadrants: roots 1–5, 6–8, 9–13, 14–20 (GDELT event codebook 2.0, QuadClass).
            let quadrant = match root {
                1..=5 => 1,
                6..=8 => 2,
                9..=13 => 3,
                _ => 4,
            };
            if let Some(plover) = row.plover {
                assert_eq!(quadrant, quad_class(plover), "{code} under {plover}");
            }
        }
    }
}

#[test]
fn the_weapon_gives_the_mode_and_the_code() {
    let table = table();
    let rifle = [weapon(WeaponClass::Firearms, None)];
    let codes = table.codes(S::ArmedClash, &Facts { weapons: &rifle, ..Facts::default() });
    assert_eq!((codes.plover.mode, codes.cameo), (vec!["firearms".to_owned()], Some("193")));

    let drone = [weapon(WeaponClass::Explosives, Some("drone"))];
    let codes = table.codes(S::AirDroneStrike, &Facts { weapons: &drone, ..Facts::default() });
    assert_eq!((codes.plover.mode, codes.cameo), (vec!["drone".to_owned()], Some("1952")));

    let car = [weapon(WeaponClass::Explosives, Some("vbied"))];
    let codes = table.codes(S::RemoteExplosiveLandmineIed, &Facts { weapons: &car, ..Facts::default() });
    assert_eq!((codes.plover.mode, codes.cameo), (vec!["explosives".to_owned()], Some("1832")));
    assert_eq!(codes.gtd, Some(GtdAttackType::Bombing));

    // Grenades thrown while shooting are an armed assault to GTD.
    let both = [weapon(WeaponClass::Explosives, Some("grenade")), weapon(WeaponClass::Firearms, None)];
    let codes = table.codes(S::Grenade, &Facts { weapons: &both, ..Facts::default() });
    assert_eq!(codes.plover.mode, ["explosives", "firearms"]);
    assert_eq!(codes.gtd, Some(GtdAttackType::ArmedAssault));

    // Class and subclass must be of one weapon: a rifle and a shell are no "explosives without subclass".
    let mixed = [weapon(WeaponClass::Firearms, None), weapon(WeaponClass::Explosives, Some("mortar"))];
    let codes = table.codes(S::ArmedClash, &Facts { weapons: &mixed, ..Facts::default() });
    assert_eq!(codes.plover.mode, ["heavy-weapons", "firearms"]);
}

#[test]
fn the_usual_mode_stands_where_no_weapon_is_named() {
    let table = table();
    assert_eq!(table.codes(S::AirDroneStrike, &Facts::default()).plover.mode, ["aerial"]);
    assert!(table.codes(S::Attack, &Facts::default()).plover.mode.is_empty());
    assert_eq!(table.codes(S::Arrests, &Facts::default()).plover.mode, ["arrest"]);
}

#[test]
fn the_act_may_change_the_type() {
    let table = table();
    fn act<'a>(acts: &'a [&'a str]) -> Facts<'a> {
        Facts { acts, ..Facts::default() }
    }
    let codes = table.codes(S::Agreement, &act(&["agreement", "ceasefire"]));
    assert_eq!((codes.plover.event_type, codes.cameo), (PloverType::Retreat, Some("0871")));
    assert_eq!(codes.plover.mode, ["ceasefire"]);

    let codes = table.codes(S::Attack, &act(&["assassination"]));
    assert_eq!((codes.gtd, codes.cameo), (Some(GtdAttackType::Assassination), Some("186")));
    let failed = Facts { completion: Some(Completion::Attempted), ..act(&["assassination"]) };
    assert_eq!(table.codes(S::Attack, &failed).cameo, Some("185"));

    let rifle = [weapon(WeaponClass::Firearms, None)];
    let threat = Facts { completion: Some(Completion::Threatened), weapons: &rifle, ..Facts::default() };
    let codes = table.codes(S::Attack, &threat);
    assert_eq!(
        codes.plover,
        PloverCode { event_type: PloverType::Threaten, mode: vec!["violence".to_owned()] }
    );
    assert_eq!((codes.gtd, codes.type_of_violence), (None, None));

    // An act that the table does not know changes nothing.
    assert_eq!(table.codes(S::Attack, &act(&["picnic"])), table.codes(S::Attack, &Facts::default()));
}

#[test]
fn gtd_counts_no_acts_of_states() {
    let table = table();
    let (army, rebels, villagers) = ([army()], [rebels()], [villagers()]);
    let by_state = Facts { actors: &army, recipients: &villagers, ..Facts::default() };
    assert_eq!(table.codes(S::Attack, &by_state).gtd, None);
    let by_rebels = Facts { actors: &rebels, recipients: &villagers, ..Facts::default() };
    assert_eq!(table.codes(S::Attack, &by_rebels).gtd, Some(GtdAttackType::Unknown));
    // Fighting in which the rebels were attacked: the attacker is the army.
    let both = [army[0].clone(), rebels[0].clone()];
    let raid = Facts { actors: &both, recipients: &rebels, ..Facts::default() };
    assert_eq!(table.codes(S::ArmedClash, &raid).gtd, None);
    let ambush = Facts { actors: &both, recipients: &army, ..Facts::default() };
    assert_eq!(table.codes(S::ArmedClash, &ambush).gtd, Some(GtdAttackType::ArmedAssault));
}

#[test]
fn types_of_violence() {
    let gunmen = party(Sector::UnalignedArmed, InterCode::PoliticalMilitias);
    let protesters = party(Sector::Social, InterCode::Protesters);
    assert_eq!(type_of_violence(&[army(), rebels()], &[]), Some(1));
    assert_eq!(type_of_violence(&[rebels()], &[army()]), Some(1));
    assert_eq!(type_of_violence(&[rebels(), army()], &[army()]), Some(1));
    assert_eq!(type_of_violence(&[rebels(), militia()], &[]), Some(2));
    assert_eq!(type_of_violence(&[rebels()], &[villagers()]), Some(3));
    assert_eq!(type_of_violence(&[army()], std::slice::from_ref(&protesters)), Some(3));
    assert_eq!(type_of_violence(&[army(), militia()], &[villagers()]), Some(3));
    assert_eq!(type_of_violence(&[rebels()], &[army(), villagers()]), Some(1));
    assert_eq!(type_of_violence(&[gunmen], &[army()]), Some(1));
    assert_eq!(type_of_violence(&[rebels()], &[]), None);
    assert_eq!(type_of_violence(&[protesters], &[villagers()]), None);
    assert_eq!(type_of_violence(&[], &[villagers()]), None);
}

#[test]
fn two_state_forces_are_two_parties_only_with_two_states() {
    let of = |country: &str, sector| {
        let mut force = party(sector, InterCode::StateForces);
        force.country = Some(country.to_owned());
        force.mentions[0].text = format!("{country} {sector}");
        force
    };
    assert_eq!(type_of_violence(&[of("IND", Sector::Military), of("PAK", Sector::Military)], &[]), Some(1));
    assert_eq!(type_of_violence(&[of("IND", Sector::Military), of("IND", Sector::Police)], &[]), None);
}

#[test]
fn civilian_targeting_follows_the_recipients() {
    let table = table();
    let (villagers, army) = ([villagers()], [army()]);
    let hit = |recipients| Facts { recipients, ..Facts::default() };
    assert!(table.codes(S::AirDroneStrike, &hit(&villagers)).civilian_targeting);
    assert!(!table.codes(S::AirDroneStrike, &hit(&army)).civilian_targeting);
    assert!(!table.codes(S::AirDroneStrike, &hit(&[])).civilian_targeting);
    assert!(table.codes(S::Attack, &hit(&[])).civilian_targeting);
    assert!(!table.codes(S::ArmedClash, &hit(&villagers)).civilian_targeting);
}

#[test]
fn errors_say_where_and_what() {
    assert!(matches!(Crosswalk::from_table(""), Err(TableError::NoHeader { .. })));
    assert!(matches!(Crosswalk::from_table("a\tb"), Err(TableError::NoColumn { .. })));
    let header = COLUMNS.join("\t");
    let good = "Attack\t\tASSAULT\t\t180\t-9.0\tUnknown\tPolitical violence\talways\tsource";
    for (bad, says) in [
        ("Atack\t\tASSAULT\t\t180\t-9.0\t-\tPolitical violence\talways\ts", "no SubEventType"),
        ("Attack\t\tASSAULT\tdemo\t180\t-9.0\t-\tPolitical violence\talways\ts", "no mode of ASSAULT"),
        ("Attack\t\tASSAULT\t\t999\t-9.0\t-\tPolitical violence\talways\ts", "no CAMEO code"),
        ("Attack\t\tASSAULT\t\t180\t-99\t-\tPolitical violence\talways\ts", "Goldstein"),
        ("Attack\t\tASSAULT\t\t180\t-9.0\tTickling\tPolitical violence\talways\ts", "no GTD attack type"),
        ("Attack\tmoon=full\tASSAULT\t\t180\t-9.0\t-\tPolitical violence\talways\ts", "no condition"),
        ("Attack\t\t\t\t180\t-9.0\t-\t\t\ts", "must state plover"),
        ("Attack\t\tASSAULT", "no source"),
        (good, "a second row of `Attack`"),
    ] {
        let error = Crosswalk::from_table(&format!("{header}\n{good}\n{bad}")).expect_err(bad).to_string();
        assert!(error.starts_with("crosswalk, line 3: ") && error.contains(says), "{error}");
    }
    let error = Crosswalk::from_table(&format!("{header}\n{good}")).expect_err("incomplete").to_string();
    assert!(error.contains("no row of `Government regains territory`"), "{error}");
}
