//! Place names in running text.
//!
//! A run of capitalised words is a place name where the gazetteer knows it and nothing speaks for a
//! person or an organisation, or where the words around it say that it is one ("the village of X",
//! "X district"): then also when the gazetteer does not know it.

use std::ops::Range;

use record::Relation;
use rustc_hash::FxHashSet;
use text::{Span, Text, TokenKind};

use crate::context::{self, Around, Direction};
use crate::gazetteer::{Candidate, Gazetteer, Level};
use crate::run::{Case, case_of, has_case, is_article, run_from};
use crate::words::Class;

/// Tokens of a run of capitalised words that are looked at together; no name of a place is so long.
const LONGEST_RUN: usize = 48;
/// Most words of a name.
const LONGEST: usize = 7;
/// Population from which a name is taken for the place without a sign of place beside it: smaller
/// places share their names with too many persons and things.
const KNOWN: u32 = 100_000;
/// The same for text without case, where a capital letter tells nothing.
const KNOWN_UNCASED: u32 = 30_000;
/// Population from which a place is better known than the persons who bear its name.
const LARGE: u32 = 500_000;

/// What is called after places and does not stand in them.
const ILLNESSES: &[&str] =
    &["virus", "viruses", "fever", "flu", "disease", "syndrome", "encephalitis", "variant", "strain"];

/// A place name in the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Toponym {
    /// Where.
    pub span: Span,
    /// Which tokens of the text.
    pub tokens: Range<usize>,
    /// Which sentence.
    pub sentence: usize,
    /// How the event lies to it, as far as the words before it say.
    pub relation: Relation,
    /// Kilometres from it.
    pub distance_km: Option<f64>,
    /// What sort of place the words beside it say it is.
    pub kind: Option<Level>,
    /// Part of the name of a building or institution ("Kabul Airport").
    pub facility: bool,
    /// Part of the name of what may be called after a place that it is far from ("Damascus Gate", "Lahore Street").
    pub named_after: bool,
    /// The words around it say that it is a place.
    pub certain: bool,
}

/// What a candidate name is, judged by the words around it.
enum Verdict {
    Place { certain: bool, facility: bool },
    Person,
    No,
}

impl Gazetteer {
    /// The place names of one sentence, in order, none overlapping another or a blocked span.
    #[must_use]
    pub fn find(&self, text: &Text, sentence: usize, blocked: &[Span]) -> Vec<Toponym> {
        self.find_with(text, sentence, blocked, &mut FxHashSet::default())
    }

    /// The place names of a whole text. Knows what one sentence cannot: that "Jordan" was introduced as
    /// "Michael Jordan" before.
    #[must_use]
    pub fn find_all(&self, text: &Text, blocked: &[Span]) -> Vec<Toponym> {
        let mut persons = FxHashSet::default();
        let mut found: Vec<Toponym> = (0..text.sentences.len())
            .flat_map(|sentence| self.find_with(text, sentence, blocked, &mut persons))
            .collect();
        found.retain(|toponym| {
            let name = text.slice(toponym.span).to_lowercase();
            toponym.certain || !persons.contains(&name) || self.countries.by_name(&name).is_some()
        });
        found
    }

    /// A name whose place in the text is known from elsewhere, with what the words around it say.
    /// The span is widened to whole tokens for that, and kept as given otherwise.
    #[must_use]
    pub fn mention(&self, text: &Text, span: Span) -> Toponym {
        let first = text.tokens.partition_point(|token| token.span.end <= span.start);
        let end = text.tokens.partition_point(|token| token.span.start < span.end).max(first);
        let sentence = text.sentence_at(span.start).unwrap_or(0);
        let around = Around::new(text, sentence, &(first..end), &self.words);
        Toponym { span, ..self.toponym(text, sentence, first..end, &around, true, false) }
    }

