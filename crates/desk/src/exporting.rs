//! Incidents in the shapes that other programs read: every incident of a filter, from one moment of the store, to any output. The
//! command line writes files with it, the API answers.

use std::collections::BTreeMap;
use std::io::{self, Write};

use exchange::{
    About, ActorCsv, Context, Csv, Dossier, FLAT, GED, GeoJson, Hapi, JsonLines, Ngec, POLECAT, Parquet, Row,
    Sink, Style, Told, Xlsx,
};
use jiff::Timestamp;
use record::{CodedDocument, Incident};
use store::find::{Filter, Page, Total};
use store::{Error, Store};

/// Incidents that are asked for at a time.
const PIECE: usize = 500;

/// In which shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// CSV in ACLED's columns.
    Acled,
    /// The same with a row an actor.
    AcledActors,
    /// CSV in UCDP GED's columns.
    Ged,
    /// CSV as HDX HAPI has conflict events.
    Hapi,
    /// JSON lines as NGEC writes PLOVER events.
    Plover,
    /// POLECAT's table.
    Polecat,
    /// Points on a map (RFC 7946).
    Geojson,
    /// Watchpost's own columns, typed, with GeoParquet's geometry.
    Parquet,
    /// CSV in Watchpost's own columns.
    Csv,
    /// Excel.
    Xlsx,
    /// Incidents as they are.
    Jsonl,
}

impl Format {
    /// What a shape leaves out, in words.
    #[must_use]
    pub fn leaves_out(self) -> &'static str {
        match self {
            Self::Acled | Self::AcledActors => exchange::ACLED.leaves_out,
            Self::Ged => GED.leaves_out,
            Self::Plover | Self::Polecat => POLECAT.leaves_out,
            Self::Hapi => exchange::hapi::LEAVES_OUT,
            Self::Geojson | Self::Parquet | Self::Csv | Self::Xlsx | Self::Jsonl => FLAT.leaves_out,
        }
    }

    /// Begins to write.
    ///
    /// # Errors
    /// Where the output cannot be written.
    pub fn begin<'a>(
        self,
        style: Style,
        about: About,
        out: Box<dyn Write + Send + 'a>,
    ) -> io::Result<Box<dyn Sink + 'a>> {
        Ok(match self {
            Self::AcledActors => Box::new(ActorCsv::new(style, out)?),
            Self::Acled => Box::new(Csv::new(&exchange::ACLED, style, out)?),
            Self::Ged => Box::new(Csv::new(&GED, style, out)?),
            Self::Csv => Box::new(Csv::new(&FLAT, style, out)?),
            Self::Hapi => Box::new(Hapi::new(style.hxl, out)),
            Self::Polecat => Box::new(Csv::new(&POLECAT, Style { tabs: true, ..style }, out)?),
            Self::Plover => Box::new(Ngec::new(out)),
            Self::Geojson => Box::new(GeoJson::new(out)?),
            Self::Parquet => Box::new(Parquet::new(out)?),
            Self::Xlsx => Box::new(Xlsx::new(about, out)?),
            Self::Jsonl => Box::new(JsonLines::new(out)),
        })
    }
}

/// What came of an export.
#[derive(Debug, Default, Clone, Copy)]
pub struct Sum {
    /// Incidents that the filter finds.
    pub all: u64,
    /// Those that were written.
    pub written: u64,
    /// Those that do not belong in the shape.
    pub left_out: u64,
}

/// Why an export ended early.
#[derive(Debug)]
pub enum Broken {
    /// The store could not be asked.
    Store(Error),
    /// The output could not be written.
    Output(io::Error),
}

/// What is taken out of an incident before it is written.
pub type Prepare<'a> = &'a mut dyn FnMut(&mut Dossier);

/// Names of private persons, where they are not kept.
pub fn without_private(dossier: &mut Dossier) {
    record::privacy::unname_incident(&mut dossier.incident);
    for told in &mut dossier.told {
        record::privacy::unname_event(&mut told.event);
    }
}

/// Writes every incident that is asked for, as the store stands at one moment. What was written is in `sum` also where it broke.
pub fn write(
    store: &mut dyn Store,
    filter: &Filter,
    context: &Context<'_>,
    prepare: Prepare<'_>,
    sink: &mut dyn Sink,
    sum: &mut Sum,
) -> Result<(), Broken> {
    // What went wrong beside the store, which only knows its own errors.
    let mut broken: Option<io::Error> = None;
    let looked = store.at_one_moment(&mut |store| {
        *sum = Sum::default();
        let (Total::Exactly(all) | Total::MoreThan(all)) = store.count(filter, u64::MAX)?;
        sum.all = all;
        broken = each(store, filter, context, &mut *prepare, &mut *sink, &mut *sum)?.err();
        Ok(())
    });
    looked.map_err(Broken::Store)?;
    broken.map_or(Ok(()), |error| Err(Broken::Output(error)))
}

/// Every incident that is asked for, page by page.
fn each(
    store: &mut dyn Store,
    filter: &Filter,
    context: &Context<'_>,
    prepare: Prepare<'_>,
    sink: &mut dyn Sink,
    sum: &mut Sum,
) -> Result<io::Result<()>, Error> {
    let mut page = Page { limit: PIECE, ..Page::default() };
    let mut moments = Moments::default();
    loop {
        let found = store.find(filter, &page)?;
        for incident in found.rows {
            let mut dossier = dossier(store, incident, &mut moments)?;
            prepare(&mut dossier);
            match sink.row(&Row::of_incident(&dossier, context)) {
                Ok(true) => sum.written += 1,
                Ok(false) => sum.left_out += 1,
                Err(error) => return Ok(Err(error)),
            }
        }
        match found.next {
            Some(next) => page.after = Some(next),
            None => return Ok(Ok(())),
        }
    }
}

/// When decisions were taken, as far as it was asked.
#[derive(Debug, Default)]
pub struct Moments(BTreeMap<u64, Option<Timestamp>>);

impl Moments {
    /// When a decision was taken.
    pub(crate) fn of(&mut self, store: &mut dyn Store, seq: u64) -> Result<Option<Timestamp>, Error> {
        if let Some(known) = self.0.get(&seq) {
            return Ok(*known);
        }
        let at = store.decisions(seq.saturating_sub(1), 1)?.first().map(|decision| decision.at);
        // Many incidents of one batch are touched by neighbouring decisions; all of a large store need not be remembered.
        if self.0.len() > 100_000 {
            self.0.clear();
        }
        self.0.insert(seq, at);
        Ok(at)
    }
}

/// An incident with what its reports say.
pub fn dossier(store: &mut dyn Store, incident: Incident, moments: &mut Moments) -> Result<Dossier, Error> {
    let name = store.name();
    let mut documents: BTreeMap<String, (CodedDocument, bool)> = BTreeMap::new();
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
    let changed = moments.of(store, incident.updated)?;
    Ok(Dossier { incident, changed, told })
}
