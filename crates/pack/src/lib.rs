/*! Gazetteer packs: the default one from the pinned packages of public registries ([`packages`]), others from the tables
that an operator brings ([`import`]).

And the encoder's base ([`encoder`]), from a package too.

The layout of a pack, and what a name is looked up by, are the business of `whereabouts`; here are the files.
*/

mod archive;
mod cities;
mod divisions;
pub mod encoder;
pub mod import;
pub mod packages;
