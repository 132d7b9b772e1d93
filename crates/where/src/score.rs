//! How likely a record is meant by a name, before and after the rest of the report is looked at.
//!
//! Scores are on the scale of the decimal logarithm of population: ten times the people is one point.
//! The weights were set by hand on that scale and checked on news from everywhere; none is fitted.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::fold;
use crate::gazetteer::{Candidate, Level};
use crate::geo::distance_km;
use crate::pack::Tier;

/// Points for each e-fold of mentions of a country.
const COUNTRY_WEIGHT: f64 = 1.6;
/// Most points that mentions of a country give.
pub(crate) const COUNTRY_MOST: f64 = 4.2;
/// Points for lying in a place that the text says it lies in ("Sangin, Helmand").
pub(crate) const NESTED: f64 = 5.0;
/// Points for being able to hold a place that the text says lies in it.
pub(crate) const HOLDS: f64 = 4.0;
/// Points for being of the kind that the text says ("Ghazni province").
const KIND: f64 = 3.0;
/// Points for being of the kind of all others of a list, beside [`KIND`].
pub(crate) const LISTED: f64 = 2.0;
/// Points for a division that other places of the report lie in.
const SAME_DIVISION: f64 = 0.8;
/// Points for lying close to another place of the report, at most.
const CLOSE: f64 = 1.2;
/// Least [`fold::likeness`] of two spellings of one name: that of "Gonder" and "Gondar".
const VARIANT: f64 = 0.8;
/// What a local place scores, whose people nobody counted: as a town of ten thousand.
const LOCAL: f64 = 4.0;
/// Population from which a place is named without its country in reports about others.
pub(crate) const TOWN: u32 = 15_000;
/// Kilometres at which closeness has lost half its worth.
const CLOSE_KM: f64 = 120.0;

/// A record with its names folded once: they are compared with those of every other record of the report.
#[derive(Debug)]
pub(crate) struct Known {
    /// The record.
    pub candidate: Candidate,
    /// [`fold::core`] of its name.
    pub name: String,
    /// The same of its first-order division; empty where it has none.
    pub admin1: String,
    /// The same of its second-order division.
    pub admin2: String,
}

impl Known {
    /// Folds the names of a record.
    pub fn new(candidate: Candidate) -> Self {
        let core = |name: &str| fold::core(&fold::fold(name));
        let division = |name: &Option<String>| name.as_deref().map(core).unwrap_or_default();
        Self {
            name: core(&candidate.name),
            admin1: division(&candidate.admin1),
            admin2: division(&candidate.admin2),
            candidate,
        }
    }
}

/// Who bears the name that was asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spelled {
    /// Some record does, letter for letter.
    pub exactly: bool,
    /// Some country does.
    pub by_a_country: bool,
    /// Some first-order division does, as the name it goes by.
    pub by_a_division: bool,
    /// A place that the news names without its country does, as the name it goes by.
    pub by_a_town: bool,
}

impl Spelled {
    /// Of all records that a name, folded, can mean.
    pub fn of<'a>(folded_name: &str, records: impl Iterator<Item = &'a Candidate> + Clone) -> Self {
        let exact = |candidate: &&Candidate| candidate.tier == Tier::Exact;
        let is_town = |candidate: &Candidate| {
            (candidate.population >= TOWN || candidate.local || candidate.supplement)
                && candidate.tier <= Tier::Core
                && (fold::fold(&candidate.name) == folded_name
                    || candidate.feature.starts_with("PPLA")
                        && fold::fold(&candidate.name) == fold::core(folded_name))
        };
        Self {
            exactly: records.clone().any(|candidate| exact(&candidate)),
            by_a_country: records.clone().filter(exact).any(|candidate| candidate.level == Level::Country),
            by_a_division: records.clone().any(|candidate| {
                candidate.level == Level::First && fold::fold(&candidate.name) == folded_name
            }),
            by_a_town: { records }.any(is_town),
        }
    }
}

