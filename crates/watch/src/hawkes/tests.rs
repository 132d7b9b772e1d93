use proptest::prelude::*;

use super::*;
use crate::chance;

/// The log-likelihood as its definition has it, every pair by itself.
fn by_definition(times: &[f64], background: &Steps, levels: &[f64], branching: f64, beta: f64) -> f64 {
    let mut sum = -background.until(levels, background.span());
    for (at, time) in times.iter().enumerate() {
        let excited: f64 = times[..at].iter().map(|before| beta * (-beta * (time - before)).exp()).sum();
        sum += (levels[background.at(*time)] + branching * excited).ln();
        sum -= branching * (1.0 - (-beta * (background.span() - time)).exp());
    }
    sum
}

fn drawn(steps: &Steps, levels: &[f64], branching: f64, beta: f64, seed: u64) -> Vec<f64> {
    clusters(steps, levels, branching, beta, &mut chance::stream(seed, 0))
}

#[test]
fn the_likelihood_is_that_of_its_definition() {
    let steps = Steps::new([100.0, 250.0, 300.0]);
    let levels = [0.3, 0.1, 0.6];
    let times = drawn(&steps, &levels, 0.4, 0.3, 5);
    let events = Events::new(times.clone(), steps.clone());
    for (branching, beta) in [(0.0, 1.0), (0.4, 0.3), (0.9, 2.0)] {
        let ours = events.log_likelihood(&levels, branching, beta);
        let theirs = by_definition(&times, &steps, &levels, branching, beta);
        assert!((ours - theirs).abs() < 1e-8, "{ours} {theirs}");
    }
}

#[test]
fn the_fit_is_a_top() {
    let steps = Steps::new([200.0, 600.0]);
    let times = drawn(&steps, &[0.3, 0.8], 0.5, 0.25, 2);
    let events = Events::new(times, steps);
    let profile = Profile::of_events(&events);
    let fit = profile.fit();
    assert!((events.log_likelihood(&fit.levels, fit.branching, fit.beta) - fit.log_likelihood).abs() < 1e-8);
    for (level, other, branching, beta) in [
        (1.01, 1.0, 1.0, 1.0),
        (1.0, 0.99, 1.0, 1.0),
        (1.0, 1.0, 1.01, 1.0),
        (1.0, 1.0, 1.0, 1.01),
        (1.0, 1.0, 0.99, 0.99),
    ] {
        let beside = events.log_likelihood(
            &[fit.levels[0] * level, fit.levels[1] * other],
            fit.branching * branching,
            fit.beta * beta,
        );
        assert!(beside < fit.log_likelihood, "{beside} {fit:?}");
    }
    // At the top the model expects as many events as there are (Ozaki 1979, section 3).
    let expected = fit.levels[0] * 200.0
        + fit.levels[1] * 400.0
        + fit.branching
            * events.times.iter().map(|time| 1.0 - (-fit.beta * (600.0 - time)).exp()).sum::<f64>();
    assert!((expected - events.times.len() as f64).abs() < 1e-3, "{expected}");
}

#[test]
fn what_was_put_in_is_found_and_the_interval_holds_it() {
    let steps = Steps::one(1500.0);
    let times = drawn(&steps, &[0.6], 0.4, 0.25, 1);
    let events = Events::new(times, steps);
    let mut profile = Profile::of_events(&events);
    let [Some(low), Some(high)] = profile.branching_interval() else { panic!("closed") };
    let found = profile.fit().branching;
    assert!((found - 0.4).abs() < 0.1 && low < 0.4 && high > 0.4 && high - low < 0.3, "{low} {found} {high}");
    let [Some(short), Some(long)] = profile.lag_interval() else { panic!("closed") };
    assert!(short < 4.0 && long > 4.0 && long < 12.0, "{short} {long}");
    let residuals = profile.residuals();
    assert!(residuals.p_distance > 0.05 && residuals.p_correlation > 0.01, "{residuals:?}");
    // Without excitation the same times are no Poisson process.
    let poisson =
        Fit { branching: 0.0, levels: profile.fit().poisson_levels.clone(), ..profile.fit().clone() };
    let plain = Residuals::new(&events.times, &events.background, &poisson);
    assert!(plain.p_distance < 0.01, "{plain:?}");
}

#[test]
fn a_background_that_moves_is_no_contagion_where_it_may() {
    // Ten times as many events in the second half, none of them drawn by another.
    let steps = Steps::new([750.0, 1500.0]);
    let times = drawn(&steps, &[0.1, 1.0], 0.0, 1.0, 3);
    let still = Events::new(times.clone(), Steps::one(1500.0));
    let moving = Events::new(times, steps);
    let (still, moving) = (Profile::of_events(&still), Profile::of_events(&moving));
    assert!(still.fit().branching > 0.4, "{:?}", still.fit());
    assert!(moving.fit().branching < 0.1, "{:?}", moving.fit());
}

