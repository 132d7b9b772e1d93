//! The closed vocabularies of the field, spelled as their owners spell them.
//!
//! Sources: ACLED codebook (2024) for event, sub-event and interaction codes; PLOVER manual
//! for types, modes, sectors and the auxiliary modes that are called realis here.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Declares an enum whose variants have one fixed spelling each, with parsing and listing.
macro_rules! vocabulary {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident => $text:literal,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        pub enum $name {
            $($(#[$vmeta])* #[serde(rename = $text)] $variant,)*
        }

        impl $name {
            /// Every value, in the owner's order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The owner's spelling.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = UnknownTerm;

            fn from_str(text: &str) -> Result<Self, UnknownTerm> {
                Self::ALL.iter().copied().find(|value| value.as_str() == text).ok_or_else(|| UnknownTerm {
                    vocabulary: stringify!($name),
                    term: text.to_owned(),
                    expected: Self::ALL.iter().map(|value| value.as_str()).collect::<Vec<_>>().join(", "),
                })
            }
        }
    };
}

/// A word that is not in a closed vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{term}` is no {vocabulary}; expected one of: {expected}")]
pub struct UnknownTerm {
    /// Which vocabulary.
    pub vocabulary: &'static str,
    /// The word.
    pub term: String,
    /// What it could have been.
    pub expected: String,
}

vocabulary! {
    /// ACLED event types.
    EventType {
        /// Armed, organised sides fight each other.
        Battles => "Battles",
        /// Bombs, shells, rockets, mines, air and drone strikes.
        ExplosionsRemoteViolence => "Explosions/Remote violence",
        /// Armed, organised violence against the unarmed.
        ViolenceAgainstCivilians => "Violence against civilians",
        /// Demonstrations without violence by those who demonstrate.
        Protests => "Protests",
        /// Violence by crowds.
        Riots => "Riots",
        /// Events of political consequence that are not violence.
        StrategicDevelopments => "Strategic developments",
    }
}

vocabulary! {
    /// ACLED sub-event types.
    SubEventType {
        /// Battles.
        GovernmentRegainsTerritory => "Government regains territory",
        /// Battles.
        NonStateActorOvertakesTerritory => "Non-state actor overtakes territory",
        /// Battles.
        ArmedClash => "Armed clash",
        /// Explosions/Remote violence.
        ChemicalWeapon => "Chemical weapon",
        /// Explosions/Remote violence.
        AirDroneStrike => "Air/drone strike",
        /// Explosions/Remote violence.
        SuicideBomb => "Suicide bomb",
        /// Explosions/Remote violence.
        ShellingArtilleryMissileAttack => "Shelling/artillery/missile attack",
        /// Explosions/Remote violence.
        RemoteExplosiveLandmineIed => "Remote explosive/landmine/IED",
        /// Explosions/Remote violence.
        Grenade => "Grenade",
        /// Violence against civilians.
        SexualViolence => "Sexual violence",
        /// Violence against civilians.
        Attack => "Attack",
        /// Violence against civilians.
        AbductionForcedDisappearance => "Abduction/forced disappearance",
        /// Protests.
        PeacefulProtest => "Peaceful protest",
        /// Protests.
        ProtestWithIntervention => "Protest with intervention",
        /// Protests.
        ExcessiveForceAgainstProtesters => "Excessive force against protesters",
        /// Riots.
        ViolentDemonstration => "Violent demonstration",
        /// Riots.
        MobViolence => "Mob violence",
        /// Strategic developments.
        Agreement => "Agreement",
        /// Strategic developments.
        Arrests => "Arrests",
        /// Strategic developments.
        ChangeToGroupActivity => "Change to group/activity",
        /// Strategic developments.
        DisruptedWeaponsUse => "Disrupted weapons use",
        /// Strategic developments.
        HeadquartersOrBaseEstablished => "Headquarters or base established",
        /// Strategic developments.
        LootingPropertyDestruction => "Looting/property destruction",
        /// Strategic developments.
        NonViolentTransferOfTerritory => "Non-violent transfer of territory",
        /// Strategic developments.
        Other => "Other",
    }
}

impl SubEventType {
    /// The event type that ACLED puts the sub-event under.
    #[must_use]
    pub const fn event_type(self) -> EventType {
        use SubEventType as S;
        match self {
            S::GovernmentRegainsTerritory | S::NonStateActorOvertakesTerritory | S::ArmedClash => {
                EventType::Battles
            }
            S::ChemicalWeapon
            | S::AirDroneStrike
            | S::SuicideBomb
            | S::ShellingArtilleryMissileAttack
            | S::RemoteExplosiveLandmineIed
            | S::Grenade => EventType::ExplosionsRemoteViolence,
            S::SexualViolence | S::Attack | S::AbductionForcedDisappearance => {
                EventType::ViolenceAgainstCivilians
            }
            S::PeacefulProtest | S::ProtestWithIntervention | S::ExcessiveForceAgainstProtesters => {
                EventType::Protests
            }
            S::ViolentDemonstration | S::MobViolence => EventType::Riots,
            S::Agreement
            | S::Arrests
            | S::ChangeToGroupActivity
            | S::DisruptedWeaponsUse
            | S::HeadquartersOrBaseEstablished
            | S::LootingPropertyDestruction
            | S::NonViolentTransferOfTerritory
            | S::Other => EventType::StrategicDevelopments,
        }
    }
}

vocabulary! {
    /// PLOVER event types.
    PloverType {
        /// Agree to cooperate.
        Agree => "AGREE",
        /// Meet, talk.
        Consult => "CONSULT",
        /// Express support.
        Support => "SUPPORT",
        /// Yield verbally.
        Concede => "CONCEDE",
        /// Act together.
        Cooperate => "COOPERATE",
        /// Give aid.
        Aid => "AID",
        /// Yield materially.
        Retreat => "RETREAT",
        /// Demand or ask.
        Request => "REQUEST",
        /// Accuse.
        Accuse => "ACCUSE",
        /// Refuse.
        Reject => "REJECT",
        /// Threaten.
        Threaten => "THREATEN",
        /// Demonstrate.
        Protest => "PROTEST",
        /// Sanction.
        Sanction => "SANCTION",
        /// Mobilize forces.
        Mobilize => "MOBILIZE",
        /// Coerce.
        Coerce => "COERCE",
        /// Assault.
        Assault => "ASSAULT",
    }
}

/// PLOVER type with its modes; a mode means something only together with its type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PloverCode {
    /// PLOVER type.
    pub event_type: PloverType,
    /// Modes of that type.
    pub mode: Vec<String>,
}

