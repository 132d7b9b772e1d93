//! Rows of tables to places, and to other names of places.

use std::collections::HashMap;

use csv::ByteRecord;
use record::country::Countries;
use whereabouts::builder::NewPlace;

use super::layout::{Field, Kind, Layout};
use crate::divisions::label;

/// What a row is.
#[derive(Debug, PartialEq)]
pub enum Row {
    /// Places: one, or the divisions that stand side by side in a row.
    Places(Vec<NewPlace>),
    /// Another name of a place.
    Alias {
        /// GeoNames id of the place.
        geonameid: u32,
        /// The name.
        name: String,
    },
    /// Nothing that was asked for: another country, a feature that no news names, a code that is no name.
    LeftOut,
    /// A fault in the table, in words.
    Bad(String),
}

/// Which features are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Features {
    /// Those that reports of violence name.
    News,
    /// All.
    All,
}

/// GeoNames' spots, roads, terrain and waters that reports of violence name: places of attacks and what fronts run along.
/// The rest of those classes (hotels, schools, wells, streams by the million) bear the names of everything else.
const NEWS: &[&str] = &[
    // S: spots.
    "AIRB", "AIRF", "AIRH", "AIRP", "ANS", "BDG", "CAVE", "CMP", "CMPL", "CMPMN", "CMPRF", "CSTL", "CSTM",
    "CTRA", "DAM", "DIP", "FT", "GOVL", "HSP", "INSM", "MALL", "MFG", "MKT", "MN", "MNMT", "MSTY", "MUS",
    "OILP", "OILR", "OILT", "OILW", "PAL", "PMPO", "PP", "PRN", "PS", "PSN", "PSTB", "PSTP", "RSTN", "RUIN",
    "SHRN", "STDM", "TMB", "UNIV", // L: areas.
    "AREA", "BTL", "CONT", "CST", "INDS", "LCTY", "MILB", "MNA", "NVB", "OILF", "PRT", "RES", "RESN", "RGN",
    "RGNE", "RNGA", "TERR", "TRB", "ZN", // T: terrain.
    "CAPE", "DSRT", "GAP", "HLLS", "ISL", "ISLS", "MT", "MTS", "PASS", "PEN", "PLAT", "PLN", "VAL",
    // H: waters.
    "BAY", "CHN", "CNL", "GULF", "LK", "LKS", "OCN", "RSV", "SEA", "STMH", "STRT", "WAD",
    // R and V: roads and forests.
    "FRST", "RD", "TNL",
];

/// Classes of names in `alternateNamesV2` that are no spellings.
const NO_LANGUAGE: &[&str] = &["link", "post", "iata", "icao", "faac", "tcid", "unlc", "wkdt", "phon"];

/// Longest row in bytes: GeoNames' longest has some ten thousand. What is longer is a quote that was never closed.
const LONGEST: usize = 1 << 20;

/// What must be known of all tables before the rows of one make sense.
#[derive(Debug, Default)]
pub struct Survey {
    /// Names of divisions by GeoNames code: "SY.04", "SY.04.171234".
    codes: HashMap<String, String>,
    /// GeoNames codes of divisions by id.
    divisions: HashMap<u32, String>,
    /// What lies in what, by GeoNames id, in order of what lies.
    parents: Vec<(u32, u32)>,
    /// Divisions of Who's On First: name, placetype, what they lie in.
    wof: HashMap<u64, (String, String, u64)>,
    /// Names of divisions by P-code.
    pcodes: HashMap<String, String>,
}

impl Survey {
    /// Whether tables of a kind are surveyed.
    pub fn wants(layout: &Layout) -> bool {
        match layout.kind {
            Kind::AdminCodes | Kind::Hierarchy | Kind::Geonames | Kind::Pcodes => true,
            Kind::WhosOnFirst => layout.header,
            Kind::AlternateNames | Kind::Table => false,
        }
    }

    /// Whether a line of GeoNames' places may be one of a division: most are not, and are told so without being cut up.
    pub fn may_concern(line: &[u8]) -> bool {
        memchr::memmem::find(line, b"\tA\tADM").is_some()
    }