    fn find_with(
        &self,
        text: &Text,
        index: usize,
        blocked: &[Span],
        persons: &mut FxHashSet<String>,
    ) -> Vec<Toponym> {
        let Some(sentence) = text.sentences.get(index) else { return Vec::new() };
        let case = case_of(text, sentence, has_case(text));
        let end = sentence.tokens.end.min(text.tokens.len());
        let mut found: Vec<Toponym> = Vec::new();
        let mut at = sentence.tokens.start;
        while at < end {
            let run = match case {
                Case::None => at..(at + LONGEST).min(end),
                // A run is looked at again for each "of" in it.
                _ => run_from(text, at, end.min(at + LONGEST_RUN)),
            };
            if run.is_empty() {
                at += 1;
                continue;
            }
            if case == Case::Mixed
                && run.len() == 1
                && let Some(road) = self.numbered_road(text, index, at).filter(|road| road.tokens.end <= end)
            {
                at = road.tokens.end;
                found.push(road);
                continue;
            }
            if case != Case::None
                && let Some((road, after)) = self.joined_by_road(text, index, at, end)
            {
                found.extend(
                    road.into_iter()
                        .filter(|toponym| !blocked.iter().any(|span| span.overlaps(toponym.span))),
                );
                at = after;
                continue;
            }
            let taken = match case {
                Case::None => self.match_uncased(text, index, run.clone(), found.last()),
                _ => self.match_run(text, index, run.clone(), case, found.last(), persons),
            };
            let next = match case {
                Case::None => taken.last().map_or(at + 1, |last| last.tokens.end),
                _ => run.end.max(at + 1),
            };
            found.extend(
                taken.into_iter().filter(|toponym| !blocked.iter().any(|span| span.overlaps(toponym.span))),
            );
            at = next;
        }
        found
    }

    /// The longest known name that begins at a token; words of kind at its end only where they belong to it.
    fn longest(&self, text: &Text, run: &Range<usize>) -> Option<(Range<usize>, Vec<Candidate>)> {
        let longest = run.end.min(run.start + LONGEST);
        (run.start + 1..=longest).rev().find_map(|end| {
            let last = text.word(text.tokens.get(end - 1)?);
            // "The United States" is no state called United.
            let country = || self.countries.by_name(text.slice(text.span_of(run.start..end))).is_some();
            if end - run.start > 1 && self.words.any(last, &[Class::Admin1, Class::Admin2]) && !country() {
                let shorter = text.slice(text.span_of(run.start..end - 1));
                if self.knows(shorter) {
                    return None;
                }
            }
            let first = text.word(text.tokens.get(run.start)?);
            if end - run.start == 1
                && (first.chars().count() < 2
                    || self.words.any(first, &[Class::Calendar, Class::Function])
                    // "(Beni Region)", "Airport attack": a word of kind alone names nothing.
                    || self.words.any(
                        first,
                        &[Class::Admin1, Class::Admin2, Class::Settlement, Class::Facility],
                    ))
            {
                return None;
            }
            let name = text.slice(text.span_of(run.start..end));
            if !self.knows(name) {
                return None;
            }
            let candidates = self.lookup(name);
            (!candidates.is_empty()).then_some((run.start..end, candidates))
        })
    }

