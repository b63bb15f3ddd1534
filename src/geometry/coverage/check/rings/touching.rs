//! What the rings of one area enclose where some touch and none cross.
//!
//! Corners do not tell: rings may share all of them and still lie in each other, beside each other, or be the same. So the
//! rings are traced anew from the edges that have the area on one side only. Around each node its inside and its outside must
//! alternate; then traced rings share points at most, and each must have the area just inside it or just outside.

use geo::coordinate_position::{CoordPos, coord_pos_relative_to_ring};
use geo::{Coord, LineString};

use super::checked::{PAIRS_PER_EDGE, finding};
use super::nesting::{ring_extent, within};
use crate::geometry::coverage::boxes::Extent;
use crate::geometry::coverage::report::{Severity, Size};
use crate::geometry::coverage::{FaultKind, Finding, RawArea, Topology, ValidArea};
use crate::geometry::{Boundary, LatticePoint, Ring, measure};

/// Reports where the rings of one polygon, or those of all, enclose ground twice or take away what none encloses, and notes
/// where the same ground has other rings. Returns the boundary to go on with. Cost: rings that lie in each other's box are
/// compared vertex by vertex.
pub(super) fn judge(area: &RawArea, boundary: Boundary, findings: &mut Vec<Finding>) -> Option<Boundary> {
    let n_before = findings.len();
    if let [_] = boundary.polygons() {
        judge_rings(area, &boundary, findings);
    } else {
        for polygon in boundary.polygons() {
            judge_rings(area, &Boundary::from_valid(vec![polygon.clone()]), findings);
        }
        if findings[n_before..].iter().all(|finding| finding.severity == Severity::Note) {
            findings.truncate(n_before);
            judge_rings(area, &boundary, findings);
        }
    }
    let is_empty = findings[n_before..].iter().any(|finding| finding.kind == FaultKind::EmptyGeometry);
    (!is_empty || boundary.polygons().len() > 1).then_some(boundary)
}

fn judge_rings(area: &RawArea, boundary: &Boundary, findings: &mut Vec<Finding>) {
    let first = boundary.rings().next().map(|ring| ring.vertices()[0]);
    let valid = ValidArea { depth: 0, parent: None, boundary: std::sync::Arc::new(boundary.clone()) };
    let Ok(ground) = Topology::build(&[valid]) else {
        let detail = "two of its rings run along each other there".to_owned();
        findings.push(finding(area, FaultKind::RingsCross, first, Size::default(), detail));
        return;
    };
    let traced = ground.rings(0);
    if traced.is_empty() {
        let detail = "its holes take away all of it: nothing is left".to_owned();
        findings.push(finding(area, FaultKind::EmptyGeometry, first, Size::default(), detail));
        return;
    }
    if let Some(at) = ground.entangled_at(0) {
        let (kind, detail) = how_entangled(boundary);
        findings.push(finding(area, kind, Some(at), Size::default(), detail.to_owned()));
        return;
    }
    let n_before = findings.len();
    let extents: Vec<Extent> = traced.iter().map(ring_extent).collect();
    let outlines: Vec<LineString<i128>> = traced.iter().map(doubled).collect();
    // Each hole costs a pass over its shell, and a valid area may have thousands of holes.
    let mut left = 10 * PAIRS_PER_EDGE * (boundary.n_vertices() + 1_000);
    for (i, ring) in traced.iter().enumerate() {
        let near: Vec<usize> = (0..traced.len()).filter(|&j| j != i && within(&extents[i], &extents[j])).collect();
        left = left.saturating_sub(near.iter().map(|&j| traced[j].vertices().len()).sum());
        if left == 0 {
            let detail = "its rings touch and stand in each other so often that it was not checked further".to_owned();
            findings.push(finding(area, FaultKind::TooEntangled, first, Size::default(), detail));
            return;
        }
        let around = near.into_iter().filter(|&j| lies_in(&outlines[i], &outlines[j]));
        let around: Vec<i32> = around.map(|j| sign(&traced[j])).collect();
        let (kind, detail) = match (sign(ring), around.iter().sum()) {
            (1, 0) | (-1, 1) => continue,
            (1, _) => (FaultKind::OverlappingParts, "one of its parts lies in another"),
            _ if around.contains(&-1) => (FaultKind::NestedHoles, "a hole lies in another hole"),
            _ => (FaultKind::HoleOutsideShell, "a hole lies outside its outer ring"),
        };
        let size = Size { area_m2: Some(measure::ring_area_m2(ring).abs()), ..Size::default() };
        findings.push(finding(area, kind, Some(ring.vertices()[0]), size, detail.to_owned()));
    }
    let is_noted = findings.iter().any(|finding| finding.kind == FaultKind::RingTouchesItself);
    if findings.len() == n_before && !is_noted && sizes(boundary.rings()) != sizes(traced.iter()) {
        let detail = "its rings touch each other; they are drawn anew, no ground changes".to_owned();
        findings.push(finding(area, FaultKind::RingTouchesItself, first, Size::default(), detail));
    }
}

