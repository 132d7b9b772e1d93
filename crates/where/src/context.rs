//! What the words beside a place name say: that it is a place, what kind, and how the event lies to it.

use std::ops::Range;

use record::Relation;
use text::{Text, TokenKind};

use crate::gazetteer::Level;
use crate::words::{Class, Words};

/// Kilometres in a statute mile.
const MILE: f64 = 1.609_344;
/// Greatest distance that is believed: half the way round the earth.
const FARTHEST: f64 = 20_040.0;

/// What stands around a name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Around {
    /// A preposition of place stands before it.
    pub locative: bool,
    /// "of", "and", "on" stands before it.
    pub of_before: bool,
    /// What kind of place the words beside it call it.
    pub kind: Option<Level>,
    /// The same word where "of" follows it, and it may call another name that.
    pub kind_before_of: Option<Level>,
    /// That word also names other things ("Department of Transport", "a state of siege").
    pub doubtful: bool,
    /// A comma and another name follow or go before ("Sangin, Helmand").
    pub contained: bool,
    /// It stands at the head of the text, in capitals or before a dash: where the report was written.
    pub dateline: bool,
    /// "the X area", "the outskirts of X".
    pub part: bool,
    /// After a word for several places: "three villages: X", "key towns, including X".
    pub listed: bool,
    /// "'s" follows.
    pub possessive: bool,
    /// A verb of saying follows.
    pub saying: bool,
    /// A noun of what took place there follows: "the X massacre".
    pub event: bool,
    /// It opens its sentence.
    pub opens: bool,
    /// How the event lies to it.
    pub relation: Relation,
    /// Kilometres from it.
    pub distance_km: Option<f64>,
}

