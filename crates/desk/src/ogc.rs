//! Incidents for maps of other programs: OGC API – Features, Part 1: Core (OGC 17-069r4), with GeoJSON. QGIS connects to `/ogc`.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};
use store::find::{Order, Page, Total};

use crate::Desk;
use crate::answer::body_of;
use crate::asked::{FILTERS, OGC};
use crate::endpoint::{Ask, Endpoint};
use crate::feeds::base;
use crate::incidents::live;
use crate::overview::feature;
use crate::problem::Problem;

pub(crate) fn endpoints() -> Vec<Endpoint> {
    let get = |path, name, about| Endpoint::get(path, name, about);
    vec![
        get("/ogc", "ogc", "OGC API – Features: where everything is.")
            .gives(200, "Links.", "application/json")
            .by(landing),
        get("/ogc/conformance", "ogc-conformance", "OGC API – Features: what of it is here.")
            .gives(200, "Conformance classes.", "application/json")
            .by(conformance),
        get("/ogc/collections", "ogc-collections", "OGC API – Features: the collections.")
            .gives(200, "Collections.", "application/json")
            .by(collections),
        get(
            "/ogc/collections/incidents",
            "ogc-collection",
            "OGC API – Features: the collection of incidents.",
        )
        .gives(200, "The collection.", "application/json")
        .by(collection),
        get(
            "/ogc/collections/incidents/items",
            "ogc-items",
            "OGC API – Features: incidents, the newest first.",
        )
        .asks(OGC)
        .asks(FILTERS)
        .tagged()
        .gives(200, "Incidents.", "application/geo+json")
        .by(items),
        get("/ogc/collections/incidents/items/{id}", "ogc-item", "OGC API – Features: one incident.")
            .gives(200, "The incident.", "application/geo+json")
            .by(item),
    ]
}

fn answer(kind: &'static str, value: &Value) -> Response {
    body_of(StatusCode::OK, kind, value.to_string().into_bytes())
}

fn link(href: String, rel: &str, kind: &str, title: &str) -> Value {
    json!({"href": href, "rel": rel, "type": kind, "title": title})
}

async fn landing(desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    let base = base(&ask.headers);
    let json = "application/json";
    Ok(answer(
        json,
        &json!({
            "title": format!("Watchpost: {}", desk.setup.project),
            "description": "Incidents of political violence, each once",
            "links": [
                link(format!("{base}/ogc"), "self", json, "this page"),
                link(format!("{base}/api/v1/openapi.json"), "service-desc", "application/vnd.oai.openapi+json;version=3.1", "the API"),
                link(format!("{base}/api/v1/docs"), "service-doc", "text/html", "the API, for people"),
                link(format!("{base}/ogc/conformance"), "conformance", json, "what of the standard is here"),
                link(format!("{base}/ogc/collections"), "data", json, "the collections"),
            ],
        }),
    ))
}

async fn conformance(_desk: Arc<Desk>, _ask: Ask) -> Result<Response, Problem> {
    let class = |name: &str| format!("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}");
    Ok(answer("application/json", &json!({"conformsTo": [class("core"), class("geojson")]})))
}

fn described(base: &str) -> Value {
    json!({
        "id": "incidents",
        "title": "Incidents",
        "description": "Attacks, clashes, protests: each once, with its place as exactly as it is known (`precision`, UCDP's 1 to 7)",
        "itemType": "feature",
        "crs": ["http://www.opengis.net/def/crs/OGC/1.3/CRS84"],
        "extent": {
            "spatial": {"bbox": [[-180.0, -90.0, 180.0, 90.0]]},
            "temporal": {"interval": [[null, null]]},
        },
        "links": [
            link(format!("{base}/ogc/collections/incidents"), "self", "application/json", "this collection"),
            link(format!("{base}/ogc/collections/incidents/items"), "items", "application/geo+json", "the incidents"),
        ],
    })
}

async fn collections(_desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    let base = base(&ask.headers);
    let own = link(format!("{base}/ogc/collections"), "self", "application/json", "this page");
    Ok(answer("application/json", &json!({"links": [own], "collections": [described(&base)]})))
}

async fn collection(_desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    Ok(answer("application/json", &described(&base(&ask.headers))))
}

