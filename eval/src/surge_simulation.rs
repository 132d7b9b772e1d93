/*! The simulation that detectors of surges are measured on: Noufaily et al. (2013), Stat Med 32:1206–1222, section 4, as reused by Bedubourg &
Le Strat (2017), PLoS ONE 12:e0181227. Forty-two scenarios of 624 weeks, of which the last 49 are judged, without outbreaks (how many
false alarms) and with one (how many are found), after a clean past and after one with four outbreaks.

Besides it, series that excite themselves, as attacks do and the scenarios do not. */

use rand_distr::{Distribution, Gamma, LogNormal, Poisson, Uniform};
use rand_pcg::Pcg64;
use rand_pcg::rand_core::SeedableRng as _;
use watch::surge::{Detector, Prior};
use watch::{Every, Series};

/// Weeks of a series.
pub const WEEKS: usize = 624;
/// The first week that may hold a past outbreak.
const PAST: usize = 312;
/// The first week that is judged.
pub const CURRENT: usize = 575;

/// What the scenarios of one group have in common: θ, φ, β where there is a trend, γ₁, γ₂.
pub const GROUPS: [[f64; 5]; 7] = [
    [0.1, 1.5, 0.0025, 0.6, 0.6],
    [-2.0, 2.0, 0.005, 0.1, 0.3],
    [1.5, 1.0, 0.003, 0.2, -0.4],
    [0.5, 5.0, 0.002, 0.5, 0.5],
    [2.5, 3.0, 0.001, 1.0, 0.1],
    [3.75, 1.1, 0.001, 0.1, -0.1],
    [5.0, 1.2, 0.0001, 0.05, 0.01],
];

/// Factors of past outbreaks.
const PAST_FACTORS: [f64; 4] = [2.0, 3.0, 5.0, 10.0];

/// A stream of chance of its own for each series, whatever the order of the work.
fn stream(seed: u64, what: u64, scenario: usize, replicate: usize) -> Pcg64 {
    let mixed = seed
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .wrapping_add(what << 48)
        .wrapping_add((scenario as u64) << 32)
        .wrapping_add(replicate as u64);
    Pcg64::seed_from_u64(mixed)
}

/// A count with that mean and a variance of dispersion × mean.
fn count(mean: f64, dispersion: f64, rng: &mut Pcg64) -> u32 {
    let rate = if dispersion > 1.0 {
        Gamma::new(mean / (dispersion - 1.0), dispersion - 1.0).map_or(mean, |gamma| gamma.sample(rng))
    } else {
        mean
    };
    // A rate of nothing has no Poisson distribution.
    let drawn: f64 = Poisson::new(rate).map_or(0.0, |poisson| poisson.sample(rng));
    drawn as u32
}

/// One of the 42.
pub struct Scenario {
    pub group: usize,
    means: Vec<f64>,
    dispersion: f64,
}

pub fn scenarios() -> Vec<Scenario> {
    let mut all = Vec::new();
    for (group, [theta, dispersion, beta, cosine, sine]) in GROUPS.into_iter().enumerate() {
        for trend in [0.0, 1.0] {
            for season in 0..3 {
                let means = (1..=WEEKS)
                    .map(|week| {
                        let t = week as f64;
                        let mut log = theta + trend * beta * t;
                        for j in 1..=season {
                            let angle = std::f64::consts::TAU * f64::from(j) * t / 52.0;
                            log += cosine * angle.cos() + sine * angle.sin();
                        }
                        log.exp()
                    })
                    .collect();
                all.push(Scenario { group, means, dispersion });
            }
        }
    }
    all
}

impl Scenario {
    fn baseline(&self, rng: &mut Pcg64) -> Vec<u32> {
        self.means.iter().map(|mean| count(*mean, self.dispersion, rng)).collect()
    }

    /// Adds an outbreak that begins at `start`, and gives its first and last week; nothing where it lies after the end.
    fn outbreak(
        &self,
        counts: &mut [u32],
        start: usize,
        factor: f64,
        rng: &mut Pcg64,
    ) -> Option<(usize, usize)> {
        let mean = factor * (self.dispersion * self.means[start]).sqrt();
        let size = Poisson::new(mean).ok()?;
        let mut cases: f64 = 0.0;
        // As the authors' own program: an outbreak has at least two cases.
        for _ in 0..100_000 {
            cases = size.sample(rng);
            if cases >= 2.0 {
                break;
            }
        }
        let delay = LogNormal::new(0.0, 0.5).ok()?;
        let mut span: Option<(usize, usize)> = None;
        for _ in 0..cases as u32 {
            let late: f64 = delay.sample(rng);
            let week = start + late.floor() as usize;
            if let Some(count) = counts.get_mut(week) {
                *count += 1;
                span = Some(span.map_or((week, week), |(first, last)| (first.min(week), last.max(week))));
            }
        }
        span
    }

