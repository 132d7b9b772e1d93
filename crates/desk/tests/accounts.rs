//! Who may do what at the desk, asked over the network.

#![allow(clippy::unwrap_used, clippy::panic)]

#[allow(dead_code)]
mod support;

use base64::Engine as _;
use jiff::Timestamp;
use serde_json::{Value, json};
use store::{Accounts as _, Store};
use store_suite::{Tale, incident};
use support::{Got, Served, served_as};
use watchpost_desk::{Login, first_link};

/// A desk with accounts, and the secret of its first link.
fn desk() -> (Served, String) {
    let mut secret = String::new();
    let desk = served_as(
        |setup| setup.login = Login::Accounts,
        |store| {
            incident(store, "WP-1", &[&Tale::of("a")]);
            incident(store, "WP-2", &[&Tale::of("b")]);
            secret = first_link(store, Timestamp::now()).unwrap().unwrap();
        },
    );
    (desk, secret)
}

/// What a browser sends along once it is logged in.
#[derive(Debug, Clone)]
struct Browser {
    cookie: String,
    csrf: String,
}

impl Browser {
    fn of(got: &Got) -> Self {
        assert_eq!(got.status, 200, "{}", got.text);
        let set = got.header("set-cookie");
        assert!(set.contains("HttpOnly; SameSite=Strict"), "{set}");
        Self {
            cookie: set.split(';').next().unwrap().to_owned(),
            csrf: got.json()["csrf"].as_str().unwrap().to_owned(),
        }
    }

    fn headers(&self) -> Vec<(&str, &str)> {
        vec![("cookie", &self.cookie), ("x-watchpost-csrf", &self.csrf)]
    }

    fn get(&self, desk: &Served, path: &str) -> Got {
        desk.get_with(path, &[("cookie", &self.cookie)])
    }

    fn post(&self, desk: &Served, path: &str, body: &Value) -> Got {
        desk.post(path, body, &self.headers())
    }
}

const PASSWORD: &str = "a long enough one";

fn chosen(desk: &Served, link: &str, name: Option<&str>) -> Got {
    desk.post("/api/v1/session/link", &json!({"link": link, "name": name, "password": PASSWORD}), &[])
}

fn login(desk: &Served, name: &str, password: &str) -> Got {
    desk.post("/api/v1/session", &json!({"name": name, "password": password}), &[])
}

/// The first admin, ada, and somebody of another role.
fn with(role: &str) -> (Served, Browser, Browser) {
    let (desk, link) = desk();
    let ada = Browser::of(&chosen(&desk, &link, Some("ada")));
    let made = ada.post(&desk, "/api/v1/users", &json!({"name": "Bo", "role": role}));
    assert_eq!(made.status, 201, "{}", made.text);
    let bo = Browser::of(&chosen(&desk, made.json()["link"].as_str().unwrap(), None));
    (desk, ada, bo)
}

#[test]
fn the_first_link_makes_the_first_account_once() {
    let (desk, link) = desk();
    for path in
        ["/api/v1/incidents", "/api/v1/events", "/api/v1/export?format=csv", "/feeds/incidents.atom", "/ogc"]
    {
        let got = desk.get(path);
        assert_eq!((got.status, got.json()["type"].as_str()), (401, Some("/problems/login")), "{path}");
    }
    assert_eq!(desk.json("/api/v1/session")["user"], Value::Null);
    assert_eq!(desk.get("/healthz").status, 200);
    let short =
        desk.post("/api/v1/session/link", &json!({"link": link, "name": "ada", "password": "short"}), &[]);
    assert_eq!(short.status, 422);
    assert_eq!(chosen(&desk, "no such link", Some("ada")).status, 401);
    let ada = Browser::of(&chosen(&desk, &link, Some("ada")));
    assert_eq!(chosen(&desk, &link, Some("eve")).status, 401, "it is good once");
    assert_eq!(ada.get(&desk, "/api/v1/incidents").status, 200);
    assert_eq!(ada.get(&desk, "/api/v1/session").json()["user"], json!({"name": "ada", "role": "admin"}));
    // The password is kept as a slow hash, the cookie as a hash.
    let file = std::fs::read(desk.folder.path().join("watchpost.db")).unwrap();
    let wal = std::fs::read(desk.folder.path().join("watchpost.db-wal")).unwrap_or_default();
    let secret = ada.cookie.split_once('=').unwrap().1;
    for kept in [&file, &wal] {
        for never in [PASSWORD, secret, link.as_str()] {
            assert!(!kept.windows(never.len()).any(|window| window == never.as_bytes()));
        }
    }
}

