//! The results as lines that can be kept, as a table for a terminal, and as `docs/accuracy.md`.

use std::collections::BTreeMap;
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
pub fn markdown(sections: &[Section], deep: &[Section]) -> String {
    let mut out = String::from(
        "# Accuracy\n\n\
         <!-- Written by `watchpost-eval report`. Edit eval/src/page.rs, not this page. -->\n\n\
         What `watchpost code` reads right, measured on published corpora: by rules alone, as it does unless told otherwise, and at the end with the learned reader. The corpora are no part of the project and \
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
        if section.task == "actors" {
            out.push_str(&by_hand("actor-errors.tsv", ACTOR_ERRORS));
        }
        if section.task == "headlines" {
            out.push_str(&by_hand("place-errors.tsv", PLACE_ERRORS));
        }
        if !section.causes.is_empty() {
            out.push_str("\nWhat is lost most often:\n\n");
            for (field, reason, n) in section.causes.iter().take(6) {
                let _ = writeln!(out, "- {field}: {reason} ({n})");
            }
        }
    }
    beside(&mut out, sections, deep);
    out
}

/// The same tasks with the learned reader, figure beside figure.
fn beside(out: &mut String, sections: &[Section], deep: &[Section]) {
    if deep.is_empty() {
        return;
    }
    out.push_str(
        "\n## With the learned reader\n\n\
         The same tasks, read with `--reader deep`; of figures in three parts the F1. [The model's card](../models/reader.md) says what it learned from.\n\n\
         | task | figure | | rules alone | with the learned reader | 95 % interval |\n|---|---|---|---|---|---|\n",
    );
    for section in deep {
        let Some(rules) = sections.iter().find(|rules| rules.task == section.task) else { continue };
        for line in section.lines.iter().filter(|line| !matches!(line.kind.as_str(), "precision" | "recall"))
        {
            let same =
                rules.lines.iter().find(|other| other.figure == line.figure && other.kind == line.kind);
            let value = same.map_or_else(String::new, |other| format!("{:.3}", other.value));
            let _ = writeln!(
                out,
                "| {} | {} | {} | {value} | {:.3} | {:.3}–{:.3} |",
                section.task, line.figure, line.kind, line.value, line.low, line.high
            );
        }
    }
    out.push_str("\n`watchpost-eval all --reader deep --seed 1`\n");
}

/// Losses that were looked at one by one: task, document, gold, kind of error.
const ACTOR_ERRORS: &str = include_str!("../actor-errors.tsv");
/// The same of places.
const PLACE_ERRORS: &str = include_str!("../place-errors.tsv");

/// How often each kind of error was found by hand in each task, the commonest first.
fn by_hand(file: &str, table: &str) -> String {
    let mut kinds: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    let mut tasks: Vec<&str> = Vec::new();
    let mut when = "";
    for line in table.lines() {
        if let Some(comment) = line.strip_prefix("# ") {
            when = comment.strip_prefix("read ").unwrap_or(when);
            continue;
        }
        let cells: Vec<&str> = line.split('\t').collect();
        if let [task, _, _, kind] = cells.as_slice()
            && *kind != "kind"
        {
            if !tasks.contains(task) {
                tasks.push(task);
            }
            *kinds.entry(kind).or_default().entry(task).or_default() += 1;
        }
    }
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    kinds.sort_by_key(|(kind, by_task)| (std::cmp::Reverse(by_task.values().sum::<usize>()), *kind));
    let all: usize = kinds.iter().flat_map(|(_, by_task)| by_task.values()).sum();
    let mut out = format!("\n{all} losses looked at by hand (`eval/{file}`; {when}):\n\n");
    let _ = writeln!(out, "| what went wrong | {} |\n|---|{}", tasks.join(" | "), "---|".repeat(tasks.len()));
    for (kind, by_task) in &kinds {
        let counts: Vec<String> =
            tasks.iter().map(|task| by_task.get(task).copied().unwrap_or(0).to_string()).collect();
        let _ = writeln!(out, "| {kind} | {} |", counts.join(" | "));
    }
    out
}

fn sentence(text: &str) -> String {
    if text.ends_with('.') { text.to_owned() } else { format!("{text}.") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_summed_by_kind_and_task() {
        let table = "# why\n# read 2020-01-02, reader 1\ntask\tdocument\tgold\tkind\na\t1\tx\tlate\nb\t2\ty\tlate\na\t3\tz\tearly\n";
        let page = by_hand("x.tsv", table);
        assert!(page.contains("3 losses") && page.contains("2020-01-02, reader 1"), "{page}");
        assert!(page.contains("| what went wrong | a | b |") && page.contains("| late | 1 | 1 |"), "{page}");
        assert!(page.find("| late") < page.find("| early | 1 | 0 |"), "{page}");
        for table in [ACTOR_ERRORS, PLACE_ERRORS] {
            let page = by_hand("x.tsv", table);
            assert!(page.contains("200 losses"), "{page}");
        }
    }
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
        let page = markdown(&[section(&outcome, "watchpost-eval isaf", 1)], &[]);
        assert!(page.contains("| killed | exact | 0.900 | 0.7"), "{page}");
        assert!(page.contains("| 10 | 0.97 | somebody .95 |"));
        assert!(page.contains("- killed: too many (1)"));
    }
}
