//! Records to a pack. The same records give the same bytes, whether they are written in memory ([`build`]) or, section by
//! section, by a program that keeps them in files ([`RecordWriter`], [`KeyWriter`]).

use std::io::{self, Write};
use std::ops::Range;

use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

use crate::fold;
use crate::pack::{
    APPROXIMATE, ENTRY, HEADER, LIST, MAGIC, NAMES, NOWHERE, RECORD, SCALE, SECTIONS, Tier, VERSION,
};

/// A record to be put into a pack.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NewPlace {
    /// Main name.
    pub name: String,
    /// Other names and spellings.
    pub aliases: Vec<String>,
    /// GeoNames id; 0 for none.
    pub geonameid: u32,
    /// The source's own key, where it is not GeoNames'.
    pub source_id: String,
    /// Degrees north and east.
    pub position: Option<(f64, f64)>,
    /// The position was derived from what lies in the area.
    pub approximate: bool,
    /// GeoNames feature code.
    pub feature: String,
    /// ISO 3166-1 alpha-2; empty for none.
    pub country: String,
    /// First-order division, by name.
    pub admin1: String,
    /// Second-order division, by name.
    pub admin2: String,
    /// People; 0 where not known.
    pub population: u64,
}

/// Why a pack cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// It does not fit into the layout.
    #[error(
        "the pack is too large: {0} would pass the layout's limit; build two packs, of half the countries each"
    )]
    TooLarge(&'static str),
    /// A section cannot be written.
    #[error("a section of the pack cannot be written: {0}")]
    Io(#[from] io::Error),
}

/// Longest list of records under one skeleton: a looser key than that tells nothing.
const SKELETON_LIMIT: usize = 64;
/// How many strings are remembered so that the next record may share them. Beyond, only what is shared by many (divisions,
/// feature codes) is: thirteen million names would fill the memory for little.
const SHARED: u32 = 1 << 19;

/// Whether an alternative name is worth a key: airport codes, postal codes and links are not.
#[must_use]
pub fn is_name(alias: &str) -> bool {
    let letters = alias.chars().filter(|c| c.is_alphabetic()).count();
    let code = alias.len() <= 4 && alias.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    letters >= 2 && !code && !alias.contains("://") && alias.chars().count() <= fold::MAX_NAME
}

/// The sections that records are written to, one record after the other.
#[derive(Debug, Default)]
pub struct RecordSections<W> {
    /// `STRO`.
    pub string_ends: W,
    /// `STRB`.
    pub strings: W,
    /// `RECS`.
    pub records: W,
}

/// How far a [`RecordWriter`] has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// Records.
    pub rows: u32,
    /// Strings.
    pub strings: u32,
    /// Bytes of all strings.
    pub string_bytes: u32,
}

/// Writes records. What it remembers is bounded, so that a pack may be far larger than the memory.
#[derive(Debug)]
pub struct RecordWriter<W> {
    numbers: FxHashMap<Box<str>, u32>,
    written: Written,
    sections: RecordSections<W>,
}

impl<W: Write> RecordWriter<W> {
    /// An empty one.
    ///
    /// # Errors
    /// Where a section cannot be written.
    pub fn new(sections: RecordSections<W>) -> Result<Self, BuildError> {
        let mut writer = Self { numbers: FxHashMap::default(), written: Written::default(), sections };
        writer.number("", true)?;
        Ok(writer)
    }

    /// One that goes on behind what was written: the sections stand at their ends. `string` reads a string that is there,
    /// `shared` are the numbers of those that divisions and feature codes have.
    pub fn resume(
        sections: RecordSections<W>,
        written: Written,
        shared: impl Iterator<Item = u32>,
        mut string: impl FnMut(u32) -> Option<String>,
    ) -> Self {
        let numbers = (0..written.strings.min(SHARED))
            .chain(shared)
            .filter_map(|number| Some((string(number)?.into_boxed_str(), number)))
            .collect();
        Self { numbers, written, sections }
    }

    /// How far it has come.
    pub fn written(&self) -> Written {
        self.written
    }

    /// The sections.
    pub fn sections(&mut self) -> &mut RecordSections<W> {
        &mut self.sections
    }

    /// The sections, all written.
    pub fn finish(self) -> RecordSections<W> {
        self.sections
    }

    fn number(&mut self, text: &str, by_many: bool) -> Result<u32, BuildError> {
        if let Some(&number) = self.numbers.get(text) {
            return Ok(number);
        }
        let number = self.written.strings;
        let length = u32::try_from(text.len()).ok();
        let end = length.and_then(|length| self.written.string_bytes.checked_add(length));
        let end = end.filter(|_| number < u32::MAX).ok_or(BuildError::TooLarge("text"))?;
        self.sections.strings.write_all(text.as_bytes())?;
        self.sections.string_ends.write_all(&end.to_le_bytes())?;
        self.written.strings = number + 1;
        self.written.string_bytes = end;
        if by_many || number < SHARED {
            self.numbers.insert(text.into(), number);
        }
        Ok(number)
    }