impl Around {
    /// Reads the words around the tokens of a name.
    #[must_use]
    pub fn new(text: &Text, sentence: usize, tokens: &Range<usize>, words: &Words) -> Self {
        let Some(bounds) = text.sentences.get(sentence).map(|sentence| sentence.tokens.clone()) else {
            return Self::default();
        };
        let word = |token: usize| {
            if bounds.contains(&token) { text.tokens.get(token).map_or("", |t| text.word(t)) } else { "" }
        };
        let mut around = Self { opens: tokens.start == bounds.start, ..Self::default() };

        // Backwards over "the", "northern", "city of", to the preposition.
        let mut at = tokens.start;
        let mut modifier = None;
        let mut steps = 0;
        while let Some(before) = at.checked_sub(1).filter(|before| bounds.contains(before) && steps < 6) {
            steps += 1;
            let previous = word(before);
            let lower = previous.to_lowercase();
            if matches!(
                lower.as_str(),
                "the" | "a" | "an" | "its" | "their" | "his" | "her" | "s" | "'s" | "’s" | "‘"
            ) || words.any(&lower, &[Class::Title]) && lower == "capital"
            {
                at = before;
            } else if let Some(direction) = Direction::abbreviated(previous).filter(|_| modifier.is_none()) {
                modifier = Some((direction, true));
                at = before;
            } else if let Some(direction) = Direction::of(&lower).filter(|_| modifier.is_none()) {
                modifier = Some((direction, lower.ends_with("ern") || lower == "central"));
                at = before;
            } else if words.is(&lower, Class::Modifier)
                || lower == previous && words.is(&lower, Class::Describing)
                || previous.rsplit_once('-').is_some_and(|(_, how)| words.is(how, Class::HeldBy))
            {
                at = before;
            } else if lower == "of" && before > bounds.start {
                // "the town of X", "south of X", "outskirts of X"
                let kind_word = word(before - 1).to_lowercase();
                // "the capital of X" says nothing of the kind of X.
                if let Some(kind) = kind_of(&kind_word, words).filter(|_| kind_word != "capital") {
                    around.kind = around.kind.or(Some(kind));
                    around.doubtful = is_doubtful(&kind_word);
                    around.locative |= !around.doubtful;
                    if OPEN_COUNTRY.contains(&kind_word.as_str()) {
                        around.near();
                    }
                    at = before - 1;
                } else if words.is(&kind_word, Class::Part) {
                    // "the outskirts of X": a place, of whatever kind.
                    around.part = true;
                    around.of_before = true;
                    at = before;
                    break;
                } else if OPEN_COUNTRY.contains(&kind_word.as_str()) {
                    around.near();
                    at = before - 1;
                } else {
                    around.of_before = true;
                    at = before;
                    break;
                }
            } else if at == tokens.start
                && kind_of(&lower, words).is_some_and(|kind| kind == Level::Settlement)
                && !around.opens
            {
                // "the town X", "capital Damascus"
                around.kind = around.kind.or(Some(Level::Settlement));
                at = before;
            } else {
                break;
            }
        }
        let preposition = at.checked_sub(1).map_or("", word).to_lowercase();
        let behind = |back: usize| at.checked_sub(back).map_or("", word).to_lowercase();
        let source = preposition == "to" && behind(2) == "according";
        around.locative |= words.is(&preposition, Class::Locative) && !source;
        around.of_before |= words.is(&preposition, Class::WeakLocative);
        around.listed = tokens.start.checked_sub(1).is_some_and(|last| after_several(&word, last, words));
        around.read_relation(text, at, &preposition, &behind, modifier, tokens);

        // Forwards: "X district", "X's", "X, Y", "X said".
        let next = word(tokens.end);
        around.possessive = matches!(next, "'s" | "’s" | "'" | "’")
            || text.slice(text.span_of(tokens.clone())).ends_with("'s");
        let after = if around.possessive { tokens.end + 1 } else { tokens.end };
        // "the Texas town of Waco": the town is the other one.
        if !around.possessive
            && let Some(kind) = kind_of(next, words)
        {
            if word(tokens.end + 1) == "of" {
                around.kind_before_of = Some(kind);
            } else {
                around.kind = Some(kind);
                around.doubtful = is_doubtful(&next.to_lowercase());
            }
        }
        // "the X area", "at the X airbase".
        let article = matches!(tokens.start.checked_sub(1).map_or("", word), "the" | "'s" | "’s");
        around.part |= !around.possessive
            && (words.is(next, Class::Part)
                || article && is_public_place(next)
                || around.locative
                    && (words.is(next, Class::Facility)
                        || words.is(word(tokens.end + 1), Class::Facility)
                            && !next.is_empty()
                            && next.chars().all(char::is_lowercase)
                            && !words.is(next, Class::Function)));
        around.saying = words.is(word(after), Class::Saying);
        around.event = !around.possessive && HAPPENINGS.contains(&next);
        let comma_name = |comma: usize, name: usize| {
            matches!(word(comma), "," | "/") && word(name).chars().next().is_some_and(char::is_uppercase)
        };
        around.contained = comma_name(tokens.end, tokens.end + 1) && around.locative;
        around.dateline = around.opens
            && (is_capitals(text, tokens) || matches!(next, "(" | "-" | "–" | "—" | "--"))
            && sentence < 4;
        around
    }

    /// The words say that it is a place, and not only a preposition does.
    #[must_use]
    pub const fn strong(&self) -> bool {
        self.kind.is_some() || self.contained || self.dateline || self.locative || self.event
    }

