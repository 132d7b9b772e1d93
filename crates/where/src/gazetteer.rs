//! The gazetteer: packs, our supplement and the countries, asked as one.

use std::sync::Arc;

use record::country::{Countries, Country};
use record::table::{Table, TableError};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::builder::{BuildError, NewPlace, build};
use crate::context::ABBREVIATED;
use crate::fold;
use crate::geo::distance_km;
use crate::pack::{Pack, PackBytes, PackError, Row, Tier};
use crate::words::Words;

/// Most records that one name is looked up to in one pack. Packs keep the most populous first.
pub(crate) const LIMIT: usize = 60;
/// Least [`fold::likeness`] at which a name with the same consonants is a candidate. 0.86 keeps
/// "Qamishlo" for "Qamishli" and "Cheikh Zouweid" for "Sheikh Zuwayd" and drops most others.
pub(crate) const LIKE: f64 = 0.86;
/// The words that come with the program, `knowledge/place-words.tsv`.
pub const WORDS: &str = include_str!("../../../knowledge/place-words.tsv");

/// What the key of a record of a table of P-codes begins with: divisions with codes and, mostly, no position.
pub const PCODE: &str = "pcode:";

/// Why a gazetteer cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum GazetteerError {
    /// A pack.
    #[error("pack {number}: {source}")]
    Pack {
        /// Which of the packs given, from 1.
        number: usize,
        /// What is wrong.
        source: PackError,
    },
    /// The supplement or the table of words.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The supplement.
    #[error(transparent)]
    Build(#[from] BuildError),
}

/// What sort of place a record is, by its feature code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// PCLI and its kin.
    Country,
    /// ADM1.
    First,
    /// ADM2 and below.
    Second,
    /// PPL….
    Settlement,
    /// Airports, camps, bases, dams: a point.
    Spot,
    /// Regions, deserts, mountains, rivers, valleys: no point and no division.
    Region,
    /// Seas, gulfs, straits.
    Sea,
}

impl Level {
    /// By GeoNames feature code.
    #[must_use]
    pub fn of(feature: &str) -> Self {
        match feature {
            code if code.starts_with("PCL") => Self::Country,
            "ADM1" => Self::First,
            code if code.starts_with("ADM") => Self::Second,
            code if code.starts_with("PPL") || code == "STLMT" => Self::Settlement,
            "RGN" | "DSRT" | "MTS" | "MT" | "STM" | "VAL" | "AREA" | "ISL" | "ISLS" | "PEN" | "CONT"
            | "LK" | "FRST" | "PLN" | "RGNE" | "TERR" | "BSN" | "HLLS" | "RD" | "ZN" | "PLAT" | "CST" => {
                Self::Region
            }
            "SEA" | "GULF" | "STRT" | "BAY" | "OCN" | "CHN" => Self::Sea,
            _ => Self::Spot,
        }
    }
}

/// Which record of which pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecordId {
    pack: usize,
    row: u32,
}

impl RecordId {
    /// Which of [`Gazetteer::packs`].
    #[must_use]
    pub const fn pack(self) -> usize {
        self.pack
    }
}

/// A record that a name can mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Which record.
    pub id: RecordId,
    /// Main name.
    pub name: String,
    /// GeoNames id.
    pub geonameid: Option<u64>,
    /// The gazetteer's own key.
    pub source_id: Option<String>,
    /// Feature code.
    pub feature: String,
    /// What sort.
    pub level: Level,
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
    /// First-order division.
    pub admin1: Option<String>,
    /// Second-order division.
    pub admin2: Option<String>,
    /// Degrees north and east.
    pub position: Option<(f64, f64)>,
    /// The position was derived from what lies in the area.
    pub approximate: bool,
    /// People; 0 where not known.
    pub population: u32,
    /// How many other names the record has.
    pub names: u8,
    /// How the name was found.
    pub tier: Tier,
    /// How alike the name asked for and the record's are, 0–1; 1 for all but skeletons.
    pub likeness: f64,
    /// The record is of our supplement: places that the news names often.
    pub supplement: bool,
    /// The record is one of our local places: reports of violence name it, beside words that say it is a place.
    pub local: bool,
}

