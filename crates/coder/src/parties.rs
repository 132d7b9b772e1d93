/*! Who stands on which side of an event, as its frames tell it: those who did it, those who suffered it, and those who
only ended it.
*/

use record::vocabulary::{Realis, Sector};
use record::{Certainty, Participant, ParticipantKind};
use text::Span;

use crate::assemble::Proof;
use crate::classify;
use crate::draft::{Cluster, Draft, Telling};
use crate::frame::Frame;
use crate::kind::Kind;
use crate::people::Who;
use crate::side::{attackers, merge, same_side};

fn of_state(who: &Who) -> bool {
    who.sector.is_some_and(Sector::is_state_force)
}

impl Telling<'_> {
    /// Fills both sides of an event from its frames.
    pub(crate) fn participants(
        &self,
        draft: &Draft,
        actors: &mut Vec<Participant>,
        recipients: &mut Vec<Participant>,
        proof: &mut Proof,
    ) {
        let reading = self.reading;
        let told_below = draft.clusters.iter().any(|cluster| {
            !self.in_title(cluster)
                && cluster.frames.iter().any(|&frame| !self.frame(cluster, frame).recipients.is_empty())
        });
        let attacked = self.others_attacked(draft);
        for cluster in &draft.clusters {
            let parsed = self.parsed(cluster.sentence);
            let unit = &parsed.unit;
            for &index in &cluster.frames {
                let frame = self.frame(cluster, index);
                // "Police shot the attacker": who ends an attack on others is no side of it.
                if attacked && self.stops_attackers(cluster, frame) || self.ends_attack(cluster, frame) {
                    continue;
                }
                for &phrase in &frame.actors {
                    if self.suffers_only(cluster, frame, phrase) {
                        continue;
                    }
                    if let Some(who) = reading.participant(parsed, phrase) {
                        proof.add(unit.span(&unit.phrases[phrase].words), "actors");
                        merge(actors, who);
                    }
                }
                for words in &frame.actor_words {
                    if let Some(mut who) = reading.participant_of_words(parsed, words) {
                        // "Russian drones": whose weapons of war they are, their country says.
                        let people = who.kind == record::ParticipantKind::Population
                            && who.sector == Some(Sector::Civilian);
                        if (who.sector.is_none() || who.sector == Some(Sector::Government) || people)
                            && who.actor_id.is_none()
                            && let Some(country) = who
                                .country
                                .as_deref()
                                .and_then(|iso3| reading.knowledge.countries.by_iso3(iso3))
                        {
                            who.sector = Some(Sector::Military);
                            who.kind = record::ParticipantKind::Organization;
                            who.inter_code = Some(record::vocabulary::InterCode::StateForces);
                            who.name = Some(format!("Military Forces of {}", country.after_of()));
                            who.certainty = Certainty::Inferred;
                        }
                        proof.add(unit.span(words), "actors");
                        merge(actors, who);
                    }
                }
            }
            for &index in &cluster.frames {
                let frame = self.frame(cluster, index);
                if attacked && self.stops_attackers(cluster, frame) || self.ends_attack(cluster, frame) {
                    continue;
                }
                for &phrase in &frame.recipients {
                    let who = reading.participant(parsed, phrase);
                    if let Some(mut who) = who.or_else(|| reading.person_by_name(parsed, phrase)) {
                        reading.name_beside(parsed, phrase, &mut who);
                        // "Villagers and peacekeepers attacked": a headline sums up several events, and says
                        // of the unnamed nothing that the text below does not say better.
                        if who.actor_id.is_none() && told_below && self.in_title(cluster) {
                            continue;
                        }
                        // Those of a side's own dead are no recipients: "ten of the attackers were killed".
                        if actors.iter().any(|actor| {
                            same_side(actor, &who) && (who.actor_id.is_some() || classify::is_armed(&who))
                        }) {
                            continue;
                        }
                        // "Two soldiers and three bombers were killed": the bombers are none of the attacked.
                        if actors.is_empty() && attackers(unit, phrase) {
                            proof.add(unit.span(&unit.phrases[phrase].words), "actors");
                            merge(actors, who);
                            continue;
                        }
                        proof.add(unit.span(&unit.phrases[phrase].words), "recipients");
                        merge(recipients, who);
                    }
                }
                for words in &frame.recipient_words {
                    if let Some(who) = reading.participant_of_words(parsed, words) {
                        proof.add(unit.span(words), "recipients");
                        merge(recipients, who);
                    }
                }
            }
        }
    }

    /// "Two guards were killed due to shelling": whom the sentence says to have been harmed, it does not say to have
    /// done what a noun tells of, but for a fight, and for those whom their own bomb killed.
    fn suffers_only(&self, cluster: &Cluster, frame: &Frame, phrase: usize) -> bool {
        let told = &self.sentences[cluster.sentence];
        let unit = &self.parsed(cluster.sentence).unit;
        let noun = unit.verb_at[told.triggers[frame.trigger].head].is_none();
        noun && !matches!(frame.kind, Kind::Clash | Kind::SuicideBombing)
            && told.frames.iter().any(|other| {
                matches!(other.kind, Kind::Killing | Kind::Death | Kind::Injury)
                    && other.recipients.contains(&phrase)
                    && !other.actors.contains(&phrase)
            })
    }

    /// Those whom some phrases of a cluster describe.
    fn described(&self, cluster: &Cluster, phrases: &[usize]) -> Vec<Who> {
        let parsed = self.parsed(cluster.sentence);
        phrases.iter().filter_map(|&phrase| self.reading.describe(parsed, phrase)).collect()
    }

    /// "The army said that air strikes had killed 34 bandits": whose strikes they were.
    pub(crate) fn striker(&self, draft: &Draft, recipients: &[Participant]) -> Option<(Participant, Span)> {
        let rebels = |who: &Participant| {
            who.sector.is_some_and(|sector| sector.is_armed() && !sector.is_state_force())
        };
        if !matches!(draft.kind, Kind::AirStrike | Kind::DroneStrike | Kind::Shelling)
            || recipients.is_empty()
            || !recipients.iter().all(rebels)
        {
            return None;
        }
        let cluster = draft.clusters.first()?;
        let told = &self.sentences[cluster.sentence];
        let word = told.triggers[self.main(cluster).trigger].head;
        let speaker = self.attribution.reported_by(told.index, word)?;
        let forces = speaker.sector == Some(Sector::Military) && speaker.kind != ParticipantKind::Individual;
        let span = self.reading.text.sentences[told.index].span;
        forces.then(|| (Participant { certainty: Certainty::Inferred, ..speaker.clone() }, span))
    }

    /// Whether an event is told as the doing of people who are no state's forces.
    fn others_attacked(&self, draft: &Draft) -> bool {
        draft.clusters.iter().any(|cluster| {
            cluster.frames.iter().map(|&index| self.frame(cluster, index)).any(|frame| {
                let by = self.described(cluster, &frame.actors);
                frame.kind.is_violent()
                    && frame.realis == Realis::Asserted
                    && !by.is_empty()
                    && !by.iter().any(of_state)
            })
        })
    }

    /// Whether a frame tells how forces of a state stopped armed people.
    fn stops_attackers(&self, cluster: &Cluster, frame: &Frame) -> bool {
        let armed = |who: &Who| who.sector.is_some_and(Sector::is_armed) && !of_state(who);
        // "Police used tear gas" on those who stormed a building.
        if frame.kind == Kind::Dispersal && !frame.actors.is_empty() {
            return self.described(cluster, &frame.actors).iter().all(of_state);
        }
        let (by, whom) = (self.described(cluster, &frame.actors), self.described(cluster, &frame.recipients));
        !by.is_empty() && by.iter().all(of_state) && !whom.is_empty() && whom.iter().all(armed)
    }

    /// "A man stabbed eight people before a passer-by shot him dead": who ends it is no side of it either.
    fn ends_attack(&self, cluster: &Cluster, frame: &Frame) -> bool {
        let others = || cluster.frames.iter().map(|&index| self.frame(cluster, index));
        matches!(frame.kind, Kind::Killing | Kind::Shooting)
            && !frame.actors.is_empty()
            && !frame.recipients.is_empty()
            && frame.recipients.iter().all(|phrase| {
                others().any(|other| {
                    other.trigger < frame.trigger
                        && other.kind.is_violent()
                        && other.kind != Kind::Clash
                        && other.actors.contains(phrase)
                })
            })
    }
}
