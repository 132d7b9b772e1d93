//! `watchpost import`: rows of ACLED's or GED's columns into the store, found again by their ids.
//!
//! A row of a dataset is kept as a report of its own kind, whose text is the row; a later version of it is a later version of that
//! report, and what it changes of the incident stands in the log with file and line. A row of our own export sets right the
//! incident that its id names.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

use anyhow::Context as _;
use exchange::import::{Actors, Asked, CellChange, Imported, Known, Tables, address, read};
use exchange::read::{Fault, Layout, Lines};
use exchange::{Context, Dossier, Inter, Row};
use record::{AuthorKind, Basis, Change, ErrorLine, EventKey, Harm, Incident, Standing, Status};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use store::{Act, Error, NewReport, Outcome as Came, Stamp, Store, report_id};

use ::desk::exporting::{Moments, dossier};

use super::export::many;
use super::list::{json as json_out, output};
use super::project::{Project, stamp};
use crate::cli::exchange::{ImportArgs, ImportFormat};
use crate::code::Outcome;
use crate::output::unwritable;
use crate::{say, setup};

/// Rows that are looked at and kept together.
const PIECE: usize = 200;

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Created,
    Updated,
    Unchanged,
    Refused,
}

impl What {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Unchanged => "unchanged",
            Self::Refused => "refused",
        }
    }
}

/// What is to be done for a row.
struct Planned {
    line: u64,
    id: String,
    incident: Option<String>,
    what: What,
    changes: Vec<CellChange>,
    /// What the row says otherwise and an import does not take over.
    ignored: Vec<CellChange>,
    why_not: Option<(String, String)>,
    acts: Vec<Act>,
    /// Whether it is a person's correction of our own incident, and not a dataset's version of its own row.
    own: bool,
}

/// What an import goes by.
struct Import<'a> {
    layout: Layout,
    dataset: String,
    file: String,
    context: &'a Context<'a>,
    tables: Tables<'a>,
}

/// A name, the country and the year that it is said of.
type Occasion = (String, Option<String>, Option<i16>);

/// The registry, asked by UCDP's numbers first and by names else. A file names the same few hundred actors again and again.
struct Registered {
    registry: who::Registry,
    by_number: HashMap<u32, String>,
    asked: RefCell<HashMap<Occasion, Option<String>>>,
}

impl Registered {
    fn new(registry: who::Registry) -> Self {
        let number = |actor: &who::Actor| actor.ucdp.map(|number| (number, actor.id.clone()));
        let by_number = registry.actors().filter_map(number).collect();
        Self { registry, by_number, asked: RefCell::default() }
    }

    /// The id of whoever bears a name; ACLED writes `JNIM: Group for Support of Islam and Muslims` and `Military Forces of Mali (2021-)`.
    fn named(&self, asked: &Asked<'_>) -> Option<String> {
        let context = who::Context {
            country: asked.country.map(str::to_owned),
            date: asked.day,
            ..who::Context::default()
        };
        let bare = asked.name.rsplit_once(" (").filter(|(_, rest)| rest.ends_with(')')).map(|(name, _)| name);
        let bare = bare.unwrap_or(asked.name);
        let parts = bare.split_once(": ").map(|(short, long)| [long, short]);
        let bearer = |name: &str| self.registry.bearer(name, &context).map(|actor| actor.id.clone());
        bearer(asked.name).or_else(|| bearer(bare)).or_else(|| parts?.into_iter().find_map(bearer))
    }
}

impl Actors for Registered {
    fn bearer(&self, asked: &Asked<'_>) -> Option<Known> {
        let id = match asked.ucdp.and_then(|number| self.by_number.get(&number)) {
            Some(id) => Some(id.clone()),
            None => {
                let key = (
                    asked.name.to_owned(),
                    asked.country.map(str::to_owned),
                    asked.day.map(|day| day.year()),
                );
                self.asked.borrow_mut().entry(key).or_insert_with(|| self.named(asked)).clone()
            }
        };
        let actor = self.registry.actor(self.registry.by_id(&id?)?);
        Some(Known {
            id: actor.id.clone(),
            wikidata: actor.wikidata.clone(),
            country: actor.country.clone(),
            sector: Some(actor.sector),
            inter_code: actor.inter_code,
        })
    }
}

