/*! A series: one count for each period, in order, and what is not known of it.

A count is a whole number of things that happened. A period without one is *missing*, which is not zero: whoever makes the series
says which of the two a period is that nothing was said of ([`Unsaid`]). */

use crate::period::Every;

/// The largest count that is taken. More than this in one period is a fault of the data, and sums of such would not be exact.
pub const LARGEST: u32 = 1_000_000_000;

/// The longest span of a series in periods, a thousand years of days: one absurd date must not take all memory.
pub const LONGEST: i64 = 366_000;

/// What a period is that no observation speaks of, between the first and the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsaid {
    /// Nothing happened: where every event is told, silence is zero.
    Zero,
    /// Not known: where counts are told, a period that has none was not counted.
    Missing,
}

/// One count, as it was given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observation {
    /// The period.
    pub period: i32,
    /// The count, where there is one.
    pub count: Option<u32>,
    /// How much could have been counted, such as the volume of reporting: above zero and finite.
    pub offset: Option<f64>,
}

/// Counts of one thing over time.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    name: String,
    every: Every,
    first: i32,
    counts: Vec<Option<u32>>,
    offsets: Vec<f64>,
}

/// Why a series cannot be made or coarsened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SeriesError {
    /// Too long.
    #[error(
        "the series `{name}` spans {periods} {every}s; at most {LONGEST} are taken, so one of its dates is wrong"
    )]
    TooLong {
        /// Its name.
        name: String,
        /// Its length.
        periods: i64,
        /// What it is counted by.
        every: &'static str,
    },
    /// Too much in one period.
    #[error("the series `{name}` counts more than {LARGEST} in one {every}")]
    TooMuch {
        /// Its name.
        name: String,
        /// What it is counted by.
        every: &'static str,
    },
}

/// A series, and the periods of which different things were said.
#[derive(Debug, Clone, PartialEq)]
pub struct Built {
    /// The series.
    pub series: Series,
    /// Periods that were given several times with different counts or offsets: they are missing, since nobody can say which is right.
    pub conflicting: Vec<i32>,
    /// Periods that were given several times with the same count: they count once.
    pub repeated: Vec<i32>,
}

impl Series {
    /// Of counts in a row, from the period `first` on.
    pub fn new(name: impl Into<String>, every: Every, first: i32, counts: Vec<Option<u32>>) -> Self {
        Self { name: name.into(), every, first, counts, offsets: Vec::new() }
    }

    /// With the volume in which each count was found (one for each count, each above zero and finite; anything else is left as 1).
    #[must_use]
    pub fn with_offsets(mut self, offsets: Vec<f64>) -> Self {
        if offsets.len() == self.counts.len() {
            self.offsets =
                offsets.into_iter().map(|offset| if sound(offset) { offset } else { 1.0 }).collect();
        }
        self
    }

    /// Of observations in any order. Where any has an offset, a count without one is missing: it cannot be compared.
    ///
    /// # Errors
    /// Where the series is longer than [`LONGEST`].
    pub fn of_observations(
        name: impl Into<String>,
        every: Every,
        mut observations: Vec<Observation>,
        unsaid: Unsaid,
    ) -> Result<Built, SeriesError> {
        let name = name.into();
        observations.sort_by_key(|observation| observation.period);
        let (first, last) = match (observations.first(), observations.last()) {
            (Some(first), Some(last)) => (first.period, last.period),
            _ => (0, -1),
        };
        let length = i64::from(last) - i64::from(first) + 1;
        if length > LONGEST {
            return Err(SeriesError::TooLong { name, periods: length, every: every.name() });
        }
        let length = usize::try_from(length).unwrap_or(0);
        let blank = match unsaid {
            Unsaid::Zero => Some(0),
            Unsaid::Missing => None,
        };
        let has_offsets = observations.iter().any(|observation| observation.offset.is_some());
        let mut counts = vec![blank; length];
        let mut offsets = if has_offsets { vec![1.0; length] } else { Vec::new() };
        let (mut conflicting, mut repeated) = (Vec::new(), Vec::new());
        for group in observations.chunk_by(|a, b| a.period == b.period) {
            let [one, others @ ..] = group else { continue };
            let at = usize::try_from(i64::from(one.period) - i64::from(first)).unwrap_or(0);
            let agree = others.iter().all(|other| other.count == one.count && other.offset == one.offset);
            if !others.is_empty() {
                if agree { repeated.push(one.period) } else { conflicting.push(one.period) }
            }
            let offset = one.offset.filter(|offset| sound(*offset));
            counts[at] = one.count.filter(|_| agree && (!has_offsets || offset.is_some()));
            if let Some(place) = offsets.get_mut(at) {
                *place = offset.unwrap_or(1.0);
            }
        }
        Ok(Built { series: Self { name, every, first, counts, offsets }, conflicting, repeated })
    }

