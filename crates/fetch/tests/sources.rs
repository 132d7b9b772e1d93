//! Sources of every kind, from servers of the tests' own.

#![allow(clippy::panic)]

mod support;

use record::{DateProvenance, SourceType, TextFrom, TextOrigin};
use support::{Post, Server, article, bytes, gzip, item, page, rss, settings, source, status};
use watchpost_fetch::Settings;

const FEED: &str = "application/rss+xml";
const HTML: &str = "text/html; charset=utf-8";

#[test]
fn a_feed_and_the_pages_that_it_links_to() {
    let server = Server::new(|asked, out| match asked.path.as_str() {
        "/feed.xml" => {
            page(out, FEED, &rss(&(item("/a?utm_source=rss", "Five die") + &item("/b", "Two die"))))
        }
        "/a?utm_source=rss" => {
            page(out, HTML, &article("Gunmen killed five soldiers near Gao on Wednesday."))
        }
        "/b" => page(out, HTML, &article("A bomb killed two people in the market of Mopti.")),
        _ => status(out, "404 Not Found", ""),
    });
    let mut post = Post::of(&server.url("/feed.xml"));
    let done = post.once();
    assert_eq!(done.failure, None, "{:?}", done.notes);
    assert_eq!((done.day.new, done.day.seen, done.day.refused), (2, 0, 0), "{:?}", done.notes);
    let report = &post.memory.reports[0].report;
    assert!(report.text.starts_with("Gunmen killed five soldiers"), "{}", report.text);
    assert!(!report.text.contains("Home"));
    assert_eq!(report.url.as_deref(), Some(server.url("/a").as_str()));
    assert_eq!(report.title.as_deref(), Some("A page"));
    assert_eq!(report.publisher.as_deref(), Some("Example News"));
    assert_eq!(report.published.map(|day| day.to_string()).as_deref(), Some("2026-11-05"));
    assert_eq!((report.published_from, report.text_from), (DateProvenance::Metadata, None));
    assert_eq!(post.memory.reports[0].headers.get("content-type").map(String::as_str), Some(HTML));
    let state = post.state();
    assert_eq!((state.kind, state.title.as_deref()), (Some(SourceType::Feed), Some("Example News")));
    assert!(state.last_new.is_some() && state.next_try > state.last_try);
    // Nothing new: nothing is fetched but the feed.
    server.forget();
    let done = post.once();
    assert_eq!((done.day.new, done.day.seen), (0, 2));
    assert_eq!(server.paths(), ["/feed.xml"]);
    assert!(server.asked().iter().all(|asked| asked.headers["user-agent"].starts_with("watchpost/")));
}

#[test]
fn a_page_that_is_refused_leaves_the_feeds_text() {
    let server = Server::new(|asked, out| match asked.path.as_str() {
        "/feed.xml" => {
            let items = ["/wall", "/gone", "/private/x", "/image", "/short"]
                .map(|path| item(path, &format!("Attack {path}")));
            page(out, FEED, &rss(&items.concat()));
        }
        "/robots.txt" => page(out, "text/plain", "User-agent: *\nDisallow: /private/\n"),
        "/wall" => status(out, "403 Forbidden", ""),
        "/image" => bytes(out, "Content-Type: text/html\r\n", b"\x89PNG\r\n\x1a\n\0\0"),
        "/short" => page(out, HTML, "<html><body><p>Log in.</p></body></html>"),
        _ => status(out, "404 Not Found", ""),
    });
    let mut post = Post::of(&server.url("/feed.xml"));
    let done = post.once();
    assert_eq!((done.day.new, done.day.refused), (5, 0), "{:?}", done.notes);
    for fetched in &post.memory.reports {
        assert_eq!(fetched.report.text_from, Some(TextOrigin::Feed));
        assert!(fetched.report.text.starts_with("In short: Attack /"), "{}", fetched.report.text);
        assert!(fetched.notes.iter().any(|note| note.contains("the feed's own text")), "{:?}", fetched.notes);
    }
    assert!(!server.paths().iter().any(|path| path.starts_with("/private")), "{:?}", server.paths());
    // Where the feed has none, nothing is made up.
    let server =
        Server::of(&[("/feed.xml", FEED, &rss("<item><title>Attack</title><link>/none</link></item>"))]);
    let mut post = Post::of(&server.url("/feed.xml"));
    let done = post.once();
    assert_eq!((done.day.new, done.day.refused), (0, 1));
    assert!(done.notes[0].contains("404"), "{:?}", done.notes);
}