/// The gazetteer.
#[derive(Debug, Clone)]
pub struct Gazetteer {
    packs: Vec<Pack>,
    /// Index of the in-memory pack made of the supplement; that of the local places follows it.
    supplement: usize,
    /// Which packs hold divisions with their P-codes.
    with_pcodes: Vec<usize>,
    iso3: FxHashMap<[u8; 2], String>,
    /// First-order divisions that the supplement names: country and [`fold::core`] to the name that the field uses.
    divisions: FxHashMap<([u8; 2], String), String>,
    /// First words of the names of countries, folded.
    country_heads: FxHashSet<String>,
    pub(crate) countries: Countries,
    pub(crate) words: Words,
}

impl Gazetteer {
    /// A gazetteer of packs, the supplement (`knowledge/places.tsv`), tables of local places
    /// (`knowledge/local-places.tsv`, `knowledge/fought-over.tsv`) and the countries. Without packs it
    /// knows the tables and the countries.
    ///
    /// # Errors
    /// Where a pack is damaged or of another version, or a table cannot be read.
    pub fn new(
        packs: Vec<PackBytes>,
        supplement_tsv: &str,
        local_tsv: &[&str],
        countries: &Countries,
    ) -> Result<Self, GazetteerError> {
        let mut opened = Vec::with_capacity(packs.len() + 3);
        for (index, bytes) in packs.into_iter().enumerate() {
            opened.push(
                Pack::open(bytes).map_err(|source| GazetteerError::Pack { number: index + 1, source })?,
            );
        }
        let in_memory = |places: &[NewPlace]| -> Result<Pack, GazetteerError> {
            Pack::open(Arc::new(build(&[], places)?))
                .map_err(|source| GazetteerError::Pack { number: 0, source })
        };
        let nations: Vec<NewPlace> = countries.all().iter().map(nation).collect();
        opened.push(in_memory(&nations)?);
        let supplement = opened.len();
        let mut ours = read_supplement(supplement_tsv, countries)?;
        place_divisions(&mut ours, &opened);
        opened.push(in_memory(&ours)?);
        let mut local = Vec::new();
        for table in local_tsv {
            local.extend(read_supplement(table, countries)?);
        }
        opened.push(in_memory(&local)?);
        let code = |country: &Country| Some((country.iso2.as_bytes().try_into().ok()?, country.iso3.clone()));
        let codes =
            |(index, pack): (usize, &Pack)| pack.meta().any(|(key, _)| key == "pcodes").then_some(index);
        Ok(Self {
            with_pcodes: opened.iter().enumerate().filter_map(codes).collect(),
            packs: opened,
            supplement,
            country_heads: nations
                .iter()
                .flat_map(|nation| std::iter::once(&nation.name).chain(&nation.aliases))
                .filter_map(|name| fold::fold(name).split(' ').next().map(str::to_owned))
                .collect(),
            divisions: division_names(&ours),
            iso3: countries.all().iter().filter_map(code).collect(),
            countries: countries.clone(),
            words: Words::from_table(WORDS)?,
        })
    }

    /// The packs in use, the two made in memory included.
    #[must_use]
    pub fn packs(&self) -> &[Pack] {
        &self.packs
    }

    /// Whether any pack holds P-codes.
    pub(crate) fn has_pcodes(&self) -> bool {
        !self.with_pcodes.is_empty()
    }

    /// The packs that hold divisions with their P-codes.
    pub(crate) fn with_pcodes(&self) -> impl Iterator<Item = &Pack> {
        self.with_pcodes.iter().filter_map(|&index| self.packs.get(index))
    }

