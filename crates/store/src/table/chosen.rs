//! Which rows a filter finds: in blocks, one condition after the other, each over one column.

use crate::find::{Area, Filter};
use crate::words::key;

use super::column::{Code, Lists};
use super::{Day, NO_DAY, Table, day_of};

/// Numbers of rows.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct RowSet(Vec<u64>);

impl RowSet {
    /// Of these rows; a negative number is none.
    #[must_use]
    pub fn of(rows: &[i64]) -> Self {
        let most = rows.iter().copied().max().and_then(|most| usize::try_from(most).ok());
        let mut bits = vec![0_u64; most.map_or(0, |most| most / 64 + 1)];
        for row in rows.iter().filter_map(|row| usize::try_from(*row).ok()) {
            if let Some(bits) = bits.get_mut(row / 64) {
                *bits |= 1 << (row % 64);
            }
        }
        Self(bits)
    }

    /// Whether a row is among them.
    #[must_use]
    pub fn has(&self, row: i64) -> bool {
        usize::try_from(row)
            .is_ok_and(|row| self.0.get(row / 64).is_some_and(|bits| bits >> (row % 64) & 1 == 1))
    }
}

/// Rows that words were found in.
pub(super) enum Words<'t> {
    Any,
    Rows(&'t RowSet),
}

