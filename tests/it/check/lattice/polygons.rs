//! Polygons of one area, and those that were once stored wrongly or ended the program.

use gridmap::format::Mapping;
use gridmap::geometry::coverage::{FaultKind, Rules};
use gridmap::geometry::crs::Frame;
use gridmap::service::check::{Input, Reading, plain_region};

use super::{Rings, assert_right, line};
use crate::random::{Random, n_cases};

const N_POLYGONS: usize = 100_000;
const SIZE: usize = 6;

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

pub(super) fn any_polygons(random: &mut Random) -> Vec<Rings> {
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

#[test]
fn what_is_said_of_random_polygons_and_stored_of_them_is_what_geos_says() {
    let mut random = Random::new(52);
    let lines: String = (0..n_cases(N_POLYGONS)).map(|_| line(&[any_polygons(&mut random)])).collect();
    assert_right(&lines);
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
        let checked = input.check(Rules::for_publishing(), None);
        assert!(checked.refused.is_empty(), "{:?}", checked.refused);
        let kinds: Vec<FaultKind> = checked.report.faults().map(|fault| fault.kind).collect();
        assert_eq!(kinds, [kind], "{file}");
    }
}
