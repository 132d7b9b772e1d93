//! Files as a row of raw documents, and the bar over them: what every command that reads a batch begins with.

use std::fs::File;
use std::io::{self, IsTerminal as _, Read};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use intake::{Options, Problem, Raw};

use crate::cli::Choice;
use crate::say;

/// From how many bytes of input on a progress bar is worth its place.
const LONG_INPUT: u64 = 1 << 20;

/// The raw documents of these files, or of standard input where none is named.
pub(crate) fn documents(
    files: &[PathBuf],
    options: &Options,
    bar: &ProgressBar,
) -> impl FnOnce() -> Box<dyn Iterator<Item = (Arc<str>, Raw)>> + Send + 'static {
    let files = if files.is_empty() { vec![PathBuf::from("-")] } else { files.to_vec() };
    let (options, bar) = (options.clone(), bar.clone());
    move || Box::new(files.into_iter().flat_map(move |file| open(&file, &options, &bar)))
}

/// How many threads read: as many as asked for, else one for each processor.
pub(crate) fn workers(asked: Option<u16>) -> usize {
    asked.map_or_else(|| std::thread::available_parallelism().map_or(1, NonZero::get), usize::from)
}

/// The raw documents of one file, each with the file's name.
fn open(path: &Path, options: &Options, bar: &ProgressBar) -> Box<dyn Iterator<Item = (Arc<str>, Raw)>> {
    let name: Arc<str> = path.to_string_lossy().into();
    let (input, known): (Box<dyn Read + Send>, Option<&str>) = if path == Path::new("-") {
        if io::stdin().is_terminal() {
            say::note("reading a report from the terminal; end it with Ctrl-D", None);
        }
        (Box::new(bar.wrap_read(io::stdin())), None)
    } else {
        match File::open(path).and_then(|file| {
            if file.metadata()?.is_dir() { Err(io::ErrorKind::IsADirectory.into()) } else { Ok(file) }
        }) {
            Ok(file) => (Box::new(bar.wrap_read(file)), Some(&*name)),
            Err(error) => {
                let hint = match error.kind() {
                    io::ErrorKind::IsADirectory => "name its files, for example with DIR/*",
                    io::ErrorKind::NotFound => "check the name; standard input is `-`",
                    _ => "check who may read the file",
                };
                let problem = Problem::new(format!("the file cannot be opened: {error}"), hint);
                let raw = Raw::failed(1, Some(name.to_string()), problem);
                return Box::new(std::iter::once((name, raw)));
            }
        }
    };
    let said: Arc<str> = known.map_or_else(|| "standard input".into(), Into::into);
    Box::new(intake::cut(input, known, options).map(move |raw| (said.clone(), raw)))
}

/// A bar over the bytes of the input, where a person waits and has nothing else to look at.
pub(crate) fn progress(files: &[PathBuf], choice: Choice, table_on_terminal: bool) -> ProgressBar {
    let sizes: Option<Vec<u64>> = files
        .iter()
        .map(|file| std::fs::metadata(file).ok().filter(std::fs::Metadata::is_file).map(|found| found.len()))
        .collect();
    let total = sizes.filter(|sizes| !sizes.is_empty()).map(|sizes| sizes.iter().sum::<u64>());
    let wanted = match choice {
        Choice::Always => true,
        Choice::Never => false,
        Choice::Auto => {
            io::stderr().is_terminal()
                && !table_on_terminal
                && total.is_none_or(|total| total >= LONG_INPUT)
                && !files.is_empty()
        }
    };
    if !wanted {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr());
    let template = if total.is_some() {
        "{bar:32} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left"
    } else {
        "{spinner} {bytes}, {bytes_per_sec}"
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}
