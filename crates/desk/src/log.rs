//! What has happened: the log, the changes of incidents, and a word to whoever waits for one.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use schemars::JsonSchema;
use serde::Serialize;
use store::Store;
use store::find::{ChangeCursor, ChangeRow};

use crate::Desk;
use crate::asked::{CHANGES, LOG};
use crate::endpoint::{Ask, Endpoint};
use crate::incidents::Decisions;
use crate::problem::Problem;

/// Changes of incidents.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ChangePage {
    /// Each incident once, the one touched longest ago first.
    items: Vec<ChangeRow>,
    /// Where to go on from, now or later.
    next: String,
    /// Whether there are more now.
    more: bool,
}

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get("/log", "log", "The log: every decision of persons and programs.")
            .asks(LOG)
            .tagged()
            .answers::<Decisions>(200, "Decisions.")
            .by(log),
        Endpoint::get("/changes", "changes", "The incidents that were touched since a place of the log, as they stand now.")
            .asks(CHANGES)
            .tagged()
            .answers::<ChangePage>(200, "Changes.")
            .by(changes),
        Endpoint::get("/events", "events", "Server-sent events: `change`, with the log's head, the incidents touched and who decided, when something has changed.")
            .gives(200, "A stream of events.", "text/event-stream")
            .by(events),
    ]
}

async fn log(desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    let limit: usize = ask.asked.number("limit", 1, 500, 100)?;
    let number = |text: &str| text.parse::<u64>().ok();
    let after = ask.asked.value("after", "a number of the log, or 0", number)?;
    let before = ask.asked.value("before", "a number of the log", |text| number(text).filter(|n| *n > 0))?;
    if after.is_some() && before.is_some() {
        return Err(Problem::parameter("before", "", "`after` or `before`, not both"));
    }
    let setup = Arc::clone(&desk.setup);
    desk.derived(&ask, move |store| {
        let mut items = match after {
            Some(after) => store.decisions(after, limit)?,
            None => {
                let end = before.unwrap_or(u64::MAX).min(store.head()?.seq.saturating_add(1));
                let first = end.saturating_sub(1).saturating_sub(limit as u64);
                let mut found = store.decisions(first, limit)?;
                found.retain(|decision| decision.seq < end);
                found.reverse();
                found
            }
        };
        items.iter_mut().for_each(|decision| setup.unname_decision(decision));
        Ok(Decisions { items })
    })
    .await
}

async fn changes(desk: Arc<Desk>, ask: Ask) -> Result<Response, Problem> {
    let limit: usize = ask.asked.number("limit", 1, 1000, 200)?;
    let since = ask
        .asked
        .value("since", "0, or the `next` that the last answer ended with", |text| text.parse().ok())?;
    let since: ChangeCursor = since.unwrap_or(ChangeCursor { seq: 0, row: i64::MAX });
    let setup = Arc::clone(&desk.setup);
    desk.derived(&ask, move |store| {
        let mut found = store.changes(since, limit)?;
        found.rows.iter_mut().for_each(|row| setup.unname(&mut row.incident));
        Ok(ChangePage { items: found.rows, next: found.next.to_string(), more: found.more })
    })
    .await
}

/// How often the store is asked whether other programs have written to it, while somebody waits to hear of it.
const EVERY: Duration = Duration::from_secs(1);

/// What has changed.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(crate) struct News {
    /// The end of the log.
    pub(crate) head: String,
    /// The incidents that were touched; the first hundred.
    pub(crate) incidents: Vec<String>,
    /// Who has decided.
    pub(crate) by: Vec<String>,
}

/// Decisions whose incidents are named; of more the page looks at all of it again.
const NAMED: usize = 100;

async fn events(desk: Arc<Desk>, _ask: Ask) -> Result<Response, Problem> {
    let mut news = desk.news.subscribe();
    // What is there already is none.
    news.mark_unchanged();
    let stopping = desk.stopping.subscribe();
    let stream = futures_util::stream::unfold((news, stopping), |(mut news, mut stopping)| async move {
        tokio::select! {
            changed = news.changed() => changed.ok()?,
            _ = stopping.wait_for(|stopping| *stopping) => return None,
        }
        let said = news.borrow_and_update().clone();
        let data = serde_json::to_string(&said).unwrap_or_default();
        let event = Event::default().event("change").id(said.head).data(data);
        Some((Ok::<_, Infallible>(event), (news, stopping)))
    });
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))).into_response())
}

impl Desk {
    /// Asks for the end of the log now and then, while somebody waits to hear of it.
    pub(crate) async fn watch_head(self: Arc<Self>) {
        let mut stopping = self.stopping.subscribe();
        loop {
            tokio::select! {
                () = tokio::time::sleep(EVERY) => {}
                () = self.look.notified() => {}
                _ = stopping.wait_for(|stopping| *stopping) => return,
            }
            if self.news.receiver_count() == 0 {
                continue;
            }
            let known: u64 = self.news.borrow().head.parse().unwrap_or_default();
            let looked = self.pool.read(move |store| Ok(news(store, known)?)).await;
            if let Ok(Some(news)) = looked {
                self.news.send_replace(news);
            }
        }
    }

    /// Something was written here.
    pub(crate) fn look_again(&self) {
        self.look.notify_one();
    }
}

/// What was decided after a place of the log.
pub(crate) fn news(store: &mut dyn Store, known: u64) -> Result<Option<News>, store::Error> {
    let head = store.head()?.seq;
    if head == known {
        return Ok(None);
    }
    let decisions = store.decisions(known, NAMED)?;
    let mut incidents: Vec<String> =
        decisions.iter().flat_map(|decision| decision.incidents.iter().cloned()).collect();
    let mut by: Vec<String> = decisions.into_iter().map(|decision| decision.by.name).collect();
    for names in [&mut incidents, &mut by] {
        names.sort();
        names.dedup();
        names.truncate(NAMED);
    }
    Ok(Some(News { head: head.to_string(), incidents, by }))
}
