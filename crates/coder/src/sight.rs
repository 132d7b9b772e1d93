/*! Events that the learned reader sees in a sentence, beside those that the lexicon's words tell.

The lexicon knows thousands of words for deeds, and reporters have more: "were riddled with bullets", "opened its gates", "was set
upon with spears". A word of which the learned reader is sure becomes a frame like the others, its parts those that it links to
it. A word of the lexicon that leans on others needs none where the learned reader is sure of it. Whether a thing happened it says only where the
grammar has found nothing that speaks against it. It throws nothing out: what became of people is often told by a word that it holds
to be no event's own, and tolls were lost with it.
*/

use record::vocabulary::{Completion, Realis, SubEventType};

use crate::frame::{Frame, Sentence};
use crate::kind::Kind;
use crate::learned::{COMPLETION, Link, REALIS, Seen};
use crate::lexicon::Class;
use crate::reading::{Parsed, Reading};
use crate::trigger::Trigger;

/// Chance from which a word that the lexicon lacks tells an event; beside words that tell of one already, it must be likelier.
const SEES: f32 = 0.65;
const SEES_BESIDE: f32 = 0.95;
/// Chance from which a leaning word stands by itself.
const STANDS: f32 = 0.7;
/// Chance from which realis and completion are believed: against what the grammar says, and where the grammar knows nothing of it.
const BELIEVED: f32 = 0.85;
const BELIEVED_ALONE: f32 = 0.5;
/// Chance from which a phrase is a part of what a new frame tells.
const PART: f32 = 0.5;

/// Looks over what the rules read in a sentence.
pub(crate) fn look_over(
    reading: &Reading<'_>,
    seen: &Seen<'_>,
    index: usize,
    parsed: &Parsed,
    told: &mut Sentence,
) {
    let unit = &parsed.unit;
    let chance = |word: usize| seen.event(index, unit.first + word);
    // The word meant may be the one beside: "opened *fire*".
    let around = |trigger: &Trigger| {
        let words = trigger.words.start.saturating_sub(1)..(trigger.words.end + 1).min(unit.words.len());
        words.filter_map(chance).map(|(sure, _)| sure).max_by(f32::total_cmp)
    };
    for frame in &mut told.frames {
        let trigger = &told.triggers[frame.trigger];
        if around(trigger).is_some_and(|sure| sure >= STANDS) {
            frame.weak = false;
        }
        judge(seen, index, unit.first + trigger.head, frame, false);
    }
    for word in 0..unit.words.len() {
        let Some((sure, kind)) = chance(word) else { continue };
        let told_of = |trigger: &Trigger| trigger.words.start <= word + 1 && word <= trigger.words.end;
        let beside = !told.frames.is_empty();
        let needed = if beside { SEES_BESIDE } else { SEES };
        if sure < needed || told.frames.iter().any(|frame| told_of(&told.triggers[frame.trigger])) {
            continue;
        }
        let class = if unit.verb_at[word].is_some() { Class::Verb } else { Class::Noun };
        let Some(kind) = kind_of(kind) else { continue };
        told.triggers.push(Trigger {
            words: word..word + 1,
            head: word,
            entry: reading.knowledge.lexicon.unnamed(class),
            kind,
        });
        let mut frame = Frame::of(told.triggers.len() - 1, kind);
        let token = unit.first + word;
        let part = |link: Link| -> Vec<usize> {
            let asking = seen.asking(index, token, link);
            let mut taken: Vec<usize> = Vec::new();
            for (phrase, noun) in unit.phrases.iter().enumerate() {
                // "Reporters of *a newspaper*" are told with the reporters.
                let inside = taken.last().is_some_and(|&before| unit.extended(before).contains(&noun.head));
                if !noun.pronoun
                    && noun.head != word
                    && !inside
                    && seen.answer(&asking, unit.first + noun.head).is_some_and(|sure| sure >= PART)
                {
                    taken.push(phrase);
                }
            }
            taken
        };
        frame.actors = part(Link::Actor);
        frame.recipients = part(Link::Recipient);
        frame.objects = part(Link::Object);
        frame.because = Some(format!("an event as the learned reader sees it, {sure:.2} sure"));
        judge(seen, index, token, &mut frame, true);
        told.frames.push(frame);
    }
}

/// Realis and completion, where nothing was found that speaks against the usual.
///
/// That a deed is told as background only is not believed against the grammar: in reports of trials and of anniversaries the deed of
/// years ago is what is reported, and its dead were lost with it.
fn judge(seen: &Seen<'_>, index: usize, token: usize, frame: &mut Frame, unnamed: bool) {
    let best = |chances: Option<Vec<f32>>| {
        chances?
            .into_iter()
            .enumerate()
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .filter(|(_, sure)| *sure >= if unnamed { BELIEVED_ALONE } else { BELIEVED })
    };
    if frame.realis == Realis::Asserted
        && let Some((at, sure)) = best(seen.realis(index, token))
        && REALIS[at] != Realis::Asserted
        && (REALIS[at] != Realis::Historical || unnamed)
    {
        frame.realis = REALIS[at];
        frame.because = Some(format!("as the learned reader sees it, {sure:.2} sure"));
    }
    if frame.completion == Completion::Accomplished
        && let Some((at, sure)) = best(seen.completion(index, token))
        && COMPLETION[at] != Completion::Accomplished
    {
        frame.completion = COMPLETION[at];
        let because = format!("{} as the learned reader sees it, {sure:.2} sure", COMPLETION[at].as_str());
        frame.because =
            Some(frame.because.take().map_or(because.clone(), |known| format!("{known}; {because}")));
    }
}

/// What a sub-event type is told as; "other" is nothing that can be told further.
fn kind_of(kind: SubEventType) -> Option<Kind> {
    use SubEventType as S;
    Some(match kind {
        S::GovernmentRegainsTerritory | S::NonStateActorOvertakesTerritory => Kind::Capture,
        S::ArmedClash => Kind::Clash,
        S::ChemicalWeapon => Kind::Chemical,
        S::AirDroneStrike => Kind::AirStrike,
        S::SuicideBomb => Kind::SuicideBombing,
        S::ShellingArtilleryMissileAttack => Kind::Shelling,
        S::RemoteExplosiveLandmineIed => Kind::Ied,
        S::Grenade => Kind::Grenade,
        S::SexualViolence => Kind::SexualViolence,
        S::Attack => Kind::Attack,
        S::AbductionForcedDisappearance => Kind::Abduction,
        S::PeacefulProtest => Kind::Protest,
        S::ProtestWithIntervention | S::ExcessiveForceAgainstProtesters => Kind::Dispersal,
        S::ViolentDemonstration | S::MobViolence => Kind::Riot,
        S::Agreement => Kind::Agreement,
        S::Arrests => Kind::Arrest,
        S::ChangeToGroupActivity => Kind::Regroup,
        S::DisruptedWeaponsUse => Kind::WeaponsFound,
        S::HeadquartersOrBaseEstablished => Kind::Base,
        S::LootingPropertyDestruction => Kind::Destruction,
        S::NonViolentTransferOfTerritory => Kind::Withdrawal,
        S::Other => return None,
    })
}
