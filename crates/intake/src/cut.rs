//! A stream cut into raw documents.

use std::io::{BufRead, Read};

use crate::stream::{self, Line};
use crate::{Format, Options, Payload, Problem, Raw, encoding, jsonl, warc};

/// The raw documents of one stream, in order.
pub struct Cutter {
    state: State,
    max_bytes: usize,
}

enum State {
    /// One document already cut.
    One(Option<Box<Raw>>),
    Lines {
        reader: Box<dyn BufRead + Send>,
        line: u64,
    },
    Archive(Box<warc::Archive>),
    Done,
}

/// Opens a stream: unpacks it, tells its format, cuts it. `name` is the file's name, where it has one.
#[must_use]
pub fn cut(input: Box<dyn Read + Send>, name: Option<&str>, options: &Options) -> Cutter {
    let one = |raw| Cutter { state: State::One(Some(Box::new(raw))), max_bytes: options.max_bytes };
    let mut unpacked = match stream::unpack(input) {
        Ok(unpacked) => unpacked,
        Err(error) => return one(Raw::unreadable(1, broken(&error))),
    };
    let format = match options.format {
        Format::Auto => sniff(&unpacked.head, name),
        format => format,
    };
    match format {
        Format::Jsonl => Cutter {
            state: State::Lines { reader: utf8_lines(unpacked), line: 0 },
            max_bytes: options.max_bytes,
        },
        Format::Warc => Cutter {
            state: State::Archive(Box::new(warc::Archive::new(unpacked.reader))),
            max_bytes: options.max_bytes,
        },
        Format::Text | Format::Html | Format::Auto => {
            let raw = match stream::rest(&mut unpacked.reader, options.max_bytes) {
                Ok(Some(bytes)) => {
                    let name = name.map(str::to_owned);
                    let payload = if format == Format::Html {
                        Payload::Html { bytes, name }
                    } else {
                        Payload::Text { bytes, name }
                    };
                    Raw { line: 1, payload }
                }
                Ok(None) => unreadable(1, Problem::too_long("the document", options.max_bytes), name),
                Err(error) => unreadable(1, broken(&error), name),
            };
            one(raw)
        }
    }
}

fn unreadable(line: u64, problem: Problem, name: Option<&str>) -> Raw {
    Raw { line, payload: Payload::Unreadable { problem, given_id: name.map(str::to_owned) } }
}

/// Lines need one byte a line feed; UTF-16 is converted on the way.
fn utf8_lines(unpacked: stream::Unpacked) -> Box<dyn BufRead + Send> {
    let wide = matches!(unpacked.head.as_slice(), [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]);
    if wide {
        Box::new(std::io::BufReader::new(encoding_rs_io::DecodeReaderBytes::new(unpacked.reader)))
    } else {
        unpacked.reader
    }
}

/// Nothing but white space, after a byte-order mark where there is one.
fn is_blank(line: &[u8]) -> bool {
    line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line).iter().all(u8::is_ascii_whitespace)
}

fn broken(error: &std::io::Error) -> Problem {
    match error.kind() {
        std::io::ErrorKind::UnexpectedEof => Problem::new(
            "the compressed data breaks off before its end",
            "fetch the file again; what came before the break was read",
        ),
        _ => Problem::new(
            format!("the input cannot be read on: {error}"),
            "check the file (for gzip: `gzip -t FILE`); what came before was read",
        ),
    }
}

impl Iterator for Cutter {
    type Item = Raw;

    fn next(&mut self) -> Option<Raw> {
        match &mut self.state {
            State::Done => None,
            State::One(raw) => raw.take().map(|raw| *raw),
            State::Lines { reader, line } => loop {
                *line += 1;
                let raw = match stream::line(reader.as_mut(), self.max_bytes) {
                    Ok(Line::End) => return None,
                    Ok(Line::Whole(bytes)) if is_blank(&bytes) => continue,
                    Ok(Line::Whole(bytes)) => Raw { line: *line, payload: Payload::Line(bytes) },
                    Ok(Line::TooLong) => {
                        Raw::unreadable(*line, Problem::too_long("the line", self.max_bytes))
                    }
                    Err(error) => {
                        let raw = Raw::unreadable(*line, broken(&error));
                        self.state = State::Done;
                        return Some(raw);
                    }
                };
                return Some(raw);
            },
            State::Archive(archive) => match archive.next_record(self.max_bytes) {
                Ok(Some((number, Ok(record)))) => {
                    Some(Raw { line: number, payload: Payload::Record(record) })
                }
                Ok(Some((number, Err((problem, given_id))))) => {
                    Some(Raw { line: number, payload: Payload::Unreadable { problem, given_id } })
                }
                Ok(None) => None,
                Err((number, error)) => {
                    self.state = State::Done;
                    Some(Raw::unreadable(number, broken(&error)))
                }
            },
        }
    }
}

/// Tells the format by the first bytes; where these leave it open, by the name.
fn sniff(head: &[u8], name: Option<&str>) -> Format {
    let name = name.unwrap_or_default().to_ascii_lowercase();
    let name = [".gz", ".zst"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(&name);
    let ends = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    if head.starts_with(b"WARC/") {
        return Format::Warc;
    }
    let decoded = encoding::decode(head, None).text.to_ascii_lowercase();
    let start = decoded.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    if start.starts_with('{') && !ends(&[".txt"]) && jsonl::looks_like_object(start)
        || ends(&[".jsonl", ".ndjson", ".json"])
    {
        return Format::Jsonl;
    }
    let page = ["<!doctype html", "<html", "<head", "<body", "<article", "<div", "<!--"]
        .iter()
        .any(|tag| start.starts_with(tag))
        || (start.starts_with("<?xml") && start.contains("<html"));
    if page || ends(&[".html", ".htm", ".xhtml"]) {
        return Format::Html;
    }
    if ends(&[".warc"]) { Format::Warc } else { Format::Text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_formats_apart() {
        assert_eq!(sniff(b"WARC/1.1\r\n", None), Format::Warc);
        assert_eq!(sniff(b"\n {\"text\": \"x\"}", None), Format::Jsonl);
        assert_eq!(sniff(b"{braces} in a text", None), Format::Text);
        assert_eq!(sniff(b"\xEF\xBB\xBF<!DOCTYPE html><p>", None), Format::Html);
        assert_eq!(sniff(b"A bomb went off.", None), Format::Text);
        assert_eq!(sniff(b"A bomb <b>went</b> off.", Some("page.HTM.gz")), Format::Html);
        assert_eq!(sniff(b"not json", Some("reports.ndjson")), Format::Jsonl);
        assert_eq!(sniff(b"", None), Format::Text);
    }
}
