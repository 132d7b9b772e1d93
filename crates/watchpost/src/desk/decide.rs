//! `watchpost decide`: what a person decides about incidents.

use ::desk::deciding::{Wrong, correction, keys, new_id};
use anyhow::{anyhow, bail};
use record::{AuthorKind, Change};
use store::{Act, Outcome as Came, Store};

use super::project::{Project, stamp};
use crate::cli::project::{Decide, DecideArgs};
use crate::code::Outcome;
use crate::say;

/// Runs the command.
pub(crate) fn run(args: &DecideArgs) -> anyhow::Result<Outcome> {
    let by = args.by.clone().or_else(|| std::env::var("USER").ok()).filter(|by| !by.trim().is_empty());
    let Some(by) = by else {
        bail!("nobody is named who decides\nhint: --by NAME, or the variable WATCHPOST_PERSON");
    };
    let mut store = Project::find(&args.project)?.store()?;
    let changes = changes(store.as_mut(), &args.decision)?;
    let acts: Vec<Act> =
        changes.into_iter().map(|change| Act::Decide { change, why: args.why.clone() }).collect();
    let outcomes = store.record(&stamp(AuthorKind::Person, &by), &acts)?;
    let mut outcome = Outcome::Fine;
    for (act, came) in acts.iter().zip(&outcomes) {
        let Act::Decide { change, .. } = act else { continue };
        match came {
            Came::Decided { seq } => {
                let new = match change {
                    Change::Split { into, .. } => format!("; the new incident is {into}"),
                    _ => String::new(),
                };
                say::line(&format!(
                    "decided: {} (decision {seq}; `watchpost decide undo {seq}` takes it back){new}",
                    change.what()
                ));
            }
            Came::Refused(why) => {
                outcome = Outcome::SomeUnread;
                say::line(&format!("refused: {why}"));
            }
            Came::Added { .. } | Came::Known { .. } => {}
        }
    }
    Ok(outcome)
}

fn changes(store: &mut dyn Store, decision: &Decide) -> anyhow::Result<Vec<Change>> {
    let each = |ids: &[String], change: fn(String) -> Change| ids.iter().cloned().map(change).collect();
    Ok(match decision {
        Decide::Accept { incidents } => each(incidents, |incident| Change::Accepted { incident }),
        Decide::Reject { incidents } => each(incidents, |incident| Change::Rejected { incident }),
        Decide::NotAnEvent { incidents } => each(incidents, |incident| Change::NotAnEvent { incident }),
        Decide::Merge { into, from } => vec![Change::Merged { from: from.clone(), into: into.clone() }],
        Decide::Split { from, events } => {
            let events = keys(store, events, Some(from)).map_err(told)?;
            let into = new_id(store, from, &events)?;
            vec![Change::Split { from: from.clone(), events, into }]
        }
        Decide::Link { incident, events } => keys(store, events, None)
            .map_err(told)?
            .into_iter()
            .map(|event| Change::Linked { event, incident: incident.clone() })
            .collect(),
        Decide::Correct { incident, field, value } => {
            vec![Change::Corrected {
                incident: incident.clone(),
                correction: correction(field, value).map_err(told)?,
            }]
        }
        Decide::Copy { report, of } => vec![Change::CopyOf { report: report.clone(), of: of.clone() }],
        Decide::Rule { rule } => {
            let rule = serde_json::from_str(rule)
                .map_err(|error| anyhow!("that is no rule: {error}\nhint: docs/store.md has an example"))?;
            vec![Change::RuleSet { rule }]
        }
        Decide::Undo { decision } => vec![Change::Undone { decision: *decision }],
    })
}

/// What to do where something is no decision.
fn told(wrong: Wrong) -> anyhow::Error {
    let hint = match &wrong {
        Wrong::NoReport(_) => {
            "`watchpost show INCIDENT` names the reports and events of an incident".to_owned()
        }
        Wrong::NoEvent(report) => format!("`watchpost show {report}` lists its events and their incidents"),
        Wrong::NoField { known, .. } => known.clone(),
        Wrong::NotJson(_) => "words need no quotes and no braces".to_owned(),
        Wrong::Shape { .. } => "`watchpost schema decision` has the shape of every field".to_owned(),
        Wrong::Value { .. } => {
            "`watchpost show INCIDENT --to json` writes every field as it stands".to_owned()
        }
        Wrong::Store(_) => return wrong.into(),
    };
    anyhow!("{wrong}\nhint: {hint}")
}
