//! The files that an import works in, and the note of how far it has come.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use whereabouts::builder::{
    KeySections, KeyWriter, NewPlace, Prominence, RecordSections, RecordWriter, Written, header, keys_of,
    meta_section, names_of, section_table, shared_of,
};
use whereabouts::pack::{HEADER, NAMES, RECORD, SECTIONS};

use super::Stage;
use super::runs::{Buffer, merge};

type Out = BufWriter<File>;

/// How far the tables are read, and what was counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    /// Which table.
    pub table: usize,
    /// Byte of the unpacked table at which the next row begins.
    pub at: u64,
    /// Rows of this table.
    pub row: u64,
    /// Other names that a table of their own gave.
    pub aliases: u64,
    /// Rows that were not asked for.
    pub left_out: u64,
    /// Rows with a fault.
    pub faults: u64,
}

/// The note: everything up to here is safe in the files.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct State {
    /// What was asked for.
    signature: String,
    /// How far the tables are read.
    place: Place,
    /// Whether that is to their end.
    all_read: bool,
    rows: u32,
    strings: u32,
    string_bytes: u32,
    /// Record numbers in the file of other names.
    aliases: u64,
    /// Sorted runs of keys.
    runs: usize,
}

/// A run that is being sorted and written, and the state that holds once it is.
struct Sorting {
    thread: JoinHandle<io::Result<()>>,
    then: State,
}

/// The files of an import.
pub(super) struct Spool {
    folder: PathBuf,
    /// Kept open: it is the lock that keeps a second import from the same files.
    _lock: File,
    state: State,
    resumed: bool,
    records: RecordWriter<Out>,
    /// For each other name from a table of names, the record that it belongs to.
    aliases: Out,
    alias_count: u64,
    /// GeoNames ids with their records, in order; made when the first other name comes.
    by_id: Option<Vec<(u32, u32)>>,
    keys: Buffer,
    limit: usize,
    sorting: Option<Sorting>,
    place: Place,
}

const STRING_ENDS: &str = "string-ends";
const STRINGS: &str = "strings";
const RECORDS: &str = "records";
const ALIASES: &str = "aliases";
const STATE: &str = "state.json";

fn run_name(index: usize) -> String {
    format!("run-{index:05}")
}

/// Opens a file for writing at `length`; what lies behind is cut off.
fn at_length(path: &Path, length: u64) -> Result<Out> {
    let open = || -> io::Result<File> {
        let mut file = OpenOptions::new().create(true).truncate(false).write(true).read(true).open(path)?;
        if file.metadata()?.len() < length {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "is shorter than its note says"));
        }
        file.set_len(length)?;
        file.seek(SeekFrom::Start(length))?;
        Ok(file)
    };
    let file = open().with_context(|| format!("{}: cannot be written", path.display()))?;
    Ok(BufWriter::with_capacity(1 << 18, file))
}

/// The strings that were written, by number.
struct Strings {
    ends: Vec<u8>,
    file: File,
}

impl Strings {
    fn get(&mut self, number: u32) -> Option<String> {
        let end_of = |ends: &[u8], number: usize| {
            let bytes = ends.get(number * 4..)?.first_chunk()?;
            Some(u64::from(u32::from_le_bytes(*bytes)))
        };
        let number = number as usize;
        let end = end_of(&self.ends, number)?;
        let start = match number.checked_sub(1) {
            Some(before) => end_of(&self.ends, before)?,
            None => 0,
        };
        let mut bytes = vec![0; usize::try_from(end.checked_sub(start)?).ok()?];
        self.file.seek(SeekFrom::Start(start)).ok()?;
        self.file.read_exact(&mut bytes).ok()?;
        String::from_utf8(bytes).ok()
    }
}

