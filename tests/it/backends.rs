//! The two databases that tests run on: a SQLite file, and a database of the private PostgreSQL cluster.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use gridmap::store::{self, Store};
use sqlx::{Connection, PgConnection};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// Names the private cluster; `tests/postgres.sh run COMMAND` sets it.
const VARIABLE: &str = "GRIDMAP_TEST_POSTGRES";

/// The address of the private cluster's database `name`.
#[expect(clippy::disallowed_methods, reason = "the one place where tests read the environment")]
pub(crate) fn postgres_url(name: &str) -> String {
    let url = std::env::var(VARIABLE).unwrap_or_else(|_| {
        panic!("{VARIABLE} is not set: PostgreSQL tests need the private cluster, run them by `tests/postgres.sh run cargo test`")
    });
    let (base, options) = url.split_once('?').map_or((url.as_str(), String::new()), |(b, o)| (b, format!("?{o}")));
    let (server, _) = base.rsplit_once('/').expect("an address ends in /DATABASE");
    format!("{server}/{name}{options}")
}

/// Tells whether the API suite runs on PostgreSQL this time; it runs on SQLite otherwise.
#[expect(clippy::disallowed_methods, reason = "the one place where tests read the environment")]
pub(crate) fn api_on_postgres() -> bool {
    std::env::var("GRIDMAP_TEST_API").is_ok_and(|on| on == "postgres")
}

/// What is asked of a run of the tests by a variable.
#[expect(clippy::disallowed_methods, reason = "the one place where tests read the environment")]
pub(crate) fn asked(variable: &str) -> Option<String> {
    std::env::var(variable).ok()
}

/// A database of its own for one test, removed at its end.
pub(crate) struct Database {
    pub(crate) url: String,
    kind: Kind,
}

enum Kind {
    Sqlite(TempDir),
    Postgres { name: String },
}

static NEXT: AtomicU32 = AtomicU32::new(1);

impl Database {
    pub(crate) fn sqlite() -> Self {
        let folder = TempDir::new().unwrap();
        Self { url: format!("sqlite:{}", file_in(&folder).display()), kind: Kind::Sqlite(folder) }
    }

    pub(crate) fn postgres() -> Self {
        Self::postgres_from("template1")
    }

    fn postgres_from(template: &str) -> Self {
        let name = format!("test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        administer(&format!("create database {name} template {template}"));
        Self { url: postgres_url(&name), kind: Kind::Postgres { name } }
    }

    /// The same once more. Nobody may have it open.
    pub(crate) fn copy(&self) -> Self {
        match &self.kind {
            Kind::Postgres { name } => Self::postgres_from(name),
            Kind::Sqlite(folder) => {
                let copy = Self::sqlite();
                if let Kind::Sqlite(to) = &copy.kind {
                    std::fs::copy(file_in(folder), file_in(to)).unwrap();
                }
                copy
            }
        }
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self.kind, Kind::Sqlite(_))
    }

    /// Opens another store on it, as a second process would.
    pub(crate) async fn open(&self) -> Arc<dyn Store> {
        store::open(&self.url).await.unwrap()
    }
}

fn file_in(folder: &TempDir) -> PathBuf {
    folder.path().join("gridmap.db")
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Kind::Postgres { name } = &self.kind {
            administer(&format!("drop database if exists {name} with (force)"));
        }
    }
}

/// Runs one statement on the cluster's own database, from a thread of its own: the caller may be inside a runtime.
pub(crate) fn administer(statement: &str) {
    let statement = sqlx::AssertSqlSafe(statement.to_owned());
    let run = move || {
        Runtime::new().unwrap().block_on(async {
            let mut connection = PgConnection::connect(&postgres_url("postgres")).await.unwrap();
            sqlx::raw_sql(statement).execute(&mut connection).await.unwrap();
        });
    };
    std::thread::spawn(run).join().unwrap();
}

/// Runs `test` on a new SQLite file, then on a new PostgreSQL database.
#[expect(clippy::needless_pass_by_value, reason = "a closure written in place reads better without &")]
pub(crate) fn on_both(test: impl AsyncFn(&Database, Arc<dyn Store>)) {
    for new in [Database::sqlite, Database::postgres] {
        let database = new();
        let runtime = Runtime::new().unwrap();
        let run = || runtime.block_on(async { test(&database, database.open().await).await });
        if let Err(panic) = catch_unwind(AssertUnwindSafe(run)) {
            let backend = if database.is_sqlite() { "SQLite" } else { "PostgreSQL" };
            drop(database);
            resume_unwind(Box::new(format!("on {backend}: {}", said(&*panic))));
        }
    }
}

fn said(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string)).unwrap_or_else(|| "(no message)".into())
}
