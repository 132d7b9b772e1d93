/*! The counts of an event over all its sentences.

A report gives the same figure several times, in pieces, and revised. The rule by which they are put
together, so that the figures that are neither part of another nor superseded add up to the event's toll:

1. Figures of one sentence add up, but for those that are part of another.
2. A figure of a later sentence with the same number is the same figure.
3. Later figures that add up to no more than what is known are parts of it.
4. Later figures that exceed what is known replace it; "another", "also", "more" add to it instead; a running
   toll ("raising the toll to 14") always replaces.
*/

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use record::{Count, CountOf, Counts, Deaths, Quantity};

use crate::hurt;
use crate::lexicon::{Entry, Outcome};
use crate::person::Person;
use crate::roster;
use crate::unit::Unit;

/// A count with what is needed to put it together with others.
#[derive(Debug, Clone)]
pub struct Piece {
    /// Which list.
    pub outcome: Outcome,
    /// The count as it will be written; `part_of` is an index into the same sentence's pieces.
    pub count: Count,
    /// Index of the whole among the pieces of the same sentence.
    pub part_of: Option<usize>,
    /// A running total.
    pub toll: bool,
    /// "Another", "also", "more".
    pub adds: bool,
    /// From the headline.
    pub title: bool,
    /// "The two insurgents", "they": people told of before, so the same figure again.
    pub known: bool,
    /// Said to be hit, and no more.
    pub at_least_hurt: bool,
    /// Said to be cared for, or in what state: hurt, and alive then.
    pub cared: bool,
    /// Some of those told of before ("among the dead were two guards").
    pub among: bool,
    /// Which one person, where it is one.
    pub person: Option<Person>,
    /// The same person as in another piece that says as much of them or more.
    pub again: bool,
    /// The same person as in another piece that tells of their death.
    pub outlived: bool,
    /// One who died, of whom another piece tells that they were hit.
    pub was_hurt: bool,
    /// The word of an armed group for what it did itself.
    pub claimed: bool,
}

fn list(counts: &mut Counts, outcome: Outcome) -> &mut Vec<Count> {
    match outcome {
        Outcome::Killed => &mut counts.killed,
        Outcome::Injured => &mut counts.injured,
        Outcome::KilledOrInjured => &mut counts.killed_or_injured,
        Outcome::Abducted => &mut counts.abducted,
        Outcome::Arrested => &mut counts.arrested,
        Outcome::Missing => &mut counts.missing,
        Outcome::Escaped => &mut counts.escaped,
        Outcome::Displaced => &mut counts.displaced,
    }
}

const OUTCOMES: &[Outcome] = &[
    Outcome::Killed,
    Outcome::Injured,
    Outcome::KilledOrInjured,
    Outcome::Abducted,
    Outcome::Arrested,
    Outcome::Missing,
    Outcome::Escaped,
    Outcome::Displaced,
];

/// What a plural without a number says at least.
const BARE_PLURAL: u64 = 2;

/// Words for people that fit anybody.
const GENERAL: &[&str] = &[
    "adults",
    "another",
    "captured",
    "detained",
    "detainees",
    "him",
    "individual",
    "individuals",
    "man",
    "members",
    "men",
    "one",
    "others",
    "people",
    "person",
    "persons",
    "suspect",
    "suspects",
    "them",
    "woman",
    "women",
];

/// "Killing several": the figure, and no word for who they are.
fn bare(count: &Count) -> bool {
    !count.text.trim().contains(char::is_whitespace) && count.number.figure().is_some_and(|figure| figure > 1)
}

/// "Several more rebels", "two more": besides as many told of before.
fn says_more(count: &Count) -> bool {
    let words: Vec<&str> = count.text.split_whitespace().collect();
    words
        .iter()
        .position(|&word| word == "more")
        .is_some_and(|at| at > 0 && words.get(at + 1) != Some(&"than"))
}

/// Words that say how many, if vaguely.
fn is_quantity(word: &str) -> bool {
    matches!(
        word.to_ascii_lowercase().as_str(),
        "several"
            | "some"
            | "few"
            | "couple"
            | "many"
            | "numerous"
            | "multiple"
            | "dozens"
            | "scores"
            | "two"
    )
}

fn figure(count: &Count) -> u64 {
    count.number.figure().unwrap_or(0)
}

fn live(count: &Count) -> bool {
    count.part_of.is_none() && !count.superseded
}

