//! How servers are treated, and how what they do to us is borne: limits, pauses, redirects, addresses, clocks.

#![allow(clippy::panic)]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use jiff::SignedDuration;
use support::{Post, Server, article, bytes, gzip, item, page, rss, send, settings, source, status};
use watchpost_fetch::{Settings, Why, schedule};

const FEED: &str = "application/rss+xml";
const HTML: &str = "text/html";

/// A server whose feed is answered by hand; all else is not found.
fn feed(answer: impl Fn(&support::Asked, &mut std::net::TcpStream) + Send + Sync + 'static) -> Server {
    Server::new(move |asked, out| match asked.path.as_str() {
        "/feed.xml" => answer(asked, out),
        _ => status(out, "404 Not Found", ""),
    })
}

fn one_item() -> String {
    rss("<item><title>T</title><description>Gunmen killed five soldiers.</description></item>")
}

#[test]
fn a_version_that_was_seen_is_not_sent_again() {
    let server = feed(|asked, out| {
        let headers = (asked.headers.get("if-none-match"), asked.headers.get("if-modified-since"));
        match headers {
            (Some(etag), Some(_)) if etag == "\"v1\"" => status(out, "304 Not Modified", ""),
            _ => bytes(
                out,
                "ETag: \"v1\"\r\nLast-Modified: Thu, 05 Nov 2026 09:00:00 GMT\r\n",
                one_item().as_bytes(),
            ),
        }
    });
    let mut post = Post::of(&server.url("/feed.xml"));
    assert_eq!(post.once().day.new, 1);
    let done = post.once();
    assert_eq!((done.failure, done.day.successes, done.day.seen), (None, 1, 0));
    // A 304 that was not asked for is no answer.
    let server = feed(|_, out| status(out, "304 Not Modified", ""));
    assert_eq!(Post::of(&server.url("/feed.xml")).failure().why, Why::Status(304));
}

#[test]
fn one_request_at_a_time_and_a_pause_between_two() {
    let (running, most) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
    let (here, seen) = (running.clone(), most.clone());
    let server = Server::new(move |asked, out| {
        seen.fetch_max(here.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(20));
        match asked.path.as_str() {
            "/robots.txt" => page(out, "text/plain", "User-agent: watchpost\nCrawl-delay: 9\n"),
            path if path.ends_with(".xml") => page(out, FEED, &rss(&item(&format!("{path}/a"), path))),
            path => page(out, HTML, &article(&format!("Report {path}: gunmen killed five."))),
        }
        here.fetch_sub(1, Ordering::SeqCst);
    });
    // Two other servers link to the first.
    let elsewhere: Vec<Server> = (0..2)
        .map(|n| {
            Server::of(&[("/feed.xml", FEED, &rss(&item(&server.url(&format!("/else/{n}")), "Elsewhere")))])
        })
        .collect();
    let mut post = Post::with(
        ["/1.xml", "/2.xml"]
            .iter()
            .map(|path| source(&server.url(path)))
            .chain(elsewhere.iter().map(|other| source(&other.url("/feed.xml")))),
    );
    let done = post.round();
    assert_eq!(done.iter().map(|done| done.day.new).sum::<u32>(), 4, "{done:?}");
    assert_eq!(most.load(Ordering::SeqCst), 1, "never two at a time");
    assert_eq!(server.asked().iter().filter(|asked| asked.path == "/robots.txt").count(), 1);
    let waits = post.clock.waits.lock().expect("a lock").clone();
    assert!(waits.iter().all(|wait| *wait <= Duration::from_secs(9)), "{waits:?}");
    // Six pages of the first server after its robots.txt. The clock moves for all who wait, so their sum says nothing; the longest does.
    assert!(
        waits.iter().any(|wait| *wait > Duration::from_secs(2)),
        "the robots.txt stands above the settings: {waits:?}"
    );

    // A pause of an hour is not waited out: what is left is fetched in later rounds.
    let server = Server::new(|asked, out| match asked.path.as_str() {
        "/robots.txt" => page(out, "text/plain", "User-agent: *\nCrawl-delay: 3600\n"),
        "/feed.xml" => page(out, FEED, &rss(&item("/a", "A"))),
        path => page(out, HTML, &article(&format!("Report {path}: gunmen killed five."))),
    });
    let mut post = Post::of(&server.url("/feed.xml"));
    let failure = post.failure();
    assert!(matches!(failure.why, Why::Wait(_)) && failure.error.contains("3600 seconds"), "{failure}");
    assert_eq!(post.state().failures, 0, "nothing is held against the source");
    // Nor in another round that comes too soon.
    let failure = post.failure();
    assert!(matches!(failure.why, Why::Wait(_)), "{failure}");
    assert_eq!(server.paths(), [""; 0]);
    for _ in 0..4 {
        post.clock.jump(SignedDuration::from_mins(61));
        post.once();
    }
    assert_eq!(
        server.paths(),
        ["/feed.xml", "/a", "/feed.xml", "/feed.xml"],
        "by turns while something waits"
    );
    assert_eq!(post.memory.reports.len(), 1);
}

