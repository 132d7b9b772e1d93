//! The table from a document written by hand: it does not move with the coder.

use super::*;

fn rendered(width: usize, document: &CodedDocument) -> String {
    let countries = crate::setup::countries().expect("countries");
    let crosswalk = crate::setup::crosswalk().expect("crosswalk");
    let context = Context { countries: &countries, crosswalk: &crosswalk, inter: exchange::Inter::Text };
    let styled = Table::new(&context, width).document(document, None);
    anstream::adapter::strip_str(&styled).to_string()
}

fn document() -> CodedDocument {
    serde_json::from_str(include_str!("../../../exchange/fixtures/coded.json")).expect("a coded document")
}

#[test]
fn at_80_columns() {
    let text = rendered(80, &document());
    assert!(text.lines().all(|line| words::columns(line) <= 80), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn at_140_columns() {
    insta::assert_snapshot!(rendered(140, &document()));
}

#[test]
fn text_from_outside_cannot_steer_the_terminal() {
    let mut document = document();
    document.document.title = Some("Blast\u{1b}]0;owned\u{7} in \u{202e}market".to_owned());
    document.events[0].evidence[0].quote = "A \u{1b}[2Jbomb\r\nwent off.".to_owned();
    let text = rendered(80, &document);
    assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}', '\r']), "{text}");
}

#[test]
fn an_unread_report_says_why() {
    let mut document = document();
    document.events.clear();
    document.tallies.clear();
    document.statements.clear();
    document.error = Some("the page has no text".to_owned());
    insta::assert_snapshot!(rendered(80, &document));
}
