//! Where, and how exactly.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How the event lies to the named place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Relation {
    /// In or at it.
    #[default]
    #[serde(rename = "at")]
    At,
    /// Near, outside, on the outskirts of it.
    #[serde(rename = "near")]
    Near,
    /// North of it.
    #[serde(rename = "north of")]
    NorthOf,
    /// South of it.
    #[serde(rename = "south of")]
    SouthOf,
    /// East of it.
    #[serde(rename = "east of")]
    EastOf,
    /// West of it.
    #[serde(rename = "west of")]
    WestOf,
    /// North-east of it.
    #[serde(rename = "northeast of")]
    NortheastOf,
    /// North-west of it.
    #[serde(rename = "northwest of")]
    NorthwestOf,
    /// South-east of it.
    #[serde(rename = "southeast of")]
    SoutheastOf,
    /// South-west of it.
    #[serde(rename = "southwest of")]
    SouthwestOf,
    /// Between it and another.
    #[serde(rename = "between")]
    Between,
    /// On the way to or from it.
    #[serde(rename = "along")]
    Along,
    /// In the part of it that the text names ("northern Syria", "south of the country").
    #[serde(rename = "part of")]
    PartOf,
}

/// Another record of the gazetteer that the name could mean.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Alternative {
    /// Gazetteer name.
    pub name: String,
    /// GeoNames id, where the record has one.
    pub geonameid: Option<u64>,
    /// The gazetteer's own key.
    pub source_id: Option<String>,
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
    /// First-order division.
    pub admin1: Option<String>,
    /// WGS 84 degrees north.
    pub latitude: Option<f64>,
    /// WGS 84 degrees east.
    pub longitude: Option<f64>,
    /// Score relative to the chosen one, 0–1.
    pub score: f64,
}

/// A place that the report names, resolved where the gazetteer knows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// The name as the report gives it.
    pub text: String,
    /// First code point of the name.
    pub start: usize,
    /// One past its last code point.
    pub end: usize,
    /// How the event lies to the named place.
    pub relation: Relation,
    /// Distance from the named place in kilometres, where the text gives one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distance_km: Option<f64>,
    /// Name in the gazetteer.
    pub name: Option<String>,
    /// GeoNames id.
    pub geonameid: Option<u64>,
    /// The gazetteer's own key for the record.
    pub source_id: Option<String>,
    /// GeoNames feature code (PPL, ADM1, …).
    pub feature_code: Option<String>,
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
    /// First-order division.
    pub admin1: Option<String>,
    /// Second-order division.
    pub admin2: Option<String>,
    /// P-code of the first-order division (Common Operational Datasets of OCHA), where the gazetteer has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admin1_pcode: Option<String>,
    /// P-code of the second-order division, where the gazetteer has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admin2_pcode: Option<String>,
    /// WGS 84 degrees north; null where unresolved, and never a country's centroid.
    pub latitude: Option<f64>,
    /// WGS 84 degrees east.
    pub longitude: Option<f64>,
    /// UCDP: 1 exact place, 2 near it (within about 25 km), 3 second-order division, 4 first-order
    /// division, 5 a line or a region that is no division, 6 country, 7 sea or air.
    pub where_precision: Option<u8>,
    /// Cell of PRIO-GRID (`gid`), half a degree wide: of the coordinates, where `where_precision` is 1, 2 or 3. A wider
    /// place lies in many cells, and the point that stands for it says nothing of which.
    #[serde(default)]
    pub prio_grid: Option<u32>,
    /// Why this record, in words.
    pub reason: String,
    /// The next best candidates, best first.
    pub alternatives: Vec<Alternative>,
}

/// UCDP's precision up to which the coordinates tell the cell of a grid.
const CELL: u8 = 3;

impl Place {
    /// Finds the cell of PRIO-GRID again, after the coordinates or their precision were changed.
    pub fn find_cell(&mut self) {
        let exact = self.where_precision.is_some_and(|precision| precision <= CELL);
        self.prio_grid =
            self.latitude.zip(self.longitude).filter(|_| exact).and_then(|(lat, lon)| priogrid(lat, lon));
    }
}

/// PRIO-GRID cell of a point: rows of 720 half-degree cells from the south-west corner (Tollefsen, Strand and Buhaug
/// 2012, "PRIO-GRID: A unified spatial data structure", Journal of Peace Research 49(2)).
#[must_use]
pub fn priogrid(latitude: f64, longitude: f64) -> Option<u32> {
    let inside = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
    // The north pole and the antimeridian belong to the last row and column.
    let row = (((latitude + 90.0) * 2.0).floor() as u32).min(359);
    let column = (((longitude + 180.0) * 2.0).floor() as u32).min(719);
    inside.then_some(row * 720 + column + 1)
}

/// The places of one text, alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Geoparsed {
    /// The id that the input carried, if any.
    pub id: Option<String>,
    /// The places in the order of the text, or, where mentions were given, one for each of them in their order: with no
    /// `name` and no coordinates where the gazetteer has no record that fits.
    pub mentions: Vec<Place>,
    /// Why the text could not be read; absent otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}
