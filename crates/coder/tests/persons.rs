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
