//! A report far longer than any is read in parts: what is in a part comes out as it does from a short report, at its place
//! in the whole.

#![allow(clippy::unwrap_used)]

use jiff::civil::date;
use record::{CodedDocument, DateProvenance, Report};
use watchpost_coder::{Coder, Knowledge, Tables};

fn coder() -> Coder {
    Coder::new(Knowledge::load(&knowledge::carried!(Tables)).unwrap())
}

fn read(coder: &Coder, text: &str) -> CodedDocument {
    coder.code(&Report { text: text.to_owned(), ..Report::default() })
}

/// Up to 28 paragraphs that tell of an attack each, on days without a year, with characters of one to four bytes between them.
fn long(paragraphs: usize) -> String {
    let head = "RIVERTON, 3 March 2021 (Valley Wire) – Attacks across the north\n\n";
    let body = (1..=paragraphs).map(|n| {
        format!(
            "Gunmen shot dead {} villagers in Örebygd on {n} February — “we saw all of it 🚀”, a neighbour said. The \
             market was closed and the school will open again next week.\n\n",
            n + 1
        )
    });
    std::iter::once(head.to_owned()).chain(body).collect()
}

#[test]
fn parts_keep_places_days_and_order() {
    let text = long(28);
    let points: Vec<char> = text.chars().collect();
    let small = coder().with_longest_part(1_000);
    let document = read(&small, &text);
    assert_eq!(document.document.published, Some(date(2021, 3, 3)));
    assert_eq!(document.document.published_from, DateProvenance::Text);
    assert_eq!(document.document.title, read(&coder(), &text).document.title);
    let mut quotes = 0;
    for evidence in document.events.iter().flat_map(|event| &event.evidence) {
        assert_eq!(evidence.quote, points[evidence.start..evidence.end].iter().collect::<String>());
        quotes += 1;
    }
    assert!(quotes >= 28, "{quotes} quotes");
    let killed: Vec<u64> =
        document.events.iter().filter_map(|event| event.counts.killed.first()?.number.figure()).collect();
    assert_eq!(killed, (2..=29).collect::<Vec<u64>>());
    // The year is that at the head of the report, also in its last part.
    let days: Vec<_> = document.events.iter().filter_map(|event| event.event_date).collect();
    assert_eq!(days, (1..=28).map(|day| date(2021, 2, day)).collect::<Vec<_>>());
    let mut ids: Vec<&str> = document.events.iter().map(|event| event.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), document.events.len(), "ids of the same words in two parts differ");
}

#[test]
fn a_report_of_one_part_is_read_as_ever() {
    let text = long(6);
    assert_eq!(read(&coder(), &text), read(&coder().with_longest_part(text.len()), &text));
}

#[test]
fn one_line_without_end_is_read() {
    let line = "Gunmen killed two villagers near the mill on Monday. ".repeat(400) + &"killed ".repeat(4_000);
    let small = coder().with_longest_part(4 << 10);
    let document = read(&small, &line);
    assert!(document.events.len() >= 10, "{} events", document.events.len());
    let explained = small.explain(&Report { text: line.clone(), ..Report::default() });
    assert!(explained.sentences.len() >= 400);
}

#[test]
fn a_later_part_has_no_lead() {
    let filler = "The market was closed and the school will open again next week. ".repeat(40);
    let text = format!("{filler}\n\nGunmen shot dead nine villagers in Örebygd.\n\n{filler}");
    let report = Report {
        text: text.clone(),
        published: Some(date(2021, 3, 3)),
        published_from: DateProvenance::Metadata,
        ..Report::default()
    };
    // Far down a report an event without a day is not told as news of the day, wherever the parts are cut.
    for part in [1_000, text.len()] {
        let document = coder().with_longest_part(part).code(&report);
        let event = document.events.iter().find(|event| event.deaths.best == Some(9)).unwrap();
        assert_eq!(event.event_date, None, "parts of {part} bytes");
    }
}