    /// Place names in a run of capitalised words.
    fn match_run(
        &self,
        text: &Text,
        sentence: usize,
        mut run: Range<usize>,
        case: Case,
        before: Option<&Toponym>,
        persons: &mut FxHashSet<String>,
    ) -> Vec<Toponym> {
        let mut found: Vec<Toponym> = Vec::new();
        let word = |token: usize| text.tokens.get(token).map_or("", |token| text.word(token));
        // "The", "In", "On" at the head of a sentence; "Northern" before a name that is not one with it.
        while run.start < run.end && self.words.any(word(run.start), &[Class::Function, Class::Calendar]) && {
            let with = text.slice(text.span_of(run.start..run.end));
            run.len() == 1 || !self.bears(with)
        } {
            run.start += 1;
        }
        if self.is_part_of_country(text, &run) {
            run.start += 1;
        }
        // "in Riyadh No group claimed it": where a full stop was left out, the next sentence begins in the run.
        while run.len() > 1
            && self.words.any(word(run.end - 1), &[Class::Function, Class::Calendar])
            && !self.knows(text.slice(text.span_of(run.clone())))
        {
            run.end -= 1;
        }
        // "Fighting In Kano As Police Fire": small words are written large too, and are no part of a name.
        if let Some(at) = self.small_word(text, &run) {
            let mut found = self.match_run(text, sentence, run.start..at, case, before, persons);
            let rest = self.match_run(text, sentence, at..run.end, case, found.last().or(before), persons);
            found.extend(rest);
            return found;
        }
        // "Andar District of Ghazni Province", "the University of Mosul": two names, and the first is said to lie
        // in the second.
        if let Some(of) = self.joint(text, &run) {
            // "the Old City of Damascus" has no name but the second.
            let bare = [Class::Modifier, Class::Settlement, Class::Facility, Class::Function, Class::Common];
            let named = (run.start..of).any(|token| !self.words.any(word(token), &bare));
            let mut found = if named {
                self.match_run(text, sentence, run.start..of, case, before, persons)
            } else {
                Vec::new()
            };
            let rest =
                self.match_run(text, sentence, of + 1..run.end, case, found.last().or(before), persons);
            found.extend(rest);
            return found;
        }
        let whole = run.clone();
        let mut rest = run;
        while rest.start < rest.end {
            let Some((tokens, candidates)) = self.longest(text, &rest) else {
                rest.start += 1;
                continue;
            };
            let around = Around::new(text, sentence, &tokens, &self.words);
            match self.judge(text, &whole, &tokens, &candidates, &around, case, found.last().or(before)) {
                Verdict::Place { certain, facility } => {
                    found.push(self.toponym(text, sentence, tokens.clone(), &around, certain, facility));
                    rest.start = tokens.end;
                }
                Verdict::Person => {
                    // "The village of Qaza Ali" is no man.
                    if found.is_empty()
                        && case == Case::Mixed
                        && let Some(called) = self.unknown(text, sentence, whole.clone(), before, true)
                    {
                        return vec![called];
                    }
                    persons.insert(word(whole.end - 1).trim_end_matches("'s").to_lowercase());
                    return found;
                }
                Verdict::No => rest.start = tokens.end,
            }
        }
        if found.is_empty() && case == Case::Mixed {
            found.extend(self.unknown(text, sentence, whole, before, false));
        }
        found
    }

    /// "NW Pakistan", "S. Philippines": a country, whose part is said in short before it.
    fn is_part_of_country(&self, text: &Text, run: &Range<usize>) -> bool {
        let word = |token: usize| text.tokens.get(token).map_or("", |token| text.word(token));
        run.len() > 1 && Direction::abbreviated(word(run.start)).is_some() && {
            let name = (run.start + 2..=run.end).rev().map(|end| text.slice(text.span_of(run.start..end)));
            let country = (run.start + 2..=run.end).any(|end| {
                let name = text.slice(text.span_of(run.start + 1..end));
                self.countries.by_name(name).is_some() && !self.words.is(name, Class::Person)
            });
            // "N. Korea", "S. Sudan" are names.
            country && name.into_iter().all(|name| !self.bears(name))
        }
    }

    /// The first small word inside a run of capitalised words that belongs to no name there.
    fn small_word(&self, text: &Text, run: &Range<usize>) -> Option<usize> {
        let word = |token: usize| text.tokens.get(token).map_or("", |token| text.word(token));
        let known = |from: usize, to: usize| self.knows(text.slice(text.span_of(from..to)));
        (run.start + 1..run.end.saturating_sub(1)).find(|&at| {
            let small = word(at);
            small.chars().next().is_some_and(char::is_uppercase)
                && !matches!(small, "Of" | "De" | "La" | "No")
                && self.words.is(small, Class::Function)
                // "An Nasiriyah", "At Tall": the Arabic article.
                && !small.chars().last().is_some_and(|last| {
                    word(at + 1).chars().next().is_some_and(|next| next.eq_ignore_ascii_case(&last))
                })
                && !known(at, at + 2)
                && !known(at - 1, at + 2)
        })
    }

    /// The "of" in a run of capitalised words that stands after a word of kind and between two names.
    fn joint(&self, text: &Text, run: &Range<usize>) -> Option<usize> {
        let word = |token: usize| text.tokens.get(token).map_or("", |token| text.word(token));
        let kinds = [Class::Admin1, Class::Admin2, Class::Settlement, Class::Natural, Class::Facility];
        let of = (run.start + 1..run.end.saturating_sub(1)).find(|&token| {
            word(token) == "of"
                && (self.words.any(word(token - 1), &kinds)
                    || matches!(word(token - 1), "Battle" | "Siege" | "Fall" | "Liberation" | "Area"))
        })?;
        (!self.knows(text.slice(text.span_of(run.clone())))).then_some(of)
    }

