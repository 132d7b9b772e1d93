/*! Everything that reading needs to know, loaded once and passed in. */

use std::sync::Arc;

use record::country::Countries;
use record::crosswalk::Crosswalk;
use syntax::Model;
use whereabouts::Gazetteer;
use who::Registry;

use crate::confidence;
use crate::learned::Learned;
use crate::lexicon::Lexicon;
use crate::locate::Weights;
use crate::sense::Senses;
use crate::statement::StatementLexicon;

/// A gazetteer pack as the program hands it over: bytes, however it got them.
pub type PackBytes = Arc<dyn AsRef<[u8]> + Send + Sync>;

/// The tables and weights, as the program finds them.
#[derive(Clone, Default)]
pub struct Tables<'a> {
    /// `knowledge/countries.tsv`.
    pub countries: &'a str,
    /// `knowledge/actors.tsv`.
    pub actors: &'a str,
    /// `knowledge/actor-ties.tsv`.
    pub actor_ties: &'a str,
    /// `knowledge/actor-usage.tsv`.
    pub actor_usage: &'a str,
    /// The user's own tables of actors, first to last.
    pub own_actors: Vec<String>,
    /// `knowledge/roles.tsv`.
    pub roles: &'a str,
    /// `knowledge/local-places.tsv`.
    pub local_places: &'a str,
    /// `knowledge/fought-over.tsv`.
    pub fought_over: &'a str,
    /// `knowledge/places.tsv`.
    pub places: &'a str,
    /// `knowledge/frames.tsv`.
    pub frames: &'a str,
    /// `knowledge/objects.tsv`.
    pub objects: &'a str,
    /// `knowledge/weapons.tsv`.
    pub weapons: &'a str,
    /// `knowledge/cues.tsv`.
    pub cues: &'a str,
    /// `knowledge/statements.tsv`.
    pub statements: &'a str,
    /// `knowledge/crosswalk.tsv`.
    pub crosswalk: &'a str,
    /// `knowledge/event-places.tsv`.
    pub event_places: &'a str,
    /// `knowledge/confidence.tsv`.
    pub confidence: &'a str,
    /// `models/syntax.bin`.
    pub syntax: &'a [u8],
    /// Gazetteer packs; none means no coordinates.
    pub packs: Vec<PackBytes>,
    /// The learned reader: the base that set-up builds, and our own weights. None: the rules read alone.
    pub learned: Option<(PackBytes, PackBytes)>,
}

/// Why the knowledge could not be loaded.
#[derive(Debug, thiserror::Error)]
#[error("{table}: {problem}")]
pub struct KnowledgeError {
    /// Which table.
    pub table: &'static str,
    /// What is wrong with it, where, and what was expected.
    pub problem: String,
}

/// Everything that reading needs to know.
pub struct Knowledge {
    /// Countries.
    pub countries: Countries,
    /// Actors and roles.
    pub who: Registry,
    /// Places.
    pub places: Gazetteer,
    /// Words that tell of events.
    pub lexicon: Lexicon,
    /// Words for things, weapons and cues.
    pub senses: Senses,
    /// Words that make statements.
    pub statements: StatementLexicon,
    /// From one vocabulary to another.
    pub crosswalk: Crosswalk,
    /// Tagger and parser.
    pub syntax: Model,
    /// How likely a place is an event's.
    pub event_places: Weights,
    /// How sure one may be of an event.
    pub confidence: confidence::Weights,
    /// The learned reader.
    pub learned: Option<Learned>,
    /// Short hash of the tables, for the coded document.
    pub hash: String,
}

fn at<E: std::fmt::Display>(table: &'static str) -> impl FnOnce(E) -> KnowledgeError {
    move |error| KnowledgeError { table, problem: error.to_string() }
}

impl Knowledge {
    /// Reads every table.
    ///
    /// # Errors
    /// Where a table is malformed; the error says which, where, and what was expected.
    pub fn load(tables: &Tables<'_>) -> Result<Self, KnowledgeError> {
        let countries = Countries::from_table(tables.countries).map_err(at("countries.tsv"))?;
        let mut who = Registry::new(tables.actors, tables.roles, &countries)
            .and_then(
                |who| if tables.actor_ties.is_empty() { Ok(who) } else { who.with_ties(tables.actor_ties) },
            )
            .and_then(|who| {
                if tables.actor_usage.is_empty() { Ok(who) } else { who.with_usage(tables.actor_usage) }
            })
            .map_err(at("actors.tsv, roles.tsv, actor-ties.tsv, actor-usage.tsv"))?;
        for own in &tables.own_actors {
            if let Some(fault) = who.stack(own).into_iter().next() {
                return Err(at("the user's table of actors")(fault));
            }
        }
        let local = [tables.local_places, tables.fought_over];
        let places = Gazetteer::new(tables.packs.clone(), tables.places, &local, &countries)
            .map_err(at("places.tsv, local-places.tsv, fought-over.tsv and packs"))?;
        let learned = tables.learned.clone().map(|(base, own)| Learned::from_bytes(base, own));
        Ok(Self {
            learned: learned.transpose().map_err(at("the learned reader"))?,
            who,
            places,
            lexicon: Lexicon::from_table(tables.frames).map_err(at("frames.tsv"))?,
            senses: Senses::from_tables(tables.objects, tables.weapons, tables.cues)
                .map_err(at("objects.tsv, weapons.tsv, cues.tsv"))?,
            statements: StatementLexicon::from_table(tables.statements).map_err(at("statements.tsv"))?,
            crosswalk: Crosswalk::from_table(tables.crosswalk).map_err(at("crosswalk.tsv"))?,
            syntax: Model::from_bytes(tables.syntax).map_err(at("syntax.bin"))?,
            event_places: Weights::from_table(tables.event_places).map_err(at("event-places.tsv"))?,
            confidence: confidence::Weights::from_table(tables.confidence).map_err(at("confidence.tsv"))?,
            hash: hash(tables),
            countries,
        })
    }
}

fn hash(tables: &Tables<'_>) -> String {
    use sha2::{Digest, Sha256};
    let mut hasher = Sha256::new();
    for table in [
        tables.countries,
        tables.actors,
        tables.actor_ties,
        tables.actor_usage,
        tables.roles,
        tables.places,
        tables.local_places,
        tables.fought_over,
        tables.frames,
        tables.objects,
        tables.weapons,
        tables.cues,
        tables.statements,
        tables.crosswalk,
        tables.event_places,
        tables.confidence,
        whereabouts::WORDS,
    ] {
        hasher.update(table.as_bytes());
        hasher.update([0]);
    }
    hasher.update(tables.syntax);
    for own in &tables.own_actors {
        hasher.update([0]);
        hasher.update(own.as_bytes());
    }
    crate::hex(&hasher.finalize()[..6])
}
