/*! How fast the reading is and what it needs: figures for `docs/speed.md`.

Read on one thread: the coder starts none. Text is MUC-4's where it is there, else the project's own
examples, repeated; a second text, in which nothing violent is said, measures the path on which sentences are
thrown out. Times are those on the processor where the kernel tells them, so that other work on the machine counts
as little as it can. Peak memory is the kernel's `VmHWM` of this process, so it includes the corpus that is read.
*/

use crate::reader::With;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use anyhow::Result;
use serde::Serialize;

use crate::{Options, Reader, coder, data};

/// Sizes of one text, in bytes.
const SIZES: [usize; 4] = [100_000, 300_000, 1_000_000, 10_000_000];

/// Size of the one long text in which nothing violent is said, in bytes.
const QUIET_SIZE: usize = 100_000_000;

/// No larger text is read after one that took longer, in seconds.
const PATIENCE: f64 = 10.0;

/// What was measured.
#[derive(Debug, Clone, Serialize)]
pub struct Speed {
    /// Loading the tables and packs, in milliseconds.
    pub start_ms: f64,
    /// Where the texts are from.
    pub texts: String,
    /// Documents read.
    pub documents: usize,
    /// Documents in a second.
    pub documents_per_second: f64,
    /// Sentences in a second.
    pub sentences_per_second: f64,
    /// Megabytes (10⁶ bytes) in a second of text with attacks.
    pub megabytes_per_second: f64,
    /// Megabytes in a second of text without.
    pub quiet_megabytes_per_second: f64,
    /// The same for one text of a hundred megabytes.
    pub quiet_one_text: f64,
    /// One text of so many megabytes: megabytes in a second. The same for all sizes is linear.
    pub one_text: Vec<(f64, f64)>,
    /// What place names cost; nothing where the corpora with marked names are not there.
    pub names: Option<crate::names::Cost>,
    /// Peak resident memory after loading, in megabytes.
    pub resident_after_start: Option<f64>,
    /// Peak resident memory after reading the documents.
    pub resident_after_reading: Option<f64>,
}

/// Sentences in which nothing violent is said; written for this.
pub const QUIET: &str = "The council approved the new budget for schools on Monday after a short debate. \
    Farmers in the northern valleys expect a good harvest of wheat and barley this year. \
    The museum will show the paintings until the end of spring, its director said. \
    Traffic on the ring road was slow in the morning because of work on the bridge. \
    The central bank left its rate unchanged, as most economists had expected. ";

/// Measures.
pub fn measure(options: &Options, with: &With) -> Result<Speed> {
    let start = Clock::start();
    let reader = coder(with)?;
    let start_ms = start.elapsed().as_secs_f64() * 1e3;
    let resident_after_start = peak();
    let (texts, from) = texts(options)?;
    let sentences: usize = texts.iter().map(|text| text::Text::new(text).sentences.len()).sum();
    let bytes: usize = texts.iter().map(String::len).sum();
    let reading = timed(|| {
        for text in &texts {
            std::hint::black_box(reader.read(text, None));
        }
    });
    let resident_after_reading = peak();
    let quiet: Vec<String> = std::iter::repeat_n(QUIET.repeat(4), 500).collect();
    let quiet_bytes: usize = quiet.iter().map(String::len).sum();
    let quiet_time = timed(|| {
        for text in &quiet {
            std::hint::black_box(reader.read(text, None));
        }
    });
    let quiet_one_text = one(&reader, &[QUIET.repeat(50)], QUIET_SIZE).1;
    let mut one_text = Vec::new();
    for bytes in SIZES {
        let (size, rate) = one(&reader, &texts, bytes);
        one_text.push((size, rate));
        // Where time grows faster than length, the next size would take many times as long.
        if size / rate > PATIENCE {
            break;
        }
    }
    let per_second = |n: usize, time: Duration| n as f64 / time.as_secs_f64().max(1e-9);
    Ok(Speed {
        start_ms,
        texts: from,
        documents: texts.len(),
        documents_per_second: per_second(texts.len(), reading),
        sentences_per_second: per_second(sentences, reading),
        megabytes_per_second: per_second(bytes, reading) / 1e6,
        quiet_megabytes_per_second: per_second(quiet_bytes, quiet_time) / 1e6,
        quiet_one_text,
        one_text,
        names: {
            let knowledge = reader.coder.knowledge();
            crate::names::cost(options, &knowledge.places, &knowledge.countries)?
        },
        resident_after_start,
        resident_after_reading,
    })
}

