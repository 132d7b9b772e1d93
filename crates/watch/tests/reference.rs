//! Numerical equality with R, on the reference models beside the repository; skipped, saying so, where they are absent.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::PathBuf;

use watchpost_watch::claim::self_excitation::Background;
use watchpost_watch::claim::{BeforeAfter, Calendar, Claim, Verdict, before_after, calendar};
use watchpost_watch::glm::{self, Design, Family};
use watchpost_watch::hawkes::{Events, Profile};
use watchpost_watch::{Every, Series, score};

fn reference() -> Option<PathBuf> {
    let root = std::env::var_os("WATCHPOST_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let folder = root.join("data/series/reference");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: {} is absent", folder.display());
    None
}

fn table(path: &PathBuf) -> (Vec<String>, Vec<Vec<String>>) {
    let mut text = String::new();
    let bytes = std::fs::read(path).unwrap();
    if path.extension().is_some_and(|extension| extension == "gz") {
        flate2::read::GzDecoder::new(&bytes[..]).read_to_string(&mut text).unwrap();
    } else {
        text = String::from_utf8(bytes).unwrap();
    }
    let cells =
        |line: &str| line.split(',').map(|cell| cell.trim_matches('"').to_owned()).collect::<Vec<_>>();
    let mut lines = text.lines();
    (cells(lines.next().unwrap()), lines.map(cells).collect())
}

/// The values that R gave: estimates and errors of the negative binomial, Newey–West errors of lag 8, and quasi-Poisson.
#[test]
fn claim_models_equal_those_of_r() {
    let Some(folder) = reference() else { return };
    let (header, rows) = table(&folder.join("its_ramadan_reference_coefficients.csv"));
    let at = |name: &str| header.iter().position(|column| column == name).unwrap();
    let mut models: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
    for row in rows {
        models.entry(row[0].clone()).or_default().push(row);
    }
    assert!(models.len() >= 7);
    for (model, terms) in models {
        let file = folder.join(format!("{}.csv.gz", model.replace([' ', '-'], "_")));
        let (names, values) = table(&file);
        let place = |name: &str| names.iter().position(|column| column == name);
        let counts: Vec<f64> = values.iter().map(|row| row[place("y").unwrap()].parse().unwrap()).collect();
        let columns = terms
            .iter()
            .map(|term| {
                let name = term[at("term")].as_str();
                let column = match (name, name.strip_prefix("yr")) {
                    ("(Intercept)", _) => vec![1.0; counts.len()],
                    (_, Some(year)) => values
                        .iter()
                        .map(|row| f64::from(u8::from(row[place("yr").unwrap()] == year)))
                        .collect(),
                    _ => values.iter().map(|row| row[place(name).unwrap()].parse().unwrap()).collect(),
                };
                (name.to_owned(), column)
            })
            .collect();
        let design = Design::new(columns).unwrap();
        let negative = glm::fit(&design, &counts, &[], Family::NegativeBinomial).unwrap();
        let robust = glm::errors(&negative.newey_west(&design, 8, &[]));
        let quasi = glm::fit(&design, &counts, &[], Family::QuasiPoisson).unwrap();
        for (place, term) in terms.iter().enumerate() {
            let r = |name: &str| term[at(name)].parse::<f64>().unwrap();
            let near = |ours: f64, theirs: f64, within: f64, what: &str| {
                assert!(
                    (ours - theirs).abs() <= within,
                    "{model}, {}, {what}: {ours}, in R {theirs}",
                    term[at("term")]
                );
            };
            near(negative.coefficients[place], r("est_nb"), 1e-4, "coefficient");
            near(negative.errors[place], r("se_nb"), 1e-3 * r("se_nb"), "standard error");
            near(robust[place], r("se_nw8"), 1e-3 * r("se_nw8"), "Newey–West error");
            near(negative.theta, r("theta"), 1e-3 * r("theta"), "theta");
            near(negative.log_likelihood, r("loglik"), 1e-4, "log-likelihood");
            near(quasi.coefficients[place], r("est_qp"), 1e-4, "quasi-Poisson coefficient");
            near(quasi.errors[place], r("se_qp"), 1e-3 * r("se_qp"), "quasi-Poisson error");
            near(quasi.dispersion, r("phi_qp"), 1e-3 * r("phi_qp"), "dispersion");
        }
    }
}