    /// Takes a row in.
    pub fn see(&mut self, layout: &Layout, record: &ByteRecord) {
        let cell =
            |at: usize| record.get(at).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or("").trim();
        let field = |field: Field| layout.column(field).map_or("", cell);
        match layout.kind {
            Kind::AdminCodes => {
                self.codes.insert(cell(0).to_owned(), label(cell(1)));
                if let Ok(id) = cell(3).parse() {
                    self.divisions.insert(id, cell(0).to_owned());
                }
            }
            Kind::Geonames => {
                let code = match cell(7) {
                    "ADM1" => format!("{}.{}", cell(8), cell(10)),
                    "ADM2" => format!("{}.{}.{}", cell(8), cell(10), cell(11)),
                    _ => return,
                };
                if let Ok(id) = cell(0).parse() {
                    self.divisions.insert(id, code.clone());
                }
                // A file of codes, where there is one, names divisions as people do.
                self.codes.entry(code).or_insert_with(|| label(cell(1)));
            }
            Kind::Hierarchy => {
                if let (Ok(parent), Ok(child)) = (cell(0).parse(), cell(1).parse()) {
                    self.parents.push((child, parent));
                }
            }
            Kind::Pcodes => {
                let names = [(Field::Pcode, Field::Name), (Field::Pcode1, Field::Admin1)];
                for (code, name) in names.map(|(code, name)| (field(code), field(name))) {
                    if !code.is_empty() {
                        self.pcodes.entry(code.to_owned()).or_insert_with(|| name.to_owned());
                    }
                }
            }
            Kind::WhosOnFirst => {
                let placetype = field(Field::Placetype);
                if matches!(
                    placetype,
                    "region" | "macrocounty" | "county" | "localadmin" | "locality" | "macroregion"
                ) && let Ok(id) = field(Field::Id).parse()
                {
                    let parent = field(Field::Parent).parse().unwrap_or(0);
                    self.wof.insert(id, (field(Field::Name).to_owned(), placetype.to_owned(), parent));
                }
            }
            Kind::AlternateNames | Kind::Table => {}
        }
    }

    /// To be called when all is seen.
    pub fn done(&mut self) {
        self.parents.sort_unstable();
        self.parents.dedup();
    }

    /// Names of the divisions of a GeoNames record, by its codes or else by the hierarchy.
    fn divisions_of(&self, id: u32, country: &str, admin1: &str, admin2: &str) -> (String, String) {
        let name = |code: &str| self.codes.get(code).cloned().unwrap_or_default();
        let mut code1 = format!("{country}.{admin1}");
        let mut code2 = format!("{code1}.{admin2}");
        if admin1.is_empty() || admin1 == "00" || admin2.is_empty() {
            // At most a handful of steps: place, town, district, province.
            let mut at = id;
            for _ in 0..8 {
                let from = self.parents.partition_point(|&(child, _)| child < at);
                let up = self.parents[from..].iter().take_while(|&&(child, _)| child == at);
                let Some(parent) = up.map(|&(_, parent)| parent).find(|parent| *parent != at) else { break };
                if let Some(code) = self.divisions.get(&parent) {
                    match code.matches('.').count() {
                        1 if admin1.is_empty() || admin1 == "00" => code1.clone_from(code),
                        2 if admin2.is_empty() => {
                            code2.clone_from(code);
                            if let Some((first, _)) = code.rsplit_once('.') {
                                first.clone_into(&mut code1);
                            }
                        }
                        _ => {}
                    }
                }
                at = parent;
            }
        }
        (name(&code1), name(&code2))
    }

    /// Names of the divisions that a place of Who's On First lies in.
    fn wof_divisions_of(&self, parent: u64) -> (String, String) {
        let (mut first, mut second) = (String::new(), String::new());
        let mut at = parent;
        for _ in 0..8 {
            let Some((name, placetype, parent)) = self.wof.get(&at) else { break };
            match placetype.as_str() {
                "region" if first.is_empty() => first.clone_from(name),
                "county" if second.is_empty() => second.clone_from(name),
                _ => {}
            }
            at = *parent;
        }
        (first, second)
    }
}