/// What is wrong with rings that overlap although none crosses another.
fn how_entangled(boundary: &Boundary) -> (FaultKind, &'static str) {
    for polygon in boundary.polygons() {
        let shell = doubled(&polygon.exterior);
        let holes: Vec<LineString<i128>> = polygon.holes.iter().map(doubled).collect();
        if holes.iter().any(|hole| !lies_in(hole, &shell)) {
            return (FaultKind::HoleOutsideShell, "a hole lies outside its outer ring");
        }
        let extents: Vec<Extent> = polygon.holes.iter().map(ring_extent).collect();
        let is_in = |i: usize, j: usize| i != j && within(&extents[i], &extents[j]) && lies_in(&holes[i], &holes[j]);
        let is_nested = |i| (0..holes.len()).any(|j| is_in(i, j));
        if (0..holes.len()).any(is_nested) {
            return (FaultKind::NestedHoles, "a hole lies in another hole");
        }
    }
    match boundary.polygons() {
        [polygon] if polygon.holes.is_empty() => (FaultKind::RingCrossesItself, "the ring encloses ground twice there"),
        [_] => (FaultKind::RingsCross, "two of its rings overlap there"),
        _ => (FaultKind::OverlappingParts, "two of its parts overlap there"),
    }
}

fn sign(ring: &Ring) -> i32 {
    if ring.signed_area2() > 0 { 1 } else { -1 }
}

/// The areas of rings, in order: the same ones for the same rings, wherever they begin and however many vertices they have.
fn sizes<'r>(rings: impl Iterator<Item = &'r Ring>) -> Vec<i128> {
    let mut sizes: Vec<i128> = rings.map(Ring::signed_area2).collect();
    sizes.sort_unstable();
    sizes
}

/// A ring in half steps of the lattice, in which the middle of an edge has a place too.
fn doubled(ring: &Ring) -> LineString<i128> {
    let double = |v: &LatticePoint| Coord { x: 2 * i128::from(v.x), y: 2 * i128::from(v.y) };
    let mut line: Vec<Coord<i128>> = ring.vertices().iter().map(double).collect();
    line.push(line[0]);
    LineString::new(line)
}

/// Tells whether a traced ring lies in another: its first vertex off the other's line says so, or else the middle of an edge,
/// which is never on that line.
fn lies_in(ring: &LineString<i128>, outline: &LineString<i128>) -> bool {
    let middles =
        ring.lines().map(|edge| Coord { x: edge.start.x.midpoint(edge.end.x), y: edge.start.y.midpoint(edge.end.y) });
    let mut places = ring.coords().copied().chain(middles).map(|at| coord_pos_relative_to_ring(at, outline));
    places.find(|place| *place != CoordPos::OnBoundary) == Some(CoordPos::Inside)
}
