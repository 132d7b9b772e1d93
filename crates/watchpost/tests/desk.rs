//! A project from its making to its backup, as a person uses it; and what happens when the program is killed or meets another.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

#[allow(dead_code)]
mod support;

#[path = "../../store-postgres/tests/support/mod.rs"]
mod server;

use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;
use support::{Run, watchpost};
use tempfile::TempDir;

/// The same raid in two outlets' words, one of them reprinted, and something else.
const REPORTS: [(&str, &str, &str, &str); 4] = [
    (
        "one",
        "Gunmen kill 21 in raid on village near Gao",
        "2024-03-06",
        "GAO, Mali, March 6, 2024 - Gunmen on motorcycles attacked the village of Tassiga near Gao on Tuesday, killing 21 villagers and wounding nine, \
         a local official said. The attackers arrived at dusk, opened fire on the weekly market and set dozens of houses ablaze. \
         Survivors fled to the town of Ansongo. No group claimed responsibility.",
    ),
    (
        "two",
        "At least 23 dead in attack on Mali village",
        "2024-03-07",
        "BAMAKO, March 7, 2024 - At least 23 people died when gunmen attacked the village of Tassiga near Gao in northern Mali on Tuesday, the governor of Gao \
         region said. Armed men on motorcycles opened fire at the weekly market of Tassiga and burned houses, he said. \
         Residents buried the dead on Wednesday in Ansongo.",
    ),
    (
        "reprint",
        "Gunmen kill 21 in raid on village near Gao",
        "2024-03-06",
        "By our correspondent. GAO, Mali, March 6, 2024 - Gunmen on motorcycles attacked the village of Tassiga near Gao on Tuesday, killing 21 villagers and wounding nine, \
         a local official said. The attackers arrived at dusk, opened fire on the weekly market and set dozens of houses ablaze. \
         Survivors fled to the town of Ansongo. No group claimed responsibility.",
    ),
    (
        "other",
        "Car bomb wounds five in Mogadishu",
        "2024-03-06",
        "MOGADISHU, March 6, 2024 - A car bomb exploded outside a hotel in Mogadishu on Wednesday, wounding five people, police said.",
    ),
];

fn reports(of: &[(&str, &str, &str, &str)]) -> String {
    of.iter().fold(String::new(), |mut out, (id, title, published, text)| {
        let line = serde_json::json!({"id": id, "title": title, "published": published, "text": text,
            "url": format!("https://{id}.example.org/report"), "publisher": format!("The {id} Example")});
        writeln!(out, "{line}").unwrap();
        out
    })
}

/// A new project.
fn project() -> TempDir {
    let folder = TempDir::new().unwrap();
    let run = watchpost(&["init"]).file(folder.path()).run();
    assert_eq!(run.status, 0, "{}", run.stderr);
    folder
}

fn desk(project: &Path, arguments: &[&str], stdin: &str) -> Run {
    watchpost(arguments).env("WATCHPOST_PROJECT", project).env("USER", Path::new("ada")).stdin(stdin).run()
}

fn values(run: &Run) -> Vec<Value> {
    assert_eq!(run.status, 0, "{}", run.stderr);
    run.documents()
}

fn filled() -> TempDir {
    let project = project();
    let run = desk(project.path(), &["ingest"], &reports(&REPORTS));
    assert_eq!(run.status, 0, "{}", run.stderr);
    project
}

fn raid(project: &Path) -> String {
    let found = values(&desk(project, &["incidents", "--country", "Mali"], ""));
    assert_eq!(found.len(), 1, "{found:#?}");
    found[0]["id"].as_str().unwrap().to_owned()
}