fn total(counts: &[Count], whose: Option<CountOf>) -> u64 {
    counts
        .iter()
        .filter(|count| live(count) && whose.is_none_or(|whose| compatible(count.who, whose)))
        .map(figure)
        .fold(0, u64::saturating_add)
}

/// Who the single persons are, by where their counts stand.
#[derive(Default)]
struct Persons {
    known: BTreeMap<(usize, usize), Person>,
    /// Those dead or wounded, each once.
    each: BTreeSet<(usize, usize)>,
}

impl Persons {
    fn of(sentences: &[Vec<Piece>]) -> Self {
        let mut persons = Self::default();
        for piece in sentences.iter().flatten().filter(|piece| !piece.again) {
            let Some(person) = &piece.person else { continue };
            let at = (piece.count.start, piece.count.end);
            persons.known.insert(at, person.clone());
            if matches!(piece.outcome, Outcome::Killed | Outcome::Injured) {
                persons.each.insert(at);
            }
        }
        persons
    }

    /// Whether two counts are of one person each, and not of the same.
    fn differ(&self, a: &Count, b: &Count) -> bool {
        let at = |count: &Count| (count.start, count.end);
        if self.each.contains(&at(a)) && self.each.contains(&at(b)) {
            return true;
        }
        matches!((self.known.get(&at(a)), self.known.get(&at(b))), (Some(a), Some(b)) if a.differs(b))
    }
}

/// Whether two counts may be of the same people.
fn compatible(a: CountOf, b: CountOf) -> bool {
    a == b
        || a == CountOf::Unknown
        || b == CountOf::Unknown
        || matches!((a, b), (CountOf::Recipient, CountOf::Civilian) | (CountOf::Civilian, CountOf::Recipient))
        || matches!(
            (a, b),
            (CountOf::ThirdParty, CountOf::Civilian) | (CountOf::Civilian, CountOf::ThirdParty)
        )
}

/// Puts the pieces of several sentences together, in the order of the report; with the reason where a figure was derived.
#[must_use]
pub fn together(sentences: &[Vec<Piece>]) -> (Counts, Option<String>) {
    let mut counts = Counts::default();
    let mut sentences = sentences.to_vec();
    roster::identify(&mut sentences);
    let sentences = &sentences[..];
    let mut persons = Persons::of(sentences);
    let mut hit: Vec<Count> = Vec::new();
    // What a group boasts of is kept, and counts only where nobody else gives a figure.
    let boast = |piece: &Piece| {
        let other = |other: &Piece| {
            other.outcome == piece.outcome && !other.claimed && !other.again && figure(&other.count) > 0
        };
        piece.claimed && sentences.iter().flatten().any(other)
    };
    for pieces in sentences {
        for &outcome in OUTCOMES {
            let of = |hurt: bool| -> Vec<usize> {
                let fits = |piece: &Piece| {
                    piece.outcome == outcome && piece.at_least_hurt == hurt && !piece.again && !boast(piece)
                };
                (0..pieces.len()).filter(|&index| fits(&pieces[index])).collect()
            };
            let (told, open) = (of(false), of(true));
            if !told.is_empty() {
                add(list(&mut counts, outcome), pieces, &told, &mut persons);
            }
            if !open.is_empty() {
                add(&mut hit, pieces, &open, &mut persons);
            }
        }
    }
    let besides: Vec<(usize, usize)> = sentences
        .iter()
        .flatten()
        .filter(|piece| piece.adds || piece.person.as_ref().is_some_and(|person| person.besides.is_some()))
        .map(|piece| (piece.count.start, piece.count.end))
        .collect();
    let was_hurt: BTreeSet<(usize, usize)> = sentences
        .iter()
        .flatten()
        .filter(|piece| piece.was_hurt)
        .map(|piece| (piece.count.start, piece.count.end))
        .collect();
    let dead = |piece: &Piece| piece.outcome == Outcome::Killed && piece.count.who != CountOf::Actor;
    // Hits told of in one sentence with the dead, or of people who are cared for, are none of the dead.
    let none_dead: BTreeSet<(usize, usize)> = sentences
        .iter()
        .flat_map(|pieces| {
            let beside = pieces.iter().any(dead);
            pieces.iter().filter(move |piece| beside || piece.cared)
        })
        .map(|piece| (piece.count.start, piece.count.end))
        .collect();
    let reason = hurt::settle(&mut counts, hit, &besides, &was_hurt, &none_dead, |a, b| persons.differ(a, b));
    let outlived = sentences.iter().flatten().filter(|piece| piece.outlived);
    counts.injured.extend(outlived.map(|piece| Count {
        part_of: None,
        superseded: true,
        ..piece.count.clone()
    }));
    for piece in sentences.iter().flatten().filter(|piece| !piece.again && boast(piece)) {
        let claim = Count { part_of: None, superseded: true, ..piece.count.clone() };
        list(&mut counts, piece.outcome).push(claim);
    }
    (counts, reason)
}

