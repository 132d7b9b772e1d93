//! What reports in the manner of news agencies are read as, by sentences of ours. Needs no gazetteer pack.

#![allow(clippy::unwrap_used)]

use record::vocabulary::{Realis, SubEventType};
use record::{CodedDocument, Count, Event, Participant, Report};
use watchpost_coder::{Coder, Knowledge, Tables};

fn coder() -> Coder {
    Coder::new(Knowledge::load(&knowledge::carried!(Tables)).unwrap())
}

fn code(coder: &Coder, text: &str) -> CodedDocument {
    let published = Some("2024-03-20".parse().unwrap());
    coder.code(&Report { text: text.to_owned(), published, ..Report::default() })
}

fn events(coder: &Coder, text: &str) -> Vec<Event> {
    code(coder, text).events
}

fn total(counts: &[Count]) -> u64 {
    let live = counts.iter().filter(|count| count.part_of.is_none() && !count.superseded);
    live.filter_map(|count| count.number.figure()).sum()
}

fn called(side: &[Participant]) -> Vec<&str> {
    side.iter().flat_map(|who| who.mentions.iter().map(|mention| mention.text.as_str())).collect()
}

#[test]
fn who_says_so_behind_a_comma_did_not_do_it() {
    let coder = coder();
    let text =
        "On Saturday a drone strike on a bus in Ethiopia killed 18 people, two witnesses told reporters.";
    let event = events(&coder, text).remove(0);
    assert!(event.actors.is_empty(), "{:?}", called(&event.actors));
    assert_eq!(called(&event.recipients), ["18 people"]);
}

#[test]
fn a_town_is_taken_and_nobody_abducted() {
    let coder = coder();
    for text in [
        "Fighters of the M23 group seized the eastern Congolese town of Bunagana on Monday.",
        "Rebels captured the Syrian village of Tal Rifaat on Monday.",
    ] {
        let event = events(&coder, text).remove(0);
        assert_eq!(event.sub_event_type, SubEventType::NonStateActorOvertakesTerritory, "{text}");
        assert!(event.counts.abducted.is_empty() && event.recipients.is_empty(), "{event:?}");
    }
    let event =
        events(&coder, "Azerbaijani troops captured more than 60 military posts on Monday.").remove(0);
    assert_eq!(event.sub_event_type, SubEventType::GovernmentRegainsTerritory);
    // Whom rebels seize they take all the same.
    let event = events(&coder, "Rebels seized nine soldiers near Bunagana on Monday.").remove(0);
    assert_eq!(total(&event.counts.abducted), 9);
}

#[test]
fn those_among_the_dead_are_some_of_them() {
    let coder = coder();
    for text in [
        "Gunmen stormed a post in Mali on Tuesday, killing 15 people. Among the dead were a police officer and 12 guards.",
        "Gunmen stormed a post in Mali on Tuesday, killing 15 people. A police officer and 12 guards were among the dead.",
        "Gunmen stormed a post in Mali on Tuesday, killing 15 people. The dead included a police officer and 12 guards.",
    ] {
        let event = events(&coder, text).remove(0);
        let killed = &event.counts.killed;
        assert_eq!(total(killed), 15, "{text}");
        assert!(
            killed.iter().any(|count| count.number.figure() == Some(12) && count.part_of == Some(0)),
            "{killed:?}"
        );
        assert!(called(&event.recipients).iter().any(|name| name.contains("officer")), "{text}");
    }
    let text = "Officials said 200 people had been killed in shelling in Ukraine on Tuesday, among them ten civilians, and more than 400 wounded.";
    let event = events(&coder, text).remove(0);
    assert_eq!((total(&event.counts.killed), total(&event.counts.injured)), (200, 400));
}

#[test]
fn who_is_shot_dead_is_told_between_the_two_words() {
    let coder = coder();
    let text = "A gunman opened fire at a shop in Texas on Saturday, killing eight people before a police officer shot him dead.";
    let event = events(&coder, text).remove(0);
    assert_eq!(event.sub_event_type, SubEventType::Attack);
    assert!(!called(&event.recipients).iter().any(|name| name.contains("officer")), "{:?}", event.recipients);
    assert_eq!(total(&event.counts.killed), 9);
    // A headline's participle has nobody after it.
    let event = events(&coder, "Soldier shot dead at a checkpoint in Yemen on Monday.").remove(0);
    assert_eq!(called(&event.recipients), ["Soldier"]);
}

