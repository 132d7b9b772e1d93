//! Codes and numbers in words.

use exchange::name_of;
use jiff::civil::Date;
use record::vocabulary::{DateType, TimePrecision};
use record::{
    Certainty, Count, CountOf, Counts, DateProvenance, Direction, Effect, Event, Horizon, Participant,
    Period, PhysicalObject, Place, Quantity, Weapon,
};
use serde::Serialize;

/// Text from outside on its way to a terminal: control characters could move the cursor or rename the window, and
/// bidirectional overrides could show other words than are there (Unicode TR 36). Line breaks become blanks.
pub(crate) fn plain(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            '\n' | '\r' | '\t' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(' '),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => None,
            c if c.is_control() => Some('\u{fffd}'),
            c => Some(c),
        })
        .collect()
}

/// Columns that a text takes on a terminal.
pub(crate) fn columns(text: &str) -> usize {
    textwrap::core::display_width(text)
}

/// Lines of at most so many columns; blanks are made one.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let text = plain(text).split_whitespace().collect::<Vec<_>>().join(" ");
    let options = textwrap::Options::new(width.max(10)).wrap_algorithm(textwrap::WrapAlgorithm::FirstFit);
    textwrap::wrap(&text, options).into_iter().map(|line| line.into_owned()).collect()
}

/// The name under which a code is written.
fn term<T: Serialize>(value: &T) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|value| value.as_str().map(|term| term.replace('_', " ")))
        .unwrap_or_default()
}

pub(crate) fn day(day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}

fn weekday(day: Date) -> String {
    day.strftime("%A %-d %B %Y").to_string()
}

fn from_to(first: Date, last: Date) -> String {
    if first == first.first_of_year() && last == first.last_of_year() {
        return first.strftime("%Y").to_string();
    }
    if first == first.first_of_month() && last == first.last_of_month() {
        return first.strftime("%B %Y").to_string();
    }
    let shared = match (first.year() == last.year(), first.month() == last.month()) {
        (true, true) => "%-d",
        (true, false) => "%-d %B",
        _ => "%-d %B %Y",
    };
    format!("{}–{}", first.strftime(shared), day(last))
}

/// When an event happened, with how exactly that is known.
pub(crate) fn when(event: &Event) -> String {
    let Some(first) = event.event_date else { return "day not known".to_owned() };
    let last = event.event_date_end.unwrap_or(first);
    let days = match (first == last, event.time_precision) {
        (true, None | Some(TimePrecision::Day)) => weekday(first),
        (true, Some(TimePrecision::Week)) => format!("within a week of {}", day(first)),
        (true, Some(TimePrecision::Month)) => format!("within a month of {}", day(first)),
        (true, Some(TimePrecision::Year)) => format!("about {}", day(first)),
        _ if event.date_type == DateType::Range => from_to(first, last),
        _ => format!("some time in {}", from_to(first, last)),
    };
    if event.date_type == DateType::Approximate && first == last { format!("about {days}") } else { days }
}

pub(crate) fn period(period: &Period) -> String {
    match (period.start, period.end) {
        (Some(first), Some(last)) if first == last => day(first),
        (Some(first), Some(last)) => from_to(first, last),
        (Some(first), None) => format!("since {}", day(first)),
        (None, Some(last)) => format!("until {}", day(last)),
        (None, None) => "period open".to_owned(),
    }
}

pub(crate) fn horizon(horizon: &Horizon) -> String {
    match (horizon.start, horizon.end) {
        (None, None) => "due: open".to_owned(),
        (None, Some(end)) => format!("due by {}", day(end)),
        (start, end) => format!("due {}", period(&Period { start, end })),
    }
}

pub(crate) fn published_from(from: DateProvenance) -> &'static str {
    match from {
        DateProvenance::Option => "as given",
        DateProvenance::Metadata => "by its own data",
        DateProvenance::Text => "by its text",
        DateProvenance::None => "not known",
    }
}

/// "near Mora, Extreme North, Cameroon".
pub(crate) fn place(place: &Place, country: Option<&str>) -> String {
    let mut head = String::new();
    if let Some(km) = place.distance_km {
        head = format!("{km} km ");
    }
    match term(&place.relation).as_str() {
        "at" => {}
        relation => head.push_str(&format!("{relation} ")),
    }
    let name = place.name.as_deref().unwrap_or(&place.text);
    let mut parts = vec![format!("{head}{name}")];
    for part in [place.admin2.as_deref(), place.admin1.as_deref(), country].into_iter().flatten() {
        if part != name && parts.last().is_none_or(|last| last != part) {
            parts.push(part.to_owned());
        }
    }
    parts.join(", ")
}

pub(crate) fn point(latitude: f64, longitude: f64) -> String {
    format!(
        "{:.3}° {}, {:.3}° {}",
        latitude.abs(),
        if latitude < 0.0 { "S" } else { "N" },
        longitude.abs(),
        if longitude < 0.0 { "W" } else { "E" }
    )
}