    /// Four outbreaks in the past, at different weeks.
    fn past(&self, counts: &mut [u32], factor: f64, rng: &mut Pcg64) {
        let mut starts: Vec<usize> = Vec::new();
        while starts.len() < 4 {
            let start = within(PAST, CURRENT, rng);
            if !starts.contains(&start) {
                starts.push(start);
                self.outbreak(counts, start, factor, rng);
            }
        }
    }
}

fn within(first: usize, end: usize, rng: &mut Pcg64) -> usize {
    Uniform::new(first as u64, end as u64).map_or(first, |uniform| uniform.sample(rng) as usize)
}

/// Counts as the detectors take them; the first week is one of 2010.
pub fn series(counts: &[u32]) -> Series {
    Series::new("simulated", Every::Week, 2087, counts.iter().map(|count| Some(*count)).collect())
}

/// The p-values of a detector from one week on, up to another; 1 where it has none.
fn p_values(detector: Detector, counts: &[u32], from: usize, end: usize) -> Vec<f64> {
    let judged = detector.judge(&series(&counts[..end]), from, 0.01, &Prior::default()).unwrap_or_default();
    judged.into_iter().map(|judged| judged.map_or(1.0, |judged| judged.p_value)).collect()
}

/// An outbreak that was to be found: the smallest p-value in its weeks, and that of its first week.
#[derive(Debug, Clone, Copy)]
pub struct Found {
    pub factor: usize,
    pub any: f64,
    pub first: f64,
}

/// What a detector made of many series of one kind.
#[derive(Debug, Default, Clone)]
pub struct Outcome {
    /// The p-values of weeks without an outbreak, by scenario.
    pub null: Vec<(usize, f64)>,
    pub found: Vec<Found>,
    /// What judging the null weeks took.
    pub seconds: f64,
}

/// Judges one replicate of one scenario, after a clean past or after one with outbreaks.
pub fn replicate(
    detector: Detector,
    scenarios: &[Scenario],
    at: usize,
    replicate: usize,
    past: bool,
    seed: u64,
) -> Outcome {
    let scenario = &scenarios[at];
    let mut rng = stream(seed, 1, at, replicate);
    let mut counts = scenario.baseline(&mut rng);
    if past {
        scenario.past(&mut counts, PAST_FACTORS[replicate % PAST_FACTORS.len()], &mut rng);
    }
    let mut outcome = Outcome::default();
    let begin = std::time::Instant::now();
    let null = p_values(detector, &counts, CURRENT, WEEKS);
    outcome.seconds = begin.elapsed().as_secs_f64();
    outcome.null.extend(null.into_iter().map(|p| (at, p)));
    for factor in 1..=10 {
        let mut with = counts.clone();
        let (first, last) = loop {
            let start = within(CURRENT, WEEKS, &mut rng);
            if let Some(span) = scenario.outbreak(&mut with, start, factor as f64, &mut rng) {
                break span;
            }
        };
        let p = p_values(detector, &with, first, last + 1);
        let any = p.iter().copied().fold(1.0, f64::min);
        outcome.found.push(Found { factor, any, first: p[0] });
    }
    outcome
}

/// The p-values of the last 49 weeks of a series whose mean moves with its last count: mean μ(1 − a) + a × the count before, dispersion 1.5.
pub fn self_exciting(detector: Detector, mean: f64, share: f64, replicate: usize, seed: u64) -> Vec<f64> {
    let mut rng = stream(seed, 2, (mean * 10.0) as usize + 1000 * (share * 10.0) as usize, replicate);
    let mut counts = Vec::with_capacity(WEEKS);
    let mut last = mean;
    for _ in 0..WEEKS {
        let drawn = count(mean * (1.0 - share) + share * last, 1.5, &mut rng);
        last = f64::from(drawn);
        counts.push(drawn);
    }
    p_values(detector, &counts, CURRENT, WEEKS)
}

