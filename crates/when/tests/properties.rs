//! What holds for every text.

use jiff::civil::Date;
use proptest::prelude::*;
use text::Text;
use watchpost_when::{Anchors, dateline, find, publication};

/// Strings made of the words that the rules know, numbers, marks and strange characters.
fn timelike() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => prop::sample::select(vec![
            "the", "first", "last", "next", "this", "past", "of", "to", "from", "between", "and", "or", "-", "–", ",", ".", "(", ")",
            "'", "’s", "Monday", "Fri.", "May", "March", "JAN", "Sept.", "day", "days", "week", "months", "year", "years", "ago",
            "later", "before", "after", "since", "by", "until", "early", "late", "mid-", "end", "half", "quarter", "fall", "Ramadan",
            "Eid al-Adha", "month", "Christmas", "Eve", "night", "morning", "overnight", "noon", "a.m.", "GMT", "every", "daily",
            "recent", "now", "a", "couple", "few", "two", "twenty", "thousand", "nineteen", "hundred", "third", "s", "th", "o'clock",
            "anniversary", "same", "that", "following", "previous", "weekend", "century", "KABUL", "Reuters", "--", "\n", ":", "/",
        ]).prop_map(str::to_owned),
        3 => (0u64..=u64::MAX).prop_map(|n| n.to_string()),
        4 => (0u32..3000).prop_map(|n| n.to_string()),
        1 => "\\PC{0,4}",
    ];
    prop::collection::vec((piece, prop::bool::ANY), 0..40)
        .prop_map(|pieces| pieces.into_iter().map(|(p, space)| if space { p + " " } else { p }).collect())
}

fn any_day() -> impl Strategy<Value = Date> {
    (1850i16..2090, 1i8..=12, 1i8..=28).prop_map(|(y, m, d)| jiff::civil::date(y, m, d))
}

fn holds(raw: &str, anchors: &Anchors) {
    let text = Text::new(raw);
    for (index, sentence) in text.sentences.iter().enumerate() {
        let mut end = sentence.span.start;
        for e in find(&text, index, anchors) {
            assert!(e.span.start >= end && e.span.end > e.span.start, "{raw:?}: {e:?}");
            assert!(sentence.span.contains(e.span), "{raw:?}: {e:?}");
            assert!(raw.get(e.span.range()).is_some(), "{raw:?}: {e:?}");
            assert!(e.interval.is_none_or(|(first, last)| first <= last), "{raw:?}: {e:?}");
            assert_eq!(e.interval.is_some(), e.precision.is_some());
            assert!(!e.reason.is_empty());
            if let Some([(left, _), (right, _)]) = &e.ends {
                assert!(
                    e.span.contains(*left) && e.span.contains(*right) && left.end <= right.start,
                    "{raw:?}: {e:?}"
                );
            }
            end = e.span.end;
        }
    }
    for span in [dateline(&text, anchors.published).map(|d| d.span), publication(&text).map(|p| p.span)] {
        assert!(span.is_none_or(|span| raw.get(span.range()).is_some_and(|words| !words.is_empty())));
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_string_is_safe(raw in "\\PC{0,120}", day in any_day()) {
        holds(&raw, &Anchors { published: Some(day), dateline: None });
    }

    #[test]
    fn any_row_of_time_words_is_safe(raw in timelike(), day in any_day(), known in prop::bool::ANY) {
        holds(&raw, &Anchors { published: known.then_some(day), dateline: known.then_some(day) });
    }

    #[test]
    fn a_printed_day_is_read_back(day in any_day(), anchor in any_day()) {
        let (y, m, d) = (day.year(), day.month(), day.day());
        let name = MONTHS[usize::try_from(m - 1).unwrap()];
        let short = if name.len() > 4 { format!("{}.", &name[..3]) } else { name.to_owned() };
        let th = match d { 1 | 21 => "st", 2 | 22 => "nd", 3 | 23 => "rd", _ => "th" };
        let mut styles = vec![
            format!("{d} {name} {y}"), format!("{name} {d}, {y}"), format!("{short} {d}, {y}"), format!("the {d}{th} of {name} {y}"),
            format!("{y:04}-{m:02}-{d:02}"), format!("{d:02}.{m:02}.{y}"), format!("{d} {} {y}", name.to_uppercase()),
            format!("{d}-{}-{y}", &name[..3]), format!("{} {d}{th}, {y}", name.to_uppercase()),
        ];
        if d > 12 {
            styles.push(format!("{d:02}/{m:02}/{y}"));
            styles.push(format!("{m:02}/{d:02}/{y}"));
        }
        for style in styles {
            let text = Text::new(&format!("Gunmen stormed the depot on {style}, the police said."));
            let found: Vec<_> =
                (0..text.sentences.len()).flat_map(|s| find(&text, s, &Anchors { published: Some(anchor), dateline: None })).collect();
            prop_assert_eq!(found.len(), 1, "{}", &style);
            prop_assert_eq!(found[0].interval, Some((day, day)), "{}", &style);
            prop_assert_eq!(text.slice(found[0].span), &style);
        }
    }

    #[test]
    fn a_weekday_told_as_past_lies_in_the_week_up_to_publication(day in any_day(), back in 0i64..7) {
        let meant = day.checked_sub(jiff::Span::new().days(back)).unwrap();
        let names = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
        let name = names[usize::try_from(meant.weekday().to_monday_zero_offset()).unwrap()];
        let text = Text::new(&format!("A blast killed two guards on {name}."));
        let found = find(&text, 0, &Anchors { published: Some(day), dateline: None });
        prop_assert_eq!(found[0].interval, Some((meant, meant)));
    }
}

/// Twice the text takes about twice the time: rows that tempt every rule to look far ahead or back.
#[test]
fn long_rows_are_read_in_linear_time() {
    for unit in [
        "the ",
        "1-",
        "Monday to ",
        "the day before ",
        "two ",
        "May 3 and ",
        "early ",
        "of the same year ",
        "the next day. ",
        "Ramadan ",
        "(",
        "2014-",
        "12:",
        "a couple of ",
        "the first of the ",
    ] {
        let time = |times: usize| {
            let text = Text::new(&format!("On 3 May {}", unit.repeat(times)));
            let start = std::time::Instant::now();
            for sentence in 0..text.sentences.len() {
                std::hint::black_box(find(&text, sentence, &Anchors::default()));
            }
            start.elapsed()
        };
        let long = time(40_000);
        assert!(long.as_secs() < 5, "{unit:?}: {long:?}");
    }
}
