/*! Which reports are copies of one text, and which tell of one incident.

A report comes as its coded document and, where it is at hand, its text; both become [`Told`]: the story that it is chiefly about
and the others that it tells. [`copies`] finds texts that are one (they count as one voice), [`index`] the stories worth comparing, [`score`] says how likely
two tell of one incident and why, [`cluster`] makes groups of the pairs. [`link()`] does all of it for a batch, [`Growing`] for one report after the other.

Names of persons are words of the text like others here; they stay in this process. What goes out are ids and points.
*/

mod batch;
pub mod cluster;
pub mod copies;
mod growing;
pub mod hash;
pub mod index;
mod pack;
mod postings;
pub mod score;
mod story;
pub mod words;

pub use batch::{Item, Linked, Links, Why, link};
pub use growing::{Growing, Place, Placed, Recall};
pub use score::{Score, Weights};
pub use story::{Fact, Spot, Story, Told, Word, kind};
pub use words::Frequencies;
