//! The page of columns is what the declarations say.

#![allow(clippy::panic)]

use watchpost_exchange::{ACLED, FLAT, GED, POLECAT, guide};

#[test]
fn the_page_is_fresh() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/exports.md");
    let page = guide();
    if std::env::var_os("WATCHPOST_BLESS").is_some() {
        std::fs::write(path, &page).unwrap_or_else(|error| panic!("{path}: {error}"));
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        kept == page,
        "docs/exports.md is not what the columns say; WATCHPOST_BLESS=1 cargo test rewrites it"
    );
}

#[test]
fn every_column_says_what_it_is() {
    for shape in [&ACLED, &GED, &FLAT, &POLECAT] {
        let mut names = std::collections::BTreeSet::new();
        for column in shape.columns {
            assert!(names.insert(column.name), "{} twice in {}", column.name, shape.name);
            assert!(
                !column.meaning.is_empty() || !column.empty.is_empty(),
                "{}: {}",
                shape.name,
                column.name
            );
            assert!(column.hxl.is_empty() || column.hxl.starts_with('#'), "{}", column.hxl);
        }
    }
    for column in FLAT.columns {
        // Stata takes no longer name, and no other sign.
        assert!(column.name.len() <= 32, "{}", column.name);
        assert!(
            column
                .name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        );
    }
}
