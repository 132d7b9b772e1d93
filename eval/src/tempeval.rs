/*! Time expressions of news in TimeML (TempEval-3's training part: TimeBank and AQUAINT, cleaned).

The day of publication is the document's creation time; only the running text is read, so that the creation
time itself is never counted as found. Figures follow TempEval-3 (UzZaman and others, SemEval-2013 task 1):

- **strict**: an expression is right if its characters are exactly the gold's;
- **relaxed**: if it shares a character with one of the gold, each matched with one at most;
- **value**: if it matches relaxed and its TIMEX3 value is the gold's, letter for letter; precision is taken over all that
  were given, recall over all of the gold, F1 over both (TempEval-3's "value F1" is the relaxed F1 times the share of right
  values among the matched, which is the same number).

A gold `DATE` whose value holds a time of day ("2000-01-28TMO") is counted as `TIME`, which TimeML's guidelines
make it.

- **same period**: as value, but two spellings of one value ("2000-W8" and "2000-W08", "199X" and "199", "1949-XX" and
  "1949"), between which the gold itself changes, are equal.

- **general news**: value, over the documents that are not of the Wall Street Journal of 1989, whose company reports count
  in quarters and years before ("from a year earlier" is a quarter there).

A range ("from 1994 to 1997") is one expression for us and two for TimeML; its two ends are counted.

Each is given for days, weeks, months, years (gold type `DATE`, ours [`when::Kind::Date`]), which is what events
need, and for all types together.
*/

use std::collections::HashMap;
use std::io::Read;

use anyhow::{Context, Result};
use jiff::civil::Date;
use serde_json::json;
use text::{Span, Text};
use when::{Anchors, Kind, TimeExpression};

use crate::{Figure, Hits, Options, Outcome};

/// The archive, below the data folder and without `.gz`.
pub const ARCHIVE: &str = "tempeval3/TBAQ-cleaned.tar";

/// A gold expression: where in the plain text, its type and value.
#[derive(Debug, Clone)]
struct Gold {
    span: Span,
    kind: Kind,
    value: String,
}

/// What we give: an expression, or one end of a range, which TimeML takes for an expression of its own.
#[derive(Debug, Clone)]
struct Given {
    span: Span,
    kind: Kind,
    value: Option<String>,
}

impl Given {
    fn of(expression: TimeExpression) -> Vec<Self> {
        let kind = expression.kind;
        match expression.ends {
            Some(ends) => ends.map(|(span, value)| Self { span, kind, value: Some(value) }).into(),
            None => vec![Self { span: expression.span, kind, value: expression.value }],
        }
    }
}

/// A document.
#[derive(Debug, Clone)]
struct Document {
    name: String,
    published: Option<Date>,
    text: String,
    gold: Vec<Gold>,
}

/// Measures the time expressions alone; the coder is not asked.
pub fn measure(options: &Options) -> Result<Outcome> {
    let mut documents = load(options)?;
    options.cut(&mut documents);
    let mut outcome = Outcome::new(
        "tempeval",
        "TempEval-3 training part: TimeBank and AQUAINT, cleaned; research use",
        "Strict: the same characters. Relaxed: a character shared. Value: relaxed and the same TIMEX3 value. \
         Dates are the gold's type DATE; the creation time is given and not counted.",
    );
    let mut strict = Vec::new();
    let mut relaxed = Vec::new();
    let mut value = Vec::new();
    let mut period = Vec::new();
    let mut general = Vec::new();
    let mut all_relaxed = Vec::new();
    let mut all_value = Vec::new();
    for document in &documents {
        let text = Text::new(&document.text);
        let anchors = Anchors { published: document.published, dateline: None };
        let given: Vec<Given> = (0..text.sentences.len())
            .flat_map(|sentence| when::find(&text, sentence, &anchors))
            .flat_map(Given::of)
            .collect();
        let dates: Vec<&Given> = given.iter().filter(|e| e.kind == Kind::Date).collect();
        let gold: Vec<&Gold> = document.gold.iter().filter(|gold| gold.kind == Kind::Date).collect();
        let pairs = pairs(&dates, &gold);
        let exact = pairs.iter().filter(|&&(ours, theirs)| dates[ours].span == gold[theirs].span).count();
        let right = pairs.iter().filter(|&&(ours, theirs)| same_value(dates[ours], gold[theirs])).count();
        strict.push(Hits::sets(exact, dates.len(), gold.len()));
        relaxed.push(Hits::sets(pairs.len(), dates.len(), gold.len()));
        value.push(Hits::sets(right, dates.len(), gold.len()));
        let same = pairs.iter().filter(|&&(ours, theirs)| same_period(dates[ours], gold[theirs])).count();
        period.push(Hits::sets(same, dates.len(), gold.len()));
        if !document.name.starts_with("wsj_") {
            general.push(Hits::sets(right, dates.len(), gold.len()));
        }
        losses(&mut outcome, document, &dates, &gold, &pairs);

        let every: Vec<&Given> = given.iter().collect();
        let every_gold: Vec<&Gold> = document.gold.iter().collect();
        let pairs = self::pairs(&every, &every_gold);
        let right =
            pairs.iter().filter(|&&(ours, theirs)| same_value(every[ours], every_gold[theirs])).count();
        all_relaxed.push(Hits::sets(pairs.len(), every.len(), every_gold.len()));
        all_value.push(Hits::sets(right, every.len(), every_gold.len()));
    }
    outcome.figures.extend(Figure::trio("dates, strict", &strict));
    outcome.figures.extend(Figure::trio("dates, relaxed", &relaxed));
    outcome.figures.extend(Figure::trio("dates, value", &value).map(|figure| {
        let peers = "HeidelTime .776 value F1 over all types, on TempEval-3's test part (published)";
        if figure.kind == crate::Kind::F1 { figure.goal(0.80).peers(peers) } else { figure }
    }));
    outcome.figures.extend(Figure::trio("dates, value, same period", &period));
    outcome.figures.extend(Figure::trio("dates, value, general news", &general));
    outcome.figures.extend(Figure::trio("all types, relaxed", &all_relaxed));
    outcome.figures.extend(Figure::trio("all types, value", &all_value));
    Ok(outcome)
}

