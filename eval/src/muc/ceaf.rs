/*! CEAF-RME: CEAF lifted from entities to templates ("role-filler mention entity").

Chen et al. (EACL 2023, § 5; EMNLP 2023) note that CEAF-REE scores roles over a whole document and
so cannot tell which incident an entity belongs to. CEAF-RME aligns templates one to one so that
the summed similarity Φ is highest, and

P = Σ Φ(aligned) / (what was predicted), R = Σ Φ(aligned) / (what the gold has).

Two similarities are used:

- **φ3** counts shared mentions: Φ(T, S) is the highest Σ |R ∩ S| over one-to-one alignments of the
  entities of two templates, where a mention is (incident type, role, string). "What was predicted" and
  "what the gold has" are numbers of mentions.
- **φ⊆** counts entities: a predicted entity counts if it shares a mention with a gold entity; a gold
  entity counts if a predicted entity does so with it first. "What was predicted" and "what the gold has"
  are numbers of entities.

A gold template of type "attack / bombing" takes whichever of the two fits the alignment.
*/

use super::{Entity, ROLES, Template};
use crate::{Hits, assign};

/// Entities of a template with their role.
fn entities(template: &Template) -> impl Iterator<Item = (usize, &Entity)> {
    (0..ROLES.len()).flat_map(move |role| template.roles[role].iter().map(move |entity| (role, entity)))
}

/// Shared mentions under the best alignment of the entities of each role.
fn shared_mentions(predicted: &Template, gold: &Template) -> f64 {
    if !gold.is_of_type(&predicted.incident_type) {
        return 0.0;
    }
    (0..ROLES.len())
        .map(|role| {
            let (given, wanted) = (&predicted.roles[role], &gold.roles[role]);
            let weight = |p: usize, g: usize| given[p].intersection(&wanted[g]).count() as f64;
            let pairs = assign::best(given.len(), wanted.len(), weight);
            pairs.into_iter().map(|(p, g)| weight(p, g)).sum::<f64>()
        })
        .sum()
}

/// Predicted entities that share a mention with a gold entity, and gold entities that are so hit.
fn shared_entities(predicted: &Template, gold: &Template) -> (f64, f64) {
    if !gold.is_of_type(&predicted.incident_type) {
        return (0.0, 0.0);
    }
    let (mut right, mut found) = (0usize, 0usize);
    for role in 0..ROLES.len() {
        let hits: Vec<Option<usize>> = predicted.roles[role]
            .iter()
            .map(|p| gold.roles[role].iter().position(|g| !p.is_disjoint(g)))
            .collect();
        right += hits.iter().flatten().count();
        let mut hit: Vec<usize> = hits.into_iter().flatten().collect();
        hit.sort_unstable();
        hit.dedup();
        found += hit.len();
    }
    (right as f64, found as f64)
}

/// CEAF-RME with φ3 of one document.
#[must_use]
pub fn phi3(predicted: &[Template], gold: &[Template]) -> Hits {
    let weight = |p: usize, g: usize| shared_mentions(&predicted[p], &gold[g]);
    let similarity: f64 =
        assign::best(predicted.len(), gold.len(), weight).into_iter().map(|(p, g)| weight(p, g)).sum();
    let mentions = |templates: &[Template]| {
        templates.iter().flat_map(entities).map(|(_, entity)| entity.len() as f64).sum::<f64>()
    };
    Hits { right: similarity, found: similarity, given: mentions(predicted), gold: mentions(gold) }
}

/// CEAF-RME with φ⊆ of one document.
#[must_use]
pub fn phi_subset(predicted: &[Template], gold: &[Template]) -> Hits {
    let pairs = assign::best(predicted.len(), gold.len(), |p, g| shared_entities(&predicted[p], &gold[g]).0);
    let mut hits = Hits::default();
    for (p, g) in pairs {
        let (right, found) = shared_entities(&predicted[p], &gold[g]);
        hits.right += right;
        hits.found += found;
    }
    let count = |templates: &[Template]| templates.iter().flat_map(entities).count() as f64;
    hits.given = count(predicted);
    hits.gold = count(gold);
    hits
}

#[cfg(test)]
mod tests {
    use super::super::tests::template;
    use super::*;
    use crate::Kind;

    #[test]
    fn mentions_are_counted_by_phi3() {
        let gold = [template(
            "attack",
            &[("PerpInd", &[&["guerrillas", "rebels", "band"]]), ("Victim", &[&["peasant"]])],
        )];
        let predicted =
            [template("attack", &[("PerpInd", &[&["rebels", "guerrillas"]]), ("Victim", &[&["mayor"]])])];
        let hits = phi3(&predicted, &gold);
        assert_eq!((hits.right, hits.given, hits.gold), (2.0, 3.0, 4.0));
        assert!((Kind::F1.of(hits) - 2.0 * (2.0 / 3.0) * 0.5 / (2.0 / 3.0 + 0.5)).abs() < 1e-12);
    }

    #[test]
    fn one_entity_split_in_two_is_aligned_once() {
        let gold = [template("bombing", &[("Target", &[&["embassy", "building"]])])];
        let predicted = [template("bombing", &[("Target", &[&["embassy"], &["building"]])])];
        assert_eq!(phi3(&predicted, &gold).right, 1.0);
        let subset = phi_subset(&predicted, &gold);
        assert_eq!((subset.right, subset.found, subset.given, subset.gold), (2.0, 1.0, 2.0, 1.0));
    }

    #[test]
    fn the_right_entities_in_the_wrong_incident_are_lost() {
        let gold = [
            template("attack", &[("Victim", &[&["mayor"]]), ("PerpInd", &[&["gunmen"]])]),
            template("attack", &[("Victim", &[&["judge"]])]),
        ];
        let predicted = [
            template("attack", &[("Victim", &[&["judge"]]), ("PerpInd", &[&["gunmen"]])]),
            template("attack", &[("Victim", &[&["mayor"]])]),
        ];
        // Aligning first with first keeps the gunmen, first with second the judge and the mayor.
        assert_eq!(phi3(&predicted, &gold).right, 2.0);
    }

    #[test]
    fn an_empty_reading_has_nothing_right() {
        let gold = [template("attack", &[("Victim", &[&["mayor"]])])];
        assert_eq!(phi3(&[], &gold), Hits { gold: 1.0, ..Hits::default() });
        assert_eq!(phi_subset(&gold, &[]), Hits { given: 1.0, ..Hits::default() });
    }
}
