//! The threads that ask the store: a few that read, one that writes, each with a store of its own. Requests wait for them, and
//! not the other way round: a long question holds up no other connection.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use store::Store;
use tokio::sync::oneshot;

use crate::problem::Problem;

/// Opens the store: each thread its own.
pub type Open = Arc<dyn Fn() -> Result<Box<dyn Store>, store::Error> + Send + Sync>;

/// What a thread is to do; whether its store is still good.
type Job = Box<dyn FnOnce(Result<&mut dyn Store, store::Error>) + Send>;

/// Requests that may wait for a thread. More than that are told to come again.
const WAITING: usize = 512;

/// The threads.
pub(crate) struct Pool {
    readers: SyncSender<Job>,
    writer: SyncSender<Job>,
}

impl Pool {
    /// Starts them.
    pub(crate) fn new(open: &Open, readers: usize) -> std::io::Result<Self> {
        Ok(Self { readers: start("desk-read", open, readers)?, writer: start("desk-write", open, 1)? })
    }

    /// Asks the store something.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut dyn Store) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        given(&self.readers, work).await
    }

    /// Has the store keep something.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut dyn Store) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        given(&self.writer, work).await
    }
}

fn start(name: &str, open: &Open, count: usize) -> std::io::Result<SyncSender<Job>> {
    let (sender, jobs) = sync_channel(WAITING);
    let jobs = Arc::new(Mutex::new(jobs));
    for number in 0..count {
        let (open, jobs) = (Arc::clone(open), Arc::clone(&jobs));
        std::thread::Builder::new().name(format!("{name}-{number}")).spawn(move || work(&open, &jobs))?;
    }
    Ok(sender)
}

/// Does one job after the other until nobody can give any more.
fn work(open: &Open, jobs: &Mutex<Receiver<Job>>) {
    let mut store: Option<Box<dyn Store>> = None;
    loop {
        // A thread that broke while it waited has broken nothing of the queue.
        let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = next else { return };
        if store.is_none() {
            match open() {
                Ok(opened) => store = Some(opened),
                Err(error) => {
                    job(Err(error));
                    continue;
                }
            }
        }
        let Some(kept) = &mut store else { continue };
        if catch_unwind(AssertUnwindSafe(|| job(Ok(kept.as_mut())))).is_err() {
            // Whoever asked is told by the silence; what the store was in the middle of is not gone on with.
            store = None;
        }
    }
}

async fn given<T: Send + 'static>(
    to: &SyncSender<Job>,
    work: impl FnOnce(&mut dyn Store) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let (answer, answered) = oneshot::channel();
    let job: Job = Box::new(move |store| {
        let done = store.map_err(Problem::from).and_then(work);
        // Whoever asked may have gone away.
        let _ = answer.send(done);
    });
    match to.try_send(job) {
        Ok(()) => {}
        Err(TrySendError::Full(_)) => {
            return Err(Problem { retry: Some(1), ..Problem::new("busy", "too many requests wait already") }
                .hint("ask again in a second"));
        }
        Err(TrySendError::Disconnected(_)) => {
            return Err(Problem::new("broken", "the desk is being stopped"));
        }
    }
    answered.await.unwrap_or_else(|_| {
        Err(Problem::new("broken", "the desk broke while it answered")
            .hint("whoever runs the desk finds the reason on its standard error"))
    })
}
