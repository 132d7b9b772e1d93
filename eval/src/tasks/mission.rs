/*! The report that the project was started from, against what a careful reader takes from it.

The checks are data (`eval/mission.checks.tsv`); nothing in the coder knows of them. Read as if published on
12 May 2020: the text carries no date.
*/

use anyhow::{Context, Result};
use jiff::civil::date;
use record::vocabulary::Realis;
use record::{CodedDocument, Count, CountOf, Event, Participant, Quantity, Statement, Tally};
use serde_json::json;

use super::common::standing;
use crate::{Figure, Kind, Options, Outcome, Reader};

/// The checks.
pub const CHECKS: &str = include_str!("../../mission.checks.tsv");

/// One line of the table.
#[derive(Debug, Clone, Copy)]
struct Check<'a> {
    name: &'a str,
    kind: &'a str,
    find: &'a str,
    conditions: &'a str,
    field: &'a str,
    expected: &'a str,
}

/// Runs the task.
pub fn run(options: &Options, reader: &Reader) -> Result<Outcome> {
    let path = options.data.join("../mission/report.txt");
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let document = reader.read(&text, Some(date(2020, 5, 12)));
    let mut outcome = Outcome::new(
        "mission",
        "The report that the project was started from: a news agency's article of May 2020",
        "Checks written from what a careful reader takes from the report: each is passed or not. One report: the \
         interval is over checks, and says nothing about other reports.",
    );
    let mut figures = ["event", "tally", "statement", "none"]
        .map(|kind| (kind, Figure::new(if kind == "none" { "no event made up" } else { kind }, Kind::Exact)));
    let mut all = Figure::new("all checks", Kind::Exact).goal(1.0);
    for check in checks(CHECKS) {
        let got = values(&document, &check);
        let passed = if check.kind == "none" { got.is_empty() } else { accepts(check.expected, &got) };
        all.answer(passed);
        if let Some((_, figure)) = figures.iter_mut().find(|(kind, _)| *kind == check.kind) {
            figure.answer(passed);
        }
        if !passed {
            let reason = if got.is_empty() { "not found" } else { "another value" };
            outcome.lose("report", check.name, check.expected, json!(got), reason, check.find);
        }
    }
    outcome.figures = vec![all];
    outcome.figures.extend(figures.into_iter().map(|(_, figure)| figure));
    Ok(outcome)
}

fn checks(table: &str) -> impl Iterator<Item = Check<'_>> {
    table.lines().filter(|line| !line.starts_with('#')).skip(1).filter_map(|line| {
        let mut cells = line.split('\t');
        Some(Check {
            name: cells.next()?,
            kind: cells.next()?,
            find: cells.next()?,
            conditions: cells.next()?,
            field: cells.next()?,
            expected: cells.next()?,
        })
    })
}

/// Lower case, without accents on Latin letters and with single spaces.
fn plain(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'à'..='å' => out.push('a'),
            'è'..='ë' => out.push('e'),
            'ì'..='ï' => out.push('i'),
            'ò'..='ö' => out.push('o'),
            'ù'..='ü' => out.push('u'),
            'ç' => out.push('c'),
            'ş' => out.push('s'),
            _ => out.push(c),
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn rests_on(quotes: impl IntoIterator<Item = impl AsRef<str>>, find: &str) -> bool {
    let quotes: Vec<String> = quotes.into_iter().map(|quote| plain(quote.as_ref())).collect();
    find.split('|').any(|words| quotes.iter().any(|quote| quote.contains(&plain(words))))
}

/// Whether some value is one of those expected.
fn accepts(expected: &str, got: &[String]) -> bool {
    expected.split('|').any(|wanted| {
        if wanted == "none" {
            // Said of something that was found: a check is not passed by finding nothing.
            return got.iter().any(|value| value == "none");
        }
        if let Some(part) = wanted.strip_prefix('~') {
            return got.iter().any(|value| plain(value).contains(&plain(part)));
        }
        if let Some((low, high)) = wanted.split_once("..") {
            let numbers = low.parse::<u64>().ok().zip(high.parse::<u64>().ok());
            return got.iter().any(|value| match (numbers, value.parse::<u64>()) {
                (Some((low, high)), Ok(value)) => (low..=high).contains(&value),
                // ISO days compare as text; a range given as "2500..3000" is itself a value.
                _ => value == wanted || (low <= value.as_str() && value.as_str() <= high),
            });
        }
        got.iter().any(|value| plain(value) == plain(wanted))
    })
}

fn values(document: &CodedDocument, check: &Check<'_>) -> Vec<String> {
    match check.kind {
        "event" => {
            let events = document.events.iter().filter(|event| {
                rests_on(event.evidence.iter().map(|evidence| &evidence.quote), check.find)
                    && meets(check.conditions, |field| of_event(event, field))
            });
            if check.field == "events" {
                return vec![events.count().to_string()];
            }
            events.flat_map(|event| of_event(event, check.field)).collect()
        }
        "none" => document
            .events
            .iter()
            .filter(|event| event.realis == Realis::Asserted)
            .filter(|event| rests_on(event.evidence.iter().map(|evidence| &evidence.quote), check.find))
            .map(|event| event.sub_event_type.to_string())
            .collect(),
        "tally" => document
            .tallies
            .iter()
            .filter(|tally| {
                rests_on(tally.evidence.iter().map(|evidence| &evidence.quote), check.find)
                    && meets(check.conditions, |field| of_tally(tally, field))
            })
            .flat_map(|tally| of_tally(tally, check.field))
            .collect(),
        _ => document
            .statements
            .iter()
            .filter(|statement| {
                rests_on([&statement.quote], check.find)
                    && meets(check.conditions, |field| of_statement(statement, field))
            })
            .flat_map(|statement| of_statement(statement, check.field))
            .collect(),
    }
}

fn meets(conditions: &str, of: impl Fn(&str) -> Vec<String>) -> bool {
    conditions
        .split('&')
        .filter(|condition| !condition.is_empty())
        .all(|condition| condition.split_once('=').is_some_and(|(field, value)| accepts(value, &of(field))))
}

/// Every name of a participant: key, name, mentions, affiliation.
fn names(participant: &Participant) -> Vec<String> {
    let mut names: Vec<String> = participant.mentions.iter().map(|mention| mention.text.clone()).collect();
    names.extend(participant.actor_id.clone());
    names.extend(participant.name.clone());
    names.extend(participant.affiliation.clone());
    names
}

fn people<'a>(all: impl IntoIterator<Item = &'a Participant>) -> Vec<String> {
    all.into_iter().flat_map(names).collect()
}

