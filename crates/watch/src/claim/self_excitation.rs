//! Whether an event draws others after it, how many, and how long: self-excitation ([`crate::hawkes`]), held against chance over a background
//! that moves.

use jiff::civil::Date;
use serde::Serialize;

use crate::chance;
use crate::hawkes::{self, Daily, Events, Fit, Profile, Residuals, Steps};
use crate::period::Every;
use crate::series::Series;

use super::{Failing, Verdict, words};

/// How the background may move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Background {
    /// It stands still.
    Constant,
    /// A level for each calendar year.
    Year,
    /// For each quarter of one.
    Quarter,
    /// For each month.
    Month,
}

impl Background {
    /// Those that are chosen from, the stillest first. Months are not among them: steps hardly longer than what follows lasts take it for
    /// themselves, so that nothing is left to be found.
    pub const CHOSEN_FROM: [Self; 3] = [Self::Constant, Self::Year, Self::Quarter];

    /// How it moves, in words.
    #[must_use]
    pub fn says(self) -> &'static str {
        match self {
            Self::Constant => "stands still",
            Self::Year => "moves by the year",
            Self::Quarter => "moves by the quarter",
            Self::Month => "moves by the month",
        }
    }

    /// Months of a step.
    fn months(self) -> Option<i32> {
        match self {
            Self::Constant => None,
            Self::Year => Some(12),
            Self::Quarter => Some(3),
            Self::Month => Some(1),
        }
    }

    /// The steps of a time that begins on a day: their ends are those of the calendar. One that the time holds less than half of goes with
    /// its neighbour.
    #[must_use]
    pub fn steps(self, first: Date, days: f64) -> Steps {
        let Some(months) = self.months() else { return Steps::one(days) };
        let begin = Every::Day.of(first);
        let half = f64::from(months) * 30.4 / 2.0;
        let mut ends = Vec::new();
        let mut month = Every::Month.of(first).div_euclid(months) * months + months;
        loop {
            let end = f64::from(Every::Day.of(Every::Month.start(month)) - begin);
            if end > days - half {
                break;
            }
            if end >= half {
                ends.push(end);
            }
            month += months;
        }
        ends.push(days);
        Steps::new(ends)
    }
}

/// What is asked.
#[derive(Debug, Clone)]
pub struct SelfExcitation {
    /// How the background moves; none is the one of the least Akaike criterion.
    pub background: Option<Background>,
    /// The smallest branching ratio that is worth the name.
    pub worth: f64,
    /// How often the periods are shuffled.
    pub replicates: u32,
    /// The same seed gives the same chances.
    pub seed: u64,
}

impl Default for SelfExcitation {
    fn default() -> Self {
        Self { background: None, worth: WORTH, replicates: 199, seed: 1 }
    }
}

/// A branching ratio below this is not worth the name: one event in ten draws another.
pub const WORTH: f64 = 0.1;

/// Fewer events than this and nothing can be told: of fifty, the interval of the branching ratio is half as wide as all that it can be.
pub const FEWEST_EVENTS: u64 = 50;

/// Fewer events than this are told as a weakness.
const FEW_EVENTS: u64 = 200;

/// More events than this are counted, not followed one by one.
pub const MOST_EVENTS: u64 = 200_000;

/// How often events are put anywhere into their days.
const PLACEMENTS: u32 = 20;

/// After so many shuffles that gain as much, it is clear that it is chance (Besag & Clifford 1991, *Biometrika* 78:301–304).
const ENOUGH: u32 = 20;

/// Branching ratios that differ by more than this are not the same.
const APART: f64 = 0.1;

