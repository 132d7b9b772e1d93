/*! Derives `knowledge/fought-over.tsv`: places that are fought over and that the gazetteer at hand lacks.

Two sources, both read from the data folder, neither shipped:

- UCDP's Georeferenced Event Dataset (Sundberg and Melander 2013; CC BY 4.0): the places of events that are located at a point,
  near one or in a second-order division (`where_prec` 1–3), named by at least [`EVENTS`] events each, and the
  second-order divisions that at least as many events lie in;
- Who's On First (CC0, and CC BY 4.0 for what comes from GeoNames): districts of [`COUNTRIES`].

A name is kept if it is not a word of English (as the English Web Treebank writes it in lower case), of our
tables of words, an actor or a country, and if no record of its country that the gazetteer finds under it lies near: the table
says only what would else not be known. The same data give the same bytes.
*/

use crate::reader::With;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::io::BufRead;

use anyhow::{Context, Result};
use record::country::{Countries, Country};
use text::Text;
use whereabouts::builder::NewPlace;
use whereabouts::geo::distance_km;
use whereabouts::words::{Class, Words};
use whereabouts::{Level, Tier, fold};

use crate::{Options, Reader};

/// UCDP's events, below the data folder.
const GED: &str = "ucdp_ged/events_50346.csv";
/// Who's On First, below the data folder.
/// Who's On First.
pub(crate) const WOF: &str = "gazetteer/wof_18.tsv.zst";
/// The treebank whose lower-case words are no names.
const TREEBANK: [&str; 2] =
    ["ud_english_ewt/en_ewt-ud-train.rebuilt.conllu", "ud_english_ewt/en_ewt-ud-dev.conllu"];
/// Events that must name a place.
const EVENTS: usize = 3;
/// Countries whose districts are taken from Who's On First: those of its excerpt in which armed groups fight.
const COUNTRIES: [&str; 14] =
    ["AF", "BF", "EG", "IQ", "LY", "ML", "NE", "NG", "PK", "SD", "SO", "SY", "TR", "YE"];
/// Kilometres within which a record of the same name is the same point, or the same district or its seat.
const SAME_POINT_KM: f64 = 25.0;
const SAME_DISTRICT_KM: f64 = 60.0;
/// Kilometres beyond which events under one name and division were at two places.
const SPREAD_KM: f64 = 30.0;
/// Least [`fold::likeness`] of another spelling of a name.
const VARIANT: f64 = 0.8;
/// Kilometres within which a row of our own is meant by the same name.
const OUR_ROW_KM: f64 = 100.0;
/// Least and most letters, and most words, of a name.
const LETTERS: std::ops::RangeInclusive<usize> = 4..=32;
const MOST_WORDS: usize = 4;
/// Least letters of the name of a district of Who's On First: its lists are long, and short names many.
const LEAST_DISTRICT: usize = 5;

/// What was derived.
pub struct Derived {
    /// The table.
    pub table: String,
    /// How much of it there is, for people.
    pub summary: String,
}

/// A place of one of the sources, before it is known whether it is lacking.
#[derive(Debug, Clone, PartialEq)]
struct Found {
    name: String,
    aliases: Vec<String>,
    iso3: String,
    admin1: String,
    admin2: String,
    feature: &'static str,
    position: (f64, f64),
    source: &'static str,
    geonameid: u32,
    source_id: String,
}

/// Derives the table.
pub fn run(options: &Options, with: &With) -> Result<Derived> {
    let reader = crate::reader::coder_with(with, "")?;
    let countries = super::tasks::common::countries()?;
    let english = english(options)?;
    let words = Words::from_table(whereabouts::WORDS)?;
    let mut found = Vec::new();
    let (mut of_ged, mut of_wof) = (0, 0);
    if options.has(GED) {
        found.extend(of_events(options, &countries)?);
        of_ged = found.len();
    }
    if options.has(WOF) {
        found.extend(districts(whos_on_first(options, &countries)?, &countries));
        of_wof = found.len() - of_ged;
    }
    let name = |place: &Found| is_name(&place.name, &english, &words, &reader, &countries);
    let mut kept: Vec<Found> = Vec::new();
    for mut place in found {
        let is_alias = |alias: &String| is_name(alias, &english, &words, &reader, &countries);
        place.aliases.retain(is_alias);
        let near = |other: &&Found| {
            other.iso3 == place.iso3
                && distance_km(other.position, place.position) < SAME_DISTRICT_KM
                && fold::core(&fold::fold(&other.name)) == fold::core(&fold::fold(&place.name))
        };
        if name(&place) && is_lacking(&place, &reader) && kept.iter().find(near).is_none() {
            kept.push(place);
        }
    }
    kept.sort_by(|a, b| {
        (&a.iso3, &a.name, &a.admin1, &a.admin2).cmp(&(&b.iso3, &b.name, &b.admin1, &b.admin2))
    });
    let nations: BTreeSet<&str> = kept.iter().map(|place| place.iso3.as_str()).collect();
    let summary = format!(
        "{} places of {of_ged} of UCDP and {of_wof} of Who's On First, in {} countries",
        kept.len(),
        nations.len()
    );
    Ok(Derived { table: table(&kept), summary })
}

