//! What the API can be asked. Each endpoint is declared once: the router, the checks of what may be asked and by whom, and the
//! OpenAPI document are made of the declarations.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{FromRequestParts as _, RawPathParams, Request};
use axum::http::{HeaderMap, Method, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::Desk;
use crate::account::{Caller, Need, peer};
use crate::asked::{Asked, Parameter};
use crate::problem::Problem;

type MakeSchema = fn(&mut SchemaGenerator) -> Schema;

/// One answer that an endpoint may give.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) about: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) schema: Option<MakeSchema>,
}

/// One endpoint.
pub(crate) struct Endpoint {
    pub(crate) method: Method,
    /// What stands before its path.
    under: &'static str,
    pub(crate) path: &'static str,
    /// What it is called in the documentation, unique.
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) need: Need,
    pub(crate) parameters: Vec<&'static [Parameter]>,
    pub(crate) body: Option<MakeSchema>,
    pub(crate) answers: Vec<Answer>,
    /// Whether it heeds `If-None-Match`.
    pub(crate) tagged: bool,
    /// Whether it heeds `If-Match`.
    pub(crate) careful: bool,
    /// Problems that it answers besides those that follow from what it is.
    pub(crate) also: &'static [&'static str],
    route: Option<MethodRouter<Arc<Desk>>>,
}

fn schema<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

impl Endpoint {
    fn new(method: Method, path: &'static str, name: &'static str, about: &'static str, need: Need) -> Self {
        Self {
            method,
            under: "",
            path,
            name,
            about,
            need,
            parameters: Vec::new(),
            body: None,
            answers: Vec::new(),
            tagged: false,
            careful: false,
            also: &[],
            route: None,
        }
    }

    pub(crate) fn get(path: &'static str, name: &'static str, about: &'static str) -> Self {
        Self::new(Method::GET, path, name, about, Need::Read)
    }

    pub(crate) fn post(path: &'static str, name: &'static str, about: &'static str, need: Need) -> Self {
        Self::new(Method::POST, path, name, about, need)
    }

    pub(crate) fn delete(path: &'static str, name: &'static str, about: &'static str, need: Need) -> Self {
        Self::new(Method::DELETE, path, name, about, need)
    }

    /// Under a path that many share.
    pub(crate) fn under(self, under: &'static str) -> Self {
        Self { under, ..self }
    }

    /// All of its path.
    pub(crate) fn whole(&self) -> String {
        format!("{}{}", self.under, self.path)
    }

    pub(crate) fn needs(self, need: Need) -> Self {
        Self { need, ..self }
    }

    pub(crate) fn asks(mut self, parameters: &'static [Parameter]) -> Self {
        self.parameters.push(parameters);
        self
    }

    pub(crate) fn takes<T: JsonSchema>(self) -> Self {
        Self { body: Some(schema::<T>), ..self }
    }

    pub(crate) fn tagged(self) -> Self {
        Self { tagged: true, ..self }
    }

    pub(crate) fn careful(self) -> Self {
        Self { careful: true, ..self }
    }

    pub(crate) fn also(self, also: &'static [&'static str]) -> Self {
        Self { also, ..self }
    }

    /// Answers JSON.
    pub(crate) fn answers<T: JsonSchema>(mut self, status: u16, about: &'static str) -> Self {
        self.answers.push(Answer { status, about, kind: "application/json", schema: Some(schema::<T>) });
        self
    }

    /// Answers something else; where there are several types of it, with commas between.
    pub(crate) fn gives(mut self, status: u16, about: &'static str, kind: &'static str) -> Self {
        self.answers.push(Answer { status, about, kind, schema: None });
        self
    }

    /// What does it. The work is given all that was checked.
    pub(crate) fn by<W, F>(mut self, work: W) -> Self
    where
        W: Fn(Arc<Desk>, Ask) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Result<Response, Problem>> + Send,
    {
        let filter = MethodFilter::try_from(self.method.clone()).unwrap_or(MethodFilter::GET);
        let (declared, need, takes) = (self.parameters.clone(), self.need, self.body.is_some());
        let name = self.name;
        let handler = move |axum::extract::State(desk): axum::extract::State<Arc<Desk>>, request: Request| {
            let (work, declared) = (work.clone(), declared.clone());
            async move {
                let (begun, metrics) = (Instant::now(), Arc::clone(&desk.metrics));
                let done = async {
                    let ask = Ask::checked(&desk, request, &declared, need, takes).await?;
                    work(desk, ask).await
                };
                let response = done.await.unwrap_or_else(IntoResponse::into_response);
                metrics.count(name, response.status().as_u16(), begun.elapsed());
                response
            }
        };
        self.route = Some(on(filter, handler));
        self
    }

    /// What may be asked of it, all of them.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = &'static Parameter> {
        self.parameters.iter().copied().flatten()
    }
}

