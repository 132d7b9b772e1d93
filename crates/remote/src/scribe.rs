/*! One reply to events: each item held against the text, then read by our own resolvers. */

use std::collections::BTreeMap;

use coder::reading::{Parsed, Reading};
use coder::setting::is_country;
use coder::side::same_side;
use coder::{classify, frame, toll};
use record::vocabulary::EventType;
use record::{Claim, Counts, Event, Participant, PhysicalObject, Place, Statement, Tally, Weapon};
use rustc_hash::FxHashMap;
use text::Span;

use crate::reply::{Arm, Reply, Role, Thing, Told, Voice};
use crate::{Account, Aligner};

/// Most quotes that are looked for in one text: a reply that has more has none that it copied.
const MOST_QUOTES: usize = 4000;

/// The quotes that the fields of an event rest on.
#[derive(Default)]
pub(crate) struct Proof {
    pub(crate) quotes: Vec<(Span, Vec<&'static str>)>,
}

impl Proof {
    pub(crate) fn add(&mut self, span: Span, field: &'static str) {
        if span.is_empty() {
            return;
        }
        match self.quotes.iter_mut().find(|(known, _)| *known == span) {
            Some((_, fields)) if fields.contains(&field) => {}
            Some((_, fields)) => fields.push(field),
            None => self.quotes.push((span, vec![field])),
        }
    }
}

/// Writes the events of one reply.
pub(crate) struct Scribe<'r, 'k> {
    pub(crate) reading: &'r Reading<'k>,
    pub(crate) model: &'r str,
    aligner: Aligner<'r>,
    account: &'r mut Account,
    /// Which item is written, for what is said of it.
    at: String,
    /// Numbers by sentence: a long sentence is asked for them many times.
    pub(crate) numbers: FxHashMap<usize, Vec<text::number::NumberPhrase>>,
}

impl<'r, 'k> Scribe<'r, 'k> {
    pub(crate) fn new(reading: &'r Reading<'k>, model: &'r str, account: &'r mut Account) -> Self {
        Self {
            reading,
            model,
            aligner: Aligner::new(reading.text.raw()),
            account,
            at: String::new(),
            numbers: FxHashMap::default(),
        }
    }

    /// What a reply tells, in the order in which the text tells it.
    pub(crate) fn write(mut self, reply: Reply) -> (Vec<Event>, Vec<Tally>, Vec<Statement>) {
        self.account.unusable += reply.unusable.len();
        self.account.dropped.extend(reply.unusable);
        let events = self.events(&reply.events);
        let tallies = self.tallies(&reply.tallies);
        let statements = self.statements(&reply.statements);
        (events, tallies, statements)
    }

    fn events(&mut self, all: &[Told]) -> Vec<Event> {
        let mut events: Vec<Event> = Vec::new();
        for (index, told) in all.iter().enumerate() {
            self.item("event", index);
            self.account.events += 1;
            let Some(event) = self.event(told) else {
                self.account.events_dropped += 1;
                self.drop("no quote of it stands in the report");
                continue;
            };
            let twin = |known: &Event| {
                known.sub_event_type == event.sub_event_type
                    && known.realis == event.realis
                    && known.event_date == event.event_date
                    && known.places == event.places
                    && known.evidence == event.evidence
            };
            if events.iter().any(twin) {
                self.account.events_dropped += 1;
                self.drop("told twice");
                continue;
            }
            events.push(event);
        }
        events.sort_by_key(|event| event.evidence.iter().map(|evidence| evidence.start).min());
        events
    }

    /// Goes on to an item.
    pub(crate) fn item(&mut self, what: &str, index: usize) {
        self.at = format!("{what} {}", index + 1);
    }

    /// Notes that something was left out.
    pub(crate) fn drop(&mut self, why: &str) {
        self.account.dropped.push(format!("{}: {why}", self.at));
    }

    /// Notes that an item says nothing that can be written.
    pub(crate) fn unusable(&mut self, why: &str) {
        self.account.unusable += 1;
        self.drop(why);
    }

    /// Where a quote stands; if nowhere, it is counted.
    pub(crate) fn find(&mut self, quote: &str, near: Option<usize>) -> Option<Span> {
        self.account.quotes += 1;
        let found = if self.account.quotes <= MOST_QUOTES { self.aligner.find(quote, near) } else { None };
        if found.is_none() {
            self.account.quotes_dropped += 1;
            let begins: String = quote.chars().take(60).collect();
            self.drop(&format!("not in the report: {begins:?}"));
        }
        found
    }