    /// Writes a record; its number comes back.
    ///
    /// # Errors
    /// Where the layout is full or a section cannot be written.
    pub fn push(&mut self, place: &NewPlace) -> Result<u32, BuildError> {
        let row = self.written.rows;
        if row & LIST != 0 {
            return Err(BuildError::TooLarge("the number of records"));
        }
        // In range: a degree times 1e5 is below 2³¹.
        #[expect(clippy::cast_possible_truncation, reason = "checked to be a latitude and a longitude")]
        let units = |degrees: f64| (degrees * SCALE).round() as i32;
        let position = place.position.filter(|(lat, lon)| lat.abs() <= 90.0 && lon.abs() <= 180.0);
        let (lat, lon) = position.map_or((NOWHERE, NOWHERE), |(lat, lon)| (units(lat), units(lon)));
        let fields = [
            self.number(&place.name, false)?,
            self.number(&place.source_id, false)?,
            place.geonameid,
            lat.cast_unsigned(),
            lon.cast_unsigned(),
            u32::try_from(place.population).unwrap_or(u32::MAX),
            self.number(&place.admin1, true)?,
            self.number(&place.admin2, true)?,
            self.number(&place.feature, true)?,
        ];
        let mut record = [0; RECORD];
        for (field, bytes) in fields.iter().zip(record.chunks_exact_mut(4)) {
            bytes.copy_from_slice(&field.to_le_bytes());
        }
        let country: [u8; 2] = place.country.as_bytes().try_into().unwrap_or([0, 0]);
        record[36..38].copy_from_slice(&country);
        record[38] = if place.approximate { APPROXIMATE } else { 0 };
        record[NAMES] = u8::try_from(place.aliases.len()).unwrap_or(u8::MAX);
        self.sections.records.write_all(&record)?;
        self.written.rows = row + 1;
        Ok(row)
    }
}

/// What of a record decides its rank among those of one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prominence {
    /// People.
    pub population: u32,
    /// How many other names the source gives, 255 for more.
    pub names: u8,
}

impl Prominence {
    /// That of a record as it is written.
    #[must_use]
    pub fn of(record: &[u8; RECORD]) -> Self {
        let [a, b, c, d] = [record[20], record[21], record[22], record[23]];
        Self { population: u32::from_le_bytes([a, b, c, d]), names: record[NAMES] }
    }
}

/// What of a written record a builder must know again: its GeoNames id and the strings that many records share.
#[must_use]
pub fn shared_of(record: &[u8; RECORD]) -> (u32, [u32; 3]) {
    let field = |at: usize| {
        u32::from_le_bytes([record[at * 4], record[at * 4 + 1], record[at * 4 + 2], record[at * 4 + 3]])
    };
    (field(2), [field(6), field(7), field(8)])
}

/// The sections that keys are written to, key after key in their order.
#[derive(Debug, Default)]
pub struct KeySections<W> {
    /// `KEYO`.
    pub key_ends: W,
    /// `KEYB`.
    pub keys: W,
    /// `VALS`.
    pub values: W,
    /// `POST`.
    pub postings: W,
}

/// Writes keys.
#[derive(Debug)]
pub struct KeyWriter<W> {
    sections: KeySections<W>,
    key_bytes: u32,
    words: u32,
}

impl<W: Write> KeyWriter<W> {
    /// An empty one.
    pub const fn new(sections: KeySections<W>) -> Self {
        Self { sections, key_bytes: 0, words: 0 }
    }

    /// Writes a key, which begins with its tier and is greater than the one before, and its records. They come in the
    /// order of their numbers and are written the most prominent first, so that a reader may stop early.
    ///
    /// # Errors
    /// Where the layout is full or a section cannot be written.
    pub fn push(
        &mut self,
        key: &[u8],
        numbers: &mut [u32],
        prominence: impl Fn(u32) -> Prominence,
    ) -> Result<(), BuildError> {
        let length = u32::try_from(key.len()).ok();
        self.key_bytes = length
            .and_then(|length| self.key_bytes.checked_add(length))
            .ok_or(BuildError::TooLarge("keys"))?;
        self.sections.keys.write_all(key)?;
        self.sections.key_ends.write_all(&self.key_bytes.to_le_bytes())?;
        numbers.sort_by_key(|&number| {
            let Prominence { population, names } = prominence(number);
            std::cmp::Reverse((population, names))
        });
        let kept = match key.first() {
            Some(&tier) if tier == Tier::Skeleton as u8 => numbers.len().min(SKELETON_LIMIT),
            _ => numbers.len(),
        };
        let value = match &numbers[..kept] {
            [only] => *only,
            several => {
                let full = || BuildError::TooLarge("lists of records");
                let at = Some(self.words).filter(|at| at & LIST == 0).ok_or_else(full)?;
                let count = u32::try_from(several.len()).map_err(|_| full())?;
                self.words = count.checked_add(1).and_then(|more| at.checked_add(more)).ok_or_else(full)?;
                for word in std::iter::once(&count).chain(several) {
                    self.sections.postings.write_all(&word.to_le_bytes())?;
                }
                at | LIST
            }
        };
        Ok(self.sections.values.write_all(&value.to_le_bytes())?)
    }

