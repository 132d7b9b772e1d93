//! The tables that the program carries: text in, no reading done here.

/// Countries: codes, names, words for their people.
pub const COUNTRIES: &str = include_str!("../countries.tsv");

/// From ACLED's sub-events to PLOVER, CAMEO, GTD and UCDP.
pub const CROSSWALK: &str = include_str!("../crosswalk.tsv");
