/*! Where an event took place: the places of its own sentences, and, as a guess that says so, those of the
sentences around it, of the dateline, or the country of the people that it happened to. */

use record::vocabulary::{Realis, Sector};
use record::{Event, Participant, Place};
use syntax::{Relation, Tag};
use text::Span;

use crate::day::LEAD_SENTENCES;
use crate::draft::{Cluster, Draft, RECENT_DRAFTS, Telling};
use crate::location::{SPEAKING, admissible, apart, nearest};
use crate::reading::{Parsed, PlaceMention};
use crate::setting::{at_border, is_abroad, is_country, only_division};
use crate::unit::Unit;

/// How many sentences back a place still holds for what is told without one.
const BACK: usize = 3;

/// Most words of the name of a city that stands in another name.
const CITY_WORDS: usize = 3;
/// Population from which a city in another name is meant by it.
const CITY: u32 = 100_000;
/// Up to how many sentences after an event a place named before is nearer to it than the dateline.
const NAMED_WITHIN: usize = 2;

/// What places rest on.
#[derive(Debug, Default)]
pub(crate) struct Rests {
    /// The words.
    pub spans: Vec<Span>,
    /// Why they are taken, where they are not the event's own.
    pub reason: Option<&'static str>,
}

impl Rests {
    fn on(parsed: &Parsed, mention: &PlaceMention, reason: &'static str) -> Self {
        Self { spans: vec![parsed.unit.span(&mention.words)], reason: Some(reason) }
    }
}

