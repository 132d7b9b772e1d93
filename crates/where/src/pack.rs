/*! The gazetteer pack: one file, read in place.

A pack is laid out for `mmap`: opening it reads the header and the table of sections and nothing
else, a look-up touches the pages of one binary search. Every read is bounds-checked, so a damaged
pack answers "not found" and never panics; whether it *is* damaged is what [`Pack::verify`] is for.

All numbers are little-endian.

| bytes | what |
|---|---|
| 0–8 | `WATCHPKG` |
| 8–12 | [`VERSION`] |
| 12–16 | number of sections |
| 16–48 | SHA-256 of everything that follows |
| 48– | table: tag (4 bytes), 4 zero bytes, offset (u64), length (u64) for each section |

| section | what |
|---|---|
| `META` | lines `key⇥value` in UTF-8: `title`, `source`, `licence`, `attribution`, `rows`, … |
| `STRO`, `STRB` | strings: end offsets (u32), bytes |
| `RECS` | records of [`RECORD`] bytes |
| `KEYO`, `KEYB` | sorted keys: end offsets, bytes; the first byte of a key is its tier |
| `VALS` | for each key a record number, or with the high bit set a place in `POST` |
| `POST` | lists of record numbers, each led by its length |
*/

use std::cmp::Ordering;
use std::sync::Arc;

use sha2::{Digest, Sha256};

/// First bytes of a pack.
pub const MAGIC: &[u8; 8] = b"WATCHPKG";
/// The layout and the folding of names that this program reads.
pub const VERSION: u32 = 1;
/// Bytes of the header before the table of sections.
pub const HEADER: usize = 48;
/// Bytes of one entry of the table of sections.
pub(crate) const ENTRY: usize = 24;
/// Bytes of a record.
pub const RECORD: usize = 44;
/// Where in a record the number of its other names stands.
pub const NAMES: usize = 39;
/// The sections, in the order in which they are written.
pub const SECTIONS: [&[u8; 4]; 8] = [b"META", b"STRO", b"STRB", b"RECS", b"KEYO", b"KEYB", b"VALS", b"POST"];
/// Set in a value that points into `POST`.
pub(crate) const LIST: u32 = 1 << 31;
/// Latitude of a record that has no position.
pub(crate) const NOWHERE: i32 = i32::MIN;
/// Degrees are kept in units of 1e-5 (about a metre).
pub(crate) const SCALE: f64 = 1e5;
/// Bit of `flags`: the position stands for an area and was derived, not given.
pub(crate) const APPROXIMATE: u8 = 1;

/// The bytes of a pack, wherever they live (a mapped file, a vector).
pub type PackBytes = Arc<dyn AsRef<[u8]> + Send + Sync>;

/// Why a pack cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PackError {
    /// Another kind of file.
    #[error("not a gazetteer pack: it does not begin with WATCHPKG")]
    NotAPack,
    /// A pack of another program.
    #[error("pack of version {found}, expected {VERSION}; build it again with scripts/setup-packs")]
    Version {
        /// Its version.
        found: u32,
    },
    /// Cut short, or a section is missing.
    #[error("damaged pack: section {section} is missing or lies outside the file")]
    Section {
        /// Which.
        section: &'static str,
    },
    /// The content is not what was written.
    #[error("damaged pack: its content does not have the SHA-256 that its header gives")]
    Hash,
}

/// How closely a key fits a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tier {
    /// The same letters ([`crate::fold::fold`]).
    Exact = 1,
    /// The same but for articles and words of kind ([`crate::fold::core`]).
    Core = 2,
    /// The same consonants ([`crate::fold::skeleton`]).
    Skeleton = 3,
}

#[derive(Debug, Clone, Copy, Default)]
struct Section {
    start: usize,
    len: usize,
}

/// A pack, opened.
#[derive(Clone)]
pub struct Pack {
    bytes: PackBytes,
    meta: Section,
    string_ends: Section,
    strings: Section,
    records: Section,
    key_ends: Section,
    keys: Section,
    values: Section,
    postings: Section,
}