/// GeoNames' code for a placetype of Who's On First; `None` for what is no place of news.
fn feature_of(placetype: &str, name: &str) -> Option<&'static str> {
    Some(match placetype {
        "locality" => "PPL",
        "neighbourhood" | "macrohood" | "microhood" | "borough" => "PPLX",
        "county" => "ADM2",
        "region" => "ADM1",
        "localadmin" => "ADM3",
        "campus" if name.contains("Air") => "AIRP",
        "campus" => "INST",
        _ => return None,
    })
}

/// Reads rows.
#[derive(Debug)]
pub struct Reader<'a> {
    /// What must be known before.
    pub survey: &'a Survey,
    /// Countries by code and name.
    pub countries: &'a Countries,
    /// Which features are wanted.
    pub features: Features,
    /// ISO 3166-1 alpha-2 of the countries that are wanted; empty for all.
    pub only: &'a [String],
}

impl Reader<'_> {
    /// What a row is.
    pub fn read(&self, layout: &Layout, record: &ByteRecord) -> Row {
        if record.as_slice().len() > LONGEST {
            return Row::Bad(
                "is longer than a megabyte; expected a quote that is closed, or none".to_owned(),
            );
        }
        let text = match record.iter().map(std::str::from_utf8).collect::<Result<Vec<&str>, _>>() {
            Ok(text) => text,
            Err(_) => return Row::Bad("is not valid UTF-8".to_owned()),
        };
        let cell = |at: usize| text.get(at).map_or("", |cell| cell.trim());
        let row = match layout.kind {
            Kind::Geonames => self.geonames(&text, &cell),
            Kind::AlternateNames => alias(&text, &cell),
            Kind::AdminCodes | Kind::Hierarchy => Row::LeftOut,
            Kind::Pcodes => self.pcodes(&|field| layout.column(field).map_or("", cell)),
            Kind::WhosOnFirst | Kind::Table => {
                let ended = layout
                    .columns_of(Field::Ended)
                    .any(|at| !matches!(cell(at), "" | "0" | "-1" | "uuuu" | "[]" | ".."));
                if ended {
                    return Row::LeftOut;
                }
                self.table(layout, &|field| {
                    // Of several columns for a field, the first that says something.
                    layout.columns_of(field).map(cell).find(|cell| !cell.is_empty()).unwrap_or("")
                })
            }
        };
        match row {
            Row::Places(mut places) => {
                if !self.only.is_empty() {
                    places.retain(|place| self.only.contains(&place.country));
                }
                if places.is_empty() { Row::LeftOut } else { Row::Places(places) }
            }
            row => row,
        }
    }

    fn geonames<'t>(&self, text: &[&str], cell: &dyn Fn(usize) -> &'t str) -> Row {
        if text.len() < 15 {
            return Row::Bad(format!("has {} columns, expected 19", text.len()));
        }
        let (class, feature) = (cell(6), cell(7));
        let old = feature.len() > 3 && feature.ends_with('H') && matches!(class, "A" | "P");
        let wanted = match (self.features, class) {
            // Countries come with the program, with their names and adjectives, and no report means their middle.
            (_, "A") if feature.starts_with("PCL") => false,
            (Features::All, _) => true,
            _ if old => false,
            (Features::News, "A" | "P") => true,
            // A river that nobody calls by a second name is a brook.
            (Features::News, "H") if feature == "STM" => !cell(3).is_empty(),
            (Features::News, _) => NEWS.contains(&feature),
        };
        if !wanted {
            return Row::LeftOut;
        }
        let Ok(geonameid) = cell(0).parse::<u32>() else {
            return Row::Bad(format!("the id `{}` is no number", cell(0)));
        };
        let position = match position(cell(4), cell(5)) {
            Ok(Some(position)) => position,
            Ok(None) => return Row::Bad("has no coordinates".to_owned()),
            Err(problem) => return Row::Bad(problem),
        };
        let name = cell(1);
        if name.is_empty() {
            return Row::Bad("has no name".to_owned());
        }
        let mut aliases: Vec<String> =
            cell(3).split(',').filter(|alias| !alias.is_empty()).map(str::to_owned).collect();
        if !cell(2).is_empty() && cell(2) != name && !aliases.iter().any(|alias| alias == cell(2)) {
            aliases.push(cell(2).to_owned());
        }
        let (admin1, admin2) = self.survey.divisions_of(geonameid, cell(8), cell(10), cell(11));
        let (name, aliases, admin1, admin2) = match feature {
            // A division is shown under the name that places in it are reported under.
            "ADM1" => shown_as(name, aliases, admin1.clone(), admin1, String::new()),
            "ADM2" => shown_as(name, aliases, admin2.clone(), admin1, admin2),
            _ => (name.to_owned(), aliases, admin1, admin2),
        };
        Row::Places(vec![NewPlace {
            name,
            aliases,
            geonameid,
            position: Some(position),
            feature: feature.to_owned(),
            country: cell(8).to_owned(),
            admin1,
            admin2,
            population: cell(14).parse().unwrap_or(0),
            ..NewPlace::default()
        }])
    }

    /// ISO 3166-1 alpha-2 of what a table calls a country.
    fn country(&self, said: &str) -> Option<String> {
        let known =
            [self.countries.by_iso2(said), self.countries.by_iso3(said), self.countries.by_name(said)];
        known.into_iter().flatten().next().map(|country| country.iso2.clone())
    }

    fn table<'t>(&self, layout: &Layout, field: &dyn Fn(Field) -> &'t str) -> Row {
        let name = field(Field::Name);
        if name.is_empty() {
            return Row::Bad("has no name".to_owned());
        }
        let position = match position(field(Field::Latitude), field(Field::Longitude)) {
            Ok(Some(position)) => position,
            Ok(None) if layout.kind == Kind::WhosOnFirst => return Row::LeftOut,
            Ok(None) => return Row::Bad("has no coordinates".to_owned()),
            Err(problem) => return Row::Bad(problem),
        };
        let said = field(Field::Country);
        let country = match self.country(said) {
            Some(country) => country,
            // Who's On First has codes of its own for what is disputed.
            None if said.is_empty() || layout.kind == Kind::WhosOnFirst => String::new(),
            None => {
                return Row::Bad(format!(
                    "the country is `{said}`; expected an ISO 3166-1 code or a country's name"
                ));
            }
        };
        let feature = match (field(Field::Feature), field(Field::Placetype)) {
            ("", "") => "PPL",
            ("", placetype) => match feature_of(placetype, name) {
                Some(feature) => feature,
                None => return Row::LeftOut,
            },
            (code, _) if code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()) => code,
            (other, _) => {
                return Row::Bad(format!(
                    "the feature code is `{other}`; expected one of GeoNames', such as PPL"
                ));
            }
        };
        let aliases = field(Field::Aliases);
        let between: &[char] = if aliases.contains('|') { &['|'] } else { &[';', ','] };
        let id = field(Field::Id);
        let (geonameid, source_id) = match (layout.kind, field(Field::Geonameid), field(Field::Pcode)) {
            // The compact table has GeoNames' id, or else a `w` and its own.
            (Kind::WhosOnFirst, _, _) if !layout.header => match id.strip_prefix('w') {
                Some(own) => (0, format!("wof:{own}")),
                None => (id.parse().unwrap_or(0), String::new()),
            },
            (Kind::WhosOnFirst, ..) => (0, format!("wof:{id}")),
            (_, known, pcode) => (
                known.parse().unwrap_or(0),
                if pcode.is_empty() { id.to_owned() } else { format!("{PCODE}{pcode}") },
            ),
        };
        let (mut admin1, mut admin2) = (field(Field::Admin1).to_owned(), field(Field::Admin2).to_owned());
        if layout.kind == Kind::WhosOnFirst && layout.header {
            let (first, second) = self.survey.wof_divisions_of(field(Field::Parent).parse().unwrap_or(0));
            (admin1, admin2) = (first, second);
        }
        // Where a name is missing, tables of Who's On First have the number of the division in its place.
        for admin in [&mut admin1, &mut admin2] {
            if admin.bytes().all(|byte| byte.is_ascii_digit()) {
                admin.clear();
            }
        }
        match feature {
            "ADM1" if admin1.is_empty() => name.clone_into(&mut admin1),
            "ADM2" if admin2.is_empty() => name.clone_into(&mut admin2),
            _ => {}
        }
        Row::Places(vec![NewPlace {
            name: name.to_owned(),
            aliases: aliases
                .split(between)
                .map(str::trim)
                .filter(|alias| !alias.is_empty())
                .map(str::to_owned)
                .collect(),
            geonameid,
            source_id,
            position: Some(position),
            feature: feature.to_owned(),
            country,
            admin1,
            admin2,
            population: field(Field::Population).replace([',', ' '], "").parse::<f64>().map_or(0, whole),
            ..NewPlace::default()
        }])
    }

    /// Divisions with their P-codes, and no position.
    fn pcodes<'t>(&self, field: &dyn Fn(Field) -> &'t str) -> Row {
        let said = field(Field::Country);
        // The first letters of a P-code are its country's code.
        let Some(country) = self.country(said).or_else(|| self.country(said.get(..2)?)) else {
            return Row::Bad(format!(
                "the country is `{said}`; expected an ISO 3166-1 code or a country's name"
            ));
        };
        let division = |level: u8, code: &str, name: &str, admin1: &str| NewPlace {
            name: name.to_owned(),
            source_id: format!("{PCODE}{code}"),
            feature: format!("ADM{level}"),
            country: country.clone(),
            admin1: admin1.to_owned(),
            admin2: if level == 2 { name.to_owned() } else { String::new() },
            ..NewPlace::default()
        };
        let whole = |code: &str, name: &str| !code.is_empty() && !name.is_empty();
        if !field(Field::Pcode1).is_empty() {
            let (code1, name1) = (field(Field::Pcode1), field(Field::Admin1));
            let (code2, name2) = (field(Field::Pcode2), field(Field::Admin2));
            let mut places = Vec::new();
            if whole(code1, name1) {
                places.push(division(1, code1, name1, name1));
            }
            if whole(code2, name2) {
                places.push(division(2, code2, name2, name1));
            }
            return if places.is_empty() {
                Row::Bad("has no P-code with a name".to_owned())
            } else {
                Row::Places(places)
            };
        }
        let (code, name) = (field(Field::Pcode), field(Field::Name));
        if !whole(code, name) {
            return Row::Bad("has no P-code with a name".to_owned());
        }
        match field(Field::Level) {
            "1" => Row::Places(vec![division(1, code, name, name)]),
            "2" => {
                let parent = self.survey.pcodes.get(field(Field::Parent)).map_or("", String::as_str);
                Row::Places(vec![division(2, code, name, parent)])
            }
            "0" | "3" | "4" | "5" => Row::LeftOut,
            level => Row::Bad(format!("the level is `{level}`; expected 1 or 2")),
        }
    }
}

