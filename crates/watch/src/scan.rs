//! The space-time permutation scan: where and when events stand closer together than their places and their days alone would have it
//! (Kulldorff, Heffernan, Hartman, Assunção & Mostashari 2005, *PLoS Medicine* 2(3):e59).
//!
//! Every circle around a place of events, up to a largest radius, with every span of days up to a longest, is a cylinder. What it
//! would hold by chance is the share of its days in all events times the events of its places (eq. 1–2); how far it stands out is the
//! likelihood ratio of what it holds (eq. 4). How likely the strongest is by chance is told by shuffling the days over the events and
//! looking again, so neither a busy place nor a busy time is a cluster by itself.
//!
//! Nothing here starts a thread: [`Scan::replicates`] may be asked for any part of the shuffles, each of which draws from a stream
//! of its own, and the answers put together in order.

use serde::Serialize;

use crate::chance;

/// An event, or several of one place and day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Case {
    /// Its day, in days from any day.
    pub day: i32,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// How many events.
    pub cases: u32,
}

/// Which spans of days are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spans {
    /// Those that reach to the last day: what goes on now.
    Prospective,
    /// All.
    Retrospective,
}

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Which spans.
    pub spans: Spans,
    /// The last day of the data; events after it are not taken.
    pub last: i32,
    /// Days that are taken together, the last of them the last day.
    pub step: u16,
    /// Longest span, in days.
    pub longest: u16,
    /// Largest radius, in kilometres.
    pub radius: f64,
    /// Largest share of all events that a circle may hold over all time: half, as in the paper.
    pub share: f64,
    /// Fewest events of a cluster.
    pub fewest: u32,
}

/// Where a case lies. Zero has two signs, and they are one meridian.
fn point(case: &Case) -> (f64, f64) {
    (case.latitude + 0.0, case.longitude + 0.0)
}

impl Settings {
    /// What is usual, up to a last day.
    #[must_use]
    pub fn new(spans: Spans, last: i32) -> Self {
        let step = if spans == Spans::Prospective { 1 } else { 7 };
        Self { spans, last, step, longest: 28, radius: 100.0, share: 0.5, fewest: 2 }
    }
}

/// Why there is nothing to scan.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ScanError {
    /// A setting that cannot be.
    #[error("{what} is {value}: expected {expected}")]
    Setting {
        /// Which.
        what: &'static str,
        /// Its value.
        value: f64,
        /// What would do.
        expected: &'static str,
    },
    /// A place that is none.
    #[error(
        "case {at} lies at {latitude}, {longitude}: expected degrees from -90 to 90 and from -180 to 180"
    )]
    NoPlace {
        /// Its place in the row of cases.
        at: usize,
        /// Degrees north.
        latitude: f64,
        /// Degrees east.
        longitude: f64,
    },
    /// Too many events.
    #[error("there are {events} events; at most {MOST_EVENTS} are taken")]
    TooMany {
        /// How many.
        events: u64,
    },
    /// Too many neighbours.
    #[error("{places} places have too many neighbours within the largest radius; a smaller radius has fewer")]
    TooWide {
        /// How many places.
        places: usize,
    },
    /// Too much work.
    #[error(
        "all spans of up to {longest} steps in {steps} steps of time around {places} places are more than can be looked at; a longer step, \
         fewer days, a smaller radius or a shorter time have fewer"
    )]
    TooMuch {
        /// Steps of time.
        steps: usize,
        /// Steps of the longest span.
        longest: u32,
        /// How many places.
        places: usize,
    },
    /// Too long a time.
    #[error(
        "the events span {days} days; at most {MOST_DAYS} steps are taken, so one of their dates is wrong, or the step too short"
    )]
    TooLong {
        /// How many.
        days: i64,
    },
}

/// At most so many events.
pub const MOST_EVENTS: u64 = 10_000_000;
/// At most so many steps of time: a thousand years of days.
pub const MOST_DAYS: i64 = 366_000;
/// At most so many pairs of neighbouring places: half a gigabyte.
const MOST_PAIRS: usize = 64_000_000;