    fn read_relation(
        &mut self,
        text: &Text,
        at: usize,
        preposition: &str,
        behind: &dyn Fn(usize) -> String,
        modifier: Option<(Direction, bool)>,
        tokens: &Range<usize>,
    ) {
        let word = |token: usize| text.tokens.get(token).map_or("", |token| text.word(token)).to_lowercase();
        if self.of_before && word(at) == "of" {
            // "of" at `at`: what stands before it tells.
            let head = at.checked_sub(1).map(&word).unwrap_or_default();
            if let Some(direction) = Direction::of(&head) {
                let the = matches!(at.checked_sub(2).map(&word).unwrap_or_default().as_str(), "the");
                let inside = head.ends_with("ern") || the;
                self.relation = if inside { Relation::PartOf } else { direction.relation() };
                self.distance_km = at.checked_sub(1).and_then(|before| distance_before(text, before));
                self.locative = true;
                return;
            }
            match head.as_str() {
                "outskirts" | "outside" | "vicinity" | "suburbs" | "surroundings" | "edge" | "environs" => {
                    self.near()
                }
                "countryside" | "part" | "parts" | "areas" | "swathes" => {
                    let direction = at.checked_sub(2).map(&word).and_then(|head| Direction::of(&head));
                    self.relation = if direction.is_some() || head == "countryside" {
                        Relation::PartOf
                    } else {
                        Relation::At
                    };
                    self.locative = true;
                }
                "km" | "kilometers" | "kilometres" | "miles" => self.near(),
                _ => {}
            }
            return;
        }
        if let Some((direction, adjective)) = modifier {
            if adjective || !matches!(preposition, "") && !matches!(direction, Direction::Point(_)) {
                self.relation = Relation::PartOf;
                return;
            }
            self.relation = Relation::PartOf;
        }
        let countryside = matches!(
            word(tokens.end).as_str(),
            "countryside" | "suburb" | "suburbs" | "desert" | "outskirts"
        );
        match preposition {
            "near" | "outside" | "around" | "nearby" | "surrounding" => self.near(),
            "to" if behind(2) == "close" || behind(2) == "next" => self.near(),
            "between" => self.relation = Relation::Between,
            "and" if is_second_of_two(text, at) => self.relation = Relation::Between,
            "from" | "to" => {
                let head = |back: usize| {
                    matches!(
                        behind(back).as_str(),
                        "road" | "highway" | "motorway" | "route" | "border" | "way"
                    )
                };
                // "on the road from A to B": the second name finds the road five words before it.
                if (2..=5).any(head) {
                    self.relation = Relation::Along;
                } else if preposition == "from"
                    && let Some(km) = at.checked_sub(1).and_then(|before| distance_before(text, before))
                {
                    self.near();
                    self.distance_km = Some(km);
                }
            }
            _ if countryside => self.relation = Relation::PartOf,
            _ => {}
        }
    }

    fn near(&mut self) {
        self.relation = Relation::Near;
        self.locative = true;
    }
}

/// Whether the words up to `last` say that names of several places follow: "four villages:", "key towns in the north,
/// including", "areas like".
fn after_several<'t>(word: &dyn Fn(usize) -> &'t str, last: usize, words: &Words) -> bool {
    const REACH: usize = 6;
    let several = |noun: &str| {
        noun.ends_with('s')
            && (kind_of(noun, words).is_some() || words.is(noun, Class::Part))
            && !is_doubtful(noun)
    };
    let back = |steps: usize| last.checked_sub(steps).map_or("", word);
    let from = match (back(1), back(0)) {
        // Right behind the noun.
        (noun, ":" | "-" | "--" | "–" | "—" | "(" | "like") => return several(noun),
        ("such", "as") => return several(back(2)),
        (",", "including" | "namely") => 2,
        (_, "including") => 1,
        _ => return false,
    };
    // "Key towns in North Kivu, including X".
    (from..from + REACH)
        .take_while(|&steps| !matches!(back(steps), "" | "," | "." | ";" | "and"))
        .any(|steps| several(back(steps)))
}

/// Most tokens from "between" to the "and" before the second name.
const BETWEEN: usize = 8;

/// Whether the "and" before a token is that of "between X, Y and".
fn is_second_of_two(text: &Text, at: usize) -> bool {
    let word = |token: usize| text.tokens.get(token).map_or("", |token| text.word(token));
    let names = |word: &str| {
        word.chars().next().is_some_and(char::is_uppercase)
            || matches!(
                word,
                "," | "the"
                    | "of"
                    | "towns"
                    | "cities"
                    | "villages"
                    | "town"
                    | "city"
                    | "village"
                    | "state"
                    | "province"
                    | "district"
            )
    };
    let mut before = (at.saturating_sub(BETWEEN)..at.saturating_sub(1)).rev().map(word);
    before.find(|word| !names(word)) == Some("between")
}

