/*! How likely a place that a sentence names is where a verb's event happened.

A logistic regression over what the sentence shows of the two: the way between them in the tree, the
preposition, order and distance, what stands between, the words that the name hangs from and those beside it, what sort of
place it is and whether the text says that it lies in another one. The verb itself is no feature: what was learned from one
sort of news is to hold for others.

The places of a sentence are then looked at again beside each other, by a second regression over how likely each was
alone: most events happen at one place, and a likelier one near by speaks against the others (stacking, Wolpert 1992). The weights are `knowledge/event-places.tsv`; `watchpost-eval fit-places` learns them (Halterman's corpus
of event locations, the half that is looked at during development) and says how.
*/

use std::fmt::Write;
use std::ops::Range;

use record::table::{Table, TableError};
use rustc_hash::FxHashMap;
use syntax::{Relation, Tag};

use crate::location::{SPEAKING, linked, of_somebody};
use crate::reading::{Parsed, PlaceMention};
use crate::setting::is_country;
use crate::unit::Unit;

/// Steps up the tree that are looked at on either side.
const STEPS: usize = 4;
/// Steps up the tree within which two branches are looked for to meet.
const HIGHEST: usize = 16;

/// Where features are put.
type Put<'p> = dyn FnMut(std::fmt::Arguments<'_>) + 'p;

/// What each feature speaks for, in logits.
#[derive(Debug, Clone, Default)]
pub struct Weights {
    of: FxHashMap<String, f64>,
}

impl Weights {
    /// Reads `knowledge/event-places.tsv`.
    ///
    /// # Errors
    /// Where the table lacks a column or a weight is no number.
    pub fn from_table(text: &str) -> Result<Self, TableError> {
        let table = Table::parse("event-places", text, &["feature", "weight"])?;
        let mut of = FxHashMap::default();
        for row in table.rows() {
            let weight: f64 =
                row.parsed("weight")?.ok_or_else(|| row.error("expected a weight".to_owned()))?;
            of.insert(row.get("feature").to_owned(), weight);
        }
        Ok(Self { of })
    }

    /// The chance, 0–1, of each place of a sentence that the event of some words happened there.
    #[must_use]
    pub fn chances(&self, parsed: &Parsed, event: &Range<usize>) -> Vec<f64> {
        let weight = |feature: &str| self.of.get(feature).copied().unwrap_or(0.0);
        let alone: Vec<f64> = (0..parsed.places.len())
            .map(|place| {
                let mut sum = 0.0;
                features(parsed, event, place, &mut |feature| sum += weight(feature));
                sum
            })
            .collect();
        let beside = Beside::new(&alone);
        (0..alone.len())
            .map(|place| {
                let mut sum = 0.0;
                beside.features(place, chain(parsed, place), &mut |feature| sum += weight(feature));
                1.0 / (1.0 + f64::exp(-sum))
            })
            .collect()
    }
}

/// The places of a sentence beside each other, by how likely each is alone, in logits.
#[derive(Debug)]
pub struct Beside<'l> {
    alone: &'l [f64],
    /// The same, the likeliest first.
    order: Vec<f64>,
}

impl<'l> Beside<'l> {
    /// Looks at the places of a sentence.
    #[must_use]
    pub fn new(alone: &'l [f64]) -> Self {
        let mut order = alone.to_vec();
        order.sort_by(|a, b| b.total_cmp(a));
        Self { alone, order }
    }

    /// Names every feature of a place beside the others; `chain` is where it stands among those that it is chained to.
    pub fn features(&self, place: usize, chain: &str, see: &mut dyn FnMut(&str)) {
        let Some(&own) = self.alone.get(place) else { return };
        let mut buffer = String::new();
        let mut put = |arguments: std::fmt::Arguments<'_>| {
            buffer.clear();
            let _ = buffer.write_fmt(arguments);
            see(&buffer);
        };
        put(format_args!("again bias"));
        put(format_args!("again {}", step(own * 2.0)));
        if self.order.len() == 1 {
            put(format_args!("again {} only", step(own * 2.0)));
        }
        let likelier = self.order.partition_point(|&other| other > own);
        let best = self.order.get(usize::from(likelier == 0)).copied();
        if let Some(best) = best {
            put(format_args!("again rank {}", likelier.min(3)));
            put(format_args!("again lead {}", step(own - best)));
            put(format_args!("again lead {} chain {chain}", step(own - best)));
        }
        let mut against = |side: &str, other: Option<usize>| {
            if let Some(other) = other.and_then(|other| self.alone.get(other)) {
                put(format_args!("again {side} {} chain {chain}", step(own - other)));
            }
        };
        against("left", place.checked_sub(1));
        against("right", Some(place + 1));
    }
}

/// The whole step that a value lies on, of eleven.
fn step(value: f64) -> f64 {
    value.floor().clamp(-5.0, 5.0)
}

