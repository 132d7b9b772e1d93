/*! Which of the places that a sentence names is the event's.

"Attacked X, the ministry in Y said": the place nearest to the trigger in its own clause, not one that
says where somebody spoke or where somebody is from.
*/

use std::ops::Range;

use record::Place;
use syntax::Relation;

use crate::reading::{Parsed, PlaceMention, Reading};
use crate::setting::is_country;
use crate::trigger::Trigger;
use crate::unit::Unit;

/// From which chance on a place is the event's: where the F1 of tokens is highest in the cross-validation of the weights.
const LIKELY: f64 = 0.4;

/// From which chance on a place of a sentence that tells of several events can be one's.
const POSSIBLE: f64 = 0.1;

/// How likely, against a place that stands alone in another country, one in the report's own must be to be taken for it.
const AT_HOME: f64 = 0.3;

/// How likely, against a country, a place in it must be to stand for it.
const INSIDE: f64 = 0.2;

/// Verbs of speaking, whose place is the speaker's.
pub(crate) const SPEAKING: &[&str] = &[
    "say", "tell", "announce", "report", "state", "add", "confirm", "claim", "declare", "condemn", "explain",
    "note", "warn",
];

/// The places of an event that some triggers tell of, the event's own first, then those that name what it lies
/// in or stand beside it in a list.
#[must_use]
pub fn of_triggers(reading: &Reading<'_>, parsed: &Parsed, triggers: &[&Trigger], alone: bool) -> Vec<usize> {
    let Some(best) = likeliest(reading, parsed, triggers, if alone { 0.0 } else { POSSIBLE }) else {
        return Vec::new();
    };
    let mut chosen = vec![best];
    // What is chained to it on either side: "Andar district, Ghazni province", "A, B and C".
    for place in best + 1..parsed.places.len() {
        let last = *chosen.iter().max().unwrap_or(&best);
        if place == last + 1 && linked(parsed, last, place) && admissible(parsed, place) {
            chosen.push(place);
        } else {
            break;
        }
    }
    for place in (0..best).rev() {
        let first = *chosen.iter().min().unwrap_or(&best);
        if place + 1 == first && linked(parsed, place, first) && admissible(parsed, place) {
            chosen.push(place);
        } else {
            break;
        }
    }
    // Elsewhere in the sentence: a wider place that holds the chosen one.
    for place in 0..parsed.places.len() {
        if !chosen.contains(&place)
            && admissible(parsed, place)
            && chosen.iter().any(|&known| holds(&parsed.places[place].place, &parsed.places[known].place))
        {
            chosen.push(place);
        }
    }
    let precision = |place: &usize| parsed.places[*place].place.where_precision.unwrap_or(9);
    chosen.sort_by_key(|place| (precision(place), *place != best, *place));
    chosen
}

/// The place that is most likely the event's of a trigger.
#[must_use]
pub fn nearest(reading: &Reading<'_>, parsed: &Parsed, trigger: &Trigger) -> Option<usize> {
    likeliest(reading, parsed, &[trigger], 0.0)
}

