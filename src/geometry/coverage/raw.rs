//! Areas as they come from a file: rings of lattice points that nobody has checked yet.

use std::cmp::Ordering;

use crate::geometry::lattice::orientation;
use crate::geometry::{Boundary, LatticePoint, Polygon, Ring};

/// One area as read. Only its vertices are known to be on the lattice.
#[derive(Clone, Debug)]
pub struct RawArea {
    /// The official code; names the area in the report.
    pub code: String,
    /// The depth of its level; 0 is the top of the tree.
    pub depth: u8,
    /// The code of the area it says it lies in.
    pub parent: Option<String>,
    pub polygons: Vec<RawPolygon>,
    /// Where the caller read it, by a number of the caller's; findings say it.
    pub place: usize,
}

/// Rings of one polygon, the outer one first; the repeated last vertex is already taken off.
#[derive(Clone, Debug, Default)]
pub struct RawPolygon {
    pub rings: Vec<Vec<LatticePoint>>,
}

impl RawArea {
    /// Returns the boundary of an area that [`check`](super::check()) found no ring fault in: repeated vertices, spikes and
    /// rings without an inside too, since they have no ground in them, are dropped; rings are turned the right
    /// way. `None` when nothing is left.
    #[must_use]
    pub fn boundary(&self) -> Option<Boundary> {
        let polygons: Vec<Polygon> = self.polygons.iter().filter_map(RawPolygon::polygon).collect();
        (!polygons.is_empty()).then(|| Boundary::from_valid(polygons))
    }

    #[must_use]
    pub fn n_vertices(&self) -> usize {
        self.polygons.iter().flat_map(|polygon| &polygon.rings).map(Vec::len).sum()
    }
}

impl RawPolygon {
    fn polygon(&self) -> Option<Polygon> {
        let mut rings = self.rings.iter().map(|ring| Ring::new(without_spikes(without_repeats(ring)).0));
        let exterior = rings.next()??;
        Some(Polygon { exterior, holes: rings.flatten().collect() })
    }
}

/// Returns the ring with vertices that repeat the one before them taken out, the last towards the first too.
pub(super) fn without_repeats(ring: &[LatticePoint]) -> Vec<LatticePoint> {
    let mut vertices = ring.to_vec();
    vertices.dedup();
    while vertices.len() > 1 && vertices.first() == vertices.last() {
        vertices.pop();
    }
    vertices
}

/// Returns the ring without the places where it runs back on itself, and the tip and foot of each.
pub(super) fn without_spikes(vertices: Vec<LatticePoint>) -> (Vec<LatticePoint>, Vec<(LatticePoint, LatticePoint)>) {
    let back = |a: LatticePoint, tip: LatticePoint, b: LatticePoint| {
        orientation(a, tip, b) == Ordering::Equal && ((a > tip) == (b > tip))
    };
    let mut tips = Vec::new();
    let mut kept: Vec<LatticePoint> = Vec::with_capacity(vertices.len());
    for vertex in vertices {
        let mut vertex = Some(vertex);
        while let (Some(b), [.., a, tip]) = (vertex, kept.as_slice()) {
            let (a, tip) = (*a, *tip);
            if !back(a, tip, b) {
                break;
            }
            kept.pop();
            let nearer = if (a > b) == (tip > b) && a != b { b } else { a };
            tips.push((tip, nearer));
            if a == b {
                vertex = None;
            }
        }
        kept.extend(vertex);
    }
    close_spikes(&mut kept, &mut tips, back);
    (kept, tips)
}

/// Takes spikes out where the ring closes.
fn close_spikes(
    kept: &mut Vec<LatticePoint>,
    tips: &mut Vec<(LatticePoint, LatticePoint)>,
    back: impl Fn(LatticePoint, LatticePoint, LatticePoint) -> bool,
) {
    while let (3.., &[first, second, ..], &[.., before, last]) = (kept.len(), kept.as_slice(), kept.as_slice()) {
        if last == first {
            kept.pop();
        } else if back(before, last, first) {
            tips.push((last, if before == first { first } else { before }));
            kept.pop();
        } else if back(last, first, second) {
            tips.push((first, last));
            kept.remove(0);
        } else {
            return;
        }
    }
}
