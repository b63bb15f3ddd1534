//! Settles the rings of one area: what has no inside, and where they cross by less than the tolerance.
//!
//! Where rings cross, each face between them has a winding number. What has 1 is inside and what has 0 outside, whatever the
//! rings do elsewhere; only faces with another number are in question.

use super::redraw;
use super::tolerance::{Tolerance, note};
use crate::geometry::coverage::check::overlay::{Fine, Overlay};
use crate::geometry::coverage::check::{faces, rings};
use crate::geometry::coverage::edges::AreaEdge;
use crate::geometry::coverage::raw::{without_repeats, without_spikes};
use crate::geometry::coverage::report::{FaultKind, Size};
use crate::geometry::coverage::{Finding, RawArea, RawPolygon, Rules};
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

/// A ring without what has no inside.
struct Cleaned {
    /// `None` where nothing of it has an inside.
    ring: Option<Vec<LatticePoint>>,
    /// What was left out, and how long it was in metres.
    left_out: Option<(&'static str, f64)>,
}

/// Leaves spikes out, and rings without an inside, unless none with one is left. The holes of a shell without an inside stay as
/// they are, and so does the shell: they are no ground.
fn leave_out(area: &mut RawArea, tolerance: &Tolerance, findings: &mut Vec<Finding>) {
    let (mut polygons, mut notes) = (Vec::new(), Vec::new());
    for polygon in &area.polygons {
        let cleaned: Vec<Cleaned> = polygon.rings.iter().map(|ring| clean(ring, tolerance)).collect();
        let is_hole_left = cleaned.iter().skip(1).any(|cleaned| cleaned.ring.is_some());
        if is_hole_left && cleaned[0].ring.is_none() {
            polygons.push(polygon.clone());
            continue;
        }
        for (ring, Cleaned { left_out, .. }) in polygon.rings.iter().zip(&cleaned) {
            let Some((what, length_m)) = left_out else { continue };
            let mut note = note(vec![area.code.clone()], vec![area.place], format!("{what}, which is left out"));
            note.at = ring.first().map(|vertex| vertex.position());
            note.size.length_m = Some(*length_m);
            notes.push(note);
        }
        let rings: Vec<_> = cleaned.into_iter().filter_map(|cleaned| cleaned.ring).collect();
        polygons.extend((!rings.is_empty()).then_some(RawPolygon { rings }));
    }
    if !polygons.is_empty() {
        area.polygons = polygons;
        findings.append(&mut notes);
    }
}

/// Takes spikes out of a ring, and all of one without an inside, where they are no longer than the tolerance.
fn clean(ring: &[LatticePoint], tolerance: &Tolerance) -> Cleaned {
    let (vertices, tips) = without_spikes(without_repeats(ring));
    let has_inside = vertices.len() >= 3;
    let (what, length_m) = if has_inside {
        ("a spike", tips.iter().map(|(tip, foot)| distance_m(*tip, *foot)).fold(0.0, f64::max))
    } else {
        ("a ring without an inside", longest(ring))
    };
    if (has_inside && tips.is_empty()) || length_m > tolerance.spike_m {
        return Cleaned { ring: Some(ring.to_vec()), left_out: None };
    }
    Cleaned { ring: has_inside.then_some(vertices), left_out: Some((what, length_m)) }
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
