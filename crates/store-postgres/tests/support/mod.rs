//! A schema of its own for each test, on the server that `scripts/with-postgres` starts.

#![allow(clippy::print_stdout, dead_code)]

use std::sync::atomic::{AtomicUsize, Ordering};

use postgres::{Client, NoTls};

static MADE: AtomicUsize = AtomicUsize::new(0);

/// The server's address; `None` where there is none, and that is said.
pub fn server() -> Option<String> {
    match std::env::var("WATCHPOST_TEST_POSTGRES") {
        Ok(url) if !url.is_empty() => Some(url),
        _ => {
            assert!(
                std::env::var_os("WATCHPOST_REQUIRE_POSTGRES").is_none(),
                "WATCHPOST_TEST_POSTGRES must be the address of a server: run the tests by scripts/with-postgres"
            );
            println!(
                "skipped: no PostgreSQL here; scripts/with-postgres starts one and runs the tests with it"
            );
            None
        }
    }
}

/// A connection beside the store's.
pub fn beside(url: &str) -> Client {
    Client::connect(url, NoTls).expect("the server")
}

/// The address of a new, empty schema.
pub fn schema() -> Option<String> {
    let server = server()?;
    let name = format!("t{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
    beside(&server).batch_execute(&format!("CREATE SCHEMA {name}")).expect("a schema");
    let join = if server.contains('?') { '&' } else { '?' };
    Some(format!("{server}{join}options=-csearch_path%3D{name}"))
}
