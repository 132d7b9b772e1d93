/*! Coded documents for people.

An event is a block: what, when, where, who, how many, who says so, and under it the sentence of the report that
says it, which is what a reader checks the rest against. Totals and statements follow apart, and what the report
does not tell as news (denied, feared, planned, past) comes last under its own heading, so that nobody counts it.
*/

mod words;

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use exchange::{Context, Row, name_of, sides};
use record::vocabulary::{Completion, Realis};
use record::{ClaimKind, CodedDocument, Event, Evidence, Participant, Place, Statement, Tally};

pub(crate) use words::{plain, wrap};

const HEAD: Style = Style::new().bold();
const TYPE: Style = AnsiColor::Cyan.on_default().bold();
const LABEL: Style = Style::new().dimmed();
const NUMBER: Style = AnsiColor::Red.on_default();
const QUOTE: Style = Style::new().italic();
const ASIDE: Style = Style::new().dimmed();
const BAD: Style = AnsiColor::Red.on_default().bold();

/// Columns before the values of a block: the number of the event, then the label.
const INDENT: usize = 4;
const LABEL_WIDTH: usize = 10;

/// Lines longer than this tire the eye, however wide the screen.
const WIDEST: usize = 120;
const NARROWEST: usize = 40;

/// Width of the terminal; 80 where there is none.
pub(crate) fn width() -> usize {
    let told = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    told.or_else(|| terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))).unwrap_or(80)
}

/// Writes documents as blocks of text.
pub(crate) struct Table<'a> {
    context: &'a Context<'a>,
    width: usize,
    written: usize,
    out: String,
}

impl<'a> Table<'a> {
    pub(crate) fn new(context: &'a Context<'a>, width: usize) -> Self {
        Self { context, width: width.clamp(NARROWEST, WIDEST), written: 0, out: String::new() }
    }

    /// One document, after what the coder has to say of it.
    pub(crate) fn document(&mut self, document: &CodedDocument, explanation: Option<&str>) -> String {
        if self.written > 0 {
            let rule = "─".repeat(self.width);
            let _ = writeln!(self.out, "\n{ASIDE}{rule}{ASIDE:#}\n");
        }
        self.written += 1;
        if let Some(error) = &document.error {
            let which = document
                .document
                .given_id
                .as_deref()
                .map_or_else(String::new, |id| format!("{}: ", plain(id)));
            let _ =
                writeln!(self.out, "{HEAD}{which}{HEAD:#}{BAD}could not be read:{BAD:#} {}", plain(error));
            return std::mem::take(&mut self.out);
        }
        self.head(document);
        if let Some(explanation) = explanation {
            let lines: Vec<String> = explanation.lines().map(plain).collect();
            let _ = writeln!(self.out, "{}\n", lines.join("\n"));
        }
        let told =
            |event: &&Event| event.realis == Realis::Asserted && event.completion != Completion::Threatened;
        let (news, other): (Vec<&Event>, Vec<&Event>) = document.events.iter().partition(told);
        for (index, event) in news.iter().enumerate() {
            self.event(index + 1, event, document);
        }
        self.tallies(&document.tallies);
        self.statements(&document.statements);
        self.not_counted(&other, document);
        if document.events.is_empty() && document.tallies.is_empty() && document.statements.is_empty() {
            let _ = writeln!(self.out, "{ASIDE}No attack, total or statement was found.{ASIDE:#}");
        }
        std::mem::take(&mut self.out)
    }

    fn head(&mut self, document: &CodedDocument) {
        let about = &document.document;
        if let Some(title) = &about.title {
            self.wrapped(title, 0, HEAD);
        }
        let published = match about.published {
            Some(day) => {
                format!("published {} ({})", words::day(day), words::published_from(about.published_from))
            }
            None => "day of publication not known".to_owned(),
        };
        let parts = [
            about.publisher.clone(),
            Some(published),
            about.language.clone(),
            Some(format!("{} characters", about.chars)),
            about.given_id.clone(),
            about.url.clone().filter(|url| about.given_id.as_ref() != Some(url)),
        ];
        let line =
            parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
        self.wrapped(&line, 0, ASIDE);
        self.out.push('\n');
    }

