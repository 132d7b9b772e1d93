//! The coder with everything it knows, built once.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use jiff::civil::Date;
use record::{CodedDocument, DateProvenance, Report};

/// The coder, and which packs it was given.
pub struct Reader {
    /// The coder itself.
    pub coder: coder::Coder,
    /// The gazetteer packs that were found.
    pub packs: Vec<PathBuf>,
    /// The learned reader's weights.
    learned: Option<Weights>,
}

/// The base of the learned reader, and our own weights.
type Weights = (coder::PackBytes, coder::PackBytes);

/// How to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum How {
    /// By rules alone.
    Fast,
    /// With the learned reader.
    Deep,
}

/// What to read with.
#[derive(Debug, Clone, Default)]
pub struct With {
    /// Folder of the packs: the one given, else `$WATCHPOST_PACKS`, else `packs/` of the workspace.
    pub packs: Option<PathBuf>,
    /// How; not said, by rules alone, as the program does.
    pub how: Option<How>,
    /// Weights to try in place of those that the program carries.
    pub weights: Option<PathBuf>,
}

impl With {
    fn folder(&self) -> PathBuf {
        self.packs.clone().unwrap_or_else(pack_folder)
    }

    /// Whether set-up has built the learned reader's base.
    #[must_use]
    pub fn has_base(&self) -> bool {
        self.folder().join("encoder-base.wpe").is_file()
    }

    fn learned(&self) -> Result<Option<Weights>> {
        let base = self.folder().join("encoder-base.wpe");
        if self.how != Some(How::Deep) {
            return Ok(None);
        }
        let read = |path: &Path| -> Result<coder::PackBytes> {
            Ok(Arc::new(std::fs::read(path).with_context(|| {
                format!("{}: cannot be read\nhint: scripts/setup-packs builds the base", path.display())
            })?))
        };
        let own: coder::PackBytes = match &self.weights {
            Some(path) => read(path)?,
            None => Arc::new(knowledge::READER_MODEL),
        };
        Ok(Some((read(&base)?, own)))
    }
}

impl Reader {
    /// Reads a text whose day of publication may be known.
    #[must_use]
    pub fn read(&self, text: &str, published: Option<Date>) -> CodedDocument {
        self.read_report(&Report {
            text: text.to_owned(),
            published,
            published_from: if published.is_some() { DateProvenance::Metadata } else { DateProvenance::None },
            ..Report::default()
        })
    }

    /// The coder with these packs, others that lie in no file, and a table of places derived from data.
    fn load(
        paths: Vec<PathBuf>,
        more: &[coder::PackBytes],
        fought_over: &str,
        learned: Option<Weights>,
    ) -> Result<Self> {
        let mut packs = paths
            .iter()
            .map(|path| -> Result<coder::PackBytes> {
                Ok(Arc::new(std::fs::read(path).with_context(|| path.display().to_string())?))
            })
            .collect::<Result<Vec<_>>>()?;
        packs.extend_from_slice(more);
        let carried = knowledge::carried!(coder::Tables);
        let tables = coder::Tables { packs, fought_over, learned: learned.clone(), ..carried };
        Ok(Self { coder: coder::Coder::new(coder::Knowledge::load(&tables)?), packs: paths, learned })
    }

    /// The same with one pack more.
    pub(crate) fn with_pack(&self, pack: coder::PackBytes) -> Result<Self> {
        Self::load(self.packs.clone(), &[pack], knowledge::FOUGHT_OVER, self.learned.clone())
    }

    /// Reads a report.
    #[must_use]
    pub fn read_report(&self, report: &Report) -> CodedDocument {
        self.coder.code(report)
    }
}

/// The coder with the tables that the program carries and the gazetteer packs of a folder.
pub fn coder(with: &With) -> Result<Reader> {
    coder_with(with, knowledge::FOUGHT_OVER)
}

/// The same, with another table of places derived from data, or none.
pub(crate) fn coder_with(with: &With, fought_over: &str) -> Result<Reader> {
    let folder = with.folder();
    let paths = packs_in(&folder);
    if with.packs.is_some() && paths.is_empty() {
        anyhow::bail!(
            "{}: no gazetteer pack (*.wpk)\nhint: scripts/setup-packs builds one",
            folder.display()
        );
    }
    Reader::load(paths, &[], fought_over, with.learned()?)
}

pub(crate) fn pack_folder() -> PathBuf {
    std::env::var_os("WATCHPOST_PACKS").map_or_else(|| crate::data::workspace().join("packs"), PathBuf::from)
}

/// The packs of a folder in the order of their names; none where the folder is not there.
fn packs_in(folder: &Path) -> Vec<PathBuf> {
    let mut packs: Vec<PathBuf> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "wpk"))
        .collect();
    packs.sort();
    packs
}