    /// A name that the gazetteer does not know and that the words in it or around it call a place; those in it or
    /// right beside it where it looks like a person's.
    fn unknown(
        &self,
        text: &Text,
        sentence: usize,
        run: Range<usize>,
        before: Option<&Toponym>,
        personal: bool,
    ) -> Option<Toponym> {
        let word = |token: usize| text.tokens.get(token).map_or("", |token| text.word(token));
        let divisions = [Class::Admin1, Class::Admin2, Class::Settlement];
        let mut tokens = run;
        let mut own_kind = None;
        while tokens.len() > 1 && self.words.any(word(tokens.end - 1), &divisions) {
            own_kind = self.own_kind(text, &tokens).or(Some(Level::Settlement));
            tokens.end -= 1;
        }
        // "Okra Hills", "Tishreen Power Plant", "Kafr Hamra": the name says itself what it names.
        let last = word(tokens.end.saturating_sub(1));
        let natural = tokens.len() > 1 && self.words.is(last, Class::Natural);
        let headed = natural || tokens.len() > 1 && self.words.is(last, Class::Facility);
        let begun = tokens.len() > 1 && self.words.is(word(tokens.start), Class::NameHead);
        let around = Around::new(text, sentence, &tokens, &self.words);
        // "The Huriyah district of Baghdad", but "the Texas town of Waco".
        let of_another =
            || around.kind_before_of.filter(|_| !self.knows(text.slice(text.span_of(tokens.clone()))));
        own_kind = own_kind.or_else(of_another);
        let called = around.kind.is_some() && !around.doubtful || own_kind.is_some() || around.part;
        // "The Barada Valley area": of what says what is named, one word is enough; the rest is the name.
        let name_words = if headed {
            tokens.start + usize::from(begun && tokens.len() > 2)..tokens.end - 1
        } else {
            tokens.start + usize::from(begun || called && tokens.len() > 1)..tokens.end
        };
        let mut skip = vec![Class::Function, Class::Calendar, Class::Organisation];
        if !headed {
            skip.extend([Class::Common, Class::Facility, Class::Title]);
        }
        if tokens.is_empty()
            || tokens.len() > if headed { 5 } else { 4 }
            || self.words.any(word(tokens.start), &[Class::Function, Class::Calendar, Class::Organisation])
            || name_words.clone().any(|token| self.words.any(word(token), &skip))
            || name_words.clone().all(|token| self.words.any(word(token), &[Class::Modifier, Class::Common]))
        {
            return None;
        }
        let name = text.slice(text.span_of(tokens.clone()));
        let acronym = name.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
        // "Turkmen Mountains" are named after a people, "Syrian Airlines" are not named after a place.
        let of_people = self.countries.by_demonym(word(tokens.start)).is_some() && !natural;
        if acronym || self.words.any(name, &divisions) || of_people {
            return None;
        }
        let nested = !personal
            && (around.locative || word(tokens.start.wrapping_sub(1)) == "between")
            && context::inside_of(text, sentence, tokens.end).is_some_and(|after| self.knows(after));
        // "the villages of X and Y"
        let second = before.is_some_and(|before| {
            (before.kind == Some(Level::Settlement) || before.certain && !self.knows(text.slice(before.span)))
                && before.sentence == sentence
                && context::joined(text, before.tokens.end, tokens.start)
        });
        let behind = tokens.start.checked_sub(1).map_or("", word);
        let placed = natural
            || begun
            || headed
                && (around.locative
                    || self.words.any(behind, &[Class::WeakLocative, Class::OnlyPlace])
                    || !around.saying && !around.opens && self.is_described(text, tokens.start))
            || around.listed
            || !personal && self.stands_alone(text, &tokens, &around);
        let said = context::said_after(text, sentence, tokens.end, &self.words)
            || context::said_before(text, sentence, tokens.start, &self.words);
        (called || nested || second || placed || said).then(|| {
            let mut toponym = self.toponym(text, sentence, tokens, &around, true, false);
            toponym.kind = toponym
                .kind
                .or(own_kind)
                .or_else(|| before.filter(|_| second).and_then(|before| before.kind));
            toponym
        })
    }

