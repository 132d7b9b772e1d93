//! What must hold of the fold whatever is decided.

use jiff::Timestamp;
use proptest::prelude::*;
use record::{
    Author, AuthorKind, Change, Correction, Decision, EventKey, FieldName, Standing, Status,
    vocabulary::SubEventType,
};
use watchpost_store::Ledger;

fn event(number: u8) -> EventKey {
    EventKey { report: format!("R-{}", number / 2), event: format!("ev-{number}") }
}

fn id(number: u8) -> String {
    format!("WP-{number}")
}

/// A change among eight incidents and sixteen events; ids that are new are given by `apply`.
fn change() -> impl Strategy<Value = Change> {
    let (number, pair) = (0..16_u8, (0..16_u8, 0..16_u8));
    prop_oneof![
        2 => pair.clone().prop_map(|(a, b)| Change::Created { incident: String::new(), events: vec![event(a), event(b)] }),
        4 => pair.clone().prop_map(|(a, b)| Change::Linked { event: event(a), incident: id(b / 2) }),
        2 => pair.clone().prop_map(|(a, b)| Change::Merged { from: vec![id(a / 2)], into: id(b / 2) }),
        2 => pair.prop_map(|(a, b)| Change::Split { from: id(a / 2), events: vec![event(b)], into: String::new() }),
        1 => number.clone().prop_map(|a| Change::Accepted { incident: id(a / 2) }),
        1 => number.clone().prop_map(|a| Change::NotAnEvent { incident: id(a / 2) }),
        1 => number.clone().prop_map(|a| Change::Corrected {
            incident: id(a / 2),
            correction: Correction::SubEventType(SubEventType::ALL[usize::from(a)]),
        }),
        2 => (0..40_u64).prop_map(|seq| Change::Undone { decision: seq }),
    ]
}

fn kind() -> impl Strategy<Value = AuthorKind> {
    prop_oneof![Just(AuthorKind::Machine), Just(AuthorKind::Person)]
}

/// The log that comes of those wishes, and what it folds to.
fn apply(wishes: &[(AuthorKind, Change)]) -> (Vec<Decision>, Ledger) {
    let mut ledger = Ledger::default();
    let mut log = Vec::new();
    for (kind, change) in wishes {
        decide(&mut log, &mut ledger, *kind, change.clone());
    }
    (log, ledger)
}

fn decide(log: &mut Vec<Decision>, ledger: &mut Ledger, kind: AuthorKind, mut change: Change) -> Option<u64> {
    let made = ledger.incidents().count();
    if let Change::Created { incident: new, .. } | Change::Split { into: new, .. } = &mut change {
        *new = format!("WP-{made}");
    }
    let seq = log.len() as u64 + 1;
    let planned = ledger.decide(seq, kind, &change, &[]).ok()?;
    log.push(Decision {
        seq,
        at: Timestamp::UNIX_EPOCH,
        by: Author { kind, name: "somebody".to_owned() },
        why: String::new(),
        tool: String::new(),
        change: planned.change,
        incidents: planned.incidents,
        effects: planned.effects,
    });
    Some(seq)
}

type State = Vec<(String, Standing, Option<String>, Status, Vec<EventKey>, Option<Correction>)>;

/// All that can be seen of a ledger but for who has decided it.
fn seen(ledger: &Ledger) -> State {
    let one = |id: &str| {
        let (standing, to) = ledger.standing(id);
        let correction =
            ledger.correction(id, FieldName::SubEventType).map(|(_, correction)| correction.clone());
        let mut members = ledger.members(id);
        members.sort();
        (id.to_owned(), standing, to, ledger.status(id), members, correction)
    };
    ledger.incidents().map(one).collect()
}

