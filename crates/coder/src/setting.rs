/*! Where a report plays: the country that it is about, and what its unknown place names owe to that. */

use std::ops::Range;

use record::{Place, Relation};
use text::{Span, Text};
use whereabouts::{Toponym, fold};

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
        // "Kiev" is Kyiv: a capital is known by all its names.
        let spelled = place.feature_code.as_deref() == Some("PPLC")
            || place.name.as_ref().is_some_and(|name| is_spelled(&place.text, name));
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
            place.admin1_pcode = None;
            place.admin2_pcode = None;
            place.prio_grid = None;
        }
    }
}

/// Whether a name is the gazetteer's but for articles and words of kind, or some words of it: "Marawi City" is Marawi, and "Samar"
/// no Samara. Accents count: a town abroad that has them bears more often than not another name.
fn is_spelled(text: &str, name: &str) -> bool {
    let core = |name: &str| fold::core(&name.to_lowercase().replace(['-', '–'], " "));
    let (text, name) = (core(text), core(name));
    format!(" {name} ").contains(&format!(" {text} ")) || name.replace(' ', "") == text.replace(' ', "")
}

/// The country that most of the named places lie in, where it has at least half of them.
#[must_use]
pub fn main_country<'p>(places: impl Iterator<Item = &'p Place>) -> Option<String> {
    let mut votes: Vec<(&str, f64)> = Vec::new();
    for (index, place) in places.enumerate() {
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

/// "The border with Niger", "near the Nigerian border": a country that is named for where it begins is not the one
/// that the report is in.
#[must_use]
pub fn at_border(text: &Text, tokens: &Range<usize>) -> bool {
    let word = |token: usize| {
        text.tokens.get(token).map_or_else(String::new, |token| text.word(token).to_lowercase())
    };
    let is_border = |token: usize| matches!(word(token).as_str(), "border" | "borders" | "frontier");
    let before = |back: usize| tokens.start.checked_sub(back);
    let with = before(1).is_some_and(|token| matches!(word(token).as_str(), "with" | "bordering"));
    is_border(tokens.end)
        || before(1).is_some_and(|token| word(token) == "bordering")
        || with && (2..=4).filter_map(before).any(is_border)
}

/// People who are often told of far from home: "Togolese peacekeepers", "a German tourist".
const ABROAD: &[&str] = &[
    "peacekeeper",
    "peacekeepers",
    "peacekeeping",
    "tourist",
    "tourists",
    "nationals",
    "expatriate",
    "expatriates",
    "embassy",
    "consulate",
    "ambassador",
    "diplomat",
    "diplomats",
    "missionary",
    "missionaries",
    "contractor",
    "contractors",
    "hostage",
    "hostages",
];

/// "Five Togolese UN peacekeepers": people whose nation is not where the report is.
#[must_use]
pub fn is_abroad(text: &Text, nation: &Range<usize>) -> bool {
    (nation.end..nation.end + 2)
        .filter_map(|token| text.tokens.get(token))
        .any(|token| ABROAD.contains(&text.word(token).to_lowercase().as_str()))
}

/// The one first-order division that all of some places lie in, where every one that is narrower than a country lies in it; and
/// whether one of them is that division itself.
#[must_use]
pub fn only_division<'p>(places: impl Iterator<Item = &'p Place>) -> Option<(&'p Place, bool)> {
    let narrow = |place: &&Place| {
        place.name.is_some() && place.where_precision.is_some_and(|precision| precision <= 4)
    };
    let mut narrow = places.filter(narrow);
    let first = narrow.next().filter(|place| place.admin1.is_some())?;
    let mut named = first.where_precision == Some(4);
    for place in narrow {
        if place.country != first.country || place.admin1 != first.admin1 {
            return None;
        }
        named |= place.where_precision == Some(4);
    }
    Some((first, named))
}

/// Whether a place is a body of water that can lie in several countries, and the gazetteer gives it none.
fn is_shared_water(place: &Place) -> bool {
    place.country.is_none()
        && matches!(place.feature_code.as_deref(), Some("LK" | "LKS" | "STM" | "STMS" | "RSV" | "MRSH"))
}

/// Gives places that the gazetteer does not know, or puts into no one country, a country, as a guess that says so: that of another place of the
/// sentence, else that of most of the report, else that of the people named most often. Where the report names one
/// first-order division of that country, and no place outside it but that of its `dateline`, the division too.
pub fn place_in_country(
    places: &mut [Place],
    toponyms: &[Toponym],
    elsewhere: &[bool],
    dateline: Option<Span>,
    of_people: &[(String, usize)],
) {
    let here: Vec<&Place> =
        places.iter().zip(elsewhere).filter(|(_, elsewhere)| !**elsewhere).map(|(place, _)| place).collect();
    let main = main_country(here.iter().copied());
    let written_at = |toponym: &Toponym| dateline.is_some_and(|line| line.overlaps(toponym.span));
    let told = places.iter().zip(toponyms).filter(|(_, toponym)| !written_at(toponym));
    let division = only_division(told.map(|(place, _)| place))
        .filter(|(_, named)| *named)
        .map(|(place, _)| (place.country.clone(), place.admin1.clone()));
    let most = of_people.iter().map(|(_, times)| *times).max();
    let mut named_most =
        of_people.iter().filter(|(_, times)| Some(*times) == most).map(|(country, _)| country);
    let people = match (named_most.next(), named_most.next()) {
        (Some(country), None) => Some(country.clone()),
        _ => None,
    };
    let mut beside: Vec<(usize, String)> = Vec::new();
    for ((place, toponym), _) in
        places.iter().zip(toponyms).zip(elsewhere).filter(|(_, elsewhere)| !**elsewhere)
    {
        if let (Some(_), Some(country)) = (&place.name, &place.country) {
            beside.push((toponym.sentence, country.clone()));
        }
    }
    for (place, toponym) in places.iter_mut().zip(toponyms) {
        if place.country.is_some() || place.name.is_some() && !is_shared_water(place) {
            continue;
        }
        let first = beside.partition_point(|(sentence, _)| *sentence < toponym.sentence);
        let neighbour = beside.get(first).filter(|(sentence, _)| *sentence == toponym.sentence);
        let (country, because) = match (neighbour, &main, &people) {
            (Some((_, country)), ..) => (country, "another place of the sentence lies in this country"),
            (None, Some(country), _) => (country, "most of the report's other places lie in this country"),
            (None, None, Some(country)) => (country, "the people that the report names are of this country"),
            _ => continue,
        };
        place.country = Some(country.clone());
        if place.name.is_none() {
            place.where_precision = Some(6);
        }
        place.reason = format!("{}; {because}", place.reason);
        if let Some((_, Some(admin1))) = division.as_ref().filter(|(country, _)| *country == place.country)
            && place.name.is_none()
        {
            place.admin1 = Some(admin1.clone());
            place.where_precision = Some(4);
            place.reason.push_str(", and all that the report names lie in this division");
        }
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
            admin1_pcode: None,
            admin2_pcode: None,
            latitude: None,
            longitude: None,
            where_precision: country.map(|_| 1),
            prio_grid: None,
            reason: "a reason".to_owned(),
            alternatives: Vec::new(),
        }
    }

    fn toponyms(text: &Text, names: &[&str]) -> Vec<Toponym> {
        let bare = |span: text::Span| Toponym {
            span,
            tokens: 0..0,
            sentence: text.sentence_at(span.start).unwrap(),
            relation: Relation::At,
            distance_km: None,
            kind: None,
            facility: false,
            named_after: false,
            certain: true,
        };
        names
            .iter()
            .map(|name| text.raw().find(name).map(|at| bare(text::Span::new(at, at + name.len()))).unwrap())
            .collect()
    }

    #[test]
    fn spellings_are_compared_as_they_are_looked_up() {
        assert!(is_spelled("Marawi City", "Marawi"));
        assert!(is_spelled("San Jose", "San Jose del Monte"));
        assert!(is_spelled("al-Bab", "Bab"));
        assert!(!is_spelled("Samar", "Samara"));
        assert!(!is_spelled("Bodo", "Bodø"));
    }

    #[test]
    fn an_unknown_name_lies_where_the_report_plays() {
        let text = Text::new("He left Mopti. Two died in Tabado.");
        let found = toponyms(&text, &["Mopti", "Tabado"]);
        let mut places = [place("Mopti", Some("Mopti"), Some("MLI")), place("Tabado", None, None)];
        place_in_country(&mut places, &found, &[false, false], None, &[]);
        assert_eq!((places[1].country.as_deref(), places[1].where_precision), (Some("MLI"), Some(6)));
        assert!(places[1].name.is_none() && !is_country(&places[1]));
    }

    #[test]
    fn a_country_beyond_the_border_places_nothing() {
        let text = Text::new("Two died in Tabado near the border with Mali.");
        let found = toponyms(&text, &["Tabado", "Mali"]);
        let mut places = [place("Tabado", None, None), place("Mali", Some("Mali"), Some("MLI"))];
        place_in_country(&mut places, &found, &[false, true], None, &[]);
        assert_eq!(places[0].country, None);
        let mali = text.tokens.iter().position(|token| text.word(token) == "Mali").unwrap();
        assert!(at_border(&text, &(mali..mali + 1)));
        assert!(!at_border(&text, &(3..4)));
    }

    #[test]
    fn people_of_two_countries_place_nothing() {
        let text = Text::new("Two died in Tabado.");
        let found = toponyms(&text, &["Tabado"]);
        let people = |list: &[(&str, usize)]| -> Vec<(String, usize)> {
            list.iter().map(|(country, times)| ((*country).to_owned(), *times)).collect()
        };
        let mut places = [place("Tabado", None, None)];
        place_in_country(&mut places, &found, &[false], None, &people(&[("MLI", 1), ("FRA", 1)]));
        assert_eq!(places[0].country, None);
        place_in_country(&mut places, &found, &[false], None, &people(&[("MLI", 2), ("FRA", 1)]));
        assert_eq!(places[0].country.as_deref(), Some("MLI"));
    }
}
