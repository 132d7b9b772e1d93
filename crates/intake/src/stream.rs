//! A byte stream: what it is compressed with, and how far it may swell.

use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::read::MultiGzDecoder;

/// How many bytes of the stream are looked at to tell what it is.
pub(crate) const HEAD: usize = 4096;

/// Web archives and collections shrink by 3 to 20; deflate cannot shrink by more than 1032 (RFC 1951).
/// A stream that swells by more than this is made to do harm.
const MAX_RATIO: u64 = 250;

/// Below this many bytes out, the ratio says nothing: a short file of blanks may shrink a thousandfold.
const RATIO_FROM: u64 = 64 << 20;

/// What a stream is compressed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// Nothing.
    None,
    /// gzip, one or many members.
    Gzip,
    /// Zstandard.
    Zstd,
}

impl Compression {
    fn of(head: &[u8]) -> Self {
        match head {
            [0x1f, 0x8b, ..] => Self::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Self::Zstd,
            _ => Self::None,
        }
    }
}

/// Counts what is read through it.
struct Counting<R> {
    inner: R,
    count: Arc<AtomicU64>,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// Breaks off where the bytes out are too many for the bytes in.
struct Bounded<R> {
    inner: R,
    packed: Arc<AtomicU64>,
    out: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.out += read as u64;
        if self.out > RATIO_FROM && self.out / self.packed.load(Ordering::Relaxed).max(1) > MAX_RATIO {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("the compressed data swells more than {MAX_RATIO}-fold: a decompression bomb"),
            ));
        }
        Ok(read)
    }
}

/// A reader of what the stream holds once unpacked, with its first bytes.
pub(crate) struct Unpacked {
    pub(crate) reader: Box<dyn BufRead + Send>,
    pub(crate) head: Vec<u8>,
}

/// Unpacks a stream, twice where an archive of packed members was packed again.
pub(crate) fn unpack(input: Box<dyn Read + Send>) -> io::Result<Unpacked> {
    let mut unpacked = peek(input)?;
    for _ in 0..2 {
        let compression = Compression::of(&unpacked.head);
        if compression == Compression::None {
            break;
        }
        let packed = Arc::new(AtomicU64::new(0));
        let counted = BufReader::new(Counting { inner: unpacked.reader, count: packed.clone() });
        let inner: Box<dyn Read + Send> = match compression {
            Compression::Zstd => Box::new(zstd::Decoder::with_buffer(counted)?),
            _ => Box::new(MultiGzDecoder::new(counted)),
        };
        unpacked = peek(Box::new(Bounded { inner, packed, out: 0 }))?;
    }
    Ok(unpacked)
}

/// Reads the head of a stream and puts it back.
fn peek(mut input: Box<dyn Read + Send>) -> io::Result<Unpacked> {
    let mut head = Vec::with_capacity(HEAD);
    // An error after the head is met again, in its place, by whoever reads on.
    if let Err(error) = input.by_ref().take(HEAD as u64).read_to_end(&mut head)
        && head.is_empty()
    {
        return Err(error);
    }
    let again = io::Cursor::new(head.clone());
    Ok(Unpacked { reader: Box::new(BufReader::with_capacity(1 << 16, again.chain(input))), head })
}

/// One line without its end, at most `limit` bytes of it.
pub(crate) enum Line {
    /// Nothing is left.
    End,
    /// A line.
    Whole(Vec<u8>),
    /// A line longer than the limit; it was passed over, not kept.
    TooLong,
}

pub(crate) fn line(reader: &mut dyn BufRead, limit: usize) -> io::Result<Line> {
    let mut line = Vec::new();
    let mut too_long = false;
    let mut any = false;
    loop {
        let chunk = match reader.fill_buf() {
            Ok(chunk) => chunk,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if chunk.is_empty() {
            break;
        }
        any = true;
        let end = memchr::memchr(b'\n', chunk);
        let part = chunk.get(..end.unwrap_or(chunk.len())).unwrap_or_default();
        if !too_long && line.len() + part.len() <= limit {
            line.extend_from_slice(part);
        } else {
            too_long = true;
            line = Vec::new();
        }
        let used = end.map_or(chunk.len(), |end| end + 1);
        reader.consume(used);
        if end.is_some() {
            break;
        }
    }
    Ok(match (any, too_long) {
        (false, _) => Line::End,
        (true, true) => Line::TooLong,
        (true, false) => {
            if line.last() == Some(&b'\r') {
                line.pop();
            }
            Line::Whole(line)
        }
    })
}

/// The rest of a stream, unless it is longer than the limit.
pub(crate) fn rest(reader: &mut dyn Read, limit: usize) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    reader.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() <= limit).then_some(bytes))
}
