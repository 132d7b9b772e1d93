/*! Our events as MUC-4 templates.

The MUC-4 task (its codebook: "TST3/4 fill rules", Sundheim 1992) wants terrorist incidents of six
types, with strings from the text. It leaves out what we keep: fighting between armed sides
in which nobody else is hurt, and incidents that are told as background.
The reduced task of the papers keeps of the human targets only those that have a name.
*/

use record::vocabulary::{Completion, EventType, Realis, SubEventType};
use record::{
    ClaimKind, CodedDocument, Effect, Event, Mention, ObjectClass, Participant, ParticipantKind, WeaponClass,
};

use who::Registry;

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
pub fn templates(document: &CodedDocument, mentions: Mentions, registry: &Registry) -> Vec<Template> {
    super::distinct(document.events.iter().filter_map(|event| template(event, mentions, registry)).collect())
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

/// Where a phrase says a name and where it says what somebody is.
struct Phrase<'a> {
    text: text::Text,
    registry: &'a Registry,
}

impl<'a> Phrase<'a> {
    fn new(mention: &str, registry: &'a Registry) -> Self {
        // A line of its own, so that a phrase in lower case is not taken for a headline's rest.
        Self { text: text::Text::new(mention), registry }
    }

    /// The words that are the name of an armed or official body: "members of the FMLN" → "FMLN".
    fn body(&self) -> Option<String> {
        let named = self.registry.find(&self.text, 0..self.text.tokens.len());
        named.first().map(|named| self.text.slice(named.span).to_owned())
    }

    /// What follows the last word for an office or a kind of people: "Governor Antonio Roldan" → "Antonio
    /// Roldan"; the whole phrase where it has no such word and could be a name; none where it ends in one.
    fn person(&self) -> Option<String> {
        let n = self.text.tokens.len();
        let after = self.registry.roles(&self.text, 0..n).last().map_or(0, |role| role.tokens.end);
        let nation = self.registry.nations(&self.text, 0..n).last().map_or(0, |nation| nation.tokens.end);
        let rest = after.max(nation)..n;
        let word = |at: usize| self.text.tokens.get(at).map_or("", |token| self.text.word(token));
        let name = !rest.is_empty()
            && rest
                .clone()
                .all(|at| word(at).chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '\'' | '-')))
            && !rest.clone().any(|at| NOT_IN_NAMES.contains(&word(at).to_lowercase().as_str()));
        name.then(|| self.text.slice(self.text.span_of(rest)).to_owned())
    }
}

/// Words that stand in descriptions and in no name.
const NOT_IN_NAMES: &[&str] = &[
    "a",
    "an",
    "the",
    "of",
    "in",
    "from",
    "at",
    "by",
    "with",
    "who",
    "and",
    "or",
    "his",
    "her",
    "their",
    "its",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "many",
    "several",
    "some",
    "other",
    "others",
    "people",
    "persons",
    "person",
    "casualties",
    "victims",
    "dead",
    "wounded",
    "him",
    "them",
    "he",
    "she",
    "they",
    "it",
    "whom",
    "members",
    "group",
    "body",
    "bodies",
    "most",
    "all",
    "more",
    "least",
    "about",
    "another",
];

/// A phrase without the numbers and pronouns before what it names: "his car", "500 houses".
fn bare(mention: &str) -> String {
    let words = normalise(mention);
    let counts = |word: &str| {
        word.bytes().all(|byte| byte.is_ascii_digit())
            || matches!(
                word,
                "one"
                    | "two"
                    | "three"
                    | "four"
                    | "five"
                    | "six"
                    | "seven"
                    | "eight"
                    | "nine"
                    | "ten"
                    | "several"
                    | "some"
                    | "many"
                    | "his"
                    | "her"
                    | "their"
                    | "its"
                    | "another"
                    | "other"
                    | "this"
                    | "that"
                    | "these"
                    | "those"
                    | "at"
                    | "least"
                    | "about"
            )
    };
    words.split(' ').skip_while(|word| counts(word)).collect::<Vec<_>>().join(" ")
}