#[test]
fn a_page_that_fails_for_now_is_asked_for_again() {
    let server = Server::new(|asked, out| match asked.path.as_str() {
        "/feed.xml" => page(out, FEED, &rss(&item("/a", "Five die"))),
        "/a" => status(out, "500 Internal Server Error", ""),
        _ => status(out, "404 Not Found", ""),
    });
    let mut post = Post::of(&server.url("/feed.xml"));
    for _ in 0..2 {
        let done = post.once();
        assert_eq!((done.failure, done.day.new), (None, 0));
    }
    let done = post.once();
    assert_eq!(done.day.new, 1, "the third time the feed's text is taken");
    assert_eq!(post.memory.reports[0].report.text_from, Some(TextOrigin::Feed));
    server.forget();
    post.once();
    assert_eq!(server.paths(), ["/feed.xml"]);
}

#[test]
fn the_feed_alone_where_that_is_wanted() {
    let server = Server::of(&[("/feed.xml", FEED, &rss(&item("/a", "Five die")))]);
    let mut post = Post::with([record::Source {
        text: TextFrom::Feed,
        publisher: Some("The Agency".to_owned()),
        ..source(&server.url("/feed.xml"))
    }]);
    assert_eq!(post.once().day.new, 1);
    assert_eq!(server.paths(), ["/feed.xml"]);
    assert_eq!(post.memory.reports[0].report.publisher.as_deref(), Some("The Agency"));
}

#[test]
fn feeds_that_are_none() {
    for (kind, body, says) in [
        ("application/rss+xml", "<svg></svg>", "neither a feed"),
        ("application/rss+xml", "", "neither a feed"),
        ("application/rss+xml", "Service temporarily unavailable", "neither a feed"),
        ("application/rss+xml", "<rss version=\"2.0\"><channel>", "no feed that can be read"),
        ("application/json", "{\"error\": \"no\"}", "no feed that can be read"),
        ("application/rss+xml", "\u{0}\u{1}\u{2}", "neither a feed"),
    ] {
        let server = Server::of(&[("/feed.xml", kind, body)]);
        let mut post = Post::of(&server.url("/feed.xml"));
        let failure = post.failure();
        assert!(failure.error.contains(says), "{body}: {failure}");
        assert_eq!(post.state().failures, 1);
        assert_eq!(post.state().error.as_deref(), Some(failure.error.as_str()));
    }
    // A source that is said to be a feed, and a page is there now.
    let server = Server::of(&[(
        "/feed.xml",
        FEED,
        "<!doctype html><html><head><link rel=alternate type='application/atom+xml' href='/new.atom'></head><body>Moved</body></html>",
    )]);
    let mut post =
        Post::with([record::Source { kind: SourceType::Feed, ..source(&server.url("/feed.xml")) }]);
    let failure = post.failure();
    assert!(
        failure.error.contains("is a page; expected a feed") && failure.hint.contains("/new.atom"),
        "{failure:?}"
    );
}

#[test]
fn lying_types_and_encodings() {
    let text = "Des hommes arm\u{e9}s ont tu\u{e9} cinq soldats \u{e0} Gao.";
    let server = Server::new(move |asked, out| {
        let latin = |text: &str| text.chars().map(|c| c as u8).collect::<Vec<u8>>();
        match asked.path.as_str() {
            // A feed that calls itself a picture, in an encoding that neither it nor the header names.
            "/feed.xml" => {
                let items = ["/a", "/b", "/c", "/d"].map(|path| item(path, "Attaque \u{e0} Gao"));
                let feed = format!("<?xml version='1.0' encoding='utf-8'?>{}", rss(&items.concat()));
                bytes(out, "Content-Type: image/png; charset=utf-8\r\n", &latin(&feed));
            }
            "/a" => bytes(
                out,
                "Content-Type: text/html; charset=utf-8\r\n",
                &latin(&article(&format!("A. {text}"))),
            ),
            "/b" => bytes(
                out,
                "Content-Type: text/html; charset=iso-8859-1\r\n",
                article(&format!("B. {text}")).as_bytes(),
            ),
            "/c" => bytes(
                out,
                "Content-Type: application/octet-stream\r\n",
                article(&format!("C. {text}")).as_bytes(),
            ),
            "/d" => bytes(out, "", format!("D. {text} Rien de plus.").as_bytes()),
            _ => status(out, "404 Not Found", ""),
        }
    });
    let mut post = Post::of(&server.url("/feed.xml"));
    let done = post.once();
    assert_eq!(done.day.new, 4, "{done:?}");
    assert!(post.texts().iter().all(|read| read.contains(text)), "{:?}", post.texts());
}

