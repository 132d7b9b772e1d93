/*! From drafts to events: every field filled from what the sentences say, with its words and its reason. */

use std::collections::BTreeMap;

use record::vocabulary::{Completion, Realis};
use record::{Certainty, Count, Effect, Event, Evidence, Participant, PhysicalObject, Weapon};
use rustc_hash::FxHashMap;
use text::{SentenceRole, Span};

use crate::bearing::{self, Bearing};
use crate::claim;
use crate::classify;
use crate::confidence::Inner;
use crate::day::Day;
use crate::draft::{Cluster, Draft, Telling};
use crate::kind::Kind;
use crate::learned::Link;
use crate::lexicon::Outcome;
use crate::person::Person;
use crate::reading::Parsed;
use crate::realis;
use crate::side::{same_side, same_source};
use crate::toll::{self, Piece};

/// Before how many sentences a report may begin with the claim of what it tells.
const CLAIMED_BEFORE: usize = 2;
/// How sure the learned reader must be of a sub-event type that the words alone do not give.
const SEEN_TYPE: f32 = 0.7;
/// Among how many of the events told last a claim finds its own.
const CLAIMED_AMONG: usize = 24;

/// Collects the quotes that fields rest on.
#[derive(Default)]
pub(crate) struct Proof {
    quotes: Vec<(Span, Vec<String>)>,
    /// Where each span stands in `quotes`: a long event has thousands.
    at: FxHashMap<Span, usize>,
}

impl Proof {
    pub(crate) fn add(&mut self, span: Span, field: &str) {
        if span.is_empty() {
            return;
        }
        let at = *self.at.entry(span).or_insert(self.quotes.len());
        match self.quotes.get_mut(at) {
            Some((_, fields)) => {
                if !fields.iter().any(|known| known == field) {
                    fields.push(field.to_owned());
                }
            }
            None => self.quotes.push((span, vec![field.to_owned()])),
        }
    }
}