/// What excites itself, and how much.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Excitation {
    /// Events that follow one, on average.
    pub branching: f64,
    /// Its 95 % interval, by the profile of the likelihood; an end that the data leave open is none.
    pub branching_interval: hawkes::Interval,
    /// Mean delay in days.
    pub mean_lag_days: f64,
    /// Its 95 % interval.
    pub mean_lag_interval: hawkes::Interval,
    /// Days within which half of those that follow have come.
    pub half_within_days: f64,
    /// Days within which nine of ten have.
    pub ninety_within_days: f64,
    /// Share of the events that followed others.
    pub share_following: f64,
    /// Events a day that come by themselves, by step of the background, with its first day.
    pub background: Vec<Level>,
    /// Log-likelihood (events a day).
    pub log_likelihood: f64,
    /// That of the same background without excitation.
    pub log_likelihood_poisson: f64,
    /// Twice their difference.
    pub gain: f64,
}

/// A level of the background.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Level {
    /// Its first day.
    pub from: String,
    /// Events a day.
    pub per_day: f64,
}

/// What another background makes of the same events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rung {
    /// Which.
    pub background: Background,
    /// Its steps.
    pub steps: usize,
    /// Branching ratio.
    pub branching: f64,
    /// Mean delay in days.
    pub mean_lag_days: f64,
    /// Log-likelihood.
    pub log_likelihood: f64,
    /// Without excitation.
    pub log_likelihood_poisson: f64,
    /// Akaike's criterion; the least is chosen.
    pub aic: f64,
}

/// The same where an event may only draw others into later periods.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Later {
    /// Branching ratio.
    pub branching: f64,
    /// Mean delay in days.
    pub mean_lag_days: f64,
    /// Twice what the log-likelihood gains by excitation.
    pub gain: f64,
}

/// The same with the events anywhere in their periods.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Placements {
    /// How often they were put elsewhere.
    pub asked: u32,
    /// The least branching ratio.
    pub lowest: f64,
    /// The largest.
    pub highest: f64,
}

/// How the chance was found.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Drawn {
    /// Within whose steps periods were shuffled.
    pub background: Background,
    /// Share of the shuffles, the data among them, that gain as much by excitation of later periods.
    pub p_value: f64,
    /// Shuffles.
    pub replicates: u32,
    /// Their seed.
    pub seed: u64,
}

/// What an answer is, and in which version.
pub const SCHEMA: &str = "watchpost.self-excitation/1";

/// The answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// `self-excitation`.
    pub test: &'static str,
    /// Of which series.
    pub series: String,
    /// What the record says.
    pub verdict: Verdict,
    /// The answer for people.
    pub sentence: String,
    /// Why nothing can be told, where that is so.
    pub reason: Option<String>,
    /// First day.
    pub from: Option<String>,
    /// Last day.
    pub to: Option<String>,
    /// What a period is.
    pub every: &'static str,
    /// Events.
    pub events: u64,
    /// The background that was chosen.
    pub background: Option<Background>,
    /// What was estimated over it.
    pub estimate: Option<Excitation>,
    /// How likely as much is by chance: of what follows in later periods, over the background that was chosen.
    pub chance: Option<Drawn>,
    /// The same over the background that moves the most.
    pub chance_finest: Option<Drawn>,
    /// All backgrounds that were tried.
    pub backgrounds: Vec<Rung>,
    /// With those of the same period left aside.
    pub later_periods: Option<Later>,
    /// With other times within the periods.
    pub placements: Option<Placements>,
    /// Whether it explains the times, with them placed by chance: the placement in the middle of all.
    pub residuals: Option<Residuals>,
    /// What does not hold.
    pub failing: Vec<Failing>,
}

/// The part of a series that is looked at: the longest stretch without a missing period.
struct Stretch {
    every: Every,
    first: i32,
    counts: Vec<u32>,
    /// Periods of the series outside of it.
    left_out: usize,
    /// Days of a period.
    length: f64,
}

impl Stretch {
    fn new(series: &Series) -> Self {
        let (mut best, mut run) = (0..0, 0..0);
        for (at, count) in series.counts().iter().enumerate() {
            if count.is_some() {
                run = if run.end == at { run.start..at + 1 } else { at..at + 1 };
                if run.len() > best.len() {
                    best = run.clone();
                }
            }
        }
        let every = series.every();
        Self {
            every,
            first: series.period(best.start),
            left_out: series.counts().len() - best.len(),
            counts: series.counts()[best].iter().map(|count| count.unwrap_or(0)).collect(),
            length: if every == Every::Week { 7.0 } else { 1.0 },
        }
    }

