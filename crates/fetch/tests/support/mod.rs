//! A web server of a test's own, a clock that can jump, and a memory that is gone with the test.

#![allow(dead_code, clippy::panic)]

use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use record::{HostState, Source, SourceItem, SourceState, SourceType, TextFrom};
use watchpost_fetch::{Clock, Desk, Done, Due, Fetched, Settings, Stop, round};

/// A request as the server had it.
#[derive(Debug, Clone)]
pub struct Asked {
    pub path: String,
    pub headers: HashMap<String, String>,
    pub at: Instant,
}

/// A server on a port of its own; every request is written down.
pub struct Server {
    pub address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    /// `answer` writes what is to be answered. A path that it leaves alone is not found.
    pub fn new(answer: impl Fn(&Asked, &mut TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("its address");
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (written, answer) = (asked.clone(), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (Ok(stream), written, answer) = (stream, written.clone(), answer.clone()) else {
                    continue;
                };
                std::thread::spawn(move || {
                    let mut lines = BufReader::new(stream.try_clone().expect("a stream")).lines();
                    let Some(Ok(first)) = lines.next() else { return };
                    let headers = lines
                        .map_while(Result::ok)
                        .take_while(|line| !line.is_empty())
                        .filter_map(|line| {
                            let (name, value) = line.split_once(':')?;
                            Some((name.to_ascii_lowercase(), value.trim().to_owned()))
                        })
                        .collect();
                    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
                    let asked = Asked { path, headers, at: Instant::now() };
                    written.lock().expect("a lock").push(asked.clone());
                    let mut stream = stream;
                    answer(&asked, &mut stream);
                });
            }
        });
        Self { address, asked }
    }

    /// One that gives these pages: path, type, body; all others are not found.
    pub fn of(pages: &[(&str, &str, &str)]) -> Self {
        let pages: Vec<(String, String, String)> =
            pages.iter().map(|(path, kind, body)| ((*path).into(), (*kind).into(), (*body).into())).collect();
        Self::new(move |asked, out| match pages.iter().find(|(path, ..)| *path == asked.path) {
            Some((_, kind, body)) => page(out, kind, body),
            None => status(out, "404 Not Found", ""),
        })
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The paths that were asked for, in order, but for robots.txt.
    pub fn paths(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.path).filter(|path| path != "/robots.txt").collect()
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("a lock").clone()
    }

    pub fn forget(&self) {
        self.asked.lock().expect("a lock").clear();
    }
}

pub fn send(out: &mut TcpStream, bytes: &[u8]) {
    // Who asked may have had enough.
    let _ = out.write_all(bytes).and_then(|()| out.flush());
}

pub fn page(out: &mut TcpStream, kind: &str, body: &str) {
    bytes(out, &format!("Content-Type: {kind}\r\n"), body.as_bytes());
}

/// Headers with their ends of line, and a body.
pub fn bytes(out: &mut TcpStream, headers: &str, body: &[u8]) {
    let head =
        format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n", body.len());
    send(out, &[head.as_bytes(), body].concat());
}

pub fn status(out: &mut TcpStream, status: &str, headers: &str) {
    send(
        out,
        format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: 0\r\n{headers}\r\n").as_bytes(),
    );
}

/// A clock that is set by hand; waiting moves it and takes no time.
pub struct Hand {
    now: Mutex<Timestamp>,
    ticks: Mutex<Duration>,
    pub waits: Mutex<Vec<Duration>>,
}

pub const NOON: &str = "2026-11-05T12:00:00Z";

impl Default for Hand {
    fn default() -> Self {
        Self {
            now: Mutex::new(NOON.parse().expect("a time")),
            ticks: Mutex::default(),
            waits: Mutex::default(),
        }
    }
}

impl Hand {
    /// Moves on, or jumps back.
    pub fn jump(&self, by: SignedDuration) {
        let mut now = self.now.lock().expect("a lock");
        *now = now.checked_add(by).expect("a time");
    }
}

impl Clock for Hand {
    fn now(&self) -> Timestamp {
        *self.now.lock().expect("a lock")
    }

    fn ticks(&self) -> Duration {
        *self.ticks.lock().expect("a lock")
    }

    fn wait(&self, time: Duration, stop: &Stop) -> bool {
        self.waits.lock().expect("a lock").push(time);
        *self.ticks.lock().expect("a lock") += time;
        self.jump(SignedDuration::try_from(time).expect("a short time"));
        !stop.asked()
    }
}

/// What is remembered in a test.
#[derive(Default)]
pub struct Memory {
    pub sources: BTreeMap<String, Due>,
    pub items: BTreeMap<(String, String), SourceItem>,
    pub hosts: HashMap<String, HostState>,
    pub reports: Vec<Fetched>,
    pub done: Vec<Done>,
}

