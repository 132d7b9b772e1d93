//! The tables that the program carries: text in, no reading done here.

/// Countries: codes, names, words for their people.
pub const COUNTRIES: &str = include_str!("../countries.tsv");

/// From ACLED's sub-events to PLOVER, CAMEO, GTD and UCDP.
pub const CROSSWALK: &str = include_str!("../crosswalk.tsv");

/// Organised actors by name.
pub const ACTORS: &str = include_str!("../actors.tsv");

/// Who backs, leads or stands beside whom, where and when.
pub const ACTOR_TIES: &str = include_str!("../actor-ties.tsv");

/// What an outlet alone calls an actor.
pub const ACTOR_USAGE: &str = include_str!("../actor-usage.tsv");

/// Words for people and bodies named only by what they are.
pub const ROLES: &str = include_str!("../roles.tsv");

/// Words that tell of an event, and who stands where around them.
pub const FRAMES: &str = include_str!("../frames.tsv");

/// Nouns for physical targets.
pub const OBJECTS: &str = include_str!("../objects.tsv");

/// Words for weapons.
pub const WEAPONS: &str = include_str!("../weapons.tsv");

/// Words around a trigger that change what it means.
pub const CUES: &str = include_str!("../cues.tsv");

/// Weights of the tagger and parser.
pub const SYNTAX_MODEL: &[u8] = include_bytes!("../../models/syntax.bin");

/// Our own part of the learned reader's weights; the base that they stand on is built at set-up.
pub const READER_MODEL: &[u8] = include_bytes!("../../models/reader.wpe");

/// Words that make statements and totals.
pub const STATEMENTS: &str = include_str!("../statements.tsv");

/// How likely a place of a sentence is its event's.
pub const EVENT_PLACES: &str = include_str!("../event-places.tsv");

/// How sure one may be of an event.
pub const CONFIDENCE: &str = include_str!("../confidence.tsv");

/// What makes two reports one incident.
pub const LINKING: &str = include_str!("../linking.tsv");

/// In how many passages of news a word stands.
pub const WORD_FREQUENCY: &str = include_str!("../word-frequency.tsv");

/// Places that news of violence names and that lists of towns lack.
pub const PLACES: &str = include_str!("../places.tsv");

/// Places that are named in reports of violence beside words that say they are places.
pub const LOCAL_PLACES: &str = include_str!("../local-places.tsv");

/// The same, derived from published data of what was fought over (`watchpost-eval derive-places`).
pub const FOUGHT_OVER: &str = include_str!("../fought-over.tsv");

/// The struct of tables whose path is given, with every table that the program carries and the rest at its default:
/// `Tables { packs, ..knowledge::carried!(coder::Tables) }`.
#[macro_export]
macro_rules! carried {
    ($($tables:tt)+) => {
        $($tables)+ {
            countries: $crate::COUNTRIES,
            actors: $crate::ACTORS,
            actor_ties: $crate::ACTOR_TIES,
            actor_usage: $crate::ACTOR_USAGE,
            roles: $crate::ROLES,
            places: $crate::PLACES,
            local_places: $crate::LOCAL_PLACES,
            fought_over: $crate::FOUGHT_OVER,
            frames: $crate::FRAMES,
            objects: $crate::OBJECTS,
            weapons: $crate::WEAPONS,
            cues: $crate::CUES,
            statements: $crate::STATEMENTS,
            crosswalk: $crate::CROSSWALK,
            event_places: $crate::EVENT_PLACES,
            confidence: $crate::CONFIDENCE,
            syntax: $crate::SYNTAX_MODEL,
            ..::core::default::Default::default()
        }
    };
}
