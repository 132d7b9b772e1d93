#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;

fn intercept(rows: usize) -> (String, Vec<f64>) {
    ("(Intercept)".to_owned(), vec![1.0; rows])
}

fn column(name: &str, values: &[f64]) -> (String, Vec<f64>) {
    (name.to_owned(), values.to_vec())
}

#[test]
fn a_mean_and_its_error_are_those_of_the_formula() {
    let counts = [2.0, 4.0, 6.0, 4.0];
    let design = Design::new(vec![intercept(4)]).unwrap();
    let fit = fit(&design, &counts, &[], Family::Poisson).unwrap();
    assert!((fit.coefficients[0] - 4f64.ln()).abs() < 1e-12);
    assert!((fit.errors[0] - (1.0f64 / 16.0).sqrt()).abs() < 1e-9);
}

#[test]
fn an_offset_is_an_exposure() {
    let counts = [2.0, 4.0, 6.0, 4.0];
    let design = Design::new(vec![intercept(4)]).unwrap();
    let offset = [2f64.ln(); 4];
    let fit = fit(&design, &counts, &offset, Family::Poisson).unwrap();
    assert!((fit.coefficients[0] - 2f64.ln()).abs() < 1e-12);
}

#[test]
fn counts_that_vary_less_than_poisson_have_an_infinite_size() {
    let counts = [3.0, 3.0, 3.0, 4.0, 3.0, 3.0];
    let design = Design::new(vec![intercept(6)]).unwrap();
    let fit = fit(&design, &counts, &[], Family::NegativeBinomial).unwrap();
    assert!(fit.theta.is_infinite());
    assert!(fit.log_likelihood.is_finite() && fit.errors[0].is_finite());
}

#[test]
fn the_size_is_where_the_likelihood_is_highest() {
    let counts = [0.0, 9.0, 1.0, 0.0, 14.0, 3.0, 0.0, 2.0, 7.0, 100.0];
    let means = vec![13.6; counts.len()];
    let theta = size(&counts, &means);
    let at = log_likelihood(&counts, &means, theta);
    assert!(theta > 0.1 && theta < 10.0, "{theta}");
    for other in [theta * 0.999, theta * 1.001] {
        assert!(log_likelihood(&counts, &means, other) < at);
    }
}

#[test]
fn what_has_no_estimate_says_why() {
    let rows = 8;
    let after: Vec<f64> = (0..rows).map(|at| f64::from(u8::from(at >= 4))).collect();
    let design = Design::new(vec![intercept(rows), column("post", &after)]).unwrap();
    let none = fit(&design, &[0.0; 8], &[], Family::NegativeBinomial);
    assert_eq!(none.unwrap_err(), Trouble::NoEvents);
    let only_after = [0.0, 0.0, 0.0, 0.0, 3.0, 5.0, 2.0, 1.0];
    let separated = fit(&design, &only_after, &[], Family::NegativeBinomial);
    assert_eq!(separated.unwrap_err(), Trouble::Separated { column: "post".to_owned() });
    let only_before = [3.0, 5.0, 2.0, 1.0, 0.0, 0.0, 0.0, 0.0];
    let separated = fit(&design, &only_before, &[], Family::Poisson);
    assert_eq!(separated.unwrap_err(), Trouble::Separated { column: "post".to_owned() });
    let twice = Design::new(vec![intercept(rows), column("a", &after), column("b", &after)]);
    assert_eq!(twice.unwrap_err(), Trouble::Dependent { column: "b".to_owned() });
    let negative = fit(&design, &[1.0, -1.0, 0.0, 0.0, 3.0, 5.0, 2.0, 1.0], &[], Family::Poisson);
    assert_eq!(negative.unwrap_err(), Trouble::NotACount { at: 1, value: -1.0 });
    let few = Design::new(vec![intercept(2), column("a", &[0.0, 1.0])]).unwrap();
    let few = fit(&few, &[1.0, 2.0], &[], Family::Poisson);
    assert_eq!(few.unwrap_err(), Trouble::TooFew { rows: 2, terms: 2 });
}

#[test]
fn newey_west_without_lags_is_the_robust_error_of_white() {
    let counts = [2.0, 4.0, 6.0, 4.0];
    let design = Design::new(vec![intercept(4)]).unwrap();
    let fit = fit(&design, &counts, &[], Family::Poisson).unwrap();
    let error = errors(&fit.newey_west(&design, 0, &[]))[0];
    // Squares of the residuals over the square of the sum.
    assert!((error - (8f64).sqrt() / 16.0).abs() < 1e-9, "{error}");
}

#[test]
fn a_missing_period_is_a_distance() {
    let counts = [2.0, 4.0, 6.0, 4.0, 9.0, 1.0];
    let design = Design::new(vec![intercept(6)]).unwrap();
    let fit = fit(&design, &counts, &[], Family::Poisson).unwrap();
    let apart = fit.newey_west(&design, 1, &[10, 12, 14, 16, 18, 20]);
    assert_eq!(apart, fit.newey_west(&design, 0, &[]));
    assert_eq!(fit.newey_west(&design, 3, &[5, 6, 7, 8, 9, 10]), fit.newey_west(&design, 3, &[]));
}

proptest::proptest! {
    #[test]
    fn no_count_makes_a_fit_that_is_no_number(counts in proptest::collection::vec(0u32..50, 12..40)) {
        let rows = counts.len();
        let counts: Vec<f64> = counts.into_iter().map(f64::from).collect();
        let slope: Vec<f64> = (0..rows).map(|at| at as f64).collect();
        let after: Vec<f64> = (0..rows).map(|at| f64::from(u8::from(at >= rows / 2))).collect();
        let design = Design::new(vec![intercept(rows), column("t", &slope), column("post", &after)]).unwrap();
        for family in [Family::Poisson, Family::QuasiPoisson, Family::NegativeBinomial] {
            if let Ok(fit) = fit(&design, &counts, &[], family) {
                proptest::prop_assert!(fit.coefficients.iter().all(|b| b.is_finite()));
                proptest::prop_assert!(fit.errors.iter().all(|b| b.is_finite()));
                let robust = errors(&fit.newey_west(&design, 4, &[]));
                proptest::prop_assert!(robust.iter().all(|b| b.is_finite()));
            }
        }
    }
}
