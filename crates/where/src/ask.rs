//! What people and programs ask a gazetteer by hand: one name, and what is known about it.

use record::Place;
use record::country::Countries;

use crate::fold;
use crate::gazetteer::{Candidate, Gazetteer, LIKE, LIMIT, PCODE};
use crate::geo::distance_km;
use crate::pack::{Pack, Row, Tier};
use crate::score::{COUNTRY_MOST, Spelled, prior};

/// Points for lying at the very place that is asked for, on the scale of [`crate::score`]: eight powers of ten of people, so
/// that a village there stands before a city of that name elsewhere.
const NEAR: f64 = 8.0;
/// Kilometres at which nearness has lost half its worth.
const NEAR_KM: f64 = 100.0;

/// A record that a name can mean, and how well it fits.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// The record.
    pub candidate: Candidate,
    /// On the scale of the decimal logarithm of population: ten times the people is one point.
    pub score: f64,
    /// Kilometres from the place that was asked for.
    pub km: Option<f64>,
}

impl Gazetteer {
    /// The records that a name can mean, the likeliest first. `country` is ISO 3166-1 alpha-3, `near` degrees north and east:
    /// both weigh, and decide nothing alone.
    #[must_use]
    pub fn rank(&self, name: &str, country: Option<&str>, near: Option<(f64, f64)>) -> Vec<Ranked> {
        let folded = fold::fold(name);
        let candidates = self.lookup(name);
        let spelled = Spelled::of(&folded, candidates.iter());
        let mut ranked: Vec<Ranked> = candidates
            .into_iter()
            .map(|candidate| {
                let km = near.zip(candidate.position).map(|(here, there)| distance_km(here, there));
                let there = country.is_some() && candidate.country.as_deref() == country;
                let score = prior(&candidate, &folded, spelled)
                    + if there { COUNTRY_MOST } else { 0.0 }
                    + km.map_or(0.0, |km| NEAR / (1.0 + km / NEAR_KM));
                Ranked { candidate, score, km }
            })
            .collect();
        ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.candidate.id.cmp(&b.candidate.id)));
        ranked
    }

    /// Gives a resolved place the P-codes of its divisions, where a pack has them.
    pub(crate) fn add_pcodes(&self, place: &mut Place) {
        (place.admin1_pcode, place.admin2_pcode) =
            self.pcodes(place.country.as_deref(), place.admin1.as_deref(), place.admin2.as_deref());
    }

    /// P-codes of a place's first- and second-order divisions, by their names, where a pack has them.
    #[must_use]
    pub fn pcodes(
        &self,
        country: Option<&str>,
        admin1: Option<&str>,
        admin2: Option<&str>,
    ) -> (Option<String>, Option<String>) {
        if !self.has_pcodes() {
            return (None, None);
        }
        let Some(iso2) = country.and_then(|iso3| iso2(&self.countries, iso3)) else { return (None, None) };
        let code = |feature: &str, name: Option<&str>, within: Option<&str>| {
            self.with_pcodes().find_map(|pack| pcode(pack, iso2, feature, name?, within))
        };
        let first = code("ADM1", admin1, None);
        // A district of that name in another province is another district.
        let second = admin1.and_then(|admin1| code("ADM2", admin2, Some(admin1)));
        (first, second)
    }
}

fn iso2(countries: &Countries, iso3: &str) -> Option<[u8; 2]> {
    countries.by_iso3(iso3)?.iso2.as_bytes().try_into().ok()
}

/// Whether two names of a division are the same but for spelling.
fn alike(a: &str, b: &str) -> bool {
    let core = |name: &str| fold::core(&fold::fold(name));
    let (a, b) = (core(a), core(b));
    a == b || fold::likeness(&a, &b) >= LIKE
}

fn pcode(pack: &Pack, iso2: [u8; 2], feature: &str, name: &str, within: Option<&str>) -> Option<String> {
    let folded = fold::fold(name);
    let core = fold::core(&folded);
    let fits = |row: &Row<'_>| {
        row.country == iso2 && row.feature == feature && within.is_none_or(|outer| alike(row.admin1, outer))
    };
    let tries = [
        (Tier::Exact, Some(folded)),
        (Tier::Core, Some(core.clone())),
        (Tier::Exact, Some(core.clone())),
        (Tier::Skeleton, fold::skeleton(&core)),
    ];
    for (tier, key) in tries {
        let rows =
            pack.find(tier, &key.unwrap_or_default(), LIMIT).into_iter().filter_map(|row| pack.row(row));
        let found = rows.filter(fits).filter(|row| tier != Tier::Skeleton || alike(row.name, name));
        let mut codes = found.filter_map(|row| row.source_id.strip_prefix(PCODE));
        if let Some(code) = codes.next() {
            return Some(code.to_owned());
        }
    }
    None
}
