/*! The annotated reports of `models/reports`: the form described in their README, read and checked.

A quote stands for the place where its words stand in the text. The form is for people: no offsets are written,
and a quote that is not there, or is there twice, is a complaint with its line.
*/

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use jiff::civil::Date;
use record::Quantity;
use record::vocabulary::{Completion, Realis, SubEventType};
use serde::Serialize;
use text::{Span, Text};

/// One report with what it tells.
#[derive(Debug)]
pub struct Report {
    /// Its name, unique over all files.
    pub id: String,
    /// The day that relative dates are read against.
    pub published: Option<Date>,
    /// The headline: the first line of the text, where there is one.
    pub title: Option<String>,
    /// In what manner it is written.
    pub style: String,
    /// Headline and text, split.
    pub text: Text,
    /// Events in order.
    pub events: Vec<Event>,
    /// Tallies in order.
    pub tallies: Vec<Tally>,
    /// Statements in order.
    pub statements: Vec<Statement>,
}

/// An event of a report.
#[derive(Debug)]
pub struct Event {
    /// The word that tells it, then the others.
    pub triggers: Vec<Span>,
    /// ACLED's term.
    pub kind: SubEventType,
    /// Whether it is told as having happened.
    pub realis: Realis,
    /// Whether it was carried through.
    pub completion: Completion,
    /// From when to when, with the words.
    pub date: Option<(Date, Date, Option<Span>)>,
    /// Where.
    pub places: Vec<Place>,
    /// Participants, objects, weapons and sources by role, each with its mentions.
    pub parts: Vec<(Role, Vec<Span>)>,
    /// Counts of people.
    pub counts: Vec<Count>,
}

/// A place of an event.
#[derive(Debug)]
pub struct Place {
    /// ISO 3166-1 alpha-3; none where the report does not let one know.
    pub country: Option<String>,
    /// "near", "north of".
    pub relation: Option<String>,
    /// The words.
    pub span: Span,
}

/// Who or what stands how to an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Who did it; in fighting, every side.
    Actor,
    /// To whom it was done.
    Recipient,
    /// A physical target.
    Object,
    /// What with.
    Weapon,
    /// Who claims it.
    Claimed,
    /// Who denies it.
    Denied,
    /// Who is blamed.
    Blamed,
    /// Whom the report rests on.
    Said,
}

const ROLES: [(&str, Role); 8] = [
    ("actor", Role::Actor),
    ("recipient", Role::Recipient),
    ("object", Role::Object),
    ("weapon", Role::Weapon),
    ("claimed", Role::Claimed),
    ("denied", Role::Denied),
    ("blamed", Role::Blamed),
    ("said", Role::Said),
];

/// What became of those who are counted.
const FATES: [&str; 8] =
    ["killed", "injured", "hurt", "abducted", "arrested", "missing", "escaped", "displaced"];

/// Whose people are counted.
const WHOSE: [&str; 5] = ["recipient", "actor", "civilian", "third", "unknown"];

/// A count of people.
#[derive(Debug)]
pub struct Count {
    /// One of [`FATES`].
    pub fate: &'static str,
    /// How many; none where the text has a bare plural.
    pub number: Option<Quantity>,
    /// One of [`WHOSE`].
    pub whose: &'static str,
    /// The words.
    pub span: Span,
    /// Part of another count.
    pub part: bool,
    /// Replaced by a later one.
    pub old: bool,
}

/// A figure over a period or many places.
#[derive(Debug)]
pub struct Tally {
    /// The words.
    pub span: Span,
    /// What was counted.
    pub what: String,
    /// How many.
    pub number: Option<Quantity>,
}

/// Something that somebody states.
#[derive(Debug)]
pub struct Statement {
    /// What sort.
    pub kind: &'static str,
    /// The clause.
    pub span: Span,
    /// Who says it; nobody where the report does.
    pub by: Vec<Span>,
}

const STATEMENTS: [&str; 6] = ["trend", "cause", "forecast", "estimate", "demand", "allegation"];

