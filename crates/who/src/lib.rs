/*! Who is meant: names and descriptions of actors to a key, a sector and a country.

[`Registry`] holds what is known (named actors, role words, countries). [`Registry::find`] finds named actors in a
text, [`Registry::describe`] reads a noun phrase ("two Egyptian army officers", "suspected Boko Haram gunmen",
"Turkish backed forces"), and [`Registry::persons`] finds people by name, so that they are not taken for places
or groups and so that no private person is ever named in what goes out.
*/

mod actor;
mod check;
mod describe;
mod fold;
mod lexicon;
mod lookup;
mod persons;
mod registry;
mod ties;
mod usage;

pub use actor::{Actor, COLUMNS};
pub use describe::{Description, Reading};
pub use lookup::Lookup;
pub use persons::PersonMention;
pub use registry::{ActorKey, Context, CountryMention, Named, OutletKey, Registry, Role, RoleMention};
pub use ties::Tie;
