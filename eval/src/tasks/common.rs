//! What every task asks of a coded document.

use anyhow::{Result, anyhow};
use record::country::Countries;
use record::vocabulary::{Completion, EventType, Realis};
use record::{CodedDocument, Count, Event};

/// The countries that the program knows.
pub fn countries() -> Result<Countries> {
    Countries::from_table(knowledge::COUNTRIES).map_err(|error| anyhow!("{error}"))
}

/// Told as news, and carried through.
#[must_use]
pub fn happened(event: &Event) -> bool {
    event.realis == Realis::Asserted && event.completion == Completion::Accomplished
}

/// What a corpus of incidents counts as one: all that happened but agreements, protests and the like.
#[must_use]
pub fn violent(event: &Event) -> bool {
    happened(event) && !matches!(event.event_type, EventType::Protests | EventType::StrategicDevelopments)
}

/// Counts that stand by themselves: neither included in another nor replaced by a later one.
pub fn standing(counts: &[Count]) -> impl Iterator<Item = &Count> {
    counts.iter().filter(|count| count.part_of.is_none() && !count.superseded)
}

/// The figure to count with, over the counts that are wanted; `None` where there is none.
pub fn sum<'a>(counts: impl IntoIterator<Item = &'a Count>, wanted: impl Fn(&Count) -> bool) -> Option<u64> {
    counts
        .into_iter()
        .filter(|count| wanted(count))
        .filter_map(|count| count.number.figure())
        .fold(None, |sum: Option<u64>, n| Some(sum.unwrap_or(0).saturating_add(n)))
}

/// The first code point that an event rests on.
#[must_use]
pub fn position(event: &Event) -> usize {
    event.evidence.iter().map(|evidence| evidence.start).min().unwrap_or(usize::MAX)
}

/// The country of an event: of the first of its places that has one.
#[must_use]
pub fn country(event: &Event) -> Option<&str> {
    event.places.iter().find_map(|place| place.country.as_deref())
}

/// The most frequent of some answers; of equally frequent ones the first.
#[must_use]
pub fn most_frequent<T: PartialEq>(answers: Vec<T>) -> Option<T> {
    let mut counted: Vec<(T, usize)> = Vec::new();
    for answer in answers {
        match counted.iter_mut().find(|(seen, _)| *seen == answer) {
            Some((_, n)) => *n += 1,
            None => counted.push((answer, 1)),
        }
    }
    let most = counted.iter().map(|&(_, n)| n).max()?;
    counted.into_iter().find(|&(_, n)| n == most).map(|(answer, _)| answer)
}

/// Why a number was lost.
#[must_use]
pub fn number_reason(document: &CodedDocument, gold: u64, got: Option<u64>) -> &'static str {
    match got {
        None if document.events.is_empty() => "no event at all",
        None if !document.events.iter().any(happened) => "no event told as news",
        None => "no count in any event",
        Some(got) if got < gold => "too few",
        Some(_) => "too many",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_equally_frequent_answers_the_first() {
        assert_eq!(most_frequent(vec!["b", "a", "a", "b"]), Some("b"));
        assert_eq!(most_frequent(vec!["b", "a", "a"]), Some("a"));
        assert_eq!(most_frequent(Vec::<u8>::new()), None);
    }
}
