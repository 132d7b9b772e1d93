//! Draws of forecasts as Parquet: the columns of the CSV, `series,date,draw,value`, with types. A million draws are some megabytes.

use std::io::{self, Write};
use std::sync::Arc;

use arrow_array::builder::{Date32Builder, Float64Builder, Int32Builder, StringDictionaryBuilder};
use arrow_array::cast::AsArray as _;
use arrow_array::types::{Date32Type, Float32Type, Float64Type, Int32Type, Int64Type};
use arrow_array::{Array as _, ArrayRef, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use jiff::civil::{Date, date};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::ChunkReader;

use crate::columnar::{broken, days};

/// Rows that are held before they are written.
const GROUP: usize = 1_000_000;

/// Writes draws.
pub struct Draws<W: Write + Send> {
    writer: ArrowWriter<W>,
    schema: Arc<Schema>,
    series: StringDictionaryBuilder<Int32Type>,
    date: Date32Builder,
    draw: Int32Builder,
    value: Float64Builder,
    held: usize,
}

fn names() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

impl<W: Write + Send> Draws<W> {
    /// Begins the file; without the end, which [`Draws::finish`] writes, it is none.
    ///
    /// # Errors
    /// Where the output cannot be written.
    pub fn new(output: W) -> io::Result<Self> {
        let schema = Arc::new(Schema::new(vec![
            Field::new("series", names(), false),
            Field::new("date", DataType::Date32, false),
            Field::new("draw", DataType::Int32, false),
            Field::new("value", DataType::Float64, false),
        ]));
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(concat!("watchpost ", env!("CARGO_PKG_VERSION")).to_owned())
            .build();
        Ok(Self {
            writer: ArrowWriter::try_new(output, schema.clone(), Some(properties)).map_err(broken)?,
            schema,
            series: StringDictionaryBuilder::new(),
            date: Date32Builder::new(),
            draw: Int32Builder::new(),
            value: Float64Builder::new(),
            held: 0,
        })
    }

    /// The draws of one series and date.
    ///
    /// # Errors
    /// Where the output cannot be written.
    pub fn forecast(&mut self, series: &str, date: Date, draws: &[f64]) -> io::Result<()> {
        let day = days(date).ok_or_else(|| io::Error::other(format!("{date} cannot be counted")))?;
        for (draw, value) in (0..).zip(draws) {
            self.series.append(series).map_err(io::Error::other)?;
            self.date.append_value(day);
            self.draw.append_value(draw);
            self.value.append_value(*value);
        }
        self.held += draws.len();
        if self.held >= GROUP {
            self.write()?;
        }
        Ok(())
    }

    fn write(&mut self) -> io::Result<()> {
        if self.held == 0 {
            return Ok(());
        }
        let arrays: Vec<ArrayRef> = vec![
            Arc::new(self.series.finish()),
            Arc::new(self.date.finish()),
            Arc::new(self.draw.finish()),
            Arc::new(self.value.finish()),
        ];
        let batch = RecordBatch::try_new(self.schema.clone(), arrays).map_err(io::Error::other)?;
        self.writer.write(&batch).map_err(broken)?;
        self.writer.flush().map_err(broken)?;
        self.held = 0;
        Ok(())
    }

    /// Ends the file.
    ///
    /// # Errors
    /// Where the output cannot be written.
    pub fn finish(mut self) -> io::Result<()> {
        self.write()?;
        self.writer.close().map(|_| ()).map_err(broken)
    }
}

/// Reads draws again, row by row: series, date, value. Columns stand in any order, names as text or as categories of it, dates as days,
/// and values as 64- or 32-bit numbers; rows with an empty cell are given as `None`, with their number from one.
///
/// # Errors
/// Where the file is no Parquet or has not these columns.
pub fn read_draws<R: ChunkReader + 'static>(
    file: R,
    mut row: impl FnMut(u64, Option<(&str, Date, f64)>),
) -> io::Result<()> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).map_err(broken)?.build().map_err(broken)?;
    let mut number = 0;
    for batch in reader {
        let batch = batch.map_err(io::Error::other)?;
        let column = |name: &str| {
            batch.column_by_name(name).ok_or_else(|| {
                io::Error::other(format!("no column `{name}`; expected series, date, draw and value"))
            })
        };
        let names = Names::new(column("series")?)?;
        let dates = column("date")?;
        let dates =
            dates.as_primitive_opt::<Date32Type>().ok_or_else(|| unusual("date", dates, "days (date32)"))?;
        let values = numbers(column("value")?)?;
        for (at, value) in values.into_iter().enumerate() {
            number += 1;
            let date = (!dates.is_null(at)).then(|| dates.value(at)).and_then(day);
            row(
                number,
                names.at(at).zip(date).zip(value).map(|((series, date), value)| (series, date, value)),
            );
        }
    }
    Ok(())
}

