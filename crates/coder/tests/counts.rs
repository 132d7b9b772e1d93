//! What a sentence counts: killed and wounded as a careful reader adds them up. Needs no gazetteer pack.

#![allow(clippy::unwrap_used)]

use record::{Count, Report};
use watchpost_coder::{Coder, Knowledge, Tables};

fn coder() -> Coder {
    Coder::new(Knowledge::load(&knowledge::carried!(Tables)).unwrap())
}

/// What adds up: neither part of another count nor superseded.
fn total(counts: &[Count]) -> u64 {
    counts
        .iter()
        .filter(|count| count.part_of.is_none() && !count.superseded)
        .filter_map(|count| count.number.figure())
        .sum()
}

#[test]
fn counts_add_up_as_a_reader_adds_them() {
    let coder = coder();
    // Text, killed, injured, both together.
    for (text, killed, injured, both) in [
        ("A bomb killed one and another 4 wounded.", 1, 4, 0),
        (
            "Bus bombing: At least 11 people were killed and another 22 were wounded after a bomb exploded in a bus.",
            11,
            22,
            0,
        ),
        ("Militants attacked an army base, leaving three soldiers and eight attackers dead.", 11, 0, 0),
        ("A shooting left one man dead and four seriously wounded.", 1, 4, 0),
        ("1 dead, 3 critically injured after shooting at a shop.", 1, 3, 0),
        ("19 militants and seven soldiers were killed by a suicide bombing.", 26, 0, 0),
        (
            "Three people, a soldier and two civilians were killed and a dozen injured in a rocket attack.",
            3,
            12,
            0,
        ),
        ("At least 4 people die and 11 wounded after two bombs exploded.", 4, 11, 0),
        (
            "The attack resulted in the deaths of 12 passengers of a bus and the injury of 18 others.",
            12,
            18,
            0,
        ),
        ("A roadside bomb resulted in the loss and injury of 8 soldiers, including an officer.", 0, 0, 8),
        ("A missile hit a mosque, killing or wounding 29 civilians.", 0, 0, 29),
        ("Gunmen killed between 10 and 15 villagers.", 10, 0, 0),
        ("Seven were killed, among the dead four policemen, and 17 were wounded in the bombing.", 7, 17, 0),
        ("Gunmen fatally shot two guards outside a mosque.", 2, 0, 0),
        ("The rebels burned nine villagers to death.", 9, 0, 0),
        ("A clash left two dead while five soldiers sustained minor injuries.", 2, 5, 0),
        ("A suicide car bombing killed four people and sent 31 to the hospital.", 4, 31, 0),
        ("Four guards manning a checkpoint were killed in a rocket attack.", 4, 0, 0),
        ("A blast kills at least 6 people in a market.", 6, 0, 0),
        ("Anna Berg, 31, was shot in her car. She was pronounced dead at the scene.", 1, 0, 0),
        ("Two men were shot outside a bar, one fatally.", 1, 1, 0),
        ("Five people were shot at a market. Police said two of the victims died.", 2, 3, 0),
        ("One woman was killed and two others were wounded. Three people were shot, police said.", 1, 2, 0),
        ("Police made an arrest in the fatal shooting of a shopkeeper.", 1, 0, 0),
        ("A 40-year-old man was stabbed to death. A 25-year-old woman was also killed.", 2, 0, 0),
        ("Paul Hansen, 52, was later pronounced dead. A man, 30, was wounded.", 1, 1, 0),
        ("An 11-year-old was shot and killed at a motel, police said. The child was shot at night.", 1, 0, 0),
        (
            "Four people were injured in a shooting. Three were taken to a hospital. Another person was treated at a clinic.",
            0,
            4,
            0,
        ),
        ("Six rebels were killed, while one captain and four soldiers were lost and wounded.", 6, 0, 5),
        ("Also killed in the raid were two guards.", 2, 0, 0),
        ("The guards repelled an attack, killing three gunmen.", 3, 0, 0),
        ("Two drivers were in critical condition after being shot.", 0, 2, 0),
        // Persons told of one by one.
        (
            "A man was shot in the leg. A second victim, a woman, 23, was struck in the arm. The man died.",
            1,
            1,
            0,
        ),
        (
            "A soldier was shot at a checkpoint. A second soldier was wounded. A third soldier later died.",
            1,
            2,
            0,
        ),
        ("A 4-year-old boy shot himself in the leg. The child was taken to a hospital.", 0, 1, 0),
        (
            "A girl accidentally shot and killed her boyfriend at his home. He was pronounced dead at the scene.",
            1,
            0,
            0,
        ),
        ("A man was killed in a shooting. A passenger in his car was wounded.", 1, 1, 0),
        ("Two brothers were shot at a party. One died and the other is in critical condition.", 1, 1, 0),
        ("A gunman killed his wife and two children before turning the gun on himself.", 4, 0, 0),
        (
            "An officer was shot by a suspect. The suspect was killed. The officer was taken to a hospital.",
            1,
            1,
            0,
        ),
        ("Six people were shot, two of them fatally.", 2, 4, 0),
        // What follows a verb of saying is told of whom it follows.
        ("Police identified a boy shot and killed on Monday in a park.", 1, 0, 0),
        ("Relatives of a woman killed in a shooting held a vigil.", 1, 0, 0),
        ("Two people were killed in the shooting, and four others were left injured.", 2, 4, 0),
        // Figures of no people.
        ("Terrance Hughes, 16, was shot in the head.", 0, 1, 0),
        ("Two girls, 7 and 5, were shot in a park.", 0, 2, 0),
        ("Image 3 of 40: two men were shot in a bar.", 0, 2, 0),
        ("Officers sent to 2203 Lake Road found a man who had been shot there.", 0, 1, 0),
        ("Police said a boy was shot. A family was killed, officials said.", 0, 1, 0),
        ("A seven month old baby was killed in a shooting.", 1, 0, 0),
        // One who is told of by name only later.
        (
            "A woman was killed in a shooting on Tuesday. The shooting began at night.\n\nAnna Berg, 73, was struck by a \
             round.\n\nBerg was taken to a medical center and pronounced dead.",
            1,
            0,
            0,
        ),
        ("One man was killed. Two others were shot. One of them is in critical condition.", 1, 2, 0),
        // One incident, begun anew.
        (
            "Nineteen people were wounded in a shooting at a parade.\n\nPolice seek a man in a parade shooting on Sunday in \
             Boston.\n\nThe shooting left 19 people wounded, doctors said.",
            0,
            19,
            0,
        ),
        (
            "A gunman opened fire, sending two people to the hospital, including a toddler. The toddler was shot in the \
             leg, and a man was also shot.",
            0,
            2,
            0,
        ),
        // Bullets.
        ("A woman was struck by a bullet as she slept.", 0, 1, 0),
        ("The bullet hit him in the chin.", 0, 1, 0),
        ("A passer-by was grazed by a bullet in a shooting.", 0, 1, 0),
        ("A woman was shot twice, once in the head.", 0, 1, 0),
        ("A man accidentally shot his friend in the leg.", 0, 1, 0),
        ("The storm hit three villages.", 0, 0, 0),
        ("Six farmers, including two women, were killed by gunmen.", 6, 0, 0),
        ("Four porters, three of them brothers, were shot dead by bandits.", 4, 0, 0),
        ("Nine miners (mostly migrants from the coast) were killed by rebels.", 9, 0, 0),
        ("A bomb killed two people, including a nurse, and seven others were injured.", 2, 7, 0),
        ("A mine exploded near a school, leaving one teacher killed and five others wounded.", 1, 5, 0),
        ("The blast left 12 killed and more than 40 injured.", 12, 40, 0),
        ("Militants seized six herders and later executed them.", 6, 0, 0),
        ("A driver rammed two soldiers at a bus stop, wounding them.", 0, 2, 0),
        ("At least 40 soldiers and tribal fighters were killed in the attack.", 40, 0, 0),
        ("Two brothers, aged 25 and 26, were shot dead by militiamen.", 2, 0, 0),
        ("Rebels burned to death seven villagers.", 7, 0, 0),
        ("The 2015 Lima massacre: gunmen killed four people.", 4, 0, 0),
        ("A rebel attack on the town has killed at least 11 people.", 11, 0, 0),
        ("Three gunmen stormed two churches, killing at least 22 people in total.", 22, 0, 0),
        ("A car bomb hit a hotel in the old town killing eight people.", 8, 0, 0),
        ("Two guards were killed and four others wounded due to shelling.", 2, 4, 0),
        ("An explosion at a march killed three people.", 3, 0, 0),
        ("A double blast claimed another 20 lives in the town.", 20, 0, 0),
        ("7 dead 5 injured in a blast.", 7, 5, 0),
        ("One civilian and four fighters have been killed in a bomb attack.", 5, 0, 0),
        ("Gunmen mowed down a crowd, killing five.", 5, 0, 0),
        ("Rebels have killed two tourists kidnapped last month.", 2, 0, 0),
        (
            "Rebels have killed 40 officers, in one of the deadliest attacks since a revolt began late last year.",
            40,
            0,
            0,
        ),
        ("Two bombs went off, causing at least 12 deaths and injuries to 45 others.", 12, 45, 0),
        ("Twin bombings kill a police officer and wound nine people in a market.", 1, 9, 0),
        ("A bomber kills at least eight people and injures twelve in the city.", 8, 12, 0),
        ("Nine people, most of whom are women, were injured in an attack.", 0, 9, 0),
        ("Three people were killed, including one soldier, and four wounded when a bomb exploded.", 3, 4, 0),
        ("A bomb at a 14th century mosque wounded 13 people.", 0, 13, 0),
        ("A gunman opened fire at a market, killed five, injured another four and was shot dead.", 6, 4, 0),
        ("The 2015 Lima shooting: a gunman killed two guards, resulting in panic.", 2, 0, 0),
        ("A bomb went off at a market, killing five including three policemen.", 5, 0, 0),
        ("Three soldiers, who were wounded in an ambush, have died in hospital.", 3, 0, 0),
        ("Two wounded soldiers died, raising the death toll of the attack from 12 to 14.", 14, 0, 0),
    ] {
        let report = Report { text: text.to_owned(), ..Report::default() };
        let document = coder.code(&report);
        let sum = |list: fn(&record::Event) -> &[Count]| {
            document.events.iter().map(|event| total(list(event))).sum::<u64>()
        };
        let got = (
            sum(|event| &event.counts.killed),
            sum(|event| &event.counts.injured),
            sum(|event| &event.counts.killed_or_injured),
        );
        assert_eq!(got, (killed, injured, both), "{text}\n{}", coder.explain(&report));
    }
}

