//! Two places that a hyphen joins to name what runs between them: "the Kabul-Kandahar highway".

use record::Relation;
use text::{Span, Text};

use crate::find::Toponym;
use crate::gazetteer::Gazetteer;

/// What runs from one place to another and is called after both.
const WAYS: &[&str] =
    &["road", "highway", "motorway", "expressway", "route", "axis", "railway", "train", "line", "corridor"];

impl Gazetteer {
    /// The two places of the name of a road that begins at a token, and the token after the name. Both must be known: a
    /// hyphen joins many things.
    pub(crate) fn joined_by_road(
        &self,
        text: &Text,
        sentence: usize,
        start: usize,
        end: usize,
    ) -> Option<(Vec<Toponym>, usize)> {
        let word = |token: usize| text.tokens.get(token).map_or("", |token| text.word(token));
        let is_way = |token: usize| WAYS.contains(&word(token).to_lowercase().as_str());
        // The tokeniser keeps "Kabul-Kandahar" together; a dash between them is a token of its own.
        let (tokens, gap) = if is_way(start + 1) {
            (start..start + 1, word(start).find(['-', '–', '—'])?)
        } else if matches!(word(start + 1), "-" | "–" | "—") && is_way(start + 3) {
            (start..start + 3, word(start).len())
        } else {
            return None;
        };
        if tokens.end >= end {
            return None;
        }
        let whole = text.span_of(tokens.clone());
        let raw = text.slice(whole);
        let second = raw.get(gap..)?.trim_start_matches(['-', '–', '—', ' ']);
        let spans = [
            Span::new(whole.start, whole.start + gap),
            Span::new(whole.end.checked_sub(second.len())?, whole.end),
        ];
        let named = |span: Span| {
            let name = text.slice(span);
            name.chars().next().is_some_and(char::is_uppercase)
                && name.chars().filter(|c| c.is_alphabetic()).count() >= 3
                && !name.contains(['-', '–', '—'])
                && self.bears(name)
        };
        if !spans.iter().all(|&span| named(span)) || self.bears(raw) {
            return None;
        }
        let found = spans
            .into_iter()
            .map(|span| Toponym {
                span,
                tokens: tokens.clone(),
                sentence,
                relation: Relation::Along,
                distance_km: None,
                kind: None,
                facility: false,
                named_after: false,
                certain: true,
            })
            .collect();
        Some((found, tokens.end))
    }
}