impl Telling<'_> {
    /// The places of an event, the most exact first, and what they rest on.
    pub(crate) fn event_places(
        &self,
        draft: &Draft,
        earlier: &[Draft],
        events: &[Event],
        actors: &[Participant],
        recipients: &[Participant],
        realis: Realis,
    ) -> (Vec<Place>, Rests) {
        let (mut places, mut rests) = self.told_places(draft, earlier, events, actors, recipients, realis);
        if realis == Realis::Asserted
            && rests.reason.is_none()
            && let Some((narrow, span)) = self.narrower(draft, &places)
        {
            rests.spans.push(span);
            rests.reason =
                Some("a guess: told of a country, in which the report names places of one division alone");
            places.insert(0, narrow);
        }
        (places, rests)
    }

    /// "An attack in the southwest of Pakistan. … The bomb went off in Quetta": the nearest narrower place of an event that is
    /// told of a country alone, where the report names no other division of it.
    fn narrower(&self, draft: &Draft, places: &[Place]) -> Option<(Place, Span)> {
        let wide =
            |place: &Place| place.where_precision.is_some_and(|precision| precision == 5 || precision == 6);
        let country = places.first()?.country.as_deref()?;
        // A list of countries or of parts of one is told of several places.
        if !self.is_short() || places.len() != 1 || !places.iter().all(wide) {
            return None;
        }
        let body = || {
            self.reading
                .units()
                .flat_map(|(index, parsed)| parsed.places.iter().map(move |place| (index, parsed, place)))
        };
        let (division, _) = only_division(body().map(|(.., mention)| &mention.place))?;
        if division.country.as_deref() != Some(country) {
            return None;
        }
        let first = self.sentences[draft.clusters[0].sentence].index;
        let (.., parsed, mention) = body()
            .filter(|(index, _, mention)| {
                index.abs_diff(first) <= LEAD_SENTENCES
                    && mention.place.name.is_some()
                    && mention.place.where_precision.is_some_and(|precision| precision <= 4)
            })
            .min_by_key(|(index, _, mention)| (index.abs_diff(first), mention.place.where_precision))?;
        Some((mention.place.clone(), parsed.unit.span(&mention.words)))
    }

    fn told_places(
        &self,
        draft: &Draft,
        earlier: &[Draft],
        events: &[Event],
        actors: &[Participant],
        recipients: &[Participant],
        realis: Realis,
    ) -> (Vec<Place>, Rests) {
        let own = self.own_places(draft);
        if !own.0.is_empty() {
            return own;
        }
        if let Some(found) = self.place_in_sentence(draft) {
            return found;
        }
        // Elsewhere in the report: the sentences before, the nearest, the dateline.
        if let Some(found) = self.places_before(draft, earlier, events) {
            return found;
        }
        let first = self.sentences[draft.clusters[0].sentence].index;
        if earlier.is_empty()
            && let Some(found) = self.nearest_place(first)
        {
            // Of "Kenya" in the text and "NAIROBI" before it the one says no more than the other's country, where the
            // first sentences name nothing else.
            let country =
                |place: &Place| found.0.iter().all(|own| is_country(own) && own.country == place.country);
            let lead = self.reading.units().take_while(|(index, _)| *index <= first + NAMED_WITHIN);
            let named = lead.flat_map(|(_, parsed)| &parsed.places).any(|named| !is_country(&named.place));
            return self
                .dateline_place()
                .filter(|line| !named && line.0.iter().all(country))
                .unwrap_or(found);
        }
        let short = self.is_short();
        if realis == Realis::Asserted
            && short
            && let Some(event) = events.iter().find(|event| !event.places.is_empty())
        {
            let reason = "not in the sentence itself; that of what the report tells first";
            return (event.places.clone(), self.rests_of(event, reason));
        }
        if earlier.is_empty()
            && let Some(found) = self.dateline_place()
        {
            return found;
        }
        if realis == Realis::Asserted
            && let Some(found) = self.country_of_people(draft, actors, recipients)
        {
            return found;
        }
        if realis == Realis::Asserted
            && let Some(found) =
                self.named_in_passing(draft).or_else(|| self.home_of_group(actors, recipients))
        {
            return found;
        }
        (Vec::new(), Rests::default())
    }

    fn own_places(&self, draft: &Draft) -> (Vec<Place>, Rests) {
        let mut places: Vec<Place> = Vec::new();
        let mut rests = Rests::default();
        for cluster in &draft.clusters {
            let parsed = self.parsed(cluster.sentence);
            for &index in &cluster.places {
                let mention = &parsed.places[index];
                if places.iter().any(|known| same_record(known, &mention.place)) {
                    continue;
                }
                // What is named again more widely further down is known already; "a train to X", and what stands
                // beside "the attack" as known, is no second place of it.
                let later = cluster.sentence != draft.clusters[0].sentence;
                let aside = self.only_refers(cluster, 0) || travels(&parsed.unit, mention.words.start);
                let apart = places.iter().all(|known| apart(known, &mention.place));
                if later && !places.is_empty() && (aside || apart) {
                    continue;
                }
                rests.spans.push(parsed.unit.span(&mention.words));
                places.push(mention.place.clone());
            }
        }
        // What the gazetteer lacks is named by the text as exactly as it can be.
        places.sort_by_key(|place| match (&place.name, place.where_precision) {
            (None, Some(6)) => 5,
            (_, precision) => precision.unwrap_or(8),
        });
        (places, rests)
    }

    /// A place that a sentence of the event names, though not beside what tells of it.
    fn place_in_sentence(&self, draft: &Draft) -> Option<(Vec<Place>, Rests)> {
        draft.clusters.iter().find_map(|cluster| {
            let parsed = self.parsed(cluster.sentence);
            let trigger = &self.sentences[cluster.sentence].triggers[self.main(cluster).trigger];
            let mention = &parsed.places[nearest(self.reading, parsed, trigger)?];
            let reason = "named in the sentence, though not beside what tells of the event";
            Some((vec![mention.place.clone()], Rests::on(parsed, mention, reason)))
        })
    }

    /// The place of what was told just before in the same paragraph, or named there.
    fn places_before(
        &self,
        draft: &Draft,
        earlier: &[Draft],
        events: &[Event],
    ) -> Option<(Vec<Place>, Rests)> {
        let sentences = &self.reading.text.sentences;
        let first = self.sentences[draft.clusters[0].sentence].index;
        let paragraph = sentences[first].paragraph;
        let back = || {
            (first.saturating_sub(BACK)..first).rev().take_while(|&at| sentences[at].paragraph == paragraph)
        };
        // An event of the same sort before the others, then the one told last.
        let told = |other: &Draft| {
            // Clusters stand in the order of the report.
            let index = |cluster: &Cluster| self.sentences[cluster.sentence].index;
            let from = other.clusters.partition_point(|cluster| index(cluster) + BACK < first);
            let near = other.clusters[from..].iter().map(index).take_while(|&at| at < first);
            near.filter(|at| back().any(|near| near == *at)).max()
        };
        let event = (earlier.len() == events.len())
            .then(|| {
                // What was told long before is near no sentence of this event.
                let recent = earlier.len().saturating_sub(RECENT_DRAFTS);
                let told_last = earlier[recent..].iter().zip(&events[recent..]);
                let placed = told_last.filter(|(_, event)| !event.places.is_empty());
                placed
                    .filter_map(|(other, event)| Some(((other.kind.agrees(draft.kind), told(other)?), event)))
                    .max_by_key(|(rank, _)| *rank)
            })
            .flatten();
        if let Some((_, event)) = event {
            let reason = "not in the sentence itself; that of an event told just before";
            return Some((event.places.clone(), self.rests_of(event, reason)));
        }
        // Of the places named there, the one where the sentence itself happens: not where weapons came from.
        let named = back().filter_map(|index| self.reading.parsed[index].as_ref());
        let (_, parsed, mention) = named
            .flat_map(|parsed| {
                let scene = self.scene_of(parsed);
                scene.into_iter().zip(&parsed.places).map(move |(surely, mention)| (surely, parsed, mention))
            })
            .min_by(|(a, ..), (b, ..)| b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)))?;
        let reason = "not in the sentence itself; named just before it";
        Some((vec![mention.place.clone()], Rests::on(parsed, mention, reason)))
    }

    /// How surely each place of a sentence is where what it says as a whole happens: what somebody does by habit ("the
    /// leader supplies fighters around Herat") is no scene of what follows.
    fn scene_of(&self, parsed: &Parsed) -> Vec<(u8, f64)> {
        let words = &parsed.unit.words;
        let root = words.iter().position(|word| word.relation == Relation::Root).unwrap_or(0);
        let chances = self.reading.knowledge.event_places.chances(parsed, &(root..root + 1));
        let inside = |place: usize| admissible(parsed, place) && !is_country(&parsed.places[place].place);
        let happens = if is_habit(&parsed.unit, root) { 1 } else { 2 };
        let surely = |place: usize| if inside(place) { happens } else { 0 };
        chances.into_iter().enumerate().map(|(place, chance)| (surely(place), chance)).collect()
    }

    /// A report that names its places only elsewhere: the nearest sentence that names one.
    fn nearest_place(&self, first: usize) -> Option<(Vec<Place>, Rests)> {
        let (_, parsed, mention) = self
            .reading
            .units()
            .filter_map(|(index, parsed)| Some((index.abs_diff(first), parsed, self.narrowest(parsed)?)))
            .min_by_key(|(gap, ..)| *gap)
            .filter(|(gap, ..)| *gap <= LEAD_SENTENCES)?;
        let reason = "not in the sentence itself; the nearest that the report names";
        Some((vec![mention.place.clone()], Rests::on(parsed, mention, reason)))
    }

    /// The most exact place of a sentence, first of those that may be where something happened; not a country that
    /// is named for where it begins.
    fn narrowest<'p>(&self, parsed: &'p Parsed) -> Option<&'p PlaceMention> {
        let beyond = |mention: &PlaceMention| {
            is_country(&mention.place) && at_border(&self.reading.text, &parsed.unit.tokens(&mention.words))
        };
        let places = (0..parsed.places.len()).filter(|&place| !beyond(&parsed.places[place]));
        let best = places.min_by_key(|&place| {
            let known = &parsed.places[place].place;
            (!admissible(parsed, place), is_country(known), known.where_precision.unwrap_or(8))
        });
        best.map(|place| &parsed.places[place])
    }

    /// "Three Iraqi soldiers were killed": nothing says where, but most likely at home.
    fn country_of_people(
        &self,
        draft: &Draft,
        actors: &[Participant],
        recipients: &[Participant],
    ) -> Option<(Vec<Place>, Rests)> {
        let reading = self.reading;
        let country = recipients.iter().find_map(|who| who.country.as_deref()).or_else(|| {
            actors.iter().filter(|who| fights_at_home(who)).find_map(|who| who.country.as_deref())
        })?;
        if reading.country.as_deref().is_some_and(|main| main != country) {
            return None;
        }
        let (span, place) = draft.clusters.iter().find_map(|cluster| {
            let unit = &self.parsed(cluster.sentence).unit;
            let mut nations =
                reading.knowledge.who.nations(&reading.text, unit.tokens(&(0..unit.words.len())));
            nations.retain(|nation| {
                nation.country.iso3 == country
                    && nation.tail.is_none()
                    && !is_abroad(&reading.text, &nation.tokens)
            });
            let span = reading.text.span_of(nations.first()?.tokens.clone());
            let toponym = reading.knowledge.places.mention(&reading.text, span);
            let hints = whereabouts::Hints::default();
            let place = reading.knowledge.places.resolve(&reading.text, &[toponym], &hints).pop()?;
            (place.country.as_deref() == Some(country)).then_some((span, place))
        })?;
        let reason = "no place in the text; the country of the people that it happened to";
        Some((vec![place], Rests { spans: vec![span], reason: Some(reason) }))
    }

    /// "The Kabul bombing", "the mayor of Altena", "the Damascus International Fair": no place is told, but a city
    /// stands in a name.
    fn named_in_passing(&self, draft: &Draft) -> Option<(Vec<Place>, Rests)> {
        let reading = self.reading;
        if reading.units().any(|(_, parsed)| !parsed.places.is_empty()) {
            return None;
        }
        let mut own = draft.clusters.iter().map(|cluster| self.sentences[cluster.sentence].index);
        let span = own.find_map(|index| self.city_in_names(index))?;
        let toponym = reading.knowledge.places.mention(&reading.text, span);
        let hints = whereabouts::Hints {
            countries: reading.country.iter().cloned().collect(),
            ..whereabouts::Hints::default()
        };
        let mut place = reading.knowledge.places.resolve(&reading.text, &[toponym], &hints).pop()?;
        // A guess of the country, not of the town.
        place.where_precision = Some(6);
        place.find_cell();
        place.reason = format!("a guess: {}", place.reason);
        let reason = "no place in the text; one that it names only as part of another name or of a title";
        place.country.is_some().then(|| (vec![place], Rests { spans: vec![span], reason: Some(reason) }))
    }

    /// The first country or well-known city among the capitalised words of a sentence that are no person's name.
    fn city_in_names(&self, sentence: usize) -> Option<Span> {
        let reading = self.reading;
        let parsed = reading.parsed.get(sentence)?.as_ref()?;
        let unit = &parsed.unit;
        let is_name = |at: usize| unit.words.get(at).is_some_and(|word| word.capital && !word.tag.is_verb());
        let taken = |at: usize| {
            parsed.persons.iter().any(|person| person.words.contains(&at))
                || parsed.actors.iter().any(|actor| actor.words.contains(&at))
        };
        (0..unit.words.len()).filter(|&at| is_name(at) && !taken(at)).find_map(|start| {
            (start + 1..=start + CITY_WORDS).rev().find_map(|end| {
                let words = start..end;
                let span = words.clone().all(is_name).then(|| unit.span(&words))?;
                let name = reading.text.slice(span);
                let known = reading.knowledge.places.lookup(name).into_iter().any(|candidate| {
                    candidate.tier == whereabouts::Tier::Exact
                        && name.chars().count() > 3
                        && name.chars().any(char::is_lowercase)
                        && (candidate.level == whereabouts::Level::Settlement && candidate.population >= CITY
                            || candidate.level == whereabouts::Level::Country)
                        && candidate.name.to_lowercase() == name.to_lowercase()
                });
                known.then_some(span)
            })
        })
    }

    /// "Members of Boko Haram killed 22 people": nothing says where, but most likely where the group is at home.
    fn home_of_group(
        &self,
        actors: &[Participant],
        recipients: &[Participant],
    ) -> Option<(Vec<Place>, Rests)> {
        let reading = self.reading;
        let who = actors.iter().find(|who| fights_at_home(who) && who.country.is_some())?;
        let country = reading.knowledge.countries.by_iso3(who.country.as_deref()?)?;
        let elsewhere = |known: &Option<String>| known.as_ref().is_some_and(|known| *known != country.iso3);
        if elsewhere(&reading.country) || recipients.iter().any(|who| elsewhere(&who.country)) {
            return None;
        }
        let mention = who.mentions.first()?;
        let span = Span::new(reading.text.byte(mention.start), reading.text.byte(mention.end));
        // The gazetteer's record of the country; the words are those that name the group.
        let name = text::Text::new(&country.name);
        let toponym = reading.knowledge.places.mention(&name, Span::new(0, country.name.len()));
        let mut place =
            reading.knowledge.places.resolve(&name, &[toponym], &whereabouts::Hints::default()).pop()?;
        place.text.clone_from(&mention.text);
        (place.start, place.end) = (mention.start, mention.end);
        place.reason = format!("a guess: {} is where this group is at home", country.name);
        let reason = "no place in the text; the country where the group that did it is at home";
        (place.country.as_deref() == Some(country.iso3.as_str()))
            .then(|| (vec![place], Rests { spans: vec![span], reason: Some(reason) }))
    }

    /// Where the report was written.
    fn dateline_place(&self) -> Option<(Vec<Place>, Rests)> {
        let line = self.reading.dateline.as_ref()?;
        let place = self.reading.dateline_place.as_ref()?;
        let reason = "no place in the text; the dateline's, which is where it was written";
        let spans = vec![line.place.unwrap_or(line.span)];
        Some((vec![place.clone()], Rests { spans, reason: Some(reason) }))
    }

    /// What an event's places rest on, for one that takes them over.
    fn rests_of(&self, event: &Event, reason: &'static str) -> Rests {
        let text = &self.reading.text;
        let spans = event
            .places
            .iter()
            .map(|place| Span::new(text.byte(place.start), text.byte(place.end)))
            .collect();
        Rests { spans, reason: Some(reason) }
    }
}

