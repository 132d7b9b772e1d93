//! What the rows that a filter finds come to.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap};

use jiff::civil::Date;

use crate::find::{Area, Cursor, Filter, Order, Page, Rank, RankKey};
use crate::survey::Cell;

use super::column::{Code, Coded, Lists};
use super::{Day, NO_DAY, RowSet, Table, date_of, day_of};

/// What incidents are told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dimension {
    /// ISO 3166-1 alpha-3.
    Country,
    /// ACLED event type.
    Type,
    /// ACLED sub-event type.
    SubType,
    /// What a reviewer has said.
    Status,
    /// Participants, by key in the registry and by name.
    Actor,
    /// Outlets, by name.
    Source,
}

/// A value that incidents have.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Value {
    /// The value, or the key that a name is found by.
    pub value: String,
    /// How many incidents have it.
    pub count: u64,
    /// Their deaths by the best figures; not counted for names.
    pub deaths: u64,
    /// The last of their rows.
    pub row: i64,
    /// The decision that touched it last.
    pub updated: i64,
}

/// A part of a time line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TimePart {
    /// Incidents whose first day lies in it.
    pub count: u64,
    /// Their deaths by the best figures.
    pub deaths: u64,
    /// How many of them go on after it.
    pub spans: u64,
    /// How many of each event type.
    pub types: BTreeMap<String, u64>,
}

/// Rows of a page, and how many there are in all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The page: each row's number, and the decision that touched it last.
    pub rows: Vec<(i64, i64)>,
    /// Where the next begins; `None` on the last.
    pub next: Option<Cursor>,
    /// How many rows the filter finds.
    pub total: u64,
}

/// Sums by the number of a word; the last is of those without.
struct Sums {
    count: Vec<u64>,
    deaths: Vec<u64>,
    /// The place of the last row in the table.
    last: Vec<usize>,
}

impl Sums {
    fn new(words: usize) -> Self {
        Self { count: vec![0; words + 1], deaths: vec![0; words + 1], last: vec![0; words + 1] }
    }

    fn add(&mut self, word: usize, deaths: i64, row: usize) {
        let word = word.min(self.count.len() - 1);
        self.count[word] += 1;
        self.deaths[word] += deaths.max(0).unsigned_abs();
        // Rows come in rising order.
        self.last[word] = row;
    }

    fn values<'n>(&self, table: &Table, name: impl Fn(usize) -> &'n str) -> Vec<Value> {
        let words = self.count.len() - 1;
        (0..words)
            .filter(|at| self.count[*at] > 0)
            .map(|at| Value {
                value: name(at).to_owned(),
                count: self.count[at],
                deaths: self.deaths[at],
                row: table.rows[self.last[at]],
                updated: table.updated[self.last[at]],
            })
            .collect()
    }
}

impl Table {
    /// How many incidents a filter finds. `words` are the rows that its words are found in; `None` where they are missing, or the filter cannot
    /// be answered here.
    #[must_use]
    pub fn count(&self, filter: &Filter, words: Option<&RowSet>) -> Option<u64> {
        let mut count = 0;
        self.chosen(filter, words)?.each(|rows| count += rows.len() as u64);
        Some(count)
    }

    /// The values that the incidents of a filter have, in no order, for each of several dimensions.
    #[must_use]
    pub fn values(
        &self,
        filter: &Filter,
        words: Option<&RowSet>,
        of: &[Dimension],
    ) -> Option<Vec<Vec<Value>>> {
        let chosen = self.chosen(filter, words)?;
        let mut sums: Vec<Sums> = of
            .iter()
            .map(|of| {
                Sums::new(match of {
                    Dimension::Country => self.country.names.len(),
                    Dimension::Type => self.event_type.names.len(),
                    Dimension::SubType => self.sub_event_type.names.len(),
                    Dimension::Status => self.status.names.len(),
                    Dimension::Actor => self.actors.names.len(),
                    Dimension::Source => self.sources.names.len(),
                })
            })
            .collect();
        chosen.each(|rows| {
            for (of, sums) in of.iter().zip(&mut sums) {
                match of {
                    Dimension::Country => self.sum(&self.country, rows, sums),
                    Dimension::Type => self.sum(&self.event_type, rows, sums),
                    Dimension::SubType => self.sum(&self.sub_event_type, rows, sums),
                    Dimension::Status => self.sum(&self.status, rows, sums),
                    Dimension::Actor => self.sum_names(&self.actors, rows, sums),
                    Dimension::Source => self.sum_names(&self.sources, rows, sums),
                }
            }
        });
        let values = |(of, sums): (&Dimension, &Sums)| match of {
            Dimension::Country => sums.values(self, |at| self.country.names.name(at)),
            Dimension::Type => sums.values(self, |at| self.event_type.names.name(at)),
            Dimension::SubType => sums.values(self, |at| self.sub_event_type.names.name(at)),
            Dimension::Status => sums.values(self, |at| self.status.names.name(at)),
            Dimension::Actor => sums.values(self, |at| self.actors.names.name(at)),
            Dimension::Source => sums.values(self, |at| self.sources.names.name(at)),
        };
        Some(of.iter().zip(&sums).map(values).collect())
    }

