//! An averaged perceptron over sparse features (Freund and Schapire 1999; Collins 2002).

use rustc_hash::FxHashMap;
use syntax::linear::Row;

/// How much is kept of what was learned.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    /// Features that the second round of training may use: those that the first corrected most often.
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
                let at = match row.cells.iter().position(|cell| cell.class == class) {
                    Some(at) => at,
                    None if self.closed => continue,
                    None => {
                        row.cells.push(Cell { class, weight: 0, stamp: self.now, total: 0 });
                        row.cells.len() - 1
                    }
                };
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

    /// A fresh perceptron that may use those features only that were corrected most often, and of
    /// their weights those that grew largest.
    ///
    /// Weights that are learned together with others that are dropped later do not fit what is
    /// left: choosing first and learning again loses less than dropping at the end.
    pub fn select(&self, budget: Budget) -> Self {
        let mut ranked: Vec<(u32, u32)> =
            self.index.iter().map(|(&feature, &row)| (self.rows[row as usize].updates, feature)).collect();
        ranked.sort_unstable_by_key(|&(updates, feature)| (std::cmp::Reverse(updates), feature));
        ranked.truncate(budget.features);
        let cells_of = |feature: &u32| &self.rows[self.index[feature] as usize].cells;
        let mut sizes: Vec<f64> = ranked
            .iter()
            .flat_map(|(_, feature)| cells_of(feature))
            .map(|cell| self.average(cell).abs())
            .collect();
        sizes.sort_unstable_by(|a, b| b.total_cmp(a));
        // Some come to nothing in the second round: a fifth more than there is room for.
        let least = sizes.get(budget.weights + budget.weights / 5).copied().unwrap_or(0.0);
        let mut selected = Self { closed: true, ..Self::default() };
        for (_, feature) in ranked {
            let kept = cells_of(&feature).iter().filter(|cell| self.average(cell).abs() > least);
            let cells: Vec<Cell> = kept.map(|cell| Cell { weight: 0, stamp: 0, total: 0, ..*cell }).collect();
            if !cells.is_empty() {
                selected.index.insert(feature, selected.rows.len() as u32);
                selected.rows.push(Features { cells, updates: 0 });
            }
        }
        selected
    }

    /// The averaged weights as the program keeps them.
    pub fn export(&self, budget: Budget) -> Vec<Row> {
        let mut sizes: Vec<f64> =
            self.rows.iter().flat_map(|row| &row.cells).map(|cell| self.average(cell).abs()).collect();
        sizes.sort_unstable_by(|a, b| b.total_cmp(a));
        let least = sizes.get(budget.weights).copied().unwrap_or(0.0);
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
            "kept {} of {} features, {cells} of {} weights: above {least:.2} and up to {:.1}; clipped {clipped}",
            rows.len(),
            self.rows.len(),
            sizes.len(),
            sizes.first().copied().unwrap_or(0.0)
        );
        rows.sort_unstable();
        rows
    }
}