fn add(known: &mut Vec<Count>, pieces: &[Piece], here: &[usize], persons: &mut Persons) {
    // "Among the dead were two guards": a part of the largest figure that can hold them.
    let among: Vec<usize> = here.iter().copied().filter(|&index| pieces[index].among).collect();
    let sum = among.iter().map(|&index| figure(&pieces[index].count)).fold(0, u64::saturating_add);
    let whole = (0..known.len())
        .filter(|&index| live(&known[index]) && figure(&known[index]) >= sum)
        .max_by_key(|&index| (figure(&known[index]), std::cmp::Reverse(index)));
    let mut here = here;
    let rest: Vec<usize>;
    if let Some(whole) = whole.filter(|_| !among.is_empty()) {
        known
            .extend(among.iter().map(|&index| Count { part_of: Some(whole), ..pieces[index].count.clone() }));
        rest = here.iter().copied().filter(|index| !among.contains(index)).collect();
        here = &rest;
        if here.is_empty() {
            return;
        }
    }
    let first = known.len();
    // "Killed 235 people and gunned down worshippers": a plural without a number is of those counted beside it.
    let plural = |piece: &Piece| {
        piece.count.number.vague
            && figure(&piece.count) == BARE_PLURAL
            && !piece.count.text.split_whitespace().any(is_quantity)
    };
    let among = |index: usize| {
        plural(&pieces[index])
            && here.iter().any(|&other| {
                let whole = &pieces[other];
                !whole.count.number.vague
                    && figure(&whole.count) > BARE_PLURAL
                    && whole.part_of.is_none()
                    && whole.outcome != Outcome::Arrested
                    && compatible(whole.count.who, pieces[index].count.who)
            })
    };
    let here: Vec<usize> = here.iter().copied().filter(|&index| !among(index)).collect();
    let here = &here[..];
    let wholes: Vec<usize> = here.iter().copied().filter(|&index| pieces[index].part_of.is_none()).collect();
    let toll = wholes.iter().any(|&index| pieces[index].toll);
    // "Also", of one person of a group of whom not all were told of yet, adds nobody.
    let room = |index: usize, members: &BTreeMap<usize, u64>| {
        let piece = &pieces[index];
        figure(&piece.count) == 1
            && piece.person.is_some()
            && members.iter().any(|(&whole, &told)| {
                let group = &known[whole];
                live(group)
                    && !group.number.vague
                    && figure(group) > told.max(1)
                    && compatible(group.who, piece.count.who)
            })
    };
    let adds = wholes.iter().all(|&index| pieces[index].adds) && {
        // How many of each group were told of by themselves.
        let mut members: BTreeMap<usize, u64> = BTreeMap::new();
        for count in known.iter() {
            if let Some(whole) = count.part_of {
                let told = members.entry(whole).or_default();
                *told = told.saturating_add(figure(count));
            }
        }
        wholes.iter().all(|&index| !room(index, &members))
    };
    // Where each piece went.
    let mut at: Vec<Option<usize>> = vec![None; pieces.len()];
    for &index in &wholes {
        let piece = &pieces[index];
        // "Between 15 and 20 civilians"; a doctor says 17: the range stands, and has a best figure now.
        let within = (0..first).find(|&old| {
            let Quantity { low: Some(low), best: None, high: Some(high), .. } = known[old].number else {
                return false;
            };
            live(&known[old])
                && !piece.adds
                && !piece.count.number.vague
                && (low..=high).contains(&figure(&piece.count))
                && compatible(known[old].who, piece.count.who)
        });
        if let Some(range) = within {
            known[range].number.best = Some(figure(&piece.count));
            known.push(Count { part_of: Some(range), ..piece.count.clone() });
            at[index] = Some(range);
            continue;
        }
        let twin = (0..first).find(|&old| {
            figure(&known[old]) == figure(&piece.count)
                && known[old].number.vague == piece.count.number.vague
                && (compatible(known[old].who, piece.count.who) || bare(&piece.count))
                && !at.contains(&Some(old))
                && !(piece.adds && !piece.title && says_more(&piece.count) && !says_more(&known[old]))
                && !(piece.adds
                    && figure(&piece.count) == 1
                    && !known[old].text.eq_ignore_ascii_case(&piece.count.text))
                && !persons.differ(&known[old], &piece.count)
        });
        if let Some(twin) = twin {
            at[index] = Some(twin);
            if let Some(person) = piece.person.as_ref()
                && let Some(same) = persons.known.get_mut(&(known[twin].start, known[twin].end))
            {
                same.learn(person);
            }
            // A later mention may say whose, and what bounds the figure has.
            if known[twin].who == CountOf::Unknown {
                known[twin].who = piece.count.who;
            }
            if piece.count.number.low.is_some() != piece.count.number.high.is_some()
                && known[twin].number == Quantity::exact(figure(&piece.count))
                && known[twin].superseded
            {
                known[twin].number = piece.count.number;
            }
        } else {
            at[index] = Some(known.len());
            known.push(Count { part_of: None, ..piece.count.clone() });
        }
    }
    let new: Vec<usize> =
        wholes.iter().filter_map(|&index| at[index]).filter(|&index| index >= first).collect();
    // Those told of again beside others: the others are more.
    let again: Vec<usize> = at.iter().flatten().copied().filter(|&index| index < first).collect();
    if first > 0 && !new.is_empty() {
        let replaces =
            |old: &Count| old.part_of.is_none() && new.iter().any(|&new| figure(&known[new]) >= figure(old));
        if toll && known[..first].iter().any(replaces) {
            for index in 0..first {
                if known[index].part_of.is_none()
                    && new.iter().any(|&new| figure(&known[new]) >= figure(&known[index]))
                {
                    known[index].superseded = true;
                }
            }
        } else if !adds {
            let taken = pieces[here[0]].outcome == Outcome::Arrested;
            settle(known, first, &new, &again, persons, taken);
        }
        // "The network leaders … were detained" after "detaining several": those told of before, whatever the sum.
        for &index in &wholes {
            let side = pieces[index].count.who;
            let largest = (0..first)
                .filter(|&index| live(&known[index]) && compatible(known[index].who, side))
                .max_by_key(|&index| (figure(&known[index]), std::cmp::Reverse(index)));
            // "Several other rebels were killed", and then "the commander".
            let besides = figure(&pieces[index].count) == 1
                && pieces[index].count.text.starts_with("the ")
                && largest.is_some_and(|at| {
                    known[at].text.split_whitespace().any(|word| matches!(word, "other" | "others"))
                });
            if pieces[index].known
                && !besides
                && let Some(at) = at[index].filter(|&at| at >= first && live(&known[at]))
                && let Some(largest) = largest
                && (known[at].number.vague || known[largest].number.vague)
            {
                known[at].part_of = Some(largest);
            }
        }
        for index in 0..first {
            // What a figure taken back covered is live again only if nothing else covers it.
            if let Some(whole) = known[index].part_of
                && whole >= first
                && known[whole].part_of == Some(index)
            {
                known[index].part_of = None;
            }
        }
    }
    for &index in here {
        let Some(whole) = pieces[index].part_of else { continue };
        let whole = at.get(whole).copied().flatten();
        let twin = known.iter().any(|count| {
            count.part_of == whole
                && figure(count) == figure(&pieces[index].count)
                && count.text.eq_ignore_ascii_case(&pieces[index].count.text)
        });
        if !twin {
            known.push(Count { part_of: whole, ..pieces[index].count.clone() });
        }
    }
}

