//! Who is who among those harmed, and what is one incident: nobody counts twice, and no figure of something else counts.
//! Needs no gazetteer pack.

#![allow(clippy::unwrap_used)]

use record::vocabulary::{Completion, Realis};
use record::{Count, Report};
use watchpost_coder::{Coder, Knowledge, Tables};

fn coder() -> Coder {
    Coder::new(Knowledge::load(&knowledge::carried!(Tables)).unwrap())
}

fn total(counts: &[Count]) -> u64 {
    counts
        .iter()
        .filter(|count| count.part_of.is_none() && !count.superseded)
        .filter_map(|count| count.number.figure())
        .sum()
}

/// Checks the killed and injured of all events of each text.
fn counted(cases: &[(&str, u64, u64)]) {
    let coder = coder();
    let mut wrong = Vec::new();
    for &(text, killed, injured) in cases {
        let report = Report { text: text.to_owned(), ..Report::default() };
        let document = coder.code(&report);
        let sum = |list: fn(&record::Event) -> &[Count]| {
            document.events.iter().map(|event| total(list(event))).sum::<u64>()
        };
        let got = (sum(|event| &event.counts.killed), sum(|event| &event.counts.injured));
        if got != (killed, injured) {
            wrong.push(format!("{text}\n  {got:?}, not {:?}\n{}", (killed, injured), coder.explain(&report)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn ages_and_numbers_of_things_count_nobody() {
    counted(&[
        ("The 5 year-old boy died hours after he was shot.", 1, 0),
        ("A mother was killed in a shooting, and her sons, 7 and 8, were wounded.", 1, 2),
        ("Two of the boys, 14 and 15, were wounded in a shooting at a park.", 0, 2),
        ("Two students, 16 and 17 years old, were wounded in a shooting.", 0, 2),
        ("A boy was shot at a market. Another boy, also 15, was shot in the foot.", 0, 2),
        ("Three herders, between 20 and 30 years of age, were wounded in a raid.", 0, 3),
        ("A driver called 911 after he was shot.", 0, 1),
        ("Five men were wounded in a shooting at Club 21 on Sunday.", 0, 5),
        ("In all, 12, including three guards, were wounded in the bombing.", 0, 12),
    ]);
}

#[test]
fn only_people_who_were_harmed_count() {
    counted(&[
        ("Gunmen shot and killed a farmer and the family dog.", 1, 0),
        ("The boy's grandfather, 54, died during a car crash shortly after the shooting.", 0, 0),
        ("A guard was killed in a raid. The mayor, who died of cancer in May, had hired him.", 1, 0),
        ("The man tried to kill three people in a market.", 0, 0),
        ("He was charged with the attempted murder of two officers in a market.", 0, 0),
        ("A gunman tried to storm a mosque, killing three guards.", 3, 0),
    ]);
}

#[test]
fn an_attempt_on_somebody_stays_one() {
    let text = "The man tried to kill three people in a market on Monday.";
    let document = coder().code(&Report { text: text.to_owned(), ..Report::default() });
    assert!(
        document
            .events
            .iter()
            .all(|event| event.completion == Completion::Attempted && event.realis == Realis::Asserted),
        "{:?}",
        document.events
    );
}

#[test]
fn one_person_told_of_in_other_words_counts_once() {
    counted(&[
        (
            "A shooting wounded a 7-year-old boy on Monday. The man tried to shoot the woman's brother, but hit the boy. \
             The boy was taken to a hospital.",
            0,
            1,
        ),
        (
            "A toddler has died after a shooting. The child was taken to a hospital where the child was pronounced dead.",
            1,
            0,
        ),
        (
            "Police arrested a 13-year-old boy in the fatal shooting of another boy. The boy, 15, was killed on Monday.",
            1,
            0,
        ),
    ]);
}

#[test]
fn those_who_were_hit_include_the_dead_unless_told_besides() {
    counted(&[
        ("Two people were killed at a party. Police said that a gunman shot five people.", 2, 3),
        (
            "Five people were shot at a party. A 41-year-old man died at the scene. Four others were taken to a hospital.",
            1,
            4,
        ),
        ("Two people were killed at a party. Five others were shot.", 2, 5),
        ("A man was killed at a party, and five people were shot.", 1, 5),
    ]);
}
