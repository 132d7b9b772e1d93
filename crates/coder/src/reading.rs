/*! A report on its way through the stages: what is known of it so far.

`scan` decides which sentences are worth parsing, `tag` parses them, `resolve` finds out which places,
actors and persons their names mean. Every later stage reads from here and adds nothing.
*/

use std::cell::{OnceCell, RefCell};
use std::ops::Range;

use jiff::civil::Date;
use record::{Place, Report};
use rustc_hash::FxHashMap;
use text::{SentenceRole, Text};
use when::{Anchors, Dateline};
use whereabouts::Toponym;

use crate::knowledge::Knowledge;
use crate::learned::Seen;
use crate::people::Who;
use crate::pointer;
use crate::setting::{at_border, is_abroad, is_country, leave_far_fetched, main_country, place_in_country};
use crate::unit::Unit;

/// How much more a word for a nation tells of where a report is than the name of a group does, which raids its
/// neighbours too: "nine Chadian soldiers", against two mentions of Boko Haram.
const NATION: usize = 3;

/// A place name in a sentence.
#[derive(Debug, Clone)]
pub struct PlaceMention {
    /// Words of the unit.
    pub words: Range<usize>,
    /// What it means.
    pub place: Place,
}

/// A named actor in a sentence.
#[derive(Debug, Clone)]
pub struct ActorMention {
    /// Words of the unit.
    pub words: Range<usize>,
    /// Key in the registry.
    pub actor: who::ActorKey,
}

/// A person's name in a sentence.
#[derive(Debug, Clone)]
pub struct PersonMention {
    /// Words of the unit.
    pub words: Range<usize>,
    /// What was found.
    pub person: who::PersonMention,
}

/// A sentence that was parsed, with the names in it.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// The sentence.
    pub unit: Unit,
    /// Places, in order.
    pub places: Vec<PlaceMention>,
    /// Named actors, in order.
    pub actors: Vec<ActorMention>,
    /// Persons, in order.
    pub persons: Vec<PersonMention>,
}

/// Why a sentence was or was not parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// It holds a word that tells of an event.
    Trigger,
    /// It holds a word that makes a statement.
    Statement,
    /// It was read for what it adds to a neighbour.
    Context,
    /// Nothing in it can matter.
    Skipped,
}

/// A report, read.
pub struct Reading<'a> {
    /// What is known.
    pub knowledge: &'a Knowledge,
    /// The text of the report, or of a part of one.
    pub text: Text,
    /// The days that relative dates are read against.
    pub anchors: Anchors,
    /// Its dateline.
    pub dateline: Option<Dateline>,
    /// The place in its dateline.
    pub dateline_place: Option<Place>,
    /// The day of publication as the text gives it.
    pub published_in_text: Option<Date>,
    /// ISO 3166-1 alpha-3 of the country that the report is about, where one stands out.
    pub country: Option<String>,
    /// Who published it, where that outlet has words of its own for actors.
    pub outlet: Option<who::OutletKey>,
    /// By sentence.
    pub gates: Vec<Gate>,
    /// By sentence; `None` where it was not parsed.
    pub parsed: Vec<Option<Parsed>>,
    /// What the learned reader saw in the parsed sentences.
    pub seen: Option<Seen<'a>>,
    /// What the registry made of phrases, by sentence and phrase: they are asked for many times.
    pub(crate) described: RefCell<FxHashMap<(usize, usize), Option<Who>>>,
}

impl<'a> Reading<'a> {
    /// Runs the stages on a report as one text.
    #[must_use]
    pub fn new(knowledge: &'a Knowledge, report: &Report) -> Self {
        let text = Text::with_title(&report.text, report.title.as_deref());
        Self::of(knowledge, text, report.published)
    }

    /// Runs the stages on a report or a part of one, published on a day where that is known.
    #[must_use]
    pub fn of(knowledge: &'a Knowledge, text: Text, published: Option<Date>) -> Self {
        let gates = scan(knowledge, &text);
        let mut reading = Self::with_gates(knowledge, text, published, gates);
        if reading.is_worth_a_look() {
            reading.look();
        }
        reading
    }

    /// Reads every sentence, whether or not anything in it could matter.
    #[must_use]
    pub fn whole(knowledge: &'a Knowledge, report: &Report) -> Self {
        let text = Text::with_title(&report.text, report.title.as_deref());
        Self::every_sentence(knowledge, text, report.published)
    }