#[test]
fn each_attack_is_kept_once() {
    let project = project();
    let run = desk(project.path(), &["ingest", "--to", "jsonl", "--source", "wires"], &reports(&REPORTS));
    let told = values(&run);
    let incident = |at: usize| told[at]["incidents"][0]["incident"].as_str().unwrap().to_owned();
    assert_eq!(incident(0), incident(1), "the same raid");
    assert_eq!(incident(0), incident(2), "its reprint");
    assert_ne!(incident(0), incident(3));
    assert_eq!(told[2]["copy_of"], told[0]["report"]);
    assert!(
        run.stderr.contains("4 new reports, 0 known before; 1 copy; 2 incidents begun"),
        "{}",
        run.stderr
    );

    let found = values(&desk(project.path(), &["incidents", "--country", "MLI"], ""));
    assert_eq!(found.len(), 1);
    assert_eq!((found[0]["reports"].as_u64(), found[0]["independent_reports"].as_u64()), (Some(3), Some(2)));
    let killed = &found[0]["figures"]["killed"];
    assert_eq!((killed["low"].as_u64(), killed["high"].as_u64()), (Some(21), Some(23)), "{killed}");
    assert_eq!(killed["disagree"], true);

    // Given again, in another order and from a file, nothing changes.
    let head = values(&desk(project.path(), &["changes"], "")).pop().unwrap();
    let mut again = REPORTS;
    again.reverse();
    let file = project.path().join("again.jsonl");
    std::fs::write(&file, reports(&again)).unwrap();
    let run = desk(project.path(), &["ingest", file.to_str().unwrap()], "");
    assert!(run.stderr.contains("0 new reports, 4 known before"), "{}", run.stderr);
    assert_eq!(values(&desk(project.path(), &["changes"], "")).pop().unwrap(), head);
    assert_eq!(desk(project.path(), &["verify"], "").status, 0);
}

#[test]
fn reports_are_shown_side_by_side_with_their_words() {
    let project = filled();
    let id = raid(project.path());
    let shown = desk(project.path(), &["show", &id, "--to", "table"], "");
    assert_eq!(shown.status, 0, "{}", shown.stderr);
    let text: String = shown.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in [
        "killed, by report",
        "The one Example",
        "The two Example",
        "killing 21 villagers",
        "At least 23 people died",
        "copy of R-",
    ] {
        assert!(text.contains(words), "{words}: {}", shown.stdout);
    }
    let json: Value =
        serde_json::from_str(&desk(project.path(), &["show", &id, "--to", "json"], "").stdout).unwrap();
    assert_eq!(json["incident"]["id"], id.as_str());
    assert_eq!(json["reports"].as_array().unwrap().len(), 3);
    let report = json["reports"][0]["report"].as_str().unwrap();
    let whole: Value =
        serde_json::from_str(&desk(project.path(), &["show", report, "--to", "json"], "").stdout).unwrap();
    let evidence = &whole["coded"]["events"][0]["evidence"][0];
    let (start, end) =
        (evidence["start"].as_u64().unwrap() as usize, evidence["end"].as_u64().unwrap() as usize);
    let quote: String = whole["text"].as_str().unwrap().chars().skip(start).take(end - start).collect();
    assert_eq!(evidence["quote"].as_str(), Some(quote.as_str()), "a slice of the archived text");
}

#[test]
fn reports_are_found_by_their_words() {
    let project = filled();
    let found = values(&desk(
        project.path(),
        &["search", "--limit", "0", "--", "weekly", "market", "-correspondent"],
        "",
    ));
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(found.iter().all(|report| report["snippet"].as_str().unwrap().contains("market")));
    assert_eq!(values(&desk(project.path(), &["search", "nowhere"], "")).len(), 0);
    assert_eq!(desk(project.path(), &["search", "--", "-market"], "").status, 1, "nothing to look for");
}

