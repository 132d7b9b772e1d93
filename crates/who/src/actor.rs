//! Named actors: what is known of each, and reading them from a table.

use record::ParticipantKind;
use record::table::{Row, Table, TableError};
use record::vocabulary::{InterCode, Sector};

use crate::registry::{ActorKey, Registry, inter_code, key, kind, without_bracket};

/// A named, organised actor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Key of the registry, never reused.
    pub id: String,
    /// As exported.
    pub name: String,
    /// Other names, as the table has them: a leading `=` asks for exact case, a bracketed end for the actor's country.
    pub aliases: Vec<String>,
    /// Key of the body it belongs to.
    pub parent: Option<String>,
    /// Key of the body it broke away from or grew out of.
    pub splinter_of: Option<String>,
    /// ISO 3166-1 alpha-3 of where it is based.
    pub country: Option<String>,
    /// ISO 3166-1 alpha-3 of the other countries where it acts.
    pub active_in: Vec<String>,
    /// PLOVER.
    pub sector: Sector,
    /// ACLED.
    pub inter_code: Option<InterCode>,
    /// What sort of participant it is.
    pub kind: ParticipantKind,
    /// First year.
    pub start: Option<i16>,
    /// Last year.
    pub end: Option<i16>,
    /// Wikidata Q-id.
    pub wikidata: Option<String>,
    /// UCDP actor id.
    pub ucdp: Option<u32>,
    /// What the row rests on.
    pub source: Option<String>,
    /// Where a table of the user's adds to or changes what ours says: the line of it.
    pub own_line: Option<usize>,
}

impl Actor {
    /// Whether it existed in a year. A year of grace: names outlive bodies, and founding years are uncertain.
    #[must_use]
    pub fn existed(&self, year: i16) -> bool {
        self.start.is_none_or(|start| start - 1 <= year) && self.end.is_none_or(|end| year <= end + 1)
    }

    /// Whether it is based in a country or acts there; nothing is known of one without a country.
    #[must_use]
    pub fn acts_in(&self, country: &str) -> bool {
        self.country.as_deref() == Some(country) || self.active_in.iter().any(|at| at == country)
    }

    /// Its name, then the other ones.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name.as_str()).chain(self.aliases.iter().map(String::as_str))
    }
}

/// The years between which anything in a table of actors can have begun or ended.
const YEARS: std::ops::RangeInclusive<i16> = 1700..=2100;

impl Registry {
    /// Reads our table: any fault ends it.
    pub(crate) fn read_actors(&mut self, text: &str) -> Result<(), TableError> {
        let needed =
            ["id", "name", "aliases", "parent", "country", "sector", "inter_code", "kind", "start", "end"];
        let table = Table::parse("actors", text, &needed)?;
        // Names that stand alone come before those that hold only in one country, whatever the order of the rows.
        let mut later = Vec::new();
        for row in table.rows() {
            if self.by_id(row.get("id")).is_some() {
                return Err(row.error(format!("id `{}` stands twice", row.get("id"))));
            }
            self.add_actor(&row, &mut later)?;
        }
        self.add_qualified(later);
        Ok(())
    }

    /// Stacks a user's table on what is known: the same columns, of which a row needs only what it has to say. A row
    /// whose id is known changes what its cells say and adds its aliases; any other is a new actor. Every fault is
    /// told, each with its line, and a faulty row is left out.
    #[must_use]
    pub fn stack(&mut self, text: &str) -> Vec<TableError> {
        let table = match Table::parse("actors", text, &["id"]) {
            Ok(table) => table,
            Err(error) => return vec![error],
        };
        let mut faults: Vec<TableError> = table
            .columns()
            .filter(|column| !COLUMNS.contains(column))
            .map(|column| TableError::Row {
                table: "actors",
                line: table.header_line(),
                problem: format!("no column is called `{column}`; the columns are {}", COLUMNS.join(", ")),
            })
            .collect();
        let mut later = Vec::new();
        let mut seen = std::collections::HashSet::new();
        for row in table.rows() {
            let id = row.get("id");
            let added = if !seen.insert(id) {
                Err(row.error(format!("id `{id}` stands twice; put both rows into one")))
            } else if let Some(known) = self.by_id(id) {
                self.change_actor(known, &row, &mut later)
            } else {
                self.add_actor(&row, &mut later)
                    .map(|key| self.actors[key.0 as usize].own_line = Some(row.line))
            };
            faults.extend(added.err());
        }
        self.add_qualified(later);
        // Links may go to rows further down.
        for row in table.rows() {
            for column in ["parent", "splinter_of"] {
                let to = row.get(column);
                if !to.is_empty() && self.by_id(to).is_none() {
                    faults.push(row.error(format!(
                        "{column} `{to}` is no id of the registry; `watchpost actors find NAME` gives ids"
                    )));
                }
            }
        }
        faults
    }

    /// A new actor from a row.
    fn add_actor(
        &mut self,
        row: &Row<'_, '_>,
        later: &mut Vec<(String, u32)>,
    ) -> Result<ActorKey, TableError> {
        let id = row.get("id");
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if id.is_empty() || !id.chars().all(plain) {
            return Err(row.error(format!("id `{id}`: expected small letters, digits and hyphens")));
        }
        if row.get("name").is_empty() {
            return Err(row.error(format!("`{id}` has no name, and is no id of the registry")));
        }
        let at = u32::try_from(self.actors.len()).map_err(|_| row.error("too many actors".to_owned()))?;
        let actor = Actor {
            id: id.to_owned(),
            name: row.get("name").to_owned(),
            aliases: row.list("aliases").map(str::to_owned).collect(),
            parent: cell(row, "parent"),
            splinter_of: cell(row, "splinter_of"),
            country: self.country_of(row)?,
            active_in: self.countries_of(row)?,
            sector: row.parsed("sector")?.unwrap_or(Sector::Unknown),
            inter_code: inter_code(row)?,
            kind: if row.get("kind").is_empty() { ParticipantKind::Organization } else { kind(row)? },
            start: year(row, "start")?,
            end: year(row, "end")?,
            wikidata: cell(row, "wikidata"),
            ucdp: row.parsed("ucdp")?,
            source: cell(row, "source"),
            own_line: None,
        };
        in_order(&actor, row)?;
        self.by_id.insert(actor.id.clone(), ActorKey(at));
        self.by_name.entry(actor.name.clone()).or_insert(ActorKey(at));
        self.add_names(&actor, at, later);
        self.actors.push(actor);
        Ok(ActorKey(at))
    }