/// What the key of a record of a table of P-codes begins with.
pub use whereabouts::PCODE;

fn alias<'t>(text: &[&str], cell: &dyn Fn(usize) -> &'t str) -> Row {
    if text.len() < 4 {
        return Row::Bad(format!("has {} columns, expected 10", text.len()));
    }
    let Ok(geonameid) = cell(1).parse() else {
        return Row::Bad(format!("the id `{}` is no number", cell(1)));
    };
    let name = cell(3);
    if name.is_empty() || NO_LANGUAGE.contains(&cell(2)) || !whereabouts::builder::is_name(name) {
        return Row::LeftOut;
    }
    Row::Alias { geonameid, name: name.to_owned() }
}

fn shown_as(
    name: &str,
    mut aliases: Vec<String>,
    label: String,
    admin1: String,
    admin2: String,
) -> (String, Vec<String>, String, String) {
    if label.is_empty() || label == name {
        return (name.to_owned(), aliases, admin1, admin2);
    }
    if !aliases.iter().any(|alias| alias == name) {
        aliases.push(name.to_owned());
    }
    (label, aliases, admin1, admin2)
}

/// Degrees north and east; `None` where both cells are empty.
fn position(lat: &str, lon: &str) -> Result<Option<(f64, f64)>, String> {
    if lat.is_empty() && lon.is_empty() {
        return Ok(None);
    }
    // Spreadsheets of half the world write a decimal comma, and degrees have no thousands.
    let degrees = |cell: &str| cell.replace(',', ".").parse::<f64>();
    match (degrees(lat), degrees(lon)) {
        (Ok(lat), Ok(lon)) if lat.abs() <= 90.0 && lon.abs() <= 180.0 => Ok(Some((lat, lon))),
        _ => Err(format!("the coordinates are `{lat}`, `{lon}`; expected degrees north and east, WGS 84")),
    }
}

