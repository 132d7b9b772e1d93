/*! The file format: named sections behind a table, read in place.

Two files make an encoder. The *base* holds the word-embedding table of the published model and its vocabulary: it stays
as it is in training, is built at set-up and is not in the repository. *Our own* holds what training changes, and the
heads. Both have one layout, made for `mmap`: opening one reads the header and the table, and weights stay where they are.
`models/train/pack.py` writes both, `watchpost_pack::encoder` the base.

All numbers are little-endian.

| bytes | what |
|---|---|
| 0–8 | `WATCHENC` |
| 8–12 | [`VERSION`] |
| 12–16 | number of sections |
| 16–48 | SHA-256 of everything that follows |
| 48– | table: [`ENTRY`] bytes for each section |

| bytes of an entry | what |
|---|---|
| 0–48 | name in ASCII, filled up with zero bytes |
| 48–52 | kind: 0 text in UTF-8; 1 `f32`, row by row; 2 `i8`, row by row; 3 `i8` in panels |
| 52–60 | rows, columns (`u32` each; 0 for text; a vector has one row) |
| 60–64 | zero |
| 64–80 | offset from the beginning of the file, a multiple of 64, and length in bytes (`u64` each) |

A matrix of whole numbers stands for `value × scale of its row`: scales are the `f32` section of the same name with
`.scale` in place of `.weight`, or behind the name. A row is a word, or an output of a linear layer. *Panels* is the order
in which [`crate::lanes`] multiplies: 16 outputs after 16 outputs; in a panel the inputs by fours; of each four inputs, the
16 outputs one after the other, four bytes each.

| section of the base | what |
|---|---|
| `about` | lines `key⇥value`: `kind` (`base`), `hidden`, `title`, `source`, `licence`, `attribution` |
| `vocabulary` | one word piece a line |
| `words`, `words.scale` | `i8` words × hidden, `f32` |

| section of our own | what |
|---|---|
| `about` | `kind` (`own`), `base` (the SHA-256 in the header of the base that it was trained on), `hidden`, `inner`, `layers`, `heads`, `positions`, `epsilon` |
| `meta` | JSON of whoever trained it: labels, thresholds |
| `positions` | `f32` positions × hidden, the vector of the first segment added |
| `norm.weight`, `norm.bias` | `f32` hidden |
| `layer.N.qkv.weight`, `.scale`, `.bias` | query, key and value one after the other: 3·hidden × hidden |
| `layer.N.mix.…` | the output of attention: hidden × hidden |
| `layer.N.up.…`, `layer.N.down.…` | inner × hidden, hidden × inner |
| `layer.N.norm1.weight`, `.bias`, `layer.N.norm2.…` | `f32` hidden |
| any other | heads, `f32` |
*/

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::Error;

/// First bytes of a file.
pub const MAGIC: &[u8; 8] = b"WATCHENC";
/// The layout that this program reads.
pub const VERSION: u32 = 1;
/// Bytes of the header before the table.
pub const HEADER: usize = 48;
/// Bytes of one entry of the table.
pub const ENTRY: usize = 80;
/// Bytes of a name.
pub const NAME: usize = 48;
/// Sections begin at multiples of this.
pub const ALIGN: usize = 64;
/// A file with more sections is none of ours.
const MOST: usize = 4096;

/// The bytes of a file, wherever they live (a mapped file, a vector).
pub type Bytes = Arc<dyn AsRef<[u8]> + Send + Sync>;

/// What a section holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// UTF-8.
    Text = 0,
    /// Numbers with fractions.
    F32 = 1,
    /// Whole numbers, row by row.
    Rows = 2,
    /// Whole numbers in panels.
    Panels = 3,
}

impl Kind {
    fn of(number: u32) -> Option<Self> {
        [Self::Text, Self::F32, Self::Rows, Self::Panels].into_iter().find(|kind| *kind as u32 == number)
    }
}

#[derive(Debug, Clone)]
struct Section {
    kind: Kind,
    rows: usize,
    cols: usize,
    range: Range<usize>,
}

/// A table of numbers, copied out of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Tensor {
    /// Rows; 1 for a vector.
    pub rows: usize,
    /// Columns.
    pub cols: usize,
    /// Row by row.
    pub values: Vec<f32>,
}

/// Whole numbers that stay in the file.
#[derive(Clone)]
pub(crate) struct Whole {
    bytes: Bytes,
    range: Range<usize>,
    pub(crate) rows: usize,
    pub(crate) cols: usize,
}

impl Whole {
    /// The numbers, as bytes.
    pub(crate) fn bytes(&self) -> &[u8] {
        (*self.bytes).as_ref().get(self.range.clone()).unwrap_or(&[])
    }
}

/// A file, opened.
#[derive(Clone)]
pub struct File {
    bytes: Bytes,
    sections: BTreeMap<String, Section>,
}

impl std::fmt::Debug for File {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("File")
            .field("sections", &self.sections.len())
            .field("bytes", &self.all().len())
            .finish()
    }
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn usize_at(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u64::from_le_bytes(bytes.get(at..at.checked_add(8)?)?.try_into().ok()?)).ok()
}

