/*! Tables that an operator brings, made into one pack.

Memory is bounded however long the tables are: records go into files as they are read, keys into sorted runs that are merged
at the end. What was done is written down at every run, and an import that was broken off, however hard, goes on from there;
the pack that comes out has the same bytes. It appears under its own name only when it is whole.
*/

mod input;
mod layout;
mod rows;
mod runs;
mod spool;

use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context, Result, bail};
use csv::ByteRecord;
use record::country::Countries;
use whereabouts::builder::NewPlace;

pub use input::Input;
pub use layout::{Columns, Kind};
pub use rows::Features;

use layout::Layout;
use rows::{Reader, Row, Survey};
use spool::{Place, Spool};

/// Most faults of tables that are said one by one.
const SAID: usize = 20;

/// What is to be imported, and how.
#[derive(Debug, Clone)]
pub struct Options {
    /// The tables.
    pub files: Vec<PathBuf>,
    /// What all of them are, where their first lines do not tell.
    pub kind: Option<Kind>,
    /// Columns that the operator named.
    pub columns: Columns,
    /// Which features.
    pub features: Features,
    /// ISO 3166-1 alpha-2 of the countries that are wanted; empty for all.
    pub only: Vec<String>,
    /// Title, licence and attribution, as the pack shall say them.
    pub meta: Vec<(String, String)>,
    /// The pack to write.
    pub out: PathBuf,
    /// Bytes of keys that are held before they are sorted into a file.
    pub buffer: usize,
    /// Begin anew, whatever was done before.
    pub restart: bool,
}

/// What the import is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Reading what must be known before.
    Survey,
    /// Reading the tables.
    Read,
    /// Merging keys.
    Merge,
    /// Writing the pack.
    Write,
}

/// How far the import has come.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// What it is at.
    pub stage: Stage,
    /// Bytes done.
    pub done: u64,
    /// Bytes in all.
    pub total: u64,
    /// Places so far.
    pub places: u32,
}

/// Who is told how it goes.
pub trait Watch {
    /// Some more is done.
    fn progress(&mut self, progress: Progress);
    /// Something worth knowing.
    fn note(&mut self, note: &str);
    /// A row that cannot be used, with its file and line.
    fn fault(&mut self, fault: &str);
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// Places in the pack.
    pub places: u32,
    /// Other names that a table of their own gave.
    pub aliases: u64,
    /// Rows that were not asked for.
    pub left_out: u64,
    /// Rows with a fault.
    pub faults: u64,
    /// Size of the pack in bytes.
    pub bytes: u64,
    /// It went on from where an earlier import was broken off.
    pub resumed: bool,
}

/// A table, and how it is read.
struct Source {
    input: Input,
    layout: Layout,
}

impl Source {
    /// Opens it, behind the header, `skip` bytes on.
    fn open(&self, skip: u64) -> Result<Records> {
        let mut table = self.input.open()?;
        let skipped = io::copy(&mut table.reader.by_ref().take(skip), &mut io::sink())
            .with_context(|| self.input.path.display().to_string())?;
        if skipped < skip {
            bail!("{}: is shorter than it was", self.input.path.display());
        }
        let reader = self.layout.rows().has_headers(false).buffer_capacity(1 << 18).from_reader(table.reader);
        Ok(Records { reader, read: table.read, skipped })
    }
}

/// The rows of an opened table.
struct Records {
    reader: csv::Reader<Box<dyn io::BufRead + Send>>,
    read: Arc<AtomicU64>,
    skipped: u64,
}

impl Records {
    /// Where in the unpacked table the next row begins.
    fn at(&self) -> u64 {
        self.skipped + self.reader.position().byte()
    }
}

/// Imports tables into one pack.
///
/// # Errors
/// Where a table cannot be read or told, nothing in it is a place, or the pack cannot be written. A row with a fault is no
/// error: it is said and left out.
pub fn import(options: &Options, countries: &Countries, watch: &mut dyn Watch) -> Result<Imported> {
    let sources = sources(options)?;
    let signature = signature(options, &sources);
    let mut spool = Spool::open(&options.out, &signature, options.restart, options.buffer)?;
    let resumed = spool.resumed();
    if resumed {
        watch.note(&format!("going on with the import that was broken off at {} places", spool.rows()));
    }
    for source in sources.iter().filter(|source| source.layout.is_of_settlements()) {
        watch.note(&format!(
            "{} has no column for the feature code: its rows are taken for populated places (PPL)",
            source.input.path.display()
        ));
    }
    if !spool.all_read() {
        let survey = survey(&sources, watch)?;
        let reader = Reader { survey: &survey, countries, features: options.features, only: &options.only };
        read(&sources, &reader, &mut spool, watch)?;
    }
    let counted = spool.place();
    let places = spool.rows();
    if places == 0 {
        let faults =
            if counted.faults > 0 { format!("; {} rows have faults", counted.faults) } else { String::new() };
        spool.discard()?;
        bail!("the tables hold no place that was asked for{faults}; {} rows were left out", counted.left_out);
    }
    let bytes = spool.finish(&meta(options, &sources, places), &options.out, &mut |stage, done, total| {
        watch.progress(Progress { stage, done, total, places });
    })?;
    Ok(Imported {
        places,
        aliases: counted.aliases,
        left_out: counted.left_out,
        faults: counted.faults,
        bytes,
        resumed,
    })
}

