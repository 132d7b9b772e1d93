//! What a table is, told from its first lines, and which of its columns is what.

use std::collections::BTreeMap;

use anyhow::{Result, bail};

/// What sort of table a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// GeoNames' `admin1CodesASCII.txt`, `admin2Codes.txt`: names of divisions by code.
    AdminCodes,
    /// GeoNames' `hierarchy.txt`: what lies in what.
    Hierarchy,
    /// GeoNames' `allCountries.txt`, `cities500.txt` or one country's: places, 19 columns.
    Geonames,
    /// GeoNames' `alternateNamesV2.txt`: other names of its places.
    AlternateNames,
    /// A table of P-codes: the humanitarian exchange's list of all countries, or one country's divisions side by side.
    Pcodes,
    /// Who's On First: its `spr` table, a meta file, or a compact table of ten columns without a header.
    WhosOnFirst,
    /// Any table with a header.
    Table,
}

impl Kind {
    /// As the command line names it.
    pub const NAMES: &'static [(&'static str, Self)] = &[
        ("geonames", Self::Geonames),
        ("alternate-names", Self::AlternateNames),
        ("hierarchy", Self::Hierarchy),
        ("admin-codes", Self::AdminCodes),
        ("wof", Self::WhosOnFirst),
        ("pcodes", Self::Pcodes),
        ("table", Self::Table),
    ];

    /// In words.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// Main name.
    Name,
    /// Other names in one cell.
    Aliases,
    /// Degrees north.
    Latitude,
    /// Degrees east.
    Longitude,
    /// ISO 3166-1 code, or the country's name.
    Country,
    /// First-order division, by name.
    Admin1,
    /// Second-order division, by name.
    Admin2,
    /// GeoNames feature code.
    Feature,
    /// Who's On First's word for the kind of place.
    Placetype,
    /// People.
    Population,
    /// GeoNames id.
    Geonameid,
    /// The source's own key.
    Id,
    /// P-code of the place.
    Pcode,
    /// Key of what it lies in.
    Parent,
    /// Order of the division: 1 or 2.
    Level,
    /// P-code of the first-order division.
    Pcode1,
    /// P-code of the second-order division.
    Pcode2,
    /// Not empty, or not 0: the place is no longer.
    Ended,
}

/// Fields and the headers that they go by, in lower-case letters and digits; the first is the one of `--columns`.
const HEADERS: &[(Field, &[&str])] = &[
    (Field::Name, &["name", "placename", "place", "toponym", "nameen", "fullname", "settlement", "village"]),
    (
        Field::Aliases,
        &["aliases", "alternatenames", "altnames", "othernames", "alternates", "alternativenames"],
    ),
    (Field::Latitude, &["lat", "latitude", "lbllatitude", "geomlatitude", "y", "ycoord", "latdd", "pointy"]),
    (
        Field::Longitude,
        &[
            "lon",
            "lng",
            "long",
            "longitude",
            "lbllongitude",
            "geomlongitude",
            "x",
            "xcoord",
            "londd",
            "pointx",
        ],
    ),
    (
        Field::Country,
        &[
            "country",
            "countrycode",
            "isocountry",
            "wofcountry",
            "cc",
            "iso3",
            "iso2",
            "iso",
            "adm0pcode",
            "admin0pcode",
            "countryname",
            "adm0en",
            "adm0name",
            "location",
        ],
    ),
    (
        Field::Admin1,
        &[
            "admin1",
            "adm1en",
            "admin1nameen",
            "adm1name",
            "admin1name",
            "adm1",
            "adm1fr",
            "adm1es",
            "region",
            "governorate",
            "province",
            "state",
        ],
    ),
    (
        Field::Admin2,
        &[
            "admin2",
            "adm2en",
            "admin2nameen",
            "adm2name",
            "admin2name",
            "adm2",
            "adm2fr",
            "adm2es",
            "county",
            "district",
        ],
    ),
    (Field::Feature, &["feature", "featurecode", "fcode"]),
    (Field::Placetype, &["placetype"]),
    (Field::Population, &["population", "pop"]),
    (Field::Geonameid, &["geonameid", "geonamesid", "gnid"]),
    (Field::Id, &["id", "wofid", "sourceid", "key"]),
    (Field::Pcode, &["pcode", "placepcode"]),
    (Field::Parent, &["parent", "parentpcode", "parentid"]),
    (Field::Level, &["level", "adminlevel"]),
    (Field::Pcode1, &["pcode1", "adm1pcode", "admin1pcode"]),
    (Field::Pcode2, &["pcode2", "adm2pcode", "admin2pcode"]),
    (
        Field::Ended,
        &["ended", "deprecated", "isdeprecated", "supersededby", "issuperseded", "cessation", "isceased"],
    ),
];

