//! Time as a value that is passed in, so that tests can make it jump.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use jiff::Timestamp;

/// The time of day, and time that only goes forward.
pub trait Clock: Send + Sync {
    /// The time of day. It may jump, as clocks do that are set.
    fn now(&self) -> Timestamp;
    /// Time since some moment, which never goes back.
    fn ticks(&self) -> Duration;
    /// Waits, unless the program is to end; whether it waited to the end.
    fn wait(&self, time: Duration, stop: &Stop) -> bool;
}

/// Says that the program is to end. Set by a signal, looked at by all who wait.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    own: Arc<AtomicBool>,
    above: Option<Arc<AtomicBool>>,
}

impl Stop {
    /// Whether the program is to end.
    #[must_use]
    pub fn asked(&self) -> bool {
        self.own.load(Ordering::SeqCst)
            || self.above.as_ref().is_some_and(|above| above.load(Ordering::SeqCst))
    }

    /// Asks the program to end.
    pub fn ask(&self) {
        self.own.store(true, Ordering::SeqCst);
    }

    /// What a signal sets.
    #[must_use]
    pub fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.own)
    }

    /// One that is asked when this is, and can be asked alone.
    #[must_use]
    pub fn child(&self) -> Self {
        Self { own: Arc::default(), above: Some(self.flag()) }
    }
}

/// The machine's clock.
#[derive(Debug)]
pub struct SystemClock(Instant);

impl Default for SystemClock {
    fn default() -> Self {
        Self(Instant::now())
    }
}

/// How often who waits looks whether the program is to end: soon enough for a person.
const GLANCE: Duration = Duration::from_millis(200);

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn ticks(&self) -> Duration {
        self.0.elapsed()
    }

    fn wait(&self, time: Duration, stop: &Stop) -> bool {
        let until = self.0.elapsed().saturating_add(time);
        loop {
            if stop.asked() {
                return false;
            }
            match until.checked_sub(self.0.elapsed()) {
                Some(left) if !left.is_zero() => std::thread::sleep(left.min(GLANCE)),
                _ => return true,
            }
        }
    }
}
