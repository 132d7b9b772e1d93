/*! Incidents that grow one report at a time, for a collection that is never linked anew as a whole.

A report that comes in is looked up among the copies, and each story that it tells joins the incident whose stories have the most points
with it on average, as a step of [`crate::cluster`] would, or begins one. Where it shows two incidents to be one, [`Placed::joined`] says so.
What was put together stays together, and a report that came early was compared with fewer: reports that come in the order of
publication are linked nearly as in a batch; the page on linking says how nearly.

Which incident a story belongs to may be decided elsewhere too, by a person or by another program: [`Growing::set_incident`] and
[`Growing::lead`] take that in.
*/

use rustc_hash::FxHashMap;

use crate::batch::{TOLD_APART, is_copy};
use crate::copies::{Copies, Signature};
use crate::index::Index;
use crate::score::{Score, Weights};
use crate::story::{Story, Told};

/// Reports, their stories and the incidents of these.
#[derive(Debug, Clone)]
pub struct Growing {
    weights: Weights,
    index: Index,
    copies: Copies,
    reports: Vec<Report>,
    stories: Vec<Kept>,
    incidents: Vec<Incident>,
}

/// A report: where its stories begin, and what it is a copy by.
#[derive(Debug, Clone)]
struct Report {
    signature: Signature,
    /// Its chief story; the others follow it.
    first: u32,
}

#[derive(Debug, Clone)]
struct Kept {
    story: Story,
    /// The incident that it was put to, whether or not that leads to another by now.
    incident: Option<u32>,
}

#[derive(Debug, Clone, Default)]
struct Incident {
    members: Vec<u32>,
    leads: Option<u32>,
}

/// What one or more stories have with those of an incident.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    points: f32,
    /// How many pairs were compared.
    looked: usize,
    /// As [`Weights::vote`] has them.
    votes: i32,
}

impl Sum {
    fn add(&mut self, more: Self) {
        self.points += more.points;
        self.looked += more.looked;
        self.votes = self.votes.saturating_add(more.votes);
    }
}

/// Where a report belongs.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// The report that it is a copy of, by its number.
    pub copy_of: Option<u32>,
    /// For each of its stories, the chief one first, the incident that is there already. A story of a copy is its original's.
    pub incidents: Vec<Option<Place>>,
    /// Incidents that the report shows to be one: the second is the first.
    pub joined: Vec<(u32, u32)>,
}

/// The incident that a story belongs to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// The incident, by its number.
    pub incident: u32,
    /// The points that it has with the incident's stories, on average.
    pub points: f32,
}

/// Incidents of more stories are not joined by one that comes in: what so many reports tell apart is apart.
const BRIDGED: usize = 32;

/// Numbers are given out up to here: a collection of four thousand million stories would not fit into memory.
fn number(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}

impl Growing {
    /// No stories yet.
    #[must_use]
    pub fn new(weights: Weights) -> Self {
        Self {
            weights,
            index: Index::default(),
            copies: Copies::default(),
            reports: Vec::new(),
            stories: Vec::new(),
            incidents: Vec::new(),
        }
    }

    /// Where a report belongs. Changes nothing.
    #[must_use]
    pub fn place(&self, told: &Told) -> Placed {
        let copy_of = self.copy_of(told);
        // Stories of the report that were placed already, by their incident.
        let mut taken: Vec<u32> = Vec::new();
        let mut incidents = Vec::with_capacity(1 + told.others.len());
        let mut joined = Vec::new();
        let of_original = copy_of
            .and_then(|original| self.reports.get(original as usize))
            .and_then(|original| self.incident_of(original.first));
        for (at, story) in std::iter::once(&told.chief).chain(&told.others).enumerate() {
            let place = match of_original {
                Some(incident) if at == 0 => Some(Place { incident, points: f32::INFINITY }),
                _ => {
                    let places = self.places(story, &taken);
                    joined.extend(self.bridged(&places));
                    places.first().copied()
                }
            };
            taken.extend(place.map(|place| place.incident));
            incidents.push(place);
        }
        Placed { copy_of, incidents, joined }
    }

    /// The earliest report that has the text of this one.
    fn copy_of(&self, told: &Told) -> Option<u32> {
        self.copies.near(&told.signature).into_iter().find(|number| {
            self.reports.get(*number as usize).is_some_and(|report| {
                self.stories
                    .get(report.first as usize)
                    .is_some_and(|chief| is_copy(&report.signature, &chief.story, told))
            })
        })
    }