#[test]
fn arms_that_attackers_take_are_looted() {
    let coder = coder();
    let text = "The attackers hit the posts in Yemen on Tuesday with rifles, killing two guards and taking away the guards' weapons.";
    let found = events(&coder, text);
    assert!(found.iter().all(|event| event.sub_event_type != SubEventType::DisruptedWeaponsUse), "{found:?}");
    let text = "Troops killed two rebels in Yemen on Tuesday and took their weapons.";
    let found = events(&coder, text);
    assert!(found.iter().all(|event| event.sub_event_type != SubEventType::LootingPropertyDestruction));
}

#[test]
fn a_group_that_disarms_has_found_no_arms() {
    let coder = coder();
    let found = events(&coder, "Under the deal, separatist forces in Georgia will disband and disarm.");
    assert!(found.iter().all(|event| event.sub_event_type != SubEventType::DisruptedWeaponsUse), "{found:?}");
    let found = events(&coder, "Police in Georgia disarmed a bomb on Monday.");
    assert_eq!(found[0].sub_event_type, SubEventType::DisruptedWeaponsUse);
}

#[test]
fn police_who_clash_with_unarmed_people_fight_no_battle() {
    let coder = coder();
    let text = "Nineteen people were killed in Bangladesh on Monday as police and supporters of the ruling party clashed with students, who set fire to a police post.";
    let event = events(&coder, text).remove(0);
    assert!(
        matches!(event.sub_event_type, SubEventType::ViolentDemonstration | SubEventType::MobViolence),
        "{event:?}"
    );
    assert_eq!(total(&event.counts.killed), 19);
    let event = events(&coder, "Police clashed with armed rebels in Chad on Monday.").remove(0);
    assert_eq!(event.sub_event_type, SubEventType::ArmedClash);
}

#[test]
fn a_grenade_thrown_in_a_fight_leaves_it_a_fight() {
    let coder = coder();
    let text = "Two rival gangs fought in a prison in Ecuador on Tuesday, leaving 60 inmates dead. Inmates threw grenades and burned mattresses.";
    let event = events(&coder, text).remove(0);
    assert_eq!(event.sub_event_type, SubEventType::ArmedClash);
    assert_eq!(
        events(&coder, "Gunmen threw a grenade at a bar in Ecuador on Tuesday, wounding six.")[0]
            .sub_event_type,
        SubEventType::Grenade
    );
}

#[test]
fn a_month_last_year_holds_one_event() {
    let coder = coder();
    let text = "In November last year, gunmen abducted 79 children from a school in Cameroon.";
    let document = code(&coder, text);
    assert!(document.tallies.is_empty(), "{:?}", document.tallies);
    assert_eq!(total(&document.events[0].counts.abducted), 79);
    let text = "In the whole of last year, gunmen abducted 79 children in Cameroon.";
    assert!(!code(&coder, text).tallies.is_empty());
}

#[test]
fn what_fighters_belong_to_is_no_channel() {
    let coder = coder();
    let text = "Islamic State said on its Telegram channel that its fighters had killed 20 soldiers in Niger on Monday.";
    let event = events(&coder, text).remove(0);
    assert!(
        event.actors.iter().any(|who| who.actor_id.as_deref() == Some("islamic-state")),
        "{:?}",
        event.actors
    );
    assert_eq!(event.realis, Realis::Asserted);
}

#[test]
fn who_rides_in_what_is_struck_suffers_it() {
    let coder = coder();
    let text = "A car carrying three peacekeepers came under small-arms fire in Lebanon on Monday.";
    let event = events(&coder, text).remove(0);
    assert_eq!(called(&event.recipients), ["three peacekeepers"]);
}

#[test]
fn supporters_of_a_person_are_not_the_person() {
    let coder = coder();
    let text = "Thousands of supporters of President Jair Bolsonaro stormed Brazil's Congress on Sunday.";
    let event = events(&coder, text).remove(0);
    assert!(event.actors.iter().all(|who| who.name.is_none()), "{:?}", event.actors);
}

