//! Names in an actor's place that the registry lacks.
//!
//! Only what can be a body's name is told: an acronym, a name with a word for a body in it ("… Brigade"), or a name before or
//! behind a word for armed people ("… fighters", "fighters of …"). A private person's name never is.

use std::collections::{BTreeMap, BTreeSet};

use coder::Coder;
use record::{CodedDocument, Event, Participant, ParticipantKind, Report};
use serde_json::{Value, json};
use text::Text;

/// A phrase, and where it stands.
pub(crate) struct Unknown {
    /// The name as it is written most often first.
    pub(crate) phrase: String,
    /// In how many places of events.
    pub(crate) count: usize,
    /// The first sentence that has it.
    pub(crate) quote: String,
    /// The document of that sentence.
    pub(crate) document: String,
    documents: BTreeSet<String>,
    countries: BTreeMap<String, usize>,
    sector: Option<String>,
    inter_code: Option<u8>,
}

/// Words that are part of a body's name and say what it is.
#[rustfmt::skip]
const BODIES: &[&str] = &[
    "alliance", "army", "battalion", "battalions", "brigade", "brigades", "cartel", "cell", "coalition", "command", "committee",
    "council", "division", "faction", "falcons", "federation", "force", "forces", "front", "gang", "group", "guard", "guards",
    "hawks", "jaish", "jaysh", "jamaat", "jund", "katibat", "lashkar", "league", "legion", "liberation", "liwa", "mafia",
    "militia", "militias", "movement", "network", "organisation", "organization", "party", "patrol", "province", "regiment",
    "resistance", "saraya", "shield", "squad", "tigers", "union", "unit", "units", "wilayat", "wing",
];

/// Words for armed people that a name can stand beside.
#[rustfmt::skip]
const ARMED: &[&str] = &[
    "bandits", "combatants", "extremists", "fighters", "guerrillas", "gunmen", "insurgents", "jihadists", "militants", "militiamen",
    "rebels", "separatists", "terrorists", "warriors",
];

/// Words inside a name that are written small.
const SMALL: &[&str] = &[
    "al", "and", "bin", "da", "de", "del", "do", "e", "el", "for", "in", "la", "of", "the", "to", "wal", "y",
];

impl Unknown {
    /// What makes two spellings one phrase.
    pub(crate) fn key(&self) -> String {
        self.phrase.to_lowercase()
    }

    /// The same phrase elsewhere.
    pub(crate) fn join(&mut self, other: Self) {
        self.count += other.count;
        self.documents.extend(other.documents);
        for (country, times) in other.countries {
            *self.countries.entry(country).or_default() += times;
        }
    }

    /// Where its events happened most often.
    pub(crate) fn country(&self) -> Option<&str> {
        self.countries.iter().max_by_key(|(_, times)| **times).map(|(country, _)| country.as_str())
    }

    /// For programs.
    pub(crate) fn json(&self) -> Value {
        json!({
            "phrase": self.phrase, "count": self.count, "documents": self.documents, "country": self.country(),
            "sector": self.sector, "inter_code": self.inter_code, "quote": self.quote, "document": self.document,
        })
    }

    /// As a row of a table of actors, to be filled in.
    pub(crate) fn row(&self) -> Vec<String> {
        let mut row = vec![String::new(); who::COLUMNS.len()];
        let mut set = |column: &str, value: String| {
            if let Some(at) = who::COLUMNS.iter().position(|known| *known == column) {
                row[at] = value;
            }
        };
        set("id", slug(&self.phrase));
        set("name", self.phrase.clone());
        set("country", self.country().unwrap_or_default().to_owned());
        set("sector", self.sector.clone().unwrap_or_default());
        set("inter_code", self.inter_code.map_or_else(String::new, |code| code.to_string()));
        set("kind", "organization".to_owned());
        let times = if self.count == 1 { "once".to_owned() } else { format!("{} times", self.count) };
        set("note", format!("{times}; {}: {}", self.document, self.quote));
        row
    }
}

/// Small letters, digits and hyphens.
fn slug(phrase: &str) -> String {
    let ascii = any_ascii::any_ascii(phrase).to_ascii_lowercase();
    let words: Vec<&str> =
        ascii.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join("-")
}

