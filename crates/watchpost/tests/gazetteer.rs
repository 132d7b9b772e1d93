//! Drives `watchpost gazetteer` on tables written here.

#[allow(dead_code)]
mod support;

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use support::{Run, gzip, watchpost};
use tempfile::TempDir;

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn put(folder: &TempDir, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, content).expect("written");
    path
}

fn row(
    id: u32,
    name: &str,
    other: &str,
    at: (f64, f64),
    feature: &str,
    admin: (&str, &str),
    people: u32,
) -> String {
    let class = if feature.starts_with("ADM") { "A" } else { "P" };
    format!(
        "{id}\t{name}\t{name}\t{other}\t{}\t{}\t{class}\t{feature}\tSY\t\t{}\t{}\t\t\t{people}\t\t\tAsia/Nowhere\t2024-01-01\n",
        at.0, at.1, admin.0, admin.1
    )
}

/// A country's file as GeoNames writes it, of places that are nowhere.
fn geonames() -> String {
    [
        row(901, "Quendar Governorate", "", (34.0, 36.0), "ADM1", ("71", ""), 0),
        row(902, "Morvash District", "", (34.1, 36.1), "ADM2", ("71", "7101"), 0),
        row(903, "Tall Quorvesh", "Tel Qurvesh", (34.2, 36.2), "PPL", ("71", "7101"), 700),
        row(904, "Zhebrak", "", (34.3, 36.3), "PPL", ("71", ""), 0),
    ]
    .concat()
}

fn import(into: &Path, arguments: &[&str], files: &[&Path]) -> Run {
    let mut call =
        watchpost(&[&["gazetteer", "import", "--into", &into.to_string_lossy()], arguments].concat());
    for file in files {
        call = call.file(file);
    }
    call.run()
}

fn find(packs: &Path, arguments: &[&str]) -> Vec<Value> {
    let run = watchpost(
        &[&["--packs", &packs.to_string_lossy(), "gazetteer", "find", "--to", "json"], arguments].concat(),
    )
    .run();
    assert!(run.status <= 1, "{}", run.stderr);
    serde_json::from_str(&run.stdout).expect("a list")
}

#[test]
fn geonames_with_other_names_hierarchy_and_codes() {
    let (tables, packs) = (folder(), folder());
    let places = put(&tables, "XY.txt", geonames());
    let names = put(
        &tables,
        "alternateNamesV2.txt.gz",
        gzip("1\t903\tar\tتل قرفش\t\t\t\t\t\t\n2\t903\tlink\thttps://x\t\t\t\t\t\t\n".as_bytes()),
    );
    let hierarchy = put(&tables, "hierarchy.txt", "902\t904\t\n901\t902\tADM\n");
    let codes = put(&tables, "admin1CodesASCII.txt", "SY.71\tQuendar\tQuendar\t901\n");
    let run = import(packs.path(), &[], &[&names, &hierarchy, &places, &codes]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stderr.contains("4 places") && run.stderr.contains("1 more names"), "{}", run.stderr);

    let found = find(packs.path(), &["Tel Qurvesh"]);
    assert_eq!(found[0]["geonameid"], 903);
    assert_eq!(
        (&found[0]["admin1"], &found[0]["admin2"]),
        (&Value::from("Quendar"), &Value::from("Morvash"))
    );
    assert_eq!(find(packs.path(), &["تل قرفش"])[0]["geonameid"], 903, "by a name of its own table");
    let by_hierarchy = find(packs.path(), &["Zhebrak"]);
    assert_eq!(by_hierarchy[0]["admin2"], "Morvash", "the hierarchy knows what no code says");
    assert_eq!(find(packs.path(), &["Quorvish"])[0]["matched"], "sound");
    assert_eq!(find(packs.path(), &["Nowhereville"]), [] as [Value; 0]);
}

#[test]
fn pcodes_are_told_with_a_place_and_are_no_places_themselves() {
    let (tables, packs) = (folder(), folder());
    let places = put(&tables, "XY.txt", geonames());
    let codes = put(
        &tables,
        "pcodes.csv",
        "Location,Admin Level,P-Code,Name,Parent P-Code\nSYR,1,SY71,Quendar,SYR\nSYR,2,SY7101,Morvesh,SY71\nSYR,2,SY7102,,SY71\n",
    );
    assert_eq!(import(packs.path(), &[], &[&places]).status, 0);
    let run = import(packs.path(), &[], &[&codes]);
    assert_eq!(run.status, 1, "a row with a fault is said");
    assert!(run.stderr.contains("pcodes.csv:4: has no P-code"), "{}", run.stderr);
    let found = find(packs.path(), &["Tall Quorvesh"]);
    assert_eq!(
        (&found[0]["admin1_pcode"], &found[0]["admin2_pcode"]),
        (&Value::from("SY71"), &Value::from("SY7101"))
    );
    let line =
        r#"{"text": "Shells fell on Tall Quorvesh in Syria.", "mentions": [{"start": 15, "end": 28}]}"#;
    let read = watchpost(&["--packs", &packs.path().to_string_lossy(), "geoparse"]).stdin(line).run();
    assert_eq!(read.documents()[0]["mentions"][0]["admin2_pcode"], "SY7101", "{}", read.stdout);
    let district = find(packs.path(), &["Morvash"]);
    assert_eq!(district.len(), 1, "the row of the table of codes is no second district: {district:?}");
    assert_eq!(district[0]["geonameid"], 902);
}

