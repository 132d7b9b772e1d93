/*! Totals over a period or many places: "22 raids in May", "300 killed so far this year".

A total is never an event. A sentence is read as one where its frame says so: a period of a week or more with
several operations, a verb of recording, the perfect ("have been killed since"), or a war as what kills. Sentences
that go on listing ("In addition, 266 were arrested") inherit period, place and source. A sentence that tells of a
day or of "the attack" stays an event; of one that does both only the clause with the total is taken.
*/

use std::ops::Range;

use jiff::civil::Date;
use record::{Evidence, Participant, Period, Place, Quantity, Tally};
use syntax::Tag;
use text::SentenceRole;

use crate::reading::{Parsed, Reading};
use crate::speaker::Attribution;
use crate::statement::{Found, Sense, Total};
use crate::unit::Unit;

/// Shortest period, in days, that makes counts a total.
const SHORTEST_PERIOD: i32 = 7;
/// Period, in days, from which "in attacks" in the simple past is a total too.
const LONG_PERIOD: i32 = 27;
/// Days from which "have been killed since" counts up to now, though less than a week.
const DAYS_SINCE: i32 = 3;
/// Within how many words after a period it is called the deadliest.
const SPOKEN_OF: usize = 4;
/// How many operations of one kind are several.
const SEVERAL: u64 = 3;
/// The least rounded word that can be a total; "several" and "many" are none.
const DOZENS: u64 = 12;
/// Words between "the worst", "the first" and the "since" that belongs to it.
const SUPERLATIVE_REACH: usize = 14;
/// Words between a number and the verb that says what was counted.
const REACH: usize = 14;

/// A total with the words of the sentence that it takes away from the events.
#[derive(Debug, Clone)]
pub struct TallyDraft {
    /// The total.
    pub tally: Tally,
    /// Index of the sentence in the text.
    pub unit: usize,
    /// Words of the sentence that tell of totals and not of an event.
    pub words: Range<usize>,
}

/// What a listing hands on from sentence to sentence.
#[derive(Debug, Clone)]
struct Run {
    period: Option<Period>,
    places: Vec<Place>,
    by: Option<Participant>,
    reported_by: Option<Participant>,
    /// A listing of what operations brought, which the next sentences may go on with.
    lists: bool,
    sentence: usize,
}

/// The totals of a report, in order.
#[must_use]
pub fn find(reading: &Reading<'_>) -> Vec<TallyDraft> {
    find_said(reading, &Attribution::new(reading))
}

/// The totals of a report, in order, with who says so.
#[must_use]
pub fn find_said(reading: &Reading<'_>, attribution: &Attribution) -> Vec<TallyDraft> {
    let mut found = Vec::new();
    let mut run: Option<Run> = None;
    for (sentence, parsed) in reading.units() {
        if parsed.unit.numbers.is_empty() {
            continue;
        }
        let view = View::new(reading, attribution, parsed);
        if let Some((scope, lists)) = view.frame() {
            let mut fresh = view.run(&scope, lists);
            let items = view.items(&scope, &fresh);
            // What several operations did in several places is told one by one below, or else is all that is told.
            if view.spread(&scope) && !told_below(reading, attribution, sentence, &items) {
                run = None;
                continue;
            }
            fresh.by = fresh.by.or_else(|| items.iter().find_map(|item| item.tally.by.clone()));
            if !items.is_empty() {
                found.extend(items);
                run = Some(fresh);
                continue;
            }
        }
        let before = run.take().filter(|run| view.follows(run));
        if let Some(mut before) = before {
            let scope = 0..parsed.unit.words.len();
            let items = view.items(&scope, &before);
            if view.continues(&before, &items) {
                found.extend(items);
                before.sentence = sentence;
                run = Some(before);
            }
        }
    }
    found
}

/// Whether a sentence further down counts what a summary at the head of the report counts.
fn told_below(
    reading: &Reading<'_>,
    attribution: &Attribution,
    summary: usize,
    items: &[TallyDraft],
) -> bool {
    let text = &reading.text;
    let first = text.sentences.iter().position(|sentence| sentence.role == SentenceRole::Body);
    first == Some(summary)
        && reading.units().filter(|(index, _)| *index > summary).any(|(_, parsed)| {
            let view = View::new(reading, attribution, parsed);
            view.acts(&(0..parsed.unit.words.len())).any(|cue| {
                let what = view.value(cue);
                items.iter().any(|item| item.tally.what == what)
            })
        })
}

