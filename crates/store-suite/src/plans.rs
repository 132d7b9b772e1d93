//! What rests on what the store holds at one moment, and what outlasts the incident that it was about.

use record::Change;
use store::find::{Filter, ReportFilter, Total};
use store::words::Query;
use store::{Act, Outcome, Refusal};

use crate::{Fresh, Tale, add, attempt, decide, get, incident, machine, person, whole};

/// Undoing "is no copy" of one report, after the other was said to be a copy of it, would make a ring.
pub fn no_report_is_a_copy_of_itself(fresh: Fresh<'_>) {
    let Some(mut store) = fresh() else { return };
    let (a, b) = (Tale::of("a"), Tale::of("b"));
    incident(&mut *store, "WP-1", &[&a, &b]);
    decide(&mut *store, &machine(), Change::CopyOf { report: a.id(), of: Some(b.id()) });
    let own = decide(&mut *store, &person(), Change::CopyOf { report: a.id(), of: None });
    let other = decide(&mut *store, &person(), Change::CopyOf { report: b.id(), of: Some(a.id()) });
    let undone = attempt(&mut *store, &person(), Change::Undone { decision: own });
    assert!(matches!(undone, Outcome::Refused(Refusal::Invalid(_))), "{undone:?}");
    assert_eq!(get(&mut *store, "WP-1").independent_reports, 1);
    whole(&mut *store);
    decide(&mut *store, &person(), Change::Undone { decision: other });
    decide(&mut *store, &person(), Change::Undone { decision: own });
    assert_eq!(store.report(&a.id()).unwrap().unwrap().copy_of, Some(b.id()));
    whole(&mut *store);
}

pub fn what_the_linker_keeps_is_kept(fresh: Fresh<'_>) {
    let Some(mut store) = fresh() else { return };
    let (a, b) = (Tale::of("a"), Tale::of("b"));
    incident(&mut *store, "WP-1", &[&a]);
    let bare = store::NewReport { linking: Vec::new(), ..b.report() };
    store.record(&machine(), &[Act::Report(Box::new(bare))]).unwrap();
    let kept = store.linking(i64::MIN, 10).unwrap();
    let told: Vec<(&str, &[u8])> = kept.iter().map(|k| (k.report.as_str(), k.told.as_slice())).collect();
    let (a, b) = (a.id(), b.id());
    assert_eq!(told, [(a.as_str(), &[1_u8, 2, 3][..]), (b.as_str(), &[][..])]);
    store.keep_linking(&[(a.clone(), vec![4]), (b.clone(), vec![5])]).unwrap();
    let first = store.linking(i64::MIN, 1).unwrap();
    assert_eq!(first[0].told, [4]);
    let mut told = store.linking_of(&[&b, "no such report", &a]).unwrap();
    told.sort_by_key(|(_, told)| told.clone());
    assert_eq!(told, [(a.clone(), vec![4]), (b.clone(), vec![5])]);
    assert_eq!(store.linking_of(&[]).unwrap(), []);
    let second = store.linking(first[0].row, 10).unwrap();
    assert_eq!(
        (second.len(), second[0].report.as_str(), second[0].told.as_slice()),
        (1, b.as_str(), &[5][..])
    );
    whole(&mut *store);
}

pub fn a_plan_sees_what_others_wrote(fresh: Fresh<'_>) {
    let Some(mut store) = fresh() else { return };
    incident(&mut *store, "WP-1", &[&Tale::of("a")]);
    let before = store.head().unwrap().seq;
    let b = Tale::of("b");
    let outcomes = store
        .record_with(&machine(), &mut |seen| {
            assert_eq!(seen.head()?.seq, before);
            let home = seen.events(&Tale::of("a").id())?.remove(0).1;
            Ok(vec![
                Act::Report(Box::new(b.report())),
                Act::Decide {
                    change: Change::Linked { event: b.key(0), incident: home.unwrap() },
                    why: "seen".to_owned(),
                },
            ])
        })
        .unwrap();
    assert!(matches!(outcomes[..], [Outcome::Added { .. }, Outcome::Decided { .. }]), "{outcomes:?}");
    assert_eq!(get(&mut *store, "WP-1").reports, 2);
    let failed = store.record_with(&machine(), &mut |_| Err(store::Error::Asked("no plan".to_owned())));
    assert!(failed.is_err());
    whole(&mut *store);
}

pub fn an_event_without_a_home_stays_a_persons_matter(fresh: Fresh<'_>) {
    let Some(mut store) = fresh() else { return };
    let a = Tale::of("a");
    add(&mut *store, &a);
    let made = Change::Created { incident: "WP-1".to_owned(), events: vec![a.key(0)] };
    let made = decide(&mut *store, &person(), made);
    decide(&mut *store, &person(), Change::Undone { decision: made });
    assert_eq!(store.events(&a.id()).unwrap()[0].1, None);
    let again = Change::Created { incident: "WP-2".to_owned(), events: vec![a.key(0)] };
    let refused = attempt(&mut *store, &machine(), again.clone());
    assert!(matches!(refused, Outcome::Refused(Refusal::Overruled { .. })), "{refused:?}");
    decide(&mut *store, &person(), again);
    whole(&mut *store);
}

/// An index of words is put together anew now and then as it grows: nothing of it may be lost.
pub fn words_are_found_after_many_batches(fresh: Fresh<'_>) {
    let Some(mut store) = fresh() else { return };
    for number in 1..=100 {
        let tale = Tale::of(&format!("n{number}"));
        incident(&mut *store, &format!("WP-{number}"), &[&tale]);
        let filter = ReportFilter { text: Query::parse("killing"), ..ReportFilter::default() };
        assert_eq!(store.count_reports(&filter, 1000).unwrap(), Total::Exactly(number));
        let filter = Filter { text: Query::parse("gao"), ..Filter::default() };
        assert_eq!(store.count(&filter, 1000).unwrap(), Total::Exactly(number));
    }
}
