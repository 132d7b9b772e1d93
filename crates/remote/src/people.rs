//! Who the quoted words mean: by the registry, and where that is silent by the model. Names of private persons are marked as
//! names, so that the program can leave them out.

use coder::reading::Parsed;
use record::vocabulary::{InterCode, Sector};
use record::{Certainty, Mention, Participant, ParticipantKind};
use text::Span;

use crate::reply::Party;
use crate::scribe::{Proof, Scribe, phrase_in};

impl Scribe<'_, '_> {
    /// The participant of a reply, and whether any of it is the model's word alone.
    pub(crate) fn participant(
        &mut self,
        party: &Party,
        near: usize,
        proof: &mut Proof,
        field: &'static str,
    ) -> Option<(Participant, bool)> {
        let mut spans: Vec<Span> = Vec::new();
        for quote in &party.quotes {
            if let Some(span) = self.find(quote, Some(near))
                && !spans.contains(&span)
            {
                spans.push(span);
            }
        }
        let first = *spans.first()?;
        for &span in &spans {
            proof.add(span, field);
        }
        let mentions: Vec<Mention> = spans.iter().map(|&span| self.reading.text.mention(span)).collect();
        // The best description that any of the phrases gives.
        let known = spans.iter().filter_map(|&span| self.who(span)).max_by_key(|who| {
            // Of equals the first: `max_by_key` takes the last.
            (
                who.actor_id.is_some(),
                who.certainty != Certainty::Inferred,
                who.mentions[0].start == self.reading.text.point(first.start),
            )
        });
        let described = known.as_ref().is_some_and(|who| who.certainty != Certainty::Inferred);
        let own = known.as_ref().and_then(|who| who.sector);
        let (mut who, mut inferred) = match known {
            // "Nothing says that they are armed": the model may say it.
            Some(who) if described || party.sector.is_none() => (who, false),
            known => (self.by_model(party, known), true),
        };
        if who.sector.is_none() && who.kind == party.kind {
            who.sector = party.sector;
            inferred |= party.sector.is_some();
        }
        // "Believed to be", said in another sentence, only the model puts together.
        if who.certainty == Certainty::Stated
            && matches!(party.certainty, Certainty::Claimed | Certainty::Suspected)
        {
            who.certainty = party.certainty;
            inferred = true;
        }
        who.mentions = mentions;
        self.mark_name(&mut who, &spans);
        // An office makes a name public: that it is held, the report must say to us too, and not to the model alone.
        let named = who.kind == ParticipantKind::Individual && who.actor_id.is_none() && who.name.is_some();
        if named && who.sector != own && !who.sector.is_some_and(is_private) {
            who.sector = own.filter(|&sector| is_private(sector));
            who.inter_code = who.sector.and_then(inter_code);
        }
        Some((who, inferred))
    }

    /// Who some words mean by the registry and the parse, with those words as the only mention.
    pub(crate) fn who(&self, span: Span) -> Option<Participant> {
        let parsed = self.parsed(span)?;
        let words = parsed.unit.words_of(span)?;
        let phrase = phrase_in(parsed, span);
        let mut who = phrase
            .and_then(|phrase| self.reading.participant(parsed, phrase))
            .or_else(|| self.reading.participant_of_words(parsed, &words))?;
        who.mentions = vec![self.reading.text.mention(span)];
        // The name is the phrase's, which may be longer than what was quoted.
        if who.actor_id.is_none() && who.kind == ParticipantKind::Individual {
            who.name = name_in(self, parsed, span).or(who.name);
        }
        Some(who)
    }

