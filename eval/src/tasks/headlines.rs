/*! The place of an event from one headline: UCDP GED's sources (CC BY 4.0), as many of every country.

A cluster is one event of UCDP's with the headlines of the reports that it was coded from. A headline is asked for what
it names and for nothing else:

- **country**: asked where the country's name, or that of a place of the event's, stands in the headline;
- **division**: asked where the name of the first-order division, or of a place of the event's in it, stands there.

A name stands in a headline where its words do, whole and in order, after [`fold::core`] (case, diacritics, articles and
words of kind dropped: "San Agustín municipality" is "san agustin"); an adjective ("Iraqi") names no country. Of a cluster the
first headline that names something is taken, if it has [`WORDS`] words and is not French or Spanish by its small words; a
headline once, whatever the number of clusters that stand behind it: each of them that it names is a right answer. At most [`OF_A_COUNTRY`] clusters of a country are drawn, seeded. The
publication date is that of the source.

The answer is the place of the first event told as news (of the first at all, where none is): the first of its places that
has a country, and the first that has a division. A country is right if it is ISO 3166-1's code of UCDP's (Gaza and the West Bank
are Palestine's). A division is right if

1. its [`fold::core`] is that of UCDP's name, "western" being "west" and so on, or
2. the gazetteer's first-order division of that country under UCDP's name is called so ("At-Ta'mim" is Kirkuk), or
3. UCDP's division was merged into it, or renamed ([`MERGED`]), or
4. in the Philippines, whose provinces are UCDP's first order and GeoNames' second, the same holds of the second-order
   division.

Events that the reader does not find are no places wrong: figures are given for the headlines from which an event was read,
and, beside them, for all. **Name** asks the gazetteer alone: whether a place that was found on the very words of the gold's name
lies in its country, or division, events or not.

Half of the clusters, by a hash of their key, is held out: it is scored and never listed among the losses.
*/

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use coder::Asked;
use jiff::civil::Date;
use record::country::Countries;
use record::{CodedDocument, Place};
use serde::Deserialize;
use serde_json::json;
use whereabouts::{Gazetteer, Level, fold};

use super::common::{countries, happened};
use crate::bootstrap::Random;
use crate::{Figure, Kind, Options, Outcome, Reader, data};

/// Most clusters of one country.
const OF_A_COUNTRY: usize = 400;
/// Least words of a headline: some sources give the name of a town for one.
const WORDS: usize = 4;
/// Least letters of a name that is looked for in a headline.
const LETTERS: usize = 3;
/// UCDP's precision of a place up to which it lies in the division that is given.
const IN_DIVISION: u8 = 4;
/// First-order divisions that UCDP still names and that have become part of another, or are called something else: country,
/// division, of what.
const MERGED: &[(&str, &str, &str)] = &[
    // Twenty-fifth Amendment to the Constitution of Pakistan, 2018.
    ("PAK", "federally administered tribal areas", "khyber pakhtunkhwa"),
    ("UKR", "kiev special republican", "kyiv"),
];

#[derive(Deserialize)]
struct Cluster {
    id: String,
    country: String,
    adm_1: String,
    adm_2: String,
    #[serde(rename = "where")]
    place: String,
    where_prec: String,
    sources: Vec<Source>,
}

#[derive(Deserialize)]
struct Source {
    date: String,
    headline: String,
}

/// A cluster with what its headline names.
struct Question<'c> {
    cluster: &'c Cluster,
    iso3: String,
    /// The names of the country and its places that the headline has, folded.
    named: Vec<String>,
    /// Those of its division and of places in it.
    in_division: Vec<String>,
}

