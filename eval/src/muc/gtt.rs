/*! Template matching in the style of GTT (Du, Rush and Cardie 2021, § 4.2).

Predicted and gold templates of a document are matched one to one so that the document's micro F1
is highest; a pair counts only if the incident types agree. Within a matched pair

- the incident type is one right answer;
- a predicted entity is right if all its mentions are mentions of one gold entity of that role;
- a gold entity is found if some predicted entity of that role is right by it.

Everything in unmatched templates is spurious or missing:

P = Σ right / Σ predicted, R = Σ found / Σ gold, F1 = 2PR / (P + R), over all roles and the type.

The denominators of a document do not depend on the matching, so its F1 is highest where
Σ right + Σ found is, which is an assignment problem: no need to try every matching. (Where one
gold entity is hit by several predictions the two can differ in the last digit.)
*/

use super::{Entity, ROLES, Template};
use crate::{Hits, assign};

/// Counts of one document: of each role, and of the incident type.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Counts {
    /// In the order of [`ROLES`].
    pub roles: [Hits; 5],
    /// The incident type, that is: templates found.
    pub incident_type: Hits,
}

impl Counts {
    /// The micro-average's counts: roles and type together.
    #[must_use]
    pub fn all(&self) -> Hits {
        self.roles.iter().copied().fold(self.incident_type, Hits::plus)
    }
}

fn right(predicted: &Entity, gold: &Entity) -> bool {
    predicted.is_subset(gold)
}

/// The counts that one pair of templates adds to what is right and what is found.
fn pair(predicted: &Template, gold: &Template) -> Option<Counts> {
    if !gold.is_of_type(&predicted.incident_type) {
        return None;
    }
    let mut counts =
        Counts { incident_type: Hits { right: 1.0, found: 1.0, ..Hits::default() }, ..Counts::default() };
    for role in 0..ROLES.len() {
        let (given, wanted) = (&predicted.roles[role], &gold.roles[role]);
        counts.roles[role].right = given.iter().filter(|p| wanted.iter().any(|g| right(p, g))).count() as f64;
        counts.roles[role].found = wanted.iter().filter(|g| given.iter().any(|p| right(p, g))).count() as f64;
    }
    Some(counts)
}

/// Scores one document.
#[must_use]
pub fn score(predicted: &[Template], gold: &[Template]) -> Counts {
    let pairs = assign::best(predicted.len(), gold.len(), |p, g| {
        pair(&predicted[p], &gold[g]).map_or(0.0, |counts| counts.all().right + counts.all().found)
    });
    let mut counts = Counts::default();
    for &(p, g) in &pairs {
        if let Some(hits) = pair(&predicted[p], &gold[g]) {
            counts.incident_type = counts.incident_type.plus(hits.incident_type);
            for role in 0..ROLES.len() {
                counts.roles[role] = counts.roles[role].plus(hits.roles[role]);
            }
        }
    }
    counts.incident_type.given = predicted.len() as f64;
    counts.incident_type.gold = gold.len() as f64;
    for role in 0..ROLES.len() {
        counts.roles[role].given = predicted.iter().map(|template| template.roles[role].len() as f64).sum();
        counts.roles[role].gold = gold.iter().map(|template| template.roles[role].len() as f64).sum();
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::super::tests::template;
    use super::*;
    use crate::Kind;

    #[test]
    fn a_perfect_reading_scores_one() {
        let gold = [
            template("attack", &[("PerpInd", &[&["guerrillas", "rebels"]]), ("Victim", &[&["a peasant"]])]),
            template("bombing", &[("Weapon", &[&["dynamite"]])]),
        ];
        let predicted = [
            template("bombing", &[("Weapon", &[&["dynamite"]])]),
            template("attack", &[("PerpInd", &[&["rebels"]]), ("Victim", &[&["peasant"]])]),
        ];
        assert!((Kind::F1.of(score(&predicted, &gold).all()) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_hand_counted_document() {
        // Gold: type + guerrillas + farm + peasant = 4, and type + truck = 2: six in all.
        let gold = [
            template(
                "attack",
                &[("PerpInd", &[&["guerrillas"]]), ("Target", &[&["farm"]]), ("Victim", &[&["peasant"]])],
            ),
            template("arson", &[("Target", &[&["tank truck", "truck"]])]),
        ];
        // Given: type + guerrillas + car (wrong), and type of a bombing that was none: four in all.
        let predicted = [
            template("attack", &[("PerpInd", &[&["the guerrillas"]]), ("Target", &[&["car"]])]),
            template("bombing", &[]),
        ];
        let all = score(&predicted, &gold).all();
        assert_eq!((all.right, all.given, all.found, all.gold), (2.0, 4.0, 2.0, 6.0));
        assert!((Kind::F1.of(all) - 0.4).abs() < 1e-12);
    }

    #[test]
    fn types_must_agree_and_a_double_type_takes_either() {
        let predicted = [template("bombing", &[("Weapon", &[&["bomb"]])])];
        let double = [template("attack / bombing", &[("Weapon", &[&["bomb"]])])];
        assert_eq!(score(&predicted, &double).all().right, 2.0);
        let attack = [template("attack", &[("Weapon", &[&["bomb"]])])];
        assert_eq!(score(&predicted, &attack).all().right, 0.0);
    }

    #[test]
    fn the_matching_is_the_best_one_and_not_the_first() {
        let gold = [
            template("attack", &[("Victim", &[&["mayor"]])]),
            template("attack", &[("Victim", &[&["judge"]]), ("PerpInd", &[&["gunmen"]])]),
        ];
        let predicted = [
            template("attack", &[("Victim", &[&["judge"]]), ("PerpInd", &[&["gunmen"]])]),
            template("attack", &[("Victim", &[&["mayor"]])]),
        ];
        assert_eq!(score(&predicted, &gold).all().right, 5.0);
    }

    #[test]
    fn an_entity_with_a_foreign_mention_is_wrong() {
        let gold = [template("attack", &[("Victim", &[&["mayor", "jose lopez"]])])];
        let predicted = [template("attack", &[("Victim", &[&["mayor", "judge"]])])];
        let counts = score(&predicted, &gold);
        assert_eq!(counts.roles[3].right, 0.0);
        assert_eq!(counts.roles[3].gold, 1.0);
    }
}