    /// A participant of whom the registry knows nothing. One person by our own parse stays one: as a group a name would go out.
    fn by_model(&self, party: &Party, known: Option<Participant>) -> Participant {
        let one = known.as_ref().is_some_and(|who| who.kind == ParticipantKind::Individual);
        let kind = if one { ParticipantKind::Individual } else { party.kind };
        let number = known.as_ref().and_then(|who| who.number);
        let name = known.and_then(|who| who.name);
        Participant {
            mentions: Vec::new(),
            kind,
            name: name.filter(|_| kind == ParticipantKind::Individual),
            actor_id: None,
            wikidata_id: None,
            country: None,
            sector: party.sector,
            inter_code: party.sector.and_then(inter_code),
            number,
            affiliation: None,
            certainty: Certainty::Inferred,
        }
    }

    /// Gives a person whose mentions hold a name that name, whoever says that it is a person; mentions that are another name
    /// of theirs are left out, since only one can be marked.
    fn mark_name(&self, who: &mut Participant, spans: &[Span]) {
        if who.kind != ParticipantKind::Individual || who.actor_id.is_some() {
            return;
        }
        let names: Vec<Option<String>> = spans
            .iter()
            .map(|&span| self.parsed(span).and_then(|parsed| name_in(self, parsed, span)))
            .collect();
        if who.name.is_none() {
            who.name = names.iter().flatten().next().cloned();
        }
        let Some(name) = who.name.clone() else { return };
        let part_of = |other: &str| {
            other.split_whitespace().any(|part| part.chars().count() > 2 && name.contains(part))
        };
        let mut names = names.into_iter();
        who.mentions.retain(|_| names.next().flatten().is_none_or(|other| part_of(&other)));
    }
}

/// The longest run of proper nouns in a span that is neither a place nor a body.
fn name_in(scribe: &Scribe<'_, '_>, parsed: &Parsed, span: Span) -> Option<String> {
    let unit = &parsed.unit;
    let words = unit.words_of(span)?;
    let person =
        parsed.persons.iter().find(|person| person.words.start < words.end && words.start < person.words.end);
    if let Some(person) = person {
        return Some(scribe.reading.text.slice(unit.span(&person.words)).to_owned());
    }
    let taken = |word: usize| {
        parsed.places.iter().any(|place| place.words.contains(&word))
            || parsed.actors.iter().any(|actor| actor.words.contains(&word))
    };
    // The parser may take a rare given name for another word; a capital inside a sentence speaks for a name.
    let proper = |word: usize| unit.words[word].tag.is_proper() || word > 0 && unit.words[word].capital;
    let mut best: Option<std::ops::Range<usize>> = None;
    let mut at = words.start;
    while at < words.end {
        let mut end = at;
        while end < words.end && proper(end) && !taken(end) {
            end += 1;
        }
        if end > at && best.as_ref().is_none_or(|known| known.len() < end - at) {
            best = Some(at..end);
        }
        at = end.max(at + 1);
    }
    best.map(|run| scribe.reading.text.slice(unit.span(&run)).to_owned())
}

/// Whether people of a sector hold no office by it.
const fn is_private(sector: Sector) -> bool {
    matches!(
        sector,
        Sector::Civilian
            | Sector::Unknown
            | Sector::Agriculture
            | Sector::Business
            | Sector::Education
            | Sector::Journalist
            | Sector::Labor
            | Sector::Medical
            | Sector::Prisoner
            | Sector::Refugee
            | Sector::Social
            | Sector::Criminal
            | Sector::UnalignedArmed
    )
}

/// ACLED's interaction code of a sector, where it follows from it: of paramilitaries and criminals it does not.
const fn inter_code(sector: Sector) -> Option<InterCode> {
    Some(match sector {
        Sector::Police | Sector::Military | Sector::Intelligence => InterCode::StateForces,
        Sector::Rebels => InterCode::RebelGroups,
        Sector::UnalignedArmed => InterCode::PoliticalMilitias,
        Sector::Civilian
        | Sector::Refugee
        | Sector::Journalist
        | Sector::Medical
        | Sector::Education
        | Sector::Agriculture
        | Sector::Business
        | Sector::Labor => InterCode::Civilians,
        _ => return None,
    })
}
