//! Drives the built program: what it takes, what it writes, how it ends. Nothing here depends on how well it reads.

#[allow(dead_code)]
mod support;

use serde_json::Value;
use support::{Run, gzip, watchpost};

const REPORT: &str =
    "A bomb went off in the vegetable market of Sahmin on Monday, wounding three people, police said.";

fn line(id: &str, text: &str) -> String {
    serde_json::json!({"id": id, "text": text}).to_string()
}

fn ids(run: &Run) -> Vec<String> {
    run.documents()
        .iter()
        .map(|document| document["document"]["given_id"].as_str().unwrap_or("-").to_owned())
        .collect()
}

#[test]
fn plain_text_from_standard_input() {
    let run = watchpost(&["code", "--published", "2020-05-12", "--publisher", "Valley Courier"])
        .stdin(REPORT)
        .run();
    assert_eq!(run.status, 0, "{}", run.stderr);
    let [document] = run.documents().try_into().expect("one document");
    assert_eq!(document["schema"], "watchpost.coded/1");
    assert_eq!(document["document"]["published"], "2020-05-12");
    assert_eq!(document["document"]["published_from"], "option");
    assert_eq!(document["document"]["publisher"], "Valley Courier");
    assert_eq!(document["document"]["chars"], REPORT.chars().count());
}

#[test]
fn order_is_kept_and_every_line_has_its_place() {
    let mut input = String::new();
    for n in 0..200 {
        match n % 10 {
            3 => input.push_str("{\"id\": \"bad\", \"text\": \"cut off\n"),
            7 => input.push_str(&(line(&n.to_string(), &REPORT.repeat(40)) + "\n\n")),
            _ => input.push_str(&(line(&n.to_string(), REPORT) + "\n")),
        }
    }
    let run = watchpost(&["code", "--jobs", "4"]).stdin(&input).run();
    assert_eq!(run.status, 1);
    let expected: Vec<String> =
        (0..200).map(|n| if n % 10 == 3 { "bad".to_owned() } else { n.to_string() }).collect();
    assert_eq!(ids(&run), expected);
    let errors = run.errors();
    assert_eq!(errors.len(), 20);
    assert_eq!(errors[0]["schema"], "watchpost.error/1");
    assert_eq!(errors[0]["line"], 4);
    assert_eq!(errors[1]["line"], 15, "an empty line counts as a line");
    let documents = run.documents();
    assert!(documents[3]["error"].as_str().is_some_and(|error| error.contains("not valid JSON")));
    assert_eq!(documents[3]["events"], serde_json::json!([]));
    assert!(documents[4].get("error").is_none());
}

#[test]
fn names_that_other_tools_use_are_taken() {
    let input = r#"{"story_id": 12, "event_text": "Nothing happened.", "headline": "Calm", "pub_date": "2021-03-04"}"#;
    let run = watchpost(&["code"]).stdin(input).run();
    let document = &run.documents()[0]["document"];
    assert_eq!(
        (&document["given_id"], &document["title"], &document["published"]),
        (&"12".into(), &"Calm".into(), &"2021-03-04".into())
    );
    assert_eq!(document["published_from"], "metadata");
}

