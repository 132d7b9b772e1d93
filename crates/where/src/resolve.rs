//! Names to places: every name of a report is read in the light of all the others.

use record::{Alternative, Place, Relation};
use rustc_hash::FxHashMap;
use text::{Span, Text};

use crate::context::bearing;
use crate::find::Toponym;
use crate::fold;
use crate::gazetteer::{Candidate, Gazetteer, Level};
use crate::geo::{distance_km, move_by};
use crate::pack::Tier;
use crate::score::{Evidence, HOLDS, Known, LISTED, NESTED, Spelled, TOWN, Witness, kind, lies_in, prior};

/// How many of the next best records are reported.
const ALTERNATIVES: usize = 3;
/// How often every name is read again with what the last reading chose.
const ROUNDS: usize = 2;
/// Most names that speak for the others: a report of a thousand places is a list, and costs must stay linear.
const WITNESSES: usize = 48;
/// Most names that one name is noted to lie in, or to hold.
const LINKS: usize = 8;
/// Kilometres around a known point within which UCDP still calls it precision 2.
const NEAR_KM: f64 = 25.0;
/// Kilometres from a division within which a place that the gazetteer puts into its neighbour may lie in it.
const NEIGHBOUR_KM: f64 = 150.0;
/// Population from which a place is believed where a list of places would have it elsewhere.
const KNOWN: u32 = 100_000;
/// Kilometres beyond which what only resembles a name is none of the division that the text names.
const FAR_KM: f64 = 300.0;
/// Population from which even another name of a place is.
const CITY: u32 = 500_000;
/// Points off for a record abroad under another of its names, where one at home bears the name as its own.
const ABROAD: f64 = 3.0;
/// Mentions in the text that the word of whoever hands it in is worth.
const TOLD: f64 = 3.0;
/// Least score, relative to the chosen record's, of an alternative worth reporting.
const LEAST: f64 = 0.005;

/// What is known about a report from outside its text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hints {
    /// ISO 3166-1 alpha-3 of the publisher's country.
    pub publisher_country: Option<String>,
    /// The place in the dateline.
    pub dateline: Option<Span>,
    /// ISO 3166-1 alpha-3 of countries that the report is known to be about.
    pub countries: Vec<String>,
    /// ISO 3166-1 alpha-3 of the country that somebody told with the text.
    pub told: Option<String>,
}

/// One name of the report, wherever it stands: one name means one place throughout.
struct Name {
    folded: String,
    candidates: Vec<Known>,
    kind: Option<Level>,
    mentions: usize,
    /// It stands in a list of places of this kind.
    listed: Option<Level>,
    /// Other names that it is said to lie in.
    outer: Vec<usize>,
    /// Those of them that more than a comma says so of ("in", "of", "'s").
    within: Vec<usize>,
    /// Names that are said to lie in it.
    inner: Vec<usize>,
    best: Vec<(usize, f64)>,
}

