//! Countries: codes, names, the words for their people.

use std::collections::HashMap;

use crate::table::{Table, TableError};

/// A country or territory of ISO 3166-1, or Kosovo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Country {
    /// ISO 3166-1 alpha-3.
    pub iso3: String,
    /// ISO 3166-1 alpha-2.
    pub iso2: String,
    /// ISO 3166-1 numeric.
    pub numeric: Option<u16>,
    /// Number in the Gleditsch–Ward list of states, which UCDP uses.
    pub gwno: Option<u16>,
    /// English short name.
    pub name: String,
    /// Other names: official, short, former.
    pub aliases: Vec<String>,
    /// Adjective first, then the words for its people.
    pub demonyms: Vec<String>,
    /// Capital; empty where there is none.
    pub capital: String,
    /// ACLED's region.
    pub region: String,
}

impl Country {
    /// The name as it stands after "of": "the United States", "the Philippines", "Egypt".
    #[must_use]
    pub fn after_of(&self) -> String {
        let name = self.name.as_str();
        let described = ["United ", "Republic ", "Democratic ", "Central African "]
            .iter()
            .any(|head| name.starts_with(head))
            || [" Republic", " Islands", " Emirates"].iter().any(|tail| name.ends_with(tail))
            || matches!(name, "Bahamas" | "Comoros" | "Gambia" | "Maldives" | "Netherlands" | "Philippines");
        if described { format!("the {name}") } else { name.to_owned() }
    }
}

/// Every country, with look-ups.
#[derive(Debug, Clone, Default)]
pub struct Countries {
    all: Vec<Country>,
    iso3: HashMap<String, usize>,
    iso2: HashMap<String, usize>,
    gwno: HashMap<u16, usize>,
    names: HashMap<String, usize>,
    demonyms: HashMap<String, Vec<usize>>,
}

impl Countries {
    /// Reads `knowledge/countries.tsv`.
    ///
    /// # Errors
    /// Where the table lacks a column, or a row has no code or a number that is none.
    pub fn from_table(text: &str) -> Result<Self, TableError> {
        let needed = ["iso3", "iso2", "numeric", "gwno", "name", "aliases", "demonyms", "capital", "region"];
        let table = Table::parse("countries", text, &needed)?;
        let mut countries = Self::default();
        for row in table.rows() {
            let owned = |column: &str| row.list(column).map(str::to_owned).collect::<Vec<_>>();
            let country = Country {
                iso3: row.get("iso3").to_owned(),
                iso2: row.get("iso2").to_owned(),
                numeric: row.parsed("numeric")?,
                gwno: row.parsed("gwno")?,
                name: row.get("name").to_owned(),
                aliases: owned("aliases"),
                demonyms: owned("demonyms"),
                capital: row.get("capital").to_owned(),
                region: row.get("region").to_owned(),
            };
            if country.iso3.len() != 3 || country.iso2.len() != 2 || country.name.is_empty() {
                return Err(row.error("expected a code of three letters, one of two, and a name".to_owned()));
            }
            countries.add(country);
        }
        Ok(countries)
    }

    fn add(&mut self, country: Country) {
        let index = self.all.len();
        self.iso3.insert(country.iso3.clone(), index);
        self.iso2.insert(country.iso2.clone(), index);
        if let Some(gwno) = country.gwno {
            self.gwno.insert(gwno, index);
        }
        for name in std::iter::once(&country.name).chain(&country.aliases) {
            self.names.entry(key(name)).or_insert(index);
        }
        for demonym in &country.demonyms {
            self.demonyms.entry(key(demonym)).or_default().push(index);
        }
        self.all.push(country);
    }

    /// Every country, in the order of the table.
    #[must_use]
    pub fn all(&self) -> &[Country] {
        &self.all
    }

    /// By ISO 3166-1 alpha-3 code, in any case.
    #[must_use]
    pub fn by_iso3(&self, code: &str) -> Option<&Country> {
        self.iso3.get(&code.to_ascii_uppercase()).map(|&index| &self.all[index])
    }

    /// By ISO 3166-1 alpha-2 code, in any case.
    #[must_use]
    pub fn by_iso2(&self, code: &str) -> Option<&Country> {
        self.iso2.get(&code.to_ascii_uppercase()).map(|&index| &self.all[index])
    }

    /// By Gleditsch–Ward number.
    #[must_use]
    pub fn by_gwno(&self, number: u16) -> Option<&Country> {
        self.gwno.get(&number).map(|&index| &self.all[index])
    }