    /// The sections, all written.
    pub fn finish(self) -> KeySections<W> {
        self.sections
    }
}

/// The keys of a name, each led by its tier.
pub fn keys_of(name: &str, mut each: impl FnMut(&[u8])) {
    let folded = fold::fold(name);
    if folded.is_empty() {
        return;
    }
    let mut bytes = Vec::with_capacity(folded.len() + 1);
    let mut give = |tier: Tier, key: &str| {
        bytes.clear();
        bytes.push(tier as u8);
        bytes.extend_from_slice(key.as_bytes());
        each(&bytes);
    };
    let core = fold::core(&folded);
    give(Tier::Exact, &folded);
    if core != folded {
        give(Tier::Core, &core);
    }
    if let Some(skeleton) = fold::skeleton(&core) {
        give(Tier::Skeleton, &skeleton);
    }
}

/// The names of a record that have keys.
pub fn names_of(place: &NewPlace) -> impl Iterator<Item = &str> {
    std::iter::once(place.name.as_str())
        .chain(place.aliases.iter().map(String::as_str).filter(|alias| is_name(alias)))
}

/// `META`: lines of key and value.
#[must_use]
pub fn meta_section(meta: &[(String, String)]) -> Vec<u8> {
    let line = |(key, value): &(String, String)| format!("{key}\t{}\n", value.replace(['\t', '\n'], " "));
    meta.iter().map(line).collect::<String>().into_bytes()
}

/// The table of sections, in the order in which they follow it, by tag and length.
#[must_use]
pub fn section_table(lengths: &[(&[u8; 4], u64)]) -> Vec<u8> {
    let mut table = Vec::with_capacity(lengths.len() * ENTRY);
    let mut at = (HEADER + lengths.len() * ENTRY) as u64;
    for (tag, length) in lengths {
        table.extend_from_slice(*tag);
        table.extend_from_slice(&[0; 4]);
        table.extend_from_slice(&at.to_le_bytes());
        table.extend_from_slice(&length.to_le_bytes());
        at += length;
    }
    table
}

/// What stands before the table: `hash` is that of the table and all sections.
#[must_use]
pub fn header(sections: u32, hash: &[u8; 32]) -> [u8; HEADER] {
    let mut header = [0; HEADER];
    header[..8].copy_from_slice(MAGIC);
    header[8..12].copy_from_slice(&VERSION.to_le_bytes());
    header[12..16].copy_from_slice(&sections.to_le_bytes());
    header[16..].copy_from_slice(hash);
    header
}

/// The keys of all records, each with its tier: one piece of memory, so that many are sorted at every start of the program
/// in little time.
#[derive(Default)]
struct Keys {
    bytes: Vec<u8>,
    /// Where each key lies, and its record.
    of: Vec<(Range<usize>, u32)>,
}

impl Keys {
    fn add(&mut self, key: &[u8], number: u32) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(key);
        self.of.push((start..self.bytes.len(), number));
    }

    /// Key by key in order, with the numbers of its records in order.
    fn sorted(&mut self) -> impl Iterator<Item = (&[u8], Vec<u32>)> {
        let Self { bytes, of } = self;
        let key = |range: &Range<usize>| bytes.get(range.clone()).unwrap_or_default();
        of.sort_unstable_by(|(a, m), (b, n)| key(a).cmp(key(b)).then(m.cmp(n)));
        of.dedup_by(|(a, m), (b, n)| m == n && key(a) == key(b));
        of.chunk_by(move |(a, _), (b, _)| key(a) == key(b)).filter_map(move |same| {
            let (first, _) = same.first()?;
            Some((key(first), same.iter().map(|(_, number)| *number).collect()))
        })
    }
}