/// The tables, told and in the order in which they make sense: other names come behind the places that bear them.
fn sources(options: &Options) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    for path in &options.files {
        let input = Input::new(path)?;
        let head = input.open()?.head;
        let layout = Layout::tell(&head, &input.name(), options.kind, &options.columns)
            .with_context(|| input.path.display().to_string())?;
        sources.push(Source { input, layout });
    }
    let late = |source: &Source| source.layout.kind == Kind::AlternateNames;
    sources.sort_by_key(late);
    let places = |source: &Source| {
        !matches!(source.layout.kind, Kind::AlternateNames | Kind::Hierarchy | Kind::AdminCodes)
    };
    if !sources.iter().any(places) {
        bail!(
            "no table holds places: names, hierarchies and codes belong to one; name GeoNames' allCountries.zip (or one \
             country's file) beside them"
        );
    }
    Ok(sources)
}

/// What a broken-off import must have been asked for to be gone on with.
fn signature(options: &Options, sources: &[Source]) -> String {
    let inputs: Vec<&Input> = sources.iter().map(|source| &source.input).collect();
    serde_json::json!({
        "inputs": inputs,
        "kind": options.kind.map(Kind::name),
        "columns": options.columns.text(),
        "all": options.features == Features::All,
        "only": options.only,
        "buffer": options.buffer,
        "pack": whereabouts::pack::VERSION,
        "program": env!("CARGO_PKG_VERSION"),
    })
    .to_string()
}

fn meta(options: &Options, sources: &[Source], places: u32) -> Vec<(String, String)> {
    let pair = |key: &str, value: String| (key.to_owned(), value);
    let has = |kinds: &[Kind]| sources.iter().any(|source| kinds.contains(&source.layout.kind));
    let mut meta = options.meta.clone();
    let said = |meta: &[(String, String)], key: &str| meta.iter().any(|(known, _)| known == key);
    if !said(&meta, "title") {
        let names: Vec<String> = sources.iter().map(|source| source.input.name()).collect();
        meta.push(pair("title", names.join(", ")));
    }
    for source in sources {
        meta.push(pair("source", format!("{}, brought by the operator", source.input.name())));
    }
    let geonames = has(&[Kind::Geonames, Kind::AlternateNames, Kind::Hierarchy, Kind::AdminCodes]);
    let wof = has(&[Kind::WhosOnFirst]);
    if !said(&meta, "licence") {
        if geonames {
            meta.push(pair("licence", "GeoNames: CC BY 4.0".to_owned()));
        }
        if wof {
            meta.push(pair(
                "licence",
                "Who's On First: CC0 and CC BY 4.0 by source (whosonfirst.org/docs/licenses)".to_owned(),
            ));
        }
        if has(&[Kind::Pcodes, Kind::Table]) {
            meta.push(pair("licence", "a table of the operator's: by its source".to_owned()));
        }
    }
    if !said(&meta, "attribution") {
        if geonames {
            meta.push(pair(
                "attribution",
                "Contains data of GeoNames (www.geonames.org), CC BY 4.0.".to_owned(),
            ));
        }
        if wof {
            meta.push(pair(
                "attribution",
                "Contains data of Who's On First and its sources, among them GeoNames (CC BY 4.0)."
                    .to_owned(),
            ));
        }
    }
    if has(&[Kind::Pcodes])
        || sources.iter().any(|source| source.layout.column(layout::Field::Pcode).is_some())
    {
        meta.push(pair("pcodes", "yes".to_owned()));
    }
    meta.push(pair("rows", places.to_string()));
    meta.push(pair("built-by", format!("watchpost {}", env!("CARGO_PKG_VERSION"))));
    meta
}