/// A sentence with its cues.
struct View<'r, 'a> {
    reading: &'r Reading<'a>,
    attribution: &'r Attribution,
    parsed: &'r Parsed,
    unit: &'r Unit,
    cues: Vec<Found>,
}

/// One thing counted.
struct Item {
    number: usize,
    phrase: Option<usize>,
    what: String,
    /// The verb group that says so.
    verb: Option<usize>,
}

impl<'r, 'a> View<'r, 'a> {
    fn new(reading: &'r Reading<'a>, attribution: &'r Attribution, parsed: &'r Parsed) -> Self {
        let unit = &parsed.unit;
        Self { reading, attribution, parsed, unit, cues: reading.knowledge.statements.find(unit) }
    }

    fn has(&self, scope: &Range<usize>, total: Total) -> bool {
        self.cues.iter().any(|cue| cue.sense == Sense::Tally(total) && scope.contains(&cue.words.start))
    }

    fn value(&self, cue: &Found) -> &str {
        &self.reading.knowledge.statements.cue(cue.cue).value
    }

    /// The words of a total in the sentence, and whether it lists what operations brought.
    fn frame(&self) -> Option<(Range<usize>, bool)> {
        if self.reading.text.sentences[self.unit.sentence].role != SentenceRole::Body {
            return None;
        }
        let unit = self.unit;
        let whole = 0..unit.words.len();
        if self.spread(&whole) {
            return Some((whole, false));
        }
        let day = self.day().is_some();
        let anchor = self.periods().next().map(|(words, ..)| words.start).or_else(|| {
            self.cues.iter().find(|cue| cue.sense == Sense::Tally(Total::Frame)).map(|cue| cue.words.start)
        });
        let scope = match (day, anchor) {
            // Beside the day's event only the clause with the period is a total.
            (true, Some(anchor)) => {
                let clause = self.clause(anchor);
                // "On Wednesday at a ceremony for a man *who* was killed in 2020".
                let day = self.day().map_or(anchor, |day| day.start);
                let who = (day..anchor).rev().find(|&at| unit.lower(at) == "who");
                who.map_or(clause.start, |who| clause.start.max(who + 1))..clause.end
            }
            (true, None) => return None,
            (false, _) => whole,
        };
        let long = self.periods().map(|(_, period)| days(&period)).max().unwrap_or(0);
        let frame = self.has(&scope, Total::Frame);
        let timed = long >= SHORTEST_PERIOD || frame;
        let single = self.has(&scope, Total::Single) || self.by_one(&scope);
        let operations = self.operations(&scope);
        let listed = operations >= 1 && !single;
        if timed && listed && operations >= 2
            || self.several(&scope) && self.has(&scope, Total::Summary) && !single && !day
        {
            return Some((scope, true));
        }
        if long >= LONG_PERIOD && !single && self.counts_things(&scope) {
            return Some((scope, true));
        }
        // "In total" sums up, and records nothing.
        let recorded = self.cues.iter().any(|cue| {
            cue.sense == Sense::Tally(Total::Recorded)
                && scope.contains(&cue.words.start)
                && self.unit.before(cue.words.start, 1) != "in"
        });
        let is_total = timed && recorded && !single
            || timed && listed
            || self.by_conflict(&scope)
            || timed && self.perfect(&scope) && !single
            || self.since(&scope) && long >= DAYS_SINCE && self.perfect(&scope) && !single
            || long >= LONG_PERIOD && self.spans(&scope) && !single
            || long >= LONG_PERIOD
                && !single
                && (self.has(&scope, Total::Many) || self.plural_operations(&scope));
        is_total.then_some((scope, false))
    }

    /// "During separate operations in eastern and southern Afghanistan": several operations in several places.
    fn spread(&self, scope: &Range<usize>) -> bool {
        let unit = self.unit;
        let direction =
            |at: usize| matches!(unit.lower(at), "northern" | "southern" | "eastern" | "western" | "central");
        let both = |at: usize| {
            unit.lower(at) == "and"
                && (at > 0 && direction(at - 1) && direction(at + 1)
                    || matches!(unit.lower(at + 2), "provinces" | "governorates" | "states" | "districts"))
        };
        self.plural_operations(scope) && scope.clone().any(both)
    }

