//! The page and the JSON lines of `examples/` go through the whole program, and the commands that the documents show exist.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn watchpost(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_watchpost"))
        .current_dir(root())
        .args(arguments)
        .output()
        .expect("the program runs")
}

fn coded(arguments: &[&str]) -> Vec<Value> {
    let output = watchpost(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).expect("UTF-8");
    lines.lines().map(|line| serde_json::from_str(line).expect("a JSON line")).collect()
}

#[test]
fn a_page_is_read_without_what_stands_around_the_article() {
    let documents = coded(&["code", "examples/lebanon-clash.html"]);
    let [document] = &documents[..] else { panic!("{} documents", documents.len()) };
    let about = &document["document"];
    assert_eq!(about["published"], "2017-08-18");
    assert_eq!(about["published_from"], "metadata");
    assert_eq!(about["publisher"], "Coast Daily");
    assert!(about["title"].as_str().is_some_and(|title| title.contains("Ain al-Hilweh")), "{about}");
    let text = document.to_string();
    for other in ["advertising", "shrine", "blanks"] {
        assert!(!text.contains(other), "`{other}` stands outside the article");
    }
}

#[test]
fn json_lines_keep_their_order_and_ids() {
    let documents = coded(&["code", "examples/batch.jsonl", "--jobs", "2"]);
    let about = |field: &str| documents.iter().map(|it| it["document"][field].clone()).collect::<Vec<_>>();
    assert_eq!(about("given_id"), ["b-1", "b-2", "b-3"]);
    assert_eq!(about("published"), ["2019-04-23", "2018-03-02", "2020-01-09"]);
    assert_eq!(documents[1]["document"]["title"], "Air raids on eastern Ghouta");
    assert_eq!(documents[2]["events"].as_array().map(Vec::len), Some(0), "a bank is no armed group");
}

#[test]
fn commands_in_the_documents_exist() {
    let help = |command: &[&str]| String::from_utf8(watchpost(command).stdout).expect("UTF-8");
    let mut seen = 0;
    for name in [
        "README.md",
        "examples/README.md",
        "docs/gazetteers.md",
        "docs/projects.md",
        "docs/linking.md",
        "docs/watch.md",
    ] {
        let text = std::fs::read_to_string(root().join(name)).expect(name);
        // Commands stand indented, or behind a prompt, as in Markdown.
        let shown = text
            .lines()
            .filter_map(|line| line.strip_prefix("    ").or_else(|| line.strip_prefix("$ ")))
            .filter_map(|line| line.split_once("watchpost ").map(|(_, rest)| rest));
        for line in shown.filter(|line| !line.contains("cargo")) {
            // A command, and its own command where it has some.
            let mut words = line.split_whitespace();
            let mut command: Vec<&str> = Vec::new();
            let mut about = help(&["--help"]);
            while about.contains("\nCommands:\n") {
                let Some(word) = words.next() else { break };
                let known =
                    about.contains(&format!("\n  {word} ")) || about.contains(&format!("\n  {word}\n"));
                // `forecast` takes a file, or a command of its own.
                if !known && about.contains("<FILE>") {
                    break;
                }
                assert!(known, "{name}: no command `{word}` in `{line}`");
                command.push(word);
                about = help(&[&command[..], &["--help"]].concat());
            }
            for word in line.split_whitespace().filter(|word| word.starts_with("--")) {
                assert!(about.contains(word), "{name}: `{}` has no option {word}", command.join(" "));
            }
            seen += 1;
        }
    }
    assert!(seen >= 6, "only {seen} commands were found");
}