    /// The sentence that a span begins in.
    pub(crate) fn parsed(&self, span: Span) -> Option<&'r Parsed> {
        let sentence = self.reading.text.sentence_at(span.start)?;
        self.reading.parsed.get(sentence)?.as_ref()
    }

    fn event(&mut self, told: &Told) -> Option<Event> {
        let mut proof = Proof::default();
        let mut reasons: BTreeMap<String, String> = BTreeMap::new();
        let said = (self.account.quotes, self.account.quotes_dropped);
        let mut passages: Vec<Span> = Vec::new();
        for quote in &told.quotes {
            let near = passages.first().map(|span: &Span| span.start);
            if let Some(span) = self.find(quote, near)
                && !passages.contains(&span)
            {
                passages.push(span);
            }
        }
        let near = passages.first()?.start;
        for &span in &passages {
            for field in ["event_type", "sub_event_type", "plover", "realis", "completion"] {
                proof.add(span, field);
            }
        }
        let model = self.model;
        let by_model = format!("by the remote model {model}");
        for field in ["event_type", "realis", "completion"] {
            let guessed = told.guessed.contains(&field);
            let reason = if guessed {
                format!("the remote model {model} does not say; taken as a plain sentence has it")
            } else {
                by_model.clone()
            };
            reasons.insert(field.to_owned(), reason);
        }
        let named = format!("named {by_model} in the report's words; who they are, by the registry");
        let mut actors = Vec::new();
        let mut recipients = Vec::new();
        let mut reported_by = Vec::new();
        for party in &told.participants {
            let (list, field) = match party.role {
                Role::Actor => (&mut actors, "actors"),
                Role::Recipient => (&mut recipients, "recipients"),
                Role::Source => (&mut reported_by, "reported_by"),
            };
            let Some((who, inferred)) = self.participant(party, near, &mut proof, field) else { continue };
            let mut reason = named.clone();
            if inferred {
                reason.push_str(" and where it is silent by the model");
            }
            let known = reasons.entry(field.to_owned()).or_insert_with(|| reason.clone());
            if inferred {
                *known = reason;
            }
            add(list, who);
        }
        let two_sided = told.sub_event_type.event_type() == EventType::Battles;
        if two_sided {
            // As with the other reader: every armed side of a fight is an actor.
            for side in &recipients {
                if classify::is_armed(side) && !actors.iter().any(|actor| same_side(actor, side)) {
                    for mention in &side.mentions {
                        let text = &self.reading.text;
                        proof.add(Span::new(text.byte(mention.start), text.byte(mention.end)), "actors");
                    }
                    reasons.entry("actors".to_owned()).or_insert_with(|| named.clone());
                    actors.push(side.clone());
                }
            }
        }
        let weapons = self.weapons(&told.weapons, near, &mut proof, &mut reasons);
        let objects = self.objects(&told.objects, near, &mut proof, &mut reasons);
        let places = self.places(&told.places, near, &mut proof);
        if !places.is_empty() {
            let reason = format!("named {by_model}; which place that is, by the gazetteer");
            reasons.insert("places".to_owned(), reason);
        }
        let claims = self.claims(&told.claims, near, &mut proof);
        if !claims.is_empty() {
            reasons.insert("claims".to_owned(), by_model.clone());
        }
        let counts = self.counts(&told.counts, near, &mut proof, &mut reasons);
        let day = self.day(told, near);
        if let Some(words) = day.words {
            proof.add(words, "event_date");
            proof.add(words, "event_date_end");
        }
        reasons.insert("event_date".to_owned(), day.reason);

        let acts = self.acts(&passages);
        let acts: Vec<&str> = acts.iter().map(String::as_str).collect();
        let facts = record::crosswalk::Facts {
            acts: &acts,
            completion: Some(told.completion),
            weapons: &weapons,
            actors: &actors,
            recipients: &recipients,
        };
        let codes = self.reading.knowledge.crosswalk.codes(told.sub_event_type, &facts);
        let one_sided = !two_sided && recipients.iter().all(|who| !classify::is_armed(who));
        let deaths = toll::deaths(&counts, one_sided);
        let quotes = self.account.quotes - said.0;
        let dropped = self.account.quotes_dropped - said.1;
        reasons.insert(
            "confidence".to_owned(),
            format!(
                "not calibrated for {model}: {} of {quotes} quotes stand in the report",
                quotes - dropped
            ),
        );
        let known = [
            !actors.is_empty(),
            !recipients.is_empty(),
            places.iter().any(|place| place.where_precision.is_some_and(|precision| precision < 6)),
            day.dates.is_some(),
        ];
        let confidence = confidence(&known, quotes, dropped);
        let evidence = self.evidence(proof);
        Some(Event {
            id: String::new(),
            realis: told.realis,
            completion: told.completion,
            event_type: told.sub_event_type.event_type(),
            sub_event_type: told.sub_event_type,
            plover: codes.plover.clone(),
            cameo: codes.cameo.map(str::to_owned),
            type_of_violence: codes.type_of_violence,
            gtd_attack_type: codes.gtd.map(|gtd| gtd.as_str().to_owned()),
            event_date: day.dates.map(|(first, _)| first),
            event_date_end: day.dates.map(|(_, last)| last),
            time_precision: day.precision,
            date_type: day.date_type,
            date_from: day.date_from,
            places,
            actors,
            recipients,
            objects,
            weapons,
            counts,
            deaths,
            claims,
            reported_by,
            evidence,
            confidence,
            reasons,
        })
    }

