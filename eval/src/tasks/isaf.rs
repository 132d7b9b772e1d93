/*! Coalition press releases on Afghanistan, 2009–13, coded by hand (Kuhn and others' ISAF data set).

The gold codes one release as one row, so the coded document is folded to one row too:

- **main events** are the events told as news (`asserted`, `accomplished`);
- **start date**: the earliest `event_date` of the main events;
- **province**: the most frequent first-order division of the main events' places (of equally frequent
  ones the first in the text), in the gold's spelling;
- **killed**: the sum over main events of the least number killed, but not of civilians or third parties,
  nor of a side that is all state or coalition forces, nor of soldiers and police by the count's own words: the gold
  counts insurgents killed;
- **captured**: the same over `arrested` and `abducted`.

The gold's minima follow a written rule, which is applied to the words of vague counts: "a couple" 2,
"several" 3, "numerous" 4, a bare plural 2; for "multiple" and "a number of" the gold has 3; "more than 15" is 16.

A release without a gold value (one province) is left out of that figure. The day of publication is not
given: it is in the text, but for 23 releases that have no year anywhere; they count in the first figure of the start
date and not in the second.
*/

use anyhow::Result;
use jiff::civil::Date;
use record::vocabulary::InterCode;
use record::{CodedDocument, Count, CountOf, Event, Participant};
use serde::Deserialize;
use serde_json::{Value, json};

use super::common::{happened, most_frequent, number_reason, standing};
use crate::own::fold;
use crate::{Figure, Hits, Kind, Options, Outcome, Reader};

#[derive(Deserialize)]
struct Release {
    id: String,
    text: String,
    gold: Gold,
}

#[derive(Deserialize)]
struct Gold {
    start_date: Option<Date>,
    province: Vec<String>,
    min_killed: u64,
    min_captured: u64,
}

/// Runs the task.
pub fn run(options: &Options, reader: &Reader) -> Result<Outcome> {
    let mut releases: Vec<Release> = options.records("isaf/dev.jsonl")?;
    options.cut(&mut releases);
    let registry = &reader.coder.knowledge().who;
    let mut outcome = Outcome::new(
        "isaf",
        "ISAF press releases 2009–13, 362 of the development part; public press releases",
        "One row a release: earliest date, most frequent province, insurgents killed and captured (minima by \
         the codebook's words) of the events told as news and carried through; each exact.",
    );
    let peers = |gpt: &str, tuned: &str| {
        format!("GPT-4o {gpt}; best fine-tuned 7B model {tuned} (published, on the test part)")
    };
    let figure = |name: &str, goal, peers| Figure::new(name, Kind::Exact).goal(goal).peers(peers);
    let mut date = figure("start date", 0.93, peers(".728", ".896"));
    let mut dated = Figure::new("start date, where the text has a year", Kind::Exact);
    let mut province = figure("province", 0.98, peers(".896", ".982"));
    let mut killed = figure("killed", 0.97, peers(".953", ".977"));
    let mut captured = figure("captured", 0.93, peers(".894", ".941"));
    for release in &releases {
        let document = reader.read(&release.text, None);
        let gold = &release.gold;
        let mut lose = |field: &str, gold: Value, got: Value, reason: &str| {
            outcome.lose(&release.id, field, gold, got, reason, &release.text);
        };
        if let Some(day) = gold.start_date {
            let got = start_date(&document);
            date.answer(got == Some(day));
            if has_year(&release.text) {
                dated.answer(got == Some(day));
            }
            if got != Some(day) {
                lose("start date", json!(day), json!(got), date_reason(&document, day, got));
            }
        }
        let wanted: Vec<String> =
            gold.province.iter().map(|name| spelling(name)).filter(|name| !name.is_empty()).collect();
        if !wanted.is_empty() {
            let got = provinces(&document);
            let right = got.as_ref().is_some_and(|got| wanted.contains(got));
            province.add(Hits::answer(right));
            if !right {
                let reason = match &got {
                    None if document.events.is_empty() => "no event at all",
                    None => "no province in any main event",
                    Some(_) => "another province",
                };
                lose("province", json!(wanted), json!(got), reason);
            }
        }
        for (figure, field, wanted, got) in [
            (
                &mut killed,
                "killed",
                gold.min_killed,
                insurgents(&document, registry, |event| vec![&event.counts.killed]),
            ),
            (
                &mut captured,
                "captured",
                gold.min_captured,
                insurgents(&document, registry, |event| vec![&event.counts.arrested, &event.counts.abducted]),
            ),
        ] {
            let right = got.unwrap_or(0) == wanted;
            figure.answer(right);
            if !right {
                lose(field, json!(wanted), json!(got), number_reason(&document, wanted, got));
            }
        }
    }
    outcome.figures = vec![date, dated, province, killed, captured];
    Ok(outcome)
}

fn main_events(document: &CodedDocument) -> impl Iterator<Item = &Event> {
    document.events.iter().filter(|event| happened(event))
}

fn start_date(document: &CodedDocument) -> Option<Date> {
    main_events(document).filter_map(|event| event.event_date).min()
}

/// Whether the text has a year anywhere, if only in its number ("2010-04-CA-033"): without one no day can be told.
fn has_year(text: &str) -> bool {
    text.as_bytes()
        .windows(4)
        .any(|word| matches!(word, [b'2', b'0', b'0', b'9'] | [b'2', b'0', b'1', b'0'..=b'3']))
}