    /// Whether an unknown name stands where only a place does: right behind "in" or "near", or behind what is done
    /// to places alone ("entered", "recaptured").
    fn stands_alone(&self, text: &Text, tokens: &Range<usize>, around: &Around) -> bool {
        let word = |token: usize| text.tokens.get(token).map_or("", |token| text.word(token));
        let next = text.tokens.get(tokens.end);
        let plain = !around.possessive
            && !around.saying
            && next.is_none_or(|token| {
                token.kind != TokenKind::Word
                    || text.word(token).chars().all(char::is_lowercase)
                    || self.words.is(text.word(token), Class::Calendar)
            });
        let behind = |back: usize| tokens.start.checked_sub(back).map_or("", word);
        // "East of Khan al-Sheih": from a person no direction is counted.
        let counted = behind(1) == "of"
            && (context::Direction::of(behind(2)).is_some() || context::is_distance(behind(2)));
        // "In Khan al-Assal".
        let named_after =
            matches!(behind(1), "in" | "near" | "at") && tokens.clone().any(|token| is_article(word(token)));
        let personal =
            !counted && !named_after && tokens.clone().any(|token| self.words.is(word(token), Class::Person));
        // "The siege of X", "residents of X", "an assault on X".
        let of_place = behind(1) == "of" && self.words.is(behind(2), Class::PlaceOf)
            || behind(1) == "on" && self.words.is(behind(2), Class::PlaceOn);
        // "In central Maree": what describes a place stands between.
        let described = (1..=3)
            .find(|&back| !self.words.any(behind(back), &[Class::Modifier, Class::Describing]))
            .is_some_and(|back| matches!(behind(back), "in" | "near" | "at"));
        let only = self.words.is(behind(1), Class::OnlyPlace) || described;
        plain && !personal && tokens.len() <= 3 && (of_place || only)
    }

    /// "Captured Grahovo", "control of Huddur": what may be done to persons too, to a name that the gazetteer knows.
    fn is_taken(&self, text: &Text, tokens: &Range<usize>, around: &Around) -> bool {
        let word = |token: usize| text.tokens.get(token).map_or("", |token| text.word(token));
        let behind = |back: usize| tokens.start.checked_sub(back).map_or("", word);
        let name = text.slice(text.span_of(tokens.clone()));
        let titled = self.words.any(word(tokens.start), &[Class::Title, Class::Common, Class::Person]);
        // A person is captured "in 1998", "at his home"; "captured Ansar members" are neither.
        let ends = text.tokens.get(tokens.end).is_none_or(|token| {
            let next = text.word(token);
            token.kind != TokenKind::Word
                || matches!(
                    next,
                    "and" | "or" | "from" | "on" | "after" | "last" | "before" | "without" | "with"
                )
                || self.words.is(next, Class::Calendar)
        });
        ends && !titled
            && name.chars().any(char::is_lowercase)
            && !around.possessive
            && !around.saying
            && self.words.is(behind(1), Class::Taken)
    }

    /// Whether an article and what describes a thing stand before a name: "the strategic Farouk Hospital".
    fn is_described(&self, text: &Text, start: usize) -> bool {
        let word = |back: usize| {
            start.checked_sub(back).and_then(|at| text.tokens.get(at)).map_or("", |token| text.word(token))
        };
        let plain = |word: &str| word.len() > 3 && word.chars().all(char::is_lowercase);
        (1..=3).take_while(|&back| back == 1 || plain(word(back - 1))).any(|back| word(back) == "the")
    }

    /// "Highway 80", "Route 9": a road that has a number for a name.
    fn numbered_road(&self, text: &Text, sentence: usize, at: usize) -> Option<Toponym> {
        let is_road = matches!(
            text.word(text.tokens.get(at)?),
            "Highway" | "Route" | "Road" | "Interstate" | "Motorway"
        );
        let number = text.tokens.get(at + 1).filter(|token| token.kind == TokenKind::Number)?;
        let short = text.word(number).len() <= 4;
        let tokens = at..at + 2;
        let around = Around::new(text, sentence, &tokens, &self.words);
        (is_road && short).then(|| self.toponym(text, sentence, tokens, &around, true, false))
    }

