/*! The coder's inner kinds: finer than any codebook's, so that each can be derived from them.

A kind is what a trigger word tells by itself. What it becomes in ACLED's, PLOVER's and the others'
terms depends on who did it to whom, and is decided in `classify`.
*/

/// Declares the kinds with the names that `knowledge/frames.tsv` uses.
macro_rules! kinds {
    ($($(#[$meta:meta])* $variant:ident => $text:literal,)*) => {
        /// What a trigger word tells.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Kind {
            $($(#[$meta])* $variant,)*
        }

        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its name in the tables.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// The kind of that name.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.as_str() == text)
            }
        }
    };
}

kinds! {
    /// An attack of no stated form.
    Attack => "attack",
    /// From hiding.
    Ambush => "ambush",
    /// Armed sides fight.
    Clash => "clash",
    /// Something explodes.
    Bombing => "bombing",
    /// The bomber dies of it.
    SuicideBombing => "suicide-bombing",
    /// A mine or improvised device.
    Ied => "ied",
    /// Mortars, artillery, rockets, missiles.
    Shelling => "shelling",
    /// From aircraft.
    AirStrike => "air-strike",
    /// From drones.
    DroneStrike => "drone-strike",
    /// Thrown by hand.
    Grenade => "grenade",
    /// Gas and other agents.
    Chemical => "chemical",
    /// With firearms.
    Shooting => "shooting",
    /// People are killed.
    Killing => "killing",
    /// One chosen person is killed.
    Assassination => "assassination",
    /// With blades.
    Stabbing => "stabbing",
    /// With hands or clubs.
    Beating => "beating",
    /// In captivity.
    Torture => "torture",
    /// With a vehicle.
    Ramming => "ramming",
    /// Fire is set.
    Arson => "arson",
    /// Goods are taken.
    Looting => "looting",
    /// Things are destroyed.
    Destruction => "destruction",
    /// People are taken.
    Abduction => "abduction",
    /// Sexual violence.
    SexualViolence => "sexual-violence",
    /// People are detained by state forces.
    Arrest => "arrest",
    /// A raid or an operation by forces.
    Raid => "raid",
    /// Something is taken; the object decides what that is.
    Seizure => "seizure",
    /// Arms or explosives are found or made safe.
    WeaponsFound => "weapons-found",
    /// An attack is stopped.
    Foiled => "foiled",
    /// A place changes hands by force.
    Capture => "capture",
    /// Forces leave.
    Withdrawal => "withdrawal",
    /// A truce or peace.
    Agreement => "agreement",
    /// Fighters give up or change sides.
    Surrender => "surrender",
    /// Groups split, join or pledge themselves.
    Regroup => "regroup",
    /// A state's measure: curfew, emergency.
    Measure => "measure",
    /// A crowd is violent.
    Riot => "riot",
    /// A crowd demonstrates.
    Protest => "protest",
    /// A crowd is driven apart.
    Dispersal => "dispersal",
    /// Violence is threatened.
    Threat => "threat",
    /// Prisoners get out.
    Escape => "escape",
    /// Captives are let go or rescued.
    Release => "release",
    /// A vehicle is taken with those aboard.
    Hijacking => "hijacking",
    /// A base is set up.
    Base => "base",
    /// People are driven from home.
    Displacement => "displacement",
    /// People die; the text does not say how.
    Death => "death",
    /// People are hurt; the text does not say how.
    Injury => "injury",
    /// Dead and wounded together.
    Casualty => "casualty",
    /// People cannot be found.
    Missing => "missing",
}

impl Kind {
    /// Whether the word tells only what became of people, so that it leans on another event.
    #[must_use]
    pub const fn is_result(self) -> bool {
        matches!(
            self,
            Self::Death | Self::Injury | Self::Casualty | Self::Missing | Self::Displacement | Self::Escape
        )
    }

    /// Violence in the narrow sense: those kinds that may describe one and the same attack.
    #[must_use]
    pub const fn is_violent(self) -> bool {
        matches!(
            self,
            Self::Attack
                | Self::Ambush
                | Self::Clash
                | Self::Bombing
                | Self::SuicideBombing
                | Self::Ied
                | Self::Shelling
                | Self::AirStrike
                | Self::DroneStrike
                | Self::Grenade
                | Self::Chemical
                | Self::Shooting
                | Self::Killing
                | Self::Assassination
                | Self::Stabbing
                | Self::Beating
                | Self::Torture
                | Self::Ramming
                | Self::Arson
                | Self::Destruction
                | Self::Raid
        ) || self.is_result()
    }

    /// Explosions and remote violence.
    #[must_use]
    pub const fn is_explosive(self) -> bool {
        matches!(
            self,
            Self::Bombing
                | Self::SuicideBombing
                | Self::Ied
                | Self::Shelling
                | Self::AirStrike
                | Self::DroneStrike
                | Self::Grenade
                | Self::Chemical
        )
    }

    /// How much the kind says: of two kinds of one event the more telling one names it.
    #[must_use]
    pub const fn weight(self) -> u8 {
        match self {
            Self::Chemical => 100,
            Self::SuicideBombing => 95,
            Self::DroneStrike => 92,
            Self::AirStrike => 90,
            Self::Shelling | Self::Grenade => 85,
            Self::Ied => 84,
            Self::Bombing => 80,
            Self::SexualViolence | Self::Abduction | Self::Hijacking => 78,
            Self::Foiled => 76,
            Self::Riot => 75,
            Self::Protest => 72,
            Self::Capture => 71,
            Self::Clash => 70,
            Self::Ambush => 69,
            Self::Assassination => 68,
            Self::Shooting => 66,
            Self::Stabbing | Self::Ramming | Self::Torture => 65,
            Self::Arson => 62,
            Self::Beating => 60,
            Self::Killing => 56,
            Self::Attack => 52,
            Self::Looting => 50,
            Self::Arrest => 48,
            Self::WeaponsFound => 46,
            Self::Raid => 44,
            Self::Agreement | Self::Surrender | Self::Base | Self::Regroup | Self::Measure => 40,
            Self::Dispersal => 38,
            Self::Withdrawal | Self::Release | Self::Destruction => 30,
            Self::Seizure => 28,
            Self::Threat => 25,
            Self::Death | Self::Injury | Self::Casualty => 20,
            Self::Escape | Self::Missing | Self::Displacement => 15,
        }
    }

    /// Whether two words may tell of one event.
    #[must_use]
    pub fn agrees(self, other: Self) -> bool {
        if self == other {
            return true;
        }
        let crowd = |kind: Self| matches!(kind, Self::Riot | Self::Protest | Self::Dispersal);
        let (low, high) = if self.weight() < other.weight() { (self, other) } else { (other, self) };
        // What became of people goes with everything but finds of arms and treaties.
        if low.is_result() {
            return !matches!(high, Self::WeaponsFound | Self::Agreement | Self::Base);
        }
        if crowd(self) && crowd(other) {
            return true;
        }
        // A crowd that demonstrates loots.
        if crowd(self) && other == Self::Looting || crowd(other) && self == Self::Looting {
            return true;
        }
        let taking = |kind: Self| matches!(kind, Self::Abduction | Self::Hijacking | Self::Release);
        if taking(self) && taking(other) {
            return true;
        }
        // A search operation ends in arrests, finds and fights.
        let police = |kind: Self| {
            matches!(kind, Self::Arrest | Self::WeaponsFound | Self::Raid | Self::Foiled | Self::Seizure)
        };
        if police(self) && police(other) {
            return true;
        }
        // Force against a crowd, and a crowd's force, are told in the words for attacks.
        let crowd_one = |a: Self, b: Self| {
            crowd(a)
                && b.is_violent()
                && !b.is_explosive()
                && !(a == Self::Riot
                    && matches!(b, Self::Attack | Self::Ambush | Self::Raid | Self::Torture | Self::Ramming))
        };
        if crowd_one(low, high) || crowd_one(high, low) {
            return true;
        }
        if self.is_violent() && other.is_violent() {
            // Two stated forms are two attacks, but for those that contain each other.
            return match (high, low) {
                (Self::SuicideBombing | Self::Ied | Self::Grenade, Self::Bombing) => true,
                (Self::DroneStrike, Self::AirStrike) => true,
                (Self::AirStrike | Self::DroneStrike, Self::Bombing | Self::Shelling) => true,
                (Self::Chemical, Self::Shelling | Self::AirStrike | Self::Bombing) => true,
                (high, low) if high.is_explosive() && low.is_explosive() => false,
                (high, Self::Raid) => {
                    !high.is_explosive() || matches!(high, Self::AirStrike | Self::DroneStrike)
                }
                _ => true,
            };
        }
        matches!((high, low), (Self::Capture, low) if low.is_violent())
            || matches!((high, low), (Self::Abduction | Self::SexualViolence, low) if low.is_violent())
            || matches!((high, low), (high, Self::Looting) if high.is_violent())
            || matches!((high, low), (Self::Raid, Self::Arrest) | (Self::Arrest, Self::Raid))
    }
}

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn agreement_is_symmetric_and_reflexive() {
        for &a in Kind::ALL {
            assert!(a.agrees(a));
            for &b in Kind::ALL {
                assert_eq!(a.agrees(b), b.agrees(a), "{a:?} {b:?}");
            }
        }
    }
}
