/*! WikiEvents (Li, Ji and Han, NAACL 2021; MIT licence), development part: words that tell an event, and who and what stands to it how.

Its types are KAIROS's; those that are ours are attacks, demonstrations, deaths, injuries, arrests and destruction. It marks every mention by
itself, and we give an event once: of ours, all words that told of it are compared, and its arguments with those of every gold mention that it hit.

- **trigger**: a word that tells an event, right where its head is that of a gold trigger or the word beside it;
- **argument head**: (role, head word), as published systems score "head F1", but end to end: those are mostly given the gold's triggers. An argument
  of an event that was not found is missing.

A head is the last word before what a preposition, a relative or a comma adds.
*/

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use record::Event;
use serde::Deserialize;
use serde_json::json;

use crate::{Figure, Hits, Options, Outcome, Reader};

#[derive(Deserialize)]
struct Document {
    doc_id: String,
    tokens: Vec<String>,
    entity_mentions: Vec<Entity>,
    event_mentions: Vec<Gold>,
}

#[derive(Deserialize)]
struct Entity {
    id: String,
    start: usize,
    end: usize,
}

#[derive(Deserialize)]
struct Gold {
    event_type: String,
    trigger: Trigger,
    arguments: Vec<Argument>,
}

#[derive(Deserialize)]
struct Trigger {
    end: usize,
}

#[derive(Deserialize)]
struct Argument {
    entity_id: String,
    role: String,
}

/// Gold types that are of ours.
const OURS: [&str; 6] = [
    "conflict.attack",
    "conflict.demonstrate",
    "life.die",
    "life.injure",
    "justice.arrest",
    "artifactexistence.damage",
];

/// What KAIROS's roles are here.
fn role(name: &str) -> Option<&'static str> {
    Some(match name.to_lowercase().as_str() {
        "attacker" | "killer" | "injurer" | "jailer" | "destroyer" | "damagerdestroyer" | "damager"
        | "demonstrator" | "detonator" => "actor",
        // People and things that are struck are one role there.
        "target" | "victim" | "detainee" | "artifact" => "recipient",
        "instrument" | "explosivedevice" | "weapon" => "weapon",
        "place" => "place",
        _ => return None,
    })
}

const ROLES: [&str; 4] = ["actor", "recipient", "weapon", "place"];

