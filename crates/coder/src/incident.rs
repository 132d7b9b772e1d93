/*! One incident told in several places of a report as if it were several.

Sentence by sentence it may stay open whether a report tells of the same again: the caption of a picture, the first
sentence and the details further down each begin anew. Once all is read, two tellings that name the same figures or
the same persons, and contradict each other neither in day nor in place, are one event.
*/

use record::vocabulary::{Realis, Sector};
use record::{Place, Quantity};

use crate::draft::{Cluster, Draft, RECENT_DRAFTS, Telling, compared, overlapping};
use crate::lexicon::Outcome;
use crate::location;
use crate::person::Person;

/// Where the wounded are brought, which is not where they were wounded.
const CLINICS: &[&str] = &["clinic", "er", "hospital", "icu", "morgue", "trauma"];

/// What a telling says became of people.
#[derive(Default)]
struct Harm {
    /// Exact figures of more than one.
    figures: Vec<(Outcome, u64)>,
    persons: Vec<Person>,
}

impl Telling<'_> {
    /// Puts drafts that tell of one incident together.
    pub(crate) fn unite(&self, drafts: Vec<Draft>) -> Vec<Draft> {
        let mut united: Vec<Draft> = Vec::with_capacity(drafts.len());
        for later in drafts {
            let from = united.len().saturating_sub(RECENT_DRAFTS);
            let last = (from..united.len()).rev().find(|&earlier| united[earlier].kind.is_violent());
            let told = (from..united.len())
                .rev()
                .find(|&earlier| self.one_incident(&united[earlier], &later, Some(earlier) == last));
            let Some(earlier) = told else {
                united.push(later);
                continue;
            };
            let draft = &mut united[earlier];
            if later.kind.weight() > draft.kind.weight() || draft.kind.is_result() {
                draft.kind = later.kind;
            }
            draft.clusters.extend(later.clusters);
        }
        for draft in &mut united {
            draft.clusters.sort_by_key(|cluster| cluster.sentence);
        }
        united
    }

    fn harm(&self, draft: &Draft) -> Harm {
        let mut harm = Harm::default();
        for cluster in compared(draft) {
            let parsed = self.parsed(cluster.sentence);
            for &index in &cluster.casualties {
                let casualty = &self.sentences[cluster.sentence].casualties[index];
                if casualty.negated || !matches!(casualty.outcome, Outcome::Killed | Outcome::Injured) {
                    continue;
                }
                match casualty.phrase {
                    Some(phrase) if casualty.quantity == Quantity::exact(1) => {
                        harm.persons.push(Person::of(self.reading, parsed, phrase));
                    }
                    _ => {
                        let exact = casualty.quantity.figure().filter(|&n| n > 1 && !casualty.quantity.vague);
                        harm.figures.extend(exact.map(|n| (casualty.outcome, n)));
                    }
                }
            }
        }
        harm
    }

    fn one_incident(&self, earlier: &Draft, later: &Draft, last: bool) -> bool {
        let (Some(first), Some(second)) = (earlier.clusters.first(), later.clusters.first()) else {
            return false;
        };
        let (a, b) = (self.main(first), self.main(second));
        let violent = |draft: &Draft| draft.kind.is_violent();
        if !violent(earlier)
            || !violent(later)
            || !earlier.kind.agrees(later.kind)
            || a.realis != Realis::Asserted
            || b.realis != Realis::Asserted
            || a.completion != b.completion
            || b.other && !b.definite
            || self.state_forces_fight(earlier) != self.state_forces_fight(later)
            || self.compare_actors(earlier, second) == Some(false)
        {
            return false;
        }
        // The sentence itself keeps them apart.
        let shared = |one: &Cluster| compared(earlier).any(|other| other.sentence == one.sentence);
        if compared(later).any(shared)
            || self.dated_apart(earlier, later)
            || self.placed_apart(earlier, later)
            // What the report sums up is told apart from the sum.
            || later.clusters.first().is_some_and(|first| self.is_part_of(earlier, first))
        {
            return false;
        }
        let (old, new) = (self.harm(earlier), self.harm(later));
        let figures = new.figures.iter().any(|figure| old.figures.contains(figure));
        let larger = new.figures.iter().any(|&(outcome, n)| {
            let most = old.figures.iter().filter(|told| told.0 == outcome).map(|told| told.1).max();
            most.is_some_and(|most| n > most)
        });
        let known = |person: &Person| old.persons.iter().any(|told| told.is(person));
        let alike = |person: &Person| {
            old.persons.iter().any(|told| !told.differs(person) && told.likeness(person) > 1)
        };
        let persons = new.persons.iter().any(known)
            || !new.persons.is_empty()
                && new.persons.iter().all(alike)
                && compared(later).all(|cluster| self.days(cluster).is_none() || cluster.places.is_empty());
        // What names neither day nor place is told of where the report is.
        let unplaced = last
            && !self.state_forces_fight(later)
            && compared(later).all(|c| self.days(c).is_none() && c.places.is_empty());
        (figures || persons || unplaced) && !larger
    }

    /// Whether the sides are a state's forces: their operations are told one after the other in the same words.
    fn state_forces_fight(&self, draft: &Draft) -> bool {
        compared(draft).any(|cluster| {
            let parsed = self.parsed(cluster.sentence);
            cluster.frames.iter().flat_map(|&frame| self.frame(cluster, frame).actors.iter()).any(|&actor| {
                self.reading
                    .describe(parsed, actor)
                    .is_some_and(|who| who.sector.is_some_and(Sector::is_state_force))
            })
        })
    }

    fn dated_apart(&self, earlier: &Draft, later: &Draft) -> bool {
        let days = |draft: &Draft| -> Vec<_> {
            compared(draft)
                .filter(|cluster| !self.main(cluster).kind.is_result())
                .filter_map(|cluster| self.days(cluster))
                .collect()
        };
        let (a, b) = (days(earlier), days(later));
        b.iter().any(|&b| a.iter().any(|&a| !overlapping(Some(a), Some(b))))
    }

    fn placed_apart(&self, earlier: &Draft, later: &Draft) -> bool {
        let places = |draft| -> Vec<&Place> {
            compared(draft)
                .filter(|cluster| !self.in_clinic(cluster))
                .flat_map(|cluster| self.places(cluster))
                .collect()
        };
        let (a, b) = (places(earlier), places(later));
        !a.is_empty() && !b.is_empty() && b.iter().all(|b| a.iter().all(|a| location::apart(a, b)))
    }

    /// "He died at a hospital in X".
    pub(crate) fn in_clinic(&self, cluster: &Cluster) -> bool {
        let unit = self.unit(cluster.sentence);
        self.main(cluster).kind.is_result()
            && (0..unit.words.len())
                .any(|at| CLINICS.contains(&unit.lemma(at)) || unit.lemma(at) == "medical")
    }
}