/// A state strikes abroad too, a group that fights at home seldom does.
fn fights_at_home(who: &Participant) -> bool {
    who.actor_id.is_some()
        && matches!(who.sector, Some(Sector::Rebels | Sector::Paramilitary | Sector::Criminal))
}

/// "Waiting for a train to X", "back from Y".
fn travels(unit: &Unit, word: usize) -> bool {
    let before = unit.phrase_of(word).and_then(|phrase| unit.phrases[phrase].preposition);
    before.is_some_and(|at| matches!(unit.lower(at), "to" | "from" | "for" | "toward" | "towards" | "via"))
}

fn same_record(a: &Place, b: &Place) -> bool {
    a.source_id.is_some() && a.source_id == b.source_id
        || a.geonameid.is_some() && a.geonameid == b.geonameid
        || a.text == b.text && a.name == b.name
}

/// Whether a verb tells what somebody does again and again: the present of a verb that is not one of speaking or being.
fn is_habit(unit: &Unit, verb: usize) -> bool {
    let Some(group) = unit.verb_at.get(verb).copied().flatten().map(|group| &unit.verbs[group]) else {
        return false;
    };
    let lemma = unit.lemma(verb);
    matches!(unit.words[group.words.start].tag, Tag::Vbz | Tag::Vbp)
        && !group.perfect
        && !group.passive
        && !SPEAKING.contains(&lemma)
        && !matches!(lemma, "be" | "have")
}
