/*! Place names alone: found in news, and resolved to one place.

TR-News (Kamalloo and Rafiei 2018) marks names with GeoNames ids, GeoVirus (Gritta and others 2018) with Wikipedia's
coordinates. Figures:

- **accuracy within 161 km** (Leidner 2007): of every marked name that has coordinates, how many are resolved to a position
  at most 161 km away, or to the very GeoNames record. A name left unresolved is wrong. A country has no position here: it is
  right where it is the country that the gold names. Marks that miss their name by a few characters (all of GeoVirus by
  one, a tenth of TR-News) are put right. Names are given, so that only the resolving is measured.
- **found**: our own search, an answer being right if it has exactly the marked characters, or shares a character
  ("overlap"); words for peoples ("Turkish") are marked in TR-News and no places for us: they are left out of the gold.
- **found and resolved**: found by overlap and within 161 km.
- **province**: in the coalition's releases (data of `isaf`), how often the province of the gold is a first-order division
  of a place that is named.
*/

use std::io::Read as _;
use std::sync::Arc;

use anyhow::{Context, Result};
use coder::{Asked, Coder};
use record::Place;
use record::country::Countries;
use serde::Deserialize;
use text::{Span, Text};
use whereabouts::fold::{core, fold, skeleton};
use whereabouts::geo::distance_km;
use whereabouts::{Gazetteer, Hints, Toponym};

use crate::{Figure, Hits, Kind, Options, Outcome, Reader};

/// The corpora, below the data folder and without `.gz`.
pub const NEEDS: &str = "geoparsing/TR-News.xml";
pub(crate) const GEOVIRUS: &str = "geoparsing/GeoVirus.xml";
const RELEASES: &str = "isaf/dev.jsonl";
/// A hundred miles, the usual tolerance.
pub(crate) const TOLERANCE_KM: f64 = 161.0;

/// A marked name.
pub(crate) struct Gold {
    pub span: Span,
    pub phrase: String,
    pub position: Option<(f64, f64)>,
    pub geonameid: Option<u64>,
    /// ISO 3166-1 alpha-3, where the name is a country's.
    pub country: Option<String>,
}

pub(crate) struct Document {
    pub id: String,
    pub text: Text,
    pub gold: Vec<Gold>,
}

/// Measures both corpora and the releases.
pub fn measure(options: &Options, coder: &Coder, countries: &Countries) -> Result<Outcome> {
    let gazetteer = &coder.knowledge().places;
    let mut outcome = Outcome::new(
        "geoparse",
        "TR-News and GeoVirus (GPL-3 repository; news text), ISAF releases (public)",
        "Within 161 km of the gold, unresolved names counted as wrong, countries by identity; search by characters.",
    );
    for (name, file) in [("TR-News", NEEDS), ("GeoVirus", GEOVIRUS)] {
        if !options.has(file) {
            continue;
        }
        let mut documents = load(options, file, countries)?;
        options.cut(&mut documents);
        corpus(&mut outcome, name, &documents, coder, countries);
    }
    if options.has(RELEASES) {
        provinces(&mut outcome, options, gazetteer)?;
    }
    Ok(outcome)
}

/// Measures both corpora with another pack: Who's On First, of eighteen countries of conflict, as an operator imports it.
pub fn with_whos_on_first(options: &Options, reader: &Reader) -> Result<Outcome> {
    let knowledge = reader.coder.knowledge();
    let countries = &knowledge.countries;
    let places = crate::derive::whos_on_first(options, countries)?;
    let pack = Arc::new(whereabouts::builder::build(&[], &places)?);
    let larger = reader.with_pack(pack)?;
    let mut outcome = Outcome::new(
        "geoparse-wof",
        "TR-News and GeoVirus (GPL-3 repository; news text); Who's On First (CC0, CC BY 4.0)",
        "As geoparse, with a second pack of 495,702 places of Who's On First in eighteen countries.",
    );
    for (name, file) in [("TR-News", NEEDS), ("GeoVirus", GEOVIRUS)] {
        if !options.has(file) {
            continue;
        }
        let mut documents = load(options, file, countries)?;
        options.cut(&mut documents);
        corpus(&mut outcome, name, &documents, &larger.coder, countries);
    }
    if options.has(RELEASES) {
        provinces(&mut outcome, options, &larger.coder.knowledge().places)?;
    }
    Ok(outcome)
}

