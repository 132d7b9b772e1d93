/*! Place names to one place, with precision, reason and alternatives.

- [`pack`], [`builder`]: the gazetteer file and how it is written;
- [`fold`]: what a name is looked up by;
*/

pub mod builder;
pub mod fold;
pub mod pack;