    /// The incident that a story is of, if it is there already; `taken` are those of the other stories of its report.
    #[must_use]
    pub fn find(&self, story: &Story, taken: &[u32]) -> Option<Place> {
        self.places(story, taken).first().copied()
    }

    /// The incidents that a story may be of, the likeliest first.
    fn places(&self, story: &Story, taken: &[u32]) -> Vec<Place> {
        if story.own_facts().is_empty() {
            return Vec::new();
        }
        let mut places: Vec<Place> = self
            .sums(story)
            .into_iter()
            .filter(|(_, sum)| sum.votes >= 0)
            .map(|(incident, Sum { points, looked, .. })| {
                let all = self.members(incident).len().max(looked);
                let apart = taken.iter().filter(|other| **other == incident).count();
                let sum = points + (all - looked) as f32 * self.weights.unlooked + apart as f32 * TOLD_APART;
                Place { incident, points: sum / (all + apart) as f32 }
            })
            .filter(|place| place.points > self.weights.threshold)
            .collect();
        places.sort_by(|a, b| b.points.total_cmp(&a.points).then(a.incident.cmp(&b.incident)));
        places
    }

    /// What a story has with those of each incident together.
    fn sums(&self, story: &Story) -> FxHashMap<u32, Sum> {
        let mut sums: FxHashMap<u32, Sum> = FxHashMap::default();
        for number in self.index.candidates(story) {
            if let (Some(other), Some(incident)) =
                (self.stories.get(number as usize), self.incident_of(number))
            {
                let points = self.weights.points(story, &other.story);
                let votes = self.weights.vote(story, &other.story, points);
                sums.entry(incident).or_default().add(Sum { points, looked: 1, votes });
            }
        }
        sums
    }

    /// Of the incidents that a story may be of, those that it shows to be one with the likeliest: with its points, the pairs of the two
    /// have more than the threshold on average.
    fn bridged(&self, places: &[Place]) -> Vec<(u32, u32)> {
        let Some((best, others)) = places.split_first() else { return Vec::new() };
        let own = self.members(best.incident);
        if others.is_empty() || own.len() > BRIDGED {
            return Vec::new();
        }
        let mut sums: FxHashMap<u32, Sum> = FxHashMap::default();
        for member in own {
            let Some(kept) = self.stories.get(*member as usize) else { continue };
            for (incident, sum) in self.sums(&kept.story) {
                sums.entry(incident).or_default().add(sum);
            }
        }
        let together = |other: &&Place| {
            let members = self.members(other.incident).len();
            let Sum { points, looked, votes } = sums.get(&other.incident).copied().unwrap_or_default();
            let pairs = (own.len() * members).max(looked);
            let all =
                points + (pairs - looked) as f32 * self.weights.unlooked + other.points * members as f32;
            members <= BRIDGED && votes >= 0 && all / (pairs + members) as f32 > self.weights.threshold
        };
        others.iter().filter(together).map(|other| (best.incident, other.incident)).collect()
    }

    fn has_members(&self, incident: u32) -> bool {
        !self.members(self.resolve(incident)).is_empty()
    }

    fn members(&self, incident: u32) -> &[u32] {
        self.incidents.get(incident as usize).map(|known| known.members.as_slice()).unwrap_or_default()
    }

    /// Of the first stories of an incident, the one that a story has most points with: its report, and what they are for.
    #[must_use]
    pub fn nearest(&self, story: &Story, incident: u32) -> Option<(u32, Score)> {
        let members = self.members(self.resolve(incident)).iter().take(BRIDGED);
        let scored = members.filter_map(|member| {
            let score = self.weights.score(story, &self.stories.get(*member as usize)?.story);
            Some((*member, score))
        });
        let (member, score) = scored.max_by(|a, b| a.1.points.total_cmp(&b.1.points))?;
        // Reports stand in the order of their first stories.
        let report = self.reports.partition_point(|report| report.first <= member).checked_sub(1)?;
        Some((number(report), score))
    }

    /// A new incident, without stories; gives its number.
    pub fn begin(&mut self) -> u32 {
        self.incidents.push(Incident::default());
        number(self.incidents.len() - 1)
    }