/// The likeliest place of the event of some triggers, from a chance on; of equally likely ones the nearest.
fn likeliest(reading: &Reading<'_>, parsed: &Parsed, triggers: &[&Trigger], least: f64) -> Option<usize> {
    let of_each: Vec<Vec<f64>> =
        triggers.iter().map(|trigger| reading.place_chances(parsed, &trigger.words)).collect();
    let mut chances: Vec<(f64, usize)> = (0..parsed.places.len())
        .filter(|&place| admissible(parsed, place))
        .map(|place| (of_each.iter().map(|chances| chances[place]).fold(0.0, f64::max), place))
        .filter(|(chance, _)| *chance >= least)
        .collect();
    // "A bomb in X killed three, while a sniper killed a man in Y": the clause on the other side has a place of its own.
    let unit = &parsed.unit;
    let beyond = |place: usize| {
        let at = parsed.places[place].words.start;
        triggers.iter().all(|trigger| {
            let between = at.min(trigger.head)..at.max(trigger.head);
            between.into_iter().any(|word| matches!(unit.lower(word), "while" | "whereas" | ";"))
        })
    };
    // What a headline parts with ";" are two reports.
    let title = reading.text.sentences[unit.sentence].role == text::SentenceRole::Title;
    if title || chances.iter().any(|&(_, place)| !beyond(place)) {
        chances.retain(|&(_, place)| !beyond(place));
    }
    let best = |of: &mut dyn Iterator<Item = (f64, usize)>| {
        of.max_by(|(a, x), (b, y)| {
            let far = |place: usize| {
                triggers.iter().map(|trigger| parsed.places[place].words.start.abs_diff(trigger.head)).min()
            };
            a.total_cmp(b).then_with(|| far(*y).cmp(&far(*x)))
        })
    };
    let (chance, place) = best(&mut chances.iter().copied())?;
    if let Some(home) = reading.country.as_deref()
        && is_alone_abroad(parsed, place, home)
    {
        let at_home = |at: usize| {
            let known = &parsed.places[at].place;
            known.country.as_deref() == Some(home) && !is_country(known)
        };
        let mut others =
            chances.iter().copied().filter(|(other, at)| *other >= chance * AT_HOME && at_home(*at));
        if let Some((_, other)) = best(&mut others) {
            return Some(other);
        }
    }
    let country = &parsed.places[place].place;
    if is_continental(country) {
        // "The biggest farm in Southeast Asia, in X": a region of many countries is where nothing narrower is named.
        let mut narrower =
            chances.iter().copied().filter(|(_, at)| parsed.places[*at].place.country.is_some());
        return Some(best(&mut narrower).map_or(place, |(_, place)| place));
    }
    if !is_country(country) {
        return Some(place);
    }
    // What the sentence names inside the country is where in it, if that is not much less likely.
    let mut inside = chances
        .iter()
        .copied()
        .filter(|(other, at)| *other >= chance * INSIDE && holds(country, &parsed.places[*at].place));
    Some(best(&mut inside).map_or(place, |(_, place)| place))
}

/// Whether a place is a continent or a region that spans countries.
fn is_continental(place: &Place) -> bool {
    place.country.is_none() && matches!(place.feature_code.as_deref(), Some("CONT" | "RGN"))
}

/// Whether a place is the only one of its sentence in a country that is not the report's: more often a namesake of
/// what the gazetteer lacks ("the Badr mosque in Sana'a") than a place abroad.
fn is_alone_abroad(parsed: &Parsed, place: usize, home: &str) -> bool {
    let country = parsed.places[place].place.country.as_deref();
    let mut beside = parsed.places.iter().enumerate().filter(|(at, _)| *at != place);
    country.is_some_and(|country| country != home)
        && beside.all(|(_, other)| other.place.country.as_deref() != country)
}

/// Whether a place mention may be an event's place at all.
#[must_use]
pub fn admissible(parsed: &Parsed, place: usize) -> bool {
    let unit = &parsed.unit;
    let mention = &parsed.places[place];
    // "Bombed by Turkey": a country that acts is no place.
    let by =
        is_country(&mention.place) && mention.words.start > 0 && unit.before(mention.words.start, 1) == "by";
    let acts = is_country(&mention.place)
        && matches!(
            unit.words[mention.words.end - 1].relation,
            Relation::Nsubj | Relation::NsubjPass | Relation::Obj | Relation::OblAgent
        );
    // "The US consulate", "a UAE convoy": whose it is, not where it stands.
    let describes = is_country(&mention.place)
        && unit.phrase_of(mention.words.start).is_some_and(|phrase| {
            let head = unit.phrases[phrase].head;
            // "Iraq attacks", "Thailand's deep south": where it happened.
            head >= mention.words.end && !takes_place(unit.lemma(head)) && !is_part(unit.lemma(head))
        });
    // "Kiev’s forces": the capital stands for its government. "The Minsk peace talks": where people met about it.
    let aside = unit.phrase_of(mention.words.start).is_some_and(|phrase| {
        let head = unit.phrases[phrase].head;
        let capital = mention.place.feature_code.as_deref() == Some("PPLC");
        head >= mention.words.end && (is_talk(unit.lemma(head)) || capital && is_of_state(unit.lemma(head)))
    });
    // "Near the border with Mali": where another country begins.
    let border = is_country(&mention.place)
        && (matches!(unit.lower(mention.words.end), "border" | "frontier")
            || unit.before(mention.words.start, 1) == "with"
                && (2..=4).any(|back| unit.before(mention.words.start, back) == "border"));
    !describes
        && !aside
        && !border
        && !by
        && !acts
        && !of_speaker(unit, mention)
        && !of_somebody(parsed, mention)
        && !is_origin_of_fire(unit, mention)
        && !is_of_attacker(unit, mention)
        && !is_of_care(unit, mention)
}

