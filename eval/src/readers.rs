/*! The ways of reading beside each other, and beside a peer, in one run: for `docs/speed.md`.

The same texts are read by turns, so that a busy minute of the machine meets all of them, and the figures are medians of the rounds. Times are
those on the processor, on one thread. Bulletins are MUC-4's, most of which tell of attacks; news is TempEval-3's, half of which does not, and that
half by itself is what a desk that follows a country's papers mostly reads.
*/

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result};
use serde::Serialize;

use crate::reader::{How, With};
use crate::speed::timed;
use crate::{Options, Reader, coder, data, tempeval};

/// How often everything is read.
const ROUNDS: usize = 3;

/// Seconds of one kind of text, round by round.
#[derive(Debug, Clone, Serialize)]
pub struct Texts {
    /// What they are.
    pub name: &'static str,
    /// How many.
    pub documents: usize,
    /// Of them, those in which an event was found by rules alone.
    pub with_events: usize,
    /// By rules alone.
    pub fast: Vec<f64>,
    /// With the learned reader.
    pub deep: Vec<f64>,
    /// The peer.
    pub peer: Vec<f64>,
}

/// What was measured.
#[derive(Debug, Clone, Serialize)]
pub struct Readers {
    /// What the peer says that it is.
    pub peer: Option<String>,
    /// Bulletins and news.
    pub texts: Vec<Texts>,
}

/// Measures; a peer is a Python with what `eval/peers/requirements.txt` names.
///
/// # Errors
/// Where the corpora or the base of the learned reader are missing, or the peer cannot be run.
pub fn measure(options: &Options, with: &With, peer: Option<&Path>) -> Result<Readers> {
    let of = |how| coder(&With { how: Some(how), ..with.clone() });
    let (fast, deep) = (of(How::Fast)?, of(How::Deep)?);
    let mut peer = peer.map(Peer::start).transpose()?;
    let mut texts = Vec::new();
    let news = tempeval::texts(options)?;
    let quiet = news.iter().filter(|text| fast.read(text, None).events.is_empty()).cloned().collect();
    for (name, documents) in
        [("bulletins", bulletins(options)?), ("news", news), ("of it, without events", quiet)]
    {
        let mut read = Texts {
            name,
            documents: documents.len(),
            with_events: documents.iter().filter(|text| !fast.read(text, None).events.is_empty()).count(),
            fast: Vec::new(),
            deep: Vec::new(),
            peer: Vec::new(),
        };
        let seconds = |reader: &Reader| {
            let all =
                || documents.iter().for_each(|text| drop(std::hint::black_box(reader.read(text, None))));
            timed(all).as_secs_f64()
        };
        for _ in 0..ROUNDS {
            read.fast.push(seconds(&fast));
            read.deep.push(seconds(&deep));
            if let Some(peer) = &mut peer {
                read.peer.push(peer.seconds(&documents)?);
            }
        }
        texts.push(read);
    }
    Ok(Readers { peer: peer.map(|peer| peer.name.clone()), texts })
}

fn bulletins(options: &Options) -> Result<Vec<String>> {
    #[derive(serde::Deserialize)]
    struct Document {
        doctext: String,
    }
    let mut documents: Vec<Document> = options.records("muc4/dev.jsonl")?;
    options.cut(&mut documents);
    Ok(documents.into_iter().map(|document| document.doctext).collect())
}

/// A process that reads the same texts.
struct Peer {
    name: String,
    child: Child,
    texts: ChildStdin,
    said: BufReader<ChildStdout>,
}

impl Peer {
    fn start(python: &Path) -> Result<Self> {
        let script = data::workspace().join("eval/peers/spacy_full.py");
        let mut child = Command::new(python)
            .arg(&script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{}: cannot be run", python.display()))?;
        let (texts, said) = child.stdin.take().zip(child.stdout.take()).context("the peer has no pipes")?;
        let mut peer = Self { name: String::new(), child, texts, said: BufReader::new(said) };
        peer.name = peer.answer()?["name"].as_str().unwrap_or_default().to_owned();
        Ok(peer)
    }

    fn answer(&mut self) -> Result<serde_json::Value> {
        let mut line = String::new();
        self.said.read_line(&mut line)?;
        serde_json::from_str(&line)
            .context("the peer said nothing\nhint: install eval/peers/requirements.txt for that Python")
    }

    fn seconds(&mut self, texts: &[String]) -> Result<f64> {
        writeln!(self.texts, "{}", serde_json::to_string(texts)?)?;
        self.answer()?.as_f64().context("the peer gave no seconds")
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It waits for more texts: nothing is lost.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn median(seconds: &[f64]) -> Option<f64> {
    let mut sorted = seconds.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied()
}

/// The figures as lines for people.
#[must_use]
pub fn table(readers: &Readers) -> String {
    let mut out = String::new();
    if let Some(peer) = &readers.peer {
        let _ = writeln!(out, "peer: {peer}");
    }
    let _ = writeln!(
        out,
        "{:22} {:>9} {:>12} {:>12} {:>12} {:>12} {:>12} {:>12}",
        "texts",
        "documents",
        "with events",
        "fast, a s",
        "deep, a s",
        "peer, a s",
        "deep ÷ fast",
        "deep ÷ peer"
    );
    for texts in &readers.texts {
        let rate =
            |seconds: &[f64]| median(seconds).map(|seconds| texts.documents as f64 / seconds.max(1e-9));
        let (fast, deep, peer) = (rate(&texts.fast), rate(&texts.deep), rate(&texts.peer));
        let show = |value: Option<f64>, digits: usize| {
            value.map_or_else(|| "–".to_owned(), |value| format!("{value:.digits$}"))
        };
        // How many times the time, and how many times the documents.
        let cost = fast.zip(deep).map(|(fast, deep)| fast / deep);
        let lead = deep.zip(peer).map(|(deep, peer)| deep / peer);
        let _ = writeln!(
            out,
            "{:22} {:>9} {:>12} {:>12} {:>12} {:>12} {:>12} {:>12}",
            texts.name,
            texts.documents,
            texts.with_events,
            show(fast, 1),
            show(deep, 1),
            show(peer, 1),
            show(cost, 2),
            show(lead, 2)
        );
    }
    out
}
