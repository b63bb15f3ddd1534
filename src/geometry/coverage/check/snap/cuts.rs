//! Cuts long narrow places where the ground along them changes, so that none becomes a strip along somebody else's ground.
//!
//! Where two neighbours meet on one side of a place, it is cut straight across to its other side. A cut is an edge of no area.

use std::collections::BTreeMap;

use super::tolerance::Tolerance;
use crate::geometry::LatticePoint;
use crate::geometry::coverage::check::faces::{self, Face, Overlaid};
use crate::geometry::coverage::check::overlay::{Fine, Half, Overlay};
use crate::geometry::coverage::check::tree::Tree;
use crate::geometry::coverage::edges::AreaEdge;
use crate::geometry::measure::MetresPerDegree;

/// The area of a cut.
pub(super) const NO_AREA: u32 = u32::MAX;

/// How far a cut runs past either end, in lattice steps, so that rounding its ends leaves no bridge.
const BEYOND: f64 = 2.0;

/// Cuts the narrow ones of `faces`. `None` when there is nothing to cut.
pub(super) fn cut(tree: &Tree<'_>, overlaid: &Overlaid, faces: &[Face], tolerance: &Tolerance) -> Option<Overlaid> {
    let narrow = faces.iter().filter(|face| tolerance.holds((face.area_m2, face.width_m)));
    let cuts: Vec<(LatticePoint, LatticePoint)> =
        narrow.flat_map(|face| across(tree, overlaid, face, tolerance)).filter(|(a, b)| a != b).collect();
    if cuts.is_empty() {
        return None;
    }
    let both_ways = cuts.iter().flat_map(|&(a, b)| [AreaEdge::new(a, b, NO_AREA), AreaEdge::new(b, a, NO_AREA)]);
    let mut edges: Vec<AreaEdge> = overlaid.edges.iter().copied().chain(both_ways).collect();
    edges.sort_unstable();
    edges.dedup();
    let overlay = Overlay::new(&edges).ok()?;
    Some(Overlaid { edges, overlay })
}

/// A part of the border of a face, and what lies beyond it, by number.
struct Part {
    half: Half,
    beyond: usize,
    /// What lies beyond the nearest part beyond which lies something else.
    opposite: Option<usize>,
}

/// The cuts of one face: from each vertex where what lies beyond its border or opposite changes, to the nearest part of the
/// border beyond which lies anything else, where that is near. Parts beyond which something is wrong do not count.
fn across(
    tree: &Tree<'_>,
    overlaid: &Overlaid,
    face: &Face,
    tolerance: &Tolerance,
) -> Vec<(LatticePoint, LatticePoint)> {
    let overlay = &overlaid.overlay;
    let around = border(tree, overlaid, face);
    let limit_m = 4.0 * tolerance.width_m;
    let mut cuts = Vec::new();
    for parts in &around {
        for (part, next) in parts.iter().zip(parts.iter().cycle().skip(1)) {
            if (part.beyond, part.opposite) == (next.beyond, next.opposite) {
                continue;
            }
            let vertex = overlay.ends(part.half).1;
            let mut ends: BTreeMap<usize, (Fine, f64)> = BTreeMap::new();
            for other in around.iter().flatten().filter(|other| ![part.beyond, next.beyond].contains(&other.beyond)) {
                let here = nearest(vertex, overlay.ends(other.half));
                let best = ends.entry(other.beyond).or_insert(here);
                if here.1 < best.1 {
                    *best = here;
                }
            }
            let ends = ends.into_values().filter(|(_, length_m)| *length_m < limit_m);
            cuts.extend(ends.map(|(to, _)| lengthened(vertex, to)));
        }
    }
    cuts
}

/// The border of a face, cycle by cycle. Cost: quadratic in its edges.
fn border(tree: &Tree<'_>, Overlaid { edges, overlay }: &Overlaid, face: &Face) -> Vec<Vec<Part>> {
    let mut numbers: BTreeMap<Vec<u32>, usize> = BTreeMap::new();
    let mut part = |half: Half| {
        let (covering, accounts) = faces::state(tree, edges, overlay, half ^ 1);
        let is_right = faces::wrong_here(tree, &covering, &accounts, false).is_none();
        let n_before = numbers.len();
        is_right.then(|| Part { half, beyond: *numbers.entry(covering).or_insert(n_before), opposite: None })
    };
    let cycles = face.cycles.iter().map(|&number| &overlay.cycles[number].halves);
    let mut around: Vec<Vec<Part>> =
        cycles.map(|halves| halves.iter().filter_map(|&half| part(half)).collect()).collect();
    let opposite = |part: &Part| {
        let (a, b) = overlay.ends(part.half);
        let middle = a.towards(b, 0.5);
        let others = around.iter().flatten().filter(|other| other.beyond != part.beyond);
        let others = others.map(|other| (nearest(middle, overlay.ends(other.half)).1, other.beyond));
        others.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, beyond)| beyond)
    };
    let opposites: Vec<Option<usize>> = around.iter().flatten().map(opposite).collect();
    around.iter_mut().flatten().zip(opposites).for_each(|(part, opposite)| part.opposite = opposite);
    around
}

/// The point of an edge nearest to `p`, and how far it is in metres.
fn nearest(p: Fine, (a, b): (Fine, Fine)) -> (Fine, f64) {
    let scale = MetresPerDegree::at(p.degrees().1);
    let metres = |from: Fine, to: Fine| {
        let ((x0, y0), (x1, y1)) = (from.degrees(), to.degrees());
        ((x1 - x0) * scale.east, (y1 - y0) * scale.north)
    };
    let ((dx, dy), (px, py)) = (metres(a, b), metres(a, p));
    let along = ((px * dx + py * dy) / (dx * dx + dy * dy).max(f64::MIN_POSITIVE)).clamp(0.0, 1.0);
    let to = a.towards(b, along);
    let way = metres(p, to);
    (to, way.0.hypot(way.1))
}

/// A line a little longer than that from `a` to `b` at both ends, on the lattice.
fn lengthened(a: Fine, b: Fine) -> (LatticePoint, LatticePoint) {
    let steps = a.steps_to(b);
    let more = if steps > 0.0 { BEYOND / steps } else { 0.0 };
    (a.towards(b, -more).rounded(), a.towards(b, 1.0 + more).rounded())
}