fn corpus(outcome: &mut Outcome, name: &str, documents: &[Document], coder: &Coder, countries: &Countries) {
    let gazetteer = &coder.knowledge().places;
    let (mut resolved, mut cities) = (Vec::new(), Vec::new());
    let (mut exact, mut overlap, mut both) = (Vec::new(), Vec::new(), Vec::new());
    for document in documents {
        let given: Vec<Toponym> =
            document.gold.iter().map(|gold| gazetteer.mention(&document.text, gold.span)).collect();
        let places = gazetteer.resolve(&document.text, &given, &Hints::default());
        let (mut right, mut all, mut right_cities, mut all_cities) = (0, 0, 0, 0);
        for (gold, place) in document.gold.iter().zip(&places) {
            if gold.position.is_none() {
                continue;
            }
            let good = is_right(gold, place);
            all += 1;
            right += usize::from(good);
            if gold.country.is_none() {
                all_cities += 1;
                right_cities += usize::from(good);
            }
            if !good {
                let got = format!(
                    "{:?} {:?} {:?}, {:?} {:?}",
                    place.name, place.country, place.admin1, place.latitude, place.longitude
                );
                let reason = if place.name.is_none() { "unresolved" } else { "another place" };
                let around = document
                    .text
                    .sentence_at(gold.span.start)
                    .and_then(|index| document.text.sentences.get(index));
                let snippet = around.map_or("", |sentence| document.text.slice(sentence.span));
                outcome.lose(
                    &document.id,
                    &format!("{name} resolved"),
                    format!("{} {:?}", gold.phrase, gold.position),
                    got,
                    reason,
                    snippet,
                );
            }
        }
        resolved.push(Hits::sets(right, all, all));
        cities.push(Hits::sets(right_cities, all_cities, all_cities));

        let names: Vec<&Gold> = document.gold.iter().filter(|gold| !is_people(gold, countries)).collect();
        // As the program finds them.
        let places = coder.geoparse(document.text.raw(), &Asked::default());
        let found: Vec<Span> = places
            .iter()
            .map(|place| Span::new(document.text.byte(place.start), document.text.byte(place.end)))
            .collect();
        let same = names.iter().filter(|gold| found.contains(&gold.span)).count();
        let touches = |gold: &Gold, found: &Span| found.overlaps(gold.span);
        let hit = names.iter().filter(|gold| found.iter().any(|toponym| touches(gold, toponym))).count();
        // What is found on a word for a people is neither right nor wrong.
        let counted: Vec<&Span> = found
            .iter()
            .filter(|toponym| {
                !document.gold.iter().any(|gold| is_people(gold, countries) && touches(gold, toponym))
            })
            .collect();
        for gold in names.iter().filter(|gold| !found.iter().any(|toponym| touches(gold, toponym))) {
            lose_found(outcome, document, name, gold.span, "missed");
        }
        for toponym in counted.iter().filter(|toponym| !names.iter().any(|gold| touches(gold, toponym))) {
            lose_found(outcome, document, name, **toponym, "not marked");
        }
        exact.push(Hits::sets(same, counted.len(), names.len()));
        overlap.push(Hits::sets(hit, counted.len(), names.len()));

        let located = names
            .iter()
            .filter(|gold| {
                gold.position.is_some()
                    && found
                        .iter()
                        .zip(&places)
                        .any(|(toponym, place)| touches(gold, toponym) && is_right(gold, place))
            })
            .count();
        both.push(Hits::sets(
            located,
            counted.len(),
            names.iter().filter(|gold| gold.position.is_some()).count(),
        ));
    }
    let exactly = |label: &str, documents: Vec<Hits>| {
        let mut figure = Figure::new(format!("{name}: {label}"), Kind::Recall);
        figure.documents = documents;
        figure
    };
    let (goal, peers) = match name {
        "TR-News" => {
            (0.83, "voting of 20 systems .717, CLAVIN .726, CamCoder .672 (rescored from released outputs)")
        }
        _ => (0.82, "voting of 20 systems .821, CLAVIN .793, CamCoder .769 (rescored from released outputs)"),
    };
    outcome.figures.push(exactly("within 161 km, names given", resolved).goal(goal).peers(peers));
    outcome.figures.push(exactly("within 161 km, names given, countries left out", cities));
    outcome.figures.extend(Figure::trio(&format!("{name}: found, exact"), &exact));
    outcome.figures.extend(Figure::trio(&format!("{name}: found, overlap"), &overlap));
    outcome.figures.push(exactly("found and within 161 km", both));
}

fn lose_found(outcome: &mut Outcome, document: &Document, corpus: &str, span: Span, reason: &str) {
    let sentence = document.text.sentence_at(span.start).and_then(|index| document.text.sentences.get(index));
    let snippet = sentence.map_or("", |sentence| document.text.slice(sentence.span));
    outcome.lose(&document.id, &format!("{corpus} found"), document.text.slice(span), "", reason, snippet);
}

fn is_people(gold: &Gold, countries: &Countries) -> bool {
    countries.by_demonym(&gold.phrase).is_some() && countries.by_name(&gold.phrase).is_none()
}