    fn event(&mut self, number: usize, event: &Event, document: &CodedDocument) {
        let row = Row::of_event(&document.document, event, self.context);
        let what = match event.completion {
            Completion::Accomplished => format!("{} · {}", event.event_type, event.sub_event_type),
            other => format!("{} · {} ({other})", event.event_type, event.sub_event_type),
        };
        let sure = format!("confidence {:.0} %", event.confidence.clamp(0.0, 1.0) * 100.0);
        let number = format!("{number:>2}. ");
        let gap = self.width.saturating_sub(number.len() + words::columns(&what) + words::columns(&sure));
        if gap >= 2 {
            let _ = writeln!(
                self.out,
                "{HEAD}{number}{HEAD:#}{TYPE}{what}{TYPE:#}{}{ASIDE}{sure}{ASIDE:#}",
                " ".repeat(gap)
            );
        } else {
            let _ =
                writeln!(self.out, "{HEAD}{number}{HEAD:#}{TYPE}{what}{TYPE:#}\n    {ASIDE}{sure}{ASIDE:#}");
        }
        self.field("when", &words::when(event), event.reasons.get("event_date").map(String::as_str));
        for (index, place) in event.places.iter().enumerate() {
            self.place(if index == 0 { "where" } else { "" }, place);
        }
        if event.places.is_empty() {
            self.field("where", "not said", None);
        }
        self.field("who", &who(event), None);
        for (index, toll) in words::toll(&event.counts, &sides_named(event)).iter().enumerate() {
            self.styled_field(if index == 0 { "toll" } else { "" }, toll, None, NUMBER);
        }
        let weapons: Vec<String> = event.weapons.iter().map(words::weapon).collect();
        self.list("with", &weapons);
        let targets: Vec<String> = event.objects.iter().map(words::object).collect();
        self.list("target", &targets);
        self.list("says", &event.reported_by.iter().map(|one| name_of(one).to_owned()).collect::<Vec<_>>());
        let claims: Vec<String> = event
            .claims
            .iter()
            .map(|claim| match (&claim.by, claim.kind) {
                (_, ClaimKind::Unclaimed) => "nobody has claimed it".to_owned(),
                (by, kind) => {
                    let by = by.as_ref().map_or("somebody", |by| name_of(by));
                    match kind {
                        ClaimKind::Claimed => format!("claimed by {by}"),
                        ClaimKind::Denied => format!("denied by {by}"),
                        ClaimKind::Blamed | ClaimKind::Unclaimed => format!("blamed on {by}"),
                    }
                }
            })
            .collect();
        self.list("claim", &claims);
        if let Some(violence) = event.type_of_violence {
            let words = match violence {
                1 => "state-based",
                2 => "non-state",
                _ => "one-sided",
            };
            let disorder = row.codes().map_or("", |codes| codes.disorder_type);
            self.field("kind", &format!("{} · {words} (UCDP {violence})", disorder), None);
        }
        self.evidence(&event.evidence);
        self.out.push('\n');
    }

    fn place(&mut self, label: &str, place: &Place) {
        let country = place.country.as_deref().map(|code| {
            self.context
                .countries
                .by_iso3(code)
                .map_or_else(|| code.to_owned(), |country| country.name.clone())
        });
        let text = words::place(place, country.as_deref());
        let point = place.latitude.zip(place.longitude).map(|(lat, lon)| words::point(lat, lon));
        let precision = place.where_precision.map(words::where_precision);
        let aside = match (precision, point) {
            (Some(precision), Some(point)) => format!("{precision}; {point}"),
            (Some(precision), None) => precision.to_owned(),
            (None, Some(point)) => point,
            (None, None) => "not in the gazetteer".to_owned(),
        };
        self.field(label, &text, Some(&aside));
    }

    fn evidence(&mut self, evidence: &[Evidence]) {
        for quote in exchange::passages(evidence) {
            self.quote(&quote.quote);
        }
    }

    fn quote(&mut self, quote: &str) {
        let bar = " ".repeat(INDENT) + "│ ";
        for line in words::wrap(quote, self.width.saturating_sub(INDENT + 2)) {
            let _ = writeln!(self.out, "{ASIDE}{bar}{ASIDE:#}{QUOTE}{line}{QUOTE:#}");
        }
    }

    fn tallies(&mut self, tallies: &[Tally]) {
        if tallies.is_empty() {
            return;
        }
        self.heading("Totals, never counted as events");
        for tally in tallies {
            let parts = [
                Some(format!("{} {}", words::quantity(&tally.number), tally.what)),
                Some(tally.of.clone()).filter(|of| !of.is_empty()),
                tally.period.as_ref().map(words::period),
                Some(
                    tally
                        .places
                        .iter()
                        .map(|place| place.name.as_ref().unwrap_or(&place.text).clone())
                        .collect::<Vec<_>>()
                        .join(", "),
                )
                .filter(|places| !places.is_empty()),
                tally.by.as_ref().map(|by| format!("by {}", name_of(by))),
                said_by(&tally.reported_by),
            ];
            let line = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
            self.bullet(&line);
        }
        self.out.push('\n');
    }

    fn statements(&mut self, statements: &[Statement]) {
        if statements.is_empty() {
            return;
        }
        self.heading("Statements");
        for statement in statements {
            let kind =
                serde_json::to_value(statement.kind).ok().and_then(|kind| kind.as_str().map(str::to_owned));
            let parts = [
                Some(kind.unwrap_or_default()),
                Some(statement.speaker.as_ref().map_or_else(|| "the report".to_owned(), words::speaker)),
                statement.number.as_ref().map(words::quantity),
                statement.about.direction.map(words::direction),
                statement.horizon.as_ref().map(words::horizon),
                statement.condition.as_ref().map(|condition| format!("on condition: {}", condition.text)),
            ];
            let line = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
            self.bullet(&line);
            self.quote(&statement.quote);
        }
        self.out.push('\n');
    }