impl Gazetteer {
    /// One place for each toponym, in order. A name that the gazetteer does not know, or knows only by a
    /// far-fetched spelling in a country that the report does not name, stays unresolved.
    #[must_use]
    pub fn resolve(&self, text: &Text, toponyms: &[Toponym], hints: &Hints) -> Vec<Place> {
        let mut names: Vec<Name> = Vec::new();
        let mut index: FxHashMap<(String, Option<Level>), usize> = FxHashMap::default();
        let mut of_toponym = Vec::with_capacity(toponyms.len());
        for toponym in toponyms {
            let name = text.slice(toponym.span);
            let number = *index
                .entry((name.to_owned(), toponym.kind.filter(|kind| *kind <= Level::Second)))
                .or_insert_with(|| {
                    names.push(Name {
                        folded: fold::fold(name),
                        candidates: self.meanings(name).into_iter().map(Known::new).collect(),
                        kind: toponym.kind,
                        mentions: 0,
                        listed: None,
                        outer: Vec::new(),
                        within: Vec::new(),
                        inner: Vec::new(),
                        best: Vec::new(),
                    });
                    names.len() - 1
                });
            if let Some(entry) = names.get_mut(number) {
                entry.mentions += 1;
                entry.kind = entry.kind.or(toponym.kind);
            }
            of_toponym.push(number);
        }
        nest(text, toponyms, &of_toponym, &mut names);

        let mut evidence = self.country_evidence(text, &names, hints);
        let dateline =
            hints.dateline.and_then(|span| toponyms.iter().position(|toponym| toponym.span.overlaps(span)));
        for round in 0..=ROUNDS {
            let scores: Vec<Vec<(usize, f64)>> =
                (0..names.len()).map(|number| score(&names, number, &evidence, round > 0)).collect();
            for (name, best) in names.iter_mut().zip(scores) {
                name.best = best;
            }
            evidence.chosen = chosen(&names);
            if round == 0 {
                // What the first reading settled names countries too, and the dateline most of all.
                for (number, name) in names.iter().enumerate() {
                    let weight = if dateline.is_some_and(|at| of_toponym.get(at) == Some(&number)) {
                        1.5
                    } else {
                        0.5
                    };
                    if let Some(country) = name.settled().and_then(|candidate| candidate.country.clone()) {
                        evidence.country(&country, weight);
                        evidence.votes.insert(number, (country, weight));
                    }
                }
            }
        }
        toponyms
            .iter()
            .zip(of_toponym)
            .map(|(toponym, number)| {
                let mut place = place(text, toponym, names.get(number), &names, &evidence);
                place.find_cell();
                self.add_pcodes(&mut place);
                place
            })
            .collect()
    }

    /// The records that a name can mean; none for what every city has: "the Old City".
    fn meanings(&self, name: &str) -> Vec<Candidate> {
        let folded = fold::fold(name);
        match folded.split_once(' ') {
            Some(("old" | "inner" | "walled", "city" | "town" | "quarter")) => Vec::new(),
            _ if self.is_demonym(name) => self.lookup_people(name),
            _ => self.lookup(name),
        }
    }

    /// Countries that the report names, by name and by adjective, and those known from outside.
    fn country_evidence(&self, text: &Text, names: &[Name], hints: &Hints) -> Evidence {
        let mut evidence = Evidence::default();
        for name in names {
            let mut countries = name.records().filter(|candidate| candidate.level == Level::Country);
            if let Some(country) = countries.find_map(|candidate| candidate.country.as_deref()) {
                evidence.country(country, f64::from(u32::try_from(name.mentions).unwrap_or(u32::MAX)));
            }
        }
        for token in &text.tokens {
            let word = text.word(token);
            if word.chars().next().is_some_and(char::is_uppercase)
                && let Some(country) = self.countries.by_demonym(word)
            {
                evidence.country(&country.iso3, 0.5);
            }
        }
        for country in &hints.countries {
            evidence.country(country, 1.0);
        }
        if let Some(country) = &hints.publisher_country {
            evidence.country(country, 0.5);
        }
        if let Some(country) = &hints.told {
            evidence.told = Some(country.clone()).filter(|told| !evidence.countries.contains_key(told));
            evidence.country(country, TOLD);
        }
        evidence.named = evidence.countries.keys().cloned().collect();
        evidence
    }
}

impl Name {
    fn records(&self) -> impl Iterator<Item = &Candidate> + Clone {
        self.candidates.iter().map(|known| &known.candidate)
    }

    /// Whether it can mean something larger than all that another name can mean.
    fn outweighs(&self, other: &Self) -> bool {
        let size = |name: &Self| {
            let exact = name.records().filter(|candidate| candidate.tier == Tier::Exact);
            exact
                .map(|candidate| {
                    (std::cmp::Reverse(candidate.level.min(Level::Second)), candidate.population)
                })
                .max()
        };
        size(self) > size(other)
    }

