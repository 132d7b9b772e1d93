/*! From kinds and sides to ACLED's sub-event types.

ACLED's type depends on who did it to whom: the same "attack" is an armed clash between armed sides, and
violence against civilians where those attacked were unarmed (codebook 2024, sections on each type).
*/

use record::vocabulary::{Completion, InterCode, Sector, SubEventType};
use record::{ObjectClass, Participant, ParticipantKind, PhysicalObject, Weapon, WeaponClass};

use crate::kind::Kind;

/// What decides the sub-event type.
pub struct Facts<'a> {
    /// The most telling kind.
    pub kind: Kind,
    /// Every kind told of the event.
    pub kinds: &'a [Kind],
    /// Who did it.
    pub actors: &'a [Participant],
    /// Who suffered it.
    pub recipients: &'a [Participant],
    /// Things.
    pub objects: &'a [PhysicalObject],
    /// Weapons.
    pub weapons: &'a [Weapon],
    /// People were killed.
    pub killed: bool,
    /// People were wounded.
    pub injured: bool,
    /// People were killed, wounded or taken.
    pub harmed: bool,
    /// Carried through or not.
    pub completion: Completion,
    /// The word itself says that the government took a place back, or that others took it.
    pub regained: Option<bool>,
}

/// Whether a participant is of a state's forces.
#[must_use]
pub fn is_state(participant: &Participant) -> bool {
    participant.inter_code == Some(InterCode::StateForces)
        || participant.sector.is_some_and(Sector::is_state_force)
        || participant.inter_code == Some(InterCode::ExternalForces)
            && participant.sector == Some(Sector::Military)
}

/// Whether a participant is armed and organised.
#[must_use]
pub fn is_armed(participant: &Participant) -> bool {
    is_state(participant)
        || participant.sector.is_some_and(Sector::is_armed)
        || matches!(
            participant.inter_code,
            Some(
                InterCode::RebelGroups
                    | InterCode::PoliticalMilitias
                    | InterCode::IdentityMilitias
                    | InterCode::ExternalForces
            )
        )
}

fn is_crowd(participant: &Participant) -> bool {
    matches!(participant.inter_code, Some(InterCode::Rioters | InterCode::Protesters))
}

fn is_rioters(participant: &Participant) -> bool {
    participant.inter_code == Some(InterCode::Rioters)
}

fn military(object: &PhysicalObject) -> bool {
    matches!(object.class, ObjectClass::MilitaryBase | ObjectClass::PoliceStation)
}

fn weapon(facts: &Facts<'_>, subclass: &str) -> bool {
    facts.weapons.iter().any(|weapon| weapon.subclass.as_deref() == Some(subclass))
}

fn weapon_class(facts: &Facts<'_>, class: WeaponClass) -> bool {
    facts.weapons.iter().any(|weapon| weapon.class == class)
}

/// Police against people who are not armed: "police clashed with students".
fn crowd_and_police(facts: &Facts<'_>) -> bool {
    let police = |who: &Participant| who.sector == Some(Sector::Police);
    let unarmed = |who: &Participant| {
        who.kind != ParticipantKind::Individual
            && !is_armed(who)
            && matches!(
                who.sector,
                Some(Sector::Civilian | Sector::Social | Sector::Education | Sector::Labor | Sector::Party)
            )
    };
    facts.actors.iter().any(police)
        && facts.actors.iter().any(unarmed)
        && facts.actors.iter().all(|who| police(who) || unarmed(who))
}

/// The sub-event type, and why.
#[must_use]
pub fn sub_event(facts: &Facts<'_>) -> (SubEventType, String) {
    let (sub, why) = decide(facts);
    (sub, why.to_owned())
}