/// Runs the command.
pub(crate) fn run(args: &ImportArgs, actors: Option<&Path>) -> anyhow::Result<Outcome> {
    let mut store = Project::find(&args.project)?.store()?;
    let registered = Registered::new(crate::actors::registry(actors)?);
    let (countries, crosswalk) = (setup::countries()?, setup::crosswalk()?);
    let context = Context { countries: &countries, crosswalk: &crosswalk, inter: Inter::Text };
    let layout = match args.from {
        ImportFormat::Acled => Layout::Acled,
        ImportFormat::Ged => Layout::Ged,
    };
    let dataset = args.dataset.clone().unwrap_or_else(|| layout.dataset().to_owned());
    let input = File::open(&args.file)
        .with_context(|| format!("{} cannot be opened\nhint: check the name", args.file.display()))?;
    let name = args.file.file_name().unwrap_or(args.file.as_os_str()).to_string_lossy().into_owned();
    let rows = Lines::new(layout, input).map_err(|fault| {
        anyhow::anyhow!(
            "{name}: {fault}\nhint: --from says in whose columns the file is; docs/exports.md lists them"
        )
    })?;
    let tables = Tables { countries: &countries, crosswalk: &crosswalk, actors: Some(&registered) };
    let import = Import { layout, dataset, file: name, context: &context, tables };
    if layout == Layout::Acled && !args.dry_run {
        say::note(
            "ACLED's data is for whoever has a licence of ACLED, and not to be passed on: what is imported stays marked as of this dataset",
            None,
        );
    }
    let by = args.by.clone().or_else(|| std::env::var("USER").ok()).filter(|by| !by.trim().is_empty());
    let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
    let mut outcome = Outcome::Fine;
    let mut out = output();
    let mut seen: HashMap<String, u64> = HashMap::new();
    let mut batch: Vec<Imported> = Vec::new();
    let mut rows = rows.fuse();
    loop {
        let mut ended = false;
        let mut refused: Vec<Planned> = Vec::new();
        while batch.len() < PIECE {
            let Some(row) = rows.next() else {
                ended = true;
                break;
            };
            let faults = match row {
                Ok(line) => {
                    let id = line.get(layout.id()).to_owned();
                    let number = line.number;
                    match (read(layout, line, tables), seen.get(&id)) {
                        (Ok(_), Some(first)) => (
                            number,
                            id,
                            vec![format!(
                                "column {}: the id stands in line {first} too; expected each id once",
                                layout.id()
                            )],
                        ),
                        (Ok(imported), None) => {
                            seen.insert(id, number);
                            batch.push(imported);
                            continue;
                        }
                        (Err(faults), _) => (number, id, faults.iter().map(Fault::to_string).collect()),
                    }
                }
                Err(fault) => (fault.line, String::new(), vec![fault.to_string()]),
            };
            let (line, id, faults) = faults;
            refused.push(Planned::refused(
                line,
                id,
                faults.join("; "),
                "correct the row and import the file again: rows that are in already change nothing",
            ));
        }
        for planned in refused {
            told(&import, &planned, args.dry_run, &mut out, &mut sums, &mut outcome)?;
        }
        let planned = keep(store.as_mut(), &import, &batch, by.as_deref(), args.dry_run)?;
        for planned in planned {
            told(&import, &planned, args.dry_run, &mut out, &mut sums, &mut outcome)?;
        }
        batch.clear();
        if ended {
            break;
        }
    }
    out.flush().map_err(unwritable)?;
    let sum = |what: What| sums.get(what.as_str()).copied().unwrap_or(0);
    let words: Vec<String> = [What::Created, What::Updated, What::Unchanged, What::Refused]
        .into_iter()
        .map(|what| format!("{} {}", what.as_str(), sum(what)))
        .collect();
    let all = many(sums.values().sum(), "row");
    let dry = if args.dry_run { " (a trial: nothing was changed)" } else { "" };
    say::line(&format!("{}: {all}: {}{dry}", import.file, words.join(", ")));
    Ok(outcome)
}

