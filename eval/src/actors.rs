/*! Whether the registry knows who is meant: perpetrators of listed incidents, bodies and people in re3d.

But for the headlines no coder is asked: phrases go straight to [`who::Registry`], so that a gap in the registry is not
hidden behind a gap in the reading. Figures:

- *perpetrator known*: of the distinct ways to name a perpetrator that are no single person and not "unknown",
  weighted by rows, how many are described by a name of the registry, a role word or a country. Rows are split by a
  hash of the string: seen during development, and held out.
- *perpetrator in the text*: of the rows whose perpetrator is a name of the registry and whose text has a name of an
  armed group of the registry, in how many texts that actor, its parent or a body of it is among them.
- *side known*: of the sides of UCDP GED's events that are no governments and no civilians, in a sample with as many
  events of every country, how many are a name of the registry.
- *side in the headline*: of those named in the headline of their event, how many come out of the reader as an actor, a
  recipient or a claimant of an event with the same key; and with the same key or that of a body that is part of it;
  the same of those headlines that the reader takes for a report of an event, since many are titles of reviews.
- *re3d*: of the marked organisations (pronouns left out), how many are described at all; of the marked
  nationalities, how many are found; of the marked persons with a capital and two words, how many are taken for persons, and
  of all that are taken for persons, how many overlap a marked one.
*/

use std::collections::BTreeMap;

use anyhow::Result;
use serde::Deserialize;
use text::Text;
use who::{ActorKey, Context, Reading, Registry};

use crate::bootstrap::Random;
use crate::{Figure, Hits, Kind, Options, Outcome, Reader, data};

/// How many events of every country are drawn: of most there are more.
const OF_A_COUNTRY: usize = 40;

#[derive(Deserialize)]
struct Clash {
    id: String,
    country: String,
    date_start: String,
    side_a: String,
    side_b: String,
    sources: Vec<Source>,
}

