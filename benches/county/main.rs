//! `make bench`: what gridmap costs, each figure beside a peer measured in the same run.
//!
//! Prints one table and writes `target/bench/NAME.json` per name. Arguments choose names; none means all. Needs `wrk`,
//! and a PostGIS cluster in `GRIDMAP_TEST_POSTGRES` (`tests/postgres.sh run` provides one). Start with [`main`].

#![expect(unreachable_pub, reason = "a bench exports nothing; pub says what a module gives")]
#![expect(clippy::disallowed_macros, reason = "a bench prints its table")]
#![expect(clippy::disallowed_methods, reason = "a bench reads where its cluster is")]

mod bulk;
mod busy;
mod callers;
mod coverage;
mod databases;
mod import;
mod items;
mod locate;
mod peers;
#[path = "../report.rs"]
mod report;
mod serving;
#[path = "../shared/mod.rs"]
mod shared;
mod synthetic;

use report::Row;

/// A bench by its name.
type Bench = (&'static str, fn(&databases::Databases) -> Vec<Row>);

const BENCHES: [Bench; 9] = [
    ("http_locate", locate::http_locate),
    ("http_locate_busy", busy::http_locate_busy),
    ("http_bulk", bulk::http_bulk),
    ("callers", callers::callers),
    ("coverage", coverage::coverage),
    ("items", items::items),
    ("import", import::import),
    ("start", serving::start),
    ("memory", serving::memory),
];

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    if let [mode, url] = words.as_slice()
        && mode == "peer"
    {
        return peers::serve(url);
    }
    let unknown: Vec<&String> = words.iter().filter(|w| !BENCHES.iter().any(|(name, _)| name == w)).collect();
    assert!(unknown.is_empty(), "no bench is called {unknown:?}");
    let databases = databases::Databases::prepare();
    for (name, bench) in BENCHES {
        if words.is_empty() || words.iter().any(|word| word == name) {
            let rows = bench(&databases);
            report::print(&rows);
            report::write(name, &rows);
        }
    }
}