/// Lower-case letters and digits of a header.
fn plain(header: &str) -> String {
    header.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Columns that the operator named: a field and the header of its column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns(BTreeMap<Field, String>);

impl Columns {
    /// Reads `name=Village,lat=Y`.
    pub fn parse(text: &str) -> Result<Self> {
        let mut columns = BTreeMap::new();
        for pair in text.split(',').filter(|pair| !pair.trim().is_empty()) {
            let known = || HEADERS.iter().map(|(_, names)| names[0]).collect::<Vec<_>>().join(", ");
            let Some((field, header)) = pair.split_once('=') else {
                bail!("`{pair}` is no FIELD=HEADER; expected for example name=Village,lat=Y,lon=X");
            };
            let Some((field, _)) = HEADERS.iter().find(|(_, names)| names[0] == plain(field)) else {
                bail!("`{field}` is no field; expected one of {}", known());
            };
            columns.insert(*field, header.trim().to_owned());
        }
        Ok(Self(columns))
    }

    /// As it was given, for comparison.
    pub fn text(&self) -> String {
        self.0.iter().map(|(field, header)| format!("{field:?}={header},")).collect()
    }
}

/// How a table is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// What sort of table.
    pub kind: Kind,
    /// What stands between two cells.
    pub delimiter: u8,
    /// The first line names the columns.
    pub header: bool,
    columns: Vec<(Field, usize)>,
}

/// The compact table of Who's On First.
const COMPACT: &[Field] = &[
    Field::Id,
    Field::Name,
    Field::Aliases,
    Field::Latitude,
    Field::Longitude,
    Field::Placetype,
    Field::Country,
    Field::Admin1,
    Field::Admin2,
    Field::Population,
];

impl Layout {
    /// Tells what a table is from its first bytes and its name; `asked` is what the operator says that it is.
    pub fn tell(head: &[u8], name: &str, asked: Option<Kind>, columns: &Columns) -> Result<Self> {
        let text = String::from_utf8_lossy(head);
        let mut lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
        let Some(first) = lines.next() else { bail!("the table is empty") };
        let second = lines.next().unwrap_or(first);
        let delimiter = [b'\t', b';', b','].into_iter().max_by_key(|&delimiter| {
            // Tabs stand in no header by chance; of two others, the one that stands more often.
            let count = first.bytes().filter(|&byte| byte == delimiter).count();
            if delimiter == b'\t' { count * 8 } else { count }
        });
        let delimiter = delimiter.unwrap_or(b'\t');
        let cells: Vec<&str> =
            first.split(char::from(delimiter)).map(|cell| cell.trim_matches('"').trim()).collect();
        let number = |at: usize| cells.get(at).is_some_and(|cell| cell.parse::<u64>().is_ok());
        let degrees =
            |at: usize| cells.get(at).is_some_and(|cell| cell.parse::<f64>().is_ok_and(|d| d.abs() <= 180.0));
        let tabs = delimiter == b'\t';
        let told = match cells.len() {
            19 if tabs && number(0) && degrees(4) && degrees(5) => Some(Kind::Geonames),
            8..=10 if tabs && number(0) && number(1) && !degrees(3) => Some(Kind::AlternateNames),
            10 if tabs && degrees(3) && degrees(4) && !degrees(5) => Some(Kind::WhosOnFirst),
            2..=3 if tabs && number(0) && number(1) => Some(Kind::Hierarchy),
            4 if tabs && number(3) && cells[0].split('.').count() >= 2 => Some(Kind::AdminCodes),
            _ => None,
        };
        let headers: Vec<String> = cells.iter().map(|cell| plain(cell)).collect();
        // Several columns may hold one field: of a row the first that says something counts.
        let columns_for = |(field, names): &(Field, &[&str])| -> Vec<(Field, usize)> {
            let found: Vec<usize> = match columns.0.get(field) {
                Some(asked) => cells.iter().position(|cell| cell == asked).into_iter().collect(),
                None => names
                    .iter()
                    .flat_map(|name| headers.iter().enumerate().filter(move |(_, header)| header == name))
                    .map(|(at, _)| at)
                    .collect(),
            };
            found.into_iter().map(|at| (*field, at)).collect()
        };
        let mut found: Vec<(Field, usize)> = HEADERS.iter().flat_map(columns_for).collect();
        let has = |field: Field| found.iter().any(|(known, _)| *known == field);
        for (field, header) in &columns.0 {
            if told.is_none() && !has(*field) {
                bail!("no column is called `{header}`; the first line names {}", cells.join(", "));
            }
        }
        let by_header = || {
            if has(Field::Pcode1) && !has(Field::Name) || has(Field::Level) && has(Field::Pcode) {
                Some(Kind::Pcodes)
            } else if !has(Field::Name) {
                None
            } else if has(Field::Placetype) {
                Some(Kind::WhosOnFirst)
            } else if has(Field::Latitude) && has(Field::Longitude) {
                Some(Kind::Table)
            } else {
                None
            }
        };
        let Some(kind) = asked.or(told).or_else(by_header) else {
            let shown: String = second.chars().take(120).collect();
            bail!(
                "{name} is no table that is known; expected a file of GeoNames, Who's On First or P-codes, or a table whose \
                 first line names the columns name, lat and lon; it has {} columns, and its second line is `{shown}`",
                cells.len()
            );
        };
        let header =
            !matches!(kind, Kind::AdminCodes | Kind::Hierarchy | Kind::Geonames | Kind::AlternateNames)
                && !(kind == Kind::WhosOnFirst && told == Some(Kind::WhosOnFirst));
        if header {
            let needed: &[Field] = match kind {
                Kind::Pcodes if has(Field::Pcode1) => &[Field::Pcode1, Field::Admin1, Field::Country],
                Kind::Pcodes => &[Field::Pcode, Field::Name, Field::Level, Field::Country],
                Kind::WhosOnFirst => &[Field::Id, Field::Name, Field::Placetype, Field::Country],
                _ => &[Field::Name, Field::Latitude, Field::Longitude],
            };
            for field in needed {
                if !has(*field) {
                    let names =
                        HEADERS.iter().find(|(known, _)| known == field).map_or("", |(_, names)| names[0]);
                    bail!(
                        "{name} has no column for `{names}`; its first line names {}; say which it is with --columns \
                         {names}=HEADER",
                        cells.join(", ")
                    );
                }
            }
        } else if kind == Kind::WhosOnFirst {
            found = COMPACT.iter().enumerate().map(|(at, field)| (*field, at)).collect();
        }
        Ok(Self { kind, delimiter, header, columns: found })
    }