#[test]
fn one_logs_in_and_out() {
    let (desk, ada, _) = with("viewer");
    assert_eq!(login(&desk, "ada", "a wrong password").status, 401);
    assert_eq!(login(&desk, "nobody", PASSWORD).status, 401);
    let again = Browser::of(&login(&desk, "ADA", PASSWORD));
    let out = desk.delete("/api/v1/session", &again.headers());
    assert_eq!(out.status, 204);
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(again.get(&desk, "/api/v1/incidents").status, 401);
    assert_eq!(ada.get(&desk, "/api/v1/incidents").status, 200, "the other browser stays");
}

#[test]
fn guessing_is_stopped() {
    let (desk, _, _) = with("viewer");
    for _ in 0..5 {
        assert_eq!(login(&desk, "ada", "a wrong password").status, 401);
    }
    let stopped = login(&desk, "ada", PASSWORD);
    assert_eq!(stopped.status, 429);
    assert!(stopped.header("retry-after").parse::<u64>().unwrap() > 60);
    Browser::of(&login(&desk, "bo", PASSWORD));
}

#[test]
fn a_role_is_what_one_may_do() {
    for (role, decides, bulk, sources) in
        [("viewer", 403, 403, 403), ("coder", 201, 403, 403), ("reviewer", 201, 201, 404)]
    {
        let (desk, ada, bo) = with(role);
        assert_eq!(bo.get(&desk, "/api/v1/incidents").status, 200);
        let decided = bo.post(&desk, "/api/v1/decisions", &json!({"kind": "accept", "incident": "WP-1"}));
        assert_eq!(decided.status, decides, "{role}: {}", decided.text);
        let many = json!({"kind": "reject", "filters": {"status": "unreviewed"}, "expected_count": if decides == 201 { 1 } else { 2 }});
        assert_eq!(bo.post(&desk, "/api/v1/decisions/bulk", &many).status, bulk, "{role}");
        assert_eq!(bo.post(&desk, "/api/v1/sources/S-none/pause", &json!({})).status, sources, "{role}");
        assert_eq!(bo.get(&desk, "/api/v1/users").status, 403, "{role}");
        if decides == 201 {
            let log = ada.get(&desk, "/api/v1/incidents/WP-1/log").json();
            assert_eq!(log["items"][1]["by"], json!({"kind": "person", "name": "Bo"}));
        }
    }
}

#[test]
fn a_cookie_alone_changes_nothing() {
    let (desk, ada, _) = with("viewer");
    let accept = json!({"kind": "accept", "incident": "WP-1"});
    let got = desk.post("/api/v1/decisions", &accept, &[("cookie", &ada.cookie)]);
    assert_eq!((got.status, got.json()["where"].as_str()), (403, Some("X-Watchpost-CSRF")));
    let mut headers = ada.headers();
    headers.push(("origin", "https://evil.example.org"));
    assert_eq!(desk.post("/api/v1/decisions", &accept, &headers).status, 403);
    assert_eq!(ada.post(&desk, "/api/v1/decisions", &accept).status, 201);
}

