//! Who may do what, and what was done already.

use jiff::{Timestamp, ToSpan};
use record::Change;
use store::accounts::{Account, Credential, Deed, Purpose, Recorded, Role};
use store::{Act, Outcome, Store};

use crate::story::open;
use crate::{Fresh, Tale, incident, person};

fn at(hours: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH.checked_add(hours.hours()).unwrap()
}

fn account(name: &str) -> Account {
    Account { name: name.to_owned(), role: Role::Coder, password: None, created: at(0), closed: None }
}

fn held(hash: &str, of: &str, until: i64) -> Credential {
    Credential {
        hash: hash.to_owned(),
        account: of.to_owned(),
        purpose: Purpose::Session,
        label: String::new(),
        scopes: vec!["read".to_owned()],
        csrf: "sent along".to_owned(),
        created: at(0),
        expires: at(until),
    }
}

fn deed(what: &str) -> Deed {
    Deed { at: at(1), by: "ada".to_owned(), what: what.to_owned(), of: "bo".to_owned() }
}

pub fn accounts_are_kept_and_closed(fresh: Fresh<'_>) {
    let mut store = open!(fresh);
    assert_eq!(store.accounts().unwrap(), []);
    store.put_account(&account("Bo"), false, &deed("made")).unwrap();
    store.put_account(&account("ada"), false, &deed("made another")).unwrap();
    assert_eq!(store.account("BO").unwrap(), Some(account("Bo")), "however it is written");
    assert_eq!(store.account("eve").unwrap(), None);
    for hash in ["one", "two"] {
        store.put_credential(&held(hash, "Bo", 5), None).unwrap();
    }
    store.put_credential(&held("three", "ada", 5), Some(&deed("token"))).unwrap();
    assert_eq!(store.credential("one", at(4)).unwrap(), Some(held("one", "Bo", 5)));
    assert_eq!(store.credential("one", at(5)).unwrap(), None, "it has ended");
    assert_eq!(store.credentials("Bo", at(1)).unwrap().len(), 2);
    let closed = Account { closed: Some(at(2)), password: Some("$argon2id$…".to_owned()), ..account("Bo") };
    store.put_account(&closed, true, &deed("closed")).unwrap();
    assert_eq!(store.accounts().unwrap().len(), 2);
    assert_eq!(store.account("bo").unwrap(), Some(closed));
    assert_eq!(store.credentials("Bo", at(1)).unwrap(), [], "all that he held is gone");
    assert!(store.remove_credential("three", Some(&deed("ended"))).unwrap());
    assert!(!store.remove_credential("three", Some(&deed("ended"))).unwrap(), "once");
    let told: Vec<String> = store.deeds(10).unwrap().into_iter().map(|deed| deed.what).collect();
    assert_eq!(told, ["ended", "closed", "token", "made another", "made"]);
    assert_eq!(store.deeds(1).unwrap().len(), 1);
    // None of it is given away with a dump.
    let mut dump = Vec::new();
    store.dump(&mut dump).unwrap();
    assert!(!String::from_utf8(dump).unwrap().contains("argon2id"));
}

pub fn a_request_is_done_once(fresh: Fresh<'_>) {
    let mut store = open!(fresh);
    incident(&mut *store, "WP-1", &[&Tale::of("a")]);
    let accept = |store: &mut dyn Store, key: &str, asked: &str, at: Timestamp, incident: &str| {
        let stamp = store::Stamp { at, ..person() };
        let incident = incident.to_owned();
        store
            .record_once(&stamp, key, asked, &mut |_| {
                let change = Change::Accepted { incident: incident.clone() };
                Ok(vec![Act::Decide { change, why: String::new() }])
            })
            .unwrap()
    };
    let first = accept(&mut *store, "k", "a", at(1), "WP-1");
    let seq = match &first {
        Recorded::Now(outcomes) => match outcomes.as_slice() {
            [Outcome::Decided { seq }] => *seq,
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    };
    let head = store.head().unwrap();
    match accept(&mut *store, "k", "b", at(2), "WP-1") {
        Recorded::Before(once) => assert_eq!((once.first, once.last, once.asked.as_str()), (seq, seq, "a")),
        other => panic!("{other:?}"),
    }
    assert_eq!(store.head().unwrap(), head, "nothing was decided");
    // What was refused may be asked again by the same name.
    let refused = accept(&mut *store, "l", "a", at(2), "WP-none");
    assert!(
        matches!(&refused, Recorded::Now(outcomes) if matches!(outcomes.as_slice(), [Outcome::Refused(_)]))
    );
    assert!(matches!(accept(&mut *store, "l", "a", at(3), "WP-1"), Recorded::Now(_)));
    // After some days a name is forgotten.
    assert!(matches!(accept(&mut *store, "m", "a", at(100), "WP-1"), Recorded::Now(_)));
    assert!(matches!(accept(&mut *store, "k", "a", at(101), "WP-1"), Recorded::Now(_)));
}
