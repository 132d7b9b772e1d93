//! GeoJSON (RFC 7946): one feature an event, written as it comes.

use std::io::{self, Write};

use serde_json::{Map, Value as Json, json};

use crate::cell::{Kind, Value};
use crate::flat::FLAT;
use crate::{Row, Sink};

/// A feature collection. An event without coordinates has a null geometry, as the standard says; how exact a point is
/// stands in its properties, since a point on a map says nothing of it.
pub struct GeoJson<W: Write> {
    output: W,
    any: bool,
    bounds: Option<[f64; 4]>,
}

/// Columns that a feature has in places of its own.
const ELSEWHERE: &[&str] = &["id", "latitude", "longitude"];

impl<W: Write> GeoJson<W> {
    /// Begins the collection.
    ///
    /// # Errors
    /// Where the output cannot be written.
    pub fn new(mut output: W) -> io::Result<Self> {
        write!(output, "{{\"type\":\"FeatureCollection\",\"features\":[")?;
        Ok(Self { output, any: false, bounds: None })
    }

    fn feature(&mut self, row: &Row<'_>) -> Json {
        let point = row.point();
        if let Some((lat, lon)) = point {
            let [west, south, east, north] = self.bounds.unwrap_or([lon, lat, lon, lat]);
            self.bounds = Some([west.min(lon), south.min(lat), east.max(lon), north.max(lat)]);
        }
        let columns = FLAT.columns.iter().filter(|column| !ELSEWHERE.contains(&column.name));
        let properties: Map<String, Json> = columns
            .map(|column| {
                let value = match ((column.value)(row), column.kind) {
                    (Value::Empty, Kind::List) => json!([]),
                    (value, _) => value.json(),
                };
                (column.name.to_owned(), value)
            })
            .collect();
        json!({
            "type": "Feature",
            "id": row.id(),
            "geometry": point.map(|(lat, lon)| json!({"type": "Point", "coordinates": [lon, lat]})),
            "properties": properties,
        })
    }

    /// What comes after the features; the bounding box is there because only now is it known.
    fn end(&mut self, more: &str) -> io::Result<()> {
        write!(self.output, "\n]")?;
        if let Some(bounds) = self.bounds {
            write!(self.output, ",\"bbox\":{}", json!(bounds))?;
        }
        writeln!(self.output, "{more}}}")?;
        self.output.flush()
    }
}

impl<W: Write> Sink for GeoJson<W> {
    fn row(&mut self, row: &Row<'_>) -> io::Result<bool> {
        if !(FLAT.takes)(row) {
            return Ok(false);
        }
        let feature = self.feature(row);
        writeln!(self.output, "{}", if self.any { "," } else { "" })?;
        serde_json::to_writer(&mut self.output, &feature)?;
        self.any = true;
        Ok(true)
    }

    fn finish(mut self: Box<Self>) -> io::Result<Option<u64>> {
        self.end("").map(|()| None)
    }

    fn cut(mut self: Box<Self>, why: &str) -> io::Result<()> {
        self.end(&format!(",\"error\":{}", json!(format!("cut off here: {why}"))))
    }
}
