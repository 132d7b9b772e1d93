//! What a reader of the tables cannot see row by row: links that lead nowhere, names of two actors at once.

use std::collections::BTreeMap;

use crate::actor::Actor;
use crate::registry::{Registry, key, without_bracket};

impl Registry {
    /// What is wrong with the registry as a whole, in words.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut by_ucdp: BTreeMap<u32, &str> = BTreeMap::new();
        for actor in self.actors() {
            for (column, to) in [("parent", &actor.parent), ("splinter_of", &actor.splinter_of)] {
                match to {
                    Some(to) if *to == actor.id => faults.push(format!("`{}` is its own {column}", actor.id)),
                    Some(to) if self.by_id(to).is_none() => {
                        faults.push(format!("`{}`: {column} `{to}` is no id of the registry", actor.id));
                    }
                    _ => {}
                }
            }
            if self.goes_in_a_circle(actor) {
                faults.push(format!("`{}`: its parents go in a circle", actor.id));
            }
            if let Some(id) = actor.ucdp
                && let Some(other) = by_ucdp.insert(id, &actor.id)
            {
                faults.push(format!("`{}` and `{other}` have the same UCDP id {id}", actor.id));
            }
        }
        faults.extend(self.clashes());
        faults
    }

    fn goes_in_a_circle(&self, actor: &Actor) -> bool {
        let mut at = actor;
        for _ in 0..self.len().0 {
            let Some(parent) = at.parent.as_deref().and_then(|id| self.by_id(id)) else { return false };
            at = self.actor(parent);
            if at.id == actor.id {
                return true;
            }
        }
        true
    }

    /// Names that mean two actors of one country and one time, with nothing to choose by: no bracket after the name of
    /// one of them, and neither is part of the other or broke away from it.
    fn clashes(&self) -> Vec<String> {
        let mut by_name: BTreeMap<String, Vec<&Actor>> = BTreeMap::new();
        for actor in self.actors() {
            for name in actor.names().filter(|name| without_bracket(name).is_none()) {
                let of = by_name.entry(key(name.trim_start_matches('='))).or_default();
                if !of.iter().any(|known| known.id == actor.id) {
                    of.push(actor);
                }
            }
        }
        let mut clashes = Vec::new();
        for (name, of) in by_name {
            for (at, one) in of.iter().enumerate() {
                for other in &of[at + 1..] {
                    if same_place(one, other) && same_time(one, other) {
                        clashes.push(format!("`{name}` means both `{}` and `{}`", one.id, other.id));
                    }
                }
            }
        }
        clashes
    }
}

fn same_place(one: &Actor, other: &Actor) -> bool {
    one.country == other.country
}

fn same_time(one: &Actor, other: &Actor) -> bool {
    let before =
        |one: &Actor, other: &Actor| one.end.zip(other.start).is_some_and(|(end, start)| end < start);
    !before(one, other) && !before(other, one)
}
