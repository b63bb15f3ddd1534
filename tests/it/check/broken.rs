//! Broken files, each with the exact report expected of it beside it: exit status, standard output, standard error.
//!
//! A report that changed for a good reason is written anew by running `gridmap check` in the folder and reading it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use gridmap::geometry::LatticePoint;
use gridmap::geometry::coverage::{FaultKind, RawArea, RawPolygon, Rules, check};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/broken/grids")
}

fn report_of(file: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gridmap"));
    let output = command.args(["check", file]).current_dir(folder()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    format!("status {}\n{}{}", output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn every_broken_file_has_exactly_its_report() {
    let mut files: Vec<String> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| Path::new(name).extension().is_some_and(|e| e == "geojson"))
        .collect();
    files.sort();
    assert!(files.len() > 45, "only {} files", files.len());
    let mut wrong = Vec::new();
    for file in files {
        let expected = std::fs::read_to_string(folder().join(&file).with_extension("report")).unwrap_or_default();
        let found = report_of(&file);
        if found != expected {
            wrong.push(format!("{file}\nexpected:\n{expected}\nfound:\n{found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn area(ring: Vec<LatticePoint>) -> RawArea {
    let polygons = vec![RawPolygon { rings: vec![ring] }];
    RawArea { code: "a".to_owned(), depth: 0, parent: None, polygons, place: 1 }
}

/// The time is not measured against a clock's fraction: near-linear work takes under ten seconds here even unoptimised,
/// quadratic work would take an hour.
fn quickly(areas: &[RawArea]) -> Vec<FaultKind> {
    let start = Instant::now();
    let report = check(areas, &Rules::default());
    assert!(start.elapsed() < Duration::from_mins(2), "{:?}", start.elapsed());
    report.findings.iter().map(|finding| finding.kind).collect()
}

#[test]
fn half_a_million_vertices_are_answered_quickly() {
    let circle = |n: u32| {
        (0..n).map(move |i| f64::from(i) / f64::from(n) * std::f64::consts::TAU).map(|turn| {
            #[expect(clippy::cast_possible_truncation, reason = "a circle of 1.7e8 steps, inside i32")]
            LatticePoint::new((turn.cos() * 1.7e8) as i32, (turn.sin() * 1.7e8) as i32)
        })
    };
    let mut crossed: Vec<LatticePoint> = circle(500_000).collect();
    crossed.swap(62_500, 62_507);
    let kinds = quickly(&[area(crossed)]);
    assert!(kinds.contains(&FaultKind::RingCrossesItself), "{kinds:?}");
}

#[test]
fn a_tangle_is_given_up_and_said_to_be_one() {
    // A comb of long teeth whose boxes all meet, and the same comb run through another one.
    let comb = |n: i32, across: bool| {
        let mut ring: Vec<LatticePoint> = (0..n)
            .map(|i| {
                if i % 2 == 0 {
                    LatticePoint::new(i * 100, i * 90)
                } else {
                    LatticePoint::new(i * 100, 100_000_000 + i * 90)
                }
            })
            .map(|p| if across { LatticePoint::new(p.y, p.x) } else { p })
            .collect();
        ring.push(if across { LatticePoint::new(-100, n * 200) } else { LatticePoint::new(n * 200, -100) });
        area(ring)
    };
    let kinds = quickly(&[comb(20_000, false), RawArea { code: "b".to_owned(), ..comb(20_000, true) }]);
    assert!(kinds.contains(&FaultKind::TooEntangled), "{kinds:?}");
    let star = (0..100_001i64).map(|i| {
        let at = i32::try_from(i * 49_999 % 100_001).unwrap();
        LatticePoint::new(at * 1_000, (at % 7_919) * 10_000)
    });
    let kinds = quickly(&[area(star.collect())]);
    assert!(matches!(kinds[0], FaultKind::TooEntangled | FaultKind::RingCrossesItself), "{kinds:?}");
}

#[test]
fn ten_thousand_rings_in_each_other_are_answered_quickly() {
    let nested = (0..10_000).map(|i| {
        let (low, high) = (i * 10, 800_000_000 - i * 10);
        vec![
            LatticePoint::new(low, low),
            LatticePoint::new(high, low),
            LatticePoint::new(high, high),
            LatticePoint::new(low, high),
        ]
    });
    let kinds = quickly(&[RawArea { polygons: vec![RawPolygon { rings: nested.collect() }], ..area(Vec::new()) }]);
    let refused = |kind: &FaultKind| matches!(kind, FaultKind::NestedHoles | FaultKind::TooEntangled);
    assert!(kinds.iter().any(refused), "{kinds:?}");
}

/// As when every area was digitised on its own: no edge has its match, so each is asked for its cause.
#[test]
fn areas_that_all_disagree_are_answered_quickly() {
    const STEP: i32 = 3_000;
    let off = |n: i32| n.wrapping_mul(7_919).rem_euclid(401) - 200;
    let square = |i: i32, j: i32| {
        let sides = (0..6).map(|k| (k * STEP, 0)).chain((0..6).map(|k| (6 * STEP, k * STEP)));
        let back = (0..6).map(|k| ((6 - k) * STEP, 6 * STEP)).chain((0..6).map(|k| (0, (6 - k) * STEP)));
        let vertices = sides.chain(back).zip(0..).map(|((x, y), n)| {
            let seed = (i * 40 + j) * 48 + n;
            LatticePoint::new(i * 6 * STEP + x + off(seed), j * 6 * STEP + y + off(seed * 31 + 17))
        });
        RawArea { code: format!("{i}/{j}"), ..area(vertices.collect()) }
    };
    let areas: Vec<RawArea> = (0..40).flat_map(|i| (0..40).map(move |j| square(i, j))).collect();
    let kinds = quickly(&areas);
    let overlaps = kinds.iter().filter(|kind| matches!(kind, FaultKind::Overlap | FaultKind::SliverOverlap)).count();
    assert!(overlaps > 2_500, "{overlaps} of 3,120 borders");
}