/// Something wrong in a file.
#[derive(Debug, PartialEq, Eq)]
pub struct Complaint {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong and what was expected.
    pub what: String,
}

/// The files of a folder, or the one file, in order of their names.
pub fn files(path: &Path) -> Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files: Vec<PathBuf> = std::fs::read_dir(path)
        .with_context(|| format!("{}: cannot be read", path.display()))?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    files.sort();
    Ok(files)
}

/// Reads a file's text: the reports that are well formed, and what is wrong in the others.
#[must_use]
pub fn read(content: &str) -> (Vec<Report>, Vec<Complaint>) {
    let mut lines = content.lines().enumerate().map(|(at, line)| (at + 1, line.trim_end())).peekable();
    let (mut reports, mut complaints) = (Vec::new(), Vec::new());
    while let Some((line, head)) = lines.next() {
        if head.is_empty() || head.starts_with('#') {
            continue;
        }
        let Some(id) = head.strip_prefix("report:") else {
            complaints.push(Complaint { line, what: format!("`{head}`: expected `report: NAME`") });
            continue;
        };
        let mut source = Source { id: id.trim().to_owned(), ..Source::default() };
        for (at, line) in lines.by_ref() {
            if line == "text:" {
                break;
            }
            match line.split_once(':') {
                _ if line.is_empty() || line.starts_with('#') => {}
                Some((key @ ("published" | "title" | "style"), value)) => {
                    source.head.push((at, key, value.trim()));
                }
                _ => source.complain(
                    at,
                    format!("`{line}`: expected published:, title:, style: or text: before the text"),
                ),
            }
        }
        let mut body = Vec::new();
        let mut ended = false;
        for (_, line) in lines.by_ref() {
            if line == "end." {
                ended = true;
                break;
            }
            body.push(line);
        }
        if !ended {
            source.complain(line, format!("{}: the text has no line `end.`", source.id));
        }
        while let Some((at, line)) = lines.next_if(|(_, line)| !line.starts_with("report:")) {
            if !line.trim().is_empty() && !line.starts_with('#') {
                source.tells.push((at, line));
            }
        }
        let body = body.join("\n");
        match source.report(line, body.trim()) {
            Ok(report) => reports.push(report),
            Err(found) => complaints.extend(found),
        }
    }
    (reports, complaints)
}

/// What a report is made from.
#[derive(Default)]
struct Source<'a> {
    id: String,
    head: Vec<(usize, &'a str, &'a str)>,
    tells: Vec<(usize, &'a str)>,
    complaints: Vec<Complaint>,
}

impl<'a> Source<'a> {
    fn complain(&mut self, line: usize, what: String) {
        self.complaints.push(Complaint { line, what });
    }

    fn head(&self, key: &str) -> Option<(usize, &'a str)> {
        self.head.iter().find(|(_, known, _)| *known == key).map(|(line, _, value)| (*line, *value))
    }

    fn report(mut self, line: usize, body: &str) -> Result<Report, Vec<Complaint>> {
        let title = self.head("title").map(|(_, title)| title.to_owned()).filter(|title| !title.is_empty());
        let raw = title.as_ref().map_or_else(|| body.to_owned(), |title| format!("{title}\n\n{body}"));
        let published = match self.head("published") {
            Some((line, day)) => {
                let read = day.parse::<Date>();
                if read.is_err() {
                    self.complain(line, format!("`{day}`: expected a day as 2024-03-12"));
                }
                read.ok()
            }
            None => None,
        };
        let mut report = Report {
            id: self.id.clone(),
            published,
            style: self.head("style").map_or_else(String::new, |(_, style)| style.to_owned()),
            text: Text::with_title(&raw, Some(title.as_deref().unwrap_or_default())),
            title,
            events: Vec::new(),
            tallies: Vec::new(),
            statements: Vec::new(),
        };
        if body.is_empty() {
            self.complain(line, format!("{}: the text is empty", self.id));
        }
        let mut nothing = false;
        let mut of = Of::Nothing;
        for (at, told) in std::mem::take(&mut self.tells) {
            if told == "nothing." {
                nothing = true;
            } else if let Err(what) = tell(&mut report, &mut of, told) {
                self.complain(at, format!("{}: {what}", self.id));
            }
        }
        let tells = !(report.events.is_empty() && report.tallies.is_empty() && report.statements.is_empty());
        if nothing == tells && self.complaints.is_empty() {
            self.complain(
                line,
                format!("{}: expected what it tells, or `nothing.` where it tells nothing", self.id),
            );
        }
        if self.complaints.is_empty() { Ok(report) } else { Err(self.complaints) }
    }
}

