/*! Incidents that grow one report at a time, for a collection that is never linked anew as a whole.

A story that comes in joins the incident whose stories have the most points with it on average, as a step of [`crate::cluster`] would, or
begins one. What was decided stays: unlike in a batch, two incidents are not joined by a later report, and a report that came early was
compared with fewer. Linked in the order of publication the two differ where a later report would have been the bridge.
*/

use rustc_hash::FxHashMap;

use crate::index::Index;
use crate::score::Weights;
use crate::story::Story;

/// Stories with their incidents.
#[derive(Debug, Clone)]
pub struct Growing {
    weights: Weights,
    index: Index,
    stories: Vec<Story>,
    incident_of: Vec<u32>,
    members: Vec<Vec<u32>>,
}

/// Where a story belongs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// The incident, by its number.
    pub incident: u32,
    /// The points that it has with the incident's stories, on average.
    pub points: f32,
}

impl Growing {
    /// No stories yet.
    #[must_use]
    pub fn new(weights: Weights) -> Self {
        Self {
            weights,
            index: Index::default(),
            stories: Vec::new(),
            incident_of: Vec::new(),
            members: Vec::new(),
        }
    }

    /// The incident that a story is of, if it is there already. Changes nothing.
    #[must_use]
    pub fn find(&self, story: &Story) -> Option<Place> {
        let mut sums: FxHashMap<u32, (f32, usize)> = FxHashMap::default();
        for number in self.index.candidates(story) {
            let number = number as usize;
            if let (Some(other), Some(incident)) = (self.stories.get(number), self.incident_of.get(number)) {
                let entry = sums.entry(*incident).or_default();
                entry.0 += self.weights.points(story, other);
                entry.1 += 1;
            }
        }
        let places = sums.into_iter().map(|(incident, (sum, looked))| {
            let all = self.members.get(incident as usize).map_or(looked, Vec::len).max(looked);
            Place { incident, points: (sum + (all - looked) as f32 * self.weights.unlooked) / all as f32 }
        });
        places
            .filter(|place| place.points > self.weights.threshold)
            .max_by(|a, b| a.points.total_cmp(&b.points).then(b.incident.cmp(&a.incident)))
    }

    /// Puts a story into its incident, or into a new one; gives the incident's number.
    pub fn add(&mut self, story: Story) -> u32 {
        let incident = self.find(&story).map(|place| place.incident);
        self.put(story, incident)
    }

    /// Puts a story into an incident that is known already, as when a collection is loaded again; without one, or with one that is not
    /// there, into a new one. Gives the incident's number.
    pub fn put(&mut self, story: Story, incident: Option<u32>) -> u32 {
        let incident = incident.filter(|known| (*known as usize) < self.members.len()).unwrap_or_else(|| {
            self.members.push(Vec::new());
            u32::try_from(self.members.len() - 1).unwrap_or(u32::MAX)
        });
        let number = u32::try_from(self.stories.len()).unwrap_or(u32::MAX);
        self.index.insert(number, &story);
        self.stories.push(story);
        self.incident_of.push(incident);
        if let Some(members) = self.members.get_mut(incident as usize) {
            members.push(number);
        }
        incident
    }

    /// How many stories there are, and how many incidents.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        (self.stories.len(), self.members.len())
    }

    /// The stories that a story would be compared with.
    #[must_use]
    pub fn compared(&self, story: &Story) -> usize {
        self.index.candidates(story).len()
    }
}
