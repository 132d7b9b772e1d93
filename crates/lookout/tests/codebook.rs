//! The committed codebook is the one that the types generate.

use std::path::Path;

#[test]
fn codebook_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/codebook.md");
    let generated = record::codebook(watchpost_lookout::shapes());
    if std::env::var_os("WATCHPOST_BLESS").is_some() {
        std::fs::write(&path, &generated).expect("docs/codebook.md can be written");
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == generated,
        "docs/codebook.md is not what the types say; WATCHPOST_BLESS=1 cargo test rewrites it"
    );
}
