//! The places of a text, and nothing else of it: each name found, or given, and resolved to one record.
//!
//! What a coded document's places come from, for those who want only them. A name is no place's where it is an actor's, a
//! person's or a day's ("the Hague court", "Jordan said", "in March").

use std::ops::Range;

use record::Place;
use text::{Span, Text};
use whereabouts::{Gazetteer, Hints, Toponym};

use crate::Coder;
use crate::knowledge::Knowledge;

/// What is asked of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// The names to resolve, in code points; without them they are found.
    pub mentions: Option<Vec<Range<usize>>>,
    /// ISO 3166-1 alpha-3 of the country that the text is about, where that is known.
    pub country: Option<String>,
}

impl Coder {
    /// The places of a text, in the order of the text, or of the mentions that were given.
    ///
    /// A mention that does not lie in the text is resolved to nothing.
    #[must_use]
    pub fn geoparse(&self, raw: &str, asked: &Asked) -> Vec<Place> {
        let text = Text::new(raw);
        let gazetteer = &self.knowledge().places;
        let toponyms = match &asked.mentions {
            Some(mentions) => mentions.iter().map(|mention| given(gazetteer, &text, mention)).collect(),
            None => found(self.knowledge(), &text),
        };
        let hints = Hints {
            dateline: when::dateline(&text, None).and_then(|line| line.place),
            told: asked.country.clone(),
            ..Hints::default()
        };
        gazetteer.resolve(&text, &toponyms, &hints)
    }
}

fn given(gazetteer: &Gazetteer, text: &Text, mention: &Range<usize>) -> Toponym {
    let start = text.byte(mention.start);
    gazetteer.mention(text, Span::new(start, text.byte(mention.end).max(start)))
}

fn found(knowledge: &Knowledge, text: &Text) -> Vec<Toponym> {
    let all = 0..text.tokens.len();
    let anchors = when::Anchors::default();
    let times: Vec<Span> = (0..text.sentences.len())
        .flat_map(|sentence| when::find(text, sentence, &anchors))
        .map(|time| time.span)
        .collect();
    let mut found = knowledge.places.find_all(text, &times);
    let mut others: Vec<Span> = knowledge
        .who
        .find(text, all.clone())
        .into_iter()
        .map(|named| text.span_of(named.tokens))
        .chain(knowledge.who.persons(text, all).into_iter().map(|person| person.span))
        .collect();
    others.sort_by_key(|span| span.start);
    found.retain(|toponym| {
        // None of the names overlaps another of its sort: a few at most begin before the toponym and reach into it.
        let from = others.partition_point(|other| other.end <= toponym.span.start);
        let taken = others[from..]
            .iter()
            .take_while(|other| other.start < toponym.span.end)
            .any(|other| other.overlaps(toponym.span) && !says_place(toponym, *other));
        !taken
    });
    found
}

/// Whether the words around it make it a place's name, all the same: "near Sheikh Zuweid", "the city of Mandera".
fn says_place(toponym: &Toponym, other: Span) -> bool {
    toponym.certain && toponym.span.start <= other.start && other.end <= toponym.span.end
}