/// At most so many spans of time, each with a count, when all are looked at: a quarter of a gigabyte for each worker.
const MOST_SPANS: u64 = 1 << 26;
/// At most so many times is an event counted in a span, for one shuffle when all spans are looked at: some seconds.
const MOST_WORK: u64 = 2_000_000_000;
/// At most so many pairs of places are measured while neighbours are looked for: some minutes.
const MOST_MEASURED: usize = 4_000_000_000;

/// A cylinder.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Cylinder {
    ratio: f64,
    centre: u32,
    /// Its circle holds the neighbours up to this one, by distance.
    reach: u32,
    /// Steps before the last, from and to.
    from: u32,
    to: u32,
    observed: u32,
}

/// A cluster of events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cluster {
    /// Degrees north of its centre.
    pub latitude: f64,
    /// Degrees east of its centre.
    pub longitude: f64,
    /// Kilometres from the centre to the farthest of its places.
    pub radius_km: f64,
    /// Its first day.
    #[serde(skip)]
    pub first: i32,
    /// Its last day.
    #[serde(skip)]
    pub last: i32,
    /// Places in it.
    pub places: usize,
    /// Events in it.
    pub observed: u32,
    /// Events that chance would have put there.
    pub expected: f64,
    /// Logarithm of the likelihood ratio.
    pub log_likelihood_ratio: f64,
    /// The cases in it, by their places in the row.
    #[serde(skip)]
    pub cases: Vec<usize>,
}

/// Events made ready to be scanned.
#[derive(Debug)]
pub struct Scan {
    settings: Settings,
    /// Distinct places.
    places: Vec<(f64, f64)>,
    /// Events of each place.
    of_place: Vec<u32>,
    /// For each place its neighbours by distance, itself first, and what they hold together.
    neighbours: Vec<Vec<Neighbour>>,
    /// The place of each event.
    place: Vec<u32>,
    /// Steps of each event before the last.
    age: Vec<u32>,
    /// The case that each event is of.
    case: Vec<u32>,
    /// Events by age.
    of_age: Vec<u32>,
    /// Logarithms of whole numbers.
    logarithms: Vec<f64>,
}

#[derive(Debug, Clone, Copy)]
struct Neighbour {
    place: u32,
    /// Events of this and all nearer ones.
    within: u32,
}

/// Mean radius of the earth in kilometres (IUGG).
const EARTH: f64 = 6371.0088;

/// Kilometres between two places on a sphere.
fn distance(one: (f64, f64), other: (f64, f64)) -> f64 {
    let [first, second] =
        [one, other].map(|(latitude, longitude)| (latitude.to_radians(), longitude.to_radians()));
    let across = ((second.0 - first.0) / 2.0).sin().powi(2)
        + first.0.cos() * second.0.cos() * ((second.1 - first.1) / 2.0).sin().powi(2);
    2.0 * EARTH * across.clamp(0.0, 1.0).sqrt().asin()
}

