//! `watchpost gazetteer`: packs of the operator's own, and what all packs know of a name.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use anstyle::{AnsiColor, Style};
use anyhow::Context as _;
use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value, json};
use watchpost_pack::import::{self, Features, Kind, Options, Progress, Stage, Watch};
use whereabouts::{Gazetteer, Ranked, Tier};

use crate::cli::{Choice, FeatureChoice, GazetteerCommand, ImportArgs, PacksArgs, PlaceArgs, TableOrJson};
use crate::code::Outcome;
use crate::table::plain;
use crate::{packs, say, setup};

const DIM: Style = Style::new().dimmed();
const NAME: Style = AnsiColor::Cyan.on_default();

/// Runs the command.
pub(crate) fn run(command: &GazetteerCommand, packs: Option<&Path>) -> anyhow::Result<Outcome> {
    match command {
        GazetteerCommand::Import(args) => import(args, packs),
        GazetteerCommand::Find(args) => find(args, packs),
        GazetteerCommand::Packs(args) => list(args, packs),
    }
}

fn for_people(to: Option<TableOrJson>) -> bool {
    match to {
        Some(to) => to == TableOrJson::Table,
        None => io::stdout().is_terminal(),
    }
}

/// Where a pack goes that nobody gave a folder for: to those that are in use, so that all are asked together.
fn folder(args: &ImportArgs, named: Option<&Path>) -> anyhow::Result<PathBuf> {
    if let Some(folder) = args.into.as_deref().or(named) {
        return Ok(folder.to_path_buf());
    }
    let in_use = packs::find(None).ok().and_then(|found| Some(found.first()?.path.parent()?.to_path_buf()));
    in_use
        .or_else(|| packs::folders(None).pop())
        .context("no folder for the pack is known")
        .map_err(|error| error.context("hint: name one with --into DIR"))
}

/// What a file is called that holds a pack of this name.
fn file_name(name: &str) -> anyhow::Result<String> {
    let kept: String =
        name.chars().map(|c| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '-' }).collect();
    let kept = kept.trim_matches(['-', '.']).to_owned();
    if kept.is_empty() {
        anyhow::bail!("`{}` is no name for a pack; expected letters or digits", plain(name));
    }
    Ok(format!("{kept}.{}", packs::ENDING))
}

/// Draws the bar and says what is said.
struct Teller {
    bar: ProgressBar,
    stage: Option<Stage>,
}

impl Watch for Teller {
    fn progress(&mut self, progress: Progress) {
        if self.stage != Some(progress.stage) {
            self.stage = Some(progress.stage);
            self.bar.set_prefix(match progress.stage {
                Stage::Survey => "divisions",
                Stage::Read => "places   ",
                Stage::Merge => "names    ",
                Stage::Write => "pack     ",
            });
            self.bar.reset();
        }
        self.bar.set_length(progress.total);
        self.bar.set_position(progress.done.min(progress.total));
        self.bar.set_message(HumanCount(u64::from(progress.places)).to_string());
    }

    fn note(&mut self, note: &str) {
        self.bar.suspend(|| say::note(note, None));
    }

    fn fault(&mut self, fault: &str) {
        self.bar.suspend(|| say::note(fault, None));
    }
}

fn import(args: &ImportArgs, named: Option<&Path>) -> anyhow::Result<Outcome> {
    let countries = setup::countries()?;
    let first = args.files.first().context("no table is named")?;
    let stem = || {
        let name = first.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name.split('.').next().unwrap_or_default().to_owned()
    };
    let out = folder(args, named)?.join(file_name(&args.name.clone().unwrap_or_else(stem))?);
    if out.file_stem().is_some_and(|stem| stem == "gazetteer") {
        anyhow::bail!(
            "`gazetteer` is the name of the pack that the set-up makes; give yours another with --name NAME"
        );
    }
    let said = [("title", &args.title), ("licence", &args.licence), ("attribution", &args.attribution)];
    let options = Options {
        files: args.files.clone(),
        kind: args
            .kind
            .as_deref()
            .and_then(|asked| Kind::NAMES.iter().find(|(name, _)| *name == asked).map(|(_, kind)| *kind)),
        columns: args.columns.clone().unwrap_or_default(),
        features: match args.features {
            FeatureChoice::News => Features::News,
            FeatureChoice::All => Features::All,
        },
        only: args
            .country
            .iter()
            .filter_map(|iso3| countries.by_iso3(iso3).map(|country| country.iso2.clone()))
            .collect(),
        meta: said
            .iter()
            .filter_map(|(key, value)| Some(((*key).to_owned(), value.as_ref()?.clone())))
            .collect(),
        out: out.clone(),
        buffer: usize::from(args.memory) << 20,
        restart: args.restart,
    };
    let shown = match args.progress {
        Choice::Always => true,
        Choice::Never => false,
        Choice::Auto => io::stderr().is_terminal(),
    };
    let bar = if shown {
        let style = ProgressStyle::with_template(
            "{prefix} {bar:28} {bytes} of {total_bytes}, {msg} places, {eta} left",
        );
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        style.map_or_else(|_| bar.clone(), |style| bar.clone().with_style(style))
    } else {
        ProgressBar::hidden()
    };
    let mut teller = Teller { bar, stage: None };
    let imported = import::import(&options, &countries, &mut teller);
    teller.bar.finish_and_clear();
    let imported = imported.map_err(|error| match options.files.len() {
        // A table that is told wrongly is the commonest reason.
        _ if error.to_string().contains("another import") => error,
        _ => error.context("hint: see watchpost gazetteer import --help for the tables that are taken"),
    })?;
    let mut text = format!(
        "{}: {} places, {}",
        out.display(),
        HumanCount(u64::from(imported.places)),
        HumanBytes(imported.bytes)
    );
    let counts = [
        (imported.aliases, "more names"),
        (imported.left_out, "rows left out that were not asked for"),
        (imported.faults, "rows with faults left out"),
    ];
    for (count, what) in counts.iter().filter(|(count, _)| *count > 0) {
        text.push_str(&format!("; {} {what}", HumanCount(*count)));
    }
    say::note(&text, None);
    Ok(if imported.faults == 0 { Outcome::Fine } else { Outcome::SomeUnread })
}

