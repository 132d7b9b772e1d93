//! Keeps the invariants that `ARCHITECTURE.md` promises: who may know of whom, what the core may not do, and that nothing
//! in the repository names the machine that it was written on.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// What each crate may depend on, of ours. A crate that is not listed may depend on anything but the program.
const ARROWS: &[(&str, &[&str])] = &[
    ("watchpost-record", &[]),
    ("watchpost-syntax", &[]),
    ("watchpost-encoder", &[]),
    ("watchpost-text", &["watchpost-record"]),
    ("watchpost-when", &["watchpost-record", "watchpost-text"]),
    ("watchpost-where", &["watchpost-record", "watchpost-text"]),
    ("watchpost-who", &["watchpost-record", "watchpost-text"]),
    (
        "watchpost-coder",
        &[
            "watchpost-record",
            "watchpost-text",
            "watchpost-syntax",
            "watchpost-encoder",
            "watchpost-when",
            "watchpost-where",
            "watchpost-who",
        ],
    ),
    (
        "watchpost-remote",
        &[
            "watchpost-record",
            "watchpost-text",
            "watchpost-syntax",
            "watchpost-encoder",
            "watchpost-when",
            "watchpost-where",
            "watchpost-who",
            "watchpost-coder",
        ],
    ),
    ("watchpost-link", &["watchpost-record"]),
    ("watchpost-exchange", &["watchpost-record"]),
    ("watchpost-watch", &["watchpost-record"]),
    ("watchpost-intake", &["watchpost-record", "watchpost-text"]),
    ("watchpost-fetch", &["watchpost-record", "watchpost-intake"]),
    ("watchpost-knowledge", &[]),
    ("watchpost-store", &["watchpost-record"]),
    ("watchpost-collection", &["watchpost-record", "watchpost-link", "watchpost-store"]),
    ("watchpost-lookout", &["watchpost-record", "watchpost-store", "watchpost-watch"]),
    ("watchpost-store-sqlite", &["watchpost-record", "watchpost-store"]),
    ("watchpost-store-postgres", &["watchpost-record", "watchpost-store"]),
    ("watchpost-store-suite", &["watchpost-record", "watchpost-store"]),
    (
        "watchpost-desk",
        &[
            "watchpost-record",
            "watchpost-store",
            "watchpost-collection",
            "watchpost-exchange",
            "watchpost-fetch",
            "watchpost-lookout",
            "watchpost-watch",
        ],
    ),
];

/// The crates that do no I/O, read no clock, keep no global state and start no threads.
const CORE: &[&str] = &[
    "record",
    "text",
    "syntax",
    "encoder",
    "when",
    "where",
    "who",
    "coder",
    "remote",
    "link",
    "store",
    "collection",
    "watch",
    "lookout",
];

/// What the core may not say.
const NOT_IN_CORE: &[&str] = &[
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::thread",
    "SystemTime",
    "Instant::now",
    "Zoned::now",
    "Timestamp::now",
    "thread_local!",
    "static mut",
    "println!",
    "print!",
    "eprintln!",
    "eprint!",
    "include_bytes!",
];

/// Modules of the standard library that may not come in through `use std::{…}` either.
const MODULES_NOT_IN_CORE: &[&str] = &["fs", "net", "env", "process", "thread"];

/// No source file is longer: something in it wants a module of its own.
const LONGEST: usize = 900;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every source file under a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The files that git keeps; `None` outside a repository.
fn tracked() -> Option<Vec<PathBuf>> {
    let listed = Command::new("git").arg("-C").arg(root()).args(["ls-files", "-z"]).output().ok()?;
    if !listed.status.success() {
        return None;
    }
    let names = String::from_utf8(listed.stdout).expect("names in UTF-8");
    let files = names.split('\0').filter(|name| !name.is_empty()).map(|name| root().join(name));
    Some(files.filter(|file| file.is_file()).collect())
}

