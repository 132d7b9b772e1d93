//! What a person decides about incidents, one at a time or all that a filter finds.

use std::sync::Arc;

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use record::{Change, Incident, Status};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::accounts::Recorded;
use store::find::{Filter, Order, Page, Total as Counted};
use store::{Act, Outcome, Plan, Stamp, Store};

use crate::account::{Caller, Need};
use crate::answer::{json, tag_of, tagged};
use crate::asked::{Asked, FILTERS};
use crate::deciding::{Wrong, correction, keys, new_id};
use crate::endpoint::{Ask, Endpoint};
use crate::problem::Problem;
use crate::{Desk, Setup};

/// Incidents that one request may decide about at most.
const MOST: u64 = 10_000;

/// What is decided.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
enum Wanted {
    /// The incident is right.
    Accept {
        /// Its id.
        incident: String,
    },
    /// The incident is wrong, or not for this collection.
    Reject {
        /// Its id.
        incident: String,
    },
    /// The reports tell of nothing that happened.
    NotAnEvent {
        /// The incident's id.
        incident: String,
    },
    /// A field is this, whatever the reports say. Needs a reason.
    Correct {
        /// The incident's id.
        incident: String,
        /// sub_event_type, dates, place, actors, recipients, or a figure: killed, injured, …
        field: String,
        /// Its value: in words (a day, `FROM..UNTIL`, a number, `LOW..BEST..HIGH`), or JSON of the shape that the incident has it in.
        value: Value,
    },
    /// The others are part of the incident: their ids lead to it from now on.
    Merge {
        /// The one that stays.
        incident: String,
        /// The others, at least one.
        from: Vec<String>,
    },
    /// Some events of the incident are an incident of their own.
    Split {
        /// The incident's id.
        incident: String,
        /// Events (`R-…#e1`), or reports (`R-…`), all of whose events in the incident are meant.
        events: Vec<String>,
    },
    /// Events belong to the incident.
    Link {
        /// The incident's id.
        incident: String,
        /// Events (`R-…#e1`), or reports (`R-…`).
        events: Vec<String>,
    },
    /// A report repeats another, or none.
    Copy {
        /// The report.
        report: String,
        /// The report that it repeats; null for a voice of its own.
        of: Option<String>,
    },
    /// A decision is taken back.
    Undo {
        /// Its number.
        decision: u64,
        /// With all that were taken at once with it, up to this one.
        #[serde(default)]
        through: Option<u64>,
    },
}

/// What is decided, and why.
#[derive(Debug, JsonSchema)]
#[schemars(inline)]
#[expect(
    dead_code,
    reason = "the shape of the body in the documentation; it is read in two steps, so that unknown fields are refused"
)]
struct DecisionAsked {
    #[schemars(flatten)]
    wanted: Wanted,
    /// Why, for whoever reads the log.
    #[schemars(default)]
    reason: String,
}

/// What is decided about all that a filter finds.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct BulkAsked {
    /// What.
    kind: Review,
    /// Which incidents, by the parameters that /incidents takes.
    filters: Map<String, Value>,
    /// How many they are: with another number nothing is done.
    expected_count: u64,
    /// Why, for whoever reads the log.
    #[serde(default)]
    reason: String,
}

/// What can be said of many.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Review {
    /// They are right.
    Accept,
    /// They are wrong, or not for this collection.
    Reject,
    /// Nothing of it happened.
    NotAnEvent,
}

/// What came of it.
#[derive(Debug, Serialize, JsonSchema)]
struct Decided {
    /// The decision's number, or the first of them.
    decision: u64,
    /// The last of them: `{"kind": "undo", "decision": …, "through": …}` takes all of it back.
    through: u64,
    /// How many decisions were taken.
    count: u64,
    /// The incident as it stands now; null where several were decided about, or none.
    incident: Option<Incident>,
    /// The incidents that were touched.
    incidents: Vec<String>,
    /// The incident that was made.
    created: Option<String>,
    /// What was not done of it, and why.
    refused: Vec<String>,
}

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::post(
            "/decisions",
            "decide",
            "Decide about an incident or a report, or take a decision back.",
            Need::Decide,
        )
        .takes::<DecisionAsked>()
        .careful()
        .answers::<Decided>(201, "It stands in the log. The ETag is that of the incident as it stands now.")
        .by(decide),
        Endpoint::post(
            "/decisions/bulk",
            "decide-bulk",
            "Decide about all incidents that a filter finds.",
            Need::Bulk,
        )
        .takes::<BulkAsked>()
        .careful()
        .answers::<Decided>(201, "It stands in the log.")
        .by(bulk),
    ]
}

