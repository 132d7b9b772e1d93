//! `watchpost export`: incidents in the shapes that other programs read, all of them, from one moment of the store.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail};
use exchange::{
    About, ActorCsv, Context, Csv, Dossier, FLAT, GED, GeoJson, Hapi, Inter, JsonLines, Ngec, POLECAT,
    Parquet, Row, Sink, Style, Told, Xlsx,
};
use jiff::Timestamp;
use record::Incident;
use store::find::{Filter, Page, Total};
use store::{Error, Store};

use super::project::Project;
use crate::cli::exchange::{ExportArgs, ExportFormat, InterChoice, ShapeChoice};
use crate::code::Outcome;
use crate::output::unwritable;
use crate::{say, setup};

/// Incidents that are asked for at a time.
const PIECE: usize = 500;

/// Runs the command.
pub(crate) fn run(args: &ExportArgs) -> anyhow::Result<Outcome> {
    let mut store = Project::find(&args.project)?.store()?;
    let (countries, crosswalk) = (setup::countries()?, setup::crosswalk()?);
    let inter = match args.inter {
        Some(InterChoice::Numeric) => Inter::Numeric,
        _ => Inter::Text,
    };
    let context = Context { countries: &countries, crosswalk: &crosswalk, inter };
    let binary = matches!(args.to, ExportFormat::Xlsx | ExportFormat::Parquet);
    if binary && args.out.is_none() && io::stdout().is_terminal() {
        bail!("a terminal shows nothing of such a file\nhint: name one with --out FILE");
    }
    let filter = args.filter.filter();
    let mut target = Target::new(args.out.as_deref())?;
    let about = About {
        filter: words(args),
        made: Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        store: store.name(),
        decision: store.head()?.seq,
    };
    let mut sink = Some(begin(args, about, target.writer()?).map_err(unwritable)?);
    let mut sum = Sum::default();
    // What went wrong beside the store, which only knows its own errors.
    let mut broken: Option<anyhow::Error> = None;
    let looked = store.at_one_moment(&mut |store| {
        sum = Sum::default();
        sum.all = match store.count(&filter, u64::MAX)? {
            Total::Exactly(all) | Total::MoreThan(all) => all,
        };
        if let Some(sink) = &mut sink
            && let Err(error) = each(store, &filter, &context, sink.as_mut(), &mut sum)
        {
            broken = Some(error);
        }
        Ok(())
    });
    let failed = looked.err().map(anyhow::Error::from).or(broken);
    let Some(sink) = sink else { bail!("nothing was written") };
    if let Some(error) = failed {
        let why = format!("{} of {} incidents; {error:#}", sum.written + sum.left_out, sum.all);
        // Whoever reads the output must not take it for the whole; where even that cannot be written, the exit status says it.
        let _ = sink.cut(&why);
        target.forget();
        return Err(error.context(format!(
            "the export was cut off after {} of {} incidents",
            sum.written + sum.left_out,
            sum.all
        )));
    }
    let rows = sink.finish().map_err(unwritable)?;
    target.keep()?;
    let to = args.out.as_ref().map_or_else(String::new, |path| format!(" to {}", path.display()));
    let incidents = many(sum.written, "incident");
    match rows {
        Some(rows) => say::line(&format!("wrote {incidents} as {}{to}", many(rows, "row"))),
        None => say::line(&format!("wrote {incidents}{to}")),
    }
    if sum.left_out > 0 {
        say::note(
            &format!(
                "{} of the {} that were asked for do not belong in this shape: they {}",
                number(sum.left_out),
                number(sum.all),
                leaves_out(args)
            ),
            Some("--to jsonl has all of them"),
        );
    }
    Ok(Outcome::Fine)
}

/// What came of an export.
#[derive(Debug, Default)]
struct Sum {
    all: u64,
    written: u64,
    left_out: u64,
}

/// Every incident that is asked for, page by page.
fn each(
    store: &mut dyn Store,
    filter: &Filter,
    context: &Context<'_>,
    sink: &mut dyn Sink,
    sum: &mut Sum,
) -> anyhow::Result<()> {
    let mut page = Page { limit: PIECE, ..Page::default() };
    let mut moments = Moments::default();
    loop {
        let found = store.find(filter, &page)?;
        for incident in found.rows {
            let dossier = dossier(store, incident, &mut moments)?;
            if sink.row(&Row::of_incident(&dossier, context)).map_err(unwritable)? {
                sum.written += 1;
            } else {
                sum.left_out += 1;
            }
        }
        match found.next {
            Some(next) => page.after = Some(next),
            None => return Ok(()),
        }
    }
}

/// When decisions were taken, as far as it was asked.
#[derive(Debug, Default)]
pub(super) struct Moments(BTreeMap<u64, Option<Timestamp>>);

/// An incident with what its reports say.
pub(super) fn dossier(
    store: &mut dyn Store,
    incident: Incident,
    moments: &mut Moments,
) -> Result<Dossier, Error> {
    let name = store.name();
    let mut documents: BTreeMap<String, (record::CodedDocument, bool)> = BTreeMap::new();
    let mut told = Vec::with_capacity(incident.events.len());
    for key in &incident.events {
        if !documents.contains_key(&key.report)
            && let Some(kept) = store.report(&key.report)?
        {
            documents.insert(key.report.clone(), (kept.document(&name)?, kept.copy_of.is_some()));
        }
        let Some((document, copy)) = documents.get(&key.report) else { continue };
        if let Some(event) = document.events.iter().find(|event| event.id == key.event) {
            told.push(Told {
                report: key.report.clone(),
                document: document.document.clone(),
                event: event.clone(),
                copy: *copy,
            });
        }
    }
    let seq = incident.updated;
    let changed = match moments.0.get(&seq) {
        Some(known) => *known,
        None => {
            let at = store.decisions(seq.saturating_sub(1), 1)?.first().map(|decision| decision.at);
            // Many incidents of one batch are touched by neighbouring decisions; all of a large store need not be remembered.
            if moments.0.len() > 100_000 {
                moments.0.clear();
            }
            moments.0.insert(seq, at);
            at
        }
    };
    Ok(Dossier { incident, changed, told })
}