impl Scan {
    /// Makes events ready. Those after the last day are left out.
    ///
    /// # Errors
    ///
    /// Where a setting or a place cannot be, or there is too much of something.
    pub fn new(cases: &[Case], settings: Settings) -> Result<Self, ScanError> {
        let setting = |what, value: f64, fine: bool, expected| {
            if fine { Ok(()) } else { Err(ScanError::Setting { what, value, expected }) }
        };
        let (step, longest) = (f64::from(settings.step), f64::from(settings.longest));
        setting("the step", step, settings.step > 0, "at least a day")?;
        setting("the longest span", longest, settings.longest >= settings.step, "at least one step")?;
        setting("the largest radius", settings.radius, settings.radius >= 0.0, "kilometres from zero up")?;
        setting(
            "the largest share",
            settings.share,
            settings.share > 0.0 && settings.share <= 1.0,
            "above 0, at most 1",
        )?;
        let events: u64 = cases.iter().map(|case| u64::from(case.cases)).sum();
        if events > MOST_EVENTS {
            return Err(ScanError::TooMany { events });
        }
        let mut places: Vec<(f64, f64)> = Vec::new();
        for (at, case) in cases.iter().enumerate() {
            let (latitude, longitude) = (case.latitude, case.longitude);
            if !(-90.0..=90.0).contains(&latitude) || !(-180.0..=180.0).contains(&longitude) {
                return Err(ScanError::NoPlace { at, latitude, longitude });
            }
            places.push(point(case));
        }
        let order =
            |one: &(f64, f64), other: &(f64, f64)| one.0.total_cmp(&other.0).then(one.1.total_cmp(&other.1));
        places.sort_by(order);
        places.dedup();
        let mut scan = Self {
            settings,
            of_place: vec![0; places.len()],
            neighbours: Vec::new(),
            places,
            place: Vec::new(),
            age: Vec::new(),
            case: Vec::new(),
            of_age: Vec::new(),
            logarithms: Vec::new(),
        };
        for (at, case) in cases.iter().enumerate() {
            let days = i64::from(settings.last) - i64::from(case.day);
            let Ok(days) = u32::try_from(days) else { continue };
            let age = days / u32::from(settings.step);
            if i64::from(age) >= MOST_DAYS {
                return Err(ScanError::TooLong { days: i64::from(days) });
            }
            let known = point(case);
            let place = scan.places.binary_search_by(|place| order(place, &known)).unwrap_or(0);
            scan.of_place[place] += case.cases;
            for _ in 0..case.cases {
                scan.place.push(u32::try_from(place).unwrap_or(0));
                scan.age.push(age);
                scan.case.push(u32::try_from(at).unwrap_or(0));
            }
        }
        let oldest = scan.age.iter().copied().max().map_or(0, |oldest| oldest as usize + 1);
        scan.of_age = vec![0; oldest];
        for age in &scan.age {
            scan.of_age[*age as usize] += 1;
        }
        #[expect(clippy::cast_precision_loss, reason = "at most ten million")]
        let logarithms = (0..=scan.place.len()).map(|number| (number as f64).ln()).collect();
        scan.logarithms = logarithms;
        scan.join()?;
        scan.affordable()?;
        Ok(scan)
    }