fn term(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Totals by the side counted, and of all sides.
fn counted(list: &[Count], side: Option<CountOf>) -> Vec<String> {
    super::common::sum(standing(list), |count| side.is_none_or(|side| count.who == side))
        .map(|n| n.to_string())
        .into_iter()
        .collect()
}

fn quantity(number: &Quantity) -> Vec<String> {
    let mut values: Vec<String> = number.figure().map(|n| n.to_string()).into_iter().collect();
    if let (Some(low), Some(high)) = (number.low, number.high)
        && low != high
    {
        values.push(format!("{low}..{high}"));
    }
    values
}

fn of_event(event: &Event, field: &str) -> Vec<String> {
    let side = |name: &str| match name {
        "actor" => Some(CountOf::Actor),
        "recipient" => Some(CountOf::Recipient),
        _ => None,
    };
    match field {
        "realis" => vec![event.realis.to_string()],
        "event_type" => vec![event.event_type.to_string()],
        "sub_event_type" => vec![event.sub_event_type.to_string()],
        "date" => vec![event.event_date.map_or_else(|| "none".to_owned(), |day| day.to_string())],
        "time_precision" => {
            event.time_precision.map(|precision| precision.number().to_string()).into_iter().collect()
        }
        "place" => event
            .places
            .iter()
            .flat_map(|place| {
                [Some(place.text.clone()), place.name.clone(), place.admin1.clone()].into_iter().flatten()
            })
            .collect(),
        "country" => event.places.iter().filter_map(|place| place.country.clone()).collect(),
        "relation" => event.places.iter().map(|place| term(place.relation)).collect(),
        "actor" => people(&event.actors),
        "recipient" => people(&event.recipients),
        "reported_by" => people(&event.reported_by),
        "claim" => people(event.claims.iter().filter_map(|claim| claim.by.as_ref())),
        "object" => event.objects.iter().map(|object| term(object.class)).collect(),
        "weapon" => event
            .weapons
            .iter()
            .flat_map(|weapon| [Some(term(weapon.class)), weapon.subclass.clone()].into_iter().flatten())
            .collect(),
        _ => {
            let (list, whose) = field.split_once('.').unwrap_or((field, ""));
            let list = match list {
                "killed" => &event.counts.killed,
                "injured" => &event.counts.injured,
                "killed_or_injured" => &event.counts.killed_or_injured,
                _ => return Vec::new(),
            };
            counted(list, side(whose))
        }
    }
}

fn of_tally(tally: &Tally, field: &str) -> Vec<String> {
    match field {
        "what" => vec![tally.what.clone()],
        "number" => quantity(&tally.number),
        "by" => people(&tally.by),
        "period" => {
            tally.period.and_then(|period| period.start).map(|day| day.to_string()).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

fn of_statement(statement: &Statement, field: &str) -> Vec<String> {
    match field {
        "kind" => vec![term(statement.kind)],
        "speaker" => people(&statement.speaker),
        "direction" => statement.about.direction.map(term).into_iter().collect(),
        "number" => statement.number.as_ref().map(quantity).unwrap_or_default(),
        "horizon.end" => {
            let end = statement.horizon.as_ref().and_then(|horizon| horizon.end);
            vec![end.map_or_else(|| "none".to_owned(), |day| day.to_string())]
        }
        "condition" => statement.condition.iter().map(|condition| condition.text.clone()).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_can_be_read() {
        let n = CHECKS.lines().filter(|line| !line.starts_with('#')).count() - 1;
        assert_eq!(checks(CHECKS).count(), n);
        assert!(checks(CHECKS).all(|check| matches!(check.kind, "event" | "tally" | "statement" | "none")));
        assert!(checks(CHECKS).all(|check| check.kind == "none" || !check.expected.is_empty()));
    }

    #[test]
    fn what_is_accepted() {
        let got = |values: &[&str]| values.iter().map(|&value| value.to_owned()).collect::<Vec<_>>();
        assert!(accepts("2|3", &got(&["3"])));
        assert!(accepts("2020-04-20..2020-05-12", &got(&["2020-05-01"])));
        assert!(!accepts("2020-04-20..2020-05-12", &got(&["2020-02-01"])));
        assert!(accepts("2500..3000", &got(&["2500..3000"])));
        assert!(accepts("~derik", &got(&["Dêrik prison"])));
        assert!(accepts("none", &got(&["none"])) && !accepts("none", &[]) && !accepts("10", &[]));
    }
}
