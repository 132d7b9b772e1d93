/*! How well self-excitation is recovered where it is known: series are drawn with and without it, over backgrounds that stand still and that
move, rounded to days as data are, and asked as `watchpost test self-excitation` asks. */

use rand_distr::{Distribution as _, Normal};
use serde::Serialize;
use watch::claim::self_excitation::{Answer, Background, SelfExcitation};
use watch::claim::{self, Verdict};
use watch::hawkes::{Events, Profile, Steps, clusters};
use watch::{Every, Series, chance};

/// Days of a series: 2015 to 2020.
const DAYS: u32 = 2192;

/// Events that a series has on average.
const EVENTS: f64 = 1000.0;

/// One over the mean delay in days.
const BETA: f64 = 0.25;

/// Branching ratios that are put in; nothing is a series without excitation.
const PUT_IN: [f64; 4] = [0.0, 0.2, 0.4, 0.6];

/// How the true background moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Truth {
    /// It stands still.
    Constant,
    /// By the calendar year, up to five times what it is at its lowest.
    Years,
    /// A season, and a logarithm that wanders from month to month (standard deviation .15 a month, half of it forgotten in a year).
    Wandering,
    /// It stands still, and each event by itself is told as two of one day with the chance .3.
    Doubled,
}

const TRUTHS: [Truth; 4] = [Truth::Constant, Truth::Years, Truth::Wandering, Truth::Doubled];

/// What came out of the series of one kind.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// How the background moved.
    pub truth: Truth,
    /// What was put in.
    pub branching: f64,
    /// Mean of the estimates over the background that was chosen, and over one that stands still.
    pub mean: f64,
    /// Of one that stands still.
    pub mean_constant: f64,
    /// Root mean square error.
    pub error: f64,
    /// Share of the series whose estimate lies within .05 of the truth.
    pub near: f64,
    /// Share whose 95 % interval holds the truth.
    pub covered: f64,
    /// Share whose times are those of the fit (Kolmogorov–Smirnov at 5 %).
    pub explained: f64,
    /// Share called supported.
    pub supported: f64,
    /// Share of which nothing can be told.
    pub cannot_tell: f64,
    /// How often each background was chosen: constant, year, quarter.
    pub chosen: [u32; 3],
    /// Mean of the estimates from the exact times, over a background that stands still; without excitation and moving backgrounds none.
    pub exact: Option<f64>,
}

fn background(truth: Truth, number: u64, seed: u64) -> (Steps, Vec<f64>) {
    let days = f64::from(DAYS);
    let first = jiff::civil::date(2015, 1, 1);
    let (steps, mut levels) = match truth {
        Truth::Constant | Truth::Doubled => (Steps::one(days), vec![1.0]),
        Truth::Years => (Background::Year.steps(first, days), vec![1.0, 2.5, 0.5, 1.5, 0.6, 2.0]),
        Truth::Wandering => {
            let steps = Background::Month.steps(first, days);
            let mut draw = chance::stream(seed, 1 << 40 | number);
            let (mut log, stays) = (0.0, 0.5f64.powf(1.0 / 12.0));
            let levels = (0..steps.count())
                .map(|month| {
                    let by = Normal::new(0.0, 0.15).map_or(0.0, |normal| normal.sample(&mut draw));
                    log = stays * log + by;
                    (log + 0.4 * (std::f64::consts::TAU * month as f64 / 12.0).cos()).exp()
                })
                .collect();
            (steps, levels)
        }
    };
    let mut before = 0.0;
    let mass: f64 = steps
        .ends()
        .iter()
        .zip(&levels)
        .map(|(end, level)| level * (end - std::mem::replace(&mut before, *end)))
        .sum();
    levels.iter_mut().for_each(|level| *level *= EVENTS / mass);
    (steps, levels)
}

