//! Polygons at random on 6 x 6 points, so that rings touch, nest, coincide and vanish in every way. What the checker says of
//! each, and what is stored of those that pass, is judged by GEOS (`tests/valid_peer.py`). Fixed seed.

use std::fmt::Write as _;
use std::sync::Arc;

use gridmap::geometry::coverage::{FaultKind, Ground, RawArea, RawPolygon, Rules, Severity, ValidArea, check};
use gridmap::geometry::{Boundary, LatticePoint};

use gridmap::format::Mapping;
use gridmap::geometry::crs::Frame;
use gridmap::service::check::{Input, Reading, plain_region};

use crate::python::python;
use crate::random::Random;

const N_POLYGONS: usize = 100_000;
const SIZE: usize = 6;
/// Lattice steps from point to point, about a kilometre: nothing is a sliver.
const STEP: i32 = 100_000;

type Rings = Vec<Vec<(i32, i32)>>;

/// A ring of `n` points: anywhere, or in their order round their middle, which makes it simple more often.
fn ring(random: &mut Random, n: usize, is_round: bool) -> Vec<(i32, i32)> {
    let coordinate = |random: &mut Random| i32::try_from(random.index(SIZE)).unwrap();
    let mut points: Vec<(i32, i32)> = (0..n).map(|_| (coordinate(random), coordinate(random))).collect();
    if is_round {
        let count = i32::try_from(n).unwrap();
        let (x, y) = points.iter().fold((0, 0), |(x, y), p| (x + p.0, y + p.1));
        let angle = |p: &(i32, i32)| f64::from(count * p.1 - y).atan2(f64::from(count * p.0 - x));
        points.sort_by(|a, b| angle(a).total_cmp(&angle(b)));
    }
    points
}

fn polygons(random: &mut Random) -> Vec<Rings> {
    let whole = || vec![(0, 0), (5, 0), (5, 5), (0, 5)];
    let any = |random: &mut Random| {
        let (n, is_round) = (3 + random.index(4), random.index(4) > 0);
        ring(random, n, is_round)
    };
    let n_parts = if random.index(3) == 0 { 2 + random.index(2) } else { 1 };
    let part = |random: &mut Random| {
        let shell = if random.index(3) == 0 { whole() } else { any(random) };
        let n_holes = random.index(4).saturating_sub(usize::from(n_parts > 1));
        let hole = |random: &mut Random| if random.index(12) == 0 { shell.clone() } else { any(random) };
        let holes: Rings = (0..n_holes).map(|_| hole(random)).collect();
        [vec![shell.clone()], holes].concat()
    };
    (0..n_parts).map(|_| part(random)).collect()
}

fn area(polygons: &[Rings]) -> RawArea {
    let point = |&(x, y): &(i32, i32)| LatticePoint::new(1_030_000_000 + x * STEP, 340_000_000 + y * STEP);
    let ring = |ring: &Vec<(i32, i32)>| ring.iter().map(point).collect();
    let polygons = polygons.iter().map(|rings| RawPolygon { rings: rings.iter().map(ring).collect() }).collect();
    RawArea { code: "A".to_owned(), depth: 0, parent: None, polygons, place: 0 }
}

/// What is stored of an area that passes.
fn stored(area: &RawArea) -> Vec<Rings> {
    let boundary: Arc<Boundary> = Arc::new(area.boundary().expect("what passes has an inside"));
    let ground = Ground::build(&[ValidArea { depth: 0, parent: None, boundary }]).expect("what passes is ground");
    let point = |v: &LatticePoint| ((v.x - 1_030_000_000) / STEP, (v.y - 340_000_000) / STEP);
    let rings = |polygon: &gridmap::geometry::Polygon| {
        let rings = std::iter::once(&polygon.exterior).chain(&polygon.holes);
        rings.map(|ring| ring.vertices().iter().map(point).collect()).collect()
    };
    ground.boundary(0).polygons().iter().map(rings).collect()
}

fn geojson(polygons: &[Rings]) -> String {
    let ring = |ring: &Vec<(i32, i32)>| {
        let points: Vec<[i32; 2]> = ring.iter().chain(&ring[..1]).map(|p| [p.0, p.1]).collect();
        points
    };
    let polygons: Vec<Vec<_>> = polygons.iter().map(|rings| rings.iter().map(ring).collect()).collect();
    serde_json::json!({ "type": "MultiPolygon", "coordinates": polygons }).to_string()
}

#[test]
fn what_is_said_of_random_polygons_and_stored_of_them_is_what_geos_says() {
    let mut random = Random::new(52);
    let mut lines = String::new();
    for _ in 0..N_POLYGONS {
        let polygons = polygons(&mut random);
        let area = area(&polygons);
        let mut report = check(std::slice::from_ref(&area), &Rules::for_publishing());
        // Without its parent nobody knows whether a hole is a gap: that is no matter of rings.
        report.findings.retain(|finding| finding.kind != FaultKind::Hole);
        let n_faults = report.findings.iter().filter(|finding| finding.severity == Severity::Fault).count();
        let stored = if n_faults == 0 { geojson(&stored(&area)) } else { String::new() };
        let n_notes = report.findings.len() - n_faults;
        writeln!(lines, "{n_faults}\t{n_notes}\t{}\t{stored}", geojson(&polygons)).unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("polygons.tsv");
    std::fs::write(&file, lines).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/valid_peer.py");
    let judged = python().arg(script).arg(&file).output().unwrap();
    let said = String::from_utf8_lossy(&judged.stdout);
    assert!(judged.status.success(), "{said}{}", String::from_utf8_lossy(&judged.stderr));
}

/// Rings that share corners, or all of their course: said by their kind, and no panic, also beside a good area.
#[test]
fn rings_are_judged_by_their_course_and_not_by_their_corners() {
    let constants = vec![("level".to_owned(), "county".to_owned())];
    let mapping = Mapping { constants, ..Mapping::default() };
    let reading = Reading { region: plain_region(), mapping, frame: Frame::Wgs84 };
    for (file, kind) in [
        ("zero_area", FaultKind::TooFewVertices),
        ("hole_equals_shell", FaultKind::EmptyGeometry),
        ("nested_holes_one_corner", FaultKind::NestedHoles),
        ("hole_outside_all_corners", FaultKind::HoleOutsideShell),
    ] {
        let path = format!("{}/fixtures/cases/52-bad-rings/{file}.geojson", env!("CARGO_MANIFEST_DIR"));
        let mut input = Input::default();
        input.read(file, std::fs::File::open(path).unwrap(), &reading).unwrap();
        let checked = input.check(Rules::for_publishing());
        assert!(checked.refused.is_empty(), "{:?}", checked.refused);
        let kinds: Vec<FaultKind> = checked.report.faults().map(|fault| fault.kind).collect();
        assert_eq!(kinds, [kind], "{file}");
    }
}