#[test]
fn a_token_does_what_it_was_made_for_until_it_ends() {
    let (desk, ada, bo) = with("coder");
    let more = json!({"label": "script", "scopes": ["read", "bulk"], "days": 30});
    assert_eq!(bo.post(&desk, "/api/v1/tokens", &more).status, 422, "no more than the account may");
    let made = bo.post(&desk, "/api/v1/tokens", &json!({"label": "script", "scopes": ["read"], "days": 30}));
    assert_eq!(made.status, 201, "{}", made.text);
    let token = made.json()["token"].as_str().unwrap().to_owned();
    assert!(token.starts_with("wp_"));
    let bearer = format!("Bearer {token}");
    let with = [("authorization", bearer.as_str())];
    assert_eq!(desk.get_with("/api/v1/incidents", &with).status, 200);
    assert_eq!(desk.get_with("/feeds/incidents.json", &with).status, 200);
    // Feed readers and QGIS know names and passwords only, and ask for them where they are told so.
    let basic = |name: &str, password: &str| {
        format!("Basic {}", base64::prelude::BASE64_STANDARD.encode(format!("{name}:{password}")))
    };
    for (name, password, status) in [("bo", token.as_str(), 200), ("", &token, 200), ("bo", PASSWORD, 401)] {
        let sent = basic(name, password);
        assert_eq!(desk.get_with("/ogc/collections", &[("authorization", &sent)]).status, status, "{name}");
    }
    assert!(desk.get("/feeds/incidents.atom").header("www-authenticate").starts_with("Basic "));
    assert!(desk.get("/api/v1/incidents").header("www-authenticate").starts_with("Bearer "));
    let accept = json!({"kind": "accept", "incident": "WP-1"});
    assert_eq!(desk.post("/api/v1/decisions", &accept, &with).status, 403);
    assert_eq!(desk.post("/api/v1/tokens", &more, &with).status, 403, "a token makes no tokens");
    let listed = bo.get(&desk, "/api/v1/tokens").json();
    assert_eq!(listed["items"][0]["label"], "script");
    assert!(!listed.to_string().contains(&token));
    assert_eq!(ada.get(&desk, "/api/v1/tokens").json()["items"], json!([]));
    let id = listed["items"][0]["id"].as_str().unwrap();
    assert_eq!(desk.delete(&format!("/api/v1/tokens/{id}"), &ada.headers()).status, 404, "not hers");
    assert_eq!(desk.delete(&format!("/api/v1/tokens/{id}"), &bo.headers()).status, 204);
    assert_eq!(desk.get_with("/api/v1/incidents", &with).status, 401);
}

#[test]
fn an_account_is_closed_at_once_and_the_last_admin_stays() {
    let (desk, ada, bo) = with("reviewer");
    let close = json!({"closed": true});
    assert_eq!(ada.post(&desk, "/api/v1/users/ada", &close).status, 409);
    assert_eq!(ada.post(&desk, "/api/v1/users/ada", &json!({"role": "viewer"})).status, 409);
    assert_eq!(ada.post(&desk, "/api/v1/users/bo", &close).status, 200);
    assert_eq!(bo.get(&desk, "/api/v1/incidents").status, 401);
    assert_eq!(login(&desk, "Bo", PASSWORD).status, 401);
    assert_eq!(ada.post(&desk, "/api/v1/users/bo", &json!({"closed": false, "role": "admin"})).status, 200);
    let bo = Browser::of(&login(&desk, "Bo", PASSWORD));
    assert_eq!(
        bo.post(&desk, "/api/v1/users", &json!({"name": "BO", "role": "viewer"})).status,
        422,
        "a name is one person's"
    );
    let link = bo.post(&desk, "/api/v1/users/ada", &json!({"link": true})).json();
    assert_eq!(ada.get(&desk, "/api/v1/incidents").status, 401, "a new password ends what was");
    Browser::of(&chosen(&desk, link["link"].as_str().unwrap(), None));
    let told = bo.get(&desk, "/api/v1/audit").json();
    let deeds: Vec<&str> =
        told["items"].as_array().unwrap().iter().map(|deed| deed["what"].as_str().unwrap()).collect();
    assert_eq!(
        deeds,
        [
            "chose a password",
            "gave a link to",
            "made a admin of, opened the account of",
            "closed the account of",
            "chose a password",
            "made the account of a reviewer",
            "made the first account"
        ]
    );
}

#[test]
fn a_request_that_is_sent_again_is_done_once() {
    let (desk, ada, bo) = with("coder");
    let split = json!({"kind": "merge", "incident": "WP-1", "from": ["WP-2"]});
    let send = |who: &Browser, body: &Value, key: &str| {
        let mut headers = who.headers();
        headers.push(("idempotency-key", key));
        desk.post("/api/v1/decisions", body, &headers)
    };
    let first = send(&ada, &split, "one");
    assert_eq!(first.status, 201, "{}", first.text);
    let again = send(&ada, &split, "one");
    assert_eq!((again.status, again.json()), (201, first.json()));
    assert_eq!(send(&ada, &json!({"kind": "accept", "incident": "WP-1"}), "one").status, 422, "another body");
    assert_eq!(
        send(&bo, &json!({"kind": "accept", "incident": "WP-1"}), "one").status,
        201,
        "another sender"
    );
    assert_eq!(send(&ada, &split, "two").status, 409);
    let mut store = store_sqlite::open(&desk.folder.path().join("watchpost.db")).unwrap();
    assert!(store.credentials("ada", Timestamp::now()).unwrap().len() == 1);
    let merges = store.decisions(0, 100).unwrap().iter().filter(|one| one.change.what() == "merged").count();
    assert_eq!(merges, 1);
}