#[test]
fn lying_days_are_left_open() {
    let dated = |path: &str, day: &str| {
        format!("<item><title>T {path}</title><link>{path}</link><pubDate>{day}</pubDate></item>")
    };
    let feed = rss(&[
        dated("/a", "Thu, 01 Jan 1970 00:00:00 GMT"),
        dated("/b", "2099-01-01"),
        dated("/c", "03/11/2026"),
        dated("/d", ""),
        dated("/e", "Wed, 04 Nov 2026 23:30:00 +0300"),
    ]
    .concat());
    let server = Server::new(move |asked, out| match asked.path.as_str() {
        "/feed.xml" => page(out, FEED, &feed),
        "/robots.txt" => status(out, "404 Not Found", ""),
        path => page(out, HTML, &article(&format!("Report {path}: gunmen killed five soldiers."))),
    });
    let mut post = Post::of(&server.url("/feed.xml"));
    post.once();
    let days: Vec<Option<String>> = post
        .memory
        .reports
        .iter()
        .map(|fetched| fetched.report.published.map(|day| day.to_string()))
        .collect();
    assert_eq!(days, [None, None, None, None, Some("2026-11-04".to_owned())]);
    for fetched in post.memory.reports.iter().take(3) {
        assert!(fetched.notes.iter().any(|note| note.contains("not believed")), "{:?}", fetched.notes);
        assert_eq!(fetched.report.published_from, DateProvenance::None);
    }
}

#[test]
fn the_same_text_is_not_kept_twice() {
    // Ids and addresses are others each time; one headline with its time stays, the other has none.
    let turn = std::sync::atomic::AtomicU32::new(0);
    let server = Server::new(move |asked, out| match asked.path.as_str() {
        "/feed.xml" => {
            let n = turn.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            let one = item(&format!("/a?session={n}"), "Five die in ambush");
            let two = format!(
                "<item><guid>{n}</guid><title>Two die, {n}</title><link>/b?session={n}</link></item>"
            );
            page(out, FEED, &rss(&(one + &two)));
        }
        path if path.starts_with("/a") => page(out, HTML, &article("Gunmen killed five soldiers near Gao.")),
        path if path.starts_with("/b") => page(out, HTML, &article("A bomb killed two people in Mopti.")),
        _ => status(out, "404 Not Found", ""),
    });
    let mut post = Post::of(&server.url("/feed.xml"));
    assert_eq!(post.once().day.new, 2);
    let done = post.once();
    assert_eq!((done.day.new, done.day.seen), (0, 2));
    assert_eq!(post.memory.reports.len(), 2);
    assert_eq!(server.paths(), ["/feed.xml", "/a?session=0", "/b?session=0", "/feed.xml", "/b?session=1"]);
}

#[test]
fn ids_that_are_all_the_same_tell_nothing_apart() {
    let one = |n: u32| {
        format!(
            "<item><guid>same</guid><title>Attack {n}</title><description>In Gao, {n} died.</description></item>"
        )
    };
    let server = Server::of(&[("/feed.xml", FEED, &rss(&(one(1) + &one(2) + &one(2) + &one(3))))]);
    let mut post = Post::of(&server.url("/feed.xml"));
    let done = post.once();
    assert_eq!((done.day.new, done.day.seen), (3, 1), "{done:?}");
    assert_eq!(post.once().day.new, 0);
}

#[test]
fn an_item_that_was_changed_is_read_again_but_not_for_ever() {
    let turn = std::sync::Arc::new(std::sync::atomic::AtomicU32::new(0));
    let shared = turn.clone();
    let server = Server::new(move |asked, out| {
        let n = shared.load(std::sync::atomic::Ordering::SeqCst);
        match asked.path.as_str() {
            "/feed" => page(
                out,
                "application/atom+xml",
                &format!(
                    "<feed xmlns='http://www.w3.org/2005/Atom'><title>F</title><id>f</id><updated>2026-11-05T00:00:00Z</updated><entry>\
                     <id>1</id><title>Toll</title><link href='/a'/><published>2026-10-30T08:00:00Z</published>\
                     <updated>2026-11-0{}T08:00:00Z</updated></entry></feed>",
                    1 + n / 2
                ),
            ),
            "/a" => page(out, HTML, &article(&format!("The attack killed {} soldiers.", 5 + n))),
            _ => status(out, "404 Not Found", ""),
        }
    });
    let mut post = Post::of(&server.url("/feed"));
    for n in 0..8 {
        turn.store(n, std::sync::atomic::Ordering::SeqCst);
        post.once();
    }
    // Of eight turns, every second has another time.
    assert_eq!(server.paths().iter().filter(|path| *path == "/a").count(), 4);
    assert_eq!(post.memory.reports.len(), 4);
}