#[test]
fn water_is_no_artillery() {
    let coder = coder();
    let text = "Protesters stormed the parliament in Georgia on Sunday. Police used water cannon and tear gas, and 46 people were hurt.";
    let found = events(&coder, text);
    assert!(found.iter().all(|event| event.sub_event_type != SubEventType::ShellingArtilleryMissileAttack));
    let text = "A cannon was fired at the village in Georgia on Sunday, killing two people.";
    assert_eq!(events(&coder, text)[0].sub_event_type, SubEventType::ShellingArtilleryMissileAttack);
}

#[test]
fn who_is_marched_off_demonstrates_nothing() {
    let coder = coder();
    let text = "Rebels killed 19 workers in Indonesia on Sunday. They marched them up a hill and shot them, a survivor said.";
    let found = events(&coder, text);
    assert!(found.iter().all(|event| event.sub_event_type == SubEventType::Attack), "{found:?}");
    assert_eq!(
        events(&coder, "Students marched in Indonesia on Sunday.")[0].sub_event_type,
        SubEventType::PeacefulProtest
    );
}

#[test]
fn who_is_told_of_after_shot_dead_was_shot() {
    let coder = coder();
    let text = "BERLIN, Germany, March 18 - A gunman who tried to storm a synagogue in a town on the holy day of Yom Kippur shot dead two people nearby on Monday, officials said.";
    let event = events(&coder, text).remove(0);
    assert_eq!(total(&event.counts.killed), 2);
    assert!(called(&event.actors).iter().any(|name| name.contains("gunman")), "{:?}", event.actors);
}

#[test]
fn both_who_stand_before_were_killed() {
    let coder = coder();
    let text = "Troops ended a two-day operation in Iraq on Tuesday in which twelve civilians and one soldier were killed.";
    let event = events(&coder, text).remove(0);
    assert_eq!(total(&event.counts.killed), 13);
}

#[test]
fn clashes_in_which_people_died_are_no_trend() {
    let coder = coder();
    let text = "At least 17 people were killed on Monday in clashes between police and protesters in Peru, as talks resumed.";
    let event = events(&coder, text).remove(0);
    assert_eq!(event.sub_event_type, SubEventType::ViolentDemonstration, "{event:?}");
    let found = events(&coder, "Clashes have increased in Peru.");
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn what_one_gunman_did_is_no_total() {
    let coder = coder();
    let text =
        "A gunman who killed ten people at a supermarket in Chile last year was sentenced on Wednesday.";
    let document = code(&coder, text);
    assert!(document.tallies.is_empty(), "{:?}", document.tallies);
    assert_eq!(total(&document.events[0].counts.killed), 10);
    let text = "Two blasts killed 80 people in Iran on Wednesday at a ceremony for a general who was killed in 2020.";
    assert!(code(&coder, text).tallies.is_empty());
}

#[test]
fn who_ends_an_attack_is_no_side_of_it() {
    let coder = coder();
    let text = "A man rammed his car into pedestrians in Israel on Tuesday, wounding eight people, before he was shot dead by a passer-by.";
    let event = events(&coder, text).remove(0);
    assert!(!called(&event.actors).iter().any(|name| name.contains("passer-by")), "{:?}", event.actors);
    assert!(
        event.counts.injured.iter().all(|count| count.who != record::CountOf::Actor),
        "{:?}",
        event.counts.injured
    );
}

#[test]
fn an_army_in_the_west_bank_is_none_of_palestine() {
    let coder = coder();
    let text = "Israeli forces raided Jenin in the West Bank on Tuesday. The military said troops had killed five gunmen.";
    for event in events(&coder, text) {
        assert!(
            event.actors.iter().all(|who| who.name.as_deref() != Some("Military Forces of Palestine")),
            "{event:?}"
        );
    }
}

#[test]
fn one_who_speaks_is_not_those_of_whom_they_speak() {
    let coder = coder();
    let found = events(
        &coder,
        "The country's ombudsman said most of those detained in Georgia on Sunday had been beaten.",
    );
    assert!(
        found.iter().all(|event| !called(&event.recipients).iter().any(|name| name.contains("ombudsman"))),
        "{found:?}"
    );
}

#[test]
fn a_group_that_says_what_its_fighters_did_claims_it() {
    let coder = coder();
    let text = "Insurgents raided a town in Mozambique on Friday, killing ten soldiers. Islamic State said on its channel that its fighters had killed 20 soldiers.";
    let found = events(&coder, text);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0]
            .claims
            .iter()
            .any(|claim| claim.by.as_ref().is_some_and(|by| by.actor_id.as_deref() == Some("islamic-state")))
    );
    assert_eq!(total(&found[0].counts.killed), 10);
}

