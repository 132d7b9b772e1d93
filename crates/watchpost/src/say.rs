//! What the program says besides its data: always on standard error.

use std::io::Write as _;

use anstyle::{AnsiColor, Style};
use record::ErrorLine;

const WARN: Style = AnsiColor::Yellow.on_default();
const BAD: Style = AnsiColor::Red.on_default().bold();
const DIM: Style = Style::new().dimmed();

/// A line that nobody reads is no reason to stop: a closed standard error is left alone.
pub(crate) fn line(text: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

/// Something worth knowing that is no error.
pub(crate) fn note(text: &str, hint: Option<&str>) {
    line(&format!("{WARN}note:{WARN:#} {}", crate::table::plain(text)));
    if let Some(hint) = hint {
        line(&format!("{DIM}hint:{DIM:#} {hint}"));
    }
}

/// A report that could not be read: for people in words, for programs as one line of JSON.
pub(crate) fn unreadable(file: &str, error: &ErrorLine, people: bool) {
    if people {
        let id = error
            .given_id
            .as_deref()
            .filter(|id| *id != file)
            .map_or_else(String::new, |id| format!(" ({id})"));
        let text = crate::table::plain(&format!("{file}:{}{id}: {}", error.line, error.error));
        line(&format!("{BAD}error:{BAD:#} {text}"));
        line(&format!("{DIM}hint:{DIM:#} {}", error.hint));
    } else if let Ok(json) = serde_json::to_string(error) {
        line(&json);
    }
}

/// What stopped the program, or what it was doing.
pub(crate) fn fatal(error: &anyhow::Error) {
    let mut hints = Vec::new();
    let mut causes = Vec::new();
    for cause in error.chain().map(ToString::to_string) {
        match cause.strip_prefix("hint: ") {
            Some(hint) => hints.push(hint.to_owned()),
            None => causes.push(cause),
        }
    }
    line(&format!("{BAD}error:{BAD:#} {}", crate::table::plain(&causes.join(": "))));
    for hint in hints {
        line(&format!("{DIM}hint:{DIM:#} {hint}"));
    }
}
