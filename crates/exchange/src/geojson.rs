//! GeoJSON (RFC 7946): one feature an event, written as it comes.

use std::io::{self, Write};

use record::CodedDocument;
use serde_json::{Value, json};

use crate::row::{Context, Row, happened, sides};

/// A feature collection. An event without coordinates has a null geometry, as the standard says; how exact a point is
/// stands in its properties, since a point on a map says nothing of it.
pub struct GeoJson<'a, W: Write> {
    context: &'a Context<'a>,
    output: W,
    any: bool,
    bounds: Option<[f64; 4]>,
    left_out: u64,
}

impl<'a, W: Write> GeoJson<'a, W> {
    /// Begins the collection.
    ///
    /// # Errors
    /// Where the output cannot be written.
    pub fn new(context: &'a Context<'a>, mut output: W) -> io::Result<Self> {
        write!(output, "{{\"type\":\"FeatureCollection\",\"features\":[")?;
        Ok(Self { context, output, any: false, bounds: None, left_out: 0 })
    }

    /// Writes a document's events.
    ///
    /// # Errors
    /// Where the output cannot be written.
    pub fn document(&mut self, document: &CodedDocument) -> io::Result<()> {
        for event in &document.events {
            if !happened(event) {
                self.left_out += 1;
                continue;
            }
            let row = Row { document: &document.document, event, context: self.context };
            let feature = self.feature(&row);
            writeln!(self.output, "{}", if self.any { "," } else { "" })?;
            serde_json::to_writer(&mut self.output, &feature)?;
            self.any = true;
        }
        Ok(())
    }

    /// Ends the collection; its bounding box comes last because only now is it known.
    ///
    /// # Errors
    /// Where the output cannot be written.
    pub fn finish(mut self) -> io::Result<u64> {
        write!(self.output, "\n]")?;
        if let Some(bounds) = self.bounds {
            write!(self.output, ",\"bbox\":{}", json!(bounds))?;
        }
        writeln!(self.output, "}}")?;
        self.output.flush()?;
        Ok(self.left_out)
    }

    fn feature(&mut self, row: &Row<'_>) -> Value {
        let event = row.event;
        let place = row.place();
        let point = place.and_then(|place| place.latitude.zip(place.longitude));
        if let Some((lat, lon)) = point {
            let [west, south, east, north] = self.bounds.unwrap_or([lon, lat, lon, lat]);
            self.bounds = Some([west.min(lon), south.min(lat), east.max(lon), north.max(lat)]);
        }
        let (a, b) = sides(event);
        let names =
            |side: &[&record::Participant]| side.iter().map(|one| row.acled_name(one)).collect::<Vec<_>>();
        json!({
            "type": "Feature",
            "id": row.id(),
            "geometry": point.map(|(lat, lon)| json!({"type": "Point", "coordinates": [lon, lat]})),
            "properties": {
                "event_date": event.event_date,
                "event_date_end": event.event_date_end,
                "time_precision": event.time_precision,
                "event_type": event.event_type,
                "sub_event_type": event.sub_event_type,
                "actors": names(&a),
                "recipients": names(&b),
                "deaths_best": event.deaths.best,
                "deaths_low": event.deaths.low,
                "deaths_high": event.deaths.high,
                "location": place.map(|place| place.name.as_ref().unwrap_or(&place.text)),
                "relation": place.map(|place| place.relation),
                "where_precision": place.and_then(|place| place.where_precision),
                "admin1": place.and_then(|place| place.admin1.as_ref()),
                "admin2": place.and_then(|place| place.admin2.as_ref()),
                "prio_grid": place.and_then(|place| place.prio_grid),
                "country": place.and_then(|place| place.country.as_ref()),
                "confidence": event.confidence,
                "quote": row.quotes(),
                "document": row.document.id,
                "given_id": row.document.given_id,
                "url": row.document.url,
                "publisher": row.document.publisher,
                "published": row.document.published,
            }
        })
    }
}
