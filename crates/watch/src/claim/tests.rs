use crate::period::Every;
use crate::series::Series;

use super::before_after::Which;
use super::*;

/// Counts around a level, the same each time (a linear congruence), with a memory of nothing.
fn noise(periods: usize, level: impl Fn(usize) -> f64) -> Series {
    let mut state = 7u64;
    let counts = (0..periods)
        .map(|at| {
            // The sum of sixteen coins of the level: about as spread as events that come one by one.
            let mut count = 0u32;
            for _ in 0..16 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let chance = f64::from(u32::try_from(state >> 40).unwrap()) / f64::from(1u32 << 24);
                count += u32::from(chance < level(at) / 16.0);
            }
            Some(count)
        })
        .collect();
    Series::new("noise", Every::Week, 2500, counts)
}

fn finite(finding: &Finding) {
    for effect in &finding.effects {
        let numbers = [effect.estimate, effect.error_model, effect.error_newey_west, effect.ratio, effect.p];
        let all = numbers.iter().chain(&effect.interval).chain(&effect.interval_model);
        assert!(all.clone().all(|value| value.is_finite()), "{effect:?}");
    }
    assert!(!finding.sentence.contains("NaN") && !finding.sentence.contains("inf"), "{}", finding.sentence);
}

#[test]
fn a_rise_is_seen_and_its_opposite_is_not() {
    let series = noise(160, |at| if at < 80 { 2.0 } else { 8.0 });
    let rose = before_after(&series, &[], &BeforeAfter::new(2580, Claim::Rose));
    assert_eq!(rose.verdict, Verdict::Supported, "{}", rose.sentence);
    assert!(rose.effects[0].ratio > 2.5 && rose.effects[0].p < 0.05);
    let fell = before_after(&series, &[], &BeforeAfter::new(2580, Claim::Fell));
    assert_eq!(fell.verdict, Verdict::NotSupported, "{}", fell.sentence);
    let average = BeforeAfter { which: Which::Average, ..BeforeAfter::new(2580, Claim::Rose) };
    assert_eq!(before_after(&series, &[], &average).effects[0].name, "average");
    finite(&rose);
    finite(&fell);
}

#[test]
fn nothing_is_made_of_nothing() {
    let still = noise(160, |_| 5.0);
    let found = before_after(&still, &[], &BeforeAfter::new(2580, Claim::Changed));
    assert_ne!(found.verdict, Verdict::Supported, "{}", found.sentence);
    for (series, at, says) in [
        (Series::new("none", Every::Week, 0, vec![Some(0); 100]), 50, "no event"),
        (Series::new("empty", Every::Week, 0, vec![]), 50, "0 weeks before"),
        (Series::new("unknown", Every::Week, 0, vec![None; 100]), 50, "0 weeks before"),
        (Series::new("one", Every::Week, 0, vec![Some(3)]), 0, "0 weeks before and 1"),
        (noise(160, |_| 5.0), 2658, "158 weeks before and 2"),
        (noise(160, |at| if at < 80 { 0.0 } else { 6.0 }), 2580, "one side"),
        (noise(60, |_| 0.2), 2530, "too few"),
    ] {
        let found = before_after(&series, &[], &BeforeAfter::new(at, Claim::Changed));
        assert_eq!(found.verdict, Verdict::CannotTell, "{}", found.sentence);
        assert!(found.sentence.contains(says), "{}", found.sentence);
        finite(&found);
        finite(&calendar(&series, &Calendar::new(Claim::Rose)));
        finite(&trend(&series, &Trend::new(Claim::Rose)));
    }
}

#[test]
fn what_changes_everywhere_is_said() {
    let series = noise(160, |at| if at < 80 { 2.0 } else { 8.0 });
    let others = [noise(160, |at| if at < 80 { 3.0 } else { 9.0 }), noise(160, |_| 4.0)];
    let others: Vec<&Series> = others.iter().collect();
    let found = before_after(&series, &others, &BeforeAfter::new(2580, Claim::Rose));
    assert_eq!(found.placebo_series.len(), 2);
    assert!(
        found.failing.iter().any(|failing| failing.assumption == "placebo-series"),
        "{:?}",
        found.failing
    );
}

#[test]
fn missing_periods_are_left_out_and_told() {
    let whole = noise(160, |at| if at < 80 { 2.0 } else { 8.0 });
    let mut counts = whole.counts().to_vec();
    counts[20] = None;
    counts[80] = None;
    let series = Series::new("holed", Every::Week, whole.first(), counts);
    // The claimed week is missing: the next observed one is the first after.
    let found = before_after(&series, &[], &BeforeAfter::new(2580, Claim::Rose));
    let model = found.model.as_ref().unwrap();
    assert_eq!((model.observations, model.missing), (158, 2));
    assert_eq!(found.verdict, Verdict::Supported, "{}", found.sentence);
}

#[test]
fn a_trend_is_told_by_the_year_and_over_all() {
    let series = noise(208, |at| 2.0 * (1.0 + f64::from(u32::try_from(at).unwrap()) / 60.0));
    let found = trend(&series, &Trend::new(Claim::Rose));
    assert_eq!(found.verdict, Verdict::Supported, "{}", found.sentence);
    // What the verdict is about stands first.
    assert_eq!((found.effects[0].name, found.effects[1].name), ("whole", "trend"));
    assert!(found.effects[1].ratio > 1.2 && found.effects[1].ratio < 2.0, "{}", found.sentence);
    let fell = trend(&series, &Trend::new(Claim::Fell));
    assert_eq!(fell.verdict, Verdict::NotSupported, "{}", fell.sentence);
}

#[test]
fn one_ramadan_is_a_season() {
    let series = noise(40, |_| 6.0);
    let found = calendar(&series, &Calendar::new(Claim::Rose));
    assert_eq!(found.verdict, Verdict::CannotTell);
    assert!(found.sentence.contains("fewer than two"), "{}", found.sentence);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(40))]
    #[test]
    fn no_series_makes_a_finding_that_is_no_number(
        counts in proptest::collection::vec(proptest::option::of(0u32..2000), 0..70),
        at in -5i32..80,
        week in proptest::bool::ANY,
    ) {
        let every = if week { Every::Week } else { Every::Month };
        let series = Series::new("any", every, 0, counts);
        finite(&before_after(&series, &[], &BeforeAfter::new(at, Claim::Changed)));
        finite(&calendar(&series, &Calendar::new(Claim::Changed)));
        finite(&trend(&series, &Trend::new(Claim::Changed)));
    }
}
