//! A table of events for commands that need more of a row than its series and its day.

use std::io::BufRead as _;
use std::path::Path;

use anyhow::Context as _;
use csv::StringRecord;

pub(crate) use super::cut;
pub(crate) use super::dates::day;

/// Whether a row is the one of hashtags that HXL puts beneath the header ("#date+start", "#adm1+name"): every cell that is not empty is one
/// (HXL 1.1 final, "Hashtag row").
pub(crate) fn hxl(row: &StringRecord) -> bool {
    let tag = |cell: &str| {
        let mut letters = cell.trim().chars();
        letters.next() == Some('#') && letters.next().is_some_and(char::is_alphabetic)
    };
    row.iter().any(tag) && row.iter().all(|cell| cell.trim().is_empty() || tag(cell))
}

/// What messages call a file, its header, and its rows with their lines.
pub(crate) type Table = (String, Vec<String>, Box<dyn Iterator<Item = csv::Result<(u64, StringRecord)>>>);

/// Opens a table, packed or not, with commas, semicolons or tabs.
pub(crate) fn open(path: &Path) -> anyhow::Result<Table> {
    let name = path.to_string_lossy();
    let said = if name == "-" { "standard input".to_owned() } else { name.into_owned() };
    let mut input = super::open(path).with_context(|| format!("{said}: the file cannot be opened"))?;
    let delimiter = super::delimiter(input.fill_buf().with_context(|| format!("{said}: cannot be read"))?);
    let mut table = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(input);
    let header = table
        .byte_headers()
        .with_context(|| format!("{said}:1: the first line cannot be read"))?
        .iter()
        .map(|cell| String::from_utf8_lossy(cell).trim().trim_start_matches('\u{feff}').to_owned())
        .collect();
    let rows = table.into_byte_records().map(|row| {
        row.map(|bytes| {
            let line = bytes.position().map_or(0, csv::Position::line);
            (line, StringRecord::from_byte_record_lossy(bytes))
        })
    });
    let mut first = true;
    let rows = rows.filter(move |row| {
        let tags = std::mem::take(&mut first) && row.as_ref().is_ok_and(|(_, row)| hxl(row));
        !tags
    });
    Ok((said, header, Box::new(rows)))
}