    fn events(&self) -> u64 {
        self.counts.iter().map(|count| u64::from(*count)).sum()
    }

    fn begin(&self) -> Date {
        self.every.start(self.first)
    }

    fn days(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a number of periods")]
        let periods = self.counts.len() as f64;
        periods * self.length
    }

    /// First and last day.
    fn span(&self) -> Option<(String, String)> {
        let after = i32::try_from(self.counts.len()).ok().and_then(|many| self.first.checked_add(many))?;
        let last = self.every.start(after).yesterday().ok()?;
        (!self.counts.is_empty()).then(|| (self.begin().to_string(), last.to_string()))
    }
}

/// Asks whether the events of a series draw others after them.
#[must_use]
pub fn self_excitation(series: &Series, ask: &SelfExcitation) -> Answer {
    let stretch = Stretch::new(series);
    let span = stretch.span();
    let what = match &span {
        Some((from, to)) => format!("events of {} drew others after them from {from} to {to}", series.name()),
        None => format!("events of {} drew others after them", series.name()),
    };
    let (from, to) = span.unzip();
    let mut answer = Answer {
        schema: SCHEMA,
        test: "self-excitation",
        series: series.name().to_owned(),
        verdict: Verdict::CannotTell,
        sentence: String::new(),
        reason: None,
        from,
        to,
        every: stretch.every.name(),
        events: stretch.events(),
        background: None,
        estimate: None,
        chance: None,
        chance_finest: None,
        backgrounds: Vec::new(),
        later_periods: None,
        placements: None,
        residuals: None,
        failing: Vec::new(),
    };
    if let Some(reason) = unasked(&stretch) {
        answer.sentence = format!("Cannot tell whether {what}: {reason}.");
        answer.reason = Some(reason);
        return answer;
    }
    ask_stretch(&stretch, ask, &mut answer);
    answer.failing.extend(weaknesses(&stretch, series, &answer));
    let reason = judged(&mut answer, ask, &stretch);
    answer.sentence = sentence(&answer, &what, reason.as_deref(), ask);
    answer.reason = reason;
    answer
}

/// Why a series cannot be asked.
fn unasked(stretch: &Stretch) -> Option<String> {
    let events = stretch.events();
    if stretch.every == Every::Month {
        return Some(
            "counts by the month do not say what follows within weeks; days or weeks are needed".to_owned(),
        );
    }
    if events < FEWEST_EVENTS {
        return Some(format!("{events} events are too few (at least {FEWEST_EVENTS} are needed)"));
    }
    if events > MOST_EVENTS {
        return Some(format!(
            "{events} are too many to be followed one by one (at most {MOST_EVENTS}); ask of an area, an actor or a shorter time"
        ));
    }
    // Half a year, three of the longest delays: a shorter time cannot tell contagion from what the time was like.
    (stretch.days() < 3.0 * hawkes::LONGEST_LAG).then(|| {
        format!(
            "{} days without a gap are too few (at least {} are needed)",
            stretch.days(),
            3.0 * hawkes::LONGEST_LAG
        )
    })
}

