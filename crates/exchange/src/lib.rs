/*! Events and incidents in the shapes that other programs read, and rows of those shapes read again.

Every column is declared once, with its name, its meaning and how its value is had, so the header, the
rows and the documentation cannot drift apart. What one report tells ([`Row::of_event`]) and what the store remembers
([`Row::of_incident`]) become rows through the same declarations. Nothing here reads a file or a clock; output goes to
whatever [`std::io::Write`] is given.

Only what is told as having happened becomes a row: `realis` asserted, and not merely
threatened. What was left out is counted, so a program can say so.
*/

mod acled;
mod cell;
mod column;
mod columnar;
mod draws;
mod flat;
mod ged;
mod geojson;
mod guide;
pub mod hapi;
pub mod import;
pub mod plover;
pub mod read;
mod row;
mod said;
mod sink;
mod xlsx;

pub use acled::{ACLED, ByActor};
pub use cell::{Kind, Value, guard, unguard};
pub use column::{Column, Shape, columns_markdown};
pub use columnar::{GEOMETRY, Parquet};
pub use draws::{Draws, read_draws};
pub use flat::FLAT;
pub use ged::GED;
pub use geojson::GeoJson;
pub use guide::guide;
pub use hapi::Hapi;
pub use plover::{Ngec, POLECAT};
pub use record::priogrid;
pub use row::{Article, Context, Dossier, Inter, Row, Told, happened, name_of, passages, sides, source_of};
pub use sink::{ActorCsv, BOM, Csv, JsonLines, Sink, Style};
pub use xlsx::{About, Xlsx};