#[test]
fn crates_know_only_of_the_layers_below() {
    let listed = Command::new(env!("CARGO"))
        .current_dir(root())
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .output()
        .expect("cargo metadata runs");
    assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    let metadata: Value = serde_json::from_slice(&listed.stdout).expect("JSON of cargo");
    let packages = metadata["packages"].as_array().expect("packages");
    let ours: Vec<&str> = packages.iter().filter_map(|package| package["name"].as_str()).collect();
    let arrows: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    let mut broken = Vec::new();
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let on = dependency["name"].as_str().unwrap_or_default();
            if !ours.contains(&on) {
                continue;
            }
            // Tests may look sideways (a crate's tests read the committed tables), but never at the program.
            let in_tests = dependency["kind"] == "dev";
            let allowed = in_tests || arrows.get(name).is_none_or(|allowed| allowed.contains(&on));
            if !allowed || on == "watchpost" {
                broken.push(format!("{name} → {on}"));
            }
        }
    }
    assert!(broken.is_empty(), "arrows that the house does not have: {}", broken.join(", "));
    for (name, _) in ARROWS {
        assert!(ours.contains(name), "{name} is gone: take it out of the list");
    }
}

#[test]
fn the_core_touches_nothing_outside() {
    let mut broken = Vec::new();
    for name in CORE {
        for path in sources(&root().join("crates").join(name).join("src")) {
            let is_test = path.file_stem().is_some_and(|stem| stem.to_string_lossy().ends_with("tests"));
            let text = read(&path);
            // Tests stand at the end of a file.
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            let mut say = |line: usize, what: &str| broken.push(format!("{}:{line}: {what}", path.display()));
            for (index, line) in code.lines().enumerate().filter(|_| !is_test) {
                if line.trim_start().starts_with("//") {
                    continue;
                }
                for word in NOT_IN_CORE.iter().filter(|word| holds(line, word)) {
                    say(index + 1, word);
                }
                if let Some((_, list)) = line.split_once("use std::{") {
                    let modules = list.split(|c: char| !(c.is_alphanumeric() || c == '_'));
                    for module in modules.filter(|module| MODULES_NOT_IN_CORE.contains(module)) {
                        say(index + 1, module);
                    }
                }
            }
        }
    }
    assert!(
        broken.is_empty(),
        "the core does no I/O, reads no clock, starts no threads:\n{}",
        broken.join("\n")
    );
}

/// Whether a line has that word and not only as the tail of a longer one (`print!` in `eprint!`).
fn holds(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        !line[..at].chars().next_back().is_some_and(|before| before.is_alphanumeric() || before == '_')
    })
}

#[test]
fn source_files_stay_short() {
    let long: Vec<String> = ["crates", "eval", "knowledge", "models", "fuzz"]
        .iter()
        .flat_map(|folder| sources(&root().join(folder)))
        .filter(|path| !path.components().any(|part| part.as_os_str() == "target"))
        .map(|path| (read(&path).lines().count(), path))
        .filter(|(lines, _)| *lines > LONGEST)
        .map(|(lines, path)| format!("{}: {lines} lines", path.display()))
        .collect();
    assert!(long.is_empty(), "longer than {LONGEST} lines: {}", long.join(", "));
}

#[test]
fn the_repository_speaks_of_itself_only() {
    let Some(files) = tracked() else {
        println!("skipped: not a git repository");
        return;
    };
    // Put together here, so that this file does not hold them itself.
    let paths: Vec<String> =
        ["work", "farm", "tmp", "root"].iter().map(|folder| format!("/{folder}/")).collect();
    let unfinished: Vec<String> =
        ["TO", "FIX"].iter().zip(["DO", "ME"]).map(|(a, b)| format!("{a}{b}")).collect();
    let mut broken = Vec::new();
    for path in files {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let is_code = path.extension().is_some_and(|extension| extension == "rs");
        for (index, line) in text.lines().enumerate() {
            // A folder of the machine begins the path; the same word further on in an address is another matter.
            let place = paths.iter().find(|folder| {
                line.match_indices(folder.as_str()).any(|(at, _)| {
                    !line[..at]
                        .chars()
                        .next_back()
                        .is_some_and(|c| c.is_alphanumeric() || "./_-}".contains(c))
                })
            });
            let left = unfinished.iter().find(|word| is_code && holds(line, word));
            if let Some(word) = place.or(left) {
                broken.push(format!("{}:{}: {word}", path.display(), index + 1));
            }
        }
    }
    assert!(broken.is_empty(), "paths of one machine, or unfinished work:\n{}", broken.join("\n"));
}
