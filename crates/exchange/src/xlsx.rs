//! Excel: a sheet of incidents with typed cells, and a sheet that says what it is.

use std::io::{self, Write};

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use crate::cell::{Kind, Value};
use crate::flat::FLAT;
use crate::{Row, Sink};

/// Rows that a sheet of Excel holds, its header among them.
const ROWS: u32 = 1_048_576;
/// Characters that a cell of Excel holds.
const CHARS: usize = 32_767;

/// What is said of an export in the file itself.
#[derive(Debug, Clone, Default)]
pub struct About {
    /// Which incidents, in words: the filter.
    pub filter: String,
    /// When it was made.
    pub made: String,
    /// Of which store.
    pub store: String,
    /// Up to which decision of its log.
    pub decision: u64,
}

/// A workbook with incidents in Watchpost's own columns.
pub struct Xlsx<W: Write> {
    workbook: Workbook,
    output: W,
    about: About,
    rows: u32,
    cut: u64,
    day: Format,
}

impl<W: Write> Xlsx<W> {
    /// Begins the workbook. Rows go to a file for the time being, so that memory does not grow with them.
    ///
    /// # Errors
    /// Where there is no room for that.
    pub fn new(about: About, output: W) -> io::Result<Self> {
        let mut workbook = Workbook::new();
        let head = Format::new().set_bold();
        let sheet = workbook.add_worksheet_with_constant_memory().map_err(broken)?;
        sheet.set_name("incidents").map_err(broken)?;
        sheet.set_freeze_panes(1, 1).map_err(broken)?;
        for (at, column) in (0_u16..).zip(FLAT.columns) {
            sheet.set_column_width(at, width(column.kind, column.name)).map_err(broken)?;
            sheet.write_string_with_format(0, at, column.name, &head).map_err(broken)?;
        }
        let day = Format::new().set_num_format("yyyy-mm-dd");
        Ok(Self { workbook, output, about, rows: 0, cut: 0, day })
    }

    fn write(&mut self, row: &Row<'_>) -> Result<(), XlsxError> {
        let at = self.rows + 1;
        let sheet = self.workbook.worksheet_from_name("incidents")?;
        for (column, declared) in (0_u16..).zip(FLAT.columns) {
            match (declared.value)(row) {
                Value::Empty => {}
                Value::Whole(number) => {
                    // Excel's numbers are exact up to 2^53; nothing here counts as far.
                    sheet.write_number(at, column, number as f64)?;
                }
                Value::Number(number) => {
                    sheet.write_number(at, column, number)?;
                }
                Value::Flag(flag) => {
                    sheet.write_boolean(at, column, flag)?;
                }
                Value::Day(day) => self::day(sheet, at, column, day, &self.day)?,
                text @ (Value::Text(_) | Value::List(_)) => {
                    let whole = text.text();
                    let short = shortened(&whole);
                    self.cut += u64::from(short.is_some());
                    sheet.write_string(at, column, short.unwrap_or(whole))?;
                }
            }
        }
        self.rows = at;
        Ok(())
    }