/// Each of ours with the gold expression that it shares most characters with, one to one.
fn pairs(given: &[&Given], gold: &[&Gold]) -> Vec<(usize, usize)> {
    let mut candidates: Vec<(usize, usize, usize)> = Vec::new();
    for (ours, expression) in given.iter().enumerate() {
        for (theirs, gold) in gold.iter().enumerate() {
            if expression.span.overlaps(gold.span) {
                let shared =
                    expression.span.end.min(gold.span.end) - expression.span.start.max(gold.span.start);
                candidates.push((shared, ours, theirs));
            }
        }
    }
    candidates.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let mut pairs = Vec::new();
    let (mut used, mut taken) = (vec![false; given.len()], vec![false; gold.len()]);
    for (_, ours, theirs) in candidates {
        if !used[ours] && !taken[theirs] {
            used[ours] = true;
            taken[theirs] = true;
            pairs.push((ours, theirs));
        }
    }
    pairs
}

fn same_value(given: &Given, gold: &Gold) -> bool {
    given.value.as_deref() == Some(gold.value.as_str())
}

/// The gold writes some values in more than one way: "2000-W8" and "2000-W08", "199X" and "199", "1949-XX" and "1949".
fn same_period(given: &Given, gold: &Gold) -> bool {
    fn plain(value: &str) -> String {
        let value = value.trim_end_matches("-XX");
        let value = if value.len() <= 4 { value.trim_end_matches('X') } else { value };
        match value.split_once("-W") {
            Some((year, week)) if week.len() == 1 => format!("{year}-W0{week}"),
            _ => value.to_owned(),
        }
    }
    given.value.as_deref().is_some_and(|value| plain(value) == plain(&gold.value))
}

/// Keeps what was missed, given too much, or valued otherwise.
fn losses(
    outcome: &mut Outcome,
    document: &Document,
    given: &[&Given],
    gold: &[&Gold],
    pairs: &[(usize, usize)],
) {
    let around = |span: Span| {
        let text = &document.text;
        let mut start = span.start.saturating_sub(80);
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        let mut end = (span.end + 60).min(text.len());
        while !text.is_char_boundary(end) {
            end += 1;
        }
        format!("{}⟦{}⟧{}", &text[start..span.start], &text[span.range()], &text[span.end..end])
    };
    for (theirs, gold) in gold.iter().enumerate() {
        match pairs.iter().find(|pair| pair.1 == theirs) {
            None => outcome.lose(
                &document.name,
                "date",
                json!(gold.value),
                json!(null),
                "missed",
                &around(gold.span),
            ),
            Some(&(ours, _)) if !same_value(given[ours], gold) => outcome.lose(
                &document.name,
                "value",
                json!(gold.value),
                json!(given[ours].value),
                "another value",
                &format!(
                    "({}) {}",
                    document.published.map_or_else(String::new, |d| d.to_string()),
                    around(gold.span)
                ),
            ),
            Some(_) => {}
        }
    }
    for (ours, expression) in given.iter().enumerate() {
        if !pairs.iter().any(|pair| pair.0 == ours) {
            let reason = "not in the gold";
            outcome.lose(
                &document.name,
                "date",
                json!(null),
                json!(expression.value),
                reason,
                &around(expression.span),
            );
        }
    }
}

