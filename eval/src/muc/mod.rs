/*! MUC-4 templates: what they are, how our events become them, and the two ways in which the
literature scores them.

- [`gtt`]: Du, Rush and Cardie, "Template Filling with Generative Transformers" (NAACL 2021), § 4.
- [`ceaf`]: Chen, Gantt, Chen, White and Van Durme, "A Unified View of Evaluation Metrics for
  Structured Prediction" (EMNLP 2023) and "Iterative Document-level Information Extraction via
  Imitation Learning" (EACL 2023): CEAF-RME.
*/

pub mod ceaf;
pub mod gtt;
pub mod map;

use std::collections::BTreeSet;

use serde::Deserialize;

/// The five roles of the reduced MUC-4 task, in the order of the papers' tables.
pub const ROLES: [&str; 5] = ["PerpInd", "PerpOrg", "Target", "Victim", "Weapon"];

/// An entity: the mention strings that mean it, normalised.
pub type Entity = BTreeSet<String>;

/// One incident.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "Raw")]
pub struct Template {
    /// "attack", "bombing", …; the gold's "attack / bombing" stands for either.
    pub incident_type: String,
    /// The entities of each of [`ROLES`].
    pub roles: [Vec<Entity>; 5],
}

/// A template as the corpus file gives it: entities as lists of (mention, offset).
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Raw {
    #[serde(rename = "incident_type")]
    incident_type: String,
    perp_ind: Vec<Vec<(String, usize)>>,
    perp_org: Vec<Vec<(String, usize)>>,
    target: Vec<Vec<(String, usize)>>,
    victim: Vec<Vec<(String, usize)>>,
    weapon: Vec<Vec<(String, usize)>>,
}

impl From<Raw> for Template {
    fn from(raw: Raw) -> Self {
        let roles = [raw.perp_ind, raw.perp_org, raw.target, raw.victim, raw.weapon].map(|entities| {
            entities
                .into_iter()
                .map(|mentions| mentions.iter().map(|(mention, _)| normalise(mention)).collect())
                .filter(|entity: &Entity| !entity.is_empty())
                .collect()
        });
        Self { incident_type: raw.incident_type, roles }
    }
}

impl Template {
    /// Whether a predicted type is (one of) the gold's.
    #[must_use]
    pub fn is_of_type(&self, predicted: &str) -> bool {
        self.incident_type.split('/').any(|one| one.trim() == predicted)
    }
}

/// Lower case, without punctuation, articles and extra spaces: the normalisation of both scorers.
#[must_use]
pub fn normalise(mention: &str) -> String {
    let bare: String =
        mention.chars().filter(|c| !c.is_ascii_punctuation()).flat_map(char::to_lowercase).collect();
    bare.split_whitespace().filter(|word| !matches!(*word, "a" | "an" | "the")).collect::<Vec<_>>().join(" ")
}

/// The same template twice in one document counts once, as in the published scorers.
#[must_use]
pub fn distinct(templates: Vec<Template>) -> Vec<Template> {
    let mut kept: Vec<Template> = Vec::new();
    for template in templates {
        if !kept.contains(&template) {
            kept.push(template);
        }
    }
    kept
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A template from role → entities → mentions.
    pub(crate) fn template(incident_type: &str, roles: &[(&str, &[&[&str]])]) -> Template {
        let mut template = Template { incident_type: incident_type.to_owned(), ..Template::default() };
        for (role, entities) in roles {
            let at = ROLES.iter().position(|name| name == role).unwrap();
            template.roles[at] = entities
                .iter()
                .map(|mentions| mentions.iter().map(|mention| normalise(mention)).collect())
                .collect();
        }
        template
    }

    #[test]
    fn mentions_are_compared_without_articles_and_marks() {
        assert_eq!(normalise("The \"Santo Tomas\"  Farm"), "santo tomas farm");
        assert_eq!(normalise("AN FMLN-led band"), "fmlnled band");
    }

    #[test]
    fn either_type_fits_a_double_one() {
        let gold = template("attack / bombing", &[]);
        assert!(gold.is_of_type("attack") && gold.is_of_type("bombing") && !gold.is_of_type("arson"));
    }
}