    /// By name or alias. Case does not matter, except that an alias of capitals only ("US", "CAR")
    /// is found only in capitals: "us" and "car" are words.
    #[must_use]
    pub fn by_name(&self, name: &str) -> Option<&Country> {
        look_up(&self.names, name).map(|&index| &self.all[index])
    }

    /// By adjective or word for its people ("Iraqi", "Iraqis"); where two countries share it
    /// ("Congolese"), the first of the table. Same rule of case as for names.
    #[must_use]
    pub fn by_demonym(&self, word: &str) -> Option<&Country> {
        self.sharing_demonym(word).next()
    }

    /// Every country that a demonym can mean.
    pub fn sharing_demonym(&self, word: &str) -> impl Iterator<Item = &Country> {
        look_up(&self.demonyms, word).into_iter().flatten().map(|&index| &self.all[index])
    }

    /// By whatever a report may write: name, alias or demonym.
    #[must_use]
    pub fn named(&self, words: &str) -> Option<&Country> {
        self.by_name(words).or_else(|| self.by_demonym(words))
    }
}

/// A word in capitals can be an acronym or a name in a headline: both are tried.
fn look_up<'m, T>(map: &'m HashMap<String, T>, name: &str) -> Option<&'m T> {
    map.get(&key(name)).or_else(|| {
        if name.contains(char::is_lowercase) { None } else { map.get(&key(&name.to_lowercase())) }
    })
}

/// What a name is looked up by: lower case, one kind of apostrophe, "Saint" for "St", without "the"; capitals only stay as they are.
fn key(name: &str) -> String {
    let acronym = |c: char| c.is_uppercase() || c == '.' || c == '-';
    if name.chars().count() <= 6 && name.chars().all(acronym) && name.chars().any(char::is_uppercase) {
        return name.to_owned();
    }
    let lower = name.to_lowercase().replace('’', "'");
    let bare = lower.strip_prefix("the ").unwrap_or(&lower);
    match bare.strip_prefix("st. ").or_else(|| bare.strip_prefix("st ")) {
        Some(rest) => format!("saint {rest}"),
        None => bare.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn countries() -> Countries {
        let table = "iso3\tiso2\tnumeric\tgwno\tname\taliases\tdemonyms\tcapital\tregion\n\
            COD\tCD\t180\t490\tDemocratic Republic of the Congo\tDRC|Zaire\tCongolese\tKinshasa\tMiddle Africa\n\
            COG\tCG\t178\t484\tRepublic of the Congo\t\tCongolese\tBrazzaville\tMiddle Africa\n\
            LCA\tLC\t662\t56\tSaint Lucia\t\tSaint Lucian\tCastries\tCaribbean\n\
            USA\tUS\t840\t2\tUnited States\tUS|U.S.|America\tAmerican|Americans|US\tWashington, D.C.\tNorth America\n\
            XKX\tXK\t\t347\tKosovo\t\tKosovar\tPristina\tEurope\n";
        Countries::from_table(table).unwrap()
    }

    fn iso3(country: Option<&Country>) -> Option<&str> {
        country.map(|country| country.iso3.as_str())
    }

    #[test]
    fn finds_by_code_name_and_people() {
        let c = countries();
        assert_eq!(iso3(c.by_iso3("cod")), Some("COD"));
        assert_eq!(iso3(c.by_iso2("XK")), Some("XKX"));
        assert_eq!(iso3(c.by_gwno(2)), Some("USA"));
        assert_eq!(iso3(c.by_name("the united states")), Some("USA"));
        assert_eq!(iso3(c.by_name("St. Lucia")), Some("LCA"));
        assert_eq!(iso3(c.named("americans")), Some("USA"));
        assert_eq!(iso3(c.by_name("Kosovo")), Some("XKX"));
        assert_eq!(c.by_iso2("US").unwrap().after_of(), "the United States");
        assert_eq!(c.by_iso2("XK").unwrap().after_of(), "Kosovo");
    }

    #[test]
    fn capitals_only_stay_capitals() {
        let c = countries();
        assert_eq!(iso3(c.named("US")), Some("USA"));
        assert_eq!(iso3(c.named("us")), None);
        assert_eq!(iso3(c.named("Us")), None);
        assert_eq!(iso3(c.named("DRC")), Some("COD"));
        assert_eq!(iso3(c.named("ZAIRE")), Some("COD"));
        assert_eq!(iso3(c.named("")), None);
    }

    #[test]
    fn a_shared_demonym_gives_both() {
        let c = countries();
        let shared: Vec<_> = c.sharing_demonym("congolese").map(|c| c.iso3.as_str()).collect();
        assert_eq!(shared, ["COD", "COG"]);
    }
}
