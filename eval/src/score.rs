//! What a task measures, and what it lost.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::bootstrap;

/// The counts that one document adds to a figure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Hits {
    /// Given by us and right.
    pub right: f64,
    /// There in the gold and found. Differs from `right` only where one answer can satisfy
    /// several gold entries or the other way round.
    pub found: f64,
    /// Given by us.
    pub given: f64,
    /// There in the gold.
    pub gold: f64,
}

impl Hits {
    /// One question with one answer.
    #[must_use]
    pub const fn answer(right: bool) -> Self {
        let right = if right { 1.0 } else { 0.0 };
        Self { right, found: right, given: 1.0, gold: 1.0 }
    }

    /// Sets compared: how many are right, given, and in the gold.
    #[must_use]
    pub fn sets(right: usize, given: usize, gold: usize) -> Self {
        let right = right as f64;
        Self { right, found: right, given: given as f64, gold: gold as f64 }
    }

    /// The counts of two documents together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            right: self.right + other.right,
            found: self.found + other.found,
            given: self.given + other.given,
            gold: self.gold + other.gold,
        }
    }
}

/// How the counts become one number. All are micro-averages: counts are summed over documents
/// before they are divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Right answers by questions.
    Exact,
    /// Right by given.
    Precision,
    /// Found by gold.
    Recall,
    /// Harmonic mean of precision and recall.
    F1,
    /// `right` summed and divided by `gold`: a mean of whatever was summed.
    Mean,
}

impl Kind {
    /// The figure that the counts give; 0 where there is nothing to divide by.
    #[must_use]
    pub fn of(self, hits: Hits) -> f64 {
        let divide =
            |numerator: f64, denominator: f64| if denominator > 0.0 { numerator / denominator } else { 0.0 };
        match self {
            Self::Exact | Self::Mean => divide(hits.right, hits.gold),
            Self::Precision => divide(hits.right, hits.given),
            Self::Recall => divide(hits.found, hits.gold),
            Self::F1 => {
                let (p, r) = (divide(hits.right, hits.given), divide(hits.found, hits.gold));
                divide(2.0 * p * r, p + r)
            }
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Exact => "exact",
            Self::Precision => "precision",
            Self::Recall => "recall",
            Self::F1 => "F1",
            Self::Mean => "mean",
        })
    }
}

/// One figure: the counts of every document that it is taken over.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// What is measured: "start date", "killed", …
    pub name: String,
    /// How the counts become a number.
    pub kind: Kind,
    /// One entry a document.
    pub documents: Vec<Hits>,
    /// What we mean to reach, where we have said so.
    pub goal: Option<f64>,
    /// Who stands where on this figure, with the source.
    pub peers: String,
}

impl Figure {
    /// A figure without documents yet.
    #[must_use]
    pub fn new(name: impl Into<String>, kind: Kind) -> Self {
        Self { name: name.into(), kind, documents: Vec::new(), goal: None, peers: String::new() }
    }

    /// The same figure with what we mean to reach.
    #[must_use]
    pub fn goal(mut self, goal: f64) -> Self {
        self.goal = Some(goal);
        self
    }

    /// The same figure with who stands where.
    #[must_use]
    pub fn peers(mut self, peers: impl Into<String>) -> Self {
        self.peers = peers.into();
        self
    }

    /// Adds a document's counts.
    pub fn add(&mut self, hits: Hits) {
        self.documents.push(hits);
    }

    /// Adds a document with one question.
    pub fn answer(&mut self, right: bool) {
        self.add(Hits::answer(right));
    }

    /// The three figures of one count: precision, recall and F1 over the same documents.
    #[must_use]
    pub fn trio(name: &str, documents: &[Hits]) -> [Self; 3] {
        [Kind::Precision, Kind::Recall, Kind::F1].map(|kind| {
            let mut figure = Self::new(name, kind);
            figure.documents = documents.to_vec();
            figure
        })
    }

    /// How many questions, answers or entries of the gold it is taken over.
    #[must_use]
    pub fn n(&self) -> usize {
        let total = self.total();
        (if self.kind == Kind::Precision { total.given } else { total.gold }).round() as usize
    }

    /// The figure.
    #[must_use]
    pub fn value(&self) -> f64 {
        self.kind.of(self.total())
    }

    /// The bounds of its 95 % bootstrap interval over documents.
    #[must_use]
    pub fn interval(&self, seed: u64) -> (f64, f64) {
        bootstrap::interval(&self.documents, seed, |hits| self.kind.of(hits))
    }

    fn total(&self) -> Hits {
        self.documents.iter().copied().fold(Hits::default(), Hits::plus)
    }
}

/// One thing that was not read as the gold has it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Loss {
    /// Which task.
    pub task: String,
    /// Which document.
    pub document: String,
    /// Which field.
    pub field: String,
    /// What the gold says.
    pub gold: Value,
    /// What was read.
    pub got: Value,
    /// Why it counts as lost, in a few words that can be counted.
    pub reason: String,
    /// The text, cut to what a person reads at a glance.
    pub text: String,
}

/// What a task found.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// The task's name on the command line.
    pub task: String,
    /// What is asked of which documents, and by which rule an answer is right.
    pub rule: String,
    /// The figures.
    pub figures: Vec<Figure>,
    /// What was lost.
    pub losses: Vec<Loss>,
    /// Which data, from whom, under which licence.
    pub data: String,
}

impl Outcome {
    /// An outcome without figures yet.
    #[must_use]
    pub fn new(task: &str, data: &str, rule: &str) -> Self {
        Self { task: task.to_owned(), data: data.to_owned(), rule: rule.to_owned(), ..Self::default() }
    }

    /// Keeps what was lost.
    pub fn lose(
        &mut self,
        document: &str,
        field: &str,
        gold: impl Into<Value>,
        got: impl Into<Value>,
        reason: &str,
        text: &str,
    ) {
        self.losses.push(Loss {
            task: self.task.clone(),
            document: document.to_owned(),
            field: field.to_owned(),
            gold: gold.into(),
            got: got.into(),
            reason: reason.to_owned(),
            text: snippet(text, 600),
        });
    }
}

/// The first characters of a text, on one line.
#[must_use]
pub fn snippet(text: &str, chars: usize) -> String {
    let mut out = String::new();
    for word in text.split_whitespace() {
        if out.len() + word.len() + 1 > chars {
            out.push('…');
            break;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_micro_average_sums_before_it_divides() {
        let mut figure = Figure::new("killed", Kind::F1);
        figure.add(Hits::sets(1, 1, 4));
        figure.add(Hits::sets(2, 3, 2));
        // precision 3/4, recall 3/6
        assert!((figure.value() - 0.6).abs() < 1e-12);
        assert_eq!(figure.n(), 6);
    }

    #[test]
    fn nothing_measured_is_zero_not_a_number() {
        for kind in [Kind::Exact, Kind::Precision, Kind::Recall, Kind::F1, Kind::Mean] {
            assert!(Figure::new("x", kind).value().abs() < f64::EPSILON);
            assert_eq!(Figure::new("x", kind).interval(1), (0.0, 0.0));
        }
    }
}
