//! Settles the rings of one area: what has no inside, and where they cross by less than the tolerance.
//!
//! Where rings cross, each face between them has a winding number. What has 1 is inside and what has 0 outside, whatever the
//! rings do elsewhere; only faces with another number are in question.

use super::{Tolerance, note, redraw};
use crate::geometry::coverage::check::overlay::{Fine, Overlay};
use crate::geometry::coverage::check::{faces, rings};
use crate::geometry::coverage::edges::AreaEdge;
use crate::geometry::coverage::raw::{without_repeats, without_spikes};
use crate::geometry::coverage::report::{FaultKind, Size};
use crate::geometry::coverage::{Finding, RawArea, Rules};
use crate::geometry::{Boundary, LatticePoint, Ring, measure};

/// Faults of the course of rings.
const CROSSINGS: [FaultKind; 5] = [
    FaultKind::RingCrossesItself,
    FaultKind::RingsCross,
    FaultKind::HoleOutsideShell,
    FaultKind::NestedHoles,
    FaultKind::OverlappingParts,
];

/// Settles the rings of `area` where all that is wrong with them is narrow.
pub(super) fn settle(area: &mut RawArea, tolerance: &Tolerance, findings: &mut Vec<Finding>) {
    let checked = rings::check(area, &Rules::for_publishing());
    let is_of = |kinds: &[FaultKind]| checked.findings.iter().any(|finding| kinds.contains(&finding.kind));
    if is_of(&[FaultKind::TooFewVertices, FaultKind::Spike]) {
        leave_out(area, tolerance, findings);
    }
    if is_of(&CROSSINGS) && !is_of(&[FaultKind::TooEntangled]) {
        uncross(area, tolerance, findings);
    }
}

/// Leaves spikes out, and rings without an inside, unless none with one is left.
fn leave_out(area: &mut RawArea, tolerance: &Tolerance, findings: &mut Vec<Finding>) {
    let mut polygons = area.polygons.clone();
    let mut notes = Vec::new();
    for polygon in &mut polygons {
        polygon.rings.retain_mut(|ring| {
            let (vertices, tips) = without_spikes(without_repeats(ring));
            let length_m = tips.iter().map(|(tip, foot)| distance_m(*tip, *foot)).fold(0.0, f64::max);
            if (tips.is_empty() && vertices.len() >= 3) || length_m > tolerance.spike_m {
                return true;
            }
            let what = if vertices.len() < 3 { "a ring without an inside" } else { "a spike" };
            let length_m = if vertices.len() < 3 { longest(ring) } else { length_m };
            if length_m > tolerance.spike_m {
                return true;
            }
            let mut note = note(vec![area.code.clone()], vec![area.place], format!("{what}, which is left out"));
            note.at = ring.first().map(|vertex| vertex.position());
            note.size.length_m = Some(length_m);
            notes.push(note);
            let is_ring = vertices.len() >= 3;
            *ring = vertices;
            is_ring
        });
    }
    polygons.retain(|polygon| !polygon.rings.is_empty());
    if !polygons.is_empty() {
        area.polygons = polygons;
        findings.append(&mut notes);
    }
}

fn distance_m(a: LatticePoint, b: LatticePoint) -> f64 {
    measure::distance_m(a.position(), b.position())
}

/// How far the vertices of a ring lie from the first one at most.
fn longest(ring: &[LatticePoint]) -> f64 {
    ring.iter().map(|&vertex| distance_m(ring[0], vertex)).fold(0.0, f64::max)
}

/// Draws rings that cross anew, where no face in question is wider than the tolerance.
fn uncross(area: &mut RawArea, tolerance: &Tolerance, findings: &mut Vec<Finding>) {
    let Some(boundary) = area.boundary() else { return };
    let edges = edges(&boundary);
    let Ok(overlay) = Overlay::new(&edges) else { return };
    let windings = redraw::windings(&edges, &overlay);
    let mut notes = Vec::new();
    for cycle in overlay.cycles.iter().filter(|cycle| cycle.area2 > 0) {
        if !(0..=1).contains(&windings[cycle.halves[0] as usize]) {
            let (area_m2, width_m) = overlay.size(&[cycle]);
            if !tolerance.holds((area_m2, width_m)) {
                return;
            }
            let detail = "its rings cross there; the ground is drawn as if they met".to_owned();
            let mut note = note(vec![area.code.clone()], vec![area.place], detail);
            note.at = Some(faces::inner_point(&overlay, cycle, &[]));
            note.size = Size { area_m2: Some(area_m2), width_m: Some(width_m), length_m: None };
            notes.push(note);
        }
    }
    let around = edges.iter().map(AreaEdge::run).map(|(a, b)| (Fine::of(a), Fine::of(b)));
    if let Some(boundary) = redraw::boundary(around).filter(|_| !notes.is_empty()) {
        redraw::put(area, &boundary);
        findings.append(&mut notes);
    }
}

fn edges(boundary: &Boundary) -> Vec<AreaEdge> {
    boundary.rings().flat_map(Ring::edges).map(|(a, b)| AreaEdge::new(a, b, 0)).collect()
}
