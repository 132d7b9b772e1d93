//! Sorting more keys than fit into the memory: sorted runs in files, then one merge of them all.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::Path;

/// Longest key in bytes: names are cut at [`whereabouts::fold::MAX_NAME`] characters, each of at most four bytes and
/// folded to few more.
const LONGEST: usize = u16::MAX as usize;

/// A key in the buffer.
#[derive(Clone, Copy)]
struct Entry {
    /// Its first eight bytes: most comparisons need no more.
    prefix: u64,
    /// Where it lies: a length (u16), the key, a record number (u32).
    at: u32,
}

/// Keys that are not sorted yet.
#[derive(Default)]
pub struct Buffer {
    bytes: Vec<u8>,
    entries: Vec<Entry>,
}

impl Buffer {
    /// How much memory its keys take.
    pub fn size(&self) -> usize {
        self.bytes.len() + self.entries.len() * size_of::<Entry>()
    }

    /// Adds a key of a record.
    pub fn add(&mut self, key: &[u8], number: u32) {
        let (Ok(length), Ok(at)) = (u16::try_from(key.len()), u32::try_from(self.bytes.len())) else {
            // Neither is reached: names are cut far shorter, and the buffer is emptied far sooner.
            return;
        };
        let mut first = [0; 8];
        for (to, from) in first.iter_mut().zip(key) {
            *to = *from;
        }
        self.entries.push(Entry { prefix: u64::from_be_bytes(first), at });
        self.bytes.extend_from_slice(&length.to_le_bytes());
        self.bytes.extend_from_slice(key);
        self.bytes.extend_from_slice(&number.to_le_bytes());
    }

    fn item(&self, entry: Entry) -> (&[u8], u32) {
        let at = entry.at as usize;
        let length = usize::from(u16::from_le_bytes([self.bytes[at], self.bytes[at + 1]]));
        let (key, rest) = self.bytes[at + 2..].split_at(length);
        (key, u32::from_le_bytes([rest[0], rest[1], rest[2], rest[3]]))
    }

    /// Sorts the keys and writes each once, with its record, into a file.
    pub fn write(mut self, path: &Path) -> io::Result<()> {
        let mut entries = std::mem::take(&mut self.entries);
        entries
            .sort_unstable_by(|a, b| a.prefix.cmp(&b.prefix).then_with(|| self.item(*a).cmp(&self.item(*b))));
        let mut out = BufWriter::with_capacity(1 << 18, File::create(path)?);
        let mut before: Option<(&[u8], u32)> = None;
        for entry in entries {
            let item = self.item(entry);
            if before == Some(item) {
                continue;
            }
            let (key, _) = item;
            let at = entry.at as usize;
            out.write_all(&self.bytes[at..at + 2 + key.len() + 4])?;
            before = Some(item);
        }
        out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_data()
    }
}

/// The next key of a run. The heap gives the greatest first, so the order is turned round.
struct Head {
    key: Vec<u8>,
    number: u32,
    run: usize,
}

impl Ord for Head {
    fn cmp(&self, other: &Self) -> Ordering {
        (&other.key, other.number, other.run).cmp(&(&self.key, self.number, self.run))
    }
}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Head {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Head {}

/// Reads the next item of a run into `head`; false at its end.
fn advance(run: &mut BufReader<File>, head: &mut Head, read: &mut u64) -> io::Result<bool> {
    let mut length = [0; 2];
    match run.read_exact(&mut length) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(false),
        Err(error) => return Err(error),
    }
    let length = usize::from(u16::from_le_bytes(length)).min(LONGEST);
    head.key.resize(length, 0);
    run.read_exact(&mut head.key)?;
    let mut number = [0; 4];
    run.read_exact(&mut number)?;
    head.number = u32::from_le_bytes(number);
    *read += (2 + length + 4) as u64;
    Ok(true)
}

/// Merges runs: `each` gets every key once, in order, with its records in the order of their numbers, and how many bytes
/// of the runs were read.
pub fn merge<E: From<io::Error>>(
    runs: &[impl AsRef<Path>],
    mut each: impl FnMut(&[u8], &mut Vec<u32>, u64) -> Result<(), E>,
) -> Result<(), E> {
    let mut files = Vec::with_capacity(runs.len());
    let mut heap = BinaryHeap::with_capacity(runs.len());
    let mut read = 0;
    for (run, path) in runs.iter().enumerate() {
        let mut file = BufReader::with_capacity(1 << 18, File::open(path)?);
        let mut head = Head { key: Vec::new(), number: 0, run };
        if advance(&mut file, &mut head, &mut read)? {
            heap.push(head);
        }
        files.push(file);
    }
    let mut key: Vec<u8> = Vec::new();
    let mut numbers: Vec<u32> = Vec::new();
    while let Some(mut head) = heap.peek_mut() {
        if head.key != key {
            if !numbers.is_empty() {
                each(&key, &mut numbers, read)?;
                numbers.clear();
            }
            key.clear();
            key.extend_from_slice(&head.key);
        }
        if numbers.last() != Some(&head.number) {
            numbers.push(head.number);
        }
        let run = head.run;
        if !advance(&mut files[run], &mut head, &mut read)? {
            std::collections::binary_heap::PeekMut::pop(head);
        }
    }
    if numbers.is_empty() { Ok(()) } else { each(&key, &mut numbers, read) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn runs_merge_to_what_sorting_all_at_once_gives(
            runs in prop::collection::vec(prop::collection::vec(("[a-c]{0,10}", 0u32..9), 0..40), 1..6)
        ) {
            let folder = tempfile::tempdir().unwrap();
            let mut expected: BTreeMap<Vec<u8>, Vec<u32>> = BTreeMap::new();
            let mut paths = Vec::new();
            for (index, items) in runs.iter().enumerate() {
                let mut buffer = Buffer::default();
                for (key, number) in items {
                    buffer.add(key.as_bytes(), *number);
                    expected.entry(key.clone().into_bytes()).or_default().push(*number);
                }
                let path = folder.path().join(index.to_string());
                buffer.write(&path).unwrap();
                paths.push(path);
            }
            for numbers in expected.values_mut() {
                numbers.sort_unstable();
                numbers.dedup();
            }
            let mut got = BTreeMap::new();
            let mut last: Option<Vec<u8>> = None;
            merge(&paths, |key, numbers, _| {
                assert!(last.as_deref().is_none_or(|last| last < key));
                last = Some(key.to_vec());
                got.insert(key.to_vec(), numbers.clone());
                Ok::<(), io::Error>(())
            }).unwrap();
            prop_assert_eq!(got, expected);
        }
    }
}