/// To what an indented line belongs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Nothing,
    Event,
    Tally,
    Statement,
}

fn tell(report: &mut Report, of: &mut Of, told: &str) -> Result<(), String> {
    let (key, value) = told.split_once(':').ok_or_else(|| format!("`{told}`: expected `word: …`"))?;
    let indented = key.starts_with(' ');
    let (key, value) = (key.trim(), value.trim());
    match (indented, key) {
        (false, "event") => {
            *of = Of::Event;
            let event = Event {
                triggers: Vec::new(),
                kind: SubEventType::Other,
                realis: Realis::Asserted,
                completion: Completion::Accomplished,
                date: None,
                places: Vec::new(),
                parts: Vec::new(),
                counts: Vec::new(),
            };
            report.events.push(event);
            let triggers = quotes(&report.text, value)?;
            last(&mut report.events)?.triggers = triggers;
            Ok(())
        }
        (false, "tally") => {
            *of = Of::Tally;
            report.tallies.push(Tally { span: Span::default(), what: String::new(), number: None });
            let span = one(&report.text, value)?.1;
            last(&mut report.tallies)?.span = span;
            Ok(())
        }
        (false, "statement") => {
            *of = Of::Statement;
            let (said, span, _) = one(&report.text, value)?;
            let kind = STATEMENTS
                .iter()
                .find(|kind| **kind == said)
                .ok_or_else(|| format!("`{said}`: expected one of {}", STATEMENTS.join(", ")))?;
            report.statements.push(Statement { kind, span, by: Vec::new() });
            Ok(())
        }
        (true, _) => match of {
            Of::Event => {
                let Report { text, events, .. } = report;
                of_event(text, last(events)?, key, value)
            }
            Of::Tally => {
                let Report { text, tallies, .. } = report;
                of_tally(text, last(tallies)?, key, value)
            }
            Of::Statement if matches!(key, "by" | "said") => {
                let by = quotes(&report.text, value)?;
                last(&mut report.statements)?.by = by;
                Ok(())
            }
            Of::Statement => Err(format!("`{key}:`: a statement has only `by:`")),
            Of::Nothing => Err(format!("`{told}`: expected `event:`, `tally:` or `statement:` before it")),
        },
        _ => Err(format!(
            "`{key}:`: expected event:, tally:, statement: or nothing.; what belongs to one is indented"
        )),
    }
}

fn last<T>(list: &mut [T]) -> Result<&mut T, String> {
    list.last_mut().ok_or_else(|| "nothing stands before it".to_owned())
}