    fn sum<C: Code>(&self, column: &Coded<C>, rows: &[u32], sums: &mut Sums) {
        for at in rows.iter().map(|at| *at as usize) {
            sums.add(column.codes[at].index(), self.deaths[at], at);
        }
    }

    fn sum_names(&self, lists: &Lists, rows: &[u32], sums: &mut Sums) {
        for at in rows.iter().map(|at| *at as usize) {
            for name in lists.of(at) {
                sums.add(*name as usize, 0, at);
            }
        }
    }

    /// The incidents of a filter by when they were: parts by their first days, and how many have none. `start` gives the first day of
    /// the part that a day lies in.
    #[must_use]
    pub fn line(
        &self,
        filter: &Filter,
        words: Option<&RowSet>,
        start: impl Fn(Date) -> Date,
    ) -> Option<(BTreeMap<Date, TimePart>, u64)> {
        let chosen = self.chosen(filter, words)?;
        let (earliest, latest) = self.days.unwrap_or((0, 0));
        let kinds = self.event_type.names.len() + 1;
        // Where the part of a day begins, found once for each day.
        let mut starts: Vec<Day> = vec![NO_DAY; (latest - earliest).unsigned_abs() as usize + 1];
        let mut start_of = |day: Day| {
            let known = &mut starts[(day - earliest).unsigned_abs() as usize];
            if *known == NO_DAY {
                *known = date_of(day).map_or(day, |day| day_of(Some(start(day))));
            }
            *known
        };
        let mut parts: HashMap<Day, (TimePart, Vec<u64>)> = HashMap::new();
        let mut undated = 0;
        chosen.each(|rows| {
            for at in rows.iter().map(|at| *at as usize) {
                let (first, last) = (self.first[at], self.last[at]);
                if first == NO_DAY {
                    undated += 1;
                    continue;
                }
                let begin = start_of(first);
                let spans = last != NO_DAY && start_of(last) > begin;
                let (part, types) =
                    parts.entry(begin).or_insert_with(|| (TimePart::default(), vec![0; kinds]));
                part.count += 1;
                part.deaths += self.deaths[at].max(0).unsigned_abs();
                part.spans += u64::from(spans);
                types[self.event_type.codes[at].index().min(kinds - 1)] += 1;
            }
        });
        let told = |(day, (part, types)): (Day, (TimePart, Vec<u64>))| {
            let types = types.iter().take(kinds - 1).enumerate().filter(|(_, count)| **count > 0);
            let types =
                types.map(|(at, count)| (self.event_type.names.name(at).to_owned(), *count)).collect();
            Some((date_of(day)?, TimePart { types, ..part }))
        };
        Some((parts.into_iter().filter_map(told).collect(), undated))
    }

    /// How many incidents a filter finds, and how many of them have coordinates.
    #[must_use]
    pub fn placed(&self, filter: &Filter, words: Option<&RowSet>) -> Option<(u64, u64)> {
        let (mut all, mut placed) = (0, 0);
        self.chosen(filter, words)?.each(|rows| {
            all += rows.len() as u64;
            placed += rows.iter().filter(|at| !self.latitude[**at as usize].is_nan()).count() as u64;
        });
        Some((all, placed))
    }

    /// The incidents of a filter that have coordinates, in cells of so many degrees, from south and west on.
    #[must_use]
    pub fn cells(&self, filter: &Filter, words: Option<&RowSet>, degrees: f64) -> Option<Vec<Cell>> {
        let chosen = self.chosen(filter, words)?;
        let mut numbers = Grid::new(degrees);
        let mut cells: Vec<((i64, i64), Gathered)> = Vec::new();
        chosen.each(|rows| {
            for at in rows.iter().map(|at| *at as usize) {
                let (latitude, longitude) = (self.latitude[at], self.longitude[at]);
                if latitude.is_nan() {
                    continue;
                }
                #[expect(clippy::cast_possible_truncation, reason = "degrees over a part of one are small")]
                let cell = (((latitude + 90.0) / degrees) as i64, ((longitude + 180.0) / degrees) as i64);
                let number = numbers.number(cell, cells.len());
                if number == cells.len() {
                    cells.push((cell, Gathered::at(latitude, longitude)));
                }
                cells[number].1.add(latitude, longitude, self.deaths[at]);
            }
        });
        cells.sort_by_key(|(cell, _)| *cell);
        Some(cells.iter().map(|(_, gathered)| gathered.cell()).collect())
    }