/// The counts of a reference file as a series of weeks.
fn series(folder: &std::path::Path, name: &str) -> Series {
    let (names, values) = table(&folder.join(format!("{name}.csv.gz")));
    let place = |name: &str| names.iter().position(|column| column == name).unwrap();
    let first = Every::Week.of(values[0][place("week")].parse().unwrap());
    let counts = values.iter().map(|row| Some(row[place("y")].parse().unwrap())).collect();
    Series::new(name, Every::Week, first, counts)
}

/// The claim of the report that the project began with: ratios and Newey–West intervals as R gives them.
#[test]
fn attacks_after_october_2019() {
    let Some(folder) = reference() else { return };
    let at = Every::Week.of(jiff::civil::date(2019, 10, 9));
    let ask = BeforeAfter { ramadan: Some(0), ..BeforeAfter::new(at, Claim::Rose) };
    for (country, level, slope, verdict) in [
        ("Iraq", [1.03, 0.46, 2.33], [1.005, 0.992, 1.018], Verdict::CannotTell),
        ("Syria", [0.47, 0.30, 0.73], [1.015, 1.006, 1.025], Verdict::NotSupported),
    ] {
        let found = before_after(&series(&folder, &format!("ITS_Oct2019_IS_all_{country}")), &[], &ask);
        assert_eq!(found.verdict, verdict, "{}", found.sentence);
        for (name, expected, digits) in [("level", level, 0.005), ("slope", slope, 0.0005)] {
            let effect = found.effects.iter().find(|effect| effect.name == name).unwrap();
            let [low, high] = effect.interval_newey_west;
            for (ours, theirs) in [effect.ratio, low, high].into_iter().zip(expected) {
                assert!((ours - theirs).abs() <= digits + 1e-9, "{country} {name}: {ours}, in R {theirs}");
            }
            assert!(effect.interval[0] <= low && effect.interval[1] >= high, "never narrower");
        }
        println!("{}", found.sentence);
        for failing in &found.failing {
            println!("  {}: {}", failing.assumption, failing.says);
        }
    }
}

#[test]
fn ramadan_in_iraq_and_elsewhere() {
    let Some(folder) = reference() else { return };
    for (name, expected) in [
        ("Ramadan_IS_all_Iraq", [1.54, 1.19, 2.00]),
        ("Ramadan_IS_all_Syria", [1.24, 1.03, 1.48]),
        ("Ramadan_all_events_Somalia", [1.18, 1.03, 1.36]),
    ] {
        let found = calendar(&series(&folder, name), &Calendar::new(Claim::Rose));
        let effect = &found.effects[0];
        let [low, high] = effect.interval_newey_west;
        for (ours, theirs) in [effect.ratio, low, high].into_iter().zip(expected) {
            assert!((ours - theirs).abs() <= 0.005 + 1e-9, "{name}: {ours}, in R {theirs}");
        }
        println!("{}", found.sentence);
        for failing in &found.failing {
            println!("  {}: {}", failing.assumption, failing.says);
        }
    }
}

/// Deaths by VIEWS' country and month, 2018 to 2021.
fn views() -> Vec<Vec<f64>> {
    let table = include_str!("../../../eval/data/views-country-months.csv");
    let rows = table.lines().filter(|line| !line.starts_with('#')).skip(1);
    rows.map(|line| {
        let mut row: Vec<f64> = line.split(',').skip(1).map(|cell| cell.parse().unwrap()).collect();
        row.resize(48, 0.0);
        row
    })
    .collect()
}