impl From<Wrong> for Problem {
    fn from(wrong: Wrong) -> Self {
        let detail = wrong.to_string();
        match wrong {
            Wrong::Store(error) => error.into(),
            Wrong::NoReport(_) | Wrong::NoEvent(_) => {
                Self::field("events", detail, "events (R-…#e1) or reports (R-…)")
                    .hint("GET /api/v1/incidents/{id} names the reports and events of an incident")
            }
            Wrong::NoField { known, .. } => Self::field("field", detail, format!("one of: {known}")),
            Wrong::Value { expected, .. } => Self::field("value", detail, expected),
            Wrong::NotJson(_) => Self::field("value", detail, "JSON; words need no quotes and no braces"),
            Wrong::Shape { .. } => {
                Self::field("value", detail, "the shape that GET /api/v1/incidents/{id} has the field in")
            }
        }
    }
}

/// What a plan found wrong: the store only knows errors of its own, and takes any of them as a reason to keep nothing.
#[derive(Default)]
struct Stopped(Option<Problem>);

impl Stopped {
    fn by(&mut self, problem: impl Into<Problem>) -> store::Error {
        self.0 = Some(problem.into());
        store::Error::Asked(String::new())
    }

    fn or(self, error: store::Error) -> Problem {
        self.0.unwrap_or_else(|| error.into())
    }
}

impl Desk {
    fn stamp(&self, caller: &Caller) -> Stamp {
        Stamp { by: caller.author(), at: jiff::Timestamp::now(), tool: self.setup.tool.clone() }
    }
}

/// The name that a client has given its request, with the client's own, and what is asked.
fn once(ask: &Ask) -> Result<Option<(String, String)>, Problem> {
    let Some(key) = ask.headers.get("idempotency-key") else { return Ok(None) };
    let fits = key.to_str().ok().filter(|key| (1..=200).contains(&key.trim().len()));
    let Some(key) = fits else {
        return Err(Problem {
            place: Some("Idempotency-Key".to_owned()),
            expected: Some("1 to 200 characters of ASCII".to_owned()),
            ..Problem::new("wrong-parameter", "that is no name of a request")
        });
    };
    Ok(Some((format!("{}\n{}", ask.caller.name, key.trim()), ask.hash())))
}

/// Has the store decide, once where the request has a name.
fn recorded(
    store: &mut dyn Store,
    stamp: &Stamp,
    once: Option<(String, String)>,
    plan: &mut Plan<'_>,
) -> Result<Result<Recorded, store::Error>, Problem> {
    let Some((key, asked)) = once else {
        return Ok(store.record_with(stamp, plan).map(Recorded::Now));
    };
    let recorded = store.record_once(stamp, &key, &asked, plan);
    if let Ok(Recorded::Before(before)) = &recorded
        && before.asked != asked
    {
        return Err(Problem::field(
            "Idempotency-Key",
            "another request was sent by that name",
            "a new name for a new request",
        ));
    }
    Ok(recorded)
}

async fn decide(desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    let mut body: Map<String, Value> = ask.json()?;
    let reason = match body.remove("reason") {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(reason)) => reason,
        Some(_) => return Err(Problem::field("reason", "the reason is no text", "text")),
    };
    let wanted: Wanted = serde_json::from_value(Value::Object(body)).map_err(|error| {
        Problem::new("wrong-body", format!("the body cannot be understood: {error}"))
            .hint("/api/v1/docs has the shape of it")
    })?;
    if let Wanted::Undo { decision, through: Some(through) } = &wanted
        && through > decision
        && !ask.caller.may.contains(&Need::Bulk)
    {
        return Err(Problem::new(
            "not-allowed",
            format!("{} may take back one decision at a time", ask.caller.name),
        ));
    }
    let (stamp, setup, once) = (desk.stamp(&ask.caller), Arc::clone(&desk.setup), once(&ask)?);
    let response = desk
        .pool
        .write(move |store| {
            let mut stopped = Stopped::default();
            let recorded = recorded(store, &stamp, once, &mut |store| {
                if let Some(id) = incident_of(&wanted) {
                    unchanged_since(store, id, &ask.headers, &setup)
                        .map_err(|problem| stopped.by(problem))?;
                }
                let changes = changes(store, &wanted).map_err(|problem| stopped.by(problem))?;
                Ok(changes.into_iter().map(|change| Act::Decide { change, why: reason.clone() }).collect())
            });
            let recorded = recorded?.map_err(|error| stopped.or(error))?;
            let mut decided = decided(store, &recorded)?;
            let id = incident_of(&wanted).or(match decided.incidents.as_slice() {
                [one] => Some(one.as_str()),
                _ => None,
            });
            let mut tag = None;
            if let Some(mut incident) = id.map(|id| store.resolved(id)).transpose()?.flatten() {
                tag = Some(tag_of(&incident));
                setup.unname(&mut incident);
                decided.incident = Some(incident);
            }
            let response = json(StatusCode::CREATED, &decided)?;
            Ok(match tag {
                Some(tag) => tagged(response, &tag),
                None => response,
            })
        })
        .await;
    desk.look_again();
    response
}

