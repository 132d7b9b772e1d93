//! Parquet, with the geometry of GeoParquet 1.1: pyarrow, pandas, geopandas, DuckDB, QGIS and R's arrow read it as it is.

use std::io::{self, Write};
use std::sync::Arc;

use arrow_array::builder::{
    BinaryBuilder, BooleanBuilder, Date32Builder, Float64Builder, Int64Builder, ListBuilder, StringBuilder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use jiff::civil::{Date, date};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use serde_json::json;

use crate::cell::{Kind, Value};
use crate::flat::FLAT;
use crate::{Row, Sink};

/// Rows that are held before they are written: a row group, which readers take in as one.
const GROUP: usize = 20_000;

/// The name of the geometry's column.
pub const GEOMETRY: &str = "geometry";

/// A column that is being filled.
enum Builder {
    Text(StringBuilder),
    Whole(Int64Builder),
    Number(Float64Builder),
    Day(Date32Builder),
    Flag(BooleanBuilder),
    List(ListBuilder<StringBuilder>),
}

impl Builder {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Text(StringBuilder::new()),
            Kind::Whole => Self::Whole(Int64Builder::new()),
            Kind::Number => Self::Number(Float64Builder::new()),
            Kind::Day => Self::Day(Date32Builder::new()),
            Kind::Flag => Self::Flag(BooleanBuilder::new()),
            Kind::List => Self::List(ListBuilder::new(StringBuilder::new())),
        }
    }

    fn push(&mut self, value: &Value) {
        match (self, value) {
            (Self::Text(builder), Value::Text(text)) => builder.append_value(text),
            // A column of words may hold a number where a code is asked for in digits.
            (Self::Text(builder), Value::Empty) => builder.append_null(),
            (Self::Text(builder), other) => builder.append_value(other.text()),
            (Self::Whole(builder), Value::Whole(number)) => builder.append_value(*number),
            (Self::Whole(builder), _) => builder.append_null(),
            (Self::Number(builder), Value::Number(number)) => builder.append_value(*number),
            (Self::Number(builder), _) => builder.append_null(),
            (Self::Day(builder), Value::Day(day)) => builder.append_option(days(*day)),
            (Self::Day(builder), _) => builder.append_null(),
            (Self::Flag(builder), Value::Flag(flag)) => builder.append_value(*flag),
            (Self::Flag(builder), _) => builder.append_null(),
            // A list that nobody is in is an empty list: a reader need not ask twice.
            (Self::List(builder), Value::List(list)) => builder.append_value(list.iter().map(Some)),
            (Self::List(builder), _) => builder.append(true),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(builder) => Arc::new(builder.finish()),
            Self::Whole(builder) => Arc::new(builder.finish()),
            Self::Number(builder) => Arc::new(builder.finish()),
            Self::Day(builder) => Arc::new(builder.finish()),
            Self::Flag(builder) => Arc::new(builder.finish()),
            Self::List(builder) => Arc::new(builder.finish()),
        }
    }
}

/// Days since 1970, as Arrow counts them.
pub(crate) fn days(day: Date) -> Option<i32> {
    date(1970, 1, 1).until(day).ok().map(|span| span.get_days())
}

fn data_type(kind: Kind) -> DataType {
    match kind {
        Kind::Text => DataType::Utf8,
        Kind::Whole => DataType::Int64,
        Kind::Number => DataType::Float64,
        Kind::Day => DataType::Date32,
        Kind::Flag => DataType::Boolean,
        Kind::List => DataType::List(Arc::new(Field::new("item", DataType::Utf8, true))),
    }
}

/// Incidents in Watchpost's own columns, and their points.
pub struct Parquet<W: Write + Send> {
    writer: ArrowWriter<W>,
    schema: Arc<Schema>,
    builders: Vec<Builder>,
    points: BinaryBuilder,
    held: usize,
    bounds: Option<[f64; 4]>,
}

