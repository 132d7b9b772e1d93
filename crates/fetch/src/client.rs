//! One request to one checked address, with limits on everything that comes back.
//!
//! A name is looked up once; every address that it has is held against the guard, and only the addresses that were checked are
//! connected to, so that a name server that answers otherwise the second time changes nothing. Redirects are never followed here.

use std::error::Error as _;
use std::io::{self, Read};
use std::time::Duration;

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use ureq::Agent;
use ureq::http::{HeaderMap, Uri};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use url::Url;

use crate::failure::{Failure, Why};
use crate::guard::Guard;
use crate::settings::Settings;

/// What is sent along with a request.
#[derive(Debug, Clone, Copy, Default)]
pub struct Validators<'a> {
    /// `If-None-Match`.
    pub etag: Option<&'a str>,
    /// `If-Modified-Since`.
    pub last_modified: Option<&'a str>,
}

/// An answer, its body unpacked.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The address that gave it.
    pub url: Url,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body; empty unless the status is 200 to 299.
    pub body: Vec<u8>,
}

impl Answer {
    /// A header as text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok().map(str::trim).filter(|value| !value.is_empty())
    }
}

/// How much of an answer is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// All of it, which may be so many bytes; one that is longer is refused.
    Whole(u64),
    /// So many bytes of it, whatever comes after them.
    First(u64),
}

/// Makes requests.
#[derive(Debug)]
pub struct Client {
    agent: Agent,
}

/// Longest head of an answer. News sites send some kilobytes of cookies and policies.
const LONGEST_HEAD: usize = 64 << 10;

/// How often an answer may be packed over: `gzip, gzip` is met where a server and what stands before it both pack.
const MOST_CODINGS: usize = 2;

impl Client {
    /// A client with these settings.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            // A proxy would look names up itself, out of the guard's sight.
            .proxy(None)
            .user_agent(settings.user_agent())
            .accept_encoding("gzip, br, deflate")
            .timeout_global(Some(Duration::from_secs(u64::from(settings.timeout))))
            .timeout_resolve(Some(Duration::from_secs(u64::from(settings.connect_timeout))))
            .timeout_connect(Some(Duration::from_secs(u64::from(settings.connect_timeout))))
            .max_response_header_size(LONGEST_HEAD)
            .max_idle_connections_per_host(1)
            .build();
        let resolver = Guarded { guard: settings.guard(), inner: DefaultResolver::default() };
        Self { agent: Agent::with_parts(config, DefaultConnector::default(), resolver) }
    }

    /// Asks once. An answer of any status is an answer.
    ///
    /// # Errors
    /// Where no whole answer came, or none that is short enough.
    pub fn get(
        &self,
        url: &Url,
        accept: &str,
        validators: Validators<'_>,
        limit: Limit,
    ) -> Result<Answer, Failure> {
        let mut request = self.agent.get(url.as_str()).header("Accept", accept);
        if let Some(etag) = validators.etag {
            request = request.header("If-None-Match", etag);
        }
        if let Some(day) = validators.last_modified {
            request = request.header("If-Modified-Since", day);
        }
        let (head, body) = request.call().map_err(|error| told(&error))?.into_parts();
        let status = head.status.as_u16();
        // What a refusal says at length is not read.
        let bytes = if (200..300).contains(&status) {
            let announced = head
                .headers
                .get("content-length")
                .and_then(|length| length.to_str().ok()?.trim().parse::<u64>().ok());
            if let Limit::Whole(longest) = limit
                && announced.is_some_and(|announced| announced > longest)
            {
                return Err(too_long(longest));
            }
            let codings = codings(&head.headers)?;
            // What cannot be packed is a little longer packed than not.
            let sent = match limit {
                Limit::Whole(longest) => longest.saturating_add(1),
                Limit::First(most) => most.saturating_add(most / 8).saturating_add(1 << 10),
            };
            unpack(body.into_with_config().limit(sent).reader(), &codings, limit)?
        } else {
            Vec::new()
        };
        Ok(Answer { status, url: url.clone(), headers: head.headers, body: bytes })
    }
}

/// How an answer can be packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coding {
    Gzip,
    Deflate,
    Brotli,
}

