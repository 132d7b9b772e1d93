/*! The tests that every store must pass, whatever database it is in, and reports to fill one with.

[`suite!`] makes a test of each, given an expression for a new, empty store. Only tests depend on this crate.
*/

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod accounts;
mod asked;
mod plans;
mod random;
mod sources;
mod story;
mod table;
mod tale;
mod watching;

use std::collections::BTreeMap;

use record::{Change, EventKey, Incident};
use store::find::{ChangeCursor, Filter, Order, Page};
use store::{Act, Fault, Ledger, Outcome, Stamp, Store};

pub use accounts::*;
pub use asked::*;
pub use plans::*;
pub use random::*;
pub use sources::*;
pub use story::*;
pub use table::*;
pub use tale::{Tale, machine, person};
pub use watching::*;

/// Every test, with `$fresh` an expression for `Option<Box<dyn Store>>`: a new store, or `None` where the database cannot
/// be had here and that was said.
#[macro_export]
macro_rules! suite {
    ($fresh:expr) => {
        $crate::suite!(@ $fresh;
            a_report_is_kept_once,
            a_copy_is_no_voice_of_its_own,
            no_report_is_a_copy_of_itself,
            what_the_linker_keeps_is_kept,
            a_plan_sees_what_others_wrote,
            an_event_without_a_home_stays_a_persons_matter,
            a_document_of_another_text_is_refused,
            figures_follow_the_rule,
            a_side_of_the_fighting_is_believed_last,
            a_new_rule_changes_the_figures,
            a_merge_redirects_and_is_undone_exactly,
            a_split_is_undone_exactly,
            an_id_never_leads_back_to_itself,
            a_person_outranks_the_machine,
            corrections_stand_and_are_undone,
            reviews_are_kept,
            what_cannot_be_is_refused_alone,
            the_log_says_who_when_and_why,
            a_clock_that_jumps_changes_no_order,
            awkward_text_is_kept_as_it_is,
            incidents_are_found_by_what_they_are,
            counts_agree_with_lists,
            long_incidents_are_found_by_every_day,
            areas_may_cross_the_antimeridian,
            pages_are_stable,
            words_are_found_in_all_spellings,
            reports_are_found,
            words_are_found_after_many_batches,
            changes_are_told_once_each,
            a_dump_goes_into_another_store,
            a_broken_dump_restores_nothing,
            sources_are_kept_changed_and_forgotten,
            what_came_of_a_source_is_kept,
            sources_go_along_in_a_dump,
            situations_are_updated_in_place,
            forecasts_are_frozen,
            the_watch_goes_along_in_a_dump,
            days_and_voices_of_reports_are_told,
            accounts_are_kept_and_closed,
            a_request_is_done_once,
            random_decisions_keep_the_store_whole,
            the_table_answers_as_the_database
        );
    };
    (@ $fresh:expr; $($name:ident),*) => {
        $(
            #[test]
            fn $name() {
                $crate::$name(&mut || $fresh);
            }
        )*
    };
}

/// Makes a new store.
pub type Fresh<'a> = &'a mut dyn FnMut() -> Option<Box<dyn Store>>;

/// Decides one thing that must be possible; its place in the log.
pub fn decide(store: &mut dyn Store, stamp: &Stamp, change: Change) -> u64 {
    match attempt(store, stamp, change.clone()) {
        Outcome::Decided { seq } => seq,
        other => panic!("{change:?}: {other:?}"),
    }
}

/// Tries to decide one thing.
pub fn attempt(store: &mut dyn Store, stamp: &Stamp, change: Change) -> Outcome {
    let acts = [Act::Decide { change, why: "because the suite says so".to_owned() }];
    store.record(stamp, &acts).unwrap().remove(0)
}

/// Keeps a report.
pub fn add(store: &mut dyn Store, tale: &Tale) -> String {
    let acts = [Act::Report(Box::new(tale.report()))];
    match store.record(&machine(), &acts).unwrap().remove(0) {
        Outcome::Added { report, .. } | Outcome::Known { report } => report,
        other => panic!("{other:?}"),
    }
}

/// An incident of one event of each of those reports.
pub fn incident(store: &mut dyn Store, id: &str, tales: &[&Tale]) {
    let events: Vec<EventKey> = tales.iter().map(|tale| tale.key(0)).collect();
    for tale in tales {
        add(store, tale);
    }
    decide(store, &machine(), Change::Created { incident: id.to_owned(), events });
}

/// An incident that must be there.
pub fn get(store: &mut dyn Store, id: &str) -> Incident {
    store.incident(id).unwrap().unwrap_or_else(|| panic!("incident {id}"))
}

/// An incident but for the decision that touched it last.
pub fn still(store: &mut dyn Store, id: &str) -> Incident {
    Incident { updated: 0, ..get(store, id) }
}

/// The ids that a filter finds, in order, and that the count agrees.
pub fn ids(store: &mut dyn Store, filter: &Filter) -> Vec<String> {
    let page = Page { order: Order::Newest, after: None, limit: 100 };
    let found = store.find(filter, &page).unwrap();
    assert_eq!(
        store.count(filter, 1000).unwrap(),
        store::find::Total::Exactly(found.rows.len() as u64),
        "{filter:?}"
    );
    found.rows.into_iter().map(|incident| incident.id).collect()
}

/// Every incident as it is kept.
pub fn everything(store: &mut dyn Store) -> BTreeMap<String, Incident> {
    let changes = store.changes(ChangeCursor { seq: 0, row: i64::MAX }, 100_000).unwrap();
    changes.rows.into_iter().map(|row| (row.incident.id.clone(), row.incident)).collect()
}

/// What `verify` finds.
pub fn faults(store: &mut dyn Store) -> Vec<Fault> {
    let mut faults = Vec::new();
    store.verify(&mut |fault| faults.push(fault)).unwrap();
    faults
}

/// That nothing is wrong, and that making everything anew changes nothing.
pub fn whole(store: &mut dyn Store) {
    assert_eq!(faults(store), []);
    let before = everything(store);
    // The tables were made piece by piece: the log folded as a whole gives the same.
    let decisions = store.decisions(0, 1_000_000).unwrap();
    let ledger = Ledger::fold(&decisions);
    for (id, incident) in &before {
        assert_eq!(ledger.standing(id), (incident.standing, incident.merged_into.clone()), "{id}");
        if incident.standing == record::Standing::Live {
            assert_eq!(ledger.members(id), incident.events, "{id}");
            assert_eq!(ledger.status(id), incident.status, "{id}");
        }
    }
    assert!(ledger.incidents().all(|id| before.contains_key(id)));
    store.rebuild().unwrap();
    assert_eq!(everything(store), before, "rebuilt");
    assert_eq!(faults(store), []);
}
