//! What other programs read: feeds, maps, metrics.

#![allow(clippy::unwrap_used, clippy::panic)]

#[allow(dead_code)]
mod support;

use std::net::TcpListener;

use jiff::civil::date;
use serde_json::{Value, json};
use store::Store;
use store_suite::{Tale, incident};
use support::{served, served_as};

fn two(store: &mut dyn Store) {
    let first = Tale { actor: "Gunmen <of> & \"Example\"".to_owned(), ..Tale::of("a") };
    incident(store, "WP-1", &[&first]);
    incident(
        store,
        "WP-2",
        &[&Tale { day: Some(date(2024, 5, 1)), place: None, killed: 0, ..Tale::of("b") }],
    );
}

#[test]
fn a_feed_has_the_incidents_of_any_filter() {
    let desk = served(two);
    let atom = desk.get("/feeds/incidents.atom");
    assert_eq!(atom.header("content-type"), "application/atom+xml; charset=utf-8");
    let read = roxmltree::Document::parse(&atom.text).unwrap();
    let titles: Vec<&str> = read
        .descendants()
        .filter(|node| node.has_tag_name(("http://www.w3.org/2005/Atom", "entry")))
        .filter_map(|entry| entry.children().find(|child| child.tag_name().name() == "title")?.text())
        .collect();
    assert_eq!(titles, ["2024-05-01: Attack", "2024-03-05: Attack in Gao, Mali, 3 killed"]);
    assert!(atom.text.contains("Gunmen &lt;of&gt; &amp; &quot;Example&quot;"), "{}", atom.text);
    let feed = desk.json("/feeds/incidents.json?country=MLI");
    assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
    assert_eq!(feed["items"].as_array().unwrap().len(), 1);
    assert_eq!(feed["items"][0]["url"], json!(format!("{}/incidents/WP-1", desk.at)));
    let tag = atom.header("etag").to_owned();
    assert_eq!(desk.get_with("/feeds/incidents.atom", &[("if-none-match", &tag)]).status, 304);
}

#[test]
fn a_map_of_another_program_connects() {
    let desk = served(two);
    let landing = desk.json("/ogc");
    let links = |value: &Value, rel: &str| -> Vec<String> {
        let all = value["links"].as_array().unwrap().iter().filter(|link| link["rel"] == rel);
        all.map(|link| link["href"].as_str().unwrap().trim_start_matches(&desk.at).to_owned()).collect()
    };
    assert!(desk.json(&links(&landing, "conformance")[0])["conformsTo"].to_string().contains("conf/core"));
    let collections = desk.json(&links(&landing, "data")[0]);
    let items = links(&collections["collections"][0], "items").remove(0);
    let first = desk.json(&format!("{items}?limit=1"));
    assert_eq!((first["numberMatched"].as_u64(), first["numberReturned"].as_u64()), (Some(2), Some(1)));
    assert_eq!(
        (first["features"][0]["id"].as_str(), &first["features"][0]["geometry"]),
        (Some("WP-2"), &Value::Null)
    );
    let second = desk.json(&links(&first, "next")[0]);
    assert_eq!(second["features"][0]["geometry"]["coordinates"], json!([-0.04, 16.27]));
    assert!(links(&second, "next").is_empty());
    let count = |query: &str| desk.json(&format!("{items}?{query}"))["numberMatched"].as_u64().unwrap();
    assert_eq!(count("bbox=-1,16,0,17"), 1);
    assert_eq!(count("datetime=2024-03-01T00:00:00Z/2024-03-31T00:00:00Z"), 1);
    assert_eq!(count("datetime=../.."), 2);
    assert_eq!(count("country=SYR"), 0);
    for wrong in ["limit=0", "bbox=1,2", "datetime=soon", "unknown=1"] {
        assert_eq!(desk.get(&format!("{items}?{wrong}")).status, 400, "{wrong}");
    }
    let one = desk.get(&format!("{items}/WP-1"));
    assert_eq!((one.status, one.header("content-type")), (200, "application/geo+json"));
    assert_eq!(desk.get(&format!("{items}/WP-9")).status, 404);
}

#[test]
fn what_is_counted_has_a_listener_of_its_own() {
    let metrics = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = format!("http://{}", metrics.local_addr().unwrap());
    let desk = served_as(|setup| setup.metrics = Some(metrics), two);
    assert_eq!((desk.get("/healthz").status, desk.get("/readyz").status), (200, 200));
    desk.get("/api/v1/incidents");
    desk.get("/api/v1/incidents?wrong=1");
    let told = ureq::get(format!("{at}/metrics")).call().unwrap().body_mut().read_to_string().unwrap();
    for line in [
        "watchpost_requests_total{endpoint=\"incidents\",status=\"200\"} 1",
        "watchpost_requests_total{endpoint=\"incidents\",status=\"400\"} 1",
        "watchpost_log_head 4",
        "watchpost_request_duration_seconds_count{endpoint=\"incidents\"} 2",
    ] {
        assert!(told.lines().any(|told| told == line), "{line}\n{told}");
    }
    assert_eq!(desk.get("/metrics").status, 200, "a page, not the metrics");
    assert!(!desk.get("/metrics").text.contains("watchpost_requests"));
}