/// Runs the task.
pub fn run(options: &Options, reader: &Reader) -> Result<Outcome> {
    let clusters: Vec<Cluster> = options.records("ucdp_ged/headline_clusters.jsonl")?;
    let countries = countries()?;
    let gazetteer = &reader.coder.knowledge().places;
    let asked = draw(&clusters, &countries, options);
    let mut outcome = Outcome::new(
        "headlines",
        "UCDP GED, headlines of its sources (CC BY 4.0), at most 400 events of each country, drawn with a seed",
        "The place of the first event read from one headline. Country: of the headlines that have the name of the event's country \
         or of one of its places, whole; division: of those that have the name of the event's first-order division or of one \
         of its places in it. Exact: the same ISO 3166-1 code; the same division but for case, diacritics, articles, words of kind \
         and the other names that the gazetteer has for it. \"Event read\" leaves out the headlines from which no event was read. \
         \"By name\" asks whether the name alone, found in the headline, was put into the right one. Places of the same data \
         set are part of what the reader knows (knowledge/fought-over.tsv): on others expect less.",
    );
    let mut tables = [Scores::new("seen"), Scores::new("held out")];
    for ((headline, date), questions) in asked {
        let held_out = held_out(&questions[0].cluster.id);
        let document = reader.read(headline, date.parse::<Date>().ok());
        let found = reader.coder.geoparse(headline, &Asked::default());
        let scores = &mut tables[usize::from(held_out)];
        let read = !document.events.is_empty();
        let mut lose = |field: &str, gold: String, got: Option<&Place>, reason: &str| {
            if !held_out {
                let got = got.map(|place| json!({"text": place.text, "name": place.name, "country": place.country, "admin1": place.admin1, "admin2": place.admin2, "reason": place.reason}));
                outcome.lose(&questions[0].cluster.id, field, gold, json!(got), reason, headline);
            }
        };
        // "West Mosul" is named where Mosul is.
        let on_name = |names: &[String], place: &Place| {
            let words = words_of(&place.text);
            names.iter().any(|name| stands_in(name, &words))
        };
        let in_country = |place: &Place| {
            place.country.as_ref().is_some_and(|got| questions.iter().any(|question| question.iso3 == *got))
        };
        let answer = answer(&document, |place| place.country.is_some());
        let right = answer.is_some_and(in_country);
        let all: Vec<&str> = questions
            .iter()
            .map(|question| question.iso3.as_str())
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        scores.country.answer(right);
        if read {
            scores.country_read.answer(right);
        }
        if !right {
            lose("country", all.join("|"), answer, why(read, answer.is_some()));
        }
        let named: Vec<&Place> = found
            .iter()
            .filter(|place| questions.iter().any(|question| on_name(&question.named, place)))
            .collect();
        let right = named.iter().any(|place| in_country(place));
        scores.country_by_name.answer(right);
        if !right {
            lose("country by name", all.join("|"), named.first().copied(), why(true, !named.is_empty()));
        }

        let divisions: Vec<&Question<'_>> =
            questions.iter().filter(|question| !question.in_division.is_empty()).collect();
        if divisions.is_empty() {
            continue;
        }
        let in_division = |place: &Place| {
            divisions.iter().any(|question| {
                place.country.as_deref() == Some(question.iso3.as_str())
                    && is_same(gazetteer, &question.iso3, &question.cluster.adm_1, place)
            })
        };
        let answer = self::answer(&document, |place| place.admin1.is_some());
        let right = answer.is_some_and(in_division);
        let all: Vec<&str> = divisions
            .iter()
            .map(|question| question.cluster.adm_1.as_str())
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        scores.division.answer(right);
        if read {
            scores.division_read.answer(right);
        }
        if !right {
            lose("division", all.join("|"), answer, why(read, answer.is_some()));
        }
        let named: Vec<&Place> = found
            .iter()
            .filter(|place| divisions.iter().any(|question| on_name(&question.in_division, place)))
            .collect();
        let right = named.iter().any(|place| in_division(place));
        scores.division_by_name.answer(right);
        if !right {
            lose("division by name", all.join("|"), named.first().copied(), why(true, !named.is_empty()));
        }
    }
    outcome.figures = tables.into_iter().flat_map(Scores::figures).collect();
    Ok(outcome)
}

/// The figures of one half.
struct Scores {
    country_read: Figure,
    country: Figure,
    country_by_name: Figure,
    division_read: Figure,
    division: Figure,
    division_by_name: Figure,
}

impl Scores {
    fn new(part: &str) -> Self {
        let figure = |name: &str| Figure::new(format!("{name}, {part}"), Kind::Exact);
        Self {
            country_read: figure("country, event read").goal(0.97),
            country: figure("country, all"),
            country_by_name: figure("country, by name"),
            division_read: figure("division, event read").goal(0.80),
            division: figure("division, all"),
            division_by_name: figure("division, by name"),
        }
    }

