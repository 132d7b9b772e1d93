//! Answers that were given lately, for as long as the log does not grow: many people look at the same overview.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes of all answers together.
const ROOM: usize = 64 << 20;

/// Answers by what was asked.
#[derive(Debug, Clone, Default)]
pub(crate) struct Kept(Arc<Mutex<Shelf>>);

#[derive(Debug, Default)]
struct Shelf {
    /// The state of the log that all of them are of.
    tag: String,
    bytes: usize,
    answers: HashMap<String, Vec<u8>>,
}

impl Kept {
    /// The answer, where it was given and nothing has changed.
    pub(crate) fn get(&self, key: &str, tag: &str) -> Option<Vec<u8>> {
        let shelf = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if shelf.tag == tag { shelf.answers.get(key).cloned() } else { None }
    }

    /// Keeps an answer; what was kept of an older state goes, and all of it where there is no room.
    pub(crate) fn keep(&self, key: String, tag: String, body: &[u8]) {
        let mut shelf = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let size = key.len() + body.len();
        if shelf.tag != tag || shelf.bytes + size > ROOM {
            *shelf = Shelf { tag, ..Shelf::default() };
        }
        if size <= ROOM && shelf.answers.insert(key, body.to_vec()).is_none() {
            shelf.bytes += size;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_kept_until_something_changes() {
        let kept = Kept::default();
        kept.keep("a".to_owned(), "1".to_owned(), b"one");
        assert_eq!(kept.get("a", "1").as_deref(), Some(b"one".as_slice()));
        assert_eq!(kept.get("a", "2"), None);
        kept.keep("b".to_owned(), "2".to_owned(), b"two");
        assert_eq!(kept.get("a", "1"), None);
        // What does not fit at all is not kept, and breaks nothing.
        kept.keep("c".to_owned(), "2".to_owned(), &vec![0; ROOM + 1]);
        assert_eq!(kept.get("c", "2"), None);
        // Where there is no room the rest makes it.
        kept.keep("d".to_owned(), "2".to_owned(), &vec![0; ROOM - 10]);
        kept.keep("e".to_owned(), "2".to_owned(), &[0; 20]);
        assert_eq!((kept.get("d", "2"), kept.get("e", "2")), (None, Some(vec![0; 20])));
    }
}
