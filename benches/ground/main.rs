//! `make bench`: what a redraw costs that moves homes, beside the same redraw with a tenth of the homes that stay.
//!
//! A county of two halves is redrawn so that a tenth of its homes change their grid; then so that as many move of a county
//! with a tenth of the homes. What it costs should go with the homes that move, not with those that stay. CPU time is that of
//! this process, which with SQLite is all of it; for PostgreSQL that of the server is added, by its own account. Needs a
//! PostGIS cluster in `GRIDMAP_TEST_POSTGRES`. Argument: how many homes, 1000000 when absent. Start with [`main`].

#![expect(unreachable_pub, reason = "a bench exports nothing; pub says what a module gives")]
#![expect(clippy::disallowed_macros, reason = "a bench prints its table")]
#![expect(clippy::disallowed_methods, reason = "a bench reads where its cluster is")]

#[path = "../shared/cluster.rs"]
mod cluster;
#[path = "../report.rs"]
#[expect(dead_code, reason = "nothing here is better when it is higher")]
mod report;

use std::fmt::Write as _;
use std::fs;
use std::io::Cursor;
use std::sync::Arc;
use std::time::Instant;

use gridmap::domain::clock::SystemClock;
use gridmap::format::Mapping;
use gridmap::format::record::Syntax;
use gridmap::geometry::crs::Frame;
use gridmap::service::import::{self, GridOptions, OnEdited, Outcome, Source};
use gridmap::service::{Caller, Gridmap};
use gridmap::store;
use report::{Better, Row};

const REGION: &str = r#"code = "9"
names = { zh = "试验县", en = "Trial county" }
utc_offset = "+08:00"
fallback = { holder = "office", name = "office" }

[[levels]]
code = "county"
names = { zh = "县", en = "County" }

[[levels]]
code = "grid"
names = { zh = "网格", en = "Grid" }

[[roles]]
code = "grid_leader"
names = { zh = "网格长", en = "Grid leader" }
"#;

/// The county is so many homes wide.
const COLUMNS: usize = 1_000;

fn main() {
    let words = std::env::args().skip(1).find_map(|word| word.parse().ok());
    let n_homes: usize = words.unwrap_or(1_000_000);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut rows = Vec::new();
    for (name, postgres) in [("sqlite", false), ("postgres", true)] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let database = |size: &str| {
            if postgres {
                cluster::create_database(&format!("bench_ground_{size}"))
            } else {
                format!("sqlite:{}", folder.path().join(format!("{size}.db")).display())
            }
        };
        // As many homes move in both: a tenth of the many, all but none of the few.
        let many = runtime.block_on(redraw(&database("many"), n_homes, n_homes / 10, postgres));
        let few = runtime.block_on(redraw(&database("few"), n_homes / 5, n_homes / 10, postgres));
        let size = format!("{} of {n_homes} homes", n_homes / 10);
        let row = |what, unit, ours, theirs| {
            Row::new(what, &format!("{name}, {size}"), unit, Better::Lower, ours, ("a fifth", theirs))
        };
        rows.push(row("relocate", "s of CPU", many.0, few.0));
        rows.push(row("relocate_all", "s", many.1, few.1));
    }
    report::print(&rows);
    report::write("ground", &rows);
}

/// Seconds of processor time, and of the clock, for a redraw after which `n_moving` of `n_homes` stand in another grid.
async fn redraw(database: &str, n_homes: usize, n_moving: usize, postgres: bool) -> (f64, f64) {
    let store = store::open(database).await.expect("the database opens");
    let gridmap = Gridmap::open(Arc::clone(&store), Arc::new(SystemClock)).await.expect("it is empty");
    import::region(&Caller::system(&gridmap), REGION).await.expect("a region");
    publish(&gridmap, 500).await;
    import_homes(&gridmap, n_homes).await;
    let server = || if postgres { server_cpu_s() } else { 0.0 };
    let (begun, cpu) = (Instant::now(), all_cpu_s() + server());
    let n_moved = publish(&gridmap, 500 + n_moving * COLUMNS / n_homes).await;
    let spent = (all_cpu_s() + server() - cpu, begun.elapsed().as_secs_f64());
    assert!(
        n_moved.abs_diff(n_moving as u64) <= 2 * (n_homes / COLUMNS) as u64,
        "{n_moved} homes moved, not {n_moving}"
    );
    store.close().await;
    spent
}

/// Publishes the county, its halves meeting at a column of homes. Returns how many homes moved.
async fn publish(gridmap: &Gridmap, column: usize) -> u64 {
    let split = format!("103.{column:04}5");
    let grid = |code: &str, level: &str, parent: &str, west: &str, east: &str| {
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"code\":\"{code}\",\"level\":\"{level}\"{parent}}},\"geometry\":\
             {{\"type\":\"Polygon\",\"coordinates\":[[[{west},34],[{east},34],[{east},35],[{west},35],[{west},34]]]}}}}"
        )
    };
    let parent = ",\"parent\":\"9\"";
    let features = [
        grid("9", "county", "", "103", "103.2"),
        grid("91", "grid", parent, "103", &split),
        grid("92", "grid", parent, &split, "103.2"),
    ];
    let text = format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", features.join(","));
    let source = source("grids.geojson", text);
    let report = import::grids(&Caller::system(gridmap), vec![source], &GridOptions::default()).await;
    let report = report.expect("the store answers");
    report.generation.expect("it is published").n_relocated
}

async fn import_homes(gridmap: &Gridmap, n: usize) {
    let mut text = String::from("id,lon,lat\n");
    for home in 0..n {
        let (column, row) = (home % COLUMNS, home / COLUMNS);
        writeln!(text, "H{home},103.{column:04},34.{row:05}1").expect("a text takes text");
    }
    let report = import::households(&Caller::system(gridmap), source("homes.csv", text), &[]).await;
    assert!(matches!(report.expect("the store answers").outcome, Outcome::Stored { .. }));
}

fn source(name: &str, text: String) -> Source {
    Source {
        name: name.to_owned(),
        input: Box::new(Cursor::new(text)),
        syntax: Syntax::of(name),
        mapping: Mapping::default(),
        frame: Frame::Wgs84,
        on_edited: OnEdited::Refuse,
        is_dry_run: false,
    }
}

/// Seconds that all threads of this process have been on a processor, in hundredths.
fn all_cpu_s() -> f64 {
    cpu_of(&fs::read_to_string("/proc/self/stat").expect("Linux"))
}

/// The same of all processes of PostgreSQL, those that ended too as far as their parent has seen them end.
fn server_cpu_s() -> f64 {
    let processes = fs::read_dir("/proc").expect("Linux").filter_map(Result::ok);
    let stats = processes.filter_map(|process| fs::read_to_string(process.path().join("stat")).ok());
    stats.filter(|stat| stat.contains("(postgres)")).map(|stat| cpu_of(&stat)).sum()
}

/// User and kernel time, the fourteenth and fifteenth number of all.
fn cpu_of(stat: &str) -> f64 {
    let (_, counts) = stat.rsplit_once(')').expect("the name stands in brackets");
    let ticks = |at: usize| counts.split_whitespace().nth(at).and_then(|n| n.parse().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}
