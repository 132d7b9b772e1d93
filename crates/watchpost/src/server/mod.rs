//! `--reader remote`: a report to a server of the operator's, its reply through the tests of the text, and the account of it all.

mod client;
mod ledger;

use std::path::Path;

use anyhow::Context as _;
use coder::Coder;
use intake::Problem;
use record::{CodedDocument, Report};
use remote::{Answered, Prompt, Reply};

use crate::cli::{RemoteArgs, ServerArgs};
use crate::say;

use client::Key;
pub(crate) use client::{Client, Failure, base};
use ledger::Ledger;

/// The variable that a key is taken from.
const KEY: &str = "WATCHPOST_REMOTE_KEY";

/// Reads with a model on a server.
pub(crate) struct Server {
    client: Client,
    model: String,
    part: usize,
    most_tokens: u32,
    price: Option<(f64, f64)>,
    /// Whether the rules read what the server does not.
    pub(crate) fallback: bool,
    ledger: Ledger,
}

/// The key, from its file or its variable; neither is an option's value, which every user of the machine could see.
fn key(file: Option<&Path>) -> anyhow::Result<Option<Key>> {
    let (text, from) = match file {
        Some(file) => {
            let text = std::fs::read_to_string(file)
                .with_context(|| format!("{}: the key cannot be read", file.display()))?;
            (text, file.display().to_string())
        }
        None => match std::env::var(KEY) {
            Ok(text) => (text, KEY.to_owned()),
            Err(_) => return Ok(None),
        },
    };
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() && file.is_none() {
        return Ok(None);
    }
    Key::new(text).map(Some).ok_or_else(|| {
        anyhow::anyhow!("{from}: the key is no single word of printable ASCII")
            .context("hint: put the key alone into the file or the variable")
    })
}

/// A client of the server that the command line names.
pub(crate) fn client(
    server: &ServerArgs,
    seconds: u16,
    retries: u8,
    at_a_time: usize,
) -> anyhow::Result<Client> {
    let url = server.remote_url.as_deref().unwrap_or_default();
    let authority = match &server.remote_authority {
        None => None,
        Some(file) => Some(
            std::fs::read(file)
                .with_context(|| format!("{}: the certificate cannot be read", file.display()))?,
        ),
    };
    let key = key(server.remote_key_file.as_deref())?;
    Client::new(url, key, authority.as_deref(), seconds, retries, at_a_time)
}

impl Server {
    /// The server that the command line names. That both of its names are there was seen to before.
    pub(crate) fn new(server: &ServerArgs, args: &RemoteArgs) -> anyhow::Result<Self> {
        let model = server.remote_model.as_deref().unwrap_or_default().trim().to_owned();
        let client = client(server, args.remote_timeout, args.remote_retries, usize::from(args.remote_jobs))?;
        say::note(&format!("every report is sent to {}, for the model {model}", client.base()), None);
        if client.is_open() {
            say::note(
                "the way to that server is not encrypted",
                Some("use https, or a tunnel, where others share the network"),
            );
        }
        Ok(Self {
            client,
            model,
            part: args.remote_part as usize,
            most_tokens: args.remote_max_tokens,
            price: args.remote_price,
            fallback: args.remote_fallback,
            ledger: Ledger::default(),
        })
    }

    /// Reads one report; also says what of the replies was dropped.
    pub(crate) fn code(
        &self,
        coder: &Coder,
        report: &Report,
    ) -> Result<(CodedDocument, Vec<String>), Problem> {
        let coded = self.ask(coder, report);
        match &coded {
            Ok(coded) => self.ledger.coded(&coded.account),
            Err(_) => self.ledger.failed(self.fallback),
        }
        coded.map(|coded| (coded.document, coded.account.dropped))
    }

    fn ask(&self, coder: &Coder, report: &Report) -> Result<remote::Coded, Problem> {
        if report.text.trim().is_empty() {
            return Ok(remote::code(coder, report, Vec::new(), &self.model));
        }
        let parts = remote::parts(report, self.part).map_err(|error| {
            Problem::new(
                error.to_string(),
                "raise --remote-part to what the model reads at once, or split the report",
            )
        })?;
        let of = parts.len();
        let mut answered = Vec::with_capacity(of);
        for (index, part) in parts.into_iter().enumerate() {
            let prompt = Prompt::new(report, &part, index + 1, of);
            let answer = self.client.ask(
                |form| remote::api::request(&self.model, &prompt, form, self.most_tokens).to_string(),
                &self.ledger,
            );
            let answer = answer.map_err(|Failure { error, hint }| Problem::new(error, hint))?;
            let reply = Reply::parse(&answer.content).map_err(|fault| {
                Problem::new(
                    fault.to_string(),
                    "try again or another model; one whose server knows `json_schema` cannot reply so",
                )
            })?;
            answered.push(Answered { part, reply });
        }
        Ok(remote::code(coder, report, answered, &self.model))
    }

    /// The document of a report that the server did not read: what is known of it, and nothing found.
    pub(crate) fn unread(&self, coder: &Coder, report: &Report) -> CodedDocument {
        let mut document = coder.document(report);
        remote::READER.clone_into(&mut document.coder.reader);
        document.coder.model.clone_from(&self.model);
        document
    }

    /// Says how it all went.
    pub(crate) fn summary(&self) {
        for line in self.ledger.summary(&self.model, self.price) {
            say::note(&line, None);
        }
    }
}