/// Reads what must be known of all tables before the rows of one make sense.
fn survey(sources: &[Source], watch: &mut dyn Watch) -> Result<Survey> {
    let wanted: Vec<&Source> = sources.iter().filter(|source| Survey::wants(&source.layout)).collect();
    let total = wanted.iter().map(|source| source.input.bytes).sum();
    let mut survey = Survey::default();
    let mut before = 0;
    // Files of codes name divisions as people do, and so come first.
    let mut ordered = wanted;
    ordered.sort_by_key(|source| source.layout.kind);
    for source in ordered {
        let context = || source.input.path.display().to_string();
        let tell = |read: u64, watch: &mut dyn Watch| {
            watch.progress(Progress { stage: Stage::Survey, done: before + read, total, places: 0 });
        };
        if source.layout.kind == Kind::Geonames {
            // Of millions of lines some ten thousand concern divisions: the others are not even cut up.
            let mut table = source.input.open()?;
            let mut line = Vec::new();
            for number in 0_u64.. {
                line.clear();
                if io::BufRead::read_until(&mut table.reader, b'\n', &mut line).with_context(context)? == 0 {
                    break;
                }
                if Survey::may_concern(&line) {
                    let text = String::from_utf8_lossy(&line);
                    let record: ByteRecord =
                        text.trim_end_matches(['\r', '\n']).split('\t').map(str::as_bytes).collect();
                    survey.see(&source.layout, &record);
                }
                if number % 65_536 == 0 {
                    tell(table.read.load(Ordering::Relaxed), watch);
                }
            }
        } else {
            let mut records = source.open(0)?;
            let mut record = ByteRecord::new();
            let mut first = source.layout.header;
            for number in 0_u64.. {
                if !records.reader.read_byte_record(&mut record).with_context(context)? {
                    break;
                }
                if !std::mem::take(&mut first) {
                    survey.see(&source.layout, &record);
                }
                if number % 65_536 == 0 {
                    tell(records.read.load(Ordering::Relaxed), watch);
                }
            }
        }
        before += source.input.bytes;
    }
    survey.done();
    Ok(survey)
}

/// Reads the tables into the spool, from where it stands.
fn read(sources: &[Source], reader: &Reader<'_>, spool: &mut Spool, watch: &mut dyn Watch) -> Result<()> {
    let total: u64 = sources.iter().map(|source| source.input.bytes).sum();
    let mut place = spool.place();
    for (index, source) in sources.iter().enumerate().skip(place.table) {
        if place.table != index {
            place = Place { table: index, at: 0, row: 0, ..place };
        }
        let before: u64 = sources.iter().take(index).map(|source| source.input.bytes).sum();
        if matches!(source.layout.kind, Kind::Hierarchy | Kind::AdminCodes) {
            continue;
        }
        let context = || source.input.path.display().to_string();
        let mut records = source.open(place.at)?;
        let mut record = ByteRecord::new();
        loop {
            if !records.reader.read_byte_record(&mut record).with_context(context)? {
                break;
            }
            place.row += 1;
            if place.row % 16_384 == 1 {
                let done = before + records.read.load(Ordering::Relaxed);
                watch.progress(Progress { stage: Stage::Read, done, total, places: spool.rows() });
            }
            if source.layout.header && place.row == 1 {
                place.at = records.at();
                continue;
            }
            match reader.read(&source.layout, &record) {
                Row::Places(places) => {
                    for new in &places {
                        spool.add(new).with_context(context)?;
                    }
                }
                Row::Alias { geonameid, name } => {
                    if spool.alias(geonameid, &name)? {
                        place.aliases += 1;
                    } else {
                        place.left_out += 1;
                    }
                }
                Row::LeftOut => place.left_out += 1,
                Row::Bad(problem) => {
                    place.faults += 1;
                    match place.faults.cmp(&(SAID as u64 + 1)) {
                        std::cmp::Ordering::Less => {
                            // A table that is gone on with is counted by rows: none of GeoNames' has more lines than rows.
                            let line = match record.position() {
                                Some(position) if records.skipped == 0 => position.line(),
                                _ => place.row,
                            };
                            watch.fault(&format!("{}:{line}: {problem}", source.input.path.display()));
                        }
                        std::cmp::Ordering::Equal => {
                            watch.fault("more rows have faults; they are counted, and not said one by one");
                        }
                        std::cmp::Ordering::Greater => {}
                    }
                }
            }
            place.at = records.at();
            spool.reached(place)?;
        }
    }
    spool.read_all(Place { table: sources.len(), at: 0, row: 0, ..place })
}

/// The places of a table that is held in memory, and its faults, without a pack.
///
/// # Errors
/// Where the bytes are no table that is known.
pub fn places_of(bytes: &[u8], countries: &Countries) -> Result<(Vec<NewPlace>, Vec<String>)> {
    let layout = Layout::tell(bytes, "the table", None, &Columns::default())?;
    let records = || {
        layout.rows().has_headers(layout.header).from_reader(bytes).into_byte_records().map_while(Result::ok)
    };
    let mut survey = Survey::default();
    records().for_each(|record| survey.see(&layout, &record));
    survey.done();
    let reader = Reader { survey: &survey, countries, features: Features::News, only: &[] };
    let (mut places, mut faults) = (Vec::new(), Vec::new());
    for record in records() {
        match reader.read(&layout, &record) {
            Row::Places(more) => places.extend(more),
            Row::Bad(problem) => faults.push(problem),
            Row::Alias { .. } | Row::LeftOut => {}
        }
    }
    Ok((places, faults))
}
