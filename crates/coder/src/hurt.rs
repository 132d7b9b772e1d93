/*! Those of whom a report says only that they were hit, beside what it says became of people.

"Four people were shot": hurt at least. Where the report says besides that one of them died, three are left
that were wounded; where it counts four dead and wounded, they are those four.
*/

use std::collections::BTreeSet;

use record::{Count, CountOf, Counts, Quantity};

fn live(count: &Count) -> bool {
    count.part_of.is_none() && !count.superseded
}

fn figure(count: &Count) -> u64 {
    count.number.figure().unwrap_or(0)
}

fn suffered(count: &&Count) -> bool {
    live(count) && count.who != CountOf::Actor
}

/// Puts those who were hit among the wounded, less those who are counted as dead or wounded already. `besides` has
/// where "another" and "two others" stand, who are none of the dead told of before; `apart` says whether two counts cannot
/// be of the same people; `was_hurt` where those dead stand who were told of as hit; `none_dead` which hits are none of
/// the dead told of before.
///
/// Gives the reason where a figure was derived.
pub(crate) fn settle(
    counts: &mut Counts,
    hit: Vec<Count>,
    besides: &[(usize, usize)],
    was_hurt: &BTreeSet<(usize, usize)>,
    none_dead: &BTreeSet<(usize, usize)>,
    apart: impl Fn(&Count, &Count) -> bool,
) -> Option<String> {
    let first = counts.injured.len();
    let told: Vec<Count> = counts.killed.iter().chain(&counts.injured).filter(suffered).cloned().collect();
    let sum = |list: &[Count]| list.iter().map(figure).fold(0, u64::saturating_add);
    let all: u64 = hit.iter().filter(suffered).map(figure).fold(0, u64::saturating_add);
    let hits: Vec<Count> = hit.iter().filter(|count| count.who != CountOf::Actor).cloned().collect();
    let several = hit.iter().filter(suffered).count() > 1;
    let mut reason = None;
    for mut count in hit {
        count.part_of = count.part_of.map(|whole| whole + first);
        if !suffered(&&count) || told.is_empty() {
            counts.injured.push(count);
            continue;
        }
        let one = figure(&count) == 1;
        // One more person than those told of one by one.
        let another = one && told.iter().all(|known| figure(known) == 1 && apart(known, &count));
        let dead_before = counts.killed.iter().filter(suffered).all(|dead| dead.start < count.start);
        let more = besides.contains(&(count.start, count.end)) && dead_before;
        let hurt = counts.injured[..first].iter().filter(suffered).map(figure);
        let hurt = hurt.fold(0, u64::saturating_add);
        let others = |other: &Count| other.start != count.start && says_others(other);
        // "One died. Two others were hit": none of the two is the one, and those told of as wounded are among them.
        if another || more && hurt <= figure(&count) && (hurt == 0 || figure(&count) > 1) {
            let whole = counts.injured.len();
            if !another {
                for known in counts.injured[..first].iter_mut().filter(|known| suffered(&&**known)) {
                    known.part_of = Some(whole);
                }
            }
            counts.injured.push(count);
            continue;
        }
        let wounded = hurt;
        let dead: u64 = counts
            .killed
            .iter()
            .filter(suffered)
            .filter(|dead| {
                wounded > 0
                    || was_hurt.contains(&(dead.start, dead.end))
                    || among(dead) && dead.start > count.start
            })
            .map(figure)
            .fold(0, u64::saturating_add);
        let fallen: u64 = counts.killed.iter().filter(suffered).map(figure).fold(0, u64::saturating_add);
        // "Five people were hit. A man of 41 died. *Four others* are in hospital": the five are all of them.
        let rest = figure(&count).saturating_sub(fallen);
        let adds_up = fallen > 0
            && rest > 0
            && hits.iter().chain(&told).any(|other| others(other) && figure(other) == rest);
        // "Two people were killed at a party. Police said that a gunman shot five people": the two are among them.
        let before = fallen > 0
            && !one
            && dead_before
            && !says_others(&count)
            && !besides.contains(&(count.start, count.end))
            && !none_dead.contains(&(count.start, count.end));
        let dead = if dead == 0 && (adds_up || before) { fallen } else { dead };
        if all <= sum(&told) || several && one {
            count.superseded = true;
        } else if dead > 0 && !count.number.vague && figure(&count) > dead {
            count.number = Quantity::exact(figure(&count) - dead);
            reason = Some(format!("`{}` were hit, less the {dead} who died", count.text));
        }
        if wounded > 0 && live(&count) {
            // Those counted as wounded before are among them.
            let whole = counts.injured.len();
            for known in counts.injured[..first].iter_mut() {
                if suffered(&&*known) && figure(known) <= figure(&count) {
                    known.part_of = Some(whole);
                }
            }
        }
        counts.injured.push(count);
    }
    reason
}

/// "One", "two of them", "a victim": words for some of those told of before; "he" or "a man" may be anybody.
fn among(dead: &Count) -> bool {
    let mut words = dead.text.split_whitespace();
    !words.next().is_some_and(|first| {
        matches!(first.to_lowercase().as_str(), "he" | "she" | "him" | "her" | "a" | "an" | "the" | "his")
    }) || dead.text.contains("victim")
}

/// "Four others", "three more people": people besides those told of before.
fn says_others(count: &Count) -> bool {
    count.text.split_whitespace().any(|word| {
        matches!(word.to_lowercase().as_str(), "additional" | "another" | "more" | "other" | "others")
    })
}