    /// Finds the neighbours of every place.
    fn join(&mut self) -> Result<(), ScanError> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a share of a count"
        )]
        let most = (self.place.len() as f64 * self.settings.share).floor() as u32;
        // Degrees of latitude that the radius spans: places are in order of latitude.
        let reach = self.settings.radius / (EARTH.to_radians()) + 1e-9;
        let (mut pairs, mut measured) = (0usize, 0usize);
        for (at, centre) in self.places.iter().enumerate() {
            let from = self.places.partition_point(|place| place.0 < centre.0 - reach);
            let to = self.places.partition_point(|place| place.0 <= centre.0 + reach);
            measured = measured.saturating_add(to - from);
            if measured > MOST_MEASURED {
                return Err(ScanError::TooWide { places: self.places.len() });
            }
            let mut near: Vec<(f64, usize)> = (from..to)
                .filter(|other| self.of_place[*other] > 0)
                .map(|other| (distance(*centre, self.places[other]), other))
                .filter(|(distance, _)| *distance <= self.settings.radius)
                .collect();
            near.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
            let mut within = 0;
            let mut list = Vec::with_capacity(near.len());
            for (_, place) in near {
                within += self.of_place[place];
                if within > most {
                    break;
                }
                list.push(Neighbour { place: u32::try_from(place).unwrap_or(0), within });
            }
            pairs += list.len();
            if pairs > MOST_PAIRS {
                return Err(ScanError::TooWide { places: self.places.len() });
            }
            // A place without events up to the last day is no centre.
            if self.of_place[at] == 0 {
                list.clear();
            }
            self.neighbours.push(list);
        }
        Ok(())
    }

    /// Whether all spans can be looked at: their number grows with the square of the longest, and an event lies in so many of them.
    fn affordable(&self) -> Result<(), ScanError> {
        if self.settings.spans == Spans::Prospective {
            return Ok(());
        }
        let (longest, steps) = (u64::from(self.longest()), self.of_age.len());
        let spans = longest.saturating_mul(u64::try_from(steps).unwrap_or(u64::MAX).saturating_add(1));
        let in_circles: u64 =
            self.neighbours.iter().filter_map(|near| near.last()).map(|last| u64::from(last.within)).sum();
        let work = in_circles.saturating_mul(longest * (longest + 1) / 2);
        if spans > MOST_SPANS || work > MOST_WORK {
            return Err(ScanError::TooMuch { steps, longest: self.longest(), places: self.places() });
        }
        Ok(())
    }

    /// Events that are scanned.
    #[must_use]
    pub fn events(&self) -> usize {
        self.place.len()
    }

    /// Distinct places of events.
    #[must_use]
    pub fn places(&self) -> usize {
        self.of_place.iter().filter(|events| **events > 0).count()
    }

    /// Steps in the longest span.
    fn longest(&self) -> u32 {
        u32::from(self.settings.longest / self.settings.step)
    }

    /// Logarithm of the likelihood ratio (Kulldorff et al. 2005, eq. 4), or nothing where it is not above `best`: a bound that needs no
    /// logarithm of its own (ln x ≤ x − 1) is tried first.
    fn ratio(&self, observed: u32, expected: f64, ln_expected: f64, best: f64) -> Option<f64> {
        let (all, inside) =
            (f64::from(u32::try_from(self.place.len()).unwrap_or(u32::MAX)), f64::from(observed));
        if inside <= expected {
            return None;
        }
        let first = inside * (self.logarithms[observed as usize] - ln_expected);
        let outside = all - inside;
        if first + outside * (expected - inside) / (all - expected) <= best {
            return None;
        }
        let second = if outside > 0.0 { outside * ((outside / (all - expected)).ln()) } else { 0.0 };
        Some(first + second).filter(|ratio| *ratio > best)
    }

    /// The strongest cylinder of every centre, for events of these ages.
    fn strongest(
        &self,
        work: &mut Work,
        ages: &Ages,
        mut found: impl FnMut(u32, Option<Cylinder>),
        floor: bool,
    ) {
        let mut best_of_all = 0.0;
        for centre in 0..self.neighbours.len() {
            let least = if floor { best_of_all } else { 0.0 };
            let best = self.around(work, ages, centre, least);
            if let Some(best) = best {
                best_of_all = f64::max(best_of_all, best.ratio);
            }
            found(u32::try_from(centre).unwrap_or(0), best);
        }
    }

    /// The strongest cylinder around a centre that is stronger than `least`.
    fn around(&self, work: &mut Work, ages: &Ages, centre: usize, least: f64) -> Option<Cylinder> {
        let longest = self.longest();
        let all = self.logarithms[self.place.len()];
        let mut best: Option<Cylinder> = None;
        let mut floor = least;
        let prospective = self.settings.spans == Spans::Prospective;
        // Counts of spans: by their length where they reach to the last step, else by their newest step and length.
        work.clear();
        for (reach, neighbour) in self.neighbours[centre].iter().enumerate() {
            let events = &ages.of_place[neighbour.place as usize];
            if events.is_empty() {
                continue;
            }
            work.touched.clear();
            for age in events {
                let age = *age;
                if prospective {
                    for length in age..longest {
                        work.add(length as usize);
                    }
                } else {
                    // Spans of `length` + 1 steps whose newest step is `to`: those that hold the age.
                    for length in 0..longest {
                        for to in age.saturating_sub(length)..=age {
                            work.add((to * longest + length) as usize);
                        }
                    }
                }
            }
            for key in &work.touched {
                let observed = work.counts[*key as usize];
                if observed < self.settings.fewest {
                    continue;
                }
                let (to, length) = if prospective { (0, *key) } else { (*key / longest, *key % longest) };
                let in_span = self.in_span(to, length);
                let ln_expected =
                    self.logarithms[neighbour.within as usize] + self.logarithms[in_span as usize] - all;
                let expected = f64::from(neighbour.within) * f64::from(in_span)
                    / f64::from(u32::try_from(self.place.len()).unwrap_or(u32::MAX));
                if let Some(ratio) = self.ratio(observed, expected, ln_expected, floor) {
                    floor = ratio;
                    best = Some(Cylinder {
                        ratio,
                        centre: u32::try_from(centre).unwrap_or(0),
                        reach: u32::try_from(reach).unwrap_or(0),
                        from: to + length,
                        to,
                        observed,
                    });
                }
            }
        }
        best
    }

    /// Events of all places in a span.
    fn in_span(&self, to: u32, length: u32) -> u32 {
        let (to, from) = (to as usize, (to + length) as usize);
        let end = (from + 1).min(self.of_age.len());
        self.of_age.get(to.min(end)..end).unwrap_or_default().iter().sum()
    }

    fn work(&self) -> Work {
        let longest = self.longest() as usize;
        let spans = match self.settings.spans {
            Spans::Prospective => longest,
            Spans::Retrospective => longest * (self.of_age.len() + 1),
        };
        Work { counts: vec![0; spans], dirty: Vec::new(), touched: Vec::new() }
    }

    /// The ages by place: of all events, or of those that are new enough to lie in a span.
    fn ages(&self) -> Ages {
        Ages { of_place: vec![Vec::new(); self.places.len()], filled: Vec::new() }
    }

    fn matters(&self, age: u32) -> bool {
        self.settings.spans == Spans::Retrospective || age < self.longest()
    }

    /// The strongest cylinders of the events as they are: no two share a place in a span that they share.
    #[must_use]
    pub fn clusters(&self, most: usize) -> Vec<Cluster> {
        let mut ages = self.ages();
        for (place, age) in self.place.iter().zip(&self.age) {
            if self.matters(*age) {
                ages.add(*place, *age);
            }
        }
        let mut candidates: Vec<Cylinder> = Vec::new();
        self.strongest(&mut self.work(), &ages, |_, best| candidates.extend(best), false);
        // The stronger first; of equals the one with the nearer and earlier centre, so that the order is the same everywhere.
        candidates.sort_by(|one, other| {
            other
                .ratio
                .total_cmp(&one.ratio)
                .then(one.reach.cmp(&other.reach))
                .then(one.centre.cmp(&other.centre))
        });
        let mut kept: Vec<(Cylinder, Vec<u32>)> = Vec::new();
        for candidate in candidates {
            if kept.len() == most {
                break;
            }
            let mut places: Vec<u32> = self.neighbours[candidate.centre as usize]
                [..=candidate.reach as usize]
                .iter()
                .map(|neighbour| neighbour.place)
                .collect();
            places.sort_unstable();
            let apart = kept.iter().all(|(other, taken)| {
                let at_once = candidate.to <= other.from && other.to <= candidate.from;
                !at_once || places.iter().all(|place| taken.binary_search(place).is_err())
            });
            if apart {
                kept.push((candidate, places));
            }
        }
        kept.iter().map(|(cylinder, places)| self.cluster(cylinder, places)).collect()
    }

    fn cluster(&self, cylinder: &Cylinder, places: &[u32]) -> Cluster {
        let centre = self.places[cylinder.centre as usize];
        let farthest = self.neighbours[cylinder.centre as usize]
            .get(cylinder.reach as usize)
            .map_or(centre, |neighbour| self.places[neighbour.place as usize]);
        let within: u32 = places.iter().map(|place| self.of_place[*place as usize]).sum();
        let in_span = self.in_span(cylinder.to, cylinder.from - cylinder.to);
        let mut cases: Vec<usize> = (0..self.place.len())
            .filter(|event| {
                (cylinder.to..=cylinder.from).contains(&self.age[*event])
                    && places.binary_search(&self.place[*event]).is_ok()
            })
            .map(|event| self.case[event] as usize)
            .collect();
        cases.dedup();
        let step = i64::from(self.settings.step);
        let day = |ago: i64| i32::try_from(i64::from(self.settings.last) - ago).unwrap_or(i32::MIN);
        Cluster {
            latitude: centre.0,
            longitude: centre.1,
            radius_km: distance(centre, farthest),
            first: day((i64::from(cylinder.from) + 1) * step - 1),
            last: day(i64::from(cylinder.to) * step),
            places: places.len(),
            observed: cylinder.observed,
            expected: f64::from(within) * f64::from(in_span)
                / f64::from(u32::try_from(self.place.len()).unwrap_or(u32::MAX)),
            log_likelihood_ratio: cylinder.ratio,
            cases,
        }
    }

    /// The strongest likelihood ratio of each shuffle of the days with these numbers: each is the same whoever asks for it, and
    /// beside which others.
    #[must_use]
    pub fn replicates(&self, seed: u64, numbers: std::ops::Range<u32>) -> Vec<f64> {
        let mut work = self.work();
        let mut ages = self.ages();
        // Only events that are new enough matter: which places they fall on is drawn, the others are left where they are.
        let drawn: Vec<u32> = self.age.iter().copied().filter(|age| self.matters(*age)).collect();
        let mut places = self.place.clone();
        numbers
            .map(|number| {
                let mut generator = chance::stream(seed, u64::from(number));
                places.copy_from_slice(&self.place);
                ages.clear();
                for (at, age) in drawn.iter().enumerate() {
                    let left = u32::try_from(places.len() - at).unwrap_or(u32::MAX);
                    let other = at + chance::below(&mut generator, left) as usize;
                    places.swap(at, other);
                    ages.add(places[at], *age);
                }
                let mut best = 0.0;
                self.strongest(
                    &mut work,
                    &ages,
                    |_, found| best = found.map_or(best, |found| f64::max(best, found.ratio)),
                    true,
                );
                best
            })
            .collect()
    }
}