    /// Place names in text without case, from the first token of `window`.
    fn match_uncased(
        &self,
        text: &Text,
        sentence: usize,
        window: Range<usize>,
        before: Option<&Toponym>,
    ) -> Vec<Toponym> {
        let is_word =
            |token: usize| text.tokens.get(token).is_some_and(|token| token.kind == TokenKind::Word);
        let end = window.clone().find(|&token| !is_word(token)).unwrap_or(window.end);
        let window = window.start..end;
        if window.is_empty() {
            return Vec::new();
        }
        // Only a country is taken without a sign of place before or beside it: most words need no look-up.
        let word = |token: usize| text.tokens.get(token).map_or("", |token| text.word(token));
        let previous = window.start.checked_sub(1).map_or("", word);
        let signs = [Class::Locative, Class::WeakLocative, Class::Modifier, Class::Settlement];
        let after_sign = self.words.any(previous, &signs) || matches!(previous, "," | "/" | "the" | "THE");
        let before_kind = (1..LONGEST).any(|ahead| {
            self.words.any(
                word(window.start + ahead),
                &[Class::Admin1, Class::Admin2, Class::Settlement, Class::Natural],
            )
        });
        if !after_sign && !before_kind && !self.begins_country(word(window.start)) {
            return Vec::new();
        }
        let Some((tokens, candidates)) = self.longest(text, &window) else { return Vec::new() };
        let name = text.slice(text.span_of(tokens.clone()));
        if self.is_demonym(name)
            || self.words.any(name, &[Class::Title, Class::Locative, Class::WeakLocative, Class::Settlement])
        {
            return Vec::new();
        }
        let around = Around::new(text, sentence, &tokens, &self.words);
        let joined = before.is_some_and(|before| context::joined(text, before.tokens.end, tokens.start));
        let common = self.words.any(name, &[Class::Common, Class::Person, Class::Modifier]);
        let known = candidates.iter().any(|candidate| {
            matches!(candidate.level, Level::Country)
                || candidate.tier == crate::pack::Tier::Exact
                    && (candidate.supplement
                        || (candidate.level == Level::First && tokens.len() + name.len() > 5)
                        || candidate.population >= KNOWN_UNCASED)
        });
        let country = candidates.iter().any(|candidate| candidate.level == Level::Country);
        let signed = around.kind.is_some() || around.locative || around.contained || joined;
        let word_like = tokens.len() == 1 && (name.len() < 4 || common);
        let accept = match (country, word_like) {
            (true, false) => true,
            (true, true) => !self.words.is(name, Class::Person) || signed,
            (false, true) => around.kind.is_some() && known,
            (false, false) => known && signed,
        };
        if accept { vec![self.toponym(text, sentence, tokens, &around, signed, false)] } else { Vec::new() }
    }

