/*! Wikipedia's lists of terrorist incidents, rows of 2015–17.

A row is one incident: one to three sentences (`details`), a place, a toll, a perpetrator. What is asked:

- **killed**: victims, so the sum of the deaths of events that happened but those of the side that attacked
  (`1 (+4)` in the gold is one victim and four attackers; the figure before the bracket is taken). In the lists the armed
  group is the side that attacked, whoever fired first; so in a fight of two sides those counted as its members are left out, and
  soldiers and police are not;
- **injured**: the same;
- **country**: that of the first place of the events, most frequent first, against the last part of `location`;
- **perpetrator**: the registry's key for the gold's name among the actors and claims of the events.

Rows are left out of a figure where no reader could know: where the number stands neither in digits
nor in words in the sentences; where no word of `location` stands in them; where they do not name the perpetrator.
`12–15` is right with any number from the first to the last, `12+` with 12, which is what the sentences say. The day is given as the day of publication.
*/

use anyhow::Result;
use jiff::civil::Date;
use record::country::Countries;
use record::vocabulary::{EventType, Sector};
use record::{CodedDocument, Count, CountOf, Event};
use serde::Deserialize;
use serde_json::json;

use super::common::{country, most_frequent, number_reason, standing, sum, violent};
use crate::stated::{states_in, tokens};
use crate::{Figure, Kind, Options, Outcome, Reader};

#[derive(Deserialize)]
struct Row {
    id: String,
    date: String,
    dead: String,
    injured: String,
    location: String,
    details: String,
    perpetrator: String,
}

/// Runs the task.
pub fn run(options: &Options, reader: &Reader) -> Result<Outcome> {
    let mut rows: Vec<Row> = options.records("wikipedia_incidents/until_2017.jsonl")?;
    rows.retain(|row| matches!(row.date.get(..4), Some("2015" | "2016" | "2017")));
    options.cut(&mut rows);
    let countries = super::common::countries()?;
    let registry = &reader.coder.knowledge().who;
    let mut outcome = Outcome::new(
        "wikipedia",
        "Wikipedia, lists of terrorist incidents, 2015–17 (CC BY-SA 3.0)",
        "Rows whose answer stands in the sentences: victims killed and injured exact (attackers apart), country of \
         the place, perpetrator resolved to the same actor.",
    );
    let mut killed = Figure::new("killed", Kind::Exact).goal(0.92);
    let mut injured = Figure::new("injured", Kind::Exact).goal(0.92);
    let mut place = Figure::new("country", Kind::Exact).goal(0.97);
    let mut perpetrator = Figure::new("perpetrator", Kind::Exact).goal(0.90);
    for row in &rows {
        let document = reader.read(&row.details, row.date.parse::<Date>().ok());
        let words = tokens(&row.details);
        for (figure, field, gold, lists) in [
            (&mut killed, "killed", &row.dead, (|event| &event.counts.killed) as fn(&Event) -> &Vec<Count>),
            (&mut injured, "injured", &row.injured, |event| &event.counts.injured),
        ] {
            let Some((low, high)) = toll(gold) else { continue };
            if low == 0 || !states_in(&words, low) {
                continue;
            }
            let got = victims(&document, registry, lists);
            let right = got.is_some_and(|got| (low..=high).contains(&got));
            figure.answer(right);
            if !right {
                outcome.lose(
                    &row.id,
                    field,
                    gold.clone(),
                    json!(got),
                    number_reason(&document, low, got),
                    &row.details,
                );
            }
        }
        if let Some(gold) =
            gold_country(&row.location, &countries).filter(|_| names_a_part(&row.location, &words))
        {
            let got = most_frequent(document.events.iter().filter_map(country).collect());
            let right = got.is_some_and(|got| gold.iter().any(|gold| gold == got));
            place.answer(right);
            if !right {
                let reason = match got {
                    None if document.events.is_empty() => "no event at all",
                    None => "no country in any event",
                    Some(_) => "another country",
                };
                outcome.lose(
                    &row.id,
                    "country",
                    gold,
                    json!(got),
                    reason,
                    &format!("[{}] {}", row.location, row.details),
                );
            }
        }
        let context = who::Context {
            country: gold_country(&row.location, &countries).and_then(|codes| codes.into_iter().next()),
            date: row.date.parse().ok(),
            outlet: None,
        };
        if let Some(gold) = actor_named(registry, &row.perpetrator, &context)
            && (actors_named(registry, &row.details, &context).contains(&gold)
                || names_string(&row.perpetrator, &row.details))
        {
            let got = blamed(&document);
            let right = got.contains(&gold);
            perpetrator.answer(right);
            if !right {
                let reason = match got.len() {
                    0 if document.events.is_empty() => "no event at all",
                    0 => "no actor resolved",
                    _ => "another actor",
                };
                outcome.lose(&row.id, "perpetrator", gold, got, reason, &row.details);
            }
        }
    }
    outcome.figures = vec![killed, injured, place, perpetrator];
    Ok(outcome)
}

