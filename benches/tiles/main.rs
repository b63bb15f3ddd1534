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
mod load;
#[path = "../locate_index/random.rs"]
mod random;
#[path = "../report.rs"]
mod report;
mod server;
#[path = "../locate_index/synthetic.rs"]
mod synthetic;

use random::Random;
use report::{Better, Row};
use server::Server;
use synthetic::Coverage;

/// Grids along each side.
const SIDE: usize = 265;
/// Tiles asked for at each zoom, over and over.
const MOST_TILES: usize = 128;
/// Zooms, and how long martin is given for each: the largest tiles take it seconds.
const ZOOMS: [(&str, u8, u32); 4] =
    [("tile_z8", 8, 40), ("tile_z10", 10, 15), ("tile_z12", 12, 6), ("tile_z14", 14, 6)];
const OURS_S: u32 = 6;

fn main() {
    let coverage = Coverage::new(SIDE, 7);
    let database = ground::create();
    ground::fill(&database, &coverage);
    let (gridmap, martin) = (Server::gridmap(&database), Server::martin(&database));
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
        let (a, b) = (gridmap.get(&ours[0]), martin.get(&theirs[0]));
        println!("  zoom {zoom}: {} tiles, the first has {} bytes here and {} there", tiles.len(), a.len(), b.len());
        let ours = load::requests_per_s(&gridmap, &ours, OURS_S);
        let theirs = load::requests_per_s(&martin, &theirs, seconds);
        rows.push(Row::new(name, "70225 grids", "requests/s", Better::Higher, ours, ("martin", theirs)));
        report::print(&rows[rows.len() - 1..]);
        report::write(name, &rows[rows.len() - 1..]);
    }
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