impl Telling<'_> {
    /// Makes the events of the report from its drafts.
    #[must_use]
    pub fn events(&self, drafts: &[Draft]) -> Vec<(Event, Inner)> {
        let mut events: Vec<Event> = Vec::new();
        let mut inner: Vec<Inner> = Vec::new();
        let bearings = self.bearings(drafts);
        for (index, draft) in drafts.iter().enumerate() {
            if let Some(event) = self.event(draft, &bearings[index], &drafts[..index], &events) {
                events.push(event);
                inner.push(self.inner(draft));
            }
        }
        self.claims(drafts, &mut events);
        self.background(drafts, &mut events);
        let text = {
            use sha2::{Digest, Sha256};
            Sha256::digest(self.reading.text.raw().as_bytes())
        };
        for (index, (event, inner)) in events.iter_mut().zip(&inner).enumerate() {
            event.id = id(&text, event, index);
            event.confidence = self.reading.knowledge.confidence.chance(event, inner);
        }
        events.into_iter().zip(inner).collect()
    }

    /// The likeliest sub-event type of an event's words, and how sure the learned reader is of it.
    fn seen_type(&self, draft: &Draft) -> Option<(record::vocabulary::SubEventType, f32)> {
        let seen = self.reading.seen.as_ref()?;
        let mut sum: Vec<f32> = Vec::new();
        for cluster in &draft.clusters {
            let told = &self.sentences[cluster.sentence];
            let first = self.unit(cluster.sentence).first;
            for &frame in &cluster.frames {
                let head = told.triggers[self.frame(cluster, frame).trigger].head;
                let Some(chances) = seen.kinds(told.index, first + head) else { continue };
                if sum.is_empty() {
                    sum = vec![0.0; chances.len()];
                }
                sum.iter_mut().zip(&chances).for_each(|(sum, chance)| *sum += chance);
            }
        }
        let all: f32 = sum.iter().skip(1).sum();
        let (at, best) = sum.iter().skip(1).enumerate().max_by(|a, b| a.1.total_cmp(b.1))?;
        let kind = *record::vocabulary::SubEventType::ALL.get(at)?;
        // What is no event to it has no type either.
        (all > 0.5 && kind != record::vocabulary::SubEventType::Other).then_some((kind, best / all))
    }

    /// What is known of an event beside what it says itself.
    fn inner(&self, draft: &Draft) -> Inner {
        let frames = || {
            draft
                .clusters
                .iter()
                .flat_map(|cluster| cluster.frames.iter().map(move |&frame| (cluster, frame)))
        };
        let lexicon = &self.reading.knowledge.lexicon;
        let seen = self.reading.seen.as_ref().map(|seen| {
            let sure = frames().filter_map(|(cluster, frame)| {
                let told = &self.sentences[cluster.sentence];
                let words = &told.triggers[self.frame(cluster, frame).trigger].words;
                let first = self.unit(cluster.sentence).first;
                words
                    .clone()
                    .filter_map(|word| Some(seen.event(told.index, first + word)?.0))
                    .max_by(f32::total_cmp)
            });
            sure.fold(0.0, f32::max)
        });
        Inner {
            weak: draft.clusters.first().is_some_and(|first| self.main(first).weak),
            sentences: draft.clusters.len(),
            headline: draft.clusters.iter().any(|cluster| self.in_title(cluster)),
            seen,
            unnamed: frames().all(|(cluster, frame)| {
                lexicon.is_unnamed(
                    self.sentences[cluster.sentence].triggers[self.frame(cluster, frame).trigger].entry,
                )
            }),
        }
    }

    fn event(
        &self,
        draft: &Draft,
        bearings: &[Bearing],
        earlier: &[Draft],
        events: &[Event],
    ) -> Option<Event> {
        let reading = self.reading;
        let mut proof = Proof::default();
        let mut reasons: BTreeMap<String, String> = BTreeMap::new();
        let first = draft.clusters.first()?;
        let lead = self.main(first);
        let mut realis = lead.realis;
        let mut because = lead.because.clone();
        // A headline in the present tense may look unlike the text: the body decides.
        let title = reading.text.sentences[self.sentences[first.sentence].index].role == SentenceRole::Title;
        // "To detain a rebel … detained him": what any sentence tells as done was done.
        let body = || draft.clusters.iter().skip(1).map(|cluster| self.main(cluster));
        let done = || body().find(|frame| frame.realis == Realis::Asserted);
        if title && let Some(body) = done().or_else(|| body().next()) {
            realis = body.realis;
            because = body.because.clone();
        }
        // "Charged in a shooting": news all the same where the report tells of it with its day or its victims.
        let own = |cluster: &&Cluster| {
            let main = self.main(cluster);
            let casualties = &self.sentences[cluster.sentence].casualties;
            let harmed = |&index: &usize| casualties[index].quantity.figure().is_some_and(|n| n > 0);
            main.realis == Realis::Asserted
                && !main.kind.is_result()
                && (self.days(cluster).is_some() || cluster.casualties.iter().any(harmed))
        };
        let published = reading.anchors.published;
        let long_ago = draft.clusters.iter().filter_map(|cluster| self.days(cluster)).any(|(_, end)| {
            published.is_some_and(|day| i64::from((day - end).get_days()) > realis::NEWS_DAYS)
        });
        if lead.held_for
            && realis == Realis::Historical
            && !long_ago
            && let Some(told) = draft.clusters.iter().skip(1).find(own)
        {
            realis = Realis::Asserted;
            because = self.main(told).because.clone();
        }
        // What the wounded or the captives tried to do says nothing of the attack.
        let mut completion = draft
            .clusters
            .iter()
            .flat_map(|cluster| cluster.frames.iter().map(|&frame| self.frame(cluster, frame)))
            .filter(|frame| !frame.kind.is_result() || draft.kind.is_result())
            .map(|frame| frame.completion)
            .find(|completion| *completion != Completion::Accomplished)
            .unwrap_or(Completion::Accomplished);
        if let Some(because) = because {
            reasons.insert("realis".to_owned(), because);
        }

        // What somebody recalls in a quotation, without a day, is background to what the report is about.
        if realis == Realis::Asserted
            && !self.is_news_of_the_day(draft)
            && draft.clusters.iter().all(|cluster| self.days(cluster).is_none() && self.is_recalled(cluster))
        {
            realis = Realis::Historical;
            reasons.insert("realis".to_owned(), "recalled in a quotation, without a day".to_owned());
        }
        let kinds: Vec<Kind> = draft
            .clusters
            .iter()
            .flat_map(|cluster| cluster.frames.iter().map(|&frame| self.frame(cluster, frame).kind))
            .collect();
        let mut actors: Vec<Participant> = Vec::new();
        let mut recipients: Vec<Participant> = Vec::new();
        self.participants(draft, &mut actors, &mut recipients, &mut proof);
        for side in self.clash_named_for(draft) {
            if !actors.iter().any(|who| who.actor_id == side.who.actor_id) {
                proof.add(side.span, "actors");
                reasons.insert("actors".to_owned(), side.reason.to_owned());
                actors.push(side.who);
            }
        }
        if let Some(doer) = self.doer(draft, &actors, &recipients) {
            proof.add(doer.span, "actors");
            reasons.insert("actors".to_owned(), doer.reason.to_owned());
            actors.insert(0, doer.who);
        }
        if actors.is_empty()
            && let Some((who, span)) = self.striker(draft, &recipients)
        {
            proof.add(span, "actors");
            reasons.insert("actors".to_owned(), "those who tell of the strike on their enemies".to_owned());
            actors.push(who);
        }
        let mut weapons = self.weapons(draft, &mut proof);
        let mut objects = self.objects(draft, &mut proof);
        if !bearings.is_empty() {
            let mut by_sight = |field: &str, taken: Vec<(Span, f32)>| {
                if !taken.is_empty() {
                    let reason = bearing::reason(&taken);
                    reasons
                        .entry(field.to_owned())
                        .and_modify(|known| *known = format!("{known}; {reason}"))
                        .or_insert(reason);
                    taken.iter().for_each(|(span, _)| proof.add(*span, field));
                }
            };
            let taken = self.take_bearing(bearings, Link::Actor, &mut actors, &recipients);
            by_sight("actors", taken);
            let taken = self.take_bearing(bearings, Link::Recipient, &mut recipients, &actors);
            by_sight("recipients", taken);
            by_sight("objects", self.take_objects(bearings, &mut objects));
            by_sight("weapons", self.take_weapons(bearings, &mut weapons));
        }

        let pieces = self.pieces(draft, &actors, &recipients, &mut proof);
        let (counts, derived) = toll::together(&pieces);
        if let Some(reason) = derived {
            reasons.insert("injured".to_owned(), reason);
        }
        let some = |list: &[Count]| list.iter().any(|count| count.number.figure().is_some_and(|n| n > 0));
        let killed = some(&counts.killed) || some(&counts.killed_or_injured);
        let injured = some(&counts.injured);
        let harmed = killed || injured || some(&counts.abducted);

        // An attack that killed or wounded people other than its own was carried out.
        let struck = |list: &[Count]| {
            list.iter().any(|count| {
                let own_hand = count.text.ends_with("self");
                (count.who != record::CountOf::Actor || own_hand)
                    && count.number.figure().is_some_and(|n| n > 0)
            })
        };
        if completion == Completion::Attempted
            && (draft.kind != Kind::Assassination || struck(&counts.killed))
            && (struck(&counts.killed) || struck(&counts.injured))
        {
            completion = Completion::Accomplished;
            reasons.insert("completion".to_owned(), "tried, and people were killed or wounded".to_owned());
        }
        // One that was fought off with dead on either side came to a fight.
        if completion == Completion::Foiled && killed && draft.kind.is_violent() {
            completion = Completion::Accomplished;
            reasons.insert("completion".to_owned(), "fought off, and people were killed".to_owned());
        }
        let mut kind = draft.kind;
        // "The prison in X was also hit": what a vague word means, the sentence before says.
        if matches!(kind, Kind::Attack)
            && lead.weak
            && let Some(before) = earlier.last()
        {
            let gap = self.sentences[first.sentence]
                .index
                .saturating_sub(self.sentences[before.clusters.last()?.sentence].index);
            if gap <= 1 && before.kind.is_explosive() {
                kind = before.kind;
                reasons.insert(
                    "event_type".to_owned(),
                    "the form is that of the event told just before".to_owned(),
                );
                if actors.is_empty()
                    && let Some(event) = events.last()
                {
                    actors = event
                        .actors
                        .iter()
                        .cloned()
                        .map(|actor| Participant { certainty: Certainty::Inferred, ..actor })
                        .collect();
                    reasons.insert("actors".to_owned(), "those of the event told just before".to_owned());
                }
            }
        }
        let regained = draft
            .clusters
            .iter()
            .flat_map(|cluster| cluster.frames.iter().map(|&frame| self.frame(cluster, frame).regained))
            .find(Option::is_some)
            .flatten();
        let facts = classify::Facts {
            kind,
            kinds: &kinds,
            actors: &actors,
            recipients: &recipients,
            objects: &objects,
            weapons: &weapons,
            killed,
            injured,
            harmed,
            completion,
            regained,
        };
        let (sub_event_type, why) = classify::sub_event(&facts);
        reasons.entry("event_type".to_owned()).or_insert(why);
        let sub_event_type = match self.seen_type(draft) {
            Some((seen, sure)) if seen != sub_event_type && sure >= SEEN_TYPE => {
                let why = format!(
                    "as the learned reader sees it, {sure:.2} sure; by the words alone it would be {sub_event_type}"
                );
                reasons.insert("event_type".to_owned(), why);
                seen
            }
            _ => sub_event_type,
        };
        let two_sided = sub_event_type.event_type() == record::vocabulary::EventType::Battles;
        if two_sided {
            // Every side of a fight is an actor; the one attacked is also a recipient.
            for side in &recipients {
                if classify::is_armed(side) && !actors.iter().any(|actor| same_side(actor, side)) {
                    actors.push(side.clone());
                }
            }
        }

        let Day { dates, date_type, date_from, precision, reason, words } = self.day(draft, realis);
        if let Some(words) = words {
            proof.add(words, "event_date");
            proof.add(words, "event_date_end");
        }
        reasons.insert("event_date".to_owned(), reason);
        let (places, from) = self.event_places(draft, earlier, events, &actors, &recipients, realis);
        for span in from.spans {
            proof.add(span, "places");
        }
        if let Some(reason) = from.reason {
            reasons.insert("places".to_owned(), reason.to_owned());
        }

        // Kinds, and the words that told them: the crosswalk asks for either.
        let said: Vec<String> = draft.clusters.iter().flat_map(|cluster| self.acts(cluster)).collect();
        let mut acts: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
        acts.extend(said.iter().map(String::as_str));
        let codes = reading.knowledge.crosswalk.codes(
            sub_event_type,
            &record::crosswalk::Facts {
                acts: &acts,
                completion: Some(completion),
                weapons: &weapons,
                actors: &actors,
                recipients: &recipients,
            },
        );
        let one_sided = !two_sided && recipients.iter().all(|who| !classify::is_armed(who));
        let deaths = toll::deaths(&counts, one_sided);
        for (index, cluster) in draft.clusters.iter().enumerate() {
            let unit = &self.parsed(cluster.sentence).unit;
            let frame = self.main(cluster);
            let trigger = &self.sentences[cluster.sentence].triggers[frame.trigger];
            let sentence = reading.text.sentences[unit.sentence].span;
            if index == 0 || frame.kind == draft.kind || !cluster.casualties.is_empty() {
                proof.add(sentence, "event_type");
                proof.add(sentence, "sub_event_type");
                proof.add(sentence, "plover");
            }
            proof.add(unit.span(&trigger.words), "trigger");
            if index == 0 {
                proof.add(sentence, "realis");
                proof.add(sentence, "completion");
            }
        }
        let mut reported_by: Vec<Participant> = Vec::new();
        for cluster in &draft.clusters {
            let told = &self.sentences[cluster.sentence];
            let heads =
                cluster.frames.iter().map(|&frame| told.triggers[self.frame(cluster, frame).trigger].head);
            for source in heads.filter_map(|word| self.attribution.reported_by(told.index, word).cloned()) {
                let span = reading.text.sentences[told.index].span;
                proof.add(span, "reported_by");
                if !reported_by.iter().any(|known| same_source(known, &source)) {
                    reported_by.push(source);
                }
            }
        }
        let mut evidence: Vec<Evidence> = proof
            .quotes
            .into_iter()
            .map(|(span, supports)| {
                let mention = reading.text.mention(span);
                Evidence { start: mention.start, end: mention.end, quote: mention.text, supports }
            })
            .collect();
        evidence.sort_by_key(|evidence| (evidence.start, std::cmp::Reverse(evidence.end)));
        Some(Event {
            id: String::new(),
            realis,
            completion,
            event_type: sub_event_type.event_type(),
            sub_event_type,
            plover: codes.plover.clone(),
            cameo: codes.cameo.map(str::to_owned),
            type_of_violence: codes.type_of_violence,
            gtd_attack_type: codes.gtd.map(|gtd| gtd.as_str().to_owned()),
            event_date: dates.map(|(start, _)| start),
            event_date_end: dates.map(|(_, end)| end),
            time_precision: precision,
            date_type,
            date_from,
            places,
            actors,
            recipients,
            objects,
            weapons,
            counts,
            deaths,
            claims: Vec::new(),
            reported_by,
            evidence,
            // Set when all that is said of the event is known.
            confidence: 0.0,
            reasons,
        })
    }

    /// Whether a cluster is the headline's.
    pub(crate) fn in_title(&self, cluster: &Cluster) -> bool {
        let index = self.sentences[cluster.sentence].index;
        self.reading.text.sentences[index].role == SentenceRole::Title
    }

    fn weapons(&self, draft: &Draft, proof: &mut Proof) -> Vec<Weapon> {
        let mut weapons: Vec<Weapon> = Vec::new();
        for cluster in &draft.clusters {
            let told = &self.sentences[cluster.sentence];
            let unit = &self.parsed(cluster.sentence).unit;
            // Frames that were thrown out tell of nothing that a weapon could belong to.
            let tells = |frame: &usize| {
                let words = &told.triggers[told.frames[*frame].trigger].words;
                told.dropped.iter().all(|(dropped, _)| dropped != words)
            };
            let others =
                (0..told.frames.len()).any(|frame| !cluster.frames.contains(&frame) && tells(&frame));
            let many = others || self.several_events_in(cluster.sentence);
            for mention in &told.weapons {
                // In a sentence with several events a weapon belongs to the nearest trigger.
                let distance = |frame: usize| {
                    told.triggers[told.frames[frame].trigger].head.abs_diff(mention.words.start)
                };
                let nearest = (0..told.frames.len()).filter(tells).min_by_key(|&frame| distance(frame));
                if many && !nearest.is_some_and(|frame| cluster.frames.contains(&frame)) {
                    continue;
                }
                let span = unit.span(&mention.words);
                proof.add(span, "weapons");
                let text = self.reading.text.mention(span);
                match weapons
                    .iter_mut()
                    .find(|known| known.class == mention.class && known.subclass == mention.subclass)
                {
                    Some(known) => {
                        if !known.mentions.contains(&text) {
                            known.mentions.push(text);
                        }
                    }
                    None => weapons.push(Weapon {
                        mentions: vec![text],
                        class: mention.class,
                        subclass: mention.subclass.clone(),
                    }),
                }
            }
        }
        weapons
    }

    fn several_events_in(&self, sentence: usize) -> bool {
        let frames = &self.sentences[sentence].frames;
        frames.len() > 1 && frames.iter().any(|a| frames.iter().any(|b| !a.kind.agrees(b.kind)))
    }

    fn objects(&self, draft: &Draft, proof: &mut Proof) -> Vec<PhysicalObject> {
        let reading = self.reading;
        let mut objects: Vec<PhysicalObject> = Vec::new();
        // What each is called, and the frame that told of it last.
        let mut called: Vec<(String, (usize, usize))> = Vec::new();
        for cluster in &draft.clusters {
            let parsed = self.parsed(cluster.sentence);
            let unit = &parsed.unit;
            for &index in &cluster.frames {
                let frame = self.frame(cluster, index);
                let trigger = &self.sentences[cluster.sentence].triggers[frame.trigger];
                for &phrase in &frame.objects {
                    let class = reading.knowledge.senses.object_of(unit, phrase).or_else(|| {
                        unit.phrases[phrase]
                            .words
                            .clone()
                            .find_map(|word| reading.knowledge.senses.object(unit, word))
                            .map(|(_, class)| class)
                    });
                    let Some(class) = class else { continue };
                    let span = unit.span(&unit.phrases[phrase].words);
                    proof.add(span, "objects");
                    let mention = reading.text.mention(span);
                    let effect = match unit.lemma(trigger.head) {
                        "destroy" | "demolish" | "raze" | "wreck" | "torch" | "blow" | "burn" => {
                            Effect::Destroyed
                        }
                        "damage" | "vandalize" | "vandalise" => Effect::Damaged,
                        "seize" | "capture" | "hijack" | "loot" | "confiscate" | "recover" | "rob"
                        | "steal" | "commandeer" | "overrun" => Effect::Seized,
                        _ => self.effect_of(parsed, phrase),
                    };
                    let number =
                        unit.phrases[phrase].number.map(|number| unit.numbers[number].phrase.quantity);
                    // "A radio station and a drugstore" are two; "the building" may be either.
                    let head = unit.lemma(unit.phrases[phrase].head);
                    let frame_at = (cluster.sentence, index);
                    let same = objects.iter().zip(&called).position(|(known, (name, told))| {
                        known.class == class
                            && (number.is_none() || known.number.is_none() || known.number == number)
                            && (name == head || *told != frame_at && (fits_any(name) || fits_any(head)))
                    });
                    match same.and_then(|at| Some((objects.get_mut(at)?, called.get_mut(at)?))) {
                        Some((known, (_, told))) => {
                            *told = frame_at;
                            if !known.mentions.contains(&mention) {
                                known.mentions.push(mention);
                            }
                            known.number = known.number.or(number);
                            if known.effect == Effect::Unknown {
                                known.effect = effect;
                            }
                        }
                        None => {
                            called.push((head.to_owned(), frame_at));
                            objects.push(PhysicalObject { mentions: vec![mention], class, number, effect });
                        }
                    }
                }
            }
        }
        objects
    }

    /// What another verb of the sentence says became of a thing.
    fn effect_of(&self, parsed: &Parsed, phrase: usize) -> Effect {
        let unit = &parsed.unit;
        for (verb, group) in unit.verbs.iter().enumerate() {
            let touched = unit.object(verb) == Some(phrase)
                || (group.passive || group.bare_participle) && unit.subject(verb) == Some(phrase);
            if touched {
                match unit.lemma(group.head) {
                    "destroy" | "demolish" | "flatten" | "level" | "raze" | "gut" => {
                        return Effect::Destroyed;
                    }
                    "damage" => return Effect::Damaged,
                    "seize" | "capture" => return Effect::Seized,
                    _ => {}
                }
            }
        }
        Effect::Unknown
    }

    fn pieces(
        &self,
        draft: &Draft,
        actors: &[Participant],
        recipients: &[Participant],
        proof: &mut Proof,
    ) -> Vec<Vec<Piece>> {
        let reading = self.reading;
        let mut all = Vec::new();
        for cluster in &draft.clusters {
            let parsed = self.parsed(cluster.sentence);
            let unit = &parsed.unit;
            let told = &self.sentences[cluster.sentence];
            let title = reading.text.sentences[told.index].role == SentenceRole::Title;
            let mut kept: Vec<usize> = Vec::new();
            let mut pieces: Vec<Piece> = Vec::new();
            for &index in &cluster.casualties {
                let casualty = &told.casualties[index];
                if casualty.negated {
                    continue;
                }
                // A person's name is no figure: the words that say what was done stand for it.
                let by_name = casualty.phrase.is_some_and(|phrase| {
                    let noun = &unit.phrases[phrase];
                    // "A 15 year old N": the number is an age.
                    let one = casualty.quantity.figure() == Some(1);
                    let age = noun.number.is_some_and(|number| {
                        one && unit.numbers[number].phrase.quantity.figure() != Some(1)
                    });
                    (noun.number.is_none() || age)
                        && casualty.words.contains(&noun.head)
                        && unit.words[noun.head].tag.is_proper()
                });
                let span =
                    unit.span(if by_name { &told.triggers[casualty.trigger].words } else { &casualty.words });
                let mention = reading.text.mention(span);
                let who = self.whose(cluster, casualty, draft, actors, recipients);
                let mut person = casualty
                    .phrase
                    .filter(|_| casualty.quantity == record::Quantity::exact(1))
                    .map(|phrase| Person::of(reading, parsed, phrase));
                let harmed = |phrase: usize| told.casualties.iter().any(|other| other.phrase == Some(phrase));
                let alone = person.as_mut().zip(casualty.phrase).is_some_and(|(person, phrase)| {
                    let alone = person.than_unharmed(reading, parsed, phrase, harmed);
                    person.besides = person.besides.filter(|_| !alone);
                    person.aside |= alone;
                    alone
                });
                let adds = !alone
                    && (casualty
                        .phrase
                        .is_some_and(|phrase| toll::adds_words(unit, &unit.phrases[phrase].words))
                        || matches!(unit.before(casualty.words.start, 1), "also" | "another" | "further")
                        || toll::also_done(unit, told.triggers[casualty.trigger].head));
                let field = casualty.outcome.as_str();
                proof.add(span, field);
                if matches!(casualty.outcome, Outcome::Killed | Outcome::KilledOrInjured) {
                    proof.add(span, "deaths");
                }
                kept.push(index);
                let before = self.counted_before(cluster.sentence, casualty);
                if let Some((_, words)) = before {
                    proof.add(words, field);
                }
                let speaker = self.attribution.reported_by(told.index, told.triggers[casualty.trigger].head);
                pieces.push(Piece {
                    outcome: casualty.outcome,
                    count: Count {
                        number: before.map_or(casualty.quantity, |(quantity, _)| quantity),
                        who,
                        text: mention.text,
                        start: mention.start,
                        end: mention.end,
                        part_of: None,
                        superseded: casualty.superseded,
                        according_to: speaker.and_then(claim::source),
                    },
                    claimed: who != record::CountOf::Actor
                        && speaker.is_some_and(|speaker| claim::speaks_for(speaker, actors)),
                    part_of: casualty.part_of,
                    toll: casualty.toll,
                    at_least_hurt: casualty.at_least_hurt,
                    among: casualty.among,
                    cared: casualty.at_least_hurt
                        && toll::cares(
                            reading.knowledge.lexicon.entry(told.triggers[casualty.trigger].entry),
                        ),
                    person,
                    again: false,
                    outlived: false,
                    was_hurt: false,
                    adds,
                    title,
                    known: casualty.phrase.is_some_and(|phrase| {
                        matches!(
                            unit.lower(unit.phrases[phrase].words.start),
                            "the" | "these" | "those" | "they" | "them" | "both"
                        ) || unit.phrases[phrase].number.is_none()
                            && !matches!(
                                unit.lower(unit.phrases[phrase].words.start),
                                "multiple"
                                    | "numerous"
                                    | "several"
                                    | "many"
                                    | "various"
                                    | "other"
                                    | "additional"
                            )
                            && unit.words[unit.phrases[phrase].head].tag.is_plural()
                            || unit
                                .of(phrase)
                                .is_some_and(|of| unit.lower(unit.phrases[of].words.start) == "the")
                    }),
                });
            }
            for piece in &mut pieces {
                piece.part_of = piece.part_of.and_then(|whole| kept.iter().position(|&index| index == whole));
            }
            if !pieces.is_empty() {
                all.push(pieces);
            }
        }
        // The headline repeats what the text says, and more roughly: the text comes first.
        all.sort_by_key(|pieces| pieces.iter().any(|piece| piece.title));
        all
    }

    /// Claims go to the event told last before them, or in the same sentence.
    fn claims(&self, drafts: &[Draft], events: &mut [Event]) {
        if drafts.len() != events.len() {
            return;
        }
        for (index, parsed) in self.reading.units() {
            for mention in claim::find(self.reading, parsed) {
                // Events are in the order in which they were first told; a claim is of one told not long before.
                let until =
                    drafts.partition_point(|draft| self.sentences[draft.clusters[0].sentence].index <= index);
                let target = drafts[..until]
                    .iter()
                    .enumerate()
                    .skip(until.saturating_sub(CLAIMED_AMONG))
                    .filter(|(position, draft)| {
                        matches!(events[*position].realis, Realis::Asserted | Realis::Historical)
                            && (draft.kind.is_violent()
                                || matches!(draft.kind, Kind::Abduction | Kind::Looting | Kind::Hijacking))
                    })
                    .max_by_key(|(position, draft)| {
                        let latest = draft
                            .clusters
                            .iter()
                            .map(|cluster| self.sentences[cluster.sentence].index)
                            .filter(|&told| told <= index)
                            .max();
                        (latest, std::cmp::Reverse(*position))
                    })
                    .map(|(position, _)| position);
                // "X claimed responsibility for two bombings in Y. At least 20 were killed": told right after.
                let next = || {
                    let draft = drafts.get(until).filter(|draft| draft.kind.is_violent())?;
                    let told = self.sentences[draft.clusters[0].sentence].index;
                    (told <= index + CLAIMED_BEFORE && until == 0).then_some(until)
                };
                let Some(target) = target.or_else(next) else { continue };
                let event = &mut events[target];
                // Who says it twice claims it once.
                let known = |claim: &record::Claim| {
                    let by = |claim: &record::Claim| claim.by.as_ref().and_then(|by| by.actor_id.clone());
                    claim.kind == mention.claim.kind && by(claim).is_some() && by(claim) == by(&mention.claim)
                };
                if event.claims.iter().any(known) {
                    continue;
                }
                let span = parsed.unit.span(&mention.words);
                let quote = self.reading.text.mention(span);
                event.evidence.push(Evidence {
                    start: quote.start,
                    end: quote.end,
                    quote: quote.text,
                    supports: vec!["claims".to_owned()],
                });
                // Who claims it, did it as far as the report knows.
                if matches!(mention.claim.kind, record::ClaimKind::Claimed | record::ClaimKind::Blamed)
                    && let Some(by) = &mention.claim.by
                    && by.sector.is_some_and(|sector| sector.is_armed())
                    && event.actors.iter().all(|actor| actor.actor_id.is_none() && !classify::is_state(actor))
                    && !event.actors.iter().any(|actor| same_side(actor, by) && actor.actor_id.is_some())
                    && event.recipients.iter().all(|who| who.actor_id != by.actor_id || by.actor_id.is_none())
                {
                    let words = if mention.claim.kind == record::ClaimKind::Claimed {
                        "claimed by"
                    } else {
                        "blamed on"
                    };
                    event.reasons.insert(
                        "actors".to_owned(),
                        format!("{words} {}", by.name.as_deref().unwrap_or("them")),
                    );
                    if let Some(last) = event.evidence.last_mut() {
                        last.supports.push("actors".to_owned());
                    }
                    event.actors.insert(0, by.clone());
                }
                event.claims.push(mention.claim);
            }
        }
    }
}

/// Stable: a hash of the report's text and of where its first trigger stands.
#[must_use]
pub fn id(text: &[u8], event: &Event, index: usize) -> String {
    use sha2::{Digest, Sha256};
    let mut hasher = Sha256::new();
    hasher.update(text);
    hasher.update(event.sub_event_type.as_str().as_bytes());
    let first =
        event.evidence.iter().find(|evidence| evidence.supports.iter().any(|field| field == "event_type"));
    hasher.update(first.map_or(index, |evidence| evidence.start).to_le_bytes());
    hasher.update(index.to_le_bytes());
    format!("ev-{}", crate::hex(&hasher.finalize()[..8]))
}

/// Nouns that any thing of their class may be called by.
fn fits_any(noun: &str) -> bool {
    matches!(
        noun,
        "building"
            | "car"
            | "compound"
            | "facility"
            | "headquarters"
            | "home"
            | "house"
            | "installation"
            | "office"
            | "place"
            | "premises"
            | "property"
            | "site"
            | "structure"
            | "vehicle"
    )
}