/// Fits all that is told.
fn ask_stretch(stretch: &Stretch, ask: &SelfExcitation, answer: &mut Answer) {
    let (begin, days) = (stretch.begin(), stretch.days());
    let times = hawkes::spread(&stretch.counts, stretch.length);
    let mut rungs: Vec<(Background, Steps, Fit)> = Vec::new();
    let asked = ask.background.filter(|asked| !Background::CHOSEN_FROM.contains(asked));
    for background in Background::CHOSEN_FROM.into_iter().chain(asked) {
        let steps = background.steps(begin, days);
        if background == Background::Constant
            || rungs.last().is_none_or(|(_, last, _)| last.count() < steps.count())
        {
            let events = Events::new(times.clone(), steps.clone());
            let fit = Profile::of_events(&events).fit().clone();
            rungs.push((background, steps, fit));
        }
    }
    answer.backgrounds = rungs
        .iter()
        .map(|(background, steps, fit)| Rung {
            background: *background,
            steps: steps.count(),
            branching: fit.branching,
            mean_lag_days: 1.0 / fit.beta,
            log_likelihood: fit.log_likelihood,
            log_likelihood_poisson: fit.poisson,
            aic: fit.aic(),
        })
        .collect();
    let chosen = rungs
        .iter()
        .filter(|(background, _, _)| ask.background.is_none_or(|asked| asked == *background))
        .min_by(|(_, _, one), (_, _, other)| one.aic().total_cmp(&other.aic()))
        // A time too short for the steps that are asked for has those of the next stiller background.
        .or_else(|| {
            rungs
                .iter()
                .rev()
                .find(|(background, _, _)| Some(*background as u8) <= ask.background.map(|asked| asked as u8))
        });
    let Some((background, steps, fit)) = chosen else { return };
    answer.background = Some(*background);
    let events = Events::new(times, steps.clone());
    let mut profile = Profile::of_events(&events);
    let branching_interval = profile.branching_interval();
    let mean_lag_interval = if fit.branching > 0.0 { profile.lag_interval() } else { [None, None] };
    let mut starts = vec![0.0];
    starts.extend(steps.ends().iter().copied());
    let by_itself: f64 = fit
        .levels
        .iter()
        .zip(steps.ends().iter().zip(&starts))
        .map(|(level, (end, start))| level * (end - start))
        .sum();
    #[expect(clippy::cast_precision_loss, reason = "a number of events")]
    let all = events.count() as f64;
    #[expect(clippy::cast_possible_truncation, reason = "days of a calendar")]
    let day = |since: f64| Every::Day.start(Every::Day.of(begin).saturating_add(since as i32)).to_string();
    answer.estimate = Some(Excitation {
        branching: fit.branching,
        branching_interval,
        mean_lag_days: 1.0 / fit.beta,
        mean_lag_interval,
        half_within_days: fit.within(0.5),
        ninety_within_days: fit.within(0.9),
        share_following: (1.0 - by_itself / all).clamp(0.0, 1.0),
        background: fit
            .levels
            .iter()
            .zip(&starts)
            .map(|(level, start)| Level { from: day(*start), per_day: *level })
            .collect(),
        log_likelihood: fit.log_likelihood,
        log_likelihood_poisson: fit.poisson,
        gain: fit.gain(),
    });
    let daily = Daily::new(&stretch.counts, stretch.length, steps);
    let later = Profile::of_days(&daily).fit().clone();
    answer.later_periods =
        Some(Later { branching: later.branching, mean_lag_days: 1.0 / later.beta, gain: later.gain() });
    let mut residuals: Vec<Residuals> = Vec::new();
    let (mut lowest, mut highest) = (f64::INFINITY, f64::NEG_INFINITY);
    for placement in 0..PLACEMENTS {
        let mut draw = chance::stream(ask.seed, u64::from(placement) | 1 << 32);
        let placed = Events::new(hawkes::scatter(&stretch.counts, stretch.length, &mut draw), steps.clone());
        let profile = Profile::roughly(&placed);
        lowest = lowest.min(profile.fit().branching);
        highest = highest.max(profile.fit().branching);
        residuals.push(profile.residuals());
    }
    residuals.sort_by(|one, other| one.p_distance.total_cmp(&other.p_distance));
    answer.residuals = residuals.get(residuals.len() / 2).copied();
    answer.placements = Some(Placements { asked: PLACEMENTS, lowest, highest });
    answer.chance = Some(drawn(&daily, *background, later.gain(), ask));
    // The most that a background can take away.
    if let Some((finest, steps, _)) = rungs.last().filter(|(finest, _, _)| finest != background) {
        let daily = Daily::new(&stretch.counts, stretch.length, steps);
        let gain = Profile::of_days(&daily).fit().gain();
        answer.chance_finest = Some(drawn(&daily, *finest, gain, ask));
    }
}