/// The incident that a decision is chiefly about.
fn incident_of(wanted: &Wanted) -> Option<&str> {
    match wanted {
        Wanted::Accept { incident }
        | Wanted::Reject { incident }
        | Wanted::NotAnEvent { incident }
        | Wanted::Correct { incident, .. }
        | Wanted::Merge { incident, .. }
        | Wanted::Split { incident, .. }
        | Wanted::Link { incident, .. } => Some(incident),
        Wanted::Copy { .. } | Wanted::Undo { .. } => None,
    }
}

/// That an incident is still the one that the client has seen, where the client says which that was.
fn unchanged_since(
    store: &mut dyn Store,
    id: &str,
    headers: &HeaderMap,
    setup: &Setup,
) -> Result<(), Problem> {
    let found = store.incident(id)?.ok_or_else(|| Problem::no_incident(id))?;
    let said: Vec<&str> = headers
        .get_all(header::IF_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    let tag = tag_of(&found);
    if said.is_empty() || said.iter().any(|said| matches!(said.trim(), "*") || said.trim() == tag) {
        return Ok(());
    }
    let now = store.resolved(id)?.map(|mut incident| {
        setup.unname(&mut incident);
        Box::new(incident)
    });
    Err(Problem {
        place: Some("If-Match".to_owned()),
        expected: Some(tag),
        incident: now,
        ..Problem::new("changed", format!("{id} was changed since it was read: nothing was decided"))
    }
    .hint("look at it as it stands now, and decide again with its new ETag"))
}

fn changes(store: &mut dyn Store, wanted: &Wanted) -> Result<Vec<Change>, Problem> {
    Ok(match wanted.clone() {
        Wanted::Accept { incident } => vec![Change::Accepted { incident }],
        Wanted::Reject { incident } => vec![Change::Rejected { incident }],
        Wanted::NotAnEvent { incident } => vec![Change::NotAnEvent { incident }],
        Wanted::Correct { incident, field, value } => {
            let value = match value {
                Value::String(words) => words,
                other => other.to_string(),
            };
            vec![Change::Corrected { incident, correction: correction(&field, &value)? }]
        }
        Wanted::Merge { incident, from } => {
            if from.is_empty() {
                return Err(Problem::field("from", "nothing is named that is merged", "ids of incidents"));
            }
            vec![Change::Merged { from, into: incident }]
        }
        Wanted::Split { incident, events } => {
            let events = keys(store, &events, Some(&incident))?;
            let into = new_id(store, &incident, &events)?;
            vec![Change::Split { from: incident, events, into }]
        }
        Wanted::Link { incident, events } => keys(store, &events, None)?
            .into_iter()
            .map(|event| Change::Linked { event, incident: incident.clone() })
            .collect(),
        Wanted::Copy { report, of } => vec![Change::CopyOf { report, of }],
        Wanted::Undo { decision, through } => undone(store, decision, through.unwrap_or(decision))?,
    })
}

/// Decisions that were taken at once, the last first.
fn undone(store: &mut dyn Store, first: u64, last: u64) -> Result<Vec<Change>, Problem> {
    let count = last
        .checked_sub(first)
        .and_then(|span| usize::try_from(span).ok())
        .filter(|span| *span < MOST as usize);
    let Some(count) = count else {
        return Err(Problem::field(
            "through",
            format!("{first} to {last} is no row of decisions"),
            format!("{first} or a later one, of at most {MOST}"),
        ));
    };
    let decisions = store.decisions(first.saturating_sub(1), count + 1)?;
    if decisions.len() != count + 1 || first == 0 {
        return Err(Problem::field(
            "decision",
            format!("there is no decision {last}"),
            "a number of the log",
        ));
    }
    let together = decisions.windows(2).all(|pair| match pair {
        [one, next] => one.by == next.by && one.at == next.at,
        _ => true,
    });
    if !together {
        return Err(Problem::field(
            "through",
            format!("{first} to {last} were not taken at once"),
            "the `through` of one answer",
        ));
    }
    Ok((first..=last).rev().map(|decision| Change::Undone { decision }).collect())
}

/// What came of acts, now or before: where not one was done, why.
fn decided(store: &mut dyn Store, recorded: &Recorded) -> Result<Decided, Problem> {
    let mut refused = Vec::new();
    let (decision, through) = match recorded {
        Recorded::Before(before) => (before.first, before.last),
        Recorded::Now(outcomes) => {
            let mut seqs = Vec::new();
            for outcome in outcomes {
                match outcome {
                    Outcome::Decided { seq } => seqs.push(*seq),
                    Outcome::Refused(why) => refused.push(why.to_string()),
                    Outcome::Added { .. } | Outcome::Known { .. } => {}
                }
            }
            let (Some(first), Some(last)) = (seqs.first(), seqs.last()) else {
                let why =
                    refused.first().cloned().unwrap_or_else(|| "there was nothing to decide".to_owned());
                return Err(Problem::new("refused", why));
            };
            (*first, *last)
        }
    };
    let count = through - decision + 1;
    let decisions = store.decisions(decision - 1, usize::try_from(count).unwrap_or(1))?;
    let created = decisions.iter().find_map(|decision| match &decision.change {
        Change::Split { into, .. } => Some(into.clone()),
        _ => None,
    });
    let mut incidents: Vec<String> = decisions.into_iter().flat_map(|decision| decision.incidents).collect();
    incidents.sort();
    incidents.dedup();
    Ok(Decided { decision, through, count, incident: None, incidents, created, refused })
}

async fn bulk(desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    let body: BulkAsked = ask.json()?;
    if !(1..=MOST).contains(&body.expected_count) {
        return Err(Problem::field(
            "expected_count",
            format!("{} incidents cannot be decided about at once", body.expected_count),
            format!("1 to {MOST}: filter further, for example by `to`, and go on with the rest"),
        ));
    }
    let filter = Asked::of_json(&body.filters, &[FILTERS])?.filter(&desk.setup.countries)?;
    let (stamp, once) = (desk.stamp(&ask.caller), once(&ask)?);
    let response = desk
        .pool
        .write(move |store| {
            let mut stopped = Stopped::default();
            let recorded = recorded(store, &stamp, once, &mut |store| {
                acts(store, &filter, &body).map_err(|problem| stopped.by(problem))
            });
            let recorded = recorded?.map_err(|error| stopped.or(error))?;
            json(StatusCode::CREATED, &decided(store, &recorded)?)
        })
        .await;
    desk.look_again();
    response
}

fn acts(store: &mut dyn Store, filter: &Filter, body: &BulkAsked) -> Result<Vec<Act>, Problem> {
    let (Counted::Exactly(count) | Counted::MoreThan(count)) = store.count(filter, u64::MAX)?;
    if count != body.expected_count {
        return Err(Problem {
            place: Some("expected_count".to_owned()),
            expected: Some(count.to_string()),
            ..Problem::new(
                "refused",
                format!(
                    "the filter finds {count} incidents now, and {} were expected: nothing was decided",
                    body.expected_count
                ),
            )
        }
        .hint("look at what it finds now, and decide again"));
    }
    let says = match body.kind {
        Review::Accept => Status::Accepted,
        Review::Reject => Status::Rejected,
        Review::NotAnEvent => Status::NotAnEvent,
    };
    let mut acts = Vec::new();
    let page = Page { order: Order::Newest, after: None, limit: 500 };
    crate::overview::each(store, filter, page, &mut |incident| {
        // Of those that stand so already there is nothing to decide.
        if incident.status != says {
            let incident = incident.id;
            let change = match body.kind {
                Review::Accept => Change::Accepted { incident },
                Review::Reject => Change::Rejected { incident },
                Review::NotAnEvent => Change::NotAnEvent { incident },
            };
            acts.push(Act::Decide { change, why: body.reason.clone() });
        }
    })?;
    Ok(acts)
}