/// The table as text.
fn table(places: &[Found]) -> String {
    let mut out = String::from(
        "# Places that are fought over and that the gazetteer lacks, derived from published data: `watchpost-eval derive-places`.\n\
         # Do not edit; rows of our own stand in local-places.tsv. UCDP: UCDP Georeferenced Event Dataset, Uppsala Conflict Data\n\
         # Program (CC BY 4.0), names and positions as it codes them. WOF: Who's On First (CC0; CC BY 4.0 where from GeoNames).\n\
         name\taliases\tiso3\tadmin1\tadmin2\tfeature_code\tlat\tlon\tsource\tgeonameid\tsource_id\n",
    );
    for place in places {
        let id = if place.geonameid == 0 { String::new() } else { place.geonameid.to_string() };
        let (lat, lon) = place.position;
        let _ = writeln!(
            out,
            "{}\t{}\t{}\t{}\t{}\t{}\t{lat:.4}\t{lon:.4}\t{}\t{id}\t{}",
            place.name,
            place.aliases.join("|"),
            place.iso3,
            place.admin1,
            place.admin2,
            place.feature,
            place.source,
            place.source_id
        );
    }
    out
}

/// Words that the treebank writes in lower case and does not tag as names.
fn english(options: &Options) -> Result<BTreeSet<String>> {
    let mut words = BTreeSet::new();
    for file in TREEBANK {
        if !options.has(file) {
            continue;
        }
        for line in options.open(file)?.lines() {
            let line = line.with_context(|| file.to_owned())?;
            let cells: Vec<&str> = line.split('\t').collect();
            if let [_, form, _, tag, ..] = cells.as_slice()
                && *tag != "PROPN"
                && form.chars().all(char::is_lowercase)
            {
                words.insert((*form).to_owned());
            }
        }
    }
    Ok(words)
}

/// Whether something can be told from words, persons, groups and countries as the name of a place.
fn is_name(
    name: &str,
    english: &BTreeSet<String>,
    words: &Words,
    reader: &Reader,
    countries: &Countries,
) -> bool {
    let folded = fold::fold(name);
    let core = fold::core(&folded);
    let parts: Vec<&str> = core.split(' ').collect();
    let classes = [
        Class::Common,
        Class::Person,
        Class::Function,
        Class::Calendar,
        Class::Title,
        Class::Facility,
        Class::Settlement,
        Class::Admin1,
        Class::Admin2,
        Class::Natural,
        Class::Modifier,
        Class::Organisation,
        Class::Saying,
        Class::Part,
    ];
    let common = |part: &&str| english.contains(*part) || words.any(part, &classes);
    let text = Text::new(name);
    let registry = &reader.coder.knowledge().who;
    let letters = core.chars().filter(|c| c.is_alphabetic()).count();
    LETTERS.contains(&letters)
        && parts.len() <= MOST_WORDS
        && !parts.iter().all(common)
        && !name
            .contains(|c: char| c.is_ascii_digit() || matches!(c, '(' | ')' | '/' | ',' | ';' | ':' | '"'))
        && countries.by_name(name).is_none()
        && countries.by_demonym(name).is_none()
        && registry.find(&text, 0..text.tokens.len()).is_empty()
}

/// Whether the gazetteer finds nothing near a place under its name in its country.
fn is_lacking(place: &Found, reader: &Reader) -> bool {
    let district = Level::of(place.feature) == Level::Second;
    let found = reader.coder.knowledge().places.lookup(&place.name);
    !found.iter().any(|candidate| {
        let wide = district
            && (candidate.level == Level::Second
                || candidate.level == Level::First
                    && fold::core(&fold::fold(&candidate.name)) == fold::core(&fold::fold(&place.admin1)));
        let near = |km: f64| candidate.position.is_some_and(|at| distance_km(at, place.position) < km);
        candidate.country.as_deref() == Some(place.iso3.as_str())
            && (candidate.tier != Tier::Skeleton || candidate.likeness > 0.9)
            && (candidate.local && near(OUR_ROW_KM)
                || near(if district { SAME_DISTRICT_KM } else { SAME_POINT_KM })
                || wide
                    && candidate
                        .position
                        .is_none_or(|at| distance_km(at, place.position) < 4.0 * SAME_DISTRICT_KM))
    })
}

