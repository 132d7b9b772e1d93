//! How answers are sent: JSON, with a tag by which a client that has it already is spared the rest.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use record::Incident;
use serde::Serialize;
use store::Store;

use crate::Desk;
use crate::endpoint::Ask;
use crate::problem::Problem;

/// JSON.
pub(crate) fn json(status: StatusCode, value: &impl Serialize) -> Result<Response, Problem> {
    let body = serde_json::to_vec(value)
        .map_err(|error| Problem::new("broken", format!("the answer cannot be written: {error}")))?;
    Ok(body_of(status, "application/json", body))
}

/// Any bytes of a type. What may be seen by one who is logged in is for nobody's cache but their own.
pub(crate) fn body_of(status: StatusCode, kind: &'static str, body: Vec<u8>) -> Response {
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    response
}

/// With a tag (RFC 9110, 8.8.3).
pub(crate) fn tagged(mut response: Response, tag: &str) -> Response {
    if let Ok(tag) = HeaderValue::from_str(tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// Nothing has changed.
pub(crate) fn unchanged(tag: &str) -> Response {
    let mut response = StatusCode::NOT_MODIFIED.into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    tagged(response, tag)
}

/// Whether a client has what it asks for: `If-None-Match` by the weak comparison.
pub(crate) fn has(headers: &HeaderMap, tag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let said = headers.get_all(header::IF_NONE_MATCH);
    said.iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|said| said.trim() == "*" || opaque(said) == opaque(tag))
}

/// The tag of an incident as it stands: of the decision that touched it last and what it is, since a new rule for figures
/// touches no incident.
pub(crate) fn tag_of(incident: &Incident) -> String {
    let body = serde_json::to_vec(incident).unwrap_or_default();
    let hash = store::log::sha256(&body);
    format!("\"{}-{}\"", incident.updated, hash.get(..12).unwrap_or(&hash))
}

impl Desk {
    /// Answers what follows from the two logs, the reports and the day alone: where neither log has grown, a client that has the answer is
    /// told so without asking the store again, and one that has not is given the bytes that another was given.
    pub(crate) async fn derived<T: Serialize + Send + 'static>(
        &self,
        ask: &Ask,
        work: impl FnOnce(&mut dyn Store) -> Result<T, Problem> + Send + 'static,
    ) -> Result<Response, Problem> {
        self.derived_as("application/json", ask, |store| {
            serde_json::to_vec(&work(store)?)
                .map_err(|error| Problem::new("broken", format!("the answer cannot be written: {error}")))
        })
        .await
    }

    /// The same for other types of bytes.
    pub(crate) async fn derived_as(
        &self,
        kind: &'static str,
        ask: &Ask,
        work: impl FnOnce(&mut dyn Store) -> Result<Vec<u8>, Problem> + Send + 'static,
    ) -> Result<Response, Problem> {
        let key = ask.uri.path_and_query().map_or_else(String::new, ToString::to_string);
        let (version, headers) = (self.setup.tag.clone(), ask.headers.clone());
        let kept = self.kept.clone();
        self.pool
            .read(move |store| {
                // What has fallen due, and what is not over yet, changes with the day.
                let day = jiff::Timestamp::now().as_second() / 86_400;
                let tag = format!("W/\"{}.{}.{day}-{version}\"", store.head()?.seq, store.watch_head()?.seq);
                if has(&headers, &tag) {
                    return Ok(unchanged(&tag));
                }
                let body = match kept.get(&key, &tag) {
                    Some(body) => body,
                    None => {
                        let body = work(store)?;
                        kept.keep(key, tag.clone(), &body);
                        body
                    }
                };
                Ok(tagged(body_of(StatusCode::OK, kind, body), &tag))
            })
            .await
    }
}