    /// Whether a word of kind behind it can mean it: a region or a division is not called a town.
    fn is_called(&self, kind: Level) -> bool {
        let wide = |level: Level| matches!(level, Level::Country | Level::First | Level::Region | Level::Sea);
        kind == Level::Second
            || !self.records().any(|candidate| candidate.tier == Tier::Exact && wide(candidate.level))
    }

    fn best(&self) -> Option<&Known> {
        self.candidates.get(self.best.first()?.0)
    }

    fn top(&self) -> Option<(&Candidate, f64)> {
        let &(index, score) = self.best.first()?;
        Some((&self.candidates.get(index)?.candidate, score))
    }

    /// The best record, where the next best of another country is a good way behind.
    fn settled(&self) -> Option<&Candidate> {
        let (candidate, score) = self.top()?;
        let mut rivals = self
            .best
            .iter()
            .filter_map(|&(index, score)| Some((&self.candidates.get(index)?.candidate, score)));
        let rival = rivals.find(|(other, _)| other.country != candidate.country).map(|(_, score)| score);
        (candidate.level != Level::Country && rival.is_none_or(|rival| score - rival > 1.0))
            .then_some(candidate)
    }
}

/// Finds which names are said to lie in which: "Sangin, Helmand", "Mosul in Iraq", "Iraq's Anbar". A list
/// ("Arizona, Georgia and Ohio") nests nothing, but its members are of one kind.
fn nest(text: &Text, toponyms: &[Toponym], of_toponym: &[usize], names: &mut [Name]) {
    let mut start = 0;
    while start < toponyms.len() {
        let mut end = start + 1;
        while end < toponyms.len() && is_listed(text, &toponyms[end - 1], &toponyms[end]) {
            end += 1;
        }
        let members: Vec<usize> = of_toponym[start..end].to_vec();
        let level = list_level(&members, names).filter(|_| end - start >= 3);
        for (pair, numbers) in toponyms[start..end].windows(2).zip(members.windows(2)) {
            if level.is_none() {
                nest_pair(text, &pair[0], &pair[1], numbers[0], numbers[1], names);
            }
        }
        if let Some(level) = level {
            for number in members {
                if let Some(name) = names.get_mut(number) {
                    name.kind = name.kind.or(Some(level));
                    name.listed = Some(level);
                }
            }
        }
        if let (Some(last), Some(next)) = (toponyms.get(end - 1), toponyms.get(end)) {
            nest_pair(text, last, next, of_toponym[end - 1], of_toponym[end], names);
        }
        start = end;
    }
}

/// Whether only a comma or a conjunction stands between two names.
fn is_listed(text: &Text, first: &Toponym, second: &Toponym) -> bool {
    first.sentence == second.sentence
        && first.tokens.end < second.tokens.start
        && second.tokens.start - first.tokens.end <= 3
        && (first.tokens.end..second.tokens.start)
            .filter_map(|token| text.tokens.get(token))
            .all(|token| matches!(text.word(token), "," | ";" | "and" | "or" | "&" | "the"))
}

/// The level that every member of a list can have: all countries, or all divisions.
fn list_level(members: &[usize], names: &[Name]) -> Option<Level> {
    let can = |number: &usize, level: Level| {
        names.get(*number).is_some_and(|name| {
            name.records().any(|candidate| candidate.level == level && candidate.tier == Tier::Exact)
        })
    };
    // Divisions first: "Georgia" among states is the state.
    [Level::First, Level::Country].into_iter().find(|&level| members.iter().all(|number| can(number, level)))
}

