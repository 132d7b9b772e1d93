/*! Incidents that grow one report at a time, for a collection that is never linked anew as a whole.

A report that comes in is looked up among the copies, and each story that it tells joins the incident whose stories have the most points
with it on average, as a step of [`crate::cluster`] would, or begins one. Where it shows two incidents to be one, [`Placed::joined`] says so.
What was put together stays together, and a report that came early was compared with fewer: reports that come in the order of
publication are linked nearly as in a batch; the page on linking says how nearly.

What the reports tell is not held here, only where it is found: by which keys, and in which incident. Who asks gives it again for the few that are looked at
([`Recall`]), so that a collection of millions needs no more memory than its keys do.

Which incident a story belongs to may be decided elsewhere too, by a person or by another program: [`Growing::set_incident`] and
[`Growing::lead`] take that in.
*/

use std::convert::Infallible;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::batch::{TOLD_APART, is_copy};
use crate::copies::Copies;
use crate::index::Index;
use crate::score::{Score, Weights};
use crate::story::{Story, Told};

/// What reports tell, by their numbers, for as long as it is looked at.
pub trait Recall {
    /// Why it cannot be said.
    type Error;

    /// What these reports tell, in the order of the question; `None` for a report that cannot be read any more, which nothing is compared with.
    ///
    /// # Errors
    /// Where it cannot be said: nothing is decided then.
    fn recall(&mut self, reports: &[u32]) -> Result<Vec<Option<Arc<Told>>>, Self::Error>;
}

/// All in memory.
impl Recall for Vec<Arc<Told>> {
    type Error = Infallible;

    fn recall(&mut self, reports: &[u32]) -> Result<Vec<Option<Arc<Told>>>, Infallible> {
        Ok(reports.iter().map(|report| self.get(*report as usize).cloned()).collect())
    }
}

/// Which stories there are, by what they are found, and the incidents of these.
#[derive(Debug, Clone)]
pub struct Growing {
    weights: Weights,
    index: Index,
    copies: Copies,
    /// The chief story of each report; the others follow it.
    reports: Vec<u32>,
    stories: Vec<Kept>,
    incidents: Vec<Incident>,
}

#[derive(Debug, Clone, Copy)]
struct Kept {
    report: u32,
    /// The incident that it was put to, whether or not that leads to another by now; [`NOWHERE`] where it was put to none.
    incident: u32,
}

/// No incident has this number.
const NOWHERE: u32 = u32::MAX;

impl Kept {
    fn incident(self) -> Option<u32> {
        Some(self.incident).filter(|incident| *incident != NOWHERE)
    }
}

/// Stories with their numbers, each in what its report tells.
type Recalled = Vec<(u32, Arc<Told>, usize)>;

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

