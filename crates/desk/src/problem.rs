//! What an answer says where there is no other: a problem (RFC 9457) with what, where, what was expected and what to do.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use record::Incident;
use schemars::JsonSchema;
use serde::Serialize;

/// Why a request was not done.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Problem {
    /// Which kind of problem, as the path of its paragraph in the documentation.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in words.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong this time.
    pub detail: String,
    /// Where: a parameter, a header, or a field of the body.
    #[serde(rename = "where", skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// What was expected there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// The incident as it stands now, where somebody else has changed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incident: Option<Box<Incident>>,
    /// Where the thing is now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// Seconds after which to ask again.
    #[serde(skip)]
    #[schemars(skip)]
    pub retry: Option<u64>,
    /// Methods that are allowed.
    #[serde(skip)]
    #[schemars(skip)]
    pub allow: Option<String>,
    /// How to say who one is (RFC 9110, section 11.6.1).
    #[serde(skip)]
    #[schemars(skip)]
    pub challenge: Option<String>,
}

/// The kinds of problem: the word in `type`, the status, the title.
pub(crate) const KINDS: &[(&str, StatusCode, &str)] = &[
    ("moved", StatusCode::PERMANENT_REDIRECT, "It is part of another incident now"),
    ("wrong-parameter", StatusCode::BAD_REQUEST, "A parameter cannot be understood"),
    ("wrong-body", StatusCode::UNPROCESSABLE_ENTITY, "The body cannot be understood"),
    ("not-json", StatusCode::BAD_REQUEST, "The body is no JSON"),
    ("media-type", StatusCode::UNSUPPORTED_MEDIA_TYPE, "The body is of another type"),
    ("too-large", StatusCode::PAYLOAD_TOO_LARGE, "The body is too large"),
    ("not-found", StatusCode::NOT_FOUND, "There is no such thing"),
    ("method", StatusCode::METHOD_NOT_ALLOWED, "That cannot be done with it"),
    ("login", StatusCode::UNAUTHORIZED, "Nobody is logged in"),
    ("not-allowed", StatusCode::FORBIDDEN, "This may not be done"),
    ("changed", StatusCode::PRECONDITION_FAILED, "Somebody else has changed it"),
    ("refused", StatusCode::CONFLICT, "It was refused"),
    ("too-many", StatusCode::TOO_MANY_REQUESTS, "Too many attempts"),
    ("busy", StatusCode::SERVICE_UNAVAILABLE, "The store is busy"),
    ("broken", StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong here"),
];

impl Problem {
    /// A problem of a kind.
    pub(crate) fn new(kind: &str, detail: impl Into<String>) -> Self {
        let (kind, status, title) = KINDS.iter().find(|known| known.0 == kind).copied().unwrap_or((
            "broken",
            StatusCode::INTERNAL_SERVER_ERROR,
            "Something went wrong here",
        ));
        Self {
            kind: format!("/problems/{kind}"),
            title,
            status: status.as_u16(),
            detail: detail.into(),
            place: None,
            expected: None,
            hint: None,
            incident: None,
            location: None,
            retry: None,
            allow: None,
            challenge: None,
        }
    }

    /// A parameter that cannot be understood.
    pub(crate) fn parameter(name: &str, value: &str, expected: impl Into<String>) -> Self {
        let shown: String = value.chars().take(80).collect();
        Self {
            place: Some(name.to_owned()),
            expected: Some(expected.into()),
            ..Self::new("wrong-parameter", format!("`{shown}` is no value of the parameter `{name}`"))
        }
    }

    /// A field of the body that cannot be understood.
    pub(crate) fn field(name: &str, detail: impl Into<String>, expected: impl Into<String>) -> Self {
        Self {
            place: Some(name.to_owned()),
            expected: Some(expected.into()),
            ..Self::new("wrong-body", detail)
        }
    }

    /// With what to do.
    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// There is no incident of that id.
    pub(crate) fn no_incident(id: &str) -> Self {
        Self::new("not-found", format!("there is no incident {id}"))
            .hint("GET /api/v1/incidents lists them; ids of reports begin with R-")
    }

    /// There is no report of that id.
    pub(crate) fn no_report(id: &str) -> Self {
        Self::new("not-found", format!("there is no report {id}"))
            .hint("GET /api/v1/reports?text=… finds them; ids of incidents begin with WP-")
    }

    /// The status.
    pub(crate) fn code(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl From<store::Error> for Problem {
    fn from(error: store::Error) -> Self {
        use store::Error as E;
        match &error {
            E::Busy { .. } => Self {
                retry: Some(2),
                ..Self::new("busy", "another program is writing to the store, and went on doing so")
            }
            .hint("ask again in a few seconds"),
            E::Unavailable { .. } | E::Closed { .. } => {
                eprintln!("desk: {error}");
                Self { retry: Some(5), ..Self::new("busy", "the store cannot be reached") }
                    .hint("ask again; whoever runs the desk finds the reason on its standard error")
            }
            E::Asked(what) => Self::new("wrong-parameter", what.clone()),
            E::Full { .. } => {
                eprintln!("desk: {error}");
                Self::new("broken", "there is no room left to write: nothing of this was kept")
                    .hint("whoever runs the desk must free some space")
            }
            _ => {
                eprintln!("desk: {error}");
                Self::new("broken", "the store could not do it")
                    .hint("whoever runs the desk finds the reason on its standard error")
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (self.code(), body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let mut also = |name, value: Option<String>| {
            if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
                headers.insert(name, value);
            }
        };
        also(header::LOCATION, self.location);
        also(header::RETRY_AFTER, self.retry.map(|seconds| seconds.to_string()));
        also(header::ALLOW, self.allow);
        also(header::WWW_AUTHENTICATE, self.challenge);
        response
    }
}