/// The phrases of one report.
pub(crate) fn phrases(coder: &Coder, report: &Report, id: &str) -> Vec<Unknown> {
    let document = coder.code(report);
    let mut found: Vec<Unknown> = Vec::new();
    for event in &document.events {
        let claimed = event.claims.iter().filter_map(|claim| claim.by.as_ref());
        for who in event.actors.iter().chain(&event.recipients).chain(claimed) {
            let Some(phrase) = phrase(coder, who, event) else { continue };
            let new = Unknown {
                quote: quote(event, who, &document),
                document: id.to_owned(),
                documents: BTreeSet::from([id.to_owned()]),
                countries: event
                    .places
                    .first()
                    .and_then(|place| place.country.clone())
                    .map(|at| (at, 1))
                    .into_iter()
                    .collect(),
                sector: who.sector.map(|sector| sector.to_string()),
                inter_code: who.inter_code.map(|code| code.number()),
                count: 1,
                phrase,
            };
            match found.iter_mut().find(|known| known.key() == new.key()) {
                Some(known) => known.join(new),
                None => found.push(new),
            }
        }
    }
    found
}

/// The sentence that has it, else its own words.
fn quote(event: &Event, who: &Participant, _: &CodedDocument) -> String {
    let at = who.mentions.first().map(|mention| mention.start);
    let holds = |evidence: &&record::Evidence| at.is_some_and(|at| evidence.start <= at && at < evidence.end);
    let sentence = event.evidence.iter().find(holds).map(|evidence| evidence.quote.as_str());
    let own = who.mentions.first().map(|mention| mention.text.as_str());
    sentence.or(own).unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The name in a participant's first mention that has one and that nothing known explains.
fn phrase(coder: &Coder, who: &Participant, event: &Event) -> Option<String> {
    let body = matches!(
        who.kind,
        ParticipantKind::Group | ParticipantKind::Organization | ParticipantKind::Population
    );
    if who.actor_id.is_some() || who.name.is_some() || who.affiliation.is_some() || !body {
        return None;
    }
    who.mentions.iter().find_map(|mention| name(coder, &mention.text, event))
}

/// The longest run of words with capitals that can be a body's name.
fn name(coder: &Coder, mention: &str, event: &Event) -> Option<String> {
    let registry = &coder.knowledge().who;
    let text = Text::new(mention);
    let words: Vec<&str> = text.tokens.iter().map(|token| text.word(token)).collect();
    let capital = |word: &str| word.starts_with(char::is_uppercase);
    let armed = words.iter().any(|word| ARMED.contains(&word.to_lowercase().as_str()));
    let mut best: Option<std::ops::Range<usize>> = None;
    let mut at = 0;
    while at < words.len() {
        // "Fighters of the …", "The …": what begins no name of theirs.
        let word = words[at].to_lowercase();
        let next = words.get(at + 1).is_some_and(|next| capital(next));
        if !capital(words[at])
            || matches!(word.as_str(), "a" | "an" | "the")
            || registry.role(&word).is_some() && !next
        {
            at += 1;
            continue;
        }
        let mut end = at + 1;
        let mut last = end;
        while end < words.len() {
            if capital(words[end]) {
                last = end + 1;
            } else if !SMALL.contains(&words[end]) && !matches!(words[end], "-" | "’" | "'") {
                break;
            }
            end += 1;
        }
        if best.as_ref().is_none_or(|known| known.len() < last - at) {
            best = Some(at..last);
        }
        at = last;
    }
    let run = best?;
    // A word that says whose or where the people are begins no name of theirs.
    let nations = registry.nations(&text, run.clone());
    let run = nations
        .iter()
        .find(|nation| nation.tokens.start == run.start)
        .map_or(run.start, |nation| nation.tokens.end)..run.end;
    let span = (!run.is_empty()).then(|| text.span_of(run.clone()))?;
    let name = text.slice(span).split_whitespace().collect::<Vec<_>>().join(" ");
    let body = words[run.clone()]
        .iter()
        .any(|word| word.split('-').any(|part| BODIES.contains(&part.to_lowercase().as_str())));
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let acronym = run.len() == 1 && (2..=8).contains(&letters) && !name.chars().any(char::is_lowercase);
    let beside = armed && run.len() <= 3;
    let person = registry
        .persons(&text, 0..text.tokens.len())
        .iter()
        .any(|person| person.tokens.start < run.end && run.start < person.tokens.end);
    let place =
        event.places.iter().any(|place| place.name.as_deref() == Some(name.as_str()) || place.text == name)
            || !coder
                .geoparse(mention, &coder::Asked::default())
                .iter()
                .all(|place| !name.contains(place.text.as_str()) || body);
    let known = registry.knows(&name);
    // "The Army", "Militants": a word for anybody, with a capital because it begins the sentence.
    let common = run.len() == 1 && (body || ARMED.contains(&name.to_lowercase().as_str()));
    ((body || acronym || beside) && !common && !known && !place && (!person || body)).then_some(name)
}