#[test]
fn what_somebody_is_sentenced_for_is_no_news() {
    let coder = coder();
    let text = "A gunman who killed ten people at a supermarket in Chile last year was sentenced to life in prison on Wednesday.";
    assert_eq!(events(&coder, text)[0].realis, Realis::Historical);
    let text = "A gunman who killed ten people at a supermarket in Chile on Monday was shot dead by police.";
    assert_eq!(events(&coder, text)[0].realis, Realis::Asserted);
}

#[test]
fn the_day_of_the_hunt_is_not_the_day_of_the_deed() {
    let coder = coder();
    let text = "Police were hunting on Wednesday for a gunman who killed 39 people at a club in Turkey. The attacker fired at the guests on Sunday.";
    let event = events(&coder, text).remove(0);
    assert_eq!(event.event_date.unwrap().to_string(), "2024-03-17");
}

#[test]
fn who_is_captured_in_a_fight_is_not_arrested_apart_from_it() {
    let coder = coder();
    let text = "Fifteen Armenian soldiers were killed and 12 captured in fighting with Azerbaijani forces on Tuesday.";
    let found = events(&coder, text);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].sub_event_type, SubEventType::ArmedClash);
    assert_eq!(total(&found[0].counts.arrested), 12);
}

#[test]
fn a_truce_that_holds_is_the_one_that_was_made() {
    let coder = coder();
    let text = "Armenia and Azerbaijan agreed a ceasefire on Tuesday. The truce took effect at night and was holding on Wednesday.";
    let truces =
        events(&coder, text).into_iter().filter(|event| event.sub_event_type == SubEventType::Agreement);
    assert_eq!(truces.count(), 1);
}

#[test]
fn a_mine_that_is_driven_over_goes_off_and_nobody_is_rammed() {
    let coder = coder();
    for text in [
        "Three soldiers were killed in Cameroon on Monday when their pick-up ran over a home-made mine.",
        "Two claymore mines hidden side by side blew up a crowded bus in Sri Lanka on Thursday, killing 64 people.",
    ] {
        let event = events(&coder, text).remove(0);
        assert_eq!(event.sub_event_type, SubEventType::RemoteExplosiveLandmineIed, "{text}");
        assert!(event.actors.is_empty(), "{text} {:?}", called(&event.actors));
    }
    let event = events(&coder, "A driver ran over two men in Germany on Monday, killing them.").remove(0);
    assert_eq!(event.sub_event_type, SubEventType::Attack);
}

#[test]
fn a_raid_from_the_air_is_no_part_of_the_blast_before_it() {
    let coder = coder();
    let text = "Two mines blew up a bus in Sri Lanka on Thursday, killing 64 people. Within hours, air force jets bombed rebel areas near Sampur.";
    let kinds: Vec<_> = events(&coder, text).iter().map(|event| event.sub_event_type).collect();
    assert_eq!(kinds, [SubEventType::RemoteExplosiveLandmineIed, SubEventType::AirDroneStrike]);
}

#[test]
fn a_toll_that_is_revised_is_none_of_the_background() {
    let coder = coder();
    let text = "Two blasts killed nearly 100 people in Iran on Wednesday at a ceremony for a general who was killed by a drone in Iraq in 2020. Officials lowered the death toll to 84 from 95.";
    let found = events(&coder, text);
    assert_eq!(total(&found[0].counts.killed), 84, "{:?}", found[0].counts.killed);
}

