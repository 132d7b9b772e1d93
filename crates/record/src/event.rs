//! One attack, clash, strike, abduction, arrest, riot, … as one report tells it.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::vocabulary::{
    Completion, DateFrom, DateType, EventType, PloverCode, Realis, SubEventType, TimePrecision,
};
use crate::{Mention, Participant, Place, Quantity};

/// Whose dead, wounded, … a count gives.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum CountOf {
    /// The side in `actors` (in one-sided violence the attackers).
    #[serde(rename = "actor")]
    Actor,
    /// The side in `recipients`.
    #[serde(rename = "recipient")]
    Recipient,
    /// Civilians, whatever side was meant.
    #[serde(rename = "civilian")]
    Civilian,
    /// People who belong to neither side.
    #[serde(rename = "third party")]
    ThirdParty,
    /// The text does not say.
    #[default]
    #[serde(rename = "unknown")]
    Unknown,
}

/// One count that the text gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Count {
    /// How many.
    pub number: Quantity,
    /// Whose.
    pub who: CountOf,
    /// The words that give the count.
    pub text: String,
    /// First code point of those words.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// Index in the same list of the count that this one is included in.
    pub part_of: Option<usize>,
    /// True where a later figure of the same report replaces this one ("raising the toll to 14").
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub superseded: bool,
    /// Who gives this figure, where the text ties it to a source of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub according_to: Option<String>,
}

/// The eight lists of counts, by what happened to the people counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Counts {
    /// Dead.
    pub killed: Vec<Count>,
    /// Wounded.
    pub injured: Vec<Count>,
    /// Dead and wounded together, where the text does not split them.
    pub killed_or_injured: Vec<Count>,
    /// Taken by force by those who are not the law of the place.
    pub abducted: Vec<Count>,
    /// Detained by state forces.
    pub arrested: Vec<Count>,
    /// Unaccounted for.
    pub missing: Vec<Count>,
    /// Escaped from custody or captivity, or freed.
    pub escaped: Vec<Count>,
    /// Driven from home.
    pub displaced: Vec<Count>,
}

/// Deaths as UCDP gives them, derived from `killed` and `killed_or_injured`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Deaths {
    /// Most likely number.
    pub best: Option<u64>,
    /// Least.
    pub low: Option<u64>,
    /// Most.
    pub high: Option<u64>,
    /// Of the side in `actors`.
    pub a: u64,
    /// Of the side in `recipients`, where it is a fighting side.
    pub b: u64,
    /// Civilians.
    pub civilians: u64,
    /// Not said whose.
    pub unknown: u64,
}

/// What sort of physical target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ObjectClass {
    /// Houses, offices, shops.
    Building,
    /// Cars, lorries, armoured vehicles.
    Vehicle,
    /// Ships and boats.
    Vessel,
    /// Aircraft.
    Aircraft,
    /// Roads, bridges, railways, pipelines, power and water works.
    Infrastructure,
    /// Camps of displaced people or refugees.
    Camp,
    /// Prisons and detention centres.
    Prison,
    /// Bases, barracks, outposts, checkpoints of armed forces.
    MilitaryBase,
    /// Police stations and posts.
    PoliceStation,
    /// Mosques, churches, temples, shrines.
    PlaceOfWorship,
    /// Schools and universities.
    School,
    /// Hospitals and clinics.
    Hospital,
    /// Markets.
    Market,
    /// Embassies and consulates.
    DiplomaticMission,
    /// Offices of government and courts.
    Government,
    /// Crops, land, cattle.
    Agriculture,
    /// Weapons, explosives and their stores.
    Weapons,
    /// Hideouts, tunnels, trenches.
    Hideout,
    /// Goods and money.
    Property,
    /// Anything else.
    Other,
}

/// What became of a physical target.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Destroyed.
    Destroyed,
    /// Damaged.
    Damaged,
    /// Taken.
    Seized,
    /// The text says that nothing happened to it.
    None,
    /// The text does not say.
    #[default]
    Unknown,
}

