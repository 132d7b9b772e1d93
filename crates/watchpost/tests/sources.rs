//! Sources as a person uses them: added, fetched, listed, listed for others; and the loop that is told to end.

#![allow(clippy::unwrap_used, clippy::panic)]

#[allow(dead_code)]
mod support;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use serde_json::Value;
use support::{Run, watchpost};
use tempfile::TempDir;

const RAID: &str = "GAO, Mali, March 6, 2024 - Gunmen on motorcycles attacked the village of Tassiga near Gao on Tuesday, killing 21 villagers and \
    wounding nine, a local official said. The attackers arrived at dusk, opened fire on the weekly market and set dozens of houses ablaze.";
const BOMB: &str = "MOGADISHU, March 6, 2024 - A car bomb exploded outside a hotel in Mogadishu on Wednesday, wounding five people, police said. \
    Ambulances took the wounded to two hospitals in the city.";

type Pages = Arc<Mutex<Vec<(String, String)>>>;

/// A server that gives these pages as they stand at the moment.
fn server(pages: &[(&str, String)]) -> (SocketAddr, Pages) {
    let pages: Pages =
        Arc::new(Mutex::new(pages.iter().map(|(path, body)| ((*path).into(), body.clone())).collect()));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let given = pages.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let first = lines.next().and_then(Result::ok).unwrap_or_default();
            lines.map_while(Result::ok).take_while(|line| !line.is_empty()).for_each(drop);
            let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
            let body = given.lock().unwrap().iter().find(|(at, _)| *at == path).map(|(_, body)| body.clone());
            let (status, body) = body.map_or(("404 Not Found", String::new()), |body| ("200 OK", body));
            let head =
                format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len());
            let _ = stream.write_all((head + &body).as_bytes());
        }
    });
    (address, pages)
}

fn feed(items: &[(&str, &str)]) -> String {
    let items: String = items
        .iter()
        .map(|(path, title)| {
            format!("<item><title>{title}</title><link>{path}</link><pubDate>Wed, 06 Mar 2024 09:00:00 GMT</pubDate></item>")
        })
        .collect();
    format!(
        "<rss version='2.0'><channel><title>The Gao Post</title><language>en</language>{items}</channel></rss>"
    )
}

fn article(text: &str) -> String {
    format!(
        "<!doctype html><html lang=en><head><title>News</title></head><body><article><p>{text}</p></article></body></html>"
    )
}