/// Degrees north and east.
type Position = (f64, f64);

/// One row of UCDP's table that is located well enough.
struct Event {
    country: String,
    admin1: String,
    admin2: String,
    place: String,
    precision: char,
    position: (f64, f64),
}

fn events(options: &Options, countries: &Countries) -> Result<Vec<Event>> {
    let mut text = String::new();
    options.open(GED)?.read_to_string(&mut text)?;
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headers = reader.headers()?.clone();
    let column = |name: &str| {
        headers.iter().position(|header| header == name).with_context(|| format!("{GED}: no column {name}"))
    };
    let (country, admin1, admin2) = (column("country")?, column("adm_1")?, column("adm_2")?);
    let (place, precision) = (column("where_coordinates")?, column("where_prec")?);
    let (lat, lon) = (column("latitude")?, column("longitude")?);
    let mut events = Vec::new();
    for row in reader.records() {
        let row = row.with_context(|| GED.to_owned())?;
        let cell = |index: usize| row.get(index).unwrap_or("").trim();
        let position = cell(lat).parse().ok().zip(cell(lon).parse().ok());
        let precision = cell(precision).chars().next().filter(|precision| ('1'..='3').contains(precision));
        let Some(((position, precision), nation)) =
            position.zip(precision).zip(nation(cell(country), countries))
        else {
            continue;
        };
        let admin1 = without_kind(cell(admin1)).0;
        // UCDP's Israel holds the Palestinian territories; ISO 3166-1 has them apart.
        let territory =
            nation.iso3 == "ISR" && (admin1.starts_with("Gaza") || admin1.starts_with("West Bank"));
        events.push(Event {
            country: if territory { "PSE".to_owned() } else { nation.iso3.clone() },
            admin1,
            admin2: cell(admin2).to_owned(),
            place: cell(place).to_owned(),
            precision,
            position,
        });
    }
    Ok(events)
}

/// A country by UCDP's name: "DR Congo (Zaire)", "Myanmar (Burma)".
fn nation<'c>(name: &str, countries: &'c Countries) -> Option<&'c Country> {
    let bare = name.split('(').next().unwrap_or(name).trim();
    countries.by_name(bare).or_else(|| countries.by_name(name))
}

/// The places and the divisions that enough events name.
fn of_events(options: &Options, countries: &Countries) -> Result<Vec<Found>> {
    let events = events(options, countries)?;
    let mut points: BTreeMap<[String; 4], Vec<Position>> = BTreeMap::new();
    let mut divisions: BTreeMap<[String; 3], Vec<(bool, Position)>> = BTreeMap::new();
    for event in &events {
        if event.precision != '3' {
            let key = [&event.country, &event.place, &event.admin1, &event.admin2].map(String::clone);
            points.entry(key).or_default().push(event.position);
        }
        if !event.admin2.is_empty() {
            let key = [&event.country, &event.admin1, &event.admin2].map(String::clone);
            divisions.entry(key).or_default().push((event.precision == '3', event.position));
        }
    }
    let mut found = Vec::new();
    for ([iso3, place, admin1, admin2], at) in points {
        let position = middle(&at);
        let together = at.iter().filter(|here| distance_km(**here, position) < SPREAD_KM).count();
        let Some((name, aliases, feature)) = named(&place) else { continue };
        if together >= EVENTS && together * 2 > at.len() {
            let admin2 = without_kind(&admin2).0;
            found.push(ours(name, aliases, iso3, admin1, admin2, feature, position));
        }
    }
    for ([iso3, admin1, admin2], at) in divisions {
        let (name, kind) = without_kind(&admin2);
        if at.len() < EVENTS || kind.is_empty() || !is_titled(&name) {
            continue;
        }
        // The point that stands for the division where events are placed by it alone, else amid the events.
        let own: Vec<(f64, f64)> = at.iter().filter(|(own, _)| *own).map(|(_, at)| *at).collect();
        let all: Vec<(f64, f64)> = at.iter().map(|(_, at)| *at).collect();
        let position = middle(if own.is_empty() { &all } else { &own });
        found.push(ours(name.clone(), Vec::new(), iso3, admin1, name, "ADM2", position));
    }
    Ok(found)
}

