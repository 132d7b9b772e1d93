//! Looks whether the store is as it was written, and makes anew what can be.

use std::collections::BTreeSet;

use record::{Change, EventKey};

use crate::keeper::{Batch, PIECE};
use crate::log::{GENESIS, Head, hash, sha256, subjects};
use crate::{Error, Keeper, Rows, StoredReport, Telling};

/// Something that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The database finds its own file damaged.
    #[error("the database: {0}")]
    Database(String),
    /// Decisions are gone.
    #[error("decisions {first} to {last} are missing from the log")]
    Missing {
        /// The first of them.
        first: u64,
        /// The last of them.
        last: u64,
    },
    /// A decision or its hash was changed.
    #[error("decision {seq} was changed, or the one before it: its hash does not fit")]
    Changed {
        /// Its place in the log.
        seq: u64,
    },
    /// A decision stands where another was.
    #[error("decision {seq} stands where decision {says} was written: the log was re-ordered")]
    Moved {
        /// Where it stands.
        seq: u64,
        /// Where it was written.
        says: u64,
    },
    /// A decision cannot be read.
    #[error("decision {seq} cannot be read: {why}")]
    Unreadable {
        /// Its place in the log.
        seq: u64,
        /// Why.
        why: String,
    },
    /// The log does not end where it did.
    #[error("the log ends with decision {found}, and it was written up to {head}")]
    End {
        /// Where it ends.
        found: u64,
        /// Where it was written up to.
        head: u64,
    },
    /// A report is gone.
    #[error("report {0} is missing; decision {1} added it")]
    ReportMissing(String, u64),
    /// A report was changed.
    #[error("the {what} of report {report} was changed: it is not what decision {seq} added")]
    ReportChanged {
        /// The report.
        report: String,
        /// `text` or `coded document`.
        what: &'static str,
        /// The decision that added it.
        seq: u64,
    },
    /// A report that no decision added.
    #[error("report {0} is in no decision of the log")]
    ReportUnknown(String),
    /// The index of the log is not what the log gives; `rebuild` makes it anew.
    #[error("the index of the log has {found} rows in place of {expected}: to rebuild makes it anew")]
    Index {
        /// Rows that there are.
        found: u64,
        /// Rows that there should be.
        expected: u64,
    },
    /// An incident is not what its decisions give; `rebuild` makes it anew.
    #[error("incident {0} is not what its decisions and reports give: to rebuild makes it anew")]
    Incident(String),
    /// What an event tells is not what its coded document says; `rebuild` makes it anew.
    #[error(
        "what event {1} of report {0} tells is not what its coded document says: to rebuild makes it anew"
    )]
    Telling(String, String),
    /// An event is kept under another incident than its decisions say; `rebuild` puts it right.
    #[error("event {1} of report {0} is not kept where its decisions put it: to rebuild makes it anew")]
    Event(String, String),
    /// An entry of the watch's log was changed, taken out or moved.
    #[error("entry {seq} of the watch's log was changed, or those before it: its hash does not fit")]
    Watch {
        /// Its place in the log.
        seq: u64,
    },
    /// A situation is not what the watch's log gives; `rebuild` makes it anew.
    #[error("situation {0} is not what the watch's log gives: to rebuild makes it anew")]
    Situation(String),
}