/// A project that may fetch from this machine, without a pause.
fn project(fetch: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    let run = watchpost(&["init"]).file(folder.path()).run();
    assert_eq!(run.status, 0, "{}", run.stderr);
    let file = folder.path().join("watchpost.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("[fetch]\n", &format!("[fetch]\npause = 0\n{fetch}\n"))).unwrap();
    folder
}

fn allowed() -> TempDir {
    project("allow = [\"127.0.0.1\"]")
}

fn desk(project: &Path, arguments: &[&str]) -> Run {
    watchpost(arguments).env("WATCHPOST_PROJECT", project).run()
}

fn good(project: &Path, arguments: &[&str]) -> Run {
    let run = desk(project, arguments);
    assert_eq!(run.status, 0, "{arguments:?}: {}", run.stderr);
    run
}

#[test]
fn a_feed_becomes_incidents() {
    let (address, pages) = server(&[
        ("/feed.xml", feed(&[("/raid", "Gunmen kill 21 in raid near Gao")])),
        ("/raid", article(RAID)),
        ("/bomb", article(BOMB)),
    ]);
    let project = allowed();
    let at = project.path();
    let url = format!("http://{address}/feed.xml");
    let run = good(at, &["sources", "add", &url, "--folder", "Sahel/Mali"]);
    assert!(run.stderr.contains("added") && run.stderr.contains("contact"), "{}", run.stderr);
    let again = desk(at, &["sources", "add", &url]);
    assert!(again.status == 1 && again.stderr.contains("there already"), "{}", again.stderr);

    let run = good(at, &["ingest", "--sources", "--to", "jsonl"]);
    assert!(run.stderr.contains("1 new report"), "{}", run.stderr);
    let kept = run.documents();
    assert_eq!(kept.len(), 1, "{}", run.stdout);
    let report = kept[0]["report"].as_str().unwrap().to_owned();
    assert_eq!(kept[0]["incidents"].as_array().unwrap().len(), 1);
    let shown = good(at, &["show", &report, "--to", "json"]).stdout;
    let shown: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(shown["source"], url.as_str());
    assert!(shown.to_string().contains("Tassiga"));
    let incidents = good(at, &["incidents", "--country", "MLI"]).documents();
    assert_eq!(incidents.len(), 1);
    assert_eq!(incidents[0]["deaths"]["best"], 21);

    // Nothing is due; and asked all the same, nothing is new.
    assert!(good(at, &["ingest", "--sources"]).stderr.contains("nothing is due before"));
    assert!(good(at, &["ingest", "--sources", "--all"]).stderr.contains("0 new reports"));
    pages.lock().unwrap()[0].1 =
        feed(&[("/bomb", "Car bomb in Mogadishu"), ("/raid", "Gunmen kill 21 in raid near Gao")]);
    let run = good(at, &["run", "--once"]);
    assert!(run.stderr.contains("nothing is due before"), "{}", run.stderr);
    good(at, &["sources", "resume", "the gao post"]);
    let run = good(at, &["run", "--once"]);
    assert!(run.stderr.contains("1 new report"), "{}", run.stderr);

    let listed = good(at, &["sources", "list", "--json"]).documents();
    assert_eq!(listed.len(), 1);
    let source = &listed[0];
    assert_eq!(
        (&source["health"], &source["title"], &source["failures"]),
        (&"fine".into(), &"The Gao Post".into(), &0.into())
    );
    let days = source["days"].as_array().unwrap();
    let sum = |of: &str| days.iter().map(|day| day[of].as_u64().unwrap()).sum::<u64>();
    assert_eq!((sum("new"), sum("seen"), sum("successes")), (2, 2, 3));
    let table = good(at, &["sources", "list", "--to", "table"]).stdout;
    assert!(
        table.contains("Sahel / Mali") && table.contains("The Gao Post") && table.contains("2 new, 2 seen"),
        "{table}"
    );
    // The sources go along in a dump.
    let dump = at.join("dump.jsonl");
    good(at, &["backup", dump.to_str().unwrap()]);
    let other = allowed();
    good(other.path(), &["restore", dump.to_str().unwrap()]);
    assert_eq!(good(other.path(), &["sources", "list", "--json"]).documents(), listed);
    good(at, &["verify"]);
    good(at, &["sources", "remove", &url]);
    assert_eq!(good(at, &["sources", "list", "--json"]).stdout, "");
    assert_eq!(good(at, &["search", "Ambulances"]).documents().len(), 1, "the reports stay");
}

#[test]
fn what_fails_is_told_and_the_rest_goes_on() {
    let (address, _) = server(&[
        ("/feed.xml", feed(&[("/raid", "Raid")])),
        ("/raid", article(RAID)),
        ("/none.xml", "<p>no</p>".to_owned()),
    ]);
    let inside = project("");
    good(inside.path(), &["sources", "add", &format!("http://{address}/feed.xml?key=secret")]);
    let run = desk(inside.path(), &["ingest", "--sources"]);
    assert!(
        run.status == 1 && run.stderr.contains("a loopback address") && run.stderr.contains("fetch.allow"),
        "{}",
        run.stderr
    );
    assert!(!run.stderr.contains("secret"), "{}", run.stderr);
    let listed = good(inside.path(), &["sources", "list", "--json", "--ailing"]).documents();
    assert_eq!((&listed[0]["health"], &listed[0]["failures"]), (&"failing".into(), &1.into()));

    let project = allowed();
    for path in ["feed.xml", "none.xml", "missing.xml"] {
        good(project.path(), &["sources", "add", &format!("http://{address}/{path}")]);
    }
    let run = desk(project.path(), &["ingest", "--sources"]);
    assert_eq!(run.status, 1);
    assert!(run.stderr.contains("1 new report") && run.stderr.contains("404"), "{}", run.stderr);
    good(
        project.path(),
        &[
            "sources",
            "pause",
            &format!("http://{address}/none.xml"),
            &format!("http://{address}/missing.xml"),
        ],
    );
    assert_eq!(good(project.path(), &["ingest", "--sources", "--all"]).status, 0);
    let unknown = desk(project.path(), &["sources", "pause", "nobody"]);
    assert!(unknown.status == 1 && unknown.stderr.contains("no source `nobody`"), "{}", unknown.stderr);

    for (line, says) in [
        ("evry = 5", "unknown field `evry`"),
        ("every = 0", "expected 1 to"),
        ("allow = [\"x\"]", "expected one as"),
    ] {
        let project = self::project(line);
        let run = desk(project.path(), &["sources", "list"]);
        assert!(run.status == 1 && run.stderr.contains(says), "{line}: {}", run.stderr);
    }
    for wrong in [
        vec!["ingest", "--sources", "a.txt"],
        vec!["ingest", "--all"],
        vec!["ingest", "--sources", "--format", "text"],
    ] {
        assert_eq!(desk(project.path(), &wrong).status, 2, "{wrong:?}");
    }
    for wrong in ["ftp://example.org/", "example.org", "https://me:secret@example.org/"] {
        let run = desk(project.path(), &["sources", "add", wrong]);
        assert!(run.status == 1 && !run.stderr.contains("secret"), "{wrong}: {}", run.stderr);
    }
}

#[test]
fn a_source_is_tried_and_nothing_is_kept() {
    let (address, _) =
        server(&[("/feed.xml", feed(&[("/raid", "Raid"), ("/x", "Nothing")])), ("/raid", article(RAID))]);
    let project = allowed();
    let run = good(project.path(), &["sources", "try", &format!("http://{address}/feed.xml")]);
    assert!(
        run.stdout.contains("feed: The Gao Post")
            && run.stdout.contains("2024-03-06")
            && run.stdout.contains("GAO, Mali"),
        "{}",
        run.stdout
    );
    assert_eq!(good(project.path(), &["sources", "list", "--json"]).stdout, "");
    let run = desk(project.path(), &["sources", "try", &format!("http://{address}/raid")]);
    assert!(run.status == 1 && run.stderr.contains("no links that look like"), "{}", run.stderr);
}

#[test]
fn lists_go_in_and_out() {
    let project = allowed();
    let list = project.path().join("in.opml");
    std::fs::write(
        &list,
        "<opml version='2.0'><head><title>x</title></head><body><outline text='Sahel'>\n<outline type='rss' text='One' xmlUrl='https://example.org/1?a=1&amp;b=2' htmlUrl='https://example.org/'/>\n\
         <outline type='rss' text='Broken'/>\n</outline><outline type='rss' text='Two' xmlUrl='https://example.org/2'/></body></opml>",
    )
    .unwrap();
    let run = desk(project.path(), &["sources", "import", list.to_str().unwrap()]);
    assert_eq!(run.status, 1);
    assert!(
        run.stderr.contains("in.opml:3: `Broken` it has no `xmlUrl`")
            && run.stderr.contains("2 sources added"),
        "{}",
        run.stderr
    );
    let first = good(project.path(), &["sources", "list", "--json"]).documents();
    let exported = good(project.path(), &["sources", "export"]).stdout;
    let out = project.path().join("out.opml");
    good(project.path(), &["sources", "export", out.to_str().unwrap()]);
    assert_eq!(std::fs::read_to_string(&out).unwrap(), exported);
    assert_eq!(
        desk(project.path(), &["sources", "export", out.to_str().unwrap()]).status,
        1,
        "nothing is overwritten"
    );
    let other = allowed();
    let run = good(other.path(), &["sources", "import", out.to_str().unwrap()]);
    assert!(run.stderr.contains("2 sources added"), "{}", run.stderr);
    assert!(
        good(other.path(), &["sources", "import", out.to_str().unwrap()]).stderr.contains("2 there already")
    );
    let second = good(other.path(), &["sources", "list", "--json"]).documents();
    let same = |listed: &[Value]| -> Vec<Value> {
        listed
            .iter()
            .map(|one| serde_json::json!([one["id"], one["name"], one["url"], one["page"], one["folder"]]))
            .collect()
    };
    assert_eq!(same(&first), same(&second));
    let run = desk(project.path(), &["sources", "import", "none.opml"]);
    assert!(run.status == 1 && run.stderr.contains("none.opml cannot be read"), "{}", run.stderr);
}

#[cfg(unix)]
#[test]
fn the_loop_ends_when_it_is_told() {
    let (address, _) = server(&[("/feed.xml", feed(&[("/raid", "Raid")])), ("/raid", article(RAID))]);
    let project = allowed();
    good(project.path(), &["sources", "add", &format!("http://{address}/feed.xml")]);
    for signal in ["-TERM", "-INT"] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_watchpost"))
            .arg("run")
            .env("WATCHPOST_PROJECT", project.path())
            .env_remove("WATCHPOST_PACKS")
            .env("XDG_DATA_HOME", "/nonexistent")
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        // The second time nothing is due, and the loop waits.
        let last = if signal == "-TERM" { "1 new, 0 seen" } else { "running" };
        while !line.contains(last) {
            line.clear();
            assert!(said.read_line(&mut line).unwrap() > 0, "it ended before it was told to");
        }
        let killed = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        assert!(killed.success());
        let mut rest = String::new();
        said.read_to_string(&mut rest).unwrap();
        assert!(child.wait().unwrap().success(), "{rest}");
        assert!(rest.contains("known before"), "the sum is told: {rest}");
    }
    assert_eq!(good(project.path(), &["incidents"]).documents().len(), 1);
    good(project.path(), &["verify"]);
}

