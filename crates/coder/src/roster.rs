/*! Who is who among the single persons that a report tells of one by one.

"A man was shot in the leg. A second victim, a woman, was hit in the arm. The man died in hospital": two persons, of
whom one died. Each mention is a new person or one told of before; per person the worst that became of them holds.
*/

use record::CountOf;

use crate::lexicon::Outcome;
use crate::person::Person;
use crate::toll::Piece;

/// Among how many persons told last a mention finds its own: comparing with all would cost the square.
const COMPARED: usize = 24;

/// A person, and where they are told of.
struct Told {
    person: Person,
    /// As the last phrase told of them.
    last: Person,
    who: CountOf,
    /// "Shot himself".
    own_hand: bool,
    /// Sentence and piece.
    at: Vec<(usize, usize)>,
    worst: u8,
}

/// What became of somebody: hit and no more said, wounded, dead.
fn state(piece: &Piece) -> u8 {
    match piece.outcome {
        Outcome::Killed => 3,
        _ if piece.at_least_hurt => 1,
        _ => 2,
    }
}

fn single(piece: &Piece) -> Option<&Person> {
    let harmed = matches!(piece.outcome, Outcome::Killed | Outcome::Injured);
    piece.person.as_ref().filter(|_| harmed && !piece.toll && !piece.count.superseded)
}

/// Marks the pieces that tell again of a person told of in another piece, so that each person counts once.
pub(crate) fn identify(sentences: &mut [Vec<Piece>]) {
    let mut known: Vec<Told> = Vec::new();
    for (sentence, pieces) in sentences.iter().enumerate() {
        let mut order: Vec<usize> =
            (0..pieces.len()).filter(|&piece| single(&pieces[piece]).is_some()).collect();
        order.sort_by_key(|&piece| pieces[piece].count.start);
        for (place, &index) in order.iter().enumerate() {
            let later = &order[place + 1..];
            let piece = &pieces[index];
            let Some(person) = single(piece) else { continue };
            let from = known.len().saturating_sub(COMPARED);
            let fits = |id: usize, piece: &Piece, person: &Person| {
                let last = known[id].at.last().map_or(0, |&(at, _)| at);
                let here = !known[id].at.is_empty() && last == sentence;
                may_be(&known[id], piece, person, here, sentence - last <= 1)
            };
            let taken = later.iter().take(COMPARED).filter_map(|&other| {
                let whole = &pieces[other];
                single(whole).filter(|person| !person.pronoun).map(|person| (whole, person))
            });
            let taken: Vec<(&Piece, &Person)> = taken.collect();
            // "Aimed at her brother and hit the boy": who is told of as the boy is not her brother.
            let another = |id: usize| {
                let likeness = known[id].person.likeness(person);
                let like = |other: &Person| known[id].person.likeness(other) > likeness.max(1);
                taken.iter().any(|&(piece, other)| like(other) && fits(id, piece, other))
            };
            let same =
                (from..known.len()).filter(|&id| fits(id, piece, person) && !another(id)).max_by_key(|&id| {
                    let told = &known[id];
                    let as_much = told.worst == state(piece);
                    (told.person.likeness(person), as_much, told.at.last().copied())
                });
            let id = same.unwrap_or_else(|| {
                known.push(Told {
                    person: person.clone(),
                    last: Person::default(),
                    who: piece.count.who,
                    own_hand: false,
                    at: Vec::new(),
                    worst: 0,
                });
                known.len() - 1
            });
            let told = &mut known[id];
            told.person.learn(person);
            told.last.clone_from(person);
            told.own_hand |= piece.count.who == CountOf::Actor && piece.count.text.ends_with("self");
            let fell = told.worst > 0 && told.worst < 3 && state(piece) == 3;
            told.worst = told.worst.max(state(piece));
            told.at.push((sentence, index));
            if fell {
                meet(&mut known, id, from);
            }
        }
    }
    for told in known.iter().filter(|told| told.at.len() > 1) {
        let Some(&best) = told.at.iter().find(|&&(s, p)| state(&sentences[s][p]) == told.worst) else {
            continue;
        };
        let who =
            |&(s, p): &(usize, usize)| Some(sentences[s][p].count.who).filter(|who| *who != CountOf::Unknown);
        let whose = who(&best).or_else(|| told.at.iter().find_map(who));
        let hurt = told.at.iter().any(|&(s, p)| state(&sentences[s][p]) < 3);
        for &(s, p) in told.at.iter().filter(|&&at| at != best) {
            sentences[s][p].again = true;
            sentences[s][p].outlived = told.worst == 3 && state(&sentences[s][p]) < 3;
        }
        let piece = &mut sentences[best.0][best.1];
        piece.count.who = whose.unwrap_or(piece.count.who);
        piece.was_hurt = told.worst == 3 && hurt;
    }
}

/// "A woman was killed. Anna Berg was struck by a bullet. Berg was pronounced dead": once it is told that the second died, she
/// is found to be the first.
fn meet(known: &mut [Told], id: usize, from: usize) {
    let fallen = &known[id];
    if fallen.person.besides.is_some() || fallen.at.len() > COMPARED {
        return;
    }
    let first = (from..id).find(|&other| {
        let other = &known[other];
        other.worst == 3
            && other.at.len() <= COMPARED
            && !other.person.differs(&fallen.person)
            && !other.person.otherwise_called(&fallen.person)
            && !other.at.iter().any(|&(sentence, _)| fallen.at.iter().any(|&(at, _)| at == sentence))
    });
    if let Some(first) = first {
        let at = std::mem::take(&mut known[id].at);
        let person = known[id].person.clone();
        // Nobody is left here to be told of again.
        known[id].worst = 0;
        known[first].person.learn(&person);
        known[first].at.extend(at);
        known[first].at.sort_unstable();
    }
}

/// Whether a mention may mean a person told of before, in the same sentence or right before or not.
fn may_be(told: &Told, piece: &Piece, person: &Person, here: bool, near: bool) -> bool {
    let old = &told.person;
    if told.at.is_empty() || old.differs(person) {
        return false;
    }
    // Two phrases of one sentence mean two people, of whatever age, but for "the child" told of twice.
    if here && !piece.title {
        return person.pronoun
            || old.shares_name(person)
            || person.known && person.besides.is_none() && person.named_alike(&told.last);
    }
    if old.is(person) && person.besides.is_none() {
        return true;
    }
    let alike = old.likeness(person) > 0;
    // Who attacked is hardly who was attacked, but for those who hurt themselves.
    let sides = !told.own_hand && (told.who == CountOf::Actor) != (piece.count.who == CountOf::Actor);
    let as_much = told.worst == state(piece);
    // A headline tells of nobody of whom the text does not.
    if piece.title && as_much {
        return true;
    }
    if person.besides.is_some() {
        return person.besides == old.besides && old.likeness(person) > 0
            || as_much && old.is_blank()
            || old.aside && old.likeness(person) > 0;
    }
    if as_much && !sides {
        // "A clerk was hit. A customer was hit": told one after the other.
        return !(old.otherwise_called(person) && near && !person.known);
    }
    if old.otherwise_called(person) || sides && !alike && !person.pronoun {
        return false;
    }
    match (told.worst, state(piece)) {
        // Who is dead is not told of as wounded, unless as somebody known.
        (3, 2) => person.known && (alike || near && !old.is_blank()),
        (3, 1) => alike || person.known && !old.is_blank() && near,
        // "A boy was wounded. A passer-by died."
        (2, 3) => person.known && !old.is_blank() || person.is_blank(),
        _ => true,
    }
}
