//! `make bench-tiles`: vector tiles of 70,225 grids beside martin over the same grids in PostGIS, in one run.
//!
//! The grids are the seeded coverage of `make bench-locate`. Gridmap draws each tile from memory, martin has PostGIS make
//! it; neither keeps tiles. Martin's table is projected already, as its operator would do for speed, and indexed.
//! Needs `MARTIN` to name the program and `GRIDMAP_TEST_POSTGRES` a cluster. Start with [`main`].

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    dead_code,
    unreachable_pub,
    reason = "a bench prints figures and asks the environment; not all of what benches share is needed here"
)]

mod ground;
mod martin;
#[path = "../locate_index/random.rs"]
mod random;
#[path = "../report.rs"]
mod report;
#[path = "../shared/mod.rs"]
mod shared;
#[path = "../locate_index/synthetic.rs"]
mod synthetic;

use random::Random;
use report::{Better, Row};
use shared::server::Server;
use shared::{cluster, load};
use synthetic::Coverage;

/// Grids along each side.
const SIDE: usize = 265;
/// Tiles asked for at each zoom, over and over.
const MOST_TILES: usize = 128;
/// Zooms, and how long a round of martin's is, in seconds: the largest tiles take it that long.
const ZOOMS: [(&str, u8, u32); 4] = [("tile_z8", 8, 20), ("tile_z10", 10, 5), ("tile_z12", 12, 2), ("tile_z14", 14, 2)];
const OURS_S: u32 = 2;

fn main() {
    let coverage = Coverage::new(SIDE, 7);
    let database = cluster::create_database("bench_tiles");
    ground::fill(&database, &coverage);
    let (gridmap, martin) = (Server::gridmap(&database), martin::start(&database));
    let mut rows = Vec::new();
    for (name, zoom, seconds) in ZOOMS {
        let tiles = tiles(&coverage, zoom);
        let ours: Vec<String> = tiles
            .iter()
            .map(|(row, column)| {
                format!("/api/collections/grids/tiles/WebMercatorQuad/{zoom}/{row}/{column}?level=grid")
            })
            .collect();
        let theirs: Vec<String> = tiles.iter().map(|(row, column)| format!("/grids/{zoom}/{column}/{row}")).collect();
        let (a, b) = (body(&gridmap, &ours[0]), body(&martin.server, &theirs[0]));
        println!("  zoom {zoom}: {} tiles, the first has {} bytes here and {} there", tiles.len(), a.len(), b.len());
        let [ours, theirs] = load::in_turns_of(
            [(&gridmap, &ours, OURS_S), (&martin.server, &theirs, seconds)],
            "identity",
            load::CLIENTS,
        );
        let martin = ("martin", theirs.requests_per_s);
        rows.push(Row::new(name, "70225 grids", "requests/s", Better::Higher, ours.requests_per_s, martin));
        report::print(&rows[rows.len() - 1..]);
        report::write(name, &rows[rows.len() - 1..]);
    }
}

/// The body at `path`, which must be there.
fn body(server: &Server, path: &str) -> Vec<u8> {
    let answer = server.ask(path).expect("it answers");
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("a head ends with an empty line");
    assert!(answer.starts_with(b"HTTP/1.1 200"), "{path}: {}", String::from_utf8_lossy(&answer[..end]));
    answer[end + 4..].to_vec()
}

/// Some tiles that lie inside the coverage, the same in every run.
fn tiles(coverage: &Coverage, zoom: u8) -> Vec<(u32, u32)> {
    let mut random = Random::new(u64::from(zoom));
    let mut tiles: Vec<(u32, u32)> = coverage
        .uniform(20_000, &mut random)
        .into_iter()
        .map(|position| {
            let n = f64::from(1_u32 << zoom);
            let north = position.lat().to_radians().tan().asinh() / std::f64::consts::PI;
            (((1.0 - north) / 2.0 * n) as u32, ((position.lon() + 180.0) / 360.0 * n) as u32)
        })
        .collect();
    let mut seen = std::collections::HashSet::new();
    tiles.retain(|tile| seen.insert(*tile));
    tiles.truncate(MOST_TILES);
    tiles
}
