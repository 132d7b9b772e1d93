//! One line, one JSON object, one report.

use record::Report;
use serde_json::{Map, Value};

use crate::{Problem, date, encoding, html};

/// Names of the fields, the contract's first, then those of NGEC's input, which people have lying about.
const TEXT: &[&str] = &["text", "event_text"];
const PUBLISHED: &[&str] = &["published", "pub_date"];
const TITLE: &[&str] = &["title", "headline"];
const ID: &[&str] = &["id", "story_id"];

/// An opening brace alone is no JSON: a key, an end, or a new line must follow.
pub(crate) fn looks_like_object(start: &str) -> bool {
    let after = start.get(1..).unwrap_or_default().trim_start();
    after.is_empty() || after.starts_with(['"', '}'])
}

/// What one line held.
pub(crate) struct Line {
    pub(crate) given_id: Option<String>,
    pub(crate) report: Result<Report, Problem>,
    /// Its fields, the text taken out.
    pub(crate) fields: Map<String, Value>,
}

impl Line {
    fn bad(given_id: Option<String>, problem: Problem) -> Self {
        Self { given_id, report: Err(problem), fields: Map::new() }
    }
}

/// Reads one line.
pub(crate) fn parse(line: &[u8], notes: &mut Vec<String>) -> Line {
    let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
    let decoded;
    let text = match std::str::from_utf8(line) {
        Ok(text) => text,
        Err(_) => {
            if let Err(problem) = encoding::refuse_binary(line) {
                return Line::bad(None, problem);
            }
            decoded = encoding::decode(line, None);
            encoding::tell(&decoded, notes);
            &decoded.text
        }
    };
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(mut object)) => {
            let given_id = first(&object, ID).and_then(|id| match id {
                Value::String(id) => Some(id.clone()),
                Value::Number(id) => Some(id.to_string()),
                _ => None,
            });
            let report = report(&mut object, notes);
            Line { given_id, report, fields: object }
        }
        Ok(Value::Array(_)) => Line::bad(
            None,
            Problem::new(
                "the line is a JSON array; expected one object a line",
                "write one object a line, for example with `jq -c '.[]' FILE`",
            ),
        ),
        Ok(other) => Line::bad(
            None,
            Problem::new(
                format!("the line is a JSON {}; expected an object with `text` or `html`", kind(&other)),
                "see `watchpost help code` for the fields",
            ),
        ),
        Err(error) => Line::bad(given_id_of_broken(text), broken(&error, text)),
    }
}

fn broken(error: &serde_json::Error, text: &str) -> Problem {
    let message = error.to_string();
    let column = error.column();
    let message = message.split(" at line ").next().unwrap_or(&message);
    let hint = if message.contains("surrogate") || message.contains("hex escape") {
        "half of a UTF-16 pair stands alone: write the text again from its source, or replace the escape by \\ufffd"
    } else if matches!(text.trim(), "{" | "[") {
        "the JSON runs over several lines; write one object a line, for example with `jq -c . FILE` (an array: `jq -c '.[]' FILE`)"
    } else if error.is_eof() {
        "the line breaks off; was the file cut, or does a text hold a bare line break?"
    } else {
        "check the line with `sed -n LINEp FILE | jq .`"
    };
    Problem::new(format!("the line is not valid JSON: {message} at column {column}"), hint)
}

/// The id of a line that is no JSON as a whole, where it can be had: the error is easier to find by it.
fn given_id_of_broken(text: &str) -> Option<String> {
    let after = ID.iter().find_map(|name| text.split_once(&format!("\"{name}\""))).map(|(_, after)| after)?;
    let value = after.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    let id = value.split('"').next()?;
    (id.len() <= 200 && !id.contains('\\')).then(|| id.to_owned())
}

fn first<'a>(object: &'a Map<String, Value>, names: &[&str]) -> Option<&'a Value> {
    names.iter().find_map(|name| object.get(*name)).filter(|value| !value.is_null())
}

/// The same, taken out: a text may be long, and is needed once.
fn take(object: &mut Map<String, Value>, names: &[&str]) -> Option<Value> {
    let name = names.iter().find(|name| object.contains_key(**name))?;
    object.get_mut(*name).filter(|value| !value.is_null()).map(Value::take)
}

