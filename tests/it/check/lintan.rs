//! One township of the demo county has eleven planted faults; its truth says which. Everything else there is clean.

use std::process::Command;

use gridmap::format::Mapping;
use gridmap::format::grid;
use gridmap::format::record::{self, Syntax};
use gridmap::geometry::coverage::{FaultKind, Finding, Report};
use gridmap::geometry::crs::Frame;
use gridmap::geometry::{LatticePoint, Side};
use gridmap::service::check::{plain_region, raw_area};
use serde_json::Value as Json;

use super::check;

const DEFECTS: &str = "lintan/grids_with_defects.geojson";
const LEVELS: [&str; 5] = ["county", "townships", "villages", "grids", "groups"];

/// The truth measured areas on a sphere's plane; ours are the ellipsoid's, 0.2 % larger here.
const AREA_TOLERANCE: f64 = 0.005;

fn truth() -> Vec<Json> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/lintan/grids_with_defects.truth.json");
    let truth: Json = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    truth["defects"].as_array().unwrap().clone()
}

fn kind_of(planted: &Json) -> FaultKind {
    match planted["kind"].as_str().unwrap() {
        "gap" | "missing_grid" => FaultKind::Gap,
        "overlap" => FaultKind::Overlap,
        "sliver_overlap" => FaultKind::SliverOverlap,
        "edge_simplified_on_one_side" => FaultKind::OneSidedSimplification,
        "listed_twice" => FaultKind::Duplicate,
        "ring_crosses_itself" => FaultKind::RingCrossesItself,
        "wrong_parent" => FaultKind::WrongParent,
        "spike" => FaultKind::Spike,
        "inside_another" => FaultKind::InsideAnother,
        "whole_grid_shifted" => FaultKind::Shifted,
        other => panic!("the truth has a kind {other} that this test does not know"),
    }
}

/// The findings that name a planted fault by kind and codes. A missing grid cannot be named: its parent is.
fn naming<'a>(report: &'a Report, planted: &Json) -> Vec<&'a Finding> {
    let codes: Vec<&str> = planted["codes"].as_array().unwrap().iter().map(|code| code.as_str().unwrap()).collect();
    let names = |finding: &Finding| match planted["kind"].as_str().unwrap() {
        "missing_grid" => finding.parent.as_deref() == Some(&codes[0][..12]),
        "gap" => finding.codes[0] == codes[0],
        _ => finding.codes.len() == codes.len() && codes.iter().all(|code| finding.codes.iter().any(|c| c == code)),
    };
    report.faults().filter(|finding| finding.kind == kind_of(planted) && names(finding)).collect()
}

#[test]
fn the_eleven_planted_faults_are_found_and_nothing_else() {
    let checked = check(&[DEFECTS, "lintan/villages.geojson"]);
    let truth = truth();
    assert_eq!(truth.len(), 11);
    for planted in &truth {
        let found = naming(&checked.report, planted);
        assert_eq!(found.len(), 1, "{planted}: {:#?}", checked.report.findings);
        if let Some(area) = planted["area_m2"].as_f64() {
            let ours = found[0].size.area_m2.unwrap();
            assert!((ours / area - 1.0).abs() < AREA_TOLERANCE, "{planted}: {ours}");
        }
    }
    assert_eq!(checked.report.faults().count(), 11, "{:#?}", checked.report.findings);
    assert!(checked.refused.is_empty());
    let notes: Vec<&Finding> = checked.report.notes().collect();
    assert_eq!(notes.len(), 1, "{notes:#?}");
    assert_eq!(notes[0].kind, FaultKind::Hole, "the villages' own enclave");
}

#[test]
fn faults_are_found_at_their_place() {
    let report = check(&[DEFECTS, "lintan/villages.geojson"]).report;
    let at = |kind, codes: &[&str]| {
        let mut found =
            report.faults().filter(|f| f.kind == kind && codes.iter().all(|c| f.codes.contains(&(*c).into())));
        LatticePoint::from(found.next().unwrap().at.unwrap())
    };
    let gap = report.faults().find(|f| f.kind == FaultKind::Gap && f.parent.as_deref() == Some("623021101202"));
    let gap = LatticePoint::from(gap.unwrap().at.unwrap());
    assert_eq!(clean_grid("623021101202001").side(gap), Side::Inside, "the missing grid was there");
    let overlap = at(FaultKind::Overlap, &["623021101001007"]);
    assert_eq!(clean_grid("623021101001004").side(overlap), Side::Inside, "the other's ground is overlapped");
    let inner = at(FaultKind::InsideAnother, &["623021101217999"]);
    assert_eq!(clean_grid("623021101217004").side(inner), Side::Inside);
    let tip = at(FaultKind::Spike, &["623021101212010"]);
    let foot = LatticePoint::new(tip.x - 4_000, tip.y);
    assert_eq!(clean_grid("623021101212010").side(foot), Side::Edge, "the spike is 4e-4 degrees long, to the east");
    let shifted = report.faults().find(|f| f.kind == FaultKind::Shifted).unwrap();
    assert!(shifted.detail.contains("(+0.0040000, -0.0010000 degrees)"), "{}", shifted.detail);
}