vocabulary! {
    /// PLOVER sectors.
    Sector {
        /// Police.
        Police => "COP",
        /// Government.
        Government => "GOV",
        /// Judiciary.
        Judiciary => "JUD",
        /// Legislature.
        Legislature => "LEG",
        /// Military.
        Military => "MIL",
        /// Paramilitary.
        Paramilitary => "PRM",
        /// Political party.
        Party => "PTY",
        /// Rebels.
        Rebels => "REB",
        /// Intelligence.
        Intelligence => "SPY",
        /// Unaligned armed forces.
        UnalignedArmed => "UAF",
        /// Unknown.
        Unknown => "UNK",
        /// Agriculture.
        Agriculture => "AGR",
        /// Business.
        Business => "BUS",
        /// Criminals.
        Criminal => "CRM",
        /// Civilians.
        Civilian => "CVL",
        /// Education.
        Education => "EDU",
        /// Elites.
        Elite => "ELI",
        /// Journalists, media.
        Journalist => "JRN",
        /// Labour.
        Labor => "LAB",
        /// Medical.
        Medical => "MED",
        /// Refugees and displaced.
        Refugee => "REF",
        /// Opposition.
        Opposition => "OPP",
        /// Prisoners.
        Prisoner => "PRE",
        /// Religious.
        Religious => "REL",
        /// Social movements.
        Social => "SOC",
        /// Intergovernmental organisation.
        Intergovernmental => "IGO",
        /// United Nations.
        UnitedNations => "UNO",
        /// European Union.
        EuropeanUnion => "EUR",
        /// Non-governmental organisation.
        Nongovernmental => "NGO",
        /// International social movement.
        InternationalMovement => "ISM",
        /// International militarised group.
        InternationalMilitant => "IMG",
        /// Multinational corporation.
        Multinational => "MNC",
    }
}

impl Sector {
    /// Police, army, paramilitaries and intelligence: armed servants of a state.
    #[must_use]
    pub const fn is_state_force(self) -> bool {
        matches!(self, Self::Police | Self::Military | Self::Intelligence)
    }

    /// Armed and organised, whoever they serve.
    #[must_use]
    pub const fn is_armed(self) -> bool {
        self.is_state_force()
            || matches!(
                self,
                Self::Paramilitary
                    | Self::Rebels
                    | Self::UnalignedArmed
                    | Self::Criminal
                    | Self::InternationalMilitant
            )
    }
}

