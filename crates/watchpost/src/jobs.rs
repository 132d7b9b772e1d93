//! Work in parallel, results in order, memory bounded.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// How many items may be under way for each worker: enough that a long report does not leave the others idle.
const WINDOW: usize = 8;

/// How many bytes of input may be under way; one item may always be.
const WINDOW_BYTES: usize = 64 << 20;

/// What is under way: read from the input and not yet written.
#[derive(Default)]
struct UnderWay {
    state: Mutex<(usize, usize)>,
    changed: Condvar,
}

impl UnderWay {
    fn enter(&self, items: usize, bytes: usize) {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let full = |&mut (count, held): &mut (usize, usize)| {
            count >= items || (count > 0 && held + bytes > WINDOW_BYTES)
        };
        let mut state = self.changed.wait_while(state, full).unwrap_or_else(PoisonError::into_inner);
        state.0 += 1;
        state.1 += bytes;
    }

    fn leave(&self, bytes: usize) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.0 = state.0.saturating_sub(1);
        state.1 = state.1.saturating_sub(bytes);
        drop(state);
        self.changed.notify_one();
    }
}

type Numbered<T> = (u64, usize, T);

/// Feeds the items of `source` to `jobs` workers and their results, in the order of the items, to `sink`, which may end
/// the whole. The source is made on a thread of its own, since it may hold what cannot be sent between threads.
///
/// Threads are not joined where the sink breaks off: the source may then be waiting for a person to type.
pub(crate) fn in_order<S, I, T, R>(
    jobs: usize,
    source: S,
    size: fn(&T) -> usize,
    work: impl Fn(T) -> R + Send + Sync + 'static,
    mut sink: impl FnMut(R) -> ControlFlow<()>,
) where
    S: FnOnce() -> I + Send + 'static,
    I: Iterator<Item = T>,
    T: Send + 'static,
    R: Send + 'static,
{
    let under_way = Arc::new(UnderWay::default());
    let (to_work, items): (SyncSender<Numbered<T>>, Receiver<_>) = sync_channel(jobs);
    let (to_sink, results): (SyncSender<Numbered<R>>, Receiver<_>) = sync_channel(jobs);
    let items = Arc::new(Mutex::new(items));
    let work = Arc::new(work);

    let entrance = under_way.clone();
    std::thread::spawn(move || {
        for (number, item) in (0..).zip(source()) {
            let bytes = size(&item);
            entrance.enter(jobs * WINDOW, bytes);
            if to_work.send((number, bytes, item)).is_err() {
                break;
            }
        }
    });
    for _ in 0..jobs {
        let (items, work, to_sink) = (items.clone(), work.clone(), to_sink.clone());
        std::thread::spawn(move || {
            loop {
                // The lock is held while waiting: the others would only wait too.
                let next = items.lock().unwrap_or_else(PoisonError::into_inner).recv();
                let Ok((number, bytes, item)) = next else { break };
                if to_sink.send((number, bytes, work(item))).is_err() {
                    break;
                }
            }
        });
    }
    drop(to_sink);

    let mut waiting = BTreeMap::new();
    let mut next = 0;
    for (number, bytes, result) in results {
        waiting.insert(number, (bytes, result));
        while let Some((bytes, result)) = waiting.remove(&next) {
            under_way.leave(bytes);
            next += 1;
            if sink(result).is_break() {
                return;
            }
        }
    }
}

/// Work that is given out as it comes and taken back in its order, for whoever has other things to do meanwhile. It ends with its
/// threads when it is dropped.
pub(crate) struct Pool<T, R> {
    to_work: Sender<(u64, T)>,
    results: Receiver<(u64, R)>,
    /// Results that came before their turn.
    early: BTreeMap<u64, R>,
    given: u64,
    taken: u64,
    most: u64,
}

impl<T: Send + 'static, R: Send + 'static> Pool<T, R> {
    /// So many workers. What `work` does may not panic.
    pub(crate) fn new(jobs: usize, work: impl Fn(T) -> R + Send + Sync + 'static) -> Self {
        let (to_work, items) = channel::<(u64, T)>();
        let (to_pool, results) = channel();
        let items = Arc::new(Mutex::new(items));
        let work = Arc::new(work);
        for _ in 0..jobs {
            let (items, work, to_pool) = (items.clone(), work.clone(), to_pool.clone());
            std::thread::spawn(move || {
                loop {
                    let next = items.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok((number, item)) = next else { break };
                    if to_pool.send((number, work(item))).is_err() {
                        break;
                    }
                }
            });
        }
        let most = (jobs.max(1) * WINDOW) as u64;
        Self { to_work, results, early: BTreeMap::new(), given: 0, taken: 0, most }
    }

    /// Gives out an item.
    pub(crate) fn give(&mut self, item: T) {
        // The threads end only when this does.
        if self.to_work.send((self.given, item)).is_ok() {
            self.given += 1;
        }
    }

    /// Whether so much is out that some of it should be taken back first.
    pub(crate) const fn is_full(&self) -> bool {
        self.given - self.taken >= self.most
    }

    /// The next result in the order of the items; none where nothing is out, or where it is not there yet and is not waited for.
    pub(crate) fn take(&mut self, wait: bool) -> Option<R> {
        while self.taken < self.given {
            if let Some(result) = self.early.remove(&self.taken) {
                self.taken += 1;
                return Some(result);
            }
            let (number, result) =
                if wait { self.results.recv().ok()? } else { self.results.try_recv().ok()? };
            self.early.insert(number, result);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_out_comes_back_in_order() {
        let mut pool = Pool::new(3, |n: u64| {
            std::thread::sleep(std::time::Duration::from_micros((n * 7919) % 300));
            n * 2
        });
        let mut seen = Vec::new();
        assert_eq!(pool.take(true), None, "nothing is out");
        for n in 0..200 {
            while pool.is_full() {
                seen.extend(pool.take(true));
            }
            pool.give(n);
            seen.extend(pool.take(false));
        }
        while let Some(n) = pool.take(true) {
            seen.push(n);
        }
        assert_eq!(seen, (0..200).map(|n| n * 2).collect::<Vec<u64>>());
    }

    #[test]
    fn order_is_kept_whatever_the_speed() {
        let mut seen = Vec::new();
        let work = |n: u64| {
            std::thread::sleep(std::time::Duration::from_micros((n * 7919) % 300));
            n * 2
        };
        in_order(
            4,
            || 0..500u64,
            |_| 1,
            work,
            |n| {
                seen.push(n);
                ControlFlow::Continue(())
            },
        );
        assert_eq!(seen, (0..500).map(|n| n * 2).collect::<Vec<u64>>());
    }

    #[test]
    fn large_items_go_one_at_a_time() {
        let mut sum = 0;
        in_order(
            3,
            || 0..20u64,
            |_| WINDOW_BYTES * 2,
            |n| n,
            |n| {
                sum += n;
                ControlFlow::Continue(())
            },
        );
        assert_eq!(sum, 190);
    }

    #[test]
    fn the_sink_can_end_an_endless_source() {
        let mut left = 10;
        in_order(
            2,
            || 0u64..,
            |_| 1,
            |n| n,
            |_| {
                left -= 1;
                if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            },
        );
        assert_eq!(left, 0);
    }
}
