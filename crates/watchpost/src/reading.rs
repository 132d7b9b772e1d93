//! A report to a coded document, by whichever reader was asked for.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use coder::Coder;
use intake::Problem;
use record::{CodedDocument, Report};

use crate::cli::{ReaderChoice, ReadingArgs};
use crate::server::Server;
use crate::{batch, setup};

/// Who reads.
#[derive(Clone)]
pub(crate) struct Reading {
    coder: Arc<Coder>,
    server: Option<Arc<Server>>,
    /// How many requests a server is sent at a time.
    requests: usize,
}

impl Reading {
    /// The reader that the command line asks for.
    pub(crate) fn new(
        args: &ReadingArgs,
        packs: Option<&Path>,
        actors: Option<&Path>,
    ) -> anyhow::Result<Self> {
        let server = match args.reader() {
            ReaderChoice::Fast | ReaderChoice::Deep => None,
            ReaderChoice::Remote => Some(Arc::new(Server::new(&args.server, &args.remote)?)),
        };
        let coder = setup::coder(packs, actors, args.reader() == ReaderChoice::Deep)?;
        Ok(Self { coder, server, requests: usize::from(args.remote.remote_jobs) })
    }

    /// How many threads read.
    pub(crate) fn workers(&self, asked: Option<u16>) -> usize {
        match (&self.server, asked) {
            // Whoever waits for a server needs no processor.
            (Some(_), None) => self.requests,
            (_, asked) => batch::workers(asked),
        }
    }

    /// Reads a report.
    ///
    /// # Errors
    /// Where the reader fails on it, which is its fault and not the report's.
    pub(crate) fn read(&self, report: &Report, explain: bool) -> Result<Read, Problem> {
        // A fault in the coder costs the report that shows it, and is said; it must not cost a night's batch.
        catch_unwind(AssertUnwindSafe(|| match &self.server {
            None => by_rules(&self.coder, report, explain),
            Some(server) => by_server(&self.coder, server, report, explain),
        }))
        .map_err(|_| {
            Problem::new(
                "the coder failed on this report; this is a fault of Watchpost",
                "please report it, with the text if you may",
            )
        })
    }

    /// The hash of what it knows.
    pub(crate) fn knowledge(&self) -> &str {
        &self.coder.knowledge().hash
    }

    /// Says at the end what a server was asked.
    pub(crate) fn summary(&self) {
        if let Some(server) = &self.server {
            server.summary();
        }
    }
}

/// What became of a report.
pub(crate) struct Read {
    pub(crate) document: CodedDocument,
    pub(crate) explanation: Option<String>,
    pub(crate) note: Option<String>,
    pub(crate) problem: Option<Problem>,
}

/// Reads a report by the rules.
fn by_rules(coder: &Coder, report: &Report, explain: bool) -> Read {
    let document = coder.code(report);
    let explanation = explain.then(|| coder.explain(report).to_string());
    Read { document, explanation, note: None, problem: None }
}

/// Has a server read a report, and where it does not, the rules if they may.
fn by_server(coder: &Coder, server: &Server, report: &Report, explain: bool) -> Read {
    match server.code(coder, report) {
        Ok((document, dropped)) => {
            let told = if dropped.is_empty() { "nothing dropped".to_owned() } else { dropped.join("\n") };
            Read { document, explanation: explain.then_some(told), note: None, problem: None }
        }
        Err(problem) if server.fallback => {
            let mut read = by_rules(coder, report, explain);
            let why = format!("read by the rules: {}", problem.error);
            for event in &mut read.document.events {
                event.reasons.insert("reader".to_owned(), why.clone());
            }
            Read { note: Some(why), ..read }
        }
        Err(problem) => {
            let mut document = server.unread(coder, report);
            document.error = Some(problem.error.clone());
            Read { document, explanation: None, note: None, problem: Some(problem) }
        }
    }
}