    fn candidate(&self, id: RecordId, row: &Row<'_>, tier: Tier, likeness: f64) -> Candidate {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let division = |name: &str| {
            let key = (row.country, fold::core(&fold::fold(name)));
            some(name).map(|name| self.divisions.get(&key).cloned().unwrap_or(name))
        };
        Candidate {
            id,
            name: row.name.to_owned(),
            geonameid: (row.geonameid != 0).then(|| u64::from(row.geonameid)),
            source_id: some(row.source_id),
            feature: row.feature.to_owned(),
            level: Level::of(row.feature),
            country: self.iso3.get(&row.country).cloned(),
            admin1: division(row.admin1),
            admin2: some(row.admin2),
            position: row.position,
            approximate: row.approximate,
            population: row.population,
            names: row.names,
            tier,
            likeness,
            supplement: id.pack == self.supplement,
            local: id.pack == self.supplement + 1,
        }
    }

    /// Whether any record bears the name, exactly or but for articles and words of kind.
    #[must_use]
    pub fn knows(&self, name: &str) -> bool {
        let folded = self.written_out(name).unwrap_or_else(|| fold::fold(name));
        let core = fold::core(&folded);
        self.packs.iter().any(|pack| {
            pack.has(Tier::Exact, &folded)
                || pack.has(Tier::Core, &core)
                || (core != folded && pack.has(Tier::Exact, &core))
        })
    }

    /// Whether any record bears exactly the name.
    #[must_use]
    pub(crate) fn bears(&self, name: &str) -> bool {
        self.written_out(name).is_some() || self.has_exactly(&fold::fold(name))
    }

    fn has_exactly(&self, folded: &str) -> bool {
        self.packs.iter().any(|pack| pack.has(Tier::Exact, folded))
    }

    /// The folded name that one with a shortened direction stands for, where a record bears that: "N. Samar" is
    /// "northern samar".
    fn written_out(&self, name: &str) -> Option<String> {
        let (first, rest) = name.split_once(' ').filter(|(first, _)| first.len() <= 4)?;
        let bare: String = first.chars().filter(|&c| c != '.').collect();
        let (_, words) = ABBREVIATED.iter().find(|(short, _)| *short == bare)?;
        let rest = fold::fold(rest);
        if rest.is_empty() || self.has_exactly(&fold::fold(name)) {
            return None;
        }
        words.iter().map(|word| format!("{word} {rest}")).find(|full| self.has_exactly(full))
    }

    /// Every record that a name can mean, the closest spelling first. Names that only sound alike are
    /// candidates where nothing is closer.
    #[must_use]
    pub fn lookup(&self, name: &str) -> Vec<Candidate> {
        let folded = self.written_out(name).unwrap_or_else(|| fold::fold(name));
        if folded.is_empty() {
            return Vec::new();
        }
        let core = fold::core(&folded);
        let mut seen: FxHashSet<RecordId> = FxHashSet::default();
        let mut found: Vec<Candidate> = Vec::new();
        let mut gather = |tier: Tier, stored: Tier, key: &str, found: &mut Vec<Candidate>| {
            for (pack_index, pack) in self.packs.iter().enumerate() {
                for row_index in pack.find(stored, key, LIMIT) {
                    let id = RecordId { pack: pack_index, row: row_index };
                    let Some(row) = pack.row(row_index) else { continue };
                    // An acronym of a country is one only in capitals ("us", "car").
                    let country = Level::of(row.feature) == Level::Country;
                    // A division that is only a name and a code adds a namesake without a position to every place.
                    if row.position.is_none() && row.source_id.starts_with(PCODE) {
                        continue;
                    }
                    if country && (tier == Tier::Skeleton || !self.names_country(name)) {
                        continue;
                    }
                    let likeness = match tier {
                        Tier::Skeleton => fold::likeness(&core, &fold::core(&fold::fold(row.name))),
                        _ => 1.0,
                    };
                    if likeness >= LIKE && seen.insert(id) {
                        found.push(self.candidate(id, &row, tier, likeness));
                    }
                }
            }
        };
        gather(Tier::Exact, Tier::Exact, &folded, &mut found);
        gather(Tier::Core, Tier::Core, &core, &mut found);
        if core != folded {
            gather(Tier::Core, Tier::Exact, &core, &mut found);
        }
        if found.is_empty()
            && let Some(skeleton) = fold::skeleton(&core)
        {
            gather(Tier::Skeleton, Tier::Skeleton, &skeleton, &mut found);
        }
        merge(found)
    }

    /// The country of an adjective or of a word for its people ("Iraqi"), which names no place by itself
    /// but can be asked for one.
    #[must_use]
    pub fn lookup_people(&self, word: &str) -> Vec<Candidate> {
        self.countries.by_demonym(word).map_or_else(Vec::new, |country| {
            let mut found = self.lookup(&country.name);
            found.retain(|candidate| {
                candidate.level == Level::Country && candidate.country.as_ref() == Some(&country.iso3)
            });
            found
        })
    }

    /// Whether a country bears the name, by the rule of case of [`Countries::by_name`].
    fn names_country(&self, name: &str) -> bool {
        self.countries.by_name(name).is_some() || name.chars().filter(|c| c.is_alphabetic()).count() > 4
    }

    /// Whether the name of a country begins with a word.
    pub(crate) fn begins_country(&self, word: &str) -> bool {
        self.country_heads.contains(fold::fold(word).as_str())
    }

    /// Whether a word is an adjective of a country or a word for its people, and not also its name.
    #[must_use]
    pub fn is_demonym(&self, word: &str) -> bool {
        self.countries.by_demonym(word).is_some() && self.countries.by_name(word).is_none()
    }
}