    fn figures(self) -> [Figure; 6] {
        [
            self.country_read,
            self.country,
            self.country_by_name,
            self.division_read,
            self.division,
            self.division_by_name,
        ]
    }
}

fn why(read: bool, answered: bool) -> &'static str {
    match (read, answered) {
        (false, _) => "no event at all",
        (_, false) => "none given",
        _ => "another",
    }
}

/// The clusters that are asked, by headline and its date, as many of every country as there are or may be.
fn draw<'c>(
    clusters: &'c [Cluster],
    countries: &Countries,
    options: &Options,
) -> BTreeMap<(&'c str, &'c str), Vec<Question<'c>>> {
    let mut by_country: BTreeMap<&str, Vec<(&'c Source, Question<'c>)>> = BTreeMap::new();
    for cluster in clusters {
        let found = cluster
            .sources
            .iter()
            .find_map(|source| Some((source, question(cluster, &source.headline, countries)?)));
        if let Some(found) = found {
            by_country.entry(&cluster.country).or_default().push(found);
        }
    }
    let most = options.limit.unwrap_or(OF_A_COUNTRY);
    let mut random = Random::new(options.seed);
    let mut asked: BTreeMap<(&str, &str), Vec<Question<'_>>> = BTreeMap::new();
    for found in by_country.into_values() {
        let chosen: BTreeSet<usize> = random.sample(found.len(), most).into_iter().collect();
        for (_, (source, question)) in found.into_iter().enumerate().filter(|(at, _)| chosen.contains(at)) {
            asked.entry((&source.headline, &source.date)).or_default().push(question);
        }
    }
    asked
}

/// What a headline names of a cluster; `None` where it names nothing of it.
fn question<'c>(cluster: &'c Cluster, headline: &str, countries: &Countries) -> Option<Question<'c>> {
    // UCDP writes "DR Congo (Zaire)", "Russia (Soviet Union)".
    let bare = cluster.country.split('(').next().unwrap_or_default().trim();
    let palestine = bare == "Israel" && matches!(cluster.adm_1.as_str(), "Gaza Strip" | "West Bank");
    let country = countries.by_name(if palestine { "Palestine" } else { bare })?;
    let words = words_of(headline);
    if is_foreign(&words) || words.len() < WORDS {
        return None;
    }
    let mut in_division: Vec<String> = Vec::new();
    let located = cluster.where_prec.parse::<u8>().is_ok_and(|precision| precision <= IN_DIVISION)
        && !cluster.adm_1.is_empty();
    if located {
        in_division.extend(
            [&cluster.place, &cluster.adm_2, &cluster.adm_1]
                .into_iter()
                .map(|name| plain(name))
                .filter(|name| name.chars().count() >= LETTERS && stands_in(name, &words)),
        );
    }
    let mut named = in_division.clone();
    named.extend(
        std::iter::once(&country.name)
            .chain(&country.aliases)
            .filter(|alias| alias.chars().any(char::is_lowercase))
            .map(|name| plain(name))
            .filter(|name| stands_in(name, &words)),
    );
    (!named.is_empty()).then(|| Question { cluster, iso3: country.iso3.clone(), named, in_division })
}

/// Whether more of a headline's small words are French or Spanish than English: of so short a text no statistics of letters tell
/// the language.
fn is_foreign(words: &[String]) -> bool {
    let count = |of: &[&str]| words.iter().filter(|word| of.contains(&word.as_str())).count();
    count(&[
        "a", "au", "aux", "con", "dans", "de", "del", "des", "du", "el", "en", "et", "la", "las", "le",
        "les", "los", "par", "por", "pour", "sur", "un", "une",
    ]) > 1 + count(&[
        "after", "and", "as", "at", "by", "for", "from", "in", "is", "of", "on", "over", "the", "to", "with",
    ])
}

/// A name without what stands in brackets, as [`fold::core`] has it, directions as nouns ("western" is "west").
fn plain(name: &str) -> String {
    let core = fold::core(&fold::fold(name.split('(').next().unwrap_or_default()));
    core.split(' ').map(noun).collect::<Vec<_>>().join(" ")
}

fn noun(word: &str) -> String {
    let direction =
        word.strip_suffix("ern").filter(|bare| matches!(*bare, "north" | "south" | "east" | "west"));
    direction.unwrap_or(word).to_owned()
}