    /// The first time expression of one day that an event could have.
    fn day(&self) -> Option<&Range<usize>> {
        let event_day = |time: &&crate::unit::Time| {
            let one = time.expression.interval.is_some_and(|(first, last)| days_between(first, last) <= 2);
            one && !matches!(
                self.unit.before(time.words.start, 1),
                "since" | "until" | "till" | "between" | "from" | "to" | "by"
            ) && !self.unit.lower(time.words.start).starts_with("since")
        };
        self.unit.times.iter().find(event_day).map(|time| &time.words)
    }

    /// Periods of the sentence, with "since" reaching to the day of writing.
    fn periods(&self) -> impl Iterator<Item = (&Range<usize>, Period)> {
        let published = self.reading.anchors.published;
        self.unit.times.iter().filter(|time| !self.describes(&time.words)).filter_map(move |time| {
            let (first, last) = time.expression.interval?;
            let since = self.unit.before(time.words.start, 1) == "since"
                || self.unit.lower(time.words.start) == "since";
            let last = if since {
                published
            } else {
                Some(published.map_or(last, |now| if first <= now { last.min(now) } else { last }))
            };
            let period = Period { start: Some(first), end: last };
            (since || days(&period) >= SHORTEST_PERIOD).then_some((&time.words, period))
        })
    }

    /// "The 2015 Lima bombing", "fighters kidnapped last month", "the worst attack since 2014": a time that names or
    /// describes something else is no period in which things were counted.
    fn describes(&self, time: &Range<usize>) -> bool {
        let unit = self.unit;
        let digit = |at: usize| unit.lower(at).starts_with(|letter: char| letter.is_ascii_digit());
        let named = time.clone().any(digit)
            && (time.start == 0
                || matches!(unit.before(time.start, 1), "the" | "a" | "an" | "this" | "that"))
            && unit.words.get(time.end).is_some_and(|next| next.tag.is_noun() || next.tag.is_adjective());
        // "Recently" says when, and is open at neither end.
        let adverb = time.len() == 1 && unit.words[time.start].tag.is_adverb();
        let added = unit.verbs.iter().rposition(|verb| verb.words.end <= time.start).is_some_and(|verb| {
            let group = &unit.verbs[verb];
            group.bare_participle
                && unit.phrases.iter().any(|phrase| phrase.words.end == group.words.start)
                && !self.is_act_of_count(verb)
                && (group.words.end..time.start)
                    .all(|at| !matches!(unit.lower(at), "," | ";" | "and" | "since"))
        });
        // "In one of the deadliest attacks since the revolt began last year".
        let clause = time.start.saturating_sub(SUPERLATIVE_REACH)..time.start + 1;
        let since = clause.clone().any(|at| unit.lower(at) == "since");
        let superlative = since
            && (time.start.saturating_sub(SUPERLATIVE_REACH)..time.start).any(|at| match unit.lower(at) {
                // "At least 45 attacks since November" is no superlative.
                "least" | "most" => unit.before(at, 1) != "at" && unit.words[at].tag == Tag::Jjs,
                "first" | "worst" => true,
                _ => unit.words[at].tag == Tag::Jjs,
            });
        named || adverb || added || superlative
    }

    /// Whether a verb says what became of somebody with a number.
    fn is_act_of_count(&self, verb: usize) -> bool {
        let unit = self.unit;
        self.is_act(verb)
            && unit.phrases.iter().enumerate().any(|(index, phrase)| {
                // "Killed two tourists kidnapped last month": the two are another verb's.
                let other = (0..verb).any(|other| unit.object(other) == Some(index));
                !other && phrase.number.is_some() && phrase.words.end == unit.verbs[verb].words.start
            })
    }