impl Desk for Memory {
    type Error = Infallible;

    fn known(&mut self, source: &str, keys: &[String]) -> Result<Vec<Option<SourceItem>>, Infallible> {
        Ok(keys.iter().map(|key| self.items.get(&(source.to_owned(), key.clone())).cloned()).collect())
    }

    fn waiting(&mut self, source: &str, limit: usize) -> Result<Vec<SourceItem>, Infallible> {
        let waiting = self.items.iter().filter(|((of, _), item)| of == source && item.waiting.is_some());
        Ok(waiting.map(|(_, item)| item.clone()).take(limit).collect())
    }

    fn host(&mut self, server: &str) -> Result<HostState, Infallible> {
        Ok(self.hosts.get(server).cloned().unwrap_or_default())
    }

    fn keep_host(&mut self, server: &str, state: &HostState) -> Result<(), Infallible> {
        self.hosts.insert(server.to_owned(), state.clone());
        Ok(())
    }

    fn take(&mut self, fetched: Fetched) -> Result<(), Infallible> {
        self.reports.push(fetched);
        Ok(())
    }

    fn done(&mut self, done: Done) -> Result<(), Infallible> {
        let due = self.sources.get_mut(&done.source).expect("a source that was due");
        due.state = done.state.clone();
        if let Some(moved) = &done.moved {
            due.source.url.clone_from(moved);
        }
        if done.paused.is_some() {
            due.source.paused.clone_from(&done.paused);
        }
        for item in &done.items {
            self.items.insert((done.source.clone(), item.key.clone()), item.clone());
        }
        self.done.push(done);
        Ok(())
    }
}

pub fn source(url: &str) -> Source {
    Source {
        id: watchpost_fetch::source_id(url),
        url: url.to_owned(),
        name: "The Daily Example".to_owned(),
        page: None,
        folder: Vec::new(),
        kind: SourceType::Auto,
        text: TextFrom::Page,
        publisher: None,
        language: None,
        every: None,
        added: NOON.parse().expect("a time"),
        paused: None,
    }
}

/// A desk with its clock.
#[derive(Default)]
pub struct Post {
    pub memory: Memory,
    pub clock: Hand,
    pub settings: Option<Settings>,
}

/// Settings that let a test's own servers be fetched from.
pub fn settings() -> Settings {
    Settings { allow: vec!["127.0.0.1".to_owned()], timeout: 5, connect_timeout: 2, ..Settings::default() }
}

impl Post {
    pub fn with(sources: impl IntoIterator<Item = Source>) -> Self {
        let mut post = Self::default();
        for source in sources {
            post.memory.sources.insert(source.id.clone(), Due { source, state: SourceState::default() });
        }
        post
    }

    pub fn of(url: &str) -> Self {
        Self::with([source(url)])
    }

    /// A round over all sources, due or not; what came of each.
    pub fn round(&mut self) -> Vec<Done> {
        let due = self.memory.sources.values().cloned().collect();
        let settings = self.settings.clone().unwrap_or_else(settings);
        self.memory.done.clear();
        let Ok(()) = round(due, &settings, &self.clock, &Stop::default(), 7, &mut self.memory);
        self.memory.done.clone()
    }

    /// A round over the only source.
    pub fn once(&mut self) -> Done {
        self.round().pop().expect("one source")
    }

    /// What went wrong with the only source.
    pub fn failure(&mut self) -> watchpost_fetch::Failure {
        self.once().failure.expect("a failure")
    }

    pub fn texts(&self) -> Vec<&str> {
        self.memory.reports.iter().map(|fetched| fetched.report.text.as_str()).collect()
    }

    pub fn state(&self) -> &SourceState {
        &self.memory.sources.values().next().expect("a source").state
    }
}

/// A feed of items; `server` stands for the address in them.
pub fn rss(items: &str) -> String {
    format!(
        "<rss version=\"2.0\"><channel><title>Example News</title><language>en</language>{items}</channel></rss>"
    )
}

/// An item with that page.
pub fn item(link: &str, title: &str) -> String {
    format!(
        "<item><title>{title}</title><link>{link}</link><guid>{link}</guid>\
         <pubDate>Thu, 05 Nov 2026 09:00:00 GMT</pubDate><description>In short: {title}.</description></item>"
    )
}

/// A page with that text.
pub fn article(text: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=en><head><title>A page</title></head><body><nav><a href=/>Home</a></nav><article><h1>A page</h1>\
         <p>{text} Officials said that the road was closed and that an inquiry would follow in the coming days.</p></article></body></html>"
    )
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    out.write_all(bytes).expect("packed");
    out.finish().expect("packed")
}
