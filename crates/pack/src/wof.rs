//! Who's On First as the operator brings it: a table of places with GeoNames' ids where it has them.

use anyhow::{Result, bail};
use whereabouts::builder::NewPlace;

/// The columns, in order: `gn_id` or `w<wof_id>`, name, alternatives (`|`), latitude, longitude, placetype,
/// country (alpha-2), region, county, population.
const COLUMNS: usize = 10;

/// GeoNames' code for a placetype of Who's On First; `None` for what is no place of news.
fn feature(placetype: &str, name: &str) -> Option<&'static str> {
    Some(match placetype {
        "locality" => "PPL",
        "neighbourhood" | "macrohood" | "microhood" | "borough" => "PPLX",
        "county" => "ADM2",
        "region" => "ADM1",
        "localadmin" => "ADM3",
        "campus" if name.contains("Air") => "AIRP",
        "campus" => "INST",
        _ => return None,
    })
}

/// Reads the table. A first line that begins with `gn_id` is a header.
pub fn read(text: &str) -> Result<Vec<NewPlace>> {
    let mut places = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let cells: Vec<&str> = line.split('\t').collect();
        let [id, name, alternates, lat, lon, placetype, country, region, county, population, ..] =
            cells.as_slice()
        else {
            bail!("line {}: {} columns, expected {COLUMNS}", number + 1, cells.len());
        };
        let Some(feature) = feature(placetype, name).filter(|_| *id != "gn_id" && country.len() == 2) else {
            continue;
        };
        let own_key = id.strip_prefix('w');
        places.push(NewPlace {
            name: (*name).to_owned(),
            aliases: alternates.split('|').filter(|alias| !alias.is_empty()).map(str::to_owned).collect(),
            geonameid: if own_key.is_none() { id.parse().unwrap_or(0) } else { 0 },
            source_id: own_key.map(|key| format!("wof:{key}")).unwrap_or_default(),
            position: lat.parse().ok().zip(lon.parse().ok()),
            feature: feature.to_owned(),
            country: (*country).to_owned(),
            admin1: if feature == "ADM1" { (*name).to_owned() } else { (*region).to_owned() },
            admin2: (*county).to_owned(),
            population: population.parse().unwrap_or(0),
            ..NewPlace::default()
        });
    }
    Ok(places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_places() {
        let text = "77\tAin Tall\tعين تل|Ayn Tall\t36.2\t38.5\tlocality\tSY\tAleppo\tManbij\t0\n\
            w8\tFar Air Base\t\t1\t2\tcampus\tIQ\tAnbar\t\t0\nw9\tIraq\t\t1\t2\tcountry\tIQ\t\t\t0\n";
        let places = read(text).unwrap();
        assert_eq!(places.len(), 2);
        assert_eq!((places[0].geonameid, places[0].admin2.as_str()), (77, "Manbij"));
        assert_eq!((places[1].source_id.as_str(), places[1].feature.as_str()), ("wof:8", "AIRP"));
        assert!(read("too\tfew\n").is_err());
    }
}
