//! What short reports tell as wholes: how many events, when, and what is only summed up. Needs no gazetteer pack.

#![allow(clippy::unwrap_used)]

use jiff::civil::{Date, date};
use record::vocabulary::{Realis, SubEventType};
use record::{CodedDocument, DateProvenance, Event, Report};
use watchpost_coder::{Coder, Knowledge, Tables};

fn coder() -> Coder {
    Coder::new(Knowledge::load(&knowledge::carried!(Tables)).unwrap())
}

fn code(coder: &Coder, published: Date, text: &str) -> CodedDocument {
    let report = Report {
        text: text.to_owned(),
        published: Some(published),
        published_from: DateProvenance::Metadata,
        ..Report::default()
    };
    coder.code(&report)
}

fn asserted(document: &CodedDocument) -> Vec<&Event> {
    document.events.iter().filter(|event| event.realis == Realis::Asserted).collect()
}

fn dead(event: &Event) -> Option<u64> {
    event.deaths.best
}

#[test]
fn a_sum_is_told_apart_from_what_it_sums_up() {
    let text = "At least 16 people were killed and 40 wounded in attacks across Syria on Monday, medics said.\n\n\
                In Raqqa, gunmen shot dead four soldiers at a checkpoint. A roadside bomb in Hasakah killed three \
                policemen, while a sniper killed a shopkeeper in Manbij.";
    let document = code(&coder(), date(2017, 5, 9), text);
    let events = asserted(&document);
    let told: Vec<_> = events.iter().map(|event| (event.places[0].text.as_str(), dead(event))).collect();
    assert_eq!(told, [("Raqqa", Some(4)), ("Hasakah", Some(3)), ("Manbij", Some(1))]);
    assert!(events.iter().all(|event| event.event_date == Some(date(2017, 5, 8))));
    let tallies: Vec<_> =
        document.tallies.iter().map(|tally| (tally.what.as_str(), tally.number.figure())).collect();
    assert_eq!(tallies, [("killed", Some(16)), ("injured", Some(40))]);
}

#[test]
fn several_devices_at_one_place_are_no_sum() {
    let text = "Two car bombs hit a market in Raqqa on Monday, killing 12 people. In a separate attack a mortar \
                shell killed a boy in Hasakah.";
    let document = code(&coder(), date(2017, 5, 9), text);
    let told: Vec<_> = asserted(&document).iter().map(|event| dead(event)).collect();
    assert_eq!(told, [Some(12), Some(1)]);
    assert!(document.tallies.is_empty());
}

#[test]
fn a_toll_that_rose_has_the_attack_s_day() {
    let text = "The death toll from a suicide bombing at a railway station in the city of Raqqa rose to 26 on Sunday, \
                a hospital official said. The bomber blew himself up on Saturday morning.";
    let document = code(&coder(), date(2017, 5, 7), text);
    let events = asserted(&document);
    assert_eq!(events.len(), 1);
    assert_eq!(dead(events[0]), Some(26));
    assert_eq!(events[0].event_date, Some(date(2017, 5, 6)));
}

#[test]
fn an_earlier_toll_is_superseded() {
    let text = "Armed men killed at least 137 people in raids on villages on Sunday, the government said, revising an \
                earlier toll of 60.";
    let document = code(&coder(), date(2021, 3, 22), text);
    assert_eq!(dead(&document.events[0]), Some(137));
}

#[test]
fn the_day_of_a_relative_clause_is_its_own() {
    let coder = coder();
    for (text, kind, day) in [
        (
            "Two suicide bombers struck on Wednesday during a memorial for a general, who was killed by a drone in 2015.",
            SubEventType::SuicideBomb,
            Some(date(2017, 5, 3)),
        ),
        (
            "Police on Thursday arrested eleven people over explosions that killed 89 people on Tuesday.",
            SubEventType::Arrests,
            Some(date(2017, 5, 4)),
        ),
    ] {
        let document = code(&coder, date(2017, 5, 5), text);
        let event = document.events.iter().find(|event| event.sub_event_type == kind).unwrap();
        assert_eq!((event.event_date, event.realis), (day, Realis::Asserted), "{text}");
    }
}

#[test]
fn what_is_only_compared_with_is_background() {
    let coder = coder();
    for text in [
        "A man stabbed a teacher in Raqqa on Friday. The attack came three years after the beheading of a priest.",
        "Gunmen killed 12 people in Raqqa on Friday in the worst violence since the bombing of a mosque.",
    ] {
        let document = code(&coder, date(2017, 5, 7), text);
        let dated: Vec<_> =
            asserted(&document).iter().map(|event| event.event_date).filter(Option::is_some).collect();
        assert_eq!(dated, [Some(date(2017, 5, 5))], "{text}");
    }
}

