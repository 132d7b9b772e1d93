/*! The store as JSON lines, the same for every database: what a backup of a server is, and how one moves from SQLite to
PostgreSQL or back.

The first line says what it is; then come the decisions in the order of the log, each report before the decision that added it, then
the sources with all that is remembered of them and the watch's log; the last line says how many there were and the last hash, so that a file that was cut off is known by it.
*/

use std::io::{BufRead, Write};

use record::{Change, CodedDocument};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::keeper::PIECE;
use crate::log::{Head, hash, sha256, subjects};
use crate::sources::{Dumped, dumped, restored};
use crate::{Entry, Error, Keeper, Rows, StoredReport, Telling};

/// The name of the dump's shape.
pub const DUMP_SCHEMA: &str = "watchpost.dump/1";

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Dump { schema: String },
    Report(Box<StoredReport>),
    Decision { hash: String, body: Box<RawValue> },
    Source(Box<Dumped>),
    Watch { hash: String, body: Box<RawValue> },
    End { reports: u64, decisions: u64, hash: String },
}

/// What a dump held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// Reports.
    pub reports: u64,
    /// Decisions.
    pub decisions: u64,
}

fn put(out: &mut dyn Write, line: &Line) -> Result<(), Error> {
    serde_json::to_writer(&mut *out, line).map_err(std::io::Error::from)?;
    Ok(out.write_all(b"\n")?)
}

pub(crate) fn dump<R: Rows>(keeper: &mut Keeper<R>, out: &mut dyn Write) -> Result<(), Error> {
    // Only what stands now: others may go on writing meanwhile.
    let head = keeper.rows.head()?;
    put(out, &Line::Dump { schema: DUMP_SCHEMA.to_owned() })?;
    let (mut last, mut reports) = (0, 0);
    while last < head.seq {
        let entries = keeper.rows.entries_after(last, PIECE)?;
        if entries.is_empty() {
            return Err(Error::damaged(
                keeper.rows.name(),
                format!("the log ends with {last}, not {}", head.seq),
            ));
        }
        for entry in entries.into_iter().take_while(|entry| entry.seq <= head.seq) {
            last = entry.seq;
            if let Change::ReportAdded { report, .. } = entry.decision(keeper.rows.name())?.change {
                let Some(report) = keeper.rows.report(&report)? else {
                    return Err(Error::damaged(keeper.rows.name(), format!("report {report} is missing")));
                };
                // What is a copy is said by the decisions.
                put(out, &Line::Report(Box::new(StoredReport { copy_of: None, ..report })))?;
                reports += 1;
            }
            let body = RawValue::from_string(entry.body)
                .map_err(|error| Error::damaged(keeper.rows.name(), format!("decision {last}: {error}")))?;
            put(out, &Line::Decision { hash: entry.hash, body })?;
        }
    }
    dumped(&mut keeper.rows, &mut |source| put(out, &Line::Source(Box::new(source))))?;
    let name = keeper.rows.name().to_owned();
    crate::watching::each(keeper, |_, entry| {
        let seq = entry.seq;
        let body = RawValue::from_string(entry.body)
            .map_err(|error| Error::damaged(&name, format!("entry {seq} of the watch's log: {error}")))?;
        put(out, &Line::Watch { hash: entry.hash, body })
    })?;
    put(out, &Line::End { reports, decisions: head.seq, hash: head.hash })?;
    Ok(out.flush()?)
}

pub(crate) fn restore<R: Rows>(keeper: &mut Keeper<R>, from: &mut dyn BufRead) -> Result<Restored, Error> {
    if keeper.rows.head()?.seq > 0 {
        return Err(Error::Asked(format!(
            "{} holds decisions already: a dump is restored into a new store",
            keeper.rows.name()
        )));
    }
    let mut head = Head::default();
    let mut done = Restored { reports: 0, decisions: 0 };
    let mut pending: Option<StoredReport> = None;
    let mut text = String::new();
    let mut number = 0;
    loop {
        text.clear();
        number += 1;
        let wrong = |what: String| Error::Dump { line: number, what };
        if from.read_line(&mut text)? == 0 {
            return Err(wrong("the dump ends before its last line: it was cut off".to_owned()));
        }
        let line: Line = serde_json::from_str(&text).map_err(|error| wrong(format!("{error}")))?;
        match line {
            Line::Dump { schema } if number == 1 && schema == DUMP_SCHEMA => {}
            Line::Dump { schema } => {
                return Err(wrong(format!("`{schema}` in place of `{DUMP_SCHEMA}` on line 1")));
            }
            _ if number == 1 => return Err(wrong(format!("the first line must say `{DUMP_SCHEMA}`"))),
            Line::Report(report) => {
                if sha256(report.text.as_bytes()) != report.text_sha256
                    || sha256(report.coded.as_bytes()) != report.coded_sha256
                {
                    return Err(wrong(format!("report {} is not what its hashes say", report.id)));
                }
                pending = Some(*report);
            }
            Line::Decision { hash: given, body } => {
                let entry = Entry { seq: head.seq + 1, body: body.get().to_owned(), hash: given };
                if hash(&head.hash, &entry.body) != entry.hash {
                    return Err(wrong(format!(
                        "decision {} does not follow the one before: its hash does not fit",
                        entry.seq
                    )));
                }
                let decision = entry.decision(keeper.rows.name())?;
                if decision.seq != entry.seq {
                    return Err(wrong(format!("decision {} stands in place of {}", decision.seq, entry.seq)));
                }
                if let Change::ReportAdded { report: id, text_sha256, coded_sha256 } = &decision.change {
                    let report = pending.take().filter(|report| {
                        report.id == *id
                            && report.text_sha256 == *text_sha256
                            && report.coded_sha256 == *coded_sha256
                    });
                    let Some(report) = report else {
                        return Err(wrong(format!("report {id} does not stand on the line before")));
                    };
                    let coded: CodedDocument = serde_json::from_str(&report.coded)
                        .map_err(|error| wrong(format!("report {id}: {error}")))?;
                    keeper.rows.put_report(&report, &Telling::of(id, &coded))?;
                    done.reports += 1;
                }
                keeper.rows.append(&entry, &subjects(&decision))?;
                head = Head { seq: entry.seq, hash: entry.hash };
                done.decisions += 1;
            }
            Line::Source(source) => restored(&mut keeper.rows, &source)?,
            Line::Watch { hash, body } => {
                if !crate::watching::restored(keeper, hash, body.get().to_owned())? {
                    return Err(wrong(
                        "an entry of the watch's log does not follow the one before".to_owned(),
                    ));
                }
            }
            Line::End { reports, decisions, hash } => {
                if (reports, decisions, &hash) != (done.reports, done.decisions, &head.hash) {
                    return Err(wrong(format!(
                        "{reports} reports and {decisions} decisions were written, {} and {} are here",
                        done.reports, done.decisions
                    )));
                }
                crate::verify::rebuild(keeper)?;
                return Ok(done);
            }
        }
    }
}