    /// The clause of a word: between commas and semicolons that begin or end another.
    fn clause(&self, word: usize) -> Range<usize> {
        let unit = self.unit;
        let cut = |at: usize| {
            unit.lower(at) == ";"
                || unit.lower(at) == ","
                    && (matches!(
                        unit.lower(at + 1),
                        "while"
                            | "which"
                            | "who"
                            | "where"
                            | "and"
                            | "but"
                            | "bringing"
                            | "adding"
                            | "raising"
                            | "making"
                            | "taking"
                            | "as"
                            | "with"
                            | "the"
                            | "in"
                            | "more"
                    ))
        };
        let start = (0..word).rev().find(|&at| cut(at)).map_or(0, |at| at + 1);
        let end = (word..unit.words.len()).find(|&at| cut(at)).unwrap_or(unit.words.len());
        start..end
    }

    /// Two or more counts, one of them of things or arrests: what forces sum up ("destroyed 40 camps and seized 300
    /// rifles"), not what one attack did to people.
    fn counts_things(&self, scope: &Range<usize>) -> bool {
        let people = |what: &str| matches!(what, "killed" | "injured" | "abducted" | "missing" | "displaced");
        let counted = (0..self.unit.numbers.len())
            .filter(|&number| scope.contains(&self.unit.numbers[number].words.start));
        let items: Vec<Item> = counted.filter_map(|number| self.item(number, scope)).collect();
        items.len() >= 2 && items.iter().any(|item| item.verb.is_some() && !people(&item.what))
    }

    /// How many kinds of operations are counted.
    fn operations(&self, scope: &Range<usize>) -> usize {
        self.counted_operations(scope).count()
    }

    fn counted_operations<'s>(&'s self, scope: &'s Range<usize>) -> impl Iterator<Item = Quantity> + 's {
        self.unit
            .phrases
            .iter()
            .filter(move |phrase| scope.contains(&phrase.head) && self.is_operation(phrase.head))
            .filter_map(move |phrase| {
                let number = &self.unit.numbers[phrase.number?].phrase;
                // "The 2015 Lima shooting" is one.
                let quantity = Some(number.quantity).filter(|_| !number.year_like)?;
                (quantity.figure()? >= 2 && (!quantity.vague || quantity.low? >= DOZENS)).then_some(quantity)
            })
    }

    fn several(&self, scope: &Range<usize>) -> bool {
        self.counted_operations(scope)
            .any(|quantity| quantity.figure().is_some_and(|figure| figure >= SEVERAL))
    }

    fn is_operation(&self, word: usize) -> bool {
        self.cues.iter().any(|cue| cue.sense == Sense::Tally(Total::Operations) && cue.words.end == word + 1)
    }

    fn plural_operations(&self, scope: &Range<usize>) -> bool {
        scope
            .clone()
            .any(|word| matches!(self.unit.words[word].tag, Tag::Nns | Tag::Nnps) && self.is_operation(word))
    }

    /// "The conflict has killed more than 40,000": a war, not a fight, is what kills; and in the perfect.
    fn by_conflict(&self, scope: &Range<usize>) -> bool {
        let unit = self.unit;
        self.acts(scope).any(|cue| {
            let Some(verb) = unit.verb_at[cue.words.start] else { return false };
            let group = &unit.verbs[verb];
            let by_war = unit.subject(verb).is_some_and(|subject| {
                let head = unit.phrases[subject].head;
                // "A bomb attack has killed seven" is one event; attacks and clashes kill over time.
                let one = matches!(unit.lemma(head), "attack" | "clash") && !unit.words[head].tag.is_plural();
                !one && self
                    .cues
                    .iter()
                    .any(|cue| cue.sense == Sense::Tally(Total::Conflict) && cue.words.contains(&head))
            });
            by_war && group.perfect && !group.passive
        })
    }

    /// "A gunman who killed ten last year": one person's doing is no total.
    fn by_one(&self, scope: &Range<usize>) -> bool {
        let unit = self.unit;
        self.acts(scope).any(|cue| {
            let Some(verb) = unit.verb_at[cue.words.start] else { return false };
            let group = &unit.verbs[verb];
            let one = |subject: usize| {
                let noun = &unit.phrases[subject];
                matches!(unit.lower(noun.words.start), "a" | "an")
                    && !unit.words[noun.head].tag.is_plural()
                    && self
                        .reading
                        .describe(self.parsed, subject)
                        .is_some_and(|who| who.kind == record::ParticipantKind::Individual)
            };
            !group.passive && !group.bare_participle && unit.subject(verb).is_some_and(one)
        })
    }