/// Ages of events by place.
struct Ages {
    of_place: Vec<Vec<u32>>,
    filled: Vec<u32>,
}

impl Ages {
    fn add(&mut self, place: u32, age: u32) {
        let events = &mut self.of_place[place as usize];
        if events.is_empty() {
            self.filled.push(place);
        }
        events.push(age);
    }

    fn clear(&mut self) {
        for place in self.filled.drain(..) {
            self.of_place[place as usize].clear();
        }
    }
}

/// Counts of spans around one centre, cleaned by what was touched.
struct Work {
    counts: Vec<u32>,
    dirty: Vec<u32>,
    touched: Vec<u32>,
}

impl Work {
    fn add(&mut self, key: usize) {
        let Some(count) = self.counts.get_mut(key) else { return };
        let key = u32::try_from(key).unwrap_or(u32::MAX);
        if *count == 0 {
            self.dirty.push(key);
        }
        *count += 1;
        if self.touched.last() != Some(&key) {
            self.touched.push(key);
        }
    }

    fn clear(&mut self) {
        for key in self.dirty.drain(..) {
            self.counts[key as usize] = 0;
        }
    }
}

/// How likely by chance a likelihood ratio is, by the shuffles in order.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Chance {
    /// Share of the shuffles with one as strong, the data among them.
    pub p_value: f64,
    /// Shuffles that were looked at.
    pub replicates: u32,
}

