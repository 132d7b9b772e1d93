//! `/export`: every incident of a filter as a file, written while it is sent.

use std::io::{self, Write};
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use exchange::{About, Context, Inter, Style};
use jiff::Timestamp;
use store::find::Total;
use tokio::sync::{mpsc, oneshot};

use crate::Desk;
use crate::asked::{EXPORT, FILTERS};
use crate::endpoint::{Ask, Endpoint};
use crate::exporting::{Broken, Format, Sum, without_private, write};
use crate::problem::Problem;

/// The shapes: as they are asked for, what they are, how a file of it ends and which type it has.
pub(crate) const FORMATS: &[(&str, Format, &str, &str)] = &[
    ("acled", Format::Acled, "csv", "text/csv; charset=utf-8"),
    ("acled-actors", Format::AcledActors, "csv", "text/csv; charset=utf-8"),
    ("ged", Format::Ged, "csv", "text/csv; charset=utf-8"),
    ("hapi", Format::Hapi, "csv", "text/csv; charset=utf-8"),
    ("plover", Format::Plover, "jsonl", "application/jsonl"),
    ("polecat", Format::Polecat, "tsv", "text/tab-separated-values; charset=utf-8"),
    ("geojson", Format::Geojson, "geojson", "application/geo+json"),
    ("parquet", Format::Parquet, "parquet", "application/vnd.apache.parquet"),
    ("csv", Format::Csv, "csv", "text/csv; charset=utf-8"),
    ("xlsx", Format::Xlsx, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("jsonl", Format::Jsonl, "jsonl", "application/jsonl"),
];

/// Bytes that are sent at a time, and pieces that may wait for a slow reader.
const PIECE: usize = 1 << 16;
const WAITING: usize = 8;

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get(
            "/export",
            "export",
            "Every incident of a filter as a file in the shape of another program, as the store stands at one moment. X-Incidents says how many the filter finds. \
             A file that was cut off says so in its last line, where the format has lines, and the connection is broken off.",
        )
        .asks(EXPORT)
        .asks(FILTERS)
        .gives(
            200,
            "The file.",
            "text/csv, application/jsonl, text/tab-separated-values, application/geo+json, application/vnd.apache.parquet, \
             application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )
        .by(export),
    ]
}

/// What is written goes to whoever reads the answer, a piece at a time.
struct Pipe {
    piece: Vec<u8>,
    to: mpsc::Sender<io::Result<Bytes>>,
}

impl Pipe {
    fn send(&mut self) -> io::Result<()> {
        if self.piece.is_empty() {
            return Ok(());
        }
        let piece = Bytes::from(std::mem::take(&mut self.piece));
        self.to.blocking_send(Ok(piece)).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE {
            self.send()?;
        }
        Ok(bytes.len())
    }

    // Only what is last is sent before there is a whole piece: `Drop` sees to it.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        // Whoever reads may be gone.
        let _ = self.send();
    }
}

async fn export(desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    let filter = ask.asked.filter(&desk.setup.countries)?;
    let known = || FORMATS.iter().map(|format| format.0).collect::<Vec<_>>().join(", ");
    let Some(said) = ask.asked.get("format") else {
        return Err(Problem::parameter("format", "", format!("one of: {}", known())));
    };
    let Some((name, format, ending, kind)) = FORMATS.iter().copied().find(|format| format.0 == said) else {
        return Err(Problem::parameter("format", said, format!("one of: {}", known())));
    };
    let flag = |name| {
        ask.asked
            .value(name, "true or false", |text| text.parse::<bool>().ok())
            .map(Option::unwrap_or_default)
    };
    let style = Style { tabs: false, bom: flag("bom")?, hxl: flag("hxl")? };
    let inter = ask.asked.value("inter", "text or numeric", |text| match text {
        "text" => Some(Inter::Text),
        "numeric" => Some(Inter::Numeric),
        _ => None,
    })?;
    let words = ask.uri.query().unwrap_or_default().to_owned();
    let (setup, inner) = (Arc::clone(&desk.setup), Arc::clone(&desk));
    let (counted, count) = oneshot::channel();
    let (to, mut from) = mpsc::channel::<io::Result<Bytes>>(WAITING);
    let fails = to.clone();
    let written = async move {
        inner
            .pool
            .read(move |store| {
                let (Total::Exactly(all) | Total::MoreThan(all)) = store.count(&filter, u64::MAX)?;
                let about = About {
                    filter: words,
                    made: Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
                    store: setup.project.clone(),
                    decision: store.head()?.seq,
                };
                // Whoever asked may be gone; then the first piece finds out.
                let _ = counted.send(all);
                let broken = |why: &str| Problem::new("broken", format!("the export was cut off: {why}"));
                let pipe = Pipe { piece: Vec::with_capacity(PIECE), to };
                let mut sink =
                    format.begin(style, about, Box::new(pipe)).map_err(|error| broken(&error.to_string()))?;
                let context = Context {
                    countries: &setup.countries,
                    crosswalk: &setup.crosswalk,
                    inter: inter.unwrap_or_default(),
                };
                let mut sum = Sum::default();
                let mut prepare = |dossier: &mut exchange::Dossier| {
                    if !setup.keep_names {
                        without_private(dossier);
                    }
                };
                match write(store, &filter, &context, &mut prepare, sink.as_mut(), &mut sum) {
                    Ok(()) => sink.finish().map(|_| ()).map_err(|error| broken(&error.to_string())),
                    Err(cut) => {
                        let why = match cut {
                            Broken::Store(error) => Problem::from(error).detail,
                            Broken::Output(error) => error.to_string(),
                        };
                        let _ = sink.cut(&format!(
                            "{} of {} incidents; {why}",
                            sum.written + sum.left_out,
                            sum.all
                        ));
                        Err(broken(&why))
                    }
                }
            })
            .await
    };
    let task = tokio::spawn(written);
    let Ok(all) = count.await else {
        // It ended before it knew how many there are.
        drop(fails);
        return Err(match task.await {
            Ok(Err(problem)) => problem,
            _ => Problem::new("broken", "the export could not begin"),
        });
    };
    tokio::spawn(async move {
        if let Ok(Err(problem)) = task.await {
            // An answer that is cut off must not look whole.
            let _ = fails.send(Err(io::Error::other(problem.detail))).await;
        }
    });
    let stream = futures_util::stream::poll_fn(move |context| from.poll_recv(context));
    let mut response = (StatusCode::OK, Body::from_stream(stream)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert("x-incidents", HeaderValue::from(all));
    let plain: String =
        desk.setup.project.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let file = format!("attachment; filename=\"{plain}-{name}.{ending}\"");
    if let Ok(file) = HeaderValue::from_str(&file) {
        headers.insert(header::CONTENT_DISPOSITION, file);
    }
    Ok(response)
}