    /// Of events: the sum of their weights (one each, or the dead) in every period from `first` to `last`, zero where none was.
    /// Events outside of the span are not counted.
    ///
    /// # Errors
    /// Where the span is longer than [`LONGEST`], or a sum larger than [`LARGEST`].
    pub fn of_events(
        name: impl Into<String>,
        every: Every,
        (first, last): (i32, i32),
        events: impl IntoIterator<Item = (i32, u32)>,
    ) -> Result<Self, SeriesError> {
        let name = name.into();
        let length = (i64::from(last) - i64::from(first) + 1).max(0);
        if length > LONGEST {
            return Err(SeriesError::TooLong { name, periods: length, every: every.name() });
        }
        let mut sums = vec![0u64; usize::try_from(length).unwrap_or(0)];
        for (period, weight) in events {
            let at = usize::try_from(i64::from(period) - i64::from(first)).ok();
            if let Some(sum) = at.and_then(|at| sums.get_mut(at)) {
                *sum = sum.saturating_add(u64::from(weight));
            }
        }
        let counts: Option<Vec<Option<u32>>> = sums
            .into_iter()
            .map(|sum| u32::try_from(sum).ok().filter(|sum| *sum <= LARGEST).map(Some))
            .collect();
        match counts {
            Some(counts) => Ok(Self { name, every, first, counts, offsets: Vec::new() }),
            None => Err(SeriesError::TooMuch { name, every: every.name() }),
        }
    }

    /// By longer periods. A sum with a missing part is missing; so are the first and the last where the series does not fill them.
    ///
    /// # Errors
    /// Where a sum is larger than [`LARGEST`].
    pub fn coarser(&self, every: Every) -> Result<Self, SeriesError> {
        if every <= self.every || self.counts.is_empty() {
            return Ok(self.clone());
        }
        // Days fill weeks and months; a month takes the weeks that begin in it.
        let whole = |period: i32| every.of(self.every.start(period));
        let last = self.last();
        let (from, to) = (whole(self.first), whole(last));
        let length = usize::try_from(i64::from(to) - i64::from(from) + 1).unwrap_or(0);
        let mut sums = vec![Some((0u64, 0.0)); length];
        if whole(self.first - 1) == from
            && let Some(sum) = sums.first_mut()
        {
            *sum = None;
        }
        if whole(last + 1) == to
            && let Some(sum) = sums.last_mut()
        {
            *sum = None;
        }
        for (index, count) in self.counts.iter().enumerate() {
            let at = usize::try_from(whole(self.period(index)) - from).unwrap_or(0);
            if let Some(place) = sums.get_mut(at) {
                *place = place
                    .zip(*count)
                    .map(|((sum, offset), count)| (sum + u64::from(count), offset + self.offset(index)));
            }
        }
        let mut counts = Vec::with_capacity(length);
        for sum in &sums {
            counts.push(match sum {
                None => None,
                Some((sum, _)) => {
                    Some(u32::try_from(*sum).ok().filter(|sum| *sum <= LARGEST).ok_or_else(|| {
                        SeriesError::TooMuch { name: self.name.clone(), every: every.name() }
                    })?)
                }
            });
        }
        let coarse = Self::new(self.name.clone(), every, from, counts);
        Ok(if self.offsets.is_empty() {
            coarse
        } else {
            coarse.with_offsets(sums.iter().map(|sum| sum.map_or(1.0, |(_, offset)| offset)).collect())
        })
    }

    /// What is counted.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How long a period is.
    pub fn every(&self) -> Every {
        self.every
    }

    /// Its first period.
    pub fn first(&self) -> i32 {
        self.first
    }

    /// Its last period; the one before the first where it has none.
    pub fn last(&self) -> i32 {
        let length = i32::try_from(self.counts.len()).unwrap_or(i32::MAX);
        self.first.saturating_add(length).saturating_sub(1)
    }

    /// The period of a place in the row.
    pub fn period(&self, index: usize) -> i32 {
        self.first.saturating_add(i32::try_from(index).unwrap_or(i32::MAX))
    }

    /// The place of a period in the row.
    pub fn index(&self, period: i32) -> Option<usize> {
        let at = usize::try_from(i64::from(period) - i64::from(self.first)).ok()?;
        (at < self.counts.len()).then_some(at)
    }