/// Names every feature of a place as the place of an event's words.
pub fn features(parsed: &Parsed, event: &Range<usize>, place: usize, see: &mut dyn FnMut(&str)) {
    let unit = &parsed.unit;
    let mention = &parsed.places[place];
    let words = &mention.words;
    let head = head_of(unit, words);
    let verb = head_of(unit, event);
    let after = words.start >= event.end;
    let side = if after { "after" } else { "before" };
    let mut buffer = String::new();
    let mut put = |arguments: std::fmt::Arguments<'_>| {
        buffer.clear();
        let _ = buffer.write_fmt(arguments);
        see(&buffer);
    };
    put(format_args!("bias"));

    let (up, down) = path(unit, head, verb);
    put(format_args!("path {up} {down}"));
    put(format_args!("up {up}"));
    put(format_args!("down {down} {side}"));
    let preposition = preposition(unit, words);
    put(format_args!("in {preposition}"));
    put(format_args!("in {preposition} {side}"));
    put(format_args!("in {preposition} path {up} {down}"));

    let (from, to) = if after { (event.end, words.start) } else { (words.end, event.start) };
    let gap = match to.saturating_sub(from) {
        0..=1 => "0",
        2..=3 => "2",
        4..=6 => "4",
        7..=11 => "7",
        12..=19 => "12",
        _ => "20",
    };
    put(format_args!("gap {gap} {side}"));
    let between = |other: &PlaceMention| other.words.start >= from && other.words.end <= to;
    let nearer = parsed.places.iter().filter(|other| between(other)).count().min(3);
    put(format_args!("nearer {nearer} {side}"));
    let verbs = unit.verbs.iter().filter(|verb| verb.head >= from && verb.head < to).count().min(3);
    put(format_args!("verbs {verbs} {side}"));
    for at in from..to {
        if matches!(
            unit.lower(at),
            ";" | ":"
                | ","
                | "while"
                | "but"
                | "when"
                | "who"
                | "which"
                | "where"
                | "after"
                | "before"
                | "since"
                | "that"
                | "as"
                | "and"
                | "\""
                | "“"
                | "”"
        ) {
            put(format_args!("over {} {side}", unit.lower(at)));
        }
    }

    let sort = sort_of(mention);
    put(format_args!("sort {sort}"));
    let chain = chain(parsed, place);
    put(format_args!("chain {chain}"));
    put(format_args!("chain {chain} {sort}"));
    let narrower = parsed.places.iter().any(|other| {
        is_country(&mention.place)
            && !is_country(&other.place)
            && other.place.country == mention.place.country
    });
    put(format_args!("sort {sort} narrower {narrower}"));
    put(format_args!("sort {sort} in {preposition}"));
    put(format_args!("places {}", parsed.places.len().min(5)));

    // "The US consulate", "Gaza militants": what the name stands before.
    let next = unit.words.get(words.end);
    let next_tag = next.map_or("end", |word| coarse(word.tag));
    put(format_args!("next {next_tag}"));
    put(format_args!("next {next_tag} {sort}"));
    if matches!(unit.lower(words.end), "'s" | "’s") {
        put(format_args!("possessor {sort}"));
    }
    if let Some(governor) = unit.words[head].head {
        put(format_args!("governor {}", coarse(unit.words[governor].tag)));
        if unit.words[head].relation == Relation::Nmod || unit.words[head].relation == Relation::Compound {
            let known = unit.numbers.iter().any(|number| number.words.end == governor);
            put(format_args!("of noun {} {known} {}", coarse(unit.words[governor].tag), preposition));
        }
    }
    if of_somebody(parsed, mention) {
        put(format_args!("somebody's"));
    }
    if speaks(unit, head) {
        put(format_args!("speaker's {side}"));
    }
    if words.start == 0 || words.start <= 3 && !after {
        put(format_args!("opens"));
    }
    if unit.quoted.get(verb) != unit.quoted.get(head) {
        put(format_args!("quoted apart"));
    }

    around(unit, words, &mut put);
    above(unit, head, verb, preposition, &mut put);
    rank(parsed, event, place, side, &mut put);
    meeting(unit, head, verb, &mut put);
    clauses(unit, verb, from..to, side, &mut put);

    // What sort of verb it is, by its form alone.
    let word = &unit.words[verb];
    put(format_args!("verb {}", coarse(word.tag)));
    put(format_args!("verb {:?}", word.relation));
    if let Some(group) = unit.verb_at[verb].map(|group| &unit.verbs[group]) {
        put(format_args!("verb passive {}", group.passive));
        put(format_args!("verb bare {} gerund {}", group.bare_participle, group.gerund));
        if group.negated || group.modal.is_some() || group.infinitive {
            put(format_args!("verb not told as fact"));
        }
    }
    if SPEAKING.contains(&word.lemma.as_str()) || matches!(word.lemma.as_str(), "be" | "have") {
        put(format_args!("verb tells or is"));
        put(format_args!("verb tells or is {side}"));
    }
}

