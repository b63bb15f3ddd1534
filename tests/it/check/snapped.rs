//! Layers that are valid in a frame of metres, at random, and layers whose lines were each drawn a little apart: what they
//! become on the lattice, judged by GEOS (`tests/snap_peer.py`). Fixed seeds.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use gridmap::geometry::coverage::{Finding, RawArea, RawPolygon, Rules, Tolerance, Topology, ValidArea, check, snap};
use gridmap::geometry::crs::Frame;
use gridmap::geometry::{Boundary, LatticePoint, Polygon, Ring};
use serde_json::json;

use crate::python::python;
use crate::random::{Random, n_cases};

const N_LAYERS: usize = 200;
/// Cells along a side.
const SIDE: usize = 4;
/// Metres from corner to corner.
const CELL_M: f64 = 300.0;

type Point = (f64, f64);

/// A layer of cells in metres, each as the vertices of its ring, and the ring around all of them.
struct Layer {
    whole: Vec<Point>,
    cells: Vec<Vec<Point>>,
}

fn share(random: &mut Random) -> f64 {
    f64::from(random.small(1_000_000)) / 1e6
}

/// Corners anywhere near those of a grid, and on each straight border a few vertices, each drawn by some of those who share the
/// border.
fn layer(random: &mut Random) -> Layer {
    let (x0, y0) = (452_000.0 + 80_000.0 * share(random), 3_850_000.0 + 90_000.0 * share(random));
    let mut corner = |column: usize, row: usize| {
        let mut place = |n: usize| (f64::from(u32::try_from(n).unwrap()) + 0.6 * (share(random) - 0.5)) * CELL_M;
        (x0 + place(column), y0 + place(row))
    };
    let corners: Vec<Vec<Point>> =
        (0..=SIDE).map(|row| (0..=SIDE).map(|column| corner(column, row)).collect()).collect();
    let mut borders: BTreeMap<[(usize, usize); 2], Vec<Point>> = BTreeMap::new();
    let mut side = |from: (usize, usize), to: (usize, usize), random: &mut Random| {
        let (low, high) = (from.min(to), from.max(to));
        let ((ax, ay), (bx, by)) = (corners[low.1][low.0], corners[high.1][high.0]);
        let between = borders.entry([low, high]).or_insert_with(|| {
            let mut shares: Vec<f64> = (0..random.index(4)).map(|_| share(random)).collect();
            shares.sort_by(f64::total_cmp);
            shares.into_iter().map(|t| (ax + t * (bx - ax), ay + t * (by - ay))).collect()
        });
        let mut drawn: Vec<Point> = between.iter().copied().filter(|_| random.index(2) == 0).collect();
        if from > to {
            drawn.reverse();
        }
        [vec![corners[from.1][from.0]], drawn].concat()
    };
    let mut cells = Vec::new();
    for (x, y) in (0..SIDE).flat_map(|y| (0..SIDE).map(move |x| (x, y))) {
        let round = [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1), (x, y)];
        cells.push(round.windows(2).flat_map(|pair| side(pair[0], pair[1], random)).collect());
    }
    let out = (0..SIDE).map(|n| (n, 0)).chain((0..SIDE).map(|n| (SIDE, n)));
    let back = (1..=SIDE).rev().map(|n| (n, SIDE)).chain((0..=SIDE).rev().map(|n| (0, n)));
    let round: Vec<(usize, usize)> = out.chain(back).collect();
    let whole = round.windows(2).flat_map(|pair| side(pair[0], pair[1], random)).collect();
    Layer { whole, cells }
}

