//! Areas that somebody has drawn: polygons of a GeoJSON file (RFC 7946).

use serde_json::Value;

/// A ring of points: longitude, latitude.
type Ring = Vec<(f64, f64)>;

/// One of them: polygons, each its outer ring and its holes.
#[derive(Debug, Clone, PartialEq)]
struct Area {
    name: String,
    polygons: Vec<Vec<Ring>>,
}

/// Drawn areas, each with its name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Areas(Vec<Area>);

/// Properties that hold the name of a feature, the first that is there.
const NAMES: &[&str] = &["name", "Name", "NAME", "title", "id"];

impl Areas {
    /// Reads a feature, a collection of features or a bare polygon; the error says which feature is wrong, and how.
    ///
    /// # Errors
    /// Where the text is no GeoJSON, has no polygon, or one that is none.
    pub fn parse(json: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(json).map_err(|error| format!("no JSON: {error}"))?;
        let mut areas = Vec::new();
        match value["type"].as_str() {
            Some("FeatureCollection") => {
                let features = value["features"].as_array().ok_or("the collection has no `features`")?;
                for (number, feature) in (1..).zip(features) {
                    areas.push(feature_of(feature, number)?);
                }
            }
            Some("Feature") => areas.push(feature_of(&value, 1)?),
            Some("Polygon" | "MultiPolygon") => {
                let polygons = polygons(&value).map_err(|why| format!("the geometry {why}"))?;
                areas.push(Area { name: "area 1".to_owned(), polygons });
            }
            other => {
                return Err(format!(
                    "`type` is {}; expected FeatureCollection, Feature, Polygon or MultiPolygon",
                    other.unwrap_or("missing")
                ));
            }
        }
        if areas.is_empty() {
            return Err("no feature in it; expected polygons".to_owned());
        }
        for (at, area) in areas.iter().enumerate() {
            if let Some(same) = areas[..at].iter().position(|other| other.name == area.name) {
                return Err(format!(
                    "features {} and {} are both called `{}`; expected a name of its own for each",
                    same + 1,
                    at + 1,
                    area.name
                ));
            }
        }
        Ok(Self(areas))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The names of those that a point lies in.
    pub fn around(&self, latitude: f64, longitude: f64) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |area| area.holds(latitude, longitude)).map(|area| area.name.as_str())
    }
}

impl Area {
    fn holds(&self, latitude: f64, longitude: f64) -> bool {
        // A polygon may be drawn across the antimeridian with longitudes above 180 or below -180.
        [0.0, 360.0, -360.0].into_iter().any(|turn| {
            self.polygons.iter().any(|rings| {
                rings.iter().filter(|ring| crosses(ring, latitude, longitude + turn)).count() % 2 == 1
            })
        })
    }
}

/// Whether a ray to the east from a point crosses a ring an odd number of times (Shimrat 1962, Algorithm 112).
fn crosses(ring: &Ring, latitude: f64, longitude: f64) -> bool {
    let mut inside = false;
    let mut before = ring.last().copied().unwrap_or_default();
    for point in ring {
        if (point.1 > latitude) != (before.1 > latitude) {
            let at = before.0 + (latitude - before.1) / (point.1 - before.1) * (point.0 - before.0);
            inside ^= longitude < at;
        }
        before = *point;
    }
    inside
}

fn feature_of(feature: &Value, number: usize) -> Result<Area, String> {
    let named = |value: &Value| match value {
        Value::String(name) if !name.trim().is_empty() => Some(name.trim().to_owned()),
        Value::Number(name) => Some(name.to_string()),
        _ => None,
    };
    let properties = &feature["properties"];
    let name = NAMES.iter().find_map(|key| named(&properties[*key])).or_else(|| named(&feature["id"]));
    let polygons = polygons(&feature["geometry"]).map_err(|why| format!("feature {number} {why}"))?;
    Ok(Area { name: name.unwrap_or_else(|| format!("area {number}")), polygons })
}