fn string(object: &Map<String, Value>, names: &[&str], notes: &mut Vec<String>) -> Option<String> {
    match first(object, names)? {
        Value::String(text) if text.trim().is_empty() => None,
        Value::String(text) => Some(text.clone()),
        other => {
            notes.push(format!("`{}` is a JSON {}, not a string; left open", names.join("`/`"), kind(other)));
            None
        }
    }
}

fn report(object: &mut Map<String, Value>, notes: &mut Vec<String>) -> Result<Report, Problem> {
    let from_text = take(object, TEXT).map(|text| (text, false));
    let mut report = match from_text.or_else(|| take(object, &["html"]).map(|page| (page, true))) {
        Some((Value::String(text), false)) => Report { text, ..Report::default() },
        Some((Value::String(page), true)) => html::report(&page, notes)?,
        Some((other, _)) => {
            return Err(Problem::new(
                format!("`text` or `html` is a JSON {}; expected a string", kind(&other)),
                "give the report's text as one string",
            ));
        }
        None => {
            let names =
                object.keys().take(8).map(|key| format!("`{}`", key.chars().take(30).collect::<String>()));
            return Err(Problem::new(
                format!(
                    "the object has neither `text` nor `html` (nor `event_text`); it has {}",
                    if object.is_empty() {
                        "no field".to_owned()
                    } else {
                        names.collect::<Vec<_>>().join(", ")
                    }
                ),
                "name the field that holds the report `text`",
            ));
        }
    };
    for (field, names) in [
        (&mut report.title, TITLE),
        (&mut report.publisher, &["publisher"][..]),
        (&mut report.url, &["url"][..]),
        (&mut report.language, &["language"][..]),
    ] {
        if let Some(value) = string(object, names, notes) {
            *field = Some(value);
        }
    }
    if report.language.as_deref().is_some_and(|tag| !is_language_tag(tag)) {
        notes.push("`language` is no BCP 47 tag such as `en` or `ar-SY`; left open".to_owned());
        report.language = None;
    }
    match first(object, PUBLISHED) {
        Some(Value::String(day)) => date::set(&mut report, day, notes),
        Some(Value::Number(day)) => date::set(&mut report, &day.to_string(), notes),
        Some(other) => notes.push(format!("`published` is a JSON {}, not a day; left open", kind(other))),
        None => {}
    }
    Ok(report)
}

/// The shape of a language tag (RFC 5646), not whether it is registered.
#[must_use]
pub fn is_language_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    parts
        .next()
        .is_some_and(|part| (2..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphabetic()))
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> (Option<String>, Result<Report, Problem>, Vec<String>) {
        let mut notes = Vec::new();
        let Line { given_id, report, .. } = parse(line.as_bytes(), &mut notes);
        (given_id, report, notes)
    }

    #[test]
    fn takes_both_sets_of_names() {
        let (id, report, notes) = read(
            r#"{"story_id": 7, "event_text": "A blast.", "pub_date": "2020-05-12", "headline": "Blast"}"#,
        );
        let report = report.expect("a report");
        assert_eq!(id.as_deref(), Some("7"));
        assert_eq!(report.title.as_deref(), Some("Blast"));
        assert_eq!(report.published.map(|day| day.to_string()).as_deref(), Some("2020-05-12"));
        assert!(notes.is_empty());
    }

    #[test]
    fn an_absurd_day_costs_the_day_not_the_report() {
        let (_, report, notes) =
            read(r#"{"text": "A blast.", "published": "9999-99-99", "language": "klingon speech"}"#);
        let report = report.expect("a report");
        assert_eq!((report.published, report.language), (None, None));
        assert_eq!(notes.len(), 2);
    }

    #[test]
    fn says_what_is_wrong_with_a_line() {
        for (line, said, advice) in [
            (r#"{"id": "a", "text": "x"#, "not valid JSON", "breaks off"),
            (r#"{"text": "\ud800 x"}"#, "not valid JSON", "UTF-16"),
            (r#"[{"text": "x"}]"#, "array", "jq"),
            (r#"{"body": "x"}"#, "neither `text` nor `html`", "name the field"),
            (r#"{"text": 5}"#, "number", "string"),
            ("{", "not valid JSON", "several lines"),
            ("true", "boolean", "fields"),
        ] {
            let (_, report, _) = read(line);
            let problem = report.expect_err(line);
            assert!(problem.error.contains(said), "{line}: {problem}");
            assert!(problem.hint.contains(advice), "{line}: {}", problem.hint);
        }
        assert_eq!(read(r#"{"id": "a", "text": "x"#).0.as_deref(), Some("a"));
    }
}