#[test]
fn days_that_excite_later_days_alone() {
    let steps = Steps::one(2000.0);
    let times = drawn(&steps, &[0.6], 0.5, 0.2, 4);
    let mut counts = vec![0u32; 2000];
    for time in &times {
        counts[*time as usize] += 1;
    }
    let days = Daily::new(&counts, 1.0, &steps);
    let fit = Profile::of_days(&days).fit().clone();
    assert!((fit.branching - 0.5).abs() < 0.12, "{fit:?}");
    // Several events of one day, and nothing between the days.
    let mut draw = chance::stream(9, 0);
    let bursts: Vec<u32> = (0..2000).map(|_| if chance::below(&mut draw, 5) == 0 { 3 } else { 0 }).collect();
    let days = Daily::new(&bursts, 1.0, &steps);
    let fit = Profile::of_days(&days).fit().clone();
    assert!(fit.branching < 0.1, "{fit:?}");
    // Three at once vary more than Poisson's: what is gained by chance is told by shuffling the days.
    let shuffled = days.shuffled(&mut chance::stream(1, 1));
    assert_eq!(shuffled.counts.iter().sum::<f64>(), days.counts.iter().sum::<f64>());
    assert_ne!(shuffled.counts, days.counts);
    let events = Events::new(spread(&bursts, 1.0), steps);
    assert!(
        Profile::of_events(&events).fit().gain() > 100.0,
        "as events they follow each other within the day"
    );
}

#[test]
fn many_steps_have_their_top_too() {
    let steps = Steps::new((1..=50).map(|end| 30.0 * f64::from(end)));
    let times = drawn(&Steps::one(1500.0), &[0.5], 0.5, 0.25, 1);
    let events = Events::new(times, steps);
    let mut profile = Profile::of_events(&events);
    let fit = profile.fit().clone();
    // Steps hardly longer than what follows lasts take it for themselves: they are no background to tell contagion by.
    assert!(fit.branching < 0.1 && fit.log_likelihood >= fit.poisson, "{fit:?}");
    for step in 0..50 {
        let mut beside = fit.levels.clone();
        beside[step] = 1.01 * beside[step] + 1e-4;
        assert!(
            events.log_likelihood(&beside, fit.branching, fit.beta) < fit.log_likelihood + 1e-9,
            "{step}"
        );
    }
    for log_beta in [-3.0f64, -1.5, 0.0] {
        let joint = profile.at(log_beta, None, None);
        for branching in [1e-6, 0.01, 0.1, 0.3] {
            let one = profile.at(log_beta, Some(branching), None);
            assert!(joint.value >= one.value - 1e-7, "{log_beta} {branching}: {} {}", joint.value, one.value);
        }
    }
}

#[test]
fn nothing_and_one_event_are_no_fault() {
    for times in [vec![], vec![3.0], vec![0.0, 0.0, 10.0, 10.0], vec![f64::NAN, -4.0, 99.0]] {
        let events = Events::new(times, Steps::new([5.0, 5.0, 2.0, 10.0]));
        let mut profile = Profile::of_events(&events);
        let fit = profile.fit().clone();
        assert!(
            fit.log_likelihood.is_finite() && fit.branching.is_finite() && fit.beta.is_finite(),
            "{fit:?}"
        );
        assert!(fit.levels.iter().all(|level| level.is_finite() && *level >= 0.0));
        assert!(profile.branching_interval()[0].is_some());
        let _ = profile.lag_interval();
        assert!(profile.residuals().p_distance.is_finite());
    }
}

#[test]
fn the_law_of_kolmogorov() {
    // R: 1 - pkolmogorov_two_limit(c(0.5, 1, 1.36)) = 0.9639452, 0.2699997, 0.0494858
    for (scaled, expected) in [(0.5, 0.963_945_2), (1.0, 0.269_999_7), (1.36, 0.049_485_9)] {
        let many = 4_000_000;
        let chance = kolmogorov(scaled / (2000.0 + 0.12), many);
        assert!((chance - expected).abs() < 1e-5, "{chance} {expected}");
    }
    assert!(kolmogorov(0.0, 0) == 1.0 && kolmogorov(1.0, 1000) < 1e-12);
}

#[test]
fn times_within_days_are_those_of_their_days() {
    assert_eq!(spread(&[0, 2, 1], 1.0), [1.0 + 1.0 / 3.0, 1.0 + 2.0 / 3.0, 2.5]);
    let placed = scatter(&[3, 0, 2], 7.0, &mut chance::stream(1, 1));
    assert!(placed.len() == 5 && placed[2] < 7.0 && placed[3] >= 14.0 && placed.is_sorted());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn any_counts_have_a_fit(counts in prop::collection::vec(0u32..6, 1..200), cut in 1.0f64..150.0) {
        let days = counts.len() as f64;
        let steps = Steps::new([cut.min(days), days]);
        let events = Events::new(spread(&counts, 1.0), steps.clone());
        let mut profile = Profile::of_events(&events);
        let fit = profile.fit().clone();
        prop_assert!(fit.log_likelihood.is_finite() && fit.log_likelihood >= fit.poisson - 1e-7, "{:?}", fit);
        let [low, high] = profile.branching_interval();
        prop_assert!(low.is_none_or(|low| low <= fit.branching + 1e-9) && high.is_none_or(|high| high >= fit.branching));
        let days = Daily::new(&counts, 1.0, &steps);
        let fit = Profile::of_days(&days).fit().clone();
        prop_assert!(fit.log_likelihood.is_finite() && fit.log_likelihood >= fit.poisson - 1e-7, "{:?}", fit);
    }
}