fn nest_pair(text: &Text, first: &Toponym, second: &Toponym, inner: usize, outer: usize, names: &mut [Name]) {
    if first.sentence != second.sentence || inner == outer || second.tokens.start < first.tokens.end {
        return;
    }
    let range = first.tokens.end..second.tokens.start;
    if range.len() > 5 {
        return;
    }
    let between: Vec<&str> =
        range.filter_map(|token| text.tokens.get(token)).map(|token| text.word(token)).collect();
    if between.iter().any(|word| matches!(*word, "and" | "or" | "&")) {
        return;
    }
    // "In China, Japan said": two countries beside each other, unless the first is a division of the second ("Georgia, US").
    let is = |number: usize, level: Level| {
        names.get(number).is_some_and(|name| {
            name.records().any(|candidate| candidate.level == level && candidate.tier == Tier::Exact)
        })
    };
    if is(inner, Level::Country) && is(outer, Level::Country) && !is(inner, Level::First) {
        return;
    }
    // "Iraq's Anbar", "Kunar province's Dara Noor".
    if between.iter().take(2).any(|word| matches!(*word, "'s" | "’s")) && !between.contains(&",") {
        link(names, outer, inner, true);
        return;
    }
    let kind_of_first = match between.as_slice() {
        // "X district of Y": what it calls is the first name, where the second is not the smaller place.
        [.., kind, "of"] if between.len() <= 2 => match *kind {
            "district" | "tehsil" | "subdistrict" | "county" => Some(Level::Second),
            "neighborhood" | "neighbourhood" | "quarter" | "suburb" | "town" | "village" | "area" => {
                Some(Level::Settlement)
            }
            _ => None,
        },
        // "The Mashhad mosque in Najran" stands in Najran, whatever it is called.
        [thing, "in"]
            if matches!(
                *thing,
                "mosque" | "church" | "hotel" | "school" | "market" | "hospital" | "beach" | "restaurant"
            ) =>
        {
            Some(Level::Settlement)
        }
        _ => None,
    };
    // "Borno state village of Kamuya", "the Baghdad neighborhood of Shaab": the other way round.
    let of_smaller = matches!(between.as_slice(), [.., kind, "of"] if kind.chars().all(char::is_lowercase))
        && between.len() <= 3
        && !between.contains(&",")
        && second.kind.is_none_or(|kind| kind == Level::Settlement)
        && names.get(inner).zip(names.get(outer)).is_some_and(|(first, second)| first.outweighs(second));
    if of_smaller {
        link(names, outer, inner, true);
        return;
    }
    let linked = between.iter().any(|word| matches!(*word, "," | "/" | "in" | "of")) && between.len() <= 4;
    if linked {
        if let Some(name) =
            names.get_mut(inner).filter(|name| kind_of_first.is_some_and(|kind| name.is_called(kind)))
        {
            name.kind = name.kind.or(kind_of_first);
        }
        link(names, inner, outer, between.iter().any(|word| matches!(*word, "in" | "of")));
    }
}

/// Notes once that one name is said to lie in another; by a comma alone, or by more.
fn link(names: &mut [Name], inner: usize, outer: usize, in_words: bool) {
    let Some(name) =
        names.get_mut(inner).filter(|name| !name.outer.contains(&outer) && name.outer.len() < LINKS)
    else {
        return;
    };
    name.outer.push(outer);
    if in_words {
        name.within.push(outer);
    }
    if let Some(name) = names.get_mut(outer).filter(|name| name.inner.len() < LINKS) {
        name.inner.push(inner);
    }
}