    /// What was done, in the words of the crosswalk: what the most telling passage says that says any.
    fn acts(&self, passages: &[Span]) -> Vec<String> {
        let of = |&span: &Span| {
            let mut acts: Vec<String> = Vec::new();
            let parsed = self.parsed(span)?;
            let told = frame::read(self.reading, parsed.unit.sentence, parsed);
            for frame in &told.frames {
                let trigger = parsed.unit.span(&told.triggers[frame.trigger].words);
                let act = frame.kind.as_str().to_owned();
                if trigger.overlaps(span) && !acts.contains(&act) {
                    acts.push(act);
                }
            }
            (!acts.is_empty()).then_some(acts)
        };
        passages.iter().find_map(of).unwrap_or_default()
    }

    fn weapons(
        &mut self,
        arms: &[Arm],
        near: usize,
        proof: &mut Proof,
        reasons: &mut BTreeMap<String, String>,
    ) -> Vec<Weapon> {
        let senses = &self.reading.knowledge.senses;
        let mut weapons: Vec<Weapon> = Vec::new();
        for arm in arms {
            let Some(span) = self.find(&arm.quote, Some(near)) else { continue };
            proof.add(span, "weapons");
            let known = self.parsed(span).and_then(|parsed| {
                let words = parsed.unit.words_of(span)?;
                words.clone().find_map(|word| {
                    senses.weapon(&parsed.unit, word).filter(|(named, ..)| named.end <= words.end)
                })
            });
            let (class, subclass) =
                known.as_ref().map_or((arm.class, None), |(_, class, subclass)| (*class, subclass.clone()));
            let sure = if known.is_some() { "class by the table of weapons" } else { "class by the model" };
            let reason = format!("named by the remote model {}; {sure}", self.model);
            reasons.entry("weapons".to_owned()).or_insert(reason);
            let mention = self.reading.text.mention(span);
            match weapons.iter_mut().find(|known| known.class == class && known.subclass == subclass) {
                Some(known) if known.mentions.contains(&mention) => {}
                Some(known) => known.mentions.push(mention),
                None => weapons.push(Weapon { mentions: vec![mention], class, subclass }),
            }
        }
        weapons
    }

    fn objects(
        &mut self,
        things: &[Thing],
        near: usize,
        proof: &mut Proof,
        reasons: &mut BTreeMap<String, String>,
    ) -> Vec<PhysicalObject> {
        let mut objects: Vec<PhysicalObject> = Vec::new();
        for thing in things {
            let Some(span) = self.find(&thing.quote, Some(near)) else { continue };
            proof.add(span, "objects");
            let parsed = self.parsed(span);
            let phrase = parsed.and_then(|parsed| phrase_in(parsed, span).map(|phrase| (parsed, phrase)));
            let class = phrase
                .and_then(|(parsed, phrase)| self.reading.knowledge.senses.object_of(&parsed.unit, phrase));
            let number = phrase.and_then(|(parsed, phrase)| {
                let number = parsed.unit.phrases[phrase].number?;
                Some(parsed.unit.numbers[number].phrase.quantity)
            });
            reasons.insert(
                "objects".to_owned(),
                format!("named by the remote model {}, and what became of them", self.model),
            );
            let mention = self.reading.text.mention(span);
            if !objects.iter().any(|known| known.mentions.contains(&mention)) {
                objects.push(PhysicalObject {
                    mentions: vec![mention],
                    class: class.unwrap_or(thing.class),
                    number,
                    effect: thing.effect,
                });
            }
        }
        objects
    }