    /// A page of what a filter finds. `None` also for an order that only the database has.
    #[must_use]
    pub fn page(&self, filter: &Filter, words: Option<&RowSet>, page: &Page) -> Option<Listed> {
        let chosen = self.chosen(filter, words)?;
        let after = match &page.after {
            Some(cursor) => Some((Self::key_of(cursor)?, cursor.row)),
            None => None,
        };
        let keys: Box<dyn Fn(usize) -> i64 + '_> = match page.order {
            Order::Newest => Box::new(|at| i64::from(self.first[at])),
            Order::Touched => Box::new(|at| self.updated[at]),
            Order::Deadliest => Box::new(|at| self.deaths[at]),
            // Databases round differently where they make a whole number of it.
            Order::Worth => return None,
        };
        let most = page.limit.saturating_add(1);
        let mut best: BinaryHeap<Reverse<(i64, i64)>> = BinaryHeap::with_capacity(most.min(20_000) + 1);
        let mut total = 0;
        chosen.each(|rows| {
            total += rows.len() as u64;
            for at in rows.iter().map(|at| *at as usize) {
                let rank = (keys(at), self.rows[at]);
                if after.is_some_and(|after| rank >= after) {
                    continue;
                }
                if best.len() < most {
                    best.push(Reverse(rank));
                } else if let Some(mut least) = best.peek_mut()
                    && least.0 < rank
                {
                    *least = Reverse(rank);
                }
            }
        });
        let mut ranks: Vec<(i64, i64)> = best.into_iter().map(|Reverse(rank)| rank).collect();
        ranks.sort_by(|a, b| b.cmp(a));
        let more = ranks.len() > page.limit;
        ranks.truncate(page.limit);
        let next = ranks.last().filter(|_| more).map(|(key, row)| {
            let key = match page.order {
                Order::Newest => {
                    let day = Day::try_from(*key).ok().and_then(date_of);
                    RankKey::Day(day.map(|day| day.to_string()).unwrap_or_default())
                }
                _ => RankKey::Number(*key),
            };
            let rank = Rank { key, row: *row };
            Cursor { order: page.order, key: rank.key.text(), row: rank.row }
        });
        let updated = |row: i64| self.rows.binary_search(&row).map_or(0, |at| self.updated[at]);
        let rows = ranks.into_iter().map(|(_, row)| (row, updated(row))).collect();
        Some(Listed { rows, next, total })
    }

    fn key_of(cursor: &Cursor) -> Option<i64> {
        match cursor.order {
            Order::Newest if cursor.key.is_empty() => Some(i64::from(NO_DAY)),
            Order::Newest => Some(i64::from(day_of(Some(cursor.key.parse().ok()?)))),
            Order::Touched | Order::Deadliest | Order::Worth => cursor.key.parse().ok(),
        }
    }
}

/// Cells of the world that are numbered one by one; more than that are looked up.
const FEW: usize = 1 << 20;

/// The numbers of cells.
enum Grid {
    Few { wide: usize, numbers: Vec<u32> },
    Many(HashMap<(i64, i64), usize>),
}

impl Grid {
    fn new(degrees: f64) -> Self {
        // One more than the world has, for its very edges.
        let (high, wide) = (180.0 / degrees + 2.0, 360.0 / degrees + 2.0);
        if high * wide > FEW as f64 {
            return Self::Many(HashMap::new());
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "both are small and above zero"
        )]
        let (high, wide) = (high as usize, wide as usize);
        Self::Few { wide, numbers: vec![u32::MAX; high * wide] }
    }

    /// The number of a cell, `next` where it has none yet.
    fn number(&mut self, cell: (i64, i64), next: usize) -> usize {
        match self {
            Self::Few { wide, numbers } => {
                let at = usize::try_from(cell.0).unwrap_or(0) * *wide + usize::try_from(cell.1).unwrap_or(0);
                let at = at.min(numbers.len() - 1);
                if numbers[at] == u32::MAX {
                    numbers[at] = u32::try_from(next).unwrap_or(u32::MAX);
                }
                numbers[at] as usize
            }
            Self::Many(numbers) => *numbers.entry(cell).or_insert(next),
        }
    }
}

/// Points of a cell.
struct Gathered {
    extent: Area,
    latitude: Sum,
    longitude: Sum,
    count: u64,
    deaths: u64,
}

/// A sum that does not lose what is small beside it (Neumaier 1974), as the databases sum.
#[derive(Default)]
struct Sum {
    sum: f64,
    lost: f64,
}

impl Sum {
    fn add(&mut self, value: f64) {
        let sum = self.sum + value;
        self.lost +=
            if self.sum.abs() >= value.abs() { (self.sum - sum) + value } else { (value - sum) + self.sum };
        self.sum = sum;
    }
}

impl Gathered {
    fn at(latitude: f64, longitude: f64) -> Self {
        let extent = Area { south: latitude, west: longitude, north: latitude, east: longitude };
        Self { extent, latitude: Sum::default(), longitude: Sum::default(), count: 0, deaths: 0 }
    }

    fn add(&mut self, latitude: f64, longitude: f64, deaths: i64) {
        let Area { south, west, north, east } = self.extent;
        self.extent = Area {
            south: south.min(latitude),
            west: west.min(longitude),
            north: north.max(latitude),
            east: east.max(longitude),
        };
        self.latitude.add(latitude);
        self.longitude.add(longitude);
        self.count += 1;
        self.deaths += deaths.max(0).unsigned_abs();
    }

    fn cell(&self) -> Cell {
        let mean = |sum: &Sum| (sum.sum + sum.lost) / self.count as f64;
        Cell {
            extent: self.extent,
            latitude: mean(&self.latitude),
            longitude: mean(&self.longitude),
            count: self.count,
            deaths: self.deaths,
        }
    }
}