    /// Weighs the signs of place against the signs of person and organisation.
    #[expect(clippy::too_many_arguments, reason = "one judgement over everything that is seen around a name")]
    fn judge(
        &self,
        text: &Text,
        run: &Range<usize>,
        tokens: &Range<usize>,
        candidates: &[Candidate],
        around: &Around,
        case: Case,
        before: Option<&Toponym>,
    ) -> Verdict {
        let word = |token: usize| text.tokens.get(token).map_or("", |token| text.word(token));
        let name = text.slice(text.span_of(tokens.clone()));
        let country = candidates.iter().any(|candidate| candidate.level == Level::Country);
        // A sum of money is no country ("US$5m").
        if self.is_demonym(name) || word(tokens.end) == "$" || word(tokens.end).starts_with('$') {
            return Verdict::No;
        }
        // "Western Lakes": what only says which part is no name before another word of one.
        if tokens.len() == 1 && tokens.end < run.end && self.words.is(name, Class::Modifier) {
            return Verdict::No;
        }
        // "West Nile virus", "Lassa fever" are called after where they were first seen.
        if !around.locative && ILLNESSES.contains(&word(tokens.end)) {
            return Verdict::No;
        }
        // "Saint Mark's Church": called after somebody, and no place of that name.
        let thing = word(tokens.end + 1);
        if around.possessive
            && !country
            && thing.chars().next().is_some_and(char::is_uppercase)
            && self.words.is(thing, Class::Facility)
            && matches!(
                word(tokens.start).trim_end_matches('.'),
                "Saint" | "St" | "San" | "Santa" | "Sant" | "Mar"
            )
        {
            return Verdict::No;
        }
        let joined = before.is_some_and(|before| context::joined(text, before.tokens.end, tokens.start));
        let personal = tokens.len() == 1 && self.words.is(name, Class::Person);
        // "Children Killed in South Sudan Attacks": where every word has a capital, those around a name are no part of it.
        let apart = case == Case::Title
            && !personal
            && !self.words.is(name, Class::Title)
            && (country
                || candidates.iter().filter(|candidate| candidate.tier == crate::pack::Tier::Exact).any(
                    |candidate| match around.locative {
                        true => {
                            candidate.population >= KNOWN
                                || candidate.supplement
                                || candidate.level == Level::First
                        }
                        false => candidate.population >= LARGE,
                    },
                ))
            && !self.words.any(word(tokens.end), &[Class::Organisation, Class::Facility]);
        let modifiers = [Class::Modifier, Class::Function, Class::Calendar];
        let kinds = [Class::Admin1, Class::Admin2, Class::Settlement, Class::Natural];
        let left: Vec<usize> = (run.start..tokens.start)
            .filter(|&token| !apart && !self.words.any(word(token), &modifiers))
            .collect();
        // "Chibok Local Government Area" is the district of Chibok.
        let local = word(tokens.end) == "Local" && matches!(word(tokens.end + 1), "Government" | "Council");
        let right: Vec<usize> = (tokens.end..if local { tokens.end } else { run.end })
            .filter(|&token| {
                !apart && !self.words.any(word(token), &kinds) && !self.words.is(word(token), Class::Calendar)
            })
            .collect();
        // "Chief Mosul", "Gen. Paris": a title makes a person of what follows it.
        let titled = self.words.is(word(tokens.start.wrapping_sub(1)), Class::Title) && !around.of_before;
        if titled && !(country && around.possessive) {
            return Verdict::Person;
        }
        let mut facility = false;
        if let Some(&next) = right.first() {
            if right.iter().any(|&token| self.words.is(word(token), Class::Facility)) {
                if !left.is_empty()
                    || !candidates
                        .iter()
                        .any(|candidate| candidate.supplement || candidate.population >= KNOWN)
                {
                    return Verdict::No;
                }
                facility = true;
            } else if self.words.is(word(right[right.len() - 1]), Class::Organisation) || country {
                return Verdict::No;
            } else if !around.possessive {
                // "Paris Hilton", "Jordan Smith"; but "in Aleppo Ahmed said" does not occur without a comma.
                let person =
                    left.is_empty() && right.len() == 1 && !self.words.is(word(next), Class::Organisation);
                return if person && !around.locative { Verdict::Person } else { Verdict::No };
            }
        }
        if !left.is_empty() {
            // "Sunni Mosul", "Iraqi Mosul": whose it is.
            let demonym = left.iter().all(|&token| {
                let word = word(token);
                self.countries.by_demonym(word).is_some()
                    || matches!(
                        word,
                        "Sunni"
                            | "Shiite"
                            | "Shi'ite"
                            | "Shi’ite"
                            | "Shia"
                            | "Kurdish"
                            | "Muslim"
                            | "Christian"
                            | "Arab"
                    )
            });
            let place_before = before.is_some_and(|before| {
                before.tokens.end == tokens.start || before.tokens.end + 1 == tokens.start
            });
            if !(demonym || place_before || facility) {
                return if right.is_empty() && left.len() <= 2 { Verdict::Person } else { Verdict::No };
            }
        }
        // A doubtful word of kind tells only where the gazetteer agrees with it.
        let kind = around
            .kind
            .filter(|kind| !around.doubtful || candidates.iter().any(|candidate| candidate.level == *kind));
        let exact = |candidate: &&Candidate| candidate.tier == crate::pack::Tier::Exact;
        let well_known = |least: u32| {
            candidates
                .iter()
                .filter(exact)
                .any(|candidate| candidate.supplement || candidate.population >= least)
        };
        // "The Zahra neighborhood of Jiddah" is Zahra's; "the Texas town of Waco" is Waco's.
        let kind = kind.or(around.kind_before_of.filter(|_| !well_known(KNOWN) && !country));
        let taken =
            self.is_taken(text, tokens, around) && candidates.iter().any(|candidate| exact(&candidate));
        let signed = local
            || around.locative
            || around.listed
            || kind.is_some()
            || around.contained
            || joined
            || around.dateline
            || taken
            || around.event;
        let single = tokens.len() == 1;
        // "Eastern" is a region of many countries, and a word of every headline.
        let common = single && self.words.any(name, &[Class::Common, Class::Modifier]);
        let famous = candidates.iter().filter(exact).any(|candidate| {
            candidate.supplement
                || candidate.level == Level::First
                || candidate.population >= KNOWN
                || candidate.feature == "PPLC"
        });
        let large = candidates.iter().filter(exact).any(|candidate| candidate.population >= LARGE);
        let short = name.chars().filter(|c| c.is_alphabetic()).count() < 4;
        let acronym = name.len() > 1 && name.chars().all(|c| c.is_uppercase() || c == '.');
        let place = if country {
            !personal || signed || case == Case::Mixed && !around.saying
        } else if common || acronym && !around.dateline && !(famous && signed) {
            kind.is_some() && around.locative
                || famous
                    && (around.contained
                        || case == Case::Mixed && self.stands_alone(text, tokens, around) && left.is_empty())
        } else if personal && large {
            signed || !around.saying && !around.opens
        } else if personal {
            signed && (famous || kind.is_some() || around.contained) && !around.saying
        } else if short {
            signed && famous
        } else if famous {
            signed || case == Case::Title || !around.saying || !around.opens
        } else {
            signed && case == Case::Mixed && (around.strong() || taken || !around.opens)
        };
        if place { Verdict::Place { certain: signed, facility } } else { Verdict::No }
    }