    /// Reads every sentence of a report or a part of one: for whoever says from elsewhere what in it matters.
    #[must_use]
    pub fn every_sentence(knowledge: &'a Knowledge, text: Text, published: Option<Date>) -> Self {
        let gates = vec![Gate::Trigger; text.sentences.len()];
        let mut reading = Self::with_gates(knowledge, text, published, gates);
        reading.look();
        reading
    }

    /// The same, published by somebody who may have words of his own for actors.
    #[must_use]
    pub fn by_publisher(mut self, publisher: Option<&str>) -> Self {
        self.outlet = publisher.and_then(|publisher| self.knowledge.who.outlet(publisher));
        self
    }

    fn with_gates(knowledge: &'a Knowledge, text: Text, known: Option<Date>, gates: Vec<Gate>) -> Self {
        // Only the beginning of a report says where and when it was written.
        let dateline_at = |day| text.is_beginning().then(|| when::dateline(&text, day)).flatten();
        let mut dateline = dateline_at(known);
        let published_in_text = match known {
            None if text.is_beginning() => when::publication_day(&text)
                .map(|(day, _)| day)
                .or(dateline.as_ref().and_then(|line| line.day)),
            _ => None,
        };
        let published = known.or(published_in_text);
        if known.is_none() && published.is_some() {
            // The year of a dateline without one is known only now.
            dateline = dateline_at(published);
        }
        let anchors = Anchors { published, dateline: dateline.as_ref().and_then(|line| line.day) };
        // The registry's names, by sentence: the parser is shown them, and they are its actors.
        let names: Vec<Vec<who::Named>> = gates
            .iter()
            .zip(&text.sentences)
            .map(|(gate, sentence)| match gate {
                Gate::Skipped => Vec::new(),
                _ => knowledge.who.find(&text, sentence.tokens.clone()),
            })
            .collect();
        let mut units: Vec<Option<Unit>> = gates
            .iter()
            .enumerate()
            .map(|(sentence, gate)| {
                (*gate != Gate::Skipped).then(|| {
                    let mut times = when::find(&text, sentence, &anchors);
                    // The day in the dateline is when it was written.
                    times.retain(|time| dateline.as_ref().is_none_or(|line| !line.span.overlaps(time.span)));
                    // "In the 1900 block of a street".
                    times.retain(|time| {
                        let after = text.raw().get(time.span.end..).unwrap_or("");
                        !after.trim_start().starts_with("block")
                    });
                    let names = names_of(&text, &names[sentence]);
                    Unit::new(
                        &text,
                        sentence,
                        &knowledge.syntax,
                        (times, anchors.published),
                        &names,
                        dateline.as_ref().map_or(0, |line| line.span.end),
                    )
                })
            })
            .collect();
        // Of the whole text: that "Kelang" is a person is said where they are first named, maybe in a sentence that nobody reads.
        // Asked for only where a doubtful place could be one.
        let everybody = OnceCell::new();
        let everybody = || everybody.get_or_init(|| knowledge.who.persons(&text, 0..text.tokens.len()));
        let mut actors: Vec<Vec<ActorMention>> = Vec::with_capacity(units.len());
        let mut persons: Vec<Vec<PersonMention>> = Vec::with_capacity(units.len());
        let mut toponyms = Vec::new();
        // "Egyptian security forces": the people named point to a country as its places do.
        let mut countries: Vec<(String, usize)> = Vec::new();
        let mut point_to =
            |country: &str, weight: usize| match countries.iter_mut().find(|(known, _)| known == country) {
                Some((_, times)) => *times += weight,
                None => countries.push((country.to_owned(), weight)),
            };
        for (unit, names) in units.iter().zip(names) {
            let Some(unit) = unit else {
                actors.push(Vec::new());
                persons.push(Vec::new());
                continue;
            };
            let tokens = unit.tokens(&(0..unit.words.len()));
            let near: Vec<text::Span> =
                names.iter().filter(|named| named.loose).map(|named| named.span).collect();
            let nations = knowledge.who.nations(&text, tokens.clone());
            // The names were looked up in the whole sentence: the unit may be a part of it.
            let known = if tokens == text.sentences[unit.sentence].tokens {
                names.iter().map(|named| named.tokens.clone()).collect()
            } else {
                let names = knowledge.who.find(&text, tokens.clone());
                names.into_iter().map(|named| named.tokens).collect::<Vec<_>>()
            };
            let mut named: Vec<ActorMention> = names
                .into_iter()
                .filter(|named| tokens.start <= named.tokens.start && named.tokens.end <= tokens.end)
                .map(|named| ActorMention {
                    words: named.tokens.start - unit.first..named.tokens.end - unit.first,
                    actor: named.actor,
                })
                .collect();
            // "The FMLN attacked": where a group is at home, its places are likely to be.
            for home in named.iter().filter_map(|named| knowledge.who.actor(named.actor).country.as_ref()) {
                point_to(home, 1);
            }
            let mut people: Vec<PersonMention> = knowledge
                .who
                .persons_beside(
                    &text,
                    tokens.clone(),
                    known.into_iter().chain(nations.iter().map(|nation| nation.tokens.clone())),
                )
                .into_iter()
                .filter_map(|person| Some(PersonMention { words: unit.words_of(person.span)?, person }))
                .collect();
            let is_repeated = |span: text::Span| {
                let everybody = everybody();
                let from = everybody.partition_point(|person| person.tokens.start < tokens.start);
                let mut here = everybody[from..].iter().take_while(|person| person.tokens.end <= tokens.end);
                here.any(|person| person.same_as.is_some() && person.span.overlaps(span))
            };
            let times: Vec<text::Span> = unit.times.iter().map(|time| time.expression.span).collect();
            let mut found = knowledge.places.find(&text, unit.sentence, &times);
            // "Near Sheikh Zuweid", "the city of Mandera": what is said to be a place is not somebody's name.
            let covers = |toponym: &Toponym, span: text::Span| {
                toponym.certain && toponym.span.start <= span.start && span.end <= toponym.span.end
            };
            // "A checkpoint in Sinai province" is attacked there and not in the group of that name.
            let division = |toponym: &Toponym, span: text::Span| {
                toponym.certain
                    && toponym.span.start == span.start
                    && toponym.span.end < span.end
                    && is_division(text.slice(text::Span::new(toponym.span.end, span.end)).trim())
            };
            named.retain(|named| {
                let span = unit.span(&named.words);
                let behind = 1 + usize::from(unit.before(named.words.start, 1) == "the");
                let inside = matches!(
                    unit.before(named.words.start, behind),
                    "in" | "near" | "at" | "outside" | "inside"
                );
                // "Back in Tal Afar": the longer name holds the shorter one.
                let longer = |toponym: &Toponym| toponym.tokens.len() > named.words.len();
                let local = |toponym: &Toponym| {
                    matches!(toponym.kind, Some(whereabouts::Level::Settlement | whereabouts::Level::Second))
                };
                !found.iter().any(|toponym| {
                    // "Mandera" is a town before it is a spelling of the Mundari.
                    near.contains(&toponym.span) && toponym.span == span
                        || inside && division(toponym, span)
                        || covers(toponym, span) && (inside || longer(toponym) || local(toponym))
                })
            });
            people.retain(|person| {
                let span = person.person.span;
                // "Will patrol Athens": what looks like a role is a verb.
                let done_to =
                    person.words.start.checked_sub(1).is_some_and(|before| unit.words[before].tag.is_verb());
                !found.iter().any(|toponym| {
                    toponym.tokens.len() > 1 && covers(toponym, span)
                        || done_to && toponym.span == span
                        || toponym.kind.is_some() && toponym.certain && toponym.span.overlaps(span)
                })
            });
            found.retain(|toponym| {
                let apart = |words: &Range<usize>| !unit.span(words).overlaps(toponym.span);
                named.iter().all(|named| apart(&named.words))
                    && people.iter().all(|who| apart(&who.words))
                    && (toponym.certain || !is_repeated(toponym.span))
            });
            for nation in nations {
                // "Lake Chad", "the Gulf of Mexico" name no country.
                let inside = found.iter().any(|toponym| {
                    toponym.tokens.len() > nation.tokens.len()
                        && toponym.tokens.start <= nation.tokens.start
                        && nation.tokens.end <= toponym.tokens.end
                });
                if !inside && !at_border(&text, &nation.tokens) && !is_abroad(&text, &nation.tokens) {
                    point_to(&nation.country.iso3, NATION);
                }
            }
            toponyms.extend(found);
            actors.push(named);
            persons.push(people);
        }
        let hints = whereabouts::Hints {
            dateline: dateline.as_ref().and_then(|line| line.place),
            countries: countries.iter().map(|(country, _)| country.clone()).collect(),
            ..whereabouts::Hints::default()
        };
        let mut resolved = knowledge.places.resolve(&text, &toponyms, &hints);
        leave_far_fetched(&mut resolved, &hints.countries);
        let elsewhere: Vec<bool> = toponyms.iter().map(|toponym| at_border(&text, &toponym.tokens)).collect();
        let line = dateline.as_ref().map(|line| line.span);
        place_in_country(&mut resolved, &toponyms, &elsewhere, line, &countries);
        let here = resolved.iter().zip(&elsewhere).filter(|(_, elsewhere)| !**elsewhere);
        let country = main_country(here.map(|(place, _)| place));
        let mut places: Vec<Vec<PlaceMention>> = vec![Vec::new(); units.len()];
        let mut dateline_place = None;
        for (toponym, place) in toponyms.iter().zip(resolved) {
            let in_dateline = dateline.as_ref().is_some_and(|line| line.span.overlaps(toponym.span));
            if in_dateline {
                dateline_place.get_or_insert(place);
                continue;
            }
            let Some(sentence) = text.sentence_at(toponym.span.start) else { continue };
            if let Some(unit) = &units[sentence]
                && let Some(words) = unit.words_of(toponym.span)
                // "During Mass".
                && !(unit.lower(words.start) == "mass"
                    && words.len() == 1
                    && matches!(
                        unit.before(words.start, 1),
                        "during" | "after" | "before" | "attending" | "celebrating" | "at" | "sunday"
                    ))
                // "South Racine Avenue" is a street, and nowhere near Racine.
                && !(is_street(unit.lower(words.end)) && unit.words.get(words.end).is_some_and(|word| word.capital))
            {
                places[sentence].push(PlaceMention { words, place });
            }
        }
        let parsed = units
            .iter_mut()
            .zip(places)
            .zip(actors)
            .zip(persons)
            .map(|(((unit, places), actors), persons)| {
                unit.take().map(|unit| Parsed { unit, places, actors, persons })
            })
            .collect();
        Self {
            seen: None,
            knowledge,
            text,
            anchors,
            dateline,
            dateline_place,
            published_in_text,
            country,
            outlet: None,
            gates,
            parsed,
            described: RefCell::default(),
        }
    }