#[test]
fn a_server_that_asks_for_it_is_left_alone() {
    let server = feed(|_, out| status(out, "429 Too Many Requests", "Retry-After: 7200\r\n"));
    let mut post = Post::of(&server.url("/feed.xml"));
    assert_eq!(post.failure().why, Why::Status(429));
    let next = post.state().next_try.expect("a time");
    let due = post.memory.sources.values().next().expect("a source").clone();
    assert!(!schedule::is_due(&due.source, &due.state, next - SignedDuration::from_secs(1)));
    // Asked all the same, it is not spoken to before the time has come.
    server.forget();
    let failure = post.failure();
    assert!(matches!(failure.why, Why::Wait(_)), "{failure}");
    assert_eq!(server.asked().len(), 0);
    post.clock.jump(SignedDuration::from_hours(3));
    post.once();
    assert_eq!(server.paths(), ["/feed.xml"]);
    // Pages too: after the first refusal none is asked for in that round.
    let items: String = (0..4).map(|n| item(&format!("/{n}"), &format!("Attack {n}"))).collect();
    let server = Server::new(move |asked, out| match asked.path.as_str() {
        "/feed.xml" => page(out, FEED, &rss(&items)),
        "/robots.txt" => status(out, "404 Not Found", ""),
        _ => status(out, "429 Too Many Requests", ""),
    });
    let mut post = Post::of(&server.url("/feed.xml"));
    let done = post.once();
    assert_eq!((done.failure, done.day.new, server.paths().len()), (None, 0, 2));
}

#[test]
fn moved_and_gone() {
    let server = Server::new(|asked, out| match asked.path.as_str() {
        "/old.xml" => status(out, "301 Moved Permanently", "Location: /between.xml\r\n"),
        "/between.xml" => status(out, "308 Permanent Redirect", "Location: /new.xml\r\n"),
        "/for-now.xml" => status(out, "302 Found", "Location: /new.xml\r\n"),
        "/new.xml" => page(out, FEED, &one_item()),
        "/gone.xml" => status(out, "410 Gone", ""),
        "/login.xml" => status(out, "301 Moved Permanently", "Location: /login\r\n"),
        "/login" => page(out, HTML, "<html><body><form></form></body></html>"),
        _ => status(out, "404 Not Found", ""),
    });
    let mut post = Post::of(&server.url("/old.xml"));
    let done = post.once();
    assert_eq!(done.moved.as_deref(), Some(server.url("/new.xml").as_str()));
    assert!(done.notes.iter().any(|note| note.contains("moved for good")), "{:?}", done.notes);
    server.forget();
    post.once();
    assert_eq!(server.paths(), ["/new.xml"]);
    assert_eq!(Post::of(&server.url("/for-now.xml")).once().moved, None);
    let done = Post::of(&server.url("/login.xml")).once();
    assert!(done.failure.is_some() && done.moved.is_none(), "what is no feed there has not moved there");
    let done = Post::of(&server.url("/gone.xml")).once();
    assert!(done.paused.is_some_and(|paused| paused.why.contains("410")));
    let done = Post::of(&server.url("/none.xml")).once();
    assert!(done.paused.is_none() && done.failure.is_some_and(|failure| failure.why == Why::Status(404)));
}