/// Says what became of a row.
fn told(
    import: &Import<'_>,
    planned: &Planned,
    dry_run: bool,
    out: &mut impl io::Write,
    sums: &mut BTreeMap<&'static str, u64>,
    outcome: &mut Outcome,
) -> anyhow::Result<()> {
    *sums.entry(planned.what.as_str()).or_default() += 1;
    if let Some((error, hint)) = &planned.why_not {
        *outcome = Outcome::SomeUnread;
        let line = ErrorLine {
            schema: record::ERROR_SCHEMA.to_owned(),
            line: planned.line,
            given_id: Some(planned.id.clone()).filter(|id| !id.is_empty()),
            error: error.clone(),
            hint: hint.clone(),
        };
        say::unreadable(&import.file, &line, io::IsTerminal::is_terminal(&io::stderr()));
    }
    if !planned.ignored.is_empty() {
        let columns: Vec<&str> = planned.ignored.iter().map(|change| change.column).collect();
        say::note(
            &format!(
                "{}:{}: {}: what the row says otherwise in {} is not taken over",
                import.file,
                planned.line,
                planned.id,
                columns.join(", ")
            ),
            Some(
                "an import takes type, days, place, sides and deaths; the rest is the reports' own words, or worked out from these",
            ),
        );
    }
    if dry_run && (planned.what != What::Unchanged || !planned.ignored.is_empty()) {
        let cells = |changes: &[CellChange]| -> BTreeMap<&'static str, Value> {
            let cell = |change: &CellChange| {
                (change.column, json!({"before": change.before, "after": change.after}))
            };
            changes.iter().map(cell).collect()
        };
        let (fields, ignored) = (cells(&planned.changes), cells(&planned.ignored));
        json_out(
            out,
            &json!({
                "line": planned.line, "id": planned.id, "incident": planned.incident, "what": planned.what.as_str(),
                "fields": fields, "ignored": ignored, "error": planned.why_not.as_ref().map(|(error, _)| error),
            }),
        )?;
    }
    Ok(())
}

/// Plans rows on what the store holds, and does it, unless it is a trial. Persons' and datasets' decisions are two transactions,
/// since a transaction has one author.
fn keep(
    store: &mut dyn Store,
    import: &Import<'_>,
    batch: &[Imported],
    by: Option<&str>,
    dry_run: bool,
) -> anyhow::Result<Vec<Planned>> {
    let mut all = Vec::with_capacity(batch.len());
    for own in [false, true] {
        let mut plans: Vec<Planned> = Vec::new();
        let mut plan = |store: &mut dyn Store| -> Result<Vec<Act>, Error> {
            plans = Vec::new();
            for row in batch {
                let planned = plan_one(store, import, row, by)?;
                if planned.own == own {
                    plans.push(planned);
                }
            }
            Ok(plans.iter().flat_map(|planned| planned.acts.iter().cloned()).collect())
        };
        if dry_run {
            store.at_one_moment(&mut |store| plan(store).map(|_| ()))?;
            all.append(&mut plans);
            continue;
        }
        let stamp: Stamp = if own {
            stamp(AuthorKind::Person, by.unwrap_or_default())
        } else {
            stamp(AuthorKind::Machine, &format!("import of {}", import.dataset))
        };
        let came = store.record_with(&stamp, &mut plan)?;
        let mut at = 0;
        for planned in &mut plans {
            let of_row = came.get(at..at + planned.acts.len()).unwrap_or_default();
            at += planned.acts.len();
            let refusals: Vec<String> = of_row
                .iter()
                .filter_map(|came| match came {
                    Came::Refused(why) => Some(why.to_string()),
                    _ => None,
                })
                .collect();
            if !refusals.is_empty() {
                planned.what = What::Refused;
                planned.why_not = Some((
                    format!("not all of it was taken: {}", refusals.join("; ")),
                    "`watchpost log INCIDENT` says who has decided what".to_owned(),
                ));
            }
        }
        all.append(&mut plans);
    }
    all.sort_by_key(|planned| planned.line);
    Ok(all)
}

impl Planned {
    fn refused(line: u64, id: String, error: String, hint: &str) -> Self {
        let why_not = Some((error, hint.to_owned()));
        Self {
            line,
            id,
            incident: None,
            what: What::Refused,
            changes: Vec::new(),
            ignored: Vec::new(),
            why_not,
            acts: Vec::new(),
            own: false,
        }
    }
}

/// What is to be done for a row, on what the store holds now.
fn plan_one(
    store: &mut dyn Store,
    import: &Import<'_>,
    row: &Imported,
    by: Option<&str>,
) -> Result<Planned, Error> {
    if row.id.starts_with("WP-") {
        // Our own ids; those that were made without the letters are known without them.
        for id in [row.id.as_str(), row.id.trim_start_matches("WP-")] {
            if let Some(incident) = store.incident(id)? {
                return own(store, import, row, incident, by);
            }
        }
    }
    of_dataset(store, import, row)
}