    /// "Have been killed", "has recorded": the perfect, which counts up to now.
    fn perfect(&self, scope: &Range<usize>) -> bool {
        self.acts(scope).any(|cue| {
            self.unit.verb_at[cue.words.start].is_some_and(|verb| {
                // "Had been freed" tells what came before an event.
                self.unit.verbs[verb].perfect && self.unit.lower(self.unit.verbs[verb].words.start) != "had"
            })
        })
    }

    /// "Since Monday", "since May 3".
    fn since(&self, scope: &Range<usize>) -> bool {
        self.unit.times.iter().any(|time| {
            let start = time.words.start;
            scope.contains(&start)
                && (self.unit.lower(start) == "since" || self.unit.before(start, 1) == "since")
        })
    }

    /// "In the first six months of the year", "in all of 2022": a stretch of time, not a month in which something was.
    fn spans(&self, scope: &Range<usize>) -> bool {
        let unit = self.unit;
        self.periods().any(|(words, period)| {
            // "In November last year" is a month.
            let long = days(&period) > LONG_PERIOD + 4;
            scope.contains(&words.start)
                && (self.deadliest(words)
                    || words.clone().any(|at| match unit.lower(at) {
                        "year" => long,
                        lower => matches!(lower, "months" | "weeks" | "quarter" | "half" | "years"),
                    }))
        })
    }

    /// "January was the deadliest month since 2008, with 1,013 killed": the month is what is spoken of.
    fn deadliest(&self, period: &Range<usize>) -> bool {
        let unit = self.unit;
        (period.end..unit.words.len().min(period.end + SPOKEN_OF)).any(|at| {
            matches!(unit.lower(at), "deadliest" | "bloodiest" | "worst")
                && matches!(unit.lower(at + 1), "month" | "week" | "year" | "quarter" | "period")
        })
    }