enum Test<'t> {
    Live(&'t [bool]),
    Until { first: &'t [Day], to: Day },
    Since { first: &'t [Day], last: &'t [Day], from: Day },
    Small { codes: &'t [u8], wanted: Vec<bool> },
    Middle { codes: &'t [u16], wanted: Vec<bool> },
    Division { codes: &'t [u32], wanted: u32 },
    Deaths { deaths: &'t [i64], least: i64 },
    Sure { confidence: &'t [f64], least: f64 },
    Placed(&'t [f64]),
    Area { latitude: &'t [f64], longitude: &'t [f64], parts: Vec<Area> },
    Ring { latitude: &'t [f64], longitude: &'t [f64], edges: Vec<Edge> },
    Names { lists: &'t Lists, wanted: u32 },
    Words { rows: &'t [i64], found: &'t RowSet },
}

/// A side of a ring that a line due east can cross.
struct Edge {
    south: f64,
    north: f64,
    at: f64,
    slope: f64,
}

/// A filter that is held against a table.
pub(super) struct Chosen<'t> {
    tests: Vec<Test<'t>>,
    /// Something is asked for that no row has.
    nothing: bool,
    rows: usize,
}

/// Rows that are looked at together: their numbers stay in the processor's nearest cache.
const BLOCK: usize = 4096;

impl<'t> Chosen<'t> {
    pub(super) fn new(table: &'t Table, filter: &Filter, words: Words<'t>) -> Self {
        let mut chosen =
            Self { tests: vec![Test::Live(&table.live)], nothing: false, rows: table.rows.len() };
        let (latitude, longitude) = (table.latitude.as_slice(), table.longitude.as_slice());
        if !filter.countries.is_empty() {
            let wanted =
                table.country.wanted(filter.countries.iter().map(|country| key(country).to_uppercase()));
            chosen.among(&wanted);
            chosen.tests.push(Test::Middle { codes: &table.country.codes, wanted });
        }
        if let Some(admin1) = &filter.admin1 {
            match table.admin1.names.get(&key(admin1)) {
                Some(wanted) => chosen.tests.push(Test::Division { codes: &table.admin1.codes, wanted }),
                None => chosen.nothing = true,
            }
        }
        if !filter.event_types.is_empty() {
            let wanted = table.event_type.wanted(filter.event_types.iter().map(|kind| kind.as_str()));
            chosen.small(&table.event_type.codes, wanted);
        }
        if !filter.sub_event_types.is_empty() {
            let wanted = table.sub_event_type.wanted(filter.sub_event_types.iter().map(|kind| kind.as_str()));
            chosen.small(&table.sub_event_type.codes, wanted);
        }
        if !filter.statuses.is_empty() {
            let wanted = table.status.wanted(filter.statuses.iter().map(|status| status.as_str()));
            chosen.small(&table.status.codes, wanted);
        }
        if let Some(deaths) = filter.min_deaths {
            let least = i64::try_from(deaths).unwrap_or(i64::MAX);
            chosen.tests.push(Test::Deaths { deaths: &table.deaths, least });
        }
        if let Some(least) = filter.min_confidence {
            chosen.tests.push(Test::Sure { confidence: &table.confidence, least });
        }
        if let Some(to) = filter.to {
            chosen.tests.push(Test::Until { first: &table.first, to: day_of(Some(to)) });
        }
        if let Some(from) = filter.from {
            chosen.tests.push(Test::Since {
                first: &table.first,
                last: &table.last,
                from: day_of(Some(from)),
            });
        }
        if filter.placed {
            chosen.tests.push(Test::Placed(latitude));
        }
        if let Some(area) = &filter.area {
            chosen.tests.push(Test::Area { latitude, longitude, parts: area.parts() });
        }
        if filter.ring.len() > 2 {
            let edges = edges(&filter.ring);
            chosen.nothing |= edges.is_empty();
            chosen.tests.push(Test::Ring { latitude, longitude, edges });
        }
        if let Some(actor) = &filter.actor {
            // By its key where there is such a participant, else by its name.
            let asked = if table.actors.is_used(actor) { actor.clone() } else { key(actor) };
            chosen.named(&table.actors, &asked);
        }
        if let Some(source) = &filter.source {
            chosen.named(&table.sources, &key(source));
        }
        if let Words::Rows(found) = words {
            chosen.tests.push(Test::Words { rows: &table.rows, found });
        }
        chosen
    }

    fn among(&mut self, wanted: &[bool]) {
        self.nothing |= !wanted.contains(&true);
    }

    fn small(&mut self, codes: &'t [u8], wanted: Vec<bool>) {
        self.among(&wanted);
        self.tests.push(Test::Small { codes, wanted });
    }

    fn named(&mut self, lists: &'t Lists, name: &str) {
        match lists.names.get(name) {
            Some(wanted) => self.tests.push(Test::Names { lists, wanted }),
            None => self.nothing = true,
        }
    }

    /// Gives the rows, by their places in the table, in rising order, some at a time.
    pub(super) fn each(&self, mut take: impl FnMut(&[u32])) {
        if self.nothing {
            return;
        }
        let mut block: Vec<u32> = Vec::with_capacity(BLOCK);
        for begin in (0..self.rows).step_by(BLOCK) {
            let end = (begin + BLOCK).min(self.rows);
            block.clear();
            // A table of more rows than this number counts does not fit into the memory of a machine.
            block.extend((begin..end).map(|at| u32::try_from(at).unwrap_or(u32::MAX)));
            for test in &self.tests {
                test.keep(&mut block);
                if block.is_empty() {
                    break;
                }
            }
            if !block.is_empty() {
                take(&block);
            }
        }
    }
}

/// Keeps the rows of which something holds, without a branch: which way one goes cannot be foreseen.
fn keep(block: &mut Vec<u32>, holds: impl Fn(usize) -> bool) {
    let mut kept = 0;
    for index in 0..block.len() {
        let at = block[index];
        block[kept] = at;
        kept += usize::from(holds(at as usize));
    }
    block.truncate(kept);
}

fn is_wanted<C: Code>(wanted: &[bool], code: C) -> bool {
    wanted.get(code.index()).copied().unwrap_or(false)
}

impl Test<'_> {
    fn keep(&self, block: &mut Vec<u32>) {
        match self {
            Self::Live(live) => keep(block, |at| live[at]),
            Self::Until { first, to } => keep(block, |at| first[at] <= *to && first[at] != NO_DAY),
            Self::Since { first, last, from } => keep(block, |at| last[at] >= *from && first[at] != NO_DAY),
            Self::Small { codes, wanted } => keep(block, |at| is_wanted(wanted, codes[at])),
            Self::Middle { codes, wanted } => keep(block, |at| is_wanted(wanted, codes[at])),
            Self::Division { codes, wanted } => keep(block, |at| codes[at] == *wanted),
            Self::Deaths { deaths, least } => keep(block, |at| deaths[at] >= *least),
            Self::Sure { confidence, least } => keep(block, |at| confidence[at] >= *least),
            Self::Placed(latitude) => keep(block, |at| !latitude[at].is_nan()),
            Self::Area { latitude, longitude, parts } => keep(block, |at| {
                let (y, x) = (latitude[at], longitude[at]);
                parts
                    .iter()
                    .any(|part| part.south <= y && y <= part.north && part.west <= x && x <= part.east)
            }),
            Self::Ring { latitude, longitude, edges } => {
                keep(block, |at| inside(edges, latitude[at], longitude[at]));
            }
            Self::Names { lists, wanted } => keep(block, |at| lists.of(at).contains(wanted)),
            Self::Words { rows, found } => keep(block, |at| found.has(rows[at])),
        }
    }
}

/// The sides of a ring but for those along which due east runs, with the numbers that the databases are asked with.
fn edges(ring: &[[f64; 2]]) -> Vec<Edge> {
    let next = ring.iter().cycle().skip(1);
    ring.iter()
        .zip(next)
        .filter(|([south, _], [north, _])| south != north)
        .map(|([y1, x1], [y2, x2])| Edge { south: *y1, north: *y2, at: *x1, slope: (x2 - x1) / (y2 - y1) })
        .collect()
}

/// The even-odd rule, as [`crate::sql`] has it.
fn inside(edges: &[Edge], y: f64, x: f64) -> bool {
    let crossed =
        |edge: &&Edge| (y < edge.south) != (y < edge.north) && x < edge.at + (y - edge.south) * edge.slope;
    !y.is_nan() && edges.iter().filter(crossed).count() % 2 == 1
}
