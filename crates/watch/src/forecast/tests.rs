use super::*;

fn months(name: &str, counts: Vec<Option<u32>>) -> Series {
    Series::new(name, Every::Month, 400, counts)
}

fn steady(name: &str, level: u32) -> Series {
    months(name, (0..60).map(|at| Some(level + at % 3)).collect())
}

fn ask(model: Model) -> Settings {
    Settings { model, horizon: 3, draws: 500, seed: 4 }
}

const MODELS: [Model; 4] = [Model::Last, Model::Mean, Model::Conflictology, Model::Watchpost];

fn mean(draws: &[f64]) -> f64 {
    draws.iter().sum::<f64>() / 500.0
}

#[test]
fn a_steady_series_stays_as_it_is() {
    for model in MODELS {
        let found = forecast(&[steady("a", 50)], &ask(model));
        assert_eq!(found.len(), 3);
        assert_eq!((found[0].period, found[2].period), (460, 462));
        for one in &found {
            assert_eq!(one.draws.len(), 500);
            assert!((mean(&one.draws) - 51.0).abs() < 12.0, "{model:?}: {}", mean(&one.draws));
            assert!(one.draws.iter().all(|draw| draw.fract() == 0.0 && *draw >= 0.0));
        }
    }
}

#[test]
fn conflictology_is_the_last_year() {
    let mut counts = vec![Some(99); 30];
    counts.extend((0..12).map(Some));
    let settings = Settings { draws: 1200, ..ask(Model::Conflictology) };
    let found = forecast(&[months("a", counts)], &settings);
    for value in 0..12 {
        let share = found[0].draws.iter().filter(|draw| **draw == f64::from(value)).count();
        assert_eq!(share, 100, "{value}");
    }
}

#[test]
fn a_quiet_series_learns_from_others_that_quiet_ends() {
    let quiet = months("quiet", vec![Some(0); 60]);
    let mut all: Vec<Series> = (0..20)
        .map(|number| {
            let counts = (0..60u32).map(|at| Some(if (at + number) % 30 == 29 { 5 } else { 0 })).collect();
            months(&format!("other {number}"), counts)
        })
        .collect();
    let alone = forecast(std::slice::from_ref(&quiet), &ask(Model::Watchpost));
    assert!(alone.iter().all(|one| one.draws.iter().all(|draw| *draw == 0.0)));
    all.push(quiet);
    // The means never fall to nothing in the others: the state of nothing is theirs in the first two years.
    let found = forecast(&all, &ask(Model::Watchpost));
    let last = found.last().unwrap();
    assert!(last.draws.iter().any(|draw| *draw > 0.0), "some draws of the quiet series are not zero");
    assert!(last.draws.iter().filter(|draw| **draw > 0.0).count() < 50);
}

#[test]
fn draws_are_the_same_whatever_stands_beside() {
    for model in [Model::Last, Model::Mean, Model::Conflictology] {
        let alone = forecast(&[steady("a", 9)], &ask(model));
        let beside = forecast(&[steady("b", 2), steady("a", 9)], &Settings { horizon: 5, ..ask(model) });
        let of_a: Vec<&Forecast> = beside.iter().filter(|one| one.series == 1).take(3).collect();
        assert!(alone.iter().zip(of_a).all(|(one, other)| one.draws == other.draws));
    }
    let once = forecast(&[steady("a", 9)], &ask(Model::Watchpost));
    assert_eq!(once, forecast(&[steady("a", 9)], &ask(Model::Watchpost)));
    assert_ne!(once, forecast(&[steady("a", 9)], &Settings { seed: 5, ..ask(Model::Watchpost) }));
}

#[test]
fn what_is_absurd_or_missing_has_an_answer() {
    let all = [
        months("empty", vec![]),
        months("unknown", vec![None; 30]),
        months("one", vec![Some(7)]),
        months("huge", vec![Some(LARGEST); 60]),
        months("ended", vec![Some(4); 20]),
        months("holed", (0..60).map(|at| (at % 2 == 0).then_some(3)).collect()),
    ];
    for model in MODELS {
        let found = forecast(&all, &ask(model));
        let with: Vec<usize> = found.iter().map(|one| one.series).step_by(3).collect();
        assert_eq!(with, [2, 3, 4, 5], "{model:?}");
        assert!(found.iter().all(|one| one.period >= 460 && one.draws.len() == 500));
        assert!(found.iter().flat_map(|one| &one.draws).all(|draw| draw.is_finite()));
    }
    assert!(forecast(&[], &ask(Model::Watchpost)).is_empty());
    let none = Settings { horizon: 0, ..ask(Model::Watchpost) };
    assert!(forecast(&[steady("a", 9)], &none).is_empty());
}