/// A column of names.
struct Names<'a> {
    values: &'a StringArray,
    keys: Option<Vec<usize>>,
    column: &'a ArrayRef,
}

impl<'a> Names<'a> {
    fn new(column: &'a ArrayRef) -> io::Result<Self> {
        let categories = column.as_any_dictionary_opt();
        let values = categories.map_or(column, |categories| categories.values());
        Ok(Self {
            values: values.as_string_opt::<i32>().ok_or_else(|| unusual("series", column, "text (utf8)"))?,
            keys: categories
                .filter(|categories| !categories.values().is_empty())
                .map(|categories| categories.normalized_keys()),
            column,
        })
    }

    fn at(&self, row: usize) -> Option<&'a str> {
        if self.column.is_null(row) {
            return None;
        }
        let at = self.keys.as_ref().map_or(Some(row), |keys| keys.get(row).copied())?;
        (at < self.values.len()).then(|| self.values.value(at))
    }
}

fn numbers(column: &ArrayRef) -> io::Result<Vec<Option<f64>>> {
    if let Some(values) = column.as_primitive_opt::<Float64Type>() {
        return Ok(values.iter().collect());
    }
    if let Some(values) = column.as_primitive_opt::<Int64Type>() {
        // Counts are far below 2^52.
        #[allow(clippy::cast_precision_loss)]
        return Ok(values.iter().map(|value| value.map(|value| value as f64)).collect());
    }
    if let Some(values) = column.as_primitive_opt::<Int32Type>() {
        return Ok(values.iter().map(|value| value.map(f64::from)).collect());
    }
    if let Some(values) = column.as_primitive_opt::<Float32Type>() {
        return Ok(values.iter().map(|value| value.map(f64::from)).collect());
    }
    Err(unusual("value", column, "numbers (float64, float32, int64 or int32)"))
}

fn unusual(name: &str, column: &ArrayRef, expected: &str) -> io::Error {
    io::Error::other(format!("the column `{name}` is {}; expected {expected}", column.data_type()))
}

fn day(since: i32) -> Option<Date> {
    date(1970, 1, 1).checked_add(jiff::Span::new().try_days(since).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut bytes = Vec::new();
        let mut draws = Draws::new(&mut bytes).unwrap();
        draws.forecast("Mali; Mopti", date(2024, 5, 1), &[0.0, 3.0]).unwrap();
        draws.forecast("a,\"b\"", date(1969, 12, 1), &[1e9]).unwrap();
        draws.finish().unwrap();
        let mut rows = Vec::new();
        read_draws(Bytes::from(bytes), |number, row| {
            let (series, date, value) = row.unwrap();
            rows.push(format!("{number} {series} {date} {value}"));
        })
        .unwrap();
        assert_eq!(
            rows,
            ["1 Mali; Mopti 2024-05-01 0", "2 Mali; Mopti 2024-05-01 3", "3 a,\"b\" 1969-12-01 1000000000"]
        );
    }

    #[test]
    fn what_is_no_such_file_is_said() {
        let error = read_draws(Bytes::from_static(b"series,date,draw,value\n"), |_, _| {}).unwrap_err();
        assert!(!error.to_string().is_empty());
        let mut bytes = Vec::new();
        Draws::new(&mut bytes).unwrap().finish().unwrap();
        read_draws(Bytes::from(bytes), |_, _| panic!("nothing is in it")).unwrap();
    }
}
