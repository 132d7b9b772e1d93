//! What the store does with reports and decisions.

use jiff::civil::date;
use record::vocabulary::Sector;
use record::{
    Among, AuthorKind, Basis, Change, Correction, FieldName, FigureCorrection, FigureRule, Harm, SourceKind,
    Standing, Status,
};
use store::{Act, Outcome, Refusal, Stamp};

use crate::{Fresh, Tale, add, attempt, decide, everything, get, incident, machine, person, still, whole};

macro_rules! open {
    ($fresh:ident) => {
        match $fresh() {
            Some(store) => store,
            None => return,
        }
    };
}
pub(crate) use open;

pub fn a_report_is_kept_once(fresh: Fresh<'_>) {
    let mut store = open!(fresh);
    let tale = Tale { url: Some("https://example.org/a".to_owned()), ..Tale::of("one") };
    let report = tale.report();
    let id = add(&mut *store, &tale);
    let head = store.head().unwrap();
    let again = store.record(&machine(), &[Act::Report(Box::new(report.clone()))]).unwrap();
    assert_eq!(again, [Outcome::Known { report: id.clone() }]);
    // The text alone, without its page, is no other report.
    let bare = Tale::of("one");
    assert_eq!(add(&mut *store, &bare), id);
    assert_eq!(store.head().unwrap(), head, "nothing was decided");

    let kept = store.report(&id).unwrap().unwrap();
    assert_eq!(kept.text, report.text);
    assert_eq!(kept.document("here").unwrap(), report.coded);
    assert_eq!((kept.headers, kept.fetched, kept.source), (report.headers, report.fetched, report.source));
    assert_eq!(kept.published, Some(tale.published));
    assert_eq!(store.events(&id).unwrap(), [(tale.key(0), None)]);
    assert_eq!(store.report("R-none").unwrap(), None);
    whole(&mut *store);
}

pub fn a_copy_is_no_voice_of_its_own(fresh: Fresh<'_>) {
    let mut store = open!(fresh);
    let page = |page: &str, name: &str, killed: u64| Tale {
        published: date(2024, 3, 1 + i8::try_from(killed).unwrap()),
        url: Some(format!("https://example.org/{page}")),
        publisher: Some(page.to_owned()),
        killed,
        ..Tale::of(name)
    };
    let (first, reprint, near, own, later) = (
        page("a", "one", 3),
        page("b", "one", 3),
        page("c", "two", 3),
        page("d", "three", 5),
        page("d", "four", 6),
    );
    for tale in [&first, &reprint, &near, &own, &later] {
        add(&mut *store, tale);
    }
    assert_eq!(store.report(&reprint.id()).unwrap().unwrap().copy_of, Some(first.id()), "the same text");
    let events = [&first, &reprint, &near, &own, &later].map(|tale| tale.key(0)).to_vec();
    decide(&mut *store, &machine(), Change::Created { incident: "WP-1".to_owned(), events });
    let seen = get(&mut *store, "WP-1");
    // Two texts, and two versions of one page.
    assert_eq!((seen.reports, seen.independent_reports), (5, 3));
    let copy = Change::CopyOf { report: near.id(), of: Some(reprint.id()) };
    let said = decide(&mut *store, &machine(), copy);
    assert_eq!(store.report(&near.id()).unwrap().unwrap().copy_of, Some(first.id()), "a copy of a copy");
    let seen = get(&mut *store, "WP-1");
    assert_eq!((seen.reports, seen.independent_reports, seen.updated), (5, 2, said));
    let figures = &seen.figures[&Harm::Killed];
    assert_eq!(
        (figures.low, figures.best, figures.high, figures.disagree),
        (Some(3), Some(6), Some(6), true)
    );
    assert_eq!(figures.told.iter().filter(|figure| figure.same_voice).count(), 3);
    let ring = Change::CopyOf { report: first.id(), of: Some(near.id()) };
    assert!(matches!(attempt(&mut *store, &machine(), ring), Outcome::Refused(Refusal::Invalid(_))));
    let none = decide(&mut *store, &person(), Change::CopyOf { report: near.id(), of: None });
    assert_eq!(get(&mut *store, "WP-1").independent_reports, 3);
    let copy = Change::CopyOf { report: near.id(), of: Some(first.id()) };
    assert!(matches!(attempt(&mut *store, &machine(), copy), Outcome::Refused(Refusal::Overruled { .. })));
    whole(&mut *store);
    // Undone, it is a copy again, and no voice of its own; and that undone, it is none.
    let undone = decide(&mut *store, &person(), Change::Undone { decision: none });
    let seen = get(&mut *store, "WP-1");
    assert_eq!((seen.independent_reports, seen.updated), (2, undone));
    decide(&mut *store, &person(), Change::Undone { decision: undone });
    assert_eq!(get(&mut *store, "WP-1").independent_reports, 3);
    whole(&mut *store);
}