/// The largest p-value that at most the share `rate` of the null weeks reaches.
pub fn matched(outcome: &Outcome, rate: f64) -> f64 {
    let mut p: Vec<f64> = outcome.null.iter().map(|(_, p)| *p).collect();
    p.sort_unstable_by(f64::total_cmp);
    let most = (rate * p.len() as f64) as usize;
    // A value that several weeks share is let in with all of them or not at all.
    let mut at = most;
    while at > 0 && p.get(at).is_some_and(|next| *next == p[at - 1]) {
        at -= 1;
    }
    if at == 0 { 0.0 } else { p[at - 1] }
}

/// The share of outbreaks that are found at a threshold: of one factor, or of all.
pub fn detected(outcome: &Outcome, threshold: f64, factor: Option<usize>) -> f64 {
    let of: Vec<&Found> =
        outcome.found.iter().filter(|found| factor.is_none_or(|factor| found.factor == factor)).collect();
    of.iter().filter(|found| found.any <= threshold).count() as f64 / of.len().max(1) as f64
}

/// The same, in their first week.
pub fn at_once(outcome: &Outcome, threshold: f64) -> f64 {
    outcome.found.iter().filter(|found| found.first <= threshold).count() as f64
        / outcome.found.len().max(1) as f64
}

/// False alarms in a thousand null weeks at a threshold, of one group or of all.
pub fn false_alarms(outcome: &Outcome, threshold: f64, group: Option<usize>) -> f64 {
    let of = outcome.null.iter().filter(|(scenario, _)| group.is_none_or(|group| scenario / 6 == group));
    let (mut weeks, mut alarms) = (0.0, 0.0);
    for (_, p) in of {
        weeks += 1.0;
        alarms += f64::from(u8::from(*p <= threshold));
    }
    alarms * 1000.0 / f64::max(weeks, 1.0)
}

/// The two detectors that are compared.
const COMPARED: [(&str, Detector); 2] =
    [("watchpost", Detector::Watchpost), ("farrington-flexible", Detector::FarringtonFlexible)];

/// Factors of current outbreaks that the tables name.
const TOLD: [usize; 5] = [2, 3, 5, 7, 10];

