/*! Whether the figures of a sentence speak for or against its telling of an event told before. */

use record::Quantity;
use record::vocabulary::Sector;

use crate::draft::{Cluster, Draft, Telling, compared};
use crate::lexicon::Outcome;
use crate::side::is_bare;

/// On which side of a fight people stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Camp {
    State,
    Armed,
    Unarmed,
}

impl Camp {
    fn of(sector: Sector) -> Option<Self> {
        match sector {
            Sector::Unknown | Sector::Prisoner => None,
            sector if sector.is_state_force() => Some(Self::State),
            sector if sector.is_armed() => Some(Self::Armed),
            _ => Some(Self::Unarmed),
        }
    }
}

impl Telling<'_> {
    /// The exact figures of a cluster that stand by themselves, with the side that those counted are on; those who were
    /// only said to be hit, or all others.
    fn figures(&self, cluster: &Cluster, hit: bool) -> Vec<(Outcome, u64, Option<Camp>)> {
        let parsed = self.parsed(cluster.sentence);
        // "Forces capture commander": a headline names one and leaves out the others.
        let title = self.in_title(cluster);
        let named = |phrase: usize| parsed.unit.phrases[phrase].number.is_none();
        cluster
            .casualties
            .iter()
            .map(|&index| &self.sentences[cluster.sentence].casualties[index])
            .filter(|casualty| !title || !casualty.phrase.is_some_and(named))
            .filter(|casualty| casualty.part_of.is_none() && !casualty.toll && !casualty.quantity.vague)
            .filter(|casualty| casualty.at_least_hurt == hit)
            .filter_map(|casualty| {
                let who = casualty
                    .phrase
                    .filter(|&phrase| !is_bare(parsed, phrase))
                    .and_then(|phrase| self.reading.describe(parsed, phrase));
                let camp = who.and_then(|who| who.sector).and_then(Camp::of);
                Some((casualty.outcome, casualty.quantity.figure()?, camp))
            })
            .collect()
    }

    /// Whether the figures of a cluster are those of an event, and whether they cannot be: figures of two sides,
    /// the attackers and the attacked, never speak against each other.
    pub(crate) fn compare_counts(&self, draft: &Draft, cluster: &Cluster) -> (bool, bool) {
        let mine = |c: &Cluster| self.figures(c, false);
        // "Four people were shot": those dead and wounded together, told of in another way.
        let hit = |c: &Cluster| -> u64 { self.figures(c, true).iter().map(|count| count.1).sum() };
        let harmed = |list: &[(Outcome, u64, Option<Camp>)]| -> u64 {
            let counts = list.iter().filter(|c| matches!(c.0, Outcome::Killed | Outcome::Injured));
            counts.map(|count| count.1).sum()
        };
        let new = mine(cluster);
        let old: Vec<(Outcome, u64, Option<Camp>)> = compared(draft).flat_map(mine).collect();
        let fits = |a: Option<Camp>, b: Option<Camp>| a.is_none() || b.is_none() || a == b;
        let shot = hit(cluster);
        let all = shot > 1 && (shot == harmed(&old) || compared(draft).any(|c| hit(c) == shot))
            || harmed(&new) > 1 && compared(draft).any(|c| hit(c) == harmed(&new));
        let same = all
            || new.iter().any(|count| {
                count.1 > 1 && old.iter().any(|o| o.0 == count.0 && o.1 == count.1 && fits(o.2, count.2))
            });
        // A larger figure told later, apart from a running toll, is of another event.
        let different = !same
            && !self.also(cluster)
            && !self.both(cluster)
            && new.iter().any(|&(outcome, _, camp)| {
                let relevant = matches!(
                    outcome,
                    Outcome::Killed | Outcome::Injured | Outcome::Abducted | Outcome::Arrested
                );
                let of = |list: &[(Outcome, u64, Option<Camp>)], camp: Option<Camp>| -> u64 {
                    list.iter().filter(|c| c.0 == outcome && fits(c.2, camp)).map(|c| c.1).sum()
                };
                let (a, b) = (of(&old, camp), of(&new, camp));
                relevant && a > 0 && b > 1 && b > a
            });
        (same, different)
    }

    /// "The boy was taken to hospital", "the two men": somebody harmed or taken is told of as known, after as many were.
    pub(crate) fn same_people(&self, draft: &Draft, cluster: &Cluster) -> bool {
        let harm = |outcome: Outcome| {
            matches!(outcome, Outcome::Killed | Outcome::Injured | Outcome::KilledOrInjured)
        };
        let counts = |c: &Cluster| -> Vec<(bool, Option<u64>, bool)> {
            let unit = self.unit(c.sentence);
            c.casualties
                .iter()
                .map(|&index| &self.sentences[c.sentence].casualties[index])
                .filter(|casualty| harm(casualty.outcome) || casualty.outcome == Outcome::Arrested)
                .map(|casualty| {
                    let known = casualty.phrase.is_some_and(|phrase| {
                        matches!(
                            unit.lower(unit.phrases[phrase].words.start),
                            "the"
                                | "this"
                                | "that"
                                | "these"
                                | "those"
                                | "both"
                                | "he"
                                | "she"
                                | "him"
                                | "her"
                        )
                    });
                    (harm(casualty.outcome), casualty.quantity.figure(), known)
                })
                .collect()
        };
        let old: Vec<_> = compared(draft).flat_map(counts).collect();
        let new = counts(cluster);
        new.iter().any(|new| new.2 && old.iter().any(|old| old.0 == new.0 && old.1 >= new.1))
            || self.both(cluster) && new.iter().any(|new| old.iter().any(|old| old.0 == new.0))
    }

    /// "Both men were detained": two told of before, one by one.
    fn both(&self, cluster: &Cluster) -> bool {
        let unit = self.unit(cluster.sentence);
        let casualties = &self.sentences[cluster.sentence].casualties;
        let phrases = cluster.casualties.iter().filter_map(|&index| casualties[index].phrase);
        phrases.into_iter().any(|phrase| unit.lower(unit.phrases[phrase].words.start) == "both")
    }

    /// "Nine militants were also killed": the sentence adds to what was told before.
    fn also(&self, cluster: &Cluster) -> bool {
        let unit = self.unit(cluster.sentence);
        let told = &self.sentences[cluster.sentence];
        let verbs = cluster
            .casualties
            .iter()
            .filter_map(|&index| unit.verb_at[told.triggers[told.casualties[index].trigger].head]);
        verbs.into_iter().any(|verb| unit.verbs[verb].words.clone().any(|at| unit.lower(at) == "also"))
    }

    /// Whether a sentence without a day and a place says of those told of before ("the force", "they") that they did
    /// to as many what they were told to have done: "several" can be "several" or "four".
    pub(crate) fn tells_again(&self, draft: &Draft, cluster: &Cluster) -> bool {
        let unit = self.unit(cluster.sentence);
        let main = self.main(cluster);
        let known = main.actors.first().is_none_or(|&actor| {
            let first = unit.phrases[actor].words.start;
            matches!(unit.lower(first), "the" | "these" | "those" | "this" | "they" | "it" | "he" | "both")
        });
        let counts = |c: &Cluster| -> Vec<(Outcome, Quantity)> {
            let told = &self.sentences[c.sentence].casualties;
            c.casualties.iter().map(|&index| (told[index].outcome, told[index].quantity)).collect()
        };
        let as_many = |a: Quantity, b: Quantity| {
            let open =
                |vague: Quantity, other: Quantity| vague.vague && vague.low <= other.best.or(other.low);
            a == b || open(a, b) || open(b, a)
        };
        // One man killed in one place is not yet the one killed in another.
        let parsed = self.parsed(cluster.sentence);
        let telling = cluster.casualties.iter().all(|&index| {
            let casualty = &self.sentences[cluster.sentence].casualties[index];
            let who = || self.reading.describe(parsed, casualty.phrase?)?.sector;
            casualty.quantity.figure() != Some(1)
                || casualty.outcome == Outcome::Arrested
                || who().is_some_and(Sector::is_armed)
        });
        let (old, new): (Vec<_>, _) = (compared(draft).flat_map(counts).collect(), counts(cluster));
        let told = |what: Outcome, n: Quantity| {
            old.iter().any(|&(outcome, known)| what == outcome && as_many(n, known))
        };
        known && telling && !new.is_empty() && new.iter().all(|&(what, n)| told(what, n))
    }
}