/// Scores of a name's records, best first.
fn score(names: &[Name], number: usize, evidence: &Evidence, with_neighbours: bool) -> Vec<(usize, f64)> {
    let Some(name) = names.get(number) else { return Vec::new() };
    let spelled = Spelled::of(&name.folded, name.records());
    let pointed = |candidate: &Candidate| {
        candidate.country.as_ref().is_some_and(|country| evidence.named.contains(country))
    };
    let own_name = |candidate: &Candidate| fold::fold(&candidate.name) == name.folded;
    // "Samar", of a report on the Philippines, is no Samara in Russia: another name counts little beside one's own at home.
    let at_home = name.records().any(|candidate| pointed(candidate) && own_name(candidate));
    let records_of = |numbers: &'_ [usize]| -> Vec<&Known> {
        numbers.iter().filter_map(|&number| names.get(number)).flat_map(|name| &name.candidates).collect()
    };
    let (outer, inner) = (records_of(&name.outer), records_of(&name.inner));
    let nested = |known: &Known| outer.iter().any(|outer| lies_in(known, outer));
    let believable = |known: &Known| {
        known.candidate.tier != Tier::Skeleton
            || evidence.country_points(number, &known.candidate) > 0.0
                && (name.outer.is_empty() || nested(known))
    };
    let mut scores: Vec<(usize, f64)> = name
        .candidates
        .iter()
        .enumerate()
        .filter(|(_, known)| believable(known))
        .map(|(index, known)| {
            let candidate = &known.candidate;
            let mut points = prior(candidate, &name.folded, spelled)
                + kind(candidate, name.kind)
                + evidence.country_points(number, candidate);
            if nested(known) {
                points += NESTED;
            }
            if at_home && !pointed(candidate) && !own_name(candidate) {
                points -= ABROAD;
            }
            // The reverse: what something else is said to lie in must be able to hold it.
            if inner.iter().any(|inner| lies_in(inner, known)) {
                points += HOLDS;
            }
            if name.listed == Some(candidate.level) {
                points += LISTED;
            }
            if with_neighbours {
                points += evidence.neighbour_points(number, known);
            }
            (index, points)
        })
        .collect();
    scores.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    scores
}

/// What the names that stand most often mean, as witnesses for the others.
fn chosen(names: &[Name]) -> Vec<Witness> {
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by_key(|&number| std::cmp::Reverse(names[number].mentions));
    order.truncate(WITNESSES);
    order
        .into_iter()
        .filter_map(|number| {
            let known = names[number].best()?;
            Some(Witness {
                name: number,
                country: known.candidate.country.clone(),
                admin1: known.admin1.clone(),
                position: known.candidate.position,
            })
        })
        .collect()
}

/// UCDP's precision of a place at a relation.
fn precision(level: Level, relation: Relation, distance_km: Option<f64>) -> u8 {
    match (level, relation) {
        (Level::Sea, _) => 7,
        (_, Relation::Between | Relation::Along) => 5,
        (Level::Country, Relation::At) => 6,
        // "northern Syria" is no division.
        (Level::Country | Level::Region, _) => 5,
        (Level::First, _) => 4,
        (Level::Second, Relation::At | Relation::PartOf) => 3,
        (_, Relation::At | Relation::PartOf) => 1,
        _ if distance_km.is_some_and(|km| km > NEAR_KM) => 5,
        (Level::Second, _) => 3,
        _ => 2,
    }
}

