//! A name looked up by a person: every actor it can mean, how it was matched, and which is meant there and then.

use record::ParticipantKind;
use record::vocabulary::{InterCode, Sector};
use text::Text;

use crate::actor::Actor;
use crate::describe::Reading;
use crate::fold;
use crate::registry::{ActorKey, Context, Registry, key, without_bracket};

/// Somebody whom a name can mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lookup {
    /// Which actor; none where a state's force was made from its country and a role.
    pub actor: Option<ActorKey>,
    /// As exported.
    pub name: String,
    /// How the name was matched, in words.
    pub how: String,
    /// Whether a report of that country and day that says so means this one.
    pub meant: bool,
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
    /// What sort of participant.
    pub kind: ParticipantKind,
    /// PLOVER.
    pub sector: Sector,
    /// ACLED.
    pub inter_code: Option<InterCode>,
}

/// Most that are told where only words of a name agree.
const MOST: usize = 12;

impl Registry {
    /// Everybody whom a name can mean, the one that is meant there and then first, then in the order of the tables.
    #[must_use]
    pub fn look_up(&self, name: &str, context: &Context) -> Vec<Lookup> {
        let asked = key(name);
        if asked.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<Lookup> = Vec::new();
        let mut add = |actor: ActorKey, how: String| {
            if !found.iter().any(|known| known.actor == Some(actor)) {
                found.push(self.lookup(actor, how));
            }
        };
        for (at, actor) in self.keyed() {
            if actor.id == name {
                add(at, "id".to_owned());
            } else if let Some(alias) = actor.names().find(|alias| key(bare(alias)) == asked) {
                add(at, as_name(actor, alias));
            }
        }
        let near = loose(name);
        if found.is_empty() && near.len() >= 5 {
            for (at, actor) in self.keyed() {
                if let Some(alias) = actor.names().find(|alias| loose(bare(alias)) == near) {
                    found.push(self.lookup(at, format!("spelled nearly as {alias}")));
                }
            }
        }
        self.mark_meant(name, context, &mut found);
        if found.is_empty() {
            self.by_words(&asked, &mut found);
        }
        found.sort_by_key(|lookup| !lookup.meant);
        found
    }

    /// The actor that bears a name there and then, as the tables write it: what a name only comes near to is nobody's.
    #[must_use]
    pub fn bearer(&self, name: &str, context: &Context) -> Option<&Actor> {
        let text = Text::new(name);
        let tokens = 0..text.tokens.len();
        let last = tokens.end.checked_sub(1)?;
        let id = self.describe(&text, tokens, last, context).actor_id?;
        let actor = self.actor(self.by_id(&id)?);
        let asked = key(name);
        actor.names().any(|alias| key(bare(alias)) == asked).then_some(actor)
    }

    /// Whether a name is one of the registry's, wherever it holds.
    #[must_use]
    pub fn knows(&self, name: &str) -> bool {
        let asked = key(name);
        self.actors().any(|actor| actor.names().any(|alias| key(bare(alias)) == asked))
    }

    /// Which of them a report would mean, and a state's force that no table lists.
    fn mark_meant(&self, name: &str, context: &Context, found: &mut Vec<Lookup>) {
        let text = Text::new(name);
        let tokens = 0..text.tokens.len();
        let Some(last) = tokens.end.checked_sub(1) else { return };
        let description = self.describe(&text, tokens, last, context);
        let meant = description.actor_id.as_deref().and_then(|id| self.by_id(id));
        if let Some(meant) = meant {
            match found.iter_mut().find(|lookup| lookup.actor == Some(meant)) {
                Some(lookup) => lookup.meant = true,
                None => found.push(Lookup { meant: true, ..self.lookup(meant, description.reason) }),
            }
        } else if matches!(description.reading, Reading::Role | Reading::Country)
            && let Some(name) = description.name
        {
            found.push(Lookup {
                actor: None,
                name,
                how: description.reason,
                meant: true,
                country: description.country,
                kind: description.kind,
                sector: description.sector,
                inter_code: description.inter_code,
            });
        } else if let [only] = found.as_mut_slice() {
            only.meant = true;
        }
    }

    /// The actors of whom a name holds every word asked for.
    fn by_words(&self, asked: &str, found: &mut Vec<Lookup>) {
        let words: Vec<&str> = asked.split(' ').collect();
        for (at, actor) in self.keyed() {
            let holds = |alias: &&str| {
                let alias = key(alias);
                words.iter().all(|word| alias.split(' ').any(|known| known.starts_with(word)))
            };
            if found.len() < MOST
                && let Some(alias) = actor.names().find(holds)
            {
                found.push(self.lookup(at, format!("words of {alias}")));
            }
        }
    }

    fn keyed(&self) -> impl Iterator<Item = (ActorKey, &Actor)> {
        (0u32..).map(ActorKey).zip(self.actors())
    }

    fn lookup(&self, at: ActorKey, how: String) -> Lookup {
        let actor = self.actor(at);
        Lookup {
            actor: Some(at),
            name: actor.name.clone(),
            how,
            meant: false,
            country: actor.country.clone(),
            kind: actor.kind,
            sector: actor.sector,
            inter_code: actor.inter_code,
        }
    }
}

/// A name without what only the table needs.
fn bare(alias: &str) -> &str {
    let alias = alias.trim_start_matches('=');
    without_bracket(alias).unwrap_or(alias)
}

fn as_name(actor: &Actor, alias: &str) -> String {
    let shown = alias.trim_start_matches('=');
    let only = if without_bracket(alias).is_some() { ", which holds only in its country" } else { "" };
    if alias == actor.name { format!("name{only}") } else { format!("alias {shown}{only}") }
}

fn loose(name: &str) -> String {
    name.split_whitespace().flat_map(fold::parts).map(|part| fold::loose(&part)).collect::<Vec<_>>().join(" ")
}
