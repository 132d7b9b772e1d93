/*! The desk: the HTTP API over a store, and the page that is its client and knows of nothing else.

The program gives what is to be served ([`Setup`]) and where to listen ([`serve`]). Every endpoint is declared once (`endpoint`): its
path, what may be asked, what it answers and who may ask; the router and the OpenAPI document are made of the declarations.
The store is asked by threads of its own (`pool`): a few that read, one that writes. What a command of the program says too is made
here once for both ([`incidents`], [`reports`], [`deciding`], [`words`]).
*/

#![expect(
    clippy::result_large_err,
    reason = "a problem is an answer that goes out: it is made once a request, and rarely"
)]

mod account;
mod answer;
pub mod asked;
pub mod deciding;
mod decisions;
mod docs;
mod endpoint;
mod export;
pub mod exporting;
mod feeds;
pub mod incidents;
mod kept;
mod log;
mod memory;
mod metrics;
mod near;
mod ogc;
mod openapi;
mod overview;
mod page;
mod pool;
mod problem;
mod queue;
pub mod reports;
mod session;
pub mod sources;
mod users;
mod watching;
pub mod words;

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::middleware::from_fn;
use axum::response::Response;
use record::country::Countries;
use record::crosswalk::Crosswalk;
use record::{CodedDocument, Decision, Incident};
use tokio::sync::{Notify, watch};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

pub use account::{Login, first_link};
pub use overview::radius_km;
pub use pool::Open;
pub use problem::Problem;
pub use watching::Step;

use endpoint::Endpoint;
use pool::Pool;

/// What is served.
pub struct Setup {
    /// Opens the store.
    pub open: Open,
    /// Codes and names of countries.
    pub countries: Countries,
    /// Vocabularies derived from an event's type, for exports.
    pub crosswalk: Crosswalk,
    /// What the project is called.
    pub project: String,
    /// The program and its version, as the log names it.
    pub tool: String,
    /// A few letters that are others where another version of the program answers.
    pub tag: String,
    /// Whether names of private persons are shown.
    pub keep_names: bool,
    /// The folder with the page's libraries and shapes.
    pub vendor: Option<PathBuf>,
    /// How the desk knows who asks.
    pub login: Login,
    /// What is watched, and how surely.
    pub watch: lookout::WatchSettings,
    /// How sources are fetched, when a person tries one.
    pub fetch: fetch::Settings,
    /// Whether a proxy stands before it, which says from where requests come.
    pub behind_proxy: bool,
    /// Whether incidents are also held in memory, by which they are counted: some 150 bytes each.
    pub in_memory: bool,
    /// Where what is counted is served, where it is.
    pub metrics: Option<TcpListener>,
}

impl Setup {
    /// Takes names of private persons out of an incident, where they are not shown.
    pub(crate) fn unname(&self, incident: &mut Incident) {
        if !self.keep_names {
            record::privacy::unname_incident(incident);
        }
    }

    pub(crate) fn unname_coded(&self, document: &mut CodedDocument) {
        if !self.keep_names {
            record::privacy::unname_document(document);
        }
    }

    pub(crate) fn unname_decision(&self, decision: &mut Decision) {
        if !self.keep_names {
            record::privacy::unname_decision(decision);
        }
    }
}

/// A desk that is open.
pub(crate) struct Desk {
    pub(crate) setup: Arc<Setup>,
    pub(crate) pool: Pool,
    pub(crate) kept: kept::Kept,
    pub(crate) memory: Arc<memory::Memory>,
    pub(crate) metrics: Arc<metrics::Metrics>,
    /// How often logging in has failed lately.
    pub(crate) gate: account::Gate,
    /// The fields of an incident.
    pub(crate) fields: Vec<String>,
    /// The API's description.
    pub(crate) openapi: Arc<serde_json::Value>,
    /// The end of the log as it was last seen, and what came with it.
    pub(crate) news: watch::Sender<log::News>,
    /// Says that the end of the log may have moved.
    pub(crate) look: Notify,
    /// Whether the desk is being closed.
    pub(crate) stopping: watch::Sender<bool>,
}

