//! Gazetteer packs: where they are looked for, and how they are opened.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use etcetera::BaseStrategy as _;

/// The file ending of a pack.
pub(crate) const ENDING: &str = "wpk";

/// A pack's bytes, shared between threads.
pub(crate) type Bytes = Arc<dyn AsRef<[u8]> + Send + Sync>;

/// A pack that was found.
pub(crate) struct Pack {
    /// Its file.
    pub(crate) path: PathBuf,
    /// Its bytes.
    pub(crate) bytes: Bytes,
}

/// The folders that are looked into, first to last; the first that holds a pack is taken, so packs of different set-ups
/// are never mixed. A folder that the operator names is the only one.
pub(crate) fn folders(named: Option<&Path>) -> Vec<PathBuf> {
    if let Some(named) = named {
        return vec![named.to_path_buf()];
    }
    let mut folders = Vec::new();
    if let Some(beside) = std::env::current_exe().ok().as_deref().and_then(Path::parent) {
        // Beside the program; in an installation's root; in a checkout, from target/release.
        folders.extend(["packs", "../packs", "../../packs"].map(|place| beside.join(place)));
    }
    folders.push(PathBuf::from("packs"));
    if let Ok(strategy) = etcetera::choose_base_strategy() {
        folders.push(strategy.data_dir().join("watchpost/packs"));
    }
    folders
}

/// Opens the packs of the first folder that holds any, in the order of their names.
pub(crate) fn find(named: Option<&Path>) -> anyhow::Result<Vec<Pack>> {
    for folder in folders(named) {
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(_) if named.is_none() => continue,
            Err(error) => anyhow::bail!(
                "{}: {error}; expected a folder with gazetteer packs (*.{ENDING})",
                folder.display()
            ),
        };
        let mut paths: Vec<PathBuf> = entries
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| path.extension().is_some_and(|ending| ending == ENDING) && !path.is_dir())
            .collect();
        paths.sort();
        if !paths.is_empty() {
            return paths.into_iter().map(open).collect();
        }
    }
    Ok(Vec::new())
}

/// The base of the learned reader, in the first folder that has one.
pub(crate) fn encoder_base(named: Option<&Path>) -> Option<PathBuf> {
    let mut there = folders(named).into_iter().map(|folder| folder.join(watchpost_pack::encoder::FILE));
    there.find(|path| path.is_file())
}

fn open(path: PathBuf) -> anyhow::Result<Pack> {
    let file = File::open(&path).with_context(|| format!("{}: the pack cannot be opened", path.display()))?;
    let bytes = map(&file).with_context(|| format!("{}: the pack cannot be read", path.display()))?;
    Ok(Pack { path, bytes: Arc::new(bytes) })
}

/// Maps a pack into memory instead of reading it: a pack is tens of megabytes, of which a report touches a few pages.
#[expect(unsafe_code, reason = "a memory map is the only way to open a pack without reading all of it")]
fn map(file: &File) -> std::io::Result<memmap2::Mmap> {
    // SAFETY: the map is read-only and private to this process. Should another process cut the file short while it is
    // mapped, reading it would end this process; packs are written once, under another name, and then moved into place.
    unsafe { memmap2::Mmap::map(file) }
}