/// One record for each place: packs overlap, and GeoNames lists a division beside its seat.
fn merge(mut found: Vec<Candidate>) -> Vec<Candidate> {
    found.sort_by(|a, b| {
        let rank =
            |c: &Candidate| (c.tier, std::cmp::Reverse(c.supplement), std::cmp::Reverse(c.population), c.id);
        rank(a).cmp(&rank(b))
    });
    let mut kept: Vec<Candidate> = Vec::with_capacity(found.len());
    for candidate in found {
        let twin = kept.iter_mut().find(|other| {
            let same_id = other.geonameid.is_some() && other.geonameid == candidate.geonameid;
            let close = match (other.position, candidate.position) {
                // Two records of one level within ten kilometres under one name are one place.
                (Some(a), Some(b)) => distance_km(a, b) < 10.0,
                _ => false,
            };
            // The supplement names a division that the packs place.
            let one_of_ours = other.supplement != candidate.supplement && other.level == Level::First;
            let close = close || one_of_ours;
            same_id || (other.level == candidate.level && other.country == candidate.country && close)
        });
        match twin {
            Some(other) => complete(other, candidate),
            None => kept.push(candidate),
        }
    }
    // A record that came by its id from another may now be one with a third.
    let mut one_each: Vec<Candidate> = Vec::with_capacity(kept.len());
    for candidate in kept {
        let same =
            |other: &&mut Candidate| other.geonameid.is_some() && other.geonameid == candidate.geonameid;
        match one_each.iter_mut().find(same) {
            Some(other) => complete(other, candidate),
            None => one_each.push(candidate),
        }
    }
    one_each
}

/// What the first record does not know, the second may.
fn complete(record: &mut Candidate, other: Candidate) {
    record.geonameid = record.geonameid.or(other.geonameid);
    record.population = record.population.max(other.population);
    record.names = record.names.max(other.names);
    record.local |= other.local;
    record.admin1 = record.admin1.take().or(other.admin1);
    record.admin2 = record.admin2.take().or(other.admin2);
    record.position = record.position.or(other.position);
}

