//! Who does it and who suffers it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Mention;
use crate::vocabulary::{InterCode, Sector};

/// What sort of participant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ParticipantKind {
    /// One person.
    Individual,
    /// People who act together without being a named body: "gunmen", "protesters".
    Group,
    /// A named body: an armed group, an agency, a ministry.
    Organization,
    /// A state or its government.
    State,
    /// People of a place or kind who do not act together: "civilians", "villagers".
    Population,
}

/// How the text ties the participant to the event.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Certainty {
    /// The text says so.
    #[default]
    Stated,
    /// The participant says so of itself, or another claims it.
    Claimed,
    /// "Suspected", "believed", "blamed on".
    Suspected,
    /// Read from the context, not from a phrase that says so.
    Inferred,
}

/// A side, a victim, a speaker or a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Participant {
    /// Every phrase of the report that means this participant, the most telling first.
    pub mentions: Vec<Mention>,
    /// What sort of participant.
    pub kind: ParticipantKind,
    /// Name in the registry, else as the report gives it. Null for the unnamed, and for
    /// private persons unless the operator keeps names.
    pub name: Option<String>,
    /// Key in the actor registry.
    pub actor_id: Option<String>,
    /// Wikidata Q-id.
    pub wikidata_id: Option<String>,
    /// ISO 3166-1 alpha-3 of the country that it belongs to.
    pub country: Option<String>,
    /// PLOVER sector.
    pub sector: Option<Sector>,
    /// ACLED's interaction code, 1–8.
    pub inter_code: Option<InterCode>,
    /// How many of them took part, where the text says.
    pub number: Option<crate::Quantity>,
    /// The office or body that a person speaks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub affiliation: Option<String>,
    /// How the text ties the participant to the event.
    pub certainty: Certainty,
}
