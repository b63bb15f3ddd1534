//! The polygons of tiles are valid, whatever is cut off at a tile's edge: GEOS judges them.
#![expect(clippy::disallowed_macros, reason = "it prints how many")]

use std::net::SocketAddr;
use tempfile::TempDir;

use super::county;
use super::http::get;
use super::tiles::{ids_in, rings_in};
use crate::python::python;

/// The row and column of the tile of a place.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "places of the county")]
fn tile_of(zoom: u32, lon: f64, lat: f64) -> (u32, u32) {
    let n = f64::from(1_u32 << zoom);
    let north = lat.to_radians().sin().atanh() / std::f64::consts::PI;
    (((1.0 - north) / 2.0 * n) as u32, ((lon + 180.0) / 360.0 * n) as u32)
}

fn path(zoom: u32, row: u32, column: u32, level: &str) -> String {
    format!("/api/collections/grids/tiles/WebMercatorQuad/{zoom}/{row}/{column}?level={level}")
}

/// The tile of a place and the eight around it, at every zoom from `zooms`.
fn around(lon: f64, lat: f64, zooms: std::ops::RangeInclusive<u32>) -> Vec<(u32, u32, u32)> {
    let of_zoom = |zoom: u32| {
        let (row, column) = tile_of(zoom, lon, lat);
        (row - 1..=row + 1).flat_map(move |row| (column - 1..=column + 1).map(move |column| (zoom, row, column)))
    };
    zooms.flat_map(of_zoom).collect()
}

/// Has GEOS judge all polygons of some tiles; returns how many there were.
fn judged(server: SocketAddr, paths: impl Iterator<Item = String>) -> usize {
    let polygons: Vec<String> = paths
        .map(|path| get(server, &path))
        .filter(|reply| reply.status == 200)
        .map(|reply| serde_json::to_string(&rings_in(&reply)).unwrap())
        .collect();
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("polygons.jsonl");
    std::fs::write(&file, polygons.join("\n")).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tile_peer.py");
    let output = python().arg(script).arg(&file).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(!said.contains("wrong"), "{said}");
    said.trim().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn holes_that_are_cut_leave_polygons() {
    let (server, _folder) = county::case("37-tile-holes").await;
    let n = judged(
        server,
        around(103.305, 34.805, 10..=18).into_iter().map(|(z, row, column)| path(z, row, column, "grid")),
    );
    assert!(n > 50, "{n}");
    let (row, column) = tile_of(18, 103.305, 34.805);
    let ids = ids_in(&get(server, &path(18, row, column, "grid")));
    assert_eq!(ids, ["CORE"], "the others lie around it");
}

/// What is simplified and cut in the demo county, at every zoom around a town and along a border.
#[test]
fn so_are_those_of_the_county() {
    let places = [(103.3739, 34.8836), (103.55, 34.70), (103.7, 34.6)];
    let tiles = places.into_iter().flat_map(|(lon, lat)| around(lon, lat, 7..=16));
    let levels = ["township", "village", "grid", "group"];
    let paths = tiles.flat_map(|(z, row, column)| levels.map(|level| path(z, row, column, level)));
    let n = judged(county::open(), paths);
    println!("{n} polygons of tiles are valid");
    assert!(n > 10_000, "{n}");
}