/// What a record scores by itself.
pub(crate) fn prior(candidate: &Candidate, folded_name: &str, spelled: Spelled) -> f64 {
    let people = f64::from(candidate.population);
    let fame = 0.5 * (1.0 + f64::from(candidate.names)).log10();
    let base = match candidate.level {
        Level::Country => 9.0,
        // A division stands before its seat where most of its people live elsewhere ("Quebec").
        Level::First => ((people + 1.0).log10() - 0.2 + fame).max(5.2),
        Level::Second if candidate.local => LOCAL,
        Level::Second => 2.8 + 0.15 * (people + 1.0).log10(),
        Level::Settlement => {
            let class = match candidate.feature.as_str() {
                // A quarter that is fought over is named as towns are.
                _ if candidate.local => 0.0,
                "PPLC" => 1.0,
                "PPLA" => 0.4,
                "PPLX" | "PPLL" => -0.7,
                "PPLH" | "PPLQ" | "PPLW" => -1.0,
                _ => 0.0,
            };
            // Where people were not counted, a place of the supplement is still one that the news names.
            let counted = if candidate.population > 0 {
                (people + 100.0).log10()
            } else if candidate.supplement {
                4.6
            } else if candidate.local {
                LOCAL
            } else {
                (people + 100.0).log10()
            };
            counted + class + fame
        }
        Level::Region if candidate.feature == "CONT" => 9.0,
        // What spans countries is known by its name everywhere.
        Level::Region | Level::Sea if candidate.country.is_none() => 6.5,
        Level::Region | Level::Sea => 5.0,
        Level::Spot => {
            if candidate.supplement {
                4.8
            } else if candidate.local {
                LOCAL
            } else {
                3.0
            }
        }
    };
    let spelling = match candidate.tier {
        Tier::Exact if fold::fold(&candidate.name) == folded_name => 0.0,
        Tier::Exact if candidate.supplement => -0.3,
        // "Mexico" is a country before it is what its capital is called by some.
        Tier::Exact if spelled.by_a_country && candidate.level == Level::Settlement => -4.0,
        // Packs list old and foreign names too: "Mora" is the Peloponnese to few.
        Tier::Exact if candidate.level == Level::First => -1.5,
        // "Philadelphia" was a name of Amman once; "Newcastle" is short for the one on the Tyne.
        Tier::Exact if spelled.by_a_town && !is_variant(&fold::fold(&candidate.name), folded_name) => -2.8,
        Tier::Exact => -0.8,
        // "Jalalabad City" is Jalalabad, whoever else was called so; "Mexico" is not short for Mexico City.
        Tier::Core
            if fold::kind_word(folded_name).is_some()
                && fold::fold(&candidate.name) == fold::core(folded_name) =>
        {
            -0.2
        }
        // "Panama" is Panama City beside nothing.
        Tier::Core if spelled.by_a_country => -4.0,
        // "Quezon" is the province, and no short word for Quezon City.
        Tier::Core if spelled.by_a_division => -2.5,
        Tier::Core if spelled.exactly => -1.5,
        Tier::Core => -0.4,
        Tier::Skeleton => -2.0 - 10.0 * (1.0 - candidate.likeness),
    };
    base + spelling
}

/// Whether one folded name is short for another, or another spelling of it.
fn is_variant(full: &str, name: &str) -> bool {
    format!(" {full} ").contains(&format!(" {name} "))
        || fold::likeness(&fold::core(full), &fold::core(name)) >= VARIANT
}

/// Points for the kind of place that the text names, against the record's.
pub(crate) fn kind(candidate: &Candidate, kind: Option<Level>) -> f64 {
    match (kind, candidate.level) {
        (None, _) => 0.0,
        (Some(said), is) if said == is => KIND,
        // "Niger state" is a division, and no country.
        (Some(Level::First | Level::Second), Level::Country) => -4.0,
        // A district is often listed only by its seat, a region as a division.
        (Some(Level::Second), Level::Settlement) => 0.3 * KIND,
        (Some(Level::First), Level::Region) => 0.3 * KIND,
        // A "province" is of the second order in some countries, a "district" of the first in others.
        (Some(Level::First), Level::Second) | (Some(Level::Second), Level::First) => 0.6 * KIND,
        (Some(Level::Settlement), Level::Spot) => 0.3 * KIND,
        (Some(_), _) => 0.0,
    }
}