/// What is named after where it stands far more often than after who owns it.
fn is_public_place(noun: &str) -> bool {
    matches!(
        noun,
        "airport"
            | "airbase"
            | "airfield"
            | "airstrip"
            | "prison"
            | "penitentiary"
            | "jail"
            | "mosque"
            | "shrine"
            | "bridge"
            | "dam"
            | "market"
            | "bazaar"
            | "camp"
            | "barracks"
            | "checkpoint"
            | "crossing"
            | "border-crossing"
            | "palace"
            | "castle"
            | "fort"
            | "cemetery"
            | "hospital"
            | "junction"
            | "roundabout"
            | "tunnel"
            | "port"
            | "harbour"
            | "harbor"
            | "farmland"
            | "islet"
    )
}

/// Words from which a distance is counted: "20 km of X".
#[must_use]
pub fn is_distance(word: &str) -> bool {
    matches!(word, "km" | "kilometers" | "kilometres" | "miles")
}

/// Nouns for what takes place: a name before one of them is where, if it is no group's.
const HAPPENINGS: &[&str] = &[
    "ambush",
    "attack",
    "attacks",
    "blast",
    "bombing",
    "bombings",
    "clash",
    "clashes",
    "explosion",
    "incident",
    "killings",
    "massacre",
    "raid",
    "riot",
    "riots",
    "shooting",
    "shootings",
    "siege",
    "stabbing",
];

/// Open country that is named after a town lies around it: UCDP's precision 2.
const OPEN_COUNTRY: &[&str] = &[
    "desert",
    "deserts",
    "mountains",
    "hills",
    "forest",
    "forests",
    "jungle",
    "jungles",
    "plains",
    "steppe",
    "marshes",
];

/// Directions as headlines shorten them, and the words that the names of places have for them.
pub const ABBREVIATED: &[(&str, &[&str])] = &[
    ("N", &["north", "northern"]),
    ("E", &["east", "eastern"]),
    ("S", &["south", "southern"]),
    ("W", &["west", "western"]),
    ("C", &["central"]),
    ("NE", &["northeast", "northeastern"]),
    ("SE", &["southeast", "southeastern"]),
    ("SW", &["southwest", "southwestern"]),
    ("NW", &["northwest", "northwestern"]),
];

/// Whether a word is an abbreviation, with or without full stops ("NW", "N.W.").
fn is_written(word: &str, short: &str) -> bool {
    word.len() <= 2 * short.len() && word.bytes().filter(|&byte| byte != b'.').eq(short.bytes())
}

/// A direction of the compass, or the middle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Direction {
    /// Degrees clockwise from north.
    Point(f64),
    /// "central".
    Middle,
}

impl Direction {
    /// The direction that a word gives.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        let bare = word.replace('-', "");
        let bare = bare.strip_suffix("ern").unwrap_or(&bare);
        let bare = bare.strip_suffix("wards").or_else(|| bare.strip_suffix("ward")).unwrap_or(bare);
        Some(Self::Point(match bare {
            "north" => 0.0,
            "northeast" => 45.0,
            "east" => 90.0,
            "southeast" => 135.0,
            "south" => 180.0,
            "southwest" => 225.0,
            "west" => 270.0,
            "northwest" => 315.0,
            "central" => return Some(Self::Middle),
            _ => return None,
        }))
    }

    /// The direction that headlines write as "NW", "S." or "C.".
    #[must_use]
    pub fn abbreviated(word: &str) -> Option<Self> {
        let (_, words) = ABBREVIATED.iter().find(|(short, _)| is_written(word, short))?;
        words.first().and_then(|word| Self::of(word))
    }

    /// "… of", as the contract says it.
    #[must_use]
    pub fn relation(self) -> Relation {
        let Self::Point(degrees) = self else { return Relation::PartOf };
        match degrees {
            d if d < 22.5 => Relation::NorthOf,
            d if d < 67.5 => Relation::NortheastOf,
            d if d < 112.5 => Relation::EastOf,
            d if d < 157.5 => Relation::SoutheastOf,
            d if d < 202.5 => Relation::SouthOf,
            d if d < 247.5 => Relation::SouthwestOf,
            d if d < 292.5 => Relation::WestOf,
            _ => Relation::NorthwestOf,
        }
    }
}

