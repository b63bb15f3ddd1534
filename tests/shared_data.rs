//! Real layers with real faults, before and after repair: Denver and Providence.
//!
//! The data may not be copied into this repository. They lie beside it in `../shared/data/denver`, as zipped Shapefiles
//! that GDAL's ogr2ogr turns into GeoJSON. Run by `make test-shared`, not by `make test`, and failing where they are
//! missing. The counts are those of shapely 2.2 (GEOS 3.14) for the same GeoJSON: intersections of pairs, and holes of
//! the union. Hairlines at which GEOS and the exact lattice differ are below 0.0001 m2.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;
use std::process::Command;

use gridmap::format::Mapping;
use gridmap::geometry::coverage::{FaultKind, Finding, Report, Rules, Tolerance};
use gridmap::geometry::crs::Frame;
use gridmap::service::check::{Input, Reading, plain_region};

/// Converts one of the Shapefiles and checks it, its areas named by the column `code`.
fn check(layer: (&str, &str), rules: Rules) -> Report {
    read(layer, "EPSG:4326", Frame::Wgs84).check(rules, None).report
}

/// Converts one of the Shapefiles to a frame and reads it.
fn read((name, code): (&str, &str), to: &str, frame: Frame) -> Input {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/denver");
    let zip = shared.join(format!("{name}.zip"));
    assert!(zip.is_file(), "{} is missing: these tests need the shared data beside the project", zip.display());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("layer.geojson");
    let status = Command::new("ogr2ogr")
        .args(["-f", "GeoJSON", "-t_srs", to, "-lco", "COORDINATE_PRECISION=7"])
        .args(["-select", code])
        .arg(&file)
        .arg(format!("/vsizip/{}", zip.display()))
        .status()
        .unwrap();
    assert!(status.success(), "ogr2ogr cannot read {}", zip.display());
    let constants = vec![("level".to_owned(), "county".to_owned())];
    let reading = Reading {
        region: plain_region(),
        mapping: Mapping { columns: vec![("code".to_owned(), code.to_owned())], constants },
        frame,
    };
    let mut input = Input::default();
    input.read("layer.geojson", File::open(file).unwrap(), &reading).unwrap();
    input
}

const ORIGINAL: (&str, &str) = ("DenverCo_precincts2020_orig", "PRECID");
const REPAIRED: (&str, &str) = ("DenverCo_precincts2020_repaired", "PRECID");
const BAD_REGION: (&str, &str) = ("CO_bad_gap_region", "PRECID");
const OLD_PRECINCTS: (&str, &str) = ("providence_old_precincts", "OBJECTID");
const NEW_PRECINCTS: (&str, &str) = ("providence_new_precincts", "GEOID20");
const BLOCKS: (&str, &str) = ("providence_blocks2010", "GEOID10");

fn of<'a>(report: &'a Report, kinds: &'a [FaultKind]) -> impl Iterator<Item = &'a Finding> {
    report.findings.iter().filter(|finding| kinds.contains(&finding.kind))
}

const OVERLAPS: [FaultKind; 2] = [FaultKind::Overlap, FaultKind::SliverOverlap];
const GAPS: [FaultKind; 2] = [FaultKind::Gap, FaultKind::SliverGap];

fn area_m2<'a>(findings: impl Iterator<Item = &'a Finding>) -> f64 {
    findings.filter_map(|finding| finding.size.area_m2).sum()
}

#[test]
fn repaired_and_clean_layers_have_no_fault() {
    for name in [REPAIRED, NEW_PRECINCTS, BLOCKS] {
        for rules in [Rules::default(), Rules::for_publishing()] {
            let report = check(name, rules);
            assert!(report.is_clean(), "{}: {:#?}", name.0, report.faults().collect::<Vec<_>>());
        }
    }
}