/// "The wounded were taken to a hospital in X": where they are cared for, and nothing happened.
fn is_of_care(unit: &Unit, mention: &PlaceMention) -> bool {
    let mut at = mention.words.end - 1;
    let mut cared_for = false;
    for _ in 0..4 {
        let Some(head) = unit.words[at].head else { return false };
        let lemma = unit.lemma(head);
        if unit.words[head].tag.is_verb() {
            let moved = matches!(
                lemma,
                "take"
                    | "rush"
                    | "evacuate"
                    | "airlift"
                    | "transfer"
                    | "transport"
                    | "admit"
                    | "treat"
                    | "hospitalize"
                    | "hospitalise"
                    | "fly"
            );
            return cared_for && moved && unit.words[at].relation == Relation::Obl;
        }
        cared_for |= matches!(lemma, "hospital" | "clinic" | "morgue" | "infirmary");
        at = head;
    }
    false
}

/// "A man from X stabbed two people in Y", "militants in X fired a rocket at Y": where those who act come from or
/// stand, which says of what they did only whence it came.
fn is_of_attacker(unit: &Unit, mention: &PlaceMention) -> bool {
    let last = mention.words.end - 1;
    let Some(noun) = unit.words[last].head.filter(|_| unit.words[last].relation == Relation::Nmod) else {
        return false;
    };
    let Some(verb) = unit.words[noun].head.filter(|_| unit.words[noun].relation == Relation::Nsubj) else {
        return false;
    };
    if noun > last || !unit.words[verb].tag.is_verb() {
        return false;
    }
    let preposition =
        (noun..mention.words.start).rev().map(|at| unit.lower(at)).find(|word| is_from_or_in(word));
    match preposition {
        Some("from") => true,
        Some(_) => {
            let shot = unit.words.iter().any(|word| {
                word.head == Some(verb) && word.relation == Relation::Obj && is_projectile(&word.lemma)
            });
            shot && is_firing(unit.lemma(verb))
        }
        None => false,
    }
}

fn is_from_or_in(word: &str) -> bool {
    matches!(word, "from" | "in" | "inside")
}

fn is_firing(verb: &str) -> bool {
    matches!(verb, "fire" | "launch" | "lob" | "shoot")
}

fn is_projectile(noun: &str) -> bool {
    matches!(noun, "rocket" | "missile" | "mortar" | "shell" | "projectile" | "drone" | "salvo" | "barrage")
}

/// "Rockets fired from an area in Syria": where they came from, not where they struck.
fn is_origin_of_fire(unit: &Unit, mention: &PlaceMention) -> bool {
    let mut at = mention.words.end - 1;
    for _ in 0..4 {
        let Some(head) = unit.words[at].head else { return false };
        if unit.words[head].tag.is_verb() {
            let first =
                (0..at).rev().take_while(|&word| word > head).find(|&word| unit.lower(word) == "from");
            return is_firing(unit.lemma(head))
                && unit.words[at].relation == Relation::Obl
                && first.is_some_and(|from| unit.words[from].head == Some(at));
        }
        at = head;
    }
    false
}

/// "The ministry in Baghdad said", "according to a source in Mosul".
fn of_speaker(unit: &Unit, mention: &PlaceMention) -> bool {
    let mut at = mention.words.end - 1;
    for _ in 0..4 {
        let Some(head) = unit.words[at].head else { return false };
        let passive = unit.verb_at[head].is_some_and(|verb| unit.verbs[verb].passive);
        if SPEAKING.contains(&unit.lemma(head)) && unit.verb_at[head].is_some() && !passive {
            // As subject or beside the verb, not inside what was said.
            return matches!(unit.words[at].relation, Relation::Nsubj | Relation::Obl);
        }
        if unit.words[at].relation.is_clause() {
            return false;
        }
        at = head;
    }
    false
}

/// Nouns of what takes place: the country before one of them is where.
fn takes_place(noun: &str) -> bool {
    matches!(
        noun,
        "attack"
            | "violence"
            | "blast"
            | "bombing"
            | "bomb"
            | "explosion"
            | "clash"
            | "shooting"
            | "raid"
            | "unrest"
            | "war"
            | "conflict"
            | "massacre"
            | "siege"
            | "killing"
            | "protest"
            | "riot"
            | "funeral"
            | "fighting"
            | "ambush"
    )
}

/// Nouns of what is agreed and where people meet for it.
fn is_talk(noun: &str) -> bool {
    matches!(
        noun,
        "talk"
            | "talks"
            | "summit"
            | "conference"
            | "negotiation"
            | "accord"
            | "agreement"
            | "treaty"
            | "protocol"
            | "memorandum"
    )
}

/// Nouns of what a state has, and a city has not.
fn is_of_state(noun: &str) -> bool {
    matches!(noun, "force" | "forces" | "military" | "army" | "government" | "regime" | "troop" | "troops")
}

