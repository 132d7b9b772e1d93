//! The tests that every store must pass, on a SQLite file each.

use std::cell::Cell;
use std::path::PathBuf;

use store::Store;

thread_local! {
    /// Some tests ask for several stores.
    static MADE: Cell<usize> = const { Cell::new(0) };
}

/// A new file, named after the test; what an earlier run has left of that name goes first.
fn fresh() -> Option<Box<dyn Store>> {
    let name = std::thread::current().name().unwrap_or("suite").to_owned();
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("suite-{name}"));
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join(format!("{}.db", MADE.replace(MADE.get() + 1)));
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", path.display()));
    }
    Some(Box::new(watchpost_store_sqlite::create(&path).expect("a new file")))
}

store_suite::suite!(fresh());