fn ours(
    name: String,
    aliases: Vec<String>,
    iso3: String,
    admin1: String,
    admin2: String,
    feature: &'static str,
    position: (f64, f64),
) -> Found {
    Found {
        name,
        aliases,
        iso3,
        admin1,
        admin2,
        feature,
        position,
        source: "UCDP",
        geonameid: 0,
        source_id: String::new(),
    }
}

/// The median of each coordinate.
fn middle(at: &[(f64, f64)]) -> (f64, f64) {
    let median = |of: fn(&(f64, f64)) -> f64| {
        let mut values: Vec<f64> = at.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or(0.0)
    };
    (median(|at| at.0), median(|at| at.1))
}

/// Words of kind that UCDP puts behind a name, and the feature of what it names. An empty code: no place of that name.
const KINDS: &[(&str, &str)] = &[
    ("town", "PPL"),
    ("village", "PPL"),
    ("city", "PPL"),
    ("suburb", "PPLX"),
    ("neighbourhood", "PPLX"),
    ("neighborhood", "PPLX"),
    ("municipality", "ADM2"),
    ("district", "ADM2"),
    ("tehsil", "ADM3"),
    ("lga", "ADM2"),
    ("county", "ADM2"),
    ("payam", "ADM3"),
    ("sub-district", "ADM3"),
    ("subdistrict", "ADM3"),
    ("raion", "ADM2"),
    ("agency", "ADM2"),
    ("region", "ADM2"),
    ("commune", "ADM3"),
    ("locality", "PPL"),
    ("community", "PPL"),
    ("area", "AREA"),
    ("valley", "VAL"),
    ("mountain", "MT"),
    ("mountains", "MTS"),
    ("hill", "HLL"),
    ("hills", "HLLS"),
    ("island", "ISL"),
    ("islands", "ISLS"),
    ("dam", "DAM"),
    ("camp", "CMP"),
    ("airport", "AIRP"),
    ("airbase", "INSM"),
    ("base", "INSM"),
    ("oilfield", "OILF"),
    ("desert", "DSRT"),
    ("forest", "FRST"),
    ("plain", "PLN"),
    ("pass", "PASS"),
    ("province", "ADM1"),
    ("department", "ADM1"),
    ("governorate", "ADM1"),
    ("state", "ADM1"),
    ("oblast", "ADM1"),
    ("prefecture", "ADM1"),
    ("territory", "ADM1"),
];

/// Words of kind that belong to the name.
const PART_OF_NAME: &[&str] = &[
    "valley",
    "mountain",
    "mountains",
    "hill",
    "hills",
    "island",
    "islands",
    "dam",
    "camp",
    "airport",
    "airbase",
    "base",
    "oilfield",
    "desert",
    "forest",
    "plain",
    "pass",
];

/// A name without the word of kind behind it or before it, and that word in lower case.
fn without_kind(name: &str) -> (String, String) {
    let name = name.trim().strip_prefix("Qaḑā’ ").unwrap_or(name.trim());
    match name.rsplit_once(' ') {
        Some((head, last)) if KINDS.iter().any(|(kind, _)| *kind == last.to_lowercase()) => {
            (head.trim().to_owned(), last.to_lowercase())
        }
        _ => (name.to_owned(), String::new()),
    }
}

/// The name, other spellings and feature of a place as UCDP writes it: "Tirah valley", "Al Rukban camp", "Mosul (Al Mawsil) city".
fn named(place: &str) -> Option<(String, Vec<String>, &'static str)> {
    let mut aliases = Vec::new();
    let mut bare = place.to_owned();
    if let Some((head, rest)) = place.split_once('(')
        && let Some((inside, tail)) = rest.split_once(')')
    {
        bare = format!("{} {}", head.trim(), tail.trim()).trim().to_owned();
        aliases.push(inside.trim().to_owned());
    }
    let (name, kind) = without_kind(&bare);
    let (first, others) = name.split_once('/').map_or((name.as_str(), None), |(a, b)| (a, Some(b)));
    aliases.extend(others.map(|other| other.trim().to_owned()));
    aliases.retain(|alias| is_titled(alias));
    let name = first.trim();
    let (_, feature) = KINDS.iter().find(|(known, _)| *known == kind)?;
    if !is_titled(name) || *feature == "ADM1" {
        return None;
    }
    if PART_OF_NAME.contains(&kind.as_str()) {
        let mut letters = kind.chars();
        let head: String = letters.next().map(char::to_uppercase).into_iter().flatten().collect();
        // "Tirah valley" is found as "Tirah" too, a dam or a base only by its whole name.
        if matches!(*feature, "VAL" | "ISL" | "ISLS") {
            aliases.push(name.to_owned());
        }
        return Some((format!("{name} {head}{}", letters.as_str()), aliases, feature));
    }
    Some((name.to_owned(), aliases, feature))
}

