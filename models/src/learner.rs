//! An averaged perceptron over sparse features (Freund and Schapire 1999; Collins 2002).

use rustc_hash::FxHashMap;
use syntax::linear::Row;

/// How much is kept of what was learned.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    /// Features of the second round of training: those that the first corrected most often.
    pub features: usize,
    /// Weights that are written: the largest.
    pub weights: usize,
    /// The averaged weight that one step of a written weight stands for.
    pub quantum: f64,
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
    /// Whether features that are not there yet stay out.
    closed: bool,
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
            let row = match self.index.get(&feature) {
                Some(&row) => row,
                None if self.closed => continue,
                None => {
                    let row = self.rows.len() as u32;
                    self.rows.push(Features::default());
                    self.index.insert(feature, row);
                    row
                }
            };
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
        Self { index: self.index.clone(), rows, now: self.now, closed: self.closed }
    }

    /// How many features were ever corrected.
    pub fn features(&self) -> usize {
        self.rows.len()
    }

    fn average(&self, cell: &Cell) -> f64 {
        let total = cell.total + i64::from(cell.weight) * i64::from(self.now - cell.stamp);
        total as f64 / f64::from(self.now.max(1))
    }

    /// A fresh perceptron that may use those features only that were corrected most often.
    ///
    /// Weights that are learned together with others that are dropped later do not fit what is
    /// left: choosing first and learning again loses less than dropping at the end.
    pub fn select(&self, features: usize) -> Self {
        let mut ranked: Vec<(u32, u32)> =
            self.index.iter().map(|(&feature, &row)| (self.rows[row as usize].updates, feature)).collect();
        ranked.sort_unstable_by_key(|&(updates, feature)| (std::cmp::Reverse(updates), feature));
        ranked.truncate(features);
        let index: FxHashMap<u32, u32> =
            ranked.iter().zip(0u32..).map(|(&(_, feature), row)| (feature, row)).collect();
        Self { rows: vec![Features::default(); index.len()], index, now: 0, closed: true }
    }

    /// The size above which at most so many averages lie.
    fn least(&self, weights: usize) -> f64 {
        let mut sizes: Vec<f64> =
            self.rows.iter().flat_map(|row| &row.cells).map(|cell| self.average(cell).abs()).collect();
        sizes.sort_unstable_by(|a, b| b.total_cmp(a));
        sizes.get(weights).copied().unwrap_or(0.0)
    }

    /// The averaged weights as the program keeps them.
    pub fn export(&self, budget: Budget) -> Vec<Row> {
        let least = self.least(budget.weights);
        let (mut cells, mut clipped) = (0, 0);
        let mut rows: Vec<Row> = Vec::new();
        for (&feature, &row) in &self.index {
            let mut row: Vec<(u8, i8)> = self.rows[row as usize]
                .cells
                .iter()
                .map(|cell| (cell.class, self.average(cell)))
                .filter(|(_, average)| average.abs() > least)
                .map(|(class, average)| {
                    let weight = (average / budget.quantum).round();
                    clipped += usize::from(weight.abs() > 127.0);
                    (class, weight.clamp(-127.0, 127.0) as i8)
                })
                .filter(|&(_, weight)| weight != 0)
                .collect();
            row.sort_unstable();
            cells += row.len();
            if !row.is_empty() {
                rows.push((feature, row));
            }
        }
        eprintln!(
            "kept {} of {} features, {cells} weights above {least:.2}, clipped {clipped}",
            rows.len(),
            self.rows.len(),
        );
        rows.sort_unstable();
        rows
    }
}