#[test]
fn a_crowd_that_demonstrates_and_loots_is_one_crowd() {
    let coder = coder();
    let text = "Supporters of the coup ransacked the headquarters of the ruling party in Niger on Thursday after a demonstration outside parliament.";
    let found = events(&coder, text);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(matches!(
        found[0].sub_event_type,
        SubEventType::ViolentDemonstration | SubEventType::MobViolence
    ));
}

#[test]
fn what_a_crowd_does_about_a_massacre_is_another_event() {
    let coder = coder();
    let text = "At least fourteen civilians were massacred with machetes on Thursday in Congo. The angry population barricaded the road on Thursday.";
    let found = events(&coder, text);
    assert_eq!(found[0].sub_event_type, SubEventType::Attack, "{found:?}");
    assert_eq!(total(&found[0].counts.killed), 14);
}

#[test]
fn whom_the_attackers_fought_then_is_no_event_of_its_own() {
    let coder = coder();
    let text = "Members of the Gran Grif gang killed 70 people in Haiti on Thursday. At least 16 people were seriously injured, including two gang members hit in an exchange of fire with police.";
    let found = events(&coder, text);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].sub_event_type, SubEventType::Attack);
}

#[test]
fn a_street_is_not_the_town_that_it_is_named_after() {
    let coder = coder();
    let text = "Seven people were shot on Hasakah Avenue on Sunday, police said.";
    let event = events(&coder, text).remove(0);
    assert!(event.places.iter().all(|place| place.text != "Hasakah"), "{:?}", event.places);
    let event = events(&coder, "Seven people were shot in Hasakah on Sunday, police said.").remove(0);
    assert_eq!(event.places[0].text, "Hasakah");
}

#[test]
fn a_figure_before_who_says_so_is_counted() {
    let coder = coder();
    let text = "A truck bomb blew up in Iraq on Sunday, killing at least 91 people and injuring 160, police and medical sources said.";
    let event = events(&coder, text).remove(0);
    assert_eq!((total(&event.counts.killed), total(&event.counts.injured)), (91, 160));
}

#[test]
fn a_group_owns_up_to_what_one_of_its_fighters_did() {
    let coder = coder();
    let text = "A truck bomb blew up in Iraq on Sunday, killing 91 people. Islamic State said that one of its fighters, an Iraqi, had carried out the attack.";
    let event = events(&coder, text).remove(0);
    assert!(
        event
            .claims
            .iter()
            .any(|claim| claim.by.as_ref().is_some_and(|by| by.actor_id.as_deref() == Some("islamic-state"))),
        "{:?}",
        event.claims
    );
}

#[test]
fn an_incident_is_what_its_sentence_tells() {
    let coder = coder();
    let found = events(
        &coder,
        "In a separate incident on Monday, marines arrested three men with a grenade in the Philippines.",
    );
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].sub_event_type, SubEventType::Arrests);
}

#[test]
fn an_army_that_tells_of_air_strikes_on_its_enemies_made_them() {
    let coder = coder();
    let event =
        events(&coder, "The army said that air strikes had killed 34 bandits in Nigeria on Thursday.")
            .remove(0);
    assert_eq!(event.actors[0].sector, Some(record::vocabulary::Sector::Military), "{:?}", event.actors);
    assert_eq!(event.actors[0].certainty, record::Certainty::Inferred);
    // A ministry that counts civilians killed did not kill them.
    let event =
        events(&coder, "The army said that air strikes had killed 34 civilians in Lebanon on Thursday.")
            .remove(0);
    assert!(event.actors.is_empty(), "{:?}", event.actors);
}

#[test]
fn a_text_may_end_with_any_word() {
    let coder = coder();
    let text = "After a blast in Baghdad killed ten people on Monday, a minister and two guards were among those killed. \
        The dead include a child, three police officers were hurt, and eight others were injured by the attackers.";
    let words: Vec<&str> = text.split(' ').collect();
    for first in 0..words.len() {
        for last in first + 1..=words.len().min(first + 14) {
            let piece = words.get(first..last).unwrap().join(" ");
            let piece = piece.trim_end_matches(['.', ',']);
            for event in events(&coder, piece) {
                assert!(event.evidence.iter().all(|evidence| piece.contains(&evidence.quote)), "{piece}");
            }
        }
    }
}
