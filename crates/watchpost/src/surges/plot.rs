//! `--plot`: the series with what was expected of them, as SVG.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use anyhow::Context as _;
use plotters::backend::SVGBackend;
use plotters::chart::ChartBuilder;
use plotters::drawing::IntoDrawingArea as _;
use plotters::element::{Circle, Polygon};
use plotters::series::LineSeries;
use plotters::style::{Color as _, RGBColor, WHITE};
use watch::Series;
use watch::surge::Judgement;

use super::Judged;
use crate::counts::Place;
use crate::say;

/// The most series that are drawn; a page with more is not looked at.
const MOST: usize = 24;
const WIDTH: u32 = 1000;
const HEIGHT: u32 = 220;

/// Okabe & Ito's colours, which people with any sight for colour can tell apart.
const SEEN: RGBColor = RGBColor(60, 60, 60);
const EXPECTED: RGBColor = RGBColor(0, 114, 178);
const ALARM: RGBColor = RGBColor(213, 94, 0);

/// Draws the series of the rows that are written.
pub(super) fn write(
    path: &Path,
    series: &[Series],
    judged: &[Judged],
    written: &[(Place, Option<Judgement>, bool)],
) -> anyhow::Result<()> {
    // The smallest p-value of an alarm, and the span, of each series.
    let mut of: BTreeMap<usize, (f64, i32, i32)> = BTreeMap::new();
    let mut alarms: HashSet<(usize, i32)> = HashSet::new();
    for (place, judgement, alarm) in written {
        let p = judgement.filter(|_| *alarm).map_or(2.0, |judgement| judgement.p_value);
        let known = of.entry(place.series).or_insert((2.0, place.period, place.period));
        *known = (known.0.min(p), known.1.min(place.period), known.2.max(place.period));
        if *alarm {
            alarms.insert((place.series, place.period));
        }
    }
    let mut chosen: Vec<(usize, (f64, i32, i32))> = of.into_iter().collect();
    chosen.sort_by(|(a, x), (b, y)| x.0.total_cmp(&y.0).then(a.cmp(b)));
    if chosen.len() > MOST {
        let note =
            format!("{} of {} series are drawn, those with the least likely alarms", MOST, chosen.len());
        say::note(&note, Some("leave rows out of the input to draw others"));
        chosen.truncate(MOST);
    }
    let mut text = String::new();
    draw(&mut text, series, judged, &chosen, &alarms)
        .map_err(|error| anyhow::anyhow!("{error}"))
        .context("the chart cannot be drawn")?;
    std::fs::write(path, text).with_context(|| format!("{}: the chart cannot be written", path.display()))
}

fn draw(
    text: &mut String,
    series: &[Series],
    judged: &[Judged],
    chosen: &[(usize, (f64, i32, i32))],
    alarms: &HashSet<(usize, i32)>,
) -> Result<(), Box<dyn std::error::Error>> {
    let panels = u32::try_from(chosen.len().max(1))?;
    let root = SVGBackend::with_string(text, (WIDTH, HEIGHT * panels)).into_drawing_area();
    root.fill(&WHITE)?;
    for (area, (at, (_, first, last))) in root.split_evenly((chosen.len().max(1), 1)).iter().zip(chosen) {
        let (Some(series), Some(judged)) = (series.get(*at), judged.get(*at)) else { continue };
        let mut counts = Vec::new();
        let (mut expected, mut upper) = (Vec::new(), Vec::new());
        for period in *first..=*last {
            let Some(index) = series.index(period) else { continue };
            if let Some(count) = series.counts()[index] {
                counts.push((period, f64::from(count)));
            }
            if let Some(judgement) = judged.at(index) {
                expected.push((period, judgement.expected));
                upper.push((period, judgement.upper));
            }
        }
        let highest = counts.iter().chain(&upper).map(|(_, value)| *value).fold(1.0, f64::max);
        let name: String = series.name().chars().take(90).collect();
        let every = series.every();
        let mut chart = ChartBuilder::on(area)
            .caption(format!("{name} (by the {})", every.name()), ("sans-serif", 15))
            .margin(8)
            .x_label_area_size(24)
            .y_label_area_size(48)
            .build_cartesian_2d(*first..(*last).max(first.saturating_add(1)), 0.0..highest * 1.08)?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .x_labels(8)
            .y_labels(5)
            .x_label_formatter(&|period| every.start(*period).to_string())
            .y_label_formatter(&|value| format!("{value}"))
            .draw()?;
        // Between what is expected and what is let pass; a gap of the judgements is a gap of the band.
        let runs = |line: &[(i32, f64)]| -> Vec<Vec<(i32, f64)>> {
            line.chunk_by(|a, b| b.0 - a.0 == 1).map(<[(i32, f64)]>::to_vec).collect()
        };
        for (low, high) in runs(&expected).into_iter().zip(runs(&upper)) {
            let around: Vec<(i32, f64)> = low.iter().copied().chain(high.into_iter().rev()).collect();
            chart.draw_series(std::iter::once(Polygon::new(around, EXPECTED.mix(0.18))))?;
            chart.draw_series(LineSeries::new(low, &EXPECTED))?;
        }
        for run in runs(&counts) {
            chart.draw_series(LineSeries::new(run, &SEEN))?;
        }
        let raised = counts.iter().filter(|(period, _)| alarms.contains(&(*at, *period)));
        chart.draw_series(raised.map(|point| Circle::new(*point, 4, ALARM.filled())))?;
    }
    root.present()?;
    Ok(())
}
