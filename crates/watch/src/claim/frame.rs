//! The part of a series that a claim is tested on, as rows of a regression.

use std::f64::consts::TAU;

use crate::period::Every;
use crate::series::Series;

use super::ramadan::{self, Shift};

/// Observed periods in a row; those that are missing are left out, and the distances over them are kept.
#[derive(Debug, Clone)]
pub struct Frame {
    /// How long a period is.
    pub every: Every,
    /// The observed periods.
    pub periods: Vec<i32>,
    /// Their places from the first on.
    pub places: Vec<usize>,
    /// Their counts.
    pub counts: Vec<f64>,
    /// The logarithms of the volumes; empty where none is told.
    pub offset: Vec<f64>,
    /// Periods between the first and the last that are missing.
    pub missing: usize,
}

impl Frame {
    /// The periods of a series from one to another, both with.
    #[must_use]
    pub fn new(series: &Series, from: Option<i32>, to: Option<i32>) -> Self {
        let mut frame = Self {
            every: series.every(),
            periods: Vec::new(),
            places: Vec::new(),
            counts: Vec::new(),
            offset: Vec::new(),
            missing: 0,
        };
        for (index, count) in series.counts().iter().enumerate() {
            let period = series.period(index);
            if from.is_some_and(|from| period < from) || to.is_some_and(|to| period > to) {
                continue;
            }
            if let Some(count) = count {
                frame.periods.push(period);
                frame.counts.push(f64::from(*count));
                if series.has_offsets() {
                    frame.offset.push(series.offset(index).ln());
                }
            }
        }
        let first = frame.periods.first().copied().unwrap_or(0);
        frame.places =
            frame.periods.iter().map(|period| usize::try_from(period - first).unwrap_or(0)).collect();
        frame.missing = frame.places.last().map_or(0, |last| last + 1 - frame.places.len());
        frame
    }

    /// Observations.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.periods.len()
    }

    /// The sum of the counts.
    #[must_use]
    pub fn events(&self) -> f64 {
        self.counts.iter().sum()
    }

    /// The number of a period, from one.
    fn number(&self, row: usize) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "at most some hundred thousand periods")]
        let place = self.places[row] as f64;
        place + 1.0
    }

    /// Ones.
    pub(super) fn intercept(&self) -> (String, Vec<f64>) {
        ("(Intercept)".to_owned(), vec![1.0; self.rows()])
    }

    /// The time in periods, from one.
    pub(super) fn time(&self) -> (String, Vec<f64>) {
        ("t".to_owned(), (0..self.rows()).map(|row| self.number(row)).collect())
    }

    /// Sines and cosines of a year and its fractions.
    pub(super) fn seasons(&self, harmonics: u8) -> Vec<(String, Vec<f64>)> {
        let year = self.every.a_year();
        let mut columns = Vec::new();
        for wave in 1..=harmonics {
            let angle = |row: usize| TAU * f64::from(wave) * self.number(row) / year;
            columns.push((format!("c{wave}"), (0..self.rows()).map(|row| angle(row).cos()).collect()));
            columns.push((format!("s{wave}"), (0..self.rows()).map(|row| angle(row).sin()).collect()));
        }
        columns
    }

    /// The share of each period's days that lies in Ramadan.
    pub(super) fn ramadan(&self, shift: Shift) -> (String, Vec<f64>) {
        let share = self.periods.iter().map(|period| ramadan::share(self.every, *period, shift)).collect();
        ("ramadan".to_owned(), share)
    }

    /// The calendar year that holds the middle of each period; of weeks that is ISO 8601's.
    pub(super) fn years(&self) -> Vec<i16> {
        let middle = |period: &i32| {
            let start = self.every.start(*period);
            let half = match self.every {
                Every::Day => 0,
                Every::Week => 3,
                Every::Month => 14,
            };
            let later = jiff::Span::new().try_days(half).ok().and_then(|days| start.checked_add(days).ok());
            later.unwrap_or(start).year()
        };
        self.periods.iter().map(middle).collect()
    }

    /// The lag that the Newey–West errors reach by default: two months, as far as contagion between attacks was found to go
    /// (Lewis et al. 2012, *Security Journal* 25:244–264: six weeks at most); eight weeks, 56 days, two months.
    #[must_use]
    pub fn lag(&self) -> usize {
        match self.every {
            Every::Day => 56,
            Every::Week => 8,
            Every::Month => 2,
        }
    }
}
