//! An averaged perceptron over sparse features (Freund and Schapire 1999; Collins 2002).

use rustc_hash::FxHashMap;
use syntax::linear::Row;

/// What is kept of what was learned.
#[derive(Debug, Clone, Copy)]
pub struct Export {
    /// The averaged weight that one step of a written weight stands for.
    pub quantum: f64,
    /// Averaged weights below this are dropped.
    pub threshold: f64,
    /// Features that were corrected fewer times are dropped.
    pub least_updates: u32,
}

#[derive(Debug, Clone, Copy)]
struct Cell {
    class: u8,
    weight: i32,
    /// When the total was last brought up to date.
    stamp: u32,
    total: i64,
}

#[derive(Debug, Clone, Default)]
struct Features {
    cells: Vec<Cell>,
    updates: u32,
}

/// The perceptron.
#[derive(Debug, Default)]
pub struct Learner {
    index: FxHashMap<u32, u32>,
    rows: Vec<Features>,
    now: u32,
}

pub type Scores = [i32; syntax::linear::MAX_CLASSES];

impl Learner {
    /// Counts one example.
    pub fn tick(&mut self) {
        self.now += 1;
    }

    pub fn score(&self, features: &[u32]) -> Scores {
        let mut scores = [0; syntax::linear::MAX_CLASSES];
        for feature in features {
            if let Some(&row) = self.index.get(feature) {
                for cell in &self.rows[row as usize].cells {
                    scores[usize::from(cell.class)] += cell.weight;
                }
            }
        }
        scores
    }

    /// Moves the weights of the features towards one class and away from another.
    pub fn correct(&mut self, features: &[u32], right: usize, wrong: usize) {
        for &feature in features {
            let row = *self.index.entry(feature).or_insert_with(|| {
                self.rows.push(Features::default());
                (self.rows.len() - 1) as u32
            });
            let row = &mut self.rows[row as usize];
            row.updates += 1;
            for (class, change) in [(right, 1), (wrong, -1)] {
                let class = class as u8;
                let at = row.cells.iter().position(|cell| cell.class == class).unwrap_or_else(|| {
                    row.cells.push(Cell { class, weight: 0, stamp: self.now, total: 0 });
                    row.cells.len() - 1
                });
                let cell = &mut row.cells[at];
                cell.total += i64::from(cell.weight) * i64::from(self.now - cell.stamp);
                cell.stamp = self.now;
                cell.weight += change;
            }
        }
    }

    /// Puts the averages in the place of the weights, for use within the trainer.
    pub fn averaged(&self) -> Self {
        // Scores are whole numbers here: a thousandth of a weight is fine enough.
        let rows = self
            .rows
            .iter()
            .map(|row| {
                let cells = row
                    .cells
                    .iter()
                    .map(|cell| Cell { weight: (self.average(cell) * 1000.0).round() as i32, ..*cell });
                Features { cells: cells.filter(|cell| cell.weight != 0).collect(), updates: row.updates }
            })
            .collect();
        Self { index: self.index.clone(), rows, now: self.now }
    }

    /// How many features were ever corrected.
    pub fn features(&self) -> usize {
        self.rows.len()
    }

    fn average(&self, cell: &Cell) -> f64 {
        let total = cell.total + i64::from(cell.weight) * i64::from(self.now - cell.stamp);
        total as f64 / f64::from(self.now.max(1))
    }

    /// The averaged weights as the program keeps them.
    pub fn export(&self, export: Export) -> Vec<Row> {
        let (mut cells, mut dropped, mut clipped) = (0, 0, 0);
        let mut rows: Vec<Row> = Vec::new();
        for (&feature, &row) in &self.index {
            let features = &self.rows[row as usize];
            if features.updates < export.least_updates {
                dropped += 1;
                continue;
            }
            let mut row = Vec::new();
            for cell in &features.cells {
                let average = self.average(cell);
                let weight = (average / export.quantum).round();
                clipped += usize::from(weight.abs() > 127.0);
                if average.abs() >= export.threshold && weight != 0.0 {
                    row.push((cell.class, weight.clamp(-127.0, 127.0) as i8));
                }
            }
            row.sort_unstable();
            cells += row.len();
            if row.is_empty() {
                dropped += 1;
            } else {
                rows.push((feature, row));
            }
        }
        eprintln!(
            "kept {} features with {cells} weights, dropped {dropped} features, clipped {clipped}",
            rows.len()
        );
        rows.sort_unstable();
        rows
    }
}