/// The means that VIEWS' own files give for its benchmarks over 191 countries and 12 months: CRPS, ignorance, MIS.
#[test]
fn scores_equal_those_of_views() {
    let actuals = views();
    assert_eq!(actuals.len(), 191);
    let check = |first: usize, draws: &dyn Fn(&[f64]) -> Vec<f64>, expected: [f64; 3]| {
        let mut all = Vec::new();
        for row in &actuals {
            let draws = draws(row);
            all.extend((first..first + 12).map(|month| score::scores(&draws, row[month]).unwrap()));
        }
        let found = score::summary(&all).unwrap();
        for (ours, theirs) in [found.crps, found.ign_views, found.mis].into_iter().zip(expected) {
            assert!((ours - theirs).abs() < 1e-6, "{first}: {ours}, by VIEWS {theirs}");
        }
    };
    let zero = |_: &[f64]| vec![0.0; 1000];
    check(0, &zero, [24.130_453_752_181_502, 1.558_130_430_521_985, 482.609_075_043_630_1]);
    check(12, &zero, [23.018_760_907_504_36, 1.558_130_430_521_985_2, 460.375_218_150_087_33]);
    check(24, &zero, [32.040_575_916_230_37, 1.549_433_025_409_562_7, 640.811_518_324_607_5]);
    check(36, &zero, [87.339_005_235_602_09, 1.614_663_561_532_387, 1_746.780_104_712_042_2]);
    // The last twelve months up to October of the year before.
    check(
        24,
        &|row| row[10..22].to_vec(),
        [21.339_332_460_732_983, 0.566_535_149_216_536_4, 344.964_310_645_724_37],
    );
    check(
        36,
        &|row| row[22..34].to_vec(),
        [76.849_476_439_790_59, 0.685_623_342_576_674, 1_435.554_624_781_850_6],
    );
}

/// Self-excitation of Islamic State's events 2014 to 2020, over a background that stands still and one with a level for each calendar year.
#[test]
fn self_excitation_equals_the_reference_fits() {
    let Some(folder) = reference() else { return };
    let (header, rows) = table(&folder.join("hawkes_reference.csv"));
    let at = |name: &str| header.iter().position(|column| column == name).unwrap();
    let mut asked = 0;
    for row in rows {
        let file = folder.join(format!("hawkes_times_{}.csv.gz", row[0]));
        if !file.is_file() {
            continue;
        }
        asked += 1;
        let number = |name: &str| row[at(name)].parse::<f64>().unwrap();
        let times: Vec<f64> = table(&file).1.iter().map(|row| row[0].parse().unwrap()).collect();
        let first = jiff::civil::date(2014, 1, 1);
        let background = if row[1] == "constant" { Background::Constant } else { Background::Year };
        let events = Events::new(times, background.steps(first, number("T")));
        let said = format!("{}, {}", row[0], row[1]);
        assert_eq!(events.count() as f64, number("n"), "{said}");
        let near = |ours: f64, theirs: f64, within: f64, what: &str| {
            assert!((ours - theirs).abs() <= within, "{said}, {what}: {ours}, in the reference {theirs}");
        };
        // At the reference's own values, of which the background has five digits.
        let levels: Vec<f64> = row[at("mu")].split(';').map(|level| level.parse().unwrap()).collect();
        let there = events.log_likelihood(&levels, number("branching"), number("beta_per_day"));
        let relative = 1e-6 * number("loglik").abs();
        near(there, number("loglik"), relative, "log-likelihood there");
        let mut profile = Profile::of_events(&events);
        let fit = profile.fit().clone();
        near(fit.log_likelihood, number("loglik"), relative, "log-likelihood");
        near(fit.poisson, number("loglik_poisson"), relative, "log-likelihood without excitation");
        near(fit.branching, number("branching"), 0.005, "branching ratio");
        near(1.0 / fit.beta, number("mean_lag_days"), 0.05, "mean delay");
        println!(
            "{said}: {:.4} {:?}, {:.3} d {:?}",
            fit.branching,
            profile.branching_interval(),
            1.0 / fit.beta,
            profile.lag_interval()
        );
    }
    assert!(asked >= 4);
}
