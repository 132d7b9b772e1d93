//! Flags of the commands that hand incidents to other programs and take them from there.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::project::{FilterArgs, ProjectArgs};

/// Options of `watchpost export`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  watchpost export --to xlsx --out sahel.xlsx --country MLI,NER,BFA --from 2024-01-01\n  \
    watchpost export --to acled --inter numeric --bom --out for-excel.csv\n  \
    watchpost export --to hapi --hxl > by-district-and-month.csv\n  \
    watchpost export --to parquet --out incidents.parquet"
)]
pub(crate) struct ExportArgs {
    #[command(flatten)]
    pub(crate) project: ProjectArgs,

    /// In which shape; docs/exports.md lists the columns of each
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) to: ExportFormat,

    /// File that is written, at once and whole, in place of one that is there [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,

    /// ACLED's interaction codes: in words, as ACLED writes them now, or in digits [default: text]
    #[arg(long, value_enum, value_name = "HOW")]
    pub(crate) inter: Option<InterChoice>,

    /// What a row is, in ACLED's columns an event or an actor of it; polecat is POLECAT's table in the place of NGEC's JSON lines
    #[arg(long, value_enum, value_name = "SHAPE")]
    pub(crate) shape: Option<ShapeChoice>,

    /// Begin a CSV file with a byte order mark, which Excel wants; HAPI's files have it anyway
    #[arg(long)]
    pub(crate) bom: bool,

    /// A second line with HXL tags
    #[arg(long)]
    pub(crate) hxl: bool,

    #[command(flatten)]
    pub(crate) filter: FilterArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// CSV in ACLED's 31 columns
    Acled,
    /// CSV in UCDP GED's 49 columns: deadly events of organised violence
    Ged,
    /// CSV as HDX HAPI has conflict events: counts by administrative unit, month and type
    Hapi,
    /// JSON lines as NGEC writes PLOVER events; with --shape polecat POLECAT's 40 columns between tabs
    Plover,
    /// Points on a map (RFC 7946)
    Geojson,
    /// Watchpost's own columns, typed, with GeoParquet's geometry
    Parquet,
    /// CSV in Watchpost's own columns
    Csv,
    /// Excel: Watchpost's own columns, and a sheet that says what they are
    Xlsx,
    /// Incidents as they are, one JSON object a line
    Jsonl,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum InterChoice {
    /// In words: State forces
    Text,
    /// In digits: 1
    Numeric,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ShapeChoice {
    /// A row an event
    Event,
    /// A row an actor, with the columns of acledR's acled_transform_longer
    Actor,
    /// POLECAT's table
    Polecat,
}

/// What does not go together.
pub(crate) fn misuse(args: &ExportArgs) -> Option<String> {
    use ExportFormat as F;
    let to = args.to;
    let said = |flag: &str, formats: &str| Some(format!("{flag} is an option of --to {formats}"));
    match args.shape {
        Some(ShapeChoice::Actor | ShapeChoice::Event) if to != F::Acled => {
            return said("--shape event or actor", "acled");
        }
        Some(ShapeChoice::Polecat) if to != F::Plover => return said("--shape polecat", "plover"),
        _ => {}
    }
    if args.inter.is_some() && to != F::Acled {
        return said("--inter", "acled");
    }
    if args.hxl && !matches!(to, F::Acled | F::Ged | F::Hapi) {
        return said("--hxl", "acled, ged or hapi");
    }
    if args.bom && !matches!(to, F::Acled | F::Ged | F::Hapi | F::Csv) {
        return said("--bom", "acled, ged, hapi or csv");
    }
    None
}

/// Options of `watchpost import`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  watchpost import ged241-africa.csv --from ged --dry-run\n  \
    watchpost import corrected.csv --from acled --by 'A. Reviewer'\n  \
    watchpost import 2024.csv --from acled --as 'ACLED, our licence'")]
pub(crate) struct ImportArgs {
    #[command(flatten)]
    pub(crate) project: ProjectArgs,

    /// The file: CSV, or a table between tabs or semicolons
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,

    /// In whose columns it is, in any order
    #[arg(long, value_enum, value_name = "COLUMNS")]
    pub(crate) from: ImportFormat,

    /// What the dataset is called: its rows are found again by this name and their ids [default: ACLED or UCDP GED]
    #[arg(long = "as", value_name = "NAME", value_parser = dataset)]
    pub(crate) dataset: Option<String>,

    /// Who corrects incidents with rows of our own export (WP-…), as the log will name the person
    #[arg(long, value_name = "NAME", env = "WATCHPOST_PERSON")]
    pub(crate) by: Option<String>,

    /// Write what would be done, one JSON object for each row that is not as it is kept, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

fn dataset(text: &str) -> Result<String, String> {
    let name = text.trim();
    if name.is_empty() || name.len() > 200 {
        Err("expected a name of 1 to 200 bytes".to_owned())
    } else {
        Ok(name.to_owned())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ImportFormat {
    /// ACLED's, or our export in them
    Acled,
    /// UCDP GED's, also without a header and as HDX cuts it by country
    Ged,
}
