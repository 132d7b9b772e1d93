//! Sentences of our own, and what their time expressions mean.

use jiff::civil::{Date, date};
use record::vocabulary::{DateFrom, DateType};
use text::Text;
use watchpost_when::{Anchors, Kind, TimeExpression, find};

fn published(day: Date) -> Anchors {
    Anchors { published: Some(day), dateline: None }
}

fn all(text: &Text, anchors: &Anchors) -> Vec<TimeExpression> {
    (0..text.sentences.len()).flat_map(|sentence| find(text, sentence, anchors)).collect()
}

/// Each expression with its first and last day, against publication on Tuesday 12 May 2020.
fn read(sentence: &str) -> Vec<(String, Option<(Date, Date)>)> {
    let text = Text::new(sentence);
    all(&text, &published(date(2020, 5, 12)))
        .into_iter()
        .map(|e| (text.slice(e.span).to_owned(), e.interval))
        .collect()
}

/// The one expression of a sentence.
fn one(sentence: &str) -> (String, Option<(Date, Date)>) {
    let found = read(sentence);
    assert_eq!(found.len(), 1, "{sentence}: {found:?}");
    found.into_iter().next().unwrap_or_default()
}

#[track_caller]
fn day(sentence: &str, words: &str, expected: Date) {
    assert_eq!(one(sentence), (words.to_owned(), Some((expected, expected))), "{sentence}");
}

#[track_caller]
fn days(sentence: &str, words: &str, first: Date, last: Date) {
    assert_eq!(one(sentence), (words.to_owned(), Some((first, last))), "{sentence}");
}

#[track_caller]
fn nothing_dated(sentence: &str) {
    let found = read(sentence);
    assert!(found.iter().all(|(_, interval)| interval.is_none()), "{sentence}: {found:?}");
}

#[test]
fn days_are_read_in_every_style() {
    for words in [
        "30 April 2020",
        "April 30, 2020",
        "Apr. 30, 2020",
        "the 30th of April 2020",
        "2020-04-30",
        "30/04/2020",
        "30.04.2020",
        "30 APR 20",
        "Thursday, April 30, 2020",
        "Thursday, 30 April 2020",
        "30 April",
        "April 30",
        "Apr. 30",
        "30 Apr",
        "the 30th of April",
        "April 30th",
        "30 April this year",
        "04/30/2020",
    ] {
        day(&format!("Gunmen stormed the depot on {words}, witnesses say."), words, date(2020, 4, 30));
    }
    day("GUNMEN ATTACKED A CONVOY ON 12 NOV 89.", "12 NOV 89", date(1989, 11, 12));
}

#[test]
fn a_date_without_a_year_takes_it_from_publication() {
    day("On February 9, raiders overran a base.", "February 9", date(2020, 2, 9));
    day("On November 9, raiders overran a base.", "November 9", date(2019, 11, 9));
    day("The court will sit on 9 November.", "9 November", date(2020, 11, 9));
    let text = Text::new("On February 9, raiders overran a base.");
    let expression = all(&text, &Anchors::default()).remove(0);
    assert_eq!(expression.interval, None);
    assert_eq!(expression.date_type, DateType::Unresolved);
    assert_eq!(expression.date_from, DateFrom::None);
    assert_eq!(expression.value.as_deref(), Some("XXXX-02-09"));
    assert!(expression.reason.contains("year"), "{}", expression.reason);
}

#[test]
fn weekdays_are_the_latest_or_the_coming_one() {
    day("A blast killed two guards on Friday.", "Friday", date(2020, 5, 8));
    day("A blast killed two guards on Tuesday.", "Tuesday", date(2020, 5, 12));
    day("A blast killed two guards last Tuesday.", "last Tuesday", date(2020, 5, 5));
    day("The rebels will meet on Friday.", "Friday", date(2020, 5, 15));
    day("The talks resume next Tuesday.", "next Tuesday", date(2020, 5, 19));
    day("The police said Monday that they will pursue the raiders.", "Monday", date(2020, 5, 11));
    day("A patrol was ambushed on Friday last week.", "Friday last week", date(2020, 5, 8));
}