#[test]
fn a_page_without_an_end_costs_that_page() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            std::thread::spawn(move || {
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
                let first = lines.next().and_then(Result::ok).unwrap_or_default();
                lines.map_while(Result::ok).take_while(|line| !line.is_empty()).for_each(drop);
                let body = match first.split(' ').nth(1).unwrap_or_default() {
                    "/feed.xml" => {
                        feed(&[("/endless", "Endless"), ("/half", "Half a gigabyte"), ("/raid", "Raid")])
                    }
                    "/raid" => article(RAID),
                    "/endless" | "/half" => {
                        let length =
                            if first.contains("half") { "Content-Length: 524288000\r\n" } else { "" };
                        let head = format!(
                            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/html\r\n{length}\r\n"
                        );
                        let piece = article(RAID).repeat(100);
                        let mut sent = stream.write_all(head.as_bytes());
                        // Until whoever asked has had enough; 500 MB at most.
                        for _ in 0..524_288_000 / piece.len() {
                            sent = sent.and_then(|()| stream.write_all(piece.as_bytes()));
                            if sent.is_err() {
                                return;
                            }
                        }
                        panic!("all of it was read");
                    }
                    _ => String::new(),
                };
                let status = if body.is_empty() { "404 Not Found" } else { "200 OK" };
                let head = format!(
                    "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
                    body.len()
                );
                let _ = stream.write_all((head + &body).as_bytes());
            });
        }
    });
    let project = allowed();
    good(project.path(), &["sources", "add", &format!("http://{address}/feed.xml")]);
    let run = good(project.path(), &["ingest", "--sources"]);
    assert!(run.stderr.contains("1 new, 0 seen, 2 refused"), "{}", run.stderr);
    assert!(run.stderr.matches("longer than 16777216 bytes").count() == 2, "{}", run.stderr);
    if let Some(peak) = run.peak_kilobytes {
        assert!(peak < 400_000, "peak memory {peak} kB");
    }
}