    /// The counts, in order; `None` is missing.
    pub fn counts(&self) -> &[Option<u32>] {
        &self.counts
    }

    /// Whether the volume is told in which the counts were found.
    pub fn has_offsets(&self) -> bool {
        !self.offsets.is_empty()
    }

    /// The volume in which a count was found, 1 where it is not told.
    pub fn offset(&self, index: usize) -> f64 {
        self.offsets.get(index).copied().unwrap_or(1.0)
    }
}

/// Whether a volume can be divided by.
fn sound(offset: f64) -> bool {
    offset.is_finite() && offset > 0.0
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn seen(period: i32, count: u32) -> Observation {
        Observation { period, count: Some(count), offset: None }
    }

    #[test]
    fn order_and_gaps_and_doubles_have_answers() {
        let rows = vec![seen(7, 1), seen(3, 4), seen(5, 2), seen(5, 2), seen(4, 1), seen(4, 9)];
        let built = Series::of_observations("a", Every::Week, rows, Unsaid::Missing).unwrap();
        assert_eq!(built.series.first(), 3);
        assert_eq!(built.series.counts(), [Some(4), None, Some(2), None, Some(1)]);
        assert_eq!((built.conflicting, built.repeated), (vec![4], vec![5]));
    }

    #[test]
    fn silence_is_zero_where_events_are_told() {
        let series =
            Series::of_events("a", Every::Day, (10, 14), [(11, 2), (13, 1), (11, 1), (99, 5)]).unwrap();
        assert_eq!(series.counts(), [Some(0), Some(3), Some(0), Some(1), Some(0)]);
        assert_eq!((series.last(), series.index(14), series.index(15)), (14, Some(4), None));
        let none = Series::of_events("a", Every::Day, (10, 9), []).unwrap();
        assert!(none.counts().is_empty());
    }

    #[test]
    fn a_date_that_is_wrong_by_millennia_is_an_error_and_no_memory() {
        let rows = vec![seen(0, 1), seen(2_000_000, 1)];
        let error = Series::of_observations("a", Every::Day, rows, Unsaid::Zero).unwrap_err();
        assert!(error.to_string().contains("2000001 days"), "{error}");
        assert!(Series::of_events("a", Every::Day, (i32::MIN, i32::MAX), []).is_err());
    }

    #[test]
    fn a_sum_that_cannot_be_is_said() {
        let error = Series::of_events("a", Every::Day, (0, 0), [(0, u32::MAX), (0, u32::MAX)]).unwrap_err();
        assert!(error.to_string().contains("more than"), "{error}");
    }

    #[test]
    fn a_count_without_its_volume_is_missing() {
        let with = |period, offset| Observation { period, count: Some(1), offset };
        let rows = vec![with(0, Some(10.0)), with(1, None), with(2, Some(0.0)), with(3, Some(f64::NAN))];
        let series = Series::of_observations("a", Every::Week, rows, Unsaid::Missing).unwrap().series;
        assert_eq!(series.counts(), [Some(1), None, None, None]);
        assert_eq!((series.offset(0), series.offset(3)), (10.0, 1.0));
    }

    #[test]
    fn weeks_are_summed_of_whole_days_only() {
        // Wednesday 6 May 2020 to Tuesday 19 May: one whole week, from the 11th.
        let first = Every::Day.of(date(2020, 5, 6));
        let days = Series::new("a", Every::Day, first, vec![Some(1); 14]);
        let weeks = days.coarser(Every::Week).unwrap();
        assert_eq!(weeks.counts(), [None, Some(7), None]);
        assert_eq!(Every::Week.start(weeks.first()), date(2020, 5, 4));
        let mut holed = vec![Some(1); 14];
        holed[6] = None;
        let weeks = Series::new("a", Every::Day, first, holed).coarser(Every::Week).unwrap();
        assert_eq!(weeks.counts(), [None, None, None]);
    }

    proptest! {
        #[test]
        fn coarser_keeps_what_it_can(first in -1000i32..1000, counts in prop::collection::vec(prop::option::of(0u32..9), 0..120)) {
            let days = Series::new("a", Every::Day, first, counts);
            for every in [Every::Week, Every::Month] {
                let coarse = days.coarser(every).unwrap();
                let total = |series: &Series| series.counts().iter().flatten().map(|c| u64::from(*c)).sum::<u64>();
                prop_assert!(total(&coarse) <= total(&days));
            }
        }
    }
}
