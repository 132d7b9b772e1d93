//! Bytes to text: detect, convert, say so.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::Problem;

/// Text, and what it was decoded from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text.
    pub text: String,
    /// WHATWG name of the encoding.
    pub encoding: &'static str,
    /// True where nothing said which encoding it is.
    pub guessed: bool,
    /// True where some bytes meant nothing and became U+FFFD.
    pub damaged: bool,
}

/// U+FEFF, which some editors put before a text.
pub(crate) const BYTE_ORDER_MARK: char = '\u{feff}';

/// How files that are no text begin, and what to do with them.
const BINARY: &[(&[u8], &str, &str)] = &[
    (b"%PDF-", "a PDF document", "extract its text first, for example with `pdftotext -layout FILE -`"),
    (b"PK\x03\x04", "a ZIP archive or an office document", "unpack it, or save the document as plain text"),
    (b"\xD0\xCF\x11\xE0", "an old office document", "save it as plain text"),
    (b"{\\rtf", "an RTF document", "save it as plain text"),
    (b"\x89PNG", "an image", "give the text of the report; Watchpost reads no images"),
    (b"\xFF\xD8\xFF", "an image", "give the text of the report; Watchpost reads no images"),
    (b"GIF8", "an image", "give the text of the report; Watchpost reads no images"),
    (b"\x7FELF", "a program", "give the text of the report"),
    (b"SQLite format 3\0", "a database", "export its reports as JSON lines"),
    (b"PAR1", "a Parquet file", "export its reports as JSON lines"),
    (b"BZh", "bzip2 data", "unpack it first with `bunzip2 -c FILE | watchpost code`"),
    (b"\xFD7zXZ\0", "xz data", "unpack it first with `xz -dc FILE | watchpost code`"),
    (b"7z\xBC\xAF", "a 7-Zip archive", "unpack it first"),
];

/// The most control characters that a text may have before it is taken for no text: one in a hundred.
/// Reports pasted from old systems hold a stray NUL or escape; programs and images hold one in ten.
const CONTROL_SHARE: usize = 100;

/// Decodes bytes. A byte-order mark stands above `declared` (an HTTP header, a `meta` element),
/// which stands above a guess; bytes that are valid UTF-8 are UTF-8.
#[must_use]
pub fn decode(bytes: &[u8], declared: Option<&'static Encoding>) -> Decoded {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return with(encoding, bytes.get(length..).unwrap_or_default(), false);
    }
    // Bytes beyond ASCII that are valid UTF-8 are not so by chance, whatever a server or a template declares.
    // ASCII bytes can still be escapes (ISO-2022-JP), so there the declaration counts.
    if let Ok(text) = std::str::from_utf8(bytes)
        && (!bytes.is_ascii() || declared.is_none())
        && zeros(bytes).is_none()
    {
        return Decoded { text: text.to_owned(), encoding: UTF_8.name(), guessed: false, damaged: false };
    }
    if let Some(encoding) = declared {
        return with(encoding, bytes, false);
    }
    if let Some(encoding) = zeros(bytes) {
        return with(encoding, bytes, true);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    with(detector.guess(None, Utf8Detection::Allow), bytes, true)
}

fn with(encoding: &'static Encoding, bytes: &[u8], guessed: bool) -> Decoded {
    let (text, damaged) = encoding.decode_without_bom_handling(bytes);
    Decoded { text: text.into_owned(), encoding: encoding.name(), guessed, damaged }
}

/// UTF-16 without a byte-order mark: in text of a European script every other byte is zero.
fn zeros(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(4096))?;
    let count = |odd: usize| head.iter().skip(odd).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd) = (count(0), count(1));
    let pairs = head.len() / 2;
    if pairs < 4 {
        return None;
    }
    match (even, odd) {
        _ if odd * 10 > pairs * 7 && even * 10 < pairs => Some(UTF_16LE),
        _ if even * 10 > pairs * 7 && odd * 10 < pairs => Some(UTF_16BE),
        _ => None,
    }
}

/// A plain-text document: decoded, and refused where it is no text.
pub(crate) fn text(
    bytes: &[u8],
    declared: Option<&'static Encoding>,
    notes: &mut Vec<String>,
) -> Result<String, Problem> {
    refuse_binary(bytes)?;
    let decoded = decode(bytes, declared);
    let controls = decoded
        .text
        .chars()
        .filter(|&c| {
            (c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}' | '\u{85}')) || c == '\u{fffd}'
        })
        .count();
    if controls * CONTROL_SHARE > decoded.text.chars().count() {
        return Err(Problem::new(
            "the document is no text: it is full of control characters",
            "give plain text, HTML, JSON lines or WARC; name the format with --format if it was mistaken",
        ));
    }
    tell(&decoded, notes);
    Ok(decoded.text)
}

pub(crate) fn refuse_binary(bytes: &[u8]) -> Result<(), Problem> {
    match BINARY.iter().find(|(magic, ..)| bytes.starts_with(magic)) {
        Some((_, what, hint)) => Err(Problem::new(
            format!("the document is {what}; expected text, HTML, JSON lines or WARC"),
            *hint,
        )),
        None => Ok(()),
    }
}

pub(crate) fn tell(decoded: &Decoded, notes: &mut Vec<String>) {
    if decoded.guessed {
        notes.push(format!("the text is not UTF-8; read as {} (guessed)", decoded.encoding));
    } else if decoded.encoding != UTF_8.name() {
        notes.push(format!("the text was converted from {}", decoded.encoding));
    }
    if decoded.damaged {
        notes.push(format!("some bytes mean nothing in {} and were replaced by U+FFFD", decoded.encoding));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(bytes: &[u8]) -> (&'static str, String) {
        let decoded = decode(bytes, None);
        (decoded.encoding, decoded.text)
    }

    #[test]
    fn knows_utf_16_with_and_without_mark() {
        let text = "A bomb went off in the market.";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(name(&little), ("UTF-16LE", text.to_owned()));
        assert_eq!(name(&big), ("UTF-16BE", text.to_owned()));
        let marked = [b"\xFF\xFE".as_slice(), &little].concat();
        assert_eq!(name(&marked), ("UTF-16LE", text.to_owned()));
    }

    #[test]
    fn guesses_legacy_encodings() {
        let latin = "Des hommes arm\u{e9}s ont attaqu\u{e9} le village, tuant quatre civils \u{e0} l'aube.";
        let bytes: Vec<u8> = latin.chars().map(|c| c as u8).collect();
        assert_eq!(name(&bytes), ("windows-1252", latin.to_owned()));
        let arabic = "قتل خمسة جنود في هجوم مسلح شمال المدينة يوم الأربعاء";
        let (bytes, ..) = encoding_rs::WINDOWS_1256.encode(arabic);
        assert_eq!(name(&bytes), ("windows-1256", arabic.to_owned()));
    }

    #[test]
    fn a_stray_nul_is_kept_and_a_program_is_refused() {
        let stray =
            format!("{}\0{}", "The army said on Monday that it killed two. ".repeat(4), "No more is known.");
        assert!(text(stray.as_bytes(), None, &mut Vec::new()).is_ok_and(|text| text.contains('\0')));
        let program: Vec<u8> = (0..2000u32).map(|i| (i * 7919 % 31) as u8).collect();
        assert!(text(&program, None, &mut Vec::new()).is_err());
        assert!(
            text(b"%PDF-1.7 ...", None, &mut Vec::new())
                .is_err_and(|problem| problem.hint.contains("pdftotext"))
        );
    }
}