    fn acts<'s>(&'s self, scope: &Range<usize>) -> impl Iterator<Item = &'s Found> + use<'s, 'r, 'a> {
        let scope = scope.clone();
        self.cues.iter().filter(move |cue| cue.sense == Sense::Act && scope.contains(&cue.words.start))
    }

    /// What this sentence hands on.
    fn run(&self, scope: &Range<usize>, lists: bool) -> Run {
        let period = self.periods().find(|(words, _)| scope.contains(&words.start)).map(|(_, period)| period);
        let reported_by =
            self.unit.numbers.iter().find(|number| scope.contains(&number.words.start)).and_then(|number| {
                self.attribution.reported_by(self.unit.sentence, number.words.start).cloned()
            });
        let armed =
            |who: &Participant| who.sector.is_some_and(|sector| sector.is_state_force() || sector.is_armed());
        Run {
            period,
            places: self.places(scope),
            by: reported_by.clone().filter(armed),
            reported_by,
            lists,
            sentence: self.unit.sentence,
        }
    }

    fn places(&self, scope: &Range<usize>) -> Vec<Place> {
        let inside = self
            .parsed
            .places
            .iter()
            .filter(|place| scope.start <= place.words.start && place.words.end <= scope.end);
        inside.map(|mention| mention.place.clone()).collect()
    }

    /// Whether a sentence can go on with a listing: next to it, and of no day or single event of its own.
    fn follows(&self, run: &Run) -> bool {
        let text = &self.reading.text;
        let (here, there) = (&text.sentences[self.unit.sentence], &text.sentences[run.sentence]);
        let near =
            here.paragraph.saturating_sub(there.paragraph) <= 1 && self.unit.sentence <= run.sentence + 2;
        let whole = 0..self.unit.words.len();
        near && here.role == SentenceRole::Body && self.day().is_none() && !self.has(&whole, Total::Single)
    }

    /// Whether what a following sentence counts belongs to the listing.
    fn continues(&self, run: &Run, items: &[TallyDraft]) -> bool {
        let opening = 0..self.unit.words.len().min(8);
        let more = self.has(&opening, Total::More);
        let things = items
            .iter()
            .all(|item| !matches!(item.tally.what.as_str(), "killed" | "injured" | "abducted" | "missing"));
        !items.is_empty() && (more || run.lists && things)
    }

    fn items(&self, scope: &Range<usize>, run: &Run) -> Vec<TallyDraft> {
        let mut items = Vec::new();
        for number in 0..self.unit.numbers.len() {
            let words = &self.unit.numbers[number].words;
            // "Many operations" is no total.
            let quantity = self.unit.numbers[number].phrase.quantity;
            let vague = quantity.vague && quantity.low.is_none_or(|low| low < DOZENS) && !self.spread(scope);
            if !scope.contains(&words.start) || self.unit.numbers[number].phrase.year_like || vague {
                continue;
            }
            if let Some(item) = self.item(number, scope) {
                items.push(self.draft(&item, scope, run));
            }
        }
        items
    }

    /// What a number counts.
    fn item(&self, number: usize, scope: &Range<usize>) -> Option<Item> {
        let unit = self.unit;
        let words = &unit.numbers[number].words;
        let phrase = unit
            .phrases
            .iter()
            .position(|phrase| phrase.number == Some(number))
            .or_else(|| unit.phrase_of(words.end));
        let head = phrase.map(|phrase| unit.phrases[phrase].head);
        if unit.lower(words.end) == "%"
            || matches!(unit.lower(words.end), "percent" | "per" | "times")
            || measures(unit, head)
        {
            return None;
        }
        // "54 murders", "30 arrests", "126 dead".
        if let Some(head) = head
            && let Some(cue) = self.cues.iter().find(|cue| {
                cue.sense == Sense::Act
                    && cue.words.end == head + 1
                    && unit.verb_at[cue.words.start].is_none()
            })
        {
            return Some(Item { number, phrase, what: self.value(cue).to_owned(), verb: None });
        }
        if let Some(head) = head.filter(|&head| self.is_operation(head)) {
            return Some(Item { number, phrase, what: unit.lower(head).to_owned(), verb: None });
        }
        // "79 inmates died at *four prisons*".
        let people = |what: &str| matches!(what, "killed" | "injured" | "abducted" | "missing" | "displaced");
        let thing = phrase.is_some_and(|phrase| {
            self.reading.is_thing(self.parsed, phrase) && !self.reading.is_people(self.parsed, phrase)
        });
        let end = phrase.map_or(words.end, |phrase| unit.phrases[phrase].words.end);
        let act = self.act_for(words.start, end, scope)?;
        let verb = unit.verb_at[act.words.start];
        let what = self.joined(act, scope);
        if thing && people(&what) {
            return None;
        }
        Some(Item { number, phrase, what, verb })
    }

    /// The verb or noun that says what became of those counted: the nearest that can govern them.
    fn act_for(&self, start: usize, end: usize, scope: &Range<usize>) -> Option<&Found> {
        let unit = self.unit;
        let mut best: Option<(usize, &Found)> = None;
        for cue in self.acts(scope) {
            let (gap, distance) = if cue.words.end <= start {
                let gap = cue.words.end..start;
                match unit.verb_at[cue.words.start] {
                    // Active verbs and gerunds take what follows.
                    Some(verb)
                        if !(unit.verbs[verb].passive
                            || unit.verbs[verb].bare_participle && unit.lower(cue.words.end) == "in") =>
                    {
                        (gap.clone(), gap.len())
                    }
                    // "The death of 126".
                    None if matches!(unit.lower(cue.words.end), "of" | "to") => (gap.clone(), gap.len()),
                    _ => continue,
                }
            } else if cue.words.start >= end {
                let gap = end..cue.words.start;
                match unit.verb_at[cue.words.start] {
                    Some(verb)
                        if unit.verbs[verb].passive
                            || unit.verbs[verb].bare_participle
                            || matches!(self.value(cue), "killed" | "surrendered" | "displaced")
                                && !cue_takes_object(unit, verb) =>
                    {
                        (gap.clone(), gap.len())
                    }
                    // "126 people dead", "126 wounded".
                    None if unit.words[cue.words.start].tag.is_adjective()
                        || unit.words[cue.words.start].tag.is_past_participle() =>
                    {
                        (gap.clone(), gap.len())
                    }
                    _ => continue,
                }
            } else {
                continue;
            };
            let own = unit.verb_at[cue.words.start];
            let clear = gap.clone().all(|word| {
                let verb = unit.verb_at[word];
                unit.lower(word) != ";"
                    && (verb.is_none()
                        || verb == own
                        || verb.is_some_and(|verb| unit.verbs[verb].bare_participle || self.is_act(verb)))
            });
            if clear && distance <= REACH && best.is_none_or(|(other, _)| distance < other) {
                best = Some((distance, cue));
            }
        }
        best.map(|(_, cue)| cue)
    }

    fn is_act(&self, verb: usize) -> bool {
        let words = &self.unit.verbs[verb].words;
        self.cues.iter().any(|cue| cue.sense == Sense::Act && words.contains(&cue.words.start))
    }

    /// Of verbs joined by "and" the most consequential: "discovered and destroyed" is destroyed.
    fn joined(&self, act: &Found, scope: &Range<usize>) -> String {
        let unit = self.unit;
        let close = |a: &Found, b: &Found| {
            let (first, second) = if a.words.start <= b.words.start { (a, b) } else { (b, a) };
            (first.words.end..second.words.start).all(|word| {
                matches!(unit.lower(word), "and" | "," | "or" | "also" | "then" | "were" | "was")
                    || unit.words[word].tag.is_adverb()
            })
        };
        let mut values: Vec<&str> =
            self.acts(scope).filter(|other| close(act, other)).map(|other| self.value(other)).collect();
        values.sort_by_key(|value| RANK.iter().position(|known| known == value).unwrap_or(RANK.len()));
        values.first().copied().unwrap_or(self.value(act)).to_owned()
    }

    fn draft(&self, item: &Item, scope: &Range<usize>, run: &Run) -> TallyDraft {
        let unit = self.unit;
        let text = &self.reading.text;
        let number = &unit.numbers[item.number];
        let of = item.phrase.map_or(String::new(), |phrase| {
            let members = unit.and_following(phrase);
            let last = members
                .iter()
                .copied()
                .take_while(|&member| member == phrase || unit.phrases[member].number.is_none())
                .last()
                .unwrap_or(phrase);
            let start = number.words.end.max(unit.phrases[phrase].words.start);
            let end = unit.phrases[last].words.end;
            // "63, the number of soldiers killed": those counted follow "of".
            let after = unit
                .of(phrase)
                .filter(|_| matches!(unit.lemma(unit.phrases[phrase].head), "number" | "total" | "toll"));
            let (start, end) =
                after.map_or((start, end), |of| (unit.phrases[of].words.start, unit.phrases[of].words.end));
            if start < end { text.slice(unit.span(&(start..end))).to_owned() } else { String::new() }
        });
        let by = item.verb.and_then(|verb| {
            let group = &unit.verbs[verb];
            let phrase = if group.passive || group.bare_participle {
                unit.agent(group.head)
            } else {
                unit.subject(verb)
            };
            let phrase = phrase.filter(|&phrase| Some(phrase) != item.phrase)?;
            let found = self.reading.participant(self.parsed, phrase)?;
            found.sector.is_some_and(|sector| sector.is_armed() || sector.is_state_force()).then_some(found)
        });
        let nearest = self
            .periods()
            .filter(|(words, _)| scope.contains(&words.start))
            .min_by_key(|(words, _)| words.start.abs_diff(number.words.start));
        let places = self.places(scope);
        let reported_by =
            self.attribution.reported_by(unit.sentence, number.words.start).or(run.reported_by.as_ref());
        let quote = text.mention(text.sentences[unit.sentence].span);
        let supports = ["what", "of", "number", "period", "places"].map(str::to_owned).to_vec();
        TallyDraft {
            tally: Tally {
                what: item.what.clone(),
                of,
                number: number.phrase.quantity,
                period: nearest.map(|(_, period)| period).or(run.period),
                places: if places.is_empty() { run.places.clone() } else { places },
                by: by.or_else(|| run.by.clone()),
                reported_by: reported_by.cloned().into_iter().collect(),
                evidence: vec![Evidence { start: quote.start, end: quote.end, quote: quote.text, supports }],
            },
            unit: unit.sentence,
            words: scope.clone(),
        }
    }
}