/// Whether every word of a name is one of a name, particles apart.
fn is_titled(name: &str) -> bool {
    let particle = |word: &str| {
        matches!(
            word,
            "al" | "el"
                | "de"
                | "del"
                | "la"
                | "las"
                | "los"
                | "e"
                | "i"
                | "as"
                | "ash"
                | "at"
                | "az"
                | "an"
                | "ar"
                | "ad"
                | "ez"
                | "wa"
                | "y"
        )
    };
    let head = |word: &str| {
        word.trim_start_matches(|c: char| !c.is_alphanumeric()).chars().next().is_some_and(char::is_uppercase)
            || word.split_once('-').is_some_and(|(article, rest)| {
                particle(article) && rest.chars().next().is_some_and(char::is_uppercase)
            })
    };
    let mut words = name.split_whitespace();
    name.chars().next().is_some()
        && words.all(|word| particle(word) || head(word))
        && name.split_whitespace().next_back().is_some_and(head)
}

/// The table of Who's On First, where it is there.
pub(crate) fn whos_on_first(options: &Options, countries: &Countries) -> Result<Vec<NewPlace>> {
    let path = options.data.join(WOF);
    let file = std::fs::File::open(&path).with_context(|| path.display().to_string())?;
    let bytes = zstd::decode_all(file).with_context(|| path.display().to_string())?;
    let (places, _) =
        watchpost_pack::import::places_of(&bytes, countries).with_context(|| path.display().to_string())?;
    Ok(places)
}

/// Districts of Who's On First.
fn districts(places: Vec<NewPlace>, countries: &Countries) -> Vec<Found> {
    let mut found = Vec::new();
    for place in places.into_iter().filter(|place| place.feature == "ADM2") {
        let nation = countries.by_iso2(&place.country);
        let known = nation.filter(|nation| COUNTRIES.contains(&nation.iso2.as_str()));
        let Some((nation, position)) = known.zip(place.position) else { continue };
        let name = &place.name;
        if !is_titled(name) || place.admin1.is_empty() {
            continue;
        }
        // Lists of spellings name the district's neighbours too.
        let core = |name: &str| fold::core(&fold::fold(name));
        let latin = |alias: &&String| {
            alias.is_ascii()
                && is_titled(alias)
                && *alias != name
                && fold::likeness(&core(alias), &core(name)) >= VARIANT
        };
        if name.chars().filter(|c| c.is_alphabetic()).count() < LEAST_DISTRICT {
            continue;
        }
        found.push(Found {
            aliases: place.aliases.iter().filter(latin).take(6).cloned().collect(),
            iso3: nation.iso3.clone(),
            admin2: name.clone(),
            name: place.name,
            admin1: place.admin1,
            feature: "ADM2",
            position,
            source: "WOF",
            geonameid: place.geonameid,
            source_id: place.source_id,
        });
    }
    // "Merkez": every province has its central district.
    let mut times: BTreeMap<(String, String), usize> = BTreeMap::new();
    for place in &found {
        *times.entry((place.iso3.clone(), place.name.clone())).or_default() += 1;
    }
    found.retain(|place| {
        times.get(&(place.iso3.clone(), place.name.clone())).is_some_and(|times| *times == 1)
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        assert_eq!(named("Tirah valley"), Some(("Tirah Valley".to_owned(), vec!["Tirah".to_owned()], "VAL")));
        assert_eq!(named("Kafr Zita town"), Some(("Kafr Zita".to_owned(), vec![], "PPL")));
        assert_eq!(
            named("Mosul (Al Mawsil) city"),
            Some(("Mosul".to_owned(), vec!["Al Mawsil".to_owned()], "PPL"))
        );
        assert_eq!(named("road between Mosul and Erbil"), None);
        assert_eq!(named("Anbar province"), None);
        assert_eq!(without_kind("Kala/Balge lga"), ("Kala/Balge".to_owned(), "lga".to_owned()));
    }

    #[test]
    fn the_middle_is_no_outlier() {
        assert_eq!(middle(&[(1.0, 5.0), (2.0, 6.0), (90.0, 7.0)]), (2.0, 6.0));
    }
}