#[test]
fn totals_over_months_are_no_events() {
    let coder = coder();
    for text in [
        "At least 46 people were killed in the camps in the first six months of the year.",
        "January was the deadliest month since 2008, with 1,013 people killed.",
        "More than 700 people have been killed in Syria since Monday.",
    ] {
        let document = code(&coder, date(2017, 7, 7), text);
        assert!(document.events.is_empty(), "{text}");
        assert_eq!(document.tallies.len(), 1, "{text}");
    }
}

#[test]
fn who_acts_is_found_through_pronouns() {
    let coder = coder();
    for (text, actor) in [
        (
            "The Israeli military said it had killed a Hezbollah leader in an air strike.",
            "Military Forces of Israel",
        ),
        ("Islamic State fighters killed 35 people when they detonated a bomb.", "Islamic State"),
        ("Police said two officers and three civilians were killed by Boko Haram.", "Boko Haram"),
    ] {
        let document = code(&coder, date(2017, 7, 7), text);
        let names: Vec<_> = document.events[0].actors.iter().filter_map(|who| who.name.as_deref()).collect();
        assert_eq!(names.first(), Some(&actor), "{text}");
    }
}

#[test]
fn figures_beside_each_other_are_not_mixed() {
    let coder = coder();
    // Text, killed, injured.
    for (text, killed, injured) in [
        (
            "A minister put the toll of the attack at 80 dead, including six women and six children, and about 240 wounded.",
            80,
            240,
        ),
        ("Militants killed 235 people and gunned down worshippers at a mosque.", 235, 0),
        ("The coalition said 84 Wagner fighters and 47 Malian soldiers were killed.", 131, 0),
    ] {
        let document = code(&coder, date(2017, 7, 7), text);
        let live = |counts: &[record::Count]| -> u64 {
            let whole = counts.iter().filter(|count| count.part_of.is_none() && !count.superseded);
            whole.filter_map(|count| count.number.figure()).sum()
        };
        let event = &document.events[0];
        assert_eq!((live(&event.counts.killed), live(&event.counts.injured)), (killed, injured), "{text}");
    }
}

#[test]
fn participles_in_a_ring_end() {
    let coder = coder();
    for text in [
        "When were left also injured on Monday.",
        "When were left also shot by gunmen.",
        "Were reported killed and left wounded and found shot and killed.",
    ] {
        let _ = code(&coder, date(2017, 7, 7), text);
    }
}

#[test]
fn a_rumour_ends_at_the_comma() {
    let text = "After rumours that children were kidnapped, villagers killed two men in Raqqa on Friday.";
    let document = code(&coder(), date(2017, 7, 9), text);
    let dead: u64 = asserted(&document).iter().filter_map(|event| dead(event)).sum();
    assert_eq!(dead, 2);
}

#[test]
fn what_a_clause_tells_of_background_is_background() {
    let text = "Police arrested a man two months after the bombing in Raqqa that killed nine people.";
    let document = code(&coder(), date(2017, 5, 7), text);
    assert!(asserted(&document).iter().all(|event| dead(event).unwrap_or(0) == 0));
    assert!(document.events.iter().any(|event| event.realis == Realis::Historical && dead(event) == Some(9)));
}

#[test]
fn the_period_that_a_report_begins_with_is_lent_as_a_guess() {
    let filler = "Analysts spoke of the weather. ".repeat(16);
    let text = format!(
        "Islamic State has intensified its attacks in Syria during the past month. {filler}\n\nIn Raqqa, fighters \
         attacked army positions, killing two soldiers."
    );
    let document = code(&coder(), date(2020, 5, 12), &text);
    let event = asserted(&document).into_iter().find(|event| dead(event) == Some(2)).unwrap();
    assert_eq!(event.date_type, record::vocabulary::DateType::Approximate);
    assert_eq!(event.time_precision, Some(record::vocabulary::TimePrecision::Month));
}

#[test]
fn the_found_bodies_of_the_missing_are_among_the_dead() {
    let text = "Twenty-two policemen were killed and 31 injured in a gunbattle with rebels in Raqqa on Saturday, the \
                ministry said, as the bodies of 17 missing men were found.";
    let document = code(&coder(), date(2021, 4, 4), text);
    assert_eq!(asserted(&document).iter().map(|event| dead(event)).collect::<Vec<_>>(), [Some(22)]);
    let other = "Three soldiers were killed and the bodies of two militants were found after a clash in Raqqa on Saturday.";
    let document = code(&coder(), date(2021, 4, 4), other);
    assert_eq!(asserted(&document)[0].deaths.best, Some(5), "those of the other side are more");
}