/// The gazetteer, and the file of each of its packs; those without a file come with the program.
fn gazetteer(named: Option<&Path>) -> anyhow::Result<(Gazetteer, Vec<String>)> {
    let found = setup::packs(named)?;
    let files = found.iter().map(|pack| pack.path.display().to_string()).collect();
    let bytes = found.into_iter().map(|pack| pack.bytes).collect();
    let local = [knowledge::LOCAL_PLACES, knowledge::FOUGHT_OVER];
    let gazetteer = Gazetteer::new(bytes, knowledge::PLACES, &local, &setup::countries()?)
        .context("the gazetteer cannot be loaded")?;
    Ok((gazetteer, files))
}

/// Degrees, or the likeliest place of a name.
fn near(gazetteer: &Gazetteer, said: &str, country: Option<&str>) -> anyhow::Result<(f64, f64)> {
    let degrees = said
        .split_once(',')
        .and_then(|(lat, lon)| Some((lat.trim().parse::<f64>().ok()?, lon.trim().parse::<f64>().ok()?)));
    match degrees {
        Some((lat, lon)) if lat.abs() <= 90.0 && lon.abs() <= 180.0 => Ok((lat, lon)),
        Some(_) => {
            anyhow::bail!("--near {said}: expected degrees north up to 90 and east up to 180, as 36.5,40.7")
        }
        None => {
            let place =
                gazetteer.rank(said, country, None).into_iter().find_map(|ranked| ranked.candidate.position);
            place.with_context(|| {
                format!(
                    "--near {}: no place of that name has a position; expected one, or degrees as 36.5,40.7",
                    plain(said)
                )
            })
        }
    }
}

fn find(args: &PlaceArgs, named: Option<&Path>) -> anyhow::Result<Outcome> {
    let (gazetteer, files) = gazetteer(named)?;
    let country = args.country.as_deref();
    let near = args.near.as_deref().map(|said| self::near(&gazetteer, said, country)).transpose()?;
    let all = gazetteer.rank(&args.name, country, near);
    let shown = &all[..all.len().min(args.limit)];
    let pack = |ranked: &Ranked| files.get(ranked.candidate.id.pack()).map_or("watchpost", String::as_str);
    let codes = |ranked: &Ranked| {
        let candidate = &ranked.candidate;
        gazetteer.pcodes(
            candidate.country.as_deref(),
            candidate.admin1.as_deref(),
            candidate.admin2.as_deref(),
        )
    };
    let mut out = anstream::stdout().lock();
    if for_people(args.to) {
        if all.is_empty() {
            writeln!(out, "no place is known by the name {}", plain(&args.name))?;
        }
        for ranked in shown {
            write_ranked(&mut out, ranked, pack(ranked), codes(ranked))?;
        }
        if all.len() > shown.len() {
            writeln!(out, "{DIM}and {} more; see --limit{DIM:#}", all.len() - shown.len())?;
        }
    } else {
        let list: Vec<Value> =
            shown.iter().map(|ranked| as_json(ranked, pack(ranked), codes(ranked))).collect();
        writeln!(out, "{}", serde_json::to_string_pretty(&list)?)?;
    }
    Ok(if all.is_empty() { Outcome::SomeUnread } else { Outcome::Fine })
}

/// How a name was found, in words.
const fn how(tier: Tier) -> &'static str {
    match tier {
        Tier::Exact => "the same letters",
        Tier::Core => "but for articles and words of kind",
        Tier::Skeleton => "sounds alike",
    }
}

