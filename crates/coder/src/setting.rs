/*! Where a report plays: the country that it is about, and what its unknown place names owe to that. */

use record::{Place, Relation};

/// Weight of the names that a report begins with, against 1 of the others: it begins with what it is about.
const FIRST_WEIGHT: f64 = 1.5;
/// How many those are.
const FIRST: usize = 3;

/// Whether a place is a whole country; "northern Syria" is a place in one.
#[must_use]
pub fn is_country(place: &Place) -> bool {
    place.feature_code.as_deref().is_some_and(|code| code.starts_with("PCL"))
        && !matches!(place.relation, Relation::PartOf)
}

/// A name that fits only by another spelling, in a country that nothing in the report points to, is left
/// unresolved: better no place than a wrong one.
pub fn leave_far_fetched(places: &mut [Place], countries: &[String]) {
    let named: Vec<String> = places
        .iter()
        .filter(|place| is_country(place))
        .filter_map(|place| place.country.clone())
        .chain(countries.iter().cloned())
        .collect();
    if named.is_empty() {
        return;
    }
    for place in places {
        let spelled =
            place.name.as_ref().is_some_and(|name| name.to_lowercase().contains(&place.text.to_lowercase()));
        let pointed = place.country.as_ref().is_none_or(|country| named.contains(country));
        if place.name.is_some() && !spelled && !pointed && !place.alternatives.is_empty() {
            place.reason = format!(
                "left unresolved: only candidates of another spelling in countries that the report does not name ({})",
                place.reason
            );
            place.name = None;
            place.geonameid = None;
            place.source_id = None;
            place.feature_code = None;
            place.country = None;
            place.admin1 = None;
            place.admin2 = None;
            place.latitude = None;
            place.longitude = None;
            place.where_precision = None;
        }
    }
}

/// The country that most of the named places lie in, where it has at least half of them.
#[must_use]
pub fn main_country(places: &[Place]) -> Option<String> {
    let mut votes: Vec<(&str, f64)> = Vec::new();
    for (index, place) in places.iter().enumerate() {
        let Some(country) = place.country.as_deref() else { continue };
        let weight = if index < FIRST { FIRST_WEIGHT } else { 1.0 };
        match votes.iter_mut().find(|(name, _)| *name == country) {
            Some((_, vote)) => *vote += weight,
            None => votes.push((country, weight)),
        }
    }
    let total: f64 = votes.iter().map(|(_, vote)| vote).sum();
    votes
        .into_iter()
        .max_by(|a, b| a.1.total_cmp(&b.1).then_with(|| b.0.cmp(a.0)))
        .filter(|(_, vote)| vote * 2.0 >= total)
        .map(|(country, _)| country.to_owned())
}

/// Gives places that the gazetteer does not know the country that the report is about, as a guess that says so.
/// Where no place tells, the people named do, if all of them point to one country.
pub fn place_in_country(places: &mut [Place], main: Option<&str>, of_people: &[String]) {
    let (country, because) = match (main, of_people) {
        (Some(country), _) => (country, "most of the report's other places lie in this country"),
        (None, [country]) => (country.as_str(), "the people that the report names are of this country"),
        _ => return,
    };
    for place in places.iter_mut().filter(|place| place.name.is_none() && place.country.is_none()) {
        place.country = Some(country.to_owned());
        place.where_precision = Some(6);
        place.reason = format!("{}; {because}", place.reason);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str, name: Option<&str>, country: Option<&str>) -> Place {
        Place {
            text: text.to_owned(),
            start: 0,
            end: text.len(),
            relation: Relation::At,
            distance_km: None,
            name: name.map(str::to_owned),
            geonameid: None,
            source_id: None,
            feature_code: name.map(|_| "PPL".to_owned()),
            country: country.map(str::to_owned),
            admin1: None,
            admin2: None,
            latitude: None,
            longitude: None,
            where_precision: country.map(|_| 1),
            reason: "a reason".to_owned(),
            alternatives: Vec::new(),
        }
    }

    #[test]
    fn an_unknown_name_lies_where_the_report_plays() {
        let mut places = [place("Mopti", Some("Mopti"), Some("MLI")), place("Tabado", None, None)];
        let main = main_country(&places);
        place_in_country(&mut places, main.as_deref(), &[]);
        assert_eq!(places[1].country.as_deref(), Some("MLI"));
        assert_eq!(places[1].where_precision, Some(6));
        assert!(places[1].name.is_none() && !is_country(&places[1]));
    }

    #[test]
    fn people_of_two_countries_place_nothing() {
        let mut places = [place("Tabado", None, None)];
        place_in_country(&mut places, None, &["MLI".to_owned(), "FRA".to_owned()]);
        assert_eq!(places[0].country, None);
    }
}
