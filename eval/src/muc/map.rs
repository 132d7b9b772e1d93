/*! Our events as MUC-4 templates.

The MUC-4 task (its codebook: "TST3/4 fill rules", Sundheim 1992) wants terrorist incidents of six
types, with strings from the text. It leaves out what we keep: fighting between armed sides
in which nobody else is hurt, incidents that are only alluded to, and those of more than two months before.
*/

use record::vocabulary::{Completion, EventType, Realis, SubEventType};
use record::{
    ClaimKind, CodedDocument, Effect, Event, Mention, ObjectClass, Participant, ParticipantKind, WeaponClass,
};

use super::{Entity, Template, normalise};

/// Which mentions of an entity are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mentions {
    /// The most telling one, as generative systems give it: for [`super::gtt`] and φ⊆.
    Best,
    /// All of them: for φ3, which counts mentions.
    All,
}

/// The templates of a document.
#[must_use]
pub fn templates(document: &CodedDocument, mentions: Mentions) -> Vec<Template> {
    super::distinct(document.events.iter().filter_map(|event| template(event, mentions)).collect())
}

/// The incident type of an event, where it has one of the six.
#[must_use]
pub fn incident_type(event: &Event) -> Option<&'static str> {
    let has = |class: WeaponClass| event.weapons.iter().any(|weapon| weapon.class == class);
    match event.sub_event_type {
        SubEventType::AbductionForcedDisappearance => Some("kidnapping"),
        SubEventType::LootingPropertyDestruction => {
            let taken = event.objects.iter().any(|object| object.effect == Effect::Seized);
            Some(if has(WeaponClass::Explosives) {
                "bombing"
            } else if taken && !has(WeaponClass::Incendiary) {
                "robbery"
            } else {
                "arson"
            })
        }
        SubEventType::MobViolence | SubEventType::ViolentDemonstration => None,
        _ => match event.event_type {
            EventType::ExplosionsRemoteViolence => Some("bombing"),
            EventType::Battles | EventType::ViolenceAgainstCivilians => {
                Some(if has(WeaponClass::Incendiary) { "arson" } else { "attack" })
            }
            EventType::Protests | EventType::Riots | EventType::StrategicDevelopments => None,
        },
    }
}

/// Armed forces: what they suffer in fighting is no terrorism by MUC's rules.
fn is_force(participant: &Participant) -> bool {
    participant.sector.is_some_and(|sector| sector.is_armed())
}

/// Whether MUC's rules want the event at all.
fn relevant(event: &Event) -> bool {
    let told = matches!(event.realis, Realis::Asserted)
        || (event.realis == Realis::Future && event.completion == Completion::Threatened);
    // Fighting between armed sides counts only where somebody or something else is hit.
    let fighting = event.event_type == EventType::Battles;
    let others = event.recipients.iter().any(|recipient| !is_force(recipient))
        || event.objects.iter().any(|object| {
            !matches!(
                object.class,
                ObjectClass::MilitaryBase
                    | ObjectClass::Weapons
                    | ObjectClass::Hideout
                    | ObjectClass::PoliceStation
            )
        });
    told && (!fighting || others)
}

fn template(event: &Event, mentions: Mentions) -> Option<Template> {
    if !relevant(event) {
        return None;
    }
    let incident_type = incident_type(event)?.to_owned();
    let entity = |all: &[Mention]| -> Entity {
        let all = all.iter().map(|mention| normalise(&mention.text)).filter(|text| !text.is_empty());
        match mentions {
            Mentions::Best => all.take(1).collect(),
            Mentions::All => all.collect(),
        }
    };
    let body = |participant: &&Participant| {
        matches!(participant.kind, ParticipantKind::Organization | ParticipantKind::State)
    };
    let claimed = event
        .claims
        .iter()
        .filter(|claim| matches!(claim.kind, ClaimKind::Claimed | ClaimKind::Blamed))
        .filter_map(|claim| claim.by.as_ref())
        .filter(body);
    // A victim is somebody: a person, a group, a population; a body that is attacked is a target.
    let people = |participant: &&Participant| !body(participant);
    let mut roles: [Vec<Entity>; 5] = [
        event.actors.iter().filter(people).map(|actor| entity(&actor.mentions)).collect(),
        event.actors.iter().filter(body).chain(claimed).map(|actor| entity(&actor.mentions)).collect(),
        event.objects.iter().map(|object| entity(&object.mentions)).collect(),
        event
            .recipients
            .iter()
            .filter(people)
            .filter(|recipient| !event.actors.iter().any(|actor| actor.mentions == recipient.mentions))
            .map(|recipient| entity(&recipient.mentions))
            .collect(),
        event.weapons.iter().map(|weapon| entity(&weapon.mentions)).collect(),
    ];
    for entities in &mut roles {
        entities.retain(|entity| !entity.is_empty());
        entities.sort();
        entities.dedup();
    }
    Some(Template { incident_type, roles })
}
