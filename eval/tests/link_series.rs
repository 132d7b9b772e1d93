//! Attacks that follow each other in one place and are told alike are each recorded once: in a batch, and one report after the other.

use eval::linking::{self, grown, items, judge, labels};
use eval::{Hits, Kind, reader::With};

#[test]
fn like_attacks_in_one_place_are_each_recorded_once() {
    let reader = eval::coder(&With::default()).expect("the tables that the program carries");
    if reader.packs.is_empty() {
        eprintln!("skipped: no gazetteer pack; `make setup` builds it");
        return;
    }
    let reports = linking::series().expect("the reports of this project");
    let gold: Vec<&str> = reports.iter().map(|report| report.incident.as_str()).collect();
    let (frequencies, weights) = linking::carried().expect("the tables that the program carries");
    let coded = linking::code(&reader, &reports);
    for with_text in [true, false] {
        let items = items(&reports, &coded, &frequencies, with_text);
        let batch = labels(&link::link(&items, &weights, false));
        for (how, given) in [("batch", batch), ("one by one", grown(&items, &weights))] {
            let pairs = judge(&gold, &given).pairs.into_iter().fold(Hits::default(), Hits::plus);
            let (precision, recall) = (Kind::Precision.of(pairs), Kind::Recall.of(pairs));
            assert!(
                precision >= 0.6,
                "{how}, texts {with_text}: of the pairs together {precision:.3} are of one attack"
            );
            assert!(
                recall >= 0.8,
                "{how}, texts {with_text}: of the pairs of one attack {recall:.3} are together"
            );
        }
    }
}
