//! How fast reports are read: whole reports, the path on which sentences are thrown out, and whether the time
//! grows with the length alone.
//!
//! Texts are the project's own examples; with `WATCHPOST_BENCH_TEXTS` naming a file, its paragraphs (separated by
//! blank lines) are read instead. `cargo bench -p watchpost-coder`; sizes above 10 MB take minutes and are run
//! with `-- --ignored`.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use record::Report;
use watchpost_coder::{Coder, Knowledge, PackBytes, Tables};

fn main() {
    divan::main();
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn packs() -> Vec<PackBytes> {
    let folder = std::env::var_os("WATCHPOST_PACKS").map_or_else(|| root().join("packs"), PathBuf::from);
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "wpk"))
        .collect();
    paths.sort();
    paths
        .iter()
        .filter_map(|path| std::fs::read(path).ok())
        .map(|bytes| Arc::new(bytes) as PackBytes)
        .collect()
}

fn load() -> Coder {
    let tables = Tables { packs: packs(), ..knowledge::carried!(Tables) };
    Coder::new(Knowledge::load(&tables).expect("the committed tables load"))
}

static CODER: LazyLock<Coder> = LazyLock::new(load);

/// Reports with attacks.
static REPORTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    if let Some(file) = std::env::var_os("WATCHPOST_BENCH_TEXTS") {
        let text = std::fs::read_to_string(file).expect("the file of texts can be read");
        return text.split("\n\n").filter(|report| !report.trim().is_empty()).map(str::to_owned).collect();
    }
    let mut paths: Vec<PathBuf> = std::fs::read_dir(root().join("examples"))
        .expect("examples/ is there")
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read_to_string(path).expect("an example can be read")).collect()
});

/// Sentences in which nothing violent is said.
const QUIET: &str = "The council approved the new budget for schools on Monday after a short debate. \
    Farmers in the northern valleys expect a good harvest of wheat and barley this year. \
    The museum will show the paintings until the end of spring, its director said. \
    Traffic on the ring road was slow in the morning because of work on the bridge. \
    The central bank left its rate unchanged, as most economists had expected. ";

fn read(text: &str) -> usize {
    let report = Report { text: text.to_owned(), ..Report::default() };
    black_box(CODER.code(black_box(&report))).events.len()
}

/// Text of about so many bytes, whole pieces one after the other.
fn long(pieces: &[String], bytes: usize) -> String {
    let mut text = String::with_capacity(bytes + 10_000);
    for piece in pieces.iter().cycle() {
        if text.len() >= bytes || pieces.iter().all(String::is_empty) {
            break;
        }
        text.push_str(piece);
        text.push_str("\n\n");
    }
    text
}

/// Loading all tables and packs.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn start() -> Coder {
    load()
}

/// Reports in a second.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn reports(bencher: Bencher<'_, '_>) {
    LazyLock::force(&CODER);
    let bytes: usize = REPORTS.iter().map(String::len).sum();
    bencher
        .counter(ItemsCount::new(REPORTS.len()))
        .counter(BytesCount::new(bytes))
        .bench(|| REPORTS.iter().map(|report| read(report)).sum::<usize>());
}

/// Sentences in a second.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn sentences(bencher: Bencher<'_, '_>) {
    LazyLock::force(&CODER);
    let sentences: usize = REPORTS.iter().map(|report| text::Text::new(report).sentences.len()).sum();
    bencher
        .counter(ItemsCount::new(sentences))
        .bench(|| REPORTS.iter().map(|report| read(report)).sum::<usize>());
}

/// Text in which nothing violent is said: what the screen throws out.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn quiet(bencher: Bencher<'_, '_>) {
    LazyLock::force(&CODER);
    let text = QUIET.repeat(2_000);
    bencher.counter(BytesCount::of_str(&text)).bench(|| read(&text));
}

/// One report of 1 and 10 MB: the same rate for both is time that grows with the length alone.
#[divan::bench(args = [1, 10], sample_count = 1, sample_size = 1)]
fn one_report_of_megabytes(bencher: Bencher<'_, '_>, megabytes: usize) {
    LazyLock::force(&CODER);
    let text = long(&REPORTS, megabytes * 1_000_000);
    bencher.counter(BytesCount::of_str(&text)).bench(|| read(&text));
}

/// The same for 100 MB.
#[divan::bench(sample_count = 1, sample_size = 1, ignore = true)]
fn one_report_of_100_megabytes(bencher: Bencher<'_, '_>) {
    LazyLock::force(&CODER);
    let text = long(&REPORTS, 100_000_000);
    bencher.counter(BytesCount::of_str(&text)).bench(|| read(&text));
}