#[test]
fn what_a_group_boasts_of_is_kept_apart_from_the_toll() {
    let text = "Al-Shabaab fighters attacked a base in Mogadishu on Sunday, killing one soldier, the army said. The group \
                said in a statement that it had killed 17 foreigners.";
    let document = code(&coder(), date(2020, 1, 6), text);
    let [event] = asserted(&document).try_into().unwrap();
    assert_eq!((event.deaths.best, event.deaths.high), (Some(1), Some(17)));
    let told: Vec<_> = event
        .counts
        .killed
        .iter()
        .map(|count| (count.text.as_str(), count.superseded, count.according_to.is_some()))
        .collect();
    assert_eq!(told, [("one soldier", false, true), ("17 foreigners", true, true)]);
    // Its own dead are no boast.
    let own = "Al-Shabaab fighters attacked a base in Mogadishu on Sunday, killing one soldier, the army said. The group \
               said that eight of its men had died.";
    assert_eq!(asserted(&code(&coder(), date(2020, 1, 6), own))[0].deaths.best, Some(9));
    // Alone, it is the only figure there is.
    let alone = "Al-Shabaab fighters attacked a base in Mogadishu on Sunday. The group said that it had killed 17 soldiers.";
    assert_eq!(asserted(&code(&coder(), date(2020, 1, 6), alone))[0].deaths.best, Some(17));
}

#[test]
fn a_figure_says_whose_it_is() {
    let text = "A bomb killed 12 people in Raqqa on Monday, the health ministry said. Residents said 20 people died.";
    let document = code(&coder(), date(2017, 5, 9), text);
    let [event] = asserted(&document).try_into().unwrap();
    let sources: Vec<_> =
        event.counts.killed.iter().map(|count| count.according_to.as_deref().unwrap_or("")).collect();
    assert!(sources[0].to_lowercase().contains("health"), "{sources:?}");
    assert_eq!(sources[1], "Residents");
}

#[test]
fn a_span_after_which_it_came_is_counted_back() {
    let text = "Gunmen attacked a hotel in Mogadishu on Sunday, killing three guards. The raid came a week after a truck bomb \
                in Baidoa killed at least 85 people.";
    let document = code(&coder(), date(2020, 1, 6), text);
    let [attack, bomb] = asserted(&document).try_into().unwrap();
    assert_eq!(attack.event_date, Some(date(2020, 1, 5)));
    assert!(bomb.event_date <= Some(date(2019, 12, 29)) && bomb.event_date_end >= Some(date(2019, 12, 29)));
    assert!(bomb.event_date_end < attack.event_date);
    assert_eq!(bomb.deaths.best, Some(85));
}

#[test]
fn attacks_counted_since_a_month_are_a_total() {
    let text = "The rebels have launched at least 45 missile attacks since November.";
    let document = code(&coder(), date(2024, 3, 7), text);
    assert!(document.events.is_empty());
    let [tally] = document.tallies.try_into().unwrap();
    assert_eq!((tally.what.as_str(), tally.number.low), ("attacks", Some(45)));
}

#[test]
fn a_person_named_before_is_no_place() {
    let text = "Abraham Raqqa, the information minister, said gunmen killed five people in Mogadishu on Monday. Raqqa accused \
                the raiders of burning homes.";
    let document = code(&coder(), date(2022, 12, 28), text);
    let places = document.events.iter().flat_map(|event| &event.places);
    assert!(places.clone().count() > 0);
    assert!(places.into_iter().all(|place| place.text != "Raqqa"));
}

#[test]
fn a_craft_does_what_its_owners_do() {
    let coder = coder();
    for (text, owner) in [
        ("A Myanmar military jet bombed a hall in Sagaing on Tuesday.", Some("MMR")),
        ("A Myanmar military helicopter opened fire on survivors in Sagaing on Tuesday.", Some("MMR")),
        ("A fighter jet dropped two bombs on a market on Tuesday.", None),
        ("A gunship fired on survivors on Tuesday.", None),
    ] {
        let document = code(&coder, date(2023, 4, 12), text);
        let [event] = asserted(&document).try_into().unwrap();
        assert_eq!(event.sub_event_type, SubEventType::AirDroneStrike, "{text}");
        let countries: Vec<_> = event.actors.iter().filter_map(|actor| actor.country.as_deref()).collect();
        assert_eq!(countries.first().copied(), owner, "{text}");
        assert!(event.actors.len() <= 1, "{text}: no fighter and no jet is an actor");
        assert!(
            event.recipients.iter().all(|who| who.country.is_none() || who.country.as_deref() != owner),
            "{text}"
        );
    }
}