/// What was counted, the most consequential first.
const RANK: &[&str] = &[
    "killed",
    "injured",
    "abducted",
    "arrested",
    "convicted",
    "displaced",
    "destroyed",
    "damaged",
    "defused",
    "seized",
    "found",
    "hit",
    "raided",
];

fn cue_takes_object(unit: &Unit, verb: usize) -> bool {
    unit.object(verb).is_some()
}

/// Whether a number measures: ages, distances, money, shares.
fn measures(unit: &Unit, head: Option<usize>) -> bool {
    head.is_some_and(|head| {
        matches!(
            unit.lemma(head),
            "kilometer"
                | "kilometre"
                | "km"
                | "mile"
                | "meter"
                | "metre"
                | "hour"
                | "day"
                | "week"
                | "month"
                | "year"
                | "minute"
                | "percent"
                | "time"
                | "dollar"
                | "euro"
                | "year-old"
        )
    })
}

fn days(period: &Period) -> i32 {
    match (period.start, period.end) {
        (Some(first), Some(last)) => days_between(first, last),
        // Open at one side: as long as one likes.
        _ => i32::MAX,
    }
}

/// Days from the first to the last, both counted.
fn days_between(first: Date, last: Date) -> i32 {
    first.until(last).map_or(0, |span| span.get_days()).saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::{TallyDraft, find};
    use crate::reading::Reading;
    use crate::statement::tests::{knowledge, report};

    fn tallies(knowledge: &crate::knowledge::Knowledge, text: &str) -> Vec<TallyDraft> {
        let report = report(text);
        find(&Reading::new(knowledge, &report))
    }

    fn told(drafts: &[TallyDraft]) -> Vec<(&str, u64)> {
        drafts.iter().map(|draft| (draft.tally.what.as_str(), draft.tally.number.figure().unwrap())).collect()
    }

    #[test]
    fn totals_are_told_from_their_frame() {
        let knowledge = knowledge();
        for (text, expected) in [
            ("So far this year, 212 civilians have been killed in raids on villages.", vec![("killed", 212)]),
            ("The conflict has killed more than 40,000 people since 2009.", vec![("killed", 40_000)]),
            (
                "According to the interior ministry, 54 murders and 12 kidnappings were recorded in February.",
                vec![("killed", 54), ("abducted", 12)],
            ),
            (
                "In the past year the army destroyed 40 camps and seized 300 rifles.",
                vec![("destroyed", 40), ("seized", 300)],
            ),
        ] {
            assert_eq!(told(&tallies(&knowledge, text)), expected, "{text}");
        }
    }

    #[test]
    fn one_event_is_no_total() {
        let knowledge = knowledge();
        for text in [
            "Gunmen killed 10 soldiers in an attack on a base on May 3.",
            "Last week militants ambushed a convoy, killing 14 soldiers.",
            "A car bomb killed 30 people in the capital on Monday.",
            "Five soldiers were wounded in the attack.",
        ] {
            assert!(tallies(&knowledge, text).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_listing_hands_on_period_and_force() {
        let knowledge = knowledge();
        let text = "The army said 30 raids and 12 operations resulted in the death of 90 militants in February.\n\nIt also destroyed 17 hideouts.\n\nIn addition, 45 suspects were arrested.\n\nOn Monday, gunmen killed 3 policemen.";
        let found = tallies(&knowledge, text);
        assert_eq!(
            told(&found),
            [("raids", 30), ("operations", 12), ("killed", 90), ("destroyed", 17), ("arrested", 45)]
        );
        assert!(found.iter().all(|draft| {
            draft.tally.period.is_some_and(|period| period.end == Some(jiff::civil::date(2024, 2, 29)))
        }));
        assert!(found.iter().all(|draft| draft.tally.by.is_some()));
    }

    #[test]
    fn beside_an_event_only_the_clause_with_the_total_counts() {
        let knowledge = knowledge();
        let text = "On Monday, gunmen killed 14 soldiers in an ambush, bringing to 63 the number of soldiers killed this year.";
        let found = tallies(&knowledge, text);
        assert_eq!(told(&found), [("killed", 63)]);
        assert_eq!(found[0].tally.of, "soldiers");
    }
}