pub(crate) fn verify<R: Rows>(keeper: &mut Keeper<R>, found: &mut dyn FnMut(Fault)) -> Result<u64, Error> {
    for what in keeper.rows.integrity()? {
        found(Fault::Database(what));
    }
    let head = keeper.rows.head()?;
    let mut last = Head { seq: 0, hash: GENESIS.to_owned() };
    let mut looked = 0;
    let mut indexed = 0;
    let mut reports = BTreeSet::new();
    let mut incidents = BTreeSet::new();
    loop {
        let entries = keeper.rows.entries_after(last.seq, PIECE)?;
        if entries.is_empty() {
            break;
        }
        for entry in entries {
            looked += 1;
            if entry.seq > last.seq + 1 {
                found(Fault::Missing { first: last.seq + 1, last: entry.seq - 1 });
            }
            let fits = hash(&last.hash, &entry.body) == entry.hash;
            // After a gap the hash before is not known.
            let judged = entry.seq == last.seq + 1;
            last = Head { seq: entry.seq, hash: entry.hash.clone() };
            match entry.decision(keeper.rows.name()) {
                Ok(decision) => {
                    if decision.seq != entry.seq {
                        found(Fault::Moved { seq: entry.seq, says: decision.seq });
                    } else if judged && !fits {
                        found(Fault::Changed { seq: entry.seq });
                    }
                    indexed += subjects(&decision).len() as u64;
                    incidents.extend(decision.incidents.iter().cloned());
                    if let Change::ReportAdded { report, text_sha256, coded_sha256 } = decision.change {
                        look_at_report(keeper, entry.seq, &report, (&text_sha256, &coded_sha256), found)?;
                        reports.insert(report);
                    }
                }
                Err(error) => found(Fault::Unreadable { seq: entry.seq, why: error.to_string() }),
            }
        }
    }
    if last.seq != head.seq {
        found(Fault::End { found: last.seq, head: head.seq });
    } else if last.hash != head.hash {
        found(Fault::Changed { seq: last.seq });
    }
    let mut after = String::new();
    loop {
        let ids = keeper.rows.report_ids(&after, PIECE)?;
        let Some(id) = ids.last() else { break };
        after.clone_from(id);
        ids.into_iter().filter(|id| !reports.contains(id)).for_each(|id| found(Fault::ReportUnknown(id)));
    }
    let rows = keeper.rows.subject_count()?;
    if rows != indexed {
        found(Fault::Index { found: rows, expected: indexed });
    }
    look_at_incidents(keeper, incidents, found)?;
    crate::watching::verify(keeper, found)?;
    Ok(looked)
}

fn look_at_report<R: Rows>(
    keeper: &mut Keeper<R>,
    seq: u64,
    id: &str,
    (text, coded): (&str, &str),
    found: &mut dyn FnMut(Fault),
) -> Result<(), Error> {
    let changed = |what| Fault::ReportChanged { report: id.to_owned(), what, seq };
    match keeper.rows.report(id) {
        Ok(None) => found(Fault::ReportMissing(id.to_owned(), seq)),
        Ok(Some(report)) => {
            if sha256(report.text.as_bytes()) != text {
                found(changed("text"));
            }
            if sha256(report.coded.as_bytes()) != coded {
                found(changed("coded document"));
            } else {
                look_at_row(keeper, &report, seq, found)?;
            }
        }
        Err(Error::Damaged { .. }) => found(changed("text")),
        Err(error) => return Err(error),
    }
    Ok(())
}

/// What the report is found by, and what incidents are made of, is what its coded document says.
fn look_at_row<R: Rows>(
    keeper: &mut Keeper<R>,
    report: &StoredReport,
    seq: u64,
    found: &mut dyn FnMut(Fault),
) -> Result<(), Error> {
    let Ok(coded) = report.document(keeper.rows.name()) else { return Ok(()) };
    let info = &coded.document;
    // Not every database takes the character 0 in a row; what was said stands in the document.
    let row = |text: &Option<String>| text.as_ref().map(|text| text.replace('\0', "\u{fffd}"));
    let says = [&info.url, &info.given_id, &info.title, &info.publisher, &info.language].map(row);
    let kept = [&report.url, &report.given_id, &report.title, &report.publisher, &report.language].map(row);
    if says != kept || info.published != report.published {
        found(Fault::ReportChanged { report: report.id.clone(), what: "row", seq });
    }
    let told = Telling::of(&report.id, &coded);
    let keys: Vec<EventKey> = told.iter().map(|telling| telling.key.clone()).collect();
    let kept = keeper.rows.tellings(&keys)?;
    for telling in told {
        if !kept.contains(&telling) {
            found(Fault::Telling(telling.key.report, telling.key.event));
        }
    }
    if keeper.rows.events(&report.id)?.len() != keys.len() {
        found(Fault::Telling(report.id.clone(), "*".to_owned()));
    }
    Ok(())
}