/// One text of a size, made of documents one after the other: its megabytes, and megabytes in a second.
fn one(reader: &Reader, texts: &[String], bytes: usize) -> (f64, f64) {
    let mut long = String::with_capacity(bytes + 10_000);
    for text in texts.iter().filter(|text| !text.is_empty()).cycle() {
        if long.len() >= bytes {
            break;
        }
        long.push_str(text);
        long.push_str("\n\n");
    }
    let time = timed(|| {
        std::hint::black_box(reader.read(&long, None));
    });
    let size = long.len() as f64 / 1e6;
    (size, size / time.as_secs_f64().max(1e-9))
}

/// How long something takes on the processor.
pub(crate) fn timed(work: impl FnOnce()) -> Duration {
    let start = Clock::start();
    work();
    start.elapsed()
}

/// A clock of this thread's time on the processor; of the time that passes, where the kernel does not tell.
pub(crate) struct Clock {
    passed: Instant,
    on_processor: Option<Duration>,
}

impl Clock {
    pub(crate) fn start() -> Self {
        Self { passed: Instant::now(), on_processor: on_processor() }
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.on_processor
            .and_then(|before| on_processor()?.checked_sub(before))
            .unwrap_or_else(|| self.passed.elapsed())
    }
}

/// How long this thread has run so far: the first number of the kernel's `schedstat`, in nanoseconds.
fn on_processor() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    stat.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

pub(crate) fn texts(options: &Options) -> Result<(Vec<String>, String)> {
    #[derive(serde::Deserialize)]
    struct Document {
        doctext: String,
    }
    let (mut texts, from) = if options.has("muc4/dev.jsonl") {
        let documents: Vec<Document> = options.records("muc4/dev.jsonl")?;
        (
            documents.into_iter().map(|document| document.doctext).collect::<Vec<_>>(),
            "MUC-4, development part",
        )
    } else {
        let folder = data::workspace().join("examples");
        let mut examples: Vec<String> = std::fs::read_dir(folder)?
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
            .map(std::fs::read_to_string)
            .collect::<Result<_, _>>()?;
        examples.sort();
        let n = examples.len();
        (examples.into_iter().cycle().take(n * 8).collect(), "the project's examples, eight times")
    };
    options.cut(&mut texts);
    Ok((texts, from.to_owned()))
}

/// The kernel's peak of resident memory of this process in megabytes; none where there is no `/proc`.
#[must_use]
pub fn peak() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024.0 / 1e6)
}

/// The figures as lines for people.
#[must_use]
pub fn table(speed: &Speed) -> String {
    let mut out = String::new();
    let memory = |value: Option<f64>| value.map_or_else(|| "unknown".to_owned(), |mb| format!("{mb:.0} MB"));
    let _ = writeln!(out, "texts                      {} ({} documents)", speed.texts, speed.documents);
    let _ = writeln!(out, "start                      {:.1} ms", speed.start_ms);
    let _ = writeln!(out, "documents a second         {:.0}", speed.documents_per_second);
    let _ = writeln!(out, "sentences a second         {:.0}", speed.sentences_per_second);
    let _ = writeln!(out, "text with attacks          {:.2} MB/s", speed.megabytes_per_second);
    let _ = writeln!(out, "text without attacks       {:.2} MB/s", speed.quiet_megabytes_per_second);
    let _ = writeln!(out, "the same, one of 100 MB    {:.2} MB/s", speed.quiet_one_text);
    for (size, rate) in &speed.one_text {
        let _ = writeln!(out, "one text of {size:>5.1} MB       {rate:.2} MB/s");
    }
    if let Some(names) = &speed.names {
        let _ = writeln!(out, "place names looked up       {:.0} a second", names.lookups_per_second);
        let _ = writeln!(out, "place name to place         {:.1} µs", names.resolution_us);
    }
    let _ = writeln!(out, "peak memory after start    {}", memory(speed.resident_after_start));
    let _ = writeln!(out, "peak memory after reading  {}", memory(speed.resident_after_reading));
    out
}