/// A place chosen for a name, as a witness for others.
#[derive(Debug)]
pub(crate) struct Witness {
    /// Which name.
    pub name: usize,
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
    /// [`fold::core`] of the first-order division; empty where it has none.
    pub admin1: String,
    /// Degrees north and east.
    pub position: Option<(f64, f64)>,
}

/// What the report names: how often each country, and where its places lie.
#[derive(Debug, Default)]
pub(crate) struct Evidence {
    /// Mentions by ISO 3166-1 alpha-3, weighted.
    pub countries: FxHashMap<String, f64>,
    /// Those that the report itself names, by name or by adjective, or that are known from outside.
    pub named: FxHashSet<String>,
    /// The one of them that only somebody told with the text.
    pub told: Option<String>,
    /// What each name said of its own country: no witness in its own case.
    pub votes: FxHashMap<usize, (String, f64)>,
    /// Places chosen so far.
    pub chosen: Vec<Witness>,
}

impl Evidence {
    /// Adds weight to a country.
    pub fn country(&mut self, iso3: &str, weight: f64) {
        *self.countries.entry(iso3.to_owned()).or_default() += weight;
    }

    /// Points for the country of a record that a name can mean.
    pub fn country_points(&self, name: usize, candidate: &Candidate) -> f64 {
        let Some(country) = &candidate.country else { return 0.0 };
        let all = self.countries.get(country).copied().unwrap_or(0.0);
        let own =
            self.votes.get(&name).filter(|(voted, _)| voted == country).map_or(0.0, |(_, weight)| *weight);
        (COUNTRY_WEIGHT * (1.0 + (all - own).max(0.0)).ln()).min(COUNTRY_MOST)
    }

    /// Points for the other places of the report; `name` is not its own witness.
    pub fn neighbour_points(&self, name: usize, known: &Known) -> f64 {
        let others = || self.chosen.iter().filter(|other| other.name != name);
        let same = others()
            .filter(|other| {
                !other.admin1.is_empty()
                    && other.admin1 == known.admin1
                    && other.country == known.candidate.country
            })
            .count()
            .min(2);
        let nearest = known.candidate.position.and_then(|here| {
            others().filter_map(|other| other.position.map(|there| distance_km(here, there))).reduce(f64::min)
        });
        let close = nearest.map_or(0.0, |km| CLOSE / (1.0 + km / CLOSE_KM));
        SAME_DIVISION * f64::from(u32::try_from(same).unwrap_or(0)) + close
    }
}

/// Whether one record lies in another, as far as the gazetteer tells.
pub(crate) fn lies_in(inner: &Known, outer: &Known) -> bool {
    let (small, large) = (&inner.candidate, &outer.candidate);
    if small.id == large.id || small.level == Level::Country {
        return false;
    }
    let same_country = small.country.is_some() && small.country == large.country;
    let within = |km: f64| small.position.zip(large.position).is_some_and(|(a, b)| distance_km(a, b) < km);
    let named =
        |division: &str, own: &str| !division.is_empty() && (division == outer.name || division == own);
    match large.level {
        Level::Country => same_country,
        Level::First => same_country && small.level != Level::First && named(&inner.admin1, &outer.admin1),
        Level::Second => {
            same_country
                && matches!(small.level, Level::Settlement | Level::Spot)
                && (named(&inner.admin2, &outer.admin2) || within(40.0))
        }
        Level::Settlement => same_country && small.level >= Level::Second && within(40.0),
        // A region has no bounds: about the size of a large one.
        Level::Region | Level::Sea => within(400.0),
        Level::Spot => false,
    }
}
