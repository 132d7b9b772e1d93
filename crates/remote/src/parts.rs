//! A report longer than a model reads at once, in parts; and events that two parts tell of.

use record::{Count, Counts, Event, Report};
use text::Part;

/// In how many parts a report is read at most: each costs a request.
pub const MOST_PARTS: usize = 64;

/// A report that would take more requests than anybody wants for one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the report has {bytes} bytes: {parts} parts of {longest}, and no more than {MOST_PARTS} are asked of the server"
)]
pub struct TooLong {
    /// Its length.
    pub bytes: usize,
    /// How many parts it would be.
    pub parts: usize,
    /// Longest part.
    pub longest: usize,
}

/// The parts of a report, each of at most so many bytes and ending where a paragraph or a sentence does. All together are
/// the report: nothing is left out.
///
/// # Errors
/// Where they would be too many.
pub fn parts(report: &Report, longest: usize) -> Result<Vec<Part<'_>>, TooLong> {
    let bytes = report.text.len();
    let too_long = |parts| TooLong { bytes, parts, longest };
    // Parts may be cut to half their length.
    let least = bytes.div_ceil(longest.max(1));
    if least > MOST_PARTS {
        return Err(too_long(least));
    }
    let parts: Vec<Part<'_>> = text::parts(&report.text, longest).take(2 * MOST_PARTS).collect();
    if parts.len() > MOST_PARTS { Err(too_long(parts.len())) } else { Ok(parts) }
}

/// Whether two parts tell of one event: of one type, on one day, at one place, each of them known.
pub(crate) fn same_event(known: &Event, new: &Event) -> bool {
    let place = |event: &Event| {
        let place = event.places.first()?;
        Some((place.geonameid, place.name.clone().unwrap_or_else(|| place.text.to_lowercase())))
    };
    known.sub_event_type == new.sub_event_type
        && known.realis == new.realis
        && known.event_date.is_some()
        && (known.event_date, known.event_date_end) == (new.event_date, new.event_date_end)
        && place(known).is_some()
        && place(known) == place(new)
}

/// Adds what a later part tells of an event: lists that were empty, and the words that they rest on.
pub(crate) fn join(known: &mut Event, new: Event) {
    let had_deaths = !known.counts.killed.is_empty() || !known.counts.killed_or_injured.is_empty();
    let mut filled: Vec<&str> = vec!["event_type", "sub_event_type", "plover"];
    let lists = |counts: Counts| {
        let Counts { killed, injured, killed_or_injured, abducted, arrested, missing, escaped, displaced } =
            counts;
        [killed, injured, killed_or_injured, abducted, arrested, missing, escaped, displaced]
    };
    let counts = &mut known.counts;
    let own: [&mut Vec<Count>; 8] = [
        &mut counts.killed,
        &mut counts.injured,
        &mut counts.killed_or_injured,
        &mut counts.abducted,
        &mut counts.arrested,
        &mut counts.missing,
        &mut counts.escaped,
        &mut counts.displaced,
    ];
    let names =
        ["killed", "injured", "killed_or_injured", "abducted", "arrested", "missing", "escaped", "displaced"];
    for ((own, more), name) in own.into_iter().zip(lists(new.counts)).zip(names) {
        fill(own, more, name, &mut filled);
    }
    if !had_deaths {
        known.deaths = new.deaths;
        filled.push("deaths");
    }
    fill(&mut known.actors, new.actors, "actors", &mut filled);
    fill(&mut known.recipients, new.recipients, "recipients", &mut filled);
    fill(&mut known.objects, new.objects, "objects", &mut filled);
    fill(&mut known.weapons, new.weapons, "weapons", &mut filled);
    fill(&mut known.claims, new.claims, "claims", &mut filled);
    fill(&mut known.reported_by, new.reported_by, "reported_by", &mut filled);
    for (field, reason) in new.reasons {
        if filled.contains(&field.as_str()) {
            known.reasons.entry(field).or_insert(reason);
        }
    }
    for mut evidence in new.evidence {
        evidence.supports.retain(|field| filled.contains(&field.as_str()));
        if !evidence.supports.is_empty() {
            known.evidence.push(evidence);
        }
    }
}

fn fill<T>(known: &mut Vec<T>, new: Vec<T>, field: &'static str, filled: &mut Vec<&str>) {
    if known.is_empty() && !new.is_empty() {
        *known = new;
        filled.push(field);
    }
}
