//! The tables that the program carries: text in, no reading done here.

/// Countries: codes, names, words for their people.
pub const COUNTRIES: &str = include_str!("../countries.tsv");

/// From ACLED's sub-events to PLOVER, CAMEO, GTD and UCDP.
pub const CROSSWALK: &str = include_str!("../crosswalk.tsv");

/// Organised actors by name.
pub const ACTORS: &str = include_str!("../actors.tsv");

/// Words for people and bodies named only by what they are.
pub const ROLES: &str = include_str!("../roles.tsv");
