/*! Persons whom only their name tells: "gunmen kidnapped Norberto Ruiz".

A name alone is nobody's for sure: it may be a place's, a firm's or a ship's. Of whom a sentence says that he was killed,
wounded or taken, that name is a person's.
*/

use std::ops::Range;

use record::vocabulary::{InterCode, Sector};
use record::{Certainty, Participant, ParticipantKind};
use syntax::Tag;

use crate::reading::{Parsed, Reading};

/// Nobody is older: a larger number after a name is no age.
pub(crate) const OLDEST: u64 = 110;

/// Within how many words after what somebody is the comma before the name stands: "the clerk of the court in Lima, X".
const BESIDE: usize = 4;

impl Reading<'_> {
    /// "James Miller", "the widow Anna Berg": a proper noun that is no place, body or thing, said to have been hurt,
    /// taken or killed, is one person.
    pub(crate) fn names_one(&self, parsed: &Parsed, phrase: usize) -> bool {
        let unit = &parsed.unit;
        let noun = &unit.phrases[phrase];
        let head = &unit.words[noun.head];
        let overlaps = |words: &Range<usize>| words.start < noun.words.end && noun.words.start < words.end;
        let junior = matches!(head.lower.as_str(), "jr" | "jr." | "sr" | "sr." | "ii" | "iii" | "iv");
        // "Hughes" looks like a plural.
        let told = || {
            self.aged(parsed, phrase + 1) == Some(phrase)
                || parsed.persons.iter().any(|who| overlaps(&who.words))
        };
        (head.tag == Tag::Nnp || head.tag == Tag::Nnps && told())
            && (junior || head.lower.chars().all(char::is_alphabetic) && head.lower.chars().count() > 2)
            // In a bulletin in capitals a noun alone looks like a name.
            && (noun.words.len() > 1 || self.text.slice(head.span).chars().any(char::is_lowercase))
            && noun.possessor.is_none()
            // "City of Lima police", "the Department of Justice".
            && !(unit.of(phrase).is_some()
                && matches!(
                    head.lower.as_str(),
                    "bureau" | "city" | "college" | "county" | "department" | "ministry" | "office" | "state" | "university"
                ))
            && !matches!(unit.words[noun.words.start].tag, Tag::Dt | Tag::PrpPossessive)
            && (self.aged(parsed, phrase + 1) == Some(phrase)
                || !parsed.places.iter().any(|place| overlaps(&place.words)))
            && !parsed.actors.iter().any(|actor| overlaps(&actor.words))
            && !self.is_thing(parsed, phrase)
    }

    /// The words of a phrase that the text treats as one person's name.
    pub(crate) fn name_in(&self, parsed: &Parsed, phrase: usize) -> Option<Range<usize>> {
        let noun = &parsed.unit.phrases[phrase];
        let name = parsed.persons.iter().find(|who| who.words.contains(&noun.head))?;
        Some(name.words.clone()).filter(|words| noun.words.start <= words.start && noun.number.is_none())
    }

    /// "Smith, *24*, was shot": the phrase that an age belongs to.
    pub(crate) fn aged(&self, parsed: &Parsed, phrase: usize) -> Option<usize> {
        let unit = &parsed.unit;
        let noun = unit.phrases.get(phrase)?;
        let number = &unit.numbers[noun.number?];
        let whose = phrase.checked_sub(1)?;
        let named = &unit.phrases[whose];
        let bare = number.words == noun.words && number.phrase.quantity.figure().is_some_and(|n| n <= OLDEST);
        (bare
            && named.words.end + 1 == noun.words.start
            && unit.lower(named.words.end) == ","
            && named.number.is_none()
            && matches!(unit.lower(noun.words.end), "," | ".")
            && (unit.words[named.head].tag.is_proper()
                || unit.words[named.head].tag == Tag::Nn && self.is_people(parsed, whose)))
        .then_some(whose)
    }

    /// "The mayor of the town, *Pablo Ortega*,": a name beside what somebody is.
    pub(crate) fn name_beside(&self, parsed: &Parsed, phrase: usize, who: &mut Participant) {
        let unit = &parsed.unit;
        if who.kind != ParticipantKind::Individual {
            return;
        }
        let end = unit.extended(phrase).end;
        let comma = (end..unit.words.len().min(end + BESIDE))
            .take_while(|&at| unit.verb_at[at].is_none())
            .find(|&at| unit.lower(at) == ",");
        let Some(name) = comma.and_then(|comma| {
            unit.phrase_of(comma + 1).filter(|&name| unit.phrases[name].words.start == comma + 1)
        }) else {
            return;
        };
        let words = &unit.phrases[name].words;
        let closed = matches!(unit.lower(words.end), "," | "." | ";" | ":" | "--" | "–" | "—" | "" | ")");
        if words.len() > 1 && closed && self.names_one(parsed, name) {
            let mention = self.text.mention(unit.span(words));
            who.name.get_or_insert_with(|| mention.text.clone());
            who.mentions.push(mention);
        }
    }

    /// The person whom a phrase names that says nothing else of them: nothing says that they are armed.
    pub(crate) fn person_by_name(&self, parsed: &Parsed, phrase: usize) -> Option<Participant> {
        if !self.names_one(parsed, phrase) {
            return None;
        }
        let mention = self.text.mention(parsed.unit.span(&parsed.unit.phrases[phrase].words));
        Some(Participant {
            // A private person's name, which the program takes out again unless it is told to keep it.
            name: Some(mention.text.clone()),
            mentions: vec![mention],
            kind: ParticipantKind::Individual,
            actor_id: None,
            wikidata_id: None,
            country: None,
            sector: Some(Sector::Civilian),
            inter_code: Some(InterCode::Civilians),
            number: None,
            affiliation: None,
            certainty: Certainty::Inferred,
        })
    }
}