pub fn a_document_of_another_text_is_refused(fresh: Fresh<'_>) {
    let mut store = open!(fresh);
    let mut wrong = Tale::of("one").report();
    wrong.text.push('!');
    let acts = [Act::Report(Box::new(wrong)), Act::Report(Box::new(Tale::of("two").report()))];
    let outcomes = store.record(&machine(), &acts).unwrap();
    assert!(
        matches!(&outcomes[0], Outcome::Refused(Refusal::Invalid(why)) if why.contains("not of this text"))
    );
    assert!(matches!(&outcomes[1], Outcome::Added { .. }), "the other is kept");
    for id in ["", "a#b", &"x".repeat(201), "ev-two-1"] {
        let mut wrong = Tale { events: 2, ..Tale::of("two ids") }.report();
        wrong.coded.events[0].id = id.to_owned();
        wrong.coded.events[1].id = "ev-two-1".to_owned();
        let outcome = store.record(&machine(), &[Act::Report(Box::new(wrong))]).unwrap().remove(0);
        assert!(matches!(outcome, Outcome::Refused(Refusal::Invalid(_))), "{id}");
    }
}

fn told(name: &str, killed: u64, day: i8, by: Option<Sector>) -> Tale {
    Tale { killed, published: date(2024, 3, day), by, ..Tale::of(name) }
}

pub fn figures_follow_the_rule(fresh: Fresh<'_>) {
    let mut store = open!(fresh);
    let tales = [
        told("a", 3, 5, None),
        told("b", 7, 6, Some(Sector::Government)),
        told("c", 9, 7, Some(Sector::Government)),
        told("d", 20, 9, None),
        told("e", 15, 8, Some(Sector::UnitedNations)),
    ];
    incident(&mut *store, "WP-1", &tales.iter().collect::<Vec<_>>());
    let seen = get(&mut *store, "WP-1");
    // The latest official figure; the least and the most of all.
    assert_eq!((seen.deaths.low, seen.deaths.best, seen.deaths.high), (Some(3), Some(9), Some(20)));
    assert_eq!(seen.deaths.civilians, 9);
    assert_eq!(seen.basis["killed"], Basis::Event(tales[2].key(0)));
    let figures = &seen.figures[&Harm::Killed];
    assert_eq!(figures.told.len(), 5, "every report's figure is shown");
    assert_eq!(
        figures.told.iter().map(|figure| figure.kind).filter(|kind| *kind == SourceKind::Official).count(),
        2
    );
    assert!(seen.reasons["killed"].contains("official"), "{:?}", seen.reasons);
    assert_eq!(seen.dates.event_date, Some(date(2024, 3, 5)));
    assert_eq!(seen.place.unwrap().name, "Gao");
    assert_eq!((seen.actors.len(), seen.actors[0].voices), (1, 5));
    whole(&mut *store);
}

pub fn a_side_of_the_fighting_is_believed_last(fresh: Fresh<'_>) {
    let mut store = open!(fresh);
    let army = Tale { actor: "Ministry of Example".to_owned(), ..told("a", 40, 9, Some(Sector::Military)) };
    let outlet = told("b", 4, 5, None);
    incident(&mut *store, "WP-1", &[&army, &outlet]);
    let seen = get(&mut *store, "WP-1");
    assert_eq!((seen.deaths.best, seen.deaths.high), (Some(4), Some(40)));
    let told = &seen.figures[&Harm::Killed].told;
    assert_eq!(told.iter().find(|figure| figure.best == Some(40)).unwrap().kind, SourceKind::Side);
}

