//! `make bench-locate`: the cell index beside its peers, on seeded coverages of growing size, in one process.
//!
//! Arguments choose sizes (`770`, `10k`, `70k`, `1M`); none means all but `1M`. GEOS and SQLite need the feature
//! `bench-peers` (and libgeos-dev). Prints one table and writes `target/bench/NAME.json`; start with [`size::run`].

#![allow(
    clippy::disallowed_macros,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    unreachable_pub,
    reason = "a bench prints figures"
)]

mod asked;
mod edits;
mod measure;
mod oracle;
mod peers;
mod publish;
mod random;
#[path = "../report.rs"]
#[expect(dead_code, reason = "shared by all benches; here less is always better")]
mod report;
mod size;
mod synthetic;
mod truth;

use report::Row;

/// Grids along each side of the coverage.
const SIZES: [(&str, usize); 4] = [("770", 28), ("10k", 100), ("70k", 265), ("1M", 1000)];

/// Sizes up to this are published through the application, too.
const MOST_TO_PUBLISH: usize = 100;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let unknown: Vec<&String> = words.iter().filter(|w| !SIZES.iter().any(|(name, _)| name == w)).collect();
    assert!(unknown.is_empty(), "no size is called {unknown:?}");
    let mut rows: Vec<Row> = Vec::new();
    for (name, side) in SIZES {
        let chosen = if words.is_empty() { name != "1M" } else { words.iter().any(|word| word == name) };
        if chosen {
            rows.extend(size::run(name, side));
            if side <= MOST_TO_PUBLISH {
                let published = publish::run(name, side);
                report::print(&published);
                rows.extend(published);
            }
        }
    }
    asked::print(&rows);
    let mut names: Vec<&'static str> = rows.iter().map(|row| row.name).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let (of_name, others): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| row.name == name);
        report::write(name, &of_name);
        rows = others;
    }
}
