//! A file that the operator brings: plain, gzip, Zstandard, or the one table of a zip archive.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::UNIX_EPOCH;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

/// How many bytes of a table are looked at to tell what it is.
const HEAD: u64 = 64 << 10;

/// A file, as it was when the import began: a resumed import goes on only with the same ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// Where it lies.
    pub path: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
    /// When it was last changed, in nanoseconds since 1970.
    pub changed: u64,
}

impl Input {
    /// Looks at a file.
    pub fn new(path: &Path) -> Result<Self> {
        let path = std::fs::canonicalize(path)
            .with_context(|| format!("{}: cannot be opened; expected a file to import", path.display()))?;
        let metadata = std::fs::metadata(&path).with_context(|| path.display().to_string())?;
        if !metadata.is_file() {
            bail!("{}: is no file; expected a table, or an archive that holds one", path.display());
        }
        let changed = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        Ok(Self {
            path,
            bytes: metadata.len(),
            changed: changed.and_then(|since| u64::try_from(since.as_nanos()).ok()).unwrap_or(0),
        })
    }

    /// The file's name, without what says that it is packed.
    pub fn name(&self) -> String {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        ["gz", "zst", "zip"]
            .iter()
            .find_map(|ending| name.strip_suffix(ending)?.strip_suffix('.').map(str::to_owned))
            .unwrap_or(name)
    }

    /// Opens it, unpacked.
    pub fn open(&self) -> Result<Table> {
        self.unpack().with_context(|| self.path.display().to_string())
    }

    fn unpack(&self) -> Result<Table> {
        let mut file = File::open(&self.path)?;
        let mut magic = [0; 4];
        let seen = read_up_to(&mut file, &mut magic)?;
        file.seek(SeekFrom::Start(0))?;
        let read = Arc::new(AtomicU64::new(0));
        let count = |inner: File| Counting { inner, read: Arc::clone(&read) };
        let mut reader: Box<dyn BufRead + Send> = match &magic[..seen] {
            [0x1f, 0x8b, ..] => {
                Box::new(BufReader::with_capacity(1 << 18, flate2::read::MultiGzDecoder::new(count(file))))
            }
            [0x28, 0xb5, 0x2f, 0xfd] => {
                Box::new(BufReader::with_capacity(1 << 18, zstd::Decoder::new(count(file))?))
            }
            b"PK\x03\x04" => self.member(file, &count)?,
            _ => Box::new(BufReader::with_capacity(1 << 18, count(file))),
        };
        let mut head = Vec::new();
        reader.by_ref().take(HEAD).read_to_end(&mut head)?;
        if matches!(head.as_slice(), [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) {
            bail!("is UTF-16; expected UTF-8: convert it, for example with iconv -f UTF-16 -t UTF-8");
        }
        // A byte-order mark is no part of the first cell.
        let mark = if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        let reader = Box::new(Cursor::new(head.split_off(mark)).chain(reader));
        let seen = reader.get_ref().0.get_ref().clone();
        Ok(Table { head: seen, reader, read })
    }

    /// The table of a zip archive: the member that is called as the archive is, else the largest one that is a table.
    fn member(&self, mut file: File, count: &dyn Fn(File) -> Counting) -> Result<Box<dyn BufRead + Send>> {
        let stem = self.path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let mut zip = zip::ZipArchive::new(&mut file)?;
        let mut members = Vec::new();
        for index in 0..zip.len() {
            let member = zip.by_index_raw(index)?;
            let name = member.name()?.into_owned();
            let name = Path::new(&name);
            let table = name.extension().is_some_and(|ending| {
                ["txt", "tsv", "csv"].iter().any(|known| ending.eq_ignore_ascii_case(known))
            });
            if table && !member.encrypted() {
                let named = name.file_stem().is_some_and(|name| name.to_string_lossy() == stem);
                members.push(((named, member.size()), index));
            }
        }
        let Some((_, index)) = members.into_iter().max() else {
            bail!("the archive holds no table; expected a member that ends in .txt, .tsv or .csv");
        };
        let member = zip.by_index_raw(index)?;
        let (method, packed, start) = (member.compression(), member.compressed_size(), member.data_start());
        let start = start.context("the archive does not say where its member begins")?;
        drop(member);
        drop(zip);
        file.seek(SeekFrom::Start(start))?;
        let bytes = count(file).take(packed);
        match method {
            zip::CompressionMethod::Stored => Ok(Box::new(BufReader::with_capacity(1 << 18, bytes))),
            zip::CompressionMethod::Deflated => {
                let inflated = flate2::read::DeflateDecoder::new(bytes);
                Ok(Box::new(BufReader::with_capacity(1 << 18, inflated)))
            }
            other => bail!("the archive is packed with {other}; expected deflate, as GeoNames packs its own"),
        }
    }
}

/// An opened table.
pub struct Table {
    /// Its first bytes, which the reader gives again.
    pub head: Vec<u8>,
    /// All of it.
    pub reader: Box<dyn BufRead + Send>,
    /// How many bytes of the file were read, packed as they are.
    pub read: Arc<AtomicU64>,
}

/// Counts what is read of a file.
pub struct Counting {
    inner: File,
    read: Arc<AtomicU64>,
}

impl Read for Counting {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.read.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

fn read_up_to(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut seen = 0;
    while seen < buffer.len() {
        match file.read(&mut buffer[seen..])? {
            0 => break,
            more => seen += more,
        }
    }
    Ok(seen)
}
