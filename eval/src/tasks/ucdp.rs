/*! Single headlines of UCDP GED (CC BY 4.0): does the reading hold on texts of one line, from everywhere?

2,000 headlines are drawn with a seed, one an event. UCDP's coders read the whole report and others; a headline often
says less, and several events can stand behind one headline. So nothing here is a score to compare with others:

- **any event**: whether anything was read at all;
- **country**: of the events' places, where some word of the gold's country, division or place stands in the headline;
- **division**: the same for the first-order division, where a word of its name or of the place stands there;
- **within a week**: the first event's date against the gold's, where there is one;
- **deaths**: the sum of deaths of all events within the gold's low and high, where the gold's best number stands in the headline.
*/

use anyhow::Result;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::json;

use super::common::{country, most_frequent, number_reason, standing, sum, violent};
use crate::bootstrap::Random;
use crate::own::fold;
use crate::stated::{states_in, tokens};
use crate::{Figure, Kind, Options, Outcome, Reader};

/// How many headlines are drawn.
const SAMPLE: usize = 2_000;

#[derive(Deserialize)]
struct Row {
    id: String,
    country: String,
    adm_1: String,
    #[serde(rename = "where")]
    place: String,
    date_start: String,
    date_end: String,
    best: String,
    low: String,
    high: String,
    sources: Vec<Source>,
}

#[derive(Deserialize)]
struct Source {
    date: String,
    headline: String,
}

/// Runs the task.
pub fn run(options: &Options, reader: &Reader) -> Result<Outcome> {
    let mut rows: Vec<Row> = options.records("ucdp_ged/headline_clusters.jsonl")?;
    rows.retain(|row| row.sources.first().is_some_and(|source| source.date.parse::<Date>().is_ok()));
    let mut random = Random::new(options.seed);
    let chosen = random.sample(rows.len(), options.limit.unwrap_or(SAMPLE));
    let countries = super::common::countries()?;
    let mut outcome = Outcome::new(
        "ucdp",
        "UCDP GED, headlines of its sources (CC BY 4.0), 2,000 drawn with a seed",
        "One headline and its day; only what the headline can tell is asked. A check that the reading holds \
         everywhere, not a comparison.",
    );
    let mut any = Figure::new("any event", Kind::Exact);
    let mut land = Figure::new("country", Kind::Exact);
    let mut division = Figure::new("division", Kind::Exact);
    let mut week = Figure::new("within a week", Kind::Exact);
    let mut deaths = Figure::new("deaths", Kind::Exact);
    for row in chosen.into_iter().filter_map(|index| rows.get(index)) {
        let Some(source) = row.sources.first() else { continue };
        let headline = &source.headline;
        let document = reader.read(headline, source.date.parse().ok());
        any.answer(!document.events.is_empty());
        if document.events.is_empty() {
            outcome.lose(&row.id, "any event", row.best.clone(), json!(null), "no event at all", headline);
        }
        let words = tokens(headline);
        let named = |name: &str| {
            tokens(name).iter().any(|part| {
                part.chars().count() > 3
                    && !matches!(
                        part.as_str(),
                        "province"
                            | "state"
                            | "department"
                            | "town"
                            | "city"
                            | "district"
                            | "region"
                            | "village"
                            | "government"
                    )
                    && words.contains(part)
            })
        };
        if named(&row.country) || named(&row.adm_1) || named(&row.place) {
            // UCDP writes "DR Congo (Zaire)", "Russia (Soviet Union)".
            let bare = row.country.split('(').next().unwrap_or_default().trim();
            if let Some(gold) = countries.named(bare) {
                let got = most_frequent(document.events.iter().filter_map(country).collect());
                land.answer(got == Some(gold.iso3.as_str()));
                if got != Some(gold.iso3.as_str()) {
                    let reason = if got.is_some() { "another country" } else { "no country" };
                    outcome.lose(&row.id, "country", gold.iso3.clone(), json!(got), reason, headline);
                }
            }
        }
        if !row.adm_1.is_empty() && (named(&row.adm_1) || named(&row.place)) {
            let divisions = |name: &str| {
                let bare = name.to_lowercase();
                fold(
                    ["province", "department", "governorate", "state", "region", "district", "oblast"]
                        .iter()
                        .fold(bare, |name, word| name.replace(word, ""))
                        .trim(),
                )
            };
            let got =
                document.events.iter().flat_map(|event| &event.places).find_map(|place| place.admin1.clone());
            let right = got.as_deref().is_some_and(|got| divisions(got) == divisions(&row.adm_1));
            division.answer(right);
            if !right {
                let reason = if got.is_some() { "another division" } else { "no division" };
                outcome.lose(&row.id, "division", row.adm_1.clone(), json!(got), reason, headline);
            }
        }
        let dates = (row.date_start.parse::<Date>(), row.date_end.parse::<Date>());
        if let (Ok(start), Ok(end)) = dates
            && let Some(got) = document.events.iter().find_map(|event| event.event_date)
        {
            let away = |from: Date| from.until(got).map_or(i32::MAX, |span| span.get_days());
            let right = away(start) >= -7 && away(end) <= 7;
            week.answer(right);
            if !right {
                outcome.lose(
                    &row.id,
                    "date",
                    row.date_start.clone(),
                    json!(got),
                    "more than a week off",
                    headline,
                );
            }
        }
        let numbers = (row.low.parse::<u64>(), row.best.parse::<u64>(), row.high.parse::<u64>());
        if let (Ok(low), Ok(best), Ok(high)) = numbers
            && best > 0
            && states_in(&words, best)
        {
            let got = document
                .events
                .iter()
                .filter(|event| violent(event))
                .filter_map(|event| sum(standing(&event.counts.killed), |_| true))
                .reduce(u64::saturating_add);
            let right = got.is_some_and(|got| (low..=high).contains(&got));
            deaths.answer(right);
            if !right {
                outcome.lose(
                    &row.id,
                    "deaths",
                    best,
                    json!(got),
                    number_reason(&document, best, got),
                    headline,
                );
            }
        }
    }
    outcome.figures = vec![any, land, division, week, deaths];
    Ok(outcome)
}
