//! The results as lines that can be kept, as a table for a terminal, and as `docs/accuracy.md`.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::{Outcome, wrong};

/// One figure with everything that the page says about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// The figure's name.
    pub figure: String,
    /// Precision, recall, F1, exact.
    pub kind: String,
    /// Questions, answers or gold entries that it is taken over.
    pub n: usize,
    /// Documents that it is taken over.
    pub documents: usize,
    /// The figure.
    pub value: f64,
    /// Lower bound of its 95 % interval.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
    /// What we mean to reach.
    pub goal: Option<f64>,
    /// Who stands where.
    pub peers: String,
}

/// One task's results.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// The task.
    pub task: String,
    /// Which data.
    pub data: String,
    /// The rule.
    pub rule: String,
    /// The figures.
    pub lines: Vec<Line>,
    /// The most frequent causes of loss: field, reason, how often.
    pub causes: Vec<(String, String, usize)>,
    /// What gives the figures again.
    pub command: String,
}

/// How many causes of loss are kept with a section.
const CAUSES: usize = 12;

/// Sums a task's outcome up, intervals drawn with this seed.
#[must_use]
pub fn section(outcome: &Outcome, command: &str, seed: u64) -> Section {
    let lines = outcome
        .figures
        .iter()
        .map(|figure| {
            let (low, high) = figure.interval(seed);
            Line {
                figure: figure.name.clone(),
                kind: figure.kind.to_string(),
                n: figure.n(),
                documents: figure.documents.len(),
                value: figure.value(),
                low,
                high,
                goal: figure.goal,
                peers: figure.peers.clone(),
            }
        })
        .collect();
    let mut causes = wrong::causes(&outcome.losses);
    causes.truncate(CAUSES);
    Section {
        task: outcome.task.clone(),
        data: outcome.data.clone(),
        rule: outcome.rule.clone(),
        lines,
        causes,
        command: command.to_owned(),
    }
}

/// A section for a terminal.
#[must_use]
pub fn terminal(section: &Section) -> String {
    let mut out = format!("{}: {}\n", section.task, section.data);
    let width = section.lines.iter().map(|line| line.figure.chars().count()).max().unwrap_or(0);
    for line in &section.lines {
        let goal = line.goal.map_or_else(String::new, |goal| {
            format!("  goal {goal:.2} {}", if line.value >= goal { "reached" } else { "" })
        });
        let _ = writeln!(
            out,
            "  {:width$}  {:9}  {:.3}  [{:.3}, {:.3}]  n = {}{}",
            line.figure,
            line.kind,
            line.value,
            line.low,
            line.high,
            line.n,
            goal.trim_end()
        );
    }
    for (field, reason, n) in &section.causes {
        let _ = writeln!(out, "  lost {n:>5}  {field}: {reason}");
    }
    out
}

/// The page `docs/accuracy.md`.
#[must_use]
pub fn markdown(sections: &[Section]) -> String {
    let mut out = String::from(
        "# Accuracy\n\n\
         <!-- Written by `watchpost-eval report`. Edit eval/src/page.rs, not this page. -->\n\n\
         What `watchpost code` reads right, measured on published corpora. The corpora are no part of the project and \
         are not needed to use it; `eval/` has the loaders and scorers, and scores your own gold with \
         `watchpost-eval own --gold GOLD.jsonl --pred PRED.jsonl`.\n\n\
         Every figure is a micro-average with a 95 % percentile bootstrap interval over documents (2,000 resamples, seeded). \
         All parts below were looked at during development, but for those that are called held out: \
         on other texts expect less. \"n\" is the number of questions, for precision of answers. \
         Figures of others are theirs, on the parts that they name, and are here for orientation.\n",
    );
    for section in sections {
        let _ = write!(out, "\n## {}\n\n{}\n\n{}\n\n", section.task, sentence(&section.data), section.rule);
        out.push_str(
            "| figure | | value | 95 % interval | n | goal | others |\n|---|---|---|---|---|---|---|\n",
        );
        for line in &section.lines {
            let goal = line.goal.map_or_else(String::new, |goal| format!("{goal:.2}"));
            let _ = writeln!(
                out,
                "| {} | {} | {:.3} | {:.3}–{:.3} | {} | {} | {} |",
                line.figure, line.kind, line.value, line.low, line.high, line.n, goal, line.peers
            );
        }
        let _ = write!(out, "\n`{}`\n", section.command);
        if !section.causes.is_empty() {
            out.push_str("\nWhat is lost most often:\n\n");
            for (field, reason, n) in section.causes.iter().take(6) {
                let _ = writeln!(out, "- {field}: {reason} ({n})");
            }
        }
    }
    out
}

fn sentence(text: &str) -> String {
    if text.ends_with('.') { text.to_owned() } else { format!("{text}.") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Figure, Kind};

    #[test]
    fn the_page_has_every_figure_with_its_interval() {
        let mut outcome = Outcome::new("isaf", "releases", "One row a release.");
        let mut figure = Figure::new("killed", Kind::Exact).goal(0.97).peers("somebody .95");
        for i in 0..10 {
            figure.answer(i != 0);
        }
        outcome.figures.push(figure);
        outcome.lose("d", "killed", 1, 2, "too many", "text");
        let page = markdown(&[section(&outcome, "watchpost-eval isaf", 1)]);
        assert!(page.contains("| killed | exact | 0.900 | 0.7"), "{page}");
        assert!(page.contains("| 10 | 0.97 | somebody .95 |"));
        assert!(page.contains("- killed: too many (1)"));
    }
}