/// The least and the most that a gold figure allows: `7`, `1 (+4)`, `12+`, `12–15`, `36+ (+2)`.
fn toll(gold: &str) -> Option<(u64, u64)> {
    let victims = gold.split('(').next()?.trim().trim_start_matches('~');
    let mut bounds = victims.split(['-', '–', '/']).map(|part| part.trim().trim_end_matches('+'));
    let low: u64 = bounds.next()?.replace(',', "").parse().ok()?;
    let high = match bounds.next() {
        Some(high) => high.parse().ok()?,
        None => low,
    };
    Some((low, high))
}

/// Dead or injured of events that happened, but those of the side that attacked.
fn victims(
    document: &CodedDocument,
    registry: &who::Registry,
    list: fn(&Event) -> &Vec<Count>,
) -> Option<u64> {
    document
        .events
        .iter()
        .filter(|event| violent(event))
        .filter_map(|event| sum(standing(list(event)), |count| !attacker(registry, event, count)))
        .fold(None, |all: Option<u64>, n| Some(all.unwrap_or(0).saturating_add(n)))
}

/// Whether a count is of the side that the lists call the perpetrators.
fn attacker(registry: &who::Registry, event: &Event, count: &Count) -> bool {
    let sector = || {
        let text = text::Text::new(&count.text);
        let last = text.tokens.len().checked_sub(1)?;
        Some(registry.describe(&text, 0..last + 1, last, &who::Context::default()).sector)
    };
    match sector().filter(|_| event.event_type == EventType::Battles) {
        Some(sector) if sector.is_state_force() || sector == Sector::Paramilitary => false,
        Some(sector) if sector.is_armed() => true,
        _ => count.who == CountOf::Actor,
    }
}

/// The countries that the gold's place can mean; both for places whose country the world does not agree on.
fn gold_country(location: &str, countries: &Countries) -> Option<Vec<String>> {
    let last = location.rsplit(',').next()?.trim();
    let codes: &[&str] = match last {
        "West Bank" | "Gaza" | "Gaza Strip" | "East Jerusalem" | "Jerusalem" => &["PSE", "ISR"],
        "Crimea" => &["UKR", "RUS"],
        "Northern Ireland" | "England" | "Scotland" => &["GBR"],
        _ => return countries.named(last).map(|country| vec![country.iso3.clone()]),
    };
    Some(codes.iter().map(|&code| code.to_owned()).collect())
}

/// Whether a word of the place stands in the sentences.
fn names_a_part(location: &str, words: &[String]) -> bool {
    location.split(|c: char| !c.is_alphanumeric()).filter(|part| part.chars().count() > 3).any(|part| {
        let part = part.to_lowercase();
        !matches!(
            part.as_str(),
            "province"
                | "district"
                | "governorate"
                | "state"
                | "near"
                | "north"
                | "south"
                | "east"
                | "west"
                | "region"
                | "city"
        ) && words.contains(&part)
    })
}

fn bare(name: &str) -> &str {
    name.split('(').next().unwrap_or(name).trim()
}

fn names_string(perpetrator: &str, details: &str) -> bool {
    let name = bare(perpetrator).to_lowercase();
    name.chars().count() > 3 && details.to_lowercase().contains(&name)
}

/// The registry's key for a gold name, where it means one actor.
fn actor_named(registry: &who::Registry, name: &str, context: &who::Context) -> Option<String> {
    let mut found = actors_named(registry, bare(name), context);
    if found.len() == 1 { found.pop() } else { None }
}

/// The registry's keys for the actors named in a text.
fn actors_named(registry: &who::Registry, text: &str, context: &who::Context) -> Vec<String> {
    let text = text::Text::new(text);
    let named = registry.find(&text, 0..text.tokens.len());
    let mut ids: Vec<String> =
        named.iter().map(|named| registry.actor(registry.resolve(named, context)).id.clone()).collect();
    ids.dedup();
    ids
}

/// Everybody who did it or is said to have done it.
fn blamed(document: &CodedDocument) -> Vec<String> {
    let mut ids: Vec<String> = document
        .events
        .iter()
        .flat_map(|event| {
            event.actors.iter().chain(event.claims.iter().filter_map(|claim| claim.by.as_ref()))
        })
        .filter_map(|participant| participant.actor_id.clone())
        .collect();
    ids.sort();
    ids.dedup();
    ids
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gold_figures_of_the_lists() {
        assert_eq!(toll("7"), Some((7, 7)));
        assert_eq!(toll("1 (+4)"), Some((1, 1)));
        assert_eq!(toll("36+ (+2)"), Some((36, 36)));
        assert_eq!(toll("12–15"), Some((12, 15)));
        assert_eq!(toll("100+"), Some((100, 100)));
        assert_eq!(toll("Unknown (+6)"), None);
        assert_eq!(toll("(+6)"), None);
        assert_eq!(toll(""), None);
    }

    #[test]
    fn a_place_is_asked_for_only_where_it_is_named() {
        let words = tokens("A bomb went off in Baghdad.");
        assert!(names_a_part("Baghdad, Iraq", &words));
        assert!(!names_a_part("Kirkuk Province, Iraq", &words));
    }
}