/// Degrees clockwise from north of a relation that has a direction.
#[must_use]
pub const fn bearing(relation: Relation) -> Option<f64> {
    Some(match relation {
        Relation::NorthOf => 0.0,
        Relation::NortheastOf => 45.0,
        Relation::EastOf => 90.0,
        Relation::SoutheastOf => 135.0,
        Relation::SouthOf => 180.0,
        Relation::SouthwestOf => 225.0,
        Relation::WestOf => 270.0,
        Relation::NorthwestOf => 315.0,
        _ => return None,
    })
}

fn kind_of(word: &str, words: &Words) -> Option<Level> {
    if words.is(word, Class::Admin1) {
        Some(Level::First)
    } else if words.is(word, Class::Admin2) {
        Some(Level::Second)
    } else if words.is(word, Class::Settlement) {
        Some(Level::Settlement)
    } else if words.is(word, Class::Natural) {
        Some(Level::Region)
    } else {
        None
    }
}

fn is_doubtful(kind_word: &str) -> bool {
    matches!(
        kind_word,
        "department"
            | "departments"
            | "state"
            | "states"
            | "agency"
            | "division"
            | "port"
            | "camp"
            | "capital"
            | "quarter"
    )
}

/// The kilometres that end right before a token: "40 km", "about 25 miles (40 kilometres)".
fn distance_before(text: &Text, end: usize) -> Option<f64> {
    let word = |back: usize| {
        end.checked_sub(back).and_then(|at| text.tokens.get(at)).map(|token| (token, text.word(token)))
    };
    let mut back = 1;
    // Past "(…)", "to the", "or so".
    while let Some((_, word)) = word(back)
        && back <= 6
        && matches!(word, ")" | "to" | "the" | "away" | "or" | "so")
    {
        back += 1;
    }
    let (_, unit) = word(back)?;
    let scale = match unit.to_lowercase().trim_end_matches('.') {
        "km" | "kms" | "kilometer" | "kilometers" | "kilometre" | "kilometres" => 1.0,
        "mile" | "miles" | "mi" => MILE,
        "m" | "meters" | "metres" => 0.001,
        _ => {
            // "40km" in one token.
            let lower = unit.to_lowercase();
            let number = lower.strip_suffix("km")?.parse::<f64>().ok()?;
            return Some(number).filter(|km| (0.0..FARTHEST).contains(km));
        }
    };
    let (token, number) = match word(back + 1)? {
        (_, "-") => word(back + 2)?,
        found => found,
    };
    let value = match token.kind {
        TokenKind::Number => number.replace(',', "").parse::<f64>().ok()?,
        _ => number_word(&number.to_lowercase())?,
    };
    Some(value * scale).filter(|km| (0.0..FARTHEST).contains(km))
}

/// Small numbers in words, and the vague ones as ACLED reads them.
fn number_word(word: &str) -> Option<f64> {
    let index =
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
            .iter()
            .position(|n| *n == word);
    match (index, word) {
        (Some(index), _) => u32::try_from(index + 1).ok().map(f64::from),
        (_, "fifteen") => Some(15.0),
        (_, "twenty") => Some(20.0),
        (_, "thirty") => Some(30.0),
        (_, "forty") => Some(40.0),
        (_, "fifty") => Some(50.0),
        (_, "few" | "several") => Some(3.0),
        _ => None,
    }
}

fn is_capitals(text: &Text, tokens: &Range<usize>) -> bool {
    let name = text.slice(text.span_of(tokens.clone()));
    name.chars().count() > 3 && name.chars().all(|c| !c.is_lowercase())
}

/// Most tokens that are looked at between two names of a list, with what stands in brackets.
const LONGEST_BETWEEN: usize = 10;