/// A row of our own export: what it says otherwise is a person's correction.
fn own(
    store: &mut dyn Store,
    import: &Import<'_>,
    row: &Imported,
    incident: Incident,
    by: Option<&str>,
) -> Result<Planned, Error> {
    let refused = |error: String, hint: &str| Planned {
        incident: Some(incident.id.clone()),
        own: true,
        ..Planned::refused(row.line.number, row.id.clone(), error, hint)
    };
    match (incident.standing, &incident.merged_into) {
        (Standing::Merged, Some(into)) => {
            return Ok(refused(
                format!("the incident was merged into {into}"),
                "make the change in that incident's row",
            ));
        }
        (Standing::Withdrawn, _) | (Standing::Merged, None) => {
            return Ok(refused("no report tells of the incident any more".to_owned(), "it is left alone"));
        }
        (Standing::Live, _) => {}
    }
    let dossier = dossier(store, incident.clone(), &mut Moments::default())?;
    let shown = Row::of_incident(&dossier, import.context);
    let changes = row.changed_from(&shown);
    let ignored = row.ignored(&shown, &changes);
    let mut planned = Planned {
        line: row.line.number,
        id: row.id.clone(),
        incident: Some(incident.id.clone()),
        what: What::Unchanged,
        changes,
        ignored,
        why_not: None,
        acts: Vec::new(),
        own: true,
    };
    if planned.changes.is_empty() {
        return Ok(planned);
    }
    // GED's columns put a state first and name only "Civilians" as victims: who did what to whom cannot be read back from them.
    let sides = planned.changes.iter().find(|change| matches!(change.column, "side_a" | "side_b"));
    if let Some(side) = sides.filter(|_| row.layout == Layout::Ged) {
        return Ok(refused(
            format!(
                "`{}` was changed, and the sides of an incident of this store are not taken from GED's columns, which order them anew",
                side.column
            ),
            "give the sides in ACLED's columns, or with `watchpost decide correct`; the row's other changes without this one",
        ));
    }
    // The export has seconds and no parts of them.
    let newer = dossier.changed.map(|moment| moment.as_second());
    if let (Some(then), Some(now)) = (row.changed.map(|moment| moment.as_second()), newer)
        && then < now
    {
        let columns: Vec<&str> = planned.changes.iter().map(|change| change.column).collect();
        return Ok(refused(
            format!(
                "the incident was changed after this file was written, and would lose what it got since ({})",
                columns.join(", ")
            ),
            match row.layout {
                Layout::Acled => {
                    "export it again and make the change there, or empty the cell `timestamp` to say that the row stands"
                }
                Layout::Ged => {
                    "export it again and make the change there, or empty the cell `relid` to say that the row stands"
                }
            },
        ));
    }
    if by.is_none() {
        return Ok(refused(
            "nobody is named who corrects the incident".to_owned(),
            "--by NAME, or the variable WATCHPOST_PERSON",
        ));
    }
    planned.what = What::Updated;
    planned.acts = corrections(import, row, &planned.changes, &dossier, &shown, true);
    Ok(planned)
}