/// The codings of an answer, in the order in which they were applied (RFC 9110, 8.4).
fn codings(headers: &HeaderMap) -> Result<Vec<Coding>, Failure> {
    let mut codings = Vec::new();
    for value in headers.get_all("content-encoding") {
        for name in value.to_str().unwrap_or_default().split(',').map(str::trim) {
            codings.push(match name.to_ascii_lowercase().as_str() {
                "" | "identity" | "utf-8" | "none" => continue,
                "gzip" | "x-gzip" => Coding::Gzip,
                "deflate" => Coding::Deflate,
                "br" => Coding::Brotli,
                other => {
                    let other: String = other.chars().take(40).collect();
                    return Err(Failure::new(
                        Why::Broken,
                        format!("the answer is packed as `{other}`, which was not asked for; expected gzip, br or deflate"),
                        "the server is at fault; it may be passing",
                    ));
                }
            });
        }
    }
    if codings.len() > MOST_CODINGS {
        return Err(Failure::new(
            Why::Broken,
            format!("the answer is packed {} times over; expected at most {MOST_CODINGS}", codings.len()),
            "it is broken or made to do harm",
        ));
    }
    Ok(codings)
}

/// Reads a body, unpacked as it comes, and no byte more than the limit says.
fn unpack(body: impl Read + 'static, codings: &[Coding], limit: Limit) -> Result<Vec<u8>, Failure> {
    let mut reader: Box<dyn Read> = Box::new(body);
    for coding in codings.iter().rev() {
        reader = match coding {
            Coding::Gzip => Box::new(MultiGzDecoder::new(reader)),
            Coding::Brotli => Box::new(brotli_decompressor::Decompressor::new(reader, 1 << 14)),
            Coding::Deflate => deflated(reader)?,
        };
    }
    let mut bytes = Vec::new();
    let longest = match limit {
        Limit::Whole(longest) => longest,
        Limit::First(most) => {
            reader.take(most).read_to_end(&mut bytes).map_err(|error| unread(&error, most))?;
            return Ok(bytes);
        }
    };
    let read = reader.take(longest.saturating_add(1)).read_to_end(&mut bytes);
    if bytes.len() as u64 > longest {
        return Err(too_long(longest));
    }
    match read {
        Ok(_) => Ok(bytes),
        Err(error) => Err(unread(&error, longest)),
    }
}

/// "deflate" is the zlib format (RFC 9110, 8.4.1.2), and from some servers the bare one: told by the first two bytes (RFC 1950, 2.2).
fn deflated(mut reader: Box<dyn Read>) -> Result<Box<dyn Read>, Failure> {
    let mut head = Vec::with_capacity(2);
    reader.by_ref().take(2).read_to_end(&mut head).map_err(|error| unread(&error, 0))?;
    let zlib = matches!(head.as_slice(), [method, flags]
        if method & 0x0f == 8 && (u16::from(*method) << 8 | u16::from(*flags)) % 31 == 0);
    let whole = io::Cursor::new(head).chain(reader);
    Ok(if zlib { Box::new(ZlibDecoder::new(whole)) } else { Box::new(DeflateDecoder::new(whole)) })
}

fn too_long(longest: u64) -> Failure {
    Failure::new(
        Why::TooLong,
        format!("the answer is longer than {longest} bytes, as it is sent or unpacked"),
        "raise `fetch.max_bytes` if it is rightly so long",
    )
}

/// What it means that a body could not be read to its end.
fn unread(error: &io::Error, longest: u64) -> Failure {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<ureq::Error>());
    match inner {
        Some(ureq::Error::BodyExceedsLimit(_)) => return too_long(longest),
        Some(inner @ ureq::Error::Timeout(_)) => return told(inner),
        _ => {}
    }
    match error.kind() {
        io::ErrorKind::TimedOut => timed_out(),
        io::ErrorKind::UnexpectedEof => Failure::new(
            Why::Unreachable,
            "the answer breaks off before its end",
            "it is asked for again later",
        ),
        _ => Failure::new(
            Why::Unreachable,
            format!("the answer cannot be read to its end: {error}"),
            "it is asked for again later",
        ),
    }
}

fn timed_out() -> Failure {
    Failure::new(
        Why::Timeout,
        "the server did not answer in time",
        "it is asked again later; `fetch.timeout` and `fetch.connect_timeout` say how long it may take",
    )
}