#[test]
fn the_dead_of_the_attackers_are_told_apart() {
    let coder = coder();
    // Text, dead of those who attacked, all others.
    for (text, attackers, others) in [
        ("Five guards were killed by Boko Haram. Nine militants were also killed.", 9, 5),
        ("A suicide bomber attacked a convoy, killing three of its drivers.", 0, 3),
        ("A child bomber killed four members of a village guard.", 0, 4),
        ("Two soldiers were killed due to shelling.", 0, 2),
        ("Two civilians and three suicide bombers were killed in the blasts.", 3, 2),
        ("Five officers were killed when a suicide bomber disguised as a policeman blew himself up.", 0, 5),
        ("Two policemen were killed while three others were hurt as militants blew up a bridge.", 0, 2),
    ] {
        let report = Report { text: text.to_owned(), ..Report::default() };
        let document = coder.code(&report);
        let killed: Vec<Count> =
            document.events.iter().flat_map(|event| event.counts.killed.clone()).collect();
        let (own, other): (Vec<Count>, Vec<Count>) =
            killed.into_iter().partition(|count| count.who == record::CountOf::Actor);
        assert_eq!((total(&own), total(&other)), (attackers, others), "{text}\n{}", coder.explain(&report));
    }
}

#[test]
fn those_arrested_add_up_as_a_reader_adds_them() {
    let coder = coder();
    for (text, arrested) in [
        ("Police arrested a smuggler along with two of his associates.", 3),
        ("Troops detained a rebel leader. Multiple suspected fighters were detained during the search.", 4),
        ("The force arrested two men. No women or children were injured or detained.", 2),
        ("The parcel was seized by police officials and one person of interest was detained.", 1),
        ("Soldiers attacked a camp leader detaining six suspected rebels.", 6),
        ("The raid led to the arrest of four smugglers.", 4),
        ("Troops detained the man, a bomb maker, and three other suspects.", 4),
        ("A judge signed a warrant for the arrest of two officers.", 0),
        ("Police took the two drivers into custody.", 2),
        ("Police detained one man while chasing another.", 1),
        (
            "Troops detained several rebels, including a leader. They detained the leader along with two associates.",
            3,
        ),
    ] {
        let report = Report { text: text.to_owned(), ..Report::default() };
        let document = coder.code(&report);
        let got: u64 = document.events.iter().map(|event| total(&event.counts.arrested)).sum();
        assert_eq!(got, arrested, "{text}\n{}", coder.explain(&report));
    }
}