#[test]
fn redirects_without_an_end() {
    let turn = AtomicU32::new(0);
    let server = Server::new(move |asked, out| match asked.path.as_str() {
        "/circle" => status(out, "302 Found", "Location: /back\r\n"),
        "/back" => status(out, "302 Found", "Location: /circle\r\n"),
        "/nowhere" => status(out, "302 Found", ""),
        "/robots.txt" => status(out, "404 Not Found", ""),
        _ => status(out, "302 Found", &format!("Location: /{}\r\n", turn.fetch_add(1, Ordering::SeqCst))),
    });
    for (path, says) in
        [("/endless", "more than 5 times"), ("/circle", "circle"), ("/nowhere", "names no address")]
    {
        let failure = Post::of(&server.url(path)).failure();
        assert!(failure.why == Why::Redirects && failure.error.contains(says), "{path}: {failure}");
    }
    // Also of the robots.txt, which then counts as missing (RFC 9309, 2.3.1.2).
    let server = Server::new(|asked, out| match asked.path.as_str() {
        "/feed.xml" => page(out, FEED, &one_item()),
        _ => status(out, "301 Moved Permanently", "Location: /robots.txt\r\n"),
    });
    assert_eq!(Post::of(&server.url("/feed.xml")).once().day.new, 1);
}

#[test]
fn no_way_leads_inside() {
    let inner = Server::of(&[("/feed.xml", FEED, &one_item())]);
    let port = inner.address.port();
    let to = move |asked: &support::Asked, out: &mut std::net::TcpStream| {
        let to = match asked.path.as_str() {
            "/loopback" => format!("http://127.0.0.1:{port}/feed.xml"),
            "/name" => format!("http://localhost:{port}/feed.xml"),
            "/number" => format!("http://2130706433:{port}/feed.xml"),
            "/mapped" => format!("http://[::ffff:127.0.0.1]:{port}/feed.xml"),
            "/metadata" => "http://169.254.169.254/latest/meta-data/".to_owned(),
            "/private" => "http://10.1.2.3/".to_owned(),
            "/ula" => "http://[fd00:ec2::254]/".to_owned(),
            "/file" => "file:///etc/passwd".to_owned(),
            "/secret" => format!("http://me:secret@127.0.0.1:{port}/feed.xml"),
            _ => return status(out, "404 Not Found", ""),
        };
        status(out, "302 Found", &format!("Location: {to}\r\n"));
    };
    let outer = Server::new(to);
    // The guard lets through one port alone.
    let only = |server: &Server| Settings { allow: vec![server.address.to_string()], ..settings() };
    for path in ["/loopback", "/name", "/number", "/mapped", "/metadata", "/private", "/ula"] {
        let mut post = Post::of(&outer.url(path));
        post.settings = Some(only(&outer));
        let failure = post.failure();
        assert_eq!(failure.why, Why::Forbidden, "{path}: {failure}");
        assert!(failure.error.contains("nothing is fetched from there"), "{failure}");
    }
    for path in ["/file", "/secret"] {
        let mut post = Post::of(&outer.url(path));
        post.settings = Some(only(&outer));
        let failure = post.failure();
        assert!(failure.why == Why::Redirects && !failure.to_string().contains("secret"), "{failure}");
    }
    assert_eq!(inner.asked().len(), 0, "not even its robots.txt");
    // Nor does a feed lead there, and without leave not even a source does.
    let outer = Server::of(&[("/feed.xml", FEED, &rss(&item(&inner.url("/feed.xml"), "Inside")))]);
    let mut post = Post::of(&outer.url("/feed.xml"));
    post.settings = Some(only(&outer));
    post.once();
    assert_eq!(inner.asked().len(), 0);
    post.settings = Some(Settings { allow: Vec::new(), ..settings() });
    assert_eq!(post.failure().why, Why::Forbidden);
}

