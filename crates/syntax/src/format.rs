/*! The file of weights.

```text
magic    8 bytes  "WPSYNTAX"
version  u32
length   u32      of the body
crc32    u32      of the body
body     tag names · tagger · action names · parser
```

Numbers are little-endian. A list of names is a byte count and, per name, a length byte and the name.
*/

use thiserror::Error;

/// The first eight bytes of the file.
pub const MAGIC: [u8; 8] = *b"WPSYNTAX";

/// The version of format and features. Raised whenever either changes: weights are worth nothing
/// under other features.
pub const VERSION: u32 = 1;

/// Why bytes are not a model.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ModelError {
    /// Another kind of file.
    #[error("not a syntax model: it should begin with \"WPSYNTAX\"")]
    Magic,
    /// A model of another version of the program.
    #[error("syntax model of version {found}, this program reads version {expected}")]
    Version {
        /// What the file says.
        found: u32,
        /// What this program reads.
        expected: u32,
    },
    /// The bytes end early.
    #[error("syntax model is cut short: {needed} more bytes expected, {found} left")]
    Truncated {
        /// Bytes that should follow.
        needed: usize,
        /// Bytes that do.
        found: usize,
    },
    /// Bytes after the end.
    #[error("syntax model has {extra} bytes after its end")]
    Trailing {
        /// How many.
        extra: usize,
    },
    /// The bytes are damaged.
    #[error("syntax model is damaged: checksum {expected:08x} expected, {found:08x} found")]
    Checksum {
        /// What the file says.
        expected: u32,
        /// What its body gives.
        found: u32,
    },
    /// A tag, relation or action that this program does not have.
    #[error("syntax model uses the label {name:?}, which this program does not know")]
    Label {
        /// The label.
        name: String,
    },
    /// The bytes contradict themselves.
    #[error("syntax model is not well formed: {what}")]
    Invalid {
        /// How.
        what: &'static str,
    },
}

/// Bytes being written.
#[derive(Debug, Default)]
pub struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    pub(crate) fn u8(&mut self, value: u8) {
        self.bytes.push(value);
    }

    pub(crate) fn u32(&mut self, value: u32) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    /// Seven bits a byte, lowest first (LEB128).
    pub(crate) fn varint(&mut self, mut value: u32) {
        while value >= 0x80 {
            self.u8((value & 0x7F) as u8 | 0x80);
            value >>= 7;
        }
        self.u8(value as u8);
    }

    /// A list of at most 255 names of at most 255 bytes: labels are far fewer and shorter.
    pub(crate) fn names<'n>(&mut self, names: impl ExactSizeIterator<Item = &'n str>) {
        self.u8(names.len() as u8);
        for name in names {
            self.u8(name.len() as u8);
            self.bytes.extend_from_slice(name.as_bytes());
        }
    }

    /// The bytes.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }

    /// The bytes as a whole file: head, then body.
    #[must_use]
    pub fn finish_file(self) -> Vec<u8> {
        let mut file = Self { bytes: MAGIC.to_vec() };
        file.u32(VERSION);
        file.u32(self.bytes.len() as u32);
        file.u32(crc32fast::hash(&self.bytes));
        file.bytes.extend_from_slice(&self.bytes);
        file.bytes
    }
}

/// Bytes being read; every read checks that they are there.
#[derive(Debug)]
pub struct Reader<'b> {
    bytes: &'b [u8],
}

impl<'b> Reader<'b> {
    /// Reads a body.
    #[must_use]
    pub const fn new(bytes: &'b [u8]) -> Self {
        Self { bytes }
    }

    /// Checks the head of a file and gives its body.
    pub(crate) fn open(bytes: &'b [u8]) -> Result<Self, ModelError> {
        let mut head = Self::new(bytes);
        if head.bytes(MAGIC.len()).map_err(|_| ModelError::Magic)? != MAGIC {
            return Err(ModelError::Magic);
        }
        let version = head.u32()?;
        if version != VERSION {
            return Err(ModelError::Version { found: version, expected: VERSION });
        }
        let length = head.u32()? as usize;
        let expected = head.u32()?;
        let body = head.bytes(length)?;
        head.end()?;
        let found = crc32fast::hash(body);
        if found != expected {
            return Err(ModelError::Checksum { expected, found });
        }
        Ok(Self::new(body))
    }

    pub(crate) const fn remaining(&self) -> usize {
        self.bytes.len()
    }

    pub(crate) fn end(&self) -> Result<(), ModelError> {
        match self.remaining() {
            0 => Ok(()),
            extra => Err(ModelError::Trailing { extra }),
        }
    }

    pub(crate) fn bytes(&mut self, count: usize) -> Result<&'b [u8], ModelError> {
        let (taken, rest) = self
            .bytes
            .split_at_checked(count)
            .ok_or(ModelError::Truncated { needed: count, found: self.bytes.len() })?;
        self.bytes = rest;
        Ok(taken)
    }

    pub(crate) fn u8(&mut self) -> Result<u8, ModelError> {
        self.bytes(1).map(|bytes| bytes[0])
    }

    pub(crate) fn u32(&mut self) -> Result<u32, ModelError> {
        let mut value = [0; 4];
        value.copy_from_slice(self.bytes(4)?);
        Ok(u32::from_le_bytes(value))
    }

    pub(crate) fn varint(&mut self) -> Result<u32, ModelError> {
        let mut value = 0u64;
        for shift in (0..35).step_by(7) {
            let byte = self.u8()?;
            value |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return u32::try_from(value)
                    .map_err(|_| ModelError::Invalid { what: "a number is too large" });
            }
        }
        Err(ModelError::Invalid { what: "a number is too long" })
    }

    pub(crate) fn names(&mut self) -> Result<Vec<&'b str>, ModelError> {
        let count = self.u8()?;
        (0..count)
            .map(|_| {
                let length = self.u8()?;
                let name = self.bytes(usize::from(length))?;
                std::str::from_utf8(name).map_err(|_| ModelError::Invalid { what: "a label is not UTF-8" })
            })
            .collect()
    }
}