pub fn a_new_rule_changes_the_figures(fresh: Fresh<'_>) {
    let mut store = open!(fresh);
    incident(&mut *store, "WP-1", &[&told("a", 3, 5, None), &told("b", 7, 6, None), &told("c", 7, 1, None)]);
    incident(&mut *store, "WP-2", &[&told("d", 3, 5, None), &told("e", 2, 6, None)]);
    assert_eq!(get(&mut *store, "WP-2").deaths.best, Some(2));
    let rule = FigureRule { among: Among::Highest, ..FigureRule::default() };
    let set = decide(&mut *store, &person(), Change::RuleSet { rule: rule.clone() });
    assert_eq!(store.rule().unwrap(), rule);
    let seen = get(&mut *store, "WP-2");
    assert_eq!((seen.deaths.best, seen.updated), (Some(3), set));
    whole(&mut *store);
    let undone = decide(&mut *store, &person(), Change::Undone { decision: set });
    assert_eq!(store.rule().unwrap(), FigureRule::default());
    let seen = get(&mut *store, "WP-2");
    assert_eq!((seen.deaths.best, seen.updated), (Some(2), undone));
    // What comes later is told by the rule that holds.
    incident(&mut *store, "WP-3", &[&told("f", 3, 5, None), &told("g", 2, 6, None)]);
    assert_eq!(get(&mut *store, "WP-3").deaths.best, Some(2));
    whole(&mut *store);
}

pub fn a_merge_redirects_and_is_undone_exactly(fresh: Fresh<'_>) {
    let mut store = open!(fresh);
    for (id, name) in [("WP-1", "a"), ("WP-2", "b"), ("WP-3", "c")] {
        incident(&mut *store, id, &[&Tale::of(name)]);
    }
    decide(&mut *store, &person(), Change::Rejected { incident: "WP-2".to_owned() });
    let before: Vec<_> = ["WP-1", "WP-2", "WP-3"].iter().map(|id| still(&mut *store, id)).collect();
    let first = decide(
        &mut *store,
        &person(),
        Change::Merged { from: vec!["WP-2".to_owned()], into: "WP-1".to_owned() },
    );
    let second = decide(
        &mut *store,
        &person(),
        Change::Merged { from: vec!["WP-2".to_owned()], into: "WP-3".to_owned() },
    );
    // The second names an id that leads to the first by now: what is merged is what it leads to.
    for id in ["WP-1", "WP-2"] {
        let seen = get(&mut *store, id);
        assert_eq!((seen.standing, seen.merged_into.as_deref()), (Standing::Merged, Some("WP-3")));
        assert_eq!(store.resolved(id).unwrap().unwrap().id, "WP-3");
    }
    let all = get(&mut *store, "WP-3");
    assert_eq!((all.reports, all.events.len()), (3, 3));
    assert_eq!(store.events(&Tale::of("b").id()).unwrap()[0].1.as_deref(), Some("WP-3"));
    whole(&mut *store);

    // A report that came meanwhile stays with what it was linked to.
    let late = Tale::of("late");
    add(&mut *store, &late);
    decide(&mut *store, &machine(), Change::Linked { event: late.key(0), incident: "WP-2".to_owned() });
    assert_eq!(store.events(&late.id()).unwrap()[0].1.as_deref(), Some("WP-3"));
    decide(&mut *store, &person(), Change::Undone { decision: second });
    decide(&mut *store, &person(), Change::Undone { decision: first });
    for (id, before) in ["WP-1", "WP-2"].iter().zip(&before) {
        assert_eq!(still(&mut *store, id), *before);
    }
    assert_eq!(get(&mut *store, "WP-3").events, [Tale::of("c").key(0), late.key(0)]);
    whole(&mut *store);
    // To undo the undoing is to merge again.
    let undone = store.head().unwrap().seq;
    decide(&mut *store, &person(), Change::Undone { decision: undone });
    assert_eq!(get(&mut *store, "WP-2").merged_into.as_deref(), Some("WP-1"));
    whole(&mut *store);
}