fn place(text: &Text, toponym: &Toponym, name: Option<&Name>, names: &[Name], evidence: &Evidence) -> Place {
    let mention = text.mention(toponym.span);
    let mut place = Place {
        text: mention.text,
        start: mention.start,
        end: mention.end,
        relation: toponym.relation,
        distance_km: toponym.distance_km,
        name: None,
        geonameid: None,
        source_id: None,
        feature_code: None,
        country: None,
        admin1: None,
        admin2: None,
        admin1_pcode: None,
        admin2_pcode: None,
        latitude: None,
        longitude: None,
        where_precision: None,
        prio_grid: None,
        reason: "not in the gazetteer; called a place by the words around it".to_owned(),
        alternatives: Vec::new(),
    };
    let Some(name) = name else { return place };
    let Some((candidate, best)) = name.top() else {
        inherit(&mut place, name, names);
        return place;
    };
    if toponym.named_after && !is_pointed_at(text, toponym, name, names, evidence) {
        inherit(&mut place, name, names);
        if place.country.is_none() {
            place.reason = format!(
                "left unresolved: called after {}, and nothing else in the report points there",
                candidate.name
            );
        }
        return place;
    }
    if is_far_fetched(name, names, evidence) {
        inherit(&mut place, name, names);
        if place.country.is_none() {
            place.reason = format!(
                "left unresolved: the only {} known are in countries that nothing in the report points to",
                candidate.name
            );
        }
        return place;
    }
    let mut reasons = vec![why(candidate, name, names, evidence)];
    // "Jaghatu district, Ghazni province": the text knows better than the gazetteer what lies in what.
    let said = contradiction(name, names);
    if let Some(outer) = said {
        let near =
            candidate.position.zip(outer.position).is_some_and(|(a, b)| distance_km(a, b) < NEIGHBOUR_KM);
        if candidate.country != outer.country || outer.level != Level::First || !near {
            inherit(&mut place, name, names);
            return place;
        }
        reasons.push(format!("the text says that it lies in {}", outer.name));
    }
    let level = candidate.level;
    let mut position = candidate.position.filter(|_| level != Level::Country);
    if let (Some(from), Some(turn), Some(km)) = (position, bearing(toponym.relation), toponym.distance_km) {
        position = Some(move_by(from, turn, km));
        reasons.push(format!("moved {km:.0} km {} the place", toponym_direction(toponym.relation)));
    }
    if candidate.approximate && position.is_some() {
        reasons.push("position of the division's largest town".to_owned());
    }
    place.name = Some(candidate.name.clone());
    place.geonameid = candidate.geonameid;
    place.source_id.clone_from(&candidate.source_id);
    place.feature_code = Some(candidate.feature.clone());
    place.country.clone_from(&candidate.country);
    let own = |wanted: Level| (level == wanted).then(|| candidate.name.clone());
    place.admin1 = said
        .map(|outer| outer.name.clone())
        .or_else(|| candidate.admin1.clone())
        .or_else(|| own(Level::First));
    place.admin2 = candidate.admin2.clone().or_else(|| own(Level::Second));
    place.latitude = position.map(|(lat, _)| lat);
    place.longitude = position.map(|(_, lon)| lon);
    place.where_precision = Some(precision(level, toponym.relation, toponym.distance_km));
    place.reason = reasons.join("; ");
    place.alternatives = name
        .best
        .iter()
        .skip(1)
        .take(ALTERNATIVES)
        .filter_map(|&(index, score)| {
            alternative(&name.candidates.get(index)?.candidate, (score - best).exp())
        })
        .collect();
    place
}

/// The division or country that the text says a name lies in, where the best record for the name does not.
/// A well-known place stands beside others in lists ("Beirut, Syria and Iraq"), so it is believed.
fn contradiction<'n>(name: &Name, names: &'n [Name]) -> Option<&'n Candidate> {
    let best = name.best()?;
    let called_small = matches!(name.kind, Some(Level::Second | Level::Settlement));
    if !matches!(best.candidate.level, Level::Second | Level::Settlement | Level::Spot) && !called_small
        || name.kind == Some(Level::First)
    {
        return None;
    }
    let obscure = best.candidate.population < KNOWN && !best.candidate.supplement;
    let outers = || {
        name.outer
            .iter()
            .filter_map(|&outer| Some((outer, names.get(outer)?)))
            .filter_map(|(number, outer)| Some((number, outer, outer.best()?)))
    };
    if outers().any(|(.., outer)| lies_in(best, outer)) {
        return None;
    }
    outers()
        .filter(|(number, outer, known)| {
            let abroad = known.candidate.country != best.candidate.country;
            // "Mosul's Old City", "the Amiriya neighbourhood of Baghdad": no place of that name abroad is meant.
            let within = name.within.contains(number) && (obscure || called_small || outer.kind.is_some());
            match known.candidate.level {
                Level::First => obscure || within && abroad || outer.kind == Some(Level::First),
                Level::Country => (obscure || within) && abroad,
                Level::Second | Level::Settlement => {
                    let solid = known.candidate.population >= KNOWN
                        || known.candidate.supplement
                        || outer.kind.is_some();
                    // "Ashok Nagar, Delhi": a quarter that the gazetteer lacks, and no town far from the city.
                    let city = known.candidate.population >= CITY;
                    let far = best
                        .candidate
                        .position
                        .zip(known.candidate.position)
                        .is_some_and(|(a, b)| distance_km(a, b) > NEIGHBOUR_KM);
                    within && abroad && solid || obscure && city && far && name.kind != Some(Level::Second)
                }
                _ => false,
            }
        })
        .map(|(.., known)| &known.candidate)
        .min_by_key(|candidate| candidate.level != Level::First)
}