#[test]
fn a_deed_that_a_report_reminds_of_is_background() {
    let text = "KABUL (Sept. 17, 2012) - Troops killed a fighter on Saturday. He was behind the May 11 attack that killed one guard.";
    let document = coder().code(&Report { text: text.to_owned(), ..Report::default() });
    let news: u64 = document
        .events
        .iter()
        .filter(|event| event.realis == record::vocabulary::Realis::Asserted)
        .map(|event| total(&event.counts.killed))
        .sum();
    assert_eq!(news, 1, "{:?}", document.events);
}

#[test]
fn quotes_are_slices_and_ids_are_stable() {
    let coder = coder();
    let text = "Überfall in Nord-Kivu: Gunmen killed seven villagers near Beni on Monday – “a massacre”, the army said. \
                Later, in a separate attack, a bomb wounded two police officers in Goma.";
    let report = Report { text: text.to_owned(), published: "2021-05-12".parse().ok(), ..Report::default() };
    let first = coder.code(&report);
    assert_eq!(first, coder.code(&report));
    assert!(!first.events.is_empty());
    for event in &first.events {
        for evidence in &event.evidence {
            let slice: String =
                text.chars().skip(evidence.start).take(evidence.end - evidence.start).collect();
            assert_eq!(slice, evidence.quote);
        }
    }
}