#[test]
fn a_table_with_columns_of_its_own() {
    let (tables, packs) = (folder(), folder());
    let table = put(
        &tables,
        "villages.csv",
        "Ort,N,E,Land\nXandrevil,12.5,-8.25,Mali\nYandrevil,12.6,-8.3,Atlantis\n\"Za, drevil\",95,0,Mali\n",
    );
    let columns = ["--columns", "name=Ort,lat=N,lon=E,country=Land", "--licence", "CC0", "--name", "ours"];
    let run = import(packs.path(), &columns, &[&table]);
    assert_eq!(run.status, 1);
    assert!(run.stderr.contains("villages.csv:3: the country is `Atlantis`"), "{}", run.stderr);
    assert!(run.stderr.contains("villages.csv:4: the coordinates are `95`, `0`"), "{}", run.stderr);
    let found = find(packs.path(), &["Xandrevil"]);
    assert_eq!((&found[0]["country"], &found[0]["latitude"]), (&Value::from("MLI"), &Value::from(12.5)));
    let packs_in_use =
        watchpost(&["--packs", &packs.path().to_string_lossy(), "gazetteer", "packs", "--to", "json"]).run();
    let list: Value = serde_json::from_str(&packs_in_use.stdout).expect("a list");
    assert_eq!((&list[0]["places"], &list[0]["licences"][0]), (&Value::from(1), &Value::from("CC0")));

    // What the packs hold, a report can name.
    let line = r#"{"text": "Gunmen attacked the village of Xandrevil in Mali on Monday."}"#;
    let read = watchpost(&["--packs", &packs.path().to_string_lossy(), "geoparse"]).stdin(line).run();
    assert_eq!(read.documents()[0]["mentions"][0]["latitude"], 12.5, "{}", read.stdout);
}

#[test]
fn tables_come_as_archives_and_from_spreadsheets() {
    let (tables, packs) = (folder(), folder());
    // As GeoNames packs a country: the table and a longer page about it.
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in [("readme.txt", "What the columns are.\n".repeat(200)), ("XY.txt", geonames())] {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).expect("a member");
        archive.write_all(content.as_bytes()).expect("written");
    }
    let archive = put(&tables, "XY.zip", archive.finish().expect("an archive").into_inner());
    let run = import(packs.path(), &[], &[&archive]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert_eq!(find(packs.path(), &["Tel Qurvesh"])[0]["geonameid"], 903);

    // A byte-order mark, lines that end as on Windows, semicolons, quotes, a decimal comma.
    let sheet = "\u{feff}\"Name\";\"Latitude\";\"Longitude\";\"Country\"\r\n\"Zorvilla\";\"12,5\";\"-8,25\";\"Mali\"\r\n\"Bad\";\"north\";\"1\";\"Mali\"\r\n";
    let run = import(packs.path(), &[], &[&put(&tables, "sheet.csv", sheet)]);
    assert!(run.stderr.contains("sheet.csv:3: the coordinates are `north`, `1`"), "{}", run.stderr);
    assert!(run.stderr.contains("taken for populated places"), "a guess is said: {}", run.stderr);
    let found = find(packs.path(), &["Zorvilla"]);
    assert_eq!((&found[0]["latitude"], &found[0]["country"]), (&Value::from(12.5), &Value::from("MLI")));

    let wide: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain("name,lat,lon\nTall,1,2\n".bytes().flat_map(|byte| [byte, 0]))
        .collect();
    let run = import(packs.path(), &[], &[&put(&tables, "wide.csv", wide)]);
    assert!(
        run.status == 1 && run.stderr.contains("UTF-16") && run.stderr.contains("iconv"),
        "{}",
        run.stderr
    );
}