fn begin<'a>(
    args: &ExportArgs,
    about: About,
    out: Box<dyn Write + Send + 'a>,
) -> io::Result<Box<dyn Sink + 'a>> {
    let style = Style { tabs: false, bom: args.bom, hxl: args.hxl };
    Ok(match (args.to, args.shape) {
        (ExportFormat::Acled, Some(ShapeChoice::Actor)) => Box::new(ActorCsv::new(style, out)?),
        (ExportFormat::Acled, _) => Box::new(Csv::new(&exchange::ACLED, style, out)?),
        (ExportFormat::Ged, _) => Box::new(Csv::new(&GED, style, out)?),
        (ExportFormat::Csv, _) => Box::new(Csv::new(&FLAT, style, out)?),
        (ExportFormat::Hapi, _) => Box::new(Hapi::new(args.hxl, out)),
        (ExportFormat::Plover, Some(ShapeChoice::Polecat)) => {
            Box::new(Csv::new(&POLECAT, Style { tabs: true, ..style }, out)?)
        }
        (ExportFormat::Plover, _) => Box::new(Ngec::new(out)),
        (ExportFormat::Geojson, _) => Box::new(GeoJson::new(out)?),
        (ExportFormat::Parquet, _) => Box::new(Parquet::new(out)?),
        (ExportFormat::Xlsx, _) => Box::new(Xlsx::new(about, out)?),
        (ExportFormat::Jsonl, _) => Box::new(JsonLines::new(out)),
    })
}

fn leaves_out(args: &ExportArgs) -> &'static str {
    match args.to {
        ExportFormat::Acled => exchange::ACLED.leaves_out,
        ExportFormat::Ged => GED.leaves_out,
        ExportFormat::Plover => POLECAT.leaves_out,
        ExportFormat::Hapi => exchange::hapi::LEAVES_OUT,
        ExportFormat::Geojson
        | ExportFormat::Parquet
        | ExportFormat::Csv
        | ExportFormat::Xlsx
        | ExportFormat::Jsonl => FLAT.leaves_out,
    }
}

/// The filter as it was given, for whoever opens the file later.
fn words(args: &ExportArgs) -> String {
    let filter = &args.filter;
    let mut words = Vec::new();
    let mut say = |flag: &str, value: String| {
        if !value.is_empty() {
            words.push(format!("--{flag} {value}"));
        }
    };
    let listed = |all: Vec<String>| all.join(",");
    say("from", filter.from.map(|day| day.to_string()).unwrap_or_default());
    say("until", filter.until.map(|day| day.to_string()).unwrap_or_default());
    say(
        "area",
        filter.area.map(|a| format!("{},{},{},{}", a.south, a.west, a.north, a.east)).unwrap_or_default(),
    );
    say("country", filter.country.join(","));
    say("admin1", filter.admin1.clone().unwrap_or_default());
    say("type", listed(filter.event_type.iter().map(ToString::to_string).collect()));
    say("sub-type", listed(filter.sub_type.iter().map(ToString::to_string).collect()));
    say("actor", filter.actor.clone().unwrap_or_default());
    say("publisher", filter.publisher.clone().unwrap_or_default());
    say("status", listed(filter.status.iter().map(|status| format!("{status:?}").to_lowercase()).collect()));
    say("min-deaths", filter.min_deaths.map(|n| n.to_string()).unwrap_or_default());
    say("min-confidence", filter.min_confidence.map(|n| n.to_string()).unwrap_or_default());
    say("text", filter.text.as_ref().map(store::words::Query::fts5).unwrap_or_default());
    if words.is_empty() { "all incidents".to_owned() } else { words.join(" ") }
}

/// "2,455 incidents".
pub(super) fn many(count: u64, of: &str) -> String {
    format!("{} {of}{}", number(count), if count == 1 { "" } else { "s" })
}

fn number(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Standard output, or a file that appears only when it is whole.
enum Target {
    Out,
    File { part: PathBuf, whole: PathBuf },
}

impl Target {
    fn new(path: Option<&Path>) -> anyhow::Result<Self> {
        let Some(path) = path else { return Ok(Self::Out) };
        if path.is_dir() {
            bail!("{} is a folder\nhint: name a file in it", path.display());
        }
        let mut part = path.as_os_str().to_owned();
        part.push(".part");
        Ok(Self::File { part: part.into(), whole: path.to_owned() })
    }

    fn writer(&mut self) -> anyhow::Result<Box<dyn Write + Send>> {
        Ok(match self {
            Self::Out => Box::new(BufWriter::with_capacity(1 << 16, io::stdout())),
            Self::File { part, whole } => {
                let file = File::create(&*part).with_context(|| {
                    format!(
                        "{} cannot be written\nhint: check the folder and who may write to it",
                        whole.display()
                    )
                })?;
                Box::new(BufWriter::with_capacity(1 << 16, file))
            }
        })
    }

    /// The file is whole.
    fn keep(self) -> anyhow::Result<()> {
        if let Self::File { part, whole } = self {
            std::fs::rename(&part, &whole).map_err(|error| {
                anyhow!(
                    "{} cannot be written: {error}; what was written is in {}",
                    whole.display(),
                    part.display()
                )
            })?;
        }
        Ok(())
    }

    /// Half a file is none.
    fn forget(self) {
        if let Self::File { part, .. } = self {
            let _ = std::fs::remove_file(part);
        }
    }
}