/// A request that was checked.
pub(crate) struct Ask {
    /// Who asks.
    pub(crate) caller: Caller,
    /// What stands after the `?`.
    pub(crate) asked: Asked,
    /// The parts of the path that are named in braces, in their order.
    pub(crate) path: Vec<String>,
    pub(crate) headers: HeaderMap,
    pub(crate) uri: Uri,
    /// From where it comes.
    pub(crate) peer: Option<IpAddr>,
    body: Vec<u8>,
}

/// Bytes of a body at most.
const LARGEST: usize = 1 << 20;
/// How long a body may take to come.
const PATIENCE: Duration = Duration::from_secs(30);

impl Ask {
    async fn checked(
        desk: &Desk,
        request: Request,
        declared: &[&'static [Parameter]],
        need: Need,
        takes: bool,
    ) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        // All of it is read before anything is refused: a connection that ends with half a body unread takes the answer with it.
        let body = tokio::time::timeout(PATIENCE, axum::body::to_bytes(body, LARGEST)).await;
        let caller = desk.caller(&parts, need).await?;
        let asked = Asked::read(parts.uri.query().unwrap_or_default(), declared)?;
        let path = RawPathParams::from_request_parts(&mut parts, &()).await;
        let body = if takes {
            let kind =
                parts.headers.get(axum::http::header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
            if !kind
                .is_some_and(|kind| kind.split(';').next().unwrap_or_default().trim() == "application/json")
            {
                return Err(Problem {
                    place: Some("Content-Type".to_owned()),
                    expected: Some("application/json".to_owned()),
                    ..Problem::new("media-type", "the body is not said to be JSON")
                });
            }
            body.map_err(|_| Problem::new("not-json", "the body did not come to an end in time"))?
                .map_err(|_| {
                    Problem::new(
                        "too-large",
                        format!("the body has more than {LARGEST} bytes, or was cut off"),
                    )
                })?
                .to_vec()
        } else {
            Vec::new()
        };
        let path = path.map_err(|_| Problem::new("not-found", "the path is no UTF-8"))?;
        let path = path.iter().map(|(_, value)| value.to_owned()).collect();
        let peer = peer(&parts, desk.setup.behind_proxy);
        Ok(Self { caller, asked, path, headers: parts.headers, uri: parts.uri, peer, body })
    }

    /// The part of the path in the first braces.
    pub(crate) fn id(&self) -> &str {
        self.path.first().map_or("", String::as_str)
    }

    /// What the request is, for whom it may not be done twice: its path and body.
    pub(crate) fn hash(&self) -> String {
        let mut all = self.uri.path().as_bytes().to_vec();
        all.push(b'\n');
        all.extend_from_slice(&self.body);
        store::log::sha256(&all)
    }

    /// The body.
    pub(crate) fn json<T: serde::de::DeserializeOwned>(&self) -> Result<T, Problem> {
        let value: serde_json::Value = serde_json::from_slice(&self.body)
            .map_err(|error| Problem::new("not-json", format!("the body is no JSON: {error}")))?;
        serde_json::from_value(value).map_err(|error| {
            Problem::new("wrong-body", format!("the body cannot be understood: {error}"))
                .hint("/api/v1/docs has the shape of it")
        })
    }
}

/// The router of all of them.
pub(crate) fn router(endpoints: Vec<Endpoint>) -> Router<Arc<Desk>> {
    let mut allowed: std::collections::BTreeMap<String, Vec<String>> = std::collections::BTreeMap::new();
    for endpoint in &endpoints {
        let methods = allowed.entry(endpoint.whole()).or_default();
        methods.push(endpoint.method.to_string());
        if endpoint.method == Method::GET {
            methods.push(Method::HEAD.to_string());
        }
    }
    let mut router = Router::new();
    for endpoint in endpoints {
        let path = endpoint.whole();
        if let Some(route) = endpoint.route {
            router = router.route(&path, route);
        }
    }
    for (path, methods) in allowed {
        let allow = methods.join(", ");
        let other = move || {
            let allow = allow.clone();
            async move {
                Problem {
                    allow: Some(allow.clone()),
                    expected: Some(allow),
                    ..Problem::new("method", "that method is not allowed here")
                }
            }
        };
        router = router.route(&path, MethodRouter::new().fallback(other));
    }
    router
}
