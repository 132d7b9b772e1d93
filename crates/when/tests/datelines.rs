//! Datelines and header lines in the styles of agencies and ministries.

use jiff::civil::{Date, date};
use text::Text;
use watchpost_when::{dateline, publication, publication_day};

/// Place, agency and day of a report's dateline, published on 14 May 2013.
fn read(report: &str) -> Option<(Option<String>, Option<String>, Option<Date>)> {
    let text = Text::new(report);
    let found = dateline(&text, Some(date(2013, 5, 14)))?;
    let slice = |span: Option<text::Span>| span.map(|span| text.slice(span).to_owned());
    Some((slice(found.place), slice(found.agency), found.day))
}

#[track_caller]
fn expect(report: &str, place: &str, agency: Option<&str>, day: Option<Date>) {
    assert_eq!(read(report), Some((Some(place.to_owned()), agency.map(str::to_owned), day)), "{report}");
}

#[test]
fn agency_styles() {
    let body = "Gunmen killed two guards at a depot, the police said.";
    expect(
        &format!("KABUL, Afghanistan (Jan. 25, 2013) – {body}"),
        "KABUL, Afghanistan",
        None,
        Some(date(2013, 1, 25)),
    );
    expect(&format!("BAGHDAD, May 3 (Reuters) - {body}"), "BAGHDAD", Some("Reuters"), Some(date(2013, 5, 3)));
    expect(
        &format!("SAN SALVADOR, 12 JAN 90 (DPA) -- {body}"),
        "SAN SALVADOR",
        Some("DPA"),
        Some(date(1990, 1, 12)),
    );
    expect(&format!("MOGADISHU (AFP) - {body}"), "MOGADISHU", Some("AFP"), None);
    expect(
        &format!("PERTH (Australia), May 3 (AFP) - {body}"),
        "PERTH (Australia)",
        Some("AFP"),
        Some(date(2013, 5, 3)),
    );
    expect(
        &format!("LIMA, 3 MAY (ACAN - EFE) -- {body}"),
        "LIMA",
        Some("ACAN - EFE"),
        Some(date(2013, 5, 3)),
    );
    expect(&format!("Damascus, SANA - {body}"), "Damascus", Some("SANA"), None);
    expect(
        &format!("Two guards killed\n\nMAIDUGURI, Nigeria (AP) — {body}"),
        "MAIDUGURI, Nigeria",
        Some("AP"),
        None,
    );
    expect(
        &format!("KABUL, Afghanistan (May 3, 2013)\n{body}"),
        "KABUL, Afghanistan",
        None,
        Some(date(2013, 5, 3)),
    );
}

#[test]
fn running_text_has_none() {
    for report in [
        "Gunmen killed two guards on May 3 (a Friday) - and fled.",
        "Two guards killed in raid\n\nGunmen killed two guards.",
        "The army - which denied it - left.",
        "",
        "—",
    ] {
        assert_eq!(read(report), None, "{report}");
    }
}

#[test]
fn header_lines_give_the_day_of_publication() {
    for (report, day) in [
        (
            "Joint Update\nFor Immediate Release  KABUL, Afghanistan (Jan. 10, 2011) – A raid took place.",
            date(2011, 1, 10),
        ),
        ("Man shot\nPosted: Friday, January 31, 2014 10:21 AM EST\nA man was shot.", date(2014, 1, 31)),
        ("Man shot\nPublished 31 January 2014\nA man was shot.", date(2014, 1, 31)),
        ("Man shot\n\n31 January 2014\n\nA man was shot on 12 December 2013.", date(2014, 1, 31)),
    ] {
        let found = publication_day(&Text::new(report)).map(|(day, _)| day);
        assert_eq!(found, Some(day), "{report}");
    }
    let text = Text::new("Man shot\nUpdated: January 31, 2014\nA man was shot.");
    assert!(publication(&text).unwrap().reason.contains("updated"));
    assert_eq!(
        publication_day(&Text::new("The camp opened on 31 January 2014 and closed soon after.")),
        None
    );
}

#[test]
fn a_serial_number_gives_the_year() {
    let text = Text::new(
        "Raid\nJoint Command 2010-09-CA-005\nKABUL, Afghanistan (Sept. 1) - Two men were held Tuesday.",
    );
    assert_eq!(publication_day(&text).map(|(day, _)| day), Some(date(2010, 9, 1)));
}

#[test]
fn a_date_may_open_the_headline() {
    let day = |report: &str| publication_day(&Text::new(report)).map(|(day, _)| day);
    for report in [
        "Sept. 2: Two held in raid\nJoint Command\u{2028}2010-09-CA-011 \u{2028}In Khost last night, two men were held.",
        "September 2, 2010 - Two held in raid\n\nIn Khost last night, two men were held.",
    ] {
        assert_eq!(day(report), Some(date(2010, 9, 2)), "{report}");
    }
    let report = "Sept. 2: Two held in raid\n\nIn Khost last night, two men were held.";
    assert_eq!(day(report), None, "no year stands anywhere");
}