#[test]
fn a_person_decides_and_takes_it_back() {
    let project = filled();
    let id = raid(project.path());
    let get = || values(&desk(project.path(), &["incidents", "--country", "MLI"], ""));
    let run = desk(project.path(), &["decide", "--by", "ada", "accept", &id], "");
    assert!(run.stderr.contains("decided: accepted"), "{}", run.stderr);
    assert_eq!(get()[0]["status"], "accepted");
    let unexplained = desk(project.path(), &["decide", "correct", &id, "killed", "23"], "");
    assert_eq!(unexplained.status, 1, "a correction needs a reason");
    let run = desk(
        project.path(),
        &["decide", "--why", "the burial list", "correct", &id, "killed", "22..23..25"],
        "",
    );
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert_eq!(get()[0]["figures"]["killed"]["best"], 23);
    assert_eq!(get()[0]["deaths"]["best"], 23);

    // The second outlet's report is split off, and that is undone.
    let shown: Value =
        serde_json::from_str(&desk(project.path(), &["show", &id, "--to", "json"], "").stdout).unwrap();
    let second =
        shown["reports"].as_array().unwrap().iter().find(|report| report["publisher"] == "The two Example");
    let second = second.unwrap()["report"].as_str().unwrap();
    let run = desk(project.path(), &["decide", "split", &id, second], "");
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert_eq!(get().len(), 2);
    let split = values(&desk(project.path(), &["log", "--limit", "0"], "")).pop().unwrap();
    assert_eq!(split["change"]["what"], "split");
    let run = desk(project.path(), &["decide", "undo", &split["seq"].to_string()], "");
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert_eq!(get().len(), 1);
    // What comes in later is still linked, and changes nothing that was set.
    let third = (
        "three",
        "Death toll of Mali raid at 30",
        "2024-03-08",
        "GAO, Mali, March 8, 2024 - The toll of Tuesday's attack on the village of Tassiga near Gao has risen to 30, the hospital of Gao said. \
         Gunmen on motorcycles had opened fire on the weekly market of Tassiga and burned houses.",
    );
    let run = desk(project.path(), &["ingest"], &reports(&[third]));
    assert_eq!(run.status, 0, "{}", run.stderr);
    let after = get();
    assert_eq!((after.len(), after[0]["reports"].as_u64()), (1, Some(4)), "{after:#?}");
    assert_eq!(
        (after[0]["figures"]["killed"]["best"].as_u64(), &after[0]["status"]),
        (Some(23), &Value::from("accepted"))
    );
    assert_eq!(desk(project.path(), &["verify", "--rebuild"], "").status, 0);
}

#[test]
fn a_backup_is_restored_and_goes_on() {
    let project = filled();
    for name in ["copy.db", "dump.jsonl", "dump.jsonl.zst"] {
        let file = project.path().join(name);
        let file = file.to_str().unwrap();
        let run = desk(project.path(), &["backup", file], "");
        assert_eq!(run.status, 0, "{name}: {}", run.stderr);
        assert_eq!(desk(project.path(), &["backup", file], "").status, 1, "{name}: overwrites nothing");
        let other = self::project();
        let run = desk(other.path(), &["restore", file], "");
        assert_eq!(run.status, 0, "{name}: {}", run.stderr);
        assert_eq!(desk(other.path(), &["restore", file], "").status, 1, "{name}: into an empty store only");
        let changes = |project: &Path| desk(project, &["changes"], "").stdout;
        assert_eq!(changes(other.path()), changes(project.path()), "{name}");
        // The linker makes anew what it knows of the reports.
        let third = ("three", "Mali raid", "2024-03-07", REPORTS[1].3);
        let told = values(&desk(other.path(), &["ingest", "--to", "jsonl"], &reports(&[third])));
        assert_eq!(told[0]["incidents"][0]["new"], false, "{name}: {told:?}");
        assert_eq!(desk(other.path(), &["verify"], "").status, 0);
    }
}

#[test]
fn a_project_is_found_from_within_and_said_where_it_is_not() {
    let project = filled();
    let lost = TempDir::new().unwrap();
    let run = watchpost(&["incidents", "--project"]).file(lost.path()).run();
    assert_eq!(run.status, 1);
    assert!(run.stderr.contains("watchpost init"), "{}", run.stderr);
    let run = watchpost(&["init"]).file(project.path()).run();
    assert_eq!(run.status, 1, "{}", run.stderr);
    std::fs::write(project.path().join("watchpost.toml"), "[store]\nat = 'watchpost.db'\ncolour = 'red'\n")
        .unwrap();
    let run = desk(project.path(), &["incidents"], "");
    assert_eq!(run.status, 1);
    assert!(run.stderr.contains("colour") && run.stderr.contains("line 3"), "{}", run.stderr);
}

