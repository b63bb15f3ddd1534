//! From wrong places to causes: one mistake is one finding, with the places that follow from it counted under it.
//!
//! Causes are tried from the surest to the plainest, and each takes its places out of the heap: a ring that crosses
//! itself, an area moved as a whole, an area under the wrong parent, an edge simplified on one side, an area inside
//! another. What is left is an overlap of two areas, or a gap. Hairlines that touch a place go with it.
//!
//! Start with [`report`]; what is not explained yet is in the [`Heap`].

mod case;
mod crossed;
mod elsewhere;
mod gaps;
mod hairlines;
mod heap;
mod kin;
mod overlaps;
mod shifted;
mod simplified;

pub(super) use case::Case;

use crate::geometry::coverage::Report;
use heap::Heap;

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