    /// Whether the learned reader should look. Most news tells of nothing of ours, and looking costs ten times what the rules do: where
    /// these find nothing, nothing is looked at; where they find something, first the sentences with it, each by itself, until a word
    /// there could tell an event.
    fn is_worth_a_look(&self) -> bool {
        let Some(learned) = &self.knowledge.learned else { return false };
        let framed = self.units().filter_map(|(index, parsed)| {
            let frames = crate::frame::read(self, index, parsed).frames;
            (!frames.is_empty()).then_some(index)
        });
        learned.may_tell(&self.text, framed)
    }

    /// Lets the learned reader look.
    fn look(&mut self) {
        let told = |sentence: usize| matches!(self.gates[sentence], Gate::Trigger | Gate::Context);
        self.seen = self.knowledge.learned.as_ref().map(|learned| learned.look(&self.text, told));
    }

    /// The headline, where the text has one.
    #[must_use]
    pub fn title(&self) -> Option<String> {
        self.text.sentences.first().filter(|sentence| sentence.role == SentenceRole::Title).map(|sentence| {
            self.text
                .slice(self.text.paragraphs[sentence.paragraph].span)
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
        })
    }

    /// The chance, 0–1, of each place of a sentence that the event of some words happened there.
    pub(crate) fn place_chances(&self, parsed: &Parsed, event: &Range<usize>) -> Vec<f64> {
        let mut chances = self.knowledge.event_places.chances(parsed, event);
        if let Some(seen) = &self.seen {
            let unit = &parsed.unit;
            let tokens = |words: &Range<usize>| unit.first + words.start..unit.first + words.end;
            let places: Vec<Range<usize>> = parsed.places.iter().map(|place| tokens(&place.words)).collect();
            seen.with_places(
                unit.sentence,
                unit.first + crate::locate::head_of(unit, event),
                &places,
                &mut chances,
            );
        }
        chances
    }