/// The layer on the lattice, with every vertex of every ring moved by up to `by_m`.
fn areas(layer: &Layer, by_m: f64, random: &mut Random) -> Vec<RawArea> {
    let frame = Frame::parse("EPSG:4543").unwrap();
    let mut area = |code: String, parent: Option<&str>, ring: &[Point], place: usize| {
        let mut moved = |v: f64| v + by_m * 2.0 * (share(random) - 0.5);
        let ring = ring.iter().map(|&(x, y)| LatticePoint::from(frame.to_wgs84(moved(x), moved(y)).unwrap())).collect();
        let depth = u8::from(parent.is_some());
        let polygons = vec![RawPolygon { rings: vec![ring] }];
        RawArea { code, depth, parent: parent.map(str::to_owned), polygons, place }
    };
    let mut areas = vec![area("whole".to_owned(), None, &layer.whole, 0)];
    for (number, cell) in (1..).zip(&layer.cells) {
        areas.push(area(format!("cell-{number}"), Some("whole"), cell, number));
    }
    areas
}

fn geojson(boundaries: &[Boundary]) -> serde_json::Value {
    let ring = |ring: &Ring| {
        let vertices = ring.vertices();
        vertices.iter().chain(&vertices[..1]).map(|v| [v.x, v.y]).collect::<Vec<_>>()
    };
    let rings = |polygon: &Polygon| std::iter::once(&polygon.exterior).chain(&polygon.holes).map(ring).collect();
    let polygons = |boundary: &Boundary| -> Vec<Vec<_>> { boundary.polygons().iter().map(rings).collect() };
    let geometries: Vec<_> = boundaries
        .iter()
        .map(|boundary| json!({ "type": "MultiPolygon", "coordinates": polygons(boundary) }))
        .collect();
    json!({ "type": "GeometryCollection", "geometries": geometries })
}

/// The areas as they are stored.
fn stored(areas: &[RawArea]) -> Vec<Boundary> {
    let valid = |area: &RawArea| {
        let parent = area.parent.as_ref().map(|_| 0);
        ValidArea { depth: area.depth, parent, boundary: Arc::new(area.boundary().unwrap()) }
    };
    let ground = Topology::build(&areas.iter().map(valid).collect::<Vec<_>>()).unwrap();
    (0u32..).take(areas.len()).map(|area| ground.boundary(area)).collect()
}

fn as_given(areas: &[RawArea]) -> Vec<Boundary> {
    areas.iter().map(|area| area.boundary().unwrap()).collect()
}

/// Snaps layers whose vertices were moved by up to `by_m`, and has GEOS judge what they became.
fn judge(n_layers: usize, by_m: f64, tolerance: &Tolerance, least_refused: usize) {
    let mut random = Random::new(21);
    let (mut lines, mut n_refused) = (String::new(), 0);
    for number in 0..n_layers {
        let given = areas(&layer(&mut random), by_m, &mut random);
        let rules = Rules::for_publishing();
        n_refused += usize::from(!check(&given, &rules).is_clean());
        let areas = snap(&given, tolerance).map_or_else(|| given.clone(), |snapped| snapped.areas);
        let faults: Vec<String> = check(&areas, &rules).faults().map(Finding::message).collect();
        assert!(faults.is_empty(), "layer {number}: {faults:#?}");
        writeln!(lines, "{}\t{}", geojson(&as_given(&given)), geojson(&stored(&areas))).unwrap();
    }
    assert!(n_refused >= least_refused, "only {n_refused} of {n_layers} layers were refused before");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("layers.tsv");
    std::fs::write(&file, lines).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/snap_peer.py");
    // Two lines may each have been moved along both axes; a step to the east has 9 mm there.
    let steps = (2.0 * 2.0_f64.sqrt() * by_m / 0.009 + 4.0).to_string();
    let output = python().arg(script).arg(&file).arg(steps).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn a_layer_that_is_valid_in_its_own_frame_is_valid_on_the_lattice() {
    let n = n_cases(N_LAYERS);
    judge(n, 0.0, &Tolerance::default(), n * 9 / 10);
}

#[test]
fn lines_drawn_a_little_apart_meet_when_that_is_asked_for() {
    let n = n_cases(N_LAYERS);
    judge(n, 0.15, &Tolerance::narrower_than(0.5).unwrap(), n);
}