/// Many reports: each raid told twice, by two outlets, with words of its own.
fn many(raids: usize) -> String {
    const PLACES: [&str; 6] = ["Gao", "Mopti", "Maiduguri", "Kandahar", "Baidoa", "Bunia"];
    const NAMES: [&str; 7] =
        ["Tassiga", "Bandiagara", "Konduga", "Arghandab", "Burhakaba", "Komanda", "Sareyamou"];
    let mut out = String::new();
    for raid in 0..raids {
        let (place, village) = (PLACES[raid % PLACES.len()], NAMES[raid % NAMES.len()]);
        let (day, dead) = (1 + raid % 28, 2 + raid % 17);
        for outlet in ["one", "two"] {
            let text = format!(
                "{place}, March {day}, 2024 - Gunmen attacked the village of {village} near {place} on Thursday, killing {dead} people, the {outlet} service \
                 was told by officials. The attackers of column {raid} came by night and left towards camp Z{raid}."
            );
            let line = serde_json::json!({"id": format!("{raid}-{outlet}"), "text": text, "published": format!("2024-03-{day:02}"),
                "title": format!("{dead} killed in {village}"), "publisher": outlet, "url": format!("https://{outlet}.example.org/{raid}")});
            writeln!(out, "{line}").unwrap();
        }
    }
    out
}

