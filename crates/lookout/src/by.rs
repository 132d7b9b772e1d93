//! What makes a series of incidents.

use std::fmt;
use std::str::FromStr;

use h3o::{LatLng, Resolution};
use serde::{Deserialize, Serialize};

use crate::{Areas, Happening};

/// One part of the name of an incident's series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum By {
    /// All incidents are one series.
    All,
    /// ISO 3166-1 alpha-3.
    Country,
    /// Country and first-order division.
    Admin1,
    /// Country, first- and second-order division.
    Admin2,
    /// Cell of PRIO-GRID, half a degree wide.
    PrioGrid,
    /// Cell of H3, of that resolution.
    H3(u8),
    /// Each of the areas that were drawn.
    Area,
    /// Each organised actor of the registry that takes part, on whatever side.
    Actor,
    /// Each two of them that stand on different sides.
    Dyad,
    /// ACLED event type.
    Type,
    /// ACLED sub-event type.
    SubType,
}

/// The resolution of H3 that `h3` alone means: cells of some 250 km².
const USUAL: u8 = 5;

impl fmt::Display for By {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::All => "all",
            Self::Country => "country",
            Self::Admin1 => "admin1",
            Self::Admin2 => "admin2",
            Self::PrioGrid => "prio-grid",
            Self::H3(resolution) => return write!(f, "h3:{resolution}"),
            Self::Area => "area",
            Self::Actor => "actor",
            Self::Dyad => "dyad",
            Self::Type => "type",
            Self::SubType => "sub-type",
        })
    }
}

impl FromStr for By {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let simple = [
            Self::All,
            Self::Country,
            Self::Admin1,
            Self::Admin2,
            Self::PrioGrid,
            Self::Area,
            Self::Actor,
            Self::Dyad,
            Self::Type,
            Self::SubType,
        ];
        let word = word.trim();
        if let Some(by) = simple.into_iter().find(|by| by.to_string() == word) {
            return Ok(by);
        }
        let resolution = match word.strip_prefix("h3") {
            Some("") => Some(USUAL),
            Some(rest) => rest.strip_prefix(':').and_then(|number| number.parse().ok()),
            None => None,
        };
        resolution.filter(|resolution| *resolution <= 15).map(Self::H3).ok_or_else(|| {
            format!(
                "`{word}`: expected all, country, admin1, admin2, prio-grid, h3:0 to h3:15, area, actor, dyad, type or sub-type"
            )
        })
    }
}

impl From<By> for String {
    fn from(by: By) -> Self {
        by.to_string()
    }
}

impl TryFrom<String> for By {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        word.parse()
    }
}

/// UCDP's precision up to which the coordinates of an incident tell the cell of half a degree or the drawn area that it lies in: as with
/// the field `prio_grid`.
pub(crate) const NEAR: u8 = 3;

impl By {
    /// Whether it is about where an incident was.
    #[must_use]
    pub const fn is_place(self) -> bool {
        matches!(
            self,
            Self::Country | Self::Admin1 | Self::Admin2 | Self::PrioGrid | Self::H3(_) | Self::Area
        )
    }

    /// Parts of names; none where the incident is not known well enough to have one.
    pub(crate) fn names(self, of: &Happening, areas: Option<&Areas>) -> Vec<String> {
        let joined = |parts: &[&Option<String>]| -> Vec<String> {
            let parts: Option<Vec<&str>> = parts.iter().map(|part| part.as_deref()).collect();
            parts.map(|parts| parts.join("; ")).into_iter().collect()
        };
        let one = |name: &str| vec![name.to_owned()];
        match self {
            Self::All => one("all"),
            Self::Country => joined(&[&of.country]),
            Self::Admin1 => joined(&[&of.country, &of.admin1]),
            Self::Admin2 => joined(&[&of.country, &of.admin1, &of.admin2]),
            Self::PrioGrid => {
                let cell = of.point_within(NEAR).and_then(|(lat, lon)| record::priogrid(lat, lon));
                cell.map(|cell| cell.to_string()).into_iter().collect()
            }
            Self::H3(resolution) => {
                // Mean edges: 69 km at 3, 26 km at 4, 10 km at 5, 4 km at 6; UCDP's 2 is within about 25 km.
                let least = match resolution {
                    ..=3 => NEAR,
                    4 | 5 => 2,
                    _ => 1,
                };
                let cell = of.point_within(least).and_then(|(lat, lon)| {
                    let point = LatLng::new(lat, lon).ok()?;
                    Some(point.to_cell(Resolution::try_from(resolution).ok()?))
                });
                cell.map(|cell| cell.to_string()).into_iter().collect()
            }
            Self::Area => of
                .point_within(NEAR)
                .zip(areas)
                .map(|((lat, lon), areas)| areas.around(lat, lon).map(str::to_owned).collect())
                .unwrap_or_default(),
            Self::Actor => of.actors.iter().map(|actor| actor.name.clone()).collect(),
            Self::Dyad => {
                let mut pairs: Vec<String> = Vec::new();
                for (at, a) in of.actors.iter().enumerate() {
                    for b in &of.actors[at + 1..] {
                        // In two-sided fighting all sides are actors; else the one does it and the other suffers it.
                        if a.suffers != b.suffers || !of.actors.iter().any(|actor| actor.suffers) {
                            let (a, b) = if a.name <= b.name { (a, b) } else { (b, a) };
                            pairs.push(format!("{} – {}", a.name, b.name));
                        }
                    }
                }
                pairs.sort();
                pairs.dedup();
                pairs
            }
            Self::Type => of.event_type.map(|kind| kind.as_str().to_owned()).into_iter().collect(),
            Self::SubType => of.sub_event_type.map(|kind| kind.as_str().to_owned()).into_iter().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_and_written_alike() {
        for word in [
            "all",
            "country",
            "admin1",
            "admin2",
            "prio-grid",
            "h3:0",
            "h3:15",
            "area",
            "actor",
            "dyad",
            "type",
            "sub-type",
        ] {
            assert_eq!(word.parse::<By>().unwrap().to_string(), word);
        }
        assert_eq!("h3".parse::<By>().unwrap(), By::H3(5));
        for word in ["h3:16", "h35", "h3:", "", "region"] {
            assert!(word.parse::<By>().unwrap_err().contains("expected all, country"), "{word}");
        }
    }
}
