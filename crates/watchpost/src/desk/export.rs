//! `watchpost export`: incidents in the shapes that other programs read, all of them, from one moment of the store.

use std::io::{self, IsTerminal as _};

use ::desk::exporting::{Broken, Format, Sum, without_private, write};
use anyhow::bail;
use exchange::{About, Context, Dossier, Inter, Style};
use jiff::Timestamp;

use super::project::Project;
use crate::cli::exchange::{ExportArgs, ExportFormat, InterChoice, ShapeChoice};
use crate::code::Outcome;
use crate::output::{Target, unwritable};
use crate::{say, setup};

/// Runs the command.
pub(crate) fn run(args: &ExportArgs) -> anyhow::Result<Outcome> {
    let project = Project::find(&args.project)?;
    let mut store = project.store()?;
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
    let style = Style { tabs: false, bom: args.bom, hxl: args.hxl };
    let mut sink = format(args).begin(style, about, target.writer()?).map_err(unwritable)?;
    let mut sum = Sum::default();
    let keep_names = project.privacy().keep_names;
    let mut prepare = |dossier: &mut Dossier| {
        if !keep_names {
            without_private(dossier);
        }
    };
    let failed = write(store.as_mut(), &filter, &context, &mut prepare, sink.as_mut(), &mut sum).err();
    let failed = failed.map(|broken| match broken {
        Broken::Store(error) => anyhow::Error::from(error),
        Broken::Output(error) => unwritable(error),
    });
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
                format(args).leaves_out()
            ),
            Some("--to jsonl has all of them"),
        );
    }
    Ok(Outcome::Fine)
}

/// The shape that the flags mean.
fn format(args: &ExportArgs) -> Format {
    match (args.to, args.shape) {
        (ExportFormat::Acled, Some(ShapeChoice::Actor)) => Format::AcledActors,
        (ExportFormat::Acled, _) => Format::Acled,
        (ExportFormat::Ged, _) => Format::Ged,
        (ExportFormat::Csv, _) => Format::Csv,
        (ExportFormat::Hapi, _) => Format::Hapi,
        (ExportFormat::Plover, Some(ShapeChoice::Polecat)) => Format::Polecat,
        (ExportFormat::Plover, _) => Format::Plover,
        (ExportFormat::Geojson, _) => Format::Geojson,
        (ExportFormat::Parquet, _) => Format::Parquet,
        (ExportFormat::Xlsx, _) => Format::Xlsx,
        (ExportFormat::Jsonl, _) => Format::Jsonl,
    }
}

/// The filter as it was given, for whoever opens the file later.
fn words(args: &ExportArgs) -> String {
    let (filter, traits) = (&args.filter, &args.filter.traits);
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
        traits.area.map(|a| format!("{},{},{},{}", a.south, a.west, a.north, a.east)).unwrap_or_default(),
    );
    say("country", traits.country.join(","));
    say("admin1", traits.admin1.clone().unwrap_or_default());
    say("type", listed(traits.event_type.iter().map(ToString::to_string).collect()));
    say("sub-type", listed(traits.sub_type.iter().map(ToString::to_string).collect()));
    say("actor", traits.actor.clone().unwrap_or_default());
    say("publisher", traits.publisher.clone().unwrap_or_default());
    say("status", listed(traits.status.iter().map(|status| format!("{status:?}").to_lowercase()).collect()));
    say("min-deaths", traits.min_deaths.map(|n| n.to_string()).unwrap_or_default());
    say("min-confidence", traits.min_confidence.map(|n| n.to_string()).unwrap_or_default());
    say("text", traits.text.as_ref().map(store::words::Query::fts5).unwrap_or_default());
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