/// A record on two lines.
fn write_ranked(
    out: &mut impl io::Write,
    ranked: &Ranked,
    pack: &str,
    (first, second): (Option<String>, Option<String>),
) -> io::Result<()> {
    let candidate = &ranked.candidate;
    let with = |name: &Option<String>, code: &Option<String>| {
        let name = name.as_deref()?;
        Some(code.as_ref().map_or_else(|| plain(name), |code| format!("{} ({})", plain(name), plain(code))))
    };
    let inside: Vec<String> = [
        with(&candidate.admin2, &second)
            .filter(|_| candidate.admin2.as_deref() != Some(&candidate.name) || second.is_some()),
        with(&candidate.admin1, &first)
            .filter(|_| candidate.admin1.as_deref() != Some(&candidate.name) || first.is_some()),
        candidate.country.clone(),
    ]
    .into_iter()
    .flatten()
    .collect();
    writeln!(
        out,
        "{:>5.1}  {NAME}{}{NAME:#}  {}  {}",
        ranked.score,
        plain(&candidate.name),
        candidate.feature,
        inside.join(", ")
    )?;
    let mut parts = Vec::new();
    parts.push(match candidate.position {
        Some((lat, lon)) if candidate.approximate => format!("about {lat:.3}, {lon:.3}"),
        Some((lat, lon)) => format!("{lat:.4}, {lon:.4}"),
        None => "no position".to_owned(),
    });
    if let Some(km) = ranked.km {
        parts.push(format!("{km:.0} km away"));
    }
    if candidate.population > 0 {
        parts.push(format!("{} people", HumanCount(u64::from(candidate.population))));
    }
    if let Some(id) = candidate.geonameid {
        parts.push(format!("GeoNames {id}"));
    } else if let Some(id) = &candidate.source_id {
        parts.push(plain(id));
    }
    parts.push(how(candidate.tier).to_owned());
    parts.push(
        Path::new(pack)
            .file_name()
            .map_or_else(|| pack.to_owned(), |name| name.to_string_lossy().into_owned()),
    );
    writeln!(out, "       {DIM}{}{DIM:#}", parts.join(" · "))
}

fn as_json(ranked: &Ranked, pack: &str, (first, second): (Option<String>, Option<String>)) -> Value {
    let candidate = &ranked.candidate;
    let thousandth = |number: f64| (number * 1000.0).round() / 1000.0;
    json!({
        "name": candidate.name,
        "score": thousandth(ranked.score),
        "distance_km": ranked.km.map(thousandth),
        "geonameid": candidate.geonameid,
        "source_id": candidate.source_id,
        "feature_code": candidate.feature,
        "country": candidate.country,
        "admin1": candidate.admin1,
        "admin1_pcode": first,
        "admin2": candidate.admin2,
        "admin2_pcode": second,
        "latitude": candidate.position.map(|(lat, _)| lat),
        "longitude": candidate.position.map(|(_, lon)| lon),
        "approximate": candidate.approximate,
        "population": candidate.population,
        "matched": match candidate.tier {
            Tier::Exact => "exact",
            Tier::Core => "core",
            Tier::Skeleton => "sound",
        },
        "likeness": thousandth(candidate.likeness),
        "pack": pack,
    })
}

fn list(args: &PacksArgs, named: Option<&Path>) -> anyhow::Result<Outcome> {
    let mut all = Vec::new();
    for pack in setup::packs(named)? {
        let opened = whereabouts::Pack::open(pack.bytes.clone())
            .with_context(|| format!("{}: the pack cannot be used", pack.path.display()))?;
        all.push((pack.path.display().to_string(), (*pack.bytes).as_ref().len(), opened));
    }
    let mut out = anstream::stdout().lock();
    if for_people(args.to) {
        for (file, bytes, pack) in &all {
            writeln!(out, "{NAME}{}{NAME:#}", plain(file))?;
            writeln!(
                out,
                "  {} places, {} names, {}",
                HumanCount(u64::from(pack.rows())),
                HumanCount(pack.keys() as u64),
                HumanBytes(*bytes as u64)
            )?;
            for (key, value) in pack.meta().filter(|(key, _)| !matches!(*key, "rows" | "built-by" | "pcodes"))
            {
                writeln!(out, "  {DIM}{key}: {}{DIM:#}", plain(value))?;
            }
        }
    } else {
        let list: Vec<Value> = all
            .iter()
            .map(|(file, bytes, pack)| {
                let said = |key: &str| -> Vec<&str> {
                    pack.meta().filter(|(known, _)| *known == key).map(|(_, value)| value).collect()
                };
                json!({
                    "file": file, "bytes": bytes, "places": pack.rows(), "names": pack.keys(), "sha256": pack.hash(),
                    "title": said("title").first(), "sources": said("source"), "licences": said("licence"),
                    "attributions": said("attribution"), "pcodes": !said("pcodes").is_empty(),
                })
            })
            .collect();
        writeln!(out, "{}", serde_json::to_string_pretty(&list)?)?;
    }
    Ok(Outcome::Fine)
}