    /// The kind of division that a name's own last word says ("Plymouth County").
    fn own_kind(&self, text: &Text, tokens: &Range<usize>) -> Option<Level> {
        let last = text.tokens.get(tokens.end.checked_sub(1)?).filter(|_| tokens.len() > 1)?;
        let word = text.word(last);
        if self.words.is(word, Class::Admin2) {
            Some(Level::Second)
        } else {
            self.words.is(word, Class::Admin1).then_some(Level::First)
        }
    }

    /// Whether what follows a name is a thing that towns call after other towns: "Damascus Gate", "Baghdad Street". A
    /// "Kabul hotel" in lower case is one in Kabul.
    fn names_other(&self, text: &Text, after: usize) -> bool {
        let word = text.tokens.get(after).map_or("", |token| text.word(token));
        let capital = word.chars().next().is_some_and(char::is_uppercase);
        match word.to_lowercase().as_str() {
            "gate" | "street" | "avenue" => true,
            "square" | "mosque" | "church" | "cathedral" | "stadium" | "station" | "hotel" | "boulevard" => {
                capital
            }
            _ => false,
        }
    }

    fn toponym(
        &self,
        text: &Text,
        sentence: usize,
        tokens: Range<usize>,
        around: &Around,
        certain: bool,
        facility: bool,
    ) -> Toponym {
        let tokens_of_name = tokens.clone();
        let mut span = text.span_of(tokens.clone());
        // A possessive that the tokeniser left on the word is no part of the name.
        let name = text.slice(span);
        if let Some(bare) = name.strip_suffix("'s").or_else(|| name.strip_suffix("’s")) {
            span.end = span.start + bare.len();
        }
        // "‘Arak", "ʿAyn al-Fijah": the Arabic consonant that the name begins with, and no quotation mark.
        let before = text.raw().get(..span.start).unwrap_or("");
        let after = text.raw().get(span.end..).unwrap_or("");
        if let Some(mark) =
            before.chars().next_back().filter(|mark| matches!(mark, '‘' | '\'' | '`' | 'ʿ' | 'ʻ'))
            && !after.starts_with(['’', '\'', '`'])
            && before[..before.len() - mark.len_utf8()].chars().next_back().is_none_or(char::is_whitespace)
        {
            span.start -= mark.len_utf8();
        }
        Toponym {
            span,
            tokens,
            sentence,
            relation: around.relation,
            distance_km: around.distance_km,
            kind: around.kind.or_else(|| self.own_kind(text, &tokens_of_name)),
            facility,
            named_after: self.names_other(text, tokens_of_name.end),
            certain,
        }
    }
}