/// One series, and what was asked of it.
fn one(truth: Truth, branching: f64, number: u32, seed: u64) -> (Answer, Vec<f64>) {
    let number = u64::from(number);
    let (steps, mut levels) = background(truth, number, seed);
    levels.iter_mut().for_each(|level| *level *= 1.0 - branching);
    let task = (truth as u64) << 32 | ((branching * 10.0) as u64) << 24 | number;
    let mut draw = chance::stream(seed, task);
    let mut times = clusters(&steps, &levels, branching, BETA, &mut draw);
    if truth == Truth::Doubled {
        times = times
            .into_iter()
            .flat_map(|time| std::iter::repeat_n(time, if chance::unit(&mut draw) < 0.3 { 2 } else { 1 }))
            .collect();
    }
    let mut counts = vec![Some(0u32); DAYS as usize];
    for time in &times {
        if let Some(Some(count)) = counts.get_mut(*time as usize) {
            *count += 1;
        }
    }
    let series = Series::new("simulated", Every::Day, Every::Day.of(jiff::civil::date(2015, 1, 1)), counts);
    (
        claim::self_excitation(&series, &SelfExcitation { seed: number + 1, ..SelfExcitation::default() }),
        times,
    )
}

/// Asks so many series of each kind.
#[must_use]
pub fn measure(series: u32, seed: u64) -> Vec<Row> {
    let mut rows = Vec::new();
    for truth in TRUTHS {
        for branching in PUT_IN {
            // Doubling is only of interest where nothing follows.
            if truth == Truth::Doubled && branching > 0.0 {
                continue;
            }
            let mut row = Row {
                truth,
                branching,
                mean: 0.0,
                mean_constant: 0.0,
                error: 0.0,
                near: 0.0,
                covered: 0.0,
                explained: 0.0,
                supported: 0.0,
                cannot_tell: 0.0,
                chosen: [0; 3],
                exact: (truth == Truth::Constant && branching > 0.0).then_some(0.0),
            };
            let each = 1.0 / f64::from(series.max(1));
            let share = |said: bool| if said { each } else { 0.0 };
            for number in 0..series {
                let (answer, times) = one(truth, branching, number, seed);
                let Some(estimate) = &answer.estimate else { continue };
                let off = estimate.branching - branching;
                row.mean += each * estimate.branching;
                row.mean_constant += answer.backgrounds.first().map_or(0.0, |rung| each * rung.branching);
                row.error += each * off * off;
                row.near += share(off.abs() <= 0.05);
                let [low, high] = estimate.branching_interval;
                row.covered += share(
                    low.is_none_or(|low| low <= branching) && high.is_none_or(|high| high >= branching),
                );
                row.explained +=
                    share(answer.residuals.is_some_and(|residuals| residuals.p_distance >= 0.05));
                row.supported += share(answer.verdict == Verdict::Supported);
                row.cannot_tell += share(answer.verdict == Verdict::CannotTell);
                let place = Background::CHOSEN_FROM.iter().position(|one| Some(*one) == answer.background);
                if let Some(chosen) = place.and_then(|place| row.chosen.get_mut(place)) {
                    *chosen += 1;
                }
                if let Some(exact) = &mut row.exact {
                    let events = Events::new(times, Steps::one(f64::from(DAYS)));
                    *exact += each * Profile::of_events(&events).fit().branching;
                }
            }
            row.error = row.error.sqrt();
            rows.push(row);
        }
    }
    rows
}

/// The result as a table for people.
#[must_use]
pub fn table(rows: &[Row], series: u32, seed: u64) -> String {
    let mut text = format!(
        "{series} series of {DAYS} days and {EVENTS} events on average in each row, mean delay {} days, seed {seed}\n\n\
         | true background | put in | found | error (root mean square) | within .05 | in the 95 % interval | times explained | supported | cannot tell | with one that stands still | from exact times | chosen: constant, year, quarter |\n\
         |---|---|---|---|---|---|---|---|---|---|---|---|\n",
        1.0 / BETA
    );
    for row in rows {
        let percent = |share: f64| format!("{:.1} %", 100.0 * share);
        text += &format!(
            "| {} | {} | {:.3} | {:.3} | {} | {} | {} | {} | {} | {:.3} | {} | {} |\n",
            serde_json::to_string(&row.truth).unwrap_or_default().trim_matches('"'),
            row.branching,
            row.mean,
            row.error,
            percent(row.near),
            percent(row.covered),
            percent(row.explained),
            percent(row.supported),
            percent(row.cannot_tell),
            row.mean_constant,
            row.exact.map_or_else(String::new, |exact| format!("{exact:.3}")),
            row.chosen.map(|chosen| chosen.to_string()).join(", ")
        );
    }
    text
}
