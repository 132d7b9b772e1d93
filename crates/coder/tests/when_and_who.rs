//! When it happened and who did it, where another sentence or the head of the report says so. Needs no gazetteer pack.

#![allow(clippy::unwrap_used)]

use record::vocabulary::Realis;
use record::{CodedDocument, Event, Report};
use watchpost_coder::{Coder, Knowledge, Tables};

fn coder() -> Coder {
    Coder::new(Knowledge::load(&knowledge::carried!(Tables)).unwrap())
}

fn news(document: &CodedDocument) -> Vec<&Event> {
    document.events.iter().filter(|event| event.realis == Realis::Asserted).collect()
}

/// Who did it, and who claims it.
fn claimed_or_done(document: &CodedDocument) -> impl Iterator<Item = &record::Participant> {
    document.events.iter().flat_map(|event| {
        event.actors.iter().chain(event.claims.iter().filter_map(|claim| claim.by.as_ref()))
    })
}

#[test]
fn the_day_may_stand_before_the_sentence() {
    let coder = coder();
    for (text, day, why) in [
        (
            "LAGOS, Nigeria (May 9, 2014) – Soldiers searched a farm on Wednesday night. During the search, two \
             gunmen were killed.",
            "2014-05-07",
            "told before",
        ),
        (
            "May 9: Two gunmen held in raid\nNews release\n2014-05-KD-011\n\nTroops detained two gunmen in a raid on a \
             farm last night.",
            "2014-05-08",
            "",
        ),
        // The day of the attack that a man is held for is not the day on which he was held.
        (
            "LAGOS, Nigeria (May 9, 2014) – Police arrested a man over Monday's bombing in the city today.",
            "2014-05-09",
            "",
        ),
    ] {
        let report = Report { text: text.to_owned(), ..Report::default() };
        let document = coder.code(&report);
        let told = news(&document);
        let found = told.iter().any(|event| {
            event.event_date.is_some_and(|date| date.to_string() == day)
                && event.reasons["event_date"].contains(why)
        });
        assert!(found, "{text}\n{:?}\n{}", document.events, coder.explain(&report));
    }
}

#[test]
fn what_is_told_again_in_another_paragraph_is_one_event() {
    let coder = coder();
    let text = "Border guards detained several smugglers with rifles near the river on Tuesday.\n\n\
                The guards had followed a boat.\n\n\
                After a search, the guards detained four smugglers.";
    let report = Report { text: text.to_owned(), ..Report::default() };
    let document = coder.code(&report);
    let arrests = news(&document).iter().filter(|event| !event.counts.arrested.is_empty()).count();
    assert_eq!(arrests, 1, "{}", coder.explain(&report));
}

#[test]
fn who_did_it_may_be_named_around_the_event() {
    let coder = coder();
    // Text, the actor, how certain.
    for (text, actor, certainty) in [
        ("Four soldiers were killed in PKK attacks near the border.", "kurdistan-workers-party", "stated"),
        (
            "Two drivers were hurt when a mine planted by Boko Haram fighters went off.",
            "boko-haram",
            "stated",
        ),
        ("A soldier was killed in an operation against the Shining Path.", "shining-path", "inferred"),
        (
            "Gunmen attacked a bus and killed six people. The attackers are believed to be members of Al-Shabaab.",
            "al-shabaab",
            "suspected",
        ),
        (
            "A bomb killed three policemen. The Islamic State of Iraq and the Levant claims responsibility.",
            "islamic-state",
            "claimed",
        ),
        (
            "A bomb killed two guards. Jundallah, a group linked to Al-Qaeda, claimed responsibility.",
            "jundallah",
            "claimed",
        ),
        (
            "Boko Haram said on Monday that it was behind the bombing that killed nine people.",
            "boko-haram",
            "claimed",
        ),
        (
            "Boko Haram claimed responsibility for two bombings in the north. At least nine people were killed.",
            "boko-haram",
            "claimed",
        ),
        ("A mine killed two guards. Both Hamas and Hezbollah claimed the attack.", "hezbollah", "claimed"),
        (
            "A bomb killed two guards. Lashkar-e-Jhangvi, a group associated with Al-Qaeda, claimed it.",
            "lashkar-e-jhangvi",
            "claimed",
        ),
        ("Two guards were killed in a Taliban claimed attack on a convoy.", "taliban", "stated"),
        (
            "A guard was killed in an attack by the outlawed Kurdistan Workers' Party (PKK) militants.",
            "kurdistan-workers-party",
            "stated",
        ),
    ] {
        let report = Report { text: text.to_owned(), ..Report::default() };
        let document = coder.code(&report);
        let found = claimed_or_done(&document).any(|who| {
            who.actor_id.as_deref().is_some_and(|id| id.starts_with(actor))
                && format!("{:?}", who.certainty).to_lowercase() == certainty
        });
        assert!(found, "{text}\n{:#?}\n{}", document.events, coder.explain(&report));
    }
}

#[test]
fn whom_people_flee_did_not_bomb_them() {
    let coder = coder();
    for text in [
        "A roadside bomb killed three villagers who were fleeing Islamic State.",
        "A car bomb killed five people in a town held by Boko Haram.",
        "Ten Al-Shabaab fighters were killed in an air strike.",
    ] {
        let report = Report { text: text.to_owned(), ..Report::default() };
        let document = coder.code(&report);
        let blamed = document.events.iter().flat_map(|event| &event.actors).any(|who| who.actor_id.is_some());
        assert!(!blamed, "{text}\n{}", coder.explain(&report));
    }
}

