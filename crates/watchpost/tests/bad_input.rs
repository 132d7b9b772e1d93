//! What a hostile or broken input costs: one document, named with what is wrong, and never the others.

#[allow(dead_code)]
mod support;

use std::path::{Path, PathBuf};

use support::{Run, gzip, watchpost};

const REPORT: &str = "Gunmen killed two farmers near the mill of Sahmin on Monday, police said.";

/// Reads a good report, the input, and another good report; gives what was said of the input, if anything.
fn between_two(name: &str, bytes: &[u8]) -> (Run, Option<String>) {
    let dir = tempfile::tempdir().expect("a folder");
    let file = |name: &str, bytes: &[u8]| -> PathBuf {
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        path
    };
    let (first, input, last) =
        (file("a.txt", REPORT.as_bytes()), file(name, bytes), file("z.txt", REPORT.as_bytes()));
    let run = watchpost(&["code", "--jobs", "2"]).file(&first).file(&input).file(&last).run();
    let documents = run.documents();
    assert!(documents.len() >= 3, "{name}: {}", run.stderr);
    for (at, path) in [(0, &first), (documents.len() - 1, &last)] {
        assert_eq!(documents[at]["document"]["given_id"], path.to_string_lossy().as_ref(), "{name}");
        assert_eq!(documents[at]["events"].as_array().map(Vec::len), Some(1), "{name}");
    }
    assert!(!run.stderr.contains("panicked"), "{name}: {}", run.stderr);
    let said = documents[1]["error"].as_str().map(str::to_owned);
    assert_eq!(run.status, i32::from(said.is_some()), "{name}: {}", run.stderr);
    assert_eq!(run.errors().len(), usize::from(said.is_some()), "{name}: {}", run.stderr);
    if said.is_some() {
        let error = &run.errors()[0];
        assert!(error["error"].as_str().is_some_and(|text| text.contains(name)), "{name}: where? {error}");
        assert!(error["hint"].as_str().is_some_and(|hint| hint.len() > 20), "{name}: what to do? {error}");
    }
    (run, said)
}

