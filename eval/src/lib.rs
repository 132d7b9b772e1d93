/*! How good the reading is, measured on published corpora and on users' own gold.

Every task does the same thing: it loads documents with a gold reading, lets the coder read
them, and counts per document what was right, what was given and what there was to give. The
counts stay apart by document, so that every figure can carry a bootstrap interval over
documents ([`Figure::interval`]). What was lost is kept with its reason ([`Loss`]), because a
figure tells how far the way still is and a list of losses tells where it goes.

The corpora are no part of the project; a task whose data is not there says so and is left out.
*/

pub mod actors;
pub mod annotated;
pub mod assign;
pub mod bootstrap;
pub mod claims;
pub mod data;
pub mod derive;
pub mod desk_load;
pub mod encoding;
pub mod fit;
pub mod fit_confidence;
pub mod forecasts;
pub mod geoparse;
pub mod linking;
pub mod made_up;
pub mod muc;
pub mod names;
pub mod own;
pub mod page;
pub mod reader;
pub mod readers;
pub mod score;
pub mod self_excitation;
pub mod speed;
pub mod stated;
pub mod store_speed;
pub mod surge_load;
pub mod surge_simulation;
pub mod table_speed;
pub mod tasks;
pub mod tempeval;
pub mod ucdp;
pub mod wrong;

pub use data::Options;
pub use reader::{Reader, coder};
pub use score::{Figure, Hits, Kind, Loss, Outcome};