fn decide(facts: &Facts<'_>) -> (SubEventType, &'static str) {
    use SubEventType as S;
    let has = |kind: Kind| facts.kinds.contains(&kind);
    let armed_actor = facts.actors.iter().any(is_armed);
    let state_actor = facts.actors.iter().any(is_state);
    let armed_target = facts.recipients.iter().any(is_armed)
        || facts.recipients.is_empty() && facts.objects.iter().any(military);
    let crowd_actor = facts.actors.iter().any(is_crowd);
    let crowd_target = facts.recipients.iter().any(|who| who.inter_code == Some(InterCode::Protesters));
    // An assault that was beaten back was fought.
    let fought = has(Kind::Clash) || matches!(facts.kind, Kind::Capture | Kind::Attack) && armed_target;
    if facts.kind == Kind::Foiled || facts.completion == Completion::Foiled && !facts.harmed && !fought {
        return (S::DisruptedWeaponsUse, "an attack was stopped before it could harm");
    }
    let chemical = facts.weapons.iter().any(|weapon| {
        weapon.class == WeaponClass::Chemical && weapon.subclass.as_deref() != Some("tear gas")
    });
    if chemical && (facts.kind.is_explosive() || facts.kind.is_result() || facts.kind == Kind::Attack) {
        return (S::ChemicalWeapon, "a chemical agent");
    }
    // Several unarmed people who do violence together are what ACLED calls rioters.
    let unarmed = |who: &Participant| {
        who.kind != ParticipantKind::Individual
            && !is_armed(who)
            && who.inter_code != Some(InterCode::Protesters)
            && matches!(
                who.sector,
                Some(Sector::Civilian | Sector::Social | Sector::Education | Sector::Party)
            )
    };
    let mob = !facts.actors.is_empty()
        && facts.actors.iter().all(unarmed)
        && !armed_target
        && !weapon_class(facts, WeaponClass::Firearms)
        && !weapon_class(facts, WeaponClass::Explosives)
        && !has(Kind::Shooting)
        && !has(Kind::Protest);
    // ACLED: an abduction during which people are killed or hurt is recorded as an attack.
    let taken = matches!(facts.kind, Kind::Abduction | Kind::Missing);
    if taken && !mob && (facts.killed || facts.injured) && facts.recipients.iter().any(|who| !is_armed(who)) {
        return (S::Attack, "people were taken and others killed or hurt");
    }
    match facts.kind {
        Kind::Chemical => (S::ChemicalWeapon, "a chemical agent"),
        Kind::SuicideBombing => (S::SuicideBomb, "the bomber dies of it"),
        Kind::AirStrike | Kind::DroneStrike => (S::AirDroneStrike, "from aircraft or drones"),
        Kind::Shelling => (S::ShellingArtilleryMissileAttack, "shells, rockets or missiles"),
        Kind::Grenade => (S::Grenade, "a grenade"),
        Kind::Ied => (S::RemoteExplosiveLandmineIed, "a mine or improvised device"),
        Kind::Bombing => {
            if weapon(facts, "suicide") {
                (S::SuicideBomb, "an explosion with a suicide bomber")
            } else if weapon(facts, "air-dropped")
                || weapon(facts, "drone")
                || state_actor && !weapon(facts, "ied") && !weapon(facts, "vbied")
            {
                (S::AirDroneStrike, "bombed by a state's forces or from aircraft")
            } else if weapon(facts, "grenade") {
                (S::Grenade, "an explosion of a grenade")
            } else if weapon(facts, "mortar")
                || weapon(facts, "rocket")
                || weapon(facts, "artillery")
                || weapon(facts, "missile")
            {
                (S::ShellingArtilleryMissileAttack, "an explosion of a shell, rocket or missile")
            } else {
                (S::RemoteExplosiveLandmineIed, "an explosion")
            }
        }
        Kind::SexualViolence => (S::SexualViolence, "sexual violence"),
        Kind::Abduction | Kind::Missing => (S::AbductionForcedDisappearance, "people were taken"),
        Kind::Hijacking => {
            if facts.recipients.is_empty() {
                (S::LootingPropertyDestruction, "a vehicle was taken")
            } else {
                (S::AbductionForcedDisappearance, "people were taken with a vehicle")
            }
        }
        Kind::Arrest => {
            if facts.actors.iter().any(|who| is_armed(who) && !is_state(who)) {
                (S::AbductionForcedDisappearance, "people were taken by an armed group")
            } else {
                (S::Arrests, "people were detained")
            }
        }
        // Only a state's forces disrupt by taking arms; rebels who take them loot.
        Kind::WeaponsFound | Kind::Seizure
            if armed_actor
                && !state_actor
                && !weapon(facts, "drone")
                && facts.objects.iter().any(|object| object.class == ObjectClass::Weapons) =>
        {
            (S::LootingPropertyDestruction, "arms were taken by others than a state")
        }
        Kind::WeaponsFound | Kind::Seizure | Kind::Foiled => {
            (S::DisruptedWeaponsUse, "arms or explosives were found or made safe")
        }
        Kind::Riot => {
            if state_actor && facts.killed && (has(Kind::Shooting) || has(Kind::Killing)) {
                (S::ExcessiveForceAgainstProtesters, "state forces fired on a crowd")
            } else if has(Kind::Protest)
                || facts.actors.iter().any(|who| who.inter_code == Some(InterCode::Protesters))
            {
                (S::ViolentDemonstration, "a demonstration that turned violent")
            } else {
                (S::MobViolence, "a violent crowd")
            }
        }
        Kind::Protest | Kind::Dispersal => {
            if facts.actors.iter().any(is_rioters)
                || has(Kind::Riot)
                || has(Kind::Arson)
                || has(Kind::Looting)
            {
                (S::ViolentDemonstration, "those who demonstrated were violent")
            } else if facts.harmed && (state_actor || has(Kind::Shooting) || has(Kind::Dispersal)) {
                (S::ExcessiveForceAgainstProtesters, "people were harmed at a demonstration")
            } else if has(Kind::Clash)
                || facts.weapons.iter().any(|weapon| weapon.subclass.as_deref() == Some("blunt"))
            {
                (S::ViolentDemonstration, "those who demonstrated were violent")
            } else if facts.kind == Kind::Dispersal || has(Kind::Dispersal) || has(Kind::Arrest) {
                (S::ProtestWithIntervention, "a demonstration was driven apart")
            } else {
                (S::PeacefulProtest, "a demonstration, no violence told")
            }
        }
        Kind::Capture => match facts.regained {
            Some(true) if state_actor || facts.actors.is_empty() => {
                (S::GovernmentRegainsTerritory, "a place was taken back")
            }
            _ if state_actor => (S::GovernmentRegainsTerritory, "a state's forces took a place"),
            _ => (S::NonStateActorOvertakesTerritory, "a place was taken by others than a state"),
        },
        Kind::Withdrawal => (S::NonViolentTransferOfTerritory, "forces left a place"),
        Kind::Agreement => (S::Agreement, "a truce or agreement"),
        Kind::Surrender => (S::ChangeToGroupActivity, "fighters gave up or changed sides"),
        Kind::Regroup => (S::ChangeToGroupActivity, "groups split, joined or pledged themselves"),
        Kind::Measure => (S::ChangeToGroupActivity, "a state's measure"),
        Kind::Base => (S::HeadquartersOrBaseEstablished, "a base was set up"),
        Kind::Release | Kind::Escape | Kind::Displacement => (S::Other, "captives or people moved"),
        Kind::Looting | Kind::Destruction => {
            if crowd_actor || mob {
                if facts.actors.iter().any(is_rioters) || mob {
                    (S::MobViolence, "a crowd took or destroyed things")
                } else {
                    (S::ViolentDemonstration, "those who demonstrated took or destroyed things")
                }
            } else if facts.killed && armed_target {
                (S::ArmedClash, "armed sides fought")
            } else if facts.killed || facts.injured {
                (S::Attack, "civilians were killed or wounded")
            } else {
                (S::LootingPropertyDestruction, "things were taken or destroyed")
            }
        }
        Kind::Arson if !facts.harmed => {
            if crowd_actor {
                (S::ViolentDemonstration, "a crowd set fire")
            } else {
                (S::LootingPropertyDestruction, "fire was set to things")
            }
        }
        Kind::Raid => {
            if facts.harmed && (armed_target || armed_actor && facts.recipients.iter().any(is_armed)) {
                (S::ArmedClash, "forces raided and people were harmed")
            } else if has(Kind::Arrest) {
                (S::Arrests, "a raid with arrests")
            } else if has(Kind::WeaponsFound) {
                (S::DisruptedWeaponsUse, "a raid that found arms")
            } else if armed_actor && !state_actor {
                (S::Attack, "an armed group raided")
            } else if state_actor && facts.killed && !armed_target && !facts.recipients.is_empty() {
                (S::Attack, "state forces harmed civilians")
            } else if facts.killed {
                (S::ArmedClash, "a raid in which people were killed")
            } else {
                (S::Other, "an operation, no harm told")
            }
        }
        Kind::Clash | Kind::Ambush => {
            if facts.kind == Kind::Clash && crowd_and_police(facts) {
                if crowd_actor || has(Kind::Protest) || has(Kind::Dispersal) {
                    (S::ViolentDemonstration, "a crowd clashed with forces of the state")
                } else {
                    (S::MobViolence, "unarmed people fought with police")
                }
            } else if mob {
                (S::MobViolence, "unarmed groups fought each other")
            } else if facts.actors.iter().any(is_rioters)
                || crowd_actor && facts.actors.iter().all(|who| is_crowd(who) || is_state(who))
            {
                (S::ViolentDemonstration, "a crowd clashed")
            } else if facts.kind == Kind::Ambush && !facts.recipients.is_empty() && !armed_target {
                (S::Attack, "unarmed people were ambushed")
            } else {
                (S::ArmedClash, "armed sides fought")
            }
        }
        Kind::Attack
        | Kind::Shooting
        | Kind::Killing
        | Kind::Assassination
        | Kind::Stabbing
        | Kind::Beating
        | Kind::Torture
        | Kind::Ramming
        | Kind::Arson
        | Kind::Threat
        | Kind::Death
        | Kind::Injury
        | Kind::Casualty => {
            if crowd_target && state_actor {
                (S::ExcessiveForceAgainstProtesters, "state forces harmed those who demonstrated")
            } else if facts.actors.iter().any(is_rioters) || mob {
                (S::MobViolence, "a crowd attacked")
            } else if crowd_actor && !has(Kind::Shooting) {
                (S::ViolentDemonstration, "those who demonstrated attacked")
            } else if facts.kind == Kind::Ramming && weapon_class(facts, WeaponClass::Explosives) {
                (S::SuicideBomb, "a vehicle with explosives was driven into it")
            } else if weapon(facts, "suicide") && facts.harmed {
                (S::SuicideBomb, "an attack with a suicide bomber")
            } else if weapon(facts, "drone") && !has(Kind::Shooting)
                || weapon(facts, "air-dropped") && (state_actor || !armed_actor)
            {
                (S::AirDroneStrike, "an attack from aircraft or drones")
            } else if ["missile", "rocket", "mortar", "artillery"]
                .iter()
                .any(|subclass| weapon(facts, subclass))
                && !has(Kind::Shooting)
                && !weapon_class(facts, WeaponClass::Firearms)
            {
                (S::ShellingArtilleryMissileAttack, "an attack with shells, rockets or missiles")
            } else if ["ied", "landmine", "vbied"].iter().any(|subclass| weapon(facts, subclass))
                && !has(Kind::Shooting)
                && !weapon_class(facts, WeaponClass::Firearms)
                && facts.harmed
            {
                (S::RemoteExplosiveLandmineIed, "an attack with a mine or improvised device")
            } else if weapon(facts, "grenade")
                && !has(Kind::Shooting)
                && !weapon_class(facts, WeaponClass::Firearms)
            {
                (S::Grenade, "an attack with grenades")
            } else if armed_target {
                (S::ArmedClash, "armed people or positions were attacked")
            } else {
                (S::Attack, "unarmed people were attacked")
            }
        }
    }
}