#[test]
fn a_clock_that_was_a_year_ahead_stops_no_source() {
    let (address, pages) = server(&[("/feed.xml", feed(&[("/raid", "Raid")])), ("/raid", article(RAID))]);
    let project = allowed();
    good(project.path(), &["sources", "add", &format!("http://{address}/feed.xml")]);
    good(project.path(), &["ingest", "--sources"]);
    let dump = project.path().join("dump.jsonl");
    good(project.path(), &["backup", dump.to_str().unwrap()]);
    // What was remembered while the clock was wrong, and then it was set right.
    fn ahead(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    match value.as_str() {
                        Some(at)
                            if matches!(
                                name.as_str(),
                                "last_try" | "last_success" | "last_new" | "next_try"
                            ) =>
                        {
                            let year: i32 = at[..4].parse().unwrap();
                            *value = format!("{}{}", year + 1, &at[4..]).replace("-02-29", "-02-28").into();
                        }
                        _ => ahead(value),
                    }
                }
            }
            Value::Array(all) => all.iter_mut().for_each(ahead),
            _ => {}
        }
    }
    let text = std::fs::read_to_string(&dump).unwrap();
    let mut changed = 0;
    let lines: Vec<String> = text
        .lines()
        .map(|line| {
            let mut value: Value = serde_json::from_str(line).unwrap();
            if value.get("source").is_none() {
                return line.to_owned();
            }
            changed += 1;
            ahead(&mut value);
            value.to_string()
        })
        .collect();
    assert_eq!(changed, 1);
    std::fs::write(&dump, lines.join("\n") + "\n").unwrap();
    let other = allowed();
    good(other.path(), &["restore", dump.to_str().unwrap()]);
    pages.lock().unwrap().push(("/bomb".to_owned(), article(BOMB)));
    pages.lock().unwrap()[0].1 = feed(&[("/bomb", "Car bomb in Mogadishu"), ("/raid", "Raid")]);
    let run = good(other.path(), &["ingest", "--sources"]);
    assert!(run.stderr.contains("1 new, 1 seen"), "it is due all the same: {}", run.stderr);
    let listed = good(other.path(), &["sources", "list", "--json"]).documents();
    assert_eq!((&listed[0]["health"], &listed[0]["failures"]), (&"fine".into(), &0.into()));
    // And from then on by the clock that is right.
    assert!(good(other.path(), &["ingest", "--sources"]).stderr.contains("nothing is due before"));
    good(other.path(), &["verify"]);
}