/// Whether the best record for a name is a small place in a country that nothing else in the report points to,
/// while it does point to others: a name of that sort is borne by places everywhere.
fn is_far_fetched(name: &Name, names: &[Name], evidence: &Evidence) -> bool {
    let Some(best) = name.best() else { return false };
    let candidate = &best.candidate;
    // "Kalari" is Cagliari to nobody who writes in English.
    let alias = fold::fold(&candidate.name) != name.folded;
    let known = match candidate.feature.as_str() {
        "PPLC" => true,
        "PPLA" => !alias || candidate.population >= CITY,
        _ => candidate.population >= if alias { CITY } else { TOWN },
    };
    let small = matches!(candidate.level, Level::Second | Level::Settlement | Level::Spot)
        && !known
        && !candidate.supplement;
    let pointed =
        |country: &Option<String>| country.as_ref().is_some_and(|country| evidence.named.contains(country));
    // What is known of the other names: "al-Shaab district, northeast of Baghdad".
    let solid = |other: &Known| {
        other.candidate.population >= KNOWN || matches!(other.candidate.level, Level::First | Level::Country)
    };
    let mut others = names
        .iter()
        .filter(|other| !std::ptr::eq(*other, name))
        .filter_map(Name::best)
        .filter(|other| solid(other));
    let mut told = !evidence.named.is_empty();
    let beside = others.any(|other| {
        told = true;
        other.candidate.country == candidate.country
    });
    if small && alias && candidate.tier != Tier::Exact && names.iter().any(|other| elsewhere(other, best)) {
        return true;
    }
    // Of a local place whose name no other country has there is no doubt.
    let sole = candidate.local
        && candidate.tier <= Tier::Core
        && name.records().all(|other| other.tier > candidate.tier || other.country == candidate.country);
    small && told && !sole && !pointed(&candidate.country) && !beside
}

/// Whether anything but a gate or a street that is called after a place speaks for that place.
fn is_pointed_at(text: &Text, toponym: &Toponym, name: &Name, names: &[Name], evidence: &Evidence) -> bool {
    let thing = text.tokens.get(toponym.tokens.end).map_or("", |token| text.word(token));
    if thing.eq_ignore_ascii_case("gate") {
        return false;
    }
    let Some(country) = name.best().and_then(|best| best.candidate.country.as_ref()) else { return false };
    let others = names.iter().filter(|other| !std::ptr::eq(*other, name)).filter_map(Name::best);
    evidence.named.contains(country)
        || others.into_iter().any(|other| other.candidate.country.as_ref() == Some(country))
}

/// "Sabon-Gida" in a report on Zamfara is no Sabongida in Edo: the division that the text names beside a name that
/// only resembles the record's is another.
fn elsewhere(other: &Name, known: &Known) -> bool {
    other.best().is_some_and(|division| {
        division.candidate.level == Level::First
            && division.candidate.country == known.candidate.country
            && !known.admin1.is_empty()
            && division.name != known.admin1
            && division
                .candidate
                .position
                .zip(known.candidate.position)
                .is_some_and(|(a, b)| distance_km(a, b) > FAR_KM)
    })
}