#[test]
fn relative_days() {
    day("A convoy was hit today.", "today", date(2020, 5, 12));
    day("A convoy was hit yesterday.", "yesterday", date(2020, 5, 11));
    day("A convoy was hit last night.", "last night", date(2020, 5, 11));
    day("A convoy was hit this morning.", "this morning", date(2020, 5, 12));
    day("A convoy was hit two days ago.", "two days ago", date(2020, 5, 10));
    day("A convoy was hit the day before yesterday.", "the day before yesterday", date(2020, 5, 10));
    days("A convoy was hit overnight.", "overnight", date(2020, 5, 11), date(2020, 5, 12));
}

#[test]
fn longer_periods() {
    days("Raids went on last week.", "last week", date(2020, 5, 4), date(2020, 5, 10));
    days("Raids went on earlier this week.", "earlier this week", date(2020, 5, 11), date(2020, 5, 12));
    days("Raids went on last month.", "last month", date(2020, 4, 1), date(2020, 4, 30));
    days("Raids went on last year.", "last year", date(2019, 1, 1), date(2019, 12, 31));
    days("In May this year, 22 raids were made.", "May this year", date(2020, 5, 1), date(2020, 5, 31));
    days("Raids went on in December 2017.", "December 2017", date(2017, 12, 1), date(2017, 12, 31));
    days("Raids went on in March ,2019.", "March ,2019", date(2019, 3, 1), date(2019, 3, 31));
    days("Raids went on during the past month.", "the past month", date(2020, 4, 12), date(2020, 5, 12));
    days(
        "Raids went on during the past 24 hours.",
        "the past 24 hours",
        date(2020, 5, 11),
        date(2020, 5, 12),
    );
    days("Raids have gone on since January.", "January", date(2020, 1, 1), date(2020, 5, 12));
    days("They left this past Fall in 2019.", "this past Fall in 2019", date(2019, 9, 1), date(2019, 11, 30));
    days("Raids went on in the 1990s.", "the 1990s", date(1990, 1, 1), date(1999, 12, 31));
    days(
        "Raids went on in the third quarter of 2018.",
        "the third quarter of 2018",
        date(2018, 7, 1),
        date(2018, 9, 30),
    );
}

#[test]
fn parts_of_periods() {
    let year = "the first four months of this year";
    days(&format!("Attacks rose in {year}."), year, date(2020, 1, 1), date(2020, 4, 30));
    days(
        "Attacks rose in the first half of 2019.",
        "the first half of 2019",
        date(2019, 1, 1),
        date(2019, 6, 30),
    );
    days(
        "Attacks rose in the first week of May.",
        "the first week of May",
        date(2020, 5, 1),
        date(2020, 5, 7),
    );
    days(
        "Attacks rose in the last week of April.",
        "the last week of April",
        date(2020, 4, 24),
        date(2020, 4, 30),
    );
    days("Attacks rose in early May.", "early May", date(2020, 5, 1), date(2020, 5, 10));
    days("Attacks rose in the week of April 8.", "the week of April 8", date(2020, 4, 6), date(2020, 4, 12));
    days(
        "Attacks rose in the week ending 8 April.",
        "the week ending 8 April",
        date(2020, 4, 2),
        date(2020, 4, 8),
    );
    days("Attacks rose in mid-March.", "mid-March", date(2020, 3, 11), date(2020, 3, 20));
    days("Attacks rose in late 2019.", "late 2019", date(2019, 9, 1), date(2019, 12, 31));
    let turn = "the end of 2020 or the beginning of 2021";
    days(&format!("It may come at {turn}."), turn, date(2020, 10, 1), date(2021, 3, 31));
    days(
        "It will be done by the end of the year.",
        "the end of the year",
        date(2020, 5, 12),
        date(2020, 12, 31),
    );
}