pub fn a_split_is_undone_exactly(fresh: Fresh<'_>) {
    let mut store = open!(fresh);
    let (a, b, c) = (Tale::of("a"), Tale::of("b"), Tale { killed: 8, ..Tale::of("c") });
    incident(&mut *store, "WP-1", &[&a, &b, &c]);
    let before = still(&mut *store, "WP-1");
    let split = Change::Split { from: "WP-1".to_owned(), events: vec![c.key(0)], into: "WP-2".to_owned() };
    let seq = decide(&mut *store, &person(), split);
    assert_eq!(get(&mut *store, "WP-1").events, [a.key(0), b.key(0)]);
    let new = get(&mut *store, "WP-2");
    assert_eq!((new.events, new.deaths.best, new.status), (vec![c.key(0)], Some(8), Status::Unreviewed));
    whole(&mut *store);
    let late = Tale::of("late");
    add(&mut *store, &late);
    decide(&mut *store, &machine(), Change::Linked { event: late.key(0), incident: "WP-2".to_owned() });
    let linked = store.head().unwrap().seq;
    decide(&mut *store, &person(), Change::Undone { decision: seq });
    // The id leads back, and what was linked to it comes along.
    assert_eq!(get(&mut *store, "WP-2").merged_into.as_deref(), Some("WP-1"));
    assert_eq!(get(&mut *store, "WP-1").reports, 4);
    whole(&mut *store);
    decide(&mut *store, &person(), Change::Undone { decision: linked });
    assert_eq!(still(&mut *store, "WP-1"), before);
    whole(&mut *store);
}

pub fn an_id_never_leads_back_to_itself(fresh: Fresh<'_>) {
    let mut store = open!(fresh);
    let merge =
        |from: &str, into: &str| Change::Merged { from: vec![from.to_owned()], into: into.to_owned() };
    incident(&mut *store, "WP-1", &[&Tale::of("a"), &Tale::of("b")]);
    incident(&mut *store, "WP-2", &[&Tale::of("c")]);
    let first = decide(&mut *store, &person(), merge("WP-2", "WP-1"));
    assert_eq!(attempt(&mut *store, &machine(), merge("WP-1", "WP-2")), Outcome::Refused(Refusal::NoChange));
    decide(&mut *store, &person(), Change::Undone { decision: first });
    let undone = store.head().unwrap().seq;
    decide(&mut *store, &person(), merge("WP-1", "WP-2"));
    let before = everything(&mut *store);
    let again = attempt(&mut *store, &person(), Change::Undone { decision: undone });
    assert!(matches!(&again, Outcome::Refused(Refusal::Invalid(why)) if why.contains("itself")), "{again:?}");
    let split = Change::Split {
        from: "WP-2".to_owned(),
        events: vec![Tale::of("b").key(0)],
        into: "WP-3".to_owned(),
    };
    let split = decide(&mut *store, &person(), split);
    decide(&mut *store, &person(), merge("WP-2", "WP-3"));
    let again = attempt(&mut *store, &person(), Change::Undone { decision: split });
    assert!(matches!(&again, Outcome::Refused(Refusal::Invalid(_))), "{again:?}");
    assert_ne!(everything(&mut *store), before);
    assert_eq!(get(&mut *store, "WP-1").merged_into.as_deref(), Some("WP-3"));
    whole(&mut *store);
}