/// The words right before and behind a name.
fn around(unit: &Unit, words: &Range<usize>, put: &mut Put<'_>) {
    put(format_args!("word after {}", unit.words.get(words.end).map_or("end", |word| &word.lower)));
    let before = words.start.checked_sub(1).map_or("start", |at| &unit.words[at].lower);
    put(format_args!("word before {before}"));
}

/// What a name hangs from: the word above it, and the first verb above it.
fn above(unit: &Unit, head: usize, verb: usize, preposition: &str, put: &mut Put<'_>) {
    if let Some(governor) = unit.words[head].head.filter(|&governor| governor != verb) {
        let lemma = unit.lemma(governor);
        put(format_args!("under {lemma}"));
        put(format_args!("under {lemma} in {preposition}"));
    }
    let mut at = head;
    // A tree has no circles; the bound is for the length of what is looked at.
    for _ in 0..HIGHEST {
        let Some(above) = unit.words[at].head else { return };
        if unit.verb_at[above].is_some() {
            let own = if above == verb { "itself" } else { unit.lemma(above) };
            put(format_args!("under verb {own}"));
            return;
        }
        at = above;
    }
}

/// Which of the places on its side of the verb a name is, counted from the verb.
fn rank(parsed: &Parsed, event: &Range<usize>, place: usize, side: &str, put: &mut Put<'_>) {
    let before = parsed.places.iter().take_while(|other| other.words.start < event.end).count();
    let after = parsed.places.len() - before;
    let rank = if place < before { before - 1 - place } else { place - before };
    put(format_args!("place {} {side} of {} {}", rank.min(3), before.min(2), after.min(3)));
    let own = &parsed.places[place].place;
    put(format_args!("lies {:?}", own.relation));
    put(format_args!(
        "code {}",
        own.feature_code.as_deref().map_or("none", |code| code.get(..4).unwrap_or(code))
    ));
}

/// Where the branches of a name and a verb meet, and how far up from each.
fn meeting(unit: &Unit, head: usize, verb: usize, put: &mut Put<'_>) {
    let up = |mut at: usize| {
        let mut line = vec![at];
        while let Some(above) = unit.words[at].head.filter(|_| line.len() < HIGHEST) {
            line.push(above);
            at = above;
        }
        line
    };
    let (names, verbs) = (up(head), up(verb));
    let met = names
        .iter()
        .enumerate()
        .find_map(|(steps, at)| verbs.iter().position(|other| other == at).map(|down| (*at, steps, down)));
    match met {
        Some((at, steps, down)) => {
            let what = if at == verb {
                "the verb"
            } else if at == head {
                "the name"
            } else {
                unit.words[at].tag.as_str()
            };
            put(format_args!("meets at {what}"));
            put(format_args!("meets {} {}", steps.min(5), down.min(5)));
        }
        None => put(format_args!("meets nowhere")),
    }
}

/// The verbs, and the relations, between a name and a verb: how many of the sentence's clauses lie between.
fn clauses(unit: &Unit, verb: usize, between: Range<usize>, side: &str, put: &mut Put<'_>) {
    let mut finite = 0;
    let mut seen: Vec<&str> = Vec::new();
    let mut relations: Vec<Relation> = Vec::new();
    for at in between {
        let word = &unit.words[at];
        if unit.verb_at[at].is_some() {
            finite += usize::from(word.tag.is_finite());
            if word.tag.is_verb() && !seen.contains(&word.lemma.as_str()) {
                seen.push(&word.lemma);
                put(format_args!("over verb {} {side}", word.lemma));
            }
        }
        if !relations.contains(&word.relation) {
            relations.push(word.relation);
            put(format_args!("over relation {} {side}", word.relation.as_str()));
        }
    }
    put(format_args!("over finite {} {side}", finite.min(3)));
    put(format_args!("verb {:?} {side}", unit.words[verb].relation));
}

/// The word of a range that the others hang from.
pub(crate) fn head_of(unit: &Unit, words: &Range<usize>) -> usize {
    words
        .clone()
        .find(|&at| unit.words[at].head.is_none_or(|head| !words.contains(&head)))
        .unwrap_or(words.start)
}