fn clean_grid(code: &str) -> gridmap::geometry::Boundary {
    let file = std::fs::File::open(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/lintan/grids.geojson")).unwrap();
    record::read(file, Syntax::GeoJson, &Frame::Wgs84)
        .unwrap()
        .map(|record| {
            grid::parse(&record.unwrap().unwrap(), &Mapping::default(), &Frame::Wgs84, &plain_region()).unwrap()
        })
        .find(|grid| grid.code.as_str() == code)
        .and_then(|grid| raw_area(grid).boundary())
        .unwrap()
}

/// Alone, the layer cannot show a grid under the wrong parent or one moved off on its own, and its gaps may be enclaves.
#[test]
fn without_parents_eight_are_faults_and_two_are_holes_to_confirm() {
    let report = check(&[DEFECTS]).report;
    for planted in truth() {
        let expected = match planted["kind"].as_str().unwrap() {
            "gap" | "missing_grid" | "wrong_parent" | "whole_grid_shifted" => 0,
            _ => 1,
        };
        let found = naming(&report, &planted).len();
        assert_eq!(found, expected, "{planted}: {:#?}", report.findings);
    }
    let holes: Vec<f64> = report.notes().map(|note| note.size.area_m2.unwrap().round()).collect();
    assert_eq!(holes.len(), 2, "{:#?}", report.findings);
    assert!(report.notes().all(|note| note.kind == FaultKind::Hole));
}

#[test]
fn clean_layers_have_no_fault_and_their_enclave_is_to_be_confirmed() {
    let all: Vec<String> = LEVELS.iter().map(|level| format!("lintan/{level}.geojson")).collect();
    let together = check(&all.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(
        together.report.findings,
        [],
        "the county draws its enclave and all levels leave it out, so nothing is to be confirmed"
    );
    for level in LEVELS {
        let alone = check(&[&format!("lintan/{level}.geojson")]).report;
        assert!(alone.is_clean(), "{level}: {:#?}", alone.findings);
        let kinds: Vec<FaultKind> = alone.notes().map(|note| note.kind).collect();
        assert_eq!(kinds, [FaultKind::Hole], "{level}");
    }
}

#[test]
fn the_command_says_by_its_exit_status_what_it_found() {
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gridmap"));
        command.arg("check").args(arguments).current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures"));
        let output = command.output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
    };
    let (status, text) = run(&[DEFECTS, "--parents", "lintan/villages.geojson"]);
    assert_eq!(status, 1);
    assert!(text.ends_with("\n11 faults, 1 note, 0 unreadable features\n"), "{text}");
    let (status, text) = run(&["lintan/county.geojson", "lintan/townships.geojson"]);
    assert_eq!(status, 0, "{text}");
    assert_eq!(run(&["lintan/no_such_file.geojson"]).0, 2);
    let (status, text) = run(&["--json", DEFECTS, "--parents", "lintan/villages.geojson"]);
    let report: Json = serde_json::from_str(&text).unwrap();
    assert_eq!((status, report["faults"].as_array().unwrap().len()), (1, 11));
    assert_eq!(report["faults"][0]["kind"], "ring_crosses_itself");
    assert_eq!(report["faults"][0]["features"], serde_json::json!([{"file": DEFECTS, "feature": 47}]));
    let (file, features) = ("lintan/villages.geojson", &report["notes"][0]["features"]);
    let villages = std::fs::read_to_string(format!("{}/fixtures/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let villages: Json = serde_json::from_str(&villages).unwrap();
    assert_eq!(features.as_array().unwrap().len(), 4, "the villages round the enclave");
    for (feature, code) in features.as_array().unwrap().iter().zip(report["notes"][0]["codes"].as_array().unwrap()) {
        assert_eq!(feature["file"], file);
        let number = usize::try_from(feature["feature"].as_u64().unwrap()).unwrap();
        assert_eq!(&villages["features"][number - 1]["properties"]["code"], code);
    }
}