pub fn a_person_outranks_the_machine(fresh: Fresh<'_>) {
    let mut store = open!(fresh);
    let (a, b, c) = (Tale::of("a"), Tale::of("b"), Tale::of("c"));
    incident(&mut *store, "WP-1", &[&a, &b]);
    incident(&mut *store, "WP-2", &[&c]);
    let linked =
        decide(&mut *store, &machine(), Change::Linked { event: b.key(0), incident: "WP-2".to_owned() });
    decide(&mut *store, &machine(), Change::Linked { event: b.key(0), incident: "WP-1".to_owned() });
    let said = decide(&mut *store, &person(), Change::Accepted { incident: "WP-1".to_owned() });
    decide(&mut *store, &person(), Change::Accepted { incident: "WP-2".to_owned() });
    let before = everything(&mut *store);
    let head = store.head().unwrap();
    let merge =
        |from: &str, into: &str| Change::Merged { from: vec![from.to_owned()], into: into.to_owned() };
    for change in [
        Change::Linked { event: b.key(0), incident: "WP-2".to_owned() },
        Change::Created { incident: "WP-9".to_owned(), events: vec![a.key(0)] },
        Change::Rejected { incident: "WP-1".to_owned() },
        Change::Split { from: "WP-1".to_owned(), events: vec![b.key(0)], into: "WP-9".to_owned() },
        merge("WP-1", "WP-2"),
        merge("WP-2", "WP-1"),
        Change::Undone { decision: linked },
        Change::Undone { decision: said },
    ] {
        let outcome = attempt(&mut *store, &machine(), change.clone());
        assert!(matches!(outcome, Outcome::Refused(Refusal::Overruled { .. })), "{change:?}: {outcome:?}");
    }
    assert_eq!(everything(&mut *store), before);
    assert_eq!(store.head().unwrap(), head, "the log is not filled with what has no effect");
    // New reports are still linked to what a person has accepted.
    let late = Tale::of("late");
    add(&mut *store, &late);
    decide(&mut *store, &machine(), Change::Linked { event: late.key(0), incident: "WP-1".to_owned() });
    assert_eq!((get(&mut *store, "WP-1").reports, get(&mut *store, "WP-1").status), (3, Status::Accepted));
    // What a person takes back, a program does not do again.
    let seq = store.head().unwrap().seq;
    decide(&mut *store, &person(), Change::Undone { decision: seq });
    let again =
        attempt(&mut *store, &machine(), Change::Linked { event: late.key(0), incident: "WP-1".to_owned() });
    assert!(matches!(again, Outcome::Refused(Refusal::Overruled { .. })), "{again:?}");
    // Another person may.
    decide(&mut *store, &person(), Change::Linked { event: late.key(0), incident: "WP-2".to_owned() });
    whole(&mut *store);
}

pub fn corrections_stand_and_are_undone(fresh: Fresh<'_>) {
    let mut store = open!(fresh);
    incident(&mut *store, "WP-1", &[&Tale::of("a")]);
    incident(&mut *store, "WP-2", &[&Tale { killed: 30, ..Tale::of("b") }]);
    let before = still(&mut *store, "WP-1");
    let correct = |best| Change::Corrected {
        incident: "WP-1".to_owned(),
        correction: Correction::Figure(FigureCorrection {
            harm: Harm::Killed,
            low: Some(4),
            best,
            high: Some(6),
        }),
    };
    let first = decide(&mut *store, &person(), correct(Some(5)));
    let seen = get(&mut *store, "WP-1");
    assert_eq!((seen.deaths.low, seen.deaths.best, seen.deaths.high), (Some(4), Some(5), Some(6)));
    assert_eq!(seen.basis["killed"], Basis::Decision(first));
    assert_eq!(seen.figures[&Harm::Killed].told.len(), 1, "what the report says stays to be seen");
    let log = store.log("WP-1").unwrap();
    let effect = &log.last().unwrap().effects[0];
    assert_eq!(
        (effect.what.as_str(), &effect.before["best"], &effect.after["best"]),
        ("killed", &3.into(), &5.into())
    );
    // Later reports change nothing of it, nor does a merge.
    let late = Tale { killed: 12, ..Tale::of("late") };
    add(&mut *store, &late);
    decide(&mut *store, &machine(), Change::Linked { event: late.key(0), incident: "WP-1".to_owned() });
    assert_eq!(get(&mut *store, "WP-1").deaths.best, Some(5));
    decide(&mut *store, &person(), Change::Merged { from: vec!["WP-1".to_owned()], into: "WP-2".to_owned() });
    assert_eq!(get(&mut *store, "WP-2").deaths.best, Some(5), "the correction comes along");
    let merged = store.head().unwrap().seq;
    decide(&mut *store, &person(), Change::Undone { decision: merged });
    let second = decide(&mut *store, &person(), correct(None));
    assert_eq!(get(&mut *store, "WP-1").deaths.best, None);
    decide(&mut *store, &person(), Change::Undone { decision: first });
    assert_eq!(get(&mut *store, "WP-1").deaths.best, None, "the later one still stands");
    decide(&mut *store, &person(), Change::Undone { decision: second });
    assert_eq!(get(&mut *store, "WP-1").deaths.best, Some(12));
    whole(&mut *store);
    decide(&mut *store, &person(), Change::Undone { decision: merged - 1 });
    assert_eq!(still(&mut *store, "WP-1"), before);

    let wrong =
        Correction::Figure(FigureCorrection { harm: Harm::Killed, low: Some(9), best: Some(5), high: None });
    let wrong = Change::Corrected { incident: "WP-1".to_owned(), correction: wrong };
    assert!(matches!(attempt(&mut *store, &person(), wrong), Outcome::Refused(Refusal::Invalid(_))));
    let unsaid = [Act::Decide { change: correct(Some(1)), why: " ".to_owned() }];
    let outcome = store.record(&person(), &unsaid).unwrap();
    assert!(matches!(&outcome[0], Outcome::Refused(Refusal::Invalid(why)) if why.contains("reason")));
    assert_eq!(FieldName::Figure(Harm::Killed).as_str(), "killed");
    whole(&mut *store);
}

