/*! A gazetteer of made-up places, as large as anybody's: what importing is measured on where the real one cannot be had.

The tables have the columns, the order and about the shape of GeoNames': countries one after the other, a division above
every few hundred places, most names borne by few places and some by hundreds, other names in other scripts. No place is real.
*/

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::bootstrap::Random;

const COUNTRIES: [&str; 24] = [
    "AF", "BF", "CD", "CF", "CM", "CO", "EG", "ET", "IQ", "LY", "ML", "MM", "MZ", "NE", "NG", "PH", "PK",
    "SD", "SO", "SS", "SY", "TD", "UA", "YE",
];

const SYLLABLES: [&str; 40] = [
    "ka", "ma", "ri", "sho", "bel", "tan", "qa", "gul", "zar", "kho", "da", "ne", "su", "ba", "yar", "mir",
    "do", "wa", "li", "han", "ter", "san", "mo", "pe", "chi", "la", "fa", "ghu", "ro", "ta", "bu", "kan",
    "ju", "ash", "wer", "ndi", "go", "sa", "tu", "ham",
];

const LETTERS: [&str; 40] = [
    "كا", "ما", "ري", "شو", "بل", "تان", "قا", "غل", "زار", "خو", "دا", "ني", "سو", "با", "يار", "مير", "دو",
    "وا", "لي", "هان", "تر", "سان", "مو", "بي", "جي", "لا", "فا", "غو", "رو", "تا", "بو", "كان", "جو", "اش",
    "ور", "ندي", "غو", "سا", "تو", "هام",
];

const BEFORE: [&str; 12] =
    ["", "", "", "", "", "Al ", "Tall ", "Kafr ", "Nahr ", "Santa ", "Qal`at ", "Wadi "];

/// Places under one second-order division.
const OF_A_DISTRICT: u64 = 400;
/// Second-order divisions under one first-order division.
const OF_A_PROVINCE: u64 = 12;

/// A name and the same in another script.
fn name(random: &mut Random) -> (String, String) {
    let before = BEFORE[random.below(BEFORE.len())];
    let (mut latin, mut arabic) = (String::new(), String::new());
    // Short names are borne by many places, long ones by few.
    for _ in 0..2 + random.below(3) {
        let at = random.below(SYLLABLES.len());
        latin.push_str(SYLLABLES[at]);
        arabic.push_str(LETTERS[at]);
    }
    let mut letters = latin.chars();
    let upper: String =
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect();
    (format!("{before}{upper}"), arabic)
}

/// Writes `allCountries.txt`, `alternateNamesV2.txt` and `hierarchy.txt`; where they lie comes back.
///
/// # Errors
/// Where they cannot be written.
pub fn write(folder: &Path, rows: u64, seed: u64) -> Result<Vec<PathBuf>> {
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let paths: Vec<PathBuf> = ["allCountries.txt", "alternateNamesV2.txt", "hierarchy.txt"]
        .iter()
        .map(|name| folder.join(name))
        .collect();
    let open = |path: &PathBuf| -> Result<BufWriter<File>> {
        Ok(BufWriter::with_capacity(1 << 20, File::create(path).with_context(|| path.display().to_string())?))
    };
    let (mut places, mut names, mut hierarchy) = (open(&paths[0])?, open(&paths[1])?, open(&paths[2])?);
    let mut random = Random::new(seed);
    let of_a_country = rows.div_ceil(COUNTRIES.len() as u64).max(1);
    let mut other = 0_u64;
    let (mut province, mut district) = (0_u64, 0_u64);
    for row in 0..rows {
        let id = row + 1;
        let country = COUNTRIES[usize::try_from(row / of_a_country).unwrap_or(0) % COUNTRIES.len()];
        let within = row % of_a_country;
        let place = within % OF_A_DISTRICT;
        let district_number = within / OF_A_DISTRICT;
        let (admin1, admin2) = (district_number / OF_A_PROVINCE + 1, district_number % OF_A_PROVINCE + 1);
        let (class, code, admin2) = match place {
            0 if district_number.is_multiple_of(OF_A_PROVINCE) => ("A", "ADM1", String::new()),
            0 | 1 if place == 1 || !district_number.is_multiple_of(OF_A_PROVINCE) => {
                ("A", "ADM2", format!("{admin1}{admin2:02}"))
            }
            _ => ("P", "PPL", format!("{admin1}{admin2:02}")),
        };
        match code {
            "ADM1" => province = id,
            "ADM2" => {
                writeln!(hierarchy, "{province}\t{id}\tADM")?;
                district = id;
            }
            _ if random.below(20) == 0 => writeln!(hierarchy, "{district}\t{id}\t")?,
            _ => {}
        }
        let (name, arabic) = name(&mut random);
        let lat = random.below(1_200_000) as f64 / 1e4 - 50.0;
        let lon = random.below(3_400_000) as f64 / 1e4 - 170.0;
        let people = if random.below(25) == 0 { random.below(200_000) } else { 0 };
        let several = random.below(3) == 0;
        let aliases = if several { format!("{name} Old,{arabic}") } else { String::new() };
        writeln!(
            places,
            "{id}\t{name}\t{name}\t{aliases}\t{lat:.4}\t{lon:.4}\t{class}\t{code}\t{country}\t\t{admin1:02}\t{admin2}\t\t\t{people}\t\t12\t\
             Asia/Nowhere\t2024-01-01"
        )?;
        let more = if several {
            [("ar", arabic.as_str()), ("link", "https://example.org/")]
        } else {
            [("", ""), ("ar", arabic.as_str())]
        };
        for (language, name) in more.iter().filter(|(language, _)| !language.is_empty()) {
            other += 1;
            writeln!(names, "{other}\t{id}\t{language}\t{name}\t\t\t\t\t\t")?;
        }
    }
    for out in [&mut places, &mut names, &mut hierarchy] {
        out.flush()?;
    }
    Ok(paths)
}