fn ingest(project: &Path, file: &Path) -> std::process::Child {
    std::process::Command::new(env!("CARGO_BIN_EXE_watchpost"))
        .args(["ingest", "--at-a-time", "5", "--project"])
        .args([project, file])
        .stderr(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn a_program_that_is_killed_loses_nothing_and_repeats_nothing() {
    let (whole, killed) = (project(), project());
    let file = whole.path().join("many.jsonl");
    std::fs::write(&file, many(120)).unwrap();
    assert!(ingest(whole.path(), &file).wait().unwrap().success());
    // Killed at moments that grow, so that some fall into the beginning, some between and some into the writing of batches.
    let mut kept_before = 0;
    let mut kills = 0;
    for moment in 1.. {
        let mut child = ingest(killed.path(), &file);
        std::thread::sleep(std::time::Duration::from_millis(60 + 37 * moment % 900));
        let done = child.try_wait().unwrap().is_some();
        child.kill().unwrap();
        child.wait().unwrap();
        let found = values(&desk(killed.path(), &["log", "--limit", "0"], ""));
        assert!(found.len() >= kept_before, "what was kept is still there");
        kills += usize::from(!done && found.len() > kept_before);
        kept_before = found.len();
        if done || moment > 60 {
            break;
        }
    }
    assert!(ingest(killed.path(), &file).wait().unwrap().success());
    assert!(kills > 1, "some of the kills fell into the work");
    assert_eq!(desk(killed.path(), &["verify"], "").status, 0);
    let incidents = |project: &Path| desk(project, &["changes"], "").stdout;
    assert_eq!(incidents(killed.path()), incidents(whole.path()), "as if it had never been killed");
}

#[test]
fn two_programs_on_one_project_keep_each_attack_once() {
    let (alone, shared) = (project(), project());
    let all = many(40);
    let file = alone.path().join("all.jsonl");
    std::fs::write(&file, &all).unwrap();
    assert!(ingest(alone.path(), &file).wait().unwrap().success());
    // One has all reports, the other those of the second outlet and begins at the end.
    let mut others: Vec<&str> = all.lines().filter(|line| line.contains("-two")).collect();
    others.reverse();
    let second = alone.path().join("others.jsonl");
    std::fs::write(&second, others.join("\n") + "\n").unwrap();
    let mut children = [ingest(shared.path(), &file), ingest(shared.path(), &second)];
    for child in &mut children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(desk(shared.path(), &["verify"], "").status, 0);
    let reports = |project: &Path| values(&desk(project, &["search", "attacked", "--limit", "0"], "")).len();
    assert_eq!((reports(shared.path()), reports(alone.path())), (80, 80));
    let incidents = |project: &Path| values(&desk(project, &["incidents", "--limit", "0"], "")).len();
    assert_eq!(incidents(shared.path()), incidents(alone.path()));
}

#[test]
fn a_project_on_postgresql_holds_the_same() {
    let Some(at) = server::schema() else { return };
    let (here, there) = (filled(), TempDir::new().unwrap());
    let run = watchpost(&["init", "--store", &at]).file(there.path()).run();
    assert_eq!(run.status, 0, "{}", run.stderr);
    let there = there.path();
    let run = desk(there, &["ingest"], &reports(&REPORTS));
    assert_eq!(run.status, 0, "{}", run.stderr);
    let changes = |project: &Path| desk(project, &["changes"], "").stdout;
    assert_eq!(changes(there), changes(here.path()));
    assert_eq!(raid(there), raid(here.path()));
    let dump = there.join("dump.jsonl.zst");
    assert_eq!(desk(there, &["backup", dump.to_str().unwrap()], "").status, 0);
    let copy = there.join("copy.db");
    let run = desk(there, &["backup", copy.to_str().unwrap()], "");
    assert!(run.status == 1 && run.stderr.contains("no file to copy"), "{}", run.stderr);
    let other = project();
    assert_eq!(desk(other.path(), &["restore", dump.to_str().unwrap()], "").status, 0);
    assert_eq!(changes(other.path()), changes(there));
    assert_eq!(desk(there, &["verify"], "").status, 0);
}

#[test]
fn one_text_with_and_without_a_page_is_one_report() {
    let project = project();
    let (_, title, published, text) = REPORTS[0];
    let bare = serde_json::json!({"id": "bare", "title": title, "published": published, "text": text});
    let told = values(&desk(
        project.path(),
        &["ingest", "--to", "jsonl"],
        &format!("{}{bare}\n", reports(&REPORTS[..1])),
    ));
    assert_eq!(
        (told.len(), &told[1]["report"], &told[1]["known"]),
        (2, &told[0]["report"], &Value::Bool(true)),
        "{told:#?}"
    );
    assert_eq!(values(&desk(project.path(), &["search", "Tassiga"], "")).len(), 1);
    // And the backup of a project can be restored where nobody may write to it.
    let file = project.path().join("copy.db");
    assert_eq!(desk(project.path(), &["backup", file.to_str().unwrap()], "").status, 0);
    let before = std::fs::read(&file).unwrap();
    let other = self::project();
    assert_eq!(desk(other.path(), &["restore", file.to_str().unwrap()], "").status, 0);
    assert_eq!(std::fs::read(&file).unwrap(), before);
    let left: Vec<_> =
        std::fs::read_dir(other.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().starts_with("restoring")), "{left:?}");
}

/// The disk is a small one in memory, of a name space of the test's own; what is not allowed here is skipped with its reason.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_costs_the_batch_and_nothing_that_was_kept() {
    let folder = TempDir::new().unwrap();
    let (disk, input) = (folder.path().join("disk"), folder.path().join("many.jsonl"));
    std::fs::create_dir(&disk).unwrap();
    std::fs::write(&input, many(400)).unwrap();
    let script = r#"
        mount -t tmpfs -o size=6m tmpfs "$DISK" || { echo "no mount" >&2; exit 77; }
        "$PROGRAM" init "$DISK/p" || exit 1
        head -n 10 "$INPUT" > "$DISK/first.jsonl"
        "$PROGRAM" ingest --project "$DISK/p" "$DISK/first.jsonl" || exit 2
        head -c 4000000 /dev/zero > "$DISK/ballast"
        "$PROGRAM" ingest --at-a-time 20 --project "$DISK/p" "$INPUT" && exit 3
        echo "== full" >&2
        rm "$DISK/ballast"
        "$PROGRAM" verify --project "$DISK/p" || exit 4
        "$PROGRAM" search --project "$DISK/p" attacked --limit 0 > "$DISK/kept" || exit 5
        echo "kept $(wc -l < "$DISK/kept")" >&2
        head -n 60 "$INPUT" > "$DISK/first.jsonl"
        "$PROGRAM" ingest --project "$DISK/p" "$DISK/first.jsonl" || exit 6
        "$PROGRAM" verify --project "$DISK/p" || exit 7
    "#;
    let ran = std::process::Command::new("unshare")
        .args(["--map-root-user", "--mount", "sh", "-c", script])
        .env("DISK", &disk)
        .env("INPUT", &input)
        .env("PROGRAM", env!("CARGO_BIN_EXE_watchpost"))
        .env("XDG_DATA_HOME", "/nonexistent")
        .output();
    let Ok(ran) = ran else {
        println!("skipped: `unshare` (util-linux) is not here, which makes the small disk");
        return;
    };
    let said = String::from_utf8_lossy(&ran.stderr);
    if ran.status.code() == Some(77) || said.contains("unshare failed") {
        println!("skipped: a small disk cannot be mounted here: {said}");
        return;
    }
    assert_eq!(ran.status.code(), Some(0), "{said}");
    let (full, after) = said.split_once("== full").unwrap();
    assert!(full.contains("there is no room left to write to"), "{full}");
    assert!(full.contains("what is kept is passed over"), "{full}");
    let kept: usize =
        after.split("kept ").nth(1).and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap();
    assert!((10..800).contains(&kept), "{after}");
}