#[test]
fn what_is_no_report_is_an_error_in_its_place() {
    let lines = REPORT.repeat(20_000);
    let packed = gzip(lines.as_bytes());
    let attributes: String = (0..200_000).map(|n| format!(" a{n}=1")).collect();
    let hidden = |before: &str| format!("<html><body>{before}{}killed two", "<div>".repeat(30_000));
    for (name, bytes, said) in [
        ("empty.txt", Vec::new(), "empty"),
        ("mark.txt", b"\xEF\xBB\xBF".to_vec(), "empty"),
        ("blank.txt", b" \r\n\t\n\xC2\xA0".to_vec(), "empty"),
        ("nothing.jsonl", br#"{"text": " \u200b"}"#.to_vec(), "empty"),
        ("nul.txt", vec![0; 1000], "no text"),
        ("cut.txt.gz", packed[..packed.len() / 2].to_vec(), "breaks off"),
        ("head.txt.gz", packed[..12].to_vec(), "breaks off"),
        ("bomb.txt.gz", gzip(&vec![b' '; 100 << 20]), "longer than 16777216 bytes"),
        ("twice.txt.gz", gzip(&gzip(&vec![b' '; 300 << 20])), "longer than 16777216 bytes"),
        ("deep.html", hidden("").into_bytes(), "nests"),
        ("comment.html", hidden("<!--x--!>").into_bytes(), "nests"),
        ("drawing.html", hidden("<svg><style>").into_bytes(), "nests"),
        ("unscripted.html", hidden("<noscript>").into_bytes(), "nests"),
        ("table.html", format!("<table>{}", "<tr><td>killed 2".repeat(100_000)).into_bytes(), "elements"),
        ("attributes.html", format!("<p{attributes}>{REPORT}</p>").into_bytes(), "attributes"),
    ] {
        let (_, error) = between_two(name, &bytes);
        assert!(error.as_deref().is_some_and(|error| error.contains(said)), "{name}: {error:?}");
    }
}

#[test]
fn what_is_only_strange_is_read() {
    let mixed = "Gunmen 枪手 убили двух أشخاص killed two people in بغداد on Monday शनिवार.\n";
    for (name, text) in [
        (
            "absurd.txt",
            "A bomb killed 99999999999999999999 people on 31 February 0000. Gunmen killed 1e999 people, -5 people, \
             and 18446744073709551616 people on 99/99/9999."
                .to_owned(),
        ),
        ("mixed.txt", mixed.repeat(50)),
        ("rtl.txt", "قتل خمسة جنود في هجوم مسلح \u{202e} killed 5 soldiers \u{202c}. ".repeat(200)),
        ("quotes.txt", format!("{} {REPORT}", "\"".repeat(1_000_000))),
        ("opened.txt", format!("{} {REPORT}", "“".repeat(1_000_000))),
        ("brackets.txt", format!("{} {REPORT}", "(".repeat(1_000_000))),
        ("word.txt", "killed".repeat(200_000)),
        ("chain.txt", format!("{}killed two", "bombing-".repeat(200_000))),
        ("marks.txt", format!("e{} {REPORT}", "\u{301}".repeat(300_000))),
        ("nul.txt", format!("{} \0 {REPORT}", REPORT.repeat(5))),
        ("lines.txt", format!("{}{REPORT}", "\n".repeat(1_000_000))),
    ] {
        let (run, said) = between_two(name, text.as_bytes());
        assert_eq!(said, None, "{name}");
        assert_eq!(run.documents()[1]["document"]["chars"], text.chars().count(), "{name}");
    }
}

#[test]
fn a_mark_before_json_lines_is_no_line() {
    let run = watchpost(&["code", "--format", "jsonl"])
        .stdin(&format!("\u{feff}\n{}\n", serde_json::json!({"id": "a", "text": REPORT})))
        .run();
    assert_eq!((run.status, run.documents().len()), (0, 1), "{}", run.stderr);
}

#[test]
fn a_line_of_ten_megabytes_with_attacks_is_read_in_little_memory() {
    let line = format!("{REPORT} The mill was closed. ").repeat(110_000);
    assert!(line.len() > 10_000_000);
    let line = line.replace("killed two farmers", "left");
    let attacks = REPORT.repeat(3_000);
    let run = watchpost(&["code", "--jobs", "1"]).stdin(&(line + &attacks)).run();
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.documents()[0]["events"].as_array().is_some_and(|events| !events.is_empty()));
    if let Some(peak) = run.peak_kilobytes {
        assert!(peak < 400_000, "peak memory {peak} kB");
    }
}

#[test]
fn ten_thousand_files_keep_their_order() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut call = watchpost(&["code", "--jobs", "4"]);
    let mut names = Vec::new();
    for n in 0..10_000 {
        let path = dir.path().join(format!("{n}.txt"));
        std::fs::write(&path, "It was quiet.").expect("written");
        names.push(path.to_string_lossy().into_owned());
        call = call.file(&path);
    }
    // The same file again is the same report again.
    call = call.file(Path::new(&names[0]));
    names.push(names[0].clone());
    let run = call.run();
    assert_eq!(run.status, 0, "{}", run.stderr);
    let given: Vec<String> = run
        .documents()
        .iter()
        .map(|document| document["document"]["given_id"].as_str().unwrap_or_default().to_owned())
        .collect();
    assert!(given == names, "{} documents in another order", given.len());
    if let Some(peak) = run.peak_kilobytes {
        assert!(peak < 200_000, "peak memory {peak} kB");
    }
}

#[test]
fn a_damaged_pack_is_named() {
    let dir = tempfile::tempdir().expect("a folder");
    let pack = dir.path().join("places.wpk");
    for bytes in [&b""[..], b"no pack at all", b"WATCHPKG\x01\x00\x00\x00\xff\xff"] {
        std::fs::write(&pack, bytes).expect("written");
        let run = watchpost(&["code", "--packs"]).file(dir.path()).stdin(REPORT).run();
        assert_eq!((run.status, run.stdout.as_str()), (1, ""));
        assert!(run.stderr.contains("places.wpk") && run.stderr.contains("hint:"), "{}", run.stderr);
    }
    let run = watchpost(&["code", "--packs"]).file(&pack).stdin(REPORT).run();
    assert_eq!(run.status, 1);
    assert!(run.stderr.contains("expected a folder"), "{}", run.stderr);
}