impl<W: Write + Send> Parquet<W> {
    /// Begins the file. Its parts are written as they are full; without the end, which [`Sink::finish`] writes, no reader takes
    /// it for a file.
    ///
    /// # Errors
    /// Where the output cannot be written.
    pub fn new(output: W) -> io::Result<Self> {
        let meaning =
            |text: &str| std::collections::HashMap::from([("description".to_owned(), text.to_owned())]);
        let mut fields: Vec<Field> = FLAT
            .columns
            .iter()
            .map(|column| {
                Field::new(column.name, data_type(column.kind), true).with_metadata(meaning(column.meaning))
            })
            .collect();
        fields.push(Field::new(GEOMETRY, DataType::Binary, true));
        let schema = Arc::new(Schema::new(fields));
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(concat!("watchpost ", env!("CARGO_PKG_VERSION")).to_owned())
            .build();
        let writer = ArrowWriter::try_new(output, schema.clone(), Some(properties)).map_err(broken)?;
        Ok(Self {
            writer,
            schema,
            builders: FLAT.columns.iter().map(|column| Builder::new(column.kind)).collect(),
            points: BinaryBuilder::new(),
            held: 0,
            bounds: None,
        })
    }

    fn write(&mut self) -> io::Result<()> {
        if self.held == 0 {
            return Ok(());
        }
        let mut arrays: Vec<ArrayRef> = self.builders.iter_mut().map(Builder::finish).collect();
        arrays.push(Arc::new(self.points.finish()));
        let batch = RecordBatch::try_new(self.schema.clone(), arrays).map_err(io::Error::other)?;
        self.writer.write(&batch).map_err(broken)?;
        self.writer.flush().map_err(broken)?;
        self.held = 0;
        Ok(())
    }
}

impl<W: Write + Send> Sink for Parquet<W> {
    fn row(&mut self, row: &Row<'_>) -> io::Result<bool> {
        if !(FLAT.takes)(row) {
            return Ok(false);
        }
        for (builder, column) in self.builders.iter_mut().zip(FLAT.columns) {
            builder.push(&(column.value)(row));
        }
        match row.point() {
            Some((lat, lon)) => {
                let [west, south, east, north] = self.bounds.unwrap_or([lon, lat, lon, lat]);
                self.bounds = Some([west.min(lon), south.min(lat), east.max(lon), north.max(lat)]);
                self.points.append_value(well_known_point(lon, lat));
            }
            None => self.points.append_null(),
        }
        self.held += 1;
        if self.held >= GROUP {
            self.write()?;
        }
        Ok(true)
    }

    fn finish(mut self: Box<Self>) -> io::Result<Option<u64>> {
        self.write()?;
        let geo = geo(self.bounds).to_string();
        self.writer.append_key_value_metadata(KeyValue::new("geo".to_owned(), geo));
        self.writer.close().map_err(broken)?;
        Ok(None)
    }

    /// Without its end the file is none; nothing more needs to be said in it.
    fn cut(self: Box<Self>, _why: &str) -> io::Result<()> {
        Ok(())
    }
}

/// What GeoParquet 1.1 wants to be told; without a `crs` the coordinates are longitude and latitude of WGS 84 (OGC:CRS84).
fn geo(bounds: Option<[f64; 4]>) -> serde_json::Value {
    let mut column = json!({"encoding": "WKB", "geometry_types": ["Point"]});
    if let Some(bounds) = bounds {
        column["bbox"] = json!(bounds);
    }
    json!({"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: column}})
}

/// A point as ISO well-known binary, little end first.
fn well_known_point(lon: f64, lat: f64) -> [u8; 21] {
    let mut bytes = [0; 21];
    bytes[0] = 1;
    bytes[1..5].copy_from_slice(&1_u32.to_le_bytes());
    bytes[5..13].copy_from_slice(&lon.to_le_bytes());
    bytes[13..21].copy_from_slice(&lat.to_le_bytes());
    bytes
}

/// A broken pipe must be seen as one.
pub(crate) fn broken(error: parquet::errors::ParquetError) -> io::Error {
    match error {
        parquet::errors::ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(inner) => io::Error::other(inner),
        },
        other => io::Error::other(other),
    }
}