fn section_at(all: &[u8], at: usize) -> Option<(String, Section)> {
    let entry = all.get(at..at.checked_add(ENTRY)?)?;
    let name = std::str::from_utf8(entry.get(..NAME)?).ok()?.trim_end_matches('\0');
    let kind = Kind::of(u32_at(entry, NAME)?)?;
    let rows = u32_at(entry, NAME + 4)? as usize;
    let cols = u32_at(entry, NAME + 8)? as usize;
    let (start, len) = (usize_at(entry, NAME + 16)?, usize_at(entry, NAME + 24)?);
    let range = start..start.checked_add(len)?;
    let content = all.get(range.clone())?;
    let sound = match kind {
        Kind::Text => std::str::from_utf8(content).is_ok(),
        Kind::F32 => rows.checked_mul(cols)?.checked_mul(4)? == len,
        Kind::Rows | Kind::Panels => rows.checked_mul(cols)? == len,
    };
    let sound = sound && !name.is_empty() && start.is_multiple_of(ALIGN);
    sound.then(|| (name.to_owned(), Section { kind, rows, cols, range }))
}

impl File {
    /// Reads the header and the table; [`File::verify`] reads the rest.
    ///
    /// # Errors
    /// Where the bytes are no such file, one of another version, or the table is damaged.
    pub fn open(bytes: Bytes) -> Result<Self, Error> {
        let all = (*bytes).as_ref();
        if all.get(..8) != Some(MAGIC.as_slice()) {
            return Err(Error::NotOurs);
        }
        let found = u32_at(all, 8).ok_or(Error::Table)?;
        if found != VERSION {
            return Err(Error::Version { found });
        }
        let count = u32_at(all, 12).ok_or(Error::Table)? as usize;
        if count > MOST || all.len() < HEADER {
            return Err(Error::Table);
        }
        let sections: Option<Vec<_>> =
            (0..count).map(|index| section_at(all, HEADER + index * ENTRY)).collect();
        let sections: BTreeMap<_, _> = sections.ok_or(Error::Table)?.into_iter().collect();
        if sections.len() < count {
            return Err(Error::Table);
        }
        Ok(Self { bytes, sections })
    }

    fn all(&self) -> &[u8] {
        (*self.bytes).as_ref()
    }

    /// Reads the whole file and compares its hash with the header's.
    ///
    /// # Errors
    /// Where they differ.
    pub fn verify(&self) -> Result<(), Error> {
        let all = self.all();
        let content = all.get(HEADER..).unwrap_or(&[]);
        if all.get(16..HEADER) == Some(Sha256::digest(content).as_slice()) {
            Ok(())
        } else {
            Err(Error::Hash)
        }
    }

    /// The SHA-256 that the header gives, in hexadecimal.
    #[must_use]
    pub fn hash(&self) -> String {
        use std::fmt::Write as _;
        self.all().get(16..HEADER).unwrap_or(&[]).iter().fold(String::new(), |mut hex, byte| {
            // Writing to a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }

    fn section(&self, name: &str, kind: Kind) -> Option<&Section> {
        self.sections.get(name).filter(|section| section.kind == kind)
    }

    /// A section of text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        let section = self.section(name, Kind::Text)?;
        std::str::from_utf8(self.all().get(section.range.clone())?).ok()
    }

    /// What the file says about itself, line by line.
    pub fn about(&self) -> impl Iterator<Item = (&str, &str)> {
        self.text("about").unwrap_or("").lines().filter_map(|line| line.split_once('\t'))
    }

    /// One line of what it says, as what is expected there.
    pub(crate) fn said<T: std::str::FromStr>(&self, key: &'static str) -> Result<T, Error> {
        let value = self.about().find(|(known, _)| *known == key).map(|(_, value)| value);
        value.and_then(|value| value.parse().ok()).ok_or_else(|| Error::Missing(key.to_owned()))
    }

    /// A section of numbers with fractions; none where one of them is no number.
    #[must_use]
    pub fn tensor(&self, name: &str) -> Option<Tensor> {
        let section = self.section(name, Kind::F32)?;
        let (bytes, _) = self.all().get(section.range.clone())?.as_chunks::<4>();
        let values: Vec<f32> = bytes.iter().map(|four| f32::from_le_bytes(*four)).collect();
        let finite = values.iter().all(|value| value.is_finite());
        finite.then_some(Tensor { rows: section.rows, cols: section.cols, values })
    }

    /// The names of all sections of numbers with fractions.
    pub fn tensors(&self) -> impl Iterator<Item = &str> {
        self.sections.iter().filter(|(_, section)| section.kind == Kind::F32).map(|(name, _)| name.as_str())
    }

    /// A vector of that many numbers.
    pub(crate) fn vector(&self, name: &str, len: usize) -> Result<Vec<f32>, Error> {
        let found = self.tensor(name).filter(|tensor| tensor.values.len() == len);
        found.map(|tensor| tensor.values).ok_or_else(|| Error::Missing(name.to_owned()))
    }

    /// A matrix of whole numbers, left where it is.
    pub(crate) fn whole(&self, name: &str, kind: Kind) -> Result<Whole, Error> {
        let section = self.section(name, kind).ok_or_else(|| Error::Missing(name.to_owned()))?;
        Ok(Whole {
            bytes: Arc::clone(&self.bytes),
            range: section.range.clone(),
            rows: section.rows,
            cols: section.cols,
        })
    }
}
