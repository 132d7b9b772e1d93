//! When a source is asked for next. Pure: times in, times out.

use jiff::{SignedDuration, Timestamp};
use record::{Source, SourceState};

/// The longest wait after failures: a source that comes back is noticed within a day.
pub const LONGEST_BACKOFF: SignedDuration = SignedDuration::from_hours(24);

/// The longest that a server may ask to be left alone, or a feed not to be asked for.
pub const LONGEST_ASKED: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How much a wait is made shorter or longer, so that sources that failed together do not come back together.
const JITTER: f64 = 0.25;

/// A time beyond every wait that there is: who waits for it waits because of a clock that was wrong.
fn beyond(time: Timestamp, now: Timestamp) -> bool {
    // Backoff with its jitter, and an hour for whoever set the clock a little.
    time.duration_since(now)
        > LONGEST_ASKED + LONGEST_ASKED / 4 + LONGEST_BACKOFF / 2 + SignedDuration::from_hours(1)
}

/// Whether a source is due.
#[must_use]
pub fn is_due(source: &Source, state: &SourceState, now: Timestamp) -> bool {
    source.paused.is_none()
        && match (state.next_try, state.last_try) {
            (None, _) => true,
            // It was asked for tomorrow: the clock was ahead then.
            (Some(_), Some(last)) if last.duration_since(now) > SignedDuration::from_hours(1) => true,
            (Some(next), _) => next <= now || beyond(next, now),
        }
}

/// The time until which a server has asked to be left alone, if that is still to come.
#[must_use]
pub fn still_asked_for(until: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
    until.filter(|until| *until > now && !beyond(*until, now))
}

/// When a source that answered is asked for next: after its own time, that of all, or what its feed asks for.
#[must_use]
pub fn after_success(source: &Source, every: u32, ttl: Option<u32>, seed: u64, now: Timestamp) -> Timestamp {
    let own = SignedDuration::from_mins(i64::from(source.every.unwrap_or(every)));
    // Who gives a source its own time knows better than the feed.
    let asked = match (source.every, ttl) {
        (None, Some(minutes)) => SignedDuration::from_mins(i64::from(minutes)).min(LONGEST_BACKOFF),
        _ => SignedDuration::ZERO,
    };
    later(now, jittered(own.max(asked), 0.1, seed, &source.id, 0))
}

/// When a source that failed so many times in a row is asked for next: twice as long each time, up to a day, and each time
/// a little otherwise (M. Brooker, "Exponential Backoff and Jitter", 2015), but no sooner than its server asks.
#[must_use]
pub fn after_failure(
    source: &Source,
    every: u32,
    failures: u32,
    asked: Option<Timestamp>,
    seed: u64,
    now: Timestamp,
) -> Timestamp {
    let own = i64::from(source.every.unwrap_or(every));
    let doubled = own.saturating_mul(1 << failures.saturating_sub(1).min(20));
    let longest = LONGEST_BACKOFF.max(SignedDuration::from_mins(own));
    let wait = SignedDuration::from_mins(doubled.min(7 * 24 * 60)).min(longest);
    let next = later(now, jittered(wait, JITTER, seed, &source.id, failures));
    asked.map_or(next, |asked| next.max(asked))
}

fn later(now: Timestamp, wait: SignedDuration) -> Timestamp {
    now.checked_add(wait).unwrap_or(Timestamp::MAX)
}

/// A wait made shorter or longer by up to that share: the same for the same seed, source and count.
fn jittered(wait: SignedDuration, share: f64, seed: u64, id: &str, count: u32) -> SignedDuration {
    // FNV-1a (Fowler, Noll, Vo), finished as MurmurHash3 is: even for ids that differ in one letter.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ seed;
    for byte in id.bytes().chain(count.to_le_bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^= hash >> 33;
    let even = (hash >> 11) as f64 / (1_u64 << 53) as f64;
    wait.mul_f64(1.0 + share * (2.0 * even - 1.0))
}

/// What `Retry-After` asks for: seconds, or a date (RFC 9110, 10.2.3).
#[must_use]
pub fn retry_after(value: &str, now: Timestamp) -> Option<Timestamp> {
    let value = value.trim();
    let until = if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than any number has: as long as may be asked for.
        let seconds = value.parse::<i64>().unwrap_or(i64::MAX).min(LONGEST_ASKED.as_secs());
        now.checked_add(SignedDuration::from_secs(seconds)).ok()?
    } else {
        jiff::fmt::rfc2822::parse(value).ok()?.timestamp()
    };
    let latest = later(now, LONGEST_ASKED);
    (until > now).then(|| until.min(latest))
}