/// People, who are whole.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float becomes the nearest number that there is"
)]
const fn whole(people: f64) -> u64 {
    people as u64
}

#[cfg(test)]
mod tests {
    use super::super::layout::Columns;
    use super::*;

    const COUNTRIES: &str = knowledge::COUNTRIES;

    fn read(tables: &[&str], features: Features) -> Vec<Row> {
        let countries = Countries::from_table(COUNTRIES).unwrap();
        let mut survey = Survey::default();
        let layouts: Vec<Layout> = tables
            .iter()
            .map(|table| Layout::tell(table.as_bytes(), "t", None, &Columns::default()).unwrap())
            .collect();
        let records = |table: &str, layout: &Layout| {
            layout
                .rows()
                .has_headers(layout.header)
                .from_reader(table.as_bytes().to_vec().as_slice())
                .byte_records()
                .map(Result::unwrap)
                .collect::<Vec<_>>()
        };
        for (table, layout) in tables.iter().zip(&layouts) {
            records(table, layout).iter().for_each(|record| survey.see(layout, record));
        }
        survey.done();
        let reader = Reader { survey: &survey, countries: &countries, features, only: &[] };
        tables
            .iter()
            .zip(&layouts)
            .flat_map(|(table, layout)| {
                records(table, layout).iter().map(|record| reader.read(layout, record)).collect::<Vec<_>>()
            })
            .collect()
    }