/// A physical target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PhysicalObject {
    /// The phrases that name it.
    pub mentions: Vec<Mention>,
    /// What sort.
    pub class: ObjectClass,
    /// How many, where the text says.
    pub number: Option<Quantity>,
    /// What became of it.
    pub effect: Effect,
}

/// GTD's weapon types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WeaponClass {
    /// GTD 5.
    Firearms,
    /// GTD 6: explosives, bombs, dynamite; also rockets, shells, air-dropped bombs.
    Explosives,
    /// GTD 8.
    Incendiary,
    /// GTD 9.
    Melee,
    /// GTD 10: a vehicle used as the weapon, without explosives.
    Vehicle,
    /// GTD 2.
    Chemical,
    /// GTD 1.
    Biological,
    /// GTD 3.
    Radiological,
    /// GTD 4.
    Nuclear,
    /// GTD 11.
    SabotageEquipment,
    /// GTD 12.
    Other,
    /// GTD 13.
    Unknown,
}

/// A weapon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Weapon {
    /// The phrases that name it.
    pub mentions: Vec<Mention>,
    /// GTD's weapon type.
    pub class: WeaponClass,
    /// ied, vbied, suicide, landmine, grenade, rocket, mortar, artillery, missile, drone, air-dropped, …
    pub subclass: Option<String>,
}

/// What sort of claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClaimKind {
    /// Claims responsibility.
    Claimed,
    /// Denies it.
    Denied,
    /// Is blamed or suspected by somebody.
    Blamed,
    /// The text says that nobody has claimed it.
    Unclaimed,
}

/// Who claimed, denied or was blamed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Claim {
    /// Who; null where nobody has claimed.
    pub by: Option<Participant>,
    /// What sort of claim.
    pub kind: ClaimKind,
}

/// A quote and the fields that rest on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// First code point of the quote.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// The quote: exactly those characters of the report.
    pub quote: String,
    /// Names of the fields that it supports.
    pub supports: Vec<String>,
}

/// One event, once per report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Event {
    /// Stable: the same report gives the same id on every run and machine.
    pub id: String,
    /// Whether it happened, as the text tells it (PLOVER).
    pub realis: Realis,
    /// Whether it was carried through.
    pub completion: Completion,
    /// ACLED event type.
    pub event_type: EventType,
    /// ACLED sub-event type.
    pub sub_event_type: SubEventType,
    /// PLOVER type and modes.
    pub plover: PloverCode,
    /// CAMEO code, derived.
    pub cameo: Option<String>,
    /// UCDP type of violence, derived: 1 state-based, 2 non-state, 3 one-sided; null where it is none.
    pub type_of_violence: Option<u8>,
    /// GTD attack type, derived.
    pub gtd_attack_type: Option<String>,
    /// First day, null where unresolved.
    pub event_date: Option<Date>,
    /// Last day; equal to `event_date` for one day.
    pub event_date_end: Option<Date>,
    /// 1 day, 2 week, 3 month, 4 year or worse.
    pub time_precision: Option<TimePrecision>,
    /// How the date is given.
    pub date_type: DateType,
    /// What the date rests on.
    pub date_from: DateFrom,
    /// The event's places, the most exact first.
    pub places: Vec<Place>,
    /// Who did it; in two-sided fighting every side.
    pub actors: Vec<Participant>,
    /// Who suffered it.
    pub recipients: Vec<Participant>,
    /// Physical targets.
    pub objects: Vec<PhysicalObject>,
    /// Weapons.
    pub weapons: Vec<Weapon>,
    /// What became of people.
    #[serde(flatten)]
    pub counts: Counts,
    /// Deaths as UCDP counts them, derived.
    pub deaths: Deaths,
    /// Who claimed, denied or was blamed.
    pub claims: Vec<Claim>,
    /// Who the report rests on.
    pub reported_by: Vec<Participant>,
    /// The quotes that the fields rest on.
    pub evidence: Vec<Evidence>,
    /// 0–1: of events given 0.8, about eight in ten should be right.
    pub confidence: f64,
    /// Field → why this value.
    pub reasons: BTreeMap<String, String>,
}