pub fn reviews_are_kept(fresh: Fresh<'_>) {
    let mut store = open!(fresh);
    incident(&mut *store, "WP-1", &[&Tale::of("a")]);
    let id = || "WP-1".to_owned();
    for (change, status) in [
        (Change::Accepted { incident: id() }, Status::Accepted),
        (Change::Rejected { incident: id() }, Status::Rejected),
        (Change::NotAnEvent { incident: id() }, Status::NotAnEvent),
    ] {
        decide(&mut *store, &person(), change);
        assert_eq!(get(&mut *store, "WP-1").status, status);
    }
    let last = store.head().unwrap().seq;
    decide(&mut *store, &person(), Change::Undone { decision: last });
    assert_eq!(get(&mut *store, "WP-1").status, Status::Rejected);
    whole(&mut *store);
}

pub fn what_cannot_be_is_refused_alone(fresh: Fresh<'_>) {
    let mut store = open!(fresh);
    let (a, b) = (Tale::of("a"), Tale::of("b"));
    incident(&mut *store, "WP-1", &[&a]);
    add(&mut *store, &b);
    let id = |id: &str| id.to_owned();
    let unknown = record::EventKey { report: "R-none".to_owned(), event: "ev".to_owned() };
    let wrong = [
        Change::Created { incident: id("WP-1"), events: vec![b.key(0)] },
        Change::Created { incident: id("WP 2/3"), events: vec![b.key(0)] },
        Change::Created { incident: id("WP-2"), events: vec![] },
        Change::Created { incident: id("WP-2"), events: vec![unknown.clone()] },
        Change::Linked { event: unknown, incident: id("WP-1") },
        Change::Linked { event: b.key(0), incident: id("WP-9") },
        Change::Merged { from: vec![id("WP-9")], into: id("WP-1") },
        Change::Split { from: id("WP-1"), events: vec![a.key(0)], into: id("WP-2") },
        Change::Split { from: id("WP-1"), events: vec![b.key(0)], into: id("WP-2") },
        Change::Accepted { incident: id("WP-9") },
        Change::Undone { decision: 999 },
        Change::Undone { decision: 1 },
        Change::CopyOf { report: a.id(), of: Some(a.id()) },
        Change::CopyOf { report: a.id(), of: Some(id("R-none")) },
    ];
    let mut acts: Vec<Act> =
        wrong.iter().map(|change| Act::Decide { change: change.clone(), why: String::new() }).collect();
    acts.push(Act::Decide {
        change: Change::Linked { event: b.key(0), incident: id("WP-1") },
        why: "the same day and place".to_owned(),
    });
    let outcomes = store.record(&person(), &acts).unwrap();
    for (change, outcome) in wrong.iter().zip(&outcomes) {
        assert!(matches!(outcome, Outcome::Refused(Refusal::Invalid(_))), "{change:?}: {outcome:?}");
    }
    assert!(matches!(outcomes.last(), Some(Outcome::Decided { .. })));
    assert_eq!(get(&mut *store, "WP-1").reports, 2);
    whole(&mut *store);
}

