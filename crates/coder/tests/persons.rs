//! Persons as those whom it happened to, by name and by what they are. Needs no gazetteer pack.

#![allow(clippy::unwrap_used)]

use record::{CodedDocument, ParticipantKind, Report};
use watchpost_coder::{Coder, Knowledge, Tables};

fn coder() -> Coder {
    Coder::new(Knowledge::load(&knowledge::carried!(Tables)).unwrap())
}

fn code(coder: &Coder, text: &str) -> CodedDocument {
    coder.code(&Report { text: text.to_owned(), ..Report::default() })
}

/// The words for each single person whom the first event happened to.
fn suffered(document: &CodedDocument) -> Vec<&str> {
    let recipients = document.events.iter().flat_map(|event| &event.recipients);
    recipients
        .filter(|who| who.kind == ParticipantKind::Individual)
        .flat_map(|who| who.mentions.iter().map(|mention| mention.text.as_str()))
        .collect()
}

#[test]
fn a_name_alone_is_the_person_it_happened_to() {
    let coder = coder();
    for (text, who) in [
        ("Gunmen killed Norberto Ruiz in a market on Monday.", &["Norberto Ruiz"][..]),
        ("gunmen kidnapped norberto ruiz, brother of a senator, on monday.", &["norberto ruiz"]),
        ("The murder of Hugo Mena, a student, was condemned on Monday.", &["Hugo Mena"]),
        (
            "Carlos Duarte and Hilda Pineda were abducted and killed on Monday.",
            &["Carlos Duarte", "Hilda Pineda"],
        ),
        ("Rebels killed Mayor Pedro Lugo and wounded Elena Prado.", &["Mayor Pedro Lugo", "Elena Prado"]),
        ("GUNMEN KIDNAPPED NORBERTO RUIZ, THE BROTHER OF A SENATOR, ON MONDAY.", &["NORBERTO RUIZ"]),
        (
            "The bodies of Raul Pena and Ana Lima, whom soldiers shot, were found on Monday. Raul Pena was a nurse.",
            &["Raul Pena", "Ana Lima"],
        ),
        (
            "The death of judge Rosa Arango, who was shot by gunmen on Monday, shook the country.",
            &["judge Rosa Arango"],
        ),
        ("Assailants shot and killed the mayor of the town, Pablo Ortega, on Monday.", &["Pablo Ortega"]),
    ] {
        let document = code(&coder, text);
        let told = suffered(&document);
        for one in who {
            assert!(
                told.contains(one),
                "{text}\n{one} not in {told:?}\n{}",
                coder.explain(&Report { text: text.to_owned(), ..Report::default() })
            );
        }
    }
}

#[test]
fn a_name_of_something_else_is_nobody() {
    let coder = coder();
    for text in [
        "Rebels attacked Bachancha on Monday, killing four people.",
        "The murder shook Colombia on Monday, when gunmen shot four people.",
        "A bomb damaged the offices of Avianca on Monday, wounding four people.",
    ] {
        let document = code(&coder, text);
        assert!(suffered(&document).is_empty(), "{text}\n{:#?}", document.events);
    }
}

/// The first words for each thing that something was done to.
fn things(document: &CodedDocument) -> Vec<&str> {
    document
        .events
        .iter()
        .flat_map(|event| &event.objects)
        .map(|object| object.mentions[0].text.as_str())
        .collect()
}

#[test]
fn a_target_may_be_told_around_the_event() {
    let coder = coder();
    for (text, wanted) in [
        ("A bomb exploded outside a bank on Monday, injuring a guard.", &["a bank"][..]),
        ("A bomb exploded in front of the embassy on Monday.", &["the embassy"]),
        ("Rebels bombed a radio station and a drugstore on Monday.", &["a radio station", "a drugstore"]),
        ("Rebels set fire to the offices of a mining company on Monday.", &["the offices"]),
        ("The explosion damaged the windows of a hotel on Monday.", &["a hotel"]),
        ("The liquor plant was the target of a bomb attack on Monday.", &["The liquor plant"]),
        ("Power lines were sabotaged by rebels on Monday.", &["Power lines"]),
    ] {
        let document = code(&coder, text);
        let told = things(&document);
        for one in wanted {
            assert!(
                told.contains(one),
                "{text}\n{one} not in {told:?}\n{}",
                coder.explain(&Report { text: text.to_owned(), ..Report::default() })
            );
        }
    }
}

#[test]
fn what_is_thought_of_an_attack_is_not_who_did_it() {
    let document = code(&coder(), "A terrorist attack killed five people in a market on Monday.");
    assert!(document.events[0].actors.is_empty(), "{:#?}", document.events[0].actors);
}