/// Writes a pack in memory. Records under one key stand in the order of the largest population first, then
/// of most names, then of the input.
///
/// # Errors
/// Where an offset would not fit into the layout.
pub fn build(meta: &[(String, String)], places: &[NewPlace]) -> Result<Vec<u8>, BuildError> {
    let mut records = RecordWriter::new(RecordSections::<Vec<u8>>::default())?;
    let mut keys = Keys::default();
    for place in places {
        let number = records.push(place)?;
        names_of(place).for_each(|name| keys_of(name, |key| keys.add(key, number)));
    }
    let records = records.finish();
    let prominence = |number: u32| {
        let record = records.records.get(number as usize * RECORD..).and_then(|rest| rest.first_chunk());
        record.map_or(Prominence { population: 0, names: 0 }, Prominence::of)
    };
    let mut table = KeyWriter::new(KeySections::<Vec<u8>>::default());
    for (key, mut numbers) in keys.sorted() {
        table.push(key, &mut numbers, prominence)?;
    }
    let keys = table.finish();
    let sections = [
        meta_section(meta),
        records.string_ends,
        records.strings,
        records.records,
        keys.key_ends,
        keys.keys,
        keys.values,
        keys.postings,
    ];
    let lengths: Vec<(&[u8; 4], u64)> =
        SECTIONS.iter().zip(&sections).map(|(tag, bytes)| (*tag, bytes.len() as u64)).collect();
    let mut content = section_table(&lengths);
    sections.iter().for_each(|bytes| content.extend_from_slice(bytes));
    let hash = Sha256::digest(&content);
    let count = u32::try_from(sections.len()).unwrap_or(0);
    let mut pack = Vec::with_capacity(HEADER + content.len());
    pack.extend_from_slice(&header(count, &hash.into()));
    pack.extend_from_slice(&content);
    Ok(pack)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::{Pack, PackError};
    use proptest::prelude::*;
    use std::sync::Arc;

    fn place(name: &str, aliases: &[&str], country: &str, population: u64) -> NewPlace {
        NewPlace {
            name: name.to_owned(),
            aliases: aliases.iter().map(|&alias| alias.to_owned()).collect(),
            geonameid: 7,
            position: Some((33.5, -44.25)),
            feature: "PPL".to_owned(),
            country: country.to_owned(),
            admin1: "North".to_owned(),
            population,
            ..NewPlace::default()
        }
    }

    fn sample() -> Vec<u8> {
        let places = [
            place("Tall Rif", &["Tel Reef", "TLRF"], "SY", 10),
            place("Al Qasr", &[], "EG", 5),
            place("Qasr", &[], "LY", 900),
        ];
        build(&[("title".to_owned(), "sample".to_owned())], &places).unwrap()
    }

    #[test]
    fn what_is_written_is_read() {
        let pack = Pack::open(Arc::new(sample())).unwrap();
        pack.verify().unwrap();
        assert_eq!(pack.rows(), 3);
        assert_eq!(pack.meta().next(), Some(("title", "sample")));
        let row = pack.row(0).unwrap();
        assert_eq!((row.name, row.country, row.population, row.admin1), ("Tall Rif", *b"SY", 10, "North"));
        assert_eq!(row.position, Some((33.5, -44.25)));
        assert_eq!(pack.find(Tier::Exact, "tel reef", 9), [0]);
        assert_eq!(pack.find(Tier::Exact, "tlrf", 9), [] as [u32; 0]);
        assert_eq!(pack.find(Tier::Core, "qasr", 9), [1]);
        assert_eq!(pack.find(Tier::Skeleton, "ksr", 9), [2, 1]);
        assert_eq!(pack.find(Tier::Exact, "nowhere", 9), [] as [u32; 0]);
        assert_eq!(pack.row(3), None);
    }

    #[test]
    fn the_same_records_give_the_same_bytes() {
        assert_eq!(sample(), sample());
    }

    #[test]
    fn other_files_are_refused() {
        assert_eq!(Pack::open(Arc::new(b"PK\x03\x04".to_vec())).unwrap_err(), PackError::NotAPack);
        let mut old = sample();
        old[8] = 99;
        assert_eq!(Pack::open(Arc::new(old)).unwrap_err(), PackError::Version { found: 99 });
        let mut cut = sample();
        cut.truncate(cut.len() - 1);
        assert!(matches!(Pack::open(Arc::new(cut)), Err(PackError::Section { .. })));
        let mut changed = sample();
        *changed.last_mut().unwrap() ^= 1;
        assert_eq!(Pack::open(Arc::new(changed)).unwrap().verify(), Err(PackError::Hash));
    }

    proptest! {
        #[test]
        fn a_damaged_pack_never_panics(at in 0usize..2000, with: u8, cut in 0usize..2000) {
            let mut bytes = sample();
            let length = bytes.len();
            bytes[at % length] = with;
            if cut % 3 == 0 {
                bytes.truncate(cut % length);
            }
            if let Ok(pack) = Pack::open(Arc::new(bytes)) {
                let _ = pack.verify();
                let _ = pack.meta().count();
                for tier in [Tier::Exact, Tier::Core, Tier::Skeleton] {
                    for key in ["tel reef", "qasr", "ksr", "zzz"] {
                        for number in pack.find(tier, key, 10) {
                            let _ = pack.row(number);
                        }
                    }
                }
            }
        }
    }
}