/// ACLED interaction codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum InterCode {
    /// 1 State forces.
    StateForces = 1,
    /// 2 Rebel groups.
    RebelGroups = 2,
    /// 3 Political militias.
    PoliticalMilitias = 3,
    /// 4 Identity militias.
    IdentityMilitias = 4,
    /// 5 Rioters.
    Rioters = 5,
    /// 6 Protesters.
    Protesters = 6,
    /// 7 Civilians.
    Civilians = 7,
    /// 8 External or other forces.
    ExternalForces = 8,
}

impl InterCode {
    /// Every code.
    pub const ALL: &'static [Self] = &[
        Self::StateForces,
        Self::RebelGroups,
        Self::PoliticalMilitias,
        Self::IdentityMilitias,
        Self::Rioters,
        Self::Protesters,
        Self::Civilians,
        Self::ExternalForces,
    ];

    /// The number.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The code with that number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.number() == number)
    }

    /// ACLED's words for it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::StateForces => "State forces",
            Self::RebelGroups => "Rebel group",
            Self::PoliticalMilitias => "Political militia",
            Self::IdentityMilitias => "Identity militia",
            Self::Rioters => "Rioters",
            Self::Protesters => "Protesters",
            Self::Civilians => "Civilians",
            Self::ExternalForces => "External/Other forces",
        }
    }
}

impl Serialize for InterCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(self.number())
    }
}

impl<'de> Deserialize<'de> for InterCode {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = u8::deserialize(deserializer)?;
        Self::from_number(number).ok_or_else(|| {
            serde::de::Error::custom(format!("{number} is no ACLED interaction code; expected 1 to 8"))
        })
    }
}

impl JsonSchema for InterCode {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "InterCode".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "ACLED interaction code: 1 state forces, 2 rebel groups, 3 political militias, 4 identity militias, 5 rioters, 6 protesters, 7 civilians, 8 external or other forces.",
            "type": "integer",
            "minimum": 1,
            "maximum": 8
        })
    }
}

vocabulary! {
    /// Whether the event happened, as the text tells it (PLOVER's auxiliary modes).
    Realis {
        /// Told as news that it happened.
        Asserted => "asserted",
        /// Told that it did not happen.
        Negated => "negated",
        /// Supposed, feared, possible, an exercise.
        Hypothetical => "hypothetical",
        /// Still to come.
        Future => "future",
        /// Told as background, not as news.
        Historical => "historical",
    }
}

vocabulary! {
    /// Whether the event was carried through.
    Completion {
        /// Carried through.
        Accomplished => "accomplished",
        /// Tried, without success.
        Attempted => "attempted",
        /// Stopped by others before it could happen.
        Foiled => "foiled",
        /// Only threatened.
        Threatened => "threatened",
    }
}

vocabulary! {
    /// How a date is given.
    DateType {
        /// One day.
        Exact => "exact",
        /// About then.
        Approximate => "approximate",
        /// From a day to a day.
        Range => "range",
        /// Not to be had from the text.
        Unresolved => "unresolved",
    }
}

vocabulary! {
    /// What a date rests on.
    DateFrom {
        /// Words of the text.
        Text => "text",
        /// The dateline.
        Dateline => "dateline",
        /// The day of publication, the text being news of the day.
        Published => "published",
        /// Nothing.
        None => "none",
    }
}

/// ACLED time precision, with one more for what is worse than a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TimePrecision {
    /// 1: the day is known.
    Day = 1,
    /// 2: the week is known.
    Week = 2,
    /// 3: the month is known.
    Month = 3,
    /// 4: the year, or worse.
    Year = 4,
}

impl TimePrecision {
    /// The number.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The precision of an interval of so many days.
    #[must_use]
    pub const fn of_days(days: i64) -> Self {
        match days {
            ..=1 => Self::Day,
            2..=8 => Self::Week,
            9..=35 => Self::Month,
            _ => Self::Year,
        }
    }
}

impl Serialize for TimePrecision {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(self.number())
    }
}

impl<'de> Deserialize<'de> for TimePrecision {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u8::deserialize(deserializer)? {
            1 => Ok(Self::Day),
            2 => Ok(Self::Week),
            3 => Ok(Self::Month),
            4 => Ok(Self::Year),
            other => Err(serde::de::Error::custom(format!("{other} is no time precision; expected 1 to 4"))),
        }
    }
}

impl JsonSchema for TimePrecision {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "TimePrecision".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "1 day, 2 week, 3 month (ACLED); 4 year or worse.",
            "type": "integer",
            "minimum": 1,
            "maximum": 4
        })
    }
}