/// A full disk, and a person who has seen enough.
#[cfg(target_os = "linux")]
mod endings {
    use std::fs::OpenOptions;
    use std::io::{Read as _, Write as _};
    use std::process::{Command, Stdio};

    use super::REPORT;

    #[test]
    fn a_full_disk_is_an_error() {
        for arguments in [
            &["code"][..],
            &["code", "--to", "json"],
            &["code", "--to", "csv-acled"],
            &["code", "--to", "geojson"],
            &["schema"],
            &["schema", "--codebook"],
            &["man"],
            &["completions", "fish"],
        ] {
            let full = OpenOptions::new().write(true).open("/dev/full").expect("the full device");
            let mut child = Command::new(env!("CARGO_BIN_EXE_watchpost"))
                .args(arguments)
                .stdin(Stdio::piped())
                .stdout(full)
                .stderr(Stdio::piped())
                .spawn()
                .expect("the program starts");
            let _ = child.stdin.take().expect("a pipe").write_all(REPORT.as_bytes());
            let output = child.wait_with_output().expect("it ends");
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
            assert!(said.contains("cannot be written") && said.contains("hint:"), "{arguments:?}: {said}");
        }
    }

    #[test]
    fn what_is_broken_off_ends_with_a_whole_line() {
        let mut child = Command::new(env!("CARGO_BIN_EXE_watchpost"))
            .args(["code", "--format", "jsonl"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        // More than is looked at to tell the format.
        for _ in 0..200 {
            writeln!(stdin, "{}", serde_json::json!({"text": REPORT})).expect("read");
        }
        let mut stdout = child.stdout.take().expect("a pipe");
        let mut written = vec![0; 1 << 12];
        let read = stdout.read(&mut written).expect("a first line");
        assert!(read > 0, "nothing came before the input ended");
        written.truncate(read);
        // As Ctrl-C does; jobs in the background are started deaf to that one.
        let interrupted = Command::new("sh")
            .args(["-c", &format!("kill -TERM {}", child.id())])
            .status()
            .expect("a signal");
        assert!(interrupted.success());
        assert_eq!(child.wait().expect("it ends").code(), None, "ended by the signal");
        stdout.read_to_end(&mut written).expect("the rest");
        assert_eq!(written.last(), Some(&b'\n'));
    }
}

#[test]
fn a_page_of_half_a_gigabyte_is_refused_in_little_memory() {
    let dir = tempfile::tempdir().expect("a folder");
    // Files with a hole, as long as they say and nearly nothing on the disk.
    let long = |name: &str, head: &str| -> PathBuf {
        let path = dir.path().join(name);
        std::fs::write(&path, head).expect("written");
        let file = std::fs::File::options().write(true).open(&path).expect("opened");
        file.set_len(500 << 20).expect("as long as that");
        path
    };
    let page = long("page.html", "<!doctype html><html><body><p>Gunmen killed two farmers.");
    let line = long("line.jsonl", "{\"text\": \"Gunmen killed two farmers");
    let good = dir.path().join("z.txt");
    std::fs::write(&good, REPORT).expect("written");
    for input in [&page, &line] {
        let run = watchpost(&["code", "--jobs", "2"]).file(input).file(&good).run();
        assert_eq!(run.status, 1, "{}", run.stderr);
        let documents = run.documents();
        assert_eq!(documents.len(), 2, "{}", run.stderr);
        assert!(
            documents[0]["error"].as_str().is_some_and(|error| error.contains("longer than 16777216 bytes")),
            "{}",
            documents[0]
        );
        assert_eq!(documents[1]["events"].as_array().map(Vec::len), Some(1));
        if let Some(peak) = run.peak_kilobytes {
            assert!(peak < 300_000, "{}: peak memory {peak} kB", input.display());
        }
    }
}