#[test]
fn what_is_burnt_blown_up_or_seized_is_named() {
    let coder = coder();
    for (text, objects) in [
        (
            "Rebels set fire to at least 45 houses and 34 vehicles in Raqqa on Monday.",
            &["at least 45 houses", "34 vehicles"][..],
        ),
        ("Rebels set 15 trucks and machines on fire in Raqqa on Monday.", &["15 trucks"]),
        ("Rebels blew up a stretch of an oil pipeline in Raqqa on Sunday.", &["an oil pipeline"]),
    ] {
        let document = code(&coder, date(2023, 4, 12), text);
        let named: Vec<_> =
            asserted(&document)[0].objects.iter().map(|object| object.mentions[0].text.as_str()).collect();
        assert_eq!(named, objects, "{text}");
    }
    let text = "On Saturday, armed men seized 15 students from a boarding school.";
    let document = code(&coder, date(2023, 4, 12), text);
    assert_eq!(asserted(&document)[0].counts.abducted[0].number.figure(), Some(15));
    let text = "The force detained two men and seized improvised explosive devices on Saturday.";
    let document = code(&coder, date(2023, 4, 12), text);
    assert!(document.events.iter().all(|event| event.counts.abducted.is_empty()));
}

#[test]
fn a_lower_toll_of_another_source_adds_nothing() {
    let text = "A jet bombed a hall in Sagaing on Monday, killing at least 100 people. The military put the number of dead \
                insurgents at 40.";
    let document = code(&coder(), date(2023, 4, 12), text);
    assert_eq!(asserted(&document).iter().map(|event| dead(event)).collect::<Vec<_>>(), [Some(100)]);
}

#[test]
fn armed_men_of_a_people_are_not_all_of_it() {
    let coder = coder();
    for (text, sector) in [
        ("A Shi'ite militia attacked a base in Raqqa on Monday.", "PRM"),
        ("Sunni gunmen attacked a base in Raqqa on Monday.", "UAF"),
        ("Hutu rebels attacked a base in Raqqa on Monday.", "REB"),
    ] {
        let document = code(&coder, date(2021, 2, 16), text);
        let [event] = asserted(&document).try_into().unwrap();
        let actor = &event.actors[0];
        assert_ne!(actor.kind, record::ParticipantKind::Population, "{text}");
        assert_eq!(actor.sector.map(|sector| sector.as_str()), Some(sector), "{text}");
    }
    let text = "Sunni Muslims protested in Raqqa on Monday.";
    let document = code(&coder, date(2021, 2, 16), text);
    assert_eq!(document.events[0].actors[0].actor_id.as_deref(), Some("sunni-muslims"));
}

#[test]
fn a_group_has_the_name_that_it_gives_itself() {
    let coder = coder();
    for text in [
        "A Shi'ite group calling itself the Revenge Brigade claimed the attack on a base in Raqqa on Monday, which killed a guard.",
        "A little-known group called the Revenge Brigade claimed the bombing in Raqqa on Monday, which killed a guard.",
    ] {
        let document = code(&coder, date(2021, 2, 16), text);
        let [event] = asserted(&document).try_into().unwrap();
        let claimants: Vec<_> =
            event.claims.iter().filter_map(|claim| claim.by.as_ref()?.name.as_deref()).collect();
        assert_eq!(claimants, ["Revenge Brigade"], "{text}");
        let everybody = event.actors.iter().chain(&event.recipients);
        assert!(everybody.into_iter().all(|who| who.actor_id.is_none()), "{text}: no state's brigade");
    }
}

#[test]
fn throats_are_cut_of_people() {
    let text = "Militants slit the throats of five civilians in Raqqa on Monday.";
    let document = code(&coder(), date(2015, 6, 2), text);
    assert_eq!(asserted(&document).iter().map(|event| dead(event)).collect::<Vec<_>>(), [Some(5)]);
}

#[test]
fn a_figure_names_no_private_person() {
    for (text, source) in [
        ("A bomb killed 12 people in Raqqa on Monday, Omar Saleh, a shopkeeper, said.", None),
        ("A bomb killed 12 people in Raqqa on Monday, a local official said.", Some("a local official")),
    ] {
        let document = code(&coder(), date(2017, 5, 9), text);
        let given = asserted(&document)[0].counts.killed[0].according_to.clone();
        assert!(!given.as_deref().unwrap_or("").contains("Saleh"), "{given:?}");
        if source.is_some() {
            assert_eq!(given.as_deref(), source);
        }
    }
}