#[test]
fn nearness_and_country_weigh() {
    let (tables, packs) = (folder(), folder());
    let table = put(
        &tables,
        "two.csv",
        "name,lat,lon,country,population\nXorvalin,12.5,-8.25,ML,40000\nXorvalin,33.5,43.2,IQ,300\nFarpost,33.6,43.3,IQ,10\n",
    );
    assert_eq!(import(packs.path(), &[], &[&table]).status, 0);
    let country =
        |arguments: &[&str]| find(packs.path(), &[&["Xorvalin"], arguments].concat())[0]["country"].clone();
    assert_eq!(country(&[]), "MLI", "the larger one");
    assert_eq!(country(&["--country", "Iraq"]), "IRQ");
    assert_eq!(country(&["--near", "33.5,43.2"]), "IRQ");
    assert_eq!(country(&["--near", "Farpost"]), "IRQ");
    let bad = watchpost(&[
        "--packs",
        &packs.path().to_string_lossy(),
        "gazetteer",
        "find",
        "Xorvalin",
        "--near",
        "133,5",
    ])
    .run();
    assert_eq!(bad.status, 1);
    assert!(bad.stderr.contains("degrees"), "{}", bad.stderr);
}

#[test]
fn what_cannot_be_imported_is_said_and_leaves_nothing() {
    let (tables, packs) = (folder(), folder());
    let cases = [
        ("empty.txt", "", "the table is empty"),
        ("words.txt", "once upon a time\n", "no table that is known"),
        ("names.txt", "1\t903\tar\tTall\t\t\t\t\t\t\n", "no table holds places"),
        ("none.csv", "name,lat,lon\n,1,2\n", "hold no place"),
    ];
    for (name, content, said) in cases {
        let run = import(packs.path(), &[], &[&put(&tables, name, content)]);
        assert_eq!(run.status, 1, "{name}");
        assert!(run.stderr.contains(said), "{name}: {}", run.stderr);
    }
    let run =
        import(packs.path(), &[], &[&put(&tables, "cut.csv.gz", &gzip(b"name,lat,lon\nTall,1,2\n")[..20])]);
    assert_eq!(run.status, 1, "{}", run.stderr);
    let run = import(packs.path(), &[], &[Path::new("/no/such/table.csv")]);
    assert!(run.stderr.contains("/no/such/table.csv"), "{}", run.stderr);
    let ours =
        import(packs.path(), &["--name", "gazetteer"], &[&put(&tables, "t.csv", "name,lat,lon\nTall,1,2\n")]);
    assert!(ours.stderr.contains("--name"), "{}", ours.stderr);
    let left: Vec<_> =
        std::fs::read_dir(packs.path()).expect("a folder").flatten().map(|entry| entry.path()).collect();
    assert!(left.iter().all(|path| path.extension().is_none_or(|ending| ending != "wpk")), "{left:?}");
    assert_eq!(watchpost(&["gazetteer", "import"]).run().status, 2, "no table is a usage error");
}

/// Places enough for several runs of keys in the least memory.
fn many() -> String {
    let mut text = String::from("name,lat,lon,country,admin1,admin2,population,aliases\n");
    for number in 0_u32..60_000 {
        // A full period of a linear congruential generator: names in no order.
        let mixed = number.wrapping_mul(2_654_435_761);
        let _ = writeln!(
            text,
            "Ort{mixed:08x},{},{},ML,P{},D{},{},Ville {mixed:08x}|Town {number}",
            mixed % 89,
            mixed % 179,
            number / 6000,
            number / 700,
            mixed % 5000
        );
    }
    text
}

#[test]
fn a_killed_import_goes_on_and_ends_in_the_same_pack() {
    let (tables, whole, broken) = (folder(), folder(), folder());
    let table = put(&tables, "many.csv", many());
    let run = import(whole.path(), &["--memory", "1"], &[&table]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let expected = std::fs::read(whole.path().join("many.wpk")).expect("a pack");

    let mut resumed = 0;
    let mut wait = Duration::from_millis(40);
    for attempt in 0..200 {
        let mut child = Command::new(env!("CARGO_BIN_EXE_watchpost"))
            .args(["gazetteer", "import", "--memory", "1", "--into"])
            .arg(broken.path())
            .arg(&table)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        std::thread::sleep(wait);
        // `kill -9`: nothing is cleaned up.
        let _ = child.kill();
        let output = child.wait_with_output().expect("an end");
        resumed += usize::from(String::from_utf8_lossy(&output.stderr).contains("going on with the import"));
        if output.status.success() {
            break;
        }
        // Killed between putting the pack there and clearing up, it may be there already: then it is whole.
        if let Ok(bytes) = std::fs::read(broken.path().join("many.wpk")) {
            assert!(bytes == expected, "attempt {attempt}: a pack is whole or not there");
        }
        wait += wait / 8;
    }
    assert!(resumed > 0, "no attempt went on from an earlier one");
    assert!(std::fs::read(broken.path().join("many.wpk")).expect("a pack") == expected, "the packs differ");
    assert!(!broken.path().join("many.import").exists(), "the files that it worked in are gone");
    let with_more = import(whole.path(), &["--memory", "64"], &[&table]);
    assert_eq!(with_more.status, 0, "{}", with_more.stderr);
    let bytes = std::fs::read(whole.path().join("many.wpk")).expect("a pack");
    assert!(bytes == expected, "how much memory there is must not show");
}