#[test]
fn no_program_undoes_a_merge_whose_incident_a_person_accepted() {
    let (machine, person) = (AuthorKind::Machine, AuthorKind::Person);
    let created = |number| Change::Created { incident: String::new(), events: vec![event(number)] };
    let (mut log, mut ledger) = apply(&[
        (machine, created(0)),
        (machine, created(2)),
        (machine, Change::Merged { from: vec![id(1)], into: id(0) }),
        // By its old name, which leads to the other.
        (person, Change::Accepted { incident: id(1) }),
    ]);
    let before = seen(&ledger);
    assert_eq!(decide(&mut log, &mut ledger, machine, Change::Undone { decision: 3 }), None);
    assert_eq!(seen(&ledger), before);
    assert!(decide(&mut log, &mut ledger, person, Change::Undone { decision: 3 }).is_some());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn the_fold_is_the_same_however_often(wishes in prop::collection::vec((kind(), change()), 1..60)) {
        let (log, ledger) = apply(&wishes);
        let again = Ledger::fold(&log);
        prop_assert_eq!(seen(&again), seen(&ledger));
        // To read a decision twice is to read it once.
        let mut twice = Ledger::fold(&log);
        log.iter().for_each(|decision| twice.replay(decision));
        prop_assert_eq!(seen(&twice), seen(&ledger));
    }

    #[test]
    fn to_undo_restores_exactly(
        wishes in prop::collection::vec((kind(), change()), 1..40),
        last in change(),
    ) {
        let (mut log, mut ledger) = apply(&wishes);
        let before = seen(&ledger);
        if let Some(seq) = decide(&mut log, &mut ledger, AuthorKind::Person, last.clone()) {
            let after = seen(&ledger);
            let undone = decide(&mut log, &mut ledger, AuthorKind::Person, Change::Undone { decision: seq });
            prop_assert!(undone.is_some(), "{last:?} cannot be undone");
            // An id that was given stays given: it is withdrawn, or leads back.
            let mut now = seen(&ledger);
            now.retain(|(id, ..)| before.iter().any(|(known, ..)| known == id));
            prop_assert_eq!(&now, &before);
            let again = Change::Undone { decision: undone.unwrap_or_default() };
            decide(&mut log, &mut ledger, AuthorKind::Person, again);
            prop_assert_eq!(seen(&ledger), after);
        }
    }

    #[test]
    fn programs_change_nothing_that_a_person_decided(
        wishes in prop::collection::vec((kind(), change()), 1..40),
        said in change(),
        later in prop::collection::vec(change(), 1..40),
    ) {
        let (mut log, mut ledger) = apply(&wishes);
        if decide(&mut log, &mut ledger, AuthorKind::Person, said).is_some() {
            let touched = log.last().map(|decision| decision.incidents.clone()).unwrap_or_default();
            let before = seen(&ledger);
            for change in later {
                decide(&mut log, &mut ledger, AuthorKind::Machine, change);
            }
            let after = seen(&ledger);
            for id in &touched {
                let of = |state: &State| state.iter().find(|(known, ..)| known == id).cloned();
                let (Some(was), Some(is)) = (of(&before), of(&after)) else { continue };
                // More reports may come to it; none goes, and it leads nowhere else.
                prop_assert!(was.1 == Standing::Withdrawn || (was.1, &was.2) == (is.1, &is.2), "{was:?} {is:?}");
                prop_assert!(was.4.iter().all(|event| is.4.contains(event)), "{was:?} {is:?}");
            }
            if let Some(Change::Accepted { incident } | Change::NotAnEvent { incident }) = log
                .iter()
                .rfind(|decision| decision.by.kind == AuthorKind::Person)
                .map(|decision| &decision.change)
            {
                let of = |state: &State| state.iter().find(|(known, ..)| known == incident).map(|found| found.3);
                prop_assert_eq!(of(&before), of(&after));
            }
        }
    }

    #[test]
    fn a_log_that_somebody_else_wrote_is_safe(
        changes in prop::collection::vec((kind(), change(), 0..10_u64), 0..40),
    ) {
        // Not what `decide` lets in: gaps, unknown ids, the same place twice, a program against a person.
        let mut seq = 0;
        let log: Vec<Decision> = changes
            .into_iter()
            .map(|(kind, change, step)| {
                seq += step;
                Decision {
                    seq,
                    at: Timestamp::UNIX_EPOCH,
                    by: Author { kind, name: String::new() },
                    why: String::new(),
                    tool: String::new(),
                    change,
                    incidents: vec![id(1)],
                    effects: Vec::new(),
                }
            })
            .collect();
        let ledger = Ledger::fold(&log);
        for (id, ..) in seen(&ledger) {
            prop_assert!(ledger.members(&id).is_empty() || ledger.resolve(&id) == id);
        }
    }
}