    /// Whether its rows are taken for populated places, since no column says what they are.
    pub fn is_of_settlements(&self) -> bool {
        self.kind == Kind::Table && self.column(Field::Feature).or(self.column(Field::Placetype)).is_none()
    }

    /// A reader of its rows.
    pub fn rows(&self) -> csv::ReaderBuilder {
        let mut builder = csv::ReaderBuilder::new();
        builder
            .delimiter(self.delimiter)
            .flexible(true)
            .quoting(self.delimiter != b'\t')
            .comment(matches!(self.kind, Kind::Table).then_some(b'#'))
            // Lines are counted by their line feeds; a carriage return before one is cut off with the blanks around a cell.
            .terminator(csv::Terminator::Any(b'\n'));
        builder
    }

    /// The first column that holds a field.
    pub fn column(&self, field: Field) -> Option<usize> {
        self.columns.iter().find(|(known, _)| *known == field).map(|(_, at)| *at)
    }

    /// All of them.
    pub fn columns_of(&self, field: Field) -> impl Iterator<Item = usize> {
        self.columns.iter().filter(move |(known, _)| *known == field).map(|(_, at)| *at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tell(head: &str) -> Result<Layout> {
        Layout::tell(head.as_bytes(), "t", None, &Columns::default())
    }

    #[test]
    fn tables_are_told_by_their_first_line() {
        let geonames = format!("7\tTall\tTall\t\t36.1\t38.2\tP\tPPL\tSY{}\n", "\t".repeat(10));
        let cases = [
            (geonames.as_str(), Kind::Geonames),
            ("1\t7\tar\tتل\t\t\t\t\t\t\n", Kind::AlternateNames),
            ("6295630\t6255146\tADM\n", Kind::Hierarchy),
            ("AE.01.101\tNear\tNear\t12\n", Kind::AdminCodes),
            ("w1\tTall\t\t36.1\t38.2\tlocality\tSY\tAleppo\t\t0\n", Kind::WhosOnFirst),
            ("id,parent_id,name,placetype,country,latitude,longitude\n", Kind::WhosOnFirst),
            ("Location,Admin Level,P-Code,Name,Parent P-Code\n", Kind::Pcodes),
            ("ADM1_EN\tADM1_PCODE\tADM2_EN\tADM2_PCODE\tADM0_EN\n", Kind::Pcodes),
            ("Village;Latitude;Longitude\n", Kind::Table),
        ];
        for (head, kind) in cases {
            assert_eq!(tell(head).unwrap().kind, kind, "{head}");
        }
    }

    #[test]
    fn columns_can_be_named() {
        let columns = Columns::parse("name=Ort,lat=N,lon=E").unwrap();
        let layout = Layout::tell(b"Ort,N,E,Leute\nTall,1,2,3\n", "t", None, &columns).unwrap();
        assert_eq!((layout.column(Field::Name), layout.column(Field::Longitude)), (Some(0), Some(2)));
        assert!(Columns::parse("nom=Ort").unwrap_err().to_string().contains("no field"));
        assert!(Columns::parse("name").unwrap_err().to_string().contains("FIELD=HEADER"));
        let missing = Columns::parse("name=Town").unwrap();
        let error = Layout::tell(b"Ort,lat,lon\n", "t", None, &missing).unwrap_err().to_string();
        assert!(error.contains("`Town`") && error.contains("Ort, lat, lon"), "{error}");
    }

    #[test]
    fn what_is_no_table_is_said() {
        for head in ["", "# only\n", "a\tb\n1\t2\n", "{\"a\": 1}\n"] {
            assert!(tell(head).is_err(), "{head}");
        }
        let error = tell("name,latitude\nTall,1\n").unwrap_err().to_string();
        assert!(error.contains("lat"), "{error}");
    }
}