fn polygons(geometry: &Value) -> Result<Vec<Vec<Ring>>, String> {
    let rings = |polygon: &Value| -> Result<Vec<Ring>, String> {
        let rings = polygon.as_array().filter(|rings| !rings.is_empty()).ok_or("has no rings")?;
        rings.iter().map(ring).collect()
    };
    match geometry["type"].as_str() {
        Some("Polygon") => Ok(vec![rings(&geometry["coordinates"])?]),
        Some("MultiPolygon") => {
            let polygons = geometry["coordinates"].as_array().ok_or("has no coordinates")?;
            polygons.iter().map(rings).collect()
        }
        other => Err(format!(
            "is a {}; expected a Polygon or MultiPolygon",
            other.unwrap_or("thing without geometry")
        )),
    }
}

fn ring(ring: &Value) -> Result<Ring, String> {
    let points = ring.as_array().filter(|points| points.len() >= 4);
    let points = points.ok_or("has a ring of fewer than four points")?;
    let point = |point: &Value| {
        let degrees = point[0].as_f64().zip(point[1].as_f64());
        degrees
            .filter(|(lon, lat)| lon.abs() <= 360.0 && lat.abs() <= 90.0)
            .ok_or("has a point that is no longitude and latitude in degrees")
    };
    Ok(points.iter().map(point).collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(name: &str, west: f64, south: f64, size: f64) -> String {
        let (east, north) = (west + size, south + size);
        format!(
            r#"{{"type":"Feature","properties":{{"name":"{name}"}},"geometry":{{"type":"Polygon","coordinates":
            [[[{west},{south}],[{east},{south}],[{east},{north}],[{west},{north}],[{west},{south}]]]}}}}"#
        )
    }

    #[test]
    fn points_are_in_the_areas_around_them() {
        let collection = format!(
            r#"{{"type":"FeatureCollection","features":[{},{}]}}"#,
            square("one", 0.0, 10.0, 4.0),
            square("two", 3.0, 13.0, 4.0)
        );
        let areas = Areas::parse(&collection).unwrap();
        let around = |lat, lon| areas.around(lat, lon).collect::<Vec<_>>();
        assert_eq!(around(11.0, 1.0), ["one"]);
        assert_eq!(around(13.5, 3.5), ["one", "two"]);
        assert!(around(9.0, 1.0).is_empty() && around(11.0, -1.0).is_empty());
        assert_eq!(areas.len(), 2);
    }

    #[test]
    fn holes_are_not_inside_and_the_antimeridian_is_no_edge() {
        let holed = r#"{"type":"Polygon","coordinates":[[[0,0],[10,0],[10,10],[0,10],[0,0]],[[4,4],[6,4],[6,6],[4,6],[4,4]]]}"#;
        let areas = Areas::parse(holed).unwrap();
        assert_eq!(areas.around(2.0, 2.0).collect::<Vec<_>>(), ["area 1"]);
        assert_eq!(areas.around(5.0, 5.0).count(), 0);
        let fiji = Areas::parse(&square("Fiji", 176.0, -20.0, 8.0)).unwrap();
        assert_eq!((fiji.around(-17.0, 178.0).count(), fiji.around(-17.0, -178.0).count()), (1, 1));
        assert_eq!(fiji.around(-17.0, -170.0).count(), 0);
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (json, words) in [
            ("[", "no JSON"),
            ("{}", "expected FeatureCollection"),
            (r#"{"type":"FeatureCollection","features":[]}"#, "no feature"),
            (r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]}}"#, "feature 1 is a Point"),
            (r#"{"type":"Polygon","coordinates":[[[0,0],[1,1],[0,0]]]}"#, "fewer than four"),
            (r#"{"type":"Polygon","coordinates":[[[0,0],[1,1],[1,91],[0,0]]]}"#, "no longitude and latitude"),
        ] {
            assert!(Areas::parse(json).unwrap_err().contains(words), "{json}");
        }
        let twice =
            format!(r#"{{"type":"FeatureCollection","features":[{0},{0}]}}"#, square("one", 0.0, 0.0, 1.0));
        assert!(Areas::parse(&twice).unwrap_err().contains("both called `one`"));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_safe(text in ".{0,60}") {
            let _ = Areas::parse(&text);
        }
    }
}
