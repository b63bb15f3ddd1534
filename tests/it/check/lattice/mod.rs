//! Polygons and small coverages at random on 6 x 6 points, so that rings touch, nest, coincide and vanish in every way. What
//! the checker says of each, and what is stored of those that pass, is judged by GEOS (`tests/valid_peer.py`). Fixed seeds.

mod coverages;
mod polygons;

use std::process::Output;
use std::sync::Arc;

use gridmap::geometry::coverage::{FaultKind, RawArea, RawPolygon, Report, Rules, Topology, ValidArea, check};
use gridmap::geometry::{LatticePoint, Polygon};

use crate::python::python;

/// Lattice steps from point to point, about a kilometre: nothing is a sliver.
const STEP: i32 = 100_000;
const WEST: i32 = 1_030_000_000;
const SOUTH: i32 = 340_000_000;

type Rings = Vec<Vec<(i32, i32)>>;

fn area(place: usize, polygons: &[Rings]) -> RawArea {
    let point = |&(x, y): &(i32, i32)| LatticePoint::new(WEST + x * STEP, SOUTH + y * STEP);
    let ring = |ring: &Vec<(i32, i32)>| ring.iter().map(point).collect();
    let polygons = polygons.iter().map(|rings| RawPolygon { rings: rings.iter().map(ring).collect() }).collect();
    RawArea { code: place.to_string(), depth: 0, parent: None, polygons, place }
}

/// What the checker says before areas are published.
fn checked(areas: &[RawArea]) -> Report {
    let mut report = check(areas, &Rules::for_publishing());
    // Without a parent nobody knows whether ground that is not covered is a gap.
    report.findings.retain(|finding| finding.kind != FaultKind::Hole);
    report
}

/// What is stored of areas that pass.
fn stored(areas: &[RawArea]) -> Vec<Vec<Rings>> {
    let boundary = |area: &RawArea| Arc::new(area.boundary().expect("what passes has an inside"));
    let valid = |area| ValidArea { depth: 0, parent: None, boundary: boundary(area) };
    let ground = Topology::build(&areas.iter().map(valid).collect::<Vec<_>>()).expect("what passes is ground");
    let point = |v: &LatticePoint| ((v.x - WEST) / STEP, (v.y - SOUTH) / STEP);
    let rings = |polygon: &Polygon| {
        let rings = std::iter::once(&polygon.exterior).chain(&polygon.holes);
        rings.map(|ring| ring.vertices().iter().map(point).collect()).collect()
    };
    let area = |index: u32| ground.boundary(index).polygons().iter().map(rings).collect();
    (0u32..).take(areas.len()).map(area).collect()
}

fn geojson(areas: &[Vec<Rings>]) -> String {
    let ring = |ring: &Vec<(i32, i32)>| ring.iter().chain(&ring[..1]).map(|p| [p.0, p.1]).collect::<Vec<_>>();
    let polygons =
        |area: &Vec<Rings>| -> Vec<Vec<_>> { area.iter().map(|rings| rings.iter().map(ring).collect()).collect() };
    let geometry = |area| serde_json::json!({ "type": "MultiPolygon", "coordinates": polygons(area) });
    let geometries: Vec<_> = areas.iter().map(geometry).collect();
    serde_json::json!({ "type": "GeometryCollection", "geometries": geometries }).to_string()
}

/// One line for the judge: what was said of these areas, they themselves and what is stored of them.
fn line(given: &[Vec<Rings>]) -> String {
    let areas: Vec<RawArea> = (0..).zip(given).map(|(place, polygons)| area(place, polygons)).collect();
    let report = checked(&areas);
    let stored = if report.is_clean() { geojson(&stored(&areas)) } else { String::new() };
    let faults: Vec<&str> = report.faults().map(|fault| fault.kind.as_str()).collect();
    format!("{}\t{}\t{}\t{stored}\n", faults.join(" "), report.notes().count(), geojson(given))
}

/// Has GEOS judge the lines.
fn assert_right(lines: &str) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("areas.tsv");
    std::fs::write(&file, lines).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/valid_peer.py");
    let Output { status, stdout, stderr } = python().arg(script).arg(&file).output().unwrap();
    assert!(status.success(), "{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
}