    /// The second sheet: what it is, and every column of the first.
    fn tell(&mut self) -> Result<(), XlsxError> {
        let bold = Format::new().set_bold();
        let (about, rows, cut) = (&self.about, self.rows, self.cut);
        let sheet = self.workbook.add_worksheet();
        sheet.set_name("about")?;
        let mut facts: Vec<(&str, String)> = vec![
            ("incidents", rows.to_string()),
            ("filter", about.filter.clone()),
            ("made", about.made.clone()),
            ("store", about.store.clone()),
            ("last decision", about.decision.to_string()),
            ("program", concat!("watchpost ", env!("CARGO_PKG_VERSION")).to_owned()),
        ];
        if cut > 0 {
            facts.push((
                "shortened",
                format!("{cut} cells had more than the {CHARS} characters that Excel holds and end with […]; other formats have them whole"),
            ));
        }
        let mut at = 0;
        for (name, value) in facts {
            sheet.write_string_with_format(at, 0, name, &bold)?;
            sheet.write_string(at, 1, value)?;
            at += 1;
        }
        at += 1;
        for (column, name) in (0_u16..).zip(["column", "type", "unit", "meaning", "from", "empty"]) {
            sheet.write_string_with_format(at, column, name, &bold)?;
        }
        for declared in FLAT.columns {
            at += 1;
            let cells = [
                declared.name,
                declared.kind.as_str(),
                declared.unit,
                declared.meaning,
                declared.from,
                declared.empty,
            ];
            for (column, text) in (0_u16..).zip(cells) {
                sheet.write_string(at, column, text)?;
            }
        }
        for (column, wide) in [(0, 26.0), (1, 26.0), (2, 16.0), (3, 70.0), (4, 30.0), (5, 60.0)] {
            sheet.set_column_width(column, wide)?;
        }
        Ok(())
    }
}

impl<W: Write> Sink for Xlsx<W> {
    fn row(&mut self, row: &Row<'_>) -> io::Result<bool> {
        if !(FLAT.takes)(row) {
            return Ok(false);
        }
        if self.rows + 1 >= ROWS {
            return Err(io::Error::other(format!(
                "a sheet of Excel holds {} incidents and no more: ask for fewer, or write CSV or Parquet",
                ROWS - 1
            )));
        }
        self.write(row).map_err(broken)?;
        Ok(true)
    }

    fn finish(mut self: Box<Self>) -> io::Result<Option<u64>> {
        let last = u16::try_from(FLAT.columns.len()).unwrap_or(u16::MAX).saturating_sub(1);
        let rows = self.rows;
        let sheet = self.workbook.worksheet_from_name("incidents").map_err(broken)?;
        sheet.autofilter(0, 0, rows.max(1), last).map_err(broken)?;
        self.tell().map_err(broken)?;
        let bytes = self.workbook.save_to_buffer().map_err(broken)?;
        self.output.write_all(&bytes)?;
        self.output.flush()?;
        Ok(None)
    }

    /// Nothing was written yet: a workbook that was cut off is none.
    fn cut(self: Box<Self>, _why: &str) -> io::Result<()> {
        Ok(())
    }
}

/// A day as Excel's day, where Excel has it: its calendar begins with 1900.
fn day(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    day: jiff::civil::Date,
    format: &Format,
) -> Result<(), XlsxError> {
    let (year, month, of_month) = (day.year(), day.month(), day.day());
    match (u16::try_from(year), u8::try_from(month), u8::try_from(of_month)) {
        (Ok(year @ 1900..), Ok(month), Ok(of_month)) => {
            let date = rust_xlsxwriter::ExcelDateTime::from_ymd(year, month, of_month)?;
            sheet.write_datetime_with_format(row, column, date, format)?;
        }
        _ => {
            sheet.write_string(row, column, day.to_string())?;
        }
    }
    Ok(())
}

fn shortened(text: &str) -> Option<String> {
    let more = "[…]";
    // Excel counts in UTF-16.
    if text.encode_utf16().count() <= CHARS {
        return None;
    }
    let mut room = CHARS - more.len();
    let kept: String = text
        .chars()
        .take_while(|c| {
            let takes = c.len_utf16();
            let fits = takes <= room;
            room = room.saturating_sub(takes);
            fits
        })
        .collect();
    Some(kept + more)
}

fn width(kind: Kind, name: &str) -> f64 {
    let least = match kind {
        Kind::Text => 18.0,
        Kind::List => 26.0,
        Kind::Day => 12.0,
        Kind::Whole | Kind::Number | Kind::Flag => 10.0,
    };
    f64::max(least, name.len() as f64 + 2.0)
}

fn broken(error: XlsxError) -> io::Error {
    match error {
        XlsxError::IoError(error) => error,
        other => io::Error::other(other),
    }
}