    fn geonames(id: u32, name: &str, feature: &str, admin: (&str, &str)) -> String {
        let class = if feature.starts_with("ADM") || feature.starts_with("PCL") { "A" } else { "P" };
        format!(
            "{id}\t{name}\t{name}\tT1,T2\t36.5\t38.1\t{class}\t{feature}\tSY\t\t{}\t{}\t\t\t500\t\t\t\t2024-01-01\n",
            admin.0, admin.1
        )
    }

    fn places(rows: &[Row]) -> Vec<(&str, &str, &str)> {
        rows.iter()
            .filter_map(|row| match row {
                Row::Places(places) => Some(places),
                _ => None,
            })
            .flatten()
            .map(|place| (place.name.as_str(), place.admin1.as_str(), place.admin2.as_str()))
            .collect()
    }

    #[test]
    fn places_of_geonames_lie_in_divisions_by_code_or_by_hierarchy() {
        let table = [
            geonames(1, "Far Governorate", "ADM1", ("04", "")),
            geonames(2, "Near District", "ADM2", ("04", "77")),
            geonames(3, "Tall", "PPL", ("04", "77")),
            geonames(4, "Tell", "PPL", ("04", "")),
            geonames(5, "Syria", "PCLI", ("00", "")),
            geonames(6, "Old Far", "ADM1H", ("04", "")),
        ]
        .concat();
        let rows = read(&[&table, "2\t4\tADM\n1\t2\tADM\n"], Features::News);
        assert_eq!(
            places(&rows),
            [("Far", "Far", ""), ("Near", "Far", "Near"), ("Tall", "Far", "Near"), ("Tell", "Far", "Near")]
        );
        let all = read(&[&table], Features::All);
        assert_eq!(places(&all).len(), 5, "history is asked for, countries come with the program");
    }

    #[test]
    fn other_names_but_no_codes() {
        let rows = read(
            &[
                "1\t7\tar\tتل\t\t\t\t\t\t\n2\t7\tlink\thttps://x\t\t\t\t\t\t\n3\t7\tiata\tTLL\t\t\t\t\t\t\n4\tx\ten\tTall\t\t\t\t\t\t\n",
            ],
            Features::News,
        );
        assert_eq!(rows[0], Row::Alias { geonameid: 7, name: "تل".to_owned() });
        assert_eq!(rows[1..3], [Row::LeftOut, Row::LeftOut]);
        assert!(matches!(&rows[3], Row::Bad(problem) if problem.contains('x')));
    }