/// The relations from a word up to where its branch meets another's, and from the other down to there.
fn path(unit: &Unit, from: usize, to: usize) -> (String, String) {
    let mut above = Vec::with_capacity(8);
    let mut at = Some(to);
    while let Some(word) = at.filter(|_| above.len() < 2 * STEPS) {
        above.push(word);
        at = unit.words[word].head;
    }
    let mut up = String::new();
    let mut steps = 0;
    let mut last = None;
    let mut at = from;
    while !above.contains(&at) {
        let relation = unit.words[at].relation;
        // "the market of the town of X": one step or three, it is what it is part of.
        if last != Some(relation) {
            steps += 1;
            if steps > STEPS {
                return ("far".to_owned(), "far".to_owned());
            }
            let _ = write!(up, "{}>", relation.as_str());
            last = Some(relation);
        }
        match unit.words[at].head {
            Some(head) => at = head,
            None => return ("far".to_owned(), "far".to_owned()),
        }
    }
    let mut down = String::new();
    let mut last = None;
    for &word in above.iter().take_while(|&&word| word != at) {
        let relation = unit.words[word].relation;
        if last != Some(relation) {
            let _ = write!(down, "<{}", relation.as_str());
            last = Some(relation);
        }
    }
    if up.is_empty() {
        up.push('=');
    }
    if down.is_empty() {
        down.push('=');
    }
    (up, down)
}

/// The preposition that a name stands behind, past what describes it and words of kind: "in the northern city
/// of X" is "in".
fn preposition<'u>(unit: &'u Unit, words: &Range<usize>) -> &'u str {
    let mut at = words.start;
    for _ in 0..8 {
        let Some(before) = at.checked_sub(1) else { return "start" };
        let word = &unit.words[before];
        let kind = || is_kind(&word.lemma);
        match word.lower.as_str() {
            "of" if before > 0 && is_kind(unit.lemma(before - 1)) => at = before - 1,
            "in" | "at" | "near" | "on" | "from" | "to" | "into" | "of" | "outside" | "inside"
            | "through" | "between" | "around" | "along" | "across" | "over" | "by" | "against" | "for"
            | "with" | "toward" | "towards" | "off" | "within" | "throughout" | "," | "and" | "'s" | "’s"
            | "(" | "including" | "about" => return word.lower.as_str(),
            _ if word.tag.is_adjective()
                || word.tag == Tag::Dt
                || word.tag == Tag::PrpPossessive
                || word.tag == Tag::Cd
                || kind() =>
            {
                at = before;
            }
            _ if word.tag.is_verb() => return "verb",
            _ if word.tag.is_noun() => return "noun",
            _ => return "other",
        }
    }
    "other"
}

fn is_kind(lemma: &str) -> bool {
    matches!(
        lemma,
        "city"
            | "town"
            | "village"
            | "district"
            | "province"
            | "state"
            | "region"
            | "area"
            | "capital"
            | "county"
            | "governorate"
            | "suburb"
            | "neighborhood"
            | "neighbourhood"
            | "island"
            | "camp"
            | "port"
            | "settlement"
            | "department"
            | "municipality"
            | "part"
            | "outskirt"
            | "countryside"
            | "north"
            | "south"
            | "east"
            | "west"
            | "center"
            | "centre"
    )
}

fn sort_of(mention: &PlaceMention) -> &'static str {
    if is_country(&mention.place) {
        return "country";
    }
    match (&mention.place.name, mention.place.where_precision) {
        (None, _) => "unknown",
        (_, Some(1 | 2)) => "point",
        (_, Some(3)) => "second",
        (_, Some(4)) => "first",
        _ => "wide",
    }
}

/// Where a name stands among those that it is chained to: "Andar district, Ghazni province" is narrow and wide.
pub(crate) fn chain(parsed: &Parsed, place: usize) -> &'static str {
    let of_list = |a: usize, b: usize| {
        let (from, to) = (parsed.places[a].words.end, parsed.places[b].words.start);
        (from..to).any(|at| matches!(parsed.unit.lower(at), "and" | "or"))
    };
    let follows = place > 0 && linked(parsed, place - 1, place);
    let leads = place + 1 < parsed.places.len() && linked(parsed, place, place + 1);
    match (follows, leads) {
        (false, false) => "alone",
        (true, _) if of_list(place - 1, place) => "listed",
        (_, true) if of_list(place, place + 1) => "listed",
        (true, true) => "middle",
        (true, false) => "wide",
        (false, true) => "narrow",
    }
}

/// Whether a verb of speaking is the first verb above a word.
fn speaks(unit: &Unit, word: usize) -> bool {
    let mut at = word;
    for _ in 0..STEPS {
        let Some(head) = unit.words[at].head else { return false };
        if unit.verb_at[head].is_some() {
            return SPEAKING.contains(&unit.lemma(head));
        }
        at = head;
    }
    false
}

fn coarse(tag: Tag) -> &'static str {
    if tag.is_noun() {
        if tag.is_plural() { "things" } else { "thing" }
    } else if tag.is_adjective() {
        "adjective"
    } else if tag.is_adverb() {
        "adverb"
    } else {
        tag.as_str()
    }
}