/// How likely a gain as large is where nothing in one period follows from another: the periods are shuffled within the steps of a background,
/// so that neither what comes together in one nor how the background moves makes it (a permutation test).
fn drawn(days: &Daily, background: Background, gain: f64, ask: &SelfExcitation) -> Drawn {
    let (mut as_much, mut looked) = (0u32, 0u32);
    let done = |p_value: f64, replicates: u32| Drawn { background, p_value, replicates, seed: ask.seed };
    for replicate in 0..ask.replicates {
        let mut draw = chance::stream(ask.seed, u64::from(replicate));
        looked += 1;
        as_much += u32::from(Profile::of_days(&days.shuffled(&mut draw)).fit().gain() >= gain);
        if as_much == ENOUGH {
            return done(f64::from(as_much) / f64::from(looked), looked);
        }
    }
    done(f64::from(as_much + 1) / f64::from(looked + 1), looked)
}

/// The verdict, and why nothing can be told.
fn judged(answer: &mut Answer, ask: &SelfExcitation, stretch: &Stretch) -> Option<String> {
    let (Some(estimate), Some(chance)) = (&answer.estimate, &answer.chance) else {
        return Some("it could not be fitted".to_owned());
    };
    let [low, high] = estimate.branching_interval;
    let every = stretch.every.name();
    if high.is_some_and(|high| high < ask.worth) {
        answer.verdict = Verdict::NotSupported;
        return None;
    }
    if low.is_none_or(|low| low <= 0.0) {
        return Some(format!(
            "the interval leaves room for none, and for {} and more events drawn by each",
            words::number(ask.worth, 2)
        ));
    }
    if chance.p_value > 0.05 {
        return Some(format!(
            "in later {every}s there are no more than chance leaves where the {every}s are shuffled; what stands together within one {every} may be one attack, told in parts"
        ));
    }
    if let Some(finest) = answer.chance_finest.filter(|finest| finest.p_value > 0.05) {
        return Some(format!("a background that {} explains as much by itself", finest.background.says()));
    }
    answer.verdict = Verdict::Supported;
    None
}

fn sentence(answer: &Answer, what: &str, reason: Option<&str>, ask: &SelfExcitation) -> String {
    let mut sentence = words::opening(answer.verdict, what);
    let Some(estimate) = &answer.estimate else { return sentence + "." };
    let number = |value: f64| format!("{value:.2}");
    let end = |end: Option<f64>| end.map_or_else(|| "open".to_owned(), number);
    let [low, high] = estimate.branching_interval;
    sentence += &format!(
        ": each drew {} on average (95 % interval {} to {})",
        number(estimate.branching),
        end(low),
        end(high)
    );
    if answer.verdict == Verdict::Supported {
        sentence += &format!(
            ", half of them within {:.1} days, nine of ten within {:.1}",
            estimate.half_within_days, estimate.ninety_within_days
        );
    }
    if let Some(background) = answer.background {
        sentence += &format!(", over a background that {}", background.says());
        let still = answer.backgrounds.first().filter(|_| background != Background::Constant);
        if let Some(still) = still {
            sentence += &format!(" (one that stands still would make it {})", number(still.branching));
        }
    }
    if let Some(chance) = &answer.chance {
        sentence += &format!("; so much by chance: {}", words::chance(chance.p_value));
    }
    if answer.verdict == Verdict::NotSupported {
        sentence += &format!("; that is less than the {} that would be worth the name", number(ask.worth));
    }
    if let Some(reason) = reason {
        sentence += &format!("; {reason}");
    }
    sentence + "."
}