    #[test]
    fn who_s_on_first_gives_a_second_position_where_the_first_is_empty() {
        let head = "id,iso_country,wof_country,lbl_latitude,lbl_longitude,geom_latitude,geom_longitude,name,parent_id,placetype,superseded_by\n";
        let table = format!(
            "{head}1,IQ,IQ,33.0,42.0,33.1,42.1,Anbar,0,region,\n2,IQ,IQ,,,33.6,42.8,Hit,1,locality,\n3,IQ,IQ,33,43,33,43,Old Hit,1,locality,2\n"
        );
        let rows = read(&[&table], Features::News);
        assert_eq!(places(&rows), [("Anbar", "Anbar", ""), ("Hit", "Anbar", "")]);
        assert_eq!(rows[2], Row::LeftOut, "another record stands in its place");
    }

    #[test]
    fn pcodes_side_by_side_and_one_below_the_other() {
        let below = "Location,Admin Level,P-Code,Name,Parent P-Code\nSYR,1,SY08,Al-Hasakeh,SYR\nSYR,2,SY0802,Quamishli,SY08\nSYR,9,X,Y,Z\n";
        let rows = read(&[below], Features::News);
        assert_eq!(
            places(&rows),
            [("Al-Hasakeh", "Al-Hasakeh", ""), ("Quamishli", "Al-Hasakeh", "Quamishli")]
        );
        assert!(matches!(&rows[2], Row::Bad(problem) if problem.contains('9')));
        let beside = "ADM0_EN,ADM1_EN,ADM1_PCODE,ADM2_EN,ADM2_PCODE\nIraq,Diyala,IQ10,Khanaqin,IQ1005\n";
        assert_eq!(
            places(&read(&[beside], Features::News)),
            [("Diyala", "Diyala", ""), ("Khanaqin", "Diyala", "Khanaqin")]
        );
    }

    #[test]
    fn whos_on_first_with_and_without_a_header() {
        let compact = "77\tAin Tall\tعين تل|Ayn Tall\t36.2\t38.5\tlocality\tSY\tAleppo\tManbij\t0\nw8\tFar Air Base\t\t1\t2\tcampus\tIQ\tAnbar\t421194355\t0\n\
            w9\tIraq\t\t1\t2\tcountry\tIQ\t\t\t0\n";
        let rows = read(&[compact], Features::News);
        let Row::Places(first) = &rows[0] else { panic!("{rows:?}") };
        assert_eq!((first[0].geonameid, first[0].aliases.len(), first[0].admin2.as_str()), (77, 2, "Manbij"));
        let Row::Places(second) = &rows[1] else { panic!("{rows:?}") };
        assert_eq!((second[0].source_id.as_str(), second[0].feature.as_str()), ("wof:8", "AIRP"));
        assert_eq!(second[0].admin2, "", "a number is no name of a division");
        assert_eq!(rows[2], Row::LeftOut);
        let spr = "id,parent_id,name,placetype,country,latitude,longitude,is_deprecated\n1,0,Anbar,region,IQ,33,42,0\n\
            2,1,Hit,county,IQ,33.6,42.8,0\n3,2,Kubaysah,locality,IQ,33.5,42.6,0\n4,2,Gone,locality,IQ,33.5,42.6,1\n";
        assert_eq!(
            places(&read(&[spr], Features::News)),
            [("Anbar", "Anbar", ""), ("Hit", "Anbar", "Hit"), ("Kubaysah", "Anbar", "Hit")]
        );
    }

    #[test]
    fn faults_of_a_table_are_said() {
        let mut table = "name,lat,lon,country,feature\nTall,36.5,38,Syria,\nTell,96.5,38,SYR,PPL\nTill,1,2,Atlantis,PPL\n,1,2,SY,PPL\n\
            Toll,,,SY,PPL\nTull,1,2,SY,village\n\"Tyll,1,2,SY,PPL\n"
            .to_owned();
        table.push_str(&"Tzll,1,2,SY,PPL\n".repeat(80_000));
        let rows = read(&[&table], Features::News);
        assert_eq!(places(&rows), [("Tall", "", "")]);
        let said: Vec<&str> = rows
            .iter()
            .filter_map(|row| match row {
                Row::Bad(problem) => Some(problem.as_str()),
                _ => None,
            })
            .collect();
        assert!(
            said[0].contains("96.5")
                && said[1].contains("Atlantis")
                && said[2].contains("name")
                && said[3].contains("coordinates")
                && said[4].contains("`village`")
                && said[5].contains("quote")
        );
    }
}