    /// What a row of the user's says of an actor of ours.
    fn change_actor(
        &mut self,
        known: ActorKey,
        row: &Row<'_, '_>,
        later: &mut Vec<(String, u32)>,
    ) -> Result<(), TableError> {
        let mut actor = self.actor(known).clone();
        let mut new = Vec::new();
        for name in row.list("name").chain(row.list("aliases")) {
            if !actor.names().any(|known| known == name) {
                new.push(name.to_owned());
            }
        }
        if !row.get("name").is_empty() {
            let old = std::mem::replace(&mut actor.name, row.get("name").to_owned());
            if old != actor.name {
                self.by_name.remove(&old);
                self.by_name.insert(actor.name.clone(), known);
                actor.aliases.push(old);
            }
        }
        actor.aliases.extend(new.iter().filter(|name| **name != actor.name).cloned());
        let replace = |old: &mut Option<String>, column: &str| {
            if let Some(said) = cell(row, column) {
                *old = Some(said);
            }
        };
        replace(&mut actor.parent, "parent");
        replace(&mut actor.splinter_of, "splinter_of");
        replace(&mut actor.wikidata, "wikidata");
        replace(&mut actor.source, "source");
        actor.country = self.country_of(row)?.or(actor.country);
        for country in self.countries_of(row)? {
            if !actor.active_in.contains(&country) {
                actor.active_in.push(country);
            }
        }
        actor.sector = row.parsed("sector")?.unwrap_or(actor.sector);
        actor.inter_code = inter_code(row)?.or(actor.inter_code);
        if !row.get("kind").is_empty() {
            actor.kind = kind(row)?;
        }
        actor.start = year(row, "start")?.or(actor.start);
        actor.end = year(row, "end")?.or(actor.end);
        actor.ucdp = row.parsed("ucdp")?.or(actor.ucdp);
        actor.own_line = Some(row.line);
        in_order(&actor, row)?;
        for name in new {
            match without_bracket(&name) {
                Some(bare) => later.push((bare.to_owned(), known.0)),
                None => self.add_name(&name, known.0),
            }
        }
        self.actors[known.0 as usize] = actor;
        Ok(())
    }

    fn add_names(&mut self, actor: &Actor, at: u32, later: &mut Vec<(String, u32)>) {
        let plain: Vec<String> =
            actor.names().filter(|name| without_bracket(name).is_none()).map(key).collect();
        for written in actor.names() {
            match without_bracket(written) {
                // "NSCN (K)" adds nothing where "NSCN" alone is a name of the same actor.
                Some(name) if plain.contains(&key(name)) => {}
                Some(name) => later.push((name.to_owned(), at)),
                None => self.add_name(written, at),
            }
        }
    }

    fn add_qualified(&mut self, later: Vec<(String, u32)>) {
        for (name, at) in later {
            self.add_name(&name, at);
            self.qualified.push((key(name.trim_start_matches('=')), ActorKey(at)));
        }
        self.qualified.sort();
        self.qualified.dedup();
    }

    fn country_of(&self, row: &Row<'_, '_>) -> Result<Option<String>, TableError> {
        cell(row, "country").map(|code| self.known_country(code, row)).transpose()
    }

    fn countries_of(&self, row: &Row<'_, '_>) -> Result<Vec<String>, TableError> {
        row.list("active_in").map(|code| self.known_country(code.to_owned(), row)).collect()
    }

    fn known_country(&self, code: String, row: &Row<'_, '_>) -> Result<String, TableError> {
        if self.countries.by_iso3(&code).is_none() {
            return Err(
                row.error(format!("`{code}` is no country; expected ISO 3166-1 alpha-3, such as SYR"))
            );
        }
        Ok(code)
    }
}

/// The columns of a table of actors.
pub const COLUMNS: &[&str] = &[
    "id",
    "name",
    "aliases",
    "parent",
    "splinter_of",
    "country",
    "active_in",
    "sector",
    "inter_code",
    "kind",
    "start",
    "end",
    "wikidata",
    "ucdp",
    "note",
    "source",
];

fn cell(row: &Row<'_, '_>, column: &str) -> Option<String> {
    Some(row.get(column)).filter(|cell| !cell.is_empty()).map(str::to_owned)
}

fn year(row: &Row<'_, '_>, column: &str) -> Result<Option<i16>, TableError> {
    match row.parsed::<i16>(column)? {
        Some(year) if !YEARS.contains(&year) => Err(row.error(format!(
            "{column} `{year}`: expected a year from {} to {}",
            YEARS.start(),
            YEARS.end()
        ))),
        year => Ok(year),
    }
}

fn in_order(actor: &Actor, row: &Row<'_, '_>) -> Result<(), TableError> {
    match (actor.start, actor.end) {
        (Some(start), Some(end)) if start > end => {
            Err(row.error(format!("`{}` ends in {end}, before it starts in {start}", actor.id)))
        }
        _ => Ok(()),
    }
}