/// Whether only a conjunction, comma or slash stands between two names.
#[must_use]
pub fn joined(text: &Text, end: usize, start: usize) -> bool {
    let mut between: Vec<&str> = (end..start.min(end + LONGEST_BETWEEN))
        .filter_map(|token| text.tokens.get(token))
        .map(|token| text.word(token))
        .collect();
    // "Jobar (five times), Arbin".
    if between.first() == Some(&"(")
        && let Some(close) = between.iter().position(|word| *word == ")")
    {
        between.drain(..=close);
    }
    (1..=3).contains(&between.len())
        && between
            .iter()
            .all(|word| matches!(*word, "," | "and" | "or" | "/" | "&" | "in" | "the" | "'s" | "’s"))
}

/// Words from a name to the word of kind that tells of it.
const REACH: usize = 12;

/// Whether the words after a name call it a place: as one of several ("the Assad and Minyan suburbs"), or by what it is
/// ("X, a small village").
#[must_use]
pub fn said_after(text: &Text, sentence: usize, end: usize, words: &Words) -> bool {
    let Some(bounds) = text.sentences.get(sentence).map(|sentence| sentence.tokens.clone()) else {
        return false;
    };
    let word = |token: usize| {
        if bounds.contains(&token) { text.tokens.get(token).map_or("", |t| text.word(t)) } else { "" }
    };
    let capital = |word: &str| word.chars().next().is_some_and(char::is_uppercase);
    let is_kind = |word: &str| kind_of(word, words).is_some() && !is_doubtful(word);
    if word(end) == "," && matches!(word(end + 1), "a" | "an" | "the") {
        let lower = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_lowercase() || c == '-');
        return (end + 2..end + 6).take_while(|&at| lower(word(at))).any(|at| is_kind(word(at)));
    }
    if !matches!(word(end), "," | "and" | "or") {
        return false;
    }
    let listed = |word: &str| matches!(word, "," | "and" | "or" | "the" | "al" | "el" | "-") || capital(word);
    let stop = (end..end + REACH).find(|&at| !listed(word(at))).unwrap_or(end);
    let of_several = word(stop).ends_with('s') && (is_kind(word(stop)) || words.is(word(stop), Class::Part));
    capital(word(stop.saturating_sub(1))) && of_several
}

/// Whether the words before a name call it a place by that name: "a village called X", "an area known as X".
#[must_use]
pub fn said_before(text: &Text, sentence: usize, start: usize, words: &Words) -> bool {
    let Some(bounds) = text.sentences.get(sentence).map(|sentence| sentence.tokens.clone()) else {
        return false;
    };
    let word = |back: usize| {
        let at = start.checked_sub(back).filter(|at| bounds.contains(at));
        at.and_then(|at| text.tokens.get(at)).map_or("", |token| text.word(token))
    };
    let called = match word(1) {
        "called" | "named" => 2,
        "as" if word(2) == "known" => 3,
        _ => return false,
    };
    let noun = word(called);
    matches!(noun, "place" | "locality") || kind_of(noun, words).is_some() || words.is(noun, Class::Part)
}

/// The name that a name at `end` is said to lie in: after a comma, a slash or "in".
#[must_use]
pub fn inside_of(text: &Text, sentence: usize, end: usize) -> Option<&str> {
    let bounds = text.sentences.get(sentence)?.tokens.clone();
    let word = |token: usize| {
        if bounds.contains(&token) { text.tokens.get(token).map(|token| text.word(token)) } else { None }
    };
    let mut at = end;
    // Past "district", "village".
    if word(at).is_some_and(|word| word.chars().all(char::is_lowercase)) && word(at) != Some("in") {
        at += 1;
    }
    if !matches!(word(at)?, "," | "/" | "in") {
        return None;
    }
    at += 1;
    while matches!(word(at)?, "in" | "the") || Direction::of(&word(at)?.to_lowercase()).is_some() {
        at += 1;
    }
    let start = at;
    while word(at).is_some_and(|word| word.chars().next().is_some_and(char::is_uppercase)) && at < start + 3 {
        at += 1;
    }
    (at > start).then(|| text.slice(text.span_of(start..at)))
}