/// The days of a moment or an interval (RFC 3339, 5.6, `..` and nothing are open ends).
fn interval(text: &str) -> Option<(Option<Date>, Option<Date>)> {
    let day = |text: &str| -> Option<Option<Date>> {
        match text {
            "" | ".." => Some(None),
            // Incidents have days: of a moment its own counts.
            text => text
                .get(..10)?
                .parse()
                .ok()
                .map(Some)
                .filter(|_| text.len() == 10 || text.as_bytes().get(10) == Some(&b'T')),
        }
    };
    match text.split_once('/') {
        Some((from, to)) => Some((day(from)?, day(to)?)),
        None => day(text)?.map(|day| (Some(day), Some(day))),
    }
}

async fn items(desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    let mut filter = ask.asked.filter(&desk.setup.countries)?;
    let days =
        ask.asked.value("datetime", "a day, a moment, or two with / between them; .. is open", interval)?;
    if let Some(days) = days {
        (filter.from, filter.to) = days;
    }
    let after: Option<store::find::Cursor> =
        ask.asked.value("cursor", "that of the `next` link", |text| text.parse().ok())?;
    let page =
        Page { order: Order::Newest, after, limit: ask.asked.number("limit", 1, store::LONGEST_PAGE, 10)? };
    ask.asked.value("f", "json", |text| (text == "json").then_some(()))?;
    let (setup, memory) = (Arc::clone(&desk.setup), Arc::clone(&desk.memory));
    let (base, uri) = (base(&ask.headers), ask.uri.clone());
    desk.derived_as("application/geo+json", &ask, move |store| {
        let (found, total) = memory.find(store, &filter, &page, u64::MAX)?;
        let (Total::Exactly(all) | Total::MoreThan(all)) = total;
        let features: Vec<Value> = found
            .rows
            .into_iter()
            .map(|mut incident| {
                setup.unname(&mut incident);
                feature(&incident, &setup.countries)
            })
            .collect();
        let here = format!("{base}{}", uri.path());
        let query = |more: Option<String>| {
            let mut all = url::form_urlencoded::Serializer::new(String::new());
            for (name, value) in url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
                if name != "cursor" {
                    all.append_pair(&name, &value);
                }
            }
            if let Some(more) = more {
                all.append_pair("cursor", &more);
            }
            format!("{here}?{}", all.finish())
        };
        let mut links = vec![link(format!("{base}{uri}"), "self", "application/geo+json", "this page")];
        if let Some(next) = &found.next {
            links.push(link(query(Some(next.to_string())), "next", "application/geo+json", "the next page"));
        }
        Ok(json!({
            "type": "FeatureCollection",
            "numberMatched": all,
            "numberReturned": features.len(),
            "timeStamp": Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            "links": links,
            "features": features,
        })
        .to_string()
        .into_bytes())
    })
    .await
}

async fn item(desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    let (setup, base) = (Arc::clone(&desk.setup), base(&ask.headers));
    desk.pool
        .read(move |store| {
            let mut incident =
                live(store, ask.id(), |into| format!("/ogc/collections/incidents/items/{into}"))?;
            setup.unname(&mut incident);
            let mut feature = feature(&incident, &setup.countries);
            feature["links"] = json!([
                link(
                    format!("{base}/ogc/collections/incidents/items/{}", incident.id),
                    "self",
                    "application/geo+json",
                    "this incident"
                ),
                link(
                    format!("{base}/ogc/collections/incidents"),
                    "collection",
                    "application/json",
                    "the collection"
                ),
                link(
                    format!("{base}/incidents/{}", incident.id),
                    "alternate",
                    "text/html",
                    "the incident, for people"
                ),
            ]);
            Ok(answer("application/geo+json", &feature))
        })
        .await
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::interval;

    #[test]
    fn intervals_may_be_open() {
        let (first, last) = (Some(date(2024, 3, 1)), Some(date(2024, 3, 31)));
        for (text, days) in [
            ("2024-03-01", Some((first, first))),
            ("2024-03-01/2024-03-31", Some((first, last))),
            ("2024-03-01T00:00:00Z/2024-03-31T12:00:00Z", Some((first, last))),
            ("../2024-03-31", Some((None, last))),
            ("2024-03-01/", Some((first, None))),
            ("..", None),
            ("soon", None),
            ("2024-03-01x", None),
            ("2024-03-0é/..", None),
        ] {
            assert_eq!(interval(text), days, "{text}");
        }
    }
}