/// Gives the supplement's divisions, which come without a position, that of the packs.
fn place_divisions(ours: &mut [NewPlace], packs: &[Pack]) {
    for place in ours.iter_mut().filter(|place| place.position.is_none() && place.feature == "ADM1") {
        let names: Vec<String> =
            std::iter::once(&place.name).chain(&place.aliases).map(|name| fold::fold(name)).collect();
        let rows = packs.iter().flat_map(|pack| {
            names.iter().flat_map(move |name| {
                let exact = pack.find(Tier::Exact, name, LIMIT);
                let found =
                    if exact.is_empty() { pack.find(Tier::Core, &fold::core(name), LIMIT) } else { exact };
                found.into_iter().filter_map(move |row| pack.row(row))
            })
        });
        let same = |row: &Row<'_>| {
            row.feature == "ADM1" && row.country == place.country.as_bytes() && row.position.is_some()
        };
        let found = rows.filter(same).max_by_key(|row| row.population);
        if let Some(row) = found {
            let (position, id, population) = (row.position, row.geonameid, row.population);
            place.position = position;
            place.geonameid = id;
            place.population = u64::from(population);
        }
    }
}

/// The supplement's names of first-order divisions, by every spelling that it lists.
fn division_names(places: &[NewPlace]) -> FxHashMap<([u8; 2], String), String> {
    let divisions = places.iter().filter(|place| place.feature == "ADM1");
    divisions
        .filter_map(|place| Some((<[u8; 2]>::try_from(place.country.as_bytes()).ok()?, place)))
        .flat_map(|(country, place)| {
            let names = std::iter::once(&place.name).chain(&place.aliases);
            names.map(move |name| ((country, fold::core(&fold::fold(name))), place.name.clone()))
        })
        .collect()
}

fn nation(country: &Country) -> NewPlace {
    NewPlace {
        name: country.name.clone(),
        // Short acronyms are kept off by the builder, which takes them for codes: dots let them through.
        aliases: country
            .aliases
            .iter()
            .map(|alias| {
                let code = alias.len() <= 4 && alias.chars().all(|c| c.is_ascii_uppercase());
                if code { alias.chars().flat_map(|c| [c, '.']).collect() } else { alias.clone() }
            })
            .collect(),
        source_id: format!("iso:{}", country.iso3),
        feature: "PCLI".to_owned(),
        country: country.iso2.clone(),
        ..NewPlace::default()
    }
}

/// Reads `knowledge/places.tsv`, or a table of the same columns.
fn read_supplement(text: &str, countries: &Countries) -> Result<Vec<NewPlace>, TableError> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let needed = ["name", "aliases", "iso3", "admin1", "admin2", "feature_code", "lat", "lon"];
    let table = Table::parse("places", text, &needed)?;
    let mut places = Vec::new();
    for row in table.rows() {
        let name = row.get("name");
        let iso3 = row.get("iso3");
        let country = match (iso3, countries.by_iso3(iso3)) {
            ("", _) => String::new(),
            (_, Some(country)) => country.iso2.clone(),
            (code, None) => return Err(row.error(format!("`{code}` is no ISO 3166-1 alpha-3 code"))),
        };
        if name.is_empty() || row.get("feature_code").is_empty() {
            return Err(row.error("expected a name and a feature code".to_owned()));
        }
        let position: (Option<f64>, Option<f64>) = (row.parsed("lat")?, row.parsed("lon")?);
        places.push(NewPlace {
            name: name.to_owned(),
            aliases: row.list("aliases").map(str::to_owned).collect(),
            source_id: match row.get("source_id") {
                "" => format!("watchpost:{}:{}", iso3.to_lowercase(), fold::fold(name).replace(' ', "-")),
                id => id.to_owned(),
            },
            geonameid: row.parsed("geonameid")?.unwrap_or(0),
            position: position.0.zip(position.1),
            feature: row.get("feature_code").to_owned(),
            country,
            admin1: row.get("admin1").to_owned(),
            admin2: row.get("admin2").to_owned(),
            population: row.parsed("population")?.unwrap_or(0),
            ..NewPlace::default()
        });
    }
    Ok(places)
}
