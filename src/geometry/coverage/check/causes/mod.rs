//! From wrong places to causes: one mistake is one finding, with the places that follow from it counted under it.
//!
//! Causes are tried from the surest to the plainest, and each takes its places out of the heap: a ring that crosses
//! itself, an area moved as a whole, an area under the wrong parent, an edge simplified on one side, an area inside
//! another. What is left is an overlap of two areas, or a gap. Hairlines that touch a place go with it.
//!
//! Start with [`report`]; what is not explained yet is in the [`Heap`].

mod crossed;
mod elsewhere;
mod gaps;
mod hairlines;
mod heap;
mod kin;
mod overlaps;
mod shifted;
mod simplified;

use super::faces::Faces;
use super::tree::Tree;
use crate::geometry::LatticePoint;
use crate::geometry::coverage::{RawArea, Report, Rules};
use heap::Heap;

/// Everything a cause is read from.
pub(super) struct Case<'a> {
    pub(super) areas: &'a [RawArea],
    pub(super) rules: &'a Rules,
    pub(super) tree: &'a Tree<'a>,
    /// The edges where each area's own rings cross.
    pub(super) crossed: &'a [&'a [(LatticePoint, LatticePoint)]],
    pub(super) found: &'a Faces,
}

/// Adds a finding for every cause.
pub(super) fn report(case: &Case<'_>, report: &mut Report) {
    let mut heap = Heap::new(case);
    heap.crossed_rings(report);
    let touched = heap.touched_areas();
    for &area in &touched {
        heap.wrong_parent(area, report);
    }
    for &area in &touched {
        heap.shifted(area, report);
    }
    for &area in &touched {
        heap.simplified(area, report);
    }
    heap.foreign_areas(report);
    heap.overlaps(report);
    heap.outside(report);
    heap.gaps(report);
    heap.hairlines(report);
    hairlines::noded(case, report);
}

/// The way from `b` to `a`.
fn minus(a: LatticePoint, b: LatticePoint) -> (i64, i64) {
    (i64::from(a.x) - i64::from(b.x), i64::from(a.y) - i64::from(b.y))
}