/// Nouns for a part of a country: "Kenya's southeast" is a place where things happen.
fn is_part(noun: &str) -> bool {
    matches!(
        noun,
        "capital"
            | "north"
            | "south"
            | "east"
            | "west"
            | "northeast"
            | "northwest"
            | "southeast"
            | "southwest"
            | "region"
            | "province"
            | "state"
            | "district"
            | "coast"
            | "border"
            | "town"
            | "city"
            | "village"
            | "belt"
            | "area"
    )
}

/// "The governor of X", "a resident of X", "X's army", "Damascus and Moscow said".
pub(crate) fn of_somebody(parsed: &Parsed, mention: &PlaceMention) -> bool {
    let unit = &parsed.unit;
    let after = unit.lower(mention.words.end);
    if matches!(after, "'s" | "’s") && is_country(&mention.place) {
        let of_part = unit
            .phrase_of(mention.words.start)
            .is_some_and(|phrase| is_part(unit.lemma(unit.phrases[phrase].head)));
        return !of_part;
    }
    let before = unit.before(mention.words.start, 1);
    let noun = mention.words.start.checked_sub(2).map_or("", |at| unit.lemma(at));
    before == "of"
        && matches!(
            noun,
            "governor"
                | "president"
                | "minister"
                | "mayor"
                | "king"
                | "ambassador"
                | "government"
                | "archbishop"
                | "bishop"
                | "army"
                | "leader"
                | "resident"
                | "native"
                | "university"
                | "bank"
                | "emir"
                | "people"
        )
}

/// Whether nothing but commas, "and", "in", "of", words for divisions and articles stands between two places.
pub(crate) fn linked(parsed: &Parsed, a: usize, b: usize) -> bool {
    let unit = &parsed.unit;
    let (from, to) = (parsed.places[a].words.end, parsed.places[b].words.start);
    to.saturating_sub(from) <= 8
        && (from..to).all(|at| {
            matches!(
                unit.lower(at),
                "," | "and"
                    | "in"
                    | "of"
                    | "the"
                    | "or"
                    | "("
                    | ")"
                    | "/"
                    | "as"
                    | "well"
                    | "near"
                    | "to"
                    | "district"
                    | "province"
                    | "governorate"
                    | "state"
                    | "region"
                    | "county"
                    | "town"
                    | "city"
                    | "village"
                    | "area"
                    | "department"
                    | "municipality"
                    | "provinces"
                    | "districts"
                    | "governorates"
                    | "local"
                    | "council"
                    | "capital"
                    | "subdistrict"
                    | "neighborhood"
                    | "neighbourhood"
                    | "between"
                    | "southwest"
                    | "south"
                    | "north"
                    | "east"
                    | "west"
                    | "northwest"
                    | "northeast"
                    | "southeast"
                    | "eastern"
                    | "western"
                    | "northern"
                    | "southern"
                    | "central"
                    | "country"
                    | "'s"
                    | "’s"
            )
        })
}

/// Whether two places of a sentence stand in one chain.
#[must_use]
pub fn chained(parsed: &Parsed, a: usize, b: usize) -> bool {
    let (first, last) = (a.min(b), a.max(b));
    (first..last).all(|place| linked(parsed, place, place + 1))
        || holds(&parsed.places[a].place, &parsed.places[b].place)
        || holds(&parsed.places[b].place, &parsed.places[a].place)
}

/// Whether one resolved place holds another.
#[must_use]
pub fn holds(wide: &Place, narrow: &Place) -> bool {
    let known = |place: &Place| place.country.is_some() && place.name.is_some();
    if !known(wide) || !known(narrow) || wide.country != narrow.country {
        return false;
    }
    let precision = |place: &Place| place.where_precision.unwrap_or(9);
    if is_country(wide) {
        return !is_country(narrow);
    }
    precision(wide) == 4 && precision(narrow) < 4 && wide.admin1.is_some() && wide.admin1 == narrow.admin1
        || precision(wide) == 3
            && precision(narrow) < 3
            && wide.admin2.is_some()
            && wide.admin2 == narrow.admin2
            && wide.admin1 == narrow.admin1
}

/// Whether two resolved places may be one event's.
#[must_use]
pub fn same(a: &Place, b: &Place) -> bool {
    let folded = |text: &str| text.to_lowercase().replace(['-', '\'', '’'], " ");
    folded(&a.text) == folded(&b.text)
        || a.source_id.is_some() && a.source_id == b.source_id
        || a.geonameid.is_some() && a.geonameid == b.geonameid
        || holds(a, b) && !is_country(a)
        || holds(b, a) && !is_country(b)
}

