//! Crosswalks between the vocabularies, read from `knowledge/crosswalk.tsv`.
