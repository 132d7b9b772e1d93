//! Scorers and loaders for published corpora.