/// Stops after so many shuffles as strong (Besag & Clifford 1991, *Biometrika* 78:301–304): then the chance is so many over those looked
/// at, and nothing that more shuffles could say would make a cluster of it.
pub const ENOUGH: u32 = 50;

/// Where in a row of shuffles to stop: after [`ENOUGH`] as strong as the strongest of the data, else at the end.
#[must_use]
pub fn stop(ratio: f64, maxima: &[f64]) -> Option<usize> {
    let mut as_strong = 0;
    maxima.iter().position(|maximum| {
        as_strong += u32::from(*maximum >= ratio);
        as_strong == ENOUGH
    })
}

/// The chance of a ratio; `stopped` says that the row ends where [`stop`] said so.
#[must_use]
pub fn chance(ratio: f64, maxima: &[f64], stopped: bool) -> Chance {
    let as_strong = maxima.iter().filter(|maximum| **maximum >= ratio).count();
    #[expect(clippy::cast_precision_loss, reason = "numbers of shuffles")]
    let (as_strong, all) = (as_strong as f64, maxima.len() as f64);
    let p_value = if stopped { as_strong / all } else { (as_strong + 1.0) / (all + 1.0) };
    Chance { p_value, replicates: u32::try_from(maxima.len()).unwrap_or(u32::MAX) }
}

#[cfg(test)]
#[path = "scan_tests.rs"]
mod tests;