/// Whether two counts end in different nouns, neither of which says only that they are people.
fn called_otherwise(one: &Count, other: &Count) -> bool {
    let noun = |count: &Count| {
        let word =
            count.text.rsplit(|letter: char| !letter.is_alphanumeric()).find(|word| !word.is_empty())?;
        let word = word.to_lowercase();
        (!GENERAL.contains(&word.as_str())).then(|| word.trim_end_matches('s').to_owned())
    };
    matches!((noun(one), noun(other)), (Some(a), Some(b)) if a != b)
}

/// Rules 3 and 4, side by side of the fight.
fn settle(known: &mut [Count], first: usize, new: &[usize], again: &[usize], persons: &Persons, taken: bool) {
    for &index in new {
        // "No civilians were hurt" says nothing of those who were.
        if figure(&known[index]) == 0 {
            continue;
        }
        let whose = known[index].who;
        let before: Vec<usize> = (0..first)
            .filter(|&old| live(&known[old]) && compatible(known[old].who, whose) && !again.contains(&old))
            .collect();
        // "All four were brought there, *two* in critical condition": of those told of again.
        let bare = known[index].text.split_whitespace().count() == 1;
        let told = again
            .iter()
            .copied()
            .filter(|&old| live(&known[old]) && figure(&known[old]) > figure(&known[index]));
        if before.is_empty()
            && bare
            && let Some(whole) = told.max_by_key(|&old| figure(&known[old]))
        {
            known[index].part_of = Some(whole);
        }
        if before.is_empty() {
            continue;
        }
        // A person apart from each of those told of one by one is one more.
        if before.iter().all(|&old| figure(&known[old]) == 1 && persons.differ(&known[old], &known[index])) {
            continue;
        }
        // "A leader was arrested. Several fighters were detained": he is none of those who are called otherwise.
        if taken
            && figure(&known[index]) > 1
            && before
                .iter()
                .all(|&old| figure(&known[old]) == 1 && called_otherwise(&known[old], &known[index]))
        {
            continue;
        }
        let known_total: u64 = before.iter().map(|&old| figure(&known[old])).fold(0, u64::saturating_add);
        let new_total: u64 = new
            .iter()
            .filter(|&&other| compatible(known[other].who, whose))
            .map(|&other| figure(&known[other]))
            .fold(0, u64::saturating_add);
        let largest = before.iter().copied().max_by_key(|&old| (figure(&known[old]), std::cmp::Reverse(old)));
        let Some(largest) = largest else { continue };
        let vague = known[largest].number.vague;
        // "Several, including a leader", and then "the leader and two others": the details are the better figure.
        let detailed: Vec<usize> =
            again.iter().copied().filter(|&part| known[part].part_of == Some(largest)).collect();
        let details = detailed.iter().map(|&part| figure(&known[part])).fold(new_total, u64::saturating_add);
        if vague && !known[index].number.vague && !detailed.is_empty() && details >= known_total {
            known[largest].superseded = true;
            for part in detailed {
                known[part].part_of = None;
            }
            continue;
        }
        // "Killed some rebels", after "several rebels were killed".
        if known[index].number.vague
            && vague
            && known[index].text.to_lowercase().starts_with("some ")
            && !called_otherwise(&known[largest], &known[index])
        {
            known[index].part_of = Some(largest);
        } else if known[index].number.vague
            && !vague
            && known_total > 0
            && figure(&known[index]) <= known_total.max(BARE_PLURAL)
        {
            // "Several were killed" after "12 were killed".
            known[index].part_of = Some(largest);
        } else if new_total <= known_total && !vague {
            known[index].part_of = Some(largest);
        } else if figure(&known[index]) >= known_total
            || new_total > known_total
            || vague && !known[index].number.vague && new_total >= known_total
        {
            let parts = before.len() > 1 || !vague && figure(&known[index]) > known_total && known_total > 0;
            for old in before {
                if parts
                    && new.len() == 1
                    && figure(&known[index]) >= known_total
                    && known[old].number.vague == known[index].number.vague
                    && figure(&known[old]) < figure(&known[index])
                {
                    known[old].part_of = Some(index);
                } else {
                    known[old].superseded = true;
                }
            }
        }
    }
}