    /// Takes a report in, each of its stories with the incident that it belongs to; gives the report's number. A story that belongs to none is kept
    /// only to know copies by, and so is the chief story of a copy in the incident of its original: its words are there.
    pub fn put(&mut self, told: Told, copy_of: Option<u32>, incidents: &[Option<u32>]) -> u32 {
        let report = number(self.reports.len());
        let first = number(self.stories.len());
        if copy_of.is_none() {
            self.copies.insert(report, &told.signature);
        }
        self.reports.push(Report { signature: told.signature, first });
        for (at, story) in std::iter::once(told.chief).chain(told.others).enumerate() {
            let incident = incidents.get(at).copied().flatten();
            let at_number = number(self.stories.len());
            let repeats =
                at == 0 && copy_of.is_some() && incident.is_some_and(|incident| self.has_members(incident));
            let compared = !repeats && !story.own_facts().is_empty();
            if compared {
                self.index.insert(at_number, &story);
            }
            self.stories.push(Kept { story, incident: None });
            if compared {
                self.move_story(at_number, incident);
            } else if let Some(kept) = self.stories.last_mut() {
                kept.incident = incident;
            }
        }
        report
    }

    /// Says where a story of a report belongs from now on: 0 is the chief one.
    pub fn set_incident(&mut self, report: u32, story: usize, incident: Option<u32>) {
        let Some(first) = self.reports.get(report as usize).map(|report| report.first) else { return };
        self.move_story(first.saturating_add(number(story)), incident);
    }

    fn move_story(&mut self, story: u32, incident: Option<u32>) {
        let Some(kept) = self.stories.get_mut(story as usize) else { return };
        let before = std::mem::replace(&mut kept.incident, incident);
        if let Some(before) = before {
            for at in self.way(before) {
                if let Some(known) = self.incidents.get_mut(at as usize) {
                    known.members.retain(|member| *member != story);
                }
            }
        }
        if let Some(incident) = incident.map(|incident| self.resolve(incident))
            && let Some(known) = self.incidents.get_mut(incident as usize)
        {
            known.members.push(story);
        }
    }

    /// Says that an incident is another one from now on, or that it is itself again.
    pub fn lead(&mut self, from: u32, into: Option<u32>) {
        // What would lead in a circle is not followed.
        let into = into.filter(|into| !self.way(*into).contains(&from));
        let Some(incident) = self.incidents.get_mut(from as usize) else { return };
        incident.leads = into;
        // Who belongs where is counted anew for those concerned: the members of both.
        let touched: Vec<u32> = std::iter::once(from)
            .chain(into.map(|into| self.resolve(into)))
            .chain(self.holding(from))
            .collect();
        let mut members: Vec<u32> = Vec::new();
        for at in &touched {
            if let Some(incident) = self.incidents.get_mut(*at as usize) {
                members.append(&mut incident.members);
            }
        }
        members.sort_unstable();
        members.dedup();
        for member in members {
            if let Some(home) = self.incident_of(member)
                && let Some(incident) = self.incidents.get_mut(home as usize)
            {
                incident.members.push(member);
            }
        }
    }

    /// The incidents whose members may be stories that were put to this one.
    fn holding(&self, from: u32) -> Vec<u32> {
        let put_here = |member: &u32| {
            self.stories
                .get(*member as usize)
                .and_then(|kept| kept.incident)
                .is_some_and(|own| self.way(own).contains(&from))
        };
        let holds = |incident: &Incident| incident.members.iter().any(put_here);
        // A merge that is taken back is rare, and a walk over a million incidents takes some milliseconds.
        self.incidents
            .iter()
            .enumerate()
            .filter(|(_, known)| holds(known))
            .map(|(at, _)| number(at))
            .collect()
    }

    /// An incident and those that it leads to, to the end.
    fn way(&self, from: u32) -> Vec<u32> {
        let mut way = vec![from];
        let mut at = from;
        while let Some(next) = self.incidents.get(at as usize).and_then(|incident| incident.leads)
            && !way.contains(&next)
        {
            way.push(next);
            at = next;
        }
        way
    }

    /// The incident that one stands for now.
    #[must_use]
    pub fn resolve(&self, incident: u32) -> u32 {
        self.way(incident).last().copied().unwrap_or(incident)
    }

    fn incident_of(&self, story: u32) -> Option<u32> {
        self.stories.get(story as usize)?.incident.map(|incident| self.resolve(incident))
    }

    /// How many reports there are, how many stories that are compared, and how many incidents.
    #[must_use]
    pub fn size(&self) -> (usize, usize, usize) {
        (self.reports.len(), self.index.len(), self.incidents.len())
    }

    /// The stories that a story would be compared with.
    #[must_use]
    pub fn compared(&self, story: &Story) -> usize {
        self.index.candidates(story).len()
    }
}
