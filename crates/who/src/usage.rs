//! What one outlet alone calls an actor: "terrorists" of a state's agency, "mercenaries" of its opponents'.
//!
//! Such words are never names of an actor: read in another outlet they mean nothing, or somebody else. With them a
//! partisan report and its opposite meet in one record.

use std::ops::Range;

use record::table::{Row, Table, TableError};
use record::vocabulary::{InterCode, Sector};
use text::Text;

use crate::lexicon::{Case, Lexicon};
use crate::registry::{ActorKey, Context, OutletKey, Registry, inter_code, key};

/// Whom an outlet means by a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Usage {
    /// The outlet, by the first of its names.
    pub(crate) outlet: String,
    /// The actor; none where the words only say what sort of people they are.
    pub(crate) actor: Option<ActorKey>,
    /// ISO 3166-1 alpha-3 of the state whose forces are meant, where no actor of the registry is.
    pub(crate) country: Option<String>,
    /// PLOVER, where there is no actor.
    pub(crate) sector: Sector,
    /// ACLED, where there is no actor.
    pub(crate) inter_code: Option<InterCode>,
    at: Vec<String>,
    start: Option<i16>,
    end: Option<i16>,
}

/// The words of one outlet, or of several that use the same.
#[derive(Debug, Clone, Default)]
pub(crate) struct Outlet {
    names: String,
    words: Lexicon,
}

impl Registry {
    /// The same registry with the words of outlets.
    ///
    /// # Errors
    /// Where a row names an actor or country that is none, or says nothing.
    pub fn with_usage(mut self, text: &str) -> Result<Self, TableError> {
        let needed = ["outlet", "phrase", "actor", "country", "sector", "inter_code", "at", "start", "end"];
        let table = Table::parse("actor-usage", text, &needed)?;
        for row in table.rows() {
            let usage = self.usage_of(&row)?;
            let value =
                u32::try_from(self.usages.len()).map_err(|_| row.error("too many rows".to_owned()))?;
            let names = row.get("outlet");
            let at = match self.outlets.iter().position(|outlet| outlet.names == names) {
                Some(at) => at,
                None => {
                    self.outlets.push(Outlet { names: names.to_owned(), words: Lexicon::default() });
                    self.outlets.len() - 1
                }
            };
            let outlet = u16::try_from(at).map_err(|_| row.error("too many outlets".to_owned()))?;
            for name in row.list("outlet") {
                let known = self.by_publisher.entry(key(name)).or_insert(OutletKey(outlet));
                if *known != OutletKey(outlet) {
                    return Err(row.error(format!("`{name}` stands among other outlets in another row")));
                }
            }
            for phrase in row.list("phrase") {
                self.outlets[at].words.add(phrase, value, Case::Any);
            }
            self.usages.push(usage);
        }
        Ok(self)
    }

    fn usage_of(&self, row: &Row<'_, '_>) -> Result<Usage, TableError> {
        let actor = row.get("actor");
        let usage = Usage {
            outlet: row.list("outlet").next().unwrap_or_default().to_owned(),
            actor: self.by_id(actor),
            country: Some(row.get("country")).filter(|code| !code.is_empty()).map(str::to_owned),
            sector: row.parsed("sector")?.unwrap_or(Sector::Unknown),
            inter_code: inter_code(row)?,
            at: row.list("at").map(str::to_owned).collect(),
            start: row.parsed("start")?,
            end: row.parsed("end")?,
        };
        if usage.outlet.is_empty() || row.list("phrase").next().is_none() {
            return Err(row.error("a row needs an outlet and a phrase".to_owned()));
        }
        if !actor.is_empty() && usage.actor.is_none() {
            return Err(row.error(format!("`{actor}` is no id of the registry")));
        }
        if usage.actor.is_none() && usage.sector == Sector::Unknown {
            return Err(row.error("a row needs an actor, or a sector".to_owned()));
        }
        let mut codes = usage.at.iter().chain(&usage.country);
        if let Some(code) = codes.find(|code| self.countries.by_iso3(code).is_none()) {
            return Err(row.error(format!("`{code}` is no country")));
        }
        Ok(usage)
    }

    /// The outlet that a publisher is, where it has words of its own.
    #[must_use]
    pub fn outlet(&self, publisher: &str) -> Option<OutletKey> {
        let bare = publisher.trim().trim_start_matches("https://").trim_start_matches("http://");
        let bare = bare.trim_start_matches("www.").trim_end_matches('/');
        self.by_publisher.get(&key(bare)).copied()
    }

    /// The outlet's own words in a range of tokens, with whom they mean there and then.
    pub(crate) fn used(
        &self,
        text: &Text,
        tokens: Range<usize>,
        context: &Context,
    ) -> Option<(Range<usize>, &Usage)> {
        let outlet = self.outlets.get(usize::from(context.outlet?.0))?;
        outlet.words.find(text, tokens).into_iter().find_map(|hit| {
            let mut meant = hit.values.iter().filter_map(|value| self.usages.get(*value as usize));
            meant.find(|usage| usage.holds(context)).map(|usage| (hit.tokens.clone(), usage))
        })
    }
}

impl Usage {
    fn holds(&self, context: &Context) -> bool {
        context.is_within(&self.at, self.start, self.end)
    }
}