/// Texts that may be the original of a copy are looked at so many at a time: mostly there is one.
const LOOK: usize = 16;

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
    ///
    /// # Errors
    /// Where what other reports tell cannot be said.
    pub fn place<R: Recall>(&self, told: &Told, recall: &mut R) -> Result<Placed, R::Error> {
        let copy_of = self.copy_of(told, recall)?;
        // Stories of the report that were placed already, by their incident.
        let mut taken: Vec<u32> = Vec::new();
        let mut incidents = Vec::with_capacity(1 + told.others.len());
        let mut joined = Vec::new();
        let of_original = copy_of
            .and_then(|original| self.reports.get(original as usize))
            .and_then(|chief| self.incident_of(*chief));
        for (at, story) in told.stories().enumerate() {
            let place = match of_original {
                Some(incident) if at == 0 => Some(Place { incident, points: f32::INFINITY }),
                _ => {
                    let places = self.places(story, &taken, recall)?;
                    joined.extend(self.bridged(&places, recall)?);
                    places.first().copied()
                }
            };
            taken.extend(place.map(|place| place.incident));
            incidents.push(place);
        }
        Ok(Placed { copy_of, incidents, joined })
    }

    /// The earliest report that has the text of this one.
    fn copy_of<R: Recall>(&self, told: &Told, recall: &mut R) -> Result<Option<u32>, R::Error> {
        for near in self.copies.near(&told.signature).chunks(LOOK) {
            let known = recall.recall(near)?;
            let same = |original: &Option<Arc<Told>>| {
                original.as_ref().is_some_and(|original| is_copy(&original.signature, &original.chief, told))
            };
            if let Some((number, _)) = near.iter().zip(&known).find(|(_, original)| same(original)) {
                return Ok(Some(*number));
            }
        }
        Ok(None)
    }

    /// The incident that a story is of, if it is there already; `taken` are those of the other stories of its report.
    ///
    /// # Errors
    /// Where what other reports tell cannot be said.
    pub fn find<R: Recall>(
        &self,
        story: &Story,
        taken: &[u32],
        recall: &mut R,
    ) -> Result<Option<Place>, R::Error> {
        Ok(self.places(story, taken, recall)?.first().copied())
    }

    /// Stories by their numbers, ascending or not; those that cannot be read any more are left out.
    fn recalled<R: Recall>(
        &self,
        numbers: impl Iterator<Item = u32>,
        recall: &mut R,
    ) -> Result<Recalled, R::Error> {
        // Stories of one report mostly follow each other.
        let (mut stories, mut reports): (Vec<(u32, usize)>, Vec<u32>) = (Vec::new(), Vec::new());
        for number in numbers {
            let Some(kept) = self.stories.get(number as usize) else { continue };
            if reports.last() != Some(&kept.report) {
                reports.push(kept.report);
            }
            stories.push((number, reports.len() - 1));
        }
        let told = recall.recall(&reports)?;
        let of = |(number, at): (u32, usize)| {
            let first = self.reports.get(*reports.get(at)? as usize)?;
            Some((number, told.get(at)?.clone()?, number.checked_sub(*first)? as usize))
        };
        Ok(stories.into_iter().filter_map(of).collect())
    }

    /// The incidents that a story may be of, the likeliest first.
    fn places<R: Recall>(
        &self,
        story: &Story,
        taken: &[u32],
        recall: &mut R,
    ) -> Result<Vec<Place>, R::Error> {
        if story.own_facts().is_empty() {
            return Ok(Vec::new());
        }
        let mut places: Vec<Place> = self
            .sums(story, recall)?
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
        Ok(places)
    }

    /// What a story has with those of each incident together.
    fn sums<R: Recall>(&self, story: &Story, recall: &mut R) -> Result<FxHashMap<u32, Sum>, R::Error> {
        let mut sums: FxHashMap<u32, Sum> = FxHashMap::default();
        let numbers = self.index.candidates(story).into_iter();
        let placed = numbers.filter(|number| self.incident_of(*number).is_some());
        for (number, told, at) in self.recalled(placed, recall)? {
            if let (Some(other), Some(incident)) = (told.story(at), self.incident_of(number)) {
                let points = self.weights.points(story, other);
                let votes = self.weights.vote(story, other, points);
                sums.entry(incident).or_default().add(Sum { points, looked: 1, votes });
            }
        }
        Ok(sums)
    }

    /// Of the incidents that a story may be of, those that it shows to be one with the likeliest: with its points, the pairs of the two
    /// have more than the threshold on average.
    fn bridged<R: Recall>(&self, places: &[Place], recall: &mut R) -> Result<Vec<(u32, u32)>, R::Error> {
        let Some((best, others)) = places.split_first() else { return Ok(Vec::new()) };
        let own = self.members(best.incident);
        if others.is_empty() || own.len() > BRIDGED {
            return Ok(Vec::new());
        }
        let mut sums: FxHashMap<u32, Sum> = FxHashMap::default();
        for (_, told, at) in self.recalled(own.iter().copied(), recall)? {
            let Some(story) = told.story(at) else { continue };
            for (incident, sum) in self.sums(story, recall)? {
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
        Ok(others.iter().filter(together).map(|other| (best.incident, other.incident)).collect())
    }

    fn has_members(&self, incident: u32) -> bool {
        !self.members(self.resolve(incident)).is_empty()
    }

    fn members(&self, incident: u32) -> &[u32] {
        self.incidents.get(incident as usize).map(|known| known.members.as_slice()).unwrap_or_default()
    }

    /// Of the first stories of an incident, the one that a story has most points with: its report, and what they are for.
    ///
    /// # Errors
    /// Where what other reports tell cannot be said.
    pub fn nearest<R: Recall>(
        &self,
        story: &Story,
        incident: u32,
        recall: &mut R,
    ) -> Result<Option<(u32, Score)>, R::Error> {
        let members = self.members(self.resolve(incident)).iter().take(BRIDGED).copied();
        let recalled = self.recalled(members, recall)?;
        let scored = recalled.iter().filter_map(|(number, told, at)| {
            let report = self.stories.get(*number as usize)?.report;
            Some((report, self.weights.score(story, told.story(*at)?)))
        });
        Ok(scored.max_by(|a, b| a.1.points.total_cmp(&b.1.points)))
    }

    /// A new incident, without stories; gives its number.
    pub fn begin(&mut self) -> u32 {
        self.incidents.push(Incident::default());
        number(self.incidents.len() - 1)
    }

    /// Takes a report in, each of its stories with the incident that it belongs to; gives the report's number. A story that belongs to none is kept
    /// only to know copies by, and so is the chief story of a copy in the incident of its original: its words are there.
    pub fn put(&mut self, told: &Told, copy_of: Option<u32>, incidents: &[Option<u32>]) -> u32 {
        let report = number(self.reports.len());
        if copy_of.is_none() {
            self.copies.insert(report, &told.signature);
        }
        self.reports.push(number(self.stories.len()));
        for (at, story) in told.stories().enumerate() {
            let incident = incidents.get(at).copied().flatten();
            let at_number = number(self.stories.len());
            let repeats =
                at == 0 && copy_of.is_some() && incident.is_some_and(|incident| self.has_members(incident));
            self.stories.push(Kept { report, incident: NOWHERE });
            if !repeats && !story.own_facts().is_empty() {
                self.index.insert(at_number, story);
                self.move_story(at_number, incident);
            } else if let Some(kept) = self.stories.last_mut() {
                kept.incident = incident.unwrap_or(NOWHERE);
            }
        }
        report
    }

    /// Says where a story of a report belongs from now on: 0 is the chief one.
    pub fn set_incident(&mut self, report: u32, story: usize, incident: Option<u32>) {
        let Some(first) = self.reports.get(report as usize) else { return };
        self.move_story(first.saturating_add(number(story)), incident);
    }

    fn move_story(&mut self, story: u32, incident: Option<u32>) {
        let Some(kept) = self.stories.get_mut(story as usize) else { return };
        let before = std::mem::replace(kept, Kept { incident: incident.unwrap_or(NOWHERE), ..*kept });
        if let Some(before) = before.incident() {
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
                .and_then(|kept| kept.incident())
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
        self.stories.get(story as usize)?.incident().map(|incident| self.resolve(incident))
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
