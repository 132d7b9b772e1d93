//! Records to a pack. The same records give the same bytes.

use std::ops::Range;

use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

use crate::fold;
use crate::pack::{APPROXIMATE, ENTRY, HEADER, LIST, MAGIC, NOWHERE, RECORD, SCALE, Tier, VERSION};

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
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the pack is too large: {what} would pass 2³¹")]
pub struct TooLarge {
    what: &'static str,
}

/// Longest list of records under one skeleton: a looser key than that tells nothing.
const SKELETON_LIMIT: usize = 64;

#[derive(Default)]
struct Strings {
    numbers: FxHashMap<String, u32>,
    ends: Vec<u32>,
    bytes: Vec<u8>,
}

impl Strings {
    fn number(&mut self, text: &str) -> Result<u32, TooLarge> {
        if let Some(&number) = self.numbers.get(text) {
            return Ok(number);
        }
        let too_large = TooLarge { what: "text" };
        let number = u32::try_from(self.ends.len()).map_err(|_| too_large.clone())?;
        self.bytes.extend_from_slice(text.as_bytes());
        self.ends.push(u32::try_from(self.bytes.len()).map_err(|_| too_large)?);
        self.numbers.insert(text.to_owned(), number);
        Ok(number)
    }
}

/// Whether an alternative name is worth a key: airport codes, postal codes and links are not.
fn is_name(alias: &str) -> bool {
    let letters = alias.chars().filter(|c| c.is_alphabetic()).count();
    let code = alias.len() <= 4 && alias.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    letters >= 2 && !code && !alias.contains("://") && alias.chars().count() <= fold::MAX_NAME
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
    fn add(&mut self, tier: Tier, key: &str, number: u32) {
        let start = self.bytes.len();
        self.bytes.push(tier as u8);
        self.bytes.extend_from_slice(key.as_bytes());
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

/// Adds the keys of a record.
fn add_keys(keys: &mut Keys, place: &NewPlace, number: u32) {
    let aliases = place.aliases.iter().filter(|alias| is_name(alias));
    for name in std::iter::once(&place.name).chain(aliases) {
        let folded = fold::fold(name);
        if folded.is_empty() {
            continue;
        }
        keys.add(Tier::Exact, &folded, number);
        let core = fold::core(&folded);
        if core != folded {
            keys.add(Tier::Core, &core, number);
        }
        if let Some(skeleton) = fold::skeleton(&core) {
            keys.add(Tier::Skeleton, &skeleton, number);
        }
    }
}

/// Writes a pack. Records under one key stand in the order of the largest population first, then
/// of most names, then of the input, so that a reader may stop early.
///
/// # Errors
/// Where an offset would not fit into the layout.
pub fn build(meta: &[(String, String)], places: &[NewPlace]) -> Result<Vec<u8>, TooLarge> {
    let mut strings = Strings::default();
    strings.number("")?;
    let mut records = Vec::with_capacity(places.len() * RECORD);
    let mut keys = Keys::default();
    for (number, place) in places.iter().enumerate() {
        let number = u32::try_from(number)
            .ok()
            .filter(|number| number & LIST == 0)
            .ok_or(TooLarge { what: "records" })?;
        write_record(&mut records, &mut strings, place)?;
        add_keys(&mut keys, place, number);
    }
    let prominence = |number: &u32| {
        let place = &places[*number as usize];
        std::cmp::Reverse((place.population, place.aliases.len()))
    };
    let (mut key_ends, mut key_bytes) = (Vec::new(), Vec::new());
    let (mut values, mut postings): (Vec<u32>, Vec<u32>) = (Vec::new(), Vec::new());
    for (key, mut numbers) in keys.sorted() {
        numbers.sort_by_key(prominence);
        if key.first() == Some(&(Tier::Skeleton as u8)) {
            numbers.truncate(SKELETON_LIMIT);
        }
        key_bytes.extend_from_slice(key);
        key_ends.push(u32::try_from(key_bytes.len()).map_err(|_| TooLarge { what: "keys" })?);
        match numbers.as_slice() {
            [only] => values.push(*only),
            several => {
                let at = u32::try_from(postings.len())
                    .ok()
                    .filter(|at| at & LIST == 0)
                    .ok_or(TooLarge { what: "lists" })?;
                values.push(at | LIST);
                postings.push(u32::try_from(several.len()).map_err(|_| TooLarge { what: "lists" })?);
                postings.extend_from_slice(several);
            }
        }
    }
    let meta: String =
        meta.iter().map(|(key, value)| format!("{key}\t{}\n", value.replace(['\t', '\n'], " "))).collect();
    let words = |numbers: &[u32]| numbers.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<u8>>();
    Ok(assemble(&[
        (b"META", meta.into_bytes()),
        (b"STRO", words(&strings.ends)),
        (b"STRB", strings.bytes),
        (b"RECS", records),
        (b"KEYO", words(&key_ends)),
        (b"KEYB", key_bytes),
        (b"VALS", words(&values)),
        (b"POST", words(&postings)),
    ]))
}

fn write_record(out: &mut Vec<u8>, strings: &mut Strings, place: &NewPlace) -> Result<(), TooLarge> {
    // In range: a degree times 1e5 is below 2³¹.
    #[expect(clippy::cast_possible_truncation, reason = "checked to be a latitude and a longitude")]
    let units = |degrees: f64| (degrees * SCALE).round() as i32;
    let position = place.position.filter(|(lat, lon)| lat.abs() <= 90.0 && lon.abs() <= 180.0);
    let (lat, lon) = position.map_or((NOWHERE, NOWHERE), |(lat, lon)| (units(lat), units(lon)));
    let fields = [
        strings.number(&place.name)?,
        strings.number(&place.source_id)?,
        place.geonameid,
        lat.cast_unsigned(),
        lon.cast_unsigned(),
        u32::try_from(place.population).unwrap_or(u32::MAX),
        strings.number(&place.admin1)?,
        strings.number(&place.admin2)?,
        strings.number(&place.feature)?,
    ];
    out.extend(fields.iter().flat_map(|field| field.to_le_bytes()));
    let country: [u8; 2] = place.country.as_bytes().try_into().unwrap_or([0, 0]);
    out.extend_from_slice(&country);
    out.push(if place.approximate { APPROXIMATE } else { 0 });
    out.push(u8::try_from(place.aliases.len()).unwrap_or(u8::MAX));
    out.extend_from_slice(&[0; RECORD - 40]);
    Ok(())
}

fn assemble(sections: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut content = Vec::new();
    let mut at = HEADER + sections.len() * ENTRY;
    for (tag, bytes) in sections {
        content.extend_from_slice(*tag);
        content.extend_from_slice(&[0; 4]);
        content.extend_from_slice(&(at as u64).to_le_bytes());
        content.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
        at += bytes.len();
    }
    sections.iter().for_each(|(_, bytes)| content.extend_from_slice(bytes));
    let mut pack = Vec::with_capacity(at);
    pack.extend_from_slice(MAGIC);
    pack.extend_from_slice(&VERSION.to_le_bytes());
    pack.extend_from_slice(&u32::try_from(sections.len()).unwrap_or(0).to_le_bytes());
    pack.extend_from_slice(&Sha256::digest(&content));
    pack.extend_from_slice(&content);
    pack
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