fn of_event(text: &Text, event: &mut Event, key: &str, value: &str) -> Result<(), String> {
    if let Some((_, role)) = ROLES.iter().find(|(name, _)| *name == key) {
        event.parts.push((*role, quotes(text, value)?));
        return Ok(());
    }
    if let Some(fate) = FATES.iter().find(|fate| **fate == key) {
        let (said, span, after) = one(text, value)?;
        let (number, whose) = said
            .split_once(' ')
            .ok_or_else(|| format!("`{said}`: expected a number and whose, as in `11+ recipient`"))?;
        let whose = WHOSE
            .iter()
            .find(|known| **known == whose.trim())
            .ok_or_else(|| format!("`{whose}`: expected one of {}", WHOSE.join(", ")))?;
        if let Some(other) = after.split_whitespace().find(|word| !matches!(*word, "part" | "old")) {
            return Err(format!("`{other}` after the words: expected `part` or `old`"));
        }
        let has = |flag: &str| after.split_whitespace().any(|word| word == flag);
        let (part, old) = (has("part"), has("old"));
        event.counts.push(Count { fate, number: quantity(number)?, whose, span, part, old });
        return Ok(());
    }
    match key {
        "again" => event.triggers.extend(quotes(text, value)?),
        "type" => event.kind = value.parse().map_err(|error| format!("{error}"))?,
        "realis" => event.realis = term(value)?,
        "completion" => event.completion = term(value)?,
        "date" => {
            let (days, span) = match value.find('"') {
                Some(at) => (value[..at].trim(), Some(one(text, value)?.1)),
                None => (value, None),
            };
            let (first, last) = days.split_once("..").unwrap_or((days, days));
            let day = |day: &str| {
                day.trim().parse::<Date>().map_err(|_| format!("`{day}`: expected a day as 2024-03-10"))
            };
            let (first, last) = (day(first)?, day(last)?);
            if last < first {
                return Err(format!("`{days}` ends before it begins"));
            }
            event.date = Some((first, last, span));
        }
        "place" => {
            let (said, span, _) = one(text, value)?;
            let (country, relation) = said.split_once(' ').unwrap_or((&said, ""));
            let known = country.len() == 3 && country.bytes().all(|byte| byte.is_ascii_uppercase());
            if !known && country != "?" {
                return Err(format!("`{country}`: expected an ISO 3166-1 alpha-3 code or ?"));
            }
            event.places.push(Place {
                country: known.then(|| country.to_owned()),
                relation: Some(relation.trim().to_owned()).filter(|relation| !relation.is_empty()),
                span,
            });
        }
        _ => return Err(format!("`{key}:` is no line of an event")),
    }
    Ok(())
}

fn of_tally(text: &Text, tally: &mut Tally, key: &str, value: &str) -> Result<(), String> {
    match key {
        "what" => tally.what = value.to_owned(),
        "number" => tally.number = quantity(value.split('"').next().unwrap_or_default().trim())?,
        // Read so that a wrong quote is found; the learned reader has no use for them yet.
        "period" if !value.contains('"') => {}
        "period" | "place" | "by" | "said" | "of" => {
            quotes(text, value.find('"').map_or(value, |at| &value[at..]))?;
        }
        _ => return Err(format!("`{key}:` is no line of a tally")),
    }
    Ok(())
}

fn term<T: serde::de::DeserializeOwned>(value: &str) -> Result<T, String> {
    serde_json::from_value(serde_json::Value::from(value))
        .map_err(|error| error.to_string().replace("variant", "term"))
}

/// `11`, `11+`, `11-`, `10..15`, `12~`, `?`.
fn quantity(said: &str) -> Result<Option<Quantity>, String> {
    let number = |digits: &str| {
        digits.replace(',', "").parse::<u64>().map_err(|_| {
            format!(
                "`{said}`: expected a number as 11, 11+ (at least), 11- (up to), 10..15, 12~ (vague) or ?"
            )
        })
    };
    if said == "?" {
        return Ok(None);
    }
    Ok(Some(if let Some((low, high)) = said.split_once("..") {
        Quantity::between(number(low)?, number(high)?)
    } else if let Some(low) = said.strip_suffix('+') {
        Quantity::at_least(number(low)?)
    } else if let Some(high) = said.strip_suffix('-') {
        Quantity::at_most(number(high)?)
    } else if let Some(low) = said.strip_suffix('~') {
        Quantity::vague(number(low)?)
    } else {
        Quantity::exact(number(said)?)
    }))
}

/// What stands before a quote, the quote's place, and what stands after it.
fn one<'a>(text: &Text, value: &'a str) -> Result<(String, Span, &'a str), String> {
    let at =
        value.find('"').ok_or_else(|| format!("`{value}`: expected words of the text in double quotes"))?;
    let (words, after) = quoted(&value[at + 1..])?;
    Ok((value[..at].trim().to_owned(), place(text, &words)?, after.trim()))
}