/// Whether two resolved places cannot be one event's.
#[must_use]
pub fn apart(a: &Place, b: &Place) -> bool {
    if same(a, b) || holds(a, b) || holds(b, a) {
        return false;
    }
    match (&a.country, &b.country) {
        (Some(x), Some(y)) if x != y => true,
        (Some(_), Some(_)) => {
            let (Some(p), Some(q)) = (a.latitude.zip(a.longitude), b.latitude.zip(b.longitude)) else {
                return a.admin1.is_some() && b.admin1.is_some() && a.admin1 != b.admin1;
            };
            a.admin1 != b.admin1 && a.admin1.is_some() && b.admin1.is_some() || kilometres(p, q) > 60.0
        }
        _ => false,
    }
}

/// Great-circle distance (haversine, mean earth radius 6,371.0088 km, IUGG).
fn kilometres(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (lat1, lat2) = (a.0.to_radians(), b.0.to_radians());
    let (dlat, dlon) = (lat2 - lat1, (b.1 - a.1).to_radians());
    let h = (dlat / 2.0).sin().powi(2) + lat1.cos() * lat2.cos() * (dlon / 2.0).sin().powi(2);
    2.0 * 6_371.008_8 * h.sqrt().min(1.0).asin()
}

/// The sentence that holds an event verb, and the verb's words in it.
pub(crate) fn find_words<'r>(
    reading: &'r Reading<'_>,
    verb: text::Span,
) -> Option<(&'r Parsed, Range<usize>)> {
    reading.units().find_map(|(_, parsed)| {
        let words = parsed.unit.words_of(verb)?;
        parsed.unit.words[words.start].span.overlaps(verb).then_some((parsed, words))
    })
}

/// The words that name a place, with the capitalised words of kind that are part of its name: "Deir ez-Zor
/// Military Airport", "Khoja Ghar District".
pub(crate) fn name_span(parsed: &Parsed, place: usize) -> text::Span {
    let unit = &parsed.unit;
    let words = &parsed.places[place].words;
    let taken = |at: usize| parsed.places.iter().any(|other| other.words.contains(&at));
    let run = (words.end..unit.words.len()).take(3).take_while(|&at| {
        let word = &unit.words[at];
        word.capital
            && (word.tag.is_noun() || word.tag.is_adjective())
            && unit.time_at(at).is_none()
            && !taken(at)
    });
    let end = run.filter(|&at| is_named_kind(unit.lower(at))).last().map_or(words.end, |at| at + 1);
    unit.span(&(words.start..end))
}

/// Nouns that names of places end in.
fn is_named_kind(noun: &str) -> bool {
    matches!(
        noun,
        "airport"
            | "airbase"
            | "area"
            | "base"
            | "camp"
            | "center"
            | "centre"
            | "city"
            | "county"
            | "crossing"
            | "district"
            | "province"
            | "governorate"
            | "heights"
            | "hill"
            | "hills"
            | "hospital"
            | "hotel"
            | "house"
            | "island"
            | "islands"
            | "lake"
            | "mosque"
            | "mountain"
            | "mountains"
            | "park"
            | "peninsula"
            | "port"
            | "prison"
            | "region"
            | "river"
            | "road"
            | "sea"
            | "square"
            | "state"
            | "station"
            | "strait"
            | "straits"
            | "street"
            | "strip"
            | "university"
            | "valley"
            | "village"
            | "bridge"
            | "stadium"
            | "highway"
            | "zone"
            | "plant"
            | "cathedral"
            | "church"
            | "palace"
            | "market"
            | "bazaar"
            | "factory"
            | "college"
            | "complex"
            | "project"
            | "barracks"
            | "roundabout"
            | "checkpoint"
            | "tehsil"
            | "trail"
            | "dam"
            | "farms"
            | "plains"
            | "suburb"
            | "quarter"
            | "refinery"
            | "shrine"
            | "junction"
    )
}

/// The place names at which an event verb's event happened, as spans of the text: each that more likely is its
/// place than not.
#[must_use]
pub fn of_span(reading: &Reading<'_>, verb: text::Span) -> Vec<text::Span> {
    let Some((parsed, words)) = find_words(reading, verb) else { return Vec::new() };
    let chances = reading.place_chances(parsed, &words);
    (0..parsed.places.len())
        .filter(|&place| chances[place] >= LIKELY)
        .map(|place| name_span(parsed, place))
        .collect()
}
