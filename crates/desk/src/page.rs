//! The page: its own files, which the program carries, and the libraries and shapes that set-up puts beside the packs. It is a
//! client of the API like any other, so nothing here knows of incidents.

use std::path::{Component, Path};
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::Desk;
use crate::answer::{body_of, has, tagged, unchanged};
use crate::problem::Problem;

/// The page's own files. A debug build reads them from their folder, so that they can be worked on while the program runs.
#[derive(RustEmbed)]
#[folder = "../../web/page"]
struct Files;

/// What a browser may load, and from where: nothing but what this desk serves, and no script or style in a page itself.
/// Blobs are pictures that the map draws and saves.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; \
    connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// What every answer says to a browser.
const HEADERS: &[(&str, &str)] = &[
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    ),
];

pub(crate) fn router() -> Router<Arc<Desk>> {
    Router::new().route("/static/{*path}", get(own)).route("/vendor/{*path}", get(vendor))
}

/// Puts the headers on every answer that has not its own.
pub(crate) async fn guarded(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        response
            .headers_mut()
            .entry(HeaderName::from_static(name))
            .or_insert(HeaderValue::from_static(value));
    }
    response
}

/// The type of a file, by its ending.
fn kind(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "geojson" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" | "md" | "LICENSE" => "text/plain; charset=utf-8",
        "pbf" => "application/x-protobuf",
        _ => "application/octet-stream",
    }
}

fn missing(path: &str) -> Problem {
    Problem::new("not-found", format!("there is no page {path}"))
}

async fn own(uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    let path = uri.path().trim_start_matches("/static/");
    let file = Files::get(path).ok_or_else(|| missing(uri.path()))?;
    Ok(file_of(path, &file, &headers))
}

fn file_of(path: &str, file: &EmbeddedFile, headers: &HeaderMap) -> Response {
    let hash: String =
        file.metadata.sha256_hash().iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{hash}\"");
    if has(headers, &tag) {
        return unchanged(&tag);
    }
    tagged(body_of(StatusCode::OK, kind(path), file.data.to_vec()), &tag)
}

/// Any path that is nothing else is one that the page shows something under: the address is the page's state.
pub(crate) async fn other(request: Request) -> Result<Response, Problem> {
    let path = request.uri().path();
    let machine = ["/api/", "/static/", "/vendor/", "/feeds/", "/ogc", "/problems"]
        .iter()
        .any(|begin| path.starts_with(begin));
    if machine || path.rsplit('/').next().is_some_and(|last| last.contains('.')) {
        return Err(missing(path));
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(Problem {
            allow: Some("GET, HEAD".to_owned()),
            ..Problem::new("method", "a page can only be looked at")
        });
    }
    let file = Files::get("index.html").ok_or_else(|| missing(path))?;
    Ok(file_of("index.html", &file, request.headers()))
}

/// A file of the libraries and shapes that set-up has put beside the packs.
async fn vendor(State(desk): State<Arc<Desk>>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    let asked = uri.path().trim_start_matches("/vendor/").to_owned();
    let Some(folder) = desk.setup.vendor.clone() else {
        return Err(missing(uri.path()).hint(
            "the libraries of the map and the charts are not set up: run scripts/setup-packs once, or put packs/web beside the program",
        ));
    };
    let path = Path::new(&asked);
    // Only down, and by plain names: `..` and `%2e` lead nowhere.
    let plain =
        path.components().all(|part| matches!(part, Component::Normal(_))) && !asked.contains(['%', '\\']);
    if !plain {
        return Err(missing(uri.path()));
    }
    let file = folder.join(path);
    let read = tokio::task::spawn_blocking(move || std::fs::read(file)).await;
    let Ok(Ok(body)) = read else { return Err(missing(uri.path())) };
    let tag = format!("\"{}\"", store::log::sha256(&body).get(..24).unwrap_or_default());
    if has(&headers, &tag) {
        return Ok(unchanged(&tag));
    }
    Ok(tagged(body_of(StatusCode::OK, kind(&asked), body), &tag).into_response())
}