/// Everything that the API can be asked.
fn endpoints() -> Vec<Endpoint> {
    let all = [
        session::endpoints(),
        users::endpoints(),
        sources::endpoints(),
        watching::endpoints(),
        incidents::endpoints(),
        near::endpoints(),
        overview::endpoints(),
        reports::endpoints(),
        queue::endpoints(),
        decisions::endpoints(),
        log::endpoints(),
        export::endpoints(),
        docs::endpoints(),
    ];
    let api = all.into_iter().flatten().map(|endpoint| endpoint.under(openapi::UNDER));
    api.chain(feeds::endpoints()).chain(ogc::endpoints()).collect()
}

/// The description of the API (OpenAPI 3.1).
#[must_use]
pub fn openapi() -> serde_json::Value {
    openapi::document(&endpoints())
}

/// Threads that read the store: several, so that one long question holds up no short one.
const READERS: usize = 4;

/// How long requests that are under way are waited for at the end.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// Serves until `stop` comes to pass.
///
/// # Errors
/// Where the threads or the listener cannot be had.
pub fn serve(
    setup: Setup,
    listener: TcpListener,
    stop: impl FnOnce() + Send + 'static,
) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let done = runtime.block_on(opened(setup, listener, stop));
    // A page that waits for events would wait for ever.
    runtime.shutdown_timeout(LAST_WORDS);
    done
}

async fn opened(
    mut setup: Setup,
    listener: TcpListener,
    stop: impl FnOnce() + Send + 'static,
) -> std::io::Result<()> {
    let counted = setup.metrics.take();
    let pool = Pool::new(&setup.open, READERS)?;
    // The first question finds out whether the store can be opened at all.
    let head = pool.read(|store| Ok(store.head()?.seq)).await.unwrap_or_default();
    let memory = Arc::new(memory::Memory::start(&setup.open, setup.in_memory)?);
    let openapi = Arc::new(openapi());
    let desk = Arc::new(Desk {
        openapi,
        setup: Arc::new(setup),
        pool,
        kept: kept::Kept::default(),
        memory,
        metrics: Arc::new(metrics::Metrics::new()),
        gate: account::Gate::default(),
        fields: incidents::fields(),
        news: watch::Sender::new(log::News { head: head.to_string(), ..log::News::default() }),
        look: Notify::new(),
        stopping: watch::Sender::new(false),
    });
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    tokio::spawn(Arc::clone(&desk).watch_head());
    if let Some(listener) = counted {
        let desk = Arc::clone(&desk);
        tokio::spawn(async move {
            if let Err(error) = metrics::serve(desk, listener).await {
                eprintln!("desk: the metrics cannot be served: {error}");
            }
        });
    }
    let stopped = Arc::clone(&desk);
    std::thread::Builder::new().name("desk-stop".to_owned()).spawn(move || {
        stop();
        stopped.stopping.send_replace(true);
    })?;
    let (ended, late) = (ended(&desk), ended(&desk));
    let service = router(desk).into_make_service_with_connect_info::<SocketAddr>();
    tokio::select! {
        served = axum::serve(listener, service).with_graceful_shutdown(ended).into_future() => served,
        // Whoever is answered still has had the time for it.
        () = async { late.await; tokio::time::sleep(LAST_WORDS).await } => Ok(()),
    }
}

/// Until the desk is being closed.
fn ended(desk: &Desk) -> impl Future<Output = ()> + Send + 'static {
    let mut stopping = desk.stopping.subscribe();
    async move {
        // Where nobody can say so any more, it is closed as well.
        let _ = stopping.wait_for(|stopping| *stopping).await;
    }
}

/// All that the desk answers.
fn router(desk: Arc<Desk>) -> Router {
    endpoint::router(endpoints())
        .merge(metrics::router())
        .merge(page::router())
        .fallback(page::other)
        .layer(CompressionLayer::new())
        .layer(from_fn(page::guarded))
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| -> Response {
            axum::response::IntoResponse::into_response(Problem::new(
                "broken",
                "the desk broke while it answered",
            ))
        }))
        .with_state(desk)
}