/// Every record of the file, in order.
fn each_record(path: &Path, rows: u32, mut each: impl FnMut(u32, &[u8; RECORD])) -> io::Result<()> {
    let mut file = BufReader::with_capacity(1 << 18, File::open(path)?);
    let mut record = [0; RECORD];
    for number in 0..rows {
        file.read_exact(&mut record)?;
        each(number, &record);
    }
    Ok(())
}

impl Spool {
    /// Opens the files beside the pack, where an import with the same signature was broken off, or else begins anew.
    pub fn open(out: &Path, signature: &str, restart: bool, limit: usize) -> Result<Self> {
        if let Some(parent) = out.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            std::fs::create_dir_all(parent)
                .with_context(|| format!("making the folder {}", parent.display()))?;
        }
        let folder = out.with_extension("import");
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("making the folder {}", folder.display()))?;
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(folder.join("lock"))?;
        // A file system without locks has none to wait for.
        if let Err(TryLockError::WouldBlock) = lock.try_lock() {
            bail!("{}: another import is writing this pack; wait for it to end", out.display());
        }
        let known: Option<State> = (!restart)
            .then(|| std::fs::read(folder.join(STATE)).ok())
            .flatten()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .filter(|state: &State| state.signature == signature);
        let resumed = known.is_some();
        let state = known.unwrap_or_else(|| State { signature: signature.to_owned(), ..State::default() });
        let sections = RecordSections {
            string_ends: at_length(&folder.join(STRING_ENDS), u64::from(state.strings) * 4)?,
            strings: at_length(&folder.join(STRINGS), u64::from(state.string_bytes))?,
            records: at_length(&folder.join(RECORDS), u64::from(state.rows) * RECORD as u64)?,
        };
        let aliases = at_length(&folder.join(ALIASES), state.aliases * 4)?;
        let records = if resumed {
            let mut shared: Vec<u32> = Vec::new();
            each_record(&folder.join(RECORDS), state.rows, |_, record| {
                let (_, numbers) = shared_of(record);
                shared.extend(numbers);
                // Of some ten thousand divisions: sorted now and then, the list stays short.
                if shared.len() > 1 << 20 {
                    shared.sort_unstable();
                    shared.dedup();
                }
            })?;
            shared.sort_unstable();
            shared.dedup();
            let mut strings = Strings {
                ends: std::fs::read(folder.join(STRING_ENDS))?,
                file: File::open(folder.join(STRINGS))?,
            };
            let written =
                Written { rows: state.rows, strings: state.strings, string_bytes: state.string_bytes };
            RecordWriter::resume(sections, written, shared.into_iter(), |number| strings.get(number))
        } else {
            // Runs of another import must not be taken for this one's.
            std::fs::remove_file(folder.join(STATE)).or_else(missing_is_fine)?;
            RecordWriter::new(sections)?
        };
        Ok(Self {
            folder,
            _lock: lock,
            resumed,
            records,
            aliases,
            alias_count: state.aliases,
            by_id: None,
            keys: Buffer::default(),
            limit,
            sorting: None,
            place: state.place,
            state,
        })
    }

    /// Whether it goes on with an earlier import.
    pub fn resumed(&self) -> bool {
        self.resumed
    }

    /// Whether the tables are read to their end.
    pub fn all_read(&self) -> bool {
        self.state.all_read
    }

    /// How far the tables are read.
    pub fn place(&self) -> Place {
        self.place
    }

    /// Places so far.
    pub fn rows(&self) -> u32 {
        self.records.written().rows
    }

    /// Adds a place.
    pub fn add(&mut self, place: &NewPlace) -> Result<()> {
        let number = self.records.push(place)?;
        let keys = &mut self.keys;
        names_of(place).for_each(|name| keys_of(name, |key| keys.add(key, number)));
        Ok(())
    }

    /// Adds another name of a place; false where there is none with that id.
    pub fn alias(&mut self, geonameid: u32, name: &str) -> Result<bool> {
        if self.by_id.is_none() {
            self.records.sections().records.flush()?;
            let mut by_id = Vec::with_capacity(self.rows() as usize);
            each_record(&self.folder.join(RECORDS), self.rows(), |number, record| {
                let (id, _) = shared_of(record);
                if id != 0 {
                    by_id.push((id, number));
                }
            })?;
            by_id.sort_unstable();
            self.by_id = Some(by_id);
        }
        let by_id = self.by_id.as_deref().unwrap_or_default();
        let from = by_id.partition_point(|&(id, _)| id < geonameid);
        let Some(&(_, number)) = by_id.get(from).filter(|(id, _)| *id == geonameid) else { return Ok(false) };
        let keys = &mut self.keys;
        keys_of(name, |key| keys.add(key, number));
        self.aliases.write_all(&number.to_le_bytes())?;
        self.alias_count += 1;
        Ok(true)
    }

    /// To be called behind every row: where the buffer is full, it is sorted and written while reading goes on.
    pub fn reached(&mut self, place: Place) -> Result<()> {
        self.place = place;
        if self.keys.size() < self.limit { Ok(()) } else { self.write_run(false) }
    }

    /// To be called when the tables are read to their end.
    pub fn read_all(&mut self, place: Place) -> Result<()> {
        self.place = place;
        self.write_run(true)?;
        self.settle()
    }

    fn write_run(&mut self, all_read: bool) -> Result<()> {
        self.settle()?;
        let sections = self.records.sections();
        for out in
            [&mut sections.string_ends, &mut sections.strings, &mut sections.records, &mut self.aliases]
        {
            out.flush()?;
            out.get_ref().sync_data()?;
        }
        let written = self.records.written();
        let buffer = std::mem::take(&mut self.keys);
        let index = self.state.runs;
        let then = State {
            signature: self.state.signature.clone(),
            place: self.place,
            all_read,
            rows: written.rows,
            strings: written.strings,
            string_bytes: written.string_bytes,
            aliases: self.alias_count,
            runs: index + 1,
        };
        let path = self.folder.join(run_name(index));
        self.sorting = Some(Sorting { thread: std::thread::spawn(move || buffer.write(&path)), then });
        Ok(())
    }

    /// Waits for the run that is being written, and notes that everything up to it is safe.
    fn settle(&mut self) -> Result<()> {
        let Some(Sorting { thread, then }) = self.sorting.take() else { return Ok(()) };
        let written =
            thread.join().map_err(|_| anyhow::anyhow!("sorting failed; this is a fault of Watchpost"))?;
        written.with_context(|| format!("{}: a run of keys cannot be written", self.folder.display()))?;
        let beside = self.folder.join("state.partial");
        std::fs::write(&beside, serde_json::to_vec(&then)?)?;
        File::open(&beside)?.sync_data()?;
        std::fs::rename(&beside, self.folder.join(STATE))?;
        self.state = then;
        Ok(())
    }

    /// Merges the keys and writes the pack, which appears whole or not at all. Its size comes back.
    pub fn finish(
        self,
        meta: &[(String, String)],
        out: &Path,
        progress: &mut dyn FnMut(Stage, u64, u64),
    ) -> Result<u64> {
        let rows = self.rows();
        let mut prominence: Vec<Prominence> = Vec::with_capacity(rows as usize);
        each_record(&self.folder.join(RECORDS), rows, |_, record| prominence.push(Prominence::of(record)))?;
        let mut aliases = BufReader::new(File::open(self.folder.join(ALIASES))?);
        let mut number = [0; 4];
        for _ in 0..self.alias_count {
            aliases.read_exact(&mut number)?;
            if let Some(of) = prominence.get_mut(u32::from_le_bytes(number) as usize) {
                of.names = of.names.saturating_add(1);
            }
        }
        let runs: Vec<PathBuf> =
            (0..self.state.runs).map(|index| self.folder.join(run_name(index))).collect();
        let mut total = 0;
        for run in &runs {
            total += std::fs::metadata(run)?.len();
        }
        let section = |name: &str| at_length(&self.folder.join(name), 0);
        let mut writer = KeyWriter::new(KeySections {
            key_ends: section("key-ends")?,
            keys: section("keys")?,
            values: section("values")?,
            postings: section("postings")?,
        });
        let none = Prominence { population: 0, names: 0 };
        let mut merged = 0_u64;
        merge(&runs, |key, numbers, read| {
            merged += 1;
            if merged % 65_536 == 1 {
                progress(Stage::Merge, read, total);
            }
            let of = |number: u32| prominence.get(number as usize).copied().unwrap_or(none);
            writer.push(key, numbers, of).map_err(anyhow::Error::from)
        })?;
        let KeySections { mut key_ends, mut keys, mut values, mut postings } = writer.finish();
        for out in [&mut key_ends, &mut keys, &mut values, &mut postings] {
            out.flush()?;
        }
        let names: Vec<u8> = prominence.iter().map(|of| of.names).collect();
        drop(prominence);
        let bytes = self.assemble(meta, out, &names, progress)?;
        self.discard()?;
        Ok(bytes)
    }

    fn assemble(
        &self,
        meta: &[(String, String)],
        out: &Path,
        names: &[u8],
        progress: &mut dyn FnMut(Stage, u64, u64),
    ) -> Result<u64> {
        let meta = meta_section(meta);
        let files = [STRING_ENDS, STRINGS, RECORDS, "key-ends", "keys", "values", "postings"];
        let mut lengths = vec![meta.len() as u64];
        for file in files {
            lengths.push(std::fs::metadata(self.folder.join(file))?.len());
        }
        let table: Vec<(&[u8; 4], u64)> = SECTIONS.iter().copied().zip(lengths.iter().copied()).collect();
        let total = lengths.iter().sum::<u64>();
        let beside = self.folder.join("pack");
        let mut pack = Hashing {
            out: BufWriter::with_capacity(1 << 18, File::create(&beside)?),
            hash: Sha256::new(),
            written: 0,
        };
        pack.out.write_all(&[0; HEADER])?;
        pack.write(&section_table(&table))?;
        pack.write(&meta)?;
        let mut buffer = vec![0; RECORD << 12];
        for file in files {
            let mut section = File::open(self.folder.join(file))?;
            let mut row = 0;
            loop {
                let mut filled = 0;
                // Whole records at a time.
                while filled < buffer.len() {
                    match section.read(&mut buffer[filled..])? {
                        0 => break,
                        more => filled += more,
                    }
                }
                if filled == 0 {
                    break;
                }
                if file == RECORDS {
                    for record in buffer[..filled].chunks_exact_mut(RECORD) {
                        record[NAMES] = names.get(row).copied().unwrap_or(record[NAMES]);
                        row += 1;
                    }
                }
                pack.write(&buffer[..filled])?;
                progress(Stage::Write, pack.written, total);
            }
        }
        let hash: [u8; 32] = pack.hash.finalize().into();
        let mut file = pack.out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&header(u32::try_from(SECTIONS.len())?, &hash))?;
        file.sync_all()?;
        let bytes = file.metadata()?.len();
        std::fs::rename(&beside, out)
            .with_context(|| format!("{}: the pack cannot be put there", out.display()))?;
        Ok(bytes)
    }

    /// Takes the files away, first the one that says how far they go: what is left of them, if this is broken off, is then
    /// begun anew and not gone on with.
    pub fn discard(self) -> Result<()> {
        std::fs::remove_file(self.folder.join(STATE)).or_else(missing_is_fine)?;
        std::fs::remove_dir_all(&self.folder)
            .with_context(|| format!("{}: cannot be taken away", self.folder.display()))
    }
}

/// Writes and hashes at once.
struct Hashing {
    out: Out,
    hash: Sha256,
    written: u64,
}

impl Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hash.update(bytes);
        self.written += bytes.len() as u64;
        self.out.write_all(bytes)
    }
}

fn missing_is_fine(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) }
}