#[test]
fn what_is_no_violence_is_no_event() {
    let coder = coder();
    for text in [
        "Ten people died in a car accident on the highway.",
        "The earthquake killed 200 people and injured hundreds.",
        "Workers began a strike on Monday over pay.",
        "He suffered a heart attack after the match.",
    ] {
        let document = coder.code(&Report { text: text.to_owned(), ..Report::default() });
        assert!(document.events.is_empty(), "{text}: {:?}", document.events[0].sub_event_type);
    }
}

#[test]
fn a_count_of_one_named_person_does_not_carry_the_name() {
    let report = Report { text: "Police shot dead James Miller in Basra.".to_owned(), ..Report::default() };
    let document = coder().code(&report);
    let killed: Vec<&Count> = document.events.iter().flat_map(|event| &event.counts.killed).collect();
    assert_eq!(killed.len(), 1, "{document:?}");
    assert!(!killed[0].text.contains("Miller"), "{:?}", killed[0]);
}

#[test]
fn namesakes_are_several_people() {
    let coder = coder();
    // Text, killed, injured.
    for (text, killed, injured) in [
        ("Gunmen attacked a house. Anna Berg and Peter Berg were killed.", 2, 0),
        ("Ahmed Hassan was killed by gunmen. Ali Hassan was killed by gunmen.", 2, 0),
        ("Gunmen attacked a shop. John Smith was killed. John Miller was wounded.", 1, 1),
        ("A 24-year-old student and a 24-year-old soldier were shot dead by gunmen.", 2, 0),
        ("Gunmen attacked a shop. Anna Berg was shot. Berg died in hospital.", 1, 0),
    ] {
        let events = coder.code(&Report { text: text.to_owned(), ..Report::default() }).events;
        let sum =
            |of: fn(&record::Event) -> &Vec<Count>| events.iter().map(|event| total(of(event))).sum::<u64>();
        let found = (sum(|event| &event.counts.killed), sum(|event| &event.counts.injured));
        assert_eq!(found, (killed, injured), "{text}");
        let names = events.iter().flat_map(|event| event.counts.killed.iter().chain(&event.counts.injured));
        assert!(
            names.into_iter().all(|count| !count.text.contains("Berg") && !count.text.contains("Hassan"))
        );
    }
}