    /// Places: those that the reading resolved with the whole report before it, else the words alone.
    pub(crate) fn places(&mut self, names: &[String], near: usize, proof: &mut Proof) -> Vec<Place> {
        let reading = self.reading;
        let mut places: Vec<Place> = Vec::new();
        for name in names {
            let Some(span) = self.find(name, Some(near)) else { continue };
            proof.add(span, "places");
            let mut found: Vec<Place> = self.parsed(span).map_or_else(Vec::new, |parsed| {
                let inside = |words| parsed.unit.span(words).overlaps(span);
                parsed.places.iter().filter(|at| inside(&at.words)).map(|at| at.place.clone()).collect()
            });
            if found.is_empty()
                && let Some(place) = &reading.dateline_place
                && reading.dateline.as_ref().is_some_and(|line| line.span.overlaps(span))
            {
                found.push(place.clone());
            }
            if found.is_empty() {
                let gazetteer = &reading.knowledge.places;
                let toponym = gazetteer.mention(&reading.text, span);
                let hints =
                    whereabouts::Hints { told: reading.country.clone(), ..whereabouts::Hints::default() };
                found = gazetteer.resolve(&reading.text, &[toponym], &hints);
            }
            for place in found {
                let known = |known: &Place| {
                    known.start == place.start
                        || known.name.is_some()
                            && known.name == place.name
                            && known.geonameid == place.geonameid
                };
                if !places.iter().any(known) {
                    places.push(place);
                }
            }
        }
        places.sort_by_key(is_country);
        places
    }

    fn claims(&mut self, voices: &[Voice], near: usize, proof: &mut Proof) -> Vec<Claim> {
        let mut claims = Vec::new();
        for voice in voices {
            let Some(span) = self.find(&voice.quote, Some(near)) else { continue };
            let by = match &voice.by {
                None => None,
                Some(quote) => {
                    let Some(words) = self.find(quote, Some(span.start)) else { continue };
                    let Some(who) = self.who(words) else {
                        self.unusable("a claim by nobody that is known");
                        continue;
                    };
                    proof.add(words, "claims");
                    Some(who)
                }
            };
            if by.is_none() && voice.kind != record::ClaimKind::Unclaimed {
                self.unusable("a claim without who makes it");
                continue;
            }
            proof.add(span, "claims");
            claims.push(Claim { by, kind: voice.kind });
        }
        claims
    }

    fn counts(
        &mut self,
        figures: &[crate::reply::Figure],
        near: usize,
        proof: &mut Proof,
        reasons: &mut BTreeMap<String, String>,
    ) -> Counts {
        let pieces = self.pieces(figures, near, proof, reasons);
        let (counts, derived) = toll::together(&pieces);
        if let Some(reason) = derived {
            reasons.insert("injured".to_owned(), reason);
        }
        counts
    }
}

/// The first phrase whose head lies in a span.
pub(crate) fn phrase_in(parsed: &Parsed, span: Span) -> Option<usize> {
    let words = parsed.unit.words_of(span)?;
    parsed.unit.phrases.iter().position(|phrase| words.contains(&phrase.head))
}

/// Adds a participant, or its words to the one that is the same.
fn add(list: &mut Vec<Participant>, who: Participant) {
    let same = list.iter_mut().find(|known| {
        known.actor_id.is_some() && known.actor_id == who.actor_id
            || known.mentions.iter().any(|mention| who.mentions.contains(mention))
    });
    match same {
        Some(known) => {
            for mention in who.mentions {
                if !known.mentions.contains(&mention) {
                    known.mentions.push(mention);
                }
            }
        }
        None => list.push(who),
    }
}

/// How sure: what is told of the event, and how much of what the model copied was there. Nobody has measured how often a
/// model that we do not know is right, so that this ranks events and promises nothing.
fn confidence(known: &[bool], quotes: usize, dropped: usize) -> f64 {
    let told = known.iter().filter(|known| **known).count() as f64;
    let honest = if quotes == 0 { 0.0 } else { (quotes - dropped) as f64 / quotes as f64 };
    let score = 0.05 + (0.3 + 0.1 * told) * honest;
    (score * 100.0).round() / 100.0
}