/// What it means that no answer came.
fn told(error: &ureq::Error) -> Failure {
    let later = "it is asked again later; see whether the address opens in a browser";
    match error {
        ureq::Error::Timeout(_) => timed_out(),
        ureq::Error::HostNotFound => {
            Failure::new(Why::Unreachable, "there is no server of that name", "check the address")
        }
        ureq::Error::BodyExceedsLimit(limit) => too_long(*limit),
        ureq::Error::Other(inner) if inner.downcast_ref::<Refused>().is_some() => Failure::new(
            Why::Forbidden,
            inner.to_string(),
            "give the address in `fetch.allow` if it is to be fetched from all the same",
        ),
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => Failure::new(
            Why::Broken,
            format!("the address cannot be asked for: {error}"),
            "check the address",
        ),
        ureq::Error::Protocol(_) => {
            Failure::new(Why::Broken, format!("the server does not speak HTTP as it should: {error}"), later)
        }
        ureq::Error::LargeResponseHeader(..) => Failure::new(
            Why::Broken,
            format!("the head of the answer is longer than {LONGEST_HEAD} bytes"),
            "it is broken or made to do harm",
        ),
        ureq::Error::Io(inner) if inner.kind() == io::ErrorKind::TimedOut => timed_out(),
        ureq::Error::Io(inner) if inner.kind() == io::ErrorKind::ConnectionRefused => {
            Failure::new(Why::Unreachable, "the server refuses connections", later)
        }
        _ if deepest(error).contains("certificate") => Failure::new(
            Why::Broken,
            format!("the server's certificate is not trusted: {}", deepest(error)),
            "see whether the address opens in a browser, and whether this machine's clock is right",
        ),
        _ => {
            Failure::new(Why::Unreachable, format!("the server cannot be reached: {}", deepest(error)), later)
        }
    }
}

/// The innermost words of an error.
fn deepest(error: &ureq::Error) -> String {
    let mut at: &dyn std::error::Error = error;
    while let Some(source) = at.source() {
        at = source;
    }
    let own = error.to_string();
    if error.source().is_some() { at.to_string() } else { own }
}

/// A name that leads to where nothing may be fetched from.
#[derive(Debug, thiserror::Error)]
#[error("the address leads to {address}, {why}: nothing is fetched from there")]
struct Refused {
    address: std::net::IpAddr,
    why: &'static str,
}

/// Looks a name up and lets through what the guard allows: all of its addresses or none, for a name with one address inside
/// and one outside is made to get in.
#[derive(Debug)]
struct Guarded {
    guard: Guard,
    inner: DefaultResolver,
}

impl Resolver for Guarded {
    fn resolve(
        &self,
        uri: &Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        for address in found.iter() {
            if let Some(why) = self.guard.refuses(address.ip(), address.port()) {
                return Err(ureq::Error::Other(Box::new(Refused { address: address.ip(), why })));
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn zlib(text: &[u8]) -> Vec<u8> {
        let mut out = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        out.write_all(text).expect("packed");
        out.finish().expect("packed")
    }

    #[test]
    fn both_kinds_of_deflate_are_read() {
        let mut bare = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
        bare.write_all(b"a text").expect("packed");
        for packed in [zlib(b"a text"), bare.finish().expect("packed")] {
            let text =
                unpack(io::Cursor::new(packed), &[Coding::Deflate], Limit::Whole(100)).expect("unpacked");
            assert_eq!(text, b"a text");
        }
        assert!(unpack(io::Cursor::new(vec![0x78]), &[Coding::Deflate], Limit::Whole(100)).is_err());
    }

    #[test]
    fn what_swells_is_cut_off() {
        let bomb = zlib(&vec![0; 50 << 20]);
        let error =
            unpack(io::Cursor::new(zlib(&bomb)), &[Coding::Deflate, Coding::Deflate], Limit::Whole(1 << 20));
        assert_eq!(error.expect_err("a bomb").why, Why::TooLong);
        let first = unpack(io::Cursor::new(zlib(&vec![7; 5 << 20])), &[Coding::Deflate], Limit::First(1000));
        assert_eq!(first.expect("its beginning"), vec![7; 1000]);
        // A megabyte of zeros in Brotli, sixteen bytes long.
        let packed = [0x5b, 0xff, 0xff, 0x0f, 0x00, 0x00, 0x00, 0x00];
        let _ = unpack(io::Cursor::new(packed.to_vec()), &[Coding::Brotli], Limit::Whole(1000));
    }

    #[test]
    fn strange_codings_are_refused() {
        let of = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("content-encoding", value.parse().expect("a value"));
            codings(&headers)
        };
        assert_eq!(of("gzip, br").expect("known"), [Coding::Gzip, Coding::Brotli]);
        assert_eq!(of("identity").expect("known"), []);
        assert!(of("zstd").is_err() && of("gzip, gzip, gzip").is_err());
    }
}
