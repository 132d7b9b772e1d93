//! Where the corpora are, and how they are read.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use flate2::read::MultiGzDecoder;
use serde::de::DeserializeOwned;

/// What a task is run with.
#[derive(Debug, Clone)]
pub struct Options {
    /// The folder that holds the corpora, one folder each.
    pub data: PathBuf,
    /// At most so many documents, for a quick look.
    pub limit: Option<usize>,
    /// Seed of every sample and interval.
    pub seed: u64,
}

impl Options {
    /// A corpus' file, given without `.gz`: the file itself or its compressed form.
    pub fn open(&self, name: &str) -> Result<Box<dyn BufRead>> {
        open(&self.data.join(name))
    }

    /// The records of a JSON lines file.
    pub fn records<T: DeserializeOwned>(&self, name: &str) -> Result<Vec<T>> {
        json_lines(self.open(name)?, name)
    }

    /// Whether a corpus' file is there, plain or compressed; of no name, nothing is needed.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        let path = self.data.join(name);
        name.is_empty() || path.exists() || gz(&path).exists()
    }

    /// Leaves out what is over the limit.
    pub fn cut<T>(&self, items: &mut Vec<T>) {
        if let Some(limit) = self.limit {
            items.truncate(limit);
        }
    }
}

/// `$WATCHPOST_SHARED/data`, else `../shared/data` beside the workspace.
#[must_use]
pub fn default_folder() -> PathBuf {
    shared().join("data")
}

/// The folder with the corpora and the mission's report.
#[must_use]
pub fn shared() -> PathBuf {
    if let Some(folder) = std::env::var_os("WATCHPOST_SHARED") {
        return PathBuf::from(folder);
    }
    workspace().parent().map_or_else(|| PathBuf::from("../shared"), |parent| parent.join("shared"))
}

/// The folder of the workspace that this was built from, or the working directory where that is gone.
#[must_use]
pub fn workspace() -> PathBuf {
    let built_from = Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf);
    built_from.filter(|folder| folder.join("Cargo.toml").exists()).unwrap_or_else(|| PathBuf::from("."))
}

/// Opens a file, plain or gzip.
pub fn open(path: &Path) -> Result<Box<dyn BufRead>> {
    let compressed = gz(path);
    let (path, gzip) = if path.exists() {
        (path.to_path_buf(), path.extension().is_some_and(|extension| extension == "gz"))
    } else if compressed.exists() {
        (compressed, true)
    } else {
        bail!(
            "{}: no such file, nor with .gz\nhint: name the folder of the corpora with --data",
            path.display()
        );
    };
    let file = File::open(&path).with_context(|| path.display().to_string())?;
    let reader: Box<dyn Read> = if gzip { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
    Ok(Box::new(BufReader::with_capacity(1 << 16, reader)))
}

/// Reads JSON lines; an unreadable line is an error that says which and why.
pub fn json_lines<T: DeserializeOwned>(reader: impl BufRead, name: &str) -> Result<Vec<T>> {
    let mut records = Vec::new();
    for (index, line) in reader.lines().enumerate() {
        let line = line.with_context(|| format!("{name}, line {}", index + 1))?;
        if !line.trim().is_empty() {
            records.push(serde_json::from_str(&line).with_context(|| format!("{name}, line {}", index + 1))?);
        }
    }
    Ok(records)
}

fn gz(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".gz");
    PathBuf::from(name)
}

/// FNV-1a with 64 bits (Fowler, Noll and Vo): the same on every machine and in every version, so that a corpus is split
/// by it for good.
pub(crate) fn fnv1a(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::fnv1a;

    #[test]
    fn hashes_as_published() {
        assert_eq!(fnv1a(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv1a("foobar"), 0x8594_4171_f739_67e8);
    }
}