/// A row of a dataset: a report whose text it is, and the incident that goes by its id.
fn of_dataset(store: &mut dyn Store, import: &Import<'_>, row: &Imported) -> Result<Planned, Error> {
    let digest = Sha256::digest(format!("import\n{}\n{}", import.dataset, row.id).as_bytes());
    let id = collection::incident_id(&digest);
    let mut planned = Planned {
        line: row.line.number,
        id: row.id.clone(),
        incident: Some(id.clone()),
        what: What::Created,
        changes: Vec::new(),
        ignored: Vec::new(),
        why_not: None,
        acts: Vec::new(),
        own: false,
    };
    let why = format!("{}, line {}", import.file, row.line.number);
    let Some(first) = store.incident(&id)? else {
        let (report, key) = report(import, row);
        planned.changes = row.changed_since("");
        planned.acts = vec![
            Act::Report(Box::new(report)),
            Act::Decide {
                change: Change::Created { incident: id, events: vec![key] },
                why: format!("{why}: a row of {} with a new id", import.dataset),
            },
        ];
        return Ok(planned);
    };
    let incident = store.resolved(&first.id)?.unwrap_or(first);
    planned.incident = Some(incident.id.clone());
    planned.what = What::Unchanged;
    // The versions of the row that are kept, the last one last.
    let address = address(&import.dataset, &row.id);
    let mut versions = Vec::new();
    for event in &incident.events {
        if let Some(kept) = store.report(&event.report)?
            && kept.url.as_deref() == Some(address.as_str())
        {
            versions.push(kept);
        }
    }
    let last = versions.last();
    if last.is_some_and(|kept| row.is_as_in(&kept.text)) {
        return Ok(planned);
    }
    let gone = match (incident.standing, incident.status) {
        (Standing::Live, Status::Rejected | Status::NotAnEvent) => Some("a person has said that it is none"),
        (Standing::Live, _) => None,
        _ => Some("no report tells of it any more"),
    };
    if let Some(gone) = gone {
        planned.what = What::Refused;
        planned.why_not = Some((
            format!("the row has changed, and incident {} is left alone: {gone}", incident.id),
            "`watchpost log INCIDENT` says who has decided what".to_owned(),
        ));
        return Ok(planned);
    }
    planned.what = What::Updated;
    planned.changes = row.changed_since(last.map_or("", |kept| kept.text.as_str()));
    // A row that is again what it was before is a version of its own: the last one that came holds.
    let mut row = row.clone();
    let mut version = report(import, &row);
    let mut number = versions.len();
    while store.report(&version.1.report)?.is_some() {
        number += 1;
        row.version = number;
        version = report(import, &row);
    }
    let (report, key) = version;
    let (published, before) = (report.coded.document.published, last.and_then(|kept| kept.published));
    planned.acts.push(Act::Report(Box::new(report)));
    planned.acts.push(Act::Decide {
        change: Change::Linked { event: key, incident: incident.id.clone() },
        why: format!("{why}: a later version of the row of {}", import.dataset),
    });
    if last.is_some() {
        // Of one voice the figure published last counts, and one that was set by hand or by an import stands above it.
        let set = matches!(incident.basis.get(Harm::Killed.as_str()), Some(Basis::Decision(_)));
        let dossier = dossier(store, incident, &mut Moments::default())?;
        let shown = Row::of_incident(&dossier, import.context);
        let acts = corrections(import, &row, &planned.changes, &dossier, &shown, set || published < before);
        planned.acts.extend(acts);
    }
    Ok(planned)
}

/// What changed as decisions. The figures of a row that is kept as a report are among those of the reports, and the written rule
/// chooses: they are corrected only where no new report says them.
fn corrections(
    import: &Import<'_>,
    row: &Imported,
    changes: &[CellChange],
    dossier: &Dossier,
    shown: &Row<'_>,
    figures: bool,
) -> Vec<Act> {
    let told: Vec<String> = changes
        .iter()
        .map(|change| format!("{} `{}` → `{}`", change.column, short(&change.before), short(&change.after)))
        .collect();
    let why = format!("{}, line {}: {}", import.file, row.line.number, told.join(", "));
    row.corrections(changes, dossier, shown, import.tables)
        .into_iter()
        .filter(|correction| figures || correction.field() != record::FieldName::Figure(Harm::Killed))
        .map(|correction| Act::Decide {
            change: Change::Corrected { incident: dossier.incident.id.clone(), correction },
            why: why.clone(),
        })
        .collect()
}

fn short(text: &str) -> String {
    if text.chars().count() <= 60 { text.to_owned() } else { text.chars().take(60).chain(['…']).collect() }
}

/// The row as a report, and its event.
fn report(import: &Import<'_>, row: &Imported) -> (NewReport, EventKey) {
    let text = row.text();
    let sha256 = store::log::sha256(text.as_bytes());
    let coded = row.document(import.tables, &import.dataset, &sha256, &setup::version());
    let mut headers = BTreeMap::from([
        ("import-file".to_owned(), import.file.clone()),
        ("import-line".to_owned(), row.line.number.to_string()),
        ("import-columns".to_owned(), import.layout.shape().name.to_owned()),
    ]);
    let licence = match import.layout {
        Layout::Acled => "ACLED's terms of use: for the licensee's own use, not to be passed on",
        Layout::Ged => "UCDP's GED is CC BY 4.0; of other data in its columns whoever gave it says",
    };
    headers.insert("import-licence".to_owned(), licence.to_owned());
    let key = EventKey {
        report: report_id(coded.document.url.as_deref(), &sha256),
        event: exchange::import::event_id(&sha256),
    };
    let report = NewReport {
        text,
        coded,
        fetched: None,
        source: Some(import.dataset.clone()),
        headers,
        linking: Vec::new(),
    };
    (report, key)
}
