//! The settings in docs/intake.md are those of the program.

const BEGIN: &str = "<!-- settings: written by a test, do not edit -->\n";
const END: &str = "<!-- end of settings -->\n";

#[test]
fn the_settings_are_documented() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/intake.md");
    let page = std::fs::read_to_string(&path).expect("docs/intake.md");
    let (before, rest) = page.split_once(BEGIN).expect("the beginning of the settings");
    let (there, after) = rest.split_once(END).expect("the end of the settings");
    let table = watchpost_fetch::settings::documentation();
    if std::env::var_os("WATCHPOST_BLESS").is_some() {
        std::fs::write(&path, format!("{before}{BEGIN}{table}{END}{after}")).expect("written");
    } else {
        assert!(
            there == table,
            "docs/intake.md is out of date: run WATCHPOST_BLESS=1 cargo test -p watchpost-fetch"
        );
    }
}