/// Deaths as UCDP gives them: `killed` makes best, low and high; dead-or-wounded only widens high.
#[must_use]
pub fn deaths(counts: &Counts, one_sided: bool) -> Deaths {
    let mut deaths = Deaths::default();
    let (mut low, mut high) = (0u64, 0u64);
    let mut best = 0u64;
    let mut any = false;
    let mut open = false;
    for count in counts.killed.iter().filter(|count| live(count)) {
        any = true;
        let number = count.number;
        let figure = number.figure().unwrap_or(0);
        best = best.saturating_add(figure);
        low = low.saturating_add(number.low.or(number.best).unwrap_or(0).min(figure));
        match number.high {
            Some(top) => high = high.saturating_add(top.max(figure)),
            None => {
                high = high.saturating_add(figure);
                open |= number.low.is_some();
            }
        }
        let slot = match count.who {
            CountOf::Actor => &mut deaths.a,
            CountOf::Recipient if one_sided => &mut deaths.civilians,
            CountOf::Recipient => &mut deaths.b,
            CountOf::Civilian => &mut deaths.civilians,
            CountOf::ThirdParty | CountOf::Unknown => &mut deaths.unknown,
        };
        *slot = slot.saturating_add(figure);
    }
    // A superseded figure is still somebody's word for how few or how many.
    for count in counts.killed.iter().filter(|count| count.superseded) {
        let figure = figure(count);
        if any && total(&counts.killed, None) > 0 {
            low = low.min(figure.max(1));
            high = high.max(count.number.high.unwrap_or(figure));
        }
    }
    let both: u64 =
        counts.killed_or_injured.iter().filter(|count| live(count)).map(figure).fold(0, u64::saturating_add);
    if both > 0 {
        high = high.saturating_add(both);
        if !any {
            low = 0;
        }
    }
    if any || both > 0 {
        deaths.low = Some(low);
        deaths.high = (!open || both > 0).then_some(high.max(best));
    }
    if any {
        deaths.best = Some(best);
    }
    deaths
}

