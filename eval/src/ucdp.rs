/*! UCDP's actor ids against the registry's.

The releases of GED that carry ids (`side_a_new_id`) say which id has which name. Printed is one row for every id: UCDP's
name, the years and the country of its events, the actor of the registry that has the id, the actors that UCDP's name
means there and then, and what to make of both. Governments, civilians and several groups at once are left out.

- `agrees`: the name means the actor that has the id.
- `by hand`: an actor has the id under a name that the registry does not know, or that means another first.
- `to fill in`: the name means one actor, and none has the id.
- `unknown`: no actor has the id, and the name means nobody.
*/

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Read as _;

use anyhow::{Context as _, Result};
use text::Text;
use who::{Context, Registry};

use crate::{Options, Reader};

/// The releases that carry ids.
const RELEASES: &[&str] =
    &["series/ged/ged_syria_v652_events.csv", "series/ged/ged_candidate_23_0_10_events.csv"];

#[derive(Default)]
struct Side {
    name: String,
    events: usize,
    years: Option<(i16, i16)>,
    countries: BTreeMap<String, usize>,
}

/// The comparison as a table, and its sum in words.
///
/// # Errors
/// Where no release is there, or one cannot be read.
pub fn compare(options: &Options, reader: &Reader) -> Result<(String, String)> {
    let registry = &reader.coder.knowledge().who;
    let mut sides: BTreeMap<u32, Side> = BTreeMap::new();
    for release in RELEASES {
        read(options, release, &mut sides)?;
    }
    let mut out = String::from("ucdp\tucdp_name\tevents\tfirst\tlast\tcountry\tactor\tnamed\tverdict\n");
    let mut verdicts: BTreeMap<&str, usize> = BTreeMap::new();
    for (id, side) in &sides {
        let holder = registry.actors().find(|actor| actor.ucdp == Some(*id)).map(|actor| actor.id.as_str());
        let country = side.countries.iter().max_by_key(|(_, events)| **events).map(|(name, _)| name.as_str());
        let (first, last) = side.years.unwrap_or_default();
        let named = meant(registry, side, country, last);
        let verdict = match (holder, named.as_slice()) {
            (Some(holder), [only]) if holder == only => "agrees",
            (Some(_), _) => "by hand",
            (None, [_]) => "to fill in",
            (None, _) => "unknown",
        };
        *verdicts.entry(verdict).or_default() += 1;
        writeln!(
            out,
            "{id}\t{}\t{}\t{first}\t{last}\t{}\t{}\t{}\t{verdict}",
            side.name,
            side.events,
            country.unwrap_or_default(),
            holder.unwrap_or_default(),
            named.join("|"),
        )?;
    }
    let summary =
        verdicts.iter().map(|(verdict, ids)| format!("{ids} {verdict}")).collect::<Vec<_>>().join(", ");
    Ok((out, format!("{} ids: {summary}", sides.len())))
}

/// The actors that UCDP's name means in that country and year.
fn meant(registry: &Registry, side: &Side, country: Option<&str>, year: i16) -> Vec<String> {
    let text = Text::new(&side.name);
    let bare = country.and_then(|country| country.split('(').next()).unwrap_or_default().trim();
    let context = Context {
        country: registry.countries().named(bare).map(|country| country.iso3.clone()),
        date: jiff::civil::Date::new(year, 7, 1).ok(),
        ..Context::default()
    };
    let named = registry.find_in(&text, 0..text.tokens.len(), &context);
    named.iter().map(|named| registry.actor(registry.resolve(named, &context)).id.clone()).collect()
}

fn read(options: &Options, release: &str, sides: &mut BTreeMap<u32, Side>) -> Result<()> {
    let mut text = String::new();
    options.open(release)?.read_to_string(&mut text).with_context(|| release.to_owned())?;
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    let header = rows.headers()?.clone();
    let column = |name: &str| {
        header
            .iter()
            .position(|known| known == name)
            .with_context(|| format!("{release}: no column `{name}`"))
    };
    let (country, date) = (column("country")?, column("date_start")?);
    let columns =
        [(column("side_a_new_id")?, column("side_a")?), (column("side_b_new_id")?, column("side_b")?)];
    for row in rows.records() {
        let row = row.with_context(|| release.to_owned())?;
        let cell = |at: usize| row.get(at).unwrap_or_default();
        for (id, name) in columns {
            let name = cell(name);
            let several = name.contains(", ") || name.starts_with("Government of") || name == "Civilians";
            // "XXX140" is a state, by the number that UCDP gives it.
            let number =
                name.strip_prefix("XXX").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
            let (Ok(id), false) = (cell(id).parse(), several || number) else { continue };
            let side: &mut Side = sides.entry(id).or_default();
            name.clone_into(&mut side.name);
            side.events += 1;
            *side.countries.entry(cell(country).to_owned()).or_default() += 1;
            if let Some(year) = cell(date).get(..4).and_then(|year| year.parse().ok()) {
                let (first, last) = side.years.unwrap_or((year, year));
                side.years = Some((first.min(year), last.max(year)));
            }
        }
    }
    Ok(())
}