impl std::fmt::Debug for Pack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pack")
            .field("rows", &self.rows())
            .field("bytes", &(*self.bytes).as_ref().len())
            .finish()
    }
}

/// A record as the pack holds it; text borrowed from the pack.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row<'a> {
    /// Main name.
    pub name: &'a str,
    /// The gazetteer's own key, where it is not GeoNames'.
    pub source_id: &'a str,
    /// GeoNames id; 0 for none.
    pub geonameid: u32,
    /// Degrees north and east.
    pub position: Option<(f64, f64)>,
    /// The position stands for an area and was derived from what lies in it.
    pub approximate: bool,
    /// People; 0 where not known.
    pub population: u32,
    /// First-order division, by name.
    pub admin1: &'a str,
    /// Second-order division, by name.
    pub admin2: &'a str,
    /// GeoNames feature code.
    pub feature: &'a str,
    /// ISO 3166-1 alpha-2, or two zero bytes.
    pub country: [u8; 2],
    /// How many other names the source gives: fame, where population is not known.
    pub names: u8,
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at.checked_add(8)?)?.try_into().ok()?))
}

impl Pack {
    /// Reads the header and the table of sections.
    ///
    /// # Errors
    /// Where the bytes are no pack, a pack of another version, or cut short.
    pub fn open(bytes: PackBytes) -> Result<Self, PackError> {
        let all = (*bytes).as_ref();
        if all.get(..8) != Some(MAGIC.as_slice()) {
            return Err(PackError::NotAPack);
        }
        let found = u32_at(all, 8).ok_or(PackError::Section { section: "header" })?;
        if found != VERSION {
            return Err(PackError::Version { found });
        }
        let count = u32_at(all, 12).unwrap_or(0).min(64) as usize;
        let section = |tag: &'static str| {
            (0..count)
                .map(|index| HEADER + index * ENTRY)
                .find(|&at| all.get(at..at + 4) == Some(tag.as_bytes()))
                .and_then(|at| {
                    let start = usize::try_from(u64_at(all, at + 8)?).ok()?;
                    let len = usize::try_from(u64_at(all, at + 16)?).ok()?;
                    all.get(start..start.checked_add(len)?)?;
                    Some(Section { start, len })
                })
                .ok_or(PackError::Section { section: tag })
        };
        Ok(Self {
            meta: section("META")?,
            string_ends: section("STRO")?,
            strings: section("STRB")?,
            records: section("RECS")?,
            key_ends: section("KEYO")?,
            keys: section("KEYB")?,
            values: section("VALS")?,
            postings: section("POST")?,
            bytes,
        })
    }

    fn part(&self, section: Section) -> &[u8] {
        (*self.bytes).as_ref().get(section.start..section.start + section.len).unwrap_or(&[])
    }

    /// Reads the whole pack and compares its hash with the header's.
    ///
    /// # Errors
    /// Where they differ.
    pub fn verify(&self) -> Result<(), PackError> {
        let all = (*self.bytes).as_ref();
        let content = all.get(HEADER..).unwrap_or(&[]);
        if all.get(16..HEADER) == Some(Sha256::digest(content).as_slice()) {
            Ok(())
        } else {
            Err(PackError::Hash)
        }
    }

    /// The SHA-256 that the header gives, in hexadecimal.
    #[must_use]
    pub fn hash(&self) -> String {
        use std::fmt::Write as _;
        let all = (*self.bytes).as_ref();
        all.get(16..HEADER).unwrap_or(&[]).iter().fold(String::new(), |mut hex, byte| {
            // Writing to a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }

    /// What the pack says about itself: title, sources, licences, attributions.
    pub fn meta(&self) -> impl Iterator<Item = (&str, &str)> {
        std::str::from_utf8(self.part(self.meta))
            .unwrap_or("")
            .lines()
            .filter_map(|line| line.split_once('\t'))
    }

    /// How many records it holds.
    #[must_use]
    pub fn rows(&self) -> u32 {
        u32::try_from(self.records.len / RECORD).unwrap_or(u32::MAX)
    }

    /// How many keys it holds.
    #[must_use]
    pub fn keys(&self) -> usize {
        self.key_ends.len / 4
    }

    fn string(&self, index: u32) -> &str {
        let ends = self.part(self.string_ends);
        slice_of(ends, self.part(self.strings), index as usize)
            .and_then(|bytes| std::str::from_utf8(bytes).ok())
            .unwrap_or("")
    }

    /// One record.
    #[must_use]
    pub fn row(&self, index: u32) -> Option<Row<'_>> {
        let at = (index as usize).checked_mul(RECORD)?;
        let bytes = self.part(self.records).get(at..at.checked_add(RECORD)?)?;
        let word = |field: usize| u32_at(bytes, field * 4).unwrap_or(0);
        let degrees = |field: usize| f64::from(word(field).cast_signed()) / SCALE;
        let position = (word(3).cast_signed() != NOWHERE)
            .then(|| (degrees(3), degrees(4)))
            .filter(|(lat, lon)| lat.abs() <= 90.0 && lon.abs() <= 180.0);
        let &[first, second, flags, names] = bytes.get(36..40)? else { return None };
        Some(Row {
            name: self.string(word(0)),
            source_id: self.string(word(1)),
            geonameid: word(2),
            position,
            approximate: flags & APPROXIMATE != 0,
            population: word(5),
            admin1: self.string(word(6)),
            admin2: self.string(word(7)),
            feature: self.string(word(8)),
            country: [first, second],
            names,
        })
    }

    /// Where a key stands, if anywhere.
    fn search(&self, tier: Tier, key: &str) -> Option<usize> {
        if key.is_empty() {
            return None;
        }
        let (ends, keys) = (self.part(self.key_ends), self.part(self.keys));
        let (mut low, mut high) = (0, self.keys());
        while low < high {
            let middle = low + (high - low) / 2;
            let order = match slice_of(ends, keys, middle)?.split_first() {
                Some((first, rest)) => first.cmp(&(tier as u8)).then_with(|| compare(rest, key.as_bytes())),
                None => Ordering::Less,
            };
            match order {
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
                Ordering::Equal => return Some(middle),
            }
        }
        None
    }

    /// Whether any record stands under a key.
    #[must_use]
    pub fn has(&self, tier: Tier, key: &str) -> bool {
        let any = |index| match u32_at(self.part(self.values), index * 4) {
            Some(value) if value & LIST == 0 => true,
            Some(_) => !self.values_at(index, 1).is_empty(),
            None => false,
        };
        self.search(tier, key).is_some_and(any)
    }

    /// Numbers of the records under a key, at most `limit`.
    #[must_use]
    pub fn find(&self, tier: Tier, key: &str, limit: usize) -> Vec<u32> {
        self.search(tier, key).map_or_else(Vec::new, |index| self.values_at(index, limit))
    }

    fn values_at(&self, index: usize, limit: usize) -> Vec<u32> {
        let Some(value) = u32_at(self.part(self.values), index * 4) else { return Vec::new() };
        if value & LIST == 0 {
            return vec![value];
        }
        let postings = self.part(self.postings);
        let start = (value & !LIST) as usize * 4;
        let count = u32_at(postings, start).unwrap_or(0) as usize;
        (1..=count.min(limit)).map_while(|offset| u32_at(postings, start.checked_add(offset * 4)?)).collect()
    }
}

/// The order of two keys: most differ in their first eight bytes, which are compared as one number.
fn compare(a: &[u8], b: &[u8]) -> Ordering {
    match (a.first_chunk(), b.first_chunk()) {
        (Some(&x), Some(&y)) if x != y => u64::from_be_bytes(x).cmp(&u64::from_be_bytes(y)),
        _ => a.cmp(b),
    }
}

/// The piece of `bytes` that ends at the `index`th offset of `ends` and begins at the one before.
fn slice_of<'a>(ends: &[u8], bytes: &'a [u8], index: usize) -> Option<&'a [u8]> {
    let at = index.checked_mul(4)?;
    let end = u32_at(ends, at)? as usize;
    let start = match at.checked_sub(4) {
        Some(before) => u32_at(ends, before)? as usize,
        None => 0,
    };
    bytes.get(start..end)
}
