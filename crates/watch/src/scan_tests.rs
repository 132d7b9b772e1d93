#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;

/// Events over a grid of places and sixty days, with some more at one place at the end.
fn cases(extra: u32) -> Vec<Case> {
    let mut generator = chance::stream(11, 0);
    let mut cases: Vec<Case> = (0..300)
        .map(|_| Case {
            day: i32::try_from(chance::below(&mut generator, 60)).unwrap(),
            latitude: 34.0 + f64::from(chance::below(&mut generator, 8)) * 0.2,
            longitude: 40.0 + f64::from(chance::below(&mut generator, 8)) * 0.2,
            cases: 1,
        })
        .collect();
    cases.push(Case { day: 58, latitude: 34.4, longitude: 40.4, cases: extra });
    cases
}

fn settings(spans: Spans) -> Settings {
    Settings { longest: 7, radius: 60.0, step: 1, ..Settings::new(spans, 59) }
}

/// The likelihood ratio, plainly, of every cylinder.
fn plainly(cases: &[Case], settings: &Settings) -> f64 {
    let all: f64 = cases.iter().map(|case| f64::from(case.cases)).sum();
    let mut best: f64 = 0.0;
    for centre in cases {
        let mut radii: Vec<f64> = cases
            .iter()
            .map(|case| distance((centre.latitude, centre.longitude), (case.latitude, case.longitude)))
            .filter(|radius| *radius <= settings.radius)
            .collect();
        radii.sort_by(f64::total_cmp);
        radii.dedup();
        for radius in radii {
            let near = |case: &Case| {
                distance((centre.latitude, centre.longitude), (case.latitude, case.longitude)) <= radius
            };
            let ends = if settings.spans == Spans::Prospective { 59..=59 } else { 0..=59 };
            for end in ends {
                for length in 0..i32::from(settings.longest) {
                    let during = |case: &Case| (end - length..=end).contains(&case.day);
                    let sum = |keep: &dyn Fn(&Case) -> bool| -> f64 {
                        cases.iter().filter(|case| keep(case)).map(|case| f64::from(case.cases)).sum()
                    };
                    let (place, span) = (sum(&near), sum(&during));
                    let inside = sum(&|case| near(case) && during(case));
                    let expected = place * span / all;
                    if place <= all * settings.share && inside > expected && inside >= 2.0 {
                        let outside = all - inside;
                        let ratio =
                            inside * (inside / expected).ln() + outside * (outside / (all - expected)).ln();
                        best = best.max(ratio);
                    }
                }
            }
        }
    }
    best
}

#[test]
fn the_strongest_cylinder_is_that_of_the_formula() {
    for spans in [Spans::Prospective, Spans::Retrospective] {
        for extra in [0, 9] {
            let (cases, settings) = (cases(extra), settings(spans));
            let cases: Vec<Case> =
                cases.into_iter().take(if spans == Spans::Prospective { 301 } else { 60 }).collect();
            let scan = Scan::new(&cases, settings).unwrap();
            let found = scan.clusters(5);
            let plain = plainly(&cases, &settings);
            assert!(
                (found[0].log_likelihood_ratio - plain).abs() < 1e-9,
                "{} {plain}",
                found[0].log_likelihood_ratio
            );
        }
    }
}

#[test]
fn a_cluster_is_found_where_it_is_and_told() {
    let cases = cases(9);
    let scan = Scan::new(&cases, settings(Spans::Prospective)).unwrap();
    let found = scan.clusters(10);
    let first = &found[0];
    assert!(first.first <= 58 && first.last == 59 && first.observed >= 9, "{first:?}");
    assert!(distance((first.latitude, first.longitude), (34.4, 40.4)) <= 60.0);
    assert!(first.cases.contains(&300));
    assert!(first.expected < 3.0);
    let maxima = scan.replicates(5, 0..199);
    let told = chance(first.log_likelihood_ratio, &maxima, false);
    assert!(told.p_value <= 0.01, "{told:?}");
    // No two share a place: all spans end today.
    for (at, one) in found.iter().enumerate() {
        for other in &found[at + 1..] {
            assert!(one.cases.iter().all(|case| !other.cases.contains(case)));
        }
    }
}