    /// The parsed sentences, in order, with their indices.
    pub fn units(&self) -> impl Iterator<Item = (usize, &Parsed)> {
        self.parsed
            .iter()
            .enumerate()
            .filter_map(|(index, parsed)| parsed.as_ref().map(|parsed| (index, parsed)))
    }

    /// The context at a token: "In neighbouring Nigeria, the army said …" is told of Nigeria's army.
    pub(crate) fn context_at(&self, token: usize) -> who::Context {
        let sentence = self.text.sentences.partition_point(|sentence| sentence.tokens.end <= token);
        let scene = self.parsed.get(sentence).and_then(Option::as_ref).and_then(|parsed| {
            let first = parsed.places.first()?;
            let unit = &parsed.unit;
            let sets = unit.lower(0) == "in"
                && first.words.start <= 2
                && unit.lower(first.words.end) == ","
                && is_country(&first.place);
            first.place.country.clone().filter(|_| sets)
        });
        let context = self.context();
        who::Context { country: scene.or(context.country), ..context }
    }

    /// The context that words for actors are read in.
    #[must_use]
    pub fn context(&self) -> who::Context {
        who::Context { country: self.country.clone(), date: self.anchors.published, outlet: self.outlet }
    }
}

/// Words for streets that stand behind their names.
fn is_street(word: &str) -> bool {
    matches!(
        word,
        "avenue"
            | "ave"
            | "ave."
            | "street"
            | "st."
            | "boulevard"
            | "blvd"
            | "blvd."
            | "drive"
            | "lane"
            | "parkway"
    )
}