#[test]
fn many_items_are_read_in_several_rounds() {
    let items: String = (0..7).map(|n| item(&format!("/{n}"), &format!("Attack {n}"))).collect();
    let server = Server::new(move |asked, out| match asked.path.as_str() {
        "/feed.xml" if asked.headers.contains_key("if-none-match") => status(out, "304 Not Modified", ""),
        "/feed.xml" => bytes(out, "ETag: \"v1\"\r\nContent-Type: text/xml\r\n", rss(&items).as_bytes()),
        "/robots.txt" => status(out, "404 Not Found", ""),
        path => page(out, HTML, &article(&format!("Report {path}: gunmen killed five soldiers."))),
    });
    let mut post = Post::of(&server.url("/feed.xml"));
    post.settings = Some(Settings { max_items: 3, ..settings() });
    assert_eq!(
        [post.once(), post.once(), post.once()].map(|done| done.day.new),
        [3, 3, 1],
        "also where nothing changed since"
    );
    assert_eq!(post.once().day.new, 0);
}

#[test]
fn a_page_that_lists_articles() {
    let front = "<html lang=en><head><title>News</title></head><body><a href='/2026/a'>Five soldiers die in ambush</a>\
        <a href='/2026/b#c'>A bomb kills two in Mopti</a><a href='/about'>About us and our work</a></body></html>";
    let server = Server::new(move |asked, out| match asked.path.as_str() {
        "/news" => page(out, HTML, front),
        path if path.starts_with("/2026") => {
            page(out, HTML, &article(&format!("Report {path}: gunmen killed five soldiers.")))
        }
        _ => status(out, "404 Not Found", ""),
    });
    let mut post = Post::of(&server.url("/news"));
    assert_eq!(post.once().day.new, 2);
    assert_eq!(post.state().kind, Some(SourceType::Page));
    assert_eq!(server.paths(), ["/news", "/2026/a", "/2026/b"]);
    assert!(post.memory.reports.iter().all(|fetched| fetched.report.published.is_none()));
}

