//! Who backs, leads or stands beside whom, where and when: what "Turkish-backed fighters" means there and then.

use record::table::{Table, TableError};

use crate::registry::{ActorKey, Context, Registry};

/// A tie of an actor to a state or another actor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tie {
    /// Key of the actor.
    pub actor: String,
    /// `backed by`, `led by`, `allied with`, `armed force of`.
    pub tie: String,
    /// ISO 3166-1 alpha-3 of the other, or its key.
    pub of: String,
    /// ISO 3166-1 alpha-3 of where it holds; empty for anywhere.
    pub at: Vec<String>,
    /// First year.
    pub start: Option<i16>,
    /// Last year.
    pub end: Option<i16>,
    /// Words that name only the backer mean this actor.
    pub main: bool,
}

const KINDS: &[&str] = &["allied with", "armed force of", "backed by", "led by"];

impl Tie {
    fn holds(&self, context: &Context) -> bool {
        context.is_within(&self.at, self.start, self.end)
    }
}

impl Registry {
    /// The same registry with the ties of a table.
    ///
    /// # Errors
    /// Where a row names an actor, a country or a tie that is none.
    pub fn with_ties(mut self, text: &str) -> Result<Self, TableError> {
        let table = Table::parse("actor-ties", text, &["actor", "tie", "of", "at", "start", "end", "main"])?;
        for row in table.rows() {
            let tie = Tie {
                actor: row.get("actor").to_owned(),
                tie: row.get("tie").to_owned(),
                of: row.get("of").to_owned(),
                at: row.list("at").map(str::to_owned).collect(),
                start: row.parsed("start")?,
                end: row.parsed("end")?,
                main: row.get("main") == "yes",
            };
            if self.by_id(&tie.actor).is_none() {
                return Err(row.error(format!("`{}` is no id of the registry", tie.actor)));
            }
            if !KINDS.contains(&tie.tie.as_str()) {
                return Err(row.error(format!(
                    "`{}` is no tie; expected one of {}",
                    tie.tie,
                    KINDS.join(", ")
                )));
            }
            if self.by_id(&tie.of).is_none() && self.countries.by_iso3(&tie.of).is_none() {
                return Err(row.error(format!("`{}` is neither a country nor an id of the registry", tie.of)));
            }
            if let Some(at) = tie.at.iter().find(|at| self.countries.by_iso3(at).is_none()) {
                return Err(row.error(format!("`{at}` is no country")));
            }
            self.ties.push(tie);
        }
        Ok(self)
    }

    /// Every tie, in the order of the table.
    pub fn ties(&self) -> impl Iterator<Item = &Tie> {
        self.ties.iter()
    }

    /// The ties of an actor.
    pub fn ties_of<'r>(&'r self, id: &'r str) -> impl Iterator<Item = &'r Tie> {
        self.ties.iter().filter(move |tie| tie.actor == id)
    }

    /// Whom words mean that name only a backer ("Turkish-backed fighters", "the US-led coalition"): the one actor that
    /// the table has for it in that country at that time. Nobody where the country is not known, or several are meant.
    pub(crate) fn backed(&self, backer: &str, qualifier: &str, context: &Context) -> Option<ActorKey> {
        context.country.as_ref()?;
        let kind = match qualifier {
            "led" => "led by",
            "backed" | "funded" | "sponsored" | "supported" | "trained" => "backed by",
            _ => return None,
        };
        self.only(|tie| tie.of == backer && tie.tie == kind && tie.holds(context))
    }

    /// The coalition that fights in that country at that time, where there is one: "coalition warplanes".
    pub(crate) fn coalition(&self, context: &Context) -> Option<ActorKey> {
        context.country.as_ref()?;
        self.only(|tie| tie.tie == "led by" && tie.holds(context))
    }

    /// The one actor whose main ties are such.
    fn only(&self, such: impl Fn(&Tie) -> bool) -> Option<ActorKey> {
        let mut meant = self.ties.iter().filter(|tie| tie.main && such(tie));
        let only = meant.next()?;
        meant.all(|other| other.actor == only.actor).then(|| self.by_id(&only.actor)).flatten()
    }
}