#[test]
fn a_lost_connection_in_the_middle_of_an_ingest_costs_the_batch() {
    let Some(at) = server::schema() else { return };
    let there = TempDir::new().unwrap();
    let run = watchpost(&["init", "--store", &at]).file(there.path()).run();
    assert_eq!(run.status, 0, "{}", run.stderr);
    let (there, all) = (there.path(), many(60));
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_watchpost"))
        .args(["ingest", "--at-a-time", "5", "--format", "jsonl", "--to", "jsonl", "-", "--project"])
        .arg(there)
        .env("XDG_DATA_HOME", "/nonexistent")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    use std::io::{BufRead as _, Read as _, Write as _};
    let mut stdin = child.stdin.take().unwrap();
    let lines: Vec<&str> = all.lines().collect();
    let (first, rest) = lines.split_at(40);
    stdin.write_all((first.join("\n") + "\n").as_bytes()).unwrap();
    // Some are kept; then the server ends the connection.
    let mut out = std::io::BufReader::new(child.stdout.take().unwrap()).lines();
    for _ in 0..10 {
        out.next().unwrap().unwrap();
    }
    let cut = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid <> pg_backend_pid()
        AND pid IN (SELECT pid FROM pg_locks l JOIN pg_class c ON c.oid = l.relation WHERE c.relnamespace = current_schema()::regnamespace)";
    let mut beside = server::beside(&at);
    let begun = std::time::Instant::now();
    // It holds a lock only while it looks or writes.
    let mut left = rest.iter();
    while beside.query(cut, &[]).unwrap().is_empty() && begun.elapsed().as_secs() < 60 {
        if let Some(line) = left.next() {
            // It may have ended meanwhile.
            let _ = stdin.write_all(format!("{line}\n").as_bytes());
        }
    }
    let _ = stdin.write_all((left.copied().collect::<Vec<_>>().join("\n") + "\n").as_bytes());
    drop(stdin);
    out.for_each(drop);
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    let ended = child.wait().unwrap();
    // Where the last batch was kept already there was nothing to lose.
    if !ended.success() {
        assert!(
            said.contains("nothing of this batch was kept") && said.contains("give the same command again"),
            "{said}"
        );
    }
    assert_eq!(desk(there, &["verify"], "").status, 0);
    let kept = values(&desk(there, &["search", "attacked", "--limit", "0"], "")).len();
    assert!((10..=120).contains(&kept), "{kept}: {said}");
    let run = desk(there, &["ingest", "--format", "jsonl"], &all);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stderr.contains(&format!("{kept} known before")), "{kept}: {}", run.stderr);
    let whole = project();
    assert_eq!(desk(whole.path(), &["ingest", "--format", "jsonl"], &all).status, 0);
    let count = |at: &Path| values(&desk(at, &["incidents", "--limit", "0"], "")).len();
    assert_eq!(count(there), count(whole.path()), "as if it had never been lost");
    assert_eq!(desk(there, &["verify"], "").status, 0);
}
