//! `make bench-locks`: how long somebody who reports an incident waits while others store a great deal.
//!
//! One client opens an incident every few hundredths of a second at a running server: while another program imports homes
//! into the same database, and while it redraws 30 % of the county's groups with all those homes on them. On each store it
//! prints how many were stored, how long they took (half of them, all but one in a hundred, the longest) and how many were
//! refused, beside the bounds that hold on any machine. Then eight write into PostgreSQL at full speed, and it prints how
//! far each of two servers was behind. Needs a PostGIS cluster in `GRIDMAP_TEST_POSTGRES`. Argument: how
//! many homes, 200000 when absent; `full` is a million on SQLite and two million on PostgreSQL. Start with [`main`].

#![expect(unreachable_pub, reason = "a bench exports nothing; pub says what a module gives")]
#![expect(clippy::disallowed_macros, reason = "a bench prints its table")]
#![expect(clippy::disallowed_methods, reason = "a bench reads where its cluster is")]

mod behind;
mod county;
#[path = "../report.rs"]
#[expect(dead_code, reason = "nothing here is better when it is higher")]
mod report;
mod reporter;
#[path = "../shared/mod.rs"]
#[expect(dead_code, reason = "no other load is sent than that of the reporter")]
mod shared;

use std::process::Command;
use std::time::Instant;

use county::County;
use report::{Better, Row};
use reporter::{Waits, while_reporting};
use shared::cluster::{create_database, run};
use shared::server::Server;

/// What a report may take, in milliseconds: all but one in a hundred, and the longest.
struct Bounds {
    p99_ms: f64,
    longest_ms: f64,
}

/// Writers on PostgreSQL hardly wait for each other.
const POSTGRES: Bounds = Bounds { p99_ms: 200.0, longest_ms: 2_000.0 };
/// SQLite has one writer.
const SQLITE: Bounds = Bounds { p99_ms: 2_000.0, longest_ms: 10_000.0 };

/// How far a server may be behind, in seconds.
const MOST_BEHIND_S: f64 = 1.0;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let n_homes = |full: usize| match words.first().map(String::as_str) {
        Some("full") => full,
        Some(word) => word.parse().expect("a number of homes, or full"),
        None => 200_000,
    };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("county.db");
    let mut rows = measure("sqlite", &format!("sqlite:{}", file.display()), n_homes(1_000_000), &SQLITE);
    rows.extend(measure("postgres", &create_database("bench_locks"), n_homes(2_000_000), &POSTGRES));
    rows.extend(behind_eight_writers(&create_database("bench_behind")));
    report::print(&rows);
    report::write("locks", &rows);
}

/// How far two servers are behind, in seconds.
fn behind_eight_writers(database: &str) -> [Row; 2] {
    let county = County::new(50_000);
    for words in County::ground().iter().chain([&county.import_homes()]) {
        gridmap(words, database);
    }
    let servers = [(); 2].map(|()| Server::gridmap(database));
    let behind = behind::while_writing(&servers, database, county.positions());
    let size = format!("postgres, 8 writers, {:.0} revisions/s", behind.rate);
    println!("{size}: servers were behind for {:.3} and {:.3} s", behind.longest_s[0], behind.longest_s[1]);
    behind.longest_s.map(|longest_s| Row::new("behind", &size, "s", Better::Lower, longest_s, ("bound", MOST_BEHIND_S)))
}

/// Reports while homes are imported into a database and while its ground is redrawn.
fn measure(store: &str, database: &str, n_homes: usize, bounds: &Bounds) -> Vec<Row> {
    let county = County::new(n_homes);
    for words in County::ground() {
        gridmap(&words, database);
    }
    let server = Server::gridmap(database);
    let mut rows = Vec::new();
    for (what, words) in [("import", county.import_homes()), ("redraw", county.redraw())] {
        let begun = Instant::now();
        let waits = while_reporting(&server, county.positions(), || gridmap(&words, database));
        let took_s = begun.elapsed().as_secs_f64();
        println!("{store}, {n_homes} homes, {what} in {took_s:.1} s: {waits}");
        rows.extend(rows_of(what, &format!("{store}, {n_homes} homes"), &waits, bounds));
    }
    rows
}

fn rows_of(what: &'static str, size: &str, waits: &Waits, bounds: &Bounds) -> [Row; 3] {
    let row = |unit, ours, bound| Row::new(what, size, unit, Better::Lower, ours, ("bound", bound));
    [
        row("ms, p99", waits.part(0.99), bounds.p99_ms),
        row("ms, longest", waits.part(1.0), bounds.longest_ms),
        // One more than were refused, so that none is a ratio of one.
        row("refused + 1", 1.0 + f64::from(waits.n_refused), 1.0),
    ]
}

fn gridmap(words: &[String], database: &str) {
    run(Command::new(env!("CARGO_BIN_EXE_gridmap")).args(words).args(["--database", database]));
}