/// "Another", "two more", "one other": people besides those told of before.
pub(crate) fn adds_words(unit: &Unit, words: &Range<usize>) -> bool {
    let known = matches!(unit.lower(words.start), "the" | "these" | "those");
    words.clone().any(|word| {
        matches!(unit.lower(word), "another" | "more" | "additional" | "further" | "also")
            || !known && unit.lower(word) == "other"
    })
}

/// "The force also detained two".
pub(crate) fn also_done(unit: &Unit, verb: usize) -> bool {
    unit.verb_at[verb].is_some_and(|verb| {
        let words = &unit.verbs[verb].words;
        (words.start.saturating_sub(1)..words.end).any(|at| unit.lower(at) == "also")
    })
}

/// "Taken to hospital", "in critical condition": what tells that people are cared for.
pub(crate) fn cares(entry: &Entry) -> bool {
    let brought = matches!(
        entry.lemmas[0].as_str(),
        "airlift" | "fly" | "hospitalise" | "hospitalize" | "rush" | "send" | "take" | "transport" | "treat"
    );
    brought || entry.has("state-of")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(outcome: Outcome, n: u64, who: CountOf) -> Piece {
        Piece {
            outcome,
            count: Count {
                number: Quantity::exact(n),
                who,
                text: format!("{n} people"),
                start: 0,
                end: 1,
                part_of: None,
                superseded: false,
                according_to: None,
            },
            part_of: None,
            toll: false,
            adds: false,
            title: false,
            known: false,
            at_least_hurt: false,
            among: false,
            claimed: false,
            cared: false,
            person: None,
            again: false,
            outlived: false,
            was_hurt: false,
        }
    }

    fn told(sentences: &[Vec<Piece>]) -> Counts {
        together(sentences).0
    }

    fn sum(counts: &Counts) -> u64 {
        total(&counts.killed, None)
    }

    #[test]
    fn a_figure_told_twice_counts_once() {
        let one = vec![piece(Outcome::Killed, 8, CountOf::Recipient)];
        assert_eq!(sum(&told(&[one.clone(), one])), 8);
    }

    #[test]
    fn pieces_told_later_are_parts() {
        let lead = vec![piece(Outcome::Killed, 8, CountOf::Unknown)];
        let detail =
            vec![piece(Outcome::Killed, 5, CountOf::Civilian), piece(Outcome::Killed, 3, CountOf::Recipient)];
        assert_eq!(sum(&told(&[lead, detail])), 8);
    }

    #[test]
    fn another_adds_and_a_toll_replaces() {
        let lead = vec![piece(Outcome::Killed, 8, CountOf::Unknown)];
        let mut more = piece(Outcome::Killed, 2, CountOf::Unknown);
        more.adds = true;
        assert_eq!(sum(&told(&[lead.clone(), vec![more]])), 10);
        let mut toll = piece(Outcome::Killed, 14, CountOf::Unknown);
        toll.toll = true;
        let (counts, _) = together(&[lead, vec![toll]]);
        assert_eq!(sum(&counts), 14);
        assert!(counts.killed[0].superseded);
    }

    #[test]
    fn sides_are_kept_apart() {
        let (counts, _) = together(&[
            vec![piece(Outcome::Killed, 10, CountOf::Actor)],
            vec![piece(Outcome::Killed, 2, CountOf::Recipient)],
        ]);
        assert_eq!(sum(&counts), 12);
        let deaths = deaths(&counts, false);
        assert_eq!((deaths.a, deaths.b, deaths.best), (10, 2, Some(12)));
    }

    #[test]
    fn dead_or_wounded_widens_high_and_never_best() {
        let (counts, _) = together(&[vec![piece(Outcome::KilledOrInjured, 8, CountOf::Recipient)]]);
        let deaths = deaths(&counts, false);
        assert_eq!((deaths.low, deaths.best, deaths.high), (Some(0), None, Some(8)));
    }
}