/// Ids of the registry among those who did it, and among those who claimed it or are blamed.
fn doers_and_claimants(text: &str) -> (Vec<String>, Vec<String>) {
    let document = coder().code(&Report { text: text.to_owned(), ..Report::default() });
    let ids = |who: &record::Participant| who.actor_id.clone();
    let actors = document.events.iter().flat_map(|event| event.actors.iter().filter_map(ids)).collect();
    let claims = document.events.iter().flat_map(|event| event.claims.iter());
    (actors, claims.filter_map(|claim| claim.by.as_ref().and_then(ids)).collect())
}

#[test]
fn the_later_of_two_names_of_kin_says_who() {
    for (text, id) in [
        (
            "Bombers of the Tehreek-i-Taliban Pakistan splinter group Jamaat-ul-Ahrar attacked a church in Lahore, killing 14 people.",
            "jamaat-ul-ahrar",
        ),
        (
            "Islamic State affiliate Abu Sayyaf kidnapped two sailors near Jolo in the Philippines.",
            "abu-sayyaf",
        ),
    ] {
        let (actors, _) = doers_and_claimants(text);
        assert_eq!(actors, [id], "{text}");
    }
}

#[test]
fn both_sides_of_a_clash_are_found_behind_what_they_are_of() {
    let (actors, _) = doers_and_claimants(
        "Four policemen were injured during a gunfight between members of the PNP and militants of the New People's Army.",
    );
    assert!(actors.contains(&"new-people-s-army".to_owned()), "{actors:?}");
    assert!(actors.contains(&"philippine-national-police".to_owned()), "{actors:?}");
}

#[test]
fn a_claim_in_passing_is_a_claim() {
    let (actors, claims) = doers_and_claimants(
        "A soldier was killed in a Taliban claimed suicide attack on a NATO convoy in southern Afghanistan.",
    );
    assert_eq!(claims, ["taliban"]);
    assert!(!actors.contains(&"afghan-national-army".to_owned()), "{actors:?}");
    let (_, claims) =
        doers_and_claimants("Seven people died in two IS-claimed suicide bombings in Baghdad on Monday.");
    assert_eq!(claims, ["islamic-state"]);
    let (_, claims) =
        doers_and_claimants("Seven people died in an IS-held town when a bomb exploded on Monday.");
    assert!(claims.is_empty(), "{claims:?}");
}

#[test]
fn a_statement_of_what_was_done_is_a_claim() {
    let (_, claims) = doers_and_claimants(
        "Ten soldiers were killed in a suicide bombing near Mogadishu. Al-Shabaab released a statement claiming that it had killed 30 soldiers.",
    );
    assert_eq!(claims, ["al-shabaab"]);
    let (_, claims) = doers_and_claimants(
        "Ten soldiers were killed in a bombing near Mogadishu. The government released a statement claiming that it had killed 30 militants.",
    );
    assert!(claims.is_empty(), "{claims:?}");
    // Typed in haste.
    let (_, claims) =
        doers_and_claimants("A bomb killed two people in Paris on Monday. ISIS claimed responsibilty.");
    assert_eq!(claims, ["islamic-state"]);
}

#[test]
fn who_attackers_are_believed_to_be_is_a_suspicion() {
    let (_, claims) = doers_and_claimants(
        "Unknown gunmen attacked a house in Mogadishu, wounding a woman. The assailants are believed to be members of al-Shabaab.",
    );
    assert_eq!(claims, ["al-shabaab"]);
    let (_, claims) = doers_and_claimants(
        "A bomb killed two men in Mogadishu on Monday. The victims are believed to be members of al-Shabaab.",
    );
    assert!(claims.is_empty(), "{claims:?}");
}

#[test]
fn fire_from_ground_that_a_group_holds_is_taken_for_theirs() {
    let text = "Eight people were wounded when rockets fired from an area in Syria controlled by Islamic State jihadists hit the centre of Kilis.";
    let document = coder().code(&Report { text: text.to_owned(), ..Report::default() });
    let actor = &document.events[0].actors[0];
    assert_eq!(actor.actor_id.as_deref(), Some("islamic-state"));
    assert_eq!(actor.certainty, record::Certainty::Inferred);
    // What hits such ground is not theirs.
    let (actors, _) = doers_and_claimants(
        "Eight people were wounded when rockets hit an area in Syria controlled by Islamic State jihadists.",
    );
    assert!(actors.is_empty(), "{actors:?}");
    let (actors, _) =
        doers_and_claimants("A family fleeing from a town held by the Islamic State was killed by a bomb.");
    assert!(actors.is_empty(), "{actors:?}");
}

#[test]
fn a_clash_called_after_both_its_sides_has_both() {
    for (text, ids) in [
        ("Nine Killed in Berom, Fulani Clashes", ["berom", "fulani-militia"]),
        ("Two killed in Osun as Hausa, Yoruba labourers clash at mining site", ["hausa", "yoruba"]),
    ] {
        let (mut actors, _) = doers_and_claimants(text);
        actors.sort();
        actors.dedup();
        assert_eq!(actors, ids, "{text}");
    }
    // One side alone says nothing of the other.
    let (actors, _) =
        doers_and_claimants("Berom youths were killed on Monday when soldiers clashed with Fulani herders.");
    assert!(!actors.contains(&"berom".to_owned()), "{actors:?}");
}