#[test]
fn too_much_is_cut_off() {
    // Half a gigabyte, announced or not, packed or not.
    let block = vec![b'x'; 1 << 20];
    let bomb = gzip(&gzip(&vec![0; 64 << 20]));
    let once = gzip(&vec![b' '; 200 << 20]);
    let server = Server::new(move |asked, out| match asked.path.as_str() {
        "/announced" => send(out, b"HTTP/1.1 200 OK\r\nContent-Length: 524288000\r\n\r\n<rss>"),
        "/streamed" => {
            send(out, b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<rss>");
            for _ in 0..500 {
                if std::io::Write::write_all(out, &block).is_err() {
                    break;
                }
            }
        }
        "/chunked" => {
            send(out, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            for _ in 0..500 {
                let chunk = [format!("{:x}\r\n", block.len()).as_bytes(), &block, b"\r\n"].concat();
                if std::io::Write::write_all(out, &chunk).is_err() {
                    break;
                }
            }
        }
        "/bomb" => bytes(out, "Content-Encoding: gzip, gzip\r\n", &bomb),
        "/packed" => bytes(out, "Content-Encoding: gzip\r\n", &once),
        "/file.xml.gz" => bytes(out, "Content-Type: application/gzip\r\n", &once),
        "/head" => {
            send(out, b"HTTP/1.1 200 OK\r\n");
            for n in 0..20_000 {
                send(out, format!("X-Filler-{n}: {}\r\n", "y".repeat(100)).as_bytes());
            }
        }
        _ => status(out, "404 Not Found", ""),
    });
    for path in ["/announced", "/streamed", "/chunked", "/bomb", "/packed", "/file.xml.gz", "/head"] {
        let started = Instant::now();
        let mut post = Post::of(&server.url(path));
        post.settings = Some(Settings { max_bytes: 4 << 20, ..settings() });
        let failure = post.failure();
        let expected = if path == "/head" { Why::Broken } else { Why::TooLong };
        assert_eq!(failure.why, expected, "{path}: {failure}");
        assert!(started.elapsed() < Duration::from_secs(4), "{path}: {:?}", started.elapsed());
    }
}

#[test]
fn servers_that_never_end() {
    let server = Server::new(|asked, out| {
        let drip = |out: &mut std::net::TcpStream, head: &str| {
            send(out, head.as_bytes());
            for _ in 0..200 {
                std::thread::sleep(Duration::from_millis(50));
                if std::io::Write::write_all(out, b"x").is_err() {
                    return;
                }
            }
        };
        match asked.path.as_str() {
            "/head" => drip(out, "HTTP/1.1 200 OK\r\nX-Slow: "),
            "/body" => drip(out, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"),
            "/silent" => std::thread::sleep(Duration::from_secs(10)),
            _ => status(out, "404 Not Found", ""),
        }
    });
    for path in ["/head", "/body", "/silent"] {
        let started = Instant::now();
        let mut post = Post::of(&server.url(path));
        post.settings = Some(Settings { timeout: 1, ..settings() });
        let failure = post.failure();
        assert_eq!(failure.why, Why::Timeout, "{path}: {failure}");
        assert!(started.elapsed() < Duration::from_secs(4), "{path}: {:?}", started.elapsed());
    }
}

#[test]
fn what_breaks_off_is_asked_for_again() {
    let whole = rss(&(item("/a", "A") + &item("/b", "B")));
    let chunked = format!("{:x}\r\n{whole}\r\n0\r\n\r\n", whole.len());
    let packed = gzip(whole.as_bytes());
    let server = Server::new(move |asked, out| match asked.path.as_str() {
        "/short" => send(
            out,
            format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{whole}", whole.len() + 500).as_bytes(),
        ),
        "/chunks" => {
            send(out, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n<rss version=\"2.0\">")
        }
        "/packed" => bytes(out, "Content-Encoding: gzip\r\n", &packed[..packed.len() / 2]),
        "/nothing" => {}
        "/noise" => send(out, b"\x16\x03\x01 this is no HTTP\r\n\r\n"),
        "/good" => {
            send(out, format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{chunked}").as_bytes())
        }
        "/a" | "/b" => page(out, HTML, &article(&format!("Report {}: gunmen killed five.", asked.path))),
        _ => status(out, "404 Not Found", ""),
    });
    for path in ["/short", "/chunks", "/packed", "/nothing", "/noise"] {
        let mut post = Post::of(&server.url(path));
        let failure = post.failure();
        assert!(matches!(failure.why, Why::Unreachable | Why::Broken), "{path}: {failure:?}");
        assert_eq!((post.state().failures, post.state().begun), (1, false), "{path}");
    }
    assert_eq!(Post::of(&server.url("/good")).once().day.new, 2);
}

#[test]
fn a_robots_file_that_cannot_be_had() {
    let failing = Arc::new(AtomicU32::new(503));
    let shared = failing.clone();
    let server = Server::new(move |asked, out| match (asked.path.as_str(), shared.load(Ordering::SeqCst)) {
        ("/robots.txt", 200) => page(out, "text/plain", "User-agent: *\nDisallow: /feed.xml\n"),
        ("/robots.txt", code) => status(out, &format!("{code} Failing"), ""),
        _ => page(out, FEED, &one_item()),
    });
    let mut post = Post::of(&server.url("/feed.xml"));
    let failure = post.failure();
    assert!(failure.passing() && failure.error.contains("robots.txt"), "{failure}");
    assert_eq!(server.paths(), [""; 0]);
    // After thirty days it counts as missing.
    post.clock.jump(SignedDuration::from_hours(24 * 31));
    assert_eq!(post.once().failure, None);
    failing.store(200, Ordering::SeqCst);
    post.clock.jump(SignedDuration::from_hours(1));
    let failure = post.failure();
    assert_eq!(failure.why, Why::Robots, "{failure}");
    // A page in its place, or none, forbids nothing.
    for code in [404, 401, 403] {
        let server = Server::new(move |asked, out| match asked.path.as_str() {
            "/robots.txt" => status(out, &format!("{code} No"), ""),
            _ => page(out, FEED, &one_item()),
        });
        assert_eq!(Post::of(&server.url("/feed.xml")).once().failure, None, "{code}");
    }
    // Nobody at home.
    let gone = std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a port");
    let failure = Post::of(&format!("http://{gone}/feed.xml")).failure();
    assert!(failure.why == Why::Unreachable && failure.error.contains("refuses connections"), "{failure}");
}

#[test]
fn a_clock_that_jumps() {
    let server = feed(|_, out| page(out, FEED, &one_item()));
    let mut post = Post::of(&server.url("/feed.xml"));
    post.once();
    for hours in [24 * 400, -24 * 800, 24 * 400] {
        post.clock.jump(SignedDuration::from_hours(hours));
        let due = post.memory.sources.values().next().expect("a source").clone();
        assert!(
            schedule::is_due(&due.source, &due.state, watchpost_fetch::Clock::now(&post.clock)),
            "{hours}"
        );
        let done = post.once();
        assert_eq!((done.failure, done.day.new, done.day.seen), (None, 0, 1));
        let next =
            post.state().next_try.expect("a time").duration_since(watchpost_fetch::Clock::now(&post.clock));
        assert!(next > SignedDuration::ZERO && next < SignedDuration::from_hours(1), "{next}");
    }
}

#[test]
fn a_round_that_is_told_to_end_ends() {
    let items: String = (0..20).map(|n| item(&format!("/{n}"), &format!("Attack {n}"))).collect();
    let server = Server::new(move |asked, out| match asked.path.as_str() {
        "/feed.xml" => page(out, FEED, &rss(&items)),
        "/robots.txt" => status(out, "404 Not Found", ""),
        path => page(out, HTML, &article(&format!("Report {path}: gunmen killed five."))),
    });
    let mut post = Post::of(&server.url("/feed.xml"));
    let due = post.memory.sources.values().cloned().collect();
    let (stop, clock) = (watchpost_fetch::Stop::default(), watchpost_fetch::SystemClock::default());
    let settings = Settings { pause: 1, ..settings() };
    let started = Instant::now();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while server.paths().len() < 3 {
                std::thread::sleep(Duration::from_millis(20));
            }
            stop.ask();
        });
        let Ok(()) = watchpost_fetch::round(due, &settings, &clock, &stop, 7, &mut post.memory);
    });
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    let done = post.memory.done.pop().expect("a source");
    assert!(done.day.new >= 1 && done.day.new < 20 && done.failure.is_none());
    // What was listed and not read waits, and is read the next time.
    let waiting = post.memory.items.values().filter(|item| item.waiting.is_some()).count();
    assert_eq!(waiting + usize::try_from(done.day.new).expect("few"), 20);
    let read = post.memory.reports.len();
    post.once();
    assert_eq!((read, post.memory.reports.len()), (usize::try_from(done.day.new).expect("few"), 20));
}

