//! What the press releases of armies and police tell, the same words everywhere: operations, those taken and killed in
//! them, the same people told of again. Needs no gazetteer pack.

#![allow(clippy::unwrap_used)]

use record::vocabulary::{Completion, Realis};
use record::{CodedDocument, Count, Event, Report};
use watchpost_coder::{Coder, Knowledge, Tables};

fn coder() -> Coder {
    Coder::new(Knowledge::load(&knowledge::carried!(Tables)).unwrap())
}

fn code(coder: &Coder, text: &str) -> CodedDocument {
    coder.code(&Report { text: text.to_owned(), ..Report::default() })
}

/// The events told as news and carried through.
fn news(document: &CodedDocument) -> impl Iterator<Item = &Event> {
    document
        .events
        .iter()
        .filter(|event| event.realis == Realis::Asserted && event.completion == Completion::Accomplished)
}

/// What adds up: neither part of another count nor superseded.
fn total(counts: &[Count]) -> u64 {
    counts
        .iter()
        .filter(|count| count.part_of.is_none() && !count.superseded)
        .filter_map(|count| count.number.low.or(count.number.best))
        .sum()
}

/// Killed and arrested over all news of a report.
fn tolls(document: &CodedDocument) -> (u64, u64) {
    news(document).fold((0, 0), |(killed, taken), event| {
        (killed + total(&event.counts.killed), taken + total(&event.counts.arrested))
    })
}

#[test]
fn those_told_of_again_count_once() {
    let coder = coder();
    for (text, killed, arrested) in [
        // "More" adds, wherever in the phrase it stands.
        (
            "Troops attacked a camp in Sulu on Monday, killing several rebels. Several more rebels were killed later.",
            6,
            0,
        ),
        // Who is taken or killed besides.
        (
            "Soldiers killed a rebel commander, Kamlon, along with one other gunman, in a raid on Monday.",
            2,
            0,
        ),
        ("Police arrested a bomb maker as well as three of his helpers in a raid on Monday.", 0, 4),
        ("Troops treated two wounded gunmen before detaining them along with one other rebel.", 0, 3),
        // Whose number was told before.
        ("Several armed rebels fired on the patrol on Monday. The armed rebels were all killed.", 3, 0),
        // A headline's figure is told again below it.
        (
            "Nine killed, one arrested in army raid\n\nABUJA, Nigeria (May 9, 2014) – Troops killed nine gunmen and \
             arrested one suspect in a raid on a camp on Thursday.",
            9,
            1,
        ),
        (
            "Troops apprehend 12, find weapons\n\nABUJA, Nigeria (May 9, 2014) – Troops arrested numerous suspects in a \
             village on Thursday. Two rifles and a pistol were found during the search.",
            0,
            12,
        ),
        (
            "Army captures rebel commander\n\nABUJA, Nigeria (May 9, 2014) – Troops captured a rebel commander, who planned \
             attacks on markets, in a raid on Thursday.",
            0,
            1,
        ),
        // Both of those told of one by one.
        (
            "Troops caught a gun runner in a car on Monday. There was another man with him in the car. Both men were \
             arrested.",
            0,
            2,
        ),
        // Some of those who were told of before.
        (
            "Several rebels were killed by troops on Monday. After an air strike that killed some rebels, troops \
             searched the area.",
            3,
            0,
        ),
        // Others than the one told of by himself.
        (
            "Troops struck a rebel commander in a forest on Monday. Several other rebels were killed in the strike. \
             Officials said that the commander was killed in the strike.",
            4,
            0,
        ),
    ] {
        let document = code(&coder, text);
        assert_eq!(tolls(&document), (killed, arrested), "{text}\n{:#?}", document.events);
    }
}

#[test]
fn who_says_who_he_is_is_not_taken_by_it() {
    let coder = coder();
    let document = code(
        &coder,
        "Troops detained three rebels on Monday, one of whom identified himself as the commander. The rebels had \
         planned and executed numerous attacks on villages.",
    );
    assert_eq!(tolls(&document), (0, 3), "{:#?}", document.events);
}

#[test]
fn what_was_set_out_for_and_then_done_is_news() {
    let coder = coder();
    let document = code(
        &coder,
        "Police detain rebel in Cali\n\nPolice conducted an operation in Cali on May 9, 2014 to arrest a senior rebel \
         commander. Officers arrested the commander as he was walking in the city.",
    );
    assert_eq!(tolls(&document), (0, 1), "{:#?}", document.events);
    assert!(news(&document).any(|event| event.event_date.is_some_and(|day| day.to_string() == "2014-05-09")));
}

#[test]
fn a_person_s_past_is_background() {
    let coder = coder();
    for text in [
        "ABUJA, Nigeria (May 9, 2014) – Troops struck a rebel commander connected to the April 28 attack near a hotel \
         on Thursday. He openly claimed responsibility for the April 28 car bomb attack on the hotel, which killed \
         two civilians.",
        "ABUJA, Nigeria (May 9, 2014) – Troops killed two gunmen in a raid on a farm on Thursday. In March, gunmen fired \
         on the troops during a similar raid on the farm. The troops killed more than 30 gunmen.",
        "ABUJA, Nigeria (May 9, 2014) – Troops killed Musa, one of the rebel leaders behind the April 7 attack on a base, \
         in a raid on Thursday. Musa was suspected of having supplied suicide bombers for the April 7 attack, which \
         wounded several villagers.",
        "ABUJA, Nigeria (May 9, 2014) – Troops killed two gunmen in a raid on a farm on Thursday. They were led by a \
         man responsible for leading an attack on a school in March 2014.",
    ] {
        let document = code(&coder, text);
        let days: Vec<_> = news(&document).filter_map(|event| event.event_date).collect();
        assert!(!days.is_empty(), "{text}");
        for day in days {
            assert_eq!(day.to_string(), "2014-05-08", "{text}\n{:#?}", document.events);
        }
    }
}

#[test]
fn the_day_of_an_announcement_is_not_the_day_of_the_deed() {
    let coder = coder();
    for text in [
        "ABUJA, Nigeria (May 9, 2014) – The army today confirmed the arrest of a gun runner in a raid in Kano on May 5.",
        "ABUJA, Nigeria (May 9, 2014) – The army on Friday announced the death of a rebel commander in a raid in Kano on Monday.",
    ] {
        let document = code(&coder, text);
        let days: Vec<_> = news(&document).map(|event| event.event_date.unwrap().to_string()).collect();
        assert_eq!(days, ["2014-05-05"], "{text}\n{:#?}", document.events);
    }
}