/// The words of a headline, folded; what stands apart is looked at apart.
fn words_of(headline: &str) -> Vec<String> {
    headline
        .split_whitespace()
        .map(|word| fold::fold(word.trim_end_matches("'s").trim_end_matches("’s")))
        .flat_map(|word| word.split(' ').map(noun).collect::<Vec<_>>())
        .filter(|word| !word.is_empty())
        .collect()
}

fn stands_in(name: &str, words: &[String]) -> bool {
    let name: Vec<&str> = name.split(' ').filter(|word| !word.is_empty()).collect();
    !name.is_empty() && words.windows(name.len()).any(|window| window.iter().zip(&name).all(|(a, b)| a == b))
}

/// The first place of a sort of the first event told as news, else of the first event.
fn answer(document: &CodedDocument, wanted: impl Fn(&Place) -> bool) -> Option<&Place> {
    let event = document.events.iter().find(|event| happened(event)).or_else(|| document.events.first())?;
    event.places.iter().find(|place| wanted(place))
}

/// Whether the division of a place is the one that UCDP names, by the rules above.
fn is_same(gazetteer: &Gazetteer, iso3: &str, gold: &str, place: &Place) -> bool {
    let gold = plain(gold);
    let merged = MERGED.iter().filter(|(country, part, _)| *country == iso3 && *part == gold);
    merged
        .map(|(.., whole)| *whole)
        .chain([gold.as_str()])
        .any(|gold| is_called(gold, gazetteer, iso3, place))
}

/// Whether the division of a place goes by a folded name.
fn is_called(gold: &str, gazetteer: &Gazetteer, iso3: &str, place: &Place) -> bool {
    let matches = |got: Option<&str>, level: Level| {
        let Some(got) = got.map(plain) else { return false };
        got == gold
            || gazetteer
                .lookup(gold)
                .iter()
                .find(|candidate| candidate.level == level && candidate.country.as_deref() == Some(iso3))
                .is_some_and(|candidate| {
                    // The record itself, or the name that the field uses for it.
                    plain(&candidate.name) == got
                        || candidate.admin1.as_deref().filter(|_| level == Level::First).map(plain).as_deref()
                            == Some(&got)
                })
    };
    matches(place.admin1.as_deref(), Level::First)
        || iso3 == "PHL" && matches(place.admin2.as_deref(), Level::Second)
}

/// Which half a cluster is in: the first bit of a hash of its key.
fn held_out(id: &str) -> bool {
    data::fnv1a(id) >> 63 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cluster() -> Cluster {
        Cluster {
            id: "1".to_owned(),
            country: "Colombia".to_owned(),
            adm_1: "Huila department".to_owned(),
            adm_2: "San Agustín municipality".to_owned(),
            place: "San Agustín town".to_owned(),
            where_prec: "1".to_owned(),
            sources: Vec::new(),
        }
    }

    #[test]
    fn a_headline_is_asked_for_what_it_names() {
        let countries = countries().unwrap();
        let cluster = cluster();
        let of = |headline: &str| question(&cluster, headline, &countries).map(|q| (q.in_division, q.named));
        let named = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            of("Rebels kill seven in San Agustin, Colombia"),
            Some((
                named(&["san agustin", "san agustin"]),
                named(&["san agustin", "san agustin", "colombia"])
            ))
        );
        assert_eq!(of("Colombia's army kills 14 rebels"), Some((Vec::new(), named(&["colombia"]))));
        assert_eq!(of("Colombian army kills 14 rebels"), None);
        assert_eq!(of("Rebels kill seven in San Pedro"), None);
        assert_eq!(of("Colombia: une partie de la ville est attaquée par des hommes armés"), None);
    }

    #[test]
    fn gaza_is_palestine() {
        let countries = countries().unwrap();
        let gaza = Cluster {
            country: "Israel".to_owned(),
            adm_1: "Gaza Strip".to_owned(),
            place: "Gaza city".to_owned(),
            ..cluster()
        };
        assert_eq!(
            question(&gaza, "Two killed in Gaza on Monday", &countries).map(|q| q.iso3),
            Some("PSE".to_owned())
        );
    }
}
