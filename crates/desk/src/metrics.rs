//! Whether the desk is well, for what watches programs: `/healthz`, `/readyz`, and Prometheus' text format on a listener of its own.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::Desk;

/// What a request was.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    endpoint: &'static str,
    status: u16,
}

/// To which endpoint a request went.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct To {
    endpoint: &'static str,
}

/// What is counted.
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<Request, Counter>,
    seconds: Family<To, Histogram>,
    head: Gauge,
    listeners: Gauge,
    in_memory: Gauge,
}

/// Bounds of the times of requests, in seconds.
const BOUNDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 10.0];

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("watchpost");
        let requests = Family::default();
        let seconds = Family::new_with_constructor((|| Histogram::new(BOUNDS)) as fn() -> Histogram);
        let (head, listeners, in_memory) = (Gauge::default(), Gauge::default(), Gauge::default());
        registry.register("requests", "Requests by endpoint and status", requests.clone());
        registry.register_with_unit(
            "request_duration",
            "How long requests took",
            Unit::Seconds,
            seconds.clone(),
        );
        registry.register("log_head", "The last decision of the log", head.clone());
        registry.register("event_listeners", "Pages that wait for events", listeners.clone());
        registry.register(
            "incidents_in_memory",
            "Incidents that are counted in memory; 0 until they are there",
            in_memory.clone(),
        );
        Self { registry, requests, seconds, head, listeners, in_memory }
    }

    /// A request was answered.
    pub(crate) fn count(&self, endpoint: &'static str, status: u16, took: Duration) {
        self.requests.get_or_create(&Request { endpoint, status }).inc();
        self.seconds.get_or_create(&To { endpoint }).observe(took.as_secs_f64());
    }
}

/// What says whether the desk is well, to anyone.
pub(crate) fn router() -> Router<Arc<Desk>> {
    Router::new().route("/healthz", get(async || "alive\n")).route("/readyz", get(ready))
}

async fn ready(State(desk): State<Arc<Desk>>) -> Response {
    match desk.pool.read(|store| Ok(store.head()?)).await {
        Ok(_) => "ready\n".into_response(),
        Err(problem) => (StatusCode::SERVICE_UNAVAILABLE, format!("{}\n", problem.detail)).into_response(),
    }
}

/// Serves what is counted, at `/metrics` of a listener of its own, until the desk is closed.
pub(crate) async fn serve(desk: Arc<Desk>, listener: TcpListener) -> std::io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let ended = crate::ended(&desk);
    let router = Router::new().route("/metrics", get(told)).with_state(desk);
    axum::serve(listener, router).with_graceful_shutdown(ended).await
}

async fn told(State(desk): State<Arc<Desk>>) -> Response {
    if let Ok(head) = desk.pool.read(|store| Ok(store.head()?.seq)).await {
        desk.metrics.head.set(i64::try_from(head).unwrap_or(i64::MAX));
    }
    desk.metrics.listeners.set(i64::try_from(desk.news.receiver_count()).unwrap_or(i64::MAX));
    desk.metrics.in_memory.set(i64::try_from(desk.memory.len()).unwrap_or(i64::MAX));
    let mut out = String::new();
    match encode(&mut out, &desk.metrics.registry) {
        Ok(()) => {
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            ([(header::CONTENT_TYPE, kind)], out).into_response()
        }
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}
