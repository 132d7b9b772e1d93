//! The user's own tables of actors: where they are looked for, and what is said of one that is wrong.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use etcetera::BaseStrategy as _;
use record::table::TableError;
use who::Registry;

use crate::setup;

/// A table of the user's.
pub(crate) struct Own {
    /// Its file.
    pub(crate) path: PathBuf,
    /// Its text.
    pub(crate) text: String,
}

/// The file that is looked for without being named.
pub(crate) fn usual() -> Option<PathBuf> {
    let strategy = etcetera::choose_base_strategy().ok()?;
    Some(strategy.data_dir().join("watchpost/actors.tsv"))
}

/// The user's tables, first to last: the usual one where there is one, then the one that is named.
pub(crate) fn find(named: Option<&Path>) -> anyhow::Result<Vec<Own>> {
    let usual = usual().filter(|path| path.is_file() && named != Some(path.as_path()));
    let paths = usual.into_iter().chain(named.map(Path::to_path_buf));
    paths.map(open).collect()
}

fn open(path: PathBuf) -> anyhow::Result<Own> {
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("{}: the table of actors cannot be read", path.display()))?;
    // A spreadsheet may begin its text with a mark that says it is UTF-8.
    let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
    Ok(Own { path, text })
}

/// What is wrong with the tables, each with its file and line, in the order of the files.
pub(crate) fn faults(registry: &mut Registry, tables: &[Own]) -> Vec<String> {
    let mut told = Vec::new();
    for own in tables {
        let path = own.path.display();
        told.extend(registry.stack(&own.text).into_iter().map(|fault| match fault {
            TableError::Row { line, problem, .. } => format!("{path}:{line}: {problem}"),
            TableError::NoHeader { .. } => format!("{path}: no line with the names of the columns"),
            TableError::NoColumn { column, .. } => format!("{path}: no column `{column}`"),
        }));
    }
    told
}

/// Stops where a table is wrong: a row that is left out silently would be missing from every document.
pub(crate) fn check(tables: &[Own]) -> anyhow::Result<()> {
    if tables.is_empty() {
        return Ok(());
    }
    let told = faults(&mut setup::registry()?, tables);
    if told.is_empty() {
        return Ok(());
    }
    Err(anyhow::anyhow!("{}", told.join("\n"))
        .context(format!("{} in the table of actors", if told.len() == 1 { "a fault".to_owned() } else { format!("{} faults", told.len()) }))
        .context("hint: mend the rows; the columns are those of knowledge/actors.tsv, and `watchpost actors check FILE` tells of all faults"))
}