#[test]
fn a_long_robots_file_counts_as_far_as_it_is_read() {
    let long =
        format!("User-agent: *\nDisallow: /private\n{}\nDisallow: /late\n", "# a remark\n".repeat(60_000));
    // What the limit cuts through is no rule: here it would be `Disallow: /`.
    let cut = "User-agent: *\nDisallow: /private\n".to_owned();
    let cut = format!("{cut}{}Disallow: /far\n", "#".repeat((500 << 10) - cut.len() - 12) + "\n");
    assert_eq!(cut.get(..500 << 10).and_then(|text| text.rsplit('\n').next()), Some("Disallow: /"));
    for robots in [long, cut] {
        let server = Server::new(move |asked, out| match asked.path.as_str() {
            "/robots.txt" => page(out, "text/plain", &robots),
            "/feed.xml" => page(out, FEED, &rss(&(item("/private/a", "A") + &item("/late/b", "B")))),
            path => page(out, HTML, &article(&format!("Report {path}: gunmen killed five."))),
        });
        let mut post = Post::of(&server.url("/feed.xml"));
        assert_eq!(post.once().failure, None);
        assert_eq!(server.paths(), ["/feed.xml", "/late/b"]);
    }
}

#[test]
fn a_robots_file_elsewhere_is_asked_for_as_politely() {
    let other = Server::of(&[("/rules.txt", "text/plain", "User-agent: *\nDisallow: /b\n")]);
    let to = other.url("/rules.txt");
    let server = Server::new(move |asked, out| match asked.path.as_str() {
        "/robots.txt" => status(out, "301 Moved Permanently", &format!("Location: {to}\r\n")),
        "/feed.xml" => page(out, FEED, &rss(&(item("/a", "A") + &item("/b", "B")))),
        path => page(out, HTML, &article(&format!("Report {path}: gunmen killed five."))),
    });
    let mut post = Post::of(&server.url("/feed.xml"));
    // The other server has asked to be left alone.
    let name = format!("http://{}", other.address);
    let until = support::NOON.parse::<jiff::Timestamp>().expect("a time") + SignedDuration::from_hours(1);
    let state = record::HostState { not_before: Some(until), ..record::HostState::default() };
    post.memory.hosts.insert(name.clone(), state);
    let failure = post.failure();
    assert!(matches!(failure.why, Why::Wait(_)), "{failure}");
    assert_eq!((other.asked().len(), server.paths().len()), (0, 0), "neither is asked for anything more");
    post.clock.jump(SignedDuration::from_hours(2));
    assert_eq!(post.once().day.new, 2, "/b by the feed's own text");
    assert_eq!(server.paths(), ["/feed.xml", "/a"]);
    assert!(post.memory.hosts[&name].robots_at.is_none(), "they are the rules of the first server");

    // Two that lead to each other stop nobody.
    let there = Arc::new(std::sync::OnceLock::<String>::new());
    let seen = there.clone();
    let one = Server::new(move |asked, out| match asked.path.as_str() {
        "/robots.txt" => {
            let to = seen.get().expect("an address");
            status(out, "302 Found", &format!("Location: {to}\r\n"));
        }
        _ => page(out, FEED, &one_item()),
    });
    let back = one.url("/robots.txt");
    let two = Server::new(move |asked, out| match asked.path.as_str() {
        "/robots.txt" => status(out, "302 Found", &format!("Location: {back}\r\n")),
        _ => page(out, FEED, &one_item()),
    });
    there.set(two.url("/robots.txt")).expect("once");
    let mut post = Post::with([source(&one.url("/feed.xml")), source(&two.url("/feed.xml"))]);
    assert_eq!(post.round().iter().map(|done| done.day.new).sum::<u32>(), 2);
}

#[test]
fn a_robots_file_that_fails_is_no_robots_file_without_sitemaps() {
    let server = Server::new(|_, out| status(out, "503 Service Unavailable", ""));
    let failure = Post::of(&server.url("/robots.txt")).failure();
    assert_eq!(failure.why, Why::Unreachable);
    assert!(failure.error.contains("503") && !failure.error.contains("names no sitemap"), "{failure}");
}

#[test]
fn a_sitemap_that_is_gone_takes_no_source_with_it() {
    let server = Server::new(|asked, out| match asked.path.as_str() {
        "/index.xml" => {
            page(out, "text/xml", "<sitemapindex><sitemap><loc>/old.xml</loc></sitemap></sitemapindex>");
        }
        "/old.xml" => status(out, "410 Gone", ""),
        _ => status(out, "404 Not Found", ""),
    });
    let done = Post::of(&server.url("/index.xml")).once();
    assert_eq!(done.paused, None);
    assert!(done.failure.is_some_and(|failure| failure.why == Why::Status(410)));
}