/// The places of quotes with commas between them.
fn quotes(text: &Text, value: &str) -> Result<Vec<Span>, String> {
    let mut spans = Vec::new();
    let mut rest = value.trim();
    loop {
        let inside = rest
            .strip_prefix('"')
            .ok_or_else(|| format!("`{rest}`: expected words of the text in double quotes"))?;
        let (words, after) = quoted(inside)?;
        spans.push(place(text, &words)?);
        match after.trim().strip_prefix(',') {
            Some(more) => rest = more.trim(),
            None if after.trim().is_empty() => return Ok(spans),
            None => return Err(format!("`{}` after a quote: expected a comma or nothing", after.trim())),
        }
    }
}

/// The words up to the closing mark, and what follows it; `\"` is a mark of the text.
fn quoted(inside: &str) -> Result<(String, &str), String> {
    let mut words = String::new();
    let mut letters = inside.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Ok((words, &inside[at + 1..])),
            '\\' => words.extend(letters.next().map(|(_, letter)| letter)),
            _ => words.push(letter),
        }
    }
    Err(format!("`{inside}`: the quote is not closed"))
}

/// Where words stand, once, as whole words; brackets mark the part that is meant.
fn place(text: &Text, words: &str) -> Result<Span, String> {
    let (whole, from, to) = match (words.find('['), words.find(']')) {
        (Some(open), Some(close)) if open < close && !text.raw().contains(words) => {
            let (before, inside, after) = (&words[..open], &words[open + 1..close], &words[close + 1..]);
            (format!("{before}{inside}{after}"), open, open + inside.len())
        }
        _ => (words.to_owned(), 0, words.len()),
    };
    if whole.trim().is_empty() || from == to {
        return Err("an empty quote".to_owned());
    }
    let raw = text.raw();
    let letter = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
    let starts = letter(whole.chars().next());
    let ends = letter(whole.chars().next_back());
    let found: Vec<usize> = raw
        .match_indices(whole.as_str())
        .map(|(at, _)| at)
        .filter(|at| {
            !(starts && letter(raw[..*at].chars().next_back())
                || ends && letter(raw[*at + whole.len()..].chars().next()))
        })
        .collect();
    match found.as_slice() {
        [at] => Ok(Span::new(at + from, at + to)),
        [] => Err(format!("\"{whole}\" does not stand in the text as whole words")),
        more => Err(format!(
            "\"{whole}\" stands {} times in the text: put more of the text around it, and brackets around what is meant",
            more.len()
        )),
    }
}

impl Report {
    /// As one JSON object, positions in code points, with the tokens and sentences that the reader has.
    #[must_use]
    pub fn spans(&self) -> serde_json::Value {
        let text = &self.text;
        let point = |span: Span| [text.point(span.start), text.point(span.end)];
        let points = |spans: &[Span]| spans.iter().map(|span| point(*span)).collect::<Vec<_>>();
        let events: Vec<_> = self
            .events
            .iter()
            .map(|event| {
                serde_json::json!({
                    "triggers": points(&event.triggers),
                    "type": event.kind,
                    "realis": event.realis,
                    "completion": event.completion,
                    "date": event.date.as_ref().map(|(first, last, span)| serde_json::json!({
                        "start": first, "end": last, "span": span.map(point)
                    })),
                    "places": event.places.iter().map(|place| serde_json::json!({
                        "country": place.country, "relation": place.relation, "span": point(place.span)
                    })).collect::<Vec<_>>(),
                    "parts": event.parts.iter().map(|(role, mentions)| serde_json::json!({
                        "role": role, "mentions": points(mentions)
                    })).collect::<Vec<_>>(),
                    "counts": event.counts.iter().map(|count| serde_json::json!({
                        "fate": count.fate, "number": count.number, "whose": count.whose,
                        "span": point(count.span), "part": count.part, "old": count.old
                    })).collect::<Vec<_>>(),
                })
            })
            .collect();
        let mut object = split(text);
        object["id"] = self.id.as_str().into();
        object["published"] = self.published.map(|day| day.to_string()).into();
        object["style"] = self.style.as_str().into();
        object["events"] = events.into();
        object["tallies"] = self
            .tallies
            .iter()
            .map(|tally| serde_json::json!({"span": point(tally.span), "what": tally.what, "number": tally.number}))
            .collect();
        object["statements"] = self
            .statements
            .iter()
            .map(|said| serde_json::json!({"kind": said.kind, "span": point(said.span), "by": points(&said.by)}))
            .collect();
        object
    }
}