/// What does not hold.
fn weaknesses(stretch: &Stretch, series: &Series, answer: &Answer) -> Vec<Failing> {
    let mut failing = Vec::new();
    let every = stretch.every.name();
    let mut fails = |assumption, says: String| failing.push(Failing { assumption, says });
    if stretch.events() < FEW_EVENTS {
        fails(
            "few-events",
            format!("{} events are few: the interval rests on a law for many", stretch.events()),
        );
    }
    if stretch.left_out > 0 {
        fails(
            "missing-periods",
            format!(
                "{} {every}s are left out: only the longest stretch without a missing one is looked at",
                stretch.left_out
            ),
        );
    }
    if series.has_offsets() {
        fails(
            "offset",
            "the volume of reporting plays no part here: where it moves, the background does".to_owned(),
        );
    }
    let Some(estimate) = &answer.estimate else { return failing };
    if let Some(still) = answer.backgrounds.first()
        && let Some(finest) = answer.backgrounds.last()
        && still.branching - finest.branching > APART
    {
        let told: Vec<String> = answer
            .backgrounds
            .iter()
            .map(|rung| format!("{:.2} where it {}", rung.branching, rung.background.says()))
            .collect();
        fails(
            "background",
            format!("how many follow depends on what the background may do: {}", told.join(", ")),
        );
    }
    if let Some(later) = &answer.later_periods {
        let [low, high] = estimate.branching_interval;
        if low.is_some_and(|low| later.branching < low) || high.is_some_and(|high| later.branching > high) {
            fails(
                "same-period",
                format!(
                    "with only those counted that follow in a later {every}, each drew {:.2}: several events of one {every} may be one attack, told in parts",
                    later.branching
                ),
            );
        }
    }
    if let Some(placements) = &answer.placements
        && placements.highest - placements.lowest > 0.5 * APART
    {
        fails(
            "times-in-periods",
            format!(
                "only the {every} of an event is known: with other times within it each drew {:.2} to {:.2}",
                placements.lowest, placements.highest
            ),
        );
    }
    if let Some(residuals) = &answer.residuals {
        if residuals.p_distance < 0.05 {
            fails(
                "waiting-times",
                format!(
                    "the times between events are not those of the model ({}): it is a sketch of what happens, and the interval may be too narrow",
                    words::chance(residuals.p_distance)
                ),
            );
        }
        if residuals.p_correlation < 0.05 {
            fails(
                "autocorrelation",
                format!(
                    "neighbouring times hang together beyond the model (correlation {:.2}, {})",
                    residuals.correlation,
                    words::chance(residuals.p_correlation)
                ),
            );
        }
    }
    if estimate.branching > 0.0
        && (estimate.mean_lag_days > 0.99 * hawkes::LONGEST_LAG
            || estimate.mean_lag_days < 1.01 * hawkes::SHORTEST_LAG)
    {
        fails(
            "delay-at-edge",
            format!(
                "the mean delay lies at the edge of what is looked for ({} to {} days): it may be something else than events that draw others",
                hawkes::SHORTEST_LAG,
                hawkes::LONGEST_LAG
            ),
        );
    }
    if estimate.mean_lag_days < stretch.length {
        fails(
            "delay-within-period",
            format!("the mean delay is shorter than the {every} that events are known by"),
        );
    }
    failing
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hawkes::clusters;

    fn daily(levels: &[f64], branching: f64, seed: u64) -> Series {
        let days = 1461;
        let ends = (1..=levels.len()).map(|end| f64::from(days) * end as f64 / levels.len() as f64);
        let mut counts = vec![Some(0); days as usize];
        for time in clusters(&Steps::new(ends), levels, branching, 0.25, &mut chance::stream(seed, 0)) {
            if let Some(Some(count)) = counts.get_mut(time as usize) {
                *count += 1;
            }
        }
        Series::new("a", Every::Day, Every::Day.of(jiff::civil::date(2017, 1, 1)), counts)
    }

    fn quick() -> SelfExcitation {
        SelfExcitation { replicates: 39, ..SelfExcitation::default() }
    }

    #[test]
    fn contagion_is_supported_and_chance_is_not() {
        let found = self_excitation(&daily(&[0.5], 0.5, 1), &quick());
        assert_eq!(found.verdict, Verdict::Supported, "{}", found.sentence);
        let estimate = found.estimate.unwrap();
        assert!(
            (estimate.branching - 0.5).abs() < 0.15 && (estimate.half_within_days - 2.8).abs() < 1.5,
            "{estimate:?}"
        );
        let found = self_excitation(&daily(&[1.0], 0.0, 1), &quick());
        assert_ne!(found.verdict, Verdict::Supported, "{}", found.sentence);
        assert!(found.chance.unwrap().p_value > 0.05);
    }

    #[test]
    fn a_background_that_moves_is_chosen_and_not_called_contagion() {
        let found = self_excitation(&daily(&[0.2, 2.0, 0.4, 1.2], 0.0, 2), &quick());
        assert_ne!(found.background, Some(Background::Constant));
        assert_ne!(found.verdict, Verdict::Supported, "{}", found.sentence);
        assert!(
            found.failing.iter().any(|failing| failing.assumption == "background"),
            "{:?}",
            found.failing
        );
    }

    #[test]
    fn parts_of_one_attack_are_not_contagion() {
        let mut draw = chance::stream(7, 0);
        let counts: Vec<Option<u32>> =
            (0..1461).map(|_| Some(if chance::below(&mut draw, 6) == 0 { 3 } else { 0 })).collect();
        let found = self_excitation(&Series::new("a", Every::Day, 17_000, counts), &quick());
        assert_eq!(found.verdict, Verdict::CannotTell, "{}", found.sentence);
        assert!(found.sentence.contains("told in parts"), "{}", found.sentence);
    }

    #[test]
    fn what_cannot_be_asked_says_why() {
        let says = |every, counts: Vec<Option<u32>>| {
            let found = self_excitation(&Series::new("a", every, 17_000, counts), &quick());
            assert_eq!(found.verdict, Verdict::CannotTell);
            found.reason.unwrap()
        };
        assert!(says(Every::Month, vec![Some(9); 40]).contains("by the month"));
        assert!(says(Every::Day, vec![Some(0); 400]).contains("0 events are too few"));
        assert!(says(Every::Day, Vec::new()).contains("0 events are too few"));
        assert!(says(Every::Day, vec![Some(9); 100]).contains("100 days"));
        assert!(says(Every::Day, vec![Some(1_000_000_000); 400]).contains("too many"));
        assert!(says(Every::Day, vec![None; 400]).contains("0 events are too few"));
    }

    #[test]
    fn the_longest_stretch_without_a_gap_is_looked_at() {
        let mut counts = vec![Some(1); 500];
        counts[99] = None;
        let found = self_excitation(&Series::new("a", Every::Day, 17_000, counts), &quick());
        assert_eq!(found.events, 400);
        assert_eq!(found.from.as_deref(), Some(Every::Day.start(17_100).to_string().as_str()));
        assert!(found.failing.iter().any(|failing| failing.assumption == "missing-periods"));
    }

    #[test]
    fn steps_are_those_of_the_calendar() {
        let first = jiff::civil::date(2018, 1, 1);
        assert_eq!(Background::Year.steps(first, 1096.0).ends(), [365.0, 730.0, 1096.0]);
        // A step that the time holds less than half of goes with its neighbour.
        let late = jiff::civil::date(2018, 9, 1);
        assert_eq!(Background::Year.steps(late, 700.0).ends(), [487.0, 700.0]);
        assert_eq!(Background::Quarter.steps(first, 181.0).ends(), [90.0, 181.0]);
        assert_eq!(Background::Constant.steps(first, 20.0).ends(), [20.0]);
        assert_eq!(Background::Month.steps(first, 10.0).ends(), [10.0]);
    }
}