fn look_at_incidents<R: Rows>(
    keeper: &mut Keeper<R>,
    mut incidents: BTreeSet<String>,
    found: &mut dyn FnMut(Fault),
) -> Result<(), Error> {
    let mut after = String::new();
    loop {
        let ids = keeper.rows.incident_ids(&after, PIECE)?;
        let Some(last) = ids.last() else { break };
        after.clone_from(last);
        incidents.extend(ids);
    }
    for id in incidents {
        let piece = match keeper.piece(&id) {
            Ok(piece) => piece,
            // Said already.
            Err(Error::Damaged { .. }) => continue,
            Err(error) => return Err(error),
        };
        let exists = piece.ledger.incidents().any(|known| known == id);
        let kept = match keeper.rows.incident(&id) {
            Ok(kept) => kept,
            Err(Error::Damaged { .. }) => None,
            Err(error) => return Err(error),
        };
        let same = match (exists, kept) {
            (true, Some(kept)) => keeper.look(&piece, &id)?.0 == kept,
            (false, None) => true,
            _ => false,
        };
        if !same {
            found(Fault::Incident(id.clone()));
        }
        for event in piece.ledger.members(&id) {
            let kept = keeper.rows.home(&event)?.flatten();
            if kept.as_deref() != piece.ledger.home(&event) {
                found(Fault::Event(event.report, event.event));
            }
        }
    }
    Ok(())
}

/// Makes the index, the incidents, what events tell and where they belong anew, from the log and the reports.
pub(crate) fn rebuild<R: Rows>(keeper: &mut Keeper<R>) -> Result<(), Error> {
    keeper.rows.forget_derived()?;
    let mut after = String::new();
    loop {
        let ids = keeper.rows.report_ids(&after, PIECE)?;
        let Some(last) = ids.last() else { break };
        after.clone_from(last);
        for id in &ids {
            // A report that is damaged is named by `verify`; what it told stays as it was kept.
            let Ok(Some(report)) = keeper.rows.report(id) else { continue };
            let Ok(coded) = report.document(keeper.rows.name()) else { continue };
            keeper.rows.put_tellings(id, &Telling::of(id, &coded))?;
        }
    }
    let mut last = 0;
    let mut incidents: BTreeSet<String> = BTreeSet::new();
    loop {
        let entries = keeper.rows.entries_after(last, PIECE)?;
        if entries.is_empty() {
            break;
        }
        for entry in entries {
            last = entry.seq;
            let decision = entry.decision(keeper.rows.name())?;
            keeper.rows.index(entry.seq, &subjects(&decision))?;
            incidents.extend(decision.incidents.iter().cloned());
        }
    }
    // What is a copy is known for all before the first incident is looked at.
    last = 0;
    loop {
        let entries = keeper.rows.entries_after(last, PIECE)?;
        let Some(end) = entries.last() else { break };
        last = end.seq;
        for entry in &entries {
            for effect in entry.decision(keeper.rows.name())?.effects.iter().filter(|e| e.what == "copy_of") {
                let mut piece = Batch::default();
                keeper.load(&mut piece, vec![crate::log::report_subject(&effect.of)])?;
                keeper.rows.set_copy(&effect.of, piece.ledger.copy_of(&effect.of))?;
            }
        }
    }
    let mut done: BTreeSet<String> = BTreeSet::new();
    for id in incidents {
        if done.contains(&id) {
            continue;
        }
        let piece = keeper.piece(&id)?;
        let events: Vec<_> = piece.ledger.events().cloned().collect();
        for event in events {
            keeper.rows.set_home(&event, piece.ledger.home(&event))?;
        }
        let ids: Vec<String> = piece.ledger.incidents().map(str::to_owned).collect();
        for id in ids {
            keeper.keep(&piece, &id)?;
            done.insert(id);
        }
    }
    crate::watching::rebuild(keeper)
}
