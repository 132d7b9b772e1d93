/*! What a name is looked up by: how often the right place is among what is found, and how much is found with it.

Every name that TR-News and GeoVirus mark with coordinates is looked up alone, without its text. A name is found where a record
lies within 161 km of the gold, is its very GeoNames record, or is the country that it names. The rows add up: with **exact** the
letters are the same but for case and accents; with **core** articles and words of kind are left out too; with **skeleton** names
of the same consonants are asked for where nothing closer was found, as the reader does it. What more is found is the cost:
**candidates** is how many records one look-up gives, all of which are weighed against each other.
*/

use std::time::Instant;

use anyhow::Result;
use record::country::Countries;
use whereabouts::geo::distance_km;
use whereabouts::{Candidate, Gazetteer, Hints, Level, Tier, Toponym};

use crate::geoparse::{GEOVIRUS, Gold, NEEDS, TOLERANCE_KM, load};
use crate::{Figure, Hits, Kind, Options, Outcome};

/// The tiers, closest first, with what a row is called.
const TIERS: [(Tier, &str); 3] =
    [(Tier::Exact, "exact"), (Tier::Core, "exact, core"), (Tier::Skeleton, "exact, core, skeleton")];

/// Measures.
pub fn measure(options: &Options, gazetteer: &Gazetteer, countries: &Countries) -> Result<Outcome> {
    let mut outcome = Outcome::new(
        "names",
        "TR-News and GeoVirus (GPL-3 repository; news text)",
        "Names alone, without their texts. Found: some record under the name lies within 161 km of the gold, or is the country. \
         Candidates: records that a look-up gives. Each row adds what the next looser spelling finds.",
    );
    let mut found = TIERS.map(|(_, name)| Figure::new(format!("{name}: found"), Kind::Recall));
    let mut given = TIERS.map(|(_, name)| Figure::new(format!("{name}: candidates"), Kind::Mean));
    for file in [NEEDS, GEOVIRUS] {
        if !options.has(file) {
            continue;
        }
        let mut documents = load(options, file, countries)?;
        options.cut(&mut documents);
        for document in &documents {
            let located: Vec<&Gold> = document.gold.iter().filter(|gold| gold.position.is_some()).collect();
            let looked_up: Vec<Vec<Candidate>> =
                located.iter().map(|gold| gazetteer.lookup(&gold.phrase)).collect();
            for (row, (tier, _)) in TIERS.into_iter().enumerate() {
                let (mut right, mut all) = (0, 0);
                for (gold, candidates) in located.iter().zip(&looked_up) {
                    let within = || candidates.iter().filter(|candidate| candidate.tier <= tier);
                    right += usize::from(within().any(|candidate| is_meant(gold, candidate)));
                    all += within().count();
                }
                found[row].add(Hits::sets(right, located.len(), located.len()));
                given[row].add(Hits::sets(all, located.len(), located.len()));
            }
            for (gold, candidates) in located.iter().zip(&looked_up) {
                if !candidates.iter().any(|candidate| is_meant(gold, candidate)) {
                    let reason = if candidates.is_empty() { "no record" } else { "no record near" };
                    outcome.lose(&document.id, "name", gold.phrase.as_str(), candidates.len(), reason, "");
                }
            }
        }
    }
    for (found, given) in found.into_iter().zip(given) {
        outcome.figures.extend([found, given]);
    }
    Ok(outcome)
}

fn is_meant(gold: &Gold, candidate: &Candidate) -> bool {
    if let Some(country) = &gold.country
        && candidate.level == Level::Country
    {
        return candidate.country.as_ref() == Some(country);
    }
    gold.geonameid.is_some() && gold.geonameid == candidate.geonameid
        || gold
            .position
            .zip(candidate.position)
            .is_some_and(|(theirs, ours)| distance_km(theirs, ours) <= TOLERANCE_KM)
}

/// What names cost, on this machine.
#[derive(Debug, Clone, Copy, serde::Serialize)]
pub struct Cost {
    /// Look-ups of a name in a second.
    pub lookups_per_second: f64,
    /// Microseconds from a name that was found in a text to its place.
    pub resolution_us: f64,
}

/// Measures the time of looking names up and of resolving them; nothing where neither corpus is there.
pub fn cost(options: &Options, gazetteer: &Gazetteer, countries: &Countries) -> Result<Option<Cost>> {
    let mut documents = Vec::new();
    for file in [NEEDS, GEOVIRUS].into_iter().filter(|file| options.has(file)) {
        documents.extend(load(options, file, countries)?);
    }
    let names: usize = documents.iter().map(|document| document.gold.len()).sum();
    if names == 0 {
        return Ok(None);
    }
    let start = Instant::now();
    for gold in documents.iter().flat_map(|document| &document.gold) {
        std::hint::black_box(gazetteer.lookup(&gold.phrase));
    }
    let looking_up = start.elapsed().as_secs_f64();
    let mentions: Vec<Vec<Toponym>> = documents
        .iter()
        .map(|document| {
            document.gold.iter().map(|gold| gazetteer.mention(&document.text, gold.span)).collect()
        })
        .collect();
    let start = Instant::now();
    for (document, mentions) in documents.iter().zip(&mentions) {
        std::hint::black_box(gazetteer.resolve(&document.text, mentions, &Hints::default()));
    }
    let resolving = start.elapsed().as_secs_f64();
    Ok(Some(Cost {
        lookups_per_second: names as f64 / looking_up.max(1e-9),
        resolution_us: resolving * 1e6 / names as f64,
    }))
}