#[test]
fn shuffles_are_the_same_in_parts() {
    let cases = cases(3);
    for spans in [Spans::Prospective, Spans::Retrospective] {
        let scan = Scan::new(&cases, settings(spans)).unwrap();
        let whole = scan.replicates(9, 0..20);
        let parts: Vec<f64> =
            [0..7, 7..8, 8..20].into_iter().flat_map(|part| scan.replicates(9, part)).collect();
        assert_eq!(whole, parts);
        assert_ne!(whole, scan.replicates(10, 0..20));
    }
}

#[test]
fn shuffled_days_are_no_cluster_more_often_than_said() {
    let mut low = 0;
    for round in 0..60 {
        let mut cases = cases(0);
        cases.truncate(120);
        let mut generator = chance::stream(77, round);
        for at in (1..cases.len()).rev() {
            let other = chance::below(&mut generator, u32::try_from(at + 1).unwrap()) as usize;
            let day = cases[at].day;
            cases[at].day = cases[other].day;
            cases[other].day = day;
        }
        let scan = Scan::new(&cases, settings(Spans::Prospective)).unwrap();
        let maxima = scan.replicates(round, 0..39);
        let ratio = scan.clusters(1).first().map_or(0.0, |cluster| cluster.log_likelihood_ratio);
        low += u32::from(chance(ratio, &maxima, false).p_value <= 0.1);
    }
    // Six are meant; more than fourteen would be seen once in two thousand times.
    assert!(low <= 14, "{low}");
}

#[test]
fn what_cannot_be_scanned_says_why() {
    let wrong = [Case { day: 0, latitude: 91.0, longitude: 0.0, cases: 1 }];
    assert!(matches!(Scan::new(&wrong, settings(Spans::Prospective)), Err(ScanError::NoPlace { at: 0, .. })));
    let nan = [Case { day: 0, latitude: f64::NAN, longitude: 0.0, cases: 1 }];
    assert!(Scan::new(&nan, settings(Spans::Prospective)).is_err());
    let none = Settings { longest: 0, ..settings(Spans::Prospective) };
    assert!(Scan::new(&[], none).unwrap_err().to_string().contains("longest"));
    let empty = Scan::new(&[], settings(Spans::Prospective)).unwrap();
    assert!(empty.clusters(3).is_empty());
    assert_eq!(empty.replicates(1, 0..3), vec![0.0; 3]);
    let one = [Case { day: 59, latitude: 34.0, longitude: 40.0, cases: 3 }];
    let one = Scan::new(&one, settings(Spans::Prospective)).unwrap();
    assert!(one.clusters(3).is_empty());
    let far = [Case { day: i32::MIN, latitude: 34.0, longitude: 40.0, cases: 3 }];
    assert!(matches!(Scan::new(&far, settings(Spans::Retrospective)), Err(ScanError::TooLong { .. })));
    // After the last day: not taken.
    let later = [Case { day: 70, latitude: 34.0, longitude: 40.0, cases: 3 }];
    assert_eq!(Scan::new(&later, settings(Spans::Prospective)).unwrap().events(), 0);
}

#[test]
fn looking_on_stops_where_more_says_nothing() {
    let maxima = vec![5.0; 80];
    assert_eq!(stop(4.0, &maxima), Some(49));
    assert_eq!(stop(6.0, &maxima), None);
    let stopped = chance(4.0, &maxima[..50], true);
    assert!((stopped.p_value - 1.0).abs() < 1e-12 && stopped.replicates == 50);
    assert!((chance(6.0, &maxima, false).p_value - 1.0 / 81.0).abs() < 1e-12);
}

#[test]
fn what_would_take_days_or_all_memory_is_refused() {
    let cases: Vec<Case> = (0..400)
        .map(|at| Case { day: at * 25, latitude: f64::from(at % 20) / 100.0, longitude: 0.0, cases: 5 })
        .collect();
    let ask = |step, longest| {
        let settings = Settings { step, longest, ..Settings::new(Spans::Retrospective, 9_999) };
        Scan::new(&cases, settings).map(|scan| scan.events())
    };
    assert_eq!(ask(7, 28), Ok(2000));
    let error = ask(1, 3660).unwrap_err();
    assert!(matches!(error, ScanError::TooMuch { longest: 3660, .. }), "{error}");
    assert!(error.to_string().contains("a longer step"), "{error}");
    // The same spans up to the last day alone are few.
    assert!(
        Scan::new(&cases, Settings { step: 1, longest: 3660, ..Settings::new(Spans::Prospective, 9_999) })
            .is_ok()
    );
}