/// A role and the head word of who or what has it.
type Argued = (&'static str, String);

/// The text that the tokens make, and the code point at which each begins.
fn joined(tokens: &[String]) -> (String, Vec<usize>) {
    let mut starts = Vec::with_capacity(tokens.len());
    let mut at = 0;
    for token in tokens {
        starts.push(at);
        at += token.chars().count() + 1;
    }
    (tokens.join(" "), starts)
}

/// Runs the task.
///
/// # Errors
/// Where the corpus cannot be read.
pub fn run(options: &Options, reader: &Reader) -> Result<Outcome> {
    let mut documents: Vec<Document> = options.records("wikievents/dev.jsonl")?;
    options.cut(&mut documents);
    let mut outcome = Outcome::new(
        "wikievents",
        "WikiEvents (Li, Ji and Han 2021, MIT), the 20 documents of the development part",
        "Words that tell an event, and (role, head word) of its arguments, end to end, of those types that are ours.",
    );
    let mut triggers = Vec::new();
    let mut arguments: BTreeMap<&str, Vec<Hits>> = BTreeMap::new();
    for document in &documents {
        let (text, starts) = joined(&document.tokens);
        let coded = reader.read(&text, None);
        let token_at = |point: usize| starts.partition_point(|start| *start <= point).saturating_sub(1);
        let gold: Vec<&Gold> = document
            .event_mentions
            .iter()
            .filter(|gold| OURS.iter().any(|ours| gold.event_type.to_lowercase().starts_with(ours)))
            .collect();
        let heads: Vec<usize> = gold.iter().map(|gold| gold.trigger.end.saturating_sub(1)).collect();
        let mut found = BTreeSet::new();
        let (mut right, mut given) = (0, 0);
        let mut tally = |given: BTreeSet<Argued>, wanted: BTreeSet<Argued>| {
            for name in ROLES {
                let of = |all: &BTreeSet<Argued>| -> BTreeSet<Argued> {
                    all.iter().filter(|(role, _)| *role == name).cloned().collect()
                };
                let (given, wanted) = (of(&given), of(&wanted));
                let hits = Hits::sets(given.intersection(&wanted).count(), given.len(), wanted.len());
                arguments.entry(name).or_default().push(hits);
            }
        };
        for event in &coded.events {
            let told: BTreeSet<usize> = event
                .evidence
                .iter()
                .filter(|evidence| evidence.supports.iter().any(|field| field == "trigger"))
                .map(|evidence| token_at(evidence.end.saturating_sub(1)))
                .collect();
            given += told.len();
            let mut wanted = BTreeSet::new();
            for (at, head) in heads.iter().enumerate() {
                if told.iter().any(|word| word.abs_diff(*head) <= 1) {
                    found.insert(at);
                    wanted.extend(gold_arguments(document, gold[at]));
                }
            }
            right += told.iter().filter(|word| heads.iter().any(|head| head.abs_diff(**word) <= 1)).count();
            tally(given_arguments(event), wanted);
        }
        for (at, gold) in gold.iter().enumerate().filter(|(at, _)| !found.contains(at)) {
            tally(BTreeSet::new(), gold_arguments(document, gold));
            let word = &document.tokens[heads[at].min(document.tokens.len() - 1)];
            outcome.lose(&document.doc_id, "trigger", json!(word), json!(null), &gold.event_type, &text);
        }
        triggers.push(Hits {
            right: right as f64,
            found: found.len() as f64,
            given: given as f64,
            gold: heads.len() as f64,
        });
    }
    outcome.figures.extend(Figure::trio("trigger", &triggers));
    let all: Vec<Hits> = arguments.values().flatten().copied().collect();
    outcome.figures.extend(Figure::trio("argument head", &all));
    for name in ROLES {
        let hits = arguments.remove(name).unwrap_or_default();
        outcome.figures.extend(Figure::trio(&format!("{name} head"), &hits));
    }
    Ok(outcome)
}

fn gold_arguments(document: &Document, gold: &Gold) -> BTreeSet<Argued> {
    gold.arguments
        .iter()
        .filter_map(|argument| {
            let entity = document.entity_mentions.iter().find(|entity| entity.id == argument.entity_id)?;
            let words = document.tokens.get(entity.start..entity.end)?;
            Some((role(&argument.role)?, head(words.iter().map(String::as_str))?))
        })
        .collect()
}

fn given_arguments(event: &Event) -> BTreeSet<Argued> {
    let mut all = BTreeSet::new();
    let mut add = |role: &'static str, text: &str| {
        all.extend(head(text.split_whitespace()).map(|head| (role, head)));
    };
    for actor in &event.actors {
        actor.mentions.iter().for_each(|mention| add("actor", &mention.text));
    }
    for recipient in &event.recipients {
        recipient.mentions.iter().for_each(|mention| add("recipient", &mention.text));
    }
    for object in &event.objects {
        object.mentions.iter().for_each(|mention| add("recipient", &mention.text));
    }
    for weapon in &event.weapons {
        weapon.mentions.iter().for_each(|mention| add("weapon", &mention.text));
    }
    for place in &event.places {
        add("place", &place.text);
    }
    all
}

/// The last word before what a preposition, a relative or a comma adds; in lower case and without a genitive.
fn head<'a>(words: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut last = None;
    for word in words {
        let lower = word.to_lowercase();
        let ends = matches!(
            lower.as_str(),
            "of" | "in" | "at" | "from" | "near" | "who" | "which" | "that" | "," | "-"
        );
        if ends && last.is_some() {
            break;
        }
        last = Some(lower.trim_end_matches("'s").trim_end_matches(|c: char| !c.is_alphanumeric()).to_owned());
        if word.ends_with(',') {
            break;
        }
    }
    last.filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_the_last_words_of_the_phrase_itself() {
        let of = |phrase: &str| head(phrase.split(' '));
        assert_eq!(of("two gunmen of the group").as_deref(), Some("gunmen"));
        assert_eq!(of("The market, closed since").as_deref(), Some("market"));
        assert_eq!(of("Mosul").as_deref(), Some("mosul"));
        assert_eq!(of("the army's").as_deref(), Some("army"));
    }

    #[test]
    fn tokens_are_found_again_by_their_place_in_the_text() {
        let tokens: Vec<String> = ["São", "Paulo", "burned"].map(str::to_owned).to_vec();
        let (text, starts) = joined(&tokens);
        assert_eq!(text.chars().skip(starts[2]).collect::<String>(), "burned");
    }
}