/// UCDP's `where_prec` in words.
pub(crate) fn where_precision(precision: u8) -> &'static str {
    match precision {
        1 => "the place itself",
        2 => "within about 25 km",
        3 => "known to the district",
        4 => "known to the province",
        5 => "along a line or in a region",
        6 => "known only to the country",
        _ => "at sea or in the air",
    }
}

pub(crate) fn quantity(number: &Quantity) -> String {
    let n = |n: u64| grouped(n);
    match (number.low, number.best, number.high) {
        (Some(low), None, None) if number.vague => format!("{} or more", n(low)),
        (Some(low), Some(best), Some(high)) if low == best && best == high => n(best),
        (Some(low), Some(best), Some(high)) => format!("{} ({}–{})", n(best), n(low), n(high)),
        (Some(low), Some(best), None) if low == best => format!("at least {}", n(best)),
        (Some(low), Some(best), None) => format!("{} (at least {})", n(best), n(low)),
        (None, Some(best), Some(high)) if best == high => format!("up to {}", n(best)),
        (None, Some(best), Some(high)) => format!("{} (at most {})", n(best), n(high)),
        (Some(low), None, Some(high)) => format!("{}–{}", n(low), n(high)),
        (Some(low), None, None) => format!("at least {}", n(low)),
        (None, None, Some(high)) => format!("up to {}", n(high)),
        (None, Some(best), None) => n(best),
        (None, None, None) => "some".to_owned(),
    }
}

/// Thousands apart by a narrow blank, as the SI writes them; four digits stay together.
fn grouped(n: u64) -> String {
    let digits = n.to_string();
    if digits.len() <= 4 {
        return digits;
    }
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

/// The counts, a line for each thing that happened to people; figures that a later one replaces are left out.
pub(crate) fn toll(counts: &Counts, sides: &(String, String)) -> Vec<String> {
    let lists = [
        ("killed", &counts.killed),
        ("wounded", &counts.injured),
        ("killed or wounded", &counts.killed_or_injured),
        ("abducted", &counts.abducted),
        ("arrested", &counts.arrested),
        ("missing", &counts.missing),
        ("escaped or freed", &counts.escaped),
        ("displaced", &counts.displaced),
    ];
    let line = |(what, list): (&str, &Vec<Count>)| {
        let said = |count: &Count| format!("{} {}", quantity(&count.number), whose(count, sides));
        let whole: Vec<String> = list
            .iter()
            .enumerate()
            .filter(|(_, count)| !count.superseded && count.part_of.is_none())
            .map(|(index, count)| {
                let parts: Vec<String> = list
                    .iter()
                    .filter(|part| part.part_of == Some(index) && !part.superseded)
                    .map(|part| format!("{} “{}”", quantity(&part.number), part.text))
                    .collect();
                let by = count.according_to.as_ref().map_or_else(String::new, |by| format!(", says {by}"));
                if parts.is_empty() {
                    said(count) + &by
                } else {
                    format!("{}, of them {}{by}", said(count), parts.join(" and "))
                }
            })
            .collect();
        (!whole.is_empty()).then(|| format!("{what}: {}", whole.join("; ")))
    };
    lists.into_iter().filter_map(line).collect()
}

/// The count's own words, and whose they are where that is not plain.
fn whose(count: &Count, (actor, _): &(String, String)) -> String {
    let said = format!("“{}”", count.text);
    match count.who {
        CountOf::Actor => format!("{said}, of {actor}"),
        CountOf::Recipient | CountOf::Unknown => said,
        CountOf::Civilian => format!("{said}, civilians"),
        CountOf::ThirdParty => format!("{said}, of neither side"),
    }
}

pub(crate) fn participant(one: &Participant) -> String {
    let name = match name_of(one) {
        "" => term(&one.kind),
        name => name.to_owned(),
    };
    match one.certainty {
        Certainty::Stated => name,
        Certainty::Claimed => format!("{name} (claimed)"),
        Certainty::Suspected => format!("{name} (suspected)"),
        Certainty::Inferred => format!("{name} (from the context)"),
    }
}

pub(crate) fn speaker(one: &Participant) -> String {
    let name = match name_of(one) {
        "" => term(&one.kind),
        name => name.to_owned(),
    };
    one.affiliation.as_ref().map_or_else(|| name.clone(), |body| format!("{name} ({body})"))
}

pub(crate) fn direction(direction: Direction) -> String {
    match direction {
        Direction::Rise => "rising",
        Direction::Fall => "falling",
        Direction::Steady => "steady",
    }
    .to_owned()
}

pub(crate) fn weapon(weapon: &Weapon) -> String {
    let sort = weapon.subclass.clone().unwrap_or_else(|| term(&weapon.class));
    match weapon.mentions.first() {
        Some(mention) if mention.text.to_lowercase() != sort => format!("{} ({sort})", mention.text),
        _ => sort,
    }
}

pub(crate) fn object(object: &PhysicalObject) -> String {
    let sort = term(&object.class);
    let name = object.mentions.first().map_or_else(|| sort.clone(), |mention| mention.text.clone());
    match object.effect {
        Effect::Unknown => name,
        Effect::None => format!("{name}: unharmed"),
        effect => format!("{name}: {}", term(&effect)),
    }
}