#[test]
fn one_bad_document_never_stops_the_batch() {
    let long = line("long", &"x ".repeat(40_000));
    let cases = [
        (r#"{"id":"surrogate","text":"\ud800"}"#.to_owned(), "not valid JSON"),
        ("not json at all".to_owned(), "not valid JSON"),
        (r#"["an array"]"#.to_owned(), "array"),
        (r#"{"id":"empty object"}"#.to_owned(), "neither `text` nor `html`"),
        (r#"{"id":"type","text":12}"#.to_owned(), "number"),
        (r#"{"id":"no page","html":"<html></html>"}"#.to_owned(), "no text"),
        (format!(r#"{{"id":"bomb","html":"{}"}}"#, "<div>".repeat(3000)), "nests"),
        ("[".repeat(10_000), "not valid JSON"),
        (long, "longer than 65536 bytes"),
    ];
    let mut input = line("first", REPORT) + "\n";
    for (bad, _) in &cases {
        input.push_str(bad);
        input.push('\n');
    }
    input.push_str(&line("last", REPORT));
    let run = watchpost(&["code", "--format", "jsonl", "--max-bytes", "65536"]).stdin(&input).run();
    assert_eq!(run.status, 1);
    let documents = run.documents();
    assert_eq!(documents.len(), cases.len() + 2);
    for ((bad, said), document) in cases.iter().zip(&documents[1..]) {
        let error = document["error"].as_str().unwrap_or_default();
        assert!(error.contains(said), "{:.60}: {error}", bad);
    }
    assert!(run.errors().iter().all(|error| !error["hint"].as_str().unwrap_or("").is_empty()));
    assert!(
        run.errors()
            .iter()
            .any(|error| error["hint"].as_str().is_some_and(|hint| hint.contains("--max-bytes")))
    );
    assert_eq!(documents.last().expect("a last")["document"]["given_id"], "last");
}

#[test]
fn a_line_of_a_hundred_megabytes_costs_no_memory() {
    let mut input = line("first", REPORT).into_bytes();
    input.extend_from_slice(b"\n{\"id\":\"huge\",\"text\":\"");
    input.resize(input.len() + 100_000_000, b'x');
    input.extend_from_slice(b"\"}\n");
    input.extend_from_slice(line("last", REPORT).as_bytes());
    let run = watchpost(&["code"]).stdin_bytes(input).run();
    assert_eq!(run.status, 1);
    assert_eq!(ids(&run), ["first", "-", "last"]);
    if let Some(peak) = run.peak_kilobytes {
        assert!(peak < 200_000, "peak memory {peak} kB");
    }
}

#[test]
fn strange_characters_are_kept_as_they_are() {
    let text = "Two \u{0} died\u{feff} in \u{1f4a5} \u{202e}al-Sham\u{202c}\u{2028} on Monday. \u{10ffff}";
    let run = watchpost(&["code"]).stdin(&line("odd", text)).run();
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert_eq!(run.documents()[0]["document"]["chars"], text.chars().count());
}

#[test]
fn absurd_days_are_left_open_and_said() {
    let input = r#"{"id":"a","text":"It was quiet.","published":"9999-99-99"}
{"id":"b","text":"It was quiet.","published":"9999-12-31"}
{"id":"c","text":"It was quiet.","published":{"year":2020}}"#;
    let run = watchpost(&["code"]).stdin(input).run();
    assert_eq!(run.status, 0);
    assert!(run.documents().iter().all(|document| document["document"]["published"] == Value::Null));
    assert_eq!(run.stderr.matches("left open").count(), 3, "{}", run.stderr);
}

#[test]
fn legacy_encodings_are_converted_and_said() {
    let dir = tempfile::tempdir().expect("a folder");
    let latin: Vec<u8> =
        "Des hommes armés ont attaqué le village près de la frontière, tuant quatre civils à l'aube."
            .chars()
            .map(|c| c as u8)
            .collect();
    let wide: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain(REPORT.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let (a, b) = (dir.path().join("latin.txt"), dir.path().join("wide.txt"));
    std::fs::write(&a, &latin).expect("written");
    std::fs::write(&b, wide).expect("written");
    let run = watchpost(&["code"]).file(&a).file(&b).run();
    assert_eq!(run.status, 0, "{}", run.stderr);
    let documents = run.documents();
    assert_eq!(documents[0]["document"]["chars"], latin.len());
    assert_eq!(documents[1]["document"]["chars"], REPORT.chars().count());
    assert!(
        run.stderr.contains("windows-1252 (guessed)") && run.stderr.contains("UTF-16LE"),
        "{}",
        run.stderr
    );
}

#[test]
fn what_is_no_text_is_refused_with_advice() {
    let dir = tempfile::tempdir().expect("a folder");
    let pdf = dir.path().join("report.pdf");
    std::fs::write(&pdf, b"%PDF-1.7\n\x00\x01\x02").expect("written");
    let noise = dir.path().join("noise.bin");
    std::fs::write(
        &noise,
        (0..5000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8 & 0x1f).collect::<Vec<u8>>(),
    )
    .expect("written");
    let run = watchpost(&["code"])
        .file(&pdf)
        .file(&noise)
        .file(dir.path())
        .file(&dir.path().join("missing.txt"))
        .run();
    assert_eq!(run.status, 1);
    let errors: Vec<String> = run.errors().iter().map(ToString::to_string).collect();
    for (error, part) in errors.iter().zip(["pdftotext", "no text", "directory", "No such file"]) {
        assert!(error.contains(part), "{error}");
    }
    assert_eq!(run.documents().len(), 4);
}

#[test]
fn a_page_gives_its_headline_day_and_publisher() {
    let html = "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>Two die in raid | Ridge Post</title>\
        <meta property='og:title' content='Two die in raid'><meta property='og:site_name' content='Ridge Post'>\
        <meta property='article:published_time' content='2022-07-01T09:00:00Z'></head><body><nav><a href=/>Home</a></nav>\
        <article><p>Two men were killed in a raid on a farm outside Tessaly late on Thursday, the provincial governor told \
        reporters.</p><p>The raiders took cattle and fled across the river, he said.</p></article></body></html>";
    let dir = tempfile::tempdir().expect("a folder");
    let page = dir.path().join("saved");
    std::fs::write(&page, html).expect("written");
    let run = watchpost(&["code"]).file(&page).run();
    let document = run.documents()[0]["document"].clone();
    assert_eq!(document["title"], "Two die in raid");
    assert_eq!(document["publisher"], "Ridge Post");
    assert_eq!(document["published"], "2022-07-01");
    assert_eq!(document["language"], "en");
}

#[test]
fn archives_plain_and_packed() {
    let page = "<html><head><title>Blast in market</title><meta name=date content=2020-05-12></head><body><p>A bomb went off in \
        the vegetable market of Sahmin on Monday, wounding three people, police said.</p></body></html>";
    let record = |kind: &str, uri: &str, content_type: &str, block: &[u8]| {
        let mut record = format!(
            "WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{uri}>\r\nWARC-Target-URI: https://news.example/{uri}\r\n\
             WARC-Date: 2020-05-13T00:00:00Z\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
            block.len()
        )
        .into_bytes();
        record.extend_from_slice(block);
        record.extend_from_slice(b"\r\n\r\n");
        record
    };
    let http = |head: &str, body: &[u8]| [head.as_bytes(), b"\r\n\r\n", body].concat();
    let response = "application/http; msgtype=response";
    let packed_page = gzip(page.as_bytes());
    let chunked = [format!("{:x}\r\n{page}\r\n", page.len()).as_bytes(), b"0\r\n\r\n"].concat();
    let records = [
        record("warcinfo", "info", "application/warc-fields", b"software: test\r\n"),
        record("request", "req", "application/http; msgtype=request", b"GET / HTTP/1.1\r\n\r\n"),
        record(
            "response",
            "plain",
            response,
            &http("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8", page.as_bytes()),
        ),
        record(
            "response",
            "image",
            response,
            &http("HTTP/1.1 200 OK\r\nContent-Type: image/png", b"\x89PNG...."),
        ),
        record(
            "response",
            "moved",
            response,
            &http("HTTP/1.1 301 Moved\r\nContent-Type: text/html", page.as_bytes()),
        ),
        record(
            "response",
            "packed",
            response,
            &http("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip", &packed_page),
        ),
        record(
            "response",
            "chunked",
            response,
            &http("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked", &chunked),
        ),
        record("conversion", "text", "text/plain", REPORT.as_bytes()),
        record(
            "response",
            "bomb",
            response,
            &http(
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip",
                &gzip(&vec![b' '; 20 << 20]),
            ),
        ),
    ];
    let dir = tempfile::tempdir().expect("a folder");
    let plain = dir.path().join("a.warc");
    std::fs::write(&plain, records.concat()).expect("written");
    let packed = dir.path().join("a.warc.gz");
    std::fs::write(&packed, records.iter().flat_map(|record| gzip(record)).collect::<Vec<u8>>())
        .expect("written");
    for file in [plain, packed] {
        let run = watchpost(&["code"]).file(&file).run();
        assert_eq!(run.status, 1, "the bomb is an error");
        assert_eq!(
            ids(&run),
            ["urn:uuid:plain", "urn:uuid:packed", "urn:uuid:chunked", "urn:uuid:text", "urn:uuid:bomb"],
            "{}",
            run.stderr
        );
        let documents = run.documents();
        for document in &documents[..3] {
            assert_eq!(document["document"]["title"], "Blast in market", "{}", run.stderr);
            assert_eq!(document["document"]["published"], "2020-05-12");
        }
        assert_eq!(documents[0]["document"]["url"], "https://news.example/plain");
        assert!(documents[4]["error"].as_str().is_some_and(|error| error.contains("longer than")));
    }
    let run = watchpost(&["code"]).stdin_bytes(records[..4].concat().split_off(0)[..700].to_vec()).run();
    assert!(run.status <= 1, "an archive that breaks off ends in order: {}", run.stderr);
}

#[test]
fn packed_input_and_what_is_wrong_with_it() {
    let lines: String = (0..50).map(|n| line(&n.to_string(), REPORT) + "\n").collect();
    let packed = gzip(lines.as_bytes());
    let run = watchpost(&["code"]).stdin_bytes(packed.clone()).run();
    assert_eq!((run.status, run.documents().len()), (0, 50));

    let run =
        watchpost(&["code", "--format", "jsonl"]).stdin_bytes(packed[..packed.len() - 20].to_vec()).run();
    assert_eq!(run.status, 1);
    assert!(
        run.errors().last().expect("an error")["error"]
            .as_str()
            .is_some_and(|error| error.contains("breaks off")),
        "{}",
        run.stderr
    );

    let bomb = gzip(&vec![b' '; 200 << 20]);
    let run = watchpost(&["code", "--format", "jsonl"]).stdin_bytes(bomb).run();
    assert_eq!(run.status, 1);
    assert!(run.stderr.contains("decompression bomb"), "{}", run.stderr);
}

#[test]
fn every_shape_is_written() {
    let input = line("a", REPORT) + "\n" + &line("b", REPORT);
    let shape = |to: &str| {
        let run = watchpost(&["code", "--to", to]).stdin(&input).run();
        assert_eq!(run.status, 0, "{to}: {}", run.stderr);
        run.stdout
    };
    let json: Value = serde_json::from_str(&shape("json")).expect("JSON");
    assert_eq!(json.as_array().map(Vec::len), Some(2));
    assert!(shape("csv-acled").starts_with("event_id_cnty,event_date,year,"));
    assert!(shape("csv-ged").starts_with("id,relid,year,active_year,"));
    let map: Value = serde_json::from_str(&shape("geojson")).expect("GeoJSON");
    assert_eq!(map["type"], "FeatureCollection");
    assert!(!shape("table").contains('\u{1b}'), "no colours into a pipe");
    let run = watchpost(&["code", "--to", "table", "--color", "always"]).stdin(&input).run();
    assert!(run.stdout.contains('\u{1b}'));
}

#[test]
fn an_empty_input_is_an_empty_output() {
    let run = watchpost(&["code", "--format", "jsonl"]).stdin("").run();
    assert_eq!((run.status, run.stdout.as_str()), (0, ""));
    let run = watchpost(&["code", "--to", "json", "--format", "jsonl"]).stdin("\n\n").run();
    assert_eq!(serde_json::from_str::<Value>(&run.stdout).expect("JSON"), serde_json::json!([]));
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let input: String = (0..40).map(|n| line(&n.to_string(), REPORT) + "\n").collect();
    let one = watchpost(&["code", "--jobs", "1"]).stdin(&input).run();
    let many = watchpost(&["code", "--jobs", "7"]).stdin(&input).run();
    assert_eq!(one.stdout, many.stdout);
}

#[test]
fn usage_errors_have_their_own_status() {
    for arguments in [
        &["code", "--published", "2020-13-01"][..],
        &["code", "--published", "9999-12-31"],
        &["code", "--to", "pdf"],
        &["code", "--jobs", "0"],
        &["code", "--language", "klingon speech"],
        &["cod"],
        &[],
    ] {
        let run = watchpost(arguments).stdin("").run();
        assert_eq!(run.status, 2, "{arguments:?}: {}", run.stderr);
        assert!(run.stdout.is_empty());
    }
}

#[test]
fn a_closed_pipe_is_success() {
    let input: String = (0..3000).map(|n| line(&n.to_string(), REPORT) + "\n").collect();
    let run = watchpost(&["code"]).stdin(&input).close_stdout_early().run();
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
}

#[test]
fn without_a_pack_it_says_so_once_and_goes_on() {
    let empty = tempfile::tempdir().expect("a folder");
    let input: String = (0..3).map(|n| line(&n.to_string(), REPORT) + "\n").collect();
    let run = watchpost(&["code", "--packs"]).file(empty.path()).stdin(&input).run();
    assert_eq!((run.status, run.documents().len()), (0, 3));
    assert_eq!(run.stderr.matches("no gazetteer pack").count(), 1);
    let run = watchpost(&["code", "--packs", "no/such/folder"]).stdin(&input).run();
    assert_eq!(run.status, 1);
    assert!(run.stderr.contains("hint:"), "{}", run.stderr);
}

#[test]
fn version_help_schema_completions_and_manual() {
    let version = watchpost(&["--version"]).run();
    assert_eq!(version.status, 0);
    let hash = version
        .stdout
        .split("knowledge ")
        .nth(1)
        .and_then(|rest| rest.split(')').next())
        .expect("a hash")
        .to_owned();
    let coded = watchpost(&["code"]).stdin(REPORT).run();
    assert_eq!(coded.documents()[0]["coder"]["knowledge"], hash.as_str(), "one hash everywhere");

    let schema = watchpost(&["schema"]).run();
    let schema: Value = serde_json::from_str(&schema.stdout).expect("JSON Schema");
    assert!(schema["properties"]["events"].is_object());
    assert!(watchpost(&["schema", "--codebook"]).run().stdout.starts_with("# Codebook"));
    let columns: Value = serde_json::from_str(&watchpost(&["schema", "csv-ged"]).run().stdout).expect("JSON");
    assert_eq!(columns.as_array().map(Vec::len), Some(49));
    for shell in ["bash", "zsh", "fish"] {
        assert!(watchpost(&["completions", shell]).run().stdout.contains("max-bytes"), "{shell}");
    }
    let manual = watchpost(&["man"]).run().stdout;
    assert!(manual.contains(".TH") && manual.contains("watchpost\\-code"), "{manual:.300}");
    let help = watchpost(&["help", "code"]).run().stdout;
    assert!(help.contains("event_text") && help.contains("Exit status"));
}

#[test]
fn doctor_tells_programs_what_it_found() {
    let run = watchpost(&["doctor", "--json"]).run();
    let found: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(found["ok"], run.status == 0);
    let names: Vec<&str> = found["checks"]
        .as_array()
        .expect("checks")
        .iter()
        .filter_map(|check| check["check"].as_str())
        .collect();
    for name in ["program", "table", "model", "pack", "load", "reading"] {
        assert!(names.contains(&name), "{names:?}");
    }
    let empty = tempfile::tempdir().expect("a folder");
    assert_eq!(
        watchpost(&["doctor", "--packs"]).file(empty.path()).run().status,
        1,
        "a missing pack is a failure"
    );
}