#[derive(Deserialize)]
struct Source {
    date: String,
    headline: String,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    date: Option<String>,
    details: Option<String>,
    perpetrator: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entity {
    begin: usize,
    end: usize,
    #[serde(rename = "type")]
    kind: String,
    value: String,
    document_id: String,
}

#[derive(Deserialize)]
struct Document {
    #[serde(rename = "_id")]
    id: String,
    text: String,
}

/// The folders of re3d.
const SOURCES: &[&str] = &[
    "Australian_Department_of_Foreign_Affairs",
    "CENTCOM",
    "Delegation_of_the_European_Union_to_Syria",
    "UK_Government",
    "US_State_Department",
    "Wikipedia",
];

/// Words that stand for a body named elsewhere: no registry can know them.
const PRONOUNS: &[&str] = &[
    "it", "its", "our", "ours", "their", "theirs", "them", "these", "they", "this", "those", "us", "we",
    "who", "you", "your", "others", "all", "both", "some", "many", "which",
];

/// Runs the task.
///
/// # Errors
/// Where a file cannot be read.
pub fn run(options: &Options, reader: &Reader) -> Result<Outcome> {
    let registry = &reader.coder.knowledge().who;
    let mut outcome = Outcome::new(
        "actors",
        "UCDP GED, headlines of its sources (CC BY 4.0); lists of terrorist incidents until 2017 (Wikipedia, CC BY-SA \
         3.0); re3d (OGL, public domain, CC BY-SA)",
        "Names straight to the registry: known, or not at all; sides of UCDP's events, as many of every country, that \
         their headline names: found by the reader with the same key.",
    );
    sides(options, reader, &mut outcome)?;
    if options.has("wikipedia_incidents/until_2017.jsonl") {
        perpetrators(options, registry, &mut outcome)?;
    }
    if options.has("re3d/CENTCOM/entities.json") {
        entities(options, registry, &mut outcome)?;
    }
    Ok(outcome)
}

/// Whether a side is an organised one by name: no government, no civilians, and not UCDP's label for many groups that
/// the sources do not tell apart.
fn is_named_side(side: &str) -> bool {
    !side.is_empty()
        && !side.starts_with("Government of")
        && !matches!(side, "Civilians" | "Syrian insurgents")
}

/// Sides of UCDP's events, the same number of events of every country.
fn sides(options: &Options, reader: &Reader, outcome: &mut Outcome) -> Result<()> {
    let registry = &reader.coder.knowledge().who;
    let countries = crate::tasks::common::countries()?;
    let mut by_country: BTreeMap<String, Vec<Clash>> = BTreeMap::new();
    for clash in options.records::<Clash>("ucdp_ged/headline_clusters.jsonl")? {
        by_country.entry(clash.country.clone()).or_default().push(clash);
    }
    let mut known = Figure::new("side known by name", Kind::Recall);
    let mut exact = Figure::new("side in the headline, same key", Kind::Recall);
    let mut kin = Figure::new("side in the headline, same key or part of it", Kind::Recall);
    let mut told = Figure::new("side in the headline, where an event was read", Kind::Recall).goal(0.9);
    let mut random = Random::new(options.seed);
    for (country, clashes) in &by_country {
        // UCDP writes "DR Congo (Zaire)", "Russia (Soviet Union)".
        let bare = country.split('(').next().unwrap_or_default().trim();
        let iso3 = countries.named(bare).map(|country| country.iso3.clone());
        let drawn = random.sample(clashes.len(), options.limit.unwrap_or(OF_A_COUNTRY));
        for clash in drawn.into_iter().filter_map(|index| clashes.get(index)) {
            let context =
                Context { country: iso3.clone(), date: clash.date_start.parse().ok(), outlet: None };
            for side in [&clash.side_a, &clash.side_b].into_iter().filter(|side| is_named_side(side)) {
                let keys_of_side = keys(registry, side, &context);
                known.add(Hits::sets(usize::from(!keys_of_side.is_empty()), 1, 1));
                let [gold] = keys_of_side.as_slice() else {
                    if keys_of_side.is_empty() {
                        outcome.lose(
                            &clash.id,
                            "side known",
                            side.as_str(),
                            "",
                            "not in the registry",
                            country,
                        );
                    }
                    continue;
                };
                let Some(source) = clash.sources.iter().find(|source| {
                    keys(registry, &source.headline, &context)
                        .iter()
                        .any(|key| related(registry, *key, *gold))
                }) else {
                    continue;
                };
                let document = reader.read(&source.headline, source.date.parse().ok());
                let found: Vec<ActorKey> = document
                    .events
                    .iter()
                    .flat_map(|event| {
                        let claimed = event.claims.iter().filter_map(|claim| claim.by.as_ref());
                        event.actors.iter().chain(&event.recipients).chain(claimed)
                    })
                    .filter_map(|who| registry.by_id(who.actor_id.as_deref()?))
                    .collect();
                exact.add(Hits::sets(usize::from(found.contains(gold)), 1, 1));
                let near = found.iter().any(|key| related(registry, *key, *gold));
                kin.add(Hits::sets(usize::from(near), 1, 1));
                if !document.events.is_empty() {
                    told.add(Hits::sets(usize::from(near), 1, 1));
                }
                if !near {
                    let reason = match (document.events.is_empty(), found.is_empty()) {
                        (true, _) => "no event at all",
                        (_, true) => "no actor resolved",
                        _ => "another actor",
                    };
                    let got = names(registry, &found);
                    outcome.lose(
                        &clash.id,
                        "side in the headline",
                        side.as_str(),
                        got,
                        reason,
                        &source.headline,
                    );
                }
            }
        }
    }
    outcome.figures.extend([known, exact, kin, told]);
    Ok(())
}

/// A perpetrator's name without remarks ("(suspected)", "[1]"); `None` where there is none.
fn cleaned(perpetrator: &str) -> Option<String> {
    let mut name = perpetrator.trim().to_owned();
    for remark in [
        "(suspected)",
        "(Suspected)",
        "(claimed)",
        "suspected",
        "Suspected",
        "[not in citation given]",
        "(denied)",
    ] {
        name = name.replace(remark, " ");
    }
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let nobody =
        ["unknown", "lone wolf", "lone wolves", "none", "n/a", "unclaimed", "-", "various", "multiple"];
    let lower = name.to_lowercase();
    (!name.is_empty() && !nobody.iter().any(|word| lower == *word)).then_some(name)
}

/// Which half a string is in: the first bit of a hash.
fn held_out(text: &str) -> bool {
    data::fnv1a(text) >> 63 == 1
}

fn context(row: &Row) -> Context {
    let date = row.date.as_deref().and_then(|date| date.parse().ok());
    Context { country: None, date, outlet: None }
}

fn perpetrators(options: &Options, registry: &Registry, outcome: &mut Outcome) -> Result<()> {
    let mut rows: Vec<Row> = options.records("wikipedia_incidents/until_2017.jsonl")?;
    options.cut(&mut rows);
    let mut ways: BTreeMap<String, (usize, Context)> = BTreeMap::new();
    let mut found = Figure::new("perpetrator in the text", Kind::Recall);
    for row in &rows {
        let Some(name) = row.perpetrator.as_deref().and_then(cleaned) else { continue };
        let context = context(row);
        ways.entry(name.clone()).or_insert((0, context.clone())).0 += 1;
        let gold = keys(registry, &name, &context);
        let details = row.details.as_deref().unwrap_or("");
        let mut given = keys(registry, details, &context);
        given.retain(|key| is_side(registry, *key));
        if gold.is_empty() || given.is_empty() {
            continue;
        }
        let right = gold.iter().any(|gold| given.iter().any(|given| related(registry, *gold, *given)));
        found.add(Hits::sets(usize::from(right), 1, 1));
        if !right && !held_out(&name) {
            outcome.lose(
                &row.id,
                "perpetrator in the text",
                name,
                names(registry, &given),
                "another actor",
                details,
            );
        }
    }
    let mut parts = [
        Figure::new("perpetrator known, seen", Kind::Recall).goal(0.9),
        Figure::new("perpetrator known, held out", Kind::Recall).goal(0.9),
    ];
    let mut by_name = [
        Figure::new("perpetrator known by name, seen", Kind::Recall),
        Figure::new("perpetrator known by name, held out", Kind::Recall),
    ];
    for (name, (rows, context)) in &ways {
        let part = usize::from(held_out(name));
        let text = Text::new(name);
        let description =
            registry.describe(&text, 0..text.tokens.len(), text.tokens.len().saturating_sub(1), context);
        if description.is_person_name {
            continue;
        }
        let known = description.reading != Reading::Unknown;
        parts[part].add(Hits::sets(if known { *rows } else { 0 }, *rows, *rows));
        by_name[part].add(Hits::sets(
            if description.reading == Reading::Name { *rows } else { 0 },
            *rows,
            *rows,
        ));
        if !known && part == 0 {
            outcome.lose(name, "perpetrator known", name.as_str(), "", "not in the registry", "");
        }
    }
    outcome.figures.extend(parts);
    outcome.figures.extend(by_name);
    outcome.figures.push(found);
    Ok(())
}

fn keys(registry: &Registry, raw: &str, context: &Context) -> Vec<ActorKey> {
    let text = Text::new(raw);
    let named = registry.find(&text, 0..text.tokens.len());
    named.iter().map(|named| registry.resolve(named, context)).collect()
}

/// Armed and no state's: what a perpetrator of these lists is. Victims have names too.
fn is_side(registry: &Registry, key: ActorKey) -> bool {
    let sector = registry.actor(key).sector;
    sector.is_armed() && !sector.is_state_force()
}

fn names(registry: &Registry, keys: &[ActorKey]) -> Vec<String> {
    keys.iter().map(|key| registry.actor(*key).name.clone()).collect()
}

/// The same actor, or one part of the other.
fn related(registry: &Registry, one: ActorKey, other: ActorKey) -> bool {
    let (first, second) = (registry.actor(one), registry.actor(other));
    let under = |child: &who::Actor, parent: &who::Actor| child.parent.as_deref() == Some(parent.id.as_str());
    one == other
        || under(first, second)
        || under(second, first)
        || first.parent.is_some() && first.parent == second.parent
}

fn entities(options: &Options, registry: &Registry, outcome: &mut Outcome) -> Result<()> {
    let mut bodies = Figure::new("re3d organisations described", Kind::Recall);
    let mut nations = Figure::new("re3d nationalities found", Kind::Recall);
    let mut people = Vec::new();
    for source in SOURCES {
        let documents: Vec<Document> = options.records(&format!("re3d/{source}/documents.json"))?;
        let marked: Vec<Entity> = options.records(&format!("re3d/{source}/entities.json"))?;
        for document in &documents {
            let text = Text::new(&document.text);
            let all = 0..text.tokens.len();
            let tokens = |entity: &Entity| {
                let (start, end) = (text.byte(entity.begin), text.byte(entity.end));
                let first = text.tokens.partition_point(|token| token.span.end <= start);
                first..text.tokens.partition_point(|token| token.span.start < end)
            };
            let found_nations = registry.nations(&text, all.clone());
            let found_people = registry.persons(&text, all);
            let (mut hits, mut gold) = (0, 0);
            let marked_here: Vec<&Entity> =
                marked.iter().filter(|entity| entity.document_id == document.id).collect();
            for entity in &marked_here {
                let range = tokens(entity);
                if range.is_empty() {
                    continue;
                }
                match entity.kind.as_str() {
                    "Organisation" if !PRONOUNS.contains(&entity.value.to_lowercase().as_str()) => {
                        let description =
                            registry.describe(&text, range.clone(), range.end - 1, &Context::default());
                        let known = description.reading != Reading::Unknown;
                        bodies.add(Hits::sets(usize::from(known), 1, 1));
                        if !known {
                            outcome.lose(
                                &document.id,
                                "re3d organisation",
                                entity.value.as_str(),
                                "",
                                "unknown",
                                "",
                            );
                        }
                    }
                    "Nationality" => {
                        let known = found_nations.iter().any(|nation| overlap(&nation.tokens, &range))
                            || registry
                                .find(&text, range.clone())
                                .iter()
                                .any(|named| overlap(&named.tokens, &range));
                        nations.add(Hits::sets(usize::from(known), 1, 1));
                        if !known {
                            outcome.lose(
                                &document.id,
                                "re3d nationality",
                                entity.value.as_str(),
                                "",
                                "unknown",
                                "",
                            );
                        }
                    }
                    "Person" => {
                        let name = entity
                            .value
                            .split_whitespace()
                            .filter(|word| word.starts_with(char::is_uppercase))
                            .count()
                            > 1;
                        if name {
                            gold += 1;
                            let known = found_people.iter().any(|person| overlap(&person.tokens, &range));
                            hits += usize::from(known);
                            if !known {
                                outcome.lose(
                                    &document.id,
                                    "re3d person",
                                    entity.value.as_str(),
                                    "",
                                    "not found",
                                    "",
                                );
                            }
                        }
                    }
                    _ => {}
                }
            }
            let persons: Vec<_> = marked_here
                .iter()
                .filter(|entity| entity.kind == "Person")
                .map(|entity| tokens(entity))
                .collect();
            let mut right = 0;
            for person in &found_people {
                let known = persons.iter().any(|range| overlap(range, &person.tokens));
                right += usize::from(known);
                if !known {
                    outcome.lose(&document.id, "re3d person", "", text.slice(person.span), "not marked", "");
                }
            }
            people.push(Hits {
                right: right as f64,
                found: hits as f64,
                given: found_people.len() as f64,
                gold: gold as f64,
            });
        }
    }
    outcome.figures.push(bodies);
    outcome.figures.push(nations);
    outcome.figures.extend(Figure::trio("re3d persons", &people));
    Ok(())
}

const fn overlap(one: &std::ops::Range<usize>, other: &std::ops::Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}