#[test]
fn denver_before_its_repair_has_slivers_and_nothing_wide() {
    let strict = check(ORIGINAL, Rules::for_publishing());
    for fault in strict.faults() {
        assert!(fault.size.width_m.is_none_or(|width| width < 0.2), "{fault:?}");
    }
    let pairs: BTreeSet<&[String]> = of(&strict, &OVERLAPS).map(|finding| finding.codes.as_slice()).collect();
    assert_eq!(pairs.len(), 20, "GEOS has 24, four of them under 0.00005 m2");
    let total = area_m2(strict.faults());
    assert!((total / (13.31 + 4.67) - 1.0).abs() < 0.05, "overlaps and narrow holes together: {total}");
    let by_default = check(ORIGINAL, Rules::default());
    assert!(!by_default.is_clean(), "an overlap of 12.8 m2 is no hairline");
    assert!(area_m2(by_default.faults()) < 20.0);
}

#[test]
fn the_bad_region_of_colorado_has_two_overlaps_two_gaps_and_a_hole_to_confirm() {
    let report = check(BAD_REGION, Rules::default());
    let sizes = |kinds: &[FaultKind]| {
        let mut sizes: Vec<f64> = of(&report, kinds).map(|finding| finding.size.area_m2.unwrap()).collect();
        sizes.sort_by(f64::total_cmp);
        sizes
    };
    let agree = |ours: Vec<f64>, theirs: &[f64]| {
        assert_eq!(ours.len(), theirs.len(), "{:#?}", report.findings);
        for (ours, theirs) in ours.into_iter().zip(theirs) {
            assert!((ours / theirs - 1.0).abs() < 0.01, "{ours} for {theirs}");
        }
    };
    agree(sizes(&OVERLAPS), &[19_816.1, 59_046.3]);
    agree(sizes(&GAPS), &[8_171.9, 11_679.4]);
    agree(sizes(&[FaultKind::Hole]), &[3_179_524.1]);
}

/// Two pairs overlap (0.67 and 3.33 m2) and the narrow hole (47.6 m2) is there because one side was drawn with fewer
/// vertices; that is what the report says.
#[test]
fn the_old_precincts_of_providence_are_simplified_on_one_side_and_leave_two_wide_holes() {
    let report = check(OLD_PRECINCTS, Rules::default());
    let mut sizes: Vec<f64> = report.faults().map(|fault| fault.size.area_m2.unwrap()).collect();
    sizes.sort_by(f64::total_cmp);
    assert_eq!(sizes.len(), 2, "{:#?}", report.findings);
    assert!(of(&report, &[FaultKind::OneSidedSimplification]).count() == 2, "{:#?}", report.findings);
    assert!((sizes[0] / (0.67 + 3.33) - 1.0).abs() < 0.01 && (sizes[1] / 47.56 - 1.0).abs() < 0.01, "{sizes:?}");
    assert_eq!(of(&report, &[FaultKind::Hole]).count(), 2, "74 and 170 m across: gaps or enclaves, a person must say");
}

/// In their own frame, feet of the state plane; what was cut at the sixth digit there is not cut again.
#[test]
fn official_layers_in_feet_go_in_and_what_was_drawn_apart_when_that_is_asked_for() {
    let frame = || Frame::parse("EPSG:2232").unwrap();
    let faults = |layer, tolerance: Tolerance| {
        let checked = read(layer, "EPSG:2232", frame()).check(Rules::for_publishing(), Some(&tolerance));
        assert_eq!(checked.refused, []);
        let n_snapped = of(&checked.report, &[FaultKind::Snapped]).count();
        (checked.report.faults().map(Finding::message).collect::<Vec<_>>(), n_snapped)
    };
    let (wrong, _) = faults(REPAIRED, Tolerance::default());
    assert!(wrong.is_empty(), "{wrong:#?}");
    let (wrong, _) = faults(ORIGINAL, Tolerance::default());
    assert!(!wrong.is_empty());
    let (wrong, n_snapped) = faults(ORIGINAL, Tolerance::narrower_than(0.5).unwrap());
    assert!(wrong.is_empty() && n_snapped > 0, "{n_snapped} snapped: {wrong:#?}");
}