fn date_reason(document: &CodedDocument, gold: Date, got: Option<Date>) -> &'static str {
    let Some(got) = got else {
        return if document.events.is_empty() { "no event at all" } else { "no date in any main event" };
    };
    match gold.until(got).map_or(0, |span| span.get_days()) {
        1 => "a day late",
        -1 => "a day early",
        days if days > 0 => "late",
        _ => "early",
    }
}

fn provinces(document: &CodedDocument) -> Option<String> {
    let all = main_events(document)
        .flat_map(|event| event.places.iter().find_map(|place| place.admin1.as_deref()))
        .map(spelling)
        .collect();
    most_frequent(all)
}

/// A province as the gold spells it: without the word for it, folded, and one spelling of several.
fn spelling(name: &str) -> String {
    let folded =
        fold(&name.to_lowercase().replace("province", "").replace("wilayat", "").replace("velayat", ""));
    let usual = match folded.as_str() {
        "paktia" => "paktya",
        "sarepol" | "saripul" | "saripol" => "sarepul",
        "jawzjan" | "jozjan" => "jowzjan",
        "hilmand" | "hilmend" => "helmand",
        "maidanwardak" | "wardag" | "vardak" => "wardak",
        "oruzgan" | "urozgan" | "orozgan" => "uruzgan",
        "khowst" => "khost",
        "nimruz" | "neemroz" => "nimroz",
        "qandahar" => "kandahar",
        "kunarha" | "konar" => "kunar",
        "konduz" | "qunduz" => "kunduz",
        "nuristan" | "nurestan" => "nuristan",
        "panjsher" => "panjshir",
        "nangrahar" | "ningarhar" => "nangarhar",
        "herat" | "hirat" => "herat",
        "lowgar" => "logar",
        "zabol" => "zabul",
        other => other,
    };
    usual.to_owned()
}

/// Insurgents counted in some lists of the main events.
fn insurgents(
    document: &CodedDocument,
    registry: &who::Registry,
    lists: impl Fn(&Event) -> Vec<&Vec<Count>>,
) -> Option<u64> {
    let mut sum = None;
    for event in main_events(document) {
        for count in lists(event).into_iter().flat_map(|list| standing(list)) {
            let side = match count.who {
                CountOf::Actor => &event.actors,
                CountOf::Recipient => &event.recipients,
                CountOf::Unknown => &Vec::new(),
                CountOf::Civilian | CountOf::ThirdParty => continue,
            };
            if !side.is_empty() && side.iter().all(is_coalition) || of_forces(registry, count) {
                continue;
            }
            sum = Some(sum.unwrap_or(0) + minimum(count));
        }
    }
    sum
}

/// "Two American soldiers": those counted are of a state's forces by their own words.
fn of_forces(registry: &who::Registry, count: &Count) -> bool {
    let text = text::Text::new(&count.text);
    let Some(last) = text.tokens.len().checked_sub(1) else { return false };
    registry.describe(&text, 0..last + 1, last, &who::Context::default()).sector.is_state_force()
}

fn is_coalition(side: &Participant) -> bool {
    side.sector.is_some_and(|sector| sector.is_state_force())
        || matches!(side.inter_code, Some(InterCode::StateForces | InterCode::ExternalForces))
}

/// The gold's written rule for words without a number; else what the text gives at least.
fn minimum(count: &Count) -> u64 {
    let words = crate::stated::tokens(&count.text);
    let has = |word: &str| words.iter().any(|token| token == word);
    let stated = count.number.low.or(count.number.best);
    if !count.number.vague
        && let Some(stated) = stated
    {
        // "More than 15" is 16 at least.
        let more = words.first().is_some_and(|word| word == "over")
            || words.starts_with(&["more", "than"].map(String::from));
        return stated + u64::from(more && count.number.best != Some(stated + 1));
    }
    if has("couple") || has("pair") {
        2
    } else if has("several") || has("multiple") || has("number") {
        3
    } else if has("numerous") {
        4
    } else {
        stated.unwrap_or(2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use record::Quantity;

    fn count(text: &str, number: Quantity) -> Count {
        Count {
            number,
            who: CountOf::Recipient,
            text: text.to_owned(),
            start: 0,
            end: 0,
            part_of: None,
            superseded: false,
            according_to: None,
        }
    }

    #[test]
    fn minima_follow_the_codebook() {
        assert_eq!(minimum(&count("several insurgents", Quantity::vague(3))), 3);
        assert_eq!(minimum(&count("multiple suspected insurgents", Quantity::default())), 3);
        assert_eq!(minimum(&count("numerous insurgents", Quantity::vague(3))), 4);
        assert_eq!(minimum(&count("insurgents", Quantity::default())), 2);
        assert_eq!(minimum(&count("more than 30", Quantity::at_least(30))), 31);
        assert_eq!(minimum(&count("nine", Quantity::exact(9))), 9);
    }

    #[test]
    fn spellings_of_provinces_meet() {
        assert_eq!(spelling("Sar-e Pul Province"), spelling("sar-e pul"));
        assert_eq!(spelling("Paktia"), spelling("paktya"));
        assert_eq!(spelling("Maidan Wardak"), spelling("wardak"));
        assert_eq!(spelling("Sar-e Pol"), spelling("sar-e pul"));
    }
}
