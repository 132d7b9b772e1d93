//! What is known of a report as bytes, for a store to keep: reading it again is much faster than reading the report again.

use crate::Frequencies;
use crate::copies::{HASHES, Signature};
use crate::story::Told;

/// The layout of the bytes.
const VERSION: u8 = 3;

impl Told {
    /// As bytes, which [`Told::unpack`] reads again. They hold no text, but keys of words.
    #[must_use]
    pub fn pack(&self, frequencies: &Frequencies) -> Vec<u8> {
        let mut bytes = head(frequencies).to_vec();
        // Writing to memory fails only where a length is not known beforehand, and all are.
        let packed = postcard::to_stdvec(self).unwrap_or_default();
        bytes.extend_from_slice(&packed);
        bytes
    }

    /// What was packed. `None` where it was packed by another version, with another table of words, or is damaged: then the
    /// report has to be read again.
    #[must_use]
    pub fn unpack(bytes: &[u8], frequencies: &Frequencies) -> Option<Self> {
        let packed = bytes.strip_prefix(&head(frequencies))?;
        let mut told: Self = postcard::from_bytes(packed).ok()?;
        if told.signature.least.len() != HASHES {
            return None;
        }
        for story in std::iter::once(&mut told.chief).chain(&mut told.others) {
            story.own = story.own.min(story.facts.len());
            for word in &mut story.words {
                word.weight = frequencies.weight(word.key);
            }
        }
        Some(told)
    }
}

fn head(frequencies: &Frequencies) -> [u8; 6] {
    let [a, b, c, d] = frequencies.mark().to_le_bytes();
    [VERSION, Signature::VERSION as u8, a, b, c, d]
}