#[test]
fn ranges() {
    for words in ["3-5 March", "March 3-5", "3 to 5 March", "3–5 March 2020", "March 3-5, 2020"] {
        days(&format!("They fought on {words}."), words, date(2020, 3, 3), date(2020, 3, 5));
    }
    days("They fought between 3 and 5 March.", "3 and 5 March", date(2020, 3, 3), date(2020, 3, 5));
    days("They fought from Monday to Wednesday.", "Monday to Wednesday", date(2020, 5, 4), date(2020, 5, 6));
    days("They fought from 2014 to 2017.", "2014 to 2017", date(2014, 1, 1), date(2017, 12, 31));
    days("They fought in 2014-2017.", "2014-2017", date(2014, 1, 1), date(2017, 12, 31));
    let words = "28 February to 3 March 2019";
    days(&format!("They fought from {words}."), words, date(2019, 2, 28), date(2019, 3, 3));
}

#[test]
fn counted_from_what_the_text_told_before() {
    let text = Text::new(
        "On 3 March 2014 gunmen took the town. Two days later the army came back. On 9 July of the same year it left. \
         The next day the town burned.",
    );
    let found: Vec<_> =
        all(&text, &Anchors::default()).into_iter().map(|e| e.interval.map(|i| i.0)).collect();
    let expected = [date(2014, 3, 3), date(2014, 3, 5), date(2014, 7, 9), date(2014, 7, 10)];
    assert_eq!(found, expected.map(Some));
    nothing_dated("Three weeks later the army came back.");
    nothing_dated("Three weeks after the raid the army came back.");
}

#[test]
fn lengths_repetitions_and_ages_are_no_dates() {
    nothing_dated("The town saw three days of clashes.");
    nothing_dated("They fired for four hours continuously.");
    nothing_dated("They march every Friday and pray daily.");
    nothing_dated("A 30-year-old man and a woman aged 25 were hurt.");
    nothing_dated("About 2,500 to 3,000 fighters and 2000 soldiers may march.");
    nothing_dated("He fell, and she may spring to his side.");
    let text = Text::new("The siege lasted for three days. They march every Friday.");
    let kinds: Vec<_> =
        all(&text, &Anchors::default()).into_iter().map(|e| (e.kind, e.value.unwrap())).collect();
    assert_eq!(kinds, [(Kind::Duration, "P3D".to_owned()), (Kind::Set, "XXXX-WXX-5".to_owned())]);
}

#[test]
fn the_hijri_calendar() {
    days("Attacks rise during Ramadan.", "Ramadan", date(2020, 4, 24), date(2020, 5, 23));
    let words = "the holy month of Ramadan";
    days(&format!("Attacks rise in {words}."), words, date(2020, 4, 24), date(2020, 5, 23));
    day("The town fell on 15 Ramadan 1441.", "15 Ramadan 1441", date(2020, 5, 8));
    day("A truce will hold on Eid al-Fitr.", "Eid al-Fitr", date(2020, 5, 24));
    nothing_dated("A spokesman, Khaled Ramadan, denied it.");
}

#[test]
fn open_references_stay_open() {
    nothing_dated("They may strike during the coming period.");
    nothing_dated("They now hold the ridge.");
    days("Attacks rose in recent days.", "recent days", date(2020, 5, 6), date(2020, 5, 12));
    nothing_dated("On 05/03/2014 a raid took place.");
}

#[test]
fn the_dateline_comes_before_publication() {
    let anchors = Anchors { published: Some(date(2013, 1, 27)), dateline: Some(date(2013, 1, 25)) };
    let text = Text::new("Two men were killed yesterday.");
    assert_eq!(all(&text, &anchors)[0].interval, Some((date(2013, 1, 24), date(2013, 1, 24))));
}

#[test]
fn anniversaries_are_counted_from_their_day() {
    let words = "the sixth anniversary of 29 June 2014";
    day(&format!("They struck on {words}."), words, date(2020, 6, 29));
}

#[test]
fn what_is_to_be_done_lies_ahead() {
    let text = text::Text::new(
        "The camp will be closed in December. Rules are to be published on 15 November. He is to succeed her in \
         February.",
    );
    let anchors =
        watchpost_when::Anchors { published: Some(jiff::civil::date(2013, 10, 20)), dateline: None };
    let values: Vec<Option<String>> = (0..text.sentences.len())
        .flat_map(|sentence| watchpost_when::find(&text, sentence, &anchors))
        .map(|time| time.value)
        .collect();
    assert_eq!(values, ["2013-12", "2013-11-15", "2014-02"].map(|value| Some(value.to_owned())));
}