/// A text with its tokens and sentences, positions in code points: what a trainer needs to see words as the reader does.
#[must_use]
pub fn split(text: &Text) -> serde_json::Value {
    let point = |span: Span| [text.point(span.start), text.point(span.end)];
    serde_json::json!({
        "text": text.raw(),
        "tokens": text.tokens.iter().map(|token| point(token.span)).collect::<Vec<_>>(),
        "sentences": text.sentences.iter()
            .map(|sentence| [sentence.tokens.start, sentence.tokens.end]).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = "\
report: a-1
published: 2024-03-12
title: Gunmen kill 11
style: wire
text:
Gunmen killed at least 11 villagers on Sunday near Dogofry. The gunmen fled.

Villagers buried the dead \"at once\".
end.
event: \"killed\"
  again: \"Gunmen [kill] 11\"
  type: Attack
  date: 2024-03-10 \"on Sunday\"
  place: MLI near \"Dogofry\"
  actor: \"Gunmen [killed]\", \"The gunmen\"
  recipient: \"villagers\"
  killed: 11+ recipient \"at least 11 villagers\"
";

    #[test]
    fn a_report_is_read() {
        let (reports, complaints) = read(REPORT);
        assert_eq!(complaints, []);
        let [report] = reports.as_slice() else { panic!("{reports:?}") };
        let [event] = report.events.as_slice() else { panic!("{:?}", report.events) };
        let words = |span: &Span| report.text.slice(*span);
        assert_eq!(event.triggers.iter().map(words).collect::<Vec<_>>(), ["killed", "kill"]);
        assert_eq!(words(&event.counts[0].span), "at least 11 villagers");
        assert_eq!(event.counts[0].number, Some(Quantity::at_least(11)));
        assert_eq!(event.places[0].relation.as_deref(), Some("near"));
        assert_eq!(words(&event.parts[0].1[1]), "The gunmen");
        let object = report.spans();
        assert_eq!(object["events"][0]["date"]["start"], "2024-03-10");
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let complaints = |from: &str, to: &str| {
            let (_, complaints) = read(&REPORT.replace(from, to));
            complaints.into_iter().map(|complaint| (complaint.line, complaint.what)).collect::<Vec<_>>()
        };
        for (from, to, line, what) in [
            ("\"villagers\"", "\"soldiers\"", 16, "does not stand"),
            ("\"on Sunday\"", "\"un\"", 13, "does not stand"),
            ("\"villagers\"\n", "\"illagers\"\n", 16, "whole words"),
            ("\"Gunmen [killed]\"", "\"unmen\"", 15, "whole words"),
            ("\"Gunmen [kill] 11\"", "\"Gunmen\"", 11, "2 times"),
            ("type: Attack", "type: attack", 12, "`attack` is no"),
            ("11+ recipient", "many recipient", 17, "expected a number"),
            ("11+ recipient", "11+ them", 17, "expected one of"),
            ("  recipient: \"villagers\"", "recipient: \"villagers\"", 16, "is indented"),
            ("MLI near", "Mali near", 14, "alpha-3"),
            ("2024-03-10 ", "2024-03-10..2024-03-01 ", 13, "ends before"),
            ("end.\n", "end\n", 1, "end."),
        ] {
            let found = complaints(from, to);
            assert!(
                found.iter().any(|(at, said)| *at == line && said.contains(what)),
                "{from} → {to}: {found:?}"
            );
        }
        let empty = REPORT.split("event:").next().unwrap_or_default();
        assert_eq!(read(empty).1.len(), 1, "a report that tells nothing says so");
        assert_eq!(read(&format!("{empty}nothing.\n")).1, []);
    }
}