fn template(event: &Event, mentions: Mentions, registry: &Registry) -> Option<Template> {
    if !relevant(event) {
        return None;
    }
    let entity = |all: &[Mention], say: &dyn Fn(&str) -> Option<String>| -> Entity {
        let all = all.iter().filter_map(|mention| say(&mention.text)).map(|text| normalise(&text));
        let all = all.filter(|text| !text.is_empty());
        match mentions {
            Mentions::Best => all.take(1).collect(),
            Mentions::All => all.collect(),
        }
    };
    let thing = |mention: &str| Some(bare(mention));
    let body = |mention: &str| Phrase::new(mention, registry).body();
    let person = |mention: &str| Phrase::new(mention, registry).person();
    let is_body = |participant: &Participant| {
        matches!(participant.kind, ParticipantKind::Organization | ParticipantKind::State)
    };
    let claimed = event
        .claims
        .iter()
        .filter(|claim| matches!(claim.kind, ClaimKind::Claimed | ClaimKind::Blamed))
        .filter_map(|claim| claim.by.as_ref());
    // The body in "members of the FMLN", else the whole phrase where it means a body.
    let organisation = |participant: &Participant| {
        let named = entity(&participant.mentions, &body);
        if named.is_empty() && is_body(participant) { entity(&participant.mentions, &thing) } else { named }
    };
    let individuals = |participant: &Participant| {
        // "The FMLN" alone is no individual, "FMLN guerrillas" are.
        let more = participant
            .mentions
            .iter()
            .any(|mention| body(&mention.text).is_none_or(|name| name.len() < bare(&mention.text).len()));
        if is_body(participant) || !more { Entity::new() } else { entity(&participant.mentions, &thing) }
    };
    // In a fight every side is an actor, and the one attacked a recipient besides: that one is no perpetrator.
    let attacked = |actor: &Participant| {
        let first = |who: &Participant| who.mentions.first().map(|mention| mention.start);
        event.recipients.iter().any(|recipient| first(recipient) == first(actor))
    };
    let alone = event.actors.iter().all(attacked);
    let doers = || event.actors.iter().filter(|&actor| alone || !attacked(actor));
    let mut roles: [Vec<Entity>; 5] = [
        doers().map(individuals).collect(),
        doers().chain(claimed).map(organisation).collect(),
        event.objects.iter().map(|object| entity(&object.mentions, &thing)).collect(),
        // The reduced task keeps the names of human targets only.
        event
            .recipients
            .iter()
            .filter(|recipient| recipient.kind == ParticipantKind::Individual)
            .map(|recipient| entity(&recipient.mentions, &person))
            .collect(),
        event.weapons.iter().map(|weapon| entity(&weapon.mentions, &thing)).collect(),
    ];
    for entities in &mut roles {
        entities.retain(|entity| !entity.is_empty());
        entities.sort();
        entities.dedup();
    }
    Some(Template { incident_type: incident_type(event)?.to_owned(), roles })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_pronouns_do_not_name() {
        assert_eq!(bare("His car"), "car");
        assert_eq!(bare("about 500 houses"), "houses");
        assert_eq!(bare("the U.S. Embassy"), "us embassy");
    }

    #[test]
    fn names_and_what_they_are() {
        let countries = crate::tasks::common::countries().unwrap();
        let registry = Registry::new(knowledge::ACTORS, knowledge::ROLES, &countries).unwrap();
        let phrase =
            |text: &str| (Phrase::new(text, &registry).person(), Phrase::new(text, &registry).body());
        assert_eq!(phrase("governor antonio lopez").0.as_deref(), Some("antonio lopez"));
        assert_eq!(phrase("a peasant").0, None);
        assert_eq!(phrase("many people").0, None);
        assert_eq!(phrase("members of the FMLN").1.as_deref(), Some("FMLN"));
    }
}
