//! `make bench-growth`: how the time of each operation grows from 770 to 70,000 grids.
//!
//! Counties of three sizes, homes and incidents at one density, each in a SQLite file. Every operation asks for as much in
//! each: what is in one township, one tile, one page. So what grows with the county does what need not be done, but for those
//! that say so. Prints the median of each and how many times that of the size before. Start with [`main`].

#![expect(unreachable_pub, reason = "a bench exports nothing; pub says what a module gives")]
#![expect(clippy::disallowed_macros, reason = "a bench prints its table")]
#![expect(clippy::cast_precision_loss, reason = "no figure here is near 2^53")]

mod ground;
mod operations;
#[path = "../report.rs"]
#[expect(dead_code, reason = "shared by all benches; here less is always better")]
mod report;

use ground::County;
use report::{Better, Row};

/// Townships along each side.
const SIZES: [i64; 3] = [4, 12, 38];

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut before: Option<Vec<operations::Timed>> = None;
    let mut rows = Vec::new();
    for townships in SIZES {
        let county = County { townships };
        let timed = runtime.block_on(operations::all(county));
        for (at, (name, us)) in timed.iter().enumerate() {
            let smaller = before.as_ref().map_or(*us, |before| before[at].1);
            let size = format!("{} grids", county.n_grids());
            rows.push(Row::new(name, &size, "us", Better::Lower, *us, ("size before", smaller)));
        }
        before = Some(timed);
    }
    rows.sort_by_key(|row| row.name);
    report::print(&rows);
    report::write("growth", &rows);
}