/// An unknown name that is said to lie in a known division is at least there.
fn inherit(place: &mut Place, name: &Name, names: &[Name]) {
    let outer =
        name.outer.iter().filter_map(|&outer| names.get(outer)?.top()).map(|(candidate, _)| candidate);
    let Some(outer) = outer.min_by_key(|candidate| std::cmp::Reverse(candidate.level.min(Level::Second)))
    else {
        return;
    };
    place.country.clone_from(&outer.country);
    place.admin1 = outer.admin1.clone().or_else(|| (outer.level == Level::First).then(|| outer.name.clone()));
    if outer.level == Level::Second {
        place.admin2 = outer.admin2.clone().or_else(|| Some(outer.name.clone()));
    }
    place.where_precision = Some(match outer.level {
        Level::Country => 6,
        Level::First => 4,
        Level::Second => 3,
        Level::Settlement | Level::Spot => 2,
        Level::Region => 5,
        Level::Sea => 7,
    });
    if outer.level != Level::Country {
        place.latitude = outer.position.map(|(lat, _)| lat);
        place.longitude = outer.position.map(|(_, lon)| lon);
    }
    place.reason =
        format!("not in the gazetteer; the text puts it in {}, whose position stands for it", outer.name);
}

const fn toponym_direction(relation: Relation) -> &'static str {
    match relation {
        Relation::NorthOf => "north of",
        Relation::NortheastOf => "northeast of",
        Relation::EastOf => "east of",
        Relation::SoutheastOf => "southeast of",
        Relation::SouthOf => "south of",
        Relation::SouthwestOf => "southwest of",
        Relation::WestOf => "west of",
        Relation::NorthwestOf => "northwest of",
        _ => "from",
    }
}

fn alternative(candidate: &Candidate, score: f64) -> Option<Alternative> {
    let position = candidate.position.filter(|_| candidate.level != Level::Country);
    (score >= LEAST).then(|| Alternative {
        name: candidate.name.clone(),
        geonameid: candidate.geonameid,
        source_id: candidate.source_id.clone(),
        country: candidate.country.clone(),
        admin1: candidate.admin1.clone(),
        latitude: position.map(|(lat, _)| lat),
        longitude: position.map(|(_, lon)| lon),
        score: (score.clamp(0.0, 1.0) * 1000.0).round() / 1000.0,
    })
}

/// Why the record was chosen, in words.
fn why(candidate: &Candidate, name: &Name, names: &[Name], evidence: &Evidence) -> String {
    let mut parts: Vec<String> = Vec::new();
    let holder = name.best().and_then(|known| {
        let mut holders = name.outer.iter().filter_map(|&outer| names.get(outer)?.best());
        holders.find(|outer| lies_in(known, outer))
    });
    if name.best.len() == 1 {
        parts.push("only candidate".to_owned());
    }
    if let Some(holder) = holder {
        parts.push(format!("lies in {}, which the text names beside it", holder.candidate.name));
    } else if candidate.level == Level::Country {
        parts.push("name of a country".to_owned());
    } else if let Some(country) = candidate.country.as_deref().filter(|_| name.best.len() > 1)
        && evidence.named.contains(country)
    {
        // Where the text names it too, its own word is the reason.
        let who = if evidence.told.as_deref() == Some(country) {
            "the country that was told with the text"
        } else {
            "a country that the report names"
        };
        parts.push(format!("in {who} ({country}), of {} candidates", name.best.len()));
    } else if name.best.len() > 1 {
        parts.push(format!("best known of {} candidates", name.best.len()));
    }
    if name.listed == Some(candidate.level) {
        parts.push("stands in a list of places of its kind".to_owned());
    } else if kind(candidate, name.kind) > 0.0 {
        parts.push("of the kind that the text says".to_owned());
    }
    if candidate.tier == Tier::Skeleton {
        parts.push(format!("spelled {} in the gazetteer", candidate.name));
    }
    if candidate.supplement {
        parts.push("from the supplement".to_owned());
    }
    parts.join("; ")
}
