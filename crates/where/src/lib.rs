/*! Place names to one place, with precision, reason and alternatives.

- [`pack`], [`builder`]: the gazetteer file, how it is read in place and how it is written;
- [`fold`]: what a name is looked up by;
- [`Gazetteer`]: packs, our supplement and the countries, asked as one: [`Gazetteer::lookup`],
  [`Gazetteer::find`] and [`Gazetteer::find_all`] for names in running text, [`Gazetteer::resolve`]
  for the one place that each means, [`Gazetteer::rank`] for one name that somebody asks for;
- distances: [`geo`].

Nothing here reads a file: a pack comes as bytes, mapped or not, and tables come as text.
*/

mod ask;
pub mod builder;
mod context;
mod find;
pub mod fold;
mod gazetteer;
pub mod geo;
pub mod pack;
mod pair;
mod resolve;
mod run;
mod score;
pub mod words;

pub use ask::Ranked;
pub use find::Toponym;
pub use gazetteer::{Candidate, Gazetteer, GazetteerError, Level, PCODE, RecordId, WORDS};
pub use pack::{Pack, PackBytes, PackError, Tier};
pub use resolve::Hints;