/// Words for divisions that stand behind their names.
fn is_division(word: &str) -> bool {
    matches!(word.to_lowercase().as_str(), "province" | "state" | "region" | "governorate" | "district")
}

/// The tokens of a sentence that are shown to the parser as names: those found, each with the acronym in brackets after it; "Iran-backed"
/// and "al-Qaeda-linked" only qualify what follows.
fn names_of(text: &Text, found: &[who::Named]) -> Vec<Range<usize>> {
    let word = |at: usize| text.tokens.get(at).map_or("", |token| text.word(token));
    let acronym = |at: usize| word(at).len() > 1 && word(at).chars().filter(|c| c.is_uppercase()).count() > 1;
    let mut names: Vec<Range<usize>> = Vec::new();
    for named in found {
        let Range { start, mut end } = named.tokens.clone();
        if named.tail.is_some() || names.last().is_some_and(|last| start < last.end) {
            continue;
        }
        if word(end) == "(" && acronym(end + 1) && word(end + 2) == ")" {
            end += 3;
        }
        names.push(start..end);
    }
    names
}

/// Which sentences are parsed.
fn scan(knowledge: &Knowledge, text: &Text) -> Vec<Gate> {
    let mut gates = vec![Gate::Skipped; text.sentences.len()];
    for hit in knowledge.lexicon.hits(text.raw()) {
        if let Some(sentence) = text.sentence_at(hit) {
            gates[sentence] = Gate::Trigger;
        }
    }
    for (index, sentence) in text.sentences.iter().enumerate() {
        if gates[index] == Gate::Skipped && knowledge.statements.may_state(text.slice(sentence.span)) {
            gates[index] = Gate::Statement;
        }
    }
    // The headline and the sentences next to a trigger say where, when and who.
    for index in 0..gates.len() {
        let near = |other: Option<usize>| {
            other.and_then(|other| gates.get(other).map(|gate| (*gate, other))).is_some_and(
                |(gate, other)| {
                    gate == Gate::Trigger
                        && text.sentences[other].paragraph == text.sentences[index].paragraph
                },
            )
        };
        if gates[index] == Gate::Skipped
            && (text.sentences[index].role == SentenceRole::Title
                || near(index.checked_sub(1))
                || near(Some(index + 1)))
        {
            gates[index] = Gate::Context;
        }
    }
    // What points to another report tells of another incident.
    for (paragraph, points) in text.paragraphs.iter().zip(pointer::find(text)) {
        if points {
            gates[paragraph.sentences.clone()].fill(Gate::Skipped);
        }
    }
    gates
}
