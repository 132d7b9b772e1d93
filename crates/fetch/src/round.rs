//! One round over the sources that are due: several servers at a time, each source's reports handed over as they come.

use std::collections::{BTreeMap, VecDeque};
use std::sync::mpsc::{Sender, SyncSender, channel, sync_channel};
use std::sync::{Mutex, PoisonError};

use record::{HostState, SourceItem};

use crate::clock::{Clock, Stop};
use crate::collect::{Done, Due, Fetched, Link, collect};
use crate::link;
use crate::polite::{Hosts, Polite};
use crate::settings::Settings;

/// Where a round gets what is remembered, and puts what came. All of it is called on the thread that runs the round.
pub trait Desk {
    /// What goes wrong there.
    type Error;
    /// What is known of a source's items by these keys, in their order.
    fn known(&mut self, source: &str, keys: &[String]) -> Result<Vec<Option<SourceItem>>, Self::Error>;
    /// Items of a source that are still to be read, at most so many, those that wait longest first.
    fn waiting(&mut self, source: &str, limit: usize) -> Result<Vec<SourceItem>, Self::Error>;
    /// What is known of a server.
    fn host(&mut self, server: &str) -> Result<HostState, Self::Error>;
    /// Keeps what is known of a server.
    fn keep_host(&mut self, server: &str, state: &HostState) -> Result<(), Self::Error>;
    /// A report came. It counts as had only once its source is done.
    fn take(&mut self, fetched: Fetched) -> Result<(), Self::Error>;
    /// A source is done: its reports are to be kept, and then what is remembered of it.
    fn done(&mut self, done: Done) -> Result<(), Self::Error>;
}

/// What those who fetch say to the thread that runs the round.
enum Message {
    Known(String, Vec<String>, Sender<Vec<Option<SourceItem>>>),
    Waiting(String, usize, Sender<Vec<SourceItem>>),
    Host(String, Sender<HostState>),
    KeepHost(String, Box<HostState>),
    Report(Box<Fetched>),
    Done(Box<Done>),
}

/// Reports that may be on their way at a time; who fetches waits for who reads.
const ON_THE_WAY: usize = 16;

/// The way to the thread that runs the round. Nothing comes back where that has ended.
struct Wire(SyncSender<Message>);

impl Wire {
    fn ask<T>(&self, message: impl FnOnce(Sender<T>) -> Message) -> Option<T> {
        let (reply, answer) = channel();
        self.0.send(message(reply)).ok()?;
        answer.recv().ok()
    }
}

impl Link for Wire {
    fn known(&self, source: &str, keys: Vec<String>) -> Option<Vec<Option<SourceItem>>> {
        self.ask(|reply| Message::Known(source.to_owned(), keys, reply))
    }

    fn waiting(&self, source: &str, limit: usize) -> Option<Vec<SourceItem>> {
        self.ask(|reply| Message::Waiting(source.to_owned(), limit, reply))
    }

    fn take(&self, fetched: Fetched) -> Option<()> {
        self.0.send(Message::Report(Box::new(fetched))).ok()
    }
}

impl Hosts for Wire {
    fn host(&mut self, server: &str) -> HostState {
        self.ask(|reply| Message::Host(server.to_owned(), reply)).unwrap_or_default()
    }

    fn keep(&mut self, server: &str, state: &HostState) {
        // Nobody is left to keep it: the round has ended, and whoever ended it says why.
        let _ = self.0.send(Message::KeepHost(server.to_owned(), Box::new(state.clone())));
    }
}

/// Runs a round over these sources.
///
/// # Errors
/// The first that the desk has; what was done before stays done.
pub fn round<D: Desk>(
    due: Vec<Due>,
    settings: &Settings,
    clock: &dyn Clock,
    stop: &Stop,
    seed: u64,
    desk: &mut D,
) -> Result<(), D::Error> {
    // Those of one server one after another, so that none stands before a server that another speaks to.
    let mut by_server: BTreeMap<String, Vec<Due>> = BTreeMap::new();
    for one in due {
        let server = link::parse(&one.source.url).map_or_else(|_| String::new(), |url| link::server(&url));
        by_server.entry(server).or_default().push(one);
    }
    let workers = usize::from(settings.hosts).clamp(1, by_server.len().max(1));
    let queue: Mutex<VecDeque<Vec<Due>>> = Mutex::new(by_server.into_values().collect());
    let stop = stop.child();
    let (sender, receiver) = sync_channel(ON_THE_WAY);
    let polite = Polite::new(settings, clock, &stop, Box::new(Wire(sender.clone())));
    let work = |wire: Wire| {
        loop {
            let next = queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
            let Some(group) = next else { return };
            for due in group {
                if stop.asked() {
                    return;
                }
                let done = collect(&due, &polite, &wire, settings, clock, seed);
                if wire.0.send(Message::Done(Box::new(done))).is_err() {
                    return;
                }
            }
        }
    };
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..workers)
            .map(|_| {
                let wire = Wire(sender.clone());
                scope.spawn(|| work(wire))
            })
            .collect();
        drop(sender);
        let mut failed = None;
        // What is politely kept holds a way here for as long as the round lasts: so the end is told by the threads.
        loop {
            match receiver.recv_timeout(std::time::Duration::from_millis(50)) {
                Ok(message) if failed.is_none() => {
                    if let Err(error) = serve(desk, message) {
                        // Whoever waits for a reply gets none, and ends.
                        failed = Some(error);
                        stop.ask();
                    }
                }
                Ok(_) => {}
                Err(_) if running.iter().all(std::thread::ScopedJoinHandle::is_finished) => {
                    // What came between the last look and their end.
                    while let Ok(message) = receiver.try_recv() {
                        if failed.is_none()
                            && let Err(error) = serve(desk, message)
                        {
                            failed = Some(error);
                        }
                    }
                    break;
                }
                Err(_) => {}
            }
        }
        failed.map_or(Ok(()), Err)
    })
}

fn serve<D: Desk>(desk: &mut D, message: Message) -> Result<(), D::Error> {
    match message {
        Message::Known(source, keys, reply) => {
            // Who asked may have ended meanwhile.
            let _ = reply.send(desk.known(&source, &keys)?);
        }
        Message::Waiting(source, limit, reply) => {
            let _ = reply.send(desk.waiting(&source, limit)?);
        }
        Message::Host(server, reply) => {
            let _ = reply.send(desk.host(&server)?);
        }
        Message::KeepHost(server, state) => desk.keep_host(&server, &state)?,
        Message::Report(fetched) => desk.take(*fetched)?,
        Message::Done(done) => desk.done(*done)?,
    }
    Ok(())
}
