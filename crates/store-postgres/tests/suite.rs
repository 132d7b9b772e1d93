//! The tests that every store must pass, on a schema of a PostgreSQL server each.

mod support;

use store::Store;

fn fresh() -> Option<Box<dyn Store>> {
    Some(Box::new(watchpost_store_postgres::open(&support::schema()?).expect("an empty schema")))
}

store_suite::suite!(fresh());