/// The plain texts.
///
/// # Errors
/// Where the archive is missing or damaged.
pub fn texts(options: &Options) -> Result<Vec<String>> {
    let documents = load(options)?;
    // They are sorted by their source: a part is taken from all of them.
    let step = options.limit.map_or(1, |limit| documents.len().div_ceil(limit.max(1)).max(1));
    Ok(documents.into_iter().step_by(step).map(|document| document.text).collect())
}

/// Reads the archive.
fn load(options: &Options) -> Result<Vec<Document>> {
    let mut archive = tar::Archive::new(options.open(ARCHIVE)?);
    let mut documents = Vec::new();
    for entry in archive.entries().context(ARCHIVE)? {
        let mut entry = entry.context(ARCHIVE)?;
        let path = entry.path().context(ARCHIVE)?.to_string_lossy().into_owned();
        let name = path.rsplit('/').next().unwrap_or(&path).to_owned();
        // The archive was packed on a Mac, which adds a hidden file to each.
        if !name.ends_with(".tml") || name.starts_with('.') {
            continue;
        }
        let mut raw = String::new();
        entry.read_to_string(&mut raw).with_context(|| path.clone())?;
        documents.push(document(name, &raw));
    }
    documents.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(documents)
}

/// Takes a TimeML document apart: the creation day, the plain text, and the expressions in it.
fn document(name: String, raw: &str) -> Document {
    let published = between(raw, "<DCT>", "</DCT>")
        .and_then(|dct| between(dct, "value=\"", "\""))
        .and_then(|value| value.get(..10)?.parse().ok());
    let body = between(raw, "<TEXT>", "</TEXT>").unwrap_or("");
    let mut text = String::with_capacity(body.len());
    let mut gold = Vec::new();
    let mut open: Option<(usize, HashMap<String, String>)> = None;
    let mut rest = body;
    while let Some(at) = rest.find('<') {
        text.push_str(&unescape(&rest[..at]));
        let Some(end) = rest[at..].find('>') else { break };
        let tag = &rest[at + 1..at + end];
        if let Some(attributes) = tag.strip_prefix("TIMEX3 ") {
            open = Some((text.len(), read_attributes(attributes)));
        } else if tag == "/TIMEX3"
            && let Some((start, attributes)) = open.take()
        {
            let span = trimmed(&text, start);
            let kind = match attributes.get("type").map(String::as_str) {
                Some("TIME") => Kind::Time,
                Some("DURATION") => Kind::Duration,
                Some("SET") => Kind::Set,
                _ => Kind::Date,
            };
            let value = attributes.get("value").cloned().unwrap_or_default();
            // By TimeML's own guideline a value with a time of day is of type TIME; the gold is of two minds.
            let kind = if kind == Kind::Date && timed(&value) { Kind::Time } else { kind };
            if !span.is_empty() {
                gold.push(Gold { span, kind, value });
            }
        }
        rest = &rest[at + end + 1..];
    }
    text.push_str(&unescape(rest));
    Document { name, published, text, gold }
}

/// Whether a value has a time of day after its day or week ("2000-01-28TMO").
fn timed(value: &str) -> bool {
    value.starts_with(|first: char| first.is_ascii_digit()) && value.contains('T')
}

/// From a position to the end of the text, without the white space and the full stop or comma that the gold took along.
fn trimmed(text: &str, start: usize) -> Span {
    let inside = &text[start..];
    let lead = inside.len() - inside.trim_start().len();
    Span::new(start + lead, start + inside.trim_end().len().max(lead))
}

fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<&'a str> {
    let start = text.find(open)? + open.len();
    let end = start + text[start..].find(close)?;
    Some(&text[start..end])
}

fn read_attributes(text: &str) -> HashMap<String, String> {
    let mut attributes = HashMap::new();
    let mut rest = text;
    while let Some((name, after)) = rest.split_once("=\"") {
        let Some((value, next)) = after.split_once('"') else { break };
        attributes.insert(name.trim().to_owned(), value.to_owned());
        rest = next;
    }
    attributes
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&")
}