    fn not_counted(&mut self, events: &[&Event], document: &CodedDocument) {
        let why = |event: &Event| match event.realis {
            Realis::Asserted => "only threatened",
            Realis::Negated => "said not to have happened",
            Realis::Hypothetical => "feared or supposed",
            Realis::Future => "still to come",
            Realis::Historical => "told as background",
        };
        let order =
            [Realis::Asserted, Realis::Future, Realis::Hypothetical, Realis::Negated, Realis::Historical];
        for realis in order {
            let group: Vec<&&Event> = events.iter().filter(|event| event.realis == realis).collect();
            let Some(first) = group.first() else { continue };
            self.heading(&format!("Not counted: {}", why(first)));
            for event in group {
                let row = Row::of_event(&document.document, event, self.context);
                let place = row.place().map(|place| place.name.clone());
                let parts = [
                    Some(event.sub_event_type.to_string()),
                    Some(words::when(event)),
                    place,
                    Some(who(event)),
                ];
                let line = parts
                    .into_iter()
                    .flatten()
                    .filter(|part| !part.is_empty())
                    .collect::<Vec<_>>()
                    .join(" · ");
                self.bullet(&line);
                self.evidence(&event.evidence);
            }
            self.out.push('\n');
        }
    }

    fn heading(&mut self, text: &str) {
        let _ = writeln!(self.out, "{HEAD}{text}{HEAD:#}");
    }

    fn bullet(&mut self, text: &str) {
        for (index, line) in words::wrap(text, self.width.saturating_sub(INDENT)).iter().enumerate() {
            let _ = writeln!(self.out, "{}{line}", if index == 0 { "  – " } else { "    " });
        }
    }

    fn list(&mut self, label: &str, items: &[String]) {
        if !items.is_empty() {
            self.field(label, &items.join(", "), None);
        }
    }

    fn field(&mut self, label: &str, value: &str, aside: Option<&str>) {
        self.styled_field(label, value, aside, Style::new());
    }

    /// A labelled value; what is said aside follows in brackets, and is dimmed only as a whole line or on the last line,
    /// so that wrapping never has to look into escapes.
    fn styled_field(&mut self, label: &str, value: &str, aside: Option<&str>, style: Style) {
        let room = self.width.saturating_sub(INDENT + LABEL_WIDTH);
        let mut label = format!("{}{label:<LABEL_WIDTH$}", " ".repeat(INDENT));
        let mut lines: Vec<(String, String)> =
            words::wrap(value, room).into_iter().map(|line| (line, String::new())).collect();
        if let Some(aside) = aside.filter(|aside| !aside.is_empty()) {
            let aside = format!("({})", plain(aside));
            match lines.last_mut() {
                Some((last, after)) if words::columns(last) + 2 + words::columns(&aside) <= room => {
                    *after = format!("  {aside}")
                }
                _ => lines.extend(words::wrap(&aside, room).into_iter().map(|line| (String::new(), line))),
            }
        }
        for (line, after) in lines {
            let _ = write!(self.out, "{LABEL}{label}{LABEL:#}{style}{line}{style:#}");
            if after.is_empty() {
                self.out.push('\n');
            } else {
                let _ = writeln!(self.out, "{ASIDE}{after}{ASIDE:#}");
            }
            label = " ".repeat(INDENT + LABEL_WIDTH);
        }
    }

    fn wrapped(&mut self, text: &str, indent: usize, style: Style) {
        for line in words::wrap(text, self.width.saturating_sub(indent)) {
            let _ = writeln!(self.out, "{}{style}{line}{style:#}", " ".repeat(indent));
        }
    }
}

fn names(side: &[&Participant]) -> String {
    let names: Vec<String> = side.iter().map(|one| words::participant(one)).collect();
    if names.is_empty() { "not said".to_owned() } else { names.join(", ") }
}

fn who(event: &Event) -> String {
    let (a, b) = sides(event);
    let fought = event.recipients.is_empty() && !b.is_empty();
    if b.is_empty() && a.is_empty() {
        "not said".to_owned()
    } else if b.is_empty() {
        names(&a)
    } else {
        format!("{} {} {}", names(&a), if fought { "↔" } else { "→" }, names(&b))
    }
}

/// What the dead of each side are called.
fn sides_named(event: &Event) -> (String, String) {
    let (a, b) = sides(event);
    let first = |side: &[&Participant], other: &str| {
        side.first().map_or_else(|| other.to_owned(), |one| name_of(one).to_owned())
    };
    (first(&a, "attackers"), first(&b, "the attacked"))
}

fn said_by(sources: &[Participant]) -> Option<String> {
    let names: Vec<&str> = sources.iter().map(name_of).filter(|name| !name.is_empty()).collect();
    (!names.is_empty()).then(|| format!("says {}", names.join(", ")))
}

#[cfg(test)]
mod tests;