#[test]
fn sitemaps_for_news_their_index_and_the_robots_file() {
    let entry = |path: &str, news: &str| format!("<url><loc>{path}</loc>{news}</url>");
    let news = |day: &str| {
        format!(
            "<news:news><news:publication><news:name>Gao Post</news:name></news:publication><news:publication_date>{day}</news:publication_date><news:title>T</news:title></news:news>"
        )
    };
    let map = format!(
        "<urlset xmlns:news='n'>{}{}{}{}</urlset>",
        entry("/new", &news("2026-11-05T08:00:00Z")),
        entry("/old", &news("2026-01-05T08:00:00Z")),
        entry("/changed", "<lastmod>2026-11-04</lastmod>"),
        entry("/undated", ""),
    );
    let later = map.replace("</urlset>", &format!("{}</urlset>", entry("/later", "")));
    let more = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let shared = more.clone();
    let server = Server::new(move |asked, out| match asked.path.as_str() {
        "/robots.txt" => {
            page(out, "text/plain", "User-agent: *\nAllow: /\nSitemap: /index.xml\nSitemap: ftp://x/\n")
        }
        "/index.xml" => page(
            out,
            "text/xml",
            "<sitemapindex><sitemap><loc>/news.xml.gz</loc></sitemap><sitemap><loc>/2019.xml</loc><lastmod>2019-12-31</lastmod></sitemap></sitemapindex>",
        ),
        "/news.xml.gz" => {
            let map = if shared.load(std::sync::atomic::Ordering::SeqCst) { &later } else { &map };
            bytes(out, "Content-Type: application/octet-stream\r\n", &gzip(map.as_bytes()));
        }
        path => page(out, HTML, &article(&format!("Report {path}: gunmen killed five soldiers."))),
    });
    let mut post = Post::of(&server.url("/index.xml"));
    let done = post.once();
    assert_eq!(server.paths(), ["/index.xml", "/news.xml.gz", "/new", "/changed"], "{done:?}");
    let report = &post.memory.reports[0].report;
    assert_eq!(report.publisher.as_deref(), Some("Gao Post"));
    assert_eq!(report.published.map(|day| day.to_string()).as_deref(), Some("2026-11-05"));
    assert_eq!(post.memory.reports[1].report.published, None, "a change is no publication");
    // What comes later is read, with a day or without.
    more.store(true, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(post.once().day.new, 1);
    assert!(server.paths().contains(&"/later".to_owned()));

    // The same by way of the robots file, which names the index.
    let mut post = Post::of(&server.url("/robots.txt"));
    server.forget();
    let done = post.once();
    assert_eq!(server.paths(), ["/index.xml", "/news.xml.gz", "/new", "/changed"], "{done:?}");
    assert_eq!(post.state().kind, Some(SourceType::Sitemap));
}

#[test]
fn a_sitemap_that_turns_up_later_does_not_flood() {
    let turn = std::sync::Arc::new(std::sync::atomic::AtomicU32::new(0));
    let shared = turn.clone();
    let server = Server::new(move |asked, out| {
        let turn = shared.load(std::sync::atomic::Ordering::SeqCst);
        let urls = |from: u32, to: u32| -> String {
            (from..to).map(|n| format!("<url><loc>/{n}</loc></url>")).collect()
        };
        match asked.path.as_str() {
            "/robots.txt" => status(out, "404 Not Found", ""),
            "/index.xml" => {
                let archive = if turn > 0 { "<sitemap><loc>/archive.xml</loc></sitemap>" } else { "" };
                let index =
                    format!("<sitemapindex><sitemap><loc>/now.xml</loc></sitemap>{archive}</sitemapindex>");
                page(out, "text/xml", &index);
            }
            "/now.xml" => page(out, "text/xml", &format!("<urlset>{}</urlset>", urls(0, 3 + turn))),
            "/archive.xml" => {
                let entries = urls(100, 400) + &urls(500, 500 + turn - 1);
                page(out, "text/xml", &format!("<urlset>{entries}</urlset>"));
            }
            path => page(out, HTML, &article(&format!("Report {path}: gunmen killed five soldiers."))),
        }
    });
    let mut post = Post::of(&server.url("/index.xml"));
    assert_eq!(post.once().day.new, 0);
    turn.store(1, std::sync::atomic::Ordering::SeqCst);
    let done = post.once();
    assert_eq!(done.day.new, 1, "what is new in the list that was known: {:?}", done.notes);
    assert!(done.notes.iter().any(|note| note.starts_with("300 entries")), "{:?}", done.notes);
    // From then on its new entries are read too.
    turn.store(2, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(post.once().day.new, 2);
    assert!(server.paths().contains(&"/500".to_owned()));
    assert!(post.memory.done.iter().all(|done| done.listed));
}

#[test]
fn a_wall_before_many_pages_is_no_report() {
    let wall = "We and our 800 partners value your privacy and store information on your device to show you what you came for.";
    let server = Server::new(move |asked, out| match asked.path.as_str() {
        "/feed.xml" => {
            let bare = "<item><title>Ambush kills seven soldiers</title><link>/e</link></item>";
            let items = [
                item("/a", "Market bombed in Mopti"),
                item("/b", "Gunmen abduct eleven villagers"),
                item("/c", "Soldiers killed near Gao"),
                // The same article once more, at another address.
                item("/d", "Soldiers killed near Gao: update"),
            ];
            page(out, FEED, &rss(&(items.concat() + bare)));
        }
        "/a" | "/b" | "/e" => page(out, HTML, &article(wall)),
        "/c" | "/d" => page(out, HTML, &article("Five soldiers were killed near Gao on Wednesday.")),
        _ => status(out, "404 Not Found", ""),
    });
    let mut post = Post::of(&server.url("/feed.xml"));
    let done = post.once();
    // The first page with a text cannot be told from a report by the text alone; each other is.
    assert_eq!((done.day.new, done.day.seen, done.day.refused), (3, 1, 1), "{:?}", done.notes);
    let own = post.texts().into_iter().filter(|text| text.contains("In short: Gunmen abduct eleven")).count();
    assert_eq!(own, 1, "{:?}", post.texts());
    assert!(done.notes.iter().any(|note| note.contains("a login or a notice")), "{:?}", done.notes);
}