/// A time in a message.
#[must_use]
pub fn shown(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + minute * 60).expect("a time")
    }

    fn source() -> Source {
        Source {
            id: "S-1".to_owned(),
            url: "https://example.org/feed".to_owned(),
            name: "Example".to_owned(),
            page: None,
            folder: Vec::new(),
            kind: record::SourceType::Auto,
            text: record::TextFrom::Page,
            publisher: None,
            language: None,
            every: None,
            added: at(0),
            paused: None,
        }
    }

    #[test]
    fn waits_double_up_to_a_day() {
        let wait = |failures| after_failure(&source(), 30, failures, None, 7, at(0)).duration_since(at(0));
        let mut before = SignedDuration::ZERO;
        for failures in 1..=5 {
            let expected = 30.0 * f64::from(1 << (failures - 1));
            let minutes = wait(failures).as_secs_f64() / 60.0;
            assert!((expected * 0.75..=expected * 1.25).contains(&minutes), "{failures}: {minutes}");
            assert!(wait(failures) > before);
            before = wait(failures);
        }
        for failures in [7, 30, 1000, u32::MAX] {
            assert!(
                wait(failures) >= SignedDuration::from_hours(18)
                    && wait(failures) <= SignedDuration::from_hours(30)
            );
        }
        assert_eq!(wait(3), wait(3), "the same seed, the same wait");
        let other = Source { id: "S-2".to_owned(), ..source() };
        assert_ne!(after_failure(&other, 30, 3, None, 7, at(0)).duration_since(at(0)), wait(3));
        // A source that is asked for once a week is not asked for daily because it fails.
        let weekly = Source { every: Some(7 * 24 * 60), ..source() };
        assert!(
            after_failure(&weekly, 30, 4, None, 7, at(0)).duration_since(at(0))
                > SignedDuration::from_hours(5 * 24)
        );
    }

    #[test]
    fn a_server_that_asks_is_left_alone() {
        let asked = Some(at(600));
        assert!(after_failure(&source(), 30, 1, asked, 7, at(0)) >= at(600));
        for (value, seconds) in [
            ("120", Some(120)),
            (" 0 ", None),
            ("99999999999999999999", Some(LONGEST_ASKED.as_secs())),
            ("soon", None),
            ("-5", None),
            ("", None),
            ("Tue, 31 Dec 2999 23:59:59 GMT", Some(LONGEST_ASKED.as_secs())),
            ("Sun, 06 Nov 1994 08:49:37 GMT", None),
        ] {
            let until = retry_after(value, at(0)).map(|until| until.duration_since(at(0)).as_secs());
            assert_eq!(until, seconds, "{value}");
        }
    }

    #[test]
    fn a_feed_may_ask_for_longer_pauses() {
        let wait = |source: &Source, ttl| {
            after_success(source, 30, ttl, 7, at(0)).duration_since(at(0)).as_secs_f64() / 60.0
        };
        assert!((27.0..=33.0).contains(&wait(&source(), None)));
        assert!((27.0..=33.0).contains(&wait(&source(), Some(5))), "but not for shorter ones");
        assert!((108.0..=132.0).contains(&wait(&source(), Some(120))));
        assert!(wait(&source(), Some(u32::MAX)) < 60.0 * 27.0, "a day at most");
        let own = Source { every: Some(5), ..source() };
        assert!((4.5..=5.5).contains(&wait(&own, Some(120))), "a person stands above it");
    }

    #[test]
    fn a_clock_that_jumps_stops_no_source() {
        let state = |last: i64, next: i64| SourceState {
            last_try: Some(at(last)),
            next_try: Some(at(next)),
            ..SourceState::default()
        };
        assert!(is_due(&source(), &SourceState::default(), at(0)));
        assert!(!is_due(&source(), &state(0, 30), at(29)) && is_due(&source(), &state(0, 30), at(30)));
        // Ahead by a year when it was asked for, and set right since.
        let year = 365 * 24 * 60;
        assert!(is_due(&source(), &state(year, year + 30), at(0)));
        // Two hours ahead.
        assert!(is_due(&source(), &state(120, 150), at(0)));
        // Set forward by a year: due, once.
        assert!(is_due(&source(), &state(0, 30), at(year)));
        assert!(is_due(&source(), &state(0, year), at(1)), "no wait is so long");
        assert_eq!(still_asked_for(Some(at(year)), at(0)), None);
        assert_eq!(still_asked_for(Some(at(60)), at(0)), Some(at(60)));
        let paused = record::Paused { at: at(0), why: "by hand".to_owned() };
        assert!(!is_due(&Source { paused: Some(paused), ..source() }, &SourceState::default(), at(0)));
    }
}
