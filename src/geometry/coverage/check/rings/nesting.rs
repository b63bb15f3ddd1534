//! Which ring lies in which, where none cross.

use super::checked::{PAIRS_PER_EDGE, finding};
use crate::geometry::coverage::boxes::{Boxes, Extent};
use crate::geometry::coverage::report::Size;
use crate::geometry::coverage::{FaultKind, Finding, RawArea};
use crate::geometry::{Boundary, Polygon, Ring, Side, measure};

/// Finds holes outside their shell, holes in holes and parts in parts, where no rings cross; returns their numbers in the
/// order of the rings.
pub(super) fn misplaced(area: &RawArea, boundary: &Boundary, findings: &mut Vec<Finding>) -> Vec<usize> {
    let mut misplaced = Vec::new();
    if boundary.rings().count() == 1 {
        return misplaced;
    }
    let rings: Vec<(usize, bool, &Ring)> = (0..)
        .zip(boundary.polygons())
        .flat_map(|(part, p)| {
            std::iter::once((part, true, &p.exterior)).chain(p.holes.iter().map(move |h| (part, false, h)))
        })
        .collect();
    let outlines: Vec<Boundary> = rings
        .iter()
        .map(|(_, _, ring)| Boundary::from_valid(vec![Polygon { exterior: (*ring).clone(), holes: Vec::new() }]))
        .collect();
    let extents: Vec<Extent> = rings.iter().map(|(_, _, ring)| ring_extent(ring)).collect();
    let tree = Boxes::new(&extents);
    let mut left = PAIRS_PER_EDGE * (boundary.n_vertices() + 1_000);
    for (i, &(part, is_shell, ring)) in rings.iter().enumerate() {
        let mut around = Vec::new();
        tree.each_hit(&extents[i], |j| {
            let j = j as usize;
            if j != i && left > 0 && within(&extents[i], &extents[j]) {
                left = left.saturating_sub(rings[j].2.vertices().len());
                if lies_in(ring, &outlines[j]) {
                    around.push(j);
                }
            }
        });
        let at = Some(ring.vertices()[0]);
        if left == 0 {
            let detail = "its rings stand in each other so deep that it was not checked further".to_owned();
            findings.push(finding(area, FaultKind::TooEntangled, at, Size::default(), detail));
            return misplaced;
        }
        let size = Size { area_m2: Some(measure::ring_area_m2(ring).abs()), ..Size::default() };
        let own_shell = around.iter().any(|&j| rings[j].0 == part && rings[j].1);
        let (kind, detail) = if !is_shell && !own_shell {
            (FaultKind::HoleOutsideShell, "a hole lies outside its outer ring")
        } else if !is_shell && around.iter().any(|&j| rings[j].0 == part && !rings[j].1) {
            (FaultKind::NestedHoles, "a hole lies in another hole")
        } else if is_shell && !in_hole(&around, &rings) {
            (FaultKind::OverlappingParts, "one of its parts lies in another")
        } else {
            continue;
        };
        findings.push(finding(area, kind, at, size, detail.to_owned()));
        misplaced.push(i);
    }
    misplaced
}

/// Tells whether every other part around a shell has a hole around it too.
fn in_hole(around: &[usize], rings: &[(usize, bool, &Ring)]) -> bool {
    let shells = around.iter().filter(|&&j| rings[j].1);
    shells.into_iter().all(|&j| around.iter().any(|&k| !rings[k].1 && rings[k].0 == rings[j].0))
}

/// Tells whether `ring`, which does not cross `outline`, lies inside it.
fn lies_in(ring: &Ring, outline: &Boundary) -> bool {
    let sides = ring.vertices().iter().map(|&v| outline.side(v));
    let decided = sides.into_iter().take(64).find(|side| *side != Side::Edge);
    decided.is_none_or(|side| side == Side::Inside)
}

/// Takes misplaced rings out, so that the ground is compared as if they were not there.
pub(super) fn without(boundary: Boundary, misplaced: &[usize]) -> Option<Boundary> {
    if misplaced.is_empty() {
        return Some(boundary);
    }
    let mut number = 0..;
    let mut keep = || number.next().is_some_and(|n| !misplaced.contains(&n));
    let mut polygons = Vec::new();
    for polygon in boundary.polygons() {
        let keep_shell = keep();
        let holes: Vec<Ring> = polygon.holes.iter().filter(|_| keep()).cloned().collect();
        if keep_shell {
            polygons.push(Polygon { exterior: polygon.exterior.clone(), holes });
        }
    }
    (!polygons.is_empty()).then(|| Boundary::from_valid(polygons))
}

pub(super) fn within(inner: &Extent, outer: &Extent) -> bool {
    outer[0] <= inner[0] && outer[1] <= inner[1] && inner[2] <= outer[2] && inner[3] <= outer[3]
}

pub(super) fn ring_extent(ring: &Ring) -> Extent {
    ring.vertices().iter().fold([i64::MAX, i64::MAX, i64::MIN, i64::MIN], |e, v| {
        let (x, y) = (i64::from(v.x), i64::from(v.y));
        [e[0].min(x), e[1].min(y), e[2].max(x), e[3].max(y)]
    })
}