pub fn the_log_says_who_when_and_why(fresh: Fresh<'_>) {
    let mut store = open!(fresh);
    incident(&mut *store, "WP-1", &[&Tale::of("a")]);
    incident(&mut *store, "WP-2", &[&Tale::of("b")]);
    let merged = decide(
        &mut *store,
        &person(),
        Change::Merged { from: vec!["WP-2".to_owned()], into: "WP-1".to_owned() },
    );
    let log = store.log("WP-2").unwrap();
    let last = log.last().unwrap();
    assert_eq!((last.seq, last.by.kind, last.by.name.as_str()), (merged, AuthorKind::Person, "a reviewer"));
    assert_eq!((last.why.as_str(), last.tool.as_str()), ("because the suite says so", "watchpost suite"));
    assert_eq!((&last.effects[0].before, &last.effects[0].after), (&serde_null(), &"WP-1".into()));
    assert_eq!(log.iter().map(|d| d.change.what()).collect::<Vec<_>>(), ["created", "created", "merged"]);
    assert_eq!(store.log("WP-1").unwrap(), log, "of the merged one too");
    let all = store.decisions(0, 100).unwrap();
    assert_eq!(all.iter().map(|d| d.seq).collect::<Vec<_>>(), (1..=5).collect::<Vec<_>>());
    assert_eq!(store.decisions(3, 1).unwrap()[0].seq, 4);
}

fn serde_null() -> store::log::Json {
    store::log::Json::Null
}

pub fn a_clock_that_jumps_changes_no_order(fresh: Fresh<'_>) {
    let mut store = open!(fresh);
    incident(&mut *store, "WP-1", &[&Tale::of("a")]);
    let later = Stamp { at: "2030-01-01T00:00:00Z".parse().unwrap(), ..person() };
    let earlier = Stamp { at: "1999-01-01T00:00:00Z".parse().unwrap(), ..person() };
    decide(&mut *store, &later, Change::Accepted { incident: "WP-1".to_owned() });
    decide(&mut *store, &earlier, Change::Rejected { incident: "WP-1".to_owned() });
    assert_eq!(get(&mut *store, "WP-1").status, Status::Rejected, "the last in the log, not by the clock");
    whole(&mut *store);
}

pub fn awkward_text_is_kept_as_it_is(fresh: Fresh<'_>) {
    let mut store = open!(fresh);
    for (number, awkward) in [
        "a\0b",
        "'; DROP TABLE incident; --",
        "\u{202e}םולש \u{1f4a3}",
        "a\r\nb\t\"\\",
        &"long ".repeat(50_000),
        "",
    ]
    .iter()
    .enumerate()
    {
        let tale = Tale {
            url: Some(format!("https://example.org/{awkward}")),
            publisher: Some((*awkward).to_owned()),
            actor: (*awkward).to_owned(),
            place: Some(((*awkward).to_owned(), "MLI".to_owned(), (*awkward).to_owned(), 90.0, -180.0)),
            ..Tale::of(&format!("{number} {awkward}"))
        };
        let mut report = tale.report();
        report.coded.document.title = Some((*awkward).to_owned());
        report.source = Some((*awkward).to_owned());
        let outcome = store.record(&machine(), &[Act::Report(Box::new(report.clone()))]).unwrap().remove(0);
        assert!(matches!(outcome, Outcome::Added { .. }), "{outcome:?}");
        let kept = store.report(&tale.id()).unwrap().unwrap();
        assert_eq!((&kept.text, kept.document("here").unwrap()), (&report.text, report.coded));
        let id = format!("WP-{number}");
        decide(&mut *store, &machine(), Change::Created { incident: id.clone(), events: vec![tale.key(0)] });
        assert_eq!(get(&mut *store, &id).place.unwrap().name, *awkward);
    }
    whole(&mut *store);
}
