//! The page that says what stands in each column of each format: generated from the declarations.

use std::fmt::Write as _;

use crate::acled::ByActor;
use crate::column::{Shape, columns_markdown};
use crate::{ACLED, FLAT, GED, POLECAT, hapi, plover};

/// `docs/exports.md`.
#[must_use]
pub fn guide() -> String {
    let mut out = String::from(
        "# Exports, column by column\n\n\
         Generated from the declarations of the columns; do not edit.\n\n\
         A row is an incident, with the reports that tell of it; `watchpost code --to csv-acled`, `csv-ged` and `geojson` write what \
         one report tells as rows of the same columns. Only what is told as having happened is a row. What is not known is left empty: \
         no day, place, side or figure is made up, and no row of zeros. Ids begin with `WP-`, so that nobody takes them for ACLED's or UCDP's.\n\n\
         **Cells.** Files are UTF-8, days ISO 8601, numbers have a point and no other sign. Several values are joined with `; `. Words that begin \
         with `=`, `+`, `-`, `@`, a tab or a line end, which a spreadsheet would run as a formula, have an apostrophe in front; numbers, \
         negative ones too, stay numbers. Words that look so already get one more apostrophe, so that taking one away gives every text \
         back.\n\n\
         **Private persons.** No column has the name of a private person, and the words that mean one person stay with the report. Quotes are \
         the reports' own sentences.\n",
    );
    let mut shape = |title: &str, more: &str, shape: &Shape| {
        let _ = write!(
            out,
            "\n## {title}\n\n{}{more} Left out, and counted: incidents that {}.\n\n{}",
            shape.about,
            shape.leaves_out,
            columns_markdown(shape.columns)
        );
    };
    shape("ACLED", "", &ACLED);
    shape("UCDP GED", "", &GED);
    shape(
        "CSV, XLSX, Parquet and GeoJSON",
        " In Parquet a list is a list of strings, a day a `DATE32`, and `geometry` a point as well-known binary after GeoParquet 1.1; in \
         XLSX a second sheet says the filter, the number of incidents and the columns.",
        &FLAT,
    );
    shape("POLECAT", "", &POLECAT);
    out.push_str(
        "\n## ACLED, a row for each actor\n\n\
         As `acled_transform_longer` of acledR makes it (`full_actors`): these four columns stand in the place of the six from `actor1` to \
         `inter2`; the others are those of ACLED's table.\n\n| column | meaning |\n|---|---|\n",
    );
    for (name, meaning) in ByActor::own_columns() {
        let _ = writeln!(out, "| `{name}` | {meaning} |");
    }
    let _ = write!(
        out,
        "\n## HDX HAPI\n\n\
         How many incidents and deaths of each type in each administrative unit in each month, in the columns of HAPI's `conflict-events`; \
         the file begins with a byte order mark, as HAPI's do. A unit is as small as the place is known. Left out, and counted: incidents \
         that {}.\n\n| column | meaning | empty |\n|---|---|---|\n",
        hapi::LEAVES_OUT
    );
    for (name, meaning, empty) in hapi::columns() {
        let _ = writeln!(out, "| `{name}` | {meaning} | {empty} |");
    }
    out.push_str(
        "\n## PLOVER, as NGEC writes it\n\n\
         JSON lines with the fields of NGEC's formatter. Where NGEC has a score of its model, the event's confidence stands.\n\n\
         | field | meaning | from |\n|---|---|---|\n",
    );
    for (name, meaning, from) in plover::NGEC_FIELDS {
        let from = if from.is_empty() { String::new() } else { format!("`{from}`") };
        let _ = writeln!(out, "| `{name}` | {meaning} | {from} |");
    }
    out.push_str("\n## HXL tags\n\nThe optional second line of tags. Columns that are not listed have none.\n\n| table | column | tag |\n|---|---|---|\n");
    for shape in [&ACLED, &GED] {
        for column in shape.columns.iter().filter(|column| !column.hxl.is_empty()) {
            let _ = writeln!(out, "| {} | `{}` | `{}` |", shape.name, column.name, column.hxl);
        }
    }
    for (name, tag) in hapi::tags() {
        let _ = writeln!(out, "| hapi | `{name}` | `{tag}` |");
    }
    out.push_str(IMPORTS);
    out
}

const IMPORTS: &str = "\n## Imports\n\n\
`watchpost import FILE --from acled|ged` takes files in ACLED's or GED's columns, in any order, with commas, semicolons or tabs between the cells, with or \
without a byte order mark or a line of HXL tags, GED's also without a header and as HDX cuts it by country (`iso3`). Columns that are not of the table are left alone. \
Days may be `2024-03-05`, `2024-03-05 00:00:00.000` or `05 March 2024`. `--dry-run` writes what would be done and changes nothing.\n\n\
- **A dataset's rows** are found again by the dataset's name (`--as`) and their ids. A row with a new id makes an incident whose one report is the row: its text is the \
row, one line a cell, its outlet the dataset's name, and every field points at its cell. A row that has changed is kept as a later version of that report; the \
columns that changed and are no figures are corrected in the incident by the program, and the log names file, line and both values. Figures are told by the later version, and the written rule chooses \
among all reports. A row that has not changed changes nothing, nor does one whose `timestamp` alone is another. A row that is again what it was before is a version of its own (`row_version` in its text): the version that came last holds.\n\
- **Rows of our own export** (`WP-…`) set right the incident that they name, as decisions of the person that `--by` names. Only what differs from the incident as it would be written now is changed. \
Where the incident was changed after the file was written (`timestamp`, in GED's columns the seconds after the `@` of `relid`) the row is refused, so that nothing newer is lost; an empty cell there says that the row stands. The reports' own words (notes, sources, \
tags) stay as they are, and what a row says otherwise there is said.\n\
- **Names of sides** are looked up in the registry, with the user's tables on it, by UCDP's number of the actor (`side_a_new_id`) or by the name as it is written, for the row's country and day: the incident has the registry's id \
beside the name that the row gives. A name that comes only near to one of the registry stays a name.\n\
- What a person has decided is not overturned by a dataset; incidents that were rejected or withdrawn, and those that the file does not have, are left alone.\n\
- A row that cannot be used is said with its line, column, what was found and what is expected, and the others go in.\n\n\
What is read with less than certainty says so in `reasons`: GED says no means, so fighting is read as an armed clash and one-sided violence as an attack; ACLED's `geo_precision` 2 and 3 are read as UCDP's 3 and 4; \
in fighting the second side is among the recipients, without either table saying who attacked. `confidence` is 1 and not measured.\n\n\
ACLED's data may be used by whoever has a licence of ACLED's and is not to be passed on; imported reports are marked with it.\n";
