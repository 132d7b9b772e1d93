//! Copies are found, and what only shares a template is none; signatures stay what they are.

use std::collections::BTreeSet;

use proptest::prelude::*;
use watchpost_link::copies::{Copies, HASHES, SHINGLE, Signature};
use watchpost_link::words::tokens;

const AGENCY: &str = "Armed men on motorcycles attacked the village of Tavoré in the north on Friday night, killing at least 21 \
    people and burning huts and granaries, a local official said. Soldiers arrived hours after the attackers had left, two residents \
    told reporters by telephone. The governor, speaking in the provincial capital Marsa, blamed fighters of the Northern Front and \
    promised that a second company would be sent. Nobody has claimed the attack. More than 400 families have fled to Marsa since \
    January, according to the United Nations, which runs two camps there.";

fn signature(text: &str) -> Signature {
    Signature::new(&tokens(text))
}

#[test]
fn a_reprint_with_the_outlets_own_words_is_a_copy() {
    let original = signature(AGENCY);
    let reprints = [
        format!("By our correspondent in Marsa. {AGENCY}"),
        format!(
            "{AGENCY} Copyright 2020 The Daily Courier. All rights reserved. Follow us and subscribe to our newsletter."
        ),
        format!(
            "World News Home > Africa > Tuesday\n\n{AGENCY}\n\nRead more: Ten killed in bus crash. Elections put off again."
        ),
        AGENCY.replace("a local official said", "an official said on condition of anonymity"),
        AGENCY.rsplit_once("More than").map(|(head, _)| head.to_owned()).unwrap_or_default(),
        AGENCY.to_uppercase(),
    ];
    for reprint in &reprints {
        let other = signature(reprint);
        assert!(
            original.is_copy(&other) && other.is_copy(&original),
            "{:.2} {reprint}",
            original.alike(&other)
        );
        let mut known = Copies::default();
        known.insert(7, &original);
        assert_eq!(known.near(&other), [7], "{reprint}");
    }
}

#[test]
fn reports_of_one_template_are_no_copies() {
    let filled = |place: &str, number: &str, road: &str, name: &str, day: &str| {
        format!(
            "Police in {place} are investigating a shooting that left {number} people wounded on {day}. Officers were called to the {road} \
             block of {name} Street shortly after midnight. The wounded were taken to a hospital in {place}. No arrests have been made. \
             Anyone with information is asked to call the police."
        )
    };
    let one = signature(&filled("Harrow", "two", "1300", "Elder", "Friday"));
    let other = signature(&filled("Milton", "three", "200", "Canal", "Tuesday"));
    assert!(!one.is_copy(&other), "{} {}", one.alike(&other), one.marks_in_common(&other));
    assert!(one.is_copy(&one));
    let tally = |month: &str, dead: u32, wounded: u32| {
        format!(
            "The monitor counted {dead} civilians killed and {wounded} wounded by mines and shells in {month}. It called on all sides to keep \
             to the truce that both signed last year, and on the guarantors to hold those to account who break it, day after day."
        )
    };
    let (may, june) = (signature(&tally("May", 31, 120)), signature(&tally("June", 44, 97)));
    assert!(!may.is_copy(&june), "figures and month differ: {}", may.marks_in_common(&june));
}

#[test]
fn what_is_too_short_is_compared_with_nothing() {
    let short = signature("Ten killed in Marsa blast.");
    assert!(!short.is_copy(&short));
    let mut known = Copies::default();
    known.insert(1, &short);
    assert!(known.near(&short).is_empty());
    assert!(!signature("").is_copy(&signature("")));
    assert!((signature("").alike(&signature(""))).abs() < f64::EPSILON);
}

/// Signatures are stored: these values hold for version 1 on every machine.
#[test]
fn signatures_stay_what_they_are() {
    let signature = signature(AGENCY);
    assert_eq!(Signature::VERSION, 1);
    assert_eq!(signature.shingles, 88);
    // Computed a second time by a few lines of Python.
    assert_eq!(
        [signature.least[0], signature.least[1], signature.least[HASHES - 1]],
        [22_189_432, 140_521_474, 18_882_446]
    );
    assert_eq!(signature.marks[..2], [103_087_690, 248_142_616]);
    assert_eq!(signature.marks.len(), 10);
}

fn exact(a: &[String], b: &[String]) -> f64 {
    let of = |words: &[String]| -> BTreeSet<Vec<String>> {
        words.windows(SHINGLE).map(<[String]>::to_vec).collect()
    };
    let (a, b) = (of(a), of(b));
    let either = a.union(&b).count();
    if either == 0 { 0.0 } else { a.intersection(&b).count() as f64 / either as f64 }
}

proptest! {
    /// The estimate's standard error is √(J(1−J)/126), at most 0.045; five of them are passed once in two million.
    #[test]
    fn the_estimate_is_near_the_exact_share(
        common in prop::collection::vec("[a-z]{3,8}", 20..200),
        own in prop::collection::vec("[a-z]{3,8}", 0..150),
        others in prop::collection::vec("[a-z]{3,8}", 0..150),
    ) {
        let one: Vec<String> = common.iter().chain(&own).cloned().collect();
        let other: Vec<String> = others.iter().chain(&common).cloned().collect();
        let (a, b) = (signature(&one.join(" ")), signature(&other.join(" ")));
        prop_assert!((a.alike(&b) - exact(&one, &other)).abs() < 0.23, "{} {}", a.alike(&b), exact(&one, &other));
        prop_assert!((a.alike(&b) - b.alike(&a)).abs() < f64::EPSILON);
        prop_assert_eq!(a.is_copy(&b), b.is_copy(&a));
        prop_assert!((0.0..=1.0).contains(&a.held(&b)) && (0.0..=1.0).contains(&a.marks_in_common(&b)));
    }

    #[test]
    fn any_text_has_a_signature(text in any::<String>()) {
        let signature = signature(&text);
        prop_assert!(signature.marks.len() <= watchpost_link::copies::KEPT_MARKS);
    }
}