/// Runs the whole simulation with so many replicates of each scenario, and gives its tables.
pub fn run(seed: u64, replicates: usize) -> String {
    let scenarios = scenarios();
    let told = format!(
        "{replicates} replicates of {} scenarios, seed {seed}; {} null weeks and {} outbreaks in each row\n",
        scenarios.len(),
        replicates * scenarios.len() * (WEEKS - CURRENT),
        replicates * scenarios.len() * 10
    );
    let by_group: String = (1..=7).map(|group| format!(" group {group} |")).collect();
    let by_factor: String = TOLD.map(|factor| format!(" k={factor} |")).concat();
    let mut alarms = format!(
        "\nFalse alarms in 1,000 null weeks at nominal .01\n\n| past | detector | all |{by_group}\n|---|---|---|{}\n",
        "---|".repeat(7)
    );
    let mut power = format!(
        "\nOutbreaks found where 10 in 1,000 null weeks of the same kind are alarms\n\n| past | detector | p at most | all |{by_factor} in the first week |\n|---|---|---|---|{}---|\n",
        "---|".repeat(TOLD.len())
    );
    let mut speed = String::from(
        "\nSeries-weeks a second, one core\n\n| detector | series-weeks a second |\n|---|---|\n",
    );
    for (name, detector) in COMPARED {
        // The middle one of all replicates: other work on the machine stretches some of them.
        let mut seconds: Vec<f64> = Vec::new();
        for (kind, past) in [("clean", false), ("outbreaks", true)] {
            let mut whole = Outcome::default();
            for at in 0..scenarios.len() {
                for number in 0..replicates {
                    let one = replicate(detector, &scenarios, at, number, past, seed);
                    whole.null.extend(one.null);
                    whole.found.extend(one.found);
                    seconds.push(one.seconds);
                }
            }
            let groups: String =
                (0..7).map(|group| format!(" {:.1} |", false_alarms(&whole, 0.01, Some(group)))).collect();
            alarms += &format!("| {kind} | {name} | {:.1} |{groups}\n", false_alarms(&whole, 0.01, None));
            let threshold = matched(&whole, 0.01);
            let factors: String =
                TOLD.map(|factor| format!(" {:.2} |", detected(&whole, threshold, Some(factor)))).concat();
            power += &format!(
                "| {kind} | {name} | {threshold:.4} | {:.3} |{factors} {:.3} |\n",
                detected(&whole, threshold, None),
                at_once(&whole, threshold)
            );
        }
        seconds.sort_unstable_by(f64::total_cmp);
        let middle = seconds.get(seconds.len() / 2).copied().unwrap_or(f64::INFINITY);
        speed += &format!("| {name} | {:.0} |\n", (WEEKS - CURRENT) as f64 / middle);
    }
    let mut exciting = String::from(
        "\nFalse alarms in 1,000 weeks of series that excite themselves, nominal .01\n\n| detector | a = 0 | .2 | .4 | .6 |\n|---|---|---|---|---|\n",
    );
    for (name, detector) in COMPARED {
        exciting += &format!("| {name} |");
        for share in [0.0, 0.2, 0.4, 0.6] {
            let means = [0.5, 2.0, 10.0].into_iter();
            let p: Vec<f64> = means
                .flat_map(|mean| {
                    (0..replicates * 20)
                        .flat_map(move |number| self_exciting(detector, mean, share, number, seed))
                })
                .collect();
            let alarms = p.iter().filter(|p| **p <= 0.01).count();
            exciting += &format!(" {:.1} |", 1000.0 * alarms as f64 / p.len() as f64);
        }
        exciting += "\n";
    }
    told + &alarms + &power + &exciting + &speed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_the_mean_and_the_variance_that_the_design_says() {
        let mut rng = stream(5, 9, 0, 0);
        for (mean, dispersion) in [(0.14, 2.0), (4.5, 1.0), (12.2, 3.0)] {
            let n = 40_000;
            let drawn: Vec<f64> = (0..n).map(|_| f64::from(count(mean, dispersion, &mut rng))).collect();
            let average = drawn.iter().sum::<f64>() / f64::from(n);
            let variance = drawn.iter().map(|count| (count - average).powi(2)).sum::<f64>() / f64::from(n);
            assert!((average / mean - 1.0).abs() < 0.06, "{mean}: {average}");
            assert!((variance / average / dispersion - 1.0).abs() < 0.08, "{dispersion}: {variance}");
        }
    }

    #[test]
    fn the_scenarios_stand_in_the_order_of_the_paper() {
        let scenarios = scenarios();
        assert_eq!(scenarios.len(), 42);
        // The first has neither trend nor season; the fourth of a group has a trend alone.
        assert!((scenarios[0].means[600] - 0.1f64.exp()).abs() < 1e-12);
        assert!((scenarios[9].means[99] - (-2.0 + 0.005 * 100.0f64).exp()).abs() < 1e-12);
        assert!((scenarios[13].means[51] - (1.5f64 + 0.2).exp()).abs() < 1e-9);
    }

    #[test]
    fn an_outbreak_has_its_size_and_its_weeks() {
        let scenarios = scenarios();
        let mut rng = stream(1, 8, 0, 0);
        let (mut cases, mut first_week) = (0, 0);
        for _ in 0..2_000 {
            let mut counts = vec![0; WEEKS];
            let (first, last) = scenarios[30].outbreak(&mut counts, 600, 5.0, &mut rng).expect("an outbreak");
            assert!(first >= 600 && last < WEEKS && first <= last);
            cases += counts.iter().sum::<u32>();
            first_week += counts[600];
        }
        // 5 × sqrt(1.1 × exp(3.75)) = 34.2 cases, half of them in the first week.
        assert!((f64::from(cases) / 2_000.0 - 34.2).abs() < 1.0, "{cases}");
        assert!((f64::from(first_week) / f64::from(cases) - 0.5).abs() < 0.02);
    }

    #[test]
    fn a_threshold_lets_in_no_more_than_it_may() {
        let outcome = Outcome {
            null: [0.001, 0.02, 0.02, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0].map(|p| (0, p)).to_vec(),
            found: vec![
                Found { factor: 3, any: 0.002, first: 0.4 },
                Found { factor: 5, any: 0.0005, first: 0.0005 },
            ],
            seconds: 1.0,
        };
        assert_eq!(matched(&outcome, 0.2), 0.001, "both weeks of .02 would be one too many");
        assert_eq!(matched(&outcome, 0.3), 0.02);
        assert_eq!((detected(&outcome, 0.001, None), detected(&outcome, 0.001, Some(3))), (0.5, 0.0));
        assert_eq!((at_once(&outcome, 0.01), false_alarms(&outcome, 0.02, Some(0))), (0.5, 300.0));
    }
}