fn is_right(gold: &Gold, place: &Place) -> bool {
    if let (Some(country), Some(feature)) = (&gold.country, &place.feature_code)
        && feature.starts_with("PCL")
    {
        return place.country.as_ref() == Some(country);
    }
    // Two gazetteers put the point that stands for a large area far apart.
    if gold.geonameid.is_some() && gold.geonameid == place.geonameid {
        return true;
    }
    let ours = place.latitude.zip(place.longitude);
    gold.position.zip(ours).is_some_and(|(theirs, ours)| distance_km(theirs, ours) <= TOLERANCE_KM)
}

pub(crate) fn load(options: &Options, file: &str, countries: &Countries) -> Result<Vec<Document>> {
    let mut xml = String::new();
    options.open(file)?.read_to_string(&mut xml).with_context(|| file.to_owned())?;
    let tree = roxmltree::Document::parse(&xml).with_context(|| format!("{file}: not well-formed"))?;
    let mut documents = Vec::new();
    for (number, article) in tree.descendants().filter(|node| node.has_tag_name("article")).enumerate() {
        let part = |name: &str| article.children().find(|node| node.has_tag_name(name));
        let text = Text::new(part("text").and_then(|node| node.text()).unwrap_or(""));
        let gold = article
            .descendants()
            .filter(|node| node.has_tag_name("toponym") || node.has_tag_name("location"))
            .filter_map(|node| gold(&node, &text, countries))
            .collect();
        let id = article.attribute("docid").map_or_else(|| format!("{file}#{number}"), str::to_owned);
        documents.push(Document { id, text, gold });
    }
    Ok(documents)
}

fn gold(node: &roxmltree::Node<'_, '_>, text: &Text, countries: &Countries) -> Option<Gold> {
    let value = |name: &str| {
        node.descendants()
            .find(|child| child.has_tag_name(name))
            .and_then(|child| child.text())
            .map(str::trim)
    };
    let number = |name: &str| value(name).and_then(|value| value.parse::<usize>().ok());
    let position =
        value("lat").and_then(|lat| lat.parse().ok()).zip(value("lon").and_then(|lon| lon.parse().ok()));
    let phrase =
        value("phrase").or_else(|| node.children().find(|child| child.has_tag_name("name"))?.text())?;
    let span = aligned(text.raw(), text.byte(number("start")?), phrase);
    let geonameid = node.descendants().find_map(|child| child.attribute("geonameid")?.parse().ok());
    let country = match value("page") {
        Some(page) => countries.by_name(&page.rsplit('/').next()?.replace('_', " ")),
        None => value("fcode").filter(|code| code.starts_with("PCL")).and_then(|_| {
            let tag = node.children().find(|child| child.has_tag_name("gaztag"))?;
            countries.by_name(tag.children().find(|child| child.has_tag_name("name"))?.text()?.trim())
        }),
    };
    Some(Gold {
        span,
        phrase: phrase.to_owned(),
        position,
        geonameid,
        country: country.map(|country| country.iso3.clone()),
    })
}

/// The occurrence of a name nearest to where it is marked.
fn aligned(raw: &str, start: usize, phrase: &str) -> Span {
    let nearest =
        raw.match_indices(phrase).map(|(at, _)| at).min_by_key(|at| at.abs_diff(start)).unwrap_or(start);
    Span::new(nearest, nearest + phrase.len())
}

#[derive(Deserialize)]
struct Release {
    id: String,
    text: String,
    gold: ReleaseGold,
}

#[derive(Deserialize)]
struct ReleaseGold {
    province: Vec<String>,
}

fn provinces(outcome: &mut Outcome, options: &Options, gazetteer: &Gazetteer) -> Result<()> {
    let mut releases: Vec<Release> = options.records(RELEASES)?;
    options.cut(&mut releases);
    let mut named = Figure::new("ISAF: province among the places named", Kind::Exact);
    let mut first = Figure::new("ISAF: province of the first place after the dateline", Kind::Exact);
    let sound = |name: &str| skeleton(&core(&fold(name)));
    for release in &releases {
        let wanted: Vec<_> = release
            .gold
            .province
            .iter()
            .filter(|province| !province.is_empty())
            .map(|province| sound(province))
            .collect();
        if wanted.is_empty() {
            continue;
        }
        let text = Text::new(&release.text);
        let toponyms = gazetteer.find_all(&text, &[]);
        let places = gazetteer.resolve(&text, &toponyms, &Hints::default());
        let admin1: Vec<&str> = places.iter().filter_map(|place| place.admin1.as_deref()).collect();
        let hit = admin1.iter().any(|admin1| wanted.contains(&sound(admin1)));
        if !hit {
            outcome.lose(
                &release.id,
                "province",
                release.gold.province.join("|"),
                admin1.join("|"),
                "not among the places named",
                &release.text,
            );
        }
        named.answer(hit);
        // The releases are dated from Kabul.
        first.answer(
            admin1
                .iter()
                .find(|admin1| **admin1 != "Kabul")
                .is_some_and(|admin1| wanted.contains(&sound(admin1))),
        );
    }
    outcome.figures.extend([named, first]);
    Ok(())
}
